"""What people should leave as it is: formulas, validations, figures, sheets, headings, rows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.cell_range import MultiCellRange

from qdcalc.filled.compare import Spelling
from qdcalc.filled.read import read_book
from qdcalc.workbook.templates import template_plan
from tests.filled.edits import Edit, copy_sheet, edited, found, insert_row, kinds, put

SUBSIDY = template_plan("talent", rows=8).tables["subsidy"]
AMOUNT = SUBSIDY.cell("amount", SUBSIDY.first)
TOTAL = SUBSIDY.total("amount").replace("$", "")


# ---------------------------------------------------------------- formulas


def test_a_value_over_a_formula(tmp_path: Path) -> None:
    book = found(tmp_path, put("补助", AMOUNT, 70000))
    assert kinds(book) == [("overwritten_formula", "补助", AMOUNT)]
    (problem,) = book.problems
    assert problem.found == "70000"
    assert problem.allowed.startswith("IF(COUNTA(人选!")
    assert "QD_TALENT_SUBSIDY(人选!Q6)" in problem.sentence
    assert not book.of("subsidy")[0].rows[0].ok
    assert book.of("subsidy")[0].rows[1].ok


def test_a_formula_deleted(tmp_path: Path) -> None:
    assert kinds(found(tmp_path, put("补助", AMOUNT, None))) == [("missing_formula", "补助", AMOUNT)]


@pytest.mark.parametrize(
    "formula",
    ["=QD_TALENT_SUBSIDY(人选!Q7)", '=IF(COUNTA(人选!$B6:$R6)=0,"",QD_TALENT_SUBSIDY(人选!Q6))+1', "=65000"],
)
def test_a_formula_changed(formula: str, tmp_path: Path) -> None:
    book = found(tmp_path, put("补助", AMOUNT, formula))
    assert kinds(book)[0] == ("changed_formula", "补助", AMOUNT)
    assert book.problems[0].found == formula[1:]


def test_a_column_pasted_as_values_is_one_problem(tmp_path: Path) -> None:
    letter, first = AMOUNT[0], SUBSIDY.first + 1

    def edit(book: Workbook) -> None:
        for row in range(first, first + 3):
            book["补助"][f"{letter}{row}"] = 65000

    book = found(tmp_path, edit)
    assert kinds(book) == [("overwritten_formula", "补助", f"{letter}{first}:{letter}{first + 2}")]
    assert "（共3格）" in book.problems[0].sentence


def test_a_total_and_a_summary_typed_over(tmp_path: Path) -> None:
    assert kinds(found(tmp_path, put("补助", TOTAL, 1))) == [("overwritten_formula", "补助", TOTAL)]
    book = found(tmp_path, put("汇总", "D5", 1))
    assert kinds(book) == [("overwritten_formula", "汇总", "D5")]
    assert book.problems[0].sentence.startswith("金融机构：")


def test_the_working_of_a_plain_edition_changed(tmp_path: Path) -> None:
    book = found(tmp_path, put("过程·补助", "C6", 1), plain=True)
    assert ("overwritten_formula", "过程·补助", "C6") in kinds(book)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IF(A1=0, TRUE ,项目!B2)", "if(A1=0,TRUE(),'项目'!B2)"),
        ("_xludf.QD_ROAD_RATE(A1)", "QD_ROAD_RATE(A1)"),
        ("[1]!QD_ROAD_RATE(A1)", "QD_ROAD_RATE(A1)"),
        ("1+'C:\\办公\\[qdcalc.xlam]'!QD_ROAD_RATE(A1)", "1+QD_ROAD_RATE(A1)"),
        ("1+qdcalc.xlam!QD_ROAD_RATE(A1)", "1+QD_ROAD_RATE(A1)"),
        ("过程·项目!B2", "'过程·项目'!B2"),
    ],
)
def test_spellings_of_one_formula(one: str, other: str) -> None:
    assert Spelling().canonical(one) == Spelling().canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('A1&" 是"', 'A1&"是"'),
        ('A1&"a"', 'A1&"A"'),
        ("[1]项目!B2", "项目!B2"),
        ("'[甲.xlsx]项目'!B2", "项目!B2"),
        ("$B2", "B2"),
    ],
)
def test_formulas_that_differ(one: str, other: str) -> None:
    assert Spelling().canonical(one) != Spelling().canonical(other)


def test_in_a_copy_other_workbooks_and_copies_stand_for_the_own_sheets() -> None:
    copy = Spelling({"项目 (2)": "项目"}, outside=True)
    for text in ("[1]项目!B2", "'[甲.xlsx]项目'!B2", "'项目 (2)'!B2", "'C:\\表\\[甲.xlsx]项目 (2)'!B2"):
        assert copy.canonical(text) == "项目!B2"


# ---------------------------------------------------------------- validations, figures


def test_pasting_takes_validations_away(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for rule in book["人选"].data_validations.dataValidation:
            left, top, _, bottom = range_boundaries(str(rule.sqref))
            if left in (4, 5) and top == 6:
                letter = "DE"[left - 4]
                rule.sqref = MultiCellRange(f"{letter}6 {letter}9:{letter}{bottom}")

    book = found(tmp_path, edit)
    assert kinds(book) == [("pasted_validation", "人选", "D7:E8")]
    assert "共4格" in book.problems[0].sentence


def test_other_choices_than_the_templates(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        rule = next(rule for rule in book["人选"].data_validations.dataValidation if str(rule.sqref) == "D6:D13")
        rule.formula1 = '"银行,证券"'

    assert kinds(found(tmp_path, edit)) == [("pasted_validation", "人选", "D6:D13")]


def test_figures_must_stay(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda book: None)
    sheet = openpyxl.load_workbook(path)["依据"]
    cell = next(row[4] for row in sheet.iter_rows(min_row=5) if row[4].value == 200000 and row[5].value == "元")
    book = found(tmp_path, put("依据", cell.coordinate, 250000))
    assert kinds(book) == [("changed_figure", "依据", cell.coordinate)]
    assert (book.problems[0].found, book.problems[0].allowed) == ("250000", "200000")


# ---------------------------------------------------------------- sheets and their places


def test_a_copied_sheet_is_checked_and_only_a_note(tmp_path: Path) -> None:
    book = found(tmp_path, lambda book: copy_sheet(book, "危桥", "危桥 (2)"), "road")
    assert kinds(book) == [("copied_sheet", "危桥 (2)", "")]
    assert book.ok
    assert [sheet.copy for sheet in book.of("bridges")] == [0, 1]

    def edit(book: Workbook) -> None:
        copy_sheet(book, "危桥", "莱西危桥")["D6"] = "一百万"

    assert kinds(found(tmp_path, edit, "road")) == [
        ("copied_sheet", "莱西危桥", ""),
        ("not_a_number", "莱西危桥", "D6"),
    ]


def test_a_copied_sheet_that_reads_another_workbook(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = copy_sheet(book, "危桥", "危桥 (2)")
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = cell.value.replace("项目!", "[1]项目!").replace("检查!", "[1]检查!")

    path = edited(tmp_path, edit, "road", recalculated=False)
    book = read_book(path, recalculate=False)
    mine = [problem for problem in book.problems if problem.sheet == "危桥 (2)"]
    assert {problem.kind for problem in mine} == {"copied_sheet", "external_link"}


def test_a_renamed_sheet_is_checked_and_only_a_note(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("="):
                        cell.value = cell.value.replace("人选!", "平度人选!")
        book["人选"].title = "平度人选"

    book = found(tmp_path, edit)
    assert kinds(book) == [("renamed_sheet", "平度人选", "")]
    assert len(book.of("people")[0].rows) == 3


def test_a_missing_sheet(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book["土地收益"]

    path = edited(tmp_path, edit, "road", recalculated=False)
    book = read_book(path, recalculate=False)
    missing = [problem for problem in book.problems if problem.kind == "missing_sheet"]
    assert [problem.allowed for problem in missing] == ["土地收益"]


def test_an_extra_sheet_is_a_note(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book.create_sheet("备忘")["A1"] = "给审核人的话"

    book = found(tmp_path, edit)
    assert kinds(book) == [("extra_sheet", "备忘", "")]
    assert book.ok


def test_headings_that_are_gone(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for column in range(1, 20):
            book["人选"].cell(5, column, f"第{column}列")

    assert ("lost_headings", "人选", "") in kinds(read_book(edited(tmp_path, edit, recalculated=False)))


def test_a_heading_changed(tmp_path: Path) -> None:
    book = found(tmp_path, put("人选", "Q5", "年收入"))
    assert kinds(book) == [("changed_heading", "人选", "Q5")]
    assert "“劳动报酬（元）”被改成“年收入”" in book.problems[0].sentence
    assert book.of("people")[0].rows[0].values["pay"] == 650000


@pytest.mark.parametrize(
    ("edit", "kind", "words"),
    [
        (lambda book: book["人选"].insert_cols(4), "inserted_column", "（无表头）"),
        (lambda book: book["人选"].delete_cols(4), "missing_column", "单位类别"),
        (lambda book: book["人选"].move_range("D5:D13", cols=40), "moved_columns", "次序"),
    ],
)
def test_columns_that_were_moved_are_found_by_their_headings(edit: Edit, kind: str, words: str, tmp_path: Path) -> None:
    book = read_book(edited(tmp_path, edit, recalculated=False), recalculate=False)
    problem = next(problem for problem in book.problems if problem.kind == kind)
    assert words in problem.sentence
    row = book.of("people")[0].rows[0]
    assert row.values["name"] == "王海洋"
    assert row.values["pay"] == 650000
    assert ("employer" in row.values) == (kind != "missing_column")


def test_a_table_moved_down_is_a_note(tmp_path: Path) -> None:
    book = found(tmp_path, lambda book: insert_row(book, "人选", 1))
    assert kinds(book) == [("moved_rows", "人选", "6:6")]
    assert [row.number for row in book.of("people")[0].rows] == [7, 8, 9]
    assert book.of("people")[0].fields["office"] == "市金融工作办"


def test_a_row_inserted_in_the_middle_has_no_formulas(tmp_path: Path) -> None:
    book = found(tmp_path, lambda book: insert_row(book, "危桥", 8), "road")
    assert {problem.kind for problem in book.problems} == {"missing_formula"}
    assert {problem.row for problem in book.problems} == {8}
