"""What a cell can hold, on its way into or out of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ErrorValue:
    """An Excel error in a cell; `code` is its text, "#N/A"."""

    code: str


CellValue = float | int | Decimal | str | bool | ErrorValue | None
"""None means that the cell has no value. A number is never NaN or infinite."""

Cell = tuple[int, int]
"""(row, column), both counted from 1."""

CellValues = Mapping[Cell, CellValue]

ERROR_CODES = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
"""The only codes a sheet may hold. Excel stores newer ones (#SPILL!, #CALC!) as #VALUE! with extra metadata."""
