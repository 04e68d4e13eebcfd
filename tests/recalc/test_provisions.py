"""Policy functions in a workbook: every spelling, what is left out, failures, exact money, days."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.report import Failure
from qdcalc.rules.arguments import ErrorValue
from tests.recalc.cells import WRONG, F, Fake, Parameter, recalculated, values, workbook


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


def test_a_real_provision_in_a_file_made_by_openpyxl(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append([650000, "=QD_TALENT_SUBSIDY(A1)", "=B1/100", '=TEXT(B1,"#,##0.00")&"元"'])
    made.save(tmp_path / "in.xlsx")
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    assert values(tmp_path / "out.xlsx") == {"A1": 650000, "B1": 65000, "C1": 650, "D1": "65,000.00元"}
