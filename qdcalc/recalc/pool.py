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
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from qdcalc.errors import QdcalcError
from qdcalc.recalc.limits import WorkerLimits

PROGRAM = """
import json, sys
settings = json.loads(sys.stdin.buffer.readline())
sys.path[:] = settings["path"]
from qdcalc.recalc.worker import main
main(settings)
"""
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""a process a core is enough; each further thread would reserve address space"""


Found = TypeVar("Found")
Given = TypeVar("Given", covariant=True)


class Task(Protocol[Given]):
    """What workers do with numbered files: a module with `work(job, settings)`, and what its answers mean.

    work       "qdcalc.recalc.worker:recalculate": called in the worker, with plain data in and out
    settings   what holds for all files; goes through the pipe, never onto a command line
    """

    work: str
    settings: Mapping[str, Any]

    def __len__(self) -> int: ...

    def job(self, number: int) -> Mapping[str, Any]: ...

    def found(self, number: int, answer: Mapping[str, Any]) -> Given:
        """Raises ValueError, KeyError or TypeError for an answer that `work` did not give."""

    def lost(self, number: int, sentence: str) -> Given:
        """What stands for a file that its worker did not survive."""


class WorkerError(QdcalcError):
    """No worker comes up: nothing can be done, which is no file's fault."""


class _GoneError(Exception):
    """The worker ended instead of answering. The text says why."""


class _Worker:
    def __init__(self, task: Task[Any], limits: WorkerLimits, scratch: Path) -> None:
        self.done = 0
        self.resident = 0
        self.limits = limits
        self.late = False
        self._waiting = False
        self._lock = threading.Lock()
        environment = {**os.environ, **_ONE_THREAD, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))}
        settings = {
            "task": dict(task.settings),
            "work": task.work,
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

    def ask(self, number: int, task: Task[Found]) -> Found:
        """Raises _GoneError with the sentence for the report."""
        self.done += 1
        answer = self._asked(dict(task.job(number)), self.limits.seconds)
        try:
            self.resident = int(answer["resident"])
            return task.found(number, answer)
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


class _Runner(threading.Thread, Generic[Found]):
    """One worker after another, for as long as there are jobs."""

    def __init__(self, pool: _Pool[Found]) -> None:
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

    def _outcome(self, number: int) -> Found:
        while True:
            worker = self._ready()
            fresh = worker.done == 0
            try:
                return worker.ask(number, self.pool.task)
            except _GoneError as error:
                self.worker = None
                # a worker that had done other files may have died of their remains: once more, in a fresh one
                if fresh or worker.late or self.pool.stopped.is_set():
                    return self.pool.task.lost(number, str(error))

    def _ready(self) -> _Worker:
        if self.worker is not None and self.worker.spent:
            self.worker.close()
            self.worker = None
        attempts = 3
        while self.worker is None:
            try:
                self.worker = _Worker(self.pool.task, self.pool.limits, self.pool.scratch)
            except (_GoneError, OSError) as error:
                attempts -= 1
                if not attempts or self.pool.stopped.is_set():
                    raise WorkerError(f"工作进程启动不了（{error}），没有开始处理") from error
            if self.pool.stopped.is_set() and self.worker is not None:
                self.worker.stop()
        return self.worker


class _Pool(Generic[Found]):
    def __init__(self, task: Task[Found], limits: WorkerLimits, scratch: Path) -> None:
        self.task, self.limits, self.scratch = task, limits, scratch
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.outcomes: queue.SimpleQueue[Found | BaseException] = queue.SimpleQueue()
        self.stopped = threading.Event()
        for number in range(len(task)):
            self.waiting.put(number)


def run(task: Task[Found], *, workers: int, limits: WorkerLimits, scratch: Path) -> Generator[Found, None, None]:
    """What each file gives, as they are done. Leaving early kills the workers. Raises WorkerError."""
    pool = _Pool(task, limits, scratch)
    runners = [_Runner(pool) for _ in range(min(workers, len(task)))]
    for runner in runners:
        runner.start()
    try:
        for _ in range(len(task)):
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


def cores() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _next(pool: _Pool[Found]) -> Found | BaseException:
    while True:
        with contextlib.suppress(queue.Empty):
            return pool.outcomes.get(timeout=1)  # on Windows, Ctrl-C is heard between waits only
