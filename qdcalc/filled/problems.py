"""What can be wrong with a filled workbook: each kind once, with its title and its sentence.

A problem stands in the way of using the file; a note is only told. Words in braces are given where a problem is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """`title` heads a group of a report, `sentence` is its pattern."""

    title: str
    sentence: str
    note: bool = False


KINDS: dict[str, Kind] = {
    # the file
    "encrypted": Kind("文件有密码", "没有检查：{reason}"),
    "not_a_workbook": Kind("不是工作簿", "没有检查：{reason}"),
    "unsafe": Kind("文件不安全", "没有检查：{reason}"),
    "unsupported": Kind("文件种类不支持", "没有检查：{reason}"),
    "unreadable": Kind("文件读不了", "没有检查：{reason}"),
    "unknown_workbook": Kind("不是本工具的模板", "没有认出模板，没有检查；有模板的是：{allowed}"),
    "merged_workbook": Kind(
        "是汇总，不是填报的表", "没有检查：这是 qdcalc merge 写出的汇总，里面的数已在各单位的表里；请移出上报的文件夹"
    ),
    "unknown_template": Kind("没有这个模板", "模板标记是“{found}”，没有这个模板，没有检查；有模板的是：{allowed}"),
    "older_version": Kind(
        "模板是旧版", "文件用的是 {found} 版模板，现在是 {allowed} 版；公式没有核对，请改用新版模板填报"
    ),
    "newer_version": Kind(
        "模板是新版", "文件用的是 {found} 版模板，本程序只知道 {allowed} 版；公式没有核对，请更新 qdcalc"
    ),
    "open_elsewhere": Kind(
        "文件正在打开", "文件正在 Excel 或 WPS 中打开（有 {found}），没有存盘的改动不在检查之内", True
    ),
    "no_stamp": Kind("没有模板标记", "没有模板标记，按表头认出是“{found}”", True),
    # sheets
    "missing_sheet": Kind("缺工作表", "缺少工作表“{allowed}”"),
    "renamed_sheet": Kind("工作表改了名", "工作表“{allowed}”改名为“{found}”，照常检查", True),
    "copied_sheet": Kind("复制的工作表", "“{found}”是工作表“{allowed}”的又一份，照常检查", True),
    "extra_sheet": Kind("多出的工作表", "工作表“{found}”不是模板里的，没有检查", True),
    "lost_headings": Kind("认不出表头", "工作表“{found}”的表头不是模板的表头，没有检查"),
    "external_link": Kind("引用别的工作簿", "公式引用了别的工作簿（如“{found}”），数据要随那个文件走", True),
    "missing_column": Kind("缺列", "缺少“{allowed}”列"),
    "inserted_column": Kind("多出的列", "多出一列“{found}”，模板里没有"),
    "moved_columns": Kind("列的次序变了", "各列的次序与模板不同，已按表头对应；公式没有核对"),
    "changed_heading": Kind("表头被改", "表头“{allowed}”被改成“{found}”"),
    "moved_rows": Kind("表格上下移动", "表头在第{found}行，模板在第{allowed}行，已按实际位置检查", True),
    # what people fill in
    "nothing_filled": Kind("没有填报", "还没有填任何一行"),
    "blank": Kind("必填的空着", "{title}：未填写{hint}"),
    "text_number": Kind("数字存成文本", "{title}：“{found}”是以文本形式存储的数字，请把单元格改为数值"),
    "not_a_number": Kind("不是数值", "{title}：“{found}”不是数值，应填 {allowed}"),
    "negative": Kind("负数", "{title}：{found} 是负数，应填 {allowed}"),
    "out_of_range": Kind("超出范围", "{title}：{found} 超出范围，应填 {allowed}"),
    "decimals": Kind("小数位数过多", "{title}：{found} 的小数位数过多，应填 {allowed}"),
    "not_a_choice": Kind("不在可选范围内", "{title}：“{found}”不在可选范围内{hint}，可选：{allowed}"),
    "alias": Kind("没有写标准名称", "{title}：“{found}”应写“{allowed}”，否则汇总时对不上"),
    "not_a_date": Kind("不是日期", "{title}：“{found}”不是有效日期，应填{allowed}"),
    "error_typed": Kind("填报格是错误值", "{title}：单元格是错误值 {found}，请改正"),
    "duplicate": Kind("重复", "{title}：“{found}”与{hint}重复"),
    "orphan_row": Kind("空行上填了内容", "{title}：填了“{found}”，但“{hint}”表的这一行空着"),
    "below_formulas": Kind(
        "没有公式的行", "第{found}行起没有公式，这些行没有算；请把上面的公式往下填充，或改用行数多的模板"
    ),
    "merged_cells": Kind("合并单元格", "合并了 {found}，只有第一格有内容，其余各行都是空的；请取消合并，逐行填写"),
    "changed_given": Kind("改了固定内容", "{title}：改成了“{found}”，模板里是“{allowed}”"),
    "blank_rows": Kind("中间有空行", "第{found}行空着，前后都有内容", True),
    "pasted_validation": Kind(
        "粘贴冲掉了填写限制", "{title}：填写限制（下拉选项、数值范围）被粘贴的内容冲掉了，共{count}格"
    ),
    # formulas
    "overwritten_formula": Kind("公式被覆盖", "{title}：公式被“{found}”覆盖{count}，应为 ={allowed}"),
    "changed_formula": Kind("公式被改动", "{title}：公式是 ={found}{count}，应为 ={allowed}"),
    "missing_formula": Kind("缺公式", "{title}：没有公式{count}，应为 ={allowed}"),
    "changed_figure": Kind("改了依据", "{title}：依据表里是 {found}，文件规定为 {allowed}"),
    # results
    "not_recalculated": Kind("没有重算", "没有重算，结果没有核对：{reason}", True),
    "stale": Kind("未重算", "{title}：文件里存的是 {found}，重算得 {allowed}{count}；请重算后再报"),
    "never_calculated": Kind(
        "都没有结果", "文件里的公式都没有结果（没有算就存了，或存盘的程序不会算），共{count}格；请重算后再报"
    ),
    "without_addin": Kind(
        "没有装加载项",
        "是在没有装加载项的电脑上存的，政策函数的结果都是 #NAME?，连同引用它们的公式共{count}格要重算；请重算后再报",
    ),
    "not_right": Kind("没有通过核对", "{reason}"),
    "inconsistent": Kind("前后不一致", "{reason}"),
    "error_result": Kind("结果是错误值", "{title}：结果是错误值 {found}{count}"),
    "failed_check": Kind("检查表没有通过", "{reason}"),
}


@dataclass(frozen=True)
class Problem:
    """One finding. `cell` is a cell ("D12"), cells ("D12:F14"), or "" for a whole sheet or file.

    found     what is there, as people see it
    allowed   what should be there
    row       the row of `cell` in its sheet, 0 for none: what a report is sorted by
    """

    path: Path
    kind: str
    sheet: str
    cell: str
    found: str
    allowed: str
    sentence: str
    row: int = 0
    column: int = 0

    @property
    def is_note(self) -> bool:
        return KINDS[self.kind].note

    @property
    def title(self) -> str:
        return KINDS[self.kind].title

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{place}　{self.sentence}" if place else self.sentence

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "kind": self.kind, "title": self.title, "note": self.is_note, "sheet": self.sheet, "cell": self.cell,
            "found": self.found, "allowed": self.allowed, "sentence": self.sentence,
        }  # fmt: skip


class Problems:
    """Collects the problems of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: list[Problem] = []

    def add(
        self, kind: str, sheet: str = "", cell: str = "", *, found: str = "", allowed: str = "", at: tuple[int, int] = (0, 0),
        **words: object,
    ) -> Problem:  # fmt: skip
        words = {"title": "", "hint": "", "count": "", **words}
        sentence = KINDS[kind].sentence.format(found=_cut(found), allowed=_cut(allowed), **words)
        problem = Problem(self.path, kind, sheet, cell, found, allowed, sentence, *at)
        self.found.append(problem)
        return problem


def _cut(text: str, length: int = 160) -> str:
    """A formula can be 900 characters long: a sentence shows its beginning."""
    return text if len(text) <= length else text[: length - 1] + "…"
