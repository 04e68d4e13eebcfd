"""Fresh values into the bytes of a sheet, and nothing else touched."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from math import isfinite
from operator import add, methodcaller
from pathlib import Path

from qdcalc.errors import VerificationError
from qdcalc.recalc.locate import RawCell, Spans, iter_located
from qdcalc.recalc.model import SheetModel
from qdcalc.recalc.rows import Run
from qdcalc.recalc.scan import Area, decode_value
from qdcalc.recalc.sheetxml import ATTRIBUTE, Frame, PlainReader, attribute, read_frame
from qdcalc.recalc.values import NOT_THERE, Cell, CellValue, CellValues, ColumnValues
from qdcalc.recalc.writing import BadValueError, Fresh, number_texts, same_number, write_value
from qdcalc.recalc.xmltext import DamagedXmlError, cell_ref


@dataclass(frozen=True)
class PatchResult:
    """`changed` cells got a new value, `kept` ones already held it (numbers: to 15 significant digits)."""

    xml: bytes
    changed: int
    kept: int


_COMPUTED = b"</f><v>"
_WITHOUT_NUMBER = methodcaller("lstrip", b"0123456789.-+eE")
_IS_TAG = methodcaller("startswith", b"<")


def _holds(cell: RawCell, value: CellValue, fresh: Fresh) -> bool:
    """Whether the cell already has this value in the form that would be written."""
    _, _, attributes, _, _, text, inline = cell
    if text is None or inline is not None or not _is_kind(attributes, fresh.kind):
        return False
    if text == fresh.text:
        return True
    if fresh.kind:
        try:
            old, _ = decode_value(cell, ())
        except DamagedXmlError:
            return False
        return old == value
    try:
        number = float(text)
    except ValueError:
        return False
    return isfinite(number) and same_number(number, value)  # type: ignore[arg-type]  # fresh.kind says a number


@lru_cache(maxsize=4096)
def _is_kind(attributes: bytes, kind: bytes) -> bool:
    found = attribute(attributes, b"t") or b""
    return found == kind or (found == b"n" and not kind)


@lru_cache(maxsize=4096)
def _retyped(attributes: bytes, kind: bytes) -> bytes:
    """Attributes with `t` set, in its old place or at the end, or taken away for a number."""
    wanted = b' t="%s"' % kind if kind else b""
    kept = []
    placed = False
    for match in ATTRIBUTE.finditer(attributes):
        if match[1] == b"t":
            kept.append(wanted)
            placed = True
        else:
            kept.append(b" " + match[0])
    return b"".join(kept) + (b"" if placed else wanted)


class _Patcher:
    """The work on one sheet."""

    def __init__(
        self, xml: bytes, values: CellValues, path: Path | str, sheet: str, model: SheetModel | None
    ) -> None:  # fmt: skip
        self.xml = xml
        self.values = values
        self.path = path
        self.sheet = sheet
        self.model = model
        self.out = bytearray()
        self.changed = self.kept = 0
        self.arrays: list[Area] = []

    def error(self, cell: Cell, what: str) -> VerificationError:
        return VerificationError(self.path, f"工作表“{self.sheet}”单元格 {cell_ref(*cell)} {what}，没有写入")

    def fresh(self, cell: Cell, value: CellValue) -> Fresh:
        try:
            return write_value(value)
        except BadValueError as error:
            raise self.error(cell, str(error)) from error

    def plain(self, frame: Frame) -> PatchResult | None:
        """By the regular expression, runs a column at a time; None if the sheet is not plain throughout."""
        assert frame.body is not None
        start, end = frame.body
        self.out += memoryview(self.xml)[:start]
        row = 0
        for run in self.model.runs if self.model is not None else ():
            columns = self._columns(run)
            if columns is None:
                continue
            row = self._stretch(start, run.start, row)
            if row < 0:
                return None
            self._run(run, columns)
            start, row = run.end, run.rows[-1]
        if self._stretch(start, end, row) < 0:
            return None
        self.out += memoryview(self.xml)[end:]
        return PatchResult(bytes(self.out), self.changed, self.kept)

    def _stretch(self, start: int, end: int, before: int) -> int:
        """Whole rows after the row `before`, cell by cell; the last row, or -1 where they are not plain."""
        xml, values, out = self.xml, self.values, self.out
        position = start
        arrays = self.arrays
        new = tuple.__new__
        reader = PlainReader(xml, (start, end), before)
        for row, column, match in reader.cells():
            formula_attributes = match[4]
            if formula_attributes and b't="array"' in formula_attributes:
                _add_array(arrays, formula_attributes, row)
            cell = row, column
            value = values.get(cell, NOT_THERE)
            if value is NOT_THERE:
                continue
            fresh = self.fresh(cell, value)
            _, _, attributes, _, formula, value_attributes, text, inline, _, _ = match.groups()
            if text is None and value_attributes is not None:
                text = b""
            if formula_attributes is None and not any(cell in area for area in arrays):
                raise self.error(cell, "不是公式，不能改动")
            raw = new(RawCell, (row, column, attributes, formula_attributes, formula, text, inline))
            if _holds(raw, value, fresh):
                self.kept += 1
                continue
            self.changed += 1
            # <c r="B7" | attributes | > and <f…>…</f> as they are | <v> | </c>
            opened = match.end(3)
            if formula is not None:
                computed = xml[opened : match.end(5) + 4]
            elif formula_attributes is not None:
                computed = xml[opened : xml.index(b">", match.end(4)) + 1]
            else:
                computed = b">"
            out += memoryview(xml)[position : match.start(3)]
            out += b"%s%s%s</c>" % (_retyped(attributes, fresh.kind), computed, fresh.element)
            position = match.end()
        if not reader.complete:
            return -1
        out += memoryview(xml)[position:end]
        return reader.row

    def _columns(self, run: Run) -> dict[int, array[float]] | None:
        """Field of a run → its new numbers. None where there is more to change than one number for another."""
        values, first, last = self.values, run.rows[0], run.rows[-1]
        if not isinstance(values, ColumnValues) or values.single(first, last):
            return None
        found = {}
        places = {text.column: number for number, text in enumerate(run.template.fields)}
        for column in values.filled:
            if not values.touches(column, first, last):
                continue
            numbers = values.column(column, first, last)
            if column not in places or not run.numeric[places[column]] or not isinstance(numbers, array):
                return None
            found[places[column]] = numbers
        return found

    def _run(self, run: Run, columns: Mapping[int, array[float]]) -> None:
        if not columns:
            self.out += memoryview(self.xml)[run.start : run.end]
            return
        assert self.model is not None
        width = len(run.template.fields)
        before = {number: self.model.cached.pick(run.places(number)) for number in columns}
        cut_by_tag = all(text.valued and text.pieces is not None for text in run.template.fields)
        for start, stop, rows in run.blocks(self.xml):
            block = self.xml[start:stop]
            parts = block.split(_COMPUTED) if cut_by_tag else []
            if len(parts) != 1 + width * len(rows) or not self._replaced(run, columns, before, parts, rows):
                self._cut(run, columns, before, block, rows)

    def _replaced(
        self,
        run: Run,
        columns: Mapping[int, array[float]],
        before: Mapping[int, Sequence[CellValue]],
        parts: list[bytes],
        rows: range,
    ) -> bool:
        """A block of rows cut before the values of all formulas: puts the new ones in place of the old digits."""
        width = len(run.template.fields)
        first, last = rows[0] - run.first, rows[-1] - run.first + 1
        rests = {number: list(map(_WITHOUT_NUMBER, parts[1 + number :: width])) for number in columns}
        if not all(all(map(_IS_TAG, column)) for column in rests.values()):
            return False
        for number, column in rests.items():
            olds = parts[1 + number :: width]
            texts = self._written(
                before[number][first:last],
                columns[number][first:last],
                partial(_digits, olds, column),
            )
            parts[1 + number :: width] = list(map(add, texts, column))
        self.out += _COMPUTED.join(parts)
        return True

    def _cut(
        self,
        run: Run,
        columns: Mapping[int, array[float]],
        before: Mapping[int, Sequence[CellValue]],
        block: bytes,
        rows: range,
    ) -> None:
        """The same by the template's expression."""
        first, last = rows[0] - run.first, rows[-1] - run.first + 1
        fields = tuple(sorted(columns))
        piece, _, *others = run.template.cut(block, "value", fields)
        parts: list[Sequence[bytes]] = [piece]
        for number, olds, piece in zip(fields, others[::2], others[1::2], strict=True):
            numbers = columns[number][first:last]
            parts += self._written(before[number][first:last], numbers, olds.__getitem__), piece
        self.out += b"".join(chain.from_iterable(zip(*parts, strict=True)))

    def _written(
        self, before: Sequence[CellValue], numbers: array[float], old: Callable[[int], bytes]
    ) -> list[bytes]:  # fmt: skip
        """The texts of `<v>` in a column: the new numbers, or the old text where it says the same."""
        texts = number_texts(numbers)
        assert isinstance(before, array)  # Run.numeric
        near = [
            place
            for place, (one, two) in enumerate(zip(before, numbers, strict=True))
            if abs(one - two) <= 2e-14 * abs(one) and (one == two or same_number(one, two))
        ]
        for place in near:
            texts[place] = old(place)
        self.kept += len(near)
        self.changed += len(texts) - len(near)
        return texts

    def located(self) -> PatchResult:
        """By expat's offsets: any sheet."""
        out: list[bytes] = []
        position = changed = kept = 0
        arrays: list[Area] = []
        for raw, spans in iter_located(self.xml):
            attributes = raw.formula_attributes
            if attributes and b't="array"' in attributes:
                _add_array(arrays, attributes, raw.row)
            cell = raw.row, raw.column
            if cell not in self.values:
                continue
            value = self.values[cell]
            fresh = self.fresh(cell, value)
            if raw.formula_attributes is None and not any(cell in area for area in arrays):
                raise self.error(cell, "不是公式，不能改动")
            if _holds(raw, value, fresh):
                kept += 1
                continue
            changed += 1
            out += self.xml[position : spans.start], self._rewritten(spans, fresh)
            position = spans.end
        return PatchResult(b"".join(out) + self.xml[position:], changed, kept)

    def _rewritten(self, spans: Spans, fresh: Fresh) -> bytes:
        """One cell anew, its own spelling kept: prefix, quotes, blanks, comments."""
        xml = self.xml
        opening = xml[spans.start : spans.opened]
        name = re.match(rb"<([^\s/>]+)", opening)
        assert name is not None
        prefix = name[1][:-1]  # "x:c" → "x:"
        head = _retagged(opening[:-2].rstrip() if spans.empty else opening[:-1], fresh.kind)
        element = fresh.element.replace(b"<v", b"<" + prefix + b"v").replace(b"</v", b"</" + prefix + b"v")
        if spans.empty:
            return head + b">" + element + b"</" + name[1] + b">"
        cuts = sorted(span for span in (spans.value, spans.inline) if span is not None)
        at = spans.value[0] if spans.value else spans.formula_end or (cuts[0][0] if cuts else spans.opened)
        body = []
        position = spans.opened
        for start, end in sorted([*cuts, (at, at)]):
            body.append(xml[position:start])
            if start == end:
                body.append(element)
            position = max(position, end)
        return head + b">" + b"".join(body) + xml[position : spans.end]


def _digits(cells: Sequence[bytes], rests: Sequence[bytes], place: int) -> bytes:
    return cells[place][: len(cells[place]) - len(rests[place])]


def _retagged(opening: bytes, kind: bytes) -> bytes:
    """An odd start tag (without its ">") with `t` set, in its old place or at the end, or taken away for a number."""
    wanted = b' t="%s"' % kind if kind else b""
    for match in re.finditer(rb"""\s+([^\s=/>"']+)\s*=\s*(?:"[^"]*"|'[^']*')""", opening):
        if match[1] == b"t":
            return opening[: match.start()] + wanted + opening[match.end() :]
    return opening.rstrip() + wanted if wanted else opening


def _add_array(arrays: list[Area], attributes: bytes, row: int) -> None:
    """Remembers the range of an array formula on `row`, and forgets those that ended above it."""
    ref = attribute(attributes, b"ref")
    try:
        area = Area.parse((ref or b"").decode())
    except ValueError:
        return  # the cells under it are then not known as computed, and refused
    if area.size > 1:
        arrays[:] = [known for known in arrays if known.last_row >= row]
        arrays.append(area)


def patch_sheet(
    xml: bytes, values: CellValues, *, path: Path | str = "", sheet: str = "", model: SheetModel | None = None
) -> PatchResult:
    """Puts `values` as cached values of formula cells (or members of array formulas) into a sheet.

    Only the `t` attribute and `<v>` of these cells change. A number must be finite and a value must not be None
    (an Excel formula never yields an empty cell): the caller turns such results into an ErrorValue with one of
    values.ERROR_CODES. `model` is of these bytes. Raises VerificationError if a value cannot be written, a cell is not there or has no formula.
    """
    patcher = _Patcher(xml, values, path, sheet, model)
    try:
        frame = read_frame(xml)
        result = patcher.plain(frame) if frame.body is not None else None
        if result is None or result.changed + result.kept != len(values):
            result = patcher.located()
    except DamagedXmlError as error:
        raise VerificationError(path, f"工作表“{sheet}”的内容不正常：{error}，没有写入") from error
    if result.changed + result.kept != len(values):
        missing = _missing(xml, values)
        raise VerificationError(path, f"工作表“{sheet}”找不到要写入的单元格 {missing}，没有写入")
    return result


def _missing(xml: bytes, values: Mapping[Cell, CellValue]) -> str:
    there = {(raw.row, raw.column) for raw, _ in iter_located(xml)}
    return "、".join(cell_ref(*cell) for cell in list(values) if cell not in there)[:100]
