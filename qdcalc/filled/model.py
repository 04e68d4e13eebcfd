"""The contract of reading a filled workbook: what `read_book` hands to the check, the merge and whoever comes next.

A book holds its sheets in tab order, a sheet its filled rows, a row its cells by the keys of the layout. Nothing is left
out because it is wrong: a value that its column refuses is None in `values`, stands in `raw`, and has a problem.
Copies of a sheet (ten districts' sheets in one workbook) are sheets of their own with the same `key` and another `copy`;
sheets that belong together (项目 (2) and 项目补助 (2)) have the same number.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from qdcalc.filled.problems import Problem
from qdcalc.layout import MARK
from qdcalc.recalc.values import CellValue
from qdcalc.workbook.plan import NO, Plan, TablePlan

Value = Decimal | str | bool | datetime.date | None
"""A checked value, as its argument type gives it: exact numbers, standard names. None: blank, or refused."""


@dataclass(frozen=True)
class FilledRow:
    """One row that people have filled in.

    number     its row in the sheet, from 1
    position   its place in the table, from 0: rows of a sheet and of those that follow it go together by this
    values     what was filled in, and the given cells, checked; an amount of a `scaled` column is as typed, in the unit
               that its field says
    raw        the same cells as they stand in the file
    computed   the computed columns' cached values, 提示 and 核对 included
    fresh      the same recalculated; empty if the book was read without recalculation. Use these for sums
    below      it lies under the last formula: nothing is computed for it
    problems   those of this row alone
    """

    number: int
    position: int
    values: Mapping[str, Value]
    raw: Mapping[str, CellValue]
    computed: Mapping[str, CellValue]
    fresh: Mapping[str, CellValue]
    below: bool
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing is wrong with it, and its 核对 is not ×: that is so, too, where it only follows from another row."""
        return all(problem.is_note for problem in self.problems) and self.results.get(MARK) != NO

    @property
    def results(self) -> Mapping[str, CellValue]:
        """Recalculated where that was done, else what the file holds."""
        return self.fresh or self.computed


@dataclass(frozen=True)
class FilledSheet:
    """One table. `table` lies where the table really is in this file (its addresses are true here), `fields` are the
    labelled cells above it by key; fields of one workbook that stand on another sheet are there."""

    key: str
    name: str
    copy: int
    table: TablePlan
    rows: tuple[FilledRow, ...]
    fields: Mapping[str, Value]

    def problems(self) -> tuple[Problem, ...]:
        """Those of its rows; one that several rows share stands once."""
        return tuple(dict.fromkeys(problem for row in self.rows for problem in row.problems))


@dataclass(frozen=True)
class FilledBook:
    """One file. `policy` is "" where no template was recognised (then `problems` says why); `version` is "" without a
    stamp; `edition` is "functions" or "plain"; `recalculated` says whether rows have fresh values.

    `problems` are all of the file, those of rows included, by sheet, row and column.
    """

    path: Path
    policy: str = ""
    version: str = ""
    edition: str = ""
    plan: Plan | None = None
    recalculated: bool = False
    sheets: tuple[FilledSheet, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheet_order: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing stands in the way; there may be notes."""
        return all(problem.is_note for problem in self.problems)

    @property
    def title(self) -> str:
        return self.plan.template.title if self.plan is not None else ""

    def of(self, key: str) -> tuple[FilledSheet, ...]:
        """All sheets of one table: the template's own first, then its copies."""
        return tuple(sorted((sheet for sheet in self.sheets if sheet.key == key), key=lambda sheet: sheet.copy))

    @property
    def filled_rows(self) -> int:
        """Rows that were typed in, not those that follow them."""
        return sum(len(sheet.rows) for sheet in self.sheets if not sheet.table.sheet.follows)
