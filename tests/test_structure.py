"""Structure of the package: the size of rooms and modules, and the first lines of docstrings."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from leadership_effects.paths import ROOT

PACKAGE = ROOT / "analysis" / "leadership_effects"
EXTENSION = ROOT / "book" / "_ext" / "leadership_book"
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))
MODULES = sorted([*PACKAGE.rglob("*.py"), *EXTENSION.rglob("*.py")])
MODULES_A_ROOM, LINES_A_MODULE, FIRST_LINE_CHARACTERS = 12, 425, 90


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Name and docstring of a module and of each class and function in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "name", "module"), text


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(PACKAGE.parent).as_posix())
def test_a_room_holds_few_modules(room):
    modules = [path.name for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MODULES_A_ROOM, modules


def test_no_module_is_long():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_A_MODULE} == {}


def test_first_lines_of_docstrings_are_short_sentences():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}: {text.splitlines()[0]}"
        for path in MODULES
        for name, text in docstrings(path)
        if len(text.splitlines()[0]) > FIRST_LINE_CHARACTERS or not text.splitlines()[0].endswith((".", ":"))
    ]
    assert wrong == []


def test_no_notebook_has_the_name_of_a_package():
    """Run as a script beside others, a notebook of that name would be imported in the package's place."""
    notebooks = {path.stem for path in (ROOT / "analysis" / "notebooks").rglob("*.py")}
    assert (
        notebooks & {PACKAGE.name, *sys.stdlib_module_names, "pandas", "numpy", "altair", "statsmodels"}
        == set()
    )
