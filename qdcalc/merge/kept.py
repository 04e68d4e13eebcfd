"""What earlier merges read, beside the merged workbook, so that unchanged files are not read again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from qdcalc.errors import UsageError
from qdcalc.merge.exchange import pack, unpack
from qdcalc.merge.harvest import Harvest
from qdcalc.recalc.identity import software

_TABLE = "CREATE TABLE IF NOT EXISTS harvests (path TEXT PRIMARY KEY, mark TEXT, software TEXT, found TEXT) STRICT"


class Kept:
    """Harvests by file and hash. A help, never an authority: a damaged store is begun again."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base: sqlite3.Connection | None = base
        self._software = hashlib.sha256(software().encode()).hexdigest()

    def find(self, path: str, mark: str) -> Harvest | None:
        if self._base is None or not mark:
            return None
        try:
            row = self._base.execute(
                "SELECT found FROM harvests WHERE path = ? AND mark = ? AND software = ?", (path, mark, self._software)
            ).fetchone()
            return None if row is None else unpack(json.loads(row[0]))
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            return None

    def keep(self, found: Harvest, mark: str) -> None:
        if self._base is None:
            return
        try:
            with self._base:
                row = (found.path, mark, self._software, json.dumps(pack(found)))
                self._base.execute("INSERT OR REPLACE INTO harvests VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error:  # a full disk: the merge goes on without
            self._base = None


@contextmanager
def kept_beside(target: Path) -> Iterator[Kept]:
    path = target.with_name(f".{target.stem}.qdcalc.sqlite")
    with closing(_opened(path)) as base:
        yield Kept(base)


def _opened(path: Path) -> sqlite3.Connection:
    for _ in range(2):
        base = sqlite3.connect(path)
        try:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute(_TABLE)
            if base.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                return base
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                base.close()
                raise UsageError(f"另一个 qdcalc 正在合并到 {path.parent}；请等它结束") from error
        base.close()
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                path.with_name(path.name + ending).unlink(missing_ok=True)
    return sqlite3.connect(":memory:", isolation_level=None)
