"""policy.toml → a Policy: every figure with its unit, article and dates, strictly checked.

An unknown key, an unsorted band, a figure without an article, a gap between dated versions: PolicyError with file and key.
Numbers are read as Decimal, never as floats.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdcalc.errors import PolicyError
from qdcalc.rules.units import UNITS, half_up, plain

Key = tuple[str, ...]
PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
Scalar = Decimal | str | datetime.date


@dataclass(frozen=True)
class Band:
    """From `start` (included) up to the next band's start (excluded): a number or a name."""

    start: Decimal
    gives: Decimal | str


Data = Scalar | tuple[str, ...] | tuple[Band, ...] | Mapping[Key, Decimal | str]


@dataclass(frozen=True)
class Version:
    """What a figure is from `start` (None: from the policy's first day) until the next version."""

    start: datetime.date | None
    data: Data


@dataclass(frozen=True)
class Figure:
    """One figure of the law. `shape` is value, names, band or table; `of` is the unit a band measures."""

    path: str
    title: str
    article: str
    unit: str
    shape: str
    versions: tuple[Version, ...]
    of: str = ""
    keys: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    note: str = ""

    def at(self, day: datetime.date | None) -> Data:
        """The figure on `day`; None means the first version's."""
        found = self.versions[0].data
        for version in self.versions[1:]:
            if day is not None and version.start is not None and version.start <= day:
                found = version.data
        return found

    @property
    def data(self) -> Data:
        return self.versions[0].data


@dataclass(frozen=True)
class Reading:
    """An ambiguity of the text: the options, and which one is taken unless a caller says otherwise."""

    id: str
    title: str
    article: str
    options: tuple[str, ...]
    default: str
    ambiguity: str = ""
    note: str = ""


@dataclass(frozen=True)
class Gap:
    """A clause that cannot be computed, and why."""

    id: str
    article: str
    title: str
    reason: str


@dataclass(frozen=True)
class Discrepancy:
    """Where the document does not agree with itself, and what is taken."""

    id: str
    article: str
    title: str
    text: str


@dataclass(frozen=True)
class Policy:
    """One document. `start` is its first day: valid_from or, where the text gives none, the date of issue."""

    id: str
    code: str
    title: str
    number: str
    issued: datetime.date | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    departments: tuple[str, ...]
    funding: str
    source: str
    file: str
    figures: Mapping[str, Figure]
    readings: Mapping[str, Reading]
    gaps: tuple[Gap, ...]
    provisions: Mapping[str, tuple[str, ...]]
    """which clause is answered by what: functions, and rows of the targets (T081)"""
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def start(self) -> datetime.date | None:
        return self.valid_from or self.issued

    @property
    def default_day(self) -> datetime.date | None:
        """The day whose figures count when no date is given: the last valid one, else the first."""
        return self.valid_to or self.start

    def fill(self, sentence: str, day: datetime.date | None) -> str:
        """A sentence of a rule with its figures put in: 劳动合同不足{contract_years}年 → 劳动合同不足3年."""

        def figure(match: re.Match[str]) -> str:
            value = self.figures[match[1]].at(day)
            return plain(value) if isinstance(value, Decimal) else str(value)

        return PLACEHOLDER.sub(figure, sentence)

    def with_figures(self, changes: Mapping[str, object]) -> Policy:
        """A copy for one what-if: {path: value}, {"table[键1,键2]": value} or {path: bands/rows as in the TOML}."""
        figures = dict(self.figures)
        for path, value in changes.items():
            name, bracket, keys = path.partition("[")
            old = figures.get(name)
            if old is None:
                raise PolicyError(self.file, path, f"没有这个数值，可用的有：{'、'.join(sorted(figures))}")
            reader = _Reader(self.file)
            data: Data
            if bracket:
                if not isinstance(old.data, dict):
                    raise PolicyError(self.file, path, "只有表格才能按键修改")
                key = tuple(part.strip() for part in keys.rstrip("]").split(","))
                if key not in old.data:
                    raise PolicyError(self.file, path, "表格里没有这一行")
                data = {**old.data, key: reader.scalar(path, old.unit, value)}
            else:
                data = reader.data(path, old.shape, old.unit, old.of, old.keys, value)
            figures[name] = replace(old, versions=(Version(None, data),))
        return replace(self, figures=figures)


_POLICY_KEYS = {
    "id", "code", "title", "number", "issued", "valid_from", "valid_to", "departments", "funding", "source",
}  # fmt: skip
_FIGURE_KEYS = {
    "title",
    "article",
    "unit",
    "of",
    "keys",
    "note",
    "aliases",
    "versions",
    "value",
    "names",
    "bands",
    "rows",
}
_SHAPES = {"value": "value", "names": "names", "bands": "band", "rows": "table"}


def load_policy(file: Path) -> Policy:
    """Reads and checks one policy.toml. Raises PolicyError naming file and key."""
    try:
        text = file.read_text(encoding="utf-8")
        document = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(file, "", f"不能读取：{error}") from error
    return _Reader(str(file)).policy(document)


class _Reader:
    """Turns parsed TOML into a Policy; every complaint names the file and the key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, key: str, sentence: str) -> PolicyError:
        return PolicyError(self.file, key, sentence)

    def table(self, key: str, value: object, required: set[str], optional: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(key, "应为一个表")
        for name in value:
            if name not in required | optional:
                raise self.wrong(
                    f"{key}.{name}".strip("."), f"未知的键，允许：{'、'.join(sorted(required | optional))}"
                )
        for name in sorted(required):
            if name not in value:
                raise self.wrong(f"{key}.{name}".strip("."), "缺少此键")
        return value

    def text(self, key: str, value: object, blank: bool = False) -> str:
        if not isinstance(value, str) or not (blank or value.strip()):
            raise self.wrong(key, "应为文字" + ("" if blank else "，不能为空"))
        return value

    def day(self, key: str, value: object) -> datetime.date | None:
        if value is None:
            return None
        if type(value) is not datetime.date:
            raise self.wrong(key, "应为日期，如 2018-08-16")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, "应为文字的列表，不能为空")
        found = tuple(self.text(f"{key}[{i}]", item) for i, item in enumerate(value))
        if len(set(found)) != len(found):
            raise self.wrong(key, "有重复")
        return found

    def policy(self, document: dict[str, Any]) -> Policy:
        head = self.table("policy", document.pop("policy", None), {"id", "title"}, _POLICY_KEYS)
        start, end = (self.day(f"policy.{key}", head.get(key)) for key in ("valid_from", "valid_to"))
        issued = self.day("policy.issued", head.get("issued"))
        if end and (start or issued) and end < (start or issued or end):
            raise self.wrong("policy.valid_to", "早于开始日期")
        readings = {item.id: item for item in self._readings(document.pop("readings", []))}
        answered = self._provisions(document.pop("provisions", {}))
        gaps = tuple(Gap(**item) for item in self._records("gaps", document, ("id", "article", "title", "reason")))
        discrepancies = tuple(
            Discrepancy(**item) for item in self._records("discrepancies", document, ("id", "article", "title", "text"))
        )
        figures: dict[str, Figure] = {}
        for name, value in document.items():
            if not isinstance(value, dict):
                raise self.wrong(name, "未知的键")
            if value.keys() & {*_SHAPES, "versions"} or {"title", "unit"} <= value.keys():
                figures[name] = self.figure(name, value, "", start or issued)
                continue
            article = self.text(f"{name}.article", value.get("article"))
            for child, inner in value.items():
                if child != "article":
                    figures[f"{name}.{child}"] = self.figure(f"{name}.{child}", inner, article, start or issued)
        return Policy(
            id=self.text("policy.id", head["id"]),
            code=self.text("policy.code", head.get("code", ""), blank=True),
            title=self.text("policy.title", head["title"]),
            number=self.text("policy.number", head.get("number", ""), blank=True),
            issued=issued,
            valid_from=start,
            valid_to=end,
            departments=tuple(head.get("departments", ())),
            funding=self.text("policy.funding", head.get("funding", ""), blank=True),
            source=self.text("policy.source", head.get("source", ""), blank=True),
            file=self.file,
            figures=figures,
            readings=readings,
            gaps=gaps,
            provisions=answered,
            discrepancies=discrepancies,
        )

    def _readings(self, items: object) -> list[Reading]:
        found: list[Reading] = []
        for position, raw in enumerate(items if isinstance(items, list) else []):
            key = f"readings[{position}]"
            item = self.table(key, raw, {"id", "title", "article", "options", "default"}, {"ambiguity", "note"})
            options = self.texts(f"{key}.options", item["options"])
            if item["default"] not in options:
                raise self.wrong(f"{key}.default", f"应为其中之一：{'、'.join(options)}")
            if any(item["id"] == other.id for other in found):
                raise self.wrong(f"{key}.id", "重复")
            fixed = {name: self.text(f"{key}.{name}", item[name]) for name in ("id", "title", "article", "default")}
            found.append(
                Reading(options=options, ambiguity=item.get("ambiguity", ""), note=item.get("note", ""), **fixed)
            )
        return found

    def _records(self, name: str, document: dict[str, Any], keys: Key) -> list[dict[str, str]]:
        """A list of tables that hold nothing but texts, each with an id of its own."""
        items = document.pop(name, [])
        found: list[dict[str, str]] = []
        for position, raw in enumerate(items if isinstance(items, list) else []):
            place = f"{name}[{position}]"
            item = self.table(place, raw, set(keys), set())
            record = {key: self.text(f"{place}.{key}", item[key]) for key in keys}
            if any(record["id"] == other["id"] for other in found):
                raise self.wrong(f"{place}.id", "重复")
            found.append(record)
        return found

    def _provisions(self, items: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(items, dict):
            raise self.wrong("provisions", "应为一个表：条款编号 = [函数名或目标编号]")
        return {clause: self.texts(f"provisions.{clause}", names) for clause, names in items.items()}

    def figure(self, key: str, raw: object, article: str, start: datetime.date | None) -> Figure:
        item = self.table(key, raw, {"title", "unit"}, _FIGURE_KEYS)
        unit = self.text(f"{key}.unit", item["unit"], blank=True)
        if unit not in UNITS and unit not in ("名称", "日期"):
            raise self.wrong(f"{key}.unit", f"未知的单位“{unit}”，允许：名称、日期、{'、'.join(filter(None, UNITS))}")
        own = item.get("article", article)
        if not own:
            raise self.wrong(f"{key}.article", "缺少条款")
        inner = item.get("versions", [item])
        shapes = {name for name in _SHAPES if any(isinstance(one, dict) and name in one for one in inner)}
        if len(shapes) != 1 or ("versions" in item and item.keys() & set(_SHAPES)):
            raise self.wrong(key, "应有且只有 value、names、bands、rows 之一（分期数值写在 versions 里）")
        field = shapes.pop()
        shape = _SHAPES[field]
        of = self.text(f"{key}.of", item.get("of", ""), blank=True)
        if (shape == "band") != ("of" in item) or (of and of not in UNITS):
            raise self.wrong(f"{key}.of", "分档数值（且只有它）须写明所量的单位 of")
        keys = self.texts(f"{key}.keys", item["keys"]) if "keys" in item else ()
        if (shape == "table") != bool(keys):
            raise self.wrong(f"{key}.keys", "表格（且只有它）须写明 keys")
        if "versions" in item:
            versions = self._versions(key, field, shape, unit, of, keys, item["versions"], start)
        else:
            versions = (Version(None, self.data(f"{key}.{field}", shape, unit, of, keys, item[field])),)
        aliases = item.get("aliases")
        if aliases is not None:
            if shape != "names" or not isinstance(aliases, dict):
                raise self.wrong(f"{key}.aliases", "只有名称列表才有别名表")
            for alias, name in aliases.items():
                if name not in (versions[0].data or ()):  # type: ignore[operator]  # names: checked just above
                    raise self.wrong(f"{key}.aliases.{alias}", f"“{name}”不在名称列表里")
        title = self.text(f"{key}.title", item["title"])
        note = self.text(f"{key}.note", item.get("note", ""), blank=True)
        return Figure(key, title, self.text(f"{key}.article", own), unit, shape, versions, of, keys, aliases, note)

    def _versions(
        self, key: str, field: str, shape: str, unit: str, of: str, keys: Key, raw: object, start: datetime.date | None
    ) -> tuple[Version, ...]:
        found: list[Version] = []
        expected: datetime.date | None = None
        for position, one in enumerate(raw if isinstance(raw, list) else []):
            place = f"{key}.versions[{position}]"
            item = self.table(place, one, {"from", field}, {"to"})
            day, end = self.day(f"{place}.from", item["from"]), self.day(f"{place}.to", item.get("to"))
            assert day is not None
            if position == 0 and start is not None and day > start:
                raise self.wrong(f"{place}.from", f"政策自 {start} 起，第一个数值却自 {day} 起：日期有空档")
            if found and found[-1].start is not None and day <= found[-1].start:
                raise self.wrong(f"{place}.from", "应按日期从早到晚排列，不能重复")
            if position and expected is not None and day != expected:
                raise self.wrong(f"{place}.from", f"应紧接上一版，自 {expected} 起：日期有空档或重叠")
            if end is not None and end < day:
                raise self.wrong(f"{place}.to", "早于开始日期")
            expected = None if end is None else end + datetime.timedelta(days=1)
            found.append(Version(day, self.data(f"{place}.{field}", shape, unit, of, keys, item[field])))
        if not found:
            raise self.wrong(f"{key}.versions", "应为至少一个版本的列表")
        if expected is not None:
            raise self.wrong(f"{key}.versions", "最后一版不应有 to：政策的截止日写在 policy.valid_to")
        return tuple(found)

    def data(self, key: str, shape: str, unit: str, of: str, keys: Key, raw: object) -> Data:
        """The value of one version, of the shape that the figure has."""
        if shape == "value":
            value: Scalar = self.scalar(key, unit, raw)
            return value
        if shape == "names":
            return self.texts(key, list(raw) if isinstance(raw, tuple) else raw)
        if shape == "band":
            return self._bands(key, unit, of, raw)
        return self._rows(key, unit, keys, raw)

    def scalar(self, key: str, unit: str, raw: object) -> Any:
        """One number within its unit's decimals and maximum; or a name, or a date."""
        if unit == "名称":
            return self.text(key, raw)
        if unit == "日期":
            return self.day(key, raw)
        if isinstance(raw, float):  # a what-if from Python: its shortest decimal, as with every other number
            raw = Decimal(repr(raw))
        if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
            raise self.wrong(key, "应为数值")
        number, known = Decimal(raw), UNITS[unit]
        if not number.is_finite() or number < 0 or number > known.maximum:
            raise self.wrong(key, f"{number} 超出“{unit}”的范围：0 至 {plain(known.maximum)}")
        if number != half_up(number, known.decimals):
            raise self.wrong(key, f"{number} 的小数位多于“{unit}”的 {known.decimals} 位")
        return number

    def _bands(self, key: str, unit: str, of: str, raw: object) -> tuple[Band, ...]:
        found: list[Band] = []
        gives = "name" if unit == "名称" else "value"
        for position, one in enumerate(raw if isinstance(raw, (list, tuple)) else []):
            place = f"{key}[{position}]"
            item = self.table(place, one, {"from", gives}, set())
            start = self.scalar(f"{place}.from", of, item["from"])
            if found and start <= found[-1].start:
                raise self.wrong(f"{place}.from", "各档的起点应从小到大排列，不能重复")
            found.append(Band(start, self.scalar(f"{place}.{gives}", unit, item[gives])))
        if not found or found[0].start != 0:
            raise self.wrong(key, "至少一档，第一档的起点应为 0")
        if unit == "名称" and len({band.gives for band in found}) != len(found):
            raise self.wrong(key, "各档名称不能重复")
        return tuple(found)

    def _rows(self, key: str, unit: str, keys: Key, raw: object) -> dict[Key, Decimal | str]:
        found: dict[Key, Decimal | str] = {}
        for position, row in enumerate(raw if isinstance(raw, (list, tuple)) else []):
            place = f"{key}[{position}]"
            if not isinstance(row, (list, tuple)) or len(row) != len(keys) + 1:
                raise self.wrong(place, f"应有 {len(keys)} 个键和 1 个值")
            names = tuple(self.text(f"{place}[{i}]", name) for i, name in enumerate(row[:-1]))
            if names in found:
                raise self.wrong(place, "与前面的行重复")
            found[names] = self.scalar(f"{place}[{len(keys)}]", unit, row[-1])
        if not found:
            raise self.wrong(key, "表格没有行")
        return found
