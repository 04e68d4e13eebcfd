"""A page of line charts: how a few columns of a table run along another, one chart a group."""

from __future__ import annotations

from xlsxwriter import Workbook

from qdcalc.layout import LineCharts
from qdcalc.workbook import page
from qdcalc.workbook.addresses import sheet_prefix
from qdcalc.workbook.plan import Plan, TablePlan
from qdcalc.workbook.styles import TAB_COLOURS, Styles, number_format

ACROSS, WIDTH, HEIGHT = 3, 372, 224
"""Charts side by side, and the size of one in pixels: nine of them fill a page."""
LOOKS = (
    {"line": {"color": "#7F7F7F", "width": 1.5, "dash_type": "dash"}},
    {
        "line": {"color": "#4472A8", "width": 2.25},
        "marker": {"type": "circle", "size": 6, "fill": {"color": "#4472A8"}, "border": {"color": "#4472A8"}},
    },
    {"line": {"color": "#E3A33B", "width": 2.25}},
)
COLUMN_WIDTH, COLUMN_PIXELS, ROW_PIXELS = 12.0, 89, 20


def write_charts(book: Workbook, styles: Styles, plan: Plan, spec: LineCharts) -> None:
    sheet = book.add_worksheet(spec.name)
    widths = [COLUMN_WIDTH] * (-(-ACROSS * WIDTH // COLUMN_PIXELS))
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    page.head(sheet, plan, styles, spec.title, widths)
    table = plan.tables[spec.sheet]
    for number, (group, first, last) in enumerate(_blocks(table, spec.by)):
        down, across = divmod(number, ACROSS)
        chart = _chart(book, table, spec, group, first, last)
        place = {"x_offset": across * WIDTH + 4, "y_offset": down * HEIGHT + 8, "object_position": 1}
        sheet.insert_chart(2, 0, chart, place)
    page.printing(sheet, plan, pages_high=1)
    rows = 2 + -(-len(_blocks(table, spec.by)) // ACROSS) * HEIGHT // ROW_PIXELS + 1
    sheet.print_area(0, 0, rows, len(widths) - 1)
    sheet.set_tab_color(TAB_COLOURS["computed"])
    page.protect(sheet)


def _blocks(table: TablePlan, by: str) -> list[tuple[str, int, int]]:
    """Every value of the column with its first and last row."""
    found: list[tuple[str, int, int]] = []
    for offset, value in enumerate(table.given[by]):
        row = table.first + offset
        if found and found[-1][0] == str(value):
            found[-1] = (found[-1][0], found[-1][1], row)
        else:
            found.append((str(value), row, row))
    return found


def _chart(book: Workbook, table: TablePlan, spec: LineCharts, group: str, first: int, last: int) -> object:
    chart = book.add_chart({"type": "line"})
    prefix = sheet_prefix(table.name)

    def cells(key: str) -> str:
        letter = table.by_key[key].letter
        return f"={prefix}${letter}${first + 1}:${letter}${last + 1}"

    for key, look in zip(spec.lines, LOOKS, strict=False):
        name = f"={prefix}${table.by_key[key].letter}${table.header_row + 1}"
        chart.add_series({"name": name, "categories": cells(spec.along), "values": cells(key), **look})
    font = {"name": "宋体", "size": 9}
    unit = f"（{table.given[spec.unit][first - table.first]}）" if spec.unit is not None else ""
    chart.set_title({"name": group + unit, "name_font": {"name": "黑体", "size": 11, "bold": False}, "overlay": False})
    chart.set_x_axis({"num_font": font, "line": {"color": "#A6A6A6"}})
    axis = number_format(table.by_key[spec.lines[0]].shown).removesuffix("_)").replace("#,##0.00", "#,##0")
    chart.set_y_axis({
        "num_font": font, "num_format": axis,
        "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3"}}, "line": {"none": True},
    })  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font})
    chart.show_blanks_as("gap")
    chart.set_size({"width": WIDTH - 8, "height": HEIGHT - 8})
    return chart
