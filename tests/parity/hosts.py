"""Each host answers all questions, its own way. What it cannot be asked (a column that takes a range) it passes over."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from qdcalc.hosts.libreoffice import bundle
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.package import open_package
from qdcalc.rules.arguments import ErrorValue
from qdcalc.rules.columns import columns
from qdcalc.rules.function import Function
from tests.hosts import office
from tests.parity.plain import plain_answers
from tests.parity.questions import Question, for_office

PLANTED = 123456.789
ERRORS = {32767: "#N/A", 519: "#VALUE!", 503: "#NUM!"}
_ONE_CELL = 3
"""Every third argument of a cell is handed over as a range of one cell."""

Answers = dict[int, object]
"""Number of a question → what the host gives."""


def by_function(asked: Sequence[Question]) -> Iterator[tuple[Function, list[int]]]:
    found: dict[str, list[int]] = {}
    for number, question in enumerate(asked):
        found.setdefault(question.function.name, []).append(number)
    for numbers in found.values():
        yield asked[numbers[0]].function, numbers


# ---------------------------------------------------------------------- columns
def from_columns(asked: Sequence[Question], folder: Path) -> Answers:
    found: Answers = {}
    for function, numbers in by_function(asked):
        if "columns" not in function.hosts:
            continue
        numbers = [number for number in numbers if asked[number].scalar]
        table = {
            parameter.name: [_at(asked[number].row, place) for number in numbers]
            for place, parameter in enumerate(function.parameters)
        }
        if not numbers:
            continue
        result = columns(function, table) if table else None
        assert result is not None
        failed = dict(zip(result.failures["row"].to_list(), result.failures["sentence"].to_list(), strict=True))
        for place, number in enumerate(numbers):
            value = result.values[place]
            found[number] = _told(failed[place], asked[number]) if place in failed else _cell(value)
    return found


def _told(sentence: str, question: Question) -> object:
    """A failing row has the sentence of `exact`, from which its code follows."""
    answer = question.function.answer(question.row)
    same = answer.error is not None and answer.error.sentence == sentence
    return ErrorValue(answer.error.cell_error) if same and answer.error is not None else f"#{sentence}"


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _cell(value: Any) -> object:

    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return float((value - datetime.date(1899, 12, 30)).days)
    return value


# ---------------------------------------------------------------------- Excel through xlwings
def from_xlwings(asked: Sequence[Question], folder: Path) -> Answers:
    """The generated functions themselves; xlwings hands every argument over as rows of cells."""
    module = importlib.import_module("udfs.excel")
    found: Answers = {}
    for number, question in enumerate(asked):
        arguments = [_rows(cell) for cell in question.row]
        required = sum(parameter.required for parameter in question.function.parameters)
        while len(arguments) > required and arguments[-1] == [[None]]:
            arguments.pop()  # what is omitted
        found[number] = _excel(getattr(module, question.function.name)(*arguments))
    return found


def _rows(cell: Any) -> list[list[Any]]:
    if isinstance(cell, list):
        return [[_excel_cell(item)] for item in cell]
    return [[_excel_cell(cell)]]


def _excel_cell(cell: Any) -> Any:
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _excel(value: Any) -> object:
    if isinstance(value, list):
        return [[_excel(cell) for cell in row] for row in value]
    if isinstance(value, str) and value.startswith("#"):
        return ErrorValue(value.partition(" ")[0])
    return _cell(value)


# ---------------------------------------------------------------------- a workbook with QD functions
@dataclass(frozen=True)
class Placed:
    row: int
    height: int
    width: int


def workbook(path: Path, asked: Sequence[Question], start: str) -> dict[int, Placed]:
    """A row a question, with a wrong value planted in every formula; `start` spells the functions."""
    places: dict[int, Placed] = {}
    row = 0
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("问")
        for number, question in enumerate(asked):
            want = question.want
            height, width = (len(want), len(_listed(want[0]))) if isinstance(want, list) and want else (1, 1)
            references, deepest = [], height
            for column, cell in enumerate(question.row, start=6):
                listed = cell if isinstance(cell, list) else [cell]
                deepest = max(deepest, len(listed))
                for below, item in enumerate(listed):
                    if isinstance(item, str):
                        sheet.write_string(row + below, column, item)
                    elif item is not None:
                        sheet.write(row + below, column, item)
                first, last = xl_rowcol_to_cell(row, column), xl_rowcol_to_cell(row + len(listed) - 1, column)
                whole = len(listed) > 1 or (number + column) % _ONE_CELL == 0
                references.append(f"{first}:{last}" if whole else first)
            formula = f"={start}{question.function.name[3:]}({','.join(references)})"
            if (height, width) == (1, 1):
                sheet.write_formula(row, 0, formula, None, PLANTED)
            else:
                sheet.write_array_formula(row, 0, row + height - 1, width - 1, formula, None, PLANTED)
            places[number] = Placed(row, height, width)
            row += deepest
    return places


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _shaped(place: Placed, at: Any) -> object:
    rows = [[at(place.row + row, column) for column in range(place.width)] for row in range(place.height)]
    return rows[0][0] if (place.height, place.width) == (1, 1) else rows


def from_recalculation(asked: Sequence[Question], folder: Path) -> Answers:
    """qdcalc recalc over the workbook."""
    from qdcalc.filled.cells import sheet_values

    places = workbook(folder / "recalc.xlsx", asked, "QD_")
    recalc_book(folder / "recalc.xlsx", folder / "recalculated.xlsx")
    with open_package(folder / "recalculated.xlsx") as package:
        values = sheet_values(package)["问"]
    return {
        number: _shaped(place, lambda row, column: values.get((row + 1, column + 1)))
        for number, place in places.items()
    }


def from_addin(asked: Sequence[Question], folder: Path) -> Answers:
    """The extension in a real LibreOffice."""
    bundle.unpack(folder / "bundled" / "qdcalc.oxt")
    fit = [number for number, question in enumerate(asked) if for_office(question)]
    places = workbook(folder / "addin.xlsx", [asked[number] for number in fit], "QD.")
    last = max(place.row + place.height for place in places.values())
    steps = [{"do": "file", "url": (folder / "addin.xlsx").as_uri(), "read": {"问": f"A1:F{last}"}}]
    cells = office.run(folder, steps)[0]["问"]

    def at(row: int, column: int) -> object:
        cell = cells[row][column]
        return ErrorValue(ERRORS.get(cell["error"], f"Err:{cell['error']}")) if "error" in cell else cell["value"]

    return {fit[place]: _shaped(where, at) for place, where in places.items()}


# ---------------------------------------------------------------------- plain formulas
def from_plain_formualizer(asked: Sequence[Question], folder: Path) -> Answers:
    return plain_answers(asked, folder / "plain-engine", in_office=False)


def from_plain_office(asked: Sequence[Question], folder: Path) -> Answers:
    return plain_answers(asked, folder / "plain-office", in_office=True)


HOSTS = {
    "整列（Polars）": from_columns,
    "xlwings 函数": from_xlwings,
    "qdcalc recalc（formualizer）": from_recalculation,
    "LibreOffice 加载项": from_addin,
    "普通公式（formualizer）": from_plain_formualizer,
    "普通公式（LibreOffice）": from_plain_office,
}
