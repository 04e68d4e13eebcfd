"""What people fill in: villages and cleaners, coverage, treatment, dumps, inspections, streams, money by hand."""

from __future__ import annotations

from qdcalc.layout import Derived, Field, Given, Hint, Input, Output, Result, Sheet
from qdcalc.policies.forms import PLACE, REPORTED, YES_NO, by_name, each_district, flag, no_ground, office, other_than

CLEANERS, COVERAGE = "QD_WASTE_CLEANERS", "QD_WASTE_COVERAGE"
INSPECTIONS, STREAM = "QD_WASTE_INSPECTIONS", "QD_WASTE_STREAM"


def not_whole(key: str, title: str) -> Hint:
    """Said of a free number that must be whole and not negative: no function looks at it."""
    cell = f"{{{key}}}"
    return Hint(
        when=f'AND({cell}<>"",IF(ISNUMBER({cell}),OR({cell}<0,{cell}<>INT({cell})),TRUE))',
        words=f"{title}：应填不小于 0 的整数",
        wrong=True,
    )


def no_amounts(words: str, *keys: str) -> Hint:
    """Said of several free numbers at once."""
    cells = ",".join(f"{{{key}}}" for key in keys)
    return Hint(when=f"OR(COUNT({cells})<COUNTA({cells}),MIN({cells},0)<0)", words=words, wrong=True)


VILLAGES = Sheet(
    key="villages",
    name="村庄",
    title="农村生活垃圾分类村（社区）台账",
    counted="village",
    notice="due",
    freeze=3,
    fields=(office(), REPORTED),
    columns=(
        Input(key="district", kind="选项", listed="treatment.district", title=PLACE, required=True, width=16, group="村（社区）"),
        Input(key="town", kind="文字", title="镇（街道）", required=True, width=14, group="村（社区）"),
        Input(key="village", kind="文字", title="村（社区）", required=True, width=18, group="村（社区）"),
        Input(key="households", argument=f"{CLEANERS}.households", title="常住户数（户）", width=11, total=True, group="填报"),
        Input(
            key="actual", kind="数值", unit="人", title="实有保洁员（人）", required=True, width=11, total=True, group="填报",
            note="保洁员（垃圾分拣员），没有的填 0",
        ),
        Input(
            key="started", kind="数值", unit="年份", title="开展分类年份", width=11, group="填报", example="2019",
            note="开展生活垃圾分类收集的年份，未开展的不填",
        ),
        flag("pilot", "2018年试点", width=10, group="填报", note="不填为否"),
        Output(
            key="due", function=CLEANERS, title="应配保洁员（人）", width=11, total=True, group="二（四） 保洁员",
            arguments={"households": "households"},
        ),
        Derived(
            key="short", title="缺额（人）", unit="人", width=9, total=True, group="二（四） 保洁员",
            formula="MAX(0,{due}-{actual})",
        ),
        Derived(
            key="staffed", title="配备", width=9, group="二（四） 保洁员",
            formula='IFERROR(IF({due}=0,"不配备",IF({actual}>={due},"达标",'
            'IF({households}<{#cleaners.households},"未达标","提示"))),"待改正")',
        ),
    ),
    hints=(
        not_whole("actual", "实有保洁员"),
        Hint(
            when='AND({started}<>"",IF(ISNUMBER({started}),OR({started}<2000,{started}>2100,{started}<>INT({started})),TRUE))',
            words="开展分类年份：应填四位年份，如 2019", wrong=True,
        ),
        Hint(when=other_than("pilot", *YES_NO), words="2018年试点：应填 是 或 否", wrong=True),
        Hint(when='AND({pilot}="是",{started}="")', words="试点村（社区）应填开展分类年份", wrong=True),
        Hint(when='AND({pilot}="是",N({started})>2018)', words="试点应在2018年开展，请核对开展分类年份"),
        Hint(
            when='AND({village}<>"",COUNTIFS({villages.district},{district},{villages.town},{town},{villages.village},{village})>1)',
            words="与其他行重复：区（市）、镇（街道）、村（社区）都相同", wrong=True,
        ),
        Hint(when='{staffed}="未达标"', words="不足100户的村（社区）至少配1名"),
        Hint(when='{staffed}="提示"', words="少于至少100户1人的标准"),
    ),
)  # fmt: skip


def city_coverage(year: int) -> Result:
    """The coverage of all districts together in a year, against the goal."""
    villages, done = (f"SUMIFS({{coverage.{key}}},{{coverage.year}},{year})" for key in ("villages", "sorted"))
    goal = f"{{#goals.coverage_{year}}}"
    missing = f"ROUNDUP(ROUND({villages}*{goal},6),0)-{done}"
    told = f'IF({missing}<=0,"达标","未达标，还差"&({missing})&"村")'
    return Result(
        key=f"city_{year}",
        title=f"{year}年全部区（市）合计",
        formula=f'IF({villages}=0,"尚未填报",TEXT({done}/{villages},"0.00%")&"，目标 "&TEXT({goal},"0%")&"，"&{told})',
    )


COVERAGE_SHEET = Sheet(
    key="coverage",
    name="覆盖率",
    title="农村生活垃圾分类收集覆盖率核算表",
    notice="rate",
    freeze=2,
    results=(city_coverage(2019), city_coverage(2020)),
    columns=(
        each_district(18, "place"),
        Given(key="year", title="年份", values=(2019, 2020), unit="年份", width=9),
        Input(key="villages", argument=f"{COVERAGE}.villages", title="行政村总数（村）", note="含社区", width=15),
        Input(key="sorted", argument=f"{COVERAGE}.sorted_villages", title="已分类村数（村）", width=13, note="到该年年底累计"),
        Derived(
            key="listed", title="台账已分类（村）", unit="村", width=13, group="取自村庄",
            formula='COUNTIFS({villages.district},{place},{villages.started},"<="&{year})',
        ),
        Output(
            key="rate", function=COVERAGE, title="覆盖率", shown="百分率", width=10, group="一（二） 覆盖率",
            arguments={"sorted_villages": "sorted", "villages": "villages"},
        ),
        Derived(
            key="goal", title="目标", unit="百分比", width=9, always=True, group="一（二） 覆盖率",
            formula="IF({year}=2019,{#goals.coverage_2019},{#goals.coverage_2020})",
        ),
        Derived(
            key="needed", title="达标须有（村）", unit="村", width=11, group="一（二） 覆盖率",
            formula="ROUNDUP(ROUND({villages}*{goal},6),0)",
        ),
        Derived(
            key="missing", title="还差（村）", unit="村", width=10, group="一（二） 覆盖率", formula="MAX(0,{needed}-{sorted})",
        ),
        Derived(
            key="verdict", title="结果", width=10, group="一（二） 覆盖率",
            formula='IF(ISNUMBER({rate}),IF({missing}=0,"达标","未达标"),"待改正")',
        ),
    ),
    hints=(
        Hint(when="AND(ISNUMBER({sorted}),{listed}>{sorted})", words="少于“村庄”表中已开展分类的村数，请核对"),
    ),
    remarks=("目标是全市的；文中没有写各区（市）须分别达到，各行的结果供对照。达标按村数判断，不按四舍五入后的百分数。",),
)  # fmt: skip

TREATMENT = Sheet(
    key="treatment",
    name="无害化处理",
    title="农村生活垃圾无害化处理核算表",
    freeze=1,
    columns=(
        each_district(18),
        Input(key="generated", kind="数值", unit="吨", title="产生量（吨）", required=True, total=True, width=14),
        Input(key="burned", kind="数值", unit="吨", title="焚烧（吨）", total=True, width=13),
        Input(key="composted", kind="数值", unit="吨", title="生物处理（吨）", total=True, width=13),
        Input(key="buried", kind="数值", unit="吨", title="卫生填埋（吨）", total=True, width=13),
        Derived(
            key="treated", title="无害化处理量（吨）", unit="吨", total=True, width=14, group="一（二） 处理率",
            formula="ROUND(SUM({burned},{composted},{buried}),4)",
        ),
        Derived(
            key="rate", title="处理率", unit="百分率", width=10, group="一（二） 处理率",
            formula="ROUND({treated}/{generated},4)",
        ),
        Derived(
            key="goal", title="目标", unit="百分比", width=9, always=True, group="一（二） 处理率", formula="{#goals.treated}",
        ),
        Derived(
            key="verdict", title="结果", width=10, group="一（二） 处理率",
            formula='IF(ISNUMBER({rate}),IF({treated}>=ROUND({generated}*{goal},6),"达标","未达标"),"待改正")',
        ),
        Derived(
            key="order", title="处理结构", width=10, group="二（五）",
            formula='IF(ISNUMBER({rate}),IF(AND(N({burned})>N({composted}),N({composted})>=N({buried})),"符合","提示"),"")',
        ),
    ),
    hints=(
        no_amounts("产生量、处理量：应填不小于 0 的数值（吨）", "generated", "burned", "composted", "buried"),
        Hint(when="AND(ISNUMBER({generated}),{generated}=0)", words="产生量为 0，不能计算处理率", wrong=True),
        Hint(when="AND(ISNUMBER({generated}),{treated}>{generated})", words="处理量大于产生量，请核对", wrong=True),
        Hint(when='{order}="提示"', words="处理结构应以焚烧为主、生物处理为辅、卫生填埋为补充"),
    ),
    remarks=("目标年为2020年。文中没有写处理率的算法，本表按处理量计。",),
)  # fmt: skip

DUMPS = Sheet(
    key="dumps",
    name="堆放点整治",
    title="非正规垃圾堆放点整治进度表",
    freeze=1,
    columns=(
        each_district(20, "where"),
        Input(key="found", kind="数值", unit="处", title="排查出（处）", required=True, total=True, width=16),
        Input(key="cleared", kind="数值", unit="处", title="已整治（处）", required=True, total=True, width=16),
        Derived(
            key="share", title="完成比例", unit="百分比", width=14, optional=True, group="二（五） 2018年年底完成",
            formula='IF(N({found})=0,"",ROUND({cleared}/{found},4))',
        ),
        Derived(
            key="left", title="未整治（处）", unit="处", total=True, width=14, group="二（五） 2018年年底完成",
            formula="MAX(0,{found}-{cleared})",
        ),
        Derived(
            key="verdict", title="结果", width=14, group="二（五） 2018年年底完成",
            formula='IFERROR(IF({found}=0,"没有堆放点",IF({cleared}>=ROUND({found}*{#cleared},6),"达标","未达标")),"待改正")',
        ),
    ),
    hints=(
        not_whole("found", "排查出"),
        not_whole("cleared", "已整治"),
        Hint(when="AND(ISNUMBER({found}),ISNUMBER({cleared}),{cleared}>{found})", words="已整治多于排查出的，请核对", wrong=True),
    ),
)  # fmt: skip

CHECKING = Sheet(
    key="inspections",
    name="检查考核",
    title="农村生活垃圾分类检查考核次数核对表",
    counted="body",
    notice="due",
    freeze=2,
    rows=200,
    fields=(
        Field(key="first_day", argument=f"{INSPECTIONS}.start", title="统计起日", required=True),
        Field(key="last_day", argument=f"{INSPECTIONS}.end", title="统计止日", required=True),
    ),
    columns=(
        Input(key="area", kind="选项", listed="treatment.district", title=PLACE, required=True, width=16),
        Input(key="body", kind="文字", title="检查单位", required=True, width=24, note="区（市）、镇（街道）或村（社区）的名称"),
        Input(key="level", argument=f"{INSPECTIONS}.level", width=14),
        Input(key="done", kind="数值", unit="次", title="实际检查（次）", required=True, width=13, total=True),
        Output(
            key="due", function=INSPECTIONS, title="应检查（次）", width=13, total=True, group="三（三） 检查考核",
            arguments={"level": "level", "start": "@first_day", "end": "@last_day"},
        ),
        Derived(
            key="short", title="少（次）", unit="次", width=10, total=True, group="三（三） 检查考核",
            formula="MAX(0,{due}-{done})",
        ),
        Derived(
            key="verdict", title="结果", width=11, group="三（三） 检查考核",
            formula='IFERROR(IF({done}>={due},"达标","未达标"),"待改正")',
        ),
    ),
    hints=(not_whole("done", "实际检查"),),
    remarks=(
        "区（市）每月、镇（街道）每周（周一起）、村（社区）每日各不少于1次，首尾不足一月一周的也计1次。次数够而有的月、周没有检查的，须查看检查记录。",
    ),
)  # fmt: skip

STREAMS = Sheet(
    key="streams",
    name="垃圾去向",
    title="垃圾分类去向查询表",
    counted="kind",
    notice="stream",
    freeze=1,
    rows=60,
    columns=(
        Input(key="kind", kind="文字", title="垃圾名称", required=True, width=20, group="逐种填写"),
        Input(key="hazardous", argument=f"{STREAM}.hazardous", width=11, group="逐种填写"),
        Input(key="bulky", argument=f"{STREAM}.bulky", width=11, group="逐种填写"),
        Input(key="perishable", argument=f"{STREAM}.perishable", width=11, group="逐种填写"),
        Input(key="sellable", argument=f"{STREAM}.sellable", width=11, group="逐种填写"),
        Output(
            key="stream", function=STREAM, title="去向", width=52, group="二（一） 去向",
            arguments=by_name("hazardous", "bulky", "perishable", "sellable"),
        ),
    ),
)  # fmt: skip

FUNDS = Sheet(
    key="funds",
    name="资金",
    title="农村生活垃圾分类资金情况表（手填核定额）",
    freeze=1,
    columns=(
        each_district(18, "payer"),
        Input(
            key="city", kind="数值", unit="元", title="市级以奖代补核定额（元）", total=True, width=18, group="手填核定额",
            note="条文没有写金额，填核定的金额",
        ),
        Input(key="ground", kind="文字", title="核定依据", width=24, group="手填核定额", note="填了市级以奖代补的，写明文号或纪要"),
        Input(key="budget", kind="数值", unit="元", title="区级财政预算（元）", total=True, width=17, group="三（二） 其他来源"),
        Input(key="collective", kind="数值", unit="元", title="村集体补贴（元）", total=True, width=16, group="三（二） 其他来源"),
        Input(key="residents", kind="数值", unit="元", title="居民付费（元）", total=True, width=16, group="三（二） 其他来源"),
        Derived(
            key="all", title="合计（元）", unit="元", total=True, width=17, group="合计",
            formula="ROUND(SUM({city},{budget},{collective},{residents}),2)",
        ),
    ),
    hints=(
        no_amounts("金额：应填不小于 0 的数值，单位为元", "city", "budget", "collective", "residents"),
        no_ground("填了市级以奖代补核定额，应写明核定依据", amount="city"),
    ),
    remarks=("三（二）没有写奖补金额、分担比例和收费标准，本表不计算，只汇总填报数。",),
)  # fmt: skip
