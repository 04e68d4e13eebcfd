"""The same person, firm or project claimed more than once, in one policy or across policies (不重复享受)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qdcalc.merge.harvest import Claimed

SAME, ACROSS = "同一事项重复申报", "不同政策都有申报"
DISTRICT = "区（市）"
"""The kind of subject that many policies rightly pay at once: each for another task."""


@dataclass(frozen=True)
class Source:
    """A claim and the file that it is in."""

    path: str
    claim: Claimed


@dataclass(frozen=True)
class Twice:
    """Claims of one subject. `highest`: its place in `sources`; `doubt`: why it may be two subjects after all, or ""."""

    nature: str
    sources: tuple[Source, ...]
    doubt: str

    @property
    def total(self) -> Decimal:
        return sum((source.claim.amount for source in self.sources), Decimal(0))

    @property
    def highest(self) -> int:
        return max(range(len(self.sources)), key=lambda place: (self.sources[place].claim.amount, -place))

    @property
    def above(self) -> Decimal:
        """What is claimed above the highest single amount."""
        return self.total - self.sources[self.highest].claim.amount


def claimed_twice(sources: Sequence[Source]) -> list[Twice]:
    """Groups of two and more, those above most first. A subject without a name is passed over; so is an amount of 0
    unless it is the same item again."""
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source in sources:
        name = plain_name(source.claim.subject)
        if name:
            groups.setdefault((source.claim.kind, name, *_apart(source.claim)), []).append(source)
    found: list[Twice] = []
    for (kind, *_), group in groups.items():
        if len(group) < 2:
            continue
        items: dict[tuple[str, str], list[Source]] = {}
        for source in group:
            items.setdefault((source.claim.policy, source.claim.item), []).append(source)
        for same in items.values():
            if len(same) > 1:
                found.append(Twice(SAME, tuple(same), _doubt(kind, same)))
        paid = [source for source in group if source.claim.amount > 0]
        if kind != DISTRICT and len({source.claim.policy for source in paid}) > 1:
            found.append(Twice(ACROSS, tuple(paid), _doubt(kind, paid)))
    return sorted(found, key=lambda item: (bool(item.doubt), -item.above, item.nature, item.sources[0].claim.subject))


def _apart(claim: Claimed) -> tuple[str, ...]:
    """What else makes two subjects of one name two: roads of one name lie in different districts."""
    return (claim.district,) if claim.kind == "项目" else ()


def _doubt(kind: str, sources: Sequence[Source]) -> str:
    beside = {plain_name(source.claim.beside) for source in sources} - {""}
    if kind == "人员" and len(beside) > 1:
        return "同名，所在单位不同，请核实是否同一人"
    if kind == "项目" and len(beside) > 1:
        return "同名，项目编号不同，请核实是否同一项目"
    return ""


def plain_name(name: str) -> str:
    """A name as people compare it: full width or half, with or without blanks and in any kind of brackets."""
    return re.sub(r"[\s·.。,，()\[\]【】〔〕]", "", unicodedata.normalize("NFKC", name)).casefold()
