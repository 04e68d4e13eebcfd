"""The sheets of targets and of the 24 columns (专栏): the indicators' path, the sectors' numbers, the directory."""

from __future__ import annotations

from pathlib import Path

from qdcalc.layout import Chart, Derived, Field, Given, Hint, Input, Measure, Output, Result, Sheet, Summary
from qdcalc.policies.common.targets import target_row
from qdcalc.policies.datafile import rows
from qdcalc.policies.forms import by_name, negative, no_count, no_number, share
from qdcalc.policies.science.rules import DIRECTORY, INDICATORS
from qdcalc.rules.function import policy_in

PATH, PROGRESS, SECTOR, SEARCH = "QD_SCI_INDICATOR", "QD_TARGET_PROGRESS", "QD_SCI_SECTOR", "QD_SCI_DIRECTORY"
SHOWN = "指标值"
LOOKED_UP = 40
"""How many finds 名录查询 has room for."""
UPPER, ALL = "上限", "合计"
NONE = "—"

# ---------------------------------------------------------------- 一: the seven indicators

TARGETS = tuple(target_row(identity) for identity in INDICATORS.values())
FIRST, LAST = int(TARGETS[0].cells["基期年"]), int(TARGETS[0].cells["目标年"])
GROUP = "目标"

INDICATOR_SHEET = Sheet(
    key="indicators",
    name="主要指标",
    title="科技创新主要指标完成情况表",
    notice="progress",
    freeze=2,
    fields=(Field(key="path", argument=f"{PATH}.method", title="路径算法", value="线性"),),
    columns=(
        Given(key="indicator", title="指标", values=tuple(INDICATORS), width=31, group=GROUP),
        Given(
            key="measure", title="单位", values=tuple("%" if row.cells["单位"] == "比例" else row.cells["单位"] for row in TARGETS),
            beside="indicator", width=7, group=GROUP,
        ),
        Given(key="identity", title="目标编号", values=tuple(INDICATORS.values()), beside="indicator", width=9, group=GROUP),
        Given(key="start", title=f"{FIRST}年", values=tuple(row.start(None) for row in TARGETS), beside="indicator", shown=SHOWN,
              width=11, group=GROUP),
        Given(key="goal", title=f"{LAST}年目标", values=tuple(row.goal or 0 for row in TARGETS), beside="indicator", shown=SHOWN,
              width=11, group=GROUP),
        Given(key="year_of", title="年份", values=tuple(range(FIRST, LAST + 1)), width=8, shown="年份", group="年度"),
        Output(
            key="due", function=PATH, title="应达值", unit=SHOWN, width=12, group="年度", always=True,
            arguments={"indicator": "indicator", "year": "year_of", "method": "@path"},
            plain=f'IF({{@path}}="复合",ROUND({{start}}*POWER({{goal}}/{{start}},({{year_of}}-{FIRST})/{LAST - FIRST}),8),'
            f"ROUND({{start}}+({{goal}}-{{start}})*({{year_of}}-{FIRST})/{LAST - FIRST},8))",
        ),
        Input(
            key="actual", argument=f"{PROGRESS}.actual", title="实际值", required=False, width=12, group="年度", shown=SHOWN,
            note="没有统计的年份空着；研发经费占比填百分数，如 2.81%",
        ),
        Output(
            key="progress", function=PROGRESS, title="目标进度", unit="百分比", width=10, group="年度", when='{actual}<>""',
            arguments={"target": "identity", "actual": "actual"}, plain="ROUND(({actual}-{start})/({goal}-{start}),4)",
        ),
        Derived(key="on_path", title="对照路径", width=10, group="年度",
                formula='IF(ISNUMBER({actual}),IF({actual}>={due},"达到","未达到"),"待改正")'),
    ),
    hints=(
        Hint(when='IF(ISNUMBER({actual}),AND({measure}="%",{actual}>1),FALSE)', words="比重应填百分数，如 2.81% 或 0.0281", wrong=True),
        Hint(when=negative("actual"), words="实际值不能是负数", wrong=True),
    ),
    remarks=(f"文中只有{FIRST}年和{LAST}年两端，各年应达值是推算（线性：每年增量相同；复合：每年增幅相同），只供参考。",),
)  # fmt: skip

# ---------------------------------------------------------------- 二: the five sectors


def _pairs() -> list[tuple[str, str]]:
    """Every sector with its items, as the table of goals has them: without totals, upper ends beside their rows."""
    data = policy_in(Path(__file__).parent).figures["sector_goals"].data
    assert isinstance(data, dict)
    return [(sector, item) for sector, item in data if sector != ALL and not item.endswith(UPPER)]


def _ranges() -> set[tuple[str, str]]:
    data = policy_in(Path(__file__).parent).figures["sector_goals"].data
    assert isinstance(data, dict)
    return {(sector, item.removesuffix(UPPER)) for sector, item in data if item.endswith(UPPER)}


PAIRS, RANGES = _pairs(), _ranges()

SECTOR_SHEET = Sheet(
    key="sectors",
    name="领域目标",
    title=f"各领域数量目标（{LAST}年）完成情况表",
    notice="target",
    columns=(
        Given(key="sector", title="领域", values=tuple(sector for sector, _ in PAIRS), width=18, group=GROUP),
        Given(key="item", title="目标项目", values=tuple(item for _, item in PAIRS), beside="sector", width=20, group=GROUP),
        Given(
            key="upper_item", title="区间上限项目", beside="sector", width=15, group=GROUP,
            values=tuple(f"{pair[1]}{UPPER}" if pair in RANGES else NONE for pair in PAIRS),
        ),
        Output(key="target", function=SECTOR, title="目标", unit="个", width=9, always=True, group=GROUP,
               arguments=by_name("sector", "item")),
        Output(key="upper", function=SECTOR, title="上限", unit="个", width=9, always=True, group=GROUP,
               when=f'{{upper_item}}<>"{NONE}"', arguments={"sector": "sector", "item": "upper_item"}),
        Input(key="reached", kind="数值", unit="", title="已实现", width=12, group="完成情况", note="累计数，整数"),
        Derived(key="share", title="完成比例", unit="百分比", width=11, group="完成情况", formula="ROUND({reached}/{target},4)"),
        Derived(key="short", title="还差", unit="个", width=9, group="完成情况", formula="MAX(0,{target}-{reached})"),
        Derived(
            key="state", title="结论", width=14, group="完成情况",
            formula='IF(ISNUMBER({reached}),IF({reached}<{target},"未达到",'
            'IF(AND(ISNUMBER({upper}),N({reached})>N({upper})),"超过上限","达到")),"待改正")',
        ),
    ),
    hints=(
        Hint(when=no_number("reached"), words="已实现不是数值，应填整数", wrong=True),
        Hint(when=no_count("reached"), words="已实现应为不小于 0 的整数", wrong=True),
    ),
)  # fmt: skip

ITEMS = tuple(dict.fromkeys(item for _, item in PAIRS))
SECTOR_SUMMARY = Summary(
    key="by_item",
    name="领域汇总",
    title=f"各类数量目标（{LAST}年）汇总表",
    heading="目标项目",
    values=ITEMS,
    measures=(
        Measure(key="goal", title="目标（下限）", unit="个",
                each={item: f'SUMIFS({{sectors.target}},{{sectors.item}},"{item}")' for item in ITEMS}),
        Measure(key="reached", title="已实现", unit="个",
                each={item: f'SUMIFS({{sectors.reached}},{{sectors.item}},"{item}",{{sectors.mark}},"√")' for item in ITEMS}),
        Measure(key="met", title="达到的领域", unit="个",
                each={item: f'COUNTIFS({{sectors.item}},"{item}",{{sectors.state}},"达到")' for item in ITEMS}),
        share("share", "完成比例", "reached", "goal"),
    ),
    chart=Chart(title="各类数量目标和已实现数", measures=("goal", "reached"), axis="数量"),
)  # fmt: skip

# ---------------------------------------------------------------- 二 专栏1 to 专栏24

LISTED = rows(DIRECTORY)
HAYSTACK = 'UPPER(SUBSTITUTE({field}&"｜"&{part}&"｜"&{entry}," ",""))'
NEEDLE = 'UPPER(SUBSTITUTE({@keyword}," ",""))'

LOOKUP = Sheet(
    key="lookup",
    name="名录查询",
    title="专栏名录查询",
    rows=LOOKED_UP,
    fields=(
        Field(key="keyword", argument=f"{SEARCH}.keyword", required=False, width=22, note="名称或领域里的几个字"),
        Field(key="wanted", argument=f"{SEARCH}.kind", title="类别（可不选）", width=14),
    ),
    results=(
        Result(key="finds", title="查到（条）", formula="SUM({directory.hit})", unit="个"),
        Result(
            key="told", title="说明",
            formula='IF({@keyword}="","请填关键词",IF({@finds}=0,"24个专栏里没有查到，可换短一些的词",'
            f'IF({{@finds}}>{LOOKED_UP},"只列出前{LOOKED_UP}条，可加类别或换长一些的词","已全部列出")))',
        ),
    ),
    columns=tuple(
        Output(
            key=f"found_{key}", function=SEARCH, title=title, unit=unit, width=width, group="查到的条目",
            when="{serial}<={@finds}", arguments={"keyword": "@keyword", "kind": "@wanted"}, pick=f"{{serial}},{place}",
            plain=f"INDEX({{directory.{key}}},MATCH({{serial}},{{directory.rank}},0))",
        )
        for place, (key, title, unit, width) in enumerate(
            (
                ("column", "专栏", "个", 8), ("field", "领域", "", 24), ("part", "细分领域", "", 24), ("type", "类别", "", 12),
                ("entry", "名称", "", 56),
            ),
            start=1,
        )
    ),
    remarks=("技术名称为摘要，其余名称照原文。完整名录在“专栏名录”表，可用筛选箭头查看。",),
)  # fmt: skip


def _listed(key: str, title: str, width: float) -> Given:
    return Given(
        key=key, title=title, values=tuple(row[title] for row in LISTED), width=width, group="名录",
        beside=None if key == "entry" else "entry",
    )  # fmt: skip


DIRECTORY_SHEET = Sheet(
    key="directory",
    name="专栏名录",
    title="专栏1至专栏24名录",
    columns=(
        _listed("entry", "名称", 56),
        Given(key="column", title="专栏", values=tuple(int(row["专栏"]) for row in LISTED), width=8, shown="个", group="名录", beside="entry"),
        _listed("field", "领域", 24),
        _listed("part", "细分领域", 24),
        _listed("type", "类别", 12),
        Derived(
            key="hit", title="查到", unit="个", width=8, group="查询",
            formula=f'IF({{@keyword}}="",0,IF(AND(OR({{@wanted}}="",{{@wanted}}={{type}}),ISNUMBER(FIND({NEEDLE},{HAYSTACK}))),1,0))',
        ),
        Derived(key="rank", title="第几条", unit="个", width=8, group="查询", optional=True,
                formula='IF({hit}=1,SUMIFS({directory.hit},{directory.serial},"<="&{serial}),"")'),
    ),
)  # fmt: skip
