"""Starts office_session.py with a Python that can talk to LibreOffice."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SESSION = Path(__file__).with_name("office_session.py")
TIME_LIMIT = 240


@functools.cache
def office_python() -> str | None:
    """A Python with `uno`: the system's, as LibreOffice of a distribution uses it, or the one it brings."""
    office = shutil.which("soffice")
    own = Path(office).resolve().with_name("python") if office else None
    for candidate in ("/usr/bin/python3", sys.executable, str(own)):
        try:
            if subprocess.run([candidate, "-c", "import uno"], capture_output=True, timeout=60).returncode == 0:
                return candidate
        except OSError:
            continue
    return None


needs_office_python = pytest.mark.skipif(
    shutil.which("soffice") is None or office_python() is None, reason="没有 LibreOffice 或 python3-uno"
)


def run(folder: Path, steps: list[dict[str, Any]]) -> list[Any]:
    """What each step gives. The extensions are those unpacked in `folder`/bundled."""
    (folder / "steps.json").write_text(json.dumps(steps), encoding="utf-8")
    python = office_python()
    assert python is not None
    done = subprocess.run([python, str(SESSION), str(folder)], capture_output=True, timeout=TIME_LIMIT)
    words = done.stderr.decode(errors="replace")
    assert done.returncode == 0, words
    found: list[Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found
