"""What of a workbook is calculated and what stays; wrong cached values are planted wherever a fresh one is expected."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from qdcalc.recalc.report import Disagreement
from qdcalc.rules.arguments import ErrorValue
from tests.recalc.cells import WRONG, F, recalculated, table, values


def test_cells_with_provisions_and_all_that_depends_on_them(tmp_path: Path) -> None:
    cells = {
        "A1": 10.05,
        "B1": F("QD_DOUBLE(A1)", WRONG),
        "C1": F("ROUND(B1/3,2)", WRONG),
        "D1": F("SUM(C:C)", WRONG),
        "E1": F('IF(D1>6,"高","低")', "错"),
        "F1": F("表二!A1+1", WRONG),
        "G1": F("A1*7", 70.35),
    }
    found, report = recalculated(tmp_path, {"表": cells, "表二": {"A1": F("表!D1*10", WRONG)}})
    assert found == {"A1": 10.05, "B1": 20.1, "C1": 6.7, "D1": 6.7, "E1": "高", "F1": 68, "G1": 70.35}
    assert values(tmp_path / "out.xlsx", "表二") == {"A1": 67}
    assert (report.formulas, report.patched, report.changed, report.kept) == (7, 6, 6, 1)
    assert report.ok
    assert not report.failure_count
    assert not report.disagreement_count
    assert not report.skipped_count


def test_cells_without_a_value_are_filled(tmp_path: Path) -> None:
    found, report = recalculated(
        tmp_path, {"A1": 4, "B1": F("A1*2"), "B2": F("B1&A9"), "B3": F("A9"), "C1": F("B1+1", WRONG)}
    )
    assert found == {"A1": 4, "B1": 8, "B2": "8", "B3": 0, "C1": 9}
    assert report.patched == 4


def test_volatile_cells_and_what_depends_on_them(tmp_path: Path) -> None:
    cells = {
        "A1": 1, "A2": 2, "A3": 3,
        "B1": F("TODAY()", WRONG),
        "B2": F("YEAR(B1)", WRONG),
        "B3": F("OFFSET(A1,1,0)", WRONG),
        "B4": F('SUM(INDIRECT("A"&"1"),A2)', WRONG),
        "B5": F("RANDBETWEEN(5,5)", WRONG),
        "B6": F("B3+B4+B5", WRONG),
        "B7": F("RAND()<1", False),
        "B8": F("NOW()>=B1", False),
    }  # fmt: skip
    day = datetime.date.today()
    found, _ = recalculated(tmp_path, cells)
    assert found["B1"] in {(day + datetime.timedelta(days=more) - datetime.date(1899, 12, 30)).days for more in (0, 1)}
    assert found["B2"] in (day.year, day.year + 1)
    assert [found[f"B{row}"] for row in range(3, 9)] == [2, 3, 5, 10, True, True]


def test_dependents_through_names_tables_and_shared_formulas(tmp_path: Path) -> None:
    shared = ' t="shared" si="0"'
    cells = {
        "A1": "甲", "B1": "乙",
        "A2": 1, "B2": F("QD_DOUBLE(A2)", WRONG),
        "A3": 2, "B3": F("QD_DOUBLE(A3)", WRONG),
        "C2": F("B2+1", WRONG, formula_attributes=shared + ' ref="C2:C3"'),
        "C3": F("", WRONG, formula_attributes=shared),
        "D2": F("SUM(数据)", WRONG),
        "D3": F("SUM(T[乙])", WRONG),
        "D4": F("COUNT(动态)", WRONG),
        "E2": F("T[[#This Row],[乙]]*10", WRONG),
        "F2": F("SUM(T[[#All],[甲]])", 3),
        "F3": F("LN(T[[#This Row],[甲]])", 0.693147180559945),
    }  # fmt: skip
    names = {"数据": "表!$B$2:$B$3", "动态": "OFFSET(表!$B$2,0,0,COUNTA(表!$B:$B)-1,1)"}
    found, report = recalculated(tmp_path, cells, names=names, tables=table("T", "A1:B3", ["甲", "乙"]))
    expected = {
        "B2": 2,
        "B3": 4,
        "C2": 3,
        "C3": 5,
        "D2": 6,
        "D3": 6,
        "D4": 2,
        "E2": 20,
        "F2": 3,
        "F3": 0.693147180559945,
    }
    assert {ref: found[ref] for ref in expected} == expected
    assert report.kept == 2
    assert not report.disagreement_count


def test_a_local_name_is_its_sheets_own(tmp_path: Path) -> None:
    sheets = {
        "表": {"A1": F("QD_DOUBLE(率)", WRONG), "A2": F("SUM(表二!率)", None)},
        "表二": {"A1": F("QD_DOUBLE(率)", WRONG), "B1": 5, "B2": 7},
    }
    found, _ = recalculated(tmp_path, sheets, names={"率": "表二!$B$1", "1!率": "表二!$B$2"})
    assert found == {"A1": 10, "A2": 7}
    assert values(tmp_path / "out.xlsx", "表二")["A1"] == 14


def test_other_values_stay_and_a_disagreement_is_told(tmp_path: Path) -> None:
    cells = {
        "A1": 3,
        "B1": F("A1*2", 7),
        "B2": F('"x"&A1', "y"),
        "B3": F("1/0", ErrorValue("#N/A")),
        "B4": F("A1=3", False),
        "C1": F("1/3", 0.333333333333333),
        "C2": F("A1*1", 3.0000000000001),
        "D1": F("QD_DOUBLE(B1)", WRONG),
    }
    found, report = recalculated(tmp_path, cells)
    assert (found["B1"], found["B2"], found["B3"], found["B4"]) == (7, "y", "#N/A", False)
    assert found["D1"] == 14  # from the value that is in the file
    assert report.disagreements == [
        Disagreement("表", "B1", 7.0, 6.0),
        Disagreement("表", "B2", "y", "x3"),
        Disagreement("表", "B3", ErrorValue("#N/A"), ErrorValue("#DIV/0!")),
        Disagreement("表", "B4", False, True),
    ]
    assert "表!B1 文件中为 7，引擎算得 6" in str(report)


def test_what_follows_from_a_disagreement_is_not_another_one(tmp_path: Path) -> None:
    cells = {"A1": 3, "B1": F("A1*2", 7), "B2": F("B1+1", 8), "B3": F("SUM(B1:B2)", 15)}
    _, report = recalculated(tmp_path, cells)
    assert [problem.cell for problem in report.disagreements] == ["B1"]


def test_all_patches_what_the_engine_finds_different(tmp_path: Path) -> None:
    cells = {"A1": 3, "B1": F("A1*2", 7), "C1": F("B1+1", 8), "D1": F("FOO(A1)", 5), "E1": F("D1+1", 0)}
    found, report = recalculated(tmp_path, cells, all_cells=True)
    assert found == {"A1": 3, "B1": 6, "C1": 7, "D1": 5, "E1": 6}
    assert report.disagreement_count == 0
    assert [problem.cell for problem in report.skipped] == ["D1"]


def test_kept_formulas_that_would_take_the_engine_long_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qdcalc.recalc.analysis._CHECKED_CELLS", 100)
    cells: dict[str, object] = {"C1": F("QD_DOUBLE(1)", WRONG), "C2": F("SUMPRODUCT((A1:A9=1)*B1:B9)+C1", WRONG)}
    for row in range(1, 10):
        cells |= {f"A{row}": 1, f"B{row}": row, f"D{row}": F("SUMPRODUCT((A$1:A$9=1)*B$1:B$9)", 46)}
    cells["E1"] = F("COUNTIF(A1:A9,1)", 10)
    found, report = recalculated(tmp_path, cells)
    assert (found["C2"], found["D1"], found["E1"]) == (47, 46, 10)
    assert [problem.cell for problem in report.disagreements] == ["E1"]
    assert any("9 个保留原值的公式" in note for note in report.notes)
    assert not report.skipped_count
