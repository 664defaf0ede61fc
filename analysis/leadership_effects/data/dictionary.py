"""Write the data dictionary of a release from its descriptor, and freeze its checksums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from leadership_effects.data.release import Release
from leadership_effects.files import sha256, write_json

HEAD = """# Data dictionary of release {version}

Generated from `{version}/datapackage.json`; edit that file and run `nox -s data -- --write`.

{description}

A release is immutable: the descriptor holds the sha256 of each file, and every reader of the release checks it.
Corrections make a new release with a line in [CHANGELOG.md](CHANGELOG.md).

Licence of our tables: {licence}. Source data carry the licence their source gives, listed for each in `sources.csv`.

| table | file | rows are | key |
|---|---|---|---|
"""


def data_dictionary(release: Release) -> str:
    """Return the Markdown data dictionary of a release."""
    package = release.descriptor
    text = HEAD.format(
        version=release.name,
        description=package["description"],
        licence=", ".join(licence["title"] for licence in package["licenses"]),
    )
    for resource in package["resources"]:
        key = ", ".join(resource["schema"].get("primaryKey", []))
        text += f"| {resource['name']} | `{resource['path']}` | {resource['description']} | {key} |\n"
    seen: set[str] = set()
    for resource in package["resources"]:
        kind = resource["name"].split("-")[0]
        if kind not in seen:
            seen.add(kind)
            text += _fields(kind, resource)
    return text


def _fields(kind: str, resource: dict[str, Any]) -> str:
    text = f"\n## {kind}\n\n{resource['description']}\n\n| column | type | allowed | meaning |\n|---|---|---|---|\n"
    for field in resource["schema"]["fields"]:
        text += f"| {field['name']} | {field['type']} | {_rules(field)} | {field['description']} |\n"
    for key in resource["schema"].get("foreignKeys", []):
        target = key["reference"]
        text += f"\n`{', '.join(key['fields'])}` refers to `{target['resource']}.{', '.join(target['fields'])}`.\n"
    return text


def _rules(field: dict[str, Any]) -> str:
    parts = []
    for key, value in field.get("constraints", {}).items():
        if key == "enum":
            parts.append(", ".join(f"`{v}`" for v in value if v != ""))
        elif key == "required":
            parts.append("required")
        else:
            parts.append(f"{key} {value}")
    return "; ".join(parts).replace("|", "\\|")


def freeze(folder: Path) -> None:
    """Write size and sha256 of each file, the plan included, into the descriptor of a draft."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for entry in [*package["resources"], package["plan"]]:
        file = folder / entry["path"]
        entry["hash"] = f"sha256:{sha256(file)}"
        entry["bytes"] = file.stat().st_size
    write_json(path, package, sort=False)
