"""Which columns native formulas compare with names: there an alias that every function understands is not counted."""

from __future__ import annotations

from collections.abc import Iterator

from qdcalc.layout import REFERENCE, Derived, Output, Sheet, Summary, Template


def compared(template: Template) -> frozenset[tuple[str, str]]:
    """(sheet key, column key) of what summaries group by or select, and of what formulas of the layout read."""
    found: set[tuple[str, str]] = set()
    for sheet, text in _formulas(template):
        for reference in REFERENCE.findall(text):
            found |= _columns(template, sheet, reference)
    for summary in template.summaries:
        for reference in _selections(summary):
            found |= _columns(template, None, reference)
    return frozenset(found)


def _columns(template: Template, sheet: Sheet | None, reference: str) -> set[tuple[str, str]]:
    if reference.startswith(("@", "#")):
        return set()
    name, dot, key = reference.removeprefix("=").partition(".")
    if dot:
        return {(name, key)}
    return {(part.key, name) for part in (template.chain(sheet) if sheet is not None else ()) if part.column(name)}


def _formulas(template: Template) -> Iterator[tuple[Sheet | None, str]]:
    for sheet in template.sheets:
        for column in sheet.columns:
            if isinstance(column, Derived):
                yield sheet, column.formula
            elif isinstance(column, Output):
                yield sheet, column.when + column.otherwise
        for hint in sheet.hints:
            yield sheet, hint.when
        for result in sheet.results:
            yield sheet, result.formula + result.when + result.otherwise
    for summary in template.summaries:
        for measure in summary.measures:
            yield None, measure.formula + "".join(measure.each.values())
        for line in summary.lines:
            yield None, line.formula
    for check in template.checks:
        yield None, check.formula


def _selections(summary: Summary) -> Iterator[str]:
    if summary.by:
        yield summary.by
    for measure in summary.measures:
        yield from measure.where
        if measure.by:
            yield measure.by
