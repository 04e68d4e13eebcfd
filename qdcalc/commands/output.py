"""What commands print: values as plain text, JSON, and tables whose columns line up with Chinese in them."""

from __future__ import annotations

import datetime
import sys
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

_WIDEST = 64


def plain_text(value: Any) -> str:
    """7500000.00, 0.08, TRUE, 2018-08-16; a list one row a line, its cells apart by tabs."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        rows = (row if isinstance(row, (list, tuple)) else [row] for row in value)
        return "\n".join("\t".join(plain_text(cell) for cell in row) for row in rows)
    return "" if value is None else str(value)


def plain_data(value: Any) -> Any:
    """The same for JSON: exact numbers and dates as text, flags as they are."""
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    return value if isinstance(value, (bool, int, str)) or value is None else plain_text(value)


def print_json(data: object) -> None:
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side; one very long cell does not push its whole column apart."""
    widths = [min(max(map(width, column)), _WIDEST) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell + " " * max(room - width(cell), 0) for cell, room in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def tell(sentence: str) -> None:
    """A sentence for the person, apart from the result."""
    print(sentence, file=sys.stderr)
