"""节能与绿色发展 (D8): intensity and its drop, goals of the 区（市）, dual control, the mix, chargers, green buying, travel,
and the checklists of 附件3 to 附件7."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Annotated

from qdcalc.errors import InvalidValue
from qdcalc.policies.energy import checklist, maths
from qdcalc.rules import (
    Choice,
    Flag,
    Number,
    Quantity,
    Text,
    as_unit,
    choose,
    figure,
    half_up,
    larger,
    plain_function,
    provision,
    ratio,
    reading,
    require,
    round_up,
    step,
    table,
    verdict,
    warn,
)
from qdcalc.rules.arguments import ManyType, NumberType, number_type
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import policy_in
from qdcalc.rules.places import ALIASES, DISTRICTS
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Kilometres, Ratio, Share, Yuan
from qdcalc.rules.units import Unit, plain

# 0.53625 is an example of the law's own figures: an intensity carries more decimals than the amounts it comes from.
INTENSITY = NumberType(Unit("吨标准煤/万元", 6, Decimal(10**4)))
FINE_SHARE = NumberType(Unit("比例", 8, Decimal(1)))
FINE_DROP = NumberType(Unit("比例", 8, Decimal(1)), signed=True)
YEARS = NumberType(Unit("年", 0, Decimal(100), whole=True), minimum=Decimal(1))

Intensity = Annotated[Number, INTENSITY]
IntensityValue = Annotated[Decimal, INTENSITY]
Energy = Annotated[Number, Quantity("万吨标准煤")]
EnergyOfRatio = Annotated[Number, Quantity("万吨标准煤", maximum=10**6)]
EnergyValue = Annotated[Decimal, number_type("万吨标准煤")]
Product = Annotated[Number, Quantity("亿元", maximum=10**6)]
EnergyPerProduct = Annotated[Number, Quantity("吨标准煤/万元")]
Goal = Annotated[Number, Quantity("比例或万吨标准煤")]
GoalDistrict = Annotated[Text, Choice("goal.districts")]
GoalItem = Annotated[Text, Choice("goal.items")]
District = Annotated[str, Choice(DISTRICTS, ALIASES)]
Spaces = Annotated[Number, Quantity("车位")]
Method = Annotated[str, Choice(("对数", "线性"))]
Share8 = Annotated[Decimal, Quantity("比例")]
ListName = Annotated[str, Choice("checklist.lists")]
Answers = Annotated[tuple[checklist.Answer | None, ...], ManyType(checklist.AnswerType())]
Weights = Annotated[tuple[Decimal | None, ...] | None, ManyType(NumberType(Unit("", 4, Decimal(10**6))))]
Threshold = Annotated[Decimal | None, number_type("比例")]

ARGUMENTS: Titles = {
    "energy": ("能源消费量（万吨标准煤）", "综合能源消费量"),
    "gdp": ("地区生产总值（亿元）", "比较各年时应为不变价"),
    "base": ("基期强度（吨标准煤/万元）", "基期的单位能耗；其他单耗、人均用水等同一单位的数也可"),
    "actual": ("实际强度（吨标准煤/万元）", "比较期的单位能耗，与基期同一单位"),
    "district": "区（市）",
    "item": "目标项目",
    "target_drop": ("降低目标", "如 16%"),
    "method": ("方法", "对数：各年降低率相同时进度相同；线性：按降低率之比"),
    "drop_so_far": ("已降低率", "至今比基期累计降低的比例，上升填负数"),
    "years_left": ("剩余年数（年）", "还有几年，整数"),
    "total": ("能源消费总量（万吨标准煤）", "考核年的能源消费总量"),
    "renewable": ("可再生能源消费量（万吨标准煤）", "其中实际的可再生能源消费量"),
    "renewable_planned": ("规划可再生能源量（万吨标准煤）", "规划的可再生能源消费量"),
    "base_intensity": ("2015年强度（吨标准煤/万元）", "2015年万元地区生产总值能耗"),
    "intensity": ("实际强度（吨标准煤/万元）", "考核年万元地区生产总值能耗，不变价"),
    "base_total": ("2015年总量（万吨标准煤）", "2015年能源消费总量"),
    "coal": ("煤炭比重", "占一次能源消费的比重"),
    "gas": ("天然气比重", "占一次能源消费的比重"),
    "oil": ("油品比重", "占一次能源消费的比重"),
    "spaces": ("车位数（车位）", "公共机构停车场的车位数"),
    "green": ("节能产品采购额（元）", "节能产品采购金额"),
    "km": ("出行距离（公里）", "公务出行的距离"),
    "list": "清单",
    "answers": ("答案", "按附件的顺序，每项一格"),
    "weights": ("权重", "与答案同样的行，原文没有权重，不填按每项相同"),
    "threshold": ("合格阈值", "基本条件以外各项的达成率，原文没有合格线，不填不给结论"),
}
MIX_ARGUMENTS: Titles = {**ARGUMENTS, "renewable": ("新能源和可再生能源比重", "占一次能源消费的比重")}
BUY_ARGUMENTS: Titles = {**ARGUMENTS, "total": ("采购总额（元）", "同类产品的政府采购总额")}


def _policy() -> Policy:
    return policy_in(Path(__file__).parent)


# ---------------------------------------------------------------- 一（二）: intensity, its drop, progress


@provision("QD_ENERGY_INTENSITY", title="万元地区生产总值能耗", article="一（二）", arguments=ARGUMENTS)
def intensity(energy: EnergyOfRatio, gdp: Product) -> EnergyPerProduct:
    # 万吨 ÷ 亿元 is 吨 ÷ 万元: both are ten thousandths
    return ratio(as_unit(energy, "吨标准煤/万元"), as_unit(gdp, "倍"), zero="地区生产总值应大于 0")


BASE_ABOVE_ZERO = "基期强度应大于 0"


@provision(
    "QD_ENERGY_DROP",
    title="能耗强度降低率",
    article="一（二）",
    arguments=ARGUMENTS,
    description="1 − 实际强度 ÷ 基期强度，上升为负。保留4位小数；是否达标用双控判定，不用取整后的降低率。",
)
def drop(base: Intensity, actual: Intensity) -> Ratio:
    fallen = ratio(larger(0, base - actual), base, zero=BASE_ABOVE_ZERO)
    risen = ratio(larger(0, actual - base), base, zero=BASE_ABOVE_ZERO)
    return choose((actual <= base, fallen), otherwise=0 - risen)


@plain_function(
    "QD_ENERGY_PROGRESS",
    title="能耗强度目标进度",
    article="一（二）；附件1",
    arguments=ARGUMENTS,
    description="已完成降低目标的份额。对数：ln(1−已降低率)÷ln(1−目标)；线性：已降低率÷目标。保留8位小数。",
    dated=True,
)
def progress(
    base: IntensityValue, actual: IntensityValue, target_drop: Annotated[Decimal, FINE_SHARE], method: Method = "对数"
) -> Share8:
    if not base:
        raise InvalidValue(BASE_ABOVE_ZERO, "基期强度（吨标准煤/万元）")
    if not target_drop:
        raise InvalidValue("降低目标应大于 0", "降低目标")
    if method == "线性":
        return maths.linear_progress(base, actual, target_drop)
    if target_drop == 1:
        raise InvalidValue("降低目标：按对数计算应小于 100%", "降低目标")
    if not actual:
        raise InvalidValue("实际强度：按对数计算应大于 0", "实际强度（吨标准煤/万元）")
    return maths.logarithmic_progress(base, actual, target_drop)


@plain_function(
    "QD_ENERGY_REQUIRED",
    title="剩余年份年均需降",
    article="一（二）；附件1",
    arguments=ARGUMENTS,
    description="1 − ((1−降低目标)÷(1−已降低率))^(1÷剩余年数)；已达到目标的为 0。保留8位小数。",
    dated=True,
)
def required(
    target_drop: Annotated[Decimal, FINE_SHARE], drop_so_far: Annotated[Decimal, FINE_DROP],
    years_left: Annotated[Decimal, YEARS],
) -> Share8:  # fmt: skip
    if drop_so_far >= target_drop:
        return Decimal(0)
    return maths.yearly_drop(target_drop, drop_so_far, years_left)


# ---------------------------------------------------------------- 附件1, 附件2, 二（三）: goals and dual control


@provision(
    "QD_ENERGY_GOAL",
    title="区（市）能耗目标",
    article="附件1、附件2",
    arguments=ARGUMENTS,
    description="“十三五”或2018年度能耗强度降低目标（比例），或能耗增量控制目标（万吨标准煤）；合计只有增量。",
)
def goal(district: GoalDistrict, item: GoalItem) -> Goal:
    return table("goals", district, item, absent="附件1没有全市合计：强度目标须选一个区（市），合计只有增量")


@provision(
    "QD_ENERGY_ASSESSED",
    title="纳入考核的能源消费总量",
    article="二（三）",
    arguments=ARGUMENTS,
    description="超出规划部分的可再生能源消费量不纳入考核：总量 − max(0, 实际可再生 − 规划可再生)。",
)
def assessed(total: Energy, renewable: Energy, renewable_planned: Energy) -> Energy:
    require(renewable <= total, "可再生能源消费量不能大于能源消费总量")
    beyond = step("超出规划的可再生能源", larger(0, renewable - renewable_planned))
    counted = step("考核总量", total - beyond)
    warn(counted > figure("total"), "高于2020年全市能源消费总量上限{total}万吨标准煤")
    return counted


@plain_function(
    "QD_ENERGY_DUAL_CONTROL",
    title="能耗总量和强度双控判定",
    article="三（四）2；附件1、附件2",
    arguments=ARGUMENTS,
    description="强度比2015年降低不少于“十三五”目标，且总量增量不高于控制数；未达标的说明差多少。",
    dated=True,
)
def dual_control(
    district: District, base_intensity: IntensityValue, intensity: IntensityValue, base_total: EnergyValue,
    total: EnergyValue,
) -> str:  # fmt: skip
    if not base_intensity:
        raise InvalidValue("2015年强度应大于 0", "2015年强度（吨标准煤/万元）")
    rows = _policy().figures["goals"].data
    assert isinstance(rows, dict)
    target, allowed = rows[district, "十三五强度"], rows[district, "增量"]
    reasons = []
    limit = base_intensity * (1 - target)
    if intensity > limit:
        reasons.append(
            f"能耗强度应不高于 {plain(limit)}，实际 {plain(intensity)}，高出 {plain(intensity - limit)} 吨标准煤/万元"
            f"（{_change(base_intensity, intensity)}，目标降低 {plain(target * 100)}%）"
        )
    growth = total - base_total
    if growth > allowed:
        reasons.append(
            f"能耗增量应不高于 {plain(allowed)}，实际 {plain(growth)}，超出 {plain(growth - allowed)} 万吨标准煤"
        )
    return f"未达标：{'；'.join(reasons)}" if reasons else "达标"


def _change(base: Decimal, actual: Decimal) -> str:
    """降低 15.98%. Rounded down: a drop that falls short is never shown as the target itself."""
    percent = ((base - actual) / base * 100).quantize(Decimal("0.01"), rounding=ROUND_FLOOR)
    return f"降低 {plain(percent)}%" if percent >= 0 else f"上升 {plain(-percent)}%"


@provision(
    "QD_ENERGY_MIX",
    title="一次能源消费结构",
    article="二（三）",
    arguments=MIX_ARGUMENTS,
    description="煤炭、天然气、新能源和可再生能源、油品四项比重与2020年目标比较；天然气高于上限只提示。",
)
def mix(coal: Share, gas: Share, renewable: Share, oil: Share) -> Text:
    together = coal + gas + renewable + oil
    require(together <= 1, "四项比重之和不能大于 100%")
    warn(together < 1, "四项比重之和不足 100%：其余部分（如净调入电力）文中没有目标")
    coal_fits = coal <= figure("mix.coal") + figure("mix.coal_margin")
    least, most = figure("mix.oil") - figure("mix.oil_margin"), figure("mix.oil") + figure("mix.oil_margin")
    oil_fits = (oil >= least) & (oil <= most)
    gas_low, gas_high = gas >= figure("mix.gas_low"), gas <= figure("mix.gas_high")
    grown = renewable >= figure("mix.renewable")
    about = ((coal_fits, COAL_HIGH), (oil_fits, OIL_OFF))
    firm = ((gas_low, "天然气比重低于下限"), (grown, "新能源和可再生能源比重低于目标"))
    above = (gas_high, GAS_HIGH)
    is_firm = reading("about", "未达标")
    failed = ~gas_low | ~grown | (is_firm & (~coal_fits | ~oil_fits))
    for fits, sentence in (*about, above):
        warn(failed & ~fits, sentence)
    told = choose(
        (is_firm & failed, verdict(*firm, *about, met="达标", unmet="未达标")),
        (failed, verdict(*firm, met="达标", unmet="未达标")),
        otherwise=verdict(*about, above, met="达标", unmet="提示"),
    )
    return step("结构判定", told)


COAL_HIGH = "煤炭比重高于目标"
OIL_OFF = "油品比重偏离目标"
GAS_HIGH = "天然气比重高于上限"


# ---------------------------------------------------------------- 三（一）4, 四（一）: public institutions


@provision(
    "QD_ENERGY_CHARGERS",
    title="停车场充电设施最低车位数",
    article="三（一）4",
    arguments=ARGUMENTS,
    description="公共机构新建和既有停车场：配备充电设施或预留安装条件的车位，不低于10%。",
)
def chargers(spaces: Spaces) -> Spaces:
    share = step("按比例计算", spaces * figure("chargers"))
    return choose((reading("chargers", "四舍五入"), half_up(share, 0)), otherwise=round_up(share))


@provision("QD_ENERGY_GREEN_BUY", title="节能产品采购占比", article="四（一）3", arguments=BUY_ARGUMENTS)
def green_buy(green: Yuan, total: Yuan) -> Text:
    require(green <= total, "节能产品采购额不能大于采购总额")
    due = step("应采购节能产品", total * figure("green_buy"))
    return choose(
        (total <= 0, "不考核"),
        (green >= due, "达标"),
        (reading("striving", "未达标"), "未达标"),
        otherwise="提示",
    )


@provision(
    "QD_ENERGY_TRAVEL",
    title="公务出行“135”方式",
    article="四（一）2",
    arguments=ARGUMENTS,
    description="公务活动出行：1公里范围内步行，3公里范围内骑车，5公里范围内公交；更远的没有规定。",
)
def travel(km: Kilometres) -> Text:
    return choose(
        (_within(km, "travel.walk"), "步行"),
        (_within(km, "travel.cycle"), "骑车"),
        (_within(km, "travel.bus"), "公交"),
        otherwise="其他",
    )


def _within(km: Number, path: str) -> Flag:
    return (km < figure(path)) | ((km <= figure(path)) & reading("range_ends", "含端点"))


# ---------------------------------------------------------------- 附件3 to 附件7


@plain_function(
    "QD_CHECKLIST",
    title="创建评价清单",
    article="附件3至附件7",
    arguments=ARGUMENTS,
    description="基本条件须全部通过，其余各项算达成率并列出未达成的；填了合格阈值才给结论。"
    "节约型机关填16项为独立办公、5项为集中办公。",
    dated=True,
)
def checklist_report(list: ListName, answers: Answers, weights: Weights = None, threshold: Threshold = None) -> str:
    found = checklist.outcomes(list, answers, weights, _policy())
    return checklist.report(found, threshold, weights is not None)
