"""The cells of a sheet, straight from its bytes.

Two readers give the same cells. The plain one is a regular expression for what spreadsheet programs write; it must
cover every byte between <sheetData> and </sheetData>, so that nothing can hide between two matches. Where it stops
(a comment, CDATA, prefixed names, single quotes, `r` not first, blanks between elements), expat continues, about
eight times slower (locate.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from qdcalc.recalc.facts import MAIN
from qdcalc.recalc.limits import MAX_COLUMN
from qdcalc.recalc.locate import CHUNK, RawCell, check_row, iter_located, no_doctype
from qdcalc.recalc.xmltext import DamagedXmlError, column_number

_ATTRIBUTES = rb'((?: [A-Za-z_][A-Za-z0-9_.:-]*="[^"<]*")*+) ?'
PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"' + _ATTRIBUTES + rb"(?:/>"
    rb"|>(?:<f" + _ATTRIBUTES + rb"(?:/>|>([^<]*+)</f>))?"
    rb"(?:<v" + _ATTRIBUTES + rb"(?:/>|>([^<]*+)</v>))?"
    rb"(<is>(?:[^<]++|<(?![!?]|/is>))*+</is>)?</c>)"
    rb"|<row" + _ATTRIBUTES + rb"(/?)>"
    rb"|</row>"
    rb"|[ \t\r\n]++"
)
"""Groups: 1 column, 2 row, 3 attributes, 4 f's attributes, 5 formula, 6 v's attributes, 7 value, 8 inline text;
9 attributes of a row, 10 "/" of an empty row."""
_ROW_NUMBER = re.compile(rb' r="([1-9][0-9]{0,6})"')
ATTRIBUTE = re.compile(rb'([A-Za-z_][A-Za-z0-9_.:-]*)="([^"]*)"')


@dataclass
class Frame:
    """What stands around the cells. `body` is the part between <sheetData> and </sheetData>, None if not plain."""

    body: tuple[int, int] | None
    merged: list[str] = field(default_factory=list)
    dimension: str | None = None
    protected: bool = False


@lru_cache(maxsize=4096)
def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """The raw value of one attribute, or None."""
    for key, value in ATTRIBUTE.findall(attributes):
        if key == name:
            return bytes(value)
    return None


def _plain_body(xml: bytes) -> tuple[int, int] | None:
    """Where the cells are, if plain so far. Among them PLAIN itself admits no comment, CDATA, instruction or second
    sheetData, and read_frame finds what stands after them."""
    start, end = xml.find(b"<sheetData>") + 11, xml.rfind(b"</sheetData>")
    if start < 11:
        start = end = xml.find(b"<sheetData/>") + 12
        if start < 12:
            return None
    head = xml[:start].removeprefix(b"\xef\xbb\xbf")
    if b"<!" in head or xml.find(b"<!", end) >= 0 or head.find(b"<?", 2) >= 0 or xml.find(b"<?", end) >= 0:
        return None
    return (start, end) if start <= end and xml.find(b' xmlns="', start, end) < 0 else None


def read_frame(xml: bytes) -> Frame:
    """Parses what stands around the cells (all of it, where the cells are not plain). Raises DamagedXmlError."""
    frame = Frame(_plain_body(xml))
    path: list[str] = []
    worksheets = {f"{namespace} worksheet" for namespace in MAIN}
    found = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal found
        path.append(name)
        if len(path) == 1 and name not in worksheets:
            raise DamagedXmlError("不是工作表")
        namespace, _, local = name.partition(" ")
        count = attributes.get("count", "")
        if len(count) > 5 and count.isdecimal() and int(count[:12]) > len(xml):
            raise DamagedXmlError(f"声称有 {count[:12]} 个 {local}")
        if namespace not in MAIN:
            return
        if local == "sheetData":
            found += 1 if len(path) == 2 else 2
        elif local == "mergeCell":
            frame.merged.append(attributes.get("ref", ""))
        elif local == "dimension" and len(path) == 2:
            frame.dimension = attributes.get("ref")
        elif local == "sheetProtection" and len(path) == 2:
            frame.protected = attributes.get("sheet", "0") in ("1", "true", "on")

    def end(name: str) -> None:
        path.pop()

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = no_doctype
    view = memoryview(xml)
    pieces = [view] if frame.body is None else [view[: frame.body[0]], view[frame.body[1] :]]
    try:
        for piece in pieces:
            for at in range(0, len(piece), CHUNK):
                parser.Parse(piece[at : at + CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedXmlError("不是完好的 XML") from error
    if found != 1:
        raise DamagedXmlError("没有或不止一处 sheetData")
    return frame


def iter_cells(xml: bytes, frame: Frame) -> Iterator[RawCell]:
    """All cells in the order of the file, which must be ascending. Raises DamagedXmlError."""
    done = 0
    if frame.body is not None:
        reader = PlainReader(xml, frame.body)
        for cell in plain_cells(reader):
            yield cell
            done += 1
        if reader.complete:
            return
    for cell, _ in iter_located(xml):
        if done:
            done -= 1
        else:
            yield cell


def plain_cells(reader: PlainReader) -> Iterator[RawCell]:
    """The cells up to where the sheet is not plain."""
    new = tuple.__new__
    for row, column, match in reader.cells():
        _, _, attributes, formula_attributes, formula, value_attributes, value, inline, _, _ = match.groups()
        if value is None and value_attributes is not None:
            value = b""
        # without the named constructor: half the time, and a sheet has millions of cells
        yield new(RawCell, (row, column, attributes, formula_attributes, formula or None, value, inline))


class PlainReader:
    """The regular expression over the body, or over whole rows of it that follow row number `row`.

    After the loop `complete` says whether it came to the end.
    """

    def __init__(self, xml: bytes, body: tuple[int, int], row: int = 0) -> None:
        self._xml = xml
        self._body = body
        self.complete = False
        self.row = row

    def cells(self) -> Iterator[tuple[int, int, re.Match[bytes]]]:
        """(row, column, match of PLAIN); stops at the first byte that is not plain. Raises DamagedXmlError."""
        start, end = self._body
        position = start
        columns: dict[bytes, int] = {}
        row, digits, inside = self.row, b"", False
        column = 0
        for match in PLAIN.finditer(self._xml, start, end):
            at, following = match.span()
            if at != position:
                return
            position = following
            letters = match[1]
            if letters is not None:
                if not inside:
                    return
                before = column
                column = columns.get(letters) or columns.setdefault(letters, column_number(letters.decode()))
                if column <= before or column > MAX_COLUMN or match[2] != digits:
                    raise DamagedXmlError(f"单元格 {(letters + match[2]).decode()} 的位置不对或重复")
                yield row, column, match
            elif match[9] is not None:  # <row …>
                number = _ROW_NUMBER.match(match[9]) or _ROW_NUMBER.search(match[9])
                if inside or number is None:
                    return
                digits = number[1]
                row = self.row = check_row(int(digits), row)
                column = 0
                inside = not match[10]
            elif self._xml[at] == 0x3C:  # </row>
                if not inside:
                    return
                inside = False
        self.complete = position == end and not inside
