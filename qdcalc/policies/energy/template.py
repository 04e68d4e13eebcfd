"""The workbook of 节能与绿色发展: dual control of the 区（市）, the city's total and mix, public institutions, checklists."""

from __future__ import annotations

from decimal import Decimal

from qdcalc.layout import Basis, Chart, Check, Derived, Measure, Summary, Template
from qdcalc.policies.common.targets import target_row
from qdcalc.policies.energy.template_control import CITY, CONTROL, ENERGY, FIRST_TARGET_YEAR, LAST_YEAR
from qdcalc.policies.energy.template_institutions import FACILITIES, INSTITUTIONS
from qdcalc.policies.energy.template_lists import CHECKS, LISTS, MEASURES, checklist_sheet
from qdcalc.policies.forms import SIGNATURES, all_met, filled_though

BY_DISTRICT = Summary(
    key="by_district",
    name="汇总",
    title="各区（市）节能目标完成情况汇总表",
    by="energy.district",
    measures=(
        Measure(key="before", title="2015年总量（万吨标准煤）", column="energy.energy_base"),
        Measure(key="assessed", title="考核总量（万吨标准煤）", column="energy.assessed"),
        Measure(key="growth", title="增量（万吨标准煤）", column="control.growth"),
        Measure(key="allowed", title="控制目标（万吨标准煤）", column="control.allowed"),
        Measure(key="fit", title="双控达标（个）", where={"control.verdict": "达标"}),
        Measure(key="count", title="公共机构（家）", by="institutions.place", unit="家"),
        Measure(
            key="met", title="三项达标（家）", by="institutions.place", where={"institutions.all_met": "达标"}, unit="家"
        ),
        Measure(key="charging", title="充电车位未达标（家）", by="institutions.place", where={"facilities.charging": "未达标"}, unit="家"),
        Measure(key="green", title="节能产品采购（元）", by="institutions.place", column="facilities.green"),
        Measure(key="purchases", title="同类采购总额（元）", by="institutions.place", column="facilities.purchases"),
    ),
    lines=(
        Derived(key="most", title="2020年全市能源消费总量上限", formula="{#total}", unit="万吨标准煤"),
        Derived(key="sum", title="各区（市）考核总量合计", formula="{=by_district.assessed}", unit="万吨标准煤"),
        Derived(key="goals", title="附件2增量控制目标合计", formula="{@increments}", unit="万吨标准煤"),
        Derived(
            key="share", title="节能产品采购占比（目标见依据）", unit="百分比",
            formula="IF({=by_district.purchases}=0,0,ROUND({=by_district.green}/{=by_district.purchases},4))",
        ),
    ),
    chart=Chart(title="各区（市）能耗增量和控制目标（万吨标准煤）", measures=("growth", "allowed"), axis="万吨标准煤", signed=True),
    signatures=SIGNATURES,
)  # fmt: skip

BY_LIST = Summary(
    key="by_list",
    name="创建汇总",
    title="创建评价清单汇总表",
    heading="清单",
    values=tuple(one.name for one in LISTS),
    measures=MEASURES,
    chart=Chart(title="各清单达成率", measures=("share",)),
)


def basis_of(key: str, target: str, title: str) -> Basis:
    """A figure of the table of targets, which plain formulas read on 依据."""
    row = target_row(target)
    assert row.goal is not None
    return Basis(key=key, title=title, article=row.cells["条款"], unit="比例", value=row.goal)


TEMPLATE = Template(
    policy="energy",
    version="1.0",
    title="青岛市节能目标考核和绿色创建评价表",
    file="节能与绿色发展",
    guide=(
        "先在“能耗”表头填写填报单位和考核年度，再逐区（市）填2015年、上年和考核年的能源消费总量和生产总值（同一价格）；"
        "只填一部分区（市）也可以。“双控”表自动计算。",
        "“全市”表逐年填全市总量和四项能源比重；四项目标相加不到100%，其余部分不用填。",
        "“公共机构”一行一家，填2015年和考核年的单位面积能耗、人均能耗、人均用水；停车位和节能产品采购填在“车位和采购”表。",
        "五张创建清单按需填写，一张清单填一个单位，要评价别的单位另存一份：每项填是或否，写了数值门槛的也可填实际数值。"
        "节约型机关分独立办公和集中办公两张，只填一张。",
        "附件3至附件7没有分值和合格线：填了合格阈值才给符合或不符合的结论。",
    ),
    sheets=(ENERGY, CONTROL, CITY, INSTITUTIONS, FACILITIES, *(checklist_sheet(one) for one in LISTS)),
    summaries=(BY_DISTRICT, BY_LIST),
    checks=(
        Check(
            title="考核年度在2018年至2020年之间",
            formula="IF(AND(ISNUMBER({@year}),N({@year})>={#first_year},N({@year})<={#last_year}),0,1)",
            help="“能耗”表头的考核年度",
        ),
        all_met(
            "2018年度强度目标都已达标",
            "control.year_met",
            "附件1：2018年度能耗强度降低目标；问题数为未达标的区（市）数，考核年不是2018年的不算",
        ),
        Check(
            title="双控都已达标（2020年的要求）",
            formula='COUNTIF({control.verdict},"未达标*")',
            soft=True,
            help="附件1、附件2：强度比2015年降低、增量不高于控制数；问题数为未达标的区（市）数",
        ),
        all_met(
            "全市考核总量没有超过2020年上限", "city.within", "一（二）：2020年全市能源消费总量；问题数为超过的年数"
        ),
        Check(
            title="一次能源消费结构都已达标",
            formula='COUNTIF({city.mix},"未达标*")+COUNTIF({city.mix},"提示*")',
            soft=True,
            help="二（三）：2020年的结构目标；问题数为未达标或有提示的年数",
        ),
        all_met("公共机构三项目标都已达标", "institutions.all_met", "一（二）：2020年比2015年；问题数为未达标的机构数"),
        all_met(
            "充电车位都已达标", "facilities.charging", "三（一）4：配备充电设施或预留条件的车位；问题数为未达标的机构数"
        ),
        all_met(
            "节能产品采购占比都已达到目标",
            "facilities.bought",
            "四（一）3：2020年争取达到；问题数为未达到的机构数",
            miss="提示",
        ),
        Check(
            title="空行上没有填车位和采购",
            formula=filled_though(
                "institutions.name",
                "facilities.spaces",
                "facilities.equipped",
                "facilities.green",
                "facilities.purchases",
            ),
            help="“车位和采购”表：没有机构的行上不要填",
        ),
        Check(
            title="节约型机关只填了一张",
            formula='IF(AND({@office_report}<>"尚未填报",{@shared_report}<>"尚未填报"),1,0)',
            help="独立办公填“节约型机关（独立）”，集中办公填“节约型机关（集中）”",
        ),
        *CHECKS,
    ),
    basis=(
        basis_of("area", "T125", "公共机构单位建筑面积能耗降低"),
        basis_of("person", "T126", "公共机构人均综合能耗降低"),
        basis_of("water", "T127", "公共机构人均用水量降低"),
        Basis(
            key="first_year", title="年度强度目标的年份", article="附件1", unit="年份", value=Decimal(FIRST_TARGET_YEAR)
        ),
        Basis(
            key="last_year",
            title="“十三五”目标的年份",
            article="一（二）；附件1",
            unit="年份",
            value=Decimal(LAST_YEAR),
        ),
    ),
)
