"""Find indicators whose direction or spread their name and scale do not lead one to expect."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import median, stdev

from leadership_effects.data.checks.lines import Lines
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
FEW, POINTS = 5, "points"


def directions(lines: Lines) -> Iterator[Problem]:
    """Yield indicators whose direction contradicts the words of their title."""
    for line in lines.of("indicators"):
        worse, better = WORSE.search(line["title"]), BETTER.search(line["title"])
        if line["direction"] == "1" and worse:
            yield line.problem("direction", f"1 for {worse[0]!r}: is more of it better?")
        elif line["direction"] == "-1" and not worse and (better or POINTS in line["value_unit"]):
            said = better[0] if better else line["value_unit"]
            yield line.problem("direction", f"-1 for {said!r}: is more of it worse?")


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
