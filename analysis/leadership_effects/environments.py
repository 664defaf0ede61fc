"""Create Python environments from the hashed requirement files.

Needs the standard library alone: nox and the reproduction import this module before anything is installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from leadership_effects.errors import LeadershipError
from leadership_effects.files import hold, sha256, write_json
from leadership_effects.paths import LOCK, ROOT

REQUIREMENTS = (ROOT / LOCK).parent
PYTHONS = ((3, 11), (3, 13))
INTERPRETER = "Scripts/python.exe" if os.name == "nt" else "bin/python"
MARKER = "installed.json"
# A user's settings that would install elsewhere, something else or nothing.
DIVERTING = re.compile(
    r"PIP_(TARGET|PREFIX|ROOT|USER|DRY_RUN|PYTHON|REQUIREMENT|CONSTRAINT|NO_DEPS|IGNORE_INSTALLED)|"
    r"UV_(SYSTEM_PYTHON|PYTHON|CONSTRAINT|OVERRIDE|EXCLUDE_NEWER|VENV_.*)|VIRTUAL_ENV|PYTHON(HOME|PATH|USERBASE)"
)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;\\]+ *(;)?", re.MULTILINE)


class EnvironmentFailure(LeadershipError, RuntimeError):
    """An environment cannot be created: wrong Python version, or the installer failed."""


def interpreter(folder: Path) -> Path:
    """Return the Python of an environment."""
    return folder / INTERPRETER


def site_packages(folder: Path) -> Path:
    """Return the folder of an environment's packages."""
    return next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages")


def requirement_files(groups: tuple[str, ...], folder: Path = REQUIREMENTS) -> dict[str, Path]:
    """Return the requirement file of each dependency group, the book's first."""
    return {group: folder / f"{group}.txt" for group in dict.fromkeys((Path(LOCK).stem, *groups))}


def is_current(folder: Path, files: dict[str, Path]) -> bool:
    """Tell whether an environment starts and holds the packages of these files."""
    return interpreter(folder).exists() and not _record(files).items() - _installed(folder).items()


def install(folder: Path, *groups: str, requirements: Path = REQUIREMENTS) -> None:
    """Install the packages of the book and of groups into an environment.

    Groups share one environment: all files are resolved together, so a group adds packages and changes none. The
    environment is created again if Python or the file of an installed group changed. Two processes take turns, and
    the marker is written last, so that a broken environment never passes for a whole one.

    Raises
    ------
    EnvironmentFailure
        If Python is none of those that the files are for, or the installation fails.
    """
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        raise EnvironmentFailure(
            f"the requirement files hold for Python 3.11 to 3.13, this is {sys.version.split()[0]}"
        )
    if is_current(folder, requirement_files(groups, requirements)):
        return
    with hold(folder.with_name(f"{folder.name}.lock"), "installation"):
        if is_current(folder, requirement_files(groups, requirements)):
            return
        before = _installed(folder)
        installed = [group for group in before if (requirements / f"{group}.txt").is_file()]
        files = requirement_files((*groups, *installed), requirements)
        record = _record(files)
        takes = "about a minute" if shutil.which("uv") else "some minutes; about one if uv is installed"
        print(f"installing {', '.join(files)} into {folder.name} (once; {takes})", flush=True)
        if not before or not interpreter(folder).exists() or before.items() - record.items():
            _create(folder)
        _add(folder, list(files.values()))
        write_json(folder / MARKER, record)


def _record(files: dict[str, Path]) -> dict[str, str]:
    """Return what an environment of these files is made for: Python and the digest of each file."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return {"python": python} | {group: sha256(path) for group, path in files.items()}


def _installed(folder: Path) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content


def _create(folder: Path) -> None:
    """Create an empty environment in place of what is there."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
    if uv := shutil.which("uv"):
        _run(uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(folder))
    else:
        _run(sys.executable, "-m", "venv", str(folder))


def _add(folder: Path, files: list[Path]) -> None:
    """Install the packages of requirement files, check each hash, and verify the result."""
    python, command = str(interpreter(folder)), [str(interpreter(folder)), "-m", "pip", "install"]
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--compile-bytecode", "--python", python]
    _run(*command, "--quiet", "--require-hashes", *(f"--requirement={path}" for path in files))
    present = {_normal(package.name) for package in distributions(path=[str(site_packages(folder))])}
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    pinned = {name for name, marker in PINNED.findall(text) if not marker}
    missing = ", ".join(sorted(name for name in pinned if _normal(name) not in present))
    if missing:
        raise EnvironmentFailure(f"the installer ended well and left out {missing}; see its settings")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(*command: str) -> None:
    """Run an installer without the user's settings that would install elsewhere.

    Raises
    ------
    EnvironmentFailure
        If it fails, with what it printed.
    """
    settings = {name: value for name, value in os.environ.items() if not DIVERTING.fullmatch(name)}
    settings["PIP_USER"] = "0"
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentFailure(f"the environment could not be installed:\n{done.stderr.strip()}")
