"""Check what takes two tables to see: ranges, sources, dates, codes and starts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from leadership_effects.data.checks.problem import Problem, file_row
from leadership_effects.data.release import Release

SOURCE_COLUMNS = ("source_id", "pupil_sd_source_id", "place_source_id")
# Allowed cells of the sources, checked where the release has a column for the address of a copy.
WEB_ADDRESS = r"https?://[^\s<>\"]+"
SOURCE_CELLS = {
    "address": (rf"{WEB_ADDRESS}|address not known", "one http(s) address of the issuing body, or `address not known`"),
    "doi": (r"((https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+)?", "a DOI such as 10.1000/182, or blank"),
    "year": (r"\d{4}|n\.d\.", "four digits, or n.d."),
    "authors": (r"(?!et al\.)([^;\s][^;]*(; (?!et al\.)[^;\s][^;]*)*(; et al\.)?)?",
                "surnames separated by `; `, the last element may be et al., or blank"),
}  # fmt: skip
DATED = (("year_basis", "year"), ("first_treated_basis", "first_treated_year"), ("start_basis", "start_year"))


PROSE_SOURCES = re.compile(r"\{src\}`([^`]+)`")


def references_hold(release: Release) -> bool:
    """Return whether each reference leads to a row; False where that cannot be told."""
    tables: dict[str, list[dict[str, str]]] = {}

    def keys(name: str, columns: Sequence[str]) -> set[tuple[str, ...]]:
        if name not in tables:
            path = release.folder / release.resource(name)["path"]
            with path.open(encoding="utf-8", newline="") as stream:
                tables[name] = list(csv.DictReader(stream))
        return {tuple(row[column] for column in columns) for row in tables[name]}

    try:
        for resource in release.descriptor["resources"]:
            for link in resource["schema"].get("foreignKeys", ()):
                other = link["reference"]
                asked = keys(resource["name"], link["fields"])
                held = keys(other["resource"] or resource["name"], other["fields"])
                if any(key not in held and any(key) for key in asked):
                    return False
    except (KeyError, TypeError, ValueError, OSError, csv.Error):
        return False
    return True


def cross_problems(release: Release, root: Path | None = None) -> Iterator[Problem]:
    """Yield faults that take two tables, a rule beyond the schema, or prose below `root`."""
    stages = (
        _range_problems, _source_cell_problems, _copy_host_problems, _scale_problems, _dating_problems,
        _rubric_problems, _start_problems,
    )  # fmt: skip
    for stage in stages:
        yield from stage(release)
    yield from _source_problems(release, root or release.folder.parent.parent)


def _range_problems(release: Release) -> Iterator[Problem]:
    indicators = release.table("indicators").set_index("indicator_id")
    places = release.table("units").set_index("unit_id")["panel"].rename("place_panel")
    used: set[str] = set()
    for resource in release.descriptor["resources"]:
        if not resource["name"].startswith("outcomes-"):
            continue
        rows = (
            release.table(resource["name"])
            .join(indicators[["minimum", "maximum", "panel"]], on="indicator_id")
            .join(places, on="unit_id")
        )
        used |= set(rows["indicator_id"])
        held = ~(rows["minimum"] >= rows["maximum"])  # else the indicator alone is told
        outside = rows[held & ((rows["value"] < rows["minimum"]) | (rows["value"] > rows["maximum"]))]
        for index, row in outside.iterrows():
            message = f"{row['value']} is outside the range of {row['indicator_id']}"
            allowed = f"{row['minimum']} to {row['maximum']}"
            yield Problem(resource["path"], file_row(index), "value", f"{message}; allowed: {allowed}")
        panel = resource["name"].removeprefix("outcomes-")
        for column, owner in (("indicator_id", "panel"), ("unit_id", "place_panel")):
            for index, row in rows[rows[owner] != panel].iterrows():
                message = f"{row[column]} belongs to panel {row[owner]}; allowed here: panel {panel}"
                yield Problem(resource["path"], file_row(index), column, message)
    for name in sorted(set(indicators.index) - used):
        message = f"{name} has no outcome row; take it out or add its rows"
        yield Problem("indicators.csv", file_row(indicators.index.get_loc(name)), "indicator_id", message)


def _source_problems(release: Release, root: Path) -> Iterator[Problem]:
    """Yield sources that no row cites and no page."""
    used: set[str] = set()
    for resource in release.descriptor["resources"]:
        if resource["name"] != "sources":
            frame = release.table(resource["name"])
            for column in SOURCE_COLUMNS:
                if column in frame:
                    used |= set(frame[column])
    sources = list(release.table("sources")["source_id"])
    if not set(sources) <= used:
        used |= cited_in_prose(root)
    for index, source in enumerate(sources):
        if source not in used:
            message = f"{source} is cited by no row and no page; take it out, or cite it: {{src}}`{source}`"
            yield Problem("sources.csv", index + 2, "source_id", message)


def cited_in_prose(root: Path) -> set[str]:
    """Return the sources that notebooks and pages of a checkout cite."""
    pages = [*root.glob("analysis/notebooks/**/*.py"), *root.glob("book/**/*.md")]
    found = (PROSE_SOURCES.findall(path.read_text(encoding="utf-8-sig")) for path in pages)
    return {name.strip() for names in found for one in names for name in one.split(",")}


def _source_cell_problems(release: Release) -> Iterator[Problem]:
    """Yield cells of another form; releases without a column for a copy are not held to them."""
    frame = release.table("sources")
    if "copy_address" not in frame:
        return
    for column, (pattern, allowed) in SOURCE_CELLS.items():
        if column in frame:
            for index, cell in frame.loc[~frame[column].str.fullmatch(pattern), column].items():
                yield Problem("sources.csv", file_row(index), column, f"found {cell!r}; allowed: {allowed}")
    for index, row in frame.iterrows():
        copied, cell = bool(row["third_party_copy"]), row["copy_address"]
        if not re.fullmatch(WEB_ADDRESS if copied else "", cell):
            allowed = "one http(s) address where third_party_copy is true, blank elsewhere"
            message = f"found {cell!r} where third_party_copy is {str(copied).lower()}; allowed: {allowed}"
            yield Problem("sources.csv", file_row(index), "copy_address", message)


def _copy_host_problems(release: Release) -> Iterator[Problem]:
    """Yield addresses of sources on hosts that hold other bodies' documents."""
    if "copy_hosts" not in {resource["name"] for resource in release.descriptor["resources"]}:
        return
    hosts, frame = release.table("copy_hosts"), release.table("sources")
    kinds = dict(zip(hosts["host"].str.lower(), hosts["kind"], strict=True))
    for column in ("address", "doi"):
        for index, cell in frame[column].items() if column in frame else ():
            found = re.match(r"https?://(?:[^/@\s]*@)?([^/:?#\s]+)", cell.lower())
            parts = found[1].split(".") if found else []
            above = (".".join(parts[start:]) for start in range(len(parts)))
            if host := next(filter(kinds.__contains__, above), None):
                allowed = (
                    "the issuing body's own address, or `address not known`; a copy's goes into copy_address"
                )
                message = f"lies on {host}, a host of copies ({kinds[host]}); allowed: {allowed}"
                yield Problem("sources.csv", file_row(index), column, message)


def _scale_problems(release: Release) -> Iterator[Problem]:
    frame = release.table("indicators")
    for index, row in frame.iterrows():
        if pd.notna(row["pupil_sd"]) and not row["pupil_sd_source_id"]:
            message = "is empty though pupil_sd is given; a standard deviation needs a source"
            yield Problem("indicators.csv", file_row(index), "pupil_sd_source_id", message)


def _dating_problems(release: Release) -> Iterator[Problem]:
    for resource in release.descriptor["resources"]:
        frame = release.table(resource["name"])
        for basis, year in DATED:
            if basis in frame:
                for index, row in frame[(frame[basis] == "undated") != frame[year].isna()].iterrows():
                    found = f"{'blank' if pd.isna(row[year]) else row[year]} where {basis} is {row[basis]}"
                    message = f"{found}; allowed: a year if stated or inferred, blank if undated"
                    yield Problem(resource["path"], file_row(index), year, message)


def _rubric_problems(release: Release) -> Iterator[Problem]:
    """Yield codes that the rubric does not know; the first releases hold no rubric."""
    if "rubric" not in {resource["name"] for resource in release.descriptor["resources"]}:
        return
    allowed = release.table("rubric").groupby(["kind", "item"])["code"].apply(list).to_dict()
    for index, row in release.table("coding").iterrows():
        codes = allowed.get((row["kind"], row["item"]))
        if codes is None:
            items = ", ".join(item for kind, item in allowed if kind == row["kind"])
            message = f"{row['item']} is no {row['kind']}; allowed: {items or 'none'}"
            yield Problem("coding.csv", file_row(index), "item", message)
        elif pd.notna(row["code"]) and row["code"] not in codes:
            message = (
                f"{row['code']} is no code of {row['item']}; allowed: {', '.join(map(str, codes))}, or blank"
            )
            yield Problem("coding.csv", file_row(index), "code", message)


def _start_problems(release: Release) -> Iterator[Problem]:
    """Yield starts that name a place no outcome knows.

    A misspelt code would let a started place pass for never treated.
    """
    tables = {resource["name"] for resource in release.descriptor["resources"]}
    if "starts" not in tables:
        return
    outcomes = [release.table(name)["unit_id"] for name in sorted(tables) if name.startswith("outcomes-")]
    units = release.table("units")
    known = set(units.loc[units["unit_id"].isin(pd.concat(outcomes)), "code"]) - {""}
    for index, row in release.table("starts").iterrows():
        if bool(row["has_outcomes"]) != (row["code"] in known):
            found = "has outcomes" if row["code"] in known else "is the code of no unit with outcomes"
            message = f"{row['code']} {found}; allowed: true where `units.code` has it beside an outcome, else false"
            yield Problem("starts.csv", file_row(index), "has_outcomes", message)
        if pd.isna(row["year"]):
            yield Problem("starts.csv", file_row(index), "year", "blank; allowed: a year, or no row")
