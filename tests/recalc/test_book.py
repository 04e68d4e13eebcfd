"""One workbook, end to end: which bytes of it change, where the result goes, and what leaves the target alone."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from qdcalc.errors import EncryptedFile, FileError, UnsupportedFile, VerificationError
from qdcalc.recalc import book
from qdcalc.recalc.book import recalc_book
from tests.recalc.cells import WRONG, F, provisions, recalculated, values, workbook, xml
from tests.recalc.files import parts, save


def test_only_values_change_in_the_file(tmp_path: Path) -> None:
    cells = {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F("A1+1", 2)}
    recalculated(tmp_path, cells)
    with zipfile.ZipFile(tmp_path / "in.xlsx") as before, zipfile.ZipFile(tmp_path / "out.xlsx") as after:
        assert before.namelist() == after.namelist()
        for name in before.namelist():
            expected = before.read(name)
            if name.endswith("sheet1.xml"):
                expected = expected.replace(b"<v>-99</v>", b"<v>2</v>")
            assert after.read(name) == expected


def test_recalculating_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    cells = {"A1": 1 / 3, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F('B1&""', "错"), "D1": F("B1>0", False)}
    recalculated(tmp_path, cells)
    report = recalc_book(tmp_path / "out.xlsx", tmp_path / "again.xlsx", functions=provisions())
    assert (tmp_path / "out.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert (report.patched, report.changed) == (3, 0)


def test_nothing_to_patch_is_copied_byte_for_byte(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1, "B1": F("A1+1", 2)})
    source.write_bytes(source.read_bytes())
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    report = recalc_book(source, target, functions=provisions())
    assert target.read_bytes() == source.read_bytes()
    assert report.patched == 0
    assert report.kept == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]


def test_a_workbook_without_formulas(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1})
    report = recalc_book(source, tmp_path / "out.xlsx", functions=provisions())
    assert (tmp_path / "out.xlsx").read_bytes() == source.read_bytes()
    assert report.formulas == 0


def test_in_place(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG)})
    recalc_book(source, source, functions=provisions())
    assert values(source) == {"A1": 1, "B1": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_full_calculation_at_opening_is_left_as_it_is_and_told(tmp_path: Path) -> None:
    cells = {"A1": 1, "B1": F("QD_DOUBLE(A1)", WRONG)}
    _, report = recalculated(tmp_path, cells, inside='<calcPr calcId="1" fullCalcOnLoad="1"/>')
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/workbook.xml")
    assert any("#NAME?" in note for note in report.notes)


def test_precision_as_displayed_is_told(tmp_path: Path) -> None:
    _, report = recalculated(tmp_path, {"B1": F("QD_DOUBLE(1)", WRONG)}, inside='<calcPr fullPrecision="0"/>')
    assert any("显示的精度" in note for note in report.notes)


def test_a_failed_check_leaves_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise VerificationError(tmp_path, "对不上")

    monkeypatch.setattr("qdcalc.recalc.package.verify_package", broken)
    source = workbook(tmp_path / "in.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG)})
    before = source.read_bytes()
    with pytest.raises(VerificationError):
        recalc_book(source, source, functions=provisions())
    assert source.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_a_value_that_no_engine_reads_is_an_error_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise ValueError("why")

    monkeypatch.setattr(book, "Engine", unreadable)
    source = workbook(tmp_path / "in.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG)})
    with pytest.raises(UnsupportedFile, match="why"):
        recalc_book(source, tmp_path / "out.xlsx", functions=provisions())
    assert not (tmp_path / "out.xlsx").exists()


def test_output_places_that_cannot_be_written(tmp_path: Path) -> None:
    source = workbook(tmp_path / "in.xlsx", {"A1": F("1+1", 2)})
    for target in (tmp_path, tmp_path / "无" / "out.xlsx"):
        with pytest.raises(FileError):
            recalc_book(source, target, functions=provisions())


def test_odd_but_legal_xml(tmp_path: Path) -> None:
    plain = xml({"A1": 2, "B1": F("QD_DOUBLE(A1)", WRONG), "C1": F("B1+1", WRONG)}).decode()
    odd = plain.replace("<sheetData>", "<sheetData><!-- <f>1+1</f> -->").replace(
        "<f>B1+1</f>", "<f><![CDATA[B1+1]]></f>"
    )
    save(tmp_path / "in.xlsx", parts({"表": odd.encode()}))
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    assert values(tmp_path / "out.xlsx") == {"A1": 2, "B1": 4, "C1": 5}


def test_shared_formulas_whose_cells_cannot_stay_shared(tmp_path: Path) -> None:
    shared = ' t="shared" si="0"'
    cells = {
        "A1": 1, "A2": 2, "A3": F("FOO()"),
        "B1": F("A1*10+A$1", WRONG, formula_attributes=shared + ' ref="B1:C3"'), "B2": F("", None, formula_attributes=shared),
        "B3": F("", 8, formula_attributes=shared), "C1": F("", None, formula_attributes=shared),
        "D1": F("QD_DOUBLE(B1)", WRONG, formula_attributes=' t="shared" si="1" ref="D1:D2"'),
        "D2": F("", WRONG, formula_attributes=' t="shared" si="1"'),
    }  # fmt: skip
    found, _ = recalculated(tmp_path, cells)
    assert (found["B2"], found["B3"], found["C1"], found["D1"], found["D2"]) == (
        21,
        8,
        WRONG * 10 + WRONG,
        WRONG * 2,
        42,
    )


def test_an_encrypted_workbook_is_not_written_open(tmp_path: Path) -> None:
    # msoffcrypto cannot encrypt a small file so that it passes its own check of integrity
    filling = {f"C{row}": hashlib.sha256(bytes([row])).hexdigest() for row in range(2, 200)}
    plain = workbook(tmp_path / "plain.xlsx", {"B1": F("QD_DOUBLE(1)", WRONG), **filling})
    hidden = io.BytesIO()
    with plain.open("rb") as inside:
        msoffcrypto.format.ooxml.OOXMLFile(inside).encrypt("密码", hidden)
    (tmp_path / "in.xlsx").write_bytes(hidden.getvalue())
    with pytest.raises(EncryptedFile):
        recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions())
    with pytest.raises(EncryptedFile):
        recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions(), password="密码")
    assert not (tmp_path / "out.xlsx").exists()
    recalc_book(tmp_path / "in.xlsx", tmp_path / "out.xlsx", functions=provisions(), password="密码", decrypted=True)
    assert values(tmp_path / "out.xlsx")["B1"] == 2
