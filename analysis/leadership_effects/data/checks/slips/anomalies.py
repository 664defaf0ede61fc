"""List outcomes that look like slips of typing, copying or scale, with the reason in words.

A figure is listed when it lies far from what its series, or other series of the same place and year, expect
(`expected_values`); when the figures of two rows next to each other would both fit better exchanged; when no whole number
of the pupils counted gives the share (Brown and Heathers 2017, Soc. Psychol. Personal. Sci. 8: 363-369); and when a number
of pupils has another order of magnitude. A listed figure may be right: a hurricane and a new examination look the same.
Two neighbouring figures that differ by less than the usual error can be exchanged unseen, unless an earlier release held
them in their places. Rows that one slip seems to have moved together (`structural_slips`) are one line, and set aside before
single figures are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from leadership_effects.data.checks.problem import file_row
from leadership_effects.data.checks.slips.changes import slips_of_changes
from leadership_effects.data.checks.slips.expected import Floats, expected_values, own_expectations
from leadership_effects.data.checks.slips.findings import SCALES, with_digits_exchanged
from leadership_effects.data.checks.slips.structural import pupil_slips, structural_slips
from leadership_effects.data.provenance import OUTCOME_KEY, ranges
from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row, key_of, read_rows

FAR = 3.7  # usual errors from what is expected
IN_LINE = 2.0  # usual errors of a figure that its own series bears out
AWAY = 2.0  # usual errors by which a changed figure may move away from what is expected
EXCHANGE_GAIN = 5.4  # log-likelihood that two figures gain by an exchange
EXCHANGE_APART, EXCHANGE_TREATED = (
    10.0,
    3.5,
)  # the same of years further apart, and of years of a treated unit
OUTER = 5.0  # usual errors beyond which a distance counts no further
FITS = 2.5  # usual errors within which a figure fits
# Shares are counted out of pupils where so many rows are, the share that fits is so high, and chance is so far from it.
SHARE_ROWS, SHARE_FITS, SHARE_CHANCE = 8, 0.9, 0.9
ORDER, ORDER_FAR = 0.7, 1.5  # of a number of pupils: decimal logarithm, usual errors
PERCENT = "percent"
COLUMNS = ("table", "file", "row", "key", "column", "value", "expected", "times", "reason", "keys")


def outcome_rows(
    release: Release, tables: Iterable[str] | None = None, added: Mapping[str, Sequence[Row]] | None = None
) -> pd.DataFrame:
    """Return the outcomes of a release as written and as numbers, with unit and place.

    Parameters
    ----------
    tables : iterable of str, optional
        Tables of outcomes; all of the release if left out.
    added : mapping of str to rows, optional
        Rows that the release does not hold: ``units``, ``indicators``, ``cases``, and ``outcomes`` with their ``file`` and ``row``,
        which take the place of those of their key.
    """
    present = [r["name"] for r in release.descriptor["resources"] if r["name"].startswith("outcomes-")]
    added, found = added or {}, dict[str, dict[str, object]]()
    for name in present if tables is None else [name for name in tables if name in present]:
        file = f"{release.name}/{release.resource(name)['path']}"
        for number, row in enumerate(read_rows(release, name)):
            place = {"table": name, "file": file, "row": file_row(number)}
            key = "/".join(key_of(row, OUTCOME_KEY))
            found[key] = {**row, **place, "key": key}
    for row in added.get("outcomes", ()):
        key = "/".join(key_of(row, OUTCOME_KEY))
        found.pop(key, None)
        found[key] = {**row, "row": int(row["row"]), "key": key}
    units = {row["unit_id"]: row for row in (*read_rows(release, "units"), *added.get("units", ()))}
    measures = {
        row["indicator_id"]: row["value_unit"]
        for row in (*read_rows(release, "indicators"), *added.get("indicators", ()))
    }
    treated = {row["treated_unit"] for row in (*read_rows(release, "cases"), *added.get("cases", ()))}
    needed = [*OUTCOME_KEY, "value", "n_pupils", "source_id", "table", "file", "row", "key"]
    return _described(
        pd.DataFrame(found.values(), columns=None if found else needed), units, measures, treated
    )


def _described(
    rows: pd.DataFrame, units: dict[str, dict[str, str]], measures: dict[str, str], treated: set[str]
) -> pd.DataFrame:
    """Return the outcomes that have a figure and a year, with numbers, places and measures."""
    rows = rows.assign(
        text=rows["value"],
        value=pd.to_numeric(rows["value"], errors="coerce").astype(float),
        year=pd.to_numeric(rows["year"], errors="coerce").astype(float),
        n_pupils=pd.to_numeric(rows["n_pupils"], errors="coerce").astype(float),
        decimals=rows["value"].astype(str).str.partition(".")[2].str.len(),
        measure=rows["indicator_id"].map(measures).fillna(""),
        unit_type=[units.get(unit, {}).get("unit_type", "") for unit in rows["unit_id"]],
        treated=rows["unit_id"].isin(treated),
        place=[units.get(unit, {}).get("code", "") or unit for unit in rows["unit_id"]],
    )
    whole = np.isfinite(rows["value"]) & np.isfinite(rows["year"])
    return rows[whole].drop_duplicates(["indicator_id", "unit_id", "year"]).reset_index(drop=True)


def suspicion_lines(listed: pd.DataFrame) -> list[str]:
    """Return a line a listed cell: file, row, column, key, figure and reason."""
    return [
        f"{cell.file}, row {cell.row}, column {cell.column}: {cell.key} is {cell.value}: {cell.reason}"
        for cell in listed.itertuples()
    ]


def suspicious_figures(rows: pd.DataFrame, earlier: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return the cells that look like mistakes.

    Parameters
    ----------
    rows : DataFrame
        Result of `outcome_rows`, in the order of the files.
    earlier : mapping of str to float, optional
        Changed figures by key, as an earlier release held them. One that moved away from what is expected is listed, and
        one that a slip makes of the earlier figure.

    Returns
    -------
    DataFrame
        A row a cell, or rows that look moved by one slip, in the order of the files, with `COLUMNS`: the figure as written,
        the one expected, the distance in usual errors (NaN where no distance is the reason), the reason and the keys of
        all outcomes meant.
    """
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = rows.assign(
        position=np.arange(len(rows)), earlier=rows["key"].map(dict(earlier or {})).astype(float)
    )
    together = structural_slips(rows)
    aside = {place for slip in together for place in slip.positions}
    blocks = [
        cell for slip in together for cell in _listed_rows(rows.iloc[list(slip.positions)], slip.reason)
    ]
    single = rows[~rows["position"].isin(aside)].reset_index(drop=True)
    listed = [*blocks, *_single_figures(single), *_odd_numbers_of_pupils(rows)]
    found = pd.DataFrame(listed, columns=["position", *COLUMNS])
    return found.sort_values("position", kind="stable", ignore_index=True)[list(COLUMNS)]


def _listed_rows(rows: pd.DataFrame, reason: str, column: str = "value") -> Iterator[tuple[object, ...]]:
    """Yield a line a file for rows that one slip seems to have moved."""
    for file, held in rows.groupby("file", sort=False):
        first, which = held.iloc[0], ranges(held["row"])
        written = first["text"] if column == "value" else f"{first[column]:.0f}"
        told = written, np.nan, np.nan, f"rows {which}: {reason}", tuple(held["key"])
        yield (first["position"], first["table"], file, first["row"], first["key"], column, *told)


def _single_figures(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield figures that look like mistakes one by one."""
    if rows.empty:
        return
    looked = expected_values(rows)
    looked["times"] = looked["error"] / looked["noise"]
    looked["times_beside"] = looked["error_beside"] / looked["noise_beside"]
    far = (looked["times"].abs() > FAR) | ((looked["times_beside"].abs() > FAR) & ~_beside_a_stray(looked))
    uncountable, partner = _uncountable(looked), _exchanged(looked)
    before = (looked["times"] + (looked["earlier"] - looked["value"]) / looked["noise"]).abs()
    away = looked["times"].abs() - before > AWAY
    changed = slips_of_changes(looked, _neighbours(looked), before - looked["times"].abs() > AWAY)
    for row in looked[far | uncountable | (partner >= 0) | away | (changed != "")].itertuples():
        told = uncountable[row.Index], partner[row.Index], away[row.Index], changed[row.Index]
        yield _listed_cell(row, looked, *told)


def _beside_a_stray(rows: pd.DataFrame) -> pd.Series:
    """Return which figures fit their own series beside one of the place and year that does not."""
    stray = (rows["times"].abs() > FAR).groupby([rows["place"], rows["year"]]).transform("any")
    return stray & (rows["times"].abs() < IN_LINE)


def _uncountable(rows: pd.DataFrame) -> pd.Series:
    """Return which shares no whole number of pupils gives, where most shares of a kind are."""
    decimals = rows.groupby("indicator_id")["decimals"].quantile(0.9, interpolation="higher")
    half = 0.5 * 10.0 ** -rows["indicator_id"].map(decimals) * rows["n_pupils"] / 100 + 1e-6
    count = rows["value"] * rows["n_pupils"] / 100
    fails = (count - count.round()).abs() > half
    shares = rows["n_pupils"].notna() & (rows["measure"] == PERCENT)
    by_chance = (2 * half).clip(upper=1.0)
    told = pd.DataFrame({"fits": ~fails, "chance": by_chance, "indicator_id": rows["indicator_id"]})
    told = told[shares & (by_chance < 1)].groupby("indicator_id").agg(
        fits=("fits", "mean"), chance=("chance", "mean"), rows=("fits", "size")
    )  # fmt: skip
    enough = (told["rows"] >= SHARE_ROWS) & (told["fits"] >= SHARE_FITS) & (told["chance"] < SHARE_CHANCE)
    # Fits that chance alone would give tell nothing.
    surprising = told["fits"] - told["chance"] > 3 * np.sqrt(
        told["chance"] * (1 - told["chance"]) / told["rows"]
    )
    return fails & shares & rows["indicator_id"].isin(told.index[enough & surprising])


def _exchanged(rows: pd.DataFrame) -> pd.Series:
    """Return the position of the row with which each figure would better be exchanged, or -1.

    Pairs are rows next to each other in a file, and years of a unit. Years further apart, of which there are more, have to
    gain more, and those of a treated unit, on which all hangs, less.
    """
    (first, second), (one, other) = _neighbours(rows), _years_apart(rows)
    least = np.repeat([EXCHANGE_GAIN, EXCHANGE_APART], [len(first), len(one)])
    first, second = np.concatenate([first, one]), np.concatenate([second, other])
    unit, treated = rows["unit_id"].to_numpy(), rows["treated"].to_numpy(dtype=bool)
    least = np.where(treated[first] & (unit[first] == unit[second]), EXCHANGE_TREATED, least)
    value = rows["value"].to_numpy()
    gain = np.full(len(first), np.nan)
    for error, noise in (("error", "noise"), ("error_beside", "noise_beside")):
        distance, usual = rows[error].to_numpy(), rows[noise].to_numpy()
        moved = value[second] - value[first]
        now = distance[first] / usual[first], distance[second] / usual[second]
        then = (distance[first] + moved) / usual[first], (distance[second] - moved) / usual[second]
        gained = _surprise(*now) - _surprise(*then)
        fits = (np.abs(then[0]) < FITS) & (np.abs(then[1]) < FITS)
        # Beside other series an error is smaller; where both cells have it, it decides alone.
        gain = np.where(np.isnan(gained), gain, np.where(fits, gained, -np.inf))
    partner = pd.Series(-1, index=rows.index)
    better = gain > least
    for place in np.flatnonzero(better)[np.argsort(gain[better], kind="stable")]:
        partner[first[place]], partner[second[place]] = second[place], first[place]
    return partner


def _neighbours(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    file = rows["file"].to_numpy()
    above = np.flatnonzero(file[:-1] == file[1:])
    order = rows.sort_values(["series", "unit_id", "year"], kind="stable").index.to_numpy()
    ordered = rows.loc[order, ["series", "unit_id"]].to_numpy()
    same = (ordered[:-1] == ordered[1:]).all(axis=1)
    pairs = np.concatenate([
        np.column_stack([above, above + 1]),
        np.sort(np.column_stack([order[:-1][same], order[1:][same]]), axis=1),
    ])  # fmt: skip
    pairs = np.unique(pairs, axis=0)
    return pairs[:, 0], pairs[:, 1]


def _years_apart(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of years of a unit that are not next to each other in its series."""
    order = rows.sort_values(["series", "unit_id", "year"], kind="stable")
    pairs = [np.empty((0, 2), dtype=np.intp)]
    for held in order.groupby(["series", "unit_id"], sort=False).indices.values():
        places = order.index.to_numpy()[held]
        one, other = np.triu_indices(len(places), 2)
        pairs.append(np.column_stack([places[one], places[other]]))
    found = np.concatenate(pairs)
    return found[:, 0], found[:, 1]


def _surprise(first: Floats, second: Floats) -> Floats:
    """Return the negative log-likelihood of two distances in usual errors, bounded."""
    bounded = np.minimum(np.abs(first), OUTER) ** 2 + np.minimum(np.abs(second), OUTER) ** 2
    return np.asarray(bounded / 2, dtype=float)


def _odd_numbers_of_pupils(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield numbers of pupils of another order of magnitude, or of another unit."""
    together = pupil_slips(rows)
    for slip in together:
        yield from _listed_rows(rows.iloc[list(slip.positions)], slip.reason, "n_pupils")
    aside = {place for slip in together for place in slip.positions}
    counted = rows[(rows["n_pupils"] > 0) & ~rows["position"].isin(aside)].reset_index(drop=True)
    # Units differ in size: a number is held against the unit's own years.
    years = counted.groupby(["indicator_id", "unit_type"])["year"].transform("nunique")
    counted = counted[years > 2]
    looked = own_expectations(counted.assign(value=np.log10(counted["n_pupils"])))
    times = looked["error"] / looked["noise"]
    for row in looked[(times.abs() > ORDER_FAR) & (looked["error"].abs() > ORDER)].itertuples():
        expected = 10 ** (row.value - row.error)
        reason = f"about {expected:,.0f} pupils are expected from the unit's other years and the other units"
        told = f"{row.n_pupils:.0f}", float(f"{expected:.2g}"), float(times[row.Index]), reason, (row.key,)
        yield (row.position, row.table, row.file, row.row, row.key, "n_pupils", *told)


def _listed_cell(
    row: object, rows: pd.DataFrame, uncountable: bool, partner: int, away: bool, changed: str
) -> tuple[object, ...]:
    """Return a listed figure with its reasons in words."""
    values = {name: getattr(row, name) for name in row._fields}  # type: ignore[attr-defined]
    beside = abs(np.nan_to_num(values["times_beside"])) > max(FAR, abs(np.nan_to_num(values["times"])))
    error, noise = (values[name + ("_beside" if beside else "")] for name in ("error", "noise"))
    times, reasons = error / noise, []
    expected = values["value"] - error
    if values["measure"] == PERCENT:
        expected = float(np.clip(expected, 0, 100))
    if abs(np.nan_to_num(times)) > FAR:
        whence = (
            "other indicators of the same place and year" if beside
            else f"the unit's other years and the other units of {values['year']:.0f}"
        )  # fmt: skip
        reasons.append(
            f"about {expected:.4g} is expected from {whence}; off by {abs(times):.1f} times the usual error"
        )
        reasons += [f"{told} would fit" for told in _slips(values["text"], expected, noise)]
    if away:
        was = values["earlier"]
        reasons.append(f"the figure of the release before, {was:.10g}, is nearer to what is expected")
    if changed:
        reasons.append(changed)
    if uncountable:
        reasons.append(
            f"no whole number of {values['n_pupils']:.0f} pupils is {values['text']} per cent of them"
        )
    if partner >= 0:
        other = rows.loc[partner]
        reasons.append(f"both fit better exchanged with row {other['row']}, {other['key']} ({other['text']})")
    cell = (*(values[name] for name in ("position", "table", "file", "row", "key")), "value", values["text"])
    return (*cell, expected, times, "; ".join(reasons), (values["key"],))


def _slips(text: str, expected: float, noise: float) -> Iterator[str]:
    """Yield what a slip of scale or of two digits would have made of a figure that fits.

    Examples
    --------
    >>> list(_slips("672", 68.0, 2.0)), list(_slips("76.2", 68.0, 1.0))
    (['67.2, of which it is ten times,'], ['67.2, with two digits exchanged,'])
    """
    value = float(text)
    for factor, words in SCALES.items():
        if abs(value / factor - expected) < FITS * noise < abs(value - expected):
            yield f"{value / factor:.6g}, of which it is {words.removesuffix(' of')},"
            return
    for other in with_digits_exchanged(text):
        if abs(float(other) - expected) < FITS * noise:
            yield f"{other}, with two digits exchanged,"
            return
