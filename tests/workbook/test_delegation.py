"""The workbook of 下放平度市权限: the look-up form, the 49 items taken over, cases judged, the example counted a second way."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.policies import find
from qdcalc.workbook.examples import EXAMPLES
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import DATA, ROOT, checks, column, recalculated, status, total, value
from tests.workbook.sums import table

EXAMPLE = DATA / "下放平度市权限_示例"
DEPARTMENTS = {
    "市经济信息化委": 6, "市教育局": 8, "市民政局": 1, "市司法局": 2, "市国土资源房管局": 5, "市林业局": 3, "市文广新局": 2,
    "市卫生计生委": 16, "市安全生产监管局": 2, "市食品药品监管局": 4,
}  # fmt: skip
"""附件, counted by hand."""
OF_ITEM = [name for name, count in DEPARTMENTS.items() for _ in range(count)]
DEADLINE = datetime.date(2018, 9, 29)
OFFICE = {"office": "平度市行政审批服务局"}
CASE: dict[str, Any] = {
    "seq": 1, "in_pingdu": "是", "cross_region": "否", "category": "无", "date": datetime.date(2018, 10, 9), "agreed_typed": "是",
}  # fmt: skip


def of(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


def plan(plain: bool = False) -> Plan:
    return template_plan("delegation", rows=22, plain=plain)


# ---------------------------------------------------------------- 查询


def answers(
    plain: bool, folder: Path, asked: object, department: str | None = None
) -> tuple[list[object], str, Workbook]:
    made = plan(plain)
    book = recalculated(made, folder, fields={"asked": asked, "asked_of": department})
    cell = made.tables["query"].results[0]
    told = book["查询"].cell(cell.row + 1, cell.value[0] + 1).value
    return column(book, made, "query", "found"), str(told), book


@pytest.mark.parametrize(
    ("asked", "department", "seqs"),
    [
        (18, None, [18]),
        ("18", None, [18]),
        ("(变更)", None, [47]),
        (None, "市卫生计生委", list(range(28, 44))),
    ],
)
def test_a_number_or_a_few_words_find_the_items(
    asked: object, department: str | None, seqs: list[int], tmp_path: Path
) -> None:
    found, told, book = answers(asked == "(变更)", tmp_path, asked, department)
    assert found == seqs
    assert told == f"找到{len(seqs)}项，列在下面"
    assert value(book, plan(), "query", "department") == OF_ITEM[seqs[0] - 1]
    assert value(book, plan(), "query", "name") == find("QD_DELEGATION_ITEM").answer([seqs[0]]).value
    if isinstance(asked, str) and not asked.isdigit():  # the function that searches says the same
        rows = find("QD_DELEGATION_FIND").answer([asked, department]).value
        assert [int(row[0]) for row in rows] == seqs


@pytest.mark.parametrize(
    ("asked", "department", "words"),
    [
        (50, None, "没有序号“50”：序号应为 1 至 49 的整数"),
        (18, "市教育局", "且属于所选实施机关"),
        ("金矿许可证", None, "权限名称都不含“金矿许可证”：请换短一些的词"),
        ("采矿权", "市环保局", "实施机关“市环保局”不在清单中，请从下拉选项中选"),
    ],
)
def test_what_is_not_found_is_told(asked: object, department: str | None, words: str, tmp_path: Path) -> None:
    found, told, _ = answers(asked == 50, tmp_path, asked, department)
    assert found == []
    assert words in told


# ---------------------------------------------------------------- 承接清单 and 个案, one workbook an edition

TAKEN: dict[int, tuple[dict[str, Any], str, str, object]] = {
    # seq: what is typed, what 提示 says, 核对, 逾期天数
    1: ({"signed": of(2018, 9, 29)}, "", YES, 0),
    2: ({"signed": of(2018, 9, 30)}, "", YES, 1),
    3: ({"signed": "2018年9月30日"}, "委托协议签订日期：应填日期", NO, 1),
    4: ({"signed": of(2018, 10, 8)}, "", YES, 9),
    5: ({"signed": of(2018, 8, 29)}, "签订日期早于公布日期，请核对", YES, 0),
    6: ({"signed": "下周三"}, "签订日期", NO, None),
    7: ({"signed": "2018-09-31"}, "签订日期", NO, None),
    8: ({}, "", YES, 32),
    9: ({"filed": "两家均已备案"}, "尚未签订不能填两家均已备案", NO, 32),
    10: ({"taken_by": None, "note": "待定"}, "承接处室：未填写", NO, 32),
    11: ({"signed": of(2018, 9, 20), "seal": "未刻制"}, "专用章未刻制", YES, 0),
    12: ({"signed": of(2018, 9, 20), "granted": None}, "未填已授予", YES, 0),
}
JUDGED: list[tuple[dict[str, Any], str, str]] = [
    # what is typed, 判定 (or ""), what 提示 says
    ({}, "可由平度办理", ""),
    ({"date": of(2018, 10, 8)}, "可由平度办理", ""),
    ({"date": of(2018, 10, 7)}, "市级办理：办理日期早于施行日", ""),
    ({"seq": 28, "category": "三级医院"}, "市级办理：备注除外三级医疗机构", ""),
    ({"seq": 33, "category": "二级医院"}, "可由平度办理", "任一执业地点为三级医疗机构"),
    ({"seq": 12, "category": "高等非学历学校"}, "市级办理：备注限于民办普通高中、中职学校", ""),
    ({"in_pingdu": "否"}, "不适用：不在平度市行政区域内", ""),
    ({"cross_region": "是"}, "市级办理：跨区域项目审批管理权限不下放", ""),
    ({"agreed_typed": "否"}, "市级办理：尚未签订委托协议", ""),
    ({"agreed_typed": None, "seq": 2, "date": of(2018, 10, 8)}, "可由平度办理", ""),  # signed on 09-30
    ({"agreed_typed": None, "seq": 16}, "市级办理：尚未签订委托协议", ""),
    ({"date": "2018年10月9日"}, "", "办理日期：应填日期"),
    ({"seq": 7}, "", "应填学校类别，如 民办普通高中"),
    ({"seq": 39}, "", "应填医疗机构级别"),
    ({"seq": 50}, "", "序号"),
    ({"seq": 1.5}, "", "整数"),
    ({"seq": None}, "", "未填写"),
    ({"category": None}, "", "类别"),
    ({"category": "小学"}, "", "不在可选范围内"),
    ({"cross_region": "不是"}, "", "应为 是 或 否"),
    ({"date": "明天"}, "", "办理日期"),
]


@pytest.fixture(scope="module", params=[False, True], ids=["functions", "plain"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Workbook]:
    made = plan(plain=request.param)
    usual = {"taken_by": "审批科", "seal": "已刻制", "granted": "是"}
    items = [{**usual, **TAKEN[seq][0]} if seq in TAKEN else {} for seq in range(1, 50)]
    cases = [{"code": f"2018-{number:03}", **CASE, **typed} for number, (typed, _, _) in enumerate(JUDGED)]
    fields = {**OFFICE, "checked_on": of(2018, 10, 31)}
    return made, recalculated(made, tmp_path_factory.mktemp("book"), {"items": items, "cases": cases}, fields)


def test_every_item_taken_over_is_told_what_is_wrong(filled: tuple[Plan, Workbook]) -> None:
    made, book = filled
    for seq, (_, words, mark, days) in TAKEN.items():
        told = str(value(book, made, "items", "notice", seq - 1)).strip("　 ")
        assert (words in told) if words else not told, (seq, told)
        assert value(book, made, "items", "mark", seq - 1) == mark, seq
        if days is not None:
            assert value(book, made, "items", "overdue", seq - 1) == days, seq


def test_items_that_nobody_has_taken_over_count_as_unsigned(filled: tuple[Plan, Workbook]) -> None:
    made, book = filled
    assert value(book, made, "items", "state", 48) == "未签订已逾期"
    assert str(value(book, made, "items", "mark", 48) or "") == ""
    assert total(book, made, "by_department", "count") == 49
    assert total(book, made, "by_department", "in_time") == 4  # 1, 5, 11, 12
    assert total(book, made, "by_department", "late") == 2  # 2, 4
    assert total(book, made, "by_department", "open") == 43
    assert checks(book)["清单项数与决定一致"] == (0, YES)
    assert checks(book)["49项都有承接处室"] == (38, "提示")
    assert str(status(book)).endswith("项待改正")


def test_every_case_is_judged_or_told_what_is_wrong(filled: tuple[Plan, Workbook]) -> None:
    made, book = filled
    for row, (typed, verdict, words) in enumerate(JUDGED):
        told = str(value(book, made, "cases", "notice", row)).strip("　 ")
        assert (words in told) if words else not told, (typed, told)
        assert value(book, made, "cases", "mark", row) == (YES if verdict else NO), typed
        if verdict:
            assert value(book, made, "cases", "verdict", row) == verdict


def test_an_empty_template_is_silent(tmp_path: Path) -> None:
    made = plan()
    book = recalculated(made, tmp_path)
    assert status(book) == "尚未填报"
    assert column(book, made, "cases", "mark") == column(book, made, "items", "mark") == []
    assert column(book, made, "query", "found") == []
    cell = made.tables["query"].results[0]
    assert "请填序号（1至49）或权限名称中的几个字" in str(book["查询"].cell(cell.row + 1, cell.value[0] + 1).value)
    assert set(column(book, made, "items", "state")) == {"未签订"}


# ---------------------------------------------------------------- the example


def example() -> tuple[Workbook, Plan]:
    item = next(item for item in EXAMPLES if item.policy == "delegation")
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan("delegation", rows=item.rows)


def handled(case: dict[str, str], signed: dict[int, str]) -> str:
    """三 and the remarks of the annex, read once more."""
    seq, day, kind = int(case["清单序号"]), case["办理日期"], case["类别"]
    if case["在平度区域"] == "否":
        return "不适用"
    agreed = case["已签协议"] == "是" or "" < signed[seq] <= day
    school = not 7 <= seq <= 14 or kind in ("民办普通高中", "民办中职学校")
    hospital = not 28 <= seq <= 43 or kind != "三级医疗机构"
    fine = day >= "2018-10-08" and case["跨区域项目"] == "否" and agreed and school and hospital
    return "平度" if fine else "市级"


def test_the_example_adds_up() -> None:
    book, made = example()
    items = table(EXAMPLE, "承接清单")
    assert len(items) == 49
    signed = {seq: row["委托协议签订日期"] for seq, row in enumerate(items, start=1)}
    days = [datetime.date.fromisoformat(day or "2018-10-31") for day in signed.values()]
    overdue = [max(0, (day - DEADLINE).days) for day in days]
    assert column(book, made, "items", "overdue") == overdue
    assert value(book, made, "items", "deadline") == datetime.datetime(2018, 9, 29)
    in_time = Counter(OF_ITEM[seq - 1] for seq, day in signed.items() if day and day <= "2018-09-29")
    late = Counter(OF_ITEM[seq - 1] for seq, day in signed.items() if day > "2018-09-29")
    cases = table(EXAMPLE, "个案")
    assert len(cases) >= 25
    outcomes = [handled(case, signed) for case in cases]
    assert column(book, made, "cases", "handled") == outcomes
    summary = made.summaries["by_department"]
    for row, (name, count) in enumerate(DEPARTMENTS.items(), start=summary.first + 1):
        sheet = book["汇总"]
        assert [sheet.cell(row, at).value for at in range(1, 6)] == [
            name, count, in_time[name], late[name], count - in_time[name] - late[name],
        ]  # fmt: skip
        own = [out for out, case in zip(outcomes, cases, strict=True) if OF_ITEM[int(case["清单序号"]) - 1] == name]
        assert [sheet.cell(row, at).value for at in range(8, 11)] == [
            len(own), own.count("平度"), own.count("市级"),
        ]  # fmt: skip
    assert total(book, made, "by_department", "pingdu") == outcomes.count("平度")
    assert total(book, made, "by_department", "filed") == sum(row["备案"] == "两家均已备案" for row in items)
    assert status(book) == "全部无误，另有4条提示"


def test_the_example_shows_every_outcome() -> None:
    book, made = example()
    assert {"平度", "市级", "不适用"} == set(column(book, made, "cases", "handled"))
    assert {"按期签订", "逾期签订", "未签订已逾期"} == set(column(book, made, "items", "state"))
