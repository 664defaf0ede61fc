"""Name coders and panels as readers know them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadership_effects.counting import agreeing, cardinal, count
from leadership_effects.data.joint_cases import added_cases, current_readings
from leadership_effects.data.panels import scale
from leadership_effects.data.plan import CasePlan
from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.report.descriptions import list_in_words

CASE_NOTES = "of the same case notes, which are not published, and of rows of the release"


def readers_in_words(release: Release, coders: Sequence[str]) -> str:
    """Say who coded a place, programs apart from persons, and on what material."""
    if set(coders) <= set(current_readings(release)) or not _has_readings(release):
        return f"{' and '.join(current_readings(release))} are two automated readings {CASE_NOTES}."
    table = release.table("readings").set_index("coder")
    sentences = []
    for kind in ("automated", "person"):
        own = [coder for coder in coders if coder in table.index and table.loc[coder, "made_by"] == kind]
        told = " and ".join(dict.fromkeys(str(table.loc[coder, "material"]).rstrip(".") for coder in own))
        names, several = list_in_words(own), len(own) > 1
        said = f"{names} {'are automated readings' if several else 'is an automated reading'}"
        if kind == "person":  # a name as its owner writes it need not begin a sentence
            said = f"{count(len(own), 'person').capitalize()}, {names}, coded the place"
        if own:
            sentences.append(f"{said} (material: {told}).")
    return " ".join(sentences)


def coders_in_words(release: Release, case_id: str, coders: Sequence[str]) -> str:
    """Say how many programs and persons made the codes of a place."""
    every = (
        coded_by_persons(release) if _has_readings(release) else pd.DataFrame(columns=["case_id", "coder"])
    )
    persons = set(every.loc[every["case_id"] == case_id, "coder"])
    own = len(persons & set(coders))
    automated = len(coders) - own
    words = [f"{cardinal(automated)} automated {agreeing(automated, 'reading')}"] if automated else []
    if own:
        return " and of ".join([*words, count(own, "person")])
    reviewed = (
        f"{count(len(persons), 'person')} coded the place too"
        if persons
        else "no human coder has reviewed them"
    )
    return f"{words[0] if words else 'nobody'}; {reviewed}"


def uncounted_in_words(release: Release, case_id: str, coders: Sequence[str]) -> str:
    """Name the readings of a place that the plan does not name; blank if there are none."""
    table, named = release.table("coding"), release.plan["synthesis"].get("readings") or {}
    others = set(table.loc[table["case_id"] == case_id, "coder"]) - {*coders, *named.get("earlier", ())}
    if not others:
        return ""
    words = list_in_words(sorted(others))
    return f" Codes of {words} are in the release too and count nowhere in the book, because the plan does not name {'that reading' if len(others) == 1 else 'those readings'}."


def coded_by_persons(release: Release) -> pd.DataFrame:
    """Return the places that persons coded: ``case_id, coder``, a row each."""
    readings = release.table("readings")
    persons = readings.loc[readings["made_by"] == "person", "coder"]
    coding = release.table("coding")[["case_id", "coder"]].drop_duplicates()
    return coding[coding["coder"].isin(persons)].reset_index(drop=True)


def persons_in_words(release: Release) -> str:
    """Say what persons coded beside the readings of the book, and where these coded nothing.

    A clause that begins a sentence, without its full stop.
    """
    used, found, table = list(current_readings(release)), coded_by_persons(release), release.table("coding")
    both = set(table.loc[table["coder"].isin(used), "case_id"])
    titles, waiting = release.table("cases").set_index("case_id")["title"], added_cases(release)

    def told(rows: pd.DataFrame) -> str:
        places = [
            place_name(titles[one]) + (" (added later)" if one in waiting else "")
            for one in dict.fromkeys(rows["case_id"])
        ]
        return f"{agreeing(rows['coder'].nunique(), 'a person', 'persons')} coded {list_in_words(places)}"

    readings = f"the readings {list_in_words(used)}"
    beside, alone = found[found["case_id"].isin(both)], found[~found["case_id"].isin(both)]
    if beside.empty and alone.empty:
        return f"No human coder has reviewed {readings}"
    first = f"{told(beside)} beside {readings}" if len(beside) else f"no human coder has reviewed {readings}"
    text = f"{first}; {told(alone)}" if len(alone) else first
    return text[0].upper() + text[1:]


def _has_readings(release: Release) -> bool:
    return "readings" in {entry["name"] for entry in release.descriptor["resources"]}


def panel_labels(release: Release, plan: CasePlan) -> dict[str, str]:
    """Return each panel's name: its indicator's title, told apart where panels share it."""
    titles = {name: scale(release, panel.indicators[0]).title for name, panel in plan.panels.items()}
    labels = {}
    for name, panel in plan.panels.items():
        twins = [plan.panels[other] for other, title in titles.items() if title == titles[name]]
        traits = (
            [", ".join(one.unit_types).replace("_", " ") for one in (panel, *twins)],
            [one.label for one in (panel, *twins)],
            [f"{one.pre[0]} to {one.post[-1]}" for one in (panel, *twins)],
        )
        apart = [trait[0] for trait in traits if len(set(trait)) > 1]
        if len(twins) > 1 and not apart:
            apart = [name.replace("_", " ")]
        labels[name] = f"{titles[name]} ({'; '.join(apart)})" if len(twins) > 1 else titles[name]
    return labels
