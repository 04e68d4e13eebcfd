"""What the engine cannot do, or gets wrong, keeps its value, and nothing else rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdcalc.rules.arguments import ErrorValue
from tests.recalc.cells import WRONG, F, recalculated


def test_a_formula_that_cannot_be_done_enters_as_its_value(tmp_path: Path) -> None:
    cells = {
        "A1": 3,
        "B1": F("IFERROR(unknown(A1),0)+1", 42),
        "B2": F("QD_DOUBLE(B1)", WRONG),
        "B3": F("[1]Sheet1!$A$1", 6),
        "B4": F("QD_DOUBLE(B3)", WRONG),
        "B5": F("没有的名称+1", 8),
        "B6": F("QD_DOUBLE(B5)", WRONG),
        "B7": F('TEXT(A1,"[DBNum2]")', "叁"),
        "B8": F('"合计"&B7', "错"),
        "B9": F("QD_DOUBEL(A1)", 1),
        "B10": F("B2&B8", "错"),
    }
    found, report = recalculated(tmp_path, cells)
    assert [found[f"B{row}"] for row in range(1, 11)] == [42, 84, 6, 12, 8, 16, "叁", "错", 1, "84错"]
    told = {problem.cell: problem for problem in report.skipped}
    assert set(told) == {"B1", "B3", "B5", "B7", "B9"}
    assert "UNKNOWN" in told["B1"].reason
    assert "其他工作簿" in told["B3"].reason
    assert "没有的名称" in told["B5"].reason
    assert "QD_DOUBEL" in told["B9"].reason
    assert told["B1"].value == 42
    assert not told["B1"].outdated
    assert [problem.cell for problem in report.disagreements] == ["B8"]


def test_without_a_value_it_stays_without_and_so_does_what_reads_it(tmp_path: Path) -> None:
    cells = {
        "A1": 3,
        "B1": F("FOO(A1)"),
        "B2": F("IFERROR(B1,0)+1"),
        "B3": F("QD_DOUBLE(B1)", 5),
        "B4": F("QD_DOUBLE(A1)", WRONG),
        "B5": F("SUM(B1:B2)"),
        "B6": F("OFFSET(A1,0,1)"),
    }
    found, report = recalculated(tmp_path, cells)
    assert found == {"A1": 3, "B3": 5, "B4": 6}
    assert [problem.cell for problem in report.skipped] == ["B1", "B2", "B3", "B5", "B6"]
    assert report.skipped[0].value is None
    assert "没有值" in str(report.skipped[0])


def test_a_kept_value_whose_inputs_changed_is_called_outdated(tmp_path: Path) -> None:
    cells = {"A1": 3, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F("FOO(B1)", 5), "C2": F("FOO(A1)", 5)}
    _, report = recalculated(tmp_path, cells)
    assert {problem.cell: problem.outdated for problem in report.skipped} == {"C1": True, "C2": False}
    assert "请核对" in str(report.skipped[0])


@pytest.mark.parametrize("all_cells", [False, True])
def test_a_good_value_is_never_replaced_by_an_error_that_the_engine_made_up(tmp_path: Path, all_cells: bool) -> None:
    cells = {
        "A1": "1,234", "A2": 3,
        "B1": F("QD_DOUBLE(A2)", WRONG),
        "C1": F("A1*1+NOW()*0", 1234),  # Excel reads 1,234 as a number, the engine does not
        "D1": F("C1+B1", WRONG),
        "E1": F("E2+1", 5), "E2": F("E1+B1*0", 4),  # circular, calculated iteratively by the program that saved it
        "F1": F("E1+B1", WRONG),
    }  # fmt: skip
    found, report = recalculated(tmp_path, cells, all_cells=all_cells)
    assert (found["B1"], found["C1"], found["E1"], found["E2"]) == (6, 1234, 5, 4)
    assert (found["D1"], found["F1"]) == (1240, 11)
    assert {problem.cell for problem in report.skipped + report.disagreements} == {"C1", "E1", "E2"}


def test_the_engines_own_value_error_is_told_by_unchanged_inputs(tmp_path: Path) -> None:
    cells = {
        "A1": "1,234",
        "B1": F("A1*1", 1234),
        "C1": F("B1+QD_DOUBLE(2)", WRONG),
        "D1": F("A1*1+B2", 1239),
        "B2": F("QD_DOUBLE(2.5)", 5),
    }
    found, report = recalculated(tmp_path, cells)
    assert (found["B1"], found["C1"], found["D1"]) == (1234, 1238, 1239)
    assert [problem.cell for problem in report.skipped] == ["D1"]  # to be patched, but its inputs are as they were
    assert [problem.cell for problem in report.disagreements] == ["B1"]


def test_a_genuine_error_that_follows_from_fresh_values_is_written(tmp_path: Path) -> None:
    cells = {
        "A1": 0,
        "B1": F("QD_DOUBLE(A1)", 4),
        "C1": F("8/B1", 2),
        "D1": F("C1+1", 3),
        "E1": F('IFERROR(C1,"无")', "错"),
    }
    found, report = recalculated(tmp_path, cells)
    assert (found["B1"], found["C1"], found["D1"], found["E1"]) == (0, "#DIV/0!", "#DIV/0!", "无")
    assert report.errors == 2
    assert not report.skipped_count
    assert not report.failure_count


def test_an_error_that_stands_in_an_input_is_handed_on(tmp_path: Path) -> None:
    cells = {
        "A1": ErrorValue("#NAME?"),
        "B1": F("FOO(1)", ErrorValue("#NAME?")),
        "B2": F("A1+RAND()", WRONG),
        "B3": F("B1+RAND()", WRONG),
    }
    found, report = recalculated(tmp_path, cells)
    assert (found["B2"], found["B3"]) == ("#NAME?", "#NAME?")
    assert [problem.cell for problem in report.skipped] == ["B1"]


def test_an_error_newer_than_the_engine_does_not_stop_it(tmp_path: Path) -> None:
    cells = {
        "A1": ErrorValue("#GETTING_DATA"),
        "A2": 2,
        "B1": F("QD_DOUBLE(A2)", WRONG),
        "B2": F("FOO(1)", ErrorValue("#SPILL!")),
    }
    found, _ = recalculated(tmp_path, cells)
    assert found["B1"] == 4
    assert found["A1"] == "#GETTING_DATA"
    assert found["B2"] == "#SPILL!"


def test_a_text_that_is_no_number_for_excel_either_makes_an_error_of_the_sheet(tmp_path: Path) -> None:
    cells = {
        "A1": "2018-09-31", "A2": "2018-09-30", "A3": "1,234", "A4": 1,
        "B1": F("A1+1"),
        "B2": F("A2+1"),
        "B3": F("A3+1"),  # Excel reads it as a number, the engine does not
        "B4": F('MATCH(A4,A1:A4,0)+"x"'),  # nobody calculates with the texts of this range
        "B5": F('MATCH(A4,A1:A4,0)+"x"+NOW()*0', 77),  # but there may be a value to keep
    }  # fmt: skip
    found, report = recalculated(tmp_path, cells, all_cells=True)
    assert {name: found.get(name) for name in ("B1", "B2", "B3", "B4", "B5")} == {
        "B1": "#VALUE!", "B2": 43374, "B3": None, "B4": "#VALUE!", "B5": 77,
    }  # fmt: skip
    assert {problem.cell for problem in report.skipped} == {"B3", "B5"}
