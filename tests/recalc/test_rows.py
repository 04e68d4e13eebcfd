"""Rows read as runs against the same rows read cell by cell: the same formulas, engine file, patched bytes."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qdcalc.errors import UnsafeFile
from qdcalc.recalc import rowreader, rows
from qdcalc.recalc.enginefile import engine_sheet
from qdcalc.recalc.formulas import Planner
from qdcalc.recalc.model import SheetModel, fold
from qdcalc.recalc.patch import patch_sheet
from qdcalc.recalc.pieces import _same_values
from qdcalc.recalc.scan import SheetScan, scan_sheet
from qdcalc.recalc.sheetcheck import sheet_problem
from qdcalc.recalc.values import Cell, CellValue, ColumnValues, ErrorValue
from qdcalc.recalc.vocabulary import Vocabulary
from tests.recalc.files import sheet_xml


@pytest.fixture(autouse=True)
def _small_sheets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowreader, "LEAST", 0)
    monkeypatch.setattr(rows, "_FIRST_BLOCK", 300)


def modelled(xml: bytes, runs: bool) -> tuple[SheetScan, SheetModel]:
    strings = ("甲", "乙", "丙")
    scan = scan_sheet(xml, strings, runs=runs)
    return scan, fold(scan, 0, "表", "", Planner(Vocabulary(["表"])))


def told(scan: SheetScan, model: SheetModel) -> dict[str, Any]:
    """All that the other rooms see of a sheet's formulas."""
    return {
        "rows": list(model.rows),
        "columns": list(model.columns),
        "cached": [(type(value), value) for value in model.cached],
        "uncached": bytes(model.uncached),
        "members": model.members,
        "size": (scan.max_row, scan.max_column, scan.cells),
        "families": [
            (family.column, family.first, family.last, family.shape, list(family.indexes), family.area, family.shared)
            for family in model.families
        ],
        "texts": [model.family[n].engine_text(model.rows[n]) for n in range(len(model))],
        "reads": [list(model.family[n].areas(model.rows[n])) for n in range(len(model))],
        "own": [model.families.index(family) for family in model.family],
    }


def check(xml: bytes, fresh: Callable[[int], CellValue] = lambda number: float(number)) -> int:
    """Everything both ways; returns how many formulas were in runs."""
    scan, model = modelled(xml, runs=True)
    plain_scan, plain = modelled(xml, runs=False)
    assert not plain.runs
    assert told(scan, model) == told(plain_scan, plain)
    assert scan.shared_texts == plain_scan.shared_texts
    none = bytearray(len(model))
    some = bytearray(number % 3 == 1 for number in range(len(model)))
    for left_out in (none, some):
        assert b"".join(engine_sheet(xml, model, left_out)) == b"".join(engine_sheet(xml, plain, left_out))
    for family in model.families[:3]:
        one = bytearray(len(model))
        family.mark(one)
        assert b"".join(engine_sheet(xml, model, one)) == b"".join(engine_sheet(xml, plain, one))
    values: dict[Cell, CellValue] = {}
    columns = ColumnValues()
    for number, family in enumerate(model.families):
        if number % 4 == 3:
            continue
        found = [fresh(place) for place in family.indexes]
        for row, value in zip(range(family.first, family.last + 1), found, strict=True):
            values[row, family.column] = value
        numbers = all(type(value) is float for value in found)
        columns.add(family.column, family.first, array("d", found) if numbers else found)  # type: ignore[arg-type]
    assert dict(columns) == values
    assert len(columns) == len(values)
    wanted = patch_sheet(xml, values)
    assert patch_sheet(xml, columns, model=model) == wanted
    assert sheet_problem(xml, wanted.xml, columns) is None
    return sum(run.formulas for run in model.runs)


def sheet(row: Callable[[int], str], count: int = 40, more: str = "") -> bytes:
    return sheet_xml("".join(row(number) for number in range(1, count + 1)) + more)


def usual(number: int, more: str = "") -> str:
    return (
        f'<row r="{number}" spans="1:4"><c r="A{number}" t="s"><v>1</v></c><c r="B{number}" s="2"><v>{number}.5</v></c>'
        f'<c r="C{number}" s="3"><f>B{number}*2&gt;SUM($B$1:B{number})</f><v>{number}</v></c>{more}'
        f'<c r="E{number}"><f>IF(C{number}="甲",B{number + 1},D$1)</f><v>0</v></c></row>'
    )


def test_a_filled_sheet_is_read_in_runs() -> None:
    assert check(sheet(usual)) == 80


ODD: dict[str, Callable[[int], str]] = {
    "another column in some rows": lambda n: usual(n, f'<c r="D{n}"><v>1</v></c>' if n % 7 == 3 else ""),
    "an empty cell": lambda n: usual(n, f'<c r="D{n}" s="1"/>' if n % 2 else f'<c r="D{n}" s="1"></c>'),
    "texts": lambda n: usual(n, f'<c r="D{n}" t="inlineStr"><is><t>甲{n}</t></is></c>'),
    "rich text": lambda n: usual(n, f'<c r="D{n}" t="inlineStr"><is><r><t>甲</t></r><r><t>{n}</t></r></is></c>'),
    "a formula in some rows": lambda n: usual(n, f'<c r="D{n}"><f>A{n}</f><v>1</v></c>' if n % 9 == 4 else ""),
    "a missing row": lambda n: usual(n) if n % 11 else "",
    "every other row": lambda n: usual(2 * n),
    "an empty row": lambda n: usual(n) if n % 5 else f'<row r="{n}"/>',
    "a row without a formula": lambda n: usual(n) if n % 6 else f'<row r="{n}"><c r="Z{n}"><v>1</v></c></row>',
    "no value": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f></c></row>',
    "no value in some rows": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f>{"<v>1</v>" if n % 3 else ""}</c></row>',
    "an empty value": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f><v></v></c></row>',
    "a self-closed value": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f><v/></c></row>',
    "kinds": lambda n: f'<row r="{n}"><c r="A{n}"{KINDS[n % 5]}</c></row>',
    "a kind of each row": lambda n: f'<row r="{n}"><c r="A{n}" t="n" s="{n}"><f>B{n}</f><v>{n}</v></c></row>',
    "shared": lambda n: (
        f'<row r="{n}"><c r="A{n}"><f t="shared" '
        + ('ref="A1:A40" si="0">B1+$B$3</f>' if n == 1 else 'si="0"/>')
        + f'<v>{n}</v></c><c r="B{n}"><f t="shared" si="0"/><v>1</v></c></row>'
    ),
    "shared with a provision's tag": lambda n: (
        f'<row r="{n}"><c r="A{n}"><f t="shared" '
        + ('ref="A1:A40" si="0">B1&gt;$B$3</f>' if n == 1 else 'si="0"/>')
        + f"<v>{n}</v></c></row>"
    ),
    "arrays": lambda n: f'<row r="{n}"><c r="A{n}"><f t="array" ref="A{n}">B{n}</f><v>1</v></c></row>',
    "an array with members": lambda n: (
        usual(n)
        if n != 20
        else '<row r="20"><c r="A20"><f t="array" ref="A20:B20">C20</f><v>1</v></c><c r="B20"><v>5</v></c></row>'
    ),
    "numbers that stand": lambda n: f'<row r="{n}"><c r="A{n}"><f>B7*C{n}</f><v>1</v></c></row>',
    "numbers that jump": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n * 3}</f><v>1</v></c></row>',
    "numbers that turn": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n if n < 25 else 25}</f><v>1</v></c></row>',
    "running totals": lambda n: f'<row r="{n}"><c r="A{n}"><f>SUM(B$1:B{n})+A{n + 3}</f><v>1</v></c></row>',
    "numbers in texts": lambda n: f'<row r="{n}"><c r="A{n}"><f>"A{n}"&amp;B{n}</f><v>1</v></c></row>',
    "names like cells": lambda n: f'<row r="{n}"><c r="A{n}"><f>LOG10(B{n})+区A1+AB12!A{n}</f><v>1</v></c></row>',
    "percent": lambda n: f'<row r="{n}"><c r="A{n}"><f>IF(B{n}&gt;5%,"%d%s",C{n}%)</f><v>1</v></c></row>',
    "line breaks": lambda n: usual(n) + "\n",
    "blanks between cells": lambda n: usual(n).replace("</c><c", "</c> <c"),
    "blanks in tags": lambda n: usual(n).replace("><f", " ><f").replace('t="s">', 't="s" >'),
    "attributes of f": lambda n: usual(n).replace("<f>", '<f ca="1">'),
    "attributes of v": lambda n: usual(n).replace("<v>", '<v xml:space="preserve">'),
    "r not first": lambda n: usual(n).replace(f'<c r="C{n}" s="3">', f'<c s="3" r="C{n}">'),
    "r not first in a row": lambda n: usual(n).replace(f'<row r="{n}" spans="1:4">', f'<row spans="1:4" r="{n}">'),
    "no r": lambda n: usual(n).replace(f' r="C{n}"', "") if n == 30 else usual(n),
    "single quotes": lambda n: usual(n).replace('"1:4"', "'1:4'") if n == 30 else usual(n),
    "a comment": lambda n: usual(n) + ("<!-- <row r='1'> -->" if n == 30 else ""),
    "CDATA": lambda n: usual(n).replace("甲", "<![CDATA[甲]]>") if n == 30 else usual(n),
    "errors newer than the engine": lambda n: usual(n, f'<c r="D{n}" t="e"><v>#SPILL!</v></c>'),
    "no formulas": lambda n: f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="C{n}"/></row>',
    "nothing": lambda n: f'<row r="{n}"><c r="A{n}"/></row>',
    "numbers of every spelling": lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f><v>{SPELT[n % 6]}</v></c></row>',
}
KINDS = (
    ' t="str"><f>B1</f><v>甲&amp;</v>',
    ' t="b"><f>B1</f><v>1</v>',
    ' t="e"><f>B1</f><v>#N/A</v>',
    ' t="s"><f>B1</f><v>2</v>',
    "><f>B1</f><v>2.50</v>",
)
SPELT = ("1", "1.0", " 1 ", "1E2", "-0", "0.1000000000000000055")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("fresh", ["numbers", "the same", "others"])
def test_odd_rows_are_read_as_cell_by_cell(odd: str, fresh: str) -> None:
    others: tuple[CellValue, ...] = (1.5, "甲", True, ErrorValue("#N/A"), "", -0.0)
    how: dict[str, Callable[[int], CellValue]] = {
        "numbers": lambda number: number / 7,
        "the same": lambda number: 1.0 if number % 2 else 1.0 + 1e-15,
        "others": lambda number: others[number % 6],
    }
    check(sheet(ODD[odd]), how[fresh])


@pytest.mark.parametrize(
    ("odd", "least"),
    [
        ("another column in some rows", 60),
        ("an empty cell", 70),
        ("texts", 70),
        ("shared with a provision's tag", 30),
        ("running totals", 38),
        ("line breaks", 70),
        ("no value", 38),
        ("attributes of f", 70),
        ("percent", 38),
    ],
)
def test_what_is_usual_is_in_runs(odd: str, least: int) -> None:
    assert check(sheet(ODD[odd])) >= least


_BITS = st.sampled_from(
    [
        '<c r="{c}{n}"/>',
        '<c r="{c}{n}" s="1"><v>{n}</v></c>',
        '<c r="{c}{n}" t="s"><v>0</v></c>',
        '<c r="{c}{n}"><f>A{n}+{n}</f><v>{n}</v></c>',
        '<c r="{c}{n}"><f>B{m}&lt;&gt;A{n}</f><v>2</v></c>',
        '<c r="{c}{n}"><f>SUM(A$1:A{n})</f></c>',
        '<c r="{c}{n}" t="str"><f>A{n}&amp;"x"</f><v>{n}x</v></c>',
        '<c r="{c}{n}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.lists(_BITS, min_size=1, max_size=5), st.integers(1, 12)), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "<row r='1'/>", " ", "skip"])), max_size=2),
)
def test_any_mixture_of_rows(shapes: list[tuple[list[str], int]], breaks: list[tuple[int, str]]) -> None:
    lines = []
    number = 0
    for bits, count in shapes:
        for _ in range(count):
            number += 1
            number += dict(breaks).get(number) == "skip"
            cells = [bit.format(c=letters, n=number, m=number + 2) for letters, bit in zip("ABCDE", bits, strict=False)]
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
            lines.append(" " if dict(breaks).get(number) == " " else "")
    check(sheet_xml("".join(lines)))


@pytest.mark.parametrize(
    "wrong",
    [
        usual(41).replace('r="A41"', 'r="A42"'),
        usual(41).replace('r="B41"', 'r="A41"'),
        usual(40),
        usual(41).replace('<row r="41"', '<row r="1048577"'),
        usual(41).replace("&gt;", "&nothing;"),
    ],
)
def test_wrong_rows_are_refused_after_a_run_as_well(wrong: str) -> None:
    for runs in (True, False):
        with pytest.raises(UnsafeFile):
            scan_sheet(sheet(usual, more=wrong), ("", "甲"), runs=runs)


@pytest.mark.parametrize("value", ["1e999", "nan", "1_0", "x"])
def test_a_wrong_number_in_a_run_is_refused(value: str) -> None:
    xml = sheet(lambda n: usual(n).replace("<v>0</v>", f"<v>{value}</v>") if n == 33 else usual(n))
    for runs in (True, False):
        with pytest.raises(UnsafeFile, match="E33"):
            scan_sheet(xml, ("", "甲"), runs=runs)


def test_the_last_used_cell_is_found_in_runs() -> None:
    xml = sheet(lambda n: usual(n, "").replace("</row>", f'<c r="H{n}"/><c r="J{n}"></c></row>'))
    scan = scan_sheet(xml, ("", "甲"), runs=True)
    assert (scan.max_row, scan.max_column) == (40, 5)
    assert scan.runs
    assert scan_sheet(xml.replace(b'<c r="H17"/>', b'<c r="H17"><v/></c>'), ("", "甲"), runs=True).max_column == 8


# ---------------------------------------------------------------------- the quick comparison of values
def columns_of(xml: bytes) -> ColumnValues:
    _, model = modelled(xml, runs=True)
    columns = ColumnValues()
    for family in model.families:
        columns.add(
            family.column, family.first, array("d", [float(row) / 4 for row in range(family.first, family.last + 1)])
        )
    return columns


def test_the_quick_comparison_finds_every_change() -> None:
    before = sheet(usual)
    values = columns_of(before)
    after = patch_sheet(before, values).xml
    assert _same_values(before, after, values) == len(values) == 80
    changes = [
        (b"<v>5</v>", b"<v>5.1</v>"),  # another result
        (b"<v>20.5</v>", b"<v>20.6</v>"),  # a constant
        (b'r="C9" s="3"', b'r="C9" s="4"'),
        (b"B9*2", b"B9*3"),
        (b'r="E9"', b'r="F9"'),
        (b'<c r="E9">', b'<c r="E9" t="str">'),
        (b"<v>5</v>", b"<v></v>"),
        (b"<v>5</v>", b"<v>5</v><v>5</v>"),
        (b"</sheetData>", b" </sheetData>"),
    ]
    for old, new in changes:
        assert after.count(old) >= 1
        wrong = after.replace(old, new, 1)
        assert sheet_problem(before, wrong, values) is not None, (old, new)
        assert _same_values(before, wrong, values) != len(values)
    for cell in ((9, 3), (40, 5)):
        other = ColumnValues()
        for there, value in values.items():
            other[there] = 7.0 if there == cell else value
        assert sheet_problem(before, after, other) is not None


def test_numbers_stay_where_they_say_the_same() -> None:
    xml = sheet(lambda n: f'<row r="{n}"><c r="A{n}"><f>B{n}</f><v>0.30000000000000004</v></c></row>')
    _, model = modelled(xml, runs=True)
    columns = ColumnValues()
    columns.add(1, 1, array("d", [0.3] * 39 + [0.4]))
    result = patch_sheet(xml, columns, model=model)
    assert (result.changed, result.kept) == (1, 39)
    assert result.xml == xml.replace(
        b'<c r="A40"><f>B40</f><v>0.30000000000000004</v>', b'<c r="A40"><f>B40</f><v>0.4</v>'
    )
