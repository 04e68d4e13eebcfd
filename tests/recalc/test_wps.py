"""Workbooks as WPS saves them. What is known of that comes from public descriptions and other projects' test files (see
docs/wps.md); WPS itself was not run here."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.convert import convert
from tests.recalc.files import MAIN, OFFICE, PACKAGE, parts, relations, save, sheet_xml

WPS_IMAGES = "http://www.wps.cn/officeDocument/2017/etCustomData"
PICTURE = "ID_8E1D29414F5E421B8B73BDF52F471863"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def wps_book(path: Path) -> Path:
    """A sheet with a provision that WPS did not know, a cell picture, a sum, and WPS's own parts."""
    body = (
        '<row r="1" spans="1:4"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1"><v>650000</v></c>'
        '<c r="C1" t="e"><f>QD_TALENT_SUBSIDY(B1)</f><v>#NAME?</v></c>'
        f'<c r="D1" t="str"><f>_xlfn.DISPIMG(&quot;{PICTURE}&quot;,1)</f><v>=DISPIMG(&quot;{PICTURE}&quot;,1)</v></c></row>'
        '<row r="2" spans="1:4"><c r="C2" t="e"><f>SUM(C1:C1)</f><v>#NAME?</v></c>'
        f'<c r="D2" t="str"><f>DISPIMG(&quot;{PICTURE}&quot;,1)</f><v>=DISPIMG(&quot;{PICTURE}&quot;,1)</v></c></row>'
    )
    before = (
        '<sheetPr/><dimension ref="A1:D2"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5" outlineLevelRow="1" outlineLevelCol="3"/>'
    )
    after = (
        '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/><headerFooter/>'
        '<extLst><ext uri="{9F3D6E2B-7B5A-4A6E-8E1C-0D5C2B1A9F00}" xmlns:etc="'
        + WPS_IMAGES
        + '"><etc:own/></ext></extLst>'
    )
    strings = f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>张三</t></si></sst>'.encode()
    made = parts(
        {"人选": sheet_xml(body, before, after)},
        strings=strings,
        opening='<fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr/>'
        '<bookViews><workbookView windowWidth="27945" windowHeight="12375"/></bookViews>',
        inside='<calcPr calcId="144525"/>',
    )
    made["xl/cellimages.xml"] = (
        f'<etc:cellImages xmlns:etc="{WPS_IMAGES}" xmlns:xdr="x" xmlns:a="a" xmlns:r="{OFFICE}"><etc:cellImage><xdr:pic>'
        f'<xdr:nvPicPr><xdr:cNvPr id="2" name="{PICTURE}"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/>'
        "</xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>"
    ).encode()
    made["xl/_rels/cellimages.xml.rels"] = relations({"rId1": ("image", "media/image1.png")})
    made["xl/media/image1.png"] = PIXEL
    made["docProps/app.xml"] = "<Properties><Application>WPS 表格</Application></Properties>".encode()
    made["docProps/custom.xml"] = (
        b'<Properties><property name="KSOProductBuildVer"><lpwstr>2052-12.1.0.20540</lpwstr></property>'
        b'<property name="ICV"><lpwstr>A1</lpwstr></property></Properties>'
    )
    link = b'<Relationship Id="rId50" Type="http://www.wps.cn/officeDocument/2020/cellImage" Target="cellimages.xml"/>'
    name = "xl/_rels/workbook.xml.rels"
    made[name] = made[name].replace(b"</Relationships>", link + b"</Relationships>")
    types = made["[Content_Types].xml"]
    kind = b'<Override PartName="/xl/cellimages.xml" ContentType="application/vnd.wps-officedocument.cellimage+xml"/>'
    made["[Content_Types].xml"] = types.replace(b"</Types>", kind + b"</Types>")
    assert PACKAGE.encode() in made[name]
    return save(path, made)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {item.filename: package.read(item) for item in package.infolist()}


def test_a_wps_workbook_is_recalculated_and_nothing_of_its_own_is_lost(tmp_path: Path) -> None:
    source, target = wps_book(tmp_path / "in.xlsx"), tmp_path / "out.xlsx"
    report = recalc_book(source, target)
    before, after = members(source), members(target)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert list(before) == list(after)
    sheet = after["xl/worksheets/sheet1.xml"].replace(b' t="e"><f>QD', b"><f>QD").replace(b' t="e"><f>SUM', b"><f>SUM")
    expected = before["xl/worksheets/sheet1.xml"].replace(b' t="e"', b"").replace(b"<v>#NAME?</v>", b"<v>65000</v>")
    assert sheet == expected
    assert report.patched == 2


def test_cell_pictures_are_no_problem_to_be_told(tmp_path: Path) -> None:
    report = recalc_book(wps_book(tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    assert report.skipped_count == 0
    assert report.notes == ["有 2 个单元格图片（WPS 的 DISPIMG），原样保留"]


@pytest.mark.parametrize("host", ["office", "libreoffice"])
def test_a_wps_workbook_is_respelled_and_back(tmp_path: Path, host: str) -> None:
    source = wps_book(tmp_path / "in.xlsx")
    assert convert(source, tmp_path / "there.xlsx", host=host).changed == 1
    convert(tmp_path / "there.xlsx", tmp_path / "back.xlsx", host="excel")
    assert members(tmp_path / "back.xlsx") == members(source)
