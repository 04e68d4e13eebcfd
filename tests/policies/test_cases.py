"""Every row of tests/cases/*.csv: what a function must answer, written down from the law and not from the code."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from qdcalc.errors import CalculationError, InvalidValue, MissingValue
from qdcalc.policies import find
from qdcalc.rules.function import Answer
from tests.policies.cases import Case, cases, difference, files

ALL = [case for file in files() for case in cases(file)]


def answer(case: Case) -> Answer:
    function = find(case.function)
    if not case.readings and not case.figures:
        return function.answer(case.words, from_text=True)
    policy = function.policy_data.with_figures(case.figures)
    try:
        return Answer(function.compute(function.values(case.words, from_text=True), policy, case.readings))
    except CalculationError as error:
        return Answer(error=error)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_case(case: Case) -> None:
    wrong = difference(case.expected, answer(case), find(case.function).unit)
    assert not wrong, f"{case.note}（{case.source}）：{wrong}"


@pytest.mark.parametrize(
    ("expected", "given", "unit"),
    [
        ("1.00", Answer(Decimal("1.01")), "元"),
        ("1.00", Answer(Decimal("1")), "元"),  # the same number, not printed to the 分
        ("1", Answer(Decimal("1.00")), "元"),
        ("0.1", Answer(Decimal("0.10001")), "比例"),
        ("", Answer(Decimal("0")), "比例"),
        ("达标", Answer("未达标"), ""),
        ("", Answer("有提示"), ""),
        ("包含：标准额", Answer("上限额"), ""),
        ("TRUE", Answer(False), ""),
        ("TRUE", Answer("TRUE "), ""),
        ("2018-09-29", Answer(datetime.date(2018, 9, 28)), ""),
        ("1.00|2.00", Answer([[Decimal("2.00")], [Decimal("1.00")]]), "元"),
        ("#N/A", Answer(Decimal("0")), "元"),
        ("#N/A", Answer(error=InvalidValue("里程：未填写")), "元"),
        ("#N/A 概算", Answer(error=MissingValue("里程：未填写")), "元"),
        ("包含：未填写", Answer(error=MissingValue("里程：未填写")), ""),
    ],
)
def test_a_wrong_answer_is_noticed(expected: str, given: Answer, unit: str) -> None:
    assert difference(expected, given, unit)


@pytest.mark.parametrize(
    ("expected", "given", "unit"),
    [
        ("1.00", Answer(Decimal("1.00")), "元"),
        ("0.10", Answer(Decimal("0.1")), "比例"),
        ("TRUE", Answer(True), ""),
        ("2018-09-29", Answer(datetime.date(2018, 9, 29)), ""),
        ("1.00||2.00", Answer([[Decimal("1.00")], [""], [Decimal("2.00")]]), "元"),
        ("#N/A 里程", Answer(error=MissingValue("里程：未填写")), "元"),
    ],
)
def test_a_right_answer_passes(expected: str, given: Answer, unit: str) -> None:
    assert not difference(expected, given, unit)
