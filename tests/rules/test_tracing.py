"""Python that would decide while tracing, figures in code, unguarded names and overflow are refused, naming the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdcalc.errors import TracingError
from tests.rules.invented import make

WRONG = {
    "if": "if pay > figure('cap'): return pay\nreturn pay",
    "and": "return choose((flag and flag, pay), otherwise=0)",
    "not": "return choose((not flag, pay), otherwise=0)",
    "chained comparison": "return choose((figure('cap') < pay < other, pay), otherwise=0)",
    "in a list": "return choose((kind in ['道路'], pay), otherwise=0)",
    "in a set": "return choose((kind in {'道路'}, pay), otherwise=0)",
    "in a node": "return choose((pay in other, pay), otherwise=0)",
    "iterate": "return sum(x for x in pay)",
    "unpack": "a, b = pay\nreturn a",
    "int": "return pay * int(other)",
    "float": "return pay * float(other)",
    "round": "return round(pay, 0)",
    "f string": "require(flag, f'{pay}')\nreturn pay",
    "str": "require(flag, str(pay))\nreturn pay",
    "percent format": "require(flag, '%s' % pay)\nreturn pay",
    "division": "return pay / other",
    "floor division": "return pay // other",
    "modulo": "return pay % other",
    "power": "return pay ** 1",
    "negation": "return -pay",
    "abs": "return abs(pay)",
    "min": "return min(pay, other)",
    "index": "return [1, 2][pay]",
    "subscript": "return pay[0]",
    "len": "return len(pay)",
    "dictionary key": "return {pay: 1}[pay]",
    "bare figure": "return pay * 2",
    "bare decimal": "from decimal import Decimal\nreturn pay * Decimal('0.5')",
    "bare float": "return pay * 0.5",
    "bare figure compared": "return choose((pay > 100, pay), otherwise=0)",
    "boolean as a number": "return pay * True",
    "math": "import math\nreturn math.floor(pay)",
    "flag compared": "return choose((flag == flag, pay), otherwise=0)",
    "number as condition": "return choose((pay, pay), otherwise=0)",
    "and of a number": "return choose((flag & pay, pay), otherwise=0)",
    "require a number": "require(pay, '错')\nreturn pay",
    "warn a number": "warn(pay, '错')\nreturn pay",
    "unknown period": "day = None\nreturn periods('年', day, day)",
    "unknown figure": "return figure('nothing_here')",
    "figure of another shape": "return figure('tiers')",
    "unknown reading": "return choose((reading('way', '丙'), pay), otherwise=0)",
    "misspelt name": "return choose((kind == '道璐', pay), otherwise=0)",
    "free text compared": "return choose((word == '甲', pay), otherwise=0)",
    "table without a row": "return table('some_prices', kind) * km",
    "table with too few keys": "return table('prices') * km",
    "table by a free text": "return table('prices', word) * km",
    "units added": "return pay + km",
    "units compared": "return choose((pay > km, pay), otherwise=0)",
    "units multiplied": "return pay * other",
    "band of another unit": "return pay * tier('tiers', km)",
    "band of a negative": "return pay * tier('tiers', pay - other)",
    "unit of the result": "return km",
    "no node": "return 'x'",
    "placeholder without a figure": "require(flag, '不足{nothing_here}')\nreturn pay",
    "overflow": "return pay * (figure('rate') * (figure('rate') * (figure('rate') * figure('rate'))))",
    "negative rounded": "return half_up((pay - other) * figure('rate'), 0)",
}  # fmt: skip
SIGNATURE = "pay: Yuan, other: Yuan, km: Kilometres, kind: Kind, flag: Flag, word: Annotated[Text, TextType()]"


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_wrong_python_is_refused_where_it_stands(body: str, tmp_path: Path) -> None:
    function = make(tmp_path, SIGNATURE, body)
    with pytest.raises(TracingError) as refusal:
        _ = function.tree
    assert refusal.value.place
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.value.sentence)


def test_the_refusal_names_file_and_line(tmp_path: Path) -> None:
    function = make(tmp_path, SIGNATURE, "rate = figure('rate')\nif rate > 0:\n    return pay\nreturn pay")
    with pytest.raises(TracingError, match=r"rules\.py:\d+") as refusal:
        _ = function.tree
    line = int(refusal.value.place.rsplit(":", 1)[1])
    assert (tmp_path / "rules.py").read_text(encoding="utf-8").splitlines()[line - 1].strip() == "if rate > 0:"


@pytest.mark.parametrize(
    ("signature", "result", "body"),
    [
        ("pay", "Yuan", "return pay"),
        ("pay: float", "Yuan", "return pay"),
        ("pay: Yuan", "Number", "return pay"),
        ("strange: Yuan", "Yuan", "return strange"),
        ("pay: Yuan = None", "Yuan", "return pay"),
    ],
    ids=["no type", "a Python type", "no unit of the result", "no Chinese name", "a default of None"],
)
def test_a_wrong_signature_is_refused(signature: str, result: str, body: str, tmp_path: Path) -> None:
    function = make(tmp_path, signature, body, result=result)
    with pytest.raises(TracingError):
        _ = function.tree


def test_a_name_can_be_taken_once(tmp_path: Path) -> None:
    from qdcalc.policies import functions
    from qdcalc.rules import provision

    assert "QD_TALENT_SUBSIDY" in functions()
    with pytest.raises(TracingError, match="已在 talent 中定义"):
        provision("QD_TALENT_SUBSIDY", title="试", article="第一条", arguments={})(lambda: None)
    with pytest.raises(TracingError, match="大写字母"):
        provision("QD_talent", title="试", article="第一条", arguments={})(lambda: None)


def test_verbs_outside_a_rule_are_refused() -> None:
    from qdcalc.rules import figure

    with pytest.raises(TracingError, match="@provision"):
        figure("cap")
