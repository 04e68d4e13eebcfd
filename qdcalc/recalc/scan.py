"""Sheet XML → formulas and values, within the limits."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Literal, NamedTuple

from qdcalc.errors import UnsafeFile, UnsupportedFile
from qdcalc.recalc.area import Area as Area
from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.locate import RawCell
from qdcalc.recalc.sheetxml import Frame, attribute, iter_cells, read_frame
from qdcalc.recalc.strings import inline_text
from qdcalc.recalc.strings import read_shared_strings as read_shared_strings
from qdcalc.recalc.translate import Movable, OffSheetError
from qdcalc.recalc.values import Cell, CellValue, ErrorValue
from qdcalc.recalc.xmltext import DamagedXmlError, cell_ref, unescape_text, xml_text

FormulaKind = Literal["normal", "shared", "array"]


class FormulaCell(NamedTuple):
    """A cell with a formula.

    text            the formula as it stands in the file, unescaped, without "=";
                    None for a child of a shared formula: see SheetScan.formula
    kind            "normal", "shared" or "array"
    shared_index    which shared formula of the sheet (0, 1… in the order of the file), else None
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
        return cell_ref(self.row, self.column)


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
    path: Path | str = ""
    sheet: str = ""
    shared: list[Movable] = field(default_factory=list)
    """masters of shared formulas, by FormulaCell.shared_index"""

    def formula(self, cell: FormulaCell) -> str:
        """The formula of a cell without "="; a shared formula's child gets its master's, moved to its place.

        Raises UnsupportedFile if a moved reference would lie outside the sheet.
        """
        if cell.text is not None:
            return cell.text
        assert cell.shared_index is not None
        try:
            return self.shared[cell.shared_index].at(cell.row, cell.column)
        except OffSheetError as error:
            raise UnsupportedFile(
                self.path, f"工作表“{self.sheet}”单元格 {cell.ref} 的共享公式引用了工作表以外的位置，请重新输入该公式"
            ) from error


class _Scanner:
    """One pass over a sheet."""

    def __init__(self, scan: SheetScan, shared_strings: Sequence[str], limits: Limits) -> None:
        self.scan = scan
        self.strings = shared_strings
        self.limits = limits
        self.arrays: dict[Cell, Cell] = {}  # cell under an array formula → its master
        self._masters: dict[bytes, int] = {}

    def unsafe(self, what: str) -> UnsafeFile:
        return UnsafeFile(self.scan.path, f"工作表“{self.scan.sheet}”{what}")

    def run(self, xml: bytes, frame: Frame) -> None:
        scan, limits = self.scan, self.limits
        cells = max_column = 0
        for cell in iter_cells(xml, frame):
            row, column, _, formula_attributes, _, value, inline = cell
            cells += 1
            if cells > limits.cells:
                raise self.unsafe(f"的单元格超过 {limits.cells} 个的上限")
            if formula_attributes is not None:
                self._formula(cell)
            elif value is None and inline is None:
                continue
            scan.max_row = row
            if column > max_column:
                max_column = column
        scan.cells, scan.max_column = cells, max_column
        if scan.max_row * scan.max_column > limits.area:
            corner = cell_ref(scan.max_row, scan.max_column)
            raise self.unsafe(f"的内容一直到 {corner}，范围过大；请删除远处多余的内容后再试")
        if len(self.arrays) > len({*self.arrays.values()}):
            for cell in iter_cells(xml, frame):
                anchor = self.arrays.get((cell.row, cell.column))
                if anchor is not None and cell.formula_attributes is None:
                    cached, _ = decode_value(cell, self.strings)
                    scan.array_members.append(ArrayMember(cell.row, cell.column, anchor, cached))

    def _formula(self, cell: RawCell) -> None:
        row, column, _, attributes, raw, _, _ = cell
        if not attributes:  # nearly all
            if raw is not None:
                cached, cached_type = decode_value(cell, self.strings)
                self._found(FormulaCell(row, column, xml_text(raw), "normal", None, None, cached, cached_type))
            return
        kind = attribute(attributes, b"t") or b"normal"
        ref = attribute(attributes, b"ref")
        if kind == b"dataTable":
            raise UnsupportedFile(
                self.scan.path,
                f"工作表“{self.scan.sheet}”单元格 {cell_ref(cell.row, cell.column)} 处有模拟运算表，"
                "重算会破坏它的结果；请将它粘贴为数值或删除后再试",
            )
        text = None if cell.formula is None else xml_text(cell.formula)
        area, index = None, None
        if kind == b"shared":
            index = self._shared(cell, attributes, text, ref)
            area = None if ref is None else self._area(cell, ref)
        elif kind == b"array":
            area = self._array(cell, ref)
        elif kind != b"normal":
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的公式种类不对")
        if text is None and kind != b"shared":
            return  # an empty <f/>: the cell is a constant
        cached, cached_type = decode_value(cell, self.strings)
        name: FormulaKind = "shared" if index is not None else "normal" if area is None else "array"
        self._found(FormulaCell(cell.row, cell.column, text, name, index, area, cached, cached_type))

    def _found(self, cell: FormulaCell) -> None:
        self.scan.formulas.append(cell)
        if len(self.scan.formulas) > self.limits.formulas:
            raise self.unsafe(f"的公式超过 {self.limits.formulas} 个的上限")

    def _area(self, cell: RawCell, ref: bytes) -> Area:
        try:
            return Area.parse(xml_text(ref))
        except ValueError as error:
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的公式范围不对") from error

    def _shared(self, cell: RawCell, attributes: bytes, text: str | None, ref: bytes | None) -> int:
        number = attribute(attributes, b"si")
        if number is None:
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的共享公式没有编号")
        if text is not None and (ref is not None or number not in self._masters):
            self._masters[number] = len(self.scan.shared)
            self.scan.shared.append(Movable(text, cell.row, cell.column))
        if number not in self._masters:
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的共享公式缺少主公式")
        return self._masters[number]

    def _array(self, cell: RawCell, ref: bytes | None) -> Area:
        if ref is None or cell.formula is None:
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的数组公式没有范围")
        area = self._area(cell, ref)
        if (cell.row, cell.column) != (area.first_row, area.first_column):
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 不是它的数组公式的左上角")
        if len(self.arrays) + area.size > self.limits.array_area:
            raise self.unsafe(f"的数组公式超过 {self.limits.array_area} 格的上限")
        before = len(self.arrays)
        anchor = cell.row, cell.column
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                self.arrays[row, column] = anchor
        if len(self.arrays) - before != area.size:
            raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的数组公式与另一个重叠")
        return area


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
    scan = SheetScan(path=path, sheet=sheet)
    scanner = _Scanner(scan, shared_strings, limits)
    try:
        if len(xml) > 4 * limits.cells and xml.count(b"<c ") + xml.count(b"<c/>") > limits.cells:
            raise scanner.unsafe(f"的单元格超过 {limits.cells} 个的上限")
        frame = read_frame(xml)
        scan.dimension, scan.protected = frame.dimension, frame.protected
        scan.merged = _merged(frame, scanner)
        scanner.run(xml, frame)
    except DamagedXmlError as error:
        raise _damaged(path, sheet, error) from error
    return scan


def _damaged(path: Path | str, sheet: str, error: DamagedXmlError) -> UnsafeFile:
    return UnsafeFile(path, f"工作表“{sheet}”的内容不正常：{error}；请用表格软件打开另存后再试")


def _merged(frame: Frame, scanner: _Scanner) -> list[Area]:
    try:
        merged = [Area.parse(ref) for ref in frame.merged]
    except ValueError as error:
        raise DamagedXmlError(f"合并单元格的范围 {str(error)[:30]} 不对") from error
    if sum(area.size for area in merged) > scanner.limits.merged_area:
        raise scanner.unsafe(f"的合并单元格超过 {scanner.limits.merged_area} 格的上限，请取消多余的合并后再试")
    return merged


def decode_value(cell: RawCell, shared_strings: Sequence[str]) -> tuple[CellValue, str]:
    """(value, type) of a cell as FormulaCell.cached and cached_type give them. Raises DamagedXmlError."""
    _, _, attributes, _, _, raw, _ = cell
    kind = _type(attributes)
    if kind == b"inlineStr":
        return (None, "") if cell.inline is None else (inline_text(cell.inline), "str")
    if raw is None:
        return None, ""
    try:
        if kind in (b"", b"n"):
            if not raw:
                return None, ""
            number = float(raw)
            if isfinite(number) and b"_" not in raw:
                return number, "n"
        elif kind == b"s":
            if not shared_strings:
                return None, "s"
            index = int(raw)
            if 0 <= index < len(shared_strings):
                return shared_strings[index], "s"
        elif kind == b"str":
            return unescape_text(xml_text(raw)), "str"
        elif kind == b"b":
            return _BOOLEANS[raw.strip()], "b"
        elif kind == b"e":
            return ErrorValue(xml_text(raw)), "e"
        elif kind == b"d":
            return xml_text(raw), "d"
    except (ValueError, KeyError):
        pass
    raise DamagedXmlError(f"单元格 {cell_ref(cell.row, cell.column)} 的值与类型不符")


_BOOLEANS = {b"1": True, b"true": True, b"0": False, b"false": False}


@lru_cache(maxsize=4096)
def _type(attributes: bytes) -> bytes:
    return attribute(attributes, b"t") or b""


def read_values(
    xml: bytes,
    shared_strings: Sequence[str],
    wanted: Container[Cell] | None = None,
    *,
    path: Path | str = "",
    sheet: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[tuple[Cell, CellValue]]:
    """All cells with a value that are in `wanted` (an Area, a set, a dict…; None for all), formulas by cached value.

    A shared string is None if `shared_strings` is empty. Raises UnsafeFile.
    """
    cells = 0
    try:
        for raw in iter_cells(xml, read_frame(xml)):
            cells += 1
            if cells > limits.cells:
                raise UnsafeFile(path, f"工作表“{sheet}”的单元格超过 {limits.cells} 个的上限")
            if raw.value is None and raw.inline is None:
                continue
            cell = raw.row, raw.column
            if wanted is None or cell in wanted:
                value, _ = decode_value(raw, shared_strings)
                if value is not None:
                    yield cell, value
    except DamagedXmlError as error:
        raise _damaged(path, sheet, error) from error
