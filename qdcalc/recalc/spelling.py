"""How each host spells a provision in a file, and a formula's text from one spelling to another.

Only the letters of the name change: strings, sheet names and structured references are passed over, upper and lower
case stay. So going to another host and back gives the same bytes, if the file had one spelling throughout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

SPELLINGS = {"excel": b"QD_", "office": b"_xldudf_QD_", "libreoffice": b"QD."}
"""Host → what stands before the rest of the name. Excel with xlwings keeps the bare name; Office.js marks a custom
function; LibreOffice 7.4 finds an add-in function by its service and method."""

_ANY = re.compile(
    rb"""
    (?P<string>(?P<quote>"|&quot;).*?(?P=quote))         # "" inside is one string after another
    | (?P<sheet>(?P<tick>'|&apos;).*?(?P=tick))
    | (?P<name>(?<![\w.\\\x80-\xff!])
        (?:\[[0-9]{1,4}\]!|_xll\.|_xludf\.|_xldudf_)?(?P<word>QD)[_.](?P<rest>[A-Z][A-Z0-9_]*)(?=\s*\())
    | (?P<bracket>\[(?:[^\[\]]|\[[^\[\]]*\])*\])         # of a table, or another workbook's number
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_FORMULA = re.compile(
    rb"(<(?P<name>(?:[A-Za-z_][\w.-]*:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula))"
    rb"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?(?<!/)>)([^<]*)(</(?P=name)\s*>)"
)
_PREFIX = re.compile(rb"(?:\[[0-9]{1,4}\]!|_xll\.|_xludf\.|_xldudf_)(?=QD[_.])|(?<=QD)[_.]", re.IGNORECASE)


class Respelling:
    """Counts what it changes. `known` are the names of the provisions; other names are left as they are."""

    def __init__(self, host: str, known: Iterable[str]) -> None:
        self.start = SPELLINGS[host]
        self.known = frozenset(name.upper().encode() for name in known)
        self.changed = 0
        self.linked = 0
        """calls through a linked add-in file, [1]!QD_X: the way back does not know the link"""

    def formula(self, text: bytes) -> bytes:
        """A formula as the XML holds it, escapes included."""
        return _ANY.sub(self._name, text)

    def part(self, xml: bytes) -> bytes:
        """Every formula of a part: of cells, names, validations, conditional formats, table columns."""
        return _FORMULA.sub(lambda match: match[1] + self.formula(match[3]) + match[4], xml)

    def _name(self, match: re.Match[bytes]) -> bytes:
        rest = match["rest"]
        if rest is None or b"QD_" + rest.upper() not in self.known:
            return match[0]
        word = match["word"]
        fresh = (self.start.replace(b"QD", word)) + rest
        if fresh != match[0]:
            self.changed += 1
            self.linked += match[0].startswith(b"[")
        return fresh


def unspelled(xml: bytes) -> bytes:
    """A part without any mark that tells one spelling from another: what may not differ after a respelling."""
    return _PREFIX.sub(b"", xml)


def respell(host: str, known: Iterable[str]) -> Callable[[bytes], bytes]:
    """For tests and macros: a formula's text in the spelling of a host."""
    return Respelling(host, known).formula
