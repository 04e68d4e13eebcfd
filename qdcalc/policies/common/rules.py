"""What several documents share, and questions about the documents: in force or not, citation, working, notice.

Whatever asks the registry imports it when called: this module is itself one of those that the registry loads.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, TypeVar

import qdcalc.policies.common.targets  # noqa: F401  # registers its functions
from qdcalc.errors import CalculationError, InvalidValue, UnknownName, UsageError
from qdcalc.rules import Choice, Quantity, Text, choose, half_up, plain_function, provision, step, text
from qdcalc.rules.arguments import AnyType, DayType, ManyType, TextType, number_type
from qdcalc.rules.clauses import HIGHER, PickMode, pick_higher
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Share, Yuan

DISTRICT_PART = "区（市）级"
_PART_WORDS = dict.fromkeys(("区（市）", "区市级", "区市", "区级", "区县级", "区县", "县级"), DISTRICT_PART)
Part = Annotated[Text, Choice(("市级", DISTRICT_PART), {**_PART_WORDS, "市": "市级", "市本级": "市级"})]
FIELDS = {
    "title": "名称",
    "number": "文号",
    "issued": "印发日期",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
    "departments": "责任部门",
    "funding": "资金来源",
}
Field = Annotated[str, Choice(tuple(FIELDS), {title: field for field, title in FIELDS.items()})]
Amounts = Annotated[tuple[Decimal | None, ...], ManyType(number_type("元"))]
Dates = Annotated[tuple[datetime.date | None, ...], ManyType(DayType())]

ARGUMENTS: Titles = {
    "own": ("本政策金额（元）", "按本政策可得的金额"),
    "other": ("其他政策金额（元）", "同一对象按其他政策可得的金额，没有填 0"),
    "mode": ("方式", "择高：只享受高的一项；补差：补足差额"),
    "total": ("总额（元）", "市与区（市）共同负担的金额"),
    "city_share": ("市级比例", "文件没有写明分担比例，须由填表人给出"),
    "part": "部分",
    "policy": ("政策", "编号（road、D5）或文号（青政办发〔2018〕19号）"),
    "field": "项目",
    "date": "日期",
    "function": ("函数名", "如 QD_ROAD_SUBSIDY"),
    "arg": ("参数", "依次填该函数的参数"),
    "amounts": ("申请金额（元）", "每个项目一行"),
    "dates": ("完成日期", "与申请金额同样的行"),
    "budget": ("年度资金（元）", "当年可用的奖补资金"),
    "row": ("行号", "只取第几行（从 1 起），不填给出整列"),
}
ASKING = "不对应某一条款"


# ---------------------------------------------------------------- shared clauses


@provision(
    "QD_PICK_HIGHER",
    title="就高不重复",
    article="青政办发〔2018〕17号《青岛市金融高端人才评选管理办法》第九条（一）；青政办发〔2018〕18号二（二）、五（一）",
    arguments=ARGUMENTS,
    dated=False,
)
def higher(own: Yuan, other: Yuan, mode: PickMode = HIGHER) -> Yuan:
    return pick_higher(own, other, mode)


@provision(
    "QD_FISCAL_SPLIT",
    title="市与区（市）分担",
    article="青政办发〔2018〕18号一（七）、三（五）",
    arguments=ARGUMENTS,
    description="市级部分四舍五入到分，区（市）级部分为其余：两部分相加总等于总额。",
    dated=False,
)
def fiscal_split(total: Yuan, city_share: Share, part: Part = text("市级")) -> Yuan:
    city = step("市级承担", half_up(total * city_share, 2))
    return choose((part == "市级", city), otherwise=step("区（市）级承担", total - city))


@plain_function(
    "QD_ALLOCATE",
    title="年度资金先干先得",
    article="青政办发〔2018〕19号附件1 五（三）",
    arguments=ARGUMENTS,
    description="按完成日期先后付足，同一天的按行序，直到资金用完；给出整列，或用行号只取一行。",
)
def allocate(
    amounts: Amounts, dates: Dates, budget: Annotated[Decimal, number_type("元")],
    row: Annotated[Decimal | None, number_type("")] = None,
) -> Annotated[object, Quantity("元")]:  # fmt: skip
    if len(amounts) != len(dates):
        rows = f"完成日期 {len(dates)} 行，申请金额 {len(amounts)} 行"
        raise InvalidValue(f"完成日期：行数不同（{rows}），应选同样的行", "完成日期")
    if row is not None and not 1 <= row <= len(amounts):
        raise InvalidValue(f"行号：{row} 不在 1 至 {len(amounts)} 之间", "行号")
    paid = _paid(amounts, dates, budget)
    return [[amount] for amount in paid] if row is None else paid[int(row) - 1]


def _paid(amounts: Amounts, dates: Dates, budget: Decimal) -> list[Decimal | str]:
    """What each row gets; "" for a blank row. An unfinished row is an error: any guess would change the others'."""
    queue: list[tuple[datetime.date, int, Decimal]] = []
    for position, (amount, date) in enumerate(zip(amounts, dates, strict=True)):
        if amount is None and date is None:
            continue
        if date is None:
            raise InvalidValue(f"完成日期：第{position + 1}行有申请金额而没有完成日期，请补填", "完成日期")
        if amount is None:
            raise InvalidValue(f"申请金额（元）：第{position + 1}行有完成日期而没有金额，请补填", "申请金额（元）")
        queue.append((date, position, amount))
    paid: list[Decimal | str] = [""] * len(amounts)
    for _, position, amount in sorted(queue):
        paid[position] = min(amount, budget)
        budget -= min(amount, budget)
    return paid


# ---------------------------------------------------------------- questions about the documents

Found = TypeVar("Found")


def _looked_up(find: Callable[[str], Found], word: str, title: str) -> Found:
    """What a name stands for. A wrong name is a wrong use of the program, but in a cell it is an error value."""
    try:
        return find(word)
    except UsageError as error:
        raise UnknownName(f"{title}：{error.sentence}", title) from error


def _document(word: str) -> Policy:
    from qdcalc.policies import find_policy

    found = _looked_up(find_policy, word, "政策")
    if not found.number:
        raise UnknownName(f"政策：“{word}”不是一份文件", "政策")
    return found


def _function(name: str) -> Function:
    from qdcalc.policies import find

    return _looked_up(find, name, "函数名")


@plain_function(
    "QD_POLICY_INFO",
    title="政策信息",
    article=ASKING,
    arguments=ARGUMENTS,
    description="文件的名称、文号、印发日期、有效期、责任部门和资金来源；文中没有写的，照实说明。",
)
def policy_info(policy: Annotated[str, TextType()], field: Field) -> object:
    document = _document(policy)
    if field == "departments":
        return "、".join(document.departments) or "文中未列"
    return getattr(document, field) or "文中未写"


@plain_function(
    "QD_POLICY_IN_FORCE",
    title="政策是否有效",
    article=ASKING,
    arguments=ARGUMENTS,
    description="某日是否在有效期内，首尾两日都算；文中没有写开始日期的从印发之日起，没有写截止日期的不设截止。",
)
def in_force(policy: Annotated[str, TextType()], date: datetime.date) -> bool:
    document = _document(policy)
    begun = document.start is None or document.start <= date
    return begun and (document.valid_to is None or date <= document.valid_to)


@plain_function(
    "QD_CITE", title="函数依据", article=ASKING, arguments=ARGUMENTS, description="文件、文号、条款和所取的口径。"
)
def cite(function: Annotated[str, TextType()]) -> str:
    found = _function(function)
    readings = found.tree.readings.values() if found.traced else ()
    taken = "；".join(f"{reading.title}：{reading.default}" for reading in readings)
    return found.citation + (f"（口径：{taken}）" if taken else "")


@plain_function(
    "QD_EXPLAIN",
    title="计算过程",
    article=ASKING,
    arguments=ARGUMENTS,
    description="一步一句说明某次计算：数值、所在档次、上限、依据和口径；不能计算时说明原因。",
)
def explanation(function: Annotated[str, TextType()], *arg: Annotated[object, AnyType()]) -> str:
    from qdcalc.rules.wording import explain

    found = _function(function)
    try:
        return str(explain(found, arg))
    except CalculationError as error:
        return error.sentence


@plain_function(
    "QD_NOTICE",
    title="提示",
    article=ASKING,
    arguments=ARGUMENTS,
    description="某次计算的错误原因或提示，没有则为空：供“提示”列使用。",
)
def notice(function: Annotated[str, TextType()], *arg: Annotated[object, AnyType()]) -> str:
    from qdcalc.rules.wording import notices

    return "；".join(notices(_function(function), arg))
