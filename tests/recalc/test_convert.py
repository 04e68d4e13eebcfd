"""From one host's spelling to another's and back: only names change, and the same bytes come back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qdcalc.cli import main
from qdcalc.errors import UnsupportedFile, UsageError
from qdcalc.recalc.book import recalc_book
from qdcalc.recalc.convert import convert
from qdcalc.recalc.spelling import SPELLINGS, respell
from tests.recalc.cells import F, values, xml
from tests.recalc.files import parts, save

ROOT = Path(__file__).parents[2]
KNOWN = ("QD_TALENT_SUBSIDY", "QD_CITE", "QD_NOTICE")


def members(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        return [(item.filename, package.read(item)) for item in package.infolist()]


@pytest.mark.parametrize(
    ("formula", "office", "libreoffice"),
    [
        ("QD_CITE(A1)", "_xldudf_QD_CITE(A1)", "QD.CITE(A1)"),
        ("qd_cite (A1)", "_xldudf_qd_cite (A1)", "qd.cite (A1)"),
        ("_xll.QD_CITE(A1)", "_xldudf_QD_CITE(A1)", "QD.CITE(A1)"),
        ("_xludf.QD_CITE(A1)", "_xldudf_QD_CITE(A1)", "QD.CITE(A1)"),
        ("[1]!QD_CITE(A1)", "_xldudf_QD_CITE(A1)", "QD.CITE(A1)"),
        ("SUM(QD_CITE(A1),-QD_TALENT_SUBSIDY(B1))", "SUM(_xldudf_QD_CITE(A1),-_xldudf_QD_TALENT_SUBSIDY(B1))",
         "SUM(QD.CITE(A1),-QD.TALENT_SUBSIDY(B1))"),
        # what is not a call of a provision stays
        ('QD_NOTICE("QD_CITE(1)",A1)', '_xldudf_QD_NOTICE("QD_CITE(1)",A1)', 'QD.NOTICE("QD_CITE(1)",A1)'),
        ("QD_NOTICE(&quot;QD_CITE(&quot;,A1)", "_xldudf_QD_NOTICE(&quot;QD_CITE(&quot;,A1)",
         "QD.NOTICE(&quot;QD_CITE(&quot;,A1)"),
        ('"a""b"&amp;QD_CITE(1)', '"a""b"&amp;_xldudf_QD_CITE(1)', '"a""b"&amp;QD.CITE(1)'),
        ("'QD_CITE(1)'!A1+QD_CITE(1)", "'QD_CITE(1)'!A1+_xldudf_QD_CITE(1)", "'QD_CITE(1)'!A1+QD.CITE(1)"),
        ("表1[QD_CITE(]+QD_CITE(表1[[#This Row],[QD_CITE(]])", "表1[QD_CITE(]+_xldudf_QD_CITE(表1[[#This Row],[QD_CITE(]])",
         "表1[QD_CITE(]+QD.CITE(表1[[#This Row],[QD_CITE(]])"),
        ("QD_UNKNOWN(1)+MYQD_CITE(1)+QD_CITE+我QD_CITE(1)", "QD_UNKNOWN(1)+MYQD_CITE(1)+QD_CITE+我QD_CITE(1)",
         "QD_UNKNOWN(1)+MYQD_CITE(1)+QD_CITE+我QD_CITE(1)"),
    ],
)  # fmt: skip
def test_spellings(formula: str, office: str, libreoffice: str) -> None:
    for host, expected in (("office", office), ("libreoffice", libreoffice)):
        assert respell(host, KNOWN)(formula.encode()).decode() == expected
    for other in (office, libreoffice):
        assert respell("excel", KNOWN)(other.encode()) == respell("excel", KNOWN)(formula.encode())


def book(path: Path) -> Path:
    """Formulas in every place that can hold one."""
    more = (
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1">'
        "<formula>QD_TALENT_SUBSIDY(A1)&gt;0</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="custom" sqref="A1">'
        "<formula1>QD_TALENT_SUBSIDY(A1)&lt;&gt;1</formula1></dataValidation></dataValidations>"
    )
    sheet = xml({"A1": 300000, "B1": F("QD_TALENT_SUBSIDY(A1)", 24000), "C1": F('"QD_CITE("&B1', "QD_CITE(24000")})
    sheet = sheet.replace(b"</sheetData>", b"</sheetData>" + more.encode())
    found = parts({"表": sheet})
    names = b"<definedNames><definedName name=\"x\">QD_TALENT_SUBSIDY('\xe8\xa1\xa8'!$A$1)</definedName></definedNames>"
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(b"</sheets>", b"</sheets>" + names)
    save(path, found)
    return path


@pytest.mark.parametrize("host", ["office", "libreoffice"])
def test_there_and_back_gives_the_same_bytes(tmp_path: Path, host: str) -> None:
    source = book(tmp_path / "in.xlsx")
    report = convert(source, tmp_path / "there.xlsx", host=host)
    assert report.changed == 4
    there = dict(members(tmp_path / "there.xlsx"))
    start = SPELLINGS[host]
    sheet = next(content for name, content in there.items() if name.startswith("xl/worksheets/"))
    assert sheet.count(start + b"TALENT_SUBSIDY(") == 3
    assert start + b"TALENT_SUBSIDY(" in there["xl/workbook.xml"]
    convert(tmp_path / "there.xlsx", tmp_path / "back.xlsx", host="excel")
    assert members(tmp_path / "back.xlsx") == members(source)


@pytest.mark.parametrize("host", ["office", "libreoffice"])
def test_an_example_goes_there_and_back(tmp_path: Path, host: str) -> None:
    source = ROOT / "workbooks" / "examples" / "四好农村路_示例.xlsx"
    convert(source, tmp_path / "there.xlsx", host=host)
    assert members(tmp_path / "there.xlsx") != members(source)
    convert(tmp_path / "there.xlsx", tmp_path / "back.xlsx", host="excel")
    assert members(tmp_path / "back.xlsx") == members(source)


@pytest.mark.parametrize("host", list(SPELLINGS))
def test_every_spelling_is_recalculated(tmp_path: Path, host: str) -> None:
    save(tmp_path / "in.xlsx", parts({"表": xml({"A1": 300000, "B1": F("QD_TALENT_SUBSIDY(A1)", -1)})}))
    convert(tmp_path / "in.xlsx", tmp_path / "there.xlsx", host=host)
    recalc_book(tmp_path / "there.xlsx", tmp_path / "out.xlsx")
    assert values(tmp_path / "out.xlsx")["B1"] == 24000


def test_nothing_to_respell_is_a_copy(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", parts({"表": xml({"A1": 1, "B1": F("A1+1", 2)})}))
    assert "原样复制" in str(convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx", host="office"))
    assert members(tmp_path / "out.xlsx") == members(tmp_path / "in.xlsx")


def test_what_cannot_be_respelled_is_told_and_nothing_written(tmp_path: Path) -> None:
    sheet = xml({"A1": F("QD_TALENT_SUBSIDY(1)", 0)}).replace(b"</sheetData>", b"</sheetData><!-- x -->")
    save(tmp_path / "in.xlsx", parts({"表": sheet}))
    with pytest.raises(UnsupportedFile, match="注释"):
        convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx", host="office")
    assert not (tmp_path / "out.xlsx").exists()
    with pytest.raises(UsageError, match="excel、office、libreoffice"):
        convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx", host="word")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = book(tmp_path / "in.xlsx")
    assert main(["convert", str(source), "--to", "office", "-o", str(tmp_path / "out.xlsx")]) == 0
    assert "改写 4 处政策函数名为Office.js 加载项的写法" in capsys.readouterr().out
    assert main(["convert", str(source), "--to", "word", "-o", str(tmp_path / "out.xlsx")]) == 2
    assert "应为：excel、office、libreoffice、plain、functions" in capsys.readouterr().err
