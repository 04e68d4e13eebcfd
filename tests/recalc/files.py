"""Workbooks made byte by byte, so that a test decides about every byte, the impossible ones included."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@dataclass
class Entry:
    """One member of a zip. `told_*` are lies of the directory and header; `local_name` one of the header alone."""

    name: str
    data: bytes
    method: int = 8
    time: int = 0x6B2A
    date: int = 0x5321
    flags: int = 0
    descriptor: bool = False
    signed: bool = True
    local_extra: bytes = b""
    extra: bytes = b""
    comment: bytes = b""
    made_by: int = 20
    internal: int = 0
    external: int = 0
    local_name: str | None = None
    told_crc: int | None = None
    told_size: int | None = None
    zip64: bool = False

    def packed(self) -> bytes:
        if self.method == 0:
            return self.data
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush()


def zipped(entries: Iterable[Entry], comment: bytes = b"") -> bytes:
    """A zip file, written as the format's description says (APPNOTE 6.3)."""
    out, directory = bytearray(), bytearray()
    count = 0
    for entry in entries:
        count += 1
        coding = "utf-8" if entry.flags & 0x800 else "cp437"
        name, start, packed = entry.name.encode(coding), len(out), entry.packed()
        local_name = name if entry.local_name is None else entry.local_name.encode(coding)
        crc = zlib.crc32(entry.data) if entry.told_crc is None else entry.told_crc
        size = len(entry.data) if entry.told_size is None else entry.told_size
        flags = entry.flags | (8 if entry.descriptor else 0)
        local_extra, extra = entry.local_extra, entry.extra
        numbers = (0, 0, 0) if entry.descriptor else (crc, len(packed), size)
        ends = (crc, len(packed), size, start)
        if entry.zip64:
            local_extra += struct.pack("<HHQQ", 1, 16, size, len(packed))
            extra += struct.pack("<HHQQQ", 1, 24, size, len(packed), start)
            numbers, ends = (crc, 2**32 - 1, 2**32 - 1), (crc, 2**32 - 1, 2**32 - 1, 2**32 - 1)
        version = 45 if entry.zip64 else 20
        head = (version, flags, entry.method, entry.time, entry.date)
        out += struct.pack("<4s5H3L2H", b"PK\3\4", *head, *numbers, len(local_name), len(local_extra))
        out += local_name + local_extra + packed
        if entry.descriptor:
            out += (b"PK\7\x08" if entry.signed else b"") + struct.pack("<3L", crc, len(packed), size)
        lengths = (len(name), len(extra), len(entry.comment), 0, entry.internal, entry.external, ends[3])
        directory += struct.pack("<4s6H3L5H2L", b"PK\1\2", entry.made_by, *head, *ends[:3], *lengths)
        directory += name + extra + entry.comment
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(out), len(comment))
    return bytes(out + directory) + end + comment


def sheet_xml(body: str, before: str = "", after: str = "", root: str = "") -> bytes:
    """A worksheet with these rows (or cells of row 1, if there is no row)."""
    if body and "row" not in body:
        body = f'<row r="1">{body}</row>'
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{root}>{before}'
        f"<sheetData>{body}</sheetData>{after}</worksheet>"
    ).encode()


def relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    """Id → (last word of the type, target)."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'.encode()


def parts(
    sheets: Mapping[str, bytes],
    *,
    kind: str = SHEET_TYPE,
    inside: str = "",
    strings: bytes | None = None,
    states: Mapping[str, str] | None = None,
    absolute: bool = False,
    opening: str = "",
) -> dict[str, bytes]:
    """The parts of a small workbook: sheet name → XML. `inside` follows <sheets>, `opening` precedes it."""
    files = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    tabs = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"'
        + (f' state="{(states or {})[name]}"' if name in (states or {}) else "")
        + "/>"
        for number, name in enumerate(sheets, 1)
    )
    targets = {
        f"rId{number}": ("worksheet", "/" + file if absolute else file.removeprefix("xl/"))
        for number, file in enumerate(files, 1)
    }
    if strings is not None:
        targets["rId99"] = ("sharedStrings", "sharedStrings.xml")
    types = (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    )
    book = (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{opening}<sheets>{tabs}</sheets>{inside}</workbook>'
    )
    made = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": book.encode(),
        "xl/_rels/workbook.xml.rels": relations(targets),
        **dict(zip(files, sheets.values(), strict=True)),
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = strings
    return made


def save(path: Path, members: Mapping[str, bytes] | Iterable[Entry], comment: bytes = b"") -> Path:
    """Writes parts (or entries) as a zip file and returns the path."""
    if isinstance(members, Mapping):
        members = [Entry(name, data) for name, data in members.items()]
    path.write_bytes(zipped(members, comment))
    return path


def small(path: Path, cells: str = '<c r="A1"><f>1+1</f><v>2</v></c>', **options: str) -> Path:
    """A workbook with one sheet, 表一."""
    return save(path, parts({"表一": sheet_xml(cells, **options)}))


RICH_SHEET = "xl/worksheets/sheet1.xml"


def rich(path: Path) -> Path:
    """A macro workbook of over sixty parts that only a raw copy keeps whole, in a zip with every oddity of real ones."""
    x14 = (
        '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="http://schemas.microsoft.com/office/'
        'spreadsheetml/2009/9/main"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.'
        'microsoft.com/office/excel/2006/main"><x14:cfRule type="dataBar" id="{0}"><x14:dataBar><x14:cfvo type="min"/>'
        "</x14:dataBar></x14:cfRule><xm:sqref>B1:B9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "</ext></extLst>"
    )
    rows = "".join(
        f'<row r="{row}" spans="1:3" x14ac:dyDescent="0.25"><c r="A{row}" s="1"><v>{row}</v></c>'
        f'<c r="B{row}" s="2"><f>A{row}*2</f><v>{row * 2}</v></c>'
        f'<c r="C{row}" s="3" t="str"><f>IF(A{row}&gt;4,"高 &amp; 大","低")</f><v>低</v></c></row>'
        for row in range(1, 10)
    )
    mark = (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    )
    sheets = {"计算": sheet_xml(rows, '<dimension ref="A1:C9"/>', x14, mark)}
    for number in range(2, 12):
        sheets[f"区市{number}"] = sheet_xml(f'<c r="A1"><f>计算!A{number}</f><v>{number}</v></c>')
    made = parts(sheets, kind=MACRO_TYPE)
    made["xl/vbaProject.bin"] = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(range(256)) * 8
    made["customXml/item1.xml"] = '<?xml version="1.0" encoding="utf-16"?><DataMashup>AAA</DataMashup>'.encode("utf-16")
    made["customXml/itemProps1.xml"] = b'<?xml version="1.0"?><ds:d xmlns:ds="x"/>'
    for number in range(1, 9):
        made[f"xl/charts/chart{number}.xml"] = b'<c:chartSpace xmlns:c="c"><c:chart/></c:chartSpace>' * 1
        made[f"xl/drawings/drawing{number}.xml"] = b'<xdr:wsDr xmlns:xdr="x"><!-- drawing --></xdr:wsDr>'
        made[f"xl/drawings/vmlDrawing{number}.vml"] = b'<xml xmlns:v="urn:v"><v:shape>a<br>b</v:shape></xml>'
        made[f"xl/comments{number}.xml"] = f'<comments xmlns="{MAIN}"><authors/></comments>'.encode()
        made[f"xl/media/image{number}.png"] = b"\x89PNG\r\n\x1a\n" + bytes(range(number, 200))
        made[f"xl/printerSettings/printerSettings{number}.bin"] = bytes(220)
    made["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="B1" i="1"/></calcChain>'.encode()
    made["docProps/core.xml"] = b"<cp:coreProperties xmlns:cp='c'/>"
    entries = [Entry(name, data) for name, data in made.items()]
    growth = struct.pack("<HHHH", 0xA220, 8, 0, 0) + bytes(4)  # the padding that Excel leaves in its first members
    stamp = struct.pack("<HHBL", 0x5455, 5, 1, 1_700_000_000)
    changes: list[dict[str, object]] = [
        {"local_extra": growth},
        {"date": 0x0021, "time": 0},
        {"local_extra": stamp, "extra": stamp, "made_by": 0x031E, "external": 0o100644 << 16},
        {"descriptor": True},
        {"descriptor": True, "signed": False},
        {"method": 0},
        {"flags": 0x800},
        {"flags": 0x6, "internal": 1},
        {"comment": "说明".encode()},
        {"zip64": True},
        {"date": 0xFFFF, "time": 0xBF7D},
    ]
    entries = [dataclasses.replace(entry, **changes[at % 11]) for at, entry in enumerate(entries)]  # type: ignore[arg-type]
    return save(path, entries, b"packed by hand")
