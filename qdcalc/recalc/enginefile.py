"""The workbook as the engine loads it: only sheets and shared texts, with the engine's formulas.

The engine's own loader reads 100,000 rows with 400,000 formulas in a second; setting the formulas one by one would
take five, and twice the memory. It refuses a file for one formula that it cannot parse, for a link to another
workbook and for error values newer than #N/A, so these are taken out here. Styles are left behind: they would turn
numbers into dates and back.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import methodcaller
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from qdcalc.recalc.dependents import Marks
from qdcalc.recalc.formulas import Texts
from qdcalc.recalc.model import SheetModel
from qdcalc.recalc.package import Package
from qdcalc.recalc.rows import Run
from qdcalc.recalc.sheetxml import iter_cells, read_frame
from qdcalc.recalc.xmltext import cell_ref

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_FORMULA = re.compile(rb"<f((?:[ \t\r\n][^<>]*?)?)(?:/>|>([^<]*)</f>)")
_NEW_ERROR = re.compile(rb"<v>(?!#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)<)#[A-Z/_0-9]+[!?]?</v>")
_ISO_DATE = re.compile(rb' t="d"([^<>]*>(?:<f[^<]*(?:</f>)?)?)<v>([^<]*)</v>')
_CONSTANT = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*(?:/>|>(?:<v>[^<]*</v>|<v/>)?</c>)')
_CHUNK = 1 << 20


def write_engine_file(target: Path, package: Package, models: Sequence[SheetModel], left_out: Marks) -> None:
    """Writes the engine's copy of the workbook. Formulas in `left_out` are not in it: their cached value is."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        count = len(models)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}worksheet+xml"/>'
            for number in range(1, count + 1)
        )
        relations = "".join(
            f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, count + 1)
        )
        tabs = "".join(
            f'<sheet name={quoteattr(model.name)} sheetId="{number}" r:id="s{number}"/>'
            for number, model in enumerate(models, 1)
        )
        if package.shared_strings_part is not None:
            types += f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}sharedStrings+xml"/>'
            relations += f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            out.writestr("xl/sharedStrings.xml", package.read(package.shared_strings_part))
        out.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            f'PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>{types}</Types>',
        )
        out.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="b" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{relations}</Relationships>',
        )
        out.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets></workbook>',
        )
        for number, model in enumerate(models):
            with out.open(f"xl/worksheets/sheet{number + 1}.xml", "w") as member:
                for piece in engine_sheet(package.read(model.part), model, left_out[number], package.date1904):
                    member.write(piece)


def engine_sheet(xml: bytes, model: SheetModel, left_out: bytearray, date1904: bool = False) -> Iterator[bytes]:
    """One sheet's bytes with the engine's formulas.

    The other cells of an array formula are left out, for the engine to fill: where there was a value, even one that was
    taken away again, formualizer 0.13.0 loses what the formula gives as soon as the sheet has a hundred rows.
    """
    unchanged = True  # the runs are places in the file's own bytes
    filled = {
        cell_ref(row, column).encode()
        for anchor, members in model.members.items()
        if not left_out[anchor]
        for row, column, _ in members
    }
    if b"<v>#" in xml and _NEW_ERROR.search(xml):
        unchanged = False
        xml = _NEW_ERROR.sub(b"<v>#VALUE!</v>", xml)
    if b' t="d"' in xml:
        unchanged = False
        xml = _ISO_DATE.sub(lambda match: b"%s<v>%s</v>" % (match[1], _serial(match[2], date1904)), xml)
    texts = _Texts(model, left_out)
    plain = xml
    if filled:
        unchanged = False
        plain = _CONSTANT.sub(lambda match: b"" if match[1] in filled else match[0], xml)
    runs = [run for run in model.runs if run.folded and unchanged]
    if b"<!" in xml or any(b'"%b"' % reference in plain for reference in filled) or not _all_plain(plain, model, runs):
        yield from _rebuilt(xml, texts, filled)
        return
    xml = plain
    position = number = 0
    for run in runs:
        columns = texts.of_run(run)
        if columns is None:
            continue
        yield from _replaced(xml, position, run.start, texts, number)
        yield from _run(xml, run, columns) if columns else (xml[run.start : run.end],)
        position, number = run.end, run.number + run.formulas
    yield from _replaced(xml, position, len(xml), texts, number)


def _all_plain(xml: bytes, model: SheetModel, runs: Sequence[Run]) -> bool:
    """Whether _FORMULA finds all the formulas outside the runs, and nothing else."""
    position = formulas = 0
    for run in runs:
        formulas += sum(1 for match in _FORMULA.finditer(xml, position, run.start) if _counts(match))
        if formulas != run.number:
            return False
        formulas += run.formulas
        position = run.end
    return formulas + sum(1 for match in _FORMULA.finditer(xml, position) if _counts(match)) == len(model)


def _run(xml: bytes, run: Run, columns: Mapping[int, bytes | Texts]) -> Iterator[bytes]:
    """Rows that are made alike, with other formulas in some of their columns."""
    width = len(run.template.fields)
    forms = {}
    for number, text in columns.items():
        if isinstance(text, Texts):
            forms[number] = b"%d".join(map(_percent, _formula(text.pieces)))
    cut_by_tag = all(not text.attributes and text.pieces is not None for text in run.template.fields)
    for start, stop, rows in run.blocks(xml):
        first, last = rows[0] - run.first, rows[-1] - run.first + 1
        texts: dict[int, Iterable[bytes]] = {}
        for number, text in columns.items():
            if isinstance(text, Texts) and text.numbers:
                numbers = zip(*(column[first:last] for column in text.numbers), strict=True)
                texts[number] = map(forms[number].__mod__, numbers)
            else:
                texts[number] = repeat(forms[number] % () if number in forms else b"", len(rows))
        block = xml[start:stop]
        parts = block.split(b"<f>") if cut_by_tag else []
        lines: list[Iterable[bytes]] = []
        if len(parts) == 1 + width * len(rows):
            for number in range(width):
                cells = parts[1 + number :: width]
                if number in columns:
                    lines += texts[number], [rest for _, _, rest in map(_UP_TO_END, cells)]
                else:
                    lines += repeat(b"<f>", len(rows)), cells
            yield parts[0]
        else:
            fields = tuple(sorted(columns))
            piece, _, *others = run.template.cut(block, "formula", fields)
            lines.append(piece)
            for number, piece in zip(fields, others, strict=True):
                lines += texts[number], piece
        yield b"".join(chain.from_iterable(zip(*lines, strict=True)))


_UP_TO_END = methodcaller("partition", b"</f>")


def _formula(pieces: Sequence[str]) -> list[bytes]:
    """The pieces of a formula's text as those of its element."""
    found = [escape(piece).encode() for piece in pieces]
    found[0] = b"<f>" + found[0]
    found[-1] += b"</f>"
    return found


def _percent(text: bytes) -> bytes:
    return text.replace(b"%", b"%%")


def _counts(match: re.Match[bytes]) -> bool:
    """An <f/> without text or number of a shared formula is no formula."""
    return bool(match[2]) or b"shared" in match[1]


class _Texts:
    """The engine's formula for each of a sheet's formulas, by number."""

    def __init__(self, model: SheetModel, left_out: bytearray) -> None:
        self._model = model
        self._left_out = left_out
        self._broken = {  # shared formulas that cannot stay shared, because one of their cells is written out
            family.shared
            for family in model.families
            if family.shared >= 0
            and (family.plan.template is not None or any(left_out[index] for index in family.indexes))
        }

    def of(self, number: int) -> str | None:
        """The engine's formula; "" for none; None for the file's own."""
        if self._left_out[number]:
            return ""
        family = self._model.family[number]
        row = self._model.rows[number]
        text = family.engine_text(row)
        if text is None and family.shared in self._broken:
            text = self._model.shared[family.shared].at(row, family.column)
        return text

    def of_run(self, run: Run) -> dict[int, bytes | Texts] | None:
        """For the columns of a run whose formula is not the file's own: b"" for none, or their texts.

        None where the formulas of a column differ in more than numbers.
        """
        found: dict[int, bytes | Texts] = {}
        width = len(run.template.fields)
        for number in range(width):
            start = run.number + number
            flags = self._left_out[start : run.number + run.formulas : width]
            family = self._model.family[start]
            if 1 in flags:
                if 0 in flags:
                    return None
                found[number] = b""
            elif family.plan.template is not None:
                first, last = run.rows[0], run.rows[-1]
                found[number] = family.plan.texts(
                    family.sheet, family.column, family.rows(first), first, family.rows(last), last
                )
            elif family.shared in self._broken:
                return None
        return found


def _replaced(xml: bytes, position: int, end: int, texts: _Texts, number: int) -> Iterator[bytes]:
    """Bytes position…end with the formulas from `number` on in them."""
    pieces: list[bytes] = []
    size = 0
    for match in _FORMULA.finditer(xml, position, end):
        if not _counts(match):
            text: str | None = ""
        else:
            text = texts.of(number)
            number += 1
            if text is None:
                continue
        pieces.append(xml[position : match.start()])
        if text:
            pieces.append(b"<f>" + escape(text).encode() + b"</f>")
        size += match.start() - position
        position = match.end()
        if size > _CHUNK:
            yield b"".join(pieces)
            pieces, size = [], 0
    pieces.append(xml[position:end])
    yield b"".join(pieces)


def _rebuilt(xml: bytes, texts: _Texts, filled: set[bytes]) -> Iterator[bytes]:
    """For XML that no spreadsheet program writes: every cell anew."""
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    number = 0
    before = 0
    for cell in iter_cells(xml, read_frame(xml)):
        formula = b""
        attributes = cell.formula_attributes
        if attributes is not None and (cell.formula is not None or b"shared" in attributes):
            text = texts.of(number)
            number += 1
            if text is not None:
                formula = b"<f>" + escape(text).encode() + b"</f>" if text else b""
            elif cell.formula is None:
                formula = b"<f%s/>" % attributes
            else:
                formula = b"<f%s>%s</f>" % (attributes, cell.formula)
        if cell.row != before:
            yield (b"</row>" if before else b"") + b'<row r="%d">' % cell.row
            before = cell.row
        reference = cell_ref(cell.row, cell.column).encode()
        if reference in filled:
            continue
        value = b"" if cell.value is None else b"<v>%s</v>" % cell.value
        yield b'<c r="%s"%s>%s%s%s</c>' % (reference, cell.attributes, formula, value, cell.inline or b"")
    yield (b"</row>" if before else b"") + b"</sheetData></worksheet>"


def _serial(text: bytes, date1904: bool) -> bytes:
    """An ISO date of a strict workbook as a serial number; what is none stays as it is."""
    try:
        moment = datetime.datetime.fromisoformat(text.decode().replace("Z", ""))
    except ValueError:
        return text
    days = (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
    return repr(days - 1462 if date1904 else days).encode()
