"""A function of the registry: its name, arguments and result, and how one call of it is answered.

Rule functions hold a tree; plain Python functions (a search in a list, an allocation over a column) are called as they
are. Both are seen by hosts in the same way.
"""

from __future__ import annotations

import datetime
import functools
import inspect
import typing
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.errors import CalculationError, InvalidValue, NotInForce, TracingError, UsageError
from qdcalc.rules import language
from qdcalc.rules.arguments import ArgumentType, DayType, FlagType, Word, is_blank, missing
from qdcalc.rules.exact import Program, Slots
from qdcalc.rules.expression import Day, Flag, Maybe, MaybeDay, Node, Number, Text
from qdcalc.rules.figures import Figure, Policy, Reading, load_policy
from qdcalc.rules.lowering import Plan, lower
from qdcalc.rules.types import Quantity
from qdcalc.rules.units import UNITS, half_up, plain

ALL_HOSTS = frozenset({"exact", "columns", "formula"})
ON = "on"


@dataclass(frozen=True)
class Parameter:
    """One argument. `default` is a cell value; `value` the same after coercion. `choices` are shown in drop-downs."""

    name: str
    title: str
    help: str
    required: bool
    default: object
    value: object
    type: ArgumentType

    @property
    def many(self) -> bool:
        return self.type.many

    @property
    def choices(self) -> tuple[str, ...]:
        return getattr(self.type, "names", ())

    def from_host(self, cell: object, from_text: bool) -> object:
        """A cell's value, or with `from_text` a word of a command line, as this argument. Raises CalculationError."""
        if isinstance(cell, str) and (from_text or isinstance(cell, Word)):
            return self.type.from_text(cell, self.title)
        return self.type.from_cell(cell, self.title)


@dataclass(frozen=True)
class Tree:
    """What tracing leaves: the result, its guards (condition, sentence), its warnings, what it used of the policy."""

    inputs: Mapping[str, Node]
    result: Node
    guards: tuple[tuple[Node, str], ...]
    warnings: tuple[tuple[Node, str], ...]
    figures: Mapping[str, Figure]
    readings: Mapping[str, Reading]


@dataclass(frozen=True)
class Answer:
    """One call's value, or the error that stands in its place; never both."""

    value: Any = None
    error: CalculationError | None = None


@dataclass(frozen=True)
class Run:
    """One evaluated call, kept for the explanation."""

    program: Program
    slots: Slots
    values: tuple[Any, ...]
    day: datetime.date | None
    day_given: bool


@functools.cache
def policy_in(folder: Path) -> Policy:
    return load_policy(folder / "policy.toml")


class Function:
    """See the module. `rule` is the traced or plain Python function; everything costly happens when first asked for."""

    def __init__(
        self,
        name: str,
        rule: Callable[..., Any],
        *,
        title: str,
        article: str,
        arguments: Mapping[str, str | tuple[str, str]],
        description: str,
        traced: bool,
        dated: bool,
        hosts: frozenset[str],
    ) -> None:
        self.name, self.rule, self.title, self.article = name, rule, title, article
        self._titles, self._description = arguments, description
        self.traced, self.dated, self.hosts = traced, dated, hosts
        self.folder = Path(inspect.getfile(rule)).parent
        self._programs: dict[int, Program] = {}

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    # ------------------------------------------------------------------ what it is
    @property
    def policy_data(self) -> Policy:
        return policy_in(self.folder)

    @property
    def policy(self) -> str:
        return self.policy_data.id

    @property
    def description(self) -> str:
        return self._description or f"{self.title}。依据：{self.citation}"

    @property
    def citation(self) -> str:
        """《…》（文号）条款."""
        data = self.policy_data
        number = f"（{data.number}）" if data.number else ""
        return f"《{data.title}》{number}{self.article}" if data.number else self.article

    @functools.cached_property
    def _hints(self) -> dict[str, Any]:
        return typing.get_type_hints(self.rule, include_extras=True)

    @property
    def unit(self) -> str:
        """The unit of the result; "" for texts, flags, dates and bare numbers."""
        for extra in getattr(self._hints.get("return"), "__metadata__", ()):
            if isinstance(extra, Quantity):
                return extra.unit
        return ""

    @property
    def answers_yes_or_no(self) -> bool:
        return self._hints.get("return") in (Flag, bool)

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.rule)

    @functools.cached_property
    def variadic(self) -> bool:
        """Whether the last parameter may be repeated (QD_EXPLAIN)."""
        return any(item.kind is item.VAR_POSITIONAL for item in self.signature.parameters.values())

    @functools.cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        found = [self._parameter(item) for item in self.signature.parameters.values()]
        if self.dated:
            kind = DayType()
            text = f"{kind.help()}；不填按政策有效期处理"
            found.append(Parameter(ON, "事项日期", text, False, None, None, kind))
        return tuple(found)

    def _parameter(self, item: inspect.Parameter) -> Parameter:
        named = self._titles.get(item.name)
        if named is None:
            raise TracingError(str(self.folder), f"{self.name} 的参数 {item.name} 缺少中文名（arguments=）")
        title, extra = named if isinstance(named, tuple) else (named, "")
        kind = self._type(item.name)
        required = item.default is inspect.Parameter.empty and item.kind is not item.VAR_POSITIONAL
        value = None if required or item.default is inspect.Parameter.empty else item.default
        if isinstance(value, Node):
            value = value.data
        text = "；".join(part for part in (extra, kind.help()) if part)
        if not required and value is not None:
            text += f"；不填为 {_shown(value)}"
        default = float(value) if isinstance(value, Decimal) else value
        return Parameter(item.name, title, text, required, default, value, kind)

    def _type(self, name: str) -> ArgumentType:
        hint = self._hints.get(name)
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, ArgumentType):
                return extra
            if hasattr(extra, "type"):
                kind = extra.type(self.policy_data)
                assert isinstance(kind, ArgumentType)
                return kind
        if hint is Flag or hint is bool:
            return FlagType()
        if hint in (Day, MaybeDay, datetime.date):
            return DayType()
        raise TracingError(str(self.folder), f"{self.name} 的参数 {name} 缺少类型标注")

    @functools.cached_property
    def tree(self) -> Tree:
        """The rule traced once. Raises TracingError or PolicyError where it is written wrongly."""
        if not self.traced:
            raise UsageError(f"{self.name} 是普通 Python 函数，没有算式树")
        inputs: dict[str, Node] = {}
        arguments: dict[str, object] = {}
        for parameter in self.parameters:
            if parameter.name == ON and self.dated:
                inputs[ON] = Day("input", (), ON)
                continue
            hint = self._hints[parameter.name]
            base = typing.get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
            node = self._input(parameter)
            inputs[parameter.name] = node
            arguments[parameter.name] = _optional(base, node)
            if not parameter.required and parameter.value is None and base not in (Maybe, MaybeDay):
                raise TracingError(
                    str(self.folder), f"{self.name} 的参数 {parameter.name}：默认值不能为空，请用 Maybe 类型"
                )
        with language.tracing(self.policy_data) as trace:
            result = self.rule(**arguments)
        if not isinstance(result, (Number, Text, Flag, Day)):
            raise TracingError(str(self.folder), f"{self.name} 应返回一个节点")
        if isinstance(result, Number) and self.unit not in UNITS:
            raise TracingError(str(self.folder), f"{self.name} 的返回类型缺少单位")
        if isinstance(result, Number) and result.unit not in (self.unit, "*"):
            raise TracingError(str(self.folder), f"{self.name} 的结果单位是“{result.unit}”，标注的是“{self.unit}”")
        # fails here, at registration, where a number could grow beyond what every host holds exactly
        lower(self.name, self.policy_data, result, trace.guards, trace.warnings, self.unit)
        return Tree(
            inputs, result, tuple(trace.guards), tuple(trace.warnings), dict(trace.figures), dict(trace.readings)
        )

    def _input(self, parameter: Parameter) -> Node:
        kind = parameter.type
        unit = getattr(kind, "unit", None)
        if unit is not None:
            low, high = kind.low, kind.high  # type: ignore[attr-defined]  # a NumberType: it has a unit
            return Number("input", (), parameter.name, unit=unit.name, decimals=unit.decimals, low=low, high=high)
        if isinstance(kind, FlagType):
            return Flag("input", (), parameter.name)
        if isinstance(kind, DayType):
            return Day("input", (), parameter.name)
        return Text("input", (), parameter.name, values=parameter.choices or None)

    # ------------------------------------------------------------------ one call
    def values(self, cells: Sequence[object], from_text: bool = False) -> tuple[Any, ...]:
        """Cell values as argument values, defaults filled in. Raises the CalculationError of the first that is wrong."""
        parameters = self.parameters
        if len(cells) > len(parameters) and not self.variadic:
            extra = [cell for cell in cells[len(parameters) :] if not is_blank(cell)]
            if extra:
                raise InvalidValue(f"参数过多：{self.name} 最多 {len(parameters)} 个，给了 {len(cells)} 个")
        found: list[Any] = []
        for position, parameter in enumerate(parameters):
            cell = cells[position] if position < len(cells) else None
            if self.variadic and position == len(parameters) - 1:
                found.extend(parameter.from_host(cell, from_text) for cell in cells[position:])
                break
            if is_blank(cell):
                if parameter.required:
                    raise missing(parameter.title, parameter.type)
                found.append(parameter.value)
            else:
                found.append(parameter.from_host(cell, from_text))
        return tuple(found)

    def answer(self, cells: Sequence[object], *, from_text: bool = False) -> Answer:
        """The value of one call, or the error in its place. `from_text`: the cells are words of a command line."""
        try:
            return Answer(self.compute(self.values(cells, from_text)))
        except CalculationError as error:
            return Answer(error=error)

    def compute(
        self, values: Sequence[Any], policy: Policy | None = None, readings: Mapping[str, str] | None = None
    ) -> Any:
        """The result for coerced argument values. Raises CalculationError."""
        if not self.traced:
            if self.dated:  # such a function has no dated figures: only out of force is told
                self.day(values[-1])
                values = values[:-1]
            return self.rule(*values)
        run = self.run(values, policy, readings)
        return self.rounded(run.program.value(self.tree.result, run.slots))

    def run(
        self, values: Sequence[Any], policy: Policy | None = None, readings: Mapping[str, str] | None = None
    ) -> Run:
        """The call evaluated, every node's value kept."""
        given = values[-1] if self.dated else None
        day = self.day(given)
        program = self._program(day, policy, readings)
        return Run(program, program.run(values, self.titles), tuple(values), day, given is not None)

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        return {parameter.name: parameter.title for parameter in self.parameters}

    def day(self, given: datetime.date | None) -> datetime.date | None:
        """The day whose figures count for a matter of `given`. Raises NotInForce."""
        data = self.policy_data
        if given is None:
            return data.default_day
        if (data.start and given < data.start) or (data.valid_to and given > data.valid_to):
            end = f"{data.valid_to} 止" if data.valid_to else "未规定截止日"
            raise NotInForce(f"事项日期：{given} 不在政策有效期内，允许：{data.start} 起，{end}", "事项日期")
        return given

    def _program(self, day: datetime.date | None, policy: Policy | None, readings: Mapping[str, str] | None) -> Program:
        tree = self.tree
        inputs, results = list(self.titles), [tree.result, *(condition for condition, _ in tree.warnings)]
        if policy is not None or readings:
            checked = self._checked_readings(readings or {})
            return Program(inputs, tree.guards, results, policy or self.policy_data, day, checked)
        segment = bisect_right(self._changes, day) if day is not None else 0
        if segment not in self._programs:
            self._programs[segment] = Program(inputs, tree.guards, results, self.policy_data, day, {})
        return self._programs[segment]

    @functools.cached_property
    def _changes(self) -> list[datetime.date]:
        """The days on which a figure that this function uses changes."""
        starts = (version.start for used in self.tree.figures.values() for version in used.versions[1:])
        return sorted({start for start in starts if start is not None})

    def plan(self, policy: Policy | None = None, readings: Mapping[str, str] | None = None) -> Plan:
        """The tree lowered to whole numbers, for columns and formulas."""
        tree, checked = self.tree, self._checked_readings(readings or {})
        data = policy or self.policy_data
        return lower(self.name, data, tree.result, tree.guards, tree.warnings, self.unit, checked)

    def _checked_readings(self, readings: Mapping[str, str]) -> Mapping[str, str]:
        for identity, option in readings.items():
            known = self.policy_data.readings.get(identity)
            if known is None:
                have = "、".join(self.policy_data.readings) or "（无）"
                raise UsageError(f"没有口径“{identity}”，可用的有：{have}")
            if option not in known.options:
                raise UsageError(f"口径“{identity}”没有“{option}”，可选：{'、'.join(known.options)}")
        return readings

    def rounded(self, value: Any) -> Any:
        """The result as it leaves: an amount with two decimals, any other number without idle zeros."""
        if not isinstance(value, Decimal):
            return value
        decimals = UNITS[self.unit].decimals
        settled = half_up(value, decimals)
        return settled if self.unit == "元" else Decimal(plain(settled))


def _optional(hint: object, node: Node) -> object:
    """The node as the rule receives it: wrapped where it may be blank."""
    if hint is Maybe and isinstance(node, Number):
        return Maybe(node)
    return MaybeDay(node) if hint is MaybeDay else node


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return plain(value) if isinstance(value, Decimal) else str(value)
