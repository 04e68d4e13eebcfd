"""Checking files, as a task for the pool of workers: a file that crashes or hangs its process is told, and only it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qdcalc.filled.problems import Problem, Problems
from qdcalc.filled.report import FileReport
from qdcalc.recalc.passwords import Passwords

_TEXTS = ("kind", "sheet", "cell", "found", "allowed", "sentence")


class Checking:
    """See recalc.pool.Task."""

    work = "qdcalc.filled.task:check"

    def __init__(self, files: Sequence[Path], recalculate: bool, passwords: Passwords) -> None:
        self.files, self.passwords = files, passwords
        self.settings: Mapping[str, Any] = {"recalculate": recalculate, "passwords": passwords.general}

    def __len__(self) -> int:
        return len(self.files)

    def job(self, number: int) -> Mapping[str, Any]:
        path = self.files[number]
        return {"path": str(path), "passwords": self.passwords.for_file(path)}

    def found(self, number: int, answer: Mapping[str, Any]) -> tuple[int, FileReport]:
        path, told = self.files[number], answer["report"]
        problems = tuple(
            Problem(
                path, str(item["kind"]), str(item["sheet"]), str(item["cell"]), str(item["found"]), str(item["allowed"]),
                str(item["sentence"]), int(item["row"]), int(item["column"]),
            )
            for item in told["problems"]
        )  # fmt: skip
        return number, FileReport(
            path, str(told["template"]), str(told["version"]), str(told["edition"]), int(told["rows"]), problems
        )

    def lost(self, number: int, sentence: str) -> tuple[int, FileReport]:
        return number, unread(self.files[number], sentence)


def unread(path: Path, reason: str) -> FileReport:
    """A file that could not be worked on."""
    problems = Problems(path)
    problems.add("unreadable", reason=reason)
    return FileReport(path, problems=tuple(problems.found))


def check(job: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """In the worker."""
    from qdcalc.filled.check import check_file

    passwords = [*job["passwords"], *settings["passwords"]]
    found = check_file(Path(job["path"]), recalculate=settings["recalculate"], passwords=passwords)
    problems = [
        {**{name: getattr(problem, name) for name in _TEXTS}, "row": problem.row, "column": problem.column}
        for problem in found.problems
    ]
    told = {name: getattr(found, name) for name in ("template", "version", "edition", "rows")}
    return {"report": {**told, "problems": problems}}
