"""Tables into files, piece by piece: CSV, Parquet, xlsx. A target is replaced in one step, when it is complete."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import polars as pl

from qdcalc.commands.files import replacing
from qdcalc.errors import UsageError
from qdcalc.rules.arguments import ErrorValue

_FORMULA = r"^[=+\-@＝＋－＠\t\r]"
_NUMBER = r"^[+-]?[\d,]*\.?\d+%?$"
_ROWS = 1_048_576


class Writer(Protocol):
    """Takes a table's pieces; the heads are written by itself."""

    def add(self, columns: Sequence[pl.Series]) -> None: ...


@contextmanager
def writing(path: Path, heads: Sequence[str]) -> Iterator[Writer]:
    """The target is as it was until all went well. At least one piece, which may have no rows, has to come."""
    kind = path.suffix.lower()
    with replacing(path) as draft:
        if kind == ".xlsx":
            sheet = _Sheet(heads)
            yield sheet
            sheet.save(draft)
        elif kind == ".parquet":
            with tempfile.TemporaryDirectory(prefix=".qdcalc-", dir=path.absolute().parent) as folder:
                parts = _Parts(Path(folder), heads)
                yield parts
                parts.join(draft)
        else:
            with draft.open("wb") as file:
                yield _Csv(file, heads)


class _Csv:
    def __init__(self, file: BinaryIO, heads: Sequence[str]) -> None:
        self.file, self.heads, self.started = file, [_harmless(head) for head in heads], False

    def add(self, columns: Sequence[pl.Series]) -> None:
        frame = _frame(self.heads, [_for_csv(column) for column in columns])
        first, self.started = not self.started, True
        frame.write_csv(self.file, include_bom=first, include_header=first, line_terminator="\r\n")


class _Parts:
    """A file a piece, joined at the end without reading all of them at once."""

    def __init__(self, folder: Path, heads: Sequence[str]) -> None:
        self.folder, self.heads, self.files = folder, heads, list[Path]()

    def add(self, columns: Sequence[pl.Series]) -> None:
        file = self.folder / f"{len(self.files)}.parquet"
        _frame(self.heads, columns).write_parquet(file)
        self.files.append(file)

    def join(self, target: Path) -> None:
        if len(self.files) == 1:
            self.files[0].replace(target)
        else:
            pl.scan_parquet(self.files).sink_parquet(target)


class FailureList:
    """A CSV of texts that comes into being with its first row."""

    def __init__(self, path: Path, heads: Sequence[str]) -> None:
        self.path, self.heads, self.count = path, heads, 0
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115  # closed by close()
        self._rows = csv.writer(self._file)

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        self.count += len(rows)
        self._rows.writerows([[_harmless(cell) for cell in row] for row in rows])

    def save(self) -> None:
        """Replaces the file of an earlier run, or takes it away: it would be taken for this one's."""
        if not self.count:
            self.path.unlink(missing_ok=True)
            return
        self._file.seek(0)
        with replacing(self.path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(self.heads)
            shutil.copyfileobj(self._file, file)

    def close(self) -> None:
        self._file.close()


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


class _Sheet:
    """A worksheet, written row by row."""

    def __init__(self, heads: Sequence[str]) -> None:
        from openpyxl import Workbook

        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet("结果")
        self.sheet.append([self._cell(head) for head in heads])
        self.rows = 1

    def add(self, columns: Sequence[pl.Series]) -> None:
        self.rows += len(columns[0])
        if self.rows > _ROWS:
            raise UsageError(f"结果超过 Excel 一张表的 {_ROWS} 行，请输出为 .csv 或 .parquet")
        for row in zip(*(column.to_list() for column in columns), strict=True):
            self.sheet.append([self._cell(value) for value in row])

    def save(self, path: Path) -> None:
        self.book.save(path)

    def _cell(self, value: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        if isinstance(value, ErrorValue):
            return value.code
        if not isinstance(value, str):
            return value
        found = WriteOnlyCell(self.sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        found.data_type = "s"  # a text that begins with = stays a text
        return found
