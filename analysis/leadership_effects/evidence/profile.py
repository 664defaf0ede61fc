"""Trace the codes of a case to released rows, and results to each strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from leadership_effects.counting import in_figures, year_span
from leadership_effects.data.joint_cases import current_coding
from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import ITEMS, KINDS, STRATEGIES
from leadership_effects.errors import LeadershipError

STRENGTH = ("pupils of programme teachers", "departments", "schools", "programme as a whole")
STOOD_OUT, DID_NOT, UNTESTED = "differed clearly", "did not differ clearly", "cannot be tested"
UNLISTED = "of no strategy on the list"
LINK_COLUMNS = [
    "strategy", "what is documented", "linked by the sources to", "results after it", "how surely", "sources",
]  # fmt: skip


class ProfileError(LeadershipError, ValueError):
    """A row is tied to a strategy that the release does not have."""


@dataclass(frozen=True)
class Evidence:
    """Released rows behind one cell or one strategy.

    Attributes
    ----------
    events, counts, studies : DataFrame
        Rows of ``events.csv``, ``leadership.csv`` and ``evaluations.csv``.
    """

    events: pd.DataFrame
    counts: pd.DataFrame
    studies: pd.DataFrame

    @property
    def sources(self) -> tuple[str, ...]:
        """Return source ids, each once, in order."""
        frames = (self.events, self.counts, self.studies)
        return tuple(sorted({source for frame in frames for source in frame["source_id"]}))

    @property
    def empty(self) -> bool:
        """Return whether no row is held."""
        return self.events.empty and self.counts.empty and self.studies.empty

    @property
    def start(self) -> int | None:
        """Return the first stated year of the events or, without one, of the counts."""
        years = _stated(self.events) or _stated(self.counts)
        return years[0] if years else None

    def summary(self) -> str:
        """Count rows of each kind, with their years: ``2 events, 2016 to 2017; 1 count, 2021``."""
        dated = [_summary(self.events, "event"), _summary(self.counts, "count")]
        studies = in_figures(len(self.studies), "study", "studies") if len(self.studies) else ""
        return "; ".join(filter(None, [*dated, studies])) or "none"

    def told(self) -> str:
        """Describe the events in their own words and the counts with their years."""
        rows = self.events.itertuples()
        events = [f"{printed_year(row.year, row.year_basis)}: {row.statement}" for row in rows]
        counts = [
            f"{count_label(row.measure, row.value, row.unit)} ({printed_year(row.year, row.year_basis)})"
            for row in self.counts[self.counts["value"].notna()].itertuples()
        ]
        studies = [f"{row.study} ({row.year}): {row.statement}" for row in self.studies.itertuples()]
        return " ".join([*events, f"Counts: {'; '.join(counts)}." if counts else "", *studies]).strip()


@dataclass(frozen=True)
class CaseRecord:
    """Everything the release holds on the leadership of one case.

    Attributes
    ----------
    case_id : str
    codes : DataFrame
        Rows of ``coding.csv``, verdicts left out.
    evidence : Evidence
        All events, counts and studies of the case.
    """

    case_id: str
    codes: pd.DataFrame
    evidence: Evidence

    @classmethod
    def read(cls, release: Release, case_id: str) -> CaseRecord:
        """Read the record of a case of a release."""
        coding, *rows = (
            frame[frame["case_id"] == case_id].reset_index(drop=True)
            for frame in (
                current_coding(release),
                *map(release.table, ("events", "leadership", "evaluations")),
            )
        )
        return cls(case_id, coding[coding["kind"] != "outcome"], Evidence(*rows))

    def behind(self, kind: str, item: str, ids: Sequence[str] = ()) -> Evidence:
        """Select rows filed under an item of the framework, and rows tied to it by id.

        Strength has the studies of the programme's people filed under it.

        Raises
        ------
        ProfileError
            If the case has no event, count or study of an id.
        """
        held, tied = self.evidence, pd.Index(ids)
        self._refuse_unknown(ids)
        column = {"strategy": "strategy", "leverage": "leverage_point"}.get(kind)
        events = held.events["event_id"].isin(tied)
        counts = held.counts["leadership_id"].isin(tied)
        studies = held.studies["evaluation_id"].isin(tied)
        if column:
            events |= held.events[column] == item
        if kind == "dimension":
            counts |= held.counts["dimension"] == item
        if item == "strength":
            studies |= held.studies["treated_level"].isin(STRENGTH)
        return Evidence(held.events[events], held.counts[counts], held.studies[studies])

    def _refuse_unknown(self, ids: Sequence[str]) -> None:
        held = self.evidence
        known = {*held.events["event_id"], *held.counts["leadership_id"], *held.studies["evaluation_id"]}
        if unknown := sorted(set(ids) - known):
            lacks = f"{self.case_id} has no row {unknown[0]!r}; allowed: {', '.join(sorted(known))}"
            raise ProfileError(f"events.csv, leadership.csv, evaluations.csv: {lacks}")

    def given(self, kind: str, item: str) -> tuple[str, ...]:
        """Format the codes, one a coder in order: ``A 2``, ``B silent``."""
        rows = self.codes[(self.codes["kind"] == kind) & (self.codes["item"] == item)].sort_values("coder")
        codes = ("silent" if pd.isna(code) else str(int(code)) for code in rows["code"])
        return tuple(f"{coder} {code}" for coder, code in zip(rows["coder"], codes, strict=True))

    def readings(self, strategy: str) -> int:
        """Count the coders who found a strategy documented."""
        return sum(not text.endswith(("silent", " 0")) for text in self.given("strategy", strategy))


@dataclass(frozen=True)
class PrimaryComparison:
    """The primary comparison of a case, as far as a strategy's date can be held against it.

    Attributes
    ----------
    outcome : str
        Titles of the primary indicators.
    pre, post : tuple of int
        Years before and after, both empty if there is no comparison.
    stands : bool or None
        Whether it differs from comparison places at the plan's level; None if it cannot be tested.
    p, floor : float or None
        Permutation p and the smallest one possible.
    reason : str
        Why it cannot be tested.
    """

    outcome: str = ""
    pre: tuple[int, ...] = ()
    post: tuple[int, ...] = ()
    stands: bool | None = None
    p: float | None = None
    floor: float | None = None
    reason: str = ""

    def after(self, start: int | None) -> tuple[str, str]:
        """Describe what the outcome series shows after a start, or why it cannot be tested.

        Only a start between the last year before and the first after can be held against the comparison: an earlier one
        lies in the years before too, a later one has part of the years after against it.
        """
        if self.stands is None:
            return UNTESTED, ""
        if start is None:
            return UNTESTED, "no stated year"
        not_all = f"dated {start}, so not all of the years"
        if start < self.pre[-1]:
            return UNTESTED, f"{not_all} before ({_span(self.pre)}) come before it"
        if start > self.post[-1]:
            return UNTESTED, f"dated {start}; the series ends in {self.post[-1]}"
        if start > self.post[0]:
            return UNTESTED, f"{not_all} after ({_span(self.post)}) come after it"
        return (STOOD_OUT if self.stands else DID_NOT), ""

    def described(self) -> str:
        """Describe the comparison in a sentence, or why there is none."""
        if self.stands is None:
            return f"No comparison can be set against a strategy here: {self.reason}."
        return (
            f"The primary comparison is {self.outcome}, {_span(self.post)} against {_span(self.pre)} "
            f"(p {self.p:.3f}, smallest possible {self.floor:.3f})."
        )


@dataclass(frozen=True)
class Link:
    """One strategy of a case with what is documented and what the outcome series shows after it.

    Attributes
    ----------
    strategy : str
        Name in the release; empty for dated events of no strategy.
    evidence : Evidence
    words, why : str
        As `Comparison.after`.
    """

    strategy: str
    evidence: Evidence
    words: str
    why: str


def profile_frame(record: CaseRecord, tied: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Return a row for each coded dimension, strategy and leverage point, in that order.

    Parameters
    ----------
    record : Record
    tied : mapping of str to sequence of str, optional
        Ids of events, counts and studies that document an item, besides the rows filed under it.

    Returns
    -------
    DataFrame
        Columns ``item, codes, what the readings say, rows of the release, sources``.

    Raises
    ------
    ProfileError
        If an item or an id is unknown.
    """
    tied = _checked(tied)
    coded = set(record.codes[["kind", "item"]].itertuples(index=False, name=None))
    cells = sorted(coded, key=lambda pair: list(ITEMS).index(pair[1]))
    return pd.DataFrame([_cell(record, kind, item, tied.get(item, ())) for kind, item in cells])


def _checked(tied: Mapping[str, Sequence[str]] | None) -> Mapping[str, Sequence[str]]:
    if unknown := sorted(set(tied or {}) - set(ITEMS)):
        raise ProfileError(f"{unknown[0]!r} is no item of the framework; allowed: {', '.join(ITEMS)}")
    return tied or {}


def _cell(record: CaseRecord, kind: str, item: str, ids: Sequence[str]) -> dict[str, str]:
    evidence = record.behind(kind, item, ids)
    return {
        "item": f"{ITEMS[item].label} ({KINDS[kind]})",
        "codes": _together(record.given(kind, item)),
        "what the readings say": _reasons(record.codes, kind, item),
        "rows of the release": evidence.summary(),
        "sources": ", ".join(evidence.sources),
    }


def _together(given: Sequence[str]) -> str:
    """Format the codes in one cell: ``2 (both)`` or ``A 2, B silent``."""
    values = {text.split(" ", 1)[1] for text in given}
    if len(values) > 1:
        return ", ".join(given)
    return f"{values.pop()} ({'both' if len(given) == 2 else 'all'})"


def _reasons(codes: pd.DataFrame, kind: str, item: str) -> str:
    rows = codes[(codes["kind"] == kind) & (codes["item"] == item)].sort_values("coder")
    said = dict(zip(rows["coder"], rows["reason"], strict=True))
    full = {coder: text for coder, text in said.items() if text.strip(".").lower() != "silent"}
    if not full:
        return "Not found in the sources read."
    return " ".join(f"{coder}: {text}" for coder, text in full.items())


def strategy_links(
    record: CaseRecord, comparison: PrimaryComparison, tied: Mapping[str, Sequence[str]] | None = None
) -> list[Link]:
    """List the strategies that a reading found, in order, then dated events of no strategy.

    Parameters
    ----------
    record : Record
    comparison : Comparison
    tied : mapping of str to sequence of str, optional
        Ids of events, counts and studies that document an item, besides the rows filed under it.

    Raises
    ------
    ProfileError
        If an item or an id is unknown.
    """
    tied = _checked(tied)
    named = filter(record.readings, STRATEGIES)
    found = [(name, record.behind("strategy", name, tied.get(name, ()))) for name in named]
    used = {event for _, evidence in found for event in evidence.events["event_id"]}
    events = record.evidence.events
    rest = events[(events["strategy"] == "") & ~events["event_id"].isin(used)]
    if len(rest):
        found.append(("", Evidence(rest, record.evidence.counts.iloc[:0], record.evidence.studies.iloc[:0])))
    return [Link(name, evidence, *comparison.after(evidence.start)) for name, evidence in found]


def strategies_frame(record: CaseRecord, links: Sequence[Link]) -> pd.DataFrame:
    """Return the links as a table; the last row names strategies silent in both readings.

    Returns
    -------
    DataFrame
        Columns ``strategy, what is documented, linked by the sources to, results after it, how surely, sources``.
    """
    beside = sum(link.words != UNTESTED for link in links)
    rows = [_strategy_row(record, link, beside) for link in links]
    silent = [ITEMS[name].label for name in STRATEGIES if not record.readings(name)]
    if silent:
        told = "Not found in the sources read, by either reading."
        rows.append((", ".join(silent), told, "", UNTESTED, "Nothing found, which does not mean absent.", ""))
    return pd.DataFrame(rows, columns=LINK_COLUMNS)


def _strategy_row(record: CaseRecord, link: Link, beside: int) -> tuple[str, ...]:
    return (
        ITEMS[link.strategy].label if link.strategy in STRATEGIES else UNLISTED,
        link.evidence.told() or "No dated row.",
        _tied_to(record, link.evidence),
        f"{link.words}: {link.why}" if link.why else link.words,
        _how_surely(record, link, beside),
        ", ".join(link.evidence.sources),
    )


def _tied_to(record: CaseRecord, evidence: Evidence) -> str:
    """List leverage points of the events, with codes, and dimensions of the counts."""
    named_points = evidence.events["leverage_point"]
    points = named_points[named_points != ""].value_counts(sort=False)
    dimensions = evidence.counts["dimension"].value_counts(sort=False)
    named = [
        f"leverage point {point} ({in_figures(int(n), 'event')}; codes: {', '.join(record.given('leverage', str(point)))})"
        for point, n in points.items()
    ]
    counted = [
        f"dimension {dimension} ({in_figures(int(n), 'count')})" for dimension, n in dimensions.items()
    ]
    return "; ".join([*named, *counted]) or "none named"


def _how_surely(record: CaseRecord, link: Link, beside: int) -> str:
    if link.strategy:
        number = record.readings(link.strategy)
        step = (
            "Documented by both readings." if number == 2 else f"Documented by {number or 'no'} reading only."
        )
    else:
        step = "Dated in the sources."
    if link.words == UNTESTED:
        return f"{step} From there to results: not known."
    others = f"; {beside} rows of this table share one comparison" if beside > 1 else ""
    return f"{step} Results came after it in time; no more is known{others}."


def count_label(measure: str, value: float, unit: str) -> str:
    """Format a count: ``alumni: 795``, shares with a percent sign."""
    if "percent" in unit:
        return f"{measure}: {value:,.0f}\u00a0%"
    return f"{measure}: {100 * value:.0f}\u00a0%" if value < 1 else f"{measure}: {value:,.0f}"


def printed_year(year: object, basis: str) -> str:
    """Format a year with how it is known: ``2016``, ``about 2016``, ``undated``."""
    if basis == "undated" or pd.isna(year):  # type: ignore[call-overload]
        return "undated"
    return f"about {year}" if basis == "inferred" else str(year)


def _summary(rows: pd.DataFrame, noun: str) -> str:
    if rows.empty:
        return ""
    years = _stated(rows)
    loose = int((rows["year_basis"] != "stated").sum())
    number = in_figures(len(rows), noun)
    if not years:
        return f"{number} without a stated year"
    return f"{number}, {year_span(years[0], years[-1])}" + (
        f", {loose} of them without a stated year" if loose else ""
    )


def _stated(rows: pd.DataFrame) -> list[int]:
    return sorted(int(year) for year in rows.loc[rows["year_basis"] == "stated", "year"])


def _span(years: Sequence[int]) -> str:
    return ", ".join(map(str, years)) if len(years) < 4 else f"{years[0]} to {years[-1]}"
