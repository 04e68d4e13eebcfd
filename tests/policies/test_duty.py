"""百名局长 (D9): rosters as cells hold them, and what an officer is warned of."""

from __future__ import annotations

import datetime

import pytest

from qdcalc.policies import find
from qdcalc.rules.wording import notices

DAYS = find("QD_DUTY_DAYS")


@pytest.mark.parametrize(
    ("sign_in", "sign_out"),
    [
        (43348.354, 43348.75),  # serial numbers with a time of day
        (datetime.datetime(2018, 9, 5, 8, 30), datetime.datetime(2018, 9, 5, 23, 59, 59)),
        (datetime.date(2018, 9, 5), "2018-09-05 17:30:00"),
        ("2018.9.5 8:30", "2018年9月5日 17:30"),
        ("2018-09-05T08:30:00.123", "20180905 17:30"),
    ],
)
def test_a_time_of_day_is_no_matter(sign_in: object, sign_out: object) -> None:
    roster = [[["张三"], ["李四"]], [[sign_in], [None]], [[sign_out], [None]]]
    assert DAYS.answer([*roster, "张三", "2018-09-30"]).value == 1
    assert DAYS.answer([*roster, "李四", "2018-09-30"]).value == 0
    assert DAYS.answer([*roster, "张三", "2018-10-01"]).value == 0


@pytest.mark.parametrize("cell", [0.354, "08:30", True, "2018-09-05 8点", "2018-09-05 08", "2018-13-05 08:30"])
def test_what_is_no_date_is_an_error(cell: object) -> None:
    error = DAYS.answer([[["张三"]], [[cell]], [["2018-09-05"]], "张三", "2018-09-30"]).error
    assert error is not None
    assert error.argument.startswith("签到列")


def test_a_person_who_is_not_listed_is_an_error_that_says_what_to_do() -> None:
    error = DAYS.answer([[["张三"]], [["2018-09-05"]], [["2018-09-05"]], "张叁", "2018-09-30"]).error
    assert error is not None
    assert "当月没有签到的人也应列出" in error.sentence


def test_half_a_day_beyond_the_first_is_noticed() -> None:
    check = find("QD_DUTY_CHECK")
    warned = ("天数带半天：两个半天不折成1天，请核对是否把半天相加",)
    assert notices(check, [1.5, "2018-09-30"]) == warned
    for days, month in ((1, "2018-09-30"), (0.5, "2018-09-30"), (2, "2018-09-30"), (1.5, "2018-08-31")):
        assert notices(check, [days, month]) == ()
