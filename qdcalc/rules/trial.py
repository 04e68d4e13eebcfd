"""What-ifs: other figures and other readings for one call, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from qdcalc.errors import PolicyError, UsageError
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function


def trial_policy(function: Function, figures: Mapping[str, object] | None) -> Policy | None:
    """The function's policy with other figures, None where there are none. UsageError for an unknown path or value."""
    if not figures:
        return None
    refuse_plain(function, "数值")
    with told():
        return function.policy_data.with_figures(figures)


def trial_readings(function: Function, readings: Mapping[str, str] | None) -> dict[str, str]:
    """Readings by id; they may be named by Chinese title or 歧义编号 too. UsageError for unknown ones."""
    if not readings:
        return {}
    refuse_plain(function, "口径")
    known = function.policy_data.readings
    found: dict[str, str] = {}
    for word, option in readings.items():
        matches = [item.id for item in known.values() if word in (item.id, item.title) or word == item.ambiguity != ""]
        if len(matches) != 1:
            have = "、".join(f"{item.id}（{item.title}）" for item in known.values()) or "（无）"
            raise UsageError(f"没有口径“{word}”，可用的有：{have}")
        if option not in known[matches[0]].options:
            raise UsageError(f"口径“{word}”没有“{option}”，可选：{'、'.join(known[matches[0]].options)}")
        if found.setdefault(matches[0], option) != option:
            raise UsageError(f"口径“{word}”给了两次，取值不同")
    return found


def refuse_plain(function: Function, what: str) -> None:
    """A function without a tree would pass a what-if over in silence: refused instead."""
    if not function.traced:
        raise UsageError(f"{function.name} 不按条文算式计算，不能换{what}试算")


@contextmanager
def told() -> Iterator[None]:
    """A PolicyError inside is the caller's what-if, not the policy file: told as wrong use, without the file."""
    try:
        yield
    except PolicyError as error:
        sentence = str(error).removeprefix(f"{error.file}：{error.key}：")
        raise UsageError(f"试算数值“{error.key}”：{sentence}") from None
