"""The sheets of claims of funds and banks: first investments, loans to new firms, firms counted before."""

from __future__ import annotations

from qdcalc.layout import Derived, Hint, Input, Output, Sheet
from qdcalc.policies.forms import SIGNATURES, flag, negative, no_number
from qdcalc.policies.science.template_claims import ROWS, answers, granted, place, who

FIRST_INVEST, BANK = "QD_SCI_FIRST_INVEST", "QD_SCI_BANK"

FUND_SHEET = Sheet(
    key="funds",
    name="首投",
    title="投资管理机构首投千帆企业补助表",
    counted="fund",
    notice="award",
    rows=ROWS,
    columns=(
        who("fund", "投资管理机构", "首投"),
        place("首投", "机构所在的区（市）"),
        who("firm", "千帆企业名称", "首投"),
        Input(key="day", kind="日期", title="首投日期", required=True, width=12, group="首投"),
        flag("first", "首投", group="首投", note="千帆企业获得的首笔机构投资，由填表人认定", required=True),
        Input(key="invested", argument=f"{FIRST_INVEST}.invested", width=13.5, group="首投"),
        Input(
            key="outside", argument=f"{FIRST_INVEST}.paid_before", title="本表以外当年已得（元）", width=13.5, group="首投",
            note="该机构当年已得、没有列在本表的，填在该机构的任一行；没有不填",
        ),
        Derived(key="counted", title="计入的首投额（元）", unit="元", width=13.5, group="年度上限",
                formula='IF({first}="是",{invested},0)'),
        Derived(
            key="earlier", title="此前各行首投额（元）", unit="元", width=13.5, group="年度上限",
            formula='ROUND(SUMIFS({funds.counted},{funds.fund},{fund},{funds.serial},"<"&{serial}),2)',
        ),
        Derived(key="elsewhere", title="该机构表外已得（元）", unit="元", width=13.5, group="年度上限",
                formula="ROUND(SUMIFS({funds.outside},{funds.fund},{fund}),2)"),
        Output(key="earlier_award", function=FIRST_INVEST, title="此前各行已补（元）", width=13.5, group="年度上限",
               arguments={"invested": "earlier", "paid_before": "elsewhere"}),
        Derived(key="paid", title="当年已得合计（元）", unit="元", width=13.5, group="年度上限",
                formula="ROUND({elsewhere}+{earlier_award},2)"),
        Output(key="award", function=FIRST_INVEST, title="按规定补助（元）", width=13.5,
               arguments={"invested": "invested", "paid_before": "paid"}),
        granted("first", "award", "核定补助（元）"),
    ),
    hints=(
        *answers(first="首投"),
        Hint(when='{first}="否"', words="不是首投，不予补助"),
        Hint(when="IF(AND(ISNUMBER({day}),ISNUMBER({@year})),YEAR({day})<>{@year},FALSE)", words="首投日期不在填报年度内", wrong=True),
        Hint(when=no_number("day"), words="首投日期不是日期，应如 2018-08-16", wrong=True),
        Hint(when='AND({firm}<>"",COUNTIFS({funds.firm},{firm},{funds.first},"是")>1,{first}="是")',
             words="一家企业只有一笔首投，本表列了两笔", wrong=True),
    ),
    remarks=(
        "每年每家机构的补助有上限：同一机构有几笔的，按行的先后计算，后面的行只补上限余下的部分；待改正的行在改正前也占用上限。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip


def pair(firm: str) -> Derived:
    """Bank and firm in one text, as the function takes names: a firm counts once for every bank."""
    return Derived(
        key="pair" if firm == "firm" else "pair_before", title="银行｜企业", width=30, group="核算",
        formula=f'SUBSTITUTE(SUBSTITUTE({{{"bank" if firm == "firm" else "bank_before"}}}&"｜"&{{{firm}}}," ",""),"　","")',
    )  # fmt: skip


BANK_SHEET = Sheet(
    key="banks",
    name="银行贷款",
    title="商业银行新增千帆企业贷款补助表",
    counted="bank",
    lines=2,
    rows=ROWS,
    columns=(
        who("bank", "银行名称", "贷款", width=22),
        place("贷款", "银行所在的区（市）"),
        who("firm", "企业名称", "贷款"),
        flag("thousand", "千帆企业", group="贷款", note="由填表人按千帆企业名单认定", required=True),
        Input(key="loan", kind="数值", unit="元", title="贷款额（元）", required=True, width=16, group="贷款",
              note="一笔一行，按累计发放额，不是余额"),
        pair("firm"),
        Derived(
            key="together", title="累计贷款额（元）", unit="元", width=16, group="核算",
            formula='ROUND(SUMIFS({banks.loan},{banks.pair},{pair},{banks.thousand},"是"),2)',
        ),
        Derived(key="leads", title="该企业首行", width=9, group="核算",
                formula='IF(COUNTIFS({banks.pair},{pair},{banks.serial},"<"&{serial})=0,"是","否")'),
        Output(
            key="award", function=BANK, title="补助（元）", unit="元", total=True, width=14, group="核定",
            when='{leads}="是"', arguments={"loans": "together", "firms": "pair", "counted_before": "before.pair_before"},
            plain='IF({together}<0,-"#",IF(AND({together}>{#bank.loan},COUNTIF({before.pair_before},{pair})=0),{#bank.award},0))',
        ),
    ),
    hints=(
        *answers(thousand="千帆企业"),
        Hint(when=no_number("loan"), words="贷款额不是数值", wrong=True),
        Hint(when=negative("loan"), words="贷款额不能是负数", wrong=True),
        Hint(when="COUNTIF({before.pair_before},{pair})>0", words="该企业以前已计入，不是新增"),
        Hint(when='{thousand}="否"', words="不是千帆企业，不计入"),
        Hint(when='AND({leads}="是",{thousand}="是",{together}<={#bank.loan},COUNTIF({before.pair_before},{pair})=0)',
             words="累计贷款额没有超过门槛"),
    ),
    remarks=("同一银行对同一企业的贷款累计，补助只算一次，列在该企业的首行。以前年度已计入的企业填在“已计入企业”表。",),
    signatures=SIGNATURES,
)  # fmt: skip

BEFORE_SHEET = Sheet(
    key="before",
    name="已计入企业",
    title="以前年度已计入补助的企业",
    counted="bank_before",
    rows=ROWS,
    columns=(
        Input(key="bank_before", kind="文字", title="银行名称", required=True, width=30),
        Input(key="firm_before", kind="文字", title="企业名称", required=True, width=34),
        Input(key="year_before", kind="数值", unit="年份", title="计入年度", width=12),
        pair("firm_before"),
    ),
)  # fmt: skip
