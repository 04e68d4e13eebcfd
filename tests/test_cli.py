"""The command line: results on stdout, sentences on stderr, exit codes, and never a traceback or a word of English."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from qdcalc import cli
from qdcalc.errors import FileError, PolicyError

ROAD = ("call", "QD_ROAD_SUBSIDY", "大修", "6", "平度市", "10", "0", "15000000")
HEAVY = (
    "polars",
    "pydantic",
    "openpyxl",
    "formualizer",
    "rich",
    "xlwings",
    "xlsxwriter",
    "msoffcrypto",
    "cryptography",
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: str) -> Ran:
        code = cli.main(words)
        return Ran(code, *capsys.readouterr())

    return running


# ---------------------------------------------------------------- call


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (ROAD, "7500000.00"),
        (("call", "QD_TALENT_RATE", "200000"), "0.08"),
        (("call", "qd_talent_subsidy", "499,999.99"), "40000.00"),
        (("call", "QD_TALENT_SUBSIDY", "６５００００"), "65000.00"),
        (("call", "QD_POLICY_IN_FORCE", "road", "2018年8月21日"), "TRUE"),
        (("call", "QD_POLICY_IN_FORCE", "road", "20180820"), "FALSE"),
        (("call", "QD_POLICY_INFO", "road", "issued"), "2018-08-21"),
        (("call", "QD_STAR_TRAINING", "6.99"), "未达标"),
        (("call", "QD_FISCAL_SPLIT", "100", "60%"), "60.00"),
        (("call", "QD_ALLOCATE", "1|2|3", "2018-01-01|2018-01-03|2018-01-02", "3.5"), "1.00\n0.00\n2.50"),
        (("call", "QD_ROAD_LAND_CHECK", "-5", "0"), "不考核"),
        (("call", "QD_NOTICE", "QD_TALENT_SUBSIDY", "650000"), ""),
        (("call", "QD_TALENT_SUBSIDY", "3000000", "--figure", "cap=250000"), "250000.00"),
        (("call", "QD_TALENT_SUBSIDY", "1650000", "--口径", "method=超额累进"), "168000.00"),
        (("call", "--reading", "A-D2-1=超额累进", "QD_TALENT_SUBSIDY", "1650000"), "168000.00"),
        (("call", "QD_TALENT_RATE", "200000", "--figure", 'tiers=[{from=0,value=0.5}]'), "0.5"),
        (("call", "QD_TALENT_SUBSIDY", "--on", "2019.1.1", "650000"), "65000.00"),
        (("call", "QD_ROAD_CEILING", "大修", "平度", "100", "--figure", "ceilings[平度、莱西]=60%"), "60.00"),
    ],
)  # fmt: skip
def test_a_result_is_plain_text_and_nothing_else(run: Run, words: tuple[str, ...], printed: str) -> None:
    assert run(*words) == Ran(0, f"{printed}\n", "")


def test_a_notice_goes_beside_the_result(run: Run) -> None:
    ran = run("call", "QD_ROAD_SUBSIDY", "大修", "6", "黄岛区", "10", "0", "15000000")
    assert ran == Ran(0, "0.00\n", "提示：市级财政补助资金不含青岛西海岸新区\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("call", "QD_TALENT_SUBSIDY", "-5"), "劳动报酬（元）：-5 是负数，应不小于 0"),
        (("call", "QD_TALENT_SUBSIDY", "-1,000.5"), "劳动报酬（元）：-1000.5 是负数，应不小于 0"),
        (("call", "QD_TALENT_SUBSIDY", "-.5"), "-0.5 是负数"),
        (("call", "QD_TALENT_SUBSIDY", "abc"), "“abc”不是数值"),
        (("call", "QD_TALENT_SUBSIDY"), "劳动报酬（元）：未填写"),
        (("call", "QD_TALENT_SUBSIDY", "1", "2018-08-15"), "不在政策有效期内"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--on", "昨天"), "“昨天”不是有效日期"),
        (("explain", "QD_TALENT_SUBSIDY", "-5"), "劳动报酬（元）：-5 是负数，应不小于 0"),
        (("call", "QD_TALENT_SUBSIDY", "1", "", "3"), "参数过多"),
    ],
)
def test_no_answer_is_one_sentence_and_exit_1(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "用法：qdcalc 命令"),
        (("cal",), "没有命令“cal”，可用的有：call、explain"),
        (("call",), "缺少：函数\n用法：qdcalc call 函数"),
        (("call", "QD_NIX"), "没有函数“QD_NIX”"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--nix"), "多余或不认识的参数：--nix"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--on"), "--on 后面应有一个值"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--json=1"), "--json 后面不能带值“1”"),
        (("call", "QD_TALENT_SUBSIDY", "1", "2019-01-01", "--on", "2019-01-01"), "事项日期给了两次"),
        (("call", "QD_POLICY_IN_FORCE", "road", "2019-01-01", "--on", "2019-01-01"), "没有事项日期，不能用 --on"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--口径", "method"), "--口径 应写成 键=值"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--口径", "method=x"), "可选：全额、超额累进"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--口径", "nix=全额"), "没有口径“nix”，可用的有：method（补助比例的算法）"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--figure", "cap=多"), "试算数值“cap”：应为数值"),
        (("call", "QD_TALENT_SUBSIDY", "1", "--figure", "cap=1", "--figure", "cap=2"), "cap 给了两次"),
        (("functions", "--policy", "nix"), "没有政策“nix”，可用"),
        (("functions", "--policy", "17号"), "“17号”对应 2 项政策"),
        (("policies", "more"), "多余或不认识的参数：more"),
        (("new", "road", "--rows", "many"), "--rows：“many”应为整数"),
        (("new", "road", "--rows", "0"), "--rows 0 应在 1 至 100000 之间"),
        (("new", "road", "-o", "a.xls"), "应为 .xlsx"),
        (("addin", "build", "numbers"), "应为：excel"),
        (("addin", "remove", "excel"), "应为 build 或 install"),
    ],
)
def test_wrong_use_is_told_in_chinese_and_exit_2(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not re.search(r"usage|error|argument|required|invalid|expected|Traceback", ran.err)


def test_json_of_a_result_and_of_an_error(run: Run) -> None:
    found = json.loads(run("call", "QD_TALENT_SUBSIDY", "100000", "--json").out)
    assert (found["value"], found["unit"], found["error"]) == ("0.00", "元", None)
    assert found["notices"] == ["劳动报酬低于补助起点，条文未规定补助，按 0 计"]
    assert found["citation"].startswith("《青岛市金融高端人才评选管理办法》")
    ran = run("call", "QD_TALENT_SUBSIDY", "--json", "-1")
    assert json.loads(ran.out)["error"] == {
        "cell": "#VALUE!",
        "sentence": "劳动报酬（元）：-1 是负数，应不小于 0",
        "argument": "劳动报酬（元）",
    }
    assert (ran.code, ran.err) == (1, "劳动报酬（元）：-1 是负数，应不小于 0\n")
    assert json.loads(run("call", "QD_POLICY_IN_FORCE", "road", "2019-1-1", "--json").out)["value"] is True


def test_explain(run: Run) -> None:
    ran = run("explain", *ROAD[1:])
    assert ran.code == 0
    for said in ("附件1 四（一）1", "90 万元/公里", "50%", "取低：上限额", "结果：7,500,000.00 元"):
        assert said in ran.out
    told = json.loads(run("explain", *ROAD[1:], "--json").out)
    assert (told["value"], told["day"]) == ("7500000.00", "2018-08-21")
    assert any("取低：上限额" in step for step in told["steps"])


# ---------------------------------------------------------------- what there is


def test_functions_and_policies_as_tables_and_as_json(run: Run) -> None:
    table = run("functions", "--policy", "D5").out.splitlines()
    assert table[0].split() == ["函数", "名称", "条款", "政策", "可用于"]
    names = [line.split()[0] for line in table[1:]]
    assert "QD_ROAD_SUBSIDY" in names
    assert all(name.startswith("QD_ROAD_") for name in names)
    facts = json.loads(run("functions", "QD_ROAD_SUBSIDY", "--json").out)[0]
    assert [item["name"] for item in facts["parameters"]][:3] == ["work", "width", "district"]
    assert facts["parameters"][0]["choices"] == ["路网提档升级", "自然村庄通达", "大修", "中修", "预防养护"]
    assert {item["id"]: item["default"] for item in facts["readings"]}["west_coast"] == "不享受"
    assert len(json.loads(run("functions", "--json").out)) > len(names)
    told = run("functions", "QD_ROAD_SUBSIDY").out
    assert "poor_km" in told
    assert "薄弱村里程（公里）" in told
    assert "不享受 / 享受" in told
    rows = [line.split() for line in run("policies").out.splitlines()]
    assert [
        "talent",
        "D2",
        "青岛市金融高端人才评选管理办法",
        "青政办发〔2018〕17号",
        "2018-08-16",
        "2020-12-31",
    ] in rows
    road = next(item for item in json.loads(run("policies", "--json").out) if item["id"] == "road")
    assert (road["issued"], road["valid_to"]) == ("2018-08-21", None)
    assert any(gap["id"] == "D5-08" for gap in road["gaps"])
    assert "QD_ROAD_BRIDGE" in road["provisions"]["D5-04"]


def test_help_is_chinese_for_every_command(run: Run) -> None:
    overview = run("--help")
    assert overview.code == 0
    for name in cli.COMMANDS:
        assert f"  {name} " in overview.out
        ran = run(name, "-h")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"用法：qdcalc {name}")
        assert "-h、--help" in ran.out
        assert not re.search(r"usage|positional|options:|show this", ran.out)
    assert re.fullmatch(r"qdcalc \d+\.\d+\.\d+\n", run("--version").out)


# ---------------------------------------------------------------- whatever goes wrong


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "已停止"),
        (MemoryError(), 1, "内存不足，请分批处理或换内存较大的机器"),
        (FileError(Path("a.xlsx"), "需要密码"), 1, "a.xlsx：需要密码"),
        (FileError(Path("a.xlsx"), "“a.xlsx”需要密码"), 1, "“a.xlsx”需要密码"),
        (PermissionError(13, "denied", "b.csv"), 1, "文件“b.csv”不能读写：没有权限，或文件正在别的程序中打开"),
        (OSError(28, "full"), 1, "文件不能读写：磁盘空间不足"),
        (OSError(5, "I/O"), 1, "文件不能读写：系统错误 5（I/O）"),
        (PolicyError("x.toml", "cap", "应为数值"), 1, "x.toml：cap：应为数值"),
        (ValueError("nix"), 1, "程序内部错误，请反馈：ValueError: nix（cli.py:"),
    ],
)
def test_every_error_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def failing(words: object) -> int:
        raise error

    monkeypatch.setitem(cli.COMMANDS, "call", cli.Command("", failing))
    ran = run("call")
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(said)


def test_a_codepage_pipe_gets_utf8_and_never_an_encoding_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="ascii"))
    assert cli.main(["call", "QD_CITE", "QD_ROAD_RATE"]) == 0
    assert "青政办发〔2018〕19号" in pipe.getvalue().decode("utf-8")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = "import sys; from qdcalc.cli import main; sys.exit(main(['functions', '--json']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_call_loads_nothing_heavy() -> None:
    code = (
        "import sys; from qdcalc.cli import main\n"
        f"assert main({list(ROAD)!r}) == 0\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "7500000.00\n[]\n"


# ---------------------------------------------------------------- new, addin


def test_new_never_overwrites_what_may_be_filled_in(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "填报.xlsx"
    target.write_bytes(b"filled")
    ran = run("new", "road", "-o", str(target))
    assert ran.code == 2
    assert "已经存在，可能已填了数据" in ran.err
    assert target.read_bytes() == b"filled"


def test_new_writes_a_workbook_or_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("new", "D2", "--plain", "--rows", "3")
    assert ran == Ran(0, "已生成 青岛市金融高端人才评选管理办法（普通公式）.xlsx\n", "")
    target = tmp_path / "青岛市金融高端人才评选管理办法（普通公式）.xlsx"
    with zipfile.ZipFile(target) as book:  # every formula has a value before anyone opens it
        sheets = "".join(book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name)
    formulas = re.findall(r"<c [^>]*>\s*<f[ >].*?</c>", sheets, re.DOTALL)
    assert len(formulas) > 20
    assert not [cell for cell in formulas if "<v></v>" in cell and 't="str"' not in cell]
    target.write_bytes(b"filled")
    from qdcalc.workbook import build

    def failing(policy: str, path: Path, **options: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "full")

    monkeypatch.setattr(build, "build", failing)
    assert run("new", "D2", "--plain", "--force").code == 1
    assert target.read_bytes() == b"filled"
    assert list(tmp_path.iterdir()) == [target]
    assert "文件夹“nix”不存在" in run("new", "D2", "-o", "nix/a.xlsx").err


def test_addin_builds_through_the_host(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from qdcalc.hosts import excel

    monkeypatch.setattr(excel, "write", lambda: Path("udfs/excel.py"))
    monkeypatch.setattr(excel, "install", lambda: 7)
    assert run("addin", "build", "excel") == Ran(0, "已写入 udfs/excel.py\n", "")
    assert run("addin", "install", "excel").code == 7
