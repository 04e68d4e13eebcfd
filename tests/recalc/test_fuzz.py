"""A hundred spoilt workbooks; `python -m bench.fuzz 3000` does it for long."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.fuzz import difference, fuzz, good_books
from bench.mutate import mutate
from qdcalc.recalc.batch import one
from tests.recalc.files import small


def test_a_result_or_a_clear_refusal(tmp_path: Path) -> None:
    counts = fuzz(100, tmp_path, seed=20181126)
    assert counts.files == 100
    assert counts.results > 20
    assert counts.refusals.total() > 20
    assert counts.bad == 0, counts


def test_the_good_ones_are_good(tmp_path: Path) -> None:
    """Else every refusal could be for the wrong reason."""
    for path in good_books(tmp_path):
        report = one(path, tmp_path / "out" / path.name)
        assert (report.error, report.patched > 0) == ("", True)
        assert difference(path, tmp_path / "out" / path.name) == ""


def test_mutants_differ_and_come_again(tmp_path: Path) -> None:
    good = good_books(tmp_path)[0].read_bytes()
    made = [mutate(good, random.Random(seed)).content for seed in range(40)]
    assert made == [mutate(good, random.Random(seed)).content for seed in range(40)]
    assert len(set(made)) > 35


@pytest.mark.parametrize(
    ("cells", "damaged"),
    [
        ('<c r="A1"><f>1+1</f><v>3</v></c>', False),
        ('<c r="A1" t="str"><f>1+1</f><v>x</v></c>', False),
        ('<c r="A1"><f>1+1</f></c>', False),
        ('<c r="A1"><f>1+2</f><v>2</v></c>', True),
        ('<c r="A1"><v>2</v></c>', True),
        ('<c r="A1" s="1"><f>1+1</f><v>2</v></c>', True),
        ('<c r="B1"><f>1+1</f><v>2</v></c>', True),
    ],
)
def test_the_judge_sees_damage(tmp_path: Path, cells: str, damaged: bool) -> None:
    assert bool(difference(small(tmp_path / "a.xlsx"), small(tmp_path / "b.xlsx", cells))) == damaged
