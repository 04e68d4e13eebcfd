"""The cases of tests/cases as cells of a workbook: what a person would have typed into a spreadsheet for each word."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from qdcalc.policies import functions
from qdcalc.policies.common.targets import MeasureType
from qdcalc.policies.energy.checklist import AnswerType
from qdcalc.rules.arguments import AnyType, ArgumentType, DayType, FlagType, ManyType, NumberType, clean
from qdcalc.rules.function import Function

Cell = float | str | None
NUMBER = re.compile(r"[+-]?\d+(,\d{3})*(\.\d*)?([eE][+-]?\d{1,3})?")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def cells(function: Function, words: tuple[str, ...]) -> list[Cell | list[Cell]]:
    """One entry an argument; a list for an argument that takes a range."""
    found: list[Cell | list[Cell]] = []
    for position, word in enumerate(words):
        kind = _type(function, position, words)
        if isinstance(kind, ManyType):
            found.append([cell(kind.of, part) for part in word.split("|")] if word else None)
        else:
            found.append(cell(kind, word))
    return found


def _type(function: Function, position: int, words: tuple[str, ...]) -> ArgumentType:
    kind = function.parameters[min(position, len(function.parameters) - 1)].type
    if isinstance(kind, AnyType):
        named = functions().get(clean(words[0]).upper())
        if named is not None and position - 1 < len(named.parameters):
            return named.parameters[position - 1].type
    return kind


def cell(kind: ArgumentType, word: str) -> Cell:
    text = clean(word)
    if not text:
        return None
    if isinstance(kind, (NumberType, AnswerType)):
        shares = isinstance(kind, (MeasureType, AnswerType)) or kind.unit.name == "比例"
        percent = shares and text.endswith("%")
        digits = text.removesuffix("%").strip() if percent else text
        if not NUMBER.fullmatch(digits):
            return word
        number = Decimal(digits.replace(",", ""))
        return float(number / 100 if percent else number)
    if isinstance(kind, FlagType) and text in ("0", "1"):
        return float(text)
    day = DAY.fullmatch(text) if isinstance(kind, DayType) else None
    if day is not None:
        try:
            return float((datetime.date(*map(int, day.groups())) - datetime.date(1899, 12, 30)).days)
        except ValueError:  # no such day: stays a text
            return word
    return word


def serial(day: str) -> float:
    return float((datetime.date.fromisoformat(day) - datetime.date(1899, 12, 30)).days)
