"""Whether a patched sheet is its original but for the values expected: by its pieces, else by the events of two parses."""

from __future__ import annotations

import hashlib
from xml.parsers import expat

from qdcalc.recalc.facts import MAIN
from qdcalc.recalc.pieces import holds, same_pieces
from qdcalc.recalc.values import Cell, CellValues
from qdcalc.recalc.xmltext import DamagedXmlError, cell_ref, column_number

_CHUNK = 1 << 18


def sheet_problem(before: bytes, after: bytes, values: CellValues) -> str | None:
    """What is wrong with a patched sheet, as the end of a Chinese sentence, or None."""
    try:
        expat.ParserCreate("utf-8").Parse(after, True)
    except expat.ExpatError:
        return "不是完好的 XML"
    if same_pieces(before, after, values):
        return None
    try:
        old, _ = _events(before, values)
        new, found = _events(after, values)
    except (DamagedXmlError, expat.ExpatError, ValueError):  # ValueError: a row number that is none
        return "不是完好的 XML"
    if old != new:
        return "在要改的单元格之外有变化"
    for cell, value in values.items():
        if cell not in found or not holds(value, *found[cell]):
            return f"的单元格 {cell_ref(*cell)} 不是算出的值"
    return None


class _Events:
    """A digest of everything in a sheet but `t` and `<v>` of some cells, whose content is collected instead."""

    def __init__(self, values: CellValues) -> None:
        self.digest = hashlib.blake2b()
        self.found: dict[Cell, tuple[bytes, bytes]] = {}
        self._values = values
        self._path: list[str] = []
        self._row = self._column = 0
        self._cell: Cell | None = None
        self._kind = ""
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.partition(" ")
        path = self._path
        path.append(local if namespace in MAIN else "?")
        if path[1:] == ["sheetData", "row"]:
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif path[1:] == ["sheetData", "row", "c"]:
            ref = attributes.get("r")
            letters = "" if ref is None else ref.rstrip("0123456789")
            self._column = column_number(letters) if letters else self._column + 1
            if (self._row, self._column) in self._values:
                self._cell = self._row, self._column
                self._kind, self._text = attributes.pop("t", ""), []
        if not self._hidden():
            self._add("s", name, *(part for pair in sorted(attributes.items()) for part in pair))

    def end(self, name: str) -> None:
        if not self._hidden():
            self._add("e", name)
        path = self._path
        if len(path) == 4 and self._cell is not None:
            self.found[self._cell] = self._kind.encode(), "".join(self._text).encode("utf-8", "surrogatepass")
            self._cell = None
        path.pop()

    def text(self, text: str) -> None:
        if not self._hidden():
            self.digest.update(text.encode("utf-8", "surrogatepass"))  # expat may give one text in several pieces
        elif self._path[4] == "v":
            # back to the spelling of a file, as holds reads it
            self._text.append(text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;"))

    def other(self, *texts: str) -> None:
        self._add("o", *texts)

    def _hidden(self) -> bool:
        return self._cell is not None and len(self._path) > 4 and self._path[4] in ("v", "is")

    def _add(self, *texts: str) -> None:
        self.digest.update("\0".join(("", *texts, "\0")).encode("utf-8", "surrogatepass"))


def _events(xml: bytes, values: CellValues) -> tuple[bytes, dict[Cell, tuple[bytes, bytes]]]:
    events = _Events(values)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = events.start, events.end
    parser.CharacterDataHandler = events.text
    parser.CommentHandler = parser.ProcessingInstructionHandler = events.other
    view = memoryview(xml)
    for at in range(0, len(xml), _CHUNK):
        parser.Parse(view[at : at + _CHUNK], False)
    parser.Parse(b"", True)
    return events.digest.digest(), events.found
