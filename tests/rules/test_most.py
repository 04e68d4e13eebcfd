"""most(unit): what keeps a product of two figures within the bounds of its unit, so that every host can hold it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qdcalc.errors import InvalidValue
from qdcalc.policies import find
from qdcalc.rules.language import most

WORDS = ["大修", "6", "平度市", "1"]


def test_it_is_the_maximum_of_the_unit() -> None:
    assert (most("倍").high, most("倍").low, most("倍").unit) == (Decimal(10), Decimal(10), "倍")


def test_a_factor_beyond_it_is_an_error_and_not_the_maximum() -> None:
    function = find("QD_ROAD_EXCESS_STANDARD")
    values = function.values(WORDS, from_text=True)
    stacked = {"stacking": "叠乘"}
    fits = function.policy_data.with_figures({"excess.rate": Decimal(5), "uplift.rate": Decimal(2)})
    assert function.compute(values, fits, stacked) == Decimal("9000000.00")  # 90 万元 × 10
    beyond = function.policy_data.with_figures({"excess.rate": Decimal("5.001"), "uplift.rate": Decimal(2)})
    assert function.compute(values, beyond) == Decimal("4500900.00")  # not stacked: 90 万元 × 5.001
    with pytest.raises(InvalidValue, match="超出范围"):
        function.compute(values, beyond, stacked)
