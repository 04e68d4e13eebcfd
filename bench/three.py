"""python -m bench.three [FILES]: a city's files through the three commands of the manual, held against the ground truth.

    qdcalc check IN --quick --report    which files and cells are wrong
    qdcalc recalc IN -o OUT             every file that can be, recalculated
    qdcalc merge OUT -o 汇总.xlsx         the good rows together

Every broken file and wrong cell must be named and no other, every good file done, and each good file's amount to the 分
what was added up when it was made. Memory is read from /proc: Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.city import Truth, generate
from bench.measure import tell
from bench.watch import Run, watched


def command(*words: str) -> tuple[Run, str]:
    run, said = watched([sys.executable, "-m", "qdcalc.cli", *words])
    print(f"{words[0]}: {run.seconds:.0f} s", file=sys.stderr, flush=True)
    return run, said


def main(files: int, workers: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = generate(folder / "in", files, seed)
        size = sum(path.stat().st_size for path in (folder / "in").rglob("*") if path.is_file()) / 1e6
        common = ("--workers", str(workers))
        source, out = str(folder / "in"), str(folder / "out")
        reports = {name: folder / f"{name}.json" for name in ("check", "recalc")}
        runs = {
            "check --quick": command("check", source, "--quick", "--report", str(reports["check"]), *common)[0],
            "recalc": command("recalc", source, "-o", out, "--report", str(reports["recalc"]), *common)[0],
        }
        runs["merge"], merged = command("merge", out, "-o", str(folder / "汇总.xlsx"), "--json", *common)
        problems = [
            *_checked(truth, json.loads(reports["check"].read_text(encoding="utf-8")), folder / "in"),
            *_recalculated(truth, json.loads(reports["recalc"].read_text(encoding="utf-8")), folder),
            *_merged(truth, json.loads(merged)),
        ]
        summary = (folder / "汇总.xlsx").stat().st_size / 1e6
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    lines = [
        f"{files:,} workbooks ({size:.0f} MB) of ten districts and three templates, {len(truth.broken)} broken as a whole, "
        f"{len(truth.wrong)} with one wrong cell; {workers} workers on {os.cpu_count()} cores.",
        "",
        "| command | files a second | processor time a file | peak memory of a worker | in the 2nd / last quarter |"
        " peak of the parent |",
        "|---|---|---|---|---|---|",
        *(
            f"| qdcalc {title} | {files / run.seconds:.1f} | {run.processor / files:.2f} s |"
            f" {max(run.peaks.values(), default=0) / 1024:.0f} MB | {run.early / 1024:.0f} / {run.late / 1024:.0f} MB |"
            f" {run.own / 1024:.0f} MB |"
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
