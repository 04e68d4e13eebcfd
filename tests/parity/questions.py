"""What every host is asked: the cases of each function, random and boundary rows, and what `exact` answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qdcalc.policies import functions
from qdcalc.rules.arguments import (
    ArgumentType,
    ChoiceType,
    DayType,
    ErrorValue,
    FlagType,
    NumberType,
    clean,
    from_serial,
)
from qdcalc.rules.function import Function
from tests.hosts.case_cells import cells
from tests.policies.cases import cases, files
from tests.rules.inputs import rows

FIRST_COMMON_DAY = 61
"""1900-03-01, from which on both calendars agree."""
WITHIN = 1e-8
"""Logarithms, roots and powers are rounded to 8 decimals; hosts may differ by one of the last."""


@dataclass(frozen=True)
class Question:
    """One call. `row` are argument cells as a spreadsheet holds them (a list for a range); `want` is what `exact` says:
    a value, or the code of an error."""

    function: Function
    row: tuple[Any, ...]
    want: object
    source: str

    @property
    def scalar(self) -> bool:
        return not any(isinstance(cell, list) for cell in self.row) and not isinstance(self.want, list)

    def __str__(self) -> str:
        return f"{self.function.name}{self.row} ({self.source})"


def questions(count: int) -> list[Question]:
    """All cases, and `count` random rows of every function whose arguments are numbers, names, flags and days."""
    return [*_from_cases(), *_random(count)]


def _from_cases() -> Iterator[Question]:
    for file in files():
        for case in cases(file):
            if case.readings or case.figures:
                continue  # other figures than the law's: not what a cell can ask for
            function = functions()[case.function]
            yield _asked(function, tuple(cells(function, case.words)), str(case))


def _random(count: int) -> Iterator[Question]:
    simple = (NumberType, ChoiceType, FlagType, DayType)
    for function in functions().values():
        kinds = [parameter.type for parameter in function.parameters]
        if not function.traced or not all(isinstance(kind, simple) for kind in kinds):
            continue
        for number, row in enumerate(rows(function, count, seed=6)):
            yield _asked(function, tuple(row), f"random {number}")


def _asked(function: Function, row: tuple[Any, ...], source: str) -> Question:
    answer = function.answer(row)
    return Question(function, row, answer.error.cell_error if answer.error else answer.value, source)


def same(want: object, got: object) -> bool:
    """`got` is what a cell holds: a float, a text, a flag, an ErrorValue, a list of rows."""
    if isinstance(want, str) and want.startswith("#"):
        return isinstance(got, ErrorValue) and got.code == want
    if isinstance(want, list) and len(want) == 1 and isinstance(want[0], list) and len(want[0]) == 1:
        want = want[0][0]  # one cell is a value to most hosts
        got = got[0][0] if isinstance(got, list) else got
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(_row, want, got))
    if isinstance(got, ErrorValue):
        return False
    if isinstance(want, bool):
        return got in (want, float(want)) and not isinstance(got, str)
    if isinstance(want, datetime.date):
        return isinstance(got, (int, float)) and from_serial(int(got)) == want
    if isinstance(want, float):
        return isinstance(got, (int, float)) and abs(float(got) - want) <= WITHIN
    if isinstance(want, (Decimal, int)):
        return isinstance(got, (int, float)) and not isinstance(got, bool) and Decimal(repr(float(got))) == want
    return ("" if want is None else want) == ("" if got is None else got)


def _row(want: object, got: object) -> bool:
    left = want if isinstance(want, list) else [want]
    right = got if isinstance(got, list) else [got]
    return len(left) == len(right) and all(map(same, left, right))


def for_office(question: Question) -> bool:
    """LibreOffice holds a truth value as a number, so it cannot refuse one where a number should stand."""
    flags = (isinstance(item, bool) and not isinstance(kind, FlagType) for kind, item in _cells(question))
    return not any(flags) and not other_calendar(question)


def other_calendar(question: Question) -> bool:
    """A day number before 1900-03-01 is another day to LibreOffice and to a formula than to Excel."""
    return any(
        isinstance(kind, DayType) and isinstance(item, (int, float)) and 0 < item < FIRST_COMMON_DAY
        for kind, item in _cells(question)
    )


def _cells(question: Question) -> Iterator[tuple[ArgumentType, Any]]:
    kinds = [getattr(parameter.type, "of", parameter.type) for parameter in question.function.parameters]
    for place, cell in enumerate(question.row):
        for item in cell if isinstance(cell, list) else [cell]:
            yield kinds[min(place, len(kinds) - 1)], item


def typed_plainly(question: Question) -> bool:
    """Whether every name is typed in the letters of the lists of a plain edition, blanks around it apart: a formula
    makes no half-width letters or brackets of full-width ones."""
    for parameter, cell in zip(question.function.parameters, question.row, strict=False):
        kind = parameter.type
        if isinstance(kind, ChoiceType) and isinstance(cell, str):
            typed = cell.strip(" \u3000")
            if typed not in kind.names and typed != clean(cell):
                return False
    return not other_calendar(question)
