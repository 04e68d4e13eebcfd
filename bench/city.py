"""python -m bench.city FOLDER [FILES] [--seed S]: a city's worth of filled workbooks, with what must come out of them.

    FOLDER/平度市/四好农村路_00017.xlsx …      ten districts, three templates, figures of each file its own
    FOLDER.json                              the ground truth, see Truth

The totals are computed here in Decimal from the generated figures and the numbers of the documents, not through the
rules. Each template is built once; the files are copies with other figures in their cells, and hold no values for
formulas, as files do that were written by a program that does not calculate. 3 % are spoilt, each in one known way:

a file that must fail as a whole     截断 空文件 网页 旧版 加密 校验码 声明   (`broken`; the password of 加密 is PASSWORD)
a file with one wrong cell           负数 文字 缺填 覆盖                  (`cell` says where; the file itself is done)

负数, 文字, 缺填: an entry that the functions refuse (a negative number, a word, nothing). 覆盖: a number typed over a
formula. `expected` of such a file is None: what a total makes of a wrong row is no matter of this test.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from qdcalc.workbook.build import build_plan
from qdcalc.workbook.plan import Plan
from qdcalc.workbook.templates import template_plan

DISTRICTS = (
    "市南区", "市北区", "李沧区", "崂山区", "青岛西海岸新区", "城阳区", "即墨区", "胶州市", "平度市", "莱西市",
)  # fmt: skip
BROKEN = ("截断", "空文件", "网页", "旧版", "加密", "校验码", "声明")
WRONG_CELLS = ("负数", "文字", "缺填", "覆盖")
SHARE = 0.03
PASSWORD = "青岛2018"
ROWS = 100
"""rows of each template"""
FILLED = 40
"""of them with entries"""
_OFFICE = "填报单位（待填）"
_CENT = Decimal("0.01")

Figures = dict[str, dict[str, Decimal]]
"""part of the workbook → cell → number"""


@dataclass
class File:
    """`expected` is what the cell `total` must hold after recalculation; None where the file or a row is spoilt."""

    path: str
    policy: str
    district: str
    sheet: str
    total: str
    expected: str | None
    broken: str = ""
    """one of BROKEN: the file must fail"""
    wrong: str = ""
    """one of WRONG_CELLS: the cell must be found"""
    cell: str = ""
    """sheet!cell of the wrong entry or of the overwritten formula"""


@dataclass
class Truth:
    """`totals`: policy → district → the sum of `expected` over its files, as text; "全市" is the sum of the districts."""

    files: list[File] = field(default_factory=list)
    totals: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def broken(self) -> list[File]:
        return [file for file in self.files if file.broken]

    @property
    def wrong(self) -> list[File]:
        return [file for file in self.files if file.wrong]


@dataclass(frozen=True)
class _Kind:
    """One template. `draw` makes the figures of a file and their independent sum."""

    policy: str
    name: str
    sheet: str
    """key of the sheet with the total"""
    column: str
    entry: tuple[str, str]
    """sheet and column of an entry that may be spoilt"""
    formula: tuple[str, str]
    """sheet and column of a formula that may be typed over"""
    data: Callable[[str], dict[str, list[dict[str, object]]]]
    fields: Mapping[str, object]
    draw: Callable[[random.Random, str], tuple[dict[tuple[str, str], list[Decimal]], Decimal]]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _number(chance: random.Random, low: str, high: str, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    return unit * chance.randrange(int(Decimal(low) / unit), int(Decimal(high) / unit) + 1)


# ---------------------------------------------------------------- 金融高端人才: 第九条（一）


def _talent_data(district: str) -> dict[str, list[dict[str, object]]]:
    """Everybody is eligible, and gets nothing from elsewhere: the subsidy is the share of the pay."""
    facts = {
        "company": "海润银行股份有限公司", "employer": "金融机构", "lawful": "是", "contract_years": 5, "taxed": "是", "healthy": "是",
        "post": "国际性或全国性机构中层及以上", "age": 45, "senior_title": "是", "phd": "是", "papers": 9, "projects": 9,
        "certificate": "CFA", "selected_before": "否", "pay": 600000, "other": 0,
    }  # fmt: skip
    return {"people": [{"name": f"人员{number:02}", **facts} for number in range(FILLED)]}


def _talent(chance: random.Random, district: str) -> tuple[dict[tuple[str, str], list[Decimal]], Decimal]:
    pays = [_number(chance, "150000", "2500000", 2) for _ in range(FILLED)]
    total = Decimal(0)
    for pay in pays:
        rate = next(
            rate for floor, rate in ((1000000, "0.12"), (500000, "0.10"), (200000, "0.08"), (0, "0")) if pay >= floor
        )
        total += min(_cents(pay * Decimal(rate)), Decimal(200000))
    return {("people", "pay"): pays}, total


# ---------------------------------------------------------------- 金融之星: 第九条（一）, 1000 元 a month


def _star_data(district: str) -> dict[str, list[dict[str, object]]]:
    facts = {
        "company": "栈桥证券股份有限公司", "employer": "金融机构", "post": "信贷审查", "selected": 2018, "way": "选拔", "lawful": "是",
        "skilled": "是", "award": "省级以上", "innovation": "是", "certificate": "CFA",
    }  # fmt: skip
    people = [{"name": f"人员{number:02}", **facts} for number in range(FILLED)]
    return {"stars": people, "allowance": [{"months": 12} for _ in people]}  # type: ignore[dict-item]  # dict is invariant


def _star(chance: random.Random, district: str) -> tuple[dict[tuple[str, str], list[Decimal]], Decimal]:
    months = [Decimal(chance.randrange(13)) for _ in range(FILLED)]
    return {("allowance", "months"): months}, sum(months, Decimal(0)) * 1000


# ---------------------------------------------------------------- 四好农村路: 附件1 四（一）1, 万元 a kilometre

_WORKS = ("路网提档升级", "自然村庄通达", "大修", "中修", "预防养护")
_RATES = {  # width ≥ 6 m, < 6 m; 平度、莱西 and the others
    "路网提档升级": ((90, 55), (70, 40)), "自然村庄通达": ((90, 55), (70, 40)), "大修": ((90, 55), (70, 40)),
    "中修": ((35, 20), (30, 15)), "预防养护": ((10, 5), (5, 3)),
}  # fmt: skip


def _road_data(district: str) -> dict[str, list[dict[str, object]]]:
    codes = [f"XM-{number:03}" for number in range(FILLED)]
    projects: list[dict[str, object]] = [
        {
            "code": code, "title": f"农村公路{code}", "district": district, "work": _WORKS[number % 5], "estimate_typed": 1500,
            "land_typed": 1, "planned": "是",
        }
        for number, code in enumerate(codes)
    ]  # fmt: skip
    segments: list[dict[str, object]] = [
        {"code": code, "name": "甲村至乙村", "width": 6, "km": 5, "poor_km": 1} for code in codes
    ]
    return {"projects": projects, "segments": segments}


def _road(chance: random.Random, district: str) -> tuple[dict[tuple[str, str], list[Decimal]], Decimal]:
    found: dict[tuple[str, str], list[Decimal]] = {
        ("projects", "estimate_typed"): [], ("projects", "land_typed"): [], ("segments", "width"): [], ("segments", "km"): [],
        ("segments", "poor_km"): [],
    }  # fmt: skip
    total = Decimal(0)
    poor_district = district in ("平度市", "莱西市")
    for number in range(FILLED):
        work = _WORKS[number % 5]
        estimate, land = _number(chance, "100", "2000", 2), _number(chance, "0", "20", 2)
        width = Decimal(chance.choice(("3.5", "5", "5.99", "6", "7")))
        km = _number(chance, "0.5", "12", 2)
        poor = min(km, _number(chance, "0", "3", 2))
        for place, value in zip(found, (estimate, land, width, km, poor), strict=True):
            found[place].append(value)
        rate = _RATES[work][width < 6][not poor_district] * Decimal(10000)
        uplift = Decimal("1.2") if work in ("路网提档升级", "大修", "中修") else Decimal(1)
        standard = _cents(rate * (km - poor) + rate * poor * uplift)
        ceiling = (estimate - land) * 10000 * Decimal("0.5" if poor_district else "0.3")
        if district != "青岛西海岸新区":
            total += _cents(min(standard, ceiling))
    return found, total


_KINDS = (
    _Kind("talent", "金融高端人才", "subsidy", "approved", ("people", "pay"), ("subsidy", "amount"), _talent_data,
          {"year": 2018}, _talent),
    _Kind("star", "金融之星", "allowance", "paid", ("stars", "selected"), ("allowance", "payable"), _star_data,
          {"pay_year": 2020}, _star),
    _Kind("road", "四好农村路", "subsidies", "subsidy", ("segments", "km"), ("subsidies", "subsidy"), _road_data,
          {"year": 2018, "money": "万元"}, _road),
)  # fmt: skip


class _Base:
    """One template, filled in and recalculated, as parts that figures can be put into."""

    def __init__(self, kind: _Kind, district: str, rows: int) -> None:
        self.kind = kind
        self.plan: Plan = template_plan(kind.policy, rows=rows)
        with tempfile.TemporaryDirectory() as folder:
            built = Path(folder) / "built.xlsx"
            build_plan(self.plan, built, data=kind.data(district), fields={**kind.fields, "office": _OFFICE})
            with zipfile.ZipFile(built) as archive:
                self.parts = {info.filename: archive.read(info) for info in archive.infolist()}
        for name in self.parts:
            if name.startswith("xl/worksheets/sheet"):
                self.parts[name] = _FORMULA.sub(_without_value, self.parts[name])
        book = self.parts["xl/workbook.xml"].decode()
        names = re.findall(r'<sheet name="([^"]+)"', book)
        self.part = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}

    def cell(self, place: tuple[str, str], row: int) -> str:
        table = self.plan.tables[place[0]]
        return f"{table.by_key[place[1]].letter}{table.first + 1 + row}"

    def total(self) -> str:
        table = self.plan.tables[self.kind.sheet]
        assert table.total_row is not None
        return f"{table.by_key[self.kind.column].letter}{table.total_row + 1}"

    def sheet(self, key: str) -> str:
        return self.plan.tables[key].name

    def filled(self, office: str, figures: Mapping[tuple[str, str], Sequence[Decimal]]) -> dict[str, bytes]:
        parts = dict(self.parts)
        parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(_OFFICE.encode(), office.encode())
        for key in {sheet for sheet, _ in figures}:
            cells = {
                self.cell((sheet, column), row): f"{value:f}"
                for (sheet, column), values in figures.items()
                for row, value in enumerate(values)
                if sheet == key
            }
            part = self.part[self.sheet(key)]
            parts[part] = _with_numbers(parts[part], cells)
        return parts


_FORMULA = re.compile(rb"<c ([^>]*)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)(?:<v>[^<]*</v>|<v/>)?</c>")


def _without_value(match: re.Match[bytes]) -> bytes:
    return b"<c %s>%s</c>" % (re.sub(rb' t="[a-z]+"', b"", match[1]), match[2])


def _with_numbers(xml: bytes, cells: Mapping[str, str]) -> bytes:
    found = set()

    def put(match: re.Match[bytes]) -> bytes:
        ref = match[1].decode()
        if ref not in cells:
            return match[0]
        found.add(ref)
        return b'<c r="%s"%s><v>%s</v></c>' % (match[1], match[2], cells[ref].encode())

    xml = re.sub(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><v>[^<]*</v></c>', put, xml)
    assert found == set(cells), sorted(set(cells) - found)
    return xml


def _replaced(xml: bytes, cell: str, content: Callable[[str, str], str]) -> bytes:
    """One cell, written anew by `content` of its reference and its style."""
    pattern = re.compile(rf'<c r="{cell}"((?: s="[0-9]+")?)[^>]*>.*?</c>'.encode())
    changed, times = pattern.subn(lambda match: content(cell, match[1].decode()).encode(), xml, count=1)
    assert times == 1, cell
    return changed


_CONTENTS: Mapping[str, Callable[[str, str], str]] = {
    "负数": lambda cell, style: f'<c r="{cell}"{style}><v>-5</v></c>',
    "文字": lambda cell, style: f'<c r="{cell}"{style} t="inlineStr"><is><t>约六十万</t></is></c>',
    "缺填": lambda cell, style: f'<c r="{cell}"{style}/>',
    "覆盖": lambda cell, style: f'<c r="{cell}"{style}><v>88888</v></c>',
}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _spoilt(kind: str, parts: dict[str, bytes], part: str) -> bytes:
    content = _packed(parts)
    match kind:
        case "截断":
            return content[: len(content) * 2 // 3]
        case "空文件":
            return b""
        case "网页":
            return "<html><head><meta charset='utf-8'></head><table><tr><td>金额</td></tr></table></html>".encode()
        case "旧版":
            return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
        case "加密":
            import msoffcrypto.format.ooxml

            out = io.BytesIO()
            msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(PASSWORD, out)
            return out.getvalue()
        case "校验码":
            at = content.index(part.encode()) + len(part) + 200
            return content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        case _:
            head, _, rest = parts[part].partition(b"?>")
            return _packed({**parts, part: head + b"?><!DOCTYPE x [<!ENTITY a 'b'>]>" + rest})


def generate(folder: Path, files: int, seed: int = 1, *, share: float = SHARE, rows: int = ROWS) -> Truth:
    """Writes `files` workbooks into `folder` and the truth beside it; the same arguments give the same figures."""
    chance = random.Random(seed)
    spoilt = set(chance.sample(range(files), round(files * share)))
    bases: dict[tuple[str, str], _Base] = {}
    truth = Truth()
    sums: dict[str, dict[str, Decimal]] = {}
    ways = [*BROKEN, *WRONG_CELLS]
    for number in range(files):
        kind, district = _KINDS[number % len(_KINDS)], DISTRICTS[number // len(_KINDS) % len(DISTRICTS)]
        key = kind.policy, district if kind.policy == "road" else ""
        if key not in bases:
            bases[key] = _Base(kind, district, rows)
        base = bases[key]
        figures, total = kind.draw(chance, district)
        parts = base.filled(f"{district}财政局", figures)
        file = File(
            f"{district}/{kind.name}_{number:05}.xlsx",
            kind.policy,
            district,
            base.sheet(kind.sheet),
            base.total(),
            str(total),
        )
        content = None
        if number in spoilt:
            way = ways[(len(truth.broken) + len(truth.wrong)) % len(ways)]
            file.expected = None
            place = kind.formula if way == "覆盖" else kind.entry
            part = base.part[base.sheet(place[0])]
            if way in BROKEN:
                file.broken = way
                content = _spoilt(way, parts, part)
            else:
                cell = base.cell(place, chance.randrange(FILLED))
                file.wrong, file.cell = way, f"{base.sheet(place[0])}!{cell}"
                parts[part] = _replaced(parts[part], cell, _CONTENTS[way])
        else:
            of_policy = sums.setdefault(kind.policy, {})
            for place_name in (district, "全市"):
                of_policy[place_name] = of_policy.get(place_name, Decimal(0)) + total
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_packed(parts) if content is None else content)
        truth.files.append(file)
    truth.totals = {policy: {name: str(amount) for name, amount in of.items()} for policy, of in sums.items()}
    folder.with_name(folder.name + ".json").write_text(
        json.dumps(asdict(truth), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return truth


def check(truth: Truth, out: Path, failed: Mapping[str, str]) -> list[str]:
    """What is wrong with a recalculation of the city into `out`: `failed` has the sentence of each file that failed."""
    wrong = []
    for file in truth.files:
        path = out / file.path
        if bool(file.broken) != (file.path in failed):
            wrong.append(f"{file.path}: {file.broken or '好文件'}，{failed.get(file.path, '完成了')}")
        elif file.broken:
            if path.exists():
                wrong.append(f"{file.path}: 失败了却有结果")
        elif file.expected is not None:
            found = number_in(path, file.sheet, file.total)
            if found is None or _cents(found) != Decimal(file.expected):
                wrong.append(f"{file.path}: {file.sheet}!{file.total} 为 {found}，应为 {file.expected}")
    return wrong


def number_in(path: Path, sheet: str, cell: str) -> Decimal | None:
    """The cached number of one cell, read without the product."""
    with zipfile.ZipFile(path) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        xml = archive.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml").decode()
    match = re.search(rf'<c r="{cell}"(?![^>]* t=)[^>]*>(?:<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>', xml)
    return None if match is None else Decimal(match[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    truth = generate(arguments.folder, arguments.files, arguments.seed)
    print(
        f"{len(truth.files)} files, {len(truth.broken)} broken, {len(truth.wrong)} with a wrong cell; "
        f"truth in {arguments.folder}.json"
    )


if __name__ == "__main__":
    main()
