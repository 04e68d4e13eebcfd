"""What a recalculation says it did."""

from __future__ import annotations

from pathlib import Path

from qdcalc.recalc.report import BookReport, Disagreement, Failure, Skipped
from qdcalc.rules.arguments import ErrorValue


def test_a_report_as_text_and_as_json() -> None:
    report = BookReport(
        Path("甲.xlsx"), Path("乙.xlsx"), formulas=9, patched=3, changed=2, kept=6, seconds={"计算": 0.5}
    )
    for number in range(8):
        report.add(Failure("表", f"B{number}", "QD_X", "#N/A", "未填写", "第一条"))
    report.add(Skipped("表", "C1", "引擎没有函数 FOO", 5.0, True))
    report.add(Disagreement("表", "D1", 7.0, ErrorValue("#N/A")))
    text = str(report)
    assert text.startswith("甲.xlsx：重算 3 个单元格，其中 2 个有变化；另有 6 个公式保留原值（0.50 秒）")
    assert "出错的政策函数 8 个" in text
    assert text.count("未填写") == 5
    assert "其余 3 个" in text
    assert "表!C1 引擎没有函数 FOO；保留原值 5" in text
    assert "文件中为 7，引擎算得 #N/A" in text
    found = report.as_dict()
    assert found["failure_count"] == 8
    assert found["failures"][0]["sentence"] == "未填写"
    assert found["disagreements"] == [{"sheet": "表", "cell": "D1", "kept": 7.0, "engine": "#N/A"}]
    assert found["ok"] is True
    assert found["path"] == "甲.xlsx"
