"""The report as a workbook: everything that was found is in it, as text that can never become a formula."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qdcalc.recalc import report_book
from qdcalc.recalc.report import BookReport, Disagreement, Failure, Report, Skipped
from qdcalc.recalc.report_book import write_report_book
from qdcalc.recalc.values import ErrorValue

EVIL = '=HYPERLINK("http://evil","x")'


def sample() -> Report:
    good = BookReport(
        Path("/上报/平度市/表.xlsx"), Path("/out/平度市/表.xlsx"), 20, 10, 4, 6, 2,
        [
            Failure("补助", "F7", "QD_TALENT_SUBSIDY", "#N/A", "劳动报酬（元）：未填写", "第九条（一）"),
            Failure(EVIL, "F8", "QD_X", "#VALUE!", "+1", "@x"),
        ], 2,
        [Skipped("补助", "G1", "引擎没有这个函数", ErrorValue("#REF!"), True), Skipped("补助", "G2", "同上", None, False)], 2,
        [Disagreement("补助", "H1", 1.5, EVIL)], 1, ["第503行起没有公式"], "", {"打开": 0.5, "计算": 1.25}, "talent 1.0",
    )  # fmt: skip
    bad = BookReport(Path("/上报/\udcff.xlsx"), error="文件是空的")
    old = BookReport(Path("/上报/莱西市/表.xlsx"), Path("/out/b"), 5, 5, seconds={"打开": 9.0}, reused=True)
    return Report([good, bad, old], ["旧.xls：旧版格式，请另存", f"{EVIL}：x"], ["这次全部重新计算"])


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    write_report_book(sample(), tmp_path / "报告.xlsx")
    return openpyxl.load_workbook(tmp_path / "报告.xlsx")


def rows(book: openpyxl.Workbook, name: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_the_summary_comes_first_and_adds_up(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["概要", "文件", "出错的政策函数", "未重算的公式", "与原值不一致", "未处理的文件", "用时"]
    found = {row[0]: row[1] for row in rows(book, "概要") if isinstance(row[1], (int, float))}
    assert found == {
        "全部": 1.75, "完成": 2, "　其中沿用上次结果": 1, "失败": 1, "未处理": 2, "公式": 25, "重算": 15, "　其中有变化": 4,
        "出错的政策函数": 2, "未重算的公式": 2, "与原值不一致": 1, "　打开": 0.5, "　计算": 1.25,
    }  # fmt: skip
    text = [str(row[0]) for row in rows(book, "概要")]
    assert "劳动报酬（元）：未填写（第九条（一））" in text
    assert "注意：这次全部重新计算" in text


def test_every_finding_has_its_row(book: openpyxl.Workbook) -> None:
    heads, *files = rows(book, "文件")
    assert heads[:3] == ["序号", "文件", "结果"]
    assert [row[1:4] for row in files] == [
        ["平度市/表.xlsx", "完成", "金融高端人才 1.0"], ["\\udcff.xlsx", "失败", None], ["莱西市/表.xlsx", "沿用", None],
    ]  # fmt: skip
    assert files[0][4:] == [20, 10, 4, 2, 2, 1, 1.75, "第503行起没有公式"]
    assert files[1][-1] == "文件是空的"
    assert files[2][4:] == [5, 5, 0, 0, 0, 0, 0, None]
    assert rows(book, "出错的政策函数")[1:] == [
        ["平度市/表.xlsx", "补助", "F7", "QD_TALENT_SUBSIDY", "#N/A", "劳动报酬（元）：未填写", "第九条（一）"],
        ["平度市/表.xlsx", EVIL, "F8", "QD_X", "#VALUE!", "+1", "@x"],
    ]
    assert [row[3:] for row in rows(book, "未重算的公式")[1:]] == [
        ["引擎没有这个函数", "#REF!", "是"],
        ["同上", "没有值", None],
    ]
    assert rows(book, "与原值不一致")[1:] == [["平度市/表.xlsx", "补助", "H1", "1.5", f"“{EVIL}”"]]
    assert rows(book, "用时") == [
        ["文件", "打开（秒）", "计算（秒）", "合计（秒）"], ["平度市/表.xlsx", 0.5, 1.25, 1.75],
    ]  # fmt: skip
    assert rows(book, "未处理的文件")[1:] == [["旧.xls", "旧版格式，请另存"], [EVIL, "x"]]


def test_nothing_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)


def test_each_table_can_be_filtered_and_stays_readable(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert table.autoFilter is not None
        assert table.ref == sheet.dimensions
        assert sheet.freeze_panes in ("B2", "C2")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"


def test_a_report_without_findings_is_short(tmp_path: Path) -> None:
    write_report_book(Report([BookReport(Path("a.xlsx"))]), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["概要", "文件"]
    write_report_book(Report(), tmp_path / "b.xlsx")
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames == ["概要", "文件"]


def test_more_rows_than_anyone_reads_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_book, "ROWS", 1)
    write_report_book(sample(), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(rows(book, "出错的政策函数")) == 2
    assert "注意：每张表最多列出 1 行" in [row[0] for row in rows(book, "概要")]
