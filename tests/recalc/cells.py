"""Small workbooks for the tests of the calculating side, and fake provisions of the shape that the rules have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from qdcalc.errors import CalculationError, InvalidValue, MissingValue
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.report import BookReport
from qdcalc.rules.arguments import AnyType, ArgumentType, DayType, ErrorValue, ManyType, flatten, number_type
from tests.recalc.files import MAIN, OFFICE, parts, relations, save, sheet_xml

Cells = Mapping[str, object]
WRONG = -99
"""A cached value that is planted wherever a fresh one is expected."""


@dataclass
class F:
    """A formula with the value that the file holds for it. `area` makes it an array formula; None: no value."""

    text: str
    cached: object = None
    area: str = ""
    attributes: str = ""  # of <c>
    formula_attributes: str = ""  # of <f>


def _value(value: object) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, ErrorValue):
        return ' t="e"', f"<v>{value.code}</v>"
    if isinstance(value, str):
        return ' t="str"', f"<v>{escape(value)}</v>"
    return "", f"<v>{value}</v>"


def xml(cells: Cells, **options: str) -> bytes:
    """A1 → value or F, as a sheet."""
    rows: dict[int, list[tuple[int, str, str]]] = {}
    for ref, content in cells.items():
        match = re.fullmatch("([A-Z]+)([0-9]+)", ref)
        assert match is not None
        kind, value, more = *_value(content.cached if isinstance(content, F) else content), ""
        formula = ""
        if isinstance(content, F):
            more = content.attributes
            attributes = content.formula_attributes
            if content.area:
                attributes = f' t="array" ref="{content.area}"'
            formula = f"<f{attributes}>{escape(content.text)}</f>" if content.text else f"<f{attributes}/>"
        line = rows.setdefault(int(match[2]), [])
        line.append((len(match[1]), match[1], f'<c r="{ref}"{more}{kind}>{formula}{value}</c>'))
    body = "".join(f'<row r="{row}">{"".join(text for _, _, text in sorted(rows[row]))}</row>' for row in sorted(rows))
    return sheet_xml(body, **options)


def workbook(
    path: Path,
    sheets: Mapping[str, Cells] | Cells,
    *,
    names: Mapping[str, str] | None = None,
    tables: str = "",
    inside: str = "",
    opening: str = "",
) -> Path:
    """A workbook of several sheets, or of one sheet 表 if the keys are cells. `tables`: one table's XML, on sheet 1."""
    if any(re.fullmatch("[A-Z]+[0-9]+", key) for key in sheets):
        sheets = {"表": sheets}
    if names:
        lines = "".join(
            f"<definedName name={_quoted(name)}>{escape(text)}</definedName>" for name, text in names.items()
        )
        inside = f"<definedNames>{lines}</definedNames>" + inside
    made = parts({name: xml(cells) for name, cells in sheets.items()}, inside=inside, opening=opening)  # type: ignore[arg-type]
    if tables:
        made["xl/tables/table1.xml"] = tables.encode()
        made["xl/worksheets/_rels/sheet1.xml.rels"] = relations({"rId1": ("table", "../tables/table1.xml")})
    return save(path, made)


def _quoted(name: str) -> str:
    scope = ""
    if "!" in name:
        number, name = name.split("!")
        scope = f' localSheetId="{number}"'
    return f'"{name}"{scope}'


def table(name: str, ref: str, columns: list[str], totals: bool = False) -> str:
    lines = "".join(f'<tableColumn id="{at}" name="{escape(text)}"/>' for at, text in enumerate(columns, 1))
    return (
        f'<table xmlns="{MAIN}" xmlns:r="{OFFICE}" id="1" name="{name}" displayName="{name}" ref="{ref}"'
        f' totalsRowCount="{int(totals)}"><tableColumns count="{len(columns)}">{lines}</tableColumns></table>'
    )


YUAN = number_type("元")


@dataclass
class Parameter:
    name: str
    title: str
    required: bool = True
    default: object = None
    type: ArgumentType = YUAN

    @property
    def many(self) -> bool:
        return self.type.many


@dataclass
class Answer:
    value: Any = None
    error: CalculationError | None = None


class Fake:
    """A provision that is a plain Python function of cell values."""

    def __init__(
        self, name: str, rule: Callable[..., Any], parameters: list[Parameter], article: str = "第一条"
    ) -> None:
        self.name, self.rule, self.parameters, self.article = name, rule, tuple(parameters), article
        self.calls: list[tuple[object, ...]] = []

    def answer(self, cells: Any) -> Answer:
        self.calls.append(tuple(cells))
        try:
            return Answer(self.rule(*cells))
        except CalculationError as error:
            return Answer(error=error)


def _double(amount: object, factor: object = None) -> Decimal:
    if amount is None:
        raise MissingValue("金额：未填写", "金额")
    if not isinstance(amount, (int, float)) or isinstance(amount, bool):
        raise InvalidValue(f"金额：{amount} 不是数值", "金额")
    return Decimal(repr(float(amount))) * (2 if factor is None else Decimal(repr(float(factor))))  # type: ignore[arg-type]


def _three(one: object, two: object = "默认", three: object = None) -> str:
    return f"{one}|{'缺' if two is None else two}|{three}"


def _total(amounts: object) -> Decimal:
    numbers = [item for item in flatten(amounts) if isinstance(item, (int, float))]
    return sum((Decimal(repr(number)) for number in numbers), Decimal(0))


def _boom(*_: object) -> None:
    raise RuntimeError("坏了")


def _day(day: object) -> Any:
    return DayType().from_cell(day, "日期")


def provisions() -> dict[str, Any]:
    """QD_DOUBLE(amount, [factor]), QD_THREE(one, [two], [three]) as text, QD_TOTAL(range), QD_LIST(n), QD_DAY(day)…"""
    amount = Parameter("amount", "金额")
    fakes = [
        Fake("QD_DOUBLE", _double, [amount, Parameter("factor", "倍数", False)], "第二条"),
        Fake("QD_THREE", _three, [amount, Parameter("two", "二", False), Parameter("three", "三", False)]),
        Fake("QD_TOTAL", _total, [Parameter("amounts", "各金额", type=ManyType(number_type("元")))]),
        Fake("QD_LIST", lambda count: [[number] for number in range(1, int(count) + 1)], [amount]),
        Fake("QD_BOOM", _boom, [amount]),
        Fake("QD_DAY", _day, [Parameter("day", "日期", type=DayType())]),
        Fake("QD_SAME", lambda value: value, [amount]),
        Fake("QD_TELL", lambda *cells: repr(cells), [Parameter("function", "函数", type=AnyType())]),
    ]
    return {fake.name: fake for fake in fakes}


def values(path: Path, sheet: str | None = None) -> dict[str, object]:
    """The cached values as openpyxl reads them: a reader that shares nothing with the writer."""
    book = openpyxl.load_workbook(path, data_only=True)
    found = book[sheet] if sheet else book.worksheets[0]
    return {cell.coordinate: cell.value for row in found.iter_rows() for cell in row if cell.value is not None}


def recalculated(
    folder: Path, sheets: Mapping[str, Any], *, all_cells: bool = False, functions: Any = None, **options: Any
) -> tuple[dict[str, object], BookReport]:
    """(values of the first sheet, report) of a recalculation with the fake provisions."""
    source = workbook(folder / "in.xlsx", sheets, **options)
    before = source.read_bytes()
    report = recalc_book(source, folder / "out.xlsx", functions=functions or provisions(), all_cells=all_cells)
    assert source.read_bytes() == before
    return values(folder / "out.xlsx"), report
