"""A whole workbook, and that it is sound: no reference points at nothing, no key is used twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from qdcalc.layout.columns import MARK, NOTICE, REFERENCE, SERIAL, Input, Key, Layout, Output, Words
from qdcalc.layout.references import references
from qdcalc.layout.tabs import Check, LineCharts, Sheet, Summary, Tab


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
            yield from ((part, place, reference) for place, reference in references(part))
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


def _unique(what: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{what}重复：{'、'.join(twice)}")
