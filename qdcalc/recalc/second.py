"""A second opinion: LibreOffice computes the ordinary formulas of a finished workbook, and every difference is told.

Policy functions enter LibreOffice as the values that the provisions gave: they are exact, and proven on their own. What is
compared is everything else: a built-in function that one engine gets wrong shows here and nowhere else. With the engine
`libreoffice` its values are then written where a recalculation writes values.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from qdcalc.recalc.analysis import Work, analyse
from qdcalc.recalc.dependents import Marks
from qdcalc.recalc.model import SheetModel
from qdcalc.recalc.office import OFFICE, OfficeError, calculated
from qdcalc.recalc.officefile import Source
from qdcalc.recalc.package import Package, open_package, write_package
from qdcalc.recalc.patch import patch_sheet
from qdcalc.recalc.report import BookReport, Difference
from qdcalc.recalc.scan import read_shared_strings, read_values
from qdcalc.recalc.settle import same
from qdcalc.recalc.values import ERROR_CODES, Cell, CellValue, ErrorValue
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.rules.function import Function

STAGE = "LibreOffice"
_UNKNOWN = "#NAME?"
Values = list[dict[Cell, CellValue]]


def second_opinion(
    report: BookReport,
    source: Path,
    target: Path,
    engine: str,
    *,
    functions: Mapping[str, Function] | None = None,
    all_cells: bool = False,
    password: str | None = None,
    calculate: Callable[[Path, Path], Path] = calculated,
) -> None:
    """Compares `target`, just recalculated from `source`, and tells the differences in `report`.

    Where LibreOffice does not do it, that is the file's error: what was asked for was not done. The target stands.
    """
    started = time.perf_counter()
    if functions is None:
        from qdcalc.policies import functions as registered

        functions = registered()
    try:
        with open_package(target) as package, tempfile.TemporaryDirectory(prefix="qdcalc-") as folder:
            opinion = _Opinion(package, functions)
            opinion.ask(Path(folder), calculate)
            opinion.tell(report)
            if engine == OFFICE:
                _write(report, source, target, package, opinion, functions, all_cells, password)
    except OfficeError as error:
        report.error = f"结果已写出，但没有用 LibreOffice 计算：{error.sentence}"
    report.seconds[STAGE] = time.perf_counter() - started


class _Opinion:
    """What the workbook holds and what LibreOffice finds, formula by formula."""

    def __init__(self, package: Package, functions: Mapping[str, Function]) -> None:
        self.package = package
        self.source = Source(package)
        self.work: Work = analyse(package, functions, False)
        self.own: Values = [dict(_cached(model)) for model in self.work.models]
        self.found: Values = []
        self.unknown = 0
        self._provisions = self._marked(lambda plan: bool(plan.provisions))
        moving = self.work.graph.spread(self._marked(lambda plan: plan.volatile))
        self._moving = [_cells(model, moving.sheets[at]) for at, model in enumerate(self.work.models)]
        given = [_cells(model, self._provisions.sheets[at]) for at, model in enumerate(self.work.models)]
        self.fixed = [one | two for one, two in zip(given, self.source.elsewhere(), strict=True)]

    def _marked(self, wanted: Callable[..., bool]) -> Marks:
        marks = Marks([bytearray(len(model)) for model in self.work.models])
        for sheet, model in enumerate(self.work.models):
            for number in range(len(model)):
                if wanted(model.family[number].plan):
                    marks.sheets[sheet][number] = 1
        return marks

    def ask(self, folder: Path, calculate: Callable[[Path, Path], Path]) -> None:
        """A formula that LibreOffice does not know enters, the second time, as its value: what reads it is compared."""
        for round_ in ("1", "2"):
            place = folder / round_
            place.mkdir()
            self.source.write(place / "workbook.xlsx", self.fixed, self.own)
            self.found = self._read(calculate(place / "workbook.xlsx", place))
            unknown = [
                {cell for cell in own if cell not in self.fixed[at] and _made_up(self.found[at].get(cell), own[cell])}
                for at, own in enumerate(self.own)
            ]
            count = sum(map(len, unknown))
            if not count:
                return
            self.unknown += count
            self.fixed = [one | two for one, two in zip(self.fixed, unknown, strict=True)]

    def _read(self, path: Path) -> Values:
        with open_package(path) as package:
            part = package.shared_strings_part
            strings = () if part is None else read_shared_strings(package.read(part), path=path)
            parts = {sheet.name: sheet.part for sheet in package.sheets}
            found: Values = []
            for at, sheet in enumerate(self.package.sheets):
                name = parts.get(sheet.name)
                if name is None:
                    raise OfficeError(f"LibreOffice 的结果里没有工作表“{sheet.name}”")
                found.append(dict(read_values(package.read(name), strings, self.own[at], path=path, sheet=sheet.name)))
            return found

    def differences(self) -> Iterator[tuple[int, Cell, CellValue, CellValue]]:
        """(sheet, cell, value of the workbook, value of LibreOffice)."""
        for sheet, own in enumerate(self.own):
            for cell, value in own.items():
                if cell in self.fixed[sheet] or cell in self._moving[sheet]:
                    continue
                other = self.found[sheet].get(cell)
                if not _agree(value, other):
                    yield sheet, cell, value, other

    @property
    def compared(self) -> int:
        return sum(
            len(own.keys() - fixed - moving)
            for own, fixed, moving in zip(self.own, self.fixed, self._moving, strict=True)
        )

    def tell(self, report: BookReport) -> None:
        report.compared = self.compared
        for sheet, cell, value, other in self.differences():
            report.add(Difference(self.package.sheets[sheet].name, cell_ref(*cell), value, other))
        if self.unknown:
            report.notes.append(f"有 {self.unknown} 个公式 LibreOffice 不会算，没有核对")

    def concerned(self, cells: list[set[Cell]]) -> int:
        """How many policy functions depend on these cells."""
        marks = Marks([bytearray(len(model)) for model in self.work.models])
        for sheet, model in enumerate(self.work.models):
            for number in range(len(model)):
                if (model.rows[number], model.columns[number]) in cells[sheet]:
                    marks.sheets[sheet][number] = 1
        reached = self.work.graph.spread(marks)
        return sum(
            sum(one & two for one, two in zip(left, right, strict=True))
            for left, right in zip(reached.sheets, self._provisions.sheets, strict=True)
        )


def _write(
    report: BookReport, source: Path, target: Path, package: Package, opinion: _Opinion,
    functions: Mapping[str, Function], all_cells: bool, password: str | None,
) -> None:  # fmt: skip
    """LibreOffice's values into the cells that a recalculation of `source` writes."""
    with open_package(source, password=password) as before:
        work = analyse(before, functions, all_cells)
    wanted = [_cells(model, work.patch.sheets[at]) for at, model in enumerate(work.models)]
    fresh: Values = [{} for _ in package.sheets]
    for sheet, cell, _, other in opinion.differences():
        if cell in wanted[sheet]:
            fresh[sheet][cell] = _storable(other)
    parts: dict[str, bytes] = {}
    expected: dict[str, dict[Cell, CellValue]] = {}
    for at, values in enumerate(fresh):
        if values:
            part = package.sheets[at].part
            parts[part] = patch_sheet(package.read(part), values, path=target, sheet=package.sheets[at].name).xml
            expected[part] = values
    if not parts:
        return
    write_package(package, target, parts, expected=expected)
    report.notes.append(f"其中 {sum(map(len, fresh))} 个单元格写入的是 LibreOffice 的值")
    concerned = opinion.concerned([set(values) for values in fresh])
    if concerned:
        report.notes.append(f"有 {concerned} 个政策函数引用两个引擎不一致的单元格，按本程序的值计算，请核对")


def _cached(model: SheetModel) -> Iterator[tuple[Cell, CellValue]]:
    """Every formula cell of a sheet, those under array formulas too, with the value it has."""
    for number in range(len(model)):
        yield (model.rows[number], model.columns[number]), model.cached[number]
    for members in model.members.values():
        for row, column, value in members:
            yield (row, column), value


def _cells(model: SheetModel, flags: bytearray) -> set[Cell]:
    """The cells of marked formulas, those under array formulas too."""
    found: set[Cell] = set()
    for number, flag in enumerate(flags):
        if flag:
            found.add((model.rows[number], model.columns[number]))
            found.update((row, column) for row, column, _ in model.members.get(number, ()))
    return found


def _made_up(found: CellValue, own: CellValue) -> bool:
    return found == ErrorValue(_UNKNOWN) and own != found


def _agree(own: CellValue, other: CellValue) -> bool:
    """TRUE is 1 for LibreOffice, and a text without characters may be stored as no value."""
    return same(_bare(own), _bare(other))


def _bare(value: CellValue) -> CellValue:
    if isinstance(value, bool):
        return float(value)
    return None if value == "" else value


def _storable(value: CellValue) -> CellValue:
    if value is None:
        return ""
    if isinstance(value, ErrorValue) and value.code not in ERROR_CODES:
        return ErrorValue("#VALUE!")
    return value
