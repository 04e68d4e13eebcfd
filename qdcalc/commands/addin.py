"""qdcalc addin: what a spreadsheet program loads."""

from __future__ import annotations

import argparse

from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

HOSTS = {"excel": "Windows 版 Excel（经 xlwings）"}


def parser() -> Parser:
    listed = "、".join(f"{host}：{title}" for host, title in HOSTS.items())
    found = Parser(
        "addin",
        "build|install 程序",
        "生成（build）或安装（install）电子表格程序的自定义函数。",
        "  qdcalc addin install excel",
    )
    found.word("action", "动作", "build 重写函数文件；install 在这台电脑上安装")
    found.word("host", "程序", listed)
    return found


def run(arguments: argparse.Namespace) -> int:
    if arguments.action not in ("build", "install"):
        raise UsageError(f"动作“{arguments.action}”应为 build 或 install")
    if arguments.host not in HOSTS:
        raise UsageError(f"程序“{arguments.host}”应为：{'、'.join(HOSTS)}")
    from qdcalc.hosts import excel

    if arguments.action == "install":
        return excel.install()
    print(f"已写入 {excel.write()}")
    return 0
