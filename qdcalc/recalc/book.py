"""One workbook: open → scan → engine → patch the original bytes → re-read and verify → replace.

    report = recalc_book(Path("in.xlsx"), Path("out.xlsx"))

What gets a fresh value: cells with provisions, cells without a value, volatile cells, and whatever depends on these.
Every other value came from a program that calculates, and stays. The input is never changed unless it is the output
too, and then only by the last step.
"""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qdcalc.errors import FileError, UnsupportedFile, reason
from qdcalc.recalc.analysis import Work, analyse
from qdcalc.recalc.calls import PICTURE
from qdcalc.recalc.engine import Engine
from qdcalc.recalc.enginefile import write_engine_file
from qdcalc.recalc.facts import SUFFIXES
from qdcalc.recalc.formulas import tag_of
from qdcalc.recalc.model import SheetModel
from qdcalc.recalc.package import Package, open_package, write_package
from qdcalc.recalc.patch import patch_sheet
from qdcalc.recalc.report import BookReport, Disagreement, Failure, Skipped
from qdcalc.recalc.scan import Area
from qdcalc.recalc.settle import Settled, settle
from qdcalc.recalc.values import ERROR_CODES, CellValue, ColumnValues, ErrorValue
from qdcalc.recalc.whole import WholeColumn, calculate, whole_columns
from qdcalc.recalc.xmltext import cell_ref
from qdcalc.rules.function import Function


class _Clock:
    """Seconds by stage."""

    def __init__(self, report: BookReport) -> None:
        self._report = report
        self._last = time.perf_counter()

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self._report.seconds[name] = self._report.seconds.get(name, 0.0) + now - self._last
        self._last = now


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """A large sheet makes millions of small tuples for a moment, which would set off one search for circles after another;
    what makes circles here (Engine) breaks them itself."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_without_collector()
def recalc_book(
    source: Path,
    target: Path,
    *,
    functions: Mapping[str, Function] | None = None,
    all_cells: bool = False,
    password: str | None = None,
    decrypted: bool = False,
) -> BookReport:
    """Recalculates `source` into `target`, which may be the same file. Raises FileError; then `target` is as it was.

    `functions` are the provisions by name, all of the package if left out. `all_cells` gives every formula the
    engine's value, except where the engine made an error up. An encrypted workbook is opened with `password`; its
    result would lie there without encryption, so that has to be wanted (`decrypted`).
    """
    report = BookReport(source, target)
    clock = _Clock(report)
    if functions is None:
        from qdcalc.policies import functions as registered  # only now: it loads every policy

        functions = registered()
    with open_package(source, password=password) as package:
        clock.stage("打开")
        work = analyse(package, functions, all_cells)
        clock.stage("分析")
        report.formulas = sum(len(model) for model in work.models)
        _notes(package, work, report)
        values: dict[str, ColumnValues] = {}
        if work.calculates:
            whole = [] if package.date1904 else whole_columns(work.models, work.patch, work.not_in_engine, functions)
            engine = _load(package, work, functions, whole)
            clock.stage("载入")
            try:
                calculate(engine, whole)
                settled = settle(engine, work.models, work.graph, work.patch, work.not_in_engine)
            finally:
                engine.close()
            values = _values(work, settled, engine, report)
            del engine, settled
            clock.stage("计算")
        _skipped(work, report)
        parts: dict[str, bytes] = {}
        for sheet, model in zip(package.sheets, work.models, strict=True):
            fresh = values.get(sheet.part)
            if not fresh:
                continue
            result = patch_sheet(package.read(sheet.part), fresh, path=source, sheet=sheet.name, model=model)
            report.patched += result.changed + result.kept
            report.changed += result.changed
            if result.changed:
                parts[sheet.part] = result.xml
        package.forget()
        report.kept = report.formulas - sum(len(fresh) for fresh in values.values()) + work.members_patched
        clock.stage("写回")
        if parts:
            expected = {part: values[part] for part in parts}
            write_package(package, target, parts, expected=expected, decrypted=decrypted)
        else:
            _copy(package, target)
        clock.stage("校验")
    return report


def _load(
    package: Package, work: Work, functions: Mapping[str, Function], whole: Sequence[WholeColumn]
) -> Engine:  # fmt: skip
    """The engine with the workbook in it, without the formulas that it does not do and those of whole columns."""
    areas: dict[int, Area] = {}
    for sheet, model in enumerate(work.models):
        for family in model.families:
            if family.area is not None:
                areas[tag_of(sheet, family.first, family.column)] = family.area
    names = [model.name for model in work.models]
    with tempfile.TemporaryDirectory(prefix="qdcalc-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "engine.xlsx")
        left_out = work.not_in_engine
        for column in whole:
            column.family.mark(left_out[column.family.sheet])
        write_engine_file(path, package, work.models, left_out)
        package.forget()
        try:
            return Engine(path, names, functions, areas=areas, date1904=package.date1904)
        except ValueError as error:
            reason = str(error).rsplit("error: ", 1)[-1]
            raise UnsupportedFile(
                package.path, f"计算引擎读不了这个工作簿，请用表格软件打开另存后再试（{reason}）"
            ) from error


def _values(work: Work, settled: Settled, engine: Engine, report: BookReport) -> dict[str, ColumnValues]:
    """The cells to patch by part; and what the report says of formulas."""
    found: dict[str, ColumnValues] = {}
    for sheet, model in enumerate(work.models):
        patch, held, fresh = work.patch[sheet], settled.held[sheet], settled.fresh[sheet]
        values = found[model.part] = ColumnValues()
        told: list[int] = []  # the report names formulas in the order of the file
        for family in model.families:
            flags, holds = family.flags(patch), family.flags(held)
            if 1 not in flags:
                continue
            results = fresh.of(family)
            if isinstance(results, array) and 0.0 in results:
                results = array("d", [value + 0.0 for value in results])  # no -0
            if not isinstance(results, array):
                results = [_storable(value) for value in results]
                if ErrorValue in set(map(type, results)):
                    told += [
                        number
                        for number, value, flag in zip(family.indexes, results, flags, strict=True)
                        if flag and isinstance(value, ErrorValue)
                    ]
            if 0 not in flags and 1 not in holds:
                values.add(family.column, family.first, results)
                continue
            for number, value, flag, hold in zip(family.indexes, results, flags, holds, strict=True):
                if not flag:
                    continue
                if hold:
                    told.append(number)
                else:
                    values[model.rows[number], family.column] = value
        for number in sorted(told):
            if held[number]:
                _held(work, settled, sheet, number, engine, report)
            else:
                report.errors += 1
                _failure(sheet, model, number, values[model.rows[number], model.columns[number]], engine, report)
        for anchor, members in model.members.items():
            if patch[anchor] and not held[anchor]:
                for (row, column, _), value in zip(members, settled.members[sheet, anchor], strict=True):
                    values[row, column] = _storable(value)
                    work.members_patched += 1
        for anchor, family in ((family.indexes[0], family) for family in model.families if family.area is not None):
            size = engine.sizes.get(tag_of(sheet, family.first, family.column))
            if size is not None and patch[anchor] and not held[anchor]:
                reference = cell_ref(family.first, family.column)
                report.notes.append(
                    f"{model.name}!{reference} 的数组结果为 {size[0]} 行 {size[1]} 列，与公式的区域大小不同，"
                    "只填写该区域；请在表格软件中重新输入该公式"
                )
    _disagreements(work, settled, report)
    return found


def _storable(value: CellValue) -> CellValue:
    """As a cell can hold it: a formula that gives a blank shows 0, an error of the engine's own is #VALUE!."""
    if value is None:
        return 0.0
    if value.__class__ is float:
        return value + 0.0  # no -0
    if isinstance(value, ErrorValue) and value.code not in ERROR_CODES:
        return ErrorValue("#VALUE!")
    return value


def _failure(sheet: int, model: SheetModel, number: int, value: CellValue, engine: Engine, report: BookReport) -> None:
    assert isinstance(value, ErrorValue)
    row, column = model.rows[number], model.columns[number]
    known = engine.failures.get(tag_of(sheet, row, column))
    if known is not None:
        _, function, error = known
        report.add(
            Failure(model.name, cell_ref(row, column), function.name, value.code, error.sentence, function.article)
        )


def _held(work: Work, settled: Settled, sheet: int, number: int, engine: Engine, report: BookReport) -> None:
    model = work.models[sheet]
    found = settled.found.get((sheet, number))
    if found is None:
        reason = "它引用的公式未能计算"
    elif tag_of(sheet, model.rows[number], model.columns[number]) in engine.doubts:
        reason = "结果取决于小数的最后几位、文字的排序或区域的大小，各软件不一"
    else:
        reason = f"引擎算不出这个公式（{found.code if isinstance(found, ErrorValue) else found}）"
    cached = None if model.uncached[number] else model.cached[number]
    reference = cell_ref(model.rows[number], model.columns[number])
    report.add(Skipped(model.name, reference, reason, cached, outdated=cached is not None))


def _disagreements(work: Work, settled: Settled, report: BookReport) -> None:
    """Those that follow from another disagreement are left out: they say nothing new."""
    places = [_by_column(model, settled.differing[sheet]) for sheet, model in enumerate(work.models)]
    for sheet, model in enumerate(work.models):
        if 1 not in settled.differing[sheet]:
            continue
        for number, flag in enumerate(settled.differing[sheet]):
            if not flag or _follows(work, places, sheet, number):
                continue
            reference = cell_ref(model.rows[number], model.columns[number])
            engine = settled.found[sheet, number]
            report.add(Disagreement(model.name, reference, model.cached[number], engine))


def _by_column(model: SheetModel, differing: Sequence[int]) -> dict[int, list[int]]:
    """Column → rows of the formulas that disagree, ascending: a look-up for areas of any size."""
    found: dict[int, list[int]] = {}
    for number, flag in enumerate(differing):
        if flag:
            found.setdefault(model.columns[number], []).append(model.rows[number])
    for rows in found.values():
        rows.sort()
    return found


def _follows(work: Work, places: Sequence[Mapping[int, list[int]]], sheet: int, number: int) -> bool:
    model = work.models[sheet]
    here = model.rows[number], model.columns[number]
    for target, area in model.family[number].areas(model.rows[number]):
        for column, rows in places[target].items():
            if not area.first_column <= column <= area.last_column:
                continue
            inside = bisect_right(rows, area.last_row) - bisect_left(rows, area.first_row)
            if inside > (target == sheet and column == here[1] and here in area):
                return True
    return False


def _skipped(work: Work, report: BookReport) -> None:
    pictures = 0
    for sheet, model in enumerate(work.models):
        for number, flag in enumerate(work.left_out[sheet]):
            if flag:
                reason = work.reasons.get((sheet, number)) or model.family[number].plan.reason
                if reason.endswith(PICTURE):
                    pictures += 1
                    continue
                cached = None if model.uncached[number] else model.cached[number]
                reference = cell_ref(model.rows[number], model.columns[number])
                report.add(Skipped(model.name, reference, reason, cached, bool(work.outdated[sheet][number])))
    if pictures:
        report.notes.append(f"有 {pictures} 个单元格图片（WPS 的 DISPIMG），原样保留")


def _notes(package: Package, work: Work, report: BookReport) -> None:
    unchecked = sum(flags.count(1) for flags in work.unchecked.sheets)
    if unchecked:
        report.notes.append(f"有 {unchecked} 个保留原值的公式计算量很大，没有与引擎核对")
    if not package.full_precision:
        report.notes.append("工作簿启用了“将精度设为所显示的精度”，重算时按完整精度计算")
    if package.full_calc_on_load:
        report.notes.append("工作簿要求打开时全部重算：没有安装加载项的电脑上政策函数会显示 #NAME?")


def _copy(package: Package, target: Path) -> None:
    """Byte for byte, and in one step as well."""
    source = package.path
    suffix = target.suffix.lower()
    target = Path(os.path.realpath(target))
    if target.is_dir():
        raise FileError(target, "输出位置是文件夹，不是文件")
    if suffix in SUFFIXES and suffix != package.suffix:
        raise UnsupportedFile(target, f"按内容这应当是 {package.suffix} 文件，请用 {package.suffix} 作扩展名")
    if target.exists() and source.exists() and target.samefile(source):
        return
    temporary: Path | None = None
    try:
        content = source.read_bytes() if package.encrypted else package.file_bytes()
        handle, name = tempfile.mkstemp(prefix=".qdcalc-", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod((target if target.exists() else source).stat().st_mode & 0o777)
        os.replace(temporary, target)
        temporary = None
    except FileNotFoundError as error:
        raise FileError(target, f"文件夹不存在：{target.parent}") from error
    except PermissionError as error:
        raise FileError(target, "无法写入：文件正在 Excel/WPS 中打开，或文件夹不允许写入；请关闭后再试") from error
    except OSError as error:
        raise FileError(target, f"写入失败（{reason(error)}）") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
