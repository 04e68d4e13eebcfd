"""A stand-in for pywin32, so that the real xlwings.udfs, xlwings._xlwindows and xlwings.com_server run on Linux.

Run as a script in a process of its own, so that nothing of this reaches another test. Each line of the standard input
is a JSON request, each line of the standard output its answer:
    {"import": "udfs.excel"}                                          what Import Functions does: {"vba", "options"}
    {"calls": [[function, argument …], …], "books_1904": [false]}     what cells get: [result, …]
An argument is {"range": [[cell, …], …]}, {"value": cell}, {"array": [[cell, …], …]} or {"missing": true}; a cell is
null, a number, a text, a flag, {"date": "2018-08-16"}, {"currency": "650000.00"} or {"error": -2146826246}.

Only what pywin32 does in C is replaced. What it would hand to Python is written down from its source: a missing
argument is the integer -2147352572, an error the integer of its code, a currency cell a Decimal, a blank None, a block
of cells a tuple of tuples.
"""

from __future__ import annotations

import ctypes
import datetime
import json
import sys
from decimal import Decimal
from typing import Any
from unittest import mock

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572
MODULES = """
pywintypes pythoncom win32api win32con win32event win32gui win32process win32timezone win32com win32com.client
win32com.client.dynamic win32com.server win32com.server.dispatcher win32com.server.policy win32com.server.util
"""


class ComError(Exception):
    pass


class Thing:
    """Any COM object: attributes as given."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def cell(value: Any) -> Any:
    """What pywin32 hands over for a cell's value."""
    if isinstance(value, dict):
        if "date" in value:
            return datetime.datetime.fromisoformat(value["date"]).replace(tzinfo=datetime.UTC)
        return Decimal(value["currency"]) if "currency" in value else value["error"]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def block(rows: list[list[Any]]) -> Any:
    found = tuple(tuple(cell(item) for item in row) for row in rows)
    return found[0][0] if len(found) == len(found[0]) == 1 else found


class Range:
    """An Excel range: its Value, and what identifies it as a range."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.Value = block(rows)
        kind = Thing(GetTypeAttr=lambda: Thing(iid=RANGE_IID))
        self._oleobj_ = Thing(GetTypeInfo=lambda: kind)
        self.Worksheet = Thing(Parent=Thing(Application=Thing(Hwnd=1)))
        self.Row = self.Column = 1
        self.Rows, self.Columns = Thing(Count=len(rows)), Thing(Count=len(rows[0]))


def argument(given: dict[str, Any]) -> Any:
    if "missing" in given:
        return MISSING
    if "range" in given:
        return Range(given["range"])
    return block(given["array"]) if "array" in given else cell(given["value"])


def install() -> None:
    """Put the stand-ins in place and make xlwings what it is on Windows."""
    for name in MODULES.split():
        module: Any = mock.MagicMock(spec_set=None)
        module.__name__, module.__path__ = name, []
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    types_of_com: Any = sys.modules["pywintypes"]
    types_of_com.TimeType, types_of_com.com_error, types_of_com.IID = datetime.datetime, ComError, str
    sys.modules["win32timezone"].TimeZoneInfo = Thing(utc=lambda: datetime.UTC)  # type: ignore[attr-defined]
    client: Any = sys.modules["win32com.client"]
    client.Dispatch = lambda obj, *_, **__: obj
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(client, name, type(name, (), {}))
    ctypes.windll = ctypes.oledll = ctypes.PyDLL = mock.MagicMock()  # type: ignore[attr-defined,misc]
    sys.modules["pythoncom"].__file__ = "pythoncom.dll"
    import xlwings
    import xlwings._xlwindows
    import xlwings.udfs

    # what xlwings/__init__.py does on Windows
    xlwings.engines.add(xlwings.Engine(impl=xlwings._xlwindows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = xlwings.udfs.xlfunc, xlwings.udfs.xlarg, xlwings.udfs.xlret
    # an object of ours is not a wrapped Python object of the COM server
    sys.modules["win32com.server.util"].unwrap = mock.Mock(side_effect=ComError)  # type: ignore[attr-defined]


class Components:
    """VBProject.VBComponents: keeps the text that is imported."""

    text = ""

    def __call__(self, name: str) -> str:
        raise ComError(name)  # there is no xlwings_udfs module yet

    def Remove(self, component: str) -> None:  # noqa: N802  # COM's spelling
        raise AssertionError(component)

    def Import(self, path: str) -> None:  # noqa: N802  # COM's spelling
        with open(path, encoding="utf-8") as file:
            self.text = file.read()


def imported(modules: str) -> dict[str, Any]:
    """What Import Functions does: the VBA text, and each MacroOptions call."""
    import xlwings.udfs

    components, options = Components(), []
    application = Thing(Version="16.0", MacroOptions=lambda macro, **words: options.append({"macro": macro, **words}))
    book = Thing(Name="qdcalc.xlsm", VBProject=Thing(VBComponents=components), Application=application)
    with mock.patch("builtins.print"), mock.patch.object(xlwings.udfs, "Book"):
        xlwings.udfs.import_udfs(modules, book)
    return {"vba": components.text, "options": options}


def shown(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return {"date": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return value


def called(calls: list[list[Any]], books_1904: list[bool]) -> list[Any]:
    """What the COM server gives to VBA for each call."""
    import xlwings.com_server
    import xlwings.udfs

    book = Thing(Application=Thing(Workbooks=[Thing(Date1904=flag) for flag in books_1904]))
    server = xlwings.com_server.XLPython()
    with mock.patch.object(xlwings.udfs, "Book"):
        return [
            shown(server.CallUDF("udfs.excel", function, tuple(map(argument, arguments)), book, Range([[None]])))
            for function, *arguments in calls
        ]


def main() -> None:
    install()
    for line in sys.stdin:
        request = json.loads(line)
        if "import" in request:
            answer: Any = imported(request["import"])
        else:
            answer = called(request["calls"], request.get("books_1904", [False]))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
