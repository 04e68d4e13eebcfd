"""The extension in a real LibreOffice: every case of tests/cases, saved spellings, blanks, entries, the function wizard."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from qdcalc.hosts.excel_arguments import category, description
from qdcalc.hosts.libreoffice import bundle
from qdcalc.hosts.libreoffice.record import LISTS
from qdcalc.policies import find, functions
from qdcalc.recalc.package import open_package
from qdcalc.recalc.scan import read_shared_strings, scan_sheet
from qdcalc.recalc.settle import same
from qdcalc.recalc.values import ErrorValue
from tests.hosts.case_cells import cells, serial
from tests.hosts.office import needs_office_python, run
from tests.policies.cases import Case, cases, files

ERRORS = {32767: "#N/A", 519: "#VALUE!", 503: "#NUM!"}
SPELLINGS = ("QD_", "_xll.QD_", "_xldudf_QD_", "_xludf.QD_")
PLANTED = 123456.789
ALL = [case for file in files() for case in cases(file) if not case.readings and not case.figures]


@dataclass(frozen=True)
class Placed:
    """Where a case's result stands: row and column of its first cell, rows and columns it takes."""

    row: int
    height: int
    width: int


def workbook(path: Path) -> dict[str, Placed]:
    """Every case in a row of its own, formulas spelled as other programs save them, with wrong values planted."""
    places: dict[str, Placed] = {}
    row = 0
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("cases")
        for number, case in enumerate(ALL):
            function = find(case.function)
            value = function.answer(case.words, from_text=True).value
            height, width = (len(value), len(value[0])) if isinstance(value, list) else (1, 1)
            references = []
            given = cells(function, case.words)
            for column, cell in enumerate(given, start=6):
                listed = cell if isinstance(cell, list) else [cell]
                for below, item in enumerate(listed):
                    if item is not None:
                        sheet.write(row + below, column, item)
                last = xl_rowcol_to_cell(row + len(listed) - 1, column)
                first = xl_rowcol_to_cell(row, column)
                references.append(f"{first}:{last}" if len(listed) > 1 else first)
            spelled = SPELLINGS[number % len(SPELLINGS)] + case.function[3:]
            formula = f"={spelled}({','.join(references)})"
            if (height, width) == (1, 1):
                sheet.write_formula(row, 0, formula, None, PLANTED)
            else:
                sheet.write_array_formula(row, 0, row + height - 1, width - 1, formula, None, PLANTED)
            places[str(case)] = Placed(row, height, width)
            row += max(height, *(len(item) if isinstance(item, list) else 1 for item in given))
    return places


SMALL: dict[str, tuple[str, object]] = {
    # address in column A → formula, what it must give; B1 650000, B2 blank, B3 "650000", B4 #N/A, B5 0, B6 2018-08-16
    "a blank required argument": ("=QD_TALENT_SUBSIDY(B2)", "#N/A"),
    "0 is no blank": ("=QD_TALENT_SUBSIDY(B5)", 0.0),
    "a number as text": ("=QD_TALENT_SUBSIDY(B3)", "#VALUE!"),
    "an amount beyond its maximum": ("=QD_TALENT_SUBSIDY(1E+15)", "#NUM!"),
    "a blank optional argument": ("=QD_PICK_HIGHER(B1,B5,B2)", 650000.0),
    "an omitted argument": ("=QD_PICK_HIGHER(B1,,)", "#N/A"),
    "a date cell": ("=QD_POLICY_IN_FORCE(\"D2\",B6)", 1.0),
    "a date as text": ("=QD_POLICY_IN_FORCE(\"D2\",\"2018.8.16\")", 1.0),
    "a range of one cell": ("=QD_TALENT_SUBSIDY(B1:B1)", 65000.0),
    "a blank in a range of one cell": ("=QD_TALENT_SUBSIDY(B2:B2)", "#N/A"),
    "another sheet": ("='甲 乙'!A1+QD_TALENT_SUBSIDY('甲 乙'!A1)", 660000.0),
    "a blank on another sheet": ("=QD_TALENT_SUBSIDY('甲 乙'!A2)", "#N/A"),
    "absolute references": ("=QD_TALENT_SUBSIDY($B$1)", 65000.0),
    "a name": ("=QD_TALENT_SUBSIDY(pay)", 65000.0),
    "a name of a blank cell": ("=QD_TALENT_SUBSIDY(nothing)", "#N/A"),
    "a Chinese name": ("=QD_TALENT_SUBSIDY(报酬)", 65000.0),
    "inside another function": ("=IF(QD_TALENT_SUBSIDY(B1)>1,ROUND(QD_TALENT_SUBSIDY(B1)/3,2),0)", 21666.67),
    "one inside another": ("=QD_PICK_HIGHER(QD_TALENT_SUBSIDY(B1),100)", 65000.0),
    "texts are compared as texts": ('=QD_DELEGATION_ITEM(1,"实施机关")="市经济信息化委"', 1.0),
    "a text of a list": ('=INDEX(QD_SCI_DIRECTORY("海尔集团"),1,5)&""="海尔集团"', 1.0),
    "an amount made a text": ('=(QD_TALENT_SUBSIDY(B1)&"元")="65000元"', 1.0),
    "a sum over a column": ("=SUMPRODUCT(QD_TALENT_SUBSIDY(C1:C3))", 265000.0),
    "a text function over a column": ("=QD_CITE(C1:C3)", "#VALUE!"),
    "as a text": ('=QD_TALENT_SUBSIDY(B1)&"元"', "65000元"),
    "an error caught": ("=IFERROR(QD_TALENT_SUBSIDY(B2),-1)", -1.0),
    "a name in quotes is no call": ('="QD_TALENT_SUBSIDY(B1)"', "QD_TALENT_SUBSIDY(B1)"),
    "the notice of a blank": ('=QD_NOTICE("QD_TALENT_SUBSIDY",B2)', "劳动报酬（元）：未填写（单位：元，不小于 0，最大 1,000,000,000,000）"),
    "no notice": ('=QD_NOTICE("QD_TALENT_SUBSIDY",B1)', ""),
    "its own spelling": ("=QD.TALENT_SUBSIDY(B1)", 65000.0),
    "an expression": ("=QD_TALENT_SUBSIDY(B1-B5)", 65000.0),
    "what follows": ("=A1+A9", "#N/A"),
}  # fmt: skip
FAILED = {"an error cell": "=QD_TALENT_SUBSIDY(B4)", "an error in a range": "=QD_FIN_PRIZE_BEST(B1:B4)"}
ENTERED = {
    "$A$1": ("=QD_TALENT_SUBSIDY(B2)", "#N/A"),
    "$A$2": ("=QD.TALENT_SUBSIDY(B2)", "#N/A"),
    "$A$3": ("=QD_TALENT_SUBSIDY(B1)", 65000.0),
    "$A$4": ("=QD_PICK_HIGHER(B1;0;B2)", 650000.0),
    "$A$5": ("=QD_TALENT_SUBSIDY(0)", 0.0),
}


SET = {
    "A1": ("=QD.TALENT_SUBSIDY(B2)", "#N/A"),
    "A2": ("=QD.TALENT_SUBSIDY(B5)", 0.0),
    "A3": ("=QD.TALENT_SUBSIDY(0)", 0.0),
}


def small_workbook(path: Path, *, formulas: bool = True, old_mac: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": old_mac}) as book:
        sheet, other = book.add_worksheet("小"), book.add_worksheet("甲 乙")
        sheet.write_column("B1", [650000, None, "650000"])
        sheet.write_formula("B4", "=NA()", None, "#N/A")
        sheet.write("B5", 0)
        sheet.write_column("C1", [650000, 2000000, 0])
        sheet.write("B6", serial("2018-08-16") - (1462 if old_mac else 0))
        other.write("A1", 600000)
        book.define_name("pay", "=小!$B$1")
        book.define_name("报酬", "=小!$B$1")
        book.define_name("nothing", "=小!$B$2")
        listed = [formula for formula, _ in SMALL.values()] + list(FAILED.values())
        for row, formula in enumerate(listed if formulas else []):
            sheet.write_formula(row, 0, formula, None, PLANTED)
        if old_mac:
            sheet.write_formula("A1", '=QD_POLICY_IN_FORCE("D2",B6)', None, PLANTED)
            sheet.write_formula("A2", "=QD_DELEGATION_DEADLINE(B6)", None, PLANTED)
            sheet.write_formula("A3", "=YEAR(A2)*10000+MONTH(A2)*100+DAY(A2)", None, PLANTED)


def closed_workbook(path: Path) -> None:
    """A sheet whose protection has a password, and one beside it."""
    with xlsxwriter.Workbook(path) as book:
        for name in ("锁", "开"):
            sheet = book.add_worksheet(name)
            sheet.write("B1", 650000)
            sheet.write_formula("A1", "=QD_TALENT_SUBSIDY(B1)", None, PLANTED)
            if name == "锁":
                sheet.protect("secret")


EXAMPLES = Path(__file__).parents[2] / "workbooks" / "examples"
FILLED = ("金融高端人才_示例.xlsx", "四好农村路_示例.xlsx")
"""Real templates: protected sheets, formulas inside formulas."""
MISTAKEN = "四好农村路_错误示例.xlsx"


def recalculated(path: Path) -> dict[str, dict[tuple[int, int], object]]:
    """Sheet → cell → value of each formula, as the file holds them after `qdcalc recalc`."""
    found: dict[str, dict[tuple[int, int], object]] = {}
    with open_package(path) as package:
        strings = (
            () if package.shared_strings_part is None else read_shared_strings(package.read("xl/sharedStrings.xml"))
        )
        for sheet in package.sheets:
            scan = scan_sheet(package.read(sheet.part), strings)
            found[sheet.name] = {(cell.row, cell.column): cell.cached for cell in scan.formulas}
    return found


def areas(values: dict[str, dict[tuple[int, int], object]]) -> dict[str, str]:
    """What to read of each sheet: all of its formulas."""
    return {
        sheet: f"A1:{xl_rowcol_to_cell(max(row for row, _ in found) - 1, max(column for _, column in found) - 1)}"
        for sheet, found in values.items()
        if found
    }


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Everything that LibreOffice is asked, in one go: it starts once."""
    folder = tmp_path_factory.mktemp("libreoffice")
    bundle.unpack(folder / "bundled" / "qdcalc.oxt")
    places = workbook(folder / "cases.xlsx")
    small_workbook(folder / "small.xlsx")
    small_workbook(folder / "entries.xlsx", formulas=False)
    small_workbook(folder / "macro.xlsx", formulas=False)
    closed_workbook(folder / "closed.xlsx")
    small_workbook(folder / "mac.xlsx", formulas=False, old_mac=True)
    (folder / "examples").mkdir()
    for name in (*FILLED, MISTAKEN):  # LibreOffice puts a lock file beside what it opens
        shutil.copy(EXAMPLES / name, folder / "examples")
    last = max(place.row + place.height for place in places.values())
    steps = [
        {"do": "file", "url": (folder / "cases.xlsx").as_uri(), "read": {"cases": f"A1:F{last}"}},
        {"do": "file", "url": (folder / "small.xlsx").as_uri(), "read": {"小": f"A1:A{len(SMALL) + len(FAILED)}"},
         "save": (folder / "saved.xlsx").as_uri()},
        {"do": "file", "url": (folder / "entries.xlsx").as_uri(), "read": {"小": f"A1:A{len(ENTERED)}"},
         "enter": [[address, formula] for address, (formula, _) in ENTERED.items()]},
        {"do": "file", "url": (folder / "mac.xlsx").as_uri(), "read": {"小": "A1:A3"}},
        {"do": "file", "url": "private:factory/scalc", "read": {"": "A1:A1"},
         "enter": [["$A$1", "=QD_TALENT_SUBSIDY(B2)"]]},
        {"do": "file", "url": (folder / "macro.xlsx").as_uri(), "read": {"小": "A1:A3"},
         "set": [[address, formula] for address, (formula, _) in SET.items()]},
        {"do": "file", "url": (folder / "closed.xlsx").as_uri(), "read": {"锁": "A1:A1", "开": "A1:A1"}},
        {"do": "wizard"},
        *({"do": "file", "url": (folder / "examples" / name).as_uri(), "read": areas(recalculated(EXAMPLES / name)),
           "save": (folder / name).as_uri()} for name in (*FILLED, MISTAKEN)),
    ]  # fmt: skip
    found = run(folder, steps)
    log = folder / "profile" / "user" / "qdcalc.log"
    return {
        "places": places,
        "cases": found[0]["cases"],
        "small": [row[0] for row in found[1]["小"]],
        "entries": [row[0] for row in found[2]["小"]],
        "mac": [row[0] for row in found[3]["小"]],
        "new": found[4][""][0][0],
        "macro": [row[0] for row in found[5]["小"]],
        "closed": {name: rows[0][0] for name, rows in found[6].items()},
        "wizard": found[7],
        "saved": folder / "saved.xlsx",
        "folder": folder,
        **dict(zip((*FILLED, MISTAKEN), found[8:], strict=True)),
        "log": log.read_text(encoding="utf-8") if log.exists() else "",
    }


def given(cell: dict[str, Any]) -> object:
    """A number, a text, or the error as it is written."""
    return ERRORS.get(cell["error"], cell["error"]) if "error" in cell else cell["value"]


def agrees(expected: str, found: list[object]) -> bool:
    """Whether the cells are what the 期望 column says."""
    if expected.startswith("包含："):
        return isinstance(found[0], str) and expected.removeprefix("包含：") in found[0]
    if expected.startswith("#"):
        return found == [expected.partition(" ")[0]]
    words = expected.split("|")
    return len(words) == len(found) and all(_same(word, cell) for word, cell in zip(words, found, strict=True))


def _same(word: str, cell: object) -> bool:
    if isinstance(cell, float):
        if word in ("TRUE", "FALSE"):
            return cell == (word == "TRUE")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", word):
            return cell == serial(word)
        try:
            return Decimal(repr(cell)) == Decimal(word)
        except InvalidOperation:
            return False
    return word == cell


def result(session: dict[str, Any], case: Case) -> list[object]:
    place: Placed = session["places"][str(case)]
    rows = session["cases"][place.row : place.row + place.height]
    return [given(cell) for row in rows for cell in row[: place.width]]


@needs_office_python
@pytest.mark.parametrize("function", sorted({case.function for case in ALL}))
def test_every_case(session: dict[str, Any], function: str) -> None:
    wrong = []
    for case in ALL:
        if case.function == function:
            found = result(session, case)
            if not agrees(case.expected, found):
                wrong.append(f"{case}（{case.note}）：期望 {case.expected!r}，得到 {found}")
    assert not wrong, "\n".join(wrong)


def test_the_functions_that_give_lists_are_known() -> None:
    lists = {case.function for case in ALL if isinstance(answered(case), list)}
    assert lists == LISTS


def answered(case: Case) -> object:
    return find(case.function).answer(case.words, from_text=True).value


def test_no_function_is_without_cases() -> None:
    assert {case.function for case in ALL} == set(functions())


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("1.00", [1.01]),
        ("#N/A", ["#VALUE!"]),
        ("#N/A", [0.0]),
        ("TRUE", [0.0]),
        ("2018-08-16", [serial("2018-08-17")]),
        ("a|b", ["a"]),
        ("a", ["a", "b"]),
        ("包含：a", ["b"]),
        ("甲", [1.0]),
        ("", [0.0]),
    ],
)
def test_a_wrong_cell_is_noticed(expected: str, found: list[object]) -> None:
    assert not agrees(expected, found)


@needs_office_python
@pytest.mark.parametrize("what", SMALL)
def test_small_things(session: dict[str, Any], what: str) -> None:
    assert given(session["small"][list(SMALL).index(what)]) == SMALL[what][1]


@needs_office_python
@pytest.mark.parametrize("what", FAILED)
def test_an_error_never_becomes_a_value(session: dict[str, Any], what: str) -> None:
    assert "error" in session["small"][len(SMALL) + list(FAILED).index(what)]


@needs_office_python
@pytest.mark.parametrize("address", ENTERED)
def test_what_a_person_enters(session: dict[str, Any], address: str) -> None:
    assert given(session["entries"][list(ENTERED).index(address)]) == ENTERED[address][1]


@needs_office_python
@pytest.mark.parametrize("address", SET)
def test_what_a_macro_writes_is_put_right_in_a_moment(session: dict[str, Any], address: str) -> None:
    assert given(session["macro"][list(SET).index(address)]) == SET[address][1]


@needs_office_python
def test_a_sheet_with_a_password_shows_an_error_and_never_a_number(session: dict[str, Any]) -> None:
    assert session["closed"]["锁"].get("error")
    assert given(session["closed"]["开"]) == 65000.0


@needs_office_python
def test_a_new_document_is_attended_to(session: dict[str, Any]) -> None:
    assert given(session["new"]) == "#N/A"


@needs_office_python
def test_dates_of_an_old_mac(session: dict[str, Any]) -> None:
    assert [given(cell) for cell in session["mac"]] == [1.0, serial("2018-09-15") - 1462, 20180915.0]


@needs_office_python
def test_the_function_wizard_is_chinese(session: dict[str, Any]) -> None:
    listed = session["wizard"]
    assert set(listed) == set(functions())
    for name, function in functions().items():
        _, told, arguments = listed[name]
        assert told == description(function)
        assert [title for title, _, _ in arguments] == [item.title for item in function.parameters], name
        for (title, help_, _), parameter in zip(arguments, function.parameters, strict=True):
            assert help_.startswith(title)
            assert parameter.help[:20] in help_
    assert re.search("[\u4e00-\u9fff]", listed["QD_ROAD_SUBSIDY"][1])


def test_categories_are_told_to_the_wizard() -> None:
    text = bundle.files()["registry/CalcAddIns.xcu"].decode()
    for function in functions().values():
        assert f"<value>{category(function)}</value>" in text


@needs_office_python
def test_a_saved_file_keeps_functions_and_results(session: dict[str, Any]) -> None:
    with zipfile.ZipFile(session["saved"]) as package:
        text = package.read("xl/worksheets/sheet1.xml").decode()
    assert "QD.TALENT_SUBSIDY(B2:B2)" in text
    assert "<v>65000</v>" in text
    assert str(PLANTED) not in text


@needs_office_python
@pytest.mark.parametrize("name", FILLED)
def test_filled_templates_give_what_the_recalculation_gave(session: dict[str, Any], name: str) -> None:
    wrong, policy = [], 0
    for sheet, formulas in recalculated(EXAMPLES / name).items():
        for (row, column), value in formulas.items():
            cell = session[name][sheet][row - 1][column - 1]
            policy += "QD." in cell.get("formula", "")
            found = given(cell)
            wanted = value.code if isinstance(value, ErrorValue) else value
            if isinstance(wanted, bool):
                wanted = float(wanted)
            if not (same(wanted, found) if isinstance(wanted, float) and isinstance(found, float) else wanted == found):
                wrong.append(f"{sheet}!{xl_rowcol_to_cell(row - 1, column - 1)}：{wanted!r}，LibreOffice {cell}")
    assert not wrong, "\n".join(wrong[:20])
    assert policy > 300


@needs_office_python
def test_an_error_of_a_filled_template_is_an_error_there(session: dict[str, Any]) -> None:
    """The other way round LibreOffice has more of them: it does not call a function with an error among its arguments."""
    values, errors = [], 0
    for sheet, formulas in recalculated(EXAMPLES / MISTAKEN).items():
        for (row, column), value in formulas.items():
            if isinstance(value, ErrorValue):
                errors += 1
                if "error" not in session[MISTAKEN][sheet][row - 1][column - 1]:
                    values.append(f"{sheet}!{xl_rowcol_to_cell(row - 1, column - 1)}")
    assert errors > 5
    assert not values


@needs_office_python
@pytest.mark.parametrize("name", FILLED)
def test_the_protection_of_sheets_is_as_it_was(session: dict[str, Any], name: str) -> None:
    def protections(path: Path) -> list[dict[str, bool]]:
        with zipfile.ZipFile(path) as package:
            names = sorted(item for item in package.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", item))
            found = [re.search(rb"<sheetProtection ([^>]*)/>", package.read(item)) for item in names]
        return [
            {key: value in ("1", "true") for key, value in re.findall(r'(\w+)="(\w+)"', match[1].decode())}
            for match in found
            if match
        ]

    before = protections(EXAMPLES / name)
    assert len(before) > 5
    assert protections(session["folder"] / name) == before


@needs_office_python
def test_nothing_else_is_in_the_log(session: dict[str, Any]) -> None:
    notes = [line for line in session["log"].splitlines() if line[:2] == "20"]
    assert len(notes) == 1
    assert notes[0].endswith("“锁”有保护密码，公式没有改写")
