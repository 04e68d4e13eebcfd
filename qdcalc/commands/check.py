"""qdcalc check: what is wrong with filled templates, every finding with workbook, sheet and cell."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.commands.output import print_json, tell
from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

if TYPE_CHECKING:
    from qdcalc.filled.report import CheckReport

_REPORTS = (".xlsx", ".json", ".txt")


def parser() -> Parser:
    found = Parser(
        "check", "文件或文件夹… [--report 文件] [选项]",
        "检查填好的模板：漏填、填错、公式被覆盖或改动、结果没有重算等，逐项说明在哪个单元格、应怎样改。\n"
        "只读不改。没有问题时退出码为 0，有问题或有文件不能检查时为 1。",
        "  qdcalc check 平度市.xlsx\n  qdcalc check 各区市/ --report 检查结果.xlsx",
    )  # fmt: skip
    found.word("paths", "文件或文件夹", "填好的 .xlsx、.xlsm，或装有它们的文件夹", nargs="+")
    found.option("--report", metavar="文件", help="把报告写成文件：.xlsx 表格，.json 供程序读，.txt 文字")
    found.option("--workers", metavar="数量", type=int, help="同时处理几个文件，不写为处理器核数")
    found.option("--timeout", metavar="秒", type=float, help="一个文件最多用多久，不写为 300 秒")
    found.option("--json", action="store_true", help="以 JSON 输出报告")
    found.option("--quick", action="store_true", help="不重算，只查填报内容和公式，快一倍以上")
    found.option("--password-file", metavar="文件", help="打开密码，每行一个；或每行 文件名、制表符、密码")
    return found


def run(arguments: argparse.Namespace) -> int:
    record = None if arguments.report is None else Path(arguments.report)
    if record is not None:
        if record.suffix.lower() not in _REPORTS:
            raise UsageError(f"报告文件“{record.name}”应为 {'、'.join(_REPORTS)} 之一")
        if record.is_dir() or not record.absolute().parent.is_dir():
            raise UsageError(f"报告文件“{record}”所在的文件夹不存在，或它本身是一个文件夹")
    from qdcalc.commands.passwords import password_file
    from qdcalc.commands.progress import progress
    from qdcalc.filled.check import check
    from qdcalc.filled.report import SHOWN

    passwords = password_file(arguments)
    with progress("检查") as show:
        report = check(
            arguments.paths,
            recalculate=not arguments.quick,
            workers=arguments.workers,
            timeout=arguments.timeout,
            progress=show,
            passwords=passwords,
        )
    if arguments.json:
        print_json(report.as_dict())
    else:
        print(report.text(SHOWN))
    if record is not None:  # last: what could not be written has at least been read
        _write(record, report)
    if not report.files:
        tell("没有找到可以检查的工作簿")
        return 1
    return report.exit_code


def _write(path: Path, report: CheckReport) -> None:
    from qdcalc.commands.files import replacing

    kind = path.suffix.lower()
    with replacing(path) as draft:
        if kind == ".xlsx":
            from qdcalc.filled.report_book import write_report

            write_report(report, draft)
        elif kind == ".json":
            draft.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        else:
            draft.write_text(report.text() + "\n", encoding="utf-8-sig")
