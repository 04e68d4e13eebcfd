"""What the journal of an output folder says to those who read its results: read without a lock, and never believed
further than the files bear it out. A missing, foreign or damaged journal says nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qdcalc.recalc.journal import MARK, ROOM, TIME, storable


@dataclass(frozen=True)
class Entry:
    """One file. `error` is why it was not done, "" if it was; `source` is where it came from, None if not known;
    `finished` when, as the time of a file."""

    target: Path
    source: Path | None
    error: str
    target_hash: str
    software: str
    finished: float


@dataclass(frozen=True)
class Results:
    """`finished`: the last run came to its end; `busy`: one is at work, and nothing more can be said."""

    folder: Path
    entries: dict[Path, Entry] = field(default_factory=dict)
    finished: bool = True
    busy: bool = False


def results_in(folder: Path) -> Results:
    """What is known of the results in `folder`, if a recalculation wrote into it."""
    path = folder / ROOM / "journal.sqlite"
    if not path.is_file():
        return Results(folder)
    try:
        with _opened(path.with_name("lock")) as lock:
            lock.execute("SELECT count(*) FROM sqlite_master")
        with _opened(path) as base:
            if base.execute("PRAGMA application_id").fetchone()[0] != MARK:
                return Results(folder)
            rows = base.execute(
                "SELECT target, source, done, target_hash, software, report, finished FROM files"
            ).fetchall()
            last = base.execute("SELECT ended FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    except (sqlite3.Error, OSError) as error:
        return Results(folder, busy="locked" in str(error))
    found = (_entry(folder, *row) for row in rows)
    finished = last is None or last[0] is not None
    return Results(folder, {entry.target: entry for entry in found}, finished)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A log that a killed run left is read with it, which leaves files beside; otherwise nothing is written, so that a
    folder may be read-only."""
    log = path.with_name(path.name + "-wal")
    way = "mode=ro" if path.name == "lock" or (log.exists() and log.stat().st_size) else "immutable=1"
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True, timeout=0)) as base:
        yield base


def _entry(
    folder: Path,
    target: str,
    source: str,
    done: int,
    target_hash: str | None,
    software: str,
    report: str,
    finished: str,
) -> Entry:
    error = ""
    if not done:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            error = str(json.loads(report)["error"])
        error = error or "没有重算成功"
    known = Path(source) if os.path.isabs(source) else None
    when = 0.0
    with contextlib.suppress(ValueError):
        when = datetime.strptime(finished, TIME).timestamp()
    return Entry(folder / target, known, error, (target_hash or "") if done else "", software, when)


def all_results(folders: Iterable[Path]) -> list[Results]:
    """Of every output folder in and around these folders: a part of one may be asked for, or several that lie together."""
    found: dict[Path, Results] = {}
    for folder in folders:
        around = (place for place in (folder, *folder.absolute().parents) if (place / ROOM).is_dir())
        inside = (Path(parent) for parent, names, _ in os.walk(folder) if ROOM in names)
        for place in (*([first] if (first := next(around, None)) is not None else []), *inside):
            found.setdefault(place.resolve(), results_in(place))
    return list(found.values())


def without_copies(files: Sequence[Path], results: Iterable[Results], verb: str) -> tuple[list[Path], list[str]]:
    """`files` without those that are the results of others of them, and a sentence on each folder of such."""
    given = {_plain(file): file for file in files}
    twice: dict[Path, Path] = {}
    for one in results:
        for entry in one.entries.values():
            target = given.get(_plain(entry.target))
            source = None if entry.source is None else given.get(_plain(entry.source))
            if target is not None and source is not None and source != target:
                twice[target] = one.folder
    words = [
        f"“{folder}”里有 {count} 个文件是其他文件的重算结果，没有再{verb}一次"
        for folder, count in Counter(twice.values()).items()
    ]
    return [file for file in files if file not in twice], words


def _plain(path: Path) -> str:
    return storable(os.path.realpath(path))
