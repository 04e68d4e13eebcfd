"""Opening, raw copying and safe replacement of workbooks."""

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest

from qdcalc.errors import EncryptedFile, FileError, NotAWorkbook, UnsupportedFile, VerificationError
from qdcalc.recalc.package import DefinedName, SheetPart, Table, open_package, write_package
from qdcalc.recalc.patch import patch_sheet
from qdcalc.recalc.sheetcheck import sheet_problem
from qdcalc.recalc.values import CellValues
from qdcalc.recalc.verify import verify_package
from tests.recalc.files import (
    MACRO_TYPE,
    MAIN,
    RICH_SHEET,
    Entry,
    parts,
    relations,
    rich,
    save,
    sheet_xml,
    small,
    zipped,
)

ONE = "xl/worksheets/sheet1.xml"


def raw_members(path: Path) -> dict[str, tuple[bytes, bytes]]:
    """name → (local header without sizes, extra field and packed bytes), by zipfile's directory."""
    content = path.read_bytes()
    found = {}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            at = info.header_offset
            name_size, extra_size = struct.unpack_from("<HH", content, at + 26)
            end = at + 30 + name_size + extra_size
            found[info.filename] = content[at : at + 14], content[at + 30 : end + info.compress_size]
    return found


def leftovers(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_workbook_facts_are_resolved(tmp_path: Path) -> None:
    inside = (
        "<definedNames><definedName name='费率' >依据!$B$2</definedName>"
        "<definedName name='_xlnm.Print_Area' localSheetId='1' hidden='1'>依据!$A$1:$C$9</definedName></definedNames>"
        "<calcPr calcId='191029' fullCalcOnLoad='1' iterate='true' fullPrecision='0'/>"
    )
    made = parts(
        {"计算": sheet_xml(""), "依据": sheet_xml("")},
        inside=inside,
        opening="<workbookPr date1904='1'/>",
        states={"依据": "veryHidden"},
        absolute=True,
        strings=f'<sst xmlns="{MAIN}"/>'.encode(),
    )
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations({"rId1": ("table", "../tables/table1.xml")})
    made["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" name="t" displayName="项目表" ref="A1:B9" totalsRowCount="1"><tableColumns '
        'count="2"><tableColumn id="1" name="区市"/><tableColumn id="2" name="金额_x000a_（元）"/></tableColumns></table>'
    ).encode()
    with open_package(save(tmp_path / "a.xlsx", made)) as package:
        assert package.sheets == (
            SheetPart("计算", ONE, "visible"),
            SheetPart("依据", "xl/worksheets/sheet2.xml", "veryHidden"),
        )
        assert package.date1904
        assert package.full_calc_on_load
        assert package.iterate
        assert not package.full_precision
        assert not package.is_macro
        assert package.suffix == ".xlsx"
        assert package.defined_names == (
            DefinedName("费率", "依据!$B$2", None, False),
            DefinedName("_xlnm.Print_Area", "依据!$A$1:$C$9", "依据", True),
        )
        assert package.tables == (Table("项目表", "计算", "A1:B9", ("区市", "金额\n（元）"), 1, 1),)
        assert package.shared_strings_part == "xl/sharedStrings.xml"
        assert package.names[:2] == ("[Content_Types].xml", "_rels/.rels")


def test_facts_of_a_plain_book_are_off(tmp_path: Path) -> None:
    with open_package(small(tmp_path / "a.xlsx")) as package:
        assert (package.date1904, package.full_calc_on_load, package.iterate) == (False, False, False)
        assert package.full_precision
        assert package.shared_strings_part is None
        assert package.defined_names == ()
        assert package.tables == ()


def test_chart_sheets_count_for_the_scope_of_names(tmp_path: Path) -> None:
    made = parts(
        {"图": b"<chartsheet/>", "表": sheet_xml("")},
        inside="<definedNames><definedName name='n' localSheetId='1'>1</definedName></definedNames>",
    )
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace(b"/worksheet", b"/chartsheet", 1)
    with open_package(save(tmp_path / "a.xlsx", made)) as package:
        assert [sheet.name for sheet in package.sheets] == ["表"]
        assert package.defined_names[0].scope == "表"


def test_a_book_of_openpyxl_opens(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.create_sheet("第二张")
    book.save(tmp_path / "a.xlsx")
    with open_package(tmp_path / "a.xlsx") as package:
        assert [sheet.name for sheet in package.sheets] == ["Sheet", "第二张"]
        assert b"<f>1+1</f>" in package.read(package.sheets[0].part)


def test_strict_books_open(tmp_path: Path) -> None:
    strict = {
        name: data.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, data in parts({"表": sheet_xml("")}).items()
    }
    with open_package(save(tmp_path / "a.xlsx", strict)) as package:
        assert package.sheets[0].part == ONE


def test_sixty_parts_are_copied_raw(tmp_path: Path) -> None:
    source = rich(tmp_path / "源.xlsm")
    values: CellValues = {(1, 2): 7.5, (5, 3): "不 同"}
    with open_package(source) as package:
        assert package.is_macro
        assert package.suffix == ".xlsm"
        patched = patch_sheet(package.read(RICH_SHEET), values)
        write_package(package, tmp_path / "果.xlsm", {RICH_SHEET: patched.xml}, expected={RICH_SHEET: values})
    before, after = raw_members(source), raw_members(tmp_path / "果.xlsm")
    assert len(before) > 60
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == [RICH_SHEET]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "果.xlsm") as new:
        assert new.comment == b"packed by hand"
        for one, other in zip(old.infolist(), new.infolist(), strict=True):
            assert (one.date_time, one.external_attr, one.internal_attr, one.comment, one.create_version) == (
                other.date_time,
                other.external_attr,
                other.internal_attr,
                other.comment,
                other.create_version,
            )
        text = new.read(RICH_SHEET).decode()
        assert text == old.read(RICH_SHEET).decode().replace('<v>2</v></c><c r="C1', '<v>7.5</v></c><c r="C1').replace(
            '</f><v>低</v></c></row><row r="6"', '</f><v>不 同</v></c></row><row r="6"'
        )


def test_nothing_replaced_gives_the_same_members_and_twice_the_same_bytes(tmp_path: Path) -> None:
    source = rich(tmp_path / "a.xlsm")
    with open_package(source) as package:
        write_package(package, tmp_path / "b.xlsm", {})
    with open_package(tmp_path / "b.xlsm") as package:
        write_package(package, tmp_path / "c.xlsm", {})
    assert raw_members(source) == raw_members(tmp_path / "b.xlsm")
    assert (tmp_path / "b.xlsm").read_bytes() == (tmp_path / "c.xlsm").read_bytes()


def test_every_kind_of_member_can_be_replaced(tmp_path: Path) -> None:
    source = rich(tmp_path / "a.xlsm")
    with zipfile.ZipFile(source) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    # every oddity of the entries falls on one of the first eleven; media are no XML and may hold anything
    fresh = {name: data + b" " for name, data in list(old.items())[:11]}
    with open_package(source) as package:
        write_package(package, tmp_path / "b.xlsm", fresh)
    with zipfile.ZipFile(tmp_path / "b.xlsm") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {**old, **fresh}
        dates = [info.date_time for info in archive.infolist()]
    open_package(tmp_path / "b.xlsm").close()  # no header promises a descriptor that is not there
    local_zip64 = struct.pack("<HH", 1, 16)
    after = raw_members(tmp_path / "b.xlsm")
    assert [name for name in fresh if local_zip64 in raw_members(source)[name][1][:80]] == list(old)[9:10]
    assert [name for name in fresh if local_zip64 in after[name][1][:80]] == []
    with zipfile.ZipFile(source) as archive:
        assert dates == [info.date_time for info in archive.infolist()]


def test_parts_may_come_in_blocks(tmp_path: Path) -> None:
    xml = sheet_xml('<c r="A1"><f>1+1</f><v>3</v></c>')

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(xml), 7):
            yield xml[at : at + 7]

    with open_package(small(tmp_path / "a.xlsx")) as package:
        write_package(package, tmp_path / "b.xlsx", {ONE: blocks()}, expected={ONE: {(1, 1): 3}})
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        assert archive.read(ONE) == xml


@pytest.mark.parametrize("expected", [{ONE: {(1, 1): 4}}, {ONE: {(1, 1): "3"}}, {ONE: {(2, 1): 3}}])
def test_what_was_not_expected_is_not_written(tmp_path: Path, expected: dict[str, CellValues]) -> None:
    xml = sheet_xml('<c r="A1"><f>1+1</f><v>3</v></c>')
    with open_package(small(tmp_path / "a.xlsx")) as package, pytest.raises(VerificationError, match="没有通过复核"):
        write_package(package, tmp_path / "b.xlsx", {ONE: xml}, expected=expected)
    assert leftovers(tmp_path) == ["a.xlsx"]


def test_the_source_may_be_the_target(tmp_path: Path) -> None:
    path = small(tmp_path / "a.xlsx")
    with open_package(path) as package:
        xml = patch_sheet(package.read(ONE), {(1, 1): 5}).xml
        write_package(package, path, {ONE: xml}, expected={ONE: {(1, 1): 5}})
    with zipfile.ZipFile(path) as archive:
        assert b"<v>5</v>" in archive.read(ONE)
    assert leftovers(tmp_path) == ["a.xlsx"]


def test_a_source_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = small(tmp_path / "a.xlsx")
    with open_package(path) as package:
        other = small(path, '<c r="A1"><f>1+2</f><v>30</v></c>').read_bytes()
        with pytest.raises(VerificationError, match="被别的程序改动过"):
            write_package(package, path, {})
    assert path.read_bytes() == other
    assert leftovers(tmp_path) == ["a.xlsx"]


def boom(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def busy(*_: object, **__: object) -> None:
    raise PermissionError(13, "used by another process")


@pytest.mark.parametrize(
    ("place", "stand_in", "sentence"),
    [
        ("os.fsync", boom, "写入失败"),
        ("os.replace", boom, "写入失败"),
        ("os.replace", busy, "正在 Excel/WPS 中打开"),
        ("qdcalc.recalc.package.verify_package", boom, "写入失败"),
    ],
)
def test_a_failure_leaves_the_target_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, stand_in: object, sentence: str
) -> None:
    source, target = small(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    target.write_bytes(b"precious")
    monkeypatch.setattr(place, stand_in)
    with open_package(source) as package, pytest.raises(FileError, match=sentence):
        write_package(package, target, {})
    assert target.read_bytes() == b"precious"
    assert leftovers(tmp_path) == ["a.xlsx", "b.xlsx"]


def test_an_interruption_leaves_the_target_and_no_rubbish(tmp_path: Path) -> None:
    def interrupted() -> Iterator[bytes]:
        yield b"<worksheet"
        raise KeyboardInterrupt

    target = tmp_path / "b.xlsx"
    target.write_bytes(b"precious")
    with open_package(small(tmp_path / "a.xlsx")) as package, pytest.raises(KeyboardInterrupt):
        write_package(package, target, {ONE: interrupted()})
    assert target.read_bytes() == b"precious"
    assert leftovers(tmp_path) == ["a.xlsx", "b.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of Unix")
def test_the_mode_of_the_target_stays_and_links_are_followed(tmp_path: Path) -> None:
    source = small(tmp_path / "a.xlsx")
    real = tmp_path / "real.xlsx"
    real.write_bytes(b"old")
    real.chmod(0o640)
    (tmp_path / "link.xlsx").symlink_to(real)
    mask = os.umask(0o022)
    try:
        with open_package(source) as package:
            write_package(package, tmp_path / "link.xlsx", {})
            write_package(package, tmp_path / "new.xlsx", {})
    finally:
        os.umask(mask)
    assert (tmp_path / "link.xlsx").is_symlink()
    assert zipfile.is_zipfile(real)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new.xlsx").stat().st_mode) == 0o644


def test_write_says_what_is_wrong_with_the_target(tmp_path: Path) -> None:
    macro = save(tmp_path / "a.xlsm", parts({"表": sheet_xml("")}, kind=MACRO_TYPE))
    with open_package(macro) as package:
        with pytest.raises(UnsupportedFile, match=r"请用 \.xlsm 作扩展名"):
            write_package(package, tmp_path / "b.xlsx", {})
        with pytest.raises(FileError, match="文件夹不存在"):
            write_package(package, tmp_path / "没有" / "b.xlsm", {})
        with pytest.raises(FileError, match="输出位置是文件夹"):
            write_package(package, tmp_path, {})
        with pytest.raises(VerificationError, match="要写入的部件不存在"):
            write_package(package, tmp_path / "b.xlsm", {"xl/worksheets/sheet9.xml": b""})
    assert leftovers(tmp_path) == ["a.xlsm"]


def encrypted(path: Path, plain: Path, password: str) -> Path:
    out = io.BytesIO()
    with plain.open("rb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(file).encrypt(password, out)
    path.write_bytes(out.getvalue())
    return path


def test_encrypted_books_open_with_their_password_and_are_not_written_in_the_clear(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "密.xlsx", rich(tmp_path / "a.xlsm"), "青岛2018")
    before = path.read_bytes()
    for password, sentence in ((None, "文件有打开密码"), ("", "文件有打开密码"), ("青岛2019", "密码不对")):
        with pytest.raises(EncryptedFile, match=sentence):
            open_package(path, password=password)
    with open_package(path, password="青岛2018") as package:
        assert package.encrypted
        assert b"<f>A1*2</f>" in package.read(ONE)
        with pytest.raises(EncryptedFile, match="不再加密"):
            write_package(package, tmp_path / "b.xlsm", {})
        with pytest.raises(EncryptedFile, match="不再加密"):
            write_package(package, path, {}, decrypted=True)
        assert not (tmp_path / "b.xlsm").exists()
        write_package(package, tmp_path / "b.xlsm", {}, decrypted=True)
    assert zipfile.is_zipfile(tmp_path / "b.xlsm")
    assert path.read_bytes() == before


def test_a_tampered_encrypted_book_is_refused(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "密.xlsx", rich(tmp_path / "a.xlsm"), "1")
    content = bytearray(path.read_bytes())
    position = len(content) // 2
    content[position : position + 64] = bytes(64)
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook, match="完整性校验不通过"):
        open_package(path, password="1")


def test_nothing_is_left_after_closing(tmp_path: Path) -> None:
    path = small(tmp_path / "a.xlsx")
    with open_package(path) as package:
        pass
    with pytest.raises(KeyError):
        package.read(ONE)
    path.unlink()  # on Windows this fails while a handle is open
    assert not path.exists()


def test_a_read_only_target_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "b.xlsx"
    target.write_bytes(b"precious")
    monkeypatch.setattr("os.access", lambda *_: False)
    with open_package(small(tmp_path / "a.xlsx")) as package, pytest.raises(FileError, match="无法写入"):
        write_package(package, target, {})
    assert target.read_bytes() == b"precious"
    assert leftovers(tmp_path) == ["a.xlsx", "b.xlsx"]


ROWS = '<row r="1"><c r="A1"><f>1+1</f>{}</c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2"/></row>'
BEFORE, AFTER = sheet_xml(ROWS.format("<v>9</v>")), sheet_xml(ROWS.format("<v>2</v>"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="1">', '<row r="1" ht="20">'),
        ('<row r="2">', '<row r="2" hidden="1">'),
        ("</sheetData>", '<row r="3"><c r="A3"/></row></sheetData>'),
        ("</sheetData>", '<row r="3"/></sheetData>'),
        ('<row r="2"><c r="A2"/></row>', ""),
        ("</worksheet>", "<pageMargins/></worksheet>"),
        ("<sheetData>", "<sheetPr/><sheetData>"),
        ("<v>2</v></c>", "<v>2</v><extLst/></c>"),
        ("<v>2</v></c>", "<v>2</v></c><!-- x -->"),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', '<!--<c r="A1"><f>1+1</f><v>2</v></c>-->'),
        ("<f>1+1</f>", "<f>1+1 </f>"),
        ("<f>1+1</f>", '<f ca="1">1+1</f>'),
    ],
)
def test_any_other_change_of_a_sheet_is_found(old: str, new: str) -> None:
    values: CellValues = {(1, 1): 2}
    assert sheet_problem(BEFORE, AFTER, values) is None
    changed = AFTER.replace(old.encode(), new.encode())
    assert changed != AFTER
    assert sheet_problem(BEFORE, changed, values) == "在要改的单元格之外有变化"
    # the same through the comparison of events, which comments make necessary
    odd = [xml.replace(b"<sheetData>", b"<!-- odd --><sheetData>") for xml in (BEFORE, AFTER, changed)]
    assert sheet_problem(odd[0], odd[1], values) is None
    assert sheet_problem(odd[0], odd[2], values) == "在要改的单元格之外有变化"


def test_a_value_in_a_comment_is_no_value() -> None:
    before, after = (
        xml.replace(b'<c r="A1">', b'<!--<c r="A1">').replace(b'</c><c r="B1"', b'</c>--><c r="B1"')
        for xml in (BEFORE, AFTER)
    )
    assert sheet_problem(before, after, {(1, 1): 2}) == "在要改的单元格之外有变化"
    assert sheet_problem(after, after, {(1, 1): 2}) == "的单元格 A1 不是算出的值"


class TestVerification:
    """A damaged result is found, whatever was damaged. The result is made by hand, not by the writer."""

    values: CellValues = {(1, 1): 2}  # noqa: RUF012  # never changed

    def check(self, tmp_path: Path, members: list[Entry]) -> None:
        source = save(tmp_path / "a.xlsx", parts({"表一": sheet_xml('<c r="A1"><f>1+1</f></c><c r="B1"><v>1</v></c>')}))
        target = tmp_path / "b.xlsx"
        target.write_bytes(zipped(members))
        with open_package(source) as package:
            verify_package(package, target, {ONE: self.values})

    def members(self, cells: str = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v></c>') -> list[Entry]:
        return [Entry(name, data) for name, data in parts({"表一": sheet_xml(cells)}).items()]

    def test_good(self, tmp_path: Path) -> None:
        self.check(tmp_path, self.members())

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ('<c r="A1"><f>1+1</f><v>3</v></c><c r="B1"><v>1</v></c>', "A1 不是算出的值"),
            ('<c r="A1"><f>1+1</f></c><c r="B1"><v>1</v></c>', "A1 不是算出的值"),
            ('<c r="A1" t="str"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v></c>', "A1 不是算出的值"),
            ('<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>9</v></c>', "之外有变化"),
            ('<c r="A1"><f>1+2</f><v>2</v></c><c r="B1"><v>1</v></c>', "之外有变化"),
            ('<c r="A1" s="1"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v></c>', "之外有变化"),
            ('<c r="A1"><v>2</v></c><c r="B1"><v>1</v></c>', "之外有变化"),
            ('<c r="A1"><f>1+1</f><v>2</v></c>', "之外有变化"),
            ('<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v></c><c r="C1"/>', "之外有变化"),
            ('<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v>', "完好的 XML"),
        ],
    )
    def test_bad_sheet(self, tmp_path: Path, cells: str, sentence: str) -> None:
        with pytest.raises(VerificationError, match=sentence):
            self.check(tmp_path, self.members(cells))

    def test_other_part_changed(self, tmp_path: Path) -> None:
        members = self.members()
        members[0].data += b" "
        with pytest.raises(VerificationError, match=r"Content_Types\].xml 变了"):
            self.check(tmp_path, members)

    def test_order_changed(self, tmp_path: Path) -> None:
        with pytest.raises(VerificationError, match="顺序变了"):
            self.check(tmp_path, self.members()[::-1])

    def test_part_lost(self, tmp_path: Path) -> None:
        with pytest.raises(VerificationError, match="数目"):
            self.check(tmp_path, self.members()[:-1])

    def test_date_changed(self, tmp_path: Path) -> None:
        members = self.members()
        members[1].date += 1
        with pytest.raises(VerificationError, match="日期"):
            self.check(tmp_path, members)

    def test_bad_crc(self, tmp_path: Path) -> None:
        members = self.members()
        members[-1].told_crc = 1
        with pytest.raises(VerificationError, match="读不出来"):
            self.check(tmp_path, members)
