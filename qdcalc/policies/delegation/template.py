"""The workbook of 下放平度市权限: look an item up, take the 49 items over, judge a case, count by department."""

from __future__ import annotations

from qdcalc.layout import (
    Chart,
    Check,
    Derived,
    Field,
    Given,
    Hint,
    Input,
    Measure,
    Output,
    Result,
    Sheet,
    Summary,
    Template,
    Value,
)
from qdcalc.policies.datafile import rows
from qdcalc.policies.delegation.rules import ITEMS, TOTAL
from qdcalc.policies.forms import SIGNATURES, by_name, flag, no_number, office

ITEM, FIND, CHECK = "QD_DELEGATION_ITEM", "QD_DELEGATION_FIND", "QD_DELEGATION_CHECK"
DEADLINE, OVERDUE = "QD_DELEGATION_DEADLINE", "QD_DELEGATION_OVERDUE"
IN_TIME, LATE, UNSIGNED, UNSIGNED_LATE = "按期签订", "逾期签订", "未签订", "未签订已逾期"
BOTH_FILED = "两家均已备案"


def listed(title: str) -> tuple[str, ...]:
    """A column of the annex."""
    return tuple(row[title] or f"无{title}" for row in rows(ITEMS))


DEPARTMENTS = tuple(dict.fromkeys(listed("实施机关")))

A_DAY = "应填日期，如 2018-09-29，不能写成文字"
WORD = 'SUBSTITUTE(SUBSTITUTE(TRIM({@asked}),"(","（"),")","）")'
"""What is looked for, with the brackets of the list."""
NUMERIC = "ISNUMBER(-{@asked})"


def item(key: str, title: str, column: str, seq: str, **more: object) -> Output:
    """What the list says of an item."""
    return Output(
        key=key, function=ITEM, title=title, arguments={"seq": seq, "field": Value(value=title)},
        when=f"ISNUMBER(MATCH({{{seq}}},{{items.serial}},0))",
        plain=f'INDEX({{items.{column}}},{{{seq}}})&""', **more,  # type: ignore[arg-type]
    )  # fmt: skip


def remark(seq: str, **more: object) -> Derived:
    """Its remark, a formula of its own: a QD cell that holds nothing would show #NAME? where there is no add-in."""
    found = f'IF(COUNTIF({{items.serial}},{{{seq}}})=0,"",INDEX({{items.remark}},{{{seq}}}))'
    return Derived(key="remark", title="备注", formula=found, **more)  # type: ignore[arg-type]


QUERY = Sheet(
    key="query",
    name="查询",
    title="下放平度市权限查询",
    rows=TOTAL,
    lines=2,
    fields=(
        Field(
            key="asked", kind="文字", title="序号或关键词", width=24,
            note="填序号（1至49），或权限名称中的几个字，如 18、采矿权、医师",
        ),
        Field(key="asked_of", argument=f"{FIND}.department", title="实施机关（可不选）", width=20),
    ),
    results=(
        Result(
            key="answer", title="查询结果",
            formula='IF(AND({@asked}="",{@asked_of}=""),"请填序号（1至49）或权限名称中的几个字，如 18、采矿权；也可只选实施机关",'
            'IF(SUM({query.hit})>0,"找到"&SUM({query.hit})&"项，列在下面",'
            f'IF({NUMERIC},"没有序号“"&{{@asked}}&"”：序号应为 1 至 49 的整数"&IF({{@asked_of}}="","","，且属于所选实施机关"),'
            'IF(AND({@asked_of}<>"",COUNTIF({items.department},{@asked_of})=0),"实施机关“"&{@asked_of}&"”不在清单中，请从下拉选项中选",'
            '"权限名称都不含“"&{@asked}&"”：请换短一些的词"&IF({@asked_of}="","","，或不选实施机关")))))',
        ),
    ),
    columns=(
        Derived(
            key="found", title="清单序号", formula='IFERROR(MATCH({serial},{query.place},0),"")', unit="个", width=8,
            group="符合的事项",
        ),
        item("department", "实施机关", "department", "found", width=20, group="符合的事项"),
        item("name", "权限名称", "item", "found", width=78, group="符合的事项"),
        remark("found", width=30, group="符合的事项"),
        Derived(
            key="hit", title="清单本行是否符合", unit="个", width=9, group="查找过程",
            formula='IF(AND({@asked}="",{@asked_of}=""),"",'
            f'IF(IF({{@asked}}="",TRUE,OR({{@asked}}&""={{serial}}&"",ISNUMBER(FIND({WORD},INDEX({{items.item}},{{serial}})))))'
            '*IF({@asked_of}="",TRUE,{@asked_of}=INDEX({items.department},{serial})),1,""))',
        ),
        Derived(
            key="place", title="第几个", unit="个", width=7, group="查找过程",
            formula='IF({hit}=1,SUMIFS({query.hit},{query.serial},"<="&{serial}),"")',
        ),
    ),
)  # fmt: skip

ITEMS_SHEET = Sheet(
    key="items",
    name="承接清单",
    title="下放平度市权限承接清单",
    notice="overdue",
    freeze=2,
    fields=(
        office(),
        Field(key="published", argument=f"{DEADLINE}.published", title="公布日期"),
        Field(
            key="checked_on", kind="日期", title="检查日期",
            note="尚未签订的事项按这一天计算逾期天数；不填则只看已签订的",
        ),
    ),
    columns=(
        Given(key="department", title="实施机关", values=listed("实施机关"), width=17, group="清单（附件）"),
        Given(key="item", title="权限名称", values=listed("权限名称"), beside="department", width=46, group="清单（附件）"),
        Given(key="remark", title="备注", values=listed("备注"), beside="department", width=18, group="清单（附件）"),
        Input(key="taken_by", kind="文字", title="承接处室", required=True, width=16, group="承接"),
        Input(key="signed", argument=f"{OVERDUE}.signed", title="委托协议签订日期", required=False, width=12, group="承接", note="尚未签订的不填"),
        Input(
            key="seal", kind="选项", choices=("已刻制", "沿用已有", "未刻制"), title="专用章", width=10, group="承接",
            note="行政审批专用章；已有的可以继续使用",
        ),
        flag("granted", "已授予", width=8, group="承接", note="是否已授予平度市相应审批机关"),
        Input(
            key="filed", kind="选项", choices=(BOTH_FILED, "只报一家", "未备案"), title="备案", width=13, group="承接",
            note="协议和印模报市政府行政审批制度改革办公室、市政府法制办两家；没有期限",
        ),
        Input(key="note", kind="文字", title="说明", width=16, group="承接"),
        Output(
            key="deadline", function=DEADLINE, title="签订期限", unit="日期", width=12, always=True,
            arguments={"published": "@published"},
        ),
        Derived(
            key="counted_on", title="计算逾期的日期", unit="日期", optional=True, always=True, width=12,
            formula='IF({signed}<>"",{signed},IF({@checked_on}<>"",{@checked_on},""))',
        ),
        Output(
            key="overdue", function=OVERDUE, title="逾期天数（天）", width=9, always=True, when='{counted_on}<>""',
            arguments={"signed": "counted_on", "published": "@published"},
        ),
        Derived(
            key="state", title="签订情况", width=14, always=True,
            formula=f'IF({{signed}}="",IF(N({{overdue}})>0,"{UNSIGNED_LATE}","{UNSIGNED}"),'
            f'IF(ISNUMBER({{overdue}}),IF({{overdue}}>0,"{LATE}","{IN_TIME}"),"待改正"))',
        ),
    ),
    hints=(
        Hint(when=no_number("signed"), words=f"委托协议签订日期：{A_DAY}", wrong=True),
        Hint(when=f'AND({{signed}}="",{no_number("@checked_on")})', words=f"表头的检查日期：{A_DAY}", wrong=True),
        Hint(
            when=f'AND({{filed}}="{BOTH_FILED}",{{signed}}="")', words="备案的是委托协议和印模，尚未签订不能填两家均已备案",
            wrong=True,
        ),
        Hint(when='AND({signed}<>"",OR({seal}="",{seal}="未刻制"))', words="已签协议而专用章未刻制，请核对"),
        Hint(when='AND({signed}<>"",{granted}<>"是")', words="已签协议而未填已授予，请核对"),
    ),
    remarks=(
        "刻制专用章、授予审批机关、签订委托协议三件事有期限（公布后30日）；备案和业务培训没有写期限。",
        "委托协议应有委托权限内容、管理要求、工作流程、实施期限、法律责任等要素，是否完备由人认定。",
    ),
    signatures=SIGNATURES,
)  # fmt: skip

CASES = Sheet(
    key="cases",
    name="个案",
    title="审批事项由谁办理判定表",
    counted="code",
    notice="verdict",
    rows=200,
    lines=3,
    freeze=1,
    columns=(
        Input(key="code", kind="文字", title="受理编号", required=True, unique=True, width=12, group="受理", example="2018-001"),
        Input(key="applicant", kind="文字", title="申请人", width=22, group="受理"),
        Input(key="seq", argument=f"{CHECK}.seq", title="清单序号", width=8, group="受理", note="不知道序号的，先在“查询”表查"),
        Input(key="in_pingdu", argument=f"{CHECK}.in_pingdu", title="在平度区域", width=8, group="受理"),
        Input(key="cross_region", argument=f"{CHECK}.cross_region", title="跨区域项目", width=8, group="受理"),
        Input(key="category", argument=f"{CHECK}.category", width=17, group="受理"),
        Input(key="date", argument=f"{CHECK}.date", width=12, group="受理"),
        Input(
            key="agreed_typed", argument=f"{CHECK}.agreement_signed", title="已签协议", required=False, width=8, group="受理",
            note="不填的，看“承接清单”中该事项的签订日期",
        ),
        item("department", "实施机关", "department", "seq", width=17),
        item("name", "权限名称", "item", "seq", width=46),
        remark("seq", width=18),
        Derived(
            key="agreed", title="办理时已签协议", width=9,
            formula='IF({agreed_typed}<>"",{agreed_typed},IF(COUNTIFS({items.serial},{seq},{items.signed},"<="&{date})>0,"是","否"))',
        ),
        Output(
            key="verdict", function=CHECK, title="判定", width=26,
            arguments=by_name("seq", "in_pingdu", "cross_region", "category", "date", agreement_signed="agreed"),
        ),
        Derived(
            key="handled", title="由谁办理", width=10,
            formula='IFERROR(IF(LEFT({verdict},3)="不适用","不适用",IF(LEFT({verdict},2)="市级","市级",IF(LEFT({verdict},2)="可由","平度","待改正"))),"待改正")',
        ),
    ),
    hints=(Hint(when=no_number("date"), words=f"办理日期：{A_DAY}", wrong=True),),
    signatures=SIGNATURES,
)  # fmt: skip

SUMMARY = Summary(
    key="by_department",
    name="汇总",
    title="下放平度市权限承接情况汇总表",
    by="items.department",
    measures=(
        Measure(
            key="count", title="清单项数（项）", unit="项", function="QD_DELEGATION_COUNT", argument="department",
            each={name: f'COUNTIF({{items.department}},"{name}")' for name in DEPARTMENTS},
        ),
        Measure(key="in_time", title="按期签订（项）", where={"items.state": IN_TIME}),
        Measure(key="late", title="逾期签订（项）", where={"items.state": LATE}),
        Measure(key="open", title="未签订（项）", formula="{count}-{in_time}-{late}", unit="项"),
        Measure(
            key="open_late", title="其中已逾期（项）", unit="项",
each={name: f'COUNTIFS({{items.department}},"{name}",{{items.state}},"{UNSIGNED_LATE}")' for name in DEPARTMENTS},
        ),
        Measure(key="filed", title="已报两家备案（项）", where={"items.filed": BOTH_FILED}),
        Measure(key="cases", title="个案数（件）", by="cases.department"),
        Measure(key="pingdu", title="可由平度办理（件）", by="cases.department", where={"cases.handled": "平度"}),
        Measure(key="city", title="市级办理（件）", by="cases.department", where={"cases.handled": "市级"}),
    ),
    lines=(
        Derived(key="due", title="签订期限", formula="MAX({items.deadline})", unit="日期"),
        Derived(key="done", title="已签订比例", formula="({=by_department.in_time}+{=by_department.late})/{=by_department.count}", unit="百分比"),
        Derived(key="worst", title="最长逾期（天）", formula="MAX({items.overdue})", unit="日"),
    ),
    chart=Chart(title="各实施机关委托协议签订情况（项）", measures=("in_time", "late", "open"), axis="项", stacked=True),
    signatures=SIGNATURES,
)  # fmt: skip

TEMPLATE = Template(
    policy="delegation",
    version="1.0",
    title="下放平度市权限承接和办理",
    file="下放平度市权限",
    guide=(
        "查一项权限：在“查询”表填序号或权限名称中的几个字（可再选实施机关），下面列出符合的各项和备注。",
        "承接：在“承接清单”表头填填报单位，49项已列好，逐项填承接处室、委托协议签订日期、专用章和备案。"
        "公布日期不填按决定的公布日期计算；填了检查日期，尚未签订的事项也算出逾期天数。",
        "判定个案：在“个案”表一件一行，填清单序号、是否在平度区域、是否跨区域、类别和办理日期。序号7至14填学校类别，"
        "28至43填医疗机构级别，其余填“无”。已签协议不填的，看“承接清单”的签订日期。",
        "“汇总”表按实施机关统计承接进度和个案。",
    ),
    sheets=(QUERY, ITEMS_SHEET, CASES),
    summaries=(SUMMARY,),
    checks=(
        Check(
            title="清单项数与决定一致",
            formula="IF({=by_department.count}={#total},0,1)",
            help="三：下放的市级行政管理权限共49项",
        ),
        Check(
            title="49项都有承接处室",
            formula='COUNTIF({items.taken_by},"")',
            soft=True,
            help="“承接清单”：问题数为还没有承接处室的项数",
        ),
        Check(
            title="委托协议都已签订",
            formula="{=by_department.open}",
            soft=True,
            help="四（一）：公布后30日内签订；问题数为尚未签订的项数",
        ),
        Check(
            title="没有逾期签订的",
            formula=f'COUNTIF({{items.state}},"{LATE}")+COUNTIF({{items.state}},"{UNSIGNED_LATE}")',
            soft=True,
            help="含尚未签订而检查日期已过期限的；请在“说明”列写明原因",
        ),
        Check(
            title="已签协议的都已报两家备案",
            formula=f'COUNTIFS({{items.signed}},">0",{{items.filed}},"<>{BOTH_FILED}")',
            soft=True,
            help="四（一）：报市政府行政审批制度改革办公室、市政府法制办；没有写期限",
        ),
        Check(
            title="个案都没有超出平度的权限",
            formula='COUNTIF({cases.handled},"市级")+COUNTIF({cases.handled},"不适用")',
            soft=True,
            help="“个案”表：判为市级办理或不适用的，应退回或移送；问题数为件数",
        ),
    ),
)
