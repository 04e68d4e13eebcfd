"""The XML from which Excel-DNA IntelliSense shows argument help while a formula is typed in a cell.

Excel itself shows the help of xlwings' functions in the function wizard only. Written beside udfs/excel.py; it has to
lie beside the add-in under the add-in's name, or IntelliSense loads it by hand. Not run in a real Excel here.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from qdcalc.hosts.excel_arguments import arguments, description
from qdcalc.policies import functions

FILE = "qdcalc.intellisense.xml"
_NAMESPACE = "http://schemas.excel-dna.net/intellisense/1.0"


def render() -> str:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<IntelliSense xmlns="{_NAMESPACE}">', "  <FunctionInfo>"]
    for function in functions().values():
        lines.append(f"    <Function Name={quoteattr(function.name)} Description={quoteattr(description(function))}>")
        for name, text, _ in arguments(function):
            lines.append(f"      <Argument Name={quoteattr(name)} Description={quoteattr(text)} />")
        lines.append("    </Function>")
    return "\n".join([*lines, "  </FunctionInfo>", "</IntelliSense>", ""])
