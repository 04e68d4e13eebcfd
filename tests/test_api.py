"""The public face: what it returns, what it refuses, and that importing it costs nothing."""

from __future__ import annotations

import datetime
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

import qdcalc
from qdcalc import CalculationError, MissingValue, UnknownFunction, UsageError

HEAVY = (
    "polars",
    "pydantic",
    "openpyxl",
    "formualizer",
    "rich",
    "xlwings",
    "xlsxwriter",
    "msoffcrypto",
    "cryptography",
)


def test_call_returns_exact_values_of_each_kind() -> None:
    subsidy = qdcalc.call("QD_TALENT_SUBSIDY", 499999.99)
    assert (type(subsidy), str(subsidy)) == (Decimal, "40000.00")
    assert qdcalc.call("QD_TALENT_RATE", Decimal("500000")) == Decimal("0.1")
    assert qdcalc.call("QD_STAR_TRAINING", 7) == "达标"
    assert qdcalc.call("QD_POLICY_IN_FORCE", "talent", datetime.date(2020, 12, 31)) is True
    assert qdcalc.call("QD_POLICY_INFO", "road", "issued") == datetime.date(2018, 8, 21)
    paid = qdcalc.call("QD_ALLOCATE", [1, 2, 3], ["2018-01-01", "2018-01-03", "2018-01-02"], 3.5)
    assert paid == [[Decimal(1)], [Decimal(0)], [Decimal("2.5")]]


def test_arguments_by_position_by_python_name_and_by_chinese_name() -> None:
    expected = Decimal("7500000.00")
    assert qdcalc.call("QD_ROAD_SUBSIDY", "大修", 6, "平度市", 10, 0, 15000000) == expected
    assert qdcalc.call("qd_road_subsidy", "大修", 6, "平度", 10, poor_km=0, estimate=15000000) == expected
    named: dict[str, Any] = {"薄弱村里程（公里）": None, "概算投资（元）": 15000000}
    with pytest.raises(MissingValue, match="薄弱村里程"):
        qdcalc.call("QD_ROAD_SUBSIDY", "大修", 6, "平度市", 10, **named)
    named["薄弱村里程（公里）"] = 0
    assert qdcalc.call("QD_ROAD_SUBSIDY", "大修", 6, "平度市", 10, **named) == expected
    assert qdcalc.call("QD_TALENT_SUBSIDY", 650000, on=datetime.date(2019, 1, 1)) == Decimal("65000.00")


@pytest.mark.parametrize(
    ("args", "named", "said"),
    [
        ((650000,), {"paid": 1}, "没有参数“paid”，有：劳动报酬（元）、事项日期"),
        ((650000,), {"pay": 1}, "参数“pay”给了两次"),
        ((650000,), {"劳动报酬（元）": 1}, "给了两次"),
    ],
)
def test_wrong_names_are_wrong_use(args: tuple[object, ...], named: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        qdcalc.call("QD_TALENT_SUBSIDY", *args, **named)


@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        (None, "#N/A", "未填写"),
        ("650000", "#VALUE!", "文本形式存储的数字"),
        (True, "#VALUE!", "逻辑值"),
        (-1, "#VALUE!", "负数"),
        (10**13, "#NUM!", "超出范围"),
        (datetime.date(2018, 1, 1), "#VALUE!", "是日期"),
    ],
)
def test_a_cell_without_an_answer_raises_with_the_error_of_the_cell(cell: object, kind: str, said: str) -> None:
    with pytest.raises(CalculationError, match=said) as caught:
        qdcalc.call("QD_TALENT_SUBSIDY", cell)
    assert (caught.value.cell_error, caught.value.argument) == (kind, "劳动报酬（元）")


def test_an_unknown_function_names_those_that_are_near() -> None:
    with pytest.raises(UnknownFunction, match=r"是否指：.*QD_TALENT_SUBSIDY"):
        qdcalc.call("QD_TALENT_SUBSIDIES", 1)


def test_what_ifs_and_readings() -> None:
    assert qdcalc.call("QD_TALENT_SUBSIDY", 3000000, figures={"cap": 250000}) == Decimal("250000.00")
    assert qdcalc.call("QD_TALENT_SUBSIDY", 3000000) == Decimal("200000.00")  # the law is as it was
    road = ("大修", 6, "平度市", 10, 0, 30000000)
    changed = {"rates[大修,6米及以上,平度、莱西]": 950000}
    assert qdcalc.call("QD_ROAD_SUBSIDY", *road, figures=changed) == Decimal("9500000.00")
    west = ("大修", 7, "青岛西海岸新区", 10, 0, 30000000)
    assert qdcalc.call("QD_ROAD_SUBSIDY", *west) == 0
    assert qdcalc.call("QD_ROAD_SUBSIDY", *west, readings={"west_coast": "享受"}) == Decimal("5500000.00")
    with pytest.raises(UsageError, match="没有口径“west”"):
        qdcalc.call("QD_ROAD_SUBSIDY", *west, readings={"west": "享受"})
    with pytest.raises(UsageError, match="不能换数值试算"):
        qdcalc.call("QD_POLICY_IN_FORCE", "road", "2019-01-01", figures={"cap": 1})


def test_explain_is_a_text_and_its_parts() -> None:
    found = qdcalc.explain("QD_TALENT_SUBSIDY", pay=650000)
    assert found.value == Decimal("65000.00")
    assert str(found).splitlines()[0] == "金融高端人才一次性补助（QD_TALENT_SUBSIDY）"
    assert found.citation.endswith("第九条（一）")


def test_columns() -> None:
    found = qdcalc.columns("QD_TALENT_SUBSIDY", {"pay": [650000, None, 499999.99]})
    assert found.values.to_list() == [Decimal("65000.00"), None, Decimal("40000.00")]
    assert found.failures.rows()[0][:2] == (1, "劳动报酬（元）")
    tried = qdcalc.columns("QD_TALENT_SUBSIDY", {"劳动报酬（元）": [3000000]}, figures={"cap": 1})
    assert tried.values.to_list() == [Decimal("1.00")]
    with pytest.raises(UsageError, match="试算数值“nix”"):
        qdcalc.columns("QD_TALENT_SUBSIDY", {"pay": [1]}, figures={"nix": 1})
    with pytest.raises(UsageError, match="没有口径"):
        qdcalc.columns("QD_TALENT_SUBSIDY", {"pay": [1]}, readings={"nix": "1"})


def test_functions_and_policies() -> None:
    assert qdcalc.functions()["QD_ROAD_SUBSIDY"].article == "附件1 四（一）1"
    assert qdcalc.policies()["talent"].number == "青政办发〔2018〕17号"


def test_the_rooms_stay_rooms_and_can_be_called() -> None:
    """Importing qdcalc.policies.x puts the package where the function policies() is promised; recalc likewise."""
    code = (
        "import qdcalc, qdcalc.policies, qdcalc.recalc, qdcalc.recalc.limits\n"
        "from qdcalc.policies import find\n"
        "assert qdcalc.policies is __import__('sys').modules['qdcalc.policies']\n"
        "assert qdcalc.policies()['road'].code == 'D5' and callable(qdcalc.recalc)\n"
        "assert qdcalc.policies.find is find\n"
        "import qdcalc.recalc.limits as limits; assert limits.DEFAULT_LIMITS\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    subprocess.run([sys.executable, "-c", "import qdcalc; assert qdcalc.policies()['road'].code == 'D5'"], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'nix'"):
        qdcalc.nix  # noqa: B018


def test_importing_is_light_and_calling_stays_so() -> None:
    code = (
        "import sys, qdcalc\n"
        "assert not [name for name in sys.modules if name.startswith('qdcalc.') and name != 'qdcalc.errors']\n"
        "qdcalc.call('QD_ROAD_SUBSIDY', '大修', 6, '平度市', 10, 0, 15000000)\n"
        "str(qdcalc.explain('QD_ROAD_SUBSIDY', '大修', 6, '平度市', 10, 0, 15000000))\n"
        f"found = sorted(set(sys.modules) & set({HEAVY!r}))\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_error_is_at_the_front_door() -> None:
    from qdcalc import errors

    known = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, errors.QdcalcError)]
    assert len(known) == 18
    for item in known:
        assert getattr(qdcalc, item.__name__) is item
        assert item.__name__ in qdcalc.__all__
