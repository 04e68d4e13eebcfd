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

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Reference = Annotated[
    str, StringConstraints(pattern=r"^([@#=]?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*|[a-z][a-z0-9_]*:[a-z][a-z0-9_]*)$")
]
TabName = Annotated[str, StringConstraints(pattern=r"^[^\[\]:*?/\\']{1,31}$")]
REFERENCE = re.compile(r"\{([@#=]?[a-z][a-z0-9_.]*)\}")
Kind = Literal["文字", "日期", "时刻", "数值", "选项"]


class Layout(BaseModel):
    """Base of all: an unknown key is an error, nothing is coerced, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Value(Layout):
    """A fixed argument of a call."""

    value: str | bool | int


class Entry(Layout):
    """What people fill in, in a column or a field: an argument of a function ("QD_ROAD_SUBSIDY.km"), or free.

    kind, unit, choices   of a free entry; of an argument they are the function's
    title, note           instead of, or after, the function's
    required              None: as the argument is; a free entry is not
    example               shown in the prompt
    """

    key: Key
    argument: Annotated[str, StringConstraints(pattern=r"^(QD_[A-Z0-9_]+\.[a-z_]+)?$")] = ""
    title: str = ""
    kind: Kind | None = None
    unit: str = ""
    choices: tuple[Words, ...] = ()
    note: str = ""
    required: bool | None = None
    example: str = ""

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Entry:
        if bool(self.argument) == (self.kind is not None):
            raise ValueError(f"{self.key}：应写明 argument 或 kind 之一")
        if self.argument and (self.choices or self.unit):
            raise ValueError(f"{self.key}：函数参数的 unit、choices 由函数给出，不能另写")
        if self.kind is not None and not self.title:
            raise ValueError(f"{self.key}：不是函数参数的列应写明 title")
        if (self.kind == "选项") != bool(self.choices) and not isinstance(self, Input):
            raise ValueError(f"{self.key}：选项（且只有它）应写明 choices")
        return self


class Field(Entry):
    """A labelled input cell above a table: the year, the fund of the year. `value` is what the empty template holds."""

    value: str | int | None = None
    width: float | None = None


class Column(Layout):
    """What all columns may say. `group` is the heading over neighbouring columns; `total`: summed in the total row;
    `always`: computed on rows that nobody has filled in yet, too; `shown`: look like numbers of this unit."""

    width: float | None = None
    group: str = ""
    total: bool = False
    always: bool = False
    shown: str = ""


class Input(Entry, Column):
    """A column that people fill in.

    listed   "projects.code": the choices are what another sheet's column holds
    unique   no two rows may hold the same
    scaled   the key of a field with the choices 元 and 万元: the amount is typed in that unit
    """

    listed: Reference | None = None
    unique: bool = False
    scaled: str = ""

    @model_validator(mode="after")
    def _has_choices(self) -> Input:
        if (self.kind == "选项") != bool(self.choices or self.listed):
            raise ValueError(f"{self.key}：选项（且只有它）应写明 choices 或 listed")
        return self


class Output(Column):
    """A call of a function on columns, fields and fixed values; `plain` is a formula for the plain edition where the
    function has none of its own (QD_ALLOCATE); its arguments are checked like those of others, whole columns apart.
    `title` is the function's unless given."""

    key: Key
    function: Annotated[str, StringConstraints(pattern=r"^QD_[A-Z0-9_]+$")]
    arguments: Mapping[str, Reference | Value]
    title: str = ""
    unit: str = ""
    when: str = ""
    """a condition (formula); where it does not hold the cell stays empty, or `otherwise` (a formula) stands"""
    otherwise: str = ""
    plain: str = ""
    pick: str = ""
    """of a result of several cells: which one, "{serial},2" for the second of this row's line"""


class Derived(Column):
    """A native formula, the same in both editions: a link, a sum over another sheet. `unit` is "" for a text, 日期 for a
    date; `optional`: a number may be missing."""

    key: Key
    title: Words
    formula: Words
    unit: str = ""
    optional: bool = False


class Given(Column):
    """A column whose cells the template fills in, one row each: the 区（市） of annex 2. `figure` names a list in
    policy.toml, less those of `without`; `values` the texts or numbers themselves. Two such columns make a row of every
    pair, but one that stands `beside` another runs along with it, value by value: the items of a list and their kinds."""

    key: Key
    title: Words
    figure: str = ""
    without: tuple[Words, ...] = ()
    values: tuple[int | Decimal | Words, ...] = ()
    beside: Key | None = None
    unit: str = ""

    @model_validator(mode="after")
    def _has_values(self) -> Given:
        if bool(self.figure) == bool(self.values):
            raise ValueError(f"{self.key}：应写明 figure 或 values 之一")
        return self


AnyColumn = Input | Output | Derived | Given


class Result(Layout):
    """A line above the table with one result: a `formula`, or a call over whole columns with its `plain` formula. Where
    `when` does not hold, `otherwise` (a formula) stands. Referred to as a field is: @key."""

    key: Key
    title: Words
    formula: str = ""
    function: str = ""
    arguments: Mapping[str, Reference | Value] = {}
    plain: str = ""
    when: str = ""
    otherwise: str = '""'
    unit: str = ""
    lines: int = 1

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Result:
        if bool(self.formula) == bool(self.function and self.plain):
            raise ValueError(f"{self.key}：应写明 formula，或 function 和 plain")
        return self


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
    column `along`. A blank cell is a gap in the line."""

    sheet: Key
    by: Key
    along: Key
    lines: tuple[Key, ...]


class Basis(Layout):
    """A figure of the document that no function needs, only a check of this workbook."""

    key: Key
    title: Words
    article: Words
    unit: str
    value: Decimal


class Claim(Layout):
    """What the rows of a sheet ask for, as the merge of many workbooks adds it up: who, for what, how much.

    Columns are those that the sheet's rows reach. `subject` names the person, firm, project or 区（市） (`kind`), `beside`
    what tells two of one name apart; `district` is a column or a field ("@office", whose text then names one).
    `funding`: instead of the policy's source of money.
    """

    sheet: Key
    item: Words
    amount: Key
    subject: Key
    kind: Literal["人员", "企业", "项目", "区（市）"]
    beside: Key | None = None
    district: Annotated[str, StringConstraints(pattern=r"^@?[a-z][a-z0-9_]*$")] = ""
    funding: str = ""


class Template(Layout):
    """A workbook: its sheets in order, its summaries and checks. `version` goes up whenever a filled file of the
    version before would be read differently."""

    policy: Key
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    title: Words
    file: Words
    guide: tuple[Words, ...]
    sheets: tuple[Sheet, ...]
    summaries: tuple[Summary, ...] = ()
    charts: tuple[LineCharts, ...] = ()
    checks: tuple[Check, ...] = ()
    claims: tuple[Claim, ...] = ()
    basis: tuple[Basis, ...] = ()

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return (*self.sheets, *self.summaries, *self.charts)

    def sheet(self, key: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.key == key), None)

    def chain(self, sheet: Sheet) -> tuple[Sheet, ...]:
        """The sheet and those it follows: the columns that its rows reach."""
        found = [sheet]
        while found[-1].follows:
            before = self.sheet(found[-1].follows)
            if before is None or before in found:
                raise ValueError(f"{found[-1].name}：follows 的“{found[-1].follows}”不是它之前的工作表")
            found.append(before)
        return tuple(found)

    @model_validator(mode="after")
    def _is_sound(self) -> Template:
        _unique("工作表", [item.key for item in self.tabs])
        _unique("工作表名", [item.name for item in self.tabs])
        _unique("表头项", [key for sheet in self.sheets for key in sheet.heads])
        for sheet in self.sheets:
            reach = self.chain(sheet)
            _unique(f"{sheet.name}的列", [column.key for part in reach for column in part.columns])
            if sheet.counted is not None and not isinstance(sheet.column(sheet.counted), Input):
                raise ValueError(f"{sheet.name}：counted 的“{sheet.counted}”不是它的填报列")
            if not (sheet.inputs and sheet.counted) and not sheet.follows and not sheet.given and not sheet.is_form:
                raise ValueError(f"{sheet.name}：应有填报列和 counted，或 follows，或 Given 列，或只写 rows")
            for key in sheet.notices:
                if not isinstance(sheet.column(key), Output):
                    raise ValueError(f"{sheet.name}：notice 的“{key}”不是它的计算列")
        for part, place, reference in self._all_references():
            sheet_ = part if isinstance(part, Sheet) else None
            self._resolve(place, reference, sheet_, part if isinstance(part, Summary) else None)
        for page in self.charts:
            given = {column.key for sheet in self.sheets if sheet.key == page.sheet for column in sheet.given}
            if not {page.by, page.along} <= given:
                raise ValueError(f"{page.name}：“{page.by}”“{page.along}”应是工作表“{page.sheet}”的 Given 列")
            for key in page.lines:
                self._resolve(page.name, f"{page.sheet}.{key}", None)
        for claim in self.claims:
            self._claims(claim)
        return self

    def _all_references(self) -> Iterator[tuple[Sheet | Summary | None, str, str]]:
        """Every reference, with the part that it belongs to and the words that say where it stands."""
        parts: tuple[Sheet | Summary, ...] = (*self.sheets, *self.summaries)
        for part in parts:
            yield from ((part, place, reference) for place, reference in _references(part))
        for check in self.checks:
            yield from ((None, f"检查“{check.title}”", found) for found in REFERENCE.findall(check.formula))

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """The single figures that formulas of the layout read ({#path}): where each stands, and its path."""
        return tuple((place, item[1:]) for _, place, item in self._all_references() if item.startswith("#"))

    def _claims(self, claim: Claim) -> None:
        place = f"申报事项“{claim.item}”"
        sheet = self.sheet(claim.sheet)
        if sheet is None:
            raise ValueError(f"{place}：没有工作表“{claim.sheet}”")
        for reference in (claim.amount, claim.subject, claim.beside, claim.district):
            if reference:
                self._resolve(place, reference, sheet)

    def _resolve(self, place: str, reference: str, sheet: Sheet | None, summary: Summary | None = None) -> None:
        """Complains where a reference points at nothing. Figures are looked up when the policy is known."""
        if reference.startswith("#"):
            return
        if ":" in reference:
            for end in reference.split(":"):
                self._resolve(place, end, sheet)
            return
        if reference.startswith("@"):
            known = [key for item in self.sheets for key in item.heads]
            if reference[1:] not in known:
                raise ValueError(f"{place}：没有表头项“{reference[1:]}”，有：{'、'.join(known) or '（无）'}")
            return
        name, dot, key = reference.removeprefix("=").partition(".")
        if dot:
            self._resolve_column(place, reference, name, key)
        elif sheet is not None and not reference.startswith("="):
            columns = [column.key for part in self.chain(sheet) for column in part.columns]
            if name not in (*columns, SERIAL):
                raise ValueError(f"{place}：没有列“{name}”，有：{'、'.join(columns)}")
        elif summary is not None and not reference.startswith("="):
            if name not in (measure.key for measure in summary.measures):
                raise ValueError(f"{place}：没有列“{name}”")
        else:
            raise ValueError(f"{place}：“{reference}”应写明工作表，如 projects.km")

    def _resolve_column(self, place: str, reference: str, name: str, key: str) -> None:
        other = self.sheet(name)
        summary = next((item for item in self.summaries if item.key == name), None)
        if summary is not None:
            if key not in (measure.key for measure in summary.measures):
                raise ValueError(f"{place}：汇总表“{summary.name}”没有列“{key}”")
            return
        if other is None:
            known = "、".join(item.key for item in self.tabs)
            raise ValueError(f"{place}：没有工作表“{name}”，有：{known}")
        column = other.column(key)
        if column is None and key not in (SERIAL, NOTICE, MARK):
            raise ValueError(f"{place}：工作表“{other.name}”没有列“{key}”")
        if reference.startswith("=") and (column is None or not column.total):
            raise ValueError(f"{place}：列“{key}”没有合计（total=True）")


SERIAL, NOTICE, MARK = "serial", "notice", "mark"
"""The keys of the columns that come by themselves: 序号, 提示, 核对."""


def _unique(what: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{what}重复：{'、'.join(twice)}")


def _references(part: Sheet | Summary) -> Iterator[tuple[str, str]]:
    """Every reference of a sheet, with the words that say where it stands."""
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
