"""What was done in an output folder, so that a run that was cut off goes on where it stopped.

    OUT/.qdcalc/journal.sqlite   one row a file: hashes, template, software, options, its report; one row a run
    OUT/.qdcalc/lock             held by the one run that may work here
    OUT/.qdcalc/scratch/         temporary files of the workers

The journal is a help, never an authority: what it says is checked against the files, and a damaged or foreign one is
built again. What others may read of it: results.py. No password is ever written into it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qdcalc.errors import FileError, UsageError, reason
from qdcalc.recalc.exchange import pack, unpack
from qdcalc.recalc.report import BookReport

ROOM = ".qdcalc"
FORMAT = 1
MARK = 0x51444A4C
"""application_id: a journal of ours, "QDJL" """
TIME = "%Y-%m-%dT%H:%M:%S%z"
_TABLES = """
CREATE TABLE files (
    target TEXT PRIMARY KEY, source TEXT NOT NULL, source_hash TEXT, target_hash TEXT, done INTEGER NOT NULL,
    template TEXT NOT NULL, software TEXT NOT NULL, options TEXT NOT NULL, report TEXT NOT NULL, finished TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, software TEXT NOT NULL, options TEXT NOT NULL,
    files INTEGER NOT NULL, reused INTEGER NOT NULL
) STRICT;
"""
_LEFTOVER = re.compile(r"\.qdcalc-[0-9a-z_]{8,16}\.(tmp|xlsx|xlsm|json|txt)")


@dataclass(frozen=True)
class Entry:
    """One file as an earlier run left it."""

    source_hash: str | None
    target_hash: str | None
    done: bool
    software: str
    options: str
    report: BookReport


@contextmanager
def locked(out: Path) -> Iterator[Path]:
    """The room of one output folder, for one run at a time; the system lets go when a run dies. Raises UsageError."""
    room = out / ROOM
    try:
        room.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(out, f"输出文件夹 {out} 建不了，或不允许写入（{reason(error)}）") from error
    lock = _lock(room / "lock", out)
    try:
        yield room
    finally:
        lock.close()


def _lock(path: Path, out: Path) -> sqlite3.Connection:
    """An empty database with an exclusive transaction: SQLite knows how to lock on every system."""
    for attempt in (1, 2):
        lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            lock.execute("PRAGMA journal_mode=OFF")
            lock.execute("BEGIN EXCLUSIVE")
            return lock
        except sqlite3.DatabaseError as error:
            lock.close()
            if "locked" in str(error):
                raise UsageError(f"另一个 qdcalc 正在写入 {out}；请等它结束，或换一个输出文件夹") from error
            if attempt == 2 or isinstance(error, sqlite3.OperationalError):
                raise FileError(out, f"输出文件夹 {out} 不能加锁（{error}），请换一个输出文件夹") from error
            path.unlink(missing_ok=True)  # it holds nothing, so nothing is lost
    raise AssertionError


def clean(folders: Iterable[Path], *, older_than: float = 0) -> int:
    """Removes the drafts that killed runs left in these folders; returns how many."""
    found = 0
    limit = time.time() - older_than
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                if _LEFTOVER.fullmatch(path.name) and path.lstat().st_mtime <= limit:
                    with contextlib.suppress(OSError):
                        path.unlink()
                        found += 1
    return found


def scratch(room: Path) -> Path:
    """An empty folder for temporary files."""
    path = room / "scratch"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(exist_ok=True)
    return path


class Journal:
    """Opened under the lock. `notes` tells what a person should know of it."""

    def __init__(self, room: Path) -> None:
        self.notes: list[str] = []
        self._path = room / "journal.sqlite"
        self._run: int | None = None
        self._base: sqlite3.Connection | None = None
        try:
            self._base = self._opened()
        except sqlite3.Error as error:
            self._lost(error)

    def _opened(self) -> sqlite3.Connection:
        existed = self._path.exists()
        base: sqlite3.Connection | None = None
        try:
            base = self._connected()
            said = [base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if existed and said == [MARK, FORMAT] and base.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                base.execute("SELECT target, source, source_hash, target_hash, done, template, software, options, report,"
                             " finished FROM files LIMIT 1")  # fmt: skip
                base.execute("SELECT number, started, ended, software, options, files, reused FROM runs LIMIT 1")
                return base
            foreign = said[0] == MARK and said[1] != FORMAT
            why = "" if not existed else "是另一版本的，不再采用" if foreign else "已损坏"
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise
            why = "已损坏"
        if base is not None:
            base.close()
        if why:
            self.notes.append(f"输出文件夹里的重算记录{why}，已重建；这次全部重新计算")
        for ending in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        base = self._connected()
        base.executescript(f"BEGIN; {_TABLES} PRAGMA application_id={MARK}; PRAGMA user_version={FORMAT}; COMMIT;")
        return base

    def _connected(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            base.execute("PRAGMA locking_mode=EXCLUSIVE")  # and so WAL needs no shared memory, which shares lack
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _lost(self, error: Exception) -> None:
        """Disk full, folder gone: the recalculation goes on, only the record ends."""
        self.notes.append(f"重算记录写不进去（{error}），中断后将不能用 --resume 接着算")
        with contextlib.suppress(sqlite3.Error):
            if self._base is not None:
                self._base.close()
        self._base = None

    def begin(self, software: str, options: str, files: int, reused: int) -> None:
        if self._base is None:
            return
        try:
            self._run = self._base.execute(
                "INSERT INTO runs (started, software, options, files, reused) VALUES (?, ?, ?, ?, ?)",
                (_now(), software, options, files, reused),
            ).lastrowid
        except sqlite3.Error as error:
            self._lost(error)

    def find(self, target: str) -> Entry | None:
        """What an earlier run noted of an output; None if nothing, or nothing that can be read."""
        if self._base is None:
            return None
        try:
            row = self._base.execute(
                "SELECT source_hash, target_hash, done, software, options, report FROM files WHERE target = ?",
                (storable(target),),
            ).fetchone()
            if row is None:
                return None
            return Entry(row[0], row[1], bool(row[2]), row[3], row[4], unpack(json.loads(row[5])))
        except (sqlite3.Error, ValueError):
            return None

    def note(
        self, target: str, report: BookReport, source_hash: str | None, target_hash: str | None, software: str, options: str
    ) -> None:  # fmt: skip
        """One file, done or failed, in a transaction of its own."""
        if self._base is None:
            return
        row = (
            storable(target), storable(os.path.abspath(report.path)), source_hash, target_hash, int(report.ok), report.template, software,
            options, json.dumps(pack(report)), _now(),
        )  # fmt: skip
        try:
            self._base.execute(f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * len(row))})", row)
        except sqlite3.Error as error:
            self._lost(error)

    def leftovers(self, targets: Collection[str], folders: Iterable[Path]) -> list[tuple[str, Path]]:
        """Outputs whose input lay in these folders and is there no more: (output, input). Those that were never done are
        forgotten, since nobody can do them again."""
        if self._base is None:
            return []
        bases = [Path(os.path.abspath(folder)) for folder in folders]
        found: list[tuple[str, Path]] = []
        try:
            for target, source, done in self._base.execute("SELECT target, source, done FROM files").fetchall():
                path = Path(source)
                if target in targets or not any(map(path.is_relative_to, bases)) or path.exists():
                    continue
                if done:
                    found.append((target, path))
                else:
                    self._base.execute("DELETE FROM files WHERE target = ?", (target,))
        except sqlite3.Error as error:
            self._lost(error)
        return found

    def end(self) -> None:
        """All files of the run were worked on: without this, who reads the journal knows that it was cut off."""
        if self._base is not None:
            with contextlib.suppress(sqlite3.Error):
                self._base.execute("UPDATE runs SET ended = ? WHERE number = ?", (_now(), self._run))

    def close(self) -> None:
        if self._base is not None:
            self._base.close()


def storable(text: str) -> str:
    """A file name that is no proper text (other systems' leftovers) as one that is."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _now() -> str:
    return time.strftime(TIME)
