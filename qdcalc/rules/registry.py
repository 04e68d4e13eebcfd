"""The registry: `@provision` and `@plain_function` put functions in, every host reads them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from qdcalc.errors import TracingError
from qdcalc.rules.function import ALL_HOSTS, Function

_FUNCTIONS: dict[str, Function] = {}
_NAME = re.compile(r"QD_[A-Z][A-Z0-9_]*")
Rule = TypeVar("Rule", bound=Callable[..., Any])
Titles = Mapping[str, str | tuple[str, str]]


def provision(
    name: str, *, title: str, article: str, arguments: Titles, description: str = "", dated: bool = True
) -> Callable[[Rule], Rule]:
    """A rule that is traced into a tree. `arguments`: Chinese name (or name and help) of each parameter; the rule's own
    parameters take theirs from it, others are passed over. `dated`: takes a last optional `on`."""
    return _registering(
        name, title=title, article=article, arguments=arguments, description=description, traced=True, dated=dated,
        hosts=ALL_HOSTS,
    )  # fmt: skip


def plain_function(
    name: str, *, title: str, article: str, arguments: Titles, description: str = "", dated: bool = False
) -> Callable[[Rule], Rule]:
    """What a tree cannot say (a search, a whole column at once): ordinary Python on coerced values, in `exact` alone.
    `dated`: takes a last optional `on` too; it is checked against the policy's term and not handed to the rule."""
    return _registering(
        name, title=title, article=article, arguments=arguments, description=description, traced=False, dated=dated,
        hosts=frozenset({"exact"}),
    )  # fmt: skip


def _registering(name: str, **facts: Any) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        if not _NAME.fullmatch(name):
            raise TracingError(rule.__module__, f"函数名 {name} 应为 QD_ 加大写字母、数字和下划线")
        if name in _FUNCTIONS:
            raise TracingError(rule.__module__, f"函数 {name} 已在 {_FUNCTIONS[name].folder.name} 中定义")
        _FUNCTIONS[name] = Function(name, rule, **facts)
        return rule

    return register


def registered() -> Mapping[str, Function]:
    """What has been registered so far, in order of registration."""
    return _FUNCTIONS
