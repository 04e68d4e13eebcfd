"""Tables from files, piece by piece: CSV and Parquet may be larger than the memory; a worksheet is read whole."""

from __future__ import annotations

import codecs
import io
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from qdcalc.errors import FileError, NotAWorkbook, UsageError
from qdcalc.rules.arguments import ErrorValue, is_blank

KINDS = (".csv", ".parquet", ".xlsx")
PIECE = 500_000
"""Rows of a piece: some hundred megabytes at work for a table of twenty columns."""
_READ = 1 << 22


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


@dataclass(frozen=True)
class Source:
    """A table's heads, and its rows in pieces of at most PIECE (a worksheet is one piece)."""

    heads: tuple[str, ...]
    pieces: Callable[[], Iterator[Table]]


@contextmanager
def reading(path: Path) -> Iterator[Source]:
    """Raises FileError for what cannot be read, UsageError for heads that are blank or twice there.

    What is wrong further down (a row with too many cells) is raised while the pieces are read."""
    kind = path.suffix.lower()
    opened = _opened_csv if kind == ".csv" else _opened_parquet if kind == ".parquet" else _opened_xlsx
    with opened(path) as source:
        named = [head for head in source.heads if head]
        twice = sorted({head for head in named if named.count(head) > 1})
        if twice:
            raise UsageError(f"“{path.name}”有重复的列名：{'、'.join(twice)}")
        if not named:
            raise UsageError(f"“{path.name}”是空的：第一行应为列名")
        yield source


@contextmanager
def _opened_csv(path: Path) -> Iterator[Source]:
    encoding = _encoding(path)
    with tempfile.TemporaryDirectory(prefix="qdcalc-", ignore_cleanup_errors=True) as folder:
        file = path
        if encoding != "utf-8-sig":
            file = Path(folder, "utf-8.csv")
            with (
                path.open(encoding=encoding, newline="") as read,
                file.open("w", encoding="utf-8", newline="") as write,
            ):
                while text := read.read(_READ):
                    write.write(text)
        with file.open(encoding="utf-8-sig") as lines:
            first = next((line for line in lines if line.strip()), "")
        if not first:
            yield Source((), lambda: iter(()))
            return
        separator = "\t" if "\t" in first and "," not in first else ","
        frame = pl.scan_csv(file, has_header=False, infer_schema=False, separator=separator)
        try:
            heads = tuple((head or "").strip() for head in frame.head(1).collect().row(0))
        except pl.exceptions.PolarsError:
            raise _ragged(path) from None

        def pieces() -> Iterator[Table]:
            try:
                yield from _pieces(heads, frame.collect_batches(chunk_size=PIECE, maintain_order=True), True, skip=1)
            except pl.exceptions.PolarsError:
                raise _ragged(path) from None

        yield Source(heads, pieces)


def _ragged(path: Path) -> FileError:
    return FileError(path, "不是规范的 CSV：各行列数与表头不同，或引号没有成对")


def _pieces(heads: tuple[str, ...], frames: Iterable[pl.DataFrame], is_text: bool, skip: int = 0) -> Iterator[Table]:
    for frame in frames:
        left, skip = min(skip, frame.height), skip - min(skip, frame.height)
        for start in range(left, frame.height, PIECE):
            yield Table(heads, tuple(frame.slice(start, PIECE).get_columns()), is_text)


def _encoding(path: Path) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030, which is what a Chinese Excel writes."""
    with path.open("rb") as file:
        start = file.read(2)
    marked = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(_READ):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileError(path, "文字编码不能识别，请另存为 UTF-8 的 CSV")


@contextmanager
def _opened_parquet(path: Path) -> Iterator[Source]:
    broken = FileError(path, "不是完好的 Parquet 文件")
    try:
        frame = pl.scan_parquet(path)
        heads = tuple(frame.collect_schema())
    except (pl.exceptions.PolarsError, OSError):
        raise broken from None

    def pieces() -> Iterator[Table]:
        try:
            yield from _pieces(heads, frame.collect_batches(chunk_size=PIECE, maintain_order=True), False)
        except (pl.exceptions.PolarsError, OSError):
            raise broken from None

    yield Source(heads, pieces)


@contextmanager
def _opened_xlsx(path: Path) -> Iterator[Source]:
    table = _read_xlsx(path)
    yield Source(table.heads, lambda: iter((table,) if table.columns else ()))


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
        with warnings.catch_warnings():  # of print areas, styles and the like: nothing that a table is made of
            warnings.simplefilter("ignore")
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
