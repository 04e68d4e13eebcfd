"""Where the engine differs from Excel, the file gets what Excel would give, or keeps its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdcalc.recalc.book import recalc_book
from qdcalc.rules.arguments import ErrorValue
from tests.recalc.cells import WRONG, F, provisions, recalculated, values, xml
from tests.recalc.files import parts, save


# ---------------------------------------------------------------------- arrays
def test_arrays_fill_their_own_cells_and_nothing_else(tmp_path: Path) -> None:
    cells = {
        "A1": 1, "A2": 2, "A3": 3, "A4": 4,
        "B1": F("QD_DOUBLE(A1:A3)", WRONG, "B1:B3"), "B2": WRONG, "B3": WRONG, "B4": 77,
        "C1": F("QD_DOUBLE(A1:A4)", WRONG, "C1:C2", ' cm="1"'), "C2": WRONG, "C3": 55,
        "D1": F("SUM(B1:B3)", WRONG), "D2": F("SUM(C1:C3)", WRONG),
        "E1": F("QD_LIST(3)", WRONG), "E2": 66,
        "F1": F("QD_DOUBLE(A1:A3)", WRONG),
        "G1": F("SUM(QD_LIST(4))", WRONG),
        "H1": F("A1:A2*QD_DOUBLE(1)", WRONG, "H1:H3"), "H2": WRONG, "H3": WRONG,
    }  # fmt: skip
    found, report = recalculated(tmp_path, cells)
    assert [found[f"B{row}"] for row in range(1, 5)] == [2, 4, 6, 77]
    assert [found[f"C{row}"] for row in range(1, 4)] == [2, 4, 55]
    assert (found["D1"], found["D2"]) == (12, 61)
    assert (found["E1"], found["E2"], found["F1"], found["G1"]) == (1, 66, 2, 10)
    assert [found[f"H{row}"] for row in range(1, 4)] == [2, 4, "#N/A"]
    assert any("C1" in note and "4 行 1 列" in note for note in report.notes)
    assert "F2" not in found


def test_what_reads_a_member_of_an_array_depends_on_the_array(tmp_path: Path) -> None:
    cells = {
        "A1": 5,
        "A2": 6,
        "B1": F("QD_DOUBLE(A1:A2)", WRONG, "B1:B2"),
        "B2": WRONG,
        "C2": F("B2+1", WRONG),
        "D1": F("SUM(_xlfn.ANCHORARRAY(B1))", WRONG),
    }
    found, _ = recalculated(tmp_path, cells)
    assert (found["C2"], found["D1"]) == (13, 22)


def test_an_ordinary_formula_takes_its_own_row_of_a_range(tmp_path: Path) -> None:
    cells = {
        "A1": F("QD_DOUBLE(1)", WRONG),
        "A2": 20,
        "A3": 30,
        "C2": F("A1:A3*2", WRONG),
        "C3": F("VLOOKUP(A:A,A1:B3,1,0)", WRONG),
        "C5": F("A1:A3+1", WRONG),
    }
    found, _ = recalculated(tmp_path, cells)
    assert (found["C2"], found["C3"], found["C5"]) == (40, 30, "#VALUE!")


def test_elementwise_functions_that_the_engine_gets_wrong_keep_their_value(tmp_path: Path) -> None:
    cells = {
        "A1": F("QD_DOUBLE(1)", WRONG), "A2": 20,
        "B1": F("SUMPRODUCT(LEN(A1:A2))", 4), "B2": F("SUMPRODUCT(1/COUNTIF(A1:A2,A1:A2))", 2),
        "B3": F("SUMPRODUCT((A1:A2>1)*A1:A2)", WRONG), "B4": F("LOOKUP(1,0/(A1:A2=20),A1:A2)", WRONG),
        "B5": F('SUM(SUMIF(A1:A2,{">1",">5"},A1:A2))', 42),
    }  # fmt: skip
    found, report = recalculated(tmp_path, cells)
    assert [found[f"B{row}"] for row in range(1, 6)] == [4, 2, 22, 20, 42]
    assert [problem.cell for problem in report.skipped] == ["B1", "B2", "B5"]
    assert report.skipped[0].outdated


@pytest.mark.parametrize("last", [4, 105, 1200])
@pytest.mark.parametrize("odd", [False, True])
def test_array_formulas_of_tall_sheets_fill_all_their_cells(tmp_path: Path, last: int, odd: bool) -> None:
    """The engine forgets what an array formula gives where a value stood before, once a sheet has a hundred rows."""
    cells = {
        "A1": F("QD_LIST(3)", WRONG, area="A1:A3"), "A2": 0, "A3": 0, "B1": F("SUM(A1:A3)", WRONG),
        "B2": F("A2*10", WRONG), f"A{last}": F("1+1", 2),
    }  # fmt: skip
    sheet = xml(cells)
    if odd:
        sheet = sheet.replace(b'<c r="A2">', b'<c s="0" r="A2">').replace(b' r="A3"><v>0</v>', b" r='A3'><v>0</v>")
    save(tmp_path / "in.xlsx", parts({"表": sheet}))
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    found = values(tmp_path / "out.xlsx")
    assert [found[cell] for cell in ("A1", "A2", "A3", "B1", "B2")] == [1, 2, 3, 6, 20]


# ---------------------------------------------------------------------- Excel's 15 digits
def test_comparisons_and_texts_use_15_digits(tmp_path: Path) -> None:
    cells = {
        "A1": 0.1, "A2": 0.2, "A3": 0.3, "A4": F("QD_SAME(A1)", WRONG),
        "B1": F('IF(SUM(A2,A4)=A3,"一致","不一致")', "错"),
        "B2": F('"合计"&SUM(A2,A4)&"元"', "错"),
        "B3": F("A4+A2>A3", True),
        "B4": F("LEN(A4+A2)", WRONG),
        "B5": F('A4&""="0.1"', False),
        "B6": F("1/3*QD_SAME(1)&\"\"", "错"),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, cells)
    assert [found[f"B{row}"] for row in range(1, 7)] == ["一致", "合计0.3元", False, 3, True, "0.333333333333333"]


def test_the_order_of_chinese_texts_is_not_guessed(tmp_path: Path) -> None:
    cells = {"A1": "中", "B1": F("QD_SAME(A1)", "国"), "C1": F('B1<"国"', False), "D1": F("C1", False)}
    found, report = recalculated(tmp_path, cells)
    assert (found["B1"], found["C1"], found["D1"]) == ("中", False, False)
    assert [problem.cell for problem in report.skipped] == ["C1"]


# ---------------------------------------------------------------------- sums
def test_subtotals_of_filtered_rows_keep_their_value(tmp_path: Path) -> None:
    cells = {"A1": F("QD_DOUBLE(1)", WRONG), "A2": 20, "A3": F("SUBTOTAL(109,A1:A2)", 2), "A4": F("SUM(A1:A2)", WRONG)}
    sheet = xml(cells).replace(b'<row r="2">', b'<row r="2" hidden="1">')
    save(tmp_path / "in.xlsx", parts({"表": sheet}))
    report = recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    assert values(tmp_path / "out.xlsx") == {"A1": 2, "A2": 20, "A3": 2, "A4": 22}
    assert [problem.cell for problem in report.skipped] == ["A3"]


def test_sums_over_whole_columns(tmp_path: Path) -> None:
    cells = {
        "A1": "甲", "A2": "乙", "A3": "甲", "B1": F("QD_DOUBLE(1)", WRONG), "B2": 5, "B3": 7,
        "C1": F('SUMIFS(B:B,A:A,"甲")', WRONG), "C2": F('SUMIF(A:A,"甲",B:B)+SUMIF(表二!A:A,"丙",表二!B:B)', WRONG),
        "C3": F('COUNTIFS(A:A,"甲",B:B,">1")', WRONG), "C4": F('AVERAGEIF(A:A,"甲",B:B)', WRONG),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, {"表": cells, "表二": {"A9": "丙", "B9": 100}})
    assert [found[f"C{row}"] for row in range(1, 5)] == [9, 109, 2, 4.5]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('SUMIFS(B1:B4,A1:A4,"甲")', "#N/A"), ('SUMIFS(B1:B4,A1:A4,"乙")', 5), ('SUMIFS(B1:B4,A1:A4,"丁")', 0),
        ('SUMIF(A1:A4,"甲",B1:B4)', "#N/A"), ('SUMIF(A1:A4,"乙",B1:B4)', 5), ('SUMIF(B1:B4,">4")', 12),
        ('AVERAGEIF(A1:A4,"甲",B1:B4)', "#N/A"), ('AVERAGEIF(A1:A4,"乙",B1:B4)', 5),
        ('AVERAGEIFS(B1:B4,A1:A4,"甲")', "#N/A"), ('IFERROR(SUMIFS(B1:B4,A1:A4,"甲"),-1)', -1),
    ],
)  # fmt: skip
def test_conditional_sums_give_the_error_of_a_cell_that_they_add(
    tmp_path: Path, formula: str, expected: object
) -> None:
    """As Excel and LibreOffice do; the engine would add the other cells and say nothing."""
    cells = {
        "A1": "甲", "A2": "乙", "A3": "甲", "A4": "丙", "B1": F("NA()", ErrorValue("#N/A")), "B2": 5, "B3": 7, "B4": "文",
        "C1": F(formula), "D1": F("QD_DOUBLE(1)", WRONG),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, cells)
    assert found["C1"] == expected


def test_a_conditional_sum_over_areas_of_two_sizes_keeps_its_value(tmp_path: Path) -> None:
    cells = {"A1": 1, "A2": 2, "B1": F("QD_DOUBLE(1)", WRONG), "C1": F('SUMIF(A1:A2,">0",B1:B3)', 44)}
    found, report = recalculated(tmp_path, cells)
    assert found["C1"] == 44
    assert "大小不同" in report.skipped[0].reason
