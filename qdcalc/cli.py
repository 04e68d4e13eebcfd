"""The command line: `qdcalc <command> …`. Finds the command, runs it, and tells every error in one Chinese sentence.

Exit codes: 0 done; 1 no answer, or some files failed (the rest are done); 2 wrong use; 130 stopped with Ctrl-C.
Nothing is imported but what the one command needs: `qdcalc call` answers in a fraction of a second.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from qdcalc.errors import FileError, QdcalcError, UsageError, reason


class Command(NamedTuple):
    help: str
    run: Callable[[Sequence[str]], int]


def _call(words: Sequence[str]) -> int:
    from qdcalc.commands import call

    return call.run_call(call.parser("call").read(words))


def _explain(words: Sequence[str]) -> int:
    from qdcalc.commands import call

    return call.run_explain(call.parser("explain").read(words))


def _functions(words: Sequence[str]) -> int:
    from qdcalc.commands import catalog

    return catalog.run_functions(catalog.functions_parser().read(words))


def _policies(words: Sequence[str]) -> int:
    from qdcalc.commands import catalog

    return catalog.run_policies(catalog.policies_parser().read(words))


def _new(words: Sequence[str]) -> int:
    from qdcalc.commands import new

    return new.run(new.parser().read(words))


def _recalc(words: Sequence[str]) -> int:
    from qdcalc.commands import recalc

    return recalc.run(recalc.parser().read(words))


def _merge(words: Sequence[str]) -> int:
    from qdcalc.commands import merge

    return merge.run(merge.parser().read(words))


def _convert(words: Sequence[str]) -> int:
    from qdcalc.commands import convert

    return convert.run(convert.parser().read(words))


def _check(words: Sequence[str]) -> int:
    from qdcalc.commands import check

    return check.run(check.parser().read(words))


def _table(words: Sequence[str]) -> int:
    from qdcalc.commands import table

    return table.run(table.parser().read(words))


def _addin(words: Sequence[str]) -> int:
    from qdcalc.commands import addin

    return addin.run(addin.parser().read(words))


COMMANDS = {
    "call": Command("计算一个函数", _call),
    "explain": Command("说明一个函数怎样算出结果", _explain),
    "functions": Command("列出全部函数", _functions),
    "policies": Command("列出全部政策", _policies),
    "new": Command("生成一项政策的空白填报工作簿", _new),
    "recalc": Command("重算工作簿，其余内容原样保留", _recalc),
    "merge": Command("把多个填好的工作簿合并成一个", _merge),
    "convert": Command("把政策函数改写成另一个程序的写法", _convert),
    "check": Command("检查填好的模板，逐项说明问题", _check),
    "table": Command("对 CSV、Parquet、xlsx 的每一行计算一个函数", _table),
    "addin": Command("生成或安装电子表格程序的自定义函数", _addin),
}


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; never a traceback."""
    _speak_utf8()
    try:
        code = _dispatch(sys.argv[1:] if words is None else words)
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # after -h
        return stop.code if isinstance(stop.code, int) else 0
    except UsageError as error:
        return _tell(error.sentence, 2)
    except FileError as error:
        known = os.path.basename(error.path) in error.sentence
        return _tell(error.sentence if known else f"{error.path}：{error.sentence}", 1)
    except QdcalcError as error:
        return _tell(error.sentence, 1)
    except KeyboardInterrupt:
        return _tell("已停止", 130)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _tell("内存不足，请分批处理或换内存较大的机器", 1)
    except OSError as error:
        where = f"“{error.filename}”" if error.filename else ""
        return _tell(f"文件{where}不能读写：{reason(error)}", 1)
    except Exception as error:
        return _tell(f"程序内部错误，请反馈：{_place(error)}", 1)


def _dispatch(words: Sequence[str]) -> int:
    if not words:
        print(_overview(), file=sys.stderr)
        return 2
    name, *rest = words
    if name in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if name in ("-V", "--version"):
        from qdcalc import __version__

        print(f"qdcalc {__version__}")
        return 0
    command = COMMANDS.get(name)
    if command is None:
        raise UsageError(f"没有命令“{name}”，可用的有：{'、'.join(COMMANDS)}")
    return command.run(rest)


def _overview() -> str:
    lines = ["用法：qdcalc 命令 …", "", "青岛市政策条款的计算。命令："]
    lines += [f"  {name:<10} {command.help}" for name, command in COMMANDS.items()]
    return "\n".join([*lines, "", "每个命令的说明：qdcalc 命令 -h"])


def _tell(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _speak_utf8() -> None:
    """A Windows pipe speaks the code page and would stop at 〔: UTF-8 everywhere, and never an encoding error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _place(error: Exception) -> str:
    """What and where, for a report: the last place inside qdcalc."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "qdcalc" in code.co_filename:
            place = f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}（{place}）"


if __name__ == "__main__":
    sys.exit(main())
