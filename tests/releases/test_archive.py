"""The record of a release holds every file of it with its checksum, and states who, when and what from what.

Its format is RO-Crate 1.1, its bytes are the same from another folder at another time, and what is changed, missing or too
many is refused by name.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership_effects.data.release import frozen_releases, newest_release, open_release
from leadership_effects.paths import LOCK, ROOT
from leadership_effects.releases.archive import (
    DESCRIPTOR,
    ArchiveError,
    ReleaseCrate,
    authors,
    check_tag,
    citation,
)

RELEASES = frozen_releases()
NEWEST = newest_release()
CITED = citation()
COPIED = (
    "data", "analysis/published", "analysis/notebooks", "CITATION.cff", "LICENSE", "LICENSES.md", "pyproject.toml",
    LOCK, "book/reports",
)  # fmt: skip


def crate_of(name: str, root: Path = ROOT) -> ReleaseCrate:
    return ReleaseCrate(open_release(name, root / "data"), root)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what records are made from; not to be changed."""
    root = tmp_path_factory.mktemp("whole")
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    return root


@pytest.fixture
def checkout(whole: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(whole, tmp_path / "checkout")


def references(value: Any) -> Iterator[str]:
    """Identifiers that the properties of an entity refer to; nothing else may be nested."""
    if isinstance(value, dict):
        assert set(value) == {"@id"}, f"{value} is no reference"
        yield value["@id"]
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


SOURCE = {
    "source_id": "S", "authors": "Walsh; Dotter; et al.", "title": "T", "publisher": "P", "year": "2020",
    "address": "https://issuer.example/a", "copy_address": "https://copy.example/a", "doi": "10.1000/182", "licence": "L",
    "how_read": "whole", "third_party_copy": "true",
}  # fmt: skip


def test_a_source_has_its_authors_publisher_and_own_address():
    made = ReleaseCrate._source(SOURCE)
    assert (made["author"], made["publisher"]) == (["Walsh", "Dotter"], "P")
    assert (made["url"], made["sameAs"]) == ("https://issuer.example/a", "https://doi.org/10.1000/182")
    assert made["description"] == "Read: whole, in a copy at https://copy.example/a"
    assert ReleaseCrate._source(SOURCE | {"authors": ""})["author"] == "P"
    before = {k: v for k, v in SOURCE.items() if k not in ("authors", "copy_address", "doi")}
    made = ReleaseCrate._source(before)
    assert made["sourceOrganization"] == "P" and not {"author", "publisher", "sameAs"} & set(made)
    unknown = ReleaseCrate._source(SOURCE | {"address": "address not known"})
    assert "url" not in unknown


@pytest.mark.parametrize("name", RELEASES)
def test_the_crate_has_what_the_format_demands(name: str) -> None:
    crate = crate_of(name).crate()
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"]), "an identifier is given twice"
    about, root = entities[DESCRIPTOR], entities["./"]
    assert about["@type"] == "CreativeWork" and about["about"] == {"@id": "./"}
    assert about["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset" and name in root["name"] and root["version"] == name
    assert len(root["description"]) > 50 and root["author"]
    assert f"\n## {name} ({root['datePublished']})\n" in (ROOT / "data" / "CHANGELOG.md").read_text()
    assert entities[root["license"]["@id"]]["name"]
    outward = {"https://w3id.org/ro/crate/1.1"}
    for entity in entities.values():
        found = {key: set(references(value)) for key, value in entity.items() if key not in {"@id", "@type"}}
        assert not {
            key: ids - set(entities) - outward for key, ids in found.items() if ids - set(entities) - outward
        }
    reached, ahead = set(), {"./", DESCRIPTOR}
    while ahead:
        reached |= ahead
        ahead = {
            ref for at in ahead & set(entities) for ref in references(list(entities[at].values()))
        } - reached
    assert set(entities) <= reached, "an entity that nothing leads to"


@pytest.mark.parametrize("name", RELEASES)
def test_the_zip_holds_every_file_as_it_is_and_the_crate_says_so(name: str, tmp_path: Path) -> None:
    packed = crate_of(name).write(tmp_path)
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        inside = {entry: archive.read(entry) for entry in archive.namelist()}
    crate = json.loads(inside.pop(DESCRIPTOR))
    parts = {entity["@id"]: entity for entity in crate["@graph"] if "File" in entity["@type"]}
    expected = {
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT / "data" / name, ROOT / "analysis" / "published" / name)
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert expected < set(parts) == set(inside)
    assert {part["@id"] for part in crate["@graph"][1]["hasPart"]} == set(parts)
    for file, content in inside.items():
        assert content == (ROOT / file).read_bytes()
        assert parts[file]["sha256"] == hashlib.sha256(content).hexdigest()
        assert parts[file]["contentSize"] == str(len(content))
        assert parts[file]["encodingFormat"] and parts[file]["license"]


@pytest.mark.parametrize("name", RELEASES)
def test_every_result_comes_from_a_run_of_its_notebook_on_files_of_the_release(name: str) -> None:
    graph = crate_of(name).crate()["@graph"]
    runs = [entity for entity in graph if entity["@type"] == "CreateAction"]
    made = {file: run for run in runs for file in references(run["result"])}
    for path in sorted((ROOT / "analysis" / "published" / name).glob("*.json")):
        run = made[path.relative_to(ROOT).as_posix()]
        source = json.loads(path.read_text(encoding="utf-8"))["source"]
        assert run["instrument"]["@id"] == (source if name == NEWEST else f"#{source}")
        assert {f"data/{name}/plan.yml"} < set(references(run["object"]))
    case = made[f"analysis/published/{name}/huari.json"]
    assert f"data/{name}/outcomes/huari.csv" in set(references(case["object"]))
    # Results of the first release do not say of which tables their rows are.
    assert (f"data/{name}/outcomes/chile.csv" in set(references(case["object"]))) is (name == "2026.1")


@pytest.mark.parametrize("name", RELEASES)
def test_the_same_bytes_come_from_another_folder_at_another_time(
    name: str, checkout: Path, tmp_path: Path
) -> None:
    (checkout / "data" / name / ".plan.yml.1").write_text("what a killed process left", encoding="utf-8")
    here, there = crate_of(name).write(tmp_path / "a"), crate_of(name, checkout).write(tmp_path / "b")
    assert (here.name, here.read_bytes()) == (there.name, there.read_bytes())


SPOILED = {
    "changed": (lambda root: append(root / "data" / NEWEST / "outcomes" / "huari.csv"), r"huari\.csv: checksum"),
    "missing": (lambda root: (root / "data" / NEWEST / "claims.csv").unlink(), r"claims\.csv: named in datapackage"),
    "too many": (
        lambda root: append(root / "data" / NEWEST / "more.csv"), r"more\.csv: not named in datapackage\.json",
    ),
    "of another release": (
        lambda root: shutil.copy(
            root / "analysis" / "published" / RELEASES[0] / "huari.json",
            root / "analysis" / "published" / NEWEST / "huari.json",
        ),
        rf"huari\.json: holds release '{RELEASES[0]}', must be '{NEWEST}'",
    ),
    "without its notebook": (
        lambda root: (root / "analysis" / "notebooks" / "cases" / "huari.py").unlink(),
        r"cases/huari\.py: named by a published result but not there",
    ),
    "of no known format": (
        lambda root: append(root / "analysis" / "notebooks" / "a.xyz"), r"a\.xyz: no format for '\.xyz'; allowed: ",
    ),
    "unpublished": (
        lambda root: shutil.rmtree(root / "analysis" / "published" / NEWEST),
        rf"published/{NEWEST}: no results; publish them with nox -s lock-results",
    ),
    "undated": (
        lambda root: (root / "data" / "CHANGELOG.md").write_text("# Changes\n"), r"CHANGELOG\.md: no entry `## 20",
    ),
}  # fmt: skip


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write("x\n")


@pytest.mark.parametrize("fault", SPOILED)
def test_a_release_that_is_not_as_frozen_gets_no_record(fault: str, checkout: Path, tmp_path: Path) -> None:
    spoil, says = SPOILED[fault]
    spoil(checkout)
    with pytest.raises(ArchiveError, match=says):
        crate_of(NEWEST, checkout).write(tmp_path / "record")
    assert not (tmp_path / "record").exists()


def test_a_tag_names_the_newest_release_and_every_file_says_the_same(checkout: Path) -> None:
    check_tag(NEWEST, checkout)
    with pytest.raises(ArchiveError, match=rf"data/ is '{NEWEST}', must be '{RELEASES[0]}'"):
        check_tag(RELEASES[0], checkout)
    for file, stated in (
        ("CITATION.cff", f'version: "{NEWEST}"'),
        ("pyproject.toml", f'version = "{NEWEST}"'),
        ("CITATION.cff", f'date-released: "{CITED["date-released"]}"'),
    ):
        path = checkout / file
        text = path.read_text(encoding="utf-8")
        assert stated in text
        path.write_text(text.replace(stated, stated.replace("20", "19")), encoding="utf-8")
        with pytest.raises(ArchiveError, match=re.escape(f"{file}: {re.split('[ :]', stated)[0]} is '19")):
            check_tag(NEWEST, checkout)
        path.write_text(text, encoding="utf-8")


def test_the_citation_has_the_licences_and_keywords_of_the_deposit() -> None:
    descriptor = open_release(NEWEST).descriptor
    assert set(CITED["license"]) == {"MIT", descriptor["licenses"][0]["name"]}
    assert CITED["keywords"] == descriptor["keywords"]
    assert CITED["abstract"] and CITED["title"] and CITED["authors"]
    assert not (ROOT / ".zenodo.json").exists(), "Zenodo reads CITATION.cff only where this file is missing"


PERSON = yaml.safe_load("""
family-names: Quispe
given-names: Ana
orcid: https://orcid.org/0000-0000-0000-0001
affiliation: A university
""")


def test_a_person_is_cited_by_name_and_orcid() -> None:
    cited = CITED | {"authors": [PERSON, {"name": "A project"}]}
    person, project = authors(cited)
    assert (person["@id"], person["@type"], person["name"]) == (PERSON["orcid"], "Person", "Ana Quispe")
    assert (project["@type"], project["name"]) == ("Organization", "A project")
