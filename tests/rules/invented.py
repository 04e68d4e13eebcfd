"""A small invented policy in a folder of its own, for tests of the language: writes policy.toml and rules.py, registers."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

from qdcalc.rules import registry
from qdcalc.rules.function import Function, policy_in

_NUMBER = itertools.count()

HEAD = """
[policy]
id = "invented"
code = "T1"
title = "试行办法"
number = "试发〔2018〕1号"
issued = 2018-01-01
valid_from = 2018-01-01
valid_to = 2019-12-31
"""

FIGURES = """
[[readings]]
id = "way"
title = "算法"
article = "第一条"
options = ["甲", "乙"]
default = "甲"

[cap]
title = "上限"
article = "第一条"
unit = "元"
value = 1000

[rate]
title = "比例"
article = "第一条"
unit = "比例"
value = 0.1

[kinds]
title = "类别"
article = "第一条"
unit = "名称"
names = ["道路", "桥梁"]

[prices]
title = "单价"
article = "第二条"
unit = "元/公里"
keys = ["类别"]
rows = [["道路", 100], ["桥梁", 200]]

[some_prices]
title = "部分单价"
article = "第二条"
unit = "元/公里"
keys = ["类别"]
rows = [["道路", 100]]

[tiers]
title = "分档"
article = "第三条"
of = "元"
unit = "比例"
bands = [ { from = 0, value = 0 }, { from = 100, value = 0.5 } ]

[dated]
title = "分期补助"
article = "第四条"
unit = "元"
versions = [ { from = 2018-01-01, value = 10 }, { from = 2019-01-01, value = 20 } ]
"""

RULES = """
from typing import Annotated
from qdcalc.rules import *
from qdcalc.rules.types import *
from qdcalc.rules.arguments import TextType
Kind = Annotated[Text, Choice("kinds")]
A = {{"pay": "金额", "km": "里程", "other": "其他金额", "kind": "类别", "flag": "是否", "day": "日期", "word": "文字"}}

@provision("{name}", title="试", article="第一条", arguments=A{extra})
def rule({signature}) -> {result}:
{body}
"""


def make(
    folder: Path, signature: str, body: str, *, toml: str = HEAD + FIGURES, result: str = "Yuan", extra: str = ""
) -> Function:
    """The function whose rule has this signature and body. Registered under a name of its own."""
    name = f"QD_TEST_{next(_NUMBER)}"
    (folder / "policy.toml").write_text(toml, encoding="utf-8")
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    file = folder / "rules.py"
    file.write_text(
        RULES.format(name=name, signature=signature, body=indented, result=result, extra=extra), encoding="utf-8"
    )
    spec = importlib.util.spec_from_file_location(f"invented_{name}", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    policy_in.cache_clear()
    return registry._FUNCTIONS.pop(name)  # type: ignore[attr-defined]  # only the test takes one out again
