"""How findings are told: files by their path, the same finding of neighbouring rows once."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import openpyxl
import pytest

from qdcalc.cli import main
from qdcalc.errors import reason
from qdcalc.filled.check import workbooks
from qdcalc.filled.problems import Problems
from qdcalc.filled.report import CheckReport, FileReport
from qdcalc.filled.report_book import write_report
from qdcalc.recalc.names import below_common, shortened
from qdcalc.recalc.paths import plan
from qdcalc.recalc.report import BookReport, Report
from qdcalc.recalc.report_book import write_report_book
from tests.workbook.books import ROOT


def file(path: Path, rows: range = range(6, 9)) -> FileReport:
    problems = Problems(path)
    for row in rows:
        problems.add("not_right", "人选", f"T{row}", at=(row, 20), reason="遵纪守法：未填写")
        problems.add("not_right", "人选", f"U{row}", at=(row, 21), reason=f"第{row}行")
    problems.add("not_right", "人选", "T40", at=(40, 20), reason="遵纪守法：未填写")
    return FileReport(path, "模板", problems=tuple(problems.found))


def test_the_same_finding_of_neighbouring_rows_is_told_once() -> None:
    lines = list(file(Path("a.xlsx")).lines())
    assert [line.split()[0] for line in lines[2:]] == ["T6:T8", "U6", "U7", "U8", "T40"]
    assert lines[0] == "a.xlsx：7 个问题"
    few = list(file(Path("a.xlsx")).lines(2))
    assert [line.split()[0] for line in few[2:4]] == ["T6:T8", "U6"]
    assert few[4].strip().startswith("…… 其余 3 个")


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    report = CheckReport([file(Path("各区市") / district / "路.xlsx") for district in ("平度市", "莱西市")])
    assert [line.split()[0] for line in report.text().splitlines()[1:3]] == ["平度市/路.xlsx", "莱西市/路.xlsx"]
    write_report(report, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [book["文件"].cell(row, 1).value for row in (3, 4)] == ["平度市/路.xlsx", "莱西市/路.xlsx"]
    assert {row[1] for row in book["问题"].iter_rows(min_row=3, values_only=True)} == {
        "平度市/路.xlsx",
        "莱西市/路.xlsx",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes and links among files here")
def test_pipes_are_passed_over_and_a_link_is_named_as_its_file(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    (tmp_path / "乙" / "路.xlsx").write_bytes(b"PK")
    (tmp_path / "甲.xlsx").symlink_to(tmp_path / "乙" / "路.xlsx")
    (tmp_path / "断.xlsx").symlink_to(tmp_path / "没有.xlsx")
    os.mkfifo(tmp_path / "管道.xlsx")
    assert {path.relative_to(tmp_path).as_posix() for path in workbooks([tmp_path])} == {"乙/路.xlsx", "断.xlsx"}
    planned = {source.name for source, _ in plan([tmp_path], tmp_path / "out", [])}
    assert planned == {"路.xlsx", "甲.xlsx", "断.xlsx"}


def test_notes_of_the_whole_run_and_of_a_failed_file_are_in_the_workbooks(tmp_path: Path) -> None:
    write_report(CheckReport([file(Path("a.xlsx"))], ["有重算结果"]), tmp_path / "c.xlsx")
    assert "有重算结果" in openpyxl.load_workbook(tmp_path / "c.xlsx")["文件"]["A1"].value
    failed = BookReport(Path("a.xlsx"), error="文件已损坏", notes=["还是以前的结果"])
    write_report_book(Report([failed]), tmp_path / "r.xlsx")
    told = [cell.value for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["文件"].iter_rows() for cell in row]
    assert "文件已损坏\n还是以前的结果" in told


def test_names_below_a_common_folder() -> None:
    assert below_common([Path("a/b/c.xlsx"), Path("a/d.xlsx")]) == ["b/c.xlsx", "d.xlsx"]
    assert below_common([Path("a/c.xlsx")]) == ["c.xlsx"]
    assert below_common([Path("a/c.xlsx"), Path("/a/c.xlsx")]) == ["a/c.xlsx", "/a/c.xlsx"]
    assert below_common([]) == []


def test_a_very_long_name_loses_its_middle() -> None:
    assert shortened("平度市/四好农村路.xlsx") == "平度市/四好农村路.xlsx"
    short = shortened("平度市/" + "很" * 80 + "长.xlsx")
    assert short.startswith("平度市/很")
    assert short.endswith("长.xlsx")
    assert "…" in short
    assert len(short) < 40


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("command", ["check", "recalc", "merge"])
def test_a_full_disk_is_told_in_chinese_after_what_was_found(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ROOT / "workbooks" / "examples" / "金融之星_示例.xlsx"
    original = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name.startswith(".qdcalc-") and self.parent == tmp_path:
            return original(Path("/dev/full"), data)
        return original(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    more = {
        "check": ["--quick", "--report", str(tmp_path / "r.xlsx")],
        "recalc": ["-o", str(tmp_path / "out" / "x.xlsx"), "--report", str(tmp_path / "r.xlsx")],
        "merge": ["-o", str(tmp_path / "r.xlsx")],
    }
    (tmp_path / "out").mkdir()
    assert main([command, str(source), *more[command]]) == 1
    told = capsys.readouterr()
    assert "磁盘空间不足" in told.err
    assert "请反馈" not in told.err
    if command != "merge":
        assert source.name in told.out
    assert [path.name for path in tmp_path.iterdir() if path.is_file() and "sqlite" not in path.name] == []


def test_the_system_speaks_chinese() -> None:
    for number in (
        errno.ENOSPC,
        errno.EROFS,
        errno.ENAMETOOLONG,
        errno.EDQUOT,
        errno.ELOOP,
        errno.EACCES,
        errno.EISDIR,
    ):
        assert not re.search("[A-Za-z0-9]", reason(OSError(number, "English")))
    assert reason(OSError(5, "Input/output error")) == "系统错误 5（Input/output error）"
