"""What newer Pythons have built in, for the copy that runs inside LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def without_suffix(text: str, suffix: str) -> str:
    return text[: -len(suffix)] if suffix and text.endswith(suffix) else text


def without_prefix(text: str, prefix: str) -> str:
    return text[len(prefix) :] if text.startswith(prefix) else text


def strict_zip(*columns: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """zip that refuses columns of different lengths."""
    lists = [list(column) for column in columns]
    if len({len(column) for column in lists}) > 1:
        raise ValueError("zip() argument lengths differ")
    return zip(*lists, strict=False)
