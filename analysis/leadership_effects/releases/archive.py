"""Archive a data release as an RO-Crate: files, checksums, authors, runs and sources.

The record is an RO-Crate 1.1, a zip that repositories such as Zenodo and WorkflowHub read: the tables and plan of one
release, its published results and, for the newest release, the notebooks and the lock that computed them, described
in ``ro-crate-metadata.json``. Two runs give the same bytes, on any machine: nothing is drawn, dated today or compressed.
The archive that Zenodo makes of a tag takes authors, licences and keywords from CITATION.cff.
"""

from __future__ import annotations

import argparse
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

from leadership_effects.authors import author_names, doi_address
from leadership_effects.data.release import (
    Release,
    ReleaseError,
    checksum_faults,
    frozen_releases,
    is_draft,
    newest_release,
    open_release,
)
from leadership_effects.data.rows import read_rows
from leadership_effects.data.upkeep.dates import release_date
from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.files import files_below, sha256, write_whole
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


# Files of the checkout that are archived with its newest release; an older one held others.
CURRENT_FILES = (
    "CITATION.cff", "LICENSES.md", "data/CHANGELOG.md", "data/README.md", "book/reports/changes.md",
    "book/reports/reproduction.md", LOCK,
)  # fmt: skip


class ArchiveError(LeadershipError, ValueError):
    """A file is not as frozen, or two files disagree about a release."""


def _reference(*names: str) -> list[dict[str, str]] | dict[str, str]:
    references = [{"@id": name} for name in names]
    return references[0] if len(references) == 1 else references


@dataclass(frozen=True)
class ReleaseCrate:
    """RO-Crate of one release of a checkout.

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
        ArchiveError
            If the log has no dated entry for it.
        """
        try:
            return release_date(self.name, self.root / "data").isoformat()
        except ReleaseError as error:
            raise ArchiveError(str(error)) from error

    @cached_property
    def files(self) -> dict[str, Path]:
        """Return every file of the crate by its path there.

        Raises
        ------
        ArchiveError
            If a file of the release is missing, changed or not named in its descriptor, or a published result is of
            another release.
        """
        folders, singles = [self.release.folder, self.published], ["LICENSE"]
        if self.newest:
            folders.append(self.root / "analysis" / "notebooks")
            singles += CURRENT_FILES
        reasons = f"data/changes/{self.name}.csv"
        singles += [reasons] if (self.root / reasons).is_file() else []
        paths = [self.root / name for name in singles]
        for folder in folders:
            paths += [
                p
                for p in files_below(folder)
                if not re.search(r"/\.", f"/{p.relative_to(folder).as_posix()}")
            ]
        found = {path.relative_to(self.root).as_posix(): path for path in paths}
        self._check_data(found)
        return found

    @cached_property
    def runs(self) -> dict[str, dict[str, Any]]:
        """Return the published results of each notebook, by file.

        Raises
        ------
        ArchiveError
            If there are none, or some are of another release.
        """
        contents = {
            name: json.loads(path.read_text(encoding="utf-8"))
            for name, path in sorted(self.files.items())
            if path.parent == self.published and path.suffix == ".json"
        }
        for name, content in contents.items():
            if content["release"] != self.name:
                raise ArchiveError(f"{name}: holds release {content['release']!r}, must be {self.name!r}")
        if not contents:
            raise ArchiveError(
                f"analysis/published/{self.name}: no results; publish them with nox -s lock-results"
            )
        return contents

    @property
    def published(self) -> Path:
        """Return the folder of the release's published results."""
        return self.root / "analysis" / "published" / self.name

    def _check_data(self, found: dict[str, Path]) -> None:
        base, descriptor = f"data/{self.name}/", self.release.descriptor
        if is_draft(self.release.folder):
            raise ArchiveError(
                f"data/{self.name}: is a draft; freeze it with nox -s release -- {self.name} --freeze"
            )
        for path, fault in checksum_faults(self.release).items():
            raise ArchiveError(f"{base}{path}: {fault}")
        named = {f"{base}{entry['path']}" for entry in [descriptor["plan"], *descriptor["resources"]]}
        for name in found:
            if name.startswith(base) and name not in named | {f"{base}datapackage.json"}:
                raise ArchiveError(f"{name}: not named in datapackage.json; a release holds nothing else")

    def crate(self) -> dict[str, Any]:
        """Return the content of ``ro-crate-metadata.json``."""
        descriptor = self.release.descriptor
        actions, people, parts = list(self._actions()), list(authors(self.citation)), list(self._parts())
        sources = [self._source(row) for row in read_rows(self.release, "sources")]
        organisations = [person["@id"] for person in people if person["@type"] == "Organization"]
        licence = LICENCES[descriptor["licenses"][0]["name"]][0]
        root = {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{descriptor['title']}, release {self.name}",
            "description": descriptor["description"],
            "version": self.name,
            "datePublished": self.date,
            "license": _reference(licence),
            "author": _reference(*(person["@id"] for person in people)),
            "publisher": _reference(*organisations),
            "keywords": descriptor["keywords"],
            "hasPart": [{"@id": name} for name in sorted(self.files)],
            "mentions": [{"@id": action["@id"]} for action in actions],
            "citation": [{"@id": source["@id"]} for source in sources],
        }
        about = {
            "@id": DESCRIPTOR,
            "@type": "CreativeWork",
            "conformsTo": _reference(PROFILE),
            "about": _reference("./"),
        }
        used = json.dumps([licence, *(part["license"] for part in parts)])
        licences = [
            {"@id": address, "@type": "CreativeWork", "name": name, "identifier": key}
            for key, (address, name) in LICENCES.items()
            if f'"{address}"' in used
        ]
        older = [self._older_notebook(action["instrument"]["@id"]) for action in actions if not self.newest]
        graph = [about, root, *people, *licences, *parts, *actions, *older, *sources]
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
                raise ArchiveError(f"{name}: no format for {suffix!r}; allowed: {', '.join(sorted(FORMATS))}")
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
                part |= {"programmingLanguage": "Python", "softwareRequirements": _reference(LOCK)}
            yield part

    def _actions(self) -> Iterator[dict[str, Any]]:
        """Yield a run of each notebook: what it read and what it wrote.

        Results of the first release do not name the tables of their rows; there a run names all tables.
        """
        tables = f"data/{self.name}/"
        every = {entry["path"] for entry in self.release.descriptor["resources"]}
        read = {
            name: {file for result in run["results"].values() for file in result.get("lines") or ()}
            for name, run in self.runs.items()
        }
        for name, run in self.runs.items():
            source = run["source"]
            if missing := sorted(read[name] - every):
                raise ArchiveError(f"{name}: rests on {missing[0]}, which release {self.name} does not hold")
            if self.newest and source not in self.files:
                raise ArchiveError(f"{source}: named by a published result but not there")
            known = read[name] if any(read.values()) else every
            exhibit = f"analysis/published/{self.name}/exhibits/{Path(name).name}"
            yield {
                "@id": f"#run-{Path(name).stem}",
                "@type": "CreateAction",
                "name": f"Run of {source}",
                # The notebook's file, or a name if the checkout's file is that of a later release.
                "instrument": _reference(source if self.newest else f"#{source}"),
                "object": _reference(
                    *(tables + file for file in ["datapackage.json", "plan.yml", *sorted(known)])
                ),
                "result": _reference(*([name, exhibit] if exhibit in self.files else [name])),
            }

    def _older_notebook(self, source: str) -> dict[str, Any]:
        """Return a notebook of an older release, which the history of the repository holds."""
        return {
            "@id": source,
            "@type": "SoftwareSourceCode",
            "name": source.removeprefix("#"),
            "description": f"As the repository held it at release {self.name}; not in this record.",
            "programmingLanguage": "Python",
        }

    @staticmethod
    def _source(row: dict[str, str]) -> dict[str, Any]:
        """Return a source of the release, which its rows cite; no copy is its address."""
        source: dict[str, Any] = {
            "@id": f"#source-{row['source_id']}",
            "@type": "CreativeWork",
            "identifier": row["source_id"],
            "name": row["title"],
            "sourceOrganization": row["publisher"],
            "conditionsOfAccess": row["licence"],
            "description": f"Read: {row['how_read']}",
        }
        if "authors" in row:  # where they are named, the publisher need not be the author
            del source["sourceOrganization"]
            source |= {
                "author": author_names(row["authors"])[0] or row["publisher"],
                "publisher": row["publisher"],
            }
        if row.get("copy_address"):
            source["description"] += f", in a copy at {row['copy_address']}"
        if row.get("doi"):
            source["sameAs"] = doi_address(row["doi"])
        if re.fullmatch(r"\d{4}", row["year"]):
            source["datePublished"] = row["year"]
        if re.match(r"https?://\S+$", row["address"]):
            source["url"] = row["address"]
        return source

    def write(self, folder: Path) -> Path:
        """Write the zip atomically; return its path.

        Raises
        ------
        ArchiveError
            If a file is not as frozen; nothing was written then.
        """
        metadata = json.dumps(self.crate(), ensure_ascii=False, indent=1) + "\n"
        entries = {DESCRIPTOR: metadata.encode()}
        entries |= {name: path.read_bytes() for name, path in self.files.items()}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as crate:
            for name, content in sorted(entries.items()):
                entry = zipfile.ZipInfo(name)  # dated 1980, as every entry of every run
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                crate.writestr(entry, content)
        return write_whole(folder / f"collective-leadership-{self.name}-record.zip", packed.getvalue())


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


def check_tag(tag: str, root: Path = ROOT) -> None:
    """Check that a tag names the newest release and that every file agrees with it.

    Raises
    ------
    ArchiveError
        Naming the file that disagrees.
    """
    newest = newest_release(root / "data")
    cited = citation(root)
    project = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    date = ReleaseCrate(open_release(newest, root / "data"), root).date
    for file, found, required in (
        ("data/", newest, tag),
        ("CITATION.cff: version", cited["version"], tag),
        ("pyproject.toml: version", project[1] if project else "", tag),
        ("CITATION.cff: date-released", str(cited["date-released"]), date),
    ):
        if found != required:
            raise ArchiveError(f"{file} is {found!r}, must be {required!r} for the tag {tag!r}")


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s archive``; returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s archive --", description="The record of each data release.")
    parser.add_argument("names", nargs="*", help="releases; every frozen one if none")
    parser.add_argument(
        "--tag", help="make the record of this release if it is the one that the checkout names"
    )
    options = parser.parse_args(arguments)
    return run_command(lambda: _archive(options.tag, options.names))


def _archive(tag: str | None, names: list[str]) -> int:
    if tag:
        check_tag(tag)
    for name in [tag] if tag else names or frozen_releases(ROOT / "data"):
        crate = ReleaseCrate(open_release(name, ROOT / "data"))
        packed = crate.write(build_folder() / "archive")
        print(f"{os.path.relpath(packed)}: {len(crate.files)} files, sha256 {sha256(packed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
