"""Where everything of a template lies: its layout bound to functions and policy, with a number of rows.

Building, reading back and merging all ask here, so a cell's address is worked out in one place. Rows and columns count
from 0; what goes into a formula is A1.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from xlsxwriter.utility import xl_col_to_name

from qdcalc.errors import PolicyError
from qdcalc.layout import Chart, Derived, Field, Given, Input, Output, Result, Sheet, Summary, Template
from qdcalc.rules.arguments import ArgumentType
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function
from qdcalc.workbook.basis import BasisSheet, basis_rows

Role = Literal["serial", "given", "input", "output", "derived", "notice", "mark"]
YES, NO = "√", "×"
GivenValue = str | int | Decimal


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

    @property
    def shown(self) -> str:
        """The unit whose number format the cells take."""
        return (self.spec.shown if self.spec is not None else "") or self.unit


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


@dataclass(frozen=True)
class ResultPlan:
    """A line above the table with one result; placed like a field."""

    row: int
    label: tuple[int, int]
    value: tuple[int, int]
    spec: Result


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
    given: dict[str, tuple[GivenValue, ...]] = field(default_factory=dict)
    results: tuple[ResultPlan, ...] = ()

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

    @cached_property
    def heads(self) -> dict[str, tuple[int, int]]:
        """Row and column of what stands above the table, by key."""
        found = {field.key: (field.row, field.value[0]) for field in self.fields}
        return found | {result.spec.key: (result.row, result.value[0]) for result in self.results}

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


CHART_ROWS = 17
"""What a summary's chart takes of the default rows."""


@dataclass
class SummaryPlan:
    """A sheet with one row a group. The chart stands below, but above where the groups are listed: nobody knows how many."""

    summary: Summary
    heading: str
    groups: tuple[str | int, ...]
    measures: tuple[MeasurePlan, ...]
    listed: tuple[str, ...] = ()
    """the cells that hold the groups, where people list them; `groups` then are blank"""

    @property
    def header_row(self) -> int:
        return 3 + (CHART_ROWS + 1 if self.listed and self.chart else 0)

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
        return basis_rows(self.policy, self.template.basis, growing=self.plain)

    @property
    def fields(self) -> Iterator[tuple[TablePlan, FieldPlan]]:
        for table in self.tables.values():
            for item in table.fields:
                yield table, item

    @property
    def used(self) -> tuple[Function, ...]:
        """The functions that the workbook calls, in order of first use."""
        names: list[str] = []
        for sheet in self.template.sheets:
            names += [column.function for column in sheet.columns if isinstance(column, Output)]
            names += [result.function for result in sheet.results if result.function]
        names += [item.function for summary in self.template.summaries for item in summary.measures if item.function]
        return tuple(self.functions[name] for name in dict.fromkeys(names))

    def chain(self, table: TablePlan) -> tuple[TablePlan, ...]:
        return tuple(self.tables[sheet.key] for sheet in self.template.chain(table.sheet))

    def wrong(self, key: str, sentence: str) -> PolicyError:
        return PolicyError(self.policy.file.replace("policy.toml", "template.py"), key, sentence)
