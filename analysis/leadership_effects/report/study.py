"""Open one case for its notebook: panels, estimates, robustness and records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.data.grid import grid_plan
from leadership_effects.data.outcomes import PlaceSeries
from leadership_effects.data.panels import GapSeries, Panel, build_gap, build_panel, indicator_rows
from leadership_effects.data.plan import CasePlan, case_plan
from leadership_effects.data.provenance import Rows, rows_named
from leadership_effects.data.release import open_release, release_with_case
from leadership_effects.effects import diagnostics, inference
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.specification import Curve, specification_curve
from leadership_effects.effects.weights import Method
from leadership_effects.evidence.profile import PrimaryComparison
from leadership_effects.report.case_tables import CaseTables
from leadership_effects.report.compared.words import comparison_why, comparison_word, record_words
from leadership_effects.report.figures import Figure, publish
from leadership_effects.report.naming import panel_labels
from leadership_effects.report.numbers import (
    P_VALUE,
    TEXT,
    Behind,
    Maker,
    Unit,
    holds,
)
from leadership_effects.report.panel_numbers import PanelNumbers
from leadership_effects.report.registry import Recorder, Registry
from leadership_effects.report.series_numbers import record_curve, record_gap
from leadership_effects.report.tables import Table


@dataclass
class Study(CaseTables):
    """A case, its plan and its results registry.

    Attributes
    ----------
    release : Release
    case_id : str
    registry : Registry
    plan : CasePlan

    Examples
    --------
    >>> study = Study.open("", "huari")
    >>> study.panel("reading").n_donors
    18
    """

    plan: CasePlan
    _numbers: dict[str, PanelNumbers] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, release: str, case_id: str) -> Study:
        """Open a case of a release; where no release is named, of the newest that holds the case.

        Raises
        ------
        ReleaseError, PlanError
            If there is no such release or case.

        Examples
        --------
        >>> Study.open("", "huari").plan.primary
        ('reading', 'maths')
        """
        opened = open_release(release or release_with_case(case_id))
        registry = Registry(opened, case_id, f"analysis/notebooks/cases/{case_id}.py")
        return cls(opened, case_id, registry, case_plan(opened, case_id))

    # Numbers and figures of the chapter

    def numbers(self, group: str = "", *, rows: Behind | None = None, function: Maker = "") -> Recorder:
        """Return a recorder of numbers whose keys begin with `group`, as `Registry.numbers`.

        Examples
        --------
        >>> from leadership_effects.report.numbers import PER_CENT
        >>> study = Study.open("", "huari")
        >>> record = study.numbers("start", rows=study.panel("reading").rows)
        >>> record("reading", 10.2, PER_CENT, "Reading in Huari in 2016.")
        '10.2'
        >>> record.each("{}", {2016: 10.2, 2018: 16.4}, PER_CENT, "Reading in Huari in {}.")
        {2016: '10.2', 2018: '16.4'}
        """
        return self.registry.numbers(group, rows=rows, function=function)

    def holds(self, sentence: str, *conditions: Any) -> None:
        """Check a sentence of the chapter against the data, in the cell below it.

        Raises
        ------
        ClaimError
            With the sentence, if a condition fails.

        Examples
        --------
        >>> study = Study.open("", "huari")
        >>> study.holds("Huari starts below the mean.", study.panel("reading").y[0, 0] < 16.6)
        """
        holds(sentence, *conditions)

    def show(
        self,
        name: str,
        chart: alt.TopLevelMixin,
        *,
        title: str,
        subtitle: str = "",
        caption: str,
        says: str,
        data: pd.DataFrame,
    ) -> Figure:
        """Publish a chart as figure `name` of the chapter, as `figures.publish`.

        Examples
        --------
        >>> study.show(
        ...     "meals",
        ...     charts.lines(free, "per cent"),
        ...     title="Inner London's pupils on free meals lie ahead throughout",
        ...     subtitle="Share with five good passes, Inner London and elsewhere in England, 2005 to 2013, per cent",
        ...     caption="Pupils on free meals: share with five good passes, Inner London and elsewhere.",
        ...     says="Inner London lies on top throughout.",
        ...     data=free,
        ... )  # doctest: +SKIP
        """
        return publish(
            self.registry, name, chart, title=title, subtitle=subtitle, caption=caption, says=says, data=data
        )

    # Panels of the plan

    def of_panel(self, name: str) -> PanelNumbers:
        """Return a panel of the plan by its key, with its placebos and the recorder of its results."""
        if name not in self._numbers:
            panel = build_panel(self.release, self.plan.panels[name])
            self._numbers[name] = PanelNumbers(name, panel, self.release, self.registry, self.label(name))
        return self._numbers[name]

    def label(self, name: str) -> str:
        """Return the name of a panel for readers; panels of one indicator are told apart."""
        return panel_labels(self.release, self.plan)[name]

    def panel(self, name: str) -> Panel:
        """Return a panel of the plan by its key."""
        return self.of_panel(name).panel

    def method(self, name: str) -> Method:
        """Return the headline method of a panel by the plan's rule."""
        return self.of_panel(name).method

    def placebos(self, name: str, method: Method | None = None) -> Placebos:
        """Enumerate the placebos of a panel, by its headline method unless another is named."""
        return self.of_panel(name).placebos(method)

    def detect(self, *names: str, caption: str = "The smallest differences these data could detect") -> Table:
        """Record and show what each panel could detect, from its donors alone.

        Keys: ``<panel>.n_donors, .floor, .donor_sd, .mde`` and ``.mde_sd`` where a pupil-level SD is sourced.

        Examples
        --------
        >>> study = Study.open("", "huari")
        >>> table = study.detect("reading", "maths")
        >>> study.registry.text("reading.n_donors")
        '18'
        """
        return Table(pd.DataFrame([self.of_panel(name).detect() for name in names]), caption)

    def estimate(
        self,
        *names: str,
        caption: str = "Estimates, each compared with placebo estimates for the comparison places",
    ) -> Table:
        """Record and show the estimate of each panel with its placebo inference.

        Keys: ``<panel>.treated_pre, .treated_post, .donors_pre, .donors_post, .treated_change, .donor_change, .att,
        .att_placebo_sd, .p, .rank, .places, .t_p`` and, where they exist, ``.att_sd`` and, with
        four pre-periods, ``.p_studentised``.

        Examples
        --------
        >>> study = Study.open("", "huari")
        >>> table = study.estimate("reading")
        >>> study.registry.text("reading.rank"), study.registry.text("reading.places")
        ('6', '19')
        """
        return Table(pd.DataFrame([self.of_panel(name).estimate() for name in names]), caption)

    def family(self, key: str, names: Sequence[str], meaning: str) -> float:
        """Record the max-T p-value over several panels under ``<key>``."""
        p = inference.family_p([self.placebos(name) for name in names])
        self.numbers(rows=self._panel_rows(names), function=inference.family_p)(key, p, P_VALUE, meaning)
        return p

    def robustness(self, name: str, *, start: bool = True) -> Table:
        """Record and show the checks that the panel bears, and name those that it does not bear.

        Without a `start`, early cohorts against late ones, whatever presupposes one is neither shown nor recorded.
        Keys: ``<panel>.loo_low, .loo_high, .effective_donors`` always; ``.lpo_low, .lpo_high`` where a period can be
        spared; ``.p_by_size, .size_ratio`` where sizes are known, are no sample's, and noise falls with them; with two
        pre-periods ``.pre_trend_p, .pre_trend_power, .detectable_drift, .breakdown, .fit_ratio, .p_by_fit``,
        ``.placebo_time`` and ``.placebo_time_p`` for the last fake start and ``.placebo_time.<year>`` for each; with three ``.sdid, .sdid_p,
        .sdid_donors`` and the same for ``dsc``.

        Examples
        --------
        >>> study = Study.open("", "huari")
        >>> study.robustness("reading").frame["check"].iloc[0]
        'each of 14.0 effective comparison units left out in turn'
        """
        return self.of_panel(name).robustness(start=start)

    def record_labels(self, name: str) -> None:
        """Record in words what a panel measures and how it is compared.

        Keys: ``<panel>.treated``; ``<panel>.unit``, that of differences; ``<panel>.earlier``, a sentence on a start one
        period earlier than the plan counts; ``<panel>.estimator``, that of the headline; ``<panel>.weighing``, on effective
        comparison units; ``<panel>.p_means``, what p is and whether it could be smaller; ``<panel>.scale``, on pupil SD;
        and ``comparison_why``, why the case's comparison is full, partial or none.
        """
        record_words(self.of_panel(name))
        rows = rows_named(self.release, "cases", self.case_id) + self._panel_rows(self.plan.primary)
        words, meaning = (
            comparison_why(*self._compared()),
            "Why the comparison is graded so, by the rule of the plan.",
        )
        self.numbers(rows=rows, function=comparison_why)("comparison_why", words, TEXT, meaning)

    def event_study(self, name: str, *, by_size: bool = False) -> diagnostics.EventStudy:
        """Record the event study of a panel by two-way fixed effects and return it.

        Keys: ``<panel>.event.<year>`` for every year but the base, with the placebo places' range of single years as
        interval, and ``<panel>.event_outside``, the later years whose gap lies beyond it.
        """
        return self.of_panel(name).event_study(by_size=by_size)

    def weights(self, name: str, method: Method = "sdid", top: int = 8) -> Table:
        """Tabulate the weights of comparison units and of years before the start, largest first."""
        return self.of_panel(name).weights(method, top)

    def donors(self, name: str) -> Table:
        """Tabulate the comparison units of a panel: rule, number and exclusions with reasons."""
        return self.of_panel(name).donors(self.plan.panels[name])

    # Specification curves

    def curve(self, grid: str = "grid", key: str = "curve") -> Curve:
        """Run the plan's specification grid, record what it shows and return it.

        Keys: ``<key>.n, .skipped, .planned, .median, .low, .high, .positive, .agree`` and, with placebo places, ``.p,
        .floor, .places, .rank`` (effects in placebo SD, shares in per cent).

        Examples
        --------
        >>> study = Study.open("", "huari")
        >>> curve = study.curve()
        >>> study.registry.text("curve.n")
        '80'
        """
        found = specification_curve(self.release, self.plan, grid)
        self.record_curve(found, key)
        return found

    def record_curve(self, found: Curve, key: str = "curve") -> None:
        """Record a specification curve under the keys of `curve`; no p without placebo places."""
        record_curve(self.registry, found, key)

    def not_varied(self, grid: str = "grid") -> Table:
        """Tabulate the choices of the grid that do not vary, with the reason."""
        plan = grid_plan(self.plan, grid)
        rows = pd.DataFrame(list(plan.not_varied.items()), columns=["choice", "why it does not vary"])
        return Table(rows, "Choices that do not vary", "Every choice of the grid varies.")

    # Gap series and single values

    def gap(self, name: str, *, digits: int = 1) -> GapSeries:
        """Build a gap series and record its values under ``gap.<name>.<year>`` and its level change.

        Keys with two or more pre-periods: ``gap.<name>.pre_mean, .post_mean, .change``; with three ``.change_trend``.
        """
        series = build_gap(self.release, self.plan.gaps[name])
        record_gap(self.registry, self.plan.gaps[name], series, name, digits)
        return series

    def level(
        self, key: str, indicator: str, unit: str, year: int, *, digits: int = 1, unit_type: str = ""
    ) -> float:
        """Record one value of the release under ``<key>`` and return it.

        Raises
        ------
        OutcomeError
            Unless exactly one row matches.

        Examples
        --------
        >>> study = Study.open("", "london")
        >>> study.level("leavers.england.1976", "leavers_5ac", "England", 1976)
        21.3
        """
        found = self.series(indicator, unit_type)[unit, year]
        indicators = self.release.table("indicators").set_index("indicator_id")
        scale = Unit(str(indicators.loc[indicator, "value_unit"]), digits)
        self.numbers(function=Study.level)(key, found, scale, f"{indicator}, {unit}, {year}.")
        return found.value

    def levels(
        self, key: str, indicator: str, units: Mapping[str, str], years: Iterable[int], *, digits: int = 1
    ) -> None:
        """Record values of several units and years under the template `key`.

        Examples
        --------
        >>> study = Study.open("", "london")
        >>> study.levels("leavers.{}.{}", "leavers_5ac", {"england": "England"}, (1976, 1988))
        >>> study.registry.text("leavers.england.1988")
        '26.6'
        """
        for (name, unit), year in product(units.items(), years):
            self.level(key.format(name, year), indicator, unit, int(year), digits=digits)

    def series(self, indicator: str, unit_type: str = "") -> PlaceSeries:
        """Return an indicator by place and year, of one type of unit if it is named.

        Examples
        --------
        >>> leavers = Study.open("", "london").series("leavers_5ac")
        >>> round((leavers["England", 1988] - leavers["England", 1976]).value, 1)
        5.3
        """
        rows = self.outcome(indicator)
        return PlaceSeries(rows[rows["unit_type"] == unit_type] if unit_type else rows)

    def outcome(self, *indicators: str) -> pd.DataFrame:
        """Return outcome rows of some indicators with the columns of their units."""
        return indicator_rows(self.release, *indicators)

    # Strategies, comparison and verdict

    def strategies(self, tied: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Record and tabulate documented strategies and the outcomes after them.

        Keys: ``strategy.<name>.after`` for each documented strategy, in the words of `PrimaryComparison.after`, and
        ``strategy.documented, .once, .silent``, how many strategies both readings, one or none found documented.

        Parameters
        ----------
        tied : mapping of str to sequence of str, optional
            As for `profile`.
        """
        comparison = self._comparison()
        primary = self._panel_rows(self.plan.primary) if comparison.pre else None
        return self.record_strategies(comparison, primary, tied)

    def _comparison(self) -> PrimaryComparison:
        """Return the primary comparison with its finding, or the plan's reason for none."""
        if self._comparison_word() == "none":
            reason = self.release.plan["synthesis"]["described"].get(self.case_id, "")
            return PrimaryComparison(reason=reason[:1].lower() + reason[1:].rstrip("."))
        panels = [self.panel(name) for name in self.plan.primary]
        first, p = panels[0], self._primary_p()
        return PrimaryComparison(
            "; ".join(panel.scale.title for panel in panels),
            first.years[: first.n_pre],
            first.years[first.n_pre :],
            p <= self.release.plan["rules"]["alpha"],
            p,
            max(1 / (panel.n_donors + 1) for panel in panels),
        )

    def verdict(self) -> Table:
        """Record the comparison, what it shows and the verdict by bounds, and tabulate the latter.

        Keys: ``comparison`` (full, partial or none), ``finding`` (whether the primary estimate differs from placebo
        places at the plan's level) and those of `record_bounds`.
        """
        rows = rows_named(self.release, "cases", self.case_id)
        if self.plan.primary:
            rows = rows + self._panel_rows(self.plan.primary)
        record, word, finding = self.numbers(rows=rows), self._comparison_word(), "cannot be tested"
        meaning = "How far the place can be compared, by the rule of the plan."
        record("comparison", word, TEXT, meaning, function=comparison_word)
        if word != "none":
            differs = self._primary_p() <= self.release.plan["rules"]["alpha"]
            finding = f"{'differs' if differs else 'does not differ'} clearly from comparison places"
        record("finding", finding, TEXT, "What the primary comparison shows.", function=inference.family_p)
        panels = [self.panel(name) for name in self.plan.primary] if word != "none" else []
        levelled = self.release.plan["synthesis"].get("pupil_sd", {}).get("panels", {}).get(self.case_id, ())
        return self.record_bounds(panels, rows, [self.panel(name) for name in levelled])

    def finish(self) -> None:
        """Write the results."""
        self.registry.save()

    def _panel_rows(self, names: Sequence[str]) -> Rows:
        first, *others = (self.panel(name).rows for name in names)
        return sum(others, first)

    def _comparison_word(self) -> str:
        return comparison_word(*self._compared())

    def _compared(self) -> tuple[list[Panel], str, int]:
        """Return what grades the comparison: panels, basis of the start, fewest places."""
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        panels = [self.panel(name) for name in self.plan.primary]
        basis = case.get(
            "start_basis", case["first_treated_basis"]
        )  # the first releases date the first wave alone
        return panels, basis, self.release.plan["rules"]["minimum_donors"]

    def _primary_p(self) -> float:
        return inference.family_p([self.placebos(name) for name in self.plan.primary])
