"""Sheets of what people settle by hand, of repayment, and of the shares of city and district."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Sheet
from qdcalc.policies.forms import SIGNATURES, by_hand, by_name, each_district, settled
from qdcalc.policies.wealth.columns import (
    BY_HAND,
    BY_HAND_HINTS,
    BY_SYSTEM,
    CITY_FUND,
    CLAWBACK,
    KINDS,
    SPLIT,
    approved,
    district,
    name,
    settled_or,
    split,
)

MANUAL = Sheet(
    key="manual",
    name="人工核定",
    title="条文没有标准的补助和奖励核定表",
    counted="name",
    notice="city",
    rows=100,
    freeze=1,
    columns=(
        Input(key="kind", kind="选项", choices=tuple(BY_HAND), title="补助类别", required=True, width=20, group="主体"),
        name("机构、项目或人员"),
        district(),
        Input(key="day", kind="日期", title="核定日期", width=12, group="人工核定"),
        *by_hand(
            width=17, ground_width=34, required=True, ground_note="批准文件、会议纪要的名称和文号；一事一议的由市政府专题会议确定",
        ),
        approved(settled("NA()")),
        Derived(
            key="fund", title="资金来源", width=16, group="分担",
            formula="".join(f'IF({{kind}}="{item}","{fund}",' for item, fund in BY_HAND.items()) + '"待改正"' + ")" * len(BY_HAND),
        ),
        *split(
            f'{{share}}<>"",{{fund}}="{BY_SYSTEM}"', f'IF(AND(ISNUMBER({{approved}}),{{fund}}="{CITY_FUND}"),{{approved}},"")',
            f'IF(AND(ISNUMBER({{approved}}),{{fund}}="{CITY_FUND}"),0,"")',
        ),
    ),
    hints=(
        *BY_HAND_HINTS[:1],
        Hint(when='{fund}="待改正"', words="补助类别：请从下拉选项中选", wrong=True),
    ),
    remarks=(
        "办公场所补助 一（一）3；特色机构和项目奖励 一（四）；金融监管机构奖励 一（五）；创新贡献奖 二（一）1；安家补贴 四（一）；"
        "金融人才补助 四（二），已按《青岛市金融高端人才评选管理办法》发放的不再填。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

CLAWBACK_SHEET = Sheet(
    key="clawback",
    name="追缴",
    title="迁离青岛市应退还补助测算表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("机构（企业）名称"),
        district(),
        Input(key="subject", argument=f"{CLAWBACK}.subject", required=True, width=12, group="申报"),
        Input(key="kind", kind="选项", choices=tuple(KINDS), title="原补助类别", required=True, width=20, group="申报"),
        Input(key="received", argument=f"{CLAWBACK}.received", width=17, total=True, group="申报"),
        Input(key="paid_date", argument=f"{CLAWBACK}.paid_date", width=12, group="申报"),
        Input(key="moved_date", argument=f"{CLAWBACK}.moved_date", width=12, group="申报"),
        Derived(
            key="until", title="承诺期满日", unit="日期", optional=True, width=12,
            formula='IFERROR(EDATE({paid_date},12*{#promise}),"")',
        ),
        Output(
            key="amount", function=CLAWBACK, title="应退还（元）", total=True, width=16,
            arguments=by_name("received", "paid_date", "moved_date", "subject"),
        ),
        *settled_or("{amount}", "核定退还（元）", "停业而未迁离、其他企业迁离等须人工认定的，填核定的金额；一般不填"),
        *split(),
    ),
    hints=BY_HAND_HINTS,
    remarks=("承诺期内迁离的全额退还，不按年递减，不计利息。同一机构得过几类补助的，一类一行。",),
    signatures=SIGNATURES,
)  # fmt: skip

SHARES = Sheet(
    key="shares",
    name="分担比例",
    title="市与区（市）分担比例",
    columns=(
        each_district(24),
        Input(
            key="city_share", argument=f"{SPLIT}.city_share", title="市级比例", required=False, shown="百分比", width=20,
            note="按现行财政体制；文中没有比例",
        ),
        Input(key="system", kind="文字", title="体制依据", width=44, note="写明体制文件或核定意见"),
        Derived(
            key="local_share", title="区（市）级比例", unit="比例", shown="百分比", optional=True, width=20,
            formula='IF(ISNUMBER({city_share}),1-{city_share},"")',
        ),
    ),
    hints=(
        Hint(
            when='IF({city_share}="",FALSE,IF(ISNUMBER({city_share}),OR({city_share}<0,{city_share}>1),TRUE))',
            words="市级比例：应在 0% 至 100% 之间，60 应填 60% 或 0.6", wrong=True,
        ),
        Hint(when='AND({city_share}<>"",{system}="")', words="请写明体制依据"),
    ),
    remarks=("一（七）、三（五）只写按照现行财政体制分别负担，没有比例：由填表人填，不填的只列总额，不分担。",),
)  # fmt: skip
