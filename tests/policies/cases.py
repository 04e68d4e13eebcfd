"""Reads tests/cases/*.csv: one file a function, one row a case, as they stand in a spreadsheet."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from qdcalc.errors import CalculationError
from qdcalc.rules.function import Answer

FOLDER = Path(__file__).parent.parent / "cases"
FIRST, LAST = ("编号", "说明"), ("期望", "口径", "来源")


@dataclass(frozen=True)
class Case:
    """One row. `words` are the argument cells as typed; "" is a blank one."""

    function: str
    number: str
    note: str
    words: tuple[str, ...]
    expected: str
    readings: dict[str, str]
    figures: dict[str, object]
    source: str

    def __str__(self) -> str:
        return f"{self.function}-{self.number}"


def files() -> list[Path]:
    """The case files of functions; others (未覆盖.csv) are lists for people."""
    return sorted(FOLDER.glob("QD_*.csv"))


def titles(file: Path) -> tuple[str, ...]:
    """The headings of the argument columns."""
    return _rows(file)[0][len(FIRST) : -len(LAST)]


def cases(file: Path) -> Iterator[Case]:
    heading, *rows = _rows(file)
    if heading[: len(FIRST)] != FIRST or heading[-len(LAST) :] != LAST:
        raise ValueError(f"{file.name}：表头应为 编号、说明、各参数、期望、口径、来源")
    for row in rows:
        if len(row) != len(heading):
            raise ValueError(f"{file.name} {row[0]}：应有 {len(heading)} 格，有 {len(row)} 格")
        number, note, *words, expected, trial, source = row
        readings: dict[str, str] = {}
        figures: dict[str, object] = {}
        for part in filter(None, trial.split("；")):
            name, _, value = part.partition("=")
            if name.startswith("figure:"):
                figures[name.removeprefix("figure:")] = _figure(value)
            else:
                readings[name] = value
        yield Case(file.stem, number, note, tuple(words), expected, readings, figures, source)


def _rows(file: Path) -> list[tuple[str, ...]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream) if row]


def _figure(word: str) -> object:
    try:
        return Decimal(word)
    except InvalidOperation:
        return word


def difference(expected: str, answer: Answer, unit: str) -> str:
    """ "" where an answer is what the row expects, else a sentence that says how it differs."""
    shown = printed(answer)
    if expected.startswith("#"):
        code, _, fragment = expected.partition(" ")
        fine = answer.error is not None and answer.error.cell_error == code and fragment in answer.error.sentence
    elif answer.error is not None:
        fine = False
    elif expected.startswith("包含："):
        fine = isinstance(answer.value, str) and expected.removeprefix("包含：") in answer.value
    elif isinstance(answer.value, Decimal):
        fine = Decimal(expected or "NaN") == answer.value and (unit != "元" or shown == expected)
    else:
        fine = shown == expected
    return "" if fine else f"期望 {expected!r}，得到 {shown!r}"


def printed(answer: Answer) -> str:
    """An answer as the 期望 column writes it; a list is joined by |."""
    if answer.error is not None:
        error: CalculationError = answer.error
        return f"{error.cell_error} {error.sentence}"
    return "|".join(_word(cell) for cell in _cells(answer.value))


def _cells(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _cells(item)
    else:
        yield value


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
