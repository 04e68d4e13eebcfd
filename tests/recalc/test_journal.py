"""The journal of an output folder: what is taken over, what is done again, and that it is never trusted blindly."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qdcalc.errors import UsageError
from qdcalc.recalc import batch, identity
from qdcalc.recalc.batch import recalc
from qdcalc.recalc.identity import digest, template_of
from qdcalc.recalc.journal import FORMAT, ROOM, Journal, clean, locked
from qdcalc.recalc.passwords import Passwords
from qdcalc.recalc.report import BookReport, Disagreement, Failure, Report, Skipped
from qdcalc.recalc.task import Options, Outcome, Recalculation
from qdcalc.recalc.values import ErrorValue
from tests.recalc.cells import F, values, workbook
from tests.recalc.test_package import encrypted

EXAMPLE = Path(__file__).parents[2] / "workbooks" / "examples" / "金融高端人才_示例.xlsx"
FULL = BookReport(
    Path("a/表.xlsx"), Path("out/表.xlsx"), 9, 8, 7, 6, 5,
    [Failure("表", "B2", "QD_X", "#N/A", "金额：未填写", "第二条")], 1,
    [Skipped("表", "C1", "不会算", ErrorValue("#REF!"), True), Skipped("表", "C2", "不会算", None, False)], 2,
    [Disagreement("表", "D1", 1.5, "文"), Disagreement("表", "D2", True, ErrorValue("#N/A"))], 2,
    ["注"], "", {"打开": 0.25}, "talent 1.0",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal does not ask who did the work; workers of their own are slow to start."""

    def run(task: Recalculation, **_):  # type: ignore[no-untyped-def]
        for found in batch._here(task.jobs, Options(**task.settings), None):
            job = task.jobs[found.number]
            yield Outcome(found.number, found.report, digest(job.source), digest(job.target))

    monkeypatch.setattr(batch, "run", run)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name, pay in (("一", 600_000), ("二", 700_000), ("三", 800_000)):
        book(tmp_path / "in" / f"{name}.xlsx", pay)
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK damaged")
    return tmp_path / "in"


def book(path: Path, pay: float) -> Path:
    path.parent.mkdir(exist_ok=True)
    return workbook(path, {"A1": pay, "B1": F("QD_TALENT_SUBSIDY(A1)", -99)})


def states(report: Report) -> dict[str, str]:
    return {file.path.stem: file.state for file in report.files}


def journal(out: Path) -> Path:
    return out / ROOM / "journal.sqlite"


ALL = {"一": "完成", "二": "完成", "三": "完成", "坏": "失败"}
OLD = {"一": "沿用", "二": "沿用", "三": "沿用", "坏": "失败"}


def test_what_is_done_and_unchanged_is_taken_over(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    first = recalc(source, out, workers=1)
    assert states(first) == ALL
    again = recalc(source, out, workers=1, resume=True)
    assert states(again) == OLD
    assert again.exit_code == 1
    assert [(file.patched, file.changed, file.formulas) for file in again.files] == [
        (file.patched, file.changed, file.formulas) for file in first.files
    ]
    assert "完成 3 个（其中沿用上次结果 3 个），失败 1 个" in str(again)
    assert states(recalc(source, out, workers=1)) == ALL  # without resume everything is done again


def test_a_failed_file_is_tried_again(tmp_path: Path, source: Path) -> None:
    recalc(source, tmp_path / "out", workers=1)
    book(source / "坏.xlsx", 900_000)
    assert states(recalc(source, tmp_path / "out", workers=1, resume=True)) == {**OLD, "坏": "完成"}
    assert values(tmp_path / "out" / "坏.xlsx")["B1"] == 90_000


@pytest.mark.parametrize(
    "change",
    [
        lambda source, out: book(source / "二.xlsx", 750_000),
        lambda source, out: (out / "二.xlsx").unlink(),
        lambda source, out: (out / "二.xlsx").write_bytes(b"something else"),
        lambda source, out: (out / "二.xlsx").write_bytes((source / "二.xlsx").read_bytes()),
    ],
)
def test_what_changed_is_done_again(tmp_path: Path, source: Path, change: Callable[[Path, Path], object]) -> None:
    out = tmp_path / "out"
    recalc(source, out, workers=1)
    change(source, out)
    assert states(recalc(source, out, workers=1, resume=True)) == {**OLD, "二": "完成"}
    pay = values(source / "二.xlsx")["A1"]
    assert isinstance(pay, int)
    assert values(out / "二.xlsx")["B1"] == pay / 10


def test_other_software_or_other_options_do_it_again(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    recalc(source, out, workers=1)
    assert states(recalc(source, out, workers=1, resume=True, all_cells=True)) == ALL
    assert states(recalc(source, out, workers=1, resume=True, all_cells=True)) == OLD
    monkeypatch.setattr(identity, "software", lambda: "qdcalc 9")
    assert states(recalc(source, out, workers=1, resume=True, all_cells=True)) == ALL


def test_the_law_is_part_of_the_software(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "qdcalc"
    root.mkdir()
    (root / "__init__.py").write_text("")
    (root / "policy.toml").write_text("cap = 200000")
    monkeypatch.setattr("qdcalc.__file__", str(root / "__init__.py"))
    found = []
    for text in ("cap = 200000", "cap = 250000", "cap = 200000"):
        (root / "policy.toml").write_text(text)
        identity.software.cache_clear()
        found.append(identity.software())
    identity.software.cache_clear()
    assert found[0] == found[2] != found[1]


def test_a_folder_onto_itself(tmp_path: Path, source: Path) -> None:
    recalc(source, source, workers=1)
    assert states(recalc(source, source, workers=1, resume=True)) == OLD
    book(source / "三.xlsx", 810_000)
    assert states(recalc(source, source, workers=1, resume=True)) == {**OLD, "三": "完成"}
    assert values(source / "三.xlsx")["B1"] == 81_000


def spoil_format(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version={FORMAT + 1}")
    base.close()


def spoil_tables(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("ALTER TABLE files RENAME COLUMN report TO other")
    base.close()


def spoil_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(range(256)) * 16
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(b"no database at all, whatever the name says" * 20), "已损坏，已重建"),
        (lambda path: path.write_bytes(path.read_bytes()[:6000]), "已损坏，已重建"),
        (lambda path: path.write_bytes(b""), "已损坏，已重建"),
        (spoil_pages, "已损坏，已重建"),
        (spoil_tables, "已损坏，已重建"),
        (spoil_format, "另一版本"),
    ],
)
def test_a_damaged_or_foreign_journal_is_told_and_built_again(
    tmp_path: Path, source: Path, spoil: Callable[[Path], None], told: str
) -> None:
    out = tmp_path / "out"
    recalc(source, out, workers=1)
    spoil(journal(out))
    report = recalc(source, out, workers=1, resume=True)
    assert states(report) == ALL
    assert [note for note in report.notes if told in note]
    assert told in str(report)
    healed = recalc(source, out, workers=1, resume=True)
    assert states(healed) == OLD
    assert healed.notes == [note for note in healed.notes if "本系统" in note]


def test_a_row_that_says_nonsense_is_no_proof(tmp_path: Path, source: Path) -> None:
    recalc(source, tmp_path / "out", workers=1)
    with sqlite3.connect(journal(tmp_path / "out")) as base:
        base.execute("UPDATE files SET report = '{}' WHERE target = '一.xlsx'")
        base.execute("UPDATE files SET report = 'x' WHERE target = '二.xlsx'")
    base.close()
    assert states(recalc(source, tmp_path / "out", workers=1, resume=True)) == {**ALL, "三": "沿用"}


def test_resuming_without_a_journal_does_everything(tmp_path: Path, source: Path) -> None:
    report = recalc(source, tmp_path / "out", workers=1, resume=True)
    assert states(report) == ALL


def test_a_report_comes_back_as_it_was(tmp_path: Path) -> None:
    with locked(tmp_path) as room:
        for _ in range(2):  # the second time from the disk
            found = Journal(room)
            found.begin("s", "o", 1, 0)
            if found.find("表.xlsx") is None:
                found.note("表.xlsx", FULL, "1", "2", "s", "o")
            entry = found.find("表.xlsx")
            assert entry is not None
            assert entry.report == FULL
            assert (entry.source_hash, entry.target_hash, entry.done, entry.software) == ("1", "2", True, "s")
            found.close()


def test_a_name_that_is_no_text_can_be_noted(tmp_path: Path) -> None:
    with locked(tmp_path) as room:
        found = Journal(room)
        found.note("\udcff.xlsx", BookReport(Path("\udcff.xlsx")), "1", "2", "s", "o")
        entry = found.find("\udcff.xlsx")
        assert entry is not None
        assert entry.report.path == Path("\udcff.xlsx")
        found.close()


def test_two_runs_into_one_folder(tmp_path: Path, source: Path) -> None:
    """The second refuses, from this process and from another; a run that died holds nothing."""
    out = tmp_path / "out"
    code = (
        "import sys, time; from pathlib import Path; from qdcalc.recalc.journal import locked;\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with locked(out), pytest.raises(UsageError, match="另一个 qdcalc 正在写入"):
        recalc(source, out, workers=1)
    holder = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(UsageError, match="另一个 qdcalc 正在写入"):
        recalc(source, out, workers=1)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert states(recalc(source, out, workers=1)) == ALL


def test_a_lock_file_that_is_none(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out" / ROOM).mkdir(parents=True)
    (tmp_path / "out" / ROOM / "lock").write_bytes(b"rubbish" * 99)
    assert states(recalc(source, tmp_path / "out", workers=1)) == ALL


def test_drafts_of_killed_runs_are_cleaned_away(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    drafts = [".qdcalc-0123456789abcdef.tmp", ".qdcalc-ab_12cd9.tmp"]
    kept = ["qdcalc-0123456789abcdef.tmp", ".qdcalc-short.tmp", "我的.tmp", ".qdcalc-0123456789abcdef.doc"]
    for name in (*drafts, *kept):
        (out / name).write_bytes(b"x")
    (out / ROOM / "scratch" / "qdcalc-x").mkdir(parents=True)
    recalc(source, out, workers=1)
    assert sorted(path.name for path in out.iterdir() if path.suffix in (".tmp", ".doc")) == sorted(kept)
    assert list((out / ROOM / "scratch").iterdir()) == []
    assert clean([out / "没有"]) == 0
    (out / drafts[0]).write_bytes(b"x")
    assert clean([out], older_than=60) == 0  # perhaps another program is at it
    assert clean([out]) == 1


def test_a_full_disk_ends_the_record_and_not_the_work(tmp_path: Path, source: Path) -> None:
    with locked(tmp_path) as room:
        found = Journal(room)
        assert found._base is not None
        found._base.execute("PRAGMA max_page_count=1")
        found.note("a.xlsx", FULL, "1", "2", "s" * 100_000, "o")
        found.note("b.xlsx", FULL, "1", "2", "s", "o")
        assert found.find("a.xlsx") is None
        assert len(found.notes) == 1
        assert "写不进去" in found.notes[0]
        found.close()


def test_a_template_is_known_by_its_stamp(tmp_path: Path) -> None:
    assert template_of(EXAMPLE).split()[0] == "talent"
    assert template_of(book(tmp_path / "a.xlsx", 1)) == ""
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    assert template_of(tmp_path / "b.xlsx") == template_of(tmp_path / "none.xlsx") == ""


def test_no_password_is_kept_anywhere(tmp_path: Path) -> None:
    # the library that encrypts for this test spoils packages of less than 4 kB
    long = "".join(hashlib.sha512(bytes([at])).hexdigest() for at in range(60))
    plain = workbook(tmp_path / "plain.xlsx", {"A1": 650_000, "B1": F("QD_TALENT_SUBSIDY(A1)", -99), "C1": long})
    (tmp_path / "in").mkdir()
    encrypted(tmp_path / "in" / "密.xlsx", plain, "青岛之密码2018")
    given = Passwords(("另一个密码", "青岛之密码2018"))
    for decrypted in (False, True):
        report = recalc(tmp_path / "in", tmp_path / "out", workers=1, passwords=given, decrypted=decrypted)
        assert ("不再加密" in str(report)) == (not decrypted)
        assert report.exit_code == (not decrypted)
        for secret in given.general:
            assert secret not in str(report) + repr(report) + repr(given) + str(report.as_dict())
            for path in (tmp_path / "out").rglob("*"):
                content = path.read_bytes() if path.is_file() else b""
                assert all(secret.encode(coding) not in content for coding in ("utf-8", "utf-16-le", "gb18030"))
    assert values(tmp_path / "out" / "密.xlsx")["B1"] == 65_000
