"""A figure changed in 依据 of a filled plain workbook counts as the same what-if does for the functions, in two programs.

Expected values are those of the exact evaluator with the figures replaced, on the arguments that stand in the sheets.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook
from xlsxwriter import Workbook as NewBook

import qdcalc
from qdcalc.errors import CalculationError
from qdcalc.layout import Output, Value
from qdcalc.recalc.book import recalc_book
from qdcalc.rules.function import Function
from qdcalc.workbook.basis import KEY_MARK, START, VALUE
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.examples import EXAMPLES, Example
from qdcalc.workbook.filling import read_folder
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import template_plan
from tests.hosts.office import needs_office_python, run
from tests.workbook.books import ROOT
from tests.workbook.office import many_recalculated_by_office, needs_office, plant_wrong_values

D = Decimal
ROWS = 10
"""Of the filled examples the first rows are enough."""
WHAT_IFS: dict[str, dict[str, Any]] = {
    "talent": {
        "tiers": [(0, D("0.05")), (300_000, D("0.08")), (600_000, D("0.125")), (900_000, D("0.1325"))],
        "cap": 150_000,
        "contract_years": 4,
    },
    "star": {"allowance": D("1250.5"), "training": 5},
    "road": {
        "widths": [(0, "6米以下"), (D("6.5"), "6米及以上")],
        "rates[路网提档升级,6米及以上,其他区（市）]": 512_345,
        "rates[大修,6米以下,其他区（市）]": 390_000,
        "ceilings[其他区（市）]": D("0.125"),
        "uplift.rate": D("1.25"),
        "bridge": D("0.125"),
        "stations.bay": 6000,
        "stations.sign": 350,
        "demo.award": 9_000_000,
        "land.low": D("0.0125"),
        "task_table[平度市,危桥]": 99,
    },
    "delegation": {"deadline": 45, "effective": datetime.date(2018, 11, 1)},
    "waste": {"cleaners.households": 80, "inspections[区（市）]": "周"},
    "science": {
        "first.rate": D("0.125"),
        "first.cap": 150_000,
        "testing.rate": D("0.125"),
        "testing.cap": 250_000,
        "patent.general": 450_000,
        "team.high": 50_000_000,
        "service": 20_000_000,
        "sector_goals[先进制造,关键共性技术]": 77,
    },
    "energy": {
        "goals[市南区,十三五强度]": D("0.125"),
        "chargers": D("0.125"),
        "green_buy": D("0.5"),
        "mix.coal": D("0.7"),
        "mix.gas_low": D("0.06"),
        "mix.renewable": D("0.04"),
    },
    "duty": {"days": 2},
    "wealth": {
        "setup_fixed": [
            (0, 0), (900_000_000, 18_000_000), (2_000_000_000, 41_000_000), (3_000_000_000, 61_000_000),
            (4_000_000_000, 80_000_000), (6_000_000_000, 100_000_000),
        ],
        "setup_rate": D("0.0125"),
        "window": 1,
        "increase.rate": D("0.0125"),
        "increase.cap": 3_000_000,
        "regional.province": 1_100_000,
        "prize_amounts[项目创新奖,一等]": 1_200_000,
        "listing.rate": D("0.125"),
        "listing.cap": 2_000_000,
        "neeq": 1_000_000,
        "regional_market": 250_000,
    },
}  # fmt: skip
"""Figures that differ from the law's, by policy; bands as (start, value)."""


def spelled(plan: Plan, changes: Mapping[str, Any]) -> dict[str, object]:
    """As `figures=` of a call takes them: bands as in the TOML."""
    found: dict[str, object] = {}
    for path, value in changes.items():
        if isinstance(value, list):
            gives = "name" if plan.policy.figures[path].unit == "名称" else "value"
            value = [{"from": start, gives: given} for start, given in value]
        found[path] = value
    return found


def typed(book: NewBook, plan: Plan, changes: Mapping[str, Any]) -> None:
    """The same typed into the cells of 依据, where people see them."""
    sheet = book.get_worksheet_by_name("依据")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for path, value in changes.items():
        name, _, keys = path.partition("[")
        first, last = plan.basis.spans[name, 0]
        if isinstance(value, list):
            assert len(value) == last - first  # a line below says how to insert one more
            for row, (start, given) in enumerate(value, start=first):
                sheet.write(row, 3, start)
                sheet.write(row, 4, given)
            continue
        row = first
        if keys:
            label = keys.removesuffix("]").replace(",", KEY_MARK)
            row = next(at for at in range(first, last + 1) if plan.basis.rows[at - 4].condition == label)
        if isinstance(value, datetime.date):
            sheet.write_datetime(row, 4, datetime.datetime(value.year, value.month, value.day), day)
        else:
            sheet.write(row, 4, value)


@dataclass
class Case:
    """One computed cell and the call that it stands for."""

    place: str
    function: Function
    arguments: dict[str, object]
    shown: object


@dataclass
class Trial:
    """A filled plain workbook with changed figures."""

    example: Example
    plan: Plan
    source: Path
    changes: dict[str, Any] = field(default_factory=dict)

    def figures(self, function: Function, *, without: str = "") -> dict[str, object]:
        if function.policy != self.plan.policy.id:
            return {}
        return {path: value for path, value in spelled(self.plan, self.changes).items() if path != without}


def trial(example: Example, folder: Path, *, changed: bool = True) -> Trial:
    whole = template_plan(example.policy, rows=example.rows, plain=True)
    rows, fields = read_folder(ROOT / "workbooks" / "data" / example.file, whole)
    plan = template_plan(example.policy, rows=min(ROWS, example.rows), plain=True)
    data = {key: list(lines)[: plan.tables[key].rows] for key, lines in rows.items()}
    changes = WHAT_IFS[example.policy] if changed else {}
    source = folder / f"{example.policy}.xlsx"
    build_plan(plan, source, data=data, fields=fields, edit=lambda book: typed(book, plan, changes))
    return Trial(example, plan, source, changes)


def cell(book: Workbook, address: str, here: str) -> object:
    sheet, mark, at = address.rpartition("!")
    value = book[sheet.strip("'") if mark else here][at.replace("$", "")].value
    return value.date() if isinstance(value, datetime.datetime) else None if value == "" else value


def cases(plan: Plan, book: Workbook) -> Iterator[Case]:
    """Every computed cell that holds something, of functions that a what-if can be made with."""
    formulas = Formulas(plan)
    for table in plan.tables.values():
        for column in table.columns:
            spec = column.spec
            if not isinstance(spec, Output) or spec.pick or not plan.functions[spec.function].traced:
                continue
            function = plan.functions[spec.function]
            if spec.otherwise and function.policy != plan.policy.id:
                continue  # reads no figure of this policy, and is not called in every row that holds something
            for row in range(table.first, table.last + 1):
                at = table.cell(column.key, row)
                shown = cell(book, at, table.name)
                if shown is None:
                    continue
                given = {
                    name: item.value
                    if isinstance(item, Value)
                    else cell(book, formulas.reference(item, table, row), table.name)
                    for name, item in spec.arguments.items()
                }
                yield Case(f"{table.name}!{at}", function, given, shown)


def answer(case: Case, figures: Mapping[str, object]) -> object:
    """What the exact evaluator says: a value as a cell shows it, or "错误"."""
    try:
        found = qdcalc.call(case.function.name, figures=figures, **case.arguments)
    except CalculationError:
        return "错误"
    if case.function.answers_yes_or_no:
        return "是" if found else "否"
    return found


def agree(shown: object, expected: object) -> bool:
    if isinstance(expected, Decimal):
        number = isinstance(shown, (int, float)) and not isinstance(shown, bool)
        return number and abs(D(repr(shown)) - expected) <= D("1e-9") * max(abs(expected), 1)
    if expected == "错误":
        return isinstance(shown, str) and shown.startswith("#")
    return shown == expected


def compare(trial: Trial, book: Path) -> list[Case]:
    """Every cell against the exact evaluator with the changed figures."""
    found = list(cases(trial.plan, openpyxl.load_workbook(book, data_only=True)))
    wrong = []
    for case in found:
        expected = answer(case, trial.figures(case.function))
        if not agree(case.shown, expected):
            wrong.append((case.place, case.function.name, case.arguments, case.shown, expected))
    assert not wrong, wrong[:5]
    assert len(found) > 10
    return found


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    folder = tmp_path_factory.mktemp("trials")
    return {example.policy: trial(example, folder) for example in EXAMPLES}


@pytest.mark.parametrize("policy", sorted(WHAT_IFS))
def test_a_changed_figure_counts(policy: str, trials: dict[str, Trial], tmp_path: Path) -> None:
    one = trials[policy]
    assert not recalc_book(one.source, tmp_path / "out.xlsx").skipped
    found = compare(one, tmp_path / "out.xlsx")
    idle = []
    for path in one.changes:
        told = (case for case in found if case.function.policy == one.plan.policy.id)
        if not any(
            answer(case, one.figures(case.function)) != answer(case, one.figures(case.function, without=path))
            for case in told
        ):
            idle.append(path)
    assert not idle, f"changes that no cell shows: {idle}"


@needs_office
def test_libreoffice_counts_them_alike(trials: dict[str, Trial], tmp_path: Path) -> None:
    assert {example.policy for example in EXAMPLES} == set(WHAT_IFS)
    wrong = {}
    for policy, one in trials.items():
        wrong[policy] = tmp_path / f"{policy}.xlsx"
        assert plant_wrong_values(one.source, wrong[policy]) > 300
    opened = many_recalculated_by_office(list(wrong.values()), tmp_path)
    for policy, one in trials.items():
        compare(one, opened[wrong[policy].name])


INSERTED: dict[str, list[tuple[str, int, Decimal | int, Decimal | int | str]]] = {
    "talent": [("tiers", 2, 350_000, D("0.0925")), ("tiers", 5, 1_500_000, D("0.005"))],
    "wealth": [("setup_fixed", 2, 1_500_000_000, 30_000_000)],
}
"""(figure, before which of its bands from 0, counting those already inserted; start; what it gives)."""


def with_bands(one: Trial) -> tuple[list[list[object]], dict[str, Any]]:
    """The rows that a person inserts in 依据, and the figures that they make."""
    steps: list[list[object]] = []
    changes: dict[str, Any] = {}
    for path, place, start, gives in INSERTED[one.example.policy]:
        if path not in changes:
            data: Any = one.plan.policy.figures[path].versions[0].data
            changes[path] = [(band.start, band.gives) for band in data]
        changes[path].insert(place, (start, gives))
        filled = {START: float(start), VALUE: gives if isinstance(gives, str) else float(gives)}
        steps.append(["依据", one.plan.basis.spans[path, 0][0] + 1 + place, filled])
    return steps, changes


@pytest.fixture(scope="module")
def inserted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    """Plain workbooks in which a row was inserted in the middle of a table of bands and one at its end; saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("inserted")
    found: dict[str, Trial] = {}
    steps: list[dict[str, Any]] = []
    for example in EXAMPLES:
        if example.policy in INSERTED:
            one = trial(example, folder, changed=False)
            rows, one.changes = with_bands(one)
            saved = folder / f"{example.policy}_inserted.xlsx"
            steps.append({"do": "open", "url": one.source.as_uri(), "insert": rows, "read": {}, "save": saved.as_uri()})
            one.source = saved
            found[example.policy] = one
    run(folder, steps)
    return found


@needs_office_python
@pytest.mark.parametrize("policy", sorted(INSERTED))
def test_a_band_inserted_as_a_row_counts(policy: str, inserted: dict[str, Trial], tmp_path: Path) -> None:
    one = inserted[policy]
    found = compare(one, one.source)  # as LibreOffice computed it
    report = recalc_book(one.source, tmp_path / "out.xlsx", all_cells=True)
    assert not report.skipped
    assert not report.disagreements
    compare(one, tmp_path / "out.xlsx")
    for path, bands in one.changes.items():
        for _, _, start, _ in INSERTED[policy]:
            fewer = [band for band in bands if band[0] != start]
            without = replace(one, changes={path: fewer})
            assert any(
                answer(case, one.figures(case.function)) != answer(case, without.figures(case.function))
                for case in found
            ), f"no cell shows the band from {start}"


@needs_office_python
def test_a_band_half_filled_in_gives_an_error_and_not_0(tmp_path: Path) -> None:
    one = trial(next(example for example in EXAMPLES if example.policy == "talent"), tmp_path, changed=False)
    first, _ = one.plan.basis.spans["tiers", 0]
    rows = [["依据", first + 3, {START: 350_000.0}]]
    saved = tmp_path / "half.xlsx"
    run(tmp_path, [{"do": "open", "url": one.source.as_uri(), "insert": rows, "read": {}, "save": saved.as_uri()}])
    recalc_book(saved, tmp_path / "out.xlsx", all_cells=True)
    for path in (saved, tmp_path / "out.xlsx"):
        book = openpyxl.load_workbook(path, data_only=True)
        paid = [case.shown for case in cases(one.plan, book) if case.function.name == "QD_TALENT_SUBSIDY"]
        assert paid
        assert all(str(shown).startswith("#") for shown in paid)
