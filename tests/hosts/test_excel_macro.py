"""The macro for files from elsewhere and the help while typing. What is plain Basic is run, in a real LibreOffice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qdcalc.hosts import excel, excel_intellisense, excel_macro
from qdcalc.policies import functions
from qdcalc.recalc.spelling import respell

UDFS = excel.UDFS.parent
UNO_PYTHON = "/usr/bin/python3"
"""The system's Python, which Debian's python3-uno belongs to; .ci/run installs it."""


@pytest.mark.parametrize("name", [excel_intellisense.FILE, excel_macro.FILE])
def test_committed_files_are_fresh(name: str) -> None:
    assert (UDFS / name).read_bytes() == excel.files()[name].encode(), "请运行 python -m qdcalc.hosts.excel"


def test_the_macro_is_what_vba_can_import() -> None:
    text = excel_macro.render()
    assert text.isascii()
    assert text.startswith('Attribute VB_Name = "QdcalcReenter"\r\n')
    lines = text.split("\r\n")
    assert not any("\n" in line for line in lines)
    assert max(map(len, lines)) < 1023
    for kind in ("Sub", "Function"):
        starts = [line for line in lines if re.match(rf"(Public|Private) {kind} ", line)]
        assert len(starts) == lines.count(f"End {kind}") > 0
    assert set(re.findall(r"QD_[A-Z][A-Z_]+(?=,)", text)) == set(functions())
    told = re.search(r"MsgBox (.*), vbInformation", text)
    assert told is not None
    words = re.sub(r'ChrW\((-?\d+)\)|"([^"]*)"|(\w+)', _said, told[1]).replace(" & ", "")
    assert words == "已重新录入公式和名称 <done> 个，未能录入 <failed> 个，有密码保护而跳过的工作表 <locked> 张。"


def _said(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1]) % 65536)
    return f"<{match[3]}>" if match[3] else match[2]


def test_intellisense_knows_every_function_and_argument() -> None:
    space = "{http://schemas.excel-dna.net/intellisense/1.0}"
    root = ElementTree.fromstring(excel_intellisense.render())
    found = {item.get("Name"): item for item in root.iter(f"{space}Function")}
    assert set(found) == set(functions())
    road = found["QD_ROAD_SUBSIDY"]
    assert "农村公路市级补助" in (road.get("Description") or "")
    told = {item.get("Name"): item.get("Description") for item in road.iter(f"{space}Argument")}
    assert list(told)[:3] == ["work", "width", "district"]
    assert (told["poor_km"] or "").startswith("薄弱村里程")
    assert "on_date" in told  # `on` is a word of VBA


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 没有安装")
def test_respelling_in_basic_equals_the_conversion(tmp_path: Path) -> None:
    texts = [
        "=QD_CITE(A1)", "=_xldudf_QD_CITE(A1)", "=_xll.QD_CITE(A1)", "=_xludf.qd_cite (A1)", "=QD.CITE(A1)+qd.cite(1)",
        "=[1]!QD_CITE(A1)", "=[1]Sheet1!A1", "=SUM(QD.CITE(A1),-_xldudf_QD_TALENT_SUBSIDY(B1))",
        '=QD.NOTICE("QD.CITE(1)",A1)', '="a""b"&QD.CITE(1)', "='QD.CITE(1)'!A1+QD.CITE(1)", '="未完', "=SUM(A1:B2)", "",
        "=表1[QD.CITE(]+QD.CITE(表1[[#This Row],[QD.CITE(]])", "=QD.UNKNOWN(1)+MYQD.CITE(1)+QD.CITE+我QD.CITE(1)",
    ]  # fmt: skip
    module = excel_macro.render()
    (tmp_path / "m.bas").write_text("Option VBASupport 1\n" + module[module.index("Public Function Respelled") :])
    linked = "='C:\\加载项\\qdcalc.xlam'!QD_CITE(1)"  # as Excel shows [1]!QD_CITE
    (tmp_path / "texts.json").write_text(json.dumps([*texts, linked]), encoding="utf-8")
    command = [
        UNO_PYTHON, str(Path(__file__).with_name("basic_runner.py")), str(tmp_path / "m.bas"), "Respelled",
        str(tmp_path / "texts.json"), str(tmp_path / "profile"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    *found, last = json.loads(done.stdout)
    wanted = respell("excel", functions())
    assert found == [wanted(text.encode()).decode() for text in texts]
    assert last == "=QD_CITE(1)"
