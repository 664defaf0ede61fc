"""Check cells of a row against each other: licences, ranges, codes of evidence, dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.tables import SOURCE_CELLS

ADDRESS = r"https?://[^\s<>\"]+\.[^\s<>\"]+"
# Licences by their SPDX identifiers and by the names under which public bodies publish.
LICENCES = (
    r"CC0(-1\.0| 1\.0)?", r"CC[ -]BY([ -](NC|SA|ND))*([ -][1-4]\.0)?( IGO|-IGO| [A-Z]{2})?", r"MIT", r"Apache-2\.0", r"BSD-[23]-Clause",
    r"GPL-[23]\.0(-only|-or-later)?", r"ODbL-1\.0|ODbL 1\.0", r"ODC-By-1\.0", r"PDDL-1\.0", r"OGL-UK-[123]\.0|OGL-Canada-2\.0",
    r"Open Government Licence( v[123]\.0|, version not stated)?", r"Open Parliament Licence( v[123]\.0)?", r"etalab-2\.0",
    r"Licence Ouverte 2\.0", r"dl-de/by-2-0|DL-DE-BY-2\.0", r"Government Open Data License - India", r"OECD terms, attribution",
    r"World Bank terms, attribution", r"US federal, public domain", r"public domain", r"public record", r"page cited for facts",
    r"figures cited as facts", r"not stated", r"[A-Z][a-z]+ public data(, no explicit licence)?",
    r"(repository|compilation) (MIT|licence not stated)", r"underlying [^;]+ publications", rf"terms read at {ADDRESS}",
)  # fmt: skip
LICENCE = re.compile("|".join(f"(?:{one})" for one in LICENCES))
ALLOWED_LICENCE = (
    "an SPDX identifier or a common name (CC-BY-4.0, OGL-UK-3.0, ODbL-1.0, MIT), `public record`, `page cited for facts`, "
    "`not stated; figures cited as facts`, or `terms read at https://…`; several joined by `; `"
)
# What a cell may hold beyond the type and the list of a descriptor, by table and column.
CELL_FORMS = {("sources", column): allowed for column, (_, allowed) in SOURCE_CELLS.items()} | {
    ("sources", "licence"): ALLOWED_LICENCE,
    ("readings", "read_on"): "a day, YYYY-MM-DD",
}
HOST = re.compile(r"https?://(?:[^/@\s]*@)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#][^\s<>\"]*)?")
# Pages that answer a question with other pages; what they show differs from day to day.
SEARCHED = re.compile(
    r"https?://(?:[\w-]+\.)*(?:google|bing|duckduckgo|ecosia|yandex|baidu|startpage|qwant)\.[a-z.]+/.*|https?://(?:[\w-]+\.)*search\.[\w.-]+/.*[?&](?:q|p|query)=.*"
    r"|https?://[^?#]*[/.]search(?:/|\.\w+)?\?.*\b(?:q|query|s|text|keywords?)=.*",
    re.IGNORECASE,
)
SEARCHING = re.compile(
    r"(?:^|[/?&])(?:search|webhp|scholar|url)\b|[?&](?:q|p|query|text|keywords?|wd)=", re.IGNORECASE
)
THREATS = ("selection", "rival", "measurement", "precision", "spillover")
# Levels of the ladder of designs that a basis can have: 5 is a trial, 0 compares nothing.
LEVELS = {"full": range(1, 5), "partial": range(1, 5), "none": range(3), "study": range(1, 6)}
COMPARED = ("full", "partial", "tested", "estimated")  # the last two in releases up to 2026.4
RANGES = (
    ("leadership", "value", "value_low", "value_high"), ("evaluations", "estimate", "estimate_low", "estimate_high"),
    ("evaluations", "estimate", "interval_low", "interval_high"), ("leadership_effects", "effect", "effect_low", "effect_high"),
)  # fmt: skip
WHOLE = ("pupils",)  # units of measure that count
DATED = {
    "cases": ("start_year", "first_treated_year"), "outcomes": ("year",), "events": ("year",), "claims": ("year",), "evaluations": ("year",),
    "leadership": ("year",), "breaks": ("year",), "sources": ("year",), "starts": ("year",),
}  # fmt: skip
NOTED_WAVE = re.compile(r"\b(?:wave|round|test) of (\d{4})\b")


def licences(lines: Lines) -> Iterator[Problem]:
    """Yield licences of sources that are a phrase."""
    for line in lines.of("sources"):
        parts = line["licence"].split("; ")
        if line["licence"] and not all(LICENCE.fullmatch(part) for part in parts):
            yield line.problem("licence", f"found {line['licence']!r}; allowed: {ALLOWED_LICENCE}")


def addresses(lines: Lines) -> Iterator[Problem]:
    """Yield addresses of sources that are a phrase, or whose host has no domain."""
    for line in lines.of("sources"):
        address = line["address"]
        if (
            "copy_address" in line.cells
            and address not in ("", "address not known")
            and not HOST.fullmatch(address)
        ):
            allowed = "one http(s) address of the issuing body, or `address not known`"
            yield line.problem("address", f"found {address!r}; allowed: {allowed}")
        for column in ("address", "copy_address"):
            if SEARCHED.fullmatch(line[column]) and SEARCHING.search(line[column]):
                message = f"{line[column]!r} is a page of results of a search; allowed: the address of the document that it led to"
                yield line.problem(column, message)


def evidence(lines: Lines) -> Iterator[Problem]:
    """Yield bearings that contradict plan or row, and checks that contradict `checkable`."""
    for line in lines.of("assessments"):
        if line["place"] in lines.described and line["basis"] in COMPARED:
            message = (
                f"{line['basis']}, and the plan names {line['place']} as described; allowed: none, or study"
            )
            yield line.problem("basis", message)
        if line["basis"] == "described" or "basis" not in line.cells:
            continue  # words of earlier releases
        if line["bearing"] == "silent":
            needed = {"design_level": "0", "basis": "none"} | dict.fromkeys(THREATS, "none")
            for column, word in needed.items():
                if line[column] and line[column] != word:
                    message = f"{line[column]} where the bearing is silent; allowed: {word}"
                    yield line.problem(column, message)
        else:
            yield from _level(line)
    for line in lines.of("claims"):
        unchecked = line["verdict"] == "cannot be checked"
        if line["verdict"] and (
            (line["checkable"] == "no" and not unchecked) or (line["checkable"] == "yes" and unchecked)
        ):
            word = "a check" if unchecked else "cannot be checked"
            message = f"{line['verdict']} where checkable is {line['checkable']}; allowed: {word}"
            yield line.problem("verdict", message)


def _level(line: Line) -> Iterator[Problem]:
    """Yield a level of design that the basis of a bearing cannot have."""
    levels, level = LEVELS.get(line["basis"]), line.year("design_level")
    if levels is None or level is None or level in levels:
        return
    what = {"study": "a study", "none": "no comparison"}.get(line["basis"], f"a {line['basis']} comparison")
    why = " (a trial)" if level == 5 else ""
    message = f"{level}{why} for {what}; allowed: {levels[0]} to {levels[-1]}, by the ladder of designs"
    yield line.problem("design_level", message)


def ranges(lines: Lines) -> Iterator[Problem]:
    """Yield values that lie outside their own range, and values without a unit."""
    for table, value, low, high in RANGES:
        for line in lines.of(table):
            least, middle, most = (line.number_in(column) for column in (low, value, high))
            if least is not None and most is not None and least > most:
                yield line.problem(
                    high, f"{line[high]} is below {low}, {line[low]}; allowed: {line[low]} or more"
                )
            elif (middle is not None) and (
                (least is not None and middle < least) or (most is not None and middle > most)
            ):
                span = f"{line[low] or '…'} to {line[high] or '…'}"
                yield line.problem(value, f"{line[value]} is outside {low} and {high}; allowed: {span}")
            if middle is not None and "unit" in line.cells and not line["unit"]:
                yield line.problem("unit", f"blank where {value} is {line[value]}; allowed: what is counted")
    for line in lines.of("leadership"):
        share, figure = line["post"] == "share of teachers", line.number_in("value")
        percent = line["unit"].startswith(("percent", "per cent", "%"))
        if share and line["unit"] and not percent:
            yield line.problem("unit", f"{line['unit']} for a share of teachers; allowed: percent")
        elif percent and figure is not None and not 0 <= figure <= 100:
            yield line.problem("value", f"{line['value']} {line['unit']}; allowed: 0 to 100")


def scales(lines: Lines) -> Iterator[Problem]:
    """Yield indicators whose range, unit and values contradict each other."""
    values: defaultdict[str, list[float]] = defaultdict(list)
    units = {line["indicator_id"]: line["value_unit"] for line in lines.of("indicators")}
    for line in lines.of("outcomes"):
        figure = line.number_in("value")
        if figure is None:
            continue
        values[line["indicator_id"]].append(figure)
        if units.get(line["indicator_id"]) in WHOLE and figure != int(figure):
            message = f"{line['value']} {units[line['indicator_id']]}; allowed: a whole number"
            yield line.problem("value", message)
    for line in lines.of("indicators"):
        least, most, spread = (line.number_in(one) for one in ("minimum", "maximum", "pupil_sd"))
        own = values[line["indicator_id"]]
        if least is None or most is None:
            continue
        if least >= most:
            yield line.problem(
                "maximum", f"{line['maximum']} is not above the minimum; allowed: more than {line['minimum']}"
            )
        elif line["value_unit"] == "percent" and (least < 0 or most > 100):
            column = "minimum" if least < 0 else "maximum"
            yield line.problem(column, f"{line[column]} for per cent; allowed: 0 to 100")
        elif line["value_unit"] == "percent" and len(own) > 2 and max(own) <= 1:
            message = f"percent, and the largest of {len(own)} values is {max(own):g}: these are shares of one; allowed: the values as per cent"
            yield line.problem("value_unit", message)
        if spread is not None and least < most and spread >= most - least:
            message = f"{line['pupil_sd']} is as wide as the range of the indicator; allowed: less than {most - least:g}"
            yield line.problem("pupil_sd", message)


def years(lines: Lines) -> Iterator[Problem]:
    """Yield years after that of the release, and waves that a note dates otherwise."""
    for table, columns in DATED.items():
        for line in lines.of(table):
            for column in columns:
                year = line.year(column)
                if year is not None and year > lines.year and line["post"] != "aim":
                    message = f"{year} is after the release; allowed: {lines.year} or before"
                    yield line.problem(column, message)
    for line in lines.of("outcomes"):
        year = line.year("year")
        noted = NOTED_WAVE.search(line["note"])
        if noted and year is not None and int(noted[1]) != year:
            message = f"{year}, and the note says {noted[0]}; allowed: the year of the wave, once"
            yield line.problem("year", message)


def dated_by(line: Line, sources: dict[str, Line], column: str = "year") -> Problem | None:
    """Return the fault of a row that is dated after its source; None if it has none."""
    year, source = line.year(column), sources.get(line["source_id"])
    printed = source.year("year") if source else None
    if year is None or printed is None or year <= printed or line["post"] == "aim":
        return None
    if line.cells.get("year_basis", "stated") != "stated":
        return None
    message = f"{year} is after the year of its source, {line['source_id']} of {printed}; allowed: {printed} or before, or another source"
    return line.problem(column, message)
