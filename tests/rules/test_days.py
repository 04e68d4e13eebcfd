"""Optional dates, whole years and days in every host, and plain functions that belong to a dated policy."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from qdcalc.errors import NotInForce, TracingError
from qdcalc.rules.arguments import number_type
from qdcalc.rules.columns import columns
from qdcalc.rules.function import Function
from qdcalc.rules.wording import explain, notices
from tests.rules.grid import evaluate
from tests.rules.invented import FIGURES, HEAD, make

TERM = '[term]\ntitle = "期限"\narticle = "第五条"\nunit = "年"\nvalue = 10\n[wait]\ntitle = "等候"\narticle = "第五条"\nunit = "天"\nvalue = 30\n'
TOML = HEAD + FIGURES + TERM
MOVED = "pay: Yuan, day: Day, moved: MaybeDay = BLANK"
BODY = """
until = step("期满日", add_years(day, figure("term")))
away = moved.given() & (moved.or_else(day) < until)
return choose((away, pay), otherwise=nothing("未迁离或已满期"))
"""


def moved_function(folder: Path, body: str = BODY, **options: Any) -> Function:
    function = make(folder, MOVED, body, toml=TOML, extra=", dated=False", **options)
    function._titles = {**function._titles, "moved": "迁离日"}
    return function


@pytest.mark.parametrize(
    ("day", "moved", "paid"),
    [
        ("2019-03-01", None, 0),
        ("2019-03-01", "2029-02-28", 500),
        ("2019-03-01", "2029-03-01", 0),
        ("2020-02-29", "2030-02-27", 500),
        ("2020-02-29", "2030-02-28", 0),
    ],
)
def test_an_optional_date_and_years_from_a_figure_mean_the_same_in_every_host(
    tmp_path: Path, day: str, moved: str | None, paid: int
) -> None:
    function = moved_function(tmp_path)
    row = [500.0, day, moved]
    assert function.answer(row).value == paid
    found = columns(function, {"pay": [500.0], "day": [day], "moved": [moved]})
    assert found.failures.is_empty()
    assert list(found.values) == [paid]
    assert [value for value, _ in evaluate(function, [row], tmp_path)] == [paid]


def test_days_from_a_figure_are_whole_days_in_every_host(tmp_path: Path) -> None:
    function = make(tmp_path, "day: Day", "return add_days(day, figure('wait'))", toml=TOML, result="Day")
    assert function.answer(["2018-08-30"]).value == datetime.date(2018, 9, 29)
    assert list(columns(function, {"day": ["2018-08-30"]}).values) == [datetime.date(2018, 9, 29)]
    serial = (datetime.date(2018, 9, 29) - datetime.date(1899, 12, 30)).days
    assert [value for value, _ in evaluate(function, [["2018-08-30", None]], tmp_path)] == [serial]


def test_the_working_names_the_date_that_stood_in(tmp_path: Path) -> None:
    function = moved_function(tmp_path, "return step('截止日', moved.or_else(day))", result="Day")
    assert explain(function, [500.0, "2019-03-01", None]).steps == ("截止日 = 日期 2019-03-01",)
    assert explain(function, [500.0, "2019-03-01", "2019-04-01"]).steps == ("截止日 = 迁离日 2019-04-01",)


@pytest.mark.parametrize("body", ["return choose((moved < day, pay), otherwise=0)", "return moved.or_else(pay)"])
def test_an_optional_date_is_no_date(tmp_path: Path, body: str) -> None:
    with pytest.raises((TracingError, TypeError)):
        _ = moved_function(tmp_path, body).tree


# ---------------------------------------------------------------- plain functions


def doubled(pay: Annotated[Decimal, number_type("元")]) -> Decimal:
    return pay * 2


def plain(folder: Path, dated: bool) -> Function:
    (folder / "policy.toml").write_text(HEAD, encoding="utf-8")
    function = Function(
        "QD_SAMPLE", doubled, title="试验", article="第一条", arguments={"pay": "金额"}, description="",
        traced=False, dated=dated, hosts=frozenset({"exact"}),
    )  # fmt: skip
    function.folder = folder
    return function


def test_a_plain_function_of_a_dated_policy_knows_when_it_is_in_force(tmp_path: Path) -> None:
    function = plain(tmp_path, dated=True)
    assert [parameter.name for parameter in function.parameters] == ["pay", "on"]
    for on in (None, "2018-01-01", "2019-12-31"):
        assert function.answer([1.0, on]).value == 2
    for on in ("2017-12-31", "2020-01-01"):
        error = function.answer([1.0, on]).error
        assert isinstance(error, NotInForce)
        assert notices(function, [1.0, on]) == (error.sentence,)
        assert "2018-01-01" in error.sentence
        assert "2019-12-31" in error.sentence


def test_the_working_of_a_plain_function_says_which_day(tmp_path: Path) -> None:
    function = plain(tmp_path, dated=True)
    assert explain(function, [1.0, "2018-05-01"]).dating == "事项日期：2018-05-01"
    assert "2019-12-31" in explain(function, [1.0]).dating
    assert explain(plain(tmp_path, dated=False), [1.0]).dating == ""


def test_an_undated_plain_function_has_no_date(tmp_path: Path) -> None:
    function = plain(tmp_path, dated=False)
    assert [parameter.name for parameter in function.parameters] == ["pay"]
    assert function.answer([1.0]).value == 2
