"""The workbook of 百名局长进大厅: its example counted a second way, entries that do not count, wrong ones told, both editions."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.errors import FileError
from qdcalc.workbook.examples import EXAMPLES
from qdcalc.workbook.filling import read_folder
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import DATA, ROOT, checks, column, recalculated, status, total, value
from tests.workbook.sums import table

EXAMPLE = DATA / "百名局长进大厅_示例"
NAME, DEPUTY = "王海洋", "李建国"
FIELDS: dict[str, Any] = {"office": "市政务服务管理办公室", "month": datetime.date(2018, 9, 1)}
UNIT = {"unit": "规划部门", "months": 4}
MEMBERS = [{"name": NAME, "unit": "规划部门"}, {"name": DEPUTY, "unit": "规划部门"}]


def clock(hours: int, minutes: int = 0) -> float:
    return (60 * hours + minutes) / 1440


DAY: dict[str, Any] = {
    "name": NAME, "date": datetime.date(2018, 9, 5), "sign_in": clock(8, 30), "sign_out": clock(17),
}  # fmt: skip


def filled(
    folder: Path, roster: list[dict[str, Any]], plain: bool = False, fields: dict[str, Any] | None = None
) -> tuple[Workbook, Plan]:
    plan = template_plan("duty", rows=max(3, len(roster)), plain=plain)
    data = {"units": [UNIT], "members": MEMBERS, "roster": roster}
    return recalculated(plan, folder, data, {**FIELDS, **(fields or {})}), plan


# ---------------------------------------------------------------- the example, counted without the rules


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return 60 * int(hours) + int(rest)


def days_present() -> dict[str, set[str]]:
    """Who was there on which days: signed in and out, the whole day, himself."""
    came: dict[str, set[str]] = {}
    left: dict[str, set[str]] = {}
    for row in table(EXAMPLE, "签到"):
        if row["整天或半天"] == "半天" or row["B角代驻人"]:
            continue
        if row["签到"]:
            came.setdefault(row["姓名"], set()).add(row["日期"])
        if row["签退"] and minutes(row["签退"]) >= minutes(row["签到"] or "0:00"):
            left.setdefault(row["姓名"], set()).add(row["日期"])
    return {row["姓名"]: came.get(row["姓名"], set()) & left.get(row["姓名"], set()) for row in table(EXAMPLE, "名单")}


@pytest.fixture(scope="module")
def example() -> tuple[Workbook, Plan]:
    item = next(item for item in EXAMPLES if item.policy == "duty")
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan("duty", rows=item.rows)


def test_the_month_adds_up(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    present = days_present()
    november = {name: sum(day.startswith("2018-11-") for day in days) for name, days in present.items()}
    assert len(november) == 35
    assert column(book, plan, "attendance", "days") == list(november.values())
    assert column(book, plan, "attendance", "verdict") == ["达标" if days else "未达标" for days in november.values()]
    assert total(book, plan, "attendance", "days") == sum(november.values()) == total(book, plan, "by_unit", "done")
    unit = {row["姓名"]: row["单位"] for row in table(EXAMPLE, "名单")}
    members = Counter(unit.values())
    units = [row["单位名称"] for row in table(EXAMPLE, "单位")]
    assert column(book, plan, "units", "month_due") == [members[name] for name in units]
    assert column(book, plan, "units", "year_due") == [4 * members[name] for name in units]
    done = [sum(days for name, days in november.items() if unit[name] == one) for one in units]
    assert column(book, plan, "units", "month_done") == done
    for key, expected in (
        ("people", 35), ("due", 35), ("met", sum(map(bool, november.values()))),
        ("unmet", list(november.values()).count(0)),
    ):  # fmt: skip
        assert total(book, plan, "by_unit", key) == expected
    absent = [row for row in table(EXAMPLE, "签到") if row["B角代驻人"] and row["日期"].startswith("2018-11-")]
    assert total(book, plan, "by_unit", "deputized") == len(absent)
    assert total(book, plan, "by_unit", "unfiled") == sum(row["提前备案"] != "是" for row in absent)
    assert status(book) == "全部无误，另有2条提示"


def test_the_year_adds_up(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    present = days_present()
    assert total(book, plan, "roster", "counted") == sum(map(len, present.values()))
    for month in (9, 10, 11):
        expected = sum(day.startswith(f"2018-{month:02d}-") for days in present.values() for day in days)
        assert total(book, plan, "year", f"m{month:02d}") == expected
    for blank in (8, 12):  # before the first month that counts, after the chosen one
        assert column(book, plan, "year", f"m{blank:02d}") == []
    months = [{day[:7] for day in days} for days in present.values()]
    assert column(book, plan, "year", "missed") == [3 - len(found) for found in months]
    assert total(book, plan, "units", "year_done") == total(book, plan, "roster", "counted")


def test_the_example_shows_every_case(example: tuple[Workbook, Plan]) -> None:
    book, plan = example
    told = " ".join(map(str, column(book, plan, "roster", "notice")))
    for words in ("缺签到或签退", "半天不计为1天", "B角代驻，不计本人天数", "没有提前备案"):
        assert words in told


# ---------------------------------------------------------------- what counts


@pytest.mark.parametrize("plain", [False, True])
def test_an_empty_template_is_silent(plain: bool, tmp_path: Path) -> None:
    plan = template_plan("duty", rows=3, plain=plain)
    book = recalculated(plan, tmp_path)
    assert status(book) == "尚未填报"
    for part in plan.tables.values():
        for item in part.columns:
            if item.role in ("output", "derived", "notice", "mark"):
                assert column(book, plan, part.key, item.key) == [], (part.name, item.title)


COUNTS: list[tuple[str, list[dict[str, Any]], int, str]] = [
    ("a whole day", [DAY], 1, ""),
    ("twice on a day", [DAY, {**DAY, "sign_in": clock(13), "sign_out": clock(17, 30)}], 1, ""),
    ("two days", [DAY, {**DAY, "date": datetime.date(2018, 9, 30)}], 2, ""),
    ("in and out on two rows", [{**DAY, "sign_out": None}, {**DAY, "sign_in": None}], 1, "缺签到或签退，不计为1天"),
    ("no sign-out", [{**DAY, "sign_out": None}], 0, "缺签到或签退，不计为1天"),
    ("no sign-in", [{**DAY, "sign_in": None}], 0, "缺签到或签退，不计为1天"),
    ("neither", [{**DAY, "sign_in": None, "sign_out": None}], 0, "缺签到或签退，不计为1天"),
    ("half a day", [{**DAY, "whole": "半天"}], 0, "半天不计为1天"),
    ("two halves", [{**DAY, "whole": "半天"}, {**DAY, "date": datetime.date(2018, 9, 6), "whole": "半天"}], 0, "半天"),
    ("the deputy, filed", [{**DAY, "stand_in": DEPUTY, "filed": "是"}], 0, "B角代驻，不计本人天数"),
    ("the deputy, not filed", [{**DAY, "stand_in": DEPUTY}], 0, "没有提前备案，按缺岗"),
    (
        "another month",
        [{**DAY, "date": datetime.date(2018, 10, 1)}, {**DAY, "date": datetime.date(2018, 8, 31)}],
        0,
        "",
    ),
    ("at midnight", [{**DAY, "sign_in": 0, "sign_out": 0}], 1, ""),
]


@pytest.mark.parametrize("plain", [False, True])
def test_what_counts_as_a_day(plain: bool, tmp_path: Path) -> None:
    """Each case is a person of his own, in one workbook."""
    plan = template_plan("duty", rows=len(COUNTS) + 7, plain=plain)
    members = [{"name": case, "unit": "规划部门"} for case, _, _, _ in COUNTS]
    roster = [{**row, "name": case} for case, rows, _, _ in COUNTS for row in rows]
    book = recalculated(plan, tmp_path, {"units": [UNIT], "members": members, "roster": roster}, FIELDS)
    assert column(book, plan, "attendance", "days") == [days for _, _, days, _ in COUNTS]
    assert column(book, plan, "attendance", "verdict") == ["达标" if days else "未达标" for _, _, days, _ in COUNTS]
    at = 0
    for case, rows, _, words in COUNTS:
        assert words in str(value(book, plan, "roster", "notice", at)), case
        at += len(rows)
    assert set(column(book, plan, "roster", "mark")) == {YES}
    september = total(book, plan, "year", "m09")
    assert total(book, plan, "attendance", "days") == september == sum(days for _, _, days, _ in COUNTS)
    assert total(book, plan, "attendance", "deputized") == 2
    assert total(book, plan, "attendance", "unfiled") == 1
    assert status(book) == "全部无误，另有2条提示"


def test_who_never_came_has_no_day_and_a_month_before_september_is_not_judged(tmp_path: Path) -> None:
    book, plan = filled(tmp_path, [DAY])
    assert column(book, plan, "attendance", "days") == [1, 0]
    assert column(book, plan, "attendance", "verdict") == ["达标", "未达标"]
    assert (value(book, plan, "units", "month_due"), value(book, plan, "units", "year_due")) == (2, 8)
    august = [{**DAY, "date": datetime.date(2018, 8, 28)}]
    book, plan = filled(tmp_path, august, fields={"month": datetime.date(2018, 8, 15)})
    assert column(book, plan, "attendance", "verdict") == ["不考核", "不考核"]
    assert column(book, plan, "year", "all_months") == ["不考核", "不考核"]


def test_more_days_do_not_make_up_for_another_month(tmp_path: Path) -> None:
    """None in September, two in October: September is missed (the specification's example)."""
    october = [{**DAY, "date": datetime.date(2018, 10, day)} for day in (9, 10)]
    book, plan = filled(tmp_path, october, fields={"month": datetime.date(2018, 10, 31)})
    assert value(book, plan, "attendance", "verdict") == "达标"
    assert (value(book, plan, "year", "m09"), value(book, plan, "year", "m10")) == (0, 2)
    assert (value(book, plan, "year", "missed"), value(book, plan, "year", "all_months")) == (1, "未达标")


# ---------------------------------------------------------------- wrong entries


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "姓名：未填写"),
    ({"name": "张三"}, "姓名：不在可选范围内"),
    ({"date": None}, "日期：未填写"),
    ({"date": "九月五日"}, "日期：应填日期"),
    ({"sign_in": "八点半"}, "签到、签退：应填时刻，如 8:30"),
    ({"sign_in": 8.5}, "签到、签退：应填时刻，如 8:30"),
    ({"sign_out": -0.1}, "签到、签退：应填时刻，如 8:30"),
    ({"sign_out": clock(8)}, "签退早于签到"),
    ({"whole": "上午"}, "整天或半天：应填 整天 或 半天"),
    ({"filed": "已报"}, "提前备案：应填 是 或 否"),
]


@pytest.mark.parametrize("plain", [False, True])
def test_a_wrong_entry_is_told(plain: bool, tmp_path: Path) -> None:
    roster = [{**DAY, "date": datetime.date(2018, 9, 3 + at), **change} for at, (change, _) in enumerate(WRONG)]
    book, plan = filled(tmp_path, [*roster, {**DAY, "date": datetime.date(2018, 9, 28)}], plain)
    for number, (change, words) in enumerate(WRONG):
        assert words in str(value(book, plan, "roster", "notice", number)), change
        assert value(book, plan, "roster", "mark", number) == NO, change
    assert value(book, plan, "roster", "mark", len(WRONG)) == YES
    assert checks(book)["“签到”没有待改正的行"] == (len(WRONG), NO)
    assert str(status(book)).endswith("项待改正")


@pytest.mark.parametrize("plain", [False, True])
def test_wrong_units_members_and_a_missing_month_are_told(plain: bool, tmp_path: Path) -> None:
    plan = template_plan("duty", rows=4, plain=plain)
    data: dict[str, list[dict[str, Any]]] = {
        "units": [UNIT, {**UNIT, "months": None}, {"unit": "税务部门", "months": 12}],
        "members": [*MEMBERS, {"name": NAME, "unit": "税务部门"}, {"name": "赵丽", "unit": "园林部门"}],
    }
    book = recalculated(plan, tmp_path, data, {"office": "市政务服务管理办公室"})
    assert "单位名称：与其他行重复" in str(value(book, plan, "units", "notice", 0))
    assert "月数（月）" in str(value(book, plan, "units", "notice", 1))
    assert "姓名：与其他行重复" in str(value(book, plan, "members", "notice", 2))
    assert "单位：不在可选范围内" in str(value(book, plan, "members", "notice", 3))
    assert "“单位”表头的统计月份未填写" in str(value(book, plan, "attendance", "notice", 0))
    assert column(book, plan, "attendance", "mark") == [NO] * 4
    assert checks(book)["“单位”表头：统计月份已填写"] == (1, NO)


def test_a_unit_without_people_is_told(tmp_path: Path) -> None:
    plan = template_plan("duty", rows=3)
    data: dict[str, list[dict[str, Any]]] = {"units": [UNIT, {"unit": "税务部门", "months": 4}], "members": MEMBERS}
    book = recalculated(plan, tmp_path, data, FIELDS)
    assert "“名单”表中没有这个单位的人" in str(value(book, plan, "units", "notice", 1))
    assert total(book, plan, "by_unit", "people") == 2


def test_more_data_than_rows_are_refused() -> None:
    with pytest.raises(FileError, match=r"签到.csv：有 \d+ 行，工作簿只有 40 行"):
        read_folder(EXAMPLE, template_plan("duty", rows=40))
