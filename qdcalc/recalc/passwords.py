"""Passwords for encrypted workbooks, from a file: never on a command line, in a log, a report or a journal."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from qdcalc.errors import UsageError, reason

_MOST = 1 << 20
"""bytes of the file"""


@dataclass(frozen=True, repr=False)
class Passwords:
    """`general` are tried on every encrypted file, `named` on the files of that name before them."""

    general: tuple[str, ...] = ()
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{len(self.general) + sum(map(len, self.named.values()))} passwords>"

    def for_file(self, path: Path) -> tuple[str, ...]:
        """The passwords of this very file."""
        return self.named.get(_key(path.name), ())

    def all_for(self, path: Path) -> tuple[str, ...]:
        """Whatever may be tried on this file, its own first."""
        return (*self.for_file(path), *self.general)


def read_passwords(path: Path) -> Passwords:
    """One password a line, or a file name, a tab, and its password. UTF-8, or GB18030 as older editors save.

    Spaces belong to a password. Raises UsageError.
    """
    try:
        content = path.read_bytes()[: _MOST + 1]
    except OSError as error:
        raise UsageError(f"密码文件“{path}”读不了（{reason(error)}）") from error
    if len(content) > _MOST:
        raise UsageError(f"密码文件“{path}”超过 1 MB，应是每行一个密码的文本文件")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise UsageError(f"密码文件“{path}”不是文本文件，应为每行一个密码，或 文件名、制表符、密码") from error
    general: list[str] = []
    named: dict[str, tuple[str, ...]] = {}
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        name, tab, password = line.partition("\t")
        if tab and name.strip() and password:
            key = _key(name.strip())
            named[key] = (*named.get(key, ()), password)
        elif not tab and line:
            general.append(line)
    if not general and not named:
        raise UsageError(f"密码文件“{path}”里没有密码，应为每行一个密码，或 文件名、制表符、密码")
    return Passwords(tuple(dict.fromkeys(general)), named)


def _key(name: str) -> str:
    """A name as people mean it: macOS spells letters another way, Windows ignores case."""
    return unicodedata.normalize("NFC", name).casefold()
