"""python -m bench.kill [KILLS]: kills runs of `qdcalc recalc` at random moments and looks for anything lost or spoilt.

Every other time the whole process tree is killed at once; else only the parent, and the workers have to end by
themselves. Each round goes on with --resume where the one before was cut off; when a folder is finished, the next round
starts again: by turns into an empty folder, and onto a copy of the inputs themselves. After every kill each visible file
must be, byte for byte, either the input or the result of an undisturbed run. Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from bench.measure import tell

_MARK = "QDCALC_KILL"
_WORKERS = 2
FILES = 60


@dataclass
class Counts:
    kills: int = 0
    trees: int = 0
    parents: int = 0
    early: int = 0
    """killed before the first result of the round was there"""
    midway: int = 0
    late: int = 0
    """the round was over before the kill"""
    folders: int = 0
    """finished and compared"""
    reused: int = 0
    torn: list[str] = field(default_factory=list)
    """visible files that are neither input nor result"""
    lost: list[str] = field(default_factory=list)
    inputs_changed: int = 0
    orphans: int = 0
    """workers that lived on for more than 10 s"""
    leftovers: int = 0
    """drafts and temporary files after a finished run"""
    journals_rebuilt: int = 0

    @property
    def bad(self) -> int:
        return (
            len(self.torn)
            + len(self.lost)
            + self.inputs_changed
            + self.orphans
            + self.leftovers
            + self.journals_rebuilt
        )


def books(folder: Path, count: int, rows: int) -> None:
    """Small workbooks with stale values, in ten subfolders."""
    for number in range(count):
        path = folder / f"{number % 10}区" / f"表{number:03}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet("名单")
        for row in range(rows):
            sheet.write_row(row, 0, [f"人员{row}", 200_000 + (number * rows + row) * 1237 % 1_900_000])
            sheet.write_formula(row, 2, f"=QD_TALENT_SUBSIDY(B{row + 1})", None, -1)
        sheet.write_formula(rows, 2, f"=SUM(C1:C{rows})", None, -1)
        book.close()


class _Trial:
    def __init__(self, room: Path, files: int, rows: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.files = files
        self.counts = Counts()
        self.source, self.out = room / "in", room / "out"
        books(self.source, files, rows)
        self.inputs = _contents(self.source)
        start = time.monotonic()
        done = self._start(self.source, room / "undisturbed")
        done.communicate()
        assert done.returncode == 0, done.returncode
        self.seconds = time.monotonic() - start
        self.results = _contents(room / "undisturbed")
        assert self.results.keys() == self.inputs.keys()
        assert all(self.results[name] != self.inputs[name] for name in self.inputs)
        self.onto = False
        self._empty()

    def _empty(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        if self.onto:
            shutil.copytree(self.source, self.out)
        else:
            self.out.mkdir()

    def _start(self, source: Path, out: Path) -> subprocess.Popen[str]:
        self.mark = uuid.uuid4().hex
        command = [
            sys.executable,
            "-m",
            "qdcalc.cli",
            "recalc",
            str(source),
            "-o",
            str(out),
            "--workers",
            str(_WORKERS),
        ]
        return subprocess.Popen(
            [*command, "--resume"],
            env={**os.environ, _MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _round(self) -> subprocess.Popen[str]:
        return self._start(self.out if self.onto else self.source, self.out)

    def kill(self) -> None:
        """One round, one kill."""
        counts = self.counts
        before = self._finished()
        run = self._round()
        whole_tree = counts.kills % 2 == 0
        self._wait_for_the_moment(run)
        over = run.poll() is not None
        if whole_tree:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
        else:
            run.kill()
        said, _ = run.communicate()
        self._wait_for_workers()
        counts.kills += 1
        counts.trees += whole_tree
        counts.parents += not whole_tree
        counts.journals_rebuilt += "已重建" in said
        after = self._finished()
        if over:
            counts.late += 1
        elif after == before:
            counts.early += 1
        else:
            counts.midway += 1
        self._look()
        if over:
            self.finish()

    def _wait_for_the_moment(self, run: subprocess.Popen[str]) -> None:
        """Every third time anywhere in the start of the round; else a moment after some number of its results."""
        wanted = self.random.randrange(self.files // 2) if self.counts.kills % 3 else 0
        before = _state(self.out)
        while wanted and run.poll() is None and len(_state(self.out) - before) < wanted:
            time.sleep(0.01)
        moment = time.monotonic() + self.random.uniform(0, 0.2 if wanted else self.seconds / 2)
        while run.poll() is None and time.monotonic() < moment:
            time.sleep(0.003)

    def _finished(self) -> int:
        found = _contents(self.out)
        return sum(found.get(name) == wanted for name, wanted in self.results.items())

    def _look(self) -> None:
        """Nothing visible is anything but whole."""
        for name, content in _contents(self.out).items():
            whole = content == self.results.get(name) or (self.onto and content == self.inputs.get(name))
            if not whole:
                self.counts.torn.append(name)
        if self.onto and len(_contents(self.out)) != len(self.inputs):
            self.counts.lost.append("an input that was its own output")
        self.counts.inputs_changed += _contents(self.source) != self.inputs

    def finish(self) -> None:
        """Undisturbed to the end: all there, all equal, nothing left over. Then a fresh folder of the other kind."""
        counts = self.counts
        run = self._round()
        said, _ = run.communicate()
        assert run.returncode == 0, said
        counts.journals_rebuilt += "已重建" in said
        counts.folders += 1
        counts.reused += "沿用" in said
        found = _contents(self.out)
        counts.lost += [name for name in self.results if found.get(name) != self.results[name]]
        counts.leftovers += sum(1 for _ in _leftovers(self.out))
        self._wait_for_workers()
        self.onto = not self.onto
        self._empty()

    def _wait_for_workers(self) -> None:
        deadline = time.monotonic() + 10
        while (alive := _marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.counts.orphans += len(alive)


def _contents(folder: Path) -> dict[str, bytes]:
    """What a person sees in the folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            found[relative.as_posix()] = path.read_bytes()
    return found


def _state(folder: Path) -> set[tuple[str, int, int]]:
    """(name, time, inode) of each result: what is new since then was written by this round."""
    found = set()
    for path in folder.glob("*/*.xlsx"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.add((str(path), status.st_mtime_ns, status.st_ino))
    return found


def _leftovers(folder: Path) -> Iterator[Path]:
    yield from folder.rglob(".qdcalc-*")
    yield from (folder / ".qdcalc" / "scratch").iterdir()


def _marked(mark: str) -> list[int]:
    """Processes that were started by this round: the mark is in their environment."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                if f"{_MARK}={mark}".encode() in (path / "environ").read_bytes():
                    found.append(int(path.name))
            except OSError:
                continue
    return found


def run(kills: int, *, files: int = FILES, rows: int = 60, seed: int = 1) -> Counts:
    with tempfile.TemporaryDirectory(prefix="qdcalc-kill-") as room:
        trial = _Trial(Path(room), files, rows, seed)
        while trial.counts.kills < kills:
            trial.kill()
        trial.finish()
        return trial.counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    counts = run(arguments.kills, seed=arguments.seed)
    lines = [
        f"{counts.kills} kills by SIGKILL ({counts.trees} of the whole process tree, {counts.parents} of the parent alone),"
        f" {_WORKERS} workers, {FILES} workbooks; {counts.early} before the round's first result, {counts.midway} in the middle,"
        f" {counts.late} after its end; {counts.folders} folders finished and compared, by turns into an empty folder and"
        " onto the inputs themselves.",
        "",
        "| found | times |",
        "|---|---|",
        f"| files that are neither the input nor the result of an undisturbed run | {len(counts.torn)} |",
        f"| results missing or different at the end | {len(counts.lost)} |",
        f"| changed inputs | {counts.inputs_changed} |",
        f"| workers that outlived their parent by 10 s | {counts.orphans} |",
        f"| drafts or temporary files left after the end | {counts.leftovers} |",
        f"| journals that had to be rebuilt | {counts.journals_rebuilt} |",
    ]
    tell("kill", "Killing a batch at random moments", lines)
    return 1 if counts.bad else 0


if __name__ == "__main__":
    sys.exit(main())
