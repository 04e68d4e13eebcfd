"""The workbook of 金融之星: who is selected, what is payable in a year, who left, training days."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, Derived, Field, Hint, Input, Measure, Output, Sheet, Summary, Template
from qdcalc.policies.forms import (
    NO_GROUND,
    REPORTED,
    SIGNATURES,
    all_met,
    by_hand,
    by_name,
    echo,
    eligible,
    filled_though,
    if_eligible,
    none_by_hand,
    office,
    settled,
)

ELIGIBLE, PAYABLE, TRAINING = "QD_STAR_ELIGIBLE", "QD_STAR_PAYABLE", "QD_STAR_TRAINING"
DIRECT = "齐鲁金融之星直接纳入"

STARS = Sheet(
    key="stars",
    name="人选",
    title="青岛金融之星人选表",
    counted="name",
    notice="verdict",
    freeze=1,
    fields=(
        office(),
        Field(key="pay_year", argument=f"{PAYABLE}.pay_year", title="发放年度", value=2019, required=True),
        REPORTED,
    ),
    columns=(
        Input(key="name", kind="文字", title="姓名", required=True, width=10, group="人选"),
        Input(key="company", kind="文字", title="所在单位名称", required=True, width=20, group="人选"),
        Input(key="employer", argument=f"{ELIGIBLE}.employer", title="单位类别", required=True, width=13, group="人选"),
        Input(key="post", kind="文字", title="岗位", width=12, group="人选", note="一线或运营、科技研发等部门的操作、研究类岗位"),
        Input(key="selected", argument=f"{PAYABLE}.selected_year", width=8, group="人选"),
        Input(
            key="way", kind="选项", choices=("选拔", DIRECT), title="入选途径", required=True, width=14, group="人选",
            note="直接纳入的不占名额",
        ),
        Input(key="lawful", argument=f"{ELIGIBLE}.lawful", width=7, group="第六条 基本条件"),
        Input(key="skilled", argument=f"{ELIGIBLE}.skilled", width=7, group="第六条 基本条件"),
        Input(key="award", argument=f"{ELIGIBLE}.award", width=10, group="第七条 任一条件"),
        Input(key="innovation", argument=f"{ELIGIBLE}.innovation", width=7, group="第七条 任一条件"),
        Input(key="certificate", argument=f"{ELIGIBLE}.certificate", width=9, group="第七条 任一条件"),
        Output(
            key="verdict", function=ELIGIBLE, title="申报条件", width=22,
            arguments=by_name("lawful", "skilled", "award", "innovation", "certificate", "employer"),
        ),
    ),
)  # fmt: skip

ALLOWANCE = Sheet(
    key="allowance",
    name="津贴",
    title="青岛金融之星津贴发放测算表",
    follows="stars",
    notice="payable",
    freeze=1,
    columns=(
        echo("who", "name", "姓名", width=10, group="人选"),
        echo("where", "company", "所在单位名称", width=20, group="人选"),
        eligible(9),
        Derived(
            key="first", title="首次发放", unit="年份", width=9, group="管理期",
            formula='IF(ISNUMBER({selected}),{selected}+{#payment.delay},NA())',
        ),
        Derived(
            key="last", title="末次发放", unit="年份", width=9, group="管理期",
            formula='IF(ISNUMBER({selected}),{selected}+{#term.years},NA())',
        ),
        Derived(
            key="stage", title="所处阶段", width=11, group="管理期",
            formula='IFERROR(IF({@pay_year}<{first},"尚未发放",IF({@pay_year}>{last},"管理期满","管理期内")),"待改正")',
        ),
        Input(
            key="state", kind="选项", choices=("在册", "取消资格", "调离"), title="人员状态", width=10, group="填报",
            note="不填为在册",
        ),
        Input(key="left", kind="日期", title="离开日期", width=12, group="填报", note="取消资格或调离的日期"),
        Input(
            key="months", argument=f"{PAYABLE}.months", width=8, group="填报",
            note="发放所属管理年度内享受的月数；取消资格或调离的必填",
        ),
        Output(
            key="payable", function=PAYABLE, title="按规定应发（元）", width=13,
            arguments={"selected_year": "selected", "pay_year": "@pay_year", "months": "months"},
        ),
        *by_hand(
            "条文不能计算、由人认定的（如直接纳入者的起算月、取消资格后的追回），填核定的金额；一般不填", width=13, ground_width=16,
        ),
        Derived(
            key="paid", title="本年度应发津贴（元）", unit="元", total=True, width=14, group="核定",
            formula=settled(if_eligible("payable")),
        ),
    ),
    hints=(
        Hint(when='AND(OR({state}="取消资格",{state}="调离"),{months}="")', words="取消资格或调离的应填享受月数", wrong=True),
        Hint(when='AND(OR({state}="取消资格",{state}="调离"),{left}="")', words="取消资格或调离的应填离开日期", wrong=True),
        Hint(
            when='AND({left}<>"",N({left})<DATE(N({@pay_year})-1,1,1),OR({months}="",N({months})>0))',
            words="离开日期早于发放所属年度，享受月数应为 0",
            wrong=True,
        ),
        Hint(when='AND({meets}="不符合",{payable}>0,{manual}="")', words="不符合申报条件，不发放"),
        NO_GROUND,
    ),
    remarks=("津贴按管理年度计：评选次年至评选后第四年各集中发放一次，每次至多12个月。当年评选的次年起发放。",),
    signatures=SIGNATURES,
)  # fmt: skip

TRAINING_SHEET = Sheet(
    key="training",
    name="培训",
    title="青岛金融之星带薪培训情况表",
    follows="stars",
    notice="enough",
    freeze=1,
    columns=(
        echo("trainee", "name", "姓名", width=12, group="人选"),
        echo("unit", "company", "所在单位名称", width=34, group="人选"),
        Input(key="days", argument=f"{TRAINING}.days", width=16, required=False, note="不填为尚未统计"),
        Input(key="content", kind="文字", title="培训内容", width=34),
        Output(
            key="enough", function=TRAINING, title="是否达标", width=12, when='{days}<>""', arguments={"days": "days"},
        ),
    ),
)  # fmt: skip

TEMPLATE = Template(
    policy="star",
    version="1.0",
    title="青岛金融之星选拔和津贴发放表",
    file="金融之星",
    guide=(
        "先在“人选”表头填写填报单位和发放年度，再逐人填写。各届人选填在同一张表里，用评选年度区分。",
        "“津贴”表按发放年度自动计算每人应发的津贴；年度中途取消资格或调离的，填人员状态、离开日期和享受月数。",
        "所在单位每年安排的带薪培训天数填在“培训”表。",
        "职业资格不在所列范围内的选“其他”，由人工认定，本表不自动算作符合。",
    ),
    sheets=(STARS, ALLOWANCE, TRAINING_SHEET),
    summaries=(
        Summary(
            key="by_year",
            name="汇总",
            title="青岛金融之星津贴发放汇总表",
            by="stars.selected",
            heading="评选年度",
            values=(2018, 2019, 2020),
            measures=(
                Measure(key="count", title="人数（人）"),
                Measure(key="fit", title="符合条件（人）", where={"allowance.meets": "符合"}),
                Measure(
                    key="direct", title="其中直接纳入（人）", where={"allowance.meets": "符合", "stars.way": DIRECT}
                ),
                Measure(key="over", title="超出名额（人）", formula="MAX(0,{fit}-{direct}-{#quota})", unit="人"),
                Measure(key="left", title="取消资格或调离（人）", formula="{cancelled}+{moved}", unit="人"),
                Measure(key="cancelled", title="其中取消资格（人）", where={"allowance.state": "取消资格"}),
                Measure(key="moved", title="其中调离（人）", where={"allowance.state": "调离"}),
                Measure(key="paid", title="本年度应发津贴（元）", column="allowance.paid"),
            ),
            lines=(
                Derived(key="year", title="发放年度", formula='{@pay_year}&""'),
                Derived(key="quota", title="每次选拔名额（人，不超过）", formula="{#quota}", unit="人"),
            ),
            chart=Chart(title="各届本年度应发津贴（万元）", measures=("paid",), axis="万元"),
            signatures=SIGNATURES,
        ),
        Summary(
            key="by_employer",
            name="按单位汇总",
            title="青岛金融之星津贴发放汇总表（按单位类别）",
            by="stars.employer",
            measures=(
                Measure(key="count", title="人数（人）"),
                Measure(key="fit", title="符合条件（人）", where={"allowance.meets": "符合"}),
                Measure(key="short", title="培训未达标（人）", where={"training.enough": "未达标"}),
                Measure(key="paid", title="本年度应发津贴（元）", column="allowance.paid"),
            ),
            chart=Chart(title="各类单位本年度应发津贴（万元）", measures=("paid",), axis="万元"),
        ),
    ),
    checks=(
        Check(
            title="每次选拔没有超过名额",
            formula="{=by_year.over}",
            help="第三条：每次选拔不超过60名，直接纳入的不计；问题数为超出的人数",
        ),
        all_met(
            "带薪培训都已达标",
            "training.enough",
            "第九条（四）：所在单位每年安排不少于7天带薪培训；问题数为未达标的人数",
        ),
        none_by_hand("allowance.manual", help="“津贴”表：有手填核定额的行，请附书面依据一并上报"),
        Check(
            title="空行上没有填人员状态、月数和核定额",
            formula=filled_though("stars.name", "allowance.state", "allowance.months", "allowance.manual"),
            help="“津贴”表：没有人选的行上不要填",
        ),
    ),
    claims=(
        Claim(
            sheet="allowance",
            item="年度津贴",
            amount="paid",
            subject="name",
            kind="人员",
            beside="company",
            district="@office",
        ),
    ),
)
