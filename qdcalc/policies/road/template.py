"""The workbook of 四好农村路: projects and their sections, rewards, bridges, stations, model districts, tasks, land revenue."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, Derived, Measure, Summary, Template
from qdcalc.policies.forms import SIGNATURES, all_met, filled_though, none_by_hand
from qdcalc.policies.road.template_districts import DEMO_SHEET, LAND_SHEET, MINOR_SHEET, STATION_SHEET, TASK_SHEET
from qdcalc.policies.road.template_projects import AWARDS, BRIDGES, PROJECTS, SEGMENTS, SUBSIDY, YEAR_TASKS

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
        none_by_hand("subsidies.manual", title="没有人工核定的项目", help="有手填核定额的项目，请附书面依据一并上报"),
        Check(
            title="空行上没有手填核定额",
            formula=filled_though("projects.code", "subsidies.manual"),
            help="“项目补助”表：没有项目的行上不要填",
        ),
        Check(
            title="资金内奖励没有超过年度奖补资金",
            formula="IF({=awards.granted}>N({@fund})+0.005,1,0)",
            help="“超额奖励”表",
        ),
        all_met(
            "任务进度都已达标",
            "tasks.verdict",
            "附件1 三：2018年12月底完成20%，2020年10月底完成100%；问题数为未达标的项数",
        ),
        all_met(
            "土地出让收益安排都已达标",
            "land.verdict",
            "附件1 四（四）：每年统筹土地出让收益的2%—3%；问题数为未达标的区（市）数",
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
