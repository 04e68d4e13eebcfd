"""Makes the pictures of the manual from the committed workbooks: python docs/pictures.py [PART OF A NAME…]

LibreOffice draws a whole sheet on one page of a PDF, pdftoppm cuts the upper left part of it out as a PNG. Both are
programs, not packages: soffice and pdftoppm (poppler-utils) must be on the PATH. A new picture is a line in PICTURES.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from qdcalc.merge.merge import merge

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150_000
_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"

MERGED = "merge of workbooks/examples"
"""Not a committed file: made for the picture from the examples that have no mistakes in them."""


@dataclass(frozen=True)
class Picture:
    """`name`.png: what stands in the upper left `width` × `height` points of a sheet, 0 for all of it."""

    name: str
    workbook: str
    sheet: str
    width: int = 0
    height: int = 0
    dpi: int = 66


PICTURES = (
    Picture("talent-subsidy", "examples/金融高端人才_示例.xlsx", "补助", height=510),
    Picture("star-allowance", "examples/金融之星_示例.xlsx", "津贴", height=471),
    Picture("road-subsidies", "examples/四好农村路_示例.xlsx", "项目补助", height=510),
    Picture("road-summary", "examples/四好农村路_示例.xlsx", "汇总"),
    Picture("waste-coverage", "examples/农村生活垃圾分类_示例.xlsx", "覆盖率"),
    Picture("waste-summary", "examples/农村生活垃圾分类_示例.xlsx", "汇总"),
    Picture("duty-summary", "examples/百名局长进大厅_示例.xlsx", "汇总", height=608),
    Picture("duty-attendance", "examples/百名局长进大厅_示例.xlsx", "月度考勤", height=508),
    Picture("wealth-setup", "examples/财富管理_示例.xlsx", "落户", height=413, dpi=60),
    Picture("wealth-summary", "examples/财富管理_示例.xlsx", "汇总", dpi=60),
    Picture("delegation-query", "examples/下放平度市权限_示例.xlsx", "查询", height=330),
    Picture("delegation-items", "examples/下放平度市权限_示例.xlsx", "承接清单", height=430, dpi=56),
    Picture("science-funds", "examples/科技创新_示例.xlsx", "首投", height=450, dpi=56),
    Picture("science-charts", "examples/科技创新_示例.xlsx", "指标图", width=585, height=300, dpi=120),
    Picture("energy-control", "examples/节能与绿色发展_示例.xlsx", "双控", height=469, dpi=54),
    Picture("energy-community", "examples/节能与绿色发展_示例.xlsx", "绿色社区", dpi=60),
    Picture("merge-summary", MERGED, "总表", height=735, dpi=55),
)


def workbook_of(picture: Picture, folder: Path) -> Path:
    """The file that a picture shows."""
    if picture.workbook != MERGED:
        return ROOT / "workbooks" / picture.workbook
    target = folder / "merged.xlsx"
    if not target.exists():
        merge(sorted((ROOT / "workbooks" / "examples").glob("*_示例.xlsx")), target)
    return target


def page_of(workbook: Path, sheet: str) -> int:
    """The page that a sheet gets, one page a sheet: its place in the workbook."""
    with zipfile.ZipFile(workbook) as package:
        names = [item.get("name") for item in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(_SHEETS)]
    return names.index(sheet) + 1


def whole_sheets(workbook: Path, folder: Path) -> Path:
    """A PDF with one page a sheet."""
    options = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", options, "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{workbook.stem}.pdf"


def draw(picture: Picture, pdf: Path, page: int) -> Path:
    def pixels(points: int) -> str:
        return str(round(points * picture.dpi / 72))

    target = IMAGES / picture.name
    cut = ["-x", "0", "-y", "0", "-W", pixels(picture.width), "-H", pixels(picture.height)]
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    command = ["pdftoppm", "-png", "-r", str(picture.dpi), *pages, *cut, str(pdf), str(target)]
    subprocess.run(command, check=True, timeout=120)
    return target.with_suffix(".png")


def main(wanted: list[str]) -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    too_large = 0
    with tempfile.TemporaryDirectory() as scratch:
        drawn: dict[str, Path] = {}
        for picture in PICTURES:
            if wanted and not any(word in picture.name for word in wanted):
                continue
            workbook = workbook_of(picture, Path(scratch))
            if picture.workbook not in drawn:
                drawn[picture.workbook] = whole_sheets(workbook, Path(scratch))
            made = draw(picture, drawn[picture.workbook], page_of(workbook, picture.sheet))
            size = made.stat().st_size
            too_large += size > MOST_BYTES
            print(f"{made.relative_to(ROOT)}  {size / 1000:.0f} KB{'  too large' if size > MOST_BYTES else ''}")
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
