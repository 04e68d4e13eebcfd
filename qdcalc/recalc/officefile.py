"""The workbook as LibreOffice is to load it: values, the file's own formulas, names and tables, and nothing else.

Formulas that are not LibreOffice's business (policy functions, what reads other workbooks) enter as their values. Styles,
macros, links and pictures stay behind: they change no value, and it is a file from outside.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from qdcalc.recalc.area import Area
from qdcalc.recalc.facts import Table
from qdcalc.recalc.package import Package
from qdcalc.recalc.scan import SheetScan, decode_value, read_shared_strings, scan_sheet
from qdcalc.recalc.sheetxml import iter_cells, read_frame
from qdcalc.recalc.values import Cell, CellValue, ErrorValue
from qdcalc.recalc.writing import number_text
from qdcalc.recalc.xmltext import cell_ref

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_ELSEWHERE = re.compile(r"\[\d+\]|\b(?:WEBSERVICE|RTD|CALL|REGISTER\.ID|DDE|IMAGE|CUBE\w+)\s*\(|\|", re.IGNORECASE)
"""Reads other workbooks or programs."""
_HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\b[^>]*\bhidden\s*=\s*["'](?:1|true|on)["'][^>]*>""")
_NUMBER = re.compile(rb"""\br\s*=\s*["']([0-9]+)["']""")


class Source:
    """A workbook read for LibreOffice. `formulas` holds, sheet by sheet, cell → formula."""

    def __init__(self, package: Package) -> None:
        self.package = package
        part = package.shared_strings_part
        self.strings: Sequence[str] = () if part is None else read_shared_strings(package.read(part), path=package.path)
        self.scans: list[SheetScan] = []
        self.formulas: list[dict[Cell, str]] = []
        for sheet in package.sheets:
            xml = package.read(sheet.part)
            scan = scan_sheet(xml, self.strings, path=package.path, sheet=sheet.name, limits=package.limits)
            self.scans.append(scan)
            self.formulas.append({(cell.row, cell.column): scan.formula(cell) for cell in scan.formulas})

    def elsewhere(self) -> list[set[Cell]]:
        """The formulas that read other workbooks or programs."""
        return [{cell for cell, text in found.items() if _ELSEWHERE.search(text)} for found in self.formulas]

    def write(
        self, target: Path, fixed: Sequence[Collection[Cell]], values: Sequence[Mapping[Cell, CellValue]]
    ) -> None:
        """`fixed` formulas enter as what `values` says of them, by sheet."""
        package = self.package
        tables = list(package.tables)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
            out.writestr("[Content_Types].xml", _types(len(package.sheets), len(tables)))
            out.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
            sheets = [f"worksheets/sheet{number}.xml" for number in range(1, len(package.sheets) + 1)]
            out.writestr("xl/_rels/workbook.xml.rels", _relations([("worksheet", sheet) for sheet in sheets]))
            out.writestr("xl/workbook.xml", self._workbook())
            for number, sheet in enumerate(package.sheets):
                own = [at for at, table in enumerate(tables, 1) if table.sheet == sheet.name]
                if own:
                    out.writestr(
                        f"xl/worksheets/_rels/sheet{number + 1}.xml.rels",
                        _relations([("table", f"../tables/table{at}.xml") for at in own]),
                    )
                with out.open(f"xl/worksheets/sheet{number + 1}.xml", "w") as member:
                    for piece in self._sheet(number, fixed[number], values[number], len(own)):
                        member.write(piece.encode())
            for at, table in enumerate(tables, 1):
                out.writestr(f"xl/tables/table{at}.xml", _table(at, table))

    def _workbook(self) -> str:
        package = self.package
        tabs = "".join(
            f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="r{number}"/>'
            for number, sheet in enumerate(package.sheets, 1)
        )
        order = {sheet.name: number for number, sheet in enumerate(package.sheets)}
        names = "".join(
            f"<definedName name={quoteattr(name.name)}"
            + (f' localSheetId="{order[name.scope]}"' if name.scope is not None else "")
            + f">{escape(name.text)}</definedName>"
            for name in package.defined_names
            if not name.name.startswith("_xlnm.")
            and not _ELSEWHERE.search(name.text)
            and (name.scope is None or name.scope in order)
        )
        properties = '<workbookPr date1904="1"/>' if package.date1904 else ""
        listed = f"<definedNames>{names}</definedNames>" if names else ""
        iterates = '<calcPr iterate="1"/>' if package.iterate else ""
        return (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{properties}<sheets>{tabs}</sheets>'
            f"{listed}{iterates}</workbook>"
        )

    def _sheet(
        self, number: int, fixed: Collection[Cell], values: Mapping[Cell, CellValue], tables: int
    ) -> Iterator[str]:
        scan, formulas = self.scans[number], self.formulas[number]
        xml = self.package.read(self.package.sheets[number].part)
        areas = {(cell.row, cell.column): cell.area for cell in scan.formulas if cell.kind == "array"}
        members = {(item.row, item.column): item.anchor for item in scan.array_members}
        hidden = {int(found[1]) for match in _HIDDEN_ROW.finditer(xml) if (found := _NUMBER.search(match[0]))}
        yield f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData>'
        last = 0
        for raw in iter_cells(xml, read_frame(xml)):
            cell = raw.row, raw.column
            anchor = members.get(cell)
            if anchor is not None and anchor not in fixed:
                continue  # its array formula fills it
            if cell in formulas and cell not in fixed:
                content = _formula(cell, formulas[cell], areas.get(cell))
            else:
                value = values.get(cell) if cell in formulas or anchor is not None else None
                if value is None:
                    value, _ = decode_value(raw, self.strings)
                content = _value(cell, value)
            if not content:
                continue
            if raw.row != last:
                yield ("</row>" if last else "") + f'<row r="{raw.row}"{_hidden(raw.row in hidden)}>'
                last = raw.row
            yield content
        yield ("</row>" if last else "") + "</sheetData>"
        if tables:
            listed = "".join(f'<tablePart r:id="r{at}"/>' for at in range(1, tables + 1))
            yield f'<tableParts count="{tables}">{listed}</tableParts>'
        yield "</worksheet>"


def _hidden(flag: bool) -> str:
    return ' hidden="1"' if flag else ""


def _formula(cell: Cell, text: str, area: Area | None) -> str:
    kind = ""
    if area is not None:
        kind = f' t="array" ref="{cell_ref(*cell)}:{cell_ref(area.last_row, area.last_column)}"'
    return f'<c r="{cell_ref(*cell)}"><f{kind}>{escape(text)}</f></c>'


def _value(cell: Cell, value: CellValue) -> str:
    reference = cell_ref(*cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, ErrorValue):
        return f'<c r="{reference}" t="e"><v>{escape(value.code)}</v></c>'
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{reference}" t="inlineStr"><is>{text}</is></c>'
    return f'<c r="{reference}"><v>{number_text(value).decode()}</v></c>'


def _types(sheets: int, tables: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    parts += "".join(
        f'<Override PartName="/xl/tables/table{number}.xml" ContentType="{_TYPE}table+xml"/>'
        for number in range(1, tables + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>{parts}</Types>'
    )


def _relations(items: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(items, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{listed}</Relationships>'


def _table(number: int, table: Table) -> str:
    columns = "".join(f'<tableColumn id="{at}" name={quoteattr(name)}/>' for at, name in enumerate(table.columns, 1))
    facts = f' headerRowCount="{table.header_rows}"' if table.header_rows != 1 else ""
    facts += f' totalsRowCount="{table.totals_rows}"' if table.totals_rows else ""
    name = quoteattr(table.name)
    return (
        f'{_HEAD}<table xmlns="{_MAIN}" id="{number}" name={name} displayName={name} ref="{table.ref}"{facts}>'
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns></table>'
    )
