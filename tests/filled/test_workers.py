"""Folders are read by worker processes: the same findings, and a file that kills its process is told alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qdcalc.errors import UsageError
from qdcalc.filled.check import check
from qdcalc.merge.merge import merge
from qdcalc.recalc import pool
from tests.workbook.books import ROOT

EXAMPLES = ROOT / "workbooks" / "examples"
SPOILT = """
import json, os, signal, sys
settings = json.loads(sys.stdin.buffer.readline())
sys.path[:] = settings["path"]
from qdcalc.filled import check
from qdcalc.merge import task
from qdcalc.recalc import worker
def fatal(good):
    def read(path, *others, **options):
        if path.stem == "崩溃":
            os.kill(os.getpid(), signal.SIGSEGV)
        return good(path, *others, **options)
    return read
check.check_file, task.read_file = fatal(check.check_file), fatal(task.read_file)
worker.main(settings)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "in"
    found.mkdir()
    shutil.copy(EXAMPLES / "金融之星_示例.xlsx", found / "好.xlsx")
    shutil.copy(EXAMPLES / "四好农村路_错误示例.xlsx", found / "错.xlsx")
    return found


def test_workers_find_what_one_process_finds(folder: Path, tmp_path: Path) -> None:
    alone = [check(path).files[0] for path in sorted(folder.iterdir())]
    both = check(folder, workers=2)
    assert both.files == sorted(alone, key=lambda file: file.path.name)
    assert both.exit_code == 1


def test_a_file_that_kills_its_process_is_told_and_the_others_are_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PROGRAM", SPOILT)
    shutil.copy(folder / "好.xlsx", folder / "崩溃.xlsx")
    report = check(folder, recalculate=False, workers=1)
    told = {file.path.stem: [problem.sentence for problem in file.wrong] for file in report.files}
    assert told["好"] == []
    assert "崩溃" in told["崩溃"][0]
    assert len(told["错"]) > 10
    merged = merge(folder, tmp_path / "out.xlsx", workers=1)
    assert [item.path for item in merged.failed] == ["崩溃.xlsx"]
    assert {item.path: item.merged > 0 for item in merged.harvests} == {
        "好.xlsx": True,
        "崩溃.xlsx": False,
        "错.xlsx": True,
    }


def test_senseless_numbers_are_wrong_use(folder: Path) -> None:
    with pytest.raises(UsageError, match="--workers"):
        check(folder, workers=0)
    with pytest.raises(UsageError, match="--timeout"):
        check(folder, timeout=0)
