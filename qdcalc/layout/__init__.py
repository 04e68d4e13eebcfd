"""What a template workbook holds, said once.

A policy's template.py makes one `Template` from these models. From it come both editions of the workbook (with QD
functions, and with plain formulas), the models that read a filled file back, its check and the merge. A column that is
an argument of a function takes type, choices, help and unit from the function; only what no function knows (a name, a
project's title) is said here.

References, in formulas and arguments (`{…}` in a formula, bare in an argument):
    km              this row's cell of the column `km`, of this sheet or of the sheet that it follows
    projects.km     the whole column `km` of the sheet `projects`
    @year           the field `year` (a labelled cell above a table)
    #bridge         a single figure of policy.toml, or of the template's `basis`, by its path: a cell of 依据
    #rates.keys     of a table of policy.toml the cells of its keys (joined by |), #rates.gives those of its values
    =projects.km    the total of a column
    first:last      an argument that takes several cells: this row's from the column `first` to the column `last`
"""

from __future__ import annotations

from qdcalc.layout.columns import (
    MARK,
    NOTICE,
    REFERENCE,
    SERIAL,
    AnyColumn,
    Derived,
    Entry,
    Field,
    Given,
    Input,
    Output,
    Result,
    Value,
)
from qdcalc.layout.tabs import Chart, Check, Hint, LineCharts, Measure, Sheet, Summary
from qdcalc.layout.template import Basis, Claim, Template

__all__ = [
    "MARK",
    "NOTICE",
    "REFERENCE",
    "SERIAL",
    "AnyColumn",
    "Basis",
    "Chart",
    "Check",
    "Claim",
    "Derived",
    "Entry",
    "Field",
    "Given",
    "Hint",
    "Input",
    "LineCharts",
    "Measure",
    "Output",
    "Result",
    "Sheet",
    "Summary",
    "Template",
    "Value",
]
