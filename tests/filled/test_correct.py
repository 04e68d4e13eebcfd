"""Nothing is found where nothing is wrong: the committed examples; tests/workbook/test_plain.py does so in the plain edition."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from qdcalc.filled.read import read_book
from qdcalc.workbook.examples import EXAMPLES, Example
from tests.workbook.books import ROOT


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.policy)
def test_a_correct_example_has_no_finding(example: Example) -> None:
    book = read_book(ROOT / "workbooks" / "examples" / f"{example.file}.xlsx")
    assert [str(problem) for problem in book.problems] == []
    assert (book.policy, book.version, book.edition) == (example.policy, "1.0", "functions")
    assert book.recalculated
    assert book.filled_rows > 40


def test_rows_hold_checked_values_and_results() -> None:
    book = read_book(ROOT / "workbooks" / "examples" / "金融高端人才_示例.xlsx")
    people, subsidy = book.of("people")[0], book.of("subsidy")[0]
    assert isinstance(people.fields["office"], str)
    assert people.fields["year"] == Decimal(2018)
    assert len(people.rows) == len(subsidy.rows) == 60
    row, money = people.rows[0], subsidy.rows[0]
    assert row.number == people.table.first + 1
    assert row.position == money.position == 0
    assert isinstance(row.values["name"], str)
    assert isinstance(row.values["pay"], Decimal)
    assert row.values["lawful"] in (True, False)
    assert money.values["manual"] is None
    assert money.fresh["approved"] == money.computed["approved"]
    assert row.ok


def test_dates_and_typed_amounts() -> None:
    book = read_book(ROOT / "workbooks" / "examples" / "四好农村路_示例.xlsx", recalculate=False)
    assert not book.recalculated
    projects = book.of("projects")[0]
    days = [row.values["finished"] for row in projects.rows if row.values["finished"] is not None]
    assert days
    assert all(isinstance(day, datetime.date) for day in days)
    assert not projects.rows[0].fresh
    assert projects.rows[0].results == projects.rows[0].computed
    assert projects.rows[0].values["estimate_typed"] == projects.rows[0].raw["estimate_typed"]
