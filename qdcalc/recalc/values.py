"""What a cell can hold, on its way into or out of a sheet."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from qdcalc.rules.arguments import ErrorValue as ErrorValue  # one class for errors in cells, in every room

CellValue = float | int | Decimal | str | bool | ErrorValue | None
"""None means that the cell has no value. A number is never NaN or infinite."""

Cell = tuple[int, int]
"""(row, column), both counted from 1."""

CellValues = Mapping[Cell, CellValue]

ERROR_CODES = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
"""The only codes a sheet may hold. Excel stores newer ones (#SPILL!, #CALC!) as #VALUE! with extra metadata."""


NOT_THERE: Any = object()
"""what `get` gives for a cell that is not in CellValues, where None would be a value"""


class Column(NamedTuple):
    """Values of rows first, first + 1, … of a column; an array if all are numbers."""

    first: int
    values: Sequence[CellValue]

    @property
    def last(self) -> int:
        return self.first + len(self.values) - 1


class ColumnValues(Mapping[Cell, CellValue]):
    """Values of cells, with eight bytes for a number in a filled column instead of a hundred."""

    def __init__(self) -> None:
        self._columns: dict[int, list[Column]] = {}
        self._cells: dict[Cell, CellValue] = {}
        self._size = 0

    def add(self, column: int, first: int, values: Sequence[CellValue]) -> None:
        """Rows of a column, none of which is there yet."""
        if len(values) == 1:
            self[first, column] = values[0]
            return
        insort(self._columns.setdefault(column, []), Column(first, values), key=_first)
        self._size += len(values)

    def __setitem__(self, cell: Cell, value: CellValue) -> None:
        self._cells[cell] = value

    def _found(self, cell: Cell) -> Column | None:
        columns = self._columns.get(cell[1])
        if columns is None:
            return None
        at = bisect_right(columns, cell[0], key=_first) - 1
        return columns[at] if at >= 0 and cell[0] <= columns[at].last else None

    def __contains__(self, cell: object) -> bool:
        return cell in self._cells or (isinstance(cell, tuple) and self._found(cell) is not None)

    def __getitem__(self, cell: Cell) -> CellValue:
        if cell in self._cells:
            return self._cells[cell]
        column = self._found(cell)
        if column is None:
            raise KeyError(cell)
        return column.values[cell[0] - column.first]

    def get(self, cell: Cell, default: Any = None) -> Any:
        """As Mapping.get, without an exception for each of the many cells that are not here."""
        if cell in self._cells:
            return self._cells[cell]
        column = self._found(cell)
        return default if column is None else column.values[cell[0] - column.first]

    def __len__(self) -> int:
        return len(self._cells) + self._size

    def __iter__(self) -> Iterator[Cell]:
        yield from self._cells
        for number, columns in self._columns.items():
            for column in columns:
                for row in range(column.first, column.last + 1):
                    yield row, number

    def column(self, number: int, first: int, last: int) -> Sequence[CellValue] | None:
        """The values of rows first…last of a column if they lie there as one; None if not, or if there is none."""
        column = self._found((first, number))
        if column is None or last > column.last:
            return None
        return column.values[first - column.first : last - column.first + 1]

    def single(self, first: int, last: int) -> bool:
        """Whether there are cells of these rows that are not part of a column."""
        if self._rows is None or len(self._rows) != len(self._cells):
            self._rows = sorted(row for row, _ in self._cells)
        return bisect_left(self._rows, first) < bisect_right(self._rows, last)

    _rows: list[int] | None = None

    def touches(self, number: int, first: int, last: int) -> bool:
        """Whether any of rows first…last of a column lies in a Column."""
        columns = self._columns.get(number, [])
        at = bisect_right(columns, last, key=_first) - 1
        return at >= 0 and columns[at].last >= first

    @property
    def filled(self) -> Iterable[int]:
        """Columns with a Column."""
        return self._columns.keys()


def _first(column: Column) -> int:
    return column.first
