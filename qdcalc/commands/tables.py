"""Tables in and out of files: CSV, Parquet, xlsx. A target is replaced in one step, when it is complete."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from qdcalc.commands.files import replacing
from qdcalc.errors import FileError, NotAWorkbook, UsageError
from qdcalc.rules.arguments import ErrorValue, is_blank

KINDS = (".csv", ".parquet", ".xlsx")
_FORMULA = r"^[=+\-@＝＋－＠\t\r]"
_NUMBER = r"^[+-]?[\d,]*\.?\d+%?$"
_ROWS = 1_048_576


@dataclass(frozen=True)
class Table:
    """Columns under their heads. `is_text`: every cell is text, as in a CSV; else cells have types."""

    heads: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    is_text: bool

    @property
    def height(self) -> int:
        return len(self.columns[0])

    def is_blank(self, row: int) -> bool:
        """Whether nothing at all is in a row: a line between two records is no record."""
        return all(is_blank(column[row]) for column in self.columns)


def check_paths(source: Path, target: Path) -> None:
    """Raises UsageError or FileError before anything is read."""
    for path in (source, target):
        if path.suffix.lower() not in KINDS:
            raise UsageError(f"“{path.name}”应为 .csv、.parquet 或 .xlsx 文件")
    if not source.is_file():
        raise FileError(source, "没有这个文件")
    if target.exists() and target.samefile(source):
        raise UsageError("输出文件不能就是输入文件，请换一个名字")
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UsageError(f"输出文件“{target}”所在的文件夹不存在，或它本身是一个文件夹")


def read(path: Path) -> Table:
    """The whole table. Raises FileError for what cannot be read, UsageError for heads that are blank or twice there."""
    kind = path.suffix.lower()
    table = _read_csv(path) if kind == ".csv" else _read_parquet(path) if kind == ".parquet" else _read_xlsx(path)
    named = [head for head in table.heads if head]
    twice = sorted({head for head in named if named.count(head) > 1})
    if twice:
        raise UsageError(f"“{path.name}”有重复的列名：{'、'.join(twice)}")
    if not named:
        raise UsageError(f"“{path.name}”是空的：第一行应为列名")
    return table


def _read_csv(path: Path) -> Table:
    content = path.read_bytes()
    text = _decoded(path, content)
    first = text.partition("\n")[0]
    separator = "\t" if "\t" in first and "," not in first else ","
    if not text.strip():
        return Table((), (), True)
    try:
        frame = pl.read_csv(text.encode(), has_header=False, infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError:
        raise FileError(path, "不是规范的 CSV：各行列数与表头不同，或引号没有成对") from None
    heads = tuple((head or "").strip() for head in frame.row(0))
    rows = frame.slice(1)
    return Table(heads, tuple(rows.get_columns()), True)


def _decoded(path: Path, content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030, which is what a Chinese Excel writes."""
    for start, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "gb18030")):
        if content.startswith(start):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise FileError(path, "文字编码不能识别，请另存为 UTF-8 的 CSV")


def _read_parquet(path: Path) -> Table:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise FileError(path, "不是完好的 Parquet 文件") from None
    return Table(tuple(frame.columns), tuple(frame.get_columns()), False)


def _read_xlsx(path: Path) -> Table:
    from qdcalc.recalc.package import open_package

    with open_package(path) as package:  # refuses what is no workbook, needs a password or breaks a safety limit
        content = package.file_bytes()
    rows = _sheet_rows(path, content, values=True)
    if any(None in row for row in rows):
        _refuse_uncalculated(path, content, rows)
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        return Table((), (), False)
    widest = max(len(row) for row in rows)
    heads = tuple("" if head is None else str(head).strip() for head in (*rows[0], *[None] * (widest - len(rows[0]))))
    body = [[*row, *[None] * (widest - len(row))] for row in rows[1:]]
    cells = [[row[position] for row in body] for position in range(widest)]
    return Table(heads, tuple(pl.Series("", column, dtype=pl.Object) for column in cells), False)


def _sheet_rows(path: Path, content: bytes, *, values: bool) -> list[list[Any]]:
    """The first sheet, its formulas as values or as formulas."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
        try:
            return [
                [ErrorValue(str(cell.value)) if cell.data_type == "e" else cell.value for cell in row]
                for row in book.worksheets[0].iter_rows()
            ]
        finally:
            book.close()
    except Exception as error:  # openpyxl raises whatever it meets
        raise NotAWorkbook(path, f"不能作为工作簿读取：{error}") from error


def _refuse_uncalculated(path: Path, content: bytes, rows: list[list[Any]]) -> None:
    """A formula without a value must not pass for a blank cell."""
    for number, (row, formulas) in enumerate(
        zip(rows, _sheet_rows(path, content, values=False), strict=False), start=1
    ):
        for cell, formula in zip(row, formulas, strict=False):
            if cell is None and isinstance(formula, str) and formula.startswith("="):
                raise FileError(
                    path, f"第{number}行有公式还没有算出值，请先在 Excel 或 WPS 中打开并保存，或用 qdcalc recalc 重算"
                )


# ---------------------------------------------------------------------- out
def write(path: Path, heads: Sequence[str], columns: Sequence[pl.Series]) -> None:
    kind = path.suffix.lower()
    with replacing(path) as draft:
        if kind == ".xlsx":
            _write_xlsx(draft, heads, columns)
        elif kind == ".parquet":
            _frame(heads, columns).write_parquet(draft)
        else:
            frame = _frame([_harmless(head) for head in heads], [_for_csv(column) for column in columns])
            frame.write_csv(draft, include_bom=True, line_terminator="\r\n")


def write_rows(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A small CSV of texts."""
    with replacing(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([[_harmless(cell) for cell in row] for row in (heads, *rows)])


def _frame(heads: Sequence[str], columns: Sequence[pl.Series]) -> pl.DataFrame:
    named = {
        head or f"（无列名{position}）": column
        for position, (head, column) in enumerate(zip(heads, columns, strict=True), 1)
    }
    plain = {head: _typed(column) if column.dtype == pl.Object else column for head, column in named.items()}
    return pl.DataFrame(plain)


def _typed(column: pl.Series) -> pl.Series:
    """A column of cells of a workbook: one type where they have one, else all as text."""
    from qdcalc.commands.output import plain_text

    cells = [cell.code if isinstance(cell, ErrorValue) else cell for cell in column.to_list()]
    kinds = {type(cell) for cell in cells if cell is not None}
    if len(kinds) == 1 or kinds == {int, float}:
        return pl.Series(column.name, cells, strict=False)
    return pl.Series(column.name, [None if cell is None else plain_text(cell) for cell in cells], dtype=pl.String)


def _for_csv(column: pl.Series) -> pl.Series:
    """A text that a spreadsheet program would take for a formula gets a ' in front; flags become TRUE and FALSE."""
    if column.dtype == pl.Object:
        column = _typed(column)
    if column.dtype == pl.Boolean:
        return column.replace_strict({True: "TRUE", False: "FALSE"}, return_dtype=pl.String)
    if column.dtype != pl.String:
        return column
    text = pl.col("text")
    risky = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return column.to_frame("text").select(pl.when(risky).then("'" + text).otherwise(text)).to_series()


def _harmless(text: str) -> str:
    return f"'{text}" if re.match(_FORMULA, text) and not re.match(_NUMBER, text) else text


def _write_xlsx(path: Path, heads: Sequence[str], columns: Sequence[pl.Series]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if len(columns[0]) >= _ROWS:
        raise UsageError(f"{len(columns[0])} 行超过 Excel 一张表的 {_ROWS} 行，请输出为 .csv 或 .parquet")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("结果")

    def cell(value: Any) -> Any:
        if isinstance(value, ErrorValue):
            return value.code
        if not isinstance(value, str):
            return value
        found = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        found.data_type = "s"  # a text that begins with = stays a text
        return found

    sheet.append([cell(head) for head in heads])
    for row in zip(*(column.to_list() for column in columns), strict=True):
        sheet.append([cell(value) for value in row])
    book.save(path)
