"""A begun case is dropped or renamed without a trace, and one that a release holds is not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from leadership_effects.cases.begin import begin
from leadership_effects.cases.coding.take_in import take_in
from leadership_effects.cases.drop import drop
from leadership_effects.cases.plan_entry import Request
from leadership_effects.cases.rename import rename
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import CaseError, worksheet_folder
from leadership_effects.data.release import ReleaseError
from leadership_effects.data.rows import csv_text, read_rows
from leadership_effects.releases.changes import changes_path
from leadership_effects.releases.figures import COLUMNS as ANSWERS
from leadership_effects.releases.figures import figures_path
from leadership_effects.releases.plan_edit import place_case, take_out_case
from miniature import Shared, snapshot
from small_checkout import (
    DATA,
    DRAFT,
    ELSEWHERE,
    FARAWAY,
    NEWEST,
    drafted,
    fill,
    make_taken,
    mend,
    panels_of,
    reading,
)


def begun_and_taken(house: Path, asked: Request) -> None:
    begin(drafted(house), asked, house)
    fill(house, asked.case_id)
    take(drafted(house), asked.case_id, house)


def coded(house: Path, case_id: str) -> None:
    path = reading(house, case_id=case_id)
    take_in(drafted(house), [path])
    path.unlink()


def grown(house: Path) -> None:
    """Begin and take a case with a word and a reading of its own, and answer for one of its figures."""
    begin(drafted(house), FARAWAY, house)
    fill(house, "far_away")
    coded(house, "far_away")
    for table in ("units", "outcomes"):
        mend(house, "far_away", table, "far_away/country", "far_away/shire")
    mend(house, "far_away", "units", ";country;", ";shire;")
    with (worksheet_folder(drafted(house), "far_away") / "vocabulary.csv").open(
        "a", encoding="utf-8"
    ) as stream:
        stream.write("unit_type;shire;A part of a county.;No other kind of the release is as small.\n")
    take(drafted(house), "far_away", house)
    row = read_rows(drafted(house), "outcomes-far_away")[0]
    key = f"{row['indicator_id']}/{row['unit_id']}/{row['year']}"
    answer = dict(zip(ANSWERS, (key, "value", "as published", row["source_id"], "Table 1", ""), strict=True))
    figures_path(DRAFT, house / "data").write_text(csv_text(list(ANSWERS), [answer]), encoding="utf-8")


@pytest.mark.parametrize(("asked", "taken"), [(ELSEWHERE, False), (FARAWAY, False), (FARAWAY, True)])
def test_a_dropped_case_leaves_no_byte(house: Path, asked: Request, taken: bool) -> None:
    changes = changes_path(DRAFT, house / "data")
    with changes.open("a", encoding="utf-8") as stream:
        stream.write(
            "outcome,added,x,,\n"
        )  # a row with a fault: told by the check of changes, and no trace of the case
    sources = house / "data" / DRAFT / "sources.csv"
    header, first, *rest = sources.read_text(encoding="utf-8").splitlines(keepends=True)
    said = f"SAID{first[first.index(',') :]}"  # of another case, whose chapter alone cites it
    sources.write_text("".join([header, first, *rest, said]), encoding="utf-8")
    (house / "book").mkdir(exist_ok=True)
    (house / "book" / "said.md").write_text("It is said {src}`SAID`.\n", encoding="utf-8")
    before = snapshot(house)
    if taken:
        grown(house)
        assert {"readings.csv", "vocabulary.csv"} <= {
            path.name for path in (house / "data" / DRAFT).iterdir()
        }
        ran = house / "_build" / "results" / DRAFT / f"{asked.case_id}.json"
        ran.parent.mkdir(parents=True)
        ran.write_text("{}", encoding="utf-8")
    else:
        begin(drafted(house), asked, house)
        coded(house, asked.case_id)
    told = drop(drafted(house), asked.case_id, house)
    assert snapshot(house) == before
    notebook = f"analysis/notebooks/cases/{asked.case_id}.py"
    assert {f"data/worksheets/{asked.case_id}", notebook, "_toc.yml: its line"} <= set(told)
    assert f"{DRAFT}/readings.csv: 1 row(s)" in told
    assert (f"{DRAFT}/cases.csv: 1 row(s)" in told) == taken


def test_a_change_file_that_cannot_be_read_stops_a_drop(shared: Shared, tmp_path: Path) -> None:
    house = make_taken(shared, tmp_path, FARAWAY)
    changes = changes_path(DRAFT, house / "data")
    with changes.open("a", encoding="utf-8") as stream:
        stream.write('cases,added,"x,,a quote left open\n')
    before = snapshot(house)
    with pytest.raises(ReleaseError, match=rf"changes/{DRAFT}.csv, row \d+"):
        drop(drafted(house), "far_away", house)
    assert snapshot(house) == before


@pytest.mark.slow
def test_another_begun_case_stays_as_it_is(shared: Shared, tmp_path: Path) -> None:
    house = make_taken(shared, tmp_path, ELSEWHERE)
    kept = snapshot(house)
    begun_and_taken(house, FARAWAY)
    drop(drafted(house), "far_away", house)
    assert snapshot(house) == kept


@pytest.mark.slow
def test_a_reading_goes_with_the_codes_that_rested_on_it(house: Path) -> None:
    before = snapshot(house)
    draft = drafted(house)
    rows = read_rows(draft, "readings")
    path = draft.folder / draft.resource("readings")["path"]
    path.write_text(csv_text(list(rows[0]), [*rows, rows[0] | {"coder": "Z"}]), encoding="utf-8")
    begin(drafted(house), ELSEWHERE, house)
    fill(house, "elsewhere")
    mend(house, "elsewhere", "coding", ";B;", ";Z;")
    take(drafted(house), "elsewhere", house)
    drop(drafted(house), "elsewhere", house)
    assert snapshot(house) == before


@pytest.mark.parametrize("asked", [ELSEWHERE, FARAWAY], ids=lambda asked: asked.case_id)
def test_a_renamed_case_is_as_if_begun_under_its_new_name(house: Path, asked: Request) -> None:
    other = shutil.copytree(house, house.with_name(f"{house.name}-other"))
    begin(drafted(house), asked, house)
    rename(drafted(house), asked.case_id, "over_there", house)
    panel = asked.panel.replace(asked.case_id, "over_there")
    begin(drafted(other), replace(asked, case_id="over_there", panel=panel), other)
    assert snapshot(house) == snapshot(other)


@pytest.mark.slow
def test_a_renamed_case_that_was_taken_leaves_no_byte_when_it_is_dropped(house: Path) -> None:
    before = snapshot(house)
    grown(house)
    rename(drafted(house), "far_away", "over_there", house)
    for name, content in snapshot(house).items():
        text = content if isinstance(content, str) else content.decode()
        assert not re.search(r"\bfar_away|\bfar-away", f"{name}\n{text}"), name
    assert "over_there" in drafted(house).plan["cases"] and panels_of(drafted(house))[-1] == "over_there"
    drop(drafted(house), "over_there", house)
    assert snapshot(house) == before


def referred(house: Path) -> None:
    begin(drafted(house), ELSEWHERE, house)
    page = house / "book" / "index.md"
    page.parent.mkdir()
    page.write_text("# A book\n\nIt moved by {num}`elsewhere.att`.\n", encoding="utf-8")


def rested_on(house: Path) -> None:
    """Another case cites a source that only the first brought."""
    begun_and_taken(house, FARAWAY)
    begin(drafted(house), ELSEWHERE, house)
    fill(house, "elsewhere")
    mend(house, "elsewhere", "events", "LF_126", "S_FAR_AWAY")
    take(drafted(house), "elsewhere", house)


ACTS: dict[str, Callable[..., object]] = {
    "drop": drop, "rename": lambda release, case_id, root: rename(release, case_id, "over_there", root),
}  # fmt: skip
KEPT: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "frozen": (lambda house: None, "latvia", f"latvia is a case of release {NEWEST}, which is frozen and stays"),
    "not begun": (lambda house: None, "elsewhere", "no case 'elsewhere' is begun; allowed: none is"),
    "a page prints its number": (referred, "elsewhere", "book/index.md, row 3: refers to elsewhere"),
    "a row rests on its source": (rested_on, "far_away", "S_FAR_AWAY"),
}  # fmt: skip
SLOW = ("a row rests on its source",)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in KEPT]
)
def test_what_must_stay_is_refused_and_nothing_changes(house: Path, name: str, act: str) -> None:
    prepare, case_id, says = KEPT[name]
    prepare(house)
    before = snapshot(house)
    with pytest.raises(CaseError) as raised:
        ACTS[act](drafted(house), case_id, house)
    assert says in str(raised.value)
    assert snapshot(house) == before


@pytest.mark.parametrize(
    ("new", "says"), [("Elsewhere", "no id of a case"), ("latvia", "there is a case 'latvia' already")]
)
def test_a_new_name_is_free_and_well_formed(house: Path, new: str, says: str) -> None:
    begin(drafted(house), ELSEWHERE, house)
    with pytest.raises(CaseError, match=says):
        rename(drafted(house), "elsewhere", new, house)
    assert worksheet_folder(drafted(house), "elsewhere").is_dir()


def test_a_case_taken_out_of_a_plan_leaves_its_text() -> None:
    text = (DATA / NEWEST / "plan.yml").read_text(encoding="utf-8")
    entry = {
        "treated_unit": "X",
        "first_treated_year": None,
        "first_treated_reason": "x",
        "primary": [],
        "panels": {},
    }
    placed = place_case(text, "x", entry, {"described": "It is: alone.", "added": "It waits: for a plan."})
    assert take_out_case(placed, "x") == text
