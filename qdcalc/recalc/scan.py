"""Sheet XML → formulas and values, within the limits."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Literal, NamedTuple

from qdcalc.errors import UnsafeFile, UnsupportedFile
from qdcalc.recalc.area import Area as Area
from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.locate import RawCell, check_row
from qdcalc.recalc.rowreader import RowReader
from qdcalc.recalc.rows import Run
from qdcalc.recalc.sheetxml import Frame, PlainReader, attribute, iter_cells, plain_cells, read_frame
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
    """What a sheet holds. `formulas` and `array_members` are in the order of the file.

    `runs`: formulas in rows that are made alike, if they were asked for; the others are in `formulas`.
    """

    formulas: list[FormulaCell] = field(default_factory=list)
    array_members: list[ArrayMember] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    shared_texts: bool = False
    """a formula caches its text as a shared string"""
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

    def run_cells(self, run: Run) -> Iterator[FormulaCell]:
        """The formulas of a run one by one."""
        columns = []
        for text, (values, kinds) in zip(run.template.fields, run.values, strict=True):
            columns.append((text, values, kinds if len(kinds) == len(values) else list(kinds) * len(values)))
        for at, row in enumerate(run.rows):
            for (text, values, kinds), shared in zip(columns, run.shared, strict=True):
                formula = None if shared is not None else xml_text(text.text(row))
                kind: FormulaKind = "normal" if shared is None else "shared"
                yield FormulaCell(row, text.column, formula, kind, shared, None, values[at], kinds[at])

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
        self._count = 0

    def unsafe(self, what: str) -> UnsafeFile:
        return UnsafeFile(self.scan.path, f"工作表“{self.scan.sheet}”{what}")

    def cells(self, cells: Iterable[RawCell]) -> None:
        scan, limits = self.scan, self.limits
        found, max_column = scan.cells, scan.max_column
        for cell in cells:
            row, column, _, formula_attributes, _, value, inline = cell
            found += 1
            if found > limits.cells:
                raise self.unsafe(f"的单元格超过 {limits.cells} 个的上限")
            if formula_attributes is not None:
                self._formula(cell)
            elif value is None and inline is None:
                continue
            scan.max_row = row
            if column > max_column:
                max_column = column
        scan.cells, scan.max_column = found, max_column

    def runs(self, xml: bytes, body: tuple[int, int]) -> bool:
        """Like `cells`, with the rows that are made alike in runs. False: the sheet is not plain, begin again."""
        row = 0
        for stretch in RowReader(xml, body).stretches():
            if isinstance(stretch, Run):
                check_row(stretch.first, row)
                row = stretch.rows[-1]
                self._run(xml, stretch)
                continue
            reader = PlainReader(xml, stretch, row)
            self.cells(plain_cells(reader))
            if not reader.complete:
                return False
            row = reader.row
        return True

    def _run(self, xml: bytes, run: Run) -> None:
        scan, fields = self.scan, run.template.fields
        scan.cells += xml.count(b'<c r="', run.start, run.end)
        if scan.cells > self.limits.cells:
            raise self.unsafe(f"的单元格超过 {self.limits.cells} 个的上限")
        for text, cached in zip(fields, run.cached, strict=True):
            shared = None
            if text.pieces is None:
                place = RawCell(run.first, text.column, b"", text.attributes, None, None, None)
                shared = self._shared(place, text.attributes, None, None)
            run.shared.append(shared)
            run.numeric.append(cached.numbers is not None)
            if cached.numbers is not None:
                run.values.append((cached.numbers, ("n",)))
                continue
            values, kinds = [], []
            for row, (attributes, value) in zip(run.rows, cached.raw, strict=True):
                raw = RawCell(row, text.column, attributes, b"", None, value, None)
                found, kind = decode_value(raw, self.strings)
                values.append(found)
                kinds.append(kind)
            scan.shared_texts |= "s" in kinds
            run.values.append((values, kinds))
        run.cached = []
        run.position = len(scan.formulas)
        last, column = run.used(xml, scan.max_column)
        scan.max_row = last or scan.max_row
        scan.max_column = max(scan.max_column, column)
        if run.formulas:
            scan.runs.append(run)
            for text, shared in zip(fields, run.shared, strict=True):
                if shared is None:
                    xml_text(text.text(run.first))  # refuses what is no text of XML
            self._counted(run.formulas)

    def finish(self, xml: bytes, frame: Frame) -> None:
        scan, limits = self.scan, self.limits
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
        if cell.cached_type == "s":
            self.scan.shared_texts = True
        self._counted(1)

    def _counted(self, formulas: int) -> None:
        self._count += formulas
        if self._count > self.limits.formulas:
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
    runs: bool = False,
) -> SheetScan:
    """Every formula of a sheet and what the limits need; `path` and `sheet` are for the sentences of errors.

    With `runs`, formulas in rows that are made alike are given as runs.
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
        if not runs or frame.body is None:
            scanner.cells(iter_cells(xml, frame))
        elif not scanner.runs(xml, frame.body):
            return scan_sheet(xml, shared_strings, path=path, sheet=sheet, limits=limits)
        scanner.finish(xml, frame)
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
