"""A small filled workbook, and what people do to it: edited through openpyxl, then recalculated."""

from __future__ import annotations

import copy
import functools
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qdcalc.filled.model import FilledBook
from qdcalc.filled.read import read_book
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.templates import template_plan

ROWS = 8
PERSON: dict[str, Any] = {
    "name": "王海洋", "company": "胶州湾银行", "employer": "金融机构", "lawful": "是", "contract_years": 3, "taxed": "是",
    "healthy": "是", "post": "国际性或全国性机构中层及以上", "age": 40, "senior_title": "否", "phd": "否", "papers": 0,
    "projects": 0, "certificate": "无", "selected_before": "否", "pay": 650000, "other": 0,
}  # fmt: skip
PROJECT: dict[str, Any] = {
    "code": "PD-001", "title": "大修工程", "district": "平度市", "work": "大修", "estimate_typed": 2000, "land_typed": 0,
    "planned": "是",
}  # fmt: skip
FILLED: dict[str, tuple[dict[str, list[dict[str, Any]]], dict[str, Any]]] = {
    "talent": (
        {"people": [PERSON, {**PERSON, "name": "李建国", "pay": 900000}, {**PERSON, "name": "张文静", "age": 38}]},
        {"office": "市金融工作办"},
    ),
    "star": (
        {
            "stars": [
                {
                    "name": "王海洋",
                    "company": "胶州湾银行",
                    "employer": "金融机构",
                    "selected": 2018,
                    "way": "选拔",
                    "lawful": "是",
                    "skilled": "是",
                    "award": "市级",
                    "innovation": "否",
                    "certificate": "无",
                }
            ]
        },
        {"office": "市金融工作办"},
    ),
    "road": (
        {
            "projects": [PROJECT, {**PROJECT, "code": "PD-002", "title": "另一大修工程"}],
            "segments": [
                {"code": "PD-001", "name": "甲—乙", "width": 6, "km": 10, "poor_km": 0},
                {"code": "PD-002", "name": "丙—丁", "width": 6, "km": 8, "poor_km": 1},
            ],
            "bridges": [
                {"bridge": "泽河桥", "district": "平度市", "estimate_typed": 260, "land_typed": 20, "planned": "是"}
            ],
        },
        {"office": "平度市交通运输局", "money": "万元"},
    ),
}

Edit = Callable[[Workbook], None]


@functools.cache
def filled(policy: str, plain: bool = False) -> bytes:
    """A correct workbook with values; in the talent one row 6 to 8 are filled in, 6 to 13 have formulas."""
    data, fields = FILLED[policy]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "filled.xlsx")
        build_plan(template_plan(policy, rows=ROWS, plain=plain), path, data=data, fields=fields)
        recalc_book(path, path)
        return path.read_bytes()


def edited(folder: Path, edit: Edit, policy: str = "talent", *, recalculated: bool = True, plain: bool = False) -> Path:
    path = folder / "填报.xlsx"
    path.write_bytes(filled(policy, plain))
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    if recalculated:
        recalc_book(path, path)
    return path


def found(folder: Path, edit: Edit, policy: str = "talent", *, plain: bool = False) -> FilledBook:
    """What a check of the edited and recalculated workbook finds."""
    return read_book(edited(folder, edit, policy, plain=plain))


def kinds(book: FilledBook) -> list[tuple[str, str, str]]:
    return [(problem.kind, problem.sheet, problem.cell) for problem in book.problems]


def put(sheet: str, cell: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


def copy_sheet(book: Workbook, name: str, new: str) -> Worksheet:
    """As a spreadsheet program copies it: with its validations."""
    sheet = book.copy_worksheet(book[name])
    sheet.title = new
    for rule in book[name].data_validations.dataValidation:
        sheet.add_data_validation(copy.copy(rule))
    return sheet


_CELL = re.compile(r"(?:([^\W\d][\w·]*)!)?(\$?[A-Z]{1,2}\$?)(\d+)(?::(\$?[A-Z]{1,2}\$?)(\d+))?(?![\w(!])")


def insert_row(book: Workbook, name: str, row: int) -> None:
    """A blank row before `row`, everything below and what formulas say of it moved, as spreadsheet programs do."""
    move = functools.partial(_moved, name=name, row=row)
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    parts = re.split(r'("[^"]*")', cell.value)
                    cell.value = "".join(
                        part if part.startswith('"') else move(part, here=sheet.title) for part in parts
                    )
    sheet = book[name]
    merged = [str(area) for area in sheet.merged_cells.ranges if area.min_row >= row]
    for area in merged:
        sheet.unmerge_cells(area)
    sheet.insert_rows(row)
    for area in merged:
        sheet.merge_cells(move(area, here=name))
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = type(rule.sqref)(move(str(rule.sqref), here=name))


def _moved(text: str, *, here: str, name: str, row: int) -> str:
    def one(match: re.Match[str]) -> str:
        sheet, left, first, right, last = match.groups()
        if (sheet or here) != name:
            return match[0]
        moved = f"{sheet}!" if sheet else ""
        moved += f"{left}{int(first) + (int(first) >= row)}"
        return moved + (f":{right}{int(last) + (int(last) >= row)}" if right else "")

    return _CELL.sub(one, text)
