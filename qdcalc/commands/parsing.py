"""argparse in Chinese: headings, messages, and negative numbers as ordinary arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from qdcalc.commands.output import width
from qdcalc.errors import UsageError

_MINUS = re.compile(r"-[\d.]")
_MESSAGES = (  # what argparse says, and the same in Chinese; argparse has no Chinese catalogue
    (r"the following arguments are required: (?P<names>.+)", "缺少：{names}"),
    (r"unrecognized arguments: (?P<names>.+)", "多余或不认识的参数：{names}"),
    (r"argument (?P<names>.+?): expected (?:one|at least one) argument", "{names} 后面应有一个值"),
    (r"argument (?P<names>.+?): invalid int value: '(?P<value>.*)'", "{names}：“{value}”应为整数"),
    (r"argument (?P<names>.+?): invalid choice: '(?P<value>.*?)' \(choose from (?P<listed>.*)\)",
     "{names}：“{value}”应为：{listed}"),
    (r"argument (?P<names>.+?): ignored explicit argument '(?P<value>.*)'", "{names} 后面不能带值“{value}”"),
    (r"argument (?P<names>.+?): not allowed with argument (?P<other>.+)", "{names} 不能与 {other} 同用"),
    (r"ambiguous option: (?P<names>\S+) could match (?P<listed>.+)", "{names} 不明确，可能是：{listed}"),
)  # fmt: skip


class Parser(argparse.ArgumentParser):
    """One command's parser. Arguments are added with `word`, options with `option`; UsageError instead of exit."""

    def __init__(self, command: str, usage: str, description: str, example: str = "") -> None:
        super().__init__(
            prog=f"qdcalc {command}", usage=f"qdcalc {command} {usage}", add_help=False, allow_abbrev=False
        )
        self._about, self._example = description, example
        self._words: list[tuple[str, str]] = []
        self._options: list[tuple[str, str]] = []

    def word(self, name: str, title: str, help: str, **facts: Any) -> None:
        self.add_argument(name, metavar=title, **facts)
        self._words.append((title, help))

    def option(self, *names: str, help: str, **facts: Any) -> None:
        self.add_argument(*names, **facts)
        self._options.append((f"{'、'.join(names)} {facts.get('metavar', '')}".rstrip(), help))

    def format_usage(self) -> str:
        return f"用法：{self.usage}\n"

    def format_help(self) -> str:
        """argparse's own layout counts characters; a Chinese one is two columns wide."""
        lines = [self.format_usage(), self._about]
        options = [*self._options, ("-h、--help", "显示本说明")]
        room = 2 + max(width(name) for name, _ in (*self._words, *options))
        for heading, listed in (("参数：", self._words), ("选项：", options)):
            if listed:
                lines += ["", heading]
                lines += [f"  {name}{' ' * (room - width(name))}{help}" for name, help in listed]
        if self._example:
            lines += ["", "示例：", self._example]
        return "\n".join(lines) + "\n"

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments, options anywhere among them. Raises UsageError with a Chinese sentence."""
        if "-h" in words or "--help" in words:
            print(self.format_help(), end="")
            raise SystemExit(0)
        # A leading space makes -5 an argument for argparse; every argument type trims it again.
        shielded = [f" {word}" if _MINUS.match(word) else word for word in words]
        found = self.parse_intermixed_args(shielded)
        for name, value in vars(found).items():
            if isinstance(value, str):
                setattr(found, name, _bare(value))
            elif isinstance(value, list):
                setattr(found, name, [_bare(item) for item in value])
        return found

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{_translated(message)}\n{self.format_usage().strip()}\n说明见 {self.prog} -h")


def _bare(word: str) -> str:
    return word[1:] if word[:1] == " " and _MINUS.match(word[1:]) else word


def _translated(message: str) -> str:
    for pattern, chinese in _MESSAGES:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match is not None:
            found = {name: text.replace(", ", "、") for name, text in match.groupdict().items()}
            return chinese.format(**found)
    return f"命令用法有误：{message}"


def pairs(words: Iterable[str], option: str, example: str) -> dict[str, str]:
    """键=值 options as a dict. The key ends at the first = outside of brackets."""
    found: dict[str, str] = {}
    for word in words:
        match = re.fullmatch(r"\s*([^=\[]+(?:\[[^\]]*\])?)\s*=(.*)", word, re.DOTALL)
        if match is None:
            raise UsageError(f"{option} 应写成 键=值，如 {option} {example}，不是“{word}”")
        key = match[1].strip()
        if key in found:
            raise UsageError(f"{option} {key} 给了两次")
        found[key] = match[2].strip()
    return found
