"""金融高端人才 (D2): subsidy, comparison with other policies, eligibility."""

from __future__ import annotations

from typing import Annotated

from qdcalc.rules import (
    FALSE,
    Choice,
    Flag,
    Number,
    Quantity,
    Text,
    choose,
    figure,
    larger,
    names,
    one_of,
    provision,
    reading,
    smaller,
    step,
    text,
    tier,
    verdict,
    warn,
)
from qdcalc.rules.clauses import HIGHER, PickMode, pick_higher
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Age, Ratio, Years, Yuan

Employer = Annotated[Text, Choice("employers.choices")]
Post = Annotated[Text, Choice("posts.choices")]
Certificate = Annotated[Text, Choice("certificates.choices")]
Papers = Annotated[Number, Quantity("篇")]
Projects = Annotated[Number, Quantity("项")]

ARGUMENTS: Titles = {
    "pay": ("劳动报酬（元）", "上年度依法认定的税前劳动报酬"),
    "other": ("其他政策金额（元）", "同一人按其他政策可得的金额，没有填 0"),
    "mode": ("方式", "择高：只享受高的一项；补差：补足差额"),
    "lawful": ("遵纪守法", "无违法违纪行为"),
    "contract_years": ("合同年限（年）", "与现单位劳动合同约定的年限"),
    "taxed_in_qingdao": "在青岛纳税",
    "healthy": "身体健康",
    "post": "职务",
    "age": "年龄（周岁）",
    "senior_title": "高级职称",
    "fulltime_phd": "全日制博士",
    "papers": ("论文（篇）", "近5年CSSCI来源期刊论文"),
    "projects": ("课题（项）", "近5年完成的省部级课题"),
    "certificate": "专业资格",
    "selected_before": "曾经入选",
    "employer": "所在单位",
}


def _uncapped(pay: Number) -> Number:
    """Pay times the rate of its band; the band's rate counts for the whole pay, or (超额累进) for what lies within it."""
    rate = step("补助比例", tier("tiers", pay))
    progressive = larger(0, pay * rate - tier("deductions", pay))
    return step("按比例计算", choose((reading("method", "超额累进"), progressive), otherwise=pay * rate))


@provision("QD_TALENT_RATE", title="金融高端人才补助比例", article="第九条（一）", arguments=ARGUMENTS)
def rate(pay: Yuan) -> Ratio:
    return tier("tiers", pay)


@provision("QD_TALENT_SUBSIDY", title="金融高端人才一次性补助", article="第九条（一）", arguments=ARGUMENTS)
def subsidy(pay: Yuan) -> Yuan:
    warn(tier("tiers", pay) <= 0, "劳动报酬低于补助起点，条文未规定补助，按 0 计")
    return step("补助金额", smaller(_uncapped(pay), figure("cap")))


@provision("QD_TALENT_NET", title="金融高端人才补助（就高不重复）", article="第九条（一）", arguments=ARGUMENTS)
def net(pay: Yuan, other: Yuan, mode: PickMode = HIGHER) -> Yuan:
    uncapped = _uncapped(pay)
    capped = step("补助金额", smaller(uncapped, figure("cap")))
    return choose(
        (reading("compare", "先比较再封顶"), smaller(pick_higher(uncapped, other, mode), figure("cap"))),
        otherwise=pick_higher(capped, other, mode),
    )


@provision("QD_TALENT_ELIGIBLE", title="金融高端人才申报条件", article="第五条至第七条", arguments=ARGUMENTS)
def eligible(
    lawful: Flag, contract_years: Years, taxed_in_qingdao: Flag, healthy: Flag, post: Post, age: Age, senior_title: Flag,
    fulltime_phd: Flag, papers: Papers, projects: Projects, certificate: Certificate, selected_before: Flag = FALSE,
    employer: Employer = text("金融机构"),
) -> Text:  # fmt: skip
    manages = one_of(post, names("posts.managers")) & one_of(employer, names("posts.managers_of"))
    directs = one_of(post, names("posts.directors")) & one_of(employer, names("posts.directors_of"))
    young = (age < figure("research.age")) | ((age <= figure("research.age")) & reading("age", "含45周岁"))
    published = papers >= figure("research.papers")
    completed = projects >= figure("research.projects")
    learned = senior_title & (~young | fulltime_phd)
    together = learned & (published | completed)
    apart = (learned & published) | (completed & (~young | fulltime_phd))
    researches = one_of(post, names("posts.researchers")) & (
        (reading("research_or", "课题单独成立") & apart) | (~reading("research_or", "课题单独成立") & together)
    )
    certified = one_of(certificate, names("certificates.listed"))
    warn(certificate == "其他", "第七条（三）所列资格以“等”结尾：未列名的资格须人工认定，此处不计")
    return verdict(
        (lawful, "有违法违纪行为"),
        (contract_years >= figure("contract_years"), "劳动合同不足{contract_years}年"),
        (taxed_in_qingdao, "未在青岛缴纳个人所得税"),
        (healthy, "身体不能满足正常工作需求"),
        (manages | directs | researches | certified, "不具备第七条任一条件"),
        (~selected_before, "已入选过，不重复参加评选"),
        (one_of(employer, names("employers.eligible")), "所在单位不是申报主体"),
    )
