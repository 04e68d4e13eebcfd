"""Folders are read by worker processes: the same findings, and a file that kills its process is told alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from qdcalc.cli import main
from qdcalc.errors import UsageError
from qdcalc.filled.check import check
from qdcalc.merge.merge import merge
from qdcalc.recalc import pool
from tests.recalc.test_package import encrypted
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


def test_passwords_reach_the_workers_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both commands, for a file of that name and for all; through the pipe, never on a command line."""
    source, words, out = tmp_path / "in", tmp_path / "密码.txt", tmp_path / "汇总.xlsx"
    source.mkdir()
    encrypted(source / "人才.xlsx", EXAMPLES / "金融高端人才_示例.xlsx", "甲密2018")
    encrypted(source / "之星.xlsx", EXAMPLES / "金融之星_示例.xlsx", "乙密2018")
    commands: list[str] = []
    original = subprocess.Popen

    def watched(command: list[str], **options: Any) -> Any:
        commands.append(" ".join(command) + str(options.get("env")))
        return original(command, **options)

    monkeypatch.setattr(pool.subprocess, "Popen", watched)
    words.write_text("不对\n甲密2018\n之星.xlsx\t乙密2018\n", encoding="gb18030")
    given = ["--password-file", str(words), "--workers", "1"]
    assert main(["check", str(source), "--json"]) == 1
    told = capsys.readouterr()
    assert [item["problems"][0]["kind"] for item in json.loads(told.out)["files"]] == ["encrypted"] * 2
    assert main(["check", str(source), "--json", *given]) == 0
    assert main(["check", str(source / "人才.xlsx"), "--password-file", str(words)]) == 0  # in this process
    told = capsys.readouterr()
    assert main(["merge", str(source), "-o", str(out), "--workers", "1"]) == 1
    assert main(["merge", str(source), "-o", str(out), "--resume", *given]) == 0  # the failed are read again
    merged = capsys.readouterr().out
    assert "2 个文件有打开密码；汇总没有密码" in merged
    assert commands
    for secret in ("甲密2018", "乙密2018"):
        assert secret not in told.out + told.err + merged + "".join(commands)
        for path in (out, tmp_path / ".汇总.qdcalc.sqlite"):
            assert all(secret.encode(coding) not in path.read_bytes() for coding in ("utf-8", "utf-16-le", "gb18030"))
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in ("金融高端人才", "金融之星"):
        shutil.copy(EXAMPLES / f"{name}_示例.xlsx", plain)
    assert merge(source, out, resume=True).total == merge(plain, tmp_path / "又.xlsx").total > 0


def test_a_wrong_password_is_told_with_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encrypted(folder / "密.xlsx", EXAMPLES / "金融之星_示例.xlsx", "甲密2018")
    (folder / "旧.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (folder / "密码.txt").write_text("不对\n也不对\n", encoding="utf-8")
    assert main(["check", str(folder), "--quick", "--json", "--password-file", str(folder / "密码.txt")]) == 1
    told = {Path(item["path"]).name: item["problems"] for item in json.loads(capsys.readouterr().out)["files"]}
    assert "给出的 2 个密码都打不开这个文件" in told["密.xlsx"][0]["sentence"]
    assert told["旧.xls"][0]["kind"] == "not_a_workbook"
    assert told["好.xlsx"] == []
    for command in ("check", "merge"):
        more = ["-o", str(folder / "out.xlsx")] if command == "merge" else []
        assert main([command, str(folder), *more, "--password-file", str(folder / "没有.txt")]) == 2
    assert not (folder / "out.xlsx").exists()
