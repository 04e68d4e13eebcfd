"""Sheets with a row for every 区（市）: stations, model districts, minor maintenance, land revenue, tasks."""

from __future__ import annotations

from qdcalc.layout import Derived, Field, Given, Hint, Input, Output, Sheet, Value
from qdcalc.policies.forms import NO_GROUND, SIGNATURES, by_hand, by_name

STATIONS, DEMO, MINOR = "QD_ROAD_STATIONS", "QD_ROAD_DEMO", "QD_ROAD_MINOR_FLOOR"
FUND, LAND, TASK, PROGRESS = "QD_ROAD_LAND_FUND", "QD_ROAD_LAND_CHECK", "QD_ROAD_TASK", "QD_ROAD_TASK_PROGRESS"
STAGES = ("2018年12月底", "2020年10月底")
"""附件1 三: when 20 % and when all of the tasks are due."""


def each_task_district(width: float) -> Given:
    """A row for every 区（市） of 附件2."""
    return Given(key="district", title="区（市）", figure="tasks.choices", without=("合计",), width=width)


STATION_SHEET = Sheet(
    key="stations",
    name="客运站点",
    title="农村客运站点建设市级补助测算表",
    notice="subsidy",
    columns=(
        each_task_district(18),
        Input(key="bays", argument=f"{STATIONS}.bays", width=12, total=True),
        Input(key="shelters", argument=f"{STATIONS}.shelters", width=12, total=True),
        Input(key="signs", argument=f"{STATIONS}.signs", width=12, total=True),
        Input(key="planned", argument=f"{STATIONS}.planned", width=10),
        Output(
            key="task", function=TASK, title="附件2 三年任务（个）", unit="个", width=13, always=True, total=False,
            arguments={"district": "district", "item": Value(value="客运站点")},
        ),
        Output(
            key="subsidy", function=STATIONS, title="市级补助（元）", total=True,
            arguments=by_name("bays", "shelters", "signs", "district", "planned"),
        ),
    ),
)  # fmt: skip

MINOR_SHEET = Sheet(
    key="minor",
    name="小修养护",
    title="小修、日常养护市级补助测算表",
    notice="floor",
    columns=(
        each_task_district(16),
        Input(key="city_standard", argument=f"{MINOR}.city_standard", width=15),
        Input(key="province_standard", argument=f"{MINOR}.province_standard", width=15),
        Input(key="km", argument=f"{MINOR}.km", width=12, total=True),
        Output(
            key="floor", function=MINOR, title="补助下限（元）", total=True,
            arguments=by_name("city_standard", "province_standard", "km"),
        ),
        *by_hand("条文只定下限，补助额由人核定；不低于补助下限", width=15, ground_width=18, total=True),
    ),
    hints=(
        Hint(when="AND(ISNUMBER({manual}),N({manual})<N({floor}))", words="手填核定额低于补助下限", wrong=True),
        NO_GROUND,
    ),
    remarks=("市、省现行标准文中没有数值，由填表人填写；本表不计入“汇总”的市级合计（三年集中攻坚计划）。",),
    signatures=SIGNATURES,
)  # fmt: skip

DEMO_SHEET = Sheet(
    key="demo",
    name="示范创建",
    title="“四好农村路”示范区（市）奖励测算表",
    notice="award",
    columns=(
        each_task_district(20),
        Input(
            key="level", argument=f"{DEMO}.level", required=False, width=16, note="未通过验收的不填",
        ),
        Input(key="accepted", kind="日期", title="验收日期", width=14),
        Output(
            key="award", function=DEMO, title="市级奖励（元）", total=True, width=20,
            arguments=by_name("level", "district", count=Value(value=1)),
        ),
    ),
)  # fmt: skip

LAND_SHEET = Sheet(
    key="land",
    name="土地收益",
    title="土地出让收益用于农村公路建设养护检查表",
    notice="verdict",
    columns=(
        each_task_district(18),
        Input(key="revenue", argument=f"{FUND}.revenue", width=20, total=True),
        Input(key="arranged", argument=f"{LAND}.arranged", width=20, total=True),
        Output(
            key="low", function=FUND, title="应安排下限（元）", total=True, width=18,
            arguments={"revenue": "revenue", "bound": Value(value="下限")},
        ),
        Output(
            key="high", function=FUND, title="应安排上限（元）", total=True, width=18,
            arguments={"revenue": "revenue", "bound": Value(value="上限")},
        ),
        Output(key="verdict", function=LAND, title="检查结果", arguments=by_name("revenue", "arranged"), width=12),
    ),
)  # fmt: skip

TASK_SHEET = Sheet(
    key="tasks",
    name="任务进度",
    title="附件2 任务目标完成进度表",
    notice="progress",
    fields=(
        Field(key="stage", kind="选项", choices=STAGES, title="检查时点", value=STAGES[0], required=True, width=18),
    ),
    columns=(
        each_task_district(18),
        Given(key="item", title="任务项目", figure="tasks.items", width=18),
        Output(
            key="task", function=TASK, title="三年任务（公里、座或个）", width=15, always=True,
            arguments=by_name("district", "item"),
        ),
        Input(
            key="done", argument=f"{PROGRESS}.done", title="累计完成（公里、座或个）", required=False, width=15,
            note="2018年起累计；没有任务的不填",
        ),
        Output(
            key="progress", function=PROGRESS, title="完成比例", unit="百分比", width=12, when="{task}>0",
            arguments=by_name("district", "item", "done"),
        ),
        Derived(
            key="due", title="应完成比例", unit="百分比", width=12, always=True, optional=True,
            formula='IF({task}=0,"",IF({@stage}="2018年12月底",{#due.first},{#due.last}))',
        ),
        Derived(
            key="verdict", title="进度", width=12, always=True,
            formula='IF({task}=0,"无任务",IF({done}="","",IFERROR(IF({progress}>={due},"达标","未达标"),"待改正")))',
        ),
    ),
    hints=(Hint(when="AND({task}=0,{done}<>\"\")", words="附件2没有给该区（市）此项任务", wrong=True),),
)  # fmt: skip
