"""A layout that points at nothing does not load, and says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from qdcalc.errors import PolicyError, UsageError
from qdcalc.layout import (
    Check,
    Derived,
    Field,
    Given,
    Hint,
    Input,
    LineCharts,
    Measure,
    Output,
    Result,
    Sheet,
    Summary,
    Template,
)
from qdcalc.policies import functions, policies
from qdcalc.workbook.formulas import Formulas
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.planning import make_plan
from qdcalc.workbook.templates import find_template, template_ids, template_plan

NAME = Input(key="name", kind="文字", title="姓名", required=True)
PAY = Input(key="pay", argument="QD_TALENT_SUBSIDY.pay")
AMOUNT = Output(key="amount", function="QD_TALENT_SUBSIDY", arguments={"pay": "pay"}, total=True)


def sheet(*columns: Any, **more: Any) -> Sheet:
    return Sheet(key="main", name="主表", title="主表", columns=(NAME, PAY, *columns), **{"counted": "name", **more})


def template(*sheets: Sheet, **more: Any) -> Template:
    return Template(policy="talent", version="1.0", title="表", file="表", guide=("填。",), sheets=sheets, **more)


def plan(*sheets: Sheet, **more: Any) -> Plan:
    return make_plan(template(*sheets, **more), policies()["talent"], functions(), rows=5)


def test_a_sound_layout_loads() -> None:
    table = plan(sheet(AMOUNT)).tables["main"]
    assert [column.title for column in table.columns] == [
        "序号", "姓名", "劳动报酬（元）", "金融高端人才一次性补助", "提示", "核对",
    ]  # fmt: skip
    assert table.by_key["pay"].unit == "元"
    assert "税前" in table.by_key["pay"].help
    assert table.by_key["pay"].required


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Input(key="x"), "argument 或 kind 之一"),
        (lambda: Input(key="x", argument="QD_A.b", kind="文字"), "argument 或 kind 之一"),
        (lambda: Input(key="x", argument="QD_A.b", unit="元"), "由函数给出"),
        (lambda: Input(key="x", kind="文字"), "应写明 title"),
        (lambda: Input(key="x", kind="选项", title="甲"), "choices 或 listed"),
        (lambda: Field(key="x", kind="选项", title="甲"), "choices"),
        (lambda: Given(key="x", title="甲"), "figure 或 values 之一"),
        (lambda: Input(key="x", kind="文字", title="甲", colour="red"), "Extra inputs"),
        (lambda: Input(key="Big", kind="文字", title="甲"), "pattern"),
        (lambda: Sheet(key="a", name="甲/乙", title="甲", columns=()), "pattern"),
        (lambda: template(sheet(AMOUNT, AMOUNT)), "重复：amount"),
        (lambda: template(sheet(), sheet()), "工作表重复"),
        (lambda: template(sheet(counted="pay_")), "counted 的“pay_”"),
        (lambda: template(sheet(counted=None)), "counted"),
        (lambda: template(sheet(notice="pay")), "不是它的计算列"),
        (lambda: template(sheet(follows="none")), "不是它之前的工作表"),
        (lambda: template(sheet(Output(key="o", function="QD_TALENT_SUBSIDY", arguments={"pay": "salary"}))), "没有列“salary”"),
        (lambda: template(sheet(Derived(key="d", title="丁", formula="{salary}*2"))), "没有列“salary”"),
        (lambda: template(sheet(Derived(key="d", title="丁", formula="SUM({other.pay})"))), "没有工作表“other”"),
        (lambda: template(sheet(Derived(key="d", title="丁", formula="SUM({main.salary})"))), "没有列“salary”"),
        (lambda: template(sheet(Derived(key="d", title="丁", formula="{@year}"))), "没有表头项“year”"),
        (lambda: template(sheet(Derived(key="d", title="丁", formula="{=main.pay}"))), "没有合计"),
        (lambda: template(sheet(hints=(Hint(when="{salary}=0", words="戊"),))), "没有列“salary”"),
        (lambda: template(sheet(), checks=(Check(title="己", formula="{pay}"),)), "应写明工作表"),
        (
            lambda: template(sheet(), summaries=(Summary(key="s", name="汇", title="汇", by="main.kind", measures=()),)),
            "没有列“kind”",
        ),
        (
            lambda: template(
                sheet(),
                summaries=(
                    Summary(
                        key="s", name="汇", title="汇", by="main.name",
                        measures=(Measure(key="m", title="数", formula="{n}"),),
                    ),
                ),
            ),
            "没有列“n”",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_itself_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Input(key="x", argument="QD_NOPE.pay"), "main.x：没有函数“QD_NOPE”"),
        (Input(key="x", argument="QD_TALENT_SUBSIDY.salary"), "main.x：函数 QD_TALENT_SUBSIDY 没有参数“salary”，有：pay、on"),
        (Output(key="x", function="QD_NOPE", arguments={}), "main.x：没有函数“QD_NOPE”"),
        (Output(key="x", function="QD_TALENT_NET", arguments={"pay": "pay"}), "必填参数“other”没有给"),
        (
            Output(key="x", function="QD_TALENT_NET", arguments={"pay": "pay", "much": "pay"}),
            "没有参数“much”",
        ),
        (Derived(key="x", title="丁", formula="{#ceiling}"), "没有单个数值“ceiling”，有：.*、cap、"),
        (Given(key="x", title="丁", figure="cap"), "没有名称列表“cap”"),
    ],
)  # fmt: skip
def test_what_the_registry_does_not_know_is_refused(column: Any, words: str) -> None:
    with pytest.raises(PolicyError, match=words) as caught:
        plan(sheet(column))
    assert "talent" in str(caught.value.file)
    assert "template.py" in str(caught.value.file)


def test_a_layout_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        NAME.title = "名"  # type: ignore[misc]


def test_every_given_pair_is_a_row() -> None:
    columns = (Given(key="a", title="甲", values=("一", "二")), Given(key="b", title="乙", values=("三", "四", "五")))
    table = plan(Sheet(key="main", name="主表", title="主表", columns=columns)).tables["main"]
    assert table.rows == 6
    assert list(zip(*table.given.values(), strict=True))[:4] == [("一", "三"), ("一", "四"), ("一", "五"), ("二", "三")]


def test_a_given_column_beside_another_runs_along_with_it() -> None:
    columns = (
        Given(key="a", title="甲", values=("一", "二")),
        Given(key="kind", title="类", values=("大", "小"), beside="a"),
        Given(key="year", title="年", values=(2018, 2019)),
    )
    table = plan(Sheet(key="main", name="主表", title="主表", columns=columns)).tables["main"]
    assert list(zip(*table.given.values(), strict=True)) == [
        ("一", "大", 2018), ("一", "大", 2019), ("二", "小", 2018), ("二", "小", 2019),
    ]  # fmt: skip
    uneven = (columns[0], Given(key="kind", title="类", values=("大",), beside="a"))
    with pytest.raises(PolicyError, match="kind：应与它之前的“a”一样多"):
        plan(Sheet(key="main", name="主表", title="主表", columns=uneven))


def form(formula: str) -> Sheet:
    return Sheet(
        key="form", name="查询", title="查询", rows=3, fields=(Field(key="asked", kind="文字", title="问"),),
        results=(Result(key="answer", title="答", formula=formula),),
        columns=(Derived(key="echo", title="复述", formula="{@asked}&{serial}", width=40),),
    )  # fmt: skip


def test_a_form_has_rows_of_its_own_and_nothing_to_check() -> None:
    made = plan(form("{@asked}"), sheet())
    table = made.tables["form"]
    assert table.rows == 3
    assert [column.key for column in table.columns] == ["serial", "echo"]
    assert table.fields[0].row < table.results[0].row < table.band_row


def summary(*measures: Measure) -> Summary:
    return Summary(key="s", name="汇", title="汇", by="main.name", values=("甲", "乙"), measures=measures)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"function": "QD_NOPE", "argument": "x", "formula": "1"}, "s.m：没有函数“QD_NOPE”"),
        ({"function": "QD_DELEGATION_COUNT", "argument": "x", "formula": "1"}, "没有参数“x”，有：department"),
        (
            {"function": "QD_DELEGATION_COUNT", "argument": "department"},
            "s.m：有 function 的，还应写明 each 或 formula",
        ),
    ],
)
def test_a_measure_that_calls_a_function_is_checked(call: dict[str, str], words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        plan(sheet(), summaries=(summary(Measure(key="m", title="数", **call)),))  # type: ignore[arg-type]


def test_the_cells_of_a_table_of_figures_have_addresses() -> None:
    cells = template_plan("road").basis.cells
    keys, gives = cells["rates.keys"], cells["rates.gives"]
    assert keys.startswith("依据!$C$")
    assert gives.startswith("依据!$E$")
    assert keys.count("$") == gives.count("$") == 4


def test_cells_of_a_row_from_one_column_to_another() -> None:
    best = Output(key="best", function="QD_FIN_PRIZE_BEST", arguments={"amounts": "first:last"}, plain="MAX({first})")
    columns = (Input(key=key, kind="数值", unit="元", title=key) for key in ("first", "second", "last"))
    made = plan(sheet(*columns, best))
    table = made.tables["main"]
    spec = table.by_key["best"].spec
    assert isinstance(spec, Output)
    assert Formulas(made).arguments(spec, table, 6) == "D7:F7"
    with pytest.raises(ValidationError, match="没有列“first”"):
        template(sheet(best))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Result(key="r", title="果"), "formula，或 function 和 plain"),
        (lambda: Result(key="r", title="果", function="QD_TALENT_SUBSIDY"), "formula，或 function 和 plain"),
        (lambda: Result(key="r", title="果", formula="1", function="QD_A", plain="1"), "formula，或 function 和 plain"),
        (lambda: template(sheet(results=(Result(key="r", title="果", formula="SUM({main.salary})"),))), "没有列“salary”"),
        (
            lambda: template(
                sheet(), charts=(LineCharts(key="c", name="图", title="图", sheet="main", by="name", along="pay", lines=("pay",)),)
            ),
            "应是工作表“main”的 Given 列",
        ),
    ],
)  # fmt: skip
def test_results_and_line_charts_that_point_at_nothing(make: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make()


def test_a_result_stands_above_the_table_and_is_referred_to_as_a_field() -> None:
    results = (Result(key="rows", title="行数", formula="COUNTA({main.name})", unit="个"),)
    table = plan(sheet(Derived(key="d", title="丁", formula="{@rows}+1"), results=results)).tables["main"]
    assert table.heads["rows"][0] == 2
    assert table.band_row == 3


def test_a_summary_of_no_column_needs_a_formula_for_every_group() -> None:
    def summary(**each: str) -> Summary:
        measure = Measure(key="m", title="数", each=each)
        return Summary(key="s", name="汇", title="汇", heading="组", values=("甲", "乙"), measures=(measure,))

    assert plan(sheet(), summaries=(summary(甲="1", 乙="2"),)).summaries["s"].groups == ("甲", "乙")
    with pytest.raises(PolicyError, match="每一组的 each"):
        plan(sheet(), summaries=(summary(甲="1"),))


def test_the_templates_of_the_package_load() -> None:
    assert {"talent", "road"} <= set(template_ids())
    for policy in template_ids():
        assert find_template(policy).policy == policy


def test_a_policy_without_a_template_is_named() -> None:
    with pytest.raises(UsageError, match=r"没有工作簿模板，有模板的是：.*talent"):
        find_template("common")
    with pytest.raises(UsageError, match="没有政策"):
        find_template("nothing")


@pytest.mark.parametrize("rows", [0, -1, 100_001])
def test_a_senseless_number_of_rows_is_refused(rows: int) -> None:
    with pytest.raises(UsageError, match=f"行数 {rows} 不对"):
        template_plan("talent", rows=rows)


def test_a_claim_names_what_there_is() -> None:
    from qdcalc.layout import Claim
    from qdcalc.workbook.templates import find_template

    template = find_template("talent")
    claim = template.claims[0]
    wrong = {"sheet": "nix", "amount": "nix", "subject": "nix", "district": "@nix", "beside": "nix"}
    for key, value in wrong.items():
        broken = Claim(**{**claim.model_dump(), key: value})
        with pytest.raises(ValueError, match=r"申报事项“一次性补助”.*nix"):
            type(template)(**{**dict(template), "claims": (broken,)})
