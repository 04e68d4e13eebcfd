"""节能与绿色发展 (D8): what the annexes must add up to, what the checklists hold, and the irrational sums."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal

import pytest

from qdcalc.policies import find, policies
from qdcalc.policies.datafile import rows
from qdcalc.policies.energy.checklist import ITEMS
from qdcalc.rules.places import DISTRICTS
from qdcalc.rules.wording import notices


def test_the_total_of_annex_2_is_the_sum_of_its_rows() -> None:
    goals = policies()["energy"].figures["goals"].data
    assert isinstance(goals, dict)
    assert sum(goals[name, "增量"] for name in DISTRICTS) == goals["合计", "增量"] == 286
    assert {key for key in goals if key[0] == "合计"} == {("合计", "增量")}


def test_annex_1_asks_the_same_of_all_ten() -> None:
    goals = policies()["energy"].figures["goals"].data
    assert isinstance(goals, dict)
    assert {goals[name, "十三五强度"] for name in DISTRICTS} == {Decimal("0.16")}
    assert {goals[name, "2018强度"] for name in DISTRICTS} == {Decimal("0.025")}


def test_the_checklists_hold_104_items() -> None:
    counted = Counter((row["附件"], row["清单"], row["办公形式"]) for row in rows(ITEMS))
    assert counted == {
        ("附件3", "节约型机关", "独立办公"): 16,
        ("附件3", "节约型机关", "集中办公"): 5,
        ("附件4", "绿色低碳交通运输", ""): 23,
        ("附件5", "绿色社区", ""): 16,
        ("附件6", "绿色学校", ""): 18,
        ("附件7", "绿色家庭", ""): 26,
    }
    assert counted.total() == 104


def test_the_checklists_have_the_groups_of_the_annexes() -> None:
    groups = Counter((row["清单"], row["办公形式"], row["大类"]) for row in rows(ITEMS))
    assert list(groups.values()) == [
        4,
        12,
        5,
        *(5, 5, 3, 2, 3, 1, 4),
        *(2, 5, 4, 3, 2),
        *(3, 4, 5, 3, 3),
        *(4, 5, 14, 3),
    ]
    gates = {(row["清单"], row["大类"]) for row in rows(ITEMS) if row["基本条件"]}
    assert gates == {("绿色社区", "基本条件"), ("绿色学校", "基本条件")}
    assert all(row["基本条件"] for row in rows(ITEMS) if row["大类"] == "基本条件")


def test_six_items_have_a_threshold_and_each_is_a_figure() -> None:
    named = [row["门槛"] for row in rows(ITEMS) if row["门槛"]]
    figures = policies()["energy"].figures
    assert {f"checklist.{name}" for name in named} == {path for path in figures if path.startswith("checklist.")} - {
        "checklist.lists"
    }
    assert len(named) == len(set(named)) == 6
    assert [row["比较"] for row in rows(ITEMS) if row["门槛"]].count("大于") == 1


@pytest.mark.parametrize("years", [1, 2, 3, 7, 30])
@pytest.mark.parametrize(("target", "reached"), [(0.16, 0.0), (0.16, 0.073140625), (0.2, -0.31), (0.025, 0.0249)])
def test_what_is_still_required_is_what_a_float_gives(target: float, reached: float, years: int) -> None:
    found = find("QD_ENERGY_REQUIRED").answer([target, reached, years]).value
    assert float(found) == pytest.approx(1 - ((1 - target) / (1 - reached)) ** (1 / years), abs=1e-8)


@pytest.mark.parametrize("actual", [0.000001, 0.3, 0.504, 0.5041, 0.6, 9999.0])
@pytest.mark.parametrize("target", [0.00000001, 0.025, 0.16, 0.99])
def test_progress_is_what_a_float_gives(actual: float, target: float) -> None:
    found = find("QD_ENERGY_PROGRESS").answer([0.6, actual, target]).value
    assert float(found) == pytest.approx(math.log(actual / 0.6) / math.log1p(-target), rel=1e-9, abs=1e-8)


def test_equal_yearly_drops_are_equal_steps_of_progress() -> None:
    """What 对数 is for: five equal years, each a fifth of the way."""
    share = 0.84 ** (1 / 5)
    for year in range(1, 6):
        found = find("QD_ENERGY_PROGRESS").answer([1000, 1000 * share**year, 0.16]).value
        assert float(found) == pytest.approx(year / 5, abs=1e-7)


def test_an_assessed_total_above_the_cap_of_the_city_is_noticed() -> None:
    assessed = find("QD_ENERGY_ASSESSED")
    assert notices(assessed, [3380, 0, 0]) == ()
    assert notices(assessed, [3380.0001, 0, 0]) == ("高于2020年全市能源消费总量上限3380万吨标准煤",)


def test_what_the_mix_leaves_over_and_softly_misses_is_noticed() -> None:
    mix = find("QD_ENERGY_MIX")
    rest = "四项比重之和不足 100%：其余部分（如净调入电力）文中没有目标"
    assert notices(mix, [0.62, 0.07, 0.06, 0.15]) == (rest,)
    assert notices(mix, [0.7, 0.08, 0.07, 0.15]) == ()
    assert notices(mix, [0.63, 0.06, 0.06, 0.17]) == (rest, "煤炭比重高于目标", "油品比重偏离目标")


def test_answers_as_cells_hold_them() -> None:
    checklist = find("QD_CHECKLIST")
    yes = [["是"], [True], [1], ["TRUE"], [" 是 "]]
    assert checklist.answer(["节约型机关", yes]).value == "达成率 100%（5/5）"
    rest = [["不适用"], *(["是"] for _ in range(14))]
    assert checklist.answer(["绿色社区", [[0.81], *rest], None, 1]).value == "符合"
    for typed in ("0.81", "81%", "81"):
        error = checklist.answer(["绿色社区", [[typed], *rest]]).error
        assert error is not None
        assert "请把单元格改为数值" in error.sentence
