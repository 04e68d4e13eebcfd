"""Divides the cells of a sheet into runs of rows that are made alike, and what lies between them.

A run's Template (rows.py) is learned from two rows that follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qdcalc.recalc.limits import MAX_COLUMN
from qdcalc.recalc.rows import NUMBER, Field, Run, Template
from qdcalc.recalc.sheetxml import PLAIN, attribute
from qdcalc.recalc.tokens import row_places, split
from qdcalc.recalc.xmltext import DamagedXmlError, column_number, xml_text

LEAST = 1 << 16
"""bytes of cells below which a sheet is not worth a template: making one takes as long as reading 1,000 cells"""
_TEMPLATES = 12
_STRIKES = 24
_MOST_COLUMNS = 400


class _Sample(NamedTuple):
    row: int
    end: int
    constants: dict[int, bytes]
    fields: list[tuple[int, bytes, bytes, bytes | None, bool]]


class RowReader:
    """Divides the cells of a sheet into runs and what lies between them."""

    def __init__(self, xml: bytes, body: tuple[int, int]) -> None:
        self._xml = xml
        self._body = body
        self._templates: list[Template] = []
        self._left = _TEMPLATES if body[1] - body[0] >= LEAST else 0

    def stretches(self) -> Iterator[Run | tuple[int, int]]:
        """In order, and together the whole body: runs, and (start, end) of rows for the plain reader."""
        position, end = self._body
        rows = 1
        while position < end:
            run = self._run(position) if self._left or self._templates else None
            if run is not None:
                yield run
                position, rows = run.end, 1
                continue
            start = position
            if not self._left and not self._templates:
                position = end
            for _ in range(rows):
                if position < end:
                    position = self._xml.find(b"</row>", position, end) + 6
                    position = end if position < 6 else position
            yield start, position
            rows = min(2 * rows, 512)

    def _run(self, position: int) -> Run | None:
        end = self._body[1]
        for number, template in enumerate(self._templates):
            run = template.run(self._xml, position, end)
            if template.strikes > _STRIKES:
                del self._templates[number]
            elif run is not None and number:
                self._templates.insert(0, self._templates.pop(number))
            if run is not None:
                return run
        if not self._left:
            return None
        learned = self._learn(position)
        if learned is None:
            return None
        self._left -= 1
        self._templates.insert(0, learned)
        return learned.run(self._xml, position, end)

    def _learn(self, position: int) -> Template | None:
        """From two rows that follow each other."""
        one = self._sample(position)
        two = None if one is None else self._sample(one.end)
        if one is None or two is None or len(one.fields) != len(two.fields):
            return None
        fields = []
        for (column, letters, attributes, text, valued), other in zip(one.fields, two.fields, strict=True):
            if (column, attributes, text is None, valued) != (other[0], other[2], other[3] is None, other[4]):
                return None
            cut = ((), ()) if text is None or other[3] is None else _cut(text, one.row, other[3], two.row)
            if cut is None:
                return None
            fields.append(Field(column, letters, attributes, cut[0] or None, cut[1], valued))
        constants = one.constants | two.constants
        for number, known in enumerate(self._templates):
            if known.fields == tuple(fields):
                constants |= known.constants
                del self._templates[number]
                break
        return Template(fields, constants) if len(constants) + len(fields) <= _MOST_COLUMNS else None

    def _sample(self, position: int) -> _Sample | None:
        """The next row cell by cell; None if it is of no use for a template."""
        row = b""
        before = 0
        constants: dict[int, bytes] = {}
        fields: list[tuple[int, bytes, bytes, bytes | None, bool]] = []
        for match in PLAIN.finditer(self._xml, position, self._body[1]):
            if match.start() != position:
                return None
            position = match.end()
            if match[1] is not None:
                letters, column = match[1], column_number(match[1].decode())
                if match[2] != row or not before < column <= MAX_COLUMN:
                    return None
                before = column
                if match[4] is None:
                    constants[column] = letters
                    continue
                if match[6] or match[8] is not None or (match[6] is not None and match[7] is None):
                    return None
                kind = attribute(match[4], b"t")
                if kind not in (None, b"normal", b"shared") or (kind == b"shared") != (not match[5]):
                    return None
                if kind == b"shared" and match[0].find(b"</f>") >= 0:
                    return None
                fields.append((column, letters, match[4], match[5] or None, match[6] is not None))
            elif match[9] is not None:
                found = re.match(rb' r="(' + NUMBER + rb')"', match[9])
                if row or found is None or match[10]:
                    return None
                row = found[1]
            elif match[0] == b"</row>":
                return _Sample(int(row), position, constants, fields) if row and before else None
        return None


def _cut(
    one: bytes, row: int, two: bytes, following: int
) -> tuple[tuple[bytes, ...], tuple[int, ...]] | None:  # fmt: skip
    """A formula's text cut at the row numbers that move with the row; None if the texts differ in anything else."""
    if one == two and not re.search(rb"[0-9]", one):
        return (one,), ()
    try:
        skeleton, numbers = split(one.decode())
        other_skeleton, other_numbers = split(two.decode())
        if skeleton != other_skeleton or numbers != split(xml_text(one))[1] or other_numbers != split(xml_text(two))[1]:
            return None
    except (UnicodeDecodeError, DamagedXmlError):
        return None
    text = one.decode()
    pieces, distances = [""], []
    position = 0
    for (start, end), number, other in zip(row_places(text), numbers, other_numbers, strict=True):
        pieces[-1] += text[position:start]
        position = end
        if number == other:
            pieces[-1] += number
        elif number[0] == "0" or other[0] == "0" or int(other) - int(number) != following - row:
            return None
        else:
            distances.append(int(number) - row)
            pieces.append("")
    pieces[-1] += text[position:]
    return tuple(piece.encode() for piece in pieces), tuple(distances)
