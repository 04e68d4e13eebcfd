"""One workbook, end to end; wrong cached values are planted wherever a fresh one is expected."""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest

from qdcalc.errors import EncryptedFile, FileError, UnsupportedFile, VerificationError
from qdcalc.recalc import book
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.report import BookReport, Disagreement, Failure, Skipped
from qdcalc.rules.arguments import ErrorValue
from tests.recalc.cells import F, Fake, Parameter, provisions, recalculated, table, values, workbook, xml
from tests.recalc.files import parts, save

WRONG = -99


# ---------------------------------------------------------------------- what is patched, what stays
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


def test_only_values_change_in_the_file(tmp_path: Path) -> None:
    cells = {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F("A1+1", 2)}
    recalculated(tmp_path, cells)
    with zipfile.ZipFile(tmp_path / "in.xlsx") as before, zipfile.ZipFile(tmp_path / "out.xlsx") as after:
        assert before.namelist() == after.namelist()
        for name in before.namelist():
            expected = before.read(name)
            if name.endswith("sheet1.xml"):
                expected = expected.replace(b"<v>-99</v>", b"<v>2</v>")
            assert after.read(name) == expected


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


# ---------------------------------------------------------------------- what the engine cannot do
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


# ---------------------------------------------------------------------- provisions
def test_a_failing_provision_gets_its_error_and_is_told_with_place_and_article(tmp_path: Path) -> None:
    cells = {
        "A1": "abc",
        "B1": F("QD_DOUBLE(A1)", 5),
        "B2": F("QD_DOUBLE(A9)", 5),
        "B3": F("1+QD_DOUBLE(A1)", 5),
        "C1": F("B1*2", 5),
        "D1": F("IFERROR(QD_DOUBLE(A1),7)", 5),
    }
    found, report = recalculated(tmp_path, {"一 表": cells})
    assert {ref: found[ref] for ref in ("B1", "B2", "B3", "C1", "D1")} == {
        "B1": "#VALUE!", "B2": "#N/A", "B3": "#VALUE!", "C1": "#VALUE!", "D1": 7,
    }  # fmt: skip
    assert sorted(report.failures, key=lambda failure: failure.cell) == [
        Failure("一 表", "B1", "QD_DOUBLE", "#VALUE!", "金额：abc 不是数值", "第二条"),
        Failure("一 表", "B2", "QD_DOUBLE", "#N/A", "金额：未填写", "第二条"),
        Failure("一 表", "B3", "QD_DOUBLE", "#VALUE!", "金额：abc 不是数值", "第二条"),
    ]
    assert report.ok
    assert "一 表!B1 QD_DOUBLE #VALUE!：金额：abc 不是数值（第二条）" in str(report)


@pytest.mark.parametrize(
    "spelling",
    [
        "QD_DOUBLE",
        "qd_double",
        "_xll.QD_DOUBLE",
        "_xludf.QD_DOUBLE",
        "_xldudf_QD_DOUBLE",
        "[1]!QD_DOUBLE",
        "'C:\\a\\[q.xlam]x'!QD_DOUBLE",
    ],
)
def test_every_spelling_of_a_provision(tmp_path: Path, spelling: str) -> None:
    found, report = recalculated(
        tmp_path, {"A1": 21, "B1": F(f"{spelling}(A1)", ErrorValue("#NAME?")), "C1": F("B1", ErrorValue("#NAME?"))}
    )
    assert found == {"A1": 21, "B1": 42, "C1": 42}
    assert not report.skipped_count
    assert f"{spelling}(A1)".encode() in zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/worksheets/sheet1.xml")


def test_an_omitted_argument_is_missing_and_not_0(tmp_path: Path) -> None:
    cells = {
        "A1": F("QD_THREE(1,,3)"),
        "A2": F("QD_THREE(1)"),
        "A3": F("QD_THREE(1,0,)"),
        "A4": F("QD_DOUBLE(5,)"),
        "A5": F("QD_DOUBLE(,3)"),
        "A6": F("QD_THREE(1,B9,3)"),
    }
    found, report = recalculated(tmp_path, cells)
    assert found == {
        "A1": "1.0|缺|3.0",
        "A2": "1.0|默认|None",
        "A3": "1.0|0.0|None",
        "A4": 10,
        "A5": "#N/A",
        "A6": "1.0|缺|3.0",
    }
    assert report.failures[0].sentence == "金额：未填写"


def test_money_reaches_the_file_exactly(tmp_path: Path) -> None:
    amounts = [0.01, 0.1, 0.29, 1.005, 33333.33, 999999999999.99, 499999999999.95]
    cells: dict[str, object] = {}
    for row, amount in enumerate(amounts, 1):
        cells[f"A{row}"] = amount
        cells[f"B{row}"] = F(f"QD_SAME(A{row})", WRONG)
        cells[f"C{row}"] = F(f"QD_DOUBLE(A{row})", WRONG)
    recalculated(tmp_path, cells)
    sheet = zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/worksheets/sheet1.xml").decode()
    for row, doubled in enumerate(["0.02", "0.2", "0.58", "2.01", "66666.66", "1999999999999.98", "999999999999.9"], 1):
        assert f"<f>QD_SAME(A{row})</f><v>{amounts[row - 1]!r}</v>" in sheet
        assert f"<f>QD_DOUBLE(A{row})</f><v>{doubled}</v>" in sheet


def test_a_mistake_in_a_rule_is_told_and_does_not_leak(tmp_path: Path) -> None:
    found, report = recalculated(tmp_path, {"A1": F("QD_BOOM(1)", WRONG), "A2": F("QD_DOUBLE(1)", WRONG)})
    assert found == {"A1": "#VALUE!", "A2": 2}
    assert "内部出错" in report.failures[0].sentence
    assert "坏了" in report.failures[0].sentence


def test_ctrl_c_inside_a_provision_stops_the_run_and_leaves_the_target(tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    functions = {"QD_STOP": Fake("QD_STOP", stop, [Parameter("x", "某")])}
    source = workbook(tmp_path / "in.xlsx", {"A1": F("QD_STOP(1)", 5)})
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        recalc_book(source, target, functions=functions)  # type: ignore[arg-type]
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in.xlsx",
        "out.xlsx",
    ]


@pytest.mark.parametrize(("opening", "serial"), [("", 43328), ('<workbookPr date1904="1"/>', 41866)])
def test_days_in_both_date_systems(tmp_path: Path, opening: str, serial: int) -> None:
    seen: list[object] = []

    def day(value: object) -> datetime.date:
        seen.append(value)
        return datetime.date(2018, 8, 16)

    from qdcalc.rules.arguments import DayType

    functions = {"QD_DAY": Fake("QD_DAY", day, [Parameter("day", "日期", type=DayType())])}
    cells = {
        "A1": serial,
        "A2": 20180816,
        "A3": "2018-08-16",
        **{f"B{row}": F(f"QD_DAY(A{row})", WRONG) for row in (1, 2, 3)},
    }
    found, _ = recalculated(tmp_path, cells, functions=functions, opening=opening)
    sheet = zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<v>%d</v>" % serial) == 4
    assert seen == [43328.0, 20180816.0, "2018-08-16"]
    assert len(found) == 6


def test_excels_date_functions_are_left_alone_in_a_1904_workbook(tmp_path: Path) -> None:
    cells = {"A1": 41866, "B1": F("YEAR(A1)", 2018), "B2": F("QD_DOUBLE(B1)", WRONG), "B3": F("TODAY()", 45000)}
    found, report = recalculated(tmp_path, cells, opening='<workbookPr date1904="1"/>')
    assert (found["B2"], [problem.cell for problem in report.skipped]) == (4036, ["B1", "B3"])


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


def test_subtotals_of_filtered_rows_keep_their_value(tmp_path: Path) -> None:
    cells = {"A1": F("QD_DOUBLE(1)", WRONG), "A2": 20, "A3": F("SUBTOTAL(109,A1:A2)", 2), "A4": F("SUM(A1:A2)", WRONG)}
    sheet = xml(cells).replace(b'<row r="2">', b'<row r="2" hidden="1">')
    save(tmp_path / "in.xlsx", parts({"表": sheet}))
    report = recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    assert values(tmp_path / "out.xlsx") == {"A1": 2, "A2": 20, "A3": 2, "A4": 22}
    assert [problem.cell for problem in report.skipped] == ["A3"]


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


def test_sums_over_whole_columns(tmp_path: Path) -> None:
    cells = {
        "A1": "甲", "A2": "乙", "A3": "甲", "B1": F("QD_DOUBLE(1)", WRONG), "B2": 5, "B3": 7,
        "C1": F('SUMIFS(B:B,A:A,"甲")', WRONG), "C2": F('SUMIF(A:A,"甲",B:B)+SUMIF(表二!A:A,"丙",表二!B:B)', WRONG),
        "C3": F('COUNTIFS(A:A,"甲",B:B,">1")', WRONG), "C4": F('AVERAGEIF(A:A,"甲",B:B)', WRONG),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, {"表": cells, "表二": {"A9": "丙", "B9": 100}})
    assert [found[f"C{row}"] for row in range(1, 5)] == [9, 109, 2, 4.5]


# ---------------------------------------------------------------------- the file
def test_recalculating_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    cells = {"A1": 1 / 3, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F('B1&""', "错"), "D1": F("B1>0", False)}
    recalculated(tmp_path, cells)
    report = recalc_book(tmp_path / "out.xlsx", tmp_path / "again.xlsx", functions=provisions())
    assert (tmp_path / "out.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert (report.patched, report.changed) == (3, 0)


def test_nothing_to_patch_is_copied_byte_for_byte(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1, "B1": F("A1+1", 2)})
    source.write_bytes(source.read_bytes())
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    report = recalc_book(source, target, functions=provisions())
    assert target.read_bytes() == source.read_bytes()
    assert report.patched == 0
    assert report.kept == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]


def test_a_workbook_without_formulas(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1})
    report = recalc_book(source, tmp_path / "out.xlsx", functions=provisions())
    assert (tmp_path / "out.xlsx").read_bytes() == source.read_bytes()
    assert report.formulas == 0


def test_in_place(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG)})
    recalc_book(source, source, functions=provisions())
    assert values(source) == {"A1": 1, "B1": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_full_calculation_at_opening_is_left_as_it_is_and_told(tmp_path: Path) -> None:
    cells = {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG)}
    _, report = recalculated(tmp_path, cells, inside='<calcPr calcId="1" fullCalcOnLoad="1"/>')
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/workbook.xml")
    assert any("#NAME?" in note for note in report.notes)


def test_precision_as_displayed_is_told(tmp_path: Path) -> None:
    _, report = recalculated(tmp_path, {"B1": F("QD_DOUBLE(1)", WRONG)}, inside='<calcPr fullPrecision="0"/>')
    assert any("显示的精度" in note for note in report.notes)


def test_a_failed_check_leaves_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise VerificationError(tmp_path, "对不上")

    monkeypatch.setattr("qdcalc.recalc.package.verify_package", broken)
    source = workbook(tmp_path / "in.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG)})
    before = source.read_bytes()
    with pytest.raises(VerificationError):
        recalc_book(source, source, functions=provisions())
    assert source.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_a_value_that_no_engine_reads_is_an_error_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise ValueError("why")

    monkeypatch.setattr(book, "Engine", unreadable)
    source = workbook(tmp_path / "in.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG)})
    with pytest.raises(UnsupportedFile, match="why"):
        recalc_book(source, tmp_path / "out.xlsx", functions=provisions())
    assert not (tmp_path / "out.xlsx").exists()


def test_output_places_that_cannot_be_written(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": F("1+1", 2)})
    for target in (tmp_path, tmp_path / "无" / "out.xlsx"):
        with pytest.raises(FileError):
            recalc_book(source, target, functions=provisions())


def test_odd_but_legal_xml(tmp_path: Path) -> None:
    plain = xml({"A1": 2, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F("B1+1", WRONG)}).decode()
    odd = plain.replace("<sheetData>", "<sheetData><!-- <f>1+1</f> -->").replace(
        "<f>B1+1</f>", "<f><![CDATA[B1+1]]></f>"
    )
    save(tmp_path / "in.xlsx", parts({"表": odd.encode()}))
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    assert values(tmp_path / "out.xlsx") == {"A1": 2, "B1": 4, "C1": 5}


def test_shared_formulas_whose_cells_cannot_stay_shared(tmp_path: Path) -> None:
    shared = ' t="shared" si="0"'
    cells = {
        "A1": 1, "A2": 2, "A3": F("FOO()"),
        "B1": F("A1*10+A$1", WRONG, formula_attributes=shared + ' ref="B1:C3"'), "B2": F("", None, formula_attributes=shared),
        "B3": F("", 8, formula_attributes=shared), "C1": F("", None, formula_attributes=shared),
        "D1": F("QD_DOUBLE(B1)", WRONG, formula_attributes=' t="shared" si="1" ref="D1:D2"'),
        "D2": F("", WRONG, formula_attributes=' t="shared" si="1"'),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, cells)
    assert (found["B2"], found["B3"], found["C1"], found["D1"], found["D2"]) == (
        21,
        8,
        WRONG * 10 + WRONG,
        WRONG * 2,
        42,
    )


def test_a_real_provision_in_a_file_made_by_openpyxl(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append([650000, "=QD_TALENT_SUBSIDY(A1)", "=B1/100", '=TEXT(B1,"#,##0.00")&"元"'])
    made.save(tmp_path / "in.xlsx")
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    assert values(tmp_path / "out.xlsx") == {"A1": 650000, "B1": 65000, "C1": 650, "D1": "65,000.00元"}


def test_an_encrypted_workbook_is_not_written_open(tmp_path: Path) -> None:
    # msoffcrypto cannot encrypt a small file so that it passes its own check of integrity
    filling = {f"C{row}": hashlib.sha256(bytes([row])).hexdigest() for row in range(2, 200)}
    plain = workbook(tmp_path / "plain.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG), **filling})
    hidden = io.BytesIO()
    with plain.open("rb") as inside:
        msoffcrypto.format.ooxml.OOXMLFile(inside).encrypt("密码", hidden)
    (tmp_path / "in.xlsx").write_bytes(hidden.getvalue())
    with pytest.raises(EncryptedFile):
        recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    with pytest.raises(EncryptedFile):
        recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions(), password="密码")
    assert not (tmp_path / "out.xlsx").exists()
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions(), password="密码", decrypted=True)
    assert values(tmp_path / "out.xlsx")["B1"] == 2


# ---------------------------------------------------------------------- the report
def test_a_report_as_text_and_as_json() -> None:
    report = BookReport(
        Path("甲.xlsx"), Path("乙.xlsx"), formulas=9, patched=3, changed=2, kept=6, seconds={"计算": 0.5}
    )
    for number in range(8):
        report.add(Failure("表", f"B{number}", "QD_X", "#N/A", "未填写", "第一条"))
    report.add(Skipped("表", "C1", "引擎没有函数 FOO", 5.0, True))
    report.add(Disagreement("表", "D1", 7.0, ErrorValue("#N/A")))
    text = str(report)
    assert text.startswith("甲.xlsx：重算 3 个单元格，其中 2 个有变化；另有 6 个公式保留原值（0.50 秒）")
    assert "出错的政策函数 8 个" in text
    assert text.count("未填写") == 5
    assert "其余 3 个" in text
    assert "表!C1 引擎没有函数 FOO；保留原值 5" in text
    assert "文件中为 7，引擎算得 #N/A" in text
    found = report.as_dict()
    assert found["failure_count"] == 8
    assert found["failures"][0]["sentence"] == "未填写"
    assert found["disagreements"] == [{"sheet": "表", "cell": "D1", "kept": 7.0, "engine": "#N/A"}]
    assert found["ok"] is True
    assert found["path"] == "甲.xlsx"


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
