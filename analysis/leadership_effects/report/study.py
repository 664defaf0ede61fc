"""One case as its notebook sees it: opens the release, builds panels, records results in a fixed vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from leadership_effects.data.grid import grid_plan
from leadership_effects.data.panels import GapSeries, Panel, build_gap, build_panel, indicator_rows, scale
from leadership_effects.data.plan import CasePlan, case_plan
from leadership_effects.data.provenance import Rows, provenance, rows_named, rows_of
from leadership_effects.data.release import Release, open_release
from leadership_effects.effects import diagnostics, inference
from leadership_effects.effects.estimators import InterruptedGap, estimate, headline_method, interrupted_gap
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.specification import Curve, described_curve, specification_curve
from leadership_effects.effects.weights import METHODS, Method
from leadership_effects.evidence.profile import (
    DID_NOT,
    STOOD_OUT,
    STRATEGIES,
    Comparison,
    Link,
    Record,
    count_label,
    printed_year,
    profile_frame,
    strategies_frame,
    strategy_links,
)
from leadership_effects.report.registry import Registry, format_number
from leadership_effects.report.tables import Table


@dataclass
class Study:
    """A case, its plan and its results registry.

    Attributes
    ----------
    release : Release
    case_id : str
    plan : CasePlan
    registry : Registry
    """

    release: Release
    case_id: str
    plan: CasePlan
    registry: Registry
    _panels: dict[str, Panel] = field(default_factory=dict, repr=False)
    _placebos: dict[tuple[str, str], Placebos] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, release: str, case_id: str) -> Study:
        """Open a case of a release.

        Raises
        ------
        ReleaseError, PlanError
            If there is no such release or case.
        """
        opened = open_release(release)
        plan = case_plan(opened, case_id)
        registry = Registry(opened, case_id, f"analysis/notebooks/cases/{case_id}.py")
        return cls(opened, case_id, plan, registry)

    def panel(self, name: str) -> Panel:
        """Panel of the plan by its key."""
        if name not in self._panels:
            self._panels[name] = build_panel(self.release, self.plan.panels[name])
        return self._panels[name]

    def method(self, name: str) -> Method:
        """Headline method of a panel by the plan's rule."""
        return headline_method(self.panel(name), self.release.plan["rules"]["sdid_minimum_pre_periods"])

    def placebos(self, name: str, method: Method | None = None) -> Placebos:
        """Enumerated placebos of a panel, by its headline method unless another is named."""
        chosen = method or self.method(name)
        if (name, chosen) not in self._placebos:
            self._placebos[name, chosen] = inference.placebo_in_space(self.panel(name), chosen)
        return self._placebos[name, chosen]

    def detect(self, *names: str, caption: str = "What the panel could detect") -> Table:
        """Record and show what each panel could detect, from its donors alone.

        Keys: ``<panel>.n_donors, .floor, .donor_sd, .mde`` and ``.mde_sd`` where a pupil-level SD is sourced.
        """
        return Table(pd.DataFrame([self._detect(name) for name in names]), caption)

    def _detect(self, name: str) -> dict[str, object]:
        panel, put = self.panel(name), self._recorder(name)
        unit, sd = panel.scale.difference_unit, panel.scale.pupil_sd
        mde = inference.minimum_detectable_effect(panel, self.release.plan["rules"]["alpha"])
        found = inference.minimum_detectable_effect
        floor = 1 / (panel.n_donors + 1)
        put("n_donors", panel.n_donors, "Number of comparison units.", build_panel, digits=0)
        put(
            "floor", floor, "Smallest p the permutation test can reach.", inference.placebo_in_space, digits=3
        )
        spread = inference.collapsed_t(panel).donor_sd
        put(
            "donor_sd",
            spread,
            "Standard deviation of comparison units' changes.",
            inference.collapsed_t,
            unit=unit,
        )
        put(
            "mde",
            mde,
            "Smallest constant difference found with 80 per cent power at the 5 per cent level.",
            found,
            unit=unit,
        )
        if sd:
            put("mde_sd", mde / sd, "The same in standard deviations between pupils.", found, unit="pupil SD", digits=2,
                rows=self._with_sd(panel))  # fmt: skip
        return {
            "indicator": panel.scale.title,
            "comparison units": panel.n_donors,
            "before": _span(panel.years[: panel.n_pre]),
            "after": _span(panel.years[panel.n_pre :]),
            "smallest p possible": f"{floor:.3f}",
            f"detectable with 80 % power, {unit}": mde,
            "in pupil SD": f"{mde / sd:.2f}" if sd else "no sourced SD",
        }

    def estimate(self, *names: str, caption: str = "Estimates with placebo inference") -> Table:
        """Record and show the estimate of each panel with its placebo inference.

        Keys: ``<panel>.treated_pre, .treated_post, .donors_pre, .donors_post, .treated_change, .donor_change, .att,
        .att_placebo_sd, .p, .rank, .places, .t_p`` and, where they exist, ``.att_sd`` and ``.p_studentised``.
        """
        rows = [self._estimate(name) for name in names]
        return Table(pd.DataFrame(rows), caption)

    def _estimate(self, name: str) -> dict[str, object]:
        panel, placebos, put = self.panel(name), self.placebos(name), self._recorder(name)
        unit, points, label = panel.scale.unit, panel.scale.difference_unit, panel.units[0]
        alpha, kind = self._level(placebos)
        (before, after), (others_before, others_after) = panel.means
        own, others = after - before, others_after - others_before
        put("treated_pre", before, f"Mean of {label} before.", build_panel, unit=unit)
        put("treated_post", after, f"Mean of {label} after.", build_panel, unit=unit)
        put("donors_pre", others_before, "Mean of comparison units before.", build_panel, unit=unit)
        put("donors_post", others_after, "Mean of comparison units after.", build_panel, unit=unit)
        put(
            "treated_change",
            own,
            f"Change of {label} from before to after.",
            build_panel,
            unit=points,
            signed=True,
        )
        put(
            "donor_change",
            others,
            "Change of comparison units from before to after.",
            build_panel,
            unit=points,
            signed=True,
        )
        put("att", placebos.treated, f"Change of {label} beyond that of its comparison units ({METHODS[placebos.method]}).",
            estimate, unit=points, signed=True, interval=placebos.confidence_set(alpha), interval_kind=kind)  # fmt: skip
        ruler = inference.placebo_in_space
        put("att_placebo_sd", placebos.treated / placebos.sd, "The same in placebo standard deviations.", ruler,
            unit="placebo SD", digits=2, signed=True)  # fmt: skip
        put("p", placebos.p_value, "Two-sided permutation p-value over places.", ruler, digits=3)
        put("rank", placebos.rank, "Rank of the treated unit's estimate from the top.", ruler, digits=0)
        put("places", panel.n_donors + 1, "Number of places ranked.", ruler, digits=0)
        t_p = inference.collapsed_t(panel).p
        put("t_p", t_p, "p-value of the collapsed t.", inference.collapsed_t, digits=3)
        if panel.scale.pupil_sd:
            put("att_sd", placebos.treated / panel.scale.pupil_sd, "The estimate in standard deviations between pupils.",
                estimate, unit="pupil SD", digits=2, signed=True, rows=self._with_sd(panel))  # fmt: skip
        if panel.n_pre > 1:
            studentised = "Permutation p after dividing each place by its own pre-period fit."
            put("p_studentised", placebos.p_studentised, studentised, ruler, digits=3)
        return {
            "indicator": panel.scale.title,
            "window": f"{_span(panel.years[: panel.n_pre])} to {_span(panel.years[panel.n_pre :])}",
            f"change, {label}": own,
            "change, comparison units": others,
            "difference": placebos.treated,
            f"{round(100 * (1 - alpha))} % set": self.registry.results[f"{name}.att"]["interval_text"],
            "rank": f"{placebos.rank} of {panel.n_donors + 1}",
            "p (permutation)": f"{placebos.p_value:.3f}",
            "p (collapsed t)": f"{t_p:.3f}",
        }

    def _level(self, placebos: Placebos) -> tuple[float, str]:
        alpha = self.release.plan["rules"]["alpha"]
        level = alpha if placebos.floor <= alpha else 0.10
        return level, f"{round(100 * (1 - level))} % confidence set, permutation test inverted"

    def family(self, key: str, names: Sequence[str], meaning: str) -> float:
        """Record the max-T p-value over several panels under ``<key>``."""
        p = inference.family_p([self.placebos(name) for name in names])
        rows = self._joined(names)
        self._put(key, p, meaning, inference.family_p, rows=rows, digits=3)
        return p

    def robustness(self, name: str, *, start: bool = True) -> Table:
        """Record and show the checks that the panel bears, and say which it does not bear.

        Without a `start`, early cohorts against late ones, whatever presupposes one is neither shown nor recorded.

        Keys: ``<panel>.loo_low, .loo_high, .effective_donors`` always; ``.lpo_low, .lpo_high`` where a period can be
        spared; ``.p_by_size, .size_ratio`` where sizes are known; with two pre-periods ``.pre_trend_p, .pre_trend_power,
        .detectable_drift, .breakdown, .fit_ratio, .p_by_fit``, ``.placebo_time`` and ``.placebo_time_p`` for the last
        fake start and ``.placebo_time.<year>`` for each; with three ``.sdid, .sdid_p, .sdid_donors`` and the same for
        ``dsc``.
        """
        panel = self.panel(name)
        checks = [self._units_left_out(name), self._periods_left_out(name), self._by_size(name)]
        if panel.n_pre > 1:
            checks += self._earlier_noise(name)
            checks += self._before_the_start(name) if start else []
        else:
            checks.append(
                ("trend before the start, fake start, breakdown", "not possible: one period before the start")
            )
        if panel.n_pre >= self.release.plan["rules"]["synthetic_control_minimum_pre_periods"]:
            checks += [self._beside(name, method) for method in ("sdid", "dsc")]
        else:
            reason = "not printed: with fewer than three pre-periods many mixes fit exactly"
            checks.append(("synthetic control and SDID", reason))
        checks.append(("ridge-augmented synthetic control", "not printed: needs ten pre-periods"))
        return Table(
            pd.DataFrame(checks, columns=["check", f"result, {panel.scale.difference_unit}"]),
            f"Robustness: {panel.scale.title}",
        )

    def _units_left_out(self, name: str) -> tuple[str, str]:
        panel, put, method = self.panel(name), self._recorder(name), self.method(name)
        left_out = diagnostics.leave_one_donor_out(panel, method)
        common = dict(function=diagnostics.leave_one_donor_out, unit=panel.scale.difference_unit, signed=True)
        low = put(
            "loo_low",
            min(left_out.values()),
            "Smallest estimate with one comparison unit left out.",
            **common,
        )
        high = put(
            "loo_high",
            max(left_out.values()),
            "Largest estimate with one comparison unit left out.",
            **common,
        )
        effective = estimate(panel, method).effective_donors
        donors = put("effective_donors", effective, "Effective number of comparison units, one over the sum of squared weights.",
                     estimate, digits=0 if abs(effective - round(effective)) < 1e-6 else 1)  # fmt: skip
        return f"each of {donors} effective comparison units left out in turn", f"{low} to {high}"

    def _periods_left_out(self, name: str) -> tuple[str, str]:
        panel, put, label = self.panel(name), self._recorder(name), "each period left out in turn"
        if len(panel.years) == 2:
            return label, "not possible: one period before and one after"
        left_out = diagnostics.leave_one_period_out(panel, self.method(name))
        common = dict(
            function=diagnostics.leave_one_period_out, unit=panel.scale.difference_unit, signed=True
        )
        low = put("lpo_low", min(left_out.values()), "Smallest estimate with one period left out.", **common)
        high = put("lpo_high", max(left_out.values()), "Largest estimate with one period left out.", **common)
        return label, f"{low} to {high}"

    def _by_size(self, name: str) -> tuple[str, str]:
        panel, put, label = (
            self.panel(name),
            self._recorder(name),
            "p with effects rescaled by the places' size",
        )
        if panel.sizes is None:
            return label, "not possible: sizes are not in the release"
        found = diagnostics.rescaled_by_size(self.placebos(name), panel.sizes)
        p = put("p_by_size", found.p, "Permutation p after rescaling by a variance function of size.",
                diagnostics.rescaled_by_size, digits=3)  # fmt: skip
        ratio = put("size_ratio", found.ratio, "Predicted noise of the treated unit over that of comparison units, by size.",
                    diagnostics.rescaled_by_size, digits=2)  # fmt: skip
        return label, f"{p} (expected noise {ratio} times that of the others)"

    def _earlier_noise(self, name: str) -> list[tuple[str, str]]:
        placebos, put = self.placebos(name), self._recorder(name)
        ratio = put("fit_ratio", placebos.treated_rmspe / float((placebos.rmspe**2).mean() ** 0.5),
                    "Pre-period root mean squared gap of the treated unit over that of comparison units.",
                    inference.placebo_in_space, digits=2)  # fmt: skip
        p = put("p_by_fit", diagnostics.rescaled_by_fit(placebos).p,
                "Permutation p after rescaling by a variance function of the pre-period gaps.",
                diagnostics.rescaled_by_fit, digits=3)  # fmt: skip
        return [
            ("gaps before the start over those of comparison units", ratio),
            ("p with effects rescaled by the gaps before the start", p),
        ]

    def _before_the_start(self, name: str) -> list[tuple[str, str]]:
        panel, placebos, put = self.panel(name), self.placebos(name), self._recorder(name)
        alpha, slope = self.release.plan["rules"]["alpha"], f"{panel.scale.difference_unit} a year"
        lead = put("pre_trend_p", diagnostics.pre_trend_rank(panel), "Permutation p of the largest pre-period lead.",
                   diagnostics.pre_trend_rank, digits=3)  # fmt: skip
        drift = put("detectable_drift", diagnostics.detectable_drift(panel, alpha),
                    "Smallest steady drift a year that the pre-trend test finds four times in five.",
                    diagnostics.detectable_drift, unit=slope, digits=2)  # fmt: skip
        years = [sum(part) / len(part) for part in (panel.years[: panel.n_pre], panel.years[panel.n_pre :])]
        power = 100 * diagnostics.pre_trend_power(panel, placebos.treated / (years[1] - years[0]), alpha)
        chance = put("pre_trend_power", power, "Power of the pre-trend test against a drift that alone would give the estimate.",
                     diagnostics.pre_trend_power, unit="percent", digits=0)  # fmt: skip
        multiple = put("breakdown", diagnostics.breakdown(panel),
                       "Multiple of the largest yearly step before the start at which the sign is lost.",
                       diagnostics.breakdown)  # fmt: skip
        return [
            ("pre-period lead, permutation p", lead),
            ("smallest drift a year which that test finds with 80 % power", drift),
            ("its power against a drift that alone would give the estimate, per cent", chance),
            ("breakdown multiple of the largest yearly step before the start", multiple),
            *self._fake_starts(name),
        ]

    def _fake_starts(self, name: str) -> list[tuple[str, str]]:
        panel, put, rows = self.panel(name), self._recorder(name), []
        pre = panel.years[: panel.n_pre]
        for year in pre[1:]:
            found = diagnostics.placebo_in_time(panel, year)
            words = f"Estimate for a start in {year} that did not happen"
            common = dict(function=diagnostics.placebo_in_time, unit=panel.scale.difference_unit, signed=True)
            value = put(f"placebo_time.{year}", found.treated, f"{words}.", **common)
            p = put(
                f"placebo_time.{year}.p",
                found.p_value,
                f"{words}: its permutation p.",
                diagnostics.placebo_in_time,
                digits=3,
            )
            rows.append((f"a start in {year} that did not happen", f"{value} (p {p})"))
        put("placebo_time", found.treated, f"{words}.", **common)
        return rows

    def in_words(self, name: str) -> None:
        """Record what a sentence needs beside the numbers of a panel, as the plan and the rows have it.

        Keys: ``<panel>.treated``, the treated unit; ``<panel>.unit``, in which differences are told; ``<panel>.earlier``,
        a sentence on the last start that never happened, or that there are too few years before for one.
        """
        panel, put = self.panel(name), self._recorder(name)
        unit, pre = panel.scale.difference_unit, panel.years[: panel.n_pre]
        sentence = "With one period before the start nothing can be said of an earlier trend."
        if len(pre) > 1:
            found = diagnostics.placebo_in_time(panel, pre[-1])
            sentence = f"A start in {pre[-1]}, which never happened, gives {format_number(found.treated, 1, signed=True)} {unit}."
        put("treated", panel.units[0], "The treated unit of the panel.", build_panel)
        put("unit", unit, "What differences of the panel are told in.", build_panel)
        put("earlier", sentence, "What the years before the start say.", diagnostics.placebo_in_time)

    def event_study(self, name: str) -> diagnostics.EventStudy:
        """Record the event study of a panel by two-way fixed effects and return it.

        Keys: ``<panel>.event.<year>`` for every year but the base, with the placebo places' range of single years as
        interval, and ``<panel>.event_outside``, the later years whose gap lies beyond it.
        """
        panel, put = self.panel(name), self._recorder(name)
        found = diagnostics.event_study(panel, self._level(self.placebos(name))[0])
        kind = f"{round(100 * (1 - found.level))} % range of the comparison units' gaps in that year"
        for year, gap, reach in zip(found.years, found.gaps, found.pointwise, strict=True):
            if year != found.base_year:
                put(f"event.{year}", gap, f"Gap of {panel.units[0]} in {year}, counted from {found.base_year}.",
                    diagnostics.event_study, unit=panel.scale.difference_unit, signed=True, interval=(-reach, reach),
                    interval_kind=kind)  # fmt: skip
        later = slice(panel.n_pre, None)
        outside = int((abs(found.gaps[later]) > found.pointwise[later]).sum())
        put("event_outside", outside, "Later years in which the gap lies beyond the range of single years.",
            diagnostics.event_study, digits=0)  # fmt: skip
        return found

    def weights(self, name: str, method: Method = "sdid", top: int = 8) -> Table:
        """Weights of comparison units and of years before the start, largest first."""
        panel, found = self.panel(name), estimate(self.panel(name), method)
        units = sorted(zip(panel.units[1:], found.unit_weights, strict=True), key=lambda pair: -pair[1])
        rest = 1 - sum(weight for _, weight in units[:top])
        rows = [(unit, "unit", f"{weight:.3f}") for unit, weight in units[:top]]
        rows += [(f"the other {len(units) - top}", "units", f"{rest:.3f}")] if len(units) > top else []
        years = zip(panel.years[: panel.n_pre], found.time_weights, strict=True)
        rows += [(str(year), "year", f"{weight:.3f}") for year, weight in years]
        title = f"Weights, {METHODS[method]}: {panel.scale.title}"
        return Table(pd.DataFrame(rows, columns=["unit or year", "kind", "weight"]), title)

    def curve(self, grid: str = "grid", key: str = "curve") -> Curve:
        """Run the plan's specification grid, record what it shows and return it.

        Keys: ``<key>.n, .skipped, .planned, .median, .low, .high, .positive, .agree`` and, with placebo places, ``.p,
        .floor, .places, .rank`` (effects in placebo SD, shares in per cent).
        """
        found = specification_curve(self.release, self.plan, grid)
        self.record_curve(found, key)
        return found

    def record_curve(self, found: Curve, key: str = "curve") -> None:
        """Record a specification curve under the keys of `curve`; without placebo places there is no p."""
        maker = specification_curve if found.has_placebos else described_curve
        values, own = found.standardised[0], found.places[0]
        numbers = [
            ("planned", values[found.planned], "effect under the planned specification.", found.metric, 2),
            ("median", found.medians[0], "median effect over the specifications.", found.metric, 2),
            ("low", values.min(), "smallest effect over the specifications.", found.metric, 2),
            ("high", values.max(), "largest effect over the specifications.", found.metric, 2),
            ("n", len(values), "specifications of the grid that the data bear.", "", 0),
            (
                "skipped",
                sum(found.skipped.values()),
                "combinations of the grid that the data do not bear.",
                "",
                0,
            ),
            (
                "positive",
                100 * found.positive,
                "share of specifications with an effect above zero.",
                "percent",
                0,
            ),
            (
                "agree",
                100 * found.agree,
                "share of specifications with the sign of the planned one.",
                "percent",
                0,
            ),
        ]
        if found.has_placebos:
            numbers += [
                (
                    "p",
                    found.p_value,
                    "two-sided permutation p of the median among those of comparison places.",
                    "",
                    3,
                ),
                ("floor", 1 / found.n_ranked, "smallest p that this rank can reach.", "", 3),
                ("places", found.n_ranked, "places whose medians are ranked.", "", 0),
                ("rank", found.rank, "rank of the median from the top.", "", 0),
            ]
        for name, value, meaning, unit, digits in numbers:
            self._put(f"{key}.{name}", value, f"{own}: {meaning}", maker, rows=found.rows, unit=unit, digits=digits,
                      signed=unit == found.metric)  # fmt: skip

    def not_varied(self, grid: str = "grid") -> Table:
        """Choices of the grid that do not vary, with the reason, and combinations that the data do not bear."""
        plan = grid_plan(self.plan, grid)
        return Table(pd.DataFrame(list(plan.not_varied.items()), columns=["choice", "why it does not vary"]),
                     "Choices that do not vary")  # fmt: skip

    def _beside(self, name: str, method: Method) -> tuple[str, str]:
        other, put = self.placebos(name, method), self._recorder(name)
        unit, words = self.panel(name).scale.difference_unit, METHODS[method]
        value = put(method, other.treated, f"Estimate by {words}.", estimate, unit=unit, signed=True)
        p = put(
            f"{method}_p", other.p_value, f"Permutation p of {words}.", inference.placebo_in_space, digits=3
        )
        donors = put(
            f"{method}_donors",
            estimate(self.panel(name), method).effective_donors,
            f"Effective number of comparison units in {words}, one over the sum of squared weights.",
            estimate,
        )
        return words, f"{value} (p {p}; {donors} effective comparison units)"

    def gap(self, name: str, *, digits: int = 1) -> GapSeries:
        """Build a gap series and record its values under ``gap.<name>.<year>`` and its level change.

        Keys with two or more pre-periods: ``gap.<name>.pre_mean, .post_mean, .change``; with three ``.change_trend``.
        """
        plan = self.plan.gaps[name]
        series = build_gap(self.release, plan)
        unit = series.scale.difference_unit
        for year, value in zip(series.years, series.gap, strict=True):
            self._put(f"gap.{name}.{year}", value, f"{plan.treated} less {plan.comparator} in {year}.", build_gap,
                      rows=series.rows, unit=unit, digits=digits, signed=True)  # fmt: skip
        if series.n_pre >= 2:
            self._record_change(name, series, interrupted_gap(series, trend=False), digits)
        if series.n_pre >= 3:
            fit = interrupted_gap(series, trend=True)
            self._put(f"gap.{name}.change_trend", fit.change, "Level change after the start, net of a straight line.",
                      interrupted_gap, rows=series.rows, unit=unit, digits=digits, signed=True)  # fmt: skip
        return series

    def _record_change(self, name: str, series: GapSeries, fit: InterruptedGap, digits: int) -> None:
        for key, value, meaning in (
            ("pre_mean", fit.pre_mean, "Mean gap before the start."),
            ("post_mean", fit.post_mean, "Mean gap after the start."),
            ("change", fit.change, "Change of the mean gap from before to after."),
        ):
            self._put(f"gap.{name}.{key}", value, meaning, interrupted_gap, rows=series.rows, unit=series.scale.difference_unit,
                      digits=digits, signed=True)  # fmt: skip

    def level(
        self, key: str, indicator: str, unit: str, year: int, *, digits: int = 1, unit_type: str = ""
    ) -> float:
        """Record one value of the release under ``<key>`` and return it.

        Raises
        ------
        ValueError
            Unless exactly one row matches.
        """
        rows = indicator_rows(self.release, indicator)
        rows = rows[(rows["name"] == unit) & (rows["year"] == year)]
        if unit_type:
            rows = rows[rows["unit_type"] == unit_type]
        if len(rows) != 1:
            raise ValueError(f"{indicator}: {len(rows)} rows for {unit!r} in {year}, one is needed")
        unit_text = str(
            self.release.table("indicators").set_index("indicator_id").loc[indicator, "value_unit"]
        )
        value = float(rows["value"].iloc[0])
        self._put(key, value, f"{indicator}, {unit}, {year}.", Study.level,
                  rows=provenance(rows), unit=unit_text, digits=digits)  # fmt: skip
        return value

    def computed(self, key: str, value: float | str, meaning: str, rows: pd.DataFrame | Rows, *, unit: str = "",
                 digits: int = 1, signed: bool = False, function: Callable[..., object] | str = "") -> str:  # fmt: skip
        """Record a number that a notebook cell worked out itself, with the rows behind it, and return its text."""
        behind = rows if isinstance(rows, Rows) else provenance(rows)
        source = function or f"{self.registry.source} (cell)"
        return self.registry.record(key, value, meaning=meaning, rows=behind, function=source, unit=unit,
                                    digits=digits, signed=signed)  # fmt: skip

    def outcome(self, *indicators: str) -> pd.DataFrame:
        """Outcome rows of some indicators with the columns of their units."""
        return indicator_rows(self.release, *indicators)

    def facts(self) -> Table:
        """Record every leadership count of the case under ``lead.<id>`` and show them, undated ones last."""
        rows = self._mine("leadership")
        for row in rows[rows["value"].notna()].itertuples():
            self._put(f"lead.{row.leadership_id}", row.value, f"{row.measure} ({row.scope}).", "leadership.csv",
                      rows=rows_named(self.release, "leadership", row.leadership_id), unit=row.unit,
                      digits=_digits(row.value))  # fmt: skip
        rows = rows.sort_values(["year", "leadership_id"], na_position="last")
        shown = rows.assign(
            year=[printed_year(y, b) for y, b in zip(rows["year"], rows["year_basis"], strict=True)]
        )[["measure", "year", "value", "unit", "scope", "dimension", "source_id"]]
        return Table(shown.rename(columns={"source_id": "source"}), "Documented leadership counts")

    def timeline(self) -> pd.DataFrame:
        """Rows ``label, year, kind, source`` of dated events and counts; undated and inferred years stay out."""
        events = self._mine("events")
        events = events[events["year_basis"] == "stated"].assign(kind="event", label=lambda f: f["statement"])
        counts = self._mine("leadership")
        counts = counts[(counts["year_basis"] == "stated") & counts["value"].notna()].assign(
            kind="count",
            label=lambda f: [
                count_label(*row) for row in zip(f["measure"], f["value"], f["unit"], strict=True)
            ],
        )
        both = pd.concat([events, counts])[["label", "year", "kind", "source_id"]]
        return (
            both.sort_values(["year", "label"]).rename(columns={"source_id": "source"}).reset_index(drop=True)
        )

    def claims(self, series: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Claims of the case: who, when, the series that can check them, and what these say.

        Parameters
        ----------
        series : mapping of str to sequence of str, optional
            Indicators that can check a claim, by its id.

        Raises
        ------
        ValueError
            If an id is no claim of the case, or a claim that can be checked has no series.
        PanelError
            If an indicator is unknown.
        """
        rows, series = self._mine("claims"), series or {}
        if unknown := sorted(set(series) - set(rows["claim_id"])):
            raise ValueError(
                f"claims.csv: {self.case_id} has no claim {unknown[0]!r}; allowed: {', '.join(rows['claim_id'])}"
            )
        if bare := sorted(set(rows.loc[rows["checkable"] == "yes", "claim_id"]) - set(series)):
            raise ValueError(
                f"claims.csv: {bare[0]} can be checked, so the series that checks it is needed; allowed: "
                f'study.claims({{"{bare[0]}": ["<indicator_id>"]}}), or checkable: part or no'
            )
        checked = [
            _checked(extent, [scale(self.release, indicator).title for indicator in series.get(claim, ())])
            for claim, extent in zip(rows["claim_id"], rows["checkable"], strict=True)
        ]
        shown = pd.DataFrame(
            {
                "claim": rows["statement"], "who": rows["claimant"], "year": rows["year"].replace("", "n.d."),
                "series that can check it": checked, "verdict": rows["verdict"], "reason": rows["reason"],
                "source": rows["source_id"],
            }
        )  # fmt: skip
        return Table(shown, "Claims and what can be checked")

    def evaluations(self) -> Table:
        """Record published estimates under ``eval.<id>`` and show the studies."""
        rows = self._mine("evaluations")
        for row in rows[rows["estimate"].notna()].itertuples():
            self._put(f"eval.{row.evaluation_id}", row.estimate, f"{row.study}: {row.outcome}.", "evaluations.csv",
                      rows=rows_named(self.release, "evaluations", row.evaluation_id), unit=row.unit,
                      digits=_digits(row.estimate))  # fmt: skip
        shown = rows[["study", "year", "design", "treated", "finding", "statement", "source_id"]]
        return Table(shown.rename(columns={"source_id": "source"}), "Published studies")

    def profile(self, tied: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Codes of the case by every coder with their reasons and the released rows behind each cell.

        Parameters
        ----------
        tied : mapping of str to sequence of str, optional
            Ids of events, counts and studies that document an item, beside the rows filed under it.
        """
        return Table(
            profile_frame(Record.read(self.release, self.case_id), tied),
            "Profile on dimensions, strategies and leverage points. A and B are two automated readings of the same case "
            "notes, which are not published; the rows and sources are those the release files under the item or that this "
            "chapter ties to it. Silent means not found, not absent.",
        )

    def strategies(self, tied: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Record and show, strategy by strategy, what is documented and what the outcome series shows after it.

        Keys: ``strategy.<name>.after`` for each documented strategy, in the words of the verdict, and
        ``strategy.documented, .once, .silent``, how many strategies both readings, one or none found documented.

        Parameters
        ----------
        tied : mapping of str to sequence of str, optional
            As for `profile`.
        """
        record = Record.read(self.release, self.case_id)
        comparison = self._comparison()
        links = strategy_links(record, comparison, tied)
        for link in links:
            if link.strategy:
                self._put(f"strategy.{link.strategy}.after", link.words,
                          f"What the primary comparison shows after the strategy '{STRATEGIES[link.strategy]}'.",
                          strategy_links, rows=self._behind(link))  # fmt: skip
        self._count_strategies(record)
        return Table(
            strategies_frame(record, links),
            "Strategies, what is documented of them, what the sources tie them to, and what the primary outcome shows after "
            f"them. {comparison.described()} Coming later is not being caused.",
        )

    def _count_strategies(self, record: Record) -> None:
        rows = _coded(self.release, list(STRATEGIES), self.case_id)
        found = [record.readings(name) for name in STRATEGIES]
        for key, number, words in (
            ("documented", found.count(2), "both readings found documented"),
            ("once", found.count(1), "one reading only found documented"),
            ("silent", found.count(0), "neither reading found documented"),
        ):
            self._put(
                f"strategy.{key}", number, f"Strategies that {words}.", Record.readings, rows=rows, digits=0
            )

    def _behind(self, link: Link) -> Rows:
        """Rows of a strategy and, where the outcome is held against it, those of the primary panels."""
        evidence = link.evidence
        tables = {"events": evidence.events, "leadership": evidence.counts, "evaluations": evidence.studies}
        parts = [rows_of(self.release, name, frame) for name, frame in tables.items() if len(frame)]
        rows = sum(parts[1:], parts[0]) if parts else _coded(self.release, [link.strategy], self.case_id)
        return rows + self._joined(self.plan.primary) if link.words in (STOOD_OUT, DID_NOT) else rows

    def _comparison(self) -> Comparison:
        """The primary comparison with its finding, or the reason of the plan why there is none."""
        if self._grade() == "described":
            return Comparison(
                reason=_sentence(self.release.plan["synthesis"]["described"].get(self.case_id, ""))
            )
        panels = [self.panel(name) for name in self.plan.primary]
        first, p = panels[0], self._primary_p()
        return Comparison(
            "; ".join(panel.scale.title for panel in panels),
            first.years[: first.n_pre],
            first.years[first.n_pre :],
            p <= self.release.plan["rules"]["alpha"],
            p,
            max(1 / (panel.n_donors + 1) for panel in panels),
        )

    def _grade(self) -> str:
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        panels = [self.panel(name) for name in self.plan.primary]
        return grade(panels, case["first_treated_basis"], self.release.plan["rules"]["minimum_donors"])

    def _primary_p(self) -> float:
        return inference.family_p([self.placebos(name) for name in self.plan.primary])

    def breaks(self, *indicators: str) -> Table:
        """Breaks and cautions of some indicators."""
        rows = self.release.table("breaks")
        rows = rows[rows["indicator_id"].isin(indicators)]
        shown = rows[["indicator_id", "year", "kind", "reason", "source_id"]]
        return Table(
            shown.rename(columns={"indicator_id": "indicator", "source_id": "source"}), "Breaks and cautions"
        )

    def donors(self, name: str) -> Table:
        """Comparison units of a panel: the rule, how many, and who was left out and why."""
        panel, plan = self.panel(name), self.plan.panels[name]
        rows = [("rule", plan.donors), ("comparison units", ", ".join(panel.units[1:]))]
        rows += [(f"left out: {unit}", reason) for unit, reason in plan.exclude.items()]
        if panel.dropped:
            rows.append(("left out: a year is missing", ", ".join(panel.dropped)))
        return Table(pd.DataFrame(rows, columns=["what", "which"]), f"Comparison set: {panel.scale.title}")

    def verdict(self) -> str:
        """Record and return the verdict by the plan's rule: tested, estimated or described (key ``verdict``).

        Also records ``finding``, whether the primary estimate stands out from placebo places at the plan's level.
        """
        panels = [self.panel(name) for name in self.plan.primary]
        rows = sum((panel.rows for panel in panels), rows_named(self.release, "cases", self.case_id))
        verdict = self._grade()
        self._put("verdict", verdict, "Verdict by the rule of the plan.", grade, rows=rows)
        if verdict == "described":
            finding = "cannot be tested"
        else:
            stands = self._primary_p() <= self.release.plan["rules"]["alpha"]
            finding = (
                "stands out from comparison places" if stands else "does not stand out from comparison places"
            )
        self._put("finding", finding, "What the primary comparison shows.", inference.family_p, rows=rows)
        return verdict

    def finish(self) -> None:
        """Write the results."""
        self.registry.save()

    def _mine(self, table: str) -> pd.DataFrame:
        frame = self.release.table(table)
        return frame[frame["case_id"] == self.case_id].reset_index(drop=True)

    def _joined(self, names: Sequence[str]) -> Rows:
        total = self.panel(names[0]).rows
        for name in names[1:]:
            total = total + self.panel(name).rows
        return total

    def _with_sd(self, panel: Panel) -> Rows:
        scale = rows_named(self.release, "indicators", panel.scale.indicator)
        return panel.rows + replace(scale, sources=(panel.scale.pupil_sd_source,))

    def _recorder(self, name: str) -> Callable[..., str]:
        """Recorder of results of one panel: key after its name, rows those of the panel unless others are given."""
        rows = self.panel(name).rows

        def put(key: str, value: float | str, meaning: str, function: object, **rest: object) -> str:
            return self._put(f"{name}.{key}", value, meaning, function, **{"rows": rows, **rest})

        return put

    def _put(self, key: str, value: float | str, meaning: str, function: object, **rest: object) -> str:
        return self.registry.record(key, value, meaning=meaning, function=function, **rest)  # type: ignore[arg-type]


def grade(panels: Sequence[Panel], start_basis: str, minimum_donors: int) -> str:
    """Verdict of a case by the rule of the plan.

    Parameters
    ----------
    panels : sequence of Panel
        Panels of the primary indicators; none if the plan names none.
    start_basis : str
        How the first treated year is known: stated, inferred or undated.
    minimum_donors : int

    Returns
    -------
    str
        ``tested``, ``estimated`` or ``described``.
    """
    if not panels or min(panel.n_donors for panel in panels) < minimum_donors:
        return "described"
    if min(panel.n_pre for panel in panels) >= 2 and start_basis == "stated":
        return "tested"
    return "estimated"


def _coded(release: Release, items: Sequence[str], case_id: str) -> Rows:
    """Codes of a case for some strategies; their sources are those of no row, so the source of the case stands for them."""
    codes = release.table("coding")
    codes = codes[(codes["case_id"] == case_id) & (codes["kind"] == "strategy") & codes["item"].isin(items)]
    case = release.table("cases").set_index("case_id").loc[case_id]
    return rows_of(
        release, "coding", codes.assign(source_id=case["source_id"]), f"coding.csv: {', '.join(items)}"
    )


def _checked(extent: str, titles: Sequence[str]) -> str:
    """Which series can check a claim, and whether wholly or in part."""
    if extent == "no" or not titles:
        return "none in this release"
    return ("in part: " if extent == "part" else "") + "; ".join(titles)


def _sentence(text: str) -> str:
    """A reason of the plan as it stands after a colon."""
    return text[:1].lower() + text[1:].rstrip(".")


def _digits(value: float) -> int:
    """Decimals that a figure read in a source was printed with, two at most."""
    return next((digits for digits in (0, 1) if round(value, digits) == round(value, 6)), 2)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"
