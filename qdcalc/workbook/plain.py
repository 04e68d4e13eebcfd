"""The plain edition's workings: each call of a function as headed helper columns of ordinary formulas.

A table with calls gets a sheet 过程·<name> whose rows lie beside its own, row for row. Helper columns that two calls share
(the pay, settled once) stand once. Figures are read from 依据, names and what else people type for them from 选项.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from qdcalc.layout import REFERENCE, Output, Value
from qdcalc.rules.arguments import ChoiceType
from qdcalc.rules.figures import Figure
from qdcalc.rules.formula import checked, formula
from qdcalc.rules.function import Function, Parameter
from qdcalc.workbook.addresses import literal, sheet_prefix
from qdcalc.workbook.basis import CONDITION, START, VALUE
from qdcalc.workbook.plan import Plan, TablePlan

LISTS_SHEET = "选项"
LIST_FIRST = 4
"""The first row of the lists, from 0."""
FLAG = 1
"""The column, from 0, that says whether a row is filled in."""
_TOKEN = re.compile("⟦(.*?)⟧")
_HELPER = re.compile(r"\{(h\d+)\}")
_PARTS = {"starts": START, "gives": VALUE, "keys": CONDITION, "names": VALUE}


@dataclass
class ChoiceLists:
    """选项: for every list of choices two columns, what may be typed and the name it stands for."""

    columns: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def place(self, title: str, kind: ChoiceType, function: str) -> tuple[str, str]:
        """The two ranges of one list. A second list of the same title says for which function it is."""
        pairs = tuple({**{name: name for name in kind.names}, **kind.aliases}.items())
        index = next((at for at, (_, known) in enumerate(self.columns) if known == pairs), len(self.columns))
        if index == len(self.columns):
            other = any(known == title for known, _ in self.columns)
            self.columns.append((f"{title}（{function}）" if other else title, pairs))
        ranges = []
        for column in (2 * index, 2 * index + 1):
            letter = xl_col_to_name(column)
            ranges.append(f"{LISTS_SHEET}!${letter}${LIST_FIRST + 1}:${letter}${LIST_FIRST + len(pairs)}")
        return ranges[0], ranges[1]


@dataclass(frozen=True)
class HelperPlan:
    """One helper column. In `text` ⟦km⟧ is a reference of the layout, ⟦:3⟧ another helper column on the same row."""

    index: int
    heading: str
    group: str
    text: str
    when: str
    always: bool


@dataclass
class Working:
    """The helper columns of one table."""

    table: TablePlan
    name: str
    columns: list[HelperPlan] = field(default_factory=list)
    results: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, str, bool], int] = field(default_factory=dict)

    def result(self, key: str, row: int) -> str:
        return f"{sheet_prefix(self.name)}{xl_col_to_name(self.results[key])}{row + 1}"

    def notice(self, key: str, row: int) -> str:
        return f"{sheet_prefix(self.name)}{xl_col_to_name(self.notices[key])}{row + 1}"

    def add(self, heading: str, group: str, text: str, spec: Output) -> int:
        """The column of a helper; one that says the same is not written twice."""
        same = (text, spec.when, spec.always)
        known = self._known.get(same)
        if known is None:
            known = self._known[same] = FLAG + 1 + len(self.columns)
            self.columns.append(HelperPlan(known, heading, group, *same))
        return known

    def cell(self, helper: HelperPlan, row: int, resolve: Callable[[str], str]) -> str:
        """The formula of one helper cell. `resolve` turns a reference of the layout into an address."""

        def filled(match: re.Match[str]) -> str:
            word = match[1]
            return f"{xl_col_to_name(int(word[1:]))}{row + 1}" if word.startswith(":") else resolve(word)

        body = _TOKEN.sub(filled, helper.text)
        if helper.when:
            body = f'IF({resolve(helper.when)},{body},"")'
        if helper.always:
            return f"={body}"
        return f'=IF(${xl_col_to_name(FLAG)}{row + 1}=0,"",{body})'


class _Places:
    """Where a call finds its arguments and figures (rules.formula.Places)."""

    def __init__(self, plan: Plan, lists: ChoiceLists, table: TablePlan, spec: Output) -> None:
        self.plan, self.lists, self.table, self.spec = plan, lists, table, spec

    def argument(self, name: str) -> str | None:
        given = self.spec.arguments.get(name)
        if given is None:
            return None
        return literal(given.value) if isinstance(given, Value) else f"⟦{given}⟧"

    def computed(self, name: str) -> bool:
        given = self.spec.arguments.get(name)
        if not isinstance(given, str):
            return False
        found = next((owner.by_key[given] for owner in self.plan.chain(self.table) if given in owner.by_key), None)
        return found is not None and found.role in ("output", "derived")

    def figure(self, figure: Figure, version: int) -> str:
        return self.plan.basis.column(figure.path, version, VALUE)

    def column(self, figure: Figure, version: int, part: str) -> str:
        return self.plan.basis.column(figure.path, version, _PARTS[part])

    def aliases(self, parameter: Parameter) -> tuple[str, str]:
        assert isinstance(parameter.type, ChoiceType)
        return self.lists.place(parameter.title, parameter.type, self.plan.functions[self.spec.function].title)


def make_workings(plan: Plan, lists: ChoiceLists) -> dict[str, Working]:
    """Raises PolicyError where a function has no formula and the layout gives none either."""
    found: dict[str, Working] = {}
    for table in plan.tables.values():
        working = Working(table, f"过程·{table.name}")
        for column in table.columns:
            if isinstance(column.spec, Output):
                function = plan.functions[column.spec.function]
                if any(parameter.many for parameter in function.parameters) and column.spec.plain:
                    continue
                if "formula" not in function.hosts and not column.spec.plain:
                    raise plan.wrong(f"{table.key}.{column.key}", f"{function.name} 没有普通公式，应写明 plain")
                _add_call(working, plan, lists, column.spec, function, column.title)
        if working.columns:
            found[table.key] = working
    return found


def _add_call(working: Working, plan: Plan, lists: ChoiceLists, spec: Output, function: Function, title: str) -> None:
    places_of = _Places(plan, lists, working.table, spec)
    body = REFERENCE.sub(lambda match: f"⟦{match[1]}⟧", spec.plain)
    made = checked(function, places_of, body) if body else formula(function, places_of)
    places: dict[str, int] = {}
    for helper in made.helpers:
        text = _HELPER.sub(lambda match: f"⟦:{places[match[1]]}⟧", helper.formula.removeprefix("="))
        places[helper.key] = working.add(helper.heading, title, text, spec)
    working.results[spec.key] = places[made.result]
    working.notices[spec.key] = places[made.notice or made.check]
