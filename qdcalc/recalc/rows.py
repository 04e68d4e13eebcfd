"""Runs of rows that are made alike: a filled sheet is read, written and checked a run at a time.

A hundred thousand filled rows differ only in their numbers and texts. From two rows that follow each other a regular
expression for the whole row is made. It says every element, its place and its order, so that what it matches is as
strict as what the plain reader (sheetxml.py) takes cell by cell; the difference is that one match takes a row, in C.
What differs more than that is left to the plain reader: a Template promises nothing about rows that it does not match.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from qdcalc.recalc.limits import MAX_ROW
from qdcalc.recalc.sheetxml import attribute
from qdcalc.recalc.values import CellValue
from qdcalc.recalc.xmltext import DamagedXmlError

_BLOCK = 1 << 18
_FIRST_BLOCK = 1 << 13
_SHORT = 4

_ANY = rb'(?: [A-Za-z_][A-Za-z0-9_.:-]*="[^"<]*")*+'
NUMBER = rb"[1-9][0-9]{0,6}"
_CONTENT = rb" ?(?:/>|>(?:<v>[^<]*+</v>|<is><t(?: xml:space=\"preserve\")?>[^<]*+</t></is>)?</c>)"
_REST = rb"|((?s:.+))"


class Field(NamedTuple):
    """A formula's column in the rows of a template.

    attributes  of <f>, the same in every row
    pieces      the formula's text, still escaped, cut at the row numbers that move; None for a child of a shared one
    distances   for each cut: the number that stands there less the row
    valued      whether there is a <v>
    """

    column: int
    letters: bytes
    attributes: bytes
    pieces: tuple[bytes, ...] | None
    distances: tuple[int, ...]
    valued: bool

    def text(self, row: int) -> bytes:
        """The formula in one row, escaped."""
        assert self.pieces is not None
        found = [self.pieces[0]]
        for distance, piece in zip(self.distances, self.pieces[1:], strict=True):
            found += b"%d" % (row + distance), piece
        return b"".join(found)


class Atom(NamedTuple):
    """A stretch of a row's expression. `kind`: row, constants, open, formula, before, value or after; `number`: of the
    formula's column."""

    kind: str
    number: int
    pattern: bytes


class Template:
    """Rows with these formulas, and constants in any of these columns."""

    def __init__(self, fields: Sequence[Field], constants: dict[int, bytes]) -> None:
        self.fields = tuple(fields)
        self.constants = constants
        self.strikes = 0
        self._cutters: dict[tuple[str, tuple[int, ...]], re.Pattern[bytes]] = {}
        groups = 1
        self._numbers: list[tuple[int, int]] = []  # (group, distance)
        self._groups: list[tuple[int, int]] = []  # of the attributes, of the value or -1
        parts = []
        for atom in self.atoms():
            pattern = atom.pattern
            if atom.kind == "formula":
                text = self.fields[atom.number]
                for distance in text.distances:
                    if distance:
                        self._numbers.append((groups, distance))
                        groups += 1
                pattern = pattern.replace(_moving(1), b"(" + NUMBER + b")")
            elif atom.kind == "open":
                pattern = pattern.replace(_ANY, b"(" + _ANY + b")")
                self._groups.append((groups, -1))
                groups += 1
            elif atom.kind == "value":
                pattern = b"(" + pattern + b")"
                self._groups[-1] = self._groups[-1][0], groups
                groups += 1
            parts.append(pattern)
        self._pattern = re.compile(b"".join(parts) + _REST)

    def atoms(self) -> Iterator[Atom]:
        """The row's expression in stretches. Group r is the row number."""
        yield Atom("row", -1, rb'[ \t\r\n]*+<row r="(?P<r>' + NUMBER + rb')"' + _ANY + rb" ?>")
        waiting = sorted(self.constants.items())
        for number, text in enumerate(self.fields):
            while waiting and waiting[0][0] < text.column:
                yield Atom("constants", -1, _constant(waiting.pop(0)[1]))
            yield Atom("open", number, rb'<c r="%s(?P=r)"%s ?>' % (text.letters, _ANY))
            yield Atom("formula", number, _formula(text))
            if text.valued:
                yield Atom("before", number, b"<v>")
                yield Atom("value", number, b"[^<]*+")
                yield Atom("after", number, b"</v></c>")
            else:
                yield Atom("after", number, b"</c>")
        for _, letters in waiting:
            yield Atom("constants", -1, _constant(letters))
        yield Atom("row", -1, b"</row>")

    def run(self, xml: bytes, start: int, end: int) -> Run | None:
        """The rows from `start` on that are made like this and follow each other without a gap."""
        run = Run(self, start, start, 0, 0)
        size = _FIRST_BLOCK
        while run.end < end:
            stop = xml.rfind(b"</row>", run.end, min(run.end + size, end)) + 6
            if stop < 6:
                stop = xml.find(b"</row>", run.end, end) + 6
                if stop < 6:
                    break
            if not self._block(xml, run, stop):
                break
            size = min(2 * size, _BLOCK)
        if run.count < _SHORT:
            self.strikes += 1
        elif run.count > 4 * _SHORT:
            self.strikes = 0
        return run if run.count else None

    def _block(self, xml: bytes, run: Run, stop: int) -> bool:
        """Takes rows up to `stop`; whether all of them fit."""
        found = self._pattern.findall(xml, run.end, stop)
        columns: list[Sequence[bytes]] = list(zip(*found, strict=True))
        rest = columns[-1][-1]
        count = len(found) - bool(rest)
        if not count:
            return False
        digits = columns[0][:count] if rest else columns[0]
        first = run.first + run.count if run.count else int(digits[0])
        fitting = _same_start(list(map(int, digits)), first)
        for group, distance in self._numbers:
            fitting = min(fitting, _same_start(list(map(int, columns[group][:count])), first + distance))
        fitting = min(fitting, MAX_ROW + 1 - first - max((0, *(distance for _, distance in self._numbers))))
        if fitting <= 0:
            return False
        values = []
        for text, (attributes, value) in zip(self.fields, self._groups, strict=True):
            kinds = columns[attributes][:fitting]
            values.append(Cached.of(kinds, columns[value][:fitting] if text.valued else None))
        if not run.count:
            run.first = first
            run.cached = values
        else:
            for known, more in zip(run.cached, values, strict=True):
                known.extend(more)
        run.count += fitting
        if fitting < count:
            after = xml.find(b'<row r="%s"' % digits[fitting], run.end, stop)
            run.end = xml.rfind(b"</row>", run.end, after) + 6
            return False
        run.end = stop - len(rest)
        return not rest

    def cutter(self, kind: str, fields: tuple[int, ...]) -> re.Pattern[bytes]:
        """An expression whose groups are what stands between the formulas (kind "formula") or the values (kind "value")
        of some fields; group r is inside the first, so the row number is the second. With "value", the value follows
        each. The last group is what does not match."""
        known = self._cutters.get((kind, fields))
        if known is not None:
            return known
        parts = [b"("]
        for atom in self.atoms():
            if atom.kind == kind and atom.number in fields:
                parts.append(b")(" + atom.pattern + b")(" if kind == "value" else b")" + atom.pattern + b"(")
            else:
                parts.append(atom.pattern)
        made = self._cutters[kind, fields] = re.compile(b"".join(parts) + b")" + _REST)
        return made

    def cut(self, block: bytes, kind: str, fields: tuple[int, ...]) -> list[Sequence[bytes]]:
        """Rows cut by the cutter, a column of pieces each. The second column is the row number."""
        columns: list[Sequence[bytes]] = list(zip(*self.cutter(kind, fields).findall(block), strict=True))
        if any(columns.pop()):
            raise DamagedXmlError("的行变了")  # the same bytes as before: a fault of ours
        return columns


def _moving(distance: int) -> bytes:
    return NUMBER if distance else b"(?P=r)"


def _constant(letters: bytes) -> bytes:
    return rb'(?:<c r="%s(?P=r)"' % letters + _ANY + _CONTENT + rb")?+"


def _formula(text: Field) -> bytes:
    if text.pieces is None:
        return b"<f" + re.escape(text.attributes) + b" ?/>"
    parts = [b"<f", re.escape(text.attributes), b" ?>", re.escape(text.pieces[0])]
    for distance, piece in zip(text.distances, text.pieces[1:], strict=True):
        parts += _moving(distance), re.escape(piece)
    return b"".join(parts) + b"</f>"


def _same_start(numbers: list[int], first: int) -> int:
    """How many of the numbers are first, first + 1, …"""
    wanted = range(first, first + len(numbers))
    if numbers == list(wanted):
        return len(numbers)
    return next(place for place, pair in enumerate(zip(numbers, wanted, strict=True)) if pair[0] != pair[1])


@dataclass(slots=True)
class Cached:
    """A column of values as the file holds them: (attributes of <c>, text of <v>), or numbers where all are numbers
    and say so by having no type."""

    numbers: array[float] | None
    raw: list[tuple[bytes, bytes | None]]

    @classmethod
    def of(cls, kinds: Sequence[bytes], texts: Sequence[bytes] | None) -> Cached:
        if texts is None:
            return cls(None, [(kind, None) for kind in kinds])
        if all(attribute(kind, b"t") is None for kind in set(kinds)):
            numbers = numbers_of(texts)
            if numbers is not None:
                return cls(numbers, [])
        return cls(None, list(zip(kinds, texts, strict=True)))

    def extend(self, more: Cached) -> None:
        if self.numbers is not None and more.numbers is not None:
            self.numbers += more.numbers
            return
        if self.numbers is not None:
            self.raw = [(b"", b"%r" % number) for number in self.numbers]
            self.numbers = None
        if more.numbers is not None:
            self.raw += [(b"", b"%r" % number) for number in more.numbers]
        else:
            self.raw += more.raw


def numbers_of(texts: Sequence[bytes]) -> array[float] | None:
    """The texts as finite numbers, or None if one of them is none."""
    try:
        numbers = array("d", map(float, texts))
    except ValueError:
        return None
    return numbers if isfinite(sum(numbers)) and b"_" not in b"".join(texts) else None


@dataclass(slots=True)
class Run:
    """Rows first…first + count - 1, bytes start…end. `cached`: one for each field.

    shared      for each field the number of its shared formula in the sheet, or None
    values      for each field its values and their types as in FormulaCell; one type for all is told once
    number      the number of its first formula in the sheet; they are counted along the rows
    position    how many formulas the plain reader found before it
    folded      each field is one family: see model.fold
    numeric     for each field whether all its values are numbers in cells without a type
    """

    template: Template
    start: int
    end: int
    first: int
    count: int
    cached: list[Cached] = field(default_factory=list)
    values: list[tuple[Sequence[CellValue], Sequence[str]]] = field(default_factory=list)
    shared: list[int | None] = field(default_factory=list)
    number: int = 0
    position: int = 0
    folded: bool = False
    numeric: list[bool] = field(default_factory=list)

    @property
    def rows(self) -> range:
        return range(self.first, self.first + self.count)

    @property
    def formulas(self) -> int:
        return self.count * len(self.template.fields)

    def used(self, xml: bytes, column: int) -> tuple[int, int]:
        """(last row, last column) with a value or a formula, the column only if it is beyond `column`; 0 for none."""
        fields, constants = self.template.fields, self.template.constants
        last = self.first + self.count - 1
        if fields:
            column = max(column, fields[-1].column)
        else:
            at = max(xml.rfind(b"<v>", self.start, self.end), xml.rfind(b"<is>", self.start, self.end))
            if at < 0:
                return 0, 0
            row = re.match(NUMBER, xml[xml.rindex(b'<row r="', self.start, at) + 8 : at])
            assert row is not None
            last = int(row[0])
        for candidate in sorted(constants, reverse=True):
            if candidate <= column:
                break
            cell = re.compile(rb'<c r="%s[0-9]++"' % constants[candidate] + _ANY + rb" ?><(?:v|is)>")
            if cell.search(xml, self.start, self.end):
                return last, candidate
        return last, fields[-1].column if fields else 0

    def places(self, number: int) -> slice:
        """The numbers in the sheet of a field's formulas."""
        return slice(self.number + number, self.number + self.formulas, len(self.template.fields))

    def blocks(self, xml: bytes) -> Iterator[tuple[int, int, range]]:
        """The rows a few hundred at a time: (start, end, rows)."""
        position, row = self.start, self.first
        while position < self.end:
            stop = xml.rfind(b"</row>", position, min(position + _BLOCK, self.end)) + 6
            if stop < 6:
                stop = xml.index(b"</row>", position, self.end) + 6
            count = xml.count(b"</row>", position, stop)
            yield position, stop, range(row, row + count)
            position = stop
            row += count
