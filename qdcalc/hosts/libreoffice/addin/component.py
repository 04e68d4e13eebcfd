"""The two services that LibreOffice creates: the functions, and the job that looks at every document it opens."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import uno
import unohelper
from com.sun.star.lang import XServiceInfo, XServiceName
from com.sun.star.task import XJob

from qdcalc.hosts.libreoffice.addin import calls, documents, log
from qdcalc.hosts.libreoffice.addin.registry import functions

SERVICE, JOB = "QD", "qdcalc.Job"
INTERFACE = "qdcalc.XFunctions"


def _functions_class() -> type:
    interface = uno.getClass(INTERFACE)

    class Functions(unohelper.Base, interface, XServiceName, XServiceInfo):  # type: ignore[misc, valid-type]
        def __init__(self, context: Any) -> None:
            self.context = context

        def getServiceName(self) -> str:  # noqa: N802
            return SERVICE

        def getImplementationName(self) -> str:  # noqa: N802
            return "qdcalc.Functions"

        def supportsService(self, name: str) -> bool:  # noqa: N802
            return name == SERVICE

        def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
            return (SERVICE,)

    for name, function in functions().items():
        setattr(Functions, name[3:], _method(name, function.variadic, function.rows))
    return Functions


def _method(name: str, variadic: bool, rows: bool) -> Callable[..., object]:
    """A method takes the document, then one value an argument; a repeated last argument is a sequence.

    With `rows` it gives rows of cells, one cell too; else a single value, and an error for what has more.
    """

    def method(self: object, document: Any, *cells: Any) -> object:
        value: object = calls.not_a_number(calls.CODES["#VALUE!"])
        try:
            given = [*cells[:-1], *cells[-1]] if variadic else list(cells)
            found = calls.run(name, given, null_date(document))
            if document is not None and 0.0 in given:
                documents.suspect(uno.getComponentContext(), document)
            if rows or not isinstance(found, tuple):
                value = found
        except Exception:
            log.write(f"{name}: {cells!r}")
        return ((value,),) if rows and not isinstance(value, tuple) else value

    return method


def null_date(document: Any) -> datetime.date:
    """The day 0 of a document: 1899-12-30, or 1904-01-01 in files from old Macs."""
    try:
        first = document.getPropertyValue("NullDate")
        return datetime.date(first.Year, first.Month, first.Day)
    except Exception:  # no document: the function wizard
        return calls.NULL_DATE


class Job(unohelper.Base, XJob, XServiceInfo):  # type: ignore[misc]
    """OnLoadFinished and OnCreate: formulas are put into the form that LibreOffice computes, now and after each entry."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def execute(self, arguments: Any) -> None:
        try:
            for argument in arguments:
                if argument.Name == "Environment":
                    for item in argument.Value:
                        if item.Name == "Model" and item.Value is not None:
                            documents.attend(item.Value)
        except Exception:
            log.write("OnLoadFinished")

    def getImplementationName(self) -> str:  # noqa: N802
        return JOB

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name == JOB

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return (JOB,)


def implementations() -> Any:
    helper = unohelper.ImplementationHelper()
    helper.addImplementation(_functions_class(), "qdcalc.Functions", (SERVICE,))
    helper.addImplementation(Job, JOB, (JOB,))
    return helper
