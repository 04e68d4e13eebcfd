"""What the forms of several documents have in common: a template.py then reads as a description of its own form.

Columns, hints and checks that differ in no more than a key, a title and a width from one document to the next. What a
single document has stays in its folder.
"""

from __future__ import annotations

from collections.abc import Mapping

from qdcalc.layout import Check, Derived, Field, Given, Hint, Input, Measure, Value
from qdcalc.rules.places import DISTRICTS

SIGNATURES = ("填表人", "审核人", "单位负责人（签章）", "日期")
PLACE = "区（市）"
YES_NO = ("是", "否")

# ---------------------------------------------------------------- above the table

REPORTED = Field(key="reported", kind="日期", title="填报日期")


def office(width: float = 26) -> Field:
    return Field(key="office", kind="文字", title="填报单位", width=width, required=True)


def year(value: int, title: str = "年度", *, width: float | None = None, note: str = "") -> Field:
    return Field(
        key="year", kind="数值", unit="年份", title=title, value=value, required=True, width=width, note=note
    )  # fmt: skip


# ---------------------------------------------------------------- columns


def by_name(*same: str, **other: str | Value) -> Mapping[str, str | Value]:
    """The arguments of a call: of columns that are called what the arguments are, then of others."""
    return {**{name: name for name in same}, **other}


def each_district(width: float, key: str = "district") -> Given:
    """A row for every 区（市）."""
    return Given(key=key, title=PLACE, values=DISTRICTS, width=width)


def flag(
    key: str, title: str, *, width: float = 9, group: str = "", note: str = "", required: bool | None = None
) -> Input:
    """是 or 否, of what no function asks."""
    return Input(
        key=key, kind="选项", choices=YES_NO, title=title, required=required, width=width, group=group, note=note
    )


def echo(key: str, of: str, title: str, *, width: float, group: str = "", always: bool = False) -> Derived:
    """The text of a column of the sheet that this one follows, shown again."""
    return Derived(key=key, title=title, formula=f'{{{of}}}&""', width=width, group=group, always=always)


def looked_up(column: str, row: str, among: str) -> str:
    """The cell of `column` in the row of another sheet whose cell of `among` is this row's `row`."""
    return f"INDEX({{{column}}},MATCH({{{row}}},{{{among}}},0))"


def text_of(found: str) -> str:
    """What was looked up, as a text; "" where there is none."""
    return f'IFERROR({found}&"","")'


def eligible(width: float) -> Derived:
    """The column `verdict` in one word."""
    return Derived(
        key="meets", title="申报条件", width=width, group="人选",
        formula='IFERROR(IF({verdict}="符合","符合",IF(LEFT({verdict},3)="不符合","不符合","待核实")),"待核实")',
    )  # fmt: skip


def if_eligible(amount: str) -> str:
    """The amount of those who meet the conditions, 0 of those who do not, and none of those who are yet to be judged."""
    return f'IF({{meets}}="符合",{{{amount}}},IF({{meets}}="不符合",0,NA()))'


# ---------------------------------------------------------------- amounts that people settle


def by_hand(
    note: str = "", *, width: float, ground_width: float, ground_note: str = "填了手填核定额的，写明依据",
    required: bool | None = None, total: bool = False,
) -> tuple[Input, Input]:  # fmt: skip
    """An amount that the document leaves to people, and its ground."""
    return (
        Input(
            key="manual", kind="数值", unit="元", title="手填核定额（元）", required=required, width=width, group="人工核定",
            total=total, note=note,
        ),
        Input(
            key="ground", kind="文字", title="核定依据", required=required, width=ground_width, group="人工核定",
            note=ground_note,
        ),
    )  # fmt: skip


def settled(otherwise: str) -> str:
    """The amount settled by hand, which stands instead of the computed one."""
    return f"IF(ISNUMBER({{manual}}),{{manual}},{otherwise})"


NO_GROUND = Hint(when='AND(ISNUMBER({manual}),{ground}="")', words="手填核定额没有写依据", wrong=True)


def no_ground(words: str, amount: str = "manual") -> Hint:
    """Said also of an amount that is no number: the ground is missing all the same."""
    return Hint(when=f'AND({{{amount}}}<>"",{{ground}}="")', words=words, wrong=True)


def none_by_hand(
    *columns: str, title: str = "没有人工核定的行", help: str = "有手填核定额的行，请附书面依据一并上报"
) -> Check:
    return Check(title=title, formula="+".join(f"COUNT({{{column}}})" for column in columns), soft=True, help=help)


# ---------------------------------------------------------------- what cells must not hold: conditions of hints


def no_number(key: str) -> str:
    """Of a date too: typed as a text, it would slip through every comparison."""
    return f'AND({{{key}}}<>"",NOT(ISNUMBER({{{key}}})))'


def negative(key: str) -> str:
    return f"IF(ISNUMBER({{{key}}}),{{{key}}}<0,FALSE)"


def no_count(key: str) -> str:
    """Of a number: not whole, or negative."""
    return f"IF(ISNUMBER({{{key}}}),OR({{{key}}}<0,{{{key}}}<>INT({{{key}}})),FALSE)"


def other_than(key: str, *choices: str) -> str:
    """Pasted over, a cell may hold what its drop-down does not offer."""
    others = ",".join(f'{{{key}}}<>"{choice}"' for choice in choices)
    return f'AND({{{key}}}<>"",{others})'


# ---------------------------------------------------------------- summaries and checks


def share(key: str, title: str, part: str, whole: str) -> Measure:
    """A share of two measures, of the totals in the total row."""
    return Measure(key=key, title=title, formula=f"IF({{{whole}}}=0,0,ROUND({{{part}}}/{{{whole}}},4))", unit="百分比")


def all_met(title: str, column: str, help: str, *, miss: str = "未达标") -> Check:
    """How many rows have missed what the document aims at, which does not stand in the way."""
    return Check(title=title, formula=f'COUNTIF({{{column}}},"{miss}")', soft=True, help=help)


def filled_though(blank: str, *columns: str) -> str:
    """How many cells of the columns are filled in on rows where the column `blank` is not."""
    return "+".join(f'COUNTIFS({{{column}}},"<>",{{{blank}}},"")' for column in columns)
