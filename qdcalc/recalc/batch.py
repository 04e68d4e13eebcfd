"""Many workbooks: each file on its own, so that one that fails stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from qdcalc.errors import FileError, UsageError
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.facts import SUFFIXES
from qdcalc.recalc.report import BookReport, Report
from qdcalc.rules.function import Function

_OLD = frozenset({".xls", ".et", ".xlsb", ".ods", ".xlt", ".ett"})
"""looks like a workbook to a person, but cannot be recalculated"""
WORKBOOKS = frozenset({".xlsx", ".xlsm"})

Progress = Callable[[int, int, BookReport], None]
"""called after each file: (done, total, its report)"""


def recalc(
    paths: Iterable[Path | str] | Path | str,
    out: Path | str,
    *,
    all_cells: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
    functions: Mapping[str, Function] | None = None,
    password: str | None = None,
) -> Report:
    """Recalculates files and folders into `out`.

    One input file and an `out` that is not a folder: `out` is the output file. Otherwise `out` is a folder: a file of
    a folder keeps its path in it, two folders that were named keep theirs apart by their own names. `~$` files and
    what is no workbook are passed over; workbooks of older kinds are named in the report. A file that fails is
    reported, and the others go on. Raises UsageError for inputs that do not exist or outputs that would collide.
    """
    if workers != 1:
        raise UsageError("并行处理尚未提供，--workers 只能是 1")
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    report = Report()
    jobs = plan(given, Path(out), report.passed_over, into_folder=str(out).endswith(("/", os.sep)))
    for done, (source, target) in enumerate(jobs, 1):
        found = one(source, target, all_cells=all_cells, functions=functions, password=password)
        report.files.append(found)
        if progress is not None:
            progress(done, len(jobs), found)
    return report


def one(
    source: Path,
    target: Path,
    *,
    all_cells: bool = False,
    functions: Mapping[str, Function] | None = None,
    password: str | None = None,
) -> BookReport:
    """One file, its failure told in the report instead of raised. Depends on nothing but its arguments."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return recalc_book(source, target, functions=functions, all_cells=all_cells, password=password)
    except FileError as error:
        return BookReport(source, error=error.sentence)
    except OSError as error:
        return BookReport(source, error=f"读写失败（{error.strerror or error}）")
    except MemoryError:
        return BookReport(source, error="内存不足，没有重算")
    except RecursionError:
        return BookReport(source, error="公式嵌套过深，没有重算")


def plan(given: list[Path], out: Path, passed_over: list[str], *, into_folder: bool = False) -> list[tuple[Path, Path]]:
    """(input, output) of every file, in a stable order; `into_folder`: `out` is a folder even if not there yet.

    Raises UsageError. What looks like a workbook and is none is added to `passed_over`.
    """
    if not given:
        raise UsageError("没有给出要重算的文件")
    for path in given:
        if not path.exists():
            raise UsageError(f"找不到 {path}")
    folder = len(given) > 1 or given[0].is_dir() or out.is_dir() or into_folder
    if not folder:
        return [(given[0], out)]
    if out.exists() and not out.is_dir():
        raise UsageError(f"输出位置 {out} 是文件；有多个输入文件时应是文件夹")
    jobs: list[tuple[Path, Path]] = []
    folders = [path for path in given if path.is_dir()]
    for path in given:
        if not path.is_dir():
            jobs.append((path, out / path.name))
            continue
        base = out / path.resolve().name if len(folders) > 1 else out
        for file in _files(path, out):
            relative = file.relative_to(path)
            suffix = file.suffix.lower()
            if suffix in WORKBOOKS:
                jobs.append((file, base / relative))
            elif suffix in _OLD:
                passed_over.append(f"{relative}：旧版或其他格式（{suffix}），请用表格软件另存为 .xlsx 后再重算")
            elif suffix in SUFFIXES:
                passed_over.append(f"{relative}：模板或加载项（{suffix}），不在重算之列")
    _check_apart(jobs)
    return jobs


def _files(folder: Path, out: Path) -> list[Path]:
    """All files below a folder, those in the output folder and hidden or temporary ones left out."""
    found: list[Path] = []
    output = out.resolve()
    start = folder.resolve()
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (here / name).resolve() != output)
        if here.resolve() == output and output != start:
            continue
        found += [here / name for name in sorted(names) if not name.startswith(("~$", "."))]
    return found


def _check_apart(jobs: list[tuple[Path, Path]]) -> None:
    """Two inputs must not become one output; file systems of Windows and macOS ignore case."""
    seen: dict[str, Path] = {}
    for source, target in jobs:
        key = str(target.resolve()).casefold()
        if key in seen:
            raise UsageError(f"{seen[key]} 与 {source} 会写到同一个文件 {target}，请分开重算")
        seen[key] = source
