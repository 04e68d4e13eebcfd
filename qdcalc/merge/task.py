"""Reading files for a merge, as a task for the pool of workers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from qdcalc.filled.model import FilledBook
from qdcalc.filled.problems import Problems
from qdcalc.filled.read import read_book
from qdcalc.merge.exchange import pack, unpack
from qdcalc.merge.harvest import Harvest, harvest
from qdcalc.recalc.identity import digest
from qdcalc.recalc.passwords import Passwords


class Reading:
    """See recalc.pool.Task. `files` with the names by which the merge tells them; `fresh`: the hashes of files that were
    just recalculated, whose values need not be worked out again."""

    work = "qdcalc.merge.task:read"

    def __init__(self, files: Sequence[tuple[Path, str]], fresh: Collection[str], passwords: Passwords) -> None:
        self.files, self.fresh, self.passwords = files, fresh, passwords
        self.settings: Mapping[str, Any] = {"passwords": passwords.general}

    def __len__(self) -> int:
        return len(self.files)

    def job(self, number: int) -> Mapping[str, Any]:
        path, name = self.files[number]
        recalculate = not self.fresh or digest(path) not in self.fresh
        return {"path": str(path), "name": name, "recalculate": recalculate, "passwords": self.passwords.for_file(path)}

    def found(self, number: int, answer: Mapping[str, Any]) -> tuple[int, Harvest]:
        return number, unpack(answer["harvest"])

    def lost(self, number: int, sentence: str) -> tuple[int, Harvest]:
        return number, unread(*self.files[number], sentence)


def unread(path: Path, name: str, reason: str) -> Harvest:
    """A file that could not be worked on."""
    problems = Problems(path)
    problems.add("unreadable", reason=reason)
    return harvest(FilledBook(path, problems=tuple(problems.found)), name)


def read_file(path: Path, name: str, *, recalculate: bool = True, passwords: Sequence[str] = ()) -> Harvest:
    """One file. Whatever goes wrong is told among its troubles."""
    try:
        return harvest(read_book(path, recalculate=recalculate, passwords=passwords), name)
    except Exception as error:  # a merge goes on, and the file is named
        return unread(path, name, f"程序内部错误，请反馈：{type(error).__name__}: {error}")


def read(job: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """In the worker."""
    passwords = [*job["passwords"], *settings["passwords"]]
    found = read_file(Path(job["path"]), job["name"], recalculate=job["recalculate"], passwords=passwords)
    return {"harvest": pack(found)}
