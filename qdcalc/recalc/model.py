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
from qdcalc.recalc.rows import Run
from qdcalc.recalc.scan import Area, FormulaCell, SheetScan
from qdcalc.recalc.translate import Movable
from qdcalc.recalc.values import CellValue
from qdcalc.recalc.xmltext import xml_text


@dataclass(slots=True, eq=False)
class Family:
    """The same formula in rows first…last of one column.

    shape       its row numbers: distance from the formula's row where they move, else the row itself
    indexes     for each row, the formula's number in its sheet
    span        the same as a slice, if they are evenly spaced
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
    span: slice | None = None

    def flags(self, marks: bytearray) -> bytes | bytearray:
        """Its formulas' marks, in the order of the rows."""
        if self.span is not None:
            return marks[self.span]
        return bytes([marks[place] for place in self.indexes])

    def mark(self, marks: bytearray, start: int = 0, stop: int | None = None) -> None:
        """Marks its formulas, all or the ones from `start` to before `stop` in the order of the rows."""
        stop = len(self.indexes) if stop is None else stop
        if self.span is not None and stop - start > 1:
            first, step = self.indexes[start], self.span.step
            marks[first : first + (stop - start - 1) * step + 1 : step] = b"\1" * (stop - start)
            return
        for place in self.indexes[start:stop]:
            marks[place] = 1

    def close(self) -> None:
        """No more rows will follow: finds the span."""
        indexes = self.indexes
        step = indexes[1] - indexes[0] if len(indexes) > 1 else 1
        span = range(indexes[0], indexes[0] + step * len(indexes), step)
        if len(indexes) == 1 or (span[-1] == indexes[-1] and indexes == array("I", span)):
            self.span = slice(span.start, span[-1] + 1, step)

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

    def __init__(self, size: int = 0) -> None:
        self._numbers = array("d", bytes(8 * size))
        self._others: dict[int, CellValue] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def extend(self, columns: Sequence[Sequence[CellValue]]) -> None:
        """Adds columns of equal length, row by row."""
        start, width = len(self._numbers), len(columns)
        block = array("d", bytes(8 * width * len(columns[0])))
        for number, column in enumerate(columns):
            if isinstance(column, array):
                block[number::width] = column
                continue
            for place, value in enumerate(column):
                if value.__class__ is float:
                    block[place * width + number] = value
                else:
                    self._others[start + place * width + number] = value
        self._numbers += block

    def __setitem__(self, number: int, value: CellValue) -> None:
        if value.__class__ is float:
            self._numbers[number] = value
            self._others.pop(number, None)
        else:
            self._others[number] = value

    def put(self, family: Family, values: Sequence[CellValue]) -> None:
        """The values of a family's formulas, in a list that has none of them yet."""
        if isinstance(values, array) and family.span is not None:
            self._numbers[family.span] = values
            return
        for place, value in zip(family.indexes, values, strict=True):
            self[place] = value

    def of(self, family: Family) -> Sequence[CellValue]:
        """The values of a family's formulas; an array if all are numbers."""
        return [self[place] for place in family.indexes] if family.span is None else self.pick(family.span)

    def pick(self, span: slice) -> Sequence[CellValue]:
        """Those in a slice; an array if all of it are numbers."""
        numbers = self._numbers[span]
        places = range(*span.indices(len(self._numbers)))
        if not self._others or self._others.keys().isdisjoint(places):
            return numbers
        return list(map(self._others.get, places, numbers))

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
    runs        rows that are made alike, each of their columns within one family
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
    runs: list[Run] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


class _Folder:
    """Takes the formulas of one sheet in the order of the file."""

    def __init__(self, scan: SheetScan, sheet: int, model: SheetModel, planner: Planner) -> None:
        self.scan = scan
        self.sheet = sheet
        self.model = model
        self.planner = planner
        self.current: dict[int, Family] = {}  # the family that ends last in each column
        self.masters: dict[int, tuple[FormulaCell, Plan, tuple[int, ...]]] = {}
        self.anchors: dict[tuple[int, int], int] = {}

    def cell(self, cell: FormulaCell) -> None:
        model, planner = self.model, self.planner
        row, column, index, number = cell.row, cell.column, cell.shared_index, len(self.model)
        master = None if index is None or cell.text is not None else self.masters.get(index)
        if master is not None and master[0].column == column and master[1].shiftable:
            plan, shape = master[1], master[2]
        else:
            plan, shape = self._planned(self.scan.formula(cell), row, cell.kind == "array")
            if index is not None and cell.text is not None:
                self.masters[index] = (cell, plan, shape)
        if plan.within is not None and not plan.within[0] <= row <= plan.within[1]:
            plan = planner.outside(plan)
        shared = -1 if index is None else index
        family = None if cell.kind == "array" else self._continued(column, row, plan, shape, shared)
        if family is not None:
            family.last = row
            family.indexes.append(number)
        else:
            area = cell.area if cell.kind == "array" else None
            family = self._begun(Family(self.sheet, column, row, row, plan, shape, shared, area, array("I", (number,))))
        model.rows.append(row)
        model.columns.append(column)
        model.cached.append(cell.cached)
        model.uncached.append(not cell.cached_type)
        model.family.append(family)
        if cell.kind == "array":
            self.anchors[row, column] = number

    def run(self, run: Run) -> None:
        """The same for rows that are made alike, a column at a time."""
        model, fields, count = self.model, run.template.fields, run.count
        first, last = run.rows[0], run.rows[-1]
        plans = self._plans(run)
        if plans is None:
            for cell in self.scan.run_cells(run):
                self.cell(cell)
            return
        run.number, run.folded = len(model), True
        width = len(fields)
        families = []
        rows = array("I", bytes(4 * width * count))
        uncached = bytearray(width * count)
        for number, (text, (plan, shape), shared) in enumerate(zip(fields, plans, run.shared, strict=True)):
            start = run.number + number
            indexes = array("I", range(start, start + width * count, width))
            index = -1 if shared is None else shared
            family = self._continued(text.column, first, plan, shape, index)
            if family is not None:
                family.last = last
                family.indexes += indexes
            else:
                family = self._begun(Family(self.sheet, text.column, first, last, plan, shape, index, None, indexes))
            families.append(family)
            rows[number::width] = array("I", run.rows)
            kinds = run.values[number][1]
            if "" in kinds:
                uncached[number::width] = bytes([not kind for kind in kinds])
        model.rows += rows
        model.columns += array("H", [text.column for text in fields]) * count
        model.cached.extend([values for values, _ in run.values])
        model.uncached += uncached
        model.family += families * count
        model.runs.append(run)
        run.values = []

    def _plans(self, run: Run) -> list[tuple[Plan, tuple[int, ...]]] | None:
        """(plan, shape) for each column of a run, or None where they are not the same in all of its rows."""
        first, last = run.rows[0], run.rows[-1]
        found = []
        for text, shared in zip(run.template.fields, run.shared, strict=True):
            if shared is not None:
                master = self.masters.get(shared)
                if master is None or master[0].column != text.column or not master[1].shiftable:
                    return None
                planned = master[1], master[2]
            else:
                planned = self._planned(xml_text(text.text(first)), first)
                other = self._planned(xml_text(text.text(last)), last)
                if planned[0] is not other[0] or planned[1] != other[1]:  # a number that neither moves nor stands
                    return None
            within = planned[0].within
            if within is not None and not within[0] <= first <= last <= within[1]:
                return None
            found.append(planned)
        return found

    def _planned(self, formula: str, row: int, array_cell: bool = False) -> tuple[Plan, tuple[int, ...]]:
        plan, numbers = self.planner.plan(formula, self.sheet, array_cell)
        moving = zip(numbers, plan.relative, strict=True)
        return plan, tuple([number - row if moves else number for number, moves in moving])

    def _continued(
        self, column: int, row: int, plan: Plan, shape: tuple[int, ...], shared: int
    ) -> Family | None:  # fmt: skip
        family = self.current.get(column)
        if (
            family is not None
            and family.plan is plan
            and family.last == row - 1
            and family.shape == shape
            and family.shared == shared
            and family.area is None
        ):
            return family
        return None

    def _begun(self, family: Family) -> Family:
        self.current[family.column] = family
        self.model.families.append(family)
        return family


def fold(scan: SheetScan, sheet: int, name: str, part: str, planner: Planner) -> SheetModel:
    """One sheet's formulas as families. The anchors of arrays must be in the vocabulary already."""
    model = SheetModel(name, part, shared=scan.shared)
    folder = _Folder(scan, sheet, model, planner)
    position = 0
    for run in scan.runs:
        for cell in scan.formulas[position : run.position]:
            folder.cell(cell)
        position = run.position
        folder.run(run)
    for cell in scan.formulas[position:]:
        folder.cell(cell)
    for family in model.families:
        family.close()
    for member in scan.array_members:
        anchor = folder.anchors[member.anchor]
        model.members.setdefault(anchor, []).append((member.row, member.column, member.cached))
    return model
