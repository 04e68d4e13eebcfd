"""What people see when they fill a template in: values, sentences, marks, totals, the one cell on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qdcalc.policies import find
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import checks, column, recalculated, status, total, value

PERSON: dict[str, Any] = {
    "name": "王海洋", "company": "胶州湾银行", "employer": "金融机构", "lawful": "是", "contract_years": 3, "taxed": "是",
    "healthy": "是", "post": "国际性或全国性机构中层及以上", "age": 40, "senior_title": "否", "phd": "否", "papers": 0,
    "projects": 0, "certificate": "无", "selected_before": "否", "pay": 650000, "other": 0,
}  # fmt: skip
TALENT_FIELDS = {"office": "市金融工作办"}
PROJECT: dict[str, Any] = {
    "code": "PD-001", "title": "大修工程", "district": "平度市", "work": "大修", "estimate_typed": 2000, "land_typed": 0,
    "planned": "是",
}  # fmt: skip
SEGMENT: dict[str, Any] = {"code": "PD-001", "name": "甲—乙", "width": 6, "km": 10, "poor_km": 0}
ROAD_FIELDS = {"office": "平度市交通运输局", "money": "万元"}


def talent(rows: int = 6) -> Plan:
    return template_plan("talent", rows=rows)


def road() -> Plan:
    return template_plan("road", rows=6)


@pytest.mark.parametrize("policy", ["talent", "road"])
def test_an_empty_template_is_silent(policy: str, tmp_path: Path) -> None:
    plan = template_plan(policy, rows=4)
    book = recalculated(plan, tmp_path)
    assert status(book) == "尚未填报"
    for table in plan.tables.values():
        for item in table.columns:
            if item.role in ("output", "derived", "notice", "mark") and not (item.spec and item.spec.always):
                assert column(book, plan, table.key, item.key) == [], (table.name, item.title)
            if item.total:
                assert total(book, plan, table.key, item.key) == 0


def test_a_filled_row_answers(tmp_path: Path) -> None:
    plan = talent()
    book = recalculated(plan, tmp_path, {"people": [PERSON]}, TALENT_FIELDS)
    assert value(book, plan, "people", "verdict") == "符合"
    assert value(book, plan, "subsidy", "rate") == 0.1
    assert value(book, plan, "subsidy", "approved") == 65000
    assert str(value(book, plan, "people", "notice")).strip() == ""
    assert value(book, plan, "people", "mark") == value(book, plan, "subsidy", "mark") == YES
    assert total(book, plan, "subsidy", "approved") == 65000
    assert status(book) == "全部无误"


@pytest.mark.parametrize(
    ("change", "sheet", "words"),
    [
        ({"name": None}, "people", "姓名：未填写"),
        ({"pay": None}, "people", "劳动报酬（元）：未填写"),
        ({"pay": None}, "subsidy", "劳动报酬（元）：未填写"),
        ({"pay": "650000"}, "subsidy", "以文本形式存储的数字"),
        ({"pay": -1}, "subsidy", "负数"),
        ({"lawful": "对"}, "people", "应为 是 或 否"),
        ({"post": "行长"}, "people", "不在可选范围内"),
        ({"age": None}, "people", "年龄（周岁）：未填写"),
        ({"age": 40.5}, "people", "不是整数"),
    ],
)
def test_a_wrong_row_is_told_and_left_out(change: dict[str, Any], sheet: str, words: str, tmp_path: Path) -> None:
    plan = talent()
    rows = [{**PERSON, **change}, {**PERSON, "name": "李建国"}]
    book = recalculated(plan, tmp_path, {"people": rows}, TALENT_FIELDS)
    assert words in str(value(book, plan, sheet, "notice"))
    assert NO in (value(book, plan, "people", "mark"), value(book, plan, "subsidy", "mark"))
    assert str(status(book)).endswith("项待改正")


def test_a_total_says_what_it_leaves_out(tmp_path: Path) -> None:
    plan = talent()
    rows = [{**PERSON, "pay": "六十五万"}, {**PERSON, "name": "李建国"}]
    book = recalculated(plan, tmp_path, {"people": rows}, TALENT_FIELDS)
    table = plan.tables["subsidy"]
    assert total(book, plan, "subsidy", "approved") == 65000
    assert book[table.name].cell(table.total_row + 1, 1).value == "合计（另有1行待改正，未计入）"  # type: ignore[operator]
    assert checks(book)["“补助”没有待改正的行"] == (1, NO)
    assert table.total_row is not None
    assert book[table.name].cell(table.total_row + 1, len(table.columns)).value == NO


def test_an_unfit_person_gets_nothing_and_a_granted_sum_stands(tmp_path: Path) -> None:
    plan = talent()
    unfit = {**PERSON, "contract_years": 2}
    data = {"people": [unfit, {**unfit, "name": "李建国"}], "subsidy": [{}, {"manual": 80000, "ground": "省入选"}]}
    book = recalculated(plan, tmp_path, data, TALENT_FIELDS)
    assert value(book, plan, "people", "verdict") == "不符合：劳动合同不足3年"
    assert column(book, plan, "subsidy", "approved") == [0, 80000]
    assert checks(book)["没有人工核定的行"] == (1, "提示")
    assert status(book) == "全部无误，另有1条提示"


def test_a_granted_sum_needs_a_ground_and_a_person(tmp_path: Path) -> None:
    plan = talent()
    data = {"people": [PERSON], "subsidy": [{"manual": 80000}, {"manual": 1, "ground": "无人"}]}
    book = recalculated(plan, tmp_path, data, TALENT_FIELDS)
    assert checks(book)["手填核定额都写了依据"] == (1, NO)
    assert checks(book)["空行上没有手填核定额"] == (1, NO)


def test_the_quota_is_a_hint(tmp_path: Path) -> None:
    plan = talent(rows=41)
    rows = [{**PERSON, "name": f"人选{number}"} for number in range(41)]
    book = recalculated(plan, tmp_path, {"people": rows}, TALENT_FIELDS)
    assert checks(book)["符合条件的人数不超过名额（原则上）"] == (1, "提示")
    assert status(book) == "全部无误，另有1条提示"


def test_the_notice_is_that_of_the_function(tmp_path: Path) -> None:
    plan = talent()
    book = recalculated(plan, tmp_path, {"people": [{**PERSON, "other": 65000}]}, TALENT_FIELDS)
    expected = find("QD_NOTICE").answer(["QD_TALENT_NET", 650000, 65000]).value
    assert expected
    assert str(value(book, plan, "subsidy", "notice")).strip() == expected


def test_a_field_that_must_be_filled_in(tmp_path: Path) -> None:
    book = recalculated(talent(), tmp_path, {"people": [PERSON]})
    assert checks(book)["“人选”表头：填报单位已填写"] == (1, NO)


# ---------------------------------------------------------------- road


@pytest.mark.parametrize(("money", "factor"), [("万元", 1), ("元", 10_000)])
def test_amounts_are_typed_in_the_chosen_unit(money: str, factor: int, tmp_path: Path) -> None:
    plan = road()
    project = {**PROJECT, "estimate_typed": 1500 * factor}
    data = {"projects": [project], "segments": [SEGMENT]}
    book = recalculated(plan, tmp_path, data, {**ROAD_FIELDS, "money": money})
    assert value(book, plan, "subsidies", "estimate") == 15_000_000
    assert value(book, plan, "subsidies", "ceiling") == 7_500_000
    assert value(book, plan, "subsidies", "subsidy") == 7_500_000
    assert value(book, plan, "subsidies", "binding") == "上限额"
    assert status(book) == "全部无误"


def test_a_project_of_several_widths_is_capped_once(tmp_path: Path) -> None:
    plan = road()
    data = {
        "projects": [{**PROJECT, "estimate_typed": 1200}],
        "segments": [{**SEGMENT, "km": 4}, {**SEGMENT, "name": "乙—丙", "width": 5, "km": 2}],
    }
    book = recalculated(plan, tmp_path, data, ROAD_FIELDS)
    assert value(book, plan, "subsidies", "standard") == 5_000_000
    assert value(book, plan, "subsidies", "subsidy") == 5_000_000
    assert value(book, plan, "subsidies", "binding") == "标准额"


def test_a_granted_sum_of_a_project_stands_with_its_ground(tmp_path: Path) -> None:
    plan = template_plan("road", rows=3)
    granted: dict[str, Any] = {"manual": 400_000, "ground": "监督检查扣减"}
    for name, change, mark, expected in (("a", {}, "√", 400_000), ("b", {"ground": None}, "×", 0)):
        (tmp_path / name).mkdir()
        data = {"projects": [PROJECT], "segments": [SEGMENT], "subsidies": [{**granted, **change}]}
        book = recalculated(plan, tmp_path / name, data, ROAD_FIELDS)
        assert value(book, plan, "subsidies", "mark") == mark
        assert total(book, plan, "subsidies", "approved") == expected
        assert total(book, plan, "by_district", "subsidy") == expected


def test_an_estimate_in_the_wrong_unit_is_noticed(tmp_path: Path) -> None:
    plan = road()
    data = {"projects": [PROJECT], "segments": [SEGMENT]}
    book = recalculated(plan, tmp_path, data, {**ROAD_FIELDS, "money": "元"})
    assert "概算每公里不到1万元" in str(value(book, plan, "subsidies", "notice"))
    assert checks(book)["概算每公里不低于1万元"] == (1, "提示")


@pytest.mark.parametrize(
    ("project", "segment", "sheet", "words"),
    [
        ({}, {"code": "PD-002"}, "segments", "项目编号：不在可选范围内"),
        ({}, {"code": "PD-002"}, "projects", "没有这个项目的路段"),
        ({}, {"poor_km": 11}, "segments", "薄弱村里程不能大于里程"),
        ({}, {"km": None}, "segments", "里程（公里）：未填写"),
        ({"district": "青岛"}, {}, "subsidies", "不在可选范围内"),
        ({"work": None}, {}, "projects", "工程类别：未填写"),
        ({"land_typed": 2001}, {}, "subsidies", "征地拆迁费不能大于概算投资"),
        ({"estimate_typed": "两千"}, {}, "subsidies", "“两千”不是数值"),
        ({"excess": "是"}, {}, "projects", "超额项目应填完成日期"),
    ],
)
def test_a_wrong_project_or_section_is_told(
    project: dict[str, Any], segment: dict[str, Any], sheet: str, words: str, tmp_path: Path
) -> None:
    plan = road()
    data = {"projects": [{**PROJECT, **project}], "segments": [{**SEGMENT, **segment}]}
    book = recalculated(plan, tmp_path, data, ROAD_FIELDS)
    assert words in str(value(book, plan, sheet, "notice"))
    assert str(status(book)).endswith("项待改正")


def test_two_projects_of_one_number_are_told(tmp_path: Path) -> None:
    plan = road()
    data = {"projects": [PROJECT, {**PROJECT, "title": "另一项目"}], "segments": [SEGMENT]}
    book = recalculated(plan, tmp_path, data, ROAD_FIELDS)
    assert "与其他行重复" in str(value(book, plan, "projects", "notice", 1))
    assert column(book, plan, "projects", "mark") == [NO, NO]
