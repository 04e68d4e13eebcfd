"""The pages of docs/ are true: the function reference is fresh, links lead somewhere."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from qdcalc.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md")])
MANUAL = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("docs/templates/*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_function_reference_is_fresh() -> None:
    reference = script("reference")
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "请运行 python docs/reference.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / unquote(target)).exists(), target


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / unquote(target)).resolve() for target in _LINK.findall(index.read_text(encoding="utf-8"))}
    assert {page for page in MANUAL if page != index} - linked == set()


def commands_in(text: str) -> list[str]:
    """Commands as a reader copies them: the lines of a block, and whole commands between backticks."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in [*lines, *re.findall(r"`([^`\n]+)`", text)] if re.match(r"qdcalc \w+ \S", line)]


@pytest.mark.parametrize("page", MANUAL, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_the_manual_are_commands(page: Path) -> None:
    for line in commands_in(page.read_text(encoding="utf-8")):
        _, command, *words = shlex.split(line)
        assert command in COMMANDS, line
        if "…" in line or (command == "convert" and words[0].startswith("-")):
            continue
        module = "catalog" if command in ("functions", "policies") else {"explain": "call"}.get(command, command)
        parsers = importlib.import_module(f"qdcalc.commands.{module}")
        if module == "catalog":
            parser = getattr(parsers, f"{command}_parser")()
        else:
            parser = parsers.parser(command) if module == "call" else parsers.parser()
        parser.read(words)


def test_commands_are_found_in_the_manual() -> None:
    page = (ROOT / "docs" / "十区市汇总.md").read_text(encoding="utf-8")
    assert {"check", "recalc", "merge"} == {line.split()[1] for line in commands_in(page)}
