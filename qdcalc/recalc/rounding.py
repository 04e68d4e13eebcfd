"""INT, FLOOR, CEILING and MOD as Excel has them, or None where that is not known.

The engine takes a step below 0 for one above. And where a number is whole to the 15 digits that Excel shows but not as it
is stored, as 0.29*100 is, programs disagree on what INT gives: 28 or 29.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

_DIV: object = {"type": "Error", "kind": "Div"}
_NUM: object = {"type": "Error", "kind": "Num"}
_VALUE: object = {"type": "Error", "kind": "Value"}
_PLAIN = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_MOST_STEPS = 2.0**40
"""MOD of Excel gives #NUM! beyond some quotient; which one depends on its version."""


def whole(name: str, *arguments: object) -> object:
    """The value, an error as the engine has it, or None where Excel's value is not known for certain.

    The name "": the number itself, where it has no digits that Excel does not show.
    """
    if name == "":
        (given,) = arguments
        plain = not isinstance(given, float) or float(_shown(given)) == given
        return given if plain and not isinstance(given, list) else None
    numbers: list[float] = []
    for argument in (*arguments, 1.0)[:2]:
        if isinstance(argument, dict):
            return argument
        if isinstance(argument, str) and not _PLAIN.fullmatch(argument):
            return None if re.search(r"\d", argument) else _VALUE
        if argument is not None and not isinstance(argument, (int, float, str)):
            return None
        numbers.append(float(argument or 0))
    number, step = numbers
    if step == 0:
        return 0.0 if name == "CEILING" or (name == "FLOOR" and number == 0) else _DIV
    if name in ("FLOOR", "CEILING") and step < 0 < number:
        return _NUM
    up = name == "CEILING"
    stored, shown = number / step, _shown(number) / _shown(step)
    if not math.isfinite(stored):
        return None
    times = math.ceil(stored) if up else math.floor(stored)
    exact = number.is_integer() and step.is_integer()
    if not exact and times != (math.ceil(shown) if up else math.floor(shown)):
        return None
    if name != "MOD":
        return float(_shown(step) * times)
    if abs(stored) >= _MOST_STEPS:
        return None
    return float(Fraction(number) - Fraction(step) * times if exact else _shown(number) - _shown(step) * times)


def _shown(number: float) -> Fraction:
    """A number with the 15 digits that Excel shows of it."""
    return Fraction(Decimal(f"{number:.14e}"))
