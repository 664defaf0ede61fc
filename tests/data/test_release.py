"""The newest release, its plan and the results made from it agree, and no file names a machine."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from leadership_effects.build.jobs import plan_jobs
from leadership_effects.counting import entering_places, taken_in
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.joint_cases import added_cases, current_coding
from leadership_effects.data.panels import build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release, ReleaseError, is_draft, newest_release, open_release
from leadership_effects.data.validation import check_release
from leadership_effects.paths import ROOT
from leadership_effects.report.registry import read_results
from miniature import NAME

DATA = ROOT / "data"
NEWEST = newest_release()
RESULTS = ROOT / "_build" / "results" / NEWEST
BUILD_FIRST = "run `nox -s book` first"
# Taken apart, so that this file does not hold what it looks for.
MACHINE_PATHS = [f"/{folder}/" for folder in ("work", "tmp", "root", "home", "Users")]
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"), ("anaconda", "org"),
        ("crates", "io"), ("cran", "r-project", "org"),
    )
]  # fmt: skip


@cache
def kept_files() -> list[Path]:
    """Files that git keeps, or would keep: everything but what is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()})


@pytest.mark.parametrize("name", sorted(path.parent.name for path in DATA.glob("*/datapackage.json")))
def test_every_release_is_as_it_was_cut_and_has_no_problem(name):
    assert check_release(name, DATA) == []


def test_the_data_dictionary_is_that_of_the_newest_release(release):
    written = (DATA / "README.md").read_text(encoding="utf-8")
    assert written == data_dictionary(release), "run `nox -s data -- --write`"


def test_package_citation_and_readme_name_the_newest_release():
    assert f'version = "{NEWEST}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version: "{NEWEST}"' in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"analysis/published/{NEWEST}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_change_log_has_an_entry_for_every_release():
    log = (DATA / "CHANGELOG.md").read_text(encoding="utf-8")
    cut = [path.parent for path in DATA.glob("*/datapackage.json") if not is_draft(path.parent)]
    missing = [folder.name for folder in cut if folder.name not in log]
    assert missing == []


def bears_an_estimate(release: Release, case_id: str) -> bool:
    """Whether every primary panel of a case has the donors its plan asks for, and a pre-period."""
    plan = case_plan(release, case_id)
    panels = [build_panel(release, plan.panels[name]) for name in plan.primary]
    needed = release.plan["rules"]["minimum_donors"]
    return bool(panels) and all(panel.n_donors >= needed and panel.n_pre >= 1 for panel in panels)


def test_the_synthesis_takes_the_cases_with_donors_and_a_pre_period(release):
    entering, waiting = entering_places(release.plan), added_cases(release)
    bearing = [case_id for case_id in release.plan["cases"] if bears_an_estimate(release, case_id)]
    assert entering == [case_id for case_id in bearing if case_id not in waiting]


def test_effects_that_are_averaged_point_the_same_way(release):
    """The synthesis takes the mean of standardised effects as they are: higher must be better in each."""
    for case_id in release.plan["synthesis"]["entering"]:
        plan = case_plan(release, case_id)
        directions = {name: build_panel(release, plan.panels[name]).scale.direction for name in plan.primary}
        assert set(directions.values()) == {1}, f"{case_id}: {directions}"


def test_every_other_case_is_described_or_waits_with_a_reason(release):
    synthesis, waiting = release.plan["synthesis"], added_cases(release)
    named = [*synthesis["entering"], *synthesis["described"], *waiting, *taken_in(release.plan)]
    assert sorted(named) == sorted(release.plan["cases"])
    assert all(len(reason.split()) > 3 for reason in [*synthesis["described"].values(), *waiting.values()])


def test_the_plan_and_the_table_of_cases_name_the_same_start(release):
    starts = release.table("cases").set_index("case_id")["first_treated_year"]
    for case_id in release.plan["cases"]:
        planned = case_plan(release, case_id).first_treated_year
        assert (None if pd.isna(starts[case_id]) else int(starts[case_id])) == planned, case_id


@pytest.mark.parametrize("table", ["leadership", "events"])
def test_an_undated_row_has_no_year_and_a_dated_one_has(release, table):
    rows = release.table(table)
    assert ((rows["year_basis"] == "undated") == rows["year"].isna()).all()


def test_every_coded_item_has_two_coders(release):
    coders = current_coding(release).groupby(["case_id", "kind", "item"])["coder"].nunique()
    assert (coders == 2).all(), coders[coders != 2].to_string()


def results() -> dict[str, dict[str, Any]]:
    """Results of every notebook that the plan asks for."""
    names = [job.name for job in plan_jobs(open_release(NEWEST, DATA))]
    missing = [name for name in names if not (RESULTS / f"{name}.json").is_file()]
    assert not missing, f"no results of {', '.join(missing)}: {BUILD_FIRST}"
    return {name: read_results(NEWEST, name, RESULTS) for name in names}


def figures() -> dict[str, dict[str, Any]]:
    """Figure files of the last build by ``<notebook>.<figure>``."""
    found = {path.stem: path for path in sorted((RESULTS / "figures").glob("*.json"))}
    assert found, f"no figures in {RESULTS.relative_to(ROOT)}: {BUILD_FIRST}"
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}


def test_every_figure_has_caption_description_rows_and_a_picture():
    for name, figure in figures().items():
        assert len(figure["alt"].split()) >= 5, f"{name}: the description says too little: {figure['alt']!r}"
        assert figure["caption"].strip().endswith("."), f"{name}: the caption is no full sentence"
        assert figure["alt"] != figure["caption"], f"{name}: the description repeats the caption"
        assert figure["rows"] and figure["columns"], f"{name}: no rows"
        assert "<svg" in figure["html"] and "<table" in figure["html"], f"{name}: no picture or no table"


def test_every_figure_file_is_recorded_by_its_notebook():
    recorded = {f"{name}.{figure}" for name, content in results().items() for figure in content["figures"]}
    assert recorded == set(figures())
    for name, content in results().items():
        assert all(figure["description"].strip() for figure in content["figures"].values()), name


def test_every_result_says_what_it_is_and_where_it_comes_from(release):
    sources = set(release.table("sources")["source_id"])
    for name, content in results().items():
        assert content["results"], f"{name} records no result"
        for key, result in content["results"].items():
            where = f"{name}.{key}"
            assert result["meaning"].strip() and result["function"], where
            assert result["text"] not in ("", "nan"), where
            assert set(result["sources"]) <= sources, where
            assert result["release"] == NEWEST, where


def test_results_were_made_from_the_release_as_it_is(release):
    entries = [*release.descriptor["resources"], release.descriptor["plan"]]
    hashes = {entry["path"]: entry["hash"] for entry in entries}
    for name, content in results().items():
        changed = [file for file, digest in content["inputs"].items() if hashes[file] != f"sha256:{digest}"]
        assert not changed, f"{name} was made from another {changed}: {BUILD_FIRST}"


def test_no_kept_file_names_a_machine_or_a_registry(release):
    table = release.table("sources")
    columns = [table[column] for column in ("address", "copy_address") if column in table]
    addresses = sorted({address for column in columns for address in column}, key=len, reverse=True)
    found = []
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if not named(path, text):
            continue
        for address in addresses:
            if "://" in address:
                text = text.replace(address, "")
        found += named(path, text)
    assert found == []


def named(path: Path, text: str) -> list[str]:
    """Machine paths and registries in a text, each with its file and line."""
    if not any(name in text for name in (*MACHINE_PATHS, *REGISTRIES)):
        return []
    paths = (rf"(?<![\w.~]){re.escape(path)}" for path in MACHINE_PATHS)
    pattern = re.compile("|".join((*paths, *map(re.escape, REGISTRIES))))
    return [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_what_is_published_names_no_machine():
    notebooks = [ROOT / job.target for job in plan_jobs(open_release(NEWEST, DATA))]
    missing = [path.name for path in notebooks if not path.is_file()]
    assert not missing, f"no executed {', '.join(missing)}: {BUILD_FIRST}"
    for path in [*notebooks, *RESULTS.rglob("*.json")]:
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text, f"{path.relative_to(ROOT)} holds a path of this machine"
        assert "/_build/" not in text, f"{path.relative_to(ROOT)} holds a path of this machine"


def test_the_guard_against_machine_paths_sees_one():
    path, registry = MACHINE_PATHS[0], REGISTRIES[0]
    text = f"read {path}main/x.csv and\nhttps://{registry}/simple; see other{MACHINE_PATHS[1]}x"
    assert named(ROOT / "x.md", text) == [f"x.md:1: {path}", f"x.md:2: {registry}"]


HUARI = "outcomes/huari.csv"
UNREAD = {
    "changed": (lambda s: s.edit(HUARI, 3, "value", "24.5"), "outcomes-huari", r"outcomes/huari\.csv: checksum .* immutable"),
    "missing": (lambda s: s.path(HUARI).unlink(), "outcomes-huari", r"outcomes/huari\.csv: .* incomplete"),
    "unknown": (lambda s: None, "schools", "no table 'schools'; it has sources, cases"),
    "not parsed": (
        lambda s: (s.edit(HUARI, 3, "year", "2018-01-01"), s.freeze()), "outcomes-huari",
        r"outcomes/huari\.csv: .* run `nox -s data -- \S+`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("spoil, table, words", UNREAD.values(), ids=UNREAD)
def test_a_table_that_is_not_as_described_is_not_read(small, spoil, table, words):
    spoil(small)
    with pytest.raises(ReleaseError, match=words):
        small.open().table(table)


def test_an_unknown_release_is_refused_with_the_known_ones(small):
    with pytest.raises(ReleaseError, match=rf"no release '2020\.1' .* there are: {NAME}"):
        open_release("2020.1")
