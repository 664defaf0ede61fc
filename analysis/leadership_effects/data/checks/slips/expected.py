"""Estimate each outcome from the outcomes around it, resistant to single errors.

A series is an indicator for the units of one type. Its table of units and years is split into a level of each unit and a
change of each year by a median polish (Tukey 1977, Exploratory Data Analysis, ch. 11), in which a single wrong figure
moves neither. What is left is compared with what is left of the same unit in the nearest years, and then with what other
series show for the same place and year. The spread of these errors is the median absolute deviation, which half of the
figures can be wrong without moving beyond bounds (Rousseeuw and Croux 1993, J. Am. Stat. Assoc. 88: 1273-1283), or the
95th percentile where the tails are longer than those of a normal distribution.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import ndtri

Floats: TypeAlias = npt.NDArray[np.float64]

NORMAL_MAD = 1.4826  # a normal standard deviation over its median absolute deviation
TAIL = 0.95  # percentile that bears out longer tails
NEAR = 2  # years on either side that show a unit's level
LEAST_CELLS = 4  # of a series with an expected value
COMPANIONS, LEAST_CORRELATION, LEAST_COMMON = 6, 0.3, 15  # other series, and what they must share
SHRINKAGE = 0.05  # of the correlations between companions, so that near-copies do not share weights at random
LEAST_SHARE = 0.15  # of the own error that the error beside companions is never below
POOLED_CELLS = 6  # weight of the series' spread in the spread of a unit, in cells
SPREAD_BOUNDS = (0.5, 2.5)  # of a unit's spread over the series'
OUTER = 3.0  # errors beyond it, in spreads, count as much in a correlation


def nan_median(table: Floats, axis: int) -> Floats:
    """Return medians along an axis, which is kept; NaN where all are missing.

    Examples
    --------
    >>> nan_median(np.array([[1.0, np.nan, 4.0], [np.nan, np.nan, np.nan]]), 1).ravel()
    array([2.5, nan])
    """
    count = np.sum(~np.isnan(table), axis=axis, keepdims=True)
    ordered = np.sort(table, axis=axis)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, table.shape[axis] - 1)
    middle = np.take_along_axis(ordered, low, axis) + np.take_along_axis(ordered, high, axis)
    return np.asarray(middle / 2, dtype=float)


def median_polish(table: Floats, rounds: int = 4) -> Floats:
    """Return what is left of a table of units and years after medians of both are taken out.

    Examples
    --------
    >>> table = np.array([[1.0, 2.0, 3.0], [11.0, 12.0, 13.0], [21.0, 22.0, 93.0]])
    >>> median_polish(table).round(1).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 70.0]]
    """
    left = table - nan_median(table, 1)
    for _ in range(rounds):
        left = left - nan_median(left, 0)
        left = left - nan_median(left, 1)
    return left


def nearby_level(table: Floats) -> Floats:
    """Return the median of each unit's nearest values before and after each of its values."""
    units, years = table.shape
    order = np.argsort(np.isnan(table), axis=1, kind="stable")  # the values of a unit first, by year
    edge = np.full((units, NEAR), np.nan)
    padded = np.hstack([edge, np.take_along_axis(table, order, 1), edge])
    steps = [step for step in range(2 * NEAR + 1) if step != NEAR]
    level = nan_median(np.stack([padded[:, step : step + years] for step in steps], axis=2), 2)[:, :, 0]
    found = np.full_like(table, np.nan)
    np.put_along_axis(found, order, np.where(np.isnan(level), 0.0, level), 1)
    return np.where(np.isnan(table), np.nan, found)


def spread(errors: Floats) -> float:
    """Return the spread of errors around zero; NaN without any, their mean where most are zero."""
    sizes = np.sort(np.abs(errors[~np.isnan(errors)]))
    if not sizes.size:
        return float("nan")
    # In a short series the 95th percentile would be the mistake itself: two figures are left above it.
    rank = max(min(int(np.ceil(TAIL * sizes.size)), sizes.size - 2), 1)
    tail = sizes[rank - 1] / ndtri((1 + rank / (sizes.size + 1)) / 2)
    found = max(NORMAL_MAD * np.median(sizes), tail)
    return float(found or sizes.mean() or np.nan)


def own_expectations(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the distance of each figure from what its own series expects, and the usual distance."""
    rows = rows.reset_index(drop=True)
    rows["series"] = rows["indicator_id"] + " " + rows["unit_type"]
    error, noise = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    unit_of, year_of = (rows[column].to_numpy() for column in ("unit_id", "year"))
    for held in rows.groupby("series", sort=False).indices.values():
        if len(held) < LEAST_CELLS:
            continue
        units, unit = np.unique(unit_of[held], return_inverse=True)
        years, year = np.unique(year_of[held], return_inverse=True)
        table = np.full((len(units), len(years)), np.nan)
        table[unit, year] = rows["value"].to_numpy()[held]
        errors = _own_errors(table)
        error[held], noise[held] = errors[unit, year], _unit_spread(errors)[unit, year]
    return rows.assign(error=error, noise=noise)


def expected_values(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what each figure's own series and the series beside it expect.

    Parameters
    ----------
    rows : DataFrame
        Columns ``indicator_id, unit_id, unit_type, place, year`` and ``value``; each indicator, unit and year once.

    Returns
    -------
    DataFrame
        The rows, numbered from zero, with ``series``, ``error`` and ``noise`` (distance from the figure expected by the
        own series and its usual size) and ``error_beside`` and ``noise_beside`` (given other series of the same place
        and year); NaN where there are too few figures.
    """
    rows = own_expectations(rows)
    rows["error_beside"], rows["noise_beside"] = _beside(rows)
    return rows


def _own_errors(table: Floats) -> Floats:
    """Return the distance of each value from what its unit's years and the year's units expect."""
    units, years = table.shape
    if units <= 2 < years:  # of two units either may be wrong
        return table - nearby_level(table)
    if years <= 2:
        return table - nan_median(table, 0)
    left = median_polish(table)
    return left - nearby_level(left)


def _unit_spread(errors: Floats) -> Floats:
    """Return the usual size of errors by cell: that of the unit, drawn to that of the series."""
    pooled = spread(errors)
    if errors.shape[1] <= 2 or not pooled > 0:
        return np.full_like(errors, pooled if pooled > 0 else np.nan)
    own, count = NORMAL_MAD * nan_median(np.abs(errors), 1), np.sum(~np.isnan(errors), axis=1, keepdims=True)
    drawn = np.sqrt((np.nan_to_num(own) ** 2 * count + pooled**2 * POOLED_CELLS) / (count + POOLED_CELLS))
    low, high = SPREAD_BOUNDS
    return np.asarray(np.clip(drawn, low * pooled, high * pooled) * np.ones_like(errors), dtype=float)


def _beside(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return errors and noise given the errors of other series for the same place and year.

    The prediction is the conditional expectation of correlated normal errors, from correlations over all places and
    years in which errors beyond `OUTER` spreads are drawn in.
    """
    error, noise = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    judged = rows[rows["noise"].notna()].drop_duplicates(["series", "place", "year"])
    if judged.empty:
        return error, noise
    series, _ = pd.factorize(judged["series"])
    spot, _ = pd.factorize(pd.MultiIndex.from_frame(judged[["place", "year"]]))
    scaled = np.full((spot.max() + 1, series.max() + 1), np.nan)
    scaled[spot, series] = judged["error"] / judged["noise"]
    drawn = np.clip(scaled, -OUTER, OUTER)
    size, correlation = _correlations(drawn)
    own_noise = rows["noise"].to_numpy()
    for number in range(scaled.shape[1]):
        beside = np.argsort(-np.abs(correlation[number]), kind="stable")[:COMPANIONS]
        beside = beside[np.abs(correlation[number, beside]) > LEAST_CORRELATION]
        if not beside.size:
            continue
        mine = series == number
        index, spots = judged.index.to_numpy()[mine], spot[mine]
        given = np.clip(scaled[np.ix_(spots, beside)], -2 * OUTER, 2 * OUTER) / size[beside]
        among = correlation[np.ix_(beside, beside)] * (1 - SHRINKAGE)
        np.fill_diagonal(among, 1.0)
        pattern = ~np.isnan(given) @ (1 << np.arange(len(beside)))
        left = np.full(len(spots), np.nan)
        for code in np.unique(pattern[pattern > 0]):
            cells = pattern == code
            there = ~np.isnan(given[cells][0])
            weights = np.linalg.lstsq(
                among[np.ix_(there, there)], correlation[number, beside[there]], rcond=1e-3
            )[0]
            left[cells] = scaled[spots[cells], number] - size[number] * (given[cells][:, there] @ weights)
        for code in np.unique(pattern[pattern > 0]):
            cells = pattern == code
            usual = max(spread(left[cells] if cells.sum() >= 2 * LEAST_COMMON else left), LEAST_SHARE)
            error[index[cells]] = left[cells] * own_noise[index[cells]]
            noise[index[cells]] = usual * own_noise[index[cells]]
    return error, noise


def _correlations(drawn: Floats) -> tuple[Floats, Floats]:
    """Return the size of each series' errors, and correlations where enough are shared."""
    there = csr_array(~np.isnan(drawn), dtype=float)  # of a hundred places and years, one is in a series
    filled = csr_array(np.nan_to_num(drawn))
    squares, common = ((filled**2).T @ there).toarray(), (there.T @ there).toarray()
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.nan_to_num((filled.T @ filled).toarray() / np.sqrt(squares * squares.T))
        size = np.sqrt(np.diag(squares) / np.diag(common))
    found[common < LEAST_COMMON] = 0.0
    np.fill_diagonal(found, 0.0)
    return size, found
