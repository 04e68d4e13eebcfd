"""qdcalc table: a function over the columns of a CSV, Parquet or xlsx file, which may be larger than the memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.commands.output import tell
from qdcalc.commands.parsing import Parser
from qdcalc.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from qdcalc.commands.table_input import Source, Table
    from qdcalc.rules.function import Function

FAILED_HEADS = ("行号（表头为第1行）", "参数", "说明")
_PLAIN = r"^ *[+-]?[0-9]{1,12}(\.[0-9]{1,3})? *$"
"""A number as text whose double, 15 digits at most, reads back as the same decimal; any other is parsed one by one."""


def parser() -> Parser:
    found = Parser(
        "table", "函数 输入文件 输出文件",
        "对一张表逐行计算：列名用参数的中文名或 Python 名，结果加在最后一列。\n"
        "输入、输出为 .csv、.parquet 或 .xlsx；算不出的行结果为空，另列在 输出文件名.失败.csv。",
        "  qdcalc table QD_TALENT_SUBSIDY 名单.csv 结果.csv",
    )  # fmt: skip
    found.word("name", "函数", "函数名，如 QD_TALENT_SUBSIDY")
    found.word("source", "输入文件", "第一行为列名；.xlsx 取第一张工作表")
    found.word("target", "输出文件", "已有的文件会被替换")
    return found


def run(arguments: argparse.Namespace) -> int:
    from qdcalc.commands import table_input, table_output
    from qdcalc.policies import find

    function = find(arguments.name)
    source, target = Path(arguments.source), Path(arguments.target)
    table_input.check_paths(source, target)
    if "columns" not in function.hosts:
        raise UsageError(f"{function.name} 不能按列计算，请用 qdcalc call 逐个计算")
    title = f"{function.title}（{function.unit}）" if function.unit else function.title
    side = target.with_name(f"{target.stem}.失败.csv")
    rows = start = 0
    with table_input.reading(source) as data, closing(table_output.FailureList(side, FAILED_HEADS)) as failed:
        if title in data.heads:
            raise UsageError(f"输入文件已有“{title}”一列，请先改名或删去")
        wanted = _wanted(function, data.heads)
        with table_output.writing(target, [*data.heads, title]) as out, _progress() as show:
            for piece in _pieces(data):
                values, failures = _compute(function, _columns(wanted, piece), piece)
                empty = {row for row, _, _ in failures if piece.is_blank(row)}
                failed.add([(str(start + row + 2), name, said) for row, name, said in failures if row not in empty])
                out.add([*piece.columns, values])
                rows += len(values) - len(empty)
                start += len(values)
                show(start)
        failed.save()
        print(f"共 {rows} 行，{f'算出 {rows - failed.count} 行' if failed.count else '全部算出'}，已写入 {target}")
        if failed.count:
            tell(f"{failed.count} 行没有算出，原因见 {side}")
        return 1 if failed.count else 0


def _pieces(data: Source) -> Iterator[Table]:
    """All pieces; of a table without rows one without rows."""
    import polars as pl

    from qdcalc.commands.table_input import Table

    none = True
    for piece in data.pieces():
        none = False
        yield piece
    if none:
        yield Table(data.heads, tuple(pl.Series("", [], dtype=pl.String) for _ in data.heads), True)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Rows done so far, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console

    with Console(stderr=True).status("正在计算") as status:
        yield lambda done: status.update(f"已计算 {done:,} 行")


def _wanted(function: Function, heads: Sequence[str]) -> Mapping[str, int]:
    """Argument → number of the column that holds it. Other columns are carried along."""
    from qdcalc.rules.arguments import clean

    names = {clean(item.title): item.name for item in function.parameters}
    names |= {item.name: item.name for item in function.parameters}
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = names.get(clean(head))
        if name is not None:
            if name in found:
                raise UsageError(f"有两列都是参数“{function.titles[name]}”，请只留一列")
            found[name] = place
    missing = [item.title for item in function.parameters if item.required and item.name not in found]
    if missing:
        raise UsageError(f"输入文件缺少列：{'、'.join(missing)}；已有：{'、'.join(heads)}")
    return found


def _columns(wanted: Mapping[str, int], piece: Table) -> Mapping[str, pl.Series]:
    return {name: piece.columns[place] for name, place in wanted.items()}


def _compute(
    function: Function, given: Mapping[str, pl.Series], data: Table
) -> tuple[pl.Series, list[tuple[int, str, str]]]:
    """The result column, and row, argument and sentence of each failure.

    In a CSV everything is text: what is plainly a number goes through the columns as one, any other row (8%, 1,000,
    ２０１８) is parsed as the command line parses it.
    """
    import polars as pl

    from qdcalc.rules.arguments import FlagType, NumberType
    from qdcalc.rules.columns import columns

    if not data.is_text:
        found = columns(function, given)
        failures = found.failures.sort("row")
        return found.values, list(failures.iter_rows())
    kinds = {item.name: item.type for item in function.parameters}
    usual, ready = pl.repeat(True, data.height, eager=True), dict(given)
    for name, column in given.items():
        if isinstance(kinds[name], NumberType):
            ready[name] = column.str.strip_chars().cast(pl.Float64, strict=False)
            usual &= column.is_null() | (column.str.contains(_PLAIN) & ready[name].is_not_null()).fill_null(False)
        elif isinstance(kinds[name], FlagType):
            usual &= column.is_null() | column.is_in(["TRUE", "FALSE", "是", "否"]).fill_null(False)
    found = columns(function, {name: column.filter(usual) for name, column in ready.items()})
    places = usual.arg_true()
    failed = [(int(places[row]), argument, sentence) for row, argument, sentence in found.failures.iter_rows()]
    odd = (~usual).arg_true()
    if not len(odd):
        return found.values, failed
    words = [given.get(item.name) for item in function.parameters]
    answers: list[object] = []
    for row in odd:
        answer = function.answer([None if column is None else column[row] for column in words], from_text=True)
        answers.append(answer.value)
        if answer.error is not None:
            failed.append((row, answer.error.argument, answer.error.sentence))
    both = pl.concat([found.values, pl.Series(found.values.name, answers, dtype=found.values.dtype)])
    return both.gather(pl.concat([places, odd]).arg_sort()), sorted(failed)
