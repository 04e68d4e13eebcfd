"""INT, FLOOR, CEILING and MOD: Excel's values from its documentation; None where programs disagree."""

from __future__ import annotations

import pytest

from qdcalc.recalc.rounding import whole

DIV, NUM, VALUE = ({"type": "Error", "kind": kind} for kind in ("Div", "Num", "Value"))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("INT", (8.9,), 8), ("INT", (-8.9,), -9), ("INT", (True,), 1), ("INT", (None,), 0), ("INT", ("2.5",), 2),
        ("INT", (0.29 * 100,), None), ("INT", (0.28 * 100,), 28), ("INT", (123456789012345678.0,), 123456789012345678.0),
        ("INT", ("甲",), VALUE), ("INT", ("1,234",), None), ("INT", (DIV,), DIV), ("INT", ([[1.0]],), None),
        ("CEILING", (2.5, 1), 3), ("CEILING", (-2.5, -2), -4), ("CEILING", (-2.5, 2), -2), ("CEILING", (1.5, 0.1), 1.5),
        ("CEILING", (0.234, 0.01), 0.24), ("CEILING", (2.5, -2), NUM), ("CEILING", (5, 0), 0),
        ("FLOOR", (3.7, 2), 2), ("FLOOR", (-2.5, -2), -2), ("FLOOR", (-2.5, 2), -4), ("FLOOR", (2.5, -2), NUM),
        ("FLOOR", (1.58, 0.1), 1.5), ("FLOOR", (0.234, 0.01), 0.23), ("FLOOR", (5, 0), DIV), ("FLOOR", (0.7, 0.1), None),
        ("MOD", (3, 2), 1), ("MOD", (-3, 2), 1), ("MOD", (3, -2), -1), ("MOD", (-3, -2), -1), ("MOD", (3, 0), DIV),
        ("MOD", (5.25, 0.5), 0.25), ("MOD", (0.3, 0.1), None), ("MOD", (1e16, 3), None),
        ("", (0.3,), 0.3), ("", (0.1 + 0.2,), None), ("", ("甲",), "甲"), ("", (DIV,), DIV),
    ],
)  # fmt: skip
def test_values(name: str, arguments: tuple[object, ...], expected: object) -> None:
    found = whole(name, *arguments)
    assert found == expected or (isinstance(expected, float) and found == pytest.approx(expected, rel=1e-14))
