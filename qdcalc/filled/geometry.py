"""Where a filled table really lies, and the plan that a template with just this shape would have.

People insert and delete rows, add columns, rename sheets; spreadsheet programs then move what formulas say. A plan with
the real places says what the formulas should be now.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from qdcalc.filled.cells import SheetCells
from qdcalc.filled.headings import Headings
from qdcalc.layout import SERIAL
from qdcalc.workbook.plan import Plan, TablePlan
from qdcalc.workbook.planning import summary_plan

_COMPUTED = ("output", "derived", "notice", "mark")


def real_table(sheet: SheetCells, headings: Headings) -> TablePlan:
    """The table with the name, rows and columns that it has on this sheet. Missing columns keep their old places."""
    table = headings.table
    shift = headings.row - 1 - table.header_row
    first = table.first + shift
    last = _last_row(sheet, headings, first + 1, table.last + shift + 1)
    return replace(
        table,
        sheet=table.sheet.model_copy(update={"name": sheet.name}),
        columns=tuple(
            replace(column, index=headings.columns.get(column.key, column.index + 1) - 1) for column in table.columns
        ),
        rows=max(
            1, min(last - first, *(len(values) for values in table.given.values())) if table.given else last - first
        ),
        fields=tuple(replace(field, row=field.row + shift) for field in table.fields),
        results=tuple(replace(result, row=result.row + shift) for result in table.results),
        band_row=table.band_row + shift,
        header_row=table.header_row + shift,
        total_row=None if table.total_row is None else table.total_row + shift,
        first=first,
    )


def _last_row(sheet: SheetCells, headings: Headings, first: int, planned: int) -> int:
    """The last row (from 1) that belongs to the table: with a formula, or still with its number in front."""
    columns = {
        headings.columns[column.key]
        for column in headings.table.columns
        if column.role in _COMPUTED and column.key in headings.columns
    }
    count = Counter(row for row, column in sheet.formulas if column in columns and row >= first)
    formulas = max((row for row, number in count.items() if 2 * number >= len(columns)), default=0)
    serial = headings.columns.get(SERIAL)
    numbered = max(
        (
            row
            for (row, column), value in sheet.values.items()
            if column == serial and first <= row <= planned and isinstance(value, float)
        ),
        default=0,
    )
    return max(formulas, numbered) or planned


def real_plan(plan: Plan, tables: dict[str, TablePlan]) -> Plan:
    """The plan with some tables in their real places."""
    real = replace(plan, tables={**plan.tables, **tables})
    real.summaries = {summary.key: summary_plan(real, summary) for summary in plan.template.summaries}
    return real


def same_shape(planned: TablePlan, real: TablePlan) -> bool:
    """Whether formulas about this table say what they say in the untouched template."""
    return (planned.name, planned.first, planned.rows, planned.header_row) == (
        real.name, real.first, real.rows, real.header_row,
    ) and all(one.index == two.index for one, two in zip(planned.columns, real.columns, strict=True))  # fmt: skip
