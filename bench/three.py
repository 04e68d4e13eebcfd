"""python -m bench.three [FILES]: a city's files through the three commands of the manual, held against the ground truth.

    qdcalc check IN --quick --report    which files and cells are wrong
    qdcalc recalc IN -o OUT             every file that can be, recalculated
    qdcalc merge OUT -o 汇总.xlsx         the good rows together

Every broken file and wrong cell must be named and no other, every good file done, and each good file's amount to the 分
what was added up when it was made. Times are by command; peak memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.city import Truth, generate
from bench.measure import tell

_WRAPPED = """
import json, resource, sys, time
from qdcalc.cli import main
start = time.perf_counter()
code = main(sys.argv[1:])
own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"code": code, "seconds": time.perf_counter() - start, "parent": own.ru_maxrss / 1024,
                  "worker": below.ru_maxrss / 1024, "processor": own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime}),
      file=sys.stderr)
"""


def command(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _WRAPPED, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stderr.strip().splitlines()[-1])
    return found


def main(files: int, workers: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = generate(folder / "in", files, seed)
        size = sum(path.stat().st_size for path in (folder / "in").rglob("*") if path.is_file()) / 1e6
        common = ("--workers", str(workers))
        runs = {
            "check --quick": command(
                "check", str(folder / "in"), "--quick", "--report", str(folder / "check.json"), *common
            ),
            "recalc": command(
                "recalc",
                str(folder / "in"),
                "-o",
                str(folder / "out"),
                "--report",
                str(folder / "recalc.json"),
                *common,
            ),
        }
        start = time.perf_counter()
        merged = subprocess.run(
            [sys.executable, "-c", _WRAPPED, "merge", str(folder / "out"), "-o", str(folder / "汇总.xlsx"), "--json", *common],
            capture_output=True, text=True,
        )  # fmt: skip
        runs["merge"] = json.loads(merged.stderr.strip().splitlines()[-1])
        print(f"merge: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        problems = [
            *_checked(truth, json.loads((folder / "check.json").read_text(encoding="utf-8")), folder / "in"),
            *_recalculated(truth, json.loads((folder / "recalc.json").read_text(encoding="utf-8")), folder),
            *_merged(truth, json.loads(merged.stdout)),
        ]
        summary = (folder / "汇总.xlsx").stat().st_size / 1e6
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    lines = [
        f"{files:,} workbooks ({size:.0f} MB) of ten districts and three templates, {len(truth.broken)} broken as a whole, "
        f"{len(truth.wrong)} with one wrong cell; {workers} workers on {os.cpu_count()} cores.",
        "",
        "| command | files a second | processor time a file | peak memory of a worker | of the parent |",
        "|---|---|---|---|---|",
        *(
            f"| qdcalc {title} | {files / run['seconds']:.1f} | {run['processor'] / files:.2f} s | {run['worker']:.0f} MB | {run['parent']:.0f} MB |"
            for title, run in runs.items()
        ),
        "",
        f"The merged workbook has {summary:.0f} MB. Broken files not named, wrong cells not named, others named, files not done, "
        f"amounts apart from the independent sums: {len(problems)}.",
    ]
    tell("three", "A city's files through three commands", lines)
    return 1 if problems else 0


def _checked(truth: Truth, report: dict[str, Any], folder: Path) -> list[str]:
    """Every spoilt file and cell told, and nothing else."""
    told = {Path(file["path"]).relative_to(folder).as_posix(): file["problems"] for file in report["files"]}
    found = []
    for file in truth.files:
        wrong = [problem for problem in told.get(file.path, []) if not problem["note"]]
        if file.broken and not wrong:
            found.append(f"check: {file.path} ({file.broken}) is not named")
        elif file.wrong:
            sheet, _, cell = file.cell.partition("!")
            if not any(problem["sheet"] == sheet and problem["cell"].startswith(cell) for problem in wrong):
                found.append(f"check: {file.path} {file.cell} ({file.wrong}) is not named: {wrong[:3]}")
        elif not file.broken and wrong:
            found.append(f"check: {file.path} is good: {wrong[0]}")
    return found


def _recalculated(truth: Truth, report: dict[str, Any], folder: Path) -> list[str]:
    told = {Path(file["path"]).relative_to(folder / "in").as_posix(): file for file in report["files"]}
    found = []
    for file in truth.files:
        done = file.path in told and told[file.path]["ok"]
        if done == bool(file.broken):
            found.append(f"recalc: {file.path} ({file.broken or 'good'}) done: {done}")
        if not file.broken and not (folder / "out" / file.path).is_file():
            found.append(f"recalc: {file.path} is not there")
    return found


def _merged(truth: Truth, report: dict[str, Any]) -> list[str]:
    amounts = {file["path"]: Decimal(file["amount"]) for file in report["files"] if file["merged"]}
    named = {file["path"] for file in report["files"] if file["reason"]}
    found = []
    for file in truth.files:
        if file.expected is not None and amounts.get(file.path) != Decimal(file.expected):
            found.append(f"merge: {file.path} gives {amounts.get(file.path)}, not {file.expected}")
        if file.broken and file.path in amounts:
            found.append(f"merge: {file.path} is broken and was merged")
        if bool(file.broken) != (file.path in named):
            found.append(f"merge: {file.path} ({file.broken or 'good'}) named as not merged: {not file.broken}")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=int, nargs="?", default=2000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=2018)
    given = parser.parse_args()
    sys.exit(main(given.files, given.workers, given.seed))
