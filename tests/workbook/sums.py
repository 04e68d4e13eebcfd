"""The examples added up without any of the package's rules: plain Decimal arithmetic over the readable tables."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CENT = Decimal("0.01")


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


# ---------------------------------------------------------------- 金融高端人才


def talent_amount(pay: Decimal) -> Decimal:
    """第九条（一）: 8 % from 200,000, 10 % from 500,000, 12 % from 1,000,000, at most 200,000."""
    rate = Decimal("0.12") if pay >= 1_000_000 else Decimal("0.10") if pay >= 500_000 else Decimal("0.08")
    return Decimal(0) if pay < 200_000 else min(cents(pay * rate), Decimal(200_000))


def talent_fits(row: dict[str, str]) -> bool:
    """第五条至第七条, read once more."""
    basic = all(row[key] == "是" for key in ("遵纪守法", "在青岛纳税", "身体健康")) and int(row["合同年限（年）"]) >= 3
    kind, post = row["单位类别"], row["职务"]
    first = (kind == "金融机构" and post == "国际性或全国性机构中层及以上") or (
        kind in ("金融机构", "地方金融组织") and post == "其他机构董监高"
    )
    results = int(row["论文（篇）"]) >= 5 or int(row["课题（项）"]) >= 2
    young = int(row["年龄（周岁）"]) <= 45
    second = post == "研究人员" and row["高级职称"] == "是" and results and (not young or row["全日制博士"] == "是")
    third = row["专业资格"] in ("CFA", "FRM", "CIIA", "CFP", "CWM", "ACCA", "保荐人", "精算师")
    return basic and (first or second or third) and row["曾经入选"] == "否" and kind != "其他"


def talent_net(row: dict[str, str]) -> Decimal:
    own, other = talent_amount(Decimal(row["劳动报酬（元）"])), Decimal(row["其他政策金额（元）"] or 0)
    return own if own >= other else Decimal(0)


# ---------------------------------------------------------------- 金融之星


def star_fits(row: dict[str, str]) -> bool:
    """第五条至第七条."""
    return (
        row["遵纪守法"] == "是"
        and row["业务领先"] == "是"
        and (
            row["奖励表彰"] == "省级以上"
            or row["创新推广"] == "是"
            or row["职业资格"] in ("CFA", "FRM", "CIIA", "CFP", "精算师")
        )
        and row["单位类别"] != "其他"
    )


def star_amount(row: dict[str, str], facts: dict[str, str], pay_year: int) -> int:
    """1,000 a month of the year before, paid from the year after the selection to the fourth; the unfit get nothing."""
    if facts.get("手填核定额（元）"):
        return int(facts["手填核定额（元）"])
    due = int(row["评选年度"]) < pay_year <= int(row["评选年度"]) + 4
    return 1000 * int(facts.get("享受月数") or 12) if star_fits(row) and due else 0


# ---------------------------------------------------------------- 四好农村路

STRONG = ("平度市", "莱西市")
RATES = {  # 万元 a km: from 6 m on, below; 平度 and 莱西, others
    "路网提档升级": ((90, 55), (70, 40)), "自然村庄通达": ((90, 55), (70, 40)), "大修": ((90, 55), (70, 40)),
    "中修": ((35, 20), (30, 15)), "预防养护": ((10, 5), (5, 3)),
}  # fmt: skip


def rate(work: str, width: Decimal, district: str) -> Decimal:
    return Decimal(RATES[work][0 if width >= 6 else 1][0 if district in STRONG else 1]) * 10_000


def road_amounts(folder: Path) -> dict[str, dict[str, Decimal]]:
    """What each project gets: 标准额, 计划内补助, 奖励额."""
    segments = table(folder, "路段")
    found: dict[str, dict[str, Decimal]] = {}
    for row in table(folder, "项目"):
        district, work = row["区（市）"], row["工程类别"]
        own = [segment for segment in segments if segment["项目编号"] == row["项目编号"]]
        standard = reward = Decimal(0)
        for segment in own:
            km, poor = Decimal(segment["里程（公里）"]), Decimal(segment["薄弱村里程（公里）"] or 0)
            each = rate(work, Decimal(segment["路面宽（米）"]), district)
            uplift = Decimal("1.2") if work in ("路网提档升级", "大修", "中修") else Decimal(1)
            standard += cents(each * (km - poor) + each * poor * uplift)
            reward += cents(each * km * (Decimal("1.4") if district == "平度市" else Decimal(1)))
        net = (Decimal(row["概算投资（按表头单位）"]) - Decimal(row["征地拆迁费（按表头单位）"] or 0)) * 10_000
        share = Decimal("0.5") if district in STRONG else Decimal("0.3")
        paid = min(standard, cents(net * share))
        if district == "青岛西海岸新区" or row["纳入实施计划"] == "否":
            paid = Decimal(0)
        excess = row["超额项目"] == "是"
        ceiling = cents(net * (Decimal("0.7") if district == "平度市" else share))
        found[row["项目编号"]] = {
            "标准额": standard,
            "奖励标准额": reward,
            "计划内补助": Decimal(0) if excess else paid,
            "奖励额": min(reward, ceiling) if excess else Decimal(0),
        }
    return found


def road_rewards(folder: Path, fund: Decimal) -> dict[str, Decimal]:
    """先干先得 within the year's fund: by day of completion, equal days in the order of the list."""
    amounts = road_amounts(folder)
    queue = [
        (row["完成日期"], at, row["项目编号"])
        for at, row in enumerate(table(folder, "项目"))
        if row["超额项目"] == "是"
    ]
    found = {}
    for _, _, code in sorted(queue):
        found[code] = min(amounts[code]["奖励额"], fund)
        fund -= found[code]
    return found


def road_minor(row: dict[str, str]) -> Decimal:
    """四（一）2: no less than the higher of the two standards."""
    return cents(
        max(Decimal(row["市标准（元/公里）"]), Decimal(row["省标准（元/公里）"])) * Decimal(row["里程（公里）"])
    )


def road_bridge(row: dict[str, str]) -> Decimal:
    """四（一）1: at most 45 % of the estimate without the cost of land."""
    net = Decimal(row["概算投资（同项目表单位）"]) - Decimal(row["征地拆迁费（同项目表单位）"] or 0)
    limit = net * 10_000 * Decimal("0.45")
    granted = row["核定额（同项目表单位）"]
    return cents(min(limit, Decimal(granted) * 10_000) if granted else limit)
