"""The workbook of 财富管理: one sheet a kind of subsidy, its share of city and district, repayment, two summaries."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, Derived, Measure, Summary, Template
from qdcalc.policies.forms import SIGNATURES, none_by_hand
from qdcalc.policies.wealth.columns import KINDS, OF_SHEET
from qdcalc.policies.wealth.institutions import CONTRIBUTION, INCREASE_SHEET, REGIONAL_SHEET, SETUP_SHEET
from qdcalc.policies.wealth.markets import LISTING_SHEET, MARKET_SHEET, NEEQ_SHEET
from qdcalc.policies.wealth.prizes import PRIZES, QUOTAS
from qdcalc.policies.wealth.settled import CLAWBACK_SHEET, MANUAL, SHARES
from qdcalc.rules.places import DISTRICTS

Tests = dict[str, str]
"""By sheet, which rows a group takes of it: a condition of COUNTIFS, or "" for all."""


def rows(sheet: str, column: str, value: str) -> str:
    return f'{{{sheet}.{column}}},"{value}",'


def of_kind(kind: str) -> Tests:
    sheet = KINDS[kind]
    return {sheet: rows(sheet, "kind", kind) if len(OF_SHEET[sheet]) > 1 else ""}


def count(tests: Tests) -> str:
    parts = (f'COUNTIFS({test}{{{sheet}.mark}},"√",{{{sheet}.approved}},">0")' for sheet, test in tests.items())
    return "+".join(parts)


def amount(column: str, tests: Tests) -> str:
    parts = (f'SUMIFS({{{sheet}.{column}}},{test}{{{sheet}.mark}},"√")' for sheet, test in tests.items())
    return f"ROUND({'+'.join(parts)},2)"


def measures(tests: dict[str, Tests], back: dict[str, Tests]) -> tuple[Measure, ...]:
    """The columns of a summary; `tests` say, for every group, which rows of which sheets are its own."""
    return (
        Measure(key="count", title="补助笔数（笔）", each={group: count(own) for group, own in tests.items()}),
        *(
            Measure(key=key, title=title, unit="元", each={group: amount(key, own) for group, own in tests.items()})
            for key, title in (
                ("approved", "核定补助（元）"),
                ("city", "市级承担（元）"),
                ("local", "区市级承担（元）"),
            )
        ),
        Measure(key="unsplit", title="未分担（元）", unit="元", formula="ROUND({approved}-{city}-{local},2)"),
        Measure(
            key="back",
            title="应退还（元）",
            unit="元",
            each={group: amount("approved", own) for group, own in back.items()},
        ),
    )


BY_KIND = Summary(
    key="by_kind",
    name="汇总",
    title="财富管理试验区政策补助汇总表（按补助类别）",
    heading="补助类别",
    values=tuple(KINDS),
    measures=measures(
        {kind: of_kind(kind) for kind in KINDS},
        {kind: {"clawback": rows("clawback", "kind", kind)} for kind in KINDS},
    ),
    lines=(
        Derived(key="all", title="核定补助合计（亿元）", formula="ROUND({=by_kind.approved}/100000000,4)", unit="亿元"),
        Derived(key="back_all", title="应退还合计（元）", formula="{=by_kind.back}", unit="元"),
    ),
    chart=Chart(title="各类补助（万元）", measures=("approved",), axis="万元", lying=True),
    signatures=SIGNATURES,
)

BY_DISTRICT = Summary(
    key="by_district",
    name="按区市汇总",
    title="财富管理试验区政策补助汇总表（按区、市）",
    heading="区（市）",
    values=DISTRICTS,
    measures=measures(
        {place: {sheet: rows(sheet, "district", place) for sheet in OF_SHEET} for place in DISTRICTS},
        {place: {"clawback": rows("clawback", "district", place)} for place in DISTRICTS},
    ),
    chart=Chart(title="各区（市）补助（万元）", measures=("approved",), axis="万元"),
    signatures=SIGNATURES,
)

ALL_APPROVED = "".join(f"-{{={sheet}.approved}}" for sheet in OF_SHEET)
WITH_MANUAL = ("setup", "increase", "regional", "listing", "clawback")

TEMPLATE = Template(
    policy="wealth",
    version="1.0",
    title="财富管理试验区政策补助测算",
    file="财富管理",
    guide=(
        "先在“落户”表头填填报单位和年度，再在“分担比例”填各区（市）的市级比例（文中没有，按现行财政体制；不填则只列总额）。金额单位一律为元。",
        "按事项分表填：落户、经济贡献、增资、区域总部、创新奖、上市、新三板、区域性股权市场；一行一家，没有的表不填。"
        "日期在政策有效期（2018-08-16 至 2020-12-31）以外的，不予计算并在“提示”写明。",
        "同一事项按其他政策还可得补助的，填“其他政策同类补助”：按就高不重复计算（条文只写不重复，就高是一种口径）。",
        "条文没有标准的，填“手填核定额”并写明依据：经济贡献、新三板、区域性股权市场在各自的表，其余在“人工核定”表。",
        "创新奖一届一本：把全部评选结果逐项填入，同一主体只兑现最高的一项，名额在“创新奖名额”表核对。",
        "迁离青岛市的，在“追缴”表填已享受的补助、拨付日期和迁离日期；10年承诺期内迁离的全额退还。",
    ),
    sheets=(
        SETUP_SHEET,
        CONTRIBUTION,
        INCREASE_SHEET,
        REGIONAL_SHEET,
        PRIZES,
        QUOTAS,
        LISTING_SHEET,
        NEEQ_SHEET,
        MARKET_SHEET,
        MANUAL,
        CLAWBACK_SHEET,
        SHARES,
    ),
    summaries=(BY_KIND, BY_DISTRICT),
    checks=(
        Check(
            title="按补助类别的合计与各表合计一致",
            formula=f"IF(ABS({{=by_kind.approved}}{ALL_APPROVED})<0.005,0,1)",
            help="不一致时，多半是有的行没有从下拉选项中选类别",
        ),
        Check(
            title="按区（市）的合计与各表合计一致",
            formula=f"IF(ABS({{=by_district.approved}}{ALL_APPROVED})<0.005,0,1)",
            help="不一致时，多半是有的行没有从下拉选项中选区（市）",
        ),
        Check(
            title="应退还合计与“追缴”表一致",
            formula="IF(ABS({=by_kind.back}-{=clawback.approved})+ABS({=by_district.back}-{=clawback.approved})<0.005,0,1)",
        ),
        Check(
            title="创新奖没有超过名额",
            formula="SUM({quotas.over})",
            help="二（一）：每个奖项一等1个、二等2个、三等3个；问题数为超出的个数",
        ),
        Check(
            title="补助都已分担到市和区（市）",
            formula="IF(ABS({=by_kind.unsplit})<0.005,0,1)",
            soft=True,
            help="“分担比例”表没有填比例的区（市），或文中未写资金来源的安家补贴，只列总额",
        ),
        none_by_hand(
            *(f"{sheet}.manual" for sheet in WITH_MANUAL),
            title="没有人工改定金额的行",
            help="能计算的各表中有手填核定额的行，请附书面依据一并上报",
        ),
        Check(
            title="没有应退还补助的机构",
            formula='COUNTIF({clawback.approved},">0")',
            soft=True,
            help="五（二）：问题数为应退还的笔数，请办理追缴",
        ),
    ),
    claims=tuple(
        Claim(sheet=sheet, item=item, amount="approved", subject="name", kind="企业", district="district")
        for sheet, item in (
            ("setup", "落户补助"),
            ("contribution", "经济贡献补助"),
            ("increase", "增资补助"),
            ("regional", "区域总部补助"),
            ("prizes", "创新奖"),
            ("listing", "上市补助"),
            ("neeq", "新三板补助"),
            ("market", "区域性股权市场补助"),
            ("manual", "人工核定"),
        )
    ),
)
