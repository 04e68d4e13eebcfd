"""Every clause of the nine documents is computed, or says why it cannot be. The clauses are listed in provisions.csv.

policy.toml answers: under [provisions] with the functions that compute a clause, or the row of the targets that holds it;
or under [[gaps]] with the reason. A row of the master table (T001 …) is answered by targets.csv.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from qdcalc.policies import functions, policies
from qdcalc.policies.common.targets import TARGETS
from qdcalc.rules.figures import Policy

with Path(__file__).with_name("provisions.csv").open(encoding="utf-8-sig", newline="") as stream:
    LISTED = list(csv.DictReader(stream))
CLAUSES = {row["编号"] for row in LISTED}
with TARGETS.open(encoding="utf-8-sig", newline="") as stream:
    ROWS = {row["编号"].partition("-")[0] for row in csv.DictReader(stream)}

COUNTS = {"D1": 10, "D2": 13, "D3": 11, "D4": 23, "D5": 38, "D6": 12, "D7": 23, "D8": 25, "D9": 7, "N": 4, "T": 118}
"""How many clauses each chapter has: a line lost from the list is noticed."""
AMBIGUITIES = {"D1": 6, "D2": 10, "D3": 5, "D4": 17, "D5": 20, "D6": 8, "D7": 9, "D8": 11, "D9": 7}
"""A-D1-1 … A-D1-6 and so on: how many ambiguities each chapter lists. A gap or a reading may be one of them."""
ADDED = {"C15-1", "C15-2"}
"""Clauses of D8 that were found later and have no number of their own."""
WITHOUT_CLAUSE = {"QD_SCI_DIRECTORY"}
"""The 24 columns of D7 are lists, not clauses."""

ANSWERS = [(policy, clause, names) for policy in policies().values() for clause, names in policy.provisions.items()]


def test_the_list_is_whole() -> None:
    found = [re.sub(r"(D\d)-.*|([NT])\d+", r"\1\2", row["编号"]) for row in LISTED]
    assert {chapter: found.count(chapter) for chapter in COUNTS} == COUNTS
    assert len(found) == len(CLAUSES) == sum(COUNTS.values())
    assert [row for row in LISTED if not (row["条款"] and row["内容"])] == []


def test_every_clause_is_answered_or_says_why_not() -> None:
    answered = {clause for _, clause, _ in ANSWERS}
    gaps = {gap.id for policy in policies().values() for gap in policy.gaps}
    assert sorted(CLAUSES - answered - gaps - ROWS) == []


def test_every_row_of_the_targets_is_listed() -> None:
    assert {row for row in CLAUSES if row.startswith("T")} == ROWS


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.id)
def test_no_clause_is_named_that_does_not_exist(policy: Policy) -> None:
    code = policy.code
    ambiguous = {f"A-{code}-{number}" for number in range(1, AMBIGUITIES.get(code, 0) + 1)}
    own = {row["编号"] for row in LISTED if row["编号"].startswith(f"{code}-") or row["内容"].startswith(f"{code} ")}
    own |= {"N0", "N1", "N2", "N3"} if code == "D1" else set()
    named = set(policy.provisions) | {gap.id for gap in policy.gaps}
    assert sorted(named - own - ambiguous - (ADDED if code == "D8" else set())) == []
    readings = {item.ambiguity for item in policy.readings.values()} - {""}
    assert sorted(name for name in readings if name.startswith("A-") and name not in ambiguous) == []
    assert len({gap.id for gap in policy.gaps}) == len(policy.gaps)


def test_what_answers_is_there() -> None:
    wrong = [(clause, name) for _, clause, names in ANSWERS for name in names if name not in {*functions(), *ROWS}]
    assert wrong == []


def test_every_function_of_a_document_answers_a_clause() -> None:
    answering = {name for _, _, names in ANSWERS for name in names}
    own = {function.name for function in functions().values() if function.policy != "common"}
    assert own - answering == WITHOUT_CLAUSE
