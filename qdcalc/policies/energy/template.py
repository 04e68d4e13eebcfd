"""The workbook of 节能与绿色发展: dual control of the 区（市）, the city's total and mix, public institutions, checklists."""

from __future__ import annotations

from decimal import Decimal

from qdcalc.layout import (
    Basis,
    Chart,
    Check,
    Derived,
    Field,
    Given,
    Hint,
    Input,
    Measure,
    Output,
    Result,
    Sheet,
    Summary,
    Template,
    Value,
)
from qdcalc.policies.common.targets import target_row
from qdcalc.policies.energy.template_lists import CHECKS, LISTS, MEASURES, checklist_sheet
from qdcalc.rules.places import DISTRICTS

INTENSITY, ASSESSED, GOAL, MIX = "QD_ENERGY_INTENSITY", "QD_ENERGY_ASSESSED", "QD_ENERGY_GOAL", "QD_ENERGY_MIX"
DROP, PROGRESS, REQUIRED, DUAL = "QD_ENERGY_DROP", "QD_ENERGY_PROGRESS", "QD_ENERGY_REQUIRED", "QD_ENERGY_DUAL_CONTROL"
CHARGERS, GREEN_BUY, CHECK = "QD_ENERGY_CHARGERS", "QD_ENERGY_GREEN_BUY", "QD_TARGET_CHECK"
SIGNATURES = ("填表人", "审核人", "单位负责人（签章）", "日期")
LAST_YEAR = int(target_row("T120").cells["目标年"])
FIRST_TARGET_YEAR = int(target_row("T121").cells["目标年"])
"""The years of the five-year target and of the yearly one, as the table of targets has them."""


def amounts(suffix: str, year: str) -> tuple[Input, Input]:
    """Energy and product of a year that is over."""
    group = f"{year}（基期）" if suffix == "base" else year
    return (
        Input(
            key=f"energy_{suffix}", argument=f"{INTENSITY}.energy", title=f"{year}能耗（万吨标准煤）", width=12.5, group=group
        ),
        Input(
            key=f"gdp_{suffix}", argument=f"{INTENSITY}.gdp", title=f"{year}生产总值（亿元）", width=12, group=group,
            note="各年用同一价格（2015年价）",
        ),
    )  # fmt: skip


ENERGY = Sheet(
    key="energy",
    name="能耗",
    title="各区（市）能源消费和能耗强度表",
    notice=("base", "last", "assessed", "actual"),
    fields=(
        Field(key="office", kind="文字", title="填报单位", width=26, required=True),
        Field(
            key="year", kind="数值", unit="年份", title="考核年度", value=FIRST_TARGET_YEAR, required=True,
            note=f"{FIRST_TARGET_YEAR} 至 {LAST_YEAR}",
        ),
        Field(key="method", argument=f"{PROGRESS}.method", title="进度算法", value="对数"),
    ),
    columns=(
        Given(key="district", title="区（市）", values=DISTRICTS, width=16),
        *amounts("base", "2015年"),
        *amounts("last", "上年"),
        Input(key="energy", argument=f"{ASSESSED}.total", title="考核年能耗（万吨标准煤）", width=12.5, group="考核年"),
        Input(key="renewable", argument=f"{ASSESSED}.renewable", width=13, group="考核年"),
        Input(key="planned", argument=f"{ASSESSED}.renewable_planned", width=13, group="考核年"),
        Input(
            key="gdp", argument=f"{INTENSITY}.gdp", title="考核年生产总值（亿元）", width=12, group="考核年",
            note="各年用同一价格（2015年价）",
        ),
        Output(
            key="assessed", function=ASSESSED, title="纳入考核的总量（万吨标准煤）", width=13, total=True, group="核算",
            arguments={"total": "energy", "renewable": "renewable", "renewable_planned": "planned"},
        ),
        Output(
            key="base", function=INTENSITY, title="2015年强度", width=10, group="强度（吨标准煤/万元）",
            arguments={"energy": "energy_base", "gdp": "gdp_base"},
        ),
        Output(
            key="last", function=INTENSITY, title="上年强度", width=10, group="强度（吨标准煤/万元）",
            arguments={"energy": "energy_last", "gdp": "gdp_last"},
        ),
        Output(
            key="actual", function=INTENSITY, title="考核年强度", width=10, group="强度（吨标准煤/万元）",
            arguments={"energy": "assessed", "gdp": "gdp"},
        ),
    ),
    hints=(
        Hint(when="IF(ISNUMBER({energy_base}),{energy_base}=0,FALSE)", words="2015年能源消费总量应大于 0", wrong=True),
        Hint(when="IF(ISNUMBER({energy_last}),{energy_last}=0,FALSE)", words="上年能源消费总量应大于 0", wrong=True),
        Hint(when="IF(ISNUMBER({energy}),{energy}=0,FALSE)", words="考核年能源消费总量应大于 0", wrong=True),
    ),
    remarks=(
        "生产总值各年用同一价格，条文没有写不变价还是现价，本表按2015年价。超出规划的可再生能源不纳入总量和强度考核"
        "（二（三））；没有可再生能源数的填 0。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

LIMIT = "ROUND({base}*(1-{goal}),6)"
CHANGE = "ROUND(({base}-{actual})/{base}*10000,6)"
DUAL_TEXT = (
    f'IF({{actual}}>{LIMIT},"；能耗强度应不高于 "&{LIMIT}&"，实际 "&{{actual}}&"，高出 "&ROUND({{actual}}-{LIMIT},6)'
    f'&" 吨标准煤/万元（"&IF(INT({CHANGE})>=0,"降低 "&INT({CHANGE})/100,"上升 "&-INT({CHANGE})/100)&"%，目标降低 "'
    '&ROUND({goal}*100,4)&"%）","")'
    '&IF({growth}>{allowed},"；能耗增量应不高于 "&{allowed}&"，实际 "&{growth}&"，超出 "&ROUND({growth}-{allowed},4)'
    '&" 万吨标准煤","")'
)

CONTROL = Sheet(
    key="control",
    name="双控",
    title="各区（市）能耗总量和强度“双控”考核表",
    follows="energy",
    notice="verdict",
    lines=3,
    results=(
        Result(
            key="increments", title="附件2 增量控制目标合计（万吨标准煤）", function=GOAL, unit="万吨标准煤",
            arguments={"district": Value(value="合计"), "item": Value(value="增量")}, plain="ROUND(SUM({control.allowed}),4)",
        ),
    ),
    columns=(
        Derived(key="show_district", title="区（市）", formula='{district}&""', width=15, always=True),
        Output(key="year_drop", function=DROP, title="比上年降低", unit="百分比", width=9, group="年度目标",
               arguments={"base": "last", "actual": "actual"}),
        Output(key="year_goal", function=GOAL, title="2018年目标", unit="百分比", width=9, group="年度目标", always=True,
               arguments={"district": "district", "item": Value(value="2018强度")}),
        Output(
            key="year_met", function=CHECK, title="2018年度", width=9, group="年度目标", when="{@year}={#first_year}",
            arguments={"target": Value(value="T121"), "actual": "actual", "base": "last"},
            plain='IF(ROUND({actual}-{last}*(1-{year_goal}),10)<=0,"达标","未达标")',
        ),
        Output(key="drop", function=DROP, title="比2015年降低", unit="百分比", width=9, group="“十三五”强度目标",
               arguments={"base": "base", "actual": "actual"}),
        Output(key="goal", function=GOAL, title="“十三五”目标", unit="百分比", width=9, group="“十三五”强度目标",
               always=True, arguments={"district": "district", "item": Value(value="十三五强度")}),
        Output(
            key="progress", function=PROGRESS, title="目标进度", unit="百分比", width=9, group="“十三五”强度目标",
            arguments={"base": "base", "actual": "actual", "target_drop": "goal", "method": "@method"},
            plain='IF({@method}="线性",ROUND((1-{actual}/{base})/{goal},8),ROUND(LN({actual}/{base})/LN(1-{goal}),8))',
        ),
        Derived(key="exact_drop", title="已降低率（算年均用）", formula="ROUND(1-{actual}/{base},8)", unit="比例", width=11,
                shown="细比例", group="“十三五”强度目标"),
        Derived(key="years", title="剩余年数", formula="{#last_year}-{@year}", unit="年", width=7, group="“十三五”强度目标",
                shown="个"),
        Output(
            key="required", function=REQUIRED, title="年均还需降低", unit="比例", width=9, group="“十三五”强度目标",
            shown="细比例", when="{years}>0",
            arguments={"target_drop": "goal", "drop_so_far": "exact_drop", "years_left": "years"},
            plain="IF({exact_drop}>={goal},0,ROUND(1-POWER((1-{goal})/(1-{exact_drop}),1/{years}),8))",
        ),
        Derived(key="growth", title="比2015年增量（万吨标准煤）", formula="ROUND({assessed}-{energy_base},4)", unit="万吨标准煤",
                width=12, total=True, group="附件2 总量目标"),
        Output(key="allowed", function=GOAL, title="增量控制目标（万吨标准煤）", unit="万吨标准煤", width=12, total=True,
               group="附件2 总量目标", always=True, arguments={"district": "district", "item": Value(value="增量")}),
        Output(
            key="verdict", function=DUAL, title="双控判定", width=62, group="结论",
            arguments={
                "district": "district", "base_intensity": "base", "intensity": "actual", "base_total": "energy_base",
                "total": "assessed",
            },
            plain=f'IF(AND({{actual}}<={LIMIT},{{growth}}<={{allowed}}),"达标","未达标："&MID({DUAL_TEXT},2,500))',
        ),
    ),
    remarks=(
        "双控判定按“十三五”目标（2020年比2015年）；考核年早于2020年的，未达标表示还没有达到2020年的要求，进度看“目标进度”和"
        "“年均还需降低”。2018年度目标2.5%低于“十三五”目标所需的年均3.427%，只完成年度目标，以后各年须降得更多。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

CITY = Sheet(
    key="city",
    name="全市",
    title="全市能源消费总量和一次能源消费结构表",
    notice=("assessed", "mix"),
    lines=4,
    columns=(
        Given(key="city_year", title="年份", values=tuple(range(FIRST_TARGET_YEAR, LAST_YEAR + 1)), width=10),
        Input(key="total", argument=f"{ASSESSED}.total", width=15, group="总量"),
        Input(key="renewable_used", argument=f"{ASSESSED}.renewable", width=15, group="总量"),
        Input(key="renewable_plan", argument=f"{ASSESSED}.renewable_planned", width=15, group="总量"),
        Output(
            key="assessed", function=ASSESSED, title="纳入考核的总量（万吨标准煤）", width=15, group="总量",
            arguments={"total": "total", "renewable": "renewable_used", "renewable_planned": "renewable_plan"},
        ),
        Derived(key="room", title="距2020年上限（万吨标准煤）", formula="ROUND({#total}-{assessed},4)", unit="万吨标准煤",
                width=15, group="总量"),
        Output(
            key="within", function=CHECK, title="对照2020年上限", width=11, group="总量",
            arguments={"target": Value(value="T122"), "actual": "assessed"},
            plain='IF({assessed}<={#total},"达标","未达标")',
        ),
        Input(key="coal", argument=f"{MIX}.coal", width=9, group="一次能源消费结构", shown="百分比"),
        Input(key="gas", argument=f"{MIX}.gas", width=9, group="一次能源消费结构", shown="百分比"),
        Input(key="new", argument=f"{MIX}.renewable", width=12, group="一次能源消费结构", shown="百分比"),
        Input(key="oil", argument=f"{MIX}.oil", width=9, group="一次能源消费结构", shown="百分比"),
        Derived(key="rest", title="其余部分", formula="ROUND(1-{coal}-{gas}-{new}-{oil},4)", unit="百分比", width=9,
                group="一次能源消费结构"),
        Output(
            key="mix", function=MIX, title="结构判定", width=30, group="一次能源消费结构",
            arguments={"coal": "coal", "gas": "gas", "renewable": "new", "oil": "oil"},
        ),
    ),
    remarks=(
        "四项目标相加为90%—92%，其余部分（如净调入电力）文中没有目标，只提示，不作为差错。总量上限和结构目标是2020年的，"
        "以前各年的结果供比较。",
    ),
)  # fmt: skip


def drop_of(key: str, target: str, title: str, unit: str, basis: str) -> tuple[Input, Input, Output, Output]:
    """One target of the public institutions: base, actual, how far down, whether far enough."""
    return (
        Input(key=f"{key}_base", argument=f"{DROP}.base", title=f"2015年{title}", width=11, group=f"{title}（{unit}）"),
        Input(key=key, argument=f"{DROP}.actual", title=f"考核年{title}", width=11, group=f"{title}（{unit}）"),
        Output(key=f"{key}_drop", function=DROP, title=f"{title}降低", unit="百分比", width=9, group=f"{title}（{unit}）",
               arguments={"base": f"{key}_base", "actual": key}),
        Output(
            key=f"{key}_met", function=CHECK, title=f"{title}对照目标", width=9, group=f"{title}（{unit}）",
            arguments={"target": Value(value=target), "actual": key, "base": f"{key}_base"},
            plain=f'IF(ROUND({{{key}}}-{{{key}_base}}*(1-{{#{basis}}}),10)<=0,"达标","未达标")',
        ),
    )  # fmt: skip


INSTITUTIONS = Sheet(
    key="institutions",
    name="公共机构",
    title="公共机构节能节水目标完成情况表",
    counted="name",
    notice=("area_drop", "person_drop", "water_drop"),
    rows=200,
    columns=(
        Input(key="name", kind="文字", title="机构名称", required=True, width=24, group="机构"),
        Input(key="place", argument=f"{DUAL}.district", title="区（市）", width=15, group="机构"),
        *drop_of("area", "T125", "单位面积能耗", "千克标准煤/平方米", "area"),
        *drop_of("person", "T126", "人均能耗", "千克标准煤/人", "person"),
        *drop_of("water", "T127", "人均用水", "立方米/人", "water"),
        Derived(
            key="all_met", title="三项目标", width=9, group="结论",
            formula='IFERROR(IF(AND({area_met}="达标",{person_met}="达标",{water_met}="达标"),"达标","未达标"),"待改正")',
        ),
    ),
    remarks=(
        "目标是2020年比2015年：单位建筑面积能耗、人均综合能耗、人均用水量各降低的比例见“依据”。考核年早于2020年的，"
        "未达标表示还没有达到2020年的要求。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

FACILITIES = Sheet(
    key="facilities",
    name="车位和采购",
    title="公共机构充电车位和节能产品采购表",
    follows="institutions",
    notice=("needed", "bought"),
    columns=(
        Derived(key="show_name", title="机构名称", formula='{name}&""', width=26, group="机构"),
        Derived(key="show_place", title="区（市）", formula='{place}&""', width=16, group="机构"),
        Input(key="spaces", argument=f"{CHARGERS}.spaces", title="停车位（个）", required=False, width=11, group="充电车位",
              note="没有停车场的不填"),
        Input(key="equipped", kind="数值", unit="车位", title="已配备或预留（个）", width=12, group="充电车位"),
        Output(key="needed", function=CHARGERS, title="至少应有（个）", width=11, total=True, group="充电车位",
               when='{spaces}<>""', arguments={"spaces": "spaces"}),
        Derived(
            key="charging", title="充电车位", width=10, group="充电车位",
            formula='IF({spaces}="","",IFERROR(IF(ISNUMBER({equipped}),IF({equipped}>={needed},"达标","未达标"),"待改正"),"待改正"))',
        ),
        Input(key="green", argument=f"{GREEN_BUY}.green", required=False, width=16, group="节能产品采购", total=True),
        Input(key="purchases", argument=f"{GREEN_BUY}.total", required=False, width=16, group="节能产品采购", total=True,
              note="没有采购的不填"),
        Derived(key="green_share", title="占比", unit="百分比", optional=True, width=9, group="节能产品采购",
                formula='IF(N({purchases})>0,ROUND(N({green})/{purchases},4),"")'),
        Output(key="bought", function=GREEN_BUY, title="节能采购", width=10, group="节能产品采购",
               when='OR({green}<>"",{purchases}<>"")', arguments={"green": "green", "total": "purchases"}),
    ),
    hints=(
        Hint(when='AND({spaces}<>"",{equipped}="")', words="已配备或预留的车位未填写，没有填 0", wrong=True),
        Hint(when='AND({spaces}="",{equipped}<>"")', words="填了已配备的车位，停车位也要填", wrong=True),
        Hint(when='AND({equipped}<>"",NOT(ISNUMBER({equipped})))', words="已配备或预留的车位不是数值", wrong=True),
        Hint(when="IF(ISNUMBER({equipped}),OR({equipped}<0,{equipped}<>INT({equipped})),FALSE)",
             words="已配备或预留的车位应为不小于 0 的整数", wrong=True),
        Hint(when="IF(AND(ISNUMBER({equipped}),ISNUMBER({spaces})),{equipped}>{spaces},FALSE)",
             words="已配备或预留的车位多于停车位", wrong=True),
        Hint(when='IFERROR({bought}="提示",FALSE)', words="节能产品采购占比未达到目标（“争取”，只提示）"),
    ),
    remarks=("节能产品采购占比是“争取”达到的目标，未达到只提示；没有停车场、没有采购的机构，该部分空着。",),
    signatures=SIGNATURES,
)  # fmt: skip

BY_DISTRICT = Summary(
    key="by_district",
    name="汇总",
    title="各区（市）节能目标完成情况汇总表",
    by="energy.district",
    measures=(
        Measure(key="before", title="2015年总量（万吨标准煤）", column="energy.energy_base"),
        Measure(key="assessed", title="考核总量（万吨标准煤）", column="energy.assessed"),
        Measure(key="growth", title="增量（万吨标准煤）", column="control.growth"),
        Measure(key="allowed", title="控制目标（万吨标准煤）", column="control.allowed"),
        Measure(key="fit", title="双控达标（个）", where={"control.verdict": "达标"}),
        Measure(key="count", title="公共机构（家）", by="institutions.place", unit="家"),
        Measure(
            key="met", title="三项达标（家）", by="institutions.place", where={"institutions.all_met": "达标"}, unit="家"
        ),
        Measure(key="charging", title="充电车位未达标（家）", by="institutions.place", where={"facilities.charging": "未达标"}, unit="家"),
        Measure(key="green", title="节能产品采购（元）", by="institutions.place", column="facilities.green"),
        Measure(key="purchases", title="同类采购总额（元）", by="institutions.place", column="facilities.purchases"),
    ),
    lines=(
        Derived(key="most", title="2020年全市能源消费总量上限", formula="{#total}", unit="万吨标准煤"),
        Derived(key="sum", title="各区（市）考核总量合计", formula="{=by_district.assessed}", unit="万吨标准煤"),
        Derived(key="goals", title="附件2增量控制目标合计", formula="{@increments}", unit="万吨标准煤"),
        Derived(
            key="share", title="节能产品采购占比（目标见依据）", unit="百分比",
            formula="IF({=by_district.purchases}=0,0,ROUND({=by_district.green}/{=by_district.purchases},4))",
        ),
    ),
    chart=Chart(title="各区（市）能耗增量和控制目标（万吨标准煤）", measures=("growth", "allowed"), axis="万吨标准煤", signed=True),
    signatures=SIGNATURES,
)  # fmt: skip

BY_LIST = Summary(
    key="by_list",
    name="创建汇总",
    title="创建评价清单汇总表",
    heading="清单",
    values=tuple(one.name for one in LISTS),
    measures=MEASURES,
    chart=Chart(title="各清单达成率", measures=("share",)),
)


def basis_of(key: str, target: str, title: str) -> Basis:
    """A figure of the table of targets, which plain formulas read on 依据."""
    row = target_row(target)
    assert row.goal is not None
    return Basis(key=key, title=title, article=row.cells["条款"], unit="比例", value=row.goal)


TEMPLATE = Template(
    policy="energy",
    version="1.0",
    title="青岛市节能目标考核和绿色创建评价表",
    file="节能与绿色发展",
    guide=(
        "先在“能耗”表头填写填报单位和考核年度，再逐区（市）填2015年、上年和考核年的能源消费总量和生产总值（同一价格）；"
        "只填一部分区（市）也可以。“双控”表自动计算。",
        "“全市”表逐年填全市总量和四项能源比重；四项目标相加不到100%，其余部分不用填。",
        "“公共机构”一行一家，填2015年和考核年的单位面积能耗、人均能耗、人均用水；停车位和节能产品采购填在“车位和采购”表。",
        "五张创建清单按需填写，一张清单填一个单位，要评价别的单位另存一份：每项填是或否，写了数值门槛的也可填实际数值。"
        "节约型机关分独立办公和集中办公两张，只填一张。",
        "附件3至附件7没有分值和合格线：填了合格阈值才给符合或不符合的结论。",
    ),
    sheets=(ENERGY, CONTROL, CITY, INSTITUTIONS, FACILITIES, *(checklist_sheet(one) for one in LISTS)),
    summaries=(BY_DISTRICT, BY_LIST),
    checks=(
        Check(
            title="考核年度在2018年至2020年之间",
            formula="IF(AND(ISNUMBER({@year}),N({@year})>={#first_year},N({@year})<={#last_year}),0,1)",
            help="“能耗”表头的考核年度",
        ),
        Check(
            title="2018年度强度目标都已达标",
            formula='COUNTIF({control.year_met},"未达标")',
            soft=True,
            help="附件1：2018年度能耗强度降低目标；问题数为未达标的区（市）数，考核年不是2018年的不算",
        ),
        Check(
            title="双控都已达标（2020年的要求）",
            formula='COUNTIF({control.verdict},"未达标*")',
            soft=True,
            help="附件1、附件2：强度比2015年降低、增量不高于控制数；问题数为未达标的区（市）数",
        ),
        Check(
            title="全市考核总量没有超过2020年上限",
            formula='COUNTIF({city.within},"未达标")',
            soft=True,
            help="一（二）：2020年全市能源消费总量；问题数为超过的年数",
        ),
        Check(
            title="一次能源消费结构都已达标",
            formula='COUNTIF({city.mix},"未达标*")+COUNTIF({city.mix},"提示*")',
            soft=True,
            help="二（三）：2020年的结构目标；问题数为未达标或有提示的年数",
        ),
        Check(
            title="公共机构三项目标都已达标",
            formula='COUNTIF({institutions.all_met},"未达标")',
            soft=True,
            help="一（二）：2020年比2015年；问题数为未达标的机构数",
        ),
        Check(
            title="充电车位都已达标",
            formula='COUNTIF({facilities.charging},"未达标")',
            soft=True,
            help="三（一）4：配备充电设施或预留条件的车位；问题数为未达标的机构数",
        ),
        Check(
            title="节能产品采购占比都已达到目标",
            formula='COUNTIF({facilities.bought},"提示")',
            soft=True,
            help="四（一）3：2020年争取达到；问题数为未达到的机构数",
        ),
        Check(
            title="空行上没有填车位和采购",
            formula='COUNTIFS({facilities.spaces},"<>",{institutions.name},"")'
            '+COUNTIFS({facilities.equipped},"<>",{institutions.name},"")'
            '+COUNTIFS({facilities.green},"<>",{institutions.name},"")'
            '+COUNTIFS({facilities.purchases},"<>",{institutions.name},"")',
            help="“车位和采购”表：没有机构的行上不要填",
        ),
        Check(
            title="节约型机关只填了一张",
            formula='IF(AND({@office_report}<>"尚未填报",{@shared_report}<>"尚未填报"),1,0)',
            help="独立办公填“节约型机关（独立）”，集中办公填“节约型机关（集中）”",
        ),
        *CHECKS,
    ),
    basis=(
        basis_of("area", "T125", "公共机构单位建筑面积能耗降低"),
        basis_of("person", "T126", "公共机构人均综合能耗降低"),
        basis_of("water", "T127", "公共机构人均用水量降低"),
        Basis(
            key="first_year", title="年度强度目标的年份", article="附件1", unit="年份", value=Decimal(FIRST_TARGET_YEAR)
        ),
        Basis(
            key="last_year",
            title="“十三五”目标的年份",
            article="一（二）；附件1",
            unit="年份",
            value=Decimal(LAST_YEAR),
        ),
    ),
)
