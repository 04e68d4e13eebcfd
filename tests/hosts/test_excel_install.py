"""Merging xlwings.conf, and what is said where Excel cannot be set up. The Windows part itself is not run here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qdcalc.errors import FileError
from qdcalc.hosts import excel_install
from qdcalc.hosts.excel_install import configure, merged, settings

WANTED = {"INTERPRETER_WIN": r"C:\Python311\python.exe", "UDF MODULES": "udfs.excel"}


def test_a_new_file_has_what_is_wanted_one_pair_a_line(tmp_path: Path) -> None:
    file = tmp_path / ".xlwings" / "xlwings.conf"
    told = configure(file, WANTED, "cp936")
    expected = '"INTERPRETER_WIN","C:\\Python311\\python.exe"\r\n"UDF MODULES","udfs.excel"\r\n'
    assert file.read_bytes() == expected.encode()
    assert [item.name for item in file.parent.iterdir()] == ["xlwings.conf"]
    assert told[0] == f"已写入设置：{file}"
    assert "  UDF MODULES = udfs.excel" in told


def test_other_settings_stay_lists_grow_and_the_old_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "xlwings.conf"
    old = (
        '"LICENSE_KEY","abc"\r\n"Interpreter_Win","C:\\旧\\python.exe"\r\n\r\n'
        '"UDF MODULES","我的;other"\r\n"SHOW CONSOLE","True"\r\nodd line\r\n'
    ).encode("cp936")
    file.write_bytes(old)
    told = configure(file, WANTED, "cp936")
    assert file.read_bytes().decode("cp936").split("\r\n") == [
        '"LICENSE_KEY","abc"',
        '"INTERPRETER_WIN","C:\\Python311\\python.exe"',
        '"UDF MODULES","我的;other;udfs.excel"',
        '"SHOW CONSOLE","True"',
        "odd line",
        "",
    ]
    assert (tmp_path / "xlwings.conf.bak").read_bytes() == old
    assert any("原为 C:\\旧\\python.exe" in line for line in told)
    assert any(line.endswith("xlwings.conf.bak") for line in told)


def test_a_second_time_nothing_is_written_and_no_backup_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "xlwings.conf"
    file.write_text('"UDF MODULES","mine"\n', encoding="cp936")
    configure(file, WANTED, "cp936")
    first = (tmp_path / "xlwings.conf.bak").read_bytes()
    before = file.stat().st_mtime_ns
    assert configure(file, WANTED, "cp936") == [f"设置已齐全，没有改动：{file}"]
    assert file.stat().st_mtime_ns == before
    configure(file, WANTED | {"INTERPRETER_WIN": r"D:\python.exe"}, "cp936")
    assert (tmp_path / "xlwings.conf.bak").read_bytes() == first
    assert (tmp_path / "xlwings.conf.bak2").exists()


def test_bytes_of_another_encoding_go_through_unharmed(tmp_path: Path) -> None:
    file = tmp_path / "xlwings.conf"
    file.write_bytes('"ONEDRIVE","C:\\Users\\é张"\n'.encode())  # UTF-8, not the code page
    configure(file, WANTED, "ascii")
    assert file.read_bytes().startswith('"ONEDRIVE","C:\\Users\\é张"\r\n'.encode())


def test_a_path_that_the_code_page_does_not_have_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "xlwings.conf"
    file.write_text('"UDF MODULES","mine"\n', encoding="ascii")
    with pytest.raises(FileError, match=r"“张三”不在系统编码 cp1252 中"):
        configure(file, {"INTERPRETER_WIN": r"C:\张三\python.exe"}, "cp1252")
    assert file.read_text(encoding="ascii") == '"UDF MODULES","mine"\n'
    assert [item.name for item in tmp_path.iterdir()] == ["xlwings.conf"]


def test_a_debug_setting_that_would_stop_the_functions_is_told() -> None:
    text, changes = merged('"DEBUG UDFS","True"\n', WANTED)
    assert '"DEBUG UDFS","True"' in text
    assert any("DEBUG UDFS 为 True" in change for change in changes)
    assert not any("DEBUG UDFS" in change for change in merged('"DEBUG UDFS","False"\n', WANTED)[1])


def test_this_python_is_the_interpreter_or_the_conda_environment_is() -> None:
    assert settings({})["INTERPRETER_WIN"] == sys.executable
    conda = settings({"CONDA_EXE": "/apps/conda/Scripts/conda.exe", "CONDA_DEFAULT_ENV": "青岛"})
    assert conda["INTERPRETER_WIN"] == "pythonw"
    assert Path(conda["CONDA PATH"]) == Path("/apps/conda")
    assert conda["CONDA ENV"] == "青岛"


def test_elsewhere_than_on_windows_it_says_what_works_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("linux", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        told: list[str] = []
        assert excel_install.install(told.append) == 2
        assert "不是 Windows" in told[0]
        assert "--plain" in told[0]
        assert "qdcalc recalc" in told[0]


@pytest.mark.parametrize(("absent", "sentence"), [("xlwings", "没有安装 xlwings"), ("win32com", "没有安装 pywin32")])
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, absent: str, sentence: str) -> None:
    monkeypatch.setattr(excel_install, "_has", lambda module: module != absent)
    told: list[str] = []
    assert excel_install._install_on_windows(told.append) == 1
    assert sentence in told[0]


def test_settings_are_left_alone_where_the_add_in_was_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_install, "_has", lambda module: True)
    monkeypatch.setattr(excel_install, "_add_in", lambda: (False, "com_error: Excel"))
    monkeypatch.setattr(excel_install, "configure", lambda *_: pytest.fail("settings were written"))
    told: list[str] = []
    assert excel_install._install_on_windows(told.append) == 1
    assert "没有改动设置" in told[0]
    assert told[1] == "com_error: Excel"


def test_all_steps_in_order_leave_a_workbook_and_say_what_to_do_in_excel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(excel_install, "_has", lambda module: True)
    monkeypatch.setattr(excel_install, "_add_in", lambda: (True, ""))
    monkeypatch.setattr(excel_install, "_config_file", lambda: tmp_path / "xlwings.conf")
    monkeypatch.setattr(excel_install.Path, "home", lambda: tmp_path)
    for _ in range(2):  # again: nothing is lost
        told: list[str] = []
        assert excel_install._install_on_windows(told.append) == 0
        assert (tmp_path / "Documents" / "qdcalc.xlsm").stat().st_size > 10_000
        (tmp_path / "Documents" / "qdcalc.xlsm").write_bytes(b"x" * 20_000)
    assert (tmp_path / "Documents" / "qdcalc.xlsm").read_bytes() == b"x" * 20_000
    text = "\n".join(told)
    for word in ("信任中心", "信任对 VBA 工程对象模型的访问", "Import Functions", "=QD_TALENT_SUBSIDY(650000)"):
        assert word in text


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    monkeypatch.setattr(excel_install, "_has", lambda module: True)
    monkeypatch.setattr(excel_install, "_add_in", lambda: (True, ""))
    monkeypatch.setattr(excel_install, "_config_file", lambda: tmp_path / "file" / "xlwings.conf")
    told: list[str] = []
    assert excel_install._install_on_windows(told.append) == 1
    assert told[-1].startswith("文件无法写入：")
