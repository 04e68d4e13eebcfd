"""The verbs of a rule: figures, bands, tables, choose, smaller, larger, require, warn, verdict, step.

Each is called while a provision is traced and adds to its tree. Figures are looked up in the policy.toml beside the
rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import overload

from qdcalc.rules.expression import (
    CONSTANT,
    Day,
    Flag,
    Node,
    Number,
    Text,
    common_unit,
    constant,
    joined,
    number,
    refuse,
)
from qdcalc.rules.figures import PLACEHOLDER, Figure, Policy, Reading
from qdcalc.rules.periods import PERIODS
from qdcalc.rules.units import EXACT, UNITS, over
from qdcalc.rules.units import half_up as _half_up

TRUE = Flag("constant", (), True)
FALSE = Flag("constant", (), False)


@dataclass
class Trace:
    """What one provision leaves behind besides its result."""

    policy: Policy
    guards: list[tuple[Flag, str]] = field(default_factory=list)
    warnings: list[tuple[Flag, str]] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)


_traces: list[Trace] = []


@contextmanager
def tracing(policy: Policy) -> Iterator[Trace]:
    trace = Trace(policy)
    _traces.append(trace)
    try:
        yield trace
    finally:
        _traces.pop()


def _trace() -> Trace:
    if not _traces:
        refuse("figure、table、choose 等只能在 @provision 的函数里使用")
    return _traces[-1]


def _figure(path: str, shape: str, text: bool | None = None) -> Figure:
    trace = _trace()
    found = trace.policy.figures.get(path)
    if found is None:
        refuse(f"policy.toml 里没有“{path}”，有：{'、'.join(sorted(trace.policy.figures))}")
    if found.shape != shape or (text is not None and (found.unit == "名称") != text):
        refuse(f"“{path}”的形式是 {found.shape}（{found.unit}），不能这样取用")
    trace.figures[path] = found
    return found


def _numbers(figure: Figure, op: str, operands: tuple[Node, ...]) -> Number:
    unit = UNITS[figure.unit]  # bounds come from the unit, not from today's value: an officer may change the figure
    return Number(op, operands, figure.path, unit=unit.name, decimals=unit.decimals, low=Decimal(0), high=unit.maximum)


def figure(path: str) -> Number:
    """A single number of policy.toml."""
    return _numbers(_figure(path, "value", text=False), "figure", ())


def names(path: str) -> Figure:
    """A list of names of policy.toml, for one_of."""
    return _figure(path, "names")


def day_figure(path: str) -> Day:
    """A single date of policy.toml."""
    found = _figure(path, "value")
    if found.unit != "日期":
        refuse(f"“{path}”不是日期")
    return Day("figure", (), path)


def _measured(path: str, found: Figure, value: Number) -> None:
    if value.unit not in (found.of, CONSTANT):
        refuse(f"“{path}”量的是“{found.of}”，不是“{value.unit}”")
    if value.low < 0:
        refuse(f"“{path}”的第一档自 0 起，而所量的数可能为负：请先用 larger(0, ...)")


def tier(path: str, value: Number) -> Number:
    """The number of the band that `value` falls into: lower bound included, upper excluded."""
    found = _figure(path, "band", text=False)
    _measured(path, found, value)
    return _numbers(found, "tier", (value,))


def band(path: str, value: Number) -> Text:
    """The name of the band that `value` falls into."""
    found = _figure(path, "band", text=True)
    _measured(path, found, value)
    return Text("tier", (value,), path, values=_all_names(found))


def _all_names(found: Figure) -> tuple[str, ...]:
    listed: dict[str, None] = {}
    for version in found.versions:
        data = version.data
        if isinstance(data, dict):
            listed.update((str(item), None) for item in data.values())
        elif isinstance(data, tuple):
            listed.update((item if isinstance(item, str) else str(item.gives), None) for item in data)
    return tuple(listed)


def _looked_up(path: str, keys: tuple[Text, ...], text: bool, absent: str) -> Figure:
    found = _figure(path, "table", text=text)
    if len(keys) != len(found.keys):
        refuse(f"“{path}”要 {len(found.keys)} 个键：{'、'.join(found.keys)}")
    for key, title in zip(keys, found.keys, strict=True):
        if not isinstance(key, Text) or key.values is None:
            refuse(f"“{path}”的键“{title}”取值不定：应为可选名称、分档名称或另一张表的结果")
    if absent:
        require(Flag("known", keys, path), absent)
        return found
    for combination in itertools.product(*(key.values or () for key in keys)):
        for version in found.versions:
            if isinstance(version.data, dict) and combination not in version.data:
                refuse(f"“{path}”缺少一行：{'、'.join(combination)}；补上，或写明 absent=")
    return found


def table(path: str, *keys: Text, absent: str = "") -> Number:
    """The number of the row with these keys. Every combination must have one, unless `absent` says why it has not."""
    return _numbers(_looked_up(path, keys, False, absent), "table", keys)


def label(path: str, *keys: Text, absent: str = "") -> Text:
    """The name of the row with these keys."""
    found = _looked_up(path, keys, True, absent)
    return Text("table", keys, path, values=_all_names(found))


def one_of(value: Text, listed: Figure) -> Flag:
    """Whether a text is in a list of names."""
    for name in _all_names(listed):
        if value.values is not None and name not in value.values:
            refuse(f"“{listed.path}”里的“{name}”不是它可能的取值：{'、'.join(value.values)}")
    return Flag("one_of", (value,), listed.path)


def reading(identity: str, option: str) -> Flag:
    """Whether an ambiguity of the text is read as `option` (the default, unless a caller says otherwise)."""
    trace = _trace()
    found = trace.policy.readings.get(identity)
    if found is None or option not in found.options:
        refuse(f"policy.toml 里没有口径 {identity}={option}")
    trace.readings[identity] = found
    return Flag("reading", (), (identity, option))


@overload
def choose(*cases: tuple[Flag, Number | int], otherwise: Number | int) -> Number: ...
@overload
def choose(*cases: tuple[Flag, Text | str], otherwise: Text | str) -> Text: ...
def choose(*cases: tuple[Flag, object], otherwise: object) -> Number | Text:
    """The value of the first condition that holds, else `otherwise`."""
    for condition, _ in cases:
        if not isinstance(condition, Flag):
            refuse("choose 的每一项应为（条件, 值）")
    conditions = [condition for condition, _ in cases]
    values = [value for _, value in cases] + [otherwise]
    if any(isinstance(value, (str, Text)) for value in values):
        texts = [text(value) for value in values]
        known: dict[str, None] = {}
        for item in texts:
            known.update((value, None) for value in item.values or ())
        all_known = all(item.values is not None for item in texts)
        return Text("choose", [*conditions, *texts], len(cases), values=tuple(known) if all_known else None)
    numbers = [number(value) for value in values]  # type: ignore[arg-type]  # number() refuses what is none
    return joined("choose", [*conditions, *numbers], len(cases), numbers, "max")


def text(value: object) -> Text:
    """A fixed text as a node."""
    if isinstance(value, Text):
        return value
    if not isinstance(value, str):
        refuse("应为文字")
    return Text("constant", (), value, values=(value,))


def yuan(value: int) -> Number:
    """A default amount in 元 for an optional argument."""
    return constant(Decimal(value), "元")


def default(value: int, unit: str) -> Number:
    """A default number of any unit for an optional argument."""
    return constant(Decimal(value), unit)


def smaller(*values: Number | int) -> Number:
    """The least of several."""
    numbers = [number(value) for value in values]
    return joined("smaller", numbers, None, numbers, "least")


def larger(*values: Number | int) -> Number:
    """The greatest of several."""
    numbers = [number(value) for value in values]
    return joined("larger", numbers, None, numbers, "greatest")


def half_up(value: Number, decimals: int) -> Number:
    """Rounded half up to `decimals`: a visible step of its own."""
    low, high = _half_up(value.low, decimals), _half_up(value.high, decimals)
    return Number("half_up", (value,), decimals, unit=value.unit, decimals=decimals, low=low, high=high)


def round_up(value: Number) -> Number:
    """Rounded up to a whole number (a fraction of a person is a person)."""
    bounds = [bound.to_integral_value(ROUND_CEILING) for bound in (value.low, value.high)]
    return Number("round_up", (value,), unit=value.unit, decimals=0, low=bounds[0], high=bounds[1])


def ratio(part: Number, whole: Number, *, decimals: int = 4, zero: str = "") -> Number:
    """part ÷ whole, rounded half up to `decimals`. A whole of 0 is an error (`zero` is its sentence)."""
    unit = over(part.unit, whole.unit)
    if unit is None:
        refuse(f"单位“{part.unit}”与“{whole.unit}”不能相除")
    if part.low < 0 or whole.low < 0:
        refuse("ratio 的两边都不能为负：请先用 larger(0, ...)")
    require(whole > 0, zero or "除数不能为 0")
    step_ = Decimal(1).scaleb(-whole.decimals)
    high = _half_up(EXACT.multiply(part.high, Decimal(1).scaleb(whole.decimals)), decimals) if step_ < 1 else part.high
    return Number("ratio", (part, whole), decimals, unit=unit, decimals=decimals, low=Decimal(0), high=high)


def whole_quotient(part: Number, whole: Number) -> Number:
    """How many whole times `whole` goes into `part`, begun ones counted: 户数 ÷ 每人户数, rounded up."""
    unit = over(part.unit, whole.unit)
    if unit is None:
        refuse(f"单位“{part.unit}”与“{whole.unit}”不能相除")
    if part.low < 0 or whole.low < 0:
        refuse("两边都不能为负")
    require(whole > 0, "除数不能为 0")
    high = EXACT.multiply(part.high, Decimal(1).scaleb(whole.decimals)).to_integral_value(ROUND_FLOOR) + 1
    return Number("whole_quotient", (part, whole), unit=unit, decimals=0, low=Decimal(0), high=high)


def most(unit: str) -> Number:
    """The largest number of a unit: with smaller(...) it keeps a product of figures within what hosts hold exactly."""
    return constant(UNITS[unit].maximum, unit)


def as_unit(value: Number, unit: str) -> Number:
    """The same number under another unit's name, e.g. a count of 年 as 次. Nothing is converted."""
    return Number("as_unit", (value,), unit, unit=unit, decimals=value.decimals, low=value.low, high=value.high)


def _sentence(words: str) -> str:
    """A sentence whose {figures} exist; they are filled in with the value of the day."""
    for path in PLACEHOLDER.findall(words):
        figure(path)
    return words


def nothing(reason: str) -> Number:
    """An amount of 0 with the reason, which the notice and the explanation give."""
    zero = Decimal(0)
    return Number("nothing", (), _sentence(reason), unit=CONSTANT, decimals=0, low=zero, high=zero)


def require(condition: Flag, sentence: str) -> None:
    """Where `condition` does not hold, the whole result is an error with this sentence."""
    if not isinstance(condition, Flag):
        refuse("require 的第一项应为条件")
    _trace().guards.append((condition, _sentence(sentence)))


def warn(condition: Flag, sentence: str) -> None:
    """Where `condition` holds, the result stands and this sentence goes with it."""
    if not isinstance(condition, Flag):
        refuse("warn 的第一项应为条件")
    _trace().warnings.append((condition, _sentence(sentence)))


def verdict(*conditions: tuple[Flag, str], met: str = "符合", unmet: str = "不符合") -> Text:
    """`met` where all hold, else `unmet` with every reason: 不符合：甲；乙."""
    for condition, _ in conditions:
        if not isinstance(condition, Flag):
            refuse("verdict 的每一项应为（条件, 不成立时的理由）")
    reasons = tuple(_sentence(reason) for _, reason in conditions)
    return Text("verdict", [condition for condition, _ in conditions], (met, unmet, reasons))


@overload
def step(title: str, value: Number, note: str = "") -> Number: ...
@overload
def step(title: str, value: Text, note: str = "") -> Text: ...
@overload
def step(title: str, value: Day, note: str = "") -> Day: ...
def step(title: str, value: Number | Text | Day, note: str = "") -> Number | Text | Day:
    """A named intermediate result: one line of the explanation, one helper column of a plain workbook."""
    if isinstance(value, Number):
        return Number(
            "step", (value,), (title, note),
            unit=value.unit, decimals=value.decimals, low=value.low, high=value.high,
        )  # fmt: skip
    if isinstance(value, Text):
        return Text("step", (value,), (title, note), values=value.values)
    return Day("step", (value,), (title, note))


def same_unit(*values: Number) -> None:
    common_unit(values)


def year_of(day: Day) -> Number:
    """The calendar year of a date."""
    return Number("year_of", (day,), unit="年份", decimals=0, low=Decimal(1900), high=Decimal(9999))


def periods(period: str, first: Day, last: Day) -> Number:
    """How many calendar months (月), weeks from Monday on (周) or days (日) two dates reach into, both ends included."""
    if period not in PERIODS:
        refuse(f"没有期间“{period}”，可用：{'、'.join(PERIODS)}")
    top = Decimal(120000)
    return Number("periods", (first, last), period, unit="个", decimals=0, low=-top, high=top)


def add_years(day: Day, years: Number) -> Day:
    """The same day some years later, in whole years; 29 February becomes 28 February in a common year."""
    return Day("add_years", (day, years))


def add_days(day: Day, days: Number) -> Day:
    """Some days later, in whole days."""
    return Day("add_days", (day, days))


def days_between(first: Day, last: Day) -> Number:
    """Days from `first` to `last`; negative where `last` is earlier."""
    top = Decimal(120000)
    return Number("days_between", (first, last), unit="日", decimals=0, low=-top, high=top)
