"""Sheets of 一: institutions that settle, add capital or run a region from here; what they contribute."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Sheet
from qdcalc.policies.forms import REPORTED, SIGNATURES, by_hand, looked_up, no_number, office, text_of, year
from qdcalc.policies.wealth.columns import (
    BY_HAND_HINTS,
    HIGHER_HINT,
    INCREASE,
    NET,
    OTHER,
    REGIONAL,
    SETUP,
    WINDOW,
    approved,
    day,
    district,
    name,
    settled_or,
    split,
)

SETUP_SHEET = Sheet(
    key="setup",
    name="落户",
    title="法人金融机构落户一次性补助测算表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    fields=(office(), year(2019), REPORTED),
    columns=(
        name("机构名称", unique=True),
        district(),
        Input(key="way", kind="选项", choices=("新设立", "新迁入"), title="落户方式", required=True, width=10, group="申报"),
        day(SETUP, "开业或迁入日期"),
        Input(key="capital", argument=f"{SETUP}.paid_in_capital", width=19, total=True, group="申报"),
        OTHER,
        Output(
            key="amount", function=SETUP, title="按档计算（元）", total=True, width=16,
            arguments={"paid_in_capital": "capital", "on": "day"},
        ),
        NET,
        *settled_or(),
        *split(),
    ),
    hints=(
        Hint(when="AND(ISNUMBER({capital}),{capital}>0,{capital}<1000000)", words="实缴注册资本不到100万元，请核对单位是否为元"),
        Hint(when=no_number("day"), words="开业或迁入日期：应填日期，如 2018-09-20，不能写成文字", wrong=True),
        HIGHER_HINT,
        *BY_HAND_HINTS,
    ),
    remarks=(
        "实缴注册资本按申请时的实缴额一次认定；以后实缴到位的，在“增资”表填，不按档补差。",
        "办公场所补助、经批准的特色机构和项目奖励没有标准，在“人工核定”表填。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

CONTRIBUTION = Sheet(
    key="contribution",
    name="经济贡献",
    title="法人金融机构经济贡献补助核定表",
    counted="name",
    notice="in_window",
    rows=100,
    freeze=1,
    columns=(
        Input(
            key="name", kind="选项", listed="setup.name", title="机构名称", required=True, width=26, group="主体",
            note="从“落户”表的机构中选",
        ),
        Input(
            key="day", argument=f"{WINDOW}.date", title="贡献所属期末", width=13, group="申报",
            note="核定的是哪一期的贡献，填该期最后一日",
        ),
        Derived(
            key="district", title="区（市）", width=15, group="取自落户",
            formula=text_of(looked_up("setup.district", "name", "setup.name")),
        ),
        Derived(
            key="opened", title="开业或迁入日期", unit="日期", width=12, group="取自落户",
            formula=f'IFERROR({looked_up("setup.day", "name", "setup.name")},"")',
        ),
        Output(
            key="in_window", function=WINDOW, title="在开业起5年内", width=10, arguments={"opened": "opened", "date": "day"},
        ),
        *by_hand("条文只写适当补助，没有标准，填核定的金额", width=16, ground_width=24, ground_note="", required=True),
        approved('IF({in_window}="是",IF(ISNUMBER({manual}),{manual},NA()),IF({in_window}="否",0,NA()))'),
        *split(),
    ),
    hints=(
        *BY_HAND_HINTS[:1],
        Hint(when='IF(ISTEXT({in_window}),AND({in_window}="否",N({manual})>0),FALSE)', words="不在开业起5年内，核定补助为 0"),
    ),
    signatures=SIGNATURES,
)  # fmt: skip

INCREASE_SHEET = Sheet(
    key="increase",
    name="增资",
    title="法人金融机构增资补助测算表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("机构名称"),
        district(),
        day(INCREASE, "增资到位日期"),
        Input(key="new_capital", argument=f"{INCREASE}.new_capital", width=18, total=True, group="申报"),
        Input(
            key="government", argument=f"{INCREASE}.government_part", width=18, total=True, group="申报",
            note="国有企业、引导基金出资是否计入，由填表人判定",
        ),
        OTHER,
        Output(
            key="amount", function=INCREASE, title="按比例封顶（元）", total=True, width=16,
            arguments={"new_capital": "new_capital", "government_part": "government", "on": "day"},
        ),
        NET,
        *settled_or(),
        *split(),
    ),
    hints=(
        Hint(when="AND(ISNUMBER({new_capital}),{new_capital}>0,{new_capital}<1000000)", words="新增资本不到100万元，请核对单位是否为元"),
        Hint(
            when="COUNTIF({increase.name},{name})>1",
            words="同一机构多次增资，各次分别封顶；认定为累计封顶的，在后一次填手填核定额",
        ),
        HIGHER_HINT,
        *BY_HAND_HINTS,
    ),
    signatures=SIGNATURES,
)  # fmt: skip

REGIONAL_SHEET = Sheet(
    key="regional",
    name="区域总部",
    title="区域性管辖金融机构补助测算表",
    counted="name",
    notice="amount",
    rows=100,
    freeze=1,
    columns=(
        name("机构名称", unique=True),
        district(),
        day(REGIONAL, "开业或迁入日期"),
        Input(key="coverage", argument=f"{REGIONAL}.coverage", width=20, group="申报"),
        Input(key="taxed", argument=f"{REGIONAL}.taxed_in_qingdao", width=10, group="申报"),
        OTHER,
        Output(
            key="amount", function=REGIONAL, title="按范围计算（元）", total=True, width=16,
            arguments={"coverage": "coverage", "taxed_in_qingdao": "taxed", "on": "day"},
        ),
        NET,
        *settled_or(),
        *split(),
    ),
    hints=(
        Hint(when="COUNTIF({setup.name},{name})>0", words="“落户”表也有这家机构：同一机构只取其一，须人工认定"),
        HIGHER_HINT,
        *BY_HAND_HINTS,
    ),
    signatures=SIGNATURES,
)  # fmt: skip
