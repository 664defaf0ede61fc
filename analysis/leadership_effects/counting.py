"""Count the places of an analysis plan, and write counts and spans of years as words.

A plan names every case, and under ``synthesis.added`` those that came when the results of the others were known. Chapters
across the places leave these out of their counts until a dated deviation under ``synthesis.taken_in`` takes them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LARGEST_WORD = 10  # larger numbers with a noun stand in figures
DEVIATION = ("dated", "reason", "panels", "estimand", "began")
BEGAN = ("programme", "appointment")
Plan = Mapping[str, Any]


def cardinal(number: int) -> str:
    """Return a count as a word, from one hundred on in digits.

    Examples
    --------
    >>> cardinal(8), cardinal(9), cardinal(20), cardinal(51), cardinal(0), cardinal(120)
    ('eight', 'nine', 'twenty', 'fifty-one', 'no', '120')
    """
    if number < len(SMALL):
        return SMALL[number]
    if number >= 100:
        return str(number)
    tens, rest = divmod(number, 10)
    return TENS[tens - 2] + (f"-{SMALL[rest]}" if rest else "")


def agreeing(number: int, one: str, many: str = "") -> str:
    """Return the form of a noun or verb that a number asks for; by default one more s.

    Examples
    --------
    >>> [agreeing(number, "place") for number in (0, 1, 2)], [agreeing(number, "lies", "lie") for number in (0, 1, 2)]
    (['places', 'place', 'places'], ['lie', 'lies', 'lie'])
    """
    return one if number == 1 else many or f"{one}s"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, numbers up to ten as words.

    Examples
    --------
    >>> [count(number, "series", "series") for number in (0, 1, 2, 11)]
    ['no series', 'one series', 'two series', '11 series']
    """
    return f"{cardinal(number) if number <= LARGEST_WORD else number} {agreeing(number, one, many)}"


def in_figures(number: int, one: str, many: str = "") -> str:
    """Return a number in figures with its noun.

    Examples
    --------
    >>> [in_figures(number, "row") for number in (0, 1, 2)]
    ['0 rows', '1 row', '2 rows']
    """
    return f"{number} {agreeing(number, one, many)}"


def bound_in_words(low: float | str | None, high: float | str | None) -> str:
    """Return the words for a count of which a source states a bound or a range; empty for none.

    Examples
    --------
    >>> bound_in_words("300", ""), bound_in_words(None, 1200.0), bound_in_words(40.0, 60.0), bound_in_words(None, float("nan"))
    ('at least 300', 'at most 1,200', '40 to 60', '')
    """
    least, most = (
        f"{float(end):,.10g}" if end not in (None, "") and float(end) == float(end) else ""
        for end in (low, high)
    )
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""


def year_span(first: int, last: int) -> str:
    """Return the years from a first to a last, one alone if they are the same.

    Examples
    --------
    >>> year_span(2008, 2018), year_span(2008, 2008)
    ('2008 to 2018', '2008')
    """
    return str(first) if first == last else f"{first} to {last}"


def taken_in(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the added places that a dated deviation of the plan takes in, with its fields.

    ``dated`` and ``reason``; of a place that enters the joint test also ``panels``, ``estimand`` and ``began``, what began
    there: a ``programme`` or an ``appointment``.
    """
    return dict(plan["synthesis"].get("taken_in") or {})


def deviation_problems(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield wrongly stated fields of ``synthesis.taken_in``, and what is allowed there."""
    added = list(plan["synthesis"].get("added") or {})
    for case_id, entry in taken_in(plan).items():
        if case_id not in added:
            yield (
                case_id,
                f"is not a place added later; allowed: {', '.join(added) or 'none, synthesis.added is empty'}",
            )
            continue
        if not isinstance(entry, dict):
            yield case_id, f"found {entry!r}; allowed: fields {', '.join(DEVIATION)}"
            continue
        for name in sorted(set(entry) - set(DEVIATION)):
            yield f"{case_id}.{name}", f"is no field; allowed: {', '.join(DEVIATION)}"
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(entry.get("dated", ""))):
            yield (
                f"{case_id}.dated",
                f"found {entry.get('dated')!r}; allowed: the day of the deviation, YYYY-MM-DD",
            )
        if len(str(entry.get("reason", "")).split()) < 4:
            yield f"{case_id}.reason", f"found {entry.get('reason')!r}; allowed: a sentence"
        panels = entry.get("panels") or []
        if not panels:
            continue  # counted, and in no test
        known = list(plan["cases"][case_id].get("panels") or {})
        if not isinstance(panels, list) or set(panels) - set(known):
            yield (
                f"{case_id}.panels",
                f"found {panels!r}; allowed: a list of its panels, {', '.join(known) or 'none'}",
            )
        if len(str(entry.get("estimand", "")).split()) < 3:
            yield (
                f"{case_id}.estimand",
                f"found {entry.get('estimand')!r}; allowed: what the effect is an effect of",
            )
        if entry.get("began") not in BEGAN:
            yield f"{case_id}.began", f"found {entry.get('began')!r}; allowed: {', '.join(BEGAN)}"


def waiting_places(plan: Plan) -> dict[str, str]:
    """Return the added places outside the counts with their reasons, in the order of their ids.

    Contents, tables, maps and lists all name them in this order.
    """
    counted = taken_in(plan)
    added = plan["synthesis"].get("added") or {}
    return {case_id: str(added[case_id]) for case_id in sorted(added) if case_id not in counted}


def added_designs(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the designs of many places that came later, with their fields.

    They are in no count of places and outside what the designs say together.
    """
    designs = (plan.get("many_places") or {}).get("designs") or {}
    return {name: entry for name, entry in designs.items() if entry.get("role") == "added"}


def entering_places(plan: Plan) -> list[str]:
    """Return the places of the joint test, those taken in with panels last."""
    later = [case_id for case_id, deviation in taken_in(plan).items() if deviation.get("panels")]
    return [*plan["synthesis"]["entering"], *later]


def programme_starts(plan: Plan) -> list[str]:
    """Return the places of the joint test in which a programme began, in the same order."""
    named = (plan["synthesis"].get("pupil_sd") or {}).get("programme_starts") or ()
    later = [name for name, deviation in taken_in(plan).items() if deviation.get("began") == BEGAN[0]]
    return [name for name in entering_places(plan) if name in (*named, *later)]


def place_counts(plan: Plan) -> dict[str, int]:
    """Return the counts of places by what is counted.

    ``places`` are those that the chapters across the places count, ``cases`` all that have a chapter, ``added`` those outside
    the counts, ``entering`` those of the joint test, ``starts`` those of them in which a programme began.
    """
    waiting = len(waiting_places(plan))
    return {
        "places": len(plan["cases"]) - waiting,
        "cases": len(plan["cases"]),
        "added": waiting,
        "entering": len(entering_places(plan)),
        "starts": len(programme_starts(plan)),
    }


# A count of chapters on places in a text that no page is made from: README, citation file, descriptor.
NUMBER = rf"\b(?i:{'|'.join([*SMALL[1:], *TENS])})(?:-[a-z]+)?"
COUNTED = re.compile(rf"{NUMBER}(?=\s+(?:case\s+studies|cases\b))")
CODED = re.compile(rf"\bthe {NUMBER} cases (?=by the rubric)")  # a reading is of those that its coder read


def renew_counts(text: str, number: int) -> str:
    """Return a text with the number of cases that it names in words set to another.

    Of a reading, which need not be of all cases, no number is left.

    Examples
    --------
    >>> renew_counts("Eight case studies; one of the eight cases; eight regions.", 9)
    'Nine case studies; one of the nine cases; eight regions.'
    >>> renew_counts("One reading of the eight cases by the rubric.", 9)
    'One reading of cases by the rubric.'
    """

    def word(found: re.Match[str]) -> str:
        made = cardinal(number)
        return made.capitalize() if found[0][0].isupper() else made

    return COUNTED.sub(word, CODED.sub("cases ", text))
