"""After a recalculation: what a quick check finds in the templates among the files, as a short note on each.

Only a few files that are not large, for a few seconds, since it runs in the command's own process; of the rest one line
says how to have them checked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdcalc.recalc.report import BookReport, Report

FILES = 20
LARGEST = 600_000
"""bytes; a filled template of 500 rows with functions has less, a plain one of 500 rows has more"""
SECONDS = 3.0
"""for all files together; a file that is begun is finished"""
TOLD = 3
"""sentences that a note spells out"""
FIRST = frozenset(
    ("below_formulas", "merged_cells", "overwritten_formula", "missing_formula", "changed_formula", "pasted_validation")
)
"""Told first: these leave wrong sums that look right, and no function's error tells of them."""


def note_findings(report: Report) -> None:
    """Adds to the notes of each file, and of the report where files were left out."""
    templates = [file for file in report.files if file.ok and file.template and file.target is not None]
    if not templates:
        return
    left = len(templates) if len(templates) > FILES else 0
    began = time.monotonic()
    for file in templates if not left else ():
        if time.monotonic() - began > SECONDS or _size(file) > LARGEST:
            left += 1
        elif words := _findings(file):
            file.notes.append(words)
    if left:
        report.notes.append(f"有 {left} 个填报模板没有检查填报内容，请运行 qdcalc check")


def _size(file: BookReport) -> int:
    assert file.target is not None
    try:
        return file.target.stat().st_size
    except OSError:  # somebody took it away meanwhile: reading it tells
        return 0


def _findings(file: BookReport) -> str:
    from qdcalc.filled.read import read_book

    assert file.target is not None
    # an empty template that is recalculated is no mistake
    found = [
        problem
        for problem in read_book(file.target, recalculate=False).problems
        if not problem.is_note and problem.kind != "nothing_filled"
    ]
    if not found:
        return ""
    found.sort(key=lambda problem: problem.kind not in FIRST)
    words = [str(problem).replace("　", "：", 1) for problem in found[:TOLD]]
    more = "；……" if len(found) > TOLD else ""
    return f"填报检查：{len(found)} 个问题，见 qdcalc check。{'；'.join(words)}{more}"
