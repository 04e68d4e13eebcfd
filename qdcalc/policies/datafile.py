"""Lists that lie beside the rules as CSV: read when a function first needs them, and no earlier."""

from __future__ import annotations

import csv
import functools
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from qdcalc.errors import PolicyError


@functools.cache
def rows(file: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of a CSV file (UTF-8, opens in Excel), each by the titles of the first. Raises PolicyError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            heading, *lines = [line for line in csv.reader(stream) if line]
    except (OSError, ValueError, csv.Error) as error:
        raise PolicyError(file, "", f"不能读取：{error}") from error
    for number, line in enumerate(lines, start=2):
        if len(line) != len(heading):
            raise PolicyError(file, f"第{number}行", f"应有 {len(heading)} 格，有 {len(line)} 格")
    return tuple(dict(zip(heading, line, strict=True)) for line in lines)


def folded(text: str) -> str:
    """A text as searches compare it: full-width forms made ordinary, no spaces, no upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
