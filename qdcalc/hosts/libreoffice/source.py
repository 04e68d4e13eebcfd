"""The project's own modules, cut to what the add-in runs and made readable for Python 3.8.

LibreOffice for Windows brings a Python of its own, as old as 3.8 and without any library of ours. Nothing is written a
second time for it: from the functions that the add-in calls every definition they reach is taken over as it stands in its
file, with its comments, and what 3.8 does not know is replaced (`zip(strict=)`, `removesuffix`, `functools.cache`, keyword-
only fields). What cannot be replaced is refused here, and not found out by an officer: a type alias that would be computed,
a `match`, an import from outside the standard library.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qdcalc.errors import UsageError

ROOT = "qdcalc"
HERE = Path(__file__).parents[2]
OFFICE = frozenset({"uno", "unohelper", "com"})
"""What LibreOffice's own Python offers besides the standard library."""
HELPERS = "hosts.libreoffice.addin.python38"

Name = tuple[str, str]
"""(module, what it defines)."""


@dataclass
class Module:
    """One file: what it defines at the top, and where its imports come from."""

    name: str
    path: Path
    text: bytes
    defined: dict[str, ast.stmt] = field(default_factory=dict)
    imported: dict[str, Name] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    imports: set[tuple[str, str, str]] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)


class Selection:
    """Definitions wanted so far. `replaced` sends a name to another module's; `dropped` are methods left out."""

    def __init__(self, replaced: Mapping[Name, Name], dropped: Mapping[Name, frozenset[str]], root: str) -> None:
        self._modules: dict[str, Module] = {}
        self._replaced, self._dropped, self._root = replaced, dropped, root

    def module(self, name: str) -> Module:
        found = self._modules.get(name)
        if found is None:
            found = self._modules[name] = _read(name)
        return found

    def want(self, module: str, name: str) -> Name:
        """Takes a definition and all that it reaches. Gives where it really comes from."""
        module, name = self._replaced.get((module, name), (module, name))
        here = self.module(module)
        if name in here.wanted:
            return module, name
        statement = here.defined.get(name)
        if statement is None:
            origin = here.imported.get(name)
            if origin is None or not origin[0].startswith(ROOT):
                raise UsageError(f"{here.path}：没有定义 {name}")
            return self.want(*origin)
        here.wanted.add(name)
        self._visit_all(here, statement)
        return module, name

    def files(self) -> Iterator[tuple[str, str]]:
        """(path below the package's folder, text) of every module, and an empty one for each folder without."""
        modules = [item for item in self._modules.values() if item.wanted]
        packages = {parent / "__init__.py" for item in modules for parent in item.path.relative_to(HERE).parents}
        texts = dict.fromkeys((path.as_posix() for path in packages), "")
        texts.update((item.path.relative_to(HERE).as_posix(), self._text(item)) for item in modules)
        yield from sorted(texts.items())

    # ------------------------------------------------------------------ what a definition reaches
    def _parts(self, module: Module, statement: ast.stmt) -> Iterator[ast.AST]:
        """What of a definition is evaluated at some time: no annotations, no decorators of the registry."""
        if isinstance(statement, ast.AnnAssign):
            if statement.value is not None:
                yield statement.value
            return
        if isinstance(statement, ast.ClassDef):
            yield from statement.bases
            yield from statement.decorator_list
            for item in self._kept(module, statement):
                yield from [item] if isinstance(item, ast.FunctionDef) else self._parts(module, item)
            return
        if isinstance(statement, ast.FunctionDef):
            yield from (item for item in statement.decorator_list if not _registers(item))
            yield from statement.args.defaults
            yield from (item for item in statement.args.kw_defaults if item is not None)
            yield from statement.body
            return
        yield statement

    def _kept(self, module: Module, statement: ast.ClassDef) -> list[ast.stmt]:
        dropped = self._dropped.get((module.name, statement.name), frozenset())
        names = {item.name for item in statement.body if isinstance(item, ast.FunctionDef)}
        if dropped - names:
            raise UsageError(f"{module.path}：{statement.name} 没有 {'、'.join(sorted(dropped - names))}")
        return [item for item in statement.body if not (isinstance(item, ast.FunctionDef) and item.name in dropped)]

    def _visit_all(self, module: Module, statement: ast.stmt, local: frozenset[str] = frozenset()) -> None:
        if isinstance(statement, ast.FunctionDef):
            local |= _own_names(statement)
        for part in self._parts(module, statement):
            self._visit(module, part, local)

    def _visit(self, module: Module, part: ast.AST, local: frozenset[str]) -> None:
        if isinstance(part, ast.FunctionDef):  # one inside another, or of a class
            self._visit_all(module, part, local)
            return
        if isinstance(part, ast.AnnAssign):
            self._visit(module, part.target, local)
            if part.value is not None:
                self._visit(module, part.value, local)
            return
        if isinstance(part, ast.Match):
            raise UsageError(f"{module.path}:{part.lineno}：match 不能用在 LibreOffice 加载项里（Python 3.8）")
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            origin = module.imported.get(part.value.id)
            if origin is not None and origin[0].startswith(ROOT) and _is_module(origin):
                self.want(f"{origin[0]}.{origin[1]}", part.attr)
                module.imports.add((origin[0], origin[1], part.value.id))
                return
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id not in local:
            self._name(module, part.id)
        if isinstance(part, ast.ImportFrom) and (part.module or "").startswith(ROOT):
            for alias in part.names:
                self.want(part.module or "", alias.name)
            return
        for inner in ast.iter_child_nodes(part):
            self._visit(module, inner, local)

    def _name(self, module: Module, name: str) -> None:
        if name in module.defined:
            if (module.name, name) in self._replaced:
                target = self.want(module.name, name)
                module.imports.add((*target, name))
            else:
                self.want(module.name, name)
        elif name in module.imported:
            source, origin = module.imported[name]
            if source.startswith(ROOT):
                target = self.want(source, origin)
                module.imports.add((*target, name))
            else:
                module.imports.add((source, origin, name))

    # ------------------------------------------------------------------ the text
    def _text(self, module: Module) -> str:
        parts = []
        for statement in _in_order(module):
            edits: list[tuple[int, int, bytes]] = []
            start = _start(statement)
            if isinstance(statement, ast.ClassDef):
                kept = self._kept(module, statement)
                edits += [
                    (_offset(module, _start(item)), _end(module, item), b"")
                    for item in statement.body
                    if item not in kept
                ]
                body: Iterable[ast.AST] = [*statement.decorator_list, *kept]
            else:
                body = [statement]
            for item in body:
                edits += _edits(module, item)
            parts.append(_edited(module, _offset(module, start), _end(module, statement), edits))
        lines = ["from __future__ import annotations", ""]
        if module.helpers:
            lines.append(f"from {self._root}.{HELPERS} import {', '.join(sorted(module.helpers))}")
        lines += self._imports(module)
        docstring = f'"""From {module.name.replace(".", "/")}, unchanged but for what Python 3.8 does not know."""'
        text = "\n".join([docstring, *lines, "", *parts, ""])
        text = text.replace(f"from {ROOT}.", f"from {self._root}.")  # those inside functions
        try:
            ast.parse(text, feature_version=(3, 8))
        except SyntaxError as error:
            raise UsageError(f"{module.path}：Python 3.8 不能读：{error}") from error
        return text

    def _imports(self, module: Module) -> list[str]:
        found: dict[str, list[str]] = {}
        for source, name, known_as in sorted(module.imports):
            if not source.startswith(ROOT) and source.split(".")[0] not in sys.stdlib_module_names | OFFICE:
                raise UsageError(f"{source} 不是标准库，不能用在 LibreOffice 加载项里")
            own = source.replace(ROOT, self._root, 1) if source.startswith(ROOT) else source
            word = name or own
            renamed = "" if known_as == word else f" as {known_as}"
            found.setdefault(own if name else "", []).append(word + renamed)
        whole = [f"import {word}" for word in found.pop("", [])]
        return whole + [f"from {source} import {', '.join(names)}" for source, names in found.items()]


def _read(name: str) -> Module:
    base = HERE.joinpath(*name.split(".")[1:])
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    module = Module(name, path, path.read_bytes())
    for statement in ast.parse(module.text).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            module.defined[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                for item in ast.walk(target):
                    if isinstance(item, ast.Name):
                        module.defined[item.id] = statement
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            module.defined[statement.target.id] = statement
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                module.imported[alias.asname or alias.name.split(".")[0]] = (alias.name, "")
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                module.imported[alias.asname or alias.name] = (statement.module or "", alias.name)
    return module


def _is_module(origin: Name) -> bool:
    folder = HERE.joinpath(*origin[0].split(".")[1:])
    return (folder / f"{origin[1]}.py").exists()


def _registers(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Name) and call.id in ("provision", "plain_function")


def _own_names(function: ast.FunctionDef) -> frozenset[str]:
    """What a function itself calls by a name: arguments and whatever it assigns."""
    found = {item.arg for item in ast.walk(function) if isinstance(item, ast.arg)}
    stored = (item for item in ast.walk(function) if isinstance(item, ast.Name))
    return frozenset(found | {item.id for item in stored if not isinstance(item.ctx, ast.Load)})


def _in_order(module: Module) -> list[ast.stmt]:
    found = {id(module.defined[name]): module.defined[name] for name in module.wanted}
    return sorted(found.values(), key=lambda item: item.lineno)


def _start(statement: ast.stmt) -> ast.AST:
    """Where a definition begins: with its first decorator that stays."""
    for decorator in getattr(statement, "decorator_list", []):
        if not _registers(decorator):
            return decorator  # type: ignore[no-any-return]  # decorators are expressions
    return statement


def _offset(module: Module, node: ast.AST) -> int:
    """The byte where the line of a node's first word begins, an @ before it included."""
    line: int = node.lineno  # type: ignore[attr-defined]  # every node here has a place
    return sum(len(text) for text in module.text.splitlines(keepends=True)[: line - 1])


def _at(module: Module, line: int, column: int) -> int:
    return sum(len(text) for text in module.text.splitlines(keepends=True)[: line - 1]) + column


def _end(module: Module, node: ast.stmt) -> int:
    """After the line that a statement ends on, a remark behind it included."""
    lines = module.text.splitlines(keepends=True)
    return sum(len(text) for text in lines[: node.end_lineno])


def _edits(module: Module, part: ast.AST) -> Iterator[tuple[int, int, bytes]]:
    """(from, to, instead): what Python 3.8 does not know."""
    inside = {
        id(inner)
        for item in ast.walk(part)
        if isinstance(item, ast.JoinedStr)
        for inner in ast.walk(item)
        if isinstance(inner, ast.Call) and _is_affix(inner)
    }
    for item in ast.walk(part):
        if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == "functools":
            if item.attr == "cache":
                assert item.end_lineno is not None
                assert item.end_col_offset is not None
                end = _at(module, item.end_lineno, item.end_col_offset)
                yield end - len("cache"), end, b"lru_cache(maxsize=None)"
        elif isinstance(item, ast.Call) and _is_affix(item):
            if id(item) in inside:
                raise UsageError(f"{module.path}:{item.lineno}：请把 removesuffix 移到 f 字符串之前（Python 3.8）")
            yield from _affix(module, item)
        elif isinstance(item, ast.Call) and isinstance(item.func, ast.Name) and item.func.id in ("zip", "field"):
            for keyword in item.keywords:
                if keyword.arg in ("strict", "kw_only"):
                    assert keyword.end_lineno is not None
                    assert keyword.end_col_offset is not None
                    end = _at(module, keyword.end_lineno, keyword.end_col_offset)
                    before = module.text.rindex(b",", 0, _at(module, keyword.lineno, keyword.col_offset))
                    yield before, end, b""
                    if keyword.arg == "strict" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                        start = _at(module, item.func.lineno, item.func.col_offset)
                        module.helpers.add("strict_zip")
                        yield start, start + len("zip"), b"strict_zip"


def _is_affix(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("removesuffix", "removeprefix")


def _affix(module: Module, call: ast.Call) -> Iterator[tuple[int, int, bytes]]:
    """x.removesuffix(y) → without_suffix(x, y)"""
    assert isinstance(call.func, ast.Attribute)
    value = call.func.value
    assert value.end_lineno is not None
    assert value.end_col_offset is not None
    helper = "without_suffix" if call.func.attr == "removesuffix" else "without_prefix"
    module.helpers.add(helper)
    start, end = _at(module, call.lineno, call.col_offset), _at(module, value.end_lineno, value.end_col_offset)
    method = f".{call.func.attr}(".encode()
    assert module.text[end : end + len(method)] == method, ast.unparse(call)
    yield start, start, f"{helper}(".encode()
    yield end, end + len(method), b", "


def _edited(module: Module, start: int, end: int, edits: list[tuple[int, int, bytes]]) -> str:
    text, at = b"", start
    for first, last, instead in sorted(edits):
        text += module.text[at:first] + instead
        at = last
    return (text + module.text[at:end]).decode()


def refuse_unknown(text: str, path: str) -> None:
    """Raises UsageError for a name that nothing in the file gives: a definition that was missed."""
    tree = ast.parse(text)
    known = set(dir(builtins)) | {"__file__", "__name__"}
    for item in ast.walk(tree):
        if isinstance(item, (ast.FunctionDef, ast.ClassDef)):
            known.add(item.name)
        elif isinstance(item, ast.arg):
            known.add(item.arg)
        elif isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
            known.add(item.id)
        elif isinstance(item, ast.alias):
            known.add(item.asname or item.name.split(".")[0])
        elif isinstance(item, ast.ExceptHandler) and item.name:
            known.add(item.name)
    for item in _without_annotations(tree):
        if isinstance(item, ast.Name) and item.id not in known:
            raise UsageError(f"{path}:{item.lineno}：缺少 {item.id}")


def _without_annotations(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield from _without_annotations(item)
