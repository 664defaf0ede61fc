"""Find directions, definitions, spreads and weights that their rows make one doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from math import log10
from statistics import median, stdev

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

WORSE = re.compile(
    r"\b(?:drop-?outs?|dropped out|below|fail\w*|not pass\w*|absen\w+|truan\w+|repeat\w*|repetition|suspen\w+|expul\w+|exclu\w+|illitera\w+|"
    r"without|not reach\w*|unemploy\w+|vacan\w+|turnover|left school|early leavers)\b",
    re.IGNORECASE,
)
BETTER = re.compile(
    r"\b(?:pass rate|pass\w*|scores?|at or above|or above|or higher|proficien\w+|graduat\w+|attain\w*|attendance|enrol\w*|complet\w+|literacy|"
    r"promot\w+|satisfactory|adequate)\b",
    re.IGNORECASE,
)
APART = 3.0  # times by which two spreads of pupils on one scale may differ
WIDE = 1.2  # times the spread of pupils that means of units can reach where countries differ much
FEW, POINTS, PERCENT = 5, "points", "percent"
SUBJECTS = {
    "mathematics": "maths?|mathematics", "reading": "reading|literacy", "science": "sciences?", "English": "English", "language": "language",
    "writing": "writing", "history": "history",
}  # fmt: skip
SHARE = re.compile(r"(?:the )?(?:share|percentage|per cent|proportion)\b", re.IGNORECASE)
MEAN = re.compile(r"(?:plain |the )?(?:mean|average) (?:scale )?score\b", re.IGNORECASE)
WORDS = re.compile(r"[^\W_]+")
EXCHANGED = 3  # words by which two definitions fit the titles of each other better than their own
# Decimal logarithms: within which half of the units lie where they are alike, and beyond which a digit may be wrong.
ALIKE, TENFOLD = 0.1, 0.7


def directions(lines: Lines) -> Iterator[Problem]:
    """Yield indicators whose direction contradicts the words of their title."""
    for line in lines.of("indicators"):
        worse, better = WORSE.search(line["title"]), BETTER.search(line["title"])
        if line["direction"] == "1" and worse:
            yield line.problem("direction", f"1 for {worse[0]!r}: is more of it better?")
        elif line["direction"] == "-1" and not worse and (better or POINTS in line["value_unit"]):
            said = better[0] if better else line["value_unit"]
            yield line.problem("direction", f"-1 for {said!r}: is more of it worse?")
        points = POINTS in line["value_unit"]
        if line["direction"] == "0" and (points or (line["value_unit"] == PERCENT and (worse or better))):
            said = (worse or better or [line["value_unit"]])[0]
            yield line.problem("direction", f"0 for {said!r}: is neither more nor less of it better?")


def definitions(lines: Lines) -> Iterator[Problem]:
    """Yield definitions of another subject or measure, and pairs that look exchanged."""
    groups: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines.of("indicators"):
        groups[line["panel"]].append(line)
        title, meant = _subjects(line["title"]), _subjects(line["definition"])
        if title and meant and title.isdisjoint(meant):
            yield line.problem("definition", f"is of {_and(meant)}, and the title of {_and(title)}")
        for words, unit in ((SHARE, POINTS), (MEAN, PERCENT)):
            if (found := words.match(line["definition"])) and unit in line["value_unit"]:
                yield line.problem("definition", f"says {found[0]!r}, and value_unit is {line['value_unit']}")
    for held in groups.values():
        for one, other in combinations(held, 2):
            own = _common(one, one) + _common(other, other)
            if _common(one, other) + _common(other, one) >= own + EXCHANGED:
                for line, first in ((one, other), (other, one)):
                    message = f"has more words of the title of {first['indicator_id']} than of its own: were two exchanged?"
                    yield line.problem("definition", message)


def _subjects(text: str) -> set[str]:
    return {name for name, words in SUBJECTS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)}


def _and(names: set[str]) -> str:
    return " and ".join(sorted(names))


def _common(titled: Line, defined: Line) -> int:
    """Return how many words of the title and the id of one row are in the definition of another."""
    title = set(WORDS.findall(f"{titled['title']} {titled['indicator_id'].replace('_', ' ')}".lower()))
    return len(title & set(WORDS.findall(defined["definition"].lower())))


def weights(lines: Lines) -> Iterator[Problem]:
    """Yield weights ten times off the pupils counted or the weights of like units."""
    counted: defaultdict[str, list[float]] = defaultdict(list)
    for line in lines.of("outcomes"):
        if (pupils := line.number_in("n_pupils")) and pupils > 0:
            counted[line["unit_id"]].append(pupils)
    groups: defaultdict[tuple[str, str], list[tuple[Line, float]]] = defaultdict(list)
    for line in lines.of("units"):
        if (weight := line.number_in("weight")) and weight > 0:
            groups[line["panel"], line["unit_type"]].append((line, weight))
    for held in groups.values():
        row_of = {line["unit_id"]: line for line, _ in held}
        sizes = {line["unit_id"]: log10(weight) for line, weight in held}
        ratios = {unit: size - log10(median(counted[unit])) for unit, size in sizes.items() if counted[unit]}
        for found, beside in (
            (ratios, "the pupils counted of each unit"),
            (sizes, "the weights of the other units"),
        ):
            if len(found) < FEW:
                continue
            middle = median(found.values())
            usual = median(abs(size - middle) for size in found.values())
            odd = [unit for unit, size in found.items() if usual < ALIKE and abs(size - middle) > TENFOLD]
            for unit in odd:
                words = "a tenth of" if found[unit] < middle else "ten times"
                message = f"{row_of[unit]['weight']}, about {words} what {beside} lead one to expect"
                yield row_of[unit].problem("weight", message)
            if odd:
                break


def spreads(lines: Lines) -> Iterator[Problem]:
    """Yield spreads of pupils far from those of the scale, or below that of the units' means."""
    usual: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for line in lines.of("indicators"):
        spread = line.number_in("pupil_sd")
        if spread and line["value_unit"] != "percent":
            usual[line["value_unit"]].append((line["indicator_id"], spread))
    means = _means(lines)
    for line in lines.of("indicators"):
        spread = line.number_in("pupil_sd")
        others = [held for name, held in usual[line["value_unit"]] if name != line["indicator_id"]]
        if not spread:
            continue
        middle = median(others) if others else spread
        if not 1 / APART <= spread / middle <= APART:
            yield line.problem(
                "pupil_sd",
                f"{line['pupil_sd']}, and that of other indicators in {line['value_unit']} is about {middle:g}",
            )
        elif (between := means.get(line["indicator_id"], 0.0)) > WIDE * spread:
            yield line.problem(
                "pupil_sd", f"{line['pupil_sd']}, and the means of the units alone spread by {between:.3g}"
            )


def _means(lines: Lines) -> dict[str, float]:
    """Return the spread of the units' values in the median year of each indicator."""
    held: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    spread_known = {line["indicator_id"] for line in lines.of("indicators") if line["pupil_sd"]}
    for line in lines.of("outcomes"):
        if line["indicator_id"] in spread_known and (value := line.number_in("value")) is not None:
            held[line["indicator_id"]][line["year"]].append(value)
    found = {}
    for name, years in held.items():
        spreads_of_years = [stdev(values) for values in years.values() if len(values) >= FEW]
        if spreads_of_years:
            found[name] = median(spreads_of_years)
    return found
