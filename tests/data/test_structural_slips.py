"""Slips that move many rows at once, planted in real series, are listed with their rows and what would explain them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.checks.slips.anomalies import outcome_rows, suspicious_figures
from leadership_effects.data.checks.slips.expected import own_expectations
from leadership_effects.data.checks.slips.findings import Finding
from leadership_effects.data.checks.slips.grids import Grid, grids_of
from leadership_effects.data.checks.slips.structural import structural_slips
from leadership_effects.data.release import open_release

RELEASES = ("2026.1", "2026.2", "2026.3", "2026.4", "2026.5")
LEAST_UNITS, LEAST_YEARS, LEAST_MOVED, BLOCK = 8, 3, 4, (12, 60)
SAID = {
    "years exchanged": "the two years exchanged for all units",
    "year repeated": "a column pasted twice",
    "year at a scale": "another unit of measure",
    "year a row off": "unit's key would explain it",
    "year sorted": "sorted by size, apart from their keys",
    "units exchanged": "under the key of the other in all years",
    "unit repeated": "the rows of a unit pasted twice",
    "unit at a scale": "another unit of measure",
    "block a row off": "a block moved by one row",
    "block sorted": "sorted apart from their keys",
}


@dataclass(frozen=True)
class Slip:
    """A planted slip: its kind and the new figures by position."""

    kind: str
    figures: dict[int, float]


class BlockPlanter:
    """Draws slips of many rows in the outcomes of a release, each in a series of its own."""

    def __init__(self, rows: pd.DataFrame, seed: int) -> None:
        self.rows, self.rng, self.value = rows, np.random.default_rng(seed), rows["value"].to_numpy()
        self.noise = own_expectations(rows)["noise"].to_numpy()
        self.grid_of = {int(place): grid for grid in grids_of(rows) for place in grid.rows[grid.rows >= 0]}
        self.orders = list(rows.groupby(["file", "indicator_id"]).indices.values())
        self.order_of = {int(place): order for order in self.orders for place in order}

    def moved(self, to: np.ndarray, source: np.ndarray) -> dict[int, float]:
        there = (to >= 0) & (source >= 0)
        return {int(a): float(self.value[b]) for a, b in zip(to[there], source[there], strict=True)}

    def other(self, number: int, of: int) -> int:
        """Draw the next line of a table, or one time in four any other."""
        return (
            (number + 1) % of if self.rng.random() < 0.75 else int((number + self.rng.integers(1, of)) % of)
        )

    def figures(self, kind: str, place: int, grid: Grid) -> dict[int, float]:
        what, _, how = kind.partition(" ")
        unit, year = (int(found[0]) for found in np.where(grid.rows == place))
        if what.startswith("block"):
            order = self.order_of[place]
            first = int(np.searchsorted(order, place))
            line = order[first : first + int(self.rng.integers(*BLOCK))]
            line = line if len(line) >= BLOCK[0] else line[:0]
        else:
            table, number = (grid.rows.T, year) if what.startswith("year") else (grid.rows, unit)
            line, second = table[number], table[self.other(number, len(table))]
        if how == "exchanged":
            return self.moved(line, second) | self.moved(second, line)
        if how == "repeated":
            return self.moved(line, second)
        line = np.sort(line[line >= 0])
        if how == "at a scale":
            factor = self.rng.choice([10, 100, 0.1, 0.01])
            return {int(cell): float(self.value[cell] * factor) for cell in line}
        new = (
            np.sort(self.value[line])
            if how == "sorted"
            else np.roll(self.value[line], self.rng.choice([-1, 1]))
        )
        return {int(cell): float(figure) for cell, figure in zip(line, new, strict=True)}

    def drawn(self, least: float) -> Iterator[Slip]:
        """Yield a slip of each kind that moves half of its figures by more than so many usual errors of the series."""
        used: set[str] = set()
        for kind in SAID:
            new: dict[int, float] = {}
            while not new:
                place = int(self.rng.integers(len(self.rows)))
                grid = self.grid_of[place]
                if grid.indicator in used or len(grid.units) < LEAST_UNITS or len(grid.years) < LEAST_YEARS:
                    continue
                moved = {
                    cell: to for cell, to in self.figures(kind, place, grid).items() if to != self.value[cell]
                }
                sizes = [abs(to - self.value[cell]) / self.noise[cell] for cell, to in moved.items()]
                new = moved if len(moved) >= LEAST_MOVED and np.median(sizes) > least else {}
            used.add(grid.indicator)
            yield Slip(kind, new)


def written(rows: pd.DataFrame, slips: list[Slip]) -> pd.DataFrame:
    text = rows["text"].copy()
    for slip in slips:
        text.loc[list(slip.figures)] = [f"{figure:.10g}" for figure in slip.figures.values()]
    return rows.assign(text=text, value=pd.to_numeric(text), decimals=text.str.partition(".")[2].str.len())


def told_of(found: list[Finding], slip: Slip) -> str:
    """Return the reason of the finding that names at least half of the rows of a slip, else an empty text."""
    best = max(found, key=lambda told: len(set(told.positions) & set(slip.figures)))
    return best.reason if 2 * len(set(best.positions) & set(slip.figures)) >= len(slip.figures) else ""


@pytest.fixture(scope="module")
def outcomes() -> pd.DataFrame:
    return outcome_rows(open_release(RELEASES[-1]))


@pytest.mark.parametrize(
    ("seed", "least", "wanted"), [(0, 2.0, 8), (1, 2.0, 8), (0, 0.0, 6)],
    ids=["larger than noise", "larger than noise, drawn again", "of any size"],
)  # fmt: skip
def test_of_ten_planted_slips_of_many_rows_most_are_named(
    outcomes, seed: int, least: float, wanted: int
) -> None:
    """Slips of any size hold exchanges of units and years that are alike, which nothing can tell."""
    slips = list(BlockPlanter(outcomes, seed).drawn(least))
    found = structural_slips(written(outcomes, slips))
    told = {slip.kind: told_of(found, slip) for slip in slips}
    assert sum(reason != "" for reason in told.values()) >= wanted, told
    assert sum(SAID[kind] in reason for kind, reason in told.items()) >= wanted - 1, told
    planted = {cell for slip in slips for cell in slip.figures}
    astray = [told for told in found if not planted & set(told.positions)]
    assert sum(len(told.positions) for told in astray) < 0.01 * len(outcomes), (
        "fewer than one in a hundred other cells"
    )


@pytest.mark.parametrize("release", RELEASES)
def test_a_frozen_release_has_no_rows_that_look_moved_together(release: str) -> None:
    """A threshold is set with every release in view: a finding in a new one is looked up in its sources."""
    assert structural_slips(outcome_rows(open_release(release))) == []


def test_rows_moved_together_are_one_line_that_names_file_and_rows(outcomes) -> None:
    rows = outcomes[outcomes["table"] == "outcomes-chile"].reset_index(drop=True)
    unit = (rows["unit_id"] == "chile/region/biobio") & (rows["indicator_id"] == "simce_4b_lect")
    tenth = {int(place): float(rows["value"][place] / 10) for place in rows.index[unit]}
    spoilt = written(rows, [Slip("unit at a scale", tenth)])
    (line,) = [
        line for line in suspicious_figures(spoilt).itertuples() if set(line.keys) & set(rows["key"][unit])
    ]
    assert set(line.keys) == set(rows["key"][unit]), "the unit's own rows, and no innocent one"
    assert line.file == f"{RELEASES[-1]}/outcomes/chile.csv"
    assert line.reason.startswith(
        f"rows {min(rows['row'][unit])}-{max(rows['row'][unit])}: the figures of biobio in all years"
    )


def changed(grid: Grid, kind: str) -> np.ndarray:
    """Return the figures of a series with one mistake about a whole year or unit."""
    new, last = grid.values.copy(), len(grid.years) - 1
    of, _, how = kind.partition(": ")
    year = last if of == "last year" else last // 2
    if how == "a constant":
        new[:, year] += 40
    elif how == "from a hundred":
        new[:, year] = 100 - new[:, year]
    elif how == "shares":
        new[(slice(None), year) if "year" in of else 3] /= 100
    elif how == "a year off":
        new[3, 1:] = grid.values[3, :-1]
    elif how == "three years pasted":
        new[3, 4:7] = grid.values[5, 4:7]
    return new


@pytest.mark.parametrize(
    ("kind", "indicator", "said"),
    [
        ("last year: a constant", "tx_grad4", "the figures of 2021 lie above the years around by 39"),
        ("last year: a constant", "simce_4b_lect", "a constant added to each figure, or another test or scale, would explain it"),
        ("year: a constant", "tx_grad4", "the figures of 2016 lie above the years around by 39"),
        ("last year: from a hundred", "tx_cohort_hs_grad_pct", "100 less each figure would explain it"),
        ("year: from a hundred", "ece4p_maths", "100 less each figure would explain it"),
        ("last year: shares", "tx_grad4", "the figures of 2021 for all units are about a hundredth"),
        ("unit: shares", "ece4p_maths", "in all years are about a hundredth of what is expected"),
        ("unit: a year off", "simce_4b_lect", "the common course of the others as it was a year before"),
        ("unit: three years pasted", "simce_4b_lect", "to the last decimal from"),
    ],
)  # fmt: skip
def test_a_mistake_about_a_whole_year_or_unit_is_one_finding(
    outcomes, kind: str, indicator: str, said: str
) -> None:
    rows = outcomes[outcomes["indicator_id"] == indicator].reset_index(drop=True)
    grid = max(
        (grid for grid in grids_of(rows) if grid.kind in ("region", "county")), key=lambda g: len(g.units)
    )
    new = changed(grid, kind)
    moved = (new != grid.values) & ~np.isnan(new) & (grid.rows >= 0)
    figures = dict(zip(grid.rows[moved].tolist(), new[moved].tolist(), strict=True))
    found = structural_slips(written(rows, [Slip(kind, figures)]))
    (told,) = [told for told in found if set(figures) & set(told.positions)]
    assert said in told.reason and set(figures) <= set(told.positions)


@pytest.mark.parametrize("of_years", [False, True])
def test_two_lines_exchanged_since_the_release_before_are_one_finding(outcomes, of_years: bool) -> None:
    """Two units of one level, or two years of a flat series, which no other source tells."""
    rows = outcomes[outcomes["indicator_id"] == "simce_4b_lect"].reset_index(drop=True)
    grid = max(grids_of(rows), key=lambda g: len(g.units))
    one, other = (grid.rows.T if of_years else grid.rows)[[4, 9]]
    there = (one >= 0) & (other >= 0)
    pairs = [*zip(one[there], other[there], strict=True), *zip(other[there], one[there], strict=True)]
    spoilt = written(rows, [Slip("exchanged", {int(a): float(rows["value"][b]) for a, b in pairs})])
    earlier = {rows["key"][a]: float(rows["value"][a]) for a, _ in pairs}
    (line,) = [
        line for line in suspicious_figures(spoilt, earlier).itertuples() if set(line.keys) & set(earlier)
    ]
    assert set(line.keys) == set(earlier) and "that the release before had of" in line.reason


@pytest.mark.parametrize(
    ("unit", "years"),
    [("tx_grad4/rio_grande_valley/region/01-edinburg", (2016, 2017)), ("cbse_xii_region/delhi/board_region/delhi", (2015, 2023))],
    ids=["next to each other", "apart"],
)  # fmt: skip
def test_two_years_of_the_treated_unit_exchanged_are_listed(
    outcomes, unit: str, years: tuple[int, int]
) -> None:
    rows = outcomes[outcomes["table"] == f"outcomes-{unit.split('/')[1]}"]
    rows = rows[rows["indicator_id"].str.startswith(unit.split("/")[0])].reset_index(drop=True)
    one, other = (int(rows.index[rows["key"] == f"{unit}/{year}"][0]) for year in years)
    assert rows["treated"][[one, other]].all()
    figures = {one: float(rows["value"][other]), other: float(rows["value"][one])}
    found = suspicious_figures(written(rows, [Slip("exchanged", figures)])).set_index("key")
    for place in figures:
        assert "both fit better exchanged" in found["reason"][rows["key"][place]]


@pytest.mark.parametrize("exchanged", [False, True])
def test_numbers_of_pupils_of_another_size_or_unit_are_one_finding(outcomes, exchanged: bool) -> None:
    rows = outcomes[outcomes["table"] == "outcomes-chile"].reset_index(drop=True)
    own = (rows["indicator_id"] == "simce_4b_lect") & (rows["unit_type"] == "region")
    one, other = (rows[own & (rows["unit_id"] == f"chile/region/{name}")] for name in ("biobio", "aysen"))
    pupils = rows["n_pupils"].copy()
    if exchanged:
        pupils[one.index] = other.set_index("year")["n_pupils"].reindex(one["year"]).to_numpy()
        pupils[other.index] = one.set_index("year")["n_pupils"].reindex(other["year"]).to_numpy()
    else:
        pupils[one.index] *= 10
    found = suspicious_figures(rows.assign(n_pupils=pupils))
    (line,) = found[found["column"] == "n_pupils"].itertuples()
    assert set(line.keys) >= set(one["key"][one["n_pupils"].notna()])
    assert ("under the key of the other" if exchanged else "are about ten times") in line.reason
