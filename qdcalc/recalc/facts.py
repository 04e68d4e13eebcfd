"""What workbook.xml and the parts around it say: sheets, names, tables, switches."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from qdcalc.errors import NotAWorkbook, UnsafeFile, UnsupportedFile
from qdcalc.recalc.limits import Limits
from qdcalc.recalc.xmltext import unescape_text

MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""Transitional and strict."""
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
CONTENT_TYPES = "[Content_Types].xml"
_SUFFIXES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": ".xlsm",
    "application/vnd.ms-excel.template.macroenabled.main+xml": ".xltm",
    "application/vnd.ms-excel.addin.macroenabled.main+xml": ".xlam",
}
SUFFIXES = frozenset(_SUFFIXES.values())


@dataclass(frozen=True)
class SheetPart:
    """A worksheet. `state` is "visible", "hidden" or "veryHidden"."""

    name: str
    part: str
    state: str


@dataclass(frozen=True)
class DefinedName:
    """`text` is the formula without "="; `scope` the sheet's name, None for the whole workbook."""

    name: str
    text: str
    scope: str | None
    hidden: bool


@dataclass(frozen=True)
class Table:
    """An Excel table. `ref` ("A1:D20") includes its `header_rows` (0 or 1) and `totals_rows` (0 or 1)."""

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    header_rows: int
    totals_rows: int


@dataclass(frozen=True)
class Facts:
    """See Package for the fields; `suffix` is the file name extension that its content asks for."""

    suffix: str
    sheets: tuple[SheetPart, ...]
    date1904: bool
    defined_names: tuple[DefinedName, ...]
    tables: tuple[Table, ...]
    is_macro: bool
    full_calc_on_load: bool
    full_precision: bool
    iterate: bool
    shared_strings_part: str | None


@dataclass(frozen=True)
class _Relation:
    kind: str  # the last word of its type: "worksheet", "table"
    part: str
    identity: str


def _flag(element: ElementTree.Element | None, name: str, default: bool = False) -> bool:
    text = element.get(name) if element is not None else None
    return default if text is None else text.strip() in ("1", "true", "on")


class FactReader:
    """Reads the facts of one package; `read` unpacks a member, `names` are all members."""

    def __init__(self, read: Callable[[str], bytes], names: tuple[str, ...], path: Path, limits: Limits) -> None:
        self._read = read
        self._names = {name.casefold(): name for name in names}  # part names ignore case (OPC)
        self._path = path
        self._limits = limits

    def _damaged(self, what: str) -> NotAWorkbook:
        return NotAWorkbook(self._path, f"文件已损坏（{what}），请用表格软件打开另存后再试")

    def _tree(self, part: str) -> ElementTree.Element:
        data = self._read(part)
        if len(data) > self._limits.index_size:
            megabytes = self._limits.index_size >> 20
            raise UnsafeFile(self._path, f"部件 {part} 超过 {megabytes} MB 的上限")
        try:
            return ElementTree.fromstring(data)
        except ElementTree.ParseError as error:
            raise self._damaged(f"部件 {part} 不是完好的 XML") from error

    def _find(self, base: str, target: str) -> str | None:
        """The member that a relationship's target means, or None if there is none."""
        joined = posixpath.normpath(posixpath.join("/" + posixpath.dirname(base), target)).lstrip("/")
        if target.count("../") > base.count("/"):
            raise UnsafeFile(self._path, f"部件 {base} 引用了文件之外的 {target}，不安全，拒绝处理")
        return self._names.get(joined.casefold()) or self._names.get(unquote(joined).casefold())

    def _relations(self, part: str) -> list[_Relation]:
        folder, base = posixpath.split(part)
        rels = self._names.get(posixpath.join(folder, "_rels", base + ".rels").casefold())
        if rels is None:
            return []
        relations = []
        for element in self._tree(rels):
            target = element.get("Target", "")
            if element.get("TargetMode") == "External" or target.startswith("#"):
                continue
            found = self._find(part, target)
            if found is not None:
                kind = element.get("Type", "").rsplit("/", 1)[-1]
                relations.append(_Relation(kind, found, element.get("Id", "")))
        return relations

    def facts(self) -> Facts:
        """Raises NotAWorkbook, UnsafeFile or UnsupportedFile."""
        book, suffix = self._workbook_part()
        root = self._tree(book)
        namespace = root.tag.removeprefix("{").partition("}")[0]
        if root.tag != f"{{{namespace}}}workbook" or namespace not in MAIN:
            raise self._damaged(f"部件 {book} 不是工作簿")
        ns = f"{{{namespace}}}"
        relations = self._relations(book)
        sheets, tabs = self._sheets(root, ns, relations)
        calc = root.find(ns + "calcPr")
        strings = [relation.part for relation in relations if relation.kind == "sharedStrings"]
        return Facts(
            suffix=suffix,
            sheets=sheets,
            date1904=_flag(root.find(ns + "workbookPr"), "date1904"),
            defined_names=self._defined_names(root, ns, tabs),
            tables=tuple(table for sheet in sheets for table in self._tables(sheet)),
            is_macro=suffix in (".xlsm", ".xltm", ".xlam"),
            full_calc_on_load=_flag(calc, "fullCalcOnLoad"),
            full_precision=_flag(calc, "fullPrecision", True),
            iterate=_flag(calc, "iterate"),
            shared_strings_part=strings[0] if strings else None,
        )

    def _workbook_part(self) -> tuple[str, str]:
        """The part of the workbook and the file name extension that goes with its type."""
        path = self._path
        if CONTENT_TYPES.casefold() not in self._names:
            if "mimetype" in self._names:
                raise NotAWorkbook(path, "这是 OpenDocument（.ods）文件，请用表格软件另存为 .xlsx 后再试")
            raise NotAWorkbook(path, "这是压缩包，不是 .xlsx 工作簿")
        types = {}
        for element in self._tree(self._names[CONTENT_TYPES.casefold()]):
            key = element.get("PartName", "") or element.get("Extension", "")
            types[key.casefold()] = element.get("ContentType", "")
        signed = any("digital-signature" in kind for kind in types.values())
        if signed or any(name.startswith("_xmlsignatures/") for name in self._names):
            raise UnsupportedFile(
                path, "工作簿带有数字签名，改动会使签名失效；请在表格软件中删除签名（文件—信息—查看签名）后再试"
            )
        books = [relation.part for relation in self._relations("") if relation.kind == "officeDocument"]
        if len(books) != 1:
            raise self._damaged("找不到工作簿部件")
        (book,) = books
        extension = book.rpartition(".")[2]
        kind = types.get("/" + book.casefold(), types.get(extension.casefold(), "")).strip().casefold()
        if kind in _SUFFIXES:
            return book, _SUFFIXES[kind]
        if "sheet.binary" in kind:
            raise UnsupportedFile(path, "不支持二进制工作簿 .xlsb，请在 Excel 中另存为 .xlsx 或 .xlsm 后再试")
        for word, name in (("wordprocessing", "Word 文档"), ("word.", "Word 文档"), ("presentation", "演示文稿")):
            if word in kind:
                raise NotAWorkbook(path, f"这是{name}，不是表格；只接受 .xlsx 和 .xlsm")
        raise NotAWorkbook(path, f"文件内容的类型是“{kind or '未说明'}”，不是 .xlsx 或 .xlsm 工作簿")

    def _sheets(
        self, root: ElementTree.Element, ns: str, relations: list[_Relation]
    ) -> tuple[tuple[SheetPart, ...], list[str]]:
        """The worksheets, and the names of all tabs, charts included, as `localSheetId` counts them."""
        by_id = {relation.identity: relation for relation in relations}
        sheets: list[SheetPart] = []
        tabs: list[str] = []
        for element in root.iterfind(f"{ns}sheets/{ns}sheet"):
            name = unescape_text(element.get("name", ""))
            identity = next((element.attrib[key] for key in _RELATIONS if key in element.attrib), "")
            tabs.append(name)
            relation = by_id.get(identity)
            if relation is None:
                raise self._damaged(f"找不到工作表“{name}”的内容")
            if relation.kind == "worksheet":
                sheets.append(SheetPart(name, relation.part, element.get("state", "visible")))
        folded = [name.casefold() for name in tabs]
        parts = [sheet.part for sheet in sheets]
        if len(set(folded)) < len(folded) or len(set(parts)) < len(parts) or "" in folded:
            raise self._damaged("工作表重名，或两个工作表共用一份内容")
        if not sheets:
            raise NotAWorkbook(self._path, "工作簿中没有工作表")
        return tuple(sheets), tabs

    def _defined_names(self, root: ElementTree.Element, ns: str, tabs: list[str]) -> tuple[DefinedName, ...]:
        names = []
        for element in root.iterfind(f"{ns}definedNames/{ns}definedName"):
            name = element.get("name", "")
            local = element.get("localSheetId")
            if local is not None and not (re.fullmatch("[0-9]{1,5}", local) and int(local) < len(tabs)):
                raise self._damaged(f"名称“{name}”所属的工作表不存在")
            scope = None if local is None else tabs[int(local)]
            names.append(DefinedName(name, element.text or "", scope, _flag(element, "hidden")))
        return tuple(names)

    def _tables(self, sheet: SheetPart) -> list[Table]:
        tables = []
        for relation in self._relations(sheet.part):
            if relation.kind != "table":
                continue
            root = self._tree(relation.part)
            ns = root.tag.rpartition("}")[0] + "}"
            columns = [
                unescape_text(column.get("name", "")) for column in root.iterfind(f"{ns}tableColumns/{ns}tableColumn")
            ]
            header, totals = root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")
            name = unescape_text(root.get("displayName", "") or root.get("name", ""))
            if header not in ("0", "1") or totals not in ("0", "1") or not name or not root.get("ref"):
                raise self._damaged(f"工作表“{sheet.name}”的表格定义不对")
            tables.append(Table(name, sheet.name, root.get("ref", ""), tuple(columns), int(header), int(totals)))
        return tables
