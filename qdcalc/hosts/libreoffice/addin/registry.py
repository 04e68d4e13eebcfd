"""The registry inside LibreOffice: functions and policies read back from data.json. See ../record.py.

A recorded function is a Function like any other, whose arguments and tree need no tracing; all else (settling arguments,
evaluating, explaining) is the same code.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.rules.expression import Day, Flag, Node, Number, Text
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function, Parameter, Tree

DATA = Path(__file__).with_name("data.json")
ROOT = __name__.split(".")[0]


@functools.cache
def _document() -> Any:
    return json.loads(DATA.read_text(encoding="utf-8"))


@functools.cache
def functions() -> Mapping[str, Recorded]:
    """Every function by its name."""
    return {facts["name"]: Recorded(facts) for facts in _document()["functions"]}


@functools.cache
def policies() -> Mapping[str, Policy]:
    """Every policy by its id."""
    return {name: value(item) for name, item in _document()["policies"].items()}


def policy_in(folder: Path) -> Policy:
    return policies()[folder.name]


@functools.cache
def _type(number: int) -> Any:
    return value(_document()["types"][number])


class Recorded(Function):
    """A function of the registry as data.json holds it; decoded when first used."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self.name, self.title, self.article = facts["name"], facts["title"], facts["article"]
        self._description = facts["description"]
        self.traced, self.dated = "tree" in facts, facts["dated"]
        self._programs = {}

    def rule(self, *values: Any) -> Any:
        """The plain Python function."""
        module, name = self._facts["rule"]
        return getattr(importlib.import_module(f"{ROOT}.{module}"), name)(*values)

    @property
    def policy_data(self) -> Policy:
        return policies()[self._facts["policy"]]

    @property
    def policy(self) -> str:
        return str(self._facts["policy"])

    @property
    def unit(self) -> str:
        return str(self._facts["unit"])

    @property
    def variadic(self) -> bool:
        return bool(self._facts["variadic"])

    @property
    def rows(self) -> bool:
        """Whether LibreOffice expects rows of cells from it."""
        return bool(self._facts["rows"])

    @functools.cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        found = []
        for name, title, help_, required, given, kind in self._facts["parameters"]:
            decoded = value(given)
            found.append(Parameter(name, title, help_, required, decoded, decoded, _type(kind)))
        return tuple(found)

    @functools.cached_property
    def tree(self) -> Tree:
        facts, policy = self._facts["tree"], self.policy_data
        nodes: list[Any] = []
        for kind, op, operands, data, unit in facts["nodes"]:
            nodes.append(_node(kind, op, [nodes[index] for index in operands], value(data), unit))
        return Tree(
            {},
            nodes[facts["result"]],
            tuple((nodes[index], sentence) for index, sentence in facts["guards"]),
            tuple((nodes[index], sentence) for index, sentence in facts["warnings"]),
            {path: policy.figures[path] for path in facts["figures"]},
            {identity: policy.readings[identity] for identity in facts["readings"]},
        )


def _node(kind: str, op: str, operands: list[Node], data: Any, unit: str) -> Node:
    if kind == "Number":  # its bounds were proven when the tree was recorded
        return Number(op, operands, data, unit=unit, decimals=0, low=Decimal(0), high=Decimal(0))
    if kind == "Text":
        return Text(op, operands, data)
    return Flag(op, operands, data) if kind == "Flag" else Day(op, operands, data)


def value(recorded: Any) -> Any:
    """What a piece of data.json stands for."""
    if isinstance(recorded, list):
        return tuple(value(item) for item in recorded)
    if not isinstance(recorded, dict):
        return recorded
    if "d" in recorded:
        return Decimal(recorded["d"])
    if "D" in recorded:
        return datetime.date(*(int(part) for part in recorded["D"].split("-")))
    if "m" in recorded:
        return {value(key): value(item) for key, item in recorded["m"]}
    module, _, name = recorded["c"].partition(":")
    fields = {key: value(item) for key, item in recorded["f"].items()}
    return getattr(importlib.import_module(f"{ROOT}.{module}"), name)(**fields)
