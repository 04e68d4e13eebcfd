"""A check's findings as a workbook: one sheet of files, one of problems, both to be filtered. Nothing becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qdcalc.filled.problems import Problem
from qdcalc.filled.report import EDITIONS, CheckReport
from qdcalc.recalc.journal import storable
from qdcalc.recalc.paths import shared_folder
from qdcalc.workbook.page import A4
from qdcalc.workbook.plan import cell_width
from qdcalc.workbook.styles import Styles

FILES = ("文件", "模板", "版本", "种类", "已填行数", "问题", "提示", "结论")
FILE_WIDTHS = (46.0, 42.0, 8.0, 12.0, 10.0, 8.0, 8.0, 14.0)
PROBLEMS = ("序号", "文件", "工作表", "单元格", "性质", "问题", "填的是", "应为", "说明")
PROBLEM_WIDTHS = (6.0, 28.0, 14.0, 12.0, 7.0, 20.0, 24.0, 32.0, 56.0)
_LONGEST, _MOST_LINES = 1_000, 8
"""characters of a cell's text (Excel's own limit is 32,767), and the lines of it that a row has room for"""


def write_report(report: CheckReport, target: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    written = BytesIO()
    book = Workbook(written, options)
    styles = Styles(book)
    _files(_sheet(book, styles, "文件", FILES, FILE_WIDTHS), styles, report)
    _problems(_sheet(book, styles, "问题", PROBLEMS, PROBLEM_WIDTHS), styles, report)
    book.close()
    target.write_bytes(written.getvalue())  # not by the library, so that a full disk is an OSError


def _sheet(book: Workbook, styles: Styles, name: str, heads: Sequence[str], widths: Sequence[float]) -> Worksheet:
    sheet = book.add_worksheet(name)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, head, styles.head)
    sheet.set_row(0, 30)
    sheet.set_row(1, 24)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer('&C&"宋体,常规"&9第 &P 页，共 &N 页')
    sheet.hide_gridlines(2)
    return sheet


def _files(sheet: Worksheet, styles: Styles, report: CheckReport) -> None:
    root = shared_folder([file.path for file in report.files])
    place = f"　位置：{storable(str(root))}" if root is not None and len(report.files) > 1 else ""
    _title(sheet, styles, "　".join([f"填报检查：{report.summary()}{place}", *report.notes]), len(FILES))
    for row, file in enumerate(report.files, start=2):
        left, centre = styles.framed(align="left", text_wrap=True), styles.framed(align="center")
        mood = styles.framed(align="center", font_color="#B3261E" if file.wrong else "#2E6B1F")
        name = _name(file.path, root)
        sheet.set_row(row, 16 * ceil(cell_width(name) / (FILE_WIDTHS[0] - 2)) + 6)
        texts = (name, file.template or "没有认出", file.version, EDITIONS.get(file.edition, ""))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, left if column < 2 else centre)
        for column, number in enumerate((file.rows, len(file.wrong), len(file.notes)), start=4):
            sheet.write_number(row, column, number, centre)
        sheet.write_string(row, 7, file.verdict, mood)
    sheet.autofilter(1, 0, max(2, len(report.files) + 1), len(FILES) - 1)


def _problems(sheet: Worksheet, styles: Styles, report: CheckReport) -> None:
    _title(sheet, styles, "逐项列出，按文件、工作表和单元格排列", len(PROBLEMS))
    root = shared_folder([file.path for file in report.files])
    row = 2
    for file in report.files:
        for problem in file.problems:
            _problem(sheet, styles, row, problem, _name(problem.path, root))
            row += 1
    sheet.autofilter(1, 0, max(2, row - 1), len(PROBLEMS) - 1)


def _problem(sheet: Worksheet, styles: Styles, row: int, problem: Problem, name: str) -> None:
    left, centre = styles.framed(align="left", text_wrap=True), styles.framed(align="center")
    nature = "提示" if problem.is_note else "问题"
    mood: Format = styles.framed(align="center", font_color="#8A5A00" if problem.is_note else "#B3261E")
    sheet.write_number(row, 0, row - 1, centre)
    texts = (
        (name, left), (problem.sheet, left), (problem.cell, centre), (nature, mood), (problem.title, left),
        (problem.found, left), (problem.allowed, left), (problem.sentence, left),
    )  # fmt: skip
    for column, (text, style) in enumerate(texts, start=1):
        sheet.write_string(row, column, text[:_LONGEST], style)
    lines = max(
        ceil(cell_width(text) / (width - 1)) for (text, _), width in zip(texts, PROBLEM_WIDTHS[1:], strict=True)
    )
    sheet.set_row(row, 16 * min(max(lines, 1), _MOST_LINES) + 4)


def _name(path: Path, root: Path | None) -> str:
    """Below the folder that all are in: two districts may give a file the same name."""
    inside = root is not None and path.is_relative_to(root)
    return storable(str(path.relative_to(root)) if inside and root is not None else str(path))


def _title(sheet: Worksheet, styles: Styles, text: str, columns: int) -> None:
    sheet.merge_range(0, 0, 0, columns - 1, "", styles.make(font_name="黑体", font_size=14, font_color="#1F3864"))
    sheet.write_string(0, 0, text, styles.make(font_name="黑体", font_size=14, font_color="#1F3864"))
