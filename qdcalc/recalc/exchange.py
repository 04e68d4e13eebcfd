"""A file's report as plain data and back: between processes, and in the journal. Only what JSON can hold, so that
nothing that a worker or a journal says is ever run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.recalc.report import BookReport, Difference, Disagreement, Failure, Skipped
from qdcalc.recalc.values import ErrorValue

_PROBLEMS: Mapping[str, type[Failure] | type[Skipped] | type[Disagreement] | type[Difference]] = {
    "failures": Failure,
    "skipped": Skipped,
    "disagreements": Disagreement,
    "differences": Difference,
}
_ERROR = "error"
_PLAIN: Mapping[str, type] = {"int": int, "str": str, "bool": bool}


def pack(report: BookReport) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(BookReport):
        value = getattr(report, one.name)
        if one.name in _PROBLEMS:
            value = [{key: _packed(cell) for key, cell in vars(problem).items()} for problem in value]
        elif isinstance(value, Path):
            value = str(value)
        found[one.name] = value
    return found


def unpack(data: Mapping[str, Any]) -> BookReport:
    """Raises ValueError if `data` is no packed report."""
    try:
        found: dict[str, Any] = {}
        for one in fields(BookReport):
            value = data[one.name]
            kind = _PROBLEMS.get(one.name)
            if kind is not None:
                value = [kind(**{key: _unpacked(cell) for key, cell in problem.items()}) for problem in value]
            elif one.name == "notes":
                value = [str(note) for note in value]
            elif one.name == "seconds":
                value = {str(name): float(seconds) for name, seconds in value.items()}
            elif "Path" in str(one.type):
                value = None if value is None and "None" in str(one.type) else Path(value)
            elif not isinstance(value, _PLAIN[str(one.type)]):
                raise ValueError(one.name)
            found[one.name] = value
        return BookReport(**found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report: {error}") from error


def _packed(value: object) -> object:
    if isinstance(value, ErrorValue):
        return {_ERROR: value.code}
    return float(value) if isinstance(value, Decimal) else value


def _unpacked(value: object) -> Any:
    return ErrorValue(value[_ERROR]) if isinstance(value, dict) else value
