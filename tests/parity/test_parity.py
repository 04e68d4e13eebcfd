"""The comparison itself: it sees a 分, a text, a kind of error that is another; `python -m tests.parity` runs it for all."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qdcalc.rules.arguments import ErrorValue
from tests.parity import __main__ as command
from tests.parity.hosts import from_columns, from_xlwings
from tests.parity.questions import questions, same


@pytest.mark.parametrize(
    ("want", "got", "alike"),
    [
        (Decimal("65000.00"), 65000.0, True),
        (Decimal("65000.00"), 65000.01, False),
        (Decimal("0.1"), 0.1, True),
        (Decimal("1"), True, False),
        (Decimal("1"), "1", False),
        (Decimal("1"), None, False),
        (0.12345678, 0.12345678 + 5e-9, True),
        (0.12345678, 0.12345680, False),
        (True, 1.0, True),
        (True, 0.0, False),
        (datetime.date(2018, 8, 16), 43328.0, True),
        (datetime.date(2018, 8, 16), 43327.0, False),
        ("符合", "符合", True),
        ("符合", "不符合：有违法违纪行为", False),
        ("", None, True),
        ("#N/A", ErrorValue("#N/A"), True),
        ("#N/A", ErrorValue("#VALUE!"), False),
        ("#N/A", "#N/A", False),
        (Decimal("1"), ErrorValue("#N/A"), False),
        ([[Decimal("1")]], 1.0, True),
        ([[Decimal("1")], [Decimal("2")]], [[1.0], [2.0]], True),
        ([[Decimal("1")], [Decimal("2")]], [[1.0], [0.0]], False),
        ([[Decimal("1")], [Decimal("2")]], [[1.0]], False),
    ],
)
def test_what_counts_as_the_same(want: object, got: object, alike: bool) -> None:
    assert same(want, got) is alike


def as_cell(want: object, more: float = 0) -> object:
    if isinstance(want, list):
        return [as_cell(item) for item in want]
    if isinstance(want, str) and want.startswith("#"):
        return ErrorValue(want)
    return float(want) + more if isinstance(want, Decimal) else want


def test_a_difference_is_counted_shown_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = questions(0)[:40]
    answers = {number: as_cell(question.want) for number, question in enumerate(asked)}
    place = next(number for number, question in enumerate(asked) if isinstance(question.want, Decimal))
    monkeypatch.setattr(command, "questions", lambda count: asked)
    monkeypatch.setattr(command, "HOSTS", {"好": lambda asked, folder: answers})
    assert command.main(0) == 0
    assert "好：" in (told := capsys.readouterr().out)
    assert f"比较 {len(asked)} 次，0 处不同" in told
    monkeypatch.setattr(
        command, "HOSTS", {"差一分": lambda asked, folder: {**answers, place: as_cell(asked[place].want, 0.01)}}
    )
    assert command.main(0) == 1
    told = capsys.readouterr().out
    assert "1 处不同" in told
    assert str(asked[place]) in told


def test_the_quick_hosts_agree(tmp_path: Path) -> None:
    """The slow ones are compared by the command; every function has questions, most of them many."""
    asked = questions(5)
    for ask in (from_columns, from_xlwings):
        answers = ask(asked, tmp_path)
        assert [str(asked[number]) for number, got in answers.items() if not same(asked[number].want, got)] == []
    assert len({question.function.name for question in asked}) == 81
