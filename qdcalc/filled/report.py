"""What a check found: for people in Chinese, for programs as a dict. The workbook of it: report_book.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from qdcalc.filled.areas import area_ref, areas
from qdcalc.filled.model import FilledBook
from qdcalc.filled.problems import Problem
from qdcalc.recalc.names import below_common, shortened

SHOWN = 60
"""problems of one file that a terminal shows; a report as a file holds all"""
EDITIONS = {"functions": "函数版", "plain": "普通公式版", "": ""}


@dataclass
class FileReport:
    """One file; `template` is "" where none was recognised."""

    path: Path
    template: str = ""
    version: str = ""
    edition: str = ""
    rows: int = 0
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, book: FilledBook) -> FileReport:
        return cls(book.path, book.title, book.version, book.edition, book.filled_rows, book.problems)

    @property
    def wrong(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_note]

    @property
    def notes(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_note]

    @property
    def verdict(self) -> str:
        if not self.template:
            return "没有检查"
        return "没有问题" if not self.wrong else f"{len(self.wrong)} 个问题"

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": str(self.path), "template": self.template, "version": self.version, "edition": self.edition,
            "rows": self.rows, "problem_count": len(self.wrong), "note_count": len(self.notes),
            "problems": [problem.as_dict() for problem in self.problems],
        }  # fmt: skip

    def lines(self, shown: int | None = None) -> Iterator[str]:
        """The problems sheet by sheet, then the notes."""
        yield f"{self.path}：{self.verdict}" + (f"，{len(self.notes)} 条提示" if self.notes else "")
        left, told = len(self.wrong) if shown is None else shown, 0
        for sheet, group in groupby(self.wrong, key=lambda problem: problem.sheet):
            members = _together(list(group))[:left]
            if not members:
                break
            left -= len(members)
            told += sum(count for _, _, count in members)
            if sheet:
                yield f"  【{sheet}】"
            width = max(_width(cell) for cell, _, _ in members)
            titles = max(_width(problem.title) for _, problem, _ in members)
            for cell, problem, _ in members:
                place = _padded(cell, width) + "  " if width else ""
                yield f"    {place}{_padded(problem.title, titles)}  {problem.sentence}"
        if told < len(self.wrong):
            yield f"    …… 其余 {len(self.wrong) - told} 个见报告（--report 文件.xlsx）"
        for problem in self.notes:
            yield f"  提示：{problem}"


@dataclass
class CheckReport:
    """Many files. `exit_code` is 0 if nothing is wrong, 1 if something is or a file could not be checked."""

    files: list[FileReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """what a person should know of the files as a whole"""

    @property
    def exit_code(self) -> int:
        return 1 if any(file.wrong for file in self.files) else 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": [file.as_dict() for file in self.files],
            "notes": self.notes,
            "totals": {
                "files": len(self.files),
                "wrong_files": sum(bool(file.wrong) for file in self.files),
                "problems": sum(len(file.wrong) for file in self.files),
                "notes": sum(len(file.notes) for file in self.files),
            },
            "exit_code": self.exit_code,
        }

    def names(self) -> list[str]:
        """What the files are called in a table."""
        return below_common([file.path for file in self.files])

    def text(self, shown: int | None = None) -> str:
        lines: list[str] = []
        if len(self.files) > 1:
            rows = [["文件", "模板", "行数", "问题", "提示"]]
            rows += [
                [
                    shortened(name),
                    file.template or "没有认出",
                    str(file.rows),
                    str(len(file.wrong)),
                    str(len(file.notes)),
                ]
                for file, name in zip(self.files, self.names(), strict=True)
            ]
            lines += [*_aligned(rows), ""]
        for file in self.files:
            if file.problems or len(self.files) == 1:
                lines += file.lines(shown)
        lines += [f"注意：{note}" for note in self.notes]
        lines.append(self.summary())
        return "\n".join(lines)

    def summary(self) -> str:
        totals = self.as_dict()["totals"]
        if not totals["problems"]:
            end = f"，另有 {totals['notes']} 条提示" if totals["notes"] else ""
            return f"共 {totals['files']} 个文件，没有发现问题{end}"
        return (
            f"共 {totals['files']} 个文件，{totals['wrong_files']} 个有问题，"
            f"合计 {totals['problems']} 个问题、{totals['notes']} 条提示"
        )

    def __str__(self) -> str:
        return self.text()


def _together(problems: Sequence[Problem]) -> list[tuple[str, Problem, int]]:
    """The same sentence on neighbouring cells of a column stands once: T6:T65, as an inserted column causes it."""
    kinds: dict[tuple[str, str, int], list[Problem]] = {}
    for problem in problems:
        single = problem.row and ":" not in problem.cell
        key = (problem.title, problem.sentence, problem.column) if single else ("", "", -len(kinds) - 1)
        kinds.setdefault(key, []).append(problem)
    found: list[tuple[str, Problem, int]] = []
    for members in kinds.values():
        if len(members) == 1:
            found.append((members[0].cell, members[0], 1))
            continue
        first = {(member.row, member.column): member for member in reversed(members)}
        found += ((area_ref(area), first[area.first_row, area.first_column], area.size) for area in areas(first))
    order = {id(problem): place for place, problem in enumerate(problems)}
    return sorted(found, key=lambda item: order[id(item[1])])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names to the left, numbers to the right; a Chinese character is two wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [_padded(text, width) for text, width in zip(row[:2], widths[:2], strict=True)]
        cells += [" " * (width - _width(text)) + text for text, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join(cells))
    return lines
