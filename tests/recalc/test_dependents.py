"""What depends on given formulas, against a brute search; and that no shape of sheet takes long."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import pytest

from qdcalc.recalc.dependents import Graph, Marks
from qdcalc.recalc.formulas import Planner
from qdcalc.recalc.model import SheetModel, fold
from qdcalc.recalc.scan import Area, ArrayMember, FormulaCell, SheetScan, scan_sheet
from qdcalc.recalc.vocabulary import Vocabulary
from qdcalc.recalc.xmltext import cell_ref
from tests.recalc.cells import F, xml

Place = tuple[int, int, int]
MANY = 100_000


def models(*sheets: Iterable[tuple[int, int, str]]) -> list[SheetModel]:
    planner = Planner(Vocabulary([f"S{number}" for number in range(len(sheets))]))
    found = []
    for number, cells in enumerate(sheets):
        scan = SheetScan()
        for row, column, text in cells:
            scan.formulas.append(FormulaCell(row, column, text, "normal", None, None, 1.0, "n"))
        found.append(fold(scan, number, f"S{number}", "", planner))
    return found


def marked(found: list[SheetModel], places: Iterable[Place]) -> Marks:
    wanted = set(places)
    flags = [
        bytearray((sheet, model.rows[n], model.columns[n]) in wanted for n in range(len(model)))
        for sheet, model in enumerate(found)
    ]
    return Marks(flags)


def reached(found: list[SheetModel], seeds: Iterable[Place], blocked: Iterable[Place] = ()) -> set[Place]:
    marks = Graph(found).spread(marked(found, seeds), blocked=marked(found, blocked))
    return {
        (sheet, model.rows[n], model.columns[n])
        for sheet, model in enumerate(found)
        for n in range(len(model))
        if marks[sheet][n]
    }


def brute(found: list[SheetModel], seeds: set[Place], blocked: set[Place]) -> set[Place]:
    """The same from the formulas' areas, one by one."""
    reads = {}
    for sheet, model in enumerate(found):
        for number in range(len(model)):
            place = sheet, model.rows[number], model.columns[number]
            reads[place] = list(model.family[number].areas(model.rows[number]))
    known = seeds - blocked
    while True:
        more = {
            place
            for place, areas in reads.items()
            if place not in known | blocked
            and any((row, column) in area for target, area in areas for sheet, row, column in known if sheet == target)
        }
        if not more:
            return known
        known |= more


def test_a_family_is_a_fill_however_long() -> None:
    (model,) = models([(row, 3, f"SUM(A$1:A{row})+B{row}*$D$1") for row in range(1, 51)])
    assert len(model.families) == 1
    assert list(model.families[0].areas(9)) == [(0, Area(1, 1, 9, 1)), (0, Area(9, 2, 9, 2)), (0, Area(1, 4, 1, 4))]


def test_shared_formulas_fold_without_their_text() -> None:
    shared = ' t="shared" si="0"'
    cells: dict[str, object] = {"B1": F("A1*LOG10(A$9)", 1, formula_attributes=shared + ' ref="B1:C40"')}
    for row in range(1, 41):
        for column in "BC":
            cells.setdefault(f"{column}{row}", F("", 1, formula_attributes=shared))
    scan = scan_sheet(xml(cells))
    model = fold(scan, 0, "表", "", Planner(Vocabulary(["表"])))
    assert [(family.column, family.first, family.last) for family in model.families] == [(2, 1, 40), (3, 1, 40)]
    for family in model.families:
        for row in range(1, 41):
            text = scan.formula(FormulaCell(row, family.column, None, "shared", 0, None, 1.0, "n"))
            plan, rows = Planner(Vocabulary(["表"])).plan(text, 0)
            assert family.rows(row) == rows
            assert plan.relative == family.plan.relative


@pytest.mark.parametrize("seed", range(40))
def test_against_a_brute_search(seed: int) -> None:
    chance = random.Random(seed)

    def ref() -> str:
        def end() -> str:
            row = chance.choice(("", "$"))
            return f"{chance.choice('ABCDE')}{row}{chance.randint(1, 12)}"

        prefix = chance.choice(("", "", "S0!", "S1!"))
        kind = chance.random()
        if kind < 0.55:
            return prefix + end()
        if kind < 0.9:
            return f"SUM({prefix}{end()}:{end()})"
        return f"SUM({prefix}{chance.choice(('A:B', 'C:C', '3:4', '$D:$D'))})"

    sheets: list[list[tuple[int, int, str]]] = []
    for _ in range(2):
        filled: dict[tuple[int, int], str] = {}
        for column in range(1, 6):
            row = 1
            while row <= 12:
                length = chance.randint(1, 6)
                text = f"{ref()}+{ref()}" if chance.random() < 0.4 else ref()
                if chance.random() < 0.6:
                    from qdcalc.recalc.translate import Movable, OffSheetError

                    moved = Movable(text, row, column)
                    for down in range(length):
                        try:
                            filled[row + down, column] = moved.at(row + down, column)
                        except OffSheetError:
                            break
                row += length
        sheets.append([(row, column, text) for (row, column), text in sorted(filled.items()) if row <= 12])
    found = models(*sheets)
    places = [(sheet, row, column) for sheet, cells in enumerate(sheets) for row, column, _ in cells]
    seeds = set(chance.sample(places, 2))
    blocked = set(chance.sample(places, 3)) - seeds
    assert reached(found, seeds, blocked) == brute(found, seeds, blocked)
    assert reached(found, seeds) == brute(found, seeds, set())


def test_an_array_hands_on_from_all_its_cells() -> None:
    scan = SheetScan()
    scan.formulas.append(FormulaCell(1, 2, "A1:A3*2", "array", None, Area(1, 2, 3, 2), 1.0, "n"))
    scan.formulas.append(FormulaCell(3, 3, "B3", "normal", None, None, 1.0, "n"))
    scan.formulas.append(FormulaCell(4, 3, "B4", "normal", None, None, 1.0, "n"))
    scan.array_members += [ArrayMember(row, 2, (1, 2), 1.0) for row in (2, 3)]
    model = fold(scan, 0, "S0", "", Planner(Vocabulary(["S0"])))
    assert reached([model], {(0, 1, 2)}) == {(0, 1, 2), (0, 3, 3)}


def test_a_range_with_a_calculated_end_reads_the_whole_column() -> None:
    found = models([(1, 1, "1"), (50, 1, "2"), (1, 3, "SUM(A1:INDEX(B:B,3))"), (2, 3, "A2")])
    assert reached(found, {(0, 50, 1)}) == {(0, 50, 1), (0, 1, 3)}


def column(text: str, first: int = 2) -> list[tuple[int, int, str]]:
    return [(row, 3, text.format(r=row, up=row - 1, down=row + 1, end=MANY + 1)) for row in range(first, MANY + 2)]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("SUM(B$2:B{r})", (0, 2, 2)),
        ("SUM(B{r}:B${end})", (0, MANY + 1, 2)),
        ("C{up}+B{r}", (0, 2, 3)),
        ("C{down}+B{r}", (0, MANY + 1, 3)),
        ("SUM(C$1:C{up})", (0, 2, 3)),
        ("SUM(B:B)+VLOOKUP(A{r},A:B,2,0)", (0, 2, 2)),
    ],
)
def test_a_hundred_thousand_formulas_take_less_than_a_second(text: str, start: Place) -> None:
    found = models([(2, 2, "1+1"), *sorted([*column(text), (MANY + 1, 2, "2+2")])[0:]])
    marks = marked(found, [start])
    before = time.perf_counter()
    result = Graph(found).spread(marks)
    assert time.perf_counter() - before < 1.5
    assert sum(result[0]) == MANY + (start[2] == 2)


def test_a_hundred_thousand_different_formulas_are_no_square() -> None:
    def seconds(count: int) -> float:
        cells = [
            cell for row in range(2, count + 2) for cell in ((row, 2, f"A{row}*2"), (row, 3, f"SUM(B$2:B{row})*{row}"))
        ]
        found = models(cells)
        assert len(found[0].families) == count + 1
        marks = marked(found, [(0, 2, 2)])
        before = time.perf_counter()
        assert sum(Graph(found).spread(marks)[0]) == count + 1
        return time.perf_counter() - before

    small = seconds(2_500)
    assert seconds(10_000) < 12 * small + 0.2


def test_places_are_told_in_letters() -> None:
    assert cell_ref(7, 28) == "AB7"
