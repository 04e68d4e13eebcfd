"""A few kills at random moments; `python -m bench.kill 200` does it for long."""

from __future__ import annotations

import sys

import pytest

from bench.kill import run


@pytest.mark.skipif(sys.platform != "linux", reason="looks for orphans in /proc")
def test_killing_loses_and_spoils_nothing() -> None:
    counts = run(3, files=12, rows=40, seed=3)
    assert counts.kills == 3
    assert counts.midway + counts.early > 0
    assert counts.folders > 0
    assert counts.bad == 0, counts
