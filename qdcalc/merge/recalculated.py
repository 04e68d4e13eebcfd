"""Files that a merge cannot take as they are: missing, old or doubtful by the recalculation that wrote them, or copies."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qdcalc.merge.harvest import Harvest, Trouble
from qdcalc.recalc.results import Entry, Results

MISSING, DOUBTFUL, SAME_FILE = "重算失败", "重算结果存疑", "重复的文件"
"""Titles of what is told of a file."""
NOTHING = Trouble("", "", "", "", "", "", True)


def unsure(results: Iterable[Results]) -> Iterator[str]:
    """Why a folder of results is not whole."""
    for one in results:
        if one.busy:
            yield f"另一个 qdcalc 正在写入“{one.folder}”，结果可能不全；请等它结束后再合并"
        elif not one.finished:
            yield f"“{one.folder}”的重算没有做完就停了，结果不全；请先用 --resume 接着算完，再合并"


def told_of(files: Sequence[Path], results: Iterable[Results], folders: Sequence[Path]) -> dict[Path, Trouble]:
    """By file, also by those in `folders` that are not there because their recalculation failed."""
    there = {path.resolve(): path for path in files}
    found: dict[Path, Trouble] = {}
    for one in results:
        kept = _inputs_are_kept(one)
        for entry in one.entries.values():
            path = there.get(entry.target.resolve())
            if path is None:
                path = _inside(entry.target, folders)
                if path is not None and entry.error:
                    found[path] = _trouble(MISSING, f"不在重算结果里：{entry.error}")
            elif entry.error:
                if not _newer(path, entry):
                    words = f"最近一次重算没有成功（{entry.error}），合并的是文件夹里原有的结果，请核对"
                    found[path] = _trouble(DOUBTFUL, words)
            elif kept and entry.source is not None and entry.source.parent.is_dir() and not entry.source.exists():
                found[path] = _trouble(DOUBTFUL, f"重算时的原文件“{entry.source}”已经不在了，请核对是否还应合并")
    return found


def same_files(marks: Mapping[Path, str], names: Mapping[Path, str]) -> dict[Path, Trouble]:
    """Files that are another one byte by byte; of these the one with the shortest name stays."""
    first: dict[str, Path] = {}
    found: dict[Path, Trouble] = {}
    for path in sorted(marks, key=lambda path: (len(names[path]), names[path])):
        other = first.setdefault(marks[path], path) if marks[path] else path
        if other != path:
            found[path] = _trouble(SAME_FILE, f"与“{names[other]}”完全相同，没有再合并一次")
    return found


def with_told(told: Mapping[Path, Trouble], found: Mapping[Path, Harvest], names: Mapping[Path, str]) -> list[Harvest]:
    """The harvests with what is told of their files, and at the end one without rows for each file that is missing."""
    harvests = [
        replace(item, troubles=(told[path], *item.troubles)) if path in told else item for path, item in found.items()
    ]
    missing = [Harvest(names[path], troubles=(trouble,)) for path, trouble in told.items() if path not in found]
    return [*harvests, *sorted(missing, key=lambda item: item.path)]


def _inputs_are_kept(results: Results) -> bool:
    """Whether inputs usually stay where they were: else one that is gone means nothing."""
    sources = [entry.source for entry in results.entries.values() if entry.source is not None and not entry.error]
    return 2 * sum(source.exists() for source in sources) > len(sources)


def _inside(target: Path, folders: Iterable[Path]) -> Path | None:
    """As it would be found in one of the folders."""
    place = target.resolve()
    for folder in folders:
        if place.is_relative_to(folder.resolve()):
            return folder / place.relative_to(folder.resolve())
    return None


def _newer(path: Path, entry: Entry) -> bool:
    """Somebody put it there by hand, after the recalculation failed."""
    with contextlib.suppress(OSError):
        return path.stat().st_mtime > entry.finished + 1
    return False


def _trouble(title: str, sentence: str) -> Trouble:
    return Trouble("", "", title, "", "", sentence, False)
