"""The example with mistakes: the filled road example, edited the way people do, recalculated, one result left stale.

    python -m qdcalc.workbook.examples      builds it with all other workbooks

Each mistake stands apart from the others, so that a check of the file names these and nothing else.
"""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.package import open_package, write_package
from qdcalc.recalc.patch import patch_sheet
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.examples import EXAMPLES
from qdcalc.workbook.filling import read_folder
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.styles import Styles
from qdcalc.workbook.table_sheet import TableWriter
from qdcalc.workbook.templates import template_plan

FILE = "四好农村路_错误示例.xlsx"
_SECOND_BRIDGES = "危桥 (2)"


def write_mistakes(root: Path, target: Path) -> None:
    """The committed workbook, from workbooks/data under `root`."""
    with tempfile.TemporaryDirectory() as scratch:
        built = Path(scratch) / "built.xlsx"
        build_mistakes(root, built)
        recalc_book(built, target)
    with open_package(target) as package:  # typed after the last calculation: 站牌 of 平度市 were 0 then
        sheet = next(sheet for sheet in package.sheets if sheet.name == "客运站点")
        stale = {(9, 8): 400_000.0}
        part = patch_sheet(package.read(sheet.part), stale, path=target, sheet=sheet.name).xml
        write_package(package, target, {sheet.part: part}, expected={sheet.part: stale})


def build_mistakes(root: Path, target: Path) -> None:
    example = next(example for example in EXAMPLES if example.policy == "road")
    plan = template_plan(example.policy, rows=example.rows)
    data, fields = read_folder(root / "workbooks" / "data" / example.file, plan)
    rows = {key: [dict(row) for row in listed] for key, listed in data.items()}
    _fill_in(rows)
    fields.pop("office")
    build_plan(plan, target, data=rows, fields=fields, edit=lambda book: _edit(book, plan))


def _fill_in(rows: dict[str, list[dict[str, Any]]]) -> None:
    """What is wrong in the cells that people fill in. Row 0 of a table is row 6 of its sheet."""
    projects, segments, stations = rows["projects"], rows["segments"], rows["stations"]
    projects[1]["district"] = "唠山区"
    projects[2]["estimate_typed"] = "1000"
    projects[9]["finished"] = "10月8日"
    projects[27]["land_typed"] = 300
    projects += [dict(projects[-1]), {}]
    projects.append(
        {
            "code": "LS-003", "title": "王哥庄街道会场线大修", "district": "崂山区", "work": "大修", "estimate_typed": 640.0,
            "land_typed": 0.0, "planned": "是", "finished": datetime.date(2018, 10, 9),
        }
    )  # fmt: skip
    segments[1]["code"] = "LS-01"
    segments[4]["width"] = None
    segments[13]["km"] = -6.1
    segments[36]["km"] = "20公里"
    segments[42]["km"] = 5.6125
    rows["bridges"][14]["district"] = "莱西"
    stations[5]["signs"] = 4_000_000


def _edit(book: Workbook, plan: Plan) -> None:
    """What is wrong with the sheets themselves: merged, overwritten, typed below, pasted, copied."""
    projects, segments, results, bridges, stations, basis = (
        _unprotected(book, name) for name in ("项目", "路段", "项目补助", "危桥", "客运站点", "依据")
    )
    projects.merge_range("D11:D14", "即墨区")
    results.write_number("K17", 8_000_000)
    results.write_blank("L25", None, Styles(book).computed())
    results.write_formula("I36", "=" + Formulas(plan).text_of(*_column(plan, "subsidies", "standard"), 35)[1:] + "*1.1")
    for column, cell in enumerate(("南胶莱河桥", "平度市", 120, 0, None, "是"), start=1):
        bridges.write(55, column, cell)
    stations.write_string("B8", "即墨")
    basis.write_number("E68", 500)
    _paste_over(segments, (29, 3, 32, 5))
    _copy_bridges(book, plan)


def _unprotected(book: Workbook, name: str) -> Worksheet:
    sheet = book.get_worksheet_by_name(name)
    assert sheet is not None
    sheet.protect_options = {}
    return sheet


def _column(plan: Plan, table: str, key: str) -> tuple[Any, Any]:
    return plan.tables[table], plan.tables[table].by_key[key]


def _paste_over(sheet: Worksheet, area: tuple[int, int, int, int]) -> None:
    """Takes the validations of some cells away, as pasting does."""
    first, left, last, right = area
    for rule in sheet.validations:
        kept = []
        for top, start, bottom, end in rule["cells"]:
            inside = left <= start <= right and top <= last and bottom >= first
            kept += (
                [[top, start, first - 1, end], [last + 1, start, bottom, end]]
                if inside
                else [[top, start, bottom, end]]
            )
        rule["cells"] = kept


def _copy_bridges(book: Workbook, plan: Plan) -> None:
    """Another district's sheet, copied into this workbook."""
    table = plan.tables["bridges"]
    copy = replace(table, sheet=table.sheet.model_copy(update={"name": _SECOND_BRIDGES}))
    real = replace(plan, tables={**plan.tables, "bridges": copy})
    row = {"bridge": "北胶新河桥", "district": "胶州市", "estimate_typed": 150, "land_typed": 10, "planned": "是"}
    TableWriter(book, Styles(book), Formulas(real), copy).write([row], {})
