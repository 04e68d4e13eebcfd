"""LibreOffice as a program: a workbook in, the same workbook with all formulas worked out again.

Each call has a profile of its own, no network where the system can take it away (`unshare -rn`), a limit of time, and is
ended with all that it started, also when the process that asked is killed (not on Windows: there it goes on to its own
end). What is handed to it is written by officefile.py: no macros, no links, no pictures.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from qdcalc.errors import QdcalcError

FIRST, OFFICE, BOTH = "formualizer", "libreoffice", "both"
ENGINES = (FIRST, OFFICE, BOTH)
"""What a recalculation may be asked for: the own engine, LibreOffice's values, or both compared."""
SECONDS = 150.0
"""one workbook; 100,000 formulas take under 10 s on an idle machine"""
FILTER = "xlsx:Calc MS Excel 2007 XML"
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "/org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": "0"},  # always
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "2"},  # never
    "/org.openoffice.Office.Common/Security/Scripting": {"MacroSecurityLevel": "3", "DisableMacrosExecution": "true"},
}
_GUARD = 'exec 3<&0; (read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-'


class OfficeError(QdcalcError):
    """LibreOffice is not there, or did not do it. The sentence says why."""


def find_office() -> str | None:
    """LibreOffice's program, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def calculated(file: Path, folder: Path, seconds: float = SECONDS) -> Path:
    """`file` as LibreOffice saves it after working out every formula; all it needs lies in `folder`. Raises OfficeError."""
    program = find_office()
    if program is None:
        raise OfficeError("没有找到 LibreOffice（soffice）")
    _profile(folder / "profile")
    out = folder / "office"
    command = [
        *_without_network(), program, f"-env:UserInstallation={(folder / 'profile').absolute().as_uri()}", "--headless",
        "--norestore", "--nologo", "--nolockcheck", "--convert-to", FILTER, "--outdir", str(out), str(file),
    ]  # fmt: skip
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    words = _run(command, environment, seconds)
    target = out / f"{file.stem}.xlsx"
    if not target.exists():
        raise OfficeError(f"LibreOffice 没有写出结果{f'：{words[-200:]}' if words else ''}")
    return target


def _profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    target = folder / "user" / "registrymodifications.xcu"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n{items}</oor:items>\n',
        encoding="utf-8",
    )


def _run(command: list[str], environment: dict[str, str], seconds: float) -> str:
    """What it said. It and all that it started are gone afterwards, whatever happens here."""
    guarded, held = os.pipe()  # the other end closes when this process ends, however it does
    try:
        process = subprocess.Popen(
            [*_guard(), *command], stdin=guarded, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
            start_new_session=True,
        )  # fmt: skip
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(guarded)
    try:
        words, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise OfficeError(f"LibreOffice 超过 {seconds:.0f} 秒没有算完") from error
    finally:
        _end(process)
        os.close(held)
    return words.decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:  # not run here
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.communicate()


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The command that takes the network away, () where this system or user may not."""
    tool = shutil.which("unshare")
    if tool is None:
        return ()
    try:
        tried = subprocess.run([tool, "-rn", "true"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return (tool, "-rn") if tried.returncode == 0 else ()


def _guard() -> tuple[str, ...]:
    """A second process in the group of the command, which kills the group when the pipe on its input closes."""
    return ("/bin/sh", "-c", _GUARD, "sh") if os.name == "posix" else ()
