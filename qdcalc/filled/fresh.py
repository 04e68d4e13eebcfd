"""The same workbook recalculated, to see whether what it holds is up to date and what is wrong with its rows."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from qdcalc.errors import FileError
from qdcalc.filled.cells import sheet_values
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.package import open_package
from qdcalc.recalc.report import Failure
from qdcalc.recalc.values import Cell, CellValue, ErrorValue


@dataclass
class Fresh:
    """`values` by sheet name and cell; `failures` of provisions, by sheet and cell reference; `reason` why there are none."""

    values: dict[str, dict[Cell, CellValue]] = field(default_factory=dict)
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    disagreements: dict[tuple[str, str], CellValue] = field(default_factory=dict)
    reason: str = ""


def recalculated(path: Path, suffix: str, password: str | None = None) -> Fresh:
    """Never raises for a file: then `reason` says what stood in the way. The file itself is not touched."""
    try:
        with tempfile.TemporaryDirectory(prefix="qdcalc-", ignore_cleanup_errors=True) as folder:
            target = Path(folder, "fresh" + suffix)
            report = recalc_book(path, target, password=password, decrypted=True)
            with open_package(target, password=password) as package:  # an unchanged one is copied as it is
                values = sheet_values(package)
    except FileError as error:
        return Fresh(reason=error.sentence)
    except RecursionError:
        return Fresh(reason="公式嵌套过深")
    return Fresh(
        values,
        {(item.sheet, item.cell): item for item in report.failures},
        {(item.sheet, item.cell): item.engine for item in report.disagreements},
    )


def same(cached: CellValue, fresh: CellValue) -> bool:
    """Whether two results are the same to a person: "" and nothing, sums in another order, an error told as a text."""
    if cached in (None, "") and fresh in (None, ""):
        return True
    if isinstance(cached, bool) or isinstance(fresh, bool):
        return cached is fresh or cached == fresh
    if isinstance(cached, (int, float)) and isinstance(fresh, (int, float)):
        return math.isclose(cached, fresh, rel_tol=1e-12, abs_tol=1e-9)
    if error_code(cached) and error_code(fresh):
        return True  # which error it is depends on the program: without an add-in all are #NAME?
    return cached == fresh


def error_code(value: CellValue) -> str:
    """ "#N/A" of an error, or of a text that an Excel function gave in its place; else ""."""
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, str) and value.startswith("#"):
        return value.split(" ")[0]
    return ""
