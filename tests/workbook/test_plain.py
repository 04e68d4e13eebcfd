"""The plain edition: ordinary formulas alone, and the same cells as the edition with QD functions, to the 分."""

from __future__ import annotations

import datetime
import functools
import html
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qdcalc.errors import PolicyError
from qdcalc.filled.read import read_book
from qdcalc.layout import REFERENCE
from qdcalc.policies import functions, policies
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.build import build, build_plan
from qdcalc.workbook.examples import EXAMPLES, Example, build_example
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.planning import make_plan
from qdcalc.workbook.templates import find_template, template_ids, template_plan
from tests.workbook.books import ROOT, column, recalculated, status, total, value
from tests.workbook.office import many_recalculated_by_office, needs_office, plant_wrong_values
from tests.workbook.test_behaviour import PERSON, PROJECT, ROAD_FIELDS, SEGMENT, TALENT_FIELDS

ALLOWED = {
    line.strip()
    for line in Path(__file__).with_name("excel2010.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
}
OWN = {"填表说明", "依据", "_qdcalc"}
"""Sheets on which the editions say different things about themselves."""


@pytest.mark.parametrize("policy", template_ids())
def test_only_functions_of_excel_2010(policy: str, tmp_path: Path) -> None:
    build(policy, tmp_path / "plain.xlsx", rows=2, plain=True)
    used: set[str] = set()
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                text = package.read(name).decode()
                for formula in re.findall("<f>(.*?)</f>", text) + re.findall("<formula1?>(.*?)</formula1?>", text):
                    bare = re.sub('"[^"]*"', '""', html.unescape(formula))
                    used |= set(re.findall(r"([A-Za-z_][A-Za-z0-9_.]*)\(", bare))
    assert len(used) > 15
    assert used <= ALLOWED, used - ALLOWED


Cells = dict[str, dict[tuple[int, int], object]]


@functools.cache
def cells_of(path: Path) -> Cells:
    """The filled cells of the sheets that both editions have, by sheet and place. 过程, the largest part, is not read."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    found = {
        sheet.title: {
            (row, column): value
            for row, values in enumerate(sheet.iter_rows(min_row=1, min_col=1, values_only=True), start=1)
            for column, value in enumerate(values, start=1)
            if value not in (None, "")
        }
        for sheet in book.worksheets
        if sheet.title not in OWN and not sheet.title.startswith("过程·")
    }
    book.close()
    return found


def differences(ours: Cells, theirs: Cells) -> list[tuple[str, tuple[int, int], object, object]]:
    found = []
    assert sum(map(len, ours.values())) > 100
    for title, cells in ours.items():
        for place in sorted(cells.keys() | theirs[title].keys()):
            mine, other = cells.get(place), theirs[title].get(place)
            if isinstance(mine, (int, float)) and isinstance(other, (int, float)):
                same = mine == other or abs(mine - other) <= 1e-9 * abs(mine)
            else:
                same = (mine or "") == (other or "")
            if not same:
                found.append((title, place, mine, other))
    return found


def example_cells(example: Example) -> Cells:
    return cells_of(ROOT / "workbooks" / "examples" / f"{example.file}.xlsx")


@pytest.fixture(scope="module")
def plain_examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every example in the plain edition, without values, by policy."""
    folder = tmp_path_factory.mktemp("plain")
    for example in EXAMPLES:
        build_example(example, ROOT, folder / f"{example.policy}.xlsx", plain=True)
    return {example.policy: folder / f"{example.policy}.xlsx" for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.policy)
def test_both_editions_hold_the_same_cells(example: Example, plain_examples: dict[str, Path], tmp_path: Path) -> None:
    """And a check finds nothing wrong in the plain one."""
    report = recalc_book(plain_examples[example.policy], tmp_path / "out.xlsx")
    assert not report.skipped
    assert differences(example_cells(example), cells_of(tmp_path / "out.xlsx")) == []
    book = read_book(tmp_path / "out.xlsx")
    assert [str(problem) for problem in book.problems] == []
    assert (book.policy, book.edition) == (example.policy, "plain")


@needs_office
def test_libreoffice_works_out_the_same_cells(plain_examples: dict[str, Path], tmp_path: Path) -> None:
    planted = []
    for policy, path in plain_examples.items():
        planted.append(tmp_path / f"{policy}.xlsx")
        assert plant_wrong_values(path, planted[-1]) > 1000
    done = many_recalculated_by_office(planted, tmp_path)
    for example in EXAMPLES:
        found = differences(example_cells(example), cells_of(done[f"{example.policy}.xlsx"]))
        assert found == [], example.policy


@needs_office
def test_libreoffice_shows_what_the_file_holds(plain_examples: dict[str, Path], tmp_path: Path) -> None:
    """Opened as everybody opens it: stored values stay, but whatever holds "" is worked out again from stored values. So
    with the plain edition, and with the other where nothing knows the functions."""
    recalc_book(plain_examples[EXAMPLES[0].policy], tmp_path / "stored.xlsx")
    sources = [tmp_path / "stored.xlsx", ROOT / "workbooks" / "examples" / f"{EXAMPLES[0].file}.xlsx"]
    opened = many_recalculated_by_office(sources, tmp_path, again=False)
    for source in sources:
        assert differences(cells_of(source), cells_of(opened[source.name])) == [], source.name


WRONG: dict[str, list[dict[str, Any]]] = {
    "talent": [
        {"pay": None}, {"pay": "650000"}, {"pay": -1}, {"pay": 1e15}, {"other": "无"}, {"lawful": "对"}, {"post": "行长"},
        {"age": None}, {"age": 40.5}, {"name": None}, {},
    ],
    "road": [
        {"district": "青岛"}, {"district": "黄岛区"}, {"district": "平度"}, {"work": None}, {"land_typed": 2001},
        {"estimate_typed": "两千"}, {"estimate_typed": None}, {"planned": "否"}, {"planned": True}, {"excess": "是"},
        {"code": "PD-9"}, {},
    ],
}  # fmt: skip
"""One row each in one workbook: no formula of a row looks at another one, but for the number of a project."""


def with_wrong_rows(policy: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Any]]:
    if policy == "talent":
        return {"people": [{**PERSON, "name": f"王{at}", **change} for at, change in enumerate(WRONG[policy])]}, (
            TALENT_FIELDS
        )
    projects = [{**PROJECT, "code": f"PD-1{at:02}", **change} for at, change in enumerate(WRONG[policy])]
    segments = [{**SEGMENT, "code": f"PD-1{at:02}"} for at in range(len(projects))]
    return {"projects": projects, "segments": segments}, ROAD_FIELDS


@pytest.mark.parametrize("policy", WRONG)
def test_both_editions_judge_a_row_alike(policy: str, tmp_path: Path) -> None:
    data, fields = with_wrong_rows(policy)
    books = []
    for plain in (False, True):
        plan = template_plan(policy, rows=len(WRONG[policy]), plain=plain)
        folder = tmp_path / str(plain)
        folder.mkdir()
        books.append((plan, recalculated(plan, folder, data, fields)))
    plan = books[0][0]
    assert status(books[0][1]) == status(books[1][1])
    judged = {"√": 0, "×": 0}
    for table in plan.tables.values():
        for item in table.columns:
            for row in range(table.rows):
                mine, its = (value(book, made, table.key, item.key, row) or "" for made, book in books)
                place = (table.name, item.title, row, mine, its)
                if item.role in ("output", "derived", "mark"):
                    assert mine == its, place
                if item.role == "notice":  # the sentences may differ in length, never in whether there is one
                    assert bool(str(mine).strip()) == bool(str(its).strip()), place
                if item.role == "mark" and mine:
                    judged[str(mine)] += 1
    assert min(judged.values()) > 0


AWARDS: list[tuple[str, dict[str, Any]]] = [
    ("2018-11-05,2018-11-05,2018-11-01", {"fund": 10_000_000}),
    ("2018-11-05,2018-11-06,2018-11-07", {"fund": 100}),
    ("2018-11-05,2018-11-06,2018-11-07", {"fund": 0.01}),
    ("2018-11-05,2018-11-06,2018-11-07", {"fund": None}),
    ("2018-11-05,,2018-11-07", {"fund": 10_000_000}),
]


def with_awards(plain: bool) -> Plan:
    """The road workbook with the sheets alone that awards need: the others need not be worked out ten times."""
    whole, kept = find_template("road"), {"projects", "segments", "subsidies", "year_tasks", "awards"}
    checks = tuple(
        check
        for check in whole.checks
        if all(name.lstrip("=").partition(".")[0] in {*kept, "@fund"} for name in REFERENCE.findall(check.formula))
    )
    assert "资金内奖励没有超过年度奖补资金" in {check.title for check in checks}
    sheets = tuple(sheet for sheet in whole.sheets if sheet.key in kept)
    small = whole.model_copy(update={"sheets": sheets, "summaries": (), "checks": checks, "claims": ()})
    return make_plan(small, policies()["road"], functions(), rows=4, plain=plain)


@pytest.mark.parametrize(("dates", "fields"), AWARDS)
def test_both_editions_allocate_alike(dates: str, fields: dict[str, Any], tmp_path: Path) -> None:
    days = [datetime.date.fromisoformat(day) if day else None for day in dates.split(",")]
    projects = [{**PROJECT, "code": f"P{at}", "excess": "是", "finished": day} for at, day in enumerate(days)]
    data = {
        "projects": projects,
        "segments": [{**SEGMENT, "code": f"P{at}", "km": 3 + at} for at in range(3)],
        "year_tasks": [{}] * 9 + [{}, {"target": 0}],
    }
    found = []
    for plain in (False, True):
        plan = with_awards(plain)
        folder = tmp_path / str(plain)
        folder.mkdir()
        book = recalculated(plan, folder, data, {**ROAD_FIELDS, **fields})
        found.append((column(book, plan, "awards", "granted"), total(book, plan, "awards", "granted"), status(book)))
    assert found[0] == found[1]
    assert len(found[0][0]) == 3


def test_a_figure_changed_in_the_basis_counts(tmp_path: Path) -> None:
    plan = template_plan("talent", rows=3, plain=True)
    build_plan(plan, tmp_path / "in.xlsx", data={"people": [{**PERSON, "pay": 3_000_000}]}, fields=TALENT_FIELDS)
    book = openpyxl.load_workbook(tmp_path / "in.xlsx")
    book["依据"][plan.basis.cells["cap"].partition("!")[2].replace("$", "")].value = 150_000
    book.save(tmp_path / "changed.xlsx")
    recalc_book(tmp_path / "changed.xlsx", tmp_path / "out.xlsx", all_cells=True)
    changed = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)
    assert value(changed, plan, "subsidy", "amount") == 150_000
    assert total(changed, plan, "subsidy", "approved") == 150_000


def test_no_figure_of_the_law_is_inside_a_formula(tmp_path: Path) -> None:
    """The amounts and shares of the law, which no scale factor or bound looks like."""
    build("road", tmp_path / "plain.xlsx", rows=1, plain=True)
    text = ""
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                text += " ".join(re.findall("<f>(.*?)</f>", package.read(name).decode()))
    bare = re.sub('"[^"]*"', '""', html.unescape(text))
    numbers = set(re.findall(r"(?<![A-Z$0-9.])\d+(?:\.\d+)?(?![0-9.])", bare))
    assert not numbers & {
        "900000",
        "550000",
        "700000",
        "5000",
        "300",
        "0.5",
        "0.3",
        "0.45",
        "0.7",
        "1.2",
        "1.4",
        "8.36",
    }


def test_every_helper_column_has_a_heading(tmp_path: Path) -> None:
    plan = template_plan("road", rows=2, plain=True)
    build_plan(plan, tmp_path / "plain.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plain.xlsx")
    workings = [sheet for sheet in book.worksheets if sheet.title.startswith("过程·")]
    assert {sheet.title.removeprefix("过程·") for sheet in workings} == {
        table.name for table in plan.tables.values() if any(item.role == "output" for item in table.columns)
    }
    for sheet in workings:
        table = next(item for item in plan.tables.values() if sheet.title == f"过程·{item.name}")
        formulas = [cell for cell in sheet[table.first + 1] if str(cell.value).startswith("=")]
        assert len(formulas) > 5
        for cell in formulas:
            assert sheet.cell(table.header_row + 1, cell.column).value
            assert len(str(cell.value)) < 1000


def test_a_function_without_a_formula_needs_one_in_the_layout() -> None:
    template = find_template("road")
    sheets = tuple(
        sheet.model_copy(
            update={
                "columns": tuple(
                    item.model_copy(update={"plain": ""}) if item.key == "granted" else item for item in sheet.columns
                )
            }
        )
        for sheet in template.sheets
    )
    plan: Plan = make_plan(
        template.model_copy(update={"sheets": sheets}), policies()["road"], functions(), rows=2, plain=True
    )
    with pytest.raises(PolicyError, match="QD_ALLOCATE 没有普通公式，应写明 plain"):
        build_plan(plan, Path("unused.xlsx"))


@pytest.mark.parametrize("policy", template_ids())
def test_the_guide_says_what_the_plain_edition_leaves_out(policy: str) -> None:
    for file in (ROOT / "workbooks" / "plain").glob(f"{find_template(policy).file}（*.xlsx"):
        book = openpyxl.load_workbook(file, read_only=True)
        told = "".join(str(row[1]) for row in book["填表说明"].iter_rows(values_only=True) if row[1])
        for words in ("本版不含：换一种口径再算", "逐步说明和引用条款", "提示的句子较短"):
            assert words in told
        assert ("用全角字母或其他繁体字写的不认" in told) == ("选项" in book.sheetnames)
        return
    pytest.fail(f"{policy} 没有普通公式版")


@pytest.mark.parametrize(("typed", "marks"), [("CFA", "√√"), ("注册金融分析师", "√√"), ("ＣＦＡ", "√×")])
def test_the_plain_edition_knows_the_names_of_its_list_alone(typed: str, marks: str, tmp_path: Path) -> None:
    """As its 填表说明 says; the functions know names in full-width letters, too."""
    for plain, mark in enumerate(marks):
        plan = template_plan("talent", rows=2, plain=bool(plain))
        folder = tmp_path / str(plain)
        folder.mkdir()
        book = recalculated(plan, folder, {"people": [{**PERSON, "certificate": typed}]}, TALENT_FIELDS)
        assert column(book, plan, "people", "mark") == [mark]


def test_the_hint_names_the_wrong_argument_and_not_the_amount_that_follows_from_it(tmp_path: Path) -> None:
    plan = template_plan("road", rows=3, plain=True)
    wrong = [
        {**PROJECT, "district": "平度县"},
        {**PROJECT, "code": "PD-002", "work": None},
        {**PROJECT, "code": "PD-003"},
    ]
    segments = [{**SEGMENT, "code": project["code"]} for project in wrong]
    book = recalculated(plan, tmp_path, {"projects": wrong, "segments": segments}, ROAD_FIELDS)
    assert str(value(book, plan, "subsidies", "standard")).startswith("#")
    notices = [value(book, plan, "subsidies", "notice", row) for row in range(3)]
    assert str(notices[0]).startswith("区（市）：不在可选范围内，应为：市南区、")
    assert "工程类别未填写" in str(notices[1])
    assert "错误值" not in "".join(map(str, notices))
