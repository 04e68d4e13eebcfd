"""The engine as this project relies on it. Where formualizer changes a trap that is measured here, a test says so."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import formualizer
import pytest

from qdcalc.errors import OutOfRange
from qdcalc.recalc.engine import Engine, cell_value, made_up
from qdcalc.recalc.enginefile import engine_sheet
from qdcalc.recalc.formulas import Planner, tag_of
from qdcalc.recalc.lowering import MISSING
from qdcalc.recalc.model import fold
from qdcalc.recalc.scan import Area, scan_sheet
from qdcalc.recalc.settle import same
from qdcalc.recalc.values import ErrorValue
from qdcalc.recalc.vocabulary import Vocabulary
from tests.recalc.cells import F, Fake, Parameter, provisions, workbook, xml

DOUBLE = tag_of(0, 1, 2) * 2


def calculated(path: Path, cells: dict[str, object], functions: Any = None, **options: Any) -> Engine:
    engine = Engine(workbook(path / "engine.xlsx", cells), ["表"], functions or provisions(), **options)
    engine.calculate()
    return engine


def value(engine: Engine, row: int, column: int) -> object:
    return engine.column(0, column, row, row)[0]


# ---------------------------------------------------------------------- values in and out
def test_arguments_arrive_as_cell_values(tmp_path: Path) -> None:
    fake = Fake("QD_F", lambda *cells: 1, [Parameter("many", "多", type=provisions()["QD_TOTAL"].parameters[0].type)])
    cells = {
        "A1": 1.5, "A2": "文", "A3": True, "A4": ErrorValue("#DIV/0!"), "A6": 43328,
        "B1": F("QD_F(0,A1)"), "B2": F("QD_F(0,A2)"), "B3": F("QD_F(0,A3)"), "B4": F("QD_F(0,A4)"), "B5": F("QD_F(0,A5)"),
        "B6": F("QD_F(0,A1:A1)"), "B7": F("QD_F(0,A1:A5)"), "B8": F(f'QD_F(0,"{MISSING}")'), "B9": F("QD_F(0,1/0)"),
        "B10": F("QD_F(0,DATE(2018,8,16))"), "B11": F('QD_F(0,"")'),
    }  # fmt: skip
    calculated(tmp_path, cells, {"QD_F": fake})
    error = ErrorValue("#DIV/0!")
    assert fake.calls == [
        (1.5,), ("文",), (True,), (error,), (None,), (1.5,), ([[1.5], ["文"], [True], [error], [None]],), (None,), (error,),
        (43328.0,), ("",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Decimal("65000.00"), 65000.0),
        (Decimal("999999999999.99"), 999999999999.99),
        (Decimal("0.29"), 0.29),
        (7, 7.0),
        (True, True),
        ("文字", "文字"),
        ("", ""),
        (datetime.date(2018, 8, 16), 43328.0),
        (datetime.datetime(2018, 8, 16, 12), 43328.5),
        ([[1, 2], [3, 4]], 1.0),
        ([], ""),
        (None, ""),
        ("长" * 32767, "长" * 32767),
        ("长" * 32768, ErrorValue("#VALUE!")),
        (object(), ErrorValue("#VALUE!")),
        (float("nan"), ErrorValue("#NUM!")),
        (float("inf"), ErrorValue("#NUM!")),
        (10**400, ErrorValue("#VALUE!")),
        ([[ErrorValue("#N/A")]], ErrorValue("#N/A")),
    ],
)
def test_results_of_provisions(tmp_path: Path, result: object, expected: object) -> None:
    fake = Fake("QD_F", lambda: result, [])
    engine = calculated(tmp_path, {"B1": F(f"QD_F({DOUBLE})")}, {"QD_F": fake})
    assert value(engine, 1, 2) == expected
    assert type(value(engine, 1, 2)) is type(expected)


def test_an_error_of_a_provision_is_noted_with_its_cell(tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise OutOfRange("金额：超出范围")

    fake = Fake("QD_F", fail, [])
    engine = calculated(tmp_path, {"B1": F(f"QD_F({DOUBLE})"), "B2": F("IFERROR(B1,5)")}, {"QD_F": fake})
    assert value(engine, 1, 2) == ErrorValue("#NUM!")
    assert value(engine, 2, 2) == 5
    ((tag, (_, function, error)),) = engine.failures.items()
    assert (tag, function, error.sentence) == (tag_of(0, 1, 2), fake, "金额：超出范围")


def test_a_later_round_tells_its_own_error(tmp_path: Path) -> None:
    engine = calculated(tmp_path, {"A1": "a", "B1": F(f"QD_DOUBLE({DOUBLE},A1)")})
    engine.put(0, 1, 1, "b")
    engine.calculate()
    assert engine.failures[tag_of(0, 1, 2)][2].sentence == "金额：b 不是数值"


# ---------------------------------------------------------------------- elementwise
def test_ranges_in_place_of_values_give_ranges(tmp_path: Path) -> None:
    functions = provisions()
    cells = {
        "A1": 1, "A2": "x", "A3": 3, "B1": 10, "B2": 10,
        "C1": F(f"SUM(IFERROR(QD_DOUBLE({DOUBLE + 1},A1:A3),100))"),
        "C2": F(f"SUM(IFERROR(QD_DOUBLE({DOUBLE + 1},A1:A3,B1:B2),1000))"),
        "C3": F(f"SUM(QD_DOUBLE({DOUBLE + 1},A1,B1:B2))"),
        "C4": F(f"QD_DOUBLE({DOUBLE},A1:A3)"),
        "C5": F(f"QD_TOTAL({DOUBLE},A1:B3)"),
        "C6": F(f"QD_DOUBLE({DOUBLE},A9:A12)"),
        "C7": F(f"SUM(QD_DOUBLE({DOUBLE + 1},A1:A1))"),
    }  # fmt: skip
    engine = calculated(tmp_path, cells, functions)
    assert engine.column(0, 3, 1, 7) == [2 + 100 + 6, 10 + 1000 + 1000, 20, 2, 24, ErrorValue("#N/A"), 2]


@pytest.mark.parametrize(
    ("formula", "area", "expected"),
    [
        ("A1:A3*2", Area(1, 2, 3, 2), [[2], [4], [6]]),
        ("A1:A3*2", Area(1, 2, 2, 2), [[2], [4]]),
        ("A1:A2*2", Area(1, 2, 3, 2), [[2], [4], ["#N/A"]]),
        ("5", Area(1, 2, 3, 2), [[5], [5], [5]]),
        ("A1:A3*2", Area(1, 2, 1, 2), [[2]]),
        ("A1:A2*1", Area(1, 2, 2, 3), [[1, 1], [2, 2]]),
        ("TRANSPOSE(A1:A3)", Area(1, 2, 2, 4), [[1, 2, 3], [1, 2, 3]]),
        ("1/0", Area(1, 2, 2, 2), [["#DIV/0!"], ["#DIV/0!"]]),
    ],
)
def test_an_array_takes_the_size_of_its_area(
    tmp_path: Path, formula: str, area: Area, expected: list[list[object]]
) -> None:
    cell = tag_of(0, 1, 2)
    cells = {"A1": 1, "A2": 2, "A3": 3, "B1": F(f"QDC_FIT({cell * 2 + 1},{formula})")}
    engine = calculated(tmp_path, cells, areas={cell: area})
    assert [[getattr(item, "code", item) for item in row] for row in engine.block(0, area)] == expected
    below = Area(area.last_row + 1, 2, 6, 4)
    assert all(item is None for row in engine.block(0, below) for item in row)


# ---------------------------------------------------------------------- Excel's comparisons and texts
@pytest.mark.parametrize(
    ("sign", "left", "right", "expected"),
    [
        ("=", "0.1+0.2", "0.3", True),
        (">", "0.1+0.2", "0.3", False),
        (">=", "0.3", "0.1+0.2", True),
        ("<>", "1.00000000000001", "1", True),
        ("=", "12345678901234.6", "12345678901234.7", False),
        ("=", '"A"', '"a"', True),
        ("<", '"a"', '"B"', True),
        ("<", "5", '"1"', True),
        ("<", '"z"', "FALSE", True),
        ("=", "1", "TRUE", False),
        ("=", "A9", "0", True),
        ("=", "A9", '""', True),
        ("=", "A9", "FALSE", True),
        ("=", "A9", "A8", True),
        ("<", "A9", "1", True),
        ("=", '"中"', '"国"', False),
        ("=", "1/0", "1", ErrorValue("#DIV/0!")),
        ("=", "1", "NA()", ErrorValue("#N/A")),
    ],
)
def test_comparisons(tmp_path: Path, sign: str, left: str, right: str, expected: object) -> None:
    engine = calculated(tmp_path, {"B1": F(f'QDC_CMP({DOUBLE},"{sign}",{left},{right})')})
    assert value(engine, 1, 2) == expected
    assert not engine.doubts


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0.1+0.2", "0.3"), ("1/3", "0.333333333333333"), ("2/3*100", "66.6666666666667"), ("65000", "65000"), ("-0.5", "-0.5"),
        ("1E15", "1000000000000000"), ("999999999999.99", "999999999999.99"), ("0", "0"), ("1E-5", "0.00001"), ("TRUE", "TRUE"),
        ("A9", ""), ('"x"', "x"), ("1/0", ErrorValue("#DIV/0!")), ("12345678901234567", "12345678901234600"),
    ],
)  # fmt: skip
def test_numbers_as_text(tmp_path: Path, given: str, expected: object) -> None:
    engine = calculated(tmp_path, {"B1": F(f"QDC_STR({DOUBLE},{given})")})
    assert value(engine, 1, 2) == expected
    assert not engine.doubts


@pytest.mark.parametrize(
    "formula", ['QDC_CMP({},"<","中","国")', "QDC_STR({},1E-12)", "QDC_STR({},1E22)", 'QDC_CMP({},"=",A1:A2,1)']
)
def test_what_is_not_certain_is_noted(tmp_path: Path, formula: str) -> None:
    engine = calculated(tmp_path, {"B1": F(formula.format(DOUBLE))})
    assert engine.doubts == {tag_of(0, 1, 2)}


def test_same_values() -> None:
    assert same(0.1 + 0.2, 0.3)
    assert same(1 / 3, 0.333333333333333)
    assert same(0.0, -0.0)
    assert not same(1.0, 1.00000001)
    assert not same(1.0, True)
    assert not same(0.0, "")
    assert not same(0.0, None)
    assert not same(65000.0, 65000.01)
    assert same(ErrorValue("#N/A"), ErrorValue("#N/A"))
    assert not same("a", "A")


def test_whose_errors() -> None:
    assert cell_value({"type": "Error", "kind": "Na"}) == ErrorValue("#N/A")
    assert not made_up(cell_value({"type": "Error", "kind": "Div"}))
    for kind in ("Name", "NImpl", "Circ", "Spill", "Calc", "Cancelled"):
        assert made_up(cell_value({"type": "Error", "kind": kind}))


def test_a_constant_in_place_of_a_formula(tmp_path: Path) -> None:
    engine = calculated(tmp_path, {"A1": F("1+1"), "B1": F("A1"), "B2": F("IFERROR(A1,9)")})
    for constant, shown in (
        (5.0, 5.0),
        ("x", "x"),
        (True, True),
        (Decimal("0.1"), 0.1),
        (None, 0.0),
        (ErrorValue("#N/A"), ErrorValue("#N/A")),
        (ErrorValue("#SPILL!"), ErrorValue("#VALUE!")),
    ):
        engine.put(0, 1, 1, constant)
        engine.calculate()
        assert value(engine, 1, 2) == shown
    assert value(engine, 2, 2) == 9


def test_an_unreadable_file_is_a_value_error(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"."):
        Engine(path, ["表"], {})


def test_a_closed_engine_lets_go_of_its_workbook(tmp_path: Path) -> None:
    import gc
    import weakref

    class Rule:
        def __call__(self) -> int:
            return 1

    rule = Rule()
    seen = weakref.ref(rule)
    engine = calculated(tmp_path, {"B1": F(f"QD_F({DOUBLE})")}, {"QD_F": Fake("QD_F", rule, [])})
    engine.close()
    del engine, rule
    gc.collect()
    assert seen() is None


# ---------------------------------------------------------------------- the engine's file
def lowered(cells: dict[str, object], left_out: set[int] = set(), **options: Any) -> str:  # noqa: B006  # never changed
    sheet = xml(cells)
    model = fold(scan_sheet(sheet), 0, "表", "", Planner(Vocabulary(["表"], functions=provisions())))
    return b"".join(engine_sheet(sheet, model, bytearray(n in left_out for n in range(len(model))), **options)).decode()


def test_the_engines_sheet_differs_in_formulas_only() -> None:
    cells = {"A1": 1, "B1": F('QD_DOUBLE(A1)&"<&>"', 5), "C1": F("A1+1", 2), "D1": F("FOO()", 7)}
    text = lowered(cells, {1})
    assert '<f>QDC_STR(ROW()*32770+4,QD_DOUBLE(ROW()*32770+4,A1))&amp;"&lt;&amp;&gt;"</f><v>5</v>' in text
    assert '<c r="C1"><v>2</v></c><c r="D1"><f>FOO()</f><v>7</v></c>' in text


def test_shared_formulas_are_written_out_where_one_of_them_changes() -> None:
    shared = ' t="shared" si="0"'
    cells = {
        "B1": F("A1*2", 5, formula_attributes=shared + ' ref="B1:B3"'),
        "B2": F("", 5, formula_attributes=shared),
        "B3": F("", 5, formula_attributes=shared),
    }
    assert lowered(cells) == xml(cells).decode()
    assert [part.partition("</c>")[0] for part in lowered(cells, {1}).split("<c ")[1:]] == [
        'r="B1"><f>A1*2</f><v>5</v>', 'r="B2"><v>5</v>', 'r="B3"><f>A3*2</f><v>5</v>',
    ]  # fmt: skip


def test_what_the_engines_loader_refuses_is_taken_out() -> None:
    sheet = xml({"A1": ErrorValue("#GETTING_DATA"), "A2": ErrorValue("#N/A"), "A3": "#这不是错误"})
    sheet = sheet.replace(
        b"</row></sheetData>", b'</row><row r="4"><c r="A4" t="d"><v>2018-08-16T12:00:00</v></c></row></sheetData>'
    )
    model = fold(scan_sheet(sheet), 0, "表", "", Planner(Vocabulary(["表"])))
    text = b"".join(engine_sheet(sheet, model, bytearray())).decode()
    assert "<v>#VALUE!</v>" in text
    assert "<v>#N/A</v>" in text
    assert "<v>#这不是错误</v>" in text
    assert '<c r="A4"><v>43328.5</v></c>' in text


@pytest.mark.parametrize("odd", ["<!-- <f>9</f> -->", "<!-- x -->"])
def test_a_sheet_with_comments_is_rebuilt(odd: str) -> None:
    cells = {"A1": "a&b", "B1": F("QD_DOUBLE(A2)", 5), "A2": 3, "B2": F("A2<>1", True)}
    sheet = xml(cells).replace(b"<sheetData>", f"<sheetData>{odd}".encode())
    model = fold(scan_sheet(sheet), 0, "表", "", Planner(Vocabulary(["表"], functions=provisions())))
    text = b"".join(engine_sheet(sheet, model, bytearray(2))).decode()
    assert text.endswith(
        '<sheetData><row r="1"><c r="A1" t="str"><v>a&amp;b</v></c><c r="B1"><f>QD_DOUBLE(ROW()*32770+4,A2)</f><v>5</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2" t="b"><f>QDC_CMP(ROW()*32770+4,"&lt;&gt;",A2,1)</f><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )


# ---------------------------------------------------------------------- traps that decide how formulas are lowered
def raw(formula: str) -> object:
    book = formualizer.Workbook(mode=formualizer.WorkbookMode.Ephemeral)
    book.add_sheet("S")
    for row, number in enumerate((1.5, 2.5, 3.5), 1):
        book.set_value("S", row, 1, number)
    seen: list[object] = []
    book.register_function("F", lambda *cells: seen.append(cells) or 1.0, min_args=0, max_args=None)
    book.set_formula("S", 2, 3, formula)
    result = book.evaluate_cell("S", 2, 3)
    return seen[0] if seen else cell_value(result)


@pytest.mark.parametrize(
    ("formula", "wrong"),
    [
        ("=F(1,,3)", (1.0, 0.0, 3.0)),
        ("=0.1+0.2=0.3", False),
        ('=(0.1+0.2)&""', "0.30000000000000004"),
        ("=SUMPRODUCT(LEN(A1:A3))", 3.0),
        ("=SUM(COUNTIF(A1:A3,{1.5,2.5}))", 0.0),
        ("=A1:A3*2", 3.0),
        ('=LENB("中")', 1.0),
        ('=TEXT(5,"[DBNum2]")', "5"),
        ("=YEAR(43328)", 2018.0),
    ],
)
def test_traps_are_still_there(formula: str, wrong: object) -> None:
    """Each is lowered or left alone because of this. If one fails, the engine was mended and the lowering may go."""
    assert raw(formula) == wrong


def test_an_intersection_is_understood() -> None:
    assert raw("=@A1:A3*2") == 5.0
    assert raw("=@A:A+1") == 3.5
