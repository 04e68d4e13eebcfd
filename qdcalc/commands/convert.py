"""qdcalc convert: a workbook for another spreadsheet program."""

from __future__ import annotations

import argparse
from pathlib import Path

from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

HOSTS = {
    "excel": "Excel（xlwings），QD_X",
    "office": "Office.js 加载项，_xldudf_QD_X",
    "libreoffice": "LibreOffice，QD.X",
}


def parser() -> Parser:
    listed = "；".join(f"{host}：{title}" for host, title in HOSTS.items())
    found = Parser(
        "convert", "文件 --to 程序 -o 输出", "把工作簿里政策函数的写法改成另一个程序认得的，其余内容原样保留，数值不重算。",
        "  qdcalc convert 上报.xlsx --to libreoffice -o 上报_LO.xlsx",
    )  # fmt: skip
    found.word("path", "文件", ".xlsx 或 .xlsm")
    found.option("--to", metavar="程序", required=True, help=listed)
    found.option("-o", "--output", metavar="输出", required=True, help="输出文件")
    return found


def run(arguments: argparse.Namespace) -> int:
    if arguments.to not in HOSTS:
        raise UsageError(f"--to “{arguments.to}”应为：{'、'.join(HOSTS)}")
    from qdcalc.recalc.convert import convert

    print(convert(Path(arguments.path), Path(arguments.output), host=arguments.to))
    return 0
