"""A workbook in the spelling of another host: only the names of the provisions in its formulas change.

    report = convert(Path("in.xlsx"), Path("out.xlsx"), host="libreoffice")

Cells, defined names, data validations, conditional formats and table columns are respelled; every other byte of these
parts and every other part stays. Values stay too: nothing is calculated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from qdcalc.errors import UnsupportedFile, UsageError, VerificationError
from qdcalc.recalc.package import Package, open_package, write_package
from qdcalc.recalc.spelling import SPELLINGS, Respelling, unspelled

HOSTS = {"excel": "Excel（xlwings）", "office": "Office.js 加载项", "libreoffice": "LibreOffice"}
_FOLDERS = ("xl/worksheets/", "xl/tables/", "xl/macrosheets/", "xl/dialogsheets/")


@dataclass
class Conversion:
    """What was changed: names respelled, by part."""

    source: Path
    target: Path
    host: str
    parts: dict[str, int] = field(default_factory=dict)
    linked: int = 0

    @property
    def changed(self) -> int:
        return sum(self.parts.values())

    def __str__(self) -> str:
        if not self.changed:
            return f"{self.source}：没有要改写的政策函数，已原样复制到 {self.target}"
        lines = [f"{self.source}：改写 {self.changed} 处政策函数名为{HOSTS[self.host]}的写法，已写入 {self.target}"]
        if self.linked:
            lines.append(f"  注意：其中 {self.linked} 处原来通过链接的加载项文件调用，链接已不再需要，改回时不会恢复")
        return "\n".join(lines)


def convert(source: Path, target: Path, *, host: str, password: str | None = None) -> Conversion:
    """Raises FileError; then `target` is as it was. Raises UsageError for an unknown host."""
    if host not in SPELLINGS:
        raise UsageError(f"没有“{host}”的写法，可选：{'、'.join(SPELLINGS)}")
    from qdcalc.policies import functions

    report = Conversion(source, target, host)
    known = tuple(functions())
    with open_package(source, password=password) as package:
        parts: dict[str, bytes] = {}
        for name in _formula_parts(package):
            before = package.read(name)
            respelling = Respelling(host, known)
            after = respelling.part(before)
            if after == before:
                continue
            if b"<![CDATA[" in before or b"<!--" in before:
                raise UnsupportedFile(source, f"部件 {name} 含有注释或 CDATA，不能改写；请用表格软件打开另存后再试")
            _verify(target, name, before, after)
            parts[name] = after
            report.parts[name] = respelling.changed
            report.linked += respelling.linked
        write_package(package, target, parts)
    return report


def _formula_parts(package: Package) -> list[str]:
    """The parts that may hold formulas: sheets, tables, and the workbook with its names, wherever they lie."""
    sheets = {sheet.part for sheet in package.sheets}
    return [
        name
        for name in package.names
        if name in sheets or (name.endswith(".xml") and (name.startswith(_FOLDERS) or _is_workbook(package, name)))
    ]


def _is_workbook(package: Package, name: str) -> bool:
    return b"<definedName" in package.read(name)


def _verify(target: Path, name: str, before: bytes, after: bytes) -> None:
    """By another route than the one that respelled: without their marks, both must be the same bytes."""
    if unspelled(before) != unspelled(after):
        raise VerificationError(target, f"部件 {name} 改写后没有通过复核，没有写入，原文件没有改动")
    try:
        expat.ParserCreate("utf-8").Parse(after, True)
    except expat.ExpatError as error:
        raise VerificationError(target, f"部件 {name} 改写后不是完好的 XML，没有写入，原文件没有改动") from error
