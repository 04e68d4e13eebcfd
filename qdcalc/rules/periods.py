"""Calendar periods: a date → the number of the month, week or day that it lies in. Two dates in one period share it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping


def _month(day: datetime.date) -> int:
    return day.year * 12 + day.month


def _week(day: datetime.date) -> int:
    """Weeks begin on Monday; day 1 of the calendar was one."""
    return (day.toordinal() - 1) // 7


PERIODS: Mapping[str, Callable[[datetime.date], int]] = {"月": _month, "周": _week, "日": datetime.date.toordinal}
PERIOD_WORDS = {"月": "自然月", "周": "自然周（周一起）", "日": "天"}
