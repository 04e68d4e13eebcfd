"""An open document: its formulas are looked over once, and again wherever someone enters one."""

from __future__ import annotations

from typing import Any

import unohelper
from com.sun.star.util import XChangesListener

from qdcalc.hosts.libreoffice.addin import log
from qdcalc.hosts.libreoffice.addin.formulas import rewritten
from qdcalc.hosts.libreoffice.addin.registry import functions

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA


def attend(document: Any) -> None:
    """Looks over a spreadsheet and listens to what is entered into it; leaves other documents alone."""
    if not document.supportsService(SPREADSHEET):
        return
    sheets = document.getSheets()
    every = [sheets.getByIndex(number) for number in range(sheets.getCount())]
    lookover(document, every)
    document.addChangesListener(Listener(document))


class Listener(unohelper.Base, XChangesListener):  # type: ignore[misc]
    """Told of each entry. What it changes itself it is told of, too, and then finds nothing to change."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def changesOccurred(self, event: Any) -> None:  # noqa: N802
        try:
            ranges = [change.ReplacedElement for change in event.Changes if str(change.Accessor) == "cell-change"]
            lookover(self.document, [item for item in ranges if hasattr(item, "queryContentCells")])
        except Exception:
            log.write("entry")

    def disposing(self, event: Any) -> None:
        self.document = None


def lookover(document: Any, ranges: list[Any]) -> int:
    """Rewrites the formulas of these ranges where needed. Gives how many."""
    known = functions()
    names = document.NamedRanges

    def is_cell(word: str) -> bool:
        return bool(names.hasByName(word)) and _one_cell(names.getByName(word).getContent())

    changed: list[tuple[Any, int, int, str]] = []
    for area in ranges:
        found = area.queryContentCells(FORMULAS)
        for number in range(found.getCount()):
            block = found.getByIndex(number)
            for row, line in enumerate(block.getFormulaArray()):
                for column, text in enumerate(line):
                    if "QD" in text.upper():
                        better = rewritten(text, known.__contains__, is_cell)
                        if better != text:
                            changed.append((block, row, column, better))
    if not changed:
        return 0
    document.lockControllers()
    automatic = document.isAutomaticCalculationEnabled()
    document.enableAutomaticCalculation(False)
    try:
        for block, row, column, text in changed:
            _put(block.getCellByPosition(column, row), text)
    finally:
        document.enableAutomaticCalculation(automatic)
        document.unlockControllers()
    return len(changed)


def _put(cell: Any, text: str) -> None:
    if text.startswith("{"):
        cursor = cell.getSpreadsheet().createCursorByRange(cell)
        cursor.collapseToCurrentArray()
        cursor.setArrayFormula(text[1:-1])
    else:
        cell.setFormula(text)


def _one_cell(content: str) -> bool:
    return ":" not in content and "." in content and "(" not in content
