"""Place published effects of heads and other leaders on one axis, by kind of treatment.

Nothing here averages. A row is drawn in standard deviations of pupils, as printed or as converted in the table. How
far its interval reaches is drawn only where the source prints an error or an exact p-value; a bound on the error and
a missing one look different. A row without a size in that unit keeps its line and says in words what it found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from leadership_effects.errors import LeadershipError
from leadership_effects.signs import true_minus

KINDS: Mapping[str, tuple[str, ...]] = {
    "heads compared": ("principal_quality", "principal_experience"),
    "heads of districts and management compared": ("district_head", "management_score"),
    "heads chosen, replaced or leaving": (
        "principal_replacement", "principal_selection", "principal_turnover", "district_head_turnover",
    ),
    "training of serving heads": ("principal_training", "management_training", "leadership_residency"),
    "pipelines and preparation": ("pipeline", "preparation"),
    "leadership of many": ("collective_leadership", "teacher_ties", "teacher_peers"),
    "pooled reviews": ("pooled_review",),
}  # fmt: skip
INTERVAL, BOUND, BARE, SPREAD, WORDS = (
    "interval printed or derived",
    "interval at its widest",
    "no error read",
    "ends of a range",
    "no size in pupil SD",
)
LOOKS = (INTERVAL, BOUND, BARE, SPREAD, WORDS)
ERRORS = {"printed": INTERVAL, "derived_p": INTERVAL, "upper_bound": BOUND, "none": BARE}
ORIGINS = {
    "printed": "printed",
    "derived_p": "derived from the p-value",
    "upper_bound": "bound",
    "none": "none",
}
DUPLICATE = "duplicate"
Z95 = 1.96
COLUMNS = [
    "label", "look", "value", "low", "high", "interval_low", "interval_high", "words", "design", "effect_id", "source",
]  # fmt: skip


class LeaderError(LeadershipError, ValueError):
    """An effect of leaders cannot be placed."""


def kind_of(leader_type: str) -> str:
    """Return the kind of treatment of a `leader_type` of the table.

    Raises
    ------
    LeaderError
        If no kind holds it.

    Examples
    --------
    >>> kind_of("pipeline")
    'pipelines and preparation'
    """
    for kind, types in KINDS.items():
        if leader_type in types:
            return kind
    raise LeaderError(f"no kind of treatment holds the leader type {leader_type!r}")


def size(row: Any) -> float:
    """Return the effect in standard deviations of pupils, printed or converted, or NaN."""
    return float(row.effect_sd) if not math.isnan(row.effect_sd) else float(row.effect_sd_converted)


def look(row: Any) -> str:
    """Classify how a row is drawn; see `LOOKS`."""
    if not math.isnan(size(row)):
        return ERRORS[row.se_kind]
    printed_range = row.effect_unit == "SD" and not math.isnan(row.effect_low)
    return SPREAD if printed_range else WORDS


def interval(row: Any) -> tuple[float, float]:
    """Return the 95 per cent interval, at its widest where the error is a bound, or NaN twice."""
    drawn_as = look(row)
    if drawn_as == INTERVAL:
        return float(row.ci_low), float(row.ci_high)
    if drawn_as == BOUND:
        return size(row) - Z95 * row.se, size(row) + Z95 * row.se
    return math.nan, math.nan


def printed(row: Any) -> str:
    """Format an effect in its own unit: ``0.03 SD``, ``2.1 to 4.2 SIMCE points``."""
    if not math.isnan(row.effect):
        return true_minus(f"{row.effect:g} {row.effect_unit}")
    if not math.isnan(row.effect_low):
        return true_minus(f"{row.effect_low:g} to {row.effect_high:g} {row.effect_unit}")
    return ""


def forest(effects: pd.DataFrame, kind: str, said: Mapping[str, str]) -> pd.DataFrame:
    """Select the rows of one kind of treatment as they are drawn, those with a size first.

    Among those with a size, rows that the table sets apart (``pool_use`` no) come last. A second figure of the same
    study (``pool_use`` duplicate) is left to the table.

    Parameters
    ----------
    effects : DataFrame
        Rows of the table ``leadership_effects``.
    kind : str
        One of `KINDS`.
    said : mapping of str to str
        What each row without any printed figure reports, by `effect_id`.

    Returns
    -------
    DataFrame
        ``label, look, value, low, high, interval_low, interval_high, words, design, effect_id, source``; `words` only
        in rows without a size in standard deviations of pupils.

    Raises
    ------
    LeaderError
        For an unknown kind, or a row without a figure that `said` does not know.
    """
    if kind not in KINDS:
        raise LeaderError(f"no kind {kind!r}; there are {', '.join(KINDS)}")
    own = effects[(effects["leader_type"].map(kind_of) == kind) & (effects["pool_use"] != DUPLICATE)]
    rows = list(own.itertuples())
    looks = [look(row) for row in rows]
    intervals = [interval(row) for row in rows]
    frame = own.rename(columns={"source_id": "source", "effect_low": "low", "effect_high": "high"}).assign(
        label=_labels(own),
        look=looks,
        value=[size(row) for row in rows],
        interval_low=[low for low, _ in intervals],
        interval_high=[high for _, high in intervals],
        words=[_words(row, said) if one == WORDS else "" for row, one in zip(rows, looks, strict=True)],
    )
    frame.loc[frame["look"] != SPREAD, ["low", "high"]] = math.nan
    order = pd.DataFrame(
        {
            "silent": frame["look"] == WORDS,
            "apart": own["pool_use"].str.startswith("no:") | (own["pool_use"] == "no"),
            "type": own["leader_type"].map(KINDS[kind].index),
            "size": -frame[["value", "high"]].max(axis=1),
            "label": frame["label"],
        }
    ).sort_values(["silent", "apart", "type", "size", "label"], na_position="last")
    return frame.loc[order.index, COLUMNS].reset_index(drop=True)


def _labels(own: pd.DataFrame) -> list[str]:
    """Name rows by study, year, country and outcome, where needed by what varies too."""
    country = ["" if where.startswith("not on") else f", {where.split(' (')[0]}" for where in own["country"]]
    year = ["" if one == "n.d." else f" {one}" for one in own["year"]]
    base = own["study"] + year + country + ": " + own["outcome"]
    shared = base.duplicated(keep=False)
    return list(base.mask(shared, base + ", " + own["leader_variable"]))


def _words(row: Any, said: Mapping[str, str]) -> str:
    figure = printed(row)
    if figure:
        return figure
    if row.effect_id not in said:
        raise LeaderError(f"{row.effect_id} prints no figure: say in words what it reports")
    return f"{said[row.effect_id]}, no size printed"
