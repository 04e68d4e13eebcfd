"""`qdcalc recalc workbooks/examples -o out`: right values come back, and nothing but cached values differs."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from qdcalc.cli import main

MISTAKES = Path(__file__).parent.parent / "workbooks" / "examples" / "四好农村路_错误示例.xlsx"
"""It holds a value that was not recalculated, on purpose."""
EXAMPLES = sorted(path for path in MISTAKES.parent.glob("*.xlsx") if path != MISTAKES)
CELL = re.compile(rb"<c ([^>]*)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)(<v>[^<]*</v>|<v/>)?</c>")
NUMBER_OF_QD = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?>)(<f>[^<]*QD_[^<]*</f>)<v>[^<]*</v></c>')


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def without_cached(sheet: bytes) -> bytes:
    """A sheet whose formula cells have lost value and type: what a recalculation must not touch."""
    return CELL.sub(lambda match: b"<c " + re.sub(rb' t="[a-z]+"', b"", match[1]) + b">" + match[2] + b"</c>", sheet)


def spoilt(path: Path, target: Path) -> int:
    """A copy with -1 as the cached value of every QD formula that holds a number; how many there are."""
    count = 0
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in book.infolist():
            data = book.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                data, found = NUMBER_OF_QD.subn(rb"\1\2<v>-1</v></c>", data)
                count += found
            out.writestr(info, data)
    return count


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2


def test_recalculating_the_examples_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recalc", str(EXAMPLES[0].parent), "-o", str(tmp_path / "out")]) == 0
    for example in EXAMPLES:
        assert (tmp_path / "out" / example.name).read_bytes() == example.read_bytes()
    assert "失败 0 个" in capsys.readouterr().out


def test_in_the_example_with_mistakes_the_one_stale_value_is_put_right(tmp_path: Path) -> None:
    assert main(["recalc", str(MISTAKES), "-o", str(tmp_path / "out.xlsx")]) == 0
    before, after = parts(MISTAKES), parts(tmp_path / "out.xlsx")
    assert list(before) == list(after)
    different = [name for name in before if before[name] != after[name]]
    assert len(different) == 1
    sheet, fresh = before[different[0]], after[different[0]]
    assert without_cached(sheet) == without_cached(fresh)
    assert sheet.replace(b"<v>400000</v>", b"<v>406000</v>") == fresh


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_wrong_values_are_put_right_and_nothing_else_is_touched(example: Path, tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.xlsx", tmp_path / "right.xlsx"
    assert spoilt(example, wrong) > 10
    assert main(["recalc", str(wrong), "-o", str(right)]) == 0
    before, after, original = parts(wrong), parts(right), parts(example)
    assert list(before) == list(after)
    assert after == original  # every cached value is the committed one again
    for name in before:
        if before[name] != after[name]:
            assert name.startswith("xl/worksheets/sheet")
            assert without_cached(before[name]) == without_cached(after[name])
