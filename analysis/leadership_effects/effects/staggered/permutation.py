"""Permute start paths: p-values, confidence sets and detectable effects.

Athey and Imbens (2022), "Design-based analysis in difference-in-differences settings with staggered adoption", Journal of
Econometrics 226(1), section 3: outcomes are held fixed, and whole start paths are assigned anew. The statistic is the
imputation estimate over its error clustered by place, so that the test also holds its size when effects differ (Wu and Ding
2021, JASA 116). Estimate and influence are linear in the outcome, so a hypothesised effect costs a linear combination.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.design import SCHEMES
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.inference import permutation_p
from leadership_effects.effects.staggered.imputation import PLAIN, Engine, Terms, usable
from leadership_effects.effects.staggered.paths import Paths, PermutationError, draw_paths, permutable
from leadership_effects.rounding import DECIMALS, ROUNDING, is_above, is_at_least

FINE, COARSE, STEPS = (
    8,
    40,
    16,
)  # the set is looked for to 8 errors in sixteenths, then to 2**40 errors by doubling
HALVINGS = 60
MINIMUM_PLACES, MINIMUM_TREATED = 10, 5
DETECTABLE = float(
    stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
)  # 2.80: found at 5 %, two-sided, with power 0.8


@dataclass(frozen=True)
class Interval:
    """Effects that a test does not reject.

    Attributes
    ----------
    low, high : float
        In the unit of the panel; infinite where no effect, however far, is rejected.
    level : float
        Confidence level.
    connected : bool
        Whether every effect looked at between the ends is kept; a studentised test can reject some.
    """

    low: float
    high: float
    level: float
    connected: bool = True


@dataclass(frozen=True)
class Permutation:
    """Permutation distribution of an estimate over start paths.

    Attributes
    ----------
    name : str
        Of the panel.
    terms : Terms
    paths : Paths
    estimate, se : float
        Under the actual starts; the error is clustered by place.
    estimates : array, shape (D,)
        Under the other paths, outcomes unchanged.
    unit_estimates : array, shape (D,)
        The same of the indicator of actually treated cells: what an effect of one would add to `estimates`.
    variances : array, shape (3, D)
        Clustered variance of the outcome, covariance with the indicator, variance of the indicator.
    n_places, n_treated : int
    left_out : tuple of str
        Places without an observed wave before their start, or in a family without one of the outcomes.
    """

    name: str
    terms: Terms
    paths: Paths
    estimate: float
    se: float
    estimates: Array
    unit_estimates: Array
    variances: Array
    n_places: int
    n_treated: int
    left_out: tuple[str, ...] = ()

    @property
    def t(self) -> float:
        """Return the studentised estimate."""
        return self.estimate / self.se

    @property
    def draws_t(self) -> Array:
        """Return the studentised estimates under the other paths, shape (D,)."""
        return self._distances(0.0)

    @property
    def p_value(self) -> float:
        """Return the two-sided p of no effect, (1 + number at least as far) / (1 + D)."""
        return self.p_at(0.0)

    @property
    def p_plain(self) -> float:
        """Return the same of the estimate itself, not studentised."""
        return self.p_at(0.0, studentised=False)

    @property
    def p_error(self) -> float:
        """Return the Monte Carlo error of `p_value`; zero where all paths are enumerated."""
        draws = len(self.estimates)
        return 0.0 if self.paths.enumerated else float(np.sqrt(self.p_value * (1 - self.p_value) / draws))

    @property
    def spread(self) -> float:
        """Return the standard deviation of the estimate over paths, outcomes unchanged."""
        return float(self.estimates.std(ddof=1))

    @property
    def minimum_detectable(self) -> float:
        """Return 2.80 times the spread: found at 5 %, two-sided, in four of five assignments.

        2.80 is z(.975) + z(.8), the quantiles of a two-sided test at 5 % and of power 0.8.
        """
        return DETECTABLE * self.spread

    def p_at(self, effect: float, studentised: bool = True) -> float:
        """Compute the two-sided p of a constant effect in all treated cells.

        Parameters
        ----------
        effect : float
            In the unit of the panel.
        studentised : bool
        """
        own = (self.estimate - effect) / (self.se if studentised else self.spread)
        return permutation_p(own, self._distances(effect, studentised))

    def confidence_set(self, level: float, studentised: bool = True) -> Interval:
        """Invert the test: the outermost constant effects that it does not reject.

        Looked for on a fixed grid around the estimate (sixteenths of an error to 8 errors, then doubling), then bisected.
        An end is infinite where the test rejects nothing on that side: with few possible paths it cannot.

        Parameters
        ----------
        level : float
            Above 0 and below 1, such as 0.90 or 0.95.
        studentised : bool

        Raises
        ------
        PermutationError
            If the level is not between 0 and 1.
        """
        _check_level(level)
        alpha = round(1 - level, DECIMALS)

        def kept(effect: float) -> bool:
            return bool(is_above(self.p_at(effect, studentised), alpha))

        (low, below), (high, above) = (self._outermost(kept, side) for side in (-1, 1))
        return Interval(low, high, level, below and above)

    def detectable(self, alpha: float = 0.05, power: float = 0.8) -> float:
        """Simulate the smallest constant effect that the studentised test finds with a given power.

        Every path takes its turn as the actual one with the effect added to its treated cells, which moves its estimate and
        not its error; the critical value is that of the paths without an effect.

        Parameters
        ----------
        alpha, power : float
            Between 0 and 1.

        Raises
        ------
        PermutationError
            If alpha or power is not between 0 and 1.
        """
        _check_level(alpha)
        _check_level(power)
        errors = np.sqrt(self.variances[0])
        far = np.sort(np.abs(self.draws_t))[::-1]
        allowed = int(np.floor(alpha * (len(far) + 1) + ROUNDING)) - 1
        if allowed < 0:
            return float("inf")

        def found(effect: float) -> bool:
            beyond = is_at_least(np.abs(self.estimates + effect) / errors, far[allowed])
            return bool(is_at_least(beyond.mean(), power))

        top = self.spread
        while not found(top):
            top *= 2
        return _bisect(found, top, 0.0)

    @property
    def enough_clusters(self) -> bool:
        """Return whether places are many enough for errors clustered by place: see `clustered`."""
        return self.n_places >= MINIMUM_PLACES and self.n_treated >= MINIMUM_TREATED

    def clustered(self, level: float) -> Interval:
        """Compute the interval from the clustered error and the t of G - 1 degrees of freedom.

        It leans on a normal mean of place contributions, treated and untreated. With tens of places, five or more of them
        treated, that is an assumption that simulations on the design's own shape can check; with one treated place its
        variance is estimated from a residual that is zero by construction, and the interval covers a zero about half of
        the time or less (MacKinnon and Webb 2017, J. Applied Econometrics 32(2)). So single cases never get one.

        Parameters
        ----------
        level : float

        Raises
        ------
        PermutationError
            With fewer than ten places or five treated ones, or a level that is not between 0 and 1.
        """
        _check_level(level)
        self._require_clusters()
        reach = float(stats.t.ppf((1 + level) / 2, self.n_places - 1)) * self.se
        return Interval(self.estimate - reach, self.estimate + reach, level)

    @property
    def p_clustered(self) -> float:
        """Return the two-sided p of the t with G - 1 degrees of freedom; see `clustered`."""
        self._require_clusters()
        return float(2 * stats.t.sf(abs(self.t), self.n_places - 1))

    def _require_clusters(self) -> None:
        if not self.enough_clusters:
            raise PermutationError(
                f"{self.name}: {self.n_places} places, {self.n_treated} of them treated; errors clustered by place need "
                f"{MINIMUM_PLACES} and {MINIMUM_TREATED}"
            )

    def _distances(self, effect: float, studentised: bool = True) -> Array:
        """Return statistics of the other paths, an effect taken out of actually treated cells."""
        left = self.estimates - effect * self.unit_estimates
        if not studentised:
            return left / self.spread
        own, cross, unit = self.variances
        variance = np.maximum(own - 2 * effect * cross + effect**2 * unit, 0)
        none = variance <= np.finfo(float).tiny
        far: Array = np.where(none, np.finfo(float).max, left / np.sqrt(np.where(none, 1, variance)))
        return far

    def _outermost(self, kept: Callable[[float], bool], side: int) -> tuple[float, bool]:
        grid = np.concatenate([np.arange(FINE * STEPS + 1) / STEPS, FINE * 2.0 ** np.arange(1, COARSE - 2)])
        effects = self.estimate + side * self.se * grid
        held = np.array([kept(float(effect)) for effect in effects])
        last = int(np.flatnonzero(held)[-1])
        if last == len(grid) - 1:
            return side * float("inf"), bool(held.all())
        return _bisect(kept, float(effects[last]), float(effects[last + 1])), bool(held[: last + 1].all())


@dataclass(frozen=True)
class Family:
    """Several outcomes tested within the same permutation.

    Attributes
    ----------
    tests : dict of str to Permutation
        By outcome; all with the same paths.
    adjusted : dict of str to float
        Max-T p of each outcome: how often the largest studentised estimate of all is as far from zero.
    p_value : float
        The smallest of them, the p of no effect on any outcome.
    """

    tests: dict[str, Permutation]
    adjusted: dict[str, float]
    p_value: float


def permutation_test(
    panel: StaggeredPanel, terms: Terms = PLAIN, scheme: str = SCHEMES[0], draws: int = 9999, seed: int = 0
) -> Permutation:
    """Test the imputation estimate by permuted start paths.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    scheme : str
        One of `SCHEMES`: paths permuted among all places, within thirds of the starting level, or within groups.
    draws : int
        All paths are enumerated instead where they are no more than that.
    seed : int

    Raises
    ------
    PermutationError
        If the scheme cannot be had, or too few paths are identified.
    ImputationError
        If the terms cannot be had.
    """
    held = usable(panel, terms)
    kept = permutable(held)
    engine = engine_of(kept, terms)
    left_out = tuple(place for place in held.places if place not in kept.places)
    return permute(engine, draw_paths(engine, scheme, draws, seed), left_out)


def family_test(
    panels: Mapping[str, StaggeredPanel],
    terms: Terms = PLAIN,
    scheme: str = SCHEMES[0],
    draws: int = 9999,
    seed: int = 0,
) -> Family:
    """Test several outcomes within one permutation, with max-T (Westfall and Young 1993).

    Places that lack one of the outcomes are left out of all.

    Parameters
    ----------
    panels : mapping of str to StaggeredPanel
        By outcome, with the same starts.
    terms, scheme, draws, seed
        As in `permutation_test`.

    Raises
    ------
    PermutationError
        If the panels differ in the starts of their common places, or as `permutation_test`.
    """
    held = {name: permutable(usable(panel, terms)) for name, panel in panels.items()}
    common = set.intersection(*(set(panel.places) for panel in held.values()))
    kept = {name: panel.keep(np.isin(panel.places, sorted(common))) for name, panel in held.items()}
    one = next(iter(kept.values()))
    for name, panel in kept.items():
        if panel.places != one.places or not np.array_equal(panel.first, one.first):
            raise PermutationError(f"{name}: its common places have other starts than in {next(iter(kept))}")
    engines = {name: engine_of(panel, terms) for name, panel in kept.items()}
    paths = draw_paths(engines[next(iter(kept))], scheme, draws, seed, also=list(engines.values())[1:])
    lacking = {
        name: tuple(place for place in panel.places if place not in common) for name, panel in panels.items()
    }
    return family({name: permute(engine, paths, lacking[name]) for name, engine in engines.items()})


def family(tests: dict[str, Permutation]) -> Family:
    """Compute max-T p-values of tests with the same paths.

    Raises
    ------
    PermutationError
        If the paths differ.
    """
    first = next(iter(tests.values())).paths.first
    for name, test in tests.items():
        if not np.array_equal(test.paths.first, first):
            raise PermutationError(f"{name}: other paths than the first outcome; draw them once for all")
    largest = np.stack([np.abs(test.draws_t) for test in tests.values()]).max(axis=0)
    adjusted = {name: permutation_p(test.t, largest) for name, test in tests.items()}
    return Family(tests, adjusted, min(adjusted.values()))


def engine_of(panel: StaggeredPanel, terms: Terms = PLAIN) -> Engine:
    """Return the engine of a panel's outcome and of the indicator of its actually treated cells."""
    return Engine(panel, terms, [panel.y, panel.exposed.astype(float)])


def permute(engine: Engine, paths: Paths, left_out: tuple[str, ...] = ()) -> Permutation:
    """Estimate under the actual starts and under paths assigned anew.

    Parameters
    ----------
    engine : Engine
        From `engine_of`.
    paths : Paths
    left_out : tuple of str

    Raises
    ------
    PermutationError
        If an assignment gives no estimate, because no treated cell is observed or terms coincide.
    """
    panel = engine.panel
    outcome, unit = engine.run_all(np.concatenate([panel.first[None, :], paths.first]))
    n = len(panel.places)
    variances = [
        np.einsum("dp,dp->d", a, b) * n / (n - 1)
        for a, b in (
            (outcome.influence, outcome.influence), (outcome.influence, unit.influence), (unit.influence, unit.influence),
        )
    ]  # fmt: skip
    if not np.isfinite([outcome.estimates, unit.estimates, *variances]).all():
        bad = int((~np.isfinite(outcome.estimates)).sum())
        raise PermutationError(
            f"{panel.name}: {bad} of {len(outcome.estimates)} assignments give no estimate"
        )
    if variances[0][0] <= 0:
        raise PermutationError(f"{panel.name}: the clustered error is zero; nothing to studentise by")
    return Permutation(
        name=panel.name, terms=engine.terms, paths=paths, estimate=float(outcome.estimates[0]),
        se=float(np.sqrt(variances[0][0])), estimates=outcome.estimates[1:], unit_estimates=unit.estimates[1:],
        variances=np.stack(variances)[:, 1:], n_places=n, n_treated=int(panel.treated.sum()), left_out=left_out,
    )  # fmt: skip


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise PermutationError(f"level is {level}; above 0 and below 1")


def _bisect(kept: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return the last effect kept between one that is and one that is not."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if kept(middle):
            inside = middle
        else:
            outside = middle
    return inside
