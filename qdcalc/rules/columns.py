"""Millions of rows at once: the lowered plan over Polars columns of whole numbers (分, never floats).

A row with a blank, a wrong name, a number out of range or a failed condition gives null and is listed in `failures`, with
the very sentence that `exact` gives for it, because it is `exact` that is asked.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

import polars as pl

from qdcalc.errors import CalculationError, UsageError
from qdcalc.rules.arguments import DayType, FlagType, NumberType, is_blank
from qdcalc.rules.figures import Band, Policy
from qdcalc.rules.function import ON, Function, Parameter
from qdcalc.rules.lowering import Plan
from qdcalc.rules.operations import FigureUse, Op

CHUNK = 1_000_000
"""Rows worked on at a time: bounds the memory of the intermediate columns."""
_ROW = "\0"
_FAILURES = {"row": pl.Int64, "argument": pl.String, "sentence": pl.String}


@dataclass(frozen=True)
class Columns:
    """`values`: one a row, null where it failed. Amounts and other numbers are Decimal; texts, flags and dates theirs.
    `failures`: row (from 0), argument and sentence of each row that failed."""

    values: pl.Series
    failures: pl.DataFrame


def columns(
    function: Function,
    cells: Mapping[str, Any],
    *,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Columns:
    """`cells`: argument (Python or Chinese name) → Series, list or one value for all rows. Optional ones may be left out.
    Raises UsageError for an unknown argument, unequal lengths or a function that no column can hold."""
    if "columns" not in function.hosts:
        raise UsageError(f"{function.name} 不能按列计算，请逐个计算")
    policy = function.policy_data.with_figures(figures) if figures else function.policy_data
    plan = function.plan(policy if figures else None, readings)
    given, count = _arguments(function, cells)
    values: list[pl.Series] = []
    failures: list[pl.DataFrame] = []
    for start in range(0, max(count, 1), CHUNK):
        part = {name: _slice(value, start, min(CHUNK, count - start)) for name, value in given.items()}
        size = min(CHUNK, count - start)
        chunk, failed = _chunk(function, plan, part, size)
        values.append(chunk)
        if failed:
            failures.append(_failures(function, part, failed, start, policy if figures else None, readings))
    found = pl.concat(failures) if failures else pl.DataFrame(schema=_FAILURES)
    return Columns(pl.concat(values, rechunk=True).rename(function.name), found)


def _slice(value: Any, start: int, size: int) -> Any:
    return (
        value.slice(start, size)
        if isinstance(value, pl.Series)
        else value[start : start + size]
        if _many(value)
        else value
    )


def _many(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _arguments(function: Function, cells: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Columns by Python name, and the number of rows."""
    by_title = {parameter.title: parameter.name for parameter in function.parameters}
    given: dict[str, Any] = {}
    for name, value in cells.items():
        key = by_title.get(name, name)
        if key not in function.titles:
            raise UsageError(f"{function.name} 没有参数“{name}”，有：{'、'.join(function.titles.values())}")
        given[key] = (
            value
            if isinstance(value, (pl.Series, list, tuple)) or not hasattr(value, "__array__")
            else pl.Series(value)
        )
    lengths = {len(value) for value in given.values() if isinstance(value, pl.Series) or _many(value)}
    if len(lengths) > 1:
        raise UsageError(f"各列行数不同：{'、'.join(map(str, sorted(lengths)))}")
    return given, lengths.pop() if lengths else 1


def _chunk(function: Function, plan: Plan, part: Mapping[str, Any], size: int) -> tuple[pl.Series, list[int]]:
    frame: dict[str, pl.Series] = {}
    bad = pl.repeat(False, size, eager=True)
    for parameter in function.parameters:
        column, wrong = _coerced(function, parameter, part.get(parameter.name), size)
        frame[parameter.name] = column
        bad = bad | wrong
    # a column of its own number of rows, so that what depends on no argument is as long as the rest
    data = pl.DataFrame({**frame, _ROW: pl.repeat(0, size, eager=True)})
    printer = _Printer(function)
    wrong_rows = [~printer.expression(condition).fill_null(False) for condition, _ in plan.guards]
    if function.dated:
        wrong_rows.append(_outside(function.policy_data))
    for expression in wrong_rows:
        bad = bad | data.select((pl.col(_ROW) < 0) | expression).to_series()
    right = pl.when((pl.col(_ROW) == 0) & ~pl.lit(bad))
    result = data.select(right.then(printer.expression(plan.result))).to_series()
    if plan.decimals is not None:
        result = _decimal(result.cast(pl.Int64), plan.decimals)
    return result, bad.arg_true().to_list()


def _decimal(whole: pl.Series, decimals: int) -> pl.Series:
    """Whole units of 10^-decimals as an exact Decimal column."""
    if decimals == 0:
        return whole
    kind = pl.Decimal(38, decimals)
    return (
        whole.to_frame("x")
        .select((pl.col("x").cast(kind) * pl.lit(Decimal(1).scaleb(-decimals), dtype=kind)).cast(kind))
        .to_series()
    )


def _failures(
    function: Function, part: Mapping[str, Any], rows: Sequence[int], start: int, policy: Policy | None,
    readings: Mapping[str, str] | None,
) -> pl.DataFrame:  # fmt: skip
    """Asks `exact` why each row failed; equal rows are asked once."""
    reasons: dict[tuple[object, ...], tuple[str, str]] = {}
    found: dict[str, list[object]] = {"row": [], "argument": [], "sentence": []}
    for row in rows:
        cells = tuple(_cell(part.get(parameter.name), row) for parameter in function.parameters)
        key = tuple((type(cell), cell) for cell in cells)
        if key not in reasons:
            reasons[key] = _reason(function, cells, policy, readings)
        argument, sentence = reasons[key]
        found["row"].append(start + row)
        found["argument"].append(argument)
        found["sentence"].append(sentence)
    return pl.DataFrame(found, schema=_FAILURES)


def _reason(
    function: Function, cells: Sequence[object], policy: Policy | None, readings: Mapping[str, str] | None
) -> tuple[str, str]:
    try:
        function.compute(function.values(cells), policy, readings)
    except CalculationError as error:
        return error.argument, error.sentence
    raise AssertionError(f"{function.name}{tuple(cells)}: a column calls this wrong, exact does not")


def _cell(value: Any, row: int) -> object:
    return value[row] if isinstance(value, pl.Series) or _many(value) else value


def _outside(policy: Policy) -> pl.Expr:
    """Whether the date of the matter is given and the policy not in force on it."""
    day = pl.col(ON)
    wrong = pl.lit(False)
    if policy.start:
        wrong = wrong | (day < pl.lit(policy.start)).fill_null(False)
    if policy.valid_to:
        wrong = wrong | (day > pl.lit(policy.valid_to)).fill_null(False)
    return wrong


# ---------------------------------------------------------------------- arguments
def _coerced(function: Function, parameter: Parameter, value: Any, size: int) -> tuple[pl.Series, pl.Series]:
    """The column as whole numbers, flags, names or dates (null where blank or wrong), and which rows are wrong."""
    kind = parameter.type
    dtype = _dtype(kind)
    default = _stored(parameter.value, kind)
    if not isinstance(value, pl.Series) and not _many(value):
        value = [value]
    if isinstance(value, pl.Series) and isinstance(kind, NumberType) and value.dtype.is_float():
        column, wrong = _from_floats(value, kind)
        blank = value.is_null()
    elif isinstance(value, pl.Series) and isinstance(kind, NumberType) and value.dtype.is_integer():
        column, wrong = _from_integers(value, kind)
        blank = value.is_null()
    elif isinstance(value, pl.Series) and isinstance(kind, DayType) and value.dtype == pl.Date:
        column, wrong, blank = value, pl.repeat(False, len(value), eager=True), value.is_null()
    else:
        column, wrong, blank = _one_by_one(parameter, value, dtype)
    if len(column) != size:
        column, wrong, blank = (
            pl.select(pl.repeat(item[0], size, dtype=item.dtype)).to_series() for item in (column, wrong, blank)
        )
    if parameter.required:
        return column, wrong | blank
    if default is not None:
        column = (
            column.fill_null(pl.lit(default, dtype=dtype))
            if isinstance(default, datetime.date)
            else column.fill_null(default)
        )
    return column, wrong & ~blank


def _dtype(kind: object) -> Any:
    if isinstance(kind, NumberType):
        return pl.Int64
    if isinstance(kind, FlagType):
        return pl.Boolean
    return pl.Date if isinstance(kind, DayType) else pl.String


def _stored(value: Any, kind: object) -> Any:
    if isinstance(kind, NumberType) and value is not None:
        return int(Decimal(value).scaleb(kind.unit.decimals))
    return value


def _from_floats(values: pl.Series, kind: NumberType) -> tuple[pl.Series, pl.Series]:
    """The shortest decimal, half up. A tie at n+½ is the double nearest to (2n+1)/(2·scale); up to 15 digits, where every
    decimal has its own double, comparing with that double decides exactly what comparing the decimals would."""
    scale = 10**kind.unit.decimals
    x = values.cast(pl.Float64)
    usable = x.is_finite().fill_null(False) & (x.abs() <= float(kind.unit.maximum) * 2)
    size = pl.select(pl.when(usable).then(x.abs()).otherwise(0.0)).to_series()
    near = (size * scale).round(0).cast(pl.Int64)
    # a column as the divisor: by a single number Polars multiplies with its reciprocal, which is not correctly rounded
    divisor = pl.repeat(float(2 * scale), len(x), eager=True)
    up = size >= (2 * near + 1).cast(pl.Float64) / divisor
    down = size < (2 * near - 1).cast(pl.Float64) / divisor
    settled = near + up.cast(pl.Int64) - down.cast(pl.Int64)
    settled = pl.select(pl.when(x < 0).then(-settled).otherwise(settled)).to_series()
    low, high = (int(bound.scaleb(kind.unit.decimals)) for bound in (kind.low, kind.high))
    wrong = ~usable | (settled < low) | (settled > high)
    if kind.unit.whole:
        wrong = wrong | (x != x.round(0)).fill_null(False)
    return pl.select(pl.when(~wrong & x.is_not_null()).then(settled)).to_series(), wrong


def _from_integers(values: pl.Series, kind: NumberType) -> tuple[pl.Series, pl.Series]:
    low, high = (math.floor(bound) for bound in (kind.low, kind.high))
    wrong = ((values < low) | (values > high)).fill_null(False)
    fits = pl.select(pl.when(~wrong).then(values)).to_series().cast(pl.Int64)
    return fits * 10**kind.unit.decimals, wrong


def _one_by_one(parameter: Parameter, value: Any, dtype: Any) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Any other column: each different value once through the same coercion as a cell."""
    items = value.to_list() if isinstance(value, pl.Series) else list(value)
    known: dict[tuple[type, object], tuple[Any, bool, bool]] = {}
    found: list[tuple[Any, bool, bool]] = []
    for item in items:
        key = (type(item), item)
        try:
            entry = known.get(key)
        except TypeError:  # a list in a cell
            entry, key = None, (list, id(item))
        if entry is None:
            entry = known[key] = _one(parameter, item)
        found.append(entry)
    return (
        pl.Series([entry[0] for entry in found], dtype=dtype),
        pl.Series([entry[1] for entry in found], dtype=pl.Boolean),
        pl.Series([entry[2] for entry in found], dtype=pl.Boolean),
    )


def _one(parameter: Parameter, item: object) -> tuple[Any, bool, bool]:
    if is_blank(item):
        return None, False, True
    try:
        return _stored(parameter.type.from_cell(item, parameter.title), parameter.type), False, False
    except CalculationError:
        return None, True, False


# ---------------------------------------------------------------------- the plan as Polars expressions
class _Printer:
    def __init__(self, function: Function) -> None:
        self.function = function
        self._known: dict[int, pl.Expr] = {}

    def expression(self, op: Op) -> pl.Expr:
        known = self._known.get(id(op))
        if known is None:
            known = self._known[id(op)] = self._expression(op)
        return known

    def _expression(self, op: Op) -> pl.Expr:
        if op.op == "input":
            return pl.col(op.data[0] if isinstance(op.data, tuple) else op.data)
        if op.op == "constant":
            return pl.lit(op.data, dtype=pl.Int64) if op.kind == "number" else pl.lit(op.data)
        if op.op == "figure":
            return self._literal(_figure(op.data), op.data)
        if op.op == "since":
            default = self.function.policy_data.default_day
            return pl.col(ON).fill_null(pl.lit(default, dtype=pl.Date)) >= pl.lit(op.data)
        if op.op == "given":
            return pl.col(op.data).is_not_null()
        at = [self.expression(operand) for operand in op.operands]
        if op.op in _SIMPLE:
            joined: pl.Expr = reduce(_SIMPLE[op.op], at)
            return joined
        if op.op == "named":
            return at[0]
        if op.op == "not":
            return ~at[0]
        if op.op == "floor":
            return at[0] // int(op.data)
        if op.op == "half_up":
            by = int(op.data)
            return (2 * at[0] + by) // (2 * by)
        if op.op == "divide_half_up":
            return pl.when(at[1] > 0).then((2 * at[0] + at[1]) // (2 * at[1]))
        if op.op == "divide_up":
            return pl.when(at[1] > 0).then(-(-at[0] // at[1]))
        if op.op == "min":
            return pl.when(at[0] <= at[1]).then(at[0]).otherwise(at[1])
        if op.op == "max":
            return pl.when(at[0] >= at[1]).then(at[0]).otherwise(at[1])
        if op.op == "if":
            return self._choice(at[0:-1:2], at[1:-1:2], at[-1])
        if op.op == "is":
            return at[0] == pl.lit(op.data)
        if op.op == "one_of":
            return at[0].is_in(list(_figure(op.data)))
        if op.op == "tier":
            return self._tier(op, at[0])
        if op.op in ("table", "known"):
            return self._table(op, at)
        if op.op == "verdict":
            return self._verdict(op, at)
        if op.op == "periods":
            return _period(op.data, at[1]) - _period(op.data, at[0]) + 1
        if op.op == "year_of":
            return at[0].dt.year().cast(pl.Int64)
        if op.op == "add_years":
            return at[0].dt.offset_by(pl.format("{}y", at[1]))
        if op.op == "add_days":
            return at[0].dt.offset_by(pl.format("{}d", at[1]))
        if op.op == "days_between":
            return (at[1] - at[0]).dt.total_days().cast(pl.Int64)
        raise AssertionError(f"no column meaning for {op.op}")

    @staticmethod
    def _literal(value: Any, use: FigureUse) -> pl.Expr:
        return pl.lit(int(value.scaleb(use.decimals)), dtype=pl.Int64) if isinstance(value, Decimal) else pl.lit(value)

    @staticmethod
    def _choice(conditions: list[pl.Expr], values: list[pl.Expr], otherwise: pl.Expr) -> pl.Expr:
        chain: Any = pl
        for condition, value in zip(conditions, values, strict=True):
            chain = chain.when(condition).then(value)
        found: pl.Expr = chain.otherwise(otherwise)
        return found

    def _tier(self, op: Op, value: pl.Expr) -> pl.Expr:
        use, of = op.data
        bands: tuple[Band, ...] = _figure(use)
        conditions = [value >= int(band.start.scaleb(of)) for band in reversed(bands[1:])]
        values = [self._literal(band.gives, use) for band in reversed(bands[1:])]
        if not conditions:
            return self._literal(bands[0].gives, use)
        return self._choice(conditions, values, self._literal(bands[0].gives, use))

    def _table(self, op: Op, keys: list[pl.Expr]) -> pl.Expr:
        rows = _figure(op.data)
        joined = pl.concat_str(keys, separator="\x1f") if len(keys) > 1 else keys[0]
        names = ["\x1f".join(key) for key in rows]
        if op.op == "known":
            return joined.is_in(names)
        if op.kind == "number":
            values: list[Any] = [int(value.scaleb(op.data.decimals)) for value in rows.values()]
            return joined.replace_strict(names, values, default=None, return_dtype=pl.Int64)
        return joined.replace_strict(names, list(rows.values()), default=None, return_dtype=pl.String)

    def _verdict(self, op: Op, at: list[pl.Expr]) -> pl.Expr:
        met, unmet, reasons = op.data
        policy = self.function.policy_data
        failed = [
            pl.when(~holds).then(pl.lit(policy.fill(reason, policy.default_day)))
            for holds, reason in zip(at, reasons, strict=True)
        ]
        text = pl.concat_str(failed, separator="；", ignore_nulls=True)
        return pl.when(text == "").then(pl.lit(met)).otherwise(pl.lit(f"{unmet}：") + text)


def _period(name: str, day: pl.Expr) -> pl.Expr:
    """As periods.PERIODS; the week's and the day's numbers start elsewhere, only differences are used."""
    if name == "月":
        return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)
    days = day.cast(pl.Int32).cast(pl.Int64)  # since 1 January 1970, a Thursday
    return days if name == "日" else (days + 3).floordiv(7)


def _figure(use: FigureUse) -> Any:
    return use.figure.versions[use.version].data


_SIMPLE: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
}
