"""Show the series of a place without a start beside other places: levels, no estimate."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.counting import agreeing, year_span
from leadership_effects.data.outcomes import PlaceSeries
from leadership_effects.data.panels import Scale, scale
from leadership_effects.data.provenance import provenance
from leadership_effects.errors import nearest_names
from leadership_effects.report.charts import common, parts
from leadership_effects.report.figures import SECOND, Figure
from leadership_effects.report.numbers import COUNT, TEXT, Unit, format_number
from leadership_effects.report.study import Study
from leadership_effects.rounding import DECIMALS

NOISE = 1.96  # standard errors on either side


@dataclass(frozen=True)
class Beside:
    """A place's values since the last break, and the mean of places that have them all.

    Attributes
    ----------
    place : str
    years : tuple of int
    own, others : array, shape (T,)
        Others is missing where no other place has all years.
    n_others : int
    error : array, shape (T,)
        Standard error of the place's value by year: as published, or from the number of pupils; missing if neither is known.
    rows : DataFrame
        Outcome rows behind both.
    scale : Scale
    """

    place: str
    years: tuple[int, ...]
    own: np.ndarray
    others: np.ndarray
    n_others: int
    error: np.ndarray
    rows: pd.DataFrame
    scale: Scale


def beside_others(study: Study, indicator: str, place: str) -> Beside:
    """Read a place's series and the mean of the other places of its kind.

    Raises
    ------
    OutcomeError
        If the place has no value.

    Examples
    --------
    >>> found = beside_others(Study.open("", "delhi"), "pisa_mathematics", "Estonia")
    >>> found.years[0], found.n_others
    (2006, 35)
    """
    rows = study.outcome(indicator)
    kinds = rows.loc[rows["name"] == place, "unit_type"]
    if kinds.empty:
        known = nearest_names(place, rows["name"])
        raise ValueError(f"{indicator}: no value of {place!r}; allowed: {known}")
    series = PlaceSeries(rows[rows["unit_type"] == kinds.iloc[0]])
    table = series.table
    breaks = study.release.table("breaks")
    apart = breaks.loc[(breaks["indicator_id"] == indicator) & (breaks["kind"] == "break"), "year"]
    held = table.loc[place].dropna().index
    since = max((int(year) for year in apart if year <= held.max()), default=int(held.min()))
    years = [int(year) for year in held if year >= since]
    others = table.drop(index=place)[years].dropna()
    mean = others.mean().to_numpy(float) if len(others) else np.full(len(years), np.nan)
    behind = series.rows[series.rows["name"].isin([place, *others.index]) & series.rows["year"].isin(years)]
    own = behind[behind["name"] == place].set_index("year").loc[years]
    found = scale(study.release, indicator)
    return Beside(
        place,
        tuple(years),
        own["value"].to_numpy(float),
        mean,
        len(others),
        _errors(own, found),
        behind,
        found,
    )


def _errors(own: pd.DataFrame, found: Scale) -> np.ndarray:
    """Return standard errors as published, or of a share by the number of pupils."""
    published = pd.to_numeric(own.get("standard_error"), errors="coerce").to_numpy(float)
    pupils = pd.to_numeric(own.get("n_pupils"), errors="coerce").to_numpy(float)
    share = own["value"].to_numpy(float) / 100
    sampled = 100 * np.sqrt(np.clip(share * (1 - share), 0, None) / pupils)
    return np.where(np.isnan(published) & (found.unit == "percent"), sampled, published)


def show_series(study: Study, name: str, indicator: str, place: str) -> Figure:
    """Record and publish ``<name>``: a place's series beside the mean of the others.

    Keys: ``<name>.place, .unit, .first_year, .last_year, .first, .last``, and with other places ``.others`` (their number)
    and ``.against`` (where it stood against their mean, in words).
    """
    found = beside_others(study, indicator, place)
    unit, years = Unit(found.scale.unit), found.years
    record = study.numbers(name, rows=provenance(found.rows), function=beside_others)
    record("place", place, TEXT, "The place that is described.")
    record("unit", unit.text, TEXT, "Unit of the series.")
    for key, at in (("first", 0), ("last", -1)):
        record(f"{key}_year", str(years[at]), TEXT, f"{key.capitalize()} year of the series.")
        record(key, found.own[at], unit, f"{found.scale.title}, {place}, {years[at]}.")
    gap = found.own - found.others
    against = "no other place has all these years"
    others = f"{found.n_others} other {agreeing(found.n_others, 'place')}"
    if found.n_others:
        against = f"it moved from {_side(gap[0])} the mean of {others} to {_side(gap[-1])} it"
        if len(years) == 1:
            against = f"it stood {_side(gap[0])} the mean of {others}"
        record("others", found.n_others, COUNT, "Other places of its kind with all these years.")
    record("against", against, TEXT, "Where the place stood against the mean of the others.")
    frame = _frame(found)
    noise = found.scale.unit and np.isfinite(found.error).all()
    band = (
        " The shaded band is the sampling error of each value, wider where fewer pupils were tested."
        if noise
        else ""
    )
    ends = f"{place} goes from {unit.format(found.own[0])} to {unit.format(found.own[-1])} {unit.text}"
    mean = (
        f", the mean of {others} from {unit.format(found.others[0])} to {unit.format(found.others[-1])}"
        if found.n_others
        else ""
    )
    return study.show(
        name,
        _chart(found, frame, bool(noise)),
        title=_title(found, against),
        subtitle=f"{found.scale.title}, {unit.text}, {year_span(years[0], years[-1])}",
        caption=f"{found.scale.title} of {place}{' and the mean of other places of its kind' if mean else ''}: levels by year, no estimate.{band}",
        says=f"{ends}{mean}.{band}",
        data=frame.round(3),
    )


def _title(found: Beside, against: str) -> str:
    if not found.n_others:
        return f"{found.place} by year, without another place to set it against"
    words = against.removeprefix("it ").replace("moved", "moves").replace("stood", "stands")
    return f"{found.place} {words}"


def _side(gap: float) -> str:
    points = format_number(abs(gap), 1)
    return "level with" if float(points) == 0 else f"{points} {'below' if gap < 0 else 'above'}"


def _frame(found: Beside) -> pd.DataFrame:
    """Rows ``series, year, value, low, high`` of the place and of the others' mean."""
    own = pd.DataFrame({"series": found.place, "year": found.years, "value": found.own})
    own["low"], own["high"] = found.own - NOISE * found.error, found.own + NOISE * found.error
    mean = pd.DataFrame({"series": "Mean of the others", "year": found.years, "value": found.others})
    both = pd.concat([own, mean] if found.n_others else [own], ignore_index=True)
    return both.dropna(axis="columns", how="all").round(DECIMALS)


def _chart(found: Beside, frame: pd.DataFrame, noise: bool) -> alt.LayerChart:
    names = parts.unique(frame["series"])
    lines = common.lines(frame[["series", "year", "value"]], found.scale.unit)
    if not noise:
        return lines
    own = frame[frame["series"] == names[0]]
    base = alt.Chart(own).encode(x=common.years_axis(found.years))
    reach = base.mark_area(color=SECOND, opacity=0.2).encode(
        y=alt.Y("low:Q", title=found.scale.unit), y2="high:Q"
    )
    return parts.layered(reach, *lines.layer, height=common.HEIGHT)
