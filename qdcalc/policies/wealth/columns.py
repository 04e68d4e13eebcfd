"""What several sheets of the workbook share: the kinds of subsidy, who pays, columns for people, amounts and shares."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Value
from qdcalc.policies.forms import by_hand, looked_up, no_ground, settled

SETUP, WINDOW, INCREASE, REGIONAL = "QD_FIN_SETUP", "QD_FIN_WINDOW", "QD_FIN_INCREASE", "QD_FIN_REGIONAL"
PRIZE, BEST, LISTING = "QD_FIN_PRIZE", "QD_FIN_PRIZE_BEST", "QD_FIN_LISTING"
NEEQ, MARKET, CLAWBACK = "QD_FIN_NEEQ", "QD_FIN_REGIONAL_MARKET", "QD_FIN_CLAWBACK"
HIGHER, SPLIT = "QD_PICK_HIGHER", "QD_FISCAL_SPLIT"

PROJECT, RESEARCH = "项目创新奖", "研究创新奖"
BY_SYSTEM, CITY_FUND, UNWRITTEN = "财政体制分担", "市本级专项资金", "文中未写"
BY_HAND = {  # what the document leaves to people's judgement, and who pays: 一（七）, 二（二）, 四（一）, 四（二）
    "办公场所补助": BY_SYSTEM, "特色机构和项目奖励": BY_SYSTEM, "金融监管机构奖励": BY_SYSTEM, "创新贡献奖": CITY_FUND,
    "安家补贴": UNWRITTEN, "金融人才补助": CITY_FUND,
}  # fmt: skip
OF_SHEET = {
    "setup": ("法人机构落户补助",), "contribution": ("经济贡献补助",), "increase": ("增资补助",), "regional": ("区域性管辖机构补助",),
    "prizes": (PROJECT, RESEARCH), "listing": ("上市中介费补助",), "neeq": ("新三板挂牌补助",), "market": ("区域性市场挂牌补助",),
    "manual": tuple(BY_HAND),
}  # fmt: skip
"""The kinds of subsidy, by the sheet that grants them."""
KINDS = {kind: sheet for sheet, kinds in OF_SHEET.items() for kind in kinds}


def name(title: str, *, unique: bool = False) -> Input:
    return Input(key="name", kind="文字", title=title, required=True, unique=unique, width=25, group="主体")


def district() -> Input:
    return Input(
        key="district", kind="选项", listed="shares.district", title="区（市）", required=True, width=15, group="主体",
        note="注册地；从下拉选项中选",
    )  # fmt: skip


def day(function: str, title: str, note: str = "") -> Input:
    """The day that decides whether the matter falls into the policy's term."""
    return Input(key="day", argument=f"{function}.on", title=title, required=True, width=12, group="申报", note=note)


OTHER = Input(
    key="other", argument=f"{HIGHER}.other", title="其他政策同类补助（元）", required=False, width=14, group="申报",
    note="同一事项按其他政策可得的补助，没有的不填",
)  # fmt: skip
NET = Output(
    key="net", function=HIGHER, title="不重复后（元）", width=15, when='{other}<>""', otherwise="{amount}",
    arguments={"own": "amount", "other": "other"},
)  # fmt: skip
"""五（一）: what other policies give for the same matter is not given twice."""
HIGHER_HINT = Hint(
    when='IF(AND({other}<>"",ISNUMBER({net}),ISNUMBER({amount})),AND({net}=0,{amount}>0),FALSE)',
    words="其他政策同类补助更高，本政策不再补助",
)


def settled_or(
    formula: str = "{net}", title: str = "核定补助（元）", note: str = "条文不能计算、由人认定的（如一事一议），填核定的金额；一般不填"
) -> tuple[Input | Derived, ...]:  # fmt: skip
    """An amount that people settle, which then stands instead of `formula`, and its ground."""
    ground = "批准文件、会议纪要的名称和文号"
    return (
        *by_hand(note, width=15, ground_width=18, ground_note=ground),
        approved(settled(formula), title),
    )  # fmt: skip


BY_HAND_HINTS = (
    Hint(
        when='IF({manual}="",FALSE,IF(ISNUMBER({manual}),{manual}<0,TRUE))', words="手填核定额：应为不小于 0 的数值，单位为元",
        wrong=True,
    ),
    no_ground("填了手填核定额的，应写明核定依据"),
)  # fmt: skip


def approved(formula: str, title: str = "核定补助（元）") -> Derived:
    return Derived(key="approved", title=title, formula=formula, unit="元", total=True, width=16, group="核定")


def share() -> Derived:
    found = looked_up("shares.city_share", "district", "shares.district")
    return Derived(
        key="share", title="市级比例", unit="比例", shown="百分比", optional=True, width=9, group="分担",
        formula=f'IFERROR(IF({found}="","",{found}),"")',
    )  # fmt: skip


def split(when: str = '{share}<>""', city: str = '""', local: str = '""') -> tuple[Derived | Output, ...]:
    """一（七）, 三（五）: who pays. Without a share, which the document does not give, only the whole amount stands."""
    arguments = {"total": "approved", "city_share": "share"}
    return (
        share(),
        Output(
            key="city", function=SPLIT, title="市级承担（元）", total=True, width=16, group="分担", when=f"AND(ISNUMBER({{approved}}),{when})",
            otherwise=city, arguments=arguments,
        ),
        Output(
            key="local", function=SPLIT, title="区市级承担（元）", total=True, width=16, group="分担",
            when=f"AND(ISNUMBER({{approved}}),{when})", otherwise=local, arguments={**arguments, "part": Value(value="区（市）级")},
        ),
    )  # fmt: skip
