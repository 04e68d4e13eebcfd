"""Argument types → what Excel checks while people type: drop-downs, number and date limits, Chinese messages."""

from __future__ import annotations

from typing import Any

from qdcalc.rules.arguments import (
    FIRST_DAY,
    LAST_DAY,
    ArgumentType,
    ChoiceType,
    DayType,
    FlagType,
    NumberType,
)

INLINE_LIST = 255
"""The longest list of choices that fits into a validation itself; Excel calls a file with a longer one damaged."""
_TITLE, _MESSAGE = 32, 255


def validation(
    kind: ArgumentType, title: str, help_text: str, *, example: str = "", required: bool = False, listed: str = ""
) -> dict[str, Any]:
    """The options of one column or field. `listed`: the cells that hold the choices, where they are not the type's."""
    must = "必填。" if required else "可不填。"
    shown = f"{must}{help_text}"
    if example and example not in shown:
        shown += f"，如 {example}"
    options: dict[str, Any] = {
        "input_title": cut(title, _TITLE),
        "input_message": cut(shown, _MESSAGE),
        "error_title": cut(f"“{title}”填写有误", _TITLE),
        "error_message": cut(f"{help_text or '请按提示填写'}。请改正后再填，或按 Esc 取消。", _MESSAGE),
        "error_type": "stop",
    }
    if listed:
        return {**options, "validate": "list", "source": "=" + listed}
    if isinstance(kind, NumberType):
        name = "integer" if kind.unit.whole else "decimal"
        return {
            **options, "validate": name, "criteria": "between",
            "minimum": _bound(kind.low), "maximum": _bound(kind.high),
        }  # fmt: skip
    if isinstance(kind, FlagType):
        return {**options, "validate": "list", "source": ["是", "否"]}
    if isinstance(kind, ChoiceType):
        if len(",".join(kind.names)) > INLINE_LIST or any("," in name for name in kind.names):
            raise ValueError(f"{title}：可选项太长，应写明 listed")
        return {**options, "validate": "list", "source": list(kind.names)}
    if isinstance(kind, DayType):
        return {**options, "validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
    return {**options, "validate": "length", "criteria": "<=", "value": 200}


def _bound(number: Any) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
