"""Sign-in and sign-out columns as people keep them, and the valid days of one person in a month."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from qdcalc.errors import InvalidValue, UnknownName
from qdcalc.rules.arguments import DayType, TextType, clean

NAMES, SIGN_INS, SIGN_OUTS, NAME = "姓名列", "签到列", "签退列", "姓名"
_TIME = re.compile(r"(?<=[\d日])[ T]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


@dataclass(frozen=True)
class StampType(DayType):
    """A date with or without a time of day; the time is dropped, as the text defines no hours (C18)."""

    def from_text(self, text: str, title: str) -> datetime.date:
        return super().from_text(_TIME.sub("", clean(text)), title)

    def help(self) -> str:
        return "日期或日期加时刻，如 2018-09-05 08:30；没有签的留空"


@dataclass(frozen=True)
class NameType(TextType):
    """A person's name without the blanks that are put in to align a column."""

    def from_cell(self, cell: object, title: str) -> str:
        return "".join(unicodedata.normalize("NFKC", super().from_cell(cell, title)).split())


def valid_days(
    names: Sequence[str | None],
    sign_ins: Sequence[datetime.date | None],
    sign_outs: Sequence[datetime.date | None],
    name: str,
    month: datetime.date,
) -> int:
    """The days of the month on which the person signed both in and out, each once. Raises InvalidValue."""
    for title, column in ((SIGN_INS, sign_ins), (SIGN_OUTS, sign_outs)):
        if len(column) != len(names):
            raise InvalidValue(f"{title}：有 {len(column)} 行，{NAMES}有 {len(names)} 行，应选同样的行", title)
    arrived: set[datetime.date] = set()
    left: set[datetime.date] = set()
    for position, (person, sign_in, sign_out) in enumerate(zip(names, sign_ins, sign_outs, strict=True), start=1):
        if person is None and (sign_in or sign_out):
            raise InvalidValue(f"{NAMES}：第{position}行有签到或签退而没有姓名，请补填", NAMES)
        if person == name:
            arrived |= {sign_in} if sign_in else set()
            left |= {sign_out} if sign_out else set()
    if name not in names:
        raise UnknownName(f"{NAME}：{NAMES}里没有“{name}”；当月没有签到的人也应列出，签到、签退留空", NAME)
    return sum((day.year, day.month) == (month.year, month.month) for day in arrived & left)
