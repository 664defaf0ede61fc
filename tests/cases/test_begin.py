"""A place of each kind goes from scaffold to taken rows and a chapter that runs."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from leadership_effects.cases.begin import begin, place_of
from leadership_effects.cases.chapter_rules import first_screen, stages
from leadership_effects.cases.contract import case_problems, read_case, what_was_found
from leadership_effects.cases.plan_entry import Request, plan_entry, start_in_words
from leadership_effects.cases.rules.on_record import not_given, rows_on_place
from leadership_effects.cases.rules.suspicions import suspicious_cells
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import FILL, WRITE, CaseError, worksheet_folder, write_worksheet
from leadership_effects.data.checks.cells import ALLOWED_LICENCE
from leadership_effects.data.grid import PLAIN, WEIGHTED
from leadership_effects.data.joint_cases import added_cases
from leadership_effects.data.plan import CasePlan, PanelPlan
from leadership_effects.data.release import Release
from leadership_effects.data.rows import csv_text, read_rows
from leadership_effects.paths import ROOT
from leadership_effects.report.case_tables import NO_BREAK
from leadership_effects.report.described.series import beside_others, show_series
from leadership_effects.report.naming import coders_in_words, panel_labels, persons_in_words, readers_in_words
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table
from miniature import TIMEOUT_S
from small_checkout import DRAFT, ELSEWHERE, KEPT, NEWEST, drafted, fill

TOLD = Request("told", "Told", "", "Told", None, "Gabon", described=True)
NO_START = replace(ELSEWHERE, case_id="no_start", start=None, country="Gabon")
OWN_SERIES = replace(TOLD, case_id="far_away", panel="far_away", unit="Far Away")
DESCRIBED = {"no panel": TOLD, "in a panel, without a start": NO_START, "own series": OWN_SERIES}


def worksheet(house: Path, case_id: str, table: str) -> list[dict[str, str]]:
    path = worksheet_folder(drafted(house), case_id) / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("kind", DESCRIBED)
def test_a_place_without_a_comparison_is_begun_as_described(house: Path, kind: str) -> None:
    asked = DESCRIBED[kind]
    begin(drafted(house), asked, house)
    case = read_case(drafted(house), asked.case_id, house)
    assert set(case.roles) == {"described", "added"} and case.roles["described"].startswith(FILL)
    assert (case.plan["first_treated_year"], case.plan["primary"], case.plan["panels"]) == (None, [], {})
    row = case.sheets["cases"].rows[0].cells
    assert (row["start_basis"], row["first_treated_basis"], row["first_treated_year"]) == (
        "undated",
        "undated",
        "",
    )
    assert (
        {"units", "outcomes"} <= set(case.filled()) if kind == "own series" else "units" not in case.filled()
    )
    assert f"# # {asked.title}, {asked.country}: {WRITE}" in case.source
    assert "study.estimate(" not in case.source and "placebo" not in case.source
    missing = [str(problem) for problem in (*stages(case), *first_screen(case)) if WRITE not in str(problem)]
    assert not [line for line in missing if "to be written" not in line]


def test_a_panel_of_its_own_is_begun_with_a_grid(house: Path) -> None:
    begin(drafted(house), replace(ELSEWHERE, case_id="far_away", panel="far_away"), house)
    case = read_case(drafted(house), "far_away", house)
    assert case.plan["grid"]["starts"] == [2009] and case.plan["grid"]["outcomes"] == {
        "main outcome": "outcome"
    }
    assert "case_figures.curve(study, curve)" in case.source
    told = [str(problem) for problem in case_problems(case)]
    assert any("far_away.grid.years: to be filled" in line for line in told)


def written(house: Path, case_id: str, names: dict[str, str]) -> None:
    """Name the counts of a begun chapter, which an author does by hand."""
    path = house / "analysis" / "notebooks" / "cases" / f"{case_id}.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("study.facts()", f"study.facts({json.dumps(names)})"), encoding="utf-8")


def run(house: Path, case_id: str) -> dict[str, Any]:
    """Run a chapter on the draft and return its results."""
    places = {"LEADERSHIP_DATA": str(house / "data"), "LEADERSHIP_BUILD": str(house / "build")}
    done = subprocess.run(
        [sys.executable, f"analysis/notebooks/cases/{case_id}.py"], cwd=house, capture_output=True, text=True,
        timeout=TIMEOUT_S, env=os.environ | places | {"PYTHONPATH": str(ROOT / "analysis")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    results = house / "build" / "results" / DRAFT / f"{case_id}.json"
    content: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize(
    "kind", ["no panel", pytest.param("in a panel, without a start", marks=pytest.mark.slow)]
)
def test_a_described_chapter_runs_on_the_taken_rows(
    house: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = DESCRIBED[kind]
    begin(drafted(house), asked, house)
    fill(house, asked.case_id)
    take(drafted(house), asked.case_id, house)
    assert asked.case_id in added_cases(drafted(house))
    written(house, asked.case_id, {f"{asked.case_id.replace('_', '-')}-01": "fellows"})
    content = run(house, asked.case_id)
    texts = {key: found["text"] for key, found in content["results"].items()}
    assert (texts["comparison"], texts["verdict"], texts["finding"]) == (
        "none",
        "cannot say",
        "cannot be tested",
    )
    assert texts["record.dated"] == "one dated event and one dated count, 2010"
    assert texts["record.why"].startswith("because it is so")
    assert texts["record.claims"] == "the one claim cannot be checked with a public series"
    assert set(content["figures"]) >= ({"timeline"} if kind == "no panel" else {"timeline", "series"})
    monkeypatch.setenv("LEADERSHIP_BUILD", str(house / "build"))
    case = read_case(drafted(house), asked.case_id, house)
    assert not [
        problem
        for problem in case_problems(case)
        if "to be written" not in str(problem) and problem.column == "{num}"
    ]


@pytest.mark.slow
def test_a_described_place_with_a_series_of_its_own_is_taken(house: Path) -> None:
    begin(drafted(house), OWN_SERIES, house)
    fill(house, "far_away")
    plan = worksheet_folder(drafted(house), "far_away") / "plan.yml"
    content = yaml.safe_load(plan.read_text(encoding="utf-8"))
    content["synthesis"]["added"] = "It came after the results were known."
    plan.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    take(drafted(house), "far_away", house)
    assert drafted(house).outcomes("far_away")["value"].tolist() == [3.25] * 3


def test_readers_are_named_as_they_are(house: Path) -> None:
    draft = drafted(house)
    assert readers_in_words(draft, ["C", "D"]).startswith(
        "C and D are two automated readings of the same case notes"
    )
    path = draft.folder / draft.resource("readings")["path"]
    person = "K,person,2099-01-05,the sources,\n"
    path.write_text(path.read_text(encoding="utf-8") + person, encoding="utf-8")
    told = readers_in_words(drafted(house), ["C", "K"])
    assert told.startswith("C is an automated reading (material: dossiers")
    assert told.endswith("One person, K, coded the place (material: the sources).")
    alone = "two automated readings; no human coder has reviewed them"
    assert coders_in_words(drafted(house), "latvia", ["C", "D"]) == alone
    unread = "No human coder has reviewed the readings C and D"
    assert persons_in_words(drafted(house)) == unread
    coding = draft.folder / "coding.csv"
    head, *rows = coding.read_text(encoding="utf-8").splitlines()
    [*_, last] = csv.reader(rows)
    by_person = csv_text(head.split(","), [dict(zip(head.split(","), last, strict=True)) | {"coder": "K"}])
    coding.write_text("\n".join([head, *rows, *by_person.splitlines()[1:]]) + "\n", encoding="utf-8")
    assert persons_in_words(drafted(house)) == "A person coded Latvia beside the readings C and D"
    for coders, words in (
        (["C", "D"], "two automated readings; one person coded the place too"),
        (["C", "K"], "one automated reading and of one person"),
    ):
        assert coders_in_words(drafted(house), "latvia", coders) == words
    coding.write_text(by_person, encoding="utf-8")
    assert persons_in_words(drafted(house)) == f"{unread}; a person coded Latvia"


def planned(name: str, **changed: Any) -> PanelPlan:
    usual = {"indicators": ("pisa_mathematics",), "unit_types": ("country",), "treated": ("Chile",)}
    return PanelPlan("x", name, **(usual | {"pre": (2006,), "post": (2009,)} | changed))


@pytest.mark.parametrize(
    ("second", "labels"),
    [
        ({"indicators": ("pisa_reading",)}, ["PISA mathematics", "PISA reading"]),
        ({"pre": (2003, 2006)}, ["PISA mathematics (2006 to 2009)", "PISA mathematics (2003 to 2009)"]),
        ({"treated": ("Latvia",)}, ["PISA mathematics (Chile)", "PISA mathematics (Latvia)"]),
        ({}, ["PISA mathematics (first)", "PISA mathematics (second one)"]),
    ],
)
def test_panels_of_one_indicator_are_told_apart(
    release: Release, second: dict[str, Any], labels: list[str]
) -> None:
    panels = {"first": planned("first"), "second_one": planned("second_one", **second)}
    plan = CasePlan("x", "Chile", 2009, "", ("first",), panels, {}, {})
    assert list(panel_labels(release, plan).values()) == labels


def test_a_table_without_rows_is_a_sentence() -> None:
    shown = Table(pd.DataFrame(columns=["indicator", "year"]), "Breaks and cautions", NO_BREAK)
    assert shown._repr_mimebundle_()["text/html"] == f"<p>{NO_BREAK}</p>"
    bare = Table(pd.DataFrame(columns=["year"]), "Breaks")._repr_mimebundle_()
    assert bare["text/html"] == "<p>Breaks: none in this release.</p>"


def test_noise_of_a_series_follows_the_pupils_tested() -> None:
    """A share of a half has a standard error of five points with 100 pupils; one that is published is taken."""
    study = Study.open("", "delhi")
    rows = study.outcome("cbse_xii_region")
    own = rows[(rows["name"] == "Delhi") & rows["n_pupils"].notna() & rows["standard_error"].isna()].iloc[0]
    found = beside_others(study, "cbse_xii_region", "Delhi")
    share = own["value"] / 100
    at = found.years.index(int(own["year"]))
    assert found.error[at] == pytest.approx(100 * (share * (1 - share) / own["n_pupils"]) ** 0.5)
    published = beside_others(study, "pisa_mathematics", "Estonia")
    kept = study.outcome("pisa_mathematics").query("name == 'Estonia'").set_index("year")["standard_error"]
    assert published.error.tolist() == kept.loc[list(published.years)].tolist()


def test_a_series_is_titled_by_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its title has one verb, and so has the sentence of the first screen."""
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path))
    study = Study.open("", "delhi")
    figure = show_series(study, "series", "pisa_mathematics", "Poland")
    assert (
        study.registry.text("series.against")
        == "it moved from 9.8 below the mean of 29 other places to 10.3 above it"
    )
    assert "Poland moves from 9.8 below the mean of 29 other places to 10.3 above it" in figure.html


@pytest.mark.parametrize("year", [20017, 217])
def test_a_start_that_is_no_year_is_refused(house: Path, year: int) -> None:
    with pytest.raises(CaseError, match=f"--start {year} is no year of a start; allowed: 1960 to 2099"):
        begin(drafted(house), replace(ELSEWHERE, start=year), house)


def test_a_start_is_told_as_the_first_year_after_with_the_last_wave_before(house: Path) -> None:
    release = drafted(house)
    told = start_in_words(ELSEWHERE, plan_entry(release, ELSEWHERE))
    assert told.startswith("first year after: 2009; last wave before: 2006. ")
    own = replace(ELSEWHERE, panel="far_away")
    assert "last wave before: the last of your outcomes before 2009" in start_in_words(
        own, plan_entry(release, own)
    )
    assert start_in_words(TOLD, plan_entry(release, TOLD)) == ""


def test_rows_that_the_release_holds_on_a_place_are_named_until_the_worksheets_give_them(house: Path) -> None:
    asked = replace(TOLD, case_id="nepal", title="Kathmandu", unit="Kathmandu", country="Nepal")
    begin(drafted(house), asked, house)
    [dose] = rows_on_place(drafted(house), place_of(drafted(house), asked)).told()
    assert dose.startswith("dose.csv of the release holds 2 row(s)") and "50 in 2017; " in dose
    by_code = rows_on_place(drafted(house), {"EST"}).rows["starts"]
    assert by_code and by_code == rows_on_place(drafted(house), {"Estonia"}).rows["starts"]
    assert list(not_given(read_case(drafted(house), "nepal", house))) == [dose]
    path = worksheet_folder(drafted(house), "nepal") / "leadership.csv"
    rows = [row | {"year": year, "value": value} for row in worksheet(house, "nepal", "leadership")
            for year, value in (("2017", "50"), ("2019", "68"))]  # fmt: skip
    write_worksheet(path, list(rows[0]), rows)
    assert list(not_given(read_case(drafted(house), "nepal", house))) == []


def test_a_series_is_planned_from_its_last_break_and_a_coded_sheet_is_asked_for_in_one_line(
    house: Path,
) -> None:
    begin(drafted(house), ELSEWHERE, house)
    case = read_case(drafted(house), "elsewhere", house)
    broken = {
        row["indicator_id"]: int(row["year"])
        for row in read_rows(drafted(house), "breaks")
        if row["kind"] == "break"
    }
    panels = {panel["indicator"]: panel for panel in case.plan["panels"].values()}
    assert set(broken) & set(panels) and all(
        min(panel["pre"]) >= broken.get(name, 0) for name, panel in panels.items()
    )
    told = [str(problem) for problem in case_problems(case) if problem.file.endswith("coding.csv")]
    assert len(told) == 1 and "160 cells of 40 rows to be filled, first of row 2, 3, 4 and others" in told[0]
    assert [line for line in suspicious_cells(case) if "leaves out" in str(line)] == []


def test_a_cell_to_be_filled_names_its_closed_list_and_is_told_once(house: Path) -> None:
    begin(drafted(house), TOLD, house)
    [source] = worksheet(house, "told", "sources")
    assert source["licence"].endswith(ALLOWED_LICENCE) and source["year"].endswith("four digits, or n.d.")
    assert source["third_party_copy"].endswith("true, or false")
    told = [str(problem) for problem in case_problems(read_case(drafted(house), "told", house))]
    assert not [
        line for line in told if "found ''" in line or ("sources.csv" in line and "to be filled" not in line)
    ]


def test_a_coder_without_a_reading_is_one_message_that_says_how_to_add_one(house: Path) -> None:
    begin(drafted(house), TOLD, house)
    fill(house, "told")
    path = worksheet_folder(drafted(house), "told") / "coding.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace(";A;", ";E;"), encoding="utf-8")
    told = [
        str(problem)
        for problem in case_problems(read_case(drafted(house), "told", house))
        if "'E'" in str(problem)
    ]
    assert len(told) == 1 and "coding.csv, row 2, column coder: found 'E' in 20 rows, 2 to 40; " in told[0]
    assert f"{DRAFT}/readings.csv" in told[0] and "nox -s coding -- --import" in told[0]


@pytest.mark.parametrize("described", [True, False])
def test_the_chapter_asks_a_described_place_for_nothing_that_a_comparison_gives(
    house: Path, described: bool
) -> None:
    asked = TOLD if described else ELSEWHERE
    begin(drafted(house), asked, house)
    asks = " ".join(
        line for line in read_case(drafted(house), asked.case_id, house).source.splitlines() if WRITE in line
    )
    assert [words in asks for words in ("which unit is compared", "what the comparison shows")] == [
        not described
    ] * 2


def test_what_was_found_is_printed_to_be_read_beside_the_sentences(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path / "build"))
    begin(drafted(house), ELSEWHERE, house)
    case = read_case(drafted(house), "elsewhere", house)
    assert list(what_was_found(case)) == []
    case.results().parent.mkdir(parents=True)
    published = (ROOT / "analysis" / "published" / NEWEST / f"{KEPT[0]}.json").read_text(encoding="utf-8")
    case.results().write_text(published, encoding="utf-8")
    found = json.loads(published)["results"]
    first, second, last = what_was_found(case)
    assert all(found[key]["text"] in first for key in ("comparison", "verdict", "verdict_why", "finding"))
    [name] = case.plan["primary"]
    parts = ("att", "rank", "places", "p")
    assert all(found[f"{name}.{part}"]["text"] in second for part in parts)
    assert found[f"{name}.att"]["interval_text"] in second and "assessments.csv" in last


@pytest.mark.parametrize(("start", "estimator"), [(2009, PLAIN), (2022, WEIGHTED)])
def test_the_planned_estimator_is_that_of_the_headline(house: Path, start: int, estimator: str) -> None:
    begin(drafted(house), replace(ELSEWHERE, start=start), house)
    grid = read_case(drafted(house), ELSEWHERE.case_id, house).plan["grid"]
    assert grid["planned"]["estimator"] == grid["estimators"][0] == estimator
