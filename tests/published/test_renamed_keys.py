"""Keys that were renamed lead to their numbers: in comparisons, on the site and when a number is reproduced."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from leadership_effects.data.release import newest_release, open_release, release_order
from leadership_effects.paths import ROOT, published_folder
from leadership_effects.releases.compare import compare_releases, results_of
from leadership_effects.renamed_keys import present_keys, renamed_file, renamed_keys

NEWEST = newest_release()


def rows() -> list[dict[str, str]]:
    with renamed_file().open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_renamed_key_leads_to_one_published_number() -> None:
    renamed, (published, _) = renamed_keys(), results_of(NEWEST)
    assert set(renamed.values()) <= published.keys()
    assert not renamed.keys() & published.keys()
    assert len(renamed) == len(rows()) == len({row["new"] for row in rows()})
    moved = [old for old, new in renamed.items() if old.partition(".")[0] != new.partition(".")[0]]
    assert moved == []


def test_a_key_names_no_row() -> None:
    ids = {
        row_id
        for table in ("leadership", "evaluations", "events", "claims")
        for row_id in open_release(NEWEST).table(table).iloc[:, 0]
    }
    keys = results_of(NEWEST)[0]
    assert len(keys) > 3900
    assert [key for key in keys if ids & set(key.split("."))] == []
    assert [key for key in keys if re.search(r"-\d+(\.|$)", key)] == []


@pytest.mark.parametrize("before", ["2026.1", "2026.2"])
def test_a_renamed_number_is_neither_gone_nor_new(before: str) -> None:
    content = compare_releases(open_release(before), open_release(NEWEST))
    old = results_of(before)[0].keys() & renamed_keys().keys()
    assert content["renamed"] == {key: renamed_keys()[key] for key in old} and old
    assert not old & set(content["numbers"]["removed_keys"])
    both = content["numbers"]["both"] + content["words"]
    assert both == len({*present_keys(results_of(before)[0])} & results_of(NEWEST)[0].keys())


def test_a_key_that_was_renamed_twice_leads_to_its_last_name(tmp_path: Path) -> None:
    path = renamed_file(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text("release,old,new\n2026.3,a.x-01,a.first\n2026.4,a.first,a.second\n", encoding="utf-8")
    assert present_keys(["a.x-01", "a.first", "a.other"], tmp_path) == ["a.second", "a.second", "a.other"]
    assert renamed_keys(tmp_path, "2026.3") == {"a.x-01": "a.first"}, (
        "in a release that knows the first name alone"
    )


def test_without_renamed_keys_names_stay(tmp_path: Path) -> None:
    assert present_keys(["a.x-01"], tmp_path) == ["a.x-01"]


def test_a_rename_is_of_a_known_release() -> None:
    releases = {path.name for path in (ROOT / "data").glob("*/") if release_order(path.name)}
    assert {row["release"] for row in rows()} <= releases
    for row in rows():
        notebook, _, key = row["new"].partition(".")
        content = json.loads(
            (published_folder(row["release"]) / f"{notebook}.json").read_text(encoding="utf-8")
        )
        assert key in content["results"], row
