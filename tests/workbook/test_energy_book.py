"""The workbook of 节能与绿色发展: its example added up by other means, and what an officer is told about wrong input."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.policies import functions, policies
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.planning import make_plan
from qdcalc.workbook.templates import find_template, template_plan
from tests.workbook import sums
from tests.workbook.books import DATA, ROOT, checks, column, recalculated, status, total, value

FOLDER = DATA / "节能与绿色发展_示例"
INCREMENTS = {"市南区": 15, "市北区": 34, "李沧区": 20, "崂山区": 20, "青岛西海岸新区": 90, "城阳区": 30, "即墨区": 20,
              "胶州市": 25, "平度市": 22, "莱西市": 10}  # fmt: skip
"""附件2, read once more."""
LISTS = {"节约型机关（独立）": "office", "绿色交通": "transport", "绿色社区": "community", "绿色学校": "school",
         "绿色家庭": "family"}  # fmt: skip


@cache
def example() -> tuple[Workbook, Plan]:
    path = ROOT / "workbooks" / "examples" / "节能与绿色发展_示例.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan("energy", rows=30)


def number(text: str) -> Decimal:
    return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def rounded(value: Decimal, places: str = "0.0001") -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP)


class District:
    """One line of 能耗.csv worked out by hand."""

    def __init__(self, row: dict[str, str]) -> None:
        self.name = row["区（市）"]
        self.before = number(row["2015年能耗（万吨标准煤）"])
        beyond = number(row["可再生能源消费量（万吨标准煤）"]) - number(row["规划可再生能源量（万吨标准煤）"])
        self.assessed = number(row["考核年能耗（万吨标准煤）"]) - max(Decimal(0), beyond)
        self.growth = self.assessed - self.before
        self.base = rounded(self.before / number(row["2015年生产总值（亿元）"]))
        self.last = rounded(number(row["上年能耗（万吨标准煤）"]) / number(row["上年生产总值（亿元）"]))
        self.actual = rounded(self.assessed / number(row["考核年生产总值（亿元）"]))
        self.is_low_enough = self.actual <= self.base * Decimal("0.84")
        self.is_small_enough = self.growth <= INCREMENTS[self.name]


@cache
def districts() -> list[District]:
    return [District(row) for row in sums.table(FOLDER, "能耗")]


def test_totals_of_the_districts() -> None:
    book, plan = example()
    assessed, growth = sum(item.assessed for item in districts()), sum(item.growth for item in districts())
    assert total(book, plan, "energy", "assessed") == total(book, plan, "by_district", "assessed") == float(assessed)
    assert total(book, plan, "control", "growth") == total(book, plan, "by_district", "growth") == float(growth)
    assert total(book, plan, "control", "allowed") == total(book, plan, "by_district", "allowed") == 286
    assert book["双控"][reference(plan, "control", "increments")].value == 286
    assert sum(INCREMENTS.values()) == 286
    before = sum(item.before for item in districts())
    assert total(book, plan, "by_district", "before") == float(before)


def reference(plan: Plan, table: str, key: str) -> str:
    row, place = plan.tables[table].heads[key]
    return f"{openpyxl.utils.get_column_letter(place + 1)}{row + 1}"


def test_intensity_drop_progress_and_what_is_left() -> None:
    book, plan = example()
    for at, item in enumerate(districts()):
        for key, expected in (("base", item.base), ("last", item.last), ("actual", item.actual)):
            assert value(book, plan, "energy", key, at) == float(expected), item.name
        assert value(book, plan, "control", "drop", at) == float(rounded(1 - item.actual / item.base))
        assert value(book, plan, "control", "year_drop", at) == float(rounded(1 - item.actual / item.last))
        met = item.actual <= item.last * Decimal("0.975")
        assert value(book, plan, "control", "year_met", at) == ("达标" if met else "未达标"), item.name
        share = math.log(item.actual / item.base) / math.log(0.84)
        assert value(book, plan, "control", "progress", at) == pytest.approx(share, abs=1e-8)
        left = 0.0 if item.actual / item.base < Decimal("0.84") else 1 - (0.84 * float(item.base / item.actual)) ** 0.5
        assert value(book, plan, "control", "required", at) == pytest.approx(left, abs=1e-7)


def test_dual_control_says_which_of_the_two_fails() -> None:
    book, plan = example()
    kinds = set()
    for at, item in enumerate(districts()):
        told = str(value(book, plan, "control", "verdict", at))
        assert told.startswith("达标") == (item.is_low_enough and item.is_small_enough)
        assert ("能耗强度应不高于" in told) == (not item.is_low_enough)
        assert (f"能耗增量应不高于 {INCREMENTS[item.name]}" in told) == (not item.is_small_enough)
        kinds.add((item.is_low_enough, item.is_small_enough))
    assert len(kinds) == 3
    fit = sum(item.is_low_enough and item.is_small_enough for item in districts())
    assert total(book, plan, "by_district", "fit") == fit


def test_the_city_keeps_below_its_ceiling_and_its_mix_leaves_a_rest() -> None:
    book, plan = example()
    row = sums.table(FOLDER, "全市")[0]
    assessed = number(row["能源消费总量（万吨标准煤）"]) - (
        number(row["可再生能源消费量（万吨标准煤）"]) - number(row["规划可再生能源量（万吨标准煤）"])
    )
    assert value(book, plan, "city", "assessed") == float(assessed)
    assert value(book, plan, "city", "room") == float(3380 - assessed)
    assert value(book, plan, "city", "within") == "达标"
    shares = sum(number(row[title]) for title in ("煤炭比重", "天然气比重", "新能源和可再生能源比重", "油品比重"))
    assert value(book, plan, "city", "rest") == float(1 - shares)
    assert "其余部分" in str(value(book, plan, "city", "notice"))


def test_public_institutions_spaces_and_purchases() -> None:
    book, plan = example()
    goals = {"单位面积能耗": ("area", "0.10"), "人均能耗": ("person", "0.11"), "人均用水": ("water", "0.15")}
    rows = sums.table(FOLDER, "公共机构")
    all_met = 0
    for at, row in enumerate(rows):
        verdicts = []
        for title, (key, goal) in goals.items():
            base, actual = number(row[f"2015年{title}"]), number(row[f"考核年{title}"])
            verdicts.append(actual <= base * (1 - Decimal(goal)))
            assert value(book, plan, "institutions", f"{key}_drop", at) == float(rounded(1 - actual / base))
            assert value(book, plan, "institutions", f"{key}_met", at) == ("达标" if verdicts[-1] else "未达标")
        all_met += all(verdicts)
    assert total(book, plan, "by_district", "count") == len(rows)
    assert total(book, plan, "by_district", "met") == all_met
    facts = sums.table(FOLDER, "车位和采购")
    needed = [math.ceil(Decimal(row["停车位（个）"]) / 10) for row in facts if row["停车位（个）"]]
    short = sum(
        int(row["已配备或预留（个）"]) < (Decimal(row["停车位（个）"]) / 10).to_integral_value(ROUND_CEILING)
        for row in facts
        if row["停车位（个）"]
    )
    assert total(book, plan, "facilities", "needed") == sum(needed)
    assert total(book, plan, "by_district", "charging") == short
    for key, title in (("green", "节能产品采购额（元）"), ("purchases", "采购总额（元）")):
        amount = sum(Decimal(row[title]) for row in facts if row[title])
        assert total(book, plan, "facilities", key) == total(book, plan, "by_district", key) == float(amount)


def test_the_lists_add_up() -> None:
    book, plan = example()
    items = reached = rest = 0
    for name, key in LISTS.items():
        rows = sums.table(FOLDER, name)
        judged = [judged_item(row) for row in rows]
        report = str(book[name][reference(plan, key, f"{key}_report")].value)
        gates = [met for row, met in zip(rows, judged, strict=True) if row["大类"] == "基本条件"]
        others = [met for row, met in zip(rows, judged, strict=True) if row["大类"] != "基本条件"]
        mine = others.count(True)
        counted = mine + others.count(False)
        share = rounded(Decimal(mine) / counted) * 100
        items, reached, rest = items + len(rows), reached + mine, rest + counted
        if name == "绿色家庭":  # with a threshold of 80 %
            assert report == "符合"
        elif name == "绿色社区":  # with one of 90 %
            assert report.startswith(f"不符合：达成率 {share.normalize():f}%，低于要求的 90%；未达成：")
        else:
            passed = "；基本条件全部通过" if gates else ""
            assert report.startswith(f"达成率 {share.normalize():f}%（{mine}/{counted}）{passed}；未达成：")
        assert False not in gates
        for number_, (row, met) in enumerate(zip(rows, judged, strict=True), start=1):
            if met is False and name != "绿色家庭":
                assert f"第{number_}项{row['项目']}" in report
    assert total(book, plan, "by_list", "items") == 104
    assert total(book, plan, "by_list", "answered") == items == 99
    assert total(book, plan, "by_list", "reached") == reached
    assert total(book, plan, "by_list", "share") == float(rounded(Decimal(reached) / rest))


def judged_item(row: dict[str, str]) -> bool | None:
    """附件5 and 附件6 read once more: more than 80 %, 80 %, 90 %, 4 and 1 times a year, 30 %."""
    if row["是否做到"] == "不适用":
        return None
    if not row.get("实际数值"):
        return row["是否做到"] == "是"
    limits = {
        "绿化成活率": "0.9",
        "环保课堂、讲座次数": "4",
        "参加环保部门活动次数": "1",
        "校园整洁和绿地覆盖率": "0.3",
    }
    actual = number(row["实际数值"])
    if row["项目"] == "居民环境满意率":
        return actual > Decimal("0.8")
    return actual >= Decimal(limits[row["项目"]])


def test_the_example_is_right_but_for_hints() -> None:
    book, _ = example()
    assert status(book) == "全部无误，另有6条提示"


def test_recalculating_the_example_again_changes_nothing(tmp_path: Path) -> None:
    source = ROOT / "workbooks" / "examples" / "节能与绿色发展_示例.xlsx"
    recalc_book(source, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == source.read_bytes()


# ---------------------------------------------------------------- wrong input

DISTRICT: dict[str, Any] = {
    "energy_base": 100, "gdp_base": 200, "energy_last": 104, "gdp_last": 220, "energy": 105, "renewable": 3, "planned": 2,
    "gdp": 230,
}  # fmt: skip
INSTITUTION: dict[str, Any] = {
    "name": "区图书馆", "place": "市南区", "area_base": 10, "area": 9, "person_base": 100, "person": 89, "water_base": 30,
    "water": 25.5,
}  # fmt: skip
FIELDS = {"office": "市经信委"}


def part(*keys: str, plain: bool = False, rows: int = 12) -> Plan:
    """The workbook with some of its sheets alone: what a test does not look at need not be worked out."""
    whole = find_template("energy")
    sheets = tuple(sheet for sheet in whole.sheets if sheet.key in keys)
    checks_ = tuple(
        check for check in whole.checks if check.title.partition("”")[0].strip("“") in [s.name for s in sheets]
    )
    small = whole.model_copy(update={"sheets": sheets, "summaries": (), "checks": checks_})
    return make_plan(small, policies()["energy"], functions(), rows=rows, plain=plain)


WRONG_DISTRICTS: list[tuple[dict[str, Any], str]] = [
    ({"gdp": 0}, "考核年强度：地区生产总值应大于 0"),
    ({"gdp_base": None}, "2015年强度：地区生产总值（亿元）：未填写"),
    ({"energy_last": "一百"}, "上年强度：能源消费量（万吨标准煤）：“一百”不是数值"),
    ({"renewable": 200}, "可再生能源消费量不能大于能源消费总量"),
    ({"renewable": None}, "纳入考核的总量（万吨标准煤）：可再生能源消费量（万吨标准煤）：未填写"),
    ({"energy_base": 0}, "2015年能源消费总量应大于 0"),
    ({"gdp": -1}, "考核年强度：地区生产总值（亿元）：-1 是负数"),
]
WRONG_INSTITUTIONS: list[tuple[dict[str, Any], str]] = [
    ({"area_base": 0}, "单位面积能耗降低：基期强度应大于 0"),
    ({"water": -1}, "人均用水降低：实际强度（吨标准煤/万元）：-1 是负数"),
    ({"place": None}, "区（市）：未填写"),
    ({"name": None}, "机构名称：未填写"),
]
WRONG_FACILITIES: list[tuple[dict[str, Any], str]] = [
    ({"spaces": 95}, "已配备或预留的车位未填写"),
    ({"equipped": 5}, "停车位也要填"),
    ({"spaces": 95, "equipped": 96}, "多于停车位"),
    ({"spaces": 95, "equipped": 2.5}, "整数"),
    ({"spaces": "多", "equipped": 3}, "至少应有（个）：车位数（车位）：“多”不是数值"),
    ({"green": 10, "purchases": 9}, "节能产品采购额不能大于采购总额"),
    ({"purchases": 9}, "节能采购：节能产品采购额（元）：未填写"),
]


def test_wrong_input_is_told_and_left_out(tmp_path: Path) -> None:
    plan = part("energy", "control", "institutions", "facilities")
    data = {
        "energy": [*({**DISTRICT, **change} for change, _ in WRONG_DISTRICTS), DISTRICT],
        "institutions": [
            *({**INSTITUTION, **change} for change, _ in WRONG_INSTITUTIONS),
            *({**INSTITUTION, "name": f"机构{at}"} for at in range(len(WRONG_FACILITIES))),
        ],
        "facilities": [*({} for _ in WRONG_INSTITUTIONS), *(change for change, _ in WRONG_FACILITIES)],
    }
    book = recalculated(plan, tmp_path, data, FIELDS)
    for sheet, wrong, start in (
        ("energy", WRONG_DISTRICTS, 0),
        ("institutions", WRONG_INSTITUTIONS, 0),
        ("facilities", WRONG_FACILITIES, len(WRONG_INSTITUTIONS)),
    ):
        for at, (change, words) in enumerate(wrong, start=start):
            assert words in str(value(book, plan, sheet, "notice", at)), change
            assert value(book, plan, sheet, "mark", at) == NO, change
    assert value(book, plan, "energy", "mark", len(WRONG_DISTRICTS)) == YES
    assert total(book, plan, "energy", "assessed") == 104
    assert str(status(book)).endswith("项待改正")


def test_exactly_at_a_target_is_met(tmp_path: Path) -> None:
    plan = part("institutions")
    rows = [INSTITUTION, {**INSTITUTION, "name": "区档案馆", "water": 25.6}]
    book = recalculated(plan, tmp_path, {"institutions": rows}, FIELDS)
    assert column(book, plan, "institutions", "all_met") == ["达标", "未达标"]
    assert value(book, plan, "institutions", "water_met", 1) == "未达标"


YES_TO_ALL = [{"done": "是"} for _ in range(16)]
NO_TO_ONE = [*({"done": "是"} for _ in range(6)), {"done": "否"}, *({"done": "是"} for _ in range(9))]


def community(*changes: tuple[int, dict[str, Any]], rows: Any = None) -> dict[str, Any]:
    answers = [dict(row) for row in rows or YES_TO_ALL]
    for at, change in changes:
        answers[at - 1] = change
    return {"community": answers}


@pytest.mark.parametrize(
    ("data", "fields", "report"),
    [
        (community(), {}, "达成率 100%（14/14）；基本条件全部通过"),
        (community(rows=NO_TO_ONE), {}, "达成率 92.86%（13/14）；基本条件全部通过；未达成：第7项环保志愿者队伍"),
        (
            community((1, {"number": 0.8}), (9, {"number": 0.9}), (13, {"number": 3})),
            {},
            "达成率 92.86%（13/14）；基本条件未通过：第1项居民环境满意率（80%，应大于 80%）；"
            "未达成：第13项环保课堂、讲座次数（3 次，应不少于 4 次）",
        ),
        (community((2, {"done": "不适用"})), {"community_threshold": 1}, "符合"),
        (
            community((2, {"done": "否"}), rows=NO_TO_ONE),
            {"community_threshold": 0.95},
            "不符合：基本条件未通过：第2项新建小区入住率；达成率 92.86%，低于要求的 95%；未达成：第7项环保志愿者队伍",
        ),
        (community((2, {"done": "否"})), {"community_threshold": 0.95}, "不符合：基本条件未通过：第2项新建小区入住率"),
        (community((3, {})), {}, "还有1项没有填好，填好后给出评价结果"),
        (community((3, {"done": "不适用"})), {}, "还有1项没有填好，填好后给出评价结果"),
        (community(), {"community_threshold": 80}, "合格阈值待改正：应为 0 至 1，如 80%"),
        ({}, {}, "尚未填报"),
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["functions", "plain"])
def test_both_editions_report_a_list_alike(
    data: dict[str, Any], fields: dict[str, Any], report: str, plain: bool, tmp_path: Path
) -> None:
    plan = part("community", plain=plain)
    book = recalculated(plan, tmp_path, data, fields)
    assert book["绿色社区"][reference(plan, "community", "community_report")].value == report


ANSWERS: list[tuple[int, dict[str, Any], str]] = [
    (1, {"number": 85}, "85 应填 85% 或 0.85"),
    (3, {"done": "也许"}, "应填 是 或 否"),
    (4, {"done": "不适用"}, "不能填不适用"),
    (5, {"number": 5}, "该项没有数值门槛"),
    (6, {"done": "是", "number": 5}, "只填一栏"),
    (9, {"number": "九成"}, "实际数值不是数值"),
    (13, {"number": -1}, "不能是负数"),
]


def test_a_wrong_answer_is_told(tmp_path: Path) -> None:
    plan = part("community")
    book = recalculated(plan, tmp_path, community(*((at, answer) for at, answer, _ in ANSWERS)), {})
    for at, answer, words in ANSWERS:
        assert words in str(value(book, plan, "community", "notice", at - 1)), answer
        assert value(book, plan, "community", "mark", at - 1) == NO
    assert checks(book)["“绿色社区”填了就填全"] == (len(ANSWERS), NO)


def test_two_forms_of_one_list_are_one_too_many(tmp_path: Path) -> None:
    plan = template_plan("energy", rows=1)
    book = recalculated(plan, tmp_path, {"office": [{"done": "是"}], "shared": [{"done": "否"}]}, FIELDS)
    assert checks(book)["节约型机关只填了一张"] == (1, NO)


@pytest.mark.parametrize("fields", [{}, {"method": "线性"}, {"year": 2020}], ids=str)
def test_both_editions_judge_a_district_alike(fields: dict[str, Any], tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {}, {"gdp": 0}, {"gdp": 210}, {"energy": 130, "gdp": 215}, {"energy": "x"}, {"energy_last": None}, {"gdp": 300},
    ]  # fmt: skip
    found = []
    for plain in (False, True):
        plan = part("energy", "control", plain=plain)
        (folder := tmp_path / str(plain)).mkdir()
        rows = [{**DISTRICT, **change} for change in changes]
        book = recalculated(plan, folder, {"energy": rows}, {**FIELDS, **fields})
        found.append(
            {
                (table, item.title): column(book, plan, table, item.key)
                for table in ("energy", "control")
                for item in plan.tables[table].columns
                if item.role in ("output", "mark")
            }
        )
    assert found[0] == found[1]
    assert found[0]["energy", "核对"] == [YES, NO, YES, YES, NO, NO, YES]
