"""One LibreOffice for a whole test module, driven over a socket of this machine.

Run by a Python that has `uno` (Debian: the system's, package python3-uno): office_session.py FOLDER. The folder holds
steps.json; results.json is written there. LibreOffice runs with a fresh profile and the unpacked extensions of
FOLDER/bundled, and is ended with its whole process group.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

START_LIMIT = 90
ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR


def option(name, value):
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, process):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    url = f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext"
    end = time.time() + START_LIMIT
    while True:
        try:
            return resolver.resolve(url)
        except Exception:
            if time.time() > end or process.poll() is not None:
                raise
            time.sleep(0.1)


def read(sheet, area):
    """Formulas, values and error numbers of a range; an error's value is its number under "error"."""
    cells = sheet.getCellRangeByName(area)
    first = cells.getRangeAddress()
    values = [[{"formula": text} for text in row] for row in cells.getFormulaArray()]
    for line, row in zip(values, cells.getDataArray(), strict=False):
        for cell, value in zip(line, row, strict=False):
            cell["value"] = value
    wrong = cells.queryFormulaCells(ERRORS)
    for number in range(wrong.getCount()):
        block = wrong.getByIndex(number).getRangeAddress()
        for row in range(block.StartRow, block.EndRow + 1):
            for column in range(block.StartColumn, block.EndColumn + 1):
                error = sheet.getCellByPosition(column, row).getError()
                values[row - first.StartRow][column - first.StartColumn] = {"error": error}
    return values


class Session:
    def __init__(self, context):
        self.context = context
        self.manager = context.ServiceManager
        self.desktop = self.create("com.sun.star.frame.Desktop")

    def create(self, service):
        return self.manager.createInstanceWithContext(service, self.context)

    def run(self, step):
        if step["do"] == "wizard":
            return self.wizard()
        document = self.desktop.loadComponentFromURL(step["url"], "_blank", 0, (option("Hidden", True),))
        try:
            frame = document.getCurrentController().getFrame()
            dispatcher = self.create("com.sun.star.frame.DispatchHelper")
            for address, text in step.get("enter", []):  # as typed by a person
                dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (option("ToPoint", address),))
                dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (option("StringName", text),))
            sheets = document.getSheets()
            for name, row, cells in step.get("insert", []):  # a row above `row`, from 1, as a person inserts it
                sheet = sheets.getByName(name)
                sheet.unprotect("")
                sheet.getRows().insertByIndex(row - 1, 1)
                for letter, value in cells.items():
                    cell = sheet.getCellRangeByName(f"{letter}{row}")
                    cell.setString(value) if isinstance(value, str) else cell.setValue(value)
            if "insert" in step:
                document.calculateAll()
            for address, text in step.get("set", []):  # as a macro does
                sheets.getByIndex(0).getCellRangeByName(address).setFormula(text)
            if "set" in step:
                time.sleep(1)  # until LibreOffice has had nothing to do
            found = {
                name: read(sheets.getByName(name) if name else sheets.getByIndex(0), area)
                for name, area in step["read"].items()
            }
            if "save" in step:
                document.storeToURL(step["save"], (option("FilterName", "Calc MS Excel 2007 XML"),))
            return found
        finally:
            document.close(True)

    def wizard(self):
        listed = self.create("com.sun.star.sheet.FunctionDescriptions")
        found = {}
        for number in range(listed.getCount()):
            facts = {item.Name: item.Value for item in listed.getByIndex(number)}
            if facts["Name"].startswith("QD"):
                arguments = [[item.Name, item.Description, item.IsOptional] for item in facts["Arguments"]]
                found[facts["Name"]] = [facts["Category"], facts["Description"], arguments]
        return found


def main(folder):
    port = free_port()
    command = [
        "soffice", "--headless", "--norestore", "--nologo", "--nodefault",
        "-env:UserInstallation=" + (folder / "profile").as_uri(),
        "-env:BUNDLED_EXTENSIONS=" + (folder / "bundled").as_uri(),
        f"--accept=socket,host=127.0.0.1,port={port};urp;",
    ]  # fmt: skip
    with open(folder / "soffice.txt", "wb") as words:
        process = subprocess.Popen(command, stdout=words, stderr=words, start_new_session=True)
    try:
        session = Session(connect(port, process))
        steps = json.loads((folder / "steps.json").read_text(encoding="utf-8"))
        results = [session.run(step) for step in steps]
        (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
