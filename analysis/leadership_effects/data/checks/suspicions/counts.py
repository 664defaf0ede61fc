"""Find counts of leaders whose post, scope or course other words do not bear."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.suspicions.figures import FIRST
from leadership_effects.data.vocabulary import place_name

WORLD = re.compile(
    r"\b(?:worldwide|global(?:ly)?|partners|countries|network|the world|across nations)\b", re.IGNORECASE
)
LOCAL = re.compile(
    r"\b(?:(?:in|of) the (?:city|town|district|province|municipality|county|area|region)|the wider region|citywide|locally|the city's|the region's)\b",
    re.IGNORECASE,
)
WIDER = re.compile(r"\b(?:provinces|regions|states|countries|nations)\b", re.IGNORECASE)
NAMED_NATIONAL = re.compile(r"\bnational(?:ly)?\b|\ball areas\b|\bcountrywide\b", re.IGNORECASE)
NATIONAL = re.compile(
    r"\bnational(?:ly)?\b|\bcountry\b|\bwhole\b|\ball\b|\bonly\b|\bEngland\b", re.IGNORECASE
)
# Words of which a count in a post has one, in its measure, its unit or its statement.
WORDS_OF = {
    "school leaders": r"lead|led\b|\brun\b|head|principal|administrat|director",
    "officials and boards": r"official|board|minist|polic|superintend|chancellor|head|system|council|govern|deput|influential|office|mayor|parliament",
    "founders and others": r"found|start|enterprise|organi[sz]ation|senior",
    "left teaching": r"leav|left|stay|depart|remain|dismiss|gone",
    "alumni": r"alum|ambassador|graduat|finish|complet|former|leaders|ended",
    "alumni in education": r"educat|teach|school|stay",
    "share of teachers": r"share|per ?cent|one in|quarter|fifth|tenth|third|half",
    "serving teachers trained": r"serving|in-service|training|local teachers|trained",
    "aim": r"aim|target|goal|plan|threshold|tipping|reach",
}  # fmt: skip
MANY = 5  # rows of a post from which their one dimension is the usual one
CUMULATIVE = ("placed to date", "alumni")
# Words that say why a later total is below an earlier one.
EXPLAINED = re.compile(
    r"\b(?:second|another|other|later figure|earlier figure|differ\w*|doubt\w*|odds|fit|against|corrected|only|still|by (?:a|another)|estimat\w*)\b",
    re.IGNORECASE,
)
PEOPLE = ("in the programme", "new in the programme", "placed to date", "finished that year", "alumni")


def _told(line: Line) -> str:
    return f"{line['measure']}; {line['unit']}; {line['statement']}"


def scopes(lines: Lines) -> Iterator[Problem]:
    """Yield scopes of counts that words, unit or place of the row contradict."""
    cases = {line["case_id"]: line for line in lines.of("cases")}
    for line in lines.of("leadership"):
        scope, told, case = (
            line["scope"],
            f"{line['measure']}; {line['statement']}",
            cases.get(line["case_id"]),
        )
        if case is None:
            continue
        if scope in ("place", "region") and place_name(case["title"]) == case["country"]:
            yield line.problem("scope", f"{scope}, and {case['title']} is a whole country: national?")
        elif scope == "place" and (found := WIDER.fullmatch(line["unit"])):
            yield line.problem("scope", f"place, and the unit is {found[0]}: how far does the count reach?")
        elif scope == "place" and (found := NAMED_NATIONAL.search(line["measure"])):
            yield line.problem("scope", f"place, and the measure says {found[0]!r}")
        elif scope == "national" and (found := LOCAL.search(told)) and not NATIONAL.search(told):
            yield line.problem("scope", f"national, and its words say {found[0]!r}")
        elif scope == "network" and not WORLD.search(told):
            yield line.problem(
                "scope", "network, and no word of the row speaks of other countries or partners"
            )
        elif scope in ("place", "region") and (found := re.search(r"\bworldwide\b|\bglobally\b", told)):
            yield line.problem("scope", f"{scope}, and its words say {found[0]!r}")


def posts(lines: Lines) -> Iterator[Problem]:
    """Yield posts that no word bears, and dimensions that no other row of the post has."""
    usual: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines.of("leadership"):
        usual[line["post"]][line["dimension"]] += 1
    for line in lines.of("leadership"):
        words, post = WORDS_OF.get(line["post"]), line["post"]
        if words and _told(line).strip("; ") and not re.search(words, _told(line), re.IGNORECASE):
            yield line.problem("post", f"{post}, and no word of measure, unit or statement says so")
        others = usual[post] - Counter({line["dimension"]: 1})
        if (
            line["dimension"]
            and others.total() >= MANY
            and len(others) == 1
            and line["dimension"] not in others
        ):
            message = f"{line['dimension']} for {post!r}, of which the other {others.total()} rows bear on {next(iter(others))}"
            yield line.problem("dimension", message)


def falling_totals(lines: Lines) -> Iterator[Problem]:
    """Yield totals of all people so far that lie below an earlier one, without a word on it."""
    groups: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines.of("leadership"):
        if line["post"] in CUMULATIVE and line["unit"] != "percent" and line.year("year") is not None:
            groups[line["case_id"], line["post"], line["scope"]].append(line)
    for rows in groups.values():
        for line in rows:
            value = line.number_in("value")
            if value is None or EXPLAINED.search(_told(line)):
                continue
            above = [one for one in rows if int(one["year"]) < int(line["year"]) and _least(one) > value and not EXPLAINED.search(_told(one))]  # fmt: skip
            if above:
                most = max(above, key=_least)
                message = f"{line['value']} in {line['year']}, and {most['leadership_id']} has {most['value'] or most['value_low']} in {most['year']}: can the total have fallen?"
                yield line.problem("value", message)


def _least(line: Line) -> float:
    """Return what a count is at least; less than any count where the row does not say."""
    return next(
        (one for column in ("value", "value_low") if (one := line.number_in(column)) is not None), -1.0
    )


def early_people(lines: Lines) -> Iterator[Problem]:
    """Yield counts of a programme's people in years before its first ones came."""
    began = {line["case_id"]: line.year("start_year") for line in lines.of("cases")}
    countries = {line["case_id"]: line["country"] for line in lines.of("cases")}
    firsts: defaultdict[str, set[int]] = defaultdict(set)
    dated: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines.of("events"):
        if (year := line.year("year")) is not None:
            dated[line["case_id"]].add(year)
            if FIRST.search(line["statement"]):
                firsts[line["case_id"]].add(year)
    for line in lines.of("starts"):
        if (year := line.year("year")) is not None:
            firsts[line["place"]].add(year)
    for line in lines.of("leadership"):
        case_id, year = line["case_id"], line.year("year")
        if year is None or line["post"] not in PEOPLE or case_id not in began:
            continue
        if line["scope"] == "national":
            first = firsts[countries[case_id]]
        else:
            start = began[case_id]
            first = firsts[case_id] | ({start} if start is not None else dated[case_id])
        if line["scope"] != "network" and first and year < min(first) and year not in dated[case_id]:
            message = f"{year} for {line['post']!r}, and the first people came in {min(first)}, by the start and the events on record"
            yield line.problem("year", message)
