"""What people type into a cell, and what it means; every refusal says what is allowed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdcalc.errors import CalculationError, InvalidValue
from qdcalc.rules.arguments import (
    ChoiceType,
    DayType,
    ErrorValue,
    FlagType,
    ManyType,
    NumberType,
    TimeType,
    from_serial,
    number_type,
)
from qdcalc.rules.units import half_up

YUAN, SHARE, COUNT, KM = number_type("元"), number_type("比例"), number_type("人"), number_type("公里")
KIND = ChoiceType(("平度市", "莱西市"), {"平度": "平度市"})

GOOD: list[tuple[Any, object, object]] = [
    (YUAN, 650000, Decimal(650000)),
    (YUAN, 0, Decimal(0)),
    (YUAN, 1.005, Decimal("1.01")),
    (YUAN, 0.1 + 0.2, Decimal("0.30")),
    (YUAN, 2.675, Decimal("2.68")),
    (YUAN, 1e12, Decimal(10**12)),
    (YUAN, 1e12 + 0.004, Decimal(10**12)),
    (YUAN, -0.004, Decimal(0)),
    (YUAN, Decimal("0.005"), Decimal("0.01")),
    (KM, 0.0005, Decimal("0.001")),
    (SHARE, 0.16, Decimal("0.16")),
    (SHARE, 1, Decimal(1)),
    (KIND, "　平度 ", "平度市"),
    (FlagType(), "是", True),
    (FlagType(), "ｆａｌｓｅ", False),
    (FlagType(), 1.0, True),
    (DayType(), "2018.8.16", datetime.date(2018, 8, 16)),
    (DayType(), "2018年8月16日", datetime.date(2018, 8, 16)),
    (DayType(), "２０１８-８-１６", datetime.date(2018, 8, 16)),
    (DayType(), "20180816", datetime.date(2018, 8, 16)),
    (DayType(), 20180816, datetime.date(2018, 8, 16)),
    (DayType(), 43328, datetime.date(2018, 8, 16)),
    (DayType(), 43328.75, datetime.date(2018, 8, 16)),
    (DayType(), datetime.datetime(2018, 8, 16, 9), datetime.date(2018, 8, 16)),
    (ManyType(YUAN), [[1], [None], [2.5]], (Decimal(1), None, Decimal("2.5"))),
]  # fmt: skip

BAD: list[tuple[Any, object, str, str]] = [
    (YUAN, "650000", "#VALUE!", "把单元格改为数值"),
    (YUAN, "６５", "#VALUE!", "把单元格改为数值"),
    (YUAN, "六十五万", "#VALUE!", "不是数值"),
    (YUAN, True, "#VALUE!", "逻辑值"),
    (YUAN, -0.01, "#VALUE!", "负数"),
    (YUAN, 1e12 + 0.01, "#NUM!", "超出范围"),
    (YUAN, 1e300, "#NUM!", "超出范围"),
    (YUAN, float("nan"), "#VALUE!", "有效"),
    (YUAN, float("inf"), "#VALUE!", "有效"),
    (YUAN, datetime.date(2018, 8, 16), "#VALUE!", "日期"),
    (YUAN, ErrorValue("#REF!"), "#VALUE!", "#REF!"),
    (YUAN, [[1], [2]], "#VALUE!", "一个单元格"),
    (SHARE, 60, "#VALUE!", "60 应填 60% 或 0.6"),
    (COUNT, 1.5, "#VALUE!", "整数"),
    (KIND, "平度县", "#VALUE!", "平度市、莱西市"),
    (KIND, 3, "#VALUE!", "平度市、莱西市"),
    (FlagType(), "对", "#VALUE!", "是 或 否"),
    (FlagType(), 2, "#VALUE!", "是 或 否"),
    (DayType(), "2018-02-30", "#VALUE!", "2018-08-16"),
    (DayType(), "去年", "#VALUE!", "2018-08-16"),
    (DayType(), 60, "#VALUE!", "日期"),
    (DayType(), 0, "#VALUE!", "日期"),
    (DayType(), True, "#VALUE!", "日期"),
    (ManyType(YUAN), [[1], ["x"]], "#VALUE!", "第2个"),
]


@pytest.mark.parametrize(("kind", "cell", "expected"), GOOD)
def test_what_people_type(kind: Any, cell: object, expected: object) -> None:
    found = kind.from_cell(cell, "参数")
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("kind", "cell", "code", "words"), BAD)
def test_a_refusal_says_what_is_wrong_and_allowed(kind: Any, cell: object, code: str, words: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        kind.from_cell(cell, "参数")
    assert refusal.value.cell_error == code
    assert words in refusal.value.sentence
    assert refusal.value.sentence.startswith("参数")
    assert refusal.value.argument.startswith("参数")


@pytest.mark.parametrize(
    ("kind", "word", "expected"),
    [(YUAN, "1,234,567.895", Decimal("1234567.90")), (SHARE, "60%", Decimal("0.6")), (SHARE, "12.5％", Decimal("0.125")),
     (YUAN, "1e6", Decimal(10**6)), (YUAN, "１２", Decimal(12)), (FlagType(), "1", True)],
)  # fmt: skip
def test_words_of_a_command_line(kind: Any, word: str, expected: object) -> None:
    assert kind.from_text(word, "参数") == expected


@pytest.mark.parametrize("word", ["1,23", "60%", "abc", "1..2", "-", "1e", "0x10", "1_000"])
def test_words_that_are_no_number(word: str) -> None:
    with pytest.raises(CalculationError):
        YUAN.from_text(word, "参数")


@given(st.decimals(0, 10**9, places=4))
def test_a_float_is_settled_as_the_decimal_it_was_typed_as(typed: Decimal) -> None:
    """Up to 15 digits the double of a decimal stands for that decimal alone; rounding happens on the decimal."""
    assert YUAN.from_cell(float(typed), "参数") == half_up(typed, 2)


@given(st.integers(0, 10**14))
def test_every_amount_of_whole_fen_survives_a_float(fen: int) -> None:
    assert YUAN.from_cell(fen / 100, "参数") == Decimal(fen) / 100


@pytest.mark.parametrize(
    ("serial", "day"), [(1, "1900-01-01"), (59, "1900-02-28"), (60, None), (61, "1900-03-01"), (0, None), (-1, None)]
)
def test_serial_numbers_of_the_1900_system(serial: int, day: str | None) -> None:
    assert from_serial(serial) == (datetime.date.fromisoformat(day) if day else None)


def test_every_unit_has_room_for_its_maximum() -> None:
    from qdcalc.rules.units import UNITS

    for unit in UNITS.values():
        assert NumberType(unit).from_cell(unit.maximum, "参数") == unit.maximum


@pytest.mark.parametrize(
    ("text", "minutes"), [("8:30", 510), ("08:30", 510), ("23:59", 1439), ("0:00", 0), ("８：３０", 510)]
)
def test_a_time_of_day_is_a_fraction_of_the_day(text: str, minutes: int) -> None:
    assert abs(TimeType().from_text(text, "签到") * 1440 - minutes) < Decimal("0.000001")
    assert TimeType().from_cell(minutes / 1440, "签到") == TimeType().from_text(text, "签到")


@pytest.mark.parametrize("text", ["24:00", "8:60", "8点半", "830", "8:3", "-1:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"签到：.*不是时刻，应如 8:30"):
        TimeType().from_text(text, "签到")


@pytest.mark.parametrize("cell", [1, 43374.5, -0.1, "8:30", True])
def test_a_cell_that_is_no_time_of_day_is_refused(cell: object) -> None:
    with pytest.raises(CalculationError):
        TimeType().from_cell(cell, "签到")
