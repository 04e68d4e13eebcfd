"""Why this number: the working of one call in Chinese, with figures, article and reading; and its notices."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qdcalc.errors import CalculationError
from qdcalc.rules.arguments import ErrorValue, NumberType, is_blank, missing
from qdcalc.rules.expression import Node
from qdcalc.rules.figures import Policy
from qdcalc.rules.function import Function, Run
from qdcalc.rules.phrases import Phrases
from qdcalc.rules.prose import live, rounding_line, shown
from qdcalc.rules.trial import told, trial_policy, trial_readings
from qdcalc.rules.units import UNITS


@dataclass(frozen=True)
class Explanation:
    """One call, told. `str()` is the whole text.

    value     as `call` returns it
    steps     one sentence a step, in the order of the working
    notices   warnings, and the reasons for an amount of 0
    reading   one sentence for each reading the function uses: title → option, 歧义编号, why
    day       the day whose figures were used; None for functions without dates. `dating` says it in words
    trial     the figures that were replaced for this call (a what-if)
    """

    function: str
    value: Any
    steps: tuple[str, ...]
    notices: tuple[str, ...]
    citation: str
    reading: tuple[str, ...]
    day: datetime.date | None
    title: str = field(default="", kw_only=True)
    unit: str = field(default="", kw_only=True)
    dating: str = field(default="", kw_only=True)
    trial: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole text, line by line."""
        found = [f"{self.title}（{self.function}）"]
        found += [f"{number}. {step}" for number, step in enumerate(self.steps, start=1)]
        found.append(f"结果：{_result(self.value, self.unit)}")
        found += [f"提示：{notice}" for notice in self.notices]
        found += [f"试算：{change}" for change in self.trial]
        found.append(f"依据：{self.citation}")
        found += [f"口径：{reading}" for reading in self.reading]
        found += [self.dating] if self.dating else []
        return tuple(found)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def explain(
    function: Function,
    cells: Sequence[object],
    *,
    from_text: bool = False,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Explanation:
    """The working of one call. Raises CalculationError where the call has no answer, UsageError for a wrong what-if."""
    policy, chosen = trial_policy(function, figures), trial_readings(function, readings)
    values = function.values(cells, from_text)
    if not function.traced:
        value, day = function.compute(values), function.day(values[-1]) if function.dated else None
        return Explanation(
            function.name, value, tuple(_plain_steps(function, values)), (), function.citation, (), day, title=function.title, unit=function.unit,
            dating=_dating(function.policy_data, day, values[-1] is not None) if function.dated else "",
        )  # fmt: skip
    with told():
        run = function.run(values, policy, chosen)
    result = function.tree.result
    exact = run.program.value(result, run.slots)
    value = function.rounded(exact)
    phrases = Phrases(function, run)
    phrases.tell(result)
    steps = phrases.lines
    if isinstance(exact, Decimal):
        steps += filter(None, [rounding_line(exact, value, UNITS[function.unit].decimals, function.unit)])
    return Explanation(
        function.name,
        value,
        tuple(steps),
        _notices(function, run),
        function.citation,
        tuple(_reading(function, identity, chosen) for identity in function.tree.readings),
        run.day,
        title=function.title,
        unit=function.unit,
        dating=_dating(function.policy_data, run.day, run.day_given) if function.dated else "",
        trial=tuple(_changes(function, run)),
    )


def _plain_steps(function: Function, values: Sequence[Any]) -> Iterator[str]:
    """What can be said of a function without a tree: what it was given and how it works."""
    given = []
    for parameter, value in zip(function.parameters, values, strict=False):
        if value is not None and not (function.variadic and parameter is function.parameters[-1]):
            kind = parameter.type
            unit = kind.unit.name if isinstance(kind, NumberType) else ""
            words = f"{len(value)} 格" if isinstance(value, tuple) else shown(value, unit)
            name = parameter.title.removesuffix(f"（{unit}）")
            given.append(f"{name} {words}")
    if given:
        yield f"已知：{'，'.join(given)}"
    if not function.description.startswith(
        f"{function.title}。依据："
    ):  # the description that is made up for one without
        yield f"算法：{function.description}"


def notices(
    function: Function,
    cells: Sequence[object],
    *,
    from_text: bool = False,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """The error sentence of a call, or its warnings and the reasons for an amount of 0; () if there are none."""
    policy, chosen = trial_policy(function, figures), trial_readings(function, readings)
    try:
        values = function.values(cells, from_text)
        if function.traced:
            with told():
                return _notices(function, function.run(values, policy, chosen))
        function.compute(values)
    except CalculationError as error:
        return ((_cause(function, cells, from_text) or error).sentence,)
    return ()


def _cause(function: Function, cells: Sequence[object], from_text: bool) -> CalculationError | None:
    """Where an argument is an error value, the first other one that is wrong: what people have to put right. 标准额 is
    #VALUE! because the 区（市） beside it is unknown."""
    if not any(isinstance(cell, ErrorValue) for cell in cells):
        return None
    for parameter, cell in zip(function.parameters, cells, strict=False):
        try:
            if is_blank(cell) and parameter.required:
                return missing(parameter.title, parameter.type)
            if not is_blank(cell) and not isinstance(cell, ErrorValue):
                parameter.from_host(cell, from_text)
        except CalculationError as error:
            return error
    return None


def _notices(function: Function, run: Run) -> tuple[str, ...]:
    found = [sentence for condition, sentence in function.tree.warnings if run.program.value(condition, run.slots)]
    found += _reasons(function.tree.result, run, _with_reasons(function))
    fill = run.program.policy.fill
    return tuple(dict.fromkeys(fill(sentence, run.day) for sentence in found))


@functools.cache
def _with_reasons(function: Function) -> frozenset[int]:
    """The nodes with a `nothing` beneath them: a notice is asked for on every row, and most trees have few."""
    found: set[int] = set()
    seen: set[int] = set()

    def walk(node: Node) -> bool:
        if id(node) not in seen:
            seen.add(id(node))
            below = [walk(operand) for operand in node.operands]
            if node.op == "nothing" or any(below):
                found.add(id(node))
        return id(node) in found

    walk(function.tree.result)
    return frozenset(found)


def _reasons(node: Node, run: Run, within: frozenset[int]) -> Iterator[str]:
    """The reasons of the `nothing`s that the result came from."""
    node = live(node, run)
    if id(node) not in within:
        return
    if node.op == "nothing":
        yield node.data
        return
    value = run.program.value(node, run.slots)
    for operand in node.operands:
        lost = node.op in ("smaller", "larger") and run.program.value(operand, run.slots) != value
        if not lost:
            yield from _reasons(operand, run, within)


def _reading(function: Function, identity: str, chosen: Mapping[str, str]) -> str:
    """标题 → 选项（歧义编号）：理由; where another option was chosen, the default and its reason."""
    reading = function.policy_data.readings[identity]
    option = chosen.get(identity, reading.default)
    number = f"（{reading.ambiguity}）" if reading.ambiguity else ""
    if option == reading.default:
        return f"{reading.title} → {option}{number}" + (f"：{reading.note}" if reading.note else "")
    note = f"，因{reading.note}" if reading.note else ""
    return f"{reading.title} → {option}{number}：本次另选；默认为“{reading.default}”{note}"


def _dating(policy: Policy, day: datetime.date | None, given: bool) -> str:
    if day is None:
        return ""
    if given:
        return f"事项日期：{day}"
    if policy.valid_to is not None:
        return f"日期：未填事项日期，按政策有效期最后一日 {day} 的数值"
    return f"日期：未填事项日期，政策未规定截止日，按政策有效期第一日 {day} 的数值"


def _changes(function: Function, run: Run) -> Iterator[str]:
    """The replaced figures that this function uses: what the law says, what was tried."""
    for path in function.tree.figures:
        law, tried = function.policy_data.figures[path], run.program.policy.figures[path]
        before, now = law.at(run.day), tried.at(run.day)
        if before == now:
            continue
        if law.shape == "value":
            yield f"{law.title} {shown(now, law.unit)}，条文为 {shown(before, law.unit)}（{law.article}）"
        else:
            yield f"{law.title}用试算数值，不是条文（{law.article}）"


def _result(value: Any, unit: str) -> str:
    if isinstance(value, list):
        rows = (row if isinstance(row, list) else [row] for row in value)
        return "".join("\n" + "，".join(shown(cell, unit) for cell in row) for row in rows)
    return shown(value, unit)
