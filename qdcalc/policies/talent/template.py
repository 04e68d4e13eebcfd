"""The workbook of 金融高端人才: candidates with their facts, subsidies, summary by kind of employer."""

from __future__ import annotations

from qdcalc.layout import Chart, Check, Claim, Derived, Input, Measure, Output, Sheet, Summary, Template
from qdcalc.policies.forms import (
    REPORTED,
    SIGNATURES,
    by_hand,
    by_name,
    echo,
    eligible,
    filled_though,
    if_eligible,
    none_by_hand,
    office,
    settled,
    year,
)

ELIGIBLE = "QD_TALENT_ELIGIBLE"
NET = "QD_TALENT_NET"

PEOPLE = Sheet(
    key="people",
    name="人选",
    title="金融高端人才申报人选表",
    counted="name",
    notice="verdict",
    freeze=1,
    fields=(office(24), year(2018, "评选年度"), REPORTED),
    columns=(
        Input(key="name", kind="文字", title="姓名", required=True, width=9, group="人选"),
        Input(key="company", kind="文字", title="所在单位名称", width=17, group="人选", required=True),
        Input(key="employer", argument=f"{ELIGIBLE}.employer", title="单位类别", width=12, group="人选", required=True),
        Input(key="lawful", argument=f"{ELIGIBLE}.lawful", width=6, group="第六条 基本条件"),
        Input(key="contract_years", argument=f"{ELIGIBLE}.contract_years", width=6, group="第六条 基本条件"),
        Input(key="taxed", argument=f"{ELIGIBLE}.taxed_in_qingdao", width=6, group="第六条 基本条件"),
        Input(key="healthy", argument=f"{ELIGIBLE}.healthy", width=6, group="第六条 基本条件"),
        Input(key="post", argument=f"{ELIGIBLE}.post", width=14, group="第七条 任职或专业条件"),
        Input(key="age", argument=f"{ELIGIBLE}.age", width=6, group="第七条 任职或专业条件"),
        Input(key="senior_title", argument=f"{ELIGIBLE}.senior_title", width=6, group="第七条 任职或专业条件"),
        Input(key="phd", argument=f"{ELIGIBLE}.fulltime_phd", width=6, group="第七条 任职或专业条件"),
        Input(key="papers", argument=f"{ELIGIBLE}.papers", width=6, group="第七条 任职或专业条件"),
        Input(key="projects", argument=f"{ELIGIBLE}.projects", width=6, group="第七条 任职或专业条件"),
        Input(key="certificate", argument=f"{ELIGIBLE}.certificate", width=7.5, group="第七条 任职或专业条件"),
        Input(key="selected_before", argument=f"{ELIGIBLE}.selected_before", width=6, group="第三条"),
        Input(key="pay", argument=f"{NET}.pay", width=13, group="第九条 补助"),
        Input(key="other", argument=f"{NET}.other", width=11.5, group="第九条 补助"),
        Output(
            key="verdict",
            function=ELIGIBLE,
            title="申报条件",
            width=20,
            arguments=by_name(
                "lawful", "contract_years", "healthy", "post", "age", "senior_title", "papers", "projects",
                "certificate", "selected_before", "employer", taxed_in_qingdao="taxed", fulltime_phd="phd",
            ),
        ),
    ),
)  # fmt: skip

SUBSIDY = Sheet(
    key="subsidy",
    name="补助",
    title="金融高端人才一次性补助测算表",
    follows="people",
    notice="net",
    freeze=1,
    columns=(
        echo("who", "name", "姓名", width=10, group="人选"),
        echo("where", "company", "所在单位名称", width=24, group="人选"),
        eligible(10),
        Derived(key="gross", title="劳动报酬（元）", formula='IF(ISNUMBER({pay}),{pay},"")', unit="元", group="自动计算"),
        Output(key="rate", function="QD_TALENT_RATE", arguments={"pay": "pay"}, title="补助比例", width=8),
        Output(key="amount", function="QD_TALENT_SUBSIDY", arguments={"pay": "pay"}, title="按比例补助（元）", total=True),
        Output(key="net", function=NET, arguments=by_name("pay", "other"), title="就高不重复后（元）", total=True),
        *by_hand("条文不能计算、由人认定的（如省金融高端人才直接纳入），填核定的金额；一般不填", width=14, ground_width=16),
        Derived(key="approved", title="核定补助（元）", formula=settled(if_eligible("net")), unit="元", total=True, group="核定"),
    ),
    signatures=SIGNATURES,
)  # fmt: skip

TEMPLATE = Template(
    policy="talent",
    version="1.0",
    title="青岛市金融高端人才一次性补助申报表",
    file="金融高端人才",
    guide=(
        "先在“人选”表头填写填报单位和评选年度，再逐人填写。劳动报酬填上年度依法认定的税前数，单位为元，不是万元。",
        "“是、否”各列从下拉选项中选。专业资格不在所列范围内的选“其他”，由人工认定，本表不自动算作符合。",
        "同一人还可享受其他政策的，在“其他政策金额”填可得的金额，没有填 0；本表按就高不重复计算，不符合申报条件的人核定补助为 0。",
        "条文不能计算的情形（如入选山东省金融高端人才直接纳入），在“补助”表填手填核定额，并写明依据。",
    ),
    sheets=(PEOPLE, SUBSIDY),
    summaries=(
        Summary(
            key="by_employer",
            name="汇总",
            title="金融高端人才一次性补助汇总表",
            by="people.employer",
            measures=(
                Measure(key="count", title="申报人数（人）"),
                Measure(key="fit", title="符合条件（人）", where={"subsidy.meets": "符合"}),
                Measure(key="pay", title="劳动报酬合计（元）", column="subsidy.gross", unit="元"),
                Measure(key="amount", title="按比例补助（元）", column="subsidy.amount"),
                Measure(key="approved", title="核定补助（元）", column="subsidy.approved"),
            ),
            lines=(
                Derived(key="quota", title="本次评选名额（人，原则上不超过）", formula="{#quota}", unit="人"),
                Derived(key="most", title="每人补助上限（元）", formula="{#cap}", unit="元"),
            ),
            chart=Chart(title="各类单位核定补助（万元）", measures=("approved",), axis="万元"),
            signatures=SIGNATURES,
        ),
    ),
    checks=(
        Check(
            title="符合条件的人数不超过名额（原则上）",
            formula="MAX(0,{=by_employer.fit}-{#quota})",
            soft=True,
            help="第三条：每次评选原则上不超过 40 名；问题数为超出的人数，请按评审结果择优",
        ),
        Check(
            title="手填核定额都写了依据",
            formula=filled_though("subsidy.ground", "subsidy.manual"),
            help="“补助”表：填了手填核定额的行，核定依据不能空着",
        ),
        none_by_hand("subsidy.manual"),
        Check(
            title="空行上没有手填核定额",
            formula=filled_though("people.name", "subsidy.manual"),
            help="“补助”表：没有人选的行上不要填",
        ),
    ),
    claims=(
        Claim(
            sheet="subsidy",
            item="一次性补助",
            amount="approved",
            subject="name",
            kind="人员",
            beside="company",
            district="@office",
        ),
    ),
)
