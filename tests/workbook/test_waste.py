"""The workbook of 农村生活垃圾分类: its example added up a second way, wrong entries told, the goals those of the targets."""

from __future__ import annotations

import csv
import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.policies import policies
from qdcalc.policies.common.targets import TARGETS
from qdcalc.workbook.examples import EXAMPLES
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import DATA, ROOT, checks, column, recalculated, status, total, value
from tests.workbook.sums import table

EXAMPLE = DATA / "农村生活垃圾分类_示例"
VILLAGE: dict[str, Any] = {
    "district": "平度市", "town": "云山前镇", "village": "前柳沟村", "households": 250, "actual": 3, "started": 2019,
}  # fmt: skip
FIELDS = {"office": "平度市城乡建设局", "first_day": datetime.date(2020, 1, 1), "last_day": datetime.date(2020, 12, 31)}
DISTRICTS = ["市南区", "市北区", "李沧区", "崂山区", "青岛西海岸新区", "城阳区", "即墨区", "胶州市", "平度市", "莱西市"]


def filled(folder: Path, plain: bool = False, /, **data: list[dict[str, Any]]) -> tuple[Workbook, Plan]:
    plan = template_plan("waste", rows=5, plain=plain)
    return recalculated(plan, folder, data, FIELDS), plan


# ---------------------------------------------------------------- the example, added up without the rules


def whole(row: dict[str, str], title: str) -> int:
    return int(row[title] or 0)


def due(households: int) -> int:
    """二（四）: one for every hundred households begun, counted up by hand."""
    found = 0
    while found * 100 < households:
        found += 1
    return found


@pytest.fixture(scope="module")
def example() -> tuple[Workbook, Plan]:
    item = next(item for item in EXAMPLES if item.policy == "waste")
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan("waste", rows=item.rows)


def test_the_villages_add_up(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    rows = table(EXAMPLE, "村庄")
    assert len(rows) >= 60
    needed = [due(whole(row, "常住户数（户）")) for row in rows]
    there = [whole(row, "实有保洁员（人）") for row in rows]
    short = [max(0, want - have) for want, have in zip(needed, there, strict=True)]
    assert column(book, plan, "villages", "due") == needed
    assert column(book, plan, "villages", "short") == short
    for key, expected in (
        ("households", sum(whole(row, "常住户数（户）") for row in rows)), ("due", sum(needed)), ("actual", sum(there)),
        ("short", sum(short)),
    ):  # fmt: skip
        assert total(book, plan, "villages", key) == total(book, plan, "by_district", key) == expected
    assert total(book, plan, "by_district", "count") == len(rows)
    verdicts = column(book, plan, "villages", "staffed")
    bare = [whole(row, "常住户数（户）") < 100 and have == 0 for row, have in zip(rows, there, strict=True)]
    assert verdicts.count("未达标") == sum(bare) == 1
    assert verdicts.count("提示") == sum(map(bool, short)) - 1 == checks(book)["保洁员都达到100户1人"][0]


def test_coverage_and_treatment_add_up(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    rows = table(EXAMPLE, "覆盖率")
    missed = 0
    for year, goal in (("2019", Decimal("0.15")), ("2020", Decimal("0.40"))):
        of_year = [row for row in rows if row["年份"] == year]
        villages = sum(whole(row, "行政村总数（村）") for row in of_year)
        done = sum(whole(row, "已分类村数（村）") for row in of_year)
        assert total(book, plan, "goals", f"all_{year}") == villages
        assert total(book, plan, "goals", f"sorted_{year}") == done
        assert total(book, plan, "goals", f"rate_{year}") == pytest.approx(done / villages, abs=0.00005)
        assert done >= goal * villages
        missed += sum(whole(row, "已分类村数（村）") < goal * whole(row, "行政村总数（村）") for row in of_year)
    assert column(book, plan, "coverage", "verdict").count("未达标") == missed == 4
    treated = [
        (
            Decimal(row["产生量（吨）"]),
            sum(Decimal(row[key]) for key in ("焚烧（吨）", "生物处理（吨）", "卫生填埋（吨）")),
        )
        for row in table(EXAMPLE, "无害化处理")
    ]
    assert total(book, plan, "goals", "generated") == float(sum(made for made, _ in treated))
    assert total(book, plan, "goals", "treated") == float(sum(done for _, done in treated))
    assert total(book, plan, "treatment", "treated") == float(sum(done for _, done in treated))
    verdicts = column(book, plan, "treatment", "verdict")
    assert verdicts == ["达标" if done >= Decimal("0.98") * made else "未达标" for made, done in treated]
    assert column(book, plan, "treatment", "order").count("提示") == 1


def test_dumps_inspections_and_money_add_up(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    left = sum(whole(row, "排查出（处）") - whole(row, "已整治（处）") for row in table(EXAMPLE, "堆放点整治"))
    assert total(book, plan, "dumps", "left") == total(book, plan, "by_district", "left") == left
    # 2020 was a leap year of twelve months; its 366 days reach into 53 weeks from Monday on
    needed = {"区（市）": 12, "镇（街道）": 53, "村（社区）": 366}
    short = [max(0, needed[row["层级"]] - whole(row, "实际检查（次）")) for row in table(EXAMPLE, "检查考核")]
    assert column(book, plan, "inspections", "short") == short
    assert total(book, plan, "inspections", "short") == total(book, plan, "by_district", "missed") == sum(short)
    money = table(EXAMPLE, "资金")
    titles = ("市级以奖代补核定额（元）", "区级财政预算（元）", "村集体补贴（元）", "居民付费（元）")
    for key, title in zip(("city", "budget", "collective", "residents"), titles, strict=True):
        assert total(book, plan, "funds", key) == float(sum(Decimal(row[title] or 0) for row in money))
    assert total(book, plan, "funds", "all") == float(sum(Decimal(row[key] or 0) for row in money for key in titles))
    assert total(book, plan, "by_district", "city") == total(book, plan, "funds", "city")
    assert status(book) == "全部无误，另有7条提示"


def test_the_goals_are_those_of_the_targets() -> None:
    with TARGETS.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["编号"]: row for row in csv.DictReader(stream)}
    figures = policies()["waste"].figures
    for path, identity, title in (
        ("goals.pilots_low", "T080", "目标值（百分数写成小数）"), ("goals.pilots_high", "T080", "区间上限（百分数写成小数）"),
        ("goals.coverage_2019", "T081-2019", "目标值（百分数写成小数）"),
        ("goals.coverage_2020", "T081-2020", "目标值（百分数写成小数）"),
        ("goals.treated", "T082", "目标值（百分数写成小数）"), ("cleared", "T084", "目标值（百分数写成小数）"),
    ):  # fmt: skip
        assert figures[path].data == Decimal(rows[identity][title]), path


# ---------------------------------------------------------------- what people see while they fill it in


@pytest.mark.parametrize("plain", [False, True])
def test_an_empty_template_is_silent(plain: bool, tmp_path: Path) -> None:
    plan = template_plan("waste", rows=3, plain=plain)
    book = recalculated(plan, tmp_path)
    assert status(book) == "尚未填报"
    for part in plan.tables.values():
        for item in part.columns:
            if item.role in ("output", "derived", "notice", "mark") and not (item.spec and item.spec.always):
                assert column(book, plan, part.key, item.key) == [], (part.name, item.title)


def test_villages_under_at_and_over_a_hundred_households(tmp_path: Path) -> None:
    """The table of the specification: 1, 99, 100, 101, 250 households; none at all."""
    cases = [(0, 0, 0, "不配备"), (1, 1, 0, "未达标"), (99, 1, 1, "达标"), (100, 1, 0, "提示"), (101, 2, 1, "提示")]
    rows = [
        {**VILLAGE, "village": f"第{number}村", "households": households, "actual": actual}
        for number, (households, _, actual, _) in enumerate(cases)
    ]
    book, plan = filled(tmp_path, villages=rows)
    assert column(book, plan, "villages", "due") == [needed for _, needed, _, _ in cases]
    assert column(book, plan, "villages", "staffed") == [verdict for _, _, _, verdict in cases]
    assert "不足100户的村（社区）至少配1名" in str(value(book, plan, "villages", "notice", 1))
    assert "少于至少100户1人的标准" in str(value(book, plan, "villages", "notice", 3))
    assert column(book, plan, "villages", "mark") == [YES] * 5
    assert checks(book)["不足100户的村（社区）都有保洁员"] == (1, "提示")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"district": None}, "区（市）：未填写"),
    ({"district": "青岛"}, "区（市）：不在可选范围内"),
    ({"town": None}, "镇（街道）：未填写"),
    ({"village": None}, "村（社区）：未填写"),
    ({"households": None}, "常住户数（户）：未填写"),
    ({"households": "250"}, "以文本形式存储的数字"),
    ({"households": -1}, "负数"),
    ({"households": 99.5}, "不是整数"),
    ({"actual": None}, "实有保洁员（人）：未填写"),
    ({"actual": "三人"}, "实有保洁员：应填不小于 0 的整数"),
    ({"actual": -1}, "实有保洁员：应填不小于 0 的整数"),
    ({"actual": 2.5}, "实有保洁员：应填不小于 0 的整数"),
    ({"started": "2019年"}, "开展分类年份：应填四位年份"),
    ({"started": 19}, "开展分类年份：应填四位年份"),
    ({"pilot": "试点"}, "2018年试点：应填 是 或 否"),
    ({"pilot": "是", "started": None}, "试点村（社区）应填开展分类年份"),
]


@pytest.mark.parametrize("plain", [False, True])
def test_a_wrong_village_is_told_and_left_out(plain: bool, tmp_path: Path) -> None:
    plan = template_plan("waste", rows=len(WRONG) + 1, plain=plain)
    rows = [{**VILLAGE, "village": f"第{number}村", **change} for number, (change, _) in enumerate(WRONG)]
    book = recalculated(plan, tmp_path, {"villages": [*rows, VILLAGE]}, FIELDS)
    for number, (change, words) in enumerate(WRONG):
        told = str(value(book, plan, "villages", "notice", number))
        said = (
            {"以文本形式存储的数字": "数字", "负数": "不能", "不是整数": "整数"}.get(words, words) if plain else words
        )
        assert said in told or (plain and len(told) > 1), (change, told)
        assert value(book, plan, "villages", "mark", number) == NO, change
    assert total(book, plan, "villages", "due") == 3
    assert checks(book)["“村庄”没有待改正的行"] == (len(WRONG), NO)
    assert str(status(book)).endswith("项待改正")


def test_a_village_listed_twice_is_told(tmp_path: Path) -> None:
    book, plan = filled(tmp_path, villages=[VILLAGE, VILLAGE, {**VILLAGE, "town": "大泽河镇"}])
    assert "与其他行重复" in str(value(book, plan, "villages", "notice", 1))
    assert column(book, plan, "villages", "mark") == [NO, NO, YES]


@pytest.mark.parametrize("pilots", [3, 6])  # the example has 5
def test_pilots_are_four_or_five(pilots: int, tmp_path: Path) -> None:
    plan = template_plan("waste", rows=6)
    rows = [
        {**VILLAGE, "village": f"第{number}村", "started": 2018, "pilot": "是" if number < pilots else "否"}
        for number in range(6)
    ]
    book = recalculated(plan, tmp_path, {"villages": rows}, FIELDS)
    assert checks(book)["2018年试点村（社区）为4—5个"] == (1, "提示")


def test_coverage_is_judged_by_villages_not_by_a_rounded_share(tmp_path: Path) -> None:
    """151 of 1007 are 14.995 %, which shows as 15.00 % and is not 15 %."""
    cases = [(1000, 149, 1), (1000, 150, 0), (1007, 151, 1), (1007, 152, 0), (7, 2, 0)]
    rows: list[dict[str, Any]] = []
    for villages, done, _ in cases:
        rows += [{"villages": villages, "sorted": done}, {}]  # 2019 and 2020 of a district
    book, plan = filled(tmp_path, villages=[VILLAGE], coverage=rows)
    assert column(book, plan, "coverage", "missing") == [missing for _, _, missing in cases]
    assert column(book, plan, "coverage", "verdict") == ["未达标" if missing else "达标" for _, _, missing in cases]
    told = []
    for result in plan.tables["coverage"].results:
        told.append(book["覆盖率"].cell(result.row + 1, result.value[0] + 1).value)
    assert told == ["15.02%，目标 15%，达标", "尚未填报"]  # 604 of 4021


def at(district: str, **cells: object) -> tuple[int, dict[str, Any]]:
    """A row of a sheet with one row a 区（市）."""
    return DISTRICTS.index(district), cells


def in_2020(district: str, **cells: object) -> tuple[int, dict[str, Any]]:
    return 2 * DISTRICTS.index(district) + 1, cells


CHECKED = {"area": "平度市", "body": "大泽河镇", "level": "镇（街道）", "done": 53}
PAPER = {"kind": "纸箱", "hazardous": "否", "bulky": "否", "perishable": "否", "sellable": "是"}
OTHERS: dict[str, list[tuple[tuple[int, dict[str, Any]], str]]] = {
    "coverage": [
        (in_2020("平度市", villages=100, sorted=101), "已分类村数不能大于村数"),
        (in_2020("莱西市", villages=0, sorted=0), "村数为 0"),
        (in_2020("胶州市", villages=100), "已分类村数（村）：未填写"),
        (in_2020("即墨区", villages="一百", sorted=5), "“一百”不是数值"),
    ],
    "treatment": [
        (at("平度市", generated=100, burned=98, composted=3), "处理量大于产生量"),
        (at("莱西市", generated="100吨", burned=98), "应填不小于 0 的数值（吨）"),
        (at("胶州市", generated=100, burned=-98), "应填不小于 0 的数值（吨）"),
        (at("即墨区", generated=0), "产生量为 0"),
        (at("城阳区", burned=5), "产生量（吨）：未填写"),
    ],
    "dumps": [
        (at("平度市", found=3, cleared=4), "已整治多于排查出的"),
        (at("莱西市", found=2.5, cleared=1), "排查出：应填不小于 0 的整数"),
        (at("胶州市", found=3), "已整治（处）：未填写"),
    ],
    "inspections": [
        ((0, {**CHECKED, "level": "乡"}), "不在可选范围内"),
        ((1, {**CHECKED, "level": None}), "层级：未填写"),
        ((2, {**CHECKED, "done": "每周"}), "应填不小于 0 的整数"),
        ((3, {**CHECKED, "area": "青岛"}), "区（市）：不在可选范围内"),
    ],
    "streams": [
        ((0, {**PAPER, "sellable": None}), "好卖的：未填写"),
        ((1, {**PAPER, "hazardous": "无"}), "应为 是 或 否"),
    ],
    "funds": [
        (at("平度市", city=100), "应写明核定依据"),
        (at("莱西市", city="十万元", ground="函"), "应填不小于 0 的数值，单位为元"),
        (at("胶州市", budget=-1), "应填不小于 0 的数值，单位为元"),
    ],
}


def test_wrong_entries_elsewhere_are_told(tmp_path: Path) -> None:
    data: dict[str, list[dict[str, Any]]] = {}
    for sheet, cases in OTHERS.items():
        rows = dict(row for row, _ in cases)
        data[sheet] = [rows.get(number, {}) for number in range(max(rows) + 1)]
    book, plan = filled(tmp_path, villages=[VILLAGE], **data)
    for sheet, cases in OTHERS.items():
        for (row, _), words in cases:
            assert words in str(value(book, plan, sheet, "notice", row)), (sheet, words)
            assert value(book, plan, sheet, "mark", row) == NO, (sheet, words)
        assert checks(book)[f"“{plan.tables[sheet].name}”没有待改正的行"] == (len(cases), NO)
    assert status(book) == "有6项待改正"


def test_inspections_without_a_period_are_told(tmp_path: Path) -> None:
    plan = template_plan("waste", rows=2)
    rows = {
        "villages": [VILLAGE],
        "inspections": [{"area": "平度市", "body": "平度市", "level": "区（市）", "done": 1}],
    }
    book = recalculated(plan, tmp_path, rows, {**FIELDS, "last_day": datetime.date(2019, 12, 31)})
    assert "止日早于起日" in str(value(book, plan, "inspections", "notice"))
    assert value(book, plan, "inspections", "verdict") == "待改正"
    book = recalculated(plan, tmp_path, rows, {"office": "平度市"})
    assert "起日：未填写" in str(value(book, plan, "inspections", "notice"))
    assert checks(book)["“检查考核”表头：统计起日已填写"] == (1, NO)
