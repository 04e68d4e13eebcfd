"""A real LibreOffice, headless, that works every formula out again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
"""Without this LibreOffice trusts the values of a file that says it comes from Excel, and a test would see stale ones."""

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 没有安装")


def plant_wrong_values(source: Path, target: Path) -> int:
    """A copy in which every formula of every sheet claims to be 123456.789; tells how many there are."""
    count = 0
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in package.infolist():
            content = package.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                content, found = re.subn(rb"</f><v ?/>|</f><v></v>", b"</f><v>123456.789</v>", content)
                count += found
            copy.writestr(item, content)
    return count


def many_recalculated_by_office(sources: Sequence[Path], folder: Path, *, again: bool = True) -> dict[str, Path]:
    """The workbooks as one LibreOffice saves them, everything worked out `again` or opened as they open by themselves; by
    file name."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    if again:
        (profile / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    out = folder / "office"
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, sources),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        words, _ = process.communicate(timeout=120 + 10 * len(sources))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    found = {source.name: out / source.name for source in sources}
    missing = [name for name, target in found.items() if not target.exists()]
    assert not missing, (missing, words.decode(errors="replace"))
    return found
