"""Small things about SpreadsheetML: cell references, escaped text, the opening of an XML part."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from qdcalc.recalc.limits import MAX_COLUMN

_ENTITIES = {b"amp": "&", b"lt": "<", b"gt": ">", b"quot": '"', b"apos": "'"}
_ENTITY = re.compile(rb"&(?:([a-z]{2,4})|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_PROLOG = re.compile(rb"(?:[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*+(?:(<[A-Za-z_\x80-\xff])|(<!DOCTYPE))?", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]*)[\"']")
PROLOG_SIZE = 64 * 1024
"""the root element of a part must begin within so many bytes"""


class DamagedXmlError(Exception):
    """Text that no XML writer makes. Caught inside this room and told as a FileError."""


@lru_cache(maxsize=MAX_COLUMN + 1)
def column_letters(column: int) -> str:
    """28 → "AB"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=MAX_COLUMN + 1)
def column_number(letters: str) -> int:
    """ "AB" → 28; capital or small letters. No check of the maximum."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_ref(row: int, column: int) -> str:
    """(7, 28) → "AB7"."""
    return f"{column_letters(column)}{row}"


def _entity(match: re.Match[bytes]) -> bytes:
    name, decimal, hexadecimal = match.groups()
    if name is not None:
        if name not in _ENTITIES:
            raise DamagedXmlError(f"&{name.decode()};")
        return _ENTITIES[name].encode()
    number = int(decimal) if decimal is not None else int(hexadecimal, 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000 or (number < 0x20 and number not in (9, 10, 13)):
        raise DamagedXmlError(f"&#{number};")
    return chr(number).encode()


def xml_text(raw: bytes) -> str:
    """The characters of an element's or attribute's raw bytes. Raises DamagedXmlError for what is not XML."""
    if b"\r" in raw:  # an XML reader turns line ends into \n, but keeps a written-out &#13;
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"&" in raw and b"&#" not in raw:
        text = _decoded(raw).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        if "&apos;" in text:
            text = text.replace("&apos;", "'")
        if "&" not in text:
            return text
        if text.count("&") != text.count("&amp;"):
            raise DamagedXmlError("&")
        return text.replace("&amp;", "&")
    if b"&" in raw:
        if raw.count(b"&") != len(_ENTITY.findall(raw)):
            raise DamagedXmlError("&")
        raw = _ENTITY.sub(_entity, raw)
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise DamagedXmlError("UTF-8") from error


def unescape_text(text: str) -> str:
    """`_x000D_` → the character, as spreadsheets write what XML cannot hold (ECMA-376, ST_Xstring)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def escape_text(text: str) -> bytes:
    """A cell's text as the bytes of `<v>`: `_xHHHH_` for what XML cannot hold, and for a text that looks like that."""
    if not text.isascii() or not text.isprintable() or "_x" in text:
        text = _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def check_opening(name: str, data: bytes) -> str | None:
    """What is wrong with the opening of an XML part, as the end of a Chinese sentence, or None.

    Refused: a DOCTYPE (entities that grow, files from elsewhere) and any coding but UTF-8. A DOCTYPE is only
    possible before the root element, so the opening decides. Parts under customXml/ are the owner's data that no
    spreadsheet program calculates with, and Power Query writes them as UTF-16: they may be.
    """
    head = data[:PROLOG_SIZE]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:4]:
        if not name.casefold().startswith("customxml/"):
            return "不是 UTF-8 编码"
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    head = head.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(head)
    coding = declared[1].decode().lower() if declared else "utf-8"
    if coding not in ("utf-8", "utf8", "us-ascii", "ascii") and not name.casefold().startswith("customxml/"):
        return f"的编码是 {coding}，只接受 UTF-8"
    match = _PROLOG.match(head)
    if match is None or match[1] is None:
        if match is not None and match[2] is not None:
            return "含有 DOCTYPE 声明"
        return "不是完好的 XML"
    return None
