"""Calls that the engine does otherwise than Excel for some arguments only: the file's value is the better one.

Measured on formualizer 0.13.0 against LibreOffice: tests/recalc/battery.txt.
"""

from __future__ import annotations

from qdcalc.recalc import calls
from qdcalc.recalc.tokens import Call, FormulaError, Operand

_DAYS_OFF = {"WORKDAY": 2, "NETWORKDAYS": 2, "WORKDAY.INTL": 3, "NETWORKDAYS.INTL": 3}
"""The place of the holidays among the arguments."""


def check(item: Call, name: str) -> None:
    """Refuses what the engine does otherwise with some arguments."""
    arguments = item.arguments
    constants = [
        argument.items[0] if len(argument.items) == 1 and isinstance(argument.items[0], Operand) else None
        for argument in arguments
    ]
    first = constants[0] if constants else None
    last = constants[-1] if constants else None
    if name == "CHAR" and not (first is not None and first.kind == "number" and float(first.text) < 128):
        raise FormulaError("函数 CHAR：编码与电脑的语言有关")
    if any(item is not None and item.kind == "string" for item in constants) and name in calls.TAKES_DAYS:
        raise FormulaError(f"函数 {name}：引擎不认识写成文本的日期")
    if name == "IF" and first is not None and first.kind == "string":
        raise FormulaError("函数 IF：条件是文本")
    if name == "N" and first is None:
        raise FormulaError("函数 N 的数组运算")
    if name in ("CEILING.MATH", "FLOOR.MATH") and len(arguments) > 2:
        raise FormulaError(f"函数 {name}：引擎不支持第三个参数")
    if name == "DATEDIF" and (last is None or last.text.strip('"').upper() not in ("Y", "M", "D", "YM")):
        raise FormulaError("函数 DATEDIF：各软件对这种单位算法不一")
    days_off = _DAYS_OFF.get(name, len(arguments))
    if len(arguments) > days_off and constants[days_off] is None and arguments[days_off].items:
        raise FormulaError(f"函数 {name}：引擎会漏掉算出来的假日")
