"""What a workbook is made of: tables, summaries, pages of charts; and the checks that look across them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from qdcalc.layout.columns import AnyColumn, Derived, Field, Given, Input, Key, Layout, Reference, Result, Words

TabName = Annotated[str, StringConstraints(pattern=r"^[^\[\]:*?/\\']{1,31}$")]


class Tab(Layout):
    """What every tab has: `name` is written on it, `title` above its table."""

    key: Key
    name: TabName
    title: Words


class Hint(Layout):
    """A sentence for 提示 on rows where `when` (a formula) holds. `wrong`: the row then is not right."""

    when: Words
    words: Words
    wrong: bool = False


class Sheet(Tab):
    """A table with one row a case. 序号 before, 提示 and 核对 after the columns come by themselves.

    follows     the key of a sheet whose rows this one continues: its columns are in reach, row by row
    counted     the column that tells how many rows are filled in; it must not be blank in a filled row
    notice      the output whose errors and warnings the 提示 column shows; of several each is told under its title
    rows        at most so many rows, where fewer than the workbook's are enough
    lines       how many lines of text a row has room for
    signatures  labels to sign behind, at the foot of every printed page
    remarks     sentences above the table

    A sheet without inputs that says its `rows` is a form: its rows follow from its fields alone.
    """

    columns: tuple[AnyColumn, ...]
    fields: tuple[Field, ...] = ()
    results: tuple[Result, ...] = ()
    follows: str = ""
    counted: Key | None = None
    notice: Key | tuple[Key, ...] = ()
    hints: tuple[Hint, ...] = ()
    rows: int | None = None
    lines: int = 1
    freeze: int = 1
    signatures: tuple[Words, ...] = ()
    remarks: tuple[Words, ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether its rows are right or wrong: not those of a form, nor of a list that is only looked at."""
        return bool(self.inputs or self.follows or self.hints)

    @property
    def is_form(self) -> bool:
        return self.rows is not None and not (self.inputs or self.given or self.follows)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(column for column in self.columns if isinstance(column, Input))

    @property
    def notices(self) -> tuple[str, ...]:
        return (self.notice,) if isinstance(self.notice, str) else self.notice

    @property
    def heads(self) -> tuple[str, ...]:
        """The keys of what stands above the table."""
        return (*(field.key for field in self.fields), *(result.key for result in self.results))

    @property
    def given(self) -> tuple[Given, ...]:
        return tuple(column for column in self.columns if isinstance(column, Given))

    def column(self, key: str) -> AnyColumn | None:
        return next((column for column in self.columns if column.key == key), None)


class Check(Layout):
    """`formula` gives the number of problems, 0 for none. `soft`: told, but does not stand in the way."""

    title: Words
    formula: Words
    soft: bool = False
    help: str = ""


class Measure(Layout):
    """A column of a summary: how many rows, or the sum of `column`; only rows where every column of `where` is so.
    `by` is the grouping column, where `column` is of another sheet than the summary's own."""

    key: Key
    title: Words
    by: Reference | None = None
    column: Reference | None = None
    where: Mapping[Reference, str] = {}
    formula: str = ""
    """instead: a formula over this row's measures"""
    each: Mapping[str, str] = {}
    """instead: a formula for every group, where the groups are no column's values"""
    function: str = ""
    argument: str = ""
    """instead, in the edition with functions: called with the group as this argument"""
    unit: str = ""


class Chart(Layout):
    """A column chart of some measures; `signed` ones may fall below 0. `axis` is what the numbers are; 元 are shown in
    万元 where it says so. `lying`: with bars from left to right, for many groups or long names."""

    title: Words
    measures: tuple[Key, ...]
    axis: str = ""
    stacked: bool = False
    signed: bool = False
    lying: bool = False


class Summary(Tab):
    """A table with one row a group of the column `by`, a total row and a chart. The groups are the column's choices,
    or those of another column, `like`, or `values`; without `by` every measure says `each` or `formula`. Where `like` is a
    column that people fill in, the groups are its first `rows` cells, and the chart has at most CHARTED of them."""

    by: Reference | None = None
    like: Reference | None = None
    values: tuple[int | Words, ...] = ()
    rows: int = 0
    heading: str = ""
    measures: tuple[Measure, ...]
    lines: tuple[Derived, ...] = ()
    """single results under the table: title, formula, unit"""
    chart: Chart | None = None
    signatures: tuple[Words, ...] = ()


class LineCharts(Tab):
    """A page of line charts, one for every value of the given column `by` of a sheet: the columns `lines` along the given
    column `along`. A blank cell is a gap in the line. `unit`: the given column that says what the numbers are."""

    sheet: Key
    by: Key
    along: Key
    lines: tuple[Key, ...]
    unit: Key | None = None
