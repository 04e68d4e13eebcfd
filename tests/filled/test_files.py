"""Whole files: which template, which version, results that are late, files that cannot be read, folders, reports."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.cli import main
from qdcalc.errors import UsageError
from qdcalc.filled.check import check, check_file
from qdcalc.filled.fresh import error_code, same
from qdcalc.filled.problems import KINDS
from qdcalc.filled.read import read_book
from qdcalc.rules.arguments import ErrorValue
from qdcalc.workbook.build import build
from qdcalc.workbook.templates import template_plan
from tests.filled.edits import edited, filled, found, kinds, put
from tests.recalc.files import small

NET = template_plan("talent", rows=8).tables["subsidy"].cell("net", template_plan("talent").tables["subsidy"].first)


@pytest.fixture
def correct(tmp_path: Path) -> Path:
    path = tmp_path / "平度市.xlsx"
    path.write_bytes(filled("talent"))
    return path


# ---------------------------------------------------------------- which template


def test_any_other_workbook_is_told(tmp_path: Path) -> None:
    book = read_book(small(tmp_path / "其他.xlsx"))
    assert kinds(book) == [("unknown_workbook", "", "")]
    assert "青岛市金融高端人才一次性补助申报表" in book.problems[0].allowed
    assert book.policy == ""
    assert book.sheets == ()


def test_a_summary_of_others_is_no_form(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("总表", "明细", "重复享受", "问题", "文件"):
        book.create_sheet(name)
    book.save(tmp_path / "汇总.xlsx")
    assert kinds(read_book(tmp_path / "汇总.xlsx")) == [("merged_workbook", "", "")]


def test_a_template_that_there_is_not(tmp_path: Path) -> None:
    book = read_book(edited(tmp_path, put("_qdcalc", "B2", "moon"), recalculated=False))
    assert kinds(book) == [("unknown_template", "", "")]
    assert book.problems[0].found == "moon"


@pytest.mark.parametrize(("version", "kind"), [("0.9", "older_version"), ("99.0", "newer_version")])
def test_another_version_is_read_and_told(version: str, kind: str, tmp_path: Path) -> None:
    book = found(tmp_path, put("_qdcalc", "B3", version))
    assert kinds(book) == [(kind, "", "")]
    assert version in book.problems[0].sentence
    assert book.version == version
    assert len(book.of("people")[0].rows) == 3


def test_sheets_moved_into_a_workbook_of_their_own(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for name in ("_qdcalc", "汇总", "填表说明"):
            del book[name]

    book = read_book(edited(tmp_path, edit, recalculated=False), recalculate=False)
    assert kinds(book)[0] == ("no_stamp", "", "")
    assert (book.policy, book.version, book.edition) == ("talent", "", "functions")
    assert len(book.of("people")[0].rows) == 3
    assert all(problem.is_note for problem in book.problems if problem.sheet == "人选")


def test_an_empty_template(tmp_path: Path) -> None:
    build("talent", tmp_path / "空.xlsx", rows=4)
    book = read_book(tmp_path / "空.xlsx", recalculate=False)
    assert kinds(book) == [("nothing_filled", "", "")]


# ---------------------------------------------------------------- results


def test_a_result_that_is_late(tmp_path: Path) -> None:
    path = edited(tmp_path, put("人选", "Q6", 700000))
    values = openpyxl.load_workbook(path, data_only=True)
    assert values["补助"][NET].value == 70000
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(tmp_path / "late.xlsx", "w") as late:
        for name in package.namelist():  # only the typed cell changes, as in a program that does not calculate
            late.writestr(name, package.read(name).replace(b"<v>700000</v>", b"<v>650000</v>", 1))
    book = read_book(tmp_path / "late.xlsx")
    stale = [problem for problem in book.problems if problem.kind == "stale"]
    assert {(problem.sheet, problem.cell) for problem in stale} >= {("补助", NET)}
    problem = next(problem for problem in stale if problem.cell == NET)
    assert (problem.found, problem.allowed) == ("70000", "65000")
    row = book.of("subsidy")[0].rows[0]
    assert (row.computed["net"], row.fresh["net"], row.results["net"]) == (70000, 65000, 65000)
    assert read_book(tmp_path / "late.xlsx", recalculate=False).ok


def test_an_error_that_the_file_holds(correct: Path, tmp_path: Path) -> None:
    cell = re.compile(rf'<c r="{NET}"( s="\d+")?>(<f>[^<]*</f>)<v>65000</v></c>'.encode())
    with zipfile.ZipFile(correct) as package, zipfile.ZipFile(tmp_path / "error.xlsx", "w") as target:
        for name in package.namelist():
            target.writestr(
                name, cell.sub(rb'<c r="%s"\1 t="e">\2<v>#NAME?</v></c>' % NET.encode(), package.read(name))
            )
    quick = read_book(tmp_path / "error.xlsx", recalculate=False)
    assert kinds(quick) == [("error_result", "补助", NET)]
    assert quick.problems[0].found == "#NAME?"
    assert kinds(read_book(tmp_path / "error.xlsx")) == [("stale", "补助", NET)]


def test_names_of_functions_that_nobody_knew(tmp_path: Path) -> None:
    """A file saved without the add-in, or by a program that does not calculate: told once, not area by area."""
    path = edited(tmp_path, lambda book: None, recalculated=False)
    book = read_book(path)
    assert kinds(book) == [("never_calculated", "", "")]
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(tmp_path / "name.xlsx", "w") as saved:
        for name in package.namelist():
            xml = re.sub(rb"(<f>[^<]*QD_[^<]*</f>)<v ?/>", rb"\1<v>#NAME?</v>", package.read(name))
            saved.writestr(name, re.sub(rb"<c ([^>]*)>(<f>[^<]*</f><v>#NAME)", rb'<c \1 t="e">\2', xml))
    other = read_book(tmp_path / "name.xlsx")
    assert kinds(other) == [("without_addin", "", "")]
    late = [int(re.findall(r"共(\d+)格", found.problems[0].sentence)[0]) for found in (book, other)]
    assert min(late) > 50
    assert all(row.results["approved"] for row in book.of("subsidy")[0].rows)


def test_an_error_that_nothing_else_explains(tmp_path: Path) -> None:
    book = found(tmp_path, put("依据", "E5", "多"), "talent")
    assert "changed_figure" in {problem.kind for problem in book.problems}
    book = found(tmp_path, lambda book: book["检查"].__setitem__("C8", "=1/0"))
    assert ("changed_formula", "检查", "C8") in kinds(book)


def test_a_check_of_the_workbook_that_fails(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["补助"]
        table = template_plan("talent", rows=8).tables["subsidy"]
        sheet[table.cell("manual", table.first)] = 5000

    book = found(tmp_path, edit)
    assert [problem.kind for problem in book.problems] == ["failed_check"]
    assert book.problems[0].sheet == "检查"
    assert "手填核定额都写了依据：没有通过，问题数 1" in book.problems[0].sentence


@pytest.mark.parametrize(
    ("cached", "fresh", "alike"),
    [
        ("", None, True),
        (0.1 + 0.2, 0.3, True),
        (65000.0, 65000.01, False),
        ("#N/A 未填写", ErrorValue("#N/A"), True),
        (ErrorValue("#NAME?"), ErrorValue("#N/A"), True),
        (ErrorValue("#NAME?"), 5.0, False),
        ("符合", "符合", True),
        (True, 1.0, True),
        (None, 0.0, False),
    ],
)
def test_what_counts_as_the_same_result(cached: object, fresh: object, alike: bool) -> None:
    assert same(cached, fresh) is alike  # type: ignore[arg-type]


def test_errors_as_values_and_as_texts() -> None:
    assert error_code(ErrorValue("#N/A")) == error_code("#N/A 未填写") == "#N/A"
    assert error_code("符合") == error_code(None) == error_code(5.0) == ""


# ---------------------------------------------------------------- files that cannot be read


def encrypted(source: Path, target: Path) -> Path:
    with source.open("rb") as plain, target.open("wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("密码", out)
    return target


def test_a_file_with_a_password(correct: Path, tmp_path: Path) -> None:
    path = encrypted(correct, tmp_path / "加密.xlsx")
    assert kinds(read_book(path)) == [("encrypted", "", "")]
    assert kinds(read_book(path, passwords=["别的", "密码"])) == []


def test_refusals_are_told_in_the_report_and_the_others_are_done(correct: Path, tmp_path: Path) -> None:
    (tmp_path / "旧表.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (tmp_path / "文本.xlsx").write_text("姓名,金额", encoding="utf-8")
    (tmp_path / "空的.xlsx").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "炸弹.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<x/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (40 << 20))
    with zipfile.ZipFile(correct) as package, zipfile.ZipFile(tmp_path / "签名.xlsx", "w") as signed:
        for name in package.namelist():
            signed.writestr(name, package.read(name))
        signed.writestr("_xmlsignatures/origin.sigs", b"")
    (tmp_path / "~$平度市.xlsx").write_bytes(b"lock")
    (tmp_path / "说明.txt").write_text("不是工作簿", encoding="utf-8")
    report = check(tmp_path)
    found = {file.path.name: [problem.kind for problem in file.problems] for file in report.files}
    assert found == {
        "平度市.xlsx": ["open_elsewhere"],
        "旧表.xls": ["not_a_workbook"],
        "文本.xlsx": ["not_a_workbook"],
        "空的.xlsx": ["not_a_workbook"],
        "炸弹.xlsx": ["unsafe"],
        "签名.xlsx": ["unsupported"],
    }
    assert report.exit_code == 1
    assert all("没有检查：" in file.problems[0].sentence for file in report.files if file.path.name != "平度市.xlsx")


def test_a_file_that_vanished(tmp_path: Path) -> None:
    assert [problem.kind for problem in check_file(tmp_path / "没有.xlsx").problems] == ["unreadable"]
    with pytest.raises(UsageError, match="找不到"):
        check(tmp_path / "没有.xlsx")
    with pytest.raises(UsageError):
        check([])


def test_a_fault_of_the_program_stops_no_batch(correct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("qdcalc.filled.check.read_book", fail)
    (problem,) = check_file(correct).problems
    assert problem.kind == "unreadable"
    assert "请反馈" in problem.sentence


def test_what_cannot_be_recalculated_is_a_note(correct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qdcalc.errors import UnsupportedFile

    def fail(*_: object, **__: object) -> None:
        raise UnsupportedFile(correct, "有模拟运算表")

    monkeypatch.setattr("qdcalc.filled.fresh.recalc_book", fail)
    book = read_book(correct)
    assert kinds(book) == [("not_recalculated", "", "")]
    assert "有模拟运算表" in book.problems[0].sentence
    assert not book.recalculated


def test_the_file_is_not_touched(correct: Path) -> None:
    before = correct.read_bytes()
    check(correct)
    assert correct.read_bytes() == before
    assert [path.name for path in correct.parent.iterdir()] == [correct.name]


# ---------------------------------------------------------------- the command


def test_the_command_on_a_correct_file(correct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(correct)]) == 0
    out = capsys.readouterr().out
    assert "没有问题" in out
    assert "共 1 个文件，没有发现问题" in out


def test_the_command_on_a_folder_with_reports(
    correct: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "各区市"
    (folder / "平度").mkdir(parents=True)
    shutil.copy(correct, folder / "平度" / "上报.xlsx")
    wrong = edited(tmp_path, put("人选", "B7", '=HYPERLINK("http://x","点我")'), recalculated=False)
    shutil.copy(wrong, folder / "莱西.xlsx")
    bad = edited(tmp_path, put("人选", "Q7", "=1+"), recalculated=False)
    assert bad.exists()
    edited(tmp_path, put("人选", "D7", "@SUM(1)"), recalculated=False).replace(folder / "崂山.xlsx")
    table, data, text = (tmp_path / f"报告{suffix}" for suffix in (".xlsx", ".json", ".txt"))
    for target in (table, data, text):
        assert main(["check", str(folder), "--quick", "--report", str(target)]) == 1
    out = capsys.readouterr().out
    assert "【人选】" in out
    assert "D7" in out
    sheet = openpyxl.load_workbook(table)["问题"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    found = next(row for row in rows if row[3] == "D7")
    assert found[1] == "崂山.xlsx"
    assert found[2:7] == ("人选", "D7", "问题", KINDS["not_a_choice"].title, "@SUM(1)")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.auto_filter.ref
    files = openpyxl.load_workbook(table)["文件"]
    assert [row[0].endswith(".xlsx") for row in files.iter_rows(min_row=3, values_only=True)] == [True] * 3
    report = json.loads(data.read_text(encoding="utf-8"))
    assert report["totals"]["files"] == 3
    assert report["exit_code"] == 1
    assert "D7" in text.read_text(encoding="utf-8-sig")


def test_json_on_the_screen(correct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(correct), "--json", "--quick"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"][0]["template"] == "青岛市金融高端人才一次性补助申报表"
    assert report["files"][0]["rows"] == 3
    assert report["totals"] == {"files": 1, "wrong_files": 0, "problems": 0, "notes": 0}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["没有.xlsx"], 2, "找不到"),
        (["{}", "--report", "报告.doc"], 2, "应为 .xlsx、.json、.txt 之一"),
        (["{}", "--report", "没有/报告.xlsx"], 2, "文件夹不存在"),
        ([], 2, ""),
    ],
)
def test_wrong_use(
    words: list[str], code: int, sentence: str, correct: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *(word.format(correct) for word in words)]) == code
    assert sentence in capsys.readouterr().err


def test_a_folder_without_workbooks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert "没有找到" in capsys.readouterr().err


def test_in_a_process_of_its_own(correct: Path) -> None:
    """A pipe, no terminal: no progress bar, UTF-8, the exit code."""
    done = subprocess.run([sys.executable, "-m", "qdcalc.cli", "check", str(correct)], capture_output=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr == b""
    assert "没有问题" in done.stdout.decode()


def test_every_kind_is_tested() -> None:
    """No kind without a test that names it."""
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [kind for kind in KINDS if f'"{kind}"' not in texts] == []
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)
