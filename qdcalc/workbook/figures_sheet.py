"""依据: every figure with unit and article, where the document does not agree with itself, the readings taken, what cannot be
computed, the functions used."""

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

WIDTHS = (6.0, 42.0, 42.0, 14.0, 30.0, 10.0, 24.0, 34.0)
HEADINGS = ("序号", "项目", "适用条件", "起点（含）", "数值", "单位", "条款", "说明")


class FiguresWriter:
    def __init__(self, book: Workbook, styles: Styles, plan: Plan) -> None:
        self.styles, self.plan = styles, plan
        self.sheet: Worksheet = book.add_worksheet(SHEET)
        self.sections = 0

    def write(self) -> None:
        sheet, styles, plan = self.sheet, self.styles, self.plan
        for index, width in enumerate(WIDTHS):
            sheet.set_column(index, index, width)
        page.head(sheet, plan, styles, f"{plan.template.title}　依据", WIDTHS, status=False)
        self._section(2, "条文中的数值" + ("（公式从这里取数）" if plan.plain else "（供查阅；QD 函数内置同样的数值）"))
        for index, title in enumerate(HEADINGS):
            sheet.write_string(FIRST_ROW - 1, index, title, styles.head)
        sheet.set_row(FIRST_ROW - 1, 22)
        for number, item in enumerate(plan.basis.rows, start=1):
            self._figure(FIRST_ROW + number - 1, number, item)
        row = FIRST_ROW + len(plan.basis.rows) + 1
        row = self._discrepancies(row)
        row = self._readings(row)
        row = self._gaps(row)
        self._functions(row)
        sheet.freeze_panes(FIRST_ROW, 2)
        page.printing(sheet, plan, repeat=(FIRST_ROW - 1, FIRST_ROW - 1))
        sheet.set_tab_color(TAB_COLOURS["basis"])
        page.protect(sheet)

    def _section(self, row: int, title: str) -> None:
        self.sheet.set_row(row, 24)
        style = self.styles.make(font_name="黑体", font_size=12, font_color="#1F3864")
        number = "一二三四五"[self.sections]
        self.sections += 1
        self.sheet.merge_range(row, 0, row, len(WIDTHS) - 1, f"{number}、{title}", style)

    def _figure(self, row: int, number: int, item: BasisRow) -> None:
        sheet, framed = self.sheet, self.styles.framed
        sheet.write_number(row, 0, number, framed(align="center"))
        sheet.write_string(row, 1, item.title, framed(text_wrap=True))
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
        else:
            sheet.write_string(row, 4, str(value), framed(text_wrap=True))
        sheet.write_string(row, 5, "" if item.unit == "名称" else item.unit, framed(align="center"))
        sheet.write_string(row, 6, item.article, framed(text_wrap=True))
        sheet.write_string(row, 7, item.note, framed(text_wrap=True, font_size=10))
        self._height(
            row, (item.title, WIDTHS[1]), (item.condition, WIDTHS[2]), (str(value), WIDTHS[4]), (item.note, 38)
        )

    def _height(self, row: int, *texts: tuple[str, float]) -> None:
        lines = max(ceil(cell_width(text) / width) for text, width in texts if text)
        self.sheet.set_row(row, 16 * lines + 3)

    def _discrepancies(self, row: int) -> int:
        found = self.plan.policy.discrepancies
        if found:
            self._section(row, "原文前后不一致处，本表怎样取")
            self._records(
                row + 1, ("事项", "条款", "情况和处理"), [(item.title, item.article, item.text) for item in found]
            )
        return row + len(found) + 3 if found else row

    def _records(self, row: int, titles: tuple[str, str, str], records: list[tuple[str, str, str]]) -> None:
        """A table of texts: two narrow columns and a wide one."""
        framed = self.styles.framed
        self._heads(row, ("序号", *titles, "", "", "", ""))
        for number, (title, article, words) in enumerate(records, start=1):
            at = row + number
            self.sheet.write_number(at, 0, number, framed(align="center"))
            self.sheet.write_string(at, 1, title, framed(text_wrap=True))
            self.sheet.write_string(at, 2, article, framed(text_wrap=True))
            self.sheet.merge_range(at, 3, at, len(WIDTHS) - 1, words, framed(text_wrap=True))
            self._height(at, (title, WIDTHS[1]), (article, WIDTHS[2]), (words, sum(WIDTHS[3:])))

    def _readings(self, row: int) -> int:
        readings = self.plan.policy.readings.values()
        if not readings:
            return row
        self._section(row, "条文可有不同理解处，本表采用的口径")
        self._heads(row + 1, ("序号", "问题", "采用的口径", "其他可选口径", "", "条款", "", "理由"))
        for number, item in enumerate(readings, start=1):
            others = "；".join(option for option in item.options if option != item.default)
            self._line(row + 1 + number, number, item.title, item.default, others, item.article, item.note)
        return row + len(readings) + 3

    def _gaps(self, row: int) -> int:
        gaps = self.plan.policy.gaps
        if gaps:
            self._section(row, "条文不能计算、须人工认定的事项")
            self._records(row + 1, ("事项", "条款", "原因"), [(item.title, item.article, item.reason) for item in gaps])
        return row + len(gaps) + 3 if gaps else row

    def _functions(self, row: int) -> None:
        used = [(item.name, item.title, item.citation) for item in self.plan.used]
        self._section(row, "本表所用函数" + ("（普通公式与这些函数结果相同）" if self.plan.plain else ""))
        self._records(row + 1, ("函数", "名称", "条款"), used)

    def _heads(self, row: int, titles: tuple[str, ...]) -> None:
        start = 0
        for index in range(1, len(titles) + 1):
            if index == len(titles) or titles[index]:
                if index - 1 > start:
                    self.sheet.merge_range(row, start, row, index - 1, titles[start], self.styles.head)
                else:
                    self.sheet.write_string(row, start, titles[start], self.styles.head)
                start = index
        self.sheet.set_row(row, 22)

    def _line(self, row: int, number: int, title: str, taken: str, others: str, article: str, note: str) -> None:
        framed = self.styles.framed
        self.sheet.write_number(row, 0, number, framed(align="center"))
        self.sheet.write_string(row, 1, title, framed(text_wrap=True))
        self.sheet.write_string(row, 2, taken, framed(text_wrap=True, font_name="黑体"))
        self.sheet.merge_range(row, 3, row, 4, others, framed(text_wrap=True))
        self.sheet.merge_range(row, 5, row, 6, article, framed(text_wrap=True))
        self.sheet.write_string(row, 7, note, framed(text_wrap=True, font_size=10))
        self._height(row, (title, WIDTHS[1]), (taken, WIDTHS[2]), (others, WIDTHS[3] + WIDTHS[4]), (note, 38))


def figure_format(value: Decimal, unit: str) -> str:
    """A figure shows all its digits: 12% and 12.5%, 1.2, 900,000."""
    if unit == "比例":
        shown = value * 100
        return "0%_)" if shown == shown.to_integral_value() else "0.0#%_)"
    if unit == "年份":
        return number_format(unit)
    return "#,##0_)" if value == value.to_integral_value() else "#,##0.0###_)"
