"""Many filled workbooks: each read and checked on its own, so that one that fails stops no other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.filled.read import read_book
from qdcalc.filled.report import CheckReport, FileReport
from qdcalc.filled.task import Checking, unread
from qdcalc.recalc.limits import WorkerLimits
from qdcalc.recalc.passwords import Passwords
from qdcalc.recalc.pool import Found, Task, cores, run
from qdcalc.recalc.results import all_results, without_copies

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".xltx", ".xltm", ".xlt", ".ett"})
"""What looks like a workbook to a person; those of other kinds are told, not passed over."""

Progress = Callable[[int, int, FileReport], None]
"""called after each file: (done, total, its report)"""


def check(
    paths: Iterable[Path | str] | Path | str,
    *,
    recalculate: bool = True,
    workers: int | None = None,
    timeout: float | None = None,
    progress: Progress | None = None,
    passwords: Passwords | None = None,
) -> CheckReport:
    """Checks files and folders. Raises UsageError for a path that does not exist.

    Several files are read by `workers` processes, one a core if left out; one that crashes its process or takes longer
    than `timeout` seconds is told, and only it. A single file stays in this process unless `workers` are asked for. `passwords`
    open encrypted workbooks.
    """
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    if not given:
        raise UsageError("没有给出要检查的文件")
    files, notes = without_copies(workbooks(given), all_results(path for path in given if path.is_dir()), "检查")
    passwords = passwords or Passwords()
    if len(files) == 1 and workers is None:
        found = check_file(files[0], recalculate=recalculate, passwords=passwords.all_for(files[0]))
        return _collected(iter([(0, found)]), 1, progress, notes)
    with in_workers(Checking(files, recalculate, passwords), workers, timeout) as outcomes:
        return _collected(outcomes, len(files), progress, notes)


def _collected(
    outcomes: Iterator[tuple[int, FileReport]], count: int, progress: Progress | None, notes: list[str]
) -> CheckReport:
    """In the order of the files, whatever the order in which they come."""
    found: dict[int, FileReport] = {}
    for number, report in outcomes:
        found[number] = report
        if progress is not None:
            progress(len(found), count, report)
    return CheckReport([found[number] for number in sorted(found)], notes)


@contextmanager
def in_workers(task: Task[Found], workers: int | None, timeout: float | None) -> Iterator[Iterator[Found]]:
    """What each file gives, as they are done. Raises UsageError for a senseless number of workers or seconds."""
    if workers is not None and workers < 1:
        raise UsageError("--workers 应为不小于 1 的整数")
    if timeout is not None and not timeout > 0:
        raise UsageError("--timeout 应为大于 0 的秒数")
    limits = WorkerLimits() if timeout is None else replace(WorkerLimits(), seconds=timeout)
    with tempfile.TemporaryDirectory(prefix="qdcalc-", ignore_cleanup_errors=True) as folder:
        outcomes = run(task, workers=workers or cores(), limits=limits, scratch=Path(folder))
        with closing(outcomes):
            yield outcomes


def check_file(path: Path, *, recalculate: bool = True, passwords: Sequence[str] = ()) -> FileReport:
    """One file. Whatever goes wrong is told in its report."""
    try:
        return FileReport.of(read_book(path, recalculate=recalculate, passwords=passwords))
    except Exception as error:  # a batch goes on, and the file is named
        return unread(path, f"程序内部错误，请反馈：{type(error).__name__}: {error}")


def workbooks(given: Iterable[Path]) -> list[Path]:
    """The files themselves, and what looks like a workbook in the folders; lock files and hidden ones left out."""
    found: dict[Path, Path] = {}
    for path in given:
        if not path.exists():
            raise UsageError(f"找不到 {path}")
        if not path.is_dir():
            found.setdefault(path.resolve(), path)
            continue
        for parent, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                file = Path(parent, name)
                if file.suffix.lower() not in _WORKBOOKS or name.startswith(("~$", ".")) or file.is_fifo():
                    continue  # reading from a pipe would wait for ever
                if file.resolve() not in found or not file.is_symlink():  # named as it is, not as a link to it
                    found[file.resolve()] = file
    return list(found.values())
