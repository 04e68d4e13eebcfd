"""Which cells a formula reads and which functions it calls, from its tree; also where the engine cannot do it."""

from __future__ import annotations

from typing import NamedTuple

from qdcalc.recalc import calls
from qdcalc.recalc.limits import MAX_ROW
from qdcalc.recalc.tokens import Call, Expression, FormulaError, Group, Operand, reference, row_places
from qdcalc.recalc.vocabulary import Vocabulary, inlined

FIXED, THIS = -1, -2
"""where a row of a Read comes from, if not from the row numbers of the formula"""


class Read(NamedTuple):
    """Cells that a formula reads. The rows come from the formula's row numbers (index), from its own row (THIS) or
    are FIXED: then the number stands beside."""

    sheet: int
    first_column: int
    last_column: int
    first_source: int
    first_row: int
    last_source: int
    last_row: int


class Reads:
    """Walks a tree for the cells it reads and the functions it calls; knows more than the engine can do."""

    def __init__(self, vocabulary: Vocabulary, places: dict[int, int], relative: list[bool]) -> None:
        self.vocabulary = vocabulary
        self.places = places
        self.relative = relative
        self.found: list[Read] = []
        self.provisions: list[str] = []
        self.volatile = self.anywhere = self.moving_rows = False
        self.heavy = 0

    def expression(self, tree: Expression, sheet: int, depth: int = 0) -> None:
        before = len(self.found)
        for item in tree.operands:
            if isinstance(item, Call):
                name = calls.bare_name(item.name)
                self.volatile |= name in calls.VOLATILE
                self.anywhere |= name in calls.ANYWHERE
                self.heavy = max(self.heavy, 2 if name in calls.SLOWEST else int(name in calls.HEAVY))
                if name in self.vocabulary.functions:
                    self.provisions.append(name)
                for argument in item.arguments:
                    self.expression(argument, sheet, depth)
            elif isinstance(item, Group):
                for part in item.parts:
                    self.expression(part, sheet, depth)
            else:
                self._operand(item, sheet, depth)
        if any(operator.text == ":" for operator in tree.operators):  # A1:INDEX(A:A,n): anything between
            for read in self.found[before:]:
                self.found.append(read._replace(first_source=FIXED, first_row=1, last_source=FIXED, last_row=MAX_ROW))

    def _operand(self, item: Operand, sheet: int, depth: int) -> None:
        if item.kind == "ref":
            self._reference(item, sheet, depth)
        elif item.kind == "structured":
            try:
                target, area, this_row = self.vocabulary.structured(item.text)
            except FormulaError:
                return  # the lowering says so
            first = (THIS, 0) if this_row else (FIXED, area.first_row)
            last = (THIS, 0) if this_row else (FIXED, area.last_row)
            self.found.append(Read(target, area.first_column, area.last_column, *first, *last))
        elif item.kind == "name":
            table = self.vocabulary.table(item.text)
            if table is not None and not item.prefix:
                self._operand(Operand("structured", item.text + "[]", "", 0), sheet, depth)
                return
            try:
                tree = inlined(self.vocabulary, item.text, self.vocabulary.sheet(item.prefix, sheet), depth)
                if tree is not None:
                    self.expression(tree, sheet, depth + 1)
            except FormulaError:
                return

    def _reference(self, item: Operand, sheet: int, depth: int) -> None:
        found = reference(item.text)
        if found is None:
            return
        if found.kind == "rows" and not all(found.rows_fixed):
            self.moving_rows = True
        sources = [FIXED, FIXED]
        if not depth and found.kind in ("cell", "area"):
            for end, number in enumerate(self._take(item)):
                sources[end] = number
                self.relative[number] = not found.rows_fixed[end]
            if found.kind == "cell":
                sources[1] = sources[0]
        try:
            target = self.vocabulary.sheet(item.prefix, sheet)
        except FormulaError:
            return
        columns = found.first_column, found.last_column
        self.found.append(Read(target, *columns, sources[0], found.first_row, sources[1], found.last_row))

    def _take(self, item: Operand) -> list[int]:
        """The indexes of the row numbers in a reference's text."""
        return [self.places.pop(start) for start in _row_starts(item) if start in self.places]


def _row_starts(item: Operand) -> list[int]:
    return [item.start + start for start, _ in row_places(item.text)]
