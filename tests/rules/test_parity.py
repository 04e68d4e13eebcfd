"""One tree, three evaluators: the same value, or the same kind of error, for random and boundary inputs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qdcalc.policies import functions
from qdcalc.rules.arguments import NumberType, from_serial
from qdcalc.rules.columns import columns
from qdcalc.rules.function import Function
from tests.rules.grid import evaluate
from tests.rules.inputs import rows

TRACED = [function for function in functions().values() if function.traced]
ROWS = 120
KINDS = {"Na": "#N/A", "Num": "#NUM!", "Value": "#VALUE!"}


def exact(function: Function, cells: Sequence[Any]) -> Any:
    answer = function.answer(cells)
    return answer.error.cell_error if answer.error else answer.value


@pytest.mark.parametrize("function", TRACED, ids=lambda function: function.name)
def test_columns_give_what_exact_gives(function: Function) -> None:
    cells = rows(function, ROWS * 2)
    expected = [exact(function, row) for row in cells]
    table = {parameter.name: [row[i] for row in cells] for i, parameter in enumerate(function.parameters)}
    found = columns(function, table)
    failed = dict(zip(found.failures["row"].to_list(), found.failures["sentence"].to_list(), strict=True))
    for number, (row, want) in enumerate(zip(cells, expected, strict=True)):
        got = found.values[number]
        if isinstance(want, str) and want.startswith("#"):
            assert got is None, row
            answer = function.answer(row)
            assert answer.error is not None
            assert failed[number] == answer.error.sentence
        else:
            assert number not in failed, row
            assert got == want, row
    assert any(not str(want).startswith("#") for want in expected), "no row reached the rule"


@pytest.mark.parametrize("function", TRACED, ids=lambda function: function.name)
def test_float_columns_give_what_exact_gives(function: Function) -> None:
    """Number arguments as true Float64 columns, which take the fast path."""
    cells = [
        row
        for row in rows(function, ROWS * 3, seed=7)
        if all(not isinstance(cell, str) or cell.strip() for cell in row)
    ]
    table: dict[str, Any] = {}
    for i, parameter in enumerate(function.parameters):
        column = [row[i] for row in cells]
        if isinstance(parameter.type, NumberType):
            column = [
                float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None
                for cell in column
            ]
            table[parameter.name] = pl.Series(column, dtype=pl.Float64)
        else:
            table[parameter.name] = column
    found = columns(function, table)
    for number in range(len(cells)):
        row = [table[parameter.name][number] for parameter in function.parameters]
        want = exact(function, row)
        got = found.values[number]
        assert (got is None) if isinstance(want, str) and want.startswith("#") else got == want, row


@pytest.mark.parametrize("function", TRACED, ids=lambda function: function.name)
def test_formulas_give_what_exact_gives(function: Function, tmp_path: Path) -> None:
    cells = rows(function, ROWS, seed=3)
    for row, (got, sentence) in zip(cells, evaluate(function, cells, tmp_path), strict=True):
        want = exact(function, row)
        if isinstance(want, str) and want.startswith("#"):
            assert isinstance(got, dict), (row, want, got)
            assert KINDS[got["kind"]] == want, (row, sentence)
            assert sentence, row
        elif isinstance(want, Decimal):
            assert not isinstance(got, (dict, str)), (row, want, got, sentence)
            assert Decimal(repr(float(got))) == want, (row, want, got)
        elif isinstance(want, datetime.date):
            assert not isinstance(got, (dict, str)), (row, want, got, sentence)
            assert (got if isinstance(got, datetime.date) else from_serial(int(got))) == want, (row, want, got)
        else:
            assert got == want, (row, want, got, sentence)
