"""Formulas with QD functions, as LibreOffice has them after loading a file, put into the form that it can compute.

Two things are changed. A name as Excel, WPS or xlwings saves it (QD_X, _xll.QD_X, _xlfn.QD_X, _xludf.QD_X, _xldudf_QD_X,
[1]!QD_X) becomes LibreOffice's own (QD.X). And a reference to one cell becomes a range of one cell, B5 → B5:B5: LibreOffice
hands a blank cell over as the number 0, but a blank in a range as a blank. Excel and WPS compute both alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_SHEET = r"(?:\$?(?:'(?:[^']|'')*'|[^\W\d][\w ]*)\.)?"
_NAME = re.compile(r"(?:_xll\.|_xlfn\.|_xludf\.|_xldudf_|\[\d+\]!?)?QD[_.]([A-Z][A-Z0-9_]*)", re.IGNORECASE)
_REFERENCE = re.compile(rf"\s*({_SHEET}({_CELL}))\s*")
_COLUMN = re.compile(r"[A-Za-z]{1,3}")
"""A name such as pay: pay:pay would be the column PAY."""
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|(?P<quoted>'(?:[^']|'')*')|(?P<open>\()|(?P<close>\))|(?P<separator>;)"""
    r"""|(?P<word>(?:\[\d+\]!?)?[\w.]+)|(?P<other>.)""",
    re.DOTALL,
)


def rewritten(formula: str, known: Callable[[str], bool], names: Callable[[str], bool] = lambda name: False) -> str:
    """A formula in LibreOffice's grammar (; between arguments). `known`: whether QD_… is a function; `names`: whether a
    word is the name of a cell. The same text where there is nothing to change."""
    found, _ = _expression(formula, 0, "", known, names)
    return found


def _expression(
    text: str, at: int, inside: str, known: Callable[[str], bool], names: Callable[[str], bool]
) -> tuple[str, int]:
    """From `at` to the bracket that ends a call of `inside` ("" for anything but a QD function)."""
    parts: list[str] = []
    argument: list[str] = []

    def finish() -> None:
        whole = "".join(argument)
        parts.append(_as_range(whole, names) if inside else whole)
        argument.clear()

    function = ""
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last alternative takes any character
        token, at = match[0], match.end()
        if match["word"]:
            name = _NAME.fullmatch(token)
            called = name is not None and text[at:].lstrip().startswith("(") and known(f"QD_{name[1].upper()}")
            if name is not None and called:
                token, function = f"QD.{name[1].upper()}", name[1]
            argument.append(token)
            continue
        if match["open"]:
            inner, at = _expression(text, at, function, known, names)
            argument.append(f"({inner}")
        elif match["close"]:
            finish()
            parts.append(token)
            return "".join(parts), at
        elif match["separator"]:
            finish()
            parts.append(token)
        else:
            argument.append(token)
        if not token.isspace():
            function = ""
    finish()
    return "".join(parts), at


def _as_range(argument: str, names: Callable[[str], bool]) -> str:
    """B5 → B5:B5, Sheet1.B5 → Sheet1.B5:B5, a name of one cell → name:name; anything else as it is."""
    match = _REFERENCE.fullmatch(argument)
    if match is not None:
        return f"{match[1]}:{match[2]}"
    word = argument.strip()
    if not (word and names(word)):
        return argument
    return f"({word}):({word})" if _COLUMN.fullmatch(word) else f"{word}:{word}"
