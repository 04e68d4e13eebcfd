"""The tree that a rule leaves behind: its nodes, and what keeps wrong Python out of them.

A node has an operation, operands and data; evaluators are tables from operation to meaning (exact.py, lowering.py,
wording.py). Four kinds of node: Number (with unit, decimals and bounds), Flag, Text (with the values it can take) and Day.
Operators build nodes; whatever Python would decide on the spot (if, in, int(), f"…") raises TracingError naming file, line
and the node to use instead. The verbs that rule authors write are in language.py.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from qdcalc.errors import TracingError
from qdcalc.rules.units import EXACT, PLAIN, times

_HERE = Path(__file__).parent
CONSTANT = "*"
"""The unit of the bare constants 0 and 1, which go with every unit."""


def place() -> str:
    """file:line of the rule being traced: the nearest frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and Path(frame.f_code.co_filename).parent == _HERE:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def refuse(sentence: str) -> NoReturn:
    raise TracingError(place(), sentence)


class Node:
    """One operation on operands. Compared by identity inside the package, never with `==`."""

    __slots__ = ("data", "op", "operands")

    def __init__(self, op: str, operands: Sequence[Node] = (), data: Any = None) -> None:
        self.op = op
        self.operands = tuple(operands)
        self.data = data

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.op} {self.data!r}>"

    # Python that would decide now what the tree must decide later
    def __bool__(self) -> bool:
        refuse("规则里不能用 if、and、or、not、连续比较判断节点：请用 choose(...)、&、|、~、require(...)")

    def __hash__(self) -> int:
        refuse("节点不能放进集合或作字典的键：请用 one_of(...) 或 table(...)")

    def __iter__(self) -> NoReturn:
        refuse("节点不能遍历或拆开：名单用 names(...)")

    def __contains__(self, item: object) -> bool:
        refuse("规则里不能用 in：请用 one_of(...)")

    def __len__(self) -> int:
        refuse("节点没有长度")

    def __getitem__(self, key: object) -> NoReturn:
        refuse("节点不能取下标：请用 table(...)")

    def __int__(self) -> int:
        refuse("规则里不能用 int()：取整请用 round_up(...) 或 half_up(...)")

    def __index__(self) -> int:
        refuse("节点不能作下标：请用 table(...)")

    def __float__(self) -> float:
        refuse("规则里不能用 float()：金额不经过二进制浮点数")

    def __round__(self, digits: int = 0) -> NoReturn:
        refuse("规则里不能用 round()：请用 half_up(...)")

    def __str__(self) -> str:
        refuse("规则里不能把节点变成文字：请用 verdict(...) 或 label(...)")

    def __format__(self, form: str) -> str:
        refuse("规则里不能用 f 字符串：请用 verdict(...) 或 label(...)")

    def _unsupported(self, *_: object) -> NoReturn:
        refuse("规则里没有这种运算：除法用 ratio(...)，取整用 round_up(...)、half_up(...)，取大取小用 larger/smaller")

    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _unsupported
    __neg__ = __abs__ = __divmod__ = __matmul__ = __lshift__ = __rshift__ = __xor__ = _unsupported
    __trunc__ = __floor__ = __ceil__ = _unsupported


class Flag(Node):
    """TRUE or FALSE."""

    __slots__ = ()
    __hash__ = Node.__hash__

    def __and__(self, other: Flag) -> Flag:
        return Flag("and", (self, _flag(other)))

    def __or__(self, other: Flag) -> Flag:
        return Flag("or", (self, _flag(other)))

    def __invert__(self) -> Flag:
        return Flag("not", (self,))

    def __eq__(self, other: object) -> NoReturn:
        refuse("逻辑值不必比较：直接用它，或用 ~ 取反")

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__


def _flag(value: object) -> Flag:
    if not isinstance(value, Flag):
        refuse("& 与 | 的两边都应为条件节点；比较式须加括号，如 (a > b) & (c > d)")
    return value


class Number(Node):
    """An exact decimal of a unit: `decimals` it can carry, `low` and `high` it stays within."""

    __slots__ = ("decimals", "high", "low", "unit")
    __hash__ = Node.__hash__

    def __init__(
        self,
        op: str,
        operands: Sequence[Node] = (),
        data: Any = None,
        *,
        unit: str,
        decimals: int,
        low: Decimal,
        high: Decimal,
    ) -> None:
        super().__init__(op, operands, data)
        self.unit, self.decimals, self.low, self.high = unit, decimals, low, high

    def __add__(self, other: Number | int) -> Number:
        return _sum("add", self, number(other))

    def __radd__(self, other: int) -> Number:
        return _sum("add", number(other), self)

    def __sub__(self, other: Number | int) -> Number:
        return _sum("sub", self, number(other))

    def __rsub__(self, other: int) -> Number:
        return _sum("sub", number(other), self)

    def __mul__(self, other: Number | int) -> Number:
        return _product(self, number(other))

    __rmul__ = __mul__

    def __lt__(self, other: Number | int) -> Flag:
        return _compare("lt", self, other)

    def __le__(self, other: Number | int) -> Flag:
        return _compare("le", self, other)

    def __gt__(self, other: Number | int) -> Flag:
        return _compare("gt", self, other)

    def __ge__(self, other: Number | int) -> Flag:
        return _compare("ge", self, other)

    def __eq__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return _compare("eq", self, other)

    def __ne__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return _compare("ne", self, other)


class Text(Node):
    """A text; `values` are all it can be, None where that is not known (a verdict, a free text)."""

    __slots__ = ("values",)
    __hash__ = Node.__hash__

    def __init__(
        self, op: str, operands: Sequence[Node] = (), data: Any = None, *, values: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(op, operands, data)
        self.values = values

    def __eq__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return _text_equal(self, other)

    def __ne__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return ~_text_equal(self, other)


class Day(Node):
    """A calendar date."""

    __slots__ = ()
    __hash__ = Node.__hash__

    def __lt__(self, other: Day) -> Flag:
        return _compare_days("lt", self, other)

    def __le__(self, other: Day) -> Flag:
        return _compare_days("le", self, other)

    def __gt__(self, other: Day) -> Flag:
        return _compare_days("gt", self, other)

    def __ge__(self, other: Day) -> Flag:
        return _compare_days("ge", self, other)

    def __eq__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return _compare_days("eq", self, other)

    def __ne__(self, other: object) -> Flag:  # type: ignore[override]  # builds a node, as every operator here
        return _compare_days("ne", self, other)


class _Optional:
    """An optional argument without a default: what it is, or what to take where it is blank."""

    def __init__(self, value: Node) -> None:
        self._value = value

    def given(self) -> Flag:
        """Whether the cell holds anything."""
        return Flag("given", (self._value,))

    def __bool__(self) -> bool:
        refuse("可省略的参数请用 .or_else(...) 或 .given()")

    def __getattr__(self, name: str) -> NoReturn:
        refuse("可省略的参数请用 .or_else(...) 或 .given()")


class Maybe(_Optional):
    """An optional number."""

    def __init__(self, value: Number) -> None:
        super().__init__(value)
        self._number = value

    def or_else(self, other: Number | int) -> Number:
        """The argument, or `other` where the cell is blank."""
        fallback = number(other)
        return joined("or_else", (self._number, fallback), None, (self._number, fallback), "max")


class MaybeDay(_Optional):
    """An optional date."""

    def or_else(self, other: Day) -> Day:
        """The argument, or `other` where the cell is blank."""
        if not isinstance(other, Day):
            refuse("日期未填时应以另一个日期代替")
        return Day("or_else", (self._value, other))


def number(value: Number | int) -> Number:
    """A Number as it is; 0 and 1 as constants. Any other figure belongs into policy.toml."""
    if isinstance(value, Number):
        return value
    if type(value) is not int or value not in (0, 1):
        refuse(f"数值 {value!r} 应写进 policy.toml，再用 figure(...) 取用；规则里只能直接写 0 和 1")
    return constant(Decimal(value))


def constant(value: Decimal, unit: str = CONSTANT) -> Number:
    exponent = value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return Number("constant", (), value, unit=unit, decimals=decimals, low=value, high=value)


def common_unit(numbers: Sequence[Number]) -> str:
    units = {item.unit for item in numbers} - {CONSTANT}
    if len(units - PLAIN) > 1 or (units & PLAIN and units - PLAIN):
        refuse(f"单位不同，不能相加、比较或取大小：{'、'.join(sorted(unit or '无单位' for unit in units))}")
    if len(units) > 1:  # 比例 and 倍 and bare numbers: the factor is the wider one
        return "倍" if "倍" in units else "比例"
    return units.pop() if units else CONSTANT


def joined(op: str, operands: Sequence[Node], data: Any, numbers: Sequence[Number], bounds: str) -> Number:
    """A Number that is one of `numbers`. `bounds`: max (any of them), least or greatest."""
    lows, highs = [item.low for item in numbers], [item.high for item in numbers]
    low = {"max": min(lows), "least": min(lows), "greatest": max(lows)}[bounds]
    high = {"max": max(highs), "least": min(highs), "greatest": max(highs)}[bounds]
    decimals = max(item.decimals for item in numbers)
    return Number(op, operands, data, unit=common_unit(numbers), decimals=decimals, low=low, high=high)


def _sum(op: str, left: Number, right: Number) -> Number:
    minus = op == "sub"
    low = EXACT.subtract(left.low, right.high) if minus else EXACT.add(left.low, right.low)
    high = EXACT.subtract(left.high, right.low) if minus else EXACT.add(left.high, right.high)
    decimals = max(left.decimals, right.decimals)
    return Number(op, (left, right), unit=common_unit((left, right)), decimals=decimals, low=low, high=high)


def _product(left: Number, right: Number) -> Number:
    if CONSTANT in (left.unit, right.unit):
        unit: str | None = left.unit if right.unit == CONSTANT else right.unit
    else:
        unit = times(left.unit, right.unit)
    if unit is None:
        refuse(f"单位“{left.unit}”与“{right.unit}”不能相乘")
    corners = [EXACT.multiply(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    decimals = left.decimals + right.decimals
    return Number("mul", (left, right), unit=unit, decimals=decimals, low=min(corners), high=max(corners))


def _compare(op: str, left: Number, right: object) -> Flag:
    if not isinstance(right, (Number, int)) or isinstance(right, bool):
        refuse("数值只能与数值比较")
    other = number(right)
    common_unit((left, other))
    return Flag(op, (left, other))


def _compare_days(op: str, left: Day, right: object) -> Flag:
    if not isinstance(right, Day):
        refuse("日期只能与日期比较")
    return Flag(op, (left, right))


def _text_equal(left: Text, right: object) -> Flag:
    if not isinstance(right, str):
        refuse("文字只能与写明的名称比较")
    if left.values is None or right not in left.values:
        known = "、".join(left.values) if left.values is not None else "（任意文字）"
        refuse(f"“{right}”不是它可能的取值：{known}")
    return Flag("is", (left,), right)
