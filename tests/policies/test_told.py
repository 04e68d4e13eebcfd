"""What an officer is told beside a verdict of D1 or an amount of D7."""

from __future__ import annotations

import pytest

from qdcalc.policies import find
from qdcalc.rules.wording import explain, notices

TOLD = [
    ("QD_DELEGATION_CHECK", ["33", "是", "否", "二级", "2018-10-08"], "任一执业地点"),
    ("QD_DELEGATION_OVERDUE", ["2018-08-29"], "早于公布日期"),
    ("QD_SCI_FIRST_INVEST", ["10000000", "200000"], "已达到年度上限"),
    ("QD_SCI_TESTING", ["1", "500000"], "已达到年度上限"),
    ("QD_SCI_SECTOR", ["合计", "骨干企业"], "文中没有合计"),
    ("QD_SCI_SECTOR", ["现代海洋", "前沿引领技术"], "原文待核"),
]
SILENT = [
    ("QD_DELEGATION_CHECK", ["33", "是", "否", "三级", "2018-10-08"]),
    ("QD_DELEGATION_CHECK", ["28", "是", "否", "二级", "2018-10-08"]),
    ("QD_DELEGATION_OVERDUE", ["2018-08-30"]),
    ("QD_SCI_FIRST_INVEST", ["10000000", "199999.99"]),
    ("QD_SCI_TESTING", ["1"]),
    ("QD_SCI_SECTOR", ["现代海洋", "骨干企业"]),
]


@pytest.mark.parametrize(("name", "words", "fragment"), TOLD)
def test_one_thing_is_told(name: str, words: list[str], fragment: str) -> None:
    (sentence,) = notices(find(name), words, from_text=True)
    assert fragment in sentence


@pytest.mark.parametrize(("name", "words"), SILENT)
def test_nothing_is_told_where_nothing_is_amiss(name: str, words: list[str]) -> None:
    assert notices(find(name), words, from_text=True) == ()


def test_an_unsigned_agreement_is_told_where_it_does_not_count() -> None:
    function = find("QD_DELEGATION_CHECK")
    words = ["1", "是", "否", "无", "2018-10-08", "否"]
    told = notices(function, words, readings={"agreement": "不以协议为前提"}, from_text=True)
    assert told == ("尚未签订委托协议：按所取口径不影响办理",)


def test_the_working_names_rate_ceiling_winner_and_article() -> None:
    told = str(explain(find("QD_SCI_FIRST_INVEST"), ["10000000", "150000"], from_text=True))
    for fact in ("1%", "100,000.00 元", "200,000.00 元", "取低：上限余额", "50,000.00 元", "三（二）2", "A-D7-1"):
        assert fact in told
