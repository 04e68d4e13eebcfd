"""下放平度市权限 (D1): the 49 items, whether one may be handled in 平度, and the time limit for the agreements."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from qdcalc.errors import UnknownName
from qdcalc.policies.datafile import folded, rows
from qdcalc.rules import (
    TRUE,
    Choice,
    Day,
    Flag,
    Number,
    Quantity,
    Text,
    add_days,
    band,
    choose,
    day_figure,
    days_between,
    figure,
    larger,
    names,
    one_of,
    plain_function,
    provision,
    reading,
    require,
    step,
    verdict,
    warn,
)
from qdcalc.rules.arguments import TextType, number_type
from qdcalc.rules.registry import Titles

ITEMS = Path(__file__).with_name("items.csv")
TOTAL = 49
PUBLISHED = Day("constant", (), datetime.date(2018, 8, 30))

Sequence = Annotated[Number, Quantity("", minimum=1, maximum=TOTAL)]
SequenceNumber = Annotated[Decimal, number_type("", minimum=1, maximum=TOTAL)]
Category = Annotated[Text, Choice("categories.choices")]
Department = Annotated[str | None, Choice("departments")]
Field = Annotated[str, Choice(("实施机关", "权限名称", "备注"))]
LateDays = Annotated[Number, Quantity("日")]

ARGUMENTS: Titles = {
    "seq": ("序号", "清单中的序号，1 至 49"),
    "field": "项目",
    "keyword": ("关键词", "在权限名称中查找，如 采矿权"),
    "department": "实施机关",
    "in_pingdu": ("在平度区域", "事项是否在平度市行政区域内"),
    "cross_region": ("跨区域项目", "是否为跨区域项目的审批管理"),
    "category": ("类别", "序号7至14填学校类别，28至43填医疗机构级别，其余填 无"),
    "date": ("办理日期", "行使权限的日期"),
    "agreement_signed": ("已签协议", "是否已签订委托协议"),
    "published": ("公布日期", "决定发布的日期"),
    "signed": ("签订日期", "签订委托协议的日期"),
}


# ---------------------------------------------------------------- 附件: the list


@plain_function("QD_DELEGATION_ITEM", title="下放权限事项", article="附件", arguments=ARGUMENTS,
                description="清单中一项的实施机关、权限名称或备注；没有备注的给出空文字。")  # fmt: skip
def item(seq: SequenceNumber, field: Field = "权限名称") -> str:
    return rows(ITEMS)[int(seq) - 1][field]


@plain_function("QD_DELEGATION_FIND", title="查找下放权限", article="附件", arguments=ARGUMENTS,
                description="权限名称含关键词的各项序号，一列；可限定实施机关。")  # fmt: skip
def find(keyword: Annotated[str, TextType()], department: Department = None) -> object:
    wanted = folded(keyword)
    found = [[Decimal(row["序号"])] for row in _of(department) if wanted in folded(row["权限名称"])]
    if not found:
        where = f"{department}的" if department else ""
        raise UnknownName(f"关键词：{where}权限名称都不含“{keyword}”，可换短一些的词", "关键词")
    return found


@plain_function("QD_DELEGATION_COUNT", title="下放权限项数", article="三；附件", arguments=ARGUMENTS,
                description="清单的项数；可限定实施机关。")  # fmt: skip
def count(department: Department = None) -> Annotated[Decimal, Quantity("项")]:
    return Decimal(len(_of(department)))


def _of(department: str | None) -> list[Mapping[str, str]]:
    return [row for row in rows(ITEMS) if department in (None, row["实施机关"])]


# ---------------------------------------------------------------- 三: who handles a matter


@provision("QD_DELEGATION_CHECK", title="是否由平度办理", article="三；附件", arguments=ARGUMENTS, dated=False)
def check(
    seq: Sequence, in_pingdu: Flag, cross_region: Flag, category: Category, date: Day, agreement_signed: Flag = TRUE
) -> Text:
    block = step("备注", band("notes.blocks", seq))
    for_schools = one_of(block, names("notes.schools"))
    for_hospitals = one_of(block, names("notes.hospitals"))
    require(
        ~for_schools | one_of(category, names("categories.schools")),
        "类别：此项限定学校类别，应填学校类别，如 民办普通高中",
    )
    require(
        ~for_hospitals | one_of(category, names("categories.hospitals")),
        "类别：此项除外三级医疗机构，应填医疗机构级别，如 二级医疗机构",
    )
    tertiary = category == "三级医疗机构"
    several_places = (seq == figure("notes.several_places")) & ~tertiary
    warn(several_places, "多地点执业的，任一执业地点为三级医疗机构即由市级办理")
    unsigned = ~agreement_signed & reading("agreement", "不以协议为前提")
    warn(unsigned, "尚未签订委托协议：按所取口径不影响办理")
    named = (seq >= figure("notes.non_degree_first")) & (seq <= figure("notes.non_degree_last"))
    school = (
        one_of(category, names("categories.delegated"))
        | (reading("vocational", "中职学校不限民办") & (category == "公办中职学校"))
        | (reading("non_degree", "以权限名称为准") & named & (category == "高等非学历学校"))
    )
    decided = verdict(
        (date >= day_figure("effective"), "办理日期早于施行日"),
        (~cross_region, "跨区域项目审批管理权限不下放"),
        (~for_schools | school, "备注限于民办普通高中、中职学校"),
        (~for_hospitals | ~tertiary, "备注除外三级医疗机构"),
        (agreement_signed | unsigned, "尚未签订委托协议"),
        met="可由平度办理",
        unmet="市级办理",
    )
    return choose((~in_pingdu, "不适用：不在平度市行政区域内"), otherwise=decided)


# ---------------------------------------------------------------- 四（一）: thirty days for seal, conferral and agreement


def _deadline(published: Day) -> Day:
    days = figure("deadline")
    counted = choose((reading("deadline_count", "当日起"), days - 1), otherwise=days)
    return step("截止日", add_days(published, counted))


@provision(
    "QD_DELEGATION_DEADLINE",
    title="委托协议签订期限",
    article="四（一）",
    arguments=ARGUMENTS,
    description="刻制专用章、授予审批机关、签订委托协议的最后一日；备案和业务培训没有期限。",
    dated=False,
)
def deadline(published: Day = PUBLISHED) -> Day:
    return _deadline(published)


@provision("QD_DELEGATION_OVERDUE", title="委托协议签订逾期天数", article="四（一）", arguments=ARGUMENTS, dated=False)
def overdue(signed: Day, published: Day = PUBLISHED) -> LateDays:
    warn(signed < published, "签订日期早于公布日期，请核对")
    return step("逾期天数", larger(0, days_between(_deadline(published), signed)))
