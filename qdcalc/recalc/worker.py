"""The process that works on files for a batch: jobs come in as JSON lines, answers go out as JSON lines.

It ends when its parent does, however that ends: its input closes, and on Linux the kernel sends a signal too. A file
that takes too long ends it from inside as well, in case nobody is left to do it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

_GRACE = 10.0
"""seconds over the limit until a worker ends itself; its parent is earlier, if it lives"""


def main(settings: Mapping[str, Any]) -> None:
    """Serves until the input ends. `settings` was its first line, see pool.py."""
    _die_with_parent(settings["parent"])
    answers = _answers()
    _limit_memory(settings["address_space"])
    jobs = _jobs()
    from qdcalc.policies import functions

    importlib.import_module("qdcalc.recalc.book")  # the engine and every policy, before a file's clock runs
    functions()
    place, _, name = str(settings["work"]).partition(":")
    work = getattr(importlib.import_module(place), name)
    _say(answers, {"ready": True})
    while True:
        job = jobs.get()
        faulthandler.dump_traceback_later(settings["seconds"] + _GRACE, exit=True)  # needs no GIL
        answer = work(job, settings["task"])
        faulthandler.cancel_dump_traceback_later()
        _say(answers, {**answer, "resident": _resident()})


def _jobs() -> queue.SimpleQueue[Any]:
    """Fed by a thread, so that the end of the parent is noticed in the middle of a file."""
    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            jobs.put(json.loads(line))
        os._exit(0)  # a file under way is dropped: an output appears only whole

    threading.Thread(target=read, daemon=True).start()
    return jobs


def _answers() -> IO[bytes]:
    """The pipe to the parent, out of reach of whatever prints."""
    handle = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(handle, "wb")


def _say(answers: IO[bytes], data: object) -> None:
    answers.write(json.dumps(data).encode("ascii") + b"\n")
    answers.flush()


def _die_with_parent(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(0)


def _limit_memory(address_space: int | None) -> None:
    """Linux enforces it; macOS accepts and ignores it; Windows has no such limit for a process alone."""
    if address_space is None or sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))


def _resident() -> int:
    """Bytes in memory now; 0 where the system does not say it cheaply."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else 0
