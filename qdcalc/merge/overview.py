"""总表 of a merged workbook: by policy and item, by source of money, by 区（市）, with a chart.

Totals are formulas over 明细, with the exact sums as their values, so that anybody can follow them and no viewer shows a
blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from qdcalc.merge.harvest import ELSEWHERE, Harvest
from qdcalc.merge.sheets import LEAST, Sheets, height
from qdcalc.merge.twice import Source, Twice
from qdcalc.rules.places import DISTRICTS
from qdcalc.workbook.summary_sheet import TEN_THOUSANDS

DETAIL = "明细"
AMOUNT, POLICY, ITEM, DISTRICT, FUNDING = "H", "B", "C", "D", "I"
"""Columns of 明细, which the totals add up."""
SUMMARY_WIDTHS = (17.0, 22.0, 42.0, 8.0, 18.0)
_MOST_ITEMS = 12
"""So many kinds of claims, the districts and the chart fit on one page."""
_SCALE = 67
"""Of the print, so that the width fits. Were it fitted to a page, Excel would pass over the page break."""


class Overview:
    """Writes 总表, over the rows of 明细 (`sources`). `warnings` stand at its head: why the sums may not be whole."""

    def __init__(
        self, sheets: Sheets, harvests: Sequence[Harvest], twice: Sequence[Twice], sources: Sequence[Source],
        titles: Mapping[str, str], warnings: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.sheets, self.harvests, self.twice, self.sources, self.titles = sheets, harvests, twice, sources, titles
        self.warnings = warnings

    def write(self, sheet: Worksheet) -> None:
        widths, styles = SUMMARY_WIDTHS, self.sheets.styles
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 40)
        sheet.merge_range(0, 0, 0, len(widths) - 1, "各单位填报汇总", styles.title)
        done = sum(1 for item in self.harvests if item.merged)
        merged, left = sum(item.merged for item in self.harvests), sum(item.left_out for item in self.harvests)
        rest = f"；另有 {left} 行有问题没有合并，见“问题”表。" if left else "。"
        words = f"共 {len(self.harvests)} 个文件，合并 {done} 个的 {merged} 行{rest}"
        sheet.merge_range(1, 0, 1, len(widths) - 1, words, styles.document)
        absent = len(self.harvests) - done
        missing = (
            [f"有 {absent} 个文件没有合并，下面各数不含它们；是哪些、为什么，见“文件”“问题”两表。"] if absent else []
        )
        if warnings := [*missing, *self.warnings]:
            style = styles.text(font_color="#B3261E")
            sheet.merge_range(2, 0, 2, len(widths) - 1, "\n".join(warnings), style)
            sheet.set_row(2, sum(height((line,), (sum(widths),)) for line in warnings))
        row = self._by_item(sheet, 3)
        row = self._groups(sheet, row + 2, "资金来源", FUNDING, self._fundings())[1] + 1
        if row > _MOST_ITEMS + 12:
            sheet.set_h_pagebreaks([row + 1])
        first, last = self._groups(sheet, row + 1, "区（市）", DISTRICT, self._districts())
        above = sum((item.above for item in self.twice if not item.doubt), Decimal(0))
        line = f"同一对象重复申报、不同政策都有申报的，按就高不重复，高于就高的金额合计 {above:,.2f} 元，逐笔见“重复享受”表；上面各表没有扣除。"
        sheet.merge_range(
            last + 2, 0, last + 2, len(widths) - 1, line, styles.text(font_color="#B3261E" if above else "#262626")
        )
        sheet.set_row(last + 2, 34)
        self._chart(sheet, "各区（市）金额（万元）", first, last - 1, last + 4)
        self.sheets.printing(sheet, repeat=None, landscape=False)
        sheet.set_print_scale(_SCALE)

    def _by_item(self, sheet: Worksheet, row: int) -> int:
        """Rows by policy and item; returns the row of the total."""
        self.sheets.heads(sheet, row, ("政策", "事项", "资金来源", "笔数", "金额（元）"))
        kinds: dict[tuple[str, str, str], list[Decimal]] = {}
        for source in self.sources:
            claim = source.claim
            kinds.setdefault((self.titles[claim.policy], claim.item, claim.funding), []).append(claim.amount)
        start = row + 1
        for number, ((policy, item, funding), amounts) in enumerate(sorted(kinds.items()), start=start):
            for column, text in enumerate((policy, item, funding or "文件未写")):
                sheet.write_string(number, column, text, self.sheets.left)
            where = ((POLICY, f"A{number + 1}"), (ITEM, f"B{number + 1}"), (FUNDING, f"C{number + 1}"))
            self._sums(sheet, number, 3, where, len(amounts), sum(amounts, Decimal(0)))
            sheet.set_row(number, height((policy, item, funding), SUMMARY_WIDTHS[:3]))
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
        self.sheets.heads(sheet, row, (title, "", "", "笔数", "金额（元）"))
        sheet.merge_range(row, 0, row, 2, title, self.sheets.styles.head)
        start = row + 1
        for number, (name, amounts) in enumerate(groups.items(), start=start):
            sheet.merge_range(number, 0, number, 2, name, self.sheets.left)
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
        sheet.set_row(row, LEAST)
        last = max(len(self.sources) + 2, 3)
        tests = ",".join(f"{DETAIL}!${letter}$3:${letter}${last},{cell}" for letter, cell in where)
        sheet.write_formula(row, column, f"=COUNTIFS({tests})", self.sheets.number, count)
        amounts = f"{DETAIL}!${AMOUNT}$3:${AMOUNT}${last}"
        sheet.write_formula(row, column + 1, f"=SUMIFS({amounts},{tests})", self.sheets.money, float(total))

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
        sheet.merge_range(row, 0, row, column - 1, "合计", self.sheets.styles.total())
        sheet.set_row(row, LEAST)
        for place, value in ((column, sum(counts)), (column + 1, float(sum(sums, Decimal(0))))):
            letter = "ABCDEFGH"[place]
            style = self.sheets.styles.total("元") if place > column else self.sheets.total_number
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})" if last >= first else "=0"
            sheet.write_formula(row, place, formula, style, value)
        return row

    def _chart(self, sheet: Worksheet, title: str, first: int, last: int, row: int) -> None:
        if not self.sources:
            return
        chart = self.sheets.book.add_chart({"type": "column"})
        chart.add_series({
            "categories": ["总表", first, 0, last, 0], "values": ["总表", first, 4, last, 4], "fill": {"color": "#5B7FB5"}, "gap": 60,
        })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"name": "黑体", "size": 13, "bold": False}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_font": {"name": "宋体", "size": 9, "rotation": -30}})
        chart.set_y_axis(
            {
                "name": "万元",
                "name_font": {"name": "宋体", "size": 9, "bold": False, "rotation": 0},
                "num_format": TEN_THOUSANDS,
                "num_font": {"name": "宋体", "size": 9},
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_size({"width": 740, "height": 300})
        sheet.insert_chart(row, 0, chart, {"x_offset": 4})
