"""Record and tabulate the records of one case in a release.

They are counts, events, claims, studies, codes and strategies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from leadership_effects.data.joint_cases import current_coding
from leadership_effects.data.panels import Panel, scale
from leadership_effects.data.provenance import Rows, rows_named, rows_of
from leadership_effects.data.release import Release
from leadership_effects.data.rows import key_columns
from leadership_effects.data.vocabulary import ITEMS, STRATEGIES
from leadership_effects.effects.adjusted import AdjustedEffects, adjusted_effects
from leadership_effects.effects.pupil_scale import (
    CANNOT_SAY,
    PlaceEffect,
    has_pupil_sd,
    in_pupil_sd,
    place_effect,
    places_moved,
    verdict,
)
from leadership_effects.evidence.leaders import printed_values
from leadership_effects.evidence.profile import (
    DID_NOT,
    STOOD_OUT,
    CaseRecord,
    Link,
    PrimaryComparison,
    count_label,
    printed_year,
    profile_frame,
    strategies_frame,
    strategy_links,
)
from leadership_effects.evidence.readings import own_counts, with_doubts
from leadership_effects.report.naming import (
    coders_in_words,
    readers_in_words,
    uncounted_in_words,
)
from leadership_effects.report.numbers import COUNT, PER_CENT, PUPIL_SD, TEXT, Unit, printed_digits, row_names
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table, sourced_table
from leadership_effects.synthesis.pupil_sd import mean_panel

TIMELINE_ROWS = 30  # a phone shows six at a time
NO_BREAK = "No break and no caution is known for the series shown."
NO_STUDY = "No published study of the place was found in the sources read."
BASES = {"stated": "as a source states", "inferred": "inferred from the sources"}
# What the events of the year of the start say, and what is written on the rule there.
BEGINNINGS = {
    "first cohort": "first cohort",
    "first fellows": "first fellows",
    "places its first teachers": "first teachers",
    "project begins": "project begins",
    "as chancellor": "new chancellor",
}


@dataclass
class CaseTables:
    """Tables of one case in a release, and the registry of its results.

    Attributes
    ----------
    release : Release
    case_id : str
    registry : Registry
    """

    release: Release
    case_id: str
    registry: Registry

    def facts(self, names: Mapping[str, str] | None = None) -> Table:
        """Record and tabulate the leadership counts, undated ones last.

        Parameters
        ----------
        names : mapping of str to str
            Key of each count that has a figure, by its id; a bound may have one too.

        Raises
        ------
        RecorderError
            If the names are not those of the counts; the message suggests names that are missing.

        Examples
        --------
        >>> study.facts({"latvia-01": "fellows", "latvia-02": "fellows_in_education"})  # doctest: +SKIP
        """
        rows = self._rows("leadership").sort_values(["year", "leadership_id"], na_position="last")
        printed = printed_values(rows)
        bounds = printed.set_axis(rows["leadership_id"])
        bounds = bounds[bounds.map(lambda told: isinstance(told, str))]
        bounded = {one: name for one, name in (names or {}).items() if one in bounds}
        exact = {one: name for one, name in (names or {}).items() if one not in bounded}
        self._record_values("leadership", "value", "{measure} ({scope}).", exact)
        for one, name in bounded.items():
            record = self.registry.numbers(rows=rows_named(self.release, "leadership", one))
            record(name, bounds[one], TEXT, "Bound that the source states.")
        years = list(map(printed_year, rows["year"], rows["year_basis"]))
        columns = ["measure", "year", "value", "unit", "scope", "dimension", "source_id"]
        shown = rows.assign(year=years, value=printed)[columns]
        return sourced_table(shown, "Documented leadership counts")

    @property
    def start(self) -> str:
        """Return the words on the rule at the start: what began that year, by the events."""
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        if pd.isna(case["first_treated_year"]):
            return ""
        events = self._rows("events")
        begun = " ".join(events.loc[events["year"] == case["start_year"], "statement"]).lower()
        found = next((words for sign, words in BEGINNINGS.items() if sign in begun), "")
        if not found:
            return f"counted as after from {int(case['first_treated_year'])} on"
        return f"{found}, {int(case['start_year'])}"

    @property
    def started(self) -> tuple[int, str] | None:
        """Return the year of the start and how it is known in words; None without one."""
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        for year, basis in (("start_year", "start_basis"), ("first_treated_year", "first_treated_basis")):
            if year in case and not pd.isna(case[year]):
                return int(case[year]), f"{int(case[year])}, {BASES.get(str(case[basis]), case[basis])}"
        return None

    def timeline(self) -> pd.DataFrame:
        """Return rows of what has a stated year, counts with a word on doubt.

        Counts are those about the place: of a country's only where the place is one. Where these would
        make it longer than `TIMELINE_ROWS`, events stand alone; the table of counts holds the rest.
        """
        events, counts = self._rows("events"), self._rows("leadership")
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        whole = "/country/" in str(case["treated_unit"]) or case["title"] == case.get("country")
        nation = {self.case_id} if whole else set()
        counts = own_counts(counts[counts["value"].notna()], nation)
        counts = with_doubts(counts[counts["own"]])
        labels = list(map(count_label, counts["measure"], counts["value"], counts["unit"]))
        events, counts = events.assign(kind="event"), counts.assign(kind="count", statement=labels)
        both = pd.concat([events, counts]).rename(columns={"source_id": "source", "statement": "label"})
        columns = ["label", "year", "kind", "value", "counted", "doubt", "source"]
        both = both.loc[both["year_basis"] == "stated", columns].fillna({"counted": "", "doubt": ""})
        if len(both) > TIMELINE_ROWS:
            both = both[both["kind"] == "event"]
        return both.sort_values(["year", "label"]).reset_index(drop=True)

    def claims(self, series: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Tabulate the claims of the case with their checks.

        Columns: who, when, the series that can check a claim, and the result.

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
        rows, series = self._rows("claims"), series or {}
        if unknown := sorted(set(series) - set(rows["claim_id"])):
            raise ValueError(
                f"claims.csv: {self.case_id} has no claim {unknown[0]!r}; allowed: {', '.join(rows['claim_id'])}"
            )
        if bare := sorted(set(rows.loc[rows["checkable"] == "yes", "claim_id"]) - set(series)):
            raise ValueError(
                f"claims.csv: {bare[0]} can be checked, so the series that checks it is needed; allowed: "
                f'study.claims({{"{bare[0]}": ["<indicator_id>"]}}), or checkable: part or no'
            )
        shown = pd.DataFrame(
            {
                "claim": rows["statement"],
                "who": rows["claimant"],
                "year": rows["year"].replace("", "n.d."),
                "series that can check it": [
                    self._checking(extent, series.get(claim, ()))
                    for claim, extent in zip(rows["claim_id"], rows["checkable"], strict=True)
                ],
                "finding": rows["verdict"],
                "reason": rows["reason"],
                "source": rows["source_id"],
            }
        )
        return Table(shown, "Claims and what can be checked")

    def _checking(self, extent: str, indicators: Sequence[str]) -> str:
        """Name the series that can check a claim, and whether wholly or in part."""
        if extent == "no" or not indicators:
            return "none in this release"
        titles = "; ".join(scale(self.release, indicator).title for indicator in indicators)
        return f"in part: {titles}" if extent == "part" else titles

    def evaluations(self, names: Mapping[str, str] | None = None) -> Table:
        """Record published estimates and show the studies.

        Parameters
        ----------
        names : mapping of str to str
            Key of each estimate, by the id of its row; rows without an estimate have none.

        Raises
        ------
        RecorderError
            If the names are not those of the estimates; the message suggests names that are missing.
        """
        self._record_values("evaluations", "estimate", "{study}: {outcome}.", names or {})
        columns = ["study", "year", "design", "treated", "finding", "statement", "source_id"]
        return sourced_table(self._rows("evaluations")[columns], "Published studies", NO_STUDY)

    def _record_values(self, table: str, column: str, meaning: str, names: Mapping[str, str]) -> None:
        """Record the figures in a column under the names of their rows, as printed in their sources."""
        record = self.registry.numbers(function=f"{table}.csv")
        counted = self._rows(table).dropna(subset=column)
        keys, row_id = row_names(table, counted, names), key_columns(self.release, table)[0]
        for row in counted.to_dict("records"):
            unit = Unit(row["unit"], printed_digits(row[column]))
            behind = rows_named(self.release, table, row[row_id])
            record(keys[row[row_id]], row[column], unit, meaning.format(**row), rows=behind)

    def profile(self, tied: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Tabulate the codes of every coder with reasons and released rows.

        Parameters
        ----------
        tied : mapping of str to sequence of str, optional
            Ids of events, counts and studies that document an item, besides the rows filed under it.
        """
        record = CaseRecord.read(self.release, self.case_id)
        coders = sorted(set(record.codes["coder"]))
        by = self.registry.numbers("codes", rows=rows_named(self.release, "cases", self.case_id))
        by(
            "by",
            coders_in_words(self.release, self.case_id, coders),
            TEXT,
            "Who made the codes of the place.",
        )
        return Table(
            profile_frame(record, tied),
            "Dimensions, strategies and leverage points of the place. "
            f"{readers_in_words(self.release, coders)}{uncounted_in_words(self.release, self.case_id, coders)} The rows and "
            "sources are those that the release lists under the item or that this chapter links to it. Silent means that "
            "nothing was found in the sources read; it does not mean absent.",
        )

    def record_strategies(
        self, comparison: PrimaryComparison, primary: Rows | None, tied: Mapping[str, Sequence[str]] | None
    ) -> Table:
        """Record and tabulate documented strategies and the outcomes after them.

        The outcome is that of the primary comparison.

        Parameters
        ----------
        comparison : Comparison
        primary : Rows or None
            Rows of the primary panels, if there is a comparison.
        tied : mapping of str to sequence of str, optional
            As for `profile`.
        """
        record = CaseRecord.read(self.release, self.case_id)
        links = strategy_links(record, comparison, tied)
        after = self.registry.numbers("strategy", function=strategy_links)
        for link in (link for link in links if link.strategy):
            rows = self._documented(link)
            held = primary is not None and link.words in (STOOD_OUT, DID_NOT)
            after(
                f"{link.strategy}.after",
                link.words,
                TEXT,
                f"What the primary comparison shows after the strategy '{ITEMS[link.strategy].label}'.",
                rows=rows + primary if held and primary else rows,
            )
        found, coded = [record.readings(name) for name in STRATEGIES], self._coded(list(STRATEGIES))
        count = self.registry.numbers("strategy", rows=coded, function=CaseRecord.readings)
        count("documented", found.count(2), COUNT, "Strategies that both readings found documented.")
        count("once", found.count(1), COUNT, "Strategies that one reading only found documented.")
        count("silent", found.count(0), COUNT, "Strategies that neither reading found documented.")
        return Table(
            strategies_frame(record, links),
            "Strategies: what is documented, what the sources link it to, and what the main outcome shows afterwards. "
            f"{comparison.described()} A result that came later was not necessarily caused by what came before.",
        )

    def record_bounds(
        self, panels: Sequence[Panel], behind: Rows, level_panels: Sequence[Panel] = ()
    ) -> Table:
        """Record and tabulate the verdict by bounds on the plan's effects of interest.

        Keys: ``verdict`` and ``verdict_large`` (at least that large, ruled out, cannot say), the same with
        ``_adjusted`` (starting level taken out), ``verdict_why`` and ``effect_of_interest``, ``effect_of_interest.large``;
        with a comparison in pupil SD also ``pupil_sd.att`` and ``.adjusted`` with their sets, the ends of these
        (``.low``, ``.high``, ``.adjusted_low``, ``.adjusted_high``), ``.mde``, ``.zero_ruled_out`` and
        ``.zero_ruled_out_large``.

        Parameters
        ----------
        panels : sequence of Panel
            Panels of the primary outcomes, none where there is no comparison.
        behind : Rows
            Release rows behind them.
        level_panels : sequence of Panel
            Panels in which the starting level is taken out, those of the synthesis; `panels` if left out.
        """
        many = self.release.plan.get("many_places", {})
        sizes, why = many.get("effects_of_interest", {}), ""
        if not panels:
            why = "there is no comparison"
        elif not sizes:
            why = "the plan names no smallest effect of interest"
        elif not all(map(has_pupil_sd, panels)):
            why = "the outcome has no sourced standard deviation between pupils"
        sds = (panel.scale.pupil_sd_source for panel in panels if panel.scale.unit != "percent")
        behind = replace(behind, sources=tuple(dict.fromkeys([*behind.sources, *filter(None, sds)])))
        record = self.registry.numbers(rows=behind, function=verdict)
        for key, name in (("system", "effect_of_interest"), ("large", "effect_of_interest.large")):
            if sizes:
                meaning = f"{'Smallest' if key == 'system' else 'Large'} effect of interest, by the plan."
                record(name, sizes[key], PUPIL_SD.as_level(), meaning)
        words: dict[str, str] = {}
        if not why:
            chosen = level_panels or panels
            adjusted = mean_panel(self.case_id, [in_pupil_sd(panel) for panel in chosen])
            rows_of_level = replace(
                sum((panel.rows for panel in chosen[1:]), chosen[0].rows), sources=behind.sources
            )
            plain = place_effect(panels, int(self.release.plan["rules"]["sdid_minimum_pre_periods"]))
            why, words = self._record_place(
                plain, adjusted_effects(adjusted, "level"), (behind, rows_of_level)
            )
        rows = []
        for key, size in (("", sizes.get("system")), ("_large", sizes.get("large"))):
            for suffix in ("", "_adjusted"):
                told = f"{size:.2f} pupil SD" if sizes else "the smallest effect of interest"
                meaning = f"Verdict on {told}{', starting level taken out' if suffix else ''}."
                word = record(f"verdict{key}{suffix}", words.get(f"{key}{suffix}", CANNOT_SAY), TEXT, meaning)
                if not suffix or words:
                    rows.append((told, "adjusted for starting level" if suffix else "as estimated", word))
        record("verdict_why", why, TEXT, "What the verdict rests on.")
        frame = pd.DataFrame(rows, columns=["difference asked for", "estimate", "verdict"])
        return Table(frame, f"Verdict by bounds: {why}")

    def _record_place(
        self, plain: PlaceEffect, adjusted: AdjustedEffects, behind: tuple[Rows, Rows]
    ) -> tuple[str, dict[str, str]]:
        """Record effects, sets and what could be seen in pupil SD; return reason and verdicts."""
        many = self.release.plan["many_places"]
        level, sizes = many["verdict"]["level"], many["effects_of_interest"]
        record = self.registry.numbers("pupil_sd", rows=behind[0], function=place_effect)
        level_record = self.registry.numbers("pupil_sd", rows=behind[1], function=adjusted_effects)
        kind, verdicts = f"{round(100 * level)} % set, placebo test inverted", dict[str, str]()
        for name, effect, ends in (
            ("att", plain.effect, plain.interval(level)),
            ("adjusted", adjusted.effect, adjusted.confidence_set(1 - level)),
        ):
            suffix, words = ("_adjusted", ", adjusted for starting level") if name == "adjusted" else ("", "")
            tell = level_record if suffix else record
            meaning = f"Difference in pupil SD, mean over the outcomes{words}."
            tell(name, effect, PUPIL_SD, meaning, interval=ends, interval_kind=kind)
            for end, value in zip(("low", "high"), ends, strict=True):
                meaning = f"{end.capitalize()} end of the {kind}{words}."
                tell(f"adjusted_{end}" if suffix else end, value, PUPIL_SD, meaning)
            verdicts |= {
                suffix: verdict(ends, sizes["system"]),
                f"_large{suffix}": verdict(ends, sizes["large"]),
            }
        meaning = "Smallest constant difference found with 80 per cent power at the 5 per cent level."
        mde = record("mde", plain.minimum_detectable(), PUPIL_SD.as_level(), meaning)
        meaning = (
            "Places that this difference moves the middle one of a hundred pupils, scores taken as normal."
        )
        record("mde_places", places_moved(plain.minimum_detectable()), COUNT, meaning)
        for key, name in (("system", "zero_ruled_out"), ("large", "zero_ruled_out_large")):
            meaning = (
                f"Share of comparison places, as if treated, for which {sizes[key]:.2f} would be ruled out."
            )
            record(name, 100 * plain.zero_ruled_out(level, sizes[key]), PER_CENT.to(0), meaning)
        low, high = (PUPIL_SD.format(end) for end in plain.interval(level))
        why = (
            f"the {round(100 * level)} % set runs from {low} to {high} pupil SD, and {mde} is the least that would "
            "usually have been found"
        )
        return why, verdicts

    def _documented(self, link: Link) -> Rows:
        """Return the rows that document a strategy, or its codes where there is none."""
        evidence = link.evidence
        tables = {"events": evidence.events, "leadership": evidence.counts, "evaluations": evidence.studies}
        parts = [rows_of(self.release, name, frame) for name, frame in tables.items() if len(frame)]
        return sum(parts[1:], parts[0]) if parts else self._coded([link.strategy])

    def _coded(self, items: Sequence[str]) -> Rows:
        """Return the codes of strategies, with the case's source for those that name none."""
        codes = current_coding(self.release)
        codes = codes[codes["case_id"] == self.case_id]
        codes = codes[(codes["kind"] == "strategy") & codes["item"].isin(items)]
        case = self.release.table("cases").set_index("case_id").loc[self.case_id]
        codes = codes.assign(source_id=case["source_id"])
        return rows_of(self.release, "coding", codes, f"coding.csv: {', '.join(items)}")

    def breaks(self, *indicators: str) -> Table:
        """Tabulate breaks and cautions of some indicators."""
        rows = self.release.table("breaks").rename(columns={"indicator_id": "indicator"})
        columns = ["indicator", "year", "kind", "reason", "source_id"]
        return sourced_table(
            rows.loc[rows["indicator"].isin(indicators), columns], "Breaks and cautions", NO_BREAK
        )

    def _rows(self, table: str) -> pd.DataFrame:
        frame = self.release.table(table)
        return frame[frame["case_id"] == self.case_id].reset_index(drop=True)
