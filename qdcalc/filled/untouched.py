"""What people should have left as it was: formulas, validations, given cells, the figures of 依据."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from qdcalc.filled.cells import SheetCells
from qdcalc.filled.compare import (
    Spelling,
    compare_constants,
    compare_formulas,
    compare_validations,
    outside_reference,
)
from qdcalc.filled.geometry import real_plan, same_shape
from qdcalc.filled.problems import Problems
from qdcalc.filled.recognise import Recognised, blueprint_of
from qdcalc.filled.rows import TableReader
from qdcalc.recalc.values import Cell
from qdcalc.workbook.basis import FIRST_ROW
from qdcalc.workbook.basis import SHEET as BASIS
from qdcalc.workbook.blueprint import SheetPlan, blueprint, table_blueprint
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.stamp import SHEET as STAMP

_HEAD_ROWS = 2
"""title and document line; where people moved a table down these moved, too, and the plan has them at the top"""
_FIGURE_COLUMNS = (3, 4, 5)
"""适用条件, 起点, 数值: what formulas of the plain edition read"""


def check_untouched(
    problems: Problems,
    sheets: Sequence[SheetCells],
    found: Recognised,
    readers: Sequence[TableReader],
    spelling: Spelling,
    *,
    texts: bool,
) -> set[tuple[str, Cell]]:
    """`texts`: the formulas should be those of today's template. Returns the formula cells that were told of."""  # fmt: skip
    plan = found.plan
    own = {reader.table.key: reader for reader in readers if reader.placed.copy == 0}
    moved = {key: reader for key, reader in own.items() if not same_shape(plan.tables[key], reader.table)}
    in_place = all(reader.placed.headings.in_place for reader in own.values())
    wanted: dict[str, SheetPlan]
    if not moved:
        real, wanted = plan, blueprint_of(plan.template.policy, plan.rows, plan.plain)
    else:
        real = real_plan(plan, {key: reader.table for key, reader in own.items()})
        wanted = dict(blueprint(real))
    by_name = {sheet.name: sheet for sheet in sheets}
    told: set[tuple[str, Cell]] = set()
    tables = {reader.cells.name for reader in readers}
    for name, should in wanted.items():
        if name in by_name and name not in tables and name not in (STAMP, BASIS):
            cells = compare_formulas(
                problems, by_name[name], should, _beside(should), spelling=spelling, texts=texts and in_place
            )
            told |= {(name, cell) for cell in cells}
    if BASIS in by_name and texts:
        _figures(problems, by_name[BASIS], wanted[BASIS], plan)
    for reader in readers:
        name, copy = reader.cells.name, reader.placed.copy
        should = table_blueprint(_with(real, reader), reader.table) if copy else wanted[name]
        told |= {(name, cell) for cell in _table(problems, reader, should, spelling, texts and in_place)}
    for reader in readers:
        link = outside_reference(reader.cells)
        if link:
            problems.add("external_link", reader.cells.name, found=link)
    return told


def _with(plan: Plan, reader: TableReader) -> Plan:
    """A copy's own formulas speak of itself, and of the other sheets as they are."""
    return real_plan(plan, {reader.table.key: reader.table})


def _table(problems: Problems, reader: TableReader, should: SheetPlan, spelling: Spelling, texts: bool) -> set[Cell]:
    table, columns = reader.table, reader.columns
    there = set(columns.values())
    whole = Spelling(spelling.names, outside=spelling.outside or reader.placed.copy > 0)
    if not reader.placed.copy:
        whole = Spelling({}, outside=spelling.outside)
    if reader.placed.headings.row != reader.placed.table.header_row + 1:
        should = replace(
            should, formulas={cell: text for cell, text in should.formulas.items() if cell[0] > _HEAD_ROWS}
        )
    texts = texts and reader.placed.headings.in_place
    told = compare_formulas(
        problems,
        reader.cells,
        should,
        reader.title,
        spelling=whole,
        texts=texts,
        within=None if texts else there,
        above=table.first,
    )
    given = {columns[column.key] for column in table.columns if column.role == "given" and column.key in columns}
    first, last = table.first + 1, table.last + 1
    constants = {
        cell: value for cell, value in should.constants.items() if cell[1] in given and first <= cell[0] <= last
    }
    compare_constants(problems, reader.cells, constants, "changed_given", reader.title)
    typed = {columns[column.key] for column in reader.inputs}
    rules = [rule for rule in should.validations if rule.first_row < first or rule.column in typed]
    compare_validations(problems, reader.cells, rules, reader.title)
    return told


def _figures(problems: Problems, sheet: SheetCells, should: SheetPlan, plan: Plan) -> None:
    """The rows of figures: what counts is the number or name, and where a band begins."""
    rows = range(FIRST_ROW + 1, FIRST_ROW + 1 + len(plan.basis.rows))
    wanted = {cell: value for cell, value in should.constants.items() if cell[0] in rows and cell[1] in _FIGURE_COLUMNS}

    def title(cell: Cell) -> str:
        row = plan.basis.rows[cell[0] - FIRST_ROW - 1]
        return f"{row.title}（{row.condition}）" if row.condition else row.title

    compare_constants(problems, sheet, {cell: value for cell, value in wanted.items() if value != ""},
                      "changed_figure", title)  # fmt: skip


def _beside(should: SheetPlan) -> Callable[[Cell], str]:
    """A cell of a summary is named after its row, one of 检查 after its check."""

    def title(cell: Cell) -> str:
        row, column = cell
        for at in range(column - 1, 0, -1):
            word = should.constants.get((row, at))
            if isinstance(word, str) and word:
                return word
        return str(should.constants.get((row, 1), "")) or "公式"

    return title
