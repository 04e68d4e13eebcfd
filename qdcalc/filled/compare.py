"""What formulas, fixed cells and validations of a sheet should be, against what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from qdcalc.filled.areas import area_ref, areas, areas_apart, count_words
from qdcalc.filled.cells import Rule, SheetCells
from qdcalc.filled.entries import shown
from qdcalc.filled.problems import Problems
from qdcalc.recalc.area import Area
from qdcalc.recalc.values import Cell
from qdcalc.workbook.blueprint import SheetPlan, Validation

Title = Callable[[Cell], str]


@dataclass
class Spelling:
    """How a formula's text is made comparable.

    names    sheet name → the name it stands for: of copies
    outside  references to another workbook count as references to this one: of copies and of sheets that were moved
    """

    names: Mapping[str, str] = field(default_factory=dict)
    outside: bool = False

    def canonical(self, formula: str) -> str:
        """Blanks, capitals, quotes around sheet names and what programs put before a QD name do not matter."""
        parts: list[str] = []
        for match in _PARTS.finditer(formula):
            text, sheet, other = match.groups()
            if sheet and formula[match.end() :].upper().startswith("QD_"):
                continue  # the add-in's own file
            if text:
                parts.append(text)
            elif sheet:
                parts.append(self._sheet(sheet[1:-2].replace("''", "'")))
            else:
                plain = "".join(other.split())
                parts.append(_BARE_SHEET.sub(lambda found: self._sheet(found[0][:-1]), plain).upper())
        return _ADD_IN.sub("", "".join(parts)).replace("TRUE()", "TRUE").replace("FALSE()", "FALSE")

    def _sheet(self, name: str) -> str:
        if self.outside:
            name = _OTHER_BOOK.sub("", name)
        return self.names.get(name, name).upper() + "!"


_PARTS = re.compile(r"""("(?:[^"]|"")*")|('(?:[^']|'')*'!)|([^"']+)""")
_BARE_SHEET = re.compile(r"(?:\[\d+\])?\$?[^\W\d][\w.]*!")
_OTHER_BOOK = re.compile(r".*\[[^\]]*\]")
_ADD_IN = re.compile(r"(?:(?:\w+\.XLAM|\[\d+\])!|_XL\w*\.)(?=QD_)")
_EXTERNAL = re.compile(r"\[\d+\][^!]*!(?!QD_)|\[[^\]]+\.xls\w?\][^!]*!(?!QD_)", re.IGNORECASE)


def compare_formulas(
    problems: Problems,
    sheet: SheetCells,
    wanted: SheetPlan,
    title: Title,
    *,
    spelling: Spelling,
    texts: bool = True,
    within: Container[int] | None = None,
    above: int = 0,
) -> set[Cell]:
    """Tells overwritten, missing and (with `texts`) changed formulas; only of the columns `within`, if given.

    Rows to `above` are totals and heads. Returns the cells that were told of.
    """  # fmt: skip
    found: dict[str, list[Cell]] = {"overwritten_formula": [], "missing_formula": [], "changed_formula": []}
    for cell, formula in wanted.formulas.items():
        if within is not None and cell[1] not in within:
            continue
        there = sheet.formulas.get(cell)
        if there == formula:
            continue
        if there is None:
            kind = "missing_formula" if sheet.values.get(cell) in (None, "") else "overwritten_formula"
            found[kind].append(cell)
        elif texts and spelling.canonical(there) != spelling.canonical(formula):
            found["changed_formula"].append(cell)
    for kind, cells in found.items():
        for area in areas_apart(cells, above, across=kind == "missing_formula"):
            first = area.first_row, area.first_column
            there = sheet.formulas.get(first) if kind == "changed_formula" else shown(sheet.values.get(first))
            problems.add(
                kind, sheet.name, area_ref(area), found=there or "", allowed=wanted.formulas[first], at=first,
                title=title(first), count=count_words(area),
            )  # fmt: skip
    return {cell for cells in found.values() for cell in cells}


def outside_reference(sheet: SheetCells) -> str:
    """The first reference to another workbook, or ""."""
    for formula in sheet.formulas.values():
        if "[" in formula and (match := _EXTERNAL.search(formula)):
            return match[0]
    return ""


def compare_constants(
    problems: Problems, sheet: SheetCells, wanted: Mapping[Cell, str | float], kind: str, title: Title
) -> None:
    """Fixed cells: the 区（市） that the template gives, the figures of 依据."""
    for cell, constant in wanted.items():
        there = sheet.values.get(cell)
        alike = isinstance(there, float) and not isinstance(constant, str) and there == float(constant)
        if there != constant and not alike:  # a constant may be a Decimal
            problems.add(
                kind, sheet.name, area_ref(_one(cell)), found=shown(there) or "空", allowed=shown(constant), at=cell,
                title=title(cell),
            )  # fmt: skip


def compare_validations(problems: Problems, sheet: SheetCells, wanted: Iterable[Validation], title: Title) -> None:
    """Cells whose validation was lost or replaced, as pasting does."""
    lost: list[Cell] = []
    for rule in wanted:
        covered = _covered(sheet.rules, rule)
        lost += [(row, rule.column) for row in range(rule.first_row, rule.last_row + 1) if row not in covered]
    for area in areas(lost):
        first = area.first_row, area.first_column
        problems.add("pasted_validation", sheet.name, area_ref(area), at=first, title=title(first), count=area.size)


def _covered(rules: Iterable[Rule], wanted: Validation) -> set[int]:
    """The rows of the column where a rule of the file is the wanted one."""
    rows: set[int] = set()
    for rule in rules:
        if rule.kind != wanted.kind or (wanted.choices and not _same_choices(rule.source, wanted.choices)):
            continue
        for area in rule.areas:
            if area.first_column <= wanted.column <= area.last_column:
                first, last = max(area.first_row, wanted.first_row), min(area.last_row, wanted.last_row)
                rows.update(range(first, last + 1))
    return rows


def _same_choices(source: str, choices: tuple[str, ...]) -> bool:
    if not source.startswith('"'):
        return True  # a list of cells, as some programs make of it
    return tuple(word.strip() for word in source.strip('"').split(",")) == choices


def _one(cell: Cell) -> Area:
    return Area(cell[0], cell[1], cell[0], cell[1])
