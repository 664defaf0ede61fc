"""Requirement files pin what is declared, and what is imported is declared."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from leadership_effects.paths import LOCK, ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
FOLDER = (ROOT / LOCK).parent
FILES = sorted(FOLDER.glob("*.txt"))
OURS = {"leadership_effects", "leadership_book", "benchmarks", "conftest", "nox"}
# Modules whose package has another name.
PACKAGES = {
    "bs4": "beautifulsoup4", "markdown_it": "markdown-it-py", "PIL": "pillow", "ruamel": "ruamel-yaml", "sphinxcontrib": "sphinxcontrib-bibtex", "synthdid": "synthdid-py",
    "vl_convert": "vl-convert-python", "yaml": "pyyaml",
}  # fmt: skip
# Declared and run, not imported: commands, plug-ins and stubs.
RUN = {
    "book": {"jupyter-book"},
    "audit": {"pip-audit", "pip-licenses"},
    "lab": {"jupyterlab", "notebook"},
    "lint": {"import-linter", "mypy", "ruff", "types-pyyaml"},
    "tests": {"pip-licenses", "pytest-xdist"},
}
# Sources, and the groups whose packages they may import.
USES = {
    "analysis/leadership_effects/importers": {"import"},
    "analysis/leadership_effects/build": {"print"},
    "analysis": set(),
    "book/_ext": set(),
    ".jupyter": {"lab"},
    "analysis/benchmarks": {"bench", "tests"},
    "tests": {"tests"},
}


def declared(group: str) -> dict[str, Requirement]:
    """Requirements of a group, those of included groups among them; ``book`` is the project itself."""
    entries = PROJECT["project"]["dependencies"] if group == "book" else GROUPS[group]
    found: dict[str, Requirement] = {}
    for entry in entries:
        if isinstance(entry, dict):
            found |= declared(entry["include-group"])
        else:
            found[canonicalize_name(Requirement(entry).name)] = Requirement(entry)
    return found


@cache
def pins(path: Path) -> dict[str, set[str]]:
    """Pinned requirements of a file by name: version, and for whom it holds."""
    found: dict[str, set[str]] = {}
    for line in re.findall(r"^(\S+==[^\\\n]+?) *\\?$", path.read_text(encoding="utf-8"), re.MULTILINE):
        pinned = Requirement(line)
        found.setdefault(canonicalize_name(pinned.name), set()).add(
            f"{pinned.specifier} {pinned.marker or ''}"
        )
    return found


def imported(folder: str) -> set[str]:
    """Packages that the sources below a folder import, those of folders with a line of their own left out."""
    apart = [ROOT / other for other in USES if other != folder and Path(other).is_relative_to(folder)]
    own = {path.stem for path in (ROOT / "tests").rglob("*.py")} | OURS
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        if any(path.is_relative_to(other) for other in apart):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "import_module",
                "pytest.importorskip",
            }:
                names.add(ast.literal_eval(node.args[0]).split(".")[0])
    return {canonicalize_name(PACKAGES.get(name, name)) for name in names - sys.stdlib_module_names - own}


@pytest.mark.parametrize("folder", USES)
def test_what_is_imported_is_declared(folder: str) -> None:
    used = imported(folder)
    assert used or folder == ".jupyter"
    allowed = {name for group in ("book", *USES[folder]) for name in declared(group)}
    assert not used - allowed


def test_what_is_declared_is_used() -> None:
    used = {name for folder in USES for name in imported(folder)}.union(*RUN.values())
    assert not {name for group in ("book", *GROUPS) for name in declared(group)} - used


def test_there_is_a_file_for_each_group() -> None:
    assert {path.stem for path in FILES} == {"book", *GROUPS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_pins_what_its_group_declares_with_hashes_and_without_addresses(path: Path) -> None:
    found, wanted = pins(path), declared(path.stem)
    assert set(wanted) <= set(found)
    for name, requirement in wanted.items():
        versions = [entry.split(" ")[0].removeprefix("==") for entry in found[name]]
        assert all(requirement.specifier.contains(version) for version in versions), name
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    assert len(entries) == sum(map(len, found.values()))
    assert not [e for e in entries if "--hash=sha256:" not in e or "://" in e or " @ " in e]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_files_agree_on_the_version_of_a_package(path: Path) -> None:
    for other in FILES:
        for name in set(pins(path)) & set(pins(other)):
            versions = [{entry.split(" ")[0] for entry in pins(file)[name]} for file in (path, other)]
            assert versions[0] == versions[1], f"{name} in {path.name} and {other.name}"


def test_binder_installs_book_and_lab() -> None:
    lines = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [(ROOT / ".binder" / line.removeprefix("-r ")).resolve() for line in lines]
    assert named == [FOLDER / "book.txt", FOLDER / "lab.txt"]


def test_the_table_of_licences_names_every_package() -> None:
    text = (ROOT / "LICENSES.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\S+) +\| (\S+) +\|", text.split("<!-- written by nox -s audit -->")[1], re.MULTILINE
    )
    listed = {(canonicalize_name(name), f"=={version}") for name, version in rows}
    by_hand = {canonicalize_name(name) for name in PROJECT["tool"]["pip-licenses"]["ignore-packages"]}
    everywhere = {
        (name, entry.strip()) for path in FILES for name, entries in pins(path).items() for entry in entries
        if len(entries) == 1 and entry.endswith(" ")
    }  # fmt: skip
    assert len(everywhere) > 200
    assert {pinned for pinned in everywhere if pinned[0] not in by_hand} <= listed
    assert all(f"\n| {name} |" in text for name in by_hand)


def test_the_paths_of_the_licences_exist() -> None:
    text = (ROOT / "LICENSES.md").read_text(encoding="utf-8").split("<!-- written by nox -s audit -->")[0]
    named = set(re.findall(r"`([\w./<>-]+(?:/|\.\w+))`", text)) | set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert "analysis/leadership_effects/report/charts/maps/land-110m.json" in named
    assert [path for path in sorted(named) if not [*ROOT.glob(path.replace("<release>", "2*"))]] == []


@pytest.mark.parametrize(("licence", "code"), [("MIT", 0), ("GPL-3.0-only", 1)])
def test_the_audit_refuses_a_licence_that_is_not_listed(tmp_path: Path, licence: str, code: int) -> None:
    """The command of the session, with one package more than the environment holds."""
    command = ["piplicenses", "--with-system", "--format=markdown"]
    assert f'"-m", {", ".join(map(repr, command))}'.replace("'", '"') in (ROOT / "noxfile.py").read_text(
        "utf-8"
    )
    (tmp_path / "tiny-1.dist-info").mkdir()
    about = f"Metadata-Version: 2.4\nName: tiny\nVersion: 1\nLicense-Expression: {licence}\n"
    (tmp_path / "tiny-1.dist-info" / "METADATA").write_text(about, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(tmp_path)}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "tiny" in (done.stderr if code else done.stdout)
