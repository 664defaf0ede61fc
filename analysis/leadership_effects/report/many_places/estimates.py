"""Record and draw power, sets, verdict and effects by wave of a design of many places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadership_effects.counting import in_figures
from leadership_effects.data.panels import scale
from leadership_effects.data.staggered.design import design_variant, many_places_plan
from leadership_effects.data.staggered.panel import StaggeredPanel, build_staggered
from leadership_effects.effects.pupil_scale import AT_LEAST, CANNOT_SAY, RULED_OUT, places_moved
from leadership_effects.effects.staggered.bounds import (
    Bounds,
    bounds,
    zero_ruled_out,
)
from leadership_effects.effects.staggered.event_study import EventStudy, event_study
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    ImputationError,
    Terms,
    usable,
)
from leadership_effects.effects.staggered.paths import PermutationError, permutable
from leadership_effects.effects.staggered.permutation import (
    Family,
    Permutation,
    family_test,
    permutation_test,
)
from leadership_effects.report.figures import Figure
from leadership_effects.report.many_places import charts
from leadership_effects.report.many_places.places import Places
from leadership_effects.report.numbers import COUNT, P_VALUE, PER_CENT, PUPIL_SD, TEXT, Unit, format_number
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

SIZE_IS = {AT_LEAST: "is reached", RULED_OUT: "is ruled out", CANNOT_SAY: "is neither shown nor ruled out"}
MEANS = {
    AT_LEAST: "the whole set lies at or above it",
    RULED_OUT: "the whole set lies below it",
    CANNOT_SAY: "the set reaches across it",
}
ALPHA = 0.05
FAMILY_DRAWS = 1999
NAMES = {PLAIN: "plain", LEVEL: "level", ADJUSTED: "adjusted"}
WORDS = {
    PLAIN: "places and waves alone",
    LEVEL: "starting level by wave",
    ADJUSTED: "starting level and region by wave",
}
ALLOWED = {
    PLAIN: "nothing allowed for",
    LEVEL: "level allowed for",
    ADJUSTED: "level, region allowed for",
}


@dataclass
class Estimates(Places):
    """A design with its estimates by permutation."""

    def test(self, terms: Terms, scheme: str = "", draws: int = 0) -> Permutation:
        """Return the permutation test of some terms, by the plan's primary scheme by default."""
        rule = many_places_plan(self.release)["permutation"]
        primary = self.design.schemes["plain" if terms == PLAIN else "adjusted"]
        key = terms, scheme or primary
        if key not in self._tests:
            self._tests[key] = permutation_test(
                self.panel, terms, scheme or primary, draws or int(rule["draws"]), int(rule["seed"])
            )
        return self._tests[key]

    def bounds_of(self, test: Permutation) -> Bounds:
        """Return the set of a test at the level of the plan against the effects of interest."""
        found = test.confidence_set(self.interest.level)
        return bounds(
            test.estimate, found.low, found.high, self.interest, 1.0 if self.in_sd else None, test.minimum_detectable
        )  # fmt: skip

    def could_see(self) -> Table:
        """Record what could be seen from permuted paths and the width of the set alone.

        Nothing here reads an estimate.

        Keys: ``see.mde, .mde_studentised, .mde_plain``, and where the outcome is in pupil SD ``see.mde_places`` that it moves
        the middle one of a hundred pupils, ``see.mde_points`` in points of the test, ``see.zero_ruled_out`` and ``see.zero_ruled_out_normal`` in per cent.
        """
        main, plain = self.test(self.headline), self.test(PLAIN)
        record = self.numbers("see", permutation_test)
        record("power", 80, PER_CENT.to(0), "Share of assignments in which the stated effect is found.")
        record("mde", main.minimum_detectable, self.unit.as_level(), "Smallest average difference that the adjusted test finds at 5 per cent in four of five assignments of starts.")  # fmt: skip
        record(
            "mde_studentised",
            main.detectable(),
            self.unit.as_level(),
            "The same by simulation of the studentised test.",
        )
        record("mde_plain", plain.minimum_detectable, self.unit.as_level(), "The same of the plain test.")
        rows = [
            {"estimate": WORDS[test.terms], "permuted": test.paths.scheme, "smallest difference found in four of five": self.unit.as_level().format(test.minimum_detectable)}
            for test in (main, plain)
        ]  # fmt: skip
        if self.in_sd:
            sds = [scale(self.release, name).pupil_sd or np.nan for name in self.design.indicators]
            name = scale(self.release, self.design.indicators[0]).unit
            points = main.minimum_detectable * float(np.mean(sds))
            record("mde_places", places_moved(main.minimum_detectable), COUNT, "Places that this change moves the middle one of a hundred pupils, scores taken as normal.")  # fmt: skip
            record("mde_points", points, Unit(name, 1), "The smallest difference in points of the tests, at the mean of their pupil SD.")  # fmt: skip
            often = zero_ruled_out(self.bounds_of(main), main.estimates)
            record = self.numbers("see", zero_ruled_out)
            size = self.unit.to(2).as_level().format(self.interest.smallest)
            words = f"assignments that would rule out {size} had nothing changed, per cent"
            record("zero_ruled_out", 100 * often.by_paths, PER_CENT.to(0), f"By permuted paths: {words}.")
            record(
                "zero_ruled_out_normal",
                100 * often.by_normal,
                PER_CENT.to(0),
                f"By the normal curve: {words}.",
            )
            for row, test in zip(rows, (main, plain), strict=True):
                share = zero_ruled_out(self.bounds_of(test), test.estimates).by_paths
                row[f"{size} ruled out had nothing changed, per cent of assignments"] = format_number(
                    100 * share, 0
                )
        return Table(pd.DataFrame(rows), "What the design could detect")

    def estimate(self, also: Sequence[Terms] = (LEVEL, PLAIN)) -> Table:
        """Record and show the adjusted estimate with its permutation test, and the others beside it.

        Keys, with ``estimate.adjusted`` for the terms of the verdict and ``.level, .plain`` beside:
        ``estimate.<terms>`` with its set, ``.se, .p, .p_error, .p_plain, .redrawn, .low, .high``,
        ``.p_clustered, .clustered_low, .clustered_high`` where places are many, ``.p_<scheme>`` for the other schemes.
        """
        rows = []
        for terms in dict.fromkeys([self.headline, *also]):
            main = self.test(terms)
            name = "adjusted" if terms == self.headline else NAMES[terms]
            self._record_test(name, main)
            others = [self.design.schemes.get("beside", ""), "all places"] if terms == self.headline else []
            tests = [main]
            for scheme in dict.fromkeys(filter(None, others)):
                if scheme == main.paths.scheme:
                    continue
                try:
                    other = self.test(terms, scheme)
                except (PermutationError, ImputationError):
                    continue
                record = self.numbers(f"estimate.{name}", permutation_test)
                record(
                    f"p_{scheme.replace(' ', '_')}", other.p_value, P_VALUE,
                    f"Two-sided p with start paths permuted by another scheme: {scheme}.",
                )  # fmt: skip
                tests.append(other)
            rows += [self._row(test) for test in tests]
        return Table(pd.DataFrame(rows), "The estimate with its permutation test")

    def _row(self, test: Permutation) -> dict[str, str]:
        found = self.bounds_of(test)
        row = {
            "terms added to places and waves": "none" if test.terms == PLAIN else test.terms.label,
            "starts permuted": test.paths.scheme,
            "estimate": self.printed(test.estimate),
            "90 % set": self.span(found.low, found.high),
            "p": P_VALUE.format(test.p_value),
            "standard error, clustered": self.unit.as_level().format(test.se),
            "drawn again, per cent": format_number(100 * test.paths.redrawn, 0),
        }
        if self.in_sd:
            row["verdict"] = found.verdict
        return row

    def _record_test(self, name: str, test: Permutation) -> None:
        found = self.bounds_of(test)
        words = f"{name} estimate ({WORDS[test.terms]})"
        kind = f"{100 * self.interest.level:.0f} % set by inverting the permutation test, {test.paths.scheme}"
        self.numbers("estimate", permutation_test)(
            name, test.estimate, self.unit, f"Average difference, {words}.", interval=(found.low, found.high),
            interval_kind=kind,
        )  # fmt: skip
        record = self.numbers(f"estimate.{name}", permutation_test)
        record("low", found.low, self.unit, f"Lower end of the set of the {words}.")
        record("high", found.high, self.unit, f"Upper end of the set of the {words}.")
        record("se", test.se, self.unit.as_level(), f"Standard error clustered by place of the {words}.")
        record("p", test.p_value, P_VALUE, f"Two-sided permutation p of the {words}.")
        record("p_error", test.p_error, P_VALUE.to(4), f"Monte Carlo error of that p of the {words}.")
        record("p_plain", test.p_plain, P_VALUE, f"The same p without studentising, {words}.")
        record("redrawn", 100 * test.paths.redrawn, PER_CENT.to(0), f"Draws drawn again, {words}.")
        record("n_places", test.n_places, COUNT, f"Places in the {words}.")
        record("n_treated", test.n_treated, COUNT, f"Treated places in the {words}.")
        if test.enough_clusters:
            beside, level = test.clustered(self.interest.level), f"{100 * self.interest.level:.0f}"
            record(
                "p_clustered",
                test.p_clustered,
                P_VALUE,
                f"p by the t curve with clustered errors of the {words}.",
            )
            record(
                "clustered_low",
                beside.low,
                self.unit,
                f"Lower end of the {level} % interval by clustered errors of the {words}.",
            )
            record(
                "clustered_high",
                beside.high,
                self.unit,
                f"Upper end of the {level} % interval by clustered errors of the {words}.",
            )

    def verdict(self) -> str:
        """Record the verdict by bounds on both effects of interest, with its sentences.

        The sentences hold whatever the verdict is.

        Keys: ``verdict.smallest, .large`` in words, ``.why, .why_large, .whys``, and ``.side, .stands_out``.
        """
        test = self.test(self.headline)
        found = self.bounds_of(test)
        record = self.numbers("verdict", bounds)
        for name, word, size in (
            ("smallest", found.verdict, found.smallest), ("large", found.verdict_large, found.large),
        ):  # fmt: skip
            if not word:
                continue
            record(
                name,
                word,
                TEXT,
                f"Verdict on an average difference of {size:.2f} pupil SD, by the rule of the plan.",
            )
            ending = "" if name == "smallest" else "_large"
            record(
                f"why{ending}", MEANS[word], TEXT, f"How the set lies to a difference of {size:.2f} pupil SD."
            )
        if found.verdict_large:
            whys = MEANS[found.verdict], MEANS[found.verdict_large]
            told = f"{whys[0]}, for the small size, and {whys[1]}, for the large"
            if whys[0] == whys[1]:
                told = f"{whys[0].removesuffix(' it')} both sizes"
            record("whys", told, TEXT, "How the set lies to both sizes.")
        side = "above" if is_above(test.estimate) else "below"
        record("side", f"{side} zero", TEXT, "On which side of zero the adjusted estimate lies.")
        told = (
            "can be distinguished from zero" if test.p_value <= ALPHA else "cannot be distinguished from zero"
        )
        record("stands_out", told, TEXT, "Whether the permutation test rejects no difference at 5 per cent.", function=permutation_test)  # fmt: skip
        return found.verdict

    def bounds_chart(self, caption: str) -> Figure:
        """Draw sets of adjusted, level-adjusted and plain estimates against effects of interest."""
        rows = []
        for terms in dict.fromkeys([self.headline, LEVEL, PLAIN]):
            test = self.test(terms)
            found = self.bounds_of(test)
            rows.append((ALLOWED[terms], test.estimate, found.low, found.high, test.minimum_detectable))
        frame = pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "detectable"])
        says = "; ".join(
            f"{row.label} {self.printed(row.estimate)}, set {self.span(row.low, row.high)}"
            for row in frame.itertuples()
        )
        title = f"The average change is {self.printed(rows[0][1])} {self.panel.unit}"
        if self.sizes:
            told = SIZE_IS[self.bounds_of(self.test(self.headline)).verdict]
            title = f"{title}; one of {PUPIL_SD.to(2).as_level().format(self.sizes[0])} {told}"
        return self.show(
            "bounds", charts.bounds(frame, f"average difference, {self.panel.unit}", self.sizes, self.unit.digits), title=title,
            what="Average changes with 90 per cent sets", caption=caption, says=f"From the top: {says}.", data=frame,
        )  # fmt: skip

    # Waves

    def event_study(self, caption: str) -> Figure:
        """Record and draw differences by waves since the start, and leads on untreated observations.

        Keys: ``event.<wave>`` and ``event.lead_<waves>`` with 95 per cent intervals by clustered errors.
        """
        found: EventStudy = event_study(self.panel, self.headline)
        table = found.table()
        reach = 1.96 * table["se"]
        table = table.assign(low=table["estimate"] - reach, high=table["estimate"] + reach)
        for row in table.itertuples():
            since = int(row.horizon)
            name, words = (
                (str(since), f"{in_figures(since, 'wave')} after")
                if since >= 0
                else (f"lead_{-since}", f"{in_figures(-since, 'wave')} before")
            )
            self.numbers("event", event_study)(
                name, row.estimate, self.unit, f"Average difference {words} the first treated wave, {in_figures(row.n_places, 'place')}.",
                interval=(row.low, row.high), interval_kind="95 % interval, errors clustered by place",
            )  # fmt: skip
        frame = table.rename(columns={"horizon": "since"})
        frame["kind"] = np.where(frame["since"] < 0, charts.LEADS, charts.EFFECTS)
        frame = frame[["since", "estimate", "low", "high", "kind", "n_places"]]
        says = "; ".join(
            f"{row.since} {self.printed(row.estimate)} ({in_figures(row.n_places, 'place')})"
            for row in frame.itertuples()
        )
        later = frame[frame["since"] >= 0]
        apart = int(((later["low"] > 0) | (later["high"] < 0)).sum())
        title = f"The change differs from zero by its interval in {apart or 'none'} of {len(later)} waves from the start on"
        return self.show(
            "event_study", charts.event_study(frame, f"difference, {self.panel.unit}", self.sizes[:1]), title=title,
            what="Change by waves since the start", caption=caption, says=f"By waves since the start: {says}.", data=frame,
        )  # fmt: skip

    def family(self) -> Table:
        """Record and show each series by itself within one permutation, with max-T over them.

        Keys: ``family.<series>`` with ``.p`` and ``.p_family``, ``family.p``, ``.places`` and ``.terms``: those of the
        headline, or the level alone where a series by itself leaves a group without an untreated place.
        """
        panels = {
            name: build_staggered(
                self.release,
                design_variant(self.design, name, {"indicators": [name], "combine": "stack"}),
            )
            for name in self.design.indicators
        }
        try:
            found, terms, scheme, common = self._family(panels)
        except (ImputationError, PermutationError) as refused:
            return Table(pd.DataFrame([{"reason": str(refused)}]), "Single series cannot be tested together")
        record = self.numbers("family", family_test)
        record(
            "p", found.p_value, P_VALUE, "p of no difference on any series, by the largest statistic of all."
        )
        record("places", common, COUNT, "Places that have every series.")
        record(
            "terms", terms.label, TEXT, "Terms by wave that the estimates of single series are adjusted for."
        )
        rows = []
        for name, test in found.tests.items():
            word = scale(self.release, name).title.partition(", states")[0].partition(", trend")[0]
            ends = self._ends(test)
            self.numbers("family", family_test)(
                name, test.estimate, self.unit, f"Difference on one series, adjusted for {terms.label}: {word}.", interval=ends,
                interval_kind=f"90 % set by inverting the permutation test, {scheme}",
            )  # fmt: skip
            own = self.numbers(f"family.{name}", family_test)
            own("p", test.p_value, P_VALUE, f"Two-sided permutation p of one series: {word}.")
            own(
                "p_family",
                found.adjusted[name],
                P_VALUE,
                f"The same corrected for looking at all of them: {word}.",
            )
            rows.append(
                {
                    "outcome": word, "estimate": self.printed(test.estimate), "90 % set": self.span(*ends),
                    "p": P_VALUE.format(test.p_value), "p, of all": P_VALUE.format(found.adjusted[name]),
                }
            )  # fmt: skip
        return Table(pd.DataFrame(rows), "Each outcome by itself, corrected for looking at all of them")

    def _ends(self, test: Permutation) -> tuple[float, float]:
        found = test.confidence_set(self.interest.level)
        return float(found.low), float(found.high)

    def _family(self, panels: dict[str, StaggeredPanel]) -> tuple[Family, Terms, str, int]:
        """Test the series together with the widest terms that each of them identifies.

        Returns
        -------
        Family, Terms, str, int
            The tests, their terms, the permutation scheme and the number of places that have every series.
        """
        rule = many_places_plan(self.release)["permutation"]
        choices = list(dict.fromkeys((self.headline, LEVEL)))
        for terms in choices:
            held = {name: permutable(usable(panel, terms)) for name, panel in panels.items()}
            common = set.intersection(*(set(panel.places) for panel in held.values()))
            held = {
                name: panel.keep(np.array([place in common for place in panel.places]))
                for name, panel in held.items()
            }
            scheme = self.test(terms).paths.scheme
            try:
                found = family_test(held, terms, scheme, FAMILY_DRAWS, int(rule["seed"]))
            except (ImputationError, PermutationError):
                if terms == choices[-1]:
                    raise
            else:
                break
        return found, terms, scheme, len(common)
