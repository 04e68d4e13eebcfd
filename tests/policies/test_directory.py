"""The two lists of names: nothing of the gazette is missing, nothing of the scan is left in them."""

from __future__ import annotations

import unicodedata
from collections import Counter

from qdcalc.policies.datafile import rows
from qdcalc.policies.delegation.rules import ITEMS
from qdcalc.policies.science.rules import DIRECTORY

NAMES = rows(DIRECTORY)


def test_the_49_items_are_those_of_the_departments() -> None:
    items = rows(ITEMS)
    assert [row["序号"] for row in items] == [str(number) for number in range(1, 50)]
    notes = Counter(row["备注"] for row in items)
    assert notes == {
        "": 25, "限于民办普通高中、中职学校": 8, "在三级医疗机构执业的除外": 11, "三级医疗机构除外": 5,
    }  # fmt: skip


def test_all_24_columns_are_there_in_order() -> None:
    numbers = [int(row["专栏"]) for row in NAMES]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 25))
    assert len({(row["专栏"], row["领域"]) for row in NAMES}) == 24


def test_every_part_of_every_column_is_there() -> None:
    """59 parts, each with technologies and partners; the gazette leaves some of the rest out."""
    parts = {
        kind: {(row["专栏"], row["细分领域"]) for row in NAMES if row["类别"] == kind}
        for kind in ("关键技术", "合作单位", "园区", "企业", "平台")
    }
    assert {kind: len(found) for kind, found in parts.items()} == {
        "关键技术": 59, "合作单位": 59, "园区": 58, "企业": 57, "平台": 54,
    }  # fmt: skip
    assert parts["关键技术"] == parts["合作单位"]
    assert parts["关键技术"] - parts["园区"] == {("5", "量子通信")}
    assert parts["关键技术"] - parts["企业"] == {("5", "量子通信"), ("17", "驱动电机")}


def test_a_name_stands_once_in_a_part() -> None:
    keys = Counter((row["专栏"], row["细分领域"], row["类别"], row["名称"]) for row in NAMES)
    assert [key for key, times in keys.items() if times > 1] == []


def test_names_are_clean() -> None:
    for row in NAMES:
        name = row["名称"]
        assert name == name.strip() != ""
        assert not name.endswith(("等", "。", "、"))
        assert not set(name) & set("。；<>()“”")
        assert row["类别"] == "关键技术" or "、" not in name
        han = "".join(letter for letter in name if "\u4e00" <= letter <= "\u9fff")
        assert han.encode("gb2312").decode("gb2312") == han  # simplified characters only
        assert name.count("（") == name.count("）")
        assert "公同" not in name
        assert unicodedata.is_normalized("NFC", name)
        assert row["类别"] == "关键技术" or not name.startswith(("重点", "开展"))
