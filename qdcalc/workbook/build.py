"""A layout → an .xlsx file, the same bytes every time.

XlsxWriter writes it: see docs/decisions/workbooks-are-written-with-xlsxwriter.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qdcalc.workbook.charts_sheet import write_charts
from qdcalc.workbook.check_sheet import write_checks
from qdcalc.workbook.figures_sheet import FiguresWriter
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.guide_sheet import write_guide
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.readings_sheet import ReadingsWriter
from qdcalc.workbook.stamp import write_stamp
from qdcalc.workbook.styles import Styles
from qdcalc.workbook.summary_sheet import SummaryWriter
from qdcalc.workbook.table_sheet import Row, TableWriter
from qdcalc.workbook.templates import DEFAULT_ROWS, template_plan
from qdcalc.workbook.working_sheet import write_lists, write_working

CALC_ID = 191029
"""The calculation engine that the file claims to come from: that of current Excel. With an older number Excel would
recalculate everything at opening, and without an add-in the QD cells would become #NAME?."""


class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that takes formulas as they are. XlsxWriter would look each one through for thirty functions newer than
    Excel 2010, which is four fifths of the time of building; these workbooks use none."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


_FIXED_DAY = datetime.datetime(2018, 8, 21)


def build(policy_id: str, target: Path, *, rows: int = DEFAULT_ROWS, plain: bool = False) -> None:
    """The empty template of a policy, `rows` rows long. Formulas have no values yet: recalculate it before handing it on.

    Raises UsageError (no such policy or template, senseless number of rows) and PolicyError (a wrong layout).
    """
    build_plan(template_plan(policy_id, rows=rows, plain=plain), target)


def build_plan(
    plan: Plan,
    target: Path,
    *,
    data: Mapping[str, Sequence[Row]] | None = None,
    fields: Mapping[str, object] | None = None,
    edit: Callable[[Workbook], None] | None = None,
) -> None:
    """The workbook of a plan; `data` are rows by sheet key, each {column key: value}, `fields` values by field key. `edit`
    gets the book before it is written."""
    book = Workbook(str(target), {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False})
    book.worksheet_class = _Sheet
    book.set_calc_mode("auto", CALC_ID)
    book.calc_on_load = False
    policy, template = plan.policy, plan.template
    book.set_properties(
        {"title": template.title, "subject": f"《{policy.title}》（{policy.number}）", "created": _FIXED_DAY}
    )
    book.set_size(24000, 14000)
    first = write_sheets(book, plan, data=data, fields=fields)
    if first is not None:
        first.activate()
    if edit is not None:
        edit(book)
    book.close()


def write_sheets(
    book: Workbook,
    plan: Plan,
    *,
    data: Mapping[str, Sequence[Row]] | None = None,
    fields: Mapping[str, object] | None = None,
) -> Worksheet | None:
    """All sheets, in order. Returns the one that people start with."""
    styles, formulas = Styles(book), Formulas(plan)
    lists = plan.plain and bool(formulas.workings) and bool(formulas.lists.columns)
    write_guide(book, styles, plan, lists=lists)
    first = None
    for key, table in plan.tables.items():
        writer = TableWriter(book, styles, formulas, table)
        writer.write((data or {}).get(key, ()), fields or {})
        first = first or writer.sheet
    for summary in plan.summaries.values():
        SummaryWriter(book, styles, formulas, summary).write()
    for spec in plan.template.charts:
        write_charts(book, styles, plan, spec)
    write_checks(book, styles, formulas)
    FiguresWriter(book, styles, plan).write()
    ReadingsWriter(book, styles, plan).write()
    if lists:
        write_lists(book, styles, formulas)
    if plan.plain:
        for working in formulas.workings.values():
            write_working(book, styles, formulas, working)
    write_stamp(book, plan)
    return first
