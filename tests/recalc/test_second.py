"""LibreOffice as a second engine: nothing is told of workbooks on which both agree, everything where one is wrong."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from qdcalc.cli import main
from qdcalc.errors import UsageError
from qdcalc.recalc import batch, office
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.engine import Engine
from qdcalc.recalc.exchange import pack, unpack
from qdcalc.recalc.office import BOTH, OFFICE, OfficeError, calculated
from qdcalc.recalc.officefile import Source
from qdcalc.recalc.package import open_package
from qdcalc.recalc.report import BookReport, Difference
from qdcalc.recalc.second import _made_up, second_opinion
from qdcalc.recalc.values import ErrorValue
from tests.workbook.office import needs_office

ROWS = 12
FORMULAS = (
    "=ROUND(B{0}*0.16,2)", '=SUMIFS(B$1:B$12,A$1:A$12,A{0},B$1:B$12,">3000")', "=INDEX(A$1:A$12,MATCH(B{0},B$1:B$12,0))",
    "=EDATE(C{0},12)", '=TEXT(C{0},"yyyy-mm-dd")', "=QD_TALENT_SUBSIDY(B{0}*100)", "=I{0}/2",
    '=IF(I{0}>0,"有","")', "=LEFT(A{0},2)&LEN(A{0})", "=B{0}>5000", '=IFERROR(VLOOKUP("无",A$1:B$12,2,0),"没有")',
    "=1/(B{0}-B{0})", "=NOW()", '=COUNTIF(A$1:A$12,"项*")', "=YEAR(C{0})*100+MONTH(C{0})", "=SUM(另表!A$1:A{0})",
    '=IF(Z{0}="",0,1)', "=WEEKDAY(C{0},2)", "=SUBSTITUTE(A{0},\"项\",\"事\")", "=MEDIAN(B$1:B$12)",
)  # fmt: skip
"""Columns D to W."""


def ordinary(path: Path) -> Path:
    """A workbook as openpyxl writes it: formulas without values."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "账"
    other = book.create_sheet("另表")
    for row in range(1, ROWS + 1):
        day = datetime.date(2018, 1, 1) + datetime.timedelta(days=row * 30)
        sheet.append([f"项目{row % 3}", row * 1234.5, day, *(text.format(row) for text in FORMULAS)])
        other.append([row])
    book.save(path)
    return path


def first(tmp_path: Path) -> tuple[Path, Path, BookReport]:
    source = ordinary(tmp_path / "账.xlsx")
    target = tmp_path / "结果.xlsx"
    return source, target, recalc_book(source, target)


@needs_office
def test_two_engines_agree_on_ordinary_formulas(tmp_path: Path) -> None:
    source, target, report = first(tmp_path)
    before = target.read_bytes()
    second_opinion(report, source, target, BOTH)
    assert report.differences == []
    assert report.compared == ROWS * (len(FORMULAS) - 2)  # not NOW, not the policy function
    assert not report.error
    assert report.seconds["LibreOffice"] > 0
    assert target.read_bytes() == before


@needs_office
def test_a_wrong_built_in_of_the_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MEDIAN that forgets the half: a mistake such as an engine may have."""
    plant(monkeypatch, "MEDIAN", 8000.0)
    source, target, report = first(tmp_path)
    second_opinion(report, source, target, BOTH)
    middle = (6 * 1234.5 + 7 * 1234.5) / 2
    assert report.differences == [Difference("账", f"W{row}", 8000.0, middle) for row in range(1, ROWS + 1)]
    assert "两个引擎不一致 12 个" in str(report)
    assert "账!W1 本程序为 8000，LibreOffice 算得 8024.25" in str(report)
    assert value(target, "W1") == 8000.0
    assert unpack(json.loads(json.dumps(pack(report)))) == report


@needs_office
def test_conditional_sums_give_the_error_of_a_cell_that_they_add(tmp_path: Path) -> None:
    """Found by comparing: the engine left such a cell out and gave the sum of the others."""
    source, target = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("表")
        sheet.write_column("A1", ["甲", "乙", "甲", "丙"])
        sheet.write_formula("B1", "=NA()", None, "")
        sheet.write_column("B2", [5, 7, "文"])
        for row, (name, word) in enumerate((name, word) for name in ("SUMIFS", "AVERAGEIFS") for word in "甲乙丙丁"):
            sheet.write_formula(row, 3, f'={name}(B$1:B$4,A$1:A$4,"{word}")', None, "")
    report = recalc_book(source, target)
    second_opinion(report, source, target, BOTH)
    assert [value(target, f"D{row}") for row in range(1, 9)] == ["#N/A", 5, 0, 0, "#N/A", 5, "#DIV/0!", "#DIV/0!"]
    assert report.differences == []


@needs_office
def test_values_of_libreoffice_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "MEDIAN", 8000.0)
    source, target, report = first(tmp_path)
    second_opinion(report, source, target, OFFICE)
    assert value(target, "W1") == 8024.25
    assert value(target, "D1") == 197.52
    assert report.difference_count == ROWS
    assert "其中 12 个单元格写入的是 LibreOffice 的值" in report.notes
    with open_package(source) as package, open_package(target) as after:  # the formulas are as they were
        assert Source(package).formulas == Source(after).formulas


def plant(monkeypatch: pytest.MonkeyPatch, name: str, result: object) -> None:
    begin = Engine.__init__

    def wrong(self: Engine, *args: Any, **facts: Any) -> None:
        begin(self, *args, **facts)
        self._book.register_function(name, lambda *_: result, min_args=1, max_args=255, allow_override_builtin=True)

    monkeypatch.setattr(Engine, "__init__", wrong)


def value(path: Path, cell: str) -> object:
    return openpyxl.load_workbook(path, data_only=True).worksheets[0][cell].value


# ---------------------------------------------------------------------- without an office: what is compared, what is written


def small(tmp_path: Path) -> tuple[Path, Path, BookReport]:
    """A1 100; B1 A1*2; B2 a policy function of B1; B3 a formula that keeps its value; B4 a truth, B5 an empty text."""
    source, target = tmp_path / "小.xlsx", tmp_path / "小结果.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", 100)
        sheet.write_formula("B1", "=A1*2", None, 200)
        sheet.write_formula("B2", "=QD_TALENT_SUBSIDY(B1)", None, "")
        sheet.write_formula("B3", "=B2+B1", None, "")
        sheet.write_formula("B4", "=A1>1", None, True)
        sheet.write_formula("B5", '=IF(A1>1,"",1)', None, "")
    report = recalc_book(source, target)
    return source, target, report


def asked(
    tmp_path: Path, change: dict[str, object], engine: str = BOTH, known: dict[str, object] | None = None
) -> tuple[BookReport, Path]:
    source, target, report = small(tmp_path)
    given: dict[str, object] = {"B1": 200, "B2": 0, "B3": 200, "B4": 1, **change}

    def calculate(file: Path, folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "表"
        for cell, content in (given if folder.name == "1" else {**given, **(known or {})}).items():
            sheet[cell] = content
        book.save(folder / "out.xlsx")
        return folder / "out.xlsx"

    second_opinion(report, source, target, engine, calculate=calculate)
    return report, target


def test_truths_and_empty_texts_agree(tmp_path: Path) -> None:
    report, _ = asked(tmp_path, {})
    assert report.differences == []
    assert report.compared == 4


@pytest.mark.parametrize(
    ("cell", "other"), [("B1", 200.001), ("B1", "200"), ("B3", 0), ("B4", 0), ("B5", "x"), ("B1", None)]
)
def test_each_difference_is_told(tmp_path: Path, cell: str, other: object) -> None:
    report, _ = asked(tmp_path, {cell: other})
    assert [problem.cell for problem in report.differences] == [cell]


def test_a_kept_value_is_compared_but_never_overwritten(tmp_path: Path) -> None:
    report, target = asked(tmp_path, {"B1": 300, "B3": 300}, OFFICE)
    assert [(problem.cell, problem.own, problem.office) for problem in report.differences] == [
        ("B1", 200.0, 300.0),
        ("B3", 200.0, 300.0),
    ]
    assert value(target, "B1") == 200  # the file's own value, as ever
    assert value(target, "B3") == 300
    assert "其中 1 个单元格写入的是 LibreOffice 的值" in report.notes


def test_a_formula_that_libreoffice_does_not_know_is_no_difference(tmp_path: Path) -> None:
    report, _ = asked(tmp_path, {"B1": "#NAME?", "B3": "#NAME?"}, known={"B1": 200, "B3": 200})
    assert report.differences == []
    assert "有 2 个公式 LibreOffice 不会算，没有核对" in report.notes
    assert report.compared == 2


def test_an_unknown_function_is_unknown_whatever_the_own_value_is() -> None:
    unknown, other = ErrorValue("#NAME?"), ErrorValue("#DIV/0!")
    assert _made_up(unknown, other)
    assert _made_up(unknown, 1.0)
    assert not _made_up(unknown, unknown)
    assert not _made_up(other, 1.0)


def test_policy_functions_that_read_a_difference_are_pointed_out(tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("表")
        sheet.write_formula("B1", "=100*2")
        sheet.write_formula("B2", "=QD_TALENT_SUBSIDY(B1)")
    report = recalc_book(source, target, all_cells=True)

    def calculate(file: Path, folder: Path) -> Path:
        other = openpyxl.Workbook()
        found = other.active
        assert found is not None
        found.title = "表"
        found["B1"], found["B2"] = 201, 0
        other.save(folder / "x.xlsx")
        return folder / "x.xlsx"

    second_opinion(report, source, target, OFFICE, all_cells=True, calculate=calculate)
    assert "有 1 个政策函数引用两个引擎不一致的单元格，按本程序的值计算，请核对" in report.notes


def test_a_second_engine_that_fails_is_the_files_error(tmp_path: Path) -> None:
    source, target, report = small(tmp_path)

    def fails(file: Path, folder: Path) -> Path:
        raise OfficeError("LibreOffice 超过 9 秒没有算完")

    second_opinion(report, source, target, BOTH, calculate=fails)
    assert report.error == "结果已写出，但没有用 LibreOffice 计算：LibreOffice 超过 9 秒没有算完"
    assert target.exists()


# ---------------------------------------------------------------------- what LibreOffice is given


def test_the_office_file_holds_formulas_names_tables_and_no_more(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(source, {"date_1904": True}) as book:
        sheet = book.add_worksheet("表 一")
        sheet.add_table(
            "A1:B3", {"name": "账", "columns": [{"header": "甲"}, {"header": "乙&丙"}], "data": [[1, 2], [3, 4]]}
        )
        sheet.write_formula("D1", "=SUM(账[甲])", None, 4)
        sheet.write_formula("D2", "=SUBTOTAL(109,A2:A3)", None, 3)
        sheet.write_array_formula("E1:E2", "{=A2:A3*2}", None, 2)
        sheet.write_formula("F1", "=[1]外部!A1", None, 7)
        sheet.write_string("G1", " <空> ")
        sheet.write_comment("A1", "注")
        sheet.set_row(1, None, None, {"hidden": True})
        book.define_name("率", "=0.16")
        book.define_name("'表 一'!处", "='表 一'!$A$2")
    with open_package(source) as package:
        found = Source(package)
        elsewhere = found.elsewhere()
        assert elsewhere == [{(1, 6)}]
        found.write(tmp_path / "out.xlsx", elsewhere, [{(1, 6): 7.0}])
    with open_package(tmp_path / "out.xlsx") as package:
        again = Source(package)
        assert package.date1904
        assert [(table.name, table.ref, table.columns) for table in package.tables] == [
            ("账", "A1:B3", ("甲", "乙&丙"))
        ]
        assert {name.name for name in package.defined_names} == {"率", "处"}
        formulas = {key: text for key, text in found.formulas[0].items() if key != (1, 6)}
        assert again.formulas[0] == formulas
        assert not [name for name in package.names if "comment" in name or "drawing" in name or "styles" in name]
        assert b'<row r="2" hidden="1">' in package.read("xl/worksheets/sheet1.xml")
        assert '<t xml:space="preserve"> &lt;空&gt; </t>'.encode() in package.read("xl/worksheets/sheet1.xml")


@needs_office
def test_tables_names_and_hidden_rows_mean_the_same_there(tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("表 一")
        sheet.add_table(
            "A1:B3", {"name": "账", "columns": [{"header": "甲"}, {"header": "乙"}], "data": [[1, 2], [3, 4]]}
        )
        sheet.write_formula("D1", "=SUM(账[甲])*率", None, 0.64)
        sheet.write_formula("D2", "=SUBTOTAL(109,A2:A3)", None, 3)
        sheet.write_array_formula("E1:E2", "{=A2:A3*2}", None, 2)
        sheet.write_number("E2", 6)
        sheet.write_formula("F1", '=TEXT(1234.5,"#,##0.00")&CHAR(10)&"<&>"', None, "1,234.50\n<&>")
        sheet.set_row(1, None, None, {"hidden": True})
        book.define_name("率", "=0.16")
    report = recalc_book(source, target)
    second_opinion(report, source, target, BOTH)
    assert (report.compared, report.differences) == (5, [])


# ---------------------------------------------------------------------- the program


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for LibreOffice")
def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n(sleep 60; touch {tmp_path}/late) &\necho $! > {tmp_path}/child\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: str(program))
    started = time.perf_counter()
    with pytest.raises(OfficeError, match="没有算完"):
        calculated(tmp_path / "x.xlsx", tmp_path / "work", seconds=2)
    assert time.perf_counter() - started < 30
    child = Path("/proc", (tmp_path / "child").read_text().strip(), "stat")
    for _ in range(50):
        if not child.exists() or child.read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("its child lives on")


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whether a process lives")
def test_the_program_ends_with_a_worker_that_exceeds_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is killed, so nothing in it can end the program any more."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n(echo $$; sh -c 'echo $PPID; exec sleep 60') > {tmp_path}/children\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    source = ordinary(tmp_path / "in.xlsx")
    report = batch.recalc(source, tmp_path / "out.xlsx", engine=BOTH, workers=1, timeout=6)
    assert "超过 6 秒的时限" in report.files[0].error
    children = [int(line) for line in (tmp_path / "children").read_text().split()]
    assert len(children) == 2
    deadline = time.monotonic() + 10
    while any(map(_alive, children)):
        assert time.monotonic() < deadline, "it outlives the worker"
        time.sleep(0.1)


def _alive(process: int) -> bool:
    state = Path("/proc", str(process), "stat")
    try:
        return state.read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_program_without_a_result_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = shutil.which("true")
    if program is None:
        pytest.skip("no program that does nothing")
    monkeypatch.setattr(office, "find_office", lambda: program)
    with pytest.raises(OfficeError, match="没有写出结果"):
        calculated(tmp_path / "x.xlsx", tmp_path / "work")


def test_an_unknown_engine_and_a_missing_one_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ordinary(tmp_path / "in.xlsx")
    with pytest.raises(UsageError, match="应为：formualizer、libreoffice、both"):
        batch.recalc(source, tmp_path / "out.xlsx", engine="excel")
    monkeypatch.setattr(batch, "find_office", lambda: None)
    with pytest.raises(UsageError, match="没有找到它的 soffice"):
        batch.recalc(source, tmp_path / "out.xlsx", engine=BOTH)
    assert not (tmp_path / "out.xlsx").exists()


@needs_office
def test_the_command_compares_in_a_worker(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = ordinary(tmp_path / "in.xlsx")
    assert main(["recalc", str(source), "-o", str(tmp_path / "out.xlsx"), "--engine", "both"]) == 0
    assert f"LibreOffice 核对了 {ROWS * (len(FORMULAS) - 2)} 个公式，没有不一致" in capsys.readouterr().out


def test_errors_are_compared_by_their_code() -> None:
    assert str(Difference("表", "A1", ErrorValue("#N/A"), 1.0)) == "表!A1 本程序为 #N/A，LibreOffice 算得 1"
