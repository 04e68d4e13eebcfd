"""qdcalc functions, qdcalc policies: what there is."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from qdcalc.commands.output import plain_data, plain_text, print_json, print_table
from qdcalc.commands.parsing import Parser

if TYPE_CHECKING:
    from qdcalc.rules.figures import Policy, Reading
    from qdcalc.rules.function import Function, Parameter

_HOSTS = {"exact": "逐个", "columns": "整列", "formula": "公式"}


def functions_parser() -> Parser:
    found = Parser(
        "functions", "[函数] [--policy 政策] [--json]", "列出全部函数；写明函数名时，列出它的参数和口径。",
        "  qdcalc functions --policy road\n  qdcalc functions QD_ROAD_SUBSIDY",
    )  # fmt: skip
    found.word("name", "函数", "只看这个函数", nargs="?")
    found.option("--policy", metavar="政策", help="只列一项政策：road、D5 或文号")
    found.option("--json", action="store_true", help="以 JSON 输出")
    return found


def policies_parser() -> Parser:
    found = Parser("policies", "[--json]", "列出全部政策：编号、名称、文号和有效期。")
    found.option("--json", action="store_true", help="以 JSON 输出")
    return found


def run_functions(arguments: argparse.Namespace) -> int:
    from qdcalc.policies import find, find_policy, functions

    listed = list(functions().values()) if arguments.name is None else [find(arguments.name)]
    if arguments.policy is not None:
        identity = arguments.policy if arguments.policy == "common" else find_policy(arguments.policy).id
        listed = [function for function in listed if function.policy == identity]
    if arguments.json:
        print_json([_facts(function) for function in listed])
    elif arguments.name is not None:
        for function in listed:
            _print_function(function)
    else:
        rows = [[item.name, item.title, item.article, item.policy, _hosts(item)] for item in listed]
        print_table(["函数", "名称", "条款", "政策", "可用于"], rows)
    return 0


def run_policies(arguments: argparse.Namespace) -> int:
    from qdcalc.policies import policies

    listed = [item for item in policies().values() if item.code]
    if arguments.json:
        print_json([_policy_facts(item) for item in listed])
        return 0
    rows = [[item.id, item.code, item.title, item.number, *_dates(item)] for item in listed]
    print_table(["编号", "代号", "名称", "文号", "起", "止"], rows)
    return 0


def _hosts(function: Function) -> str:
    return "、".join(title for host, title in _HOSTS.items() if host in function.hosts)


def _dates(policy: Policy) -> tuple[str, str]:
    return plain_text(policy.start) or "未写", plain_text(policy.valid_to) or "未写"


def _policy_facts(policy: Policy) -> dict[str, Any]:
    names = ("id", "code", "title", "number", "issued", "valid_from", "valid_to", "departments", "funding")
    facts = {name: plain_data(getattr(policy, name)) for name in names}
    facts["provisions"] = {clause: list(names) for clause, names in policy.provisions.items()}
    facts["gaps"] = [dataclasses.asdict(item) for item in policy.gaps]
    facts["discrepancies"] = [dataclasses.asdict(item) for item in policy.discrepancies]
    return facts


def _facts(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "title": function.title,
        "article": function.article,
        "policy": function.policy,
        "unit": function.unit,
        "description": function.description,
        "citation": function.citation,
        "hosts": [host for host in _HOSTS if host in function.hosts],
        "parameters": [_parameter(parameter) for parameter in function.parameters],
        "readings": [
            {"id": item.id, "title": item.title, "options": list(item.options), "default": item.default,
             "ambiguity": item.ambiguity, "note": item.note}
            for item in (function.tree.readings.values() if function.traced else ())
        ],
    }  # fmt: skip


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "title": parameter.title,
        "help": parameter.help,
        "required": parameter.required,
        "default": plain_data(parameter.default),
        "many": parameter.many,
        "choices": list(parameter.choices),
    }


def _print_function(function: Function) -> None:
    print(f"{function.name}  {function.title}")
    print(f"依据：{function.citation}")
    if function.unit:
        print(f"结果单位：{function.unit}")
    print("参数：")
    print_table(
        ["  参数", "名称", "必填", "说明"],
        [[f"  {item.name}", item.title, "是" if item.required else "否", item.help] for item in function.parameters],
    )
    if function.traced and function.tree.readings:
        print("口径：")
        print_table(
            ["  编号", "歧义", "名称", "可选（首个为默认）"],
            [[f"  {item.id}", item.ambiguity, item.title, _options(item)] for item in function.tree.readings.values()],
        )


def _options(reading: Reading) -> str:
    others = (option for option in reading.options if option != reading.default)
    return " / ".join([reading.default, *others])
