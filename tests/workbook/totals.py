"""Every total of the three examples, added up a second way: {"sheet.column": total} and {"summary.measure": {group: amount}}.

Nothing of the package is used; what a clause says is in tests/workbook/sums.py, read once more from the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

from tests.workbook import sums

Groups = dict[str, dict[str, Decimal]]
Row = dict[str, str]
ZERO = Decimal(0)


def number(text: str) -> Decimal:
    return Decimal(text or 0)


def by(rows: Iterable[Row], column: str, groups: Iterable[str], amount: Callable[[Row], Decimal | int | bool]) -> dict:
    """The sum of an amount over the rows of each group."""
    found = dict.fromkeys(groups, ZERO)
    for row in rows:
        found[row[column]] += Decimal(amount(row))
    return found


# ---------------------------------------------------------------- 金融高端人才

EMPLOYERS = ("金融机构", "地方金融组织", "金融研究机构", "其他")


def talent(folder: Path) -> tuple[dict[str, Decimal], Groups, dict[str, object]]:
    people = sums.table(folder, "人选")
    manual = {row["姓名"]: Decimal(row["手填核定额（元）"]) for row in sums.table(folder, "补助")}

    def amount(row: Row) -> Decimal:
        return sums.talent_amount(Decimal(row["劳动报酬（元）"]))

    def approved(row: Row) -> Decimal:
        return manual.get(row["姓名"], sums.talent_net(row) if sums.talent_fits(row) else ZERO)

    totals = {
        "subsidy.amount": sum(map(amount, people), ZERO),
        "subsidy.net": sum(map(sums.talent_net, people), ZERO),
        "subsidy.approved": sum(map(approved, people), ZERO),
    }
    measures: dict[str, Callable[[Row], Decimal | int | bool]] = {
        "count": lambda row: 1,
        "fit": sums.talent_fits,
        "pay": lambda row: Decimal(row["劳动报酬（元）"]),
        "amount": amount,
        "approved": approved,
    }
    groups = {f"by_employer.{key}": by(people, "单位类别", EMPLOYERS, each) for key, each in measures.items()}
    return totals, groups, {"by_employer.quota": 40, "by_employer.most": 200_000}


# ---------------------------------------------------------------- 金融之星


def star(folder: Path, pay_year: int) -> tuple[dict[str, Decimal], Groups, dict[str, object]]:
    people = sums.table(folder, "人选")
    allowances = {row["姓名"]: row for row in sums.table(folder, "津贴")}
    days = {row["姓名"]: row["培训天数（天）"] for row in sums.table(folder, "培训")}

    def facts(row: Row) -> Row:
        return allowances.get(row["姓名"], {})

    def paid(row: Row) -> Decimal:
        return Decimal(sums.star_amount(row, facts(row), pay_year))

    def direct(row: Row) -> bool:
        return sums.star_fits(row) and row["入选途径"] == "齐鲁金融之星直接纳入"

    def short(row: Row) -> bool:
        return bool(days.get(row["姓名"])) and Decimal(days[row["姓名"]]) < 7

    measures: dict[str, Callable[[Row], Decimal | int | bool]] = {
        "count": lambda row: 1,
        "fit": sums.star_fits,
        "direct": direct,
        "left": lambda row: facts(row).get("人员状态") in ("取消资格", "调离"),
        "cancelled": lambda row: facts(row).get("人员状态") == "取消资格",
        "moved": lambda row: facts(row).get("人员状态") == "调离",
        "short": short,
        "paid": paid,
    }
    years, both = ("2018", "2019", "2020"), ("count", "fit", "paid")
    groups = {f"by_year.{key}": by(people, "评选年度", years, each) for key, each in measures.items() if key != "short"}
    groups["by_year.over"] = {
        year: max(ZERO, groups["by_year.fit"][year] - groups["by_year.direct"][year] - 60) for year in years
    }
    groups |= {f"by_employer.{key}": by(people, "单位类别", EMPLOYERS, measures[key]) for key in (*both, "short")}
    totals = {"allowance.paid": sum(map(paid, people), ZERO)}
    return totals, groups, {"by_year.year": str(pay_year), "by_year.quota": 60}


# ---------------------------------------------------------------- 四好农村路

DISTRICTS = ("崂山区", "城阳区", "即墨区", "平度市", "莱西市", "胶州市", "青岛西海岸新区")
WEST_COAST = "青岛西海岸新区"


def road(folder: Path, fund: Decimal) -> tuple[dict[str, Decimal], Groups, dict[str, object]]:
    rows = {
        name: sums.table(folder, name)
        for name in ("项目", "路段", "危桥", "客运站点", "示范创建", "小修养护", "土地收益")
    }
    projects = {row["项目编号"]: row for row in rows["项目"]}
    amounts, granted = sums.road_amounts(folder), sums.road_rewards(folder, fund)
    manual = {row["项目编号"]: Decimal(row["手填核定额（元）"]) for row in sums.table(folder, "项目补助")}
    excess = {code for code, row in projects.items() if row["超额项目"] == "是"}

    def total(name: str, column: str) -> Decimal:
        return sum((number(row[column]) for row in rows[name]), ZERO)

    def each(name: str) -> Decimal:
        return sum((amount[name] for amount in amounts.values()), ZERO)

    def length(row: Row) -> Decimal:
        return sum(
            (Decimal(part["里程（公里）"]) for part in rows["路段"] if part["项目编号"] == row["项目编号"]), ZERO
        )

    def approved(row: Row) -> Decimal:
        return manual.get(row["项目编号"], amounts[row["项目编号"]]["计划内补助"])

    def station(row: Row) -> Decimal:
        if row["区（市）"] == WEST_COAST:
            return ZERO
        return Decimal(5000 * (int(row["港湾车站（处）"]) + int(row["候车亭（个）"])) + 300 * int(row["站牌（个）"]))

    def demo(row: Row) -> Decimal:
        return Decimal(10_000_000) if row["验收级别"] in ("省级", "国家级") and row["区（市）"] != WEST_COAST else ZERO

    def counts_for_a_target(row: Row) -> bool:
        """The works of 年度任务, in the rows where a target is filled in."""
        targets = {(item["区（市）"], item["工程类别"]) for item in sums.table(folder, "年度任务")}
        return (row["区（市）"], row["工程类别"]) in targets

    aimed = [row for row in rows["项目"] if counts_for_a_target(row)]
    totals = {
        "segments.km": total("路段", "里程（公里）"),
        "segments.poor_km": total("路段", "薄弱村里程（公里）"),
        "segments.standard": each("标准额"),
        "segments.excess_standard": sum((amounts[code]["奖励标准额"] for code in excess), ZERO),
        "subsidies.km": total("路段", "里程（公里）"),
        "subsidies.standard": each("标准额"),
        "subsidies.subsidy": each("计划内补助"),
        "subsidies.approved": sum(map(approved, rows["项目"]), ZERO),
        "year_tasks.done": sum((length(row) for row in aimed if row["完成日期"]), ZERO),
        "year_tasks.marked": sum((length(row) for row in aimed if row["项目编号"] in excess), ZERO),
        "awards.award_standard": sum((amounts[code]["奖励标准额"] for code in excess), ZERO),
        "awards.award": each("奖励额"),
        "awards.granted": sum(granted.values(), ZERO),
        "bridges.subsidy": sum(map(sums.road_bridge, rows["危桥"]), ZERO),
        "stations.bays": total("客运站点", "港湾车站（处）"),
        "stations.shelters": total("客运站点", "候车亭（个）"),
        "stations.signs": total("客运站点", "站牌（个）"),
        "stations.subsidy": sum(map(station, rows["客运站点"]), ZERO),
        "demo.award": sum(map(demo, rows["示范创建"]), ZERO),
        "minor.km": total("小修养护", "里程（公里）"),
        "minor.floor": sum(map(sums.road_minor, rows["小修养护"]), ZERO),
        "minor.manual": total("小修养护", "手填核定额（元）"),
        "land.revenue": total("土地收益", "土地出让收益（元）"),
        "land.arranged": total("土地收益", "实际安排（元）"),
        "land.low": sum((sums.cents(number(row["土地出让收益（元）"]) * 2 / 100) for row in rows["土地收益"]), ZERO),
        "land.high": sum((sums.cents(number(row["土地出让收益（元）"]) * 3 / 100) for row in rows["土地收益"]), ZERO),
    }
    kinds = {
        "count": by(rows["项目"], "区（市）", DISTRICTS, lambda row: 1),
        "km": by(rows["项目"], "区（市）", DISTRICTS, length),
        "subsidy": by(rows["项目"], "区（市）", DISTRICTS, approved),
        "bridges": by(rows["危桥"], "区（市）", DISTRICTS, sums.road_bridge),
        "stations": by(rows["客运站点"], "区（市）", DISTRICTS, station),
        "granted": by(rows["项目"], "区（市）", DISTRICTS, lambda row: granted.get(row["项目编号"], ZERO)),
        "demo": by(rows["示范创建"], "区（市）", DISTRICTS, demo),
    }
    paid = ("subsidy", "bridges", "stations", "granted", "demo")
    kinds["all"] = {name: sum((kinds[kind][name] for kind in paid), ZERO) for name in DISTRICTS}
    kinds["wan"] = {name: sums.cents(amount / 10_000) for name, amount in kinds["all"].items()}
    everything = sum(kinds["all"].values(), ZERO)
    lines: dict[str, object] = {
        "by_district.total": 26,
        "by_district.plan": Decimal("8.36"),
        "by_district.used": (everything / 100_000_000).quantize(Decimal("0.0001")),
        "by_district.share": everything / 836_000_000,
    }
    return totals, {f"by_district.{key}": found for key, found in kinds.items()}, lines
