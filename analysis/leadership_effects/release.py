"""Open a data release: its tables, its analysis plan and its checksums."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[2]
DTYPES = {"string": "str", "number": "float64", "integer": "Int64", "boolean": "boolean"}
PLAN_KEYS = ("release", "rules", "synthesis", "cases")


class ReleaseError(ValueError):
    """A release cannot be opened or does not hold what was asked of it."""


def data_folder() -> Path:
    """Folder that holds all releases; ``LEADERSHIP_DATA`` overrides the one of the checkout."""
    return Path(os.environ.get("LEADERSHIP_DATA", ROOT / "data"))


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
        """Descriptor of one table.

        Raises
        ------
        ReleaseError
            If the release has no table of that name; the message lists those it has.
        """
        by_name = {r["name"]: r for r in self.descriptor["resources"]}
        if name not in by_name:
            raise ReleaseError(f"release {self.name} has no table {name!r}; it has {', '.join(by_name)}")
        return by_name[name]

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
        path = self._checked(resource["path"], resource.get("hash", ""))
        types = {f["name"]: DTYPES[f["type"]] for f in resource["schema"]["fields"]}
        try:
            frame = pd.read_csv(
                path,
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
        if not path.is_file():
            raise ReleaseError(
                f"{relative}: named in datapackage.json but not there; the release is incomplete"
            )
        found = sha256(path)
        if expected and expected != f"sha256:{found}":
            raise ReleaseError(
                f"{relative}: checksum {found[:12]}… is not the {expected[7:19]}… of datapackage.json; "
                "a release is immutable, corrections go into a new one"
            )
        self.files_read[relative] = found
        return path

    def outcomes(self, panel: str) -> pd.DataFrame:
        """Outcome rows of one panel with their units, shape (rows, columns of outcomes + units); not to be changed.

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
        """The analysis plan, parsed."""
        path = self._checked("plan.yml", self.descriptor["plan"].get("hash", ""))
        try:
            plan: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ReleaseError(f"plan.yml: not YAML in UTF-8: {' '.join(str(error).split())}") from error
        if not isinstance(plan, dict) or not set(PLAN_KEYS) <= set(plan):
            raise ReleaseError(f"plan.yml: must hold {', '.join(PLAN_KEYS)}")
        if plan["release"] != self.name:
            raise ReleaseError(f"plan.yml: release is {plan['release']!r}, must be {self.name!r}")
        return plan


def open_release(name: str, folder: Path | None = None) -> Release:
    """Open the release of that name.

    Raises
    ------
    ReleaseError
        If there is no such release, or its descriptor is missing or unreadable.
    """
    base = folder or data_folder()
    target = base / name
    if not target.is_dir():
        known = sorted(p.parent.name for p in base.glob("*/datapackage.json"))
        raise ReleaseError(f"no release {name!r} in {base.name}/; there are: {', '.join(known) or 'none'}")
    path = target / "datapackage.json"
    if not path.is_file():
        raise ReleaseError(f"{name}: datapackage.json is missing; the release is incomplete")
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
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
    """What keeps a parsed descriptor from being read, empty if nothing does."""
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
