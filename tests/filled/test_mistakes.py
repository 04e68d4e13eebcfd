"""The example with mistakes: it is fresh, and a check names each mistake that was planted, with sheet and cell, and no other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qdcalc.filled.mistakes import FILE, write_mistakes
from qdcalc.filled.model import FilledBook
from qdcalc.filled.read import read_book
from tests.workbook.books import ROOT

PATH = ROOT / "workbooks" / "examples" / FILE
PLANTED = {
    ("blank", "项目", "C3"),
    ("not_a_choice", "项目", "D7"),
    ("text_number", "项目", "F8"),
    ("merged_cells", "项目", "D11:D14"),
    ("not_a_date", "项目", "J15"),
    ("duplicate", "项目", "B42"),
    ("blank_rows", "项目", "43:43"),
    ("inconsistent", "项目", "K44"),
    ("not_a_choice", "路段", "B7"),
    ("blank", "路段", "D10"),
    ("negative", "路段", "E19"),
    ("pasted_validation", "路段", "D30:F33"),
    ("not_a_number", "路段", "E42"),
    ("decimals", "路段", "E48"),
    ("overwritten_formula", "项目补助", "K17"),
    ("missing_formula", "项目补助", "L25"),
    ("not_right", "项目补助", "J33"),
    ("changed_formula", "项目补助", "I36"),
    ("alias", "危桥", "C20"),
    ("below_formulas", "危桥", "B56:G56"),
    ("copied_sheet", "危桥 (2)", ""),
    ("changed_given", "客运站点", "B8"),
    ("stale", "客运站点", "H9"),
    ("out_of_range", "客运站点", "E11"),
    ("changed_figure", "依据", "E68"),
}


@pytest.fixture(scope="module")
def book() -> FilledBook:
    return read_book(PATH)


def test_every_planted_mistake_is_named_and_nothing_else(book: FilledBook) -> None:
    assert {(problem.kind, problem.sheet, problem.cell) for problem in book.problems} == PLANTED
    assert len(book.problems) == len(PLANTED)


def test_a_problem_says_what_is_there_and_what_is_allowed(book: FilledBook) -> None:
    by_cell = {(problem.sheet, problem.cell): problem for problem in book.problems}
    assert by_cell["项目", "D7"].found == "唠山区"
    assert "是不是“崂山区”？" in by_cell["项目", "D7"].sentence
    assert "平度市" in by_cell["项目", "D7"].allowed
    assert by_cell["项目", "F8"].sentence.endswith("请把单元格改为数值")
    assert by_cell["项目补助", "K17"].found == "8000000"
    assert "QD_ROAD_CAPPED" in by_cell["项目补助", "K17"].allowed
    assert "征地拆迁费不能大于概算投资" in by_cell["项目补助", "J33"].sentence
    assert "附件1" in by_cell["项目补助", "J33"].sentence
    assert by_cell["危桥", "B56:G56"].sentence.startswith("第56行起没有公式")
    assert (by_cell["客运站点", "H9"].found, by_cell["客运站点", "H9"].allowed) == ("400000", "406000")
    assert (by_cell["依据", "E68"].found, by_cell["依据", "E68"].allowed) == ("500", "300")


def test_rows_keep_what_is_wrong_and_have_their_own_problems(book: FilledBook) -> None:
    bridges, copied = book.of("bridges")
    assert (bridges.copy, copied.copy, copied.name) == (0, 1, "危桥 (2)")
    assert [row.values["bridge"] for row in copied.rows] == ["北胶新河桥"]
    assert copied.rows[0].ok
    below = bridges.rows[-1]
    assert below.below
    assert below.number == 56
    assert [problem.kind for problem in below.problems] == ["below_formulas"]
    projects = book.of("projects")[0].rows
    assert projects[1].values["district"] is None
    assert projects[1].raw["district"] == "唠山区"
    assert not projects[1].ok
    assert projects[0].ok
    assert not projects[35].ok  # both of two alike
    results = {row.number: row for row in book.of("subsidies")[0].rows}
    assert [problem.kind for problem in results[17].problems] == ["overwritten_formula"]
    assert results[7].problems == ()
    assert not results[7].ok  # its 区（市） is wrong on the sheet that it follows
    stations = {row.number: row for row in book.of("stations")[0].rows}
    assert stations[9].computed["subsidy"] == 400_000
    assert stations[9].fresh["subsidy"] == stations[9].results["subsidy"] == 5000 * (12 + 68) + 300 * 20


def test_it_is_fresh(tmp_path: Path) -> None:
    write_mistakes(ROOT, tmp_path / "fresh.xlsx")
    with zipfile.ZipFile(PATH) as committed, zipfile.ZipFile(tmp_path / "fresh.xlsx") as fresh:
        assert committed.namelist() == fresh.namelist()
        for name in committed.namelist():
            assert committed.read(name) == fresh.read(name), f"{name}：请运行 python -m qdcalc.workbook.examples"
