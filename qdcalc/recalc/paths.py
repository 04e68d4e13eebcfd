"""Which files are recalculated, and where each result goes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.recalc.facts import SUFFIXES

_OLD = frozenset({".xls", ".et", ".xlsb", ".ods", ".xlt", ".ett"})
"""looks like a workbook to a person, but cannot be recalculated"""
WORKBOOKS = frozenset({".xlsx", ".xlsm"})


@dataclass(frozen=True)
class PassedOver:
    """A file that looks like a workbook to a person and is not recalculated."""

    name: str
    source: Path
    target: Path
    why: str

    def __str__(self) -> str:
        return f"{self.name}：{self.why}"


def plan(
    given: list[Path], out: Path, passed_over: list[PassedOver], *, into_folder: bool = False
) -> list[tuple[Path, Path]]:
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
                why = f"旧版或其他格式（{suffix}），请用表格软件另存为 .xlsx 后再重算"
                passed_over.append(PassedOver(str(relative), file, base / relative, why))
            elif suffix in SUFFIXES:
                why = f"模板或加载项（{suffix}），不在重算之列"
                passed_over.append(PassedOver(str(relative), file, base / relative, why))
    _check_apart(jobs)
    return jobs


def shared_folder(paths: Sequence[Path]) -> Path | None:
    """The folder that all of the files are in, or None."""
    try:
        return Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError:  # none at all, absolute and relative ones, two drives
        return None


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
        listed = (here / name for name in sorted(names) if not name.startswith(("~$", ".")))
        found += [file for file in listed if not file.is_fifo()]  # reading from a pipe would wait for ever
    return found


def _check_apart(jobs: list[tuple[Path, Path]]) -> None:
    """Two inputs must not become one output; file systems of Windows and macOS ignore case."""
    seen: dict[str, Path] = {}
    for source, target in jobs:
        key = str(target.resolve()).casefold()
        if key in seen:
            raise UsageError(f"{seen[key]} 与 {source} 会写到同一个文件 {target}，请分开重算")
        seen[key] = source
