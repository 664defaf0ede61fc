"""A staggered adoption design is begun, filled, taken, checked, run and dropped; mistakes are told by file, row and column."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from leadership_effects.build.simulations import all_sweeps
from leadership_effects.build.site import SiteError, refuse_begun
from leadership_effects.cases.contract import case_problems, read_case
from leadership_effects.cases.designs.begin import begin_design, take_design
from leadership_effects.cases.designs.plan_entry import DesignRequest
from leadership_effects.cases.designs.rules import simulation_line
from leadership_effects.cases.drop import drop
from leadership_effects.cases.rename import rename
from leadership_effects.cases.rules.suspicions import suspicious_cells
from leadership_effects.cases.worksheets import DESIGN, FILL, WRITE, CaseError, worksheet_folder
from leadership_effects.data.release import open_release
from leadership_effects.data.rows import read_rows
from leadership_effects.data.staggered.design import read_design
from leadership_effects.data.staggered.panel import build_staggered
from leadership_effects.data.sweeps import SweepError
from leadership_effects.effects.pupil_scale import VERDICTS
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import explained
from leadership_effects.releases.plan_edit import edit_plan
from leadership_effects.report.many_places.chapter import ManyPlaces
from leadership_effects.report.registry import Registry
from miniature import TIMEOUT_S, snapshot
from small_checkout import DRAFT, NEWEST, drafted

SHIRES = DesignRequest("shires", "Shires", "shires", one="shire", many="shires")
IN_READING = DesignRequest("in_reading", "Countries, reading", "pisa", indicators=("pisa_reading",))
CODES = tuple(f"X{letter}" for letter in "ABCDEFGHIJKLMNOP")
WAVES = (2001, 2003, 2005, 2007, 2009, 2011, 2013)
STARTS = {"XA": 2004, "XB": 2004, "XC": 2004, "XD": 2006, "XE": 2006, "XF": 2008}
NEVER = [code for code in CODES if code not in STARTS]
ROWS: dict[str, list[dict[str, Any]]] = {
    "sources": [
        {"source_id": "S_SHIRES", "title": "Results of the shires", "publisher": "The office", "year": "2020",
         "address": "https://example.org/shires", "licence": "CC-BY-4.0", "how_read": "Whole table.", "third_party_copy": "false"}
    ],
    "units": [
        {"unit_id": f"shires/local_authority/{code.lower()}", "panel": "shires", "name": f"Shire {code}",
         "unit_type": "local_authority", "code": code} for code in CODES
    ],
    "indicators": [
        {"indicator_id": "shires_sums", "panel": "shires", "title": "Sums", "definition": "Mean score in sums.", "value_unit": "points",
         "direction": 1, "minimum": 0, "maximum": 1000, "pupil_sd": 100, "pupil_sd_source_id": "S_SHIRES"}
    ],
    "starts": [
        {"start_id": f"{code.lower()}-first-placement", "place": f"Shire {code}", "place_type": "region", "code": code,
         "organisation": "A partner", "measure": "first placement", "year": year, "basis": "stated", "has_outcomes": "true",
         "source_id": "S_SHIRES"} for code, year in STARTS.items()
    ],
}  # fmt: skip
PLAN: dict[str, Any] = {
    "question": "Did pupils of a shire gain more after the programme came?", "dated": "2030-01-02", "measured": "sums, shires",
    "unit_type": "local_authority", "places": {"one": "shire", "many": "shires"}, "indicators": ["shires_sums"], "waves": list(WAVES),
    "level": {"waves": "first", "reason": "No other test covers the shires."},
    "groups": {"name": "side", "of": {"North": list(CODES[::2]), "South": list(CODES[1::2])}},
    "treated": {"XA": 2005, "XB": 2005, "XC": 2005, "XD": 2007, "XE": 2007, "XF": 2009}, "never": NEVER,
}  # fmt: skip
OUTSIDE = "It is said elsewhere {src}`LF_125`."


def outcomes() -> list[dict[str, Any]]:
    rng = np.random.default_rng(7)
    level = rng.normal(0, 40, len(CODES))
    return [
        {"indicator_id": "shires_sums", "unit_id": f"shires/local_authority/{code.lower()}", "year": wave,
         "value": round(500 + level[i] + 2 * w + rng.normal(0, 6), 2), "source_id": "S_SHIRES", "derivation": "published"}
        for i, code in enumerate(CODES) for w, wave in enumerate(WAVES)
    ]  # fmt: skip


def write_sheet(house: Path, name: str, table: str, rows: list[dict[str, Any]] | None) -> None:
    """Fill a worksheet with rows, or, where there are none, take out those that still ask for something."""
    path = worksheet_folder(drafted(house), name) / f"{table}.csv"
    header, *held = csv.reader(path.read_text(encoding="utf-8").splitlines())
    filled = [[row.get(column, "") for column in header] for row in rows or ()]
    kept = (
        filled
        if rows is not None
        else [row for row in held if not any(cell.startswith(FILL) for cell in row)]
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *kept])


def edit_entry(house: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    path = worksheet_folder(drafted(house), name) / "plan.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content[name])
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def begun(house: Path) -> None:
    """Begin the shires, a panel of their own, and fill everything but the chapter."""
    begin_design(drafted(house), SHIRES, house)
    for table, rows in (ROWS | {"outcomes": outcomes()}).items():
        write_sheet(house, "shires", table, rows)
    edit_entry(house, "shires", lambda entry: entry.update(PLAN))


def told(house: Path, name: str = "shires") -> list[str]:
    """What the contract says of rows and plan."""
    case = read_case(drafted(house), name, house, DESIGN)
    return [str(problem) for problem in case_problems(case) if not problem.file.endswith((".py", "_toc.yml"))]


def written(house: Path, name: str) -> None:
    """Answer everything that the chapter asks for."""
    path = house / "analysis" / "notebooks" / "synthesis" / f"{name}.py"
    text = path.read_text(encoding="utf-8").replace("**WRITE: name of the rival.** ", "**A recession.** ")
    text = re.sub(rf"{WRITE}(?:.|\n(?=# \S))*", OUTSIDE, text)
    text = text.replace(
        f"{{.lead}}\n# {OUTSIDE}", "{.lead}\n# What happened in the shires, and what cannot be known of it."
    )
    text = text.replace(
        "mind\n#\n# It is said",
        f"mind\n#\n# {'Counts of people by shire and year would settle it, ' * 3} as it is said",
    )
    path.write_text(text, encoding="utf-8")


def test_a_design_with_a_panel_of_its_own_is_taken_and_dropped_without_a_trace(house: Path) -> None:
    before = snapshot(house)
    begin_design(drafted(house), SHIRES, house)
    asked = "\n".join(told(house))
    for place in (
        "starts.csv, row 2, column year",
        "units.csv, row 2, column code",
        "plan.yml, column shires.treated",
        "shires.groups",
    ):
        assert (
            f"{place}: to be filled" in asked
            or f"{place.replace('column ', 'column ')}: to be filled" in asked
        ), place
    drop(drafted(house), "shires", house)
    assert snapshot(house) == before
    begun(house)
    assert told(house) == []
    assert not [
        line
        for line in suspicious_cells(read_case(drafted(house), "shires", house, DESIGN))
        if "plan.yml" in str(line)
    ]
    counts = take_design(drafted(house), "shires", house)
    assert counts["outcomes/shires.csv"] == len(CODES) * len(WAVES) and counts["starts.csv"] == len(STARTS)
    draft = drafted(house)
    assert explained(open_release(NEWEST, house / "data"), draft)[1] == []
    panel = build_staggered(draft, read_design(draft, "shires"))
    assert int(panel.treated.sum()) == len(STARTS) and panel.places[: len(STARTS)] == tuple(STARTS)
    assert {"staggered_size_shires", "staggered_dose_shires"} <= set(all_sweeps(draft))
    command = f"nox -s simulations -- staggered_size_shires staggered_dose_shires --release {DRAFT}"
    assert command in simulation_line(read_case(draft, "shires", house, DESIGN))
    with pytest.raises(SweepError, match=re.escape(f"simulate before the estimate is seen: {command}")):
        ManyPlaces(draft, Registry(draft, "shires", "shires.py"), read_design(draft, "shires"))
    with pytest.raises(SiteError, match=rf"shires belongs to draft {DRAFT}; freeze it"):
        refuse_begun(open_release(NEWEST, house / "data"), house)
    refuse_begun(draft, house)
    assert "analysis/notebooks/synthesis/shires.py" in drop(drafted(house), "shires", house)
    assert snapshot(house) == before


def test_a_renamed_design_leaves_no_trace_of_its_old_id(house: Path) -> None:
    begun(house)
    take_design(drafted(house), "shires", house)
    rename(drafted(house), "shires", "counties", house)
    draft, files = drafted(house), snapshot(house)
    assert not [name for name in files if "shires" in name]
    own = {name: held for name, held in files.items() if "counties" in name or DRAFT in name}
    assert [
        name for name, held in own.items() if b"shires/" in held or b"shires_" in held or b"-shires" in held
    ] == []
    assert build_staggered(draft, read_design(draft, "counties")).treated.sum() == len(STARTS)
    assert told(house, "counties") == [] and explained(open_release(NEWEST, house / "data"), draft)[1] == []
    drop(draft, "counties", house)


def test_a_design_of_a_panel_of_the_release_is_filled_from_its_rows(house: Path) -> None:
    before = snapshot(house)
    begin_design(drafted(house), IN_READING, house)
    entry = yaml.safe_load(
        (worksheet_folder(drafted(house), "in_reading") / "plan.yml").read_text(encoding="utf-8")
    )["in_reading"]
    starts = read_rows(drafted(house), "starts")
    codes = {row["code"] for row in read_rows(drafted(house), "units")}
    sheet = csv.DictReader(
        (worksheet_folder(drafted(house), "in_reading") / "starts.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert [row for row in sheet if not row["code"].startswith(FILL)] == [
        row for row in starts if row["code"] in codes
    ]
    assert (
        entry["role"] == "added"
        and entry["places"] == {"one": "country", "many": "countries"}
        and entry["treated"]["LVA"] == 2009
    )
    for table in ("sources", "starts"):
        write_sheet(house, "in_reading", table, None)
    edit_entry(
        house,
        "in_reading",
        lambda entry: (
            entry.update({key: PLAN[key] for key in ("question", "dated", "level")}) or entry.pop("groups")
        ),
    )
    assert told(house, "in_reading") == []
    take_design(drafted(house), "in_reading", house)
    assert read_rows(drafted(house), "starts") == starts
    drop(drafted(house), "in_reading", house)
    assert snapshot(house) == before


def rows(table: str, number: int, **cells: str) -> Callable[[Path], None]:
    """Change cells of one row of a worksheet."""
    held = ROWS[table]

    def spoil(house: Path) -> None:
        write_sheet(
            house, "shires", table, [row | cells if n == number else row for n, row in enumerate(held, 2)]
        )

    return spoil


def entry(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    return lambda house: edit_entry(house, "shires", change)


def few_never(house: Path) -> None:
    """Let all but four shires have begun."""
    begun_too = {code: 2004 for code in NEVER[:-4]}
    more = [
        ROWS["starts"][0]
        | {"start_id": f"{code.lower()}-first-placement", "place": f"Shire {code}", "code": code}
        for code in begun_too
    ]
    write_sheet(house, "shires", "starts", [*ROWS["starts"], *more])
    edit_entry(
        house,
        "shires",
        lambda e: e.update(treated=e["treated"] | dict.fromkeys(begun_too, 2005), never=NEVER[-4:]),
    )


def gaps(house: Path) -> None:
    """Leave but four of the shires that never began with a result in each wave."""
    late = {f"shires/local_authority/{code.lower()}" for code in NEVER[4:]}
    kept = [row for row in outcomes() if row["unit_id"] not in late or row["year"] != WAVES[0]]
    write_sheet(house, "shires", "outcomes", kept)


MISTAKES: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "start without a year": (rows("starts", 3, year=""), ("starts.csv, row 3, column year", "is blank; allowed: a year, or no row")),
    "start after the last wave": (
        rows("starts", 4, year="2015"), ("starts.csv, row 4, column year", "2015 is after the last wave, 2013", "XC under never")
    ),
    "start of no unit": (rows("starts", 2, code="XZ"), ("starts.csv, row 2, column code", "XZ is the code of no unit of shires")),
    "unit without a code": (rows("units", 5, code=""), ("units.csv, row 5, column code", "is blank; allowed: the code that starts.csv")),
    "source of nobody": (rows("starts", 2, source_id="S_NONE"), ("starts.csv, row 2, column source_id", "S_NONE is no source")),
    "unknown panel": (entry(lambda e: e.update(panel="shire")), ("plan.yml, column shires.panel", "'shire' is no panel; allowed: pisa, shires")),
    "unknown series": (entry(lambda e: e.update(indicators=["sums"])), ("column shires.indicators", "'sums' is no indicator of shires; allowed: shires_sums")),
    "group of one unit": (
        entry(lambda e: e["groups"]["of"].update(North=["XA"])), ("column shires.groups.of.North", "holds 1 unit(s); allowed: 2 or more")
    ),
    "too few that never began": (few_never, ("column shires.never", "4 unit(s) with enough waves; allowed: 5 or more")),
    "too few with every wave to simulate": (gaps, ("column shires", "4 never-treated places are observed in every wave of XA", "needs 5")),
    "list that the rows do not give": (
        entry(lambda e: e["treated"].update(XA=2007)), ("column shires.treated", "allowed: as the rows give it", "'XA': 2005")
    ),
    "no day": (entry(lambda e: e.update(dated="soon")), ("column shires.dated", "allowed: the day of the plan, YYYY-MM-DD")),
    "text for a list": (entry(lambda e: e.update(treated="all")), ("column shires.treated", "allowed: fields with values")),
    "another role": (entry(lambda e: e.update(role="headline")), ("column shires.role", "allowed: added")),
    "no scheme": (entry(lambda e: e.update(schemes={"plain": "all places"})), ("column shires.schemes", "adjusted is missing")),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_where_it_is_and_nothing_is_taken(
    house: Path, spoil: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    begun(house)
    spoil(house)
    found = told(house)
    assert len(found) == 1 and all(word in found[0] for word in words), found
    before = snapshot(house)
    with pytest.raises(CaseError, match=re.escape(words[0])):
        take_design(drafted(house), "shires", house)
    assert snapshot(house) == before


def test_a_late_start_of_a_unit_with_too_few_waves_stays_as_it_is(house: Path) -> None:
    """Such a unit is out of the design, so that neither its start nor the list of the plan can be wrong about it."""
    begun(house)
    late, few = CODES[-1], WAVES[-2:]
    start = ROWS["starts"][0] | {
        "start_id": "late-first-placement",
        "place": f"Shire {late}",
        "code": late,
        "year": 2015,
    }
    write_sheet(house, "shires", "starts", [*ROWS["starts"], start])
    kept = [
        row for row in outcomes() if not row["unit_id"].endswith(f"/{late.lower()}") or row["year"] in few
    ]
    write_sheet(house, "shires", "outcomes", kept)
    edit_entry(house, "shires", lambda e: e["never"].remove(late))
    assert told(house) == []


TAKEN: dict[str, tuple[DesignRequest, str]] = {
    "id of a case": (DesignRequest("latvia", "Latvia", "pisa"), "there is a case 'latvia' already"),
    "malformed id": (DesignRequest("The-Shires", "Shires", "pisa"), "no id of a design; allowed: small letters"),
    "no such panel": (DesignRequest("in_reading", "Readers", "pizza"), "no panel 'pizza'; allowed: pisa, or none"),
    "no such series": (DesignRequest("in_reading", "Readers", "pisa", indicators=("reading",)), "holds no 'reading' of country; allowed with --indicator"),
    "panel in capitals": (DesignRequest("in_reading", "Readers", "PISA"), "--panel 'PISA' .* nearly pisa"),
    "organisation with another letter": (
        DesignRequest("in_reading", "Readers", "pisa", organisation="Teach for America"), "--organisation .* nearly Teach For America"
    ),
    "no such unit": (DesignRequest("in_reading", "Readers", "pisa", unit_type="parish"), "no unit of type 'parish' with a code; allowed with --unit-type"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "words"), TAKEN.values(), ids=TAKEN)
def test_what_cannot_be_begun_writes_nothing(house: Path, asked: DesignRequest, words: str) -> None:
    before = snapshot(house)
    with pytest.raises(CaseError, match=words):
        begin_design(drafted(house), asked, house)
    assert snapshot(house) == before


def checkout(house: Path) -> None:
    """Give the miniature code of its own, below which simulations are locked, and a plan that asks for few panels."""
    for folder in ("analysis/leadership_effects", "requirements"):
        shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CITATION.cff", house)

    def ask_few(plan: dict[str, Any]) -> None:
        plan["many_places"]["simulation"]["panels"] = 20

    path = house / "data" / DRAFT / "plan.yml"
    path.write_text(edit_plan(path.read_text(encoding="utf-8"), ask_few), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["pupil SD", "unit"])
def test_the_notebook_runs_on_the_filled_rows_once_its_test_is_simulated(
    house: Path, scale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout(house)
    before = snapshot(house)
    begin_design(
        drafted(house),
        DesignRequest("shires", "Shires", "shires", one="shire", many="shires", scale=scale),
        house,
    )
    for table, held in (ROWS | {"outcomes": outcomes()}).items():
        write_sheet(house, "shires", table, held)
    edit_entry(house, "shires", lambda entry: entry.update(PLAN))
    take_design(drafted(house), "shires", house)
    written(house, "shires")
    places = {"LEADERSHIP_DATA": str(house / "data"), "LEADERSHIP_BUILD": str(house / "_build")}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=house, capture_output=True, text=True, timeout=TIMEOUT_S,
            env=os.environ | places | {"PYTHONPATH": str(house / "analysis"), "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
        )  # fmt: skip

    notebook = "analysis/notebooks/synthesis/shires.py"
    judged = scale == "pupil SD"
    if judged:
        sweeps = ("staggered_size_shires", "staggered_dose_shires")
        command = f"nox -s simulations -- {' '.join(sweeps)} --release {DRAFT}"
        assert f"simulate before the estimate is seen: {command}" in run(notebook).stderr
        done = run("-m", "leadership_effects.build.simulations", *sweeps, "--release", DRAFT)
        assert done.returncode == 0, done.stderr[-2000:]
    done = run(notebook)
    assert done.returncode == 0, done.stderr[-2000:]
    content = json.loads((house / "_build" / "results" / DRAFT / "shires.json").read_text(encoding="utf-8"))[
        "results"
    ]
    assert (
        content["places.treated"]["value"] == len(STARTS) and content["plan.dated"]["value"] == "2030-01-02"
    )
    words = {name: content[f"words.{name}"]["value"] for name in ("simulated", "dose_share", "not_compared")}
    assert ("has not been simulated on the shape of this design" in words["simulated"]) != judged
    assert "For none of these shires" in words["dose_share"] and ".0 " not in words["not_compared"]
    assert ("verdict.smallest" in content) == judged
    assert not judged or content["verdict.smallest"]["value"] in VERDICTS
    monkeypatch.setenv("LEADERSHIP_BUILD", str(house / "_build"))
    assert [str(p) for p in case_problems(read_case(drafted(house), "shires", house, DESIGN))] == []
    drop(drafted(house), "shires", house)
    left = {
        name: held
        for name, held in snapshot(house).items()
        if not name.startswith(("_build/cache", "_build/simulations"))
    }
    assert left == before
