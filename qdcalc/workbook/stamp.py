"""_qdcalc, a very hidden sheet: by it a filled workbook is known again, whatever its file is called."""

from __future__ import annotations

from xlsxwriter import Workbook

from qdcalc.workbook.plan import Plan

SHEET = "_qdcalc"
FORMAT = "1"
TABLE_ROW = 8
"""The heading row of the table of sheets, from 0."""
HEADINGS = ("key", "name", "header_row", "first_row", "last_row", "fingerprint")


def stamp_rows(plan: Plan) -> list[list[str | int]]:
    """Rows count from 1 here, as people see them."""
    facts: list[list[str | int]] = [
        ["qdcalc", FORMAT],
        ["template", plan.template.policy],
        ["version", plan.template.version],
        ["edition", "plain" if plan.plain else "functions"],
        ["rows", plan.rows],
        ["number", plan.policy.number],
    ]
    facts += [[] for _ in range(TABLE_ROW - len(facts))]
    facts.append(list(HEADINGS))
    for table in plan.tables.values():
        place = [table.header_row + 1, table.first + 1, table.last + 1]
        facts.append([table.key, table.name, *place, table.fingerprint])
    return facts


def write_stamp(book: Workbook, plan: Plan) -> None:
    sheet = book.add_worksheet(SHEET)
    for row, cells in enumerate(stamp_rows(plan)):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell)
    sheet.very_hidden()
