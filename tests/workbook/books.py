"""What the workbook tests share: build, fill, recalculate, look at cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.table_sheet import Row

ROOT = Path(__file__).parents[2]
DATA = ROOT / "workbooks" / "data"


def recalculated(
    plan: Plan,
    folder: Path,
    data: Mapping[str, Sequence[Row]] | None = None,
    fields: Mapping[str, object] | None = None,
) -> Workbook:
    """A template, filled and recalculated, with its values."""
    source, target = folder / "in.xlsx", folder / "out.xlsx"
    build_plan(plan, source, data=data, fields=fields)
    recalc_book(source, target)
    return openpyxl.load_workbook(target, data_only=True)


def value(book: Workbook, plan: Plan, sheet: str, column: str, row: int = 0) -> object:
    """The cell of one column in the row-th line (from 0) of a table."""
    table = plan.tables[sheet]
    return book[table.name][table.cell(column, table.first + row)].value


def column(book: Workbook, plan: Plan, sheet: str, key: str) -> list[object]:
    """The filled cells of a column."""
    table = plan.tables[sheet]
    cells = [book[table.name][table.cell(key, table.first + row)].value for row in range(table.rows)]
    return [cell for cell in cells if cell not in (None, "")]


def total(book: Workbook, plan: Plan, sheet: str, key: str) -> object:
    table = plan.tables.get(sheet) or plan.summaries[sheet]
    return book[table.name][table.total(key).replace("$", "")].value


def checks(book: Workbook) -> dict[str, tuple[object, object]]:
    """检查: problems and result by title."""
    rows = book["检查"].iter_rows(min_row=5, values_only=True)
    return {str(row[1]): (row[2], row[3]) for row in rows if row[1]}


def status(book: Workbook) -> object:
    return book["检查"]["C3"].value


def sheet(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found
