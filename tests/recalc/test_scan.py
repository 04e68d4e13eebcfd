"""Sheet XML → formulas, values and extents, by both readers."""

from __future__ import annotations

import pytest

from qdcalc.errors import UnsafeFile, UnsupportedFile
from qdcalc.recalc.locate import iter_located
from qdcalc.recalc.scan import Area, ArrayMember, FormulaCell, read_shared_strings, read_values, scan_sheet
from qdcalc.recalc.sheetxml import iter_cells, read_frame
from qdcalc.recalc.translate import Movable, OffSheetError
from qdcalc.recalc.values import CellValue, ErrorValue
from tests.recalc.files import MAIN, sheet_xml


@pytest.mark.parametrize(
    ("cell", "text", "cached", "kind"),
    [
        ("<c r='B7'><f>A1+1</f><v>2.5</v></c>", "A1+1", 2.5, "n"),
        ('<c r="B7" s="4" t="n"><f>A1</f><v>-1E-3</v></c>', "A1", -0.001, "n"),
        ('<c r="B7" t="str"><f>A1&amp;"&lt;甲&gt;"</f><v>乙 &amp; 丙</v></c>', 'A1&"<甲>"', "乙 & 丙", "str"),
        ('<c r="B7" t="str"><f>A1</f><v></v></c>', "A1", "", "str"),
        ('<c r="B7" t="str"><f>A1</f><v>a_x000D_b_x005F_x0041_</v></c>', "A1", "a\rb_x0041_", "str"),
        ('<c r="B7" t="b"><f>TRUE()</f><v>1</v></c>', "TRUE()", True, "b"),
        ('<c r="B7" t="b"><f>FALSE()</f><v>0</v></c>', "FALSE()", False, "b"),
        ('<c r="B7" t="e"><f>NA()</f><v>#N/A</v></c>', "NA()", ErrorValue("#N/A"), "e"),
        ('<c r="B7" t="s"><f>A1</f><v>1</v></c>', "A1", "乙", "s"),
        ('<c r="B7" t="d"><f>A1</f><v>2018-09-29</v></c>', "A1", "2018-09-29", "d"),
        ('<c r="B7"><f>A1</f></c>', "A1", None, ""),
        ('<c r="B7"><f>A1</f><v/></c>', "A1", None, ""),
        ('<c r="B7"><f>A1</f><v></v></c>', "A1", None, ""),
        ('<c r="B7"><f ca="1">NOW()</f><v>1</v></c>', "NOW()", 1.0, "n"),
        ('<c r="B7"><f xml:space="preserve"> A1 </f><v>1</v></c>', " A1 ", 1.0, "n"),
        ('<c r="B7"><f>"&#20803;"&amp;"&#xA;"</f><v>1</v></c>', '"元"&"\n"', 1.0, "n"),
        ('<c r="B7"><f>A1<!-- x -->+1</f><v>1</v></c>', "A1+1", 1.0, "n"),
        ('<c r="B7"><f><![CDATA[A1<2]]></f><v>1</v></c>', "A1<2", 1.0, "n"),
        ('<c s="1" r="B7"><f>A1</f><v>1</v></c>', "A1", 1.0, "n"),
        ('<c r="B7">\n  <f>A1</f>\n  <v>1</v>\n</c>', "A1", 1.0, "n"),
    ],
)
def test_a_formula_cell(cell: str, text: str, cached: CellValue, kind: str) -> None:
    xml = sheet_xml(f'<row r="7">{cell}</row>')
    scan = scan_sheet(xml, ["甲", "乙"])
    assert scan.formulas == [FormulaCell(7, 2, text, "normal", None, None, cached, kind)]
    assert isinstance(scan.formulas[0].cached, type(cached))  # True == 1
    assert scan.formulas[0].ref == "B7"
    assert scan.formula(scan.formulas[0]) == text
    assert (scan.max_row, scan.max_column, scan.cells) == (7, 2, 1)


def test_cells_that_hold_no_formula() -> None:
    scan = scan_sheet(sheet_xml('<c r="A1"><v>1</v></c><c r="B1"><f/><v>2</v></c><c r="C1" s="5"/>'))
    assert scan.formulas == []
    assert (scan.cells, scan.max_row, scan.max_column) == (3, 1, 2)  # C1 holds nothing


def test_an_empty_sheet() -> None:
    for xml in (sheet_xml(""), sheet_xml("").replace(b"<sheetData></sheetData>", b"<sheetData/>")):
        scan = scan_sheet(xml)
        assert (scan.formulas, scan.max_row, scan.max_column, scan.cells) == ([], 0, 0, 0)


ODD = f"""<?xml version='1.0' encoding='utf-8'?>
<!-- 由别的程序写成 <sheetData><row r="1"><c r="A1"><f>9</f></c></row></sheetData> -->
<x:worksheet xmlns:x='{MAIN}'><?go on?>
  <x:dimension ref='A1:C3'/><x:sheetProtection sheet='1'/>
  <x:sheetData>
    <x:row><x:c><x:v>1</x:v></x:c><x:c t='str'><x:f>A1&amp;"x"</x:f><x:v>1x</x:v></x:c></x:row>
    <x:row r='3'><x:c r='C3'><x:f t='shared' ref='C3:D3' si='0'>A$1+B3</x:f></x:c>
      <x:c><x:f t='shared' si='0'/><x:v><![CDATA[5]]></x:v></x:c></x:row>
  </x:sheetData>
  <x:mergeCells count='1'><x:mergeCell ref='A5:B6'/></x:mergeCells>
</x:worksheet>""".encode()


def test_what_only_expat_can_read() -> None:
    scan = scan_sheet(ODD)
    assert scan.formulas == [
        FormulaCell(1, 2, 'A1&"x"', "normal", None, None, "1x", "str"),
        FormulaCell(3, 3, "A$1+B3", "shared", 0, Area(3, 3, 3, 4), None, ""),
        FormulaCell(3, 4, None, "shared", 0, None, 5.0, "n"),
    ]
    assert [scan.formula(cell) for cell in scan.formulas] == ['A1&"x"', "A$1+B3", "B$1+C3"]
    assert (scan.protected, scan.dimension, scan.merged) == (True, "A1:C3", [Area(5, 1, 6, 2)])
    assert list(read_values(ODD, ())) == [((1, 1), 1.0), ((1, 2), "1x"), ((3, 4), 5.0)]


def test_both_readers_give_the_same_cells_and_the_change_between_them_is_seamless() -> None:
    rows = "".join(
        f'<row r="{row}" spans="1:4"><c r="A{row}" s="1"><v>{row}</v></c><c r="B{row}" t="s"><v>0</v></c>'
        f'<c r="C{row}"><f>A{row}&gt;1</f><v>1</v></c><c r="D{row}" t="inlineStr"><is><t>文</t></is></c></row>'
        for row in range(1, 60)
    )
    plain = sheet_xml(rows)
    odd = sheet_xml(rows.replace('<row r="40"', '<!-- odd --><row r="40"'))
    cells = list(iter_cells(plain, read_frame(plain)))
    assert len(cells) == 59 * 4
    assert [cell for cell, _ in iter_located(plain)] == cells
    assert list(iter_cells(odd, read_frame(odd))) == cells


def test_places_are_exact() -> None:
    for cell, spans in iter_located(ODD):
        piece = ODD[spans.start : spans.end]
        assert piece.startswith(b"<x:c")
        assert piece.endswith(b"</x:c>")
        if cell.value is not None:
            assert spans.value is not None
            value = ODD[slice(*spans.value)]
            assert value.startswith(b"<x:v>")
            assert value.endswith(b"</x:v>")
        if cell.formula_attributes is not None:
            assert spans.formula_end is not None
            assert ODD[: spans.formula_end].endswith((b"</x:f>", b"/>"))


def test_a_byte_order_mark_does_not_shift_places() -> None:
    xml = b"\xef\xbb\xbf" + ODD
    assert [xml[spans.start : spans.end] for _, spans in iter_located(xml)] == [
        ODD[spans.start : spans.end] for _, spans in iter_located(ODD)
    ]


@pytest.mark.parametrize(
    ("formula", "home", "place", "moved"),
    [
        ("A1+B2", (1, 3), (4, 5), "C4+D5"),
        ("$A1+A$1+$A$1", (1, 3), (2, 4), "$A2+B$1+$A$1"),
        ("SUM(A1:B2,$C$1:D4)", (5, 5), (6, 6), "SUM(B2:C3,$C$1:E5)"),
        ("SUM(A:B)+SUM($A:B)+SUM(1:2)+SUM($1:2)", (1, 1), (3, 2), "SUM(B:C)+SUM($A:C)+SUM(3:4)+SUM($1:4)"),
        ("LOG10(A1)+DEC2BIN(A1)+ATAN2(A1,B1)", (1, 1), (2, 1), "LOG10(A2)+DEC2BIN(A2)+ATAN2(A2,B2)"),
        ("_xlfn.STDEV.S(A1:A3)", (1, 1), (2, 1), "_xlfn.STDEV.S(A2:A4)"),
        ("'A1 表'!A1+AB12!A1+区市A1+表A1!B1", (1, 1), (2, 1), "'A1 表'!A2+AB12!A2+区市A1+表A1!B2"),
        ("'it''s A1'!A1", (1, 1), (2, 1), "'it''s A1'!A2"),
        ("Sheet1!A1:Sheet1!B2", (1, 1), (2, 2), "Sheet1!B2:Sheet1!C3"),
        ('A1&"A1 ""B2"""', (1, 1), (2, 1), 'A2&"A1 ""B2"""'),
        ("[1]Sheet1!A1+[1]!A1", (1, 1), (2, 1), "[1]Sheet1!A2+[1]!A2"),
        ("表1[[#This Row],[A1]]+A1", (1, 1), (2, 1), "表1[[#This Row],[A1]]+A2"),
        ("T1[a']A1]+A1", (1, 1), (2, 1), "T1[a']A1]+A2"),
        (
            "税率1+A1.B1+A1_x+x.A1+TAX20260+XFE1+A1048577",
            (1, 1),
            (2, 1),
            "税率1+A1.B1+A1_x+x.A1+TAX20261+XFE1+A1048577",
        ),
        ("2E5+1.5E+3+A1*1E2", (1, 1), (2, 1), "2E5+1.5E+3+A2*1E2"),
        ("#REF!+A1+Sheet1!#REF!", (1, 1), (2, 1), "#REF!+A2+Sheet1!#REF!"),
        ("A1#+@B1+{1,2;3,4}", (1, 1), (2, 1), "A2#+@B2+{1,2;3,4}"),
        ("A1:INDEX(B1:B9,2)", (1, 1), (2, 1), "A2:INDEX(B2:B10,2)"),
        ("QD_TALENT_SUBSIDY(A1)+_xll.QD_X(B1)", (1, 1), (3, 1), "QD_TALENT_SUBSIDY(A3)+_xll.QD_X(B3)"),
        ("a1+b$2", (1, 1), (2, 2), "B2+C$2"),
        ("A5-A4", (5, 1), (3, 1), "A3-A2"),
        ("IF(TRUE,R1,C1)", (1, 1), (2, 1), "IF(TRUE,R2,C2)"),
    ],
)
def test_a_shared_formula_moves(formula: str, home: tuple[int, int], place: tuple[int, int], moved: str) -> None:
    assert Movable(formula, *home).at(*place) == moved
    assert Movable(formula, *home).at(*home).upper() == formula.upper()


@pytest.mark.parametrize(("formula", "place"), [("A1", (4, 2)), ("A1", (5, 1)), ("XFD9", (5, 3)), ("SUM(1:1)", (4, 2))])
def test_a_reference_never_leaves_the_sheet(formula: str, place: tuple[int, int]) -> None:
    with pytest.raises(OffSheetError):
        Movable(formula, 5, 2).at(*place)


def test_a_shared_formula_off_the_sheet_is_told() -> None:
    xml = sheet_xml(
        '<row r="2"><c r="A2"><f t="shared" ref="A2:B2" si="3">XFD1</f></c><c r="B2"><f t="shared" si="3"/></c></row>'
    )
    scan = scan_sheet(xml, sheet="计算")
    with pytest.raises(UnsupportedFile, match="“计算”单元格 B2"):
        scan.formula(scan.formulas[1])


def test_a_number_of_a_shared_formula_may_be_used_again() -> None:
    xml = sheet_xml(
        '<row r="1"><c r="B1"><f t="shared" ref="B1:C1" si="0">A1</f></c><c r="C1"><f t="shared" si="0"/></c></row>'
        '<row r="2"><c r="B2"><f t="shared" ref="B2:C2" si="0">A2*2</f></c><c r="C2"><f t="shared" si="0"/></c></row>'
    )
    scan = scan_sheet(xml)
    assert [scan.formula(cell) for cell in scan.formulas] == ["A1", "B1", "A2*2", "B2*2"]
    assert [cell.shared_index for cell in scan.formulas] == [0, 0, 1, 1]


def test_array_formulas_and_their_members() -> None:
    xml = sheet_xml(
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2*2</f><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>9</v></c>'
        '</row><row r="2"><c r="A2" t="str"><v>三</v></c><c r="B2" s="1"/>'
        '<c r="C2" cm="1"><f t="array" ref="C2">SORT(A1)</f><v>4</v></c></row>'
    )
    scan = scan_sheet(xml)
    assert scan.formulas == [
        FormulaCell(1, 1, "C1:D2*2", "array", None, Area(1, 1, 2, 2), 1.0, "n"),
        FormulaCell(2, 3, "SORT(A1)", "array", None, Area(2, 3, 2, 3), 4.0, "n"),
    ]
    assert scan.array_members == [
        ArrayMember(1, 2, (1, 1), 2.0),
        ArrayMember(2, 1, (1, 1), "三"),
        ArrayMember(2, 2, (1, 1), None),
    ]


def test_values_of_a_range() -> None:
    strings = [("甲"), "乙"]
    xml = sheet_xml(
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>内</t></r><r><rPr/><t xml:space="preserve"> 联</t></r>'
        '<rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="B2" t="b"><v>1</v></c><c r="C2"/></row>'
    )
    assert dict(read_values(xml, strings)) == {(1, 1): "乙", (1, 2): 2.0, (2, 1): "内 联", (2, 2): True}
    assert dict(read_values(xml, strings, Area.parse("B1:C2"))) == {(1, 2): 2.0, (2, 2): True}
    assert dict(read_values(xml, strings, {(2, 1)})) == {(2, 1): "内 联"}


@pytest.mark.parametrize("quote", ['"', "'"])
def test_shared_strings(quote: str) -> None:
    xml = (
        f'<?xml version="1.0"?><sst xmlns="{MAIN}" count="9" uniqueCount="6"><si><t>甲 &amp; 乙</t></si><si/>'
        '<si><t xml:space="preserve"> a\n</t></si><si><r><rPr><b/></rPr><t>富</t></r><r><t>文本</t></r></si>'
        '<si><t>汉字</t><rPh sb="0" eb="2"><t>拼音</t></rPh><phoneticPr fontId="1"/></si><si><t>_x0009_</t></si>'
        "<si><t/></si></sst>"
    )
    expected = ["甲 & 乙", "", " a\n", "富文本", "汉字", "\t", ""]
    assert read_shared_strings(xml.replace('"', quote).encode()) == expected
    prefixed = xml.replace("</", "</x:").replace("<si", "<x:si").replace("<t", "<x:t").replace("<r", "<x:r")
    prefixed = prefixed.replace("<b/>", "<x:b/>").replace("<ph", "<x:ph").replace("<sst xmlns", "<x:sst xmlns:x")
    assert read_shared_strings(prefixed.encode()) == expected


def test_a_shared_string_in_odd_spelling_is_not_lost() -> None:
    items = f'<si><r><t a=">">甲</t></r></si><si><x:t xmlns:x="{MAIN}">乙</x:t><t>丙</t></si>'
    assert read_shared_strings(f'<sst xmlns="{MAIN}">{items}</sst>'.encode()) == ["甲", "乙丙"]


@pytest.mark.parametrize(
    ("ref", "area"),
    [
        ("A1", Area(1, 1, 1, 1)),
        ("$B$2:D20", Area(2, 2, 20, 4)),
        ("D20:B2", Area(2, 2, 20, 4)),
        ("A:C", Area(1, 1, 1048576, 3)),
        ("$2:5", Area(2, 1, 5, 16384)),
        ("XFD1048576", Area(1048576, 16384, 1048576, 16384)),
    ],
)
def test_areas(ref: str, area: Area) -> None:
    assert Area.parse(ref) == area


@pytest.mark.parametrize("ref", ["", "A", "1", "A1:", ":A1", "A1:B", "A:1", "A0", "XFE1", "A1048577", "A1 B2", "甲1"])
def test_what_is_no_area(ref: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the reference itself is the message
        Area.parse(ref)


def test_membership_of_an_area() -> None:
    area = Area(2, 2, 4, 3)
    assert [(row, column) for row in range(1, 6) for column in range(1, 5) if (row, column) in area] == [
        (2, 2), (2, 3), (3, 2), (3, 3), (4, 2), (4, 3),
    ]  # fmt: skip
    assert area.size == 6


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('<c r="A1"><v>一</v></c>', "A1 的值与类型不符"),
        ('<c r="A1"><f>1</f><v>1_0</v></c>', "A1 的值与类型不符"),
        ('<c r="A1"><f>1</f><v>NaN</v></c>', "A1 的值与类型不符"),
        ('<c r="A1"><f>1</f><v>1e999</v></c>', "A1 的值与类型不符"),
        ('<c r="A1" t="b"><f>1</f><v>2</v></c>', "A1 的值与类型不符"),
        ('<c r="A1" t="s"><f>1</f><v>7</v></c>', "A1 的值与类型不符"),
        ('<c r="A1" t="x"><f>1</f><v>7</v></c>', "A1 的值与类型不符"),
        ('<c r="A1"><f>A1&nbsp;</f></c>', "不正常"),
        ('<c r="A1"><f>A1&</f></c>', "不正常"),
        ('<c r="A1"><f t="shared" si="0"/></c>', "缺少主公式"),
        ('<c r="A1"><f t="shared">1</f></c>', "没有编号"),
        ('<c r="A1"><f t="array">1</f></c>', "没有范围"),
        ('<c r="A1"><f t="array" ref="B1:C1">1</f></c>', "左上角"),
        ('<c r="A1"><f t="magic">1</f></c>', "公式种类"),
        ('<c r="A1"><f t="array" ref="A1:B1">1</f></c><c r="B1"><f t="array" ref="B1:C1">1</f></c>', "重叠"),
        ('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', "A1 的位置不对或重复"),
        ('<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>', "A1 的位置不对或重复"),
        ('<c r="A2"><v>1</v></c>', "A2 的位置不对或重复"),
        ('<row r="2"/><row r="1"/>', "第1行的位置不对或重复"),
        ('<row r="2"/><row r="2"/>', "第2行的位置不对或重复"),
        ("<row r='2'/><row r='2'/>", "第2行的位置不对或重复"),
        ("<row r='1'><c r='A1'/><c r='A1'/></row>", "A1 的位置不对或重复"),
        ("<row r='1'><x/></row>", "不认识的内容"),
        ("<row r='1'><c r='A1'><v>1</v><v>2</v></c></row>", "有两个 v"),
        ("<row r='1'><c r='A1'><f>1<b/></f></c></row>", "A1 的内容不对"),
        ("<row r='-1'/>", "行号 -1 不对"),
        ('<row r="1"/></sheetData><sheetData>', "不止一处 sheetData"),
    ],
)
def test_damaged_sheets_are_refused(body: str, sentence: str) -> None:
    def read() -> None:
        xml = sheet_xml(body)
        scan_sheet(xml, ["甲"], sheet="表")
        list(read_values(xml, ["甲"], sheet="表"))

    with pytest.raises(UnsafeFile, match="工作表“表”") as caught:
        read()
    assert sentence in caught.value.sentence
