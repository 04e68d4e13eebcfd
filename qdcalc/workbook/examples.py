"""python -m qdcalc.workbook.examples [FOLDER]: builds workbooks/ again, the templates and the filled examples.

Everything is recalculated before it is put in place, so that viewers without any add-in see values.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qdcalc.workbook.build import build_plan
from qdcalc.workbook.filling import read_folder
from qdcalc.workbook.templates import DEFAULT_ROWS, find_template, template_ids, template_plan


@dataclass(frozen=True)
class Example:
    """A filled workbook: `data` is a folder under workbooks/data."""

    policy: str
    file: str
    rows: int


EXAMPLES = (
    Example("talent", "金融高端人才_示例", 70),
    Example("star", "金融之星_示例", 50),
    Example("road", "四好农村路_示例", 50),
)


def sources(root: Path) -> Iterator[Path]:
    """The targets under `root`/workbooks, in order."""
    for policy in template_ids():
        yield root / "workbooks" / "templates" / f"{find_template(policy).file}.xlsx"
    for example in EXAMPLES:
        yield root / "workbooks" / "examples" / f"{example.file}.xlsx"


def build_into(root: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Builds every workbook into `folder`, not recalculated; yields each with its place under `root`."""
    targets = list(sources(root))
    for number, target in enumerate(targets):
        built = folder / f"{number}.xlsx"
        if target.parent.name == "templates":
            policy = template_ids()[number]
            build_plan(template_plan(policy, rows=DEFAULT_ROWS), built)
        else:
            example = EXAMPLES[number - len(template_ids())]
            plan = template_plan(example.policy, rows=example.rows)
            data, fields = read_folder(root / "workbooks" / "data" / example.file, plan)
            build_plan(plan, built, data=data, fields=fields)
        yield built, target


def main(root: Path) -> None:
    from qdcalc.recalc.book import recalc_book  # the room above: only this script looks up to it

    with tempfile.TemporaryDirectory() as scratch:
        for built, target in build_into(root, Path(scratch)):
            target.parent.mkdir(parents=True, exist_ok=True)
            recalc_book(built, target)
            print(f"已生成 {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
