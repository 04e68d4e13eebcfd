"""A formula as the file holds it (English names, comma, no "=") → tokens → a small tree.

The tree knows only what a lowering needs: operands, calls with their arguments, brackets. Operators stay in a flat
row, because no rule here depends on their precedence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from qdcalc.recalc.limits import MAX_COLUMN, MAX_ROW
from qdcalc.recalc.xmltext import column_number

MAX_DEPTH = 80
"""Excel allows 64 levels of nesting."""


class FormulaError(Exception):
    """A formula that is not understood; the text is the end of a Chinese sentence."""


_WORD = r"[^\W0-9][\w.\\?]*|\\[\w.\\?]*"
_SHEET = r"[\w.\\?\u0080-\U0010FFFF]"
"""LibreOffice writes a name such as 过程·人选 without quotes."""
_CORNER = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    rf"""
    (?P<string>"(?:[^"]|"")*")
  | (?P<error>\#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!|BUSY!))
  | (?P<space>[ \t\r\n]+)
  | (?P<prefix>'(?:[^']|'')*'!|(?:\[[^\[\]]+\])?(?:{_SHEET}+(?::{_SHEET}+)?)?!)?
    (?:
        (?P<call>(?:{_WORD})[ ]*\()
      | (?P<structured>(?:{_WORD})\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
      | (?P<ref>(?:{_CORNER}(?::{_CORNER})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[1-9][0-9]{{0,6}}:\$?[1-9][0-9]{{0,6}})
          (?![\w.\\?$(!\[]))
      | (?P<lost>\#REF!)
      | (?P<name>{_WORD})
    )
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
  | (?P<comparison><=|>=|<>|[<>=])
  | (?P<operator>[-+*/^&%:@\#])
  | (?P<mark>[(){{}},;])
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """`prefix` is the sheet or workbook before "!", "!" included; `text` has no prefix. `start` is that of `text`."""

    kind: str
    text: str
    prefix: str
    start: int


@dataclass(slots=True)
class Operand:
    """kind: string, error, number, ref, structured, name, or array ({…}, text whole)."""

    kind: str
    text: str
    prefix: str
    start: int


@dataclass(slots=True)
class Call:
    """`name` as written. An omitted argument is an Expression without an operand."""

    name: str
    prefix: str
    arguments: list[Expression]


@dataclass(slots=True)
class Group:
    """( … ): one part, or more for a union."""

    parts: list[Expression]


@dataclass(slots=True)
class Operator:
    kind: str  # space, comparison, operator
    text: str


@dataclass(slots=True)
class Expression:
    items: list[Operand | Call | Group | Operator]

    @property
    def operands(self) -> list[Operand | Call | Group]:
        return [item for item in self.items if not isinstance(item, Operator)]

    @property
    def operators(self) -> list[Operator]:
        return [item for item in self.items if isinstance(item, Operator) and item.kind != "space"]


def tokenize(formula: str) -> list[Token]:
    """Raises FormulaError for what no spreadsheet program writes."""
    tokens: list[Token] = []
    position = 0
    while position < len(formula):
        match = _TOKEN.match(formula, position)
        if match is None or match.end() == position:
            raise FormulaError("公式无法识别")
        kind = match.lastgroup or ""
        if kind == "lost":  # Sheet1!#REF!
            kind = "error"
        text = match[match.lastgroup or 0]
        tokens.append(Token(kind, text, match["prefix"] or "", match.end() - len(text)))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def expression(self, stops: str) -> Expression:
        """Up to one of `stops`, which is not consumed, or the end of the formula if `stops` is empty."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("公式嵌套过深")
        items: list[Operand | Call | Group | Operator] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "mark" and token.text in stops:
                self.depth -= 1
                return Expression(items)
            self.at += 1
            if token.kind in ("space", "comparison", "operator"):
                items.append(Operator(token.kind, token.text))
            elif token.kind == "call":
                items.append(Call(token.text[:-1].rstrip(), token.prefix, self.arguments()))
            elif token.kind == "mark":
                if token.text == "(":
                    items.append(Group(self.arguments()))
                elif token.text == "{":
                    items.append(self.array(token))
                else:
                    raise FormulaError("公式的括号或逗号不配对")
            else:
                items.append(Operand(token.kind, token.text, token.prefix, token.start))
        if stops:
            raise FormulaError("公式的括号不配对")
        self.depth -= 1
        return Expression(items)

    def arguments(self) -> list[Expression]:
        """Up to the closing bracket, which is consumed. f() has no argument, f(,) has two omitted ones."""
        found: list[Expression] = []
        while True:
            found.append(self.expression(",)"))
            self.at += 1
            if self.tokens[self.at - 1].text == ")":
                break
        return [] if len(found) == 1 and not found[0].operands and not found[0].operators else found

    def array(self, opening: Token) -> Operand:
        """{1,2;3,4}: constants only."""
        text = opening.text
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            text += token.text
            if token.text == "}":
                return Operand("array", text, "", opening.start)
            if token.kind == "call" or (token.kind == "mark" and token.text not in ",;"):
                break
        raise FormulaError("数组常量不对")


def parse(formula: str) -> Expression:
    """Raises FormulaError."""
    parser = _Parser(tokenize(formula))
    return parser.expression("")


class Reference(NamedTuple):
    """Columns and rows from 1; `row_fixed` for each end says whether "$" holds the row."""

    first_column: int
    last_column: int
    first_row: int
    last_row: int
    columns_fixed: tuple[bool, bool]
    rows_fixed: tuple[bool, bool]
    kind: str  # cell, area, columns, rows


_END = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]{0,7})")


def reference(text: str) -> Reference | None:
    """ "$A$1:B7", "A:C", "2:5" → numbers; None if there is no such cell (then the text is a name)."""
    first, colon, last = text.partition(":")
    ends = []
    for part in (first, last) if colon else (first,):
        match = _END.fullmatch(part)
        assert match is not None
        column, row = column_number(match[2]), int(match[4] or 0)
        if column > MAX_COLUMN or row > MAX_ROW:
            return None
        # in "$5:7" the only "$" stands before the row
        row_fixed = bool(match[3]) or (not match[2] and bool(match[1]))
        ends.append((column, row, bool(match[1]) and bool(match[2]), row_fixed))
    (column1, row1, column_fixed1, row_fixed1), (column2, row2, column_fixed2, row_fixed2) = ends[0], ends[-1]
    kind = "area" if colon else "cell"
    if not row1:
        kind, row1, row2, row_fixed1, row_fixed2 = "columns", 1, MAX_ROW, True, True
    elif not column1:
        kind, column1, column2, column_fixed1, column_fixed2 = "rows", 1, MAX_COLUMN, True, True
    return Reference(
        min(column1, column2),
        max(column1, column2),
        row1,
        row2,
        (column_fixed1, column_fixed2),
        (row_fixed1, row_fixed2),
        kind,
    )


# A fill of a column holds the same formula with other row numbers. `split` takes the row numbers out, so that 100,000
# formulas need one analysis: [text, letters, row, text, letters, row, …, text].
_ROWS = re.compile(r"(?<![\w.\\?$\]'#])(\$?[A-Za-z]{1,3}\$?)([0-9]{1,7})(?![\w.\\?$(!\[])")


def split(formula: str) -> tuple[str, list[str]]:
    """(skeleton, rows): everything but what looks like the row of a cell, and these rows in order."""
    parts = _ROWS.split(formula)
    rows = parts[2::3]
    if rows:
        del parts[2::3]
    return "\0".join(parts), rows


def row_places(formula: str) -> list[tuple[int, int]]:
    """Where these rows stand in the formula: (start, end)."""
    return [match.span(2) for match in _ROWS.finditer(formula)]
