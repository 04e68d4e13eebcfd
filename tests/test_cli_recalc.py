"""qdcalc recalc: files in, files out, the report; what a recalculation does to a workbook is tested in tests/recalc."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import openpyxl
import pytest

import qdcalc
from qdcalc import cli
from qdcalc.commands.progress import duration, progress
from qdcalc.recalc.report import BookReport
from tests.recalc.test_package import encrypted


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "上报.xlsx")


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([650000, "=QD_TALENT_SUBSIDY(A1)", "=B1*2"])
    sheet.append([-1, "=QD_TALENT_SUBSIDY(A2)"])
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def values(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path, data_only=True).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


FRESH = [[650000, 65000, 130000], [-1, "#VALUE!", None]]


def test_one_file(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = book.read_bytes()
    target = tmp_path / "结果.xlsx"
    assert cli.main(["recalc", str(book), "-o", str(target)]) == 0
    assert values(target) == FRESH
    assert book.read_bytes() == before
    told = capsys.readouterr()
    assert "重算 3 个单元格" in told.out
    assert "B2 QD_TALENT_SUBSIDY #VALUE!：劳动报酬（元）：-1 是负数，应不小于 0（第九条（一））" in told.out
    assert told.err == ""


def test_the_input_may_be_the_output(book: Path) -> None:
    assert cli.main(["recalc", "-o", str(book), str(book)]) == 0
    assert values(book) == FRESH
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_folders_one_bad_file_and_both_kinds_of_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook(tmp_path / "甲" / "表.xlsx")
    (tmp_path / "甲" / "坏.xlsx").write_bytes(b"nonsense")
    workbook(tmp_path / "乙" / "表.xlsx")
    out, record, words = tmp_path / "结果", tmp_path / "报告.json", tmp_path / "报告.txt"
    paths = [str(tmp_path / "甲"), str(tmp_path / "乙"), "-o", f"{out}/"]
    assert cli.main(["recalc", *paths, "--json", "--report", str(record)]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(record.read_text(encoding="utf-8"))
    assert (printed["totals"]["files"], printed["totals"]["failed"]) == (3, 1)
    assert values(out / "甲" / "表.xlsx") == values(out / "乙" / "表.xlsx") == FRESH
    assert cli.main(["recalc", *paths, "--report", str(words)]) == 1
    assert "坏.xlsx" in words.read_text(encoding="utf-8-sig")
    assert words.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_slash_makes_the_output_a_folder(book: Path, tmp_path: Path) -> None:
    assert cli.main(["recalc", str(book), "-o", f"{tmp_path / '新'}/"]) == 0
    assert values(tmp_path / "新" / "上报.xlsx") == FRESH


def test_all_gives_every_formula_a_fresh_value(tmp_path: Path) -> None:
    stale = workbook(tmp_path / "a.xlsx")
    assert cli.main(["recalc", str(stale), "-o", str(stale)]) == 0
    told = qdcalc.recalc(stale, tmp_path / "b.xlsx", all_cells=True)
    assert (told.exit_code, told.files[0].patched, told.files[0].kept) == (0, 3, 0)


def test_resume_and_a_report_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook(tmp_path / "甲" / "表.xlsx")
    record = tmp_path / "报告.xlsx"
    words = ["recalc", str(tmp_path / "甲"), "-o", str(tmp_path / "结果"), "--workers", "1", "--report", str(record)]
    assert cli.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["reused"] == 0
    assert cli.main([*words, "--json", "--resume"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["reused"] == 1
    assert openpyxl.load_workbook(record)["文件"]["C2"].value == "沿用"
    assert values(tmp_path / "结果" / "表.xlsx") == FRESH


def test_encrypted_workbooks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, words = workbook(tmp_path / "明.xlsx"), tmp_path / "密码.txt"
    (tmp_path / "上报").mkdir()
    encrypted(tmp_path / "上报" / "密.xlsx", plain, "青岛2018密")
    common = ["recalc", str(tmp_path / "上报"), "-o", str(tmp_path / "结果"), "--workers", "1"]
    assert cli.main(common) == 1
    assert "文件有打开密码，请给出密码" in capsys.readouterr().out
    words.write_text("别的\n密.xlsx\t青岛2018密\n", encoding="gb18030")
    assert cli.main([*common, "--password-file", str(words), "--decrypted", "--json"]) == 0
    told = capsys.readouterr()
    assert "2018密" not in told.out + told.err
    assert values(tmp_path / "结果" / "密.xlsx") == FRESH
    for path in (tmp_path / "结果").rglob("*"):
        assert path.is_dir() or "2018密".encode() not in path.read_bytes()


def test_lines_in_a_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 10.0, 40.0, 40.0, 50.0, 100.0, 100.0])
    monkeypatch.setattr("qdcalc.commands.progress.time.monotonic", lambda: next(clock))
    with progress() as show:
        for done in (1, 2, 3):
            show(done, 1000, BookReport(Path("a.xlsx"), reused=done == 1, error="坏" if done == 3 else ""))
            if done == 3:
                show(4, 1000, BookReport(Path("a.xlsx")))
    lines = [line[9:] for line in capsys.readouterr().err.splitlines()]
    # 2 of 1000 after 40 s, of which one was taken over: 1.5 a minute; 4 after 100 s: 1.8 a minute
    assert lines == [
        "已完成 2/1000 个文件，每分钟 1.5 个，约剩 11 小时 5 分钟",
        "已完成 4/1000 个文件，每分钟 1.8 个，失败 1，约剩 9 小时 13 分钟",
    ]


def test_durations() -> None:
    assert [duration(seconds) for seconds in (0, 89, 91, 3600, 5399, 7500)] == [
        "0 秒", "89 秒", "2 分钟", "60 分钟", "1 小时 30 分钟", "2 小时 5 分钟",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--workers", "0"], 2, "--workers 应为不小于 1 的整数"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--workers", "两"], 2, "--workers：“两”应为整数"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--timeout", "-1"], 2, "--timeout 应为大于 0 的秒数"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--timeout", "久"], 2, "--timeout：“久”应为秒数"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--decrypted"], 2, "--decrypted 要与 --password-file 同用"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--password-file", "nix"], 2, "重算后不再加密"),
        (["recalc", "上报.xlsx", "-o", "a.xlsx", "--decrypted", "--password-file", "nix"], 2, "密码文件“nix”读不了"),
        (["recalc", "nix.xlsx", "-o", "a.xlsx"], 2, "找不到 nix.xlsx"),
        (["recalc", "上报.xlsx"], 2, "缺少：-o/--output"),
        (["recalc", "-o", "a.xlsx"], 2, "缺少：文件或文件夹"),
        (
            ["recalc", "上报.xlsx", "-o", "a.xlsx", "--report", "nix/r.json"],
            2,
            "报告文件“nix/r.json”所在的文件夹不存在",
        ),
        (["recalc", "空", "-o", "出"], 1, "没有找到可以重算的 .xlsx 或 .xlsm 文件"),
    ],
)
def test_what_is_refused(
    book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / "空").mkdir()
    assert cli.main(words) == code
    assert said in capsys.readouterr().err
    assert not (book.parent / "a.xlsx").exists()


def test_a_bar_on_a_terminal_alone(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert cli.main(["recalc", str(book), "-o", str(tmp_path / "b.xlsx")]) == 0
    assert "已重算 上报.xlsx" in terminal.getvalue()
    assert "已重算 上报.xlsx" not in capsys.readouterr().out
