"""The workbook of 百名局长进审批服务大厅: units, their leaders, who signed in and out, the month's verdicts, the year."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Derived, Field, Hint, Input, Measure, Output, Sheet, Summary, Template, Value
from qdcalc.policies.forms import (
    SIGNATURES,
    YES_NO,
    all_met,
    by_name,
    echo,
    flag,
    looked_up,
    no_number,
    office,
    other_than,
    text_of,
)

DAYS, CHECK, QUOTA = "QD_DUTY_DAYS", "QD_DUTY_CHECK", "QD_DUTY_QUOTA"
UNITS_AT_MOST = 40


def since(year: str, month: object) -> str:
    """Criteria of SUMIFS and COUNTIFS: the roster's entries of one month (a number, or a formula for one)."""
    return f'{{roster.date}},">="&DATE({year},{month},1),{{roster.date}},"<"&DATE({year},{month}+1,1)'


YEAR, MONTH = "YEAR({@month})", "MONTH({@month})"
THIS_MONTH = since(YEAR, MONTH)


UNITS = Sheet(
    key="units",
    name="单位",
    title="进驻单位应驻、实驻人日统计表",
    counted="unit",
    notice="year_due",
    rows=UNITS_AT_MOST,
    fields=(
        office(),
        Field(key="month", argument=f"{CHECK}.month", title="统计月份", required=True, note="月度考勤、汇总都按这个月统计"),
    ),
    columns=(
        Input(key="unit", kind="文字", title="单位名称", required=True, unique=True, width=28, group="单位"),
        Input(
            key="hall", kind="选项", choices=("市审批服务大厅", "区（市）审批服务大厅", "专业分大厅", "便民服务中心"),
            title="进驻地点", width=20, group="单位",
        ),
        Input(key="months", argument=f"{QUOTA}.months", title="全年应驻（月）", width=10, group="单位"),
        Derived(
            key="members", title="班子成员（人）", unit="人", total=True, width=10, group="取自名单",
            formula="COUNTIF({members.unit},{unit})",
        ),
        Output(
            key="month_due", function=QUOTA, title="当月应驻（人日）", total=True, width=11, group="统计月份",
            arguments={"members": "members", "months": Value(value=1)},
        ),
        Derived(
            key="month_done", title="当月实驻（人日）", unit="人日", total=True, width=11, group="统计月份",
            formula=f"SUMIFS({{roster.counted}},{{roster.unit}},{{unit}},{THIS_MONTH})",
        ),
        Output(
            key="year_due", function=QUOTA, title="全年应驻（人日）", total=True, width=11, group="统计月份所在年",
            arguments=by_name("members", "months"),
        ),
        Derived(
            key="year_done", title="全年实驻（人日）", unit="人日", total=True, width=11, group="统计月份所在年",
            formula="SUMIFS({roster.counted},{roster.unit},{unit},"
            f'{{roster.date}},">="&DATE({YEAR},1,1),{{roster.date}},"<"&DATE({YEAR}+1,1,1))',
        ),
    ),
    hints=(Hint(when='AND({unit}<>"",{members}=0)', words="“名单”表中没有这个单位的人"),),
    remarks=("应驻人日只是总数：有人多驻不能抵别人，也不能跨月抵补，是否达标看“月度考勤”表每个人的结果。",),
)  # fmt: skip

MEMBERS = Sheet(
    key="members",
    name="名单",
    title="应进驻领导班子成员名单",
    counted="name",
    freeze=1,
    columns=(
        Input(
            key="name", kind="文字", title="姓名", required=True, unique=True, width=14,
            note="同名的加注区别，如 王伟（教育）",
        ),
        Input(key="unit", kind="选项", listed="units.unit", title="单位", required=True, width=28, note="从“单位”表中选"),
        Input(key="post", kind="文字", title="职务", width=20),
        Input(key="deputy", kind="文字", title="B角姓名", width=14),
        Input(key="remark", kind="文字", title="备注", width=24),
    ),
    remarks=("只列当月在任满月的人；新任、离任当月不满月的不列。是否包括非领导职务，由填报单位确定。",),
)  # fmt: skip

ROSTER = Sheet(
    key="roster",
    name="签到",
    title="进驻审批服务大厅签到、签退登记表",
    counted="name",
    freeze=2,
    columns=(
        Input(key="name", kind="选项", listed="members.name", title="姓名", required=True, width=14, group="登记"),
        Input(key="date", kind="日期", title="日期", required=True, width=12, group="登记"),
        Input(key="sign_in", kind="时刻", title="签到", width=8, group="登记"),
        Input(key="sign_out", kind="时刻", title="签退", width=8, group="登记"),
        Input(
            key="whole", kind="选项", choices=("整天", "半天"), title="整天或半天", width=10, group="登记",
            note="不填为整天；半天不计为1天，两个半天也不折成1天",
        ),
        Input(key="stand_in", kind="文字", title="B角代驻人", width=12, group="登记", note="本人未到、由B角代驻的填B角姓名"),
        flag("filed", "提前备案", group="登记", note="B角代驻须提前报备"),
        Input(key="work", kind="文字", title="工作记实", width=22, group="登记"),
        Derived(
            key="unit", title="单位", width=20, group="取自名单",
            formula=text_of(looked_up("members.unit", "name", "members.name")),
        ),
        Derived(
            key="in_day", title="有效签到日", unit="日期", optional=True, width=11, group="计入天数",
            formula='IF(AND({name}<>"",ISNUMBER({date}),ISNUMBER({sign_in}),{whole}<>"半天",{stand_in}=""),'
            'IF(OR({sign_in}<0,{sign_in}>=1),"",INT({date})),"")',
        ),
        Derived(
            key="out_day", title="有效签退日", unit="日期", optional=True, width=11, group="计入天数",
            formula='IF(AND({name}<>"",ISNUMBER({date}),ISNUMBER({sign_out}),{whole}<>"半天",{stand_in}=""),'
            'IF(OR({sign_out}<N({sign_in}),{sign_out}>=1),"",INT({date})),"")',
        ),
        Derived(
            key="counted", title="计入（天）", unit="日", total=True, width=8, group="计入天数",
            formula='IF({in_day}="",0,IF(AND(COUNTIFS({roster.name},{name},{roster.out_day},{in_day})>0,'
            'COUNTIFS({roster.name},{name},{roster.in_day},{in_day},{roster.serial},"<"&{serial})=0),1,0))',
        ),
    ),
    hints=(
        Hint(when=no_number("date"), words="日期：应填日期，如 2018-09-05", wrong=True),
        Hint(
            when='OR(AND({sign_in}<>"",IF(ISNUMBER({sign_in}),OR({sign_in}<0,{sign_in}>=1),TRUE)),'
            'AND({sign_out}<>"",IF(ISNUMBER({sign_out}),OR({sign_out}<0,{sign_out}>=1),TRUE)))',
            words="签到、签退：应填时刻，如 8:30", wrong=True,
        ),
        Hint(
            when="AND(ISNUMBER({sign_in}),ISNUMBER({sign_out}),{sign_out}<{sign_in})", words="签退早于签到，请核对",
            wrong=True,
        ),
        Hint(when=other_than("whole", "整天", "半天"), words="整天或半天：应填 整天 或 半天", wrong=True),
        Hint(when=other_than("filed", *YES_NO), words="提前备案：应填 是 或 否", wrong=True),
        Hint(when='AND({stand_in}="",OR({sign_in}="",{sign_out}=""))', words="缺签到或签退，不计为1天"),
        Hint(when='{whole}="半天"', words="半天不计为1天，两个半天也不折成1天"),
        Hint(when='AND({stand_in}<>"",{filed}="是")', words="B角代驻，不计本人天数，本人当月仍须驻满1天"),
        Hint(when='AND({stand_in}<>"",{filed}<>"是")', words="B角代驻没有提前备案，按缺岗"),
    ),
    remarks=("同一天有签到和签退为1天，同一天登记几行只计1天。B角代驻的天数不算本人的。",),
)  # fmt: skip

ATTENDANCE = Sheet(
    key="attendance",
    name="月度考勤",
    title="领导班子成员驻厅月度考勤表",
    follows="members",
    notice="verdict",
    freeze=1,
    columns=(
        echo("who", "name", "姓名", width=14, group="人员"),
        echo("where", "unit", "单位", width=28, group="人员"),
        Output(
            key="days", function=DAYS, title="当月驻厅（天）", shown="日", total=True, width=12, group="二（二） 每人每月",
            arguments={
                "names": "roster.name", "sign_ins": "roster.in_day", "sign_outs": "roster.out_day", "name": "name",
                "month": "@month",
            },
            when="COUNTIF({roster.name},{name})>0",
            otherwise="0",
            plain=f"SUMIFS({{roster.counted}},{{roster.name}},{{name}},{THIS_MONTH})",
        ),
        Output(
            key="verdict", function=CHECK, title="结果", width=12, group="二（二） 每人每月",
            arguments={"days": "days", "month": "@month"},
        ),
        Derived(
            key="deputized", title="B角代驻（次）", unit="次", total=True, width=11, group="三（二） AB角",
            formula=f'COUNTIFS({{roster.name}},{{name}},{{roster.stand_in}},"<>",{THIS_MONTH})',
        ),
        Derived(
            key="unfiled", title="未提前备案（次）", unit="次", total=True, width=12, group="三（二） AB角",
            formula=f'{{deputized}}-COUNTIFS({{roster.name}},{{name}},{{roster.stand_in}},"<>",{{roster.filed}},"是",{THIS_MONTH})',
        ),
    ),
    hints=(
        Hint(when='{@month}=""', words="“单位”表头的统计月份未填写", wrong=True),
        Hint(when="N({unfiled})>0", words="有B角代驻没有提前备案"),
    ),
    signatures=SIGNATURES,
)  # fmt: skip


def of_month(number: int) -> Derived:
    """The days of one month of the year; blank before the first month that counts and after the chosen one."""
    days = f"SUMIFS({{roster.counted}},{{roster.name}},{{name}},{since(YEAR, number)})"
    return Derived(
        key=f"m{number:02d}", title=f"{number}月", unit="日", optional=True, total=True, width=6, group="各月驻厅（天）",
        formula=f'IF(OR(DATE({YEAR},{number},1)<{{#start}},{number}>{MONTH}),"",{days})',
    )  # fmt: skip


WHOLE_YEAR = Sheet(
    key="year",
    name="全年",
    title="领导班子成员驻厅全年统计表",
    follows="members",
    freeze=1,
    columns=(
        echo("year_who", "name", "姓名", width=12, group="人员"),
        echo("year_where", "unit", "单位", width=24, group="人员"),
        *(of_month(number) for number in range(1, 13)),
        Derived(
            key="sum", title="合计（天）", unit="日", total=True, width=8, group="截至统计月份", formula="SUM({m01}:{m12})",
        ),
        Derived(
            key="missed", title="未达标（月）", unit="月", total=True, width=9, group="截至统计月份",
            formula='COUNTIF({m01}:{m12},"<"&{#days})',
        ),
        Derived(
            key="all_months", title="结果", width=9, group="截至统计月份",
            formula='IFERROR(IF(COUNT({m01}:{m12})=0,"不考核",IF({missed}=0,"达标","未达标")),"待改正")',
        ),
        Input(
            key="assessed", kind="文字", title="年终考核结果（手填）", width=14, group="三（三） 考核",
            note="出勤、工作记实、群众评价的权重没有写，由考核单位评定后填",
        ),
    ),
    hints=(Hint(when='{@month}=""', words="“单位”表头的统计月份未填写", wrong=True),),
    remarks=("2018年9月起考核。每个月各看各的，多驻的天数不能抵别的月。",),
)  # fmt: skip

TEMPLATE = Template(
    policy="duty",
    version="1.0",
    title="百名局长进审批服务大厅考勤表",
    file="百名局长进大厅",
    guide=(
        "先在“单位”表头填填报单位和统计月份（填该月任意一天），再列出进驻单位和全年应驻月数；2018年从9月算起，为4个月。",
        "“名单”列出应进驻的领导班子成员，姓名不能重复；“签到”每人每天一行，填日期、签到和签退的时刻。",
        "同一天既有签到又有签退的为1天；半天、B角代驻不计本人天数。B角代驻须提前备案，没有备案的按缺岗提示。",
        "“月度考勤”给出每个人当月的天数和结果，“全年”给出各月天数；换一个月只改统计月份，不用重填。",
        "“汇总”可作每月简报的附表。年终考核的权重和评分没有规定，在“全年”表手填结果。",
    ),
    sheets=(UNITS, MEMBERS, ROSTER, ATTENDANCE, WHOLE_YEAR),
    summaries=(
        Summary(
            key="by_unit",
            name="汇总",
            title="百名局长进审批服务大厅月度汇总表",
            by="members.unit",
            like="units.unit",
            rows=UNITS_AT_MOST,
            measures=(
                Measure(key="people", title="班子成员（人）"),
                Measure(key="due", title="当月应驻（人日）", by="units.unit", column="units.month_due"),
                Measure(key="done", title="当月实驻（人日）", column="attendance.days", unit="人日"),
                Measure(key="met", title="达标（人）", where={"attendance.verdict": "达标"}),
                Measure(key="unmet", title="未达标（人）", where={"attendance.verdict": "未达标"}),
                Measure(
                    key="share", title="达标率", unit="百分比", formula="IF({met}+{unmet}=0,0,ROUND({met}/({met}+{unmet}),4))",
                ),
                Measure(key="deputized", title="B角代驻（次）", column="attendance.deputized"),
                Measure(key="unfiled", title="未提前备案（次）", column="attendance.unfiled"),
            ),
            lines=(
                Derived(key="of", title="统计月份", formula=f'IF({{@month}}="","",{YEAR}&"年"&{MONTH}&"月")'),
                Derived(key="least", title="每人每月最少（天）", formula="{#days}", unit="日"),
            ),
            chart=Chart(title="各单位当月应驻与实驻（人日，前15个单位）", measures=("due", "done"), axis="人日"),
            signatures=SIGNATURES,
        ),
    ),
    checks=(
        all_met("当月每个人都已达标", "attendance.verdict", "二（二）：每人每月不少于1天；问题数为未达标的人数"),
        Check(
            title="B角代驻都已提前备案",
            formula='COUNTIFS({roster.stand_in},"<>",{roster.date},">0")-COUNTIFS({roster.stand_in},"<>",{roster.filed},"是",{roster.date},">0")',
            soft=True,
            help="三（二）：特殊情况由B角代驻的，应提前备案；问题数为没有备案的次数",
        ),
        Check(
            title="名单上的人都有单位",
            formula='COUNTIFS({members.name},"<>",{members.unit},"")',
            help="“名单”表：每个人都要选单位，否则汇总不到",
        ),
        Check(
            title="月度天数与签到登记一致",
            formula=f'IF({{@month}}="",0,ABS(SUM({{attendance.days}})-SUMIFS({{roster.counted}},{THIS_MONTH})))',
            help="不一致时，多半是“签到”表有名单以外的人；问题数为相差的天数",
        ),
    ),
)  # fmt: skip
