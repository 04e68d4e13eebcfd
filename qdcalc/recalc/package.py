"""An .xlsx/.xlsm file from outside: open it safely, copy it without loss.

with open_package(path) as package:
    xml = package.read(package.sheets[0].part)
    write_package(package, target, {part: new_xml}, expected={part: values})
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from qdcalc.errors import EncryptedFile, FileError, NotAWorkbook, UnsafeFile, UnsupportedFile, VerificationError, reason
from qdcalc.recalc.archive import Archive
from qdcalc.recalc.encrypted import OLE_MAGIC, decrypt
from qdcalc.recalc.facts import SUFFIXES, FactReader
from qdcalc.recalc.facts import DefinedName as DefinedName
from qdcalc.recalc.facts import SheetPart as SheetPart
from qdcalc.recalc.facts import Table as Table
from qdcalc.recalc.limits import DEFAULT_LIMITS, Limits
from qdcalc.recalc.values import CellValues
from qdcalc.recalc.verify import verify_package
from qdcalc.recalc.xmltext import check_opening

_XML_SUFFIXES = (".xml", ".rels", ".vml")
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*([0-9]{6,})""")
_SHARED_COUNT = re.compile(rb"""\bcount\s*=\s*["']\s*([0-9]{6,})""")
_BLOCK = 1 << 20
_LARGE, _TOO_LARGE = 1 << 20, 1 << 27
"""sizes of a part that is kept after reading"""


class Package:
    """A workbook that passed the limits, read whole into memory: the file itself is not held open.

    names               member names, in the order of the file
    sheets              worksheets in tab order; chart, dialog and macro sheets are left out
    date1904            dates count from 1904
    defined_names       names with scope and text
    tables              Excel tables of all worksheets
    is_macro            .xlsm by content
    suffix              the file name extension that the content asks for: ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam"
    full_calc_on_load   Excel will recalculate at opening
    full_precision      False: "precision as displayed" is on, Excel rounds every value to its number format
    iterate             iterative calculation is on (circular references are meant)
    shared_strings_part part with the shared strings, or None
    encrypted           it was opened with a password
    """

    def __init__(self, path: Path, content: bytes, *, encrypted: bool, limits: Limits, stamp: tuple[int, ...]) -> None:
        self.path = path
        self.limits = limits
        self.encrypted = encrypted
        self.stamp = stamp
        self._kept: tuple[str, bytes] | None = None
        self.archive = Archive(content, path, limits)
        self.names = tuple(self.archive.members)
        self._preflight()
        facts = FactReader(self.read, self.names, path, limits).facts()
        self.sheets = facts.sheets
        self.date1904 = facts.date1904
        self.defined_names = facts.defined_names
        self.tables = facts.tables
        self.is_macro = facts.is_macro
        self.suffix = facts.suffix
        self.full_calc_on_load = facts.full_calc_on_load
        self.full_precision = facts.full_precision
        self.iterate = facts.iterate
        self.shared_strings_part = facts.shared_strings_part

    def _preflight(self) -> None:
        """Unpacks every member once: sizes and CRCs, no DOCTYPE, UTF-8, no counts that make readers allocate."""
        total = sum(member.size for member in self.archive.members.values())
        for name in self.names:
            folded = name.casefold()
            data = self.read(name)
            if not folded.endswith(_XML_SUFFIXES) or not data:
                continue
            wrong = check_opening(name, data)
            if wrong is None and not folded.startswith("customxml/") and not folded.endswith(".vml"):
                wrong = None if _is_utf8(data) else "不是 UTF-8 编码"
            if wrong is not None:
                raise UnsafeFile(self.path, f"部件 {name} {wrong}，不安全，拒绝处理")
            if not folded.startswith("xl/") or folded.startswith("xl/worksheets/"):
                continue  # a sheet's own counts are checked by the scanner
            for match in _COUNT.finditer(data):
                # `count` of shared strings counts the cells that use them, each of some bytes in a sheet
                shared = b"<sst" in data[:4096] and _SHARED_COUNT.match(data, match.start() - 1)
                if int(match[1]) > (total if shared else len(data)):
                    raise UnsafeFile(self.path, f"部件 {name} 声称有 {match[1].decode()[:12]} 项，与大小不符，拒绝处理")

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one member. KeyError if there is none of that name."""
        if self._kept is not None and self._kept[0] == name:
            return self._kept[1]
        data = self.archive.read(name)
        if _LARGE <= len(data) <= _TOO_LARGE:
            self._kept = name, data
        return data

    def forget(self) -> None:
        """Lets go of the part that was read last, which is kept while several stages read it one after the other."""
        self._kept = None

    def file_bytes(self) -> bytes:
        """The whole package as it was read (decrypted, if it was encrypted), for an engine's own loader."""
        return self.archive.content

    def close(self) -> None:
        """Lets go of the memory. Nothing can be read afterwards."""
        self.archive.members = {}
        self.forget()
        self.archive.content = b""

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _BLOCK):
            decoder.decode(data[at : at + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _stamp(path: Path) -> tuple[int, ...]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ino


def _not_a_zip(path: Path, content: bytes) -> FileError:
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        return NotAWorkbook(path, "文件是空的（0 字节），可能没有下载或复制完")
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        return NotAWorkbook(path, "这是改了扩展名的网页，请用表格软件打开后另存为 .xlsx 再试")
    if head.startswith(b"<?xml"):
        return NotAWorkbook(path, "这是 XML 文件，不是 .xlsx，请用表格软件打开后另存为 .xlsx 再试")
    return NotAWorkbook(path, "不是 .xlsx 工作簿；如果经过单位的加密软件，请先解密；如果是文本，请另存为 .xlsx")


def open_package(path: Path, *, password: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Opens and checks a workbook; raises NotAWorkbook, EncryptedFile, UnsafeFile or UnsupportedFile.

    Every part is unpacked once (CRC, DOCTYPE, UTF-8), which takes about 0.3 s for 100,000 rows.
    An encrypted workbook opens with its password, for reading: see write_package.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise FileError(path, "这是文件夹，不是文件")
        stamp = _stamp(path)
        if stamp[0] > limits.file_size:
            raise UnsafeFile(path, f"文件超过 {limits.file_size >> 20} MB 的上限")
        with path.open("rb") as file:
            content = file.read(stamp[0] + 1)  # as long as it is, at most: read() allocates what it is asked for
    except FileNotFoundError as error:
        raise FileError(path, "找不到文件") from error
    except PermissionError as error:
        raise FileError(path, "没有读取文件的权限，或文件正被别的程序独占，请关闭后再试") from error
    except OSError as error:
        raise FileError(path, f"读取文件失败（{reason(error)}）") from error
    encrypted = content.startswith(OLE_MAGIC)
    if encrypted:
        content = decrypt(content, path, password, limits)
    if not content.startswith(b"PK"):
        raise _not_a_zip(path, content)
    return Package(path, content, encrypted=encrypted, limits=limits, stamp=stamp)


def write_package(
    source: Package,
    target: Path,
    parts: Mapping[str, bytes | Iterable[bytes]],
    *,
    expected: Mapping[str, CellValues] | None = None,
    decrypted: bool = False,
) -> None:
    """Writes `source` with `parts` replaced to `target`, or leaves `target` exactly as it was.

    All other members are copied as raw compressed bytes, in the same order, with dates, extra fields and flags.
    The result is written beside the target, re-read and verified (with `expected`, part → cell → value, by
    `verify_package`; without it, `parts` must have arrived as given) and only then put in its place with os.replace.
    Raises VerificationError or FileError. A link is followed: the file that it names is replaced.

    An encrypted source is refused with EncryptedFile: the result would lie on the disk without encryption.
    `decrypted=True` says that this is wanted; the source itself is never replaced that way.
    """
    target = Path(os.path.realpath(target))
    onto_source = target.exists() and source.path.exists() and target.samefile(source.path)
    _check_target(source, target, onto_source, decrypted)
    unknown = set(parts) - set(source.names)
    if unknown:
        raise VerificationError(target, f"要写入的部件不存在：{'、'.join(sorted(unknown))}")
    temporary: Path | None = None
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError
        beside = target.with_name(f".qdcalc-{secrets.token_hex(8)}.tmp")
        with beside.open("xb") as out:
            temporary = beside
            written = source.archive.write(out, parts)
            out.flush()
            os.fsync(out.fileno())
        verify_package(source, temporary, expected or {}, replaced=written)
        if os.name == "posix" and target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        if onto_source and _stamp(source.path) != source.stamp:
            raise VerificationError(target, "重算期间文件被别的程序改动过，没有写入，请重新运行")
        _replace(temporary, target)
        temporary = None
        _sync_folder(target.parent)
    except FileNotFoundError as error:
        raise FileError(target, f"文件夹不存在：{target.parent}") from error
    except PermissionError as error:
        raise FileError(target, "无法写入：文件正在 Excel/WPS 中打开，或文件夹不允许写入；请关闭后再试") from error
    except OSError as error:
        raise FileError(target, f"写入失败（{reason(error)}），原文件没有改动") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _check_target(source: Package, target: Path, onto_source: bool, decrypted: bool) -> None:
    if source.encrypted and (onto_source or not decrypted):
        raise EncryptedFile(
            source.path, "文件有打开密码，重算后的文件将不再加密，所以没有写出；请先在表格软件中取消密码再重算"
        )
    suffix = target.suffix.lower()
    if suffix in SUFFIXES and suffix != source.suffix:
        raise UnsupportedFile(
            target,
            f"按内容这应当是 {source.suffix} 文件，写成 {suffix} 后 Excel 会拒绝打开，请用 {source.suffix} 作扩展名",
        )
    if target.is_dir():
        raise FileError(target, "输出位置是文件夹，不是文件")


def _replace(temporary: Path, target: Path) -> None:
    """os.replace; on Windows a virus scanner holds a new file for a moment, so a refusal is tried again."""
    for pause in (0.1, 0.3) if os.name == "nt" else ():
        try:
            os.replace(temporary, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(temporary, target)


def _sync_folder(folder: Path) -> None:
    """Makes the new name outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
