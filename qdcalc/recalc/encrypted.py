"""Files in the OLE container: encrypted workbooks, and the old .xls and .et that only look like them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from qdcalc.errors import EncryptedFile, NotAWorkbook, UnsafeFile, UnsupportedFile, WrongPassword
from qdcalc.recalc.limits import Limits
from qdcalc.recalc.xmltext import check_opening

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_INFO_SIZE = 64 * 1024
_AGILE = bytes.fromhex("04000400")


def _sane(xml: bytes, limits: Limits) -> bool:
    """The library parses this XML and hashes as often as it says: nothing odd may be in it."""
    rounds = re.findall(rb'spinCount\s*=\s*"([0-9]{1,9})"', xml)
    plain = check_opening("EncryptionInfo", xml) is None and b"<!" not in xml and b"&" not in xml
    return (
        plain and bool(rounds) and xml.count(b"spinCount") == len(rounds) and max(map(int, rounds)) <= limits.spin_count
    )


def is_encrypted(path: Path) -> bool:
    """A compound file, so encrypted or an old .xls; False also if it cannot be read, which opening it will tell."""
    try:
        with path.open("rb") as file:
            return file.read(len(OLE_MAGIC)) == OLE_MAGIC
    except OSError:
        return False


def right_password(path: Path, passwords: Sequence[str], limits: Limits) -> str:
    """The one of `passwords` that opens an encrypted workbook. Raises what `decrypt` raises."""
    if path.stat().st_size > limits.file_size:
        raise UnsafeFile(path, f"文件超过 {limits.file_size >> 20} MB 的上限")
    content = path.read_bytes()
    for password in passwords:
        try:
            decrypt(content, path, password, limits)
        except WrongPassword:
            if len(passwords) == 1:
                raise
        else:
            return password
    if not passwords:
        decrypt(content, path, None, limits)
    raise WrongPassword(path, f"给出的 {len(passwords)} 个密码都打不开这个文件，请核对大小写和输入法后再试")


def decrypt(content: bytes, path: Path, password: str | None, limits: Limits) -> bytes:
    """The zip inside an encrypted workbook. Raises EncryptedFile (no or wrong password), NotAWorkbook, UnsafeFile.

    Password and integrity are verified before anything is believed. Blocking for the time of the password hash
    (0.1 s for what Excel and WPS write).
    """
    import msoffcrypto  # heavy (cryptography), and few files are encrypted
    import olefile  # type: ignore[import-untyped]
    from msoffcrypto.exceptions import InvalidKeyError

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            wrapped = ole.exists("EncryptedPackage")
            has_info = ole.exists("EncryptionInfo")
            info = ole.openstream("EncryptionInfo").read(_INFO_SIZE + 1) if has_info else b""
            word = ole.exists("WordDocument") or ole.exists("PowerPoint Document")
    except Exception as error:  # olefile raises whatever a broken file makes it stumble on
        raise NotAWorkbook(path, "文件已损坏，无法读取，请用表格软件打开另存后再试") from error
    if not wrapped and word:
        raise NotAWorkbook(path, "这是旧版 Word 文档或演示文稿，不是表格；只接受 .xlsx 和 .xlsm")
    if not wrapped:
        raise UnsupportedFile(path, "这是旧版 .xls/.et 文件，请在 Excel 或 WPS 中另存为 .xlsx 后再试")
    if not has_info:
        raise EncryptedFile(path, "文件受权限管理（IRM）保护，请由有权限的人另存为不受保护的 .xlsx 后再试")
    if len(info) > _INFO_SIZE or (info.startswith(_AGILE) and not _sane(info[8:], limits)):
        raise UnsafeFile(path, "文件的加密信息不正常，拒绝处理")
    if not password:
        raise EncryptedFile(path, "文件有打开密码，请给出密码，或在表格软件中取消密码后再试")
    plain = io.BytesIO()
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(content))
        book.load_key(password=password, verify_password=True)
        # the older "standard" encryption carries no integrity record; its zip checks (CRC) stand alone
        book.decrypt(plain, verify_integrity=True)
    except InvalidKeyError as error:
        if "integrity" in str(error).lower():
            raise NotAWorkbook(path, "加密文件的完整性校验不通过，文件已损坏或被改动过") from error
        raise WrongPassword(path, "打开密码不对，请核对大小写和输入法后再试") from error
    except Exception as error:  # the library raises struct.error, ValueError, IndexError… on a broken file
        raise NotAWorkbook(path, "加密文件已损坏，或用了不受支持的加密方式，请在表格软件中取消密码后再试") from error
    return plain.getvalue()
