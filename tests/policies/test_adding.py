"""docs/adding-a-policy.md is true: the folder that it writes is a policy, and nothing outside the folder is touched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qdcalc.errors import PolicyError
from qdcalc.policies.common.targets import _read

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```\w+\n# (qdcalc/policies/lamps/\S+)\n(.*?)```", re.S)
Ask = Callable[[str], list[str]]

FACES = """
import qdcalc
from qdcalc.hosts.excel import render
from qdcalc.rules.formula import formula
print(qdcalc.call("QD_LAMPS_SUBSIDY", "贫困村", 10))
print(qdcalc.call("QD_LAMPS_SUBSIDY", "其他村", 41))
print(str(qdcalc.explain("QD_LAMPS_SUBSIDY", "其他村", 41)).replace(chr(10), " "))
print(qdcalc.columns("QD_LAMPS_SUBSIDY", {"kind": ["贫困村", "其他村"], "lamps": [25, 26]}).values.to_list())
print(qdcalc.functions()["QD_LAMPS_SUBSIDY"].hosts >= {"exact", "columns", "formula"})
print(qdcalc.policies()["lamps"].gaps[0].id, list(qdcalc.policies())[-1])
print(qdcalc.call("QD_TARGET_CHECK", "X001", 0.94), qdcalc.call("QD_TARGET_CHECK", "X001", 0.95))
print("QD_LAMPS_SUBSIDY" in render())
"""

FILL = """
from pathlib import Path
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.templates import template_plan
rows = [{"village": "甲村", "kind": "贫困村", "lamps": 10}, {"village": "乙村", "kind": "其他村", "lamps": 41},
        {"village": "丙村", "kind": "城市", "lamps": 1}]
for name, plain in (("qd", False), ("plain", True)):
    plan = template_plan("lamps", rows=5, plain=plain)
    build_plan(plan, Path(f"{name}-in.xlsx"), data={"villages": rows}, fields={"office": "市城管局"})
    recalc_book(Path(f"{name}-in.xlsx"), Path(f"{name}.xlsx"))
"""


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to which only the folder of the page has been added."""
    place = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "qdcalc", place / "qdcalc", ignore=shutil.ignore_patterns("__pycache__"))
    page = (ROOT / "docs" / "adding-a-policy.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert [Path(name).name for name, _ in blocks] == ["policy.toml", "rules.py", "template.py", "targets.csv"]
    for name, text in blocks:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def ask(newcomer: Path) -> Ask:
    def run(code: str) -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(newcomer), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-W", "error", "-c", code]
        done = subprocess.run(
            command, cwd=newcomer, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_a_new_folder_answers_everywhere(ask: Ask) -> None:
    lines = ask(FACES)
    assert lines[:2] == ["8000.00", "20000.00"]  # 10 盏 × 800 元; 41 × 500 = 20,500, capped
    assert "20,500.00" in lines[2]
    assert "试发〔2018〕1号" in lines[2]
    assert "第一条" in lines[2]
    assert lines[3] == str([Decimal("20000.00"), Decimal("13000.00")])
    assert lines[4:] == ["True", "X1-03 lamps", "未达标 达标", "True"]


def test_its_commands_need_nothing_else(ask: Ask) -> None:
    commands = "from qdcalc.cli import main\nimport sys\n"
    assert ask(f"{commands}main(['call', 'QD_LAMPS_SUBSIDY', '贫困村', '10'])") == ["8000.00"]
    assert any(line.split()[:2] == ["lamps", "X1"] for line in ask(f"{commands}main(['policies'])"))


def test_its_workbook_is_built_and_recalculated_in_both_editions(ask: Ask, newcomer: Path) -> None:
    ask(FILL)
    for name in ("qd", "plain"):
        book = openpyxl.load_workbook(newcomer / f"{name}.xlsx", data_only=True)
        rows = [[cell.value for cell in row] for row in book["村庄"].iter_rows(min_row=7, max_row=9)]
        assert [row[4] for row in rows[:2]] == [8000, 20000]
        assert "不在可选范围内" in str(rows[2][5])
        assert [cell.value for cell in book["汇总"][7]] == ["合计", 2, 28000]
        assert book["检查"]["C3"].value == "有1项待改正"


def test_its_example_is_found_by_its_folder(ask: Ask, newcomer: Path) -> None:
    data = newcomer / "workbooks" / "data" / "村庄路灯_示例"
    data.mkdir(parents=True)
    (data / "村庄.csv").write_text("村庄,村庄类别,路灯（盏）\n甲村,贫困村,10\n", encoding="utf-8")
    lines = ask(
        "from pathlib import Path\n"
        "from qdcalc.workbook.examples import EXAMPLES, build_example\n"
        "print(EXAMPLES[-1].policy, EXAMPLES[-1].file)\n"
        "build_example(EXAMPLES[-1], Path.cwd(), Path('lamps.xlsx'))\n"
    )
    assert lines == ["lamps 村庄路灯_示例"]
    assert openpyxl.load_workbook(newcomer / "lamps.xlsx")["村庄"]["B7"].value == "甲村"


def test_a_target_number_is_used_once(tmp_path: Path) -> None:
    double = tmp_path / "targets.csv"
    double.write_text("编号,文件\nX001,X1\nx001,X1\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"x001.*已在另一行使用"):
        _read(double, {}, {})
