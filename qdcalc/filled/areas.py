"""Many cells said as few areas: D12:F14 instead of nine cells."""

from __future__ import annotations

from collections.abc import Iterable

from qdcalc.recalc.area import Area
from qdcalc.recalc.values import Cell
from qdcalc.recalc.xmltext import cell_ref


def areas(cells: Iterable[Cell], *, across: bool = True) -> list[Area]:
    """Runs down the columns, and `across`: neighbouring runs of the same rows as one. From top left to bottom right."""
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        by_column.setdefault(column, []).append(row)
    runs: list[Area] = []
    for column in sorted(by_column):
        rows = sorted(set(by_column[column]))
        start = rows[0]
        for row, after in zip(rows, [*rows[1:], 0], strict=True):
            if after != row + 1:
                runs.append(Area(start, column, row, column))
                start = after
    found: list[Area] = []
    open_ended: dict[tuple[int, int, int], int] = {}
    for run in runs:
        at = open_ended.pop((run.first_row, run.last_row, run.first_column - 1), None) if across else None
        if at is None:
            at = len(found)
            found.append(run)
        else:
            found[at] = Area(run.first_row, found[at].first_column, run.last_row, run.last_column)
        open_ended[run.first_row, run.last_row, run.last_column] = at
    return sorted(found, key=lambda area: (area.first_row, area.first_column))


def areas_apart(cells: Iterable[Cell], above: int, *, across: bool = False) -> list[Area]:
    """The same, but what stands in the first rows (to `above`: totals, heads) is not joined with the rows of the table."""
    listed = list(cells)
    upper, lower = ([cell for cell in listed if (cell[0] <= above) == top] for top in (True, False))
    return [*areas(upper, across=across), *areas(lower, across=across)]


def area_ref(area: Area) -> str:
    """ "D12" or "D12:F14" """
    first = cell_ref(area.first_row, area.first_column)
    return first if area.size == 1 else f"{first}:{cell_ref(area.last_row, area.last_column)}"


def count_words(area: Area) -> str:
    """（共9格）, or "" for one."""
    return "" if area.size == 1 else f"（共{area.size}格）"
