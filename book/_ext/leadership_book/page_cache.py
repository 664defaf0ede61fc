"""Keep rendered pages between builds, each under the digest of its inputs."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes

ENDING = ".page"
# Fields whose value follows from where a passage is in its source, which no other page prints.
PLACES = {"line", "wordcount"}


def digest(*parts: Any) -> str:
    """Return the digest of values, whatever the order of dictionaries and sets."""
    return hashlib.sha256(json.dumps([plain(part) for part in parts]).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a value of docutils, Sphinx or Python as what JSON can write, in a stable order."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return str(value)
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, dict):
        kept = ((plain(key), plain(entry)) for key, entry in value.items() if key not in PLACES)
        return sorted(kept, key=json.dumps)
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, (set, frozenset)):
        return sorted((plain(entry) for entry in value), key=json.dumps)
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if hasattr(value, "__dict__"):
        return [type(value).__name__, plain(vars(value))]
    if " at 0x" in str(value):
        raise TypeError(f"{value!r} has no stable form")
    return str(value)  # such as a word of Sphinx's that is translated when it is printed


def file_digest(path: Path) -> str:
    """Return the digest of a file's bytes or a folder's names; empty without either."""
    if path.is_dir():
        return digest(sorted(entry.name for entry in path.iterdir()))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


class PageCache:
    """Folder of rendered pages.

    An entry is a line of JSON (a page's pictures, the digest of the page) and the page. An entry that is not whole, as a
    power cut leaves it, counts as absent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """Return the file of an entry."""
        return self.folder / f"{key}{ENDING}"

    def read(self, key: str) -> tuple[dict[str, Any], bytes] | None:
        """Return notes and page of an entry, or nothing if it is absent or broken."""
        try:
            head, _, page = self.path(key).read_bytes().partition(b"\n")
            notes: dict[str, Any] = json.loads(head)
        except (FileNotFoundError, ValueError):
            return None
        return (notes, page) if notes.get("page") == hashlib.sha256(page).hexdigest() else None

    def write(self, key: str, notes: dict[str, Any], page: bytes) -> None:
        """Write an entry in one rename."""
        head = json.dumps(notes | {"page": hashlib.sha256(page).hexdigest()})
        beside = self.folder / f".{key}.{os.getpid()}"
        beside.write_bytes(head.encode() + b"\n" + page)
        beside.replace(self.path(key))

    def prune(self, keys: Iterable[str]) -> None:
        """Delete every entry but these."""
        names = {self.path(key).name for key in keys}
        for path in self.folder.iterdir():
            if path.name not in names:
                path.unlink()
