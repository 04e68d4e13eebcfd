"""Random and boundary argument cells for any function: what people type, right and wrong."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

from qdcalc.rules.arguments import ChoiceType, DayType, FlagType, NumberType
from qdcalc.rules.figures import Band
from qdcalc.rules.function import Function, Parameter


def rows(function: Function, count: int, seed: int = 2018) -> list[list[Any]]:
    """Rows of argument cells. Most arguments are good ones, so that most rows reach the rule itself."""
    source = random.Random(f"{function.name}{seed}")
    edges = _edges(function)
    found = []
    for number in range(count):
        wrong = source.choice([None, None, None, source.randrange(len(function.parameters))])
        row = [
            _bad(parameter, source) if position == wrong else _good(parameter, source, edges, row_number=number)
            for position, parameter in enumerate(function.parameters)
        ]
        found.append(row)
    return found


def _edges(function: Function) -> list[Decimal]:
    """Every number of the policy: thresholds, caps, rates; the interesting inputs lie on and beside them."""
    found: set[Decimal] = {Decimal(0), Decimal(1)}
    for figure in function.tree.figures.values():
        for version in figure.versions:
            data = version.data
            items = data.values() if isinstance(data, dict) else data if isinstance(data, tuple) else [data]
            for item in items:
                for value in (item.start, item.gives) if isinstance(item, Band) else (item,):
                    if isinstance(value, Decimal):
                        found.add(value)
    return sorted(found)


def _good(parameter: Parameter, source: random.Random, edges: list[Decimal], row_number: int) -> Any:
    kind = parameter.type
    if not parameter.required and source.random() < 0.4:
        return None
    if isinstance(kind, NumberType):
        return _number(kind, source, edges)
    if isinstance(kind, ChoiceType):
        name = source.choice(kind.names)
        aliases = [alias for alias, meant in kind.aliases.items() if meant == name]
        return source.choice([name, name, f" {name} ", f"　{name}", *aliases[:3]])
    if isinstance(kind, FlagType):
        return source.choice([True, False, True, False, "是", "否", " TRUE", "false", 1, 0])
    assert isinstance(kind, DayType)
    day = datetime.date(2018, 8, 10) + datetime.timedelta(days=source.randrange(900))
    serial = (day - datetime.date(1899, 12, 30)).days
    return source.choice(
        [
            serial,
            serial,
            str(day),
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}",
        ]
    )


def _number(kind: NumberType, source: random.Random, edges: list[Decimal]) -> float | int:
    step = Decimal(1).scaleb(-kind.unit.decimals)
    low, high = max(kind.low, -kind.high), kind.high
    pick = source.random()
    if pick < 0.45:
        value = source.choice(edges) * source.choice([1, 1, 1, 2, 10]) + step * source.choice([-1, 0, 0, 1])
    elif pick < 0.6:  # ties at half of the last decimal
        value = Decimal(source.randrange(10**7)) * step + step / 2
        value = value if not kind.unit.whole else Decimal(int(value))
    elif pick < 0.7:
        value = source.choice([low, high, high - step])
    elif pick < 0.8:  # float noise on a number of few decimals
        base = float(Decimal(source.randrange(10**6)) * step)
        return base if kind.unit.whole else base + base * 2.2e-16 * source.choice([-1, 1])
    else:
        value = Decimal(source.randrange(int(min(high, Decimal(10**9)) / step) + 1)) * step
    value = min(max(value, low), high)
    number = float(value)
    return int(number) if number.is_integer() and source.random() < 0.5 else number


def _bad(parameter: Parameter, source: random.Random) -> Any:
    kind = parameter.type
    common: list[Any] = [None, "", "  ", "不知道"]
    if isinstance(kind, NumberType):
        over = float(kind.high) * 1.5 + 1
        return source.choice([*common, "12", -1, -0.01, over, 1e17, 0.123456, True, 2.5])
    if isinstance(kind, FlagType):
        return source.choice([*common, 2, -1, "yes", 0.5])
    if isinstance(kind, DayType):
        return source.choice(["2018-13-01", "二〇一八年", 0, -5, True, "2018-02-30", 43328.75, "2017-01-01", 50000])
    return source.choice([*common, 3, True, "*", "?", "平", "某某", 1.5])
