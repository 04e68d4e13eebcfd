"""Provisions down a whole column: one calculation in Polars instead of a call of each cell.

Only where nothing can tell the difference: the cell is one call of the provision with cells and constants in it, and
the cells hold no formulas, so that their values are known before anything is calculated. What a column calculates is
what `exact` calculates (tests/rules/test_parity.py); a row that fails is asked of `exact` and told as always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qdcalc.recalc.dependents import Marks
from qdcalc.recalc.formulas import Argument
from qdcalc.recalc.model import Family, SheetModel
from qdcalc.rules.arguments import AnyType
from qdcalc.rules.function import Function

if TYPE_CHECKING:
    from qdcalc.recalc.engine import Engine

LEAST = 5000
"""rows from which it pays: loading Polars takes as long as some thousand calls"""


class WholeColumn(NamedTuple):
    family: Family
    function: Function
    arguments: tuple[Argument, ...]


def whole_columns(
    models: Sequence[SheetModel], patch: Marks, left_out: Marks, functions: Mapping[str, Function]
) -> list[WholeColumn]:
    """The families that can be calculated as a column."""
    found = []
    for model in models:
        for family in model.families:
            call = family.plan.call
            if call is None or len(family.indexes) < LEAST or family.area is not None:
                continue
            if 0 in family.flags(patch[family.sheet]) or 1 in family.flags(left_out[family.sheet]):
                continue
            function = functions.get(family.plan.provisions[0])
            if function is not None and _fits(function, call) and not _reads_formulas(models, family, call):
                found.append(WholeColumn(family, function, call))
    return found


def _fits(function: Function, call: tuple[Argument, ...]) -> bool:
    if "columns" not in getattr(function, "hosts", ()):
        return False
    parameters = function.parameters
    if len(call) > len(parameters) or any(parameter.required for parameter in parameters[len(call) :]):
        return False
    return not any(parameter.many or isinstance(parameter.type, AnyType) for parameter in parameters)


def _rows(family: Family, argument: Argument) -> tuple[int, int]:
    """First and last row of the cells that an argument names."""
    distance = family.shape[argument.number]
    if family.plan.relative[argument.number]:
        return family.first + distance, family.last + distance
    return distance, distance


def _reads_formulas(models: Sequence[SheetModel], family: Family, call: tuple[Argument, ...]) -> bool:
    moves = False
    for argument in call:
        if argument.number < 0:
            continue
        first, last = _rows(family, argument)
        moves |= first < last
        if first < 1:
            return True
        model = models[argument.sheet]
        for other in model.families:
            if other.area is None and other.column == argument.column and other.first <= last and first <= other.last:
                return True
            area = other.area
            if area is not None and area.first_column <= argument.column <= area.last_column:
                return True
    return not moves


def calculate(engine: Engine, columns: Sequence[WholeColumn]) -> None:
    """Puts the results into the engine in place of the formulas."""
    for family, function, arguments in columns:
        cells: list[Any] = []
        for argument in arguments:
            if argument.number < 0:
                cells.append(argument.constant)
                continue
            values = engine.arguments(argument.sheet, argument.column, *_rows(family, argument))
            cells.append(values if len(values) > 1 else values[0])
        values = _results(function, cells)
        for place, value in enumerate(values):
            if value is None:
                row = family.first + place
                given = [cell[place] if isinstance(cell, list) else cell for cell in cells]
                values[place] = engine.one(family.sheet, row, family.column, function, given)
        engine.put_column(family.sheet, family.column, family.first, values)


def _results(function: Function, cells: Sequence[Any]) -> list[Any]:
    """A result as the engine holds it for each row; None for those to be asked of `exact`."""
    import polars as pl

    from qdcalc.rules.columns import columns

    size = max(len(cell) for cell in cells if isinstance(cell, list))
    given = {}
    for parameter, cell in zip(function.parameters, cells, strict=False):
        numbers = isinstance(cell, list) and set(map(type, cell)) == {float}
        given[parameter.name] = pl.Series(cell, dtype=pl.Float64) if numbers else cell
    try:
        found = columns(function, given).values.to_list()
    except Exception:  # a mistake there must not keep the cells from being calculated one by one
        return [None] * size
    kinds = set(map(type, found)) - {type(None)}
    if kinds <= {float, bool, str}:
        return found
    if any(issubclass(kind, (bool, str)) or not hasattr(kind, "__float__") for kind in kinds):
        return [None] * size  # days: told as `exact` tells them
    return [None if value is None else float(value) for value in found] if None in found else list(map(float, found))
