"""What the arguments and results of a rule are annotated with.

`km: Kilometres` is a Number for the type checker and, at run time, says unit, range and choices. A policy adds its own with
`Annotated[Text, Choice("works")]`, where works is a list of names in its policy.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from qdcalc.errors import PolicyError
from qdcalc.rules.arguments import ArgumentType, ChoiceType, clean, number_type
from qdcalc.rules.expression import Maybe, Number, Text
from qdcalc.rules.figures import Policy
from qdcalc.rules.places import ALIASES, DISTRICTS


@dataclass(frozen=True)
class Quantity:
    """A number of a unit; as a result annotation, the unit the result is rounded to."""

    unit: str
    signed: bool = False
    minimum: int = 0
    maximum: int | None = None

    def type(self, policy: Policy) -> ArgumentType:
        return number_type(self.unit, signed=self.signed, minimum=self.minimum, maximum=self.maximum)


@dataclass(frozen=True)
class Choice:
    """One of the names of a list in policy.toml, or of the names given here."""

    names: str | tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    def type(self, policy: Policy) -> ArgumentType:
        if isinstance(self.names, tuple):
            return _choice(self.names, self.aliases)
        figure = policy.figures.get(self.names)
        if figure is None or figure.shape != "names":
            raise PolicyError(policy.file, self.names, "缺少这个名称列表")
        data = figure.data
        assert isinstance(data, tuple)
        listed = tuple(str(name) for name in data)
        return _choice(listed, {**ALIASES, **(figure.aliases or {})})


def _choice(names: tuple[str, ...], aliases: Mapping[str, str]) -> ChoiceType:
    """Names and aliases are also known by their cleaned form: a cell's 区（市）级 arrives as 区(市)级."""
    cleaned = {clean(name): name for name in names if clean(name) != name}
    usable = {clean(alias): name for alias, name in aliases.items() if name in names}
    return ChoiceType(names, {**usable, **cleaned})


Yuan = Annotated[Number, Quantity("元")]
SignedYuan = Annotated[Number, Quantity("元", signed=True)]
MaybeYuan = Annotated[Maybe, Quantity("元")]
YuanPerKilometre = Annotated[Number, Quantity("元/公里")]
Kilometres = Annotated[Number, Quantity("公里")]
Metres = Annotated[Number, Quantity("米")]
Centimetres = Annotated[Number, Quantity("厘米")]
Share = Annotated[Number, Quantity("比例")]
Ratio = Annotated[Number, Quantity("比例")]
Years = Annotated[Number, Quantity("年")]
Year = Annotated[Number, Quantity("年份", minimum=1900)]
Days = Annotated[Number, Quantity("天")]
Months = Annotated[Number, Quantity("月")]
MonthsOfYear = Annotated[Number, Quantity("月", maximum=12)]
Age = Annotated[Number, Quantity("周岁", maximum=150)]
Count = Annotated[Number, Quantity("个")]
People = Annotated[Number, Quantity("人")]
Households = Annotated[Number, Quantity("户")]
District = Annotated[Text, Choice(DISTRICTS, ALIASES)]
