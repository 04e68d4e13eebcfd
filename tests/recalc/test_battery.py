"""Ordinary formulas of finance workbooks, recalculated here and by a real LibreOffice: battery.txt.

A line is a formula, a tab, and what is to be: nothing where both programs agree; 保留 where the formula keeps its value and
the report says so; else the value that Excel gives, by its documentation, where LibreOffice gives another.
"""

from __future__ import annotations

import datetime
import math
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from qdcalc.policies import functions
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.office import calculated
from qdcalc.recalc.package import open_package
from qdcalc.recalc.second import _agree, _Opinion
from qdcalc.recalc.values import CellValue, ErrorValue
from tests.workbook.office import needs_office

KEPT = "保留"
LINES = [line for line in Path(__file__).with_name("battery.txt").read_text(encoding="utf-8").splitlines() if line]
_LATER = re.compile(
    r"(?<![\w.])(?=(?:AGGREGATE|CEILING\.MATH|FLOOR\.MATH|CONCAT|TEXTJOIN|DAYS|IFNA|IFS|SWITCH|ISOWEEKNUM|MAXIFS|MINIFS"
    r"|NUMBERVALUE|PERCENTILE\.EXC|QUARTILE\.EXC|RANK\.AVG|RANK\.EQ|STDEV\.P|UNICHAR|UNICODE|XOR)\()"
)
"""Names that a file writes with _xlfn. before them."""
_ANYWHERE = re.compile(r"OFFSET|INDIRECT|动")
"""Such a formula may read any cell: in one workbook with formulas that have no value, it has none either."""


def _sheet(book: openpyxl.Workbook) -> None:
    day = datetime.date
    rows: list[tuple[object, ...]] = [
        ("名称", "金额", "日期", "区市", "杂", "正负", "错"),
        ("甲公司", 1234.5, day(2018, 1, 1), "市南区", None, -2.5, "=1/0"),
        ("乙公司", -80, day(2018, 2, 28), "平度市", 0, 2.5, 5),
        ("甲企业", 3000, day(2018, 3, 31), "市南区", '=""', -1.115, "=NA()"),
        ("丙公司（青岛）", 3000, day(2018, 4, 30), "莱西市", "文", 1.115, 7),
        ("a*b", 0.1, day(2018, 5, 31), "平度市", True, -1234.5678),
        ("ABC", 0.2, day(2019, 12, 31), "市南区", 5, 0.5),
        ("abc", 0.3, day(2020, 2, 29), "胶州市", "5", 1.5),
        ("甲 公司", 99999.99, day(2020, 12, 31), '=""', -7, -0.5),
    ]
    sheet = book.worksheets[0]
    sheet.title = "表"
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
        sheet.cell(number, 8, "QD" if number == 1 else f"=QD_TALENT_SUBSIDY({number - 1}*100000)")
    for row in range(11, 14):
        sheet.cell(row, 1, ("2018-05-01", "1,234.50", "12%")[row - 11])
        sheet.cell(row, 2, "=0.1+0.2-0.3")
    hidden = book.create_sheet("藏")
    for row in range(1, 7):
        hidden.cell(row, 1, row)
    hidden.row_dimensions[3].hidden = True
    table = book.create_sheet("账")
    for cells in (("类", "数"), ("甲", 1), ("乙", "=1/0"), ("甲", 3)):
        table.append(cells)
    table.add_table(Table(displayName="账目", ref="A1:B4"))
    for name, text in (
        ("区", "表!$D$2:$D$9"),
        ("错", "表!$G$2:$G$9"),
        ("动", "OFFSET(表!$G$2,0,0,COUNTA(表!$A$2:$A$9),1)"),
    ):
        book.defined_names[name] = DefinedName(name, attr_text=text)


def workbook(path: Path, formulas: list[str]) -> Path:
    book = openpyxl.Workbook()
    _sheet(book)
    sheet = book.create_sheet("算")
    for row, text in enumerate(formulas, 1):
        text = _LATER.sub("_xlfn.", text)
        if text.startswith("{"):
            sheet.cell(row, 1, ArrayFormula(f"A{row}", text[1:-1]))  # type: ignore[arg-type]
        else:
            sheet.cell(row, 1, text)
    book.save(path)
    return path


def computed(formulas: list[str], folder: Path) -> list[tuple[CellValue | str, CellValue]]:
    """(our value or 保留, LibreOffice's value) of each formula."""
    folder.mkdir()
    source, target = workbook(folder / "in.xlsx", formulas), folder / "out.xlsx"
    report = recalc_book(source, target)
    kept = {problem.cell for problem in report.skipped if problem.sheet == "算"}
    assert not [problem for problem in report.skipped if problem.sheet != "算" and problem.sheet != "表"]
    with open_package(target) as package:
        opinion = _Opinion(package, functions())
        opinion.ask(folder, calculated)
        at = [sheet.name for sheet in package.sheets].index("算")
    own, other = opinion.own[at], opinion.found[at]
    return [
        (KEPT if f"A{row}" in kept else own.get((row, 1)), other.get((row, 1))) for row in range(1, len(formulas) + 1)
    ]


def wanted(text: str) -> CellValue:
    if text.startswith("#"):
        return ErrorValue(text)
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return text[1:-1] if text.startswith('"') else float(text)


def right(own: CellValue | str, other: CellValue, expected: str) -> bool:
    if expected == KEPT or own == KEPT:
        return own == expected
    if expected:
        value = wanted(expected)
        if isinstance(value, float) and isinstance(own, float):
            return math.isclose(own, value, rel_tol=1e-9)
        return own == value and type(own) is type(value)
    if isinstance(own, ErrorValue) and isinstance(other, ErrorValue):
        return True  # LibreOffice writes #VALUE! for errors of its own, and of two errors takes the last
    return _agree(own, other)


@needs_office
@pytest.mark.parametrize("anywhere", [False, True])
def test_ordinary_formulas_are_right_or_keep_their_value(anywhere: bool, tmp_path: Path) -> None:
    lines = [line.partition("\t") for line in LINES]
    lines = [line for line in lines if bool(_ANYWHERE.search(line[0])) is anywhere]
    found = computed([formula for formula, _, _ in lines], tmp_path / "battery")
    wrong = [
        (formula, own, other, expected)
        for (formula, _, expected), (own, other) in zip(lines, found, strict=True)
        if not right(own, other, expected)
    ]
    assert not wrong
    assert len(lines) > (10 if anywhere else 300)


def test_a_kept_value_stays_and_what_reads_it_is_right(tmp_path: Path) -> None:
    from tests.recalc.cells import F, recalculated

    cells: dict[str, object] = {
        "A1": 10, "B1": F("QD_DOUBLE(A1)", 0),
        "C1": F("INT(0.29*100)+0*B1", 29), "C2": F("C1*2", 58),
        "C3": F("IF(0.1+0.2-0.3+0*B1=0,1,2)", 1), "C4": F('COUNTIF(B1:B2,">10%")', 1),
    }  # fmt: skip
    found, report = recalculated(tmp_path, cells)
    assert (found["B1"], found["C1"], found["C2"], found["C3"], found["C4"]) == (20, 29, 58, 1, 1)
    assert {problem.cell for problem in report.skipped} == {"C1", "C3", "C4"}
    assert "小数的最后几位" in str(report)
    assert "引擎不认识条件“10%”" in str(report)
