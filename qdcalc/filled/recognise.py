"""Which template a workbook is: by its stamp, and without one by the headings of its sheets."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field

from qdcalc.filled.cells import SheetCells
from qdcalc.filled.headings import Headings, find_headings
from qdcalc.workbook.blueprint import SheetPlan, blueprint
from qdcalc.workbook.plan import Plan, TablePlan
from qdcalc.workbook.stamp import SHEET, TABLE_ROW
from qdcalc.workbook.templates import DEFAULT_ROWS, MOST_ROWS, template_ids, template_plan

_CALL = "QD_"


@dataclass(frozen=True)
class Stamp:
    """What the very hidden sheet says. `names`: sheet key → the name it was built with."""

    policy: str
    version: str
    plain: bool
    rows: int
    names: dict[str, str]


@dataclass
class Placed:
    """A sheet that is a table of the template. `copy` counts sheets of the same table: 0 is the template's own."""

    cells: SheetCells
    headings: Headings
    copy: int = 0

    @property
    def table(self) -> TablePlan:
        return self.headings.table


@dataclass
class Recognised:
    """`placed` in tab order; `lost` are sheets with a table's name and other headings; `extra` are of no template."""

    plan: Plan
    stamp: Stamp | None
    placed: list[Placed] = field(default_factory=list)
    lost: list[SheetCells] = field(default_factory=list)
    extra: list[SheetCells] = field(default_factory=list)


@functools.lru_cache(maxsize=16)
def plan_of(policy: str, rows: int, plain: bool) -> Plan:
    return template_plan(policy, rows=rows, plain=plain)


@functools.lru_cache(maxsize=4)
def blueprint_of(policy: str, rows: int, plain: bool) -> dict[str, SheetPlan]:
    """What the untouched template holds; a folder's files are mostly of one kind."""
    return dict(blueprint(plan_of(policy, rows, plain)))


def read_stamp(sheets: list[SheetCells]) -> Stamp | None:
    sheet = next((sheet for sheet in sheets if sheet.name == SHEET), None)
    if sheet is None:
        return None
    facts = {sheet.values.get((row, 1)): sheet.values.get((row, 2)) for row in range(1, TABLE_ROW + 1)}
    if "qdcalc" not in facts:
        return None
    rows = facts.get("rows")
    sane = isinstance(rows, float) and rows == int(rows) and 1 <= rows <= MOST_ROWS
    names: dict[str, str] = {}
    for row in range(TABLE_ROW + 2, sheet.max_row + 1):
        key, name = sheet.values.get((row, 1)), sheet.values.get((row, 2))
        if isinstance(key, str) and isinstance(name, str):
            names[key] = name
    return Stamp(
        str(facts.get("template", "")), str(facts.get("version", "")), facts.get("edition") == "plain",
        int(rows) if sane and isinstance(rows, float) else DEFAULT_ROWS, names,
    )  # fmt: skip


def recognise(sheets: list[SheetCells], stamp: Stamp | None) -> Recognised | None:
    """None for a workbook that is no template. The stamp's template must be one that there is."""
    if stamp is None:
        policy = _by_headings(sheets)
        if policy is None:
            return None
        plain = not any(_CALL in formula for sheet in sheets for formula in sheet.formulas.values())
        found = Recognised(plan_of(policy, DEFAULT_ROWS, plain), None)
    else:
        found = Recognised(plan_of(stamp.policy, stamp.rows, stamp.plain), stamp)
    tables = found.plan.tables
    own = set(blueprint_of(found.plan.template.policy, found.plan.rows, found.plan.plain))
    names = {table.name for table in tables.values()}
    for sheet in sheets:
        if sheet.name in own - names:
            continue
        headings = find_headings(sheet, tables.values())
        if headings is not None:
            found.placed.append(Placed(sheet, headings))
        elif sheet.name in names:
            found.lost.append(sheet)
        else:
            found.extra.append(sheet)
    _count_copies(found)
    return found


def _by_headings(sheets: list[SheetCells]) -> str | None:
    """The policy that most sheets are of."""
    votes: Counter[str] = Counter()
    for policy in template_ids():
        tables = plan_of(policy, DEFAULT_ROWS, False).tables.values()
        votes[policy] = sum(find_headings(sheet, tables) is not None for sheet in sheets)
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] else None


def _count_copies(found: Recognised) -> None:
    """The sheet with the template's own name is the first of its table, then the others in tab order."""
    counts: Counter[str] = Counter()
    for item in sorted(found.placed, key=lambda item: item.cells.name != item.table.name):
        item.copy = counts[item.table.key]
        counts[item.table.key] += 1
