"""Re-reads a written workbook and compares it with the original, by another route than the one that wrote it.

The container is read with Python's zipfile, not with our own reader. Sheets are cut at "<c " and compared piece by
piece (pieces.py), with `t` and `<v>` of the patched cells blanked out on both sides; where that cutting is not possible
(comments, prefixed names), the events of two expat parses are compared instead (sheetcheck.py).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.errors import VerificationError
from qdcalc.recalc.sheetcheck import sheet_problem
from qdcalc.recalc.values import CellValues

if TYPE_CHECKING:
    from qdcalc.recalc.package import Package


def verify_package(
    source: Package,
    target: Path,
    expected: Mapping[str, CellValues],
    *,
    replaced: Mapping[str, tuple[int, int]] | None = None,
) -> None:
    """Proves that `target` is `source` with the `expected` values (part → cell → value), and nothing else changed.

    Checks CRCs, member order, raw identity of every other part, identity of the sheets outside `t` and `<v>` of
    the expected cells, and these cells' values. `replaced` (part → CRC and size) are parts that were written anew;
    those of them that are not in `expected` need only be what was written. Raises VerificationError.
    """
    replaced = replaced or {}
    try:
        with zipfile.ZipFile(io.BytesIO(source.file_bytes())) as old, zipfile.ZipFile(target) as new:
            pairs = list(zip(old.infolist(), new.infolist(), strict=False))
            if len(old.infolist()) != len(new.infolist()) or any(a.filename != b.filename for a, b in pairs):
                raise _failed(target, "部件的数目或顺序变了")
            for before, after in pairs:
                name = before.filename
                if _record(before) != _record(after):
                    raise _failed(target, f"部件 {name} 的日期或属性变了")
                data = new.read(after)  # zipfile checks the CRC
                if name in replaced and (after.CRC, after.file_size) != replaced[name]:
                    raise _failed(target, f"部件 {name} 与写入的不同")
                if name in expected:
                    problem = sheet_problem(old.read(before), data, expected[name])
                    if problem is not None:
                        raise _failed(target, f"部件 {name} {problem}")
                elif name not in replaced and _raw(old, before) != _raw(new, after):
                    raise _failed(target, f"部件 {name} 变了")
            absent = {*expected, *replaced} - {before.filename for before, _ in pairs}
            if absent:
                raise _failed(target, f"部件 {'、'.join(sorted(absent))} 不存在")
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise _failed(target, "压缩包读不出来") from error


def _failed(target: Path, what: str) -> VerificationError:
    return VerificationError(target, f"写出的文件没有通过复核：{what}；没有写入，原文件没有改动")


def _record(info: zipfile.ZipInfo) -> tuple[object, ...]:
    """What the directory says about a member beside its content."""
    return info.date_time, info.external_attr, info.internal_attr, info.create_system, info.comment


def _raw(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Local extra field and packed bytes of a member, with the flags and method in front."""
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset)
    header = file.read(30)
    name_size, extra_size = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    return header[:14] + file.read(name_size + extra_size + info.compress_size)
