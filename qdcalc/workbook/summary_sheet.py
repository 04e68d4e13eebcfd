"""A summary: one row a group, a total row, single results under it, a chart."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from qdcalc.layout import MARK, REFERENCE, Measure
from qdcalc.rules.units import UNITS
from qdcalc.workbook import page
from qdcalc.workbook.addresses import quoted, sheet_prefix
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import CHART_ROWS, YES, SummaryPlan, cell_width
from qdcalc.workbook.styles import TAB_COLOURS, Styles, number_format

CHART_COLOURS = ("#4472A8", "#E3A33B", "#6AA84F", "#A65E9A", "#7F7F7F", "#5FB3B3")
TEN_THOUSANDS = "0\\.0,"
"""元 shown in 万元 with one decimal: the comma takes three digits away, the point stands before the last that is left."""
MOST_LABELS = 24
"""With more columns the figures over them would run into each other."""
LEAST_WIDTH = 112
CHARTED = 15
"""How many of the groups that people list go into the chart: blank ones would fill it otherwise."""


class SummaryWriter:
    def __init__(self, book: Workbook, styles: Styles, formulas: Formulas, plan: SummaryPlan) -> None:
        self.book, self.styles, self.formulas, self.plan = book, styles, formulas, plan
        self.sheet: Worksheet = book.add_worksheet(plan.name)

    def write(self) -> None:
        plan, sheet, styles = self.plan, self.sheet, self.styles
        first_width = max(
            24 if plan.listed else 14, *(cell_width(str(group)) + 2 for group in (*plan.groups, plan.heading))
        )
        widths = [first_width, *(measure.width for measure in plan.measures)]
        spare = max(0.0, LEAST_WIDTH - sum(widths)) / len(widths)
        widths = [width + spare for width in widths]
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        last_column = len(widths) - 1
        page.head(sheet, self.formulas.plan, styles, plan.summary.title, widths)
        sheet.set_row(2, 8)
        sheet.set_row(plan.header_row, 40)
        sheet.write_string(plan.header_row, 0, plan.heading, styles.head)
        for measure in plan.measures:
            sheet.write_string(plan.header_row, measure.index, measure.title, styles.head)
        for offset, group in enumerate(plan.groups):
            self._group(plan.first + offset, group)
        self._totals()
        row = self._lines(plan.total_row + 2, last_column)
        if plan.chart is not None and plan.listed:
            self._chart(3, widths)
        elif plan.chart is not None:
            self._chart(row, widths)
            row += self._chart_rows + 1
        page.signatures(sheet, styles, row, widths, plan.summary.signatures)
        repeat = (plan.header_row, plan.header_row) if plan.listed else None
        page.printing(sheet, self.formulas.plan, repeat=repeat, pages_high=0 if plan.listed else 1, widths=widths)
        sheet.set_tab_color(TAB_COLOURS["computed"])
        page.protect(sheet)

    def _group(self, row: int, group: str | int) -> None:
        self.sheet.set_row(row, 20)
        style = self.styles.framed(font_name="黑体", align="left")
        if self.plan.listed:
            cell = self.plan.listed[row - self.plan.first]
            self.sheet.write_formula(row, 0, f'=IF({cell}="","",{cell})', style, "")
        elif isinstance(group, int):
            self.sheet.write_number(row, 0, group, style)
        else:
            self.sheet.write_string(row, 0, group, style)
        for spec, measure in zip(self.plan.summary.measures, self.plan.measures, strict=True):
            style, body = self.styles.computed(measure.unit), self._measure(spec, row)
            if self.plan.listed:
                body = f'IF($A{row + 1}="","",{body})'
            self.sheet.write_formula(row, measure.index, "=" + body, style, "")

    def _measure(self, spec: Measure, row: int) -> str:
        """COUNTIFS or SUMIFS over the table, of the rows that are right; or the layout's own formula."""
        if spec.function and not self.formulas.plan.plain:
            names = [parameter.name for parameter in self.formulas.plan.functions[spec.function].parameters]
            return f"{spec.function}({',' * names.index(spec.argument)}$A{row + 1})"
        own = spec.each[str(self.plan.groups[row - self.plan.first])] if spec.each else spec.formula
        if own:
            return REFERENCE.sub(lambda match: self._cell(match[1], row), own)
        by = spec.by or self.plan.summary.by
        assert by is not None
        tests = {by: f"$A{row + 1}"} | {path: quoted(text) for path, text in spec.where.items()}
        tables = {path.partition(".")[0] for path in (*tests, *([spec.column] if spec.column else []))}
        words = [f"{self.formulas.reference(path)},{test}" for path, test in tests.items()]
        for key in sorted(tables):
            table = self.formulas.plan.tables[key]
            words.append(f"{sheet_prefix(table.name)}{table.span(MARK)},{quoted(YES)}")
        if spec.column is None:
            return f"COUNTIFS({','.join(words)})"
        decimals = UNITS[unit].decimals if (unit := self.plan.by_key[spec.key].unit) in UNITS else 4
        return f"ROUND(SUMIFS({self.formulas.reference(spec.column)},{','.join(words)}),{decimals})"

    def _cell(self, reference: str, row: int) -> str:
        if reference in self.plan.by_key:
            return f"{xl_col_to_name(self.plan.by_key[reference].index)}{row + 1}"
        return self.formulas.reference(reference)

    def _totals(self) -> None:
        plan, styles = self.plan, self.styles
        row = plan.total_row
        self.sheet.set_row(row, 22)
        self.sheet.write_string(row, 0, "合计", styles.total(align="left"))
        for spec, measure in zip(plan.summary.measures, plan.measures, strict=True):
            letter = xl_col_to_name(measure.index)
            body = f"ROUND(SUM({letter}{plan.first + 1}:{letter}{plan.last + 1}),4)"
            if measure.unit in ("比例", "百分比"):  # a share of the totals, not a sum of shares
                body = self._measure(spec, row)
            self.sheet.write_formula(row, measure.index, "=" + body, styles.total(measure.unit), "")

    def _lines(self, row: int, last_column: int) -> int:
        for line in self.plan.summary.lines:
            end = max(1, min(2, last_column - 1))
            self.sheet.set_row(row, 20)
            self.sheet.merge_range(
                row, 0, row, end - 1, line.title, self.styles.framed(font_name="黑体")
            ) if end > 1 else (self.sheet.write_string(row, 0, line.title, self.styles.framed(font_name="黑体")))
            body = "=" + self.formulas.fill(line.formula)
            self.sheet.write_formula(row, end, body, self.styles.computed(line.unit), "")
            row += 1
        return row + 1 if self.plan.summary.lines else row

    @property
    def _chart_rows(self) -> int:
        lying = self.plan.chart is not None and self.plan.chart.lying
        return max(CHART_ROWS, len(self.plan.groups) * 3 // 2 + 5) if lying else CHART_ROWS

    def _chart(self, row: int, widths: list[float]) -> None:
        plan, spec = self.plan, self.plan.chart
        assert spec is not None
        kind = "bar" if spec.lying else "column"
        chart = self.book.add_chart({"type": kind, **({"subtype": "stacked"} if spec.stacked else {})})
        prefix = sheet_prefix(plan.name)
        font = {"name": "宋体", "size": 10}
        last = min(plan.last, plan.first + CHARTED - 1) if plan.listed else plan.last
        unit = plan.by_key[spec.measures[0]].unit
        scaled = unit == "元" and spec.axis == "万元"
        shown = TEN_THOUSANDS if scaled else "#,##0" if unit == "元" else number_format(unit).removesuffix("_)")
        shown = shown.replace(".0000", ".0")  # no room for all that a table shows
        many = (last - plan.first + 1) * len(spec.measures) > MOST_LABELS and not spec.lying
        labelled = not (spec.stacked or many)
        labels = {"value": True, "num_format": shown, "font": {**font, "size": 9}}
        for number, key in enumerate(spec.measures):
            measure = plan.by_key[key]
            letter = xl_col_to_name(measure.index)
            chart.add_series({
                "name": measure.title.partition("（")[0] if scaled else f"={prefix}${letter}${plan.header_row + 1}",
                "categories": f"={prefix}$A${plan.first + 1}:$A${last + 1}",
                "values": f"={prefix}${letter}${plan.first + 1}:${letter}${last + 1}",
                "fill": {"color": CHART_COLOURS[number % len(CHART_COLOURS)]},
                "gap": 80, "overlap": 100 if spec.stacked else -5,
                **({"data_labels": labels} if labelled else {}),
            })  # fmt: skip
        chart.set_title(
            {"name": spec.title, "name_font": {"name": "黑体", "size": 13, "bold": False}, "overlay": False}
        )
        figures = {
            "name": spec.axis, "name_font": {**font, "bold": False, "rotation": 0}, "num_font": font,
            **({} if spec.signed else {"min": 0}),
            "num_format": "#,##0" if unit in ("万元", "万吨标准煤") else shown,
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "line": {"none": True},
        }  # fmt: skip
        names = {
            "num_font": font, "line": {"color": "#A6A6A6"}, **({"label_position": "low"} if spec.signed else {}),
        }  # fmt: skip
        if spec.lying:  # the first group on top, every name shown, the figures below
            chart.set_x_axis(figures)
            chart.set_y_axis({**names, "reverse": True, "crossing": "max", "interval_unit": 1})
        else:
            chart.set_x_axis(names)
            chart.set_y_axis(figures)
        chart.set_legend({"position": "bottom", "font": font} if len(spec.measures) > 1 else {"none": True})
        pixels = sum(int(width * 7 + 5) for width in widths)
        chart.set_size({"width": pixels - 8, "height": self._chart_rows * 20 - 10})
        self.sheet.insert_chart(row, 0, chart, {"x_offset": 4, "y_offset": 4, "object_position": 1})
