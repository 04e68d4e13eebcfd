"""The rows of 依据: every figure of the policy with its unit and article, one row each, at a fixed address.

A single figure is one row; a list has a row a name, bands a row a band, a table a row a key. What formulas point at is
the column 数值 (of bands also 起点, of tables also 适用条件, where the keys are joined by |). A dated figure has the rows
of all its versions, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qdcalc.layout import Basis
from qdcalc.rules.figures import Band, Figure, Policy, Version
from qdcalc.rules.units import plain

SHEET = "依据"
FIRST_ROW = 4
"""The first figure's row, from 0: title, document and heading rows stand above."""
MORE = "加档：在本行之上插入一行，填起点和数值"
"""Stands below the last band, inside the ranges that formulas read: so these grow with every row inserted above it."""
CONDITION, START, VALUE = "C", "D", "E"
KEY_MARK = "|"


@dataclass(frozen=True)
class BasisRow:
    """One line of 依据. `start` is the lower bound of a band; `value` a number, a name, a date, or None below the bands."""

    path: str
    title: str
    condition: str
    start: Decimal | None
    value: object
    unit: str
    article: str
    note: str


@dataclass(frozen=True)
class BasisSheet:
    """`cells`: absolute address of every single figure as it stands on the day that counts where no date is given, and of
    a table's keys (path.keys) and values (path.gives);
    `spans`: first and last row (from 0) of every figure and version."""

    rows: tuple[BasisRow, ...]
    cells: dict[str, str] = field(default_factory=dict)
    spans: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def column(self, path: str, version: int, letter: str) -> str:
        """The cells of one figure in one column: 依据!$E$7:$E$10; of a single figure one cell."""
        first, last = self.spans[path, version]
        cell = f"{SHEET}!${letter}${first + 1}"
        return cell if first == last else f"{cell}:${letter}${last + 1}"


def basis_rows(policy: Policy, extra: Sequence[Basis] = (), *, growing: bool = False) -> BasisSheet:
    """`growing`: below each table of bands a line says where a new one is inserted."""
    rows: list[BasisRow] = []
    sheet = BasisSheet((), {}, {})
    for figure in policy.figures.values():
        for number, version in enumerate(figure.versions):
            start = FIRST_ROW + len(rows)
            rows += _rows(figure, version)
            if growing and figure.shape == "band":
                rows.append(BasisRow(figure.path, figure.title, MORE, None, None, "", "", ""))
            sheet.spans[figure.path, number] = (start, FIRST_ROW + len(rows) - 1)
            if version.data is not figure.at(policy.default_day):
                continue
            if figure.shape == "value":
                sheet.cells[figure.path] = f"{SHEET}!${VALUE}${start + 1}"
            elif figure.shape == "table":
                sheet.cells[f"{figure.path}.keys"] = sheet.column(figure.path, number, CONDITION)
                sheet.cells[f"{figure.path}.gives"] = sheet.column(figure.path, number, VALUE)
    for item in extra:
        start = FIRST_ROW + len(rows)
        rows.append(BasisRow(item.key, item.title, "", None, item.value, item.unit, item.article, "供核对，不参与计算"))
        sheet.spans[item.key, 0] = (start, start)
        sheet.cells[item.key] = f"{SHEET}!${VALUE}${start + 1}"
    return BasisSheet(tuple(rows), sheet.cells, sheet.spans)


def _rows(figure: Figure, version: Version) -> list[BasisRow]:
    """The rows of one version of a figure."""
    data = version.data
    dated = f"{version.start} 起" if len(figure.versions) > 1 else ""
    note = "；".join(part for part in (figure.note, dated) if part)

    def row(condition: str, start: Decimal | None, value: object, title: str = figure.title) -> BasisRow:
        return BasisRow(figure.path, title, condition, start, value, figure.unit, figure.article, note)

    if figure.shape == "value":
        return [row("", None, data)]
    if figure.shape == "names":
        assert isinstance(data, tuple)
        return [row("", None, str(name)) for name in data]
    if figure.shape == "band":
        assert isinstance(data, tuple)
        bands = [band for band in data if isinstance(band, Band)]
        return [row(_band_words(bands, index, figure.of), band.start, band.gives) for index, band in enumerate(bands)]
    assert isinstance(data, dict)
    return [row(KEY_MARK.join(keys), None, value) for keys, value in data.items()]


def _band_words(bands: Sequence[Band], index: int, unit: str) -> str:
    """200,000 元及以上、不足 500,000 元."""
    low = bands[index].start
    words = f"{_thousands(low)} {unit}及以上" if low else ""
    if index + 1 < len(bands):
        high = f"不足 {_thousands(bands[index + 1].start)} {unit}"
        return f"{words}、{high}" if words else high
    return words or "全部"


def _thousands(number: Decimal) -> str:
    return f"{number:,f}" if number == number.to_integral_value() else plain(number)
