"""Many workbooks: what goes where, and that one that fails stops no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qdcalc
from qdcalc.errors import UsageError
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.report import BookReport, Report
from tests.recalc.cells import F, provisions, values, workbook

CELLS = {"A1": 4, "B1": F("QD_DOUBLE(A1)", -99)}


def book(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return workbook(path, CELLS)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_one_file_to_one_file(tmp_path: Path) -> None:
    report = recalc(book(tmp_path / "in.xlsx"), tmp_path / "新" / "out.xlsx", functions=provisions())
    assert values(tmp_path / "新" / "out.xlsx")["B1"] == 8
    assert report.exit_code == 0
    assert str(report).startswith(f"{tmp_path / 'in.xlsx'}：重算 1 个单元格")


def test_one_file_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    recalc([book(tmp_path / "in.xlsx")], tmp_path / "out", functions=provisions())
    recalc([str(tmp_path / "in.xlsx")], f"{tmp_path / 'other'}/", functions=provisions())
    assert names(tmp_path) == ["in.xlsx", "other/in.xlsx", "out/in.xlsx"]


def test_a_folder_keeps_relative_paths(tmp_path: Path) -> None:
    source = tmp_path / "上报"
    for name in ("平度/表.xlsx", "莱西/表.xlsx", "汇总.XLSM", "莱西/~$表.xlsx", ".隐藏/表.xlsx"):
        book(source / name)
    (source / "说明.docx").write_bytes(b"x")
    (source / "平度" / "旧.xls").write_bytes(b"x")
    (source / "平度" / "旧.et").write_bytes(b"x")
    report = recalc(source, tmp_path / "out", functions=provisions())
    (source / "汇总.XLSM").unlink()
    assert report.exit_code == 1
    assert recalc(source, tmp_path / "again", functions=provisions()).exit_code == 1, "the old ones are not done"
    assert names(tmp_path / "out") == ["平度/表.xlsx", "莱西/表.xlsx"]
    assert {file.path.name: file.ok for file in report.files} == {"表.xlsx": True, "汇总.XLSM": False}
    assert [text.split("：")[0] for text in report.passed_over] == ["平度/旧.et", "平度/旧.xls"]
    assert "另存为 .xlsx" in report.passed_over[0]
    assert "，另有 2 个未处理；" in str(report)
    assert "说明" not in str(report)


def test_an_output_folder_inside_the_input_is_not_read_again(tmp_path: Path) -> None:
    book(tmp_path / "表.xlsx")
    for _ in range(2):
        report = recalc(tmp_path, tmp_path / "out", functions=provisions())
        assert [file.path for file in report.files] == [tmp_path / "表.xlsx"]
    assert names(tmp_path) == ["out/表.xlsx", "表.xlsx"]


def test_a_folder_onto_itself(tmp_path: Path) -> None:
    book(tmp_path / "a" / "表.xlsx")
    recalc(tmp_path, tmp_path, functions=provisions())
    assert names(tmp_path) == ["a/表.xlsx"]
    assert values(tmp_path / "a" / "表.xlsx")["B1"] == 8


def test_several_folders_are_kept_apart(tmp_path: Path) -> None:
    for name in ("平度", "莱西"):
        book(tmp_path / name / "表.xlsx")
    recalc([tmp_path / "平度", tmp_path / "莱西", book(tmp_path / "市.xlsx")], tmp_path / "out", functions=provisions())
    assert names(tmp_path / "out") == ["市.xlsx", "平度/表.xlsx", "莱西/表.xlsx"]


def test_a_file_that_fails_stops_no_other(tmp_path: Path) -> None:
    source = tmp_path / "in"
    book(source / "好.xlsx")
    (source / "坏.xlsx").write_bytes(b"PK\3\4 damaged")
    (source / "空.xlsx").write_bytes(b"")
    seen: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, report: BookReport) -> None:
        seen.append((done, total, report.path.name))

    report = recalc(source, tmp_path / "out", functions=provisions(), progress=progress)
    assert names(tmp_path / "out") == ["好.xlsx"]
    assert report.exit_code == 1
    assert {file.path.name: bool(file.error) for file in report.files} == {
        "坏.xlsx": True,
        "好.xlsx": False,
        "空.xlsx": True,
    }
    assert [item[:2] for item in seen] == [(1, 3), (2, 3), (3, 3)]
    text = str(report)
    assert "共 3 个文件，完成 1 个，失败 2 个；重算 1 个单元格，变化 1 个" in text
    assert f"{source / '空.xlsx'}：失败，文件是空的" in text


def test_a_failing_provision_is_a_finding_and_no_failed_file(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"B1": F("QD_DOUBLE(A1)", 5)})
    report = recalc(source, tmp_path / "out.xlsx", functions=provisions())
    assert (report.exit_code, report.files[0].failure_count) == (0, 1)


def test_the_report_goes_through_json(tmp_path: Path) -> None:
    source = tmp_path / "in"
    book(source / "a.xlsx")
    workbook(source / "b.xlsx", {"B1": F("QD_DOUBLE(A1)", 5), "C1": F("FOO()", 3), "D1": F("1+1", 3)})
    report = recalc(source, tmp_path / "out", functions=provisions())
    found = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert found["totals"] == {
        "files": 2, "done": 2, "failed": 0, "reused": 0, "formulas": 4, "patched": 2, "changed": 2, "failures": 1,
        "skipped": 1, "disagreements": 1, "differences": 0,
    }  # fmt: skip
    assert found["files"][1]["failures"][0] == {
        "sheet": "表", "cell": "B1", "function": "QD_DOUBLE", "error": "#N/A", "sentence": "金额：未填写", "article": "第二条",
    }  # fmt: skip
    assert found["exit_code"] == 0


def test_the_table_stands_in_columns(tmp_path: Path) -> None:
    source = tmp_path / "in"
    book(source / "四好农村路.xlsx")
    book(source / "a.xlsx")
    lines = str(recalc(source, tmp_path / "out", functions=provisions())).splitlines()
    assert lines[0] == "文件             结果  重算  变化  函数出错  未重算  不一致"
    assert lines[1] == "a.xlsx           完成     1     1         0       0       0"
    assert lines[2] == "四好农村路.xlsx  完成     1     1         0       0       0"


def test_a_long_list_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qdcalc.recalc.report.LISTED", 2)
    files = [BookReport(Path(f"{number}.xlsx"), patched=1) for number in range(3)]
    files.append(BookReport(Path("坏.xlsx"), error="文件是空的"))
    lines = str(Report(files)).splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["文件", "坏.xlsx"]
    assert lines[2:] == [
        "另有 3 个文件没有需要说明的情况",
        "坏.xlsx：失败，文件是空的",
        "共 4 个文件，完成 3 个，失败 1 个；重算 3 个单元格，变化 0 个",
    ]


def test_wrong_use(tmp_path: Path) -> None:
    source = book(tmp_path / "in.xlsx")
    with pytest.raises(UsageError, match="找不到"):
        recalc(tmp_path / "没有.xlsx", tmp_path / "out.xlsx")
    with pytest.raises(UsageError, match="没有给出"):
        recalc([], tmp_path / "out")
    with pytest.raises(UsageError, match="--workers 应为不小于 1 的整数"):
        recalc(source, tmp_path / "out.xlsx", workers=0)
    with pytest.raises(UsageError, match="--timeout 应为大于 0 的秒数"):
        recalc(source, tmp_path / "out.xlsx", timeout=0)
    with pytest.raises(UsageError, match="是文件"):
        recalc([source, source], source)
    book(tmp_path / "a" / "in.xlsx")
    with pytest.raises(UsageError, match="同一个文件"):
        recalc([source, tmp_path / "a" / "in.xlsx"], tmp_path / "out")
    assert names(tmp_path) == ["a/in.xlsx", "in.xlsx"]


def test_the_public_face(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 650000, "B1": F("QD_TALENT_SUBSIDY(A1)", -99)})
    report = qdcalc.recalc(str(source), str(tmp_path / "out.xlsx"))
    assert report.files[0].patched == 1
    assert values(tmp_path / "out.xlsx")["B1"] == 65000
