"""The lowered plan as plain spreadsheet formulas, none newer than Excel 2010, for workbooks that need no add-in.

Not one line of six hundred characters but ordered, headed helper columns: each argument as a whole number, each step of the
rule, one 检查 with the sentence of what is wrong, and the result. A figure of the law is never inside a formula: it is read
from its cell in 依据, so that an officer may change it there. Everything is scaled by units, never by a figure's digits.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from qdcalc.errors import UsageError
from qdcalc.rules.arguments import ChoiceType, DayType, FlagType, NumberType, TextType
from qdcalc.rules.figures import PLACEHOLDER, Figure, Policy
from qdcalc.rules.function import ON, Function, Parameter
from qdcalc.rules.lowering import Plan
from qdcalc.rules.operations import FigureUse, Op
from qdcalc.rules.units import plain

LONGEST = 160
"""A formula part longer than this gets a helper column of its own."""


class Places(Protocol):
    """Where a workbook keeps things; every answer is a reference as a formula spells it."""

    def argument(self, name: str) -> str | None:
        """The cell of an argument on the same row; None: the workbook has no such column, the default holds."""

    def computed(self, name: str) -> bool:
        """Whether a formula stands in the cell of an argument: only then may it be an error value that follows from another."""

    def figure(self, figure: Figure, version: int) -> str:
        """The cell of a single number, name or date."""

    def column(self, figure: Figure, version: int, part: str) -> str:
        """A range of a band, table or list. part: starts, gives (band); keys (joined by |), gives (table); names (list)."""

    def aliases(self, parameter: Parameter) -> tuple[str, str]:
        """Two ranges of equal length for a choice argument: what people may type, and the name it stands for."""


@dataclass(frozen=True)
class Helper:
    """One helper column: `formula` starts with = and names other helpers as {h1}; `heading` says what it holds."""

    key: str
    heading: str
    formula: str


@dataclass(frozen=True)
class Formulas:
    """`helpers` in the order in which they depend on each other. `check` and `result` are keys of two of them: check is ""
    or a sentence (缺值… / 超出范围… / other), result the value or the error that goes with the sentence."""

    helpers: tuple[Helper, ...]
    check: str
    result: str
    notice: str | None


def formula(function: Function, places: Places, *, readings: Mapping[str, str] | None = None) -> Formulas:
    """Raises UsageError for a function that no formula can hold."""
    if "formula" not in function.hosts:
        raise UsageError(f"{function.name} 不能写成普通公式")
    return _Writer(function, places, readings).write()


def checked(function: Function, places: Places, body: str) -> Formulas:
    """A function without a tree whose value `body` a layout gives as a formula of its own: its arguments are checked in the
    same way as those of all others. Raises UsageError for an argument that is a whole column."""
    return _Writer(function, places, None).write_checked(body)


class _Writer:
    def __init__(self, function: Function, places: Places, readings: Mapping[str, str] | None) -> None:
        self.function, self.places, self.readings = function, places, readings
        self.helpers: list[Helper] = []
        self._text: dict[int, str] = {}
        self._uses: dict[int, int] = {}
        self._inputs: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._same: dict[str, str] = {}
        self._checks: dict[str, list[str]] = {}

    def helper(self, heading: str, formula: str) -> str:
        """The reference of a new helper column, or of the one that holds the very same formula."""
        known = self._same.get(formula)
        if known is None:
            key = f"h{len(self.helpers) + 1}"
            self.helpers.append(Helper(key, heading, f"={formula}"))
            known = self._same[formula] = "{" + key + "}"
        return known

    @functools.cached_property
    def plan(self) -> Plan:
        return self.function.plan(None, self.readings)

    def write_checked(self, body: str) -> Formulas:
        check = self._first([check for item in self.function.parameters for check in self._argument(item)])
        result = self._result(check, body)
        told = self._cause(check)
        notice = None if told == check else told.strip("{}")
        return Formulas(tuple(self.helpers), check.strip("{}"), result.strip("{}"), notice)

    def write(self) -> Formulas:
        roots = [*(op for op, _ in self.plan.guards), *(op for op, _ in self.plan.warnings), self.plan.result]
        self._count(roots)
        checks = [check for parameter in self.function.parameters for check in self._argument(parameter)]
        for condition, sentence in self.plan.guards:
            words = self._sentence(sentence)
            failed = self.helper(f"检查：{PLACEHOLDER.sub('…', sentence)}", f'IF({self.of(condition)},"",{words})')
            checks.append(failed)
        check = self._first(checks)
        value = self.of(self.plan.result)
        scale = 10 ** (self.plan.decimals or 0)
        value = f"{value}/{scale}" if scale > 1 else value
        result = self._result(check, value)
        notice = self._notice(check, self._cause(check))  # adds helpers of its own
        return Formulas(tuple(self.helpers), check.strip("{}"), result.strip("{}"), notice)

    def _result(self, check: str, value: str) -> str:
        error = f'IF(LEFT({check},2)="缺值",NA(),IF(LEFT({check},4)="超出范围",10^309,-"#"))'
        return self.helper(self.function.title, f'IF({check}="",{value},{error})')

    def _first(self, checks: list[str], heading: str = "检查") -> str:
        """The first sentence that is not blank; guards are looked at only after the arguments they speak of."""
        text = '""'
        for position in range(len(checks) - 1, -1, -1):
            text = f'IF({checks[position]}<>"",{checks[position]},{text})'
            if len(text) > 4 * LONGEST and position:
                text = self.helper("检查（续）", text)
        return self.helper(heading, text)

    def _cause(self, check: str) -> str:
        """Where an argument is an error value, the first other one that is wrong: what people have to put right."""
        if not any(self.places.computed(name) for name in self._checks):
            return check
        others = [text for name, checks in self._checks.items() if not self.places.computed(name) for text in checks]
        if not others:
            return check
        first = self._first(others, "检查（所填）")
        return self.helper("检查（起因）", f'IF(AND(RIGHT({check},4)="是错误值",{first}<>""),{first},{check})')

    def _notice(self, check: str, cause: str) -> str | None:
        told: dict[str, list[str]] = {}
        for condition, words in self.plan.warnings:  # a sentence that two parts of a rule give is told once
            told.setdefault(words, []).append(self.of(condition))
        if not told:
            return None if cause == check else cause.strip("{}")
        parts = [
            f'IF({holds[0] if len(holds) == 1 else "OR(" + ",".join(holds) + ")"},{self._sentence(words)}&"；","")'
            for words, holds in told.items()
        ]
        joined = "&".join(parts)
        if len(joined) > 3 * LONGEST:
            joined = "&".join(self.helper(f"提示{n}", part) for n, part in enumerate(parts, start=1))
        text = self.helper("提示（合并）", joined)
        return self.helper("提示", f'IF({check}<>"",{cause},IF({text}="","",LEFT({text},LEN({text})-1)))').strip("{}")

    def _count(self, roots: list[Op]) -> None:
        for op in roots:
            self._uses[id(op)] = self._uses.get(id(op), 0) + 1
            if self._uses[id(op)] == 1:
                self._count(list(op.operands))

    # ------------------------------------------------------------------ arguments
    def _argument(self, parameter: Parameter) -> list[str]:
        """Settles one argument into a helper column; gives the references of its checks."""
        cell = self.places.argument(parameter.name)
        title = parameter.title
        if cell is None:
            if parameter.required:
                raise UsageError(f"{self.function.name}：工作表没有“{title}”列")
            self._inputs[parameter.name] = self._default(parameter)
            self._given[parameter.name] = "FALSE"
            return []
        blank = f'IF(ISERROR({cell}),FALSE,LEN(TRIM(SUBSTITUTE({cell},"　","")))=0)'
        blank = self.helper(f"{title}未填", blank)
        self._given[parameter.name] = f"NOT({blank})"
        kind = parameter.type
        if isinstance(kind, NumberType):
            value, wrong = self._number(parameter, kind, cell, blank)
        elif isinstance(kind, ChoiceType):
            value, wrong = self._choice(parameter, cell)
        elif isinstance(kind, FlagType):
            value, wrong = self._flag(parameter, cell)
        elif isinstance(kind, DayType):
            value, wrong = self._day(parameter, cell)
        elif isinstance(kind, TextType):
            value, wrong = cell, '""'
        else:
            raise UsageError(f"{self.function.name} 的参数“{title}”不能用于普通公式")
        self._inputs[parameter.name] = self._or_default(parameter, blank, value)
        absent = f'"缺值：{title}未填写"' if parameter.required else '""'
        checks = [
            self.helper(
                f"检查：{title}", f'IF(ISERROR({cell}),"{title}：引用的单元格是错误值",IF({blank},{absent},{wrong}))'
            )
        ]
        if parameter.name == ON and self.function.dated:
            checks.append(self._in_force(blank, value, self.function.policy_data))
        self._checks[parameter.name] = checks
        return checks

    def _or_default(self, parameter: Parameter, blank: str, value: str) -> str:
        if parameter.required or parameter.value is None:
            return value
        return self.helper(f"{parameter.title}（不填取默认）", f"IF({blank},{self._default(parameter)},{value})")

    def _default(self, parameter: Parameter) -> str:
        value = parameter.value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal) and isinstance(parameter.type, NumberType):
            return str(int(value.scaleb(parameter.type.unit.decimals)))
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, datetime.date):
            return _date(value)
        day = self.function.policy_data.default_day if parameter.name == ON else None
        return _date(day) if day else "0"

    def _number(self, parameter: Parameter, kind: NumberType, cell: str, blank: str) -> tuple[str, str]:
        title, decimals = parameter.title, kind.unit.decimals
        settled = f"ROUND({cell},0)" if decimals == 0 else f"ROUND(ROUND({cell},{decimals})*{10**decimals},0)"
        small = f"IF(ISNUMBER({cell}),ABS({cell})<1E+15,FALSE)"
        value = self.helper(f"{title}×{10**decimals}" if decimals else title, f"IF({small},{settled},0)")
        low, high = (str(int(bound.scaleb(decimals))) for bound in (kind.low, kind.high))
        most = f"{kind.high:,f}"
        above = (
            f'"{title}：大于 1；60 应填 60% 或 0.6"'
            if kind.unit.name == "比例"
            else f'"超出范围：{title}最大为 {most}"'
        )
        below = f'"超出范围：{title}最小为 {plain(kind.low)}"'
        if not kind.signed:
            negative = f'"{title}：是负数"'
            below = negative if kind.low == 0 else f"IF({value}<0,{negative},{below})"
        range_ = (
            f'IF(NOT({small}),IF({cell}<0,{below},{above}),IF({value}>{high},{above},IF({value}<{low},{below},"")))'
        )
        if kind.unit.whole:
            range_ = f'IF(IF({small},{cell}<>ROUND({cell},0),FALSE),"{title}：应为整数",{range_})'
        text = f'IF(ISNUMBER({cell}),{range_},"{title}：不是数值（文本须改为数值）")'
        return value, text

    def _choice(self, parameter: Parameter, cell: str) -> tuple[str, str]:
        assert isinstance(parameter.type, ChoiceType)
        typed, names = self.places.aliases(parameter)
        word = self.helper(f"{parameter.title}（去空格）", f'IF(ISERROR({cell}),"",TRIM(SUBSTITUTE({cell},"　"," ")))')
        row = self.helper(f"{parameter.title}序号", f"IF(ISERROR(MATCH({word},{typed},0)),0,MATCH({word},{typed},0))")
        exact = f"IF({row}=0,FALSE,EXACT(INDEX({typed},MAX(1,{row})),{word}))"
        value = self.helper(f"{parameter.title}（统一名称）", f'IF({exact},INDEX({names},MAX(1,{row})),"")')
        allowed = "、".join(parameter.choices)
        allowed = allowed if len(allowed) < 200 else "见下拉列表"
        return value, f'IF({value}="","{parameter.title}：不在可选范围内，应为：{allowed}","")'

    def _flag(self, parameter: Parameter, cell: str) -> tuple[str, str]:
        """1 or 0, not TRUE or FALSE: LibreOffice reads the stored TRUE of a formula as a bare 1, no longer ISLOGICAL."""
        word = f'UPPER(TRIM(SUBSTITUTE({cell},"　"," ")))'
        texts = f'IF(OR({word}="是",{word}="TRUE"),1,IF(OR({word}="否",{word}="FALSE"),0,""))'
        numbers = f'IF({cell}=1,1,IF({cell}=0,0,""))'
        chosen = f'IF(ISERROR({cell}),"",IF(ISLOGICAL({cell}),IF({cell},1,0),IF(ISNUMBER({cell}),{numbers},{texts})))'
        raw = self.helper(f"{parameter.title}（是1否0）", chosen)
        value = self.helper(f"{parameter.title}（逻辑值）", f"IF(ISNUMBER({raw}),{raw}=1,FALSE)")
        return value, f'IF(ISNUMBER({raw}),"","{parameter.title}：应为 是 或 否")'

    def _day(self, parameter: Parameter, cell: str) -> tuple[str, str]:
        word = f'TRIM(SUBSTITUTE({cell},"　"," "))'
        for mark in ("年", "月", ".", "/"):
            word = f'SUBSTITUTE({word},"{mark}","-")'
        word = self.helper(f"{parameter.title}（文字）", f'IF(ISERROR({cell}),"",SUBSTITUTE({word},"日",""))')
        dashed = self.helper(
            f"{parameter.title}（年-月-日）",
            f'IF(AND(LEN({word})=8,ISERROR(FIND("-",{word}))),LEFT({word},4)&"-"&MID({word},5,2)&"-"&RIGHT({word},2),{word})',
        )
        shaped = f'IF(AND(LEN({dashed})>=8,LEN({dashed})<=10),MID({dashed},5,1)="-",FALSE)'
        parsed = self._dashed_day(parameter, self.helper(f"{parameter.title}（可为日期）", f'IF({shaped},{dashed},"")'))
        typed = f"IF(ISNUMBER({cell}),IF({cell}<109575,INT({cell}),{parsed}),{parsed})"
        value = self.helper(f"{parameter.title}（日期）", f"IF(ISERROR({cell}),0,IF(ISLOGICAL({cell}),0,{typed}))")
        wrong = f'IF(OR({value}<1,{value}=60,{value}>=109575),"{parameter.title}：不是有效日期，应如 2018-08-16","")'
        return value, wrong

    def _dashed_day(self, parameter: Parameter, text: str) -> str:
        """A text like 2018-8-16 as a day, 0 for 2018-2-30. Not DATEVALUE: what that takes depends on the program's language."""
        rest = f"MID({text},6,5)"
        month, day = f'LEFT({rest},FIND("-",{rest})-1)', f'MID({rest},FIND("-",{rest})+1,5)'
        numbers = [self.helper(f"{parameter.title}（{what}）", f"IFERROR({part}*1,0)")
                   for what, part in (("年", f"LEFT({text},4)"), ("月", month), ("日", day))]  # fmt: skip
        made = self.helper(f"{parameter.title}（按年月日）", f"IF({numbers[0]}<1900,0,DATE({','.join(numbers)}))")
        same = ",".join(
            f"{part}({made})={number}" for part, number in zip(("YEAR", "MONTH", "DAY"), numbers, strict=True)
        )
        return f"IF({made}<1,0,IF(AND({same}),{made},0))"

    def _in_force(self, blank: str, value: str, policy: Policy) -> str:
        first = f"{value}<{_date(policy.start)}" if policy.start else "FALSE"
        last = f"{value}>{_date(policy.valid_to)}" if policy.valid_to else "FALSE"
        until = str(policy.valid_to) if policy.valid_to else "未规定截止日"
        words = f"事项日期：不在政策有效期内，允许：{policy.start} 起，{until}"
        return self.helper("检查：有效期", f'IF({blank},"",IF(OR({first},{last}),"{words}",""))')

    # ------------------------------------------------------------------ the plan
    def of(self, op: Op) -> str:
        known = self._text.get(id(op))
        if known is not None:
            return known
        text = self._print(op)
        if op.op == "named":
            heading, decimals, unit = op.data
            text = self.helper(f"{heading}{_scale_words(decimals, unit)}", text)
        elif not text.startswith("{") and (len(text) > LONGEST or (self._uses.get(id(op), 0) > 1 and len(text) > 24)):
            text = self.helper(f"中间值{len(self.helpers) + 1}", text)
        self._text[id(op)] = text
        return text

    def _print(self, op: Op) -> str:
        name = op.op
        if name == "input":
            return self._inputs[op.data[0] if isinstance(op.data, tuple) else op.data]
        if name == "given":
            return self._given[op.data]
        if name == "constant":
            return _constant(op.data)
        if name == "figure":
            return self._figure(op)
        if name == "since":
            return f"({self._inputs[ON]}>={_date(op.data)})"
        at = [self.of(operand) for operand in op.operands]
        if name in _INFIX:
            return f"({_INFIX[name].join(at)})"
        if name == "named":
            return at[0]
        if name in ("and", "or", "not", "min", "max"):
            return f"{name.upper()}({','.join(at)})"
        if name == "floor":
            return f"INT({at[0]}/{op.data})"
        if name == "half_up":
            return f"ROUND({at[0]}/{op.data},0)"
        if name in ("divide_half_up", "divide_up"):
            return self._divided(name, at[0], at[1])
        if name == "if":
            text = at[-1]
            for condition, value in reversed(list(zip(at[0:-1:2], at[1:-1:2], strict=True))):
                text = f"IF({condition},{value},{text})"
            return text
        if name == "is":
            return f"({at[0]}={_quoted(op.data)})"
        if name == "one_of":
            return f"(COUNTIF({self._range(op.data, 'names')},{at[0]})>0)"
        if name == "tier":
            return self._tier(op, at[0])
        if name in ("table", "known"):
            return self._table(op, at)
        if name == "verdict":
            return self._verdict(op, at)
        if name == "periods":
            return f"({_period(op.data, at[1])}-{_period(op.data, at[0])}+1)"
        if name == "year_of":
            return f"YEAR({at[0]})"
        if name == "add_years":
            return f"EDATE({at[0]},12*{at[1]})"
        if name == "add_days":
            return f"({at[0]}+{at[1]})"
        if name == "days_between":
            return f"({at[1]}-{at[0]})"
        raise AssertionError(f"no formula for {name}")

    def _range(self, use: FigureUse, part: str) -> str:
        return self.places.column(use.figure, use.version, part)

    def _figure(self, op: Op) -> str:
        use: FigureUse = op.data
        cell = self.places.figure(use.figure, use.version)
        return self._scaled(cell, use) if op.kind == "number" else cell

    @staticmethod
    def _scaled(cell: str, use: FigureUse) -> str:
        return f"ROUND(ROUND({cell},{use.decimals})*{10**use.decimals},0)" if use.decimals else f"ROUND({cell},0)"

    def _tier(self, op: Op, value: str) -> str:
        use, of = op.data
        starts, gives = self._range(use, "starts"), self._range(use, "gives")
        measured = f"{value}/{10**of}" if of else value
        start = f'SMALL({starts},COUNTIF({starts},"<="&{measured}))'
        # bands in any order, and none that is half filled in: a person may insert one
        found = f"IF(COUNT({starts})=COUNTA({gives}),INDEX({gives},MATCH({start},{starts},0)),NA())"
        return self._scaled(found, use) if op.kind == "number" else found

    def _table(self, op: Op, at: list[str]) -> str:
        joined = '&"|"&'.join(at)
        keys, gives = self._range(op.data, "keys"), None
        if op.op == "known":
            return f"ISNUMBER(MATCH({joined},{keys},0))"
        gives = self._range(op.data, "gives")
        found = f"INDEX({gives},MATCH({joined},{keys},0))"
        return self._scaled(found, op.data) if op.kind == "number" else found

    def _divided(self, name: str, top: str, bottom: str) -> str:
        """A quotient in whole numbers; the remainder decides, so that a last digit lost in the division does no harm."""
        top, bottom = (
            part if part.startswith("{") else self.helper(h, part) for part, h in ((top, "被除数"), (bottom, "除数"))
        )
        head = self.helper("商", f"IF({bottom}>0,INT({top}/{bottom}),0)")
        rest = f"({top}-{head}*{bottom})"
        return f"({head}+IF({rest}*2>={bottom},1,0))" if name == "divide_half_up" else f"({head}+IF({rest}>0,1,0))"

    def _verdict(self, op: Op, at: list[str]) -> str:
        met, unmet, reasons = op.data
        failed = "&".join(f'IF({holds},"","；"&{self._sentence(why)})' for holds, why in zip(at, reasons, strict=True))
        text = self.helper("不成立的条件", failed)
        return f'IF({text}="",{_quoted(met)},{_quoted(unmet + "：")}&MID({text},2,1000))'

    def _sentence(self, words: str) -> str:
        """A text with its figures read from their cells: "劳动合同不足"&cell&"年"."""
        parts: list[str] = []
        position = 0
        for match in PLACEHOLDER.finditer(words):
            if match.start() > position:
                parts.append(_quoted(words[position : match.start()]))
            parts.append(self.places.figure(self.function.policy_data.figures[match[1]], 0))
            position = match.end()
        if position < len(words):
            parts.append(_quoted(words[position:]))
        return "&".join(parts)


def _period(name: str, day: str) -> str:
    """As periods.PERIODS. Day 2 of the serial numbers counts as a Monday, as from March 1900 on it is."""
    if name == "月":
        return f"(YEAR({day})*12+MONTH({day}))"
    return f"INT(({day}-2)/7)" if name == "周" else day


def _scale_words(decimals: int | None, unit: str) -> str:
    if not decimals:
        return ""
    return "（分）" if decimals == 2 and unit == "元" else f"×{10**decimals}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _date(day: datetime.date | None) -> str:
    assert day is not None
    return f"DATE({day.year},{day.month},{day.day})"


_INFIX = {"add": "+", "sub": "-", "mul": "*", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "<>"}
HELPER = re.compile(r"\{(h\d+)\}")
