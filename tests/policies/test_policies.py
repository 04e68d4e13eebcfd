"""The corpus of rules itself: what is promised is there, what is there is used, and every provision traces."""

from __future__ import annotations

import datetime
import itertools
import subprocess
import sys
import typing
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdcalc.errors import CalculationError
from qdcalc.policies import find, folders, functions, policies
from qdcalc.rules.function import Function, Parameter
from qdcalc.rules.types import Choice
from qdcalc.rules.wording import explain
from qdcalc.workbook.templates import find_template, template_ids
from tests.policies.cases import cases, files, titles

# As promised to workbooks and add-ins, which name functions and count arguments. [x] may be left out.
SIGNATURES = """
QD_POLICY_INFO(policy, field)
QD_POLICY_IN_FORCE(policy, date)
QD_CITE(function)
QD_EXPLAIN(function, arg…)
QD_NOTICE(function, arg…)
QD_PICK_HIGHER(own, other, [mode="择高"])
QD_FISCAL_SPLIT(total, city_share, [part="市级"])
QD_ALLOCATE(amounts, dates, budget, [row])
QD_TARGET(target, field)
QD_TARGET_CHECK(target, actual, [base])
QD_TARGET_PROGRESS(target, actual, [base])
QD_TARGET_PATH(target, year, [base], [method="线性"])
QD_DELEGATION_ITEM(seq, [field="权限名称"])
QD_DELEGATION_FIND(keyword, [department])
QD_DELEGATION_COUNT([department])
QD_DELEGATION_CHECK(seq, in_pingdu, cross_region, category, date, [agreement_signed=TRUE])
QD_DELEGATION_DEADLINE([published=2018-08-30])
QD_DELEGATION_OVERDUE(signed, [published=2018-08-30])
QD_TALENT_RATE(pay, [on])
QD_TALENT_SUBSIDY(pay, [on])
QD_TALENT_NET(pay, other, [mode="择高"], [on])
QD_TALENT_ELIGIBLE(lawful, contract_years, taxed_in_qingdao, healthy, post, age, senior_title, fulltime_phd, papers, \
projects, certificate, [selected_before=FALSE], [employer="金融机构"], [on])
QD_STAR_ALLOWANCE(months, [on])
QD_STAR_PAYABLE(selected_year, pay_year, [months=12], [on])
QD_STAR_ELIGIBLE(lawful, skilled, award, innovation, certificate, [employer="金融机构"], [on])
QD_STAR_TRAINING(days, [on])
QD_FIN_SETUP(paid_in_capital, [on])
QD_FIN_WINDOW(opened, date, [on])
QD_FIN_INCREASE(new_capital, government_part, [on])
QD_FIN_REGIONAL(coverage, taxed_in_qingdao, [on])
QD_FIN_PRIZE(prize, grade, [on])
QD_FIN_PRIZE_BEST(amounts, [on])
QD_FIN_LISTING(fees, [paid_before=0], [on])
QD_FIN_NEEQ(approved, is_key_company, [on])
QD_FIN_REGIONAL_MARKET(approved, [listed_company=FALSE], [on])
QD_FIN_CLAWBACK(received, paid_date, [moved_date], [subject="金融机构"], [on])
QD_ROAD_RATE(work, width, district, [on])
QD_ROAD_STANDARD(work, width, district, km, [poor_km=0], [on])
QD_ROAD_CEILING(work, district, estimate, [land_cost=0], [on])
QD_ROAD_SUBSIDY(work, width, district, km, poor_km, estimate, [land_cost=0], [planned=TRUE], [on])
QD_ROAD_CAPPED(standard, work, district, estimate, [land_cost=0], [planned=TRUE], [on])
QD_ROAD_BRIDGE(estimate, district, [land_cost=0], [approved], [planned=TRUE], [on])
QD_ROAD_EXCESS(work, width, district, km, estimate, [land_cost=0], [target_met=TRUE], [on])
QD_ROAD_EXCESS_STANDARD(work, width, district, km, [on])
QD_ROAD_EXCESS_CAPPED(standard, district, estimate, [land_cost=0], [base_paid=0], [target_met=TRUE], [on])
QD_ROAD_STATIONS(bays, shelters, signs, district, [planned=TRUE], [on])
QD_ROAD_DEMO(count, level, district, [on])
QD_ROAD_LAND_FUND(revenue, [bound="下限"], [on])
QD_ROAD_LAND_CHECK(revenue, arranged, [on])
QD_ROAD_MINOR_FLOOR(city_standard, province_standard, km, [on])
QD_ROAD_TASK(district, item, [on])
QD_ROAD_TASK_PROGRESS(district, item, done, [on])
QD_ROAD_PAVEMENT(surface, thickness_cm, [on])
QD_WASTE_CLEANERS(households, [on])
QD_WASTE_COVERAGE(sorted_villages, villages, [on])
QD_WASTE_INSPECTIONS(level, start, end, [on])
QD_WASTE_STREAM(hazardous, bulky, perishable, sellable, [on])
QD_SCI_FIRST_INVEST(invested, [paid_before=0], [on])
QD_SCI_BANK(loans, [firms], [counted_before], [on])
QD_SCI_TESTING(cost, [paid_before=0], [on])
QD_SCI_PATENT(portfolios, [on])
QD_SCI_TEAM(approved, [on])
QD_SCI_IP_SERVICE(revenue, excellent, [on])
QD_SCI_INDICATOR(indicator, year, [method="线性"], [on])
QD_SCI_SECTOR(sector, item, [on])
QD_SCI_DIRECTORY(keyword, [kind], [on])
QD_ENERGY_INTENSITY(energy, gdp, [on])
QD_ENERGY_DROP(base, actual, [on])
QD_ENERGY_GOAL(district, item, [on])
QD_ENERGY_PROGRESS(base, actual, target_drop, [method="对数"], [on])
QD_ENERGY_REQUIRED(target_drop, drop_so_far, years_left, [on])
QD_ENERGY_ASSESSED(total, renewable, renewable_planned, [on])
QD_ENERGY_DUAL_CONTROL(district, base_intensity, intensity, base_total, total, [on])
QD_ENERGY_MIX(coal, gas, renewable, oil, [on])
QD_ENERGY_CHARGERS(spaces, [on])
QD_ENERGY_GREEN_BUY(green, total, [on])
QD_ENERGY_TRAVEL(km, [on])
QD_CHECKLIST(list, answers, [weights], [threshold], [on])
QD_DUTY_DAYS(names, sign_ins, sign_outs, name, month, [on])
QD_DUTY_CHECK(days, month, [on])
QD_DUTY_QUOTA(members, months, [on])
"""
LANDED = SIGNATURES.strip().splitlines()
INFORMATIONAL: frozenset[tuple[str, str]] = frozenset(
    {
        ("wealth", "prize_quotas"),
        ("wealth", "apartment"),
        # named in checklist.csv; test_energy.py proves that each is used
        *(("energy", f"checklist.{name}") for name in ("satisfaction", "occupancy", "planting", "lectures")),
        *(("energy", f"checklist.{name}") for name in ("activities", "green_cover")),
    }
)
"""Figures (policy, path) that are shown but that no rule uses, or that only a plain function looks up."""
ALL = list(functions().values())
TRACED = [function for function in ALL if function.traced]


def _name(item: Function) -> str:
    return item.name


# ---------------------------------------------------------------- what is promised is there


@pytest.mark.parametrize("signature", LANDED)
def test_a_signature_is_as_promised(signature: str) -> None:
    function = find(signature.partition("(")[0])
    words = [_shown(function, item) for item in function.parameters]
    assert f"{function.name}({', '.join(words)})" == signature


def _shown(function: Function, item: Parameter) -> str:
    if function.variadic and item is function.parameters[-1]:
        return f"{item.name}…"
    if item.required:
        return item.name
    if item.default is None:
        return f"[{item.name}]"
    if isinstance(item.default, str):
        return f'[{item.name}="{item.default}"]'
    if isinstance(item.default, bool):
        return f"[{item.name}={str(item.default).upper()}]"
    if isinstance(item.default, datetime.date):
        return f"[{item.name}={item.default.isoformat()}]"
    return f"[{item.name}={item.default:g}]"


def test_every_function_is_in_the_list_of_signatures() -> None:
    assert set(functions()) == {line.partition("(")[0] for line in LANDED}


def test_all_nine_documents_are_known() -> None:
    expected = ["common", "delegation", "talent", "star", "wealth", "road", "waste", "science", "energy", "duty"]
    assert list(folders())[:10] == expected  # others come after
    assert [policies()[folder].code for folder in expected] == ["", *(f"D{number}" for number in range(1, 10))]


# ---------------------------------------------------------------- every function has its cases


@pytest.mark.parametrize("function", ALL, ids=_name)
def test_a_function_has_cases_for_an_answer_and_for_an_error(function: Function) -> None:
    found = [case for file in files() if file.stem == function.name for case in cases(file)]
    assert any(case.expected.startswith("#") for case in found) or function.name == "QD_NOTICE"
    assert any(not case.expected.startswith("#") for case in found)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_a_case_file_is_well_formed(file: typing.Any) -> None:
    function = find(file.stem)
    if function.variadic:  # 函数名, 参数1, 参数2 …
        assert titles(file)[0] == function.parameters[0].title
    else:
        assert titles(file) == tuple(item.title for item in function.parameters)
    found = list(cases(file))
    assert [number for number, times in Counter(case.number for case in found).items() if times > 1] == []
    assert [case.number for case in found if not (case.note and case.source)] == []


# ---------------------------------------------------------------- every provision traces, every figure is used


@pytest.mark.parametrize("function", TRACED, ids=_name)
def test_a_provision_traces(function: Function) -> None:
    assert set(function.tree.inputs) == {item.name for item in function.parameters}
    assert function.hosts == {"exact", "columns", "formula"}
    assert function.article
    assert all(item.title and item.help for item in function.parameters)


@pytest.mark.parametrize("function", TRACED, ids=_name)
def test_every_reading_of_a_provision_stays_exact_in_every_host(function: Function) -> None:
    """Registration proves the defaults; a caller may choose any other combination."""
    readings = function.tree.readings.values()
    for options in itertools.product(*(reading.options for reading in readings)):
        chosen = {reading.id: option for reading, option in zip(readings, options, strict=True)}
        assert function.plan(readings=chosen).result is not None


@pytest.mark.parametrize("folder", [name for name in folders() if name != "common"])
def test_every_figure_and_reading_is_used(folder: str) -> None:
    policy = policies()[folder]
    figures, readings = set(), set()
    for function in ALL:
        if function.policy == folder:
            figures |= _lists_of_choices(function)
        if function.policy == folder and not function.traced:  # plain Python names what it looks up
            figures |= set(policy.figures) & set(function.rule.__code__.co_consts)
        if function.policy == folder and function.traced:
            figures |= set(function.tree.figures)
            readings |= set(function.tree.readings)
    figures |= {path for name, path in INFORMATIONAL if name == folder} | _figures_of_the_template(folder)
    assert set(policy.figures) - figures == set()
    assert set(policy.readings) - readings == set()


def _figures_of_the_template(folder: str) -> set[str]:
    """What the workbook reads itself: quotas, deadlines, the lists that its rows are."""
    if folder not in template_ids():
        return set()
    template = find_template(folder)
    rows = {column.figure for sheet in template.sheets for column in sheet.given if column.figure}
    return {path.removesuffix(".keys").removesuffix(".gives") for _, path in template.figures} | rows


def _lists_of_choices(function: Function) -> set[str]:
    hints = typing.get_type_hints(function.rule, include_extras=True).values()
    extras = itertools.chain.from_iterable(getattr(hint, "__metadata__", ()) for hint in hints)
    return {extra.names for extra in extras if isinstance(extra, Choice) and isinstance(extra.names, str)}


def test_no_reading_is_idle() -> None:
    """Every option but the default gives at least one case an answer that the default does not give it."""
    told = set()
    for case in itertools.chain.from_iterable(cases(file) for file in files()):
        if len(case.readings) == 1 and not case.figures:
            function = find(case.function)
            values = function.values(case.words, from_text=True)
            if function.compute(values) != function.compute(values, readings=case.readings):
                told.add((function.policy, *next(iter(case.readings.items()))))
    options = {
        (policy.id, reading.id, option)
        for policy in policies().values()
        for reading in policy.readings.values()
        for option in reading.options
        if option != reading.default
    }
    assert told == options


def test_the_common_rules_can_be_imported_first() -> None:
    """They ask the registry, which loads them: neither order may run in a circle."""
    code = "from qdcalc.policies.common.rules import cite; assert cite('QD_ROAD_RATE')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------- sums that the law's own tables must satisfy


def test_the_totals_of_annex_2_add_up() -> None:
    rows = policies()["road"].figures["task_table"].data
    assert isinstance(rows, dict)
    districts = ["崂山区", "城阳区", "即墨区", "平度市", "莱西市", "胶州市", "青岛西海岸新区"]
    items = ["路网提档升级", "自然村庄通达", "里程合计", "大中修", "预防养护", "危桥", "客运站点"]
    assert set(rows) == set(itertools.product([*districts, "合计"], items))
    for item in items:
        assert rows["合计", item] == sum(rows[district, item] for district in districts)
    for district in [*districts, "合计"]:
        assert rows[district, "里程合计"] == rows[district, "大中修"] + rows[district, "预防养护"]


def test_the_works_that_earn_more_for_poor_villages_are_three() -> None:
    figures = policies()["road"].figures
    assert figures["uplift.works"].data == ("路网提档升级", "大修", "中修") == figures["excess.works"].data
    assert set(figures["uplift.works_wide"].data) == {"路网提档升级", "大修", "中修", "自然村庄通达"}


def test_the_deductions_of_the_progressive_reading_follow_from_the_bands() -> None:
    """At every threshold the progressive amount must not jump: what the higher rate adds, the deduction takes away."""
    figures = policies()["talent"].figures
    bands = {band.start: band.gives for band in figures["tiers"].data}
    deductions = {band.start: band.gives for band in figures["deductions"].data}
    paid = [start for start in sorted(bands) if bands[start]]
    taken = Decimal(0)
    for lower, higher in itertools.pairwise(paid):
        taken += higher * (bands[higher] - bands[lower])
        assert deductions[higher] == taken


def test_all_prizes_together_cost_what_the_law_provides() -> None:
    """二（一）2、3: 290 and 170 ten thousand yuan a round, each prize times its quota."""
    figures = policies()["wealth"].figures
    amounts, quotas = figures["prize_amounts"].data, figures["prize_quotas"].data
    assert set(amounts) == set(quotas) == set(itertools.product(["项目创新奖", "研究创新奖"], ["一等", "二等", "三等"]))
    costs = Counter[str]()
    for (kind, grade), amount in amounts.items():
        costs[kind] += amount * quotas[kind, grade]
    assert costs == {"项目创新奖": 2_900_000, "研究创新奖": 1_700_000}


# ---------------------------------------------------------------- what an officer is told


def test_the_explanation_of_a_subsidy_names_rate_ceiling_winner_and_article() -> None:
    words = ["大修", "6", "平度市", "10", "0", "15000000"]
    told = str(explain(find("QD_ROAD_SUBSIDY"), words, from_text=True))
    for fact in ("90 万元/公里", "50%", "9,000,000.00 元", "7,500,000.00 元", "取低：上限额", "附件1 四（一）1"):
        assert fact in told
    cheap = str(explain(find("QD_ROAD_SUBSIDY"), [*words[:-1], "20000000"], from_text=True))
    assert "取低：标准额" in cheap


def test_a_citation_names_the_document_and_the_reading() -> None:
    told = find("QD_CITE").answer(["QD_ROAD_STANDARD"]).value
    assert told == (
        "《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
        "（口径：自然村庄通达可否按1.2倍：不适用）"
    )


def test_what_the_text_does_not_say_is_said_so() -> None:
    info = find("QD_POLICY_INFO")
    assert info.answer(["road", "valid_from"]).value == "文中未写"
    assert info.answer(["D5", "有效期止"]).value == "文中未写"
    assert info.answer(["common", "title"]).error is not None


# ---------------------------------------------------------------- the parts add up, the fund is never exceeded

FEN = st.integers(0, 10**14).map(lambda fen: Decimal(fen).scaleb(-2))


@settings(max_examples=200, deadline=None)
@given(total=FEN, share=st.integers(0, 10**4).map(lambda value: Decimal(value).scaleb(-4)))
def test_the_two_parts_always_add_up(total: Decimal, share: Decimal) -> None:
    split = find("QD_FISCAL_SPLIT")
    city, district = (split.answer([total, share, part]).value for part in ("市级", "区（市）级"))
    assert city + district == total
    assert abs(city - total * share) <= Decimal("0.005")
    assert min(city, district) >= 0


AMOUNTS = st.lists(st.tuples(st.integers(0, 10**6).map(Decimal), st.dates()), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None)
@given(AMOUNTS, st.integers(0, 3 * 10**6).map(Decimal))
def test_a_fund_is_paid_out_first_come_first_served(rows: list[tuple[Decimal, typing.Any]], budget: Decimal) -> None:
    rows = [(amount, day.replace(year=2018 + day.year % 3, day=min(day.day, 28))) for amount, day in rows]
    column = [[[amount] for amount, _ in rows], [[day] for _, day in rows], budget]
    allocate = find("QD_ALLOCATE")
    paid = [cell for (cell,) in allocate.answer(column).value]
    assert sum(paid) == min(budget, sum(amount for amount, _ in rows))
    assert all(given <= asked for given, (asked, _) in zip(paid, rows, strict=True))
    for (first, (asked, day)), (second, (_, later)) in itertools.permutations(zip(paid, rows, strict=True), 2):
        if day < later and second > 0:
            assert first == asked
    assert [allocate.answer([*column, row]).value for row in range(1, len(rows) + 1)] == paid


def test_a_blank_row_gets_nothing_and_an_unfinished_one_is_an_error() -> None:
    allocate = find("QD_ALLOCATE")
    days = [["2018-10-01"], [None], ["2018-09-01"]]
    assert allocate.answer([[[3.0], [None], [2.0]], days, 4.0]).value == [[Decimal(2)], [""], [Decimal(2)]]
    for amounts, dates, row in (([3.0, 1.0, 2.0], days, 2), ([3.0, None, None], days, 3)):
        error = allocate.answer([[[amount] for amount in amounts], dates, 4.0]).error
        assert isinstance(error, CalculationError)
        assert f"第{row}行" in error.sentence
