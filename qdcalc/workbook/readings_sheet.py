"""口径: where the document does not agree with itself, the readings taken, what cannot be computed, the functions used."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qdcalc.workbook import page
from qdcalc.workbook.plan import Plan, cell_width
from qdcalc.workbook.styles import TAB_COLOURS, Styles

SHEET = "口径"
WIDTHS = (5.0, 28.0, 24.0, 26.0, 26.0, 42.0)


class ReadingsWriter:
    def __init__(self, book: Workbook, styles: Styles, plan: Plan) -> None:
        self.styles, self.plan = styles, plan
        self.sheet: Worksheet = book.add_worksheet(SHEET)
        self.row, self.sections = 2, 0

    def write(self) -> None:
        sheet, policy = self.sheet, self.plan.policy
        for index, width in enumerate(WIDTHS):
            sheet.set_column(index, index, width)
        page.head(sheet, self.plan, self.styles, f"{self.plan.template.title}　口径", WIDTHS, status=False)
        self._section(
            "条文可有不同理解处，本表采用的口径",
            ("问题", "条款", "采用的口径", "其他可选口径", "理由"),
            [
                (item.title, item.article, item.default, "；".join(set_aside(item.options, item.default)), item.note)
                for item in policy.readings.values()
            ],
        )
        self._section(
            "条文不能计算、须人工认定的事项",
            ("事项", "条款", "原因"),
            [(item.title, item.article, item.reason) for item in policy.gaps],
        )
        self._section(
            "原文前后不一致处，本表怎样取",
            ("事项", "条款", "情况和处理"),
            [(item.title, item.article, item.text) for item in policy.discrepancies],
        )
        self._section(
            "本表所用函数（无函数版的普通公式与这些函数结果相同）",
            ("函数", "条款", "名称"),
            [(item.name, item.article, item.title) for item in self.plan.used],
        )
        page.printing(sheet, self.plan)
        sheet.set_tab_color(TAB_COLOURS["basis"])
        page.protect(sheet)

    def _section(self, title: str, heads: Sequence[str], records: Sequence[tuple[str, ...]]) -> None:
        """A heading and a table of texts; the last column takes what width is left."""
        if not records:
            return
        number = "一二三四"[self.sections]
        self.sections += 1
        self.sheet.set_row(self.row, 26)
        style = self.styles.make(font_name="黑体", font_size=12, font_color="#1F3864")
        self.sheet.merge_range(self.row, 0, self.row, len(WIDTHS) - 1, f"{number}、{title}", style)
        self._line(self.row + 1, ("序号", *heads), head=True)
        for place, record in enumerate(records, start=1):
            self._line(self.row + 1 + place, (str(place), *record))
        self.row += len(records) + 3

    def _line(self, row: int, texts: Sequence[str], *, head: bool = False) -> None:
        last, lines = len(texts) - 1, 1
        for index, text in enumerate(texts):
            end = len(WIDTHS) - 1 if index == last else index
            style = (
                self.styles.head if head else self.styles.framed(text_wrap=True, align="left" if index else "center")
            )
            if index == 0 and not head:
                self.sheet.write_number(row, 0, int(text), style)
            else:
                page.spread(self.sheet, row, index, end, text, style)
            lines = max(lines, ceil((cell_width(text) + 1) / sum(WIDTHS[index : end + 1])))
        self.sheet.set_row(row, 22 if head else 16 * lines + 4)


def set_aside(options: Sequence[str], taken: str) -> list[str]:
    return [option for option in options if option != taken]
