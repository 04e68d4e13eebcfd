"""Which row of a sheet holds the headings of which table, and which column stands where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from qdcalc.filled.cells import SheetCells
from qdcalc.rules.arguments import clean
from qdcalc.workbook.plan import ColumnPlan, TablePlan

_TOP_ROWS = 60
"""how far down headings are looked for"""
_SHARE = 0.6
"""of a table's headings that must be there for a sheet to be that table"""


@dataclass
class Headings:
    """A table found on a sheet; rows and columns count from 1.

    columns    column key → where it stands; without those that are missing
    renamed    (column of the sheet, the column of the template) where only the heading differs
    inserted   (column of the sheet, what its heading says) of columns that the template does not have
    """

    table: TablePlan
    row: int
    columns: dict[str, int]
    missing: list[ColumnPlan] = field(default_factory=list)
    renamed: list[tuple[int, ColumnPlan]] = field(default_factory=list)
    inserted: list[tuple[int, str]] = field(default_factory=list)
    moved: bool = False

    @property
    def in_place(self) -> bool:
        """Every column is where the template has it."""
        return not (self.missing or self.inserted or self.moved)


def find_headings(sheet: SheetCells, tables: Iterable[TablePlan]) -> Headings | None:
    """The table whose headings a row of the sheet holds best, or None where no row holds enough of any."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in sheet.values.items():
        if row <= _TOP_ROWS and isinstance(value, str) and (row, column) not in sheet.formulas:
            rows.setdefault(row, {})[column] = plain_title(value)
    best: tuple[float, bool, int, TablePlan] | None = None
    for table in tables:
        wanted = Counter(plain_title(column.title) for column in table.columns)
        for row, cells in rows.items():
            share = (wanted & Counter(cells.values())).total() / wanted.total()
            if share >= _SHARE and (best is None or (share, table.name == sheet.name) > best[:2]):
                best = (share, table.name == sheet.name, row, table)
    if best is None:
        return None
    _, _, row, table = best
    return _matched(table, row, rows[row])


def plain_title(text: str) -> str:
    """A heading without its line breaks and blanks."""
    return "".join(clean(text).split())


def _matched(table: TablePlan, row: int, cells: dict[int, str]) -> Headings:
    places: dict[str, list[int]] = {}
    for column in sorted(cells):
        places.setdefault(cells[column], []).append(column)
    found = Headings(table, row, {})
    for item in table.columns:
        at = places.get(plain_title(item.title))
        if at:
            found.columns[item.key] = at.pop(0)
    taken = set(found.columns.values())
    before = 0
    for item in table.columns:  # a column between the same neighbours whose heading alone is another
        here = found.columns.get(item.key)
        if here is None and before and cells.get(before + 1) and before + 1 not in taken:
            here = before + 1
            found.renamed.append((here, item))
            found.columns[item.key] = here
            taken.add(here)
        elif here is None:
            found.missing.append(item)
        before = here or before
    last = max(taken)
    found.inserted = [(column, cells.get(column, "")) for column in range(1, last + 1) if column not in taken]
    order = [found.columns[item.key] for item in table.columns if item.key in found.columns]
    found.moved = order != sorted(order)
    if not (found.missing or found.inserted or found.moved):
        found.moved = any(found.columns[item.key] != item.index + 1 for item in table.columns)
    return found
