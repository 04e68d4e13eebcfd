"""policy.toml is read strictly: what is wrong stops the program with file and key."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qdcalc.errors import PolicyError
from qdcalc.rules.figures import Policy, load_policy
from tests.rules.invented import FIGURES, HEAD, make


def load(folder: Path, text: str) -> Policy:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return load_policy(file)


def figure(lines: str) -> str:
    return f'{HEAD}\n[x]\ntitle = "数"\narticle = "第一条"\n{lines}'


WRONG = {
    "unknown key of the policy": (HEAD.replace("issued", "isued"), "policy.isued"),
    "unknown key of a figure": (figure('unit = "元"\nvalue = 1\nvalues = 2'), "x.values"),
    "unknown top-level key": ("surprise = 1\n" + HEAD, "surprise"),
    "no policy": ('[x]\ntitle = "数"\n', "policy"),
    "no title": ("[policy]\nid = 'x'\n", "policy.title"),
    "no unit": (figure("value = 1"), "x.unit"),
    "unknown unit": (figure('unit = "块"\nvalue = 1'), "x.unit"),
    "no article": (f'{HEAD}\n[x]\ntitle = "数"\nunit = "元"\nvalue = 1', "x.article"),
    "group without article": (f'{HEAD}\n[g]\na = {{ title = "数", unit = "元", value = 1 }}', "g.article"),
    "no value": (figure('unit = "元"\nnote = "无"'), "x"),
    "two shapes": (figure('unit = "元"\nvalue = 1\nnames = ["甲"]'), "x"),
    "value and versions": (figure('unit = "元"\nvalue = 1\nversions = [{ from = 2018-01-01, value = 1 }]'), "x"),
    "text for a number": (figure('unit = "元"\nvalue = "1"'), "x.value"),
    "flag for a number": (figure('unit = "元"\nvalue = true'), "x.value"),
    "negative": (figure('unit = "元"\nvalue = -1'), "x.value"),
    "too large": (figure('unit = "比例"\nvalue = 12'), "x.value"),
    "too many decimals": (figure('unit = "元"\nvalue = 0.001'), "x.value"),
    "unsorted band": (
        figure('unit = "比例"\nof = "元"\nbands = [{ from = 0, value = 0 }, { from = 5, value = 0.1 }, { from = 4, value = 0.2 }]'),
        "x.bands[2].from",
    ),
    "band twice": (
        figure('unit = "比例"\nof = "元"\nbands = [{ from = 0, value = 0 }, { from = 0, value = 0.1 }]'), "x.bands[1].from",
    ),
    "band not from 0": (figure('unit = "比例"\nof = "元"\nbands = [{ from = 1, value = 0 }]'), "x.bands"),
    "band without its unit": (figure('unit = "比例"\nbands = [{ from = 0, value = 0 }]'), "x.of"),
    "band with a surplus key": (figure('unit = "比例"\nof = "元"\nbands = [{ from = 0, to = 1, value = 0 }]'), "x.bands[0].to"),
    "table without keys": (figure('unit = "元"\nrows = [["甲", 1]]'), "x.keys"),
    "table row too short": (figure('unit = "元"\nkeys = ["类", "别"]\nrows = [["甲", 1]]'), "x.rows[0]"),
    "table row twice": (figure('unit = "元"\nkeys = ["类"]\nrows = [["甲", 1], ["甲", 2]]'), "x.rows[1]"),
    "name twice": (figure('unit = "名称"\nnames = ["甲", "甲"]'), "x.names"),
    "alias of nothing": (figure('unit = "名称"\nnames = ["甲"]\naliases = { "乙" = "丙" }'), "x.aliases.乙"),
    "date gap at the start": (figure('unit = "元"\nversions = [{ from = 2018-01-02, value = 1 }]'), "x.versions[0].from"),
    "date gap between": (
        figure('unit = "元"\nversions = [{ from = 2018-01-01, to = 2018-06-30, value = 1 }, { from = 2018-07-02, value = 2 }]'),
        "x.versions[1].from",
    ),
    "dates overlap": (
        figure('unit = "元"\nversions = [{ from = 2018-01-01, to = 2018-06-30, value = 1 }, { from = 2018-06-30, value = 2 }]'),
        "x.versions[1].from",
    ),
    "versions unsorted": (
        figure('unit = "元"\nversions = [{ from = 2018-01-01, value = 1 }, { from = 2018-01-01, value = 2 }]'),
        "x.versions[1].from",
    ),
    "last version ends": (figure('unit = "元"\nversions = [{ from = 2018-01-01, to = 2018-06-30, value = 1 }]'), "x.versions"),
    "a date with a time": (HEAD.replace("issued = 2018-01-01", "issued = 2018-01-01T00:00:00"), "policy.issued"),
    "ends before it starts": (HEAD.replace("valid_to = 2019-12-31", "valid_to = 2017-12-31"), "policy.valid_to"),
    "reading with an unknown default": (
        HEAD + '[[readings]]\nid = "a"\ntitle = "甲"\narticle = "一"\noptions = ["是"]\ndefault = "否"', "readings[0].default",
    ),
    "clause answered by nothing": (HEAD + "[provisions]\nT1-01 = []", "provisions.T1-01"),
    "clauses not as a table": ('provisions = ["T1-01"]\n' + HEAD, "provisions"),
    "gap without a reason": (HEAD + '[[gaps]]\nid = "a"\ntitle = "甲"\narticle = "一"', "gaps[0].reason"),
    "discrepancy with an unknown key": (
        HEAD + '[[discrepancies]]\nid = "a"\ntitle = "甲"\narticle = "一"\ntext = "乙"\nreason = "丙"', "discrepancies[0].reason",
    ),
    "two discrepancies of one id": (
        HEAD + 2 * '[[discrepancies]]\nid = "a"\ntitle = "甲"\narticle = "一"\ntext = "乙"\n', "discrepancies[1].id",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "key"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_names_itself_and_the_key(text: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as refusal:
        load(tmp_path, text)
    assert refusal.value.key == key
    assert str(tmp_path / "policy.toml") in refusal.value.sentence


def test_broken_toml_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        load(tmp_path, "[policy")
    with pytest.raises(PolicyError):
        load_policy(tmp_path / "nothing" / "policy.toml")


def test_numbers_are_decimals_and_groups_hand_down_their_article(tmp_path: Path) -> None:
    policy = load(tmp_path, f'{HEAD}\n[g]\narticle = "第九条"\nrate = {{ title = "率", unit = "比例", value = 0.1 }}')
    found = policy.figures["g.rate"]
    assert found.data == Decimal("0.1")
    assert isinstance(found.data, Decimal)
    assert found.article == "第九条"


def test_a_dated_figure_changes_on_its_day(tmp_path: Path) -> None:
    dated = load(tmp_path, HEAD + FIGURES).figures["dated"]
    days = [datetime.date(2018, 12, 31), datetime.date(2019, 1, 1), datetime.date(2019, 1, 2)]
    assert [dated.at(day) for day in days] == [10, 20, 20]


def test_a_function_takes_the_figure_of_its_day(tmp_path: Path) -> None:
    function = make(tmp_path, "pay: Yuan", "return smaller(pay, figure('dated'))")
    days = [None, "2018-01-01", "2018-12-31", "2019-01-01", "2019-12-31"]
    assert [function.answer([100, day]).value for day in days] == [20, 10, 10, 20, 20]
    for outside in ("2017-12-31", "2020-01-01"):
        error = function.answer([100, outside]).error
        assert error is not None
        assert error.cell_error == "#VALUE!"
        assert "2018-01-01" in error.sentence
        assert "2019-12-31" in error.sentence


def test_a_figure_is_replaced_for_one_call_and_checked_like_the_file(tmp_path: Path) -> None:
    function = make(tmp_path, "pay: Yuan, kind: Kind, km: Kilometres",
                    "return smaller(pay * tier('tiers', pay) + table('prices', kind) * km, figure('cap'))")  # fmt: skip
    values = function.values([200, "桥梁", 1])

    def what_if(**changes: object) -> object:
        return function.compute(values, function.policy_data.with_figures(changes))

    assert function.compute(values) == 300  # 200 × 0.5 + 200 × 1
    assert what_if(cap=Decimal("250.5")) == Decimal("250.5")
    assert what_if(tiers=[{"from": 0, "value": Decimal("0.25")}]) == 250
    assert function.compute(values, function.policy_data.with_figures({"prices[桥梁]": 50})) == 150
    assert function.compute(values) == 300
    for changes in ({"cap": -1}, {"caps": 1}, {"prices[船]": 1}, {"tiers": [{"from": 1, "value": 0}]}, {"cap[甲]": 1}):
        with pytest.raises(PolicyError):
            function.policy_data.with_figures(changes)


def test_a_reading_is_chosen_for_one_call(tmp_path: Path) -> None:
    from qdcalc.errors import UsageError

    function = make(tmp_path, "pay: Yuan", "return choose((reading('way', '乙'), 0), otherwise=pay)")
    values = function.values([5])
    assert function.compute(values) == 5
    assert function.compute(values, None, {"way": "乙"}) == 0
    for wrong in ({"way": "丙"}, {"weg": "乙"}):
        with pytest.raises(UsageError):
            function.compute(values, None, wrong)
