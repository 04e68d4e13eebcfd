"""qdcalc table: every row as the command line would answer it, every failure listed, no file harmed."""

from __future__ import annotations

import csv
import datetime
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from qdcalc import cli

PAY = "劳动报酬（元）"
RESULT = "金融高端人才一次性补助（元）"


def table(name: str, source: Path, target: Path) -> int:
    return cli.main(["table", name, str(source), str(target)])


def rows(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    lines = [
        f"姓名,{PAY},备注",
        "甲,650000,",
        "=HYPERLINK(1),499999.99,-5",
        '乙,"1,650,000",@x',
        "丙,,＝1",
        ",,",
        "丁,-1,+a",
        "戊,６５００００,'x",
        "己,abc,1e5",
        "庚, 200000 ,\tz",
    ]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def test_a_csv(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "结果.csv"
    assert table("QD_TALENT_SUBSIDY", source, target) == 1
    assert rows(target) == [
        ["姓名", PAY, "备注", RESULT],
        ["甲", "650000", "", "65000.00"],
        ["'=HYPERLINK(1)", "499999.99", "-5", "40000.00"],
        ["乙", "1,650,000", "'@x", "198000.00"],
        ["丙", "", "'＝1", ""],
        ["", "", "", ""],
        ["丁", "-1", "'+a", ""],
        ["戊", "６５００００", "'x", "65000.00"],
        ["己", "abc", "1e5", ""],
        ["庚", " 200000 ", "'\tz", "16000.00"],
    ]
    assert rows(tmp_path / "结果.失败.csv") == [
        ["行号（表头为第1行）", "参数", "说明"],
        ["5", PAY, f"{PAY}：未填写（单位：元，不小于 0，最大 1,000,000,000,000）"],
        ["7", PAY, f"{PAY}：-1 是负数，应不小于 0"],
        ["9", PAY, f"{PAY}：“abc”不是数值，应填数值，如 650000"],
    ]
    told = capsys.readouterr()
    assert told.out == f"共 8 行，算出 5 行，已写入 {target}\n"
    assert told.err == f"3 行没有算出，原因见 {tmp_path / '结果.失败.csv'}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["名单.csv", "结果.csv", "结果.失败.csv"]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_run_without_failures_takes_the_old_list_of_failures_away(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    (tmp_path / "b.失败.csv").write_text("old", encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    source.write_text("pay\n1000000\n", encoding="utf-8")
    assert table("QD_TALENT_SUBSIDY", source, target) == 0
    assert rows(target) == [["pay", RESULT], ["1000000", "120000.00"]]
    assert not (tmp_path / "b.失败.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_that_spreadsheet_programs_write(tmp_path: Path, encoding: str) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text(f"姓名\t{PAY}\n张三\t650000\n", encoding=encoding)
    assert table("QD_TALENT_SUBSIDY", source, target) == 0
    assert rows(target)[1] == ["张三", "650000", "65000.00"]


def test_names_flags_and_dates_of_a_csv_are_read_as_on_the_command_line(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    lines = [
        "工程类别,路面宽（米）,区（市）,里程（公里）,薄弱村里程（公里）,概算投资（元）,纳入实施计划,事项日期",
        "大修,6,平度市,10,0,15000000,是,2018.8.21",
        "大修工程,6.00,平度,10,0,15000000,1,",
        "大修,6,平度市,10,0,15000000,FALSE,20190101",
        "大修,6,平度市,10,0,15000000,true,2018年8月20日",
        "大修,6,平度县,10,0,15000000,,",
        "大修,6,平度市,10,11,15000000,也许,",
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert table("QD_ROAD_SUBSIDY", source, target) == 1
    assert [row[-1] for row in rows(target)[1:]] == ["7500000.00", "7500000.00", "0.00", "", "", ""]
    failed = rows(tmp_path / "b.失败.csv")[1:]
    assert [row[:2] for row in failed] == [["5", "事项日期"], ["6", "区（市）"], ["7", "纳入实施计划"]]
    assert "不在政策有效期内" in failed[0][2]


def test_a_percentage_in_a_csv(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("total,city_share\n100,60%\n100,0.6\n100,60\n", encoding="utf-8")
    assert table("QD_FISCAL_SPLIT", source, target) == 1
    assert [row[-1] for row in rows(target)[1:]] == ["60.00", "60.00", ""]


def test_a_workbook_in_and_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["姓名", "pay", "日期"],
        ["甲", 650000, datetime.datetime(2018, 8, 16)],
        ["乙", "650000", None],
        [],
        ["=1+1", 199999.995, None],
    ):
        sheet.append(row)
    sheet["A5"].data_type = "s"
    sheet["B6"] = "#N/A"
    sheet["B6"].data_type = "e"
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.save(source)
    assert table("QD_TALENT_SUBSIDY", source, target) == 1
    written = openpyxl.load_workbook(target)["结果"]
    assert [[cell.value for cell in row] for row in written.iter_rows()] == [
        ["姓名", "pay", "日期", RESULT],
        ["甲", 650000, datetime.datetime(2018, 8, 16), 65000],
        ["乙", "650000", None, None],
        [None, None, None, None],
        ["=1+1", 199999.995, None, 16000],
        [None, "#N/A", None, None],
    ]
    assert written["A5"].data_type == "s"  # a text, not a formula
    failed = rows(tmp_path / "b.失败.csv")[1:]
    assert [row[0] for row in failed] == ["3", "6"]
    assert "请把单元格改为数值" in failed[0][2]
    assert "错误值 #N/A" in failed[1][2]


def test_a_formula_without_a_value_is_not_taken_for_a_blank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["pay"])
    sheet.append(["=600000+50000"])
    source = tmp_path / "a.xlsx"
    book.save(source)
    assert table("QD_TALENT_SUBSIDY", source, tmp_path / "b.csv") == 1
    assert "第2行有公式还没有算出值" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pl.DataFrame({"pay": [650000.0, None, 499999.99], "ok": [True, True, False]}).write_parquet(source)
    assert table("QD_TALENT_SUBSIDY", source, target) == 1
    found = pl.read_parquet(target)
    assert found[RESULT].to_list() == [Decimal("65000.00"), None, Decimal("40000.00")]
    assert table("QD_TALENT_SUBSIDY", source, tmp_path / "b.csv") == 1
    assert [row[1] for row in rows(tmp_path / "b.csv")[1:]] == ["TRUE", "TRUE", "FALSE"]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", 2, "是空的：第一行应为列名"),
        ("pay,x,x\n1,2,3\n", 2, "重复的列名：x"),
        (f"pay,{PAY}\n1,2\n", 2, f"有两列都是参数“{PAY}”"),
        ("x\n1\n", 2, f"缺少列：{PAY}；已有：x"),
        (f"pay,{RESULT}\n1,2\n", 2, f"输入文件已有“{RESULT}”一列"),
        ("pay,x\n1,2,3\n", 1, "不是规范的 CSV"),
    ],
)
def test_a_wrong_csv_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, code: int, said: str
) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text(content, encoding="utf-8")
    assert table("QD_TALENT_SUBSIDY", source, target) == code
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_wrong_path_or_function_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.csv"
    source.write_text("pay\n1\n", encoding="utf-8")
    wrong = [
        ("QD_TALENT_SUBSIDY", source, source, 2, "输出文件不能就是输入文件"),
        ("QD_TALENT_SUBSIDY", source, tmp_path / "b.txt", 2, "“b.txt”应为 .csv、.parquet 或 .xlsx"),
        ("QD_TALENT_SUBSIDY", source, tmp_path / "nix" / "b.csv", 2, "所在的文件夹不存在"),
        ("QD_TALENT_SUBSIDY", tmp_path / "nix.csv", tmp_path / "b.csv", 1, "nix.csv：没有这个文件"),
        ("QD_ALLOCATE", source, tmp_path / "b.csv", 2, "不能按列计算"),
    ]
    for name, given, target, code, said in wrong:
        assert table(name, given, target) == code
        assert said in capsys.readouterr().err
    for name in ("a.parquet", "a.xlsx"):
        (tmp_path / name).write_bytes(b"nonsense")
        assert table("QD_TALENT_SUBSIDY", tmp_path / name, tmp_path / "b.csv") == 1
        assert name in capsys.readouterr().err
    assert source.read_text(encoding="utf-8") == "pay\n1\n"
    assert not (tmp_path / "b.csv").exists()


def test_a_failure_while_writing_leaves_the_old_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("pay\n1\n", encoding="utf-8")
    target.write_text("old", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    assert table("QD_TALENT_SUBSIDY", source, target) == 1
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


# ---------------------------------------------------------------------- larger than the memory
@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("result", ["csv", "parquet", "xlsx"])
def test_in_pieces_as_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, result: str) -> None:
    pays = [650000.0, -1.0, None, 499999.99, 1650000.0, 200000.0, 199999.99, 1e13, 1000000.0, 5.0, 500000.0]
    source = tmp_path / f"a.{kind}"
    frame = pl.DataFrame({"姓名": [f"第{n}人" for n in range(len(pays))], PAY: pays})
    frame.write_csv(source) if kind == "csv" else frame.write_parquet(source)
    whole, parts = tmp_path / f"whole.{result}", tmp_path / f"parts.{result}"
    assert table("QD_TALENT_SUBSIDY", source, whole) == 1
    monkeypatch.setattr("qdcalc.commands.table_input.PIECE", 3)
    assert table("QD_TALENT_SUBSIDY", source, parts) == 1
    assert cells(parts) == cells(whole)
    assert [row[-1] for row in cells(parts)][:5] == [
        Decimal("65000.00"),
        None,
        None,
        Decimal("40000.00"),
        Decimal(198000),
    ]
    failed = rows(tmp_path / "parts.失败.csv")
    assert failed == rows(tmp_path / "whole.失败.csv")
    assert [row[0] for row in failed[1:]] == ["3", "4", "9"]


def cells(path: Path) -> list[tuple[object, ...]]:
    """The rows of a result, its last column as a Decimal."""
    if path.suffix == ".xlsx":
        found = list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    else:
        frame = pl.read_csv(path) if path.suffix == ".csv" else pl.read_parquet(path)
        found = frame.rows()
    return [(*row[:-1], None if row[-1] is None else Decimal(str(row[-1]))) for row in found]


def test_a_row_with_too_many_cells_far_down_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qdcalc.commands.table_input.PIECE", 2)
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text(f"{PAY}\n" + "650000\n" * 9 + "1,2,3\n", encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    assert table("QD_TALENT_SUBSIDY", source, target) == 1
    assert "不是规范的 CSV" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_another_encoding_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qdcalc.commands.table_input.PIECE", 2)
    monkeypatch.setattr("qdcalc.commands.table_input._READ", 7)
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text(f"姓名,{PAY}\n" + "".join(f"张三{n},650000\n" for n in range(5)), encoding="gb18030")
    assert table("QD_TALENT_SUBSIDY", source, target) == 0
    assert rows(target)[1:] == [[f"张三{n}", "650000", "65000.00"] for n in range(5)]


@pytest.mark.parametrize("result", ["csv", "parquet", "xlsx"])
def test_a_table_without_rows(tmp_path: Path, result: str) -> None:
    source, target = tmp_path / "a.csv", tmp_path / f"b.{result}"
    source.write_text(f"姓名,{PAY}\n", encoding="utf-8")
    assert table("QD_TALENT_SUBSIDY", source, target) == 0
    assert cells(target) == []
