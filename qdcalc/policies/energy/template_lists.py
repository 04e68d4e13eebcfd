"""The sheets of 附件3 to 附件7: one a list, its items given, its answers weighed row by row and as a whole.

What is met is compared here a second time, in ordinary formulas that read the thresholds from 依据: every row shows it,
and the plain edition has nothing else. The QD edition's result comes from QD_CHECKLIST over the whole column; a test holds
the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qdcalc.layout import AnyColumn, Check, Derived, Field, Given, Hint, Input, Measure, Result, Sheet, Value
from qdcalc.policies.datafile import rows
from qdcalc.policies.forms import SIGNATURES, negative, no_number, other_than, share
from qdcalc.rules.figures import Figure
from qdcalc.rules.function import policy_in

HERE = Path(__file__).parent
NO_GATE = "—"


@dataclass(frozen=True)
class Checklist:
    """One sheet: a list, or one of the two forms of 节约型机关."""

    key: str
    name: str
    list: str
    form: str
    subject: str

    @property
    def items(self) -> tuple[Mapping[str, str], ...]:
        listed = rows(HERE / "checklist.csv")
        return tuple(row for row in listed if row["清单"] == self.list and row["办公形式"] == self.form)

    @property
    def title(self) -> str:
        form = f"（{self.form}）" if self.form else ""
        return f"{self.items[0]['附件']} {self.list}{form}创建评价表"

    @property
    def measured(self) -> tuple[Mapping[str, str], ...]:
        return tuple(row for row in self.items if row["门槛"])


LISTS = (
    Checklist("office", "节约型机关（独立）", "节约型机关", "独立办公", "机关名称"),
    Checklist("shared", "节约型机关（集中）", "节约型机关", "集中办公", "机关名称"),
    Checklist("transport", "绿色交通", "绿色低碳交通运输", "", "单位名称"),
    Checklist("community", "绿色社区", "绿色社区", "", "社区名称"),
    Checklist("school", "绿色学校", "绿色学校", "", "学校名称"),
    Checklist("family", "绿色家庭", "绿色家庭", "", "家庭（户主）"),
)


def checklist_sheet(one: Checklist) -> Sheet:
    items, key = one.items, one.key
    choices = ("是", "否", "不适用") if any(row["可不适用"] for row in items) else ("是", "否")
    note = "新建小区入住率在没有新建小区时填“不适用”" if len(choices) > 2 else ""
    columns: list[AnyColumn] = [
        Given(key="kind", title="大类", values=tuple(row["大类"] for row in items), width=18),
        Given(key="item", title="项目", values=tuple(row["项目"] for row in items), beside="kind", width=32),
        Given(
            key="gate", title="基本条件", values=tuple(row["基本条件"] or NO_GATE for row in items), beside="kind", width=8
        ),
        Input(key="done", kind="选项", choices=choices, title="是否做到", width=11, note=note),
    ]  # fmt: skip
    if one.measured:
        columns[3:3] = [Derived(key="due", title="数值门槛", formula=_by_item(one, _due, '""'), width=16, always=True)]
        columns += [
            Input(
                key="number", argument="QD_TARGET_CHECK.actual", title="实际数值", required=False, width=11,
                shown="指标值", note="只有写了数值门槛的项目填，如 85%、4；填了数值就不填“是否做到”",
            ),
        ]  # fmt: skip
    answer = 'IF({number}<>"",{number},{done}&"")' if one.measured else '{done}&""'
    worded = 'IF({done}="是","达成",IF({done}="否","未达成",IF({done}="不适用","不适用","待改正")))'
    met = f'IF({{number}}="",{worded},IF(ISNUMBER({{number}}),{_by_item(one, _met, _quoted("待改正"))},"待改正"))'
    shown = f'&IF({{number}}="","",{_by_item(one, _shown, _quoted(""))})' if one.measured else ""
    columns += [
        Derived(key="answer", title="答案", formula=answer, width=10, shown="指标值" if one.measured else ""),
        Derived(key="met", title="达成情况", formula=met if one.measured else worded, width=12),
        Derived(
            key="missed", title=f"{one.name}未达成项", width=44,  # no two sheets have the same headings
            formula=f'IF({{met}}="未达成","第"&{{serial}}&"项"&{{item}}{shown},"")',
        ),
    ]  # fmt: skip
    threshold = f"@{key}_threshold"
    return Sheet(
        key=key,
        name=one.name,
        title=one.title,
        fields=(
            Field(key=f"{key}_unit", kind="文字", title=f"{one.subject}（{one.form}）" if one.form else one.subject, width=34),
            Field(
                key=f"{key}_threshold", argument="QD_CHECKLIST.threshold", title=f"{one.name}合格阈值", width=12,
                note="由评审部门定，如 80%；不填只列达成率和未达成项",
            ),
        ),
        results=(
            Result(
                key=f"{key}_report", title="评价结果", function="QD_CHECKLIST", lines=3,
                arguments={"list": Value(value=one.list), "answers": f"{key}.answer", "threshold": threshold},
                plain=_report(one),
                when=f'AND({_complete(one)},{_threshold_fits(one)})',
                otherwise=f'IF({_touched(one)}=0,"尚未填报",IF({_complete(one)},"合格阈值待改正：应为 0 至 1，如 80%",'
                f'"还有"&({len(items)}-{_right(one)})&"项没有填好，填好后给出评价结果"))',
            ),
        ),
        columns=tuple(columns),
        hints=tuple(_hints(one)),
        freeze=2,
        signatures=SIGNATURES,
        remarks=(f"{items[0]['附件']}只列评价项目，没有分值和合格线：不填合格阈值就不给结论。基本条件须全部通过，不计入达成率。"
                 if any(row["基本条件"] for row in items)
                 else f"{items[0]['附件']}只列评价项目，没有分值和合格线：不填合格阈值就不给结论。",),
    )  # fmt: skip


def _hints(one: Checklist) -> list[Hint]:
    found = [
        Hint(when=other_than("done", "是", "否", "不适用"), words="是否做到应填 是 或 否", wrong=True),
    ]
    skippable = [row["项目"] for row in one.items if row["可不适用"]]
    others = "".join(f",{{item}}<>{_quoted(name)}" for name in skippable)
    found.append(Hint(when=f'AND({{done}}="不适用"{others})', words="该项不能填不适用，应填 是 或 否", wrong=True))
    if not one.measured:
        return found
    shares = [row["项目"] for row in one.measured if _figure(row).unit == "比例"]
    is_share = f"OR({','.join(f'{{item}}={_quoted(name)}' for name in shares)})"
    return [
        *found,
        Hint(when='AND({number}<>"",{done}<>"")', words="“是否做到”和“实际数值”只填一栏", wrong=True),
        Hint(when='AND({number}<>"",{due}="")', words="该项没有数值门槛，请改填是否做到", wrong=True),
        Hint(when=no_number("number"), words="实际数值不是数值，请改为数值，如 85%", wrong=True),
        Hint(when=negative("number"), words="实际数值不能是负数", wrong=True),
        Hint(
            when=f"IF(ISNUMBER({{number}}),AND({{number}}>1,{is_share}),FALSE)",
            words="实际数值大于 1；85 应填 85% 或 0.85",
            wrong=True,
        ),
    ]  # fmt: skip


# ---------------------------------------------------------------- formulas


def _figure(row: Mapping[str, str]) -> Figure:
    return policy_in(HERE).figures[f"checklist.{row['门槛']}"]


def _by_item(one: Checklist, of: object, otherwise: str) -> str:
    """A formula that asks the row's item, and for each item with a threshold gives `of` it."""
    assert callable(of)
    text = otherwise
    for row in reversed(one.measured):
        text = f"IF({{item}}={_quoted(row['项目'])},{of(row)},{text})"
    return text


def _words(cell: str, row: Mapping[str, str]) -> str:
    """85% or 4 次, as the function words them."""
    unit = _figure(row).unit
    return f'ROUND({cell}*100,6)&"%"' if unit == "比例" else f"{cell}&{_quoted(' ' + unit)}"


def _limit(row: Mapping[str, str]) -> str:
    return f"{{#checklist.{row['门槛']}}}"


def _due(row: Mapping[str, str]) -> str:
    return f"{_quoted(row['比较'] + ' ')}&{_words(_limit(row), row)}"


def _met(row: Mapping[str, str]) -> str:
    sign = ">" if row["比较"] == "大于" else ">="
    return f'IF({{number}}{sign}{_limit(row)},"达成","未达成")'


def _shown(row: Mapping[str, str]) -> str:
    return f'"（"&{_words("{number}", row)}&"，应"&{_due(row)}&"）"'


def _right(one: Checklist) -> str:
    return f'COUNTIF({{{one.key}.mark}},"√")'


def _touched(one: Checklist) -> str:
    return f'({_right(one)}+COUNTIF({{{one.key}.mark}},"×"))'


def _complete(one: Checklist) -> str:
    return f"{_right(one)}={len(one.items)}"


def _threshold_fits(one: Checklist) -> str:
    cell = f"{{@{one.key}_threshold}}"
    return f'IF({cell}="",TRUE,IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<=1),FALSE))'


def counted(one: Checklist, met: str, gate: str = NO_GATE) -> str:
    """How many items, gates or others, are `met` (达成, <>不适用 …)."""
    return f'COUNTIFS({{{one.key}.gate}},"{gate}",{{{one.key}.met}},"{met}")'


def applicable(one: Checklist) -> str:
    """The items besides the gates that count for the share."""
    return f"({counted(one, '达成')}+{counted(one, '未达成')})"


def _report(one: Checklist) -> str:
    """The sentence of QD_CHECKLIST, in an ordinary formula."""
    gates = [number for number, row in enumerate(one.items, start=1) if row["基本条件"]]
    rest = [number for number, row in enumerate(one.items, start=1) if not row["基本条件"]]

    def missed(numbers: list[int]) -> str:
        cells = [f"INDEX({{{one.key}.missed}},{number})" for number in numbers]
        parts = "&".join(f'IF({cell}="","","、"&{cell})' for cell in cells)
        return f"MID({parts},2,2000)"

    reached, total = counted(one, "达成"), applicable(one)
    share = f'ROUND(ROUND({reached}/{total},4)*100,2)&"%"'
    lost = f'IF({reached}={total},"","；未达成："&{missed(rest)})'
    failed = counted(one, "未达成", "是")
    gate_text = f'"基本条件未通过："&{missed(gates)}' if gates else '""'
    passed = f'&"；"&IF({failed}=0,"基本条件全部通过",{gate_text})' if gates else ""
    told = f'"达成率 "&{share}&"（"&{reached}&"/"&{total}&"）"{passed}&{lost}'
    cell = f"{{@{one.key}_threshold}}"
    short = f"ROUND({reached}-{total}*{cell},8)<0"
    low = f'"达成率 "&{share}&"，低于要求的 "&ROUND({cell}*100,6)&"%"&{lost}'
    if not gates:
        return f'IF({cell}="",{told},IF({short},"不符合："&{low},"符合"))'
    both = f'IF({failed}=0,"",{gate_text}&IF({short},"；",""))&IF({short},{low},"")'
    return f'IF({cell}="",{told},IF(OR({failed}>0,{short}),"不符合："&{both},"符合"))'


def _quoted(text: str) -> str:
    return '"' + text + '"'


# ---------------------------------------------------------------- all lists together


MEASURES = (
    Measure(key="items", title="项目数（项）", each={one.name: str(len(one.items)) for one in LISTS}),
    Measure(key="answered", title="已填好（项）", each={one.name: _right(one) for one in LISTS}),
    Measure(key="gates_failed", title="基本条件未通过（项）", each={one.name: counted(one, "未达成", "是") for one in LISTS}),
    Measure(key="rest", title="参评项目（项）", each={one.name: applicable(one) for one in LISTS}),
    Measure(key="reached", title="其中达成（项）", each={one.name: counted(one, "达成") for one in LISTS}),
    share("share", "达成率", "reached", "rest"),
)  # fmt: skip

CHECKS = tuple(
    Check(
        title=f"“{one.name}”填了就填全",
        formula=f"IF({_touched(one)}=0,0,{len(one.items)}-{_right(one)})",
        help="问题数为没有填好的项目数；不评价的清单整张空着",
    )
    for one in LISTS
)
