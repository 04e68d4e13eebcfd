"""qdcalc new: an empty template workbook of a policy."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError


def parser() -> Parser:
    found = Parser(
        "new", "政策 [-o 文件] [--rows 行数] [--plain] [--force]", "生成一项政策的空白填报工作簿。",
        "  qdcalc new road -o 四好农村路.xlsx",
    )  # fmt: skip
    found.word("policy", "政策", "编号（road）、代号（D5）或文号；全部政策见 qdcalc policies")
    found.option("-o", "--output", metavar="文件", help="写到哪里（.xlsx）；不写则在当前文件夹，以文件名称命名")
    found.option("--rows", metavar="行数", type=int, default=500, help="可填的行数，不写为 500")
    found.option("--plain", action="store_true", help="只用普通公式，没有装 qdcalc 的电脑也能算")
    found.option("--force", action="store_true", help="已有同名文件时也覆盖")
    return found


def run(arguments: argparse.Namespace) -> int:
    from qdcalc.policies import find_policy

    policy = find_policy(arguments.policy)
    if not 1 <= arguments.rows <= 100_000:
        raise UsageError(f"--rows {arguments.rows} 应在 1 至 100000 之间")
    if arguments.output is None:
        edition = "（普通公式）" if arguments.plain else ""
        target = Path(re.sub(r'[\\/:*?"<>|\s]', "", policy.title) + edition + ".xlsx")
    else:
        target = Path(arguments.output)
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"输出文件“{target.name}”应为 .xlsx")
    if target.exists() and not arguments.force:
        raise UsageError(f"“{target}”已经存在，可能已填了数据；换一个名字，或加 --force 覆盖")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"文件夹“{target.parent}”不存在")
    from qdcalc.commands.files import replacing
    from qdcalc.recalc.book import recalc_book
    from qdcalc.workbook.build import build

    with replacing(target) as draft:
        build(policy.id, draft, rows=arguments.rows, plain=arguments.plain)
        recalc_book(draft, draft)  # so that every formula has a value before anyone opens it
    print(f"已生成 {target}")
    return 0
