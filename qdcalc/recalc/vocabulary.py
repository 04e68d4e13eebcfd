"""What the words of a workbook's formulas mean: sheets, defined names, tables, provisions, spilled areas."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache

import formualizer

from qdcalc.recalc.facts import DefinedName, Table
from qdcalc.recalc.scan import Area
from qdcalc.recalc.tokens import Call, Expression, FormulaError, Operand, parse, reference
from qdcalc.recalc.xmltext import column_letters
from qdcalc.rules.function import Function

THIS_ROW = "#this row"
MAX_NAME_DEPTH = 20
"""names defined by names"""


class Vocabulary:
    """One workbook's. Sheets are numbered from 0 in tab order; all names ignore case.

    anchors     (sheet, row, column) of every array formula → its area, for A1#
    hidden      sheets with hidden rows, which SUBTOTAL may leave out
    subtracting (sheet, column) with a formula that adds or subtracts: what it leaves may be tiny and not 0
    last_row    the last row that holds anything, over all sheets; 0 if that is not known
    """

    def __init__(
        self,
        sheets: Iterable[str],
        names: Iterable[DefinedName] = (),
        tables: Iterable[Table] = (),
        functions: Mapping[str, Function] | None = None,
        *,
        date1904: bool = False,
    ) -> None:
        self.sheets = tuple(sheets)
        self.functions = {name.upper(): function for name, function in (functions or {}).items()}
        self.date1904 = date1904
        self.anchors: dict[tuple[int, int, int], Area] = {}
        self.hidden: set[int] = set()
        self.subtracting: set[tuple[int, int]] = set()
        self.last_row = 0
        self._sheets = {name.casefold(): number for number, name in enumerate(self.sheets)}
        self._names: dict[tuple[int | None, str], str] = {}
        for name in names:
            scope = None if name.scope is None else self._sheets.get(name.scope.casefold(), -1)
            self._names[scope, name.name.casefold()] = name.text
        self._tables = {table.name.casefold(): table for table in tables}

    @property
    def identity(self) -> Hashable:
        """Equal for workbooks in which every formula means the same, as those made from one template."""
        return (
            self.sheets,
            self.date1904,
            self.last_row,
            frozenset((name, id(function)) for name, function in self.functions.items()),
            frozenset(self._names.items()),
            frozenset(self._tables.items()),
            frozenset(self.anchors.items()),
            frozenset(self.hidden),
            frozenset(self.subtracting),
        )

    def sheet(self, prefix: str, default: int) -> int:
        """The sheet that a prefix ("Sheet1!", "'a b'!", "") names. Raises FormulaError for other workbooks."""
        if not prefix:
            return default
        name = prefix[:-1]
        if name.startswith("'"):
            name = name[1:-1].replace("''", "'")
        found = self._sheets.get(name.casefold())
        if found is not None:
            return found
        if "[" in name or "|" in name or not name:
            raise FormulaError("引用了其他工作簿")
        if ":" in name:
            raise FormulaError("引用了多张工作表（三维引用）")
        raise FormulaError(f"引用的工作表“{name}”不存在")

    def quoted(self, sheet: int) -> str:
        """ "'a b'!" """
        return "'" + self.sheets[sheet].replace("'", "''") + "'!"

    def definition(self, name: str, sheet: int) -> str | None:
        """The text of a defined name as seen from a sheet, or None."""
        key = name.casefold()
        found = self._names.get((sheet, key))
        return self._names.get((None, key)) if found is None else found

    def table(self, name: str) -> Table | None:
        return self._tables.get(name.casefold())

    def structured(self, text: str) -> tuple[int, Area, bool]:
        """ "Table1[[#Data],[金额]]" → (sheet, area, only this row). Raises FormulaError."""
        name, _, rest = text.partition("[")
        table = self.table(name)
        if table is None:
            raise FormulaError(f"表格“{name}”不存在")
        items, columns = _parts(rest[:-1], text)
        area = Area.parse(table.ref)
        first, last = area.first_row + table.header_rows, area.last_row - table.totals_rows
        left, right = area.first_column, area.last_column
        if columns:
            known = {column.casefold(): number for number, column in enumerate(table.columns)}
            places = [known.get(column.casefold()) for column in columns]
            if None in places:
                raise FormulaError(f"表格“{table.name}”没有列“{columns[places.index(None)]}”")
            numbers = [place for place in places if place is not None]
            left, right = area.first_column + min(numbers), area.first_column + max(numbers)
        sheet = self.sheet(self_prefix(table.sheet), 0)
        if THIS_ROW in items:
            return sheet, Area(first, left, last, right), True
        rows: list[tuple[int, int]] = []
        for item in items or ["#data"]:
            if item == "#all":
                rows.append((area.first_row, area.last_row))
            elif item == "#data":
                rows.append((first, last))
            elif item == "#headers" and table.header_rows:
                rows.append((area.first_row, area.first_row))
            elif item == "#totals" and table.totals_rows:
                rows.append((area.last_row, area.last_row))
            else:
                raise FormulaError(f"表格“{table.name}”没有{text}所指的行")
        return sheet, Area(min(row for row, _ in rows), left, max(row for _, row in rows), right), False


def self_prefix(name: str) -> str:
    return "'" + name.replace("'", "''") + "'!"


_ITEM = re.compile(r"\s*(?:(@)|(,)|(:)|\[((?:[^\[\]']|'.)*)\]|((?:[^\[\]'@,:]|'.)(?:[^\[\]']|'.)*))", re.DOTALL)
_SPECIAL = {"#all", "#data", "#headers", "#totals", THIS_ROW}


def _parts(inner: str, text: str) -> tuple[list[str], list[str]]:
    """The inside of a structured reference → (#items in small letters, one column or the two ends of several)."""
    items: list[str] = []
    columns: list[str] = []
    at = 0
    inner = inner.strip()
    while at < len(inner):
        match = _ITEM.match(inner, at)
        if match is None:
            raise FormulaError(f"表格引用 {text} 无法识别")
        at = match.end()
        if match[1]:
            items.append(THIS_ROW)
        word = match[4] if match[4] is not None else match[5]
        if word is not None:
            if word.strip().casefold() in _SPECIAL:
                items.append(word.strip().casefold())
            else:
                columns.append(re.sub(r"'(.)", r"\1", word, flags=re.DOTALL))
    if len(columns) > 2:
        raise FormulaError(f"表格引用 {text} 无法识别")
    return items, columns


def area_text(area: Area) -> str:
    """ "$A$2:$B$9" """
    first = f"${column_letters(area.first_column)}${area.first_row}"
    last = f"${column_letters(area.last_column)}${area.last_row}"
    return first if first == last else f"{first}:{last}"


@lru_cache(maxsize=4096)
def engine_knows(name: str) -> bool:
    """Whether the engine has a function of that spelling: a call of an unknown one gives #NAME?."""
    book = formualizer.Workbook(mode=formualizer.WorkbookMode.Ephemeral)
    book.add_sheet("S")
    try:
        book.set_formula("S", 1, 1, f"={name}(1)")
        value = book.evaluate_cell("S", 1, 1)
    except Exception:  # the engine's own errors have no common base; a name it cannot even parse is unknown
        return False
    return not (isinstance(value, dict) and value.get("kind") == "Name")


def inlined(vocabulary: Vocabulary, name: str, sheet: int, depth: int) -> Expression | None:
    """The definition of a name, if it means the same from every cell. Raises FormulaError; None: no such name."""
    text = vocabulary.definition(name, sheet)
    if text is None:
        return None
    if depth > MAX_NAME_DEPTH:
        raise FormulaError(f"名称“{name}”的定义互相引用")
    tree = parse(text)
    if _moves(tree):
        raise FormulaError(f"名称“{name}”的定义用了相对引用")
    return tree


def _moves(tree: Expression) -> bool:
    for item in tree.operands:
        if isinstance(item, Operand):
            found = reference(item.text) if item.kind == "ref" else None
            if found is not None and not (all(found.rows_fixed) and all(found.columns_fixed)):
                return True
            if item.kind == "ref" and not item.prefix:
                return True
        elif any(_moves(part) for part in (item.arguments if isinstance(item, Call) else item.parts)):
            return True
    return False
