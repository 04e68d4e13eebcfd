"""Runs a program and watches its processes: time, processor time, peak memory. Linux: memory is read from /proc."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

_PAUSE = 0.2


@dataclass
class Run:
    seconds: float = 0.0
    processor: float = 0.0
    """seconds of processor time, all processes together: what other work on the machine changes least"""
    peaks: dict[int, int] = field(default_factory=dict)
    """process below it → peak of its resident memory, kB"""
    own: int = 0
    """peak of its own, kB"""
    early: int = 0
    late: int = 0
    """largest resident memory of one process in the second and in the last quarter of the run, kB"""


def watched(command: list[str], environment: dict[str, str] | None = None) -> tuple[Run, str]:
    """Runs a program; what it printed. Its processes are looked at while they live: what the system tells of them
    afterwards counts the memory of whoever started them, too."""
    run = Run()
    seen: list[tuple[float, int]] = []
    start = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **(environment or {})}
    )
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_PAUSE):
            run.own = max(run.own, _memory(process.pid)[0])
            resident = 0
            for child in _below(process.pid):
                peak, now = _memory(child)
                run.peaks[child] = max(run.peaks.get(child, 0), peak)
                resident = max(resident, now)
            seen.append((time.monotonic() - start, resident))

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said, _ = process.communicate()
    run.seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    run.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    over.set()
    watcher.join()
    run.early = max((size for at, size in seen if 0.25 <= at / run.seconds < 0.5), default=0)
    run.late = max((size for at, size in seen if at / run.seconds >= 0.75), default=0)
    return run, said


def _below(parent: int) -> list[int]:
    """All descendants of a process."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                stat = (path / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rsplit(")", 1)[1].split()[1]), []).append(int(path.name))
    found, waiting = [], [parent]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _memory(process: int) -> tuple[int, int]:
    """(peak, now) in kB."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0, 0
    facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return tuple(int(facts.get(key, "0 kB").split()[0]) for key in ("VmHWM", "VmRSS"))  # type: ignore[return-value]  # two names, two numbers
