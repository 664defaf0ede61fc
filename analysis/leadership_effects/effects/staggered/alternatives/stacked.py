"""Stack one experiment a cohort over a common event window, with corrective weights.

Wing, Freedman and Hollingsworth (2024), "Stacked difference-in-differences", NBER working paper 32054: trimmed aggregate
ATT (equations 1 and 2), inclusion rules (section 3) and corrective weights (section 5, table 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.regression.linear_model import WLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.common import (
    StaggeredEstimate,
    StaggeredEstimatorError,
    clustered,
    counted,
)


@dataclass(frozen=True)
class Window:
    """Event window in waves.

    Attributes
    ----------
    before : int
        Waves before the start, 1 or more; the last of them is the reference.
    after : int
        Waves after the first treated one, 0 or more.
    """

    before: int
    after: int


@dataclass(frozen=True)
class Stacked:
    """Stacked estimate with corrective weights.

    Attributes
    ----------
    window : Window
    estimate, se : float
        Mean of the effects by wave from the start to the end of the window: the trimmed aggregate ATT.
    by_wave : dict of int to (float, float)
    stack : DataFrame
        Rows ``place, series, cohort, treated, event, value, weight``.
    trimmed : dict of int to str
        First treated waves that do not enter, with the reason.
    dropped : tuple of str
        Started places of cohorts in the window that lack one of its waves in every series.
    n_places, n_cells : int
    """

    window: Window
    estimate: float
    se: float
    by_wave: dict[int, tuple[float, float]]
    stack: pd.DataFrame
    trimmed: dict[int, str]
    dropped: tuple[str, ...]
    n_places: int
    n_cells: int


def choose_window(panel: StaggeredPanel) -> Window:
    """Choose the window that keeps most treated cells.

    Of equal ones that with more waves before the start is taken, then that with more after it.

    Raises
    ------
    StaggeredEstimatorError
        If no window holds a cohort with a comparison.
    """
    w = len(panel.waves)
    windows = [Window(before, after) for before in range(1, w) for after in range(w - before)]
    sizes = {
        window: sum(int(own.sum()) for _, _, own, _ in _experiments(panel, window)) * (window.after + 1)
        for window in windows
    }
    best = max(windows, key=lambda window: (sizes[window], window.before, window.after), default=None)
    if best is None or not sizes[best]:
        raise StaggeredEstimatorError(f"{panel.name}: no event window holds a cohort with a comparison")
    return best


def _experiments(
    panel: StaggeredPanel, window: Window
) -> Iterator[tuple[int, int, NDArray[np.bool_], NDArray[np.bool_]]]:
    """Yield cohort, series, places and those to compare with: all have the whole window.

    Comparison places are those that have not started by the end of the window.
    """
    for cohort in panel.cohorts:
        begin, end = cohort - window.before, cohort + window.after
        if begin < 0 or end >= len(panel.waves):
            continue
        for s in range(len(panel.series)):
            whole = panel.observed[:, s, begin : end + 1].all(axis=1)
            own, rest = whole & (panel.first == cohort), whole & (panel.first > end)
            if own.any() and rest.any():
                yield cohort, s, own, rest


def _stack(panel: StaggeredPanel, window: Window) -> pd.DataFrame:
    """Lay the experiments of all cohorts and series below each other."""
    frames = []
    events = np.arange(-window.before, window.after + 1)
    for cohort, s, own, rest in _experiments(panel, window):
        pick = np.flatnonzero(own | rest)
        frames.append(
            pd.DataFrame(
                {
                    "place": np.repeat(pick, len(events)), "series": panel.series[s], "cohort": panel.waves[cohort],
                    "treated": np.repeat(own[pick], len(events)), "event": np.tile(events, len(pick)),
                    "value": panel.y[pick][:, s, cohort + events].ravel(),
                }
            )
        )  # fmt: skip
    if not frames:
        raise StaggeredEstimatorError(f"{panel.name}: no cohort has a comparison in {window}")
    stack = pd.concat(frames, ignore_index=True)
    return stack.assign(weight=corrective_weights(stack, len(events)))


def corrective_weights(stack: pd.DataFrame, n_events: int) -> Array:
    """Weight comparison places so that experiments count among them as among the treated.

    Treated rows weigh 1; comparison rows weigh (treated share of the experiment) / (its share of comparison places).

    Parameters
    ----------
    stack : DataFrame
        Rows ``cohort, series, treated``, one a place and event wave.
    n_events : int
        Waves of the window.
    """
    experiment = [stack["cohort"], stack["series"]]
    treated = stack["treated"].astype(float)
    own = treated.groupby(experiment).transform("sum") / n_events
    rest = (1 - treated).groupby(experiment).transform("sum") / n_events
    share = (own / (treated.sum() / n_events)) / (rest / ((1 - treated).sum() / n_events))
    weights: Array = np.where(stack["treated"], 1.0, share)
    return weights


def stacked(panel: StaggeredPanel, window: Window | None = None) -> Stacked:
    """Estimate the trimmed aggregate ATT by a weighted regression of the stack.

    With statsmodels: outcomes on treated, event waves and treated by event wave, with the wave before the start as reference.

    Parameters
    ----------
    panel : StaggeredPanel
    window : Window, optional
        By `choose_window` if left out.

    Raises
    ------
    StaggeredEstimatorError
        If the window holds no cohort with a comparison.
    """
    window = choose_window(panel) if window is None else window
    stack = _stack(panel, window)
    events = [e for e in range(-window.before, window.after + 1) if e != -1]
    d, event = stack["treated"].to_numpy(float), stack["event"].to_numpy()
    dummies = np.stack([event == e for e in events], axis=-1).astype(float)
    x = np.concatenate([dummies * d[:, None], dummies, d[:, None], np.ones((len(d), 1))], axis=1)
    v = stack["weight"].to_numpy(float)
    fitted = WLS(stack["value"].to_numpy(float), x, weights=v).fit()
    places, owner = np.unique(stack["place"], return_inverse=True)
    scores = np.zeros((len(places), x.shape[1]))
    np.add.at(scores, owner, x * (v * fitted.resid)[:, None])
    k = len(events)
    influence = (fitted.normalized_cov_params @ scores.T)[:k]
    effects = np.asarray(fitted.params[:k])
    after = np.array(events) >= 0
    by_wave = {e: (float(effects[i]), clustered(influence[i])) for i, e in enumerate(events)}
    return Stacked(
        window, float(effects[after].mean()), clustered(influence[after].mean(axis=0)), by_wave,
        stack.assign(place=[panel.places[p] for p in stack["place"]]), _trimmed(panel, window, stack),
        _dropped(panel, stack), len(places), int((stack["treated"] & (stack["event"] >= 0)).sum()),
    )  # fmt: skip


def _trimmed(panel: StaggeredPanel, window: Window, stack: pd.DataFrame) -> dict[int, str]:
    """Return the cohorts that do not enter, with the reason."""
    found = {}
    for cohort in panel.cohorts:
        if panel.waves[cohort] in set(stack["cohort"]):
            continue
        if cohort < window.before:
            reason = f"fewer than {counted(window.before, 'wave')} before"
        elif cohort + window.after >= len(panel.waves):
            reason = f"fewer than {counted(window.after, 'wave')} after the first treated one"
        else:
            reason = "no place has every wave of the window, or none to compare with"
        found[panel.waves[cohort]] = reason
    return found


def _dropped(panel: StaggeredPanel, stack: pd.DataFrame) -> tuple[str, ...]:
    """Return started places of cohorts in the stack that are not in it themselves."""
    cohorts = set(stack["cohort"])
    inside = set(stack.loc[stack["treated"], "place"])
    return tuple(
        panel.places[p]
        for p in np.flatnonzero(panel.treated)
        if panel.waves[panel.first[p]] in cohorts and p not in inside
    )


def stacked_estimate(panel: StaggeredPanel, method: str) -> StaggeredEstimate:
    """Return the stacked estimate as a row of the table.

    Raises
    ------
    StaggeredEstimatorError
        If no window holds a cohort with a comparison.
    """
    found = stacked(panel)
    notes = [
        f"window: {counted(found.window.before, 'wave')} before the first treated one, {found.window.after} after it"
    ]
    notes += (
        [f"trimmed: {', '.join(f'{wave} ({why})' for wave, why in found.trimmed.items())}"]
        if found.trimmed
        else []
    )
    notes += [f"left out for gaps: {', '.join(found.dropped)}"] if found.dropped else []
    return StaggeredEstimate(
        method, found.estimate, found.se, found.by_wave, found.n_places, found.n_cells, "; ".join(notes)
    )
