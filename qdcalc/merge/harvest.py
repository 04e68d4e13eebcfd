"""What one filled workbook gives to a merge: its good rows, what they claim, what is wrong with the others.

Plain data that goes through JSON, so that it can come from another process and be kept for a later run.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from qdcalc.filled.model import FilledBook, FilledRow, FilledSheet
from qdcalc.filled.problems import Problem
from qdcalc.layout import Claim, Derived
from qdcalc.recalc.values import CellValue, ErrorValue
from qdcalc.rules.places import ALIASES, DISTRICTS
from qdcalc.workbook.plan import ColumnPlan, TablePlan

ELSEWHERE = "市级及其他"
"""Rows that name no 区（市）."""
_CENT = Decimal("0.01")
_LINK = re.compile(r'\{\w+\}&""')
"""A derived column that only shows another one."""

Cell = str | float | bool | None


@dataclass(frozen=True)
class Claimed:
    """An amount that a row asks for. `cell` is where the amount stands; `key` tells which table it is of."""

    policy: str
    item: str
    district: str
    kind: str
    subject: str
    beside: str
    amount: Decimal
    funding: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class Record:
    """A row of a table and of those that follow it, in the order of `Harvest.heads` of that table."""

    sheet: str
    row: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Trouble:
    """A problem of the file, as its report shows it. `rows`: it kept this row out."""

    sheet: str
    cell: str
    title: str
    found: str
    allowed: str
    sentence: str
    note: bool


@dataclass(frozen=True)
class Harvest:
    """`heads`: table key → its column titles; `dates`: which of them hold serial numbers of days, `units` of numbers."""

    path: str
    policy: str = ""
    title: str = ""
    version: str = ""
    edition: str = ""
    heads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    records: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    claims: tuple[Claimed, ...] = ()
    left_out: int = 0
    troubles: tuple[Trouble, ...] = ()

    @property
    def merged(self) -> int:
        return sum(len(records) for records in self.records.values())


def harvest(book: FilledBook, path: str) -> Harvest:
    """`path` is how the merge names the file. A file with no template gives its problems alone."""
    troubles = tuple(_trouble(problem) for problem in book.problems)
    if book.plan is None:
        return Harvest(path, troubles=troubles)
    gathered = _Gatherer(book)
    return Harvest(
        path, book.policy, book.title, book.version, book.edition, gathered.heads, gathered.units, gathered.names,
        {key: tuple(found) for key, found in gathered.records.items()}, tuple(gathered.claims()), gathered.left_out,
        (*gathered.troubles, *troubles),
    )  # fmt: skip


class _Gatherer:
    """The good rows of one book: of every table that people start with, joined with those that follow it."""

    def __init__(self, book: FilledBook) -> None:
        assert book.plan is not None
        self.book, self.plan = book, book.plan
        self.heads: dict[str, tuple[str, ...]] = {}
        self.units: dict[str, tuple[str, ...]] = {}
        self.names: dict[str, str] = {}
        self.records: dict[str, list[Record]] = {}
        self.left_out = 0
        self.troubles: list[Trouble] = []
        self.good: dict[tuple[str, int], set[int]] = {}
        """(key of the table people start with, copy) → places of its good rows"""
        for table in self.plan.tables.values():
            if not table.sheet.follows:
                self._table(table)

    def _table(self, table: TablePlan) -> None:
        chain = [table, *(other for other in self.plan.tables.values() if table in self.plan.chain(other)[1:])]
        columns = [(part, column) for part in chain for column in part.columns if _told(column)]
        self.heads[table.key] = tuple(column.title for _, column in columns)
        self.units[table.key] = tuple(_unit(column) for _, column in columns)
        self.names[table.key] = table.name
        found = self.records.setdefault(table.key, [])
        for sheet in self.book.of(table.key):
            rows = {part.key: self._rows(part.key, sheet.copy) for part in chain}
            good = self.good.setdefault((table.key, sheet.copy), set())
            if sheet.rows and (why := self._incomplete(chain, sheet)):
                self.left_out += len(sheet.rows)
                words = f"这张表的{len(sheet.rows)}行都没有合并：{why}"
                self.troubles.append(Trouble(sheet.name, "", "没有合并", "", "", words, False))
                continue
            for row in sheet.rows:
                joined = [rows[part.key].get(row.position) for part in chain]
                if row.below or not all(part is None or part.ok for part in joined):
                    self.left_out += 1
                    continue
                good.add(row.position)
                cells = (_cell(rows[part.key].get(row.position), column) for part, column in columns)
                found.append(Record(sheet.name, row.number, tuple(cells)))

    def _incomplete(self, chain: Sequence[TablePlan], sheet: FilledSheet) -> str:
        """Why no row of this sheet can be taken: a sheet or a column that its amounts need is not there."""
        for part in chain:
            found = self._sheet(part.key, sheet.copy)
            if found is None:
                with_it = "，复制工作表要连同它一起复制" if sheet.copy else ""
                return f"没有它对应的“{part.name}”表，得不出金额{with_it}"
            if any(problem.kind == "missing_column" and problem.sheet == found.name for problem in self.book.problems):
                return f"“{found.name}”表缺列"
        return ""

    def _rows(self, key: str, copy: int) -> dict[int, FilledRow]:
        sheet = self._sheet(key, copy)
        return {row.position: row for row in sheet.rows} if sheet is not None else {}

    def _sheet(self, key: str, copy: int) -> FilledSheet | None:
        return next((sheet for sheet in self.book.of(key) if sheet.copy == copy), None)

    # ------------------------------------------------------------ claims
    def claims(self) -> Iterator[Claimed]:
        for claim in self.plan.template.claims:
            for sheet in self.book.of(claim.sheet):
                yield from self._claims(claim, sheet)

    def _claims(self, claim: Claim, sheet: FilledSheet) -> Iterator[Claimed]:
        chain = self.plan.chain(sheet.table)
        rows = [self._rows(part.key, sheet.copy) for part in chain]
        good = self.good.get((chain[-1].key, sheet.copy), set())
        fields = self._fields(sheet.copy)
        for row in sheet.rows:
            if row.position not in good:
                continue
            reach: dict[str, CellValue | Decimal | datetime.date] = {}
            for part in reversed(rows):
                if row.position in part:
                    reach.update({**part[row.position].results, **part[row.position].values})
            amount = reach.get(claim.amount)
            if not isinstance(amount, (int, float, Decimal)) or isinstance(amount, bool):
                continue
            district = (
                fields.get(claim.district[1:], "") if claim.district.startswith("@") else reach.get(claim.district)
            )
            yield Claimed(
                self.book.policy, claim.item, district_in(_text(district)), claim.kind, _text(reach.get(claim.subject)),
                _text(reach.get(claim.beside)) if claim.beside else "", cents(amount),
                claim.funding or self.plan.policy.funding, sheet.name, sheet.table.cell(claim.amount, row.number - 1),
            )  # fmt: skip

    def _fields(self, copy: int) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for sheet in self.book.sheets:
            if sheet.copy == copy:
                found.update(sheet.fields)
        return found


def _told(column: ColumnPlan) -> bool:
    """Whether a merged row shows the column: not its number, and not what only repeats another column."""
    if column.role in ("serial", "mark", "notice"):
        return False
    return not (isinstance(column.spec, Derived) and _LINK.fullmatch(column.spec.formula))


def _unit(column: ColumnPlan) -> str:
    kind = type(column.type).__name__ if column.type is not None else ""
    return "日期" if kind == "DayType" else column.shown


def _cell(row: FilledRow | None, column: ColumnPlan) -> Cell:
    if row is None:
        return None
    value = row.values.get(column.key)
    if value is None and column.role not in ("input", "given"):
        value = row.results.get(column.key)  # type: ignore[assignment]  # a cell's value, without days and decimals
    if isinstance(value, datetime.date):
        return float((value - datetime.date(1899, 12, 30)).days)
    if column.role == "given" and column.shown and isinstance(value, str):  # read back as its text
        return float(value)
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return float(value)
    return value.code if isinstance(value, ErrorValue) else value


def _trouble(problem: Problem) -> Trouble:
    return Trouble(
        problem.sheet, problem.cell, problem.title, problem.found, problem.allowed, problem.sentence, problem.is_note
    )


def _text(value: object) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def cents(amount: int | float | Decimal) -> Decimal:
    """A cell's number as it was meant: its shortest decimal, to the 分."""
    return Decimal(str(amount)).quantize(_CENT, ROUND_HALF_UP)


def district_in(text: str) -> str:
    """The 区（市） that a text names or is; ELSEWHERE if none."""
    text = re.sub(r"\s", "", text)
    known = text if text in DISTRICTS else ALIASES.get(text, "")
    if known:
        return known
    named = [
        (len(word), name) for word, name in (*((name, name) for name in DISTRICTS), *ALIASES.items()) if word in text
    ]
    return max(named)[1] if named else ELSEWHERE
