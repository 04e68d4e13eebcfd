"""What a part of a formula's tree is, as far as its shape alone says: a cell, a text, a count, several cells."""

from __future__ import annotations

from collections.abc import Callable

from qdcalc.recalc import calls
from qdcalc.recalc.tokens import Call, Expression, FormulaError, Group, Operand, Operator, Reference, reference

Items = list[Operand | Call | Group | Operator]
_COUNTS = frozenset({"COUNT", "COUNTA", "COUNTBLANK"})
_CONDITIONAL_COUNTS = frozenset({"COUNTIF", "COUNTIFS"})
_TEXT_CALLS = frozenset(
    [
        "TEXT",
        "LEFT",
        "RIGHT",
        "MID",
        "CONCATENATE",
        "CONCAT",
        "TRIM",
        "UPPER",
        "LOWER",
        "SUBSTITUTE",
        "REPT",
        "CHAR",
        "TEXTJOIN",
    ]
)


def cut(items: Items, where: Callable[[Operator], bool]) -> tuple[list[Items], list[Operator]]:
    sides: list[Items] = [[]]
    operators: list[Operator] = []
    for item in items:
        if isinstance(item, Operator) and where(item):
            operators.append(item)
            sides.append([])
        else:
            sides[-1].append(item)
    return sides, operators


def is_text(items: Items) -> bool:
    """A side that is text for certain: digits do not matter to it."""
    operands = [item for item in items if not isinstance(item, Operator) or item.kind != "space"]
    if len(operands) != 1:
        return False
    (item,) = operands
    if isinstance(item, Call):
        return calls.bare_name(item.name) in _TEXT_CALLS
    return isinstance(item, Operand) and item.kind == "string"


def is_zero(items: Items) -> bool:
    return len(items) == 1 and isinstance(items[0], Operand) and items[0].kind == "number" and items[0].text == "0"


def is_counted(sides: list[Items]) -> bool:
    """How many cells there are against a literal: both are whole numbers of few digits, and never an array."""
    if len(sides) != 2 or len(sides[0]) != 1 or not _is_whole(sides[1]):
        return False
    (item,) = sides[0]
    if not isinstance(item, Call):
        return False
    name = calls.bare_name(item.name)
    if name in _CONDITIONAL_COUNTS:
        return all(is_cell(condition.items) or _is_literal(condition.items) for condition in item.arguments[1::2])
    return name in _COUNTS


def _is_whole(items: Items) -> bool:
    (item,) = items if len(items) == 1 else [None]
    return isinstance(item, Operand) and item.kind == "number" and item.text.isdecimal() and len(item.text) < 10


def _is_literal(items: Items) -> bool:
    return len(items) == 1 and isinstance(items[0], Operand) and items[0].kind in ("number", "string")


def is_cell(items: Items) -> bool:
    item = items[0] if len(items) == 1 else None
    if not isinstance(item, Operand) or item.kind != "ref":
        return False
    found = reference(item.text)
    return found is not None and found.kind == "cell"


def check_spaces(items: Items) -> None:
    """Two operands with a space between them are an intersection."""
    before = False
    for item in items:
        if isinstance(item, Operator):
            before = (before and item.kind == "space") or item.text == "%"
        elif before:
            raise FormulaError("交叉引用（空格运算）")
        else:
            before = True


def known_format(item: Call) -> bool:
    if len(item.arguments) != 2 or len(item.arguments[1].items) != 1:
        return False
    text = item.arguments[1].items[0]
    if not isinstance(text, Operand) or text.kind != "string":
        return False
    return calls.text_format_known(text.text[1:-1].replace('""', '"'))


def whole_index(name: str, item: Call) -> bool:
    """INDEX(area,0,n) is a whole column."""
    if name != "INDEX":
        return False
    rest = item.arguments[1:]
    return any(
        not argument.operands
        or (len(argument.items) == 1 and isinstance(argument.items[0], Operand) and argument.items[0].text == "0")
        for argument in rest
    )


def is_several(argument: Expression) -> bool:
    found: Reference | None = None
    for item in argument.operands:
        if isinstance(item, Operand):
            if item.kind in ("structured", "name", "array"):
                return True
            found = reference(item.text) if item.kind == "ref" else None
            if found is not None and found.kind != "cell":
                return True
    return False
