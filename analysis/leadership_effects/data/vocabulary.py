"""Name the framework's items and the places of studies for tables, charts and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def place_name(title: str) -> str:
    """Return the name of a place as titles, tables, charts and sentences have it.

    Examples
    --------
    >>> place_name("Rio Grande Valley, Texas"), place_name("Washington, DC")
    ('Rio Grande Valley', 'Washington, DC')
    """
    name, _, region = title.partition(", ")
    return title if region.isupper() else name


@dataclass(frozen=True)
class Item:
    """Strategy, dimension or leverage point of the framework, with its labels.

    Attributes
    ----------
    kind : str
        ``dimension``, ``strategy`` or ``leverage``, as in the column of ``rubric.csv`` and ``coding.csv``.
    label : str
        In tables and sentences.
    chart : str
        On a chart, broken into two lines where one is too long.
    short : str
        Where the sentence already says who is meant; the label if empty.
    full : str
        On the cards of insights; the label if empty.
    """

    kind: str
    label: str
    chart: str
    short: str = ""
    full: str = ""


ITEMS: dict[str, Item] = {
    "roles": Item("dimension", "roles", "Roles"),
    "strength": Item("dimension", "strength", "Strength"),
    "orientation": Item("dimension", "orientation", "Orientation"),
    "representation": Item("dimension", "representation", "Representation"),
    "network": Item("dimension", "network", "Network"),
    "scale": Item("dimension", "scale", "Scale"),
    "recruit_place": Item("strategy", "recruit and place", "Recruit\nand place"),
    "cluster": Item("strategy", "cluster", "Cluster\nplacements"),
    "alumni_pathways": Item("strategy", "alumni pathways", "Alumni\npathways", full="pathways for alumni"),
    "develop_serving": Item(
        "strategy",
        "develop serving teachers",
        "Develop\nserving staff",
        short="develop serving",
        full="develop serving teachers and principals",
    ),
    "student_leadership": Item("strategy", "student leadership", "Student\nleadership"),
    "convene": Item("strategy", "convene", "Convene\npartners", full="convene partners"),
    "change_rules": Item("strategy", "change rules", "Change\nrules", full="change rules with government"),
    "resources": Item("leverage", "resources", "Resources", full="resources and talent"),
    "feedback": Item("leverage", "feedback", "Feedback", full="feedback and information"),
    "rules": Item("leverage", "rules", "Rules", full="rules and policy"),
    "structures": Item("leverage", "structures", "Structures", full="structures and new organisations"),
    "goals": Item("leverage", "goals", "Goals", full="goals and purpose"),
    "mindsets": Item("leverage", "mindsets", "Mindsets"),
}
KINDS = {"dimension": "dimension", "strategy": "strategy", "leverage": "leverage point"}


def items_of(kind: str) -> tuple[str, ...]:
    """Return the keys of the items of one kind, in the order of the framework.

    Examples
    --------
    >>> items_of("dimension")
    ('roles', 'strength', 'orientation', 'representation', 'network', 'scale')
    """
    return tuple(key for key, item in ITEMS.items() if item.kind == kind)


DIMENSIONS, STRATEGIES, LEVERAGE_POINTS = map(items_of, KINDS)

# Columns whose words a release extends by a row of `vocabulary.csv` with the reason; releases up to 2026.5 have no such table.
OPEN_COLUMNS = {"unit_type": "units", "value_unit": "indicators"}
OPEN_HINT = "a word of your own takes a row in vocabulary.csv: column, word, meaning, reason"
VOCABULARY: dict[str, Any] = {
    "name": "vocabulary",
    "path": "vocabulary.csv",
    "description": "Kinds of unit and units of measure that a release added to those of the releases before it.",
    "profile": "tabular-data-resource",
    "schema": {
        "fields": [
            {"name": "column", "type": "string", "description": "Column that may hold the word.",
             "constraints": {"required": True, "enum": list(OPEN_COLUMNS)}},
            {"name": "word", "type": "string", "description": "The word as cells have it.", "constraints": {"required": True}},
            {"name": "meaning", "type": "string", "description": "What it means, in a sentence.", "constraints": {"required": True}},
            {"name": "reason", "type": "string", "description": "Why none of the words that there were will do.",
             "constraints": {"required": True}},
        ],
        "primaryKey": ["column", "word"],
    },
}  # fmt: skip

# Country or city to name before a study, by the place of `evaluations.csv`.
STUDY_PLACES = {
    "chile": "Chile",
    "delhi": "India",
    "huari": "Peru",
    "indianapolis": "Indianapolis",
    "lagos_ogun_nigeria": "Nigeria",
    "latvia": "Latvia",
    "london": "England",
    "network": "United States",
    "new_orleans": "New Orleans",
    "pakistan": "Pakistan",
    "rio_grande_valley": "Texas",
    "washington_dc": "Washington, DC",
    "framework": "Elsewhere",
}
# Places of `assessments.csv` and `events.csv` that are no case, on charts.
OTHER_PLACES = {
    "network": "Wider studies",
    "framework": "Leadership research",
    "indianapolis": "Indianapolis",
    "lagos_ogun_nigeria": "Lagos, Ogun",
    "pakistan": "Pakistan",
    "rural_armenia": "Armenia",
    "pune": "Pune",
    "malaysia": "Malaysia",
    "estonia": "Estonia",
    "houston": "Houston",
    "dallas_fort_worth": "Dallas and Fort Worth",
    "texas": "Texas",
    "louisiana": "Louisiana",
    "south_louisiana": "South Louisiana",
    "philadelphia": "Philadelphia",
    "denver": "Denver",
    "england_east_midlands": "East Midlands",
    "england_east_of_england": "East of England",
    "england_north_east": "North East of England",
    "england_north_west": "North West of England",
    "england_south_east": "South East of England",
    "england_south_west": "South West of England",
    "england_west_midlands": "West Midlands",
    "england_yorkshire_humber": "Yorkshire and the Humber",
}
# Whom a count of national scope is about, by the place under which the release files it.
COUNTRIES = {
    "chile": "Chile", "delhi": "India", "huari": "Peru", "latvia": "Latvia", "london": "England", "malaysia": "Malaysia",
    "pakistan": "Pakistan", "pune": "India", "lagos_ogun_nigeria": "Nigeria", "rural_armenia": "Armenia",
    "estonia": "Estonia", "network": "United States", "rio_grande_valley": "Texas", "new_orleans": "Louisiana",
}  # fmt: skip

# The release files all boroughs under London.
INNER_LONDON = [
    "Camden", "Hackney", "Hammersmith and Fulham", "Haringey", "Islington", "Kensington and Chelsea", "Lambeth",
    "Lewisham", "Newham", "Southwark", "Tower Hamlets", "Wandsworth", "Westminster",
]  # fmt: skip


# Printed in place of the side with more places of a statement at grade 0: nothing was compared well enough to point there.
TOO_LITTLE = "too little compared"
NOT_COMPARED = "no comparison"  # printed where a place is compared with no other


def printed_verdict(comparison: str, verdict: str) -> str:
    """Return the word that marks, maps and tables print for a verdict.

    Examples
    --------
    >>> printed_verdict("none", "cannot say"), printed_verdict("full", "cannot say")
    ('no comparison', 'cannot say')
    """
    return NOT_COMPARED if comparison == "none" else verdict
