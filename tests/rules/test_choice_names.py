"""Names with full-width punctuation: a cell's text is normalized first, so their cleaned form must be known too."""

from __future__ import annotations

from qdcalc.policies import find_policy
from qdcalc.rules.arguments import ArgumentType
from qdcalc.rules.types import Choice


def _type(*names: str, aliases: dict[str, str] | None = None) -> ArgumentType:
    return Choice(names, aliases or {}).type(find_policy("road"))


def test_a_name_with_full_width_brackets_is_accepted_and_comes_back_as_it_is_written() -> None:
    choice = _type("市级", "区（市）级")
    assert choice.from_cell("区（市）级", "部分") == "区（市）级"
    assert choice.from_cell(" 区(市)级 ", "部分") == "区（市）级"


def test_an_alias_with_full_width_brackets_is_accepted() -> None:
    choice = _type("站牌", aliases={"客运（公交）站牌": "站牌"})
    assert choice.from_cell("客运（公交）站牌", "类型") == "站牌"
