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
@xw.arg("target", doc="目标编号：如 T093；一行有多个值的写明是哪一个，如 T081-2019、T147-黄岛区；文字", **CELL)
@xw.arg("field", doc="项目：可选：indicator、base、target、year、direction、unit、article、base_year、upper、softness、policy、note", **CELL)
def QD_TARGET(target: Any, field: Any) -> Any:
    "目标。目标表一行中的一项：指标、基期值、目标值、目标年、方向、单位、条款等；百分数给出小数，文中没有写的照实说明。"
    return run("QD_TARGET", target, field)


@xw.func(category="qdcalc 通用")
@xw.arg("target", doc="目标编号：如 T093；一行有多个值的写明是哪一个，如 T081-2019、T147-黄岛区；文字", **CELL)
@xw.arg("actual", doc="实际值：与目标同一单位；目标是降幅的，填实际水平；与目标同一单位，百分数填小数或百分比", **CELL)
@xw.arg("base", doc="基期值：目标表没有基期值、目标是降幅或逐年变化时须填，填了以此为准；与目标同一单位，百分数填小数或百分比；可不填", **CELL)
def QD_TARGET_CHECK(target: Any, actual: Any, base: Any = None) -> Any:
    "目标是否达标。按目标的方向判断；区间目标达到下限即达标、超过上限为提示；约、左右、争取、原则上等软目标未达到为提示。"
    return run("QD_TARGET_CHECK", target, actual, base)


@xw.func(category="qdcalc 通用")
@xw.arg("target", doc="目标编号：如 T093；一行有多个值的写明是哪一个，如 T081-2019、T147-黄岛区；文字", **CELL)
@xw.arg("actual", doc="实际值：与目标同一单位；目标是降幅的，填实际水平；与目标同一单位，百分数填小数或百分比", **CELL)
@xw.arg("base", doc="基期值：目标表没有基期值、目标是降幅或逐年变化时须填，填了以此为准；与目标同一单位，百分数填小数或百分比；可不填", **CELL)
def QD_TARGET_PROGRESS(target: Any, actual: Any, base: Any = None) -> Any:
    "目标完成进度，单位：比例。从基期到目标走了多少：(实际值−基期值)÷(目标值−基期值)，区间目标按下限；目标是降幅的，实际降幅÷目标降幅。"
    return run("QD_TARGET_PROGRESS", target, actual, base)


@xw.func(category="qdcalc 通用")
@xw.arg("target", doc="目标编号：如 T093；一行有多个值的写明是哪一个，如 T081-2019、T147-黄岛区；文字", **CELL)
@xw.arg("year", doc="年份：基期年至目标年之间；单位：年份，不小于 1900，最大 9,999", **CELL)
@xw.arg("base", doc="基期值：目标表没有基期值、目标是降幅或逐年变化时须填，填了以此为准；与目标同一单位，百分数填小数或百分比；可不填", **CELL)
@xw.arg("method", doc="方法：线性：每年增量相同；复合：每年增幅相同；可选：线性、复合；不填为 线性", **CELL)
def QD_TARGET_PATH(target: Any, year: Any, base: Any = None, method: Any = None) -> Any:
    "目标年度应达值。从基期年到目标年，某年应达到的值；目标是降幅的，给出应降到的水平。"
    return run("QD_TARGET_PATH", target, year, base, method)


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


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("seq", doc="序号：清单中的序号，1 至 49；不小于 1，最大 49", **CELL)
@xw.arg("field", doc="项目：可选：实施机关、权限名称、备注；不填为 权限名称", **CELL)
def QD_DELEGATION_ITEM(seq: Any, field: Any = None) -> Any:
    "下放权限事项。清单中一项的实施机关、权限名称或备注；没有备注的给出空文字。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）附件"
    return run("QD_DELEGATION_ITEM", seq, field)


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("keyword", doc="关键词：在权限名称中查找，如 采矿权；文字", **CELL)
@xw.arg("department", doc="实施机关：可选：市经济信息化委、市教育局、市民政局、市司法局、市国土资源房管局、市林业局、市文广新局、市卫生计生委、市安全生产监管局、市食品药品监管局；可不填", **CELL)
def QD_DELEGATION_FIND(keyword: Any, department: Any = None) -> Any:
    "查找下放权限。权限名称含关键词的各项序号，一列；可限定实施机关。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）附件"
    return run("QD_DELEGATION_FIND", keyword, department)


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("department", doc="实施机关：可选：市经济信息化委、市教育局、市民政局、市司法局、市国土资源房管局、市林业局、市文广新局、市卫生计生委、市安全生产监管局、市食品药品监管局；可不填", **CELL)
def QD_DELEGATION_COUNT(department: Any = None) -> Any:
    "下放权限项数，单位：项。清单的项数；可限定实施机关。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）三；附件"
    return run("QD_DELEGATION_COUNT", department)


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("seq", doc="序号：清单中的序号，1 至 49；不小于 1，最大 49", **CELL)
@xw.arg("in_pingdu", doc="在平度区域：事项是否在平度市行政区域内；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("cross_region", doc="跨区域项目：是否为跨区域项目的审批管理；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("category", doc="类别：序号7至14填学校类别，28至43填医疗机构级别，其余填 无；可选：无、民办普通高中、民办中职学校、公办中职学校、高等非学历学校、其他学校、三级医疗机构、二级医疗机构、一级医疗机构、其他非三级医疗机构", **CELL)
@xw.arg("date_value", doc="办理日期：行使权限的日期；日期，如 2018-08-16", **CELL)
@xw.arg("agreement_signed", doc="已签协议：是否已签订委托协议；填 是 或 否（TRUE 或 FALSE）；不填为 TRUE", **CELL)
def QD_DELEGATION_CHECK(
    seq: Any, in_pingdu: Any, cross_region: Any, category: Any, date_value: Any, agreement_signed: Any = None,
) -> Any:
    "是否由平度办理。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）三；附件"
    return run("QD_DELEGATION_CHECK", seq, in_pingdu, cross_region, category, date_value, agreement_signed)


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("published", doc="公布日期：决定发布的日期；日期，如 2018-08-16；不填为 2018-08-30", **CELL)
def QD_DELEGATION_DEADLINE(published: Any = None) -> Any:
    "委托协议签订期限。刻制专用章、授予审批机关、签订委托协议的最后一日；备案和业务培训没有期限。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）四（一）"
    return run("QD_DELEGATION_DEADLINE", published)


@xw.func(category="qdcalc 下放平度市权限")
@xw.arg("signed", doc="签订日期：签订委托协议的日期；日期，如 2018-08-16", **CELL)
@xw.arg("published", doc="公布日期：决定发布的日期；日期，如 2018-08-16；不填为 2018-08-30", **CELL)
def QD_DELEGATION_OVERDUE(signed: Any, published: Any = None) -> Any:
    "委托协议签订逾期天数，单位：日。依据：《青岛市人民政府关于向平度市下放市级行政管理权限的决定》（青岛市人民政府令第264号）四（一）"
    return run("QD_DELEGATION_OVERDUE", signed, published)


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


@xw.func(category="qdcalc 财富管理")
@xw.arg("paid_in_capital", doc="实缴注册资本（元）：申请时的实缴额，不是认缴额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_SETUP(paid_in_capital: Any, on_date: Any = None) -> Any:
    "法人金融机构一次性补助，单位：元。新设立和新迁入的法人金融机构，按申请时实缴注册资本所在的档给予一次性补助，不到10亿元的按比例。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）一（一）1"
    return run("QD_FIN_SETUP", paid_in_capital, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("opened", doc="开业日期：新设立的开业日或新迁入的迁入日；日期，如 2018-08-16", **CELL)
@xw.arg("date_value", doc="日期：所问的日期；日期，如 2018-08-16", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_WINDOW(opened: Any, date_value: Any, on_date: Any = None) -> Any:
    "是否在经济贡献补助期内。自开业起5年内为是，满5年当日起为否；补助金额文中没有标准，由填表人核定。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）一（一）2"
    return run("QD_FIN_WINDOW", opened, date_value, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("new_capital", doc="新增资本（元）：实缴到位的新增资本；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("government_part", doc="政府投资额（元）：新增资本中的政府投资，没有填 0；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_INCREASE(new_capital: Any, government_part: Any, on_date: Any = None) -> Any:
    "法人金融机构增资补助，单位：元。青岛市现有法人金融机构增资的，按扣除政府投资额后的新增资本给予一次性补助，每次不高于上限。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）一（二）"
    return run("QD_FIN_INCREASE", new_capital, government_part, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("coverage", doc="业务管辖范围：须覆盖山东省；可选：山东省、山东省及其他省份、山东省部分地市、仅其他省份", **CELL)
@xw.arg("taxed_in_qingdao", doc="在青岛市汇总纳税：该区域性管辖机构是否在青岛市汇总纳税；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_REGIONAL(coverage: Any, taxed_in_qingdao: Any, on_date: Any = None) -> Any:
    "区域性管辖金融机构补助，单位：元。新设立和新引进并在青岛市汇总纳税的区域性管辖金融机构，按业务管辖范围给予一次性补助。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）一（三）"
    return run("QD_FIN_REGIONAL", coverage, taxed_in_qingdao, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("prize", doc="奖项：可选：项目创新奖、研究创新奖", **CELL)
@xw.arg("grade", doc="奖级：可选：一等、二等、三等", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_PRIZE(prize: Any, grade: Any, on_date: Any = None) -> Any:
    "金融创新奖奖励，单位：元。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）二（一）2、3"
    return run("QD_FIN_PRIZE", prize, grade, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("amounts", doc="奖励金额（元）：同一申报主体各奖项的奖励，一格一项；一列单元格；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_PRIZE_BEST(amounts: Any, on_date: Any = None) -> Any:
    "金融创新奖就高兑现，单位：元。同一申报主体获得多个奖项的，只兑现其中最高的一项；空白格不计。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）二（二）"
    return run("QD_FIN_PRIZE_BEST", amounts, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("fees", doc="中介费（元）：本次申请的券商、律师、会计师、资产评估、项目咨询等费用；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("paid_before", doc="已得补助（元）：同一企业此前按本条已得的补助，不含新三板挂牌补助；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_LISTING(fees: Any, paid_before: Any = None, on_date: Any = None) -> Any:
    "企业上市中介费补助，单位：元。拟在国内主板、中小板、创业板上市的本市企业，买壳上市并将上市公司注册地迁入的企业，境外交易所主板首发上市的企业，按本次中介费的一半补助，以上限的余额为限。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）三（一）"
    return run("QD_FIN_LISTING", fees, paid_before, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("approved", doc="核定额（元）：核定的补助额或实际挂牌费用；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("is_key_company", doc="市级重点拟挂牌企业：是否为市级重点拟挂牌企业；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_NEEQ(approved: Any, is_key_company: Any, on_date: Any = None) -> Any:
    "新三板挂牌补助，单位：元。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）三（二）"
    return run("QD_FIN_NEEQ", approved, is_key_company, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("approved", doc="核定额（元）：核定的补助额或实际挂牌费用；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("listed_company", doc="上市公司：是否为上市公司；填 是 或 否（TRUE 或 FALSE）；不填为 FALSE", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_REGIONAL_MARKET(approved: Any, listed_company: Any = None, on_date: Any = None) -> Any:
    "区域性股权市场挂牌补助，单位：元。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）三（三）"
    return run("QD_FIN_REGIONAL_MARKET", approved, listed_company, on_date)


@xw.func(category="qdcalc 财富管理")
@xw.arg("received", doc="已享受补助（元）：累计享受的本政策补助资金；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("paid_date", doc="拨付日期：取得补助之日，10年自此起算；日期，如 2018-08-16", **CELL)
@xw.arg("moved_date", doc="迁离日期：迁离青岛市之日，未迁离不填；日期，如 2018-08-16", **CELL)
@xw.arg("subject", doc="主体：享受补助的是哪一类；可选：金融机构、市场机构、其他企业；不填为 金融机构", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_FIN_CLAWBACK(
    received: Any, paid_date: Any, moved_date: Any = None, subject: Any = None, on_date: Any = None,
) -> Any:
    "迁离应退还的补助，单位：元。承诺期内迁离青岛市的，全额退还享受的补助，不按年递减，不计利息；迁离日期不填为未迁离。事项日期填取得补助之日，不是迁离之日。依据：《关于进一步促进青岛市财富管理金融综合改革试验区发展的政策措施》（青政办发〔2018〕18号）五（二）"
    return run("QD_FIN_CLAWBACK", received, paid_date, moved_date, subject, on_date)


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


@xw.func(category="qdcalc 农村生活垃圾分类")
@xw.arg("households", doc="常住户数（户）：村（社区）的常住户数；单位：户，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_WASTE_CLEANERS(households: Any, on_date: Any = None) -> Any:
    "村（社区）应配保洁员，单位：人。按常住户数至少100户1人配备保洁员（垃圾分拣员），不足100户的村（社区）至少1名。依据：《关于推进农村生活垃圾分类工作的实施意见》（青政办发〔2018〕20号）二（四）"
    return run("QD_WASTE_CLEANERS", households, on_date)


@xw.func(category="qdcalc 农村生活垃圾分类")
@xw.arg("sorted_villages", doc="已分类村数（村）：已开展生活垃圾分类收集的村（社区）；单位：村，不小于 0，最大 1,000,000", **CELL)
@xw.arg("villages", doc="村数（村）：行政村（社区）总数；单位：村，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_WASTE_COVERAGE(sorted_villages: Any, villages: Any, on_date: Any = None) -> Any:
    "分类收集覆盖率，单位：比例。依据：《关于推进农村生活垃圾分类工作的实施意见》（青政办发〔2018〕20号）一（二）"
    return run("QD_WASTE_COVERAGE", sorted_villages, villages, on_date)


@xw.func(category="qdcalc 农村生活垃圾分类")
@xw.arg("level", doc="层级：可选：区（市）、镇（街道）、村（社区）", **CELL)
@xw.arg("start", doc="起日：应检查的期间，含当日；日期，如 2018-08-16", **CELL)
@xw.arg("end_date", doc="止日：应检查的期间，含当日；日期，如 2018-08-16", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_WASTE_INSPECTIONS(level: Any, start: Any, end_date: Any, on_date: Any = None) -> Any:
    "应检查次数，单位：次。区（市）按月、镇（街道）按周（周一起）、村（社区）按日检查；首尾两日都算，不足一月一周的也计1次。依据：《关于推进农村生活垃圾分类工作的实施意见》（青政办发〔2018〕20号）三（三）"
    return run("QD_WASTE_INSPECTIONS", level, start, end_date, on_date)


@xw.func(category="qdcalc 农村生活垃圾分类")
@xw.arg("hazardous", doc="有害垃圾：是否为有害垃圾；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("bulky", doc="大件垃圾：是否为大件垃圾；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("perishable", doc="易腐烂：是否易腐烂，厨余垃圾沥干水分后填 是；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("sellable", doc="好卖的：不易腐烂的垃圾中，保洁员二次分拣为好卖的；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_WASTE_STREAM(hazardous: Any, bulky: Any, perishable: Any, sellable: Any, on_date: Any = None) -> Any:
    "垃圾去向。有害垃圾、大件垃圾单列；其余按“二次四分法”，先分易腐烂与不易腐烂，不易腐烂的再分好卖的与不好卖的。依据：《关于推进农村生活垃圾分类工作的实施意见》（青政办发〔2018〕20号）二（一）"
    return run("QD_WASTE_STREAM", hazardous, bulky, perishable, sellable, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("invested", doc="首投额（元）：本次申报的对千帆企业首投的实际投资额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("paid_before", doc="当年已得（元）：同一年度已得的同一项补助；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_FIRST_INVEST(invested: Any, paid_before: Any = None, on_date: Any = None) -> Any:
    "首投补助，单位：元。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）三（二）2"
    return run("QD_SCI_FIRST_INVEST", invested, paid_before, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("cost", doc="检测费（元）：使用大型科学仪器共享服务平台当年实际发生的检验检测费；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("paid_before", doc="当年已得（元）：同一年度已得的同一项补助；单位：元，不小于 0，最大 1,000,000,000,000；不填为 0", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_TESTING(cost: Any, paid_before: Any = None, on_date: Any = None) -> Any:
    "检验检测费补贴，单位：元。使用大型科学仪器共享服务平台的检验检测费补贴；以后逐步并入创新券（七（三）2），办法未写。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）三（二）2"
    return run("QD_SCI_TESTING", cost, paid_before, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("loans", doc="贷款额（元）：对千帆企业发放的贷款，每笔一行；一列单元格；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("firms", doc="企业名称：与贷款额同样的行；不填时每行算一家企业；一列单元格；文字", **CELL)
@xw.arg("counted_before", doc="已计入企业：以前已计入的企业名称，一列；一列单元格；文字；可不填", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_BANK(loans: Any, firms: Any = None, counted_before: Any = None, on_date: Any = None) -> Any:
    "银行新增企业补助，单位：元。每新增一家贷款额超过门槛的企业给予补助，没有封顶；填了企业名称时，同一企业的贷款累计、只计一次，已计入企业不再计。贷款额按累计发放额。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）三（二）2"
    return run("QD_SCI_BANK", loans, firms, counted_before, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("portfolios", doc="专利组合（项）：符合条件的关键核心技术专利组合（专利池）；单位：项，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_PATENT(portfolios: Any, on_date: Any = None) -> Any:
    "专利组合奖励，单位：元。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）三（二）1；五（三）1"
    return run("QD_SCI_PATENT", portfolios, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("approved", doc="认定资助额（元）：经评审认定的团队综合资助额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_TEAM(approved: Any, on_date: Any = None) -> Any:
    "团队综合资助核对，单位：元。认定的资助额在规定区间内即为该额，否则是错误；额度由评审认定，不能计算。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）三（一）1"
    return run("QD_SCI_TEAM", approved, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("revenue", doc="主营业务收入（元）：知识产权运营服务机构的年主营业务收入；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("excellent", doc="是否优秀：是否为优秀机构；填 是 或 否（TRUE 或 FALSE）", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_IP_SERVICE(revenue: Any, excellent: Any, on_date: Any = None) -> Any:
    "知识产权运营服务机构资助条件。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）五（三）2"
    return run("QD_SCI_IP_SERVICE", revenue, excellent, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("sector", doc="领域：可选：新一代信息技术、先进制造、生物与医药、新能源新材料、现代海洋、合计", **CELL)
@xw.arg("item", doc="目标项目：可选：颠覆性技术、前沿引领技术、关键共性技术、创新平台、骨干企业、龙头企业、龙头企业上限、国际性企业、国际性企业上限、产业集聚区（集群）", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_SECTOR(sector: Any, item: Any, on_date: Any = None) -> Any:
    "领域数量目标。2022年各领域的数量目标；区间目标给下限，上限另列；合计为各领域相加，文中没有合计。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）二（一）至二（五）"
    return run("QD_SCI_SECTOR", sector, item, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("indicator", doc="指标：可选：研发经费支出占生产总值比重、万人有效发明专利拥有量、PCT国际专利年申请量、高新技术企业数量、每万人拥有研发人员、技术合同交易额、科技投融资规模", **CELL)
@xw.arg("year", doc="年份：2017 至 2022；单位：年份，不小于 1900，最大 9,999", **CELL)
@xw.arg("method", doc="方法：线性：每年增量相同；复合：每年增幅相同；可选：线性、复合；不填为 线性", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_INDICATOR(indicator: Any, year: Any, method: Any = None, on_date: Any = None) -> Any:
    "主要指标年度值。七项主要指标从2017年到2022年，某年应达到的值；比重给出小数，其余按表中单位。年度路径是推算，文中只有两端。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）一"
    return run("QD_SCI_INDICATOR", indicator, year, method, on_date)


@xw.func(category="qdcalc 科技创新")
@xw.arg("keyword", doc="关键词：在名称和领域中查找，如 海尔、机器人；文字", **CELL)
@xw.arg("kind", doc="类别：可选：关键技术、平台、企业、园区、合作单位；可不填", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_SCI_DIRECTORY(keyword: Any, kind: Any = None, on_date: Any = None) -> Any:
    "专栏名录。24个专栏里名称或领域含关键词的条目，一行一条：专栏号、领域、细分领域、类别、名称；可限定类别。技术名称为摘要，其余名称照原文，疑误之处已订正并在数据的校勘列说明。依据：《青岛市新旧动能转换重大工程科技创新行动计划》（青政办字〔2018〕73号）二 专栏1至24"
    return run("QD_SCI_DIRECTORY", keyword, kind, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("energy", doc="能源消费量（万吨标准煤）：综合能源消费量；单位：万吨标准煤，不小于 0，最大 1,000,000", **CELL)
@xw.arg("gdp", doc="地区生产总值（亿元）：比较各年时应为不变价；单位：亿元，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_INTENSITY(energy: Any, gdp: Any, on_date: Any = None) -> Any:
    "万元地区生产总值能耗，单位：吨标准煤/万元。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）一（二）"
    return run("QD_ENERGY_INTENSITY", energy, gdp, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("base", doc="基期强度（吨标准煤/万元）：基期的单位能耗；其他单耗、人均用水等同一单位的数也可；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("actual", doc="实际强度（吨标准煤/万元）：比较期的单位能耗，与基期同一单位；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_DROP(base: Any, actual: Any, on_date: Any = None) -> Any:
    "能耗强度降低率，单位：比例。1 − 实际强度 ÷ 基期强度，上升为负。保留4位小数；是否达标用双控判定，不用取整后的降低率。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）一（二）"
    return run("QD_ENERGY_DROP", base, actual, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("base", doc="基期强度（吨标准煤/万元）：基期的单位能耗；其他单耗、人均用水等同一单位的数也可；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("actual", doc="实际强度（吨标准煤/万元）：比较期的单位能耗，与基期同一单位；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("target_drop", doc="降低目标：如 16%；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("method", doc="方法：对数：各年降低率相同时进度相同；线性：按降低率之比；可选：对数、线性；不填为 对数", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_PROGRESS(base: Any, actual: Any, target_drop: Any, method: Any = None, on_date: Any = None) -> Any:
    "能耗强度目标进度，单位：比例。已完成降低目标的份额。对数：ln(1−已降低率)÷ln(1−目标)；线性：已降低率÷目标。保留8位小数。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）一（二）；附件1"
    return run("QD_ENERGY_PROGRESS", base, actual, target_drop, method, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("target_drop", doc="降低目标：如 16%；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("drop_so_far", doc="已降低率：至今比基期累计降低的比例，上升填负数；单位：比例，可为负数，最大 1", **CELL)
@xw.arg("years_left", doc="剩余年数（年）：还有几年，整数；单位：年，不小于 1，最大 100", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_REQUIRED(target_drop: Any, drop_so_far: Any, years_left: Any, on_date: Any = None) -> Any:
    "剩余年份年均需降，单位：比例。1 − ((1−降低目标)÷(1−已降低率))^(1÷剩余年数)；已达到目标的为 0。保留8位小数。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）一（二）；附件1"
    return run("QD_ENERGY_REQUIRED", target_drop, drop_so_far, years_left, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市、合计", **CELL)
@xw.arg("item", doc="目标项目：可选：十三五强度、2018强度、增量", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_GOAL(district: Any, item: Any, on_date: Any = None) -> Any:
    "区（市）能耗目标，单位：比例或万吨标准煤。“十三五”或2018年度能耗强度降低目标（比例），或能耗增量控制目标（万吨标准煤）；合计只有增量。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）附件1、附件2"
    return run("QD_ENERGY_GOAL", district, item, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("total", doc="能源消费总量（万吨标准煤）：考核年的能源消费总量；单位：万吨标准煤，不小于 0，最大 100,000,000", **CELL)
@xw.arg("renewable", doc="可再生能源消费量（万吨标准煤）：其中实际的可再生能源消费量；单位：万吨标准煤，不小于 0，最大 100,000,000", **CELL)
@xw.arg("renewable_planned", doc="规划可再生能源量（万吨标准煤）：规划的可再生能源消费量；单位：万吨标准煤，不小于 0，最大 100,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_ASSESSED(total: Any, renewable: Any, renewable_planned: Any, on_date: Any = None) -> Any:
    "纳入考核的能源消费总量，单位：万吨标准煤。超出规划部分的可再生能源消费量不纳入考核：总量 − max(0, 实际可再生 − 规划可再生)。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）二（三）"
    return run("QD_ENERGY_ASSESSED", total, renewable, renewable_planned, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("district", doc="区（市）：可选：市南区、市北区、李沧区、崂山区、青岛西海岸新区、城阳区、即墨区、胶州市、平度市、莱西市", **CELL)
@xw.arg("base_intensity", doc="2015年强度（吨标准煤/万元）：2015年万元地区生产总值能耗；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("intensity", doc="实际强度（吨标准煤/万元）：考核年万元地区生产总值能耗，不变价；单位：吨标准煤/万元，不小于 0，最大 10,000", **CELL)
@xw.arg("base_total", doc="2015年总量（万吨标准煤）：2015年能源消费总量；单位：万吨标准煤，不小于 0，最大 100,000,000", **CELL)
@xw.arg("total", doc="能源消费总量（万吨标准煤）：考核年的能源消费总量；单位：万吨标准煤，不小于 0，最大 100,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_DUAL_CONTROL(
    district: Any, base_intensity: Any, intensity: Any, base_total: Any, total: Any, on_date: Any = None,
) -> Any:
    "能耗总量和强度双控判定。强度比2015年降低不少于“十三五”目标，且总量增量不高于控制数；未达标的说明差多少。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）三（四）2；附件1、附件2"
    return run("QD_ENERGY_DUAL_CONTROL", district, base_intensity, intensity, base_total, total, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("coal", doc="煤炭比重：占一次能源消费的比重；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("gas", doc="天然气比重：占一次能源消费的比重；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("renewable", doc="新能源和可再生能源比重：占一次能源消费的比重；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("oil", doc="油品比重：占一次能源消费的比重；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_MIX(coal: Any, gas: Any, renewable: Any, oil: Any, on_date: Any = None) -> Any:
    "一次能源消费结构。煤炭、天然气、新能源和可再生能源、油品四项比重与2020年目标比较；天然气高于上限只提示。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）二（三）"
    return run("QD_ENERGY_MIX", coal, gas, renewable, oil, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("spaces", doc="车位数（车位）：公共机构停车场的车位数；单位：车位，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_CHARGERS(spaces: Any, on_date: Any = None) -> Any:
    "停车场充电设施最低车位数，单位：车位。公共机构新建和既有停车场：配备充电设施或预留安装条件的车位，不低于10%。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）三（一）4"
    return run("QD_ENERGY_CHARGERS", spaces, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("green", doc="节能产品采购额（元）：节能产品采购金额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("total", doc="采购总额（元）：同类产品的政府采购总额；单位：元，不小于 0，最大 1,000,000,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_GREEN_BUY(green: Any, total: Any, on_date: Any = None) -> Any:
    "节能产品采购占比。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）四（一）3"
    return run("QD_ENERGY_GREEN_BUY", green, total, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("km", doc="出行距离（公里）：公务出行的距离；单位：公里，不小于 0，最大 1,000,000", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_ENERGY_TRAVEL(km: Any, on_date: Any = None) -> Any:
    "公务出行“135”方式。公务活动出行：1公里范围内步行，3公里范围内骑车，5公里范围内公交；更远的没有规定。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）四（一）2"
    return run("QD_ENERGY_TRAVEL", km, on_date)


@xw.func(category="qdcalc 节能与绿色发展")
@xw.arg("list", doc="清单：可选：节约型机关、绿色低碳交通运输、绿色社区、绿色学校、绿色家庭", **CELL)
@xw.arg("answers", doc="答案：按附件的顺序，每项一格；一列单元格；填 是、否；有数值门槛的项目也可填数值；新建小区入住率可填 不适用", **CELL)
@xw.arg("weights", doc="权重：与答案同样的行，原文没有权重，不填按每项相同；一列单元格；不小于 0，最大 1,000,000", **CELL)
@xw.arg("threshold", doc="合格阈值：基本条件以外各项的达成率，原文没有合格线，不填不给结论；单位：比例，不小于 0，最大 1", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_CHECKLIST(list: Any, answers: Any, weights: Any = None, threshold: Any = None, on_date: Any = None) -> Any:
    "创建评价清单。基本条件须全部通过，其余各项算达成率并列出未达成的；填了合格阈值才给结论。节约型机关填16项为独立办公、5项为集中办公。依据：《青岛市节能与绿色发展行动方案（2018—2020年）》（青政办字〔2018〕75号）附件3至附件7"
    return run("QD_CHECKLIST", list, answers, weights, threshold, on_date)


@xw.func(category="qdcalc 百名局长")
@xw.arg("names", doc="姓名列：签到表的姓名列，没有签到的人也列出；一列单元格；文字", **CELL)
@xw.arg("sign_ins", doc="签到列：签到表的签到列，与姓名同样的行；一列单元格；日期或日期加时刻，如 2018-09-05 08:30；没有签的留空", **CELL)
@xw.arg("sign_outs", doc="签退列：签到表的签退列，与姓名同样的行；一列单元格；日期或日期加时刻，如 2018-09-05 08:30；没有签的留空", **CELL)
@xw.arg("name", doc="姓名：要统计的人，须在姓名列中；文字", **CELL)
@xw.arg("month", doc="月份：该月的任意一天；日期，如 2018-08-16", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_DUTY_DAYS(names: Any, sign_ins: Any, sign_outs: Any, name: Any, month: Any, on_date: Any = None) -> Any:
    "当月有效驻厅天数，单位：天。一个人当月同一天既有签到又有签退的天数，同一天只算一次；别人代签、代驻的不算。依据：《关于开展百名局长进审批服务大厅活动的通知》（青政办字〔2018〕78号）二（二）、三（二）"
    return run("QD_DUTY_DAYS", names, sign_ins, sign_outs, name, month, on_date)


@xw.func(category="qdcalc 百名局长")
@xw.arg("days", doc="有效天数（天）：当月同日有签到和签退的整天数；两个半天不折成1天，不要相加；单位：天，不小于 0，最大 31", **CELL)
@xw.arg("month", doc="月份：该月的任意一天；日期，如 2018-08-16", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_DUTY_CHECK(days: Any, month: Any, on_date: Any = None) -> Any:
    "当月驻厅是否达标。每人每月不少于1天，不可跨月抵补；2018年9月起考核，以前的月份不考核。依据：《关于开展百名局长进审批服务大厅活动的通知》（青政办字〔2018〕78号）二（二）"
    return run("QD_DUTY_CHECK", days, month, on_date)


@xw.func(category="qdcalc 百名局长")
@xw.arg("members", doc="人数（人）：应进驻的领导班子成员数；单位：人，不小于 0，最大 100,000", **CELL)
@xw.arg("months", doc="月数（月）：应进驻的月数，全年为12；单位：月，不小于 0，最大 1,200", **CELL)
@xw.arg("on_date", doc="事项日期：日期，如 2018-08-16；不填按政策有效期处理", **CELL)
def QD_DUTY_QUOTA(members: Any, months: Any, on_date: Any = None) -> Any:
    "应驻厅人日，单位：人日。人数 × 月数 × 每人每月最少天数；只算总数，不能用它代替每人每月的核对。依据：《关于开展百名局长进审批服务大厅活动的通知》（青政办字〔2018〕78号）二（二）"
    return run("QD_DUTY_QUOTA", members, months, on_date)
