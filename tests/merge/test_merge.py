"""Many filled workbooks into one: the good rows, their sums by another way, what is claimed twice, nothing lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qdcalc.cli import main
from qdcalc.errors import UsageError
from qdcalc.merge import task
from qdcalc.merge.harvest import ELSEWHERE, Claimed, district_in
from qdcalc.merge.merge import merge
from qdcalc.merge.twice import ACROSS, SAME, Source, claimed_twice, plain_name
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.book import recalc_book
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.templates import template_plan
from tests.workbook.books import ROOT

Row = Mapping[str, object]
GOOD: Row = {
    "company": "青岛银行", "employer": "金融机构", "lawful": "是", "contract_years": 3, "taxed": "是", "healthy": "是",
    "post": "其他机构董监高", "age": 40, "senior_title": "否", "phd": "否", "papers": 0, "projects": 0, "certificate": "无",
    "pay": 650000, "other": 0,
}  # fmt: skip
STAR: Row = {
    "company": "青岛银行", "employer": "金融机构", "selected": 2018, "way": "选拔", "lawful": "是", "skilled": "是", "award": "省级以上",
    "innovation": "否", "certificate": "无",
}  # fmt: skip


def talents(path: Path, people: Sequence[Row], office: str = "平度市金融办", **more: object) -> Path:
    return filled(
        path, "talent", {"people": [{**GOOD, **row} for row in people]}, {"office": office, "year": 2018}, **more
    )


def filled(path: Path, policy: str, data: Mapping[str, Sequence[Row]], fields: Mapping[str, object]) -> Path:
    draft = path.with_name("~draft.xlsx")
    build_plan(
        template_plan(policy, rows=8),
        draft,
        data={key: [dict(row) for row in rows] for key, rows in data.items()},
        fields=fields,
    )
    recalc_book(draft, path)
    draft.unlink()
    return path


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    """The rows under the heading of a list."""
    found = openpyxl.load_workbook(path, data_only=True)[name]
    return [row for row in found.iter_rows(min_row=3, values_only=True) if any(cell is not None for cell in row)]


# ---------------------------------------------------------------------- sums
def test_good_rows_of_several_files_with_their_source(tmp_path: Path) -> None:
    folder = tmp_path / "各区市"
    (folder / "平度").mkdir(parents=True)
    talents(folder / "平度" / "人才.xlsx", [{"name": "甲", "pay": 650000}, {"name": "乙", "pay": 2000000}])
    talents(folder / "莱西.xlsx", [{"name": "丙", "pay": 499999.99}], office="莱西市")
    report = merge(folder, tmp_path / "汇总.xlsx")
    # D2.2: 650,000 × 10 %, the cap of 200,000, 499,999.99 × 8 %
    assert report.total == Decimal("65000.00") + Decimal("200000.00") + Decimal("40000.00")
    assert (report.merged, report.left_out, report.exit_code) == (3, 0, 0)
    detail = {row[5]: row[3:4] + row[7:8] + row[9:12] for row in sheet(tmp_path / "汇总.xlsx", "明细")}
    assert detail == {
        "丙": ("莱西市", 40000, "莱西.xlsx", "补助", "K6"),
        "甲": ("平度市", 65000, "平度/人才.xlsx", "补助", "K6"),
        "乙": ("平度市", 200000, "平度/人才.xlsx", "补助", "K7"),
    }
    book = openpyxl.load_workbook(folder / "平度" / "人才.xlsx", data_only=True)
    assert [book["补助"][cell].value for cell in ("K6", "K7")] == [65000, 200000]


def test_totals_are_formulas_that_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("金融高端人才", "金融之星", "四好农村路"):
        shutil.copy(ROOT / "workbooks" / "examples" / f"{name}_示例.xlsx", folder)
    report = merge(folder, tmp_path / "out.xlsx")
    assert report.exit_code == 0
    told = recalc_book(tmp_path / "out.xlsx", tmp_path / "again.xlsx", all_cells=True)
    assert told.formulas > 30
    assert (told.changed, told.disagreement_count, told.skipped_count) == (0, 0, 0)
    summary = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["总表"]
    totals = [row for row in summary.iter_rows(values_only=True) if row[0] == "合计"]
    assert len(totals) == 3
    assert {Decimal(str(row[4])) for row in totals} == {report.total}
    # the totals of the examples themselves, as their own sheets add them up
    expected = Decimal(0)
    for name, tab, head in (
        ("金融高端人才", "汇总", "核定补助（元）"), ("金融之星", "汇总", "本年度应发津贴（元）"), ("四好农村路", "汇总", "市级合计（元）"),
    ):  # fmt: skip
        found = openpyxl.load_workbook(folder / f"{name}_示例.xlsx", data_only=True)[tab]
        place = next(cell for row in found.iter_rows() for cell in row if cell.value == head)
        line = next(row[0].row for row in found.iter_rows() if row[0].value == "合计")
        expected += Decimal(str(found.cell(line, place.column).value))
    assert report.total == expected


def test_rows_with_problems_are_left_out_and_told(tmp_path: Path) -> None:
    talents(tmp_path / "a.xlsx", [{"name": "甲"}, {"name": "乙", "pay": -1}, {"name": "丙", "employer": "银行业"}])
    report = merge(tmp_path / "a.xlsx", tmp_path / "out.xlsx")
    assert (report.merged, report.left_out, report.exit_code) == (1, 2, 1)
    assert report.total == 65000
    told = {(row[2], row[3], row[4]) for row in sheet(tmp_path / "out.xlsx", "问题")}
    assert {item for item in told if item[0] == "人选"} == {("人选", "Q7", "负数"), ("人选", "D8", "不在可选范围内")}
    assert [row[8] for row in sheet(tmp_path / "out.xlsx", "文件")] == ["部分合并"]


def test_a_broken_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    talents(folder / "好.xlsx", [{"name": "甲"}])
    (folder / "坏.xlsx").write_bytes(b"PK\3\4 not really")
    (folder / "旧.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (folder / "~$好.xlsx").write_bytes(b"x")
    openpyxl.Workbook().save(folder / "别的.xlsx")
    report = merge(folder, tmp_path / "out.xlsx")
    assert report.total == 65000
    assert report.exit_code == 1
    assert {item.path for item in report.failed} == {"坏.xlsx", "旧.xls", "别的.xlsx"}
    for name in ("坏.xlsx", "旧.xls", "别的.xlsx"):
        assert name in str(report)


def test_an_earlier_summary_among_the_files_is_no_form(tmp_path: Path) -> None:
    folder = tmp_path / "各区市"
    folder.mkdir()
    talents(folder / "平度.xlsx", [{"name": "张三"}])
    before = merge(folder, folder / "上周汇总.xlsx")
    after = merge(folder, tmp_path / "汇总.xlsx")
    assert (after.merged, after.total) == (before.merged, before.total) == (1, Decimal(65000))
    assert [item.path for item in after.failed] == ["上周汇总.xlsx"]
    assert after.left_out == 0
    (trouble,) = after.failed[0].troubles
    assert "qdcalc merge 写出的汇总" in trouble.sentence


def test_texts_from_outside_stay_texts(tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x","y")'
    talents(tmp_path / "=1+1.xlsx", [{"name": name, "company": "+cmd|' /C calc'!A0"}])
    merge(tmp_path / "=1+1.xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    found = {cell.value: cell.data_type for tab in book for row in tab.iter_rows() for cell in row}
    assert found[name] == "s"
    assert found["+cmd|' /C calc'!A0"] == found["=1+1.xlsx"] == "s"
    formulas = [cell for tab in book for row in tab.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"总表"}


# ---------------------------------------------------------------------- twice
def claim(
    policy: str,
    subject: str,
    amount: int,
    item: str = "补助",
    kind: str = "人员",
    beside: str = "",
    district: str = "平度市",
) -> Source:
    return Source(
        f"{subject}{amount}.xlsx",
        Claimed(policy, item, district, kind, subject, beside, Decimal(amount), "", "表", "A1"),
    )


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([claim("D2", "甲", 5), claim("D2", "乙", 5)], []),
        ([claim("D2", "甲", 5), claim("D2", "甲 ", 7)], [(SAME, 1, 5, "")]),
        ([claim("D2", "甲", 9), claim("D3", "甲", 7)], [(ACROSS, 0, 7, "")]),
        ([claim("D2", "甲", 0), claim("D3", "甲", 7)], []),  # nothing is claimed under the other
        ([claim("D2", "甲", 0), claim("D2", "甲", 0)], [(SAME, 0, 0, "")]),
        ([claim("D2", "甲", 5, "一"), claim("D2", "甲", 7, "二")], []),  # two matters of one policy
        ([claim("D2", "甲", 5), claim("D2", "甲", 5, kind="企业")], []),  # a firm called like a person
        ([claim("D2", "甲", 5, beside="银行"), claim("D2", "甲", 5, beside="证券")], [(SAME, 0, 5, "同名，所在单位不同，请核实是否同一人")]),
        ([claim("D5", "路", 5, kind="项目"), claim("D5", "路", 5, kind="项目", district="莱西市")], []),
        ([claim("D5", "", 5), claim("D5", "", 5)], []),
        ([claim("D5", "平度市", 5, kind="区（市）"), claim("D6", "平度市", 7, kind="区（市）")], []),  # a district has many tasks
        ([claim("D6", "平度市", 5, kind="区（市）"), claim("D6", "平度市", 7, kind="区（市）")], [(SAME, 1, 5, "")]),
        ([claim("D4", "青岛（海）公司", 5, kind="企业"), claim("D7", "青岛(海)公司", 8, kind="企业"), claim("D4", "青岛 (海)公司", 6, kind="企业")],
         [(ACROSS, 1, 11, ""), (SAME, 1, 5, "")]),
    ],
)  # fmt: skip
def test_who_is_claimed_twice(sources: list[Source], expected: list[tuple[str, int, int, str]]) -> None:
    found = claimed_twice(sources)
    assert [(item.nature, item.highest, item.above, item.doubt) for item in found] == expected


def test_the_same_person_in_two_policies_is_listed_with_the_higher_amount(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    talents(folder / "人才.xlsx", [{"name": "张三"}, {"name": "李四"}])
    filled(folder / "之星.xlsx", "star", {"stars": [{**STAR, "name": "张 三"}]}, {"office": "平度市", "pay_year": 2019})
    report = merge(folder, tmp_path / "out.xlsx")
    (group,) = report.twice
    assert (group.nature, group.total, group.above) == (ACROSS, 65000 + 12000, 12000)
    rows = [(row[3], row[4], row[8], row[9], row[12]) for row in sheet(tmp_path / "out.xlsx", "重复享受")]
    assert sorted(rows, key=str) == [
        ("张 三", "金融之星", 12000, None, "之星.xlsx"),
        ("张三", "金融高端人才", 65000, "√", "人才.xlsx"),
    ]
    assert "高于就高的金额 12,000.00 元" in str(report)


def test_names_as_people_compare_them() -> None:
    assert plain_name("青岛（海尔）有限公司") == plain_name(" 青岛(海尔) 有限公司")
    assert plain_name("ＡＢＣ银行") == plain_name("abc银行")
    assert plain_name("张三") != plain_name("张三丰")


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("平度市", "平度市"), ("平度", "平度市"), ("黄岛区金融办", "青岛西海岸新区"), ("青岛市市北区财政局", "市北区"),
        ("市 南 区", "市南区"), ("青岛市金融工作办", ELSEWHERE), ("", ELSEWHERE),
    ],
)  # fmt: skip
def test_the_district_that_an_office_is_of(text: str, district: str) -> None:
    assert district_in(text) == district


# ---------------------------------------------------------------------- files
def test_resume_reads_only_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    talents(folder / "a.xlsx", [{"name": "甲"}])
    talents(folder / "b.xlsx", [{"name": "乙"}])
    first = merge(folder, tmp_path / "out.xlsx")
    assert first.reused == 0
    talents(folder / "b.xlsx", [{"name": "丁", "pay": 2000000}])
    again = merge(folder, tmp_path / "out.xlsx", resume=True)
    assert (again.reused, again.total) == (1, 65000 + 200000)
    assert merge(folder, tmp_path / "out.xlsx").reused == 0
    (tmp_path / ".out.qdcalc.sqlite").write_bytes(b"damaged" * 100)
    assert merge(folder, tmp_path / "out.xlsx", resume=True).total == again.total


def test_a_stop_in_the_middle_leaves_the_old_target_and_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "abc":
        talents(folder / f"{name}.xlsx", [{"name": name}])
    (tmp_path / "out.xlsx").write_bytes(b"old")

    def stop(done: int, total: int, found: object) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge(folder, tmp_path / "out.xlsx", progress=stop)
    assert (tmp_path / "out.xlsx").read_bytes() == b"old"
    report = merge(folder, tmp_path / "out.xlsx", resume=True)
    assert (report.reused, report.merged) == (2, 3)


def test_wrong_use(tmp_path: Path) -> None:
    source = talents(tmp_path / "a.xlsx", [{"name": "甲"}])
    with pytest.raises(UsageError, match=r"应为 \.xlsx"):
        merge(source, tmp_path / "out.csv")
    with pytest.raises(UsageError, match="不存在"):
        merge(source, tmp_path / "nix" / "out.xlsx")
    with pytest.raises(UsageError, match="找不到"):
        merge(tmp_path / "nix", tmp_path / "out.xlsx")
    with pytest.raises(UsageError, match="没有找到可以合并的工作簿"):
        merge(source, source)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = talents(tmp_path / "a.xlsx", [{"name": "甲"}])
    assert main(["merge", str(source), "-o", str(tmp_path / "out.xlsx")]) == 0
    assert "共 1 个文件，合并 1 行，金额合计 65,000.00 元" in capsys.readouterr().out
    assert main(["merge", str(source), "-o", str(tmp_path / "out.xlsx"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["amount"] == "65000.00"
    assert main(["merge", str(source), "-o", str(tmp_path / "out.doc")]) == 2


def test_what_was_just_recalculated_is_not_recalculated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in "ab":
        talents(folder / f"{name}.xlsx", [{"name": name}])
    recalc(folder, out, workers=1)
    asked: list[object] = []
    original = task.Reading.job
    monkeypatch.setattr(
        task.Reading, "job", lambda self, number: asked.append(given := original(self, number)) or given
    )
    assert merge(out, tmp_path / "sum.xlsx", workers=1).total == 2 * 65000
    assert [job["recalculate"] for job in asked] == [False, False]  # type: ignore[index]
    talents(out / "b.xlsx", [{"name": "b", "pay": 500000}])  # somebody changed a result
    asked.clear()
    assert merge(out, tmp_path / "sum.xlsx", workers=1).total == 65000 + 50000
    assert [job["recalculate"] for job in asked] == [False, True]  # type: ignore[index]
    (out / ".qdcalc" / "journal.sqlite").write_bytes(b"nonsense")
    asked.clear()
    assert merge(out, tmp_path / "sum.xlsx", workers=1).total == 65000 + 50000
    assert [job["recalculate"] for job in asked] == [True, True]  # type: ignore[index]


@pytest.mark.parametrize(
    ("spoil", "merged", "why"),
    [
        (lambda book: book.remove(book["补助"]), 0, "没有它对应的“补助”表，得不出金额"),
        (lambda book: book["人选"].__setitem__("F5", None), 0, "“人选”表缺列"),
        (lambda book: setattr(book.copy_worksheet(book["人选"]), "title", "人选 (2)"), 2, "复制工作表要连同它一起复制"),
    ],
)  # fmt: skip
def test_rows_without_the_sheet_or_column_of_their_amounts_are_not_merged(
    tmp_path: Path, spoil: Callable[[openpyxl.Workbook], object], merged: int, why: str
) -> None:
    """They would count as merged, with nothing to pay."""
    path = talents(tmp_path / "a.xlsx", [{"name": "甲"}, {"name": "乙"}])
    book = openpyxl.load_workbook(path)
    spoil(book)
    book.save(path)
    report = merge(path, tmp_path / "out.xlsx")
    assert (report.merged, report.total) == (merged, merged * 65000)
    assert why in str([trouble.sentence for item in report.harvests for trouble in item.troubles])
    assert (report.left_out, report.exit_code) == (2, 1)
    if not merged:
        assert f"没有合并：a.xlsx（填的 2 行都有问题：这张表的2行都没有合并：{why}" in str(report)
