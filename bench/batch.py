"""python -m bench.batch [FILES]: a city's files by one and by two workers, against one headless LibreOffice.

LibreOffice opens and saves the same files in one process (`--convert-to xlsx` with all of them, started again with the
rest where it ends before them); it knows no provisions and reports nothing. Files that are broken as a whole are left out
for both, so that nobody is measured by refusals; the whole folder, broken ones included, is recalculated too and held
against the ground truth. Memory is read from /proc five times a second: Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.city import check, generate
from bench.measure import tell
from bench.watch import Run, watched


def _qdcalc(source: Path, out: Path, workers: int) -> tuple[Run, dict[str, object]]:
    command = [
        sys.executable,
        "-m",
        "qdcalc.cli",
        "recalc",
        str(source),
        "-o",
        str(out),
        "--workers",
        str(workers),
        "--json",
    ]
    run, said = watched(command)
    return run, json.loads(said)


def _libreoffice(sources: list[Path], room: Path) -> tuple[Run, int, int]:
    """One process at a time: it ends by itself after some hundred files, and is started again with those that are left.

    The names are made unique: it writes into one folder. (run, files converted, starts)
    """
    flat, out = room / "flat", room / "libreoffice"
    flat.mkdir()
    for number, source in enumerate(sources):
        os.link(source, flat / f"{number:05}.xlsx")
    whole, starts = Run(), 0
    left = sorted(flat.iterdir())
    while left:
        command = [
            "soffice", "--headless", f"-env:UserInstallation=file://{room}/profile",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, left),
        ]  # fmt: skip
        run, _ = watched(command)
        starts += 1
        whole.seconds += run.seconds
        whole.processor += run.processor
        whole.peaks |= run.peaks
        whole.early, whole.late = max(whole.early, run.early), max(whole.late, run.late)
        done = {path.name for path in out.glob("*.xlsx")}
        before, left = len(left), [path for path in left if path.name not in done]
        print(f"LibreOffice: {len(done)} of {len(sources)} files, {whole.seconds:.0f} s", file=sys.stderr, flush=True)
        if len(left) == before:
            break
    return whole, len(sources) - len(left), starts


def main(files: int, seed: int) -> int:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="qdcalc-batch-") as folder:
        room = Path(folder)
        truth = generate(room / "city", files, seed)
        sizes = sum(path.stat().st_size for path in (room / "city").rglob("*.xlsx"))
        whole, report = _qdcalc(room / "city", room / "whole", 2)
        failed = {
            Path(file["path"]).relative_to(room / "city").as_posix(): file["error"]
            for file in report["files"]  # type: ignore[attr-defined]  # JSON of our own
            if not file["ok"]
        }
        wrong = check(truth, room / "whole", failed)
        for file in truth.broken:
            (room / "city" / file.path).unlink()
        good = sorted((room / "city").rglob("*.xlsx"))
        theirs, converted, starts = _libreoffice(good, room)
        lines = [
            f"{files} workbooks of ten districts and three templates (100 rows, 40 filled in, no values for formulas; "
            f"{sizes / files / 1024:.0f} kB each), {len(truth.broken)} broken as a whole, {len(truth.wrong)} with one wrong cell. "
            f"The machine ({os.cpu_count()} cores) had a load of {load:.1f} before the start.",
            "",
            "| program | files | files a second | LibreOffice = 1 | processor time a file, LibreOffice = 1 | peak memory of a process |"
            " its memory in the 2nd / last quarter |",
            "|---|---|---|---|---|---|---|",
        ]
        pace = converted / theirs.seconds, theirs.processor / converted
        lines.append(
            _line(f"LibreOffice, one process at a time ({starts} in all), opens and saves", converted, theirs, pace)
        )
        for workers in (1, 2):
            run, _ = _qdcalc(room / "city", room / f"out{workers}", workers)
            lines.append(_line(f"qdcalc recalc --workers {workers}", len(good), run, pace))
            shutil.rmtree(room / f"out{workers}")
        lines.append(_line("the same with the broken ones, --workers 2", files, whole, pace))
        totals = ", ".join(f"{policy} {amounts['全市']}" for policy, amounts in truth.totals.items())
        lines += [
            "",
            f"Against the ground truth ({totals} 元, added up in Decimal apart from the rules): "
            + (f"{len(wrong)} files differ" if wrong else "every total to the 分, every broken file told and no other")
            + ".",
        ]
    tell("batch", "A city's files", lines)
    for text in wrong:
        print(text)
    return 1 if wrong else 0


def _line(name: str, files: int, run: Run, pace: tuple[float, float]) -> str:
    peak = max(run.peaks.values(), default=0) / 1024
    return (
        f"| {name} | {files} | {files / run.seconds:.2f} | {files / run.seconds / pace[0]:.1f} |"
        f" {run.processor / files / pace[1]:.2f} | {peak:.0f} MB |"
        f" {run.early / 1024:.0f} / {run.late / 1024:.0f} MB |"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(main(arguments.files, arguments.seed))
