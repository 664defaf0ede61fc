"""Releases are compared to the cell, every change has a reason, and a freeze is whole or not at all."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership_effects.counting import place_counts, renew_counts
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.release import (
    frozen_releases,
    is_draft,
    newest_release,
    open_release,
    previous_release,
)
from leadership_effects.data.rows import read_rows
from leadership_effects.data.validation import check_release
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT, reports_folder
from leadership_effects.releases import freeze
from leadership_effects.releases.changes import (
    COLUMNS,
    Change,
    changes_path,
    explained,
    read_reasons,
    release_changes,
    year_bounds,
)
from leadership_effects.releases.compare import (
    MOVED,
    compare_releases,
    comparison_path,
    moves,
    verdicts,
    with_moved,
)
from leadership_effects.releases.draft import draft_release, normalise_text
from leadership_effects.releases.figures import COLUMNS as ANSWER_COLUMNS
from leadership_effects.releases.figures import figures_path
from leadership_effects.releases.freeze import (
    COUNTING,
    NAMING,
    DraftError,
    count_in_descriptor,
    counted_files,
    draft_problems,
    freeze_release,
)
from leadership_effects.releases.report import as_text, changes_page, read_comparisons
from leadership_effects.releases.thaw import thaw_release
from miniature import NAME, SmallRelease, snapshot

DATA = ROOT / "data"
NEXT = "2099.2"
AFTER_THE_FIRST = frozen_releases(DATA)[1:]


def record(value: Any, text: str, interval: list[Any] | None = None, **changes: Any) -> dict[str, Any]:
    ends = (
        "" if interval is None else " to ".join(f"{end:.1f}" for end in interval if not isinstance(end, str))
    )
    return {
        "value": value, "text": text, "interval": interval, "interval_text": ends, "unit": "points", "digits": 1,
        "meaning": "A number.",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "tier", "zero"),
    [
        (record(1.0, "1.0"), record(1.0 + 1e-9, "1.0"), "same", ""),
        (record(1.01, "1.0"), record(1.02, "1.0"), "below", ""),
        (record(1.04, "1.0"), record(1.06, "1.1"), "rounding", ""),
        (record(1.0, "1.0", [0.0, 2.0]), record(1.0, "1.0", [0.2, 2.0]), "rounding", "left"),
        (record(1.0, "1.0", [0.5, 2.0]), record(1.1, "1.1", [-0.5, 2.0]), "rounding", "reached"),
        (record(1.0, "1.0", [0.5, 1.5]), record(1.6, "1.6", [1.0, 2.0]), "interval", ""),
        (record(1.0, "1.0", ["-inf", "inf"]), record(9.0, "9.0", ["-inf", "inf"]), "rounding", ""),
        (record(1.0, "1.0", [-3.0, 5.0]), record(-1.0, "−1.0", [-5.0, 3.0]), "sign", ""),
        (record(0.01, "0.0"), record(-0.01, "0.0"), "below", ""),
        (record(1.0, "1.0"), record(100.0, "100.0", unit="percent"), "unit", ""),
        (record("inf", "no upper limit"), record(3.0, "3.0"), "rounding", ""),
    ],
    ids=[
        "within the tolerance", "below rounding", "beyond rounding", "interval left zero", "interval reached zero",
        "beyond its interval", "unbounded", "sign", "no sign where zero is printed", "unit", "infinite",
    ],
)  # fmt: skip
def test_a_number_falls_into_the_gravest_tier_that_holds(before, after, tier: str, zero: str) -> None:
    (move,) = moves({"a.b": before}, {"a.b": after})
    assert (move.tier, move.zero) == (tier, zero)


def test_a_changed_verdict_is_told_and_is_no_number() -> None:
    before, after = {"a.v": record("tested", "tested")}, {"a.v": record("estimated", "estimated")}
    assert not list(moves(before, after))
    assert [(v["before"], v["after"]) for v in verdicts(before, after)] == [("tested", "estimated")]


@pytest.mark.parametrize("name", AFTER_THE_FIRST)
def test_every_change_of_a_release_has_a_reason_and_the_book_prints_it(name: str) -> None:
    old, new = (open_release(release, DATA) for release in (previous_release(name, DATA), name))
    assert [str(problem) for problem in explained(old, new)[1]] == []
    path = comparison_path(old.name, name)
    assert path.is_file(), "run `nox -s lock-results`"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == compare_releases(old, new), "run `nox -s lock-results`"
    rows = as_text(kept).partition("REASONS")[0]
    assert "before after added" in rows and ".0 " not in rows, "rows are counted in whole numbers"


def test_the_book_includes_every_comparison_on_file() -> None:
    contents = read_comparisons()
    assert [content["after"] for content in contents] == AFTER_THE_FIRST[::-1]
    text = (reports_folder() / "changes.md").read_text(encoding="utf-8")
    assert text == changes_page(contents, newest_release(DATA)), "run `nox -s compare -- --write`"


def test_a_release_without_locked_results_is_said_to_have_none_on_the_page_of_changes() -> None:
    assert changes_page([], NEXT).startswith(
        f"## Release {NEXT}\n\nThe results of this release are not locked yet"
    )


@pytest.fixture
def root(small: SmallRelease, tmp_path: Path) -> Path:
    """A checkout with the small release, and with this repository's files that name a release set to it."""
    for file in NAMING:
        text = (ROOT / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(newest_release(DATA), NAME), encoding="utf-8")
    log = f"# Changes\n\n## {NAME} (2099-01-01)\n\nFirst.\n"
    (tmp_path / "data" / "CHANGELOG.md").write_text(log, encoding="utf-8")
    return tmp_path


def draft(root: Path, *reasons: tuple[str, ...]) -> SmallRelease:
    """Draft the next release with one corrected value and the reasons given."""
    drafted = SmallRelease(root / "data")
    drafted.folder = draft_release(NEXT, root)
    drafted.edit("outcomes/huari.csv", 3, "value", "21.5")
    with changes_path(NEXT, root / "data").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *reasons])
    return drafted


WHY = ("outcomes-huari", "changed", "*", "value", "Misread.")


def test_a_draft_is_checked_but_is_not_the_newest_release(root: Path) -> None:
    draft(root, WHY)
    assert is_draft(root / "data" / NEXT) and newest_release(root / "data") == NAME
    assert check_release(NEXT, root / "data") == [] and draft_problems(NEXT, root) == []
    with pytest.raises(DraftError, match="there already"):
        draft_release(NEXT, root)


@pytest.mark.parametrize("name", ["2099", "2099.01", NAME, "2000.1", "../2099.2"])
def test_a_release_is_named_by_year_and_number_and_follows_the_last(root: Path, name: str) -> None:
    with pytest.raises(DraftError, match="allowed"):
        draft_release(name, root)


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ((), f"{NEXT}/outcomes/huari.csv, row 3, column value: "),
        (((*WHY[:4], " "),), f"changes/{NEXT}.csv, row 2, column reason: is empty"),
        ((WHY, ("outcomes-delhi", "changed", "*", "value", "Misread.")), f"changes/{NEXT}.csv, row 3: every change of"),
        ((WHY, WHY), f"changes/{NEXT}.csv, row 3: every change of"),
        ((("outcomes", "changed", "*", "value", "Misread."),), "row 2, column table: found 'outcomes'; allowed: sources"),
        (((*WHY[:1], "edited", *WHY[2:]),), "row 2, column change: found 'edited'; allowed: added"),
        ((WHY[:3],), "row 2, column reason: is empty"),
        (((*WHY[:4], "<why>"),), "row 2, column reason: '<why>' was left"),
        (((*WHY[:4], "see above"),), "row 2, column reason: 'see above' says nothing by itself"),
    ],
    ids=["unexplained", "no words", "another table", "twice", "unknown table", "unknown change", "cut short", "left open", "points elsewhere"],
)  # fmt: skip
def test_an_unexplained_change_and_an_idle_reason_are_refused(root: Path, reasons, said: str) -> None:
    draft(root, *reasons)
    before = snapshot(root)
    with pytest.raises(DraftError) as refused:
        freeze_release(NEXT, "2099-02-01", root)
    assert said in str(refused.value)
    assert snapshot(root) == before


def test_a_release_in_which_nothing_changed_is_refused(root: Path) -> None:
    draft_release(NEXT, root)
    with pytest.raises(DraftError, match=f"holds what {NAME} holds"):
        freeze_release(NEXT, "2099-02-01", root)
    assert is_draft(root / "data" / NEXT)


def test_what_a_spreadsheet_saves_is_made_plain(root: Path) -> None:
    path = draft(root, WHY).path("leadership.csv")
    plain = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert draft_problems(NEXT, root)
    assert normalise_text(root / "data" / NEXT) == ["leadership.csv"]
    assert path.read_bytes() == plain and draft_problems(NEXT, root) == []
    assert normalise_text(root / "data" / NEXT) == []


@pytest.mark.parametrize(
    "file", [f"changes/{NEXT}.csv", f"{NEXT}/plan.yml", f"{NEXT}/datapackage.json", f"{NEXT}/leadership.csv"]
)
def test_a_byte_order_mark_that_an_editor_leaves_is_read(root: Path, file: str) -> None:
    draft(root, WHY)
    path = root / "data" / file
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    old, new = (open_release(name, root / "data") for name in (NAME, NEXT))
    assert explained(old, new)[1] == []
    normalise_text(root / "data" / NEXT)
    assert draft_problems(NEXT, root) == []


SLIP = "pass_rate/delhi/board_region/delhi/2015"


def answer(root: Path, *rows: tuple[str, ...]) -> list[str]:
    """Draft a release whose number of pupils is a hundred times the others; return what a freeze refuses."""
    drafted = draft(root, WHY, ("outcomes-delhi", "changed", "*", "n_pupils", "Counted anew."))
    place = read_rows(open_release(NEXT, root / "data"), "outcomes-delhi")
    number = next(n for n, row in enumerate(place, 2) if SLIP.endswith(f"{row['unit_id']}/{row['year']}"))
    drafted.edit("outcomes/delhi.csv", number, "n_pupils", "100000")
    with figures_path(NEXT, root / "data").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([ANSWER_COLUMNS, *rows])
    return [str(problem) for problem in draft_problems(NEXT, root)]


ANSWER = (SLIP, "n_pupils", "as published", "S_ONE", "page 3")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), f"column n_pupils: {SLIP} is 100000: about 1,000 pupils are expected"),
        ((ANSWER, ANSWER), f"changes/{NEXT}-figures.csv, row 3, column key: answered in row 2 already"),
        ((ANSWER, ("a/b/2015", *ANSWER[1:])), "row 3, column key: found 'a/b/2015'; allowed: indicator/unit/year"),
        ((ANSWER, (SLIP.replace("2015", "2016"), *ANSWER[1:])), "row 3, column key: answers no suspicious figure"),
        (((*ANSWER[:3], "S_NONE", "page 3"),), "row 2, column source_id: found 'S_NONE'; allowed: a source_id"),
        ((ANSWER[:4],), "row 2, column where: is blank"),
        (((*ANSWER[:4], "?"),), "row 2, column where: is ?; allowed: page"),
        (((*ANSWER[:3], "S_TWO", "page 3"),), "row 2, column source_id: found 'S_TWO'; allowed: S_ONE, the source of the row"),
        (((*ANSWER[:2], "corrected", *ANSWER[3:]),), "row 2, column answer: corrected, though the figure still looks"),
        (((*ANSWER[:2], "fine", *ANSWER[3:]),), "row 2, column answer: found 'fine'; allowed: as published, corrected"),
    ],
    ids=["unanswered", "twice", "no figure", "no slip", "no source", "no place", "open", "another source", "not corrected", "no answer"],
)  # fmt: skip
def test_a_figure_that_looks_like_a_slip_needs_an_answer(root: Path, rows, said: str) -> None:
    told = answer(root, *rows)
    assert any(said in line for line in told), told


def test_an_answered_figure_is_frozen_and_its_answer_kept(root: Path) -> None:
    assert answer(root, ANSWER) == []
    freeze_release(NEXT, "2099-02-01", root)
    assert "page 3" in figures_path(NEXT, root / "data").read_text(encoding="utf-8")


def test_rows_columns_plan_and_descriptor_are_told_apart(root: Path) -> None:
    drafted = draft(root)
    drafted.text(
        "leadership.csv", lambda text: text + text.splitlines()[1].replace("huari-01", "huari-02") + "\n"
    )
    drafted.text("plan.yml", lambda text: text.replace("One comparator.", "A single comparator."))
    drafted.descriptor(lambda package: package.update(description="For a test."))
    found = release_changes(*(open_release(name, root / "data") for name in (NAME, NEXT)))
    assert [(c.table, c.kind, c.key, c.column) for c in found] == [
        ("outcomes-huari", "changed", found[0].key, "value"),
        ("leadership", "added", "huari-02", ""),
        ("datapackage", "changed", "package.description", ""),
        ("plan", "changed", "synthesis.described.delhi", ""),
    ]
    assert (found[0].file, found[0].row) == (f"{NEXT}/outcomes/huari.csv", 3)


def test_a_freeze_leaves_a_whole_release_and_moves_every_name(root: Path) -> None:
    draft(root, WHY)
    done = freeze_release(NEXT, "2099-02-01", root)
    assert "frozen" in done[0] and newest_release(root / "data") == NEXT
    assert check_release(NEXT, root / "data") == [] and check_release(NAME, root / "data") == []
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert f"analysis/published/{NEXT}" in readme and NAME not in readme
    assert f'version = "{NEXT}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"## Release {NEXT}" in (root / "book/reports/changes.md").read_text(encoding="utf-8")
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["date-released"]) == (NEXT, "2099-02-01")
    log = (root / "data" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert log.index(f"## {NEXT} (2099-02-01)") < log.index("Misread.") < log.index(f"## {NAME} (")
    after = snapshot(root)
    freeze_release(NEXT, "2099-03-01", root)
    assert snapshot(root) == after


@pytest.fixture
def history(root: Path) -> Path:
    """The checkout with a commit of the first release."""
    for command in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "One."),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def test_a_freeze_that_no_commit_holds_is_taken_back_whole(history: Path) -> None:
    write_whole(history / "book/reports/changes.md", changes_page([], NAME))
    write_whole(history / "data/README.md", data_dictionary(open_release(NAME, history / "data")))
    for path, text in counted_files(2, {}, history).items():
        write_whole(path, text)
    draft(history, WHY)
    count_in_descriptor(history / "data" / NEXT, 2)
    published = history / "analysis/published"
    for release, name in ((NAME, "carried"), (NEXT, "run_on_the_draft")):
        write_json(
            published / release / "simulations" / f"{name}.json", {"release": release, "rows": []}, sort=False
        )
    before = snapshot(history)
    freeze_release(NEXT, "2099-02-01", history)
    write_json(published / NEXT / "simulations" / "carried.json", {"release": NEXT, "rows": []}, sort=False)
    (locked := history / "analysis/published" / NEXT).mkdir(parents=True, exist_ok=True)
    (locked / "huari.json").write_text("{}", encoding="utf-8")
    done = thaw_release(NEXT, history)
    assert any("removed" in line for line in done) and "kept: simulations run on it: run_on_the_draft" in done
    assert draft_problems(NEXT, history) == []
    dated = (history / "CITATION.cff").read_text(encoding="utf-8")
    assert 'date-released: "2099-01-01"' in dated
    after, kept = snapshot(history), {"CITATION.cff"}  # whose date the test's copy did not have
    assert {name for name in before | after if before.get(name) != after.get(name)} <= kept
    with pytest.raises(DraftError, match="is a draft already"):
        thaw_release(NEXT, history)


@pytest.mark.parametrize("held", ["commit", "no history", "first"])
def test_a_release_that_others_may_have_is_not_taken_back(history: Path, held: str) -> None:
    name = NAME if held == "first" else NEXT
    if held != "first":
        draft(history, WHY)
        freeze_release(NEXT, "2099-02-01", history)
    if held == "commit":
        for command in (
            ("add", "-A"),
            ("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "Two."),
        ):
            subprocess.run(["git", *command], cwd=history, check=True)
    elif held == "no history":
        shutil.rmtree(history / ".git")
    before = snapshot(history)
    with pytest.raises(DraftError, match=r"in commit|cannot be told|not the newest of several"):
        thaw_release(name, history)
    assert snapshot(history) == before


def test_a_draft_takes_rows_of_its_own_year(root: Path) -> None:
    """The bound of years follows the name of the release, and is no change that asks for a reason."""
    first = SmallRelease(root / "data")
    first.descriptor(lambda package: [bound.update(maximum=2099) for bound in year_bounds(package, 2026)])
    first.freeze()
    draft_release("2100.1", root)
    old, new = (open_release(name, root / "data") for name in (NAME, "2100.1"))
    bounds = [len(list(year_bounds(release.descriptor, 2100))) for release in (old, new)]
    assert bounds == [0, len(list(year_bounds(old.descriptor, 2099)))] and bounds[1] > 5
    assert release_changes(old, new) == []


def test_a_freeze_that_was_stopped_is_repeated(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draft(root, WHY)
    whole = shutil.copytree(root, tmp_path / "whole", ignore=shutil.ignore_patterns("whole"))
    freeze_release(NEXT, "2099-02-01", whole)
    write, left = freeze.write_whole, [3]

    def stop(path: Path, text: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        write(path, text)

    monkeypatch.setattr(freeze, "write_whole", stop)
    with pytest.raises(KeyboardInterrupt):
        freeze_release(NEXT, "2099-02-01", root)
    monkeypatch.undo()
    freeze_release(NEXT, "2099-02-01", root)
    kept = snapshot(whole)
    assert {name: content for name, content in snapshot(root).items() if name in kept} == kept


@pytest.mark.parametrize("file", NAMING)
@pytest.mark.parametrize("gone", [True, False], ids=["file gone", "not named"])
def test_a_freeze_is_refused_where_a_name_cannot_be_moved(root: Path, file: str, gone: bool) -> None:
    draft(root, WHY)
    path = root / file
    if gone:
        path.unlink()
    else:
        path.write_text(path.read_text(encoding="utf-8").replace(NAME, "none"), encoding="utf-8")
    before = snapshot(root)
    assert [problem.file for problem in draft_problems(NEXT, root)] == [file], (
        "what a freeze refuses is listed before"
    )
    with pytest.raises(DraftError, match=f"{file}: names neither"):
        freeze_release(NEXT, "2099-02-01", root)
    assert snapshot(root) == before


def test_numbers_that_moved_are_written_between_the_marks_of_their_entry() -> None:
    log = f"# Changes\n\n## 2 (b)\n\n- Why.\n{MOVED[0]}\nold\n{MOVED[1]}\n\n## 1 (a)\n\n{MOVED[0]}\n{MOVED[1]}\n"
    new = with_moved(log, "2", ["huari.reading.att"])
    assert "`huari.reading.att`" in new.split("## 1")[0] and "old" not in new
    assert new.split("## 1")[1] == log.split("## 1")[1]
    assert with_moved(new, "2", ["huari.reading.att"]) == new and with_moved(log, "3", ["a.b"]) == log


def test_a_reason_with_an_asterisk_speaks_for_what_fits_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text(f"{','.join(COLUMNS)}\nevents,changed,delhi-*,case_id,Why.\n", encoding="utf-8")
    (reason,), problems = read_reasons(path, ["events"])
    assert not problems
    fits = [
        reason.fits(Change("events", kind, key, column, "a", "b", "f"))
        for kind, key, column in (
            ("changed", "delhi-event-01", "case_id"), ("changed", "huari-1", "case_id"),
            ("changed", "delhi-event-01", "year"), ("added", "delhi-event-01", "case_id"),
        )
    ]  # fmt: skip
    assert fits == [True, False, False, False]


@pytest.mark.parametrize(("number", "word"), [(8, "eight"), (9, "nine"), (21, "twenty-one")])
def test_texts_that_no_page_is_made_from_name_the_number_of_cases(
    number: int, word: str, tmp_path: Path
) -> None:
    """README, citation file and descriptor say as many as the release holds; the change is none that needs a reason."""
    newest = open_release(newest_release(DATA), DATA)
    assert counted_files(place_counts(newest.plan)["cases"], {}) == {}
    for file in COUNTING:
        text = renew_counts((ROOT / file).read_text(encoding="utf-8"), 1)
        (tmp_path / file).write_text(text, encoding="utf-8")
    renewed = counted_files(number, {}, tmp_path)
    assert {path.name for path in renewed} == set(COUNTING)
    assert all(word in text.lower() for text in renewed.values())
    assert f"{word.capitalize()} case studies" in renewed[tmp_path / "CITATION.cff"]
    draft = shutil.copytree(newest.folder, tmp_path / "data" / newest.name)
    count_in_descriptor(draft, number)
    changed = open_release(newest.name, tmp_path / "data")
    assert f"behind {word} case studies" in changed.descriptor["description"]
    assert f"One of the {word} cases." in {r["description"] for r in changed.descriptor["resources"]}
    assert release_changes(newest, changed) == []
