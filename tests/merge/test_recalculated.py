"""A merge of recalculated files tells what the recalculation could not do, and counts nothing twice."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from qdcalc.cli import main
from qdcalc.filled.check import check
from qdcalc.merge.merge import merge
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.journal import ROOM, locked
from tests.merge.test_merge import sheet, talents

OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Two districts that can be recalculated, one file that cannot, one of an older kind."""
    for name in ("平度市", "莱西市", "胶州市"):
        (tmp_path / "in" / name).mkdir(parents=True)
    for name in ("平度市", "莱西市"):
        talents(tmp_path / "in" / name / "人才.xlsx", [{"name": name}], office=name)
    (tmp_path / "in" / "胶州市" / "人才.xlsx").write_bytes(b"PK\3\4 not really")
    (tmp_path / "in" / "胶州市" / "之星.xls").write_bytes(OLD)
    return tmp_path


def done(city: Path, **options: bool) -> Path:
    recalc(city / "in", city / "out", workers=1, **options)
    return city / "out"


def test_files_that_a_recalculation_failed_on_are_named(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = done(city)
    before = sorted(out.rglob("*"))
    assert main(["merge", str(out), "-o", str(city / "sum.xlsx")]) == 1
    assert sorted(out.rglob("*")) == before
    told = capsys.readouterr().out
    assert "共 4 个文件，合并 2 行，金额合计 130,000.00 元" in told
    assert "没有合并：胶州市/人才.xlsx（不在重算结果里：文件已损坏" in told
    assert "没有合并：胶州市/之星.xls（不在重算结果里：没有重算：旧版或其他格式（.xls），请用表格软件另存为" in told
    files = {row[1]: (row[6], row[8]) for row in sheet(city / "sum.xlsx", "文件")}
    assert files["胶州市/人才.xlsx"] == files["胶州市/之星.xls"] == (0, "没有合并")
    head = openpyxl.load_workbook(city / "sum.xlsx")["总表"]["A3"].value
    assert str(head).startswith("有 2 个文件没有合并，下面各数不含它们")
    problems = {row[1]: (row[4], row[7]) for row in sheet(city / "sum.xlsx", "问题")}
    assert problems["胶州市/人才.xlsx"][0] == "重算失败"
    assert "文件已损坏" in str(problems["胶州市/人才.xlsx"][1])
    assert main(["merge", str(out), "-o", str(city / "sum.xlsx"), "--resume", "--json"]) == 1
    found = {item["path"]: item for item in json.loads(capsys.readouterr().out)["files"]}
    assert "文件已损坏" in found["胶州市/人才.xlsx"]["reason"]
    assert (found["胶州市/人才.xlsx"]["merged"], found["胶州市/人才.xlsx"]["amount"]) == (0, "0")
    assert found["平度市/人才.xlsx"]["reason"] == ""


def test_a_part_of_the_results_and_a_folder_above_them(city: Path) -> None:
    out = done(city)
    assert [item.path for item in merge(out / "平度市", city / "sum.xlsx").failed] == []
    (out / "胶州市").mkdir(exist_ok=True)
    talents(out / "胶州市" / "别的.xlsx", [{"name": "丁"}])
    assert [item.path for item in merge(out / "胶州市", city / "sum.xlsx").failed] == ["之星.xls", "人才.xlsx"]
    shutil.move(out, city / "all" / "out" if (city / "all").mkdir() is None else "")
    found = merge(city / "all", city / "sum.xlsx")
    assert [item.path for item in found.failed] == ["out/胶州市/之星.xls", "out/胶州市/人才.xlsx"]
    assert found.merged == 3


def test_what_a_later_run_did_is_not_named(city: Path) -> None:
    done(city)
    talents(city / "in" / "胶州市" / "人才.xlsx", [{"name": "丙"}])
    (city / "in" / "胶州市" / "之星.xls").unlink()  # was saved as .xlsx, under another name
    report = merge(done(city, resume=True), city / "sum.xlsx")
    assert (report.failed, report.doubtful, report.exit_code) == ([], [], 0)
    assert report.total == 3 * 65000


def test_an_old_result_behind_a_failure_is_told(city: Path) -> None:
    out = done(city)
    (city / "in" / "平度市" / "人才.xlsx").write_bytes(b"PK\3\4 cut off")
    report = recalc(city / "in", out, workers=1)
    assert "输出文件夹里还是以前的结果，没有更新" in str(report)
    merged = merge(out, city / "sum.xlsx")
    assert [(item.path, "原有的结果" in words) for item, words in merged.doubtful] == [("平度市/人才.xlsx", True)]
    assert merged.exit_code == 1
    assert "请核对：平度市/人才.xlsx：最近一次重算没有成功（文件已损坏" in str(merged)
    shutil.copy(out / "莱西市" / "人才.xlsx", out / "平度市" / "人才.xlsx")  # mended by hand, later
    os.utime(out / "平度市" / "人才.xlsx", (time.time() + 60, time.time() + 60))
    assert merge(out, city / "sum.xlsx").doubtful == []


def test_a_result_whose_input_is_gone_is_told(city: Path) -> None:
    """A district sent its mended file under another name: both results would be counted."""
    out = done(city)
    for name in ("甲", "乙"):
        talents(city / "in" / f"{name}.xlsx", [{"name": name}])
    (city / "in" / "平度市" / "人才.xlsx").rename(city / "in" / "平度市" / "人才（改）.xlsx")
    report = recalc(city / "in", out, workers=1, resume=True)
    assert [note for note in report.notes if "“平度市/人才.xlsx”是以前的结果，它的原文件已经不在了" in note]
    merged = merge(out, city / "sum.xlsx")
    assert [item.path for item, words in merged.doubtful if "已经不在了" in words] == ["平度市/人才.xlsx"]
    shutil.rmtree(city / "in")  # all inputs are put away: that says nothing of any of them
    assert merge(out, city / "sum.xlsx").doubtful == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no database" * 999),
        lambda path: path.write_bytes(b""),
        lambda path: _sql(path, "PRAGMA application_id=7"),
        lambda path: _sql(path, "ALTER TABLE files RENAME COLUMN report TO other"),
        lambda path: _sql(path, "DROP TABLE runs"),
    ],
)
def test_a_journal_that_is_none_says_nothing(city: Path, spoil: Callable[[Path], None]) -> None:
    out = done(city)
    spoil(out / ROOM / "journal.sqlite")
    report = merge(out, city / "sum.xlsx")
    assert (report.total, report.failed, report.unsure) == (130000, [], [])


def test_rows_that_say_nonsense(city: Path) -> None:
    out = done(city)
    _sql(out / ROOM / "journal.sqlite", "UPDATE files SET report = 'x', finished = '?' WHERE NOT done")
    assert {item.troubles[0].sentence for item in merge(out, city / "sum.xlsx").failed} == {
        "不在重算结果里：没有重算成功"
    }


def _sql(path: Path, words: str) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(words)


def test_a_run_that_was_cut_off_or_goes_on_is_told(city: Path) -> None:
    def stop(done: int, total: int, found: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recalc(city / "in", city / "out", workers=1, progress=stop)
    report = merge(city / "out", city / "sum.xlsx")
    assert (report.exit_code, len(report.unsure)) == (1, 1)
    assert "没有做完就停了，结果不全；请先用 --resume 接着算完，再合并" in str(report)
    done(city, resume=True)
    assert merge(city / "out", city / "sum.xlsx").unsure == []
    with locked(city / "out"):
        report = merge(city / "out", city / "sum.xlsx")
    assert "另一个 qdcalc 正在写入" in str(report)
    assert "结果可能不全" in str(openpyxl.load_workbook(city / "sum.xlsx")["总表"]["A3"].value)


def test_results_beside_what_they_came_from_are_not_counted_twice(city: Path) -> None:
    recalc(city / "in", city / "in" / "结果", workers=1)
    report = merge(city / "in", city / "sum.xlsx")
    assert (report.total, report.merged) == (130000, 2)
    assert report.notes == [f"“{city / 'in' / '结果'}”里有 2 个文件是其他文件的重算结果，没有再合并一次"]
    assert "没有再合并一次" in str(report)
    found = check(city / "in", recalculate=False)
    assert "结果" not in str([file.path.parts for file in found.files])
    assert "2 个文件是其他文件的重算结果，没有再检查一次" in str(found)
    again = recalc(city / "in", city / "in" / "又一次", workers=1)
    assert len(again.files) == 3
    assert [note for note in again.notes if "2 个文件是其他文件的重算结果，没有再重算一次" in note]


def test_the_same_file_twice_is_merged_once(city: Path) -> None:
    folder = city / "in"
    shutil.copy(folder / "平度市" / "人才.xlsx", folder / "平度市" / "人才 - 副本.xlsx")
    report = merge(folder / "平度市", city / "sum.xlsx")
    assert (report.total, report.merged, report.exit_code) == (65000, 1, 1)
    assert "没有合并：人才 - 副本.xlsx（与“人才.xlsx”完全相同" in str(report)
    assert [row[8] for row in sheet(city / "sum.xlsx", "文件")] == ["全部合并", "没有合并"]
    assert openpyxl.load_workbook(city / "sum.xlsx")["文件"].max_row == 4
