"""A word of a command line that a function hands on is parsed by the type of the argument it ends up in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qdcalc.errors import InvalidValue
from qdcalc.policies import find
from qdcalc.rules.arguments import Word


def test_a_word_is_parsed_where_a_text_in_a_cell_is_refused() -> None:
    subsidy = find("QD_TALENT_SUBSIDY")
    assert subsidy.values([Word("650,000")])[0] == Decimal("650000.00")
    with pytest.raises(InvalidValue, match="以文本形式存储的数字"):
        subsidy.values(["650000"])


def test_words_stay_words_on_their_way_through_a_function_that_hands_them_on() -> None:
    _, *cells = find("QD_NOTICE").values(["QD_TALENT_SUBSIDY", "650000"], from_text=True)
    assert [type(cell) for cell in cells] == [Word]
    assert (
        find("QD_NOTICE")
        .answer(["QD_TALENT_SUBSIDY", "-1"], from_text=True)
        .value.startswith("劳动报酬（元）：-1 是负数")
    )


def test_a_cell_that_a_function_hands_on_stays_what_it_is() -> None:
    assert find("QD_NOTICE").values(["QD_TALENT_SUBSIDY", "650000", None, 5.0]) == (
        "QD_TALENT_SUBSIDY",
        "650000",
        None,
        5.0,
    )
