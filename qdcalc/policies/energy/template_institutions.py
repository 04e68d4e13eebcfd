"""The sheets of public institutions: energy and water, charging spaces, what they buy."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Sheet, Value
from qdcalc.policies.forms import SIGNATURES, echo, no_count, no_number

DROP, DUAL, CHECK = "QD_ENERGY_DROP", "QD_ENERGY_DUAL_CONTROL", "QD_TARGET_CHECK"
CHARGERS, GREEN_BUY = "QD_ENERGY_CHARGERS", "QD_ENERGY_GREEN_BUY"


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
        echo("show_name", "name", "机构名称", width=26, group="机构"),
        echo("show_place", "place", "区（市）", width=16, group="机构"),
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
        Hint(when=no_number("equipped"), words="已配备或预留的车位不是数值", wrong=True),
        Hint(when=no_count("equipped"),
             words="已配备或预留的车位应为不小于 0 的整数", wrong=True),
        Hint(when="IF(AND(ISNUMBER({equipped}),ISNUMBER({spaces})),{equipped}>{spaces},FALSE)",
             words="已配备或预留的车位多于停车位", wrong=True),
        Hint(when='IFERROR({bought}="提示",FALSE)', words="节能产品采购占比未达到目标（“争取”，只提示）"),
    ),
    remarks=("节能产品采购占比是“争取”达到的目标，未达到只提示；没有停车场、没有采购的机构，该部分空着。",),
    signatures=SIGNATURES,
)  # fmt: skip
