"""The formulas of a workbook, folded: a formula filled down a column is one Family, however long.

A cell with a formula is only a number here, its place in the order of the sheet; 100,000 filled rows cost a few
arrays instead of 100,000 objects.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qdcalc.recalc.formulas import Plan, Planner
from qdcalc.recalc.reads import FIXED, THIS
from qdcalc.recalc.scan import Area, FormulaCell, SheetScan
from qdcalc.recalc.translate import Movable
from qdcalc.recalc.values import CellValue


@dataclass(slots=True, eq=False)
class Family:
    """The same formula in rows first…last of one column.

    shape       its row numbers: distance from the formula's row where they move, else the row itself
    indexes     for each row, the formula's number in its sheet
    shared      number of the shared formula it came from, or -1
    area        of an array formula (then it is one row long), else None
    """

    sheet: int
    column: int
    first: int
    last: int
    plan: Plan
    shape: tuple[int, ...]
    shared: int
    area: Area | None
    indexes: array[int]

    def rows(self, row: int) -> tuple[int, ...]:
        """The formula's row numbers in one row."""
        return tuple(
            row + distance if moves else distance
            for distance, moves in zip(self.shape, self.plan.relative, strict=True)
        )

    def engine_text(self, row: int) -> str | None:
        """The engine's formula, or None where the file's own text will do."""
        return self.plan.text(self.sheet, row, self.column, self.rows(row))

    def reads(self) -> Iterator[tuple[int, int, int, bool, int, bool, int]]:
        """(sheet, first column, last column, first moves, first row, last moves, last row); moving rows are distances."""
        relative = self.plan.relative
        for read in self.plan.reads:
            ends: list[tuple[bool, int]] = []
            for source, row in ((read.first_source, read.first_row), (read.last_source, read.last_row)):
                if source == FIXED:
                    ends.append((False, row))
                elif source == THIS:
                    ends.append((True, 0))
                else:
                    ends.append((relative[source], self.shape[source]))
            yield (read.sheet, read.first_column, read.last_column, *ends[0], *ends[1])

    def areas(self, row: int) -> Iterator[tuple[int, Area]]:
        """What the formula in one row reads: (sheet, area)."""
        for sheet, left, right, moves1, first, moves2, last in self.reads():
            top = row + first if moves1 else first
            bottom = row + last if moves2 else last
            yield sheet, Area(min(top, bottom), left, max(top, bottom), right)


class Values:
    """A list of cell values in eight bytes for a number."""

    def __init__(self) -> None:
        self._numbers = array("d")
        self._others: dict[int, CellValue] = {}

    def append(self, value: CellValue) -> None:
        if value.__class__ is float:
            self._numbers.append(value)
        else:
            self._others[len(self._numbers)] = value
            self._numbers.append(0.0)

    def __getitem__(self, number: int) -> CellValue:
        return self._others[number] if number in self._others else self._numbers[number]

    def __iter__(self) -> Iterator[CellValue]:
        if not self._others:
            return iter(self._numbers)
        return map(self.__getitem__, range(len(self._numbers)))


@dataclass(slots=True, eq=False)
class SheetModel:
    """One sheet's formulas; parallel lists in the order of the file.

    uncached    1 where the file holds no value
    members     of array formulas: anchor's number → its other cells with what the file holds there
    """

    name: str
    part: str
    rows: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("H"))
    cached: Values = field(default_factory=Values)
    uncached: bytearray = field(default_factory=bytearray)
    family: list[Family] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    members: dict[int, list[tuple[int, int, CellValue]]] = field(default_factory=dict)
    shared: Sequence[Movable] = ()

    def __len__(self) -> int:
        return len(self.rows)


def fold(scan: SheetScan, sheet: int, name: str, part: str, planner: Planner) -> SheetModel:
    """One sheet's formulas as families. The anchors of arrays must be in the vocabulary already."""
    model = SheetModel(name, part, shared=scan.shared)
    current: dict[int, Family] = {}  # the family that ends last in each column
    masters: dict[int, tuple[FormulaCell, Plan, tuple[int, ...]]] = {}
    anchors: dict[tuple[int, int], int] = {}
    rows_add, columns_add, cached_add = model.rows.append, model.columns.append, model.cached.append
    for number, cell in enumerate(scan.formulas):
        row, column = cell.row, cell.column
        index = cell.shared_index
        master = None if index is None or cell.text is not None else masters.get(index)
        if master is not None and master[0].column == column and master[1].shiftable:
            plan, shape = master[1], master[2]
        else:
            plan, numbers = planner.plan(scan.formula(cell), sheet, cell.kind == "array")
            shape = tuple(
                [value - row if moves else value for value, moves in zip(numbers, plan.relative, strict=True)]
            )
            if index is not None and cell.text is not None:
                masters[index] = (cell, plan, shape)
        if plan.within is not None and not plan.within[0] <= row <= plan.within[1]:
            plan = planner.outside(plan)
        family = current.get(column)
        shared = -1 if index is None else index
        if (
            family is not None
            and family.plan is plan
            and family.last == row - 1
            and family.shape == shape
            and family.shared == shared
            and cell.kind != "array"
        ):
            family.last = row
            family.indexes.append(number)
        else:
            area = cell.area if cell.kind == "array" else None
            family = Family(sheet, column, row, row, plan, shape, shared, area, array("I", (number,)))
            current[column] = family
            model.families.append(family)
        rows_add(row)
        columns_add(column)
        cached_add(cell.cached)
        model.uncached.append(not cell.cached_type)
        model.family.append(family)
        if cell.kind == "array":
            anchors[row, column] = number
    for member in scan.array_members:
        model.members.setdefault(anchors[member.anchor], []).append((member.row, member.column, member.cached))
    return model
