"""The plain formulas of every function in workbooks of their own, worked out by formualizer or by a real LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import formualizer
from openpyxl.utils import get_column_letter

from qdcalc.recalc.package import open_package
from qdcalc.rules.arguments import ErrorValue
from qdcalc.rules.formula import HELPER, formula
from qdcalc.rules.function import Function
from tests.parity.questions import Question, for_office, typed_plainly
from tests.rules.grid import ROW, Grid, moved
from tests.workbook.office import many_recalculated_by_office, plant_wrong_values

KINDS = {"Na": "#N/A", "Num": "#NUM!", "Value": "#VALUE!"}


def plain_answers(asked: Sequence[Question], folder: Path, *, in_office: bool) -> dict[int, object]:
    folder.mkdir()
    by_name: dict[str, list[int]] = {}
    for number, question in enumerate(asked):
        if "formula" not in question.function.hosts or not question.scalar or not typed_plainly(question):
            continue
        if not in_office or for_office(question):
            by_name.setdefault(question.function.name, []).append(number)
    results: dict[str, tuple[Path, str, list[int]]] = {}
    for name, numbers in by_name.items():
        function = asked[numbers[0]].function
        column = _write(folder / f"{name}.bare.xlsx", function, [asked[number].row for number in numbers])
        planted = folder / f"{name}.xlsx"
        assert plant_wrong_values(folder / f"{name}.bare.xlsx", planted) >= len(numbers)
        results[name] = planted, column, numbers
    if in_office:
        done = many_recalculated_by_office([path for path, _, _ in results.values()], folder)
        read = {
            name: _stored(done[path.name], column, len(numbers)) for name, (path, column, numbers) in results.items()
        }
    else:
        read = {name: _engine(path, column, len(numbers)) for name, (path, column, numbers) in results.items()}
    return {
        number: value for name, numbers in by_name.items() for number, value in zip(numbers, read[name], strict=True)
    }


def _write(path: Path, function: Function, rows: Sequence[Sequence[Any]]) -> str:
    """Returns the column of the results."""
    grid = Grid(function)
    found = formula(function, grid)
    first = len(function.parameters) + 1
    letters = {helper.key: get_column_letter(first + place) for place, helper in enumerate(found.helpers)}
    for number, row in enumerate(rows, start=ROW):
        for index, cell in enumerate(row, start=1):
            if cell is not None:
                target = grid.sheet.cell(number, index)
                target.value = cell
                if isinstance(cell, str):
                    target.data_type = "s"
        for helper in found.helpers:
            text = HELPER.sub(lambda match: f"${letters[match[1]]}{ROW}", helper.formula)
            grid.sheet[f"{letters[helper.key]}{number}"] = moved(text, number)
    grid.book.save(path)
    return letters[found.result]


def _engine(path: Path, column: str, count: int) -> list[object]:
    evaluation = formualizer.EvaluationConfig()
    evaluation.enable_parallel = False
    config = formualizer.WorkbookConfig(mode=formualizer.WorkbookMode.Ephemeral, eval_config=evaluation)
    book = formualizer.Workbook.load_path(str(path), config=config)
    book.evaluate_all()
    book.set_temporal_egress("serial")
    index = _number(column)
    values = book["计算"].get_values(formualizer.RangeAddress("计算", ROW, index, ROW + count - 1, index))
    return [ErrorValue(KINDS.get(cell["kind"], cell["kind"])) if isinstance(cell, dict) else cell for (cell,) in values]


def _stored(path: Path, column: str, count: int) -> list[object]:
    from qdcalc.filled.cells import sheet_values

    with open_package(path) as package:
        values = sheet_values(package)["计算"]
    return [values.get((row, _number(column))) for row in range(ROW, ROW + count)]


def _number(letters: str) -> int:
    found = 0
    for letter in re.sub("[^A-Z]", "", letters):
        found = found * 26 + ord(letter) - 64
    return found
