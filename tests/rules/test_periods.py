"""Periods: months, weeks and days that two dates reach into, against a walk through the calendar."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdcalc.rules.periods import PERIODS

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31))
NAMED = {
    "月": lambda day: (day.year, day.month),
    "周": lambda day: day.isocalendar()[:2],  # ISO weeks begin on Monday, too
    "日": lambda day: day,
}


@pytest.mark.parametrize("period", PERIODS)
@given(first=DAYS, length=st.integers(0, 500))
def test_as_a_walk_through_the_calendar_counts(period: str, first: datetime.date, length: int) -> None:
    walked = {NAMED[period](first + datetime.timedelta(step)) for step in range(length + 1)}
    index = PERIODS[period]
    assert index(first + datetime.timedelta(length)) - index(first) + 1 == len(walked)
