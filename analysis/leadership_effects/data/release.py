"""Open a data release: its tables, its analysis plan and its checksums."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from leadership_effects.csv_files import csv_text, read_csv
from leadership_effects.errors import LeadershipError
from leadership_effects.files import sha256
from leadership_effects.paths import data_folder

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {"string": "str", "number": "float64", "integer": "Int64", "boolean": "boolean"}
PLAN_KEYS = ("release", "rules", "synthesis", "cases")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first reads a plan ten times as fast


class ReleaseError(LeadershipError, ValueError):
    """A release cannot be opened or does not hold what was asked of it."""


@dataclass(frozen=True)
class Release:
    """An opened data release.

    Attributes
    ----------
    folder : Path
        Folder of the release, ``data/<name>``.
    name : str
        Release name, for instance ``2026.1``.
    descriptor : dict
        The parsed ``datapackage.json``.
    files_read : dict of str to str
        sha256 of every file handed out so far; the pipeline re-runs a notebook when one of them changes.
    """

    folder: Path
    name: str
    descriptor: dict[str, Any]
    files_read: dict[str, str] = field(default_factory=dict)
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def resource(self, name: str) -> dict[str, Any]:
        """Return the descriptor of one table.

        Raises
        ------
        ReleaseError
            If the release has no table of that name; the message lists those it has.
        """
        by_name = {r["name"]: r for r in self.descriptor["resources"]}
        if name not in by_name:
            raise ReleaseError(f"release {self.name} has no table {name!r}; it has {', '.join(by_name)}")
        return by_name[name]

    @property
    def draft(self) -> bool:
        """Return whether it is still being written: its descriptor holds no checksum at all."""
        return _without_checksums(self.descriptor)

    def types(self, name: str) -> dict[str, str]:
        """Return the types of a table's columns, in order."""
        return {str(field["name"]): str(field["type"]) for field in self.resource(name)["schema"]["fields"]}

    def saved_rows(self, name: str) -> list[dict[str, str]]:
        """Read a table's cells as somebody saved them, with a spreadsheet or not.

        Raises
        ------
        ReleaseError
            If the file is missing or cannot be read; the message names each row and column.
        """
        file = self.resource(name)["path"]
        path = self.folder / file
        if not path.is_file():
            raise ReleaseError(f"{file}: named in datapackage.json but not there")
        found = read_csv(path.read_bytes(), self.types(name))
        if found.faults:
            raise ReleaseError("\n".join(f"{self.name}/{file}, {fault}" for fault in found.faults))
        return found.cells

    def table(self, name: str) -> pd.DataFrame:
        """Read one table with the types of the descriptor; blanks in text columns are empty strings.

        Raises
        ------
        ReleaseError
            If the file is missing, was changed after the release was frozen, or does not parse.
        """
        if name not in self._tables:
            self._tables[name] = self._read_table(self.resource(name))
        return self._tables[name].copy()

    def _read_table(self, resource: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd  # most commands read no table

        path = self._checked(resource["path"], resource.get("hash", ""))
        types = {f["name"]: DTYPES[f["type"]] for f in resource["schema"]["fields"]}
        saved: Path | io.StringIO = path
        if self.draft:
            saved = io.StringIO(csv_text(list(types), self.saved_rows(resource["name"])))
        try:
            frame = pd.read_csv(
                saved,
                dtype=types,
                keep_default_na=False,
                na_values={column: [""] for column, kind in types.items() if kind != "str"},
            )
        except (ValueError, TypeError) as error:
            raise ReleaseError(
                f"{resource['path']}: {error}; run `nox -s data -- {self.name}` for the row and column"
            ) from error
        missing = [column for column in types if column not in frame]
        if missing:
            raise ReleaseError(
                f"{resource['path']}: column {missing[0]!r} is missing; allowed: {list(types)}"
            )
        return frame

    def _checked(self, relative: str, expected: str) -> Path:
        path = self.folder / relative
        found = _digest(path)
        if fault := _file_fault(found, expected):
            raise ReleaseError(f"{relative}: {fault}")
        self.files_read[relative] = found
        return path

    def outcomes(self, panel: str) -> pd.DataFrame:
        """Return the outcome rows of one panel with the columns of their units; not to be changed.

        Shape (rows, columns of outcomes and units).

        Raises
        ------
        ReleaseError
            If the release has no such panel.
        """
        name = f"{panel} with units"
        if name not in self._tables:
            units = self.table("units").drop(columns=["panel", "source_id"])
            self._tables[name] = self.table(f"outcomes-{panel}").merge(units, on="unit_id", how="left")
        return self._tables[name]

    @cached_property
    def plan(self) -> dict[str, Any]:
        """Return the parsed analysis plan."""
        path = self._checked("plan.yml", self.descriptor["plan"].get("hash", ""))
        plan: dict[str, Any] = read_yaml(path, "plan.yml")
        if not isinstance(plan, dict) or not set(PLAN_KEYS) <= set(plan):
            raise ReleaseError(f"plan.yml: must hold {', '.join(PLAN_KEYS)}")
        if plan["release"] != self.name:
            raise ReleaseError(f"plan.yml: release is {plan['release']!r}, must be {self.name!r}")
        return plan


def read_yaml(path: Path, name: str) -> Any:
    """Return the content of a YAML file.

    Raises
    ------
    ReleaseError
        If it is not YAML in UTF-8, or names a key twice; the message begins with the name.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), _OnceLoader)
    except _TwiceError as error:
        raise ReleaseError(f"{name}: {error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{name}: not YAML in UTF-8: {' '.join(str(error).split())}") from error


class _TwiceError(yaml.YAMLError):
    """A key stands twice among the fields of one entry."""


class _OnceLoader(LOADER):  # type: ignore[misc,valid-type]
    """Loader that refuses a key given twice, of which YAML would keep the last alone."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            line = key.start_mark.line + 1
            if key.value in lines:
                message = f"{key.value!r} stands in line {lines[key.value]} already; allowed: each key once"
                raise _TwiceError(f"line {line}: {message}")
            lines[key.value] = line
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _digest(path: Path) -> str:
    return sha256(path) if path.is_file() else ""


def _file_fault(found: str, expected: str) -> str:
    """Return why a file's digest is not that of the descriptor; empty if it is."""
    if not found:
        return "named in datapackage.json but not there; the release is incomplete"
    if not expected or expected == f"sha256:{found}":
        return ""
    return (
        f"checksum {found[:12]}… is not the {expected[7:19]}… of datapackage.json; a release is immutable, "
        "corrections go into a new one"
    )


def checksum_faults(release: Release) -> dict[str, str]:
    """Return what is wrong with files that are missing or not as frozen, by path."""
    entries = [*release.descriptor["resources"], release.descriptor["plan"]]
    faults = {e["path"]: _file_fault(_digest(release.folder / e["path"]), e.get("hash", "")) for e in entries}
    return {path: fault for path, fault in faults.items() if fault}


def open_release(name: str, folder: Path | None = None) -> Release:
    """Open the release of that name, the newest frozen one if the name is empty.

    Raises
    ------
    ReleaseError
        If there is no such release, or its descriptor is missing or unreadable.

    Examples
    --------
    >>> release = open_release("2026.1")
    >>> len(release.table("cases"))
    8
    """
    base = folder or data_folder()
    name = name or newest_release(base)
    target = base / name
    if not target.is_dir():
        known = sorted(p.parent.name for p in base.glob("*/datapackage.json"))
        raise ReleaseError(f"no release {name!r} in {base.name}/; there are: {', '.join(known) or 'none'}")
    path = target / "datapackage.json"
    if not path.is_file():
        raise ReleaseError(f"{name}: datapackage.json is missing; the release is incomplete")
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ReleaseError(
            f"{name}/datapackage.json: not JSON at line {error.lineno}: {error.msg}"
        ) from error
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{name}/datapackage.json: not UTF-8 at byte {error.start}") from error
    fault = _descriptor_fault(descriptor)
    if fault:
        raise ReleaseError(f"{name}/datapackage.json: {fault}")
    if descriptor.get("version") != name:
        raise ReleaseError(
            f"{name}/datapackage.json: version is {descriptor.get('version')!r}, must be {name!r}"
        )
    return Release(target, name, descriptor)


def _descriptor_fault(descriptor: Any) -> str:
    """Find what keeps a parsed descriptor from being read; empty if nothing does."""
    if not isinstance(descriptor, dict):
        return "must be an object"
    for key, kind in (("resources", list), ("plan", dict)):
        if not isinstance(descriptor.get(key), kind):
            return f"{key!r} is missing or of the wrong kind"
    for number, resource in enumerate(descriptor["resources"]):
        try:
            named = {resource["name"]: resource["path"]}
            types = {column["name"]: column["type"] for column in resource["schema"]["fields"]}
        except (KeyError, TypeError) as error:
            return f"resource {number} lacks name, path or schema with typed fields: {error}"
        for column, kind in types.items():
            if kind not in DTYPES:
                return f"{next(iter(named))}.{column}: type is {kind!r}; allowed: {', '.join(DTYPES)}"
    return ""


def is_draft(folder: Path) -> bool:
    """Return whether a release is still being written: its descriptor holds no checksum at all.

    A descriptor that cannot be read is no draft's; `open_release` reports what is wrong with it.
    """
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8-sig"))
        return _without_checksums(package)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _without_checksums(package: dict[str, Any]) -> bool:
    return not any(entry.get("hash") for entry in [*package["resources"], package["plan"]])


def require_draft(release: Release) -> None:
    """Refuse to write to a release that is frozen.

    Raises
    ------
    ReleaseError
        If it is.
    """
    if not is_draft(release.folder):
        raise ReleaseError(f"release {release.name} is frozen; nox -s release -- <new> drafts the next one")


def newest_release(folder: Path | None = None) -> str:
    """Return the name of the newest release in a folder of releases, drafts left out.

    The folder is the checkout's ``data/`` if left out.

    Raises
    ------
    ReleaseError
        If there is none.
    """
    names = frozen_releases(folder)
    if not names:
        raise ReleaseError(f"data/ holds no release{', drafts alone' if drafts(folder) else ''}")
    return names[-1]


def frozen_releases(folder: Path | None = None, *, draft: bool = False) -> list[str]:
    """List the names of the frozen releases of a folder, or of its drafts, oldest first."""
    folders = [path.parent for path in (folder or data_folder()).glob("*/datapackage.json")]
    names = (path.name for path in folders if path.name[0].isdigit() and is_draft(path) == draft)
    return sorted(names, key=release_order)


def drafts(folder: Path | None = None) -> list[str]:
    """List the names of the drafts of a folder, oldest first."""
    return frozen_releases(folder, draft=True)


def release_with_case(case_id: str, folder: Path | None = None) -> str:
    """Return the newest frozen release, or a draft that holds a case which that one lacks.

    Raises
    ------
    ReleaseError
        If there is no frozen release.
    """
    return _release_with(lambda plan: case_id in plan["cases"], folder)


def release_with_design(name: str, folder: Path | None = None) -> str:
    """Return the newest frozen release, or a draft that holds a design which it lacks.

    Raises
    ------
    ReleaseError
        If there is no frozen release.
    """
    return _release_with(lambda plan: name in plan.get("many_places", {}).get("designs", {}), folder)


def _release_with(holds: Callable[[dict[str, Any]], bool], folder: Path | None) -> str:
    base = folder or data_folder()
    newest = newest_release(base)
    tried = [newest, *reversed(drafts(base))]
    return next((name for name in tried if holds(open_release(name, base).plan)), newest)


def previous_release(name: str, folder: Path | None = None) -> str | None:
    """Name of the frozen release before one, None for the first."""
    names = [other for other in frozen_releases(folder) if release_order(other) < release_order(name)]
    return names[-1] if names else None


def release_order(name: str) -> list[int]:
    """Return the sorting key of a release name: its numbers."""
    return [int(part) for part in name.split(".") if part.isdigit()]


def release_at(place: str) -> Release:
    """Open a release by name, or a release or draft by its folder.

    Raises
    ------
    ReleaseError
        If there is none.
    """
    path = Path(place)
    return open_release(path.name, path.parent) if len(path.parts) > 1 else open_release(place)
