"""The numeric targets of all nine documents: what is aimed at, whether it is met, how far along, what is due in a year.

The rows are in targets.csv (a policy may have one in its own folder), percentages as fractions. A row that holds several values is split; its bare number is an
error that lists the parts. Everything is computed in whole fractions; only 复合 (compound) needs a power, which is rounded
to eight decimals so that every host gives the same.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from qdcalc.errors import InvalidValue, MissingValue, OutOfRange, PolicyError, UnknownName
from qdcalc.policies.datafile import folded, rows
from qdcalc.rules import Choice, Quantity, plain_function
from qdcalc.rules.arguments import NumberType, TextType, clean, number_type
from qdcalc.rules.places import ALIASES
from qdcalc.rules.registry import Titles
from qdcalc.rules.units import Unit, plain

TARGETS = Path(__file__).with_name("targets.csv")
AS_FRACTION = "（百分数写成小数）"
LINEAR, COMPOUND = "线性", "复合"
MET, UNMET, NOTICE = "达标", "未达标", "提示"
DROP, RANGE, RISING, FALLING, RISING_FROM = "下降", "区间", "逐年上升", "逐年下降", ">=且逐年上升"


class MeasureType(NumberType):
    """A number of whatever unit the row has, to eight decimals; 90% may be typed for 0.9."""

    def from_text(self, text: str, title: str) -> Decimal:
        word = clean(text)
        if word.endswith("%"):
            return self.settle(super().from_text(word[:-1], title) / 100, title)
        return super().from_text(word, title)

    def help(self) -> str:
        return "与目标同一单位，百分数填小数或百分比"


MEASURE = MeasureType(Unit("", 8, Decimal(10**12)), signed=True)
Actual = Annotated[Decimal, MEASURE]
Base = Annotated[Decimal | None, MEASURE]
Identity = Annotated[str, TextType()]
FIELDS = {
    "indicator": "指标",
    "base": f"基期值{AS_FRACTION}",
    "target": f"目标值{AS_FRACTION}",
    "year": "目标年",
    "direction": "方向",
    "unit": "单位",
    "article": "条款",
    "base_year": "基期年",
    "upper": f"区间上限{AS_FRACTION}",
    "softness": "软硬",
    "policy": "文件",
    "note": "说明",
}
Field = Annotated[
    str, Choice(tuple(FIELDS), {title.removesuffix(AS_FRACTION): field for field, title in FIELDS.items()})
]
Method = Annotated[str, Choice((LINEAR, COMPOUND))]

ARGUMENTS: Titles = {
    "target": ("目标编号", "如 T093；一行有多个值的写明是哪一个，如 T081-2019、T147-黄岛区"),
    "field": "项目",
    "actual": ("实际值", "与目标同一单位；目标是降幅的，填实际水平"),
    "base": ("基期值", "目标表没有基期值、目标是降幅或逐年变化时须填，填了以此为准"),
    "year": ("年份", "基期年至目标年之间"),
    "method": ("方法", "线性：每年增量相同；复合：每年增幅相同"),
}
ARTICLE = "各文件的目标，条款见各行"


@dataclass(frozen=True)
class Target:
    """One row. Numbers are None where the text gives none; `goal` of a drop is the share by which it falls."""

    identity: str
    cells: Mapping[str, str]

    def number(self, title: str) -> Decimal | None:
        text = self.cells[title]
        return Decimal(text) if text else None

    @property
    def base(self) -> Decimal | None:
        return self.number(FIELDS["base"])

    @property
    def goal(self) -> Decimal | None:
        return self.number(FIELDS["target"])

    @property
    def upper(self) -> Decimal | None:
        return self.number(FIELDS["upper"])

    @property
    def direction(self) -> str:
        return self.cells["方向"]

    @property
    def missed(self) -> str:
        """What a miss is called: a soft target is only pointed out."""
        return NOTICE if self.cells["软硬"] == "软" else UNMET

    def checked(self, value: Decimal, title: str) -> Decimal:
        """A value that this row can have. Raises InvalidValue."""
        if value < 0 and self.cells["可为负"] != "是":
            raise InvalidValue(f"{title}：{plain(value)} 是负数，应不小于 0", title)
        if self.cells["单位"] == "比例" and self.direction != DROP and value > 1:
            raise InvalidValue(f"{title}：{plain(value)} 大于 1；60 应填 60% 或 0.6，允许 0 至 1", title)
        return value

    def start(self, given: Decimal | None) -> Decimal:
        """The base: as given, else the row's. Raises MissingValue."""
        found = self.base if given is None else self.checked(given, "基期值")
        if found is None:
            reason = "目标是降幅，须填基期值" if self.direction == DROP else "目标表没有基期值，须填写"
            raise MissingValue(f"基期值：{self.identity} 的{reason}", "基期值")
        return found


# ---------------------------------------------------------------- the table


@functools.cache
def _table() -> tuple[dict[str, Target], dict[str, list[str]]]:
    """(every row by its folded number, the parts of every split row by its bare number)."""
    found: dict[str, Target] = {}
    parts: dict[str, list[str]] = {}
    for file in (TARGETS, *sorted(set(TARGETS.parents[1].glob(f"*/{TARGETS.name}")) - {TARGETS})):
        _read(file, found, parts)
    return found, parts


def _read(file: Path, found: dict[str, Target], parts: dict[str, list[str]]) -> None:
    for row in rows(file):
        identity = row["编号"]
        if _key(identity) in found:
            raise PolicyError(file, identity, "编号已在另一行使用")
        found[_key(identity)] = Target(identity, row)
        bare, dash, _ = identity.partition("-")
        if dash:
            parts.setdefault(folded(bare), []).append(identity)


def _key(identity: str) -> str:
    """T147-西海岸新区 and T147-黄岛区 are the same row."""
    return "-".join(folded(ALIASES.get(part, part)) for part in clean(identity).split("-"))


def target_row(identity: str) -> Target:
    """The row of a number. Raises UnknownName, which lists the parts of a row that holds several values."""
    found, parts = _table()
    row = found.get(_key(identity))
    if row is not None:
        return row
    several = parts.get(_key(identity).split("-")[0])
    if several:
        shown = "、".join(several[:12]) + ("等" if len(several) > 12 else "")
        raise UnknownName(f"目标编号：“{identity}”应写明是哪一项：{shown}", "目标编号")
    raise UnknownName(f"目标编号：没有“{identity}”，应如 T093，见目标表 T001 至 T161", "目标编号")


@plain_function(
    "QD_TARGET",
    title="目标",
    article=ARTICLE,
    arguments=ARGUMENTS,
    description="目标表一行中的一项：指标、基期值、目标值、目标年、方向、单位、条款等；百分数给出小数，文中没有写的照实说明。",
)
def target(target: Identity, field: Field) -> object:
    row = target_row(target)
    cell = row.cells[FIELDS[field]]
    if field == "article":
        return f"{_document(row.cells['文件'])}{cell}"
    if field == "note":
        return cell
    if not cell:
        return "不适用" if field == "upper" or (field == "target") else "文中未写"
    return Decimal(cell) if field in ("base", "target", "year", "base_year", "upper") else cell


def _document(code: str) -> str:
    from qdcalc.policies import find_policy

    return find_policy(code).number + " "


# ---------------------------------------------------------------- met or not


@plain_function(
    "QD_TARGET_CHECK",
    title="目标是否达标",
    article=ARTICLE,
    arguments=ARGUMENTS,
    description="按目标的方向判断；区间目标达到下限即达标、超过上限为提示；约、左右、争取、原则上等软目标未达到为提示。",
)
def check(target: Identity, actual: Actual, base: Base = None) -> str:
    row = target_row(target)
    value, goal = row.checked(actual, "实际值"), row.goal
    compared = row.start(base) if row.direction in (DROP, RISING, FALLING, RISING_FROM) else None
    if row.direction == RANGE:
        assert goal is not None
        assert row.upper is not None
        if value > row.upper:
            return row.cells["超过区间上限"]
        return MET if value >= goal else row.missed
    return MET if _holds(row.direction, value, goal, compared) else row.missed


def _holds(direction: str, value: Decimal, goal: Decimal | None, base: Decimal | None) -> bool:
    if base is not None:
        if direction == DROP:
            return _drop(value, base) >= Fraction(goal or 0)
        if direction == FALLING:
            return value < base
        return value > base and (goal is None or value >= goal)
    assert goal is not None
    return {">=": value >= goal, ">": value > goal, "<=": value <= goal, "=": value == goal}[direction]


def _drop(value: Decimal, base: Decimal) -> Fraction:
    """1 − value ÷ base. Raises InvalidValue for a base of 0."""
    if base <= 0:
        raise InvalidValue("基期值：目标是降幅，基期值应大于 0", "基期值")
    return 1 - Fraction(value) / Fraction(base)


# ---------------------------------------------------------------- how far, and what is due


@plain_function(
    "QD_TARGET_PROGRESS",
    title="目标完成进度",
    article=ARTICLE,
    arguments=ARGUMENTS,
    description="从基期到目标走了多少：(实际值−基期值)÷(目标值−基期值)，区间目标按下限；目标是降幅的，实际降幅÷目标降幅。",
)
def progress(target: Identity, actual: Actual, base: Base = None) -> Annotated[Decimal, Quantity("比例")]:
    row = target_row(target)
    value, goal = row.checked(actual, "实际值"), _goal(row)
    start = row.start(base)
    if row.direction == DROP:
        return _rounded(_drop(value, start) / Fraction(goal), 4)
    if goal == start:
        raise InvalidValue("基期值：与目标值相同，没有进度可算", "基期值")
    return _rounded(Fraction(value - start) / Fraction(goal - start), 4)


def _goal(row: Target) -> Decimal:
    if row.goal is None:
        raise InvalidValue(f"目标编号：{row.identity} 只要求{row.direction}，没有目标值", "目标编号")
    return row.goal


@plain_function(
    "QD_TARGET_PATH",
    title="目标年度应达值",
    article=ARTICLE,
    arguments=ARGUMENTS,
    description="从基期年到目标年，某年应达到的值；目标是降幅的，给出应降到的水平。",
)
def path(
    target: Identity, year: Annotated[Decimal, number_type("年份", minimum=1900)], base: Base = None,
    method: Method = LINEAR,
) -> Decimal:  # fmt: skip
    return due(target_row(target), int(year), base, method)


def due(row: Target, year: int, base: Decimal | None, method: str) -> Decimal:
    """What is due of a target in a year. Raises InvalidValue, MissingValue, OutOfRange."""
    goal, first, last = _goal(row), row.cells["基期年"], row.cells["目标年"]
    if not (first and last):
        raise InvalidValue(f"目标编号：{row.identity} 没有写明基期年或目标年，不能推算年度值", "目标编号")
    start = row.start(base)
    if not int(first) <= year <= int(last):
        raise OutOfRange(f"年份：{year} 超出范围，应在 {first} 至 {last} 之间", "年份")
    done = Fraction(year - int(first), int(last) - int(first))
    end = Fraction(start) * (1 - Fraction(goal)) if row.direction == DROP else Fraction(goal)
    if method == LINEAR or done in (0, 1):
        return _rounded(Fraction(start) + (end - Fraction(start)) * done, 8)
    if start <= 0 or end <= 0:
        raise InvalidValue("方法：复合只用于基期值和目标值都大于 0 的目标，可用 线性", "方法")
    return _rounded(Fraction(float(start) * float(end / Fraction(start)) ** float(done)), 8)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, away from zero, without idle zeros."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    found = Decimal(whole).scaleb(-decimals)
    return Decimal(plain(-found if value < 0 and whole else found))
