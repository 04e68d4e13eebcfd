"""The workbook of 科技创新: claims of firms, funds and banks, what is granted by hand, targets, the directory."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, LineCharts, Measure, Summary, Template
from qdcalc.policies.forms import SIGNATURES, all_met, none_by_hand
from qdcalc.policies.science.template_claims import OTHER_SHEET, PATENT_SHEET, SERVICE_SHEET, TEAM_SHEET, TESTING_SHEET
from qdcalc.policies.science.template_finance import BANK_SHEET, BEFORE_SHEET, FUND_SHEET
from qdcalc.policies.science.template_targets import (
    DIRECTORY_SHEET,
    INDICATOR_SHEET,
    LOOKUP,
    SECTOR_SHEET,
    SECTOR_SUMMARY,
)
from qdcalc.rules.places import DISTRICTS

KINDS: dict[str, tuple[str, str, str]] = {
    "检验检测费补贴": ("testing", "approved", "企业"),
    "专利组合奖励": ("patents", "approved", "企业"),
    "团队综合资助": ("teams", "approved", "项目"),
    "知识产权服务机构资助": ("services", "approved", "企业"),
    "首投补助": ("funds", "approved", "项目"),
    "银行新增企业补助": ("banks", "award", "项目"),
    "其他核定": ("others", "approved", "企业"),
}
"""Every kind of support: its sheet, the column of its amount, who asks for it."""
SUBJECTS = {"teams": "team", "services": "agency", "funds": "firm", "banks": "pair", "others": "subject"}
BESIDE = {"funds": "fund", "others": "matter"}
"""A fund or a bank is paid for many firms: what may not be claimed twice is the firm, of a bank the firm of that bank."""

BY_DISTRICT = Summary(
    key="by_district",
    name="汇总",
    title="科技创新奖补汇总表（按区（市））",
    by="testing.place",
    values=DISTRICTS,
    heading="区（市）",
    measures=(
        *(
            Measure(key=sheet, title=f"{title}（元）", by=f"{sheet}.place", column=f"{sheet}.{amount}")
            for title, (sheet, amount, _) in KINDS.items()
        ),
        Measure(key="all", title="合计（元）", unit="元", formula="+".join(f"{{{sheet}}}" for sheet, _, _ in KINDS.values())),
    ),
    chart=Chart(title="各区（市）奖补金额（万元）", measures=("all",), axis="万元"),
    signatures=SIGNATURES,
)  # fmt: skip

BY_KIND = Summary(
    key="by_kind",
    name="按类别汇总",
    title="科技创新奖补汇总表（按支持类别）",
    heading="支持类别",
    values=tuple(KINDS),
    measures=(
        Measure(
            key="rows", title="申报（条）", unit="条",
            each={
                title: f'COUNTIF({{{sheet}.mark}},"√")+COUNTIF({{{sheet}.mark}},"×")' for title, (sheet, _, _) in KINDS.items()
            },
        ),
        Measure(
            key="paid", title="其中有补助（条）", unit="条",
            each={
                title: f'COUNTIFS({{{sheet}.mark}},"√",{{{sheet}.{amount}}},">0")' for title, (sheet, amount, _) in KINDS.items()
            },
        ),
        Measure(key="amount", title="金额（元）", unit="元",
                each={title: f"{{={sheet}.{amount}}}" for title, (sheet, amount, _) in KINDS.items()}),
    ),
    chart=Chart(title="各类奖补金额（万元）", measures=("amount",), axis="万元"),
    signatures=SIGNATURES,
)  # fmt: skip

TEMPLATE = Template(
    policy="science",
    version="1.0",
    title="青岛市科技创新奖补申报和目标表",
    file="科技创新",
    guide=(
        "先在“检验检测”表头填写填报单位和年度，再按类别填各表；没有的类别空着。金额单位都是元，不是万元。",
        "“首投”表一笔一行，同一机构的几笔按先后扣减年度上限；“银行贷款”表一笔一行，同一银行对同一企业的贷款自动累计，"
        "以前年度已计入的企业填在“已计入企业”表。",
        "千帆企业、首投、专利组合是否符合条件，由填表人按名单或评审结果认定，填是或否。",
        "条文没有写额度的（知识产权服务机构资助、“其他核定”各项），填手填核定额和核定依据，本表只核对和汇总。",
        "“主要指标”“领域目标”填各年实际值；“指标图”自动画出每项指标的应达路径和实际值。年度路径是推算，文中只有2017年和2022年两端。",
        "“名录查询”填关键词，列出24个专栏里的关键技术、平台、企业、园区和合作单位。",
    ),
    sheets=(
        TESTING_SHEET, PATENT_SHEET, TEAM_SHEET, SERVICE_SHEET, FUND_SHEET, BANK_SHEET, BEFORE_SHEET, OTHER_SHEET,
        INDICATOR_SHEET, SECTOR_SHEET, LOOKUP, DIRECTORY_SHEET,
    ),
    summaries=(BY_DISTRICT, BY_KIND, SECTOR_SUMMARY),
    charts=(
        LineCharts(
            key="indicator_charts", name="指标图", title="主要指标：应达路径和实际值", sheet="indicators", by="indicator",
            along="year_of", lines=("due", "actual"), unit="measure",
        ),
    ),
    claims=tuple(
        Claim(
            sheet=sheet, item=title, amount=amount, subject=SUBJECTS.get(sheet, "firm"), kind=kind,  # type: ignore[arg-type]
            beside=BESIDE.get(sheet), district="place",
        )
        for title, (sheet, amount, kind) in KINDS.items()
    ),
    checks=(
        Check(
            title="按类别和按区（市）的合计一致",
            formula="IF(ABS({=by_kind.amount}-{=by_district.all})<0.005,0,1)",
            help="不一致时，多半是有的行区（市）没有从下拉选项中选",
        ),
        none_by_hand("services.manual", "others.manual"),
        Check(
            title="符合条件的知识产权服务机构都已核定",
            formula='COUNTIFS({services.verdict},"符合",{services.manual},"")',
            soft=True,
            help="五（三）2：资助额条文未写，由主管部门核定",
        ),
        all_met("主要指标都在应达路径上", "indicators.on_path", "一：年度路径是推算，只供参考；问题数为未达到的指标年数", miss="未达到"),
    ),
)  # fmt: skip
