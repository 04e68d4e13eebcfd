"""The sheets of claims of firms and teams, and of what is granted by hand."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Sheet
from qdcalc.policies.forms import (
    REPORTED,
    SIGNATURES,
    YES_NO,
    by_hand,
    by_name,
    flag,
    negative,
    no_ground,
    no_number,
    office,
    other_than,
    year,
)
from qdcalc.rules.places import DISTRICTS

TESTING, PATENT, TEAM, SERVICE = "QD_SCI_TESTING", "QD_SCI_PATENT", "QD_SCI_TEAM", "QD_SCI_IP_SERVICE"
ROWS = 200
MATTERS = {
    "国家、省科研项目配套资金": "三（一）1",
    "科技保险贷款保费补贴": "三（二）2",
    "企业研发费用奖励": "三（二）2",
    "技术转移服务奖补": "五（一）2",
    "高校院所成果转化奖励": "五（二）3",
    "知识产权运营试点、服务品牌机构奖励": "五（三）2",
    "其他后补助（创新券）": "七（三）2",
}
"""What the document grants without saying how much: see the gaps in policy.toml."""


def who(key: str, title: str, group: str, *, unique: bool = False, note: str = "", width: float = 26) -> Input:
    return Input(key=key, kind="文字", title=title, required=True, unique=unique, width=width, group=group, note=note)


def place(group: str, note: str = "") -> Input:
    return Input(
        key="place", kind="选项", choices=DISTRICTS, title="区（市）", required=True, width=16, group=group, note=note
    )


def granted(condition: str, amount: str, title: str) -> Derived:
    """What is paid: the amount where the flag `condition` is 是, nothing where it is 否."""
    return Derived(
        key="approved", title=title, unit="元", total=True, group="核定", width=15,
        formula=f'IF({{{condition}}}="是",{{{amount}}},IF({{{condition}}}="否",0,NA()))',
    )  # fmt: skip


def answers(**flags: str) -> list[Hint]:
    """Flags that hold something else."""
    return [
        Hint(when=other_than(key, *YES_NO), words=f"{words}应填 是 或 否", wrong=True) for key, words in flags.items()
    ]


BY_HAND_HINTS = (
    Hint(when=no_number("manual"), words="手填核定额不是数值", wrong=True),
    Hint(when=negative("manual"), words="手填核定额不能是负数", wrong=True),
    no_ground("填了手填核定额，应写核定依据"),
)
"""Amounts that somebody has to decide: a number, with its ground."""


MANUAL = by_hand(
    "额度条文未写，由主管部门认定后填写", width=15, ground_width=26, ground_note="文件、会议纪要或评审结果"
)

TESTING_SHEET = Sheet(
    key="testing",
    name="检验检测",
    title="大型科学仪器共享服务平台检验检测费补贴表",
    counted="firm",
    notice="amount",
    rows=ROWS,
    fields=(office(24), year(2018, width=10), REPORTED),
    columns=(
        who("firm", "企业名称", "企业", unique=True, note="一家企业一行，填全年发生额"),
        place("企业"),
        flag("thousand", "千帆企业", group="企业", note="由填表人按千帆企业名单认定", required=True),
        Input(key="cost", argument=f"{TESTING}.cost", width=16, group="检测费"),
        Input(
            key="before", argument=f"{TESTING}.paid_before", title="本表以外当年已得（元）", width=16, group="检测费",
            note="没有填 0 或不填",
        ),
        Output(key="amount", function=TESTING, title="按规定补贴（元）", width=15, total=True,
               arguments={"cost": "cost", "paid_before": "before"}),
        granted("thousand", "amount", "核定补贴（元）"),
    ),
    hints=(*answers(thousand="千帆企业"), Hint(when='{thousand}="否"', words="不是千帆企业，不予补贴")),
    signatures=SIGNATURES,
)  # fmt: skip

PATENT_SHEET = Sheet(
    key="patents",
    name="专利组合",
    title="关键核心技术专利组合（专利池）奖励表",
    counted="firm",
    notice="amount",
    rows=ROWS,
    columns=(
        who("firm", "企业名称", "企业", unique=True),
        place("企业"),
        flag("leading", "重点高企", group="企业", note="两处条文是同一项奖励，不叠加（口径见“口径和出入”）", required=True),
        Input(key="portfolios", argument=f"{PATENT}.portfolios", width=13, group="专利组合"),
        flag("fit", "符合条件", group="专利组合", note="对加快产业发展、提高国际竞争力有作用的关键核心技术，由主管部门认定", required=True),
        Output(key="amount", function=PATENT, title="按规定奖励（元）", width=15, total=True,
               arguments={"portfolios": "portfolios"}),
        granted("fit", "amount", "核定奖励（元）"),
    ),
    hints=(*answers(leading="重点高企", fit="符合条件"), Hint(when='{fit}="否"', words="不符合条件，不予奖励")),
    signatures=SIGNATURES,
)  # fmt: skip

TEAM_SHEET = Sheet(
    key="teams",
    name="团队资助",
    title="高层次人才和团队综合资助核对表",
    counted="team",
    notice="approved",
    rows=60,
    columns=(
        who("team", "团队名称", "团队", unique=True),
        who("host", "引进单位", "团队"),
        place("团队"),
        Input(key="decided", argument=f"{TEAM}.approved", width=18, group="认定"),
        Input(key="ground", kind="文字", title="评审依据", width=28, group="认定"),
        Output(key="approved", function=TEAM, title="综合资助（元）", total=True, width=18, arguments={"approved": "decided"}),
    ),
    remarks=("资助额由评审认定，本表只核对是否在规定的区间内；不在区间内的不计入合计。",),
    signatures=SIGNATURES,
)  # fmt: skip

SERVICE_SHEET = Sheet(
    key="services",
    name="知识产权服务",
    title="知识产权运营服务机构资助表",
    counted="agency",
    notice="verdict",
    rows=ROWS,
    columns=(
        who("agency", "机构名称", "机构", unique=True),
        place("机构"),
        Input(key="revenue", argument=f"{SERVICE}.revenue", width=18, group="条件"),
        Input(key="excellent", argument=f"{SERVICE}.excellent", width=9, group="条件"),
        Output(key="verdict", function=SERVICE, title="资助条件", width=26,
               arguments=by_name("revenue", "excellent")),
        *MANUAL,
        Derived(
            key="approved", title="核定资助（元）", unit="元", total=True, group="核定", width=15,
            formula='IF({verdict}="符合",IF({manual}="",0,{manual}),IF(LEFT({verdict},3)="不符合",0,NA()))',
        ),
    ),
    hints=(
        *BY_HAND_HINTS,
        Hint(when='IFERROR(AND({verdict}="符合",{manual}=""),FALSE)', words="符合条件，资助额条文未写，请填手填核定额和依据"),
        Hint(when='IFERROR(AND(LEFT({verdict},3)="不符合",{manual}<>""),FALSE)', words="不符合条件的不能填手填核定额", wrong=True),
    ),
    signatures=SIGNATURES,
)  # fmt: skip


def _article() -> str:
    text = '""'
    for matter, article in MATTERS.items():
        text = f'IF({{matter}}="{matter}","{article}",{text})'
    return text


OTHER_SHEET = Sheet(
    key="others",
    name="其他核定",
    title="条文未写额度的奖补核定表",
    counted="matter",
    rows=ROWS,
    columns=(
        Input(key="matter", kind="选项", choices=tuple(MATTERS), title="事项", required=True, width=36, group="事项"),
        Derived(key="article", title="条款", formula=_article(), width=12, group="事项"),
        who("subject", "单位名称", "事项"),
        place("事项"),
        *MANUAL,
        Derived(key="approved", title="核定金额（元）", unit="元", total=True, group="核定", width=15,
                formula='IF({manual}="",NA(),{manual})'),
    ),
    hints=(
        *BY_HAND_HINTS,
        Hint(when='{manual}=""', words="手填核定额未填写", wrong=True),
        Hint(when='AND({matter}<>"",{article}="")', words="事项不在可选范围内，请从下拉选项中选", wrong=True),
    ),
    remarks=("这些事项条文写了奖补而没有写额度，金额由主管部门核定，本表只汇总。",),
    signatures=SIGNATURES,
)  # fmt: skip
