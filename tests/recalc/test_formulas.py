"""Formulas as the file holds them → as the engine gets them, and what they read."""

from __future__ import annotations

import time

import pytest

from qdcalc.recalc.analysis import subtracting_columns
from qdcalc.recalc.facts import DefinedName, Table
from qdcalc.recalc.formulas import Planner, cell_of, keep, planner_for, tag_of
from qdcalc.recalc.limits import MAX_COLUMN, MAX_ROW
from qdcalc.recalc.lowering import MISSING
from qdcalc.recalc.reads import FIXED, THIS
from qdcalc.recalc.scan import Area, scan_sheet
from qdcalc.recalc.tokens import FormulaError, parse, reference, split, tokenize
from qdcalc.recalc.vocabulary import Vocabulary, engine_knows
from tests.recalc.cells import provisions
from tests.recalc.files import sheet_xml

TAG = "ROW()*32770+8"  # of column D (4) on the first sheet, twice
ARRAY_TAG = str((7 * 16385 + 4) * 2 + 1)


def vocabulary(**options: bool) -> Vocabulary:
    names = [
        DefinedName("税率", "表!$A$1", None, False),
        DefinedName("本表", "'二 表'!$B$2", "二 表", False),
        DefinedName("区域", "表!$A$1:$A$9", None, False),
        DefinedName("动态", "OFFSET(表!$A$1,0,0,COUNTA(表!$A:$A),1)", None, False),
        DefinedName("相对", "表!A1", None, False),
        DefinedName("循环", "循环+1", None, False),
        DefinedName("常数", "0.16", None, False),
    ]
    tables = [
        Table("T1", "二 表", "B2:D9", ("甲", "乙[1]", "丙 '#"), 1, 1),
        Table("无头", "表", "A1:B4", ("甲", "乙"), 0, 0),
    ]
    found = Vocabulary(["表", "二 表", "A1", "过程·表"], names, tables, provisions(), **options)
    found.anchors[0, 1, 2] = Area(1, 2, 3, 2)
    return found


def lowered(formula: str, *, array: bool = False, sheet: int = 0, row: int = 7, **options: bool) -> str:
    """The engine's text in D7, "=" if it is the file's own, or the reason in brackets."""
    plan, rows = Planner(vocabulary(**options)).plan(formula, sheet, array)
    if plan.reason:
        return f"（{plan.reason}）"
    text = plan.text(sheet, row, 4, rows)
    return "=" if text is None else text


# ---------------------------------------------------------------------- tokens
def test_tokens_are_told_apart() -> None:
    formula = 'IF(\'a\'\'b!\'!$A$1:B2="x""(A1,",{1,-2;"，",TRUE},LOG10(1.5E+3)) +T1[[#This Row],[a\']b]]#-Sheet1!#REF!&中文名!A:A%'
    assert "".join(token.prefix + token.text for token in tokenize(formula)) == formula
    found = [
        (token.kind, token.prefix + token.text) for token in tokenize(formula) if token.kind not in ("mark", "operator")
    ]
    assert found == [
        ("call", "IF("), ("ref", "'a''b!'!$A$1:B2"), ("comparison", "="), ("string", '"x""(A1,"'), ("number", "1"),
        ("number", "2"), ("string", '"，"'), ("name", "TRUE"), ("call", "LOG10("), ("number", "1.5E+3"), ("space", " "),
        ("structured", "T1[[#This Row],[a']b]]"), ("error", "Sheet1!#REF!"), ("ref", "中文名!A:A"),
    ]  # fmt: skip


@pytest.mark.parametrize("formula", ["1+", "SUM(A1", "A1)", "SUM(A1,,", "{1,A1", '"x', "(", "§", "{SUM(1)}", ""])
def test_a_damaged_formula_is_not_done(formula: str) -> None:
    assert lowered(formula).startswith("（公式") or lowered(formula).startswith(("（数组", "（引擎无法识别"))


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    with pytest.raises(FormulaError):
        parse("(" * 5000 + "1" + ")" * 5000)
    parse("(" * 60 + "1" + ")" * 60)


def test_hostile_formulas_take_no_time() -> None:
    before = time.perf_counter()
    for formula in (
        "T[" * 4000,
        "'" * 8000,
        '"' * 8001,
        "A1" * 4000,
        "[" * 8000,
        "!" * 8000,
        "a.b" * 2700,
        "{" * 8000,
        "1:" * 4000,
    ):
        with pytest.raises(FormulaError):
            parse(formula + "\1")
        split(formula)
    assert time.perf_counter() - before < 2


def test_references() -> None:
    found = reference("$A$1:B7")
    assert found is not None
    assert found[:4] == (1, 2, 1, 7)
    assert (found.columns_fixed, found.rows_fixed, found.kind) == ((True, False), (True, False), "area")
    whole = reference("$C:$E")
    assert whole is not None
    assert (whole[:4], whole.kind) == ((3, 5, 1, MAX_ROW), "columns")
    rows = reference("5:$7")
    assert rows is not None
    assert (rows[:4], rows.rows_fixed) == ((1, MAX_COLUMN, 5, 7), (False, True))
    assert reference("XFE1") is None
    assert reference("A1048577") is None


def test_row_numbers_are_found_only_in_references() -> None:
    assert split("SUM(A1:$B$20,C3)*LOG10(5)+名A1+1E5+Q1!B2")[1] == ["1", "20", "3", "2"]


def test_tags_name_every_cell() -> None:
    for cell in ((0, 1, 1), (0, MAX_ROW, MAX_COLUMN), (1, 1, 1), (200, 7, 16384)):
        assert cell_of(tag_of(*cell)) == cell
    assert tag_of(5000, MAX_ROW, MAX_COLUMN) * 2 + 1 < 2**53


# ---------------------------------------------------------------------- provisions
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("QD_DOUBLE(A5)", f"QD_DOUBLE({TAG},A5)"),
        ("_xll.qd_double(A5)+1", f"QD_DOUBLE({TAG},A5)+1"),
        ("'C:\\x\\[加载.xlam]m'!QD_DOUBLE(A5)", f"QD_DOUBLE({TAG},A5)"),
        ("QD_THREE(1,,3)", f'QD_THREE({TAG},1,"{MISSING}",3)'),
        ("QD_THREE(1, ,3)", f'QD_THREE({TAG},1,"{MISSING}",3)'),
        ("QD_THREE(,)", f'QD_THREE({TAG},"{MISSING}","{MISSING}")'),
        ("QD_THREE()", f"QD_THREE({TAG})"),
        ('IF(A5="",0,QD_DOUBLE(A5))', f'IF(A5="",0,QD_DOUBLE({TAG},A5))'),
        ("QD_DOUBLE(QD_DOUBLE(A5))", f"QD_DOUBLE({TAG},QD_DOUBLE({TAG},A5))"),
        ("QD_DOUBLE(A1:A9)", f"QD_DOUBLE({TAG},A1:A9)"),
        ("SUM(QD_DOUBLE(A1:A9))", f"SUM(QD_DOUBLE({ARRAY_TAG},A1:A9))"),
        ("QD_TOTAL(A:A)", f"QD_TOTAL({TAG},A:A)"),
        ('"QD_DOUBLE(A5)"&"_xll.QD_X"', "="),
        ("'QD_DOUBLE(1)'!A5", "（引用的工作表“QD_DOUBLE(1)”不存在）"),
        ("QD_NONE(A5)", "（没有函数 QD_NONE）"),
    ],
)
def test_calls_of_provisions(formula: str, expected: str) -> None:
    assert lowered(formula) == expected


# ---------------------------------------------------------------------- names and tables
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1*税率", "A1*'表'!$A$1"),
        ("SUM(区域)", "SUM('表'!$A$1:$A$9)"),
        ("区域*2", "@'表'!$A$1:$A$9*2"),
        ("SUM(动态)", "SUM((OFFSET('表'!$A$1,0,0,COUNTA('表'!$A:$A),1)))"),
        ("常数*2", "0.16*2"),
        ("本表+1", "（名称“本表”未定义）"),
        ("'二 表'!本表+1", "'二 表'!$B$2+1"),
        ("相对+1", "（名称“相对”的定义用了相对引用）"),
        ("循环", "（名称“循环”的定义互相引用）"),
        ("没有", "（名称“没有”未定义）"),
        ("SUM(t1[甲])", "SUM('二 表'!$B$3:$B$8)"),
        ("SUM(T1[乙'[1']])", "SUM('二 表'!$C$3:$C$8)"),
        ("SUM(T1[丙 '''#])", "SUM('二 表'!$D$3:$D$8)"),
        ("SUM(T1[])", "SUM('二 表'!$B$3:$D$8)"),
        ("SUM(无头)", "SUM('表'!$A$1:$B$4)"),
        ("ROWS(T1[#All])", "ROWS('二 表'!$B$2:$D$9)"),
        ("T1[[#Headers],[甲]]", "'二 表'!$B$2"),
        ("T1[[#Totals],[甲]]", "'二 表'!$B$9"),
        ("SUM(T1[[#Headers],[#Data],[甲]:[乙'[1']]])", "SUM('二 表'!$B$2:$C$8)"),
        ("T1[[#This Row],[甲]]*2", "'二 表'!$B$7*2"),
        ("T1[@甲]", "'二 表'!$B$7"),
        ("SUM(T1[@[甲]:[丙 '''#]])", "SUM('二 表'!$B$7:$D$7)"),
        ("SUM(无头[甲])", "SUM('表'!$A$1:$A$4)"),
        ("无头[[#Headers],[甲]]", "（表格“无头”没有无头[[#Headers],[甲]]所指的行）"),
        ("T1[丁]", "（表格“T1”没有列“丁”）"),
        ("T9[甲]", "（表格“T9”不存在）"),
    ],
)
def test_names_and_structured_references_become_plain(formula: str, expected: str) -> None:
    assert lowered(formula) == expected


def test_a_local_name_is_found_from_its_sheet() -> None:
    assert lowered("本表*2", sheet=1) == "'二 表'!$B$2*2"


# ---------------------------------------------------------------------- ranges, arrays, digits
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(A1:A3)", "="),
        ("A1:A9*2", "@A1:A9*2"),
        ("VLOOKUP(A:A,B:C,2,0)", "VLOOKUP(@A:A,B:C,2,0)"),
        ("SUMIF(A:A,B:B,C:C)", "(SUMIF(A:A,@B:B,C:C)+0*MAXIFS(C:C,A:A,@B:B))"),
        ("IF(A1:A3,B1:B3,0)", "IF(@A1:A3,@B1:B3,0)"),
        ("SUM(IF(A1,B1:B3,C1:C3))", "="),
        ("SUMPRODUCT((A1:A9=1)*B1:B9)", f'SUMPRODUCT((QDC_CMP({ARRAY_TAG},"=",A1:A9,1))*B1:B9)'),
        ("LOOKUP(1,0/(A1:A9=1),B1:B9)", f'LOOKUP(1,0/(QDC_CMP({ARRAY_TAG},"=",A1:A9,1)),B1:B9)'),
        ('SUMPRODUCT((A1:A9="甲")*B1:B9)', "="),
        ("INDEX((A1:A9=1)*B1:B9,3)", f'INDEX((QDC_CMP({ARRAY_TAG},"=",A1:A9,1))*B1:B9,3)'),
        ("INDEX(A1:B9,0,1)", "@INDEX(A1:B9,0,1)"),
        ("OFFSET(A1,1,0)+1", "@OFFSET(A1,1,0)+1"),
        ("SUM(OFFSET(A1,0,0,3))", "="),
        ("_xlfn.SINGLE(A1:A3)", "@A1:A3"),
        ("SUM(_xlfn.ANCHORARRAY(B1))", "SUM('表'!$B$1:$B$3)"),
        ("SUM(_xlfn.ANCHORARRAY(C1))", "（溢出引用（A1#）所指的单元格没有数组公式）"),
        ("SUM(A1:INDEX(A:A,3))", "="),
        ("SUM(A1:A3*2)", "（普通公式中的数组运算，各软件理解不一）"),
        ("SUM(IF(A1:A3>1,1,0))", "（普通公式中的数组运算，各软件理解不一）"),
        ("SUMPRODUCT(LEN(A1:A9))", "（函数 LEN 的数组运算）"),
        ('SUM(COUNTIF(A1:A9,{"x","y"}))', "（函数 COUNTIF 的数组运算）"),
        ("A1:A3 A2:B2", "（交叉引用（空格运算））"),
        ("SUM((A1,B1))", "（联合引用（多个区域））"),
        ("A1>0.3", f'QDC_CMP({TAG},">",A1,0.3)'),
        ("A1>0", "="),
        ("$A$1<>0", "="),
        ("0>A1", f'QDC_CMP({TAG},">",0,A1)'),
        ("A1+1>0", f'QDC_CMP({TAG},">",A1+1,0)'),
        ("A1>0>0", f'QDC_CMP({TAG},">",QDC_CMP({TAG},">",A1,0),0)'),
        ("COUNTA(A1:C1)=0", "="),
        ("COUNTIF(A1:A9,B1)>1+0", f'QDC_CMP({TAG},">",COUNTIF(A1:A9,B1),1+0)'),
        ('IF(COUNTIFS(A1:A9,B1,C1:C9,"是")>=2,1,0)', "="),
        ("COUNT(A1:A9)=1.5", f'QDC_CMP({TAG},"=",COUNT(A1:A9),1.5)'),
        ("COUNTIF(A1:A9,B1&C1)>1", f'QDC_CMP({TAG},">",COUNTIF(A1:A9,QDC_STR({TAG},B1)&QDC_STR({TAG},C1)),1)'),
        ('A1="x"', "="),
        ('A1<"x"', f'QDC_CMP({TAG},"<",A1,"x")'),
        ('"共"&A1&"元"', f'"共"&QDC_STR({TAG},A1)&"元"'),
        ("A1+B1&C1", f"QDC_STR({TAG},A1+B1)&QDC_STR({TAG},C1)"),
        ("LEN(A1)", f"LEN(QDC_STR({TAG},A1))"),
        ('TEXT(A1,"yyyy年m月d日")', "="),
        ('TEXT(A1,"#,##0.00")', "="),
        ('TEXT(A1,"[DBNum2]")', "（函数 TEXT：引擎不支持这种格式）"),
        ('TEXT(A1,"aaaa")', "（函数 TEXT：引擎不支持这种格式）"),
        ("TEXT(A1,B1)", "（函数 TEXT：引擎不支持这种格式）"),
        ("LENB(A1)", "（函数 LENB：按字节计算，引擎不区分汉字）"),
        ("[1]Sheet1!A1+1", "（引用了其他工作簿）"),
        ("'[1]表'!A1", "（引用了其他工作簿）"),
        ("SUM(表:二!A1)", "（引用了多张工作表（三维引用））"),
        ("没有!A1", "（引用的工作表“没有”不存在）"),
        ("#GETTING_DATA", "（引擎没有错误值 #GETTING_DATA）"),
        ("_xlfn.LET(_xlpm.x,A1,_xlpm.x*2)", "="),
        ("过程·表!A1+1", "'过程·表'!A1+1"),
        ("SUMIFS(A1:A9,B1:B8,1)", "（函数 SUMIFS：各区域大小不同）"),
        ("COUNTIF(A1:A9,C1)", "="),
        ('COUNTIF(A1:A9,">10%")', "（函数 COUNTIF：引擎不认识条件“10%”）"),
        ('SUMIFS(A1:A9,B1:B9,"2018/5/1")', "（函数 SUMIFS：引擎不认识条件“2018/5/1”）"),
        ('COUNTIF(A1:A9,"#N/A")', "（函数 COUNTIF：引擎不认识条件“#N/A”）"),
        ("COUNTIF(A1:A9,C1*2)", f'COUNTIF(A1:A9,QDC_WHOLE({TAG},"",C1*2))'),
        ("SUMIF(区域,1,A1:A9)", "(SUMIF('表'!$A$1:$A$9,1,A1:A9)+0*MAXIFS(A1:A9,'表'!$A$1:$A$9,1))"),
        (
            "SUMIF(A1:A9,1,OFFSET(B1,0,0,9))",
            "IF(AND(ROWS(A1:A9)=ROWS(OFFSET(B1,0,0,9)),COLUMNS(A1:A9)=COLUMNS(OFFSET(B1,0,0,9))),"
            "(SUMIF(A1:A9,1,OFFSET(B1,0,0,9))+0*MAXIFS(OFFSET(B1,0,0,9),A1:A9,1)),"
            f"QDC_DOUBT({TAG}))",
        ),
        ("SUMPRODUCT(A1:A9,B1:B9)", 'SUMPRODUCT(IF(A1:A9<"",A1:A9,0),IF(B1:B9<"",B1:B9,0))'),
        ('SUMPRODUCT(A1:A9="甲",B1:B9)', "（函数 SUMPRODUCT：比较的结果和文本在其中按0计，应写成 --(…)）"),
        ("INT(A1)", f'QDC_WHOLE({TAG},"INT",A1)'),
        ("MOD(A1,-3)", f'QDC_WHOLE({TAG},"MOD",A1,-3)'),
        ("CHAR(10)", "="),
        ("CHAR(A1)", "（函数 CHAR：编码与电脑的语言有关）"),
        ("N(A1:A3*2)", "（函数 N 的数组运算）"),
        ('DATEDIF(A1,B1,"y")', "="),
        ('DATEDIF(A1,B1,"md")', "（函数 DATEDIF：各软件对这种单位算法不一）"),
        ("WORKDAY(A1,5,C1:C9)", "="),
        ("WORKDAY(A1,5,DATE(2018,5,1))", "（函数 WORKDAY：引擎会漏掉算出来的假日）"),
        ('"1,234"*A1', '（引擎不认识写成文本的数 "1,234"）'),
        ('TEXTJOIN("、",TRUE,A1:A9)', f'TEXTJOIN("、",TRUE,QDC_STR({ARRAY_TAG},A1:A9))'),
        ('A1%&"%d%s"', f'QDC_STR({TAG},A1%)&"%d%s"'),
        ("SUM(A1 , A1048577)", "（名称“A1048577”未定义）"),
    ],
)
def test_what_the_engine_gets(formula: str, expected: str) -> None:
    assert lowered(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1:A3*2", f"QDC_FIT({ARRAY_TAG},A1:A3*2)"),
        ("QD_DOUBLE(A1:A3)", f"QDC_FIT({ARRAY_TAG},QD_DOUBLE({ARRAY_TAG},A1:A3))"),
        ("MAX(IF(A1:A3>1,A1:A3))", f'QDC_FIT({ARRAY_TAG},MAX(IF(QDC_CMP({ARRAY_TAG},">",A1:A3,1),A1:A3)))'),
        ("LEN(A1:A3)", "（函数 LEN 的数组运算）"),
        ("ROW(A1:A3)", "（函数 ROW 的数组运算）"),
    ],
)
def test_array_formulas(formula: str, expected: str) -> None:
    assert lowered(formula, array=True) == expected


def test_dates_are_left_alone_in_a_1904_workbook() -> None:
    assert lowered("YEAR(A1)") == "="
    assert "1904" in lowered("YEAR(A1)", date1904=True)


def test_subtotals_over_hidden_rows_are_left_alone() -> None:
    words = vocabulary()
    words.hidden.add(1)
    planner = Planner(words)
    assert not planner.plan("SUBTOTAL(9,A1:A9)", 0)[0].reason
    assert "隐藏" in planner.plan("SUBTOTAL(9,'二 表'!A1:A9)", 0)[0].reason


def test_what_sums_leave_behind_is_not_compared_with_0_by_the_engine() -> None:
    words = vocabulary()
    words.subtracting = {(0, 1), (1, 2)}
    texts = {}
    for formula in ("A1>0", "B1>0", "'二 表'!B1>0"):
        plan, rows = Planner(words).plan(formula, 0)
        texts[formula] = plan.text(0, 7, 4, rows)
    assert texts["A1>0"] == f'IF(ABS(N(A1))>1E-6,A1>0,QDC_CMP({TAG},">",A1,0))'
    assert texts["B1>0"] is None
    assert "ABS(N('二 表'!B1))>1E-6" in str(texts["'二 表'!B1>0"])


def test_columns_in_which_formulas_subtract_are_found() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>-1</v></c><c r="B{row}"><f>A{row}-1</f><v>1</v></c>'
        f'<c r="C{row}"><f t="shared" si="1"{rest}<v>1</v></c><c r="D{row}"><f>A{row}*2</f><v>1</v></c></row>'
        for row, rest in [(10, ' ref="C10:C999">A10+1</f>'), *((row, "/>") for row in range(11, 1000))]
    )
    first = (
        '<row r="1"><c r="E1"><f>SUM(A1:A2)</f></c><c r="F1"><f t="shared" si="0" ref="F1:G1">A1+1</f><v>1</v></c>'
        '<c r="G1"><f t="shared" si="0"/><v>1</v></c><c r="H1"><f t="array" ref="H1:I1">A1:B1+1</f><v>1</v></c>'
        '<c r="I1"><v>2</v></c><c r="AA1" t="str"><f>"x"</f><v>-</v></c></row>'
    )
    xml = sheet_xml(first + rows)
    for runs in (False, True):
        scan = scan_sheet(xml, runs=runs)
        assert bool(scan.runs) is runs
        assert subtracting_columns(scan) == {2, 3, 6, 7, 8, 9}


def test_whole_columns_end_with_the_last_row_where_blanks_add_nothing() -> None:
    words = vocabulary()
    words.last_row = 20

    def text(formula: str) -> str:
        plan, rows = Planner(words).plan(formula, 0)
        return plan.text(0, 7, 4, rows) or "="

    cut = "('表'!$C$1:$C$20,'二 表'!$A$1:$A$20,A5)"
    assert text("SUMIFS(C:C,'二 表'!A:A,A5)") == f"(SUMIFS{cut}+0*MAXIFS{cut})"
    summed = "SUMIF('表'!$A$1:$A$20,@B:B,'表'!$C$1:$C$20)"
    assert text("SUMIF(A:A,B:B,C:C)") == f"({summed}+0*MAXIFS('表'!$C$1:$C$20,'表'!$A$1:$A$20,@B:B))"
    for formula in ('COUNTIF(A:A,"<>x")', "ROWS(A:A)", "SUM(A:A)"):
        assert text(formula) == "="


def test_what_the_engine_knows() -> None:
    assert engine_knows("SUM")
    assert engine_knows("_xlfn.XLOOKUP")
    assert not engine_knows("FOO")
    assert not engine_knows("NUMBERSTRING")


# ---------------------------------------------------------------------- plans
def test_a_filled_column_shares_one_plan() -> None:
    planner = Planner(vocabulary())
    plans = {id(planner.plan(f"QD_DOUBLE(A{row})+SUM($B$1:B{row})", 0)[0]) for row in range(1, 50)}
    assert len(plans) == 1
    plan, rows = planner.plan("QD_DOUBLE(A9)+SUM($B$1:B9)", 0)
    assert (rows, plan.relative) == ((9, 1, 9), (True, False, True))
    assert plan.text(0, 9, 4, rows) == f"QD_DOUBLE({TAG},A9)+SUM($B$1:B9)"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ('"A1"&B1', '"A2"&B1'),
        ("'Q1'!A1", "'Q2'!A1"),
        ("XFE1+A1", "XFE2+A1"),
        ("T[A1]", "T[A2]"),
        ("SUM(A1:A1048576)", "SUM(A1:A1048577)"),
        ("_xlfn.ANCHORARRAY(B1)", "_xlfn.ANCHORARRAY(B2)"),
    ],
)
def test_formulas_that_only_look_alike_do_not(one: str, two: str) -> None:
    planner = Planner(vocabulary())
    assert planner.plan(one, 0)[0] is not planner.plan(two, 0)[0]
    first, second = planner.plan(one, 0), planner.plan(two, 0)
    assert first[0] is planner.plan(one, 0)[0]
    assert (first[0].text(0, 7, 4, first[1]) or one, first[0].reason) != (
        second[0].text(0, 7, 4, second[1]) or two,
        second[0].reason,
    )


def test_workbooks_of_one_template_share_their_plans() -> None:
    functions = provisions()
    name, other_name = (DefinedName("税率", f"表!$A${row}", None, False) for row in (1, 2))
    table, other_table = (Table("T1", "表", ref, ("甲",), 1, 0) for ref in ("A1:A4", "A1:A5"))

    def words(
        sheets: tuple[str, ...] = ("表", "二"), name: DefinedName = name, table: Table = table, **more: bool
    ) -> Vocabulary:
        return Vocabulary(sheets, [name], [table], functions, **more)

    first = planner_for(words())
    keep(first)
    assert planner_for(words()) is first
    spilled, hidden, longer = words(), words(), words()
    spilled.anchors[0, 1, 2] = Area(1, 2, 4, 2)
    hidden.hidden.add(0)
    longer.last_row = 20
    others = [
        words(date1904=True), words(("二", "表")), words(name=other_name), words(table=other_table), spilled, hidden, longer,
        Vocabulary(("表", "二"), [name], [table], provisions()),
    ]  # fmt: skip
    keep(first)
    assert all(planner_for(other) is not first for other in others)
    assert planner_for(words()) is first


def test_few_and_small_planners_are_kept() -> None:
    functions = provisions()

    def words(number: int) -> Vocabulary:
        return Vocabulary([f"表{number}"], (), (), functions)

    planners = [planner_for(words(number)) for number in range(12)]
    for planner in planners:
        keep(planner)
    kept = [planner_for(words(number)) is planner for number, planner in enumerate(planners)]
    assert kept == [False] * 4 + [True] * 8
    large = planner_for(words(99))
    for number in range(4001):
        large.plan(f'"{number}"&A1', 0)
    keep(large)
    assert planner_for(words(99)) is not large


def test_what_a_formula_reads() -> None:
    planner = Planner(vocabulary())
    plan, _ = planner.plan("SUM($A$1:A5,'二 表'!C:D,T1[@甲],区域)+[1]x!A9", 0)
    assert plan.reason
    assert [tuple(read) for read in plan.reads] == [
        (0, 1, 1, 0, 1, 1, 5),
        (1, 3, 4, FIXED, 1, FIXED, MAX_ROW),
        (1, 2, 2, THIS, 0, THIS, 0),
        (0, 1, 1, FIXED, 1, FIXED, 9),
    ]
    assert planner.plan("SUM(动态)", 0)[0].volatile
    assert planner.plan("SUM(动态)", 0)[0].anywhere
    assert not planner.plan("SUM(区域)", 0)[0].volatile
    assert planner.plan("QD_DOUBLE(1)+QD_TOTAL(A1:A2)+QD_DOUBLE(2)", 0)[0].provisions == ("QD_DOUBLE", "QD_TOTAL")
