"""Open a design of many places for its chapter: plan, places, start years and dose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import altair as alt
import pandas as pd

from leadership_effects.counting import agreeing, in_figures, year_span
from leadership_effects.data.panels import scale
from leadership_effects.data.provenance import Rows, rows_named
from leadership_effects.data.release import Release, open_release, release_with_design
from leadership_effects.data.staggered.design import Design, many_places_plan, read_design
from leadership_effects.data.staggered.panel import STATUS, StaggeredPanel, build_staggered
from leadership_effects.effects.pupil_scale import places_moved
from leadership_effects.effects.staggered.bounds import Interest, read_interest
from leadership_effects.effects.staggered.imputation import ADJUSTED, LEVEL, Terms
from leadership_effects.effects.staggered.paths import permutable
from leadership_effects.effects.staggered.permutation import Permutation
from leadership_effects.report.charts import lines
from leadership_effects.report.figures import Figure, publish
from leadership_effects.report.many_places import charts
from leadership_effects.report.numbers import COUNT, PER_CENT, PUPIL_SD, TEXT, Maker, Unit, format_interval
from leadership_effects.report.registry import Recorder, Registry
from leadership_effects.report.tables import Table

# What each design measures, and where, in the subtitles of its charts.
MEASURED = {
    "states": "mean of four national tests, states of the United States",
    "countries": "PISA in three subjects, countries",
    "pirls": "pupils below the minimum in reading, grade 4 (PIRLS), countries",
    "timss": "pupils below the minimum in mathematics, grade 4 (TIMSS), countries",
    "texas_regions": "eighth-graders who later earned a degree, regions of Texas",
    "english_regions": "pupils with five good grades, regions of England",
}
TRIAL = "network-eval-05"  # the randomised trial of secondary mathematics


SHARE = "corps members as % of all teachers"


def shares_of_teachers(dose: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Select the printed shares of teachers, those of some places if there are any."""
    shown = dose[dose["measure"] == SHARE].sort_values("year", kind="stable")
    own = shown[shown["code"].isin(set(codes))]
    return own if len(own) else shown


@dataclass
class Places:
    """A design of many places with its panel and the registry of its chapter.

    Attributes
    ----------
    release : Release
    registry : Registry
    design : Design
    prefix : str
        Before every key, where a chapter holds several designs; empty for its own.
    """

    release: Release
    registry: Registry
    design: Design
    prefix: str = ""
    _tests: dict[tuple[Terms, str], Permutation] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, release: str, name: str) -> Self:
        """Open a design for its chapter; without a release, of the newest that holds it.

        Raises
        ------
        ReleaseError, PlanError
            If there is no such release or design.
        """
        opened = open_release(release or release_with_design(name))
        registry = Registry(opened, name, f"analysis/notebooks/synthesis/{name}.py")
        return cls(opened, registry, read_design(opened, name))

    @classmethod
    def within(cls, registry: Registry, name: str) -> Self:
        """Open a design of the plan in the chapter of another subject, its name before every key."""
        return cls(registry.release, registry, read_design(registry.release, name), f"{name}.")

    @cached_property
    def everyone(self) -> StaggeredPanel:
        """Return the panel with every place that the plan lets in."""
        return build_staggered(self.release, self.design)

    @cached_property
    def panel(self) -> StaggeredPanel:
        """Return the panel of places that the test can permute: see `permutable`."""
        return permutable(self.everyone)

    @cached_property
    def interest(self) -> Interest:
        """Return the effects of interest of the plan."""
        return read_interest(self.release)

    @property
    def sizes(self) -> tuple[float, ...]:
        """Return the effects of interest that charts mark; none where the outcome has no pupil SD."""
        return (self.interest.smallest, self.interest.large) if self.in_sd else ()

    @property
    def in_sd(self) -> bool:
        """Return whether the outcome is in pupil SD."""
        return self.panel.unit == "pupil SD"

    @property
    def unit(self) -> Unit:
        """Return the unit of an effect."""
        return PUPIL_SD.to(3) if self.in_sd else Unit(self.panel.unit, 2, signed=True)

    @property
    def headline(self) -> Terms:
        """Return the verdict's terms: adjusted, or the level where the plan names no groups."""
        return ADJUSTED if self.design.groups else LEVEL

    def about(self, what: str) -> str:
        """Return a subtitle: what a chart draws, of which outcome, where and when, in which unit."""
        first, last = self.everyone.waves[0], self.everyone.waves[-1]
        measured = self.design.measured or MEASURED.get(self.design.name, self.design.title)
        return f"{what}: {measured}, {year_span(first, last)}, {self.panel.unit}"

    def numbers(self, group: str = "", function: Maker = "", rows: Rows | None = None) -> Recorder:
        """Return a recorder of numbers that rest on the rows of the panel unless others are named."""
        return self.registry.numbers(
            f"{self.prefix}{group}".rstrip("."),
            rows=self.panel.rows if rows is None else rows,
            function=function,
        )

    def key(self, name: str) -> str:
        """Return the key of a number with the prefix of the design."""
        return f"{self.prefix}{name}"

    def text(self, name: str) -> str:
        """Return a recorded number of this design as printed."""
        return self.registry.text(self.key(name))

    def show(
        self,
        name: str,
        chart: alt.TopLevelMixin,
        *,
        title: str,
        what: str,
        caption: str,
        says: str,
        data: pd.DataFrame,
    ) -> Figure:
        """Publish a chart of the design; `what` it draws begins the subtitle."""
        figure = f"{self.prefix.rstrip('.')}_{name}" if self.prefix else name
        return publish(
            self.registry, figure, chart, title=title, subtitle=self.about(what), caption=caption, says=says,
            data=data.round(4),
        )  # fmt: skip

    def printed(self, value: float) -> str:
        """Format an effect as its unit prints it."""
        return self.unit.format(value)

    def span(self, low: float, high: float) -> str:
        """Format both ends of a set."""
        return format_interval((low, high), self.unit.digits, True)

    # The plan

    def deviations(self) -> Table:
        """Record the date and effects of interest of the plan; tabulate the deviations from it.

        Keys: ``plan.dated, .deviations``, ``interest.smallest, .large, .twice``.
        """
        section = many_places_plan(self.release)
        listed = list(section.get("deviations") or [])
        if self.design.dated:  # planned later, by itself
            listed = [
                row for row in listed if isinstance(row, dict) and row.get("design") == self.design.name
            ]
        record = self.numbers("plan", rows=Rows(0, "plan.yml, many_places", ()), function=many_places_plan)
        dated = self.design.dated or str(section["dated"])
        record("dated", dated, TEXT, "Date of the plan of the designs of many places.")
        record("deviations", len(listed), COUNT, "Deviations from the plan that are listed.")
        sizes = self.numbers("interest", rows=Rows(0, "plan.yml, many_places", ()), function=read_interest)
        unit = PUPIL_SD.to(2).as_level()
        sizes(
            "smallest",
            self.interest.smallest,
            unit,
            "Smallest effect of interest of the plan, for the mean of a system.",
        )
        sizes("large", self.interest.large, unit, "A large difference, by the plan.")
        sizes("twice", 2 * self.interest.smallest, unit, "Twice the smallest effect of interest.")
        rows = [row if isinstance(row, dict) else {"deviation": row} for row in listed] or [
            {"deviation": "None: everything is as the plan had it."}
        ]
        return Table(
            pd.DataFrame(rows).fillna("").astype(str), "Deviations from the plan, with date and reason"
        )

    # Places

    def places(self) -> Table:
        """Record the number of places by status; list those neither treated nor never treated.

        Keys: ``places.treated, .never, .always, .left_out, .all, .unpermuted``, ``starts.stated, .inferred``,
        ``waves.n, .first, .last``, ``cohorts.n, .largest``.
        """
        register = self.everyone.register
        counts = register["status"].value_counts()
        record = self.numbers("places", build_staggered)
        for name, status in zip(("treated", "never", "always", "left_out"), STATUS, strict=True):
            record(name, int(counts.get(status, 0)), COUNT, f"Places that are {status}.")
        record("all", len(register), COUNT, "Places in the outcome file with a code.")
        dropped = set(self.everyone.places) - set(self.panel.places)
        record(
            "unpermuted", len(dropped), COUNT,
            "Treated places that begin before their second observed wave, so that their start cannot be permuted.",
            function=permutable,
        )  # fmt: skip
        treated = register[register["status"] == STATUS[0]]
        record = self.numbers("starts", build_staggered)
        for basis in ("stated", "inferred"):
            record(
                basis,
                int((treated["basis"] == basis).sum()),
                COUNT,
                f"Treated places whose first year is {basis}.",
            )
        waves = self.panel.waves
        record = self.numbers("waves", build_staggered)
        record("n", len(waves), COUNT, "Waves of the outcome.")
        record("first", str(waves[0]), TEXT, "First wave of the outcome.")
        record("last", str(waves[-1]), TEXT, "Last wave of the outcome.")
        sizes = treated["first_wave"].value_counts()
        record = self.numbers("cohorts", build_staggered)
        record("n", len(sizes), COUNT, "Cohorts: first treated waves of treated places.")
        record("largest", int(sizes.max()), COUNT, "Treated places in the largest cohort.")
        shown = register[~register["status"].isin(STATUS[:2])].sort_values(["status", "place"], kind="stable")
        first = shown["start"].map(lambda year: "" if pd.isna(year) else f"{year:.0f}")
        table = pd.DataFrame(
            {
                "place": shown["place"],
                "status": shown["status"],
                "first placement": first,
                "reason": shown["reason"],
            }
        )
        return Table(table.reset_index(drop=True), "Places that are not in the estimate, and why")

    def calendar(self, caption: str) -> Figure:
        """Draw the start year of every place of the estimate and of those that began earlier.

        There are tiles only where a place was tested.
        """
        register = self.everyone.register.copy()
        rank = {status: i for i, status in enumerate(STATUS)}
        register["rank"] = register["status"].map(rank)
        register = register[register["status"] != STATUS[3]]
        register = register.sort_values(["rank", "first_wave", "place"], kind="stable", na_position="last")
        cells = self._tested(register["code"].tolist())
        rows = []
        for row in register.itertuples():
            for wave in self.design.waves:
                if (row.code, wave) not in cells:
                    continue
                begun = not pd.isna(row.first_wave) and wave >= row.first_wave
                state = {
                    STATUS[0]: charts.AFTER if begun else charts.BEFORE,
                    STATUS[1]: charts.NEVER_BEGAN,
                    STATUS[2]: charts.BEGAN_EARLIER,
                }[row.status]
                rows.append((row.place, wave, state))
        frame = pd.DataFrame(rows, columns=["place", "wave", "state"])
        treated = register[register["status"] == STATUS[0]]
        cohorts = treated.groupby("first_wave")["place"].apply(", ".join)
        says = (
            f"Of {in_figures(len(register), 'place')} {len(treated)} {agreeing(len(treated), 'starts', 'start')} within the window: "
            + "; ".join(f"from {wave} {names}" for wave, names in cohorts.items())
            + "."
        )
        earlier = int((register["status"] == STATUS[2]).sum())
        title = (
            f"{len(treated)} of {in_figures(len(register), 'place')} began between {treated['first_wave'].min():.0f} and "
            f"{treated['first_wave'].max():.0f}{f', {earlier} earlier' if earlier else ''}"
        )
        return self.show(
            "calendar", charts.calendar(frame), title=title, what="Waves with a result, by place",
            caption=caption, says=says, data=frame,
        )  # fmt: skip

    def _tested(self, codes: list[str]) -> set[tuple[str, int]]:
        """Return codes and waves with every series of a mean, or any series of a stack."""
        names = [*self.design.indicators, *self.design.also]
        rows = self.release.outcomes(self.design.panel)
        units = self.release.table("units").set_index("unit_id")["code"]
        rows = rows[rows["indicator_id"].isin(names)].assign(code=lambda f: f["unit_id"].map(units))
        rows = rows[rows["code"].isin(codes)]
        begins = rows["indicator_id"].map(self.design.first_waves).fillna(0)
        counts = rows[rows["year"] >= begins].groupby(["code", "year"])["indicator_id"].nunique()
        needed = len(self.design.indicators) if self.design.combine == "mean" else 1
        return {(str(code), int(year)) for (code, year), n in counts.items() if n >= needed}

    def paths(self, caption: str) -> Figure:
        """Draw the mean outcome by wave of each cohort and of the never treated.

        It is a description, without an estimate.
        """
        panel, series = self.everyone, []
        groups = [(f"From {panel.waves[first]}", panel.first == first) for first in panel.cohorts]
        for label, mine in [*groups, (STATUS[1].capitalize(), ~panel.treated)]:
            values = panel.y[mine].mean(axis=(0, 1))
            label = f"{label} ({int(mine.sum())})"
            series += [
                (label, wave, value)
                for wave, value in zip(panel.waves, values, strict=True)
                if value == value
            ]
        frame = pd.DataFrame(series, columns=["series", "year", "value"])
        says = "Means of places that began are shown with those of places that had not; nothing is estimated."
        chart = lines(frame, scale(self.release, self.design.indicators[0]).unit)
        began, never = (
            Unit(panel.unit, 1, signed=True).format(
                float(panel.y[mine, :, -1].mean() - panel.y[mine, :, 0].mean())
            )
            for mine in (panel.treated, ~panel.treated)
        )
        title = f"Places that began moved by {began} points, the others by {never}; nothing is estimated"
        return self.show(
            "paths",
            chart,
            title=title,
            what="Mean by first treated wave",
            caption=caption,
            says=says,
            data=frame,
        )

    # Dose

    def dose_arithmetic(self) -> None:
        """Record what the programme's teachers could do to a state's mean by their own classes.

        Keys: ``dose.share`` in per cent, ``dose.pupil_effect``, ``dose.direct`` and ``dose.multiplier``.
        """
        share, effect = self.release.table("dose"), self.release.table("evaluations")
        shown = shares_of_teachers(share, self.everyone.places).tail(1)
        trial = effect[effect["evaluation_id"] == TRIAL]
        of_all, on_pupils = float(shown["value"].iloc[0]), float(trial["estimate"].iloc[0])
        rows = rows_named(self.release, "dose", *shown["dose_id"]) + rows_named(
            self.release, "evaluations", TRIAL
        )
        record = self.numbers("dose", rows=rows)
        where = str(shown["place"].iloc[0]).removesuffix(" (all)")
        record("share", of_all, PER_CENT, f"Corps members among all teachers, {where}, per cent.")
        record(
            "pupil_effect",
            on_pupils,
            PUPIL_SD.to(2),
            "Effect of a Teach For America teacher on pupils in a year.",
        )
        direct = of_all / 100 * on_pupils
        record("direct", direct, PUPIL_SD.to(4), "Share of teachers times the effect on their pupils: the direct effect on a mean.")  # fmt: skip
        multiplier = self.interest.smallest / direct
        record("multiplier", multiplier, COUNT, "The smallest effect of interest over the direct effect.")

    def ruler(self) -> None:
        """Record how far the effects of interest move the pupil in the middle of a hundred.

        Scores are taken as normal with one spread.

        Keys: ``ruler.smallest, .large``.
        """
        record = self.numbers("ruler", read_interest, Rows(0, "plan.yml, many_places", ()))
        for name, size in (("smallest", self.interest.smallest), ("large", self.interest.large)):
            meaning = (
                f"Places that a rise of {size:.2f} pupil SD moves the middle one of a hundred pupils up."
            )
            record(name, places_moved(size), COUNT, meaning)
