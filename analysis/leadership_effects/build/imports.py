"""Trace which modules of the package a source imports, directly or through other modules."""

from __future__ import annotations

import ast
import codecs
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT

PACKAGE = "leadership_effects"


class SourceError(LeadershipError, ValueError):
    """A notebook's source or a module cannot be read as Python."""


def read_source(path: Path) -> str:
    """Return the text of a source in UTF-8, without the mark that some editors put before it.

    Raises
    ------
    SourceError
        If it is not UTF-8; names the line.
    """
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{_display_path(path)}: line {line}: not UTF-8 (byte {content[error.start]:#04x})"
        ) from None


def _display_path(path: Path) -> str:
    """Return a path from the top of the checkout."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def imported_names(path: Path, package: str = "") -> tuple[str, ...]:
    """Return the dotted names of this package that a source imports.

    Raises
    ------
    SourceError
        If it is not Python in UTF-8; names the line.
    """
    try:
        return _imports(read_source(path), package)
    except SyntaxError as error:
        raise _no_python(path, error) from None


def _no_python(path: Path, error: SyntaxError) -> SourceError:
    """Return the refusal of a source that is no Python, with its line."""
    return SourceError(
        f"{_display_path(path)}: line {error.lineno}: {error.msg}: {(error.text or '').strip()!r}; commands of IPython "
        "stand as comments, such as `# %matplotlib inline`"
    )


def literal_arguments(path: Path, function: str) -> frozenset[str]:
    """Return the literal texts that a source passes to a function called by this name.

    Raises
    ------
    SourceError
        If it is not Python in UTF-8; names the line.
    """
    try:
        tree = ast.parse(read_source(path))
    except SyntaxError as error:
        raise _no_python(path, error) from None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(
        argument.value
        for call in calls
        if ast.unparse(call.func) == function
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def imported_modules(source: Path, folder: Path) -> list[Path]:
    """List the package files that a source depends on, with the data files in their folders.

    Parameters
    ----------
    source : Path
        A notebook's source or a module of the package.
    folder : Path
        Folder that holds the package.

    Returns
    -------
    list of Path
        Modules named by absolute or relative imports at any level of a statement, the packages around them, what these
        import in turn, and every JSON file in the folder of one of them.
    """
    modules = _package_files(folder)
    found: dict[Path, None] = {modules[PACKAGE]: None} if PACKAGE in modules else {}
    waiting = [source]
    while waiting:
        path = waiting.pop()
        for name in imported_names(path, _package_of(path, folder)):
            parts = name.split(".")
            for length in range(1, len(parts) + 1):  # importing a module runs the packages around it
                module = modules.get(".".join(parts[:length]))
                if module is not None and module not in found:
                    found[module] = None
                    waiting.append(module)
    data = {
        beside
        for module in found
        if module.parent != folder / PACKAGE
        for beside in module.parent.glob("[!.]*.json")
    }
    return sorted([*found, *data])


def _package_of(path: Path, folder: Path) -> str:
    """Return the dotted package of a module, empty for a source outside the package."""
    if not path.is_relative_to(folder / PACKAGE):
        return ""
    return ".".join(path.relative_to(folder).parent.parts)


def _package_files(folder: Path) -> dict[str, Path]:
    """Return the file of each module and sub-package of the package, by dotted name."""
    found: dict[str, Path] = {}
    for place, _, names in os.walk(folder / PACKAGE):
        package = os.path.relpath(place, folder).replace(os.sep, ".")
        for name in names:
            if name == "__init__.py":
                found[package] = Path(place, name)
            elif name.endswith(".py"):  # a package of the same name, walked later, takes its place
                found[f"{package}.{name[:-3]}"] = Path(place, name)
    return found


@cache
def _imports(text: str, package: str) -> tuple[str, ...]:
    """Return the dotted names of this package that a text imports; each is parsed once."""
    found: list[str] = []
    for node in _statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found += [f"{base}.{alias.name}" for alias in node.names]
    return tuple(dict.fromkeys(name for name in found if name.split(".")[0] == PACKAGE))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements within a node at any depth; expressions hold no import."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, field, ()):
            yield inner
            yield from _statements(inner)
