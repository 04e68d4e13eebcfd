"""Hostile and broken files: each is refused with a sentence that says why, quickly and without much memory."""

from __future__ import annotations

import io
import re
import socket
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import msoffcrypto.method.container.ecma376_encrypted as container
import pytest

from qdcalc.errors import EncryptedFile, FileError, NotAWorkbook, UnsafeFile, UnsupportedFile
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.limits import Limits, WorkerLimits
from qdcalc.recalc.package import Package, open_package
from qdcalc.recalc.scan import read_shared_strings, read_values, scan_sheet
from tests.recalc.files import MAIN, SHEET_TYPE, Entry, parts, relations, save, sheet_xml, small, zipped

ONE = "xl/worksheets/sheet1.xml"
GOOD = '<c r="A1"><f>1+1</f><v>2</v></c>'


def members(cells: str = GOOD) -> list[Entry]:
    return [Entry(name, data) for name, data in parts({"表一": sheet_xml(cells)}).items()]


def refused(path: Path, kind: type[FileError], sentence: str, limits: Limits | None = None) -> None:
    """open_package refuses with this error, in Chinese, and leaves the file as it was."""
    before = path.read_bytes()
    with pytest.raises(kind, match=sentence) as caught:
        open_package(path, limits=limits or Limits())
    assert type(caught.value) is kind
    assert re.search("[\u4e00-\u9fff]", caught.value.sentence)
    assert caught.value.path == path
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", NotAWorkbook, "空的"),
        (b"hello, world", NotAWorkbook, "不是 .xlsx 工作簿"),
        ("区市,金额\n市南,1\n".encode("gb18030"), NotAWorkbook, "请先解密"),
        (b"\xef\xbb\xbf<html><table>", NotAWorkbook, "网页"),
        (b"<?xml version='1.0'?><Workbook/>", NotAWorkbook, "XML 文件"),
        (b"PK\3\4", NotAWorkbook, "不完整"),
        (b"PK\5\6" + bytes(18), NotAWorkbook, "不完整"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), NotAWorkbook, "已损坏"),
    ],
)
def test_what_is_no_zip(tmp_path: Path, content: bytes, kind: type[FileError], sentence: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    refused(path, kind, sentence)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="找不到文件"):
        open_package(tmp_path / "没有.xlsx")
    with pytest.raises(FileError, match="文件夹"):
        open_package(tmp_path)


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams, each put where the library would put an encrypted package."""
    info, package = [*streams.values(), b"", b""][:2]
    out = io.BytesIO()
    container.ECMA376Encrypted(package, info).write_to(out)
    content = out.getvalue()
    for name, wanted in zip(("EncryptionInfo", "EncryptedPackage"), [*streams, "x", "y"][:2], strict=True):
        old, new = (text.encode("utf-16-le") for text in (name, wanted))
        content = content.replace(old + bytes(64 - len(old)), new + bytes(64 - len(new)))
        length_at = content.index(new + bytes(64 - len(new))) + 64
        content = content[:length_at] + struct.pack("<H", len(new) + 2) + content[length_at + 2 :]
    return content


@pytest.mark.parametrize(
    ("streams", "kind", "sentence"),
    [
        ({"Workbook": b"x" * 5000, "\5SummaryInformation": b"x"}, UnsupportedFile, r"旧版 \.xls/\.et.*另存为 \.xlsx"),
        ({"WordDocument": b"x" * 5000, "1Table": b"x"}, NotAWorkbook, "Word"),
        ({"Other": b"x" * 100, "EncryptedPackage": b"x" * 5000}, EncryptedFile, "权限管理"),
    ],
)
def test_compound_files(tmp_path: Path, streams: dict[str, bytes], kind: type[FileError], sentence: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(ole(streams))
    refused(path, kind, sentence)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('spinCount="100000"', 'spinCount="9999999"'),
        ("<encryption ", "<!DOCTYPE encryption [<!ENTITY a 'b'>]><encryption "),
        ('spinCount="100000"', 'spinCount="&#49;000000"'),
        ('encoding="UTF-8"', 'encoding="UTF-16"'),
    ],
)
def test_hostile_encryption_info(tmp_path: Path, old: str, new: str) -> None:
    xml = msoffcrypto.method.ecma376_agile.ECMA376AgileEncryptionInfo
    info = xml()
    for cipher in (info.keyData, info.encryptedKey):
        cipher.saltValue = bytes(16)
    info.encryptedHmacKey = info.encryptedHmacValue = bytes(64)
    info.encryptedVerifierHashInput = info.encryptedVerifierHashValue = info.encryptedKeyValue = bytes(32)
    text = info.toEncryptionDescriptor()
    assert old in text
    content = ole(
        {
            "EncryptionInfo": info.getEncryptionDescriptorHeader() + text.replace(old, new).encode(),
            "EncryptedPackage": bytes(5000),
        }
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnsafeFile, match="加密信息不正常"):
        open_package(path, password="1")


def test_zip_with_a_password(tmp_path: Path) -> None:
    made = members()
    made[3].flags = 1
    refused(save(tmp_path / "a.xlsx", made), EncryptedFile, "压缩软件加了密码")


@pytest.mark.parametrize("at", [30, 300, -1, -30])
def test_truncated(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(members())[:at])
    refused(path, NotAWorkbook, "已损坏")


def test_trailing_and_leading_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(members()) + b"x")
    refused(path, NotAWorkbook, "结尾不对")
    path.write_bytes(b"PK\3\4" + zipped(members()))
    refused(path, NotAWorkbook, "已损坏")


def test_every_single_damaged_byte_of_the_packed_sheet_is_found(tmp_path: Path) -> None:
    content = zipped(members())
    start = content.index(ONE.encode()) + len(ONE)
    packed = members()[-1].packed()
    assert content[start : start + len(packed)] == packed
    path = tmp_path / "a.xlsx"
    for at in range(start, start + len(packed), 7):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        refused(path, NotAWorkbook, "校验码|解压不了|大小与记录不符")


def change(at: int, **changes: object) -> Callable[[list[Entry]], None]:
    def changed(made: list[Entry]) -> None:
        for key, value in changes.items():
            assert hasattr(made[at], key)
            setattr(made[at], key, value)

    return changed


@pytest.mark.parametrize(
    ("spoil", "kind", "sentence"),
    [
        (change(-1, told_crc=1), NotAWorkbook, "校验码不对"),
        (change(-1, told_crc=1, method=0), NotAWorkbook, "校验码不对"),
        (change(-1, told_size=10), NotAWorkbook, "大小与记录不符"),
        (change(-1, told_size=10**6), NotAWorkbook, "大小与记录不符"),
        (change(-1, method=12, data=b""), UnsupportedFile, "压缩方法"),
        (change(-1, local_name="xl/worksheets/sheet2.xml"), UnsafeFile, "说法不一"),
        (change(-1, name="../../startup.xml"), UnsafeFile, "指向文件之外"),
        (change(-1, name="xl/../../a.xml"), UnsafeFile, "指向文件之外"),
        (change(-1, name="/xl/worksheets/sheet1.xml"), UnsafeFile, "指向文件之外"),
        (change(-1, name="C:/a.xml"), UnsafeFile, "指向文件之外"),
        (change(-1, name="xl\\worksheets\\sheet1.xml"), UnsafeFile, "指向文件之外"),
        (change(-1, name="xl/a\0.xml"), UnsafeFile, "指向文件之外"),
        (lambda made: made.append(made[-1]), UnsafeFile, "出现了两次"),
        (lambda made: made.append(Entry(ONE.upper(), b"<a/>")), UnsafeFile, "出现了两次"),
        (lambda made: made.append(Entry("xl/bomb.bin", bytes(8 << 20))), UnsafeFile, "压缩比超过 300 倍"),
        (lambda made: made.append(Entry("xl/bomb.bin", b"", told_size=600 << 20)), UnsafeFile, "512 MB 的上限"),
        (lambda made: made.append(Entry("_xmlsignatures/sig1.xml", b"<s/>")), UnsupportedFile, "数字签名"),
    ],
)
def test_spoilt_zips(
    tmp_path: Path, spoil: Callable[[list[Entry]], None], kind: type[FileError], sentence: str
) -> None:
    made = members()
    spoil(made)
    refused(save(tmp_path / "a.xlsx", made), kind, sentence)


def test_overlapping_members(tmp_path: Path) -> None:
    """One member's record quoted inside another's data: the bomb whose every ratio is harmless."""
    quoted = Entry("xl/b.bin", b"kernel")
    record = zipped([quoted])
    record = record[: record.index(b"PK\1\2")]
    content = bytearray(zipped([*members(), Entry("xl/a.bin", record, method=0), quoted]))
    directory = content.rindex(b"xl/b.bin") - 4
    content[directory : directory + 4] = struct.pack("<L", content.index(record))
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(content))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/b.bin") == b"kernel"
    refused(path, UnsafeFile, "xl/b.bin 与别的部件重叠")


def test_a_dishonest_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """The directory says 5 bytes, the data would be 64 MB."""
    made = [*members(), Entry("xl/bomb.bin", bytes(64 << 20), told_size=5)]
    refused(save(tmp_path / "a.xlsx", made), NotAWorkbook, "大小与记录不符")


def test_sixteen_million_cells_in_half_a_megabyte(tmp_path: Path) -> None:
    made = members()
    made[-1].data = sheet_xml("<row>" + "<c/>" * 16_000_000 + "</row>")
    path = save(tmp_path / "a.xlsx", made)
    assert path.stat().st_size < 500_000
    refused(path, UnsafeFile, "压缩比超过")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(file_size=1000), "文件超过"),
        (Limits(members=4), "5 个部件，超过 4 个"),
        (Limits(member_size=200), "解压后超过"),
        (Limits(total_size=1500), "文件解压后超过"),
        (Limits(ratio=1, ratio_from=100), "压缩比超过"),
        (Limits(index_size=100), "超过 0 MB 的上限"),
    ],
)
def test_each_limit_of_a_package(tmp_path: Path, limits: Limits, sentence: str) -> None:
    path = small(tmp_path / "a.xlsx")
    open_package(path).close()
    refused(path, UnsafeFile, sentence, limits)


BILLION = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", ONE, "_rels/.rels", "xl/drawings/vmlDrawing1.vml", "docProps/a.xml"]
)
@pytest.mark.parametrize(
    "opening",
    [
        BILLION,
        OUTSIDE,
        '<?xml version="1.0"?>\n<!-- - -->' + BILLION,
        "\ufeff<?xml version='1.0'?>" + OUTSIDE,
        "<!-- " + "x" * 70_000 + " -->" + BILLION,
    ],
)
def test_doctype(tmp_path: Path, part: str, opening: str) -> None:
    made = parts({"表一": sheet_xml(GOOD)})
    old = made.get(part, b"<a/>").removeprefix(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n')
    made[part] = opening.encode() + old
    refused(save(tmp_path / "a.xlsx", made), UnsafeFile, f"{re.escape(part)} (含有 DOCTYPE 声明|不是完好的 XML)")


def test_doctype_in_custom_utf16(tmp_path: Path) -> None:
    made = parts({"表一": sheet_xml(GOOD)})
    made["customXml/item1.xml"] = ('<?xml version="1.0" encoding="utf-16"?>' + BILLION + "<a/>").encode("utf-16")
    refused(save(tmp_path / "a.xlsx", made), UnsafeFile, "含有 DOCTYPE 声明")


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-32"),
        lambda text: text.replace("UTF-8", "GB2312").encode("gb2312"),
        lambda text: text.replace("UTF-8", "utf-7").encode(),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode() + b"\xff",
    ],
)
def test_other_codings(tmp_path: Path, spell: Callable[[str], bytes]) -> None:
    made = parts({"表一": sheet_xml(GOOD.replace("1+1", '"文"'))})
    made[ONE] = spell(made[ONE].decode())
    refused(save(tmp_path / "a.xlsx", made), UnsafeFile, "UTF-8|不是完好的 XML")


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}" count="1" uniqueCount="4000000000"><si><t>a</t></si></sst>'),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="1"><si><t>a</t></si></sst>'),
        ("xl/styles.xml", f"<styleSheet xmlns='{MAIN}'><cellXfs count='4000000000'/></styleSheet>"),
    ],
)
def test_counts_that_make_readers_allocate(tmp_path: Path, part: str, data: str) -> None:
    made = parts({"表一": sheet_xml(GOOD)})
    made[part] = data.encode()
    refused(save(tmp_path / "a.xlsx", made), UnsafeFile, "声称有 4000000000 项")


def test_honest_counts_pass(tmp_path: Path) -> None:
    """`count` is the number of cells that use the strings, and may be more than the strings have bytes."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_001))
    strings = f'<sst xmlns="{MAIN}" count="100000" uniqueCount="1"><si><t>市南区</t></si></sst>'.encode()
    made = parts({"表一": sheet_xml(cells)}, strings=strings)
    with open_package(save(tmp_path / "a.xlsx", made)) as package:
        assert package.read("xl/sharedStrings.xml") == strings


TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (NotAWorkbook, "Word 文档"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (NotAWorkbook, "演示文稿"),
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": (UnsupportedFile, r"\.xlsb.*另存为 \.xlsx"),
    "application/octet-stream": (NotAWorkbook, "不是 .xlsx"),
}


@pytest.mark.parametrize("kind", TYPES)
def test_other_kinds_of_document(tmp_path: Path, kind: str) -> None:
    error, sentence = TYPES[kind]
    refused(save(tmp_path / "a.xlsx", parts({"表": sheet_xml("")}, kind=kind)), error, sentence)


def test_other_kinds_of_zip(tmp_path: Path) -> None:
    refused(save(tmp_path / "a.xlsx", {"a.txt": b"x"}), NotAWorkbook, "压缩包，不是")
    ods = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    refused(save(tmp_path / "b.xlsx", ods), NotAWorkbook, r"\.ods.*另存为 \.xlsx")


def test_digital_signature_by_content_type(tmp_path: Path) -> None:
    made = parts({"表": sheet_xml("")})
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/></Types>',
    )
    refused(save(tmp_path / "a.xlsx", made), UnsupportedFile, "数字签名")


def spoilt(part: str, old: str, new: str) -> dict[str, bytes]:
    made = parts({"表一": sheet_xml(GOOD), "表二": sheet_xml(GOOD)})
    assert old.encode() in made[part]
    made[part] = made[part].replace(old.encode(), new.encode())
    return made


RELS = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("made", "kind", "sentence"),
    [
        (spoilt("xl/workbook.xml", "</sheets>", ""), NotAWorkbook, "不是完好的 XML"),
        (spoilt("xl/workbook.xml", "<workbook ", "<book ").copy(), NotAWorkbook, "不是完好的 XML"),
        (spoilt("xl/workbook.xml", "表二", "表一"), NotAWorkbook, "重名"),
        (spoilt("xl/workbook.xml", "rId2", "rId1"), NotAWorkbook, "重名，或两个工作表共用"),
        (spoilt("xl/workbook.xml", "rId2", "rId7"), NotAWorkbook, "找不到工作表“表二”"),
        (spoilt(RELS, "sheet2.xml", "sheet9.xml"), NotAWorkbook, "找不到工作表“表二”"),
        (spoilt(RELS, "worksheets/sheet2.xml", "../../../etc/passwd"), UnsafeFile, "文件之外"),
        (spoilt("xl/workbook.xml", MAIN, "urn:other"), NotAWorkbook, "不是工作簿"),
        (spoilt("_rels/.rels", "officeDocument\"", "other\""), NotAWorkbook, "找不到工作簿部件"),
        (
            spoilt("xl/workbook.xml", "</sheets>", "</sheets><definedNames><definedName name='n' localSheetId='9'/></definedNames>"),
            NotAWorkbook,
            "名称“n”",
        ),
    ],
)  # fmt: skip
def test_broken_indexes(tmp_path: Path, made: dict[str, bytes], kind: type[FileError], sentence: str) -> None:
    refused(save(tmp_path / "a.xlsx", made), kind, sentence)


def test_broken_tables(tmp_path: Path) -> None:
    made = parts({"表": sheet_xml("")})
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations({"rId1": ("table", "../tables/table1.xml")})
    made["xl/tables/table1.xml"] = f'<table xmlns="{MAIN}" name="t" ref="A1" headerRowCount="7"/>'.encode()
    refused(save(tmp_path / "a.xlsx", made), NotAWorkbook, "工作表“表”的表格定义")


SMALL = Limits(cells=50, formulas=10, area=10_000, merged_area=1000, array_area=100)


@pytest.mark.parametrize(
    ("xml", "limits", "sentence"),
    [
        (sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), Limits(), "XFD1048576，范围过大"),
        (sheet_xml("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), Limits(), "XFD1048576，范围过大"),
        (sheet_xml('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), Limits(), "第1048577行"),
        (sheet_xml('<c r="XFE1"><v>1</v></c>'), Limits(), "XFE1"),
        (sheet_xml('<row r="99999999999"/>'), Limits(), "行号"),
        (sheet_xml("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), Limits(), "合并单元格超过"),
        (sheet_xml("", after='<mergeCells><mergeCell ref="A1:B"/></mergeCells>'), Limits(), "合并单元格的范围"),
        (sheet_xml("", after='<mergeCells count="4000000000"/>'), Limits(), "声称有 4000000000 个"),
        (sheet_xml("".join(f'<c r="{letter}1"/>' for letter in "ABCDE")), Limits(cells=4), "单元格超过 4 个"),
        (sheet_xml("<row>" + "<c/>" * 51 + "</row>"), SMALL, "单元格超过 50 个"),
        (sheet_xml("<row>" + "<c\n/>" * 51 + "</row>"), SMALL, "单元格超过 50 个"),
        (sheet_xml("<row>" + "<c><f>1</f></c>" * 11 + "</row>"), SMALL, "公式超过 10 个"),
        (sheet_xml('<c r="A1"><f t="array" ref="A1:XFD1048576">1</f></c>'), Limits(), "数组公式超过"),
        (sheet_xml('<c r="A1"><f t="dataTable" ref="A1:A9" r1="B1"/></c>'), Limits(), "模拟运算表"),
        (BILLION.encode() + sheet_xml(""), Limits(), "不正常"),
        (sheet_xml("").replace(b"<sheetData></sheetData>", b""), Limits(), "sheetData"),
        (sheet_xml("")[:-5], Limits(), "不是完好的 XML"),
        (b"<worksheet><sheetData/></worksheet>", Limits(), "不是工作表"),
        (b"", Limits(), "不是完好的 XML"),
    ],
)  # fmt: skip
def test_hostile_sheets(xml: bytes, limits: Limits, sentence: str) -> None:
    with pytest.raises((UnsafeFile, UnsupportedFile), match=sentence) as caught:
        scan_sheet(xml, path="a.xlsx", sheet="表", limits=limits)
    assert "工作表“表”" in caught.value.sentence
    assert isinstance(caught.value, UnsupportedFile) == ("模拟运算表" in sentence)


def test_a_far_cell_without_content_is_harmless() -> None:
    scan = scan_sheet(sheet_xml('<c r="A1"><v>1</v></c><c r="XFD1" s="1"/>'))
    assert (scan.max_row, scan.max_column) == (1, 1)


def test_values_have_a_limit_too() -> None:
    with pytest.raises(UnsafeFile, match="单元格超过 50 个"):
        list(read_values(sheet_xml("<row>" + "<c><v>1</v></c>" * 51 + "</row>"), (), limits=SMALL))


def test_shared_strings_have_a_limit_and_no_doctype() -> None:
    with pytest.raises(UnsafeFile, match="共享文本超过 50 条"):
        read_shared_strings(f'<sst xmlns="{MAIN}">{"<si/>" * 51}</sst>'.encode(), limits=SMALL)
    with pytest.raises(UnsafeFile, match="共享文本超过 50 条"):
        read_shared_strings(f"<sst xmlns='{MAIN}'>{'<si/>' * 51}</sst>".encode(), limits=SMALL)
    with pytest.raises(UnsafeFile, match="DOCTYPE"):
        read_shared_strings((BILLION + f'<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>').encode())
    with pytest.raises(UnsafeFile, match="完好的 XML"):
        read_shared_strings(b"<sst><si>")


def test_what_hides_in_comments_is_not_a_cell() -> None:
    """A regular expression alone would find A1 twice, or the wrong one."""
    hidden = '<row r="1"><c r="A1"><f>EVIL()</f><v>666</v></c></row>'
    body = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    inline = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[</t></is></c></row>' + hidden + "]]></t></is></c></row>"
    )
    for xml in (
        sheet_xml(f"<!--{hidden}-->{body}"),
        sheet_xml(f"{body}<!--{hidden}-->"),
        sheet_xml(f"<?pi {hidden}?>{body}"),
        sheet_xml(f"{body}{inline}"),
        sheet_xml(
            f'{body}<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[</t></is></c></row><row r="3"><c r="A3"><f>EVIL()'
            '</f></c><c r="B3" t="inlineStr"><is><t>]]></t></is></c></row>'
        ),
        sheet_xml(body, before=f"<!--<sheetData>{hidden}</sheetData>-->"),
        sheet_xml(body, after=f"<!--<sheetData>{hidden}</sheetData>-->"),
        sheet_xml(body, before=f"<x><sheetData>{hidden}</sheetData></x>").replace(b"<x>", b'<x xmlns="urn:x">'),
        sheet_xml(body, after=f'<extLst><ext><sheetData xmlns="urn:x">{hidden}</sheetData></ext></extLst>'),
        sheet_xml(body + hidden.replace('<row r="1"', '<row xmlns="urn:x" r="3"').replace("A1", "A3")),
    ):
        try:
            scan = scan_sheet(xml)
        except UnsafeFile:
            continue  # refusing is as good
        assert [(cell.row, cell.column, cell.text) for cell in scan.formulas if "EVIL" in (cell.text or "")] == []
        assert (1, 1) in {(cell.row, cell.column) for cell in scan.formulas}


def test_a_whole_sheet_in_a_comment_is_no_sheet() -> None:
    hidden = '<row r="1"><c r="A1"><f>EVIL()</f><v>666</v></c></row>'
    for opening in (f"<!--<sheetData>{hidden}</sheetData>-->", f"<?x <sheetData>{hidden}</sheetData>?>"):
        xml = sheet_xml("", before=opening).replace(b"<sheetData></sheetData>", b"<sheetData />")
        assert scan_sheet(xml).formulas == []
        xml = xml.replace(opening.encode(), b"").replace(b"<sheetData />", b"<sheetData />" + opening.encode())
        assert scan_sheet(xml).formulas == []


def test_a_member_that_reaches_into_the_directory(tmp_path: Path) -> None:
    last = Entry("xl/a.bin", b"kernel", method=0)
    content = zipped([*members(), last])
    longer = zipped([*members(), Entry("xl/a.bin", b"kernel" + bytes(10), method=0, told_crc=zlib.crc32(b"kernel"))])
    at = content.index(b"PK\3\4", content.index(b"xl/a.bin") - 40)
    directory = content.rindex(b"PK\1\2")
    spoilt = bytearray(content)
    spoilt[at + 18 : at + 26] = longer[at + 18 : at + 26]
    spoilt[directory + 20 : directory + 28] = longer[longer.rindex(b"PK\1\2") + 20 :][:8]
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(spoilt))
    refused(path, NotAWorkbook, "目录位置不对")


def test_refusals_leave_nothing_open(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"a.txt": b"x"})
    refused(path, NotAWorkbook, "压缩包")
    path.unlink()
    assert not path.exists()


def test_a_good_file_of_the_same_making_opens(tmp_path: Path) -> None:
    """Else every refusal above could be for the wrong reason."""
    path = save(tmp_path / "a.xlsx", members())
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    package = open_package(path)
    assert isinstance(package, Package)
    assert SHEET_TYPE.encode() in package.read("[Content_Types].xml")
    package.close()


class Bomb(Entry):
    """Two gigabytes of zeros in two megabytes: one packed block, repeated."""

    def packed(self) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        return block * 2048 + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


@pytest.mark.parametrize(
    ("told", "kind", "sentence"),
    [(2 << 30, UnsafeFile, "512 MB 的上限"), (1000, NotAWorkbook, "大小与记录不符")],
)
def test_two_gigabytes_in_two_megabytes(tmp_path: Path, told: int, kind: type[FileError], sentence: str) -> None:
    """Whatever its directory says: nothing of that size is ever unpacked."""
    path = save(tmp_path / "a.xlsx", [*members(), Bomb("xl/media/image1.bin", b"", told_size=told, told_crc=0)])
    assert 2 << 20 < path.stat().st_size < 3 << 20
    tracemalloc.start()
    refused(path, kind, sentence)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


SHEETS = {
    "远格": (sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "范围过大"),
    "合并": (sheet_xml("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "合并单元格超过"),
    "数组": (sheet_xml('<c r="A1"><f t="array" ref="A1:XFD1048576">1</f></c>'), "数组公式超过"),
    "模拟": (sheet_xml('<c r="A1"><f t="dataTable" ref="A1:A9" r1="B1"/></c>'), "模拟运算表"),
    "实体": (BILLION.encode() + sheet_xml(GOOD), "不是完好的 XML|DOCTYPE"),
    "外部": (OUTSIDE.encode() + sheet_xml(GOOD), "不是完好的 XML|DOCTYPE"),
    "编码": (sheet_xml(GOOD).decode().encode("utf-16"), "UTF-8|不是完好的 XML"),
    "半截": (sheet_xml(GOOD)[:-20], "不是完好的 XML"),
    "两份": (sheet_xml(GOOD).replace(b"</worksheet>", b"<sheetData/></worksheet>"), "不正常"),
}


def test_every_attack_as_a_file_by_a_worker(tmp_path: Path) -> None:
    """From the file to the report: each is refused for its own reason, none takes the worker with it."""
    source = tmp_path / "in"
    source.mkdir()
    told = {"好": "^$"}
    small(source / "好.xlsx")
    for name, (xml, sentence) in SHEETS.items():
        save(source / f"{name}.xlsx", parts({"表": xml}))
        told[name] = sentence
    sst = f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    save(source / "声称.xlsx", parts({"表": sheet_xml(GOOD)}, strings=sst.encode()))
    save(source / "炸弹.xlsx", [*members(), Bomb("xl/a.bin", b"", told_size=2 << 30, told_crc=0)])
    save(source / "重名.xlsx", [*members(), members()[-1]])
    save(source / "穿越.xlsx", [*members(), Entry("../../evil.xml", b"<a/>")])
    save(source / "签名.xlsx", [*members(), Entry("_xmlsignatures/sig1.xml", b"<s/>")])
    told |= {"声称": "声称有", "炸弹": "上限", "重名": "出现了两次", "穿越": "指向文件之外", "签名": "数字签名"}
    report = recalc(source, tmp_path / "out", workers=1, limits=WorkerLimits(files=1000))
    found = {file.path.stem: file.error for file in report.files}
    assert found.keys() == told.keys()
    for name, sentence in told.items():
        assert re.search(sentence, found[name]), (name, found[name])
        assert not re.search("崩溃|中止|时限|内部错误", found[name])
    assert [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")] == ["好.xlsx"]
    assert not (tmp_path / "evil.xml").exists()


def test_what_lies_on_the_network_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A linked picture, a linked workbook: their parts stay as they are, and nobody calls."""
    made = parts({"表一": sheet_xml('<c r="A1"><f>1+1</f></c>', after='<drawing r:id="rId1"/>')})
    outside = relations({"rId1": ("image", "http://192.0.2.1/pixel.png")}).replace(b"/>", b' TargetMode="External"/>')
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations({"rId1": ("drawing", "../drawings/drawing1.xml")})
    made["xl/drawings/drawing1.xml"] = b'<xdr:wsDr xmlns:xdr="x"/>'
    made["xl/drawings/_rels/drawing1.xml.rels"] = outside
    path = save(tmp_path / "a.xlsx", made)

    def call(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", call)
    monkeypatch.setattr(socket, "getaddrinfo", call)
    assert recalc(path, tmp_path / "b.xlsx").exit_code == 0
    with open_package(tmp_path / "b.xlsx") as package:
        assert package.read("xl/drawings/_rels/drawing1.xml.rels") == outside
