"""The law, one folder a document. Importing this loads no policy; asking for a function loads what it needs.

A folder with a `policy.toml` is a policy, with a `rules.py` it has functions: nothing else has to be told of it.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from pathlib import Path

from qdcalc.errors import UnknownFunction, UsageError
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function, policy_in
from qdcalc.rules.registry import registered

_HERE = Path(__file__).parent
_ORDER = ("common", "delegation", "talent", "star", "wealth", "road", "waste", "science", "energy", "duty")
"""The order of the gazette; a folder that is not named here comes after, by name."""


@functools.cache
def folders() -> tuple[str, ...]:
    """The ids of all policies, in the order of the gazette."""
    found = sorted(item.parent.name for item in _HERE.glob("*/policy.toml"))
    return tuple(sorted(found, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)))


@functools.cache
def functions() -> Mapping[str, Function]:
    """Every function by its name, in a stable order."""
    for folder in folders():
        if (_HERE / folder / "rules.py").exists():
            importlib.import_module(f"{__name__}.{folder}.rules")
    # by document, whichever module happened to be imported first
    found = {name: one for name, one in registered().items() if one.folder.parent == _HERE}
    order = {folder: position for position, folder in enumerate(folders())}
    return dict(sorted(found.items(), key=lambda item: order[item[1].folder.name]))


def find(name: str) -> Function:
    """The function of that name, upper or lower case. Raises UnknownFunction naming those that are near."""
    wanted = name.strip().upper()
    if not functions.cache_info().currsize:
        alone = _alone(wanted)
        if alone is not None:
            return alone
    known = functions()
    found = known.get(wanted)
    if found is not None:
        return found
    import difflib

    near = difflib.get_close_matches(name.strip().upper(), known, n=3, cutoff=0.5)
    hint = f"，是否指：{'、'.join(near)}" if near else ""
    raise UnknownFunction(f"没有函数“{name}”{hint}；全部函数见 qdcalc functions")


def _alone(name: str) -> Function | None:
    """The function, with no policy loaded but its own: a single call does not wait for all of them."""
    for folder in folders():
        rules = _HERE / folder / "rules.py"
        if rules.exists() and f'"{name}"'.encode() in rules.read_bytes():
            importlib.import_module(f"{__name__}.{folder}.rules")
            found = registered().get(name)
            if found is not None and found.folder.parent == _HERE:
                return found
    return None


@functools.cache
def policies() -> Mapping[str, Policy]:
    """Every policy by its id."""
    return {folder: policy_in(_HERE / folder) for folder in folders()}


def find_policy(word: str) -> Policy:
    """A policy by id (road), code (D5) or document number where it names one policy. Raises UsageError otherwise."""
    known = policies()
    if word.lower() in known:
        return known[word.lower()]
    matches = [item for item in known.values() if item.code and word.upper() == item.code]
    matches = matches or [item for item in known.values() if item.number and word in _numbers(item.number)]
    if len(matches) == 1:
        return matches[0]
    listed = "、".join(f"{item.id}（{item.code}）" for item in (matches or known.values()) if item.code)
    if matches:
        raise UsageError(f"“{word}”对应 {len(matches)} 项政策，请写明其一：{listed}")
    raise UsageError(f"没有政策“{word}”，可用：{listed}，或文号")


def _numbers(number: str) -> tuple[str, ...]:
    """A document number as people shorten it: 青政办发〔2018〕19号, 青政办发[2018]19号, 19号."""
    short = number[number.rfind("〕") + 1 :] if "〕" in number else number
    return (number, number.replace("〔", "[").replace("〕", "]"), short)
