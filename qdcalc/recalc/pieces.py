"""The quick comparison of a patched sheet with its original: cut at formulas and cells, a column at a time.

It proves that all is well or decides nothing; sheetcheck.py then looks at the events of two parses.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import methodcaller

from qdcalc.recalc.values import NOT_THERE, CellValue, CellValues, ColumnValues, ErrorValue
from qdcalc.recalc.xmltext import column_number, unescape_text, xml_text

_REF = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')
_TYPE = re.compile(rb' t="([A-Za-z]*)"')
# after the start tag: an optional formula, then the value
_VALUE = re.compile(rb"((?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?)(<v(?: [^<>]*)?(?:/>|>([^<]*)</v>))")
_CHUNK = 1 << 18
_SAME_DIGITS = 15


def _rows(xml: bytes) -> Iterator[bytes]:
    start = 0
    while (end := xml.find(b"</row>", start)) >= 0:
        yield xml[start:end]
        start = end + 6
    yield xml[start:]


def _blocks(before: bytes, after: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Both sheets cut before the same rows: together the whole of them, whatever they hold."""
    start = new_start = 0
    while True:
        stop = before.rfind(b"</row>", start, start + _CHUNK) + 6
        opening = before[stop : before.find(b">", stop) + 1]
        new_stop = after.find(opening, new_start) if stop > 5 and opening.startswith(b'<row r="') else -1
        if new_stop < 0:
            yield before[start:], after[new_start:]
            return
        yield before[start:stop], after[new_start:new_stop]
        start, new_start = stop, new_stop


def same_pieces(before: bytes, after: bytes, values: CellValues) -> bool:
    """Whether the quick comparison proves that all is well. False decides nothing."""
    if b"<!" in before or b"<!" in after:
        return False
    found = 0
    for old, new in _blocks(before, after):
        count = _same_values(old, new, values)
        if count is None:
            count = _same_cells(old, new, values)
        if count is None:
            return False
        found += count
    return found == len(values)


def _same_values(old: bytes, new: bytes, values: CellValues) -> int | None:
    """How many of `values` a block holds, if only the texts of some `<v>` after formulas differ, and rightly so.

    Cut after every formula, the block is value, rest, value, rest…: all rests must be the same, and a cell's value is
    the one expected of it or the old one. A column at a time, so that the work is done by map and zip.
    """
    olds, news = _cut(old), _cut(new)
    if len(olds) != len(news) or olds[0] != news[0]:
        return None
    del olds[0]
    head = news.pop(0)
    if not olds:
        return 0
    texts, _, rests = zip(*map(_UP_TO_TAG, news), strict=True)
    if list(map(_WITHOUT_NUMBER, olds)) != [*map(_TAG_AND, rests)] and [
        rest for _, _, rest in map(_UP_TO_TAG, olds)
    ] != list(rests):
        return None
    # what stands between the beginning of a formula's cell and its formula: I2" s="3"
    starts = [start for start, _, _ in map(_UP_TO_FORMULA, [last for _, _, last in map(_LAST_CELL, (head, *rests))])]
    del starts[-1]
    width = _period(starts)
    if width:
        found = 0
        for place in range(width):
            count = _same_column(
                starts[place::width], olds[place::width], news[place::width], texts[place::width], values
            )
            if count is None:
                break
            found += count
        else:
            return found
    return _same_singly(starts, olds, news, texts, values)


def _period(starts: Sequence[bytes]) -> int:
    """How many formulas each row has, if it is the same number in all; else 0."""
    first = starts[0].partition(b'"')[0].lstrip(_LETTERS)
    width = next((place for place, start in enumerate(starts) if start.partition(b'"')[0].lstrip(_LETTERS) != first), 0)
    return width if width and len(starts) % width == 0 else 0


def _same_column(
    starts: Sequence[bytes], olds: Sequence[bytes], news: Sequence[bytes], texts: Sequence[bytes], values: CellValues
) -> int | None:
    """How many of `values` are in a column whose cells differ in their rows only; None if that is not proven."""
    ref, _, attributes = starts[0].partition(b'"')
    digits = ref.lstrip(_LETTERS)
    letters = ref[: len(ref) - len(digits)]
    if not digits.isdigit() or len(digits) > 7 or not 0 < len(letters) < 4:
        return None
    first, column = int(digits), column_number(letters.decode())
    last = first + len(starts) - 1
    form = b'%s%%d"%s\n' % (letters, attributes.replace(b"%", b"%%"))
    if (form * len(starts) % tuple(range(first, last + 1))).split(b"\n")[:-1] != starts:
        return None
    if not isinstance(values, ColumnValues) or values.single(first, last):
        return None
    if not values.touches(column, first, last):
        return 0 if olds == news else None
    expected = values.column(column, first, last)
    kind = _kind_of(attributes)
    if not isinstance(expected, array) or kind not in (b"", b"n"):
        return None
    try:
        return len(texts) if array("d", map(float, texts)) == expected else None
    except ValueError:
        return None


def _same_singly(
    starts: Sequence[bytes], olds: Sequence[bytes], news: Sequence[bytes], texts: Sequence[bytes], values: CellValues
) -> int | None:
    """The same cell by cell."""
    found = 0
    for start, old, new, text in zip(starts, olds, news, texts, strict=True):
        match = _START.fullmatch(start)
        if match is None:
            return None
        cell = int(match[2]), column_number(match[1].decode())
        if cell not in values:
            if old != new:
                return None
            continue
        if not holds(values[cell], _kind_of(match[3]), text):
            return None
        found += 1
    return found


def _cut(block: bytes) -> list[bytes]:
    """The block cut after each `<v>` that follows a formula; the cut is part of neither side."""
    if b"/><v>" not in block:
        return block.split(b"</f><v>")
    parts = _COMPUTED.split(block)  # what a separator was stays at the end of the part before it
    return [part + separator for part, separator in zip(parts[::2], (*parts[1::2], b""), strict=True)]


_COMPUTED = re.compile(rb"(</f><v>|/><v>)")
_UP_TO_TAG = methodcaller("partition", b"<")
_TAG_AND = b"<".__add__
_WITHOUT_NUMBER = methodcaller("lstrip", b"0123456789.-+eE")
_LAST_CELL = methodcaller("rpartition", b'<c r="')
_UP_TO_FORMULA = methodcaller("partition", b"><f")
_START = re.compile(rb'([A-Z]{1,3})([1-9][0-9]{0,6})"((?: [^<>"]*"[^<"]*")*) ?')
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _same_cells(before: bytes, after: bytes, values: CellValues) -> int | None:
    """The same cell by cell, for rows where a type changes or a value comes anew."""
    columns: dict[bytes, int] = {}
    found = 0
    for old_row, new_row in zip(_rows(before), _rows(after), strict=False):
        old_cells, new_cells = old_row.split(b"<c "), new_row.split(b"<c ")
        if len(old_cells) != len(new_cells) or old_cells[0] != new_cells[0]:
            return None
        for old, new in zip(old_cells[1:], new_cells[1:], strict=True):
            ref = _REF.match(new)
            if ref is None:
                return None
            letters, row = ref.groups()
            column = columns.get(letters) or columns.setdefault(letters, column_number(letters.decode()))
            cell = int(row), column
            value = values.get(cell, NOT_THERE)
            if value is NOT_THERE:
                if old != new:
                    return None
                continue
            found += 1
            at, old_at = new.find(b"<v>"), old.find(b"<v>")
            if at == old_at > 0 and new[:at] == old[:at]:  # nearly all: the same start tag and formula
                end, old_end = new.find(b"</v>", at), old.find(b"</v>", at)
                if new[end:] != old[old_end:] or not holds(value, _kind(new[: new.find(b">")]), new[at + 3 : end]):
                    return None
                continue
            if old_at < 0 < at:  # a value come anew: without it and its type the cell must be the old one
                end, head = new.find(b"</v>", at), new.find(b">")
                blank = new.find(b" ", 0, head)
                untyped, kind = _untyped(new[blank:head]) if blank > 0 else (b"", b"")
                if b"".join((new[:blank], untyped, new[head:at], new[end + 4 :])) == old:
                    if end < 0 or not holds(value, kind, new[at + 3 : end]):
                        return None
                    continue
            rest, kind, text = _blanked(new)
            if text is None or rest != _blanked(old)[0] or not holds(value, kind, text):
                return None
    return found if before.count(b"</row>") == after.count(b"</row>") else None


@lru_cache(maxsize=4096)
def _kind_of(attributes: bytes) -> bytes:
    kind = _TYPE.search(attributes)
    return kind[1] if kind is not None else b""


@lru_cache(maxsize=4096)
def _untyped(attributes: bytes) -> tuple[bytes, bytes]:
    """Attributes without `t`, and what it was."""
    kind = _TYPE.search(attributes)
    return (attributes, b"") if kind is None else (attributes[: kind.start()] + attributes[kind.end() :], kind[1])


def _kind(head: bytes) -> bytes:
    """The type of a cell from its start tag, `r="B7" s="3" t="str"`."""
    return _kind_of(head[head.find(b" ") :]) if b" " in head else b""


def _blanked(piece: bytes) -> tuple[tuple[bytes, bytes, bytes], bytes, bytes | None]:
    """A cell without `t` and `<v>` (start tag, formula, what follows), and these two."""
    head, _, body = piece.partition(b">")
    kind = _TYPE.search(head)
    if kind is not None:
        head = head[: kind.start()] + head[kind.end() :]
    if head.endswith(b"/"):
        return (head[:-1].rstrip(), b"", b"</c>" + body), b"", None
    value = _VALUE.match(body)
    if value is None:
        end = body.find(b"</c>")
        return (head, body[:end], body[end:]), kind[1] if kind else b"", None
    return (head, value[1], body[value.end() :]), kind[1] if kind else b"", value[3] or b""


def holds(value: CellValue, kind: bytes, text: bytes) -> bool:
    """Whether a cell of type `kind` with `text` in its `<v>` holds `value`, numbers to 15 significant digits."""
    if isinstance(value, bool):
        return kind == b"b" and text == (b"1" if value else b"0")
    if isinstance(value, str):
        return kind == b"str" and unescape_text(xml_text(text)) == value
    if isinstance(value, ErrorValue):
        return kind == b"e" and text.decode() == value.code
    if value is None or kind not in (b"", b"n"):
        return False
    try:
        there = float(text)
    except ValueError:
        return False
    return there == value or f"{there:.{_SAME_DIGITS - 1}e}" == f"{float(value):.{_SAME_DIGITS - 1}e}"
