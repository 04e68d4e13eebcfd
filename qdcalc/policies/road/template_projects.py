"""Sheets of projects and their sections: what they are paid, what is above the task of the year, and bridges."""

from __future__ import annotations

from qdcalc.layout import Derived, Field, Given, Hint, Input, Output, Sheet
from qdcalc.policies.forms import (
    NO_GROUND,
    SIGNATURES,
    by_hand,
    by_name,
    echo,
    flag,
    looked_up,
    office,
    settled,
    text_of,
    year,
)
from qdcalc.policies.road.template_districts import each_task_district

CAPPED, STANDARD, EXCESS, BRIDGE = "QD_ROAD_CAPPED", "QD_ROAD_STANDARD", "QD_ROAD_EXCESS_CAPPED", "QD_ROAD_BRIDGE"


def typed(key: str, argument: str, title: str, *, width: float, note: str) -> Input:
    """An amount in the unit that the field `money` says."""
    return Input(
        key=f"{key}_typed", argument=argument, title=title, scaled="money", width=width, group="投资", note=note
    )  # fmt: skip


def in_yuan(key: str, title: str, *, optional: bool = False) -> Derived:
    """The amount that was typed, in 元."""
    cell = f"{{{key}_typed}}"
    return Derived(
        key=key, title=title, unit="元", optional=optional, group="折算为元", width=14,
        formula=f'IF(ISNUMBER({cell}),ROUND({cell}*IF({{@money}}="万元",10000,1),2),{cell}&"")',
    )  # fmt: skip


def project(key: str, title: str, width: float) -> Derived:
    """What the project of a section says, found by its number."""
    found = text_of(looked_up(f"projects.{key}", "code", "projects.code"))
    return Derived(key=f"project_{key}", title=title, formula=found, group="取自项目", width=width)


PROJECTS = Sheet(
    key="projects",
    name="项目",
    title="“四好农村路”建设养护项目表",
    counted="code",
    freeze=2,
    fields=(
        office(24),
        year(2018),
        Field(
            key="money", kind="选项", choices=("元", "万元"), title="金额单位", value="万元", required=True,
            note="概算投资、征地拆迁费等填报金额的单位；计算结果一律为元",
        ),
    ),
    columns=(
        Input(key="code", kind="文字", title="项目编号", required=True, unique=True, width=11, group="项目", example="PD-001"),
        Input(key="title", kind="文字", title="项目名称", required=True, width=28, group="项目"),
        Input(key="district", argument=f"{CAPPED}.district", width=16, group="项目"),
        Input(key="work", argument=f"{CAPPED}.work", width=15, group="项目"),
        typed("estimate", f"{CAPPED}.estimate", "概算投资（按表头单位）", width=15, note="按表头金额单位填"),
        typed("land", f"{CAPPED}.land_cost", "征地拆迁费（按表头单位）", width=15, note="按表头金额单位填"),
        Input(key="planned", argument=f"{CAPPED}.planned", width=10, group="计划与完成"),
        flag("excess", "超额项目", width=10, group="计划与完成", note="超出年度任务目标的项目填“是”，在“超额奖励”表计算奖励，不再领计划内补助；不填为否"),
        Input(key="finished", kind="日期", title="完成日期", width=13, group="计划与完成", note="未完成的不填"),
    ),
    hints=(
        Hint(when="COUNTIF({segments.code},{code})=0", words="“路段”表中没有这个项目的路段", wrong=True),
        Hint(when='AND({excess}="是",{finished}="")', words="超额项目应填完成日期", wrong=True),
    ),
)  # fmt: skip

SUBSIDY = Sheet(
    key="subsidies",
    name="项目补助",
    title="“四好农村路”项目市级补助测算表",
    follows="projects",
    notice="subsidy",
    freeze=2,
    columns=(
        echo("show_code", "code", "项目编号", width=9.5, group="项目"),
        echo("show_title", "title", "项目名称", width=22, group="项目"),
        echo("show_district", "district", "区（市）", width=14, group="项目"),
        echo("show_work", "work", "工程类别", width=13, group="项目"),
        in_yuan("estimate", "概算投资（元）"),
        in_yuan("land", "征地拆迁费（元）", optional=True),
        Derived(
            key="km", title="里程（公里）", unit="公里", total=True, group="取自路段",
            formula="ROUND(SUMIFS({segments.km},{segments.code},{code}),3)",
        ),
        Derived(
            key="standard", title="标准额（元）", unit="元", total=True, group="取自路段", width=14,
            formula="ROUND(SUMIFS({segments.standard},{segments.code},{code}),2)",
        ),
        Output(
            key="ceiling", function="QD_ROAD_CEILING", title="上限额（元）", width=14,
            arguments=by_name("work", "district", "estimate", land_cost="land"),
        ),
        Output(
            key="subsidy", function=CAPPED, title="计划内补助（元）", total=True, width=14, when='{excess}<>"是"',
            arguments=by_name("standard", "work", "district", "estimate", "planned", land_cost="land"),
        ),
        Derived(
            key="binding", title="起作用的", width=9,
            formula='IF({excess}="是","超额项目",IFERROR(IF({subsidy}=0,"不予补助",IF({standard}<={ceiling},"标准额","上限额")),"待改正"))',
        ),
        *by_hand("条文不能计算、由人认定的（如监督检查扣减），填核定的金额；一般不填", width=12, ground_width=12),
        Derived(
            key="approved", title="核定补助（元）", unit="元", total=True, group="核定", width=14,
            formula=settled('IF({excess}="是",0,{subsidy})'),
        ),
    ),
    hints=(
        Hint(
            when="AND(ISNUMBER({estimate}),{km}>0,{estimate}<{km}*10000)",
            words="概算每公里不到1万元，请核对金额单位",
        ),
        NO_GROUND,
        Hint(when="AND(ISNUMBER({manual}),N({manual})>N({ceiling}))", words="手填核定额高于上限额"),
    ),
    signatures=SIGNATURES,
)  # fmt: skip

SEGMENTS = Sheet(
    key="segments",
    name="路段",
    title="“四好农村路”项目路段明细表",
    counted="code",
    notice="standard",
    freeze=2,
    columns=(
        Input(
            key="code", kind="选项", listed="projects.code", title="项目编号", required=True, width=11, group="路段",
            note="从“项目”表的编号中选",
        ),
        Input(key="name", kind="文字", title="路段名称（起讫点）", required=True, width=22, group="路段"),
        Input(key="width", argument=f"{STANDARD}.width", width=10, group="路段"),
        Input(key="km", argument=f"{STANDARD}.km", width=11, group="路段", total=True),
        Input(key="poor_km", argument=f"{STANDARD}.poor_km", width=12, group="路段", total=True),
        project("title", "项目名称", 20),
        project("district", "区（市）", 14),
        project("work", "工程类别", 13),
        Output(
            key="rate", function="QD_ROAD_RATE", title="补助标准（元/公里）", width=14,
            arguments={"work": "project_work", "width": "width", "district": "project_district"},
        ),
        Output(
            key="standard", function=STANDARD, title="标准额（元）", total=True,
            arguments=by_name("width", "km", "poor_km", work="project_work", district="project_district"),
        ),
        Output(
            key="excess_standard", function="QD_ROAD_EXCESS_STANDARD", title="超额奖励标准额（元）", total=True,
            when='COUNTIFS({projects.code},{code},{projects.excess},"是")>0',
            arguments=by_name("width", "km", work="project_work", district="project_district"),
        ),
    ),
)  # fmt: skip

YEAR_TASKS = Sheet(
    key="year_tasks",
    name="年度任务",
    title="各区（市）年度任务目标与完成情况（分工程类别）",
    columns=(
        each_task_district(16),
        Given(key="work", title="工程类别", figure="excess.works", width=16),
        Input(
            key="target", kind="数值", unit="公里", title="年度任务目标（公里）", width=18,
            note="附件2没有分开大修、中修，也没有分年度，按区（市）年度实施计划填",
        ),
        Derived(
            key="done", title="已完成（公里）", unit="公里", width=16, group="取自项目", total=True,
            formula='ROUND(SUMIFS({subsidies.km},{projects.district},{district},{projects.work},{work},{projects.finished},">0"),3)',
        ),
        Derived(key="met", title="完成年度任务", formula='IF({done}>={target},"是","否")', width=14, group="核算"),
        Derived(
            key="surplus", title="超出目标（公里）", unit="公里", width=16, group="核算",
            formula="MAX(0,ROUND({done}-{target},3))",
        ),
        Derived(
            key="marked", title="标为超额的（公里）", unit="公里", width=18, group="核算", total=True,
            formula='ROUND(SUMIFS({subsidies.km},{projects.district},{district},{projects.work},{work},{projects.excess},"是"),3)',
        ),
    ),
    hints=(
        Hint(
            when='AND({marked}>0,{met}="否")',
            words="未完成任务目标，没有超额奖励：请在“项目”表取消超额标记，按计划内补助",
            wrong=True,
        ),
        Hint(when='AND({marked}>{surplus},{met}="是")', words="标为超额的里程多于超出目标的里程", wrong=True),
    ),
    remarks=("完成量取自“项目”表中填了完成日期的项目。没有填年度任务目标的，不能认定完成任务，超额项目没有奖励。",),
)  # fmt: skip

AWARDS = Sheet(
    key="awards",
    name="超额奖励",
    title="超额完成项目以奖代补测算表",
    follows="subsidies",
    notice="award",
    freeze=2,
    fields=(
        Field(
            key="fund", kind="数值", unit="元", title="年度奖补资金（元）", width=18,
            note="当年市财政奖补资金规模，有超额项目时必填；按完成日期先干先得",
        ),
    ),
    columns=(
        echo("award_code", "code", "项目编号", width=9.5, group="项目"),
        echo("award_title", "title", "项目名称", width=22, group="项目"),
        echo("award_district", "district", "区（市）", width=14, group="项目"),
        Derived(key="award_excess", title="超额项目", formula='IF({excess}="是","是","否")', width=8, group="项目"),
        Derived(
            key="target_met", title="完成年度任务", width=10, group="核算",
            formula='IF(COUNTIFS({year_tasks.district},{district},{year_tasks.work},{work},{year_tasks.met},"是")>0,"是","否")',
        ),
        Derived(
            key="award_standard", title="奖励标准额（元）", unit="元", optional=True, group="核算", total=True,
            formula='IF({excess}="是",ROUND(SUMIFS({segments.excess_standard},{segments.code},{code}),2),"")',
        ),
        Input(key="base_paid", argument=f"{EXCESS}.base_paid", width=15, group="填报"),
        Output(
            key="award", function=EXCESS, title="奖励额（元）", total=True, when='{excess}="是"',
            arguments=by_name(
                "district", "estimate", "base_paid", "target_met", standard="award_standard", land_cost="land",
            ),
        ),
        Derived(
            key="order", title="完成日期", unit="日期", optional=True, width=12,
            formula='IF(AND({excess}="是",{finished}<>""),{finished},"")',
        ),
        Output(
            key="granted", function="QD_ALLOCATE", title="资金内奖励（元）", unit="元", total=True, when='{excess}="是"',
            arguments={"amounts": "awards.award", "dates": "awards.order", "budget": "@fund", "row": "serial"},
            plain='IF({@fund}="",NA(),IF(COUNT({awards.award})<>COUNT({awards.order}),-"#",ROUND(MAX(0,MIN({award},{@fund}'
            '-SUMIFS({awards.award},{awards.order},"<"&{order})'
            '-SUMIFS({awards.award},{awards.order},{order},{awards.serial},"<"&{serial}))),2)))',
        ),
    ),
    hints=(
        Hint(
            when='AND({excess}="是",COUNTIFS({year_tasks.district},{district},{year_tasks.work},{work},{year_tasks.target},">=0")=0)',
            words="“年度任务”表没有填这一区（市）这类工程的目标",
        ),
        Hint(when='AND({excess}="是",{@fund}="")', words="年度奖补资金未填写", wrong=True),
    ),
    signatures=SIGNATURES,
)  # fmt: skip

BRIDGES = Sheet(
    key="bridges",
    name="危桥",
    title="危桥改造市级补助测算表",
    counted="bridge",
    notice="subsidy",
    rows=100,
    columns=(
        Input(key="bridge", kind="文字", title="桥梁名称", required=True, width=22, group="桥梁"),
        Input(key="district", argument=f"{BRIDGE}.district", width=15, group="桥梁"),
        typed("estimate", f"{BRIDGE}.estimate", "概算投资（同项目表单位）", width=17, note="按“项目”表头的金额单位填"),
        typed("land", f"{BRIDGE}.land_cost", "征地拆迁费（同项目表单位）", width=17, note="按“项目”表头的金额单位填"),
        typed("approved", f"{BRIDGE}.approved", "核定额（同项目表单位）", width=17, note="按“项目”表头的金额单位填"),
        Input(key="planned", argument=f"{BRIDGE}.planned", width=9, group="计划"),
        in_yuan("estimate", "概算投资（元）"),
        in_yuan("land", "征地拆迁费（元）", optional=True),
        in_yuan("approved", "核定额（元）", optional=True),
        Output(
            key="subsidy", function=BRIDGE, title="市级补助（元）", total=True,
            arguments=by_name("estimate", "district", "approved", "planned", land_cost="land"),
        ),
    ),
)  # fmt: skip
