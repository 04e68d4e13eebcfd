"""What people fill in: every kind of mistake in a cell, told with its sheet, cell, value and what is allowed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.filled.entries import Entry, closest, exact, shown
from qdcalc.filled.problems import KINDS
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.rules.arguments import ChoiceType, DayType, ErrorValue, NumberType, TimeType, number_type
from qdcalc.workbook.templates import template_plan
from tests.filled.edits import PERSON, ROWS, found, kinds, put


def test_the_small_workbook_is_right(tmp_path: Path) -> None:
    assert kinds(found(tmp_path, lambda book: None)) == []
    assert kinds(found(tmp_path, lambda book: None, "road")) == []


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "kind", "shown_value", "words"),
    [
        ("人选", "B7", None, "blank", "", "姓名：未填写"),
        ("人选", "B7", "  ", "blank", "", "姓名：未填写"),
        ("人选", "C3", None, "blank", "", "填报单位：未填写"),
        ("人选", "D7", None, "blank", "", "金融机构"),
        ("人选", "Q7", "900000", "text_number", "900000", "请把单元格改为数值"),
        ("人选", "Q7", "９００,０００", "text_number", "９００,０００", "请把单元格改为数值"),
        ("人选", "Q7", "90万", "not_a_number", "90万", "0 至 1,000,000,000,000 元，至多2位小数"),
        ("人选", "Q7", -5, "negative", "-5", "0 至"),
        ("人选", "Q7", 2e12, "out_of_range", "2000000000000", "1,000,000,000,000 元"),
        ("人选", "Q7", 900000.125, "decimals", "900000.125", "至多2位小数"),
        ("人选", "J7", 40.5, "decimals", "40.5", "整数"),
        ("人选", "J7", 151, "out_of_range", "151", "0 至 150 周岁"),
        ("人选", "D7", "金融机够", "not_a_choice", "金融机够", "（是不是“金融机构”？）"),
        ("人选", "E7", "对", "not_a_choice", "对", "可选：是、否"),
        ("人选", "Q7", "#N/A", "error_typed", "#N/A", "单元格是错误值 #N/A"),
        ("人选", "D7", " 金融机构", "alias", " 金融机构", "应写“金融机构”"),
    ],
)
def test_a_wrong_cell_is_told_and_nothing_else(
    sheet: str, cell: str, value: object, kind: str, shown_value: str, words: str, tmp_path: Path
) -> None:
    book = found(tmp_path, put(sheet, cell, value))
    assert kinds(book) == [(kind, sheet, cell)]
    (problem,) = book.problems
    assert problem.found == shown_value
    assert words in problem.sentence
    assert problem.title == KINDS[kind].title


def test_a_date_that_is_none(tmp_path: Path) -> None:
    field = next(field for _, field in template_plan("talent").fields if field.key == "reported")
    book = found(tmp_path, put("人选", cell_ref(field.row + 1, field.value[0] + 1), "八月"))
    cell = next(problem for problem in book.problems)
    assert (cell.kind, cell.found) == ("not_a_date", "八月")
    assert "2018-08-16" in cell.sentence


def test_every_problem_of_a_row_is_told(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["人选"]
        sheet["B7"], sheet["Q7"], sheet["E7"] = None, "9", "对"

    book = found(tmp_path, edit)
    assert kinds(book) == [("blank", "人选", "B7"), ("not_a_choice", "人选", "E7"), ("text_number", "人选", "Q7")]
    row = book.of("people")[0].rows[1]
    assert [problem.cell for problem in row.problems] == ["B7", "E7", "Q7"]
    assert row.values["name"] is row.values["pay"] is None
    assert row.raw["pay"] == "9"


def test_two_of_one_number(tmp_path: Path) -> None:
    book = found(tmp_path, put("项目", "B7", "pd-001"), "road")
    assert ("duplicate", "项目", "B7") in kinds(book)
    problem = next(problem for problem in book.problems if problem.kind == "duplicate")
    assert "与第6行（B6）重复" in problem.sentence
    assert not any(row.ok for row in book.of("projects")[0].rows)


def test_a_choice_that_another_sheet_does_not_have(tmp_path: Path) -> None:
    book = found(tmp_path, put("路段", "B6", "PD-01"), "road")
    assert ("not_a_choice", "路段", "B6") in kinds(book)
    problem = next(problem for problem in book.problems if problem.kind == "not_a_choice")
    assert "是不是“PD-001”？" in problem.sentence
    assert ("inconsistent", "项目", "K6") in kinds(book)  # whose only section this was


def test_an_alias_counts_only_where_no_formula_compares(tmp_path: Path) -> None:
    book = found(tmp_path, put("危桥", "C6", "平度"), "road")
    assert ("alias", "危桥", "C6") in kinds(book)
    assert book.of("bridges")[0].rows[0].values["district"] == "平度市"


def test_amounts_in_wan_may_have_four_decimals_more(tmp_path: Path) -> None:
    book = found(tmp_path, put("危桥", "D6", 260.123456), "road")
    assert kinds(book) == []
    assert book.of("bridges")[0].rows[0].values["estimate_typed"] == Decimal("260.123456")
    assert kinds(found(tmp_path, put("危桥", "D6", 260.1234567), "road")) == [("decimals", "危桥", "D6")]


def test_a_row_that_a_function_refuses(tmp_path: Path) -> None:
    book = found(tmp_path, put("路段", "F6", 11), "road")
    assert kinds(book) == [("not_right", "路段", "K6")]
    assert "薄弱村里程不能大于里程" in book.problems[0].sentence


def test_a_row_typed_under_the_formulas(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for column, value in enumerate(PERSON.values(), start=2):
            book["人选"].cell(14, column, value)

    book = found(tmp_path, edit)
    assert kinds(book) == [("below_formulas", "人选", "B14:R14")]
    assert book.problems[-1].sentence.startswith("第14行起没有公式")
    row = book.of("people")[0].rows[-1]
    assert row.below
    assert not row.ok
    assert row.values["name"] == "王海洋"


def test_signatures_and_remarks_are_no_rows(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        under = template_plan("star", rows=ROWS).tables["allowance"].last + 2
        book["津贴"][f"H{under}"], book["津贴"][f"I{under}"] = "填表人：张三", "审核人：李四"
        book["人选"]["B20"] = "附注"

    assert kinds(found(tmp_path, edit, "star")) == []


def test_blank_rows_between_are_a_note(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for column in range(2, 19):
            book["人选"].cell(7, column).value = None

    book = found(tmp_path, edit)
    assert kinds(book) == [("blank_rows", "人选", "7:7")]
    assert book.ok
    assert [row.number for row in book.of("people")[0].rows] == [6, 8]


def test_merged_cells_leave_blanks(tmp_path: Path) -> None:
    book = found(tmp_path, lambda book: book["人选"].merge_cells("D6:D8"))
    assert kinds(book) == [("merged_cells", "人选", "D6:D8")]
    rows = book.of("people")[0].rows
    assert [row.values["employer"] for row in rows] == ["金融机构", None, None]
    assert not any(row.ok for row in rows)


def test_something_on_a_blank_row_of_a_sheet_that_follows(tmp_path: Path) -> None:
    title = "补助"

    def edit(book: Workbook) -> None:
        sheet = book[title]
        heads = {str(sheet.cell(4, column).value).replace("\n", ""): column for column in range(1, 14)}
        heads |= {str(sheet.cell(3, column).value).replace("\n", ""): column for column in range(1, 14)}
        sheet.cell(10, heads["手填核定额（元）"], 5000)
        sheet.cell(10, heads["核定依据"], "会议纪要")

    book = found(tmp_path, edit)
    (problem,) = book.problems
    assert (problem.kind, problem.sheet, problem.found) == ("orphan_row", title, "5000")
    assert "“人选”表的这一行空着" in problem.sentence


def test_given_cells_must_stay(tmp_path: Path) -> None:
    book = found(tmp_path, put("客运站点", "B6", "崂山"), "road")
    assert kinds(book) == [("changed_given", "客运站点", "B6")]
    assert "模板里是“崂山区”" in book.problems[0].sentence


# ---------------------------------------------------------------- one cell, without a workbook


def entry(kind: Any, **more: Any) -> Entry:
    return Entry("某列", kind, True, **more)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (number_type("元"), 0.1 + 0.2, Decimal("0.3")),
        (number_type("元"), 650000.0, Decimal(650000)),
        (number_type("公里"), 12.345, Decimal("12.345")),
        (DayType(), 43328.0, datetime.date(2018, 8, 16)),
        (DayType(), "2018-08-16T00:00:00", datetime.date(2018, 8, 16)),
        (DayType(), "2018年8月16日", datetime.date(2018, 8, 16)),
        (TimeType(), 8.5 / 24, Decimal("0.3541666667")),
        (ChoiceType(("平度市",), {"平度": "平度市"}), "平度市", "平度市"),
    ],
)
def test_what_a_cell_gives(kind: Any, cell: object, value: object) -> None:
    assert entry(kind).read(cell) == (value, None)


def test_days_of_the_1904_system() -> None:
    assert entry(DayType(), date1904=True).read(41866.0) == (datetime.date(2018, 8, 16), None)


@pytest.mark.parametrize(
    ("kind", "cell", "problem"),
    [
        (number_type("元"), ErrorValue("#REF!"), "error_typed"),
        (number_type("元"), "#VALUE! 没有", "error_typed"),
        (number_type("元"), True, "not_a_number"),
        (number_type("元"), 0.001, "decimals"),
        (number_type("元"), "1e3", "text_number"),
        (number_type("年份", minimum=1900), 18.0, "out_of_range"),
        (number_type("比例"), 60.0, "out_of_range"),
        (TimeType(), "8:30", "not_a_number"),
        (DayType(), 0.0, "not_a_date"),
        (DayType(), "2018-02-30", "not_a_date"),
    ],
)
def test_what_a_cell_is_refused_for(kind: Any, cell: object, problem: str) -> None:
    _, refusal = entry(kind).read(cell)
    assert refusal is not None
    assert refusal[0] == problem
    assert refusal[1]["allowed"]


def test_a_cell_that_is_used_though_told() -> None:
    value, refusal = entry(number_type("元")).read(1.005)
    assert (value, refusal[0] if refusal else "") == (Decimal("1.01"), "decimals")
    assert entry(ChoiceType(("平度市",), {"平度": "平度市"})).read("平度")[0] == "平度市"
    assert entry(ChoiceType(("平度市",), {"平度": "平度市"}), compared=False).read("平度") == ("平度市", None)


def test_shares_are_told_in_percent() -> None:
    assert isinstance(number_type("比例"), NumberType)
    assert entry(number_type("比例")).allowed.startswith("0% 至 ")


def test_the_closest_choice() -> None:
    assert closest("平度县", ("平度市", "莱西市")) == "（是不是“平度市”？）"
    assert closest("北京", ("平度市", "莱西市")) == ""


@pytest.mark.parametrize(
    ("cell", "text"), [(None, ""), (True, "TRUE"), (40.0, "40"), (0.1 + 0.2, "0.3"), ("长" * 80, "长" * 59 + "…")]
)
def test_cells_in_sentences(cell: object, text: str) -> None:
    assert shown(cell) == text


def test_numbers_by_the_digits_people_see() -> None:
    assert exact(0.1 + 0.2) == Decimal("0.3")
    assert exact(True) is None
    assert exact("1") is None
