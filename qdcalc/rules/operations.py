"""Operations on whole numbers, each with its bounds: what a column of Int64 or a spreadsheet cell does without a lost digit.

lowering.py makes them from the exact tree; columns.py and formula.py print them in their own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdcalc.rules.figures import Figure

LIMIT = 2**53
ROUNDING_LIMIT = 10**15
"""What is rounded or divided stays within 15 digits, which every spreadsheet program holds apart."""


@dataclass(frozen=True, eq=False)
class Op:
    """One operation on whole numbers, flags, texts or days. `low`/`high` bound whole numbers."""

    op: str
    operands: tuple[Op, ...] = ()
    data: Any = None
    low: int = 0
    high: int = 0
    kind: str = "number"


@dataclass(frozen=True, eq=False)
class Whole:
    """value = op / 10^decimals."""

    op: Op
    decimals: int


@dataclass(frozen=True, eq=False)
class Pair:
    """value = whole / 10^coarse + rest / 10^decimals, decimals > coarse."""

    whole: Op
    rest: Op
    coarse: int
    decimals: int


Lowered = Whole | Pair


@dataclass(frozen=True)
class FigureUse:
    """Which version of which figure an Op reads, and with how many decimals its number is scaled."""

    figure: Figure
    version: int
    decimals: int = 0


ZERO = Op("constant", (), 0, 0, 0)
TRUE = Op("constant", (), True, kind="flag")
FALSE = Op("constant", (), False, kind="flag")


def logic(op: str, items: list[Op]) -> Op:
    """and, or, not; what a settled reading decides is decided here."""
    if op == "not":
        return {id(TRUE): FALSE, id(FALSE): TRUE}.get(id(items[0])) or Op("not", (items[0],), kind="flag")
    decides, neutral = (FALSE, TRUE) if op == "and" else (TRUE, FALSE)
    if any(item is decides for item in items):
        return decides
    left = [item for item in items if item is not neutral]
    if not left:
        return neutral
    return left[0] if len(left) == 1 else Op(op, tuple(left), kind="flag")


def both(first: Op, rest: Op, op: str) -> Op:
    return Op("and", (first, Op(op, (rest, ZERO), kind="flag")), kind="flag")


def negated(flag: Op) -> Op:
    return Op("not", (flag,), kind="flag")


def named(value: Op, title: str, decimals: int | None, unit: str = "") -> Op:
    return Op("named", (value,), (title, decimals, unit), value.low, value.high, value.kind)


def ten_to(decimals: int) -> Op:
    return Op("constant", (), 10**decimals, 10**decimals, 10**decimals)


def _corners(left: Op, right: Op) -> list[int]:
    return [a * b for a in (left.low, left.high) for b in (right.low, right.high)]


def magnitude(op: Op) -> int:
    return max(abs(op.low), abs(op.high))


def times(left: Op, right: Op) -> Op:
    corners = _corners(left, right)
    return Op("mul", (left, right), None, min(corners), max(corners))


def multiplied(factors: Sequence[Whole]) -> Whole:
    result = factors[0]
    for factor in factors[1:]:
        result = Whole(times(result.op, factor.op), result.decimals + factor.decimals)
    return result
