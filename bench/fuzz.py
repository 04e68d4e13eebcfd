"""python -m bench.fuzz [N] [--seed S] [--keep FOLDER]: recalculates N spoilt workbooks, each a good one with a fault.

Each must give a result or a clear refusal: no traceback, no crash, no hang, and no result that differs from its input in
anything but cached values, which is looked at here with means of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import xlsxwriter

from bench.measure import tell
from bench.mutate import mutate
from qdcalc.recalc.batch import INTERNAL
from qdcalc.recalc.limits import WorkerLimits
from qdcalc.recalc.pool import run
from qdcalc.recalc.task import Job, Options, Recalculation
from qdcalc.workbook.build import build_plan
from qdcalc.workbook.templates import template_plan

_HANG = 30.0
"""seconds for a file that takes a twentieth of one when it is whole"""
_BATCH = 200
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>(?:[^<]|<\?.*?\?>|<!--.*?-->)*</v>|<v(?:\s[^>]*)?/>", re.DOTALL)
"""with what may stand among the digits and is not part of them"""
_BODY = re.compile(rb"<c(?:\s[^<>]*)?>(?:(?!</c>|<c[\s>]).)*</c>", re.DOTALL)
_INLINE = re.compile(rb"<is(?:\s[^<>]*)?>(?:(?!</is>|<is[\s>]).)*</is>", re.DOTALL)
_CELL = re.compile(rb"<c(?:\s[^<>]*)?>")
_TYPE = re.compile(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass
class Counts:
    files: int = 0
    results: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    tracebacks: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    """a refusal without a Chinese sentence, or with an output all the same"""

    @property
    def bad(self) -> int:
        return sum(map(len, (self.tracebacks, self.crashes, self.hangs, self.damaged, self.silent)))


def good_books(folder: Path) -> list[Path]:
    """Small, and different: our template, XlsxWriter's and openpyxl's way of writing, and one by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = template_plan("talent", rows=3)
    build_plan(plan, folder / "template.xlsx")
    _by_xlsxwriter(folder / "xlsxwriter.xlsx")
    _by_openpyxl(folder / "openpyxl.xlsx")
    _by_hand(folder / "hand.xlsx")
    return sorted(folder.glob("*.xlsx"))


def _by_xlsxwriter(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet, other = book.add_worksheet("名单"), book.add_worksheet("汇总 表")
    sheet.write_row(0, 0, ["姓名", "报酬", "补助", "合计"])
    for row in range(1, 9):
        sheet.write_row(row, 0, [f"人员{row}", 150_000 * row])
        sheet.write_formula(row, 2, f"=QD_TALENT_SUBSIDY(B{row + 1})", None, -1)
        sheet.write_formula(row, 3, f'=IF(C{row + 1}>0,C{row + 1}+B{row + 1},"无")', None, "无")
    sheet.add_table(
        0, 5, 4, 6, {"data": [[1, 2], [3, 4], [5, 6], [7, 8]], "columns": [{"header": "甲"}, {"header": "乙"}]}
    )
    sheet.write_array_formula("I1:I3", "{=B2:B4*2}", None, 300_000)
    sheet.write_formula("J1", "=SUM(F2:F5)", None, 16)
    sheet.write_boolean("J2", True)
    sheet.write_formula("J3", "=1/0", None, "#DIV/0!")
    sheet.data_validation("B2:B9", {"validate": "decimal", "criteria": ">=", "value": 0})
    sheet.conditional_format(
        "C2:C9", {"type": "cell", "criteria": ">", "value": 9, "format": book.add_format({"bold": True})}
    )
    other.write_formula("A1", "=SUM('名单'!C2:C9)", None, 0)
    other.write_formula("A2", "=合计数*2", None, 0)
    other.write_formula("A3", "=TODAY()", book.add_format({"num_format": "yyyy-mm-dd"}), 43000)
    other.merge_range("B1:D2", "说明")
    book.define_name("合计数", "='汇总 表'!$A$1")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='名单'!$C$2:$C$9"})
    other.insert_chart("F2", chart)
    book.close()


def _by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表"
    for row in range(1, 8):
        sheet.append([row, f"文本{row}", f"=QD_TALENT_SUBSIDY(A{row}*100000)", f"=C{row}&B{row}", f"=SUM(A$1:A{row})"])
    book.create_sheet("空")
    book.save(path)


def _by_hand(path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    rows = "".join(
        f'<row r="{row}" spans="1:4"><c r="A{row}"><v>{row * 100000}</v></c><c r="B{row}" t="s"><v>{row % 3}</v></c>'
        f'<c r="C{row}">'
        + ('<f t="shared" ref="C1:C6" si="0">QD_TALENT_SUBSIDY(A1)</f>' if row == 1 else '<f t="shared" si="0"/>')
        + f'<v>0</v></c><c r="D{row}" t="inlineStr"><is><t xml:space="preserve"> 行 {row}</t></is></c></row>'
        for row in range(1, 7)
    )
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName='
        '"/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="1"/><sheets><sheet name="甲" '
        'sheetId="1" r:id="rId1"/></sheets><definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">甲!$A$1:$D$7'
        "</definedName></definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/'
        f'worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><dimension ref="A1:D7"/><sheetData>{rows}<row r="7"><c r="C7"><f>'
        'SUM(C1:C6)</f><v>0</v></c><c r="D7" t="str"><f>IF(C7&gt;1,"大","小")</f><v>小</v></c></row></sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}" count="6" uniqueCount="3"><si><t>甲</t></si><si><r><t>富</t></r><r><rPr>'
        "<b/></rPr><t>文本</t></r></si><si><t>丙_x0041_</t></si></sst>",
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def fuzz(count: int, room: Path, *, seed: int = 1, workers: int = 2, keep: Path | None = None) -> Counts:
    counts = Counts()
    books = [path.read_bytes() for path in good_books(room / "good")]
    limits = WorkerLimits(seconds=_HANG)
    scratch = room / "scratch"
    scratch.mkdir()
    for start in range(0, count, _BATCH):
        folder = room / f"{start}"
        (folder / "out").mkdir(parents=True)
        jobs, kinds = [], []
        for number in range(start, min(start + _BATCH, count)):
            chance = random.Random(seed * 1_000_003 + number)
            mutant = mutate(chance.choice(books), chance)
            source = folder / f"{number}.xlsx"
            source.write_bytes(mutant.content)
            jobs.append(Job(source, folder / "out" / source.name))
            kinds.append(mutant.kind)
        with closing(run(Recalculation(jobs, Options()), workers=workers, limits=limits, scratch=scratch)) as outcomes:
            for outcome in outcomes:
                job = jobs[outcome.number]
                before = counts.bad
                _judge(job, outcome.report.error, kinds[outcome.number], counts)
                if counts.bad > before and keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{job.source.name}").write_bytes(job.source.read_bytes())
        counts.silent += [f"{path.name} is left" for path in (folder / "out").iterdir() if path.suffix != ".xlsx"]
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    return counts


def _judge(job: Job, error: str, kind: str, counts: Counts) -> None:
    counts.files += 1
    counts.kinds[kind] += 1
    told = f"{job.source.name} ({kind}): {error}"
    if "秒的时限" in error:
        counts.hangs.append(told)
    elif error.startswith(INTERNAL):
        counts.tracebacks.append(told)
    elif "程序崩溃" in error or "异常中止" in error or "程序出错" in error:
        counts.crashes.append(told)
    elif error:
        counts.refusals[_general(error)] += 1
        if not re.search("[\u4e00-\u9fff]{4}", error) or job.target.exists():
            counts.silent.append(told)
    else:
        counts.results += 1
        wrong = difference(job.source, job.target)
        if wrong:
            counts.damaged.append(f"{job.source.name} ({kind}): {wrong}")


def _general(sentence: str) -> str:
    """The sentence without what is particular to the file."""
    sentence = re.sub("“[^”]*”|'[^']*'", "“…”", sentence)
    sentence = re.sub(r"（[^）]*）", "", sentence)
    sentence = re.sub(r"(部件|公式) ?[^\s，；。]*[!-~][^\s，；。]*", r"\1 …", sentence)
    sentence = re.sub(r"[A-Z]{1,4}[0-9]+|[0-9]+", "…", sentence)
    return re.split("[，；：]", sentence)[0][:40]


def difference(source: Path, target: Path) -> str:
    """What a result must not differ in; "" if it does not. Shares nothing with the verification of the product."""
    try:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
            if new.namelist() != old.namelist():
                return "other parts"
            for name in new.namelist():
                before, after = old.read(name), new.read(name)  # CRCs are checked here
                if before != after and (not _is_sheet(name, before) or _frame(before) != _frame(after)):
                    return f"{name} differs in more than values"
    except Exception as error:
        return f"not readable: {error!r}"
    with (
        contextlib.suppress(Exception),
        warnings.catch_warnings(action="ignore"),
    ):  # what openpyxl cannot read before, it need not read after
        openpyxl.load_workbook(io.BytesIO(source.read_bytes()))
        try:
            openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
        except Exception as error:
            return f"openpyxl could read the input, but not the result: {error!r}"
    return ""


def _is_sheet(name: str, data: bytes) -> bool:
    return b"sheetData" in data and name.lower().endswith(".xml")


def _frame(xml: bytes) -> bytes:
    """A sheet without cached values and without what says of which kind they are. An inline text beside a formula is one."""
    xml = _BODY.sub(lambda cell: _INLINE.sub(b"", cell[0]) if b"<f" in cell[0] else cell[0], xml)
    return _CELL.sub(lambda cell: _TYPE.sub(b"", cell[0]), _VALUE.sub(b"", xml))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="?", default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for the files that something is wrong with")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qdcalc-fuzz-") as room:
        counts = fuzz(arguments.files, Path(room), seed=arguments.seed, workers=arguments.workers, keep=arguments.keep)
    lines = [
        f"{counts.files} spoilt workbooks (seed {arguments.seed}): "
        + ", ".join(f"{number} {kind}" for kind, number in counts.kinds.most_common()),
        "",
        "| outcome | files |",
        "|---|---|",
        f"| a result that differs from its input in cached values alone | {counts.results - len(counts.damaged)} |",
        f"| refused with a sentence | {counts.refusals.total()} |",
        f"| tracebacks | {len(counts.tracebacks)} |",
        f"| crashes of a worker | {len(counts.crashes)} |",
        f"| hangs ({_HANG:g} s) | {len(counts.hangs)} |",
        f"| damaged results | {len(counts.damaged)} |",
        f"| refusals without a sentence, or with something left behind | {len(counts.silent)} |",
        "",
        "| refusal | files |",
        "|---|---|",
        *(f"| {sentence} | {number} |" for sentence, number in counts.refusals.most_common()),
    ]
    tell("fuzz", "Spoilt workbooks", lines)
    for told in (*counts.tracebacks, *counts.crashes, *counts.hangs, *counts.damaged, *counts.silent):
        print(told)
    return 1 if counts.bad else 0


if __name__ == "__main__":
    sys.exit(main())
