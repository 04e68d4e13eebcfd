"""The blueprint of a workbook is what the built workbook holds: every formula, fixed cell and validation."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qdcalc.workbook.blueprint import blueprint, table_blueprint
from qdcalc.workbook.build import build
from qdcalc.workbook.templates import template_ids, template_plan

ROWS = 4


@pytest.mark.parametrize("plain", [False, True], ids=["functions", "plain"])
@pytest.mark.parametrize("policy", template_ids())
def test_it_says_what_the_file_holds(policy: str, plain: bool, tmp_path: Path) -> None:
    build(policy, tmp_path / "built.xlsx", rows=ROWS, plain=plain)
    book = openpyxl.load_workbook(tmp_path / "built.xlsx")
    found = blueprint(template_plan(policy, rows=ROWS, plain=plain))
    assert list(found) == book.sheetnames
    for name, sheet in found.items():
        cells = {(cell.row, cell.column): cell.value for row in book[name].iter_rows() for cell in row}
        formulas = {
            at: value[1:]
            for at, value in cells.items()
            if isinstance(value, str) and value.startswith("=") and value[1:]
        }
        assert sheet.formulas == formulas
        for at, constant in sheet.constants.items():
            if constant != "" and at not in formulas:
                assert cells[at] == constant, (name, at)
        rules = {
            (area.min_row, area.min_col, area.max_row): rule.type
            for rule in book[name].data_validations.dataValidation
            for area in rule.sqref.ranges
        }
        assert {(rule.first_row, rule.column, rule.last_row): rule.kind for rule in sheet.validations} == rules


def test_one_table_alone_is_the_same() -> None:
    plan = template_plan("road", rows=ROWS)
    assert table_blueprint(plan, plan.tables["segments"]) == blueprint(plan)["路段"]
