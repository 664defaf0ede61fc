"""Check beliefs before and after evidence against the closed form, quadrature and the plan."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from leadership_effects.data.release import Release
from leadership_effects.synthesis.pooling import SynthesisError, half_normal, normal_normal
from leadership_effects.synthesis.prior import (
    Belief,
    Evidence,
    PriorError,
    combined,
    named_priors,
    of_interval,
    reached,
    update,
    update_by_places,
)
from scipy import integrate, stats

QUADRATURE = 1e-8  # what scipy's quad promises for smooth integrands
GRID = 2e-4  # pupil SD: 4,000 midpoints over the spread between places, against Simpson's rule
EFFECTS = (0.057, 0.031, 0.363, 0.083, 0.051)
ERRORS = (0.090, 0.223, 0.066, 0.128, 0.139)


@pytest.mark.parametrize("prior", [Belief(0.0, 0.02), Belief(0.0, 0.1), Belief(0.05, 0.05)])
@pytest.mark.parametrize("pieces", [[(0.148, 0.0803)], [(0.148, 0.0803), (-0.01, 0.02), (0.03, 0.04)]])
def test_the_closed_form_is_prior_times_likelihood(prior, pieces):
    """Mean, spread and probability by numerical integration of the product of densities."""
    evidence = [Evidence(str(n), *piece) for n, piece in enumerate(pieces)]
    after = update(prior, *evidence)

    def density(mu: float) -> float:
        product = stats.norm.pdf(mu, prior.mean, prior.sd)
        for one in evidence:
            product *= stats.norm.pdf(one.estimate, mu, one.se)
        return float(product)

    def over(weight, low: float, high: float) -> float:
        return float(integrate.quad(lambda mu: weight(mu) * density(mu), low, high, epsabs=0, limit=200)[0])

    low, high = after.mean - 12 * after.sd, after.mean + 12 * after.sd
    total = over(lambda _: 1, low, high)
    mean = over(lambda mu: mu, low, high) / total
    assert after.mean == pytest.approx(mean, abs=QUADRATURE)
    assert after.sd == pytest.approx(
        math.sqrt(over(lambda mu: (mu - mean) ** 2, low, high) / total), abs=QUADRATURE
    )
    assert after.above(0.05) == pytest.approx(over(lambda _: 1, 0.05, high) / total, abs=QUADRATURE)
    assert after.interval == pytest.approx(stats.norm.interval(0.95, after.mean, after.sd))


def test_order_does_not_matter_and_weak_evidence_moves_nothing():
    prior, one, two = Belief(0.05, 0.05), Evidence("a", 0.2, 0.1), Evidence("b", -0.1, 0.05)
    step = update(update(prior, one), two)
    both = update(prior, two, one)
    assert (step.mean, step.sd) == pytest.approx((both.mean, both.sd))
    joined = update(prior, combined("both", one, two))
    assert (joined.mean, joined.sd) == pytest.approx((both.mean, both.sd))
    assert update(prior, Evidence("vague", 5.0, 1e6)).mean == pytest.approx(prior.mean, abs=1e-6)
    same = update(prior)
    assert (same.mean, same.sd) == pytest.approx((prior.mean, prior.sd))


def test_a_place_is_not_counted_twice():
    eight = Evidence("the eight places", 0.15, 0.08, frozenset({"CHL", "LVA", "Huari"}))
    with pytest.raises(PriorError, match="the eight places and countries share CHL, LVA"):
        update(Belief(0, 0.1), eight, Evidence("countries", 0.0, 0.05, frozenset({"CHL", "LVA", "PER"})))
    apart = combined("all", eight, Evidence("states", 0.0, 0.05, frozenset({"US-TN"})))
    with pytest.raises(PriorError, match="all and states share US-TN"):
        update(Belief(0, 0.1), apart, Evidence("states", 0.0, 0.05, frozenset({"US-TN"})))


@pytest.mark.parametrize("prior", [Belief(0.0, 0.1), Belief(0.05, 0.05)])
def test_an_unknown_spread_is_integrated_out(prior):
    """Against Simpson's rule over the joint density of mean and spread, neither in closed form."""
    y, v, scale = np.array(EFFECTS), np.square(ERRORS), 0.1
    found = update_by_places(prior, EFFECTS, ERRORS, 0.05, scale)
    mu = np.linspace(prior.mean - 8 * prior.sd, prior.mean + 8 * prior.sd, 801)
    tau = np.linspace(0, 10 * scale, 801)  # the half-normal leaves less than 1e-22 beyond ten scales
    variance = v + np.square(tau)[:, None, None]
    loglik = -0.5 * (np.log(variance) + np.square(y - mu[None, :, None]) / variance).sum(axis=2)
    joint = np.exp(loglik) * stats.norm.pdf(mu, prior.mean, prior.sd) * half_normal(scale)(tau)[:, None]
    marginal = integrate.simpson(joint, x=tau, axis=0)
    marginal /= integrate.simpson(marginal, x=mu)
    mean = integrate.simpson(mu * marginal, x=mu)
    sd = math.sqrt(integrate.simpson((mu - mean) ** 2 * marginal, x=mu))
    assert (found.mean, found.sd) == pytest.approx((mean, sd), abs=GRID)
    below = integrate.cumulative_trapezoid(marginal, mu, initial=0)
    assert found.above == pytest.approx(1 - np.interp(0.05, mu, below), abs=GRID)
    assert found.interval == pytest.approx(np.interp([0.025, 0.975], below, mu), abs=GRID)
    by_tau = integrate.simpson(joint, x=mu, axis=1)
    assert found.tau == pytest.approx(
        integrate.simpson(tau * by_tau, x=tau) / integrate.simpson(by_tau, x=tau), abs=GRID
    )


def test_a_flat_belief_gives_the_pool_of_the_synthesis():
    wide = update_by_places(Belief(0.0, 100.0), EFFECTS, ERRORS, 0.05, 0.1)
    flat = normal_normal(EFFECTS, np.square(ERRORS), half_normal(0.1))
    assert wide.mean == pytest.approx(flat.effect, abs=GRID)
    assert wide.interval == pytest.approx(flat.interval, abs=1e-3)
    assert wide.tau == pytest.approx(flat.tau, abs=1e-3)


def test_no_spread_leaves_the_closed_form():
    prior, mean, error = Belief(0.05, 0.05), 0.1, 0.08
    one = update_by_places(prior, [mean], [error], 0.05, 1e-6)
    exact = update(prior, Evidence("one", mean, error))
    assert (one.mean, one.sd, one.above) == pytest.approx((exact.mean, exact.sd, exact.above(0.05)), abs=1e-7)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_evidence_of_an_interval_is_as_wide_as_it(level):
    """That of a t with four degrees of freedom is wider than its error says."""
    ends = stats.t.interval(level, 4, 0.148, 0.0803)
    found = of_interval("pool", 0.148, ends, level=level)
    assert stats.norm.interval(level, 0.148, found.se) == pytest.approx(ends)
    assert found.se > 0.0803


def test_the_plan_names_three_priors(release: Release):
    priors = named_priors(release.plan)
    assert set(priors) == {"sceptic", "neutral", "believer"}
    believer = release.plan["many_places"]["priors"]["believer"]
    mean, _ = reached(believer["effect_on_pupils_reached"], believer["share_of_pupils"])
    assert priors["believer"].mean == pytest.approx(mean, abs=1e-6)
    wrong = copy.deepcopy(dict(release.plan))
    wrong["many_places"]["priors"]["believer"]["mean"] = 0.2
    with pytest.raises(PriorError, match=r"many_places\.priors\.believer\.mean is 0\.2"):
        named_priors(wrong)
    del wrong["many_places"]["priors"]["sceptic"]["sd"]
    with pytest.raises(PriorError, match="sceptic lacks sd"):
        named_priors(wrong)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Belief(0.0, 0.0), "SD above 0"),
        (lambda: Belief(math.nan, 0.1), "finite mean"),
        (lambda: Evidence("states", 0.1, -1.0), "states: estimate 0.1"),
        (lambda: reached(0.1, 1.2), "from 0 to 1"),
        (lambda: named_priors({}), "names no prior"),
        (lambda: combined("none"), "none: no estimate"),
        (lambda: of_interval("set", 0.5, (-0.1, 0.4)), "around the estimate"),
        (lambda: of_interval("set", 0.1, (-0.1, math.inf)), "finite ends"),
        (lambda: update_by_places(Belief(0, 0.1), [0.1], [0.1, 0.2], 0.05, 0.1), "as many errors"),
        (lambda: update_by_places(Belief(0, 0.1), [0.1], [0.1], 0.05, 0.0), "a scale above 0"),
    ],
)
def test_what_cannot_be_used_is_refused(make, said):
    with pytest.raises(PriorError, match=said):
        make()
    with pytest.raises(SynthesisError, match="positive"):
        update_by_places(Belief(0, 0.1), [0.1], [0.0], 0.05, 0.1)
