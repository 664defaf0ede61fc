"""Hold rows of worksheets to the rules of a whole release, before they are taken in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from leadership_effects.data.checks.lines import Lines
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.tables import SOURCE_CELLS, WEB_ADDRESS

PASSAGE = re.compile(r"[\w/-]+\.html(#[\w-]+)?")
YEAR = re.compile(r"(\d{4}|n\.d\.)?")


def forms(lines: Lines) -> Iterator[Problem]:
    """Yield cells of another form: DOIs, years, addresses of copies, passages, titles."""
    for line in lines.of("sources"):
        for column in ("doi", "year"):
            pattern, allowed = SOURCE_CELLS[column]
            if not re.fullmatch(pattern, line[column]):
                yield line.problem(column, f"found {line[column]!r}; allowed: {allowed}")
        copied = line["third_party_copy"] == "true"
        if copied is not bool(re.fullmatch(WEB_ADDRESS, line["copy_address"])):
            allowed = "one http(s) address where third_party_copy is true, blank elsewhere"
            message = f"found {line['copy_address']!r} where third_party_copy is {str(copied).lower()}"
            yield line.problem("copy_address", f"{message}; allowed: {allowed}")
    for line in lines.of("claims"):
        if not YEAR.fullmatch(line["year"]):
            yield line.problem("year", f"found {line['year']!r}; allowed: four digits, n.d. or blank")
    for line in lines.of("assessments"):
        if line["passage"] and not PASSAGE.fullmatch(line["passage"]):
            message = f"found {line['passage']!r}; allowed: a page and its heading, as cases/latvia.html#the-question"
            yield line.problem("passage", message)
    for line in lines.of("cases"):
        title = line["title"]
        if (
            title
            and title in (line["case_id"], title.lower(), title.upper())
            and title.upper() != title.lower()
        ):
            message = f"{title!r} is no title; allowed: the name as it is written in a sentence"
            yield line.problem("title", message)


def undated(lines: Lines) -> Iterator[Problem]:
    """Yield years beside a basis that says there is none, and the reverse."""
    for line in chain(lines.of("events"), lines.of("leadership")):
        basis = line["year_basis"]
        if basis in ("stated", "inferred", "undated") and (basis == "undated") == bool(line["year"]):
            message = f"{line['year'] or 'blank'} where year_basis is {basis}; allowed: a year if stated or inferred, blank if undated"
            yield line.problem("year", message)


def sourced(lines: Lines) -> Iterator[Problem]:
    """Yield spreads of pupils and weights of units that no source bears."""
    for line in lines.of("indicators"):
        spread = line.number_in("pupil_sd")
        if spread is not None and spread <= 0:
            yield line.problem("pupil_sd", f"{line['pupil_sd']} is no spread; allowed: more than 0, or blank")
        if line["pupil_sd"] and not line["pupil_sd_source_id"]:
            yield line.problem("pupil_sd_source_id", "blank where pupil_sd is given; allowed: a source_id")
    for line in lines.of("units"):
        if line["weight"] and not line["source_id"]:
            yield line.problem("source_id", "blank where weight is given; allowed: a source_id")
        if bool(line["weight"]) != bool(line["weight_note"]):
            column = "weight_note" if line["weight"] else "weight"
            message = "blank, and the other is given; allowed: a weight with what it counts, or neither"
            yield line.problem(column, message)


def measured(lines: Lines) -> Iterator[Problem]:
    """Yield outcomes outside the range of their indicator, and of a unit in another panel."""
    indicators = {line["indicator_id"]: line for line in lines.of("indicators")}
    panels = {line["unit_id"]: line["panel"] for line in lines.of("units")}
    limits = {n: (one.number_in("minimum"), one.number_in("maximum")) for n, one in indicators.items()}
    for line in lines.of("outcomes"):
        name, unit = line["indicator_id"], line["unit_id"]
        if name not in indicators:
            continue
        if unit in panels and panels[unit] != indicators[name]["panel"]:
            message = f"{unit} is of panel {panels[unit]}, and {name} of {indicators[name]['panel']}; allowed: one panel"
            yield line.problem("unit_id", message)
        least, most = limits[name]
        figure, error = line.number_in("value"), line.number_in("standard_error")
        if least is None or most is None or least >= most:  # the last is told of the indicator, once
            continue
        if figure is not None and not least <= figure <= most:
            message = f"{line['value']} is outside the range of {name}; allowed: {least:g} to {most:g}"
            yield line.problem("value", message)
        if error is not None and not 0 < error < most - least:
            message = f"{line['standard_error']} is no standard error of {name}; allowed: more than 0 and less than {most - least:g}"
            yield line.problem("standard_error", message)


SHEET_RULES = (forms, undated, sourced, measured)
