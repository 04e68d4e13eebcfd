"""The Excel side: the generated module, its VBA text, and calls through the real xlwings code over stubs.py.

The golden files are rewritten with QDCALC_UPDATE_GOLDEN=1; read the difference before committing it.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qdcalc.errors import UsageError
from qdcalc.hosts import excel, excel_arguments
from qdcalc.policies import find, functions
from qdcalc.policies.energy.checklist import AnswerType
from qdcalc.rules.arguments import DayType, FlagType, ManyType, NumberType
from tests.policies.cases import Case, cases, files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "golden"
GOLDEN_VBA = ("QD_ALLOCATE", "QD_CITE", "QD_EXPLAIN", "QD_TALENT_ELIGIBLE", "QD_TALENT_SUBSIDY")
MISSING: dict[str, Any] = {"missing": True}
NA = -2146826246  # the COM code of #N/A


def value(cell: Any) -> dict[str, Any]:
    return {"value": cell}


def column(*cells: Any) -> dict[str, Any]:
    return {"range": [[cell] for cell in cells]}


class Excel:
    """stubs.py in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "stubs.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def ask(self, request: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, "stubs.py ended; its message is above"
        return json.loads(answer)

    def call(self, function: str, *arguments: dict[str, Any], books_1904: tuple[bool, ...] = (False,)) -> Any:
        """What the cell gets."""
        return self.ask({"calls": [[function, *arguments]], "books_1904": books_1904})[0]


@pytest.fixture(scope="module")
def host() -> Iterator[Excel]:
    excel = Excel()
    yield excel
    excel.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def imported(host: Excel) -> dict[str, Any]:
    """What Import Functions gives Excel."""
    answer: dict[str, Any] = host.ask({"import": "udfs.excel"})
    return answer


# ---------------------------------------------------------------- the generated module


def test_the_committed_module_is_what_the_registry_gives() -> None:
    fresh = excel.UDFS.read_text(encoding="utf-8") == excel.render()
    assert fresh, "udfs/excel.py 不是最新的：请运行 python -m qdcalc.hosts.excel"


def test_every_function_is_there_with_its_arguments_in_order() -> None:
    tree = ast.parse(excel.render())
    written = {item.name: item.args for item in tree.body if isinstance(item, ast.FunctionDef)}
    assert list(written) == list(functions())
    for name, arguments in written.items():
        function = find(name)
        fixed = function.parameters[:-1] if function.variadic else function.parameters
        extra = excel_arguments.REPEATED if function.variadic else 0
        assert len(arguments.args) == len(fixed) + extra
        assert len(arguments.defaults) == sum(not item.required for item in fixed) + extra
        assert [arguments.kwonlyargs, arguments.vararg, arguments.kwarg] == [[], None, None]


def test_functions_that_hand_on_arguments_have_room_for_all_of_any_function() -> None:
    assert (
        max(len(function.parameters) for function in functions().values() if not function.variadic)
        <= excel_arguments.REPEATED
    )


def test_writing_replaces_the_file_and_leaves_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "udfs" / "excel.py"
    excel.write(target)
    first = target.read_bytes()
    excel.write(target)
    assert target.read_bytes() == first
    assert b"\r" not in first
    assert {item.name for item in target.parent.iterdir()} == set(excel.files())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("on", "on_date"),
        ("function", "function_name"),
        ("end", "end_date"),
        ("Date", "Date_value"),
        ("poor_km", "poor_km"),
    ],
)
def test_words_of_vba_are_renamed(name: str, expected: str) -> None:
    assert excel_arguments.argument_name(name) == expected


@pytest.mark.parametrize("name", ["里程", "_km", "a-b", "1km"])
def test_a_name_that_vba_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="VBA"):
        excel_arguments.argument_name(name)


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, timeout=60,
    )  # fmt: skip


def test_importing_loads_no_policy() -> None:
    ended = python(
        "import sys, udfs.excel; print([name for name in sys.modules if name.startswith('qdcalc.policies')])"
    )
    assert ended.stdout.strip() == "[]", ended.stderr


def test_without_xlwings_a_chinese_sentence_says_what_to_install() -> None:
    ended = python("import sys; sys.modules['xlwings'] = None; import udfs.excel")
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert "没有安装 xlwings" in last
    assert 'pip install "qdcalc[excel]"' in last


# ---------------------------------------------------------------- what Excel is told at Import Functions


def golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("QDCALC_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == text, f"{name} 有变化：核对后用 QDCALC_UPDATE_GOLDEN=1 重写"


def vba_functions(text: str) -> dict[str, str]:
    found = re.findall(r"^Function (\w+)\(.*?^End Function$", text, re.DOTALL | re.MULTILINE)
    bodies = re.findall(r"^Function .*?^End Function$", text, re.DOTALL | re.MULTILINE)
    return dict(zip(found, bodies, strict=True))


def test_the_vba_text_of_some_functions(imported: dict[str, Any]) -> None:
    bodies = vba_functions(imported["vba"])
    golden("excel_vba.bas", "\n\n".join(bodies[name] for name in GOLDEN_VBA) + "\n")


def test_the_metadata_of_all_functions(imported: dict[str, Any]) -> None:
    signatures = dict(re.findall(r"^Function (\w+)\((.*?)\)$", joined(imported["vba"]), re.MULTILINE))
    lines = [
        f"{name}\t{signatures[name]}\t{item['Category']}"
        for item in imported["options"]
        for name in [item["macro"].partition("!")[2]]
    ]
    golden("excel_metadata.tsv", "\n".join(sorted(lines)) + "\n")


def joined(vba: str) -> str:
    """VBA lines that are split over several, as one."""
    return vba.replace(" _\n", "")


def test_every_function_reaches_excel(imported: dict[str, Any]) -> None:
    assert sorted(vba_functions(imported["vba"])) == sorted(functions())


# The keywords that somebody might well choose as an argument's name, apart from the generator's own list
KEYWORDS = """
on end function date next to type string set get let is in like me loop lock open option case close print private put
resume select single stop sub then true false until with write input integer long double currency boolean byte any as
each else enum error event exit for if mod new not null nothing object or optional static typeof variant while xor array
abs int len sgn scale circle caller err range public
"""


def test_no_argument_is_a_word_of_vba(imported: dict[str, Any]) -> None:
    for name, signature in re.findall(r"^Function (\w+)\((.*?)\)$", joined(imported["vba"]), re.MULTILINE):
        for item in signature.split(", "):
            argument = item.removeprefix("Optional ")
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", argument), f"{name}: {argument}"
            assert argument.lower() not in KEYWORDS.split(), f"{name}: {argument}"


def test_no_line_is_too_long_for_vba_and_all_is_ascii(imported: dict[str, Any]) -> None:
    assert max(len(line) for line in imported["vba"].splitlines()) <= 1023
    assert imported["vba"].isascii()  # the file is read in the code page of Windows


def test_the_help_is_complete_and_fits(imported: dict[str, Any]) -> None:
    for item in imported["options"]:
        function = find(item["macro"].partition("!")[2])
        assert item["Description"] == excel_arguments.description(function)  # nothing was cut off
        assert len(item["Description"]) <= 255
        assert function.title in item["Description"]
        if "《" in function.citation:
            assert item["Description"].endswith(function.citation) or function.citation in function.description
        helps = item["ArgumentDescriptions"]
        assert all(0 < len(text) <= 255 for text in helps)
        assert all(text.startswith(one.title) for text, one in zip(helps, function.parameters, strict=False))
        assert item["Category"].startswith("qdcalc ")


def test_a_long_description_keeps_its_article_and_a_long_help_its_default() -> None:
    class Long:
        title, unit, description, citation = "标题", "元", "很长的说明" * 80, "《某办法》第九条（一）"

    told = excel_arguments.description(Long())  # type: ignore[arg-type]
    assert len(told) == 255
    assert told.startswith("标题，单位：元。很长的说明")
    assert told.endswith("…。依据：《某办法》第九条（一）")

    class Choices:
        title, help, required = (
            "种类",
            "可选：" + "、".join(f"第{number}种选择" for number in range(99)) + "；不填为 其他",
            False,
        )

    told = excel_arguments.argument_help(Choices())  # type: ignore[arg-type]
    assert len(told) == 255
    assert told.endswith("…；不填为 其他")


# ---------------------------------------------------------------- calls, as Excel makes them


def test_one_cell_and_a_typed_number(host: Excel) -> None:
    assert host.call("QD_TALENT_SUBSIDY", column(650000), MISSING) == 65000.0
    assert host.call("QD_TALENT_SUBSIDY", value(499999.99), MISSING) == 40000.0
    assert host.call("QD_TALENT_SUBSIDY", value(500000), MISSING) == 50000.0


def test_a_column_in_and_a_column_out_with_blanks_errors_texts_and_currency(host: Excel) -> None:
    given = column(650000, None, "650000", {"error": NA}, {"currency": "499999.99"}, {"error": -2146826238}, True)
    result = host.call("QD_TALENT_SUBSIDY", given, MISSING)
    assert [len(row) for row in result] == [1] * 7
    answers = [row[0] for row in result]
    assert answers[0] == 65000.0
    assert answers[1].startswith("#N/A 劳动报酬（元）：未填写")
    assert answers[2].startswith("#VALUE! 劳动报酬（元）：“650000”是以文本形式存储的数字")
    assert answers[3].startswith("#VALUE! 劳动报酬（元）：引用的单元格是错误值 #N/A")
    assert answers[4] == 40000.0
    assert answers[5].startswith("#VALUE! 劳动报酬（元）：引用的单元格是错误值 #CALC!")
    assert answers[6].startswith("#VALUE! 劳动报酬（元）：TRUE 是逻辑值")


def test_a_row_stays_a_row_and_a_block_a_block(host: Excel) -> None:
    # xlwings hands a single row back flat; VBA lays it out as a row
    assert host.call("QD_TALENT_SUBSIDY", {"range": [[500000, 650000]]}, MISSING) == [50000.0, 65000.0]
    block = {"range": [[500000, 650000], [200000, 199999.99]]}
    assert host.call("QD_TALENT_SUBSIDY", block, MISSING) == [[50000.0, 65000.0], [16000.0, 0.0]]
    assert host.call("QD_TALENT_SUBSIDY", {"array": [[500000], [650000]]}, MISSING) == [[50000.0], [65000.0]]


def test_dates_come_as_dates_texts_or_numbers_and_a_blank_one_is_left_out(host: Excel) -> None:
    given = column({"date": "2018-08-16"}, {"date": "2018-08-15"}, "2020年12月31日", 44197, None)
    answers = [row[0] for row in host.call("QD_TALENT_SUBSIDY", value(650000), given)]
    assert answers[0] == answers[2] == answers[4] == 65000.0
    assert answers[1].startswith("#VALUE! 事项日期：2018-08-15 不在政策有效期内")
    assert answers[3].startswith("#VALUE! 事项日期：2021-01-01 不在政策有效期内")  # 44197 is 2021-01-01


def test_a_date_goes_back_as_a_date(host: Excel) -> None:
    assert host.call("QD_POLICY_INFO", value("talent"), value("valid_to")) == {"date": "2020-12-31T00:00:00+00:00"}


def test_numbers_as_dates_in_a_1904_workbook(host: Excel) -> None:
    # 2020-12-31 is 44196 in the 1900 system and 44196 - 1462 in the 1904 system; read as 1900 it would be 2016-12-30
    day, date = value(44196 - 1462), value({"date": "2020-12-31"})
    assert host.call("QD_POLICY_IN_FORCE", value("talent"), day, books_1904=(True,)) is True
    assert host.call("QD_POLICY_IN_FORCE", value("talent"), day, books_1904=(False,)) is False
    assert host.call("QD_POLICY_IN_FORCE", value("talent"), date, books_1904=(True,)) is True
    mixed = host.call("QD_POLICY_IN_FORCE", value("talent"), day, books_1904=(True, False))
    assert mixed.startswith("#VALUE! 日期：打开的工作簿有的用 1900 日期系统")
    assert host.call("QD_POLICY_IN_FORCE", value("talent"), date, books_1904=(True, False)) is True


def test_a_function_that_takes_a_whole_range(host: Excel) -> None:
    amounts, dates = column(3000000, 2000000, 1000000), column(*({"date": day} for day in DAYS))
    result = host.call("QD_ALLOCATE", amounts, dates, value(4000000), MISSING)
    assert result == [[2000000.0], [2000000.0], [0.0]]
    rows = host.call("QD_ALLOCATE", amounts, dates, value(4000000), column(1, 2, 3))
    assert rows == [[2000000.0], [2000000.0], [0.0]]


DAYS = ("2018-10-01", "2018-09-01", "2018-11-01")


def test_functions_that_hand_their_arguments_on(host: Excel) -> None:
    told = host.call("QD_EXPLAIN", value("QD_TALENT_SUBSIDY"), value(650000), *[MISSING] * 19)
    assert "65,000.00" in told
    assert "第九条（一）" in told
    notices = host.call("QD_NOTICE", value("QD_TALENT_SUBSIDY"), column(650000, None, {"error": NA}), *[MISSING] * 19)
    assert notices[0] == [""]
    assert "未填写" in notices[1][0]
    assert "错误值 #N/A" in notices[2][0]
    assert host.call("QD_NOTICE", value("QD_NO_SUCH"), *[MISSING] * 20).startswith("#VALUE! ")


def test_an_argument_in_the_middle_may_be_left_out(host: Excel) -> None:
    assert host.call("QD_TALENT_NET", value(650000), value(50000), MISSING, value({"date": "2018-08-16"})) == 65000.0
    assert host.call("QD_TALENT_NET", value(650000), value(50000), value("补差"), MISSING) == 15000.0


# ---------------------------------------------------------------- every case of tests/cases, through xlwings

NUMBER = re.compile(r"-?\d+(\.\d+)?")


def as_cell(word: str, kind: object) -> dict[str, Any] | None:
    """What somebody would have in the cell for a word of a case; None where a cell cannot hold it."""
    if isinstance(kind, ManyType):
        items = [as_cell(item, kind.of) for item in word.split("|")]
        return None if None in items else column(*(item["value"] for item in items if item is not None))
    if not word.strip():
        return value(None)
    figures = isinstance(kind, AnswerType) and NUMBER.fullmatch(word.removesuffix("%"))  # among 是 and 否
    if isinstance(kind, NumberType) or figures:
        number, percent = word.removesuffix("%"), word.endswith("%")
        if not NUMBER.fullmatch(number):
            return None  # a typed text: cells and command line part ways on purpose
        exact = Decimal(number) / (100 if percent else 1)
        return value(float(exact)) if Decimal(repr(float(exact))) == exact else None
    if isinstance(kind, FlagType) and word in ("TRUE", "FALSE"):
        return value(word == "TRUE")
    if isinstance(kind, DayType) and "-" in word:
        with contextlib.suppress(ValueError):
            return value({"date": datetime.date.fromisoformat(word).isoformat()})
    return value(word)


def as_call(case: Case) -> list[Any] | None:
    function = find(case.function)
    parameters = list(function.parameters)
    if function.variadic:
        named = functions().get(case.words[0])
        if named is None:
            return None
        parameters = parameters[:-1] + list(named.parameters)
    cells = [as_cell(word, parameter.type) for word, parameter in zip(case.words, parameters, strict=False)]
    return None if None in cells else [case.function, *cells]


def agrees(expected: str, result: Any) -> bool:
    if expected.startswith("#"):
        code, _, fragment = expected.partition(" ")
        return isinstance(result, str) and result.startswith(f"{code} ") and fragment in result
    if expected.startswith("包含："):
        return isinstance(result, str) and expected.removeprefix("包含：") in result
    if isinstance(result, list):
        rows = [item for row in result for item in (row if isinstance(row, list) else [row])]
        words = expected.split("|")
        return len(words) == len(rows) and all(agrees(word, item) for word, item in zip(words, rows, strict=True))
    if isinstance(result, dict):
        return bool(result["date"].startswith(f"{expected}T00:00:00"))
    if isinstance(result, bool):
        return expected == str(result).upper()
    if isinstance(result, float):
        return Decimal(expected or "NaN") == Decimal(repr(result))
    return bool(expected == result)


def test_every_case_gives_the_same_in_excel(host: Excel) -> None:
    chosen = [
        (case, made)
        for file in files()
        if file.stem in functions()
        for case in cases(file)
        if not case.readings and not case.figures and (made := as_call(case)) is not None
    ]
    assert len(chosen) > 300  # most cases can be held by cells
    results = host.ask({"calls": [made for _, made in chosen]})
    wrong = [
        f"{case}（{case.note}）：期望 {case.expected!r}，得到 {result!r}"
        for (case, _), result in zip(chosen, results, strict=True)
        if not agrees(case.expected, result)
    ]
    assert not wrong, "\n".join(wrong)
