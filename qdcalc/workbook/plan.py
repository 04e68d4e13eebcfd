"""Where everything of a template lies: a layout bound to the functions, the policy and a number of rows.

Building, reading back and merging all ask here, so a cell's address is worked out in one place. Rows and columns count
from 0; what goes into a formula is A1.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from xlsxwriter.utility import xl_col_to_name

from qdcalc.errors import PolicyError
from qdcalc.layout import MARK, REFERENCE, Chart, Derived, Entry, Field, Given, Input, Output, Sheet, Summary, Template
from qdcalc.rules.arguments import ArgumentType, ChoiceType, DayType, FlagType, NumberType, TextType, number_type
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function, Parameter
from qdcalc.workbook.basis import BasisSheet, basis_rows

Role = Literal["serial", "given", "input", "output", "derived", "notice", "mark"]
NOTICE, SERIAL = "notice", "serial"
YES, NO = "√", "×"


def cell_width(text: str) -> int:
    """How many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


@dataclass(frozen=True)
class ColumnPlan:
    """One column, resolved: `type` and `required` are of an entry; `numeric` tells what a computed cell should hold."""

    key: str
    title: str
    role: Role
    index: int
    width: float
    group: str = ""
    unit: str = ""
    help: str = ""
    example: str = ""
    required: bool = False
    numeric: bool = False
    total: bool = False
    type: ArgumentType | None = None
    spec: Input | Output | Derived | Given | None = None

    @property
    def letter(self) -> str:
        return str(xl_col_to_name(self.index))


@dataclass(frozen=True)
class FieldPlan:
    """A labelled cell: its label lies at (row, label[0]..label[1]), its value at (row, value[0]..value[1])."""

    key: str
    title: str
    row: int
    label: tuple[int, int]
    value: tuple[int, int]
    type: ArgumentType
    help: str
    required: bool
    spec: Field


@dataclass
class TablePlan:
    """A sheet with one row a case."""

    sheet: Sheet
    columns: tuple[ColumnPlan, ...]
    rows: int
    fields: tuple[FieldPlan, ...]
    band_row: int
    header_row: int
    total_row: int | None
    first: int
    given: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.sheet.key

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def last(self) -> int:
        return self.first + self.rows - 1

    @cached_property
    def by_key(self) -> dict[str, ColumnPlan]:
        return {column.key: column for column in self.columns}

    @property
    def inputs(self) -> tuple[ColumnPlan, ...]:
        return tuple(column for column in self.columns if column.role == "input")

    def cell(self, key: str, row: int) -> str:
        return f"{self.by_key[key].letter}{row + 1}"

    def span(self, key: str) -> str:
        """The cells of a column, absolute: $G$9:$G$508."""
        letter = self.by_key[key].letter
        return f"${letter}${self.first + 1}:${letter}${self.last + 1}"

    def total(self, key: str) -> str:
        assert self.total_row is not None
        return f"${self.by_key[key].letter}${self.total_row + 1}"

    @property
    def fingerprint(self) -> str:
        """A digest of the header row: how a copied or renamed sheet is known again."""
        heads = "\x1f".join(column.title for column in self.columns)
        return hashlib.sha256(heads.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class MeasurePlan:
    key: str
    title: str
    index: int
    width: float
    unit: str


@dataclass
class SummaryPlan:
    """A sheet with one row a group."""

    summary: Summary
    heading: str
    groups: tuple[str, ...]
    measures: tuple[MeasurePlan, ...]
    header_row: int = 3

    @property
    def name(self) -> str:
        return self.summary.name

    @property
    def chart(self) -> Chart | None:
        return self.summary.chart

    @property
    def first(self) -> int:
        return self.header_row + 1

    @property
    def last(self) -> int:
        return self.header_row + len(self.groups)

    @property
    def total_row(self) -> int:
        return self.last + 1

    @cached_property
    def by_key(self) -> dict[str, MeasurePlan]:
        return {measure.key: measure for measure in self.measures}

    def span(self, key: str) -> str:
        letter = xl_col_to_name(self.by_key[key].index)
        return f"${letter}${self.first + 1}:${letter}${self.last + 1}"

    def total(self, key: str) -> str:
        return f"${xl_col_to_name(self.by_key[key].index)}${self.total_row + 1}"


@dataclass
class Plan:
    """The whole workbook."""

    template: Template
    policy: Policy
    functions: Mapping[str, Function]
    rows: int
    plain: bool
    tables: dict[str, TablePlan] = field(default_factory=dict)
    summaries: dict[str, SummaryPlan] = field(default_factory=dict)

    @cached_property
    def basis(self) -> BasisSheet:
        return basis_rows(self.policy, self.template.basis)

    @property
    def fields(self) -> Iterator[tuple[TablePlan, FieldPlan]]:
        for table in self.tables.values():
            for item in table.fields:
                yield table, item

    @property
    def used(self) -> tuple[Function, ...]:
        """The functions that the workbook calls, in order of first use."""
        names = [
            column.function for sheet in self.template.sheets for column in sheet.columns if isinstance(column, Output)
        ]
        return tuple(self.functions[name] for name in dict.fromkeys(names))

    def chain(self, table: TablePlan) -> tuple[TablePlan, ...]:
        return tuple(self.tables[sheet.key] for sheet in self.template.chain(table.sheet))

    def wrong(self, key: str, sentence: str) -> PolicyError:
        return PolicyError(self.policy.file.replace("policy.toml", "template.py"), key, sentence)


def make_plan(
    template: Template, policy: Policy, functions: Mapping[str, Function], *, rows: int, plain: bool = False
) -> Plan:
    """Raises PolicyError where the layout names a function, an argument or a figure that there is not."""
    plan = Plan(template, policy, functions, rows, plain)
    for sheet in template.sheets:
        plan.tables[sheet.key] = _Tables(plan, sheet).table()
    for summary in template.summaries:
        plan.summaries[summary.key] = _summary(plan, summary)
    _check_figures(plan)
    return plan


# ---------------------------------------------------------------- tables


class _Tables:
    """Resolves one sheet."""

    def __init__(self, plan: Plan, sheet: Sheet) -> None:
        self.plan, self.sheet = plan, sheet

    def wrong(self, key: str, sentence: str) -> PolicyError:
        return self.plan.wrong(f"{self.sheet.key}.{key}", sentence)

    def table(self) -> TablePlan:
        sheet, plan = self.sheet, self.plan
        columns = [ColumnPlan(SERIAL, "序号", "serial", 0, 5)]
        for spec in sheet.columns:
            columns.append(self.column(spec, len(columns)))
        if sheet.notice is not None or any(column.required for column in columns):
            columns.append(ColumnPlan(NOTICE, "提示", "notice", len(columns), 32, group="核对"))
        columns.append(ColumnPlan(MARK, "核对", "mark", len(columns), 6, group="核对"))
        given = self.given()
        rows = len(given) or plan.rows
        if sheet.follows:
            rows = plan.tables[sheet.follows].rows
        elif sheet.rows is not None and not given:
            rows = min(rows, sheet.rows)
        fields = self.fields(columns)
        band = max([item.row for item in fields], default=1) + 1
        totals = any(column.total for column in columns)
        return TablePlan(
            sheet, tuple(columns), rows, fields, band, band + 1, band + 2 if totals else None,
            band + 3 if totals else band + 2, given,
        )  # fmt: skip

    def given(self) -> tuple[str, ...]:
        spec = self.sheet.given
        if spec is None:
            return ()
        return spec.values or self.names(spec.key, spec.figure)

    def names(self, key: str, path: str) -> tuple[str, ...]:
        return figure_names(self.plan, f"{self.sheet.key}.{key}", path)

    def column(self, spec: Input | Output | Derived | Given, index: int) -> ColumnPlan:
        if isinstance(spec, Input):
            title, kind, text, required = self.entry(spec)
            unit = kind.unit.name if isinstance(kind, NumberType) else ""
            width = spec.width or self.width(kind, unit, title)
            return ColumnPlan(
                spec.key, title, "input", index, width, spec.group or "填报", unit, text, spec.example or kind.example,
                required, False, spec.total, kind, spec,
            )  # fmt: skip
        if isinstance(spec, Output):
            function = self.call(spec)
            unit = spec.unit or function.unit
            width = spec.width or (_WIDTHS.get(unit, 9) if unit else 16)
            return ColumnPlan(
                spec.key, spec.title or function.title, "output", index, width, spec.group or "自动计算", unit,
                function.citation, numeric=bool(unit), total=spec.total, spec=spec,
            )  # fmt: skip
        if isinstance(spec, Derived):
            width = spec.width or (_WIDTHS.get(spec.unit, 9) if spec.unit else 12)
            return ColumnPlan(
                spec.key, spec.title, "derived", index, width, spec.group or "自动计算", spec.unit,
                numeric=bool(spec.unit), total=spec.total, spec=spec,
            )  # fmt: skip
        longest = max(cell_width(name) for name in self.given())
        return ColumnPlan(
            spec.key, spec.title, "given", index, spec.width or max(10, longest + 2), spec.group, spec=spec
        )

    def parameter(self, key: str, argument: str) -> Parameter:
        name, _, wanted = argument.partition(".")
        function = self.plan.functions.get(name)
        if function is None:
            raise self.wrong(key, f"没有函数“{name}”")
        for parameter in function.parameters:
            if parameter.name == wanted:
                return parameter
        known = "、".join(parameter.name for parameter in function.parameters)
        raise self.wrong(key, f"函数 {name} 没有参数“{wanted}”，有：{known}")

    def entry(self, spec: Entry) -> tuple[str, ArgumentType, str, bool]:
        """Title, type, help and whether it must be filled in."""
        if spec.argument:
            parameter = self.parameter(spec.key, spec.argument)
            text = "；".join(part for part in (parameter.help, spec.note) if part)
            required = parameter.required if spec.required is None else spec.required
            return spec.title or parameter.title, parameter.type, text, required
        kind = self.free(spec)
        text = "；".join(part for part in (spec.note, kind.help()) if part)
        return spec.title, kind, text, bool(spec.required)

    def free(self, spec: Entry) -> ArgumentType:
        if spec.kind == "日期":
            return DayType()
        if spec.kind == "数值":
            return number_type(spec.unit)
        if spec.kind == "选项" and spec.choices:
            return ChoiceType(spec.choices)
        return TextType()

    def call(self, spec: Output) -> Function:
        """The function of an output, its arguments checked."""
        function = self.plan.functions.get(spec.function)
        if function is None:
            raise self.wrong(spec.key, f"没有函数“{spec.function}”")
        known = [parameter.name for parameter in function.parameters]
        for name in spec.arguments:
            if name not in known:
                raise self.wrong(spec.key, f"函数 {spec.function} 没有参数“{name}”，有：{'、'.join(known)}")
        for parameter in function.parameters:
            if parameter.required and parameter.name not in spec.arguments:
                raise self.wrong(spec.key, f"函数 {spec.function} 的必填参数“{parameter.name}”没有给")
        return function

    def width(self, kind: ArgumentType, unit: str, title: str) -> float:
        if unit:
            return _WIDTHS.get(unit, 8)
        if isinstance(kind, FlagType):
            return 7
        if isinstance(kind, DayType):
            return 12
        names = getattr(kind, "names", ())
        if names:
            return min(16, max(8, max(cell_width(name) for name in names) + 3))
        return 12

    def fields(self, columns: list[ColumnPlan]) -> tuple[FieldPlan, ...]:
        """Lays the fields side by side over the columns, label and value on as many columns as they need."""
        found: list[FieldPlan] = []
        row, at = 2, 0
        for spec in self.sheet.fields:
            title, kind, text, required = self.entry(spec)
            label, value = (0, 0), (0, 0)
            for attempt in (0, 1):
                label = _take(columns, at, cell_width(title) + 3)
                value = _take(columns, label[1] + 1, spec.width or 14)
                if value[1] < len(columns) or attempt:
                    break
                row, at = row + 1, 0
            if value[1] >= len(columns):
                raise self.wrong(spec.key, "表头项比全表还宽")
            at = value[1] + 1
            found.append(FieldPlan(spec.key, title, row, label, value, kind, text, required, spec))
        return tuple(found)


_WIDTHS = {
    "元": 15, "元/公里": 11, "公里": 10, "米": 8, "比例": 8, "厘米": 8, "年份": 8, "月": 7, "天": 7, "周岁": 7, "篇": 7, "项": 7,
    "年": 8, "人": 8, "个": 8, "座": 8, "处": 8,
}  # fmt: skip


def _take(columns: list[ColumnPlan], start: int, wanted: float) -> tuple[int, int]:
    """The columns from `start` on whose widths together reach `wanted`."""
    end, total = start, 0.0
    while end < len(columns):
        total += columns[end].width
        if total >= wanted:
            return start, end
        end += 1
    return start, end


def figure_names(plan: Plan, key: str, path: str) -> tuple[str, ...]:
    """The names of a list in policy.toml."""
    figure = plan.policy.figures.get(path)
    if figure is None or figure.shape != "names":
        raise plan.wrong(key, f"policy.toml 里没有名称列表“{path}”")
    data = figure.data
    assert isinstance(data, tuple)
    return tuple(str(name) for name in data)


# ---------------------------------------------------------------- summaries


def _summary(plan: Plan, summary: Summary) -> SummaryPlan:
    key, _, column = summary.by.partition(".")
    by = plan.tables[key].by_key[column]
    groups = figure_names(plan, summary.key, summary.figure) if summary.figure else getattr(by.type, "names", ())
    groups = groups or plan.tables[key].given
    if not groups:
        raise plan.wrong(summary.key, f"“{summary.by}”没有固定的可选范围，不能按它汇总")
    measures = tuple(
        MeasurePlan(item.key, item.title, index, max(14, min(24, cell_width(item.title) + 2)), _unit(plan, item))
        for index, item in enumerate(summary.measures, start=1)
    )
    return SummaryPlan(summary, summary.heading or by.title, groups, measures)


def _unit(plan: Plan, measure: object) -> str:
    unit: str = getattr(measure, "unit", "")
    column = getattr(measure, "column", None)
    if unit or column is None:
        return unit or "个"
    key, _, name = column.partition(".")
    return plan.tables[key].by_key[name].unit


# ---------------------------------------------------------------- figures


def _check_figures(plan: Plan) -> None:
    """Every {#path} is a single figure of 依据."""
    texts: list[tuple[str, str]] = [(f"检查“{check.title}”", check.formula) for check in plan.template.checks]
    for sheet in plan.template.sheets:
        for column in sheet.columns:
            words = column.formula if isinstance(column, Derived) else ""
            words += column.plain + column.when if isinstance(column, Output) else ""
            texts.append((f"{sheet.key}.{column.key}", words))
    for summary in plan.template.summaries:
        texts += [(f"{summary.key}.{item.key}", item.formula) for item in summary.measures]
        texts += [(f"{summary.key}.{line.key}", line.formula) for line in summary.lines]
    for place, words in texts:
        for reference in REFERENCE.findall(words):
            if reference.startswith("#") and reference[1:] not in plan.basis.cells:
                known = "、".join(plan.basis.cells)
                raise plan.wrong(place, f"没有单个数值“{reference[1:]}”，有：{known}")
