"""附件3 to 附件7 of D8: the five lists of items, what counts as met, and what is said of a list of answers.

The text gives neither points nor a pass mark: without a threshold there is no verdict (A-D8-6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from qdcalc.errors import CalculationError, InvalidValue, MissingValue
from qdcalc.policies.datafile import rows
from qdcalc.rules.arguments import ArgumentType, FlagType, NumberType, clean, refuse_error
from qdcalc.rules.figures import Policy
from qdcalc.rules.units import Unit, half_up, in_words, plain

ITEMS = Path(__file__).with_name("checklist.csv")
NOT_APPLICABLE = "不适用"
ANSWERS, WEIGHTS = "答案", "权重"
_NUMBER = NumberType(Unit("", 6, Decimal(10**6)))
_FLAG = FlagType()

Answer = bool | Decimal | str


@dataclass(frozen=True)
class AnswerType(ArgumentType):
    """是 or 否; for an item with a threshold also the number itself (85%, 0.85, 4); 不适用 where an item may be passed
    over. What an item accepts is checked when the item is known."""

    def from_cell(self, cell: object, title: str) -> Answer:
        refuse_error(cell, title)
        if isinstance(cell, str) and clean(cell) == NOT_APPLICABLE:
            return NOT_APPLICABLE
        if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
            return _NUMBER.from_cell(cell, title)
        if isinstance(cell, str) and clean(cell).removesuffix("%").replace(".", "", 1).isdigit():
            raise InvalidValue(f"{title}：“{cell.strip()}”是以文本形式存储的数字，请把单元格改为数值", title)
        return _FLAG.from_cell(cell, title)

    def from_text(self, text: str, title: str) -> Answer:
        word = clean(text)
        digits = word.removesuffix("%").strip()
        if not digits[:1].isdigit() and digits[:1] not in ("-", "+", "."):
            return self.from_cell(word, title)
        number = _NUMBER.from_text(digits, title)
        return number / 100 if word.endswith("%") else number

    def help(self) -> str:
        return "填 是、否；有数值门槛的项目也可填数值；新建小区入住率可填 不适用"

    @property
    def example(self) -> str:
        return "是"


@dataclass(frozen=True)
class Item:
    """One row of a list. `figure`: the threshold in policy.toml, "" where there is none; `strict`: more than it."""

    number: int
    label: str
    form: str
    is_gate: bool
    figure: str
    relation: str
    skippable: bool

    @property
    def name(self) -> str:
        return f"第{self.number}项{self.label}"


@dataclass(frozen=True)
class Outcome:
    """Of one item: met or not, None for 不适用; `shown` is the number that fell short and what it should be."""

    item: Item
    weight: Decimal
    met: bool | None
    shown: str = ""

    @property
    def told(self) -> str:
        return self.item.name + self.shown


def items(name: str, count: int) -> list[Item]:
    """The items of a list. 节约型机关 is two lists, 独立办公 (16) and 集中办公 (5): the number of answers says which, 21
    are both. Raises InvalidValue where it is none of them."""
    found = [row for row in rows(ITEMS) if row["清单"] == name]
    forms = list(dict.fromkeys(row["办公形式"] for row in found))
    choices = {len(found): found}
    for form in forms:
        part = [row for row in found if row["办公形式"] == form]
        choices[len(part)] = part
    if count not in choices:
        parts = [f"{form} {sum(row['办公形式'] == form for row in found)} 项" for form in forms if form]
        hint = f"（{'，'.join(parts)}，合计 {len(found)} 项）" if parts else f" {len(found)} 项"
        raise InvalidValue(f"{ANSWERS}：有 {count} 个，“{name}”应逐项填写{hint}", ANSWERS)
    return [
        Item(
            number, row["项目"], row["办公形式"], bool(row["基本条件"]), row["门槛"], row["比较"], bool(row["可不适用"])
        )
        for number, row in enumerate(choices[count], start=1)
    ]


def outcomes(
    name: str, answers: Sequence[Answer | None], weights: Sequence[Decimal | None] | None, policy: Policy
) -> list[Outcome]:
    """Every item with its answer weighed. Raises CalculationError naming the item at fault."""
    listed = items(name, len(answers))
    if weights is not None and len(weights) != len(answers):
        raise InvalidValue(f"{WEIGHTS}：有 {len(weights)} 个，{ANSWERS}有 {len(answers)} 个，应选同样的行", WEIGHTS)
    found = []
    for position, (item, answer) in enumerate(zip(listed, answers, strict=True)):
        weight = Decimal(1) if weights is None else weights[position]
        if answer is None:
            raise MissingValue(f"{ANSWERS}：{item.name}未填写（填 是 或 否）", ANSWERS)
        if weight is None:
            raise MissingValue(f"{WEIGHTS}：{item.name}的权重未填写，没有权重填 0", WEIGHTS)
        found.append(_outcome(item, answer, weight, policy))
    return found


def _outcome(item: Item, answer: Answer, weight: Decimal, policy: Policy) -> Outcome:
    if answer == NOT_APPLICABLE:
        if not item.skippable:
            raise InvalidValue(f"{ANSWERS}：{item.name}不能填 {NOT_APPLICABLE}，应填 是 或 否", ANSWERS)
        return Outcome(item, weight, None)
    if isinstance(answer, bool):
        return Outcome(item, weight, answer)
    assert isinstance(answer, Decimal)
    if not item.figure:
        if answer not in (0, 1):
            raise InvalidValue(f"{ANSWERS}：{item.name}没有数值门槛，{plain(answer)} 应改填 是 或 否", ANSWERS)
        return Outcome(item, weight, answer == 1)
    figure = policy.figures[f"checklist.{item.figure}"]
    if figure.unit == "比例" and answer > 1:
        raise _share_above_one(item, answer)
    threshold = figure.data
    assert isinstance(threshold, Decimal)
    met = answer > threshold if item.relation == "大于" else answer >= threshold
    short = f"（{in_words(answer, figure.unit)}，应{item.relation} {in_words(threshold, figure.unit)}）"
    return Outcome(item, weight, met, "" if met else short)


def _share_above_one(item: Item, answer: Decimal) -> CalculationError:
    return InvalidValue(f"{ANSWERS}：{item.name}的 {plain(answer)} 大于 1；85 应填 85% 或 0.85", ANSWERS)


def report(found: Sequence[Outcome], threshold: Decimal | None, weighted: bool) -> str:
    """Without a threshold the share met, gate items and what is missing; with one 符合, or 不符合 and why."""
    gates = [one for one in found if one.item.is_gate and one.met is not None]
    rest = [one for one in found if not one.item.is_gate and one.met is not None]
    total = sum((one.weight for one in rest), Decimal(0))
    if not total:
        raise InvalidValue(f"{WEIGHTS}：基本条件以外各项的权重合计为 0，不能计算达成率", WEIGHTS)
    reached = sum((one.weight for one in rest if one.met), Decimal(0))
    share = in_words(half_up(reached / total, 4), "比例")
    failed = [one.told for one in gates if not one.met]
    missing = [one.told for one in rest if not one.met]
    gate_words = f"基本条件未通过：{'、'.join(failed)}"
    missing_words = f"未达成：{'、'.join(missing)}"
    if threshold is None:
        counted = "加权" if weighted else f"{len(rest) - len(missing)}/{len(rest)}"
        parts = [f"达成率 {share}（{counted}）"]
        if gates:
            parts.append(gate_words if failed else "基本条件全部通过")
        return "；".join([*parts, missing_words] if missing else parts)
    reasons = [gate_words] if failed else []
    if reached < total * threshold:
        reasons += [f"达成率 {share}，低于要求的 {in_words(threshold, '比例')}", missing_words]
    return f"不符合：{'；'.join(reasons)}" if reasons else "符合"
