"""Passwords from a file, and which of them opens a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdcalc.errors import EncryptedFile, UsageError, WrongPassword
from qdcalc.recalc.encrypted import is_encrypted, right_password
from qdcalc.recalc.limits import DEFAULT_LIMITS
from qdcalc.recalc.passwords import Passwords, read_passwords
from tests.recalc.files import rich
from tests.recalc.test_package import encrypted

TEXT = "青岛2018\n 有空格 \r\n\n平度.xlsx\t平度密码\n平度.xlsx\t又一个\n莱西 .xlsx\ta\tb\n青岛2018\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_one_a_line_or_by_file_name(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "密码.txt"
    path.write_bytes(TEXT.encode(coding))
    found = read_passwords(path)
    assert found.general == ("青岛2018", " 有空格 ")
    assert found.for_file(Path("某处") / "平度.XLSX") == ("平度密码", "又一个")
    assert found.for_file(Path("莱西 .xlsx")) == ("a\tb",)
    assert found.for_file(Path("其他.xlsx")) == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有密码"),
        (b"\n\r\n\t\n", "没有密码"),
        (b"\xff\xfe\x00", "不是文本文件"),
        (b"a\n" * 600_000, "超过 1 MB"),
    ],
)
def test_what_is_no_password_file(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "密码.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        read_passwords(path)
    with pytest.raises(UsageError, match="读不了"):
        read_passwords(tmp_path / "没有.txt")


def test_passwords_do_not_show_themselves() -> None:
    assert "青岛" not in repr(Passwords(("青岛2018",), {"a": ("青岛2019",)}))


def test_the_right_one_is_found(tmp_path: Path) -> None:
    plain = rich(tmp_path / "a.xlsm")
    path = encrypted(tmp_path / "密.xlsx", plain, "青岛2018")
    assert (is_encrypted(path), is_encrypted(plain), is_encrypted(tmp_path / "没有")) == (True, False, False)
    assert right_password(path, ("a", "青岛2018", "b"), DEFAULT_LIMITS) == "青岛2018"
    with pytest.raises(WrongPassword, match="给出的 2 个密码都打不开"):
        right_password(path, ("a", "青岛2019"), DEFAULT_LIMITS)
    with pytest.raises(WrongPassword, match="打开密码不对"):
        right_password(path, ("青岛2019",), DEFAULT_LIMITS)
    with pytest.raises(EncryptedFile, match="请给出密码"):
        right_password(path, (), DEFAULT_LIMITS)
