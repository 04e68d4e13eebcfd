"""python -m qdcalc.workbook.examples [FOLDER]: builds workbooks/ again: both editions of the templates, the filled examples.

Everything is recalculated before it is put in place, so that viewers without any add-in see values.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qdcalc.workbook.build import build, build_plan
from qdcalc.workbook.filling import read_folder
from qdcalc.workbook.templates import find_template, template_ids, template_plan


@dataclass(frozen=True)
class Example:
    """A filled workbook; its data are in a folder of the same name under workbooks/data."""

    policy: str
    file: str
    rows: int


LISTED = (
    Example("talent", "金融高端人才_示例", 70),
    Example("star", "金融之星_示例", 50),
    Example("road", "四好农村路_示例", 50),
    Example("delegation", "下放平度市权限_示例", 30),
    Example("waste", "农村生活垃圾分类_示例", 70),
    Example("science", "科技创新_示例", 40),
    Example("energy", "节能与绿色发展_示例", 30),
    Example("duty", "百名局长进大厅_示例", 150),
    Example("wealth", "财富管理_示例", 14),
)
"""Those that need another number of rows than ROWS. An example that only has its folder is found by it."""
ROWS = 50


def _examples() -> Iterator[Example]:
    yield from LISTED
    data = Path(__file__).parents[2] / "workbooks" / "data"
    for policy in template_ids():
        file = f"{find_template(policy).file}_示例"
        if file not in {example.file for example in LISTED} and (data / file).is_dir():
            yield Example(policy, file, ROWS)


EXAMPLES = tuple(_examples())


def targets(root: Path) -> Iterator[tuple[Path, Callable[[Path], None]]]:
    """Every workbook under `root`/workbooks, in order, with what builds it (formulas without values) somewhere else."""
    books = root / "workbooks"
    for policy in template_ids():
        file = find_template(policy).file
        yield books / "templates" / f"{file}.xlsx", partial(build, policy)
        yield books / "plain" / f"{file}（普通公式）.xlsx", partial(build, policy, plain=True)
    for example in EXAMPLES:
        yield books / "examples" / f"{example.file}.xlsx", partial(build_example, example, root)


def build_example(example: Example, root: Path, target: Path, *, plain: bool = False) -> None:
    """One filled workbook, in either edition."""
    plan = template_plan(example.policy, rows=example.rows, plain=plain)
    data, fields = read_folder(root / "workbooks" / "data" / example.file, plan)
    build_plan(plan, target, data=data, fields=fields)


def main(root: Path) -> None:
    from qdcalc.filled.mistakes import FILE, write_mistakes  # rooms above: only this script looks up to them
    from qdcalc.recalc.book import recalc_book

    with tempfile.TemporaryDirectory() as scratch:
        for target, write in targets(root):
            built = Path(scratch) / "built.xlsx"
            write(built)
            target.parent.mkdir(parents=True, exist_ok=True)
            recalc_book(built, target)
            print(f"已生成 {target}")
    mistakes = root / "workbooks" / "examples" / FILE
    write_mistakes(root, mistakes)
    print(f"已生成 {mistakes}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
