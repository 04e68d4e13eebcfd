"""Setting up Excel on a Windows PC: the xlwings add-in, its settings, a workbook to import the functions into.

Only the merging of the settings and the refusals are tested, on Linux; nothing here has been run with a real Excel.

xlwings.conf is read by VBA, line by line, in the ANSI code page of Windows (Config.bas); keys are compared without case
and the first match counts. What is not ours in it stays as it is, and the file before the change is kept beside it.
"""

from __future__ import annotations

import importlib.util
import locale
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

from qdcalc.errors import FileError
from qdcalc.hosts.excel_runtime import NO_XLWINGS

MODULE = "udfs.excel"
INTERPRETER, MODULES, SEARCHED, DEBUGGING = "INTERPRETER_WIN", "UDF MODULES", "PYTHONPATH", "DEBUG UDFS"
_LINE = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"\s*')

ELSEWHERE = """这台电脑不是 Windows，不能安装 Excel 自定义函数：xlwings 的自定义函数只在 Windows 版 Excel 中可用。
可以这样用：
  qdcalc new road --plain -o 模板.xlsx    只含普通公式的模板，任何电子表格程序都能算
  qdcalc recalc 文件.xlsx -o 结果.xlsx    不开 Excel 重算工作簿
  qdcalc call QD_TALENT_SUBSIDY 650000    在命令行算一笔"""

NEXT_STEPS = """接下来在 Excel 中（只做一次）：
  1. 关闭所有 Excel 窗口再打开，功能区应出现“xlwings”选项卡。
  2. 文件 → 选项 → 信任中心 → 信任中心设置 → 宏设置，勾选“信任对 VBA 工程对象模型的访问”。
  3. 打开 {workbook}，启用宏，在“xlwings”选项卡点“Import Functions”。
  4. 在单元格输入 =QD_TALENT_SUBSIDY(650000)，应得 65000。
  5. 要在别的工作簿里用：把该文件另存为“Excel 加载宏（*.xlam）”，再到 文件 → 选项 → 加载项 → 转到，勾选它。
没有装这些的电脑打开同一文件会显示 #NAME?，请给他们 qdcalc new --plain 生成的模板。"""


def install(tell: Callable[[str], None] = print) -> int:
    """Set up Excel for the current user and tell what was done and what is left to do. Returns the exit code: 0 done,
    1 something failed (the sentence says what), 2 not possible on this system. Not run on a real Windows."""
    if sys.platform != "win32":
        tell(ELSEWHERE)
        return 2
    return _install_on_windows(tell)


def _install_on_windows(tell: Callable[[str], None]) -> int:
    if not _has("xlwings"):
        tell(NO_XLWINGS)
        return 1
    if not _has("win32com"):
        tell("没有安装 pywin32，xlwings 不能连接 Excel；请运行 pip install pywin32 后再试")
        return 1
    done, output = _add_in()
    if not done:
        tell("xlwings 加载项没有装上，没有改动设置。请确认已安装 Excel，并关闭所有 Excel 窗口后再试。xlwings 的输出：")
        tell(output)
        return 1
    tell("已安装 xlwings 加载项。")
    try:
        for sentence in configure(_config_file(), settings()):
            tell(sentence)
        workbook = _workbook()
    except FileError as error:
        tell(error.sentence)
        return 1
    except OSError as error:
        tell(f"文件无法写入：{error.filename}：{error.strerror}；请检查权限后再试")
        return 1
    tell(NEXT_STEPS.format(workbook=workbook))
    return 0


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _add_in() -> tuple[bool, str]:
    """Run `xlwings addin install`. It ends with 0 even where it fails: its words decide. Not run with a real Excel."""
    command = [sys.executable, "-c", "from xlwings.cli import main; main()", "addin", "install"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    output = (ended.stdout + ended.stderr).strip()
    return ended.returncode == 0 and "Successfully installed" in output, output


def _workbook() -> Path:
    """A workbook with macros that knows the add-in (xlwings' own quickstart file), in 文档; one that is there stays."""
    import xlwings

    target = Path.home() / "Documents" / "qdcalc.xlsm"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(xlwings.__file__).with_name("quickstart.xlsm"), target)
    return target


def _config_file() -> Path:
    import xlwings

    return Path(xlwings.USER_CONFIG_FILE)


# ---------------------------------------------------------------------- the settings
def settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What Excel has to know: this Python (or this conda environment), and where udfs is if Python does not find it."""
    import udfs

    wanted = {INTERPRETER: sys.executable, MODULES: MODULE}
    conda, name = environment.get("CONDA_EXE"), environment.get("CONDA_DEFAULT_ENV")
    if conda and name:  # the add-in activates the environment only where the interpreter is called just so
        wanted |= {INTERPRETER: "pythonw", "CONDA PATH": str(Path(conda).parents[1]), "CONDA ENV": name}
    root = Path(udfs.__file__ or "").resolve().parent.parent
    if root not in (Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")):
        wanted[SEARCHED] = str(root)
    return wanted


def configure(path: Path, wanted: Mapping[str, str], encoding: str | None = None) -> list[str]:
    """Merge settings into xlwings.conf and say in Chinese what changed. Unchanged: not written. Otherwise the old file
    is kept as .bak, .bak2 …, and the new one takes its place in one step.

    Raises FileError where a setting cannot be written in the code page that VBA reads.
    """
    code_page = encoding or locale.getencoding()
    before = path.read_bytes() if path.exists() else b""
    # Bytes of another encoding are not ours to judge: they go through unharmed
    text, changes = merged(before.decode(code_page, "surrogateescape"), wanted)
    if not changes:
        return [f"设置已齐全，没有改动：{path}"]
    try:
        after = text.encode(code_page, "surrogateescape")
    except UnicodeEncodeError as error:
        raise FileError(
            path,
            f"路径中的“{error.object[error.start : error.end]}”不在系统编码 {code_page} 中，xlwings 读不了；"
            "请把 Python 装到英文路径下",
        ) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [f"已写入设置：{path}"]
    if before:
        backup = _free(path)
        shutil.copy2(path, backup)
        told.append(f"原设置备份在：{backup}")
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(after)
    os.replace(draft, path)
    return told + [f"  {change}" for change in changes]


def _free(path: Path) -> Path:
    number = 1
    while (backup := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")).exists():
        number += 1
    return backup


def merged(text: str, wanted: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with the settings in it, and one Chinese sentence for each change. Lists (modules, search path) are
    added to; other settings are replaced; all other lines stay."""
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    changes: list[str] = []
    for key, value in wanted.items():
        at = next((index for index, line in enumerate(lines) if _key(line) == key.lower()), None)
        old = _value(lines[at]) if at is not None else ""
        new = _joined(old, value) if key in (MODULES, SEARCHED) else value
        if new == old:
            continue
        line = f'"{key}","{new}"'
        if at is None:
            lines.append(line)
        else:
            lines[at] = line
        changes.append(f"{key} = {new}" + (f"（原为 {old}）" if old else ""))
    if changes and any(_key(line) == DEBUGGING.lower() and _value(line).lower() == "true" for line in lines):
        changes.append("注意：设置中 DEBUG UDFS 为 True，函数要等调试服务器才会计算；不调试请改为 False")
    return "".join(f"{line}\r\n" for line in lines), changes


def _key(line: str) -> str | None:
    match = _LINE.fullmatch(line)
    return match[1].lower() if match else None


def _value(line: str) -> str:
    match = _LINE.fullmatch(line)
    return match[2] if match else ""


def _joined(old: str, item: str) -> str:
    items = [part.strip() for part in old.split(";") if part.strip()]
    known = {os.path.normcase(part) for part in items}
    return ";".join(items if os.path.normcase(item) in known else [*items, item])
