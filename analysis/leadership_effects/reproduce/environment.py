"""Describe the environment of a run: Python, locked packages, machine and random seeds."""

from __future__ import annotations

import ast
import os
import platform
import re
import resource
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement

from leadership_effects.files import sha256
from leadership_effects.paths import LOCK, ROOT

LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+))?", re.M)
GENERATOR, SWEEP = "default_rng", "Sweep"  # a sweep takes its name and its seed first


def machine() -> dict[str, Any]:
    """Return the class of the machine: system, processor, cores and memory."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return named[1].strip() if named else platform.processor() or "not reported by the system"


def _memory_gb() -> float | None:
    """Return gigabytes of a billion bytes; None where the system does not report them."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (ValueError, OSError, AttributeError):
        return None


def largest_process_mb() -> float:
    """Return the megabytes (10^6 bytes) of the largest process waited for."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 0)


def locked_versions() -> dict[str, str]:
    """Return the versions that the lock file asks for on this system and Python."""
    text = (ROOT / LOCK).read_text(encoding="utf-8")
    return {
        name: number
        for name, number, marker in LOCKED.findall(text)
        if not marker or Marker(marker.strip()).evaluate()
    }


def environment() -> dict[str, Any]:
    """Return Python, packages and how they agree with the lock."""
    locked, apart = locked_versions(), []
    for name, wanted in locked.items():
        found = _version(name)
        if found != wanted:
            apart.append(f"{name} {found or 'not installed'}, locked {wanted}")
    return {
        "python": platform.python_version(),
        "lock": sha256(ROOT / LOCK),
        "packages": len(locked),
        "apart_from_lock": apart,
        "main_packages": {name: _version(name) for name in _direct() if _version(name)},
    }


def _direct() -> list[str]:
    """Return the packages that the project itself asks for."""
    path = ROOT / "pyproject.toml"
    if not path.is_file():
        return []
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return sorted({*(Requirement(entry).name for entry in project["dependencies"]), "numpy"})


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def random_numbers() -> Iterator[dict[str, Any]]:
    """Yield each place in the code that starts a random generator or sets a seed."""
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for line, code in _random_code(node):
                yield {"file": file, "line": line, "code": code}


def _random_code(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and code of a generator that is started, or of a seed that is set."""
    if (isinstance(node, ast.Call) and ast.unparse(node.func).endswith(GENERATOR)) or (
        isinstance(node, ast.keyword) and node.arg == "seed" and isinstance(node.value, ast.Constant)
    ):
        yield node.lineno, ast.unparse(node)
    elif isinstance(node, ast.FunctionDef):
        named = [*node.args.posonlyargs, *node.args.args]
        defaults = list(zip(reversed(named), reversed(node.args.defaults), strict=False))
        defaults += [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d]
        yield from ((a.lineno, f"{a.arg}={ast.unparse(d)}") for a, d in defaults if a.arg == "seed")
    elif isinstance(node, ast.Assign) and any("SEED" in ast.unparse(t) for t in node.targets):
        yield node.lineno, ast.unparse(node)
