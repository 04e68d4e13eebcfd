"""Small words: values as people read them, what joins two phrases, and which branch of a tree was taken."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qdcalc.rules.expression import CONSTANT, Node
from qdcalc.rules.figures import Band
from qdcalc.rules.function import Run
from qdcalc.rules.units import in_words

ATOM, PRODUCT, SUM, CLAUSE = range(4)
"""How tightly a phrase holds together: what is looser than its surroundings stands in brackets."""
TRUE_SIGN = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "=", "ne": "≠"}
FALSE_SIGN = {"lt": "≥", "le": ">", "gt": "≤", "ge": "<", "eq": "≠", "ne": "="}
Phrase = tuple[str, int]


def shown(value: Any, unit: str = "") -> str:
    """A value as people read it."""
    if isinstance(value, Decimal):
        return in_words(value, "" if unit == CONSTANT else unit)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def live(node: Node, run: Run) -> Node:
    """The node that a choose or an or_else came down to."""
    while True:
        if node.op == "choose":
            node = node.operands[taken(node, run)]
        elif node.op == "or_else":
            node = node.operands[run.program.value(node.operands[0], run.slots) is None]
        else:
            return node


def taken(node: Node, run: Run) -> int:
    """The position among a choose's operands of the value it took."""
    for position, condition in enumerate(node.operands[: node.data]):
        if run.program.value(condition, run.slots):
            return int(node.data) + position
    return len(node.operands) - 1


def band_of(bands: Sequence[Band], value: Decimal) -> tuple[Band, Band | None]:
    """The band that a value is in, and the one above it."""
    position = max(index for index, band in enumerate(bands) if band.start <= value)
    return bands[position], bands[position + 1] if position + 1 < len(bands) else None


def spaced(text: str, more: str) -> str:
    """A full-width bracket brings its own space."""
    return f"{text}{more}" if text.endswith("）") else f"{text} {more}"


def joined(first: str, sign: str, second: str) -> str:
    return spaced(first, sign + ("" if second.startswith("（") else " ") + second)


def equals(text: str, value: str) -> str:
    return spaced(text, f"= {value}")


def rounding_line(exact: Decimal, settled: Decimal, decimals: int, unit: str) -> str:
    """The result's own rounding, where it changed anything."""
    if exact == settled:
        return ""
    place = "分" if unit == "元" else f" {decimals} 位小数"
    return f"结果四舍五入到{place}：{in_words(exact, unit)} → {in_words(settled, unit)}"
