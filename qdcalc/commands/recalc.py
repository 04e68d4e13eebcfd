"""qdcalc recalc: workbooks in, the same workbooks with fresh values out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.commands.output import print_json, tell
from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

if TYPE_CHECKING:
    from qdcalc.recalc.batch import Progress
    from qdcalc.recalc.report import BookReport, Report


def parser() -> Parser:
    found = Parser(
        "recalc", "文件或文件夹… -o 输出 [--all] [--report 文件] [--json]",
        "重算工作簿里的政策函数和引用它们的公式，其余内容原样保留。\n"
        "一个输入文件时 -o 是输出文件；多个文件或文件夹时 -o 是文件夹，按原来的相对路径写入。",
        "  qdcalc recalc 上报.xlsx -o 结果.xlsx\n  qdcalc recalc 各区市/ -o 结果/ --report 报告.json",
    )  # fmt: skip
    found.word("paths", "文件或文件夹", ".xlsx、.xlsm，或装有它们的文件夹", nargs="+")
    found.option("-o", "--output", metavar="输出", required=True, help="输出文件或文件夹")
    found.option("--all", action="store_true", help="连同其他公式一起用引擎的值更新")
    found.option("--report", metavar="文件", help="把报告写成文件：.json 供程序读，其他为文字")
    found.option("--json", action="store_true", help="以 JSON 输出报告")
    return found


def run(arguments: argparse.Namespace) -> int:
    record = None if arguments.report is None else Path(arguments.report)
    if record is not None and (record.is_dir() or not record.absolute().parent.is_dir()):
        raise UsageError(f"报告文件“{record}”所在的文件夹不存在，或它本身是一个文件夹")
    from qdcalc.recalc.batch import recalc

    out = Path(arguments.output)
    if arguments.output.endswith(("/", "\\")):  # said to be a folder, which a Path forgets
        out.mkdir(parents=True, exist_ok=True)
    with _progress() as progress:
        report = recalc(arguments.paths, out, all_cells=arguments.all, progress=progress)
    if record is not None:
        _write(record, report)
    if arguments.json:
        print_json(report.as_dict())
    else:
        print(report)
    if not report.files:
        tell("没有找到可以重算的 .xlsx 或 .xlsm 文件")
        return 1
    return report.exit_code


def _write(path: Path, report: Report) -> None:
    from qdcalc.commands.files import replacing

    as_json = path.suffix.lower() == ".json"
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else str(report)
    with replacing(path) as draft:
        draft.write_text(text + "\n", encoding="utf-8" if as_json else "utf-8-sig")


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar on a terminal, nothing in a pipe or a log."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),  # a file may be called [1].xlsx
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("正在重算", total=None)

        def show(done: int, total: int, found: BookReport) -> None:
            bar.update(task, completed=done, total=total, description=f"已重算 {found.path.name}")

        yield show
