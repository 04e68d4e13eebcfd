"""The extension's files without an office: readable for Python 3.8, complete, the same every time; writing and installing."""

from __future__ import annotations

import ast
import csv
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qdcalc.cli import main
from qdcalc.errors import UsageError
from qdcalc.hosts.libreoffice import bundle, install, source
from qdcalc.hosts.libreoffice.addin import calls, formulas
from qdcalc.policies import find, functions
from tests.policies.cases import cases, difference, files

OLD_LIBRARY = {
    "__future__", "bisect", "collections", "contextlib", "csv", "dataclasses", "datetime", "decimal", "difflib",
    "fractions", "functools", "importlib", "json", "math", "os", "pathlib", "re", "struct", "sys", "tempfile", "time", "traceback",
    "types", "typing", "unicodedata",
}  # fmt: skip
"""What the shipped modules may import: standard library of Python 3.8."""
NEW_METHODS = {"removesuffix", "removeprefix", "bit_count"}
NEW_NAMES = {("functools", "cache"), ("math", "lcm"), ("itertools", "pairwise"), ("datetime", "UTC")}


@pytest.fixture(scope="module")
def content() -> dict[str, bytes]:
    return bundle.files()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory, content: dict[str, bytes]) -> Path:
    folder = tmp_path_factory.mktemp("extension")
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_python_3_8_can_read_every_module(content: dict[str, bytes]) -> None:
    modules = [path for path in content if path.endswith(".py")]
    assert len(modules) > 20
    for path in modules:
        tree = ast.parse(content[path], path, feature_version=(3, 8))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
                assert not {(node.module, alias.name) for alias in node.names} & NEW_NAMES, path
            else:
                imported = []
                if isinstance(node, ast.Attribute):
                    assert node.attr not in NEW_METHODS, f"{path}:{node.lineno}"
                    owner = node.value.id if isinstance(node.value, ast.Name) else ""
                    assert (owner, node.attr) not in NEW_NAMES, f"{path}:{node.lineno}"
                if isinstance(node, ast.Call):
                    assert not {keyword.arg for keyword in node.keywords} & {"strict", "kw_only", "slots"}, path
            tops = {name.split(".")[0] for name in imported}
            assert tops <= OLD_LIBRARY | source.OFFICE | {bundle.PACKAGE}, f"{path}: {tops}"


def test_modules_take_annotations_as_words(content: dict[str, bytes]) -> None:
    """`int | None` in an annotation would be computed, and fail, without this."""
    for path, data in content.items():
        if path.startswith("pythonpath") and path.endswith(".py") and data:
            assert b"from __future__ import annotations" in data, path


RUNNER = """
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from qdcalc_addin.policies import find
from qdcalc_addin.hosts.libreoffice.addin import calls
def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, bool)) else str(value)
answers = []
for name, words in json.load(sys.stdin):
    answer = find(name).answer(words, from_text=True)
    error = answer.error
    answers.append([error.cell_error, error.sentence] if error else plain(answer.value))
assert calls.run("QD_TALENT_SUBSIDY", [650000.0]) == 65000.0
print(json.dumps(answers))
"""


def pythons() -> list[str]:
    """This Python, and the oldest one of this machine that the extension may meet."""
    old = [str(home) for home in sorted(Path.home().glob(".pyenv/versions/3.[89].*/bin/python"))]
    old += [name for name in map(shutil.which, ("python3.8", "python3.9", "python3.10")) if name]
    works = (one for one in old if subprocess.run([one, "-c", ""], capture_output=True).returncode == 0)
    return [sys.executable, *itertools.islice(works, 1)]


@pytest.mark.parametrize("python", pythons())
def test_shipped_modules_answer_every_case_as_the_registry_does(unpacked: Path, python: str) -> None:
    asked = [case for file in files() for case in cases(file) if not case.readings and not case.figures]
    given = json.dumps([[case.function, case.words] for case in asked]).encode()
    done = subprocess.run(
        [python, "-c", RUNNER, str(unpacked / "pythonpath")], input=given, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    answers = json.loads(done.stdout)
    for case, found in zip(asked, answers, strict=True):
        answer = find(case.function).answer(case.words, from_text=True)
        assert not difference(case.expected, answer, find(case.function).unit)
        if answer.error is not None:
            assert found == [answer.error.cell_error, answer.error.sentence], case
        else:
            assert found == plain(answer.value), case


def plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, bool)) else str(value)


def test_the_file_is_the_same_every_time_and_names_no_machine(content: dict[str, bytes]) -> None:
    again = bundle.files()
    assert bundle.pack(content) == bundle.pack(again)
    home = str(Path(source.HERE).parent).encode()
    assert not [path for path, data in content.items() if home in data]


def test_xml_is_well_formed_and_the_manifest_names_what_is_there(content: dict[str, bytes]) -> None:
    for path, data in content.items():
        if path.endswith((".xml", ".xcu")):
            ElementTree.fromstring(data)
    manifest = ElementTree.fromstring(content["META-INF/manifest.xml"])
    named = {value for entry in manifest for key, value in entry.attrib.items() if key.endswith("full-path")}
    assert named <= set(content)
    assert {"addin.py", "types/qdcalc.idl", "registry/CalcAddIns.xcu", "registry/Calc.xcu"} <= named


def test_data_is_shipped_without_a_mark_that_spreadsheets_need(content: dict[str, bytes]) -> None:
    tables = {path: data for path, data in content.items() if path.endswith(".csv")}
    assert len(tables) == 4
    for data in tables.values():
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
        assert len(rows) > 40


# ---------------------------------------------------------------------- taking definitions over


def taken(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(source, "HERE", tmp_path)
    selection = source.Selection({}, {}, "other")
    selection.want("qdcalc.one", "wanted")
    return dict(selection.files())["one.py"]


def test_only_what_is_reached_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = taken(
        "import csv\nimport re\nfrom typing import Annotated\nKind = Annotated[int, re.compile('x')]\nLEFT = 1\n"
        "FIRST, SECOND = 1, 2  # a remark\n"
        "def other() -> None:\n    csv.reader([])\n"
        "def wanted(LEFT: Kind) -> Kind:\n    return LEFT + SECOND\n",
        tmp_path,
        monkeypatch,
    )
    assert "FIRST, SECOND = 1, 2  # a remark" in text
    assert not [word for word in ("csv", "import re", "other", "Kind = ", "LEFT = 1") if word in text]


def test_what_is_new_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = taken(
        "import functools\n@functools.cache\ndef wanted(a, b):\n"
        '    丁 = "乙丙".removesuffix("丙").removeprefix("甲")\n'
        "    return [丁 for x, y in zip(a, b, strict=True) for _ in zip(a, b, strict=False)]\n",
        tmp_path,
        monkeypatch,
    )
    assert "@functools.lru_cache(maxsize=None)\n" in text
    assert 'without_prefix(without_suffix("乙丙", "丙"), "甲")' in text
    assert "strict_zip(a, b) for _ in zip(a, b)]" in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def wanted(a):\n    match a:\n        case 1: return 2\n", "match"),
        ("import polars\ndef wanted(a):\n    return polars.col(a)\n", "不是标准库"),
        ("def wanted(a):\n    return f\"{a.removesuffix('x')}\"\n", "f 字符串之前"),
        ("def wanted(a):\n    with (open(a) as b, open(a) as c):\n        return b\n", "Python 3.8 不能读"),
    ],
)
def test_what_cannot_be_replaced_is_refused(
    text: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=sentence):
        taken(text, tmp_path, monkeypatch)


def test_a_missing_definition_is_noticed() -> None:
    source.refuse_unknown("def one(a: Absent) -> Absent:\n    return a\n", "x.py")
    with pytest.raises(UsageError, match="缺少 absent"):
        source.refuse_unknown("def one(a):\n    return absent\n", "x.py")


# ---------------------------------------------------------------------- formulas

KNOWN = {"QD_A", "QD_B"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=qd_a(B5)", "=QD.A(B5:B5)"),
        ("=_xll.QD_A(B5;$C$6;1)", "=QD.A(B5:B5;$C$6:$C$6;1)"),
        ("=_xldudf_QD_A($'甲 乙'.B5)", "=QD.A($'甲 乙'.B5:B5)"),
        ("=_xludf.QD_A(Sheet1.B5)+B5", "=QD.A(Sheet1.B5:B5)+B5"),
        ("=[1]!QD_A(B5)", "=QD.A(B5:B5)"),
        ("=QD.A(QD_B(B5);IF(C1;C2;C3))", "=QD.A(QD.B(B5:B5);IF(C1;C2;C3))"),
        ("=SUM(B5;QD_A(B5:B9))", "=SUM(B5;QD.A(B5:B9))"),
        ('=QD_A("B5";"QD_A(B5)")', '=QD.A("B5";"QD_A(B5)")'),
        ("=QD_A((B5+1);B5)", "=QD.A((B5+1);B5:B5)"),
        ("=QD_A(报酬;pay;其他)", "=QD.A(报酬:报酬;(pay):(pay);其他)"),
        ("={1;2}+QD_A(B5)", "={1;2}+QD.A(B5:B5)"),
        ("=QD_C(B5)", "=QD_C(B5)"),
        ("=QD_A", "=QD_A"),
        ("=XQD_A(B5)", "=XQD_A(B5)"),
        ("=QD.A(B5:B5)", "=QD.A(B5:B5)"),
        ("=QD_A(;)", "=QD.A(;)"),
        ("=QD_A(B5", "=QD.A(B5:B5"),
    ],
)
def test_formulas_are_put_into_libreoffices_form(before: str, after: str) -> None:
    assert formulas.rewritten(before, KNOWN.__contains__, {"报酬", "pay"}.__contains__) == after
    assert formulas.rewritten(after, KNOWN.__contains__, {"报酬", "pay"}.__contains__) == after


# ---------------------------------------------------------------------- calls


def test_ranges_of_different_sizes_are_refused() -> None:
    column = ((1.0,), (2.0,))
    assert calls.run("QD_PICK_HIGHER", [column, 1.0]) == ((1.0,), (2.0,))
    found = calls.run("QD_PICK_HIGHER", [column, ((1.0, 2.0),)])
    assert isinstance(found, float)
    assert found != found  # an error is a number that is none


def test_a_whole_column_ends_with_its_last_row() -> None:
    column = tuple((float(row),) if row < 3 else ("",) for row in range(100_000))
    assert calls.run("QD_FIN_PRIZE_BEST", [column]) == 2.0
    spread = calls.run("QD_TALENT_SUBSIDY", [column])
    assert isinstance(spread, tuple)
    assert len(spread) == 3


def test_an_unknown_function_asked_about_is_an_error() -> None:
    found = calls.run("QD_NOTICE", ["QD_NONE", 1.0])
    assert found != found


# ---------------------------------------------------------------------- the log, writing, installing


def test_a_fault_while_loading_is_in_the_log(unpacked: Path, tmp_path: Path) -> None:
    """Here: a Python without LibreOffice. Inside, the log lies in the profile's user folder."""
    entry = tmp_path / "entry.py"
    entry.write_bytes((unpacked / "addin.py").read_bytes())
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(unpacked / 'pythonpath')!r})\n"
         f"exec(open({str(entry)!r}).read())"],
        env={**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "ModuleNotFoundError: No module named 'uno'" in (tmp_path / "qdcalc.log").read_text(encoding="utf-8")


def test_write_builds_a_whole_file(tmp_path: Path, content: dict[str, bytes]) -> None:
    target = install.write(tmp_path / "neu" / "qdcalc.oxt")
    with zipfile.ZipFile(target) as package:
        assert {name: package.read(name) for name in package.namelist()} == content
    assert [item.name for item in target.parent.iterdir()] == ["qdcalc.oxt"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building takes a second or two; installing is the same for any content."""
    monkeypatch.setattr(install, "files", lambda: {"description.xml": b"<description/>"})


def fake_unopkg(tmp_path: Path, code: int) -> Path:
    tool = tmp_path / "unopkg"
    tool.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\ncp "$3" {tmp_path}/got\necho 坏了\nexit {code}\n')
    tool.chmod(0o755)
    return tool


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for unopkg")
@pytest.mark.parametrize(("code", "told"), [(0, "已装入 LibreOffice"), (1, "unopkg 没有装上：坏了")])
def test_install_hands_the_file_to_unopkg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    monkeypatch.setattr(install, "find_unopkg", lambda: str(fake_unopkg(tmp_path, code)))
    monkeypatch.setattr(install, "_is_root", lambda: False)
    said: list[str] = []
    assert install.install(None, said.append) == code
    assert told in said[0]
    assert (tmp_path / "called").read_text().startswith("add --force ")
    assert zipfile.is_zipfile(tmp_path / "got")


@pytest.mark.usefixtures("small")
def test_the_command_builds_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "分发" / "函数.oxt"
    assert main(["addin", "build", "libreoffice", "-o", str(target)]) == 0
    assert zipfile.is_zipfile(target)
    assert capsys.readouterr().out == f"已写入 {target}\n"
    assert main(["addin", "build", "excel", "-o", str(target)]) == 2
    assert "不用 -o" in capsys.readouterr().err


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("tool", "root", "why"), [(None, False, "没有找到"), ("unopkg", True, "root")])
def test_install_says_how_to_do_it_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str | None, root: bool, why: str
) -> None:
    monkeypatch.setattr(install, "find_unopkg", lambda: tool)
    monkeypatch.setattr(install, "_is_root", lambda: root)
    said: list[str] = []
    assert install.install(tmp_path / "qdcalc.oxt", said.append) == 1
    assert why in said[0]
    assert "工具 → 扩展管理器" in said[0]
    assert zipfile.is_zipfile(tmp_path / "qdcalc.oxt")


def test_every_function_is_declared_with_its_arguments(content: dict[str, bytes]) -> None:
    text = content["types/qdcalc.idl"].decode()
    for name, function in functions().items():
        line = next(line for line in text.splitlines() if f" {name[3:]}(" in line)
        assert line.count("[in]") == len(function.parameters) + 1
