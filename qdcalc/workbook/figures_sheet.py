"""依据: every figure of the document with its unit and article, one row each."""

from __future__ import annotations

import datetime
from decimal import Decimal
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qdcalc.workbook import page
from qdcalc.workbook.basis import FIRST_ROW, SHEET, BasisRow
from qdcalc.workbook.plan import Plan, cell_width
from qdcalc.workbook.styles import DATE_FORMAT, TAB_COLOURS, Styles, number_format

WIDTHS = (5.0, 32.0, 38.0, 12.0, 26.0, 15.0, 22.0, 26.0)
NOTE_WIDTH = 28.0
"""Notes are in a smaller font, so that more fits."""
FAINT = "#8C8C8C"
HEADINGS = ("序号", "项目", "适用条件", "起点（含）", "数值", "单位", "条款", "说明")


class FiguresWriter:
    def __init__(self, book: Workbook, styles: Styles, plan: Plan) -> None:
        self.styles, self.plan = styles, plan
        self.sheet: Worksheet = book.add_worksheet(SHEET)

    def write(self) -> None:
        sheet, styles, plan = self.sheet, self.styles, self.plan
        for index, width in enumerate(WIDTHS):
            sheet.set_column(index, index, width)
        page.head(sheet, plan, styles, f"{plan.template.title}　依据", WIDTHS, status=False)
        words = "公式从这里取数" if plan.plain else "供查阅；QD 函数内置同样的数值"
        style = styles.make(font_name="黑体", font_size=12, font_color="#1F3864")
        sheet.set_row(2, 24)
        sheet.merge_range(2, 0, 2, len(WIDTHS) - 1, f"条文中的数值（{words}）", style)
        for index, title in enumerate(HEADINGS):
            sheet.write_string(FIRST_ROW - 1, index, title, styles.head)
        sheet.set_row(FIRST_ROW - 1, 22)
        for number, item in enumerate(plan.basis.rows, start=1):
            first = number == 1 or plan.basis.rows[number - 2].path != item.path
            self._figure(FIRST_ROW + number - 1, number, item, first=first)
        sheet.freeze_panes(FIRST_ROW, 2)
        page.printing(sheet, plan, repeat=(FIRST_ROW - 1, FIRST_ROW - 1))
        sheet.set_tab_color(TAB_COLOURS["basis"])
        page.protect(sheet)

    def _figure(self, row: int, number: int, item: BasisRow, *, first: bool) -> None:
        sheet, framed = self.sheet, self.styles.framed
        sheet.write_number(row, 0, number, framed(align="center"))
        sheet.write_string(row, 1, item.title, framed(text_wrap=True, **({} if first else {"font_color": FAINT})))
        sheet.write_string(row, 2, item.condition, framed(text_wrap=True))
        if item.start is None:
            sheet.write_blank(row, 3, None, framed())
        else:
            sheet.write_number(
                row, 3, float(item.start), framed(num_format="#,##0.####_)" if item.start % 1 else "#,##0_)")
            )
        value = item.value
        if isinstance(value, Decimal):
            sheet.write_number(row, 4, float(value), framed(num_format=figure_format(value, item.unit), align="right"))
        elif isinstance(value, datetime.date):
            moment = datetime.datetime(value.year, value.month, value.day)
            sheet.write_datetime(row, 4, moment, framed(num_format=DATE_FORMAT, align="right"))
        elif value is None:
            sheet.write_blank(row, 4, None, framed())
        else:
            sheet.write_string(row, 4, str(value), framed(text_wrap=True))
        sheet.write_string(row, 5, "" if item.unit == "名称" else item.unit, framed(align="center", text_wrap=True))
        sheet.write_string(row, 6, item.article, framed(text_wrap=True))
        sheet.write_string(row, 7, item.note, framed(text_wrap=True, font_size=10))
        self._height(
            row,
            (item.title, WIDTHS[1]),
            (item.condition, WIDTHS[2]),
            ("" if value is None else str(value), WIDTHS[4]),
            (item.unit, WIDTHS[5]),
            (item.article, WIDTHS[6]),
            (item.note, NOTE_WIDTH),
        )

    def _height(self, row: int, *texts: tuple[str, float]) -> None:
        lines = max(ceil((cell_width(text) + 1) / width) for text, width in texts if text)
        self.sheet.set_row(row, 16 * lines + 3)


def figure_format(value: Decimal, unit: str) -> str:
    """A figure shows all its digits: 12% and 12.5%, 1.2, 900,000."""
    if unit == "比例":
        shown = value * 100
        return "0%_)" if shown == shown.to_integral_value() else "0.0#%_)"
    if unit == "年份":
        return number_format(unit)
    return "#,##0_)" if value == value.to_integral_value() else "#,##0.0###_)"
