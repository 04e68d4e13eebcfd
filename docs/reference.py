"""python docs/reference.py: writes docs/函数参考.md from the registry; a test proves the committed page fresh.

The examples are rows of tests/cases, which every evaluator is tested against.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from qdcalc.hosts.excel_arguments import CATEGORIES as SHORT_NAMES  # noqa: E402  # all after the path: it runs from anywhere
from qdcalc.policies import functions, policies  # noqa: E402  # as above
from qdcalc.rules.arguments import NumberType  # noqa: E402  # as above
from qdcalc.rules.function import Function, Parameter  # noqa: E402  # as above
from tests.policies.cases import FOLDER, Case, cases  # noqa: E402  # as above

PAGE = ROOT / "docs" / "函数参考.md"
EXAMPLES = 3
HOSTS = {"columns": "整列", "formula": "普通公式"}
HEAD = """# 函数参考

本页由 `python docs/reference.py` 从函数登记表生成，不要手工修改；示例都是测试用例。

- 金额单位为元，结果精确到分；里程单位为公里，路面宽单位为米；比例填小数或百分比（0.16 或 16%）。
- 写在〔〕里的参数可以不填，不填就按说明里的默认值。必填的格子空着是错误，不会当成 0。
- 除通用函数和下放权限外，每个函数最后都可以加“事项日期”；不填按政策有效期处理，超出有效期是错误。
- 出错时单元格显示：缺值 `#N/A`，超出范围 `#NUM!`，其他 `#VALUE!`；原因用 `=QD_NOTICE("函数名",各参数)` 看，
  计算过程用 `=QD_EXPLAIN("函数名",各参数)` 看。
- “可用于”：所有函数都可以在单元格、命令行中使用；“整列”指 `qdcalc table` 和 Python 的 `qdcalc.columns` 按列计算，
  “普通公式”指免加载项版工作簿里有它的普通公式。
"""


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    by_policy: dict[str, list[Function]] = {}
    for function in functions().values():
        by_policy.setdefault(function.policy, []).append(function)
    yield HEAD
    for identity, listed in by_policy.items():
        yield f"- {SHORT_NAMES.get(identity, identity)}：" + "、".join(_link(function) for function in listed)
    for identity, listed in by_policy.items():
        policy = policies()[identity]
        yield f"\n## {SHORT_NAMES.get(identity, policy.title)}\n"
        if policy.code:
            start, end = (str(day) if day else "未写" for day in (policy.start, policy.valid_to))
            yield f"《{policy.title}》（{policy.number}），有效期：{start} 至 {end}。\n"
        for function in listed:
            yield from _function(function)


def _link(function: Function) -> str:
    return f"[{function.name}](#{function.name.lower()})"


def _function(function: Function) -> Iterator[str]:
    yield f"### {function.name}\n"
    written = ", ".join(_written(parameter, function) for parameter in function.parameters)
    yield f"**{function.title}**　`{function.name}({written})`\n"
    yield f"依据：{function.citation}。" if not function.citation.endswith("。") else f"依据：{function.citation}"
    facts = [f"结果单位：{function.unit}"] if function.unit else []
    hosts = "、".join(title for host, title in HOSTS.items() if host in function.hosts)
    facts += [f"可用于：单元格、命令行{'、' + hosts if hosts else ''}"]
    yield "；".join(facts) + "。\n"
    if function.parameters:
        yield "| 参数 | 必填 | 说明 |\n|---|---|---|"
        for parameter in function.parameters:
            yield f"| {parameter.title} | {'是' if parameter.required else '否'} | {_cell(parameter.help)} |"
        yield ""
    shown = list(_examples(function))
    if shown:
        yield "| 示例 | 结果 | 说明 |\n|---|---|---|"
        yield from shown
        yield ""
    if function.traced and function.tree.readings:
        yield "| 口径 | 默认 | 另一种读法 | 理由 |\n|---|---|---|---|"
        for reading in function.tree.readings.values():
            others = "、".join(option for option in reading.options if option != reading.default)
            yield f"| {reading.title} | {reading.default} | {others} | {_cell(reading.note)} |"
        yield ""


def _written(parameter: Parameter, function: Function) -> str:
    last = function.variadic and parameter is function.parameters[-1]
    title = parameter.title + ("…" if last else "")
    return title if parameter.required else f"〔{title}〕"


def _examples(function: Function) -> Iterator[str]:
    file = FOLDER / f"{function.name}.csv"
    if not file.exists() or function.variadic:
        return
    plain = [case for case in cases(file) if _plain(case)]
    good = [case for case in plain if not case.expected.startswith(("#", "包含："))]
    wrong = [case for case in plain if case.expected.startswith("#") and " " in case.expected]
    for case in [*good[:EXAMPLES], *wrong[:1]]:
        words = list(case.words)
        while words and not words[-1]:
            words.pop()
        arguments = ",".join(map(_argument, words, function.parameters))
        yield f"| `={function.name}({arguments})` | {_result(case.expected)} | {_cell(case.note)} |"


def _plain(case: Case) -> bool:
    """Can be typed into a cell as it stands: no column of cells, no other reading."""
    return not (case.readings or case.figures or any("|" in word for word in (*case.words, case.expected)))


def _argument(word: str, parameter: Parameter) -> str:
    if not word or word in ("TRUE", "FALSE"):
        return word
    kind = getattr(parameter.type, "of", parameter.type)
    return word if isinstance(kind, NumberType) and word[0] in "-.0123456789" else f'"{word}"'


def _result(expected: str) -> str:
    """An error case names its code and a part of its sentence."""
    code, space, words = expected.partition(" ")
    return f"{code}，提示含“{_cell(words)}”" if space and code.startswith("#") else _cell(expected)


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"已写 {PAGE.relative_to(ROOT)}")
