"""Official files become draft rows, and what is not such a file is refused by name.

Files are made here in the layouts that the loaders document, with figures of the newest release wherever it holds some:
then the report must find them equal. The figures of English regions are invented, as the release holds none.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from leadership_effects.data.dictionary import data_dictionary, freeze
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.data.validation import check_release
from leadership_effects.files import sha256
from leadership_effects.importers import LOADERS, ImportRefused
from leadership_effects.importers.__main__ import main
from leadership_effects.importers.agreement import agreement, outcome_rows
from leadership_effects.importers.draft import source_row
from leadership_effects.importers.files import column_letters
from leadership_effects.importers.mapped import column_number, open_mapping
from leadership_effects.paths import data_folder
from leadership_effects.releases import draft

NAME = "2099.1"
JURISDICTIONS = {"district-of-columbia": ("DC", "District of Columbia"), "alabama": ("AL", "Alabama"),
                 "texas": ("TX", "Texas")}  # fmt: skip


@pytest.fixture(scope="module")
def release() -> Release:
    return open_release(newest_release())


@pytest.fixture(autouse=True)
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path / "build"))
    return tmp_path / "build"


@pytest.fixture
def draft_release(tmp_path: Path, release: Release) -> Path:
    """A release being made: the newest under another name, without checksums."""
    shutil.copytree(release.folder, tmp_path / "data" / release.name)
    return draft.draft_release(NAME, tmp_path)


def rows_of(release: Release, indicator: str, *units: str, year: int | None = None) -> pd.DataFrame:
    rows = outcome_rows(release)
    rows = rows[(rows["indicator_id"] == indicator) & rows["unit_id"].isin(units)]
    return rows if year is None else rows[rows["year"] == year]


def point(code: str, label: str, year: int, value: float, **changed: Any) -> dict[str, Any]:
    """One data point as the NAEP Data Service answers."""
    return {
        "year": year, "sample": "R3", "yearSampleLabel": str(year), "Cohort": 1, "CohortLabel": "Grade 4",
        "stattype": "MN:MN", "subject": "MAT", "grade": 4, "scale": "MRPCM", "jurisdiction": code, "jurisLabel": label,
        "variable": "TOTAL", "variableLabel": "All students", "varValue": "1", "varValueLabel": "All students",
        "value": value, "isStatDisplayable": 1, "errorFlag": 0,
    } | changed  # fmt: skip


def naep_file(path: Path, points: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"status": 200, "result": points}), encoding="utf-8")
    return path


def naep_points(release: Release) -> list[dict[str, Any]]:
    points = []
    for slug, (code, label) in JURISDICTIONS.items():
        rows = rows_of(release, "naep_mathematics_g4_state", f"washington_dc/state/{slug}")
        points += [point(code, label, int(r.year), float(r.value), stdError=0.75) for r in rows.itertuples()]
    return points


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def pisa_file(path: Path, release: Release, name: dict[str, str] | None = None) -> Path:
    names = {"latvia": "Latvia", "korea-rep": "Korea", "chile": "Chile"} | (name or {})
    rows: list[list[Any]] = [
        ["Averages for age 15 years PISA mathematics scale, by year and jurisdiction: 2022, 2018"],
        [],
    ]
    rows.append(["Year/Study", "Jurisdiction", "All students", "Average", "Standard Error"])
    for year in (2022, 2018):
        for slug, label in names.items():
            for r in rows_of(release, "pisa_mathematics", f"pisa/country/{slug}", year=year).itertuples():
                first = str(year) if slug == "latvia" else None
                rows.append([first, label, "All students", float(r.value), float(r.standard_error)])
    rows.append([None, "Albania", "All students", "—", "†"])
    return workbook(path, {"Report 1-Table": rows})


def umc_file(path: Path, release: Release) -> Path:
    rows = outcome_rows(release).merge(
        release.table("units")[["unit_id", "name", "unit_type", "parent"]], on="unit_id"
    )
    sheets = {}
    for year in (2016, 2018):
        sheet: list[list[Any]] = [["Resultados"], [], [], [None] * 14]
        sheet[3][2:5] = ["Departamento", "Provincia", "Distrito"]
        of_year = rows[
            (rows["unit_type"] == "district") & (rows["year"] == year) & (rows["parent"] == "Huari")
        ]
        for (_, name), group in of_year.groupby(["unit_id", "name"]):
            line: list[Any] = [None] * 14
            line[2:5] = ["ÁNCASH", "HUARI", name.upper()]
            for indicator, column in (("ece4p_reading", 9), ("ece4p_maths", 13)):
                found = group.loc[group["indicator_id"] == indicator, "value"]
                line[column] = float(found.iloc[0]) if len(found) else "-"
            sheet.append(line)
        sheet.append([None, None, "LIMA", "LIMA", "LINCE", *[None] * 4, 50.0, None, None, None, 40.0])
        sheets[f"Distrital ECE  {year} 4P"] = sheet
    return workbook(path, sheets)


def louisiana_file(path: Path, release: Release, shares: list[Any] | None = None) -> Path:
    """English and mathematics of grade 4; Basic or above is split over three levels, the rest over two."""
    names = {"state/louisiana": "LOUISIANA STATEWIDE", "parish/jefferson": "JEFFERSON PARISH",
             "parish/st-tammany": "ST. TAMMANY PARISH",
             "school_district/orleans-parish-school-board": "ORLEANS PARISH (WITHOUT PREVIOUSLY FAILING SCHOOLS)"}  # fmt: skip
    rows: list[list[Any]] = [
        ["Percent of Students at Each Achievement Level for Spring 2016 Tests- By District- Grade 4"]
    ]
    gap = [None] * 4
    rows.append(["Site Code", "District Name", "English Language Arts", *gap, "Mathematics", *gap, "Science"])
    rows.append([None, None, *["A", "M", "B", "AB", "U"] * 3])
    for unit, name in names.items():
        line: list[Any] = ["001", name]
        for subject in ("english", "mathematics"):
            found = rows_of(release, f"la_leap2016_basicplus_{subject}_g4", f"new_orleans/{unit}")
            basic = int(found["value"].iloc[0])
            line += [5, 20, basic - 25, 60 - basic // 2, 40 - basic + basic // 2]
        rows.append([*line, 1, 1, 1, 1, 96])
    rows.append(["036", "BIENVILLE PARISH", *(shares or ["≤1", 18, 29, 37, 16]), *["NR"] * 10])
    return workbook(path, {"Grade 4": rows})


def run(*arguments: Any) -> int:
    return main([str(argument) for argument in arguments])


def drafted(build: Path, loader: str, file: Path) -> pd.DataFrame:
    return pd.read_csv(folder(build, loader, file) / "outcomes.csv", keep_default_na=False, dtype=str)


def report(build: Path, loader: str, file: Path) -> str:
    return (folder(build, loader, file) / "report.md").read_text(encoding="utf-8")


def folder(build: Path, loader: str, file: Path) -> Path:
    return build / "import" / f"{loader}-{sha256(file)[:8]}"


def made(loader: str, tmp_path: Path, release: Release) -> tuple[Path, list[Any]]:
    """A file of that layout with the release's own figures, and the options it takes."""
    if loader == "naep":
        return naep_file(tmp_path / "answer.json", naep_points(release)), []
    if loader == "pisa":
        return pisa_file(tmp_path / "PISAExport.xlsx", release), []
    if loader == "louisiana":
        return louisiana_file(tmp_path / "leap.xlsx", release), []
    assert run("umc", "--map-template", tmp_path / "umc.yml") == 0
    return umc_file(tmp_path / "umc.xlsx", release), ["--map", tmp_path / "umc.yml"]


@pytest.mark.parametrize(("loader", "least"), [("naep", 30), ("pisa", 6), ("louisiana", 8), ("umc", 60)])
def test_figures_of_the_release_are_found_equal(loader, least, tmp_path, release, build, capsys):
    file, options = made(loader, tmp_path, release)
    assert run(loader, file, *options) == 0, capsys.readouterr().err
    rows = drafted(build, loader, file)
    assert len(rows) >= least
    assert set(agreement(rows, outcome_rows(release))["status"]) == {"equal"}
    assert "0 units unknown" in capsys.readouterr().out


def test_a_draft_says_which_file_it_is_from_and_twice_gives_the_same_bytes(tmp_path, release, build):
    file = naep_file(tmp_path / "answer.json", naep_points(release))
    taken = []
    for _ in (1, 2):
        assert (
            run("naep", file, "--read-on", "2026-11-27", "--address", "https://example.org/a", "--copy") == 0
        )
        taken.append({path.name: path.read_bytes() for path in sorted(folder(build, "naep", file).iterdir())})
    assert taken[0] == taken[1]
    source = pd.read_csv(folder(build, "naep", file) / "sources.csv", dtype=str).iloc[0]
    for part in ("answer.json", sha256(file), f"{file.stat().st_size} bytes", "2026-11-27", "naep version 1"):
        assert part in source["how_read"]
    assert source["third_party_copy"] == "true"
    apart = "copy_address" in source
    assert source["copy_address" if apart else "address"] == "https://example.org/a"
    assert not apart or source["address"] == LOADERS["naep"].address


def test_a_copy_is_kept_apart_where_the_release_has_a_column_for_it():
    columns = ["source_id", "address", "copy_address"]
    source = {"source_id": "S", "address": "https://issuer.example", "copy_address": "https://copy.example"}
    assert source_row(source, columns) == source
    assert source_row(source, columns[:2])["address"] == "https://copy.example"
    assert source_row(source | {"copy_address": ""}, columns[:2])["address"] == "https://issuer.example"


def test_a_copy_without_its_address_is_refused(tmp_path, release, build, capsys):
    assert run("naep", naep_file(tmp_path / "answer.json", naep_points(release)), "--copy") == 1
    assert "--copy: give --address too" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "there", "status"),
    [
        ("204.92", 204.92, "equal"),
        ("204.9176", 204.92, "equal after rounding"),
        ("204.9176", 205.0, "equal after rounding"),
        ("204.5", 205.0, "equal after rounding"),
        ("204.4", 205.0, "differs"),
        ("204.91", 204.92, "differs"),
        ("204.9", None, "only in the file"),
    ],
)
def test_agreement_is_told_apart(file, there, status):
    key = {"indicator_id": "i", "unit_id": "u", "year": 2003}
    ours = pd.DataFrame([key | {"value": file, "standard_error": ""}])
    theirs = pd.DataFrame([key | {"value": there, "standard_error": None, "source_id": "S"}]).dropna(
        subset=["value"]
    )
    assert agreement(ours, theirs)["status"].tolist() == [status]


def test_the_report_names_what_differs_what_is_missing_and_what_is_unknown(tmp_path, release, build, capsys):
    points = naep_points(release)
    points[0]["value"] += 1
    del points[1]
    points.append(point("YB", "Orange County (FL)", 2022, 240.25))
    points.append(point("XW", "District of Columbia (DCPS)", 2022, 224.1, stdError=1.0))
    file = naep_file(tmp_path / "answer.json", points)
    assert run("naep", file) == 0
    text = report(build, "naep", file)
    differ, rest = text.split("## Rows that differ")[1].split("## Standard errors that differ")
    assert "washington_dc/state/district-of-columbia | 2000" in differ and " 1 " in differ
    assert "washington_dc/city/orange-county-fl" in rest.split("## Units unknown to the release")[1]
    only = rest.split("## Rows only in the release")[1].split("## Units")[0]
    assert "546:" in only and "521 more" in only
    keys = pd.read_csv(folder(build, "naep", file) / "agreement.csv")
    lost = keys.loc[keys["status"] == "only in the release", "unit_id"]
    assert len(lost) == 546 and "washington_dc/state/wyoming" in set(lost)
    line = next(row for row in capsys.readouterr().out.splitlines() if "g4_state" in row)
    assert [int(cell) for cell in line.split()[1:5]] == [len(points) - 2, len(points) - 3, 0, 1]


@pytest.mark.parametrize(
    ("changed", "kept", "error"),
    [
        ({"stdError": 0.5}, True, "0.5"),
        ({"stdError": 0.5, "errorFlag": 4}, True, ""),
        ({"stdError": 0.5, "errorFlag": 131072}, True, "0.5"),
        ({"value": 999, "isStatDisplayable": 0, "errorFlag": 64}, False, ""),
        ({"value": 999, "isStatDisplayable": 0, "errorFlag": 131073}, False, ""),
        ({"sample": "R2", "errorFlag": 8}, False, ""),
        ({"scale": "MRPS1"}, False, ""),
        ({"stattype": "ALC:AB"}, False, ""),
        ({"variable": "GENDER"}, False, ""),
        ({"jurisdiction": "XWDC"}, False, ""),
        ({"jurisdiction": "NT", "jurisLabel": "National"}, False, ""),
    ],
)
def test_naep_keeps_means_of_all_pupils_and_heeds_the_error_flags(
    changed, kept, error, tmp_path, release, build
):
    points = [
        point("AL", "Alabama", 2019, 230.25),
        point("DC", "District of Columbia", 2019, 235.25) | changed,
    ]
    file = naep_file(tmp_path / "answer.json", points)
    assert run("naep", file) == 0
    rows = drafted(build, "naep", file).set_index("unit_id")
    assert len(rows) == 1 + kept
    assert ("washington_dc/state/district-of-columbia" in rows.index) is kept
    if kept:
        assert rows.at["washington_dc/state/district-of-columbia", "standard_error"] == error


def test_a_pisa_export_carries_its_year_down_and_its_marks_are_no_figures(tmp_path, release, build):
    latvia = rows_of(release, "pisa_science_2003", "pisa/country/latvia").iloc[0]
    file = tmp_path / "PISAExport.csv"
    file.write_text(
        "Averages for PISA science scale\nYear/Study,Jurisdiction,Average,Standard Error\n"
        f"2003,Latvia*,{latvia['value']},({latvia['standard_error']})\n,International Average (OECD),499.5,†\n"
        ',Peru,—,†\n2006,"Hong Kong, China",542.25,2.5\n"NOTE: † Not applicable.",,,\n',
        encoding="utf-8",
    )
    assert run("pisa", file) == 0
    found = (
        drafted(build, "pisa", file)[["indicator_id", "unit_id", "year", "standard_error"]]
        .to_numpy()
        .tolist()
    )
    assert found == [
        ["pisa_science", "pisa/country/hong-kong-sar-china", "2006", "2.5"],
        ["pisa_science_2003", "pisa/aggregate/oecd-average", "2003", ""],
        ["pisa_science_2003", "pisa/country/latvia", "2003", f"{latvia['standard_error']}"],
    ]


# Points as the service answered others: grade 8 mathematics, the state and the district of Washington, DC.
ANSWERED = {
    "DC": ("District of Columbia", {2013: 265.259365712508, 2015: 263.059776256545, 2017: 265.779770573735,
                                    2019: 269.177407753284, 2022: 259.526301016105}),
    "XW": ("District of Columbia (DCPS)", {2013: 260.285359099771, 2015: 258.366303946087, 2017: 261.971381174002,
                                           2019: 268.585481023406, 2022: 256.882146037188, 2024: 259.615234763744}),
}  # fmt: skip


def test_answers_of_the_service_agree_with_the_copies_in_the_release(tmp_path, release, build):
    points = [
        point(code, label, year, value, grade=8)
        for code, (label, values) in ANSWERED.items()
        for year, value in values.items()
    ]
    points.append(point("XX", "Clark County (NV)", 2013, 999, grade=8, isStatDisplayable=0, errorFlag=64))
    file = naep_file(tmp_path / "answer.json", points)
    assert run("naep", file) == 0
    compared = agreement(drafted(build, "naep", file), outcome_rows(release))
    assert len(compared) == len(points) - 1
    assert set(compared["status"]) == {"equal after rounding"}
    assert set(compared["unit_id"]) == {
        f"washington_dc/{kind}/district-of-columbia" for kind in ("state", "city")
    }


YEARS, REACHED = (2003, 2004, 2005), "11,000 pupils reached it"
# England as printed elsewhere in Hansard and held by the release; the regions are invented.
REGIONS = {"North East(2)": ((36.25, 37.5, 38.75), 11000), "London": ((40.5, 41.5, 43.0), 30000),
           "England": ((41.9, 42.7, 44.3), 250000)}  # fmt: skip


def cells(*values: Any) -> str:
    return "".join(f"<td>{value}</td>" for value in values)


def hansard_pairs() -> str:
    """Number and percentage side by side below each year."""
    body = "".join(
        f"<tr>{cells(name)}{''.join(cells(f'{count:,}', share) for share in shares)}</tr>"
        for name, (shares, count) in REGIONS.items()
    )
    years = "".join(f"<td colspan='2'>{year}</td>" for year in YEARS)
    return f"<table><tr><td></td>{years}</tr><tr><td></td>{cells(*['Number', 'Percentage'] * 3)}</tr>{body}</table>"


def hansard_rows() -> str:
    """Number and percentage in rows of their own, the years in two tables."""
    tables = ""
    for years in ((2000, 2001, 2002), YEARS):
        tables += (
            f"<table><tr><td colspan='4'>GCSE or equivalent results</td></tr><tr>{cells('', *years)}</tr>"
        )
        for name, (shares, count) in REGIONS.items():
            at = [share if years == YEARS else share - 5 for share in shares]
            tables += f"<tr>{cells(name)}</tr><tr>{cells('Number', *[f'{count:,}'] * 3)}</tr>"
            tables += f"<tr>{cells('Percentage', *at)}</tr>"
        tables += f"<tr>{cells('Newcastle upon Tyne', '30%', '31.5%', 32)}</tr></table>"
    return tables


def hansard_csv() -> str:
    lines = ["," + ",".join(map(str, YEARS))]
    lines += [",".join(map(str, [name, *shares])) for name, (shares, _) in REGIONS.items()]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("suffix", "text", "rows", "note"),
    [
        (".htm", f"<html><p>[181059]</p>{hansard_pairs()}</html>", 9, REACHED),
        (".htm", f"<p>[181059]</p>{hansard_pairs().replace('</td>', '').replace('</tr>', '')}", 9, REACHED),
        (".htm", f"<p>[181059]</p>{hansard_pairs().replace(' colspan=', ' title=')}", 9, REACHED),
        (".htm", f"<html><p>[181059]</p>{hansard_rows()}</html>", 18, REACHED),
        (".csv", hansard_csv(), 9, ""),
    ],
)
def test_the_written_answer_is_read_however_numbers_and_percentages_stand(
    suffix, text, rows, note, tmp_path, build
):
    file = tmp_path / f"answer{suffix}"
    file.write_text(text, encoding="utf-8")
    assert run("hansard", file) == 0
    found = drafted(build, "hansard", file)
    assert len(found) == rows
    first = found[(found["unit_id"] == "london/region/north-east") & (found["year"] == "2003")].iloc[0]
    assert (first["value"], first["note"]) == ("36.25", note)
    beside = report(build, "hansard", file).split("Compared with `ks4_5acem_hansard`")[1].split("##")[0]
    assert beside.count("london/country/england") == 3 and beside.count("| equal ") == 3


def test_the_archive_is_read_by_its_codebook_and_kept_out_of_a_release(
    tmp_path, release, build, draft_release, capsys
):
    file = tmp_path / "seda_geodist_long_cs_5.0.csv"
    head = "fips,stateabb,sedalea,sedaleaname,subject,grade,year,cs_mn_all,cs_mn_se_all,tot_asmt_all"
    lines = ["22,LA,9990001,Some Parish,math,4,2009,-0.25,0.0625,2500", "22,LA,9990001,Some Parish,ela,4,2009,,,",
             "1,AL,9990002,Another,math,4,2009,0.1,0.05,300"]  # fmt: skip
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    before = sha256(draft_release / "outcomes" / "new_orleans.csv")
    assert run("seda", file, "--into", draft_release) == 1
    assert "non-commercial" in capsys.readouterr().err
    assert sha256(draft_release / "outcomes" / "new_orleans.csv") == before
    assert run("seda", file, "--into", draft_release, "--accept-restrictions") == 0
    row = drafted(build, "seda", file).iloc[0]
    assert (row["unit_id"], row["value"], row["standard_error"], row["n_pupils"]) == (
        "new_orleans/school_district/seda-9990001", "-0.25", "0.0625", "2500",
    )  # fmt: skip
    assert sha256(draft_release / "outcomes" / "new_orleans.csv") != before
    text = report(build, "seda", file)
    assert "**Restricted.**" in text and "'standard deviations' is not among those of the release" in text


def test_a_hidden_level_makes_no_sum_and_its_reason_is_counted(tmp_path, release, build):
    file = louisiana_file(tmp_path / "leap.xlsx", release)
    assert run("louisiana", file) == 0
    assert not drafted(build, "louisiana", file)["unit_id"].str.contains("bienville").any()
    assert "a level hidden for privacy" in report(build, "louisiana", file)


NAEP_POINT = point("DC", "District of Columbia", 2019, 235.25)
ERROR_PAGE = (
    b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><p>Sorry.</p></body></html>"
)
SEDA_HEAD = b"stateabb,sedalea,sedaleaname,subject,grade,year,cs_mn_all,cs_mn_se_all,tot_asmt_all\n"


def answer(**changed: Any) -> bytes:
    return json.dumps({"status": 200, "result": [NAEP_POINT, NAEP_POINT | changed]}).encode()


@pytest.mark.parametrize(
    ("loader", "content", "told"),
    [
        ("naep", b"", ["is empty", "download it again"]),
        ("naep", ERROR_PAGE, ["a web page with the title '404 Not Found'", "allowed: JSON"]),
        ("naep", SEDA_HEAD, ["comma-separated", "allowed: JSON", "nationsreportcard.gov"]),
        ("naep", b'{"status": 200, "result": [', ["row 1", "is not JSON"]),
        ("naep", b'{"status": 400, "result": "Invalid year"}', ["status 400", "Invalid year"]),
        ("naep", b'{"data": []}', ["is not an answer of the service"]),
        ("naep", answer(value="n/a"), ["result 2, field value", "'n/a'", "allowed: a number"]),
        ("naep", answer(value=999), ["result 2, field value", "999"]),
        ("naep", answer(errorFlag="x"), ["result 2, field errorFlag"]),
        ("naep", answer(value=240.5), ["result 2", "has 240.5 here", "each key once"]),
        ("naep", json.dumps({"status": 200, "result": [{"year": 2019}]}).encode(), ["result 1, field sample", "missing"]),
        ("naep", answer(scale="MRPS1").replace(b'"MRPCM"', b'"MRPS1"'), ["holds no row", "2 × a subscale"]),
        ("seda", answer(), ["is JSON", "allowed: a table of comma-separated values", "purl.stanford.edu"]),
        ("louisiana", SEDA_HEAD + b"LA,1,A,math,4,2009,0.5,0.1,5\n", ["no sheet with the columns Site Code"]),
        ("seda", ERROR_PAGE, ["a web page", "allowed: a table of comma-separated values"]),
        ("seda", SEDA_HEAD.replace(b"cs_mn_all,", b""), ["row 1, column cs_mn_all", "is missing"]),
        ("seda", SEDA_HEAD + b"LA,1,A,math,4,2009,abc,0.1,5\n", ["row 2, column cs_mn_all", "'abc'", "digits"]),
        ("seda", SEDA_HEAD + b"LA,1,A,art,4,2009,0.5,0.1,5\n", ["row 2, column subject", "math or ela"]),
        ("seda", SEDA_HEAD + b"LA,1,A,math,4,2009,0.5\n", ["row 2", "has 7 cells; allowed: 9"]),
        ("seda", SEDA_HEAD + b"LA,1,\xd1,math,4,2009,0.5,0.1,5\n", ["row 2", "is not UTF-8"]),
        ("hansard", ERROR_PAGE, ["does not answer question 181059"]),
        ("hansard", b"<p>181059</p>", ["without a table"]),
        ("hansard", b",2003,2004,2005\nLondon,1,2\n", ["row 2", "2 figures", "3 years"]),
        ("hansard", b",2003,2004,2005\nLondon,1,2,3\nLondon,1,2,4\n", ["row 3", "second percentage"]),
        ("hansard", b",2003,2004,2005\nLondon,40.1,40.2,4o.3\n", ["row 2", "'4o.3'", "digits"]),
        ("hansard", b"a,b\n1,2\n", ["years from 1997 to 2007 across"]),
        ("pisa", b"a,b\n1,2\n", ["no table with the columns Year/Study", "--map"]),
        ("pisa", b"Year/Study,Jurisdiction,Average,Standard Error\n2022,Latvia,483,2\n", ["names no subject"]),
        ("pisa", b"PISA science\nYear/Study,Jurisdiction,Average,Standard Error\n2022,Latvia,4x,2\n",
         ["row 3, column C", "'4x'"]),
        ("pisa", b"PISA science\nYear/Study,Jurisdiction,Average,Standard Error\nx,Latvia,483,2\n", ["row 3, column A", "'x'"]),
        ("pisa", b"PISA science\nYear/Study,Jurisdiction,Average,Standard Error\n2022,Latvia,2483,2\n",
         ["outside the range of pisa_science"]),
        ("pisa", b"PK\x03\x04 not a workbook", ["cannot be read as a spreadsheet"]),
        ("pisa", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", ["cannot be read as a spreadsheet"]),
        ("pisa", b"\x89PNG\r\n\0", ["is none of the files read here"]),
        ("umc", b"a,b\n1,2\n", ["not documented", "--map-template"]),
        ("louisiana", b"a,b\n1,2\n", ["no sheet with the columns Site Code"]),
        ("louisiana", b"Spring 2016 Grade 4\nDistrict Name,A,M,B,AB,U\nX,1,2,3,4,5\n", ["holds no row"]),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_what_is_allowed(loader, content, told, tmp_path, build, capsys):
    file = tmp_path / "download.csv"
    file.write_bytes(content)
    assert run(loader, file) == 1
    message = capsys.readouterr().err
    assert "download.csv" in message
    for part in told:
        assert part in message, message
    assert not (build / "import").exists()


def test_shares_that_do_not_add_up_are_refused(tmp_path, release, capsys):
    file = louisiana_file(tmp_path / "leap.xlsx", release, shares=[0.05, 0.2, 0.25, 0.3, 0.2])
    assert run("louisiana", file) == 1
    assert "the five levels add up to 1; allowed: about 100" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(name for name, loader in LOADERS.items() if loader.template))
def test_every_template_is_a_mapping(name, tmp_path, capsys):
    path = tmp_path / "map.yml"
    assert run(name, "--map-template", path) == 0
    assert open_mapping(path)["tables"]
    assert run(name, "--map-template", path) == 1, "an existing mapping must not be written over"
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("first_row: 5", "firstrow: 5", ["'firstrow' is no key", "first_row"]),
        ("    year: 2016\n", "", ["year is missing"]),
        ("first_row: 5", "first_row: five", ["first_row", "'five'", "allowed: int"]),
        ("E4: Distrito", "E4: Alumnos", ["row 4, column E", "'Distrito'", "another layout"]),
        ("check: {D4: Provincia, E4: Distrito}", "check: {}", ["names no cell"]),
        ("values: {ece4p_reading: J,", "values: {ece4p_reading: C,", ["row 5, column C", "'ÁNCASH'", "digits"]),
        ("values: {ece4p_reading: J,", "values: {ece9p_reading: J,", ["'ece9p_reading' is no indicator"]),
        ("values: {ece4p_reading: J,", "values: {ece4p_reading: 9,", ["values.ece4p_reading", "allowed: a column"]),
        ("sheet: Distrital ECE  2016 4P", "sheet: Distrital", ["has no sheet 'Distrital'", "Distrital ECE  2018 4P"]),
        ("units: {}", "units: {HUARI: huari/district/nowhere}", ["'huari/district/nowhere' is no unit"]),
        ("panel: huari", "panel: london", ["row 5, column J", "is of panel london, ece4p_reading of panel huari"]),
        ("unit_type: district", "unit_type: distrito", ["'distrito' is no type of unit", "district"]),
        ("year: 2016", "year: 20016", ["20016 is no year of the release"]),
        ("year: 2016", "year: C", ["row 5, column C", "'ÁNCASH'", "a year of four digits"]),
        ("tables:", "tables: [", ["is not YAML"]),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused(old, new, told, tmp_path, release, capsys):
    mapping = tmp_path / "umc.yml"
    mapping.write_text(LOADERS["umc"].template.replace(old, new, 1), encoding="utf-8")
    assert run("umc", umc_file(tmp_path / "umc.xlsx", release), "--map", mapping) == 1
    message = capsys.readouterr().err
    for part in told:
        assert part in message, message


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_counted_as_a_spreadsheet_does(number, letters):
    assert (column_letters(number), column_number(letters)) == (letters, number)


def test_a_frozen_release_is_never_written(tmp_path, release, capsys):
    file = naep_file(tmp_path / "answer.json", naep_points(release))
    before = {path: sha256(path) for path in sorted(release.folder.rglob("*")) if path.is_file()}
    assert run("naep", file, "--into", data_folder() / release.name, "--on-conflict", "replace") == 1
    assert "is frozen" in capsys.readouterr().err
    assert {path: sha256(path) for path in before} == before


def test_rows_enter_a_release_being_made_and_it_passes_every_check(tmp_path, release, draft_release, capsys):
    points = [*naep_points(release), point("DC", "District of Columbia", 2024, 234.75, stdError=0.875),
              point("YB", "Orange County (FL)", 2024, 240.25, stdError=1)]  # fmt: skip
    file = naep_file(tmp_path / "answer.json", points)
    table = draft_release / "outcomes" / "washington_dc.csv"
    before = table.read_bytes()
    assert run("naep", file, "--into", draft_release) == 1
    assert "with other figures" in capsys.readouterr().err, "the file has standard errors, the release none"
    assert table.read_bytes() == before

    assert run("naep", file, "--into", draft_release, "--on-conflict", "keep") == 0
    kept = table.read_text(encoding="utf-8").splitlines()
    assert set(before.decode().splitlines()) < set(kept) and len(kept) == len(before.splitlines()) + 2

    assert run("naep", file, "--into", draft_release, "--on-conflict", "replace") == 0
    assert f"{len(points) - 2} replaced" in capsys.readouterr().out
    after = table.read_bytes()
    assert run("naep", file, "--into", draft_release) == 0, "the same rows again are no conflict"
    assert table.read_bytes() == after
    lines = after.decode().splitlines()[1:]
    assert lines == sorted(lines, key=lambda line: line.split(",")[:3])

    freeze(draft_release)
    (draft_release.parent / "README.md").write_text(
        data_dictionary(open_release(NAME, draft_release.parent)), encoding="utf-8"
    )
    assert [str(problem) for problem in check_release(NAME, draft_release.parent)] == []


def test_a_replaced_row_keeps_its_note_and_says_so(tmp_path, draft_release, capsys):
    file = naep_file(
        tmp_path / "answer.json", [point("XW", "District of Columbia (DCPS)", 2003, 204.5, stdError=1)]
    )
    assert run("naep", file, "--into", draft_release, "--on-conflict", "replace") == 0
    assert "1 replaced rows kept the note" in capsys.readouterr().out
    line = next(
        row for row in (draft_release / "outcomes" / "washington_dc.csv").read_text(encoding="utf-8").splitlines()
        if row.startswith("naep_mathematics_g4_city,washington_dc/city/district-of-columbia,2003,")
    )  # fmt: skip
    assert ",204.5,1,," in line and "charter schools included up to 2007" in line


def test_an_unknown_loader_lists_those_there_are(capsys):
    with pytest.raises(SystemExit):
        run("nosuch", "file")
    message = capsys.readouterr().err
    assert all(name in message for name in LOADERS)
    assert run() == 0
    told = capsys.readouterr().out
    assert all(loader.address in told and loader.layout in told for loader in LOADERS.values())


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert run("naep", tmp_path / "nothing.json") == 1
    assert "nothing.json: there is no such file" in capsys.readouterr().err
    with pytest.raises(ImportRefused, match="no such mapping"):
        open_mapping(tmp_path / "nothing.yml")
