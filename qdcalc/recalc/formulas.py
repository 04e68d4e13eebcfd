"""A formula of a file → what the engine calculates in its place, and which cells it reads.

The engine's text (lowering.py) never goes back into the file. Formulas that differ in row numbers only, as a filled
column's do, share one Plan.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import NamedTuple

import formualizer

from qdcalc.recalc import calls
from qdcalc.recalc.limits import MAX_COLUMN, MAX_ROW
from qdcalc.recalc.lowering import ROW, TAG_ARRAY, Lowering
from qdcalc.recalc.reads import Read, Reads
from qdcalc.recalc.tokens import Call, Expression, FormulaError, Operand, parse, reference, row_places, split
from qdcalc.recalc.vocabulary import Vocabulary

_ROW_STEP = 2 * (MAX_COLUMN + 1)


def tag_of(sheet: int, row: int, column: int) -> int:
    """One number for a cell, exact as a double."""
    return (sheet * (MAX_ROW + 1) + row) * (MAX_COLUMN + 1) + column


def cell_of(tag: int) -> tuple[int, int, int]:
    """(sheet, row, column)"""
    rest, column = divmod(tag, MAX_COLUMN + 1)
    sheet, row = divmod(rest, MAX_ROW + 1)
    return sheet, row, column


class Argument(NamedTuple):
    """A cell or a constant. `number` says which of the formula's row numbers the cell's row is; -1 for a constant."""

    sheet: int
    column: int
    number: int
    constant: float | str | bool | None


class Texts(NamedTuple):
    """Texts that differ in numbers only: `pieces` with a number between each two, from ranges of equal length."""

    pieces: tuple[str, ...]
    numbers: tuple[range, ...]


@dataclass(slots=True, eq=False)
class Plan:
    """What all formulas with the same skeleton have in common.

    reason      why the engine cannot do it, or ""
    provisions  names of the provisions it calls
    volatile    changes without any input changing
    anywhere    reads cells that are only known when it runs (OFFSET, INDIRECT)
    reads       what it reads
    relative    for each row number of the formula: does it move when the formula is filled down
    template    the engine's text with %s for `codes`, or None where the file's text will do
    shiftable   a shared formula's children in the same column differ in these row numbers only
    within      (first, last) row of the table whose row it reads as "this row", or None
    heavy       1 if it looks at every cell of its ranges, 2 if it does so slowly
    call        its arguments, if it is one call of a provision with nothing but cells and constants in it
    """

    reason: str
    provisions: tuple[str, ...]
    volatile: bool
    anywhere: bool
    reads: tuple[Read, ...]
    relative: tuple[bool, ...]
    template: str | None
    codes: tuple[int, ...]
    shiftable: bool
    within: tuple[int, int] | None
    heavy: int
    call: tuple[Argument, ...] | None = None

    def text(self, sheet: int, row: int, column: int, rows: tuple[int, ...]) -> str | None:
        """The engine's formula for one cell, without "=", or None where the file's own text will do."""
        if self.template is None:
            return None
        return self.template % tuple(self._values(sheet, row, column, rows))

    def _values(self, sheet: int, row: int, column: int, rows: tuple[int, ...]) -> list[int | str]:
        values: list[int | str] = []
        for code in self.codes:
            if code >= 0:
                values.append(rows[code])
            elif code == ROW:
                values.append(row)
            elif code == TAG_ARRAY:
                values.append(tag_of(sheet, row, column) * 2 + 1)
            else:  # the same text in every row: the engine then keeps the formulas of a filled column as one
                values.append(f"ROW()*{_ROW_STEP}+{tag_of(sheet, 0, column) * 2}")
        return values

    def texts(
        self, sheet: int, column: int, first: tuple[int, ...], row: int, last: tuple[int, ...], end: int
    ) -> Texts:
        """The same for rows row…end of a column, whose numbers go from `first` to `last`."""
        assert self.template is not None
        start, stop = self._values(sheet, row, column, first), self._values(sheet, end, column, last)
        pieces = (self.template % tuple("\0" for _ in self.codes)).split("\0")
        kept, ranges = [pieces[0]], []
        for one, two, piece in zip(start, stop, pieces[1:], strict=True):
            if one == two:
                kept[-1] += f"{one}{piece}"
            else:
                assert isinstance(one, int)
                assert isinstance(two, int)
                ranges.append(range(one, two + 1, (two - one) // (end - row)))
                kept.append(piece)
        return Texts(tuple(kept), tuple(ranges))


class Planner:
    """Plans for the formulas of a workbook; formulas that differ in row numbers only share one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._plans: dict[tuple[int, bool, str], Plan | None] = {}
        self._exact: dict[tuple[int, bool, str], Plan] = {}
        self._outside: dict[int, tuple[Plan, Plan]] = {}

    def plan(self, formula: str, sheet: int, array: bool = False) -> tuple[Plan, tuple[int, ...]]:
        """(plan, the formula's row numbers). `array`: the cell holds an array formula."""
        skeleton, texts = split(formula)
        key = (sheet, array, skeleton)
        if key in self._plans:
            plan = self._plans[key]
        else:
            plan = self._plans[key] = self._make(formula, sheet, array)
        if plan is not None:
            rows = tuple(map(int, texts))
            if not rows or max(rows) <= MAX_ROW:
                return plan, rows
        key = (sheet, array, formula)  # what looks like a row is part of a text or a name: no two formulas share it
        exact = self._exact.get(key)
        if exact is None:
            exact = self._exact[key] = _analysed(formula, {}, sheet, array, self.vocabulary)
            exact.shiftable = False
        return exact, ()

    def __len__(self) -> int:
        return len(self._plans) + len(self._exact)

    def outside(self, plan: Plan) -> Plan:
        """The plan of a formula that says "this row" of a table and stands beside or below it."""
        if id(plan) not in self._outside:
            reason = "公式引用表格的“此行”，但不在表格的行内"
            self._outside[id(plan)] = plan, replace(plan, reason=reason, template=None, codes=())
        return self._outside[id(plan)][1]

    def _make(self, formula: str, sheet: int, array: bool) -> Plan | None:
        if "ANCHORARRAY" in formula.upper():
            return None  # what it means depends on the cell it names
        places = {start: number for number, (start, _) in enumerate(row_places(formula))}
        plan = _analysed(formula, places, sheet, array, self.vocabulary)
        return plan if not places else None  # all places were rows of cells


_KEPT = 8
_MOST_PLANS = 4000
_planners: dict[Hashable, Planner] = {}


def planner_for(vocabulary: Vocabulary) -> Planner:
    """The planner that was kept from a workbook that said the same, or a new one. `vocabulary` must be complete.

    A city's files are made from few templates: their formulas are analysed once.
    """
    planner = _planners.pop(vocabulary.identity, None)
    return Planner(vocabulary) if planner is None else planner


def keep(planner: Planner) -> None:
    """Keeps the last few small ones: a worker's memory must not grow with the files it has seen."""
    if len(planner) > _MOST_PLANS:
        return
    _planners[planner.vocabulary.identity] = planner
    if len(_planners) > _KEPT:
        del _planners[next(iter(_planners))]  # the one not used for the longest time


def _analysed(formula: str, places: dict[int, int], sheet: int, array: bool, vocabulary: Vocabulary) -> Plan:
    """`places` (start of a row number → its index) is emptied of those that are rows of cells."""
    total = len(places)
    relative = [False] * total
    reads = Reads(vocabulary, places, relative)
    lowering = Lowering(vocabulary, dict(places), array)
    reason = ""
    template: str | None = None
    call = None
    try:
        tree = parse(formula)
        call = None if array else _call(tree, sheet, dict(places), vocabulary)
        reads.expression(tree, sheet)
        lowering.formula(tree, sheet)
        template = "".join(part if isinstance(part, str) else "%s" for part in lowering.out)
        sample = template % tuple(1 for part in lowering.out if not isinstance(part, str))
        try:
            formualizer.parse("=" + sample)
        except Exception as error:  # whatever it raises: the engine must not be given this text
            raise FormulaError("引擎无法识别这个公式") from error
    except FormulaError as error:
        reason = str(error)
    return Plan(
        reason=reason,
        provisions=tuple(dict.fromkeys(reads.provisions)),
        volatile=reads.volatile,
        anywhere=reads.anywhere,
        reads=tuple(dict.fromkeys(reads.found)),
        relative=tuple(relative),
        template=template if lowering.changed and not reason else None,
        codes=tuple(part for part in lowering.out if not isinstance(part, str)),
        shiftable=not reads.moving_rows,
        within=lowering.within,
        heavy=2 if array and reads.found else reads.heavy,
        call=None if reason else call,
    )


def _call(
    tree: Expression, sheet: int, places: dict[int, int], vocabulary: Vocabulary
) -> tuple[Argument, ...] | None:  # fmt: skip
    """Plan.call of a formula."""
    call = tree.items[0] if len(tree.items) == 1 else None
    if not isinstance(call, Call) or calls.bare_name(call.name) not in vocabulary.functions:
        return None
    found = []
    for argument in call.arguments:
        item = argument.items[0] if len(argument.items) == 1 else None
        if not argument.items:
            found.append(Argument(0, 0, -1, None))
        elif not isinstance(item, Operand):
            return None
        elif item.kind == "number":
            found.append(Argument(0, 0, -1, float(item.text)))
        elif item.kind == "string":
            found.append(Argument(0, 0, -1, item.text[1:-1].replace('""', '"')))
        elif item.kind == "ref":
            cell = reference(item.text)
            starts = [item.start + start for start, _ in row_places(item.text)]
            if cell is None or cell.kind != "cell" or len(starts) != 1 or starts[0] not in places:
                return None
            target = vocabulary.sheet(item.prefix, sheet)
            found.append(Argument(target, cell.first_column, places[starts[0]], None))
        else:
            return None
    return tuple(found)
