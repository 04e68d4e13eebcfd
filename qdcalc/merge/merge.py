"""Reads the files of a folder one by one, keeps what each gave, and writes the merged workbook in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.errors import FileError, UsageError, reason
from qdcalc.filled.check import in_workers, workbooks
from qdcalc.merge.book import MergedBook
from qdcalc.merge.harvest import Harvest
from qdcalc.merge.kept import kept_beside
from qdcalc.merge.recalculated import DOUBTFUL, NOTHING, SAME_FILE, same_files, told_of, unsure, with_told
from qdcalc.merge.task import Reading, read_file
from qdcalc.merge.twice import Source, Twice, claimed_twice
from qdcalc.recalc.encrypted import is_encrypted
from qdcalc.recalc.identity import digest, software
from qdcalc.recalc.passwords import Passwords
from qdcalc.recalc.results import all_results, without_copies

_SHOWN = 120
"""characters of a reason on a terminal; the sheet 问题 has all"""

Progress = Callable[[int, int, Harvest], None]
"""called after each file: (done, total, what it gave)"""


@dataclass
class MergeReport:
    """What was merged. `exit_code` is 0 if every file was merged whole, else 1."""

    target: Path
    harvests: list[Harvest] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)
    reused: int = 0
    encrypted: int = 0
    """files with a password whose rows now lie in a workbook without one"""

    notes: list[str] = field(default_factory=list)
    """what a person should know of the files as a whole"""
    unsure: list[str] = field(default_factory=list)
    """why there may be more files than these"""

    @property
    def merged(self) -> int:
        return sum(item.merged for item in self.harvests)

    @property
    def left_out(self) -> int:
        return sum(item.left_out for item in self.harvests)

    @property
    def total(self) -> Decimal:
        return sum((claim.amount for item in self.harvests for claim in item.claims), Decimal(0))

    @property
    def failed(self) -> list[Harvest]:
        """Files that gave nothing, though they should have."""
        return [item for item in self.harvests if not item.merged]

    @property
    def doubtful(self) -> list[tuple[Harvest, str]]:
        """Files that were merged, though the recalculation tells something of them, with its sentence."""
        told = ((item, trouble) for item in self.harvests if item.merged for trouble in item.troubles)
        return [(item, trouble.sentence) for item, trouble in told if trouble.title == DOUBTFUL]

    @property
    def exit_code(self) -> int:
        return 1 if self.left_out or self.failed or self.doubtful or self.unsure else 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "target": str(self.target),
            "files": [
                {"path": item.path, "policy": item.policy, "version": item.version, "merged": item.merged,
                 "left_out": item.left_out, "amount": str(sum((claim.amount for claim in item.claims), Decimal(0))),
                 "problems": sum(not trouble.note for trouble in item.troubles),
                 "reason": "" if item.merged else _why(item)}
                for item in self.harvests
            ],
            "notes": [*self.unsure, *self.notes],
            "totals": {"files": len(self.harvests), "merged": self.merged, "left_out": self.left_out,
                       "amount": str(self.total), "twice": len(self.twice), "reused": self.reused, "encrypted": self.encrypted},
            "exit_code": self.exit_code,
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [
            f"共 {len(self.harvests)} 个文件，合并 {self.merged} 行，金额合计 {self.total:,.2f} 元，已写入 {self.target}"
        ]
        if self.left_out:
            lines.append(f"  {self.left_out} 行有问题没有合并，见“问题”表")
        lines += [f"  没有合并：{item.path}（{_why(item)}）" for item in self.failed]
        lines += [f"  请核对：{item.path}：{sentence}" for item, sentence in self.doubtful]
        lines += [f"  注意：{note}" for note in (*self.unsure, *self.notes)]
        if self.encrypted:
            lines.append(f"  其中 {self.encrypted} 个文件有打开密码；汇总没有密码，内容任何人都能打开，请妥善保管")
        sure = [item for item in self.twice if not item.doubt]
        if self.twice:
            above = sum((item.above for item in sure), Decimal(0))
            lines.append(
                f"  重复享受 {len(self.twice)} 组（其中 {len(self.twice) - len(sure)} 组待核实），高于就高的金额 {above:,.2f} 元，见“重复享受”表"
            )
        return "\n".join(lines)


def _why(item: Harvest) -> str:
    wrong = [trouble for trouble in item.troubles if not trouble.note]
    if not wrong:
        return "没有填报"
    first = wrong[0]
    sentence = first.sentence if len(first.sentence) <= _SHOWN else f"{first.sentence[:_SHOWN]}…"
    if not item.left_out:
        return sentence
    place = f"{first.sheet}!{first.cell} " if first.cell else ""
    more = f"，等 {len(wrong)} 个问题" if len(wrong) > 1 else ""
    return f"填的 {item.left_out} 行都有问题：{place}{sentence}{more}"


def merge(
    paths: Iterable[Path | str] | Path | str,
    target: Path | str,
    *,
    resume: bool = False,
    workers: int | None = None,
    timeout: float | None = None,
    progress: Progress | None = None,
    passwords: Passwords | None = None,
) -> MergeReport:
    """Merges filled workbooks (files, folders) into `target`, an .xlsx that is replaced only when all is done.

    Files are read by `workers` processes as in `check`; those of a folder into which this software recalculated them are
    taken as they are, all others are recalculated for the merge. Those that it failed on are among the harvests,
    too, with its reason. What each gave is kept beside the target; with `resume` files that were read and are unchanged since then are not read again. `passwords` open encrypted workbooks; what is merged of
    them lies in the target without encryption.
    Raises UsageError for a path that does not exist or a target that is one of the files, FileError if it cannot be
    written.
    """
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    target = Path(target)
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"输出文件“{target.name}”应为 .xlsx")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"文件夹“{target.parent}”不存在")
    files = [path for path in workbooks(given) if not (target.exists() and path.samefile(target))]
    if not files:
        raise UsageError("没有找到可以合并的工作簿")
    folders = [path for path in given if path.is_dir()]
    results = all_results(folders)
    files, copies = without_copies(files, results, "合并")
    told = told_of(files, results, folders)
    names = _names(given, [*files, *told])
    report = MergeReport(target, unsure=[*unsure(results)], notes=copies)
    with kept_beside(target) as kept:
        marks = {path: digest(path) or "" for path in files}
        told.update(same_files(marks, names))
        files = [path for path in files if told.get(path, NOTHING).title != SAME_FILE]
        found = {path: _read_before(kept.find(names[path], marks[path])) if resume else None for path in files}
        todo = [path for path in files if found[path] is None]
        report.reused = len(files) - len(todo)
        entries = [entry for one in results for entry in one.entries.values()]
        fresh = frozenset(entry.target_hash for entry in entries if entry.target_hash and entry.software == software())
        with _read(
            [(path, names[path]) for path in todo], fresh, workers, timeout, passwords or Passwords()
        ) as outcomes:
            for done, (number, item) in enumerate(outcomes, start=report.reused + 1):
                path = todo[number]
                found[path] = item
                kept.keep(item, marks[path])
                if progress is not None:
                    progress(done, len(files), item)
        report.harvests = with_told(told, {path: item for path, item in found.items() if item is not None}, names)
    report.encrypted = sum(item is not None and item.merged > 0 and is_encrypted(path) for path, item in found.items())
    sources = [Source(item.path, claim) for item in report.harvests for claim in item.claims]
    report.twice = claimed_twice(sources)
    _write(report)
    return report


def _read_before(found: Harvest | None) -> Harvest | None:
    """A file that could not be read is tried again: perhaps there is a password for it now."""
    return found if found is not None and found.policy else None


@contextmanager
def _read(
    files: list[tuple[Path, str]],
    fresh: Collection[str],
    workers: int | None,
    timeout: float | None,
    passwords: Passwords,
) -> Iterator[Iterator[tuple[int, Harvest]]]:
    """A single file stays in this process unless workers are asked for."""
    if len(files) < 2 and workers is None:
        yield ((number, read_file(*file, passwords=passwords.all_for(file[0]))) for number, file in enumerate(files))
        return
    with in_workers(Reading(files, fresh, passwords), workers, timeout) as outcomes:
        yield outcomes


def _names(given: Iterable[Path], files: Iterable[Path]) -> dict[Path, str]:
    """How a person finds a file again: its path below the folder that was given."""
    folders = [path for path in given if path.is_dir()]
    found: dict[Path, str] = {}
    for path in files:
        base = next((folder for folder in folders if path.is_relative_to(folder)), None)
        if base is None:
            found[path] = path.name
        else:
            inside = path.relative_to(base).as_posix()
            found[path] = f"{base.resolve().name}/{inside}" if len(folders) > 1 else inside
    return found


def _write(report: MergeReport) -> None:
    target = report.target
    try:
        handle, name = tempfile.mkstemp(prefix=".qdcalc-", suffix=".xlsx", dir=target.absolute().parent)
        os.close(handle)
        draft = Path(name)
        try:
            MergedBook(draft, report.harvests, report.twice, [*report.unsure, *report.notes]).write()
            mask = os.umask(0)
            os.umask(mask)
            draft.chmod(0o666 & ~mask)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except PermissionError as error:
        raise FileError(target, "无法写入：文件正在 Excel/WPS 中打开，或文件夹不允许写入；请关闭后再试") from error
    except OSError as error:
        raise FileError(target, f"写入失败（{reason(error)}）") from error
