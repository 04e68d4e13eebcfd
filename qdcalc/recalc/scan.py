"""Sheet XML → cells. Fast for what spreadsheet programs write, exact for anything else."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.values import Cell, CellValue

FormulaKind = Literal["normal", "shared", "array"]


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
        raise NotImplementedError

    def __contains__(self, cell: object) -> bool:
        raise NotImplementedError


class FormulaCell(NamedTuple):
    """A cell with a formula.

    text            the formula as it stands in the file, unescaped, without "=";
                    None for a child of a shared formula: see SheetScan.formula
    kind            "normal", "shared" or "array"
    shared_index    si of a shared formula, else None
    area            the range of an array formula or of a shared formula's master, else None
    cached          the value found in the file: float, str, bool or ErrorValue; None if there is none
    cached_type     "" (no value), "n", "str", "b", "e", "s" (a shared string) or "d" (an ISO date, cached is its text)
    """

    row: int
    column: int
    text: str | None
    kind: FormulaKind
    shared_index: int | None
    area: Area | None
    cached: CellValue
    cached_type: str

    @property
    def ref(self) -> str:
        """ "B7" """
        raise NotImplementedError


class ArrayMember(NamedTuple):
    """A cell without formula under the array formula whose master is at `anchor`."""

    row: int
    column: int
    anchor: Cell
    cached: CellValue


@dataclass
class SheetScan:
    """What a sheet holds. `formulas` and `array_members` are in the order of the file."""

    formulas: list[FormulaCell] = field(default_factory=list)
    array_members: list[ArrayMember] = field(default_factory=list)
    max_row: int = 0
    """last row with a value or a formula; 0 for an empty sheet"""
    max_column: int = 0
    cells: int = 0
    merged: list[Area] = field(default_factory=list)
    dimension: str | None = None
    protected: bool = False

    def formula(self, cell: FormulaCell) -> str:
        """The formula of a cell without "="; a shared formula's child gets its master's, moved to its place."""
        raise NotImplementedError


def scan_sheet(
    xml: bytes,
    shared_strings: Sequence[str] = (),
    *,
    path: Path | str = "",
    sheet: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> SheetScan:
    """Every formula of a sheet and what the limits need; `path` and `sheet` are for the sentences of errors.

    `shared_strings` is needed only for the rare formula cell that caches its text as a shared string.
    Raises UnsafeFile (over a limit, a cell twice, damaged XML) and UnsupportedFile (a data table).
    """
    raise NotImplementedError


def read_values(
    xml: bytes,
    shared_strings: Sequence[str],
    wanted: Container[Cell] | None = None,
    *,
    path: Path | str = "",
    sheet: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[tuple[Cell, CellValue]]:
    """All cells with a value that are in `wanted` (an Area, a set, a dict…; None for all), formulas by cached value."""
    raise NotImplementedError


def read_shared_strings(xml: bytes, *, path: Path | str = "") -> list[str]:
    """The shared strings in order; rich text joined, phonetic hints left out."""
    raise NotImplementedError
