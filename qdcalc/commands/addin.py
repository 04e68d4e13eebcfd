"""qdcalc addin: what a spreadsheet program loads."""

from __future__ import annotations

import argparse

from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

HOSTS = {"excel": "Windows 版 Excel（经 xlwings）", "libreoffice": "LibreOffice 7.4 起"}


def parser() -> Parser:
    listed = "、".join(f"{host}：{title}" for host, title in HOSTS.items())
    found = Parser(
        "addin",
        "build|install 程序 [-o 文件]",
        "生成（build）或安装（install）电子表格程序的自定义函数。",
        "  qdcalc addin install excel\n  qdcalc addin build libreoffice -o qdcalc.oxt",
    )
    found.word("action", "动作", "build 生成文件；install 在这台电脑上安装")
    found.word("host", "程序", listed)
    found.option("-o", "--out", metavar="文件", help="生成的文件，只用于 libreoffice；不填为 qdcalc.oxt")
    return found


def run(arguments: argparse.Namespace) -> int:
    if arguments.action not in ("build", "install"):
        raise UsageError(f"动作“{arguments.action}”应为 build 或 install")
    if arguments.host not in HOSTS:
        raise UsageError(f"程序“{arguments.host}”应为：{'、'.join(HOSTS)}")
    if arguments.host == "libreoffice":
        return _libreoffice(arguments)
    if arguments.out is not None:
        raise UsageError("excel 的函数文件位置固定，不用 -o")
    from qdcalc.hosts import excel

    if arguments.action == "install":
        return excel.install()
    print(f"已写入 {excel.write()}")
    return 0


def _libreoffice(arguments: argparse.Namespace) -> int:
    from qdcalc.hosts.libreoffice import install

    if arguments.action == "install":
        return install.install(arguments.out)
    print(f"已写入 {install.write(arguments.out or install.NAME)}")
    return 0
