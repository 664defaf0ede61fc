"""Three further places, one of each kind, go from draft to frozen release, and the chapters across the places take them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from leadership_effects.cases.begin import begin
from leadership_effects.cases.plan_entry import Request
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import worksheet_folder
from leadership_effects.data.grid import PLAIN, WEIGHTED
from leadership_effects.data.rows import csv_text
from leadership_effects.effects.pupil_scale import VERDICTS
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT
from leadership_effects.releases.draft import draft_release
from leadership_effects.releases.plan_edit import edit_plan
from miniature import TIMEOUT_S
from small_checkout import DRAFT, ELSEWHERE, NEWEST, drafted, fill

OWN = Request("own_exam", "Own Exam", "own_exam", "Own Exam", 2009, "Gabon")
TOLD = Request("told", "Told", "", "Told", None, "Gabon", described=True)
PLACES = {"own panel": OWN, "panel of the release": ELSEWHERE, "described": TOLD}
ADDED = {asked.case_id for asked in PLACES.values()}
BEFORE, AFTER, UNITS = [2004, 2005, 2006, 2007, 2008], [2009, 2010, 2011, 2012], 12
BEARING = "place_stands_out,elsewhere,silent,0,none", "place_stands_out,elsewhere,cannot say,1,partial"
ACROSS = (
    "leaders", "evaluations", "coding", "critical_mass", "synthesis", "security", "characteristics", "development",
    "contribution", "strategy_map", "what_many_places_say", "deck",
)  # fmt: skip
COPIED = ("analysis", "book", "data", "requirements", "README.md", "CITATION.cff", "pyproject.toml", "ARCHITECTURE.md", "_config.yml", "_toc.yml")  # fmt: skip


def write_rows(house: Path, case_id: str, table: str, rows: list[dict[str, str]]) -> None:
    """Write the rows of a worksheet, blank where they say nothing."""
    path = worksheet_folder(drafted(house), case_id) / f"{table}.csv"
    columns = path.read_text(encoding="utf-8-sig").splitlines()[0].replace(";", ",").split(",")
    path.write_text(csv_text(columns, [dict.fromkeys(columns, "") | row for row in rows]), encoding="utf-8")


def fill_study(house: Path, case_id: str) -> None:
    """Let somebody else have found an effect in the place, with an interval and in a unit that no other study has."""
    study = {
        "case_id": case_id, "study": "Zielińska and Wrona", "year": "2018", "design": "comparison of districts",
        "treated": "pupils of fellows", "treated_level": "pupils of programme teachers", "finding": "null", "read": "full text",
        "statement": "Pupils of fellows gained as much as others.", "source_id": "LF_125", "estimate": "1.4",
        "interval_low": "-2.1", "interval_high": "4.9",
    }  # fmt: skip
    start = f"{case_id.replace('_', '-')}-eval"
    rows = [
        study | {"evaluation_id": f"{start}-01", "outcome": "passing", "unit": "percentage points"},
        study | {"evaluation_id": f"{start}-02", "outcome": "marks", "unit": "marks of the examination"},
    ]
    write_rows(house, case_id, "evaluations", rows)


def fill_own_panel(house: Path) -> None:
    """Fill units, outcomes and plan of the place with a panel of its own: a random walk in each of twelve districts."""
    folder = worksheet_folder(drafted(house), OWN.case_id)
    names = [OWN.unit, *(f"District {number}" for number in range(1, UNITS))]
    key = {name: f"own_exam/district/{name.lower().replace(' ', '-')}" for name in names}
    units = [{"unit_id": key[name], "panel": OWN.panel, "name": name, "unit_type": "district", "source_id": "S_OWN_EXAM"}
             for name in names]  # fmt: skip
    draws = np.random.default_rng(20261129)
    outcomes = []
    for name in names:
        values = 55 + draws.normal(0, 4) + draws.normal(0, 1, len(BEFORE + AFTER)).cumsum()
        outcomes += [
            {"indicator_id": "own_exam_one", "unit_id": key[name], "year": str(year), "value": f"{value:.1f}",
             "source_id": "S_OWN_EXAM", "derivation": "published"}
            for year, value in zip(BEFORE + AFTER, values, strict=True)
        ]  # fmt: skip
    write_rows(house, OWN.case_id, "units", units)
    write_rows(house, OWN.case_id, "outcomes", outcomes)
    path = folder / "cases.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("pisa/country/estonia", key[OWN.unit]), encoding="utf-8")
    path = folder / "plan.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content[OWN.case_id]["panels"]["outcome"] |= {
        "indicator": "own_exam_one", "unit_type": "district", "treated": OWN.unit, "pre": BEFORE, "post": AFTER,
    }  # fmt: skip
    grid = content[OWN.case_id]["grid"]
    grid |= {"years": BEFORE + AFTER, "windows": {"all after": AFTER, "last alone": AFTER[-1:]}}
    grid |= {"estimators": [WEIGHTED, PLAIN], "planned": grid["planned"] | {"estimator": WEIGHTED}}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def make_checkout(root: Path, places: Iterable[Request]) -> None:
    """Copy the checkout; begin, fill and take places in a draft."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    draft_release(DRAFT, root)
    for asked in places:
        begin(drafted(root), asked, root)
        fill(root, asked.case_id)
        if asked is OWN:
            fill_own_panel(root)
        if asked is not TOLD:
            fill_study(root, asked.case_id)
        take(drafted(root), asked.case_id, root)
        chapter = root / f"analysis/notebooks/cases/{asked.case_id}.py"
        start = asked.case_id.replace("_", "-")
        rewrite(chapter, "study.facts()", f'study.facts({{"{start}-01": "fellows"}})')
        if asked is not TOLD:
            named = f'{{"{start}-eval-01": "passing", "{start}-eval-02": "marks"}}'
            rewrite(chapter, "study.evaluations()", f"study.evaluations({named})")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(root: Path, module: str, *arguments: str) -> None:
    """Run a command of the checkout."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADERSHIP_", "PYTHON"))
    }
    done = subprocess.run(
        [sys.executable, "-m", f"leadership_effects.{module}", *arguments], cwd=root, capture_output=True, text=True,
        timeout=3 * TIMEOUT_S, env=kept | {"PYTHONPATH": str(root / "analysis")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{module} {arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"


def results(root: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (root / f"_build/results/{DRAFT}/{name}.json").read_text(encoding="utf-8")
    )
    return content["results"]


def run_chapters(root: Path, places: Iterable[Request]) -> dict[str, dict[str, Any]]:
    """Freeze the draft, run the chapters of the places and those across all; return the locked results of the others."""
    run(root, "releases.draft", DRAFT, "--freeze")
    locked = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "analysis/published" / NEWEST).glob("*.json")
    }
    for name, content in locked.items():
        write_json(root / f"_build/results/{DRAFT}/{name}.json", content | {"release": DRAFT}, sort=False)
    run(root, "build.run", *(asked.case_id for asked in places), "--workers", "1")
    run(root, "build.run", *ACROSS, "--workers", "1")
    return {name: locked[name]["results"] for name in ACROSS}


@pytest.mark.slow
@pytest.mark.long
def test_three_further_places_move_no_number_across_the_places(tmp_path: Path) -> None:
    """Every chapter across the places runs with them, names them, and prints what it printed before."""
    make_checkout(tmp_path, PLACES.values())
    locked = run_chapters(tmp_path, PLACES.values())
    for asked, verdict in zip(PLACES.values(), (VERDICTS, VERDICTS, {"cannot say"}), strict=True):
        found = results(tmp_path, asked.case_id)
        assert found["verdict"]["value"] in verdict and found["fellows"]["value"] == 3
    for name, before in locked.items():
        after = results(tmp_path, name)
        moved = {
            key: (old["value"], after.get(key, {}).get("value"))
            for key, old in before.items()
            if after.get(key, {}).get("value") != old["value"]
        }
        assert not moved, f"{name}: {moved}"
        others = [key for key in after.keys() - before.keys() if key.split(".")[0] not in ADDED]
        assert not others, f"{name}: {others}"
    assert {key.split(".")[0] for key in results(tmp_path, "strategy_map")} >= ADDED
    chapter = (tmp_path / "book/synthesis/evaluations.ipynb").read_text(encoding="utf-8")
    assert "Findings on places added later" in chapter and "Zielińska and Wrona" in chapter


@pytest.mark.slow
@pytest.mark.long
def test_a_place_taken_in_is_counted_and_tested_with_the_others(tmp_path: Path) -> None:
    """A dated deviation is all that it takes, but for sentences on what the joint tests found, in two chapters."""
    make_checkout(tmp_path, [ELSEWHERE])
    rewrite(drafted(tmp_path).folder / "assessments.csv", *BEARING)
    path = drafted(tmp_path).folder / "plan.yml"
    deviation = {
        "dated": "2098-12-01", "reason": "A later wave decides, which nobody had seen.", "panels": ["mathematics"],
        "estimand": "The start of a programme of thirty teachers", "began": "programme",
    }  # fmt: skip

    def take_it_in(plan: dict[str, Any]) -> None:
        plan["synthesis"]["taken_in"] = {ELSEWHERE.case_id: deviation}

    path.write_text(edit_plan(path.read_text(encoding="utf-8"), take_it_in), encoding="utf-8")
    with (tmp_path / "data/changes" / f"{DRAFT}.csv").open("a", encoding="utf-8") as reasons:
        reasons.write("plan,added,synthesis.taken_in,,A later wave decides.\n")
    for chapter in ("synthesis/synthesis.py", "answers/characteristics.py"):
        rewrite(tmp_path / f"analysis/notebooks/{chapter}", "\nopened = ", "\nholds = print\nopened = ")
    before, after = run_chapters(tmp_path, [ELSEWHERE])["synthesis"], results(tmp_path, "synthesis")
    assert (before["k"]["value"], after["k"]["value"]) == (5, 6)
    assert (before["places"]["value"], after["places"]["value"]) == (8, 9)
    assert after["joint.p"]["value"] != before["joint.p"]["value"]
    studies = results(tmp_path, "evaluations")
    assert studies["elsewhere_eval_01"]["value"] == 1.4 and studies["intervals.told"]["value"] == "two"
    chapter = (tmp_path / "book/synthesis/evaluations.ipynb").read_text(encoding="utf-8")
    assert "Elsewhere: Zielińska and Wrona" in chapter
    assert {"elsewhere.p", "pupil.elsewhere.plain", "joint_without_elsewhere.p"} <= after.keys()
