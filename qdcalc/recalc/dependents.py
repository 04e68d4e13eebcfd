"""Which formulas depend, directly or through others, on given ones.

Works on families, not on cells: a family reads rows that are fixed or that move with its own row, so that the rows of
it which read a given interval are an interval again, found without looking at the cells. Reads are indexed by column;
an interval tree finds those that touch an interval, and a family that is reached as a whole leaves the tree, so that
no pass is quadratic: 100,000 running totals, each over all rows above it, are one family or 100,000 leaves.

What it cannot know is taken wide: A1:INDEX(A:A,n) reads the whole column. OFFSET and INDIRECT read what only shows
when they run; they are volatile and start a recalculation themselves, so their own dependents are found as usual.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qdcalc.recalc.model import Family, SheetModel


@dataclass(slots=True, eq=False)
class _Edge:
    """A read of a family's rows top…bottom: rows first…last of a column, each fixed or moving with the family's row."""

    target: int
    top: int
    bottom: int
    first_moves: bool
    first: int
    last_moves: bool
    last: int
    low: int
    high: int


class _Stabber:
    """The reads of one column, by the rows they cover. `hits` finds those that touch an interval."""

    def __init__(self, edges: list[_Edge]) -> None:
        self.edges = sorted(edges, key=lambda edge: edge.low)
        self.lows = [edge.low for edge in self.edges]
        self.size = 1
        while self.size < len(self.edges):
            self.size *= 2
        self.tree = [0] * (2 * self.size)  # highest row of the reads below each node; 0 where they are gone
        for place, edge in enumerate(self.edges):
            self.tree[self.size + place] = edge.high
        for node in range(self.size - 1, 0, -1):
            self.tree[node] = max(self.tree[2 * node], self.tree[2 * node + 1])

    def hits(self, low: int, high: int) -> list[int]:
        """Places of the reads that touch rows low…high."""
        count = bisect_right(self.lows, high)
        tree, size = self.tree, self.size
        if not count or tree[1] < low:
            return []
        found: list[int] = []
        stack = [(1, 0, size)]
        while stack:
            node, start, width = stack.pop()
            if tree[node] < low or start >= count:
                continue
            if width == 1:
                found.append(start)
                continue
            half = width // 2
            stack.append((2 * node + 1, start + half, half))
            stack.append((2 * node, start, half))
        return found

    def remove(self, place: int) -> None:
        tree = self.tree
        node = self.size + place
        tree[node] = 0
        node //= 2
        while node:
            highest = max(tree[2 * node], tree[2 * node + 1])
            if tree[node] == highest:
                return
            tree[node] = highest
            node //= 2


@dataclass(slots=True, eq=False)
class Marks:
    """Marked formulas of a workbook: one byte for each formula of each sheet."""

    sheets: list[bytearray] = field(default_factory=list)

    def __getitem__(self, sheet: int) -> bytearray:
        return self.sheets[sheet]

    def __bool__(self) -> bool:
        return any(1 in marks for marks in self.sheets)


class Graph:
    """The dependencies of a workbook."""

    def __init__(self, models: Sequence[SheetModel]) -> None:
        self.models = models
        self.families: list[Family] = [family for model in models for family in model.families]
        self._columns = [sorted(_columns_of(model)) for model in models]

    def _stabbers(self) -> dict[tuple[int, int], list[_Edge] | _Stabber]:
        index: dict[tuple[int, int], list[_Edge] | _Stabber] = {}
        for number, family in enumerate(self.families):
            for sheet, left, right, moves1, first, moves2, last in dict.fromkeys(family.reads()):
                edges = list(_edges(number, family, moves1, first, moves2, last))
                columns = self._columns[sheet]
                for place in range(bisect_left(columns, left), bisect_right(columns, right)):
                    known = index.setdefault((sheet, columns[place]), [])
                    assert isinstance(known, list)
                    known += edges
        return index

    def spread(self, seeds: Marks, *, blocked: Marks | None = None) -> Marks:
        """The seeds and everything that depends on them. Blocked formulas are left out and do not hand on."""
        reached = Marks([bytearray(len(model)) for model in self.models])
        index = self._stabbers()
        above, below = _chains(self.families, 1), _chains(self.families, -1)
        state = [bytearray(family.last - family.first + 1) for family in self.families]
        clean = [len(rows) for rows in state]
        if blocked is not None:
            for number, family in enumerate(self.families):
                flags = family.flags(blocked[family.sheet])
                if 1 in flags:
                    state[number][:] = flags
                    clean[number] -= flags.count(1)
        work: list[tuple[int, int, int, int]] = []  # sheet, column, first row, last row

        def mark(number: int, low: int, high: int) -> None:
            """Rows low…high of a family are reached: note what is new and go on from there."""
            family, rows = self.families[number], state[number]
            start, stop = low - family.first, high - family.first + 1
            while True:
                start = rows.find(0, start, stop)
                if start < 0:
                    return
                end = rows.find(1, start, stop)
                if end < 0:
                    end = stop
                if below[number]:
                    next_one = rows.find(1, end)
                    end = len(rows) if next_one < 0 else next_one
                if above[number]:
                    start = rows.rfind(1, 0, start) + 1
                rows[start:end] = b"\1" * (end - start)
                clean[number] -= end - start
                family.mark(reached[family.sheet], start, end)
                if family.area is None:
                    work.append((family.sheet, family.column, family.first + start, family.first + end - 1))
                else:
                    area = family.area
                    for column in range(area.first_column, area.last_column + 1):
                        work.append((family.sheet, column, area.first_row, area.last_row))
                start = end

        for number, family in enumerate(self.families):
            flags = family.flags(seeds[family.sheet])
            start = flags.find(1)
            while start >= 0:
                end = flags.find(0, start)
                end = len(flags) if end < 0 else end
                mark(number, family.first + start, family.first + end - 1)
                start = flags.find(1, end)
        while work:
            sheet, column, low, high = work.pop()
            found = index.get((sheet, column))
            if found is None:
                continue
            if isinstance(found, list):
                found = index[sheet, column] = _Stabber(found)
            for place in found.hits(low, high):
                edge = found.edges[place]
                number = edge.target
                if clean[number]:
                    top, bottom = edge.top, edge.bottom
                    if edge.first_moves:
                        bottom = min(bottom, high - edge.first)
                    if edge.last_moves:
                        top = max(top, low - edge.last)
                    if top <= bottom:
                        mark(number, top, bottom)
                if not clean[number]:
                    found.remove(place)
        return reached


def _chains(families: Sequence[Family], distance: int) -> bytearray:
    """For each family whether each of its formulas reads the one `distance` rows away: one reached, all are."""
    found = bytearray(len(families))
    for number, family in enumerate(families):
        if family.area is None and family.first < family.last:
            found[number] = any(
                sheet == family.sheet
                and left <= family.column <= right
                and ((moves1 and first == distance) or (moves2 and last == distance))
                for sheet, left, right, moves1, first, moves2, last in family.reads()
            )
    return found


def _edges(number: int, family: Family, moves1: bool, first: int, moves2: bool, last: int) -> Iterator[_Edge]:
    """One read as one edge, or as two where a range such as B5:B$9 turns over on the way down."""
    top, bottom = family.first, family.last
    if moves1 == moves2:
        pieces = [(top, bottom, first > last)]
    else:
        turn = last - first if moves1 else first - last  # the row in which both ends are the same
        below = (turn + 1 if turn >= top else top, bottom, moves1)
        pieces = [piece for piece in ((top, min(bottom, turn), moves2), below) if piece[0] <= piece[1]]
    for start, stop, swapped in pieces:
        one, two = (moves1, first), (moves2, last)
        if swapped:
            one, two = two, one
        low = one[1] + start if one[0] else one[1]
        high = two[1] + stop if two[0] else two[1]
        yield _Edge(number, start, stop, one[0], one[1], two[0], two[1], low, high)


def _columns_of(model: SheetModel) -> set[int]:
    found = set()
    for family in model.families:
        if family.area is None:
            found.add(family.column)
        else:
            found.update(range(family.area.first_column, family.area.last_column + 1))
    return found
