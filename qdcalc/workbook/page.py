"""What every sheet shares: the band on top, the status cell, printing, protection."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from qdcalc.workbook.addresses import sheet_prefix
from qdcalc.workbook.plan import Plan, cell_width
from qdcalc.workbook.styles import Styles

A3, A4 = 8, 9
MOST_ON_A4 = 210.0
"""Column widths beyond which a table on A4 held across comes out under 7 points: A3 then."""
CHECK_SHEET = "检查"
STATUS_WIDTH = 28
STATUS_CELL = f"{CHECK_SHEET}!$C$3"
"""The one cell that adds up every check; every sheet shows it."""
_ALLOWED = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": False, "objects": True}


def document_line(plan: Plan) -> str:
    """《…》（文号），有效期 …；资金来源：…"""
    policy = plan.policy
    if policy.valid_to:
        dates = f"　有效期：{policy.valid_from or policy.issued} 至 {policy.valid_to}"
    else:
        dates = f"　印发日期：{policy.issued}"
    funding = f"　资金来源：{policy.funding}" if policy.funding else ""
    return f"依据：《{policy.title}》（{policy.number}）{dates}{funding}"


def head(
    sheet: Worksheet, plan: Plan, styles: Styles, title: str, widths: Sequence[float], *, status: bool = True
) -> None:
    """Rows 1 and 2: the title over the whole width, the document line, and the status at the right."""
    last_column, total = len(widths) - 1, sum(widths)
    wide = total > 150
    sheet.set_row(0, 44 if wide else 34)
    sheet.merge_range(0, 0, 0, last_column, title, styles.wide_title if wide else styles.title)
    start, room = last_column + 1, 0.0
    while status and room < STATUS_WIDTH:
        start, room = start - 1, room + widths[start - 1]
    line = document_line(plan)
    sheet.set_row(1, max(24, 16 * ceil(cell_width(line) / (total - room)) + 4))
    sheet.merge_range(1, 0, 1, start - 1, line, styles.document)
    if status:
        show_status(sheet, styles, 1, start, last_column)


def show_status(sheet: Worksheet, styles: Styles, row: int, first: int, last: int) -> None:
    formula = "=" + STATUS_CELL
    if first == last:
        sheet.write_formula(row, first, formula, styles.status(), "")
    else:
        sheet.merge_range(row, first, row, last, "", styles.status())
        sheet.write_formula(row, first, formula, styles.status(), "")
    status_colours(sheet, styles, row, first, last)


def status_colours(sheet: Worksheet, styles: Styles, row: int, first: int, last: int) -> None:
    for word, mood in (("待改正", "bad"), ("提示", "hint"), ("无误", "good")):
        options = {"type": "text", "criteria": "containing", "value": word, "format": styles.mood(mood)}
        sheet.conditional_format(row, first, row, last, {**options, "stop_if_true": True})


def signatures(sheet: Worksheet, styles: Styles, row: int, widths: Sequence[float], labels: Sequence[str]) -> None:
    """A line of labels with room to sign behind each, spread evenly over the width of the table."""
    if not labels:
        return
    sheet.set_row(row, 30)
    share, gone, start = sum(widths) / len(labels), 0.0, 0
    for number, label in enumerate(labels, start=1):
        end = start
        gone += widths[start]
        while end + 1 < len(widths) and gone + widths[end + 1] / 2 < share * number:
            end += 1
            gone += widths[end]
        if number == len(labels):
            end = len(widths) - 1
        style = styles.make(font_name="宋体", align="left")
        if end > start:
            sheet.merge_range(row, start, row, end, f"{label}：", style)
        else:
            sheet.write_string(row, start, f"{label}：", style)
        start = end + 1


def printing(
    sheet: Worksheet,
    plan: Plan,
    *,
    repeat: tuple[int, int] | None = None,
    landscape: bool = True,
    pages_wide: int = 1,
    pages_high: int = 0,
    widths: Sequence[float] = (),
    sign: Sequence[str] = (),
) -> None:
    """`sign`: labels to sign behind, at the foot of every page, since nobody knows where a table will end."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(paper(widths))
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.9 if sign else 0.65)
    if pages_wide:
        sheet.fit_to_pages(pages_wide, pages_high)
    else:
        sheet.set_print_scale(60)
    sheet.center_horizontally()
    if repeat is not None:
        sheet.repeat_rows(*repeat)
    font = '&"宋体,常规"&9'
    left, right = (_to_sign(part) for part in (sign[: len(sign) // 2], sign[len(sign) // 2 :]))
    gap = "\n\n" if sign else ""
    sheet.set_footer(
        f"&L{font}{left}{plan.policy.number}　{plan.template.title}&C{font}{gap}第 &P 页，共 &N 页"
        f"&R{font}{right}打印日期：&D"
    )
    sheet.hide_gridlines(2)


def paper(widths: Sequence[float]) -> int:
    return A3 if sum(widths) > MOST_ON_A4 else A4


def _to_sign(labels: Sequence[str]) -> str:
    return "".join(f"{label}：{'　' * 8}" for label in labels) + "\n\n" if labels else ""


LEAST_PRINTED = 15
"""So many rows of an empty table are printed."""


def print_filled(sheet: Worksheet, first: int, last: int, last_column: int, column: str, filled: str) -> None:
    """Prints down to the last filled row, not all rows that could be: the last where `column` is `filled`, e.g. =1.

    Print_Area is a formula here, as people write it by hand; LibreOffice passes it over and prints all rows.
    """
    prefix, letter = sheet_prefix(sheet.get_name()), xl_col_to_name(last_column)
    marks = f"{prefix}${column}${first + 1}:${column}${last + 1}"
    end = f"MAX({min(last, first + LEAST_PRINTED - 1) + 1},SUMPRODUCT(MAX(({marks}{filled})*ROW({marks}))))"
    sheet.print_area_range = f"{prefix}$A$1:INDEX({prefix}${letter}$1:${letter}${last + 1},{end})"


def spread(sheet: Worksheet, row: int, first: int, last: int, text: str, style: Format) -> None:
    """A text over some columns: merged where they are several."""
    if last > first:
        sheet.merge_range(row, first, row, last, text, style)
    elif text:
        sheet.write_string(row, first, text, style)
    else:
        sheet.write_blank(row, first, None, style)


def protect(sheet: Worksheet) -> None:
    """Against slips, not against people: no password."""
    sheet.protect("", dict(_ALLOWED))
