"""Readable data → the rows of a template: a folder with one CSV a sheet, headed as the sheet is.

    人选.csv    姓名,所在单位名称,…            one row a case
    补助.csv    姓名,手填核定额（元）,核定依据    a sheet that follows another: the rows it names by that sheet's first column
    客运站点.csv 区（市）,港湾车站（处）,…        a sheet with given rows: by as many of its given columns as tell them apart
    表头.csv    项目,内容                      the labelled cells above the tables

A cell is read by its column's type; what the type refuses stays as it is, and an apostrophe before a number keeps it a text.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from qdcalc.errors import CalculationError, FileError
from qdcalc.rules.arguments import ArgumentType, DayType, NumberType
from qdcalc.workbook.plan import ColumnPlan, Plan, TablePlan
from qdcalc.workbook.table_sheet import Row

FIELDS = "表头"
Rows = dict[str, list[Row]]


def read_folder(folder: Path, plan: Plan) -> tuple[Rows, dict[str, object]]:
    """Rows by sheet key and values by field key. Raises FileError naming file, row and column."""
    data: Rows = {}
    for file in sorted(folder.glob("*.csv")):
        if file.stem == FIELDS:
            continue
        table = next((table for table in plan.tables.values() if table.name == file.stem), None)
        if table is None:
            known = "、".join(table.name for table in plan.tables.values())
            raise FileError(file, f"{file.name}：没有工作表“{file.stem}”，有：{known}")
        data[table.key] = _Reader(file, plan, table, data).rows()
        if (given := len(data[table.key])) > table.rows:
            raise FileError(file, f"{file.name}：有 {given} 行，工作簿只有 {table.rows} 行")
    return data, _fields(folder / f"{FIELDS}.csv", plan)


class _Reader:
    def __init__(self, file: Path, plan: Plan, table: TablePlan, before: Rows) -> None:
        self.file, self.plan, self.table, self.before = file, plan, table, before

    def rows(self) -> list[Row]:
        root = self.plan.chain(self.table)[-1]
        names: list[ColumnPlan] = []
        if root is not self.table and root.sheet.counted is not None:
            names = [root.by_key[root.sheet.counted]]
        elif self.table.given:
            heads = next(iter(_lines(self.file)), (0, {}))[1]
            names = [column for column in map(self.table.by_key.__getitem__, self.table.given) if column.title in heads]
        places = self._places(root, names)
        columns = {column.title: column for column in (*self.table.inputs, *names)}
        found: list[Row] = []
        for line, cells in _lines(self.file):
            values = {self._column(columns, title): text for title, text in cells.items()}
            row = {
                column.key: cell(column.type, text)
                for column, text in values.items()
                if column not in names or not (places or self.table.given)
            }
            if not names:
                found.append(row)
                continue
            key = tuple(values[name] for name in names)
            if key not in places:
                raise FileError(self.file, f"{self.file.name} 第{line}行：没有“{'、'.join(key)}”这一行")
            found += [{} for _ in range(places[key] + 1 - len(found))]
            found[places[key]] = row
        return found

    def _places(self, root: TablePlan, names: list[ColumnPlan]) -> dict[tuple[str, ...], int]:
        """Which row of the sheet a line of the file means, by what it says in the columns that name rows."""
        if root is not self.table and names:
            listed = self.before.get(root.key)
            if listed is None:
                listed = _Reader(self.file.with_stem(root.name), self.plan, root, self.before).rows()
            return {(str(row[names[0].key]),): place for place, row in enumerate(listed)}
        rows = list(zip(*(self.table.given[name.key] for name in names), strict=True))
        if len(set(rows)) < len(rows):
            raise FileError(self.file, f"{self.file.name}：这些列还不能确定是哪一行，应写全给定的列")
        return {tuple(str(cell) for cell in row): place for place, row in enumerate(rows)}

    def _column(self, columns: Mapping[str, ColumnPlan], title: str) -> ColumnPlan:
        if title not in columns:
            raise FileError(self.file, f"{self.file.name}：没有填报列“{title}”，有：{'、'.join(columns)}")
        return columns[title]


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [(number, dict(cells)) for number, cells in enumerate(csv.DictReader(stream), start=2)]


def _fields(file: Path, plan: Plan) -> dict[str, object]:
    found: dict[str, object] = {}
    known = {field.title: field for _, field in plan.fields}
    for line, cells in _lines(file) if file.exists() else []:
        title = cells["项目"]
        if title not in known:
            raise FileError(file, f"{file.name} 第{line}行：没有表头项“{title}”，有：{'、'.join(known)}")
        found[known[title].key] = cell(known[title].type, cells["内容"])
    return found


def cell(kind: ArgumentType | None, text: str) -> object:
    """A CSV cell as a workbook holds it: a number, a date or a text; None for a blank."""
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if not isinstance(kind, (NumberType, DayType)):
        return text
    try:
        value = kind.from_text(text, "")
    except CalculationError:
        return _number(text)
    return float(value) if isinstance(value, Decimal) else value if isinstance(value, datetime.date) else text


def _number(text: str) -> object:
    """A number that its column refuses (a negative amount) is still a number in the cell."""
    try:
        return float(text)
    except ValueError:
        return text
