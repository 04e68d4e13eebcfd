"""What a cell can hold, on its way into or out of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from qdcalc.rules.arguments import ErrorValue as ErrorValue  # one class for errors in cells, in every room

CellValue = float | int | Decimal | str | bool | ErrorValue | None
"""None means that the cell has no value. A number is never NaN or infinite."""

Cell = tuple[int, int]
"""(row, column), both counted from 1."""

CellValues = Mapping[Cell, CellValue]

ERROR_CODES = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
"""The only codes a sheet may hold. Excel stores newer ones (#SPILL!, #CALC!) as #VALUE! with extra metadata."""
