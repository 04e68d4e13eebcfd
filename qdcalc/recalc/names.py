"""How a report names files: by their path below the folder that they have in common, since districts use the same names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unicodedata import east_asian_width

from qdcalc.recalc.paths import shared_folder

_WIDEST = 60
"""columns of a terminal that a name takes in a table"""


def below_common(paths: Sequence[Path]) -> list[str]:
    """In the order of `paths`. A single one by its name; such as have no folder in common as they are."""
    root = shared_folder(paths)
    return [str(path) if root is None else path.relative_to(root).as_posix() for path in paths]


def shortened(name: str) -> str:
    """For a table: of a very long name the middle is left out."""
    room, head, tail = _WIDEST - 1, "", ""
    if _width(name) <= _WIDEST:
        return name
    while room - _width(head) - _width(tail) >= 4:
        head, tail = name[: len(head) + 1], name[-len(tail) - 1 :]
    return f"{head}…{tail}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
