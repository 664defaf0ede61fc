"""Archive a data release as an RO-Crate: files, checksums, authors, runs and sources.

The record is an RO-Crate 1.1, a zip that repositories such as Zenodo and WorkflowHub read: the tables and plan of one
release, its published results and, for the newest release, the notebooks and the lock that computed them, described
in ``ro-crate-metadata.json``. Two runs give the same bytes, on any machine: nothing is drawn, dated today or compressed.
The archive that Zenodo makes of a tag takes authors, licences and keywords from CITATION.cff.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from leadership_effects.data.release import Release, is_draft, newest_release, open_release, release_order
from leadership_effects.errors import LeadershipError
from leadership_effects.files import sha256, write_whole
from leadership_effects.paths import LOCK, ROOT, build_folder

PROFILE = "https://w3id.org/ro/crate/1.1"
# The context of 1.1 lacks the term.
CONTEXT = [f"{PROFILE}/context", {"sha256": "http://schema.org/sha256"}]
DESCRIPTOR = "ro-crate-metadata.json"
LICENCES = {
    "CC-BY-4.0": ("https://creativecommons.org/licenses/by/4.0/", "Creative Commons Attribution 4.0"),
    "MIT": ("https://spdx.org/licenses/MIT", "MIT License"),
}
FORMATS = {
    ".cff": "application/yaml", ".csv": "text/csv", ".json": "application/json", ".md": "text/markdown",
    ".py": "text/x-python", ".toml": "application/toml", ".txt": "text/plain", ".yml": "application/yaml", "": "text/plain",
}  # fmt: skip


class RecordError(LeadershipError, ValueError):
    """A file is not as frozen, or two files disagree about a release."""


def _reference(*names: str) -> list[dict[str, str]] | dict[str, str]:
    references = [{"@id": name} for name in names]
    return references[0] if len(references) == 1 else references


@dataclass(frozen=True)
class Recorder:
    """Make the record of one release of a checkout.

    Attributes
    ----------
    release : Release
        A frozen release.
    root : Path
        The checkout.
    """

    release: Release
    root: Path = ROOT

    @property
    def name(self) -> str:
        """Return the name of the release."""
        return self.release.name

    @cached_property
    def newest(self) -> bool:
        """Return whether the checkout's notebooks and lock are those of this release."""
        return self.name == newest_release(self.root / "data")

    @cached_property
    def citation(self) -> dict[str, Any]:
        """Return the content of CITATION.cff."""
        return citation(self.root)

    @cached_property
    def date(self) -> str:
        """Return the day on which the release was made, by the change log.

        Raises
        ------
        RecordError
            If the log has no dated entry for it.
        """
        log = (self.root / "data" / "CHANGELOG.md").read_text(encoding="utf-8")
        found = re.search(rf"^## {re.escape(self.name)} \((\d{{4}}-\d\d-\d\d)\)$", log, re.MULTILINE)
        if not found:
            raise RecordError(f"data/CHANGELOG.md: no entry `## {self.name} (YYYY-MM-DD)`")
        return found[1]

    @cached_property
    def files(self) -> dict[str, Path]:
        """Return every file of the record by its path in the crate.

        Raises
        ------
        RecordError
            If a file of the release is missing, changed or not named in its descriptor, or a published result is of
            another release.
        """
        found = {path.relative_to(self.root).as_posix(): path for path in self._paths()}
        self._check_data(found)
        for name, path in found.items():
            if path.parent == self.published and path.suffix == ".json":
                stated = json.loads(path.read_text(encoding="utf-8"))["release"]
                if stated != self.name:
                    raise RecordError(f"{name}: holds release {stated!r}, must be {self.name!r}")
        return found

    @property
    def published(self) -> Path:
        """Return the folder of the release's published results."""
        return self.root / "analysis" / "published" / self.name

    def _paths(self) -> Iterator[Path]:
        folders = [self.release.folder, self.published]
        singles = ["LICENSE"]
        if self.newest:  # of an older release the checkout holds these as a later one left them
            folders.append(self.root / "analysis" / "notebooks")
            singles += [
                "CITATION.cff",
                "LICENSES.md",
                "data/CHANGELOG.md",
                "data/README.md",
                "book/reports/changes.md",
                "book/reports/reproduction.md",
                LOCK,
            ]
        reasons = f"data/changes/{self.name}.csv"
        singles += [reasons] if (self.root / reasons).is_file() else []
        yield from (self.root / name for name in singles)
        for folder in folders:
            inside = sorted(path for path in folder.rglob("*") if path.is_file())
            parts = [(path, path.relative_to(folder).parts) for path in inside]
            yield from (
                path for path, names in parts if not any(n.startswith((".", "__pycache__")) for n in names)
            )

    def _check_data(self, found: dict[str, Path]) -> None:
        descriptor = self.release.descriptor
        frozen = {entry["path"]: entry["hash"] for entry in [descriptor["plan"], *descriptor["resources"]]}
        base = f"data/{self.name}/"
        there = {name.removeprefix(base) for name in found if name.startswith(base)} - {"datapackage.json"}
        for name in sorted(there | set(frozen)):
            if name not in there:
                raise RecordError(f"{base}{name}: named in datapackage.json but not there")
            if name not in frozen:
                raise RecordError(
                    f"{base}{name}: not named in datapackage.json; a release holds nothing else"
                )
            digest = f"sha256:{sha256(found[base + name])}"
            if digest != frozen[name]:
                raise RecordError(
                    f"{base}{name}: checksum {digest[7:19]}… is not the {frozen[name][7:19]}… of datapackage.json; "
                    "a release is immutable, corrections go into a new one"
                )

    def crate(self) -> dict[str, Any]:
        """Return the content of ``ro-crate-metadata.json``."""
        descriptor = self.release.descriptor
        actions = list(self._actions())
        people = list(authors(self.citation))
        root = {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{descriptor['title']}, release {self.name}",
            "description": descriptor["description"],
            "version": self.name,
            "datePublished": self.date,
            "license": _reference(LICENCES[descriptor["licenses"][0]["name"]][0]),
            "author": _reference(*(person["@id"] for person in people)),
            "publisher": _reference(
                *(person["@id"] for person in people if person["@type"] == "Organization")
            ),
            "keywords": descriptor["keywords"],
            "hasPart": [{"@id": name} for name in sorted(self.files)],
            "mentions": [{"@id": action["@id"]} for action in actions],
            "citation": [{"@id": source["@id"]} for source in self._sources()],
        }
        about = {
            "@id": DESCRIPTOR,
            "@type": "CreativeWork",
            "conformsTo": _reference(PROFILE),
            "about": _reference("./"),
        }
        used = {item["@id"] for part in self._parts() for item in _listed(part["license"])} | {
            root["license"]["@id"]
        }
        licences = [
            {"@id": address, "@type": "CreativeWork", "name": name, "identifier": key}
            for key, (address, name) in LICENCES.items()
            if address in used
        ]
        graph = [about, root, *people, *licences, *self._parts(), *actions, *self._older(), *self._sources()]
        return {"@context": CONTEXT, "@graph": graph}

    def _parts(self) -> Iterator[dict[str, Any]]:
        """Yield each file with its checksum, size, format and licence."""
        described = {
            f"data/{self.name}/{entry['path']}": entry["description"]
            for entry in self.release.descriptor["resources"]
        }
        for name, path in sorted(self.files.items()):
            suffix = path.suffix
            if suffix not in FORMATS:
                raise RecordError(f"{name}: no format for {suffix!r}; allowed: {', '.join(sorted(FORMATS))}")
            code = suffix == ".py"
            keys = ["MIT", "CC-BY-4.0"] if code else ["MIT"] if name == LOCK else ["CC-BY-4.0"]
            part: dict[str, Any] = {
                "@id": name,
                "@type": ["File", "SoftwareSourceCode"] if code else "File",
                "name": path.name,
                "contentSize": str(path.stat().st_size),
                "encodingFormat": FORMATS[suffix],
                "sha256": sha256(path),
                "license": _reference(*(LICENCES[key][0] for key in keys)),
            }
            if name in described:
                part["description"] = described[name]
            if code:
                part |= {
                    "programmingLanguage": "Python",
                    "softwareRequirements": _reference(LOCK),
                }
            yield part

    def _actions(self) -> Iterator[dict[str, Any]]:
        """Yield a run of each notebook: what it read and what it wrote.

        Results of the first release do not say of which tables their rows are; there a run stands for all of them.
        """
        tables = f"data/{self.name}/"
        every = {entry["path"] for entry in self.release.descriptor["resources"]}
        runs = {
            name: json.loads(path.read_text(encoding="utf-8"))
            for name, path in sorted(self.files.items())
            if path.parent == self.published and path.suffix == ".json"
        }
        if not runs:
            raise RecordError(
                f"analysis/published/{self.name}: no results; publish them with nox -s lock-results"
            )
        read = {
            name: {file for result in run["results"].values() for file in result.get("lines") or ()}
            for name, run in runs.items()
        }
        told = any(read.values())
        for name, run in runs.items():
            missing = sorted(read[name] - every)
            if missing:
                raise RecordError(f"{name}: rests on {missing[0]}, which release {self.name} does not hold")
            files = ["datapackage.json", "plan.yml", *sorted(read[name] if told else every)]
            exhibit = f"analysis/published/{self.name}/exhibits/{Path(name).name}"
            yield {
                "@id": f"#run-{Path(name).stem}",
                "@type": "CreateAction",
                "name": f"Run of {run['source']}",
                "instrument": _reference(self._notebook(run["source"])),
                "object": _reference(*(tables + file for file in files)),
                "result": _reference(*([name, exhibit] if exhibit in self.files else [name])),
            }

    def _notebook(self, source: str) -> str:
        """Return the identifier of a notebook: its file, or a name if that is of a later release."""
        if self.newest and source not in self.files:
            raise RecordError(f"{source}: named by a published result but not there")
        return source if self.newest else f"#{source}"

    def _older(self) -> Iterator[dict[str, Any]]:
        """Yield the notebooks of an older release, which the history of the repository holds."""
        if self.newest:
            return
        for action in self._actions():
            source = action["instrument"]["@id"]
            yield {
                "@id": source,
                "@type": "SoftwareSourceCode",
                "name": source.removeprefix("#"),
                "description": f"As the repository held it at release {self.name}; not in this record.",
                "programmingLanguage": "Python",
            }

    def _sources(self) -> list[dict[str, Any]]:
        """Return each source that a row of the release cites."""
        text = (self.release.folder / "sources.csv").read_text(encoding="utf-8")
        found = []
        for row in csv.DictReader(io.StringIO(text)):
            source = {
                "@id": f"#source-{row['source_id']}",
                "@type": "CreativeWork",
                "identifier": row["source_id"],
                "name": row["title"],
                "sourceOrganization": row["publisher"],
                "conditionsOfAccess": row["licence"],
                "description": f"Read: {row['how_read']}",
            }
            if re.fullmatch(r"\d{4}", row["year"]):
                source["datePublished"] = row["year"]
            if re.match(r"https?://\S+$", row["address"]):
                source["url"] = row["address"]
            found.append(source)
        return found

    def write(self, folder: Path) -> Path:
        """Write the zip atomically; return its path.

        Raises
        ------
        RecordError
            If a file is not as frozen; nothing was written then.
        """
        entries = {DESCRIPTOR: _json(self.crate())}
        entries |= {name: path.read_bytes() for name, path in self.files.items()}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as crate:
            for name, content in sorted(entries.items()):
                entry = zipfile.ZipInfo(name)  # dated 1980, as every entry of every run
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                crate.writestr(entry, content)
        return write_whole(folder / f"collective-leadership-{self.name}-record.zip", packed.getvalue())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def citation(root: Path = ROOT) -> dict[str, Any]:
    """Return the content of CITATION.cff."""
    content: dict[str, Any] = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8-sig"))
    return content


def authors(cited: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the authors of CITATION.cff as entities: persons by ORCID, organisations by name."""
    for number, author in enumerate(cited["authors"], start=1):
        family = author.get("family-names")
        yield {
            "@id": author.get("orcid") or author.get("website") or f"#author-{number}",
            "@type": "Person" if family else "Organization",
            "name": f"{author.get('given-names', '')} {family}".strip() if family else author["name"],
        }


def frozen_releases(root: Path = ROOT) -> list[str]:
    """Return the names of the frozen releases of a checkout, the oldest first."""
    folders = [path.parent for path in (root / "data").glob("*/datapackage.json")]
    return sorted((path.name for path in folders if not is_draft(path)), key=release_order)


def check_tag(tag: str, root: Path = ROOT) -> None:
    """Check that a tag names the newest release and that every file agrees with it.

    Raises
    ------
    RecordError
        Naming the file that says something else.
    """
    newest = newest_release(root / "data")
    cited = citation(root)
    project = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    date = Recorder(open_release(newest, root / "data"), root).date
    for file, said, must in (
        ("data/", newest, tag),
        ("CITATION.cff: version", cited["version"], tag),
        ("pyproject.toml: version", project[1] if project else "", tag),
        ("CITATION.cff: date-released", str(cited["date-released"]), date),
    ):
        if said != must:
            raise RecordError(f"{file} is {said!r}, must be {must!r} for the tag {tag!r}")


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s archive``; returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s archive --", description="The record of each data release.")
    parser.add_argument("names", nargs="*", help="releases; every frozen one if none")
    parser.add_argument(
        "--tag", help="make the record of this release if it is the one that the checkout names"
    )
    options = parser.parse_args(arguments)
    folder = build_folder() / "archive"
    try:
        if options.tag:
            check_tag(options.tag)
        for name in [options.tag] if options.tag else options.names or frozen_releases():
            recorder = Recorder(open_release(name, ROOT / "data"))
            packed = recorder.write(folder)
            print(f"{os.path.relpath(packed)}: {len(recorder.files)} files, sha256 {sha256(packed)}")
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
