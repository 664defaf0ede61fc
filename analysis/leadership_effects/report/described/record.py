"""Record how much is on record of a place that is described, and why it is not compared."""

from __future__ import annotations

from leadership_effects.counting import LARGEST_WORD, agreeing, cardinal, count, year_span
from leadership_effects.data.provenance import Rows, rows_named, rows_of
from leadership_effects.data.vocabulary import STRATEGIES
from leadership_effects.evidence.profile import CaseRecord
from leadership_effects.report.numbers import TEXT
from leadership_effects.report.study import Study

NONE = "no event and no count has a stated year"


def record_of_place(study: Study) -> None:
    """Record what is dated, what can be checked and why nothing is compared, in words.

    Keys: ``record.dated`` (events and counts with a stated year, first and last year), ``record.claims`` (how many can be
    checked with a public series), ``record.strategies`` (how many are documented) and ``record.why`` (the reason of the
    plan).

    Examples
    --------
    >>> study = Study.open("", "delhi")
    >>> record_of_place(study)
    >>> study.registry.text("record.claims")
    'two of nine claims can be checked with a public series, three in part'
    """
    frames = {name: study.release.table(name) for name in ("events", "leadership", "claims")}
    own = {name: frame[frame["case_id"] == study.case_id] for name, frame in frames.items()}
    dated, years = list[str](), list[int]()
    behind = rows_named(study.release, "cases", study.case_id)
    record = study.numbers("record", rows=behind, function=record_of_place)
    for name, noun in (("events", "event"), ("leadership", "count")):
        held = own[name][own[name]["year_basis"] == "stated"]
        if len(held):
            dated.append(count(len(held), f"dated {noun}"))
            years += [int(year) for year in held["year"]]
            behind = behind + rows_of(study.release, name, held)
    words = f"{' and '.join(dated)}, {year_span(min(years), max(years))}" if years else NONE
    meaning = "Events and counts of people with a year that a source states, and the years they span."
    record("dated", words, TEXT, meaning, rows=behind)
    record("claims", _claims(list(own["claims"]["checkable"])), TEXT, "How many claims a public series can check.",
           rows=_rows(study, own["claims"].empty))  # fmt: skip
    meaning = "How many strategies every reading found documented, and how many none did."
    record("strategies", _strategies(CaseRecord.read(study.release, study.case_id)), TEXT, meaning)
    why = study.release.plan["synthesis"].get("described", {}).get(study.case_id, "")
    record("why", why[:1].lower() + why[1:].rstrip("."), TEXT, "Why the place is not compared, by the plan.")


def _rows(study: Study, empty: bool) -> Rows:
    if empty:
        return rows_named(study.release, "cases", study.case_id)
    claims = study.release.table("claims")
    return rows_of(study.release, "claims", claims[claims["case_id"] == study.case_id])


def _claims(checkable: list[str]) -> str:
    """Say how many claims can be checked."""
    wholly, part = checkable.count("yes"), checkable.count("part")
    if len(checkable) == 1:
        how = "can be checked" if wholly else "can be checked in part" if part else "cannot be checked"
        return f"the one claim {how} with a public series"
    number = f"{_word(wholly) if wholly else 'none'} of {count(len(checkable), 'claim')}"
    return f"{number} can be checked with a public series" + (f", {_word(part)} in part" if part else "")


def _strategies(record: CaseRecord) -> str:
    """Say how many strategies all readings found documented, and how many none did."""
    readers = record.codes["coder"].nunique()
    found = [record.readings(name) for name in STRATEGIES]
    every, none = found.count(readers), found.count(0)
    words = f"{_word(every) if every else 'none'} of {_word(len(found))} {agreeing(every, 'is', 'are')} documented in every reading"
    return f"{words}, and on {_word(none)} nothing was found in the sources read" if none else words


def _word(number: int) -> str:
    return cardinal(number) if number <= LARGEST_WORD else str(number)
