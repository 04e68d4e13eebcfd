"""The sheets that only the plain edition has: 过程·<table> with the helper columns, 选项 with the lists of choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from qdcalc.workbook import page
from qdcalc.workbook.addresses import down
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plain import FLAG, LIST_FIRST, LISTS_SHEET, HelperPlan, Working
from qdcalc.workbook.plan import cell_width
from qdcalc.workbook.styles import DATE_FORMAT, TAB_COLOURS, Styles
from qdcalc.workbook.table_sheet import broken

WIDTH, SENTENCE = 15, 40
"""Steps, and what is told in a sentence. Title and note stand right of the columns that every printed page repeats."""
BAND = 7
"""So many columns at most have their heading in common: a longer one would be off the page, or off the screen."""
NOTE = (
    "本表是计算过程，逐步得出结果，供核对，不用填写。写着“（分）”“×100”等的步骤已放大为整数，避免小数误差。"
    "“检查”各列空着表示没有问题；TRUE 或 1 表示是，FALSE 或 0 表示否；“中间值”是没有名称的中间步骤。"
)
GAP = 5
"""The height of the row that lies beside a total."""
_DAYS = re.compile("(日期?|期限)(（日期）|（按年月日）|（不填取默认）)?$")
_DAY_FORMAT = f"[>=30000]{DATE_FORMAT};General"
"""A day, but 0 where there is none, and other numbers under such a heading (人日) as they are."""


def write_working(book: Workbook, styles: Styles, formulas: Formulas, working: Working) -> None:
    table, plan = working.table, formulas.plan
    sheet = book.add_worksheet(working.name)
    sheet.set_column(0, FLAG, 6)
    widths = {helper.index: SENTENCE if helper.heading.startswith("提示") else WIDTH for helper in working.columns}
    for index, width in widths.items():
        sheet.set_column(index, index, width)
    sheet.set_row(0, 30)
    sheet.write_string(
        0, FLAG + 1, f"{table.sheet.title}　计算过程", styles.make(font_name="黑体", font_size=16, font_color="#1F3864")
    )
    sheet.set_row(1, 30)
    page.spread(sheet, 1, FLAG + 1, FLAG + 1 + BAND, NOTE, styles.text(font_size=10, font_color="#595959"))
    page.spread(sheet, table.band_row, 0, FLAG, "", styles.band)
    start = FLAG + 1
    for group, columns in groupby(column.group for column in working.columns):
        end = start + len(list(columns))
        for part in range(start, end, BAND):
            page.spread(sheet, table.band_row, part, min(part + BAND, end) - 1, group, styles.band)
        start = end
    heads = ["序号", "有数据", *(column.heading for column in working.columns)]
    lines = 1
    for index, head in enumerate(heads):
        title = broken(head, WIDTH)
        lines = max(lines, sum(-(-cell_width(part) // (WIDTH - 2)) for part in title.split("\n")))
        sheet.write_string(table.header_row, index, title, styles.head)
    sheet.set_row(table.header_row, 15 * min(lines, 6) + 8)
    if table.total_row is not None:
        sheet.set_row(table.total_row, GAP)
    serial = styles.framed(align="center", font_color="#7F7F7F", font_size=10)
    looks = {"bg_color": "#F3F5F8", "font_size": 10, "shrink": True, "align": "center"}
    plain, day = styles.framed(**looks), styles.framed(num_format=_DAY_FORMAT, **looks)
    told = styles.framed(**{**looks, "align": "left"})

    def look(helper: HelperPlan) -> Format:
        if widths[helper.index] == SENTENCE or helper.heading.startswith("检查"):
            return told
        return day if _DAYS.search(helper.heading) else plain

    def flag(row: int) -> str:
        empty = formulas.empty(table, row, working.name)
        return f"=IF({empty},0,1)" if empty else "=1"

    def text(helper: HelperPlan) -> Callable[[int], str]:
        return down(lambda row: working.cell(helper, row, lambda words: _resolved(formulas, working, words, row)))

    cells = [(FLAG, down(flag), serial), *((helper.index, text(helper), look(helper)) for helper in working.columns)]
    for row in range(table.first, table.last + 1):
        sheet.write_number(row, 0, row - table.first + 1, serial)
        for index, formula, style in cells:
            sheet.write_formula(row, index, formula(row), style, "")
    sheet.freeze_panes(table.first, FLAG + 1)
    page.printing(sheet, plan, repeat=(table.band_row, table.header_row), pages_wide=0)
    sheet.repeat_columns(0, FLAG)
    if not table.given:
        page.print_filled(sheet, table.first, table.last, FLAG + len(working.columns), "B", "=1")
    sheet.set_tab_color(TAB_COLOURS["working"])
    page.protect(sheet)


def _resolved(formulas: Formulas, working: Working, words: str, row: int) -> str:
    """A single reference, or a condition of the layout with references in braces."""
    if "{" in words:
        return formulas.fill(words, working.table, row, working.name)
    return formulas.reference(words, working.table, row, working.name)


def write_lists(book: Workbook, styles: Styles, formulas: Formulas) -> None:
    sheet = book.add_worksheet(LISTS_SHEET)
    columns = formulas.lists.columns
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, "选项和别名", styles.make(font_name="黑体", font_size=16, font_color="#1F3864"))
    words = "填报时除标准名称外，还可写下列别名，计算时统一为标准名称。"
    sheet.write_string(1, 0, words, styles.make(font_size=10, font_color="#595959"))
    for number, (title, pairs) in enumerate(columns):
        left, right = 2 * number, 2 * number + 1
        width = max(12, *(cell_width(word) + 2 for pair in pairs for word in pair))
        sheet.set_column(left, right, width)
        page.spread(sheet, LIST_FIRST - 2, left, right, title, styles.band)
        sheet.write_string(LIST_FIRST - 1, left, "可以写", styles.head)
        sheet.write_string(LIST_FIRST - 1, right, "标准名称", styles.head)
        for row, (typed, name) in enumerate(pairs, start=LIST_FIRST):
            sheet.write_string(row, left, typed, styles.framed())
            sheet.write_string(row, right, name, styles.framed())
    sheet.freeze_panes(LIST_FIRST, 0)
    page.printing(sheet, formulas.plan, repeat=(LIST_FIRST - 2, LIST_FIRST - 1))
    sheet.set_tab_color(TAB_COLOURS["basis"])
    page.protect(sheet)
