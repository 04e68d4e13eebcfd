"""Every error that qdcalc raises on purpose.

QdcalcError                 a Chinese sentence: what is wrong, where, what is allowed
├── UsageError              a command or API was used wrongly (exit code 2)
│   └── UnknownFunction     no function has that name
├── PolicyError             a policy folder is wrong; names file and key. Stops the program
├── TracingError            a rule is written wrongly; names file and line. Stops the program
├── CalculationError        one call has no answer; becomes an error value in a cell
│   ├── MissingValue        a required argument is blank            → #N/A
│   ├── OutOfRange          a number is beyond its type's maximum   → #NUM!
│   └── InvalidValue        anything else                           → #VALUE!
│       ├── UnknownName     a text that is none of the choices
│       └── NotInForce      a date on which the policy is not in force
└── FileError               a file cannot be worked on; nothing was written
    ├── NotAWorkbook        not an .xlsx/.xlsm
    ├── EncryptedFile       needs a password
    │   └── WrongPassword   the password is not the one
    ├── UnsafeFile          breaks one of the safety limits
    ├── UnsupportedFile     a workbook whose content cannot be kept safe
    └── VerificationError   the written result did not pass its check; the original stands
"""

from __future__ import annotations

import errno
from pathlib import Path


class QdcalcError(Exception):
    """Base of all. `sentence` is the Chinese text shown to people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UsageError(QdcalcError):
    """A command or an API call is wrong in itself."""


class UnknownFunction(UsageError):
    """No function has that name."""


class PolicyError(QdcalcError):
    """A policy.toml is wrong. `file` and `key` say where."""

    def __init__(self, file: Path | str, key: str, sentence: str) -> None:
        super().__init__(f"{file}：{key}：{sentence}")
        self.file = file
        self.key = key


class TracingError(QdcalcError):
    """A rule uses Python in a way that a tree cannot hold. `place` is file:line."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{place}：{sentence}")
        self.place = place


class CalculationError(QdcalcError):
    """One call cannot be answered. `argument` is the Chinese name of the argument at fault, or ""."""

    cell_error = "#VALUE!"

    def __init__(self, sentence: str, argument: str = "") -> None:
        super().__init__(sentence)
        self.argument = argument


class MissingValue(CalculationError):
    cell_error = "#N/A"


class OutOfRange(CalculationError):
    cell_error = "#NUM!"


class InvalidValue(CalculationError):
    cell_error = "#VALUE!"


class UnknownName(InvalidValue):
    """A text that is none of the choices; the sentence lists them."""


class NotInForce(InvalidValue):
    """A date on which the policy is not in force; the sentence names the dates."""


class FileError(QdcalcError):
    """A file that cannot be worked on. Nothing was written."""

    def __init__(self, path: Path | str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


class NotAWorkbook(FileError):
    pass


class EncryptedFile(FileError):
    pass


class WrongPassword(EncryptedFile):
    pass


class UnsafeFile(FileError):
    pass


class UnsupportedFile(FileError):
    pass


class VerificationError(FileError):
    """The file that was to replace the original did not pass its re-reading; the original stands."""


def reason(error: OSError) -> str:
    """Why the system refused a file, in Chinese: its own words are in the language of the machine."""
    known = {
        FileNotFoundError: "没有这个文件或文件夹",
        PermissionError: "没有权限，或文件正在别的程序中打开",
        IsADirectoryError: "这是一个文件夹",
        NotADirectoryError: "路径中有一段不是文件夹",
        FileExistsError: "已经存在",
    }
    for kind, words in known.items():
        if isinstance(error, kind):
            return words
    numbers = {
        "ENOSPC": "磁盘空间不足", "EROFS": "所在的磁盘只读", "ENAMETOOLONG": "文件名太长", "EDQUOT": "磁盘配额已满",
        "ELOOP": "链接绕成了圈",
    }  # fmt: skip
    for name, words in numbers.items():
        if error.errno is not None and error.errno == getattr(
            errno, name, None
        ):  # which there are depends on the system
            return words
    return f"系统错误 {error.errno}（{error.strerror or error}）"
