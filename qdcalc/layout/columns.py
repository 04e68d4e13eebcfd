"""What a row holds: columns that people fill in, that are computed, that are given; and what stands above a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Reference = Annotated[
    str, StringConstraints(pattern=r"^([@#=]?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*|[a-z][a-z0-9_]*:[a-z][a-z0-9_]*)$")
]
REFERENCE = re.compile(r"\{([@#=]?[a-z][a-z0-9_.]*)\}")
Kind = Literal["文字", "日期", "时刻", "数值", "选项"]
SERIAL, NOTICE, MARK = "serial", "notice", "mark"
"""The keys of the columns that come by themselves: 序号, 提示, 核对."""


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
