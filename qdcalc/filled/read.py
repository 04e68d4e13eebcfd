"""A filled workbook → which template it is, its rows checked, and every problem.

    book = read_book(Path("平度市.xlsx"))

The contract is in model.py. A file that cannot be worked on is told in `problems`, never raised, so that the others of a
folder go on.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path

from qdcalc.errors import EncryptedFile, FileError, NotAWorkbook, UnsafeFile, UnsupportedFile
from qdcalc.filled.cells import read_cells
from qdcalc.filled.compare import Spelling
from qdcalc.filled.compared import compared
from qdcalc.filled.entries import Entry, row_model, shown
from qdcalc.filled.fresh import Fresh, recalculated
from qdcalc.filled.geometry import real_table
from qdcalc.filled.model import FilledBook, FilledRow, FilledSheet, Value
from qdcalc.filled.problems import Problems
from qdcalc.filled.recognise import Recognised, Stamp, read_stamp, recognise
from qdcalc.filled.results import check_results
from qdcalc.filled.rows import TableReader, key_of
from qdcalc.filled.untouched import check_untouched
from qdcalc.layout import Input
from qdcalc.recalc.encrypted import is_encrypted, right_password
from qdcalc.recalc.limits import DEFAULT_LIMITS
from qdcalc.recalc.package import Package, open_package
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.rules.arguments import is_blank
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import find_template, template_ids

_REFUSALS: tuple[tuple[type[FileError], str], ...] = (
    (EncryptedFile, "encrypted"), (NotAWorkbook, "not_a_workbook"), (UnsafeFile, "unsafe"),
    (UnsupportedFile, "unsupported"), (FileError, "unreadable"),
)  # fmt: skip
_OF_A_SUMMARY = frozenset({"总表", "明细", "问题", "文件"})
"""Sheets of what qdcalc merge writes: its lists have the headings of the tables that they come from."""


def read_book(path: Path, *, recalculate: bool = True, passwords: Sequence[str] = ()) -> FilledBook:
    """Never raises for what a file holds. With `recalculate` rows have fresh values, and stale ones are told. Of
    `passwords` the one that opens an encrypted workbook is found.

    It takes some tenths of a second for a template of 50 rows, of which recalculating is about a half.
    """
    path = Path(path)
    problems = Problems(path)
    lock = path.with_name("~$" + path.name)
    with contextlib.suppress(OSError):
        if lock.exists() or path.with_name("~$" + path.name[2:]).exists():
            problems.add("open_elsewhere", found=lock.name)
    try:
        password = right_password(path, passwords, DEFAULT_LIMITS) if passwords and is_encrypted(path) else None
        with open_package(path, password=password) as package:
            return _Reader(package, problems, recalculate, password).book()
    except FileError as error:
        kind = next(kind for group, kind in _REFUSALS if isinstance(error, group))
        problems.add(kind, reason=error.sentence)
    except MemoryError:
        problems.add("unreadable", reason="内存不足")
    return FilledBook(path, problems=tuple(problems.found))


class _Reader:
    """One open workbook."""

    def __init__(self, package: Package, problems: Problems, recalculate: bool, password: str | None) -> None:
        self.package, self.problems = package, problems
        self.recalculate, self.password = recalculate, password
        self.sheets = read_cells(package)
        self.fresh = Fresh()
        self.readers: list[TableReader] = []
        self.fields: dict[int, dict[str, Value]] = {}
        """by copy: a field of one sheet counts for the others of the same copy"""

    def book(self) -> FilledBook:
        found = self._recognised()
        if found is None:
            return FilledBook(self.package.path, problems=tuple(self.problems.found))
        plan, stamp = found.plan, found.stamp
        versions = self._version(stamp, plan)
        self._sheets(found)
        self.readers = [
            TableReader(placed, real_table(placed.cells, placed.headings), self.problems) for placed in found.placed
        ]
        for reader in self.readers:
            reader.read()
        if any(reader.rows for reader in self.readers):
            self._fields()
            self._rows(plan)
        elif any(reader.inputs for reader in self.readers):
            self.problems.add("nothing_filled")
        if self.recalculate:
            self.fresh = recalculated(self.package.path, self.package.suffix, self.password)
            if self.fresh.reason:
                self.problems.add("not_recalculated", reason=self.fresh.reason)
        spelling = Spelling(
            {placed.cells.name: placed.table.name for placed in found.placed if placed.copy}, outside=stamp is None
        )
        told = check_untouched(self.problems, self.sheets, found, self.readers, spelling, texts=versions)
        kinds = ("overwritten_formula", "missing_formula", "changed_formula", "changed_given")
        for reader in self.readers:
            of_sheet = (item for item in self.problems.found if item.sheet == reader.cells.name)
            reader.attach(item for item in of_sheet if item.kind in kinds)
        check_results(self.problems, self.sheets, plan, self.readers, self.fresh, told)
        order = {sheet.name: number for number, sheet in enumerate(self.sheets, start=1)}
        listed = sorted(self.problems.found, key=lambda item: (order.get(item.sheet, 0), item.row, item.column))
        return FilledBook(
            self.package.path, plan.template.policy, stamp.version if stamp else "",
            "plain" if plan.plain else "functions", plan, bool(self.fresh.values),
            tuple(self._sheet(reader) for reader in self.readers), tuple(listed), order,
        )  # fmt: skip

    # ------------------------------------------------------------ which template
    def _recognised(self) -> Recognised | None:
        templates = "、".join(find_template(policy).title for policy in template_ids())
        stamp = read_stamp(self.sheets)
        if stamp is not None and stamp.policy not in template_ids():
            self.problems.add("unknown_template", found=stamp.policy, allowed=templates)
            return None
        if stamp is None and {sheet.name for sheet in self.sheets} >= _OF_A_SUMMARY:
            self.problems.add("merged_workbook")
            return None
        found = recognise(self.sheets, stamp)
        if found is None:
            self.problems.add("unknown_workbook", allowed=templates)
        elif stamp is None:
            self.problems.add("no_stamp", found=found.plan.template.title)
        return found

    def _version(self, stamp: Stamp | None, plan: Plan) -> bool:
        """Whether the formulas should be those of today's template."""
        if stamp is None or stamp.version == plan.template.version:
            return True
        kind = "older_version" if _number(stamp.version) < _number(plan.template.version) else "newer_version"
        self.problems.add(kind, found=stamp.version, allowed=plan.template.version)
        return False

    def _sheets(self, found: Recognised) -> None:
        """What became of the sheets themselves."""
        add = self.problems.add
        there = {placed.table.key for placed in found.placed}
        lost = {sheet.name for sheet in found.lost}
        for table in found.plan.tables.values():
            if table.key not in there and table.name not in lost and found.stamp is not None:
                add("missing_sheet", allowed=table.name)
        for sheet in found.lost:
            add("lost_headings", sheet.name, found=sheet.name)
        for sheet in found.extra:
            add("extra_sheet", sheet.name, found=sheet.name)
        for placed in found.placed:
            name, table, headings = placed.cells.name, placed.table, placed.headings
            if placed.copy:
                add("copied_sheet", name, found=name, allowed=table.name)
            elif name != table.name:
                add("renamed_sheet", name, found=name, allowed=table.name)
            at = headings.row, 1
            for column in headings.missing:
                add("missing_column", name, f"{headings.row}:{headings.row}", allowed=column.title, at=at)
            for number, words in headings.inserted:
                at = headings.row, number
                add("inserted_column", name, cell_ref(*at), found=words or "（无表头）", at=at)
            for number, column in headings.renamed:
                at = headings.row, number
                words = str(placed.cells.values[at])
                add("changed_heading", name, cell_ref(*at), found=words, allowed=column.title, at=at)
            if headings.moved:
                add("moved_columns", name, f"{headings.row}:{headings.row}", at=(headings.row, 1))
            if headings.row != table.header_row + 1:
                add("moved_rows", name, f"{headings.row}:{headings.row}", found=str(headings.row),
                    allowed=str(table.header_row + 1), at=(headings.row, 1))  # fmt: skip

    # ------------------------------------------------------------ what is filled in
    def _fields(self) -> None:
        for reader in self.readers:
            own = self.fields.setdefault(reader.placed.copy, {})
            for field in reader.table.fields:
                at = field.row + 1, field.value[0] + 1
                cell = reader.cells.values.get(at)
                entry = Entry(field.title, field.type, field.required, date1904=self.package.date1904)
                value, refusal = entry.read(cell)
                own[field.key] = value
                if refusal is not None:
                    kind, words = refusal
                    hint = words["hint"]
                    if kind == "blank" and words["allowed"]:
                        hint = f"，应填 {words['allowed']}"
                    self.problems.add(
                        kind, reader.cells.name, cell_ref(*at), found=words["found"], allowed=words["allowed"], at=at,
                        title=field.title, hint=hint,
                    )  # fmt: skip

    def _field_text(self, key: str, copy: int) -> str:
        return str(self._field(key, copy) or "")

    def _field(self, key: str, copy: int) -> Value:
        return self.fields.get(copy, {}).get(key) or self.fields.get(0, {}).get(key)

    def _rows(self, plan: Plan) -> None:
        for reader in self.readers:
            if reader.table.sheet.follows:
                self._follow(plan, reader)
        names = compared(plan.template)
        for reader in self.readers:
            copy = reader.placed.copy
            without = [column.key for column in reader.table.columns if column.key not in reader.columns]
            model = row_model(
                reader.table, functools.partial(self._field_text, copy=copy),
                date1904=self.package.date1904, without=without, compared=names,
            )  # fmt: skip
            reader.check(model)
            reader.merges()
            reader.duplicates()
            reader.below()
            if reader.table.sheet.counted and not reader.table.given:
                reader.gaps()
        for reader in self.readers:
            for column in reader.inputs:
                if isinstance(column.spec, Input) and column.spec.listed:
                    self._listed(reader, column.spec.listed, column.key)

    def partner(self, key: str, copy: int) -> TableReader | None:
        """The sheet of another table that goes with this copy; with the first where there is no such copy."""
        same = [reader for reader in self.readers if reader.table.key == key]
        return next((reader for reader in same if reader.placed.copy == copy), None) or next(iter(same), None)

    def _follow(self, plan: Plan, reader: TableReader) -> None:
        root = plan.chain(plan.tables[reader.table.key])[-1]
        leader = self.partner(root.key, reader.placed.copy)
        if leader is None:
            return
        positions = {row.position for row in leader.rows if not row.below}
        for row in [row for row in reader.rows if row.position not in positions]:
            key = next(key for key, cell in row.raw.items() if cell not in (None, ""))
            reader.tell(
                row, "orphan_row", key, found=shown(row.raw[key]), hint=leader.cells.name,
                title=reader.table.by_key[key].title,
            )  # fmt: skip
            reader.rows.remove(row)
        reader.add_followers(positions)

    def _listed(self, reader: TableReader, reference: str, key: str) -> None:
        table, _, column = reference.partition(".")
        source = self.partner(table, reader.placed.copy)
        if source is None or column not in source.columns:
            return
        options: dict[str, str] = {}
        at, first = source.columns[column], source.table.first + 1
        for row in range(first, max([source.table.last + 1, *(row.number for row in source.rows)]) + 1):
            cell = source.cells.values.get((row, at))
            if not is_blank(cell):
                options[key_of(cell)] = shown(cell)
        reader.listed(reader.table.by_key[key], options, source.cells.name)

    # ------------------------------------------------------------ the answer
    def _sheet(self, reader: TableReader) -> FilledSheet:
        cells, fresh = reader.cells, self.fresh.values.get(reader.cells.name, {})
        computed = {
            column.key: reader.columns[column.key]
            for column in reader.table.columns
            if column.role in ("output", "derived", "notice", "mark") and column.key in reader.columns
        }
        rows = tuple(
            FilledRow(
                row.number, row.position, row.values, row.raw,
                {key: cells.values.get((row.number, at)) for key, at in computed.items()},
                {key: fresh.get((row.number, at)) for key, at in computed.items()} if fresh else {},
                row.below, tuple(row.problems),
            )
            for row in reader.rows
        )  # fmt: skip
        own = {field.key for field in reader.table.fields}
        fields = {key: value for key, value in self.fields.get(reader.placed.copy, {}).items() if key in own}
        return FilledSheet(reader.table.key, cells.name, reader.placed.copy, reader.table, rows, fields)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
