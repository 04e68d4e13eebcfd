"""qdcalc recalc tells what a quick check finds in templates, of few and small files only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qdcalc import cli
from qdcalc.commands import findings
from qdcalc.commands.findings import note_findings
from qdcalc.recalc.report import BookReport, Report
from tests.workbook.books import ROOT

EXAMPLES = ROOT / "workbooks" / "examples"
MISTAKES = EXAMPLES / "四好农村路_错误示例.xlsx"
RIGHT = EXAMPLES / "金融之星_示例.xlsx"
EMPTY = ROOT / "workbooks" / "templates" / "金融之星.xlsx"


def reported(tmp_path: Path, *sources: Path, template: str = "road 1") -> Report:
    """As a recalculation leaves it: each file at its target."""
    report = Report()
    for number, source in enumerate(sources):
        target = tmp_path / f"{number}.xlsx"
        shutil.copy(source, target)
        report.files.append(BookReport(source, target, template=template))
    return report


def test_the_command_tells_what_no_error_value_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["recalc", str(MISTAKES), "-o", str(tmp_path / "结果.xlsx")]) == 0
    told = next(line for line in capsys.readouterr().out.splitlines() if "填报检查" in line)
    # the example has 25 findings (tests/filled/test_mistakes.py); 2 are notes, and one result was stale until now
    assert told.startswith("  注意：填报检查：22 个问题，见 qdcalc check。项目!D11:D14：合并了")
    assert told.endswith("；……")


def test_each_thing_that_people_do_to_formulas_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "TOLD", 6)
    report = reported(tmp_path, MISTAKES)
    note_findings(report)
    (told,) = report.files[0].notes
    for words in ("合并了", "被粘贴的内容冲掉了", "公式被“8000000”覆盖", "没有公式", "公式是 =", "第56行起没有公式"):
        assert words in told


def test_right_files_and_empty_templates_and_others_are_silent(tmp_path: Path) -> None:
    report = reported(tmp_path, RIGHT, EMPTY)
    note_findings(report)
    assert [file.notes for file in report.files] == [[], []]
    assert report.notes == []
    other = reported(tmp_path, MISTAKES, template="")
    note_findings(other)
    assert other.files[0].notes == other.notes == []


@pytest.mark.parametrize(("limit", "value", "left"), [("FILES", 1, 2), ("LARGEST", 100_000, 1), ("SECONDS", -1.0, 2)])
def test_what_would_take_long_is_left_to_the_check(
    limit: str, value: float, left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, limit, value)
    report = reported(tmp_path, MISTAKES, RIGHT)
    note_findings(report)
    assert report.notes == [f"有 {left} 个填报模板没有检查填报内容，请运行 qdcalc check"]
    assert report.files[0].notes == []
