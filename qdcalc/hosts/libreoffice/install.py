"""Writing qdcalc.oxt, and handing it to LibreOffice's own extension manager for this user.

unopkg refuses to work for root, and its window-less twin on Windows is unopkg.com. Windows and macOS: not run here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from qdcalc.hosts.libreoffice.bundle import check_names, files, pack

NAME = "qdcalc.oxt"
TIME_LIMIT = 180
_PLACES = (
    r"C:\Program Files\LibreOffice\program\unopkg.com",
    r"C:\Program Files (x86)\LibreOffice\program\unopkg.com",
    "/Applications/LibreOffice.app/Contents/MacOS/unopkg",
    "/opt/libreoffice/program/unopkg",
)
BY_HAND = """请手工安装：打开 LibreOffice Calc，“工具 → 扩展管理器 → 添加”，选择
  {file}
然后重新启动 LibreOffice。"""


def write(path: Path | str = NAME) -> Path:
    """Builds the extension, whole or not at all. Returns its path."""
    check_names()
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".new")
    draft.write_bytes(pack(files()))
    os.replace(draft, target)
    return target


def find_unopkg() -> str | None:
    """LibreOffice's extension manager for the command line, or None."""
    return shutil.which("unopkg") or next((place for place in _PLACES if Path(place).exists()), None)


def install(path: Path | str | None = None, out: Callable[[str], None] = print) -> int:
    """Installs for the user who runs this; where that cannot be done, says how to do it by hand. An exit code."""
    tool = find_unopkg()
    if tool is None or _is_root():
        target = write(path or NAME)
        why = "没有找到 LibreOffice 的 unopkg 程序。" if tool is None else "unopkg 不能以 root 身份运行。"
        out(f"{why}已写入 {target}，未安装。\n{BY_HAND.format(file=target.resolve())}")
        return 1
    if path is not None:
        return _added(tool, write(path), out)
    with tempfile.TemporaryDirectory() as folder:
        return _added(tool, write(Path(folder) / NAME), out)


def _added(tool: str, file: Path, out: Callable[[str], None]) -> int:
    command = [tool, "add", "--force", str(file)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT
        )
        words = done.stdout.decode(errors="replace").strip()
    except subprocess.TimeoutExpired:
        words = f"超过 {TIME_LIMIT} 秒没有完成"
    else:
        if done.returncode == 0:
            out("已装入 LibreOffice，重新启动后可用：插入 → 函数，类别以 qdcalc 开头。")
            return 0
    out(
        f"unopkg 没有装上：{words or '没有说明原因'}\n请先关闭 LibreOffice 再试。也可用 qdcalc addin build libreoffice 生成文件后手工安装：工具 → 扩展管理器 → 添加。"
    )
    return 1


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
