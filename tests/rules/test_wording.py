"""The working of a call in Chinese: what is said, what is left out, and that every figure said is the right one."""

from __future__ import annotations

import datetime
import math
import re
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from qdcalc.errors import CalculationError, MissingValue, UsageError
from qdcalc.policies import find
from qdcalc.rules import (
    BLANK,
    Choice,
    Day,
    Flag,
    Number,
    Quantity,
    Text,
    add_days,
    add_years,
    band,
    choose,
    day_figure,
    days_between,
    figure,
    half_up,
    label,
    larger,
    names,
    nothing,
    one_of,
    ratio,
    reading,
    round_up,
    smaller,
    step,
    table,
    tier,
    verdict,
    warn,
    whole_quotient,
    year_of,
)
from qdcalc.rules.function import ALL_HOSTS, Function
from qdcalc.rules.types import (
    Households,
    Kilometres,
    MaybeYuan,
    Metres,
    People,
    Ratio,
    SignedYuan,
    Year,
    Years,
    Yuan,
    YuanPerKilometre,
)
from qdcalc.rules.units import in_words
from qdcalc.rules.wording import Explanation, explain, notices
from tests.policies.cases import cases, files

POLICY = """
[policy]
id = "sample"
title = "试验办法"
number = "试〔2018〕1号"
issued = 2018-01-01
valid_from = 2018-01-01
valid_to = 2020-12-31

[[readings]]
id = "floor"
title = "不足起点怎么办"
article = "第二条"
ambiguity = "A-T-1"
options = ["不补", "照补"]
default = "不补"
note = "条文没有写"

[cap]
title = "上限"
article = "第一条"
unit = "元"
versions = [ { from = 2018-01-01, value = 200000 }, { from = 2020-01-01, value = 250000 } ]

[tiers]
title = "补助比例"
article = "第三条"
of = "元"
unit = "比例"
bands = [ { from = 0, value = 0 }, { from = 200000, value = 0.08 }, { from = 500000, value = 0.1 } ]

[widths]
title = "宽档"
article = "第四条"
of = "米"
unit = "名称"
bands = [ { from = 0, name = "窄" }, { from = 6, name = "宽" } ]

[groups]
title = "组别"
article = "第四条"
keys = ["工程"]
unit = "名称"
rows = [ ["大修", "甲组"], ["中修", "乙组"] ]

[rates]
title = "每公里标准"
article = "第五条"
keys = ["组别", "宽档"]
unit = "元/公里"
rows = [ ["甲组", "宽", 900000], ["甲组", "窄", 700000], ["乙组", "宽", 350000], ["乙组", "窄", 12345] ]

[works]
title = "工程"
article = "第四条"
unit = "名称"
names = ["大修", "中修"]

[favoured]
title = "从优的工程"
article = "第六条"
unit = "名称"
names = ["大修"]

[factor]
title = "从优倍率"
article = "第六条"
unit = "倍"
value = 1.2

[households]
title = "每名保洁员户数"
article = "第七条"
unit = "户/人"
value = 100

[term]
title = "服务年限"
article = "第八条"
unit = "年"
value = 5

[least]
title = "最低分数"
article = "第九条"
unit = "分"
value = 60

[deadline]
title = "截止日"
article = "第九条"
unit = "日期"
value = 2018-09-30
"""

ARGUMENTS = {
    "pay": "报酬（元）", "other": "其他金额（元）", "work": "工程", "width": "路面宽（米）", "km": "里程（公里）",
    "poor_km": "薄弱里程（公里）", "ok": "守法", "years": "年限（年）", "homes": "户数（户）",
    "approved": "核定额（元）", "opened": "开业日", "day": "日期",
    "selected": "评选年度", "rate": "标准（元/公里）", "score": "得分（分）",
}  # fmt: skip
Work = Annotated[Text, Choice("works")]
Score = Annotated[Number, Quantity("分")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.toml").write_text(textwrap.dedent(POLICY), encoding="utf-8")
    return tmp_path


def function(rule: Any, folder: Path, dated: bool = True) -> Function:
    found = Function(
        "QD_SAMPLE", rule, title="试验", article="第一条", arguments=ARGUMENTS, description="", traced=True,
        dated=dated, hosts=ALL_HOSTS,
    )  # fmt: skip
    found.folder = folder
    return found


def steps(rule: Any, folder: Path, *cells: object, **options: Any) -> tuple[str, ...]:
    return explain(function(rule, folder), cells, **options).steps


# ---------------------------------------------------------------- the worked examples


def test_the_road_subsidy_names_rate_share_article_and_the_ceiling_that_won() -> None:
    words = ["大修", "6", "平度市", "10", "0", "15000000"]
    found = explain(find("QD_ROAD_SUBSIDY"), words, from_text=True)
    text = str(found)
    assert found.value == Decimal("7500000.00")
    assert "标准额 9,000,000.00 元 与 上限额 7,500,000.00 元 取低：上限额" in found.steps[-1]
    assert "每公里补助标准〔大修、6米及以上、平度、莱西〕90 万元/公里（附件1 四（一）1）" in text
    assert "〔平度、莱西〕50%（附件1 四（一）1）" in text
    assert "结果：7,500,000.00 元" in text
    assert "依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1" in text
    assert "日期：未填事项日期，政策未规定截止日，按政策有效期第一日 2018-08-21 的数值" in text
    assert "倍" not in "".join(found.steps)  # nothing lies in a poor village: no word about 1.2


def test_the_talent_subsidy_line_by_line() -> None:
    found = explain(find("QD_TALENT_SUBSIDY"), [650000])
    assert found == Explanation(
        "QD_TALENT_SUBSIDY",
        Decimal("65000.00"),
        (
            "补助比例〔劳动报酬 650,000.00 元，500,000.00 元（含）至 1,000,000.00 元（不含）〕10%（第九条（一））",
            "按比例计算 = 劳动报酬 650,000.00 元 × 补助比例 10% = 65,000.00 元",
            "补助金额 = 按比例计算 65,000.00 元 与 一次性补助上限 200,000.00 元（第九条（一））取低：按比例计算，"
            "即 65,000.00 元",
        ),
        (),
        "《青岛市金融高端人才评选管理办法》（青政办发〔2018〕17号）第九条（一）",
        ("补助比例的算法 → 全额（A-D2-1）：条文写明按劳动报酬的一定比例，整额乘所在档比例，档间有跳升",),
        datetime.date(2020, 12, 31),
        title="金融高端人才一次性补助",
        unit="元",
        dating="日期：未填事项日期，按政策有效期最后一日 2020-12-31 的数值",
    )


def test_the_rounding_of_the_result_is_a_step() -> None:
    found = explain(find("QD_TALENT_SUBSIDY"), [499999.99])
    assert found.steps[-1] == "结果四舍五入到分：39,999.9992 元 → 40,000.00 元"


# ---------------------------------------------------------------- what is said of each kind of node


def uplifted(work: Work, width: Metres, km: Kilometres, poor_km: Kilometres) -> Yuan:
    rate = step("标准", table("rates", label("groups", work), band("widths", width)))
    factor = choose((one_of(work, names("favoured")), figure("factor")), otherwise=1)
    return step("标准额", rate * larger(0, km - poor_km) + rate * poor_km * factor)


def test_keys_of_a_table_come_first_and_what_changes_nothing_is_left_out(folder: Path) -> None:
    assert steps(uplifted, folder, "大修", 6, 10, 0) == (
        "组别〔大修〕甲组（第四条）",
        "宽档〔路面宽 6 米〕宽（第四条）",
        "标准 = 每公里标准〔甲组、宽〕90 万元/公里（第五条）",
        "标准额 = 标准 90 万元/公里 × 里程 10 公里 = 9,000,000.00 元",
    )


def test_a_branch_is_told_with_the_condition_that_took_it(folder: Path) -> None:
    assert steps(uplifted, folder, "大修", 6, 10, 4)[-1] == (
        "标准额 = 标准 90 万元/公里 ×（里程 10 公里 − 薄弱里程 4 公里）+ 标准 90 万元/公里 × 薄弱里程 4 公里"
        " × 从优倍率 1.2 倍（第六条）= 9,720,000.00 元；因工程“大修”在“从优的工程”之列（第六条）"
    )


def test_a_factor_of_1_is_left_out_but_not_the_reason_for_it(folder: Path) -> None:
    assert steps(uplifted, folder, "中修", 5, 10, 4)[-1] == (
        "标准额 = 标准 12,345 元/公里 ×（里程 10 公里 − 薄弱里程 4 公里）+ 标准 12,345 元/公里 × 薄弱里程 4 公里"
        " = 123,450.00 元；因工程“中修”不在“从优的工程”之列（第六条）"
    )


def capped(pay: Yuan, approved: MaybeYuan = BLANK) -> Yuan:  # type: ignore[assignment]  # as rules write it
    share = step("按比例", pay * tier("tiers", pay))
    return smaller(step("核定", approved.or_else(share)), figure("cap"))


def test_an_omitted_argument_is_told_by_what_stands_in_for_it(folder: Path) -> None:
    assert steps(capped, folder, 300000)[1:] == (
        "核定 = 按比例 24,000.00 元",
        "核定 24,000.00 元 与 上限 250,000.00 元（第一条）取低：核定",
    )
    assert steps(capped, folder, 300000, 5000) == (
        "核定 = 核定额 5,000.00 元",
        "核定 5,000.00 元 与 上限 250,000.00 元（第一条）取低：核定",
    )


def test_equal_values_are_told_as_equal(folder: Path) -> None:
    assert steps(capped, folder, 300000, 250000)[-1].endswith("取低：核定、上限（相等）")


def test_the_band_is_told_with_both_its_ends(folder: Path) -> None:
    def share(pay: Yuan) -> Ratio:
        return tier("tiers", pay)

    assert steps(share, folder, 199999.99) == ("补助比例〔报酬 199,999.99 元，不到 200,000.00 元〕0%（第三条）",)
    assert steps(share, folder, 200000) == (
        "补助比例〔报酬 200,000.00 元，200,000.00 元（含）至 500,000.00 元（不含）〕8%（第三条）",
    )
    assert steps(share, folder, 500000) == ("补助比例〔报酬 500,000.00 元，500,000.00 元（含）及以上〕10%（第三条）",)


def test_a_floor_of_0_is_told_only_where_it_holds(folder: Path) -> None:
    def gap(pay: Yuan, other: Yuan) -> Yuan:
        return larger(0, pay - other)

    assert steps(gap, folder, 5, 3) == ("报酬 5.00 元 − 其他金额 3.00 元 = 2.00 元",)
    assert steps(gap, folder, 3, 5) == ("报酬 3.00 元 − 其他金额 5.00 元 = -2.00 元，为负，取 0",)


def test_roundings_are_visible_where_they_change_something(folder: Path) -> None:
    def rounded(pay: Yuan) -> Yuan:
        return step("市级", half_up(pay * tier("tiers", pay), 2))

    assert steps(rounded, folder, 200000.13)[-1] == (
        "市级 = 报酬 200,000.13 元 × 补助比例〔报酬 200,000.13 元，200,000.00 元（含）至 500,000.00 元（不含）〕8%"
        "（第三条）= 16,000.0104 元，四舍五入到 2 位小数 = 16,000.01 元"
    )
    assert "四舍五入" not in steps(rounded, folder, 200000)[-1]


def test_quotients(folder: Path) -> None:
    def cleaners(homes: Households) -> People:
        return whole_quotient(homes, figure("households"))

    def share(poor_km: Kilometres, km: Kilometres) -> Ratio:
        return ratio(poor_km, km)

    def begun(km: Kilometres) -> Kilometres:
        return round_up(km)

    assert steps(cleaners, folder, 200) == ("户数 200 户 ÷ 每名保洁员户数 100 户/人（第七条）= 2 人",)
    assert steps(cleaners, folder, 201) == ("户数 201 户 ÷ 每名保洁员户数 100 户/人（第七条），余数进为 1 = 3 人",)
    assert steps(share, folder, 1, 4) == ("薄弱里程 1 公里 ÷ 里程 4 公里 = 25%",)
    assert steps(share, folder, 1, 3) == ("薄弱里程 1 公里 ÷ 里程 3 公里，四舍五入到 4 位小数 = 33.33%",)
    assert steps(begun, folder, 2) == ("里程 2 公里",)
    assert steps(begun, folder, 1.2) == ("里程 1.2 公里，向上取整 = 2 公里",)


def test_dates(folder: Path) -> None:
    def until(opened: Day) -> Day:
        return step("期满日", add_years(opened, figure("term")))

    def left(opened: Day, day: Day) -> Annotated[Number, Quantity("日")]:
        return days_between(opened, day)

    def later(opened: Day) -> Flag:
        return (opened > day_figure("deadline")) & (add_days(opened, days_between(opened, opened)) >= opened)

    def since(selected: Year, day: Day) -> Text:
        return choose((year_of(day) >= selected, "已到"), otherwise="未到")

    assert steps(until, folder, "2018-02-03") == (
        "期满日 = 开业日 2018-02-03 加 服务年限 5 年（第八条），即 2023-02-03",
    )
    assert steps(left, folder, "2018-02-03", "2018-03-03") == ("开业日 2018-02-03 至 日期 2018-03-03 的天数 = 28 天",)
    assert steps(later, folder, "2018-09-30") == ("开业日 2018-09-30 ≤ 截止日 2018-09-30（第九条）",)
    assert steps(since, folder, 2019, "2018-12-31") == (
        "未到；因（日期 2018-12-31 所在年份 = 2018 年） < 评选年度 2019 年",
    )


def test_a_verdict_tells_each_condition_and_why(folder: Path) -> None:
    def eligible(ok: Flag, years: Years, work: Work, score: Score) -> Text:
        return verdict(
            (ok & ~one_of(work, names("favoured")), "不合要求"),
            (years >= figure("term"), "不足{term}年"),
            ((score >= figure("least")) | reading("floor", "照补"), "分数不够"),
            met="达标",
            unmet="未达标",
        )

    found = explain(function(eligible, folder), [True, 4.5, "大修", 60])
    assert found.value == "未达标：不合要求；不足5年"
    assert found.steps == (
        "不成立：工程“大修”在“从优的工程”之列（第六条）——不合要求",
        "不成立：年限 4.5 年 < 服务年限 5 年（第八条）——不足5年",
        "成立：得分 60 分 ≥ 最低分数 60 分（第九条）",
    )
    assert steps(eligible, folder, True, 5, "中修", 59) == (
        "成立：守法：是，工程“中修”不在“从优的工程”之列（第六条）",
        "成立：年限 5 年 ≥ 服务年限 5 年（第八条）",
        "不成立：得分 59 分 < 最低分数 60 分（第九条），口径“不足起点怎么办”未取“照补”——分数不够",
    )


def test_a_text_is_told_with_its_reason(folder: Path) -> None:
    def checked(work: Work, rate: YuanPerKilometre, km: Kilometres) -> Text:
        least = step("最低标准", table("rates", label("groups", work), band("widths", larger(0, figure_width()))))
        return choose((rate < least, "未达标"), (work == "大修", "优"), otherwise="达标")

    def figure_width() -> Number:
        from qdcalc.rules.expression import constant

        return constant(Decimal(7), "米")

    assert (
        steps(checked, folder, "中修", 349999.99, 1)[-1] == "未达标；因标准 349,999.99 元/公里 < 最低标准 35 万元/公里"
    )
    assert steps(checked, folder, "中修", 350000, 1)[-1] == (
        "达标；因标准 35 万元/公里 ≥ 最低标准 35 万元/公里，工程为“中修”"
    )
    assert steps(checked, folder, "大修", 900000, 1)[-1] == "优；因工程为“大修”"


def test_texts_as_steps_notes_and_sums_under_a_band(folder: Path) -> None:
    def grouped(work: Work) -> Text:
        return step("所属", label("groups", work), "按附表")

    def inline(work: Work) -> Text:
        return choose((work == "大修", step("组", label("groups", work))), otherwise=label("groups", work))

    def together(pay: Yuan, other: Yuan) -> Ratio:
        return tier("tiers", pay + other)

    def missing(pay: Yuan, approved: MaybeYuan = BLANK) -> Text:  # type: ignore[assignment]  # as rules write it
        return choose((approved.given() & (approved.or_else(0) > pay), "超出"), otherwise="未超")

    def below(pay: Yuan, other: Yuan) -> SignedYuan:
        return pay - other

    assert steps(grouped, folder, "大修") == ("所属 = 组别〔大修〕甲组（第四条）（按附表）",)
    assert steps(inline, folder, "大修") == ("组 = 组别〔大修〕甲组（第四条）", "组 甲组；因工程为“大修”")
    assert steps(inline, folder, "中修") == ("组别〔中修〕乙组（第四条）",)
    assert steps(together, folder, 150000, 60000) == (
        "补助比例〔报酬 150,000.00 元 + 其他金额 60,000.00 元 = 210,000.00 元，200,000.00 元（含）至 500,000.00 元（不含）〕"
        "8%（第三条）",
    )
    assert steps(missing, folder, 1) == ("未超；因核定额未填，0 ≤ 报酬 1.00 元",)
    assert steps(missing, folder, 1, 2) == ("超出；因核定额已填，核定额 2.00 元 > 报酬 1.00 元",)
    assert steps(below, folder, 0, 5) == ("0 − 其他金额 5.00 元 = -5.00 元",)
    assert steps(below, folder, 5, 0) == ("报酬 5.00 元",)


# ---------------------------------------------------------------- dates, readings, what-ifs


def limited(pay: Yuan) -> Yuan:
    warn(pay > figure("cap"), "报酬高于{cap}元的上限")
    return choose(
        (reading("floor", "照补") | (pay >= figure("cap")), smaller(pay, figure("cap"))),
        otherwise=nothing("报酬不足{cap}元，不补"),
    )


def test_a_dated_figure_is_the_one_of_the_day(folder: Path) -> None:
    early = explain(function(limited, folder), [300000, "2019-12-31"])
    late = explain(function(limited, folder), [300000, "2020-01-01"])
    assert (early.value, late.value) == (Decimal("200000.00"), Decimal("250000.00"))
    assert "上限 200,000.00 元（第一条）" in early.steps[-1]
    assert "上限 250,000.00 元（第一条）" in late.steps[-1]
    assert (early.day, early.dating) == (datetime.date(2019, 12, 31), "事项日期：2019-12-31")
    assert early.notices == ("报酬高于200000元的上限",)
    assert late.notices == ("报酬高于250000元的上限",)


def test_without_a_date_the_last_valid_day_counts_and_is_named(folder: Path) -> None:
    found = explain(function(limited, folder), [300000])
    assert found.value == Decimal("250000.00")
    assert str(found).endswith("日期：未填事项日期，按政策有效期最后一日 2020-12-31 的数值")


def test_an_undated_function_says_nothing_of_a_date(folder: Path) -> None:
    found = explain(function(limited, folder, dated=False), [300000])
    assert found.dating == ""
    assert "日期" not in str(found)


def test_nothing_gives_its_reason_as_step_and_notice(folder: Path) -> None:
    found = explain(function(limited, folder), [100])
    assert found.value == Decimal("0.00")
    assert found.notices == ("报酬不足250000元，不补",)
    assert found.steps == (
        "报酬不足250000元，不补：0；因口径“不足起点怎么办”未取“照补”，报酬 100.00 元 < 上限 250,000.00 元（第一条）",
    )


def test_readings_are_named_with_number_and_reason(folder: Path) -> None:
    default = explain(function(limited, folder), [100])
    other = explain(function(limited, folder), [100], readings={"floor": "照补"})
    assert default.reading == ("不足起点怎么办 → 不补（A-T-1）：条文没有写",)
    assert other.reading == ("不足起点怎么办 → 照补（A-T-1）：本次另选；默认为“不补”，因条文没有写",)
    assert (other.value, other.notices) == (Decimal("100.00"), ())
    for word in ("不足起点怎么办", "A-T-1"):
        assert explain(function(limited, folder), [100], readings={word: "照补"}).value == Decimal("100.00")


@pytest.mark.parametrize(
    ("readings", "said"),
    [({"flor": "照补"}, "没有口径“flor”，可用的有：floor（不足起点怎么办）"), ({"floor": "补"}, "可选：不补、照补")],
)
def test_an_unknown_reading_is_wrong_use(folder: Path, readings: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        explain(function(limited, folder), [100], readings=readings)


def test_a_what_if_never_passes_for_the_law(folder: Path) -> None:
    found = explain(function(limited, folder), [500000], figures={"cap": 400000})
    assert found.value == Decimal("400000.00")
    assert "上限 400,000.00 元（试算值，条文为 250,000.00 元，第一条）" in found.steps[-1]
    assert found.trial == ("上限 400,000.00 元，条文为 250,000.00 元（第一条）",)
    assert "试算：上限 400,000.00 元" in str(found)
    table_changed = explain(function(uplifted, folder), ["大修", 6, 1, 0], figures={"rates[甲组,宽]": 1})
    assert "每公里标准〔甲组、宽〕1 元/公里（试算值，条文为 90 万元/公里，第五条）" in str(table_changed)
    bands = [{"from": 0, "value": Decimal("0.5")}]
    band_changed = explain(function(capped, folder), [300000], figures={"tiers": bands})
    assert "50%（试算值，条文为 8%，第三条）" in str(band_changed)
    assert explain(function(limited, folder), [500000], figures={"cap": 250000}).trial == ()


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"nix": 1}, "试算数值“nix”：没有这个数值"),
        ({"cap": -1}, "试算数值“cap”：-1 超出“元”的范围"),
        ({"cap": "多"}, "试算数值“cap”：应为数值"),
        ({"rates[甲组,中]": 1}, "表格里没有这一行"),
    ],
)
def test_a_wrong_what_if_is_wrong_use_and_names_no_file(folder: Path, figures: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        explain(function(limited, folder), [500000], figures=figures)
    assert "policy.toml" not in caught.value.sentence


def test_a_table_without_its_row_is_wrong_use(folder: Path) -> None:
    with pytest.raises(UsageError, match="试算数值“rates”：缺少一行：甲组、宽"):
        explain(function(uplifted, folder), ["大修", 6, 1, 0], figures={"rates": [["甲组", "窄", 1]]})


def test_a_plain_function_has_value_and_citation_and_refuses_what_ifs(folder: Path) -> None:
    plain = find("QD_POLICY_IN_FORCE")
    found = explain(plain, ["road", "2019-01-01"])
    assert found.value is True
    assert found.steps == (
        "已知：政策 road，日期 2019-01-01",
        "算法：某日是否在有效期内，首尾两日都算；文中没有写开始日期的从印发之日起，没有写截止日期的不设截止。",
    )
    assert "结果：是" in str(found).splitlines()
    paid = explain(find("QD_ALLOCATE"), [[1, 2], ["2018-01-01", "2018-01-02"], 2.5])
    assert paid.steps[0] == "已知：申请金额（元） 2 格，完成日期 2 格，年度资金 2.50 元"
    assert "结果：\n1.00 元\n1.50 元\n" in str(paid)
    with pytest.raises(UsageError, match="不能换数值试算"):
        explain(plain, ["road", "2019-01-01"], figures={"cap": 1})
    with pytest.raises(UsageError, match="不能换口径试算"):
        notices(plain, ["road", "2019-01-01"], readings={"floor": "照补"})


# ---------------------------------------------------------------- notices


def test_notices_are_the_error_or_the_warnings_or_nothing(folder: Path) -> None:
    sample = function(limited, folder)
    assert notices(sample, [250000]) == ()
    assert notices(sample, [300000]) == ("报酬高于250000元的上限",)
    assert notices(sample, [None]) == ("报酬（元）：未填写（单位：元，不小于 0，最大 1,000,000,000,000）",)
    assert notices(sample, ["250000"])[0].endswith("请把单元格改为数值")
    assert notices(sample, ["250000"], from_text=True) == ()
    assert notices(sample, [1, "2021-01-01"])[0].startswith("事项日期：2021-01-01 不在政策有效期内")
    assert notices(find("QD_POLICY_IN_FORCE"), ["road", None])[0].startswith("日期：未填写")
    assert notices(find("QD_POLICY_IN_FORCE"), ["road", "2019-01-01"]) == ()


def test_the_reason_of_a_lost_side_is_not_a_notice(folder: Path) -> None:
    def best(pay: Yuan, other: Yuan) -> Yuan:
        return larger(choose((pay > 0, pay), otherwise=nothing("没有报酬")), other)

    assert notices(function(best, folder), [0, 5]) == ()
    assert notices(function(best, folder), [0, 0]) == ("没有报酬",)


def test_explain_raises_where_there_is_no_answer(folder: Path) -> None:
    with pytest.raises(MissingValue):
        explain(function(limited, folder), [None])
    with pytest.raises(CalculationError, match="薄弱村里程"):
        explain(find("QD_ROAD_SUBSIDY"), ["大修", 6, "平度市", 10, 11, 1])


# ---------------------------------------------------------------- numbers in words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("9000000", "元", "9,000,000.00 元"),
        ("-0.5", "元", "-0.50 元"),
        ("39999.9992", "元", "39,999.9992 元"),
        ("900000", "元/公里", "90 万元/公里"),
        ("5000", "元/个", "5,000 元/个"),
        ("0", "元/公里", "0 元/公里"),
        ("0.5", "比例", "50%"),
        ("0.0825", "比例", "8.25%"),
        ("1.20", "倍", "1.2 倍"),
        ("2018", "年份", "2018 年"),
        ("12", "月", "12 个月"),
        ("30", "日", "30 天"),
        ("1000000", "户", "1,000,000 户"),
        ("6.290", "公里", "6.29 公里"),
        ("3", "", "3"),
    ],
)
def test_a_number_in_words(value: str, unit: str, words: str) -> None:
    assert in_words(Decimal(value), unit) == words


# ---------------------------------------------------------------- every case of every function

FACTOR = re.compile(r"(?<=[ 〕])(-?[\d,]+(?:\.\d+)?) ?(万)?(%)?")


def factor(match: re.Match[str]) -> Decimal:
    number = Decimal(match[1].replace(",", ""))
    return number * (10000 if match[2] else 1) / (100 if match[3] else 1)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_every_case_is_told_and_every_product_that_is_told_is_right(file: Path) -> None:
    """The sums are done again from the printed words alone."""
    asked, products = find(file.stem), 0
    for case in cases(file):
        answer = asked.answer(case.words, from_text=True)
        if answer.error is not None:
            assert notices(asked, case.words, from_text=True) == (answer.error.sentence,)
            continue
        found = explain(asked, case.words, from_text=True, figures=case.figures, readings=case.readings)
        assert len(set(found.steps)) == len(found.steps), f"{case}: a step told twice"
        assert found.citation in str(found)
        assert not re.search(r"None|Decimal|<\w+|\{", str(found)), str(found)
        if asked.traced and not case.figures:
            assert found.notices == notices(asked, case.words, from_text=True, readings=case.readings)
        for step_ in found.steps:
            sides = step_.partition("；因")[0].split("= ")
            if "×" in step_ and len(sides) > 1 and not re.search(r" [+−÷] |×（|取[低高]|四舍五入|倍率（", step_):
                told = [factor(match) for part in sides[-2].split("×") for match in [FACTOR.search(part)] if match]
                assert len(told) == sides[-2].count("×") + 1, step_
                value = FACTOR.search(" " + sides[-1])
                assert value is not None
                assert math.prod(told) == factor(value), step_
                products += 1
    if file.stem in ("QD_ROAD_SUBSIDY", "QD_TALENT_SUBSIDY", "QD_STAR_ALLOWANCE"):
        assert products > 5
