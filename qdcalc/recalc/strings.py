"""Texts that stand outside <v>: shared strings, and inline ones with their runs."""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat

from qdcalc.errors import UnsafeFile
from qdcalc.recalc.facts import MAIN
from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.locate import no_doctype
from qdcalc.recalc.xmltext import DamagedXmlError, unescape_text, xml_text

_PHONETIC = re.compile(rb"<rPh\b(?:[^<]++|<(?!/rPh>))*+</rPh>")
_TEXT = re.compile(rb"<t(?: [^<>]*)?>([^<]*)</t>")
_ITEM = re.compile(rb"<si>(?:<t(?: xml:space=\"preserve\")?>([^<]*+)</t>|((?:[^<]++|<(?!/?si>))*+))</si>|<si/>")


def inline_text(xml: bytes) -> str:
    """The text of plain `<is>` or `<si>` content: runs joined, phonetic hints left out. Raises DamagedXmlError."""
    spoken = _PHONETIC.sub(b"", xml)
    texts = _TEXT.findall(spoken)
    if len(texts) != spoken.count(b"</t>") or b":t>" in spoken:
        raise DamagedXmlError("文本的写法不正常")
    return unescape_text("".join(map(xml_text, texts)))


def read_shared_strings(xml: bytes, *, path: Path | str = "", limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """The shared strings in order; rich text joined, phonetic hints left out. Raises UnsafeFile."""
    try:
        strings = _plain_strings(xml, limits)
        if strings is None:
            strings = _parsed_strings(xml, limits)
    except DamagedXmlError as error:
        raise UnsafeFile(path, f"共享文本的内容不正常：{error}；请用表格软件打开另存后再试") from error
    if len(strings) > limits.cells:
        raise UnsafeFile(path, f"共享文本超过 {limits.cells} 条的上限")
    return strings


def _plain_strings(xml: bytes, limits: Limits) -> list[str] | None:
    """By a regular expression; None if the part is not written as spreadsheet programs write it."""
    if b"<!" in xml or b"<si " in xml or b"<sst" not in xml[:4096]:
        return None
    strings: list[str] = []
    try:
        for match in _ITEM.finditer(xml):
            simple = match[1]
            text = inline_text(match[2] or b"") if simple is None else unescape_text(xml_text(simple))
            strings.append(text)
            if len(strings) > limits.cells:
                return strings
    except DamagedXmlError:
        return None
    return strings if len(strings) == xml.count(b"<si>") + xml.count(b"<si/>") > 0 else None


def _parsed_strings(xml: bytes, limits: Limits) -> list[str]:
    strings: list[str] = []
    path: list[str] = []
    pieces: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.partition(" ")
        path.append(local if namespace in MAIN else "?")
        if path == ["sst", "si"]:
            pieces.clear()

    def text(data: str) -> None:
        if path[:2] == ["sst", "si"] and path[-1] == "t" and "rPh" not in path:
            pieces.append(data)

    def end(name: str) -> None:
        if path == ["sst", "si"] and len(strings) <= limits.cells:
            strings.append(unescape_text("".join(pieces)))
        path.pop()

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, no_doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise DamagedXmlError("不是完好的 XML") from error
    return strings
