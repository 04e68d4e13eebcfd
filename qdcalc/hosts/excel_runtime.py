"""The bridge between a cell in Excel and a function: what every function of udfs/excel.py calls.

xlwings hands over each argument as a list of rows (`ndim=2`), blanks as None, errors as their text (`err_to_str`),
dates as datetime, numbers as float, an amount in currency format as Decimal, an omitted argument as None. Back go a
number, a text, a flag, a datetime, or a list of rows of them. An error goes back as text, `#N/A 劳动报酬…：未填写`:
xlwings cannot give a cell a real error value (docs/decisions/excel-errors.md).

Tried on Linux with the real xlwings code over a stubbed COM layer (tests/hosts/stubs.py); not run in a real Excel here.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qdcalc.errors import CalculationError, InvalidValue, QdcalcError

NO_XLWINGS = '没有安装 xlwings，Excel 自定义函数不能使用；请运行 pip install "qdcalc[excel]" 后再试'

Rows = list[list[object]]
LONGEST_TEXT = 32_767
"""Characters that an Excel cell can hold."""
WHOLE_COLUMN = 65_536
"""A range of at least so many rows (a whole column of .xls or .xlsx) ends at its last filled row."""

_ERROR_TEXT = re.compile(r"(#(?:N/A|NUM!|VALUE!|DIV/0!|NAME\?|NULL!|REF!|SPILL!|CALC!))(?:\s.*)?", re.DOTALL)
_ERROR_BASE = -2_146_828_288
"""The COM code of an error value less its xlErr number; xlwings knows seven of them, the newer ones stay integers."""
_ERROR_NAMES = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
_DAYS_1904 = 1462


def run(name: str, *cells: object) -> Any:
    """The value of one call, for a cell or a range of cells; never raises: the cell is where people look.

    Arguments of one cell are repeated beside arguments of a range; ranges must have one shape, and give a list of rows
    of that shape. An argument that takes a whole range takes it as it is.
    """
    try:
        return _run(name, cells)
    except QdcalcError as error:
        return _failure(error)
    except Exception as error:  # whatever it is: the cell is the only place where anyone would see it
        return f"#VALUE! 程序内部错误，请报告：{type(error).__name__}：{error}"[:LONGEST_TEXT]


def _run(name: str, cells: Sequence[object]) -> object:
    from qdcalc.policies import find  # loads the registry: at the first call, not when Excel imports the functions

    function = find(name)
    arguments = _arguments(function, cells)
    rows, columns = _shape(arguments)
    if rows == columns == 1:
        return _whole(_answer(function, arguments, 0, 0))
    return [[_single(_answer(function, arguments, row, column)) for column in range(columns)] for row in range(rows)]


# ---------------------------------------------------------------------- what comes in
@dataclass
class _Argument:
    """One argument's cells. `many`: the function takes them all at once."""

    title: str
    many: bool
    rows: Rows

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def spread(self) -> bool:
        """Whether there is a call for each of its cells."""
        return not self.many and self.shape != (1, 1)

    def at(self, row: int, column: int) -> object:
        if self.shape == (1, 1):
            return self.rows[0][0]
        return self.rows if self.many else self.rows[row][column]


def _arguments(function: Any, cells: Sequence[object]) -> list[_Argument]:
    found: list[_Argument] = []
    parameters: Sequence[Any] = function.parameters
    for position, cell in enumerate(cells):
        if function.variadic and position == len(function.parameters) - 1:
            parameters = [*function.parameters[:-1], *_named_parameters(found)]
        parameter = parameters[position] if position < len(parameters) else None
        title = parameter.title if parameter is not None else f"第{position + 1}个参数"
        rows = _rows(cell)
        if parameter is not None and _holds_days(parameter.type):
            _settle_days(rows)
        found.append(_Argument(title, parameter is not None and parameter.many, rows))
    for group in ([item for item in found if item.many], [item for item in found if item.spread]):
        _cut(group)
    return found


def _named_parameters(found: Sequence[_Argument]) -> Sequence[Any]:
    """The parameters of the function that the first argument names (QD_EXPLAIN hands the others on to it)."""
    from qdcalc.policies import functions

    name = found[0].rows[0][0] if found else None
    named = functions().get(name.strip().upper()) if isinstance(name, str) else None
    return named.parameters if named is not None else ()


def _rows(cell: object) -> Rows:
    if not isinstance(cell, (list, tuple)):
        return [[_cell(cell)]]
    if not cell or not isinstance(cell[0], (list, tuple)):
        cell = [cell]
    return [[_cell(item) for item in row] or [None] for row in cell]


def _cell(value: object) -> object:
    """A value as xlwings hands it over, as the rules want it. An error is told by its COM number or its text; the texts
    that this module gives in an error's place count as that error, so that one QD function can stand inside another."""
    from qdcalc.rules.arguments import ErrorValue

    if isinstance(value, str):
        match = _ERROR_TEXT.fullmatch(value) if value.startswith("#") else None
        return ErrorValue(match[1]) if match else value
    if isinstance(value, int) and not isinstance(value, bool) and 2000 <= value - _ERROR_BASE < 4000:
        return ErrorValue(_ERROR_NAMES.get(value - _ERROR_BASE, "（未知错误）"))
    return value


def _cut(group: Sequence[_Argument]) -> None:
    """Whole columns end at the last row in which any of them holds something."""
    long = [item for item in group if len(item.rows) >= WHOLE_COLUMN]
    last = 1
    for item in long:
        filled = (end for end in range(len(item.rows), 0, -1) if any(cell is not None for cell in item.rows[end - 1]))
        last = max(last, next(filled, 1))
    for item in long:
        del item.rows[last:]


def _shape(arguments: Sequence[_Argument]) -> tuple[int, int]:
    """Rows and columns of the result. Raises InvalidValue where two ranges differ."""
    ranges = [item for item in arguments if item.spread]
    for item in ranges[1:]:
        if item.shape != ranges[0].shape:
            raise InvalidValue(
                f"区域大小不一致：“{ranges[0].title}”是 {_size(ranges[0])}，“{item.title}”是 {_size(item)}；"
                "各区域应行数、列数相同，或只给一个单元格",
                item.title,
            )
    return ranges[0].shape if ranges else (1, 1)


def _size(item: _Argument) -> str:
    return f"{item.shape[0]} 行 {item.shape[1]} 列"


# ---------------------------------------------------------------------- dates of 1904 workbooks
def _holds_days(kind: object) -> bool:
    from qdcalc.rules.arguments import DayType

    return isinstance(getattr(kind, "of", kind), DayType)


def _settle_days(rows: Rows) -> None:
    """Serial numbers in the place of dates (=DATE(2018,8,16) comes as one) become those of the 1900 system."""
    shift: int | None = None
    for row in rows:
        for column, cell in enumerate(row):
            if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and cell < 10_000_000:
                shift = _shift() if shift is None else shift
                row[column] = cell + shift if shift else cell


def _shift() -> int:
    """Days between the calling workbook's date system and the 1900 system. A date cell needs none, Excel converts it.

    xlwings tells only the active workbook, which need not be the calling one: where the open workbooks differ there is
    no telling. Raises InvalidValue then. Not run in a real Excel.
    """
    book = getattr(sys.modules.get("xlwings._xlwindows"), "BOOK_CALLER", None)
    if book is None:
        return 0
    systems = {bool(item.Date1904) for item in book.Application.Workbooks}
    if len(systems) > 1:
        raise InvalidValue(
            "日期：打开的工作簿有的用 1900 日期系统，有的用 1904 日期系统，无法判断日期数字；"
            "请把单元格设为日期格式，或关闭其他工作簿"
        )
    return _DAYS_1904 if systems == {True} else 0


# ---------------------------------------------------------------------- what goes back
def _answer(function: Any, arguments: Sequence[_Argument], row: int, column: int) -> object:
    """A value, a list of rows, or the text of an error."""
    cells = [item.at(row, column) for item in arguments]
    while cells and cells[-1] is None:
        cells.pop()
    answer = function.answer(cells)
    return _failure(answer.error) if answer.error is not None else answer.value


def _failure(error: QdcalcError) -> str:
    code = error.cell_error if isinstance(error, CalculationError) else CalculationError.cell_error
    return f"{code} {error.sentence}"[:LONGEST_TEXT]


def _whole(value: object) -> object:
    """A result that stands alone: a value, or a list of rows with equal lengths."""
    if not isinstance(value, (list, tuple)):
        return _out(value)
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
    width = max((len(row) for row in rows), default=0)
    if width == 0:
        return ""
    return [[_out(row[column]) if column < len(row) else "" for column in range(width)] for row in rows]


def _single(value: object) -> object:
    """A result among others, in one cell."""
    if not isinstance(value, (list, tuple)):
        return _out(value)
    whole = _whole(value)
    if not isinstance(whole, list):
        return whole
    if len(whole) == len(whole[0]) == 1:
        return whole[0][0]
    return _failure(InvalidValue("结果是多个值，不能与整列参数一起用；请每个单元格分别填写公式"))


def _out(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return "" if value is None else value
