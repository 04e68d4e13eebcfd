"""The workbook of 四好农村路: projects and their sections, rewards, bridges, stations, model districts, tasks, land revenue."""

from __future__ import annotations

from qdcalc.layout import (
    Chart,
    Check,
    Claim,
    Derived,
    Field,
    Given,
    Hint,
    Input,
    Measure,
    Output,
    Sheet,
    Summary,
    Template,
    Value,
)

CAPPED, STANDARD, EXCESS = "QD_ROAD_CAPPED", "QD_ROAD_STANDARD", "QD_ROAD_EXCESS_CAPPED"
BRIDGE, STATIONS, DEMO = "QD_ROAD_BRIDGE", "QD_ROAD_STATIONS", "QD_ROAD_DEMO"
FUND, LAND, TASK, PROGRESS = "QD_ROAD_LAND_FUND", "QD_ROAD_LAND_CHECK", "QD_ROAD_TASK", "QD_ROAD_TASK_PROGRESS"
MINOR = "QD_ROAD_MINOR_FLOOR"
SIGNATURES = ("填表人", "审核人", "单位负责人（签章）", "日期")
STAGES = ("2018年12月底", "2020年10月底")
"""附件1 三: when 20 % and when all of the tasks are due."""


def in_yuan(key: str, typed: str, title: str, *, optional: bool = False) -> Derived:
    """The amount of the column `typed`, which is in the unit that the field `money` says, in 元."""
    number = f'ROUND({{{typed}}}*IF({{@money}}="万元",10000,1),2)'
    return Derived(
        key=key, title=title, unit="元", optional=optional, group="折算为元", width=14,
        formula=f'IF(ISNUMBER({{{typed}}}),{number},{{{typed}}}&"")',
    )  # fmt: skip


def project(key: str, title: str, **more: object) -> Derived:
    """What the project of a section says, found by its number."""
    found = f"INDEX({{projects.{key}}},MATCH({{code}},{{projects.code}},0))"
    return Derived(key=f"project_{key}", title=title, formula=f'IFERROR({found}&"","")', group="取自项目", **more)  # type: ignore[arg-type]


PROJECTS = Sheet(
    key="projects",
    name="项目",
    title="“四好农村路”建设养护项目表",
    counted="code",
    freeze=2,
    fields=(
        Field(key="office", kind="文字", title="填报单位", width=24, required=True),
        Field(key="year", kind="数值", unit="年份", title="年度", value=2018, required=True),
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
        Input(
            key="estimate_typed", argument=f"{CAPPED}.estimate", title="概算投资（按表头单位）", scaled="money", width=15,
            group="投资", note="按表头金额单位填",
        ),
        Input(
            key="land_typed", argument=f"{CAPPED}.land_cost", title="征地拆迁费（按表头单位）", scaled="money", width=15,
            group="投资", note="按表头金额单位填",
        ),
        Input(key="planned", argument=f"{CAPPED}.planned", width=10, group="计划与完成"),
        Input(
            key="excess", kind="选项", choices=("是", "否"), title="超额项目", width=10, group="计划与完成",
            note="超出年度任务目标的项目填“是”，在“超额奖励”表计算奖励，不再领计划内补助；不填为否",
        ),
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
        Derived(key="show_code", title="项目编号", formula='{code}&""', width=9.5, group="项目"),
        Derived(key="show_title", title="项目名称", formula='{title}&""', width=22, group="项目"),
        Derived(key="show_district", title="区（市）", formula='{district}&""', width=14, group="项目"),
        Derived(key="show_work", title="工程类别", formula='{work}&""', width=13, group="项目"),
        in_yuan("estimate", "estimate_typed", "概算投资（元）"),
        in_yuan("land", "land_typed", "征地拆迁费（元）", optional=True),
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
            arguments={"work": "work", "district": "district", "estimate": "estimate", "land_cost": "land"},
        ),
        Output(
            key="subsidy", function=CAPPED, title="计划内补助（元）", total=True, width=14, when='{excess}<>"是"',
            arguments={
                "standard": "standard", "work": "work", "district": "district", "estimate": "estimate", "land_cost": "land",
                "planned": "planned",
            },
        ),
        Derived(
            key="binding", title="起作用的", width=9,
            formula='IF({excess}="是","超额项目",IFERROR(IF({subsidy}=0,"不予补助",IF({standard}<={ceiling},"标准额","上限额")),"待改正"))',
        ),
        Input(
            key="manual", kind="数值", unit="元", title="手填核定额（元）", width=12, group="人工核定",
            note="条文不能计算、由人认定的（如监督检查扣减），填核定的金额；一般不填",
        ),
        Input(key="ground", kind="文字", title="核定依据", width=12, group="人工核定", note="填了手填核定额的，写明依据"),
        Derived(
            key="approved", title="核定补助（元）", unit="元", total=True, group="核定", width=14,
            formula='IF(ISNUMBER({manual}),{manual},IF({excess}="是",0,{subsidy}))',
        ),
    ),
    hints=(
        Hint(
            when="AND(ISNUMBER({estimate}),{km}>0,{estimate}<{km}*10000)",
            words="概算每公里不到1万元，请核对金额单位",
        ),
        Hint(when='AND(ISNUMBER({manual}),{ground}="")', words="手填核定额没有写依据", wrong=True),
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
        project("title", "项目名称", width=20),
        project("district", "区（市）", width=14),
        project("work", "工程类别", width=13),
        Output(
            key="rate", function="QD_ROAD_RATE", title="补助标准（元/公里）", width=14,
            arguments={"work": "project_work", "width": "width", "district": "project_district"},
        ),
        Output(
            key="standard", function=STANDARD, title="标准额（元）", total=True,
            arguments={
                "work": "project_work", "width": "width", "district": "project_district", "km": "km", "poor_km": "poor_km",
            },
        ),
        Output(
            key="excess_standard", function="QD_ROAD_EXCESS_STANDARD", title="超额奖励标准额（元）", total=True,
            when='COUNTIFS({projects.code},{code},{projects.excess},"是")>0',
            arguments={"work": "project_work", "width": "width", "district": "project_district", "km": "km"},
        ),
    ),
)  # fmt: skip

YEAR_TASKS = Sheet(
    key="year_tasks",
    name="年度任务",
    title="各区（市）年度任务目标与完成情况（分工程类别）",
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=16),
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
        Derived(key="award_code", title="项目编号", formula='{code}&""', width=9.5, group="项目"),
        Derived(key="award_title", title="项目名称", formula='{title}&""', width=22, group="项目"),
        Derived(key="award_district", title="区（市）", formula='{district}&""', width=14, group="项目"),
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
            arguments={
                "standard": "award_standard", "district": "district", "estimate": "estimate", "land_cost": "land",
                "base_paid": "base_paid", "target_met": "target_met",
            },
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
        Input(
            key="estimate_typed", argument=f"{BRIDGE}.estimate", title="概算投资（同项目表单位）", scaled="money",
            width=17, group="投资", note="按“项目”表头的金额单位填",
        ),
        Input(
            key="land_typed", argument=f"{BRIDGE}.land_cost", title="征地拆迁费（同项目表单位）", scaled="money",
            width=17, group="投资", note="按“项目”表头的金额单位填",
        ),
        Input(
            key="approved_typed", argument=f"{BRIDGE}.approved", title="核定额（同项目表单位）", scaled="money",
            width=17, group="投资", note="按“项目”表头的金额单位填",
        ),
        Input(key="planned", argument=f"{BRIDGE}.planned", width=9, group="计划"),
        in_yuan("estimate", "estimate_typed", "概算投资（元）"),
        in_yuan("land", "land_typed", "征地拆迁费（元）", optional=True),
        in_yuan("approved", "approved_typed", "核定额（元）", optional=True),
        Output(
            key="subsidy", function=BRIDGE, title="市级补助（元）", total=True,
            arguments={
                "estimate": "estimate", "district": "district", "land_cost": "land", "approved": "approved",
                "planned": "planned",
            },
        ),
    ),
)  # fmt: skip

STATION_SHEET = Sheet(
    key="stations",
    name="客运站点",
    title="农村客运站点建设市级补助测算表",
    notice="subsidy",
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=18),
        Input(key="bays", argument=f"{STATIONS}.bays", width=12, total=True),
        Input(key="shelters", argument=f"{STATIONS}.shelters", width=12, total=True),
        Input(key="signs", argument=f"{STATIONS}.signs", width=12, total=True),
        Input(key="planned", argument=f"{STATIONS}.planned", width=10),
        Output(
            key="task", function=TASK, title="附件2 三年任务（个）", unit="个", width=13, always=True, total=False,
            arguments={"district": "district", "item": Value(value="客运站点")},
        ),
        Output(
            key="subsidy", function=STATIONS, title="市级补助（元）", total=True,
            arguments={
                "bays": "bays", "shelters": "shelters", "signs": "signs", "district": "district", "planned": "planned",
            },
        ),
    ),
)  # fmt: skip

MINOR_SHEET = Sheet(
    key="minor",
    name="小修养护",
    title="小修、日常养护市级补助测算表",
    notice="floor",
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=16),
        Input(key="city_standard", argument=f"{MINOR}.city_standard", width=15),
        Input(key="province_standard", argument=f"{MINOR}.province_standard", width=15),
        Input(key="km", argument=f"{MINOR}.km", width=12, total=True),
        Output(
            key="floor", function=MINOR, title="补助下限（元）", total=True,
            arguments={"city_standard": "city_standard", "province_standard": "province_standard", "km": "km"},
        ),
        Input(
            key="manual", kind="数值", unit="元", title="手填核定额（元）", width=15, group="人工核定", total=True,
            note="条文只定下限，补助额由人核定；不低于补助下限",
        ),
        Input(key="ground", kind="文字", title="核定依据", width=18, group="人工核定", note="填了手填核定额的，写明依据"),
    ),
    hints=(
        Hint(when="AND(ISNUMBER({manual}),N({manual})<N({floor}))", words="手填核定额低于补助下限", wrong=True),
        Hint(when='AND(ISNUMBER({manual}),{ground}="")', words="手填核定额没有写依据", wrong=True),
    ),
    remarks=("市、省现行标准文中没有数值，由填表人填写；本表不计入“汇总”的市级合计（三年集中攻坚计划）。",),
    signatures=SIGNATURES,
)  # fmt: skip

DEMO_SHEET = Sheet(
    key="demo",
    name="示范创建",
    title="“四好农村路”示范区（市）奖励测算表",
    notice="award",
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=20),
        Input(
            key="level", argument=f"{DEMO}.level", required=False, width=16, note="未通过验收的不填",
        ),
        Input(key="accepted", kind="日期", title="验收日期", width=14),
        Output(
            key="award", function=DEMO, title="市级奖励（元）", total=True, width=20,
            arguments={"count": Value(value=1), "level": "level", "district": "district"},
        ),
    ),
)  # fmt: skip

LAND_SHEET = Sheet(
    key="land",
    name="土地收益",
    title="土地出让收益用于农村公路建设养护检查表",
    notice="verdict",
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=18),
        Input(key="revenue", argument=f"{FUND}.revenue", width=20, total=True),
        Input(key="arranged", argument=f"{LAND}.arranged", width=20, total=True),
        Output(
            key="low", function=FUND, title="应安排下限（元）", total=True, width=18,
            arguments={"revenue": "revenue", "bound": Value(value="下限")},
        ),
        Output(
            key="high", function=FUND, title="应安排上限（元）", total=True, width=18,
            arguments={"revenue": "revenue", "bound": Value(value="上限")},
        ),
        Output(key="verdict", function=LAND, title="检查结果", arguments={"revenue": "revenue", "arranged": "arranged"}, width=12),
    ),
)  # fmt: skip

TASK_SHEET = Sheet(
    key="tasks",
    name="任务进度",
    title="附件2 任务目标完成进度表",
    notice="progress",
    fields=(
        Field(key="stage", kind="选项", choices=STAGES, title="检查时点", value=STAGES[0], required=True, width=18),
    ),
    columns=(
        Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=18),
        Given(key="item", title="任务项目", figure="tasks.items", width=18),
        Output(
            key="task", function=TASK, title="三年任务（公里、座或个）", width=15, always=True,
            arguments={"district": "district", "item": "item"},
        ),
        Input(
            key="done", argument=f"{PROGRESS}.done", title="累计完成（公里、座或个）", required=False, width=15,
            note="2018年起累计；没有任务的不填",
        ),
        Output(
            key="progress", function=PROGRESS, title="完成比例", unit="百分比", width=12, when="{task}>0",
            arguments={"district": "district", "item": "item", "done": "done"},
        ),
        Derived(
            key="due", title="应完成比例", unit="百分比", width=12, always=True, optional=True,
            formula='IF({task}=0,"",IF({@stage}="2018年12月底",{#due.first},{#due.last}))',
        ),
        Derived(
            key="verdict", title="进度", width=12, always=True,
            formula='IF({task}=0,"无任务",IF({done}="","",IFERROR(IF({progress}>={due},"达标","未达标"),"待改正")))',
        ),
    ),
    hints=(Hint(when="AND({task}=0,{done}<>\"\")", words="附件2没有给该区（市）此项任务", wrong=True),),
)  # fmt: skip

SUMMARY = Summary(
    key="by_district",
    name="汇总",
    title="“四好农村路”市级补助和奖励汇总表",
    by="projects.district",
    like="stations.district",
    measures=(
        Measure(key="count", title="项目数（个）"),
        Measure(key="km", title="里程（公里）", column="subsidies.km"),
        Measure(key="subsidy", title="计划内补助（元）", column="subsidies.approved"),
        Measure(key="bridges", title="危桥改造（元）", by="bridges.district", column="bridges.subsidy"),
        Measure(key="stations", title="客运站点（元）", by="stations.district", column="stations.subsidy"),
        Measure(key="granted", title="超额奖励（元）", column="awards.granted"),
        Measure(key="demo", title="示范奖励（元）", by="demo.district", column="demo.award"),
        Measure(
            key="all", title="市级合计（元）", formula="{subsidy}+{bridges}+{stations}+{granted}+{demo}", unit="元"
        ),
        Measure(key="wan", title="市级合计（万元）", formula="ROUND({all}/10000,2)", unit="万元"),
    ),
    lines=(
        Derived(key="total", title="三年计划总投资（亿元，约）", formula="{#plan.total}", unit="亿元"),
        Derived(key="plan", title="其中市财政安排（亿元）", formula="{#plan.city_fund}", unit="亿元"),
        Derived(key="used", title="本表市级合计（亿元）", formula="ROUND({=by_district.all}/100000000,4)", unit="亿元"),
        Derived(
            key="share", title="占三年安排", formula="{=by_district.all}/({#plan.city_fund}*100000000)", unit="百分比"
        ),
    ),
    chart=Chart(
        title="各区（市）市级补助和奖励（万元）",
        measures=("subsidy", "bridges", "stations", "granted", "demo"),
        axis="万元",
        stacked=True,
    ),
    signatures=SIGNATURES,
)

TEMPLATE = Template(
    policy="road",
    version="1.0",
    title="“四好农村路”市级补助和奖励测算",
    file="四好农村路",
    guide=(
        "先在“项目”表头选定金额单位（元或万元），再逐个填项目：一个项目一行，编号不能重复。概算投资是整个项目的概算，"
        "征地拆迁费单列。",
        "再在“路段”表填每个项目的路段：同一项目路面宽不同的，分段填；薄弱村里程是其中省定贫困村、市定经济薄弱村的部分。"
        "补助按路段计算标准额，按整个项目封顶一次。",
        "有超额完成的项目：在“年度任务”填各类工程的目标，“项目”表中把超出的项目标为超额并填完成日期，“超额奖励”表头填年度奖补资金。"
        "一个项目只有一部分超额的，拆成两个项目填。",
        "危桥、客运站点、示范创建、小修养护、土地收益、任务进度各表按需填写，没有的不填。青岛西海岸新区照常填报，市级补助为 0。",
    ),
    sheets=(
        PROJECTS,
        SEGMENTS,
        SUBSIDY,
        YEAR_TASKS,
        AWARDS,
        BRIDGES,
        STATION_SHEET,
        DEMO_SHEET,
        MINOR_SHEET,
        LAND_SHEET,
        TASK_SHEET,
    ),
    summaries=(SUMMARY,),
    checks=(
        Check(
            title="路段里程合计与项目里程合计一致",
            formula="IF(ABS({=subsidies.km}-{=segments.km})<0.0005,0,1)",
            help="不一致时，多半是路段的项目编号不对，或项目有待改正的行",
        ),
        Check(
            title="概算每公里不低于1万元",
            formula='COUNTIF({subsidies.notice},"*概算每公里不到1万元*")',
            soft=True,
            help="低于1万元的，多半是把万元当成元填了，请核对“项目”表头的金额单位",
        ),
        Check(
            title="没有人工核定的项目",
            formula="COUNT({subsidies.manual})",
            soft=True,
            help="有手填核定额的项目，请附书面依据一并上报",
        ),
        Check(
            title="空行上没有手填核定额",
            formula='COUNTIFS({subsidies.manual},"<>",{projects.code},"")',
            help="“项目补助”表：没有项目的行上不要填",
        ),
        Check(
            title="资金内奖励没有超过年度奖补资金",
            formula="IF({=awards.granted}>N({@fund})+0.005,1,0)",
            help="“超额奖励”表",
        ),
        Check(
            title="任务进度都已达标",
            formula='COUNTIF({tasks.verdict},"未达标")',
            soft=True,
            help="附件1 三：2018年12月底完成20%，2020年10月底完成100%；问题数为未达标的项数",
        ),
        Check(
            title="土地出让收益安排都已达标",
            formula='COUNTIF({land.verdict},"未达标")',
            soft=True,
            help="附件1 四（四）：每年统筹土地出让收益的2%—3%；问题数为未达标的区（市）数",
        ),
        Check(
            title="市级合计没有超过三年攻坚市财政安排",
            formula="IF({=by_district.all}>{#plan.city_fund}*100000000,1,0)",
            soft=True,
            help="附件1 四：市财政安排8.36亿元，不含青岛西海岸新区",
        ),
    ),
    claims=(
        Claim(
            sheet="subsidies",
            item="计划内补助",
            amount="approved",
            subject="title",
            kind="项目",
            beside="code",
            district="district",
        ),
        Claim(
            sheet="awards",
            item="超额奖励",
            amount="granted",
            subject="title",
            kind="项目",
            beside="code",
            district="district",
        ),
        Claim(sheet="bridges", item="危桥改造", amount="subsidy", subject="bridge", kind="项目", district="district"),
        Claim(
            sheet="stations",
            item="客运站点",
            amount="subsidy",
            subject="district",
            kind="区（市）",
            district="district",
        ),
        Claim(sheet="demo", item="示范创建", amount="award", subject="district", kind="区（市）", district="district"),
    ),
)
