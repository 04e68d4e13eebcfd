"""qdcalc merge: many filled workbooks into one."""

from __future__ import annotations

import argparse
from pathlib import Path

from qdcalc.commands.output import print_json, tell
from qdcalc.commands.parsing import Parser


def parser() -> Parser:
    found = Parser(
        "merge", "文件或文件夹… -o 汇总.xlsx [选项]",
        "把各单位填好的工作簿合并成一个：合格的行逐行列出来源，按政策、资金来源、区（市）汇总，\n"
        "同一人员、企业、项目在不同文件或不同政策中都有申报的另列一表；有问题的行不合并，列明原因。",
        "  qdcalc merge 各区市/ -o 汇总.xlsx",
    )  # fmt: skip
    found.word("paths", "文件或文件夹", "填好的 .xlsx、.xlsm，或装有它们的文件夹", nargs="+")
    found.option("-o", "--output", metavar="文件", required=True, help="汇总工作簿（.xlsx）；已有的会被替换")
    found.option("--resume", action="store_true", help="上次合并后没有变的文件不再重读")
    found.option("--workers", metavar="数量", type=int, help="同时处理几个文件，不写为处理器核数")
    found.option("--timeout", metavar="秒", type=float, help="一个文件最多用多久，不写为 300 秒")
    found.option("--json", action="store_true", help="以 JSON 输出结果")
    found.option(
        "--password-file", metavar="文件", help="打开密码，每行一个；或每行 文件名、制表符、密码。汇总没有密码"
    )
    return found


def run(arguments: argparse.Namespace) -> int:
    from qdcalc.commands.passwords import password_file
    from qdcalc.commands.progress import progress
    from qdcalc.merge.merge import merge

    passwords = password_file(arguments)
    try:
        with progress("读取") as show:
            report = merge(
                arguments.paths,
                Path(arguments.output),
                resume=arguments.resume,
                workers=arguments.workers,
                timeout=arguments.timeout,
                progress=show,
                passwords=passwords,
            )
    except KeyboardInterrupt:
        tell("已停止，没有写汇总；读过的文件都记着，加 --resume 可以接着做")
        return 130
    if arguments.json:
        print_json(report.as_dict())
    else:
        print(report)
    return report.exit_code
