"""The table of targets itself: rows of the right shape, and the same figures as the documents' own tables."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest

from qdcalc.errors import CalculationError
from qdcalc.policies import policies
from qdcalc.policies.common.targets import TARGETS as FILE
from qdcalc.policies.common.targets import Target, target_row
from qdcalc.policies.datafile import rows

ROWS = [Target(row["编号"], row) for row in rows(FILE)]
BARE = {row.identity.partition("-")[0] for row in ROWS}
DIRECTIONS = {">=", ">", "<=", "=", "下降", "区间", "逐年上升", "逐年下降", ">=且逐年上升"}
STRICT = {"T105", "T107", "T110", "T112", "T148"}
"""超过, 突破, 大于: what is said without a table beside it that says otherwise."""


def test_every_row_of_the_master_table_is_there() -> None:
    ranges = [
        (1, 2), (10, 16), (20, 24), (30, 34), (40, 72), (80, 85), (90, 113), (120, 153), (160, 161),
    ]  # fmt: skip
    assert sorted(BARE) == [f"T{number:03}" for first, last in ranges for number in range(first, last + 1)]
    assert len({row.identity for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.identity)
def test_a_row_is_well_formed(row: Target) -> None:
    cells = row.cells
    assert row.direction in DIRECTIONS
    assert cells["软硬"] in ("硬", "软")
    assert cells["文件"] in {item.code for item in policies().values() if item.code}
    assert all(cells[title] for title in ("条款", "指标", "单位"))
    assert (row.goal is None) == row.direction.startswith("逐年")
    assert (row.upper is not None) == (row.direction == "区间")
    assert cells["超过区间上限"] in (("提示", "达标") if row.direction == "区间" else ("",))
    if row.upper is not None and row.goal is not None:
        assert row.goal < row.upper
    if cells["单位"] == "比例" and row.goal is not None:
        assert 0 < row.goal <= 1
    assert all(2015 <= int(cells[title]) <= 2022 for title in ("基期年", "目标年") if cells[title])
    assert (row.direction == ">") == (row.identity in STRICT)


@pytest.mark.parametrize("bare", sorted({row.identity.partition("-")[0] for row in ROWS if "-" in row.identity}))
def test_a_bare_number_of_a_split_row_is_an_error_that_lists_the_parts(bare: str) -> None:
    with pytest.raises(CalculationError) as caught:
        target_row(bare)
    assert next(row.identity for row in ROWS if row.identity.startswith(bare)) in caught.value.sentence


def _goals(bare: str) -> dict[str, Decimal | None]:
    return {row.identity.partition("-")[2]: row.goal for row in ROWS if row.identity.startswith(f"{bare}-")}


def test_the_tasks_of_roads_are_those_of_annex_2() -> None:
    table = policies()["road"].figures["task_table"].data
    assert isinstance(table, dict)
    assert _goals("T070") == {"-".join(key): value for key, value in table.items()}


@pytest.mark.parametrize(
    ("bare", "sector"),
    [
        ("T097", "新一代信息技术"),
        ("T098", "先进制造"),
        ("T099", "生物与医药"),
        ("T100", "新能源新材料"),
        ("T101", "现代海洋"),
    ],
)
def test_the_targets_of_a_sector_are_those_of_the_plan(bare: str, sector: str) -> None:
    table = policies()["science"].figures["sector_goals"].data
    assert isinstance(table, dict)
    own = {key[1]: value for key, value in table.items() if key[0] == sector and not key[1].endswith("上限")}
    clusters = {"产业集聚区", "产业集群"}
    assert {"产业集聚区（集群）" if item in clusters else item: goal for item, goal in _goals(bare).items()} == own


def test_the_sums_of_the_sectors_add_up() -> None:
    table = policies()["science"].figures["sector_goals"].data
    assert isinstance(table, dict)
    for sector, item in table:
        if sector == "合计":
            assert table[sector, item] == sum(
                value for key, value in table.items() if key[1] == item and key != (sector, item)
            )


def test_the_energy_of_the_districts_adds_up() -> None:
    goals = _goals("T147")
    assert len(goals) == 10
    assert sum(goal for goal in goals.values() if goal is not None) == 286  # the text gives no sum; provisions D8


def test_a_call_that_needs_no_list_reads_none() -> None:
    code = (
        "from qdcalc.policies import find, datafile; find('QD_SCI_PATENT').answer([1.0]);"
        "assert datafile.rows.cache_info().currsize == 0"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
