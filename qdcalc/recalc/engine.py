"""The calculating engine (formualizer) with the provisions in it.

Ephemeral mode without threads: a callback costs 2 µs instead of 20. The callbacks know their cell by a tag, the first
argument that formulas.py writes: tag * 2, plus 1 where the whole array is wanted. Nothing that a callback raises
reaches the engine, which would turn it into a bare #VALUE!.
"""

from __future__ import annotations

import datetime
import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import formualizer

from qdcalc.errors import CalculationError, InvalidValue
from qdcalc.recalc.formulas import tag_of
from qdcalc.recalc.lowering import COMPARE, DOUBT, FIT, JOIN, MISSING, TINY, WHOLE
from qdcalc.recalc.rounding import whole
from qdcalc.recalc.scan import Area
from qdcalc.recalc.values import CellValue, ErrorValue
from qdcalc.rules.arguments import AnyType, DayType, ManyType
from qdcalc.rules.function import Function, Parameter

DAYS_1904 = 1462
LONGEST_TEXT = 32767
_CODES = {
    "Null": "#NULL!",
    "Div": "#DIV/0!",
    "Value": "#VALUE!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Num": "#NUM!",
    "Na": "#N/A",
}
_KINDS = {code: kind for kind, code in _CODES.items()}
_GENUINE = frozenset(_CODES.values()) - {"#NAME?"}
_VALUE = {"type": "Error", "kind": "Value"}
_NA = {"type": "Error", "kind": "Na"}
_EPOCH = datetime.datetime(1899, 12, 30)
_TINY = float(TINY)
_LATEST_SERIAL = 10_000_000
"""Numbers from here on are days written as 20180816, not serial numbers."""


def made_up(value: CellValue) -> bool:
    """An error that only the engine has: it cannot do something (#NAME?, #N/IMPL!, #CIRC!, #SPILL!…)."""
    return isinstance(value, ErrorValue) and value.code not in _GENUINE


def cell_value(value: object) -> CellValue:
    """An engine's value as a cell's. Errors that only the engine has keep its word for them, as "#Circ"."""
    if isinstance(value, dict):
        kind = str(value.get("kind"))
        return ErrorValue(_CODES.get(kind, f"#{kind}"))
    if isinstance(value, float):
        return value if math.isfinite(value) else ErrorValue("#NUM!")
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, list):
        return cell_value(value[0][0]) if value and value[0] else None
    return ErrorValue("#VALUE!")


def _argument(value: object) -> object:
    """An engine's value as an argument of a provision: None blank, ErrorValue, lists of rows for ranges."""
    if isinstance(value, list):
        return [[_argument(item) for item in row] for row in value]
    if isinstance(value, dict):
        return cell_value(value)
    return None if value == MISSING else value


class Engine:
    """One workbook, loaded and calculated.

    failures    cell's tag → (round of calculation, provision, its error), the first of the last round that had one
    doubts      tags of cells where the engine would have had to guess (the order of Chinese texts, tiny numbers)
    sizes       tags of array formulas whose result has another size than the file's area → (rows, columns)
    """

    def __init__(
        self,
        path: Path,
        sheets: Sequence[str],
        functions: Mapping[str, Function],
        *,
        areas: Mapping[int, Area] | None = None,
        date1904: bool = False,
    ) -> None:
        """`path` is an engine file (enginefile.py); `areas` of its array formulas by tag. Raises ValueError."""
        self.sheets = sheets
        self.failures: dict[int, tuple[int, Function, CalculationError]] = {}
        self._round = 0
        self.doubts: set[int] = set()
        self.sizes: dict[int, tuple[int, int]] = {}
        self._areas = areas or {}
        self._functions = {name.upper(): function for name, function in functions.items()}
        self._shift = DAYS_1904 if date1904 else 0
        self._interrupted: BaseException | None = None
        evaluation = formualizer.EvaluationConfig()
        evaluation.enable_parallel = False
        config = formualizer.WorkbookConfig(mode=formualizer.WorkbookMode.Ephemeral, eval_config=evaluation)
        try:
            self._book = formualizer.Workbook.load_path(str(path), config=config)
        except Exception as error:  # the engine's errors have no common base
            raise ValueError(str(error)) from error
        self._book.set_temporal_egress("serial")
        self._sheets = [self._book[name] for name in sheets]
        for name, function in self._functions.items():
            self._register(name, self._provision(function))
        self._register(COMPARE, self._compare)
        self._register(JOIN, self._text)
        self._register(FIT, self._fit)
        self._register(WHOLE, self._whole)
        self._register(DOUBT, self._doubt)

    def close(self) -> None:
        """Frees the workbook: it holds the callbacks and they hold it, a circle that Python cannot see."""
        for name in (*self._functions, COMPARE, JOIN, FIT, WHOLE, DOUBT):
            self._book.unregister_function(name)
        self._sheets = []
        del self._book

    def _register(self, name: str, callback: Callable[..., object]) -> None:
        self._book.register_function(name, callback, min_args=0, max_args=None)

    # ------------------------------------------------------------------ calculating
    def calculate(self) -> None:
        """Calculates what is not yet, or no longer, calculated."""
        self._round += 1
        try:
            self._book.evaluate_all()
        finally:  # an interrupted calculation ends with an error of the engine's own
            if self._interrupted is not None:
                raise self._interrupted

    def column(self, sheet: int, column: int, first: int, last: int) -> Sequence[CellValue]:
        """The values of rows first…last of a column; an array if all are numbers."""
        values = self.raw_column(sheet, column, first, last)
        if set(map(type, values)) == {float}:
            numbers = array("d", values)
            if math.isfinite(sum(numbers)):
                return numbers
        return [value if value.__class__ is float and value - value == 0 else cell_value(value) for value in values]

    def raw_column(self, sheet: int, column: int, first: int, last: int) -> list[Any]:
        """The same as the engine has them and hands them to a provision."""
        area = formualizer.RangeAddress(self.sheets[sheet], first, column, last, column)
        return list(chain.from_iterable(self._sheets[sheet].get_values(area)))

    def arguments(self, sheet: int, column: int, first: int, last: int) -> list[Any]:
        """The values of rows first…last of a column as a provision gets them."""
        values = self.raw_column(sheet, column, first, last)
        return values if set(map(type, values)) == {float} else list(map(_argument, values))

    def one(self, sheet: int, row: int, column: int, function: Function, cells: Sequence[object]) -> object:
        """A provision's result for one cell, as it would be if the engine called it there."""
        return self._provision(function)(2 * tag_of(sheet, row, column), *cells)

    def put_column(self, sheet: int, column: int, first: int, values: Sequence[object]) -> None:
        """What the provisions of a column gave, in place of what the column held."""
        found = values
        if dict in set(map(type, values)):
            found = [
                formualizer.LiteralValue.error(str(value["kind"]), "") if isinstance(value, dict) else value
                for value in values
            ]
        self._sheets[sheet].set_values_batch(first, column, len(found), 1, [[value] for value in found])

    def block(self, sheet: int, area: Area) -> list[list[CellValue]]:
        found = formualizer.RangeAddress(
            self.sheets[sheet], area.first_row, area.first_column, area.last_row, area.last_column
        )
        return [[cell_value(value) for value in row] for row in self._sheets[sheet].get_values(found)]

    def put(self, sheet: int, row: int, column: int, value: CellValue) -> None:
        """A constant in place of what the cell held; None empties it."""
        kept: object = value
        if isinstance(value, ErrorValue):
            kept = formualizer.LiteralValue.error(_KINDS.get(value.code, "Value"), "")
        elif isinstance(value, Decimal):
            kept = float(value)
        self._book.set_value(self.sheets[sheet], row, column, kept)

    # ------------------------------------------------------------------ provisions
    def _provision(self, function: Function) -> Callable[..., object]:
        answer = function.answer
        parameters = function.parameters
        ranges = [parameter.many or isinstance(parameter.type, AnyType) for parameter in parameters] or [False]
        last = len(ranges) - 1
        shift = self._shift

        def one(tag: int, cells: Sequence[object]) -> object:
            if shift:
                cells = self._days(parameters, cells)
            found = answer(cells)
            error = found.error
            if error is None:
                if found.value.__class__ is Decimal:
                    return float(found.value)
                value = self._result(found.value)
                if not isinstance(value, CalculationError):
                    return value
                error = value
            return self._failed(tag, function, error)

        def call(tag: float, *cells: Any) -> object:
            try:
                cell, whole = divmod(int(tag), 2)
                plain = True
                for value in cells:
                    kind = value.__class__
                    if kind is list or kind is dict or value == MISSING:
                        plain = False
                if not plain:
                    cells = tuple(map(_argument, cells))
                    spread = [isinstance(value, list) and not ranges[min(n, last)] for n, value in enumerate(cells)]
                    if any(spread):
                        return _elementwise(cells, spread, bool(whole), lambda row: one(cell, row))
                value = one(cell, cells)
                if value.__class__ is list and not whole:
                    return value[0][0]
                return value
            except Exception as error:  # a mistake in a rule must not look like a mistake in the sheet
                return self._failed(int(tag) // 2, function, InvalidValue(f"{function.name} 内部出错：{error!r}"))
            except BaseException as error:  # Ctrl-C: told after the engine has come back
                self._interrupted = error
                self._book.cancel()
                return _VALUE

        return call

    def _failed(self, cell: int, function: Function, error: CalculationError) -> dict[str, str]:
        known = self.failures.get(cell)
        if known is None or known[0] < self._round:
            self.failures[cell] = self._round, function, error
        return {"type": "Error", "kind": _KINDS.get(error.cell_error, "Value")}

    def _days(self, parameters: tuple[Parameter, ...], cells: Sequence[object]) -> list[object]:
        """Serial numbers of a 1904 workbook as those of the 1900 system, where the provision takes a day."""
        found = list(cells)
        kinds = [parameter.type for parameter in parameters]
        if kinds and isinstance(kinds[-1], AnyType) and cells and isinstance(cells[0], str):
            target = self._functions.get(cells[0].strip().upper())  # QD_EXPLAIN hands its arguments on
            if target is not None:
                kinds = [kinds[0], *(parameter.type for parameter in target.parameters)]
        for number, kind in enumerate(kinds[: len(found)]):
            if isinstance(kind, DayType) or (isinstance(kind, ManyType) and isinstance(kind.of, DayType)):
                found[number] = self._later(found[number])
        return found

    def _later(self, value: object) -> object:
        if isinstance(value, list):
            return [self._later(item) for item in value]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value < _LATEST_SERIAL:
            return value + self._shift
        return value

    def _result(self, value: object) -> object:
        """A provision's value as the engine can hold it, or the error that it cannot."""
        if isinstance(value, (bool, float)):
            return value
        if isinstance(value, (int, Decimal)):
            return float(value)
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                return InvalidValue(f"结果有 {len(value)} 个字，单元格最多 {LONGEST_TEXT} 个字")
            return value
        if isinstance(value, datetime.date):
            moment = value if isinstance(value, datetime.datetime) else datetime.datetime(*value.timetuple()[:3])
            return (moment - _EPOCH) / datetime.timedelta(days=1) - self._shift
        if isinstance(value, ErrorValue):
            return {"type": "Error", "kind": _KINDS.get(value.code, "Value")}
        if isinstance(value, (list, tuple)):
            rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
            if not rows or not rows[0]:
                return ""
            found = [["" if item is None else self._result(item) for item in row] for row in rows]
            wrong = [item for row in found for item in row if isinstance(item, CalculationError)]
            return wrong[0] if wrong else found
        if value is None:
            return ""
        return InvalidValue(f"结果 {value!r} 不能放进单元格")

    # ------------------------------------------------------------------ what Excel does otherwise
    def _compare(self, tag: float, sign: str, left: Any, right: Any) -> object:
        """Excel's comparison: numbers to 15 digits, texts without case; a number is before a text before a flag."""
        if isinstance(left, dict) or isinstance(right, dict):
            return left if isinstance(left, dict) else right
        if isinstance(left, list) or isinstance(right, list):
            return self._each(tag, (left, right), lambda pair: self._compare(tag, sign, *pair))
        left, right = _filled(left, right), _filled(right, left)
        ranks = _rank(left), _rank(right)
        if ranks[0] != ranks[1]:
            order = ranks[0] - ranks[1]
        elif isinstance(left, str):
            left, right = left.casefold(), right.casefold()
            order = 0 if left == right else 1
            if order and sign not in ("=", "<>"):
                if not (left and right):
                    return _HOLDS[sign](1 if left else -1)
                if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
                    return self._doubt(tag)  # by pinyin, by stroke or by code: that depends on the computer
                order = -1 if left < right else 1
        elif left == right or (ranks[0] == 0 and f"{left:.14e}" == f"{right:.14e}"):
            order = 0
        elif ranks[0] == 0 and not (left and right) and abs(left - right) < _TINY:
            return self._doubt(tag)  # what 0.1+0.2-0.3 leaves: Excel makes it 0 in some formulas and not in others
        else:
            order = -1 if left < right else 1
        return _HOLDS[sign](order)

    def _text(self, tag: float, value: Any) -> object:
        """A value as Excel joins it to a text: a number with up to 15 digits."""
        if isinstance(value, list):
            return self._each(tag, (value,), lambda one: self._text(tag, *one))
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, (int, float)):
            if value and not 1e-9 <= abs(value) < 1e20:
                return self._doubt(tag)
            digits = f"{Decimal(f'{value:.14e}'):f}"
            digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
            return "0" if digits in ("-0", "") else digits
        return value if isinstance(value, (str, dict)) else self._doubt(tag)

    def _whole(self, tag: float, name: str, *numbers: Any) -> object:
        """INT, FLOOR, CEILING, MOD."""
        found = whole(name, *numbers)
        return self._doubt(tag) if found is None else found

    def _each(self, tag: float, values: Sequence[Any], answer: Callable[[list[Any]], object]) -> object:
        """One answer for each element of arrays, where the formula means arrays."""
        if not int(tag) % 2:
            return self._doubt(tag)
        return _elementwise(values, [isinstance(value, list) for value in values], True, answer)

    def _doubt(self, tag: float) -> dict[str, str]:
        self.doubts.add(int(tag) // 2)
        return _VALUE

    def _fit(self, tag: float, value: Any) -> object:
        """An array formula's result in the size that the file has for it; #N/A where there is nothing."""
        cell = int(tag) // 2
        area = self._areas[cell]
        height = area.last_row - area.first_row + 1
        width = area.last_column - area.first_column + 1
        if not isinstance(value, list):
            return [[value] * width for _ in range(height)] if area.size > 1 else value
        rows, columns = len(value), len(value[0])
        if (rows, columns) != (height, width):
            self.sizes[cell] = rows, columns
        else:
            self.sizes.pop(cell, None)
        return [[_element(value, row, column) for column in range(width)] for row in range(height)]


def _rank(value: object) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def _filled(value: object, other: object) -> Any:
    """A blank cell compares as 0, as an empty text or as FALSE."""
    if value is not None:
        return value
    return False if isinstance(other, bool) else "" if isinstance(other, str) else 0.0


_HOLDS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def _element(rows: list[list[object]], row: int, column: int) -> object:
    """One element of an array; a single row or column repeats itself. #N/A outside."""
    row = 0 if len(rows) == 1 else row
    if row >= len(rows):
        return _NA
    column = 0 if len(rows[row]) == 1 else column
    return rows[row][column] if column < len(rows[row]) else _NA


def _elementwise(
    cells: Sequence[Any], spread: Sequence[bool], whole: bool, answer: Callable[[list[object]], object]
) -> object:
    """A provision over ranges: one answer for each element, in rows; only the first unless the whole is wanted."""
    height = max(len(value) for value, wide in zip(cells, spread, strict=True) if wide) if whole else 1
    width = max(len(value[0]) for value, wide in zip(cells, spread, strict=True) if wide) if whole else 1
    result: list[list[object]] = []
    for row in range(height):
        line: list[object] = []
        for column in range(width):
            picked = [
                _element(value, row, column) if wide else value for value, wide in zip(cells, spread, strict=True)
            ]
            if _NA in picked:
                line.append(_NA)
                continue
            found = answer(picked)
            line.append(found[0][0] if isinstance(found, list) else found)
        result.append(line)
    return result if whole else result[0][0]
