# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Across the places
#
# {.lead}
# One city rose far, with a reform package under its new head; in the places where a programme began, a large gain and
# none at all both fit what was seen; and no result of a place can say what leaders added.
#
# {sure}`washington_dc.verdict` in Washington, DC, {sure}`london.verdict` in each place where a programme began
#
# ```{chart} synthesis.luck
# ```
#
# - The places where a programme began moved by {num}`pupil.starts.level` pupil standard deviations on average, their
#   starting level allowed for; the data fit anything from {range}`pupil.starts.level`.
# - Washington, DC, moved by {num}`pupil.washington_dc.slope` more than its low start and earlier slope lead one to expect;
#   the data fit anything from {range}`pupil.washington_dc.slope`.
# - All places that can be compared moved by {num}`pupil.all.slope` on average, adjusted in the same way; the data fit
#   anything from {range}`pupil.all.slope`.
#
# **What else could explain it.** The places were chosen because the network named them or its people led there, and the
# results of one place move for many reasons. What the date in Washington, DC, marks is the appointment of an alumna who brought a package of
# reforms: leader and package cannot be separated.
#
# **How sure.** The two verdicts above say whether results moved by at least {num}`pupil.interest.system` pupil standard
# deviations more than elsewhere ([what the words mean](../methods.md#two-words-for-a-case)). If a hundred pupils stand in
# a row by their scores, that moves the one in the middle up by about {num}`states.ruler.smallest` places. {num}`k` places
# can be compared at all. In Delhi, New Orleans and the Rio Grande Valley there is no time before, or nothing to
# compare with.
#
# ```{added-places} note
# ```
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.counting import agreeing, cardinal, in_figures, place_counts
from leadership_effects.data.joint_cases import cases_across, cases_added, coding_across
from leadership_effects.data.panels import build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import NOT_COMPARED, place_name, printed_verdict
from leadership_effects.effects.adjusted import AdjustedEffects, adjusted_effects
from leadership_effects.effects.estimators import drift_adjusted
from leadership_effects.effects.inference import composite, permutation_p, placebo_in_space
from leadership_effects.effects.pupil_scale import PlaceEffect
from leadership_effects.effects.staggered import bounds
from leadership_effects.evidence.readings import readings
from leadership_effects.report import charts
from leadership_effects.report.charts import across as charts_across
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import publish
from leadership_effects.report.many_places import charts as charts_places
from leadership_effects.report.numbers import (
    CORRELATION,
    COUNT,
    P_VALUE,
    PER_CENT,
    PLACEBO_SD,
    PUPIL_SD,
    SHARE,
    TEXT,
    format_number,
    holds,
)
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table
from leadership_effects.synthesis import joint, joint_power, moderators, pooling, pupil_sd, standardised

opened = open_release(release)
registry = Registry(opened, "synthesis", "analysis/notebooks/synthesis/synthesis.py")
cases = cases_across(opened).set_index("case_id")
titles = cases["title"].map(place_name).to_dict()
counted = cardinal(len(cases))
reached = {case: read_results(opened.name, case)["results"] for case in cases.index}
comparisons = {case: results["comparison"]["value"] for case, results in reached.items()}
verdicts = {case: results["verdict"]["value"] for case, results in reached.items()}
findings = {case: results["finding"]["value"] for case, results in reached.items()}
entering = standardised.entering_cases(opened)
rows = standardised.rows_behind(entering)
coding = coding_across(opened)
coding_rows = replace(rows_of(opened, "coding", coding, "coding.csv"), sources=("LF_001",))
pupil = pupil_sd.pupil_cases(opened)
starts = pupil_sd.programme_starts(opened, pupil)
pupil_rows = pupil_sd.rows_behind(pupil)
effects = [case.effect for case in entering]
variances = [case.variance for case in entering]


def by(function, group="", **more):
    """Recorder of what a function computed from the panels of the places that enter."""
    return registry.numbers(group, **{"rows": rows, "function": function} | more)


def record_ends(key, interval, words, function):
    """Record both ends of an interval under ``<key>.low`` and ``<key>.high``."""
    words, names = f"{words}: the {{}} end.", {"low": "lower", "high": "upper"}
    by(function, key).ends("{}", interval, PLACEBO_SD, words, names=names)


def printed(value):
    return format_number(value, 2)


def span(interval):
    return f"{printed(interval[0])} to {printed(interval[1])}"


def record_interval(name, value, interval, meaning, kind, function, of=None):
    """Record a value in pupil SD with its interval, and both ends under ``<name>.low`` and ``.high``."""
    record = registry.numbers("pupil", rows=pupil_rows if of is None else of, function=function)
    record(name, value, PUPIL_SD, meaning, interval=interval, interval_kind=kind)
    record.ends(f"{name}.{{}}", interval, PUPIL_SD, f"{meaning[:-1]}: {{}} end of the {kind}.", names=ENDS)


ENDS = {"low": "lower", "high": "upper"}
k = len(entering)
by(standardised.entering_cases)("k", k, COUNT, "Cases that enter the synthesis.")

# %% [markdown]
# ## The question
#
# Each chapter asks whether one place moved away from comparable places. This page asks what the answers add up to.
#
# It keeps to three rules. Which places enter is named in the plan, written before the package computed anything but
# after rough figures by hand ([methods](../methods.md)). A place without a comparison stays in the table with the
# same prominence as one that can. And the places are few and were picked because the network named them or its people
# led there, so nothing here is an average over places in general.

# %% [markdown]
# ## What can be said of each place?
#
# Places whose results moved by at least the size that matters: {num}`found.large`. Places of which nobody can say:
# {num}`found.open`. Places with nothing to compare them with: {num}`found.none`. No place rules anything out.
#
# Two words stand for each place. The *comparison* is graded before a result is looked at. *Full* means eight or more
# comparison places, two or more years before, and a documented start: a source gives the year in which it began.
# *Partial* means that the last two are not both there, *none* that no such comparison can be made. It grades neither the
# place nor its programme.
#
# The *verdict* is read off the 90 per cent set of the place's own placebo test, in pupil standard deviations
# ([how](../methods.md#two-words-for-a-case)). *At least that large*: the whole set lies at or above the size asked for.
# *Ruled out*: it lies below. *Cannot say*: it holds the size. Where no comparison can be made nothing can be said either,
# and the mark is *no comparison*. Only *ruled out* speaks against
# a claim. {num}`zero_ruled_out.lowest` to {num}`zero_ruled_out.highest` per cent of comparison places, which had no
# programme, would rule out the smallest effect of interest: so a comparison of one place can hardly exclude it. In Chile
# and Latvia the comparisons are full and still cannot see so small a change.
#
# Results come in waves, so the first year
# counted as treated may lie after the start. Delhi's year dates its government's reforms.

# %%
table = []
for case in cases.index:
    results, plan, started = reached[case], case_plan(opened, case), cases.loc[case]
    primary = [
        f"{results[f'{n}.att']['text']} {results[f'{n}.att']['unit']} (p {results[f'{n}.p']['text']})"
        for n in plan.primary
    ]
    in_sd = results.get("pupil_sd.att")
    table.append(
        {
            "place": titles[case],
            "comparison": comparisons[case],
            "verdict on 0.05": printed_verdict(comparisons[case], verdicts[case]),
            "verdict on 0.20": printed_verdict(comparisons[case], results["verdict_large"]["value"]),
            "difference, pupil SD (90 % set)": f"{in_sd['text']} ({in_sd['interval_text']})"
            if in_sd
            else "none",
            "least usually found, pupil SD": results["pupil_sd.mde"]["text"] if in_sd else "none",
            "difference from comparison places": "; ".join(primary) or "no comparison",
            "start": f"{started['start_year']:.0f} ({started['start_basis']})"
            if pd.notna(started["start_year"])
            else "not documented",
            "first year counted": str(plan.first_treated_year or "none"),
        }
    )
sizes = opened.plan["many_places"]["effects_of_interest"]
holds("The heads of the table name the sizes of the plan.", sizes["system"] == 0.05, sizes["large"] == 0.20)
holds(
    "Washington, DC, alone moved by at least the smallest effect of interest; the summaries say so in four languages.",
    {case for case, word in verdicts.items() if word == "at least that large"} == {"washington_dc"},
)
holds(
    "No place rules anything out.",
    [results["verdict_large"]["value"] != "ruled out" for results in reached.values()],
)
Table(pd.DataFrame(table), f"Comparison and verdict for all {counted} cases")

# %% tags=["remove-cell"]
nulls = [
    results["pupil_sd.zero_ruled_out"]["value"] for results in reached.values() if "pupil_sd.att" in results
]
words = "Per cent of comparison places, as if treated, for which the smallest effect of interest would be ruled out: {} case."
by(PlaceEffect.zero_ruled_out)("zero_ruled_out.lowest", min(nulls), PER_CENT.to(0), words.format("lowest"))
by(PlaceEffect.zero_ruled_out)("zero_ruled_out.highest", max(nulls), PER_CENT.to(0), words.format("highest"))

# %% [markdown]
# | | as estimated, 0.05 | starting level taken out, 0.05 | as estimated, 0.20 | starting level taken out, 0.20 |
# |---|---|---|---|---|
# | Huari | {num}`huari.verdict` | {num}`huari.verdict_adjusted` | {num}`huari.verdict_large` | {num}`huari.verdict_large_adjusted` |
# | London | {num}`london.verdict` | {num}`london.verdict_adjusted` | {num}`london.verdict_large` | {num}`london.verdict_large_adjusted` |
# | Washington, DC | {num}`washington_dc.verdict` | {num}`washington_dc.verdict_adjusted` | {num}`washington_dc.verdict_large` | {num}`washington_dc.verdict_large_adjusted` |
# | Chile | {num}`chile.verdict` | {num}`chile.verdict_adjusted` | {num}`chile.verdict_large` | {num}`chile.verdict_large_adjusted` |
# | Latvia | {num}`latvia.verdict` | {num}`latvia.verdict_adjusted` | {num}`latvia.verdict_large` | {num}`latvia.verdict_large_adjusted` |
#
# With the starting level taken out London is compared with all listed districts, not with those that started alike.
#
# ```{added-places} table
# ```

# %% tags=["remove-cell"]
# Places outside the counts are on the map and in no number of this page.
later = cases_added(opened).set_index("case_id")
reached_later = {case: read_results(opened.name, case)["results"] for case in later.index}
# Names of the places that the map was made for; those of others are placed by it.
SIDES = {"rio_grande_valley": "below", **dict.fromkeys(("london", "delhi", "huari", "chile"), "left"),
         **dict.fromkeys(("washington_dc", "new_orleans", "latvia"), "right")}  # fmt: skip


def located(frame, results):
    """Return places for the map, with what was found and the address of the chapter."""
    return frame.reset_index()[["case_id", "title", "latitude", "longitude"]].assign(
        name=lambda f: f.pop("title").map(place_name),
        comparison=lambda f: f["case_id"].map(lambda case: results[case]["comparison"]["value"]),
        verdict=lambda f: f["case_id"].map(lambda case: results[case]["verdict"]["value"]),
        found=lambda f: list(map(printed_verdict, f["comparison"], f["verdict"])),
        side=lambda f: f["case_id"].map(SIDES).fillna(""),
        link=lambda f: "lb:/book/cases/" + f["case_id"] + ".html",
    )


places = located(cases, reached)
tally = {
    key: int((places["found"] == word).sum())
    for key, word in (("large", "at least that large"), ("open", "cannot say"), ("none", NOT_COMPARED))
}
found = {key: cardinal(number) if number else "none" for key, number in tally.items()}
place_rows = rows_of(opened, "cases", opened.table("cases").query("case_id in @titles"), "cases.csv")
for key, words in (
    ("large", "rose by at least the smallest effect of interest"),
    ("open", "had comparison places and cannot say"),
    ("none", "have no comparison"),
):
    registry.numbers("found", rows=place_rows)(
        key, found[key], TEXT, f"Number of places that {words}, in words."
    )
names = list_in_words([titles[case] for case in cases.index if comparisons[case] == "none"]) or "none"
registry.numbers("found", rows=place_rows)("none.names", names, TEXT, "Places with no comparison.")
on_map = places
if len(later):
    marks = [
        frame.assign(later=late) for frame, late in ((places, False), (located(later, reached_later), True))
    ]
    on_map = pd.concat(marks, ignore_index=True)
on_map = charts.labelled(on_map)
numbered = on_map["number"].any()
listed = on_map.sort_values("number", kind="stable")


def told_of(row):
    """Return the name of a place on the map, with its number if it has one, and a word if it was added later."""
    name = f"{row.number} {row.name}" if row.number else row.name
    return name, ["added later"] if len(later) and row.later else []


publish(
    registry,
    "map",
    charts.world(on_map),
    title=(
        f"Of the {counted} places {'counted ' if len(later) else ''}{found['large']} rose far; in {found['open']} the data cannot say, "
        f"{'' if len(later) else 'and '}{found['none']} {agreeing(tally['none'], 'has', 'have')} no comparison"
    ),
    subtitle="Verdict on results of the whole system beyond comparison places, by the 90 per cent set of each place's own "
    "placebo test",
    caption=(
        f"At least that large: results moved by {sizes['system']} pupil standard deviations or more beyond comparison "
        "places. Cannot say: that size and none both fit. No comparison: no comparison places, or no year before. A "
        "point, or its name below, opens the chapter."
        + (" Small marks are places added later, outside the counts." if len(later) else "")
        + (" Their numbers are those of the list below." if numbered else "")
    ),
    says=f"There is a point on each of the {cardinal(len(on_map))} places: "
    + "; ".join(
        ", ".join([name, *late, row.found])
        for row in listed.itertuples(index=False)
        for name, late in [told_of(row)]
    )
    + ".",
    data=on_map.assign(verdict=on_map["found"])[["name", "comparison", "verdict", "latitude", "longitude"]],
    links=[
        (
            name,
            f"book/cases/{row.case_id}.html",
            "; ".join([*late, f"comparison: {row.comparison}, verdict: {row.found}"]),
        )
        for row in listed.itertuples(index=False)
        for name, late in [told_of(row)]
    ],
)

# %% [markdown]
# ## What could each place have shown?
#
# Only fairly large differences. How large one would have to be is said here before any result, for each place.
#
# The places differ in what began. The network's claim is about programmes, and {num}`pupil.starts.k` of the {num}`k` are
# starts of one. In Washington, DC, the programme had placed teachers for years; what the date marks is the appointment of
# an alumna as head of the district, with a reform package. So the {count}`starts` starts are asked about separately, and all
# {num}`k` together.
#
# The table says how large a difference would usually have been found, in standard deviations between
# pupils, and how often a comparison place, in which nothing began, would rule out the two sizes of interest. For a whole
# system the plan takes an interest in {num}`pupil.interest.system` and more, the *size of interest* below, and calls
# {num}`pupil.interest.large` *large*. A place that could not have ruled out a size says nothing against it.

# %%
interest = bounds.read_interest(opened)
ADJUSTED = {"plain": "plain", "level": "level", "slope": "level and slope", "line": "own line"}
level = 1 - interest.level
many = registry.numbers("pupil.interest", rows=pupil_rows, function=bounds.read_interest)
many("system", interest.smallest, PUPIL_SD.as_level(), "Smallest effect of interest, by the plan.")
registry.numbers("pupil.starts", rows=pupil_sd.rows_behind(starts), function=pupil_sd.programme_starts)(
    "k", len(starts), COUNT, "Cases whose difference is that of a programme's start."
)
many("large", interest.large, PUPIL_SD.as_level(), "Large effect of interest, by the plan.")
could = []
for case in pupil:
    name, plain = titles[case.case_id], case.estimates["plain"]
    record = registry.numbers(f"pupil.{case.case_id}", rows=pupil_sd.rows_behind([case]))
    sets = plain.placebo_sets(level)
    record("what", case.estimand, TEXT, f"{name}: what the difference is a difference of, by the plan.")
    meaning = f"{name}: smallest difference found with 80 per cent power at the 5 per cent level."
    record(
        "mde",
        plain.minimum_detectable(),
        PUPIL_SD.as_level(),
        meaning,
        function=AdjustedEffects.minimum_detectable,
    )
    ruled = {}
    for key, size in (("ruled_out", interest.smallest), ("ruled_out_large", interest.large)):
        ruled[key] = 100 * float((sets[:, 1] < size).mean())
        meaning = (
            f"{name}: comparison places, as if treated, for which {size:g} would be ruled out, per cent."
        )
        record(key, ruled[key], PER_CENT.to(0), meaning, function=AdjustedEffects.placebo_sets)
    could.append(
        {
            "place": name,
            "a difference of": case.estimand,
            "what began": "a programme" if case in starts else "an appointment",
            "outcomes": "; ".join(panel.scale.title for panel in case.panels),
            "comparison places": plain.n_donors,
            "least usually found, pupil SD": printed(plain.minimum_detectable()),
            f"a true zero rules out {interest.smallest:.2f}, %": round(ruled["ruled_out"]),
            f"a true zero rules out {interest.large:.2f}, %": round(ruled["ruled_out_large"]),
        }
    )
holds(
    "The starts are as many as the plan counts, and Washington, DC, alone is an appointment.",
    len(starts) == place_counts(opened.plan)["starts"],
    {case.case_id for case in pupil} - {case.case_id for case in starts} == {"washington_dc"},
)
registry.numbers("pupil.starts", rows=pupil_sd.rows_behind(starts), function=pupil_sd.programme_starts)(
    "names",
    list_in_words([titles[case.case_id] for case in starts]),
    TEXT,
    "Places whose difference is that of a programme's start.",
)
Table(pd.DataFrame(could), "What each place is a case of, and what its comparison could have shown")

# %% [markdown]
# ## How far did results move?
#
# In Washington, DC, by {num}`pupil.washington_dc.plain` pupil standard deviations more than in the states, and by
# {num}`pupil.washington_dc.slope` once its low start and earlier slope are allowed for. In each of the {count}`starts` places where
# a programme began a large gain and none both fit.
#
# Percentages, scale points and different tests cannot be averaged as they are. Here points are divided by the published
# standard deviation between pupils {src}`SCALE_NAEP_M8, SCALE_PISA`, and a share of pupils above a threshold becomes its
# **probit**, the place on a normal curve below which that share lies; a difference of probits is the shift of the mean in
# standard deviations if scores are normal. A case with several primary outcomes enters by their mean.
#
# Until release 2026.4 this page divided by the spread of the comparison places instead (**placebo SD**). That spread is
# {num}`pupil.ruler.washington_dc` pupil standard deviations among states and {num}`pupil.ruler.chile` among the countries
# set beside Chile, so that the same gain of pupils counted for more in Washington, DC, and every place weighed the same
# however little it could see. The older rows stand [further down](#the-older-scale).
#
# **Where a place began matters.** Low starters tend to gain more: a comparison place that began one standard deviation lower
# gained {num}`pupil.slope.london` more among England's districts, {num}`pupil.slope.washington_dc` among states and
# {num}`pupil.slope.chile` among countries. Washington, DC, lies below every state, so it is expected above zero without any
# reform. So each place, treated or not, is also printed less what its level before predicts from the other comparison
# places, each of these predicted without itself. London's plain figure compares it with all districts and is shown for
# completeness; its chapter matches on the start, and that row is beside it.

# %%
table, forest = [], []
WORDS = {"plain": "as estimated", "level": "adjusted for level", "slope": "adjusted for level and slope",
         "line": "own line carried on in full"}  # fmt: skip
set_kind = f"{round(100 * interest.level)} % set, placebo test inverted"


def weigh(case_id, name, key, found, of):
    """Record one estimate of a case with its set and verdicts, and return its row."""
    ends = found.confidence_set(level)
    what = f"{titles[case_id]}, {WORDS.get(key, key)}"
    group = f"{case_id}.{name}"
    record_interval(group, found.effect, ends, f"{what}.", set_kind, adjusted_effects, of)
    record = registry.numbers(f"pupil.{group}", rows=of, function=adjusted_effects)
    record("se", found.se, PUPIL_SD.as_level(), f"{what}: standard error, {found.df} degrees of freedom.")
    record("p", found.p_value, P_VALUE, f"{what}: permutation p.")
    told = bounds.bounds(found.effect, *ends, interest, minimum_detectable=found.minimum_detectable())
    record(
        "verdict",
        told.verdict,
        TEXT,
        f"{what}: verdict on the smallest effect of interest.",
        function=bounds.bounds,
    )
    record(
        "verdict_large",
        told.verdict_large,
        TEXT,
        f"{what}: verdict on a large difference.",
        function=bounds.bounds,
    )
    forest.append((what, found.effect, *ends))
    return {
        "place": titles[case_id],
        "estimate": WORDS.get(key, key),
        "pupil SD": printed(found.effect),
        "standard error": printed(found.se),
        f"{round(100 * interest.level)} % set": span(ends),
        "p (permutation)": f"{found.p_value:.3f}",
        f"verdict on {interest.smallest:.2f}": told.verdict,
        f"verdict on {interest.large:.2f}": told.verdict_large,
    }


matched = pupil_sd.pupil_case(opened, "london", case_plan(opened, "london").primary)
for case in pupil:
    of = pupil_sd.rows_behind([case])
    for key, adjustment in ADJUSTED.items():
        if adjustment not in case.instead:
            beside = (
                "as estimated, beside all districts" if (case.case_id, key) == ("london", "plain") else key
            )
            table.append(weigh(case.case_id, key, beside, case.estimates[adjustment], of))
    if case.case_id == "london":
        words = "as estimated, beside districts that began alike"
        table.append(
            weigh("london", "matched", words, matched.estimates["plain"], pupil_sd.rows_behind([matched]))
        )
    slope = registry.numbers("pupil", rows=of, function=adjusted_effects)
    slope(f"ruler.{case.case_id}", case.estimates["plain"].effects[1:].std(ddof=1), PUPIL_SD.as_level(),
          f"{titles[case.case_id]}: one placebo SD in pupil SD.")  # fmt: skip
    slope(f"slope.{case.case_id}", -case.estimates["level"].coefficients["level"], PUPIL_SD.as_level(),
          f"{titles[case.case_id]}: gain of comparison places by one pupil SD of lower level before.")  # fmt: skip
dc = pupil[[case.case_id for case in pupil].index("washington_dc")]
record = registry.numbers("pupil.washington_dc", rows=pupil_sd.rows_behind([dc]), function=adjusted_effects)
record(
    "below",
    -dc.estimates["level"].outside["level"],
    PUPIL_SD.as_level(),
    "Washington, DC's level below every state's.",
)
record(
    "leverage",
    dc.estimates["level"].leverage[0],
    SHARE,
    "Leverage of Washington, DC, in the line over the states.",
)
forest = pd.DataFrame(forest, columns=["label", "estimate", "low", "high"])
holding = (forest["low"] < 0) & (forest["high"] > 0)
apart = [name for name in titles.values() if (forest["label"].str.startswith(name) & ~holding).any()]
publish(
    registry,
    "forest",
    charts_places.forest(
        forest, "difference, pupil standard deviations", [interest.smallest, interest.large], 2
    ),
    title=f"{int(holding.sum())} of {in_figures(len(forest), 'set')} {agreeing(int(holding.sum()), 'holds', 'hold')} zero"
    + (f", not those of {list_in_words(apart)}" if apart else ""),
    subtitle=f"Difference of each place from others, as estimated and adjusted, {round(100 * interest.level)} per cent sets, pupil standard deviations",
    caption=(
        "Differences of the places that bear a comparison, as estimated and adjusted for where each began, with "
        f"{round(100 * interest.level)} per cent sets of their placebo tests. Broken lines mark zero, the size "
        "of interest and a large one."
    ),
    says=(
        f"There are {len(forest)} rows over {k} places. The largest value is {forest['estimate'].max():.2f} "
        f"({forest.loc[forest['estimate'].idxmax(), 'label']}), the smallest {forest['estimate'].min():.2f} "
        f"({forest.loc[forest['estimate'].idxmin(), 'label']}). "
        f"{in_figures(int(holding.sum()), 'set')} {agreeing(int(holding.sum()), 'holds', 'hold')} zero."
    ),
    data=forest.round(3),
)

# %%
verdict_columns = [f"verdict on {size:.2f}" for size in (interest.smallest, interest.large)]
told = pd.DataFrame(table)
holds("Nothing is ruled out by a single place.", told[verdict_columns] != "ruled out")
holds(
    "Washington, DC, alone reaches the smallest effect of interest, as estimated and adjusted.",
    [
        row["place"] == titles["washington_dc"]
        for row in table
        if row[verdict_columns[0]] == "at least that large"
    ],
    [dc.estimates[adjustment].p_value < 0.05 for adjustment in ("plain", "level", "level and slope")],
)
Table(told, f"Differences in pupil SD with {round(100 * interest.level)} per cent sets and verdicts")

# %% [markdown]
# Washington, DC's primary test is {num}`pupil.washington_dc.plain` as estimated, and {num}`pupil.washington_dc.level` less what
# its low level predicts (p {num}`pupil.washington_dc.level.p`); with the slope of the years before beside the level it is
# {num}`pupil.washington_dc.slope` (p {num}`pupil.washington_dc.slope.p`). That is at least the size of interest,
# and whether it is a large one cannot be said once it is adjusted. The adjustment leans on the straight line going on below
# all states: Washington, DC, lies {num}`pupil.washington_dc.below` pupil standard deviations under the lowest, and its leverage
# is {num}`pupil.washington_dc.leverage`. Its test in grade 4 mathematics and that in grade 4 reading remain beyond the states once
# adjusted, grade 8 reading does not ([its chapter](../cases/washington_dc.ipynb)).
#
# **The older adjustment took out too much.** Up to release 2026.4 each state's line through the years before was carried on
# in full; the row *own line carried on in full* keeps it, at {num}`pupil.washington_dc.line` (p
# {num}`pupil.washington_dc.line.p`), with a set that is far wider because three waves fix a line poorly. It assumes that
# all of a line goes on for a dozen years. Among the fifty states {num}`washington_dc.carried.low` to
# {num}`washington_dc.carried.high` per cent of it did.
#
# In Huari a province stands at no pupil at the level in every year, where no probit exists; it is held half a percentage
# point inside. Left out, the plain difference is {num}`pupil.huari.without_zero` and the adjusted one
# {num}`pupil.huari.without_zero_level`. Neither can tell a large gain from none.

# %% tags=["remove-cell"]
huari = pupil[[case.case_id for case in pupil].index("huari")]
kept = [0, *(i for i in range(1, len(huari.panel.units)) if (huari.panels[0].y[i] > 0).all())]
holds("One province stands at zero throughout.", len(huari.panel.units) - len(kept) == 1)
fewer = replace(
    huari.panel, y=huari.panel.y[kept], units=tuple(huari.panel.units[i] for i in kept),
    weights=huari.panel.weights[[i - 1 for i in kept[1:]]],
)  # fmt: skip
for key, adjustment in (("without_zero", "plain"), ("without_zero_level", "level")):
    found = adjusted_effects(fewer, adjustment)
    meaning = f"Huari without the province at zero, {WORDS[adjustment]}."
    record_interval(f"huari.{key}", found.effect, found.confidence_set(level), meaning, set_kind, adjusted_effects,
                    pupil_sd.rows_behind([huari]))  # fmt: skip

# %% [markdown]
# ## What do they add up to?
#
# On average the {count}`starts` places where a programme began moved by {num}`pupil.starts.level` pupil standard deviations, adjusted
# for where they began; anything from {num}`pupil.starts.level.low` to {num}`pupil.starts.level.high` fits.
#
# A **random-effects** mean weighs each place by its own standard error and lets places differ (restricted maximum
# likelihood with modified Hartung-Knapp errors {cite:p}`roever2015`). For the {count}`starts` programme starts it is
# {num}`pupil.starts.plain` as estimated ({num}`pupil.starts.plain.low` to {num}`pupil.starts.plain.high`) and
# {num}`pupil.starts.level` adjusted for level ({num}`pupil.starts.level.low` to {num}`pupil.starts.level.high`). For all
# {num}`k` it is {num}`pupil.all.plain` ({num}`pupil.all.plain.low` to {num}`pupil.all.plain.high`), and with every place
# adjusted {num}`pupil.all.slope` ({num}`pupil.all.slope.low` to {num}`pupil.all.slope.high`). With Washington, DC, alone
# adjusted, and London beside districts that began alike, it is {num}`pupil.all.dc_adjusted`
# ({num}`pupil.all.dc_adjusted.low` to {num}`pupil.all.dc_adjusted.high`).
#
# **What is excluded.** If the {count}`starts` programme starts share one effect, one above {num}`pupil.starts.plain.bound` is
# excluded as estimated, and one above {num}`pupil.starts.level.bound` adjusted for level, each at the one-sided 5 per
# cent level; their differences are no wider than their errors (p {num}`pupil.starts.level.q_p`). If they do not
# share one, the mean could be as high as {num}`pupil.starts.level.high`. So the size of interest is neither
# shown nor excluded, and a large difference is excluded only for those who grant a common effect.
#
# With so few places the spread between them is hardly known. A normal-normal model says so openly
# {cite:p}`roever2020`: with a half-normal prior of scale {num}`pupil.prior.scale` on the spread the mean of all lies between
# {num}`pupil.all.bayes.low` and {num}`pupil.all.bayes.high` as estimated, and between {num}`pupil.all.bayes_level.low` and
# {num}`pupil.all.bayes_level.high` adjusted; of the programme starts between {num}`pupil.starts.bayes_level.low` and
# {num}`pupil.starts.bayes_level.high`. The first of these leaves zero out by a hair, the others do not. The true difference of
# a new place like all of them would lie between {num}`pupil.all.bayes_new.low` and {num}`pupil.all.bayes_new.high`.

# %%
by_all = {"washington_dc": ("mathematics_g4", "mathematics_g8", "reading_g4", "reading_g8"),
          "chile": ("mathematics", "reading", "science"), "latvia": ("mathematics", "reading", "science")}  # fmt: skip
subjects = tuple(pupil_sd.pupil_case(opened, case.case_id, by_all.get(case.case_id, ())) for case in pupil)
earlier_panels = {"london": case_plan(opened, "london").primary, "chile": ("mathematics_earlier_rule",),
                  "latvia": ("mathematics_earlier_rule",)}  # fmt: skip
earlier = tuple(
    pupil_sd.pupil_case(opened, case.case_id, earlier_panels.get(case.case_id, ())) for case in pupil
)
with_match = tuple(matched if case.case_id == "london" else case for case in pupil)
ways = {
    "all.plain": ("all, as estimated", pupil, "plain"),
    "all.level": ("all, adjusted for level", pupil, "level"),
    "all.slope": ("all, adjusted for level and, where there are years enough, slope", pupil, "level and slope"),
    "all.dc_adjusted": (
        "all, Washington, DC, alone adjusted, London beside districts that began alike", with_match,
        {"washington_dc": "level and slope"},
    ),
    "all.line": ("all, own line carried on in full", pupil, "own line"),
    "starts.plain": ("programme starts, as estimated", starts, "plain"),
    "starts.level": ("programme starts, adjusted for level", starts, "level"),
    "all.matched": ("all, London beside districts that began alike", with_match, "plain"),
    "all.subjects": ("all, every place by all its subjects", subjects, "plain"),
    "all.subjects_level": ("all, by all subjects, adjusted for level", subjects, "level"),
    "earlier.plain": ("all, panels of release 2026.4", earlier, "plain"),
    "earlier.without_dc": (
        "programme starts, panels of release 2026.4", pupil_sd.programme_starts(opened, earlier), "plain",
    ),
}  # fmt: skip
pooled_rows, drawn = [], []
for key, (words, chosen, adjustment) in ways.items():
    mean, common = pupil_sd.pool_cases(chosen, adjustment), pupil_sd.common_effect(chosen, adjustment)
    of = pupil_sd.rows_behind(chosen)
    kind = f"95 % interval, modified Hartung-Knapp, k = {len(chosen)}"
    record_interval(
        key, mean.effect, mean.interval, f"Mean in pupil SD, {words}.", kind, pupil_sd.pool_cases, of
    )
    record = registry.numbers(f"pupil.{key}", rows=of, function=pupil_sd.pool_cases)
    meaning = f"Mean in pupil SD, {words}: {{}} end of the 95 % prediction interval for a new place."
    record.ends("new.{}", mean.prediction, PUPIL_SD, meaning, names=ENDS)
    record("tau", np.sqrt(mean.tau2), PUPIL_SD.as_level(), f"Spread between places, {words}.")
    record("p", mean.p, P_VALUE, f"p of the mean, {words}.")
    shared = registry.numbers(f"pupil.{key}", rows=of, function=pupil_sd.common_effect)
    shared(
        "bound",
        common.upper,
        PUPIL_SD,
        f"Upper one-sided 95 % bound of one difference common to all, {words}.",
    )
    shared("q_p", common.q_p, P_VALUE, f"p of Cochran's Q, {words}.")
    drawn.append((words, mean.effect, *mean.interval))
    pooled_rows.append(
        {
            "places and estimates": words,
            "k": len(chosen),
            "mean": printed(mean.effect),
            "95 % interval": span(mean.interval),
            "spread between places": printed(np.sqrt(mean.tau2)),
            "new place, 95 %": span(mean.prediction),
            "one common difference, upper bound": printed(common.upper),
        }
    )
scale = 0.1
registry.numbers("pupil.prior", rows=pupil_rows, function=pooling.half_normal)(
    "scale", scale, PUPIL_SD.as_level(), "Scale of the half-normal prior on the spread between places."
)
lows = []
for key, chosen, adjustment in (
    ("all.bayes", pupil, "plain"),
    ("all.bayes_level", pupil, "level"),
    ("starts.bayes_level", starts, "level"),
):
    posterior = pooling.normal_normal(
        *pupil_sd.effects_and_variances(chosen, adjustment), pooling.half_normal(scale)
    )
    meaning = f"Posterior mean, half-normal prior of scale {scale:g} on the spread, {key.split('.')[0]}, {adjustment}."
    of_mean = "central 95 % posterior interval"
    lows.append(posterior.interval[0])
    record_interval(key, posterior.effect, posterior.interval, meaning, of_mean, pooling.normal_normal)
    if key == "all.bayes":
        record = registry.numbers("pupil.all", rows=pupil_rows, function=pooling.normal_normal)
        meaning = "True difference in a new place, half-normal prior on the spread: {} end of the central 95 % posterior interval."
        record.ends("bayes_new.{}", posterior.prediction, PUPIL_SD, meaning, names=ENDS)
holds(
    "Of the three posteriors the plain one alone leaves zero out.",
    [low > 0 for low in lows] == [True, False, False],
)
drawn = pd.DataFrame(drawn, columns=["label", "estimate", "low", "high"])
holding = int(((drawn["low"] < 0) & (drawn["high"] > 0)).sum())
publish(
    registry,
    "pooled",
    charts_places.forest(drawn, "mean, pupil standard deviations", [interest.smallest, interest.large], 2),
    title=f"{holding} of {len(drawn)} means over the places have an interval that holds zero",
    subtitle="Random-effects mean, all places that enter and the programme starts alone, 95 per cent intervals, pupil standard deviations",
    caption=(
        f"Random-effects means over all places that enter and over the {cardinal(len(starts))} programme starts, as estimated and adjusted, with "
        "95 per cent intervals. Broken lines mark zero, the size of interest and a large one."
    ),
    says=(
        f"Means run from {drawn['estimate'].min():.2f} ({drawn.loc[drawn['estimate'].idxmin(), 'label']}) to "
        f"{drawn['estimate'].max():.2f} ({drawn.loc[drawn['estimate'].idxmax(), 'label']}); {holding} of the "
        f"{len(drawn)} intervals hold zero."
    ),
    data=drawn.round(3),
)

# %%
means = {key: pupil_sd.pool_cases(chosen, adjustment) for key, (_, chosen, adjustment) in ways.items()}
holds(
    "The four starts hold both sizes of interest and zero.",
    [
        means[key].interval[0] < 0 and means[key].interval[1] > interest.large
        for key in ("starts.plain", "starts.level")
    ],
)
holds(
    "One common effect of the starts bounds a large effect.",
    [pupil_sd.common_effect(starts, a).upper < interest.large for a in ("plain", "level")],
)
Table(pd.DataFrame(pooled_rows), "Means in pupil SD, random effects with modified Hartung-Knapp errors")

# %% [markdown]
# The last two rows keep the panels of release 2026.4, from which a reviewer worked out the same figures by other code:
# {num}`pupil.earlier.plain` for all and {num}`pupil.earlier.without_dc` without Washington, DC. London enters there beside
# districts that began alike, and Chile and Latvia beside partner countries and with unequal end years. The rule of this
# release (one start, one end, partners left out) takes Chile from {num}`pupil.earlier.chile` to {num}`pupil.chile.plain`
# and Latvia from {num}`pupil.earlier.latvia` to {num}`pupil.latvia.plain`; London beside all districts is higher, because
# it began low, and adjusted for that it is {num}`pupil.london.level`. This scale and these rules were fixed after the
# results were known. They correct, and confirm nothing.

# %% tags=["remove-cell"]
for case in earlier:
    if case.case_id in ("chile", "latvia"):
        found, meaning = case.estimates["plain"], f"{titles[case.case_id]}, panel of release 2026.4."
        record_interval(f"earlier.{case.case_id}", found.effect, found.confidence_set(level), meaning, set_kind,
                        adjusted_effects, pupil_sd.rows_behind([case]))  # fmt: skip

# %% [markdown]
# ## Could luck explain all of them together?
#
# For the places where a programme began, easily: p from {num}`pupil.joint_starts.low` to {num}`pupil.joint_starts.high`. For
# all {num}`k` it depends on how one counts: p from {num}`pupil.joint.low` to {num}`pupil.joint.high`, and the low end is
# Washington, DC's.
#
# A **joint randomisation test** draws one place from each pool (the comparison places and the place itself) in every
# possible way and asks how often the drawn places together lie as far from the others as the {count}`places` chapters' do. It asks for no normal curve, and
# every way is counted. Its level is right if any place of a pool could have been the one.
#
# It can be asked in several ways. The places may be scored by their differences (the *mean*), by *normal scores* or *ranks*
# within their pools, or by the *product of their p-values*; and each may be taken as estimated or adjusted for where it
# began. The mean has no bound, so that one place far out can carry it alone; the others limit what one place can add. No one
# of them is the headline. For all {num}`k` cases p runs from {num}`pupil.joint.low` to {num}`pupil.joint.high`; for the
# {count}`starts` programme starts, which bear on the network's claim, from {num}`pupil.joint_starts.low` to
# {num}`pupil.joint_starts.high`.
#
# A p-value is no chance that all are ordinary places. The smallest of these says: places drawn at random have as
# extreme a mean in {num}`pupil.joint.per_cent` per cent of draws. That is Washington, DC, as estimated, whose own p is at its
# floor, with London beside all districts, which began higher; with every place adjusted for its level the same statistic gives {num}`pupil.joint.level.mean`.

# %%
joint_rows = []
for key, chosen, words in (("joint", pupil, "all that enter"), ("joint_starts", starts, "programme starts")):
    found = pupil_sd.joint_range(chosen)
    of = pupil_sd.rows_behind(chosen)
    record = registry.numbers(f"pupil.{key}", rows=of, function=pupil_sd.joint_range)
    record.ends("{}", found["p"], P_VALUE, f"Joint p over statistics and adjustments, {words}: {{}} value.",
                names={"low": "smallest", "high": "largest"})  # fmt: skip
    names = {adjustment: name for name, adjustment in ADJUSTED.items()}
    for row in found.itertuples():
        name = f"{names[row.adjustment]}.{row.statistic.replace(' ', '_')}"
        record(name, row.p, P_VALUE, f"Joint p, {words}: {row.statistic}, {row.adjustment}.")
    wide = found.pivot(index="adjustment", columns="statistic", values="p")
    for adjustment in pupil_sd.ADJUSTMENTS:
        told = {statistic: f"{wide.loc[adjustment, statistic]:.3f}" for statistic in pupil_sd.STATISTICS}
        joint_rows.append({"cases": words, "estimates": WORDS[names[adjustment]], **told})
    if key == "joint":
        smallest = found.loc[found["p"].idxmin()]
        holds(
            "The smallest is the mean as estimated.",
            [smallest["statistic"] == "mean"],
            [smallest["adjustment"] == "plain"],
        )
        record(
            "per_cent",
            100 * found["p"].min(),
            PER_CENT,
            "Draws with a mean as extreme as that of the places, as estimated.",
        )
    else:
        holds("The programme starts are ordinary by every statistic.", found["p"] > 0.05)
Table(pd.DataFrame(joint_rows), "Joint p by statistic and adjustment")

# %% [markdown]
# (the-older-scale)=
# ## The older scale, and what it assumes
#
# The rows from here to the section on luck divide each difference by the spread of its own comparison places, with
# London matched on its start, as in earlier releases. On this ruler an ordinary place mostly lies between −2 and +2. They stay for
# comparison and for the features further down; what they say of a mean is about z-scores and not about pupils.

# %%
for case in entering:
    title, group = titles[case.case_id], case.case_id
    meaning = f"{title}: difference in placebo standard deviations."
    by(composite, group)("effect", case.effect, PLACEBO_SD, meaning)
    meaning = f"{title}: permutation p of that difference."
    by(permutation_p, group)("p", case.p_value, P_VALUE, meaning)
pooled = pooling.pool(effects, variances)
by(pooling.reml_tau2)("tau2", pooled.tau2, SHARE, "Variance between places in placebo SD, REML.")
kind = f"95 % interval, modified Hartung-Knapp, k = {k}"
meaning = "Pooled difference over the cases that enter, placebo SD, equal weights in all but name."
by(pooling.pool)("pooled", pooled.effect, PLACEBO_SD, meaning, interval=pooled.interval, interval_kind=kind)
record_ends("pooled", pooled.interval, "95 % interval of the pooled difference in placebo SD", pooling.pool)
meaning, kind = "Centre of the interval for a new place, placebo SD.", "95 % prediction interval"
by(pooling.pool)(
    "prediction", pooled.effect, PLACEBO_SD, meaning, interval=pooled.prediction, interval_kind=kind
)
record_ends("prediction", pooled.prediction, "95 % interval for a new place in placebo SD", pooling.pool)


# %%
def record_joint(key, chosen, words):
    test = joint.joint_randomisation([case.exchangeable for case in chosen])
    mean = float(np.mean([case.effect for case in chosen]))
    record, maker = by(joint.joint_randomisation, key), standardised.entering_cases
    record("mean", mean, PLACEBO_SD, f"Mean standardised difference, {words}.", function=maker)
    record("p", test.p_two_sided, P_VALUE, f"Exact joint two-sided p, {words}.")
    if key == "joint":
        pools = "the standard deviation of all places of each pool, the statistic of the joint test."
        record("statistic", test.statistic, CORRELATION, f"Mean difference over {pools}")
    record("draws", test.n_draws, COUNT, f"Ways of drawing one place from each pool, {words}.")
    return {
        "cases": words,
        "k": len(chosen),
        "mean, placebo SD": round(mean, 2),
        "p, two-sided": f"{test.p_two_sided:.3f}",
    }


tests = [record_joint("joint", entering, "all that enter")]
for case in entering:
    rest = [other for other in entering if other is not case]
    key = "joint_without_dc" if case.case_id == "washington_dc" else f"joint_without_{case.case_id}"
    tests.append(record_joint(key, rest, f"without {titles[case.case_id]}"))
pools = {case.case_id: case for case in entering}
chile, latvia = pools["chile"], pools["latvia"]
apart = joint.distinct_pairs(chile.exchangeable, latvia.exchangeable, chile.units, latvia.units)
others = [case.exchangeable for case in entering if case.case_id not in ("chile", "latvia")]
test, record = joint.joint_randomisation([*others, apart]), by(joint.distinct_pairs, "joint_distinct")
record("p", test.p_two_sided, P_VALUE, "Joint two-sided p, no country drawn both for Chile and for Latvia.")
record("draws", test.n_draws, COUNT, "Ways of drawing places with no country drawn twice.")
shared = joint.shared_correlation(chile.units[1:], latvia.units[1:])
by(joint.shared_correlation, "joint_distinct")(
    "correlation",
    shared,
    SHARE,
    "Correlation of Chile's and Latvia's errors by the countries they share, at most.",
)
tests.append(
    {"cases": "all that enter, no country drawn twice", "k": k, "mean, placebo SD": tests[0]["mean, placebo SD"],
     "p, two-sided": f"{test.p_two_sided:.3f}"}
)  # fmt: skip
whole = [standardised.standardised_case(opened, c.case_id, by_all.get(c.case_id, ())) for c in entering]
tests.append(record_joint("joint_all_subjects", whole, "all that enter, by all their subjects"))
Table(
    pd.DataFrame(tests),
    "Joint randomisation test of the mean in placebo SD, all cases and with each left out",
)

# %% [markdown]
# The mean of all is {num}`joint.mean` and its joint p {num}`joint.p`, over {num}`joint.draws` ways of drawing. Without
# Washington, DC, the mean is {num}`joint_without_dc.mean` and p {num}`joint_without_dc.p`: one place carries the result. Chile and
# Latvia are set beside many of the same countries. Counted over draws in which no country stands for both, p is
# {num}`joint_distinct.p`; what they share makes their errors correlate by {num}`joint_distinct.correlation` at most. Huari
# and London enter by the mean of their subjects and the others by one test; with every place by all its subjects the mean
# is {num}`joint_all_subjects.mean` and p {num}`joint_all_subjects.p`. A random-effects mean of these z-scores is
# {num}`pooled` ({num}`pooled.low` to {num}`pooled.high`) and a new place would lie between {num}`prediction.low` and
# {num}`prediction.high`; the weights are as good as equal, since on this ruler every place has nearly the same error.
#
# The next table measures Washington, DC, otherwise: by its other tests, by all four together, and with each state's own line
# carried on in full.


# %%
def washington_measured(panels):
    sets = [placebo_in_space(panel, "twfe") for panel in panels]
    if len(sets) == 1:
        return sets[0].standardised
    own, others, _ = composite(sets)
    return np.concatenate([[own], others])


TESTS = {
    "mathematics_g8": "grade 8 mathematics (planned)", "mathematics_g4": "grade 4 mathematics",
    "reading_g4": "grade 4 reading", "reading_g8": "grade 8 reading",
}  # fmt: skip
dc_plan = case_plan(opened, "washington_dc")
panels = {name: build_panel(opened, dc_plan.panels[name]) for name in TESTS}
lines = {name: drift_adjusted(panel) for name, panel in panels.items()}
ways = {
    **{name: (words, [panels[name]]) for name, words in TESTS.items()},
    "four": ("the four tests together", list(panels.values())),
    "line": ("grade 8 mathematics, own line out", [lines["mathematics_g8"]]),
    "four_line": ("the four tests together, own line out", list(lines.values())),
}
measured, ordinary = [], []
for key, (words, chosen) in ways.items():
    one = washington_measured(chosen)
    pools = [joint.equal_scale(one) if c.case_id == "washington_dc" else c.exchangeable for c in entering]
    test = joint.joint_randomisation(pools)
    mean = float(np.mean([one[0] if c.case_id == "washington_dc" else c.effect for c in entering]))
    told = f"all that enter, Washington, DC, by {words}"
    record, maker = by(joint.joint_randomisation, f"joint_dc_{key}"), standardised.entering_cases
    record("own", one[0], PLACEBO_SD, f"Washington, DC, by {words}.", function=placebo_in_space)
    record("mean", mean, PLACEBO_SD, f"Mean standardised difference, {told}.", function=maker)
    record("p", test.p_two_sided, P_VALUE, f"Joint two-sided p, {told}.")
    ordinary += [key] if test.p_two_sided > 0.05 else []
    measured.append(
        {
            "Washington, DC, by": words,
            "Washington, DC, placebo SD": printed(one[0]),
            "mean of all, placebo SD": printed(mean),
            "joint p, two-sided": f"{test.p_two_sided:.3f}",
        }
    )
record, small = by(joint.joint_randomisation, "joint_dc_tests"), len(set(TESTS) - set(ordinary))
record("all", len(TESTS), COUNT, "Washington, DC's tests, one at a time.")
meaning = "Washington, DC's tests that, one at a time, leave the joint p at 0.05 or below."
record("small", small, COUNT, meaning)
above = ["reading_g8", "line", "four_line"]
holds("Grade 8 reading does not give the headline's answer, nor the earlier lines out.", ordinary == above)
Table(pd.DataFrame(measured), f"Joint test with Washington, DC, measured otherwise, k = {len(entering)}")

# %% [markdown]
# {num}`joint_dc_tests.small` of its {num}`joint_dc_tests.all` tests, and all of them together, give the same answer as the
# primary one. Grade 8 reading does not (p {num}`joint_dc_reading_g8.p`). With the lines carried on in full the joint p is
# {num}`joint_dc_line.p` for grade 8 mathematics and {num}`joint_dc_four_line.p` for all; as the states show, that takes out
# several times what carries on.
#
# ### What so few places could show together
#
# How large a difference would the tests in placebo SD find, with these {num}`k` places
# and these comparison pools? In each of {num}`power.draws` draws one comparison place of every pool plays
# the place with a programme, and a known effect is added to it. The places' own results are not used.
#
# An effect of one placebo standard deviation in all {num}`k` is found by the joint test in
# {num}`power.joint_all.at_1` per cent of draws, by the random-effects mean in
# {num}`power.pooled_all.at_1` and by the test of a single place in {num}`power.single.at_1`. At
# two standard deviations the three stand at {num}`power.joint_all.at_2`,
# {num}`power.pooled_all.at_2` and {num}`power.single.at_2` per cent. If one place alone moved
# by two, the joint test would notice in {num}`power.joint_one.at_2` per cent. With no effect anywhere the
# joint test still fires in {num}`power.joint_all.at_0` per cent, as a test at five should, within the
# error of the draws.
#
# So the joint test finds a common effect of one standard deviation in most draws and one of half that size in
# {num}`power.joint_all.at_half` per cent. A place that moves alone must move far. This is power with
# pools whose places were not picked; no test here allows for the picking.

# %%
power = joint_power.power_across([case.donors for case in entering], [0.0, 0.5, 1.0, 1.5, 2.0])
tests = {
    "joint_all": ("Joint test, every place moves", power.joint_all),
    "pooled_all": ("Random-effects mean, every place moves", power.pooled_all),
    "single": ("Single place, its own test", power.single_mean),
    "joint_one": ("Joint test, one place alone moves", power.joint_one),
}
record = by(joint_power.power_across, "power")
record("draws", power.draws, COUNT, "Sets of places drawn for the power of the tests.")
large = int(np.isfinite(power.single[:, 0]).sum())
meaning = "Cases whose pool is large enough for a single test to reach p 0.05 when one place of it is drawn."
record("single.cases", large, COUNT, meaning, function=joint_power.single_power)
spelt = {0.5: "half", 1.5: "one_and_a_half"}
for key, (words, shares) in tests.items():
    for shift, share in zip(power.shifts, shares, strict=True):
        at = f"a true effect of {shift:g} placebo SD, per cent."
        meaning = f"{words}: share of draws with p at or below 0.05 at {at}"
        record(f"{key}.at_{spelt.get(shift, f'{shift:g}')}", 100 * share, PER_CENT.to(0), meaning)
power_frame = pd.DataFrame(
    [
        {"test": words, "effect": shift, "power": 100 * share}
        for words, shares in tests.values()
        for shift, share in zip(power.shifts, shares, strict=True)
    ]
)
publish(
    registry,
    "power",
    charts_across.power(power_frame),
    title=f"The joint test finds one placebo SD in every place in {registry.text('power.joint_all.at_1')} per cent of draws",
    subtitle=f"How often each test finds a known effect, {len(entering)} places and their comparison pools, per cent of draws",
    caption=(
        f"How often each test finds an effect of a given size with these {len(entering)} places and their comparison "
        "pools. The dashed line marks the usual target of 80 per cent."
    ),
    says=(
        "The series are four tests. "
        f"At the largest effect the joint test finds {100 * power.joint_all[-1]:.0f} per cent when every place moves "
        f"and {100 * power.joint_one[-1]:.0f} when one does, the random-effects mean {100 * power.pooled_all[-1]:.0f}, "
        f"a single place's test {100 * power.single_mean[-1]:.0f}."
    ),
    data=power_frame.round(1),
)

# %% [markdown]
# The single test is a mean over the {num}`power.single.cases` places whose pool is large enough for it to
# reach p 0.05 at all.
#
# ## Could luck explain the largest?
#
# Hardly that of Washington, DC, if all places are taken to be alike to begin with. But the city was not like the states:
# it started far below them.
#
# The {count}`places` came into the book because the network named them or its people led there. Had each of the {num}`k` been picked as the
# best of its own pool, with no effect anywhere, their mean would be expected at {num}`luck.mean_best`
# standard deviations of their pools. Neither the joint test nor the mean is guarded
# against that. But all but one lie well inside their pools, which is not how a pick of winners looks. A pick of one
# winner is still possible.
#
# And the one that lies outside? The largest of {num}`k` ordinary places is expected at
# {num}`best_of_k` standard deviations by a normal curve and at {num}`luck.expected` in these
# pools; the best of Washington, DC's {num}`washington_dc.mathematics_g8.places` at {num}`best_of_51`.
# Washington, DC, shows {num}`luck.largest` on the same ruler, the standard deviation of all places of a pool, itself among
# them. Counted over all ways of drawing one place per pool, the largest of
# {num}`k` is that large with one-sided p {num}`luck.p`, the smallest value its pool allows. Of
# the others the largest is ordinary (p {num}`luck.without_dc_p`).
#
# So luck among equal places is a poor explanation of Washington, DC. Being unlike the states does not need luck: it is
# one city, and it started far below them. Adjusted for that start and for its earlier slope by what the states show, p is
# {num}`pupil.washington_dc.slope.p`; among the {num}`washington_dc.city.mathematics_g8.places` large cities that were
# tested, itself among them, it is {num}`washington_dc.city.mathematics_g8.p`.

# %% tags=["remove-output"]
largest = joint.largest_of([case.exchangeable for case in entering])
rest = joint.largest_of([case.exchangeable for case in entering if case.case_id != "washington_dc"])
holds("The largest is Washington, DC.", entering[largest.position].case_id == "washington_dc")
best_of = by(joint.expected_best_of)
for key, number, words in (("k", k, "k"), ("51", 51, "51")):
    meaning = f"Expected largest of {words} ordinary places, in standard deviations."
    best_of(f"best_of_{key}", joint.expected_best_of(number), SHARE, meaning)
record = by(joint.largest_of, "luck")
meaning = "Exact p of the largest difference among the largest of k places."
record("p", largest.p, P_VALUE, meaning)
record("largest", largest.value, SHARE, "Washington, DC's difference over the SD of all places of its pool.")
record("expected", largest.expected, SHARE, "Expected largest of one place per pool, all draws.")
record("without_dc_p", rest.p, P_VALUE, "The same p without Washington, DC.")
best = {case.case_id: joint.expected_best_of(len(case.standardised)) for case in entering}
meaning = "Expected mean of k places if each were the best of its own pool by luck, in standard deviations."
best_of("luck.mean_best", float(np.mean(list(best.values()))), CORRELATION, meaning)
table, luck_rows = [], []
for case in entering:
    name, top = titles[case.case_id], int(case.donors.argmax())
    meaning = f"{name}: largest difference among comparison places, each as if treated."
    maker, highest = standardised.standardised_case, float(case.donors[top])
    record(f"{case.case_id}.pool_max", highest, PLACEBO_SD, meaning, function=maker)
    by_luck = joint.best_of_p(case.effect, len(case.standardised))
    table.append(
        {
            "place": name,
            "places in pool": len(case.standardised),
            "difference": printed(case.effect),
            "highest other": f"{printed(case.donors[top])} ({case.units[1 + top]})",
            "best by luck, expected": printed(best[case.case_id]),
            "chance that the best is as high": "below 0.001" if by_luck < 0.001 else f"{by_luck:.3f}",
        }
    )
    luck_rows += [(name, charts_across.POOL, u, v) for u, v in zip(case.units[1:], case.donors, strict=True)]
    luck_rows.append((name, charts_across.LUCK, f"best of {len(case.standardised)}", best[case.case_id]))
    luck_rows.append((name, charts_across.OWN, case.units[0], case.effect))
luck = pd.DataFrame(luck_rows, columns=["place", "role", "unit", "value"])
beyond = [titles[case.case_id] for case in entering if case.effect > best[case.case_id]]
holds("Washington, DC, alone lies beyond its best by luck.", beyond == [titles["washington_dc"]])
publish(
    registry,
    "luck",
    charts_across.luck(luck),
    title=(
        f"{list_in_words(beyond) or 'No place'}{',' if ',' in ''.join(beyond) else ''} {agreeing(len(beyond) or 1, 'lies', 'lie')} "
        "beyond the best that luck alone would bring"
    ),
    subtitle="Each place among its comparison places, with the best expected by luck, placebo standard deviations",
    caption=(
        "Each place among its own comparison places, and where the best of as many equal places is expected by luck."
    ),
    says=(
        f"Beyond the mark of the best by luck stands: {', '.join(beyond)}. "
        + "; ".join(
            f"{titles[case.case_id]} {case.effect:.1f} against {best[case.case_id]:.1f}" for case in entering
        )
        + "."
    ),
    data=luck.round(2),
)

# %%
Table(pd.DataFrame(table), f"Each of the {len(entering)} places and the best of its own pool, placebo SD")

# %% [markdown]
# The last column is for normal draws; real pools have their own tails. The order statistic guards against chance
# alone, not against a reason why a place was both chosen and different.
#
# ## What goes with a larger difference?
#
# One feature does, the posts that leaders are documented in, and that rests on one place, Washington, DC.
#
# Three features were set against the differences: the kinds of post in which leaders are documented (roles), how
# large a share of the system is documented (scale), and how many of the seven strategies are documented (breadth).
# Each is the mean of the two readings described in [the coding](coding.ipynb). They were fixed in the plan after
# the first results were known, with the codes of the earlier readings, and all readers had seen the outcome figures, so
# this is exploration. The new readings change the values of breadth and leave those of roles and scale. Strength and
# orientation vary more in them than before; taking these up now, with every result known, would be picking.
# Representation is silent for every entering place.
#
# With {num}`k` places every order in which a feature's values could have fallen can be listed. That sets
# a floor under p: for roles no p can be below {num}`moderator.roles.floor`, for scale
# {num}`moderator.scale.floor`, for breadth {num}`moderator.breadth.floor`. A rank correlation
# of {num}`k` places without ties must be {num}`rank.critical` to reach p 0.05, and with a true
# correlation of 0.7 it does so in {num}`rank.power_strong` per cent of samples; with eight places it
# would need {num}`rank.critical_eight` and succeed in {num}`rank.power_strong_eight`.

# %%
planned = moderators.planned_moderators(opened)
values = {m.name: moderators.moderator_values(coding, m, [c.case_id for c in entering]) for m in planned}
permuted = {
    name: moderators.permute_moderator(name, effects, variances, column) for name, column in values.items()
}
corrected = moderators.max_t(effects, variances, values)
ranked = {name: moderators.rank_correlation(column, effects) for name, column in values.items()}
both_rows = rows + coding_rows
for name, test in permuted.items():
    group = f"moderator.{name}"
    exact = registry.numbers(group, rows=both_rows, function=moderators.permute_moderator)
    exact("k", test.k, COUNT, f"Places with a value of {name}.")
    exact("p", test.p, P_VALUE, f"Exact permutation p of {name}.")
    exact("floor", test.floor, P_VALUE, f"Smallest permutation p that {name} could reach.")
    fitted = registry.numbers(group, rows=both_rows, function=moderators.meta_regression)
    fitted(
        "slope",
        test.fit.slope,
        PLACEBO_SD,
        f"Difference that goes with one more step of {name}.",
        interval=test.fit.interval,
        interval_kind=f"95 % interval, REML with modified Knapp-Hartung, k = {test.k}",
    )
    fitted("t_p", test.fit.p, P_VALUE, f"p of {name} by the t curve.")
    meaning = f"Exact p of {name}, corrected for looking at {len(planned)} moderators."
    exact("max_t_p", corrected[name], P_VALUE, meaning, function=moderators.max_t)
    ranks = registry.numbers(group, rows=both_rows, function=moderators.rank_correlation)
    ranks("rho", ranked[name].rho, CORRELATION, f"Spearman's rho of {name}.")
    ranks("rho_p", ranked[name].p, P_VALUE, "Exact p of that rho.")
for places_ranked, ending in ((k, ""), (8, "_eight")):
    untied = moderators.rank_correlation(range(places_ranked), range(places_ranked))
    record = by(moderators.rank_correlation, "rank", rows=both_rows)
    words = f"{places_ranked} places without ties with exact two-sided p at or below 0.05."
    record(f"critical{ending}", untied.critical, SHARE, f"Smallest rank correlation of {words}")
    record = by(moderators.rank_power, "rank", rows=both_rows)
    for words, truth in (("medium", 0.5), ("strong", 0.7)):
        reached = 100 * moderators.rank_power(places_ranked, truth)
        meaning = (
            f"Chance of reaching it with {places_ranked} places at a true correlation of {truth:g}, per cent."
        )
        record(f"power_{words}{ending}", reached, PER_CENT.to(0), meaning)
in_pupils = pupil_sd.effects_and_variances(pupil, "level")
by_pupils = {name: moderators.permute_moderator(name, *in_pupils, column) for name, column in values.items()}
for name, test in by_pupils.items():
    record = registry.numbers(
        f"moderator.{name}", rows=pupil_rows + coding_rows, function=moderators.permute_moderator
    )
    meaning = f"Difference in pupil SD, adjusted for level, that goes with one more step of {name}."
    record("pupil_slope", test.fit.slope, PUPIL_SD, meaning)
    record(
        "pupil_p",
        test.p,
        P_VALUE,
        f"Exact permutation p of {name}, differences in pupil SD adjusted for level.",
    )
Table(
    pd.DataFrame(
        [
            {
                "moderator": m.label,
                "k": permuted[m.name].k,
                "slope": printed(permuted[m.name].fit.slope),
                "95 % interval": span(permuted[m.name].fit.interval),
                "p by t": f"{permuted[m.name].fit.p:.3f}",
                "exact p": f"{permuted[m.name].p:.3f}",
                "smallest p possible": f"{permuted[m.name].floor:.3f}",
                "exact p, of the three": f"{corrected[m.name]:.3f}",
                "slope, pupil SD, adjusted": printed(by_pupils[m.name].fit.slope),
                "its exact p": f"{by_pupils[m.name].p:.3f}",
                "rank correlation": f"{printed(ranked[m.name].rho)} (p {ranked[m.name].p:.3f})",
                "needed for p 0.05": "none is enough"
                if np.isinf(ranked[m.name].critical)
                else printed(ranked[m.name].critical),
            }
            for m in planned
        ]
    ),
    f"Three moderators over {len(entering)} places, placebo SD",
)

# %%
short = {case.case_id: titles[case.case_id] for case in entering}
dots = moderators.moderator_frame(short, effects, values)


top = dots.loc[dots["difference"].idxmax(), "place"]
labels = [m.label[0].lower() + m.label[1:] for m in planned]
publish(
    registry,
    "moderators",
    charts_across.moderators(dots, labels),
    title=f"{top} lies above the others on each feature, so each line rests on one place",
    subtitle=f"Difference from comparison places, placebo standard deviations; by {'; '.join(labels)}",
    caption=(
        f"The differences of {len(entering)} places against three features: "
        + "; ".join(
            f"by {m.name} exact p {permuted[m.name].p:.3f}, and none below {permuted[m.name].floor:.3f} was possible"
            for m in planned
        )
        + "."
    ),
    says=" ".join(
        f"By {m.name}, a fitted line that {'rises' if permuted[m.name].fit.slope > 0 else 'falls'}: "
        + "; ".join(
            f"{r.place} {r.value:g} and {r.difference:.1f}"
            for r in dots[dots["moderator"] == m.name].itertuples()
        )
        + "."
        for m in planned
    ),
    data=dots.round(2),
)

# %% [markdown]
# Roles go with a larger difference: {num}`moderator.roles.slope` a step. The t curve would call it p
# {num}`moderator.roles.t_p`; the exact p is {num}`moderator.roles.p`, the smallest that it can be. Scale shows
# {num}`moderator.scale.slope` (exact p {num}`moderator.scale.p`). Corrected for three looks the values are
# {num}`moderator.roles.max_t_p` and {num}`moderator.scale.max_t_p`. These are differences in placebo SD, in which
# Washington, DC, lies further out than in pupils' own terms. In pupil standard deviations, every place adjusted for its level,
# roles go with {num}`moderator.roles.pupil_slope` a step (exact p {num}`moderator.roles.pupil_p`) and scale with
# {num}`moderator.scale.pupil_slope` (exact p {num}`moderator.scale.pupil_p`).
#
# **Breadth is an artefact.** Its slope is {num}`moderator.breadth.slope` (exact p {num}`moderator.breadth.p`, corrected
# {num}`moderator.breadth.max_t_p`). In releases up to 2026.3 it was steeper and its p far smaller, since Washington, DC,
# then had one strategy on record. Its reforms were only missing from the notes. The feature counts what is written
# down, and nothing about the number of strategies follows from it in either direction.
#
# So roles pass a test at the 5 per cent level that no other order of the values could have passed by more. It is a lead and no more: the
# features were chosen with results in view, and all three panels are one point, Washington, DC, against others that hardly differ. It alone has the highest code for
# roles, because alumni led a share of its schools and the district itself, and the reforms began with the appointment
# of its head: leader and package cannot be told apart in it. Documented is not the same as done, and a place that was
# written about more has more to code. Whether a threshold shows is asked in [critical mass](critical_mass.ipynb).
#
# ## What was coded, and where sources are silent
#
# Recruiting and placing teachers is documented everywhere. On three of the framework's dimensions less can be read: at
# least one reading gave a code to representation in {num}`read.representation`, to orientation in
# {num}`read.orientation` and to network in {num}`read.network` of the {num}`places`. Both readings gave one above zero in
# {num}`read.both.representation`, {num}`read.both.orientation` and {num}`read.both.network`; these the
# [strategy map](../insights/strategy_map.ipynb) counts. A zero is a code too: in New Orleans one reading found that teachers
# had become less like the city they serve, the contrary of representation, and the other gave none. A gap is silence in the sources
# read, a list that is known to be incomplete; it says nothing about the places.

# %%
dimension = coding[coding["kind"] == "dimension"].groupby(["item", "case_id"])["code"].mean().reset_index()
order = ["roles", "scale", "strength", "orientation", "network", "representation"]
dimension["item"] = pd.Categorical(dimension["item"], order)
matrix = (
    dimension.sort_values(["item", "case_id"])
    .assign(
        row=lambda f: f["case_id"].map(cases["title"]).map(place_name),
        mean=lambda f: f["code"].astype(float),
    )[["row", "item", "mean"]]
    .dropna()
)
matrix["item"] = matrix["item"].astype(str)
read = matrix.groupby("item")["row"].nunique()
silent = coding[coding["kind"] != "outcome"].groupby(["kind", "item", "case_id"])["code"].count()
record = registry.numbers(rows=coding_rows)
meaning = "Share of case-by-item cells on which both coders found the sources read silent."
record("silent_share", 100 * float((silent == 0).mean()), PER_CENT.to(0), meaning)
found = {item: int(read[item]) for item in ("representation", "orientation", "network")}
record.each("read.{}", found, COUNT, "Places where at least one reading gave a code, a zero included, to {}.")
agreed = readings(coding, "dimension").query("silent == 0 and least > 0").groupby("item").size()
found = {item: int(agreed.get(item, 0)) for item in found}
record.each("read.both.{}", found, COUNT, "Places where both readings gave a code above zero to {}.")
record("places", len(cases), COUNT, "Places in the book.")
publish(
    registry,
    "profiles",
    charts.coding_matrix(matrix),
    title=f"{read.idxmax().capitalize()} has a code in {read.max()} of {len(cases)} places, {read.idxmin()} in {read.min()}",
    subtitle=f"Six dimensions of collective leadership in {counted} places, code 0 to 3, mean of two automated readings",
    caption=f"The {counted} places on the dimensions of collective leadership, mean of two automated readings. A code of one reading is enough for a cell. An outlined cell is a code of zero; a hatched cell is silence in the sources read.",
    says=(
        f"The rows are six dimensions, the columns {counted} places, with {len(matrix)} filled cells of {len(order) * len(cases)}: "
        + ", ".join(f"{item} {read[item]}" for item in order)
        + "."
    ),
    data=matrix,
)

# %% [markdown]
# Over all dimensions, strategies and leverage points, both readings found the sources silent in
# {num}`silent_share` per cent of cells, fewer than before more was read. How far the readings agree, and which combinations of
# conditions go with a rise, is in [the coding](coding.ipynb).
#
# ## What we can say, and how surely
#
# What each group of places allows us to say, from its own evidence and no more:
#
# - **{count}`Starts` programme starts:** {num}`pupil.starts.names`. Their mean is {num}`pupil.starts.level` pupil standard
#   deviations adjusted for level ({num}`pupil.starts.level.low` to {num}`pupil.starts.level.high`). Each by itself *cannot
#   say* whether the size of interest is there. If one effect is common to them, one above
#   {num}`pupil.starts.level.bound` is excluded. Together they do not differ from comparison places by any way of asking (p from
#   {num}`pupil.joint_starts.low` to {num}`pupil.joint_starts.high`).
# - **An appointment with a reform package:** Washington, DC. Its difference is *at least* the size of interest,
#   {num}`pupil.washington_dc.slope` adjusted for level and slope ({num}`pupil.washington_dc.slope.low` to
#   {num}`pupil.washington_dc.slope.high`). No result of the city can tell leadership from the package. Studies inside the
#   city part single levers and its replaced principals {src}`SX_DEE_2015, SX_WALSH_2020`.
# - **No comparison:** {num}`found.none.names`. The series that were read have no before, or no
#   comparison.
# - **Together, k = {num}`k`:** p from {num}`pupil.joint.low` to {num}`pupil.joint.high` by statistic and adjustment, and a
#   mean of {num}`pupil.all.slope` ({num}`pupil.all.slope.low` to {num}`pupil.all.slope.high`) with every place adjusted.
# - **What goes with it:** roles, by one place, with the smallest p that so few places allow ({num}`moderator.roles.p`);
#   scale and breadth do not.
#
# Whether collective leadership shifts systems is open. The {count}`places` places cannot settle it. More places of this kind
# would narrow the mean and still not say who led where and when, in schools and offices with names and years; what is
# known of that is in [the leaders, counted](leaders.ipynb), and what leaders in general add in [its own
# chapter](what_leaders_add.ipynb). How each claim of this book is graded, and by which rule, stands in [how secure each claim
# is](security.ipynb); what others have measured, and on whom, in [published evaluations](evaluations.ipynb).
#
# :::{admonition} The finding in numbers
# :class: summary
# **Asked:** what do the {count}`places` chapters add up to? {num}`k` places can be compared with other places; the rest can only be
# described. In {count}`starts` of these a programme began; in Washington, DC, an alumna was appointed to lead the district.
#
# On the scale of pupils' own spread the {count}`starts` programme starts have a mean of {num}`pupil.starts.plain` standard
# deviations, and {num}`pupil.starts.level` once every place is adjusted for where it began. Their interval reaches from
# {num}`pupil.starts.level.low` to {num}`pupil.starts.level.high`: a large gain and none both fit. Washington, DC, gained
# {num}`pupil.washington_dc.plain` in its primary test and keeps {num}`pupil.washington_dc.slope` adjusted for level and
# earlier slope, still more than any state; a reform package came with its head.
#
# Taken together, p runs from {num}`pupil.joint.low` to {num}`pupil.joint.high`, by how the places are scored and adjusted;
# for the programme starts from {num}`pupil.joint_starts.low` to {num}`pupil.joint_starts.high`. The {count}`places` do not show that
# collective leadership moves a system's results, nor that it does not, and no result of a place can say what leaders added.
# :::
#
# ## What would change our mind
#
# Yearly counts of leaders by role and place in any four of these systems; an outcome series with five years before
# the start; and one place chosen before its results were known. With these, the same code would give a verdict.

# %% tags=["remove-cell"]
holds(
    "The places are sorted as the page says.",
    {case for case in cases.index if findings[case].startswith("differs ")} == {"washington_dc"},
    {"washington_dc", "chile", "latvia"} <= {case for case in cases.index if comparisons[case] == "full"},
    comparisons["huari"] == comparisons["london"] == "partial",
)
zeros = dimension[(dimension["code"] == 0) & dimension["item"].isin(found)]
holds(
    "The one zero among the three dimensions of which less can be read is New Orleans' representation, by one reading.",
    list(zip(zeros["case_id"], zeros["item"], strict=True)) == [("new_orleans", "representation")],
    silent["dimension", "representation", "new_orleans"] == 1,
)
holds(
    "Zero fits the adjusted mean of all and that of the starts.",
    [
        means[key].interval[0] < 0 < means[key].interval[1]
        for key in ("all.slope", "all.level", "starts.level")
    ],
)
holds(
    "Roles alone reaches the smallest p that it can, on either scale; scale and breadth do not reach 0.05.",
    [np.isclose(tests["roles"].p, tests["roles"].floor) for tests in (permuted, by_pupils)],
    [tests[name].p > 0.05 for tests in (permuted, by_pupils) for name in ("scale", "breadth")],
    [corrected[name] > 0.05 for name in ("scale", "breadth")],
)
holds("Every start by itself cannot say.", [
    bounds.bounds(c.estimates[a].effect, *c.estimates[a].confidence_set(level), interest).verdict == "cannot say"
    for c in starts for a in ("plain", "level")
])  # fmt: skip
registry.save()
