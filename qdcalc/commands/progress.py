"""How far a long command is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qdcalc.commands.output import tell

Show = Callable[[int, int, Any], None]
"""(done, total, what is known of the last file): it has a `path`, and may say `reused` (by an earlier run) and `ok`"""

EVERY = 30.0
"""seconds between two lines of a log; what is done sooner needs none"""


@contextmanager
def progress(verb: str = "重算") -> Iterator[Show]:
    if sys.stderr.isatty():
        with _bar(verb) as show:
            yield show
    else:
        yield _lines()


class _Pace:
    """Files a second of this run: what an earlier run did took no time."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.worked = 0
        self.failed = 0

    def count(self, found: Any) -> None:
        self.worked += not getattr(found, "reused", False)
        self.failed += not getattr(found, "ok", True)

    def rate(self) -> float:
        return self.worked / max(time.monotonic() - self.start, 1e-3)

    def words(self, done: int, total: int) -> str:
        rate = self.rate()
        failed = f"，失败 {self.failed}" if self.failed else ""
        left = f"，约剩 {duration((total - done) / rate)}" if rate and done < total else ""
        pace = f"每秒 {rate:.1f} 个" if rate >= 1 else f"每分钟 {rate * 60:.1f} 个"
        return f"{pace}{failed}{left}"


def duration(seconds: float) -> str:
    """约 as people say it: 40 秒, 12 分钟, 3 小时 5 分钟."""
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    minutes = round(seconds / 60)
    return f"{minutes} 分钟" if minutes < 90 else f"{minutes // 60} 小时 {minutes % 60} 分钟"


def _lines() -> Show:
    pace = _Pace()
    last = pace.start

    def show(done: int, total: int, found: Any) -> None:
        nonlocal last
        pace.count(found)
        now = time.monotonic()
        if now - last >= EVERY:
            last = now
            tell(f"{time.strftime('%H:%M:%S')} 已完成 {done}/{total} 个文件，{pace.words(done, total)}")

    return show


@contextmanager
def _bar(verb: str) -> Iterator[Show]:
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),  # a file may be called [1].xlsx
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[pace]}", markup=False),
    )
    pace = _Pace()
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"正在{verb}", total=None, pace="")

        def show(done: int, total: int, found: Any) -> None:
            pace.count(found)
            name = Path(found.path).name
            bar.update(task, completed=done, total=total, description=f"已{verb} {name}", pace=pace.words(done, total))

        yield show
