"""填表说明: what the workbook is for, what the colours mean, how it is filled in, checked, printed and handed on."""

from __future__ import annotations

from math import ceil

from xlsxwriter import Workbook

from qdcalc.workbook import page
from qdcalc.workbook.plan import Plan, cell_width
from qdcalc.workbook.styles import CHECK, COMPUTED, INPUT, TAB_COLOURS, Styles

SHEET = "填表说明"
WIDTHS = (5.0, 17.0, 84.0)


def write_guide(book: Workbook, styles: Styles, plan: Plan, *, lists: bool) -> None:
    """`lists`: there is a sheet 选项."""
    sheet = book.add_worksheet(SHEET)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    template, policy = plan.template, plan.policy
    page.head(sheet, plan, styles, template.title, WIDTHS, status=False)
    head = styles.make(font_name="黑体", font_size=12, font_color="#1F3864")
    name, text = styles.framed(font_name="黑体", bg_color="#F2F2F2"), styles.framed(text_wrap=True)

    def section(row: int, title: str) -> int:
        sheet.set_row(row, 26)
        sheet.merge_range(row, 0, row, 2, title, head)
        return row + 1

    def line(row: int, label: str, words: str, style: object = None) -> int:
        sheet.merge_range(row, 0, row, 1, label, style or name)
        sheet.write_string(row, 2, words, text)
        sheet.set_row(row, 16 * ceil(cell_width(words) / WIDTHS[2]) + 6)
        return row + 1

    def numbered(row: int, number: int, words: str) -> int:
        sheet.write_number(row, 0, number, styles.framed(font_name="黑体", bg_color="#F2F2F2", align="center"))
        sheet.merge_range(row, 1, row, 2, words, text)
        sheet.set_row(row, 16 * ceil(cell_width(words) / (WIDTHS[1] + WIDTHS[2])) + 6)
        return row + 1

    row = section(2, "一、文件")
    row = line(row, "文件名称", f"《{policy.title}》")
    row = line(row, "文号", policy.number)
    dates = f"{policy.valid_from or policy.issued} 起" + (
        f"，至 {policy.valid_to} 止" if policy.valid_to else "，文中未写截止日"
    )
    row = line(row, "有效期", dates)
    row = line(row, "部门", "、".join(policy.departments))
    if policy.funding:
        row = line(row, "资金来源", policy.funding)
    row = section(row, "二、颜色")
    row = line(row, "浅黄", "填报格：由填表人填写，带下拉选项或范围检查；其余单元格已锁定（没有密码，审阅—撤销工作表保护即可解除）",
               styles.framed(bg_color=INPUT))  # fmt: skip
    row = line(row, "浅灰", "自动计算：由公式得出，不要改写", styles.framed(bg_color=COMPUTED))
    row = line(
        row, "浅绿", "核对：提示写明哪里不对、应怎样改；√ 表示该行无误，× 表示待改正", styles.framed(bg_color=CHECK)
    )
    row = section(row, "三、工作表")
    for sheet_ in template.sheets:
        row = line(row, sheet_.name, sheet_.title)
    for tab in (*template.summaries, *template.charts):
        row = line(row, tab.name, tab.title)
    row = line(row, page.CHECK_SHEET, "全部检查项目和总体结论；每张表右上角都显示这个结论")
    row = line(row, "依据", "条文中的每一个数值及其单位、条款")
    row = line(row, "口径", "采用的口径、条文不能计算须人工认定的事项、原文前后不一致处、所用函数")
    if lists:
        row = line(row, "选项", "填报时可以写的名称和别名")
    if plan.plain:
        row = line(row, "过程·…", "每一步计算，供核对")
    row = section(row, "四、怎样填")
    edition = _PLAIN.format(names=_LISTED if lists else "") if plan.plain else _WITH_FUNCTIONS
    for number, words in enumerate((*template.guide, *_GENERAL, edition), start=1):
        row = numbered(row, number, words)
    page.printing(sheet, plan, landscape=False, pages_high=1)
    sheet.set_tab_color(TAB_COLOURS["guide"])
    page.protect(sheet)


_GENERAL = (
    "从第一行起逐行填写，中间不要空行；粘贴时用“选择性粘贴—数值”，以免冲掉下拉选项。行数不够时不要往公式以外填，"
    "请用 qdcalc new 生成行数更多的表。",
    "打印：A4 横向已设好（列多的表是 A3 横向，没有 A3 纸时改选 A4，会自动缩小），打到最后一个已填的行，每页下方留有签字处。"
    "所用程序仍打印空行的，先点“核对”列的筛选箭头，去掉“空白”。",
    "全部无误后再上报；“合计”只计无误的行，有待改正的行时会写明“另有几行未计入”。",
)
_WITH_FUNCTIONS = (
    "本表用 QD_ 开头的函数计算，须安装 qdcalc 加载项，或在电脑上运行 qdcalc recalc 重新计算。没有安装时打开，"
    "能看到上次算好的结果；改动填报格后出现 #NAME? 属正常，运行 qdcalc recalc 即可，或改用无函数版。"
)
_PLAIN = (
    "本表只用普通公式，不需要安装任何加载项；条文中的数值在“依据”表，公式从那里取数，每一步计算在“过程·…”表。"
    "与函数版相比，本版不含：换一种口径再算、逐步说明和引用条款（QD_EXPLAIN、QD_CITE）；{names}提示的句子较短。"
    "金额与函数版相同，口径见“口径”表。"
)
_LISTED = "名称只认“选项”表所列的写法，用全角字母或其他繁体字写的不认，请从下拉中选；"
