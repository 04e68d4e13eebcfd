"""A tree that has been evaluated → Chinese: one line for each named step on the path taken, dependencies first.

Everything said is a fact of this one call: a condition that failed is told by its opposite (论文 3 篇 < 5 篇), a branch
not taken is not mentioned, and what changes nothing (× 1, + 0) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qdcalc.rules.expression import Flag, Node, Number
from qdcalc.rules.figures import Band, Figure
from qdcalc.rules.function import Function, Run
from qdcalc.rules.periods import PERIOD_WORDS
from qdcalc.rules.prose import (
    ATOM,
    CLAUSE,
    FALSE_SIGN,
    PRODUCT,
    SUM,
    TRUE_SIGN,
    Phrase,
    band_of,
    equals,
    joined,
    live,
    shown,
    spaced,
    taken,
)


class Phrases:
    """The lines of one run. `tell` adds the result's; each step and each reason is told once."""

    def __init__(self, function: Function, run: Run) -> None:
        self.function, self.run = function, run
        self.lines: list[str] = []
        self._told: set[int] = set()
        self._reasons: list[list[str]] = []
        self._given: set[str] = set()

    def tell(self, node: Node) -> None:
        """The lines of a result."""
        if node.op == "step":
            self._step(node)
            return
        self._line("", node)

    # ------------------------------------------------------------------ lines
    def _step(self, node: Node) -> None:
        if id(node) in self._told:
            return
        self._told.add(id(node))
        title, note = node.data
        self._line(title, node.operands[0], note)

    def _line(self, title: str, node: Node, note: str = "") -> None:
        """标题 = 算式 = 值；因…"""
        self._reasons.append([])
        if isinstance(node, Number):
            text, level = self._number(node)
            value = self._value(node)
            if level in (PRODUCT, SUM):
                text = equals(text, value)
            elif level == CLAUSE and title:
                text += f"，即 {value}"
        elif isinstance(node, Flag):
            text = "，".join(self._facts(node))
        else:
            text = self._words(node)
            if not title and live(node, self.run).op == "verdict":
                text = ""  # its conditions have lines of their own, and the result says the rest
        reasons = self._reasons.pop()
        again = node.op == "input" and self._title(node) == title if title else text == self._named_step(node)
        if again and not reasons:
            return  # a step told already, or an argument under its own name
        named = title and not text.startswith(
            (f"{title}〔", f"{title} ")
        )  # 补助比例〔…〕8% needs no 补助比例 = before it
        line = f"{title} = {text}" if named else text
        if reasons:
            line += f"；因{'，'.join(reasons)}"
        if note:
            line += f"（{note}）"
        self._add(line)

    def _named_step(self, node: Node) -> str:
        node = live(node, self.run)
        return f"{node.data[0]} {self._value(node)}" if node.op == "step" else ""

    def _add(self, line: str) -> None:
        if line and line not in self.lines:  # two tables may ask for the same key
            self.lines.append(line)

    def _because(self, facts: Sequence[str]) -> None:
        for fact in facts:
            if fact not in self._given:
                self._given.add(fact)
                self._reasons[-1].append(fact)

    # ------------------------------------------------------------------ parts
    def _raw(self, node: Node) -> Any:
        return self.run.program.value(node, self.run.slots)

    def _value(self, node: Node) -> str:
        return shown(self._raw(node), node.unit if isinstance(node, Number) else "")

    def _title(self, node: Node) -> str:
        """An argument's title without the unit in brackets: it is said with the value."""
        title = self.function.titles[node.data]
        return title.removesuffix(f"（{node.unit}）") if isinstance(node, Number) else title

    def _label(self, node: Node) -> str:
        """What a value is called, "" for one without a name."""
        node = live(node, self.run)
        if node.op == "input":
            return self._title(node)
        if node.op == "step":
            return str(node.data[0])
        if node.op in ("figure", "tier", "table"):
            return self._figure(node.data).title
        return ""

    def _figure(self, path: str) -> Figure:
        return self.run.program.policy.figures[path]

    def _source(self, node: Node) -> str:
        """（条款）, or what the law says instead where this is a what-if."""
        figure, original = self._figure(node.data), self.function.policy_data.figures[node.data]
        now, law = figure.at(self.run.day), original.at(self.run.day)
        if now == law:
            return f"（{figure.article}）"
        value: object = law
        if isinstance(law, dict):
            value = law.get(tuple(self._raw(key) for key in node.operands))
        elif isinstance(law, tuple):
            value = None
            if node.op == "tier":
                value = band_of(law, self._raw(node.operands[0]))[0].gives  # type: ignore[arg-type]  # a tier has bands
        known = "" if value is None else f"，条文为 {shown(value, figure.unit if isinstance(value, Decimal) else '')}"
        return f"（试算值{known}，{figure.article}）"

    def _named(self, node: Node) -> str:
        """A figure, a band's or a table's value: title, keys, value, article."""
        title, keys = self._figure(node.data).title, ""
        if node.op == "tier":
            keys = self._tier_key(node)
        elif node.op == "table":
            keys = "、".join(self._key(key) for key in node.operands)
        between = f"〔{keys}〕" if keys else " "
        return f"{title}{between}{self._value(node)}{self._source(node)}"

    def _tier_key(self, node: Node) -> str:
        measured, figure = node.operands[0], self._figure(node.data)
        text, level = self._number(measured)
        if level:
            text = equals(text, self._value(measured))
        if not isinstance(node, Number):
            return text
        bands: tuple[Band, ...] = figure.at(self.run.day)  # type: ignore[assignment]  # a tier has bands
        band, following = band_of(bands, self._raw(measured))
        low, high = shown(band.start, figure.of), shown(following.start, figure.of) if following else ""
        if not following:
            return f"{text}，{low}（含）及以上" if band.start else text
        return f"{text}，{low}（含）至 {high}（不含）" if band.start else f"{text}，不到 {high}"

    def _key(self, node: Node) -> str:
        """A key of a table, as its bare name; how it came about has a line of its own."""
        self._words(node, aside=True)
        return self._value(node)

    def _words(self, node: Node, aside: bool = False) -> str:
        """A text or a date. `aside`: only the lines it needs, the caller says the value."""
        if node.op == "choose":
            position = taken(node, self.run)
            self._because(self._condition(node, position))
            return self._words(node.operands[position], aside)
        if node.op == "or_else":
            return self._words(live(node, self.run), aside)
        if node.op == "step":
            self._step(node)
            return self._value(node) if aside else f"{node.data[0]} {self._value(node)}"
        if node.op in ("tier", "table"):
            if not aside:
                return self._named(node)
            if id(node) not in self._told:
                self._told.add(id(node))
                self._add(self._named(node))
        elif node.op == "verdict":
            self._verdict(node)
        elif aside:
            pass
        elif node.op == "input":
            return f"{self._title(node)} {self._value(node)}"
        elif node.op == "figure":
            return self._named(node)
        elif node.op in ("add_years", "add_days"):
            later = self._bracketed(node.operands[1], SUM)
            return f"{self._words(node.operands[0])} 加 {later}，即 {self._value(node)}"
        return self._value(node)

    def _verdict(self, node: Node) -> None:
        """One line a condition: 成立 or 不成立, the fact, the reason."""
        for condition, reason in zip(node.operands, node.data[2], strict=True):
            facts = "，".join(self._facts(condition))
            reason = self.run.program.policy.fill(reason, self.run.day)
            if self._raw(condition):
                self._add(f"成立：{facts}")
            else:
                self._add(f"不成立：{facts}——{reason}" if facts else f"不成立：{reason}")

    # ------------------------------------------------------------------ numbers
    def _number(self, node: Node) -> Phrase:
        teller = getattr(self, f"_say_{node.op}", None)
        if teller is not None:
            found: Phrase = teller(node)
            return found
        if node.op in ("figure", "tier", "table"):
            return self._named(node), ATOM
        if node.op in ("add", "sub"):
            return self._sum(node)
        if node.op in ("smaller", "larger"):
            return self._pick(node)
        parts = "、".join(self._bracketed(item, CLAUSE) for item in node.operands if isinstance(item, Number))
        return (f"（{parts}）得 {self._value(node)}" if parts else self._value(node)), ATOM

    def _bracketed(self, node: Node, loosest: int) -> str:
        text, level = self._number(node)
        return f"（{text}）" if level > loosest else text

    def _say_input(self, node: Node) -> Phrase:
        return f"{self._title(node)} {self._value(node)}", ATOM

    def _say_constant(self, node: Node) -> Phrase:
        return self._value(node), ATOM

    def _say_nothing(self, node: Node) -> Phrase:
        return f"{self.run.program.policy.fill(node.data, self.run.day)}：0", ATOM

    def _say_step(self, node: Node) -> Phrase:
        self._step(node)
        return f"{node.data[0]} {self._value(node)}", ATOM

    def _say_or_else(self, node: Node) -> Phrase:
        return self._number(live(node, self.run))

    def _say_as_unit(self, node: Node) -> Phrase:
        text, level = self._number(node.operands[0])
        return text, max(level, PRODUCT)  # never an atom: the value is said again, under its new unit

    def _say_choose(self, node: Node) -> Phrase:
        position = taken(node, self.run)
        self._because(self._condition(node, position))
        return self._number(node.operands[position])

    def _condition(self, node: Node, position: int) -> list[str]:
        """Why a choose took this value: its condition or, where a bare 1 or name is left, why no other did."""
        if position < len(node.operands) - 1:
            return self._facts(node.operands[position - node.data])
        if node.operands[position].op not in ("constant", "nothing"):
            return []
        return [fact for condition in node.operands[: node.data] for fact in self._facts(condition)]

    def _sum(self, node: Node) -> Phrase:
        left, right = node.operands
        if not self._raw(right):
            return self._number(left)
        sign = "+" if node.op == "add" else "−"
        if not self._raw(left):
            if node.op == "add":
                return self._number(right)
            return f"0 − {self._bracketed(right, PRODUCT)}", SUM
        first, second = self._bracketed(left, SUM), self._bracketed(right, SUM if sign == "+" else PRODUCT)
        return joined(first, sign, second), SUM

    def _say_mul(self, node: Node) -> Phrase:
        kept = []
        for factor in node.operands:
            if live(factor, self.run).op == "constant" and self._raw(factor) == 1:
                self._number(factor)  # only for the reason why it is 1
            else:
                kept.append(factor)
        if len(kept) == 1:
            return self._number(kept[0])
        if not kept:
            return "1", ATOM
        first, second = (self._bracketed(factor, PRODUCT) for factor in kept)
        return joined(first, "×", second), PRODUCT

    def _pick(self, node: Node) -> Phrase:
        """甲 与 乙 取低：甲. A floor of 0 that does not matter is not mentioned."""
        value, word = self._raw(node), "取低" if node.op == "smaller" else "取高"
        others = [item for item in node.operands if live(item, self.run).op != "constant" or self._raw(item)]
        if node.op == "larger" and len(others) == 1 and len(others) < len(node.operands):
            if self._raw(others[0]) >= 0:
                return self._number(others[0])
            text, level = self._number(others[0])
            return (equals(text, self._value(others[0])) if level else text) + "，为负，取 0", CLAUSE
        parts, winners = [], []
        for item in node.operands:
            text, level = self._number(item)
            parts.append(text if not level else f"（{equals(text, self._value(item))}）")
            if self._raw(item) == value:
                winners.append(self._label(item))
        won = winners[0] if len(winners) == 1 and winners[0] else self._value(node)
        if len(winners) > 1:
            won = f"{'、'.join(filter(None, winners)) or self._value(node)}（相等）"
        return f"{spaced(' 与 '.join(parts), word)}：{won}", CLAUSE

    def _say_half_up(self, node: Node) -> Phrase:
        text, level = self._number(node.operands[0])
        before = self._raw(node.operands[0])
        if before == self._raw(node):
            return text, level
        assert isinstance(node, Number)
        exact = equals(text, shown(before, node.unit)) if level else text
        return f"{exact}，四舍五入到 {node.data} 位小数", SUM

    def _say_round_up(self, node: Node) -> Phrase:
        text, level = self._number(node.operands[0])
        if self._raw(node.operands[0]) == self._raw(node):
            return text, level
        exact = equals(text, self._value(node.operands[0])) if level else text
        return f"{exact}，向上取整", SUM

    def _say_ratio(self, node: Node) -> Phrase:
        part, whole = (self._raw(item) for item in node.operands)
        text = self._quotient(node)
        if self._raw(node) * whole == part:
            return text, SUM
        return f"{text}，四舍五入到 {node.data} 位小数", SUM

    def _quotient(self, node: Node) -> str:
        return joined(self._bracketed(node.operands[0], PRODUCT), "÷", self._bracketed(node.operands[1], ATOM))

    def _say_whole_quotient(self, node: Node) -> Phrase:
        part, whole = (self._raw(item) for item in node.operands)
        text = self._quotient(node)
        return (text, SUM) if self._raw(node) * whole == part else (f"{text}，余数进为 1", SUM)

    def _say_year_of(self, node: Node) -> Phrase:
        return f"{self._words(node.operands[0])} 所在年份", SUM

    def _say_periods(self, node: Node) -> Phrase:
        first, last = (self._words(item) for item in node.operands)
        return f"{first} 至 {last} 涉及的{PERIOD_WORDS[node.data]}", SUM

    def _say_days_between(self, node: Node) -> Phrase:
        first, last = (self._words(item) for item in node.operands)
        return f"{first} 至 {last} 的天数", SUM

    # ------------------------------------------------------------------ conditions
    def _facts(self, node: Node) -> list[str]:
        """What made a condition hold or fail, each part as the fact it is."""
        held, op = bool(self._raw(node)), node.op
        if op == "not":
            return self._facts(node.operands[0])
        if op in ("and", "or"):  # a failed 且 by what failed, a 或 that holds by what holds
            decided = held == (op == "or")
            parts = [item for item in node.operands if not decided or bool(self._raw(item)) == held]
            return list(dict.fromkeys(fact for item in parts for fact in self._facts(item)))
        if op == "input":
            return [f"{self._title(node)}：{self._value(node)}"]
        if op == "reading":
            reading = self.run.program.policy.readings[node.data[0]]
            return [f"口径“{reading.title}”{'取' if held else '未取'}“{node.data[1]}”"]
        if op == "is":
            return [self._named_value(node.operands[0], "为")]
        if op == "one_of":
            figure = self._figure(node.data)
            place = "在" if held else "不在"
            return [f"{self._named_value(node.operands[0])}{place}“{figure.title}”之列{self._listed(node)}"]
        if op == "given":
            return [f"{self._title(node.operands[0])}{'已填' if held else '未填'}"]
        signs = TRUE_SIGN if held else FALSE_SIGN
        if op in signs:
            left, right = (self._bracketed_side(item) for item in node.operands)
            return [f"{left} {signs[op]} {right}"]
        return []

    def _listed(self, node: Node) -> str:
        figure, original = self._figure(node.data), self.function.policy_data.figures[node.data]
        trial = "" if figure.at(self.run.day) == original.at(self.run.day) else "试算名单，"
        return f"（{trial}{figure.article}）"

    def _named_value(self, node: Node, verb: str = "") -> str:
        self._words(node, aside=True)
        return f"{self._label(node)}{verb}“{self._value(node)}”"

    def _bracketed_side(self, node: Node) -> str:
        if not isinstance(node, Number):
            return self._words(node)
        text, level = self._number(node)
        if level == ATOM:
            return text
        return f"（{equals(text, self._value(node))}）"
