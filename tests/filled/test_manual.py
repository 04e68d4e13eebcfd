"""The page of the manual shows what the check really says."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdcalc.filled.check import check
from qdcalc.filled.mistakes import FILE
from tests.workbook.books import ROOT

PAGE = ROOT / "docs" / "检查填报.md"
START, END = "<!-- report -->\n```\n", "```\n<!-- end -->"


def report(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(ROOT)
    return check(Path("workbooks", "examples", FILE)).text()


def test_the_report_in_the_manual_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.partition(START)[2].partition(END)[0]
    assert shown.rstrip("\n") == report(monkeypatch).replace("\\", "/"), "docs/检查填报.md：报告已变，请照新的改"
