"""Every reference of a sheet or a summary, with the words that say where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from qdcalc.layout.columns import REFERENCE, Derived, Input, Output
from qdcalc.layout.tabs import Sheet, Summary


def references(part: Sheet | Summary) -> Iterator[tuple[str, str]]:
    if isinstance(part, Summary):
        yield from ((part.name, reference) for reference in (part.by, part.like) if reference)
        for measure in part.measures:
            place = f"{part.name}的“{measure.title}”"
            yield from ((place, reference) for reference in measure.where)
            for formula in (measure.formula, *measure.each.values()):
                yield from ((place, found) for found in REFERENCE.findall(formula))
            yield from ((place, reference) for reference in (measure.column, measure.by) if reference)
        for line in part.lines:
            yield from ((f"{part.name}的“{line.title}”", found) for found in REFERENCE.findall(line.formula))
        return
    for column in part.columns:
        place = f"{part.name}的“{column.key}”"
        if isinstance(column, Output):
            yield from ((place, item) for item in column.arguments.values() if isinstance(item, str))
            yield from (
                (place, found)
                for found in REFERENCE.findall(column.plain + column.when + column.otherwise + column.pick)
            )
        elif isinstance(column, Derived):
            yield from ((place, found) for found in REFERENCE.findall(column.formula))
        elif isinstance(column, Input) and column.listed:
            yield place, column.listed
        if isinstance(column, Input) and column.scaled:
            yield place, "@" + column.scaled
    for item in part.results:
        place = f"{part.name}的“{item.key}”"
        yield from ((place, given) for given in item.arguments.values() if isinstance(given, str))
        texts = item.formula + item.plain + item.when + item.otherwise
        yield from ((place, found) for found in REFERENCE.findall(texts))
    for hint in part.hints:
        yield from ((f"{part.name}的提示“{hint.words}”", found) for found in REFERENCE.findall(hint.when))
