"""How the sheets of a merged workbook look: lists with headings, formats, printing, heights and widths.

Texts from the files are written as texts: none can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qdcalc.errors import UsageError
from qdcalc.workbook.page import A4, paper
from qdcalc.workbook.plan import cell_width
from qdcalc.workbook.styles import TOTAL, Styles
from qdcalc.workbook.table_sheet import broken

_ROWS = 1_048_576
_LONGEST = 2_000
_MONEY = "#,##0.00"
_A3_PAGE = 300.0
"""Column widths that an A3 page takes when it is held across and still can be read."""
_LINE, LEAST = 15.0, 20.0
"""Heights of a line and of a row."""


class Sheets:
    """The workbook, its formats, and lists in it."""

    def __init__(self, target: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._target, self._written = target, BytesIO()
        self.book = Workbook(self._written, {**options, "constant_memory": True})
        self.book.set_size(24000, 14000)
        self.styles = Styles(self.book)

    def close(self) -> None:
        """The file is written here, not by the library, so that a full disk is an OSError as everywhere."""
        self.book.close()
        self._target.write_bytes(self._written.getvalue())

    def listed(
        self, name: str, title: str, heads: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[object]], count: int,
        units: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        if count + 2 > _ROWS:
            raise UsageError(f"“{name}”有 {count} 行，超过一张工作表的 {_ROWS} 行，请分批合并")
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self.title(sheet, title, len(heads))
        self.heads(sheet, 1, heads, widths)
        styles = [self._style(head, unit) for head, unit in zip(heads, units or [""] * len(heads), strict=True)]
        for number, row in enumerate(rows, start=2):
            sheet.set_row(number, height(row, widths))
            for column, value in enumerate(row):
                self._write(sheet, number, column, value, styles[column])
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(count + 1, 2), len(heads) - 1)
        pages_wide = max(1, ceil(sum(widths) / _A3_PAGE - 0.2))
        self.printing(sheet, repeat=1, paper=paper(widths), pages_wide=pages_wide)
        if pages_wide > 1:
            sheet.repeat_columns(0, 2)

    def _write(self, sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", style)
        elif isinstance(value, (int, float, Decimal)):
            sheet.write_number(row, column, float(value), self.bare if style is self.left else style)
        else:
            sheet.write_string(row, column, str(value)[:_LONGEST], style)

    def _style(self, head: str, unit: str) -> Format:
        if unit == "日期":
            return self.styles.framed(num_format="yyyy-mm-dd", align="center")
        if unit:
            from qdcalc.workbook.styles import number_format

            return self.styles.framed(num_format=number_format(unit), align="right")
        if head.endswith("（元）"):
            return self.money
        if head in ("序号", "组", "单元格", "就高", "版本", "对象类别") or head.endswith("行数") or head == "问题数":
            return self.styles.framed(align="center")
        return self.left

    def title(self, sheet: Worksheet, text: str, columns: int) -> None:
        style = self.styles.make(font_name="黑体", font_size=15, font_color="#1F3864")
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, min(columns, 12) - 1, text, style)

    def heads(self, sheet: Worksheet, row: int, heads: Sequence[str], widths: Sequence[float] = ()) -> None:
        titles = [broken(head, width) for head, width in zip(heads, widths, strict=True)] if widths else heads
        sheet.set_row(row, max(30, 15 * max(title.count("\n") for title in titles) + 19))
        for column, head in enumerate(titles):
            sheet.write_string(row, column, head, self.styles.head)

    def printing(
        self, sheet: Worksheet, *, repeat: int | None, landscape: bool = True, paper: int = A4, pages_wide: int = 1
    ) -> None:
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(pages_wide, 0)
        if repeat is not None:
            sheet.repeat_rows(repeat)
        sheet.set_footer('&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9打印日期：&D')
        sheet.hide_gridlines(2)

    @property
    def left(self) -> Format:
        return self.styles.framed(align="left", text_wrap=True)

    @property
    def bare(self) -> Format:
        """A number of which no unit is known."""
        return self.styles.framed(align="right")

    @property
    def money(self) -> Format:
        return self.styles.framed(num_format=f"{_MONEY}_)", align="right")

    @property
    def total_number(self) -> Format:
        return self.styles.framed(font_name="黑体", bg_color=TOTAL, num_format="#,##0", align="center")

    @property
    def number(self) -> Format:
        return self.styles.framed(num_format="#,##0", align="center")


def free_name(name: str, used: set[str]) -> str:
    """A sheet's name: at most 31 characters, none that Excel forbids, not there yet."""
    plain = "".join("" if sign in "[]:*?/\\'" else sign for sign in name)
    found, number = plain[:31], 1
    while found in used:
        number += 1
        found = f"{plain[:28]}({number})"
    used.add(found)
    return found


def width_for(at: int, head: str, unit: str, rows: Sequence[Sequence[object]]) -> float:
    """A column's width: room for what it holds, a heading in two lines."""
    if unit in ("元", "日期"):
        return 15.0 if unit == "元" else 12.0
    longest = max((cell_width(text) for row in rows[:500] if isinstance(text := row[at], str)), default=0)
    return max(8.0, min(28.0, max(longest + 2.0, cell_width(head) / 2 + 3.0)))


def height(row: Sequence[object], widths: Sequence[float]) -> float:
    """High enough for the longest text when it is wrapped; a program that opens the file need not work it out."""
    lines = [
        ceil(cell_width(text[:_LONGEST]) / (width - 1.0))
        for text, width in zip(row, widths, strict=True)
        if isinstance(text, str)
    ]
    return max(LEAST, min(max(lines, default=1), 12) * _LINE + 4.0)
