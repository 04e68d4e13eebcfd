"""The committed workbooks are fresh, and their totals are right by an independent sum."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.recalc.book import recalc_book
from qdcalc.workbook import examples
from qdcalc.workbook.examples import EXAMPLES, build_into, sources
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook import sums
from tests.workbook.books import DATA, ROOT, column, status, total

TALENT, STAR, ROAD = (DATA / f"{name}_示例" for name in ("金融高端人才", "金融之星", "四好农村路"))


def members(path: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """All that a package holds, in order. The compressed bytes themselves depend on the zlib of the machine."""
    with zipfile.ZipFile(path) as package:
        return [(item.filename, item.date_time, package.read(item)) for item in package.infolist()]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every committed workbook, built again."""
    folder = tmp_path_factory.mktemp("rebuilt")
    found = {}
    for built, target in build_into(ROOT, folder):
        fresh = folder / "fresh" / target.relative_to(ROOT)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        recalc_book(built, fresh)
        found[str(target.relative_to(ROOT))] = fresh
    return found


@pytest.mark.parametrize("target", [str(path.relative_to(ROOT)) for path in sources(ROOT)])
def test_committed_workbooks_are_fresh(target: str, rebuilt: dict[str, Path]) -> None:
    words = "不是最新的：请运行 python -m qdcalc.workbook.examples"
    ours, theirs = members(ROOT / target), members(rebuilt[target])
    assert [item[:2] for item in ours] == [item[:2] for item in theirs], words
    for (name, _, content), (_, _, fresh) in zip(ours, theirs, strict=True):
        assert content == fresh, f"{target} 的 {name} {words}"


def test_nothing_else_is_committed() -> None:
    there = {path for path in (ROOT / "workbooks").rglob("*.xlsx") if not path.name.startswith("~$")}
    assert there == set(sources(ROOT))


def test_recalculating_an_example_again_changes_nothing(tmp_path: Path) -> None:
    source = ROOT / "workbooks" / "examples" / "金融高端人才_示例.xlsx"
    recalc_book(source, tmp_path / "again.xlsx")
    assert members(tmp_path / "again.xlsx") == members(source)


def example(policy: str) -> tuple[Workbook, Plan]:
    item = next(item for item in EXAMPLES if item.policy == policy)
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan(item.policy, rows=item.rows)


def test_the_talent_example_adds_up() -> None:
    book, plan = example("talent")
    people = sums.table(TALENT, "人选")
    assert len(people) == 60
    granted = {row["姓名"]: Decimal(row["手填核定额（元）"]) for row in sums.table(TALENT, "补助")}
    amounts = [sums.talent_amount(Decimal(row["劳动报酬（元）"])) for row in people]
    nets = [sums.talent_net(row) for row in people]
    approved = [
        granted.get(row["姓名"], net if sums.talent_fits(row) else Decimal(0))
        for row, net in zip(people, nets, strict=True)
    ]
    assert [Decimal(str(cell)) for cell in column(book, plan, "subsidy", "approved")] == approved
    assert total(book, plan, "subsidy", "amount") == float(sum(amounts))
    assert total(book, plan, "subsidy", "net") == float(sum(nets))
    assert total(book, plan, "subsidy", "approved") == float(sum(approved))
    assert total(book, plan, "by_employer", "approved") == float(sum(approved))
    assert total(book, plan, "by_employer", "count") == 60
    assert total(book, plan, "by_employer", "fit") == sum(map(sums.talent_fits, people))
    assert status(book) == "全部无误，另有2条提示"


def test_the_talent_example_shows_every_band_and_reason() -> None:
    book, plan = example("talent")
    assert {0, 0.08, 0.1, 0.12} == set(column(book, plan, "subsidy", "rate"))
    assert 200000 in column(book, plan, "subsidy", "amount")
    reasons = " ".join(map(str, column(book, plan, "people", "verdict")))
    for words in ("劳动合同不足3年", "未在青岛缴纳", "有违法违纪", "不具备第七条", "不重复参加", "不是申报主体"):
        assert words in reasons


def test_the_star_example_adds_up() -> None:
    book, plan = example("star")
    rows = {row["姓名"]: row for row in sums.table(STAR, "津贴")}
    amounts = [sums.star_amount(row, rows.get(row["姓名"], {}), 2020) for row in sums.table(STAR, "人选")]
    assert len(amounts) == 42
    assert column(book, plan, "allowance", "paid") == amounts
    assert total(book, plan, "allowance", "paid") == sum(amounts)
    assert total(book, plan, "by_year", "paid") == total(book, plan, "by_employer", "paid") == sum(amounts)
    assert column(book, plan, "training", "enough").count("未达标") == 3
    assert status(book) == "全部无误，另有1条提示"


def test_the_road_example_adds_up() -> None:
    book, plan = example("road")
    fund = Decimal(18_000_000)
    amounts, rewards = sums.road_amounts(ROAD), sums.road_rewards(ROAD, fund)
    assert len(sums.table(ROAD, "路段")) >= 40
    for key, title in (("standard", "标准额"), ("subsidy", "计划内补助")):
        assert total(book, plan, "subsidies", key) == float(sum(item[title] for item in amounts.values()))
    assert total(book, plan, "awards", "award") == float(sum(item["奖励额"] for item in amounts.values()))
    assert total(book, plan, "awards", "granted") == float(sum(rewards.values())) == float(fund)
    assert total(book, plan, "bridges", "subsidy") == float(sums.road_bridges(ROAD))
    stations = sum(
        5000 * (int(row["港湾车站（处）"]) + int(row["候车亭（个）"])) + 300 * int(row["站牌（个）"])
        for row in sums.table(ROAD, "客运站点")
        if row["区（市）"] != "青岛西海岸新区"
    )
    assert total(book, plan, "stations", "subsidy") == stations
    assert total(book, plan, "demo", "award") == 10_000_000
    paid = sum(item["计划内补助"] for item in amounts.values())
    everything = paid + sum(rewards.values()) + sums.road_bridges(ROAD) + stations + 10_000_000
    assert total(book, plan, "by_district", "all") == float(everything)
    assert str(status(book)).startswith("全部无误")


def test_the_road_example_shows_every_work_and_district() -> None:
    projects = sums.table(ROAD, "项目")
    assert {row["工程类别"] for row in projects} == set(sums.RATES)
    assert len({row["区（市）"] for row in projects}) == 7
    book, plan = example("road")
    assert {"标准额", "上限额", "不予补助", "超额项目"} == set(column(book, plan, "subsidies", "binding"))


def test_no_cell_of_an_example_holds_an_error(rebuilt: dict[str, Path]) -> None:
    for path in rebuilt.values():
        book = openpyxl.load_workbook(path, data_only=True)
        for sheet in book.worksheets:
            wrong = [cell.coordinate for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("#")]
            assert not wrong, (path.name, sheet.title, wrong[:5])


def test_the_script_puts_everything_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(root: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
        built = next(build_into(root, folder))[0]
        yield built, tmp_path / "out" / "one.xlsx"

    monkeypatch.setattr(examples, "build_into", few)
    examples.main(ROOT)
    assert zipfile.is_zipfile(tmp_path / "out" / "one.xlsx")
