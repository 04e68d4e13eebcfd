"""Values into sheets: which bytes change, and that no others do."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdcalc.errors import VerificationError
from qdcalc.recalc.patch import patch_sheet
from qdcalc.recalc.sheetcheck import sheet_problem
from qdcalc.recalc.values import CellValue, ErrorValue
from tests.recalc.files import MAIN, sheet_xml

NA = ErrorValue("#N/A")


def patched(cell: str, value: CellValue) -> str:
    """The cell A1 after patching, in a sheet where nothing else may move; by both routes if the cell is plain."""
    before = f'<row r="1">{cell}<c r="B1"><f>A1</f><v>7</v></c></row>'
    result = patch_sheet(sheet_xml(before), {(1, 1): value})
    slow = patch_sheet(sheet_xml("<!-- x -->" + before), {(1, 1): value})
    assert slow.xml == result.xml.replace(b"<sheetData>", b"<sheetData><!-- x -->")
    assert (result.changed + result.kept, slow.changed, slow.kept) == (1, result.changed, result.kept)
    assert sheet_problem(sheet_xml(before), result.xml, {(1, 1): value}) is None
    assert patch_sheet(result.xml, {(1, 1): value}).xml == result.xml
    head, tail = sheet_xml(f"<row r='1'>|{before.partition(cell)[2]}").split(b"|")
    text = result.xml.decode()
    start, end = len(head), len(text.encode()) - len(tail)
    assert result.xml[:start].replace(b'"', b"'") == head.replace(b'"', b"'")
    assert result.xml[end:] == tail
    return result.xml[start:end].decode()


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        # what an Excel cell holds, against each kind of value
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', 2, '<c r="A1" s="3"><f>B1</f><v>2</v></c>'),
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', "好", '<c r="A1" s="3" t="str"><f>B1</f><v>好</v></c>'),
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', True, '<c r="A1" s="3" t="b"><f>B1</f><v>1</v></c>'),
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', False, '<c r="A1" s="3" t="b"><f>B1</f><v>0</v></c>'),
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', NA, '<c r="A1" s="3" t="e"><f>B1</f><v>#N/A</v></c>'),
        ('<c r="A1" s="3"><f>B1</f><v>1</v></c>', "", '<c r="A1" s="3" t="str"><f>B1</f><v></v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', 2.5, '<c r="A1"><f>B1</f><v>2.5</v></c>'),
        ('<c r="A1" t="e" cm="1" vm="2"><f>B1</f><v>#N/A</v></c>', 3, '<c r="A1" cm="1" vm="2"><f>B1</f><v>3</v></c>'),
        ('<c r="A1" s="1" t="b" cm="1"><f>B1</f><v>1</v></c>', "a", '<c r="A1" s="1" t="str" cm="1"><f>B1</f><v>a</v></c>'),
        ('<c r="A1" t="s"><f>B1</f><v>0</v></c>', "a", '<c r="A1" t="str"><f>B1</f><v>a</v></c>'),
        ('<c r="A1" t="d"><f>B1</f><v>2018-01-01</v></c>', 43101, '<c r="A1"><f>B1</f><v>43101</v></c>'),
        ('<c r="A1" t="n"><f>B1</f><v>1</v></c>', 2, '<c r="A1"><f>B1</f><v>2</v></c>'),
        # no <v> yet, as openpyxl and others write
        ('<c r="A1"><f>B1</f></c>', 2, '<c r="A1"><f>B1</f><v>2</v></c>'),
        ('<c r="A1"><f>B1</f><v/></c>', 2, '<c r="A1"><f>B1</f><v>2</v></c>'),
        ('<c r="A1"><f>B1</f><v /></c>', "a", '<c r="A1" t="str"><f>B1</f><v>a</v></c>'),
        ('<c r="A1" t="str"><f>B1</f></c>', "", '<c r="A1" t="str"><f>B1</f><v></v></c>'),
        ('<c r="A1" t="inlineStr"><f>B1</f><is><t>x</t></is></c>', 1, '<c r="A1"><f>B1</f><v>1</v></c>'),
        # formulas of every spelling stay
        (
            '<c r="A1"><f t="shared" ref="A1:A9" si="0">B1&lt;"甲"</f><v>1</v></c>',
            2,
            '<c r="A1"><f t="shared" ref="A1:A9" si="0">B1&lt;"甲"</f><v>2</v></c>',
        ),
        ('<c r="A1"><f ca="1" xml:space="preserve"> B1</f></c>', 2, '<c r="A1"><f ca="1" xml:space="preserve"> B1</f><v>2</v></c>'),
        ('<c r="A1"><f t="array" ref="A1">B1</f><v>1</v></c>', 2, '<c r="A1"><f t="array" ref="A1">B1</f><v>2</v></c>'),
        # text that XML cannot hold as it is
        ('<c r="A1"><f>B1</f></c>', "<a & b>", '<c r="A1" t="str"><f>B1</f><v>&lt;a &amp; b&gt;</v></c>'),
        ('<c r="A1"><f>B1</f></c>', " a", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> a</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "a\n", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve">a\n</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "a\nb", '<c r="A1" t="str"><f>B1</f><v>a\nb</v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> a</v></c>', "b", '<c r="A1" t="str"><f>B1</f><v>b</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "a\rb\x01", '<c r="A1" t="str"><f>B1</f><v>a_x000D_b_x0001_</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "_x0041_", '<c r="A1" t="str"><f>B1</f><v>_x005F_x0041_</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "_x41_", '<c r="A1" t="str"><f>B1</f><v>_x41_</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "\ud800", '<c r="A1" t="str"><f>B1</f><v>_xD800_</v></c>'),
        ('<c r="A1"><f>B1</f></c>', "😀\uffff", '<c r="A1" t="str"><f>B1</f><v>😀_xFFFF_</v></c>'),
        # kept as they are: equal already
        ('<c r="A1"><f>B1</f><v>0.30000000000000004</v></c>', 0.3, '<c r="A1"><f>B1</f><v>0.30000000000000004</v></c>'),
        ('<c r="A1"><f>B1</f><v>1E3</v></c>', 1000, '<c r="A1"><f>B1</f><v>1E3</v></c>'),
        ('<c r="A1" t="n"><f>B1</f><v>65000.00</v></c>', Decimal(65000), '<c r="A1" t="n"><f>B1</f><v>65000.00</v></c>'),
        ('<c r="A1"><f>B1</f><v>0.1</v></c>', Decimal("0.1"), '<c r="A1"><f>B1</f><v>0.1</v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v>&#26080;</v></c>', "无", '<c r="A1" t="str"><f>B1</f><v>&#26080;</v></c>'),
        ('<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>', NA, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
        ('<c r="A1" t="b"><f>B1</f><v>1</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        # the same digits of another type are not equal
        ('<c r="A1" t="b"><f>B1</f><v>1</v></c>', 1, '<c r="A1"><f>B1</f><v>1</v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v>1</v></c>', 1, '<c r="A1"><f>B1</f><v>1</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', "1", '<c r="A1" t="str"><f>B1</f><v>1</v></c>'),
        ('<c r="A1"><f>B1</f><v>1.00000000000001</v></c>', 1, '<c r="A1"><f>B1</f><v>1</v></c>'),
        ('<c r="A1"><f>B1</f><v>oops</v></c>', 1, '<c r="A1"><f>B1</f><v>1</v></c>'),
    ],
)  # fmt: skip
def test_one_cell(before: str, value: CellValue, after: str) -> None:
    assert patched(before, value) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("<c r='A1' t='str'><f>B1</f><v>x</v></c>", 2, "<c r='A1'><f>B1</f><v>2</v></c>"),
        (
            "<c t='e'\n r='A1' s='1' ><f>B1</f> <v>x</v> </c>",
            "a",
            "<c t=\"str\"\n r='A1' s='1' ><f>B1</f> <v>a</v> </c>",
        ),
        ("<c r='A1'><f>B1<!-- why --></f></c>", 2, "<c r='A1'><f>B1<!-- why --></f><v>2</v></c>"),
        ("<c r='A1'><f>B1</f><v><![CDATA[1]]></v><extLst/></c>", 2, "<c r='A1'><f>B1</f><v>2</v><extLst/></c>"),
        ("<c><f>B1</f><!-- v --></c>", 2, "<c><f>B1</f><v>2</v><!-- v --></c>"),
        ("<c r='A1' t='inlineStr'><f>B1</f><is><t>x</t></is></c>", 2, "<c r='A1'><f>B1</f><v>2</v></c>"),
        ("<c r='A1'><f>B1</f><v\n/></c>", 2, "<c r='A1'><f>B1</f><v>2</v></c>"),
        ("<c r='A1'><f t='array' ref='A1'  >B1</f></c>", 2, "<c r='A1'><f t='array' ref='A1'  >B1</f><v>2</v></c>"),
    ],
)
def test_one_cell_in_odd_spelling(before: str, value: CellValue, after: str) -> None:
    xml = sheet_xml(f"<row r='1'>{before}</row>")
    result = patch_sheet(xml, {(1, 1): value})
    assert result.xml == xml.replace(before.encode(), after.encode())
    assert sheet_problem(xml, result.xml, {(1, 1): value}) is None
    assert patch_sheet(result.xml, {(1, 1): value}).xml == result.xml


def test_prefixed_names_keep_their_prefix() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>B1</x:f></x:c>'
        '<x:c r="B1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    ).encode()
    result = patch_sheet(xml, {(1, 1): "甲"})
    expected = '<x:c r="A1" t="str"><x:f>B1</x:f><x:v>甲</x:v></x:c>'.encode()
    assert result.xml == xml.replace(b'<x:c r="A1"><x:f>B1</x:f></x:c>', expected)
    assert sheet_problem(xml, result.xml, {(1, 1): "甲"}) is None


ARRAY = (
    '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>5</v></c></row>'
    '<row r="2"><c r="A2" s="1"/><c r="B2" t="inlineStr"><is><t>x</t></is></c></row>'
    '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">C3</f><v>1</v></c></row>'
    '<row r="4"><c r="A4"><f t="shared" si="0"/></c></row>'
)


@pytest.mark.parametrize("comment", ["", "<!-- x -->"])
def test_members_of_arrays_and_children_of_shared_formulas(comment: str) -> None:
    values: dict[tuple[int, int], CellValue] = {(1, 1): 10, (1, 2): 20, (2, 1): 30, (2, 2): 40, (3, 1): 1, (4, 1): "丁"}
    result = patch_sheet(sheet_xml(comment + ARRAY), values)
    assert (result.changed, result.kept) == (5, 1)
    assert result.xml == sheet_xml(
        comment
        + '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>10</v></c><c r="B1"><v>20</v></c>'
        + '<c r="C1"><v>5</v></c></row><row r="2"><c r="A2" s="1"><v>30</v></c><c r="B2"><v>40</v></c></row>'
        + '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">C3</f><v>1</v></c></row>'
        + '<row r="4"><c r="A4" t="str"><f t="shared" si="0"/><v>丁</v></c></row>'
    )
    assert sheet_problem(sheet_xml(comment + ARRAY), result.xml, values) is None
    assert patch_sheet(result.xml, values).xml == result.xml


def test_two_arrays_side_by_side() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A3">X</f></c></row>'
        '<row r="2"><c r="A2"/><c r="B2"><f t="array" ref="B2:B3">Y</f></c></row>'
        '<row r="3"><c r="A3"/><c r="B3"/></row><row r="4"><c r="A4"/><c r="B4"/></row>'
    )
    result = patch_sheet(sheet_xml(rows), {(3, 1): 1, (3, 2): 2})
    assert result.xml == sheet_xml(
        rows.replace('<c r="A3"/><c r="B3"/>', '<c r="A3"><v>1</v></c><c r="B3"><v>2</v></c>')
    )
    for row, column in ((4, 1), (4, 2)):
        with pytest.raises(VerificationError, match="不是公式"):
            patch_sheet(sheet_xml(rows), {(row, column): 1})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (65000.0, "65000"),
        (65000.5, "65000.5"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e22, "1e+22"),
        (1e-7, "1e-07"),
        (2**53 - 1, "9007199254740991"),
        (Decimal("65000.00"), "65000"),
        (Decimal("65000.50"), "65000.5"),
        (Decimal("999999999999.99"), "999999999999.99"),
        (Decimal("0.29"), "0.29"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E-12"), "1E-12"),
        (123456789012345678, "123456789012345678"),
    ],
)
def test_numbers_are_the_shortest_decimal(value: CellValue, text: str) -> None:
    assert patched('<c r="A1"><f>B1</f></c>', value) == f'<c r="A1"><f>B1</f><v>{text}</v></c>'


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (math.nan, "不是有限的数"),
        (math.inf, "不是有限的数"),
        (Decimal("NaN"), "不是有限的数"),
        (Decimal("-Infinity"), "不是有限的数"),
        (10**400, "超出了"),
        (Decimal("1e400"), "超出了"),
        (None, "没有算出结果"),
        ("文" * 32768, "超过 32767 个字符"),
        ("😀" * 16384, "超过 32767 个字符"),
        (ErrorValue("#SPILL!"), "“#SPILL!”不能存入"),
        ([[1]], "“list”不能存入"),
    ],
)
def test_values_that_no_cell_holds(value: Any, sentence: str) -> None:
    with pytest.raises(VerificationError, match=sentence) as caught:
        patch_sheet(sheet_xml('<c r="A1"><f>1</f></c>'), {(1, 1): value}, sheet="表")
    assert "工作表“表”单元格 A1" in caught.value.sentence


def test_a_text_of_full_length_is_written() -> None:
    for text in ("文" * 32767, "😀" * 16383 + "x"):
        assert text in patched('<c r="A1"><f>B1</f></c>', text)


@pytest.mark.parametrize("comment", ["", "<!-- x -->"])
@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ((1, 3), "C1 不是公式"),  # an input beside the array
        ((9, 9), "找不到要写入的单元格 I9"),
        ((1, 5), "找不到要写入的单元格 E1"),
        ((3, 2), "找不到要写入的单元格 B3"),
    ],
)
def test_cells_that_may_not_be_patched(cell: tuple[int, int], sentence: str, comment: str) -> None:
    with pytest.raises(VerificationError, match=sentence):
        patch_sheet(sheet_xml(comment + ARRAY), {(1, 1): 1, cell: 2})


def test_nothing_to_patch_changes_nothing() -> None:
    result = patch_sheet(sheet_xml(ARRAY), {})
    assert (result.xml, result.changed, result.kept) == (sheet_xml(ARRAY), 0, 0)


VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53),
    st.decimals(-(10**12), 10**12, places=2),
    st.booleans(),
    st.sampled_from([NA, ErrorValue("#VALUE!")]),
    st.text(max_size=12),
)
PIECES = st.sampled_from(
    [
        '<c r="{0}" s="1"><v>1</v></c>',
        '<c r="{0}" t="s"><v>0</v></c>',
        '<c r="{0}" s="4"/>',
        '<c r="{0}"><f>1+1</f><v>2</v></c>',
        '<c r="{0}" s="2" t="str" cm="1"><f>"a"&amp;"b"</f><v>ab</v></c>',
        '<c r="{0}"><f>NOW()</f></c>',
        '<c r="{0}" t="e"><f ca="1">NA()</f><v>#N/A</v></c>',
        "<c r='{0}'><f>'表'!A1</f><v>5</v></c>",
        '<c t="b" r="{0}"><f>TRUE()</f> <v>1</v><!-- v --></c>',
    ]
)


def spoken(xml: bytes) -> dict[str, tuple[str | None, str | None, str | None, str | None]]:
    """ref → (style, type, formula, value), by ElementTree."""
    found = {}
    for cell in ElementTree.fromstring(xml).iter(f"{{{MAIN}}}c"):
        formula, value = cell.find(f"{{{MAIN}}}f"), cell.find(f"{{{MAIN}}}v")
        found[cell.attrib["r"]] = (
            cell.get("s"),
            cell.get("t"),
            None if formula is None else formula.text,
            None if value is None else value.text or "",
        )
    return found


def told(value: Any) -> tuple[str | None, Any]:
    """(type, value) that a cell with this value shows."""
    kinds = {bool: "b", str: "str", ErrorValue: "e"}
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, ErrorValue):
        return "e", value.code
    return kinds.get(type(value)), value


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12), st.data())
def test_random_patches_change_only_their_cells(pieces: list[str], data: st.DataObject) -> None:
    refs = [f"{'ABC'[at % 3]}{at // 3 + 1}" for at in range(len(pieces))]
    cells = [piece.format(ref) for piece, ref in zip(pieces, refs, strict=True)]
    rows = ["".join(cells[at : at + 3]) for at in range(0, len(cells), 3)]
    before = sheet_xml("".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1)))
    places = [at for at, piece in enumerate(pieces) if "<f" in piece]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    values = {(at // 3 + 1, at % 3 + 1): data.draw(VALUES) for at in chosen}
    result = patch_sheet(before, values)
    assert sheet_problem(before, result.xml, values) is None
    assert patch_sheet(result.xml, values).xml == result.xml
    old, new = spoken(before), spoken(result.xml)
    assert list(old) == list(new)
    for at, ref in enumerate(refs):
        if at not in chosen:
            assert old[ref] == new[ref]
            continue
        style, kind, formula, text = new[ref]
        assert (style, formula) == (old[ref][0], old[ref][2])
        expected_kind, expected = told(values[at // 3 + 1, at % 3 + 1])
        assert kind == expected_kind
        assert text is not None
        if kind == "str":
            back = re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)
            assert back == expected
        elif kind is None:
            assert math.isclose(float(text), float(expected), rel_tol=1e-14)
        else:
            assert text == expected


def test_every_byte_that_is_not_what_was_written_is_noticed() -> None:
    row = (
        '<row r="1"><c r="A1" s="3"><f>B1</f></c><c r="B1"><f>C1</f></c><c r="C1" t="str" s="1"><f>1</f><v>x</v></c>'
        '<c r="D1" s="1"><f>"a"</f><v>1</v></c><c r="E1" s="4"><v>5</v></c><c r="F1" s="4"><f>2</f></c></row>'
    )
    values = {(1, 1): "好", (1, 2): 12.5, (1, 3): "甲&", (1, 4): True, (1, 6): NA}
    before = sheet_xml(row)
    after = patch_sheet(before, values).xml
    assert sheet_problem(before, after, values) is None
    for at in range(after.index(b"<row"), after.index(b"</row>")):
        for other in b"x7 ":
            if after[at] != other and not after[at : at + 1].isspace():
                wrong = after[:at] + bytes([other]) + after[at + 1 :]
                assert sheet_problem(before, wrong, values) is not None, wrong
