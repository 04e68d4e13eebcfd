"""What an officer is told beside an amount of D4 or D6: why it is 0, and what a person has to settle."""

from __future__ import annotations

import pytest

from qdcalc.policies import find
from qdcalc.rules.arguments import ErrorValue
from qdcalc.rules.wording import explain, notices

TOLD = [
    ("QD_FIN_SETUP", ["0"], "没有实缴注册资本"),
    ("QD_FIN_WINDOW", ["2018-09-01", "2018-08-31"], "早于开业日期"),
    ("QD_FIN_INCREASE", ["200000000", "200000000"], "没有余额"),
    ("QD_FIN_REGIONAL", ["山东省部分地市", "是"], "须人工认定"),
    ("QD_FIN_REGIONAL", ["仅其他省份", "是"], "条文未规定"),
    ("QD_FIN_REGIONAL", ["山东省部分地市", "否"], "未在青岛市汇总纳税"),
    ("QD_FIN_LISTING", ["5000000", "3000000"], "已达到上限"),
    ("QD_FIN_NEEQ", ["1200000.01", "是"], "高于上限"),
    ("QD_FIN_NEEQ", ["1200000.01", "否"], "不是市级重点拟挂牌企业"),
    ("QD_FIN_REGIONAL_MARKET", ["300000.01"], "高于上限"),
    ("QD_FIN_REGIONAL_MARKET", ["300000.01", "是"], "上市公司不予补助"),
    ("QD_FIN_CLAWBACK", ["1", "2019-03-01"], "停业而未迁离"),
    ("QD_FIN_CLAWBACK", ["1", "2019-03-01", "2029-03-01"], "承诺的10年已满"),
    ("QD_FIN_CLAWBACK", ["1", "2019-03-01", "2020-03-01", "其他企业"], "其他企业未写"),
    ("QD_WASTE_CLEANERS", ["0"], "没有常住户"),
    ("QD_WASTE_STREAM", ["是", "否", "是", "否"], "按有害垃圾"),
    ("QD_WASTE_STREAM", ["否", "是", "否", "是"], "按大件垃圾"),
    ("QD_WASTE_STREAM", ["否", "否", "是", "是"], "按易腐烂"),
]
SILENT = [
    ("QD_FIN_SETUP", ["0.01"]),
    ("QD_FIN_WINDOW", ["2018-09-01", "2018-09-01"]),
    ("QD_FIN_INCREASE", ["200000000", "199999999"]),
    ("QD_FIN_REGIONAL", ["山东省及其他省份", "是"]),
    ("QD_FIN_LISTING", ["5000000", "2999999.99"]),
    ("QD_FIN_NEEQ", ["1200000", "是"]),
    ("QD_FIN_REGIONAL_MARKET", ["300000"]),
    ("QD_FIN_CLAWBACK", ["1", "2019-03-01", "2029-02-28"]),
    ("QD_WASTE_CLEANERS", ["1"]),
    ("QD_WASTE_STREAM", ["否", "否", "否", "是"]),
]


@pytest.mark.parametrize(("name", "words", "fragment"), TOLD)
def test_one_thing_is_told(name: str, words: list[str], fragment: str) -> None:
    (sentence,) = notices(find(name), words, from_text=True)
    assert fragment in sentence


@pytest.mark.parametrize(("name", "words"), SILENT)
def test_nothing_is_told_where_nothing_is_amiss(name: str, words: list[str]) -> None:
    assert notices(find(name), words, from_text=True) == ()


def test_a_wrong_argument_is_told_before_an_error_value_that_may_follow_from_it() -> None:
    function, standard = find("QD_ROAD_CAPPED"), ErrorValue("#VALUE!")
    assert "“青岛”不在可选范围内" in notices(function, [standard, "大修", "青岛", 20_000_000])[0]
    assert "概算投资" in notices(function, [standard, "大修", "平度市", None])[0]
    assert notices(function, [standard, "大修", "平度市", 20_000_000]) == (
        "标准额（元）：引用的单元格是错误值 #VALUE!，请先改正该单元格",
    )


def test_the_working_of_a_repayment_names_the_last_day_of_the_promise() -> None:
    told = str(explain(find("QD_FIN_CLAWBACK"), ["1", "2019-03-01", "2029-02-28"], from_text=True))
    for fact in ("10 年", "2029-02-28 < 承诺期满日 2029-03-01", "五（二）", "不及于其他企业"):
        assert fact in told


def test_the_working_of_a_listing_says_what_is_left_of_the_cap() -> None:
    told = str(explain(find("QD_FIN_LISTING"), ["5000000", "1000000"], from_text=True))
    for fact in ("50%", "上限余额 2,000,000.00 元", "取低：上限余额", "三（一）"):
        assert fact in told
