"""qdcalc call, qdcalc explain: one function on the words of a command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qdcalc.commands.output import plain_data, plain_text, print_json, tell
from qdcalc.commands.parsing import Parser, pairs
from qdcalc.errors import CalculationError, UsageError

if TYPE_CHECKING:
    from qdcalc.rules.function import Function

_USAGE = "函数 参数… [--on 日期] [--口径 编号=选项]… [--figure 数值=值]… [--json]"


def parser(command: str) -> Parser:
    told = {
        "call": ("计算一个函数，只输出结果。", "  qdcalc call QD_ROAD_SUBSIDY 大修 6 平度市 10 0 15000000"),
        "explain": ("逐步说明一个函数怎样算出结果，附数值、条款和口径。", "  qdcalc explain QD_TALENT_SUBSIDY 650000"),
    }
    description, example = told[command]
    found = Parser(command, _USAGE, description, example)
    found.word("name", "函数", "函数名，如 QD_TALENT_SUBSIDY；全部函数见 qdcalc functions")
    found.word("cells", "参数", '依次填参数；可省略的参数用 "" 跳过，一列值用 | 隔开', nargs="*", default=[])
    found.option("--on", metavar="日期", help="事项日期，如 2018-08-16")
    found.option(
        "--口径", "--reading", dest="readings", metavar="编号=选项", action="append", default=[],
        help="另选一种口径，如 method=超额累进；函数有哪些口径见 qdcalc functions 函数",
    )  # fmt: skip
    found.option(
        "--figure", dest="figures", metavar="数值=值", action="append", default=[],
        help="试算：临时改一个条文数值，如 cap=250000",
    )  # fmt: skip
    found.option("--json", action="store_true", help="以 JSON 输出")
    return found


def run_call(arguments: argparse.Namespace) -> int:
    from qdcalc.policies import find
    from qdcalc.rules.trial import told, trial_policy, trial_readings
    from qdcalc.rules.wording import notices

    function = find(arguments.name)
    cells, figures, readings = _given(function, arguments)
    policy, chosen = trial_policy(function, figures), trial_readings(function, readings)
    try:
        with told():
            value = function.compute(function.values(cells, from_text=True), policy, chosen)
    except CalculationError as error:
        return _failed(function, error, arguments.json)
    said = notices(function, cells, from_text=True, figures=figures, readings=readings) if function.traced else ()
    if arguments.json:
        print_json(
            {
                "function": function.name,
                "value": plain_data(value),
                "unit": function.unit,
                "notices": list(said),
                "citation": function.citation,
                "error": None,
            }
        )
        return 0
    print(plain_text(value))
    for sentence in said:
        tell(f"提示：{sentence}")
    return 0


def run_explain(arguments: argparse.Namespace) -> int:
    from qdcalc.policies import find
    from qdcalc.rules.wording import explain

    function = find(arguments.name)
    cells, figures, readings = _given(function, arguments)
    try:
        found = explain(function, cells, from_text=True, figures=figures, readings=readings)
    except CalculationError as error:
        return _failed(function, error, arguments.json)
    if not arguments.json:
        print(found)
        return 0
    print_json(
        {
            "function": found.function,
            "title": found.title,
            "value": plain_data(found.value),
            "unit": found.unit,
            "steps": list(found.steps),
            "notices": list(found.notices),
            "trial": list(found.trial),
            "citation": found.citation,
            "readings": list(found.reading),
            "day": None if found.day is None else found.day.isoformat(),
            "dating": found.dating,
            "error": None,
        }
    )
    return 0


def _failed(function: Function, error: CalculationError, as_json: bool) -> int:
    if as_json:
        told = {"cell": error.cell_error, "sentence": error.sentence, "argument": error.argument}
        print_json({"function": function.name, "value": None, "error": told})
    tell(error.sentence)
    return 1


def _given(
    function: Function, arguments: argparse.Namespace
) -> tuple[list[str | None], Mapping[str, object], Mapping[str, str]]:
    """Cells, figures and readings as the options say."""
    from qdcalc.rules.function import ON

    cells: list[str | None] = list(arguments.cells)
    if arguments.on is not None:
        if not function.dated:
            raise UsageError(f"{function.name} 没有事项日期，不能用 --on")
        place = [parameter.name for parameter in function.parameters].index(ON)
        if len(cells) > place:
            raise UsageError("事项日期给了两次：参数里已有，不能再用 --on")
        cells += [None] * (place - len(cells)) + [arguments.on]
    readings = pairs(arguments.readings, "--口径", "method=超额累进")
    figures = pairs(arguments.figures, "--figure", "cap=250000")
    return cells, {path: _figure(function, path, word) for path, word in figures.items()}, readings


def _figure(function: Function, path: str, word: str) -> object:
    """A figure as policy.toml writes it: a number, a date, a list; a bare word is a name, 8% is 0.08."""
    import tomllib
    from decimal import Decimal, InvalidOperation

    found = function.policy_data.figures.get(path.partition("[")[0])
    try:
        if found is not None and found.unit == "比例" and word.endswith(("%", "％")):
            return Decimal(word[:-1].strip()) / 100
        return tomllib.loads(f"value = {word}", parse_float=Decimal)["value"]
    except (tomllib.TOMLDecodeError, InvalidOperation):
        return word
