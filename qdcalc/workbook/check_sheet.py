"""检查: every check of the workbook on one sheet, and the one cell that adds them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter import Workbook

from qdcalc.layout import MARK
from qdcalc.workbook import page
from qdcalc.workbook.addresses import quoted, sheet_prefix
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import NO, YES, Plan, TablePlan
from qdcalc.workbook.styles import TAB_COLOURS, Styles

STATUS_ROW, HEADER_ROW = 2, 3
WIDTHS = (6.0, 44.0, 15.0, 15.0, 64.0)


@dataclass(frozen=True)
class CheckRow:
    """`formula` (without =) counts problems; `soft` ones are told and do not stand in the way."""

    title: str
    formula: str
    soft: bool
    help: str


def all_checks(formulas: Formulas) -> Iterator[CheckRow]:
    """What follows from the layout by itself, then what the layout says."""
    plan = formulas.plan
    for owner, field in plan.fields:
        if field.required:
            cell = formulas.reference("@" + field.key)
            help_text = f"填在“{owner.name}”表头"
            yield CheckRow(f"“{owner.name}”表头：{field.title}已填写", f'IF({cell}="",1,0)', False, help_text)
    for table in plan.tables.values():
        mark = sheet_prefix(table.name) + table.span(MARK) if table.sheet.is_judged else ""
        if mark and any(column.role in ("input", "output") for column in table.columns):
            wrong = f"COUNTIF({mark},{quoted(NO)})"
            yield CheckRow(f"“{table.name}”没有待改正的行", wrong, False, "逐行看该表“提示”和“核对”两列，改到没有 ×")
        if table.sheet.counted is not None and not table.sheet.follows:
            counted = sheet_prefix(table.name) + table.span(table.sheet.counted)
            done = f"COUNTIF({mark},{quoted(YES)})+COUNTIF({mark},{quoted(NO)})"
            title = table.by_key[table.sheet.counted].title
            words = f"“{title}”个数与已核对行数应相等；不等时，多半是公式被覆盖或该列空着"
            yield CheckRow(f"“{table.name}”每一行都已核对", f"ABS(COUNTA({counted})-({done}))", False, words)
        for result in table.results:
            cell = formulas.reference("@" + result.spec.key)
            wrong = f'IF(ISERROR({cell}),1,COUNTIF({cell},"#*"))'
            yield CheckRow(f"“{table.name}”表头：{result.spec.title}已算出", wrong, False, "算不出时，先改正该表的行")
    yield from _summary_checks(formulas)
    for check in plan.template.checks:
        yield CheckRow(check.title, formulas.fill(check.formula), check.soft, check.help)


def _summary_checks(formulas: Formulas) -> Iterator[CheckRow]:
    """A summary's total equals the total of the column that it sums up."""
    plan = formulas.plan
    for key, summary in plan.summaries.items():
        for measure in summary.summary.measures:
            if measure.column is None or measure.where or measure.formula:
                continue
            table, _, column = measure.column.partition(".")
            if plan.tables[table].by_key[column].total:
                ours, theirs = formulas.reference(f"={key}.{measure.key}"), formulas.reference("=" + measure.column)
                title = f"“{summary.name}”的{measure.title}与明细合计一致"
                words = "不一致时，多半是有的行没有填汇总所依据的那一列"
                yield CheckRow(title, f"IF(ABS({ours}-{theirs})<0.005,0,1)", False, words)


def filled_rows(plan: Plan) -> str:
    """How many rows of the tables that people start with hold something."""
    marks = [sheet_prefix(table.name) + table.span(MARK) for table in plan.tables.values() if _is_root(table)]
    return "+".join(f"COUNTIF({mark},{quoted(sign)})" for mark in marks for sign in (YES, NO))


def _is_root(table: TablePlan) -> bool:
    return bool(table.inputs) and not table.sheet.follows


def write_checks(book: Workbook, styles: Styles, formulas: Formulas) -> None:
    plan = formulas.plan
    sheet = book.add_worksheet(page.CHECK_SHEET)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    page.head(sheet, plan, styles, f"{plan.template.title}　检查", WIDTHS, status=False)
    rows = list(all_checks(formulas))
    first, last = HEADER_ROW + 1, HEADER_ROW + len(rows)
    results = f"$D${first + 1}:$D${last + 1}"
    wrong, hints = f"COUNTIF({results},{quoted(NO)})", f'COUNTIF({results},"提示")'
    overall = (
        f'=IF({filled_rows(plan)}=0,"尚未填报",IF({wrong}>0,"有"&{wrong}&"项待改正",'
        f'IF({hints}>0,"全部无误，另有"&{hints}&"条提示","全部无误")))'
    )
    sheet.set_row(STATUS_ROW, 28)
    sheet.merge_range(
        STATUS_ROW, 0, STATUS_ROW, 1, "总体结论", styles.make(font_name="黑体", font_size=12, align="right")
    )
    sheet.merge_range(STATUS_ROW, 2, STATUS_ROW, 3, "", styles.status())
    sheet.write_formula(STATUS_ROW, 2, overall, styles.status(), "")
    page.status_colours(sheet, styles, STATUS_ROW, 2, 3)
    for index, title in enumerate(("序号", "检查项目", "问题数", "结果", "说明")):
        sheet.write_string(HEADER_ROW, index, title, styles.head)
    sheet.set_row(HEADER_ROW, 22)
    for number, check in enumerate(rows, start=1):
        row = HEADER_ROW + number
        sheet.write_number(row, 0, number, styles.framed(align="center"))
        sheet.write_string(row, 1, check.title, styles.framed(text_wrap=True))
        sheet.write_formula(row, 2, "=" + check.formula, styles.computed("个"), "")
        told = "提示" if check.soft else NO
        result = f"=IF(ISNUMBER(C{row + 1}),IF(C{row + 1}=0,{quoted(YES)},{quoted(told)}),{quoted(NO)})"
        sheet.write_formula(row, 3, result, styles.check("center"), "")
        sheet.write_string(row, 4, check.help, styles.framed(text_wrap=True, font_size=10))
        sheet.set_row(row, 32 if len(check.help) > 30 or len(check.title) > 22 else 20)
    for sign, mood in ((NO, "bad"), ("提示", "hint"), (YES, "good")):
        options = {"type": "cell", "criteria": "==", "value": quoted(sign), "format": styles.mood(mood)}
        sheet.conditional_format(first, 3, last, 3, options)
    sheet.conditional_format(first, 2, last, 2, {"type": "errors", "format": styles.mood("bad")})
    sheet.freeze_panes(first, 0)
    page.printing(sheet, plan, repeat=(HEADER_ROW, HEADER_ROW), pages_high=1 if len(rows) <= 36 else 0)
    sheet.set_tab_color(TAB_COLOURS["check"])
    page.protect(sheet)
