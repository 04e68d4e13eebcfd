"""A small city: its totals, added up apart from the rules, come out of the recalculated files; what is spoilt is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import city
from bench.city import PASSWORD, check, generate, number_in
from qdcalc.recalc.batch import one


def test_a_small_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city, "FILLED", 7)
    truth = generate(tmp_path / "市", 12, 5, share=0.5, rows=9)
    assert len(truth.files) == 12
    assert len(truth.broken) + len(truth.wrong) == 6
    assert json.loads((tmp_path / "市.json").read_text(encoding="utf-8"))["totals"] == truth.totals
    failed, found = {}, {}
    for file in truth.files:
        report = one(tmp_path / "市" / file.path, tmp_path / "out" / file.path, passwords=["不是", PASSWORD])
        if report.error:
            failed[file.path] = report.error
        found[file.path] = {f"{problem.sheet}!{problem.cell}" for problem in report.failures}
    assert check(truth, tmp_path / "out", failed) == []
    for file in truth.wrong:
        row = file.cell.strip("!ABCDEFGHIJKLMNOPQRSTUVWXYZ人选路段项目补助津贴")
        assert (row in {cell[-len(row) :] for cell in found[file.path]}) == (file.wrong != "覆盖")
    good = next(file for file in truth.files if file.expected not in (None, "0"))
    (tmp_path / "out" / good.path).write_bytes((tmp_path / "市" / good.path).read_bytes())
    assert len(check(truth, tmp_path / "out", failed)) == 1  # the judge sees a stale file
    assert number_in(tmp_path / "out" / good.path, good.sheet, good.total) is None


def test_the_same_seed_gives_the_same_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city, "FILLED", 3)
    first, again = (generate(tmp_path / name, 2, 5, rows=4) for name in ("一", "二"))
    assert first == again
    assert generate(tmp_path / "三", 2, 6, rows=4) != first
