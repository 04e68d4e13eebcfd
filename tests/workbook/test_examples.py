"""The committed workbooks are fresh, and their totals are right by an independent sum."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.filled.mistakes import FILE as MISTAKES
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook import examples
from qdcalc.workbook.build import build
from qdcalc.workbook.examples import EXAMPLES, targets
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook import sums, totals
from tests.workbook.books import DATA, ROOT, column, status, total

TALENT, STAR, ROAD = (DATA / f"{name}_示例" for name in ("金融高端人才", "金融之星", "四好农村路"))


def members(path: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """All that a package holds, in order. The compressed bytes themselves depend on the zlib of the machine."""
    with zipfile.ZipFile(path) as package:
        return [(item.filename, item.date_time, package.read(item)) for item in package.infolist()]


def without_values(path: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """The members with the values of formulas taken out: what building alone gives."""
    found = []
    for name, date, content in members(path):
        if name.startswith("xl/worksheets/sheet"):
            content = _VALUE.sub(rb'<c r="\1"\2>\3<v></v></c>', content)
        found.append((name, date, content))
    return found


_VALUE = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?(?: t="[a-z]+")?>(<f>[^<]*</f>)<v(?: [^>]*)?>[^<]*</v></c>')
_NOTHING = re.compile(rb'<c r="[A-Z]+[0-9]+"( s="[0-9]+")?><f>[^<]*</f>(<v></v>|<v ?/>|</c>)')
STALE = "不是最新的：请运行 python -m qdcalc.workbook.examples"


@pytest.mark.parametrize("target", [path.relative_to(ROOT) for path, _ in targets(ROOT)], ids=str)
def test_committed_workbooks_are_fresh(target: Path, tmp_path: Path) -> None:
    """Built again they are the same. Of the large plain templates, whose rows are empty, only what building gives is
    compared; the values of all others are worked out again, too."""
    committed, built = ROOT / target, tmp_path / "built.xlsx"
    dict(targets(ROOT))[committed](built)
    if target.parent.name == "plain":
        ours, theirs = without_values(committed), without_values(built)
    else:
        recalc_book(built, tmp_path / "fresh.xlsx")
        ours, theirs = members(committed), members(tmp_path / "fresh.xlsx")
    assert [item[:2] for item in ours] == [item[:2] for item in theirs], STALE
    for (name, _, content), (_, _, fresh) in zip(ours, theirs, strict=True):
        assert content == fresh, f"{target} 的 {name} {STALE}"


def test_nothing_else_is_committed() -> None:
    there = {path for path in (ROOT / "workbooks").rglob("*.xlsx") if not path.name.startswith("~$")}
    assert there == {path for path, _ in targets(ROOT)} | {ROOT / "workbooks" / "examples" / MISTAKES}


def test_recalculating_an_example_again_changes_nothing(tmp_path: Path) -> None:
    source = ROOT / "workbooks" / "examples" / "金融高端人才_示例.xlsx"
    recalc_book(source, tmp_path / "again.xlsx")
    assert members(tmp_path / "again.xlsx") == members(source)


def example(policy: str) -> tuple[Workbook, Plan]:
    item = next(item for item in EXAMPLES if item.policy == policy)
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan(item.policy, rows=item.rows)


SUMS = {
    "talent": lambda: totals.talent(TALENT),
    "star": lambda: totals.star(STAR, pay_year=2020),
    "road": lambda: totals.road(ROAD, fund=Decimal(18_000_000)),
}
"""By policy: the totals of tables, the cells of summaries by group, the single results under them."""


@pytest.mark.parametrize("policy", SUMS)
def test_every_total_of_an_example_adds_up(policy: str) -> None:
    """Every total row, every cell of every summary, every line under it: none is left out of the second sum."""
    book, plan = example(policy)
    sums_, groups, lines = SUMS[policy]()
    assert set(sums_) == {
        f"{key}.{item.key}" for key, table in plan.tables.items() for item in table.columns if item.total
    }
    assert set(groups) == {f"{key}.{item}" for key, summary in plan.summaries.items() for item in summary.by_key}
    assert set(lines) == {f"{key}.{line.key}" for key, item in plan.summaries.items() for line in item.summary.lines}
    for path, expected in sums_.items():
        assert total(book, plan, *path.split(".")) == pytest.approx(float(expected), abs=1e-9), path
    for path, cells in groups.items():
        key, _, name = path.partition(".")
        summary = plan.summaries[key]
        assert [str(group) for group in summary.groups] == list(cells)
        letter = summary.total(name).split("$")[1]
        for row, (group, expected) in enumerate(cells.items(), start=summary.first + 1):
            assert book[summary.name][f"{letter}{row}"].value == pytest.approx(float(expected), abs=1e-9), (path, group)
        assert total(book, plan, key, name) == pytest.approx(float(sum(cells.values())), abs=1e-9), path
    for path, expected in lines.items():
        key, _, name = path.partition(".")
        assert line(book, plan, key, name) == (
            expected if isinstance(expected, str) else pytest.approx(float(str(expected)), abs=1e-9)
        ), path


def line(book: Workbook, plan: Plan, key: str, name: str) -> object:
    """A single result under a summary: the cell behind its title."""
    summary = plan.summaries[key]
    title = next(item.title for item in summary.summary.lines if item.key == name)
    for row in book[summary.name].iter_rows(min_row=summary.total_row + 2, values_only=True):
        if row[0] == title:
            return next(cell for cell in row[1:] if cell is not None)
    raise AssertionError(title)


def test_the_talent_example_has_every_amount() -> None:
    book, plan = example("talent")
    people = sums.table(TALENT, "人选")
    assert len(people) == 60
    granted = {row["姓名"]: Decimal(row["手填核定额（元）"]) for row in sums.table(TALENT, "补助")}
    approved = [
        granted.get(row["姓名"], sums.talent_net(row) if sums.talent_fits(row) else Decimal(0)) for row in people
    ]
    assert [Decimal(str(cell)) for cell in column(book, plan, "subsidy", "approved")] == approved
    assert status(book) == "全部无误，另有2条提示"


def test_the_talent_example_shows_every_band_and_reason() -> None:
    book, plan = example("talent")
    assert {0, 0.08, 0.1, 0.12} == set(column(book, plan, "subsidy", "rate"))
    assert 200000 in column(book, plan, "subsidy", "amount")
    reasons = " ".join(map(str, column(book, plan, "people", "verdict")))
    for words in ("劳动合同不足3年", "未在青岛缴纳", "有违法违纪", "不具备第七条", "不重复参加", "不是申报主体"):
        assert words in reasons


def test_the_star_example_has_every_amount() -> None:
    book, plan = example("star")
    rows = {row["姓名"]: row for row in sums.table(STAR, "津贴")}
    amounts = [sums.star_amount(row, rows.get(row["姓名"], {}), 2020) for row in sums.table(STAR, "人选")]
    assert len(amounts) == 42
    assert column(book, plan, "allowance", "paid") == amounts
    assert column(book, plan, "training", "enough").count("未达标") == 3
    assert status(book) == "全部无误，另有2条提示"


def test_the_road_example_spends_the_fund_of_the_year() -> None:
    book, plan = example("road")
    assert len(sums.table(ROAD, "路段")) >= 40
    assert total(book, plan, "awards", "granted") == 18_000_000
    assert total(book, plan, "awards", "award") > 18_000_000
    assert str(status(book)).startswith("全部无误")


def test_the_road_example_shows_every_work_and_district() -> None:
    projects = sums.table(ROAD, "项目")
    assert {row["工程类别"] for row in projects} == set(sums.RATES)
    assert len({row["区（市）"] for row in projects}) == 7
    book, plan = example("road")
    assert {"标准额", "上限额", "不予补助", "超额项目"} == set(column(book, plan, "subsidies", "binding"))


@pytest.mark.parametrize("path", [path for path, _ in targets(ROOT)], ids=lambda path: path.stem)
def test_no_cell_holds_an_error_or_nothing(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                content = package.read(name)
                assert b' t="e"' not in content, (path.name, name)
                assert not _NOTHING.search(content), (path.name, name)


def test_the_script_puts_everything_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(root: Path) -> Iterator[tuple[Path, Callable[[Path], None]]]:
        yield tmp_path / "out" / "one.xlsx", partial(build, "star", rows=3)

    monkeypatch.setattr(examples, "targets", few)
    monkeypatch.setattr("qdcalc.filled.mistakes.write_mistakes", lambda root, target: None)
    examples.main(ROOT)
    assert zipfile.is_zipfile(tmp_path / "out" / "one.xlsx")
