"""List what of a release is to be fetched: copies, old counts, due waves, abstracts.

Everything is read off the rows and compared with a date, that of the release unless another is given, so that the same
release gives the same list.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from leadership_effects.counting import bound_in_words
from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row
from leadership_effects.data.upkeep.rows import Evidence

ACROSS = "across"  # the place of what touches no case, or several
UNKNOWN_ADDRESS = "address not known"
OLDER_THAN = 5  # years
LAST_GAPS = 5  # between waves, from which the cadence is taken
STOPPED_AFTER = 3  # waves missed in a row, after which a series has stopped
FEWEST_WAVES = 3  # years that a series has if it has a cadence
SHOWN = 3  # titles of many series
CHECK = re.compile(r"\bcheck(?:ed)? against ([^.,;:|]+)", re.IGNORECASE)
# What is to be fetched, in the order of the report.
KINDS = {
    "address": "the address is not known",
    "copy": "read on a copy",
    "check": "to be checked against the issuing body",
    "abstract": "study read as an abstract only",
    "second hand": "study known at second hand",
    "old": "newest count is old",
    "wave": "next wave is due",
    "stopped": "series stops; has it ended?",
}


@dataclass(frozen=True)
class Gap:
    """What is to be fetched.

    Attributes
    ----------
    cases : tuple of str
        Cases that it touches.
    kind : str
        Key of `KINDS`.
    table, key : str
        Table and its key, or what its rows have in common.
    sources : tuple of str
        Sources that the rows rest on, those with most rows first.
    about : str
        What is held today.
    fetch : str
        What would replace or continue it.
    where : str
        Address where it was last known to be, empty if none is.
    rows : int
        Rows that it would touch.
    year : int or None
        Last year that is held.
    """

    cases: tuple[str, ...]
    kind: str
    table: str
    key: str
    sources: tuple[str, ...]
    about: str
    fetch: str
    where: str
    rows: int
    year: int | None = None

    @property
    def place(self) -> str:
        """Return the one case that it touches, else ``across``."""
        return self.cases[0] if len(self.cases) == 1 else ACROSS


@dataclass(frozen=True)
class Asked:
    """Date to compare with, and the age in years above which a count is old."""

    on: date
    older_than: int = OLDER_THAN


def find_gaps(release: Release, asked: Asked) -> list[Gap]:
    """Return what is to be fetched, by place in the order of the release and then by kind."""
    held = Evidence(release)
    places, kinds = [*held.cases, ACROSS], list(KINDS)
    found = (gap for rule in RULES for gap in rule(held, asked))
    return sorted(found, key=lambda gap: (places.index(gap.place), kinds.index(gap.kind), astuple(gap)[2:4]))


def _where(source: Row) -> str:
    doi = source.get("doi", "")
    address = "" if source["address"] == UNKNOWN_ADDRESS else source["address"]
    return f"https://doi.org/{doi}" if doi else address


def unknown_addresses(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield sources without an address."""
    for name, source in held.sources.items():
        if source["address"] in ("", UNKNOWN_ADDRESS):
            fetch = f"the address of it at {source['publisher']}, {source['year']}"
            cases, rows = held.cases_of_source(name), held.rests_on(name)
            yield Gap(cases, "address", "sources", name, (name,), source["title"], fetch, "", rows)


def copies(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield sources that were read where another than the issuing body put them."""
    for name, source in held.sources.items():
        if source["third_party_copy"] == "true":
            fetch, where = f"the original, from {source['publisher']}", _where(source)
            cases, rows = held.cases_of_source(name), held.rests_on(name)
            yield Gap(cases, "copy", "sources", name, (name,), source["title"], fetch, where, rows)


def unchecked_series(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield series that their caveat or notes want checked, by panel and by whom."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for panel, row in held.outcomes():
        caveat = held.indicators.get(row["indicator_id"], {}).get("caveat", "")
        for body in sorted({found[1].strip() for found in CHECK.finditer(f"{caveat} | {row['note']}")}):
            groups[panel, body].append(row)
    for (panel, body), rows in groups.items():
        names = sorted({row["indicator_id"] for row in rows})
        about, years = _series(held, names), [int(row["year"]) for row in rows]
        fetch = f"the same figures from {body}"
        cases, table = held.cases_of(panel), f"outcomes/{panel}"
        yield Gap(cases, "check", table, body, _used(rows), about, fetch, "", len(rows), max(years))


def _used(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the sources of rows, those of most rows first."""
    counts = Counter(row["source_id"] for row in rows)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _series(held: Evidence, names: list[str]) -> str:
    """Return the titles of series, the first few of many."""
    titles = sorted({held.indicators[name]["title"] for name in names})
    more = f" and {len(titles) - SHOWN} more series" if len(titles) > SHOWN else ""
    return "; ".join(titles[:SHOWN]) + more


def partly_read_studies(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield studies of which an abstract, or what others say of them, was read."""
    read = {"abstract": "abstract", "secondary": "second hand"}
    rows: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for table, column in (("evaluations", "read"), ("leadership_effects", "confidence")):
        for row in held.tables[table]:
            if kind := read.get(row.get(column, "")):
                rows[kind, table, row["source_id"]].append(row)
    for (kind, table, name), found in rows.items():
        source, studies = held.sources[name], "; ".join(dict.fromkeys(row["study"] for row in found))
        touched = {case for row in found for case in held.cases_of(row.get("case_id", ""))}
        where = _where(source) if kind == "abstract" else ""
        fetch = f"sizes, standard errors and samples, from the whole of {studies}"
        cases = tuple(case for case in held.cases if case in touched)
        yield Gap(cases, kind, table, studies, (name,), source["title"], fetch, where, len(found))


def old_counts(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield counts of leaders whose newest year is older than the age asked for, by source."""
    counts: dict[tuple[str, ...], Row] = {}
    for row in held.tables["leadership"]:
        of = tuple(row.get(column, "") for column in ("case_id", "measure", "post", "unit", "scope"))
        if row["year"] and (of not in counts or int(row["year"]) >= int(counts[of]["year"])):
            counts[of] = row
    groups: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in counts.values():
        if asked.on.year - int(row["year"]) > asked.older_than:
            groups[row["case_id"], row["source_id"], int(row["year"])].append(row)
    for (case_id, name, year), rows in groups.items():
        about = "; ".join(map(_counted, rows))
        key = ", ".join(row["leadership_id"] for row in rows)
        fetch = f"the counts of a later year, first from {held.sources[name]['publisher']}"
        cases = held.cases_of(case_id)
        yield Gap(cases, "old", "leadership", key, (name,), f"{year}: {about}", fetch, "", len(rows), year)


def _counted(row: Row) -> str:
    figure = row["value"] or bound_in_words(row["value_low"], row["value_high"])
    scope = "" if row["scope"] in row["measure"] else f", {row['scope']}"
    return f"{row['measure']}{scope}: {figure} {row['unit']}".strip()


def due_waves(held: Evidence, asked: Asked) -> Iterator[Gap]:
    """Yield series whose next wave has passed by the cadence of their last years.

    The cadence is the median of the last five gaps between years, rounded up; a series of fewer than three years has
    none. Series of one panel that end together and rest on the same sources are one line.
    """
    series: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for panel, row in held.outcomes():
        series[panel, row["indicator_id"]].append(row)
    together: dict[tuple[str, int, int, tuple[str, ...]], list[str]] = defaultdict(list)
    for (panel, name), rows in series.items():
        years = sorted({int(row["year"]) for row in rows})
        if len(years) >= FEWEST_WAVES and asked.on.year - years[-1] >= cadence_of(years):
            used = _used(row for row in rows if int(row["year"]) == years[-1])
            together[panel, years[-1], cadence_of(years), used].append(name)
    for (panel, last, cadence, used), names in together.items():
        stopped = (asked.on.year - last) // cadence > STOPPED_AFTER
        every = "every year" if cadence == 1 else f"every {cadence} years"
        about = f"to {last}, {every}: {_series(held, names)}"
        fetch = f"what followed {last}, or a row of breaks that says how it ended"
        fetch = fetch if stopped else f"the wave of {last + cadence} or of the next year that has one"
        cases, kind, table = held.cases_of(panel), "stopped" if stopped else "wave", f"outcomes/{panel}"
        count = sum(len(series[panel, name]) for name in names)
        yield Gap(cases, kind, table, ", ".join(sorted(names)), used, about, fetch, "", count, last)


def cadence_of(years: list[int]) -> int:
    """Return the median of the last gaps between sorted years, rounded up.

    Examples
    --------
    >>> cadence_of([2003, 2006, 2009, 2012, 2015, 2018, 2022])
    3
    """
    gaps = [after - before for before, after in pairwise(years)]
    return -int(-median(gaps[-LAST_GAPS:]) // 1)


RULES: tuple[Callable[[Evidence, Asked], Iterable[Gap]], ...] = (
    unknown_addresses, copies, unchecked_series, partly_read_studies, old_counts, due_waves,
)  # fmt: skip
