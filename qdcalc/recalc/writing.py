"""A value as the bytes of a cell: numbers as the shortest decimal, texts escaped, and what no cell can hold."""

from __future__ import annotations

from array import array
from decimal import Decimal
from math import isfinite
from operator import methodcaller
from typing import NamedTuple

from qdcalc.recalc.values import ERROR_CODES, CellValue, ErrorValue
from qdcalc.recalc.xmltext import escape_text

MAX_TEXT = 32_767
"""characters that a cell can hold; Excel calls a file with more damaged"""
_WITHOUT_POINT = methodcaller("removesuffix", ".0")


class BadValueError(Exception):
    """A value that no cell can hold; the message is the end of a Chinese sentence."""


class Fresh(NamedTuple):
    """A value as a cell says it: `kind` is the content of `t` (b"" for a number), `text` that of `<v>`, escaped.

    `spaces`: it begins or ends with a blank that xml:space="preserve" must keep.
    """

    kind: bytes
    text: bytes
    spaces: bool = False

    @property
    def element(self) -> bytes:
        return b'<v xml:space="preserve">%s</v>' % self.text if self.spaces else b"<v>%s</v>" % self.text


def write_value(value: CellValue) -> Fresh:
    """A value as bytes; numbers as the shortest decimal. Raises BadValueError."""
    if type(value) is float:
        return Fresh(b"", number_text(value))
    if isinstance(value, bool):
        return Fresh(b"b", b"1" if value else b"0")
    if isinstance(value, str):
        if len(value) > MAX_TEXT // 2 and len(value.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT:
            raise BadValueError(f"的文本超过 {MAX_TEXT} 个字符")
        return Fresh(b"str", escape_text(value), value != value.strip(" \t\n"))
    if isinstance(value, ErrorValue):
        if value.code not in ERROR_CODES:
            raise BadValueError(f"的错误值“{value.code}”不能存入文件")
        return Fresh(b"e", value.code.encode())
    if isinstance(value, (int, float, Decimal)):
        return Fresh(b"", number_text(value))
    raise BadValueError("没有算出结果" if value is None else f"的结果种类“{type(value).__name__}”不能存入文件")


def number_text(value: int | float | Decimal) -> bytes:
    """The shortest decimal that means `value`: 65000, 65000.5, 1e+22. A Decimal never passes through a float."""
    if isinstance(value, float):
        if not isfinite(value):
            raise BadValueError("的结果不是有限的数")
        return b"%d" % value if value.is_integer() and abs(value) < 2**53 else repr(value).removesuffix(".0").encode()
    number = Decimal(value)
    if not number.is_finite():
        raise BadValueError("的结果不是有限的数")
    if not number:
        return b"0"
    if abs(number.adjusted()) > 300:
        raise BadValueError("的结果超出了表格能存的范围")
    if -10 < number.adjusted() < 21:
        text = f"{number:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).encode()
    return str(number.normalize()).encode()


def number_texts(numbers: array[float]) -> list[bytes]:
    """`number_text` of finite numbers."""
    if 0.0 in numbers:
        numbers = array("d", [number + 0.0 for number in numbers])  # no -0
    return "\n".join(map(_WITHOUT_POINT, map(repr, numbers))).encode().split(b"\n")


def same_number(old: float, new: int | float | Decimal) -> bool:
    """Equal to 15 significant digits, all that a spreadsheet calculates with."""
    number = float(new)
    # equal digits are at most 1e-14 apart: formatting is only for the few that are
    return old == number or (abs(old - number) <= 2e-14 * abs(old) and f"{old:.14e}" == f"{number:.14e}")
