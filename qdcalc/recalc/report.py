"""What a recalculation did: for people in Chinese, for programs as a dict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from qdcalc.recalc.names import below_common, shortened
from qdcalc.recalc.values import CellValue, ErrorValue

SHOWN = 5
"""problems of each kind that the text of a report spells out"""
LISTED = 100
"""files that a text lists one by one; of more, only those that say something"""
KEPT = 1000
"""problems of each kind that a report holds for one file; the counts go on"""


@dataclass(frozen=True)
class Failure:
    """A provision that gave an error: where, which, why, by which article."""

    sheet: str
    cell: str
    function: str
    error: str
    sentence: str
    article: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} {self.function} {self.error}：{self.sentence}（{self.article}）"


@dataclass(frozen=True)
class Skipped:
    """A formula that was not recalculated. `value` is what the cell keeps, None if it has none.

    `outdated`: something that it depends on was recalculated, so the kept value may be out of date.
    """

    sheet: str
    cell: str
    reason: str
    value: CellValue
    outdated: bool

    def __str__(self) -> str:
        kept = "没有值" if self.value is None else f"保留原值 {shown(self.value)}"
        late = "，它引用的单元格已重算，请核对" if self.outdated else ""
        return f"{self.sheet}!{self.cell} {self.reason}；{kept}{late}"


@dataclass(frozen=True)
class Disagreement:
    """A kept value that the engine finds different. It came from a program that calculates, so it stays."""

    sheet: str
    cell: str
    kept: CellValue
    engine: CellValue

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} 文件中为 {shown(self.kept)}，引擎算得 {shown(self.engine)}"


@dataclass(frozen=True)
class Difference:
    """A formula that LibreOffice finds otherwise than the finished workbook has it."""

    sheet: str
    cell: str
    own: CellValue
    office: CellValue

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} 本程序为 {shown(self.own)}，LibreOffice 算得 {shown(self.office)}"


@dataclass
class BookReport:
    """One file. Lists hold the first KEPT of their kind; the counts beside them are complete.

    patched     cells that were recalculated; `changed` of them got another value than the file held
    kept        formulas whose value stayed as it was
    error       why the file as a whole failed, else ""
    compared    formulas that a second engine computed, too; `differences` are those that it finds otherwise
    notes       what else a person should know of the file
    template    id and version of the template that it was made from, "talent 1", or ""
    reused      an earlier run did it, and nothing has changed since
    """

    path: Path
    target: Path | None = None
    formulas: int = 0
    patched: int = 0
    changed: int = 0
    kept: int = 0
    errors: int = 0
    failures: list[Failure] = field(default_factory=list)
    failure_count: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    disagreement_count: int = 0
    notes: list[str] = field(default_factory=list)
    error: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    template: str = ""
    reused: bool = False
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    difference_count: int = 0

    @property
    def ok(self) -> bool:
        return not self.error

    @property
    def state(self) -> str:
        return "失败" if self.error else "沿用" if self.reused else "完成"

    @property
    def telling(self) -> bool:
        """There is something that a person should read."""
        return bool(
            self.error
            or self.failure_count
            or self.skipped_count
            or self.disagreement_count
            or self.difference_count
            or self.notes
        )

    def add(self, problem: Failure | Skipped | Disagreement | Difference) -> None:
        if isinstance(problem, Failure):
            self.failure_count += 1
            found: list[Any] = self.failures
        elif isinstance(problem, Skipped):
            self.skipped_count += 1
            found = self.skipped
        elif isinstance(problem, Difference):
            self.difference_count += 1
            found = self.differences
        else:
            self.disagreement_count += 1
            found = self.disagreements
        if len(found) < KEPT:
            found.append(problem)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: plain values only."""
        found = asdict(self)
        found["path"] = str(self.path)
        found["target"] = None if self.target is None else str(self.target)
        found["ok"] = self.ok
        found["seconds"] = {name: round(value, 4) for name, value in self.seconds.items()}
        for name in ("failures", "skipped", "disagreements", "differences"):
            found[name] = [
                {key: plain(value) for key, value in vars(problem).items()} for problem in getattr(self, name)
            ]
        return found

    def __str__(self) -> str:
        if self.error:
            return "\n".join([f"{self.path}：失败，{self.error}", *(f"  注意：{note}" for note in self.notes)])
        lines = [
            f"{self.path}：重算 {self.patched} 个单元格，其中 {self.changed} 个有变化；"
            f"另有 {self.kept} 个公式保留原值（{sum(self.seconds.values()):.2f} 秒）"
        ]
        kinds: list[tuple[str, int, Iterable[object]]] = [
            ("出错的政策函数", self.failure_count, self.failures),
            ("未重算的公式", self.skipped_count, self.skipped),
            ("与原值不一致（已保留原值）", self.disagreement_count, self.disagreements),
            ("两个引擎不一致", self.difference_count, self.differences),
        ]
        for title, count, problems in kinds:
            if count:
                lines.append(f"  {title} {count} 个：")
                lines += [f"    {problem}" for problem in list(problems)[:SHOWN]]
                if count > SHOWN:
                    lines.append(f"    …… 其余 {count - SHOWN} 个见报告")
        if self.compared:
            lines.append(
                f"  LibreOffice 核对了 {self.compared} 个公式，{self.difference_count or '没有'}{'个' if self.difference_count else ''}不一致"
            )
        lines += [f"  注意：{note}" for note in self.notes]
        return "\n".join(lines)


@dataclass
class Report:
    """Many files. `exit_code` is 0 if all were done, 1 if some failed or were passed over; an error in a cell is a finding,
    no failure."""

    files: list[BookReport] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """files that look like workbooks but are none that can be recalculated: "旧表.xls：旧版格式……" """
    notes: list[str] = field(default_factory=list)
    """what a person should know of the run as a whole"""

    @property
    def exit_code(self) -> int:
        return 0 if all(file.ok for file in self.files) and not self.passed_over else 1

    @property
    def totals(self) -> dict[str, int]:
        failed = sum(not file.ok for file in self.files)
        return {
            "files": len(self.files),
            "done": len(self.files) - failed,
            "failed": failed,
            "reused": sum(file.reused for file in self.files),
            "formulas": sum(file.formulas for file in self.files),
            "patched": sum(file.patched for file in self.files),
            "changed": sum(file.changed for file in self.files),
            "failures": sum(file.failure_count for file in self.files),
            "skipped": sum(file.skipped_count for file in self.files),
            "disagreements": sum(file.disagreement_count for file in self.files),
            "differences": sum(file.difference_count for file in self.files),
        }

    @property
    def seconds(self) -> dict[str, float]:
        """By stage, all files together; what an earlier run did took no time."""
        found: dict[str, float] = {}
        for file in self.files:
            for stage, seconds in file.seconds.items() if not file.reused else ():
                found[stage] = found.get(stage, 0.0) + seconds
        return found

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": [file.as_dict() for file in self.files],
            "passed_over": self.passed_over,
            "notes": self.notes,
            "totals": self.totals,
            "seconds": {stage: round(seconds, 4) for stage, seconds in self.seconds.items()},
            "exit_code": self.exit_code,
        }

    def __str__(self) -> str:
        if len(self.files) == 1 and not (self.passed_over or self.notes):
            return str(self.files[0])
        heads = ["文件", "结果", "重算", "变化", "函数出错", "未重算", "不一致"]
        rows = [heads]
        listed = self.files if len(self.files) <= LISTED else [file for file in self.files if file.telling]
        names = dict(zip(map(id, self.files), below_common([file.path for file in self.files]), strict=True))
        for file in listed:
            counts = [file.patched, file.changed, file.failure_count, file.skipped_count, file.disagreement_count]
            rows.append([shortened(names[id(file)]), file.state, *(str(count) for count in counts)])
        lines = _aligned(rows) if listed else []
        if len(listed) < len(self.files):
            lines.append(f"另有 {len(self.files) - len(listed)} 个文件没有需要说明的情况")
        lines += [str(file) for file in self.files if file.telling]
        lines += [f"未处理：{text}" for text in self.passed_over]
        lines += [f"注意：{note}" for note in self.notes]
        totals = self.totals
        reused = f"（其中沿用上次结果 {totals['reused']} 个）" if totals["reused"] else ""
        passed_over = f"，另有 {len(self.passed_over)} 个未处理" if self.passed_over else ""
        lines.append(
            f"共 {totals['files']} 个文件，完成 {totals['done']} 个{reused}，失败 {totals['failed']} 个{passed_over}；"
            f"重算 {totals['patched']} 个单元格，变化 {totals['changed']} 个"
        )
        return "\n".join(lines)


def plain(value: object) -> object:
    """A cell's value as JSON can hold it."""
    if isinstance(value, ErrorValue):
        return value.code
    return float(value) if isinstance(value, Decimal) else value


def shown(value: CellValue) -> str:
    """A cell's value in a sentence."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, str):
        return f"“{value if len(value) <= 40 else value[:40] + '…'}”"
    return f"{value:.15g}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _aligned(rows: list[list[str]]) -> list[str]:
    """Columns under each other; a Chinese character is two wide. The first column to the left, the rest to the right."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0] + " " * (widths[0] - _width(row[0]))]
        cells += [" " * (width - _width(text)) + text for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines
