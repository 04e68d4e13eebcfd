"""The report of a batch as a workbook: a summary first, then one table a kind of finding, ready to filter and print."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from qdcalc.recalc.journal import storable
from qdcalc.recalc.paths import shared_folder
from qdcalc.recalc.report import KEPT, Report, shown
from qdcalc.workbook.templates import find_template, template_ids

ROWS = 50_000
"""rows of a table: more is nothing that a person reads, and JSON has them"""
REASONS = 15
"""kinds of trouble that the summary lists"""
_TEXT = 32_000
"""characters of a cell; Excel ends at 32,767"""
_FONT = {"font_name": "等线", "font_size": 10.5, "valign": "vcenter"}
_BAD, _WARN = "#9C0006", "#7F6000"


@dataclass(frozen=True)
class _Column:
    title: str
    width: float
    wrap: bool = False
    number: str = ""
    """number format; "" for text"""


_FILE, _SHEET, _CELL = _Column("文件", 38, wrap=True), _Column("工作表", 16), _Column("单元格", 9)


class _Writer:
    def __init__(self, report: Report, path: Path) -> None:
        self.report = report
        self.root = shared_folder([file.path for file in report.files])
        self._path, self._written = path, BytesIO()
        self.book = xlsxwriter.Workbook(
            self._written, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.head = self._format(
            bold=True, bg_color="#1F4E79", font_color="#FFFFFF", text_wrap=True, border=1, align="center"
        )

    def _format(self, **more: object) -> Any:
        return self.book.add_format({**_FONT, **more})

    def write(self) -> None:
        report = self.report
        self._summary()
        files = [
            _Column("序号", 7, number="0"), _FILE, _Column("结果", 8), _Column("模板", 20),
            *(_Column(title, 9, number="#,##0") for title in ("公式", "重算", "变化", "函数出错", "未重算", "不一致")),
            _Column("用时（秒）", 9, number="0.00"), _Column("说明", 56, wrap=True),
        ]  # fmt: skip
        self._table("文件", files, self._files(), tint=lambda row: _BAD if row[2] == "失败" else None)
        kinds: list[tuple[str, list[_Column], Iterator[Sequence[object]]]] = [
            (
                "出错的政策函数",
                [
                    _FILE, _SHEET, _CELL, _Column("函数", 26), _Column("结果", 10), _Column("说明", 60, wrap=True),
                    _Column("条款", 24, wrap=True),
                ],
                self._failures(),
            ),
            (
                "未重算的公式",
                [
                    _FILE, _SHEET, _CELL, _Column("原因", 60, wrap=True), _Column("保留的值", 20, wrap=True),
                    _Column("可能过时", 10),
                ],
                self._skipped(),
            ),
            (
                "与原值不一致",
                [
                    _FILE, _SHEET, _CELL, _Column("文件中的值（已保留）", 26, wrap=True),
                    _Column("引擎算得的值", 26, wrap=True),
                ],
                self._disagreements(),
            ),
            (
                "两个引擎不一致",
                [
                    _FILE, _SHEET, _CELL, _Column("本程序的值", 26, wrap=True),
                    _Column("LibreOffice 的值", 26, wrap=True),
                ],
                self._differences(),
            ),
            ("未处理的文件", [_FILE, _Column("原因", 70, wrap=True)], iter(_split(report.passed_over))),
            (
                "用时",
                [
                    _FILE, *(_Column(f"{stage}（秒）", 12, number="0.000") for stage in report.seconds),
                    _Column("合计（秒）", 12, number="0.000"),
                ],
                self._seconds(),
            ),
        ]  # fmt: skip
        for name, columns, rows in kinds:
            first = next(rows, None)
            if first is not None:
                self._table(name, columns, _chained(first, rows))
        self.book.close()
        self._path.write_bytes(self._written.getvalue())  # not by the library, so that a full disk is an OSError

    def _name(self, path: Path) -> str:
        return storable(str(path.relative_to(self.root)) if self.root is not None else str(path))

    def _summary(self) -> None:
        report, totals = self.report, self.report.totals
        sheet = self.book.add_worksheet("概要")
        _page(sheet, landscape=False)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 30, self._format())
        sheet.set_column(1, 1, 14, self._format())
        sheet.set_column(2, 2, 56, self._format())
        sheet.set_column(3, 3, 9, self._format())
        title = self._format(bold=True, font_size=16, indent=1)
        band = self._format(bold=True, bg_color="#DDEBF7", bottom=1, indent=1)
        label, note = self._format(indent=1), self._format(font_color="#595959", text_wrap=True, indent=1)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, "工作簿重算报告", title)
        line = 1
        sheet.write_string(line, 0, time.strftime("%Y-%m-%d %H:%M"), note)
        if self.root is not None:
            line += 1
            sheet.merge_range(line, 0, line, 2, "", note)
            sheet.write_string(line, 0, f"位置：{storable(str(self.root))}", note)
        bad, warn = self._number(_BAD), self._number(_WARN)
        plain, seconds = self._number(None), self._format(num_format="#,##0.0", align="right")
        blocks: list[tuple[str, list[tuple[str, float, Any, str]]]] = [
            (
                "文件",
                [
                    ("全部", totals["files"], plain, ""),
                    ("完成", totals["done"], plain, ""),
                    ("　其中沿用上次结果", totals["reused"], plain, "输入、输出、软件和选项都与上次相同"),
                    ("失败", totals["failed"], bad if totals["failed"] else plain, "没有写出结果，原因见“文件”表"),
                    ("未处理", len(report.passed_over), warn if report.passed_over else plain, "旧版或其他格式"),
                ],
            ),
            (
                "单元格",
                [
                    ("公式", totals["formulas"], plain, ""),
                    ("重算", totals["patched"], plain, ""),
                    ("　其中有变化", totals["changed"], plain, ""),
                    ("出错的政策函数", totals["failures"], bad if totals["failures"] else plain, "填报内容有误，逐格列出"),
                    ("未重算的公式", totals["skipped"], warn if totals["skipped"] else plain, "引擎不会算，保留原值"),
                    ("与原值不一致", totals["disagreements"], warn if totals["disagreements"] else plain, "保留原值，请核对"),
                ],
            ),
        ]  # fmt: skip
        if report.seconds:
            spent = [("全部", sum(report.seconds.values()), seconds, "各文件之和；几个进程同时算，实际时间短一些")]
            blocks.append(
                ("用时（秒）", spent + [("　" + name, value, seconds, "") for name, value in report.seconds.items()])
            )
        for heading, rows in blocks:
            line += 2
            for column, text in enumerate((heading, "", "", "")):
                sheet.write_string(line, column, text, band)
            for text, number, form, remark in rows:
                line += 1
                sheet.write_string(line, 0, text, label)
                sheet.write_number(line, 1, number, form)
                sheet.write_string(line, 2, remark, note)
        line = self._reasons(sheet, line, band, "文件失败的原因", (file.error for file in report.files if file.error))
        line = self._reasons(sheet, line, band, "政策函数出错的原因", self._sentences())
        told = list(report.notes)
        counts = ("failure_count", "skipped_count", "disagreement_count", "difference_count")
        if any(max(getattr(file, name) for name in counts) > KEPT for file in report.files):
            told.append(f"每个文件每类情况最多列出 {KEPT} 条")
        if max(totals[key] for key in ("files", "failures", "skipped", "disagreements", "differences")) > ROWS:
            told.append(f"每张表最多列出 {ROWS} 行")
        for text in told:
            line += 2
            sheet.merge_range(line, 0, line, 2, "", note)
            sheet.write_string(line, 0, f"注意：{storable(text)}", note)

    def _number(self, color: str | None) -> Any:
        look = {"num_format": "#,##0", "align": "right"}
        return self._format(**look) if color is None else self._format(**look, bold=True, font_color=color)

    def _sentences(self) -> Iterator[str]:
        for file in self.report.files:
            for failure in file.failures:
                yield f"{failure.sentence}（{failure.article}）"

    def _reasons(self, sheet: Any, line: int, band: Any, title: str, sentences: Iterable[str]) -> int:
        """The commonest first: what a letter to the districts has to say."""
        counted = Counter(sentences)
        if not counted:
            return line
        line += 2
        for column, text in enumerate((title, "", "", "")):
            sheet.write_string(line, column, text, band)
        wrapped, number = self._format(text_wrap=True, indent=1), self._format(num_format='#,##0" 处"', align="right")
        for sentence, times in counted.most_common(REASONS):
            line += 1
            sheet.set_row(line, 16 * max(1, -(-_width(sentence) // 94)))
            sheet.merge_range(line, 0, line, 2, "", wrapped)
            sheet.write_string(line, 0, storable(sentence[:_TEXT]), wrapped)
            sheet.write_number(line, 3, times, number)
        if len(counted) > REASONS:
            line += 1
            sheet.write_string(line, 0, f"另有 {len(counted) - REASONS} 种", wrapped)
        return line

    def _table(
        self,
        name: str,
        columns: Sequence[_Column],
        rows: Iterable[Sequence[object]],
        tint: Callable[[Sequence[object]], str | None] = lambda row: None,
    ) -> None:
        sheet = self.book.add_worksheet(name)
        _page(sheet)
        sheet.freeze_panes(1, 2 if columns[0].number else 1)
        sheet.repeat_rows(0)
        formats: dict[str | None, list[Any]] = {}
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        listed = list(islice(rows, ROWS))
        sheet.set_row(0, 32)
        sheet.add_table(
            0, 0, max(len(listed), 1), len(columns) - 1,
            {
                "style": "Table Style Light 9",
                "columns": [{"header": column.title, "header_format": self.head} for column in columns],
            },
        )  # fmt: skip
        for line, row in enumerate(listed, 1):
            color = tint(row)
            if color not in formats:
                formats[color] = [self._cell(column, color) for column in columns]
            height = 1
            for column, value in zip(columns, row, strict=True):
                if column.wrap and isinstance(value, str):
                    height = max(
                        height, sum(-(-(_width(part) or 1) // int(column.width - 3)) for part in value.split("\n"))
                    )
            sheet.set_row(line, 4 + 14 * min(height, 12))
            for at, (value, form) in enumerate(zip(row, formats[color], strict=True)):
                if isinstance(value, (int, float)):
                    sheet.write_number(line, at, value, form)
                elif value == "":
                    sheet.write_blank(line, at, None, form)
                else:
                    sheet.write_string(line, at, storable(str(value))[:_TEXT], form)

    def _cell(self, column: _Column, color: str | None) -> Any:
        look: dict[str, object] = {"text_wrap": column.wrap, "bottom": 4, "bottom_color": "#BFBFBF"}
        look |= {"num_format": column.number, "align": "right"} if column.number else {"indent": 1}
        return self._format(**look) if color is None else self._format(**look, font_color=color)

    def _files(self) -> Iterator[list[object]]:
        for number, file in enumerate(self.report.files, 1):
            yield [
                number, self._name(file.path), file.state, _template(file.template), file.formulas, file.patched, file.changed,
                file.failure_count, file.skipped_count, file.disagreement_count,
                0.0 if file.reused else sum(file.seconds.values()),
                "\n".join([*([file.error] if file.error else []), *file.notes]),
            ]  # fmt: skip

    def _failures(self) -> Iterator[list[object]]:
        for file in self.report.files:
            for one in file.failures:
                yield [
                    self._name(file.path), one.sheet, one.cell, one.function, one.error, one.sentence, one.article,
                ]  # fmt: skip

    def _skipped(self) -> Iterator[list[object]]:
        for file in self.report.files:
            for one in file.skipped:
                kept = "没有值" if one.value is None else shown(one.value)
                yield [self._name(file.path), one.sheet, one.cell, one.reason, kept, "是" if one.outdated else ""]

    def _seconds(self) -> Iterator[list[object]]:
        for file in self.report.files:
            if file.seconds and not file.reused:
                stages = [file.seconds.get(stage, 0.0) for stage in self.report.seconds]
                yield [self._name(file.path), *stages, sum(stages)]

    def _disagreements(self) -> Iterator[list[object]]:
        for file in self.report.files:
            for one in file.disagreements:
                yield [self._name(file.path), one.sheet, one.cell, shown(one.kept), shown(one.engine)]

    def _differences(self) -> Iterator[list[object]]:
        for file in self.report.files:
            for one in file.differences:
                yield [self._name(file.path), one.sheet, one.cell, shown(one.own), shown(one.office)]


def write_report_book(report: Report, path: Path) -> None:
    """Writes the report as .xlsx to `path`. Whatever a file or a cell was called stays a text: no formula, no link."""
    _Writer(report, path).write()


def _page(sheet: Any, *, landscape: bool = True) -> None:
    sheet.set_paper(9)  # A4
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_header("&L&9工作簿重算报告　&A")
    sheet.set_footer("&C&9第 &P 页，共 &N 页&R&9打印日期：&D")


def _template(word: str) -> str:
    """talent 1.0 as people know it: 金融高端人才 1.0."""
    policy, _, version = word.partition(" ")
    return f"{find_template(policy).file} {version}" if policy in template_ids() else word


def _split(lines: Iterable[str]) -> Iterator[list[object]]:
    for line in lines:
        name, _, reason = line.partition("：")
        yield [name, reason]


def _chained(first: Sequence[object], rest: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield first
    yield from rest


def _width(text: str) -> int:
    """Columns that a text takes: Chinese letters are two wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
