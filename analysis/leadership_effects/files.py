"""Write files atomically, hash them and lock them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CACHES = {"__pycache__"}


def sha256(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_below(folder: Path) -> list[Path]:
    """List the files below a folder in a stable order, bytecode caches left out."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not CACHES & set(p.parts))


def source_files(folder: Path) -> list[Path]:
    """List the Python files below a folder in a stable order, without hidden ones and caches."""
    found = (p for p in folder.rglob("*.py") if p.is_file() and not CACHES & set(p.parts))
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))


def read_json(path: Path, default: Any) -> Any:
    """Return the content of a JSON file; a default if it is missing or was cut short."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default
    return content if isinstance(content, type(default)) else default


def digest(paths: Iterable[Path], base: Path) -> str:
    """Return the digest of the names and contents of files."""
    parts = {path.relative_to(base).as_posix(): sha256(path) for path in paths}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def shorten(text: str, length: int) -> str:
    """Cut a text to a number of characters, with an ellipsis at the end."""
    return text if len(text) <= length else text[: length - 1] + "…"


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file atomically: beside the target, then renamed into place; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content.encode() if isinstance(content, str) else content)
    return beside.replace(path)


def write_json(path: Path, content: Any, *, sort: bool = True) -> None:
    """Write JSON atomically."""
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=sort) + "\n")


@contextmanager
def hold(path: Path, work: str) -> Iterator[None]:
    """Lock a file while work runs that must not run twice at once; wait for another holder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            import fcntl
        except ImportError:  # not on Windows, where two at once are the user's own affair
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another {work} is running in this checkout; waiting for it", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
