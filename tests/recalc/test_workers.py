"""Many files by worker processes: what crashes, hangs or swells fails alone, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qdcalc.errors import UsageError
from qdcalc.recalc import pool
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.limits import WorkerLimits
from qdcalc.recalc.pool import WorkerError
from qdcalc.recalc.report import BookReport, Report
from tests.recalc.cells import F, values, workbook

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")

SPOILT = """
import json, os, signal, sys, time
settings = json.loads(sys.stdin.buffer.readline())
sys.path[:] = settings["path"]
from qdcalc.recalc import batch, task, worker
good = batch.one
def one(source, target, **options):
    with open(os.environ["QDCALC_TEST_LOG"], "a") as log:
        print(os.getpid(), source.name, file=log)
    word = source.stem
    if word == "崩溃":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "中止":
        os.abort()
    if word == "退出":
        os._exit(7)
    if word == "死循环":
        while True:
            time.sleep(1)
    if word == "吃内存":
        bytearray(8 * 2**30)
    if word == "乱说":
        os.write(1, b"printed by a library\\n")
    if word == "胡说":
        task.pack = lambda report: {"path": 1}
    if word == "第二次才好" and not os.path.exists(os.environ["QDCALC_TEST_LOG"] + ".2"):
        open(os.environ["QDCALC_TEST_LOG"] + ".2", "w").close()
        os._exit(9)
    return good(source, target, **options)
batch.one = one
if os.environ.get("QDCALC_TEST_NO_START"):
    sys.exit(3)
worker.main(settings)
"""


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workers that do what a file's name says; returns the log of (process, file)."""
    monkeypatch.setattr(pool, "PROGRAM", SPOILT)
    monkeypatch.setenv("QDCALC_TEST_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def book(path: Path, pay: float = 650000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return workbook(path, {"A1": pay, "B1": F("QD_TALENT_SUBSIDY(A1)", -99)})


def folder(path: Path, *names: str) -> Path:
    for name in names:
        book(path / f"{name}.xlsx")
    return path


def said(report: Report) -> dict[str, str]:
    return {file.path.stem: file.error for file in report.files}


def visible(path: Path) -> list[str]:
    return sorted(found.name for found in path.iterdir() if found.is_file())


def no_draft_is_left(path: Path) -> bool:
    return not list(path.rglob("*.tmp")) and not list((path / ".qdcalc" / "scratch").iterdir())


def test_two_workers_do_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "in"
    for number in range(1, 7):
        book(source / f"{number}区" / "表.xlsx", 500_000 + number * 10_000)
    (source / "坏.xlsx").write_bytes(b"PK damaged")
    seen: list[tuple[int, int]] = []
    report = recalc(source, tmp_path / "out", workers=2, progress=lambda done, total, found: seen.append((done, total)))
    assert seen == [(number, 7) for number in range(1, 8)]
    order = ["坏.xlsx", *(f"{number}区/表.xlsx" for number in range(1, 7))]  # of the folder, whoever was done first
    assert [file.path.relative_to(source).as_posix() for file in report.files] == order
    assert (report.exit_code, report.totals["failed"]) == (1, 1)
    for number in range(1, 7):  # 10 % from 50 to 100 万元, 第九条（一）
        assert values(tmp_path / "out" / f"{number}区" / "表.xlsx")["B1"] == 50_000 + number * 1000
    assert no_draft_is_left(tmp_path / "out")


@pytest.mark.skipif(os.name != "posix", reason="signals by name")
def test_a_crash_is_the_failure_of_its_file_alone(tmp_path: Path, spoilt: Path) -> None:
    source = folder(tmp_path / "in", "一", "崩溃", "中止", "退出", "乱说", "胡说", "二")
    report = recalc(source, tmp_path / "out", workers=1)
    assert "程序崩溃（SIGSEGV）" in said(report)["崩溃"]
    assert "内存不足或程序异常中止" in said(report)["中止"]
    assert "程序崩溃（退出码 7）" in said(report)["退出"]
    assert said(report)["胡说"].startswith("处理时程序出错")
    assert [said(report)[good] for good in ("一", "乱说", "二")] == ["", "", ""]
    whole = ["一.xlsx", "乱说.xlsx", "二.xlsx", "胡说.xlsx"]  # the last one's report is lost, its result is whole
    assert visible(tmp_path / "out") == sorted(whole)
    assert no_draft_is_left(tmp_path / "out")


def test_a_hang_ends_with_its_time(tmp_path: Path, spoilt: Path) -> None:
    source = folder(tmp_path / "in", "一", "死循环", "二")
    report = recalc(source, tmp_path / "out", workers=1, timeout=6)
    assert said(report)["死循环"].startswith("超过 6 秒的时限")
    assert visible(tmp_path / "out") == ["一.xlsx", "二.xlsx"]
    assert [line.split()[1] for line in spoilt.read_text().splitlines()].count("死循环.xlsx") == 1


@LINUX
def test_memory_has_an_end(tmp_path: Path, spoilt: Path) -> None:
    source = folder(tmp_path / "in", "一", "吃内存", "二")
    report = recalc(source, tmp_path / "out", workers=1)
    assert "内存不足" in said(report)["吃内存"] or "退出码 1" in said(report)["吃内存"]
    assert visible(tmp_path / "out") == ["一.xlsx", "二.xlsx"]


def test_a_worker_that_dies_of_earlier_files_is_given_another_try(tmp_path: Path, spoilt: Path) -> None:
    report = recalc(folder(tmp_path / "in", "一", "第二次才好"), tmp_path / "out", workers=1)
    assert said(report) == {"一": "", "第二次才好": ""}
    tries = [line.split() for line in spoilt.read_text().splitlines()]
    assert [name for _, name in tries] == ["一.xlsx", "第二次才好.xlsx", "第二次才好.xlsx"]
    assert tries[1][0] != tries[2][0]


def test_workers_make_way_for_fresh_ones(tmp_path: Path, spoilt: Path) -> None:
    source = folder(tmp_path / "in", *"一二三四五")
    recalc(source, tmp_path / "out", workers=1, limits=WorkerLimits(files=2))
    processes = [line.split()[0] for line in spoilt.read_text().splitlines()]
    assert [processes.index(one) for one in processes] == [0, 0, 2, 2, 4]


def test_workers_that_cannot_start_are_no_fault_of_a_file(
    tmp_path: Path, spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDCALC_TEST_NO_START", "1")
    with pytest.raises(WorkerError, match="工作进程启动不了（处理时程序崩溃（退出码 3）"):
        recalc(folder(tmp_path / "in", "一"), tmp_path / "out", workers=2)


def test_a_single_file_with_a_time_limit_goes_to_a_worker(tmp_path: Path, spoilt: Path) -> None:
    report = recalc(book(tmp_path / "死循环.xlsx"), tmp_path / "out.xlsx", timeout=1)
    assert said(report)["死循环"].startswith("超过 1 秒的时限")
    assert visible(tmp_path) == ["log", "死循环.xlsx"]
    assert recalc(book(tmp_path / "一.xlsx"), tmp_path / "out.xlsx", timeout=60).exit_code == 0
    assert values(tmp_path / "out.xlsx")["B1"] == 65000


def test_workers_end_with_their_parent(tmp_path: Path, spoilt: Path) -> None:
    """However it ends: here by SIGKILL, in the middle of a file."""
    source = folder(tmp_path / "in", "死循环")
    code = (
        "import sys; from pathlib import Path; from qdcalc.recalc import pool; from qdcalc.recalc.batch import recalc;"
        "pool.PROGRAM = sys.argv[1]; recalc(Path(sys.argv[2]), sys.argv[3], workers=1)"
    )
    path = os.pathsep.join(sys.path)
    parent = subprocess.Popen(
        [sys.executable, "-c", code, SPOILT, str(source), str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": path},
    )
    _wait(lambda: spoilt.exists() and spoilt.read_text().endswith("\n"))
    worker = int(spoilt.read_text().split()[0])
    assert _alive(worker)
    parent.kill()
    parent.wait()
    _wait(lambda: not _alive(worker))


def test_leaving_early_ends_the_workers(tmp_path: Path, spoilt: Path) -> None:
    def stop(done: int, total: int, found: BookReport) -> None:
        raise KeyboardInterrupt

    source = folder(tmp_path / "in", "一", "死循环")
    with pytest.raises(KeyboardInterrupt):
        recalc(source, tmp_path / "out", workers=2, progress=stop)
    processes = [int(line.split()[0]) for line in spoilt.read_text().splitlines()]
    _wait(lambda: not any(map(_alive, processes)))


def test_one_file_leaves_no_journal_in_a_folder(tmp_path: Path, spoilt: Path) -> None:
    source, out = book(tmp_path / "一.xlsx"), tmp_path / "桌面"
    out.mkdir()
    assert recalc(source, out, timeout=60).exit_code == 0
    assert [path.name for path in out.iterdir()] == ["一.xlsx"]
    assert recalc(source, out, workers=1, resume=True).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [".qdcalc", "一.xlsx"]


def test_wrong_numbers(tmp_path: Path) -> None:
    for wrong in ({"workers": 0}, {"workers": -1}, {"timeout": 0}, {"timeout": float("nan")}):
        with pytest.raises(UsageError):
            recalc(folder(tmp_path / "in", "一"), tmp_path / "out", **wrong)  # type: ignore[arg-type]


def _wait(true: object) -> None:
    end = time.monotonic() + 30
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def _alive(process: int) -> bool:
    """Running, and no zombie that waits for a parent."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
