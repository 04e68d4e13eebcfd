"""A shared formula, moved from its master's cell to a child's.

Relative references move by the distance between the two cells, "$" ones stay. What only looks like a reference does
not: LOG10(…), a name such as 区市A1, text in quotes, a sheet called AB12, a structured reference, 2E5.
"""

from __future__ import annotations

import re

from qdcalc.recalc.limits import MAX_COLUMN, MAX_ROW
from qdcalc.recalc.xmltext import column_letters, column_number

_TOKENS = re.compile(
    r"""
    (?P<skip>
        "(?:[^"]|"")*"                                  # text
      | '(?:[^']|'')*'!?                                # a quoted sheet name
      | \#(?:REF!|N/A|NAME\?|NUM!|VALUE!|NULL!|DIV/0!|SPILL!|CALC!|GETTING_DATA)
      | (?<![\w.$])[0-9]+(?:\.[0-9]*)?[Ee][+-]?[0-9]+(?![\w:])          # 2E5 is a number
    )
  | (?P<bracket>\[)                                     # [1]Sheet!A1, Table[[#This Row],[A1]]
  | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.\\?$(!\[])
  | (?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})(?![\w.\\?$(!\[])
  | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w.\\?$(!\[])
  | (?P<word>[^\W0-9][\w.\\?]*|\\[\w.\\?]*|[0-9.]+[\w.]*|\$)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_AXIS = re.compile(r"(\$?)([A-Za-z]{1,3}|[0-9]+)")


class OffSheetError(Exception):
    """A moved reference would lie outside the sheet."""


class Movable:
    """A formula cut into fixed text and references, once; then moved to as many cells as wanted."""

    def __init__(self, formula: str, row: int, column: int) -> None:
        self.text, self._row, self._column = formula, row, column
        self._pieces: list[str | tuple[bool, int, bool, int]] = []  # text, or (column moves, column, row moves, row)
        self._fixed: list[str] = []
        position = 0
        while position < len(formula):
            match = _TOKENS.match(formula, position)
            assert match is not None  # the last branch takes any character
            position = match.end()
            kind = match.lastgroup
            if kind == "bracket":
                position = _bracket_end(formula, match.start())
                self._text(formula[match.start() : position])
            elif kind in ("cell", "columns", "rows"):
                self._reference(kind, match[0])
            else:
                self._text(match[0])
        self._flush()

    def _text(self, text: str) -> None:
        self._fixed.append(text)

    def _flush(self) -> None:
        if self._fixed:
            self._pieces.append("".join(self._fixed))
            self._fixed = []

    def _reference(self, kind: str, text: str) -> None:
        if kind == "cell":
            match = _CELL.fullmatch(text)
            assert match is not None
            ends = [(not match[1], column_number(match[2]), not match[3], int(match[4]))]
        else:
            ends = []
            for part in text.split(":"):
                axis = _AXIS.fullmatch(part)
                assert axis is not None
                if kind == "columns":
                    ends.append((not axis[1], column_number(axis[2]), False, 0))
                else:
                    ends.append((False, 0, not axis[1], int(axis[2])))
        if any(column > MAX_COLUMN or row > MAX_ROW for _, column, _, row in ends):
            self._text(text)  # a name: no such cell
            return
        for number, end in enumerate(ends):
            if number:
                self._text(":")
            self._flush()
            self._pieces.append(end)

    def at(self, row: int, column: int) -> str:
        """The formula for another cell. Raises OffSheetError."""
        down, right = row - self._row, column - self._column
        result = []
        for piece in self._pieces:
            if isinstance(piece, str):
                result.append(piece)
                continue
            moves_right, to_column, moves_down, to_row = piece
            if to_column:
                if moves_right:
                    to_column += right
                    if not 1 <= to_column <= MAX_COLUMN:
                        raise OffSheetError
                result.append(column_letters(to_column) if moves_right else "$" + column_letters(to_column))
            if to_row:
                if moves_down:
                    to_row += down
                    if not 1 <= to_row <= MAX_ROW:
                        raise OffSheetError
                result.append(str(to_row) if moves_down else f"${to_row}")
        return "".join(result)


def _bracket_end(formula: str, start: int) -> int:
    """Where a bracket closes; a quote mark inside escapes the next character (structured references)."""
    depth = 0
    position = start
    while position < len(formula):
        character = formula[position]
        if character == "'":
            position += 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return len(formula)
