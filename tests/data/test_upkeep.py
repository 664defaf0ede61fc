"""Check what a release asks to be fetched: each kind on an invented release, and the newest one as a whole."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.data.upkeep import __main__ as upkeep
from leadership_effects.data.upkeep.dates import release_date
from leadership_effects.data.upkeep.gaps import ACROSS, KINDS, Asked, cadence_of, find_gaps
from leadership_effects.paths import ROOT
from miniature import SmallRelease

IN_2018 = Asked(date(2018, 6, 1))


def found(small: SmallRelease, kind: str, asked: Asked = IN_2018) -> list[tuple[str, str]]:
    """Place and key of what is to be fetched."""
    small.freeze()
    return [(gap.place, gap.key) for gap in find_gaps(small.open(), asked) if gap.kind == kind]


def test_copies_and_lost_addresses_are_listed_under_the_places_that_rest_on_them(small: SmallRelease) -> None:
    assert found(small, "copy") == found(small, "address") == []
    small.edit("sources.csv", 3, "third_party_copy", "true")
    small.edit("sources.csv", 2, "address", "address not known")
    assert found(small, "copy") == [(ACROSS, "S_TWO")]  # both cases name it for their place
    assert found(small, "address") == [(ACROSS, "S_ONE")]
    [copy] = [gap for gap in find_gaps(small.open(), IN_2018) if gap.kind == "copy"]
    assert copy.cases == ("huari", "delhi") and copy.where == "https://example.org/" and copy.rows == 3


@pytest.mark.parametrize(
    ("file", "column", "words"),
    [
        ("indicators.csv", "caveat", "Press reports: check against the board. Rules moved."),
        ("outcomes/delhi.csv", "note", "one copy; to be checked against the board"),
    ],
)
def test_rows_to_be_checked_name_the_body(small: SmallRelease, file: str, column: str, words: str) -> None:
    small.edit(file, 2, column, words)
    small.freeze()
    [gap] = [gap for gap in find_gaps(small.open(), IN_2018) if gap.kind == "check"]
    assert (gap.place, gap.fetch, gap.sources) == ("delhi", "the same figures from the board", ("S_ONE",))
    assert gap.rows == (8 if file == "indicators.csv" else 1)


@pytest.mark.parametrize(
    ("on", "older_than", "listed"), [(2022, 5, 0), (2023, 5, 1), (2023, 6, 0), (2018, 0, 1)]
)
def test_a_count_is_old_by_the_year_of_its_newest_row(
    small: SmallRelease, on: int, older_than: int, listed: int
) -> None:
    assert found(small, "old", Asked(date(on, 1, 1), older_than)) == [("huari", "huari-01")] * listed


@pytest.mark.parametrize(
    ("on", "kinds"), [(2017, []), (2018, ["wave"]), (2020, ["wave"]), (2021, ["stopped"])]
)
def test_a_wave_is_due_by_the_cadence_of_the_rows(small: SmallRelease, on: int, kinds: list[str]) -> None:
    """Delhi's series is yearly to 2017; Huari's of two years has no cadence and is never due."""
    small.freeze()
    gaps = [gap for gap in find_gaps(small.open(), Asked(date(on, 12, 31), 99))]
    assert [gap.kind for gap in gaps] == kinds
    assert all((gap.place, gap.key, gap.year) == ("delhi", "pass_rate", 2017) for gap in gaps)


def test_the_cadence_is_that_of_the_last_waves() -> None:
    assert cadence_of([1990, 2001, 2003, 2005, 2007, 2009, 2011]) == 2
    assert cadence_of([2011, 2015, 2016]) == 3  # of one and four the middle, rounded up


def test_studies_of_which_the_abstract_was_read_are_one_line_a_source(small: SmallRelease) -> None:
    columns = ("evaluation_id", "case_id", "study", "read", "source_id")
    rows = [
        ("a", "huari", "Walsh", "abstract", "S_TWO"),
        ("b", "huari", "Walsh", "abstract", "S_TWO"),
        ("c", "delhi", "Roe", "secondary", "S_ONE"),
        ("d", "delhi", "Roe", "full text", "S_ONE"),
    ]
    small.write_table("evaluations.csv", [columns, *rows])
    fields = [{"name": name, "type": "string", "description": "For a test."} for name in columns]
    schema = {"fields": fields, "primaryKey": ["evaluation_id"]}
    entry = {"name": "evaluations", "path": "evaluations.csv", "description": "For a test.", "schema": schema}
    small.descriptor(lambda package: package["resources"].append(entry))
    assert found(small, "abstract") == [("huari", "Walsh")]
    assert found(small, "second hand") == [("delhi", "Roe")]


def test_the_date_is_that_of_the_release_and_of_a_draft_the_first_that_it_can_have(
    small: SmallRelease,
) -> None:
    (small.data / "CHANGELOG.md").write_text("# Changes\n\n## 2099.1 (2099-03-04)\n", encoding="utf-8")
    assert release_date("2099.1", small.data) == date(2099, 3, 4)
    for draft, day in (("2099.2", date(2099, 3, 4)), ("2101.1", date(2101, 1, 1))):
        folder = small.data / draft
        folder.mkdir()
        (folder / "datapackage.json").write_text('{"resources": [], "plan": {}}', encoding="utf-8")
        assert release_date(draft, small.data) == day


def test_the_command_lists_the_newest_release_by_place_the_same_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.csv"
    assert upkeep.main(["--csv", str(file)]) == 0
    told = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    release = open_release(newest_release())
    sources = release.table("sources")
    copies = sources.loc[sources["third_party_copy"].fillna(value=False).astype(bool), "source_id"]
    assert sorted(row["key"] for row in rows if row["kind"] == "copy") == sorted(copies)
    assert {row["kind"] for row in rows} <= set(KINDS) and all(row["fetch"] and row["held"] for row in rows)
    assert f"on {release_date(release.name, ROOT / 'data')}" in told and f"{len(rows)} to fetch" in told
    assert upkeep.main(["--csv", str(file)]) == 0
    assert capsys.readouterr().out == told


def test_a_part_can_be_asked_for_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert upkeep.main(["--place", "latvia", "--kind", "wave", "--on", "2030-01-01", "--check"]) == 1
    assert "PISA" in capsys.readouterr().out
    assert upkeep.main(["--place", "latvia", "--kind", "old", "--older-than", "200", "--check"]) == 0
    assert upkeep.main(["--place", "atlantis"]) == 2
    assert "--place atlantis: no case of" in capsys.readouterr().err
