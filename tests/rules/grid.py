"""Plain formulas in a real workbook: a figures sheet, an input row per case, helper columns; computed by formualizer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import formualizer as fz
import openpyxl
from openpyxl.utils import get_column_letter

from qdcalc.rules.arguments import ChoiceType
from qdcalc.rules.figures import Band, Figure
from qdcalc.rules.formula import HELPER, formula
from qdcalc.rules.function import Function, Parameter

ROW = 2


class Grid:
    """The `Places` of one function: inputs and helpers on sheet 计算, figures and names on sheet 依据."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.book = openpyxl.Workbook()
        self.sheet = self.book.active
        self.sheet.title = "计算"
        self.facts = self.book.create_sheet("依据")
        self._column = 1
        self._known: dict[tuple[str, int, str], str] = {}
        self._letters = {p.name: get_column_letter(i) for i, p in enumerate(function.parameters, start=1)}

    def argument(self, name: str) -> str | None:
        return f"${self._letters[name]}{ROW}"

    def computed(self, name: str) -> bool:
        return False

    def _put(self, key: tuple[str, int, str], values: Sequence[Any]) -> str:
        if key not in self._known:
            letter = get_column_letter(self._column)
            self._column += 1
            for row, value in enumerate(values, start=1):
                self.facts[f"{letter}{row}"] = value
            self._known[key] = f"依据!${letter}$1:${letter}${len(values)}"
        return self._known[key]

    def figure(self, figure: Figure, version: int) -> str:
        return self._put((figure.path, version, ""), [figure.versions[version].data]).split(":")[0]

    def column(self, figure: Figure, version: int, part: str) -> str:
        data: Any = figure.versions[version].data
        if part == "names":
            values: list[Any] = list(data)
        elif part == "starts":
            values = [band.start for band in data]
        elif part == "keys":
            values = ["|".join(key) for key in data]
        else:
            values = [
                item.gives if isinstance(item, Band) else item
                for item in (data.values() if isinstance(data, dict) else data)
            ]
        return self._put((figure.path, version, part), values)

    def aliases(self, parameter: Parameter) -> tuple[str, str]:
        assert isinstance(parameter.type, ChoiceType)
        pairs = [(name, name) for name in parameter.type.names] + list(parameter.type.aliases.items())
        return (
            self._put((parameter.name, 0, "typed"), [typed for typed, _ in pairs]),
            self._put((parameter.name, 0, "names"), [name for _, name in pairs]),
        )


def write(function: Function, rows: Sequence[Sequence[Any]], path: Path) -> dict[str, int]:
    """A workbook with a row for each call. Returns the columns (from 1) of the result and of the check sentence."""
    grid = Grid(function)
    found = formula(function, grid)
    first = len(function.parameters) + 1
    columns = {helper.key: first + place for place, helper in enumerate(found.helpers)}
    for number, row in enumerate(rows, start=ROW):
        for index, cell in enumerate(row, start=1):
            if cell is not None:
                target = grid.sheet.cell(number, index)
                target.value = cell
                if isinstance(cell, str):
                    target.data_type = "s"
        for helper in found.helpers:
            text = HELPER.sub(lambda match: f"${get_column_letter(columns[match[1]])}{ROW}", helper.formula)
            grid.sheet.cell(number, columns[helper.key]).value = moved(text, number)
    grid.book.save(path)
    return {"result": columns[found.result], "check": columns[found.check]}


def computed(path: Path, columns: Sequence[int], count: int) -> list[list[Any]]:
    """The first `count` rows of some columns, as formualizer works them out."""
    evaluation = fz.EvaluationConfig()
    evaluation.enable_parallel = False
    config = fz.WorkbookConfig(mode=fz.WorkbookMode.Ephemeral, eval_config=evaluation)
    book = fz.Workbook.load_path(str(path), config=config)
    book.evaluate_all()
    book.set_temporal_egress("serial")
    areas = [fz.RangeAddress("计算", ROW, column, ROW + count - 1, column) for column in columns]
    return [[row[0] for row in book["计算"].get_values(area)] for area in areas]


def evaluate(function: Function, rows: Sequence[Sequence[Any]], folder: Path) -> list[tuple[Any, str]]:
    """(result, check sentence) of each row of argument cells, as formualizer computes the plain formulas."""
    path = folder / f"{function.name}.xlsx"
    columns = write(function, rows, path)
    return list(zip(*computed(path, [columns["result"], columns["check"]], len(rows)), strict=True))


def moved(text: str, number: int) -> str:
    """A formula written for row 2, for another row: only column-absolute, row-relative references move."""
    import re

    return re.sub(r"(?<![!$A-Z:])(\$[A-Z]{1,3})2(?!\d)", rf"\g<1>{number}", text)


def serial(day: datetime.date) -> int:
    return (day - datetime.date(1899, 12, 30)).days
