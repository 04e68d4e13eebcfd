"""Recalculating, as a task for the pool of workers: what a job is, what is done in a worker, what its answer means."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qdcalc.recalc.exchange import pack, unpack
from qdcalc.recalc.report import BookReport


@dataclass(frozen=True)
class Job:
    source: Path
    target: Path
    passwords: tuple[str, ...] = ()
    """passwords for this file alone, tried first"""


@dataclass(frozen=True)
class Options:
    """What holds for all files. Passwords go through the pipe, never onto a command line."""

    all_cells: bool = False
    decrypted: bool = False
    passwords: tuple[str, ...] = ()
    engine: str = "formualizer"


@dataclass
class Outcome:
    """`source_hash`: SHA-256 of the file that was read; `target_hash` of what was written, None if nothing was."""

    number: int
    report: BookReport
    source_hash: str | None = None
    target_hash: str | None = None


class Recalculation:
    """See pool.Task."""

    work = "qdcalc.recalc.task:recalculate"

    def __init__(self, jobs: Sequence[Job], options: Options) -> None:
        self.jobs = jobs
        self.settings: Mapping[str, Any] = asdict(options)

    def __len__(self) -> int:
        return len(self.jobs)

    def job(self, number: int) -> Mapping[str, Any]:
        job = self.jobs[number]
        return {"source": str(job.source), "target": str(job.target), "passwords": job.passwords}

    def found(self, number: int, answer: Mapping[str, Any]) -> Outcome:
        return Outcome(number, unpack(answer["report"]), answer["source_hash"], answer["target_hash"])

    def lost(self, number: int, sentence: str) -> Outcome:
        return Outcome(number, BookReport(self.jobs[number].source, error=sentence))


def recalculate(job: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """In the worker."""
    from qdcalc.recalc.batch import one
    from qdcalc.recalc.identity import digest, template_of

    source, target = Path(job["source"]), Path(job["target"])
    before = digest(source)
    in_place = os.path.realpath(source) == os.path.realpath(target)
    passwords = [*job["passwords"], *settings["passwords"]]
    report = one(
        source, target, all_cells=settings["all_cells"], passwords=passwords, decrypted=settings["decrypted"],
        engine=settings["engine"],
    )  # fmt: skip
    after = None
    if report.ok and not in_place and digest(source) != before:
        report = BookReport(source, error="重算期间文件被别的程序改动过，请重新运行")
    elif report.ok:
        after = digest(target)
        report.template = template_of(target)
    return {"report": pack(report), "source_hash": before, "target_hash": after}
