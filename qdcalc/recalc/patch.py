"""Fresh values into the bytes of a sheet, and nothing else touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qdcalc.recalc.values import CellValues


@dataclass(frozen=True)
class PatchResult:
    """`changed` cells got a new value, `kept` ones already held it (numbers: to 15 significant digits)."""

    xml: bytes
    changed: int
    kept: int


def patch_sheet(xml: bytes, values: CellValues, *, path: Path | str = "", sheet: str = "") -> PatchResult:
    """Puts `values` as cached values of formula cells (or members of array formulas) into a sheet.

    Only the `t` attribute and `<v>` of these cells change. A number must be finite and a value must not be None
    (an Excel formula never yields an empty cell): the caller turns such results into an ErrorValue with one of
    values.ERROR_CODES. Raises VerificationError if a value cannot be written, a cell is not there or has no formula.
    """
    raise NotImplementedError
