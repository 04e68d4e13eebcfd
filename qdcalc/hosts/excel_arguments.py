"""What Excel is told of a function: argument names that VBA takes, help within 255 characters, category."""

from __future__ import annotations

from collections.abc import Iterator

from qdcalc.errors import UsageError
from qdcalc.policies import policies
from qdcalc.rules.function import Function, Parameter

HELP_LENGTH = 255
"""What Application.MacroOptions takes for a description."""
REPEATED = 20
"""How many optional arguments stand for the last one of a function that takes any number."""

CATEGORIES = {
    "common": "通用",
    "delegation": "下放平度市权限",
    "talent": "金融高端人才",
    "star": "金融之星",
    "wealth": "财富管理",
    "road": "四好农村路",
    "waste": "农村生活垃圾分类",
    "science": "科技创新",
    "energy": "节能与绿色发展",
    "duty": "百名局长",
}
"""Short names for the function wizard; a policy that is not here shows its title."""

_RENAMED = {"on": "on_date", "end": "end_date", "function": "function_name"}
_VBA_WORDS = """
abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cdecl
cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare defbool
defbyte defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj defsng defstr defvar dim do doevents
double each else elseif empty end endif enum eqv erase event exit false fix for friend function get global gosub
goto if imp implements in input inputb int integer is lbound len lenb let like linput lock long longlong longptr
loop lset me mod new next not nothing null object on open option optional or paramarray preserve print private pset
public put raiseevent redim rem resume return rset scale seek select set sgn shared single spc static stop string
sub tab then to true type typeof ubound unlock until variant wend while with withevents write xor
activeworkbook application argsarray caller err failed k range thisworkbook xlpy
"""
"""Keywords of VBA, and the names that the VBA text of xlwings uses itself. VBA knows no upper and lower case."""


def arguments(function: Function) -> Iterator[tuple[str, str, bool]]:
    """Name, help and whether it is required, of each argument."""
    for parameter in function.parameters:
        name = argument_name(parameter.name)
        if function.variadic and parameter is function.parameters[-1]:
            for number in range(1, REPEATED + 1):
                yield f"{name}{number}", f"{parameter.title}{number}：该函数的第 {number} 个参数；可不填", False
        else:
            yield name, argument_help(parameter), parameter.required


def argument_name(name: str) -> str:
    """The name of an argument in VBA: its own, unless VBA keeps that word for itself."""
    safe = _RENAMED.get(name, name)
    if safe.lower() in _VBA_WORDS.split():
        safe += "_value"
    if not (safe.isascii() and safe.isidentifier() and safe[0].isalpha()):
        raise UsageError(f"参数名“{name}”不能用在 VBA 中，应为英文字母、数字和下划线，以字母开头")
    return safe


def argument_help(parameter: Parameter) -> str:
    """What the function wizard shows for an argument; where it is too long the choices are cut, not the default."""
    text = f"{parameter.title}：{parameter.help}" if parameter.help else parameter.title
    if not parameter.required and "不填" not in text:
        text += "；可不填"
    cut = text.rfind("；不填")
    return _fitted(text[:cut], text[cut:]) if cut > 0 else _fitted(text, "")


def category(function: Function) -> str:
    """The heading under which the function wizard lists it: `qdcalc 四好农村路`."""
    return f"qdcalc {CATEGORIES.get(function.policy) or policies()[function.policy].title}"[:HELP_LENGTH]


def description(function: Function) -> str:
    """What it gives, in which unit, by which article; the article is kept whole as far as possible."""
    head = f"{function.title}，单位：{function.unit}" if function.unit else function.title
    own, tail = function.description, f"依据：{function.citation}"
    body = "" if own == f"{function.title}。{tail}" else own
    if function.citation in body or not {"《", "〔"} & set(function.citation):  # told already, or not of a document
        tail = ""
    return _fitted("。".join(part.rstrip("。") for part in (head, body) if part), f"。{tail}" if tail else "。")


def _fitted(text: str, tail: str) -> str:
    """Both together within HELP_LENGTH; what has to go goes from the end of the first."""
    if len(text) + len(tail) <= HELP_LENGTH:
        return text + tail
    room = HELP_LENGTH - len(tail) - 1
    return f"{text[:room]}…{tail}" if room > HELP_LENGTH // 4 else f"{text}{tail}"[: HELP_LENGTH - 1] + "…"
