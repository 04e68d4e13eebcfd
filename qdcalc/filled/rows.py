"""The rows of one table: which are filled in, what they hold, what is wrong with their cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from qdcalc.filled.entries import Refusal, RowModel, closest, shown
from qdcalc.filled.model import Value
from qdcalc.filled.problems import Problem, Problems
from qdcalc.filled.recognise import Placed
from qdcalc.layout import Input
from qdcalc.recalc.area import Area
from qdcalc.recalc.values import Cell, CellValue
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.rules.arguments import clean, is_blank
from qdcalc.workbook.plan import ColumnPlan, TablePlan


@dataclass
class RawRow:
    """A row while it is worked on. `number` counts from 1, `position` from 0."""

    number: int
    position: int
    raw: dict[str, CellValue]
    below: bool
    values: dict[str, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        return all(is_blank(cell) for cell in self.raw.values())


class TableReader:
    """One sheet. `table` is the table where it really lies."""

    def __init__(self, placed: Placed, table: TablePlan, problems: Problems) -> None:
        self.placed, self.table, self.problems = placed, table, problems
        self.cells, self.columns = placed.cells, placed.headings.columns
        self.inputs = [column for column in table.inputs if column.key in self.columns]
        self.rows: list[RawRow] = []
        self.merged = [area for area in self.cells.merged if self._is_inside(area)]

    def column(self, key: str) -> int:
        return self.columns[key]

    def title(self, cell: Cell) -> str:
        """What the column of a cell is called; the cells beside and above are named after what stands left of them."""
        row, column = cell
        if self.table.total_row is not None and row == self.table.total_row + 1:
            return "合计"
        if row < self.table.first + 1:
            return "表头"
        return next((item.title for item in self.table.columns if self.columns.get(item.key) == column), "")

    def cell_of(self, key: str, row: int) -> str:
        return cell_ref(row, self.columns[key])

    # ------------------------------------------------------------ which rows
    def read(self) -> None:
        """All rows that hold something, and the rows under the last formula that look like rows of the table."""
        table = self.table
        first, last = table.first + 1, table.last + 1
        given = [column for column in table.columns if column.role == "given" and column.key in self.columns]
        by_row: dict[int, dict[str, CellValue]] = {}
        keys = {self.columns[column.key]: column.key for column in self.inputs}
        for (row, column), value in self.cells.values.items():
            if row >= first and column in keys:
                by_row.setdefault(row, {})[keys[column]] = value
        for row in sorted(by_row):
            raw = {column.key: by_row[row].get(column.key) for column in self.inputs}
            if all(is_blank(cell) for cell in raw.values()):
                continue
            if row > last and not self._is_row(row, raw):
                continue
            for item in given:
                raw[item.key] = self.cells.values.get((row, self.columns[item.key]))
            self.rows.append(RawRow(row, row - first, raw, row > last))

    def add_followers(self, positions: set[int]) -> None:
        """Of a sheet that follows another: the rows that go with that sheet's filled rows, blank ones too."""
        there = {row.position for row in self.rows}
        for position in positions - there:
            number = self.table.first + 1 + position
            if position < self.table.rows:
                raw: dict[str, CellValue] = {column.key: None for column in self.inputs}
                self.rows.append(RawRow(number, position, raw, False))
        self.rows.sort(key=lambda row: row.number)

    def _is_row(self, row: int, raw: Mapping[str, CellValue]) -> bool:
        """Under the table stand remarks and signatures, and people write notes there."""
        texts = [
            str(value) for (at, _), value in self._row_cells(row) if isinstance(value, str) and not is_blank(value)
        ]
        words = (*(f"{label}：" for label in self.table.sheet.signatures), *self.table.sheet.remarks)
        if any(text.startswith(words) for text in texts if words):
            return False
        filled = sum(not is_blank(cell) for cell in raw.values())
        counted = self.table.sheet.counted
        return filled >= min(2, len(self.inputs)) or (
            counted is not None and not is_blank(raw.get(counted)) and filled > 1
        )

    def _row_cells(self, row: int) -> Iterator[tuple[Cell, CellValue]]:
        for column in range(1, self.cells.max_column + 1):
            value = self.cells.values.get((row, column))
            if value is not None:
                yield (row, column), value

    # ------------------------------------------------------------ cells
    def check(self, model: RowModel) -> None:
        hidden = self._hidden()
        for row in self.rows:
            values, refused = model.check({key: row.raw[key] for key in model.entries})
            row.values = values
            for column in self.table.columns:
                if column.role == "given" and column.key in row.raw:
                    row.values[column.key] = shown(row.raw[column.key])
            for refusal in refused:
                key = refusal[0]
                if (row.number, self.columns[key]) not in hidden:
                    self.refuse(row, refusal)

    def refuse(self, row: RawRow, refusal: Refusal) -> None:
        key, kind, words = refusal
        column = self.table.by_key[key]
        hint = words.get("hint", "")
        if kind == "blank" and words.get("allowed"):
            hint = f"，应填 {words['allowed']}"
        self.tell(row, kind, key, found=words.get("found", ""), allowed=words.get("allowed", ""), hint=hint,
                  title=column.title)  # fmt: skip

    def tell(self, row: RawRow, kind: str, key: str, *, found: str = "", allowed: str = "", **words: object) -> None:
        at = row.number, self.columns[key]
        row.problems.append(
            self.problems.add(kind, self.cells.name, cell_ref(*at), found=found, allowed=allowed, at=at, **words)
        )

    # ------------------------------------------------------------ between rows
    def merges(self) -> None:
        for area in self.merged:
            ref = f"{cell_ref(area.first_row, area.first_column)}:{cell_ref(area.last_row, area.last_column)}"
            at = area.first_row, area.first_column
            problem = self.problems.add("merged_cells", self.cells.name, ref, found=ref, at=at)
            for row in self.rows:
                if area.first_row <= row.number <= area.last_row:
                    row.problems.append(problem)

    def _is_inside(self, area: Area) -> bool:
        rows = area.last_row > self.table.first and area.first_row <= self.table.last + 1
        columns = {self.columns[column.key] for column in self.inputs}
        return rows and area.size > 1 and any(area.first_column <= at <= area.last_column for at in columns)

    def _hidden(self) -> set[Cell]:
        """Cells under a merged area, but for its first: blank because of that."""
        return {
            (row, column)
            for area in self.merged
            for row in range(area.first_row, min(area.last_row, self.table.last + 1) + 1)
            for column in range(area.first_column, min(area.last_column, self.cells.max_column) + 1)
            if (row, column) != (area.first_row, area.first_column)
        }

    def duplicates(self) -> None:
        for column in self.inputs:
            if not (isinstance(column.spec, Input) and column.spec.unique):
                continue
            seen: dict[str, RawRow] = {}
            for row in self.rows:
                cell = row.raw[column.key]
                if is_blank(cell):
                    continue
                first = seen.setdefault(key_of(cell), row)
                if first is not row:
                    where = f"第{first.number}行（{self.cell_of(column.key, first.number)}）"
                    self.tell(row, "duplicate", column.key, found=shown(cell), hint=where, title=column.title)
                    first.problems.append(row.problems[-1])

    def listed(self, column: ColumnPlan, options: Mapping[str, str], source: str) -> None:
        """A column whose choices another sheet holds."""
        for row in self.rows:
            cell = row.raw[column.key]
            if not is_blank(cell) and key_of(cell) not in options:
                word = shown(cell)
                self.tell(
                    row, "not_a_choice", column.key, found=word, allowed=f"“{source}”表中有的",
                    hint=closest(word, options.values()), title=column.title,
                )  # fmt: skip

    def below(self) -> None:
        rows = [row for row in self.rows if row.below]
        if rows and self.inputs:
            first, last = rows[0].number, rows[-1].number
            left, right = self.columns[self.inputs[0].key], self.columns[self.inputs[-1].key]
            ref = f"{cell_ref(first, left)}:{cell_ref(last, right)}"
            problem = self.problems.add("below_formulas", self.cells.name, ref, found=str(first), at=(first, left))
            for row in rows:
                row.problems.append(problem)

    def attach(self, problems: Iterable[Problem]) -> None:
        """Gives rows the problems that were found in cells of theirs: formulas that are not as they were."""
        for problem in problems:
            area = Area.parse(problem.cell)
            for row in self.rows:
                if area.first_row <= row.number <= area.last_row:
                    row.problems.append(problem)

    def gaps(self) -> None:
        numbers = [row.number for row in self.rows if not row.below]
        for before, after in pairwise(numbers):
            if after > before + 1:
                first, last = before + 1, after - 1
                words = str(first) if first == last else f"{first}至{last}"
                self.problems.add("blank_rows", self.cells.name, f"{first}:{last}", found=words, at=(first, 1))


def key_of(cell: object) -> str:
    """What a cell is compared by: as spreadsheets do, capitals do not matter and 1 is "1"."""
    return clean(shown(cell)).casefold()
