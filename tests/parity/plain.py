"""The plain formulas of every function in workbooks of their own, worked out by formualizer or by a real LibreOffice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qdcalc.recalc.package import open_package
from qdcalc.rules.arguments import ErrorValue
from tests.parity.questions import Question, for_office, typed_plainly
from tests.rules.grid import ROW, computed, write
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
    results: dict[str, tuple[Path, int, list[int]]] = {}
    for name, numbers in by_name.items():
        function = asked[numbers[0]].function
        rows = [asked[number].row for number in numbers]
        column = write(function, rows, folder / f"{name}.bare.xlsx")["result"]
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


def _engine(path: Path, column: int, count: int) -> list[object]:
    (cells,) = computed(path, [column], count)
    return [ErrorValue(KINDS.get(cell["kind"], cell["kind"])) if isinstance(cell, dict) else cell for cell in cells]


def _stored(path: Path, column: int, count: int) -> list[object]:
    from qdcalc.filled.cells import sheet_values

    with open_package(path) as package:
        values = sheet_values(package)["计算"]
    return [values.get((row, column)) for row in range(ROW, ROW + count)]
