"""The workbook of 科技创新: its example added up by other means, and what an officer is told about wrong input."""

from __future__ import annotations

import csv
import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.policies import functions, policies
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.planning import make_plan
from qdcalc.workbook.templates import find_template, template_plan
from tests.workbook import sums
from tests.workbook.books import DATA, ROOT, column, recalculated, status, total, value

FOLDER = DATA / "科技创新_示例"
DIRECTORY = ROOT / "qdcalc" / "policies" / "science" / "directory.csv"
KINDS = {"testing": "检验检测", "patents": "专利组合", "teams": "团队资助", "services": "知识产权服务", "funds": "首投",
         "banks": "银行贷款", "others": "其他核定"}  # fmt: skip


@cache
def example() -> tuple[Workbook, Plan]:
    path = ROOT / "workbooks" / "examples" / "科技创新_示例.xlsx"
    return openpyxl.load_workbook(path, data_only=True), template_plan("science", rows=40)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def amounts(sheet: str) -> list[tuple[str, Decimal]]:
    """What each line of a kind of support gets, with its 区（市）: the clauses read once more."""
    rows = sums.table(FOLDER, KINDS[sheet])
    return list(zip((row["区（市）"] for row in rows), _amounts(sheet, rows), strict=True))


def _amounts(sheet: str, rows: list[dict[str, str]]) -> list[Decimal]:
    if sheet == "testing":  # 20 %, at most 500,000 a year
        return [
            min(
                cents(Decimal(row["检测费（元）"]) * Decimal("0.2")),
                500_000 - Decimal(row["本表以外当年已得（元）"] or 0),
            )
            if row["千帆企业"] == "是"
            else Decimal(0)
            for row in rows
        ]
    if sheet == "patents":  # 500,000 each, once
        return [500_000 * Decimal(row["专利组合（项）"]) if row["符合条件"] == "是" else Decimal(0) for row in rows]
    if sheet == "teams":
        return [Decimal(row["认定资助额（元）"]) for row in rows]
    if sheet in ("services", "others"):
        return [Decimal(row["手填核定额（元）"] or 0) for row in rows]
    return _invested(rows) if sheet == "funds" else _lent(rows)


def _invested(rows: list[dict[str, str]]) -> list[Decimal]:
    """1 %, at most 200,000 a year for a fund, line after line."""
    left = dict.fromkeys((row["投资管理机构"] for row in rows), Decimal(200_000))
    for row in rows:
        left[row["投资管理机构"]] -= Decimal(row["本表以外当年已得（元）"] or 0)
    found = []
    for row in rows:
        amount = cents(Decimal(row["首投额（元）"]) / 100) if row["首投"] == "是" else Decimal(0)
        found.append(min(amount, left[row["投资管理机构"]]))
        left[row["投资管理机构"]] -= found[-1]
    return found


def _lent(rows: list[dict[str, str]]) -> list[Decimal]:
    """10,000 for every firm that is new to a bank with more than 1,000,000 together."""
    before = {(row["银行名称"], row["企业名称"]) for row in sums.table(FOLDER, "已计入企业")}
    together: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row["银行名称"], row["企业名称"])
        counts = row["千帆企业"] == "是"
        together[key] = together.get(key, Decimal(0)) + (Decimal(row["贷款额（元）"]) if counts else 0)
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        key = (row["银行名称"], row["企业名称"])
        new = key not in seen and key not in before and together[key] > 1_000_000
        found.append(Decimal(10_000 if new else 0))
        seen.add(key)
    return found


@pytest.mark.parametrize("sheet", KINDS)
def test_each_kind_of_support_adds_up(sheet: str) -> None:
    book, plan = example()
    expected = amounts(sheet)
    everything = sum(amount for _, amount in expected)
    key = "award" if sheet == "banks" else "approved"
    assert everything > 0
    assert total(book, plan, sheet, key) == total(book, plan, "by_district", sheet) == float(everything)
    summary = plan.summaries["by_district"]
    for at, district in enumerate(summary.groups):
        cell = book["汇总"].cell(summary.first + at + 1, summary.by_key[sheet].index + 1).value
        assert cell == float(sum(amount for name, amount in expected if name == district)), district


def test_both_summaries_give_the_same_sum() -> None:
    book, plan = example()
    everything = sum(amount for sheet in KINDS for _, amount in amounts(sheet))
    assert total(book, plan, "by_district", "all") == total(book, plan, "by_kind", "amount") == float(everything)
    paid = sum(amount > 0 for sheet in KINDS for _, amount in amounts(sheet))
    assert total(book, plan, "by_kind", "paid") == paid
    assert total(book, plan, "by_kind", "rows") == sum(len(amounts(sheet)) for sheet in KINDS)
    assert status(book) == "全部无误，另有2条提示"


def test_a_fund_is_capped_for_the_year() -> None:
    book, plan = example()
    assert [float(amount) for _, amount in amounts("funds")][:3] == [150_000, 50_000, 0]
    assert column(book, plan, "funds", "approved") == [float(amount) for _, amount in amounts("funds")]


def test_the_path_of_the_indicators() -> None:
    book, plan = example()
    ends = {"研发经费支出占生产总值比重": ("0.0278", "0.03"), "万人有效发明专利拥有量": ("23.97", "35"),
            "PCT国际专利年申请量": ("761", "1100"), "高新技术企业数量": ("2039", "5000"), "每万人拥有研发人员": ("93", "120"),
            "技术合同交易额": ("126", "220"), "科技投融资规模": ("150", "200")}  # fmt: skip
    typed = {(row["指标"], int(row["年份"])): row["实际值"] for row in sums.table(FOLDER, "主要指标")}
    behind = 0
    for at in range(42):
        name, year = list(ends)[at // 6], 2017 + at % 6
        start, goal = (Decimal(text) for text in ends[name])
        due = start + (goal - start) * (year - 2017) / 5
        assert value(book, plan, "indicators", "due", at) == pytest.approx(float(due), abs=1e-8)
        text = typed.get((name, year))
        if text:
            actual = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
            share = ((actual - start) / (goal - start)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            assert value(book, plan, "indicators", "progress", at) == float(share)
            behind += actual < due
    assert column(book, plan, "indicators", "on_path").count("未达到") == behind == 4


def test_the_goals_of_the_sectors() -> None:
    book, plan = example()
    assert total(book, plan, "by_item", "goal") == 5 + 50 + 97 + 20 + 77 + 9 + 5 + 14
    rows = sums.table(FOLDER, "领域目标")
    assert total(book, plan, "by_item", "reached") == sum(int(row["已实现"]) for row in rows)
    at = next(at for at, row in enumerate(rows) if (row["领域"], row["目标项目"]) == ("生物与医药", "龙头企业"))
    assert value(book, plan, "sectors", "target", at) == 3
    assert value(book, plan, "sectors", "upper", at) == 5
    assert "原文待核" in str(column(book, plan, "sectors", "notice"))


def finds(keyword: str, kind: str = "") -> list[str]:
    with DIRECTORY.open(encoding="utf-8-sig", newline="") as stream:
        return [
            row["名称"]
            for row in csv.DictReader(stream)
            if keyword in row["领域"] + "｜" + row["细分领域"] + "｜" + row["名称"] and kind in ("", row["类别"])
        ]


def test_the_directory_is_looked_up() -> None:
    book, plan = example()
    assert column(book, plan, "lookup", "found_entry") == finds("机器人")
    assert sum(cell == 1 for cell in column(book, plan, "directory", "hit")) == len(finds("机器人")) == 29


def test_recalculating_the_example_again_changes_nothing(tmp_path: Path) -> None:
    source = ROOT / "workbooks" / "examples" / "科技创新_示例.xlsx"
    recalc_book(source, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == source.read_bytes()


# ---------------------------------------------------------------- wrong input

FIELDS = {"office": "市科技局"}
FIRM: dict[str, Any] = {"firm": "甲公司", "place": "市南区", "thousand": "是", "cost": 100_000}
FUND: dict[str, Any] = {
    "fund": "甲基金", "place": "市南区", "firm": "甲公司", "day": "2018-05-08", "first": "是", "invested": 5_000_000,
}  # fmt: skip
LOAN: dict[str, Any] = {"bank": "甲银行", "place": "市南区", "firm": "甲公司", "thousand": "是", "loan": 2_000_000}
SERVICE: dict[str, Any] = {"agency": "甲事务所", "place": "市南区", "revenue": 10_000_000.01, "excellent": "是"}
OTHER: dict[str, Any] = {
    "matter": "企业研发费用奖励",
    "subject": "甲公司",
    "place": "市南区",
    "manual": 5,
    "ground": "文件",
}
PATENTS: dict[str, Any] = {"firm": "甲公司", "place": "市南区", "leading": "是", "portfolios": 2, "fit": "是"}
TEAM: dict[str, Any] = {"team": "甲团队", "host": "甲公司", "place": "市南区", "decided": 10_000_000}

WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "testing": [
        ({"firm": "一", "cost": None}, "检测费（元）：未填写"),
        ({"firm": "二", "cost": -1}, "是负数"),
        ({"firm": "三", "cost": "十万"}, "“十万”不是数值"),
        ({"firm": "四", "thousand": "对"}, "千帆企业应填 是 或 否"),
        ({"firm": "五", "place": None}, "区（市）：未填写"),
        ({"firm": None}, "企业名称：未填写"),
        ({"firm": "六"}, "与其他行重复"),
        ({"firm": "六"}, "与其他行重复"),
    ],
    "patents": [
        ({"firm": "一", "portfolios": 1.5}, "不是整数"),
        ({"firm": "二", "fit": None}, "符合条件：未填写"),
    ],
    "teams": [
        ({"team": "一", "decided": 9_999_999.99}, "认定资助额低于下限 10000000 元"),
        ({"team": "二", "decided": 100_000_000.01}, "认定资助额高于上限 100000000 元"),
    ],
    "services": [
        ({"agency": "一", "manual": 5}, "应写核定依据"),
        ({"agency": "二", "revenue": 10_000_000, "manual": 5, "ground": "文件"}, "不符合条件的不能填手填核定额"),
        ({"agency": "三", "manual": "五万", "ground": "文件"}, "手填核定额不是数值"),
        ({"agency": "四", "manual": -5, "ground": "文件"}, "手填核定额不能是负数"),
    ],
    "funds": [
        # wrong lines hold their part of the cap until they are mended: the right one is of another fund
        ({"fund": "乙基金", "firm": "一", "invested": None}, "首投额（元）：未填写"),
        ({"fund": "乙基金", "firm": "二", "day": "2017-05-08"}, "首投日期不在填报年度内"),
        ({"fund": "乙基金", "firm": "三", "day": "去年"}, "首投日期不是日期"),
        ({"fund": "乙基金", "firm": "四"}, "本表列了两笔"),
        ({"fund": "乙基金", "firm": "四"}, "本表列了两笔"),
        ({"fund": "乙基金", "firm": "五", "first": None}, "首投：未填写"),
    ],
    "banks": [
        ({"firm": "一", "loan": "百万"}, "贷款额不是数值"),
        ({"firm": "二", "loan": -1}, "贷款额不能是负数"),
        ({"firm": "三", "loan": None}, "贷款额（元）：未填写"),
        ({"firm": "四", "thousand": "也许"}, "千帆企业应填 是 或 否"),
    ],
    "others": [
        ({"manual": None}, "手填核定额未填写"),
        ({"ground": None}, "应写核定依据"),
        ({"matter": "奖金"}, "事项不在可选范围内"),
    ],
}  # fmt: skip
RIGHT = {
    "testing": FIRM,
    "patents": PATENTS,
    "teams": TEAM,
    "services": SERVICE,
    "funds": FUND,
    "banks": LOAN,
    "others": OTHER,
}


def part(*keys: str, plain: bool = False, rows: int = 10) -> Plan:
    """The workbook with some of its sheets alone: what a test does not look at need not be worked out."""
    whole = find_template("science")
    kept = {
        "sheets": tuple(sheet for sheet in whole.sheets if sheet.key in keys),
        "claims": (), "summaries": (), "charts": (), "checks": (),
    }  # fmt: skip
    return make_plan(whole.model_copy(update=kept), policies()["science"], functions(), rows=rows, plain=plain)


def days(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """ISO dates as dates, everything else as it is."""

    def cell(value_: Any) -> Any:
        return datetime.date.fromisoformat(value_) if isinstance(value_, str) and value_[:2] == "20" else value_

    return [{key: cell(item) for key, item in row.items()} for row in rows]


def test_wrong_input_is_told_in_both_editions_and_left_out(tmp_path: Path) -> None:
    data = {
        sheet: days([*({**RIGHT[sheet], **change} for change, _ in wrong), RIGHT[sheet]])
        for sheet, wrong in WRONG.items()
    }
    found = []
    for plain in (False, True):
        plan = part(*WRONG, "before", plain=plain)
        (folder := tmp_path / str(plain)).mkdir()
        book = recalculated(plan, folder, data, FIELDS)
        for sheet, wrong in WRONG.items():
            for at, (change, words) in enumerate(wrong):
                told = str(value(book, plan, sheet, "notice", at)).strip("　")
                assert told if plain else words in told, (sheet, change, told)
                assert value(book, plan, sheet, "mark", at) == NO, (sheet, change)
            assert value(book, plan, sheet, "mark", len(wrong)) == YES, sheet
        found.append(
            {
                (sheet, item.title): column(book, plan, sheet, item.key)
                for sheet in WRONG
                for item in plan.tables[sheet].columns
                if item.role in ("output", "mark")
            }
            | {
                (sheet, "合计"): total(book, plan, sheet, "award" if sheet == "banks" else "approved")
                for sheet in WRONG
            }
        )
    assert found[0] == found[1]
    assert found[0]["testing", "合计"] == 20_000
    assert found[0]["teams", "合计"] == 10_000_000
    assert found[0]["funds", "合计"] == 50_000
    assert found[0]["banks", "合计"] == 10_000
    assert found[0]["others", "合计"] == 5


def test_a_service_without_an_amount_is_a_hint(tmp_path: Path) -> None:
    plan = part("services", "testing")
    book = recalculated(plan, tmp_path, {"services": [SERVICE]}, FIELDS)
    assert value(book, plan, "services", "verdict") == "符合"
    assert "请填手填核定额" in str(value(book, plan, "services", "notice"))
    assert value(book, plan, "services", "mark") == YES
    assert total(book, plan, "services", "approved") == 0


@pytest.mark.parametrize("plain", [False, True], ids=["functions", "plain"])
def test_a_bank_counts_a_firm_once_and_only_if_it_is_new(plain: bool, tmp_path: Path) -> None:
    plan = part("banks", "before", "testing", plain=plain)
    loans = [
        {**LOAN, "loan": 600_000}, {**LOAN, "firm": "甲 公司", "loan": 600_000}, {**LOAN, "firm": "乙公司", "loan": 1_000_000},
        {**LOAN, "firm": "丙公司", "loan": 1_000_000.01}, {**LOAN, "firm": "丁公司"}, {**LOAN, "bank": "乙银行", "firm": "丁公司"},
        {**LOAN, "firm": "戊公司", "thousand": "否"},
    ]  # fmt: skip
    before = [{"bank_before": "甲银行", "firm_before": "丁公司"}]
    book = recalculated(plan, tmp_path, {"banks": loans, "before": before}, FIELDS)
    table = plan.tables["banks"]
    cells = [book[table.name][table.cell("award", table.first + row)].value for row in range(7)]
    assert [cell or 0 for cell in cells] == [10_000, 0, 0, 10_000, 0, 10_000, 0]
    assert total(book, plan, "banks", "award") == 30_000


@pytest.mark.parametrize(
    ("keyword", "kind", "words"),
    [
        ("海尔", "平台", "已全部列出"),
        ("mems", "", "已全部列出"),
        ("技术", "", "只列出前40条"),
        ("没有的", "", "没有查到"),
        (None, "", "请填关键词"),
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["functions", "plain"])
def test_both_editions_look_up_alike(keyword: str | None, kind: str, words: str, plain: bool, tmp_path: Path) -> None:
    plan = part("lookup", "directory", plain=plain)
    book = recalculated(plan, tmp_path, {}, {"keyword": keyword, "wanted": kind})
    expected = finds(keyword.upper() if keyword == "mems" else keyword, kind) if keyword else []
    assert column(book, plan, "lookup", "found_entry") == expected[:40]
    row, place = plan.tables["lookup"].heads["told"]
    assert words in str(book["名录查询"].cell(row + 1, place + 1).value)


@pytest.mark.parametrize("plain", [False, True], ids=["functions", "plain"])
def test_wrong_actual_values_are_told(plain: bool, tmp_path: Path) -> None:
    plan = part("indicators", "sectors", plain=plain)
    indicators: list[dict[str, Any]] = [{"actual": 2.81}, {"actual": "高"}, {"actual": 0.03}]
    data = {"indicators": indicators, "sectors": [{"reached": 1.5}, {"reached": "多"}, {"reached": 12}]}
    book = recalculated(plan, tmp_path, data, {"path": "复合"})
    notices = [str(value(book, plan, "indicators", "notice", at)) for at in range(2)]
    assert "比重应填百分数" in notices[0]
    assert "不是数值" in notices[1]
    assert column(book, plan, "indicators", "mark") == [NO, NO, YES]
    assert value(book, plan, "indicators", "due", 2) == pytest.approx(0.0278 * (0.03 / 0.0278) ** 0.4, abs=1e-8)
    assert "应为不小于 0 的整数" in str(value(book, plan, "sectors", "notice", 0))
    assert "不是数值" in str(value(book, plan, "sectors", "notice", 1))
    assert column(book, plan, "sectors", "mark") == [NO, NO, YES]
