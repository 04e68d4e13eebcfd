"""An .xlsx/.xlsm file from outside: open it safely, copy it without loss.

with open_package(path) as package:
    xml = package.read(package.sheets[0].part)
    write_package(package, target, {part: new_xml}, expected={part: values})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.values import CellValues


@dataclass(frozen=True)
class SheetPart:
    """A worksheet. `state` is "visible", "hidden" or "veryHidden"."""

    name: str
    part: str
    state: str


@dataclass(frozen=True)
class DefinedName:
    """`text` is the formula without "="; `scope` the sheet's name, None for the whole workbook."""

    name: str
    text: str
    scope: str | None
    hidden: bool


@dataclass(frozen=True)
class Table:
    """An Excel table. `ref` ("A1:D20") includes its `header_rows` (0 or 1) and `totals_rows` (0 or 1)."""

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    header_rows: int
    totals_rows: int


class Package:
    """A workbook that passed the limits, read whole into memory: the file itself is not held open.

    names               member names, in the order of the file
    sheets              worksheets in tab order; chart, dialog and macro sheets are left out
    date1904            dates count from 1904
    defined_names       names with scope and text
    tables              Excel tables of all worksheets
    is_macro            .xlsm by content
    full_calc_on_load   Excel will recalculate at opening
    full_precision      False: "precision as displayed" is on, Excel rounds every value to its number format
    iterate             iterative calculation is on (circular references are meant)
    shared_strings_part part with the shared strings, or None
    encrypted           it was opened with a password
    """

    path: Path
    limits: Limits
    names: tuple[str, ...]
    sheets: tuple[SheetPart, ...]
    date1904: bool
    defined_names: tuple[DefinedName, ...]
    tables: tuple[Table, ...]
    is_macro: bool
    full_calc_on_load: bool
    full_precision: bool
    iterate: bool
    shared_strings_part: str | None
    encrypted: bool

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one member. KeyError if there is none of that name."""
        raise NotImplementedError

    def file_bytes(self) -> bytes:
        """The whole package as it was read (decrypted, if it was encrypted), for an engine's own loader."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets go of the memory."""

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_package(path: Path, *, password: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Opens and checks a workbook; raises NotAWorkbook, EncryptedFile, UnsafeFile or UnsupportedFile.

    An encrypted workbook opens with its password, for reading: see write_package.
    """
    raise NotImplementedError


def write_package(
    source: Package,
    target: Path,
    parts: Mapping[str, bytes | Iterable[bytes]],
    *,
    expected: Mapping[str, CellValues] | None = None,
    decrypted: bool = False,
) -> None:
    """Writes `source` with `parts` replaced to `target`, or leaves `target` exactly as it was.

    All other members are copied as raw compressed bytes, in the same order, with dates, extra fields and flags.
    The result is written beside the target, re-read and verified (with `expected`, part → cell → value, by
    `verify_package`) and only then put in its place with os.replace. Raises VerificationError or FileError.

    An encrypted source is refused with EncryptedFile: the result would lie on the disk without encryption.
    `decrypted=True` says that this is wanted; the source itself is never replaced that way.
    """
    raise NotImplementedError
