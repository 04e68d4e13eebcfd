"""Layout text → formulas of cells: references filled in, calls written, empty rows kept empty."""

from __future__ import annotations

from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from qdcalc.layout import MARK, REFERENCE, Derived, Input, Output, Result, Value
from qdcalc.rules.units import UNITS
from qdcalc.workbook.addresses import literal, quoted, sheet_prefix
from qdcalc.workbook.plain import ChoiceLists, Working, make_workings
from qdcalc.workbook.plan import NO, YES, ColumnPlan, Plan, TablePlan

NOTHING = "　"
"""Ends every 提示. LibreOffice works out again whatever holds "" when it opens a file, add-in or not, and would show #NAME?
for every row that has nothing to tell; a blank that is no "" stays."""


class Formulas:
    """Writes the formulas of one plan. `row` is a row of the table, from 0."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def lists(self) -> ChoiceLists:
        """选项 of the plain edition."""
        return ChoiceLists()

    @cached_property
    def workings(self) -> dict[str, Working]:
        """The helper columns of the plain edition, by table."""
        return make_workings(self.plan, self.lists)

    # ------------------------------------------------------------ references
    def reference(self, text: str, table: TablePlan | None = None, row: int = 0, seen_from: str | None = None) -> str:
        """One reference of the layout as an address; `seen_from` is the sheet of the formula, else that of `table`."""
        plan = self.plan
        here = seen_from or (table.name if table is not None else None)

        def on(name: str, cells: str) -> str:
            return cells if name == here else sheet_prefix(name) + cells

        if text.startswith("#"):
            return plan.basis.cells[text[1:]]
        if text.startswith("@"):
            for owner in plan.tables.values():
                if text[1:] in owner.heads:
                    row, column = owner.heads[text[1:]]
                    return on(owner.name, f"${xl_col_to_name(column)}${row + 1}")
        if ":" in text:
            first, last = (self.reference(end, table, row, seen_from) for end in text.split(":"))
            return f"{first}:{last.rpartition('!')[2]}"
        name, dot, key = text.removeprefix("=").partition(".")
        if dot:
            part = plan.tables.get(name) or plan.summaries[name]
            return on(part.name, part.total(key) if text.startswith("=") else part.span(key))
        assert table is not None
        for owner in plan.chain(table):
            if name in owner.by_key:
                return on(owner.name, owner.cell(name, owner.first + (row - table.first)))
        raise KeyError(text)

    def fill(self, text: str, table: TablePlan | None = None, row: int = 0, seen_from: str | None = None) -> str:
        """A formula of the layout with its references filled in."""
        return REFERENCE.sub(lambda match: self.reference(match[1], table, row, seen_from), text)

    # ------------------------------------------------------------ rows
    def empty(self, table: TablePlan, row: int, seen_from: str | None = None) -> str:
        """The condition that a row is not filled in, or "" where a row is always there."""
        root = self.plan.chain(table)[-1]
        prefix = "" if root.name == (seen_from or table.name) else sheet_prefix(root.name)
        at = root.first + (row - table.first) + 1
        runs: list[list[int]] = []
        for column in root.inputs:
            if runs and runs[-1][-1] == column.index - 1:
                runs[-1].append(column.index)
            else:
                runs.append([column.index])
        if not runs:
            return ""
        parts = [f"${xl_col_to_name(run[0])}{at}:${xl_col_to_name(run[-1])}{at}" for run in runs]
        return f"COUNTA({','.join(prefix + part for part in parts)})=0"

    def guarded(self, table: TablePlan, row: int, body: str, always: bool = False) -> str:
        empty = "" if always else self.empty(table, row)
        return f'=IF({empty},"",{body})' if empty else f"={body}"

    def output(self, spec: Output, table: TablePlan, row: int) -> str:
        if not self.plan.plain:
            body = f"{spec.function}({self.arguments(spec, table, row)})"
            if spec.pick:
                body = f"INDEX({body},{self.fill(spec.pick, table, row)})"
        elif self.worked(spec, table):
            body = self.workings[table.key].result(spec.key, row)
        else:
            body = self.fill(spec.plain, table, row)
        if self.plan.functions[spec.function].answers_yes_or_no:
            body = f'IF({body},"是","否")'
        if spec.when:
            otherwise = self.fill(spec.otherwise, table, row) or '""'
            body = f"IF({self.fill(spec.when, table, row)},{body},{otherwise})"
        return self.guarded(table, row, body, spec.always)

    def worked(self, spec: Output, table: TablePlan) -> bool:
        """Whether the plain edition has helper columns for a call: not for one over whole columns."""
        working = self.workings.get(table.key)
        return working is not None and spec.key in working.results

    def result(self, spec: Result, table: TablePlan) -> str:
        """The formula of a line above the table."""
        body = self.fill(spec.formula or spec.plain, table)
        if spec.function and not self.plan.plain:
            body = f"{spec.function}({self.arguments(spec, table, 0)})"
        if spec.when:
            body = f"IF({self.fill(spec.when, table)},{body},{self.fill(spec.otherwise, table)})"
        return f"={body}"

    def arguments(self, spec: Output | Result, table: TablePlan, row: int) -> str:
        """The arguments in the function's order; those left out in the middle stay empty, at the end are dropped."""
        words: list[str] = []
        for parameter in self.plan.functions[spec.function].parameters:
            given = spec.arguments.get(parameter.name)
            if isinstance(given, Value):
                words.append(literal(given.value))
            else:
                words.append("" if given is None else self.reference(given, table, row))
        while words and not words[-1]:
            words.pop()
        return ",".join(words)

    def derived(self, spec: Derived, table: TablePlan, row: int) -> str:
        return self.guarded(table, row, self.fill(spec.formula, table, row), spec.always)

    def notice(self, table: TablePlan, row: int) -> str:
        """What is wrong with the row, in words: blanks and repetitions that no function sees, then the function's own."""
        parts: list[str] = []
        told = self._told(table)
        for column in table.inputs:
            spec = column.spec
            assert isinstance(spec, Input)
            cell = table.cell(column.key, row)
            if column.required and column.key not in told:
                parts.append(f'IF({cell}="",{quoted(column.title + "：未填写。")},"")')
            if spec.unique:
                parts.append(
                    f'IF(COUNTIF({table.span(column.key)},{cell})>1,{quoted(column.title + "：与其他行重复。")},"")'
                )
            if spec.listed:
                options = self.reference(spec.listed, table)
                words = quoted(f"{column.title}：不在可选范围内。")
                parts.append(f'IF({cell}="","",IF(COUNTIF({options},{cell})=0,{words},""))')
        for hint in table.sheet.hints:
            # where a cell that it reads is wrong, the function's own words tell that
            parts.append(f'IFERROR(IF({self.fill(hint.when, table, row)},{quoted(hint.words + "。")},""),"")')
        for key in table.sheet.notices:
            call = self._notice_of(table, key, row)
            if len(table.sheet.notices) > 1:
                call = f'IF({call}="","",{quoted(table.by_key[key].title + "：")}&{call}&"。")'
            spec_ = table.by_key[key].spec
            assert isinstance(spec_, Output)
            when = f"IFERROR({self.fill(spec_.when, table, row)},TRUE)" if spec_.when else ""
            parts.append(f'IF({when},{call},"")' if when else call)
        return self.guarded(table, row, "&".join([*parts, quoted(NOTHING)]))

    def _notice_of(self, table: TablePlan, key: str, row: int) -> str:
        """What the function of one output tells."""
        spec = table.by_key[key].spec
        assert isinstance(spec, Output)
        if not self.plan.plain:
            return f"QD_NOTICE({quoted(spec.function)},{self.arguments(spec, table, row)})"
        return self.workings[table.key].notice(key, row) if self.worked(spec, table) else '""'

    def _told(self, table: TablePlan) -> set[str]:
        """The columns whose blanks the functions of the 提示 column tell themselves."""
        found: set[str] = set()
        for spec in (table.by_key[key].spec for key in table.sheet.notices):
            if isinstance(spec, Output) and not spec.when:
                required = {item.name for item in self.plan.functions[spec.function].parameters if item.required}
                given = spec.arguments.items()
                found |= {item for name, item in given if isinstance(item, str) and name in required}
        return found

    def mark(self, table: TablePlan, row: int) -> str:
        """√ where every required cell is filled in and every result is of the kind it should be, else ×.

        With xlwings a failed call is a text that starts with its error code, e.g. "#N/A 劳动报酬（元）：未填写".
        """
        tests: list[str] = []
        for column in table.columns:
            cell = table.cell(column.key, row)
            if column.role == "input" and isinstance(column.spec, Input):
                if column.required:
                    tests.append(f'{cell}<>""')
                if column.spec.unique:
                    tests.append(f"COUNTIF({table.span(column.key)},{cell})=1")
                if column.spec.listed:
                    tests.append(f"COUNTIF({self.reference(column.spec.listed, table)},{cell})>0")
            elif column.role == "output" or (column.role == "derived" and column.numeric):
                kind = f"ISNUMBER({cell})" if column.numeric else f'AND(ISTEXT({cell}),COUNTIF({cell},"#*")=0)'
                when = column.spec.when if isinstance(column.spec, Output) else ""
                if isinstance(column.spec, Derived) and column.spec.optional:
                    kind = f'OR({cell}="",{kind})'
                tests.append(f"IF({self.fill(when, table, row)},{kind},TRUE)" if when else kind)
        tests += [f"NOT({self.fill(hint.when, table, row)})" for hint in table.sheet.hints if hint.wrong]
        if not tests:
            return self.guarded(table, row, quoted(YES))
        test = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        return self.guarded(table, row, f"IF(IFERROR({test},FALSE),{quoted(YES)},{quoted(NO)})")

    # ------------------------------------------------------------ totals
    def total(self, table: TablePlan, column: ColumnPlan) -> str:
        """The sum of the rows that are right; the label beside it says how many are left out."""
        decimals = UNITS[column.unit].decimals if column.unit in UNITS else 4
        return f"=ROUND(SUMIFS({table.span(column.key)},{table.span(MARK)},{quoted(YES)}),{decimals})"

    def total_label(self, table: TablePlan) -> str:
        wrong = f"COUNTIF({table.span(MARK)},{quoted(NO)})"
        return f'="合计"&IF({wrong}=0,"","（另有"&{wrong}&"行待改正，未计入）")'

    def total_mark(self, table: TablePlan) -> str:
        """So that the total row stays when people filter the blanks of 核对 away to print."""
        right, wrong = (f"COUNTIF({table.span(MARK)},{quoted(sign)})" for sign in (YES, NO))
        return f'=IF({right}+{wrong}=0,"",IF({wrong}=0,{quoted(YES)},{quoted(NO)}))'

    def text_of(self, table: TablePlan, column: ColumnPlan, row: int) -> str:
        """The formula of one computed cell."""
        if column.role == "notice":
            return self.notice(table, row)
        if column.role == "mark":
            return self.mark(table, row)
        if isinstance(column.spec, Output):
            return self.output(column.spec, table, row)
        assert isinstance(column.spec, Derived)
        return self.derived(column.spec, table, row)
