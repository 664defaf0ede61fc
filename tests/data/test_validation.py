"""Reject bad input with a message that names the place and what is allowed.

Each entry of the tables spoils a small valid release in one way: the check reports that fault at its file, row and
column, the command line fails, and code that meets the input without the check raises too.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from leadership_effects.data import validation
from leadership_effects.data.validation import check_release
from miniature import NAME, SmallRelease

HUARI, DELHI = "outcomes/huari.csv", "outcomes/delhi.csv"
HEADER = "indicator_id,unit_id,year,value,standard_error,n_pupils,source_id,derivation,note"
LAST_ROW = 17  # of outcomes/huari.csv: eight districts in two years below the header


@dataclass(frozen=True)
class Bad:
    """One bad input: how it is made and what the check must say of it."""

    id: str
    spoil: Callable[[SmallRelease], object]
    file: str
    row: int | None
    column: str
    says: tuple[str, ...]
    frozen: bool = True


def cell(file: str, row: int, column: str, value: str) -> Callable[[SmallRelease], object]:
    return lambda small: small.edit(file, row, column, value)


def panel(**changes: Any) -> Callable[[SmallRelease], object]:
    return lambda small: small.plan(lambda plan: plan["cases"]["huari"]["panels"]["reading"].update(changes))


def gap(**changes: Any) -> Callable[[SmallRelease], object]:
    return lambda small: small.plan(lambda plan: plan["cases"]["delhi"]["gaps"]["board"].update(changes))


def drop_column(name: str) -> Callable[[SmallRelease], object]:
    def spoil(small: SmallRelease) -> None:
        table = list(csv.reader(small.path(HUARI).read_text(encoding="utf-8").splitlines()))
        position = table[0].index(name)
        small.write_table(HUARI, [row[:position] + row[position + 1 :] for row in table])

    return spoil


def append(file: str, change: Callable[[str], str]) -> Callable[[SmallRelease], object]:
    """Append the last line of a file, changed."""
    return lambda small: small.text(file, lambda text: f"{text}{change(text.splitlines()[-1])}\n")


FILES = [
    Bad("release_unknown", lambda s: s.folder.rename(s.data / "2098.1"), NAME, None, "", ("no release", "2098.1"), False),
    Bad("descriptor_missing", lambda s: s.path("datapackage.json").unlink(), NAME, None, "",
        ("datapackage.json is missing", "incomplete"), False),
    Bad("descriptor_cut_short", lambda s: s.text("datapackage.json", lambda t: t[:-200]), NAME, None, "",
        ("datapackage.json", "not JSON at line"), False),
    Bad("descriptor_not_an_object", lambda s: s.text("datapackage.json", lambda t: "[]"), NAME, None, "",
        ("datapackage.json", "must be an object"), False),
    Bad("descriptor_not_utf8", lambda s: s.bytes("datapackage.json", lambda b: b.replace(b"For tests", b"F\xfcr Tests")),
        NAME, None, "", ("datapackage.json", "not UTF-8"), False),
    Bad("descriptor_of_another_version", lambda s: s.descriptor(lambda d: d.update(version="2020.1")), NAME, None, "",
        ("version is '2020.1'", f"must be '{NAME}'"), False),
    Bad("descriptor_without_tables", lambda s: s.descriptor(lambda d: d.pop("resources")), NAME, None, "",
        ("'resources' is missing",), False),
    Bad("descriptor_without_plan", lambda s: s.descriptor(lambda d: d.pop("plan")), NAME, None, "",
        ("'plan' is missing",), False),
    Bad("descriptor_of_unknown_type",
        lambda s: s.descriptor(lambda d: d["resources"][0]["schema"]["fields"][0].update(type="text")),
        NAME, None, "", ("sources.source_id", "type is 'text'", "allowed: string, number"), False),
    Bad("table_without_checksum", lambda s: s.descriptor(lambda d: d["resources"][0].pop("hash")), "datapackage.json",
        None, "sources.csv, hash", ("is missing", "none while the release is a draft"), False),
    Bad("table_changed_after_freezing", cell(HUARI, 3, "value", "24.5"), HUARI, None, "",
        ("Hash", "expected", "allowed: the file as frozen"), False),
    Bad("plan_changed_after_freezing", panel(donors="Others."), "plan.yml", None, "",
        ("checksum", "immutable"), False),
    Bad("half_written_release", lambda s: s.path(DELHI).unlink(), DELHI, None, "", ("not there", "incomplete"), False),
    Bad("stray_file", lambda s: s.path("outcomes/old.csv").write_text("a\n"), "outcomes/old.csv", None, "",
        ("not named in datapackage.json",)),
    Bad("byte_order_mark", lambda s: s.bytes(HUARI, lambda b: b"\xef\xbb\xbf" + b), HUARI, 1, "",
        ("byte order mark", "allowed: UTF-8 without")),
    Bad("open_quote", lambda s: s.text("leadership.csv", lambda t: t.replace("Nine", '"Nine')), "leadership.csv", 2, "",
        ("a quote is open since row 2", "allowed: quotes in pairs")),
    Bad("row_swallowed_by_quotes", lambda s: s.text("sources.csv", lambda t: t.replace("Title of S_ONE", '"Title of S_ONE')
        .replace("Title of S_TWO", 'Title of S_TWO"')), "sources.csv", 2, "", ("a quote is open since row 2",)),
    Bad("windows_line_ends", lambda s: s.bytes(HUARI, lambda b: b.replace(b"\n", b"\r\n")), HUARI, 1, "",
        ("Windows line ends", "allowed: a line feed")),
    Bad("one_windows_line_end", lambda s: s.bytes(HUARI, lambda b: b.replace(b",published,\n", b",published,\r\n", 1)),
        HUARI, 2, "", ("Windows line ends", "allowed: a line feed")),
    Bad("not_utf8", lambda s: s.bytes("leadership.csv", lambda b: b.replace(b"Nine", b"Ni\xf1e")), "leadership.csv", 2,
        "", ("not UTF-8", "allowed: UTF-8")),
    Bad("data_dictionary_out_of_date", lambda s: (s.data / "README.md").write_text("# Data\n"), "README.md", None, "",
        ("differs", "--write")),
]  # fmt: skip


CELLS = [
    Bad("column_missing", drop_column("standard_error"), HUARI, 1, "standard_error",
        ("is missing", f"allowed: {HEADER}")),
    Bad("column_extra", lambda s: s.text(HUARI, lambda t: t.replace("\n", ",1\n").replace("note,1", "note,rank", 1)),
        HUARI, 1, "rank", ("not a column", f"allowed: {HEADER}")),
    Bad("column_renamed", lambda s: s.text(HUARI, lambda t: t.replace("n_pupils", "pupils", 1)), HUARI, 1, "n_pupils",
        ("is missing", f"allowed: {HEADER}")),
    Bad("columns_in_another_order",
        lambda s: s.text(HUARI, lambda t: t.replace("standard_error,n_pupils", "n_pupils,standard_error", 1)),
        HUARI, 1, "", ("another order", f"allowed: {HEADER}")),
    Bad("semicolons", lambda s: s.text(HUARI, lambda t: t.replace(",", ";")), HUARI, 1, "",
        ("not the header", f"allowed: {HEADER}")),
    Bad("empty_table", lambda s: s.text(HUARI, lambda t: ""), HUARI, 1, "", ("not the header", f"allowed: {HEADER}")),
    Bad("row_cut_short", lambda s: s.text(HUARI, lambda t: t[: t.rindex(",S_ONE")] + "\n"), HUARI, LAST_ROW,
        "source_id", ("a cell is missing", "allowed: a text")),
    Bad("row_with_a_cell_too_many", append(HUARI, lambda line: f"{line.replace('2018', '2019')},,"), HUARI,
        LAST_ROW + 1, "", ("a cell too many", "allowed: 9 cells a row")),
    Bad("word_for_a_number", cell(HUARI, 3, "value", "high"), HUARI, 3, "value", ("found 'high'", "allowed: a number")),
    Bad("value_left_out", cell(HUARI, 3, "value", ""), HUARI, 3, "value", ("is blank", "allowed: a number")),
    Bad("nan_for_a_gap", cell(HUARI, 3, "value", "NaN"), HUARI, 3, "value", ("found 'NaN'", "allowed: digits")),
    Bad("infinity", cell(HUARI, 3, "value", "INF"), HUARI, 3, "value", ("found 'INF'", "allowed: digits")),
    Bad("digits_with_underscore", cell(DELHI, 3, "n_pupils", "1_000"), DELHI, 3, "n_pupils",
        ("found '1_000'", "allowed: digits")),
    Bad("truth_value_resaved", cell("sources.csv", 2, "third_party_copy", "TRUE"), "sources.csv", 2,
        "third_party_copy", ("found 'TRUE'", "allowed: true or false")),
    Bad("year_resaved_as_a_date", cell(HUARI, 3, "year", "2018-01-01"), HUARI, 3, "year",
        ("found '2018-01-01'", "allowed: a whole number, 1960 to ")),
    Bad("year_resaved_as_a_local_date", cell(HUARI, 3, "year", "01/01/2018"), HUARI, 3, "year",
        ("found '01/01/2018'", "allowed: a whole number")),
    Bad("year_resaved_with_a_point", cell(HUARI, 3, "year", "2018.0"), HUARI, 3, "year",
        ("found '2018.0'", "allowed: a whole number")),
    Bad("year_out_of_range", cell(HUARI, 3, "year", "1818"), HUARI, 3, "year", ("found '1818'", "1960 to ")),
    Bad("decimal_comma", cell(HUARI, 3, "value", "24,5"), HUARI, 3, "value", ("found '24,5'", "allowed: a number")),
    Bad("decimal_comma_unquoted", lambda s: s.text(HUARI, lambda t: t.replace("20.0,", "20,0,", 1)), HUARI, 2, "",
        ("a cell too many", "allowed: 9 cells a row")),
    Bad("standard_error_negative", cell(DELHI, 3, "standard_error", "-0.5"), DELHI, 3, "standard_error",
        ("found '-0.5'", "allowed: a number, 0 or more")),
    Bad("key_twice", append(HUARI, lambda line: line), HUARI, LAST_ROW + 1, "indicator_id, unit_id, year",
        ("stands in row", "allowed: each key once")),
    Bad("kind_of_break_unknown", cell("breaks.csv", 2, "kind", "rupture"), "breaks.csv", 2, "kind",
        ("found 'rupture'", "allowed: break, caution")),
    Bad("unit_type_unknown", cell("units.csv", 2, "unit_type", "village"), "units.csv", 2, "unit_type",
        ("found 'village'", "allowed: country, region")),
]  # fmt: skip


ACROSS_TABLES = [
    Bad("source_unknown", cell(HUARI, 3, "source_id", "S_NONE"), HUARI, 3, "source_id",
        ("S_NONE", "allowed: a value of sources.source_id")),
    Bad("indicator_unknown", cell(HUARI, 3, "indicator_id", "writing"), HUARI, 3, "indicator_id",
        ("writing", "allowed: a value of indicators.indicator_id")),
    Bad("unit_unknown", cell(HUARI, 3, "unit_id", "huari/district/nowhere"), HUARI, 3, "unit_id",
        ("huari/district/nowhere", "allowed: a value of units.unit_id")),
    Bad("value_above_the_indicator", cell(HUARI, 3, "value", "100.5"), HUARI, 3, "value",
        ("100.5", "reading", "allowed: 0.0 to 100.0")),
    Bad("value_below_the_indicator", cell(HUARI, 3, "value", "-0.5"), HUARI, 3, "value",
        ("-0.5", "reading", "allowed: 0.0 to 100.0")),
    Bad("indicator_of_another_panel", cell(HUARI, 3, "indicator_id", "pass_rate"), HUARI, 3, "indicator_id",
        ("pass_rate belongs to panel delhi", "allowed here: panel huari")),
    Bad("unit_of_another_panel", cell(HUARI, 3, "unit_id", "delhi/board_region/delhi"), HUARI, 3, "unit_id",
        ("belongs to panel delhi", "allowed here: panel huari")),
    Bad("source_unused", append("sources.csv", lambda line: line.replace("S_TWO", "S_THREE")), "sources.csv", 4,
        "source_id", ("S_THREE is cited by no row",)),
    Bad("indicator_unused", append("indicators.csv", lambda line: line.replace("reading", "writing")),
        "indicators.csv", 4, "indicator_id", ("writing has no outcome row",)),
    Bad("pupil_sd_without_source", cell("indicators.csv", 3, "pupil_sd", "100"), "indicators.csv", 3,
        "pupil_sd_source_id", ("is empty", "needs a source")),
    Bad("year_of_an_undated_count", cell("leadership.csv", 2, "year_basis", "undated"), "leadership.csv", 2, "year",
        ("2017 where year_basis is undated", "allowed:", "blank if undated")),
    Bad("start_after_the_first_treated_year", cell("cases.csv", 2, "start_year", "2018"), "cases.csv", 2, "start_year",
        ("2018 is after the first treated year", "allowed: 2017 or before")),
    Bad("start_of_a_place_that_no_outcome_knows", cell("starts.csv", 2, "code", "INDIA"), "starts.csv", 2, "has_outcomes",
        ("INDIA is the code of no unit with outcomes", "allowed: true where")),
    Bad("start_said_to_be_without_outcomes", cell("starts.csv", 2, "has_outcomes", "false"), "starts.csv", 2,
        "has_outcomes", ("IND has outcomes", "else false")),
    Bad("start_without_a_year", cell("starts.csv", 2, "year", ""), "starts.csv", 2, "year", ("blank", "or no row")),
    Bad("code_of_an_unknown_reading", cell("coding.csv", 2, "coder", "Z"), "coding.csv", 2, "coder",
        ("allowed: a value of readings.coder",)),
    Bad("no_year_of_a_dated_case", cell("cases.csv", 2, "first_treated_year", ""), "cases.csv", 2, "first_treated_year",
        ("blank where first_treated_basis is stated", "allowed: a year if stated")),
    Bad("code_the_rubric_does_not_know", cell("coding.csv", 2, "code", "3"), "coding.csv", 2, "code",
        ("3 is no code of scale", "allowed: 0, 1, or blank")),
    Bad("item_the_rubric_does_not_know", cell("coding.csv", 3, "item", "roles"), "coding.csv", 3, "item",
        ("roles is no dimension", "allowed: scale")),
]  # fmt: skip


def copied(address: str, host: str = "copies.example") -> Callable[[SmallRelease], object]:
    """Give the first source an address, and the release a table of hosts of copies."""

    def spoil(small: SmallRelease) -> None:
        small.edit("sources.csv", 2, "address", address)
        small.copy_hosts(**{host: "upload"})

    return spoil


SOURCES = [
    *(
        Bad(f"address_{name}", cell("sources.csv", 2, "address", address), "sources.csv", 2, "address",
            (f"found {address!r}", "allowed: one http(s) address", "address not known"))
        for name, address in {
            "in_words": "address to be completed before citing",
            "not_recorded": "https://example.org/ (page not recorded)",
            "of_two": "https://example.org/ https://example.com/",
            "without_a_scheme": "www.example.org/report",
            "of_a_script": "javascript:alert(1)",
        }.items()
    ),
    *(
        Bad(f"address_on_a_host_of_copies_{name}", copied(address), "sources.csv", 2, "address",
            ("lies on copies.example", "(upload)", "allowed: the issuing body's own address", "copy_address"))
        for name, address in {
            "plain": "https://copies.example/a.pdf", "below": "http://www.Copies.Example:8080/a",
            "with_user": "https://me@copies.example?a",
        }.items()
    ),
    Bad("doi_on_a_host_of_copies", lambda s: (s.copy_hosts(**{"doi.org": "resolver"}),
        s.edit("sources.csv", 2, "doi", "https://doi.org/10.1000/182")), "sources.csv", 2, "doi", ("lies on doi.org",)),
    Bad("doi_in_words", cell("sources.csv", 2, "doi", "none"), "sources.csv", 2, "doi", ("found 'none'", "allowed: a DOI")),
    Bad("copy_without_its_address", cell("sources.csv", 2, "third_party_copy", "true"), "sources.csv", 2, "copy_address",
        ("found '' where third_party_copy is true", "allowed: one http(s) address", "blank elsewhere")),
    Bad("address_of_a_copy_that_is_none", cell("sources.csv", 3, "copy_address", "https://copies.example/a"), "sources.csv",
        3, "copy_address", ("where third_party_copy is false", "blank elsewhere")),
    Bad("address_of_a_copy_in_words", lambda s: (s.edit("sources.csv", 2, "third_party_copy", "true"),
        s.edit("sources.csv", 2, "copy_address", "not recorded")), "sources.csv", 2, "copy_address",
        ("found 'not recorded'", "allowed: one http(s) address")),
    *(
        Bad(f"year_of_a_source_{name}", cell("sources.csv", 2, "year", year), "sources.csv", 2, "year",
            (f"found {year!r}", "allowed: four digits, or n.d."))
        for name, year in {"guessed": "n.d. (about 2013)", "span": "2015-2026", "cut": "215"}.items()
    ),
    *(
        Bad(f"authors_{name}", cell("sources.csv", 2, "authors", authors), "sources.csv", 2, "authors",
            (f"found {authors!r}", "allowed: surnames separated by `; `"))
        for name, authors in {
            "others_first": "et al.; Walsh", "others_alone": "et al.", "open": "Walsh; ", "close": "Walsh;Dotter",
        }.items()
    ),
]  # fmt: skip


PLAN = [
    Bad("plan_key_twice", lambda s: s.text("plan.yml", lambda t: t + "cases: {}\n"), "plan.yml", None, "",
        ("'cases' stands in line", "allowed: each key once")),
    Bad("plan_not_yaml", lambda s: s.text("plan.yml", lambda t: t + "cases: [\n"), "plan.yml", None, "", ("not YAML", "line")),
    Bad("plan_empty", lambda s: s.text("plan.yml", lambda t: ""), "plan.yml", None, "",
        ("must hold release, rules, synthesis, cases",)),
    Bad("plan_of_another_release", lambda s: s.plan(lambda p: p.update(release="2020.1")), "plan.yml", None, "",
        ("release is '2020.1'", f"must be '{NAME}'")),
    Bad("plan_lacks_a_case", lambda s: s.plan(lambda p: p["cases"].pop("delhi")), "plan.yml", None, "cases",
        ("plans ['huari']", "allowed: exactly", "delhi")),
    Bad("plan_lacks_a_rule", lambda s: s.plan(lambda p: p["rules"].pop("alpha")), "plan.yml", None, "rules.alpha",
        ("is missing", "allowed: a number")),
    Bad("case_field_unknown", lambda s: s.plan(lambda p: p["cases"]["huari"].update(colour="red")), "plan.yml", None,
        "huari", ("'colour' is not a field", "allowed:", "first_treated_year")),
    Bad("case_is_no_mapping", lambda s: s.plan(lambda p: p["cases"].update(huari=None)), "plan.yml", None, "huari",
        ("must hold fields",)),
    Bad("panel_field_unknown", panel(matching="nearest"), "plan.yml", None, "huari.panels.reading",
        ("'matching' is not a field", "allowed:", "place_by")),
    Bad("panel_field_missing", lambda s: s.plan(lambda p: p["cases"]["huari"]["panels"]["reading"].pop("treated")),
        "plan.yml", None, "huari.panels.reading", ("'treated' is missing", "needed:")),
    Bad("primary_panel_unknown", lambda s: s.plan(lambda p: p["cases"]["huari"].update(primary=["maths"])), "plan.yml",
        None, "huari.primary", ("'maths' is no panel", "there are reading")),
    Bad("synthesis_of_an_unknown_case", lambda s: s.plan(lambda p: p["synthesis"].update(entering=["atlantis"])),
        "plan.yml", None, "synthesis.entering", ("'atlantis' is no case", "allowed:", "huari")),
    Bad("years_unsorted", gap(pre=[2015, 2014]), "plan.yml", None, "delhi.gaps.board",
        ("pre must rise without repeats", "[2015, 2014]")),
    Bad("year_twice", gap(post=[2016, 2016]), "plan.yml", None, "delhi.gaps.board",
        ("post must rise without repeats", "[2016, 2016]")),
    Bad("year_alone", panel(pre=2016), "plan.yml", None, "huari.panels.reading", ("must be a list of whole years", "2016")),
    Bad("pre_after_post", panel(pre=[2018], post=[2016]), "plan.yml", None, "huari.panels.reading",
        ("2018 is not before first post-period 2016",)),
    Bad("no_pre_period", panel(pre=[]), "plan.yml", None, "huari.panels.reading", ("pre is empty", "one pre-period")),
    Bad("no_post_period", gap(post=[]), "plan.yml", None, "delhi.gaps.board", ("post is empty", "one post-period")),
    Bad("weights_unknown", panel(place_weights="pupils"), "plan.yml", None, "huari.panels.reading",
        ("place_weights is 'pupils'", "allowed: population")),
    Bad("weights_without_places", panel(place_by=""), "plan.yml", None, "huari.panels.reading",
        ("place_weights has no effect without place_by",)),
    Bad("role_unknown", gap(role="control"), "plan.yml", None, "delhi.gaps.board",
        ("role is 'control'", "allowed: outcome, negative_control")),
    Bad("break_crossed", gap(post=[2016, 2017, 2018]), "plan.yml", None, "delhi.board",
        ("breaks.csv", "pass_rate", "across 2018", "a new examination", "2014-2018")),
    Bad("break_entered_later", lambda s: (s.edit("breaks.csv", 3, "kind", "break"), s.edit("breaks.csv", 3, "year", "2018")),
        "plan.yml", None, "huari.reading", ("breaks.csv", "reading", "across 2018", "2016-2018")),
    Bad("planned_indicator_unknown", panel(indicator="writing"), "plan.yml", None, "huari.reading",
        ("indicators.csv", "'writing'", "allowed: pass_rate, reading")),
    Bad("planned_unit_type_without_rows", panel(unit_type="school_district"), "plan.yml", None, "huari.reading",
        ("no row of reading", "school_district")),
    Bad("treated_unit_absent", panel(treated=["Huarmey"]), "plan.yml", None, "huari.reading",
        ("'Huarmey' is not among the units", "such as Aija, Bolognesi")),
    Bad("treated_unit_without_a_year", lambda s: drop_rows(s, DELHI, "delhi/board_region/delhi", "2015"), "plan.yml",
        None, "delhi.board", ("pass_rate has no value for 'Delhi' in 2015",)),
    Bad("treated_place_without_a_year", lambda s: drop_rows(s, HUARI, "huari/district/huari", "2018"), "plan.yml", None,
        "huari.reading", ("treated unit 'Huari'",)),
    Bad("no_unit_has_the_year", panel(post=[2018, 2019]), "plan.yml", None, "huari.reading",
        ("no unit has a value for all of", "2019")),
    Bad("no_donors", panel(name_contains="Huari"), "plan.yml", None, "huari.reading", ("no donor", "2016, 2018")),
    Bad("excluded_unit_unknown", panel(exclude={"Atlantis": "Sunk."}), "plan.yml", None, "huari.reading",
        ("exclude names no unit", "Atlantis")),
    Bad("district_without_weight", cell("units.csv", 4, "weight", ""), "plan.yml", None, "huari.reading",
        ("units.csv", "has no weight", "needs one for every unit")),
    Bad("district_without_parent", cell("units.csv", 4, "parent", ""), "plan.yml", None, "huari.reading",
        ("units.csv", "has no parent")),
]  # fmt: skip


EVERY = [*FILES, *CELLS, *ACROSS_TABLES, *SOURCES, *PLAN]


def drop_rows(small: SmallRelease, file: str, unit: str, year: str) -> None:
    """Drop the rows of units that start so in one year."""
    table = list(csv.reader(small.path(file).read_text(encoding="utf-8").splitlines()))
    kept = [row for row in table if not (row[1].startswith(unit) and row[2] == year)]
    assert len(kept) < len(table)
    small.write_table(file, kept)


def test_the_small_release_is_valid_before_it_is_spoiled(small, capsys):
    assert check_release(NAME) == []
    assert validation.main([NAME]) == 0
    assert "no problem" in capsys.readouterr().out


def test_sources_of_every_allowed_form_pass(small):
    for row, authors, address in (
        (2, "Walsh; Dotter; et al.", "address not known"),
        (3, "", "http://a.example/b;c=1"),
    ):
        small.edit("sources.csv", row, "authors", authors)
        small.edit("sources.csv", row, "address", address)
    small.edit("sources.csv", 2, "year", "n.d.")
    small.edit("sources.csv", 2, "doi", "10.1000/182")
    small.edit("sources.csv", 2, "third_party_copy", "true")
    small.edit("sources.csv", 2, "copy_address", "https://copies.example/a.pdf")
    small.copy_hosts(**{"copies.example": "upload", "notcopies.a.example": "upload"})
    small.freeze()
    assert {problem.file for problem in check_release(NAME)} == {"README.md"}, (
        "the dictionary alone lacks the new table"
    )


def test_sources_of_a_release_without_the_columns_are_not_held_to_them(small):
    small.sources_as_before()
    small.edit("sources.csv", 2, "address", "address to be completed before citing")
    small.edit("sources.csv", 2, "year", "n.d. (about 2013)")
    small.freeze()
    assert {problem.file for problem in check_release(NAME)} == {"README.md"}, (
        "the dictionary alone has other columns"
    )


@pytest.mark.parametrize("page", ["book/methods.md", "analysis/notebooks/cases/huari.py"])
def test_a_source_cited_in_prose_alone_is_used_and_one_cited_nowhere_is_named(small, tmp_path, page):
    for name in ("S_THREE", "S_FOUR"):
        append("sources.csv", lambda line, name=name: line.replace(line.partition(",")[0], name))(small)
    small.freeze()
    written = tmp_path / "prose" / page
    written.parent.mkdir(parents=True)
    written.write_text(
        "# The board met twice {src}`S_TWO, S_THREE`; S_FOUR is a plain word.\n", encoding="utf-8"
    )
    told = [(p.file, p.row, p.message.split()[0]) for p in check_release(NAME, root=tmp_path / "prose")]
    assert told == [("sources.csv", 5, "S_FOUR")]


@pytest.mark.parametrize("bad", EVERY, ids=lambda bad: bad.id)
def test_check_names_file_row_column_and_what_is_allowed(bad, small, capsys):
    bad.spoil(small)
    if bad.frozen:
        small.freeze()
    assert validation.main([NAME]) == 1, "the bad input was not refused"
    told = capsys.readouterr().err
    place = str(validation.Problem(bad.file, bad.row, bad.column, ""))
    there = [line for line in told.splitlines() if line.startswith(place)]
    assert there, f"no problem at {place!r}; told:\n{told}"
    assert any(all(part in line for part in bad.says) for line in there), (
        f"not told: {bad.says}; told:\n{told}"
    )


def test_a_problem_prints_its_place_before_its_message():
    assert str(validation.Problem("a.csv", 3, "value", "is wrong")) == "a.csv, row 3, column value: is wrong"
    assert str(validation.Problem("a.csv", None, "", "is wrong")) == "a.csv: is wrong"


def test_several_faults_are_reported_at_once(small):
    small.edit(HUARI, 3, "value", "high")
    small.edit(DELHI, 4, "standard_error", "-1")
    small.freeze()
    assert {(p.file, p.row) for p in check_release(NAME)} == {(HUARI, 3), (DELHI, 4)}


def test_a_data_folder_without_a_release_is_refused(small, capsys):
    small.folder.rename(small.data.parent / "elsewhere")
    assert validation.main([]) == 1
    assert "holds no release" in capsys.readouterr().err
