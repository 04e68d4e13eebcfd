"""Sheets of 三: going public, and being quoted on the two smaller markets."""

from __future__ import annotations

from qdcalc.layout import Hint, Input, Output, Sheet
from qdcalc.policies.forms import SIGNATURES, by_name
from qdcalc.policies.wealth.columns import (
    BY_HAND_HINTS,
    HIGHER_HINT,
    LISTING,
    MARKET,
    NEEQ,
    NET,
    OTHER,
    approved,
    day,
    district,
    name,
    settled_or,
    split,
)

LISTING_SHEET = Sheet(
    key="listing",
    name="上市",
    title="企业上市中介费补助测算表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("企业名称"),
        district(),
        Input(
            key="way", kind="选项", choices=("国内主板、中小板、创业板拟上市", "买壳上市并迁入", "境外交易所主板首发"), title="上市情形",
            required=True, width=20, group="申报",
        ),
        day(LISTING, "申请或迁址日期", "买壳上市的填注册地迁入完成之日"),
        Input(key="fees", argument=f"{LISTING}.fees", width=16, total=True, group="申报"),
        Input(key="paid_before", argument=f"{LISTING}.paid_before", width=15, group="申报"),
        OTHER,
        Output(
            key="amount", function=LISTING, title="按比例封顶（元）", total=True, width=15,
            arguments=by_name("fees", "paid_before", on="day"),
        ),
        NET,
        *settled_or(),
        *split(),
    ),
    hints=(
        Hint(
            when="AND(COUNTIF({listing.name},{name})>1,IFERROR(SUMIFS({listing.amount},{listing.name},{name}),0)>{#listing.cap})",
            words="同一企业各行补助合计超过上限：在后一行的“已得补助”填前几行已得的金额", wrong=True,
        ),
        HIGHER_HINT,
        *BY_HAND_HINTS,
    ),
    signatures=SIGNATURES,
)  # fmt: skip

NEEQ_SHEET = Sheet(
    key="neeq",
    name="新三板",
    title="新三板挂牌补助核定表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("企业名称", unique=True),
        district(),
        day(NEEQ, "挂牌日期"),
        Input(key="key_company", argument=f"{NEEQ}.is_key_company", width=12, group="申报"),
        Input(
            key="manual", argument=f"{NEEQ}.approved", title="手填核定额（元）", width=16, total=True, group="人工核定",
            note="条文只有上限，没有标准",
        ),
        Input(key="ground", kind="文字", title="核定依据", required=True, width=24, group="人工核定"),
        OTHER,
        Output(
            key="amount", function=NEEQ, title="封顶后（元）", total=True, width=15,
            arguments={"approved": "manual", "is_key_company": "key_company", "on": "day"},
        ),
        NET,
        approved("{net}"),
        *split(),
    ),
    hints=(
        Hint(when="COUNTIF({listing.name},{name})>0", words="“上市”表也有这家企业：条文未禁止分别享受，须人工核对"),
        HIGHER_HINT,
    ),
    signatures=SIGNATURES,
)  # fmt: skip

MARKET_SHEET = Sheet(
    key="market",
    name="区域性股权市场",
    title="区域性股权市场挂牌费用补助核定表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("企业名称", unique=True),
        district(),
        Input(
            key="place", kind="选项", choices=("齐鲁股权交易中心", "蓝海股权交易中心", "其他区域性市场"), title="挂牌市场",
            required=True, width=18, group="申报",
        ),
        day(MARKET, "挂牌日期"),
        Input(key="listed", argument=f"{MARKET}.listed_company", width=9, group="申报"),
        Input(
            key="manual", argument=f"{MARKET}.approved", title="手填核定额（元）", width=16, total=True, group="人工核定",
            note="实际挂牌费用或核定额；条文只有上限，没有比例",
        ),
        Input(key="ground", kind="文字", title="核定依据", required=True, width=22, group="人工核定"),
        OTHER,
        Output(
            key="amount", function=MARKET, title="封顶后（元）", total=True, width=15,
            arguments={"approved": "manual", "listed_company": "listed", "on": "day"},
        ),
        NET,
        approved("{net}"),
        *split(),
    ),
    hints=(HIGHER_HINT,),
    signatures=SIGNATURES,
)  # fmt: skip
