"""Run by the Python that LibreOffice's uno belongs to: calls a Basic function on each text that stands in a JSON file.

basic_runner.py MODULE.bas FUNCTION TEXTS.json PROFILE → prints a JSON list
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PIPE = f"qdcalc-basic-{os.getpid()}"


def main(module: str, function: str, texts: str, profile: str) -> None:
    command = [
        "soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
        f"--accept=pipe,name={PIPE};urp;",
    ]  # fmt: skip
    office = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        desktop = connected()
        options = []
        for name, value in (("Hidden", True), ("MacroExecutionMode", 4)):
            options.append(PropertyValue(Name=name, Value=value))
        document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, tuple(options))
        libraries = document.BasicLibraries
        library = (
            libraries.getByName("Standard") if libraries.hasByName("Standard") else libraries.createLibrary("Standard")
        )
        library.insertByName("M", Path(module).read_text(encoding="ascii"))
        address = f"vnd.sun.star.script:Standard.M.{function}?language=Basic&location=document"
        script = document.getScriptProvider().getScript(address)
        found = [script.invoke((text,), (), ())[0] for text in json.loads(Path(texts).read_text(encoding="utf-8"))]
        print(json.dumps(found))
    finally:
        os.killpg(office.pid, signal.SIGKILL)


def connected() -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise SystemExit("LibreOffice does not answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
