"""A layout made into a plan: types and titles taken from the functions, columns, fields and rows put in their places."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal

from qdcalc.errors import PolicyError
from qdcalc.layout import (
    MARK,
    NOTICE,
    SERIAL,
    Derived,
    Entry,
    Given,
    Input,
    Measure,
    Output,
    Result,
    Sheet,
    Summary,
    Template,
)
from qdcalc.rules.arguments import (
    ArgumentType,
    ChoiceType,
    DayType,
    FlagType,
    NumberType,
    TextType,
    TimeType,
    number_type,
)
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function, Parameter
from qdcalc.workbook.addresses import sheet_prefix
from qdcalc.workbook.plan import (
    ColumnPlan,
    FieldPlan,
    GivenValue,
    MeasurePlan,
    Plan,
    ResultPlan,
    SummaryPlan,
    TablePlan,
    cell_width,
)


def make_plan(
    template: Template, policy: Policy, functions: Mapping[str, Function], *, rows: int, plain: bool = False
) -> Plan:
    """Raises PolicyError where the layout names a function, an argument or a figure that there is not."""
    plan = Plan(template, policy, functions, rows, plain)
    for sheet in template.sheets:
        plan.tables[sheet.key] = _Tables(plan, sheet).table()
    for summary in template.summaries:
        plan.summaries[summary.key] = summary_plan(plan, summary)
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
        if sheet.notices or sheet.hints or any(column.required for column in columns):
            wide = sum(column.width for column in columns) > WIDE
            columns.append(ColumnPlan(NOTICE, "提示", "notice", len(columns), 26 if wide else 32, group="核对"))
        if sheet.is_judged:
            columns.append(ColumnPlan(MARK, "核对", "mark", len(columns), 6, group="核对"))
        given = self.given()
        rows = max((len(values) for values in given.values()), default=0) or plan.rows
        if sheet.follows:
            rows = plan.tables[sheet.follows].rows
        elif sheet.rows is not None and not given:
            rows = sheet.rows if sheet.is_form else min(rows, sheet.rows)
        fields = self.fields(columns)
        results = self.results(columns, max([item.row for item in fields], default=1) + 1)
        band = max([*(item.row for item in fields), *(item.row for item in results)], default=1) + 1
        band += len(sheet.remarks)
        totals = any(column.total for column in columns)
        return TablePlan(
            sheet, tuple(columns), rows, fields, band, band + 1, band + 2 if totals else None,
            band + 3 if totals else band + 2, given, results,
        )  # fmt: skip

    def given(self) -> dict[str, tuple[GivenValue, ...]]:
        """The cells of the given columns: one row for every combination, the first column slowest."""
        lists: dict[str, tuple[GivenValue, ...]] = {}
        leader: dict[str, str] = {}
        for spec in self.sheet.given:
            names: tuple[GivenValue, ...] = spec.values or self.names(spec.key, spec.figure)
            lists[spec.key] = tuple(name for name in names if name not in spec.without)
            leader[spec.key] = leader.get(spec.beside, "") if spec.beside else spec.key
            if len(lists[spec.key]) != len(lists.get(leader[spec.key], ())):
                raise self.wrong(spec.key, f"应与它之前的“{spec.beside}”一样多")
        leaders = list(dict.fromkeys(leader.values()))
        rows = list(itertools.product(*(range(len(lists[key])) for key in leaders))) if leaders else []
        return {key: tuple(lists[key][row[leaders.index(leader[key])]] for row in rows) for key in lists}

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
        longest = max(cell_width(str(name)) for name in self.given()[spec.key])
        return ColumnPlan(
            spec.key, spec.title, "given", index, spec.width or max(10, longest + 2), spec.group, spec.unit, spec=spec
        )

    def results(self, columns: list[ColumnPlan], row: int) -> tuple[ResultPlan, ...]:
        """One line each, the labels over the same columns, the results over the rest of the table."""
        if not self.sheet.results:
            return ()
        label = _take(columns, 0, max(cell_width(item.title) for item in self.sheet.results) + 3)
        value = (label[1] + 1, len(columns) - 1)
        for item in self.sheet.results:
            if item.function:
                self.call(item)
        return tuple(ResultPlan(row + at, label, value, item) for at, item in enumerate(self.sheet.results))

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
        if spec.kind == "时刻":
            return TimeType()
        if spec.kind == "数值":
            return number_type(spec.unit)
        if spec.kind == "选项" and spec.choices:
            return ChoiceType(spec.choices)
        return TextType()

    def call(self, spec: Output | Result) -> Function:
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


WIDE = 150
"""A table as wide as this leaves less for its 提示, or its print becomes too small to read."""
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


def summary_plan(plan: Plan, summary: Summary) -> SummaryPlan:
    groups: tuple[str | int, ...] = summary.values
    heading = summary.heading
    listed: tuple[str, ...] = ()
    for reference in (summary.by, summary.like):
        if reference is not None:
            key, _, column = reference.partition(".")
            heading = heading or plan.tables[key].by_key[column].title
    if not groups and (summary.like or summary.by):
        key, _, column = (summary.like or summary.by or "").partition(".")
        listing = plan.tables[key]
        groups = tuple(
            dict.fromkeys(cell for cell in listing.given.get(column, ()) if not isinstance(cell, Decimal))
        ) or tuple(getattr(listing.by_key[column].type, "names", ()))
        if summary.rows and not groups:
            last = listing.first + min(summary.rows, listing.rows)
            listed = tuple(sheet_prefix(listing.name) + listing.cell(column, row) for row in range(listing.first, last))
            groups = ("",) * len(listed)
    if not groups:
        raise plan.wrong(summary.key, f"“{summary.by}”没有固定的可选范围，不能按它汇总")
    for item in summary.measures:
        _check_call(plan, f"{summary.key}.{item.key}", item)
    measures = tuple(
        MeasurePlan(item.key, item.title, index, max(14, min(24, cell_width(item.title) + 2)), _unit(plan, item))
        for index, item in enumerate(summary.measures, start=1)
    )
    for item in summary.measures:
        if summary.by is None and not (item.formula or item.by or set(item.each) == {str(group) for group in groups}):
            raise plan.wrong(f"{summary.key}.{item.key}", "没有 by 的汇总表，各列应写明 by、formula 或每一组的 each")
    return SummaryPlan(summary, heading, groups, measures, listed)


def _check_call(plan: Plan, place: str, measure: Measure) -> None:
    if not measure.function:
        return
    function = plan.functions.get(measure.function)
    if function is None:
        raise plan.wrong(place, f"没有函数“{measure.function}”")
    known = [parameter.name for parameter in function.parameters]
    if measure.argument not in known:
        raise plan.wrong(place, f"函数 {measure.function} 没有参数“{measure.argument}”，有：{'、'.join(known)}")
    if not (measure.each or measure.formula):
        raise plan.wrong(place, "有 function 的，还应写明 each 或 formula，供无函数版用")


def _unit(plan: Plan, measure: Measure) -> str:
    if measure.function and not measure.unit:
        return plan.functions[measure.function].unit
    if measure.unit or measure.column is None:
        return measure.unit or "个"
    key, _, name = measure.column.partition(".")
    return plan.tables[key].by_key[name].unit


# ---------------------------------------------------------------- figures


def _check_figures(plan: Plan) -> None:
    """Every {#path} is a single figure of 依据."""
    for place, path in plan.template.figures:
        if path not in plan.basis.cells:
            raise plan.wrong(place, f"没有单个数值“{path}”，有：{'、'.join(plan.basis.cells)}")
