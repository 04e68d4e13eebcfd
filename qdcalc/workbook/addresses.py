"""How a formula spells sheets, texts and fixed values."""

from __future__ import annotations

import re

_BARE_NAME = re.compile(r"[^\W\d]\w*")


def sheet_prefix(name: str) -> str:
    """人选! or 'a b'!, as Excel writes it."""
    return f"{name}!" if _BARE_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'!"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def literal(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return quoted(value) if isinstance(value, str) else str(value)
