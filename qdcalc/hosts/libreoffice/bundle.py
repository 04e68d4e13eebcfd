"""qdcalc.oxt: the extension's files, written from the registry and from the project's own sources.

An extension of plain text: the interface as .idl (LibreOffice reads it without a compiler), names and help of the function
wizard in CalcAddIns.xcu, the recorded registry as JSON, the evaluator as the project's own modules in Python 3.8. The zip is
the same bytes every time.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from qdcalc import __version__
from qdcalc.errors import UsageError
from qdcalc.hosts.excel_arguments import argument_help, category, description
from qdcalc.hosts.libreoffice.record import Recorder, gives_rows
from qdcalc.hosts.libreoffice.source import ROOT, Selection, refuse_unknown
from qdcalc.policies import functions
from qdcalc.rules.function import Function

PACKAGE = "qdcalc_addin"
"""The name of our modules inside LibreOffice: a qdcalc that is installed there must not be taken for them."""
ADDIN = f"{ROOT}.hosts.libreoffice.addin"
REGISTRY = f"{ADDIN}.registry"
IDENTIFIER = "qdcalc.libreoffice"
SERVICE = "QD"
INTERFACE = "qdcalc.XFunctions"

_REPLACED = {
    (f"{ROOT}.rules.function", "policy_in"): (REGISTRY, "policy_in"),
    (f"{ROOT}.policies", "functions"): (REGISTRY, "functions"),
    (f"{ROOT}.policies", "policies"): (REGISTRY, "policies"),
}
_TRACING = frozenset(
    {"__init__", "policy_data", "policy", "_hints", "unit", "signature", "variadic", "parameters", "_parameter", "_type",
     "tree", "_input", "plan"}
)  # fmt: skip
_DROPPED = {
    (f"{ROOT}.rules.function", "Function"): _TRACING,
    (f"{ROOT}.rules.figures", "Policy"): frozenset({"with_figures"}),
}
"""What a recorded function does not need: it has been traced, and there are no what-ifs in a cell."""

_XCU = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 oor:name="{name}" oor:package="org.openoffice.Office{package}">
{body}
</oor:component-data>
"""


def files() -> dict[str, bytes]:
    """Every file of the extension by its path."""
    recorder = Recorder()
    document = recorder.document()
    texts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "说明.txt": _READ_ME,
        "types/qdcalc.idl": _idl(),
        "registry/CalcAddIns.xcu": _wizard(),
        "registry/Jobs.xcu": _JOBS,
        "registry/Calc.xcu": _RECALCULATION,
        "addin.py": _ENTRY,
    }
    selection = Selection(_REPLACED, _DROPPED, PACKAGE)
    selection.want(f"{ADDIN}.component", "implementations")
    selection.want(f"{ADDIN}.python38", "strict_zip")
    selection.want(f"{ADDIN}.python38", "without_suffix")
    selection.want(f"{ADDIN}.python38", "without_prefix")
    for kind in sorted(recorder.classes, key=lambda item: (item.__module__, item.__name__)):
        selection.want(kind.__module__, kind.__name__)
    for function in functions().values():
        if not function.traced:
            selection.want(function.rule.__module__, function.rule.__name__)
    data = Path(__file__).parents[2]
    for path, text in selection.files():
        refuse_unknown(text, path)
        texts[f"pythonpath/{PACKAGE}/{path}"] = text
    for file in sorted((data / "policies").glob("*/*.csv")):
        texts[f"pythonpath/{PACKAGE}/{file.relative_to(data).as_posix()}"] = file.read_text(encoding="utf-8-sig")
    texts[f"pythonpath/{PACKAGE}/hosts/libreoffice/addin/data.json"] = json.dumps(
        document, ensure_ascii=False, separators=(",", ":")
    )
    return {path: text.encode() for path, text in texts.items()}


def pack(content: dict[str, bytes]) -> bytes:
    """The files as an .oxt."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, text in content.items():
            package.writestr(zipfile.ZipInfo(path, (2018, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack(folder: Path) -> None:
    """The files of the extension in a folder."""
    for path, text in files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)


# ---------------------------------------------------------------------- what LibreOffice is told
def method(function: Function) -> str:
    """QD_TALENT_SUBSIDY → TALENT_SUBSIDY, of the service QD: LibreOffice knows a function as service.method."""
    return function.name.removeprefix("QD_")


def _arguments(function: Function) -> Iterator[tuple[str, str, str]]:
    """Name, type and the help of each argument."""
    for number, parameter in enumerate(function.parameters, start=1):
        last = function.variadic and number == len(function.parameters)
        yield f"a{number}", "sequence<any>" if last else "any", argument_help(parameter)


def _idl() -> str:
    methods = []
    for function in functions().values():
        inner = "".join(f", [in] {kind} {name}" for name, kind, _ in _arguments(function))
        gives = "sequence< sequence<any> >" if gives_rows(function) else "any"
        methods.append(f"        {gives} {method(function)}([in] com::sun::star::beans::XPropertySet document{inner});")
    body = "\n".join(methods)
    return f"module qdcalc {{\n    interface XFunctions {{\n{body}\n    }};\n}};\n"


def _wizard() -> str:
    entries = []
    for function in functions().values():
        parameters = [_node("document", _prop("DisplayName", "文档") + _prop("Description", "由 LibreOffice 提供"))]
        for (name, _, text), parameter in zip(_arguments(function), function.parameters, strict=True):
            parameters.append(_node(name, _prop("DisplayName", parameter.title) + _prop("Description", text)))
        compatible = '<prop oor:name="CompatibilityName">'
        compatible += f'<value xml:lang="en-US">{function.name}</value></prop>'
        facts = _prop("DisplayName", function.name) + _prop("Description", description(function))
        facts += f'<prop oor:name="Category"><value>{_escaped(category(function))}</value></prop>' + compatible
        entries.append(_node(method(function), f'{facts}<node oor:name="Parameters">{"".join(parameters)}</node>'))
    body = '<node oor:name="AddInInfo">' + _node(SERVICE, f'<node oor:name="AddInFunctions">{"".join(entries)}</node>')
    return _XCU.format(name="CalcAddIns", package="", body=f"{body}</node>")


def _node(name: str, body: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">{body}</node>\n'


def _prop(name: str, text: str) -> str:
    """A text that each language shows alike: Chinese is what these officers read."""
    values = "".join(f'<value xml:lang="{language}">{_escaped(text)}</value>' for language in ("en-US", "zh-CN"))
    return f'<prop oor:name="{name}">{values}</prop>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_EVENTS = ("OnLoadFinished", "OnCreate")
_JOBS = _XCU.format(
    name="Jobs",
    package="",
    body='<node oor:name="Jobs"><node oor:name="qdcalc" oor:op="replace">'
    '<prop oor:name="Service"><value>qdcalc.Job</value></prop></node></node>\n<node oor:name="Events">'
    + "".join(
        f'<node oor:name="{event}" oor:op="fuse"><node oor:name="JobList"><node oor:name="qdcalc" oor:op="replace"/>'
        "</node></node>"
        for event in _EVENTS
    )
    + "</node>",
)
_RECALCULATION = _XCU.format(
    name="Calc",
    package="",
    body='<node oor:name="Formula"><node oor:name="Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></node></node>",
)
"""Without this LibreOffice shows the values that a file from Excel was saved with."""

_ENTRY = f'''"""What LibreOffice loads first. Where that fails it shows nothing but Err:504: the log says why."""

try:
    from {PACKAGE}.hosts.libreoffice.addin.component import implementations

    g_ImplementationHelper = implementations()
except Exception:
    from {PACKAGE}.hosts.libreoffice.addin import log

    log.write("qdcalc {__version__}")
    raise
'''
_READ_ME = f"""青岛市政策条款函数（LibreOffice 扩展），版本 {__version__}

安装：LibreOffice Calc，工具 → 扩展管理器 → 添加，选 qdcalc.oxt，然后重新启动 LibreOffice。
使用：插入 → 函数，类别以 qdcalc 开头；也可直接输入，如 =QD_TALENT_SUBSIDY(B5)。
出错：函数显示 Err:504 时，原因写在用户配置文件夹的 qdcalc.log 中。
"""


def _manifest() -> str:
    kinds = {
        "types/qdcalc.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "registry/CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
        "registry/Jobs.xcu": "application/vnd.sun.star.configuration-data",
        "registry/Calc.xcu": "application/vnd.sun.star.configuration-data",
        "addin.py": "application/vnd.sun.star.uno-component;type=Python",
    }
    entries = "".join(
        f' <manifest:file-entry manifest:media-type="{kind}" manifest:full-path="{path}"/>\n'
        for path, kind in kinds.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
    )


def _description() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:d="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
 <identifier value="{IDENTIFIER}"/>
 <version value="{__version__}"/>
 <platform value="all"/>
 <display-name><name lang="en">青岛市政策条款函数</name><name lang="zh-CN">青岛市政策条款函数</name></display-name>
 <publisher><name lang="en">qdcalc</name></publisher>
 <dependencies><OpenOffice.org-minimal-version value="4.1" d:name="LibreOffice 7"/></dependencies>
</description>
"""


def check_names() -> None:
    """Raises UsageError where LibreOffice could not tell two functions apart."""
    names = [method(function).upper() for function in functions().values()]
    if len(set(names)) != len(names):
        raise UsageError("函数名在 LibreOffice 中重复")
