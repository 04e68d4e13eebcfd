"""科技创新 (D7): awards for first investments, banks, testing and patents; what is due of a team; targets of 2022."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from qdcalc.errors import InvalidValue, UnknownName
from qdcalc.policies.common.targets import LINEAR, Method, due, target_row
from qdcalc.policies.datafile import folded, rows
from qdcalc.rules import (
    Choice,
    Flag,
    Number,
    Quantity,
    Text,
    choose,
    figure,
    larger,
    nothing,
    plain_function,
    provision,
    reading,
    require,
    smaller,
    step,
    table,
    verdict,
    warn,
    yuan,
)
from qdcalc.rules.arguments import ManyType, TextType, number_type
from qdcalc.rules.function import policy_in
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Yuan
from qdcalc.rules.units import half_up

HERE = Path(__file__).parent
DIRECTORY = HERE / "directory.csv"
SEARCHED = ("领域", "细分领域", "名称")
GIVEN = ("领域", "细分领域", "类别", "名称")

Portfolios = Annotated[Number, Quantity("项")]
Sector = Annotated[Text, Choice("sectors.choices")]
SectorItem = Annotated[Text, Choice("sectors.items")]
Goal = Annotated[Number, Quantity("")]
Amounts = Annotated[tuple[Decimal | None, ...], ManyType(number_type("元"))]
Names = Annotated[tuple[str | None, ...] | None, ManyType(TextType())]
Kind = Annotated[
    str | None,
    Choice(
        ("关键技术", "平台", "企业", "园区", "合作单位"),
        {
            "技术": "关键技术",
            "创新平台": "平台",
            "骨干企业": "企业",
            "机构": "企业",
            "区（市）": "园区",
            "重点园区": "园区",
        },
    ),
]
INDICATORS = {
    "研发经费支出占生产总值比重": "T090",
    "万人有效发明专利拥有量": "T091",
    "PCT国际专利年申请量": "T092",
    "高新技术企业数量": "T093",
    "每万人拥有研发人员": "T094",
    "技术合同交易额": "T095",
    "科技投融资规模": "T096",
}
"""The seven indicators of the table in 一 and their rows among the targets."""
INDICATOR_WORDS = {
    "全社会研发经费支出占地区生产总值比重": "研发经费支出占生产总值比重",
    "研发经费占GDP": "研发经费支出占生产总值比重",
    "研发强度": "研发经费支出占生产总值比重",
    "万人有效发明专利": "万人有效发明专利拥有量",
    "PCT 国际专利年申请量": "PCT国际专利年申请量",
    "PCT年申请量": "PCT国际专利年申请量",
    "高新技术企业": "高新技术企业数量",
    "高企数量": "高新技术企业数量",
    "技术合同成交额": "技术合同交易额",
}
Indicator = Annotated[str, Choice(tuple(INDICATORS), INDICATOR_WORDS)]

ARGUMENTS: Titles = {
    "indicator": "指标",
    "year": ("年份", "2017 至 2022"),
    "method": ("方法", "线性：每年增量相同；复合：每年增幅相同"),
    "invested": ("首投额（元）", "本次申报的对千帆企业首投的实际投资额"),
    "paid_before": ("当年已得（元）", "同一年度已得的同一项补助"),
    "loans": ("贷款额（元）", "对千帆企业发放的贷款，每笔一行"),
    "firms": ("企业名称", "与贷款额同样的行；不填时每行算一家企业"),
    "counted_before": ("已计入企业", "以前已计入的企业名称，一列"),
    "cost": ("检测费（元）", "使用大型科学仪器共享服务平台当年实际发生的检验检测费"),
    "portfolios": ("专利组合（项）", "符合条件的关键核心技术专利组合（专利池）"),
    "approved": ("认定资助额（元）", "经评审认定的团队综合资助额"),
    "revenue": ("主营业务收入（元）", "知识产权运营服务机构的年主营业务收入"),
    "excellent": ("是否优秀", "是否为优秀机构"),
    "keyword": ("关键词", "在名称和领域中查找，如 海尔、机器人"),
    "kind": "类别",
    "sector": "领域",
    "item": "目标项目",
}
FIRMS_ARTICLE = "三（二）2"


# ---------------------------------------------------------------- 三（二）2: 千帆企业


def _within(amount: Number, cap: Number, counted: Number) -> Number:
    """What of an amount this year's cap still leaves."""
    room = step("上限余额", larger(0, cap - counted))
    used_up = (counted > 0) & (counted >= cap)
    return choose((used_up, nothing("当年已得补助已达到年度上限")), otherwise=step("补助金额", smaller(amount, room)))


@provision("QD_SCI_FIRST_INVEST", title="首投补助", article=FIRMS_ARTICLE, arguments=ARGUMENTS)
def first_invest(invested: Yuan, paid_before: Yuan = yuan(0)) -> Yuan:
    amount = step("按比例计算", invested * figure("first.rate"))
    counted = step("计入上限的已得补助", choose((reading("first_cap", "单笔"), 0), otherwise=paid_before))
    return _within(amount, figure("first.cap"), counted)


@provision(
    "QD_SCI_TESTING",
    title="检验检测费补贴",
    article=FIRMS_ARTICLE,
    arguments=ARGUMENTS,
    description="使用大型科学仪器共享服务平台的检验检测费补贴；以后逐步并入创新券（七（三）2），办法未写。",
)
def instrument_fees(cost: Yuan, paid_before: Yuan = yuan(0)) -> Yuan:
    return _within(step("按比例计算", cost * figure("testing.rate")), figure("testing.cap"), paid_before)


@plain_function(
    "QD_SCI_BANK",
    title="银行新增企业补助",
    article=FIRMS_ARTICLE,
    arguments=ARGUMENTS,
    description="每新增一家贷款额超过门槛的企业给予补助，没有封顶；填了企业名称时，同一企业的贷款累计、只计一次，"
    "已计入企业不再计。贷款额按累计发放额。",
    dated=True,
)
def bank(loans: Amounts, firms: Names = None, counted_before: Names = None) -> Annotated[Decimal, Quantity("元")]:
    figures = policy_in(HERE).figures
    threshold, award = figures["bank.loan"].data, figures["bank.award"].data
    assert isinstance(threshold, Decimal)
    assert isinstance(award, Decimal)
    totals = _by_firm(loans, firms)
    if counted_before is not None and firms is None:
        raise InvalidValue("已计入企业：没有填企业名称，不能核对哪些企业已计入", "已计入企业")
    before = {folded(name) for name in counted_before or () if name}
    counted = [name for name, total in totals.items() if total > threshold and name not in before]
    return half_up(award * len(counted), 2)


def _by_firm(loans: Amounts, firms: Names) -> dict[str, Decimal]:
    """Loans added up by firm; without names every row is a firm of its own."""
    if firms is None:
        return {str(row): loan for row, loan in enumerate(loans) if loan is not None}
    if len(firms) != len(loans):
        rows = f"企业名称 {len(firms)} 行，贷款额 {len(loans)} 行"
        raise InvalidValue(f"企业名称：行数不同（{rows}），应选同样的行", "企业名称")
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row, (loan, firm) in enumerate(zip(loans, firms, strict=True), start=1):
        if loan is None and firm is None:
            continue
        if firm is None:
            raise InvalidValue(f"企业名称：第{row}行有贷款额而没有企业名称，请补填", "企业名称")
        if loan is None:
            raise InvalidValue(f"贷款额（元）：第{row}行有企业名称而没有贷款额，请补填", "贷款额（元）")
        totals[folded(firm)] += loan
    return totals


# ---------------------------------------------------------------- patents, teams, services


@provision("QD_SCI_PATENT", title="专利组合奖励", article="三（二）1；五（三）1", arguments=ARGUMENTS)
def patent(portfolios: Portfolios) -> Yuan:
    each = figure("patent.general")
    stacked = each + figure("patent.priority")
    return step(
        "奖励金额", step("每项奖励", choose((reading("patent_stack", "叠加"), stacked), otherwise=each)) * portfolios
    )


@provision(
    "QD_SCI_TEAM",
    title="团队综合资助核对",
    article="三（一）1",
    arguments=ARGUMENTS,
    description="认定的资助额在规定区间内即为该额，否则是错误；额度由评审认定，不能计算。",
)
def team(approved: Yuan) -> Yuan:
    require(approved >= figure("team.low"), "认定资助额低于下限 {team.low} 元")
    require(approved <= figure("team.high"), "认定资助额高于上限 {team.high} 元")
    return step("资助金额", approved)


@provision("QD_SCI_IP_SERVICE", title="知识产权运营服务机构资助条件", article="五（三）2", arguments=ARGUMENTS)
def ip_service(revenue: Yuan, excellent: Flag) -> Text:
    return verdict((revenue > figure("service"), "年主营业务收入未超过{service}元"), (excellent, "不是优秀机构"))


# ---------------------------------------------------------------- 二: targets of the five sectors


@provision(
    "QD_SCI_SECTOR",
    title="领域数量目标",
    article="二（一）至二（五）",
    arguments=ARGUMENTS,
    description="2022年各领域的数量目标；区间目标给下限，上限另列；合计为各领域相加，文中没有合计。",
)
def sector(sector: Sector, item: SectorItem) -> Goal:
    warn(sector == "合计", "文中没有合计，此为写明数值的领域相加")
    warn((sector == "现代海洋") & (item == "前沿引领技术"), "此数远高于其他领域，原文待核")
    return table("sector_goals", sector, item, absent="文中没有给该领域此项目标")


@plain_function(
    "QD_SCI_INDICATOR",
    title="主要指标年度值",
    article="一",
    arguments=ARGUMENTS,
    description="七项主要指标从2017年到2022年，某年应达到的值；比重给出小数，其余按表中单位。年度路径是推算，文中只有两端。",
    dated=True,
)
def indicator_path(
    indicator: Indicator, year: Annotated[Decimal, number_type("年份", minimum=1900)], method: Method = LINEAR
) -> Decimal:
    return due(target_row(INDICATORS[indicator]), int(year), None, method)


@plain_function(
    "QD_SCI_DIRECTORY",
    title="专栏名录",
    article="二 专栏1至24",
    arguments=ARGUMENTS,
    description="24个专栏里名称或领域含关键词的条目，一行一条：专栏号、领域、细分领域、类别、名称；可限定类别。"
    "技术名称为摘要，其余名称照原文，疑误之处已订正并在数据的校勘列说明。",
    dated=True,
)
def directory(keyword: Annotated[str, TextType()], kind: Kind = None) -> object:
    wanted = folded(keyword)
    found: list[list[object]] = [
        [Decimal(row["专栏"]), *(row[title] for title in GIVEN)]
        for row in rows(DIRECTORY)
        if kind in (None, row["类别"]) and any(wanted in folded(row[title]) for title in SEARCHED)
    ]
    if not found:
        where = f"{kind}的" if kind else ""
        raise UnknownName(f"关键词：24个专栏里没有{where}“{keyword}”，可换短一些的词", "关键词")
    return found
