"""Runs one program in a process of its own and tells its wall time and peak memory."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_WRAPPED = """
import json, resource, runpy, sys, time
start = time.perf_counter()
sys.argv = sys.argv[1:]
try:
    exec(compile(sys.argv[0], "<measured>", "exec"), {"__name__": "__main__"})
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"seconds": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
    print(json.dumps(told), file=sys.stderr)
"""


@dataclass(frozen=True)
class Measured:
    """Wall time in the process, imports included, its processor time and its peak resident memory."""

    seconds: float
    cpu: float
    megabytes: float


def measure(code: str, arguments: Sequence[str]) -> Measured:
    """`code` is Python source that finds `arguments` in sys.argv[1:]."""
    command = [sys.executable, "-c", _WRAPPED, code, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    facts = json.loads(done.stderr.strip().splitlines()[-1])
    return Measured(facts["seconds"], facts["cpu"], facts["megabytes"])


def tell(name: str, title: str, lines: Sequence[str]) -> None:
    """Prints the table and keeps it in bench/results."""
    head = f"# {title}\n\n{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {platform.system()}, one run\n\n"
    text = head + "\n".join(lines) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
