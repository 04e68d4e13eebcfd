"""100,000 rows × (one QD function, three native formulas), recalculated; openpyxl loads and saves the same file."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import xlsxwriter

from bench.measure import measure, tell

QDCALC = (
    "import sys, qdcalc; report = qdcalc.recalc(sys.argv[1], sys.argv[2]); assert report.exit_code == 0, str(report)"
)
OPENPYXL = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])"


def workbook(path: Path, rows: int) -> None:
    """Eight inputs (name, pay, six other amounts); the subsidy (QD), and native: a sum with it, a look-up by band, a rounded share.

    Cached values as in a file saved without the functions: what depends on the subsidy is wrong, the look-up is right.
    """
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    facts = book.add_worksheet("参数")
    bands = [(0, 0.0), (36000, 0.03), (144000, 0.1), (300000, 0.2), (960000, 0.45)]
    for row, (start, rate) in enumerate(bands):
        facts.write_row(row, 0, [start, rate])
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["姓名", "劳动报酬", *[f"其他{n}" for n in range(1, 7)], "补助", "合计", "税率", "占比"])
    for row in range(1, rows + 1):
        pay = (row * 7919 % 250_000_000) / 100
        sheet.write_row(row, 0, [f"人员{row}", pay, *[row * factor % 50_000 for factor in (31, 37, 41, 43, 47, 53)]])
        number = row + 1
        rate = max(rate for start, rate in bands if start <= pay)
        sheet.write_formula(row, 8, f"=QD_TALENT_SUBSIDY(B{number})", None, -1)
        sheet.write_formula(row, 9, f"=B{number}+C{number}+I{number}", None, -1)
        sheet.write_formula(row, 10, f"=VLOOKUP(B{number},参数!$A$1:$B$5,2,TRUE)", None, rate)
        sheet.write_formula(row, 11, f"=IF(J{number}>0,ROUND(I{number}/J{number},4),0)", None, -1)
    sheet.write_formula(rows + 1, 8, f"=SUM(I2:I{rows + 1})", None, -1)
    book.close()


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.xlsx"
        workbook(source, rows)
        ours = measure(QDCALC, [str(source), str(Path(folder) / "ours.xlsx")])
        theirs = measure(OPENPYXL, [str(source), str(Path(folder) / "theirs.xlsx")])
    lines = [
        f"{rows:,} rows × (one QD function, three native formulas), one process each",
        "",
        "| program | does | time, openpyxl = 1 | processor time, openpyxl = 1 | peak memory |",
        "|---|---|---|---|---|",
        f"| qdcalc recalc | opens, computes 400,000 formulas, patches, verifies | {ours.seconds / theirs.seconds:.2f} | {ours.cpu / theirs.cpu:.2f} | {ours.megabytes:.0f} MB |",
        f"| openpyxl 3.1.5 | loads and saves, computes nothing | 1 | 1 | {theirs.megabytes:.0f} MB |",
    ]
    tell("recalculate", "Recalculating a large workbook", lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
