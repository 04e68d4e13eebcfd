"""Amounts against an independent sum in whole fractions, written from the document and not through the rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdcalc.policies import find
from qdcalc.rules.columns import columns
from qdcalc.rules.exact import divide_half_up

FEN = st.integers(0, 10**14)
RATES = {  # 附件1 四（一）1, 万元/公里: (平度、莱西 / other), from 6 m and below
    "路网提档升级": ((90, 55), (70, 40)),
    "自然村庄通达": ((90, 55), (70, 40)),
    "大修": ((90, 55), (70, 40)),
    "中修": ((35, 20), (30, 15)),
    "预防养护": ((10, 5), (5, 3)),
}


def yuan(amount: Fraction) -> Decimal:
    """Half up to the 分."""
    fen = (amount * 200 + 1) // 2
    return Decimal(int(fen)) / 100


def talent(pay: Fraction) -> Decimal:
    percent = 12 if pay >= 1_000_000 else 10 if pay >= 500_000 else 8 if pay >= 200_000 else 0
    return yuan(min(pay * percent / 100, Fraction(200_000)))


def road(
    work: str, width: Fraction, district: str, km: Fraction, poor: Fraction, estimate: Fraction, land: Fraction
) -> Decimal:
    if district == "青岛西海岸新区":
        return Decimal(0)
    lead = district in ("平度市", "莱西市")
    rate = RATES[work][0 if width >= 6 else 1][0 if lead else 1] * 10_000
    uplift = Fraction(6, 5) if work in ("路网提档升级", "大修", "中修") else Fraction(1)
    standard = rate * (km - poor) + rate * poor * uplift
    return yuan(min(standard, (estimate - land) * Fraction(5 if lead else 3, 10)))


@given(FEN)
def test_talent_subsidy(fen: int) -> None:
    assert find("QD_TALENT_SUBSIDY").answer([Decimal(fen) / 100]).value == talent(Fraction(fen, 100))


@given(
    st.sampled_from(sorted(RATES)), st.integers(0, 100_000), st.sampled_from(["平度市", "莱西市", "胶州市", "青岛西海岸新区"]),
    st.integers(0, 10**9), st.integers(0, 10**9), FEN, FEN,
)  # fmt: skip
@settings(max_examples=300)
def test_road_subsidy(work: str, width: int, district: str, km: int, poor: int, estimate: int, land: int) -> None:
    poor, km = sorted((poor, km))
    land, estimate = sorted((land, estimate))
    cells = [
        work,
        Decimal(width) / 100,
        district,
        Decimal(km) / 1000,
        Decimal(poor) / 1000,
        Decimal(estimate) / 100,
        Decimal(land) / 100,
    ]
    expected = road(
        work,
        Fraction(width, 100),
        district,
        Fraction(km, 1000),
        Fraction(poor, 1000),
        Fraction(estimate, 100),
        Fraction(land, 100),
    )
    assert find("QD_ROAD_SUBSIDY").answer(cells).value == expected


@given(st.lists(FEN, min_size=1, max_size=50))
@settings(max_examples=50)
def test_columns_of_talent_subsidies(amounts: list[int]) -> None:
    found = columns(find("QD_TALENT_SUBSIDY"), {"pay": pl.Series([fen / 100 for fen in amounts], dtype=pl.Float64)})
    assert found.values.to_list() == [talent(Fraction(fen, 100)) for fen in amounts]
    assert found.failures.is_empty()


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 8))
def test_a_quotient_is_rounded_half_up_once(part: int, whole: int, decimals: int) -> None:
    expected = Fraction(part, whole) * 10**decimals
    rounded = (expected * 2 + 1) // 2
    assert divide_half_up(Decimal(part), Decimal(whole), decimals) == Decimal(int(rounded)).scaleb(-decimals)


@given(FEN, st.integers(0, 10_000))
def test_the_two_parts_of_a_split_add_up(total: int, share: int) -> None:
    cells = [Decimal(total) / 100, Decimal(share) / 10_000]
    parts = [find("QD_FISCAL_SPLIT").answer([*cells, part]).value for part in ("市级", "区市")]
    if None in parts:
        pytest.fail(str(find("QD_FISCAL_SPLIT").answer([*cells, "区市"]).error))
    assert sum(parts) == Decimal(total) / 100


def test_the_figures_that_others_hold_us_to() -> None:
    subsidy = find("QD_TALENT_SUBSIDY")
    assert str(subsidy.answer([499999.99]).value) == "40000.00"
    assert str(subsidy.answer([500000]).value) == "50000.00"
