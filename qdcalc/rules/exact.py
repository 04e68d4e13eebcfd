"""One case, exactly: the tree as a list of small steps over Decimal.

Guards run first. Every operation is exact (a lost digit raises); the only roundings are the nodes that say so and the
result's own, half up, once. A Program is the tree bound to one set of figures and readings.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Any

from qdcalc.errors import InvalidValue, OutOfRange, PolicyError
from qdcalc.rules.expression import Node, Number
from qdcalc.rules.figures import Policy
from qdcalc.rules.periods import PERIODS
from qdcalc.rules.units import half_up, in_words

_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])
_FREE = Context(prec=60)
Slots = list[Any]
Step = Callable[[Slots], Any]


class Program:
    """A tree ready to run: `guards` then `steps` append to the slots, `slot[id(node)]` says where a node's value is."""

    def __init__(
        self,
        inputs: Sequence[str],
        guards: Sequence[tuple[Node, str]],
        results: Sequence[Node],
        policy: Policy,
        day: datetime.date | None,
        readings: Mapping[str, str],
    ) -> None:
        self.slot: dict[int, int] = {}
        self._position = {name: index for index, name in enumerate(inputs)}
        self._count = len(inputs)
        self._policy, self._day, self._readings = policy, day, readings
        self.day = day
        self.policy = policy
        self._guards: list[tuple[list[Step], int, Node, str]] = []
        for condition, sentence in guards:
            steps: list[Step] = []
            self._add(condition, steps)
            self._guards.append((steps, self.slot[id(condition)], condition, policy.fill(sentence, day)))
        self._steps: list[Step] = []
        for node in results:
            self._add(node, self._steps)

    def run(self, values: Sequence[Any], titles: Mapping[str, str]) -> Slots:
        """All slots for these argument values. Raises InvalidValue with the sentence of the first guard that fails."""
        slots: Slots = list(values)
        for steps, index, condition, sentence in self._guards:
            for step in steps:
                slots.append(step(slots))
            if not slots[index]:
                raise InvalidValue(sentence + self._facts(condition, slots, titles))
        for step in self._steps:
            slots.append(step(slots))
        return slots

    def value(self, node: Node, slots: Slots) -> Any:
        return slots[self.slot[id(node)]]

    def _facts(self, condition: Node, slots: Slots, titles: Mapping[str, str]) -> str:
        """（里程（公里）：10 公里；…）: the arguments that a failed guard speaks of."""
        facts = []
        for node in inputs_of(condition):
            value = self.value(node, slots)
            if value is not None:
                shown = in_words(value, node.unit) if isinstance(node, Number) else str(value)
                facts.append(f"{titles[node.data]}：{shown}")
        return f"（{'；'.join(facts)}）" if facts else ""

    def _add(self, node: Node, steps: list[Step]) -> int:
        known = self.slot.get(id(node))
        if known is not None:
            return known
        if node.op == "input":
            index = self._position[node.data]
        else:
            operands = [self._add(operand, steps) for operand in node.operands]
            steps.append(self._step(node, operands))
            index = self._count
            self._count += 1
        self.slot[id(node)] = index
        return index

    def _data(self, path: str) -> Any:
        return self._policy.figures[path].at(self._day)

    def _step(self, node: Node, at: list[int]) -> Step:
        """The operation of a node, bound to where its operands are."""
        op, data = node.op, node.data
        if op in _BINARY:
            compute, left, right = _BINARY[op], at[0], at[1]
            return lambda slots: compute(slots[left], slots[right])
        if op in ("constant", "nothing", "figure", "reading"):
            fixed: Any = Decimal(0) if op == "nothing" else data
            if op == "figure":
                fixed = self._data(data)
            elif op == "reading":
                fixed = self._readings.get(data[0], self._policy.readings[data[0]].default) == data[1]
            return lambda slots: fixed
        first = at[0]
        if op in ("step", "as_unit"):
            return lambda slots: slots[first]
        if op == "not":
            return lambda slots: not slots[first]
        if op == "is":
            return lambda slots: slots[first] == data
        if op == "one_of":
            listed = frozenset(self._data(data))
            return lambda slots: slots[first] in listed
        if op == "given":
            return lambda slots: slots[first] is not None
        if op == "or_else":
            other = at[1]
            return lambda slots: slots[other] if slots[first] is None else slots[first]
        if op == "tier":
            bands = self._data(data)
            starts, gives = [item.start for item in bands], [item.gives for item in bands]
            return lambda slots: gives[bisect_right(starts, slots[first]) - 1]
        if op in ("table", "known"):
            return self._lookup(op, data, at)
        if op == "choose":
            conditions, values = at[:data], at[data:]
            return lambda slots: slots[
                next((v for c, v in zip(conditions, values, strict=False) if slots[c]), values[-1])
            ]
        if op == "smaller":
            return lambda slots: min(slots[index] for index in at)
        if op == "larger":
            return lambda slots: max(slots[index] for index in at)
        if op == "half_up":
            return lambda slots: half_up(slots[first], data)
        if op == "round_up":
            return lambda slots: slots[first].to_integral_value(ROUND_CEILING)
        if op == "ratio":
            return lambda slots: divide_half_up(slots[at[0]], slots[at[1]], data)
        if op == "verdict":
            met, unmet, reasons = data
            reasons = [self._policy.fill(reason, self._day) for reason in reasons]
            return lambda slots: _verdict([slots[index] for index in at], met, unmet, reasons)
        if op == "periods":
            index = PERIODS[data]
            return lambda slots: Decimal(index(slots[at[1]]) - index(slots[at[0]]) + 1)
        if op == "year_of":
            return lambda slots: Decimal(slots[first].year)
        raise AssertionError(f"no exact meaning for {op}")

    def _lookup(self, op: str, path: str, at: list[int]) -> Step:
        rows, file = self._data(path), self._policy.file
        if op == "known":
            return lambda slots: tuple(slots[index] for index in at) in rows

        def find(slots: Slots) -> Any:
            key = tuple(slots[index] for index in at)
            try:
                return rows[key]
            except KeyError:  # only a what-if can have taken the row away: registration checks the rest
                raise PolicyError(file, path, f"缺少一行：{'、'.join(key)}") from None

        return find


def _verdict(holds: Sequence[bool], met: str, unmet: str, reasons: Sequence[str]) -> str:
    failed = [reason for held, reason in zip(holds, reasons, strict=True) if not held]
    return f"{unmet}：{'；'.join(failed)}" if failed else met


def divide_half_up(part: Decimal, whole: Decimal, decimals: int) -> Decimal:
    """part ÷ whole rounded half up, in whole numbers throughout. Both are ≥ 0, whole > 0 (guarded by ratio)."""
    if whole == 0:
        return Decimal(0)  # reached only where a guard has already made the result an error
    numerator, denominator = part.as_integer_ratio()
    scaled = numerator * 10**decimals
    bottom, factor = whole.as_integer_ratio()
    top, under = scaled * factor, denominator * bottom
    return Decimal((2 * top + under) // (2 * under)).scaleb(-decimals, context=_FREE)


def _whole_quotient(part: Decimal, whole: Decimal) -> Decimal:
    if whole == 0:
        return Decimal(0)  # reached only where a guard has already made the result an error
    top, bottom = part.as_integer_ratio()
    over, under = whole.as_integer_ratio()
    return Decimal(-(-top * under // (bottom * over)))


def add_years(day: datetime.date, years: Decimal) -> datetime.date:
    year = day.year + int(half_up(years, 0))
    if not 1900 <= year <= 9999:
        raise OutOfRange("日期超出范围")
    leap = day.month == 2 and day.day == 29 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return datetime.date(year, day.month, 28 if leap else day.day)


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": _EXACT.add,
    "sub": _EXACT.subtract,
    "mul": _EXACT.multiply,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "whole_quotient": _whole_quotient,
    "add_years": add_years,
    "add_days": lambda day, days: day + datetime.timedelta(days=int(half_up(days, 0))),
    "days_between": lambda first, last: Decimal((last - first).days),
}


def inputs_of(node: Node) -> list[Node]:
    """The argument nodes a node depends on, in order of appearance."""
    found: dict[int, Node] = {}
    seen: set[int] = set()

    def walk(item: Node) -> None:
        if id(item) in seen:
            return
        seen.add(id(item))
        if item.op == "input":
            found.setdefault(id(item), item)
        for operand in item.operands:
            walk(operand)

    walk(node)
    return list(found.values())
