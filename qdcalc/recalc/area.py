"""Rectangles of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qdcalc.recalc.limits import MAX_COLUMN, MAX_ROW
from qdcalc.recalc.values import Cell
from qdcalc.recalc.xmltext import column_number


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both ends included; `(row, column) in area` works."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, ref: str) -> Area:
        """From "A1", "A1:D20", "A:C" or "2:5", with or without "$". ValueError for anything else."""
        first, colon, last = ref.replace("$", "").upper().partition(":")
        row1, column1 = _corner(first)
        row2, column2 = _corner(last) if colon else (row1, column1)
        whole_rows, whole_columns = column1 == column2 == 0, row1 == row2 == 0
        if (not colon and 0 in (row1, column1)) or (0 in (row1, row2)) != whole_columns:
            raise ValueError(ref)
        if (0 in (column1, column2)) != whole_rows:
            raise ValueError(ref)
        if whole_columns:
            row1, row2 = 1, MAX_ROW
        if whole_rows:
            column1, column2 = 1, MAX_COLUMN
        if max(row1, row2) > MAX_ROW or max(column1, column2) > MAX_COLUMN:
            raise ValueError(ref)
        return cls(min(row1, row2), min(column1, column2), max(row1, row2), max(column1, column2))

    def __contains__(self, cell: object) -> bool:
        if not isinstance(cell, tuple):
            return False
        row, column = cell
        return bool(self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column)

    @property
    def size(self) -> int:
        """Number of cells."""
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)


_CORNER = re.compile(r"([A-Z]{0,3})([1-9][0-9]{0,6})?")


def _corner(text: str) -> Cell:
    match = _CORNER.fullmatch(text)
    if match is None or not text:
        raise ValueError(text)
    return int(match[2] or 0), column_number(match[1])
