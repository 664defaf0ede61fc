"""Record and draw sensitivity rows, leave-outs and heterogeneity of an estimate.

The estimate is that of a design of many places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from leadership_effects.counting import count
from leadership_effects.data.staggered.design import JUDGED, many_places_plan
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.bounds import bounds
from leadership_effects.effects.staggered.imputation import ImputationError, usable
from leadership_effects.effects.staggered.paths import PermutationError, UnidentifiedError
from leadership_effects.effects.staggered.permutation import permutation_test
from leadership_effects.effects.staggered.variation.anatomy import (
    Part,
    by_cohort,
    by_series,
    early_and_late,
    leave_outs,
    sensitivity_panels,
)
from leadership_effects.report.figures import Figure
from leadership_effects.report.many_places import charts
from leadership_effects.report.many_places.estimates import ALPHA, WORDS, Estimates
from leadership_effects.report.numbers import COUNT, P_VALUE, TEXT, Maker
from leadership_effects.report.tables import Table

ROW_DRAWS = 999
ROWS = {
    "mathematics_g4": "Mathematics, grade 4, alone",
    "mathematics_g8": "Mathematics, grade 8, alone",
    "reading_g4": "Reading, grade 4, alone",
    "reading_g8": "Reading, grade 8, alone",
    "mathematics": "Mathematics alone",
    "reading": "Reading alone",
    "science": "Science alone",
    "stacked": "Four tests stacked",
    "points": "In points of the tests",
    "to_2016": "To 2016",
    "to_2018": "To 2018",
    "to_2022": "To 2022",
    "to_2024": "To 2024",
    "from_1990": "From 1990 on",
    "before_the_recession": "Waves to 2011 alone",
    "after_four_years": "Counted from the fourth year on",
    "stated_only": "Stated first years alone",
    "one_year_earlier": "Starts one year earlier",
    "one_year_later": "Starts one year later",
    "michigan_from_2011": "Michigan from 2011 on",
    "kansas_left_out": "Kansas left out",
    "kansas_never": "Kansas never treated",
    "one_wave_before": "One wave before is enough",
    "level_of_2003": "Level of 2003, outcome from 2005",
    "two_waves": "Two waves are enough",
    "two_waves_before": "Two waves before",
    "without_cautions": "Without rows flagged by the OECD",
    "weighted_by_precision": "Weighted by sampling precision",
    "without_first_wave": "Without each first wave",
    "with_2025_unchecked": "With 2025, unchecked",
    "brazil_from_2017": "Brazil from 2018 on",
    "scores": "Mean scores",
    "fort_worth_left_out": "Fort Worth left out",
}
KINDS = {"place": "a place", "cohort": "a cohort", "wave": "a wave"}


@dataclass
class Variants(Estimates):
    """A design with the variants of its estimate."""

    def sensitivity(self) -> Table:
        """Record and show the plan's sensitivity rows, each with its own permutation test.

        Keys: ``sensitivity.<row>`` with its set, ``.<row>.p``, and ``sensitivity.n, .low, .high, .same``.
        """
        main = self.test(self.headline)
        word = self.bounds_of(main).verdict
        table: list[dict[str, str]] = []
        drawn, words = [self._drawn("As planned", main.estimate, *self._ends(main))], list[str]()
        for key, panel in sensitivity_panels(self.release, self.design):
            label = ROWS.get(key, key.replace("_", " "))
            row = {
                "row": label,
                "places": "",
                "estimate": "",
                "90 % set": "",
                "p": "",
                "verdict": "",
                "note": "",
            }
            if isinstance(panel, StaggeredPanel):
                row |= self._variant(key, panel, label, drawn, words)
            else:
                row["note"] = panel
            table.append(row)
        record = self.numbers("sensitivity", permutation_test)
        values = [value for _, value, _, _ in drawn[1:]]
        record(
            "n",
            len(values),
            COUNT,
            "Sensitivity rows of the plan that can be estimated, in the unit of the headline.",
        )
        record("draws", ROW_DRAWS, COUNT, "Permutations of each sensitivity row.")
        if values:
            record("low", min(values), self.unit, "Smallest estimate over sensitivity rows.")
            record("high", max(values), self.unit, "Largest estimate over sensitivity rows.")
        if word:
            record(
                "same",
                sum(one == word for one in words),
                COUNT,
                "Sensitivity rows with the verdict of the headline.",
            )
            record("judged", len(words), COUNT, "Sensitivity rows that have a verdict.")
        self._drawn_rows = drawn
        shown = pd.DataFrame(table)
        if not words:
            shown = shown.drop(columns="verdict")
        return Table(shown, "The plan's sensitivity rows")

    def sensitivity_chart(self, caption: str) -> Figure:
        """Draw the rows of `sensitivity` that are in the unit of the headline."""
        values = [row[1] for row in self._drawn_rows]
        title = (
            f"With one thing changed at a time the average change runs from {self.printed(min(values))} to "
            f"{self.printed(max(values))}"
        )
        return self._forest(
            "sensitivity", self._drawn_rows, title, "Adjusted estimates with 90 per cent sets", caption
        )

    def _variant(
        self,
        key: str,
        panel: StaggeredPanel,
        label: str,
        drawn: list[tuple[str, float, float, float]],
        words: list[str],
    ) -> dict[str, str]:
        """Estimate one sensitivity row; draw it if it is in the unit of the headline."""
        rule = many_places_plan(self.release)["permutation"]
        scheme = self.test(self.headline).paths.scheme
        try:
            test = permutation_test(panel, self.headline, scheme, ROW_DRAWS, int(rule["seed"]))
        except (ImputationError, PermutationError) as refused:
            return {"note": self._no_estimate(refused)}
        ends = self._ends(test)
        same = panel.unit == self.panel.unit
        unit = self.unit if same else type(self.unit)(panel.unit, 2, signed=True)
        record = self.numbers(f"sensitivity.{key}", permutation_test, rows=panel.rows)
        self.numbers("sensitivity", permutation_test, rows=panel.rows)(
            key, test.estimate, unit, f"Adjusted estimate, sensitivity row: {label}.", interval=ends,
            interval_kind=f"90 % set by inverting the permutation test, {scheme}",
        )  # fmt: skip
        record("p", test.p_value, P_VALUE, f"Two-sided permutation p, sensitivity row: {label}.")
        row = {
            "places": f"{test.n_places}, {test.n_treated} treated", "estimate": unit.format(test.estimate),
            "90 % set": " to ".join(unit.format(end) for end in ends), "p": P_VALUE.format(test.p_value),
        }  # fmt: skip
        if same:
            drawn.append(self._drawn(label, test.estimate, *ends))
        else:
            row["note"] = f"in {panel.unit}"
        if panel.unit == "pupil SD" and self.design.role in JUDGED:
            row["verdict"] = bounds(test.estimate, *ends, self.interest).verdict
            words.append(row["verdict"])
        return row

    def _no_estimate(self, refused: ImputationError | PermutationError) -> str:
        """Return in words for readers why a variation has no estimate."""
        if not isinstance(refused, UnidentifiedError):
            return str(refused)
        return f"no estimate: allowing for {WORDS[self.headline]} leaves too few places without a programme to compare with"

    @staticmethod
    def _drawn(label: str, estimate: float, low: float, high: float) -> tuple[str, float, float, float]:
        """Return a row of a forest; a set without an end is drawn as a dot."""
        ends = (low, high) if np.isfinite([low, high]).all() else (np.nan, np.nan)
        return label, estimate, *ends

    def _forest(
        self, name: str, rows: Iterable[tuple[str, float, float, float]], title: str, what: str, caption: str
    ) -> Figure:
        frame = pd.DataFrame(list(rows), columns=["label", "estimate", "low", "high"])
        top, bottom = frame.loc[frame["estimate"].idxmax()], frame.loc[frame["estimate"].idxmin()]
        says = (
            f"The first row is {frame['label'].iloc[0]}, {self.printed(frame['estimate'].iloc[0])}. The largest is "
            f"{top['label']} with {self.printed(top['estimate'])}, the smallest {bottom['label']} with "
            f"{self.printed(bottom['estimate'])}."
        )
        chart = charts.forest(
            frame, f"average difference, {self.panel.unit}", self.sizes[:1], self.unit.digits
        )
        return self.show(name, chart, title=title, what=what, caption=caption, says=says, data=frame)

    def leave_outs(self, caption: str) -> Figure:
        """Record and draw the adjusted estimate without each place, cohort and wave in turn.

        Keys: ``leave.<kind>.low, .high`` with the name of what was left out under ``.low_name, .high_name``, and
        ``leave.place.n``; ``leave.lost``, parts without which a term has no untreated place.
        """
        found = leave_outs(self.panel, self.headline)
        rows, says, lost = [], [], 0
        for kind, parts in found.items():
            held = [part for part in parts if np.isfinite(part.estimate)]
            lost += len(parts) - len(held)
            if not held:  # such as a single cohort, without which nobody is treated
                continue
            rows += [(f"Without {KINDS[kind]}", part.label, part.estimate) for part in held]
            ends = min(held, key=lambda p: p.estimate), max(held, key=lambda p: p.estimate)
            record = self.numbers(f"leave.{kind}", leave_outs)
            record("n", len(held), COUNT, f"Times {KINDS[kind]} was left out.")
            for end, part in zip(("low", "high"), ends, strict=True):
                extreme = "Smallest" if end == "low" else "Largest"
                record(
                    end,
                    part.estimate,
                    self.unit,
                    f"{extreme} adjusted estimate without {KINDS[kind]}: {part.label}.",
                )
                record(
                    f"{end}_name",
                    part.label,
                    TEXT,
                    f"What is left out of the {extreme.lower()} of these estimates.",
                )
            says.append(
                f"without {KINDS[kind]} from {self.printed(ends[0].estimate)} ({ends[0].label}) to "
                f"{self.printed(ends[1].estimate)} ({ends[1].label})"
            )
        self.numbers("leave", leave_outs)(
            "lost", lost, COUNT, "Parts without which a term has no untreated place in a wave."
        )
        frame = pd.DataFrame(rows, columns=["kind", "label", "estimate"])
        whole = self.test(self.headline).estimate
        title = (
            f"Without any one part the average change stays between {self.printed(frame['estimate'].min())} and "
            f"{self.printed(frame['estimate'].max())}"
        )
        return self.show(
            "leave_outs", charts.leave_outs(frame, whole, f"adjusted estimate, {self.panel.unit}", self.sizes[:1]),
            title=title, what="Adjusted estimate without each place, cohort or wave", caption=caption,
            says="The estimate runs " + "; ".join(says) + ".", data=frame,
        )  # fmt: skip

    def heterogeneity(self, caption: str) -> Figure | Table:
        """Record and draw the adjusted difference by cohort, by early and late start, and by series.

        Keys: ``cohort.<wave>``, ``early``, ``late``, ``late_less_early`` with ``.p`` and ``.found``, ``series.<name>``.
        """
        held = self.panel
        if len(usable(held, self.headline).cohorts) < 2:
            return Table(
                pd.DataFrame(),
                "Cohorts",
                empty="All places of the estimate began in one wave, so no cohorts are compared.",
            )
        reach = float(stats.t.ppf(0.95, len(usable(held, self.headline).places) - 1))
        rows = [("All", self.test(self.headline).estimate, self.test(self.headline).se)]

        def add(group: str, key: str, part: Part, label: str, maker: Maker, counted: str = "") -> None:
            ends = part.estimate - reach * part.se, part.estimate + reach * part.se
            self.numbers(group, maker)(
                key, part.estimate, self.unit, f"Adjusted difference, {label[0].lower() + label[1:]}, {count(part.n_treated, 'place')}.", interval=ends,
                interval_kind="90 % interval, errors clustered by place",
            )  # fmt: skip
            rows.append((label + counted, part.estimate, part.se))

        early, late, apart = early_and_late(held, self.headline)
        add("", "early", early, "Early cohorts", early_and_late)
        add("", "late", late, "Late cohorts", early_and_late)
        self.numbers(function=early_and_late)("late_less_early", apart.estimate, self.unit, "Adjusted difference of late cohorts less that of early ones.")  # fmt: skip
        p = float(2 * stats.t.sf(abs(apart.estimate / apart.se), len(apart.influence) - 1))
        record = self.numbers("late_less_early", early_and_late)
        record("p", p, P_VALUE, "p by the t curve of late less early cohorts, errors clustered by place.")
        record("found", "differ" if p <= ALPHA else "cannot be told apart", TEXT, "Whether early and late cohorts differ at 5 per cent.")  # fmt: skip
        for part in by_cohort(held, self.headline):
            add(
                "cohort",
                part.label,
                part,
                f"Cohort of {part.label}",
                by_cohort,
                f", {count(part.n_treated, 'place')}",
            )
        if len(held.series) > 1:
            for part in by_series(held, self.headline):
                add("series", part.label, part, f"Outcome: {part.label.rpartition('_')[2]}", by_series)
        drawn = [(label, value, value - reach * se, value + reach * se) for label, value, se in rows]
        title = (
            f"Early cohorts {self.printed(early.estimate)}, late ones {self.printed(late.estimate)}: they "
            f"{self.text('late_less_early.found')}"
        )
        return self._forest("heterogeneity", drawn, title, "Adjusted change by cohort", caption)
