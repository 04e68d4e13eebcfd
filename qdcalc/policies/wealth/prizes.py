"""Sheets of 二: innovation prizes, the highest alone paid, and the quotas of a round."""

from __future__ import annotations

from qdcalc.layout import Derived, Field, Given, Hint, Input, Output, Sheet, Value
from qdcalc.policies.forms import SIGNATURES, flag
from qdcalc.policies.wealth.columns import BEST, PRIZE, PROJECT, RESEARCH, approved, district, name


def best_grade(prize: str, key: str) -> Derived:
    """The highest grade of one prize that the applicant of this row has won."""
    won = f'COUNTIFS({{prizes.name}},{{name}},{{prizes.kind}},"{prize}",{{prizes.grade}},"'
    return Derived(
        key=key, title=f"{prize}最高奖级", width=10, group="就高（同一主体）",
        formula=f'IF({won}一等")>0,"一等",IF({won}二等")>0,"二等",IF({won}三等")>0,"三等","")))',
    )  # fmt: skip


def best_amount(prize: str, key: str, grade: str) -> Output:
    return Output(
        key=key, function=PRIZE, title=f"{prize}最高（元）", width=14, group="就高（同一主体）", when=f'{{{grade}}}<>""',
        arguments={"prize": Value(value=prize), "grade": grade, "on": "@awarded"},
    )  # fmt: skip


PRIZES = Sheet(
    key="prizes",
    name="创新奖",
    title="金融创新奖奖励兑现表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    fields=(
        Field(key="round", kind="文字", title="评选届次", width=26, note="一届一本，名额按整届核对"),
        Field(key="awarded", argument=f"{PRIZE}.on", title="评选日期", note="不填按政策有效期处理"),
    ),
    columns=(
        name("申报主体"),
        district(),
        flag("registered", "注册在青岛的机构", required=True, width=10, group="主体", note="不接受个人和外地机构申报"),
        Input(key="project", kind="文字", title="项目（成果）名称", required=True, width=30, group="评选结果"),
        Input(key="kind", argument=f"{PRIZE}.prize", width=13, group="评选结果"),
        Input(key="grade", argument=f"{PRIZE}.grade", width=8, group="评选结果"),
        Output(
            key="amount", function=PRIZE, title="本项奖励（元）", total=True, width=15,
            arguments={"prize": "kind", "grade": "grade", "on": "@awarded"},
        ),
        best_grade(PROJECT, "project_grade"),
        best_grade(RESEARCH, "research_grade"),
        best_amount(PROJECT, "project_best", "project_grade"),
        best_amount(RESEARCH, "research_best", "research_grade"),
        Output(
            key="best", function=BEST, title="就高（元）", unit="元", width=14, group="就高（同一主体）",
            when='OR({project_grade}<>"",{research_grade}<>"")', arguments={"amounts": "project_best:research_best", "on": "@awarded"},
            plain="MAX({project_best},{research_best})",
        ),
        approved(
            'IF({registered}="是",IF({amount}<>{best},0,IF(COUNTIFS({prizes.name},{name},{prizes.amount},{amount},'
            '{prizes.serial},"<"&{serial})=0,{best},0)),IF({registered}="否",0,NA()))',
            "兑现金额（元）",
        ),
        Derived(key="city", title="市级承担（元）", formula="{approved}", unit="元", total=True, width=15, group="核定"),
        Derived(key="local", title="区市级承担（元）", formula="0", unit="元", total=True, width=12, group="核定"),
    ),
    hints=(
        Hint(
            when=f'OR(AND({{kind}}<>"",{{kind}}<>"{PROJECT}",{{kind}}<>"{RESEARCH}"),'
            'AND({grade}<>"",{grade}<>"一等",{grade}<>"二等",{grade}<>"三等"))',
            words="奖项、奖级请从下拉选项中选，不要写别的叫法", wrong=True,
        ),
        Hint(when='{registered}="否"', words="不接受个人和外地机构申报，不兑现"),
        Hint(
            when='IF(AND({registered}="是",ISNUMBER({amount}),ISNUMBER({approved})),{approved}=0,FALSE)',
            words="同一主体另有奖项，就高兑现，本项不再兑现",
        ),
    ),
    remarks=("所需资金从市本级扶持金融业发展专项资金中安排，区（市）不分担。创新贡献奖没有金额，在“人工核定”表填。",),
    signatures=SIGNATURES,
)  # fmt: skip

QUOTAS = Sheet(
    key="quotas",
    name="创新奖名额",
    title="金融创新奖名额核对表",
    columns=(
        Given(key="kind", title="奖项", figure="prizes.kinds", width=24),
        Given(key="grade", title="奖级", figure="prizes.grades", width=16),
        Derived(
            key="quota", title="名额（个）", unit="个", total=True, width=16, group="核对名额",
            formula='INDEX({#prize_quotas.gives},MATCH({kind}&"|"&{grade},{#prize_quotas.keys},0))',
        ),
        Derived(
            key="given", title="评出（个）", unit="个", total=True, width=16, group="核对名额",
            formula="COUNTIFS({prizes.kind},{kind},{prizes.grade},{grade})",
        ),
        Derived(key="vacant", title="空缺（个）", unit="个", total=True, width=16, group="核对名额", formula="MAX(0,{quota}-{given})"),
        Derived(key="over", title="超出名额（个）", unit="个", total=True, width=16, group="核对名额", formula="MAX(0,{given}-{quota})"),
        Derived(
            key="paid", title="兑现金额（元）", unit="元", total=True, width=20, group="核对名额",
            formula="ROUND(SUMIFS({prizes.approved},{prizes.kind},{kind},{prizes.grade},{grade},{prizes.mark},\"√\"),2)",
        ),
    ),
    hints=(Hint(when="{over}>0", words="评出的多于名额", wrong=True),),
    remarks=("各奖项和奖级允许空缺。条文没有写几年一届，名额按整届核对，一届填一本。",),
)  # fmt: skip
