"""百名局长进审批服务大厅 (D9): valid days of a person in a month, whether they suffice, person-days due."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated

from qdcalc.policies.duty.roster import NAME, NAMES, SIGN_INS, SIGN_OUTS, NameType, StampType, valid_days
from qdcalc.rules import (
    Day,
    Number,
    Quantity,
    Text,
    as_unit,
    choose,
    day_figure,
    figure,
    plain_function,
    provision,
    round_up,
    step,
    warn,
)
from qdcalc.rules.arguments import ManyType
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Months

Names = Annotated[tuple[str | None, ...], ManyType(NameType())]
Stamps = Annotated[tuple[datetime.date | None, ...], ManyType(StampType())]
DaysOfMonth = Annotated[Number, Quantity("天", maximum=31)]
Members = Annotated[Number, Quantity("人", maximum=100_000)]
PersonDays = Annotated[Number, Quantity("人日")]

ARGUMENTS: Titles = {
    "names": (NAMES, "签到表的姓名列，没有签到的人也列出"),
    "sign_ins": (SIGN_INS, "签到表的签到列，与姓名同样的行"),
    "sign_outs": (SIGN_OUTS, "签到表的签退列，与姓名同样的行"),
    "name": (NAME, "要统计的人，须在姓名列中"),
    "month": ("月份", "该月的任意一天"),
    "days": ("有效天数（天）", "当月同日有签到和签退的整天数；两个半天不折成1天，不要相加"),
    "members": ("人数（人）", "应进驻的领导班子成员数"),
    "months": ("月数（月）", "应进驻的月数，全年为12"),
}


@plain_function(
    "QD_DUTY_DAYS",
    title="当月有效驻厅天数",
    article="二（二）、三（二）",
    arguments=ARGUMENTS,
    description="一个人当月同一天既有签到又有签退的天数，同一天只算一次；别人代签、代驻的不算。",
    dated=True,
)
def days(
    names: Names, sign_ins: Stamps, sign_outs: Stamps, name: Annotated[str, NameType()], month: datetime.date
) -> Annotated[Decimal, Quantity("天")]:
    return Decimal(valid_days(names, sign_ins, sign_outs, name, month))


@provision(
    "QD_DUTY_CHECK",
    title="当月驻厅是否达标",
    article="二（二）",
    arguments=ARGUMENTS,
    description="每人每月不少于1天，不可跨月抵补；2018年9月起考核，以前的月份不考核。",
)
def check(days: DaysOfMonth, month: Day) -> Text:
    least = step("每月最少天数", figure("days"))
    begun = month >= day_figure("start")
    warn(begun & (days < round_up(days)) & (days > least), "天数带半天：两个半天不折成1天，请核对是否把半天相加")
    return choose((~begun, "不考核"), (days >= least, "达标"), otherwise="未达标")


@provision(
    "QD_DUTY_QUOTA",
    title="应驻厅人日",
    article="二（二）",
    arguments=ARGUMENTS,
    description="人数 × 月数 × 每人每月最少天数；只算总数，不能用它代替每人每月的核对。",
)
def quota(members: Members, months: Months) -> PersonDays:
    monthly = step("每月应驻", as_unit(members, "人日") * as_unit(figure("days"), "倍"))
    return step("应驻人日", monthly * as_unit(months, "倍"))
