"""Many filled workbooks: each read and checked on its own, so that one that fails stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.filled.problems import Problems
from qdcalc.filled.read import read_book
from qdcalc.filled.report import CheckReport, FileReport

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".xltx", ".xltm", ".xlt", ".ett"})
"""What looks like a workbook to a person; those of other kinds are told, not passed over."""

Progress = Callable[[int, int, FileReport], None]
"""called after each file: (done, total, its report)"""


def check(
    paths: Iterable[Path | str] | Path | str, *, recalculate: bool = True, progress: Progress | None = None
) -> CheckReport:
    """Checks files and folders. Raises UsageError for a path that does not exist."""
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    if not given:
        raise UsageError("没有给出要检查的文件")
    files = workbooks(given)
    report = CheckReport()
    for done, path in enumerate(files, start=1):
        found = check_file(path, recalculate=recalculate)
        report.files.append(found)
        if progress is not None:
            progress(done, len(files), found)
    return report


def check_file(path: Path, *, recalculate: bool = True) -> FileReport:
    """One file. Whatever goes wrong is told in its report."""
    try:
        return FileReport.of(read_book(path, recalculate=recalculate))
    except Exception as error:  # a batch goes on, and the file is named
        problems = Problems(path)
        problems.add("unreadable", reason=f"程序内部错误，请反馈：{type(error).__name__}: {error}")
        return FileReport(path, problems=tuple(problems.found))


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
                if file.suffix.lower() in _WORKBOOKS and not name.startswith(("~$", ".")):
                    found.setdefault(file.resolve(), file)
    return list(found.values())
