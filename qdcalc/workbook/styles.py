"""Colours, fonts and number formats: one look for every workbook. Colour says input, calculation or check."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INPUT, COMPUTED, CHECK = "#FFF8E1", "#F3F5F8", "#EDF5EA"
HEAD, BAND, TOTAL = "#DCE6F2", "#B9CDE5", "#E4ECF7"
INK, LINE, DARK = "#262626", "#A6A6A6", "#1F3864"
GOOD, GOOD_INK, BAD, BAD_INK, HINT, HINT_INK = "#E2F0D9", "#2E6B1F", "#FBE0DD", "#B3261E", "#FFF0CC", "#8A5A00"
TAB_COLOURS = {
    "input": "#F2B807",
    "computed": "#5B7FB5",
    "check": "#6AA84F",
    "basis": "#8C8C8C",
    "working": "#BFBFBF",
    "guide": "#1F3864",
}
BODY_FONT, HEAD_FONT = "宋体", "黑体"

NUMBER_FORMATS = {
    "元": "#,##0.00", "元/公里": "#,##0.00", "元/月": "#,##0.00", "元/个": "#,##0.00", "万元": "#,##0.00",
    "公里": "#,##0.000", "米": "0.00", "厘米": "0.00", "吨": "#,##0.00", "比例": "0%", "百分比": "0.0%", "百分率": "0.00%", "倍": "0.0###", "天": "0.0", "年份": "0", "时刻": "h:mm",
    "亿元": "#,##0.0000", "公里、座或个": "#,##0.###", "万元/公里": "#,##0.00", "万吨标准煤": "#,##0.0000",
    "吨标准煤/万元": "#,##0.0000", "细比例": "0.000%", "指标值": "[=0]0;[<1]0.00%;#,##0.00",
}  # fmt: skip
DATE_FORMAT = "yyyy-mm-dd"


def number_format(unit: str) -> str:
    """With a blank of a bracket's width behind, so that figures do not stick to the line."""
    return NUMBER_FORMATS.get(unit, "#,##0") + "_)"


class Styles:
    """Formats by what they are for; each combination is made once, so that files stay small and bytes the same."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def make(self, **facts: Any) -> Format:
        key = tuple(sorted(facts.items()))
        if key not in self._made:
            base = {"font_name": BODY_FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**base, **facts})
        return self._made[key]

    def framed(self, **facts: Any) -> Format:
        return self.make(border=1, border_color=LINE, **facts)

    @property
    def title(self) -> Format:
        return self.make(font_name=HEAD_FONT, font_size=18, font_color=DARK, align="center")

    @property
    def wide_title(self) -> Format:
        """For a table that is printed much smaller than it is."""
        return self.make(font_name=HEAD_FONT, font_size=24, font_color=DARK, align="center")

    @property
    def document(self) -> Format:
        return self.make(font_size=11, font_color="#595959", align="left", text_wrap=True)

    def status(self) -> Format:
        return self.framed(font_name=HEAD_FONT, font_size=12, align="center", bg_color=CHECK, shrink=True)

    @property
    def label(self) -> Format:
        return self.make(font_name=HEAD_FONT, align="right")

    @property
    def head(self) -> Format:
        return self.framed(font_name=HEAD_FONT, bg_color=HEAD, align="center", text_wrap=True)

    @property
    def band(self) -> Format:
        return self.framed(font_name=HEAD_FONT, bg_color=BAND, align="center", font_color=DARK)

    # Numbers shrink where they do not fit: better small than #####.
    def entry(self, unit: str = "", align: str = "left", date: bool = False) -> Format:
        """An unlocked input cell."""
        if unit:
            return self.framed(bg_color=INPUT, locked=False, num_format=number_format(unit), align="right", shrink=True)
        if date:
            return self.framed(bg_color=INPUT, locked=False, num_format=DATE_FORMAT, align="center")
        return self.framed(bg_color=INPUT, locked=False, align=align, text_wrap=align == "left")

    def computed(self, unit: str = "", align: str = "left") -> Format:
        if unit == "日期":
            return self.framed(bg_color=COMPUTED, num_format=DATE_FORMAT, align="center")
        if unit:
            return self.framed(bg_color=COMPUTED, num_format=number_format(unit), align="right", shrink=True)
        return self.framed(bg_color=COMPUTED, align=align, text_wrap=align == "left")

    def outcome(self, unit: str = "") -> Format:
        """A result above a table: a number at the left like the texts, so that it stands beside its label."""
        facts = {"num_format": number_format(unit)} if unit else {}
        return self.framed(bg_color=COMPUTED, align="left", text_wrap=True, **facts)

    def check(self, align: str = "left") -> Format:
        size = 9 if align == "left" else 11
        return self.framed(bg_color=CHECK, align=align, text_wrap=align == "left", font_size=size)

    def total(self, unit: str = "", align: str = "center") -> Format:
        facts: dict[str, Any] = {"font_name": HEAD_FONT, "bg_color": TOTAL, "bold": False}
        if unit:
            return self.framed(num_format=number_format(unit), align="right", shrink=True, **facts)
        return self.framed(align=align, shrink=True, **facts)

    def text(self, **facts: Any) -> Format:
        return self.make(text_wrap=True, **facts)

    def mood(self, name: str) -> Format:
        """The differential format of a condition: good, bad or hint."""
        fill, ink = {"good": (GOOD, GOOD_INK), "bad": (BAD, BAD_INK), "hint": (HINT, HINT_INK)}[name]
        key = (("mood", name),)
        if key not in self._made:
            self._made[key] = self._book.add_format({"bg_color": fill, "font_color": ink})
        return self._made[key]
