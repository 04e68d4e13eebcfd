"""How a formula spells sheets, texts and fixed values."""

from __future__ import annotations

import re
from collections.abc import Callable

_BARE_NAME = re.compile(r"[^\W\d]\w*")


def sheet_prefix(name: str) -> str:
    """人选! or 'a b'!, as Excel writes it."""
    return f"{name}!" if _BARE_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'!"


_FAR = 40_000_000
_FAR_ROW = re.compile(r"(?<=[A-Z])(4\d{7})\b")


def down(make: Callable[[int], str]) -> Callable[[int], str]:
    """A column of formulas that differ in nothing but the rows they speak of: `make` is asked once, for a row far beyond
    any sheet, and what it says is moved to each row. Some hundred times faster than asking for every row."""
    parts = _FAR_ROW.split(make(_FAR))
    texts, shifts = parts[::2], [int(row) - _FAR for row in parts[1::2]]

    def at(row: int) -> str:
        moved = [texts[0]]
        for shift, text in zip(shifts, texts[1:], strict=True):
            moved += (str(row + shift), text)
        return "".join(moved)

    return at


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def literal(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return quoted(value) if isinstance(value, str) else str(value)
