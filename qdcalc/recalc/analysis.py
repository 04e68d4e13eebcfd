"""What of a workbook is to be calculated: its formulas folded, those to patch, those that the engine cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qdcalc.recalc.dependents import Graph, Marks
from qdcalc.recalc.formulas import keep, planner_for
from qdcalc.recalc.model import Family, SheetModel, fold
from qdcalc.recalc.package import Package
from qdcalc.recalc.scan import SheetScan, read_shared_strings, scan_sheet
from qdcalc.recalc.vocabulary import Vocabulary
from qdcalc.rules.function import Function

_HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\b[^>]*\bhidden\s*=\s*["'](?:1|true|on)""")
_CHECKED_CELLS = 50_000_000
"""what comparing kept values with the engine may cost, in cells looked at; about five seconds"""
_SLOWEST = 10
"""SUMPRODUCT and the like take ten times as long for a cell as SUMIF"""


@dataclass
class Work:
    """A workbook taken apart.

    patch      formulas that are to get a fresh value
    left_out   formulas that the engine cannot do: they enter it as the file's value
    unchecked  formulas that stay as they are and would take the engine too long to compare
    outdated   formulas in left_out that depend on one in `patch`
    reasons    (sheet, number) → why, for those in left_out because of another cell
    """

    models: list[SheetModel]
    graph: Graph
    patch: Marks
    left_out: Marks
    unchecked: Marks
    outdated: Marks
    reasons: dict[tuple[int, int], str]
    members_patched: int = 0

    @property
    def not_in_engine(self) -> Marks:
        return both(self.left_out, self.unchecked, lambda one, two: one | two)

    @property
    def calculates(self) -> bool:
        """Whether there is anything for the engine to do."""
        return any(0 in flags for flags in self.not_in_engine.sheets)


def blank(models: list[SheetModel]) -> Marks:
    return Marks([bytearray(len(model)) for model in models])


def both(one: Marks, two: Marks, how: Callable[[int, int], int]) -> Marks:
    """Marks from two, formula by formula."""
    found = []
    for left, right in zip(one.sheets, two.sheets, strict=True):
        table = {(a, b): how(a, b) for a in (0, 1) for b in (0, 1)}
        found.append(bytearray(map(table.__getitem__, zip(left, right, strict=True))))
    return Marks(found)


def analyse(package: Package, functions: Mapping[str, Function], all_cells: bool) -> Work:
    """Raises UnsafeFile or UnsupportedFile."""
    vocabulary = Vocabulary(
        (sheet.name for sheet in package.sheets),
        package.defined_names,
        package.tables,
        functions,
        date1904=package.date1904,
    )
    scans = []
    for number, sheet in enumerate(package.sheets):
        xml = package.read(sheet.part)
        scan = scan_sheet(xml, path=package.path, sheet=sheet.name, limits=package.limits, runs=True)
        if scan.shared_texts and package.shared_strings_part is not None:
            strings = read_shared_strings(package.read(package.shared_strings_part), path=package.path)
            scan = scan_sheet(xml, strings, path=package.path, sheet=sheet.name, limits=package.limits, runs=True)
        if b"hidden" in xml and _HIDDEN_ROW.search(xml):
            vocabulary.hidden.add(number)
        vocabulary.subtracting |= {(number, column) for column in subtracting_columns(scan)}
        vocabulary.last_row = max(vocabulary.last_row, scan.max_row)
        for cell in scan.formulas:
            if cell.kind == "array" and cell.area is not None:
                vocabulary.anchors[number, cell.row, cell.column] = cell.area
        scans.append(scan)
    planner = planner_for(vocabulary)
    models = []
    for number, sheet in enumerate(package.sheets):
        models.append(fold(scans[0], number, sheet.name, sheet.part, planner))
        del scans[0]
    keep(planner)
    return choose(models, all_cells=all_cells, last_row=vocabulary.last_row)


def subtracting_columns(scan: SheetScan) -> set[int]:
    """The columns of a sheet in which a formula adds or subtracts; of an array formula all that it fills."""
    shared = {number for number, master in enumerate(scan.shared) if _subtracts(master.text)}
    found: set[int] = set()
    for cell in scan.formulas:
        if cell.shared_index in shared if cell.text is None else _subtracts(cell.text):
            area = cell.area if cell.kind == "array" else None
            found.update((cell.column,) if area is None else range(area.first_column, area.last_column + 1))
    for run in scan.runs:
        for text, index in zip(run.template.fields, run.shared, strict=True):
            if index in shared if index is not None else _subtracts(text.text(run.first).decode()):
                found.add(text.column)
    return found


def _subtracts(formula: str) -> bool:
    return "-" in formula or "+" in formula


def choose(models: list[SheetModel], *, all_cells: bool, last_row: int) -> Work:
    """What is to be patched and what does not enter the engine."""
    graph = Graph(models)
    seeds, left_out, lost, anywhere = blank(models), blank(models), blank(models), blank(models)
    for sheet, model in enumerate(models):
        for family in model.families:
            plan = family.plan
            wanted = bool(plan.provisions) or plan.volatile or all_cells
            if plan.anywhere:
                family.mark(anywhere[sheet])
            if plan.reason:
                family.mark(left_out[sheet])
            elif wanted:
                family.mark(seeds[sheet])
                continue
            uncached = family.flags(model.uncached)
            if 1 not in uncached:
                continue
            for place, flag in zip(family.indexes, uncached, strict=True):
                if flag:
                    (lost if plan.reason else seeds)[sheet][place] = 1
    reasons: dict[tuple[int, int], str] = {}
    if lost:  # there is no value that could stand for them: what reads them cannot be known
        standing = both(left_out, lost, lambda one, two: one & ~two & 1)
        lost = both(lost, anywhere, lambda one, two: one | two)  # OFFSET may read any cell
        for sheet, reached in enumerate(graph.spread(lost, blocked=standing).sheets):
            for place, flag in enumerate(reached):
                if flag and not left_out[sheet][place]:
                    left_out[sheet][place] = 1
                    seeds[sheet][place] = 0
                    reasons[sheet, place] = "它引用的公式未能计算，又没有原值"
    patch = graph.spread(seeds, blocked=left_out)
    outdated = blank(models)
    if left_out and patch:
        outdated = both(left_out, graph.spread(seeds), lambda one, two: one & two)
    unchecked = _unchecked(models, patch, left_out, last_row)
    return Work(models, graph, patch, left_out, unchecked, outdated, reasons)


def _unchecked(models: list[SheetModel], patch: Marks, left_out: Marks, last_row: int) -> Marks:
    """Formulas that stay and that the engine would look at too many cells for: the cheap ones are compared first."""
    found = blank(models)
    heavy: list[tuple[int, int, Family]] = []
    for number, family in enumerate(family for model in models for family in model.families):
        if family.plan.heavy:
            cells = sum(
                (min(area.last_row, last_row) - min(area.first_row, last_row) + 1)
                * min(area.last_column - area.first_column + 1, 256)
                for _, area in family.areas(family.last)
            )
            weight = _SLOWEST if family.plan.heavy > 1 else 1
            heavy.append((cells * weight * len(family.indexes), number, family))
    left = _CHECKED_CELLS
    for cost, _, family in sorted(heavy, key=lambda item: item[:2]):
        flags, done, out = found[family.sheet], patch[family.sheet], left_out[family.sheet]
        kept = [place for place in family.indexes if not done[place] and not out[place]]
        if not kept:
            continue
        left -= cost
        if left < 0:
            for place in kept:
                flags[place] = 1
    return found
