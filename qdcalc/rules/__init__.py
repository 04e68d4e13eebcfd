"""The rule language: what a policy's rules.py imports. See docs/adding-a-policy.md and language.py."""

from typing import Any

from qdcalc.rules.expression import Day, Flag, Maybe, MaybeDay, Number, Text
from qdcalc.rules.language import (
    FALSE,
    TRUE,
    add_days,
    add_years,
    as_unit,
    band,
    choose,
    day_figure,
    days_between,
    default,
    figure,
    half_up,
    label,
    larger,
    most,
    names,
    nothing,
    one_of,
    periods,
    ratio,
    reading,
    require,
    round_up,
    smaller,
    step,
    table,
    text,
    tier,
    verdict,
    warn,
    whole_quotient,
    year_of,
    yuan,
)
from qdcalc.rules.registry import plain_function, provision
from qdcalc.rules.types import Choice, Quantity

BLANK: Any = None
"""The default of an optional argument of a Maybe type; Any, as None is no Maybe."""

__all__ = [
    "BLANK", "FALSE", "TRUE", "Choice", "Day", "Flag", "Maybe", "MaybeDay", "Number", "Quantity", "Text",
    "add_days", "add_years", "as_unit", "band", "choose", "day_figure", "days_between", "default", "figure", "half_up",
    "label", "larger", "most", "names", "nothing", "one_of", "periods", "plain_function", "provision", "ratio", "reading",
    "require", "round_up", "smaller", "step", "table", "text", "tier", "verdict", "warn", "whole_quotient", "year_of",
    "yuan",
]  # fmt: skip
