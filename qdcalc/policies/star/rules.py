"""青岛金融之星 (D3): the monthly allowance, what is paid out in a year, eligibility, training days."""

from __future__ import annotations

from typing import Annotated

from qdcalc.rules import (
    Choice,
    Flag,
    Text,
    as_unit,
    choose,
    default,
    figure,
    names,
    nothing,
    one_of,
    provision,
    reading,
    require,
    step,
    text,
    verdict,
    warn,
)
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Days, MonthsOfYear, Year, Yuan

Employer = Annotated[Text, Choice("employers.choices")]
Award = Annotated[Text, Choice("awards.choices")]
Certificate = Annotated[Text, Choice("certificates.choices")]

ARGUMENTS: Titles = {
    "months": ("享受月数", "该管理年度内享受津贴的月数"),
    "selected_year": ("评选年度", "发文公布入选的年度"),
    "pay_year": ("发放年度", "集中发放津贴的年度"),
    "lawful": ("遵纪守法", "无违法违纪等行为"),
    "skilled": ("业务领先", "岗位技能在本机构乃至全市、全省、全国金融系统领先"),
    "award": ("奖励表彰", "业务技能比赛获得的最高技能类奖励表彰"),
    "innovation": ("创新推广", "操作技能、流程优化创新并在全市、全省或全国金融系统推广"),
    "certificate": ("职业资格", "国际通行的金融职业资格"),
    "employer": "所在单位",
    "days": ("培训天数（天）", "所在单位当年安排的带薪培训学习天数"),
}


@provision("QD_STAR_ALLOWANCE", title="金融之星津贴", article="第九条（一）", arguments=ARGUMENTS)
def allowance(months: MonthsOfYear) -> Yuan:
    return step("年度津贴", step("每月津贴", figure("allowance")) * months)


@provision("QD_STAR_PAYABLE", title="金融之星当年应发津贴", article="第三条、第九条（一）", arguments=ARGUMENTS)
def payable(selected_year: Year, pay_year: Year, months: MonthsOfYear = default(12, "月")) -> Yuan:
    require(
        (selected_year >= figure("selection.first")) & (selected_year <= figure("selection.last")),
        "评选年度应在{selection.first}年至{selection.last}年之间",
    )
    term = figure("term.years")
    first = step("首次发放年度", selected_year + figure("payment.delay"))
    last = step("末次发放年度", selected_year + as_unit(term, "年份"))
    monthly = step("每月津贴", figure("allowance"))
    yearly = step("年度津贴", monthly * months)
    whole_term = step("满届津贴", monthly * (figure("year_months") * as_unit(term, "倍")))
    every_year = reading("payout", "R1 每年一次")
    at_once = reading("payout", "R2 次年一次发满届")
    warn(
        every_year & (pay_year >= first) & (pay_year <= last) & (pay_year > figure("selection.last")),
        "发放年度本办法已失效：已授予的资格按继续享受至管理期满处理",
    )
    warn(at_once & (months != figure("year_months")), "按所取口径次年一次发满届，享受月数不起作用")
    return choose(
        (pay_year < first, nothing("评选当年不发放，次年起集中发放")),
        (pay_year > last, nothing("管理期满（每届{term.years}年），资格自动终止，不再发放")),
        (~every_year & (pay_year > first), nothing("按所取口径，津贴只在评选次年发放一次")),
        (at_once, whole_term),
        otherwise=yearly,
    )


@provision("QD_STAR_ELIGIBLE", title="金融之星申报条件", article="第五条至第七条", arguments=ARGUMENTS)
def eligible(
    lawful: Flag, skilled: Flag, award: Award, innovation: Flag, certificate: Certificate,
    employer: Employer = text("金融机构"),
) -> Text:  # fmt: skip
    awarded = one_of(award, names("awards.sufficient"))
    certified = one_of(certificate, names("certificates.listed"))
    warn(certificate == "其他", "第七条（三）所列资格以“等”结尾：未列名的资格须人工认定，此处不计")
    return verdict(
        (lawful, "有违法违纪行为"),
        (skilled, "业务技能未处于领先地位"),
        (awarded | innovation | certified, "不具备第七条任一条件"),
        (one_of(employer, names("employers.eligible")), "所在单位不是申报主体"),
    )


@provision("QD_STAR_TRAINING", title="金融之星带薪培训", article="第九条（四）", arguments=ARGUMENTS)
def training(days: Days) -> Text:
    return choose((days >= step("最少培训天数", figure("training")), "达标"), otherwise="未达标")
