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
EDITIONS = {"plain": "普通公式版模板", "functions": "政策函数版模板"}


def parser() -> Parser:
    listed = "；".join(f"{host}：{title}" for host, title in {**HOSTS, **EDITIONS}.items())
    found = Parser(
        "convert", "文件 --to 程序 -o 输出",
        "把工作簿里政策函数的写法改成另一个程序认得的，其余内容原样保留，数值不重算；\n"
        "或把填好的模板换成普通公式版（plain）、政策函数版（functions），填报内容带过去，结果重算。",
        "  qdcalc convert 上报.xlsx --to libreoffice -o 上报_LO.xlsx\n  qdcalc convert 上报.xlsx --to plain -o 上报_普通公式.xlsx",
    )  # fmt: skip
    found.word("path", "文件", ".xlsx 或 .xlsm")
    found.option("--to", metavar="程序", required=True, help=listed)
    found.option("-o", "--output", metavar="输出", required=True, help="输出文件")
    return found


def run(arguments: argparse.Namespace) -> int:
    if arguments.to in EDITIONS:
        from qdcalc.filled.edition import to_edition

        print(to_edition(Path(arguments.path), Path(arguments.output), plain=arguments.to == "plain"))
        return 0
    if arguments.to not in HOSTS:
        raise UsageError(f"--to “{arguments.to}”应为：{'、'.join((*HOSTS, *EDITIONS))}")
    from qdcalc.recalc.convert import convert

    print(convert(Path(arguments.path), Path(arguments.output), host=arguments.to))
    return 0
