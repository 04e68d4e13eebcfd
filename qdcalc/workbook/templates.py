"""The layout of a policy's workbook, found beside its rules and bound to the functions."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from pathlib import Path

from pydantic import ValidationError

from qdcalc.errors import PolicyError, UsageError
from qdcalc.layout import Template
from qdcalc.policies import find_policy, folders, functions, policies
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.planning import make_plan

DEFAULT_ROWS, MOST_ROWS = 500, 100_000


def template_ids() -> tuple[str, ...]:
    """The policies that have a template, in the order of the gazette."""
    return tuple(folder for folder in folders() if importlib.util.find_spec(_module(folder)) is not None)


@functools.cache
def find_template(policy_id: str) -> Template:
    """Raises UsageError where there is none, PolicyError where it is written wrongly."""
    word = find_policy(policy_id).id
    if word not in template_ids():
        raise UsageError(f"政策“{word}”没有工作簿模板，有模板的是：{'、'.join(template_ids())}")
    try:
        found = importlib.import_module(_module(word)).TEMPLATE
    except ValidationError as error:
        file = Path(__file__).parents[1] / "policies" / word / "template.py"
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PolicyError(file, key, first["msg"].removeprefix("Value error, ")) from error
    assert isinstance(found, Template)
    return found


def template_plan(policy_id: str, *, rows: int = DEFAULT_ROWS, plain: bool = False) -> Plan:
    """The layout with every address. Raises UsageError for a senseless number of rows, and as find_template does."""
    if not 1 <= rows <= MOST_ROWS:
        raise UsageError(f"行数 {rows} 不对，应为 1 至 {MOST_ROWS}")
    template = find_template(policy_id)
    policy = policies()[template.policy]
    return make_plan(template, policy, functions(), rows=rows, plain=plain)


def _module(folder: str) -> str:
    return f"qdcalc.policies.{folder}.template"
