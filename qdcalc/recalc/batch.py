"""Many workbooks: each file on its own, so that one that fails stops no other."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from qdcalc.errors import EncryptedFile, FileError, UsageError, reason
from qdcalc.recalc.encrypted import is_encrypted, right_password
from qdcalc.recalc.journal import Journal, clean, locked, scratch, storable
from qdcalc.recalc.limits import DEFAULT_LIMITS, WorkerLimits
from qdcalc.recalc.office import ENGINES, FIRST, find_office
from qdcalc.recalc.passwords import Passwords
from qdcalc.recalc.paths import PassedOver, plan
from qdcalc.recalc.pool import cores, run
from qdcalc.recalc.report import BookReport, Report
from qdcalc.recalc.results import all_results, without_copies
from qdcalc.recalc.task import Job, Options, Outcome, Recalculation
from qdcalc.rules.function import Function

_STALE = 3600.0
"""seconds after which the draft of a single file, which no lock protects, is surely nobody's any more"""
INTERNAL = "程序内部错误，没有重算，请反馈"
"""how the sentence of a mistake of our own begins"""

Progress = Callable[[int, int, BookReport], None]
"""called after each file: (done, total, its report)"""


def recalc(
    paths: Iterable[Path | str] | Path | str,
    out: Path | str,
    *,
    all_cells: bool = False,
    workers: int | None = None,
    timeout: float | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    functions: Mapping[str, Function] | None = None,
    passwords: Passwords | None = None,
    decrypted: bool = False,
    limits: WorkerLimits | None = None,
    engine: str = FIRST,
) -> Report:
    """Recalculates files and folders into `out`.

    One input file and an `out` that is not a folder: `out` is the output file. Otherwise `out` is a folder: a file of
    a folder keeps its path in it, two folders that were named keep theirs apart by their own names. `~$` files and
    what is no workbook are passed over; workbooks of older kinds are named in the report. A file that fails is
    reported, and the others go on. Raises UsageError for inputs that do not exist or outputs that would collide, and
    while another run works in the same `out`.

    Files are recalculated by `workers` processes, one a core if left out; a file that crashes its process or exceeds
    `timeout` seconds fails alone. Only a single output file with neither `workers` nor `timeout` given, and
    `functions` of one's own, which cannot travel, stay in this process. Workers keep a journal in the folder `out`:
    with `resume`, a file counts as done if the same software did it with the same options, and input and output are
    what they were then. An encrypted workbook needs one of `passwords`, and `decrypted` to say that its result may
    lie there without encryption. `engine`: see second.py; it must be one of its ENGINES.
    """
    if engine not in ENGINES:
        raise UsageError(f"--engine：“{engine}”应为：{'、'.join(ENGINES)}")
    if engine != FIRST and find_office() is None:
        raise UsageError(f"--engine {engine} 要用 LibreOffice，没有找到它的 soffice 程序，请先安装")
    if workers is not None and workers < 1:
        raise UsageError("--workers 应为不小于 1 的整数")
    if timeout is not None and not timeout > 0:
        raise UsageError("--timeout 应为大于 0 的秒数")
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    report, passwords = Report(), passwords or Passwords()
    passed_over: list[PassedOver] = []
    planned = plan(given, Path(out), passed_over, into_folder=str(out).endswith(("/", os.sep)))
    report.passed_over += map(str, passed_over)
    folders = [path for path in given if path.is_dir()]
    if folders:  # results of an earlier run may lie among its inputs
        targets = dict(planned)
        sources, told = without_copies(list(targets), all_results(folders), "重算")
        planned = [(source, targets[source]) for source in sources]
        report.notes += told
    jobs = [Job(source, target, passwords.for_file(source)) for source, target in planned]
    options = Options(all_cells, decrypted, passwords.general, engine)
    out = Path(out)
    single = len(given) == 1 and not given[0].is_dir() and not resume  # no journal in the folder of somebody's one file
    if functions is not None or (single and workers is None and timeout is None):
        _collect(_here(jobs, options, functions), [None] * len(jobs), None, progress, report)
        return report
    limits = limits or WorkerLimits()
    if timeout is not None:
        limits = replace(limits, seconds=timeout)
    if single:
        clean([jobs[0].target.absolute().parent], older_than=_STALE)
        with tempfile.TemporaryDirectory(prefix="qdcalc-", ignore_cleanup_errors=True) as folder:
            found = run(Recalculation(jobs, options), workers=1, limits=limits, scratch=Path(folder))
            _collect(found, [None], None, progress, report)
    elif jobs:
        _into_folder(jobs, passed_over, folders, out, options, workers or cores(), limits, resume, progress, report)
    if jobs and sys.platform != "linux":
        report.notes.append("本系统不能限制单个进程占用的内存，只限制时间；来历不明的文件请分批处理")
    return report


def _into_folder(
    jobs: Sequence[Job], passed_over: Sequence[PassedOver], folders: Sequence[Path], out: Path, options: Options, workers: int,
    limits: WorkerLimits, resume: bool, progress: Progress | None, report: Report,
) -> None:  # fmt: skip
    with locked(out) as room, closing(Journal(room)) as journal:
        clean(dict.fromkeys(job.target.parent for job in jobs))
        record = _Record(journal, jobs, out, options)
        done = [record.done(job) if resume else None for job in jobs]
        todo = [number for number, found in enumerate(done) if found is None]
        record.begin(len(jobs) - len(todo))
        record.pass_over(passed_over)
        report.notes += record.leftovers(passed_over, folders)
        outcomes = run(
            Recalculation([jobs[at] for at in todo], options), workers=workers, limits=limits, scratch=scratch(room)
        )
        with closing(outcomes):
            _collect((replace(found, number=todo[found.number]) for found in outcomes), done, record, progress, report)
        journal.end()
        for job, file in zip(jobs, report.files, strict=True):
            if file.error and file.target is None and job.target.exists() and not _in_place(job):
                file.notes.append("输出文件夹里还是以前的结果，没有更新")
        report.notes += journal.notes


class _Record:
    """The journal, as far as it concerns these jobs and this software."""

    def __init__(self, journal: Journal, jobs: Sequence[Job], out: Path, options: Options) -> None:
        from qdcalc.recalc.identity import software

        self.journal, self.jobs, self.out = journal, jobs, out
        self.software = software()
        self.options = json.dumps({"all": options.all_cells, "engine": options.engine})

    def begin(self, reused: int) -> None:
        self.journal.begin(self.software, self.options, len(self.jobs), reused)

    def done(self, job: Job) -> BookReport | None:
        """The report of an earlier run, if this run could only repeat it."""
        from qdcalc.recalc.identity import digest

        entry = self.journal.find(self._key(job))
        if entry is None or not entry.done or (entry.software, entry.options) != (self.software, self.options):
            return None
        written = digest(job.target)
        if written is None or written != entry.target_hash:
            return None
        if not _in_place(job) and digest(job.source) != entry.source_hash:
            return None
        entry.report.path, entry.report.target, entry.report.reused = job.source, job.target, True
        return entry.report

    def note(self, outcome: Outcome) -> None:
        self.journal.note(
            self._key(self.jobs[outcome.number]), outcome.report, outcome.source_hash, outcome.target_hash,
            self.software, self.options,
        )  # fmt: skip

    def pass_over(self, files: Sequence[PassedOver]) -> None:
        """They are not among the results either, which a merge of the results must know."""
        for file in files:
            found = BookReport(file.source, error=f"没有重算：{file.why}")
            self.journal.note(self._name(file.target), found, None, None, self.software, self.options)

    def leftovers(self, passed_over: Sequence[PassedOver], folders: Sequence[Path]) -> list[str]:
        """Results that no input stands behind any more: a merge would count them beside the file that replaced them."""
        targets = {storable(self._key(job)) for job in self.jobs} | {self._name(file.target) for file in passed_over}
        names = [name for name, _ in self.journal.leftovers(targets, folders) if (self.out / name).exists()]
        return [
            f"输出文件夹里的“{name}”是以前的结果，它的原文件已经不在了；不再需要的话请删掉，以免汇总时算进去"
            for name in names
        ]

    def _key(self, job: Job) -> str:
        return self._name(job.target)

    def _name(self, target: Path) -> str:
        return target.relative_to(self.out).as_posix()


def _in_place(job: Job) -> bool:
    return os.path.realpath(job.source) == os.path.realpath(job.target)


def _collect(
    outcomes: Iterable[Outcome], done: Sequence[BookReport | None], record: _Record | None, progress: Progress | None,
    report: Report,
) -> None:  # fmt: skip
    """Reports in the order of the jobs, whatever the order in which they come."""
    found = list(done)
    count = 0
    for old in done:
        if old is not None:
            count += 1
            if progress is not None:
                progress(count, len(done), old)
    for outcome in outcomes:
        found[outcome.number] = outcome.report
        if record is not None:
            record.note(outcome)
        count += 1
        if progress is not None:
            progress(count, len(done), outcome.report)
    report.files += [one for one in found if one is not None]


def _here(jobs: Sequence[Job], options: Options, functions: Mapping[str, Function] | None) -> Iterator[Outcome]:
    for number, job in enumerate(jobs):
        passwords = [*job.passwords, *options.passwords]
        yield Outcome(
            number,
            one(
                job.source, job.target, all_cells=options.all_cells, functions=functions, passwords=passwords,
                decrypted=options.decrypted, engine=options.engine,
            ),
        )  # fmt: skip


def one(
    source: Path,
    target: Path,
    *,
    all_cells: bool = False,
    functions: Mapping[str, Function] | None = None,
    passwords: Sequence[str] = (),
    decrypted: bool = False,
    engine: str = FIRST,
) -> BookReport:
    """One file, its failure told in the report instead of raised. Depends on nothing but its arguments."""
    from qdcalc.recalc.book import recalc_book  # heavy: the parent of workers never needs it

    try:
        password = None
        if is_encrypted(source):
            password = right_password(source, passwords, DEFAULT_LIMITS)
            if not decrypted:
                raise EncryptedFile(
                    source, "文件有打开密码，重算后的文件将不再加密，所以没有写出；确实需要时加 --decrypted"
                )
        target.parent.mkdir(parents=True, exist_ok=True)
        report = recalc_book(
            source, target, functions=functions, all_cells=all_cells, password=password, decrypted=decrypted
        )
        if engine != FIRST:
            from qdcalc.recalc.second import second_opinion

            second_opinion(report, source, target, engine, functions=functions, all_cells=all_cells, password=password)
        return report
    except FileError as error:
        return BookReport(source, error=error.sentence)
    except OSError as error:
        return BookReport(source, error=f"读写失败（{reason(error)}）")
    except MemoryError:
        return BookReport(source, error="内存不足，没有重算")
    except RecursionError:
        return BookReport(source, error="公式嵌套过深，没有重算")
    except Exception as error:  # a mistake of ours is this file's failure too, not that of the files after it
        return BookReport(source, error=f"{INTERNAL}：{_place(error)}")


def _place(error: Exception) -> str:
    """What and where, for a report; not the text of the error, which may quote the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f"（{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}）"
    return f"{type(error).__name__}{where}"
