"""Releases are told apart to the cell, every difference has a reason, and a freeze moves every name or none.

Decided here: the tier of a number, from constructed records; that a change nobody explained and a reason that explains
nothing are refused with file, row and column; that drafting and freezing leave a whole release, that a stopped freeze is
repeated and that no file then names the old release as the current one; that the comparisons the book prints are those
of the releases in the tree. Not decided: whether a reason is true.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership_effects.data.release import is_draft, newest_release, open_release, previous_release
from leadership_effects.data.validation import check_release
from leadership_effects.paths import ROOT, reports_folder
from leadership_effects.releases import draft as cut
from leadership_effects.releases.changes import (
    COLUMNS,
    Change,
    changes_path,
    explained,
    read_reasons,
    release_changes,
)
from leadership_effects.releases.compare import (
    MOVED,
    compare_releases,
    comparison_path,
    moves,
    verdicts,
    with_moved,
)
from leadership_effects.releases.report import as_text, changes_page, comparison_paths
from miniature import NAME, SmallRelease

DATA = ROOT / "data"
NEXT = "2099.2"
RELEASES = sorted(p.parent.name for p in DATA.glob("*/datapackage.json") if not is_draft(p.parent))
AFTER_THE_FIRST = [name for name in RELEASES if previous_release(name, DATA)]


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
    assert [(v.before, v.after) for v in verdicts(before, after)] == [("tested", "estimated")]


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
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in comparison_paths()]
    assert [content["after"] for content in contents] == AFTER_THE_FIRST[::-1]
    text = (reports_folder() / "changes.md").read_text(encoding="utf-8")
    assert text == changes_page(contents, newest_release(DATA)), "run `nox -s compare -- --write`"


def test_a_release_without_locked_results_is_said_to_have_none_on_the_page_of_changes() -> None:
    assert changes_page([], NEXT).startswith(
        f"## Release {NEXT}\n\nThe results of this release are not locked yet"
    )


def test_no_file_names_an_earlier_release_as_the_current_one() -> None:
    assert cut.stale_names(newest_release(DATA), cut.Checkout(ROOT)) == []


@pytest.fixture
def place(small: SmallRelease, tmp_path: Path) -> cut.Checkout:
    """A checkout with the small release, and with this repository's files set to it."""
    place = cut.Checkout(tmp_path)
    current, names = newest_release(DATA), subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    scope = {p for pattern in cut.SCOPE for p in ROOT.glob(pattern)}
    for path in scope & {ROOT / name for name in names if name}:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8").replace(current, NAME), encoding="utf-8")
    (place.data / "CHANGELOG.md").write_text(
        f"# Changes\n\n## {NAME} (2099-01-01)\n\nFirst.\n", encoding="utf-8"
    )
    return place


def draft(place: cut.Checkout, *reasons: tuple[str, ...]) -> SmallRelease:
    """Draft the next release with one corrected value and the reasons given."""
    cut.draft(NEXT, place)
    drafted = SmallRelease(place.data)
    drafted.folder = place.data / NEXT
    drafted.edit("outcomes/huari.csv", 3, "value", "21.5")
    with changes_path(NEXT, place.data).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *reasons])
    return drafted


WHY = ("outcomes-huari", "changed", "*", "value", "Misread.")


def everything(place: cut.Checkout) -> dict[str, bytes]:
    return {
        p.relative_to(place.root).as_posix(): p.read_bytes() for p in place.root.rglob("*") if p.is_file()
    }


def test_a_draft_is_checked_but_is_not_the_newest_release(place) -> None:
    draft(place, WHY)
    assert is_draft(place.data / NEXT) and newest_release(place.data) == NAME
    assert check_release(NEXT, place.data) == [] and cut.problems_of(NEXT, place) == []
    with pytest.raises(cut.CutError, match="there already"):
        cut.draft(NEXT, place)


@pytest.mark.parametrize("name", ["2099", "2099.01", NAME, "2000.1", "../2099.2"])
def test_a_release_is_named_by_year_and_number_and_follows_the_last(place, name: str) -> None:
    with pytest.raises(cut.CutError, match="allowed"):
        cut.draft(name, place)


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ((), f"{NEXT}/outcomes/huari.csv, row 3, column value: "),
        (((*WHY[:4], " "),), f"changes/{NEXT}.csv, row 2, column reason: is empty"),
        ((WHY, ("outcomes-delhi", "changed", "*", "value", "Misread.")), f"changes/{NEXT}.csv, row 3: speaks for no change"),
        ((WHY, WHY), f"changes/{NEXT}.csv, row 3: speaks for no change"),
        ((("outcomes", "changed", "*", "value", "Misread."),), "row 2, column table: found 'outcomes'; allowed: sources"),
        (((*WHY[:1], "edited", *WHY[2:]),), "row 2, column change: found 'edited'; allowed: added"),
        ((WHY[:3],), "row 2: has another number of cells"),
    ],
    ids=["unexplained", "no words", "another table", "twice", "unknown table", "unknown change", "cut short"],
)  # fmt: skip
def test_an_unexplained_change_and_an_idle_reason_are_refused(place, reasons, said: str) -> None:
    draft(place, *reasons)
    before = everything(place)
    with pytest.raises(cut.CutError) as refused:
        cut.freeze_release(NEXT, "2099-02-01", place)
    assert said in str(refused.value)
    assert everything(place) == before


def test_a_release_in_which_nothing_changed_is_refused(place) -> None:
    cut.draft(NEXT, place)
    with pytest.raises(cut.CutError, match=f"holds what {NAME} holds"):
        cut.freeze_release(NEXT, "2099-02-01", place)
    assert is_draft(place.data / NEXT)


def test_what_a_spreadsheet_saves_is_made_plain(place) -> None:
    path = draft(place, WHY).path("leadership.csv")
    plain = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert cut.problems_of(NEXT, place)
    assert cut.plain_text(place.data / NEXT) == ["leadership.csv"]
    assert path.read_bytes() == plain and cut.problems_of(NEXT, place) == []
    assert cut.plain_text(place.data / NEXT) == []


def test_the_version_of_a_package_is_no_name_of_a_release(place) -> None:
    draft(place, WHY)
    with (place.root / "LICENSES.md").open("a", encoding="utf-8") as stream:
        stream.write(f"| tzdata | {NAME} | Apache-2.0 |  |\n")
    before = (place.root / "LICENSES.md").read_bytes()
    assert cut.report(NEXT, place) == 0
    cut.freeze_release(NEXT, "2099-02-01", place)
    assert (place.root / "LICENSES.md").read_bytes() == before


def test_rows_columns_plan_and_descriptor_are_told_apart(place) -> None:
    drafted = draft(place)
    drafted.text(
        "leadership.csv", lambda text: text + text.splitlines()[1].replace("huari-01", "huari-02") + "\n"
    )
    drafted.text("plan.yml", lambda text: text.replace("One comparator.", "A single comparator."))
    drafted.descriptor(lambda package: package.update(description="For a test."))
    found = release_changes(*(open_release(name, place.data) for name in (NAME, NEXT)))
    assert [(c.table, c.kind, c.key, c.column) for c in found] == [
        ("outcomes-huari", "changed", found[0].key, "value"),
        ("leadership", "added", "huari-02", ""),
        ("datapackage", "changed", "package.description", ""),
        ("plan", "changed", "synthesis.described.delhi", ""),
    ]
    assert (found[0].file, found[0].row) == (f"{NEXT}/outcomes/huari.csv", 3)


def test_a_freeze_leaves_a_whole_release_and_moves_every_name(place) -> None:
    draft(place, WHY)
    done = cut.freeze_release(NEXT, "2099-02-01", place)
    assert "frozen" in done[0] and newest_release(place.data) == NEXT
    assert check_release(NEXT, place.data) == [] and check_release(NAME, place.data) == []
    assert cut.stale_names(NEXT, place) == []
    assert f"analysis/published/{NEXT}" in (place.root / "README.md").read_text(encoding="utf-8")
    cited = yaml.safe_load((place.root / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["date-released"]) == (NEXT, "2099-02-01")
    log = (place.data / "CHANGELOG.md").read_text(encoding="utf-8")
    assert log.index(f"## {NEXT} (2099-02-01)") < log.index("Misread.") < log.index(f"## {NAME} (")
    after = everything(place)
    cut.freeze_release(NEXT, "2099-03-01", place)
    assert everything(place) == after


def test_a_freeze_that_was_stopped_is_repeated(
    place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = cut.Checkout(tmp_path / "whole")
    draft(place, WHY)
    shutil.copytree(place.root, whole.root, ignore=shutil.ignore_patterns("whole"))
    cut.freeze_release(NEXT, "2099-02-01", whole)
    write, left = cut.write_whole, [4]

    def stop(path: Path, text: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        write(path, text)

    monkeypatch.setattr(cut, "write_whole", stop)
    with pytest.raises(KeyboardInterrupt):
        cut.freeze_release(NEXT, "2099-02-01", place)
    monkeypatch.undo()
    cut.freeze_release(NEXT, "2099-02-01", place)
    kept = everything(whole)
    assert {name: content for name, content in everything(place).items() if name in kept} == kept


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("README.md", lambda text: text.replace(NAME, "none"), "README.md: names neither"),
        ("CITATION.cff", None, "CITATION.cff: is not there"),
        (
            "book/data.md",
            lambda text: f"{text}\nThe best is {NAME} by far.\n",
            f"names {NAME} in words that are not known",
        ),
    ],
    ids=["not named", "file gone", "unknown words"],
)
def test_a_freeze_is_refused_where_a_name_cannot_be_moved(place, file: str, change, said: str) -> None:
    draft(place, WHY)
    path = place.root / file
    if change is None:
        path.unlink()
    else:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = everything(place)
    assert cut.report(NEXT, place) == 1, "what a freeze refuses is said before"
    with pytest.raises(cut.CutError) as refused:
        cut.freeze_release(NEXT, "2099-02-01", place)
    assert said in str(refused.value)
    assert everything(place) == before


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
