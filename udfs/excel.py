"""Excel 自定义函数（xlwings）。由 python -m qdcalc.hosts.excel 生成，请勿手工修改。

Each function hands its cells to qdcalc.hosts.excel_runtime.run; the registry is loaded at the first call. Importable
without Excel and without pywin32; not run in a real Excel here.
"""

from typing import Any

from qdcalc.errors import UsageError
from qdcalc.hosts.excel_runtime import NO_XLWINGS, run

try:
    import xlwings as xw
except ImportError:
    raise UsageError(NO_XLWINGS) from None

CELL: dict[str, Any] = {"ndim": 2, "err_to_str": True}


@xw.func(category="qdcalc 通用")
@xw.arg("own", doc="本政策金额（元）：按本政策可得的金额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("other", doc="其他政策金额（元）：同一对象按其他政策可得的金额，没有填 0；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("mode", doc="方式：择高：只享受高的一项；补差：补足差额；可选：择高、补差；不填为 择高", **CELL)
def QD_PICK_HIGHER(own: Any, other: Any, mode: Any = None) -> Any:
    "就高不重复，单位：元。依据：青政办发〔2018〕17号《青岛市金融高端人才评选管理办法》第九条（一）；青政办发〔2018〕18号二（二）、五（一）"
    return run("QD_PICK_HIGHER", own, other, mode)


@xw.func(category="qdcalc 通用")
@xw.arg("total", doc="总额（元）：市与区（市）共同负担的金额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("city_share", doc="市级比例：文件没有写明分担比例，须由填表人给出；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("part", doc="部分：可选：市级、区（市）级；不填为 市级", **CELL)
def QD_FISCAL_SPLIT(total: Any, city_share: Any, part: Any = None) -> Any:
    "市与区（市）分担，单位：元。市级部分四舍五入到分，区（市）级部分为其余：两部分相加总等于总额。依据：青政办发〔2018〕18号一（七）、三（五）"
    return run("QD_FISCAL_SPLIT", total, city_share, part)


@xw.func(category="qdcalc 通用")
@xw.arg("amounts", doc="申请金额（元）：每个项目一行；一列单元格；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("dates", doc="完成日期：与申请金额同样的行；一列单元格；日期，如 2018-08-16", **CELL)
@xw.arg("budget", doc="年度资金（元）：当年可用的奖补资金；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("row", doc="行号：只取第几行（从 1 起），不填给出整列；不小于 0，最大 1,000,000", **CELL)
def QD_ALLOCATE(amounts: Any, dates: Any, budget: Any, row: Any = None) -> Any:
    "年度资金先干先得，单位：元。按完成日期先后付足，同一天的按行序，直到资金用完；给出整列，或用行号只取一行。依据：青政办发〔2018〕19号附件1 五（三）"
    return run("QD_ALLOCATE", amounts, dates, budget, row)


@xw.func(category="qdcalc 通用")
@xw.arg("policy", doc="政策：编号（road、D5）或文号（青政办发〔2018〕19号）；文字", **CELL)
@xw.arg("field", doc="项目：可选：title、number、issued、valid_from、valid_to、departments、funding", **CELL)
def QD_POLICY_INFO(policy: Any, field: Any) -> Any:
    "政策信息。文件的名称、文号、印发日期、有效期、责任部门和资金来源；文中没有写的，照实说明。"
    return run("QD_POLICY_INFO", policy, field)


@xw.func(category="qdcalc 通用")
@xw.arg("policy", doc="政策：编号（road、D5）或文号（青政办发〔2018〕19号）；文字", **CELL)
@xw.arg("date_value", doc="日期：日期，如 2018-08-16", **CELL)
def QD_POLICY_IN_FORCE(policy: Any, date_value: Any) -> Any:
    "政策是否有效。某日是否在有效期内，首尾两日都算；文中没有写开始日期的从印发之日起，没有写截止日期的不设截止。"
    return run("QD_POLICY_IN_FORCE", policy, date_value)


@xw.func(category="qdcalc 通用")
@xw.arg("function_name", doc="函数名：如 QD_ROAD_SUBSIDY；文字", **CELL)
def QD_CITE(function_name: Any) -> Any:
    "函数依据。文件、文号、条款和所取的口径。"
    return run("QD_CITE", function_name)


@xw.func(category="qdcalc 通用")
@xw.arg("function_name", doc="函数名：如 QD_ROAD_SUBSIDY；文字", **CELL)
@xw.arg("arg1", doc="参数1：该函数的第 1 个参数；可不填", **CELL)
@xw.arg("arg2", doc="参数2：该函数的第 2 个参数；可不填", **CELL)
@xw.arg("arg3", doc="参数3：该函数的第 3 个参数；可不填", **CELL)
@xw.arg("arg4", doc="参数4：该函数的第 4 个参数；可不填", **CELL)
@xw.arg("arg5", doc="参数5：该函数的第 5 个参数；可不填", **CELL)
@xw.arg("arg6", doc="参数6：该函数的第 6 个参数；可不填", **CELL)
@xw.arg("arg7", doc="参数7：该函数的第 7 个参数；可不填", **CELL)
@xw.arg("arg8", doc="参数8：该函数的第 8 个参数；可不填", **CELL)
@xw.arg("arg9", doc="参数9：该函数的第 9 个参数；可不填", **CELL)
@xw.arg("arg10", doc="参数10：该函数的第 10 个参数；可不填", **CELL)
@xw.arg("arg11", doc="参数11：该函数的第 11 个参数；可不填", **CELL)
@xw.arg("arg12", doc="参数12：该函数的第 12 个参数；可不填", **CELL)
@xw.arg("arg13", doc="参数13：该函数的第 13 个参数；可不填", **CELL)
@xw.arg("arg14", doc="参数14：该函数的第 14 个参数；可不填", **CELL)
@xw.arg("arg15", doc="参数15：该函数的第 15 个参数；可不填", **CELL)
@xw.arg("arg16", doc="参数16：该函数的第 16 个参数；可不填", **CELL)
@xw.arg("arg17", doc="参数17：该函数的第 17 个参数；可不填", **CELL)
@xw.arg("arg18", doc="参数18：该函数的第 18 个参数；可不填", **CELL)
@xw.arg("arg19", doc="参数19：该函数的第 19 个参数；可不填", **CELL)
@xw.arg("arg20", doc="参数20：该函数的第 20 个参数；可不填", **CELL)
def QD_EXPLAIN(
    function_name: Any, arg1: Any = None, arg2: Any = None, arg3: Any = None, arg4: Any = None, arg5: Any = None,
    arg6: Any = None, arg7: Any = None, arg8: Any = None, arg9: Any = None, arg10: Any = None, arg11: Any = None,
    arg12: Any = None, arg13: Any = None, arg14: Any = None, arg15: Any = None, arg16: Any = None, arg17: Any = None,
    arg18: Any = None, arg19: Any = None, arg20: Any = None,
) -> Any:
    "计算过程。一步一句说明某次计算：数值、所在档次、上限、依据和口径；不能计算时说明原因。"
    return run(
        "QD_EXPLAIN", function_name, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
        arg14, arg15, arg16, arg17, arg18, arg19, arg20,
    )


@xw.func(category="qdcalc 通用")
@xw.arg("function_name", doc="函数名：如 QD_ROAD_SUBSIDY；文字", **CELL)
@xw.arg("arg1", doc="参数1：该函数的第 1 个参数；可不填", **CELL)
@xw.arg("arg2", doc="参数2：该函数的第 2 个参数；可不填", **CELL)
@xw.arg("arg3", doc="参数3：该函数的第 3 个参数；可不填", **CELL)
@xw.arg("arg4", doc="参数4：该函数的第 4 个参数；可不填", **CELL)
@xw.arg("arg5", doc="参数5：该函数的第 5 个参数；可不填", **CELL)
@xw.arg("arg6", doc="参数6：该函数的第 6 个参数；可不填", **CELL)
@xw.arg("arg7", doc="参数7：该函数的第 7 个参数；可不填", **CELL)
@xw.arg("arg8", doc="参数8：该函数的第 8 个参数；可不填", **CELL)
@xw.arg("arg9", doc="参数9：该函数的第 9 个参数；可不填", **CELL)
@xw.arg("arg10", doc="参数10：该函数的第 10 个参数；可不填", **CELL)
@xw.arg("arg11", doc="参数11：该函数的第 11 个参数；可不填", **CELL)
@xw.arg("arg12", doc="参数12：该函数的第 12 个参数；可不填", **CELL)
@xw.arg("arg13", doc="参数13：该函数的第 13 个参数；可不填", **CELL)
@xw.arg("arg14", doc="参数14：该函数的第 14 个参数；可不填", **CELL)
@xw.arg("arg15", doc="参数15：该函数的第 15 个参数；可不填", **CELL)
@xw.arg("arg16", doc="参数16：该函数的第 16 个参数；可不填", **CELL)
@xw.arg("arg17", doc="参数17：该函数的第 17 个参数；可不填", **CELL)
@xw.arg("arg18", doc="参数18：该函数的第 18 个参数；可不填", **CELL)
@xw.arg("arg19", doc="参数19：该函数的第 19 个参数；可不填", **CELL)
@xw.arg("arg20", doc="参数20：该函数的第 20 个参数；可不填", **CELL)
def QD_NOTICE(
    function_name: Any, arg1: Any = None, arg2: Any = None, arg3: Any = None, arg4: Any = None, arg5: Any = None,
    arg6: Any = None, arg7: Any = None, arg8: Any = None, arg9: Any = None, arg10: Any = None, arg11: Any = None,
    arg12: Any = None, arg13: Any = None, arg14: Any = None, arg15: Any = None, arg16: Any = None, arg17: Any = None,
    arg18: Any = None, arg19: Any = None, arg20: Any = None,
) -> Any:
    "提示。某次计算的错误原因或提示，没有则为空：供“提示”列使用。"
    return run(
        "QD_NOTICE", function_name, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
        arg14, arg15, arg16, arg17, arg18, arg19, arg20,
    )


@xw.func(category="qdcalc 金融高端人才")
@xw.arg("pay", doc="劳动报酬（元）：上年度依法认定的税前劳动报酬；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_TALENT_RATE(pay: Any, on_date: Any = None) -> Any:
    "金融高端人才补助比例，单位：比例。依据：《青岛市金融高端人才评选管理办法》（青政办发〔2018〕17号）第九条（一）"
    return run("QD_TALENT_RATE", pay, on_date)


@xw.func(category="qdcalc 金融高端人才")
@xw.arg("pay", doc="劳动报酬（元）：上年度依法认定的税前劳动报酬；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_TALENT_SUBSIDY(pay: Any, on_date: Any = None) -> Any:
    "金融高端人才一次性补助，单位：元。依据：《青岛市金融高端人才评选管理办法》（青政办发〔2018〕17号）第九条（一）"
    return run("QD_TALENT_SUBSIDY", pay, on_date)


@xw.func(category="qdcalc 金融高端人才")
@xw.arg("pay", doc="劳动报酬（元）：上年度依法认定的税前劳动报酬；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("other", doc="其他政策金额（元）：同一人按其他政策可得的金额，没有填 0；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("mode", doc="方式：择高：只享受高的一项；补差：补足差额；可选：择高、补差；不填为 择高", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_TALENT_NET(pay: Any, other: Any, mode: Any = None, on_date: Any = None) -> Any:
    "金融高端人才补助（就高不重复），单位：元。依据：《青岛市金融高端人才评选管理办法》（青政办发〔2018〕17号）第九条（一）"
    return run("QD_TALENT_NET", pay, other, mode, on_date)


@xw.func(category="qdcalc 金融高端人才")
@xw.arg("lawful", doc="遵纪守法：无违法违纪行为；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("contract_years", doc="合同年限（年）：与现单位劳动合同约定的年限；单位：年，不小于 0，最大 9,999", **CELL)
@xw.arg("taxed_in_qingdao", doc="在青岛纳税：填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("healthy", doc="身体健康：填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("post", doc="职务：可选：国际性或全国性机构中层及以上、其他机构董监高、研究人员、其他", **CELL)
@xw.arg("age", doc="年龄（周岁）：单位：周岁，不小于 0，最大 150", **CELL)
@xw.arg("senior_title", doc="高级职称：填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("fulltime_phd", doc="全日制博士：填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("papers", doc="论文（篇）：近5年CSSCI来源期刊论文；单位：篇，不小于 0，最大 1,000,000", **CELL)
@xw.arg("projects", doc="课题（项）：近5年完成的省部级课题；单位：项，不小于 0，最大 1,000,000", **CELL)
@xw.arg("certificate", doc="专业资格：可选：CFA、FRM、CIIA、CFP、CWM、ACCA、保荐人、精算师、其他、无", **CELL)
@xw.arg("selected_before", doc="曾经入选：填 是 或 否（TRUE 或 FALSE）；不填为 FALSE", **CELL)
@xw.arg("employer", doc="所在单位：可选：金融机构、地方金融组织、金融研究机构、其他；不填为 金融机构", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_TALENT_ELIGIBLE(
    lawful: Any, contract_years: Any, taxed_in_qingdao: Any, healthy: Any, post: Any, age: Any, senior_title: Any,
    fulltime_phd: Any, papers: Any, projects: Any, certificate: Any, selected_before: Any = None, employer: Any = None,
    on_date: Any = None,
) -> Any:
    "金融高端人才申报条件。依据：《青岛市金融高端人才评选管理办法》（青政办发〔2018〕17号）第五条至第七条"
    return run(
        "QD_TALENT_ELIGIBLE", lawful, contract_years, taxed_in_qingdao, healthy, post, age, senior_title, fulltime_phd,
        papers, projects, certificate, selected_before, employer, on_date,
    )


@xw.func(category="qdcalc 金融之星")
@xw.arg("months", doc="享受月数：该管理年度内享受津贴的月数；单位：月，不小于 0，最大 12", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_STAR_ALLOWANCE(months: Any, on_date: Any = None) -> Any:
    "金融之星津贴，单位：元。依据：《青岛金融之星选拔管理办法》（青政办发〔2018〕17号）第九条（一）"
    return run("QD_STAR_ALLOWANCE", months, on_date)


@xw.func(category="qdcalc 金融之星")
@xw.arg("selected_year", doc="评选年度：发文公布入选的年度；单位：年份，不小于 1900，最大 9,999", **CELL)
@xw.arg("pay_year", doc="发放年度：集中发放津贴的年度；单位：年份，不小于 1900，最大 9,999", **CELL)
@xw.arg("months", doc="享受月数：该管理年度内享受津贴的月数；单位：月，不小于 0，最大 12；不填为 12", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_STAR_PAYABLE(selected_year: Any, pay_year: Any, months: Any = None, on_date: Any = None) -> Any:
    "金融之星当年应发津贴，单位：元。依据：《青岛金融之星选拔管理办法》（青政办发〔2018〕17号）第三条、第九条（一）"
    return run("QD_STAR_PAYABLE", selected_year, pay_year, months, on_date)


@xw.func(category="qdcalc 金融之星")
@xw.arg("lawful", doc="遵纪守法：无违法违纪等行为；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("skilled", doc="业务领先：岗位技能在本机构乃至全市、全省、全国金融系统领先；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("award", doc="奖励表彰：业务技能比赛获得的最高技能类奖励表彰；可选：无、市级、省级以上", **CELL)
@xw.arg("innovation", doc="创新推广：操作技能、流程优化创新并在全市、全省或全国金融系统推广；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("certificate", doc="职业资格：国际通行的金融职业资格；可选：CFA、FRM、CIIA、CFP、精算师、其他、无", **CELL)
@xw.arg("employer", doc="所在单位：可选：金融机构、地方金融组织、金融研究机构、其他；不填为 金融机构", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_STAR_ELIGIBLE(
    lawful: Any, skilled: Any, award: Any, innovation: Any, certificate: Any, employer: Any = None,
    on_date: Any = None,
) -> Any:
    "金融之星申报条件。依据：《青岛金融之星选拔管理办法》（青政办发〔2018〕17号）第五条至第七条"
    return run("QD_STAR_ELIGIBLE", lawful, skilled, award, innovation, certificate, employer, on_date)


@xw.func(category="qdcalc 金融之星")
@xw.arg("days", doc="培训天数（天）：所在单位当年安排的带薪培训学习天数；单位：天，不小于 0，最大 40,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_STAR_TRAINING(days: Any, on_date: Any = None) -> Any:
    "金融之星带薪培训。依据：《青岛金融之星选拔管理办法》（青政办发〔2018〕17号）第九条（四）"
    return run("QD_STAR_TRAINING", days, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("width", doc="路面宽（米）：路面宽度，不是路基宽度；单位：米，不小于 0，最大 1,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_RATE(work: Any, width: Any, district: Any, on_date: Any = None) -> Any:
    "农村公路每公里补助标准，单位：元/公里。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_RATE", work, width, district, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("width", doc="路面宽（米）：路面宽度，不是路基宽度；单位：米，不小于 0，最大 1,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("km", doc="里程（公里）：单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("poor_km", doc="薄弱村里程（公里）：其中省定贫困村、市定经济薄弱村的路段，没有填 0；单位：公里，不小于 0，最大 1,000,000；不填为 0", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_STANDARD(work: Any, width: Any, district: Any, km: Any, poor_km: Any = None, on_date: Any = None) -> Any:
    "农村公路补助标准额，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_STANDARD", work, width, district, km, poor_km, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_CEILING(work: Any, district: Any, estimate: Any, land_cost: Any = None, on_date: Any = None) -> Any:
    "农村公路补助上限额，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_CEILING", work, district, estimate, land_cost, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("width", doc="路面宽（米）：路面宽度，不是路基宽度；单位：米，不小于 0，最大 1,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("km", doc="里程（公里）：单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("poor_km", doc="薄弱村里程（公里）：其中省定贫困村、市定经济薄弱村的路段，没有填 0；单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("planned", doc="纳入实施计划：是否纳入“三年集中攻坚”专项行动实施计划；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_SUBSIDY(
    work: Any, width: Any, district: Any, km: Any, poor_km: Any, estimate: Any, land_cost: Any = None,
    planned: Any = None, on_date: Any = None,
) -> Any:
    "农村公路市级补助，单位：元。按标准额补助，不高于概算投资（不含征地拆迁）的上限；一个项目有多个路段时，先用 QD_ROAD_STANDARD 逐段计算，再用 QD_ROAD_CAPPED 合并封顶。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_SUBSIDY", work, width, district, km, poor_km, estimate, land_cost, planned, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("standard", doc="标准额（元）：各路段标准额之和；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("planned", doc="纳入实施计划：是否纳入“三年集中攻坚”专项行动实施计划；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_CAPPED(
    standard: Any, work: Any, district: Any, estimate: Any, land_cost: Any = None, planned: Any = None,
    on_date: Any = None,
) -> Any:
    "农村公路市级补助（多路段合并封顶），单位：元。一个项目有多个路段时：各路段标准额相加，按整个项目的概算投资封顶一次。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_CAPPED", standard, work, district, estimate, land_cost, planned, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("approved", doc="核定额（元）：核定的补助额，没有核定不填，按上限计；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("planned", doc="纳入实施计划：是否纳入“三年集中攻坚”专项行动实施计划；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_BRIDGE(
    estimate: Any, district: Any, land_cost: Any = None, approved: Any = None, planned: Any = None,
    on_date: Any = None,
) -> Any:
    "危桥改造市级补助，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）1"
    return run("QD_ROAD_BRIDGE", estimate, district, land_cost, approved, planned, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("width", doc="路面宽（米）：路面宽度，不是路基宽度；单位：米，不小于 0，最大 1,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("km", doc="里程（公里）：单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_EXCESS_STANDARD(work: Any, width: Any, district: Any, km: Any, on_date: Any = None) -> Any:
    "超额项目奖励标准额，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（二）1"
    return run("QD_ROAD_EXCESS_STANDARD", work, width, district, km, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("work", doc="工程类别：可选：路网提档升级、自然村庄通达、大修、中修、预防养护", **CELL)
@xw.arg("width", doc="路面宽（米）：路面宽度，不是路基宽度；单位：米，不小于 0，最大 1,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("km", doc="里程（公里）：单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("target_met", doc="完成年度任务：该区（市）是否完成年度工作任务目标；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_EXCESS(
    work: Any, width: Any, district: Any, km: Any, estimate: Any, land_cost: Any = None, target_met: Any = None,
    on_date: Any = None,
) -> Any:
    "超额项目奖励，单位：元。不计年度奖补资金规模；资金不足时再用 QD_ALLOCATE 按先干先得分配。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（二）1"
    return run("QD_ROAD_EXCESS", work, width, district, km, estimate, land_cost, target_met, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("standard", doc="标准额（元）：各路段标准额之和；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("estimate", doc="概算投资（元）：整个项目的概算，以元为单位；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("land_cost", doc="征地拆迁费（元）：概算中的土地征用及拆迁补偿费；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("base_paid", doc="已得补助（元）：同一项目已得的市级补助；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("target_met", doc="完成年度任务：该区（市）是否完成年度工作任务目标；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_EXCESS_CAPPED(
    standard: Any, district: Any, estimate: Any, land_cost: Any = None, base_paid: Any = None, target_met: Any = None,
    on_date: Any = None,
) -> Any:
    "超额项目奖励（多路段合并封顶），单位：元。各路段奖励标准额相加，按整个项目的概算投资封顶一次，并扣除该项目已得的市级补助。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（二）1"
    return run("QD_ROAD_EXCESS_CAPPED", standard, district, estimate, land_cost, base_paid, target_met, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("bays", doc="港湾车站（处）：新建港湾车站；单位：处，不小于 0，最大 1,000,000", **CELL)
@xw.arg("shelters", doc="候车亭（个）：新建候车亭，与站牌一体化设置；单位：个，不小于 0，最大 1,000,000", **CELL)
@xw.arg("signs", doc="站牌（个）：新建客运（公交）站牌；单位：个，不小于 0，最大 1,000,000", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("planned", doc="纳入实施计划：是否纳入“三年集中攻坚”专项行动实施计划；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_STATIONS(
    bays: Any, shelters: Any, signs: Any, district: Any, planned: Any = None, on_date: Any = None,
) -> Any:
    "客运站点市级补助，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）4"
    return run("QD_ROAD_STATIONS", bays, shelters, signs, district, planned, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("count", doc="示范区（市）个数：验收合格的“四好农村路”示范区（市）；单位：个，不小于 0，最大 1,000,000", **CELL)
@xw.arg("level", doc="验收级别：验收部门的级别；可选：国家级、省级、市级", **CELL)
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_DEMO(count: Any, level: Any, district: Any, on_date: Any = None) -> Any:
    "“四好农村路”示范区（市）奖励，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（二）2"
    return run("QD_ROAD_DEMO", count, level, district, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("city_standard", doc="市标准（元/公里）：青岛市现行小修、日常养护标准，文中没有数值；单位：元/公里，不小于 0，最大 2,000,000", **CELL)
@xw.arg("province_standard", doc="省标准（元/公里）：省小修、日常养护标准，文中没有数值；单位：元/公里，不小于 0，最大 2,000,000", **CELL)
@xw.arg("km", doc="里程（公里）：单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_MINOR_FLOOR(city_standard: Any, province_standard: Any, km: Any, on_date: Any = None) -> Any:
    "小修、日常养护补助下限，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（一）2"
    return run("QD_ROAD_MINOR_FLOOR", city_standard, province_standard, km, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("revenue", doc="土地出让收益（元）：当年政府土地出让金净收益，可为负；单位：元，可为负数，最大 1,000,000,000,000", **CELL)
@xw.arg("bound", doc="上下限：可选：下限、上限；不填为 下限", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_LAND_FUND(revenue: Any, bound: Any = None, on_date: Any = None) -> Any:
    "土地出让收益应安排额，单位：元。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（四）"
    return run("QD_ROAD_LAND_FUND", revenue, bound, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("revenue", doc="土地出让收益（元）：当年政府土地出让金净收益，可为负；单位：元，可为负数，最大 1,000,000,000,000", **CELL)
@xw.arg("arranged", doc="实际安排（元）：当年统筹用于农村公路建设养护的金额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_LAND_CHECK(revenue: Any, arranged: Any, on_date: Any = None) -> Any:
    "土地出让收益安排检查。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 四（四）"
    return run("QD_ROAD_LAND_CHECK", revenue, arranged, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("district", doc="区（市）：可选：崂山区、城阳区、即墨区、平度市、莱西市、胶州市、青岛西海岸新区、合计", **CELL)
@xw.arg("item", doc="任务项目：可选：路网提档升级、自然村庄通达、里程合计、大中修、预防养护、危桥、客运站点", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_TASK(district: Any, item: Any, on_date: Any = None) -> Any:
    "三年任务目标，单位：公里、座或个。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件2"
    return run("QD_ROAD_TASK", district, item, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("district", doc="区（市）：可选：崂山区、城阳区、即墨区、平度市、莱西市、胶州市、青岛西海岸新区、合计", **CELL)
@xw.arg("item", doc="任务项目：可选：路网提档升级、自然村庄通达、里程合计、大中修、预防养护、危桥、客运站点", **CELL)
@xw.arg("done", doc="完成量：与任务项目同一单位：公里、座或个；单位：公里、座或个，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_TASK_PROGRESS(district: Any, item: Any, done: Any, on_date: Any = None) -> Any:
    "三年任务完成比例，单位：比例。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件2"
    return run("QD_ROAD_TASK_PROGRESS", district, item, done, on_date)


@xw.func(category="qdcalc 四好农村路")
@xw.arg("surface", doc="面层材料：可选：沥青混凝土、水泥混凝土", **CELL)
@xw.arg("thickness_cm", doc="厚度（厘米）：单位：厘米，不小于 0，最大 1,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ROAD_PAVEMENT(surface: Any, thickness_cm: Any, on_date: Any = None) -> Any:
    "新建公路面层厚度。依据：《关于进一步做好“四好农村路”工作的实施意见》（青政办发〔2018〕19号）附件1 二（一）5"
    return run("QD_ROAD_PAVEMENT", surface, thickness_cm, on_date)
