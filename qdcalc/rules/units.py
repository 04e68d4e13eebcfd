"""Units: the fixed decimals and the maximum of every kind of number.

A unit is a label with two facts: how many decimals a number of it carries, and how large it may be. Both are what makes
exactness provable: they propagate through a rule's tree when it is registered, so that no host can overflow.
`比例` is a fraction (0.16 is 16%); `倍` is a factor; `百分点` is a difference of percentages. They are not the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=60)
_ROUND = Context(prec=60)

COUNTS = (
    "人",
    "个",
    "项",
    "篇",
    "座",
    "处",
    "家",
    "户",
    "周岁",
    "条",
    "件",
    "支",
    "村",
    "次",
    "辆",
    "名",
    "分",
    "场",
    "车位",
)


@dataclass(frozen=True)
class Unit:
    """`name` as printed, `decimals` it carries, `maximum` of an argument or figure. `whole`: a fraction is an error."""

    name: str
    decimals: int
    maximum: Decimal
    whole: bool = False

    @property
    def is_plain(self) -> bool:
        """True for numbers without a dimension, which scale any other unit."""
        return self.name in PLAIN


PLAIN = frozenset({"", "比例", "倍"})


def _unit(name: str, decimals: int, maximum: int | str, whole: bool = False) -> Unit:
    return Unit(name, decimals, Decimal(maximum), whole)


UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        _unit("", 0, 10**6, whole=True),
        _unit("元", 2, 10**12),
        _unit("元/公里", 2, 2 * 10**6),
        _unit("元/月", 2, 10**6),
        _unit("元/年", 2, 10**7),
        _unit("元/个", 2, 2 * 10**7),
        _unit("元/处", 2, 2 * 10**7),
        _unit("元/人", 2, 2 * 10**7),
        _unit("元/家", 2, 2 * 10**7),
        _unit("元/项", 2, 2 * 10**7),
        _unit("公里", 3, 10**6),
        _unit("米", 2, 1000),
        _unit("厘米", 2, 1000),
        _unit("比例", 4, 1),
        _unit("倍", 3, 10),
        _unit("百分点", 4, 100),
        _unit("年", 4, 9999),
        _unit("年份", 0, 9999, whole=True),
        _unit("月", 0, 1200, whole=True),
        _unit("天", 2, 40000),
        _unit("日", 0, 40000, whole=True),
        _unit("万吨标准煤", 4, 10**8),
        _unit("亿元", 4, 10**8),
        _unit("吨标准煤/万元", 4, 10**6),
        _unit("户/人", 0, 10**4, whole=True),
        _unit("吨", 4, 10**8),
        _unit("公里、座或个", 3, 10**6),  # a column of D5 附件2: its rows are lengths, bridges and stations
        _unit("比例或万吨标准煤", 4, 10**4),  # the goals of D8 附件1 and 附件2 under one function
        _unit("人日", 0, 10**9, whole=True),
        *(_unit(name, 0, 10**6, whole=True) for name in COUNTS),
    )
}


def times(left: str, right: str) -> str | None:
    """The unit of a product, or None where the two do not go together (元 × 公里)."""
    for one, other in ((left, right), (right, left)):
        if one in PLAIN:
            return other
        head, slash, tail = one.partition("/")
        if slash and tail == other:
            return head
    return None


def over(left: str, right: str) -> str | None:
    """The unit of a quotient: 户 ÷ 户/人 = 人, 公里 ÷ 公里 = 比例; None where the two do not go together."""
    if left == right:
        return "比例"
    if right in PLAIN:
        return left
    head, slash, tail = right.partition("/")
    if slash and head == left:
        return tail
    return f"{left}/{right}" if f"{left}/{right}" in UNITS else None


def half_up(value: Decimal, decimals: int) -> Decimal:
    """`value` rounded half up (half away from zero) to `decimals`."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_ROUND)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros: 0.08, 1.2, 200000."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: Decimal, unit: str) -> str:
    """A number as people write it in Chinese: 90 万元/公里, 50%, 9,000,000.00 元, 1.2 倍, 12,000 户, 2018 年, 30 天."""
    if unit == "比例":
        return f"{plain(value * 100)}%"
    if unit == "元":
        return f"{half_up(value, 2):,.2f} 元" if value == half_up(value, 2) else f"{_grouped(value)} 元"
    if unit.startswith("元/"):
        if value and value % 10000 == 0:
            return f"{_grouped(value / 10000)} 万{unit}"
        return f"{_grouped(value)} {unit}"
    if unit == "年份":
        return f"{plain(value)} 年"
    if unit == "月":
        return f"{plain(value)} 个月"
    return f"{_grouped(value)} {'天' if unit == '日' else unit}".rstrip()


def _grouped(value: Decimal) -> str:
    """1234567.50 → 1,234,567.5"""
    return f"{Decimal(plain(value)):,f}"
