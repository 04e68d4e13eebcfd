"""One table of a template: heading, fields, columns, rows, totals, signatures."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qdcalc.layout import Input
from qdcalc.rules.arguments import ChoiceType, DayType, FlagType, NumberType
from qdcalc.workbook import page
from qdcalc.workbook.addresses import down
from qdcalc.workbook.formulas import NOTHING, Formulas
from qdcalc.workbook.plan import ColumnPlan, FieldPlan, ResultPlan, TablePlan, cell_width
from qdcalc.workbook.styles import TAB_COLOURS, Styles, number_format
from qdcalc.workbook.validation import validation

Row = Mapping[str, object]
ROW, GIVEN_ROW, TALL_ROW, LINE = 20, 25, 30, 15
"""Excel does not fit a row to the result of a formula, so rows with a 提示 have room for two lines from the start."""
ONE_PAGE = 25
"""A table with so many given rows and no more is printed on one page."""


class TableWriter:
    def __init__(self, book: Workbook, styles: Styles, formulas: Formulas, table: TablePlan) -> None:
        self.styles, self.formulas, self.table = styles, formulas, table
        self.plan = formulas.plan
        self.sheet: Worksheet = book.add_worksheet(table.name)

    def write(self, rows: Sequence[Row], fields: Mapping[str, object]) -> None:
        table, sheet = self.table, self.sheet
        last_column = len(table.columns) - 1
        for column in table.columns:
            sheet.set_column(column.index, column.index, column.width)
        widths = [column.width for column in table.columns]
        page.head(sheet, self.plan, self.styles, table.sheet.title, widths)
        for field in table.fields:
            self._field(field, fields.get(field.key, field.spec.value))
        for result in table.results:
            self._result(result)
        self._headings()
        if table.total_row is not None:
            self._totals(table.total_row)
        self._body(rows)
        self._validations()
        self._conditions()
        for row, remark in enumerate(table.sheet.remarks, start=table.band_row - len(table.sheet.remarks)):
            sheet.merge_range(row, 0, row, last_column, remark, self.styles.text(font_size=10))
            sheet.set_row(row, 16 * ceil(cell_width(remark) / sum(widths)) + 2)
        sheet.freeze_panes(table.first, 1 + table.sheet.freeze)
        sheet.autofilter(table.header_row, 0, table.last, last_column)
        page.printing(
            sheet, self.plan, repeat=(table.band_row, table.header_row), sign=table.sheet.signatures,
            pages_high=1 if table.given and table.rows <= ONE_PAGE else 0, widths=widths,
        )  # fmt: skip
        if not table.given:
            mark = table.columns[1 if table.sheet.is_form else -1]
            page.print_filled(sheet, table.first, table.last, last_column, mark.letter, '<>""')
        sheet.set_tab_color(TAB_COLOURS["input" if table.inputs and not table.sheet.follows else "computed"])
        area = f"A{table.first + 1}:{table.columns[-1].letter}{table.last + 1}"
        sheet.ignore_errors({"number_stored_as_text": area, "formula_range": area, "formula_differs": area})
        page.protect(sheet)

    # ------------------------------------------------------------ above the rows
    def _field(self, field: FieldPlan, value: object) -> None:
        self.sheet.set_row(field.row, 24)
        style = self._entry_style(field.type)
        page.spread(self.sheet, field.row, *field.label, field.title, self.styles.label)
        first, last = field.value
        if last > first:
            self.sheet.merge_range(field.row, first, field.row, last, "", style)
        self._put(field.row, first, value, style)
        options = validation(field.type, field.title, field.help, required=field.required)
        self.sheet.data_validation(field.row, first, field.row, first, options)

    def _result(self, result: ResultPlan) -> None:
        spec, sheet = result.spec, self.sheet
        sheet.set_row(result.row, 16 * spec.lines + 8)
        page.spread(sheet, result.row, *result.label, spec.title, self.styles.label)
        style = self.styles.outcome(spec.unit)
        page.spread(sheet, result.row, *result.value, "", style)
        sheet.write_formula(result.row, result.value[0], self.formulas.result(spec, self.table), style, "")
        where = (result.row, result.value[0], result.row, result.value[1])
        sheet.conditional_format(*where, {"type": "errors", "format": self.styles.mood("bad")})
        for word in ("待改正", "未通过", "还有"):
            options = {"type": "text", "criteria": "containing", "value": word, "format": self.styles.mood("hint")}
            sheet.conditional_format(*where, options)

    def _headings(self) -> None:
        table, sheet, styles = self.table, self.sheet, self.styles
        sheet.set_row(table.band_row, 20)
        start = 0
        for index in range(1, len(table.columns) + 1):
            if index == len(table.columns) or table.columns[index].group != table.columns[start].group:
                page.spread(sheet, table.band_row, start, index - 1, table.columns[start].group, styles.band)
                start = index
        titles = [broken(column.title, column.width) for column in table.columns]
        lines = max(_lines(title, column.width) for title, column in zip(titles, table.columns, strict=True))
        sheet.set_row(table.header_row, 15 * lines + 8)
        for column, title in zip(table.columns, titles, strict=True):
            sheet.write_string(table.header_row, column.index, title, styles.head)

    def _totals(self, row: int) -> None:
        table, styles = self.table, self.styles
        self.sheet.set_row(row, 22)
        summed = [column.index for column in table.columns if column.total]
        label_end = summed[0] - 1
        style = styles.total(align="left")
        if label_end > 0:
            self.sheet.merge_range(row, 0, row, label_end, "", style)
        self.sheet.write_formula(row, 0, self.formulas.total_label(table), style, "")
        for column in table.columns[label_end + 1 :]:
            if column.role == "mark":
                formula = self.formulas.total_mark(table)
                self.sheet.write_formula(row, column.index, formula, styles.total(), "")
            elif column.total:
                formula = self.formulas.total(table, column)
                self.sheet.write_formula(row, column.index, formula, styles.total(column.shown), "")
            else:
                self.sheet.write_blank(row, column.index, None, styles.total())
        wrong = {"type": "text", "criteria": "containing", "value": "待改正", "format": styles.mood("bad")}
        self.sheet.conditional_format(row, 0, row, label_end, wrong)

    # ------------------------------------------------------------ the rows
    def _body(self, rows: Sequence[Row]) -> None:
        table, sheet = self.table, self.sheet
        styles = [self._style(column) for column in table.columns]
        formulas = {
            column.key: down(self._formula(column))
            for column in table.columns
            if column.role not in ("serial", "given", "input")
        }
        tall = any(column.role == "notice" for column in table.columns)
        room = (GIVEN_ROW if table.given else TALL_ROW) if tall else ROW
        least = max(room, LINE * table.sheet.lines + 2)
        for offset in range(table.rows):
            row = table.first + offset
            sheet.set_row(row, max(least, LINE * self._given_lines(offset) + 2))
            filled = rows[offset] if offset < len(rows) else {}
            for column, style in zip(table.columns, styles, strict=True):
                if column.role == "serial":
                    sheet.write_number(row, column.index, offset + 1, style)
                elif column.role == "given":
                    self._put(row, column.index, table.given[column.key][offset], style)
                elif column.role == "input":
                    self._put(row, column.index, filled.get(column.key), style)
                else:
                    sheet.write_formula(row, column.index, formulas[column.key](row), style, "")

    def _given_lines(self, offset: int) -> int:
        """How many lines the longest given text of a row takes."""
        texts = ((str(cells[offset]), self.table.by_key[key].width - 2) for key, cells in self.table.given.items())
        return max((_lines(text, width) for text, width in texts), default=1)

    def _formula(self, column: ColumnPlan) -> Callable[[int], str]:
        return lambda row: self.formulas.text_of(self.table, column, row)

    def _put(self, row: int, column: int, value: object, style: Format) -> None:
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, style)
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), style)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value, style)

    def _style(self, column: ColumnPlan) -> Format:
        styles = self.styles
        if column.role == "serial":
            return styles.framed(align="center", font_color="#7F7F7F", font_size=10)
        if column.role == "given" and column.shown:
            return styles.framed(num_format=number_format(column.shown), align="right")
        if column.role == "given":
            longest = max(cell_width(str(cell)) for cell in self.table.given[column.key])
            if longest > column.width:
                return styles.framed(align="left", text_wrap=True)
            return styles.framed(align="left", font_name="黑体")
        if column.role == "input":
            assert column.type is not None
            return self._entry_style(column.type, column.shown)
        if column.role == "notice":
            return styles.check("left")
        if column.role == "mark":
            return styles.check("center")
        short = column.width <= 14 and not column.unit
        return styles.computed(column.shown or column.unit, "center" if short else "left")

    def _entry_style(self, kind: object, shown: str = "") -> Format:
        if isinstance(kind, NumberType):
            return self.styles.entry(unit=shown or kind.unit.name or "个")
        if isinstance(kind, DayType):
            return self.styles.entry(date=True)
        centred = isinstance(kind, FlagType) or (
            isinstance(kind, ChoiceType) and max(cell_width(name) for name in kind.names) <= 10
        )
        return self.styles.entry(align="center" if centred else "left")

    def _validations(self) -> None:
        table = self.table
        for column in table.inputs:
            spec = column.spec
            assert isinstance(spec, Input)
            assert column.type is not None
            listed = self.formulas.reference(spec.listed, table) if spec.listed else ""
            options = validation(
                column.type, column.title, column.help, example=column.example, required=column.required, listed=listed
            )
            self.sheet.data_validation(table.first, column.index, table.last, column.index, options)

    def _conditions(self) -> None:
        """Red where a result is an error or a row is not right, amber where there is something to read."""
        table, sheet, styles = self.table, self.sheet, self.styles
        for column in table.columns:
            where = (table.first, column.index, table.last, column.index)
            cell = table.cell(column.key, table.first)
            if column.role in ("output", "derived"):
                sheet.conditional_format(*where, {"type": "errors", "format": styles.mood("bad")})
                if not column.numeric:
                    unmet = f'=OR(LEFT(${cell},3)="不符合",LEFT(${cell},3)="未达标")'
                    sheet.conditional_format(
                        *where, {"type": "formula", "criteria": unmet, "format": styles.mood("hint")}
                    )
            elif column.role == "notice":
                filled = f"=LEN(${cell})>{len(NOTHING)}"
                sheet.conditional_format(*where, {"type": "formula", "criteria": filled, "format": styles.mood("hint")})
            elif column.role == "mark":
                for sign, mood in (("×", "bad"), ("√", "good")):
                    options = {"type": "cell", "criteria": "==", "value": f'"{sign}"', "format": styles.mood(mood)}
                    sheet.conditional_format(*where, options)


def broken(title: str, width: float) -> str:
    """A heading that does not fit on a line breaks before its unit: 劳动报酬 / （元）. Reading back passes over the break."""
    head, bracket, unit = title.rpartition("（")
    if not (bracket and head) or cell_width(title) <= width - 1 or unit.startswith("市）"):
        return title
    return f"{broken(head, width)}\n（{unit}"


def _lines(title: str, width: float) -> int:
    """How many lines a heading takes in a column."""
    return sum(ceil(cell_width(part) / max(2.0, width - 1)) for part in title.split("\n"))
