"""One call from a cell: what LibreOffice hands over → cells as the rules want them → what LibreOffice takes back.

LibreOffice gives numbers (also for dates and logical values), texts, None for an omitted argument, and rows for a range, in
which a blank cell is an empty text. It takes an error as a number that is none: NaN with the code in its low bits.
"""

from __future__ import annotations

import datetime
import math
import struct
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qdcalc.errors import CalculationError, InvalidValue, QdcalcError
from qdcalc.policies import find
from qdcalc.rules.arguments import ArgumentType, DayType, is_blank
from qdcalc.rules.function import Function

CODES = {"#N/A": 32767, "#VALUE!": 519, "#NUM!": 503, "#NAME?": 525, "#DIV/0!": 532}
NULL_DATE = datetime.date(1899, 12, 30)
WHOLE_COLUMN = 65536
"""A range this long is a whole column: it ends with its last filled row."""


def run(name: str, cells: Sequence[object], null_date: datetime.date = NULL_DATE) -> object:
    """The value of one call for a cell or, where an argument of one cell is given a range, for a range of cells."""
    try:
        return _run(find(name), cells, null_date)
    except QdcalcError as error:
        return failure(error)


def failure(error: QdcalcError) -> float:
    code = error.cell_error if isinstance(error, CalculationError) else CalculationError.cell_error
    return not_a_number(CODES[code])


def not_a_number(code: int) -> float:
    """The error of that number, as a double."""
    found: float = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | code))[0]
    return found


def _run(function: Function, cells: Sequence[object], null_date: datetime.date) -> object:
    arguments: list[Any] = []
    spread: list[tuple[str, Any]] = []
    for position, cell in enumerate(cells):
        title, kind = _parameter(function, position, cells)
        many = kind is not None and kind.many
        rows = _rows(cell)
        if kind is not None and _holds_days(kind):
            rows = [[_day(item, null_date) for item in row] for row in rows]
        if len(rows) >= WHOLE_COLUMN:
            rows = _filled(rows)
        if len(rows) == len(rows[0]) == 1:
            arguments.append(rows[0][0])
        elif many or kind is None:
            arguments.append(rows)
        else:
            arguments.append(rows)
            spread.append((title, rows))
    while arguments and is_blank(arguments[-1]):
        arguments.pop()
    if not spread:
        return _whole(_answer(function, arguments), null_date)
    height, width = _shape(spread)
    ranges = [rows for _, rows in spread]
    answers = []
    for row in range(height):
        line = []
        for column in range(width):
            cells_here = [_of(item, ranges, row, column) for item in arguments]
            line.append(_single(_answer(function, cells_here), null_date))
        answers.append(tuple(line))
    return tuple(answers)


def _of(item: Any, ranges: Sequence[Any], row: int, column: int) -> object:
    return item[row][column] if any(item is one for one in ranges) else item


def _parameter(function: Function, position: int, cells: Sequence[object]) -> tuple[str, ArgumentType | None]:
    """Title and type of the argument at a place; QD_EXPLAIN hands its arguments on to the function it is asked about."""
    last = len(function.parameters) - 1
    if function.variadic and position >= last:
        named = _named(_rows(cells[0])[0][0])
        if named is None or named.variadic:
            return "", None
        function, position, last = named, position - last, len(named.parameters) - 1
    if position > last:
        return "", None
    return function.parameters[position].title, function.parameters[position].type


def _named(word: object) -> Function | None:
    try:
        return find(word) if isinstance(word, str) else None
    except QdcalcError:
        return None


def _rows(cell: object) -> list[list[Any]]:
    """A range as rows; a cell that looks empty is empty."""
    if not isinstance(cell, (list, tuple)):
        return [[None if cell == "" else cell]]
    return [[None if item == "" else item for item in row] for row in cell]


def _filled(rows: list[list[Any]]) -> list[list[Any]]:
    last = max((number for number, row in enumerate(rows, start=1) if any(item is not None for item in row)), default=1)
    return rows[:last]


def _holds_days(kind: ArgumentType) -> bool:
    return isinstance(getattr(kind, "of", kind), DayType)


def _day(cell: object, null_date: datetime.date) -> object:
    """A serial number of the document as the date it means; 20180816 typed as a number stays one."""
    if isinstance(cell, float) and math.isfinite(cell) and 1 <= cell < 2_958_466:
        return null_date + datetime.timedelta(days=math.floor(cell))
    return cell


def _shape(spread: Sequence[tuple[str, Any]]) -> tuple[int, int]:
    first, rows = spread[0]
    height, width = len(rows), len(rows[0])
    for title, other in spread[1:]:
        if (len(other), len(other[0])) != (height, width):
            raise InvalidValue(
                f"区域大小不一致：“{first}”是 {height} 行 {width} 列，“{title}”是 {len(other)} 行 {len(other[0])} 列；"
                "各区域应行数、列数相同，或只给一个单元格",
                title,
            )
    return height, width


def _answer(function: Function, cells: Sequence[object]) -> object:
    """A value, a list of rows, or an error."""
    answer = function.answer(cells)
    return answer.value if answer.error is None else answer.error


def _whole(value: object, null_date: datetime.date) -> object:
    """A result that stands alone: a value, or rows of equal length."""
    if not isinstance(value, (list, tuple)):
        return _out(value, null_date)
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
    width = max((len(row) for row in rows), default=0)
    if len(rows) == width == 1:
        return _out(rows[0][0], null_date)
    return tuple(
        tuple(_out(row[column], null_date) if column < len(row) else "" for column in range(width)) for row in rows
    )


def _single(value: object, null_date: datetime.date) -> object:
    """A result among others, in one cell."""
    found = _whole(value, null_date)
    if isinstance(found, tuple):
        return failure(InvalidValue("结果是多个值，不能与整列参数一起用；请每个单元格分别填写公式"))
    return found


def _out(value: object, null_date: datetime.date) -> object:
    if isinstance(value, QdcalcError):
        return failure(value)
    if isinstance(value, (bool, int, Decimal)):
        return float(value)
    if isinstance(value, datetime.date):
        return float((value - null_date).days)
    return "" if value is None else value
