"""Cells that people fill in → checked values. The models of rows come from the layout: one pydantic model a table, its
types and titles those of the functions' arguments, so that every wrong cell of a row is told, not the first."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field, PlainValidator, ValidationError, create_model
from pydantic_core import PydanticCustomError

from qdcalc.errors import CalculationError, OutOfRange
from qdcalc.filled.model import Value
from qdcalc.recalc.values import CellValue, ErrorValue
from qdcalc.rules.arguments import ArgumentType, ChoiceType, DayType, FlagType, NumberType, TimeType, clean, is_blank
from qdcalc.rules.units import plain
from qdcalc.workbook.plan import TablePlan

_SCALE = {"元": 0, "万元": 4}
"""decimals more, for an amount that is typed in this unit"""
_ISO_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?Z?")
_DAYS_1904 = 1462
_NUMERIC = re.compile(r"[+-]?[\d,.]*\d[\d,.]*(?:[eE][+-]?\d+)?")


class Entry:
    """One column or field: from a cell to a value, or a PydanticCustomError whose type is a kind of problem.

    `compared`: formulas compare the cell with standard names, so an alias will not do.
    """

    def __init__(
        self, title: str, kind: ArgumentType, required: bool, *, unit: str = "", date1904: bool = False,
        compared: bool = True,
    ) -> None:  # fmt: skip
        self.title, self.required, self.date1904, self.compared = title, required, date1904, compared
        more = _SCALE.get(unit, 0)
        if more and isinstance(kind, NumberType):
            kind = replace(kind, unit=replace(kind.unit, decimals=kind.unit.decimals + more))
        self.kind = kind
        self.unit = unit

    def __call__(self, cell: object) -> Value:
        if is_blank(cell):
            if self.required:
                raise self.wrong("blank", "", self.allowed)
            return None
        kind = self.kind
        if isinstance(kind, DayType):
            cell = self._day(cell)
        try:
            value = kind.from_cell(cell, self.title)
        except CalculationError as error:
            raise self.refusal(cell, error) from None
        if isinstance(kind, NumberType):
            assert isinstance(value, Decimal)
            self._decimals(cell, value)
        if isinstance(kind, ChoiceType) and self.compared and isinstance(cell, str) and cell != value:
            raise self.wrong("alias", cell, str(value), value=value)
        assert value is None or isinstance(value, (Decimal, str, bool, datetime.date))
        return value

    def read(self, cell: object) -> tuple[Value, tuple[str, Mapping[str, Any]] | None]:
        """The value of a cell, and what is wrong with it."""
        try:
            return self(cell), None
        except PydanticCustomError as error:
            words = error.context or {}
            return words.get("value"), (error.type, words)

    def wrong(
        self, kind: str, found: str, allowed: str, *, hint: str = "", value: object = None
    ) -> PydanticCustomError:
        context = {"found": found, "allowed": allowed, "hint": hint, "value": value}
        return PydanticCustomError(kind, "{found}", context)

    def refusal(self, cell: object, error: CalculationError) -> PydanticCustomError:
        """The kind of problem that an argument type's refusal is."""
        found, kind = shown(cell), self.kind
        if isinstance(cell, ErrorValue) or (isinstance(cell, str) and cell.startswith("#")):
            return self.wrong("error_typed", found, self.allowed)
        if isinstance(kind, NumberType):
            if isinstance(cell, str):
                numeric = _NUMERIC.fullmatch(clean(cell)) is not None
                return self.wrong("text_number" if numeric else "not_a_number", found, self.allowed)
            if isinstance(cell, bool):
                return self.wrong("not_a_number", found, self.allowed)
            number = exact(cell)
            if number is not None and kind.low <= number <= kind.high:
                return self.wrong("decimals", found, self.allowed)
            if number is not None and number < 0 <= kind.low and not isinstance(error, OutOfRange):
                return self.wrong("negative", found, self.allowed)
            return self.wrong("out_of_range", found, self.allowed)
        if isinstance(kind, DayType):
            return self.wrong("not_a_date", found, self.allowed)
        return self.wrong("not_a_choice", found, self.allowed, hint=self.closest(found))

    def closest(self, word: str) -> str:
        return closest(word, names_of(self.kind))

    def _day(self, cell: object) -> object:
        if isinstance(cell, float) and self.date1904 and cell < 1_000_000:
            return cell + _DAYS_1904
        moment = _ISO_MOMENT.fullmatch(cell) if isinstance(cell, str) else None
        return moment[1] if moment else cell

    def _decimals(self, cell: object, value: Decimal) -> None:
        """A number with more decimals than its unit has is told: the functions would round it without a word."""
        number = exact(cell)
        if number is not None and number != value and not isinstance(self.kind, TimeType):
            raise self.wrong("decimals", shown(cell), self.allowed, value=value)

    @property
    def allowed(self) -> str:
        kind = self.kind
        if isinstance(kind, TimeType):
            return kind.help()
        if isinstance(kind, NumberType):
            unit = self.unit or kind.unit.name
            what = "整数" if kind.unit.whole else f"至多{kind.unit.decimals}位小数"
            if unit == "比例":
                return f"{plain(kind.low * 100)}% 至 {plain(kind.high * 100)}%，{what}"
            return f"{plain(kind.low)} 至 {kind.high:,f}{' ' + unit if unit else ''}，{what}"
        if isinstance(kind, DayType):
            return "日期，如 2018-08-16"
        names = names_of(kind)
        return "、".join(names)


def names_of(kind: ArgumentType | None) -> tuple[str, ...]:
    if isinstance(kind, ChoiceType):
        return kind.names
    return ("是", "否") if isinstance(kind, FlagType) else ()


def closest(word: str, names: Iterable[str]) -> str:
    """（是不是“平度市”？）, or "" where nothing is near."""
    near = difflib.get_close_matches(clean(word), list(names), n=1, cutoff=0.5)
    return f"（是不是“{near[0]}”？）" if near else ""


def exact(cell: object) -> Decimal | None:
    """A cell's number with the 15 digits that spreadsheets show: 0.1+0.2 is 0.3."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return None
    return Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")


def shown(cell: object) -> str:
    """A cell in a sentence."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, ErrorValue):
        return cell.code
    if isinstance(cell, float):
        number = exact(cell)
        return plain(number) if number is not None and abs(number) < 10**21 else repr(cell)
    text = str(cell)
    return text if len(text) <= 60 else text[:59] + "…"


Refusal = tuple[str, str, Mapping[str, Any]]
"""(column key, kind of problem, its words)"""


class RowModel:
    """The rows of one table. Built once a table and file; a row takes some ten microseconds."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self._names = {key: f"column_{number}" for number, key in enumerate(entries)}  # a key may be "copy" or "class"
        fields: dict[str, Any] = {
            self._names[key]: (Annotated[Any, PlainValidator(entry)], Field(alias=key))
            for key, entry in entries.items()
        }
        self._model: type[BaseModel] = create_model("Row", **fields)

    def check(self, raw: Mapping[str, CellValue]) -> tuple[dict[str, Value], list[Refusal]]:
        """The values of a row, and every cell that is refused."""
        try:
            row = self._model.model_validate(raw)
        except ValidationError as error:
            refused: list[Refusal] = [
                (str(item["loc"][0]), item["type"], item.get("ctx", {})) for item in error.errors(include_url=False)
            ]
        else:
            return {key: getattr(row, name) for key, name in self._names.items()}, []
        bad = {key: words for key, _, words in refused}
        values: dict[str, Value] = {
            key: bad[key].get("value") if key in bad else self.entries[key](cell) for key, cell in raw.items()
        }
        return values, refused


def row_model(
    table: TablePlan,
    unit_of: Callable[[str], str],
    *,
    date1904: bool = False,
    without: Iterable[str] = (),
    compared: Container[tuple[str, str]] = (),
) -> RowModel:
    """`unit_of` gives the unit that a field says, for amounts typed in it; `without`: columns the sheet does not have;
    `compared`: (sheet key, column key) of those where only standard names count."""  # fmt: skip
    entries: dict[str, Entry] = {}
    for column in table.inputs:
        if column.key in without or column.type is None:
            continue
        scaled = getattr(column.spec, "scaled", "")
        unit = unit_of(scaled) if scaled else ""
        entries[column.key] = Entry(
            column.title, column.type, column.required, unit=unit, date1904=date1904,
            compared=(table.key, column.key) in compared,
        )  # fmt: skip
    return RowModel(entries)
