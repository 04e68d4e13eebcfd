"""What the computed cells say: whether they are up to date, and which rows and checks are not right.

An error that only follows from another problem is not told again: a row with a wrong 区（市） has error values in every
computed column, and so have the rows of other sheets that look it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from qdcalc.filled.areas import area_ref, areas_apart, count_words
from qdcalc.filled.cells import SheetCells
from qdcalc.filled.entries import shown
from qdcalc.filled.fresh import Fresh, error_code, same
from qdcalc.filled.problems import Problems
from qdcalc.filled.rows import RawRow, TableReader, key_of
from qdcalc.layout import MARK, NOTICE, Input
from qdcalc.recalc.values import Cell, CellValue
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.workbook.check_sheet import HEADER_ROW
from qdcalc.workbook.formulas import NOTHING
from qdcalc.workbook.page import CHECK_SHEET
from qdcalc.workbook.plan import NO, Plan

_Node = tuple[str, int, int]
"""A row: the table it is filled in on, which copy of that, which row; rows of sheets that follow are the same."""
_FOLLOWS = ("引用的单元格是错误值", "引用的公式")


def check_results(
    problems: Problems,
    sheets: Sequence[SheetCells],
    plan: Plan,
    readers: Sequence[TableReader],
    fresh: Fresh,
    told: set[tuple[str, Cell]],
) -> None:
    """`told` are formula cells that are known to be wrong already."""  # fmt: skip
    if fresh.values:
        late = {sheet.name: _late(sheet, fresh, told) for sheet in sheets}
        if kind := _all_late(sheets, late, fresh):
            problems.add(kind, count=sum(map(len, late.values())))
        else:
            for sheet in sheets:
                _stale(problems, sheet, readers, late[sheet.name])
    _Rows(problems, plan, readers, fresh).check()
    if all(problem.is_note for problem in problems.found):
        shown_to_people = {reader.cells.name for reader in readers} | {item.name for item in plan.summaries.values()}
        for sheet in sheets:
            _checks(problems, sheet, fresh)
            if sheet.name in shown_to_people | {
                CHECK_SHEET
            }:  # helper columns of 过程 may hold errors that nothing reads
                _errors(problems, sheet, readers, fresh, told)


def _results(sheet: SheetCells, fresh: Fresh) -> Mapping[Cell, CellValue]:
    return fresh.values.get(sheet.name, sheet.values)


def _late(sheet: SheetCells, fresh: Fresh, told: set[tuple[str, Cell]]) -> dict[Cell, CellValue]:
    """Cells that hold another value than they should, with the right one."""
    values = fresh.values.get(sheet.name, {})
    late: dict[Cell, CellValue] = {}
    for cell in sheet.formulas:
        if (sheet.name, cell) in told:
            continue
        now = values.get(cell)
        engine = fresh.disagreements.get((sheet.name, cell_ref(*cell)), now) if fresh.disagreements else now
        if not same(sheet.values.get(cell), engine):
            late[cell] = engine
    return late


def _all_late(sheets: Sequence[SheetCells], late: Mapping[str, Mapping[Cell, CellValue]], fresh: Fresh) -> str:
    """The one reason for everything that is late, "" if there is none: a hundred lines would hide the other problems."""
    if not any(late.values()):
        return ""
    held = [
        (formula, sheet.values.get(cell), fresh.values.get(sheet.name, {}).get(cell))
        for sheet in sheets
        for cell, formula in sheet.formulas.items()
    ]
    if all(value is None for _, value, _ in held):
        return "never_calculated"
    asked = [value for formula, value, now in held if "QD_" in formula and now not in (None, "")]
    return "without_addin" if asked and all(error_code(value) == "#NAME?" for value in asked) else ""


def _stale(
    problems: Problems, sheet: SheetCells, readers: Sequence[TableReader], late: Mapping[Cell, CellValue]
) -> None:
    reader = next((reader for reader in readers if reader.cells is sheet), None)
    title = _title(sheet, reader)
    for area in areas_apart(late, reader.table.first if reader else 0):
        first = area.first_row, area.first_column
        problems.add(
            "stale", sheet.name, area_ref(area), found=shown(sheet.values.get(first)) or "空",
            allowed=shown(late[first]) or "空", at=first, title=title(first), count=count_words(area),
        )  # fmt: skip


def _title(sheet: SheetCells, reader: TableReader | None) -> Callable[[Cell], str]:
    """What a cell is called: after its column in a table, elsewhere after the text that stands left of it."""
    if reader is not None:
        return reader.title

    def left(cell: Cell) -> str:
        row, column = cell
        for at in range(column - 1, 0, -1):
            word = sheet.values.get((row, at))
            if isinstance(word, str) and word and (row, at) not in sheet.formulas:
                return word
        return "公式"

    return left


class _Rows:
    """Rows whose 核对 is ×, though no cell of theirs, or of the rows they hang together with, has been told of."""

    def __init__(self, problems: Problems, plan: Plan, readers: Sequence[TableReader], fresh: Fresh) -> None:
        self.problems, self.plan, self.readers, self.fresh = problems, plan, readers, fresh
        self.joined = self._all_joined()
        self.dirty = self._spread(
            self._node(reader, row)
            for reader in readers
            for row in reader.rows
            if any(not problem.is_note for problem in row.problems)
        )
        self.refused: list[_Node] = []
        self.following: list[tuple[TableReader, RawRow, str, str]] = []

    def check(self) -> None:
        """A sum over a row that its function refuses is an error, too: told only where that row has not been."""
        for reader in self.readers:
            if MARK not in reader.columns:
                continue
            for row in reader.rows:
                if not row.below:
                    self._row(reader, row)
        caused = self._spread(self.refused)
        for reader, row, key, sentence in self.following:
            if self._node(reader, row) not in caused:
                self._tell(reader, row, "not_right", key, sentence)

    def _row(self, reader: TableReader, row: RawRow) -> None:
        values = _results(reader.cells, self.fresh)
        notice = self._value(reader, row, NOTICE, values)
        sentences = [words for words in str(notice or "").removesuffix(NOTHING).split("。") if words]
        hints = {hint.words for hint in reader.table.sheet.hints if hint.wrong}
        for words in sentences:
            if words in hints:
                self._tell(reader, row, "inconsistent", NOTICE, f"{words}")
        if self._value(reader, row, MARK, values) != NO or self._node(reader, row) in self.dirty:
            return
        if any(words in hints for words in sentences):
            return
        key, sentence = self._reason(reader, row, "。".join(words for words in sentences if words not in hints))
        if any(words in sentence for words in _FOLLOWS):
            self.following.append((reader, row, key, sentence))
        else:
            self.refused.append(self._node(reader, row))
            self._tell(reader, row, "not_right", key, sentence)

    def _tell(self, reader: TableReader, row: RawRow, kind: str, key: str, sentence: str) -> None:
        key = key if key in reader.columns else MARK
        at = row.number, reader.columns[key]
        row.problems.append(self.problems.add(kind, reader.cells.name, cell_ref(*at), at=at, reason=sentence))

    def _reason(self, reader: TableReader, row: RawRow, notice: str) -> tuple[str, str]:
        """The column and sentence of the first thing that went wrong by itself."""
        for column in reader.table.columns:
            if column.key in reader.columns and column.role in ("output", "derived"):
                failure = self.fresh.failures.get((reader.cells.name, cell_ref(row.number, reader.columns[column.key])))
                if failure is not None and not any(words in failure.sentence for words in _FOLLOWS):
                    return column.key, f"{failure.sentence}（{failure.article}）"
        if notice:
            return NOTICE, notice
        for column in reader.table.columns:
            code = error_code(self._value(reader, row, column.key, _results(reader.cells, self.fresh)))
            if code and column.role in ("output", "derived"):
                return column.key, f"{column.title}：结果是错误值 {code}"
        return MARK, "这一行的核对结果是 ×"

    def _value(self, reader: TableReader, row: RawRow, key: str, values: Mapping[Cell, CellValue]) -> CellValue:
        return values.get((row.number, reader.columns[key])) if key in reader.columns else None

    # ------------------------------------------------------------ what hangs together
    def _node(self, reader: TableReader, row: RawRow) -> _Node:
        root = self.plan.chain(self.plan.tables[reader.table.key])[-1]
        return root.key, reader.placed.copy, row.position

    def _all_joined(self) -> dict[_Node, set[_Node]]:
        """The rows that a listed column joins: a project and its sections."""
        joined: dict[_Node, set[_Node]] = {}
        for reader in self.readers:
            for column in reader.inputs:
                if isinstance(column.spec, Input) and column.spec.listed:
                    self._join(reader, column.key, column.spec.listed, joined)
        return joined

    def _spread(self, start: Iterable[_Node]) -> set[_Node]:
        """These rows, those that follow them and those joined with them, step by step."""
        todo, found = list(start), set[_Node]()
        while todo:
            node = todo.pop()
            if node not in found:
                found.add(node)
                todo += self.joined.get(node, ())
        return found

    def _join(
        self,
        reader: TableReader,
        key: str,
        reference: str,
        joined: dict[_Node, set[_Node]],
    ) -> None:
        table, _, column = reference.partition(".")
        same_copy = [other for other in self.readers if other.table.key == table]
        source = next((other for other in same_copy if other.placed.copy == reader.placed.copy), None)
        source = source or next(iter(same_copy), None)
        if source is None:
            return
        places: dict[str, list[_Node]] = {}
        for row in source.rows:
            places.setdefault(key_of(row.raw.get(column)), []).append(self._node(source, row))
        for row in reader.rows:
            here = self._node(reader, row)
            for there in places.get(key_of(row.raw.get(key)), ()):
                joined.setdefault(here, set()).add(there)
                joined.setdefault(there, set()).add(here)


def _checks(problems: Problems, sheet: SheetCells, fresh: Fresh) -> None:
    """检查: told where nothing else is wrong, for most of it counts what the sheets themselves show."""
    if sheet.name != CHECK_SHEET:
        return
    values = _results(sheet, fresh)
    for row in range(HEADER_ROW + 2, sheet.max_row + 1):
        if values.get((row, 4)) == NO:
            title, count, words = (values.get((row, column)) for column in (2, 3, 5))
            sentence = f"{shown(title)}：没有通过，问题数 {shown(count)}" + (f"。{shown(words)}" if words else "")
            problems.add("failed_check", sheet.name, cell_ref(row, 4), at=(row, 4), reason=sentence)


def _errors(
    problems: Problems, sheet: SheetCells, readers: Sequence[TableReader], fresh: Fresh, told: set[tuple[str, Cell]]
) -> None:
    """Error values, where nothing else that was told can be their cause."""
    values = _results(sheet, fresh)
    codes = {
        cell: code
        for cell in sheet.formulas
        if (code := error_code(values.get(cell))) and (sheet.name, cell) not in told
    }
    reader = next((reader for reader in readers if reader.cells is sheet), None)
    title = _title(sheet, reader)
    for area in areas_apart(codes, reader.table.first if reader else 0):
        first = area.first_row, area.first_column
        problems.add(
            "error_result", sheet.name, area_ref(area), found=codes[first], at=first, title=title(first),
            count=count_words(area),
        )  # fmt: skip
