"""Link strategies, dimensions, leverage points and outcomes documented in the same place.

Two kinds of link are kept apart. *Present in the same place* joins two items of neighbouring layers that are both
documented in one place; it says nothing about one leading to the other. *Named by a dated event* joins a strategy and a
leverage point that one row of the events names together. No table of the release names a strategy and a dimension, a
dimension and a leverage point, or a leverage point and an outcome in one row, so there is no second kind between those.
No link means that one thing led to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from leadership_effects.data.vocabulary import DIMENSIONS, LEVERAGE_POINTS, STRATEGIES
from leadership_effects.effects.pupil_scale import CANNOT_SAY, VERDICTS
from leadership_effects.errors import LeadershipError

LAYERS = ("strategy", "dimension", "leverage", "outcome")
ITEMS: dict[str, tuple[str, ...]] = {
    "strategy": STRATEGIES,
    "dimension": DIMENSIONS,
    "leverage": LEVERAGE_POINTS,
    "outcome": (*(word.replace(" ", "_") for word in VERDICTS), "no_comparison"),
}
STATUSES = ("all readings", "an event only", "contrary", "contested", "not all readings", "not found")
READ, EVENT, CONTRARY, CONTESTED, PARTLY, SILENT = STATUSES
DOCUMENTED = (READ, EVENT)
TOGETHER, NAMED = "present in the same place", "one dated event names both"
EVENT_COLUMNS = {"strategy": "strategy", "leverage": "leverage_point"}
CELL = ["case_id", "layer", "item"]


class StrategyMapError(LeadershipError, ValueError):
    """A code, an event or a verdict holds a word that the map does not know."""


def code_cells(coding: pd.DataFrame, events: pd.DataFrame, cases: Sequence[str]) -> pd.DataFrame:
    """Classify every strategy, dimension and leverage point in every case by its status.

    ``all readings``: every coder gave a code and the mean is above 0. Else ``an event only`` if an event of the
    case names the item, ``contested`` if every coder gave 0 and one marks that sources disagree, ``contrary`` if every
    coder gave 0 and none does, ``not all readings`` if only some gave a code, and ``not found``.
    Rows of `leadership` do not fill a dimension: they bear on it without saying that it was there.

    Parameters
    ----------
    coding : DataFrame
        Columns ``case_id, kind, item, coder, code`` and, from release 2026.4, ``contested``; a blank code is silence.
        Rows of kind ``outcome`` are not used.
    events : DataFrame
        Columns ``event_id, case_id, strategy, leverage_point``; those of other places are not used.
    cases : sequence of str
        Case ids in order.

    Returns
    -------
    DataFrame
        ``case_id, layer, item, status, code, events``, one row a case and item; ``code`` is the mean over the coders
        who gave one (NaN if none did), ``events`` the ids of the rows that name the item, joined by commas.

    Raises
    ------
    StrategyMapError
        Naming the row that holds an unknown kind, item, strategy or leverage point, or a case without codes.
    """
    _check_coding(coding, cases)
    _check_events(events)
    rows = [
        {"case_id": case, "layer": layer, "item": item} | _cell(coding, events, case, layer, item)
        for case in cases
        for layer in LAYERS[:3]
        for item in ITEMS[layer]
    ]
    return pd.DataFrame(rows)


def _cell(coding: pd.DataFrame, events: pd.DataFrame, case: str, layer: str, item: str) -> dict[str, object]:
    mine = coding[(coding["case_id"] == case) & (coding["kind"] == layer) & (coding["item"] == item)]
    codes = mine["code"].astype(float).dropna()
    named = _naming(events, case, layer, item)
    coders = coding["coder"].nunique()
    status = _status(len(codes), coders, float(codes.mean()), bool(named))
    if (
        status == CONTRARY
        and "contested" in mine
        and (mine["contested"].astype(str).str.lower() == "true").any()
    ):
        status = CONTESTED
    return {"status": status, "code": float(codes.mean()), "events": ", ".join(named)}


def _naming(events: pd.DataFrame, case: str, layer: str, item: str) -> list[str]:
    """List ids of a case's events that name an item; no event names a dimension."""
    if layer not in EVENT_COLUMNS:
        return []
    mine = events[(events["case_id"] == case) & (events[EVENT_COLUMNS[layer]] == item)]
    return list(map(str, mine["event_id"]))


def _status(given: int, coders: int, mean: float, named: bool) -> str:
    if given == coders and mean > 0:
        return READ
    if named:
        return EVENT
    if given == coders:
        return CONTRARY
    return PARTLY if given else SILENT


def outcome_cells(comparisons: Mapping[str, str], verdicts: Mapping[str, str]) -> pd.DataFrame:
    """Classify each case's outcome in rows as of `code_cells`, one of four ``all readings``.

    Parameters
    ----------
    comparisons : mapping of str to str
        By case: ``full``, ``partial`` or ``none``.
    verdicts : mapping of str to str
        By case: ``at least that large``, ``ruled out`` or ``cannot say``, on the smallest effect of interest.

    Raises
    ------
    StrategyMapError
        If comparison and verdict of a case do not make an outcome: without a comparison none can be said.
    """
    reached = {case: _outcome(case, comparison, verdicts[case]) for case, comparison in comparisons.items()}
    rows = [
        (case, "outcome", item, READ if item == mine else SILENT, float("nan"), "")
        for case, mine in reached.items()
        for item in ITEMS["outcome"]
    ]
    return pd.DataFrame(rows, columns=[*CELL, "status", "code", "events"])


def _outcome(case: str, comparison: str, verdict: str) -> str:
    known = comparison in ("full", "partial", "none") and verdict in VERDICTS
    if not known or (comparison == "none" and verdict != CANNOT_SAY):
        raise StrategyMapError(
            f"{case}: comparison {comparison!r} with verdict {verdict!r}; allowed: full or partial with "
            f"{', '.join(map(repr, VERDICTS))}, none with {CANNOT_SAY!r}"
        )
    return "no_comparison" if comparison == "none" else verdict.replace(" ", "_")


def find_links(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Find the links of every case, of both kinds.

    Parameters
    ----------
    found : DataFrame
        From `code_cells`, with those of `outcome_cells` below it.
    events : DataFrame
        Columns ``event_id, case_id, strategy, leverage_point``.

    Returns
    -------
    DataFrame
        ``case_id, from_layer, from_item, to_layer, to_item, kind, events``; ``events`` is empty for co-presence.
    """
    present = found[found["status"].isin(DOCUMENTED)]
    rows: list[tuple[str, ...]] = []
    for case, mine in present.groupby("case_id", sort=False):
        for layer, following in pairwise(LAYERS):
            ends = [mine.loc[mine["layer"] == name, "item"] for name in (layer, following)]
            rows += [(str(case), layer, a, following, b, TOGETHER, "") for a in ends[0] for b in ends[1]]
        rows += _named_links(str(case), events)
    columns = ["case_id", "from_layer", "from_item", "to_layer", "to_item", "kind", "events"]
    return pd.DataFrame(rows, columns=columns)


def _named_links(case: str, events: pd.DataFrame) -> list[tuple[str, ...]]:
    named = (events["strategy"] != "") & (events["leverage_point"] != "")
    both = events[(events["case_id"] == case) & named]
    return [
        (case, "strategy", str(a), "leverage", str(b), NAMED, ", ".join(rows["event_id"]))
        for (a, b), rows in both.groupby(["strategy", "leverage_point"], sort=False)
    ]


def merge_links(found: pd.DataFrame) -> pd.DataFrame:
    """Merge `find_links` over the cases: named links first, then by layers and items.

    Returns
    -------
    DataFrame
        ``from_layer, from_item, to_layer, to_item, kind, n, cases, events``: number of cases with the link, their ids
        and the ids of the rows, each joined by commas.
    """
    ends = ["from_layer", "from_item", "to_layer", "to_item", "kind"]
    drawn = (
        found.groupby(ends, sort=False)
        .agg(
            n=("case_id", "size"),
            cases=("case_id", ", ".join),
            events=("events", lambda ids: ", ".join(filter(None, ids))),
        )
        .reset_index()
    )
    rank = {item: n for n, item in enumerate(item for layer in LAYERS for item in ITEMS[layer])}
    first, last = drawn["from_item"].map(rank), drawn["to_item"].map(rank)
    keys = pd.DataFrame({"together": drawn["kind"] != NAMED, "first": first, "last": last})
    return drawn.loc[keys.sort_values(list(keys)).index].reset_index(drop=True)


def count_statuses(found: pd.DataFrame) -> pd.DataFrame:
    """Count cases in each status by item, in the order of layers and items.

    Returns
    -------
    DataFrame
        Index ``layer, item``; one column a status, and ``documented``, the cases with a status that makes links.
    """
    order = pd.MultiIndex.from_tuples(
        [(layer, item) for layer in LAYERS for item in ITEMS[layer]], names=["layer", "item"]
    )
    table = pd.crosstab([found["layer"], found["item"]], found["status"])
    table = table.reindex(index=order, columns=list(STATUSES), fill_value=0)
    return table.assign(documented=table[list(DOCUMENTED)].sum(axis=1))


def _check_coding(coding: pd.DataFrame, cases: Sequence[str]) -> None:
    for row in coding.itertuples():
        if row.kind not in LAYERS:
            found = f"{row.item}: kind is {row.kind!r}; allowed: {', '.join(LAYERS)}"
            raise StrategyMapError(f"coding.csv, {row.case_id}, {found}")
        if row.kind != "outcome" and row.item not in ITEMS[row.kind]:
            found = f"item of kind {row.kind} is {row.item!r}; allowed: {', '.join(ITEMS[row.kind])}"
            raise StrategyMapError(f"coding.csv, {row.case_id}: {found}")
    coded = sorted(set(coding["case_id"]))
    if without := sorted(set(cases) - set(coded)):
        raise StrategyMapError(f"coding.csv: no code for case {without[0]!r}; there are {', '.join(coded)}")


def _check_events(events: pd.DataFrame) -> None:
    for layer, column in EVENT_COLUMNS.items():
        wrong = events[(events[column] != "") & ~events[column].isin(ITEMS[layer])]
        for row in wrong.to_dict("records"):
            found = f"{column} is {row[column]!r}; allowed: blank, {', '.join(ITEMS[layer])}"
            raise StrategyMapError(f"events.csv, {row['event_id']}: {found}")
