"""What a built template is made of, looked at through openpyxl and in the parts themselves."""

from __future__ import annotations

import datetime
import html
import itertools
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qdcalc.policies import policies
from qdcalc.workbook.build import build
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import template_ids, template_plan

ROWS = 12


@pytest.fixture(scope="module", params=template_ids())
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    path = tmp_path_factory.mktemp("built") / "built.xlsx"
    build(request.param, path, rows=ROWS)
    return template_plan(request.param, rows=ROWS), path


@pytest.fixture(scope="module")
def book(built: tuple[Plan, Path]) -> Workbook:
    """Read once for all that only look at it."""
    return openpyxl.load_workbook(built[1])


def test_the_same_bytes_every_time(built: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, path = built
    build(plan.template.policy, tmp_path / "again.xlsx", rows=ROWS)
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_opening_recalculates_nothing(built: tuple[Plan, Path]) -> None:
    book = zipfile.ZipFile(built[1]).read("xl/workbook.xml").decode()
    assert "fullCalcOnLoad" not in book
    assert 'calcId="191029"' in book


def test_inputs_are_open_and_everything_else_is_locked_without_a_password(
    built: tuple[Plan, Path], book: Workbook
) -> None:
    plan, _ = built
    for sheet in book.worksheets:
        if sheet.title != "_qdcalc":
            assert sheet.protection.sheet
            assert not sheet.protection.password
    for table in plan.tables.values():
        sheet = book[table.name]
        fields = {sheet.cell(field.row + 1, field.value[0] + 1).coordinate for field in table.fields}
        inputs = {table.cell(column.key, row) for column in table.inputs for row in range(table.first, table.last + 1)}
        merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
        for row in sheet.iter_rows():
            for cell in row:
                if (cell.row, cell.column) not in merged:
                    assert cell.protection.locked == (cell.coordinate not in inputs | fields), cell.coordinate
        colours = {sheet[cell].fill.fgColor.rgb for cell in inputs | fields}
        assert len(colours) <= 1
        computed = {
            sheet[table.cell(column.key, table.first)].fill.fgColor.rgb
            for column in table.columns
            if column.role in ("output", "derived")
        }
        assert len(computed) <= 1
        assert not colours & computed


def test_one_formula_the_whole_column_down(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    for table in plan.tables.values():
        sheet = book[table.name]
        for column in table.columns:
            if column.role in ("serial", "given", "input"):
                continue
            shapes = {
                re.sub(  # a text in quotes ("T105", a row of the table of targets) is no reference
                    r'"[^"]*"|(?<![$A-Z0-9])(\$?[A-Z]{1,3})(\d+)\b',
                    lambda m, at=row: f"{m[1]}[{int(m[2]) - at}]" if m[1] else m[0],
                    str(cell),
                )
                for row in range(table.first, table.last + 1)
                for cell in [sheet[table.cell(column.key, row)].value]
            }
            assert len(shapes) == 1, (table.name, column.title, sorted(shapes)[:2])
            assert next(iter(shapes)).startswith("=")


def test_functions_stand_bare_in_the_file(built: tuple[Plan, Path]) -> None:
    plan, path = built
    package = zipfile.ZipFile(path)
    text = "".join(package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet"))
    calls = set(re.findall(r"[^A-Z0-9_]((?:_xl\w*\.|\[\d+\]!)?QD_[A-Z0-9_]+)\(", text))
    assert calls == {function.name for function in plan.used} | {"QD_NOTICE"}


def test_no_formula_is_volatile_or_indirect(built: tuple[Plan, Path]) -> None:
    package = zipfile.ZipFile(built[1])
    text = "".join(package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet"))
    formulas = " ".join(re.findall("<f>(.*?)</f>", text))
    assert not re.search(r"\b(OFFSET|INDIRECT|NOW|TODAY|RAND|RANDBETWEEN|CELL|INFO)\(", formulas)
    # the file's &quot; and &amp; are one character each to whoever reads the formula
    assert max(len(html.unescape(formula)) for formula in re.findall("<f>(.*?)</f>", text)) < 900


def test_every_input_is_checked_while_typing(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    for table in plan.tables.values():
        rules = {str(rule.sqref): rule for rule in book[table.name].data_validations.dataValidation}
        for column in table.inputs:
            rule = rules[f"{column.letter}{table.first + 1}:{column.letter}{table.last + 1}"]
            for words in (rule.error, rule.errorTitle, rule.prompt, rule.promptTitle):
                assert re.search("[一-鿿]", words), column.title
            assert len(rule.prompt) <= 255
            assert len(rule.error) <= 255
            assert rule.errorStyle in (None, "stop")
            names = getattr(column.type, "names", ())
            if names and not (column.spec and getattr(column.spec, "listed", None)):
                assert rule.formula1 == '"' + ",".join(names) + '"'
                assert len(rule.formula1) <= 257


def test_every_sheet_prints_on_a4_and_wide_tables_on_a3(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    sums = {}
    for tab in (
        *plan.tables.values(),
        *plan.summaries.values(),
    ):  # a width in a file is 0.71 more than what was asked for
        columns = book[tab.name].column_dimensions.values()
        sums[tab.name] = round(sum((column.max - column.min + 1) * (column.width - 0.71) for column in columns), 1)
    for sheet in book.worksheets:
        if sheet.title == "_qdcalc":
            continue
        assert isinstance(sheet, Worksheet)
        assert str(sheet.page_setup.paperSize) == ("8" if sums.get(sheet.title, 0) > 210 else "9")
        assert sheet.page_setup.orientation == "landscape" or sheet.title == "填表说明"
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert "&P" in sheet.oddFooter.center.text
    for table in plan.tables.values():
        assert book[table.name].print_title_rows == f"${table.band_row + 1}:${table.header_row + 1}"
        assert book[table.name].freeze_panes == f"{'BCDE'[table.sheet.freeze]}{table.first + 1}"


def as_in_a_cell(value: object) -> object:
    """A figure and what its cell holds, made alike: numbers as floats, days without a time."""
    if isinstance(value, datetime.datetime):
        return value.date()
    return float(value) if isinstance(value, (int, float, Decimal)) else value


def test_every_figure_stands_in_the_basis_with_unit_and_article(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    sheet = book["依据"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    figures = policies()[plan.template.policy].figures
    expected: list[tuple[str, object, str]] = []
    for figure in figures.values():
        data = figure.data
        values = list(data.values()) if isinstance(data, dict) else list(data) if isinstance(data, tuple) else [data]
        expected += [(figure.title, getattr(one, "gives", one), figure.article) for one in values]
    assert expected
    for (title, figure_value, article), row in itertools.zip_longest(expected, rows[: len(expected)]):
        assert row[1] == title
        assert row[4] == _shown(figure_value)
        assert row[6] == article


def _shown(data: object) -> object:
    """A figure as openpyxl reads it from a cell."""
    if isinstance(data, datetime.date):
        return datetime.datetime(data.year, data.month, data.day)
    return data if isinstance(data, str) else pytest.approx(float(str(data)), rel=1e-15)


def test_readings_gaps_and_discrepancies_stand_on_a_sheet(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    sheet = book["口径"]
    rows = [tuple(cell for cell in row if cell is not None) for row in sheet.iter_rows(min_row=3, values_only=True)]
    told = {row[1:] for row in rows if len(row) > 1}
    policy = policies()[plan.template.policy]
    for reading in policy.readings.values():
        others = "；".join(option for option in reading.options if option != reading.default)
        assert (reading.title, reading.article, reading.default, others, reading.note) in told
    for gap in policy.gaps:
        assert (gap.title, gap.article, gap.reason) in told
    for item in policy.discrepancies:
        assert (item.title, item.article, item.text) in told
    for function in plan.used:
        assert (function.name, function.article, function.title) in told


def test_a_table_is_printed_down_to_its_last_filled_row(built: tuple[Plan, Path]) -> None:
    """A filled row has a mark, a line of a query an answer in its first column; the formula is what Excel has people write
    for a print area that grows. Given rows are printed whole, and a page of charts has its own fixed area."""
    plan, path = built
    with zipfile.ZipFile(path) as package:
        text = html.unescape(package.read("xl/workbook.xml").decode())
    areas = re.findall(r'name="_xlnm.Print_Area" localSheetId="[0-9]+">(.*?)</definedName>', text)
    expected = set()
    for table in plan.tables.values():
        if not table.given:
            letter, last = table.columns[-1].letter, table.last + 1
            least = min(last, table.first + 15)
            shown = table.columns[1].letter if table.sheet.is_form else letter
            marks = f"{table.name}!${shown}${table.first + 1}:${shown}${last}"
            expected.add(
                f"{table.name}!$A$1:INDEX({table.name}!${letter}$1:${letter}${last},"
                f'MAX({least},SUMPRODUCT(MAX(({marks}<>"")*ROW({marks})))))'
            )
    charts = tuple(f"{page.name}!$A$1:$" for page in plan.template.charts)
    fixed = [area for area in areas if charts and area.startswith(charts)]
    assert len(fixed) == len(charts)
    growing = [area for area in areas if area not in fixed]
    assert len(growing) == len(expected) > 1
    assert set(growing) == expected


def test_people_sign_at_the_foot_of_every_page(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    for table in plan.tables.values():
        foot = book[table.name].oddFooter
        words = f"{foot.left.text} {foot.right.text}"
        assert all(f"{label}：" in words for label in table.sheet.signatures)
        assert plan.policy.number in words
        assert len(words) + len(foot.center.text) < 200  # Excel reads no more than 255 characters


def test_the_address_of_a_figure_is_where_it_stands(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _path = built
    sheet = book["依据"]
    for figure in policies()[plan.template.policy].figures.values():
        if figure.shape == "value":
            cell = sheet[plan.basis.cells[figure.path].partition("!")[2].replace("$", "")]
            assert cell.value == _shown(figure.data)
            assert sheet.cell(cell.row, 2).value == figure.title


def test_the_template_knows_itself(built: tuple[Plan, Path], book: Workbook) -> None:
    plan, _ = built
    sheet = book["_qdcalc"]
    assert sheet.sheet_state == "veryHidden"
    facts = {row[0]: row[1] for row in sheet.iter_rows(min_row=1, max_row=6, values_only=True)}
    assert facts["template"] == plan.template.policy
    assert facts["version"] == plan.template.version
    assert facts["edition"] == "functions"
    assert facts["rows"] == ROWS
    for row, table in zip(sheet.iter_rows(min_row=10, values_only=True), plan.tables.values(), strict=True):
        assert row[:2] == (table.key, table.name)
        heads = [str(cell.value).replace("\n", "") for cell in book[table.name][row[2]]]
        assert heads == [column.title for column in table.columns]
        assert book[table.name].cell(row[3], 1).value == 1
        assert book[table.name].cell(row[4], 1).value == table.rows
        assert re.fullmatch("[0-9a-f]{16}", row[5])


def test_fingerprints_tell_sheets_apart() -> None:
    """A copied or renamed sheet is known again by its headings alone, so no two tables have the same."""
    prints = [table.fingerprint for policy in template_ids() for table in template_plan(policy).tables.values()]
    assert len(set(prints)) == len(prints)
