"""The bridge of the Excel functions: shapes, errors as texts, and that nothing ever escapes it."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

import qdcalc.policies
from qdcalc.errors import PolicyError
from qdcalc.hosts.excel_runtime import WHOLE_COLUMN, run


def column(*cells: Any) -> list[list[Any]]:
    return [[cell] for cell in cells]


def test_single_cells_are_repeated_beside_a_range() -> None:
    paid = run("QD_TALENT_NET", column(650000.0, 500000.0), [[20000.0]], [["补差"]])
    assert paid == [[45000.0], [30000.0]]


def test_ranges_of_different_shapes_give_one_error_that_names_both() -> None:
    told = run("QD_TALENT_NET", column(1.0, 2.0, 3.0), column(1.0, 2.0))
    assert told.startswith("#VALUE! 区域大小不一致：“劳动报酬（元）”是 3 行 1 列，“其他政策金额（元）”是 2 行 1 列")
    assert run("QD_TALENT_NET", column(1.0, 2.0), [[1.0, 2.0]]).startswith("#VALUE! 区域大小不一致")


def test_a_blank_optional_cell_means_its_default_also_within_a_column() -> None:
    assert run("QD_TALENT_NET", [[650000.0]], [[20000.0]], column(None, "补差", "")) == [
        [65000.0],
        [45000.0],
        [65000.0],
    ]


def test_a_blank_date_means_as_in_force() -> None:
    assert run("QD_TALENT_SUBSIDY", [[650000.0]], [[None]]) == 65000.0
    assert run("QD_TALENT_SUBSIDY", [[650000.0]], None) == 65000.0
    assert run("QD_TALENT_SUBSIDY", [[650000.0]]) == 65000.0


def test_a_flag_comes_as_a_flag_and_a_verdict_goes_back_as_text() -> None:
    # D2: certified, three years, taxed in Qingdao; then the same with a broken law
    facts: list[Any] = [3.0, True, True, "其他", 40.0, False, False, 0.0, 0.0, "CFA"]
    assert run("QD_TALENT_ELIGIBLE", True, *facts) == "符合"
    assert run("QD_TALENT_ELIGIBLE", column(True, "否"), *facts) == [["符合"], ["不符合：有违法违纪行为"]]


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        (None, "#N/A 劳动报酬（元）：未填写"),
        (1e12 + 1, "#NUM! 劳动报酬（元）："),
        (-1.0, "#VALUE! 劳动报酬（元）：-1 是负数"),
        (-2146826281, "#VALUE! 劳动报酬（元）：引用的单元格是错误值 #DIV/0!"),
        (-2146826243, "#VALUE! 劳动报酬（元）：引用的单元格是错误值 #SPILL!"),
        (-2146826200, "#VALUE! 劳动报酬（元）：引用的单元格是错误值 （未知错误）"),
        ("#REF!", "#VALUE! 劳动报酬（元）：引用的单元格是错误值 #REF!"),
    ],
)
def test_an_error_is_a_text_that_starts_with_its_code(cell: Any, start: str) -> None:
    assert run("QD_TALENT_SUBSIDY", [[cell]]).startswith(start)


def test_an_error_of_one_function_is_an_error_for_the_next_one_even_where_any_text_will_do() -> None:
    inner = run("QD_TALENT_SUBSIDY", [[None]])
    assert run("QD_TALENT_NET", [[inner]], [[0.0]]).startswith("#VALUE! 劳动报酬（元）：引用的单元格是错误值 #N/A")
    assert "错误值 #N/A" in run("QD_CITE", inner)
    assert run("QD_CITE", "#1 工程").startswith("#VALUE! 函数名：")  # a text that only begins with the sign
    assert "错误值" not in run("QD_CITE", "#1 工程")


def test_an_unknown_function_is_told_in_the_cell() -> None:
    assert run("QD_ROAD_SUBSIDI").startswith("#VALUE! 没有函数“QD_ROAD_SUBSIDI”，是否指：QD_ROAD_SUBSIDY")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PolicyError("policy.toml", "cap", "缺少条款"), "#VALUE! policy.toml：cap：缺少条款"),
        (ZeroDivisionError("division by zero"), "#VALUE! 程序内部错误，请报告：ZeroDivisionError：division by zero"),
    ],
)
def test_whatever_goes_wrong_stays_in_the_cell(monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
    def fails(name: str) -> None:
        raise error

    monkeypatch.setattr(qdcalc.policies, "find", fails)
    assert run("QD_TALENT_SUBSIDY", 650000.0) == told


def test_a_whole_column_ends_at_its_last_filled_row() -> None:
    pays = column(650000.0, None, 500000.0, *[None] * (WHOLE_COLUMN - 3))
    answers = run("QD_TALENT_SUBSIDY", pays)
    assert len(answers) == 3
    assert answers[0] == [65000.0]
    assert answers[2] == [50000.0]
    amounts = column(3e6, 1e6, *[None] * (WHOLE_COLUMN - 2))
    dates = column("2018-10-01", "2018-09-01", *[None] * (WHOLE_COLUMN - 2))
    assert run("QD_ALLOCATE", amounts, dates, [[2e6]]) == [[1000000.0], [1000000.0]]


def test_a_blank_column_is_not_longer_than_it_must_be() -> None:
    answers = run("QD_TALENT_SUBSIDY", column(*[None] * WHOLE_COLUMN))
    assert answers.startswith("#N/A 劳动报酬（元）：未填写")


def test_a_result_of_many_cells_cannot_stand_for_each_of_a_column() -> None:
    amounts, dates = column(3e6, 1e6), column("2018-10-01", "2018-09-01")
    answers = run("QD_ALLOCATE", amounts, dates, column(1e6, 2e6))
    assert [row[0].startswith("#VALUE! 结果是多个值") for row in answers] == [True, True]
    one = run("QD_ALLOCATE", [[3e6]], [["2018-10-01"]], column(1e6, 2e6))
    assert one == [[1000000.0], [2000000.0]]


def test_the_function_that_is_explained_decides_which_arguments_are_whole_ranges() -> None:
    told = run("QD_NOTICE", "QD_ALLOCATE", column(3e6, 1e6), column("2018-10-01", None), 2e6)
    assert "第2行有申请金额而没有完成日期" in told
    each = run("QD_NOTICE", "qd_talent_subsidy", column(650000.0, -1.0))
    assert each[0] == [""]
    assert "负数" in each[1][0]


def test_dates_as_numbers_are_counted_from_1900_unless_a_1904_workbook_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    # 43328 is 2018-08-16 in the 1900 system, the first day of D2; in the 1904 system that day is 41866
    def opened(*systems: bool) -> None:
        books = [SimpleNamespace(Date1904=system) for system in systems]
        caller = SimpleNamespace(Application=SimpleNamespace(Workbooks=books))
        monkeypatch.setitem(sys.modules, "xlwings._xlwindows", SimpleNamespace(BOOK_CALLER=caller))

    assert run("QD_POLICY_IN_FORCE", "talent", column(43328.0, 43327.0)) == [[True], [False]]
    opened(True)
    assert run("QD_POLICY_IN_FORCE", "talent", column(41866.0, 41865.0)) == [[True], [False]]
    assert run("QD_POLICY_IN_FORCE", "talent", 20180816.0) is True  # digits, not a serial number
    assert run("QD_TALENT_SUBSIDY", 650000.0, 41866.0) == 65000.0
    assert run("QD_EXPLAIN", "QD_TALENT_SUBSIDY", 650000.0, 41865.0).find("2018-08-15") >= 0
    opened(True, False)
    assert run("QD_TALENT_SUBSIDY", 650000.0, 41866.0).startswith("#VALUE! 日期：打开的工作簿")
    assert run("QD_TALENT_SUBSIDY", 41866.0) == 0.0  # an amount is not a date
