"""The merged workbook: 总表, 明细, 重复享受, the rows of each table, 问题, 文件."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from qdcalc.merge.harvest import Harvest
from qdcalc.merge.overview import DETAIL, Overview
from qdcalc.merge.sheets import Sheets, free_name, width_for
from qdcalc.merge.twice import Source, Twice

DETAIL_HEADS = (
    "序号", "政策", "事项", "区（市）", "对象类别", "对象", "单位或编号", "金额（元）", "资金来源", "来源文件", "工作表", "单元格",
)  # fmt: skip
DETAIL_WIDTHS = (7.0, 18.0, 14.0, 15.0, 9.0, 26.0, 24.0, 18.0, 44.0, 34.0, 14.0, 9.0)
TWICE_HEADS = (
    "组", "情形", "对象类别", "对象", "政策", "事项", "区（市）", "单位或编号", "金额（元）", "就高", "组内合计（元）", "高于就高的（元）",
    "来源文件", "工作表", "单元格", "说明",
)  # fmt: skip
TWICE_WIDTHS = (6.0, 16.0, 9.0, 26.0, 16.0, 14.0, 15.0, 22.0, 16.0, 7.0, 17.0, 17.0, 28.0, 13.0, 9.0, 30.0)
TROUBLE_HEADS = ("序号", "文件", "工作表", "单元格", "问题", "填的是", "应为", "说明")
TROUBLE_WIDTHS = (7.0, 34.0, 14.0, 13.0, 20.0, 24.0, 34.0, 70.0)
FILE_HEADS = ("序号", "文件", "模板", "版本", "合并行数", "未合并行数", "金额（元）", "问题数", "结论")
FILE_WIDTHS = (7.0, 50.0, 40.0, 8.0, 11.0, 12.0, 18.0, 9.0, 22.0)


def short_title(policy: str) -> str:
    """The policy's name as its template's file has it: 四好农村路."""
    from qdcalc.workbook.templates import find_template

    return find_template(policy).file


class MergedBook:
    """Writes one merged workbook from all harvests; for `warnings` see Overview."""

    def __init__(
        self, target: Path, harvests: Sequence[Harvest], twice: Sequence[Twice], warnings: Sequence[str] = ()
    ) -> None:
        self.sheets = Sheets(target)
        self.harvests, self.twice, self.warnings = harvests, twice, warnings
        self.sources = [Source(item.path, claim) for item in harvests for claim in item.claims]
        self.titles = {item.policy: short_title(item.policy) for item in harvests if item.policy}

    def write(self) -> None:
        summary = self.sheets.book.add_worksheet("总表")
        self._detail()
        self._twice()
        self._tables()
        self._troubles()
        self._files()
        Overview(self.sheets, self.harvests, self.twice, self.sources, self.titles, self.warnings).write(summary)
        summary.activate()
        self.sheets.close()

    def _detail(self) -> None:
        rows = (
            (
                number, self.titles[claim.policy], claim.item, claim.district, claim.kind, claim.subject, claim.beside,
                claim.amount, claim.funding or "文件未写", source.path, claim.sheet, claim.cell,
            )
            for number, source in enumerate(self.sources, start=1)
            for claim in (source.claim,)
        )  # fmt: skip
        self.sheets.listed(
            DETAIL, "逐笔明细：各表中合格的行，一行一笔", DETAIL_HEADS, DETAIL_WIDTHS, rows, len(self.sources)
        )

    def _twice(self) -> None:
        rows = list(self._twice_rows())
        title = "重复享受：同一人员、企业、项目在不同文件或不同政策中都有申报的，按就高不重复核对"
        self.sheets.listed("重复享受", title, TWICE_HEADS, TWICE_WIDTHS, rows, len(rows))

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
            heads = ("来源文件", "工作表", "行号", *first.heads[key])
            units = ("", "", "个", *first.units[key])
            shown = [record.cells for item in items for record in item.records[key][:200]]
            columns = enumerate(zip(heads[3:], units[3:], strict=True))
            widths = [30.0, 12.0, 6.0, *(width_for(at, head, unit, shown) for at, (head, unit) in columns)]
            rows = (
                (item.path, record.sheet, record.row, *record.cells) for item in items for record in item.records[key]
            )
            name = free_name(f"{self.titles[policy]}·{first.names[key]}", used)
            title = f"{first.title}　{first.names[key]}：各文件合格的行"
            self.sheets.listed(name, title, heads, widths, rows, sum(len(item.records[key]) for item in items), units)

    def _troubles(self) -> None:
        found = [(item.path, trouble) for item in self.harvests for trouble in item.troubles if not trouble.note]
        rows = (
            (number, path, item.sheet, item.cell, item.title, item.found, item.allowed, item.sentence)
            for number, (path, item) in enumerate(found, start=1)
        )
        self.sheets.listed(
            "问题", "有问题的行没有合并；改正后重新合并", TROUBLE_HEADS, TROUBLE_WIDTHS, rows, len(found)
        )

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
        self.sheets.listed("文件", "各文件的情况", FILE_HEADS, FILE_WIDTHS, rows, len(rows))


def _verdict(item: Harvest) -> str:
    if not item.policy:
        return "没有合并"
    if item.left_out:
        return "部分合并" if item.merged else "没有合并"
    return "全部合并" if item.merged else "没有填报"
