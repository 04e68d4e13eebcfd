"""The workbook of 农村生活垃圾分类: villages and cleaners, coverage, treatment, dumps, inspections, streams, money by hand."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, Derived, Measure, Summary, Template
from qdcalc.policies.forms import SIGNATURES, all_met, none_by_hand, share
from qdcalc.policies.waste.template_sheets import CHECKING, COVERAGE_SHEET, DUMPS, FUNDS, STREAMS, TREATMENT, VILLAGES

SUMMARY = Summary(
    key="by_district",
    name="汇总",
    title="农村生活垃圾分类工作汇总表",
    by="villages.district",
    like="treatment.district",
    measures=(
        Measure(key="count", title="台账村（社区）数（村）"),
        Measure(key="households", title="常住户数（户）", column="villages.households"),
        Measure(key="due", title="应配保洁员（人）", column="villages.due"),
        Measure(key="actual", title="实有保洁员（人）", column="villages.actual"),
        Measure(key="short", title="缺额（人）", column="villages.short"),
        Measure(key="left", title="未整治堆放点（处）", by="dumps.where", column="dumps.left"),
        Measure(key="missed", title="少检查（次）", by="inspections.area", column="inspections.short"),
        Measure(key="city", title="市级以奖代补（元）", by="funds.payer", column="funds.city"),
    ),
    lines=(Derived(key="pilots", title="2018年试点村（社区）", formula='COUNTIF({villages.pilot},"是")', unit="村"),),
    chart=Chart(title="各区（市）保洁员应配与实有（人）", measures=("due", "actual"), axis="人"),
    signatures=SIGNATURES,
)  # fmt: skip


def of_year(key: str, title: str, column: str, year: int) -> Measure:
    return Measure(key=key, title=title, column=f"coverage.{column}", where={"coverage.year": str(year)})


GOALS = Summary(
    key="goals",
    name="目标完成",
    title="农村生活垃圾分类目标完成情况汇总表",
    by="coverage.place",
    measures=(
        of_year("all_2019", "2019年村数（村）", "villages", 2019),
        of_year("sorted_2019", "2019年已分类（村）", "sorted", 2019),
        share("rate_2019", "2019年覆盖率", "sorted_2019", "all_2019"),
        of_year("all_2020", "2020年村数（村）", "villages", 2020),
        of_year("sorted_2020", "2020年已分类（村）", "sorted", 2020),
        share("rate_2020", "2020年覆盖率", "sorted_2020", "all_2020"),
        Measure(key="generated", title="产生量（吨）", by="treatment.district", column="treatment.generated"),
        Measure(key="treated", title="无害化处理量（吨）", by="treatment.district", column="treatment.treated"),
        share("rate", "无害化处理率", "treated", "generated"),
    ),
    lines=(
        Derived(key="goal_2019", title="2019年覆盖率目标", formula="{#goals.coverage_2019}", unit="百分比"),
        Derived(key="goal_2020", title="2020年覆盖率目标", formula="{#goals.coverage_2020}", unit="百分比"),
        Derived(key="goal_treated", title="2020年无害化处理率目标", formula="{#goals.treated}", unit="百分比"),
    ),
    chart=Chart(title="各区（市）分类收集覆盖率", measures=("rate_2019", "rate_2020"), axis=""),
    signatures=SIGNATURES,
)

TEMPLATE = Template(
    policy="waste",
    version="1.0",
    title="青岛市农村生活垃圾分类工作台账和核算表",
    file="农村生活垃圾分类",
    guide=(
        "先在“村庄”表头填写填报单位，再逐村填写户数、实有保洁员和开展分类年份；应配保洁员和缺额自动计算。",
        "“覆盖率”“无害化处理”“堆放点整治”“资金”四张表已列好区（市），只填本单位负责的行，其他行空着。",
        "“检查考核”先在表头填统计起止日，再逐个检查单位填层级和实际次数；“垃圾去向”用来查一种垃圾应怎样投放和处理。",
        "市级以奖代补的金额条文没有写，在“资金”表填核定额并写明依据，本表只汇总、不计算。",
        "“提示”是可按照的标准没有达到，“未达标”是必须达到的没有达到，都不妨碍上报；“×”是填错的行，须改正。",
    ),
    sheets=(VILLAGES, COVERAGE_SHEET, TREATMENT, DUMPS, CHECKING, STREAMS, FUNDS),
    summaries=(SUMMARY, GOALS),
    checks=(
        Check(
            title="2018年试点村（社区）为4—5个",
            formula='IF(COUNTA({villages.village})=0,0,MAX(0,{#goals.pilots_low}-COUNTIF({villages.pilot},"是"))'
            '+MAX(0,COUNTIF({villages.pilot},"是")-{#goals.pilots_high}))',
            soft=True,
            help="一（二）：按全市合计；问题数为少或多的个数，只报一个区（市）的可不理会",
        ),
        all_met(
            "不足100户的村（社区）都有保洁员",
            "villages.staffed",
            "二（四）：不足100户的至少配1名；问题数为没有配的村数",
        ),
        all_met(
            "保洁员都达到100户1人",
            "villages.staffed",
            "二（四）：可按照至少100户1人配备；问题数为没有达到的村数",
            miss="提示",
        ),
        all_met(
            "覆盖率都已达标",
            "coverage.verdict",
            "一（二）：2019年15%、2020年40%；问题数为没有达到的行数，全市合计看“覆盖率”表头",
        ),
        all_met("无害化处理率都已达标", "treatment.verdict", "一（二）：2020年98%以上；问题数为没有达到的区（市）数"),
        all_met("非正规垃圾堆放点都已整治", "dumps.verdict", "二（五）：2018年年底完成；问题数为没有完成的区（市）数"),
        all_met(
            "检查次数都已达到",
            "inspections.verdict",
            "三（三）：区（市）每月、镇（街道）每周、村（社区）每日；问题数为没有达到的单位数",
        ),
        none_by_hand(
            "funds.city",
            title="没有手填的核定额",
            help="有市级以奖代补核定额的，请附书面依据一并上报；问题数为填了的行数",
        ),
    ),
    claims=(
        Claim(sheet="funds", item="市级以奖代补", amount="city", subject="payer", kind="区（市）", district="payer"),
    ),
)
