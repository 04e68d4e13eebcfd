"""python -m tests.parity [ROWS]: every function in every host, counted. Ends with 1 if one 分, text or error differs.

ROWS is how many random rows each function gets beside its cases.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.hosts.office import office_python
from tests.parity.hosts import HOSTS
from tests.parity.questions import Question, questions, same

ROWS = 40
SHOWN = 10


def main(count: int) -> int:
    asked = questions(count)
    print(f"{len({item.function.name for item in asked})} 个函数，{len(asked)} 个问题，以 exact 为准")
    wrong = 0
    for title, ask in HOSTS.items():
        if "LibreOffice" in title and office_python() is None:
            print(f"{title}：没有 LibreOffice 或 python3-uno，没有比较")
            continue
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            answers = ask(asked, Path(folder))
        apart = [number for number, got in answers.items() if not same(asked[number].want, got)]
        functions = len({asked[number].function.name for number in answers})
        print(
            f"{title}：{functions} 个函数，比较 {len(answers)} 次，{len(apart)} 处不同（{time.perf_counter() - start:.0f} 秒）",
            flush=True,
        )
        for number in apart[:SHOWN]:
            question: Question = asked[number]
            print(f"    {question} 应为 {question.want!r}，得到 {answers[number]!r}")
        wrong += len(apart)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
