"""A workbook from outside, opened by the safe way of recalc, as plain dicts: values, formulas, merges, validations."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from qdcalc.errors import UnsafeFile
from qdcalc.recalc.area import Area
from qdcalc.recalc.locate import no_doctype
from qdcalc.recalc.package import Package, SheetPart
from qdcalc.recalc.scan import read_shared_strings, read_values, scan_sheet
from qdcalc.recalc.sheetxml import read_frame
from qdcalc.recalc.values import Cell, CellValue
from qdcalc.recalc.xmltext import DamagedXmlError

_RULES = 10_000
"""validations of one sheet; Excel itself stops at 65,534, and people's sheets have a few dozen"""


@dataclass(frozen=True)
class Rule:
    """A rule of data validation in the file. `source` is its first formula as it stands."""

    kind: str
    areas: tuple[Area, ...]
    source: str


@dataclass
class SheetCells:
    """`values` hold what is typed and the cached value of formulas; a formula stands without "="."""

    name: str
    state: str
    part: str
    values: dict[Cell, CellValue]
    formulas: dict[Cell, str]
    merged: list[Area] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    max_row: int = 0
    max_column: int = 0


def read_cells(package: Package) -> list[SheetCells]:
    """All worksheets in tab order. Raises UnsafeFile or UnsupportedFile."""
    part = package.shared_strings_part
    strings = read_shared_strings(package.read(part), path=package.path) if part is not None else []
    return [_sheet(package, sheet, strings) for sheet in package.sheets]


def _sheet(package: Package, sheet: SheetPart, strings: list[str]) -> SheetCells:
    xml = package.read(sheet.part)
    scan = scan_sheet(xml, strings, path=package.path, sheet=sheet.name, limits=package.limits)
    formulas = {(cell.row, cell.column): scan.formula(cell) for cell in scan.formulas}
    for member in scan.array_members:
        formulas[member.row, member.column] = formulas[member.anchor]
    values = dict(read_values(xml, strings, path=package.path, sheet=sheet.name, limits=package.limits))
    try:
        rules = read_rules(xml)
    except DamagedXmlError as error:
        sentence = f"工作表“{sheet.name}”的内容不正常：{error}；请用表格软件打开另存后再试"
        raise UnsafeFile(package.path, sentence) from error
    return SheetCells(
        sheet.name, sheet.state, sheet.part, values, formulas, scan.merged, rules, scan.max_row, scan.max_column
    )


def sheet_values(package: Package) -> dict[str, dict[Cell, CellValue]]:
    """The values alone, by sheet name."""
    part = package.shared_strings_part
    strings = read_shared_strings(package.read(part), path=package.path) if part is not None else []
    return {
        sheet.name: dict(read_values(package.read(sheet.part), strings, path=package.path, sheet=sheet.name))
        for sheet in package.sheets
    }


def read_rules(xml: bytes) -> list[Rule]:
    """The validations of a sheet, those in the extension of Excel 2010 too. Raises DamagedXmlError."""
    found: list[Rule] = []
    kind, ranges, source = "", "", ""
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal kind, ranges, source
        local = name.rpartition(" ")[2]
        if local == "dataValidation":
            kind, ranges, source = attributes.get("type", "none"), attributes.get("sqref", ""), ""
            inside.append(local)
        elif inside:
            inside.append(local)

    def text(data: str) -> None:
        nonlocal ranges, source
        if "formula1" in inside:
            source += data
        elif inside and inside[-1] == "sqref":
            ranges += data

    def end(name: str) -> None:
        if inside and inside.pop() == "dataValidation" and not inside:
            if len(found) >= _RULES:
                raise DamagedXmlError("填写限制过多")
            try:
                areas = tuple(Area.parse(word) for word in ranges.split())
            except ValueError as error:
                raise DamagedXmlError("填写限制的范围不对") from error
            found.append(Rule(kind, areas, source.strip()))

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, no_doctype
    body = read_frame(xml).body
    try:
        for piece in [xml] if body is None else [xml[: body[0]], xml[body[1] :]]:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedXmlError("不是完好的 XML") from error
    return found
