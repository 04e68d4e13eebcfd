"""农村生活垃圾分类 (D6): cleaners of a village, coverage, inspections due, and where a kind of waste goes."""

from __future__ import annotations

from typing import Annotated

from qdcalc.rules import (
    Choice,
    Day,
    Flag,
    Number,
    Quantity,
    Text,
    as_unit,
    choose,
    figure,
    label,
    larger,
    nothing,
    periods,
    provision,
    ratio,
    reading,
    require,
    step,
    warn,
    whole_quotient,
)
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Households, People, Ratio

Villages = Annotated[Number, Quantity("村")]
Level = Annotated[Text, Choice("levels")]
Inspections = Annotated[Number, Quantity("次")]

ARGUMENTS: Titles = {
    "households": ("常住户数（户）", "村（社区）的常住户数"),
    "sorted_villages": ("已分类村数（村）", "已开展生活垃圾分类收集的村（社区）"),
    "villages": ("村数（村）", "行政村（社区）总数"),
    "level": "层级",
    "start": ("起日", "应检查的期间，含当日"),
    "end": ("止日", "应检查的期间，含当日"),
    "hazardous": ("有害垃圾", "是否为有害垃圾"),
    "bulky": ("大件垃圾", "是否为大件垃圾"),
    "perishable": ("易腐烂", "是否易腐烂，厨余垃圾沥干水分后填 是"),
    "sellable": ("好卖的", "不易腐烂的垃圾中，保洁员二次分拣为好卖的"),
}


@provision(
    "QD_WASTE_CLEANERS",
    title="村（社区）应配保洁员",
    article="二（四）",
    arguments=ARGUMENTS,
    description="按常住户数至少100户1人配备保洁员（垃圾分拣员），不足100户的村（社区）至少1名。",
)
def cleaners(households: Households) -> People:
    each = figure("cleaners.households")
    begun = whole_quotient(households, each)
    # one less where the last hundred is only begun
    full = larger(0, choose((begun * each > households, begun - 1), otherwise=begun))
    counted = choose(
        (reading("cleaners", "舍去"), full),
        (reading("cleaners", "四舍五入"), ratio(households, each, decimals=0)),
        otherwise=begun,
    )
    due = larger(step("按户数计算", counted), figure("cleaners.minimum"))
    return choose((households <= 0, nothing("没有常住户，不配保洁员")), otherwise=step("应配保洁员", due))


@provision("QD_WASTE_COVERAGE", title="分类收集覆盖率", article="一（二）", arguments=ARGUMENTS)
def coverage(sorted_villages: Villages, villages: Villages) -> Ratio:
    require(sorted_villages <= villages, "已分类村数不能大于村数")
    return ratio(sorted_villages, villages, zero="村数为 0，不能计算覆盖率")


# ---------------------------------------------------------------- 三（三） inspections


@provision(
    "QD_WASTE_INSPECTIONS",
    title="应检查次数",
    article="三（三）",
    arguments=ARGUMENTS,
    description="区（市）按月、镇（街道）按周（周一起）、村（社区）按日检查；首尾两日都算，不足一月一周的也计1次。",
)
def inspections(level: Level, start: Day, end: Day) -> Inspections:
    require(start <= end, "止日早于起日")
    period = label("inspections", level)
    due = choose(
        (period == "月", periods("月", start, end)),
        (period == "周", periods("周", start, end)),
        otherwise=periods("日", start, end),
    )
    return step("应检查次数", as_unit(due, "次"))


# ---------------------------------------------------------------- 二（一） where it goes


@provision(
    "QD_WASTE_STREAM",
    title="垃圾去向",
    article="二（一）",
    arguments=ARGUMENTS,
    description="有害垃圾、大件垃圾单列；其余按“二次四分法”，先分易腐烂与不易腐烂，不易腐烂的再分好卖的与不好卖的。",
)
def stream(hazardous: Flag, bulky: Flag, perishable: Flag, sellable: Flag) -> Text:
    warn(hazardous & (bulky | perishable | sellable), "同时属于其他类别：按有害垃圾单独投放")
    warn(~hazardous & bulky & (perishable | sellable), "同时属于其他类别：按大件垃圾源头分流")
    warn(~hazardous & ~bulky & perishable & sellable, "好卖的只从不易腐烂的垃圾中分拣：按易腐烂处理")
    return choose(
        (hazardous, "单独投放、专门处置（原文未定去向）"),
        (bulky, "源头分流"),
        (perishable, "生物减量化处理后作肥料，或运到指定地点焚烧、填埋"),
        (sellable, "区（市）再生资源回收公司上门、定时、兜底回收"),
        otherwise="就地减量无害化处理，无法就地减量的焚烧、填埋",
    )
