"""What the workbook of a plan holds, without making a file: its formulas, fixed cells and validations, sheet by sheet.

The writers of the sheets write here instead of into an XlsxWriter book, so nothing is said twice. Reading a filled workbook
back compares with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qdcalc.workbook.build import write_sheets
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import Plan, TablePlan
from qdcalc.workbook.styles import Styles
from qdcalc.workbook.table_sheet import TableWriter

Cell = tuple[int, int]
"""(row, column), both counted from 1."""
_TYPES = {"integer": "whole", "length": "textLength"}


@dataclass(frozen=True)
class Validation:
    """One rule of data validation: `kind` as the file spells it; `choices` of a list that stands in the rule itself."""

    kind: str
    first_row: int
    column: int
    last_row: int
    choices: tuple[str, ...] = ()


@dataclass
class SheetPlan:
    """What is written on one sheet; formulas stand without "="."""

    name: str
    formulas: dict[Cell, str] = field(default_factory=dict)
    constants: dict[Cell, str | float] = field(default_factory=dict)
    validations: list[Validation] = field(default_factory=list)


def blueprint(plan: Plan) -> Mapping[str, SheetPlan]:
    """Every sheet by its name."""
    book = _Book()
    write_sheets(book, plan)
    return {sheet.plan.name: sheet.plan for sheet in book.sheets}


def table_blueprint(plan: Plan, table: TablePlan) -> SheetPlan:
    """One table alone."""
    book = _Book()
    TableWriter(book, Styles(book), Formulas(plan), table).write((), {})
    return book.sheets[0].plan


class _Anything:
    """Takes every call and does nothing: formats, charts, all that is looks."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_: object, **__: object) -> None:
    return None


class _Book(_Anything):
    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []

    def add_worksheet(self, name: str) -> _Sheet:
        self.sheets.append(_Sheet(name))
        return self.sheets[-1]

    def add_format(self, facts: object) -> object:
        return None

    def add_chart(self, facts: object) -> _Anything:
        return _Anything()


class _Sheet(_Anything):
    def __init__(self, name: str) -> None:
        self.plan = SheetPlan(name)

    def get_name(self) -> str:
        return self.plan.name

    def write_formula(self, row: int, column: int, formula: str, *_: object) -> None:
        self.plan.formulas[row + 1, column + 1] = formula.removeprefix("=")

    def write_string(self, row: int, column: int, text: str, *_: object) -> None:
        self.plan.constants[row + 1, column + 1] = text

    def write_number(self, row: int, column: int, number: float, *_: object) -> None:
        self.plan.constants[row + 1, column + 1] = number

    def data_validation(self, row: int, column: int, last_row: int, _: int, options: Mapping[str, Any]) -> None:
        kind = options["validate"]
        source = options.get("source")
        choices = tuple(source) if isinstance(source, list) else ()
        rule = Validation(_TYPES.get(kind, kind), row + 1, column + 1, last_row + 1, choices)
        self.plan.validations.append(rule)
