"""Build panels of places with different start years, with the reason each is in or out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.panels import Array, PanelError, indicator_rows, scale
from leadership_effects.data.provenance import Rows, provenance
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import Design
from leadership_effects.data.staggered.starts import Starts, read_starts

NEVER = np.iinfo(np.int64).max
STATUS = ("treated", "never treated", "always treated", "left out")


class StaggeredError(PanelError):
    """The rows of a release cannot form the design of many places that the plan asks for."""


@dataclass(frozen=True)
class StaggeredPanel:
    """Outcomes of P places in S series and W waves, with the first treated wave of each place.

    Attributes
    ----------
    name : str
    y : array, shape (P, S, W)
        Outcomes, higher is better; NaN where a place has none.
    places : tuple of str, length P
        Codes; the treated first by first wave, then the never treated, each by code.
    names : tuple of str, length P
    series : tuple of str, length S
    waves : tuple of int, length W
    first : integer array, shape (P,)
        Position in `waves` of the first treated wave; `NEVER` for a place that never started.
    level : array, shape (P,)
        Starting level in the unit of `y`, centred over places that have one; NaN where there is none.
    group : tuple of str, length P
        Region; empty where the plan names none.
    unit : str
        Of `y`: ``"pupil SD"`` or that of the indicator.
    weights : array, shape (P, S, W)
        Weight of each cell; ones unless the plan weights by precision.
    errors : array, shape (P, S, W)
        Sampling standard errors in the unit of `y`; NaN where none is published.
    register : DataFrame
        One row a place of the outcome file: ``code, place, status, first_wave, start, basis, waves, reason``.
    rows : Rows
    """

    name: str
    y: Array
    places: tuple[str, ...]
    names: tuple[str, ...]
    series: tuple[str, ...]
    waves: tuple[int, ...]
    first: NDArray[np.int64]
    level: Array
    group: tuple[str, ...]
    unit: str
    weights: Array
    errors: Array
    register: pd.DataFrame
    rows: Rows

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Return which places start within the window, shape (P,)."""
        return self.first < NEVER

    @property
    def observed(self) -> NDArray[np.bool_]:
        """Return which cells have an outcome, shape (P, S, W)."""
        return np.asarray(np.isfinite(self.y))

    @property
    def exposed(self) -> NDArray[np.bool_]:
        """Return which cells are observed at or after the start of their place, shape (P, S, W)."""
        after = np.arange(len(self.waves)) >= self.first[:, None]
        return after[:, None, :] & self.observed

    @property
    def cohorts(self) -> tuple[int, ...]:
        """Return the first treated waves, as positions in `waves`, in order."""
        return tuple(int(first) for first in np.unique(self.first[self.treated]))

    @property
    def since(self) -> Array:
        """Count waves since the first treated wave, shape (P, W); NaN for the never treated."""
        first = np.where(self.treated, self.first, 0).astype(float)
        return np.where(self.treated[:, None], np.arange(len(self.waves)) - first[:, None], np.nan)

    def keep(self, kept: NDArray[np.bool_]) -> StaggeredPanel:
        """Return the panel of some of its places.

        Parameters
        ----------
        kept : boolean array, shape (P,)
        """
        pick = np.flatnonzero(kept)
        return replace(
            self, y=self.y[pick], places=tuple(self.places[i] for i in pick), names=tuple(self.names[i] for i in pick),
            first=self.first[pick], level=self.level[pick], group=tuple(self.group[i] for i in pick),
            weights=self.weights[pick], errors=self.errors[pick],
        )  # fmt: skip

    def long(self) -> pd.DataFrame:
        """Return observed cells as rows of ``place, series, wave, value`` and their place's traits."""
        p, s, w = np.nonzero(self.observed)
        first = np.where(self.treated, np.array([*self.waves, 0])[np.minimum(self.first, len(self.waves))], 0)
        return pd.DataFrame(
            {
                "place": np.array(self.places)[p], "series": np.array(self.series)[s],
                "wave": np.array(self.waves)[w], "value": self.y[p, s, w], "first": first[p],
                "since": self.since[p, w], "exposed": self.exposed[p, s, w], "level": self.level[p],
                "group": np.array(self.group)[p], "weight": self.weights[p, s, w],
            }
        )  # fmt: skip


def build_staggered(release: Release, design: Design) -> StaggeredPanel:
    """Build the panel of a design from the outcomes and the starts of a release.

    Raises
    ------
    StaggeredError
        If an indicator has no pupil SD that the design needs, a code has two values in a wave, the waves cross a break,
        a place has no group, nobody is treated or nobody is not, or the rows give other first waves than the plan prints.
    """
    rows = _outcome_rows(release, design)
    starts = read_starts(release, design.measure, design.organisation)
    register = _register(design, rows, starts)
    if not design.variant:
        _check_plan(design, register)
    used = register[register["status"].isin(STATUS[:2])]
    for status in STATUS[:2]:
        if not (used["status"] == status).any():
            raise StaggeredError(f"{design.key}: no place is {status}; a comparison needs both")
    order = used.assign(key=used["first_wave"].fillna(NEVER)).sort_values(["key", "code"], kind="stable")
    places = tuple(order["code"])
    kept = rows[rows["code"].isin(places)]
    series = ("mean of " + str(len(design.indicators)),) if design.combine == "mean" else design.indicators
    y, errors = _arrays(design, kept, places)
    weights = _weights(design, errors)
    position = {wave: w for w, wave in enumerate(design.waves)}
    first = np.array([NEVER if pd.isna(w) else position[int(w)] for w in order["first_wave"]], dtype=np.int64)
    level = _level(release, design, places, y)
    if design.drop_first_wave:
        y = _without_first(y)
    return StaggeredPanel(
        name=design.key, y=y, places=places, names=tuple(order["place"]), series=series, waves=design.waves, first=first,
        level=level, group=_groups(design, places), unit=_unit(release, design), weights=weights, errors=errors,
        register=register, rows=provenance(kept) + _level_rows(release, design) + starts.behind(set(register["code"]), "first placements"),
    )  # fmt: skip


def outcome_panel(release: Release, design: Design) -> StaggeredPanel:
    """Build the panel of places with enough waves as if none had started, to permute starts.

    Places that the plan leaves out, and those whose start is not known, are absent; the register is empty, and so is the
    group of a place for which the plan names none.

    Raises
    ------
    StaggeredError
        As `build_staggered`, but for what concerns starts.
    """
    rows = _outcome_rows(release, design)
    starts = read_starts(release, design.measure, design.organisation)
    absent = {*design.left_out, *starts.unknown}
    places = tuple(
        str(code)
        for code, own in rows.groupby("code", sort=True)
        if code not in absent and len(_waves_of(design, own)) >= design.minimum.waves
    )
    kept = rows[rows["code"].isin(places)]
    names = kept.sort_values("year").groupby("code")["name"].last()
    series = ("mean of " + str(len(design.indicators)),) if design.combine == "mean" else design.indicators
    y, errors = _arrays(design, kept, places)
    return StaggeredPanel(
        name=design.key, y=y, places=places, names=tuple(names[list(places)]), series=series, waves=design.waves,
        first=np.full(len(places), NEVER, dtype=np.int64), level=_level(release, design, places, y),
        group=tuple(design.groups.get(place, "") for place in places), unit=_unit(release, design),
        weights=_weights(design, errors), errors=errors, register=pd.DataFrame(), rows=provenance(kept),
    )  # fmt: skip


def _outcome_rows(release: Release, design: Design) -> pd.DataFrame:
    """Select the cells of the outcome on the scale of the design, one a code, series and wave."""
    rows = indicator_rows(release, *design.indicators, *design.also)
    rows = rows[(rows["unit_type"] == design.unit_type) & (rows["code"] != "")].copy()
    rows["series"] = rows["indicator_id"].replace(design.also)
    rows = rows[rows["year"].isin(design.waves)]
    begins = rows["series"].map(design.first_waves).fillna(0)
    rows = rows[(rows["year"] >= begins) & ~rows["note"].isin(design.leave_out_notes)]
    if rows.empty:
        raise StaggeredError(f"{design.key}: no row of {', '.join(design.indicators)} in {design.waves}")
    _refuse_breaks(release, design)
    twice = rows[rows.duplicated(["code", "series", "year"], keep=False)]
    if len(twice):
        bad = twice.iloc[0]
        raise StaggeredError(
            f"units.csv: code {bad['code']!r} has two values of {bad['series']} in {bad['year']}: "
            f"{', '.join(twice.loc[twice['code'] == bad['code'], 'unit_id'].unique())}"
        )
    factor = {name: _factor(release, design, name) for name in {*design.indicators, *design.also}}
    rows["scaled"] = rows["value"] * rows["indicator_id"].map(factor)
    error = rows["standard_error"] if "standard_error" in rows else pd.Series(np.nan, index=rows.index)
    rows["error"] = error.astype(float) * rows["indicator_id"].map(factor).abs()
    return rows


def _refuse_breaks(release: Release, design: Design) -> None:
    table = release.table("breaks")
    table = table[table["indicator_id"].isin(design.indicators) & (table["kind"] == "break")]
    for row in table.itertuples():
        begin = max(design.waves[0], design.first_waves.get(row.indicator_id, design.waves[0]))
        if begin < row.year <= design.waves[-1]:
            raise StaggeredError(
                f"breaks.csv: {row.indicator_id} must not be joined across {row.year} ({row.reason}); "
                f"{design.key} asks for {begin}-{design.waves[-1]}"
            )


def _factor(release: Release, design: Design, indicator: str) -> float:
    found = scale(release, indicator)
    if design.scale == "unit":
        return float(found.direction)
    if found.pupil_sd is None:
        raise StaggeredError(
            f"indicators.csv: {indicator} has no pupil_sd; {design.key} needs one (scale: pupil SD)"
        )
    return found.direction / found.pupil_sd


def _unit(release: Release, design: Design) -> str:
    return "pupil SD" if design.scale == "pupil SD" else scale(release, design.indicators[0]).difference_unit


def _register(design: Design, rows: pd.DataFrame, starts: Starts) -> pd.DataFrame:
    """Say of every place of the outcome file whether and why it is in."""
    found = []
    for code, own in rows.groupby("code", sort=True):
        waves = _waves_of(design, own)
        status, first, reason = _status(design, str(code), waves, starts)
        found.append(
            {
                "code": str(code), "place": own.sort_values("year")["name"].iloc[-1], "status": status,
                "first_wave": first, "start": starts.years.get(str(code)), "basis": starts.basis.get(str(code), ""),
                "waves": len(waves), "reason": reason,
            }
        )  # fmt: skip
    columns = ["code", "place", "status", "first_wave", "start", "basis", "waves", "reason"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.astype({"first_wave": "Int64", "start": "Int64"})


def _waves_of(design: Design, own: pd.DataFrame) -> list[int]:
    """Return the waves in which a place is observed; for a mean, those in which every series is."""
    if design.combine == "stack":
        return sorted(set(own["year"]))
    counts = own.groupby("year")["series"].nunique()
    return sorted(counts.index[counts == len(design.indicators)])


def _status(design: Design, code: str, waves: list[int], starts: Starts) -> tuple[str, int | None, str]:
    least = design.minimum
    if code in design.left_out:
        return "left out", None, design.left_out[code]
    if len(waves) < least.waves:
        return "left out", None, f"{len(waves)} of the {least.waves} waves that the plan asks for"
    if code in design.as_never:
        return "never treated", None, "counted as never treated in this row"
    given = (design.restore | design.restart).get(code)
    if given is None and code in starts.unknown:
        return "left out", None, "a programme is there, and its first placement is not known"
    if given is None and code not in starts.years:
        return "never treated", None, "no first placement found"
    if design.basis and starts.basis.get(code) not in design.basis:
        return "left out", None, f"the basis of its start is {starts.basis.get(code)}"
    first = given if given is not None else _first_wave(design, starts.years[code])
    if first is None:
        return "never treated", None, f"first placement {starts.years[code]}, after the last wave"
    before, after = sum(wave < first for wave in waves), sum(wave >= first for wave in waves)
    if before < least.before:
        return "always treated", first, f"{before} waves before its start; the plan asks for {least.before}"
    if after < least.after:
        return "left out", None, f"{after} waves from its start on; the plan asks for {least.after}"
    return "treated", first, ""


def _first_wave(design: Design, start: int) -> int | None:
    """Return the first wave at least `years_after` years after the first placement."""
    return next((wave for wave in design.waves if wave >= start + design.years_after), None)


def _check_plan(design: Design, register: pd.DataFrame) -> None:
    """Refuse rows that give another list of places than the plan prints."""
    by_status = {status: register[register["status"] == status] for status in STATUS}
    for status, printed in (("treated", design.treated), ("always treated", design.always)):
        frame = by_status[status]
        given = {str(code): int(wave) for code, wave in zip(frame["code"], frame["first_wave"], strict=True)}
        if printed and given != printed:
            differ = sorted(code for code in {*given, *printed} if given.get(code) != printed.get(code))
            raise StaggeredError(
                f"plan.yml: many_places.designs.{design.name}.{status.split()[0]}: {differ[0]} is "
                f"{printed.get(differ[0], 'absent')} there and {given.get(differ[0], 'absent')} by the rows of starts.csv"
            )
    never = sorted(by_status["never treated"]["code"])
    if design.never and never != sorted(design.never):
        differ = sorted({*never} ^ {*design.never})
        raise StaggeredError(
            f"plan.yml: many_places.designs.{design.name}.never: {differ[0]} is "
            f"{'there, but' if differ[0] in design.never else 'not there, but never treated'} by the rows "
            "of starts.csv and the outcomes"
        )


def _arrays(design: Design, rows: pd.DataFrame, places: tuple[str, ...]) -> tuple[Array, Array]:
    """Arrange scaled outcomes and sampling errors, shape (P, S, W)."""
    found = []
    for column in ("scaled", "error"):
        table = rows.pivot_table(index="code", columns=["series", "year"], values=column, dropna=False)
        wanted = pd.MultiIndex.from_product([design.indicators, design.waves])
        cells = table.reindex(index=list(places), columns=wanted).to_numpy(float)
        found.append(cells.reshape(len(places), len(design.indicators), len(design.waves)))
    y, errors = found
    if design.combine == "mean":
        n = len(design.indicators)
        y = y.mean(axis=1, keepdims=True)
        errors = np.sqrt(np.square(errors).sum(axis=1, keepdims=True)) / n
        errors[np.isnan(y)] = np.nan
        errors[errors == 0] = np.nan
    return y, errors


def _weights(design: Design, errors: Array) -> Array:
    if not design.weights:
        return np.ones_like(errors)
    weights: Array = 1 / np.square(np.where(np.isnan(errors), np.nanmedian(errors), errors))
    return weights / float(np.nanmean(weights))


def _level(release: Release, design: Design, places: tuple[str, ...], y: Array) -> Array:
    """Return the starting level of each place, centred; NaN where it has none."""
    if design.level_waves:
        rows = _outcome_rows(
            release, replace(design, waves=design.level_waves, drop_first_wave=False, first_waves={})
        )
        level = _place_effects(rows, places)
    else:
        level = first_level(y, np.ones(len(y), dtype=bool))
    return level - float(np.nanmean(level))


def first_level(y: Array, reference: NDArray[np.bool_]) -> Array:
    """Compute each place's first-wave gap, mean over series, to places observed in every wave.

    Parameters
    ----------
    y : array, shape (P, S, W)
    reference : boolean array, shape (P,)
        Places among which those observed in every wave are sought.
    """
    whole = _observed_throughout(y[reference])[:, :, None]
    gaps = y - _mean_of(np.where(whole, y[reference], np.nan))
    begins = (~np.isnan(y).all(axis=1)).argmax(axis=1)
    return _mean_of(np.take_along_axis(gaps, begins[:, None, None], axis=2).transpose(1, 0, 2))[:, 0]


def _mean_of(y: Array) -> Array:
    """Average over places, shape (S, W); NaN where no place has a value."""
    count = (~np.isnan(y)).sum(axis=0)
    return np.where(count > 0, np.nansum(y, axis=0) / np.maximum(count, 1), np.nan)


def _observed_throughout(y: Array) -> NDArray[np.bool_]:
    """Return places with every wave of a series that any place has, shape (P, S), or else all."""
    held: NDArray[np.bool_] = np.asarray(np.isfinite(y))
    absent = np.logical_not(np.asarray(held.any(axis=0)))
    whole: NDArray[np.bool_] = np.asarray(np.logical_or(held, absent).all(axis=2))
    whole[:, ~whole.any(axis=0)] = True
    return whole


def _level_rows(release: Release, design: Design) -> Rows:
    """Trace the starting level to rows outside the outcome, where it has some."""
    outside = replace(design, waves=design.level_waves, drop_first_wave=False, first_waves={})
    return provenance(_outcome_rows(release, outside)) if design.level_waves else Rows(0, "", ())


def _place_effects(rows: pd.DataFrame, places: tuple[str, ...]) -> Array:
    """Fit place effects beside effects of series by wave, on rows outside the outcome."""
    cell = rows["series"] + rows["year"].astype(str)
    codes, cells = pd.factorize(rows["code"], sort=True), pd.factorize(cell, sort=True)
    n, k = len(codes[1]), len(cells[1])
    design = np.zeros((len(rows), n + k))
    design[np.arange(len(rows)), codes[0]] = 1
    design[np.arange(len(rows)), n + cells[0]] = 1
    fitted = np.linalg.lstsq(design, rows["scaled"].to_numpy(float), rcond=None)[0][:n]
    return pd.Series(fitted, codes[1]).reindex(list(places)).to_numpy(float)


def _without_first(y: Array) -> Array:
    """Leave out each place's first observed wave."""
    left = y.copy()
    begins = (~np.isnan(y).all(axis=1)).argmax(axis=1)
    left[np.arange(len(y)), :, begins] = np.nan
    return left


def _groups(design: Design, places: tuple[str, ...]) -> tuple[str, ...]:
    if not design.groups:
        return ("",) * len(places)
    for place in places:
        if place not in design.groups:
            raise StaggeredError(
                f"plan.yml: many_places.designs.{design.name}.groups: {place} has no {design.group_name}"
            )
    return tuple(design.groups[place] for place in places)
