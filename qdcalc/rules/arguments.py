"""Argument types: from what a cell or a command line holds to a value, or an error that helps.

One coercion for every host. A number enters once: the shortest decimal that reads back as the same double, rounded half
up to its unit's decimals, before anything compares it. A blank is never 0, a text is never a number.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from qdcalc.errors import InvalidValue, MissingValue, OutOfRange, UnknownName
from qdcalc.rules.units import UNITS, Unit, half_up, plain


@dataclass(frozen=True)
class ErrorValue:
    """A cell that holds an error, such as #N/A."""

    code: str


@dataclass(frozen=True)
class ArgumentType:
    """Base of the types. `many` types take a whole range as one value."""

    @property
    def many(self) -> bool:
        return False

    def from_cell(self, cell: object, title: str) -> object:
        """A cell's value (number, text, flag, date, ErrorValue) as this type. Raises CalculationError. Never gets a blank."""
        raise NotImplementedError  # abstract: each type has its own

    def from_text(self, text: str, title: str) -> object:
        """The same for a word of the command line or a CSV cell, where everything is text."""
        return self.from_cell(text, title)

    def help(self) -> str:
        return ""

    @property
    def example(self) -> str:
        return ""


def clean(text: str) -> str:
    """NFKC and trimmed: full-width digits, letters and spaces become ordinary ones."""
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(cell: object) -> bool:
    """None, or a text of spaces: what a person would call an empty cell."""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def refuse_error(cell: object, title: str) -> None:
    if isinstance(cell, ErrorValue):
        raise InvalidValue(f"{title}：引用的单元格是错误值 {cell.code}，请先改正该单元格", title)
    if isinstance(cell, (list, tuple)):
        raise InvalidValue(f"{title}：应为一个单元格，不能是多行多列的区域", title)


def _shown(cell: object) -> str:
    return ("TRUE" if cell else "FALSE") if isinstance(cell, bool) else str(cell)


@dataclass(frozen=True)
class NumberType(ArgumentType):
    """A number of a unit: 0 (or, `signed`, minus the maximum) up to the unit's maximum, or `maximum` where that is less."""

    unit: Unit
    signed: bool = False
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    @property
    def low(self) -> Decimal:
        return -self.high if self.signed else self.minimum

    @property
    def high(self) -> Decimal:
        return self.unit.maximum if self.maximum is None else self.maximum

    def from_cell(self, cell: object, title: str) -> Decimal:
        refuse_error(cell, title)
        if isinstance(cell, bool):
            raise InvalidValue(f"{title}：{_shown(cell)} 是逻辑值，应为数值，如 {self.example}", title)
        if isinstance(cell, str):
            if _NUMBER.fullmatch(clean(cell)):
                raise InvalidValue(f"{title}：“{cell.strip()}”是以文本形式存储的数字，请把单元格改为数值", title)
            raise InvalidValue(f"{title}：“{cell.strip()}”不是数值，应填数值，如 {self.example}", title)
        if isinstance(cell, (datetime.date, datetime.time)):
            raise InvalidValue(f"{title}：{cell} 是日期，应为数值，如 {self.example}", title)
        if isinstance(cell, float):
            if not math.isfinite(cell):
                raise InvalidValue(f"{title}：不是有效的数值", title)
            number = Decimal(repr(cell))
        elif isinstance(cell, (int, Decimal)):
            number = Decimal(cell)
            if not number.is_finite():
                raise InvalidValue(f"{title}：不是有效的数值", title)
        else:
            raise InvalidValue(f"{title}：不是数值，应填数值，如 {self.example}", title)
        return self.settle(number, title)

    def settle(self, number: Decimal, title: str) -> Decimal:
        """Rounded half up to the unit's decimals, then checked against sign, range and wholeness."""
        if abs(number) > Decimal(10) ** 30:
            raise OutOfRange(f"{title}：超出范围，最大为 {self._words(self.high)}", title)
        value = half_up(number, self.unit.decimals)
        if self.unit.whole and number != value:
            raise InvalidValue(f"{title}：{plain(number)} 不是整数，应填整数，如 {self.example}", title)
        if value > self.high:
            if self.unit.name == "比例":
                raise InvalidValue(
                    f"{title}：{plain(number)} 大于 1；60 应填 60% 或 0.6，允许 0 至 {plain(self.high)}", title
                )
            raise OutOfRange(f"{title}：{plain(number)} 超出范围，最大为 {self._words(self.high)}", title)
        if value < self.low:
            if self.signed:
                raise OutOfRange(f"{title}：{plain(number)} 超出范围，最小为 {self._words(self.low)}", title)
            if value < 0:
                raise InvalidValue(f"{title}：{plain(number)} 是负数，应不小于 {plain(self.low)}", title)
            raise OutOfRange(f"{title}：{plain(number)} 超出范围，最小为 {plain(self.low)}", title)
        return abs(value) if value == 0 else value

    def from_text(self, text: str, title: str) -> Decimal:
        word = clean(text)
        percent = word.endswith("%") and self.unit.name == "比例"
        if percent:
            word = word[:-1].strip()
        if not _NUMBER.fullmatch(word):
            raise InvalidValue(f"{title}：“{text}”不是数值，应填数值，如 {self.example}", title)
        try:
            number = Decimal(word.replace(",", ""))
        except InvalidOperation:  # e.g. an exponent beyond what a number can be
            raise OutOfRange(f"{title}：“{text}”超出范围，最大为 {self._words(self.high)}", title) from None
        if number.adjusted() > 40:
            raise OutOfRange(f"{title}：“{text}”超出范围，最大为 {self._words(self.high)}", title)
        return self.settle(number / 100 if percent else number, title)

    def _words(self, number: Decimal) -> str:
        return f"{number:,f} {self.unit.name}".rstrip()

    def help(self) -> str:
        unit = f"单位：{self.unit.name}，" if self.unit.name else ""
        low = "可为负数" if self.signed else f"不小于 {plain(self.low)}"
        return f"{unit}{low}，最大 {self.high:,f}"

    @property
    def example(self) -> str:
        return _EXAMPLES.get(self.unit.name, "1" if self.minimum <= 1 else plain(self.minimum))


_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(?<=[\d.])([eE][+-]?\d{1,3})?")
_EXAMPLES = {"元": "650000", "公里": "10", "米": "6", "比例": "0.6", "年份": "2018", "月": "12", "天": "7", "厘米": "5"}


def number_type(unit: str, *, signed: bool = False, minimum: int = 0, maximum: int | None = None) -> NumberType:
    top = None if maximum is None else Decimal(maximum)
    return NumberType(UNITS[unit], signed, Decimal(minimum), top)


@dataclass(frozen=True)
class ChoiceType(ArgumentType):
    """One of a list of names. `aliases` maps what else people type to a name."""

    names: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    def from_cell(self, cell: object, title: str) -> str:
        refuse_error(cell, title)
        word = clean(_shown(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))
        if word in self.names:
            return word
        found = self.aliases.get(word)
        if found is None:
            raise UnknownName(f"{title}：“{word}”不在可选范围内，应为：{'、'.join(self.names)}", title)
        return found

    def help(self) -> str:
        return "可选：" + "、".join(self.names)

    @property
    def example(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class FlagType(ArgumentType):
    """TRUE or FALSE; also 是 or 否, and 1 or 0, which is how some hosts hand over a logical value."""

    def from_cell(self, cell: object, title: str) -> bool:
        refuse_error(cell, title)
        if isinstance(cell, bool):
            return cell
        if isinstance(cell, (int, float)) and cell in (0, 1):
            return cell == 1
        if isinstance(cell, str):
            found = FLAG_WORDS.get(clean(cell).upper())
            if found is not None:
                return found
        raise InvalidValue(f"{title}：“{_shown(cell)}”应为 是 或 否（TRUE 或 FALSE）", title)

    def from_text(self, text: str, title: str) -> bool:
        word = clean(text)
        return self.from_cell(int(word) if word in ("0", "1") else word, title)

    def help(self) -> str:
        return "填 是 或 否（TRUE 或 FALSE）"

    @property
    def example(self) -> str:
        return "TRUE"


FLAG_WORDS = {"TRUE": True, "FALSE": False, "是": True, "否": False}
DAY_WORDS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))")
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)


@dataclass(frozen=True)
class DayType(ArgumentType):
    """A date: a date cell, a serial number of the 1900 system, or a text such as 2018.8.16, 2018年8月16日, 20180816."""

    def from_cell(self, cell: object, title: str) -> datetime.date:
        refuse_error(cell, title)
        if isinstance(cell, datetime.datetime):
            return self._checked(cell.date(), cell, title)
        if isinstance(cell, datetime.date):
            return self._checked(cell, cell, title)
        if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal, str)):
            raise self._refusal(cell, title)
        if isinstance(cell, str):
            return self.from_text(cell, title)
        if not math.isfinite(cell):
            raise self._refusal(cell, title)
        number = math.floor(cell)
        if number >= 10_000_000:  # 20180816 typed as a number
            return self.from_text(str(number), title)
        return self._checked(from_serial(number), cell, title)

    def from_text(self, text: str, title: str) -> datetime.date:
        match = DAY_WORDS.fullmatch(clean(text).removesuffix("00:00:00").strip())
        if match is None:
            raise self._refusal(text, title)
        year, *rest = (int(part) for part in match.groups() if part is not None)
        try:
            day = datetime.date(year, rest[0], rest[1])
        except ValueError:
            raise self._refusal(text, title) from None
        return self._checked(day, text, title)

    def _checked(self, day: datetime.date | None, cell: object, title: str) -> datetime.date:
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            raise self._refusal(cell, title)
        return day

    @staticmethod
    def _refusal(cell: object, title: str) -> InvalidValue:
        return InvalidValue(f"{title}：“{_shown(cell)}”不是有效日期，应如 2018-08-16、2018.8.16、2018年8月16日", title)

    def help(self) -> str:
        return "日期，如 2018-08-16"

    @property
    def example(self) -> str:
        return "2018-08-16"


def from_serial(number: int) -> datetime.date | None:
    """The date of a 1900-system serial number; None for 0, for the day 60 that never was, and beyond the calendar."""
    if not 1 <= number <= 2_958_465 or number == 60:
        return None
    return datetime.date(1899, 12, 31 if number < 60 else 30) + datetime.timedelta(days=number)


TIME_OF_DAY = Unit("时刻", 10, Decimal("0.99999"))
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class TimeType(NumberType):
    """A time of day, held as spreadsheets do: a fraction of the day. For workbooks; no function takes one."""

    unit: Unit = TIME_OF_DAY

    def from_text(self, text: str, title: str) -> Decimal:
        match = _TIME.fullmatch(clean(text))
        hours, minutes = (int(part) for part in match.groups()) if match else (24, 0)
        if hours > 23 or minutes > 59:
            raise InvalidValue(f"{title}：“{text}”不是时刻，应如 8:30", title)
        return half_up(Decimal(60 * hours + minutes) / 1440, self.unit.decimals)

    def help(self) -> str:
        return "时刻，如 8:30"

    @property
    def example(self) -> str:
        return "8:30"


@dataclass(frozen=True)
class TextType(ArgumentType):
    """Any text; a number typed into the cell counts as its digits."""

    def from_cell(self, cell: object, title: str) -> str:
        refuse_error(cell, title)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return clean(_shown(cell))

    def help(self) -> str:
        return "文字"


class Word(str):
    """A word of a command line on its way to the function it is for, whose own types are to parse it."""


@dataclass(frozen=True)
class AnyType(ArgumentType):
    """The cell as it is: for functions that hand it on (QD_EXPLAIN, QD_NOTICE)."""

    def from_cell(self, cell: object, title: str) -> object:
        return cell

    def from_text(self, text: str, title: str) -> Word:
        return Word(text)

    def help(self) -> str:
        return "依次填该函数的参数"


@dataclass(frozen=True)
class ManyType(ArgumentType):
    """A whole column or range of `of`; blanks inside stay None. On the command line the values are joined by |."""

    of: ArgumentType

    @property
    def many(self) -> bool:
        return True

    def from_cell(self, cell: object, title: str) -> tuple[object, ...]:
        if isinstance(cell, ErrorValue):
            refuse_error(cell, title)
        found: list[object] = []
        for position, item in enumerate(flatten(cell), start=1):
            found.append(None if is_blank(item) else self.of.from_cell(item, f"{title}第{position}个"))
        return tuple(found)

    def from_text(self, text: str, title: str) -> tuple[object, ...]:
        words = text.split("|")
        return tuple(
            None if is_blank(word) else self.of.from_text(word, f"{title}第{position}个")
            for position, word in enumerate(words, start=1)
        )

    def help(self) -> str:
        return "一列单元格；" + self.of.help()

    @property
    def example(self) -> str:
        return "A2:A20"


def flatten(cell: object) -> Iterable[object]:
    if isinstance(cell, Sequence) and not isinstance(cell, str):
        for item in cell:
            yield from flatten(item)
    else:
        yield cell


def missing(title: str, kind: ArgumentType) -> MissingValue:
    allowed = kind.help()
    return MissingValue(f"{title}：未填写" + (f"（{allowed}）" if allowed else ""), title)
