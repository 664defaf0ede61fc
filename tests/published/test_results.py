"""A re-run of the notebooks gives the published results of the release.

If a difference was meant, `nox -s lock-results` renews the published results and the commit shows what changed.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.paths import ROOT, exhibits_folder, published_folder
from leadership_effects.published.results import compare, compare_exhibits, differences
from leadership_effects.published.tolerance import same_number

RELEASE = newest_release()


def test_a_re_run_gives_the_published_results() -> None:
    assert list(published_folder(RELEASE).glob("*.json")), f"release {RELEASE} has no published results"
    found = compare(RELEASE)
    assert not found, "\n".join(found[:40])


def test_figures_and_tables_show_the_published_rows() -> None:
    locked = {path.stem for path in exhibits_folder(RELEASE).glob("*.json")}
    assert locked == {path.stem for path in published_folder(RELEASE).glob("*.json")}
    found = compare_exhibits(open_release(RELEASE))
    assert not found, "\n".join(found[:40])


def test_numbers_that_moved_since_the_last_release_are_named_in_the_change_log() -> None:
    """Of the results that both releases print, those that differ are exactly those that the newest entry names."""
    releases = sorted(path.name for path in published_folder(RELEASE).parent.iterdir())
    before, now = (published(name) for name in releases[-2:])
    moved = {key for key in before.keys() & now.keys() if not same_number(before[key], now[key])}
    entry = (ROOT / "data" / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert entry.startswith(RELEASE)
    named = {key for key in re.findall(r"`([\w.]+)`", entry) if key in now}
    assert moved == named


def published(release: str) -> dict[str, object]:
    """Values of the published results of a release by notebook and key."""
    found: dict[str, object] = {}
    for path in sorted(published_folder(release).glob("*.json")):
        for key, result in json.loads(path.read_text(encoding="utf-8"))["results"].items():
            found[f"{path.stem}.{key}"] = result["value"]
    return found


def att(run: dict[str, Any]) -> float:
    return run["results"]["reading.att"]["value"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda r: r["results"]["reading.att"].update(value=att(r) + 1e-3), "reading.att"),
        (lambda r: r["results"]["reading.att"].update(interval=[0.0, 1.0]), "interval"),
        (lambda r: r["results"]["reading.att"].update(sources=[]), "sources"),
        (lambda r: r["results"].pop("maths.p"), "no longer recorded"),
        (lambda r: r["figures"]["paths"].update(sha256="0"), "figure paths differs"),
    ],
    ids=["value", "interval", "source", "key", "figure"],
)
def test_a_changed_result_is_named(spoil, said: str) -> None:
    locked = json.loads((published_folder(RELEASE) / "huari.json").read_text(encoding="utf-8"))
    fresh = copy.deepcopy(locked)
    spoil(fresh)
    found = list(differences(fresh, locked))
    assert len(found) == 1 and said in found[0]


def test_the_tolerance_is_one_part_in_ten_million() -> None:
    assert same_number(4.0 + 2e-7, 4.0) and not same_number(4.0 + 5e-7, 4.0)
    assert same_number(0.02 + 1e-9, 0.02) and not same_number(0.02 + 3e-9, 0.02)
    assert same_number(1e-15, -1e-15) and not same_number("inf", 1.0)
