"""An open document: its formulas are looked over once, and again wherever someone enters one."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.util import XChangesListener

from qdcalc.hosts.libreoffice.addin import log
from qdcalc.hosts.libreoffice.addin.formulas import rewritten
from qdcalc.hosts.libreoffice.addin.registry import functions

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
_ONE_CELL = re.compile(r"\$?(?:'(?:[^']|'')*'|[^'.:()]+)\.\$[A-Z]{1,3}\$[0-9]+")
FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA


PAUSE = 2.0
"""seconds in which a document that needed nothing is not looked over again: a real 0 is no reason to search for ever"""
_pending: set[str] = set()
_clean: dict[str, float] = {}


def attend(document: Any) -> None:
    """Looks over a spreadsheet and listens to what is entered into it; leaves other documents alone."""
    if not document.supportsService(SPREADSHEET):
        return
    sheets = document.getSheets()
    document.addChangesListener(Listener(document))
    lookover(document, [sheets.getByIndex(number) for number in range(sheets.getCount())])


def suspect(context: Any, document: Any) -> None:
    """A function was given the number 0: it may stand for the blank cell of a formula that a macro wrote, of which nobody
    tells. As soon as LibreOffice is idle the document is looked over."""
    identity = document.getPropertyValue("RuntimeUID")
    if identity in _pending or time.monotonic() - _clean.get(identity, -PAUSE) < PAUSE:
        return
    _pending.add(identity)
    later = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
    later.addCallback(Later(document, identity), None)


class Later(unohelper.Base, XCallback):  # type: ignore[misc]
    """Called back when there is nothing else to do."""

    def __init__(self, document: Any, identity: str) -> None:
        self.document, self.identity = document, identity

    def notify(self, data: Any) -> None:
        _pending.discard(self.identity)
        try:
            sheets = self.document.getSheets()
            if not lookover(self.document, [sheets.getByIndex(number) for number in range(sheets.getCount())]):
                _clean[self.identity] = time.monotonic()
        except Exception:
            log.write("later")


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
    changed: list[tuple[Any, int, int, str]] = []
    for area in ranges:
        is_cell = _names(document, area.getSpreadsheet())
        found = area.queryContentCells(FORMULAS)
        for number in range(found.getCount()):
            block = found.getByIndex(number)
            for row, line in enumerate(block.getFormulaArray()):
                for column, text in enumerate(line):
                    if "QD" in text.upper():
                        better = rewritten(text, known.__contains__, is_cell)
                        if better != text:
                            changed.append((block, column, row, better))
    if not changed:
        return 0
    document.lockControllers()
    automatic = document.isAutomaticCalculationEnabled()
    document.enableAutomaticCalculation(False)
    undo = document.getUndoManager()
    undo.lock()
    try:
        with _unprotected([block.getSpreadsheet() for block, _, _, _ in changed]) as closed:
            for block, column, row, texts in _runs(changed):
                if block.getSpreadsheet().getName() not in closed:
                    _put(block.getCellRangeByPosition(column, row, column, row + len(texts) - 1), texts)
    finally:
        undo.unlock()
        document.enableAutomaticCalculation(automatic)
        document.unlockControllers()
    return len(changed)


@contextlib.contextmanager
def _unprotected(sheets: list[Any]) -> Iterator[set[str]]:
    """Takes the protection without a password off these sheets, and puts it on again. Gives the names of those that have
    a password: their formulas stay as they are, which shows as #NAME? and never as a number."""
    opened, closed = {}, set()
    for name, sheet in {sheet.getName(): sheet for sheet in sheets}.items():
        if sheet.isProtected():
            try:
                sheet.unprotect("")
                opened[name] = sheet
            except Exception:  # a password: LibreOffice's own kinds of exception have no common Python base
                closed.add(name)
                log.write(f"“{name}”有保护密码，公式没有改写")
    try:
        yield closed
    finally:
        for sheet in opened.values():
            sheet.protect("")


def _runs(changed: list[tuple[Any, int, int, str]]) -> Iterator[tuple[Any, int, int, list[str]]]:
    """Formulas below one another together: thousands of cells one by one take LibreOffice minutes."""
    numbers = {id(block): number for number, (block, _, _, _) in enumerate(changed)}
    run: tuple[Any, int, int, list[str]] | None = None
    for block, column, row, text in sorted(changed, key=lambda item: (numbers[id(item[0])], item[1], item[2])):
        alone = text.startswith("{")
        if run and not alone and run[0] is block and (run[1], run[2] + len(run[3])) == (column, row):
            run[3].append(text)
            continue
        if run:
            yield run
        run = (block, column, row, [text])
        if alone:
            yield run
            run = None
    if run:
        yield run


def _put(cells: Any, texts: list[str]) -> None:
    if texts[0].startswith("{"):
        cursor = cells.getSpreadsheet().createCursorByRange(cells)
        cursor.collapseToCurrentArray()
        cursor.setArrayFormula(texts[0][1:-1])
    else:
        cells.setFormulaArray(tuple((text,) for text in texts))


def _names(document: Any, sheet: Any) -> Callable[[str], bool]:
    """Whether a word is the name of one cell, as seen from a sheet."""

    def is_cell(word: str) -> bool:
        for names in (sheet.NamedRanges, document.NamedRanges):
            if names.hasByName(word):
                return bool(_ONE_CELL.fullmatch(names.getByName(word).getContent()))
        return False

    return is_cell
