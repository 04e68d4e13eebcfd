"""Calculates a workbook until no result rests on something that the engine cannot do.

The engine knows four formulas in five as Excel does. What it cannot do for certain never enters it (Plan.reason); the
rest shows when it runs:

- A formula that is not to be patched and comes out otherwise than the file says is a disagreement. The file's value
  came from a program that calculates, so it takes the formula's place in the engine, and what depends on it is
  calculated again.
- A formula that is to be patched and gives an error is looked at more closely. The error is the engine's own if only
  the engine has such errors, or if the file held a good value and nothing that the formula reads has changed: the same
  inputs cannot give another result. Then the file's value takes its place as well. An error that follows from changed
  inputs, such as #DIV/0! after a provision now gives 0, is genuine.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from qdcalc.recalc.analysis import blank
from qdcalc.recalc.dependents import Graph, Marks
from qdcalc.recalc.engine import Engine, made_up
from qdcalc.recalc.formulas import tag_of
from qdcalc.recalc.model import SheetModel, Values
from qdcalc.recalc.ranges import number_to_excel
from qdcalc.recalc.scan import Area
from qdcalc.recalc.values import CellValue, ErrorValue

_ROUNDS = 12
_LOOKS = 3_000_000
"""cells that may be looked at to tell whose an error is; beyond, an error counts as the engine's and the value stays"""


_MOST_TEXTS = 10_000
"""cells of one area that are looked at one by one"""


@dataclass
class Settled:
    """fresh      the engine's values, one for each sheet, parallel to its formulas
    members    (sheet, number of the anchor) → values of the array's other cells
    held       1 where the file's value stays although the formula was to be patched
    differing  1 where a value that stays disagrees with the engine's
    found      for both: what the engine gave, by (sheet, number)
    """

    fresh: list[Values]
    members: dict[tuple[int, int], list[CellValue]]
    held: Marks
    differing: Marks
    found: dict[tuple[int, int], CellValue] = field(default_factory=dict)


def same(left: CellValue, right: CellValue) -> bool:
    """Equal to what Excel stores: numbers to 15 significant digits or 1e-9 of their size."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or abs(left - right) <= 1e-9 * max(abs(left), abs(right)) or abs(left - right) < 1e-15
    return left == right


class _Places:
    """Formulas and array members by column and row."""

    def __init__(self, models: list[SheetModel]) -> None:
        self._columns: list[dict[int, tuple[list[int], list[int]]]] = []
        for model in models:
            columns: dict[int, list[tuple[int, int]]] = {}
            for number in range(len(model)):
                columns.setdefault(model.columns[number], []).append((model.rows[number], number))
            for anchor, members in model.members.items():
                for row, column, _ in members:
                    columns.setdefault(column, []).append((row, anchor))
            self._columns.append(
                {
                    column: ([row for row, _ in sorted(cells)], [number for _, number in sorted(cells)])
                    for column, cells in columns.items()
                }
            )

    def inside(self, sheet: int, area: Area) -> Iterator[int]:
        """Numbers of the formulas in an area; a member of an array stands for its anchor."""
        for column, (rows, numbers) in self._columns[sheet].items():
            if area.first_column <= column <= area.last_column:
                yield from numbers[bisect_left(rows, area.first_row) : bisect_right(rows, area.last_row)]


class _Settler:
    def __init__(self, engine: Engine, models: list[SheetModel], patch: Marks, left_out: Marks) -> None:
        self.engine = engine
        self.models = models
        self.patch = patch
        self.left_out = left_out
        self.settled = Settled([Values() for _ in models], {}, blank(models), blank(models))
        self._places: _Places | None = None
        self._looks = _LOOKS

    @property
    def places(self) -> _Places:
        if self._places is None:
            self._places = _Places(self.models)
        return self._places

    # ------------------------------------------------------------------ one round
    def read(self) -> None:
        engine, settled = self.engine, self.settled
        for sheet, model in enumerate(self.models):
            fresh = settled.fresh[sheet] = Values(len(model))
            for family in model.families:
                fresh.put(family, engine.column(sheet, family.column, family.first, family.last))
            for anchor, members in model.members.items():
                area = model.family[anchor].area
                assert area is not None
                grid = engine.block(sheet, area)
                settled.members[sheet, anchor] = [
                    grid[row - area.first_row][column - area.first_column] for row, column, _ in members
                ]

    def hold(self, sheet: int, number: int) -> None:
        """The file's value takes the formula's place in the engine."""
        model = self.models[sheet]
        row, column = model.rows[number], model.columns[number]
        self.engine.put(sheet, row, column, model.cached[number])
        for member_row, member_column, cached in model.members.get(number, ()):
            self.engine.put(sheet, member_row, member_column, cached)

    def active(self, sheet: int, number: int) -> bool:
        """Whether the engine still calculates it."""
        settled = self.settled
        return not (self.left_out[sheet][number] or settled.held[sheet][number] or settled.differing[sheet][number])

    def agrees(self, sheet: int, number: int) -> bool:
        """Whether the engine's value is the file's, members of an array included."""
        model = self.models[sheet]
        if not same(self.settled.fresh[sheet][number], model.cached[number]):
            return False
        members = model.members.get(number)
        if not members:
            return True
        values = self.settled.members[sheet, number]
        return all(same(value, cached) for value, (_, _, cached) in zip(values, members, strict=True))

    def disagreements(self) -> bool:
        """Holds every value that is not to be patched and that the engine finds different."""
        found = False
        for sheet, model in enumerate(self.models):
            patch, fresh, cached = self.patch[sheet], self.settled.fresh[sheet], model.cached
            for family in model.families:
                if 0 not in family.flags(patch):
                    continue
                values, kept = fresh.of(family), cached.of(family)
                if isinstance(values, array) and isinstance(kept, array) and values == kept and not model.members:
                    continue
                for number, value, before in zip(family.indexes, values, kept, strict=True):
                    if patch[number]:
                        continue
                    if value == before and value.__class__ is before.__class__ and not model.members:
                        continue
                    if self.active(sheet, number) and not self.agrees(sheet, number):
                        self.settled.found[sheet, number] = value
                        self.settled.differing[sheet][number] = 1
                        self.hold(sheet, number)
                        found = True
        return found

    def errors(self) -> bool:
        """Holds the values where the engine's error is its own; in a chain of them the first only."""
        doubtful: dict[tuple[int, int], None] = {}
        for sheet, model in enumerate(self.models):
            patch, fresh = self.patch[sheet], self.settled.fresh[sheet]
            for family in model.families:
                values = fresh.of(family)
                if isinstance(values, array) or ErrorValue not in set(map(type, values)):
                    continue
                for number, value in zip(family.indexes, values, strict=True):
                    wrong = value.__class__ is ErrorValue and patch[number] and self.active(sheet, number)
                    if wrong and self.own(sheet, number, value):
                        doubtful[sheet, number] = None
        roots = _roots({key: [other for other in self.precedents(*key) if other in doubtful] for key in doubtful})
        for sheet, number in roots:
            self.settled.found[sheet, number] = self.settled.fresh[sheet][number]
            self.settled.held[sheet][number] = 1
            if not self.models[sheet].uncached[number]:
                self.hold(sheet, number)
        return bool(roots)

    # ------------------------------------------------------------------ whose an error is
    def own(self, sheet: int, number: int, value: CellValue) -> bool:
        """Whether an error is the engine's own."""
        model = self.models[sheet]
        tag = tag_of(sheet, model.rows[number], model.columns[number])
        if tag in self.engine.doubts:
            return True
        if made_up(value):
            return not self.inherited(sheet, number, value)
        if (
            value == ErrorValue("#VALUE!")
            and tag not in self.engine.failures
            and self.reads_numbers_in_texts(sheet, number)
        ):
            return True
        if tag in self.engine.failures or model.uncached[number] or isinstance(model.cached[number], ErrorValue):
            return False
        return not any(self.changed(*other) for other in self.precedents(sheet, number))

    def reads_numbers_in_texts(self, sheet: int, number: int) -> bool:
        """Whether a formula reads a text such as 1,234.50 or 2018-5-1, with which Excel calculates and the engine does not.

        What a range holds need not matter (a lookup passes over it): it is only asked where there is a value to keep.
        """
        model = self.models[sheet]
        for target, area in model.family[number].areas(model.rows[number]):
            if area.size > (1 if model.uncached[number] else _MOST_TEXTS) or self._looks < area.size:
                continue
            self._looks -= area.size
            for line in self.engine.block(target, area):
                if any(isinstance(cell, str) and number_to_excel(cell) for cell in line):
                    return True
        return False

    def precedents(self, sheet: int, number: int) -> Iterator[tuple[int, int]]:
        """The formulas that a formula reads."""
        model = self.models[sheet]
        for target, area in model.family[number].areas(model.rows[number]):
            for other in self.places.inside(target, area):
                self._looks -= 1
                if self._looks < 0:
                    return
                yield target, other

    def changed(self, sheet: int, number: int) -> bool:
        """Whether a formula's value in the engine is another than the file's."""
        if not self.active(sheet, number):
            return False
        return self.models[sheet].uncached[number] == 1 or not self.agrees(sheet, number)

    def inherited(self, sheet: int, number: int, value: CellValue) -> bool:
        """Whether an error such as #NAME? stands in a cell that the formula reads, by right: typed or kept there."""
        model = self.models[sheet]
        if model.uncached[number] == 0 and model.cached[number] == value and not self.patch[sheet][number]:
            return True
        for other_sheet, other in self.precedents(sheet, number):
            cell = self.models[other_sheet]
            if not self.active(other_sheet, other) and cell.cached[other] == value:
                return True
        for target, area in model.family[number].areas(model.rows[number]):
            if area.size > _MOST_TEXTS or self._looks < area.size:
                continue
            self._looks -= area.size
            formulas = {
                (self.models[target].rows[other], self.models[target].columns[other])
                for other in self.places.inside(target, area)
            }
            for row, line in enumerate(self.engine.block(target, area), area.first_row):
                for column, cell_value in enumerate(line, area.first_column):
                    if cell_value == value and (row, column) not in formulas:
                        return True
        return False


def _roots(before: dict[tuple[int, int], list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Cells that do not follow from another one, each circle as one (Tarjan's strongly connected components)."""
    order: dict[tuple[int, int], int] = {}
    lowest: dict[tuple[int, int], int] = {}
    circle: dict[tuple[int, int], int] = {}
    open_cells: list[tuple[int, int]] = []
    for start in before:
        if start in order:
            continue
        work = [(start, -1)]
        while work:
            cell, step = work.pop()
            if step < 0:
                order[cell] = lowest[cell] = len(order)
                open_cells.append(cell)
            for place in range(max(step, 0), len(before[cell])):
                other = before[cell][place]
                if other not in order:
                    work += [(cell, place), (other, -1)]
                    break
                if other not in circle:
                    lowest[cell] = min(lowest[cell], lowest[other])
            else:
                if lowest[cell] == order[cell]:
                    while True:
                        member = open_cells.pop()
                        circle[member] = order[cell]
                        if member == cell:
                            break
    followers = {circle[cell] for cell in before for other in before[cell] if circle[other] != circle[cell]}
    return [cell for cell in before if circle[cell] not in followers]


def settle(engine: Engine, models: list[SheetModel], graph: Graph, patch: Marks, left_out: Marks) -> Settled:
    """Calculates. `patch`: formulas that are to get a fresh value; `left_out`: those that are not in the engine."""
    settler = _Settler(engine, models, patch, left_out)
    settled = settler.settled
    for _ in range(_ROUNDS):
        engine.calculate()
        settler.read()
        if not settler.disagreements() and not settler.errors():
            break
    else:  # errors of the engine's own are still there: nothing that depends on one is trusted
        left = blank(models)
        for sheet, model in enumerate(models):
            for number in range(len(model)):
                value = settled.fresh[sheet][number]
                if patch[sheet][number] and settler.active(sheet, number) and made_up(value):
                    left[sheet][number] = 1
                    settled.found[sheet, number] = value
        _hold_all(settled, graph, left, patch, left_out)
    lost = blank(models)  # without a value to hold: what depends on them cannot be known either
    for sheet, model in enumerate(models):
        if 1 in settled.held[sheet]:
            for number in range(len(model)):
                lost[sheet][number] = settled.held[sheet][number] & model.uncached[number]
    if lost:
        _hold_all(settled, graph, lost, patch, left_out)
    return settled


def _hold_all(settled: Settled, graph: Graph, seeds: Marks, patch: Marks, left_out: Marks) -> None:
    for sheet, reached in enumerate(graph.spread(seeds, blocked=left_out).sheets):
        for number, flag in enumerate(reached):
            if flag and patch[sheet][number]:
                settled.held[sheet][number] = 1
