"""A filled template goes into the other edition and back: the same entries, the same results."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qdcalc.cli import main
from qdcalc.errors import FileError, UnsupportedFile
from qdcalc.filled.edition import to_edition
from qdcalc.filled.model import FilledBook
from qdcalc.filled.read import read_book
from tests.workbook.books import ROOT

EXAMPLES = ROOT / "workbooks" / "examples"


def results(book: FilledBook) -> dict[tuple[str, int], object]:
    """What was filled in and what came out; errors and warnings are worded alike in both editions but for their code."""
    return {
        (sheet.key, row.position): (
            {key: value for key, value in row.values.items() if value is not None},
            {key: value for key, value in row.results.items() if isinstance(value, (int, float))},
        )
        for sheet in book.sheets
        for row in sheet.rows
    }


@pytest.mark.parametrize("name", ["金融高端人才", "金融之星", "四好农村路"])
def test_there_and_back(tmp_path: Path, name: str) -> None:
    source = EXAMPLES / f"{name}_示例.xlsx"
    change = to_edition(source, tmp_path / "plain.xlsx", plain=True)
    before, plain = read_book(source), read_book(tmp_path / "plain.xlsx")
    assert change.rows == before.filled_rows > 0
    assert (plain.edition, plain.policy) == ("plain", before.policy)
    assert results(plain) == results(before)
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    formulas = [formula for content in sheets for formula in re.findall(b"<f[^>]*>(.*?)</f>", content)]
    assert formulas
    assert not [formula for formula in formulas if b"QD_" in formula]
    to_edition(tmp_path / "plain.xlsx", tmp_path / "back.xlsx", plain=False)
    assert results(read_book(tmp_path / "back.xlsx")) == results(before)


def test_what_would_be_lost_is_refused(tmp_path: Path) -> None:
    wrong = EXAMPLES / "四好农村路_错误示例.xlsx"
    with pytest.raises(UnsupportedFile, match=r"改动过的模板不能换版.*见 qdcalc check"):
        to_edition(wrong, tmp_path / "out.xlsx", plain=True)
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(UnsupportedFile, match="只有本工具的模板能换成普通公式版"):
        to_edition(tmp_path / "other.xlsx", tmp_path / "out.xlsx", plain=True)
    with pytest.raises(UnsupportedFile, match="已经是政策函数版"):
        to_edition(EXAMPLES / "金融之星_示例.xlsx", tmp_path / "out.xlsx", plain=False)
    assert not (tmp_path / "out.xlsx").exists()
    source = tmp_path / "a.xlsx"
    shutil.copy(EXAMPLES / "金融之星_示例.xlsx", source)
    with pytest.raises(FileError, match="不能写在原文件上"):
        to_edition(source, source, plain=True)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = EXAMPLES / "金融之星_示例.xlsx"
    assert main(["convert", str(source), "--to", "plain", "-o", str(tmp_path / "out.xlsx")]) == 0
    assert "行填报内容已转入普通公式版" in capsys.readouterr().out
