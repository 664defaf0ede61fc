"""Parts, leave-outs and the specification grid of imputation, against estimating each of them anew."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.staggered.design import design_variant
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel, build_staggered
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    Engine,
    Terms,
    imputable,
    impute,
)
from leadership_effects.effects.staggered.variation.anatomy import (
    by_cohort,
    by_series,
    early_and_late,
    identified,
    leave_outs,
    part_of,
    sensitivity_panels,
)
from leadership_effects.effects.staggered.variation.specification import grid_cells, staggered_curve
from made_shires import CODES, DESIGN, invent, shires
from made_staggered import noise_panel, staggered_of
from miniature import SmallRelease

ALGEBRA = 1e-9  # two routes through the same normal equations, numbers near 1
TERMS = [PLAIN, LEVEL, ADJUSTED]


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.label)
def test_parts_are_the_means_of_their_imputed_effects_and_add_up(terms: Terms) -> None:
    panel = noise_panel(3, series=2)
    whole = impute(panel, terms)
    for parts in (by_cohort(panel, terms), by_series(panel, terms)):
        weights = [part.n_cells for part in parts]
        assert np.average([part.estimate for part in parts], weights=weights) == pytest.approx(
            whole.estimate, abs=ALGEBRA
        )
    for part, first in zip(by_cohort(panel, terms), panel.cohorts, strict=True):
        assert part.estimate == pytest.approx(np.nanmean(whole.effects[panel.first == first]), abs=ALGEBRA)
    everything = part_of(panel, terms, imputable(panel), "all")
    assert (everything.estimate, everything.se) == pytest.approx((whole.estimate, whole.se), abs=ALGEBRA)


def test_the_error_of_a_part_is_that_of_the_panel_without_the_other_treated_cells() -> None:
    panel = noise_panel(5)
    mine = panel.first == panel.cohorts[0]
    left = replace(panel, y=np.where(panel.exposed & ~mine[:, None, None], np.nan, panel.y))
    runs = Engine(left, ADJUSTED).run(panel.first[None])
    part = by_cohort(panel, ADJUSTED)[0]
    assert (part.estimate, part.se) == pytest.approx((runs.estimates[0], runs.se[0]), abs=ALGEBRA)
    assert part.influence == pytest.approx(runs.influence[0], abs=ALGEBRA)


def test_late_less_early_has_the_error_of_a_difference() -> None:
    panel = noise_panel(7)
    early, late, apart = early_and_late(panel, PLAIN)
    n = len(panel.places)
    variance = early.se**2 + late.se**2 - 2 * (early.influence @ late.influence) * n / (n - 1)
    assert apart.estimate == pytest.approx(late.estimate - early.estimate)
    assert apart.se == pytest.approx(np.sqrt(variance), abs=ALGEBRA)
    assert early.n_treated + late.n_treated == panel.treated.sum()


def without(panel: StaggeredPanel, kind: str, position: int) -> StaggeredPanel:
    match kind:
        case "place":
            return panel.keep(np.arange(len(panel.places)) != position)
        case "cohort":
            return panel.keep(panel.first != panel.cohorts[position])
    y = panel.y.copy()
    y[:, :, position] = np.nan
    return replace(panel, y=y)


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.label)
@pytest.mark.parametrize("kind", ["place", "cohort", "wave"])
def test_leaving_out_is_estimating_without(kind: str, terms: Terms) -> None:
    panel = noise_panel(11, places=16, waves=8, series=2)
    parts = leave_outs(panel, terms)[kind]
    for position in range(0, len(parts), 3):
        other = impute(without(panel, kind, position), terms)
        assert (parts[position].estimate, parts[position].se) == pytest.approx(
            (other.estimate, other.se), abs=ALGEBRA
        )


def test_without_the_last_untreated_place_of_a_group_there_is_no_estimate() -> None:
    rng = np.random.default_rng(1)
    panel = staggered_of(
        rng.normal(size=(8, 1, 5)), [2, 2, 3, 3, *[NEVER] * 4], rng.normal(size=8), "abababbb"
    )
    assert [panel.group[p] for p in (0, 2, 4)] == ["a", "a", "a"]
    lost = [part for part in leave_outs(panel, ADJUSTED)["place"] if np.isnan(part.estimate)]
    assert [part.label for part in lost] == ["p04"]
    path = panel.first.copy()
    path[4] = 0
    assert identified(panel, ADJUSTED, np.stack([panel.first, path])).tolist() == [True, False]


@pytest.fixture
def noisy(small: SmallRelease) -> SmallRelease:
    invent(small, noise=4.0)
    return small


def test_sensitivity_rows_come_with_a_panel_or_a_reason(noisy: SmallRelease) -> None:
    rows = {"later": {"years_after": 3}, "all out": {"leave_out": dict.fromkeys(DESIGN["treated"], "Out.")}}
    found = dict(sensitivity_panels(*shires(noisy, sensitivity=rows)))
    assert isinstance(found["later"], StaggeredPanel) and found["later"].name == "shires.later"
    assert found["all out"] == "shires.all out: no place is treated; a comparison needs both"


STARTS = [(2004, 2004, 2006, 2007), (2007, 2006, 2004, 2009)]


@pytest.mark.parametrize("years", STARTS)
def test_every_cell_is_the_estimate_of_its_own_panel(noisy: SmallRelease, years: tuple[int, ...]) -> None:
    with noisy.path("starts.csv").open(encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    for code, year in zip(("XA", "XB", "XC", "XD"), years, strict=True):
        row = next(row for row in rows if row[head.index("code")] == code)
        row[head.index("year")] = str(year)
        row[head.index("basis")] = "inferred" if code == "XC" else "stated"
    noisy.write_table("starts.csv", [head, *rows])
    noisy.freeze()
    release, design = shires(noisy, treated={}, never=[])
    curve = staggered_curve(release, design, 9, 1)
    for cell, row in zip(grid_cells(design), curve.cells.to_dict("records"), strict=True):
        panel = build_staggered(release, design_variant(design, "cell", cell.change))
        assert row["estimate"] == pytest.approx(impute(panel, cell.terms).estimate, abs=1e-7), cell.choices
        assert row["n_treated"] == panel.treated.sum()
    assert curve.median == pytest.approx(curve.cells["estimate"].median())


def test_the_rank_counts_medians_at_least_as_far_from_zero(noisy: SmallRelease) -> None:
    release, design = shires(noisy)
    one, again, other = (staggered_curve(release, design, 39, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.permuted, again.permuted) and not np.array_equal(one.permuted, other.permuted)
    assert one.p == (1 + (np.abs(one.permuted) >= abs(one.median) - 1e-9).sum()) / 40
    assert one.n_places == len(CODES) and len(one.permuted) == 39 and 0 <= one.missing < 1
