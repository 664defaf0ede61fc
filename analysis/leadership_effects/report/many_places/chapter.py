"""Record and draw leads, estimators, variants, curve and dose of a design of many places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadership_effects.counting import count, in_figures, year_span
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.staggered.design import many_places_plan
from leadership_effects.effects.staggered.alternatives.two_way import two_way
from leadership_effects.effects.staggered.common import StaggeredEstimatorError
from leadership_effects.effects.staggered.comparison import all_estimators
from leadership_effects.effects.staggered.imputation import ImputationError
from leadership_effects.effects.staggered.leads import joint_test, lead_power
from leadership_effects.effects.staggered.paths import PermutationError
from leadership_effects.effects.staggered.sensitivity import (
    MOST,
    SensitivityError,
    breakdown,
    event_path,
    relative_magnitudes,
)
from leadership_effects.effects.staggered.variation.specification import staggered_curve
from leadership_effects.report.charts.case import in_words, options
from leadership_effects.report.descriptions import ordinal
from leadership_effects.report.figures import Figure
from leadership_effects.report.many_places import charts
from leadership_effects.report.many_places.estimates import ALPHA
from leadership_effects.report.many_places.simulated import Simulated
from leadership_effects.report.numbers import COUNT, P_VALUE, PER_CENT, RATIO, TEXT, format_number
from leadership_effects.report.tables import Table
from leadership_effects.rounding import DECIMALS, is_above

CHOICES = {
    "counted as treated from": "the wave from which a start counts",
    "adjusted for": "what is adjusted for",
}  # names of choices in a sentence, where they are not nouns themselves
COUNTED = ("New in the programme that year", "In the programme", "Alumni, or placed to date")
CURVE_DRAWS, LEAD_DRAWS, LEAD_PANELS = 999, 1999, 200


@dataclass
class ManyPlaces(Simulated):
    """A design of many places with all that its chapter shows."""

    # Before the start

    def leads(self) -> Table:
        """Record and show the joint test of leads, with its power.

        Keys: ``leads.p, .p_error, .n, .power, .detectable, .explaining, .found``; the last says in words whether earlier
        waves differ.
        """
        rule = many_places_plan(self.release)["permutation"]
        scheme, seed = self.test(self.headline).paths.scheme, int(rule["seed"])
        record = self.numbers("leads", joint_test)
        try:
            found = joint_test(self.panel, self.headline, scheme, LEAD_DRAWS, seed)
            power = lead_power(self.panel, self.headline, scheme, LEAD_PANELS, 199, seed)
        except (ImputationError, PermutationError) as refused:
            record("found", "cannot be tested", TEXT, f"What the joint test of leads says: {refused}")
            return Table(pd.DataFrame([{"test": "leads", "reason": str(refused)}]), "The joint test of leads")
        estimate = self.test(self.headline).estimate
        record(
            "n",
            found.leads,
            COUNT,
            "Leads in the joint test: waves before the start, against all earlier ones.",
        )
        record("p", found.p_value, P_VALUE, "Joint permutation p of the leads.")
        record("p_error", found.p_error, P_VALUE.to(4), "Monte Carlo error of the joint p of the leads.")
        words = "differ" if found.p_value <= ALPHA else "differ no more than they do with permuted starts"
        record(
            "found", words, TEXT, "Whether waves before the start differ, by the joint test at 5 per cent."
        )
        record = self.numbers("leads", lead_power)
        detectable, explaining = power.detectable(), power.explaining(estimate)
        record("detectable", detectable, self.unit.as_level(), "Trend a wave before the start that the test finds in four of five panels.")  # fmt: skip
        record(
            "explaining",
            explaining,
            self.unit,
            "Trend a wave that would by itself give the adjusted estimate.",
        )
        share = 100 * power.against(estimate)
        record(
            "power", share, PER_CENT.to(0), "How often the test finds the trend that would give the estimate."
        )
        record("size", 100 * power.power(0.0), PER_CENT.to(0), "How often the test of leads finds a trend where there is none.")  # fmt: skip
        rows = [
            ("leads tested together", format_number(found.leads, 0)),
            ("p, start paths permuted", P_VALUE.format(found.p_value)),
            ("found where there is no trend, per cent", format_number(100 * power.power(0.0), 0)),
            ("trend a wave that is found in four of five panels", self.unit.as_level().format(detectable)),
            ("trend a wave that would by itself give the estimate", self.printed(explaining)),
            ("how often that trend is found, per cent", format_number(share, 0)),
        ]
        return Table(pd.DataFrame(rows, columns=["joint test of leads", "value"]), "The joint test of leads")

    def magnitudes(self, caption: str) -> Figure | Table:
        """Record and draw sets under bounded departures from parallel trends.

        Departures are bounded by multiples of the largest violation before the start.

        Keys: ``magnitudes.zero, .smallest`` (the multiple at which the set first holds zero, or the smallest effect of
        interest), ``.step``, and ``magnitudes.at_<multiple>`` with its set; ``magnitudes.said`` in words.
        """
        record = self.numbers("magnitudes", relative_magnitudes)
        level, test = self.interest.level, self.test(self.headline)
        found = test.confidence_set(level)
        try:
            path = event_path(self.panel, self.headline, reference="all waves before")
        except (SensitivityError, ImputationError) as refused:
            record("said", "cannot be worked out", TEXT, f"What relative magnitudes say: {refused}")
            return Table(pd.DataFrame([{"reason": str(refused)}]), "Sensitivity to relative magnitudes")
        if np.isfinite([found.low, found.high]).all():
            path = path.inflated((found.high - found.low) / 2, level)
        grid = [float(m) for m in many_places_plan(self.release)["sensitivity"]["relative_magnitudes"]]
        frame = relative_magnitudes(path, grid, level)
        zero = breakdown(path, 0.0, level)
        values = {"zero": (zero, "zero")}
        if self.in_sd:
            values["smallest"] = (
                breakdown(path, self.interest.smallest, level),
                "the smallest effect of interest",
            )
        for name, (value, words) in values.items():
            meaning = (
                f"Multiple of the largest violation before the start at which the set first holds {words}."
            )
            shown, unit = (value, RATIO.to(2)) if np.isfinite(value) else (f"above {MOST:.0f}", TEXT)
            record(name, shown, unit, meaning, function=breakdown)
        for row in frame.itertuples():
            self.numbers("magnitudes", relative_magnitudes)(
                f"at_{str(row.m).replace('.0', '').replace('.', '_')}", row.m, RATIO, f"Multiple {row.m:g} of the largest violation before the start.",
                interval=(row.low, row.high), interval_kind="90 % set by the conditional test of Rambachan and Roth",
            )  # fmt: skip
        said = (
            "holds zero already under parallel trends"
            if zero == 0
            else "holds zero only from some multiple on"
        )
        record("said", said, TEXT, "Whether the set holds zero under parallel trends.")
        frame = frame.assign(label=[f"{m:g} times" for m in frame["m"]])
        frame = frame[["label", "low", "high", "identified_low", "identified_high"]]
        says = "; ".join(f"{row.label} {self.span(row.low, row.high)}" for row in frame.itertuples())
        holding = int(((frame["low"] <= 0) & (frame["high"] >= 0)).sum())
        title = f"The set holds zero at {holding} of {len(frame)} allowed departures from parallel trends"
        return self.show(
            "magnitudes", charts.magnitudes(frame, f"average difference, {self.panel.unit}", self.sizes[:1]), title=title,
            what="90 per cent sets of the average change", caption=caption, says=f"The sets are: {says}.", data=frame,
        )  # fmt: skip

    # Estimators

    def estimators(self) -> Table:
        """Record and show every estimator on the panel, each with its clustered error.

        Keys: ``estimators.<method>``, ``estimators.low, .high, .n, .inside`` over those that can be had, and
        ``two_way.<kind>`` and ``two_way.negative`` of the decomposition, in per cent.
        """
        rows, held = [], []
        self._estimators = all_estimators(self.panel)
        main = self.bounds_of(self.test(self.headline))
        for found in self._estimators:
            row = {
                "estimator": found.method,
                "estimate": "",
                "standard error": "",
                "places": "",
                "note": found.note,
            }
            if found.available:
                held.append(found.estimate)
                row |= {
                    "estimate": self.printed(found.estimate),
                    "standard error": self.unit.as_level().format(found.se) if np.isfinite(found.se) else "",
                    "places": str(found.n_places),
                }
                key = "_".join("".join(c if c.isalnum() else " " for c in found.method.lower()).split())
                self.numbers("estimators", all_estimators)(
                    key,
                    found.estimate,
                    self.unit,
                    f"Average difference by another estimator: {found.method}.",
                )
            rows.append(row)
        record = self.numbers("estimators", all_estimators)
        record("n", len(held), COUNT, "Estimators that can be used with this panel.")
        record("low", min(held), self.unit, "Smallest estimate over estimators.")
        record("high", max(held), self.unit, "Largest estimate over estimators.")
        inside = sum(main.low <= value <= main.high for value in held)
        record(
            "inside",
            inside,
            COUNT,
            "Estimators whose estimate lies in the 90 per cent set of the adjusted one.",
        )
        return Table(pd.DataFrame(rows), "One panel, every estimator")

    def estimators_chart(self, caption: str) -> Figure:
        """Draw the estimates of `estimators` with 95 per cent intervals by clustered errors."""
        found = [one for one in self._estimators if one.available]
        rows = [
            (one.method, one.estimate, one.estimate - 1.96 * one.se, one.estimate + 1.96 * one.se)
            for one in found
        ]
        values = [row[1] for row in rows]
        title = (
            f"By {len(rows)} estimators the average change runs from {self.printed(min(values))} to "
            f"{self.printed(max(values))}"
        )
        return self._forest("estimators", rows, title, "Average change by estimator", caption)

    def decomposition(self) -> Table:
        """Record and show the comparisons that static two-way fixed effects mix.

        They are worked out on the balanced part of the panel.
        """
        try:
            found = two_way(self.panel)
        except StaggeredEstimatorError as refused:
            return Table(pd.DataFrame([{"reason": str(refused)}]), "No balanced part to decompose")
        record = self.numbers("two_way", two_way)
        kinds = found.kinds()
        for name, share in zip(("never", "earlier", "later"), kinds["weight"], strict=True):
            words = "treated against never treated, earlier against later, later against earlier"
            record(
                name,
                100 * share,
                PER_CENT.to(0),
                f"Weight in static two-way fixed effects ({words}): {name}.",
            )
        record("negative", 100 * found.negative_share, PER_CENT.to(0), "Treated cells whose effect static two-way fixed effects count with a negative weight.")  # fmt: skip
        table = pd.DataFrame(
            {
                "comparison": kinds["kind"],
                "weight, per cent": [format_number(100 * share, 0) for share in kinds["weight"]],
                "estimate": ["" if np.isnan(value) else self.printed(value) for value in kinds["estimate"]],
            }
        )
        return Table(table, "What static two-way fixed effects mix")

    # The specification curve

    def curve(self, caption: str) -> Figure:
        """Run, record and draw the plan's specification grid with its permutation rank.

        Keys: ``curve.n, .missing, .median, .low, .high, .positive, .p, .draws, .places, .lacking`` and ``.rank``.
        """
        seed = int(many_places_plan(self.release)["permutation"]["seed"])
        self._curve = found = staggered_curve(self.release, self.design, CURVE_DRAWS, seed)
        held = found.cells["estimate"].dropna()
        record = self.numbers("curve", staggered_curve, rows=self.panel.rows + found.rows)
        record("n", len(held), COUNT, "Specifications of the grid with an estimate.")
        record(
            "missing",
            len(found.cells) - len(held),
            COUNT,
            "Specifications in which a term has no untreated place.",
        )
        record("median", found.median, self.unit, "Median estimate over the specifications.")
        record("low", held.min(), self.unit, "Smallest estimate over the specifications.")
        record("high", held.max(), self.unit, "Largest estimate over the specifications.")
        share = 100 * float(is_above(held).mean())
        record("positive", share, PER_CENT.to(0), "Share of specifications with an estimate above zero.")
        record(
            "p",
            found.p,
            P_VALUE,
            "Share of permuted start years whose median over the grid is at least as far from zero.",
        )
        record(
            "draws", len(found.permuted), COUNT, "Permutations of start years behind the rank of the curve."
        )
        record("places", found.n_places, COUNT, "Places among which start years are permuted.")
        record("lacking", 100 * found.missing, PER_CENT.to(0), "Specifications without an estimate under permuted years, on average.")  # fmt: skip
        above = int((found.permuted > found.median).sum())
        record("rank", 1 + above, COUNT, "Rank from the top of the median among those under permuted years.")
        says = (
            f"The estimates run from {self.printed(held.min())} to {self.printed(held.max())}, median "
            f"{self.printed(found.median)}; {format_number(share, 0)} per cent lie above zero."
        )
        chart = charts.curve(found.cells, found.median, f"estimate, {self.panel.unit}", self.sizes[:1])
        title = (
            f"{format_number(share, 0)}% of {len(held)} specifications lie above zero; their median is "
            f"{self.printed(found.median)}"
        )
        return self.show(
            "curve", chart, title=title, what="Average change by specification", caption=caption, says=says,
            data=found.cells,
        )  # fmt: skip

    def curve_rank(self, caption: str) -> Figure:
        """Draw the median of the grid among the medians under permuted start years."""
        found = self._curve
        frame = pd.DataFrame({"median": found.permuted, "kind": charts.PERMUTED}).round(4)
        says = (
            f"The actual median is {self.printed(found.median)}; under permuted years it runs from "
            f"{self.printed(found.permuted.min())} to {self.printed(found.permuted.max())}."
        )
        chart = charts.permuted(frame, found.median, f"median over the grid, {self.panel.unit}")
        rank = 1 + int((found.permuted > found.median).sum())
        title = f"The real start years come {ordinal(rank)} from the top among {len(found.permuted) + 1:,} orders of them"
        return self.show(
            "curve_rank",
            chart,
            title=title,
            what="Median over specifications",
            caption=caption,
            says=says,
            data=frame,
        )

    def curve_choices(self, caption: str) -> Figure:
        """Record and draw how the estimates turn on each choice of the grid.

        Keys: ``curve.widest``, the choice that moves the median most, with the ends ``.low, .high`` of its medians.
        """
        names = self._curve.cells.columns.drop(["estimate", "n_treated"])
        cells, choices = in_words(self._curve.cells, list(names))
        parts = []
        for name in choices:
            grouped = cells.groupby(name, sort=False)["estimate"]
            part = grouped.agg(low="min", median="median", high="max", specifications="count").reset_index()
            parts.append(part.assign(choice=f"{name}: " + part[name].astype(str)).drop(columns=name))
        frame = pd.concat(parts, ignore_index=True)[["choice", "low", "median", "high", "specifications"]]
        reach = frame.groupby(frame["choice"].str.split(": ").str[0])["median"].agg(np.ptp).round(DECIMALS)
        of_widest = frame.loc[frame["choice"].str.startswith(f"{reach.idxmax()}: "), "median"]
        widest = str(reach.idxmax())
        record = self.numbers("curve", staggered_curve, rows=self.panel.rows + self._curve.rows)
        record("widest", CHOICES.get(widest, widest), TEXT, "Choice of the grid whose options differ most in their median estimate.")  # fmt: skip
        record.ends(
            "widest.{}", of_widest, self.unit, "Median estimate under the options of that choice, {}est."
        )
        title = (
            f"The choice of {CHOICES.get(widest, widest)} moves the median most, from {self.printed(of_widest.min())} to "
            f"{self.printed(of_widest.max())}"
        )
        says = "Medians by choice: " + "; ".join(
            f"{row.choice} {self.printed(row.median)}" for row in frame.itertuples()
        )  # fmt: skip
        return self.show(
            "curve_choices",
            options(frame, self.panel.unit),
            title=title,
            what="Range and median of the average change under each choice",
            caption=caption,
            says=f"{says}.",
            data=frame,
        )

    # Dose

    def dose_known(self) -> Table:
        """Record and show the dated counts of people of the places in the estimate.

        Keys: ``dose.counts, .places, .treated, .series``: counts, places with one, and those with five of one measure.
        """
        dose = self.release.table("dose")
        codes = dict(zip(self.panel.places, self.panel.names, strict=True))
        own = dose[dose["code"].isin(codes) & dose["year"].notna()].assign(
            name=lambda f: f["code"].map(codes)
        )
        record = self.numbers(
            "dose", rows=rows_of(self.release, "dose", own, "dose.csv: counts of places in the estimate")
        )
        record("counts", len(own), COUNT, "Dated counts of teachers and alumni of places in the estimate.")
        record("places", own["code"].nunique(), COUNT, "Places in the estimate with a dated count.")
        treated = {code for code, held in zip(self.panel.places, self.panel.treated, strict=True) if held}
        record("treated", len(treated & set(own["code"])), COUNT, "Treated places with a dated count.")
        self._doses = own
        series = own.groupby(["code", "measure"])["year"].nunique()
        record(
            "series",
            int((series >= 5).sum()),
            COUNT,
            "Times one place has counts of one measure in five or more years.",
        )
        rows = [
            {
                "place": name, "counted": measure, "counts": len(part),
                "first and last": ", ".join(f"{row.value:,.0f} in {row.year:.0f}" for row in ends.itertuples()),
            }
            for (name, measure), part in own.sort_values("year", kind="stable").groupby(["name", "measure"])
            for ends in [part.iloc[[0, -1]] if len(part) > 1 else part]
        ]  # fmt: skip
        return Table(pd.DataFrame(rows), "Dated counts of teachers and alumni of the places in the estimate")

    def dose_chart(self, caption: str) -> Figure | Table:
        """Draw the counts of `dose_known` by year."""
        own = self._doses
        if own.empty:
            return Table(
                pd.DataFrame(), "Counts", empty="The release holds no dated count of people of these places."
            )
        kinds = own["measure"].map(_kind_of_count)
        frame = pd.DataFrame(
            {"place": own["name"], "year": own["year"].astype(int), "value": own["value"], "kind": kinds, "counted": own["measure"]}
        ).sort_values(["year", "place", "counted"], kind="stable", ignore_index=True)  # fmt: skip
        numbers = "; ".join(f"{kind.lower()}, {n}" for kind, n in frame["kind"].value_counts().items())
        return self.show(
            "dose",
            charts.dose(frame, COUNTED),
            title=(
                f"{in_figures(len(frame), 'dated count')} of people from {count(frame['place'].nunique(), 'place')}, "
                f"{year_span(frame['year'].min(), frame['year'].max())}"
            ),
            what="Teachers and alumni of the places whose outcome is followed",
            caption=caption,
            says=f"Counts by kind: {numbers}.",
            data=frame,
        )


def _kind_of_count(measure: str) -> str:
    """Say whether a count is of those new in a year, in the programme, or so far."""
    if measure.startswith("new"):
        return COUNTED[0]
    return COUNTED[2] if "alumni" in measure or "cumulative" in measure else COUNTED[1]
