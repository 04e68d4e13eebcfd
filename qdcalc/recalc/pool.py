"""Worker processes for many files: one that crashes, hangs or swells is replaced, and only its file is lost.

Plain subprocesses that speak JSON lines over pipes: the same on every system, nothing is forked, nothing is unpickled.
A thread a worker waits for its answers, so that the calling thread stays free for the journal and the person.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qdcalc.errors import QdcalcError
from qdcalc.recalc.exchange import unpack
from qdcalc.recalc.limits import WorkerLimits
from qdcalc.recalc.report import BookReport

PROGRAM = """
import json, sys
settings = json.loads(sys.stdin.buffer.readline())
sys.path[:] = settings["path"]
from qdcalc.recalc.worker import main
main(settings)
"""
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""a process a core is enough; each further thread would reserve address space"""


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


class WorkerError(QdcalcError):
    """No worker comes up: nothing can be done, which is no file's fault."""


class _GoneError(Exception):
    """The worker ended instead of answering. The text says why."""


class _Worker:
    def __init__(self, options: Options, limits: WorkerLimits, scratch: Path) -> None:
        self.done = 0
        self.resident = 0
        self.limits = limits
        self.late = False
        self._waiting = False
        self._lock = threading.Lock()
        environment = {**os.environ, **_ONE_THREAD, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))}
        settings = {
            **asdict(options),
            "path": [place or os.getcwd() for place in sys.path],
            "parent": os.getpid(),
            "seconds": limits.seconds,
            "address_space": limits.address_space,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        try:
            if self._asked(settings, limits.start_seconds) != {"ready": True}:
                raise _GoneError("答非所问")
        except _GoneError:
            self.kill()
            raise

    def ask(self, number: int, job: Job) -> Outcome:
        """Raises _GoneError with the sentence for the report."""
        self.done += 1
        asked = {"source": str(job.source), "target": str(job.target), "passwords": job.passwords}
        answer = self._asked(asked, self.limits.seconds)
        try:
            self.resident = int(answer["resident"])
            return Outcome(number, unpack(answer["report"]), answer["source_hash"], answer["target_hash"])
        except (ValueError, KeyError, TypeError) as error:
            self.kill()
            raise _GoneError("处理时程序出错，没有算完；请用表格软件打开另存后再试") from error

    def _asked(self, data: object, seconds: float) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        self._waiting = True
        timer.start()
        line = b""
        try:
            with contextlib.suppress(OSError):  # it may have died since its last answer
                self._process.stdin.write(json.dumps(data).encode("ascii") + b"\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
        finally:
            with self._lock:
                self._waiting = False
            timer.cancel()
        if not line.endswith(b"\n"):
            self.kill()
            raise _GoneError(self._why(seconds))
        try:
            return json.loads(line)
        except ValueError:
            return None

    def _expire(self) -> None:
        with self._lock:
            if self._waiting:  # else the answer came in the last moment
                self.late = True
                self._process.kill()

    def _why(self, seconds: float) -> str:
        if self.late:
            return f"超过 {seconds:g} 秒的时限，已停止，没有算完；确有需要时用 --timeout 放宽"
        code = self._process.returncode
        if code in (-getattr(signal, "SIGABRT", 6), -getattr(signal, "SIGKILL", 9)):
            return "处理时内存不足或程序异常中止，没有算完；请用表格软件打开另存、删去多余内容后再试"
        name = f"退出码 {code}"
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name if code < 0 else name
        return f"处理时程序崩溃（{name}），没有算完；请用表格软件打开另存后再试"

    @property
    def spent(self) -> bool:
        return self.done >= self.limits.files or self.resident > self.limits.resident

    def stop(self) -> None:
        """At once, from any thread; the one that waits for it tidies up."""
        self._process.kill()

    def close(self) -> None:
        """Lets it end by itself: its input closes."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class _Runner(threading.Thread):
    """One worker after another, for as long as there are jobs."""

    def __init__(self, pool: _Pool) -> None:
        super().__init__(daemon=True)
        self.pool = pool
        self.worker: _Worker | None = None

    def run(self) -> None:
        try:
            while not self.pool.stopped.is_set():
                try:
                    number = self.pool.waiting.get_nowait()
                except queue.Empty:
                    break
                self.pool.outcomes.put(self._outcome(number))
        except BaseException as error:
            self.pool.outcomes.put(error)
        finally:
            if self.worker is not None:
                self.worker.close()

    def _outcome(self, number: int) -> Outcome:
        job = self.pool.jobs[number]
        while True:
            worker = self._ready()
            fresh = worker.done == 0
            try:
                return worker.ask(number, job)
            except _GoneError as error:
                self.worker = None
                # a worker that had done other files may have died of their remains: once more, in a fresh one
                if fresh or worker.late or self.pool.stopped.is_set():
                    return Outcome(number, BookReport(job.source, error=str(error)))

    def _ready(self) -> _Worker:
        if self.worker is not None and self.worker.spent:
            self.worker.close()
            self.worker = None
        attempts = 3
        while self.worker is None:
            try:
                self.worker = _Worker(self.pool.options, self.pool.limits, self.pool.scratch)
            except (_GoneError, OSError) as error:
                attempts -= 1
                if not attempts or self.pool.stopped.is_set():
                    raise WorkerError(f"工作进程启动不了（{error}），没有开始重算") from error
            if self.pool.stopped.is_set() and self.worker is not None:
                self.worker.stop()
        return self.worker


class _Pool:
    def __init__(self, jobs: Sequence[Job], options: Options, limits: WorkerLimits, scratch: Path) -> None:
        self.jobs, self.options, self.limits, self.scratch = jobs, options, limits, scratch
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.outcomes: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
        self.stopped = threading.Event()
        for number in range(len(jobs)):
            self.waiting.put(number)


def run(
    jobs: Sequence[Job], options: Options, *, workers: int, limits: WorkerLimits, scratch: Path
) -> Generator[Outcome, None, None]:
    """An outcome for each job, as they are done. Leaving early kills the workers. Raises WorkerError."""
    pool = _Pool(jobs, options, limits, scratch)
    runners = [_Runner(pool) for _ in range(min(workers, len(jobs)))]
    for runner in runners:
        runner.start()
    try:
        for _ in jobs:
            outcome = _next(pool)
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    except BaseException:
        pool.stopped.set()
        for runner in runners:
            if runner.worker is not None:
                runner.worker.stop()
        raise
    finally:
        pool.stopped.set()
        for runner in runners:
            runner.join(10)


def _next(pool: _Pool) -> Outcome | BaseException:
    while True:
        with contextlib.suppress(queue.Empty):
            return pool.outcomes.get(timeout=1)  # on Windows, Ctrl-C is heard between waits only
