"""udfs/excel.py, written from the registry: one function with its Chinese help for each function, nothing else.

Beside it the help that is shown while typing (excel_intellisense) and a macro for files from elsewhere (excel_macro).

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
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.hosts import excel_intellisense, excel_macro
from qdcalc.hosts.excel_arguments import arguments, category, description
from qdcalc.hosts.excel_install import install
from qdcalc.policies import functions
from qdcalc.rules.function import Function

__all__ = ["install", "main", "render", "write"]

UDFS = Path(__file__).parents[2] / "udfs" / "excel.py"
LINE_LENGTH = 120

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
    """Write the file, and beside it the help for typing and the macro; each whole or not at all. Returns its path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    for name, text in files(target.name).items():
        draft = target.with_name(name + ".new")
        draft.write_bytes(text.encode())
        os.replace(draft, target.with_name(name))
    return target


def files(name: str = UDFS.name) -> dict[str, str]:
    """All that Excel may load, by file name."""
    return {
        name: render(),
        excel_intellisense.FILE: excel_intellisense.render(),
        excel_macro.FILE: excel_macro.render(),
    }


def _function(function: Function) -> str:
    listed = list(arguments(function))
    names = [name for name, _, _ in listed]
    if len(names) != len({name.lower() for name in names}):
        raise UsageError(f"{function.name}：参数名在 VBA 中重复：{'、'.join(names)}")
    lines = [f"@xw.func(category={_literal(category(function))})"]
    lines += [f"@xw.arg({_literal(name)}, doc={_literal(text)}, **CELL)" for name, text, _ in listed]
    signature = [f"{name}: Any" if required else f"{name}: Any = None" for name, _, required in listed]
    lines += _wrapped(f"def {function.name}(", signature, ") -> Any:", "")
    lines.append(f"    {_literal(description(function))}")
    lines += _wrapped("    return run(", [_literal(function.name), *names], ")", "    ")
    return "\n".join(lines) + "\n"


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
