"""The registry as data: every function with its arguments and its tree, every policy with its figures.

What JSON cannot say is marked: {"d": a decimal}, {"D": a date}, {"m": pairs of a mapping}, {"c": a class, "f": its fields}.
addin/registry.py reads it back.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.policies import functions, policies
from qdcalc.rules.expression import Node, Number
from qdcalc.rules.function import Function, Tree

HERE = Path(__file__).parents[2]
LISTS = frozenset({"QD_ALLOCATE", "QD_DELEGATION_FIND", "QD_SCI_DIRECTORY"})
"""Functions that may give several cells; a test of all cases says if one is missing."""


def gives_rows(function: Function) -> bool:
    """Whether LibreOffice is told that it gives rows of cells. Lists, and amounts, which then work over a whole column.

    Not texts: LibreOffice does not compare the texts of a matrix as texts, ="符合" would be FALSE.
    """
    return function.name in LISTS or (function.traced and isinstance(function.tree.result, Number))


class Recorder:
    """`classes` are those of the values met, to be shipped along; argument types are kept once each."""

    def __init__(self) -> None:
        self.classes: set[type] = set()
        self._types: dict[str, int] = {}

    def document(self) -> dict[str, Any]:
        found = [self.function(item) for item in functions().values()]
        known = {
            name: self.value(dataclasses.replace(item, file=_place(item.file))) for name, item in policies().items()
        }
        return {"types": [json.loads(text) for text in self._types], "policies": known, "functions": found}

    def function(self, function: Function) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "name": function.name,
            "title": function.title,
            "article": function.article,
            "description": function.description,
            "policy": function.policy,
            "unit": function.unit,
            "dated": function.dated,
            "variadic": function.variadic,
            "rows": gives_rows(function),
            "parameters": [
                [item.name, item.title, item.help, item.required, self.value(item.value), self._type(item.type)]
                for item in function.parameters
            ],
        }
        if function.traced:
            facts["tree"] = self._tree(function.tree)
        else:
            facts["rule"] = [function.rule.__module__.partition(".")[2], function.rule.__name__]
        return facts

    def _type(self, kind: object) -> int:
        text = json.dumps(self.value(kind), ensure_ascii=False)
        return self._types.setdefault(text, len(self._types))

    def _tree(self, tree: Tree) -> dict[str, Any]:
        nodes: list[Any] = []
        places: dict[int, int] = {}

        def place(node: Node) -> int:
            if id(node) not in places:
                operands = [place(item) for item in node.operands]
                unit = node.unit if isinstance(node, Number) else ""
                nodes.append([type(node).__name__, node.op, operands, self.value(node.data), unit])
                places[id(node)] = len(nodes) - 1
            return places[id(node)]

        return {
            "guards": [[place(node), sentence] for node, sentence in tree.guards],
            "result": place(tree.result),
            "warnings": [[place(node), sentence] for node, sentence in tree.warnings],
            "figures": list(tree.figures),
            "readings": list(tree.readings),
            "nodes": nodes,
        }

    def value(self, value: object) -> Any:
        if value is None or isinstance(value, (bool, str, int)):
            return value
        if isinstance(value, Decimal):
            return {"d": str(value)}
        if isinstance(value, datetime.date):
            return {"D": value.isoformat()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        if isinstance(value, Mapping):
            return {"m": [[self.value(key), self.value(item)] for key, item in value.items()]}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            self.classes.add(type(value))
            name = f"{type(value).__module__.partition('.')[2]}:{type(value).__name__}"
            fields = {item.name: self.value(getattr(value, item.name)) for item in dataclasses.fields(value)}
            return {"c": name, "f": fields}
        raise TypeError(f"{value!r} cannot be recorded")


def _place(file: str) -> str:
    """policies/road/policy.toml, without the folders of this machine."""
    return Path(file).relative_to(HERE).as_posix()
