"""A provision calculated as a whole column, against the same workbook with a call of each cell."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from qdcalc.policies import functions
from qdcalc.recalc import book, whole
from qdcalc.rules.arguments import AnyType, ErrorValue
from qdcalc.rules.columns import columns
from qdcalc.rules.function import Function
from tests.policies.cases import cases
from tests.recalc.cells import F, recalculated, workbook

CASES = Path(__file__).parents[1] / "cases"
ODD: list[object] = [
    None,
    "",
    "甲",
    " 650,000 元",
    True,
    -1.0,
    0.0,
    199999.995,
    0.1 + 0.2,
    1e15,
    1e300,
    ErrorValue("#N/A"),
]


def fitting() -> list[Function]:
    return [
        function
        for function in functions().values()
        if "columns" in function.hosts
        and not any(parameter.many or isinstance(parameter.type, AnyType) for parameter in function.parameters)
    ]


def letters(number: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number]


def typed(word: str) -> object:
    """A word of a case as a cell holds it: a number where it is one."""
    try:
        return float(word)
    except ValueError:
        return {"": None, "TRUE": True, "FALSE": False}.get(word, word)


def filled(function: Function) -> dict[str, object]:
    """The cases of a function down a sheet, and its first case with each odd value in each place."""
    lines = [[typed(word) for word in case.words] for case in cases(CASES / f"{function.name}.csv")][:60]
    width = len(function.parameters)
    lines = [(line + [None] * width)[:width] for line in lines]
    for place, value in itertools.product(range(width), ODD):
        lines.append([*lines[0][:place], value, *lines[0][place + 1 :]])
    cells: dict[str, object] = {}
    for row, line in enumerate(lines, 2):
        for number, value in enumerate(line):
            if value is not None:
                cells[f"{letters(number)}{row}"] = value
        names = ",".join(f"{letters(number)}{row}" for number in range(width))
        cells[f"Y{row}"] = F(f"{function.name}({names})", -1)
        cells[f"Z{row}"] = F(f'IFERROR(Y{row}&"",0)', "")
    return cells


@pytest.mark.parametrize("function", fitting(), ids=lambda function: function.name)
def test_a_whole_column_is_what_its_cells_are(
    function: Function, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = workbook(tmp_path / "in.xlsx", filled(function))
    reports = []
    calls: list[str] = []

    def counted(function: Function, cells: object) -> object:
        calls.append(function.name)
        return columns(function, cells)  # type: ignore[arg-type]

    monkeypatch.setattr("qdcalc.rules.columns.columns", counted)
    for least, name in ((2, "whole.xlsx"), (10**6, "cells.xlsx")):
        monkeypatch.setattr(whole, "LEAST", least)
        report = book.recalc_book(source, tmp_path / name)
        reports.append((report.failures, report.errors, report.changed, report.kept, report.skipped))
    assert calls == [function.name]
    assert reports[0] == reports[1]
    assert (tmp_path / "whole.xlsx").read_bytes() == (tmp_path / "cells.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("formula", "whole_column"),
    [
        ("QD_TALENT_SUBSIDY(A{r})", True),
        ("QD_TALENT_SUBSIDY('表'!$A{r})", True),
        ("QD_TALENT_SUBSIDY(A{r},)", True),
        ("QD_TALENT_SUBSIDY(A$2)", False),  # one value for all
        ("QD_TALENT_SUBSIDY(A{r})+1", False),
        ("QD_TALENT_SUBSIDY(A{r}+1)", False),
        ("QD_TALENT_SUBSIDY(B{r})", False),  # a formula
        ("QD_TALENT_SUBSIDY(A{r}:A{r})", False),
        ("QD_TALENT_SUBSIDY(A:A)", False),
        ("IF(A{r}>0,QD_TALENT_SUBSIDY(A{r}))", False),
        ("QD_TALENT_SUBSIDY(D{r})", False),  # below an array formula
    ],
)
def test_only_plain_calls_of_constants_are_taken_as_columns(
    formula: str, whole_column: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "LEAST", 2)
    found: list[int] = []
    monkeypatch.setattr(book, "calculate", lambda engine, columns: found.append(len(columns)))
    cells: dict[str, object] = {"D2": F("A2:A9", 1, area="D2:D9")}
    for row in range(2, 10):
        cells |= {f"A{row}": 650000.0 + row, f"B{row}": F(f"A{row}*2", 1), f"C{row}": F(formula.format(r=row), 1)}
        cells |= {f"D{row}": 5} if row > 2 else {}
    book.recalc_book(workbook(tmp_path / "in.xlsx", cells), tmp_path / "out.xlsx")
    assert found == [int(whole_column)]


def test_comparing_a_cell_with_0_is_what_excel_does(tmp_path: Path) -> None:
    # less, equal, greater than 0; an error stays one
    given: list[tuple[object, str]] = [
        (1.0, ">"), (-1.0, "<"), (0.0, "="), (-0.0, "="), (1e-5, ">"), (-1e-5, "<"), (None, "="), ("", ">"),
        ("x", ">"), ("-1", ">"), (True, ">"), (False, ">"), (F("DATE(2018,1,1)"), ">"),
        (F('""'), ">"), (F("1=2"), ">"),
    ]  # fmt: skip
    truths = {">": ("<>", ">", ">="), "<": ("<>", "<", "<="), "=": ("=", "<=", ">=")}
    signs = ("=", "<>", "<", ">", "<=", ">=")
    cells: dict[str, object] = {}
    for row, (value, _) in enumerate([*given, (F("1/0"), "")], 1):
        cells |= {} if value is None else {f"A{row}": value}
        cells |= {f"{letters(2 + place)}{row}": F(f"A{row}{sign}0") for place, sign in enumerate(signs)}
    found, _ = recalculated(tmp_path, cells)
    for row, (value, order) in enumerate(given, 1):
        answers = [found[f"{letters(2 + place)}{row}"] for place in range(6)]
        assert answers == [sign in truths[order] for sign in signs], value
    assert [found[f"{letters(2 + place)}{len(given) + 1}"] for place in range(6)] == ["#DIV/0!"] * 6
