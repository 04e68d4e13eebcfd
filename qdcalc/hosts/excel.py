"""udfs/excel.py, written from the registry: one function with its Chinese help for each function, nothing else.

`python -m qdcalc.hosts.excel` rewrites the committed file; a test proves it fresh. The calls themselves go through
excel_runtime.run, the setting up of a Windows PC is in excel_install.

What the generated text has to respect (xlwings 0.37.8, each tested with the real xlwings code):
- a type hint becomes a converter; `Any` is the one that leaves values alone, `object` would fail at the first call;
- no keyword-only arguments, no optional argument beside *args: QD_EXPLAIN gets a fixed number of optional ones;
- the argument names become VBA names: no keyword of VBA (`on`, `function`, `end`), and nothing but ASCII;
- descriptions are cut at 255 characters.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.hosts.excel_install import install
from qdcalc.policies import functions, policies
from qdcalc.rules.function import Function, Parameter

__all__ = ["install", "main", "render", "write"]

UDFS = Path(__file__).parents[2] / "udfs" / "excel.py"
HELP_LENGTH = 255
"""What Application.MacroOptions takes for a description."""
LINE_LENGTH = 120
REPEATED = 20
"""How many optional arguments stand for the last one of a function that takes any number."""

CATEGORIES = {
    "common": "通用",
    "delegation": "下放平度市权限",
    "talent": "金融高端人才",
    "star": "金融之星",
    "wealth": "财富管理",
    "road": "四好农村路",
    "waste": "农村生活垃圾分类",
    "science": "科技创新",
    "energy": "节能与绿色发展",
    "duty": "百名局长",
}
"""Short names for the function wizard; a policy that is not here shows its title."""

_RENAMED = {"on": "on_date", "end": "end_date", "function": "function_name"}
_VBA_WORDS = """
abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cdecl
cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare defbool
defbyte defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj defsng defstr defvar dim do doevents
double each else elseif empty end endif enum eqv erase event exit false fix for friend function get global gosub
goto if imp implements in input inputb int integer is lbound len lenb let like linput lock long longlong longptr
loop lset me mod new next not nothing null object on open option optional or paramarray preserve print private pset
public put raiseevent redim rem resume return rset scale seek select set sgn shared single spc static stop string
sub tab then to true type typeof ubound unlock until variant wend while with withevents write xor
activeworkbook application argsarray caller err failed k range thisworkbook xlpy
"""
"""Keywords of VBA, and the names that the VBA text of xlwings uses itself. VBA knows no upper and lower case."""

_HEADER = '''"""Excel 自定义函数（xlwings）。由 python -m qdcalc.hosts.excel 生成，请勿手工修改。

Each function hands its cells to qdcalc.hosts.excel_runtime.run; the registry is loaded at the first call. Importable
without Excel and without pywin32; not run in a real Excel here.
"""

from typing import Any

from qdcalc.errors import UsageError
from qdcalc.hosts.excel_runtime import NO_XLWINGS, run

try:
    import xlwings as xw
except ImportError:
    raise UsageError(NO_XLWINGS) from None

CELL: dict[str, Any] = {"ndim": 2, "err_to_str": True}
'''


def render() -> str:
    """The text of udfs/excel.py. Raises UsageError where a function cannot be offered to Excel."""
    return _HEADER + "".join(f"\n\n{_function(function)}" for function in functions().values())


def write(path: Path | str = UDFS) -> Path:
    """Write the file, whole or not at all. Returns its path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".new")
    draft.write_text(render(), encoding="utf-8", newline="\n")
    os.replace(draft, target)
    return target


def _function(function: Function) -> str:
    arguments = list(_arguments(function))
    names = [name for name, _, _ in arguments]
    if len(names) != len({name.lower() for name in names}):
        raise UsageError(f"{function.name}：参数名在 VBA 中重复：{'、'.join(names)}")
    lines = [f"@xw.func(category={_literal(category(function))})"]
    lines += [f"@xw.arg({_literal(name)}, doc={_literal(text)}, **CELL)" for name, text, _ in arguments]
    signature = [f"{name}: Any" if required else f"{name}: Any = None" for name, _, required in arguments]
    lines += _wrapped(f"def {function.name}(", signature, ") -> Any:", "")
    lines.append(f"    {_literal(description(function))}")
    lines += _wrapped("    return run(", [_literal(function.name), *names], ")", "    ")
    return "\n".join(lines) + "\n"


def _arguments(function: Function) -> Iterator[tuple[str, str, bool]]:
    """Name, help and whether it is required, of each argument."""
    for parameter in function.parameters:
        name = argument_name(parameter.name)
        if function.variadic and parameter is function.parameters[-1]:
            for number in range(1, REPEATED + 1):
                yield f"{name}{number}", f"{parameter.title}{number}：该函数的第 {number} 个参数；可不填", False
        else:
            yield name, argument_help(parameter), parameter.required


def argument_name(name: str) -> str:
    """The name of an argument in VBA: its own, unless VBA keeps that word for itself."""
    safe = _RENAMED.get(name, name)
    if safe.lower() in _VBA_WORDS.split():
        safe += "_value"
    if not (safe.isascii() and safe.isidentifier() and safe[0].isalpha()):
        raise UsageError(f"参数名“{name}”不能用在 VBA 中，应为英文字母、数字和下划线，以字母开头")
    return safe


def argument_help(parameter: Parameter) -> str:
    """What the function wizard shows for an argument; where it is too long the choices are cut, not the default."""
    text = f"{parameter.title}：{parameter.help}" if parameter.help else parameter.title
    if not parameter.required and "不填" not in text:
        text += "；可不填"
    cut = text.rfind("；不填")
    return _fitted(text[:cut], text[cut:]) if cut > 0 else _fitted(text, "")


def category(function: Function) -> str:
    """The heading under which the function wizard lists it: `qdcalc 四好农村路`."""
    return f"qdcalc {CATEGORIES.get(function.policy) or policies()[function.policy].title}"[:HELP_LENGTH]


def description(function: Function) -> str:
    """What it gives, in which unit, by which article; the article is kept whole as far as possible."""
    head = f"{function.title}，单位：{function.unit}" if function.unit else function.title
    own, tail = function.description, f"依据：{function.citation}"
    body = "" if own == f"{function.title}。{tail}" else own
    if function.citation in body or not {"《", "〔"} & set(function.citation):  # told already, or not of a document
        tail = ""
    return _fitted("。".join(part.rstrip("。") for part in (head, body) if part), f"。{tail}" if tail else "。")


def _fitted(text: str, tail: str) -> str:
    """Both together within HELP_LENGTH; what has to go goes from the end of the first."""
    if len(text) + len(tail) <= HELP_LENGTH:
        return text + tail
    room = HELP_LENGTH - len(tail) - 1
    return f"{text[:room]}…{tail}" if room > HELP_LENGTH // 4 else f"{text}{tail}"[: HELP_LENGTH - 1] + "…"


def _wrapped(head: str, items: list[str], tail: str, indent: str) -> list[str]:
    """A call or a signature on one line, or where that is too long on lines of its own."""
    whole = f"{head}{', '.join(items)}{tail}"
    if len(whole) <= LINE_LENGTH:
        return [whole]
    lines = [head]
    row = ""
    for item in items:
        if row and len(indent) + len(row) + len(item) > LINE_LENGTH - 6:
            lines.append(f"{indent}    {row.rstrip()}")
            row = ""
        row += f"{item}, "
    return [*lines, f"{indent}    {row.rstrip()}", f"{indent}{tail}"]


def _literal(text: str) -> str:
    """A string literal in double quotes; JSON's escapes are Python's."""
    return json.dumps(text, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    print(f"已写入 {write(*arguments[:1])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
