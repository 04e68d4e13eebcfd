"""The workbook of 财富管理: every total of the example added up a second way, wrong input told, prizes and shares."""

from __future__ import annotations

import datetime
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from qdcalc.workbook.examples import EXAMPLES
from qdcalc.workbook.plan import NO, YES, Plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import DATA, ROOT, checks, column, recalculated, status, total, value
from tests.workbook.sums import table

EXAMPLE = DATA / "财富管理_示例"
CENT = Decimal("0.01")
MILLION = 1_000_000


# ---------------------------------------------------------------- the example, by plain arithmetic


def number(text: str) -> Decimal:
    return Decimal(text or 0)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def setup(row: dict[str, str]) -> Decimal:
    """一（一）1."""
    capital = number(row["实缴注册资本（元）"])
    steps = int(capital // (1000 * MILLION))
    return Decimal(20 * MILLION * min(steps, 5)) if steps else cents(capital * Decimal("0.02"))


def increase(row: dict[str, str]) -> Decimal:
    """一（二）."""
    base = max(Decimal(0), number(row["新增资本（元）"]) - number(row["政府投资额（元）"]))
    return min(cents(base * Decimal("0.01")), Decimal(5 * MILLION))


def regional(row: dict[str, str]) -> Decimal:
    """一（三）."""
    if row["在青岛市汇总纳税"] == "否" or row["业务管辖范围"] == "仅其他省份":
        return Decimal(0)
    return Decimal(2 * MILLION if row["业务管辖范围"] == "山东省及其他省份" else MILLION)


def listing(row: dict[str, str]) -> Decimal:
    """三（一）."""
    room = Decimal(3 * MILLION) - number(row["已得补助（元）"])
    return min(cents(number(row["中介费（元）"]) / 2), room)


def neeq(row: dict[str, str]) -> Decimal:
    """三（二）."""
    return min(number(row["手填核定额（元）"]), Decimal(1_200_000)) if row["市级重点拟挂牌企业"] == "是" else Decimal(0)


def market(row: dict[str, str]) -> Decimal:
    """三（三）."""
    return min(number(row["手填核定额（元）"]), Decimal(300_000)) if row["上市公司"] == "否" else Decimal(0)


def without_others(own: Decimal, row: dict[str, str]) -> Decimal:
    """五（一）."""
    return own if own >= number(row["其他政策同类补助（元）"]) else Decimal(0)


PRIZES = {
    ("项目创新奖", "一等"): 1_000_000, ("项目创新奖", "二等"): 500_000, ("项目创新奖", "三等"): 300_000,
    ("研究创新奖", "一等"): 500_000, ("研究创新奖", "二等"): 300_000, ("研究创新奖", "三等"): 200_000,
}  # fmt: skip
QUOTAS = {"一等": 1, "二等": 2, "三等": 3}


def prizes(rows: list[dict[str, str]]) -> list[Decimal]:
    """二（一）, 二（二）: of each applicant the highest alone, of equal ones the first."""
    amounts = [PRIZES[row["奖项"], row["奖级"]] for row in rows]
    found = []
    for at, row in enumerate(rows):
        own = [(-amounts[i], i) for i, other in enumerate(rows) if other["申报主体"] == row["申报主体"]]
        found.append(Decimal(amounts[at] if min(own)[1] == at else 0))
    return found


def clawback(row: dict[str, str]) -> Decimal:
    """五（二）, of the example, where nobody has stayed ten years."""
    bound = row["主体"] in ("金融机构", "市场机构")
    return number(row["已享受补助（元）"]) if row["迁离日期"] and bound else Decimal(0)


Line = tuple[str, str, Decimal, str]
"""补助类别, 区（市）, 核定补助, who pays."""
SHARED, CITY, NOBODY = "shared", "city", "nobody"


def granted(sheet: str, kind: str, amount: Any) -> list[Line]:
    lines = []
    for row in table(EXAMPLE, sheet):
        own = without_others(amount(row), row)
        by_hand = (
            row.get("手填核定额（元）")
            if "其他政策" in "".join(row) and sheet not in ("新三板", "区域性股权市场")
            else ""
        )
        lines.append((kind, row["区（市）"], number(by_hand) if by_hand else own, SHARED))
    return lines


def everything() -> dict[str, list[Line]]:
    """Every line of the example, by the key of its sheet."""
    places = {row["机构名称"]: row for row in table(EXAMPLE, "落户")}
    contribution = []
    for row in table(EXAMPLE, "经济贡献"):
        opened = places[row["机构名称"]]["开业或迁入日期"]
        inside = opened <= row["贡献所属期末"] < f"{int(opened[:4]) + 5}{opened[4:]}"
        amount = number(row["手填核定额（元）"]) if inside else Decimal(0)
        contribution.append(("经济贡献补助", places[row["机构名称"]]["区（市）"], amount, SHARED))
    awards = table(EXAMPLE, "创新奖")
    paid_by = {"创新贡献奖": CITY, "金融人才补助": CITY, "安家补贴": NOBODY}
    return {
        "setup": granted("落户", "法人机构落户补助", setup),
        "contribution": contribution,
        "increase": granted("增资", "增资补助", increase),
        "regional": granted("区域总部", "区域性管辖机构补助", regional),
        "prizes": [
            (row["奖项"], row["区（市）"], paid, CITY) for row, paid in zip(awards, prizes(awards), strict=True)
        ],
        "listing": granted("上市", "上市中介费补助", listing),
        "neeq": granted("新三板", "新三板挂牌补助", neeq),
        "market": granted("区域性股权市场", "区域性市场挂牌补助", market),
        "manual": [
            (row["补助类别"], row["区（市）"], number(row["手填核定额（元）"]), paid_by.get(row["补助类别"], SHARED))
            for row in table(EXAMPLE, "人工核定")
        ],
    }


def shared(line: Line, shares: dict[str, Decimal]) -> tuple[Decimal, Decimal]:
    """City and district."""
    _, place, amount, payer = line
    if payer == CITY:
        return amount, Decimal(0)
    if payer == NOBODY or place not in shares:
        return Decimal(0), Decimal(0)
    city = cents(amount * shares[place])
    return city, amount - city


@pytest.fixture(scope="module")
def example() -> tuple[Plan, Workbook]:
    item = next(item for item in EXAMPLES if item.policy == "wealth")
    path = ROOT / "workbooks" / "examples" / f"{item.file}.xlsx"
    return template_plan("wealth", rows=item.rows), openpyxl.load_workbook(path, data_only=True)


SHARES = {row["区（市）"]: Decimal(row["市级比例"]) for row in table(EXAMPLE, "分担比例")}


def test_every_sheet_of_the_example_adds_up(example: tuple[Plan, Workbook]) -> None:
    made, book = example
    for sheet, lines in everything().items():
        assert column(book, made, sheet, "approved") == [float(line[2]) for line in lines], sheet
        assert total(book, made, sheet, "approved") == float(sum(line[2] for line in lines)), sheet
        for at, key in enumerate(("city", "local")):
            assert total(book, made, sheet, key) == float(sum(shared(line, SHARES)[at] for line in lines)), (sheet, key)


def test_both_summaries_add_up(example: tuple[Plan, Workbook]) -> None:
    made, book = example
    lines = [line for part in everything().values() for line in part]
    back = [(row["原补助类别"], row["区（市）"], row) for row in table(EXAMPLE, "追缴")]
    for at, key in enumerate(("by_kind", "by_district")):
        summary = made.summaries[key]
        sheet = book[summary.name]
        assert {line[at] for line in lines} <= set(summary.groups)
        for row, group in enumerate(summary.groups, start=summary.first + 1):
            own = [line for line in lines if line[at] == group]
            amount = sum((line[2] for line in own), Decimal(0))
            city, local = (sum((shared(line, SHARES)[part] for line in own), Decimal(0)) for part in (0, 1))
            repaid = sum(
                (number(item[2]["手填核定额（元）"]) or clawback(item[2]) for item in back if item[at] == group),
                Decimal(0),
            )
            expected = [len([line for line in own if line[2] > 0]), amount, city, local, amount - city - local, repaid]
            found = [sheet.cell(row, place).value for place in range(2, 8)]
            assert found == [float(part) for part in expected], group
        assert total(book, made, key, "approved") == float(sum(line[2] for line in lines))
    assert status(book) == "全部无误，另有3条提示"


def test_the_chart_of_many_kinds_lies_with_the_first_on_top() -> None:
    path = ROOT / "workbooks" / "examples" / f"{EXAMPLE.name}.xlsx"
    with zipfile.ZipFile(path) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    lying = [chart for chart in charts if '<c:barDir val="bar"/>' in chart]
    assert len(charts) == 2
    assert len(lying) == 1
    assert '<c:orientation val="maxMin"/>' in lying[0]


def test_the_quotas_of_the_example(example: tuple[Plan, Workbook]) -> None:
    made, book = example
    awards = table(EXAMPLE, "创新奖")
    for row, (kind, grade) in enumerate(PRIZES):
        given = sum(award["奖项"] == kind and award["奖级"] == grade for award in awards)
        assert value(book, made, "quotas", "quota", row) == QUOTAS[grade]
        assert value(book, made, "quotas", "given", row) == given
        assert value(book, made, "quotas", "vacant", row) == QUOTAS[grade] - given
    assert total(book, made, "quotas", "over") == 0
    assert total(book, made, "quotas", "paid") == float(sum(prizes(awards)))


def test_the_example_shows_what_there_is(example: tuple[Plan, Workbook]) -> None:
    made, book = example
    told = " ".join(
        str(cell) for part in made.tables for key in ("notice",) if key in made.tables[part].by_key
        for cell in column(book, made, part, key)
    )  # fmt: skip
    for words in (
        "就高兑现", "其他政策同类补助更高", "未在青岛市汇总纳税", "只覆盖部分地市", "扣除政府投资额后没有余额", "高于上限",
        "不是市级重点拟挂牌企业", "上市公司不予补助", "不在开业起5年内", "未迁离", "其他企业未写", "须人工核对",
    ):  # fmt: skip
        assert words in told, words
    assert {0, 1_600_000, 19_980_000, 20_000_000, 40_000_000, 60_000_000, 80_000_000, 100_000_000} <= set(
        column(book, made, "setup", "amount")
    ) | {0}


# ---------------------------------------------------------------- wrong input, one workbook an edition


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


PLACE = {"district": "崂山区"}
GOOD: dict[str, dict[str, Any]] = {
    "setup": {**PLACE, "way": "新设立", "day": day("2019-01-02"), "capital": 1_000_000_000},
    "contribution": {"name": "机构0", "day": day("2019-12-31"), "manual": 100, "ground": "核定表"},
    "increase": {**PLACE, "day": day("2019-01-02"), "new_capital": 300_000_000, "government": 50_000_000},
    "regional": {**PLACE, "day": day("2019-01-02"), "coverage": "山东省", "taxed": "是"},
    "prizes": {**PLACE, "registered": "是", "project": "甲", "kind": "项目创新奖", "grade": "三等"},
    "listing": {**PLACE, "way": "买壳上市并迁入", "day": day("2019-01-02"), "fees": 5_000_000},
    "neeq": {**PLACE, "day": day("2019-01-02"), "key_company": "是", "manual": 1_000_000, "ground": "核定表"},
    "market": {
        **PLACE, "place": "其他区域性市场", "day": day("2019-01-02"), "listed": "否", "manual": 180_000, "ground": "发票",
    },
    "manual": {**PLACE, "kind": "创新贡献奖", "manual": 800_000, "ground": "评审结果"},
    "clawback": {
        **PLACE, "subject": "金融机构", "kind": "增资补助", "received": 20_000_000, "paid_date": day("2019-03-01"),
        "moved_date": day("2019-03-02"),
    },
}  # fmt: skip
# what is typed, the amount that stands (None: the row is wrong), what 提示 says
CASES: dict[str, list[tuple[dict[str, Any], float | None, str]]] = {
    "setup": [
        ({}, 20_000_000, ""),
        ({"capital": 4_999_999_999.99}, 80_000_000, ""),
        ({"capital": 100_000}, 2_000, "请核对单位是否为元"),
        ({"capital": "十亿"}, None, "实缴注册资本（元）"),
        ({"capital": -1}, None, "负数"),
        ({"day": day("2018-08-15")}, None, "不在政策有效期内"),
        ({"day": day("2020-12-31")}, 20_000_000, ""),
        ({"day": "2019年1月2日"}, None, "不能写成文字"),
        ({"day": None}, None, "开业或迁入日期：未填写"),
        ({"district": "黄岛"}, None, "区（市）：不在可选范围内"),
        ({"way": None}, None, "落户方式：未填写"),
        ({"other": 20_000_000}, 20_000_000, ""),
        ({"other": 20_000_000.01}, 0, "其他政策同类补助更高"),
        ({"manual": 30_000_000, "ground": "会议纪要"}, 30_000_000, ""),
        ({"manual": 30_000_000}, None, "应写明核定依据"),
        ({"manual": "三千万", "ground": "会议纪要"}, None, "手填核定额：应为不小于 0 的数值"),
        ({"name": None}, None, "机构名称：未填写"),
    ],
    "contribution": [
        ({}, 100, ""),
        ({"name": "没有的机构"}, None, "机构名称：不在可选范围内"),
        ({"day": day("2024-01-01")}, 100, ""),
        ({"day": day("2024-01-02")}, 0, "不在开业起5年内"),
        ({"day": None}, None, "日期"),
        ({"manual": None}, None, "手填核定额（元）：未填写"),
        ({"ground": None}, None, "核定依据：未填写"),
        ({"manual": -5}, None, "手填核定额：应为不小于 0 的数值"),
    ],
    "increase": [
        ({}, 2_500_000, ""),
        ({"new_capital": 501_000_000, "government": 0}, 5_000_000, ""),
        ({"government": 300_000_000}, 0, "没有余额"),
        ({"government": None}, None, "政府投资额（元）"),
        ({"name": "机构A"}, 2_500_000, "同一机构多次增资"),
        ({"name": "机构A"}, 2_500_000, "同一机构多次增资"),
    ],
    "regional": [
        ({}, 1_000_000, ""),
        ({"coverage": "山东省及其他省份"}, 2_000_000, ""),
        ({"taxed": "否"}, 0, "未在青岛市汇总纳税"),
        ({"coverage": "河南省"}, None, "业务管辖范围"),
        ({"taxed": "对"}, None, "应为 是 或 否"),
        ({"name": "机构0"}, 1_000_000, "同一机构只取其一"),
    ],
    "prizes": [
        ({"name": "甲"}, 300_000, ""),
        ({"name": "乙", "kind": "研究创新奖", "grade": "一等"}, 500_000, ""),
        ({"name": "乙"}, 0, "就高兑现"),
        ({"name": "丙", "grade": "二等"}, 500_000, ""),
        ({"name": "丁", "registered": "否"}, 0, "不接受个人和外地机构申报"),
        ({"name": "戊", "grade": "一等奖"}, None, "从下拉选项中选"),
        ({"name": "己", "kind": None}, None, "奖项"),
        ({"name": "庚", "grade": "四等"}, None, "奖级"),
        ({"name": "辛", "kind": "研究创新奖", "grade": "二等"}, 300_000, ""),
        ({"name": "辛"}, 0, "就高兑现"),
    ],
    "listing": [
        ({}, 2_500_000, ""),
        ({"fees": 1_234_567.89}, 617_283.95, ""),
        ({"fees": 6_000_000.01}, 3_000_000, ""),
        ({"fees": 6_000_000, "paid_before": 1_000_000}, 2_000_000, ""),
        ({"paid_before": 3_000_000}, 0, "已达到上限"),
        ({"fees": "五百万"}, None, "中介费（元）"),
        ({"name": "双份"}, None, "合计超过上限"),
        ({"name": "双份"}, None, "合计超过上限"),
    ],
    "neeq": [
        ({}, 1_000_000, ""),
        ({"manual": 1_500_000}, 1_200_000, "高于上限"),
        ({"key_company": "否"}, 0, "不是市级重点拟挂牌企业"),
        ({"manual": None}, None, "核定额"),
        ({"ground": None}, None, "核定依据：未填写"),
        ({"name": "双份"}, 1_000_000, "“上市”表也有这家企业"),
    ],
    "market": [
        ({}, 180_000, ""),
        ({"manual": 450_000}, 300_000, "高于上限"),
        ({"listed": "是"}, 0, "上市公司不予补助"),
        ({"manual": "发票"}, None, "核定额"),
    ],
    "manual": [
        ({}, 800_000, ""),
        ({"kind": "其他奖"}, None, "补助类别：请从下拉选项中选"),
        ({"manual": None}, None, "手填核定额（元）：未填写"),
        ({"manual": "八十万"}, None, "手填核定额：应为不小于 0 的数值"),
        ({"ground": None}, None, "核定依据：未填写"),
        ({"kind": "办公场所补助"}, 800_000, ""),
        ({"kind": "安家补贴"}, 800_000, ""),
    ],
    "clawback": [
        ({}, 20_000_000, ""),
        ({"moved_date": day("2029-02-28")}, 20_000_000, ""),
        ({"moved_date": day("2029-03-01")}, 0, "承诺的10年已满"),
        ({"moved_date": None}, 0, "未迁离"),
        ({"subject": "其他企业"}, 0, "其他企业未写"),
        ({"moved_date": day("2019-02-28")}, None, "迁离日期不能早于拨付日期"),
        ({"subject": None}, None, "主体：未填写"),
        ({"moved_date": None, "manual": 5_000_000, "ground": "停业认定"}, 5_000_000, "未迁离"),
    ],
}


@pytest.fixture(scope="module", params=[False, True], ids=["functions", "plain"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Workbook]:
    made = template_plan("wealth", rows=max(map(len, CASES.values())), plain=request.param)
    data = {
        sheet: [
            {"name": f"{'机构' if sheet == 'setup' else sheet}{at}", **GOOD[sheet], **typed}
            for at, (typed, _, _) in enumerate(cases)
        ]
        for sheet, cases in CASES.items()
    }
    data["shares"] = [{}, {}, {}, {"city_share": 0.6, "system": "体制文件"}]
    return made, recalculated(made, tmp_path_factory.mktemp("book"), data, {"office": "市金融工作办"})


@pytest.mark.parametrize("sheet", list(CASES))
def test_every_row_is_computed_or_told_what_is_wrong(sheet: str, filled: tuple[Plan, Workbook]) -> None:
    made, book = filled
    for row, (typed, amount, words) in enumerate(CASES[sheet]):
        told = str(value(book, made, sheet, "notice", row) or "").strip("　 ")
        if words:
            assert words in told, (typed, told)
        elif amount is not None:
            assert not told, (typed, told)
        assert value(book, made, sheet, "mark", row) == (NO if amount is None else YES), (typed, told)
        if amount is not None:
            assert value(book, made, sheet, "approved", row) == amount, typed


def test_only_right_rows_are_summed_and_shared(filled: tuple[Plan, Workbook]) -> None:
    made, book = filled
    for sheet, cases in CASES.items():
        right = sum(amount for _, amount, _ in cases if amount is not None)
        assert total(book, made, sheet, "approved") == pytest.approx(right, abs=0.001), sheet
    assert value(book, made, "setup", "city") == 12_000_000  # 60 % of 20,000,000
    assert value(book, made, "setup", "local") == 8_000_000
    assert value(book, made, "manual", "city") == 800_000  # the city's own fund
    assert value(book, made, "manual", "city", 5) == 480_000
    assert value(book, made, "manual", "city", 6) in (None, "")  # the document does not say who pays
    assert total(book, made, "by_kind", "unsplit") == 800_000
    assert str(status(book)).endswith("项待改正")


def test_a_prize_too_many_is_told(tmp_path: Path) -> None:
    made = template_plan("wealth", rows=4)
    rows = [{"name": f"主体{at}", **GOOD["prizes"], "grade": "二等"} for at in range(3)]
    book = recalculated(made, tmp_path, {"prizes": rows}, {"office": "市金融工作办"})
    assert checks(book)["创新奖没有超过名额"] == (1, NO)
    assert "评出的多于名额" in str(value(book, made, "quotas", "notice", 1))
    assert status(book) == "有1项待改正"


def test_an_empty_template_is_silent(tmp_path: Path) -> None:
    made = template_plan("wealth", rows=2)
    book = recalculated(made, tmp_path)
    assert status(book) == "尚未填报"
    for part in made.tables.values():
        if part.key != "quotas":
            assert column(book, made, part.key, "mark") == [], part.name
    assert total(book, made, "by_kind", "approved") == 0
