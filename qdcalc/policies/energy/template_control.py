"""The sheets of dual control: energy and product of the 区（市）, their targets, the city's total and mix."""

from __future__ import annotations

from qdcalc.layout import Derived, Field, Given, Hint, Input, Output, Result, Sheet, Value
from qdcalc.policies.common.targets import target_row
from qdcalc.policies.forms import SIGNATURES, by_name, each_district, echo, office, year

INTENSITY, ASSESSED, GOAL, MIX = "QD_ENERGY_INTENSITY", "QD_ENERGY_ASSESSED", "QD_ENERGY_GOAL", "QD_ENERGY_MIX"
DROP, PROGRESS, REQUIRED, DUAL = "QD_ENERGY_DROP", "QD_ENERGY_PROGRESS", "QD_ENERGY_REQUIRED", "QD_ENERGY_DUAL_CONTROL"
CHECK = "QD_TARGET_CHECK"
LAST_YEAR = int(target_row("T120").cells["目标年"])
FIRST_TARGET_YEAR = int(target_row("T121").cells["目标年"])
"""The years of the five-year target and of the yearly one, as the table of targets has them."""


def amounts(suffix: str, when: str) -> tuple[Input, Input]:
    """Energy and product of a year that is over."""
    group = f"{when}（基期）" if suffix == "base" else when
    return (
        Input(
            key=f"energy_{suffix}", argument=f"{INTENSITY}.energy", title=f"{when}能耗（万吨标准煤）", width=12.5, group=group
        ),
        Input(
            key=f"gdp_{suffix}", argument=f"{INTENSITY}.gdp", title=f"{when}生产总值（亿元）", width=12, group=group,
            note="各年用同一价格（2015年价）",
        ),
    )  # fmt: skip


ENERGY = Sheet(
    key="energy",
    name="能耗",
    title="各区（市）能源消费和能耗强度表",
    notice=("base", "last", "assessed", "actual"),
    fields=(
        office(),
        year(FIRST_TARGET_YEAR, "考核年度", note=f"{FIRST_TARGET_YEAR} 至 {LAST_YEAR}"),
        Field(key="method", argument=f"{PROGRESS}.method", title="进度算法", value="对数"),
    ),
    columns=(
        each_district(16),
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
        echo("show_district", "district", "区（市）", width=15, always=True),
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
               arguments=by_name("base", "actual")),
        Output(key="goal", function=GOAL, title="“十三五”目标", unit="百分比", width=9, group="“十三五”强度目标",
               always=True, arguments={"district": "district", "item": Value(value="十三五强度")}),
        Output(
            key="progress", function=PROGRESS, title="目标进度", unit="百分比", width=9, group="“十三五”强度目标",
            arguments=by_name("base", "actual", target_drop="goal", method="@method"),
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
            arguments=by_name("coal", "gas", "oil", renewable="new"),
        ),
    ),
    remarks=(
        "四项目标相加为90%—92%，其余部分（如净调入电力）文中没有目标，只提示，不作为差错。总量上限和结构目标是2020年的，"
        "以前各年的结果供比较。",
    ),
)  # fmt: skip
