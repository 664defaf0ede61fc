"""Adjust one treated unit's change for its level and slope before, by what the donors show.

Places that start low tend to gain more, so a treated unit below its donors is expected above zero without any effect.
Here the change of a place is predicted from its level before (and the slope of its years before) by a regression over
the other donors, and the effect is what is left. A line of the years before that is carried on in full (`drift_adjusted`)
assumes a coefficient of one on that line; `carried_on` estimates it among the donors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS, WLS

from leadership_effects.data.panels import Array, Panel
from leadership_effects.effects.inference import InferenceError, permutation_p, rejection_limit
from leadership_effects.effects.weights import EstimatorError, Places
from leadership_effects.rounding import ROUNDING, is_at_least

Adjustment = Literal["plain", "level", "level and slope"]
TERMS: dict[Adjustment, tuple[str, ...]] = {
    "plain": (),
    "level": ("level",),
    "level and slope": ("level", "slope"),
}
SLOPE_NEEDS = 3  # years before: two points fit a line exactly, so their slope is noise of either


@dataclass(frozen=True)
class AdjustedEffects:
    """Adjusted effects of the treated unit and of every donor in its place.

    Attributes
    ----------
    name : str
        Of the panel.
    adjustment : str
        Key of `TERMS`.
    units : tuple of str, length 1 + N0
        Treated unit first.
    effects, errors : array, shape (1 + N0,)
        Change less the change predicted from the other donors, and its standard error, in the panel's unit. A donor is
        predicted without itself and without the treated unit.
    leverage : array, shape (1 + N0,)
        Sum of squared weights of the donors in a place's prediction, x (X'X)^-1 x' with equal weights; 1/N0 for the plain
        one.
    df : int
        Residual degrees of freedom of the treated unit's prediction, N0 - 1 - number of terms.
    coefficients, coefficient_errors : dict of str to float
        By term, over all donors: change of the change a unit of the level, and a unit a year of the slope.
    outside : dict of str to float
        By term, how far the treated unit lies below (negative) or above the range of all donors; 0 inside it.
    """

    name: str
    adjustment: Adjustment
    units: tuple[str, ...]
    effects: Array
    errors: Array
    leverage: Array
    df: int
    coefficients: dict[str, float]
    coefficient_errors: dict[str, float]
    outside: dict[str, float]

    @property
    def effect(self) -> float:
        """Return the treated unit's adjusted effect."""
        return float(self.effects[0])

    @property
    def se(self) -> float:
        """Return the standard error of the treated unit's effect, of the collapsed t when plain."""
        return float(self.errors[0])

    @property
    def studentised(self) -> Array:
        """Return effects over their standard errors, treated first, shape (1 + N0,)."""
        return np.asarray(self.effects / self.errors)

    @property
    def statistics(self) -> Array:
        """Return what places are ranked by, treated first, shape (1 + N0,): studentised effects.

        Plain effects are ranked as they are, as by `inference.placebo_in_space`, since every donor is predicted with as much
        error.
        """
        return self.effects if self.adjustment == "plain" else self.studentised

    @property
    def n_donors(self) -> int:
        """Return the number of donors N0."""
        return len(self.units) - 1

    @property
    def floor(self) -> float:
        """Return the smallest p-value the permutation can reach, 1 / (N0 + 1)."""
        return 1 / len(self.units)

    @property
    def p_value(self) -> float:
        """Return the two-sided permutation p of `statistics`."""
        return permutation_p(float(self.statistics[0]), self.statistics[1:])

    @property
    def p_t(self) -> float:
        """Return the two-sided p of the t distribution with `df` degrees of freedom."""
        return float(2 * stats.t.sf(abs(self.studentised[0]), self.df))

    @property
    def rank(self) -> int:
        """Rank the treated unit's statistic from the top, 1 = largest; ties take the worse."""
        return int(is_at_least(self.statistics[1:], self.statistics[0]).sum()) + 1

    def confidence_set(self, alpha: float = 0.05) -> tuple[float, float]:
        """Invert the permutation test: constant effects not rejected at level alpha.

        The donors' statistics do not move with the hypothesised effect, so the set is the estimate plus and minus one of
        their order statistics times the standard error. It is the whole line when the floor lies above alpha.
        """
        reach = self._reach(0, np.arange(1, len(self.units)), alpha)
        return self.effect - reach, self.effect + reach

    def placebo_sets(self, alpha: float = 0.05) -> Array:
        """Invert the test for every donor in the treated unit's place, shape (N0, 2).

        Each is compared with the other donors.

        Nothing began in them, so these sets show how often the comparison would rule an effect out if there were none.
        """
        donors = np.arange(1, len(self.units))
        reach = np.array([self._reach(int(i), donors[donors != i], alpha) for i in donors])
        return np.column_stack([self.effects[1:] - reach, self.effects[1:] + reach])

    def _reach(self, place: int, others: Places, alpha: float) -> float:
        """Return the half-width of a place's set; infinite where the floor lies above alpha."""
        scale = 1.0 if self.adjustment == "plain" else float(self.errors[place])
        return rejection_limit(self.statistics[others], alpha) * scale

    def t_interval(self, alpha: float = 0.05) -> tuple[float, float]:
        """Compute the interval of the t distribution at level alpha."""
        reach = float(stats.t.ppf(1 - alpha / 2, self.df)) * self.se
        return self.effect - reach, self.effect + reach

    def minimum_detectable(self, alpha: float = 0.05, power: float = 0.8) -> float:
        """Compute the smallest constant effect found with a given power by the t test.

        (t[1-alpha/2] + t[power]) times the standard error, as `minimum_detectable_effect` for the plain change; the
        leverage of the treated unit is in the standard error.
        """
        return float((stats.t.ppf(1 - alpha / 2, self.df) + stats.t.ppf(power, self.df)) * self.se)


def regressors(panel: Panel, adjustment: Adjustment) -> tuple[Array, Array]:
    """Compute each place's change and its design row.

    Returns
    -------
    change : array, shape (1 + N0,)
        Mean after less mean before.
    design : array, shape (1 + N0, 1 + terms)
        Constant, level (mean before) and slope (least squares through the years before, a year), the latter two in deviation
        from the donors' means.

    Raises
    ------
    EstimatorError
        If the adjustment is unknown, or a slope is asked of fewer than three pre-periods.
    """
    if adjustment not in TERMS:
        raise EstimatorError(f"no adjustment {adjustment!r}; there are {', '.join(TERMS)}")
    before, after = panel.y[:, : panel.n_pre], panel.y[:, panel.n_pre :]
    columns = [np.ones(len(panel.y))]
    if "level" in TERMS[adjustment]:
        columns.append(_centred(before.mean(axis=1)))
    if "slope" in TERMS[adjustment]:
        if panel.n_pre < SLOPE_NEEDS:
            needs = f"a slope needs {SLOPE_NEEDS} pre-periods, {panel.name} has {panel.n_pre}"
            raise EstimatorError(needs)
        columns.append(_centred(slopes_before(panel)))
    return after.mean(axis=1) - before.mean(axis=1), np.column_stack(columns)


def slopes_before(panel: Panel) -> Array:
    """Fit each place's straight line through its pre-periods, units a year, shape (1 + N0,)."""
    years = np.array(panel.years[: panel.n_pre], dtype=float)
    return np.asarray(np.polyfit(years - years.mean(), panel.y[:, : panel.n_pre].T, 1)[0])


def _centred(values: Array) -> Array:
    return values - values[1:].mean()


def adjusted_effects(panel: Panel, adjustment: Adjustment) -> AdjustedEffects:
    """Estimate effects of the treated unit and every donor, adjusted for level or slope too.

    Changes are regressed on the terms over the donors (weighted least squares with the panel's weights, which are ones
    but for blocks of several units), and the place's prediction is taken from its change. The standard error is
    s sqrt(1 + sum c^2), with c the donors' weights in the prediction and s the residual standard deviation of the
    unweighted regression: the prediction error of a new observation (Cook & Weisberg 1982, section 2.2; externally
    studentised residuals for the donors). The plain adjustment gives the collapsed t of `inference.collapsed_t`.

    Raises
    ------
    EstimatorError
        If there are too few donors for the terms, a slope is asked of fewer than three pre-periods, the donors do not vary
        in a term, or one donor alone makes it vary.
    InferenceError
        If the regression leaves no residual among the donors.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.4", "washington_dc", "mathematics_g8")
    >>> found = adjusted_effects(panel, "level")
    >>> round(found.effect, 1), round(found.p_value, 3)
    (8.5, 0.02)
    """
    change, design = regressors(panel, adjustment)
    terms = TERMS[adjustment]
    if panel.n_donors < len(terms) + 4:
        needs = f"{panel.name}: the adjustment {adjustment!r} needs {len(terms) + 4} donors"
        raise EstimatorError(f"{needs}, found {panel.n_donors}")
    donors = np.arange(1, len(change))
    own = _prediction(panel, adjustment, change, design, 0, donors)
    each = [_prediction(panel, adjustment, change, design, int(i), donors[donors != i]) for i in donors]
    effects, errors, leverage = np.array([own, *each]).T
    fit = OLS(change[donors], design[donors]).fit()
    held = range(1, len(terms) + 1)
    return AdjustedEffects(
        name=panel.name, adjustment=adjustment, units=panel.units,
        effects=effects, errors=errors, leverage=leverage, df=len(donors) - 1 - len(terms),
        coefficients={term: float(fit.params[j]) for term, j in zip(terms, held, strict=True)},
        coefficient_errors={term: float(fit.bse[j]) for term, j in zip(terms, held, strict=True)},
        outside={term: _outside(design[:, j]) for term, j in zip(terms, held, strict=True)},
    )  # fmt: skip


def _outside(values: Array) -> float:
    """Return how far the first value lies beyond the range of the others, negative below it."""
    return float(values[0] - np.clip(values[0], values[1:].min(), values[1:].max()))


def _prediction(
    panel: Panel, adjustment: Adjustment, change: Array, design: Array, place: int, others: Places
) -> tuple[float, float, float]:
    """Predict a place from others; return what is left, its error and leverage."""
    x, y = design[others], change[others]
    spread = np.ptp(x[:, 1:], axis=0)
    scaled = x / np.append(1.0, np.where(spread > ROUNDING, spread, np.inf))
    if np.linalg.matrix_rank(scaled, tol=1e-7) < x.shape[1]:
        alone = "" if place == 0 else f" without {panel.units[place]}"
        raise EstimatorError(f"{panel.name}: the donors{alone} do not vary enough for {adjustment!r}")
    weights = panel.weights[others - 1]
    equal = OLS(y, x).fit()
    fit = equal if np.ptp(weights) <= ROUNDING else WLS(y, x, weights=weights).fit()
    shares = design[place] @ np.linalg.solve(x.T @ (weights[:, None] * x), x.T * weights)
    squared = float(shares @ shares)
    sd = float(np.sqrt(equal.scale))
    if sd <= ROUNDING * max(1.0, float(np.abs(y).max())):
        raise InferenceError(f"{panel.name}: the donors' changes leave no residual; nothing to divide by")
    return float(change[place] - design[place] @ fit.params), sd * float(np.sqrt(1 + squared)), squared


def family_p(outcomes: Sequence[AdjustedEffects]) -> float:
    """Compute the max-T p-value of the largest studentised effect over several outcomes.

    Only donors present in every outcome take part, so that one permutation moves all outcomes together.

    Raises
    ------
    InferenceError
        If no donor is common to all outcomes.
    """
    own, others, _ = studentised_together(outcomes)
    return permutation_p(float(np.abs(own).max()), np.abs(others).max(axis=0))


def studentised_together(outcomes: Sequence[AdjustedEffects]) -> tuple[Array, Array, tuple[str, ...]]:
    """Gather studentised effects on the donors common to all outcomes.

    Returns
    -------
    treated : array, shape (outcomes,)
    donors : array, shape (outcomes, places)
    units : tuple of str, length places

    Raises
    ------
    InferenceError
        If no donor is common to all outcomes.
    """
    common = tuple(sorted(set.intersection(*(set(found.units[1:]) for found in outcomes))))
    if not common:
        raise InferenceError("no donor is common to all outcomes")
    places = [[found.units.index(unit, 1) for unit in common] for found in outcomes]
    donors = [found.studentised[chosen] for found, chosen in zip(outcomes, places, strict=True)]
    return np.array([found.studentised[0] for found in outcomes]), np.array(donors), common


@dataclass(frozen=True)
class CarriedOn:
    """Share of the donors' line before that carried on after.

    Attributes
    ----------
    share, se : float
        Coefficient of what the line would have added, and its standard error. One: lines carry on in full, as
        `drift_adjusted` takes them to; zero: they do not.
    t_against_one, p_against_one : float
        Against a line that carries on in full.
    df : int
        N0 - 2.
    """

    share: float
    se: float
    t_against_one: float
    p_against_one: float
    df: int


def carried_on(panel: Panel) -> CarriedOn:
    """Estimate among the donors how much of the line of the years before carried on.

    The change (mean after less mean before) is regressed over the donors on the slope before times the years between the
    two means. Sampling error of the slopes pulls the coefficient down; the treated unit's slope has the same error, so
    for predicting its change the attenuated coefficient is the one to use.

    Raises
    ------
    EstimatorError
        With fewer than three pre-periods or five donors, or if all donors have one slope.
    """
    if panel.n_pre < SLOPE_NEEDS:
        raise EstimatorError(f"a slope needs {SLOPE_NEEDS} pre-periods, {panel.name} has {panel.n_pre}")
    if panel.n_donors < 5:
        raise EstimatorError(f"{panel.name}: the share carried on needs 5 donors, found {panel.n_donors}")
    years = np.array(panel.years, dtype=float)
    span = float(years[panel.n_pre :].mean() - years[: panel.n_pre].mean())
    added = slopes_before(panel)[1:] * span
    if np.ptp(added) <= ROUNDING:
        raise EstimatorError(f"{panel.name}: all donors have one slope before; no share can be estimated")
    change, _ = regressors(panel, "plain")
    fit = OLS(change[1:], np.column_stack([np.ones(panel.n_donors), added])).fit()
    share, se, df = float(fit.params[1]), float(fit.bse[1]), panel.n_donors - 2
    t = (share - 1) / se
    return CarriedOn(share, se, t, float(2 * stats.t.sf(abs(t), df)), df)
