"""A filled template in the other edition: with QD functions, or with plain formulas for a PC without any add-in.

    change = to_edition(Path("上报.xlsx"), Path("上报_普通公式.xlsx"), plain=True)

The workbook is built anew from the layout with what was filled in, so only a template can change its edition, and what
people added to it (sheets, colours, notes) does not come along. Whatever would be lost silently is refused.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from qdcalc.errors import FileError, UnsupportedFile
from qdcalc.filled.model import FilledBook, FilledRow, FilledSheet
from qdcalc.filled.read import read_book
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.values import ErrorValue
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.table_sheet import Row
from qdcalc.workbook.templates import template_plan

EDITIONS = {True: "普通公式", False: "政策函数"}
_LOST = {
    "copied_sheet", "missing_column", "inserted_column", "moved_columns", "changed_heading", "lost_headings", "missing_sheet",
    "changed_figure", "overwritten_formula", "changed_formula", "older_version", "newer_version", "changed_given",
}  # fmt: skip
"""Findings of the check after which a workbook built anew would not say the same."""


@dataclass(frozen=True)
class EditionChange:
    """What came along: `rows` filled in; `dropped` sheets that are not the template's."""

    source: Path
    target: Path
    plain: bool
    rows: int
    dropped: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.source}：{self.rows} 行填报内容已转入{EDITIONS[self.plain]}版，写入 {self.target}"]
        if self.dropped:
            lines.append(f"  注意：模板以外的工作表没有带过去：{'、'.join(self.dropped)}")
        return "\n".join(lines)


def to_edition(source: Path, target: Path, *, plain: bool) -> EditionChange:
    """Raises FileError (UnsupportedFile where the workbook is no template, or says what a new one would not); then
    `target` is as it was."""
    book = read_book(source, recalculate=False)
    if book.plan is None:
        reason = next((problem.sentence for problem in book.problems if not problem.is_note), "")
        raise UnsupportedFile(source, f"只有本工具的模板能换成{EDITIONS[plain]}版：{reason}")
    if book.plan.plain == plain:
        raise UnsupportedFile(source, f"已经是{EDITIONS[plain]}版")
    lost = [problem for problem in book.problems if problem.kind in _LOST]
    if lost:
        more = f"（共 {len(lost)} 处，见 qdcalc check）" if len(lost) > 1 else ""
        raise UnsupportedFile(source, f"改动过的模板不能换版，请先改回：{lost[0]}{more}")
    plan = template_plan(book.policy, rows=max(book.plan.rows, _needed(book)), plain=plain)
    data = {sheet.key: _rows(sheet) for sheet in book.sheets}
    fields = {key: _host(value) for sheet in book.sheets for key, value in sheet.fields.items() if value is not None}
    _place(source, target, lambda draft: build_plan(plan, draft, data=data, fields=fields))
    dropped = tuple(problem.found for problem in book.problems if problem.kind == "extra_sheet")
    return EditionChange(source, target, plain, book.filled_rows, dropped)


def _needed(book: FilledBook) -> int:
    return max((row.position + 1 for sheet in book.sheets for row in sheet.rows), default=1)


def _rows(sheet: FilledSheet) -> list[Row]:
    """By place in the table; what the check refuses stays as it was typed."""
    found: list[Row] = []
    for row in sheet.rows:
        found += [{} for _ in range(row.position + 1 - len(found))]
        found[row.position] = _cells(sheet, row)
    return found


def _cells(sheet: FilledSheet, row: FilledRow) -> dict[str, object]:
    cells: dict[str, object] = {}
    for column in sheet.table.inputs:
        value: object = row.values.get(column.key)
        if value is None:
            value = row.raw.get(column.key)
        if value not in (None, ""):
            cells[column.key] = _host(value)
    return cells


def _host(value: object) -> object:
    """As the builder takes it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, ErrorValue):
        return value.code
    return value if isinstance(value, (str, int, float, datetime.date)) else str(value)


def _place(source: Path, target: Path, build: Callable[[Path], None]) -> None:
    """Built and recalculated beside the target, which it then replaces."""
    if target.exists() and target.samefile(source):
        raise FileError(target, "换版的结果不能写在原文件上，请换一个文件名")
    if not target.absolute().parent.is_dir():
        raise FileError(target, f"文件夹不存在：{target.parent}")
    try:
        with tempfile.TemporaryDirectory(prefix=".qdcalc-", dir=target.absolute().parent) as folder:
            draft, done = Path(folder, "draft.xlsx"), Path(folder, "done.xlsx")
            build(draft)
            recalc_book(draft, done)
            os.replace(done, target)
    except PermissionError as error:
        raise FileError(target, "无法写入：文件正在 Excel/WPS 中打开，或文件夹不允许写入；请关闭后再试") from error
