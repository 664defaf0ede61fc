"""A filled place that contradicts itself, the release or another place is refused by file, row and column."""

from __future__ import annotations

import copy
import functools
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from leadership_effects.cases.rules.contradictions import contradiction_problems
from leadership_effects.cases.rules.suspicions import suspicious_cells
from leadership_effects.cases.worksheets import CASE, CaseRows, SheetRow, Worksheet
from leadership_effects.data.checks.contradictions import release_contradictions
from leadership_effects.data.release import frozen_releases, newest_release, open_release
from leadership_effects.data.rows import read_rows
from leadership_effects.data.vocabulary import DIMENSIONS
from leadership_effects.paths import ROOT

DATA = ROOT / "data"
LATVIAN = next(
    row["reason"]
    for row in read_rows(open_release(newest_release(DATA), DATA), "assessments")
    if row["place"] == "latvia" and row["bearing"] == "cannot say"
)
RULES_REASON = "The ministry changed the cabinet rules on entry to teaching, and sources name the programme's people among those who changed the law."
GAIN_REASON = "Pupils of programme teachers gained more in mathematics and reading than pupils of comparison classes, in a matched sample."
WAVES = (2006, 2008, 2010, 2012, 2014, 2016)
SHIRES = ("Alder", "Birch", "Cedar", "Doire", "Elm", "Fern", "Gorse", "Holly", "Iúr", "Juniper")
SOURCE = {"source_id": "S_WEST"}
PLAN: dict[str, Any] = {
    "treated_unit": "Alder", "first_treated_year": 2012, "first_treated_reason": "The first results after the start of 2011.", "primary": ["score"],
    "panels": {"score": {"indicator": "west_score", "unit_type": "county", "treated": ["Alder"], "pre": [2006, 2008, 2010],
                         "post": [2012, 2014, 2016], "exclude": {"Birch": "Had fellows of its own."}, "donors": "The other counties."}},
    "grid": {
        "outcomes": {"score": "score"}, "years": list(WAVES), "first_years": {"score": 2006}, "starts": [2010, 2012], "before": ["all", "last"],
        "windows": {"all after": [2010, 2012, 2014, 2016], "last alone": [2016]},
        "comparisons": {"planned set": {}, "with Birch": {"exclude": {}}}, "estimators": ["two-way fixed effects"],
        "planned": {"outcome": "score", "start": 2012, "before": "all", "window": "all after", "comparison": "planned set",
                    "estimator": "two-way fixed effects"},
        "not_varied": {"estimator": "Three years before bear no other."},
    },
}  # fmt: skip
ROWS: dict[str, list[dict[str, str]]] = {
    "cases": [SOURCE | {"case_id": "westland", "title": "Westland", "country": "Ireland", "latitude": "53.3", "longitude": "-9.0", "programme": "Teach West",
                        "start_year": "2011", "start_basis": "stated", "first_treated_year": "2012", "first_treated_basis": "inferred",
                        "treated_unit": "westland/county/alder", "selection": "For a test.", "place_source_id": "GEONAMES"}],
    "sources": [SOURCE | {"authors": "", "title": "Results of the counties", "publisher": "Office of Westland", "year": "2018", "address": "https://example.org/west",
                          "copy_address": "", "doi": "", "licence": "CC-BY-4.0", "how_read": "whole table", "third_party_copy": "false"}],
    "units": [{"unit_id": f"westland/county/{name.lower()}", "panel": "westland", "name": name, "unit_type": "county", "code": f"IE-{name[:2]}"} for name in SHIRES],
    "indicators": [{"indicator_id": "west_score", "panel": "westland", "title": "Score of the counties", "definition": "A score.", "value_unit": "percent",
                    "direction": "1", "minimum": "0", "maximum": "100", "pupil_sd": "20", "pupil_sd_source_id": "S_WEST", "caveat": ""}],
    "breaks": [SOURCE | {"indicator_id": "west_score", "year": "2014", "kind": "caution", "reason": "A new form."}],
    "outcomes": [SOURCE | {"indicator_id": "west_score", "unit_id": f"westland/county/{name.lower()}", "year": str(wave), "value": f"{50 + n + wave % 7}.5",
                           "n_pupils": "400", "derivation": "published", "note": ""} for n, name in enumerate(SHIRES) for wave in WAVES],
    "leadership": [SOURCE | {"leadership_id": "westland-01", "case_id": "westland", "measure": "alumni", "post": "alumni", "year": "2012", "year_basis": "stated",
                             "value": "40", "value_low": "30", "value_high": "50", "unit": "alumni", "scope": "place", "dimension": "scale", "statement": "Some forty."}],
    "events": [SOURCE | {"event_id": "westland-event-01", "case_id": "westland", "year": "2011", "year_basis": "stated", "statement": "The first fellows come."}],
    "claims": [SOURCE | {"claim_id": "westland-claim-01", "case_id": "westland", "claimant": "Teach West", "year": "2015", "statement": "Many lead.",
                         "checkable": "no", "verdict": "cannot be checked", "reason": "No list is public."}],
    "evaluations": [SOURCE | {"evaluation_id": "westland-eval-01", "case_id": "westland", "study": "West", "year": "2016", "estimate": "0.1", "interval_low": "0",
                              "interval_high": "0.2", "unit": "SD", "finding": "null"}],
    "assessments": [SOURCE | dict.fromkeys(("selection", "rival", "measurement", "precision", "spillover"), "none") | {
        "statement_id": "pupils_gain_more", "place": "westland", "bearing": "silent", "design_level": "0", "basis": "none",
        "passage": "cases/westland.html#the-question", "reason": "Nothing found."}],
}  # fmt: skip
Spoil = Callable[[CaseRows], CaseRows]


@pytest.fixture(scope="module")
def westland() -> CaseRows:
    sheets = {
        name: Worksheet(f"worksheets/westland/{name}.csv", tuple(SheetRow(n, row) for n, row in enumerate(rows, 2)))
        for name, rows in ROWS.items()
    }  # fmt: skip
    release = open_release(newest_release(DATA), DATA)
    return CaseRows(
        release,
        CASE,
        "westland",
        sheets,
        PLAN,
        {"added": "It waits for a plan."},
        "worksheets/westland/plan.yml",
    )


def cells(table: str, number: int = 2, **values: str) -> Spoil:
    """Change cells of one row."""

    def spoil(case: CaseRows) -> CaseRows:
        sheet = case.sheets[table]
        rows = tuple(SheetRow(r.number, r.cells | values) if r.number == number else r for r in sheet.rows)
        return replace(case, sheets=case.sheets | {table: Worksheet(sheet.file, rows)})

    return spoil


def again(table: str, **values: str) -> Spoil:
    """Add a row like the first."""

    def spoil(case: CaseRows) -> CaseRows:
        sheet = case.sheets[table]
        rows = (*sheet.rows, SheetRow(99, sheet.rows[0].cells | values))
        return replace(case, sheets=case.sheets | {table: Worksheet(sheet.file, rows)})

    return spoil


def plan(**values: Any) -> Spoil:
    """Change fields of the plan, named by their path with two underscores between its parts."""

    def spoil(case: CaseRows) -> CaseRows:
        entry = copy.deepcopy(case.plan)
        for path, value in values.items():
            *above, last = path.split("__")
            held = entry
            for part in above:
                held = held[part]
            held[last] = value
        return replace(case, plan=entry)

    return spoil


def described(case: CaseRows) -> CaseRows:
    spoilt = cells("assessments", basis="full", bearing="supports", design_level="4")(case)
    return replace(spoilt, roles={"described": "One place alone stands in the series."})


def shares(case: CaseRows) -> CaseRows:
    sheet = case.sheets["outcomes"]
    rows = tuple(SheetRow(r.number, r.cells | {"value": f"0.{r.number}"}) for r in sheet.rows)
    return replace(case, sheets=case.sheets | {"outcomes": Worksheet(sheet.file, rows)})


def coding(first: str, second: str) -> Spoil:
    """Add two readings of six items, with a reason each."""
    rows = [
        SheetRow(n, {"case_id": "westland", "kind": "dimension", "item": item, "coder": coder, "code": "1", "evidence": "A count", "reason": f"{reason} {item}"})
        for n, (item, (coder, reason)) in enumerate(itertools.product(DIMENSIONS, (("Anna", first), ("Ben", second))), 2)
    ]  # fmt: skip
    return lambda case: replace(
        case, sheets=case.sheets | {"coding": Worksheet("worksheets/westland/coding.csv", tuple(rows))}
    )


def pasted(case: CaseRows) -> CaseRows:
    sheet = case.sheets["outcomes"]
    first = [row.cells["value"] for row in sheet.rows[: len(WAVES)]]
    rows = tuple(
        SheetRow(r.number, r.cells | {"value": first[n % len(WAVES)]}) if n < 2 * len(WAVES) else r
        for n, r in enumerate(sheet.rows)
    )
    return replace(case, sheets=case.sheets | {"outcomes": Worksheet(sheet.file, rows)})


def weighted(case: CaseRows) -> CaseRows:
    """Give the units weights like their pupils, one of them ten times too large."""
    sheet = case.sheets["units"]
    rows = tuple(
        SheetRow(r.number, r.cells | {"weight": "4100" if n == 3 else f"{400 + n}"})
        for n, r in enumerate(sheet.rows)
    )
    return replace(case, sheets=case.sheets | {"units": Worksheet(sheet.file, rows)})


def both(*spoils: Spoil) -> Spoil:
    return lambda case: functools.reduce(lambda spoilt, spoil: spoil(spoilt), spoils, case)


# Name: what is done, the place that is named, and words of what is said.
MISTAKES: dict[str, tuple[Spoil, str, tuple[str, ...]]] = {
    "an after that precedes the start": (plan(panels__score__post=[2010, 2012]), "plan.yml, column westland.panels.score.post", ("2010 lies before the start in 2012",)),
    "a before that follows the start": (plan(panels__score__pre=[2006, 2014], panels__score__post=[2016]), "westland.panels.score.pre", ("2014 lies not before", "years before 2012")),
    "a gap on the wrong side": (plan(gaps={"g": {"indicator": "west_score", "treated": "Alder", "comparator": "Elm", "pre": [2012], "post": [2014]}}), "westland.gaps.g.pre", ("2012",)),
    "a grid start that leaves nothing before": (plan(grid__starts=[2006, 2012]), "westland.grid.starts", ("2006 leaves no year before",)),
    "a grid start that leaves nothing after": (plan(grid__starts=[2012, 2018]), "westland.grid.starts", ("2018 leaves no year after in any window",)),
    "a window before every start": (plan(grid__windows={"early": [2006, 2008], "all after": [2012, 2014]}), "westland.grid.windows.early", ("leaves no year after any start",)),
    "a window of years that the grid lacks": (plan(grid__windows={"all after": [2012, 2015]}), "westland.grid.windows.all after", ("2015 not in the years",)),
    "a planned window that is none": (plan(grid__planned__window="to the end"), "westland.grid.planned.window", ("to the end is no window", "last alone")),
    "a planned start that is another": (plan(grid__planned__start=2010), "westland.grid.planned.start", ("2010 is not the headline's", "allowed: 2012")),
    "a planned window that is not the headline's": (plan(grid__planned__window="last alone"), "westland.grid.planned.window", ("allowed: all after",)),
    "a planned year before that is not the headline's": (plan(grid__planned__before="last"), "westland.grid.planned.before", ("allowed: all",)),
    "a planned set that is not the headline's": (plan(grid__planned__comparison="with Birch"), "westland.grid.planned.comparison", ("allowed: planned set",)),
    "a planned estimator that is not the headline's": (
        plan(panels__score__pre=[2006, 2008, 2010, 2012, 2014], panels__score__post=[2016]), "westland.grid.planned.estimator",
        ("two-way fixed effects is not the headline's", "allowed: synthetic difference-in-differences"),
    ),
    "a planned outcome that is not the headline's": (
        plan(primary=["other"], panels__other={**PLAN["panels"]["score"], "indicator": "west_other"}), "westland.grid.planned.outcome", ("allowed: one of other",)
    ),
    "a first year of no outcome": (plan(grid__first_years={"maths": 2006}), "westland.grid.first_years", ("'maths' is no outcome",)),
    "not varied though it is": (plan(grid__not_varied={"before": "No reason."}), "westland.grid.not_varied.before", ("there are 2 options",)),
    "a start after the first treated year": (cells("cases", start_year="2013"), "cases.csv, row 2, column start_year", ("2013 is after",)),
    "two stated starts": (cells("cases", first_treated_basis="stated"), "cases.csv, row 2, column first_treated_basis", ("inferred for 2012",)),
    "an event after its source": (cells("events", year="2020"), "events.csv, row 2, column year", ("2020 is after the year of its source, S_WEST of 2018",)),
    "a figure after its source": (cells("outcomes", year="2020"), "outcomes.csv, row 2, column year", ("2020 is after",)),
    "a year after the release": (cells("sources", year="2031"), "sources.csv, row 2, column year", ("2031 is after the release",)),
    "a wave under another year": (cells("outcomes", note="Read from the wave of 2007."), "outcomes.csv, row 2, column year", ("2006, and the note says wave of 2007",)),
    "tested though described": (described, "assessments.csv, row 2, column basis", ("full, and the plan names westland as described",)),
    "silent with a threat": (cells("assessments", rival="high"), "assessments.csv, row 2, column rival", ("high where the bearing is silent",)),
    "a study without a design": (cells("assessments", bearing="supports", basis="study"), "assessments.csv, row 2, column design_level", ("0 for a study",)),
    "a check of what cannot be checked": (cells("claims", verdict="holds"), "claims.csv, row 2, column verdict", ("holds where checkable is no",)),
    "a key of another place": (cells("leadership", leadership_id="chile-99"), "leadership.csv, row 2, column leadership_id", ("begins with westland-",)),
    "a row of another place": (cells("events", case_id="chile", event_id="chile-event-99"), "events.csv, row 2, column case_id", ("chile is another place; allowed: westland",)),
    "a passage in another chapter": (cells("assessments", passage="cases/chile.html#the-question"), "assessments.csv, row 2, column passage", ("in the chapter of chile",)),
    "a unit of another panel": (cells("units", unit_id="pisa/county/alder"), "units.csv, row 2, column unit_id", ("begins with westland/county/",)),
    "a primary panel that is none": (plan(primary=["scores"]), "westland.primary", ("'scores' is no panel; there are score",)),
    "an indicator of no table": (plan(panels__score__indicator="west_scores"), "westland.panels.score.indicator", ("no indicator", "west_score")),
    "indicators of two units of measure": (plan(panels__score__indicator=["west_score", "pisa_reading"]), "westland.panels.score.indicator", ("one value_unit",)),
    "an indicator of another panel": (cells("indicators", panel="pisa"), "indicators.csv, row 2, column panel", ("pisa is not the panel of units.csv",)),
    "a kind of unit that is none": (plan(panels__score__unit_type="countys"), "westland.panels.score.unit_type", ("no unit_type", "county")),
    "a treated unit without a row": (plan(panels__score__treated=["Iur"]), "westland.panels.score.treated", ("'Iur' has no outcome", "Iúr")),
    "a left-out unit without a row": (plan(panels__score__exclude={"Brich": "A reason."}), "westland.panels.score.exclude", ("'Brich'", "Birch")),
    "treated and left out": (plan(panels__score__exclude={"Alder": "A reason."}), "westland.panels.score.exclude", ("treated and left out",)),
    "a comparison that leaves out nobody": (plan(grid__comparisons={"planned set": {"exclude": {"Oak": "x"}}}), "westland.grid.comparisons.planned set.exclude", ("'Oak' is no unit",)),
    "a treated unit of the case without a row": (cells("cases", treated_unit="westland/county/aldre"), "cases.csv, row 2, column treated_unit", ("is no unit", "westland/county/alder")),
    "coordinates swapped": (cells("cases", latitude="-9.0", longitude="53.3"), "cases.csv, row 2, column latitude, longitude", ("swapped", "outside Ireland")),
    "a sign lost": (cells("cases", longitude="9.0"), "latitude, longitude", ("the sign of longitude is wrong",)),
    "coordinates elsewhere": (cells("cases", latitude="33.3"), "latitude, longitude", ("allowed: latitude and longitude of 51.4 to 55.4",)),
    "a country that is none": (cells("cases", country="Irland"), "cases.csv, row 2, column country", ("no country", "Ireland")),
    "a licence that is a phrase": (cells("sources", licence="free to use, I think"), "sources.csv, row 2, column licence", ("SPDX", "terms read at")),
    "one unit twice": (again("units", unit_id="westland/county/alder_2", name="ALDER", code=""), "units.csv, row 99, column name", ("'ALDER' is 'Alder'", "another spelling")),
    "a unit under two keys": (again("units", unit_id="westland/county/alder_2", code=""), "units.csv, row 99, column name", ("one row for a unit",)),
    "a code twice": (cells("units", 3, code="IE-Al"), "units.csv, row 3, column code", ("the code of westland/county/alder",)),
    "a publisher in two spellings": (cells("sources", publisher="uk parliament"), "sources.csv, row 2, column publisher", ("another spelling",)),
    "a country in two spellings": (cells("cases", country="united kingdom", latitude="53", longitude="-2"), "cases.csv, row 2, column country", ("'United Kingdom'",)),
    "an address that is a phrase": (cells("sources", address="the ministry, by mail"), "sources.csv, row 2, column address", ("`address not known`",)),
    "an address without a domain": (cells("sources", address="http://localhost/x.pdf"), "sources.csv, row 2, column address", ("localhost",)),
    "a source that the release holds": (
        again("sources", source_id="S_AGAIN", title="Results of the Counties", publisher="Office"), "sources.csv, row 99, column source_id", ("the work is there as S_WEST",)
    ),
    "accents apart": (cells("cases", title="Westla\u0301nd"), "cases.csv, row 2, column title", ("Unicode NFC",)),
    "a blank that is not seen": (cells("units", name="Al\u200bder"), "units.csv, row 2, column name", ("not seen",)),
    "shares of one as per cent": (shares, "indicators.csv, row 2, column value_unit", ("shares of one",)),
    "per cent above 100": (cells("indicators", maximum="500"), "indicators.csv, row 2, column maximum", ("500 for per cent",)),
    "a range upside down": (cells("indicators", minimum="100", maximum="0"), "indicators.csv, row 2, column maximum", ("not above the minimum",)),
    "parts of pupils": (cells("indicators", value_unit="pupils", maximum="5000"), "outcomes.csv, row 2, column value", ("a whole number",)),
    "a spread as wide as the scale": (cells("indicators", pupil_sd="100"), "indicators.csv, row 2, column pupil_sd", ("as wide as the range",)),
    "a break outside the series": (cells("breaks", year="2019"), "breaks.csv, row 2, column year", ("2019 breaks nothing", "2006 to 2016")),
    "a count outside its range": (cells("leadership", value="400"), "leadership.csv, row 2, column value", ("400 is outside", "30 to 50")),
    "a range of a count upside down": (cells("leadership", value_low="60"), "leadership.csv, row 2, column value_high", ("50 is below",)),
    "an estimate outside its interval": (cells("evaluations", estimate="1.1"), "evaluations.csv, row 2, column estimate", ("1.1 is outside",)),
    "an estimate without a unit": (cells("evaluations", unit=""), "evaluations.csv, row 2, column unit", ("blank where estimate is 0.1",)),
    "a title of another case": (cells("cases", title="LÁTVIA"), "cases.csv, row 2, column title", ("'Latvia'",)),
    "the title of another case": (cells("cases", title="Latvia"), "cases.csv, row 2, column title", ("title of latvia",)),
    "a title that is a key": (cells("cases", title="westland"), "cases.csv, row 2, column title", ("no title",)),
    "a country without a capital": (cells("cases", country="ireland"), "cases.csv, row 2, column country", ("'Ireland' in another spelling",)),
    "a treated unit of another panel": (cells("cases", treated_unit="pisa/country/latvia"), "cases.csv, row 2, column treated_unit", ("is Latvia", "Alder")),
    "another treated unit in the plan": (plan(panels__score__treated=["Cedar"]), "cases.csv, row 2, column treated_unit", ("is Alder", "Cedar")),
    "left out without a reason": (plan(panels__score__exclude={"Birch": "Fellows."}), "westland.panels.score.exclude", ("no reason to leave out Birch",)),
    "everybody left out": (plan(panels__score__exclude=dict.fromkeys(SHIRES[1:], "Had fellows of its own.")), "westland.panels.score.exclude", ("every unit",)),
    "a year that no row has": (plan(panels__score__post=[2012, 2015]), "westland.panels.score.post", ("2015 has no outcome",)),
    "a year of the grid that no row has": (plan(grid__years=[*WAVES, 2018]), "westland.grid.years", ("2018 has no outcome",)),
    "a year in quotes": (plan(first_treated_year="2012"), "westland.first_treated_year", ("'2012'", "digits")),
    "years that are a text": (plan(panels__score__pre="2006"), "westland.panels.score", ("list of whole years",)),
    "a primary panel twice": (plan(primary=["score", "score"]), "westland.primary", ("each once",)),
    "an estimator that is none": (plan(grid__estimators=["two-way fixed effects", "ols"]), "westland.grid.estimators", ("'ols'", "own line out")),
    "windows that are a list": (plan(grid__windows=[2012]), "westland.grid.windows", ("fields with values",)),
    "a unit without outcomes": (again("units", unit_id="westland/county/oak", name="Oak", code="IE-Oa"), "units.csv, row 99, column unit_id", ("no row in outcomes.csv",)),
    "a code of a country on a county": (cells("units", code="LVA"), "units.csv, row 2, column code", ("Latvia", "county")),
    "a code in another country": (cells("units", code="LV-001"), "units.csv, row 2, column code", ("a code of Latvia", "a code of Ireland")),
    "the code of another country": (cells("units", unit_type="country", name="Estonia", code="LVA"), "units.csv, row 2, column code", ("not of Estonia", "EST")),
    "fewer than none": (cells("leadership", value="-4", value_low="", value_high=""), "leadership.csv, row 2, column value", ("-4 alumni",)),
    "half a person": (cells("leadership", value="40.5"), "leadership.csv, row 2, column value", ("a whole number",)),
    "half a pupil of a study": (cells("evaluations", n="12.5"), "evaluations.csv, row 2, column n", ("a whole number",)),
    "an effect of many deviations": (cells("evaluations", estimate="4", interval_high="9"), "evaluations.csv, row 2, column estimate", ("-3 to 3",)),
    "an interval upside down": (cells("evaluations", interval_low="0.3"), "evaluations.csv, row 2, column interval_high", ("0.2 is below",)),
    "no standard error": (cells("evaluations", standard_error="0"), "evaluations.csv, row 2, column standard_error", ("more than 0",)),
    "a standard error of another study": (cells("evaluations", standard_error="0.9"), "evaluations.csv, row 2, column standard_error", ("reaches 0.11",)),
    "no difference that is one": (cells("evaluations", interval_low="0.05"), "evaluations.csv, row 2, column finding", ("null", "excludes zero")),
    "a difference that is none": (cells("evaluations", finding="positive", interval_low="-0.1"), "evaluations.csv, row 2, column finding", ("positive", "does not exclude")),
    "no difference by its standard error": (
        cells("evaluations", interval_low="", interval_high="", standard_error="0.01"), "evaluations.csv, row 2, column finding", ("excludes zero",)
    ),
    "a year of what is undated": (cells("events", year_basis="undated"), "events.csv, row 2, column year", ("2011 where year_basis is undated",)),
    "a year in words": (cells("claims", year="last year"), "claims.csv, row 2, column year", ("four digits",)),
    "a source of about a year": (cells("sources", year="ca. 2018"), "sources.csv, row 2, column year", ("four digits",)),
    "a DOI that is a phrase": (cells("sources", doi="see journal"), "sources.csv, row 2, column doi", ("10.1000/182",)),
    "a copy without an address": (cells("sources", third_party_copy="true"), "sources.csv, row 2, column copy_address", ("third_party_copy is true",)),
    "a passage without a page": (cells("assessments", passage="#the-question"), "assessments.csv, row 2, column passage", ("a page",)),
    "a statement weighed twice": (again("assessments"), "assessments.csv, row 99", ("stands in row 2 already",)),
    "a spread without a source": (cells("indicators", pupil_sd_source_id=""), "indicators.csv, row 2, column pupil_sd_source_id", ("blank",)),
    "no spread": (cells("indicators", pupil_sd="0"), "indicators.csv, row 2, column pupil_sd", ("more than 0",)),
    "a weight without a source": (cells("units", weight="300", weight_note="pupils"), "units.csv, row 2, column source_id", ("weight is given",)),
    "a weight of nothing": (cells("units", weight="300", source_id="S_WEST"), "units.csv, row 2, column weight_note", ("what it counts",)),
    "a title of two indicators": (again("indicators", indicator_id="west_two"), "indicators.csv, row 99, column title", ("title of west_score",)),
    "a figure off the scale": (cells("outcomes", value="5000"), "outcomes.csv, row 2, column value", ("0 to 100",)),
    "an error as wide as the scale": (cells("outcomes", standard_error="150"), "outcomes.csv, row 2, column standard_error", ("less than 100",)),
    "an outcome of a unit elsewhere": (cells("outcomes", unit_id="pisa/country/latvia"), "outcomes.csv, row 2, column unit_id", ("one panel",)),
    "a break of another series": (cells("breaks", indicator_id="pisa_reading"), "breaks.csv, row 2, column indicator_id", ("no outcome in the panels",)),
    "a note to oneself": (cells("events", statement="Fellows come, xxx check this."), "events.csv, row 2, column statement", ("'xxx'",)),
    "a doubt left open": (cells("claims", claimant="??"), "claims.csv, row 2, column claimant", ("'??'",)),
    "a plan left open": (plan(panels__score__donors="TODO say why."), "westland.panels.score.donors", ("'TODO'",)),
    "a page of results of a search": (
        cells("sources", address="https://www.google.com/search?q=westland"), "sources.csv, row 2, column address", ("results of a search",)
    ),
    "an event twice": (again("events", event_id="westland-event-02"), "events.csv, row 99, column event_id", ("westland-event-01",)),
    "a copied reading": (coding("Said of", "Said of"), "coding.csv, row 3, column coder", ("Ben gives every code and reason of Anna",)),
    "a DOI under two ids": (
        both(cells("sources", doi="10.1000/182"), again("sources", source_id="S_AGAIN", title="Other words", doi="https://doi.org/10.1000/182")),
        "sources.csv, row 99, column source_id", ("the work is there as S_WEST",),
    ),
    "another unit than the place": (
        both(cells("cases", title="Birch"), cells("units", 3, unit_id="westland/county/birch")), "cases.csv, row 2, column treated_unit", ("is Alder", "westland/county/birch")
    ),
    "a trial for a comparison of places": (
        cells("assessments", bearing="cannot say", basis="partial", design_level="5"), "assessments.csv, row 2, column design_level", ("5 (a trial) for a partial", "1 to 4")
    ),
    "a design where nothing is compared": (cells("assessments", bearing="mixed", design_level="4"), "assessments.csv, row 2, column design_level", ("4 for no comparison", "0 to 2")),
    "a statement that points elsewhere": (cells("events", statement="See above."), "events.csv, row 2, column statement", ("'See above.' says nothing",)),
    "a reason of one letter": (cells("claims", reason="x"), "claims.csv, row 2, column reason", ("'x' says nothing",)),
    "a mark in small letters": (cells("evaluations", treated="tbd"), "evaluations.csv, row 2, column treated", ("'tbd' says nothing",)),
    "a reading that is a yes": (cells("sources", how_read="yes"), "sources.csv, row 2, column how_read", ("'yes' says nothing",)),
    "a plan that points elsewhere": (plan(panels__score__donors="as above"), "westland.panels.score.donors", ("'as above' says nothing",)),
    "a blank of the plan that is not seen": (plan(panels__score__donors="The other\u00a0counties."), "westland.panels.score.donors", ("not seen",)),
    "a reason that is the claim": (cells("claims", reason="Many lead."), "claims.csv, row 2, column reason", ("the statement again",)),
    "a claimant that is a key": (cells("claims", claimant="S_WEST"), "claims.csv, row 2, column claimant", ("S_WEST is the key of a source",)),
    "a share of teachers in heads": (cells("leadership", post="share of teachers"), "leadership.csv, row 2, column unit", ("allowed: percent",)),
}  # fmt: skip


# What may be right and is listed to be looked at again.
SUSPICIONS: dict[str, tuple[Spoil, str, tuple[str, ...]]] = {
    "a count in other words": (cells("leadership", statement="Some forty-four."), "leadership.csv, row 2, column statement", ("says 44, and value is 40",)),
    "a year in other words": (cells("events", statement="In 2021 a law is passed."), "events.csv, row 2, column year", ("2011", "2021")),
    "a beginning in no year": (cells("claims", reason="It has run since 2001."), "claims.csv, row 2, column reason", ("'since 2001'", "start_year is 2011")),
    "first people in another year": (cells("events", year="2009"), "events.csv, row 2, column year", ("2009 for 'first fellows'", "2011")),
    "a part larger than its whole": (cells("claims", reason="610 alumni of 148 placed."), "claims.csv, row 2, column reason", ("610 alumni of 148",)),
    "more alumni than were placed": (
        again("leadership", leadership_id="westland-02", post="placed to date", unit="fellows", value="20"), "leadership.csv, row 2, column value", ("40 alumni", "20 placed")
    ),
    "an event in nearly the same words": (
        again("events", event_id="westland-event-02", statement="First fellows come."), "events.csv, row 99, column statement", ("nearly that of westland-event-01",)
    ),
    "a source in nearly the same words": (
        again("sources", source_id="S_AGAIN", title="The results of counties", address="x"), "sources.csv, row 99, column title", ("nearly that of S_WEST",)
    ),
    "an address twice": (again("sources", source_id="S_AGAIN", title="Other words"), "sources.csv, row 99, column address", ("S_WEST",)),
    "the point of another case": (cells("cases", latitude="56.946", longitude="24.10589"), "cases.csv, row 2, column latitude, longitude", ("Latvia",)),
    "the text of another case": (cells("assessments", bearing="cannot say", reason=LATVIAN), "assessments.csv, row 2, column reason", ("word for word", "latvia")),
    "the name of another case": (cells("assessments", reason="Nothing in Latvia."), "assessments.csv, row 2, column reason", ("names Latvia",)),
    "a source on another case": (cells("events", source_id="S_LAT"), "events.csv, row 2, column source_id", ("Schools of Latvia",)),
    "a claimant in two spellings": (cells("claims", claimant="Teach Wset"), "claims.csv, row 2, column claimant", ("nearly Teach West",)),
    "a person in two spellings": (
        cells("claims", reason="Anna Kelly says so.", statement="Ana Kelly leads."), "claims.csv, row 2, column reason", ("Anna Kelly is nearly Ana Kelly",)
    ),
    "a rate of passes that is bad": (cells("indicators", title="Pass rate", direction="-1"), "indicators.csv, row 2, column direction", ("'Pass rate'",)),
    "dropping out that is good": (cells("indicators", title="Dropouts"), "indicators.csv, row 2, column direction", ("'Dropouts'",)),
    "a score without a direction": (cells("indicators", direction="0"), "indicators.csv, row 2, column direction", ("'Score'", "is neither more nor less")),
    "a definition of another subject": (
        cells("indicators", title="Reading score", definition="Mean mark in mathematics."), "indicators.csv, row 2, column definition", ("mathematics", "of reading")
    ),
    "a definition of another measure": (cells("indicators", definition="Mean score in the test."), "indicators.csv, row 2, column definition", ("percent",)),
    "two definitions exchanged": (
        both(again("indicators", indicator_id="west_leavers", title="Leavers without a certificate", definition="Pupils that reach the upper mark of the county test."),
             cells("indicators", indicator_id="west_upper", title="Upper mark, county test", definition="Leavers who go without a certificate.")),
        "indicators.csv, row 2, column definition", ("west_leavers", "exchanged"),
    ),
    "a weight ten times too large": (weighted, "units.csv, row 5, column weight", ("4100", "ten times", "pupils counted")),
    "a spread of another scale": (cells("indicators", value_unit="PISA points", pupil_sd="10", maximum="1000"), "indicators.csv, row 2, column pupil_sd", ("about 100",)),
    "a spread below that of means": (cells("indicators", pupil_sd="1"), "indicators.csv, row 2, column pupil_sd", ("means of the units",)),
    "a wave left out": (plan(panels__score__pre=[2006, 2010]), "westland.panels.score", ("leaves out 2008",)),
    "another unit named in the plan": (plan(treated_unit="Birch"), "westland.treated_unit", ("Birch, and the treated unit of cases.csv is Alder",)),
    "a code of nothing": (
        both(coding("Said of", "Read in"), cells("coding", reason="Nothing found on the leaders.")), "coding.csv, row 2, column code", ("Nothing found",)
    ),
    "a row that is none": (both(coding("Said of", "Read in"), cells("coding", evidence="westland-07")), "coding.csv, row 2, column evidence", ("names westland-07",)),
    "another grade in the definition": (
        cells("indicators", title="Score, grade 9", definition="A score in grade 4."), "indicators.csv, row 2, column definition", ("is of 4",)
    ),
    "a national count of a place": (cells("leadership", statement="Some forty nationally."), "leadership.csv, row 2, column scope", ("'nationally'",)),
    "a title of a later year": (cells("sources", title="Results of 2021"), "sources.csv, row 2, column year", ("2018, and the title says 2021",)),
    "authors with initials": (cells("sources", authors="Byrne, A.; Daly, B."), "sources.csv, row 2, column authors", ("surnames alone",)),
    "pupils that are a year": (cells("outcomes", n_pupils="2006"), "outcomes.csv, row 2, column n_pupils", ("the year of the row",)),
    "a unit pasted into another": (pasted, "column value", ("all 6 figures of westland/county/birch are those of westland/county/alder",)),
    "a statement cut short": (cells("events", statement="The first fellows co"), "events.csv, row 2, column statement", ("fellows co'", "is it cut")),
    "evidence and reason exchanged": (
        both(coding("Said of", "Read in"), cells("coding", evidence="Forty fellows teach in the county.", reason="section 8; westland-01")),
        "coding.csv, row 2, column evidence", ("'section 8'", "exchanged"),
    ),
    "a reason that is nearly the claim": (cells("claims", reason="Many led."), "claims.csv, row 2, column reason", ("nearly the statement",)),
    "a founding after the first people": (
        again("events", event_id="westland-event-02", year="2014", statement="Teach West is founded."), "events.csv, row 99, column year", ("2014 for 'is founded'", "2011")
    ),
    "a copy in an archive as the original": (
        cells("sources", address="https://web.archive.org/web/2018/https://example.org/west"), "sources.csv, row 2, column address", ("https://web.archive.org keeps copies",)
    ),
    "a title in capitals": (cells("sources", title="RESULTS OF THE COUNTIES"), "sources.csv, row 2, column title", ("in capitals",)),
    "a reading of nothing that one reads": (cells("sources", how_read="carefully"), "sources.csv, row 2, column how_read", ("'carefully' names nothing",)),
    "a count of provinces in one place": (cells("leadership", unit="provinces"), "leadership.csv, row 2, column scope", ("the unit is provinces",)),
    "a national count of a city": (cells("leadership", scope="national", statement="Some forty in the city."), "leadership.csv, row 2, column scope", ("'in the city'",)),
    "a place that is a country": (cells("cases", title="Ireland"), "leadership.csv, row 2, column scope", ("a whole country",)),
    "a count of the network in one place": (cells("leadership", scope="network"), "leadership.csv, row 2, column scope", ("no word of the row",)),
    "a post that no word bears": (cells("leadership", post="officials and boards"), "leadership.csv, row 2, column post", ("officials and boards, and no word",)),
    "a dimension of another post": (cells("leadership", dimension="roles"), "leadership.csv, row 2, column dimension", ("roles for 'alumni'", "bear on scale")),
    "alumni that become fewer": (
        again("leadership", leadership_id="westland-02", year="2014", value="20"), "leadership.csv, row 99, column value", ("20 in 2014", "westland-01 has 40 in 2012")
    ),
    "people before the first": (cells("leadership", year="2009"), "leadership.csv, row 2, column year", ("2009 for 'alumni'", "2011")),
    "participants for schools": (
        cells("evaluations", treated="schools of the counties", treated_level="participants"), "evaluations.csv, row 2, column treated_level", ("participants, and treated are",)
    ),
    "a trial that is none": (
        cells("evaluations", design="randomised trial", statement="Schools were not randomised."), "evaluations.csv, row 2, column design", ("deny a trial",)
    ),
    "a trial without a comparison": (
        cells("evaluations", design="randomised trial", note="There is no comparison group."), "evaluations.csv, row 2, column design", ("no comparison",)
    ),
    "two designs of one study": (
        both(cells("evaluations", design="randomised trial"), again("evaluations", evaluation_id="westland-eval-02", design="matched comparison")),
        "column design", ("westland-eval-02", "'matched comparison'"),
    ),
    "no more, called positive": (
        cells("evaluations", finding="positive", statement="No difference was found."), "evaluations.csv, row 2, column finding", ("positive, and the statement",)
    ),
    "a study before the start": (cells("evaluations", year="2009"), "evaluations.csv, row 2, column year", ("2009, and start_year of the case is 2011",)),
    "data before the start": (cells("evaluations", outcome="Scores, 2004 to 2008"), "evaluations.csv, row 2, column outcome", ("up to 2008",)),
    "a trial by a source without one": (
        both(cells("evaluations", design="matched comparison"), cells("assessments", bearing="supports", basis="study", design_level="5")),
        "assessments.csv, row 2, column design_level", ("'matched comparison' of S_WEST",),
    ),
    "a comparison in nobody's way": (
        cells("assessments", bearing="supports", basis="study", design_level="4"), "assessments.csv, row 2, column selection", ("every other threat",)
    ),
    "two statements exchanged": (
        both(cells("assessments", bearing="supports", reason=RULES_REASON), again("assessments", statement_id="rules_changed", bearing="supports", reason=GAIN_REASON)),
        "assessments.csv, row", ("are the two exchanged",),
    ),
    "two sources exchanged": (
        both(
            again("sources", source_id="S_AGAIN", title="A mountain railway to Castlebar opens", publisher="Castlebar Telegraph", year="2013", address="y"),
            cells("events", statement="The railway to Castlebar opens, as the Telegraph tells.", year="2013"),
            again("events", event_id="westland-event-02", source_id="S_AGAIN", statement="The office of Westland prints the results of the counties.", year="2011"),
        ),
        "events.csv, row 99, column source_id", ("S_AGAIN, and words and year fit S_WEST", "exchanged"),
    ),
    "a title of no word of the unit": (lambda case: case, "cases.csv, row 2, column title", ("Westland, and the treated unit is Alder",)),
}  # fmt: skip


@pytest.mark.parametrize("name", SUSPICIONS)
def test_what_may_be_right_is_listed_to_be_looked_at_again(westland: CaseRows, name: str) -> None:
    spoil, where, says = SUSPICIONS[name]
    latvian = again("sources", source_id="S_LAT", title="Schools of Latvia", publisher="Office", address="y")
    told = [str(problem) for problem in suspicious_cells(spoil(latvian(westland)))]
    assert any(all(word in line for word in (where, *says)) for line in told), told


def test_little_of_a_place_without_a_mistake_is_listed(westland: CaseRows) -> None:
    assert [problem.column for problem in suspicious_cells(westland)] == ["title"]
    assert not [
        p for p in contradiction_problems(coding("Said of", "Read in")(westland)) if p.column == "coder"
    ]


def test_the_place_without_a_mistake_is_not_refused(westland: CaseRows) -> None:
    assert [str(problem) for problem in contradiction_problems(westland)] == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_contradiction_is_refused_where_it_stands(westland: CaseRows, name: str) -> None:
    spoil, where, says = MISTAKES[name]
    told = [str(problem) for problem in contradiction_problems(spoil(westland))]
    assert any(all(word in line for word in (where, *says)) for line in told), told


@pytest.mark.parametrize("name", frozen_releases(DATA))
def test_no_frozen_release_contradicts_itself(name: str) -> None:
    assert [str(problem) for problem in release_contradictions(open_release(name, DATA))] == []
