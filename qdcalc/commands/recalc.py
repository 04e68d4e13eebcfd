"""qdcalc recalc: workbooks in, the same workbooks with fresh values out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.commands.output import print_json, tell
from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

if TYPE_CHECKING:
    from qdcalc.recalc.passwords import Passwords
    from qdcalc.recalc.report import Report


def parser() -> Parser:
    found = Parser(
        "recalc", "文件或文件夹… -o 输出 [选项]",
        "重算工作簿里的政策函数和引用它们的公式，其余内容原样保留。\n"
        "一个输入文件时 -o 是输出文件；多个文件或文件夹时 -o 是文件夹，按原来的相对路径写入。\n"
        "一个文件出错不影响其他文件。退出码：0 全部完成，1 有文件失败或未处理（其余已完成），2 命令用法有误。",
        "  qdcalc recalc 上报.xlsx -o 结果.xlsx\n"
        "  qdcalc recalc 各区市/ -o 结果/ --report 报告.xlsx\n"
        "  qdcalc recalc 各区市/ -o 结果/ --resume           （中断后接着算）",
    )  # fmt: skip
    found.word("paths", "文件或文件夹", ".xlsx、.xlsm，或装有它们的文件夹", nargs="+")
    found.option("-o", "--output", metavar="输出", required=True, help="输出文件或文件夹")
    found.option("--all", action="store_true", help="连同其他公式一起用引擎的值更新")
    found.option(
        "--engine", metavar="引擎", default="formualizer",
        help="both 再用 LibreOffice 核对，逐格报告不一致；libreoffice 写入 LibreOffice 的值",
    )  # fmt: skip
    found.option("--workers", metavar="个数", type=int, help="同时计算的进程数，不写时每个处理器核心一个")
    found.option("--timeout", metavar="秒数", help="一个文件最多用多少秒，不写时为 300")
    found.option("--resume", action="store_true", help="上次已算完且没有变动的文件不再重算，失败过的再试")
    found.option("--report", metavar="文件", help="把报告写成文件：.xlsx 为工作簿，.json 供程序读，其他为文字")
    found.option("--json", action="store_true", help="以 JSON 输出报告")
    found.option("--password-file", metavar="文件", help="打开密码，每行一个；或每行 文件名、制表符、密码")
    found.option("--decrypted", action="store_true", help="同意有打开密码的工作簿重算后不再加密")
    return found


def run(arguments: argparse.Namespace) -> int:
    record = None if arguments.report is None else Path(arguments.report)
    if record is not None and (record.is_dir() or not record.absolute().parent.is_dir()):
        raise UsageError(f"报告文件“{record}”所在的文件夹不存在，或它本身是一个文件夹")
    passwords, timeout = _passwords(arguments), _seconds(arguments.timeout)
    from qdcalc.commands.findings import note_findings
    from qdcalc.commands.progress import progress
    from qdcalc.recalc.batch import recalc
    from qdcalc.recalc.limits import WorkerLimits

    out = arguments.output
    if out.endswith(("/", "\\")):  # said to be a folder, which a Path forgets
        Path(out).mkdir(parents=True, exist_ok=True)
    try:
        with progress() as show:
            report = recalc(
                arguments.paths, out, all_cells=arguments.all, workers=arguments.workers,
                timeout=WorkerLimits.seconds if timeout is None else timeout, resume=arguments.resume, progress=show,
                passwords=passwords, decrypted=arguments.decrypted, engine=arguments.engine,
            )  # fmt: skip
            note_findings(report)
    except KeyboardInterrupt:
        tell("已停止；算完的文件都在输出位置，加 --resume 可以接着算")
        return 130
    if arguments.json:
        print_json(report.as_dict())
    else:
        print(report)
    if record is not None:  # last: what could not be written has at least been read
        _write(record, report)
    if not report.files:
        tell("没有找到可以重算的 .xlsx 或 .xlsm 文件")
        return 1
    return report.exit_code


def _passwords(arguments: argparse.Namespace) -> Passwords | None:
    if arguments.password_file is None:
        if arguments.decrypted:
            raise UsageError("--decrypted 要与 --password-file 同用")
        return None
    if not arguments.decrypted:
        raise UsageError(
            "有打开密码的工作簿重算后不再加密，内容任何人都能打开；同意的话请在 --password-file 之外加上 --decrypted"
        )
    from qdcalc.commands.passwords import password_file

    return password_file(arguments)


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"--timeout：“{text}”应为秒数") from None


def _write(path: Path, report: Report) -> None:
    from qdcalc.commands.files import replacing

    kind = path.suffix.lower()
    with replacing(path) as draft:
        if kind == ".xlsx":
            from qdcalc.recalc.report_book import write_report_book

            write_report_book(report, draft)
            return
        as_json = kind == ".json"
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else str(report)
        # a file name of another system may be no proper text; JSON reads the escape as what it was
        draft.write_text(text + "\n", encoding="utf-8" if as_json else "utf-8-sig", errors="backslashreplace")
