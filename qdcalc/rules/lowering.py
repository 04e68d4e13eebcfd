"""From the exact tree to whole-number arithmetic that a column of Int64 or a spreadsheet cell can do without a lost digit.

A Number of d decimals becomes a whole number (its value × 10^d). Where a product would pass 2⁵³ it becomes a pair, whole
units and a rest: value = whole + rest / 10^k, so that `INT(pay/10000)*rate` and `(pay − …)*rate` both stay small. Rounding
is pushed down through smaller, larger and choose, which it does not change. What cannot be proven to stay below 2⁵³ fails
here, when the function is registered. columns.py and formula.py print the result in their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from qdcalc.errors import TracingError
from qdcalc.rules.expression import Node, Number
from qdcalc.rules.figures import Policy
from qdcalc.rules.operations import (
    FALSE,
    LIMIT,
    ROUNDING_LIMIT,
    TRUE,
    ZERO,
    FigureUse,
    Lowered,
    Op,
    Pair,
    Whole,
    both,
    logic,
    magnitude,
    multiplied,
    named,
    negated,
    ten_to,
    times,
)
from qdcalc.rules.units import UNITS


@dataclass(frozen=True)
class Plan:
    """A whole function, lowered: guards and warnings (condition, sentence), the result with its decimals (None: no number).
    The reasons of `nothing` are among the warnings, each with the condition under which it is the result."""

    guards: tuple[tuple[Op, str], ...]
    warnings: tuple[tuple[Op, str], ...]
    result: Op
    decimals: int | None


def lower(
    name: str, policy: Policy, result: Node, guards: Sequence[tuple[Node, str]], warnings: Sequence[tuple[Node, str]],
    unit: str, readings: Mapping[str, str] | None = None,
) -> Plan:  # fmt: skip
    """`readings` are settled here, so that the branches of the others fall away. Raises TracingError where a number cannot
    be proven to stay exact."""
    low = _Lowering(name, policy, readings or {})
    checked = tuple((low.other(condition), sentence) for condition, sentence in guards)
    noted = (*((low.other(condition), sentence) for condition, sentence in warnings), *low.reasons(result, TRUE))
    if isinstance(result, Number):
        decimals = UNITS[unit].decimals
        return Plan(checked, noted, low.rounded(result, decimals).op, decimals)
    return Plan(checked, noted, low.other(result), None)


class _Lowering:
    def __init__(self, name: str, policy: Policy, readings: Mapping[str, str]) -> None:
        self.name, self.policy, self.readings = name, policy, readings
        self._numbers: dict[int, Lowered] = {}
        self._rounded: dict[tuple[int, int, bool], Whole] = {}
        self._others: dict[int, Op] = {}

    def too_large(self, node: Node) -> TracingError:
        return TracingError(
            self.name, f"运算 {node.op} 的整数可能超过 2⁵³，不能保证精确：请先合并较小的因数，或缩小单位的上限"
        )

    def whole(self, node: Node, op: str, operands: Sequence[Op], low: int, high: int, data: Any = None) -> Op:
        if max(abs(low), abs(high)) >= LIMIT:
            raise self.too_large(node)
        return Op(op, tuple(operands), data, low, high)

    # ------------------------------------------------------------------ whole-number helpers
    def scaled(self, node: Node, value: Op, power: int) -> Op:
        """value × 10^power."""
        if power == 0:
            return value
        if value.op == "constant":
            return Op("constant", (), value.data * 10**power, value.low * 10**power, value.high * 10**power)
        factor = Op("constant", (), 10**power, 10**power, 10**power)
        return self.whole(node, "mul", (value, factor), value.low * 10**power, value.high * 10**power)

    def aligned(self, node: Node, items: Sequence[Lowered]) -> list[Lowered]:
        """The same numbers with the same decimals, all whole or all pairs."""
        decimals = max(item.decimals for item in items)
        pairs = [item for item in items if isinstance(item, Pair)]
        if not pairs:
            return [
                Whole(self.scaled(node, i.op, decimals - i.decimals), decimals) for i in items if isinstance(i, Whole)
            ]
        coarse = min(item.coarse for item in pairs)
        return [self.as_pair(node, item, coarse, decimals) for item in items]

    def as_pair(self, node: Node, item: Lowered, coarse: int, decimals: int) -> Pair:
        if isinstance(item, Pair):
            if item.coarse != coarse:
                raise self.too_large(node)
            return Pair(item.whole, self.scaled(node, item.rest, decimals - item.decimals), coarse, decimals)
        if item.decimals <= coarse:
            return Pair(self.scaled(node, item.op, coarse - item.decimals), ZERO, coarse, decimals)
        head, rest = self.split(node, item.op, 10 ** (item.decimals - coarse))
        return Pair(head, self.scaled(node, rest, decimals - item.decimals), coarse, decimals)

    def split(self, node: Node, value: Op, by: int) -> tuple[Op, Op]:
        """value = head × by + rest."""
        head = self.whole(node, "floor", (value,), value.low // by, value.high // by, by)
        factor = Op("constant", (), by, by, by)
        back = Op("mul", (head, factor), None, head.low * by, head.high * by)
        return head, Op("sub", (value, back), None, 0, by - 1)

    # ------------------------------------------------------------------ numbers
    def number(self, node: Node) -> Lowered:
        known = self._numbers.get(id(node))
        if known is None:
            known = self._numbers[id(node)] = self._number(node)
        return known

    def _number(self, node: Node) -> Lowered:
        assert isinstance(node, Number)
        op, decimals = node.op, node.decimals
        scale = 10**decimals
        low, high = _floor(node.low * scale), _ceiling(node.high * scale)
        if op == "input":
            return Whole(self.whole(node, "input", (), low, high, (node.data, decimals)), decimals)
        if op in ("constant", "nothing"):
            value = int(node.data * scale) if op == "constant" else 0
            return Whole(Op("constant", (), value, value, value), decimals)
        if op == "figure":
            return Whole(self.by_date(node.data, lambda use: Op("figure", (), use, low, high), decimals), decimals)
        if op == "tier":
            measured, of = self.measured(node)
            return Whole(
                self.by_date(node.data, lambda use: Op("tier", (measured,), (use, of), low, high), decimals), decimals
            )
        if op == "table":
            keys = tuple(self.other(key) for key in node.operands)
            return Whole(self.by_date(node.data, lambda use: Op("table", keys, use, low, high), decimals), decimals)
        if op == "step":
            return self.named(node, self.number(node.operands[0]))
        if op == "as_unit":
            return self.number(node.operands[0])
        if op in ("add", "sub"):
            left, right = self.aligned(node, [self.number(operand) for operand in node.operands])
            return self.summed(node, op, left, right)
        if op == "mul":
            return self.product(node)
        if op == "half_up":
            return self.rounded(node.operands[0], node.data)
        if op == "round_up":
            exact = self.single(node.operands[0])
            return Whole(self.divided(node, "divide_up", exact.op, ten_to(exact.decimals), low, high), 0)
        if op in ("ratio", "whole_quotient"):
            return self.quotient(node, low, high)
        if op in ("smaller", "larger"):
            return self.extreme(node, self.aligned(node, [self.number(operand) for operand in node.operands]))
        if op in ("choose", "or_else"):
            conditions, values = self.cases(node)
            return self.chosen(node, conditions, self.aligned(node, [self.number(value) for value in values]))
        if op == "year_of":
            return Whole(Op("year_of", (self.other(node.operands[0]),), None, low, high), 0)
        if op == "periods":
            days = tuple(self.other(day) for day in node.operands)
            return Whole(Op("periods", days, node.data, low, high), 0)
        if op == "days_between":
            return Whole(Op("days_between", tuple(self.other(day) for day in node.operands), None, low, high), 0)
        raise AssertionError(f"no lowering for {op}")

    def single(self, node: Node) -> Whole:
        value = self.number(node)
        if isinstance(value, Pair):
            raise self.too_large(node)
        return value

    def measured(self, node: Node) -> tuple[Op, int]:
        """What a band measures, and its decimals. Rounding is pushed no further: a band sees the exact number."""
        value = self.single(node.operands[0])
        return value.op, value.decimals

    def by_date(self, path: str, make: Callable[[FigureUse], Op], decimals: int = 0) -> Op:
        """The figure's Op; with several versions, chosen by the date of the matter."""
        figure = self.policy.figures[path]
        found = make(FigureUse(figure, 0, decimals))
        for index, version in enumerate(figure.versions[1:], start=1):
            other = make(FigureUse(figure, index, decimals))
            since = Op("since", (), version.start, kind="flag")
            found = Op("if", (since, other, found), None, found.low, found.high, found.kind)
        return found

    def named(self, node: Node, value: Lowered) -> Lowered:
        unit = node.unit if isinstance(node, Number) else ""
        if isinstance(value, Whole):
            return Whole(named(value.op, node.data[0], value.decimals, unit), value.decimals)
        whole = named(value.whole, f"{node.data[0]}（整数部分）", value.coarse, unit)
        return Pair(
            whole, named(value.rest, f"{node.data[0]}（余数）", value.decimals, unit), value.coarse, value.decimals
        )

    def summed(self, node: Node, op: str, left: Lowered, right: Lowered) -> Lowered:
        def total(a: Op, b: Op) -> Op:
            if op == "add":
                return self.whole(node, "add", (a, b), a.low + b.low, a.high + b.high)
            return self.whole(node, "sub", (a, b), a.low - b.high, a.high - b.low)

        if isinstance(left, Whole) and isinstance(right, Whole):
            return Whole(total(left.op, right.op), left.decimals)
        assert isinstance(left, Pair)
        assert isinstance(right, Pair)
        return Pair(total(left.whole, right.whole), total(left.rest, right.rest), left.coarse, left.decimals)

    def product(self, node: Number) -> Lowered:
        """Small factors first. Where that passes the limit, the last multiplication gives a pair; of the ways to do that
        the one with the smallest rest is taken."""
        factors = sorted((self.single(item) for item in _factors(node)), key=lambda item: magnitude(item.op))
        whole = multiplied(factors)
        if magnitude(whole.op) < LIMIT:
            return whole
        unit = UNITS.get(node.unit)
        coarse = unit.decimals if unit else 2
        pairs: list[Pair] = []
        for position, last in enumerate(factors):
            others = multiplied(factors[:position] + factors[position + 1 :])
            if magnitude(others.op) < LIMIT:
                pairs += [self.long_product(node, others, last, coarse), self.long_product(node, last, others, coarse)]
        fitting = [pair for pair in pairs if magnitude(pair.whole) < LIMIT and magnitude(pair.rest) < ROUNDING_LIMIT]
        if not fitting or whole.decimals <= coarse:
            raise self.too_large(node)
        return min(fitting, key=lambda pair: magnitude(pair.rest))

    def long_product(self, node: Node, divided: Whole, other: Whole, coarse: int) -> Pair:
        decimals = divided.decimals + other.decimals
        head, rest = self.split(node, divided.op, 10 ** max(decimals - coarse, 0))
        return Pair(times(head, other.op), times(rest, other.op), coarse, decimals)

    def divided(self, node: Node, op: str, top: Op, bottom: Op, low: int, high: int) -> Op:
        if max(abs(top.low), top.high) >= ROUNDING_LIMIT:
            raise self.too_large(node)
        return self.whole(node, op, (top, bottom), low, min(high, top.high))

    def quotient(self, node: Number, low: int, high: int) -> Whole:
        part, whole = (self.single(operand) for operand in node.operands)
        places = node.data if node.op == "ratio" else 0
        power = places + whole.decimals - part.decimals
        top = self.scaled(node, part.op, max(power, 0))
        bottom = self.scaled(node, whole.op, max(-power, 0))
        name = "divide_half_up" if node.op == "ratio" else "divide_up"
        return Whole(self.divided(node, name, top, bottom, low, top.high), places)

    def extreme(self, node: Node, values: list[Lowered]) -> Lowered:
        found = values[0]
        for value in values[1:]:
            if isinstance(found, Whole) and isinstance(value, Whole):
                least = node.op == "smaller"
                pick = min if least else max
                bounds = pick(found.op.low, value.op.low), pick(found.op.high, value.op.high)
                found = Whole(Op("min" if least else "max", (found.op, value.op), None, *bounds), found.decimals)
            else:
                condition = self.compared("le" if node.op == "smaller" else "ge", node, found, value)
                found = self.chosen(node, [condition], [found, value])
        return found

    def cases(self, node: Node) -> tuple[list[Op], list[Node]]:
        if node.op == "or_else":
            given = Op("given", (), node.operands[0].data, kind="flag")
            return [given], list(node.operands)
        conditions: list[Op] = []
        values: list[Node] = []
        for position in range(node.data):
            condition = self.other(node.operands[position])
            if condition is FALSE:
                continue
            values.append(node.operands[node.data + position])
            if condition is TRUE:
                return conditions, values
            conditions.append(condition)
        return conditions, [*values, node.operands[-1]]

    def chosen(self, node: Node, conditions: list[Op], values: list[Lowered]) -> Lowered:
        def pick(ops: list[Op]) -> Op:
            mixed = [item for pair in zip(conditions, ops, strict=False) for item in pair]
            return Op("if", (*mixed, ops[-1]), None, min(o.low for o in ops), max(o.high for o in ops), ops[0].kind)

        first = values[0]
        if len(values) == 1:
            return first
        if isinstance(first, Whole):
            return Whole(pick([value.op for value in values if isinstance(value, Whole)]), first.decimals)
        pairs = [value for value in values if isinstance(value, Pair)]
        return Pair(pick([p.whole for p in pairs]), pick([p.rest for p in pairs]), first.coarse, first.decimals)

    # ------------------------------------------------------------------ rounding
    def rounded(self, node: Node, decimals: int, clipped: bool = False) -> Whole:
        """`node` rounded half up to `decimals`. `clipped`: negative values are cut off later, so their ties do not matter."""
        key = (id(node), decimals, clipped)
        known = self._rounded.get(key)
        if known is None:
            known = self._rounded[key] = self._round(node, decimals, clipped)
        return known

    def _round(self, node: Node, decimals: int, clipped: bool) -> Whole:
        assert isinstance(node, Number)
        if node.op == "step":
            inner = self.rounded(node.operands[0], decimals, clipped)
            return Whole(named(inner.op, node.data[0], decimals, node.unit), decimals)
        if node.op in ("smaller", "larger"):
            floor = any(isinstance(o, Number) and o.low >= 0 for o in node.operands)
            parts = [self.rounded(item, decimals, clipped or (node.op == "larger" and floor)) for item in node.operands]
            found = self.extreme(node, list(parts))
            assert isinstance(found, Whole)
            return found
        if node.op in ("choose", "or_else"):
            conditions, values = self.cases(node)
            found = self.chosen(node, conditions, [self.rounded(value, decimals, clipped) for value in values])
            assert isinstance(found, Whole)
            return found
        value = self.number(node)
        if value.decimals <= decimals:
            assert isinstance(value, Whole)
            return Whole(self.scaled(node, value.op, decimals - value.decimals), decimals)
        if node.low < 0 and not clipped:
            raise TracingError(self.name, "可能为负的数不能四舍五入：请先用 larger(0, ...)")
        if isinstance(value, Whole):
            return Whole(self.halved(node, value.op, value.decimals - decimals), decimals)
        if value.coarse != decimals:
            raise self.too_large(node)
        rest = self.halved(node, value.rest, value.decimals - decimals)
        low, high = value.whole.low + rest.low, value.whole.high + rest.high
        return Whole(self.whole(node, "add", (value.whole, rest), low, high), decimals)

    def halved(self, node: Node, value: Op, power: int) -> Op:
        if max(abs(value.low), value.high) >= ROUNDING_LIMIT:
            raise self.too_large(node)
        by = 10**power
        return Op("half_up", (value,), by, (2 * value.low + by) // (2 * by), (2 * value.high + by) // (2 * by))

    # ------------------------------------------------------------------ flags, texts, days
    def other(self, node: Node) -> Op:
        known = self._others.get(id(node))
        if known is None:
            known = self._others[id(node)] = self._other(node)
        return known

    def _other(self, node: Node) -> Op:
        op, kind = node.op, type(node).__name__.lower()
        if op in ("lt", "le", "gt", "ge", "eq", "ne"):
            if isinstance(node.operands[0], Number):
                left, right = self.aligned(node, [self.number(operand) for operand in node.operands])
                return self.compared(op, node, left, right)
            return Op(op, tuple(self.other(operand) for operand in node.operands), kind="flag")
        if op == "one_of":
            value = self.other(node.operands[0])
            return self.by_date(node.data, lambda use: Op("one_of", (value,), use, kind="flag"))
        if op == "known":
            keys = tuple(self.other(key) for key in node.operands)
            return self.by_date(node.data, lambda use: Op("known", keys, use, kind="flag"))
        if op == "table":
            keys = tuple(self.other(key) for key in node.operands)
            return self.by_date(node.data, lambda use: Op("table", keys, use, kind="text"))
        if op == "tier":
            measured, of = self.measured(node)
            return self.by_date(node.data, lambda use: Op("tier", (measured,), (use, of), kind="text"))
        if op == "figure":
            return self.by_date(node.data, lambda use: Op("figure", (), use, kind=kind))
        if op in ("choose", "or_else"):
            conditions, values = self.cases(node)
            if not conditions:
                return self.other(values[0])
            mixed = [i for p in zip(conditions, [self.other(v) for v in values], strict=False) for i in p]
            return Op("if", (*mixed, self.other(values[-1])), kind=kind)
        if op == "step":
            return named(self.other(node.operands[0]), node.data[0], None)
        if op == "given":
            return Op("given", (), node.operands[0].data, kind="flag")
        if op == "reading":
            identity, option = node.data
            taken = self.readings.get(identity, self.policy.readings[identity].default)
            return TRUE if taken == option else FALSE
        if op == "constant" and kind == "flag":
            return TRUE if node.data else FALSE
        if op in ("and", "or", "not"):
            return logic(op, [self.other(operand) for operand in node.operands])
        if op in ("add_years", "add_days"):  # 年 and 天 carry decimals, of which a calendar has no use
            return Op(op, (self.other(node.operands[0]), self.rounded(node.operands[1], 0).op), kind="day")
        return Op(op, tuple(self.other(operand) for operand in node.operands), node.data, kind=kind)

    def reasons(self, node: Node, holds: Op) -> list[tuple[Op, str]]:
        """(condition, reason) of each `nothing` that can be the result."""
        if node.op == "nothing":
            return [] if holds is FALSE else [(holds, node.data)]
        if node.op in ("step", "as_unit", "half_up"):
            return self.reasons(node.operands[0], holds)
        if node.op != "choose":
            return []
        found: list[tuple[Op, str]] = []
        for position in range(node.data):
            condition = self.other(node.operands[position])
            found += self.reasons(node.operands[node.data + position], logic("and", [holds, condition]))
            holds = logic("and", [holds, logic("not", [condition])])
        return found + self.reasons(node.operands[-1], holds)

    def compared(self, op: str, node: Node, left: Lowered, right: Lowered) -> Op:
        if isinstance(left, Whole) and isinstance(right, Whole):
            return Op(op, (left.op, right.op), kind="flag")
        gap = self.summed(node, "sub", left, right)
        assert isinstance(gap, Pair)
        head, rest = self.split(node, gap.rest, 10 ** (gap.decimals - gap.coarse))
        low, high = gap.whole.low + head.low, gap.whole.high + head.high
        total = self.whole(node, "add", (gap.whole, head), low, high)
        above = Op(
            "or",
            (Op("gt", (total, ZERO), kind="flag"), both(Op("eq", (total, ZERO), kind="flag"), rest, "gt")),
            kind="flag",
        )
        atleast = Op("ge", (total, ZERO), kind="flag")
        equal = both(Op("eq", (total, ZERO), kind="flag"), rest, "eq")
        return {
            "gt": above, "ge": atleast, "lt": negated(atleast), "le": negated(above), "eq": equal, "ne": negated(equal),
        }[op]  # fmt: skip


def _factors(node: Node) -> list[Node]:
    if node.op != "mul":
        return [node]
    return [factor for operand in node.operands for factor in _factors(operand)]


def _floor(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_FLOOR))


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
