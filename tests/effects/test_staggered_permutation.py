"""Permuted start paths against statsmodels, enumeration by brute force, and the size of the test."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    Engine,
    ImputationError,
    Ints,
    Terms,
    imputable,
    impute,
    wave_terms,
)
from leadership_effects.effects.staggered.paths import (
    PermutationError,
    draw_paths,
    earliest_start,
    permutable,
    strata_of,
)
from leadership_effects.effects.staggered.permutation import (
    engine_of,
    family,
    family_test,
    permutation_test,
    permute,
)
from made_staggered import staggered_of
from scipy import stats

ALGEBRA = 1e-10  # two routes through the same normal equations, numbers near 1
EVERY = list(itertools.product((PLAIN, LEVEL, ADJUSTED), (False, True)))


def panel_of(y: Array, first: list[int], weights: Array | None = None, group: str = "") -> StaggeredPanel:
    """Panel with the mean outcome of each place as its level."""
    level = np.nan_to_num(y).mean(axis=(1, 2))
    panel = staggered_of(y, first, level - level.mean(), group)
    return panel if weights is None else replace(panel, weights=weights)


def random_panel(ragged: bool, seed: int = 3) -> StaggeredPanel:
    """Fourteen places and six waves; ragged: two series, a late one, missing cells and unequal weights."""
    rng = np.random.default_rng(seed)
    first = [2, 2, 3, 3, 4, 4, 5] + [NEVER] * 7
    y = rng.normal(size=(14, 2 if ragged else 1, 6)).cumsum(axis=2)
    if not ragged:
        return panel_of(y, first, group="ab" * 7)
    y[:, 1, 0] = np.nan
    y[[1, 8, 12], 0, [3, 5, 2]] = np.nan
    y[10, :, :1] = np.nan
    y[13, 1] = np.nan
    return panel_of(y, first, rng.uniform(0.5, 2, y.shape), "ab" * 7)


def small_panel() -> StaggeredPanel:
    """Six places and five waves, one of them seen from the third on: 6 x 4 of its permutations are possible, or fewer."""
    y = np.random.default_rng(11).normal(size=(6, 1, 5)).cumsum(axis=2)
    y[4, 0, :2] = np.nan
    return panel_of(y, [2, 3, 3, NEVER, NEVER, NEVER], group="aabbab")


def started(panel: StaggeredPanel, first: Ints) -> StaggeredPanel:
    return replace(panel, first=np.asarray(first, dtype=np.int64))


def weights_by_hand(panel: StaggeredPanel, terms: Terms) -> tuple[float, float]:
    """Estimate and clustered error from the weight of every cell in the estimate, by a pseudo-inverse of all dummies."""
    n, s, w = panel.y.shape
    free, treated = panel.observed & ~panel.exposed, imputable(panel)
    dummies = np.repeat(np.eye(n * s).reshape(n, s, 1, n * s), w, axis=2)
    x = np.concatenate([dummies, wave_terms(panel, terms)[0]], axis=-1)
    root = np.sqrt(panel.weights[free])
    v = panel.weights[treated] / panel.weights[treated].sum()
    fit = np.linalg.pinv(x[free] * root[:, None])
    a = -(v @ x[treated]) @ fit * root
    beta = fit @ (root * panel.y[free])
    estimate = float(v @ panel.y[treated] + a @ panel.y[free])
    part = np.zeros_like(panel.y)
    part[treated] = v * (panel.y[treated] - x[treated] @ beta - estimate)
    part[free] = a * (panel.y[free] - x[free] @ beta)
    return estimate, float(np.sqrt(np.square(part.sum(axis=(1, 2))).sum() * n / (n - 1)))


def all_by_force(panel: StaggeredPanel, terms: Terms, groups: bool = False) -> list[Ints]:
    """Every distinct assignment that the rule allows, the actual one first."""
    second = earliest_start(panel)
    found = []
    for first in sorted(set(itertools.permutations(panel.first.tolist()))):
        own = np.array(first)
        if groups and any(
            sorted(own[[g == letter for g in panel.group]])
            != sorted(panel.first[[g == letter for g in panel.group]])
            for letter in set(panel.group)
        ):
            continue
        if (own >= second)[own < NEVER].all():
            try:
                impute(started(panel, own), terms)
            except ImputationError:
                continue
            found.append(own)
    return sorted(found, key=lambda own: bool((own != panel.first).any()))


@pytest.mark.parametrize(("terms", "ragged"), EVERY)
def test_engine_equals_statsmodels_under_any_starts(terms: Terms, ragged: bool) -> None:
    panel = random_panel(ragged)
    engine = Engine(panel, terms)
    first = draw_paths(engine, "all places", 12, 5).first
    runs = engine.run(np.concatenate([panel.first[None, :], first]))
    for d, own in enumerate([panel.first, *first]):
        there = started(panel, own)
        estimate, se = weights_by_hand(there, terms)
        assert runs.estimates[d] == pytest.approx(impute(there, terms).estimate, abs=ALGEBRA)
        assert (runs.estimates[d], runs.se[d]) == pytest.approx((estimate, se), abs=ALGEBRA)


@pytest.mark.parametrize("effect", [0.0, 0.7, -1.3])
@pytest.mark.parametrize("scheme", ["all places", "groups"])
def test_p_equals_re_estimation_of_every_assignment(scheme: str, effect: float) -> None:
    panel = small_panel()
    less = replace(panel, y=panel.y - effect * panel.exposed)
    found = [
        weights_by_hand(started(less, own), PLAIN) for own in all_by_force(panel, PLAIN, scheme == "groups")
    ]
    own, others = found[0], found[1:]
    test = permutation_test(panel, PLAIN, scheme, 9999, 1)
    assert test.paths.enumerated and len(test.estimates) == len(others) and test.p_error == 0
    studentised = np.array([abs(a / se) >= abs(own[0] / own[1]) - 1e-9 for a, se in others])
    plain = np.array([abs(a) >= abs(own[0]) - 1e-9 for a, _ in others])
    assert test.p_at(effect) == pytest.approx((1 + studentised.sum()) / len(found))
    assert test.p_at(effect, studentised=False) == pytest.approx((1 + plain.sum()) / len(found))


@pytest.mark.parametrize(("terms", "ragged"), EVERY)
def test_set_holds_the_estimate_and_ends_where_p_crosses(terms: Terms, ragged: bool) -> None:
    test = permutation_test(random_panel(ragged), terms, "all places", 499, 2)
    for level, studentised in itertools.product((0.90, 0.95), (True, False)):
        found = test.confidence_set(level, studentised)
        assert found.low < test.estimate < found.high
        for end, side in ((found.low, -1), (found.high, 1)):
            assert test.p_at(end - side * 1e-7, studentised) > 1 - level + 1e-9
            assert test.p_at(end + side * 1e-7, studentised) <= 1 - level + 1e-9


def test_set_moves_with_an_effect_and_scales_with_the_unit() -> None:
    panel = random_panel(True)
    plain = permutation_test(panel, PLAIN, draws=299, seed=2).confidence_set(0.9)
    moved = permutation_test(replace(panel, y=panel.y + 5 * panel.exposed), PLAIN, draws=299, seed=2)
    tiny = permutation_test(replace(panel, y=panel.y * 1e-5), PLAIN, draws=299, seed=2)
    assert moved.confidence_set(0.9).low == pytest.approx(plain.low + 5, abs=1e-7)
    assert tiny.confidence_set(0.9).high == pytest.approx(plain.high * 1e-5, rel=1e-7)


def test_with_few_assignments_the_set_has_no_ends() -> None:
    panel = small_panel().keep(np.array([True, True, False, True, True, False]))
    test = permutation_test(panel, PLAIN)
    assert test.paths.enumerated and len(test.estimates) + 1 < 20
    found = test.confidence_set(0.95)
    assert (found.low, found.high) == (-np.inf, np.inf)


@pytest.mark.parametrize("scheme", ["all places", "groups", "thirds of level"])
def test_drawn_paths_are_uniform_over_all_that_are_possible(scheme: str) -> None:
    y = np.random.default_rng(4).normal(size=(8, 1, 6))
    y[2, 0, :1] = y[5, 0, :2] = y[6, 0, :3] = np.nan
    panel = panel_of(y, [2, 3, 4, 4, NEVER, NEVER, NEVER, NEVER])
    panel = replace(panel, group=tuple("abababab"), level=np.arange(8.0)[::-1])
    engine = Engine(panel, PLAIN)
    listed = draw_paths(engine, scheme, 10**6, 1)
    draws = 8 * listed.possible
    assert listed.enumerated
    held, second = strata_of(panel, scheme), earliest_start(panel)
    every = {
        first
        for first in itertools.permutations(panel.first.tolist())
        if all(
            sorted(np.array(first)[held == cell]) == sorted(panel.first[held == cell])
            for cell in np.unique(held)
        )
    }
    allowed = {
        first for first in every if all(a >= b for a, b in zip(first, second, strict=True) if a < NEVER)
    }
    assert listed.possible == len(allowed)
    assert listed.early == pytest.approx(1 - len(allowed) / len(every))
    assert {tuple(own) for own in listed.first.tolist()} == allowed - {tuple(panel.first.tolist())}
    few = replace(listed, first=listed.first[:0])
    assert few.redrawn == pytest.approx(listed.early)
    kinds, counts = np.unique(_drawn(engine, scheme, draws), axis=0, return_counts=True)
    assert {tuple(own) for own in kinds.tolist()} == allowed
    assert stats.chisquare(counts).pvalue > 1e-3


def _drawn(engine: Engine, scheme: str, draws: int) -> Ints:
    """Draw in portions smaller than the number of possible paths, so that nothing is enumerated."""
    portion = draw_paths(engine, scheme, 10**6, 1).possible - 1
    return np.concatenate(
        [draw_paths(engine, scheme, portion, seed).first for seed in range(-(-draws // portion))]
    )


def test_paths_that_leave_a_term_without_untreated_places_are_drawn_again() -> None:
    panel = replace(
        random_panel(False), group=("a",) * 7 + ("b",) * 7, first=np.array([2, 3, 4, 5, 5, NEVER, NEVER] * 2)
    )
    engine = Engine(panel, Terms(group=True))
    paths = draw_paths(engine, "all places", 2000, 3)
    assert engine.identified(paths.first).all() and paths.early == 0
    rng = np.random.default_rng(1)
    free = np.array([rng.permutation(panel.first) for _ in range(20000)])
    share = 1 - engine.identified(free).mean()
    assert share > 0.02 and paths.unidentified == pytest.approx(share, abs=0.02)
    assert paths.redrawn == pytest.approx(paths.unidentified)


def test_a_level_needs_two_untreated_places_in_every_wave() -> None:
    panel = random_panel(False)
    one_left = started(panel, np.array([2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 4, 3, 2, NEVER]))
    engine = Engine(one_left, LEVEL)
    assert not engine.identified(one_left.first[None, :])[0]
    assert np.isnan(engine.run(one_left.first[None, :]).estimates[0])
    assert Engine(one_left, PLAIN).identified(one_left.first[None, :])[0]
    with pytest.raises(ImputationError, match="level by wave needs two untreated places in 2010"):
        impute(one_left, LEVEL)
    with pytest.raises(PermutationError, match="actual starts leave terms of level unidentified"):
        permutation_test(one_left, LEVEL, draws=99)


def test_size_is_exact_where_starts_are_exchangeable() -> None:
    rng = np.random.default_rng(8)
    panels = 600
    first = [2, 2, 3, 4, 4] + [NEVER] * 7
    outcomes = rng.normal(size=(panels, 12, 1, 5)).cumsum(axis=3)
    engine = Engine(panel_of(outcomes[0], first), PLAIN, list(outcomes))
    assigned = np.concatenate([np.array([first]), draw_paths(engine, "all places", 99, 1).first])
    t = np.stack([run.estimates / run.se for run in engine.run_all(assigned)])
    p = (np.abs(t) >= np.abs(t[:, :1]) - 1e-9).mean(axis=1)
    for alpha in (0.05, 0.1):
        error = np.sqrt(alpha * (1 - alpha) / panels)
        assert abs((p <= alpha + 1e-9).mean() - alpha) < 3 * error


def test_detectable_effect_is_found_as_often_as_asked() -> None:
    panel = random_panel(False)
    test = permutation_test(panel, PLAIN, "all places", 1999, 2)
    effect = test.detectable()
    paths = test.paths.first[:60]
    found = []
    for d, own in enumerate(paths):
        there = started(panel, own)
        there = replace(there, y=panel.y + effect * there.exposed)
        found.append(permutation_test(there, PLAIN, "all places", 99, d).p_value <= 0.05)
    assert abs(np.mean(found) - 0.8) < 3 * np.sqrt(0.8 * 0.2 / len(paths)) + 0.03
    assert test.minimum_detectable == pytest.approx(2.8016 * test.estimates.std(ddof=1), rel=1e-4)


def test_two_runs_are_the_same_and_another_seed_is_not() -> None:
    panel = random_panel(True)
    one, two, other = (permutation_test(panel, LEVEL, "thirds of level", 300, seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.draws_t, two.draws_t)
    assert not np.array_equal(one.paths.first, other.paths.first)
    assert one.p_error == pytest.approx(np.sqrt(one.p_value * (1 - one.p_value) / 300))


def test_family_takes_the_largest_statistic_of_the_same_path() -> None:
    panel = random_panel(False)
    shifted = replace(panel, y=panel.y + np.random.default_rng(1).normal(size=panel.y.shape))
    found = family_test({"a": panel, "b": shifted}, PLAIN, draws=400, seed=1)
    t = {name: np.abs(test.draws_t) for name, test in found.tests.items()}
    for name, test in found.tests.items():
        beyond = (np.maximum(t["a"], t["b"]) >= abs(test.t) - 1e-9).sum()
        assert found.adjusted[name] == pytest.approx((1 + beyond) / 401)
        assert found.adjusted[name] >= test.p_value
    assert found.p_value == min(found.adjusted.values())
    fewer = family_test({"a": panel, "b": panel.keep(np.arange(14) != 9)}, PLAIN, draws=99, seed=1)
    assert {test.n_places for test in fewer.tests.values()} == {13}
    assert fewer.tests["a"].left_out == ("p09",)
    with pytest.raises(PermutationError, match="b: its common places have other starts than in a"):
        family_test({"a": panel, "b": started(panel, panel.first[::-1])}, PLAIN)
    with pytest.raises(PermutationError, match="b: other paths"):
        engine = engine_of(panel)
        family({name: permute(engine, draw_paths(engine, "all places", 9, s)) for s, name in enumerate("ab")})


def test_clustered_interval_takes_the_t_of_places_less_one_and_needs_many() -> None:
    test = permutation_test(random_panel(False), PLAIN, draws=99)
    reach = stats.t.ppf(0.95, 13) * test.se
    assert test.clustered(0.9).high == pytest.approx(test.estimate + reach)
    assert test.p_clustered == pytest.approx(2 * stats.t.sf(abs(test.t), 13))
    single = permutation_test(started(random_panel(False), np.array([3] + [NEVER] * 13)), PLAIN, draws=9999)
    assert single.paths.possible == 14 and not single.enough_clusters
    with pytest.raises(PermutationError, match="14 places, 1 of them treated; errors"):
        single.clustered(0.9)


def test_places_that_begin_before_their_earliest_start_are_named_or_left_out() -> None:
    panel = random_panel(False)
    panel.y[1, 0, [0, 2]] = np.nan  # absent in the very wave of its start, and seen before
    panel.y[0, 0, :2] = np.nan
    assert "p01" in permutable(panel).places
    assert "p00" not in permutable(panel).places
    assert permutation_test(panel, PLAIN, draws=99).left_out == ("p00",)
    with pytest.raises(PermutationError, match="made: p00 has no observed wave before its start"):
        draw_paths(Engine(panel), "all places", 99, 1)


def test_what_cannot_be_permuted_is_refused() -> None:
    panel = random_panel(False)
    nowhere = replace(panel, level=np.where(np.arange(14) == 3, np.nan, panel.level))
    for own, scheme, draws, message in (
        (panel, "regions", 99, "scheme 'regions'; allowed: all places, thirds of level, groups"),
        (panel, "all places", 0, "draws is 0; at least 1"),
        (nowhere, "thirds of level", 99, "p03 has no level"),
        (replace(panel, group=("",) * 14), "groups", 99, "names no groups"),
        (replace(panel, group=panel.places), "groups", 99, "the actual starts are the only possible ones"),
    ):
        with pytest.raises(PermutationError, match=message):
            permutation_test(own, PLAIN, scheme, draws)
    test = permutation_test(panel, PLAIN, draws=99)
    for level in (0.0, 1.0, 90.0):
        with pytest.raises(PermutationError, match="above 0 and below 1"):
            test.confidence_set(level)
