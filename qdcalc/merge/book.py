"""The merged workbook: 总表, 明细, 重复享受, the rows of each table, 问题, 文件.

Totals are formulas over 明细, with the exact sums as their values, so that anybody can follow them and no viewer shows a
blank. Texts from the files are written as texts: none can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qdcalc.errors import UsageError
from qdcalc.merge.harvest import ELSEWHERE, Harvest
from qdcalc.merge.twice import Source, Twice
from qdcalc.rules.places import DISTRICTS
from qdcalc.workbook.page import A4
from qdcalc.workbook.plan import cell_width
from qdcalc.workbook.styles import Styles

DETAIL = "明细"
DETAIL_HEADS = (
    "序号", "政策", "事项", "区（市）", "对象类别", "对象", "单位或编号", "金额（元）", "资金来源", "来源文件", "工作表", "单元格",
)  # fmt: skip
DETAIL_WIDTHS = (7.0, 18.0, 14.0, 15.0, 9.0, 26.0, 24.0, 18.0, 30.0, 34.0, 14.0, 9.0)
AMOUNT, POLICY, ITEM, DISTRICT, FUNDING = "H", "B", "C", "D", "I"
TWICE_HEADS = (
    "组", "情形", "对象类别", "对象", "政策", "事项", "区（市）", "单位或编号", "金额（元）", "就高", "组内合计（元）", "高于就高的（元）",
    "来源文件", "工作表", "单元格", "说明",
)  # fmt: skip
TWICE_WIDTHS = (6.0, 18.0, 9.0, 24.0, 18.0, 14.0, 15.0, 24.0, 16.0, 7.0, 17.0, 17.0, 32.0, 13.0, 9.0, 34.0)
TROUBLE_HEADS = ("序号", "文件", "工作表", "单元格", "问题", "填的是", "应为", "说明")
TROUBLE_WIDTHS = (7.0, 34.0, 14.0, 13.0, 20.0, 24.0, 34.0, 70.0)
FILE_HEADS = ("序号", "文件", "模板", "版本", "合并行数", "未合并行数", "金额（元）", "问题数", "结论")
FILE_WIDTHS = (7.0, 50.0, 40.0, 8.0, 11.0, 12.0, 18.0, 9.0, 22.0)
SUMMARY_WIDTHS = (18.0, 23.0, 44.0, 9.0, 19.0)
_ROWS = 1_048_576
_LONGEST = 2_000
_MONEY = "#,##0.00"
_PAGE = 215.0
"""Column widths that an A4 page takes when it is held across and still can be read."""
_LINE, _LEAST = 15.0, 20.0
"""Heights of a line and of a row."""


def short_title(policy: str) -> str:
    """The policy's name as its template's file has it: 四好农村路."""
    from qdcalc.workbook.templates import find_template

    return find_template(policy).file


class MergedBook:
    """Writes one merged workbook from all harvests."""

    def __init__(self, target: Path, harvests: Sequence[Harvest], twice: Sequence[Twice]) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = Workbook(str(target), {**options, "constant_memory": True})
        self.book.set_size(24000, 14000)
        self.styles = Styles(self.book)
        self.harvests, self.twice = harvests, twice
        self.sources = [Source(item.path, claim) for item in harvests for claim in item.claims]
        self.titles = {item.policy: short_title(item.policy) for item in harvests if item.policy}

    def write(self) -> None:
        summary = self.book.add_worksheet("总表")
        self._detail()
        self._twice()
        self._tables()
        self._troubles()
        self._files()
        self._summary(summary)
        summary.activate()
        self.book.close()

    # ------------------------------------------------------------ 总表
    def _summary(self, sheet: Worksheet) -> None:
        widths = SUMMARY_WIDTHS
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 40)
        sheet.merge_range(0, 0, 0, len(widths) - 1, "各单位填报汇总", self.styles.title)
        done = sum(1 for item in self.harvests if item.merged)
        merged, left = sum(item.merged for item in self.harvests), sum(item.left_out for item in self.harvests)
        words = (
            f"共 {len(self.harvests)} 个文件，合并 {done} 个的 {merged} 行；另有 {left} 行有问题没有合并，见“问题”表。"
        )
        sheet.merge_range(1, 0, 1, len(widths) - 1, words, self.styles.document)
        row = self._by_item(sheet, 3)
        row = self._groups(sheet, row + 2, "资金来源", FUNDING, self._fundings())[1] + 1
        first, last = self._groups(sheet, row + 1, "区（市）", DISTRICT, self._districts())
        above = sum((item.above for item in self.twice if not item.doubt), Decimal(0))
        line = f"同一对象重复申报、不同政策都有申报的，按就高不重复，高于就高的金额合计 {above:,.2f} 元，逐笔见“重复享受”表；上面各表没有扣除。"
        sheet.merge_range(
            last + 2, 0, last + 2, len(widths) - 1, line, self.styles.text(font_color="#B3261E" if above else "#262626")
        )
        sheet.set_row(last + 2, 34)
        self._chart(sheet, "各区（市）金额（元）", first, last - 1, last + 4)
        self._printing(sheet, repeat=None, landscape=False)

    def _by_item(self, sheet: Worksheet, row: int) -> int:
        """Rows by policy and item; returns the row of the total."""
        self._heads(sheet, row, ("政策", "事项", "资金来源", "笔数", "金额（元）"))
        kinds: dict[tuple[str, str, str], list[Decimal]] = {}
        for source in self.sources:
            claim = source.claim
            kinds.setdefault((self.titles[claim.policy], claim.item, claim.funding), []).append(claim.amount)
        start = row + 1
        for number, ((policy, item, funding), amounts) in enumerate(sorted(kinds.items()), start=start):
            for column, text in enumerate((policy, item, funding or "文件未写")):
                sheet.write_string(number, column, text, self._left)
            where = ((POLICY, f"A{number + 1}"), (ITEM, f"B{number + 1}"), (FUNDING, f"C{number + 1}"))
            self._sums(sheet, number, 3, where, len(amounts), sum(amounts, Decimal(0)))
            sheet.set_row(number, _height((policy, item, funding), SUMMARY_WIDTHS[:3]))
        last = start + len(kinds) - 1
        return self._total(
            sheet,
            last + 1,
            3,
            start,
            last,
            [len(a) for a in kinds.values()],
            [sum(a, Decimal(0)) for a in kinds.values()],
        )

    def _groups(
        self, sheet: Worksheet, row: int, title: str, letter: str, groups: Mapping[str, Sequence[Decimal]]
    ) -> tuple[int, int]:
        """A table with one row a group; first row and row of the total."""
        self._heads(sheet, row, (title, "", "", "笔数", "金额（元）"))
        sheet.merge_range(row, 0, row, 2, title, self.styles.head)
        start = row + 1
        for number, (name, amounts) in enumerate(groups.items(), start=start):
            sheet.merge_range(number, 0, number, 2, name, self._left)
            self._sums(sheet, number, 3, ((letter, f"A{number + 1}"),), len(amounts), sum(amounts, Decimal(0)))
        last = start + len(groups) - 1
        counts = [len(amounts) for amounts in groups.values()]
        sums = [sum(amounts, Decimal(0)) for amounts in groups.values()]
        return start, self._total(sheet, last + 1, 3, start, last, counts, sums)

    def _fundings(self) -> dict[str, list[Decimal]]:
        found: dict[str, list[Decimal]] = {}
        for source in self.sources:
            found.setdefault(source.claim.funding or "文件未写", []).append(source.claim.amount)
        return dict(sorted(found.items()))

    def _districts(self) -> dict[str, list[Decimal]]:
        """All ten, in the order of the gazette, also those that claim nothing."""
        found: dict[str, list[Decimal]] = {name: [] for name in DISTRICTS}
        for source in self.sources:
            found.setdefault(source.claim.district, []).append(source.claim.amount)
        return {**{name: amounts for name, amounts in found.items() if name != ELSEWHERE},
                **({ELSEWHERE: found[ELSEWHERE]} if ELSEWHERE in found else {})}  # fmt: skip

    def _sums(
        self, sheet: Worksheet, row: int, column: int, where: Sequence[tuple[str, str]], count: int, total: Decimal
    ) -> None:
        """How many and how much, as formulas over 明细."""
        sheet.set_row(row, _LEAST)
        last = max(len(self.sources) + 2, 3)
        tests = ",".join(f"{DETAIL}!${letter}$3:${letter}${last},{cell}" for letter, cell in where)
        sheet.write_formula(row, column, f"=COUNTIFS({tests})", self._number, count)
        amounts = f"{DETAIL}!${AMOUNT}$3:${AMOUNT}${last}"
        sheet.write_formula(row, column + 1, f"=SUMIFS({amounts},{tests})", self._money, float(total))

    def _total(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        first: int,
        last: int,
        counts: Sequence[int],
        sums: Sequence[Decimal],
    ) -> int:
        sheet.merge_range(row, 0, row, column - 1, "合计", self.styles.total())
        sheet.set_row(row, _LEAST)
        for place, value in ((column, sum(counts)), (column + 1, float(sum(sums, Decimal(0))))):
            letter = "ABCDEFGH"[place]
            style = self.styles.total("元" if place > column else "个")
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})" if last >= first else "=0"
            sheet.write_formula(row, place, formula, style, value)
        return row

    def _chart(self, sheet: Worksheet, title: str, first: int, last: int, row: int) -> None:
        if not self.sources:
            return
        chart = self.book.add_chart({"type": "column"})
        chart.add_series({
            "categories": ["总表", first, 0, last, 0], "values": ["总表", first, 4, last, 4], "fill": {"color": "#5B7FB5"}, "gap": 60,
        })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"name": "黑体", "size": 13, "bold": False}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_font": {"name": "宋体", "size": 9, "rotation": -30}})
        chart.set_y_axis(
            {
                "num_format": "#,##0",
                "num_font": {"name": "宋体", "size": 9},
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_size({"width": 760, "height": 300})
        sheet.insert_chart(row, 0, chart, {"x_offset": 4})

    # ------------------------------------------------------------ lists
    def _detail(self) -> None:
        rows = (
            (
                number, self.titles[claim.policy], claim.item, claim.district, claim.kind, claim.subject, claim.beside,
                claim.amount, claim.funding or "文件未写", source.path, claim.sheet, claim.cell,
            )
            for number, source in enumerate(self.sources, start=1)
            for claim in (source.claim,)
        )  # fmt: skip
        self._list(DETAIL, "逐笔明细：各表中合格的行，一行一笔", DETAIL_HEADS, DETAIL_WIDTHS, rows, len(self.sources))

    def _twice(self) -> None:
        rows = list(self._twice_rows())
        title = "重复享受：同一人员、企业、项目在不同文件或不同政策中都有申报的，按就高不重复核对"
        self._list("重复享受", title, TWICE_HEADS, TWICE_WIDTHS, rows, len(rows))

    def _twice_rows(self) -> Iterator[tuple[object, ...]]:
        for number, group in enumerate(self.twice, start=1):
            for place, source in enumerate(group.sources):
                claim, first = source.claim, place == 0
                yield (
                    number, group.nature, claim.kind, claim.subject, self.titles[claim.policy], claim.item, claim.district,
                    claim.beside, claim.amount, "√" if place == group.highest else "", group.total if first else None,
                    group.above if first else None, source.path, claim.sheet, claim.cell, group.doubt,
                )  # fmt: skip

    def _tables(self) -> None:
        """One sheet a table of a template: its good rows from all files, each with file, sheet and row."""
        used = {"总表", DETAIL, "重复享受", "问题", "文件"}
        kinds: dict[tuple[str, str], list[Harvest]] = {}
        for item in self.harvests:
            for key, records in item.records.items():
                if records:
                    kinds.setdefault((item.policy, key), []).append(item)
        for (policy, key), items in sorted(kinds.items()):
            first = items[0]
            heads = ("来源文件", "工作表", "行", *first.heads[key])
            units = ("", "", "个", *first.units[key])
            shown = [record.cells for item in items for record in item.records[key][:200]]
            columns = enumerate(zip(heads[3:], units[3:], strict=True))
            widths = [30.0, 12.0, 6.0, *(_wide(at, head, unit, shown) for at, (head, unit) in columns)]
            rows = (
                (item.path, record.sheet, record.row, *record.cells) for item in items for record in item.records[key]
            )
            name = _free(f"{self.titles[policy]}·{first.names[key]}", used)
            title = f"{first.title}　{first.names[key]}：各文件合格的行"
            self._list(name, title, heads, widths, rows, sum(len(item.records[key]) for item in items), units)

    def _troubles(self) -> None:
        found = [(item.path, trouble) for item in self.harvests for trouble in item.troubles if not trouble.note]
        rows = (
            (number, path, item.sheet, item.cell, item.title, item.found, item.allowed, item.sentence)
            for number, (path, item) in enumerate(found, start=1)
        )
        self._list("问题", "有问题的行没有合并；改正后重新合并", TROUBLE_HEADS, TROUBLE_WIDTHS, rows, len(found))

    def _files(self) -> None:
        rows = []
        for number, item in enumerate(self.harvests, start=1):
            wrong = sum(not trouble.note for trouble in item.troubles)
            amount = sum((claim.amount for claim in item.claims), Decimal(0))
            rows.append(
                (
                    number,
                    item.path,
                    item.title or "没有认出",
                    item.version,
                    item.merged,
                    item.left_out,
                    amount,
                    wrong,
                    _verdict(item),
                )
            )
        self._list("文件", "各文件的情况", FILE_HEADS, FILE_WIDTHS, rows, len(rows))

    # ------------------------------------------------------------ how a list looks
    def _list(
        self, name: str, title: str, heads: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[object]], count: int,
        units: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        if count + 2 > _ROWS:
            raise UsageError(f"“{name}”有 {count} 行，超过一张工作表的 {_ROWS} 行，请分批合并")
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self._title(sheet, title, len(heads))
        self._heads(sheet, 1, heads)
        styles = [self._style(head, unit) for head, unit in zip(heads, units or [""] * len(heads), strict=True)]
        for number, row in enumerate(rows, start=2):
            sheet.set_row(number, _height(row, widths))
            for column, value in enumerate(row):
                self._write(sheet, number, column, value, styles[column])
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(count + 1, 2), len(heads) - 1)
        self._printing(sheet, repeat=1, pages_wide=max(1, round(sum(widths) / _PAGE)))
        if sum(widths) > 1.5 * _PAGE:
            sheet.repeat_columns(0, 2)

    def _write(self, sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", style)
        elif isinstance(value, (int, float, Decimal)):
            sheet.write_number(row, column, float(value), style)
        else:
            sheet.write_string(row, column, str(value)[:_LONGEST], style)

    def _style(self, head: str, unit: str) -> Format:
        if unit == "日期":
            return self.styles.framed(num_format="yyyy-mm-dd", align="center")
        if unit:
            from qdcalc.workbook.styles import number_format

            return self.styles.framed(num_format=number_format(unit), align="right")
        if head.endswith("（元）"):
            return self._money
        if head in ("序号", "组", "单元格", "就高", "版本", "对象类别") or head.endswith("行数") or head == "问题数":
            return self.styles.framed(align="center")
        return self._left

    def _title(self, sheet: Worksheet, text: str, columns: int) -> None:
        style = self.styles.make(font_name="黑体", font_size=15, font_color="#1F3864")
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, min(columns, 12) - 1, text, style)

    def _heads(self, sheet: Worksheet, row: int, heads: Sequence[str]) -> None:
        sheet.set_row(row, 30)
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self.styles.head)

    def _printing(self, sheet: Worksheet, *, repeat: int | None, landscape: bool = True, pages_wide: int = 1) -> None:
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(pages_wide, 0)
        if repeat is not None:
            sheet.repeat_rows(repeat)
        sheet.set_footer('&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9打印日期：&D')
        sheet.hide_gridlines(2)

    @property
    def _left(self) -> Format:
        return self.styles.framed(align="left", text_wrap=True)

    @property
    def _money(self) -> Format:
        return self.styles.framed(num_format=f"{_MONEY}_)", align="right")

    @property
    def _number(self) -> Format:
        return self.styles.framed(num_format="#,##0", align="center")


def _free(name: str, used: set[str]) -> str:
    """A sheet's name: at most 31 characters, none that Excel forbids, not there yet."""
    plain = "".join("" if sign in "[]:*?/\\'" else sign for sign in name)
    found, number = plain[:31], 1
    while found in used:
        number += 1
        found = f"{plain[:28]}({number})"
    used.add(found)
    return found


def _wide(at: int, head: str, unit: str, rows: Sequence[Sequence[object]]) -> float:
    """A column's width: room for what it holds, a heading in two lines."""
    if unit in ("元", "日期"):
        return 15.0 if unit == "元" else 12.0
    longest = max((cell_width(text) for row in rows[:500] if isinstance(text := row[at], str)), default=0)
    return max(8.0, min(28.0, max(longest + 2.0, cell_width(head) / 2 + 3.0)))


def _height(row: Sequence[object], widths: Sequence[float]) -> float:
    """High enough for the longest text when it is wrapped; a program that opens the file need not work it out."""
    lines = [
        ceil(cell_width(text[:_LONGEST]) / (width - 1.0))
        for text, width in zip(row, widths, strict=True)
        if isinstance(text, str)
    ]
    return max(_LEAST, min(max(lines, default=1), 12) * _LINE + 4.0)


def _verdict(item: Harvest) -> str:
    if not item.policy:
        return "没有合并"
    if item.left_out:
        return "部分合并" if item.merged else "没有合并"
    return "全部合并" if item.merged else "没有填报"
