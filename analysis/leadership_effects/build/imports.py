"""Trace which modules of the package a source imports, directly or through other modules."""

from __future__ import annotations

import ast
import codecs
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
            f"{_shown(path)}: line {line}: not UTF-8 (byte {content[error.start]:#04x})"
        ) from None


def _shown(path: Path) -> str:
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
        raise SourceError(
            f"{_shown(path)}: line {error.lineno}: {error.msg}: {(error.text or '').strip()!r}; commands of IPython "
            "stand as comments, such as `# %matplotlib inline`"
        ) from None


def imported_modules(source: Path, folder: Path) -> list[Path]:
    """List the package files that a source depends on, with the data files beside them.

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
        import in turn, and every JSON file beside one of them.
    """
    found: dict[Path, None] = {folder / PACKAGE / "__init__.py": None}
    waiting = [source]
    while waiting:
        path = waiting.pop()
        for name in imported_names(path, _package_of(path, folder)):
            for module in _files_of(name, folder):
                if module not in found:
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


def _files_of(name: str, folder: Path) -> Iterator[Path]:
    """Yield the files that importing a dotted name runs, those of its packages included."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        path = folder.joinpath(*parts[:length])
        if (path / "__init__.py").is_file():
            yield path / "__init__.py"
        elif path.with_suffix(".py").is_file():
            yield path.with_suffix(".py")


@cache
def _imports(text: str, package: str) -> tuple[str, ...]:
    """Return the dotted names of this package that a text imports; each is parsed once."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found += [f"{base}.{alias.name}" for alias in node.names]
    return tuple(dict.fromkeys(name for name in found if name.split(".")[0] == PACKAGE))
