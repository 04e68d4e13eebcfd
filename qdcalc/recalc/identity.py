"""Which file is it, which template is it made from, and which software is this: what a later run compares."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import qdcalc
from qdcalc.errors import FileError
from qdcalc.recalc.archive import Archive
from qdcalc.recalc.facts import FactReader
from qdcalc.recalc.limits import DEFAULT_LIMITS
from qdcalc.recalc.scan import read_shared_strings, read_values
from qdcalc.recalc.values import CellValue
from qdcalc.workbook.stamp import SHEET

_STAMP_CELLS = 20
_SOURCES = frozenset({".py", ".toml", ".csv"})


def digest(path: Path) -> str | None:
    """SHA-256 of a file; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def template_of(path: Path) -> str:
    """What the stamp of a workbook says, "talent 1"; "" for a workbook without a stamp or out of reach."""
    try:
        content = path.read_bytes()
        archive = Archive(content, path, DEFAULT_LIMITS)
        facts = FactReader(archive.read, tuple(archive.members), path, DEFAULT_LIMITS).facts()
        part = next((sheet.part for sheet in facts.sheets if sheet.name == SHEET), None)
        if part is None:
            return ""
        strings: list[str] = []
        if facts.shared_strings_part is not None:
            strings = read_shared_strings(archive.read(facts.shared_strings_part))
        cells: dict[tuple[int, int], CellValue] = {}
        for place, value in read_values(archive.read(part), strings):
            cells[place] = value
            if len(cells) > _STAMP_CELLS:
                break
    except (FileError, OSError):
        return ""
    said = {str(value): cells.get((row, 2)) for (row, column), value in cells.items() if column == 1}
    words = [f"{said[key]:g}" if isinstance(said[key], float) else str(said[key]) for key in ("template", "version")
             if said.get(key) is not None]  # fmt: skip
    return " ".join(words)


@lru_cache(maxsize=1)
def software() -> str:
    """qdcalc and its engine. The law is part of it: an officer may have changed a figure, so every source counts."""
    found = hashlib.sha256()
    root = Path(qdcalc.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in _SOURCES:
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"qdcalc {qdcalc.__version__} ({found.hexdigest()[:16]}), formualizer {metadata.version('formualizer')}"
