"""Ways to spoil a good workbook: its bytes, the records of its zip, the XML of its parts."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

Parts = dict[str, bytes]

_NUMBERS = (
    "", "0", "-1", "1", "2", "7", "99", "65536", "1048576", "1048577", "4294967296", "99999999999999999999", "1e308", "1e999",
    "NaN", "INF", "-0", "0x10", " 1", "1 ", "1.5", "true", "１２", "\u0661", "&#49;", "&amp;", "&#0;", "&#xD800;", "]]>", "A1", "x" * 300,
)  # fmt: skip
_REFS = (
    "A1", "B2", "XFD1048576", "XFE1", "A0", "A1048577", "a1", "$A$1", "A1:B2", "A1:XFD1048576", "1:1", "A:A", "R1C1", "",
    "AAAA1", "A01", "A1 ", "B1:A1", "A1:A1", "Sheet1!A1",
)  # fmt: skip
_FORMULAS = (
    "1/0", "A1", "B2+C3", "SUM(A1:XFD1048576)", "SUM(A:A)", "INDIRECT(\"A1\")", "OFFSET(A1,1,1)", "NOW()", "RAND()", "(((((1)))))",
    "QD_TALENT_SUBSIDY(A1)", "QD_TALENT_SUBSIDY()", "QD_TALENT_SUBSIDY(1,2,3,4,5,6,7,8,9)", "_xll.QD_TALENT_SUBSIDY(B2)", "qd_talent_subsidy(B2)",
    "QD_NOTHING(1)", "QD_ROAD_SUBSIDY(\"大修\",6,\"平度市\",10,0,15000000)", "QD_TALENT_SUBSIDY(SUM(A1:A9))", "SUM(QD_TALENT_SUBSIDY(A1:A9))",
    "'[1]其他'!A1", "#REF!", "{1,2;3,4}", "IF(", "\"", "'", "=1", "1+", "-", "a.b", "名称", "A1#", "@A1", "LET(x,1,x)", "LAMBDA(x,x)(1)",
    "表!A1", "'没有'!A1", "[0]!x", "A1:B2 B2:C3", "SUM((A1,B2))", "1E400", "TEXT(1,\"[DBNum1]\")", "REPT(\"x\",32768)", "REPT(\"x\",1E9)",
    "COMBIN(1E9,5E8)", "FACT(170)^9", "DATE(1,1,1)", "A1=A1=A1", "1%%%", "--1", "SEQUENCE(1000,1000)", "SEQUENCE(1E6,1E4)", "TRANSPOSE(A1:Z99)",
    "VLOOKUP(A1,A:Z,99,0)", "SUMPRODUCT((A1:A9>0)*B1:B9)", "CELL(\"row\")", "HYPERLINK(\"http://x\")", "WEBSERVICE(\"http://x\")", "&lt;", "\u0000",
    "TABLE(A1,A2)", "(" * 300 + "1" + ")" * 300, "+".join(["A1"] * 900), "IF(1," * 70 + "1" + ")" * 70, "x" * 9000,
)  # fmt: skip
_SNIPPETS = (
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!-- <c r=\"A1\"><v>9</v></c> -->", "<?pi?>", "<![CDATA[<v>1</v>]]>", "&unknown;", "<", ">", "&", "\ufeff",
    "<x/>", "<mc:AlternateContent/>", "<row r=\"1\"/>", "<row/>", "<c/>", "<c r=\"A1\"/>", "<f/>", "<v/>", "<v>1</v>", "<is><t>x</t></is>",
    "<f>1</f>", "<sheetData/>", "</sheetData>", "<mergeCell ref=\"A1:XFD1048576\"/>", "<f t=\"shared\" si=\"0\"/>", "<f t=\"array\" ref=\"A1:B9\">1</f>",
    "<f t=\"dataTable\" ref=\"A1:B2\"/>", "<extLst/>", " ", "\n", "\t", "\x01", "\x00", "<!--", "-->", "]]>",
)  # fmt: skip
_TAG = re.compile(rb"<[^<>]+>")
_ATTRIBUTE = re.compile(rb"""\s([A-Za-z_:][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*')""")
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?>[^<]*</f>|<f(?:\s[^>]*)?/>")
_CELL = re.compile(rb"<c\s[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<row\s[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_TEXT = re.compile(rb">([^<>]+)<")


@dataclass
class Mutant:
    kind: str
    content: bytes


_UNREADABLE = (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, EOFError)
"""what zipfile raises for spoilt archives; NotImplementedError is its word for an unknown way of packing"""


def mutate(good: bytes, chance: random.Random) -> Mutant:
    """One spoilt copy; most have a single fault, so that it is that fault which is met."""
    kind, change = chance.choice(_CHANGES)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        good = change(good, chance)
    return Mutant(kind, good)


def _at(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content)) if content else 0


def _flip(content: bytes, chance: random.Random) -> bytes:
    at = _at(content, chance)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: _at(content, chance)]


def _splice(content: bytes, chance: random.Random) -> bytes:
    """A piece removed, repeated, or put elsewhere."""
    one, length, other = _at(content, chance), chance.choice((1, 2, 16, 300, 4000)), _at(content, chance)
    piece = content[one : one + length]
    match chance.randrange(4):
        case 0:
            return content[:one] + content[one + length :]
        case 1:
            return content[:one] + piece + content[one:]
        case 2:
            return content[:other] + piece + content[other:]
        case _:
            return content[:other] + piece + content[other + length :]


def _record(content: bytes, chance: random.Random) -> bytes:
    """A number in a header of the zip."""
    sign = chance.choice((b"PK\1\2", b"PK\3\4", b"PK\5\6"))
    places = [match.start() for match in re.finditer(re.escape(sign), content)]
    if not places:
        return _flip(content, chance)
    at = chance.choice(places) + chance.randrange(4, {b"PK\1\2": 46, b"PK\3\4": 30, b"PK\5\6": 22}[sign])
    size = chance.choice((1, 2, 4))
    value = chance.choice((0, 1, 8, 0xFF, 0xFFFF, 0xFFFFFFFF, chance.randrange(1 << 32))) & ((1 << 8 * size) - 1)
    return content[:at] + value.to_bytes(size, "little") + content[at + size :]


def _members(content: bytes, chance: random.Random) -> bytes:
    """A part that is missing, twice there, swapped, renamed, moved, empty or of another kind."""
    try:
        parts = list(_unpacked(content).items())
    except _UNREADABLE:
        return _flip(content, chance)
    if not parts:
        return content
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    name, data = parts[at]
    match chance.randrange(8):
        case 0:
            del parts[at]
        case 1:
            parts.insert(other, (name, chance.choice((data, b"", parts[other][1]))))
        case 2:
            parts[at], parts[other] = (name, parts[other][1]), (parts[other][0], data)
        case 3:
            new = chance.choice(
                (name.upper(), "../" + name, "/" + name, name + ".bak", name.replace("/", "\\"), "x" * 300, "名.xml")
            )
            parts[at] = new, data
        case 4:
            chance.shuffle(parts)
        case 5:
            parts[at] = name, b""
        case 6:
            parts[at] = (
                name,
                chance.choice((b"\x00" * 100_000, bytes(chance.randrange(256) for _ in range(500)), b"PK\3\4" + data)),
            )
        case _:
            parts[at] = (
                name,
                data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "gb18030", "utf-32", "utf-8-sig"))),
            )
    return _packed(parts, chance)


def _xml(content: bytes, chance: random.Random) -> bytes:
    """A tag, an attribute, a text or a formula of one part."""
    try:
        parts = _unpacked(content)
    except _UNREADABLE:
        return _flip(content, chance)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not names:
        return content
    weights = [
        6 if "worksheets/sheet" in name else 3 if "workbook" in name or "sharedStrings" in name else 1 for name in names
    ]
    name = chance.choices(names, weights)[0]
    data = parts[name]
    if "worksheets/sheet" in name and chance.random() < 0.5:
        parts[name] = _sheet(data, chance)
    else:
        parts[name] = _markup(data, chance)
    return _packed(list(parts.items()), chance)


def _markup(data: bytes, chance: random.Random) -> bytes:
    match chance.randrange(7):
        case 0:  # a tag less
            return _swap(data, _TAG, lambda tag: b"", chance)
        case 1:  # a tag twice
            return _swap(data, _TAG, lambda tag: tag + tag, chance)
        case 2:  # an attribute with another value
            return _swap(data, _ATTRIBUTE, lambda text: _valued(text, chance), chance)
        case 3:  # an attribute less, or twice
            return _swap(data, _ATTRIBUTE, lambda text: chance.choice((b"", text + text)), chance)
        case 4:  # something between two tags
            snippet = chance.choice(_SNIPPETS).encode("utf-8", "surrogatepass")
            return _swap(data, _TAG, lambda tag: tag + snippet, chance)
        case 5:  # another text
            text = b">" + chance.choice((*_NUMBERS, *_REFS)).encode() + b"<"
            return _swap(data, _TEXT, lambda old: text, chance)
        case _:  # other spellings of the same
            return chance.choice(
                (
                    data.replace(b'"', b"'"), data.replace(b"><", b">\n<"), data.replace(b"/>", b" />"), b"\xef\xbb\xbf" + data,
                    data.replace(b' xmlns="', b' xmlns:x="'), data.replace(b"<?xml", b" <?xml"), data.replace(b"utf-8", b"UTF-16").replace(b"UTF-8", b"gbk"),
                    data.lower(), data + b"\n<!-- end -->", data + data,
                )
            )  # fmt: skip


def _sheet(data: bytes, chance: random.Random) -> bytes:
    match chance.randrange(8):
        case 0 | 1 | 2:
            formula = chance.choice(_FORMULAS)
            return _swap(data, _FORMULA, lambda old: f"<f>{_escaped(formula, chance)}</f>".encode(), chance)
        case 3:  # a formula of another kind
            kind = chance.choice(
                (
                    '<f t="shared" si="0"/>', '<f t="shared" si="7"/>', '<f t="shared" ref="A1:C9" si="0">A1+1</f>', '<f t="array" ref="A1:C3">A1:C3*2</f>',
                    '<f t="array" ref="A1">SUM(A1:A9*2)</f>', '<f t="array" ref="A1:XFD1048576">1</f>', '<f ca="1">NOW()</f>', '<f t="x">1</f>', "<f></f>",
                )
            )  # fmt: skip
            return _swap(data, _FORMULA, lambda old: kind.encode(), chance)
        case 4:  # a cell at another place
            ref = chance.choice(_REFS).encode()
            return _swap(data, re.compile(rb'(?<=<c r=")[^"]*'), lambda old: ref, chance)
        case 5:  # a cell of another kind
            kind = chance.choice(("n", "s", "str", "b", "e", "inlineStr", "d", "x", ""))
            return _swap(
                data,
                _CELL,
                lambda cell: re.sub(rb'( t="[^"]*")?(/?>)', f' t="{kind}"'.encode() + rb"\2", cell, count=1),
                chance,
            )
        case 6:  # cells or rows twice, gone, or elsewhere
            pattern = chance.choice((_CELL, _ROW))
            return _swap(data, pattern, lambda old: chance.choice((b"", old + old, b"<row>" + old + b"</row>")), chance)
        case _:
            number = b"<v>" + chance.choice(_NUMBERS).encode() + b"</v>"
            return _swap(data, re.compile(rb"<v>[^<]*</v>"), lambda old: number, chance)


def _escaped(formula: str, chance: random.Random) -> str:
    if chance.random() < 0.1:
        return formula
    return formula.replace("&", "&amp;").replace("<", "&lt;")


def _valued(text: bytes, chance: random.Random) -> bytes:
    name = text.split(b"=", 1)[0]
    return name + b'="' + chance.choice((*_NUMBERS, *_REFS)).encode() + b'"'


def _swap(data: bytes, pattern: re.Pattern[bytes], new: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    """One place of the pattern, replaced."""
    places = [match.span() for match in pattern.finditer(data)]
    if not places:
        return data
    start, end = chance.choice(places)
    return data[:start] + new(data[start:end]) + data[end:]


def _unpacked(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if info.file_size < 5_000_000}


def _packed(parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    import warnings

    out = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive,
    ):
        warnings.simplefilter("ignore")  # two of one name are meant
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name), data, archive.compression)
    return out.getvalue()


_CHANGES: tuple[tuple[str, Callable[[bytes, random.Random], bytes]], ...] = (
    ("bytes: one changed", _flip), ("bytes: cut off", _cut), ("bytes: pieces moved", _splice), ("zip: a header's number", _record),
    ("zip: parts", _members), ("zip: parts", _members), *(("XML", _xml),) * 8,
)  # fmt: skip
