"""What the lowering must know of Excel's own functions: which argument takes a range, and which the engine gets wrong.

Measured on formualizer 0.13.0: of all functions only operators, IF, IFERROR, IFNA and LET work elementwise on an array.
LEN(A1:A3) inside SUMPRODUCT looks at the first cell only and SUMIF with several criteria gives 0, without any error.
So a range or an array in the place of a single value is never handed over: see formulas.py.
"""

from __future__ import annotations

import re

VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"})
ANYWHERE = frozenset({"OFFSET", "INDIRECT"})
"""What these read is only known when they run."""
ELEMENTWISE = frozenset({"IF", "IFERROR", "IFNA", "LET"})
GIVES_ARRAY = frozenset(
    [
        "TRANSPOSE",
        "FREQUENCY",
        "UNIQUE",
        "SORT",
        "SORTBY",
        "FILTER",
        "SEQUENCE",
        "RANDARRAY",
        "VSTACK",
        "HSTACK",
        "TAKE",
        "DROP",
        "CHOOSEROWS",
        "CHOOSECOLS",
        "TOCOL",
        "TOROW",
        "TEXTSPLIT",
        "LINEST",
        "TREND",
        "GROWTH",
        "LOGEST",
        "MINVERSE",
    ]
)
GIVES_RANGE = frozenset({"OFFSET", "INDIRECT"})
"""May stand for more than one cell, wherever they are used as a value."""

PICTURE = "单元格图片"
"""WPS's DISPIMG shows a picture in a cell: nothing to calculate, and nothing that a report should list."""

_UNABLE = {
    "DISPIMG": PICTURE,
    # name: why the cached value is the better one
    **dict.fromkeys(("LENB", "LEFTB", "RIGHTB", "MIDB", "FINDB", "SEARCHB", "REPLACEB"), "按字节计算，引擎不区分汉字"),
    "CODE": "汉字的编码与电脑的语言有关",
    **dict.fromkeys(("CELL", "INFO", "SHEET", "SHEETS", "FORMULATEXT", "ISFORMULA"), "引擎没有所需的环境信息"),
    **dict.fromkeys(("DATEVALUE", "TIMEVALUE", "VALUE", "NUMBERVALUE"), "引擎不认识部分中文写法"),
    **dict.fromkeys(("DOLLAR", "RMB", "BAHTTEXT", "NUMBERSTRING", "DATESTRING"), "引擎没有中文的货币和日期写法"),
    **dict.fromkeys(("LAMBDA", "BYROW", "BYCOL", "MAP", "REDUCE", "SCAN", "MAKEARRAY"), "引擎不支持 LAMBDA"),
    **dict.fromkeys(("PHONETIC", "GETPIVOTDATA", "RTD", "WEBSERVICE", "CUBEVALUE"), "引擎取不到所需的数据"),
}
_DATES = frozenset(
    [
        "DATE",
        "DATEDIF",
        "DATEVALUE",
        "DAY",
        "DAYS",
        "DAYS360",
        "EDATE",
        "EOMONTH",
        "ISOWEEKNUM",
        "MONTH",
        "NETWORKDAYS",
        "NETWORKDAYS.INTL",
        "NOW",
        "TEXT",
        "TODAY",
        "WEEKDAY",
        "WEEKNUM",
        "WORKDAY",
        "WORKDAY.INTL",
        "YEAR",
        "YEARFRAC",
    ]
)

_RANGES = (
    "AND AVEDEV AVERAGE AVERAGEA CONCAT COUNT COUNTA COUNTBLANK DEVSQ GCD GEOMEAN HARMEAN IRR KURT LCM MAX MAXA MEDIAN"
    " MIN MINA MODE MODE.SNGL MODE.MULT MULTINOMIAL OR PRODUCT SKEW STDEV STDEV.P STDEV.S STDEVA STDEVP STDEVPA SUM"
    " SUMSQ VAR VAR.P VAR.S VARA VARP VARPA XOR ROW ROWS COLUMN COLUMNS N T ISREF AREAS FREQUENCY UNIQUE TRANSPOSE SORT"
    " SORTBY VSTACK HSTACK TOCOL TOROW CORREL COVAR COVARIANCE.P COVARIANCE.S PEARSON RSQ SLOPE INTERCEPT STEYX TTEST"
    " FTEST CHITEST DSUM DCOUNT DCOUNTA DAVERAGE DMAX DMIN DGET DPRODUCT MIRR XIRR XNPV LINEST TREND GROWTH LOGEST"
)
_ARRAYS = "SUMPRODUCT MMULT MDETERM MINVERSE SUMX2MY2 SUMX2PY2 SUMXMY2 FILTER"
_BY_PLACE = """
    VLOOKUP VRVV
    HLOOKUP VRVV
    LOOKUP VAA
    MATCH VRV
    XLOOKUP VRRVVV
    XMATCH VRVV
    INDEX AVVV
    OFFSET RVVVV
    SUMIF RVR
    AVERAGEIF RVR
    COUNTIF RV
    SUMIFS R(RV)
    AVERAGEIFS R(RV)
    MAXIFS R(RV)
    MINIFS R(RV)
    COUNTIFS (RV)
    SUBTOTAL V(R)
    AGGREGATE VV(R)
    RANK VRV
    RANK.EQ VRV
    RANK.AVG VRV
    LARGE RV
    SMALL RV
    PERCENTILE RV
    PERCENTILE.INC RV
    PERCENTILE.EXC RV
    PERCENTRANK RVV
    PERCENTRANK.INC RVV
    QUARTILE RV
    QUARTILE.INC RV
    QUARTILE.EXC RV
    TRIMMEAN RV
    FORECAST VRR
    FORECAST.LINEAR VRR
    NPV V(R)
    NETWORKDAYS VVR
    NETWORKDAYS.INTL VVVR
    WORKDAY VVR
    WORKDAY.INTL VVVR
    SERIESSUM VVVR
    PROB RRVV
    TEXTJOIN VV(R)
    IF VPP
    CHOOSE V(P)
    IFERROR VV
    IFNA VV
    CONCATENATE (S)
    LEN S
    LEFT SV
    RIGHT SV
    MID SVV
    SUBSTITUTE SSSV
    REPLACE SVVS
    FIND SSV
    SEARCH SSV
    EXACT SS
    TRIM S
    UPPER S
    LOWER S
    PROPER S
    REPT SV
    CLEAN S
    TAKE RVV
    DROP RVV
    CHOOSEROWS R(V)
    CHOOSECOLS R(V)
"""

_PLACES: dict[str, tuple[str, str]] = {}
for _name in _RANGES.split():
    _PLACES[_name] = ("", "R")
for _name in _ARRAYS.split():
    _PLACES[_name] = ("", "A")
for _line in _BY_PLACE.split("\n"):
    if _line.strip():
        _name, _codes = _line.split()
        _fixed, _, _tail = _codes.partition("(")
        _PLACES[_name] = (_fixed, _tail.rstrip(")"))


HEAVY = frozenset(
    [
        "SUMIF",
        "SUMIFS",
        "COUNTIF",
        "COUNTIFS",
        "AVERAGEIF",
        "AVERAGEIFS",
        "MAXIFS",
        "MINIFS",
        "RANK",
        "RANK.EQ",
        "RANK.AVG",
        "LARGE",
        "SMALL",
        "MEDIAN",
        "MODE",
        "PERCENTILE",
        "PERCENTILE.INC",
        "PERCENTILE.EXC",
        "PERCENTRANK",
        "QUARTILE",
        "QUARTILE.INC",
        "QUARTILE.EXC",
        "TRIMMEAN",
    ]
)
"""Look at every cell of their ranges each time; the lookups have an index, sums are quick."""
SLOWEST = frozenset({"SUMPRODUCT", "LOOKUP", "MMULT", "FREQUENCY", "AGGREGATE"})
PASSES_ERRORS_OVER = frozenset({"SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS"})
"""Excel gives the error of a cell that is to be added; the engine adds the others and says nothing."""
SIZED = frozenset({"SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS", "COUNTIFS"})
"""Excel gives #VALUE! where their ranges differ in size; the engine counts the cells that there are."""
WHOLE = {"INT": 1, "FLOOR": 2, "CEILING": 2, "MOD": 2}
"""name: number of arguments. The engine takes the sign of a step otherwise, and digits that Excel does not show count."""
CONDITIONAL = SIZED | PASSES_ERRORS_OVER | {"COUNTIF"}
TAKES_DAYS = frozenset(_DATES) - {"DATE", "DATEDIF", "DATEVALUE", "TEXT", "NETWORKDAYS.INTL", "WORKDAY.INTL"}
JOINS_NUMBERS = frozenset({"CONCAT", "TEXTJOIN"})
"""Excel joins a number with up to 15 digits, the engine with 17."""
CLIPPED = frozenset({"SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS"})
"""Whole columns may end with the last row that holds anything: what is blank in all of them adds nothing."""


def bare_name(name: str) -> str:
    """ "_xlfn._xlws.SORT" → "SORT"; LibreOffice's "QD.CITE" → "QD_CITE"."""
    bare = re.sub(r"^(?:_xl(?:fn|ws|udf|l)\.|_xldudf_)+", "", name, flags=re.IGNORECASE).upper()
    return "QD_" + bare[3:] if bare.startswith("QD.") else bare


def place(name: str, position: int) -> str:
    """How argument number `position` (from 0) of a function is taken.

    V one value; S one value, read as text; R a range; A a range or an array, computed elementwise even in an ordinary
    formula; P like the call itself (the branches of IF).
    """
    fixed, tail = _PLACES.get(name, ("", "V"))
    if position < len(fixed):
        return fixed[position]
    return tail[(position - len(fixed)) % len(tail)] if tail else "V"


def unable(name: str, date1904: bool) -> str | None:
    """Why the engine's result of this function is not to be trusted, or None."""
    if date1904 and name in _DATES:
        return "工作簿使用1904日期系统，引擎的日期函数不支持"
    return _UNABLE.get(name)


_NUMBER_FORMAT = re.compile(r"[#0]+(?:,[#0]+)*(?:\.[#0]+)?%?[\u4e00-\u9fff]*|@")
_DATE_FORMAT = re.compile(r"(?:yyyy|yy|mm|m|dd|d|hh|h|ss|[-/.: 年月日时分秒])+", re.IGNORECASE)


def text_format_known(text: str) -> bool:
    """Whether TEXT may be left to the engine for this format: it is wrong for [DBNum1], aaaa, e, !, General and more."""
    return bool(_NUMBER_FORMAT.fullmatch(text) or _DATE_FORMAT.fullmatch(text))
