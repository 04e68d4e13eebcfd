"""四好农村路 (D5): what the city pays for a road project, an excess project, a bridge, stations and model districts;
the share of land revenue; the tasks of 附件2; pavements."""

from __future__ import annotations

from typing import Annotated

from qdcalc.rules import (
    BLANK,
    TRUE,
    Choice,
    Flag,
    Number,
    Quantity,
    Text,
    as_unit,
    band,
    choose,
    default,
    figure,
    half_up,
    label,
    larger,
    most,
    names,
    nothing,
    one_of,
    provision,
    ratio,
    reading,
    require,
    smaller,
    step,
    table,
    text,
    warn,
    yuan,
)
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import (
    Centimetres,
    District,
    Kilometres,
    MaybeYuan,
    Metres,
    Ratio,
    SignedYuan,
    Yuan,
    YuanPerKilometre,
)

Work = Annotated[Text, Choice("works")]
Level = Annotated[Text, Choice("demo.levels")]
Bound = Annotated[Text, Choice(("下限", "上限"))]
TaskDistrict = Annotated[Text, Choice("tasks.choices")]
TaskItem = Annotated[Text, Choice("tasks.items")]
TaskAmount = Annotated[Number, Quantity("公里、座或个")]
Bays = Annotated[Number, Quantity("处", maximum=1_000_000)]
Pieces = Annotated[Number, Quantity("个", maximum=1_000_000)]
Surface = Annotated[Text, Choice("surfaces")]

ARGUMENTS: Titles = {
    "work": "工程类别",
    "width": ("路面宽（米）", "路面宽度，不是路基宽度"),
    "district": "区（市）",
    "km": "里程（公里）",
    "poor_km": ("薄弱村里程（公里）", "其中省定贫困村、市定经济薄弱村的路段，没有填 0"),
    "estimate": ("概算投资（元）", "整个项目的概算，以元为单位"),
    "land_cost": ("征地拆迁费（元）", "概算中的土地征用及拆迁补偿费"),
    "planned": ("纳入实施计划", "是否纳入“三年集中攻坚”专项行动实施计划"),
    "standard": ("标准额（元）", "各路段标准额之和"),
    "approved": ("核定额（元）", "核定的补助额，没有核定不填，按上限计"),
    "target_met": ("完成年度任务", "该区（市）是否完成年度工作任务目标"),
    "base_paid": ("已得补助（元）", "同一项目已得的市级补助"),
    "bays": ("港湾车站（处）", "新建港湾车站"),
    "shelters": ("候车亭（个）", "新建候车亭，与站牌一体化设置"),
    "signs": ("站牌（个）", "新建客运（公交）站牌"),
    "count": ("示范区（市）个数", "验收合格的“四好农村路”示范区（市）"),
    "level": ("验收级别", "验收部门的级别"),
    "revenue": ("土地出让收益（元）", "当年政府土地出让金净收益，可为负"),
    "bound": "上下限",
    "arranged": ("实际安排（元）", "当年统筹用于农村公路建设养护的金额"),
    "city_standard": ("市标准（元/公里）", "青岛市现行小修、日常养护标准，文中没有数值"),
    "province_standard": ("省标准（元/公里）", "省小修、日常养护标准，文中没有数值"),
    "item": "任务项目",
    "done": ("完成量", "与任务项目同一单位：公里、座或个"),
    "surface": "面层材料",
    "thickness_cm": "厚度（厘米）",
}

SUBSIDY_ARTICLE = "附件1 四（一）1"
EXCESS_ARTICLE = "附件1 四（二）1"


# ---------------------------------------------------------------- what several articles share


def _without(whole: Number, part: Number, sentence: str) -> Number:
    """What is left of `whole` without `part`, which may not be larger. `larger` says to every host that it is ≥ 0."""
    require(part <= whole, sentence)
    return larger(0, whole - part)


def _net(estimate: Number, land_cost: Number) -> Number:
    """概算投资（不含土地征用及拆迁补偿费，下同）: for roads and bridges alike."""
    return step("扣除征地拆迁的概算", _without(estimate, land_cost, "征地拆迁费不能大于概算投资"))


def _rate(work: Text, width: Number, district: Text) -> Number:
    return step("补助标准", table("rates", work, band("widths", width), label("districts", district)))


def _excluded(district: Text) -> Flag:
    return one_of(district, names("excluded")) & reading("west_coast", "不享受")


NOT_WEST_COAST = "市级财政补助资金不含青岛西海岸新区"


def _payable(district: Text, planned: Flag, amount: Number) -> Number:
    """四（一）: only districts that the city's money covers, only projects in the plan of the three years."""
    return choose(
        (_excluded(district), nothing(NOT_WEST_COAST)),
        (~planned, nothing("未纳入“三年集中攻坚”专项行动实施计划，不予补助")),
        otherwise=step("补助金额", amount),
    )


# ---------------------------------------------------------------- 四（一）1: subsidy of a project


def _uplifted(work: Text) -> Flag:
    """第二段: whether sections in poor and weak villages get more for this kind of work."""
    listed = one_of(work, names("uplift.works"))
    return listed | (reading("uplift_villages", "适用") & one_of(work, names("uplift.works_wide")))


def _standard(work: Text, width: Number, district: Text, km: Number, poor_km: Number) -> Number:
    other_km = step("一般路段里程", _without(km, poor_km, "薄弱村里程不能大于里程"))
    rate = _rate(work, width, district)
    uplift = step("薄弱村路段倍率", choose((_uplifted(work), figure("uplift.rate")), otherwise=1))
    counted = step("折算里程", other_km + poor_km * uplift)
    return step("标准额", rate * counted)


def _share(district: Text) -> Number:
    return table("ceilings", label("districts", district))


def _ceiling(share: Number, net: Number) -> Number:
    return step("上限额", net * step("上限比例", share))


@provision("QD_ROAD_RATE", title="农村公路每公里补助标准", article=SUBSIDY_ARTICLE, arguments=ARGUMENTS)
def rate(work: Work, width: Metres, district: District) -> YuanPerKilometre:
    return _rate(work, width, district)


@provision("QD_ROAD_STANDARD", title="农村公路补助标准额", article=SUBSIDY_ARTICLE, arguments=ARGUMENTS)
def standard(
    work: Work, width: Metres, district: District, km: Kilometres, poor_km: Kilometres = default(0, "公里")
) -> Yuan:
    return _standard(work, width, district, km, poor_km)


@provision("QD_ROAD_CEILING", title="农村公路补助上限额", article=SUBSIDY_ARTICLE, arguments=ARGUMENTS)
def ceiling(work: Work, district: District, estimate: Yuan, land_cost: Yuan = yuan(0)) -> Yuan:
    _cannot_raise(work)
    return _ceiling(_share(district), _net(estimate, land_cost))


@provision(
    "QD_ROAD_SUBSIDY",
    title="农村公路市级补助",
    article=SUBSIDY_ARTICLE,
    arguments=ARGUMENTS,
    description="按标准额补助，不高于概算投资（不含征地拆迁）的上限；一个项目有多个路段时，"
    "先用 QD_ROAD_STANDARD 逐段计算，再用 QD_ROAD_CAPPED 合并封顶。",
)
def subsidy(
    work: Work, width: Metres, district: District, km: Kilometres, poor_km: Kilometres, estimate: Yuan,
    land_cost: Yuan = yuan(0), planned: Flag = TRUE,
) -> Yuan:  # fmt: skip
    amount = _standard(work, width, district, km, poor_km)
    raised = reading("uplift_ceiling", "抬高") & _uplifted(work) & (poor_km == km)
    higher = half_up(as_unit(_share(district) * figure("uplift.rate"), "比例"), 4)
    share = choose((raised, higher), otherwise=_share(district))
    return _payable(district, planned, smaller(amount, _ceiling(share, _net(estimate, land_cost))))


@provision(
    "QD_ROAD_CAPPED",
    title="农村公路市级补助（多路段合并封顶）",
    article=SUBSIDY_ARTICLE,
    arguments=ARGUMENTS,
    description="一个项目有多个路段时：各路段标准额相加，按整个项目的概算投资封顶一次。",
)
def capped(
    standard: Yuan, work: Work, district: District, estimate: Yuan, land_cost: Yuan = yuan(0), planned: Flag = TRUE
) -> Yuan:
    _cannot_raise(work)
    amount = step("标准额", standard)
    return _payable(district, planned, smaller(amount, _ceiling(_share(district), _net(estimate, land_cost))))


def _cannot_raise(work: Text) -> None:
    raisable = reading("uplift_ceiling", "抬高") & _uplifted(work)
    warn(raisable, "所取口径抬高薄弱村项目的上限，但此处不知薄弱村里程，上限未抬高")


@provision("QD_ROAD_BRIDGE", title="危桥改造市级补助", article=SUBSIDY_ARTICLE, arguments=ARGUMENTS)
def bridge(
    estimate: Yuan, district: District, land_cost: Yuan = yuan(0), approved: MaybeYuan = BLANK, planned: Flag = TRUE
) -> Yuan:
    limit = _ceiling(figure("bridge"), _net(estimate, land_cost))
    granted = step("核定额", approved.or_else(limit))
    warn(granted > limit, "核定额高于上限额，按上限额补助")
    return _payable(district, planned, smaller(granted, limit))


# ---------------------------------------------------------------- 四（二）1: reward for what exceeds the year's task


def _leads(district: Text) -> Flag:
    return one_of(district, names("excess.lead"))


def _earns(work: Text) -> Flag:
    return one_of(work, names("excess.works"))


TARGET_MISSED = "未完成年度工作任务目标，没有超额奖励"
NO_AWARD = "超额奖励只给路网提档升级、大修、中修工程，此类工程没有超额奖励"


def _excess_standard(work: Text, width: Number, district: Text, km: Number) -> Number:
    """Per km the standard times 1.4 in 平度, times 1 elsewhere; two readings make 平度's factor larger."""
    added, stacked = reading("excess_rate", "另加"), reading("stacking", "叠乘")
    single = choose((added, figure("excess.rate") + figure("excess.base")), otherwise=figure("excess.rate"))
    multiplied = half_up(single * figure("uplift.rate"), 3)
    require(~stacked | (multiplied <= most("倍")), "叠乘后的奖励倍率超出范围")
    lead = choose((stacked, smaller(multiplied, most("倍"))), otherwise=single)
    factor = step("奖励倍率", choose((_leads(district), lead), otherwise=figure("excess.rate_others")))
    return step("奖励标准额", _rate(work, width, district) * (km * factor))


def _excess_ceiling(district: Text, net: Number) -> Number:
    return _ceiling(choose((_leads(district), figure("excess.ceiling")), otherwise=_share(district)), net)


def _uncapped(district: Text) -> Flag:
    return ~_leads(district) & reading("excess_cap_others", "不受上限")


@provision("QD_ROAD_EXCESS_STANDARD", title="超额项目奖励标准额", article=EXCESS_ARTICLE, arguments=ARGUMENTS)
def excess_standard(work: Work, width: Metres, district: District, km: Kilometres) -> Yuan:
    amount = _excess_standard(work, width, district, km)
    return choose((_earns(work), amount), otherwise=nothing(NO_AWARD))


@provision(
    "QD_ROAD_EXCESS",
    title="超额项目奖励",
    article=EXCESS_ARTICLE,
    arguments=ARGUMENTS,
    description="不计年度奖补资金规模；资金不足时再用 QD_ALLOCATE 按先干先得分配。",
)
def excess(
    work: Work, width: Metres, district: District, km: Kilometres, estimate: Yuan, land_cost: Yuan = yuan(0),
    target_met: Flag = TRUE,
) -> Yuan:  # fmt: skip
    amount = _excess_standard(work, width, district, km)
    limit = _excess_ceiling(district, _net(estimate, land_cost))
    return choose(
        (_excluded(district), nothing(NOT_WEST_COAST)),
        (~target_met, nothing(TARGET_MISSED)),
        (~_earns(work), nothing(NO_AWARD)),
        (_uncapped(district), amount),
        otherwise=step("奖励金额", smaller(amount, limit)),
    )


@provision(
    "QD_ROAD_EXCESS_CAPPED",
    title="超额项目奖励（多路段合并封顶）",
    article=EXCESS_ARTICLE,
    arguments=ARGUMENTS,
    description="各路段奖励标准额相加，按整个项目的概算投资封顶一次，并扣除该项目已得的市级补助。",
)
def excess_capped(
    standard: Yuan, district: District, estimate: Yuan, land_cost: Yuan = yuan(0), base_paid: Yuan = yuan(0),
    target_met: Flag = TRUE,
) -> Yuan:  # fmt: skip
    amount = step("奖励标准额", standard)
    limit = _excess_ceiling(district, _net(estimate, land_cost))
    together = reading("excess_cap_scope", "补助与奖励合计")
    counted = step("计入上限的已得补助", choose((together, base_paid), otherwise=0))
    room = step("上限余额", larger(0, limit - counted))
    return choose(
        (_excluded(district), nothing(NOT_WEST_COAST)),
        (~target_met, nothing(TARGET_MISSED)),
        (_uncapped(district), amount),
        ((counted > 0) & (counted >= limit), nothing("该项目已得的市级补助已达到上限额，不再奖励")),
        otherwise=step("奖励金额", smaller(amount, room)),
    )


# ---------------------------------------------------------------- stations, model districts, minor repairs


@provision("QD_ROAD_STATIONS", title="客运站点市级补助", article="附件1 四（一）4", arguments=ARGUMENTS)
def stations(bays: Bays, shelters: Pieces, signs: Pieces, district: District, planned: Flag = TRUE) -> Yuan:
    bay = step("港湾车站补助", figure("stations.bay") * bays)
    shelter = step("候车亭补助", figure("stations.shelter") * shelters)
    sign = step("站牌补助", figure("stations.sign") * signs)
    return _payable(district, planned, bay + shelter + sign)


@provision("QD_ROAD_DEMO", title="“四好农村路”示范区（市）奖励", article="附件1 四（二）2", arguments=ARGUMENTS)
def demo(count: Pieces, level: Level, district: District) -> Yuan:
    return choose(
        (_excluded(district), nothing(NOT_WEST_COAST)),
        (~one_of(level, names("demo.sufficient")), nothing("须经省级以上部门验收合格，此级别没有奖励")),
        otherwise=step("奖励金额", figure("demo.award") * count),
    )


@provision("QD_ROAD_MINOR_FLOOR", title="小修、日常养护补助下限", article="附件1 四（一）2", arguments=ARGUMENTS)
def minor_floor(city_standard: YuanPerKilometre, province_standard: YuanPerKilometre, km: Kilometres) -> Yuan:
    return step("补助下限", step("适用标准", larger(city_standard, province_standard)) * km)


# ---------------------------------------------------------------- 四（四）: share of land revenue


def _due(revenue: Number, title: str, path: str) -> Number:
    """A revenue below 0 is a fact and not an error; nothing is due of it."""
    return step(title, larger(0, revenue) * figure(path))


@provision("QD_ROAD_LAND_FUND", title="土地出让收益应安排额", article="附件1 四（四）", arguments=ARGUMENTS)
def land_fund(revenue: SignedYuan, bound: Bound = text("下限")) -> Yuan:
    low, high = _due(revenue, "下限额", "land.low"), _due(revenue, "上限额", "land.high")
    return choose(
        (revenue <= 0, nothing("当年没有土地出让收益，应安排 0")),
        (bound == "上限", high),
        otherwise=low,
    )


@provision("QD_ROAD_LAND_CHECK", title="土地出让收益安排检查", article="附件1 四（四）", arguments=ARGUMENTS)
def land_check(revenue: SignedYuan, arranged: Yuan) -> Text:
    return choose(
        (revenue <= 0, "不考核"),
        (arranged < _due(revenue, "下限额", "land.low"), "未达标"),
        (arranged > _due(revenue, "上限额", "land.high"), "高于区间"),
        otherwise="达标",
    )


# ---------------------------------------------------------------- 附件2 tasks, pavements


@provision("QD_ROAD_TASK", title="三年任务目标", article="附件2", arguments=ARGUMENTS)
def task(district: TaskDistrict, item: TaskItem) -> TaskAmount:
    return table("task_table", district, item)


@provision("QD_ROAD_TASK_PROGRESS", title="三年任务完成比例", article="附件2", arguments=ARGUMENTS)
def task_progress(district: TaskDistrict, item: TaskItem, done: TaskAmount) -> Ratio:
    due = step("三年任务", table("task_table", district, item))
    return ratio(done, due, zero="附件2没有给该区（市）此项任务，不能计算完成比例")


@provision("QD_ROAD_PAVEMENT", title="新建公路面层厚度", article="附件1 二（一）5", arguments=ARGUMENTS)
def pavement(surface: Surface, thickness_cm: Centimetres) -> Text:
    return choose((thickness_cm >= step("最小厚度", table("pavement", surface)), "合格"), otherwise="不合格")
