"""Record and tabulate power, estimate, robustness and event study of one panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from leadership_effects.data.panels import Panel, build_panel
from leadership_effects.data.plan import PanelPlan
from leadership_effects.data.provenance import Rows, rows_named
from leadership_effects.data.release import Release
from leadership_effects.effects import diagnostics, inference
from leadership_effects.effects.estimators import estimate, headline_method
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.weights import METHODS, Method
from leadership_effects.report.numbers import (
    COUNT,
    P_VALUE,
    PER_CENT,
    PLACEBO_SD,
    PUPIL_SD,
    RATIO,
    SHARE,
    Maker,
    Unit,
)
from leadership_effects.report.registry import Recorder, Registry
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

Row = tuple[str, str]
STUDENTISED_NEEDS = 4  # years before: a fit of two or three is itself a ratio of two noises
SAMPLED = (
    "PISA points",
)  # pupils tested are a sample of a size set by design, which says nothing of the place

# A share has no standard deviation to divide by: the verdict takes its probit.
NOT_IN_SD = {"percent": "see the verdict"}


@dataclass
class PanelNumbers:
    """A panel of a case with its placebos, and the recorder of its results.

    Attributes
    ----------
    name : str
        Key of the panel in the plan; keys of results begin with it.
    panel : Panel
    release : Release
    registry : Registry
    label : str
        Name of the panel in tables.
    """

    name: str
    panel: Panel
    release: Release
    registry: Registry
    label: str = ""
    _placebos: dict[Method, Placebos] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.label = self.label or self.panel.scale.title

    @property
    def rules(self) -> dict[str, float]:
        """Return the rules of the plan."""
        rules: dict[str, float] = self.release.plan["rules"]
        return rules

    @property
    def method(self) -> Method:
        """Return the headline method by the plan's rule."""
        return headline_method(self.panel, int(self.rules["sdid_minimum_pre_periods"]))

    @property
    def difference(self) -> Unit:
        """Return the unit of a difference, printed with its sign."""
        return Unit(self.panel.scale.difference_unit, signed=True)

    def placebos(self, method: Method | None = None) -> Placebos:
        """Enumerate the placebos by the headline method unless another is named."""
        chosen = method or self.method
        if chosen not in self._placebos:
            self._placebos[chosen] = inference.placebo_in_space(self.panel, chosen)
        return self._placebos[chosen]

    def recorder(self, function: Maker) -> Recorder:
        """Return a recorder of what a function computed from the panel."""
        return self.registry.numbers(self.name, rows=self.panel.rows, function=function)

    def detect(self) -> dict[str, object]:
        """Record what the panel could detect, and return it as a row of a table."""
        panel, sd = self.panel, self.panel.scale.pupil_sd
        unit = self.difference.as_level()
        mde = inference.minimum_detectable_effect(panel, self.rules["alpha"])
        floor = 1 / (panel.n_donors + 1)
        spread = inference.collapsed_t(panel).donor_sd
        record = self.recorder(inference.minimum_detectable_effect)
        record("n_donors", panel.n_donors, COUNT, "Number of comparison units.", function=build_panel)
        self.recorder(inference.placebo_in_space)(
            "floor", floor, P_VALUE, "Smallest p the permutation test can reach."
        )
        self.recorder(inference.collapsed_t)(
            "donor_sd", spread, unit, "Standard deviation of comparison units' changes."
        )
        meaning = "Smallest constant difference found with 80 per cent power at the 5 per cent level."
        record("mde", mde, unit, meaning)
        if sd:
            meaning = "The same in standard deviations between pupils."
            record("mde_sd", mde / sd, PUPIL_SD.as_level(), meaning, rows=self._rows_with_sd())
        return {
            "indicator": self.label,
            "comparison units": panel.n_donors,
            "before": year_span(panel.years[: panel.n_pre]),
            "after": year_span(panel.years[panel.n_pre :]),
            "smallest p possible": f"{floor:.3f}",
            f"detectable with 80 % power, {unit.text}": mde,
            "in pupil SD": f"{mde / sd:.2f}" if sd else NOT_IN_SD.get(panel.scale.unit, "no sourced SD"),
        }

    def estimate(self) -> dict[str, object]:
        """Record the estimate with its placebo inference, and return it as a row of a table."""
        panel, placebos = self.panel, self.placebos()
        alpha, kind = self.level()
        own, others = self._record_means()
        label, sd = panel.units[0], panel.scale.pupil_sd
        record = self.recorder(estimate)
        record(
            "att",
            placebos.treated,
            self.difference,
            f"Change of {label} beyond that of its comparison units ({METHODS[placebos.method]}).",
            interval=placebos.confidence_set(alpha),
            interval_kind=kind,
        )
        interval = self.registry.results[f"{self.name}.att"]["interval_text"].replace("+", "")
        ranked = self.recorder(inference.placebo_in_space)
        meaning = "The same in placebo standard deviations."
        ranked("att_placebo_sd", placebos.treated / placebos.sd, PLACEBO_SD, meaning)
        ranked("p", placebos.p_value, P_VALUE, "Two-sided permutation p-value over places.")
        ranked("rank", placebos.rank, COUNT, "Rank of the treated unit's estimate from the top.")
        ranked("places", panel.n_donors + 1, COUNT, "Number of places ranked.")
        t_p = inference.collapsed_t(panel).p
        self.recorder(inference.collapsed_t)("t_p", t_p, P_VALUE, "p-value of the collapsed t.")
        if sd:
            meaning = "The estimate in standard deviations between pupils."
            record("att_sd", placebos.treated / sd, PUPIL_SD, meaning, rows=self._rows_with_sd())
        if panel.n_pre >= STUDENTISED_NEEDS:
            meaning = "Permutation p after dividing each place by its own pre-period fit."
            ranked("p_studentised", placebos.p_studentised, P_VALUE, meaning)
        return {
            "indicator": self.label,
            "window": f"{year_span(panel.years[: panel.n_pre])} to {year_span(panel.years[panel.n_pre :])}",
            f"change, {label}": own,
            "change, comparison units": others,
            "difference": placebos.treated,
            f"{round(100 * (1 - alpha))} % set": interval,
            "rank": f"{placebos.rank} of {panel.n_donors + 1}",
            "p (permutation)": f"{placebos.p_value:.3f}",
            "p (collapsed t)": f"{t_p:.3f}",
        }

    def _record_means(self) -> tuple[float, float]:
        """Record means and changes; return the treated and the comparison change."""
        label, level, record = self.panel.units[0], Unit(self.panel.scale.unit), self.recorder(build_panel)
        (before, after), (others_before, others_after) = self.panel.means
        own, others = after - before, others_after - others_before
        record("treated_pre", before, level, f"Mean of {label} before.")
        record("treated_post", after, level, f"Mean of {label} after.")
        record("donors_pre", others_before, level, "Mean of comparison units before.")
        record("donors_post", others_after, level, "Mean of comparison units after.")
        record("treated_change", own, self.difference, f"Change of {label} from before to after.")
        meaning = "Change of comparison units from before to after."
        record("donor_change", others, self.difference, meaning)
        return own, others

    def level(self) -> tuple[float, str]:
        """Return level and name of the confidence set: 10 per cent where 5 cannot be reached."""
        alpha = self.rules["alpha"]
        level = alpha if self.placebos().floor <= alpha else 0.10
        return level, f"{round(100 * (1 - level))} % confidence set, permutation test inverted"

    def robustness(self, *, start: bool) -> Table:
        """Record and show the checks that the panel bears, and name those that it does not bear."""
        panel = self.panel
        checks = [self._units_left_out(), self._periods_left_out(), self._by_size()]
        if panel.n_pre > 1:
            checks += self._earlier_noise()
            checks += self._before_the_start() if start else []
        else:
            label = "trend before the start, fake start, breakdown"
            checks.append((label, "not possible: one period before the start"))
        if panel.n_pre >= self.rules["synthetic_control_minimum_pre_periods"]:
            checks += [self._other_method("sdid"), self._other_method("dsc")]
        else:
            reason = "not printed: with fewer than three pre-periods many mixes fit exactly"
            checks.append(("synthetic control and SDID", reason))
        checks.append(("ridge-augmented synthetic control", "not printed: needs ten pre-periods"))
        columns = ["check", f"result, {panel.scale.difference_unit}"]
        return Table(pd.DataFrame(checks, columns=columns), f"Robustness: {self.label}")

    def _units_left_out(self) -> Row:
        span = self._left_out("loo", diagnostics.leave_one_donor_out, "comparison unit")
        effective = estimate(self.panel, self.method).effective_donors
        donors = self.recorder(estimate)(
            "effective_donors",
            effective,
            COUNT if abs(effective - round(effective)) < 1e-6 else RATIO,
            "Effective number of comparison units, one over the sum of squared weights.",
        )
        return f"each of {donors} effective comparison units left out in turn", span

    def _periods_left_out(self) -> Row:
        label = "each period left out in turn"
        if len(self.panel.years) == 2:
            return label, "not possible: one period before and one after"
        return label, self._left_out("lpo", diagnostics.leave_one_period_out, "period")

    def _left_out(self, key: str, leave_out: Callable[..., dict[Any, float]], what: str) -> str:
        """Record the smallest and the largest estimate with one thing left out."""
        record, effects = self.recorder(leave_out), leave_out(self.panel, self.method).values()
        ends = (("low", "Smallest", min(effects)), ("high", "Largest", max(effects)))
        return " to ".join(
            record(f"{key}_{end}", effect, self.difference, f"{word} estimate with one {what} left out.")
            for end, word, effect in ends
        )

    def _by_size(self) -> Row:
        label = "p with differences rescaled by the places' size"
        if self.panel.sizes is None:
            return label, "not possible: sizes are not in the release"
        if self.panel.scale.unit in SAMPLED:
            return label, "not printed: the size is that of a sample, set by design"
        record = self.recorder(diagnostics.rescaled_by_size)
        found = diagnostics.rescaled_by_size(self.placebos(), self.panel.sizes)
        if not is_above(abs(found.ratio - 1)):
            return label, "no change: differences do not shrink with size here, so the rescaling does nothing"
        meaning = "Permutation p after rescaling by a variance function of size."
        p = record("p_by_size", found.p, P_VALUE, meaning)
        meaning = "Predicted noise of the treated unit over that of comparison units, by size."
        ratio = record("size_ratio", found.ratio, SHARE, meaning)
        return label, f"{p} (expected noise {ratio} times that of the others)"

    @property
    def noise_by_size(self) -> float:
        """Return the noise expected by size over that of the others; 1 if size says nothing."""
        if self.panel.sizes is None or self.panel.scale.unit in SAMPLED:
            return 1.0
        return float(diagnostics.rescaled_by_size(self.placebos(), self.panel.sizes).ratio)

    def _earlier_noise(self) -> list[Row]:
        placebos = self.placebos()
        ratio = self.recorder(inference.placebo_in_space)(
            "fit_ratio",
            placebos.treated_rmspe / float((placebos.rmspe**2).mean() ** 0.5),
            SHARE,
            "Pre-period root mean squared gap of the treated unit over that of comparison units.",
        )
        return [
            ("gaps before the start over those of comparison units", ratio),
            ("p with differences rescaled by the gaps before the start", self._by_fit(placebos)),
        ]

    def _by_fit(self, placebos: Placebos) -> str:
        found = diagnostics.rescaled_by_fit(placebos)
        if not is_above(abs(found.ratio - 1)):
            return "no change: differences do not grow with these gaps, so the rescaling does nothing"
        meaning = "Permutation p after rescaling by a variance function of the pre-period gaps."
        return self.recorder(diagnostics.rescaled_by_fit)("p_by_fit", found.p, P_VALUE, meaning)

    def _before_the_start(self) -> list[Row]:
        panel, alpha = self.panel, self.rules["alpha"]
        lead = self.recorder(diagnostics.pre_trend_rank)(
            "pre_trend_p",
            diagnostics.pre_trend_rank(panel),
            P_VALUE,
            "Permutation p of the largest pre-period lead.",
        )
        drift = self.recorder(diagnostics.detectable_drift)(
            "detectable_drift",
            diagnostics.detectable_drift(panel, alpha),
            Unit(f"{panel.scale.difference_unit} a year", 2),
            "Smallest steady drift a year that the pre-trend test finds four times in five.",
        )
        years = [sum(part) / len(part) for part in (panel.years[: panel.n_pre], panel.years[panel.n_pre :])]
        slope = self.placebos().treated / (years[1] - years[0])
        chance = self.recorder(diagnostics.pre_trend_power)(
            "pre_trend_power",
            100 * diagnostics.pre_trend_power(panel, slope, alpha),
            PER_CENT.to(0),
            "Power of the pre-trend test against a drift that alone would give the estimate.",
        )
        multiple = self.recorder(diagnostics.breakdown)(
            "breakdown",
            diagnostics.breakdown(panel),
            RATIO,
            "Multiple of the largest yearly step before the start at which the sign is lost.",
        )
        return [
            ("pre-period lead, permutation p", lead),
            ("smallest drift a year which that test finds with 80 % power", drift),
            ("its power against a drift that alone would give the estimate, per cent", chance),
            ("breakdown multiple of the largest yearly step before the start", multiple),
            *self._fake_starts(),
        ]

    def _fake_starts(self) -> list[Row]:
        record, unit, rows = self.recorder(diagnostics.placebo_in_time), self.difference, []
        for year in self.panel.years[1 : self.panel.n_pre]:
            found = diagnostics.placebo_in_time(self.panel, year)
            meaning = f"Estimate for a start put in {year} for a trial"
            value = record(f"placebo_time.{year}", found.treated, unit, f"{meaning}.")
            p = record(f"placebo_time.{year}.p", found.p_value, P_VALUE, f"{meaning}: its permutation p.")
            rows.append((f"a start put in {year} for a trial", f"{value} (p {p})"))
        record("placebo_time", found.treated, unit, f"{meaning}.")
        return rows

    def _other_method(self, method: Method) -> Row:
        other, name = self.placebos(method), METHODS[method]
        record = self.recorder(estimate)
        value = record(method, other.treated, self.difference, f"Estimate by {name}.")
        meaning = f"Permutation p of {name}."
        p = record(f"{method}_p", other.p_value, P_VALUE, meaning, function=inference.placebo_in_space)
        donors = record(
            f"{method}_donors",
            estimate(self.panel, method).effective_donors,
            RATIO,
            f"Effective number of comparison units in {name}, one over the sum of squared weights.",
        )
        return name, f"{value} (p {p}; {donors} effective comparison units)"

    def event_study(self, *, by_size: bool = False) -> diagnostics.EventStudy:
        """Record the event study by two-way fixed effects, its range by size if asked."""
        panel, record = self.panel, self.recorder(diagnostics.event_study)
        found = diagnostics.event_study(panel, self.level()[0])
        if by_size:
            ratio = self.noise_by_size
            found = replace(found, pointwise=found.pointwise * ratio, simultaneous=found.simultaneous * ratio)
        kind = f"{round(100 * (1 - found.level))} % range of the comparison units' gaps in that year"
        for year, gap, reach in zip(found.years, found.gaps, found.pointwise, strict=True):
            if year != found.base_year:
                record(
                    f"event.{year}",
                    gap,
                    self.difference,
                    f"Gap of {panel.units[0]} in {year}, counted from {found.base_year}.",
                    interval=(-reach, reach),
                    interval_kind=kind,
                )
        later = slice(panel.n_pre, None)
        outside = int((abs(found.gaps[later]) > found.pointwise[later]).sum())
        meaning = "Later years in which the gap lies beyond the range of single years."
        record("event_outside", outside, COUNT, meaning)
        return found

    def weights(self, method: Method, top: int) -> Table:
        """Tabulate the weights of comparison units and of years before the start, largest first."""
        panel, found = self.panel, estimate(self.panel, method)
        units = sorted(zip(panel.units[1:], found.unit_weights, strict=True), key=lambda pair: -pair[1])
        rest = 1 - sum(weight for _, weight in units[:top])
        rows = [(unit, "unit", f"{weight:.3f}") for unit, weight in units[:top]]
        rows += [(f"the other {len(units) - top}", "units", f"{rest:.3f}")] if len(units) > top else []
        years = zip(panel.years[: panel.n_pre], found.time_weights, strict=True)
        rows += [(str(year), "year", f"{weight:.3f}") for year, weight in years]
        title = f"Weights, {METHODS[method]}: {self.label}"
        return Table(pd.DataFrame(rows, columns=["unit or year", "kind", "weight"]), title)

    def donors(self, plan: PanelPlan) -> Table:
        """Tabulate the comparison units: the rule, which, and who was left out and why."""
        panel = self.panel
        rows = [("rule", plan.donors), ("comparison units", ", ".join(panel.units[1:]))]
        rows += [(f"left out: {unit}", reason) for unit, reason in plan.exclude.items()]
        if panel.started:
            reason = f"left out: {plan.leave_out_started} by {panel.years[-1]}, or at a time not known"
            rows.append((reason, ", ".join(panel.started)))
        if panel.dropped:
            rows.append(("left out: a year is missing", ", ".join(panel.dropped)))
        return Table(pd.DataFrame(rows, columns=["what", "which"]), f"Comparison set: {self.label}")

    def _rows_with_sd(self) -> Rows:
        """Return the rows of the panel and the source of the standard deviation between pupils."""
        scale = rows_named(self.release, "indicators", self.panel.scale.indicator)
        return self.panel.rows + replace(scale, sources=(self.panel.scale.pupil_sd_source,))


def year_span(years: Sequence[int]) -> str:
    """Format years as one year or as first and last."""
    return str(years[0]) if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"
