"""The irrational sums of D8, in one place: decimal arithmetic of 40 digits, rounded half up to 8 decimals at the end.

Decimal's ln and power are the same on every machine, which a C library's are not; a float64 result differs from these by
less than 1e-8.
"""

from __future__ import annotations

from decimal import Context, Decimal

from qdcalc.rules.units import half_up, plain

_FINE = Context(prec=40)
_DECIMALS = 8


def _settled(value: Decimal) -> Decimal:
    return Decimal(plain(half_up(value, _DECIMALS)))


def logarithmic_progress(base: Decimal, actual: Decimal, target_drop: Decimal) -> Decimal:
    """ln(actual ÷ base) ÷ ln(1 − target): equal yearly rates count equally. All above 0, target below 1."""
    reached = _FINE.ln(_FINE.divide(actual, base))
    return _settled(_FINE.divide(reached, _FINE.ln(1 - target_drop)))


def linear_progress(base: Decimal, actual: Decimal, target_drop: Decimal) -> Decimal:
    """(1 − actual ÷ base) ÷ target. base and target above 0."""
    return _settled(_FINE.divide(base - actual, _FINE.multiply(base, target_drop)))


def yearly_drop(target_drop: Decimal, drop_so_far: Decimal, years: Decimal) -> Decimal:
    """1 − ((1 − target) ÷ (1 − so far))^(1 ÷ years): the same drop in each of `years`. So far below 1, years above 0."""
    left = _FINE.divide(1 - target_drop, 1 - drop_so_far)
    return _settled(1 - _FINE.power(left, _FINE.divide(Decimal(1), years)))
