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
# # Across the eight places
#
# :::{admonition} In short
# :class: summary
# Asked is what the eight chapters add up to. {num}`k` places bear a comparison with other places; the rest can only be
# described. With so few a common difference as wide as the usual one between ordinary places would mostly be found, and
# a smaller one mostly missed.
#
# One city, Washington, DC, rose far more than the places it was compared with. Part of that began earlier, and its
# reforms and the alumna who led them came together. Without it the mean of the others is {num}`joint_without_dc.mean`
# placebo standard deviations, the spread of places without the programme (p {num}`joint_without_dc.p`). None of three
# features of leadership set against the differences passes an exact test. The eight do not show that collective
# leadership moves a system's results, nor that it does not, and no result of a place can say what leaders added.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.panels import build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.effects.estimators import drift_adjusted
from leadership_effects.effects.inference import composite, permutation_p, placebo_in_space
from leadership_effects.effects.pupil_scale import PlaceEffect
from leadership_effects.report import charts
from leadership_effects.report.charts import across as charts_across
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import (
    CORRELATION,
    COUNT,
    P_VALUE,
    PER_CENT,
    PLACEBO_SD,
    SHARE,
    format_number,
    holds,
)
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table
from leadership_effects.synthesis import joint, joint_power, moderators, pooling, standardised

opened = open_release(release)
registry = Registry(opened, "synthesis", "analysis/notebooks/synthesis/synthesis.py")
cases = cases_across(opened).set_index("case_id")
titles = cases["title"].to_dict()
reached = {case: read_results(opened.name, case)["results"] for case in cases.index}
comparisons = {case: results["comparison"]["value"] for case, results in reached.items()}
verdicts = {case: results["verdict"]["value"] for case, results in reached.items()}
findings = {case: results["finding"]["value"] for case, results in reached.items()}
entering = standardised.entering_cases(opened)
rows = standardised.rows_behind(entering)
coding = coding_across(opened)
coding_rows = replace(rows_of(opened, "coding", coding, "coding.csv"), sources=("LF_001",))
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


k = len(entering)
by(standardised.entering_cases)("k", k, COUNT, "Cases that enter the synthesis.")

# %% [markdown]
# ## The question
#
# Each chapter asks whether one place moved away from places like it. This page asks what the answers add up to. It
# keeps to three rules. Which cases enter is named in the plan, written before the package computed anything but
# after rough figures by hand ([methods](../methods.md)). A case that cannot be tested stays in the table with the
# same prominence as one that can. And the cases are few and were picked because people talk about them, so nothing
# here is an average over places in general.

# %% [markdown]
# ## Comparison and verdict for all eight
#
# Two words stand for each case. The *comparison* is graded before a result is looked at. *Full* means eight or more
# comparison places, two or more years before, and a documented start: a source gives the year in which it began.
# *Partial* means that the last two are not both there, *none* that no such comparison can be made. It grades neither the
# place nor its programme.
#
# The *verdict* is read off the 90 per cent set of the place's own placebo test, in pupil standard deviations
# ([how](../methods.md#two-words-for-a-case)). *At least that large*: the whole set lies at or above the size asked for.
# *Ruled out*: it lies below. *Cannot say*: it holds the size, or there is no comparison. Only *ruled out* speaks against
# a claim, and no place rules anything out. {num}`zero_ruled_out.lowest` to {num}`zero_ruled_out.highest` per cent of
# comparison places, which had no programme, would rule out the smallest effect of interest: so a comparison of one place
# can hardly exclude it. Chile and Latvia have full comparisons that cannot see.
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
            "verdict on 0.05": verdicts[case],
            "verdict on 0.20": results["verdict_large"]["value"],
            "difference, pupil SD (90 % set)": f"{in_sd['text']} ({in_sd['interval_text']})"
            if in_sd
            else "none",
            "least usually found, pupil SD": results["pupil_sd.mde"]["text"] if in_sd else "none",
            "difference from comparison places": "; ".join(primary) or "no test possible",
            "start": f"{started['start_year']:.0f} ({started['start_basis']})"
            if pd.notna(started["start_year"])
            else "not documented",
            "first year counted": str(plan.first_treated_year or "none"),
        }
    )
sizes = opened.plan["many_places"]["effects_of_interest"]
holds("The heads of the table name the sizes of the plan.", sizes["system"] == 0.05, sizes["large"] == 0.20)
holds(
    "Washington alone moved by at least the smallest effect of interest; the summaries say so in four languages.",
    {case for case, word in verdicts.items() if word == "at least that large"} == {"washington_dc"},
)
holds(
    "No place rules anything out.",
    [results["verdict_large"]["value"] != "ruled out" for results in reached.values()],
)
Table(pd.DataFrame(table), "Comparison and verdict for all eight cases")

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
# | Washington | {num}`washington_dc.verdict` | {num}`washington_dc.verdict_adjusted` | {num}`washington_dc.verdict_large` | {num}`washington_dc.verdict_large_adjusted` |
# | Chile | {num}`chile.verdict` | {num}`chile.verdict_adjusted` | {num}`chile.verdict_large` | {num}`chile.verdict_large_adjusted` |
# | Latvia | {num}`latvia.verdict` | {num}`latvia.verdict_adjusted` | {num}`latvia.verdict_large` | {num}`latvia.verdict_large_adjusted` |

# %% tags=["remove-cell"]
places = cases.reset_index()[["case_id", "title", "latitude", "longitude"]].assign(
    comparison=lambda f: f["case_id"].map(comparisons), verdict=lambda f: f["case_id"].map(verdicts)
)
publish(
    registry,
    "map",
    charts.world(places),
    title="The eight places",
    caption="The eight places and how far each can be compared with others, by the results that were read.",
    says="There is a point on each of the eight places: "
    + "; ".join(f"{row.title}, {row.comparison}" for row in places.itertuples())
    + ".",
    data=places[["title", "comparison", "verdict", "latitude", "longitude"]],
)

# %% [markdown]
# ## What so few places could show
#
# Before the results: how large a difference would the tests on this page find, with these {num}`k` places
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
    title="Power of the tests over places",
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
# ## Effects side by side
#
# Percentages, scale points and different tests cannot be averaged. They can be put on one ruler: how far did the
# place move, measured in the spread of the places that did not have the programme? One unit is one standard
# deviation of the placebo places' differences. Where a case has several primary outcomes their mean is taken and
# put on the same ruler again. On this ruler an ordinary place mostly lies between −2 and +2.

# %%
for case in entering:
    title, group = titles[case.case_id], case.case_id
    meaning = f"{title}: difference in placebo standard deviations."
    by(composite, group)("effect", case.effect, PLACEBO_SD, meaning)
    meaning = f"{title}: permutation p of that difference."
    by(permutation_p, group)("p", case.p_value, P_VALUE, meaning)
pooled = pooling.pool(effects, variances)
forest = pd.DataFrame(
    [(titles[case.case_id], case.effect, *case.interval) for case in entering],
    columns=["label", "estimate", "low", "high"],
)
forest.loc[len(forest)] = ["Pooled mean", pooled.effect, *pooled.interval]
forest.loc[len(forest)] = ["New place, true difference", pooled.effect, *pooled.prediction]
publish(
    registry,
    "forest",
    charts.intervals(forest, "difference, placebo standard deviations"),
    title="The difference of each place",
    caption=(
        "Differences of the places that bear a comparison, in placebo standard deviations, with 95 per cent intervals, "
        "the pooled mean and the prediction interval for the true difference of a new place drawn as these were."
    ),
    says=(
        f"The rows are {len(entering)} places, the pooled mean and a prediction interval. "
        f"The largest value is {forest['estimate'].max():.1f} ({forest.loc[forest['estimate'].idxmax(), 'label']}), the smallest "
        f"{forest['estimate'].min():.1f} ({forest.loc[forest['estimate'].idxmin(), 'label']}). "
        f"The prediction interval runs from {pooled.prediction[0]:.1f} to {pooled.prediction[1]:.1f}."
    ),
    data=forest.round(2),
)

# %% [markdown]
# ## Do the places stand out together?
#
# The headline test draws one place from each of the {num}`k` pools (the comparison places and the place
# itself), in every possible way, and asks how often the mean of the drawn places is as far from zero as that of the
# places themselves. There are {num}`joint.draws` ways; all are counted. The mean is
# {num}`joint.mean`, two-sided p {num}`joint.p`.
#
# For the count each pool is divided by its standard deviation over all its places, the treated one among them; on
# that scale the mean is {num}`joint.statistic`. A scale that left that place out, as in release 2026.1,
# would depend on which place was treated and make p a little too small.
#
# **What it is.** A test of one sentence: all {num}`k` are ordinary members of their own pools. It asks
# for no normal curve and no estimate of how much places differ. The count is exact. The level is right only if any
# place of a pool could have been the one, and even then only nearly, because comparison places are estimated without
# the treated one ([the proof](../methods/estimators.ipynb) gives the size of that error). **What it is not.** It
# does not estimate an average; one far place is enough to make p small. It takes the pools as drawn apart from one
# another, though Chile and Latvia share comparison countries. And it is valid only for places that were not picked
# for their results; these were picked because people talk about them.


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
Table(pd.DataFrame(tests), "Joint randomisation test, all cases and with each left out")

# %%
left_out = pd.DataFrame(
    [
        {"label": row["cases"], "estimate": row["mean, placebo SD"], "low": np.nan, "high": np.nan}
        for row in tests
    ]
)
publish(
    registry,
    "joint",
    charts.intervals(left_out, "mean difference, placebo standard deviations"),
    title="The mean with each place left out",
    caption="The mean of the places that enter, and the same with each place left out in turn.",
    says=(
        f"The mean of all is {left_out['estimate'].iloc[0]:.2f}; leaving one out gives "
        f"{left_out['estimate'].iloc[1:].min():.2f} to {left_out['estimate'].iloc[1:].max():.2f}, lowest "
        f"{left_out.loc[left_out['estimate'].idxmin(), 'label']}."
    ),
    data=left_out[["label", "estimate"]],
)

# %% [markdown]
# With Washington, DC left out the mean of the others is {num}`joint_without_dc.mean` and p
# {num}`joint_without_dc.p`. One place carries the result, and in that place a reform package, a new head
# and a planned growth of the programme share one year. Leaving out Chile or Latvia, whose comparison countries
# overlap, changes little: p {num}`joint_without_chile.p` and {num}`joint_without_latvia.p`.
#
# So the result hangs on how Washington is measured. The plan lets it enter with grade 8 mathematics, its primary
# test, without taking out what was already moving. The next table gives the joint test for its other tests, for all
# four together, and with the line of each state's own years before taken out.


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
    told = f"all that enter, Washington by {words}"
    record, maker = by(joint.joint_randomisation, f"joint_dc_{key}"), standardised.entering_cases
    record("own", one[0], PLACEBO_SD, f"Washington by {words}.", function=placebo_in_space)
    record("mean", mean, PLACEBO_SD, f"Mean standardised difference, {told}.", function=maker)
    record("p", test.p_two_sided, P_VALUE, f"Joint two-sided p, {told}.")
    ordinary += [key] if test.p_two_sided > 0.05 else []
    measured.append(
        {
            "Washington by": words,
            "Washington, placebo SD": printed(one[0]),
            "mean of all, placebo SD": printed(mean),
            "joint p, two-sided": f"{test.p_two_sided:.3f}",
        }
    )
record, small = by(joint.joint_randomisation, "joint_dc_tests"), len(set(TESTS) - set(ordinary))
record("all", len(TESTS), COUNT, "Washington's tests, one at a time.")
meaning = "Washington's tests that, one at a time, leave the joint p at 0.05 or below."
record("small", small, COUNT, meaning)
above = ["reading_g8", "line", "four_line"]
holds("Grade 8 reading does not give the headline's answer, nor the earlier lines out.", ordinary == above)
Table(pd.DataFrame(measured), f"Joint test with Washington measured otherwise, k = {len(entering)}")

# %% [markdown]
# {num}`joint_dc_tests.small` of its {num}`joint_dc_tests.all` tests, and all of them together,
# give the headline's answer. Grade 8 reading does not (p {num}`joint_dc_reading_g8.p`), and with the earlier lines out the joint p is
# {num}`joint_dc_line.p` for grade 8 mathematics, which keeps most of the four, and
# {num}`joint_dc_four_line.p` for all. Three waves fix such a line poorly, so this neither clears the rise
# nor explains it away.
#
# A small joint p suggests that at least one of the places is not ordinary. It does not say that places with such
# programmes do better on average; that is the next question, and its answer is different.
#
# ## The pooled mean and what a new place might show
#
# A random-effects mean over the {num}`k` places is {num}`pooled`, with a 95 per cent interval
# from {num}`pooled.low` to {num}`pooled.high` (p {num}`pooled_p`), by restricted
# maximum likelihood with modified Hartung-Knapp errors and {num}`df` degrees of freedom
# {cite:p}`roever2015`. The places differ more than chance allows: the variance between them is
# {num}`tau2`, by the Q-profile between {num}`tau2.low` and {num}`tau2.high`. All of
# it is Washington; without it the estimate is {num}`tau2_without_dc`.
#
# The prediction interval, from {num}`prediction.low` to {num}`prediction.high`, is therefore
# far wider than that of the mean. It is meant to hold, nineteen times in twenty, the *true* difference of a new place
# drawn as these were; what would be measured there scatters by a placebo standard deviation more. It takes true
# differences to follow a normal curve, which {num}`k` places cannot show and one far place speaks
# against.
#
# Another estimator of the variance between places (DerSimonian-Laird, Paule-Mandel) or errors counted as estimated,
# not as known, moves neither the mean nor the width to speak of. All treat the places as independent, though Chile
# and Latvia are not. Leaving out Washington moves both.

# %%
variants = {
    "pooled": ("headline: REML", pooled),
    "pooled_dl": ("DerSimonian-Laird", pooling.pool(effects, variances, estimator="dl")),
    "pooled_pm": ("Paule-Mandel", pooling.pool(effects, variances, estimator="pm")),
    "pooled_small_df": (
        "errors as estimated",
        pooling.pool(effects, pooling.small_sample_variances(variances, [case.df for case in entering])),
    ),
}
kind = f"95 % interval, modified Hartung-Knapp, k = {k}"
record = by(pooling.pool)
for key, (words, one) in variants.items():
    meaning = f"Pooled difference over the cases that enter, {words}."
    record(key, one.effect, PLACEBO_SD, meaning, interval=one.interval, interval_kind=kind)
    record_ends(key, one.interval, f"95 % interval of the pooled difference, {words}", pooling.pool)
record_ends("prediction", pooled.prediction, "95 % interval for a new place", pooling.pool)
meaning = "95 % Q-profile interval of the variance between places, {} end."
by(pooling.q_profile).ends("tau2.{}", pooled.tau2_interval, SHARE, meaning)
record("pooled_p", pooled.p, P_VALUE, "p of the pooled difference.")
record(
    "prediction",
    pooled.effect,
    PLACEBO_SD,
    "Centre of the interval for a new place like these.",
    interval=pooled.prediction,
    interval_kind="95 % prediction interval, t with k - 1 degrees of freedom",
)
between, profile = (
    by(pooling.reml_tau2),
    {"interval": pooled.tau2_interval, "interval_kind": "95 % Q-profile interval"},
)
between("tau2", pooled.tau2, SHARE, "Variance between places, REML.", **profile)
meaning = "Share of the variance that lies between places, per cent."
record("i2", pooled.i2, PER_CENT.to(0), meaning)
record("df", pooled.df, COUNT, "Degrees of freedom of the pooled interval.")
left_out = dict(
    zip([case.case_id for case in entering], pooling.leave_one_out(effects, variances), strict=True)
)
without_dc = left_out["washington_dc"]
meaning = "Variance between places without Washington, DC, REML."
between("tau2_without_dc", without_dc.tau2, SHARE, meaning)
by(pooling.leave_one_out)(
    "pooled_without_dc",
    without_dc.effect,
    PLACEBO_SD,
    "Pooled difference without Washington, DC.",
    interval=without_dc.interval,
    interval_kind=f"95 % interval, modified Hartung-Knapp, k = {k - 1}",
)
summary = pd.DataFrame(
    [
        ("pooled mean, REML (headline)", k, pooled.effect, pooled.interval),
        ("true difference of a new place", k, pooled.effect, pooled.prediction),
        ("variance between places, REML", k, pooled.tau2, pooled.tau2_interval),
        *(
            (f"pooled mean, {words}", k, one.effect, one.interval)
            for words, one in list(variants.values())[1:]
        ),
        *(
            (f"pooled mean without {titles[case]}", k - 1, one.effect, one.interval)
            for case, one in left_out.items()
        ),
    ],
    columns=["quantity, placebo SD", "k", "value", "95 % interval"],
)
summary["value"], summary["95 % interval"] = summary["value"].map(printed), summary["95 % interval"].map(span)
Table(summary, "Random-effects synthesis, modified Hartung-Knapp errors throughout")

# %% [markdown]
# With {num}`k` places the spread between places is hardly known, and the mean leans on it. A
# normal-normal model says so openly: it puts a half-normal prior on the spread and carries the doubt through
# {cite:p}`roever2020`. If one believes beforehand that places hardly differ (scale 0.5), the interval of the mean,
# from {num}`bayes_half.low` to {num}`bayes_half.high`, leaves zero out. With scale 1 it runs
# from {num}`bayes_one.low` to {num}`bayes_one.high` and with scale 2 from
# {num}`bayes_two.low` to {num}`bayes_two.high`: both hold zero. The tight belief sits badly
# with the places themselves, whose spread is estimated at {num}`tau`. Under all three the true difference
# of a new place could lie on either side of zero.

# %%
posteriors = {
    key: (scale, pooling.normal_normal(effects, variances, pooling.half_normal(scale)))
    for key, scale in (("bayes_half", 0.5), ("bayes_one", 1.0), ("bayes_two", 2.0))
}
meaning = "Standard deviation between places, REML."
between("tau", np.sqrt(pooled.tau2), PLACEBO_SD.as_level(), meaning)
of_mean, of_new = "central 95 % posterior interval", "central 95 % posterior predictive interval"
record = by(pooling.normal_normal)
for key, (scale, posterior) in posteriors.items():
    prior = f"prior scale {scale:g}"
    meaning = (
        f"Posterior mean of the pooled difference, half-normal prior with scale {scale:g} on the spread."
    )
    record(key, posterior.effect, PLACEBO_SD, meaning, interval=posterior.interval, interval_kind=of_mean)
    words = f"95 % posterior interval of the mean, {prior}"
    record_ends(key, posterior.interval, words, pooling.normal_normal)
    words = f"95 % interval for a new place, {prior}"
    record_ends(f"{key}_new", posterior.prediction, words, pooling.normal_normal)
    meaning, ends = f"Centre of the posterior interval for a new place, {prior}.", posterior.prediction
    record(f"{key}_new", posterior.effect, PLACEBO_SD, meaning, interval=ends, interval_kind=of_new)
    meaning, ends = f"Posterior median of the spread between places, {prior}.", posterior.tau_interval
    unit = PLACEBO_SD.as_level()
    record(f"{key}_tau", posterior.tau_median, unit, meaning, interval=ends, interval_kind=of_mean)
holds(
    "A new place could lie on either side of zero under all three priors.",
    [p.prediction[0] < 0 < p.prediction[1] for _, p in posteriors.values()],
)
holds(
    "The mean excludes zero under the tightest prior alone.",
    [p.interval[0] > 0 for _, p in posteriors.values()] == [True, False, False],
)
sensitivity = pd.DataFrame(
    [
        *[(words, one.effect, *one.interval) for words, one in variants.values()],
        *[(f"prior scale {scale:g}", p.effect, *p.interval) for scale, p in posteriors.values()],
        ("without Washington, DC", without_dc.effect, *without_dc.interval),
    ],
    columns=["label", "estimate", "low", "high"],
)
holding = int(((sensitivity["low"] < 0) & (sensitivity["high"] > 0)).sum())
publish(
    registry,
    "sensitivity",
    charts.intervals(sensitivity, "pooled difference, placebo SD"),
    title="The pooled mean under other choices",
    caption=(
        f"The pooled mean of the {len(entering)} places under other estimators, other errors and three priors on the "
        "spread between places, and without Washington, with 95 per cent intervals."
    ),
    says=(
        f"Means run from {sensitivity['estimate'].min():.2f} to "
        f"{sensitivity['estimate'].max():.2f}; {holding} of the {len(sensitivity)} intervals hold zero."
    ),
    data=sensitivity.round(2),
)

# %%
Table(
    pd.DataFrame(
        [
            {
                "prior scale": f"{scale:g}",
                "mean": printed(p.effect),
                "95 % interval": span(p.interval),
                "spread, median": printed(p.tau_median),
                "spread, 95 % interval": span(p.tau_interval),
                "new place, 95 % interval": span(p.prediction),
            }
            for scale, p in posteriors.values()
        ]
    ),
    f"Normal-normal model with a half-normal prior on the spread between places, k = {len(entering)}, placebo SD",
)

# %% [markdown]
# ## Luck of the largest
#
# The eight came into the book because they are talked about. Had each of the {num}`k` been picked as the
# best of its own pool, with no effect anywhere, their mean would be expected at {num}`luck.mean_best`
# standard deviations, above the pooled {num}`pooled`. Neither the joint test nor the mean is guarded
# against that. What speaks against it here is that all but one stand well inside their pools, which is not how a
# pick of winners looks. A pick of one winner is not ruled out by that.
#
# And the one that stands out? The largest of {num}`k` ordinary places is expected at
# {num}`best_of_k` standard deviations by a normal curve and at {num}`luck.expected` in these
# pools; the best of Washington's {num}`washington_dc.mathematics_g8.places` at {num}`best_of_51`.
# Washington shows {num}`synthesis.washington_dc.effect`, and the highest state in its pool
# {num}`luck.washington_dc.pool_max`. Counted over all ways of drawing one place per pool, the largest of
# {num}`k` is that large with one-sided p {num}`luck.p`, the smallest value its pool allows. Of
# the others the largest is ordinary (p {num}`luck.without_dc_p`).
#
# So luck among equal places is a poor explanation of Washington. Being unlike the states does not need luck: it is
# one city, it started far below them, and it was closing the gap before. With each place's own earlier line taken
# out its p is {num}`washington_dc.drift.mathematics_g8.p`, and {num}`washington_dc.drift.family_p` once its four
# tests are counted together; among the {num}`washington_dc.city.mathematics_g8.places` large cities that were
# tested, itself among them, it is {num}`washington_dc.city.mathematics_g8.p`.

# %%
largest = joint.largest_of([case.standardised for case in entering])
rest = joint.largest_of([case.standardised for case in entering if case.case_id != "washington_dc"])
holds("The largest is Washington.", entering[largest.position].case_id == "washington_dc")
best_of = by(joint.expected_best_of)
for key, number, words in (("k", k, "k"), ("51", 51, "51")):
    meaning = f"Expected largest of {words} ordinary places, in standard deviations."
    best_of(f"best_of_{key}", joint.expected_best_of(number), SHARE, meaning)
record = by(joint.largest_of, "luck")
meaning = "Exact p of the largest difference among the largest of k places."
record("p", largest.p, P_VALUE, meaning)
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
holds("Washington alone lies beyond its best by luck.", beyond == [titles["washington_dc"]])
publish(
    registry,
    "luck",
    charts_across.luck(luck),
    title="The best place and luck",
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
# alone, not against a reason why a place was both talked about and different.
#
# ## What goes with a larger difference?
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
short = {case.case_id: titles[case.case_id].split(",")[0] for case in entering}
dots = moderators.moderator_frame(short, effects, values)


def moderator_figure(m):
    own = dots[dots["moderator"] == m.name].drop(columns="moderator")
    top = own.loc[own["effect"].idxmax()]
    direction = "rises" if permuted[m.name].fit.slope > 0 else "falls"
    return publish(
        registry,
        f"moderator_{m.name}",
        charts_across.moderator(own, m.label),
        title=f"Difference by {m.label[0].lower() + m.label[1:]}",
        caption=(
            f"The difference of {len(own)} places against {m.label[0].lower() + m.label[1:]}; exact p "
            f"{permuted[m.name].p:.3f}, and none below {permuted[m.name].floor:.3f} was possible."
        ),
        says=(
            f"Each point is a named place. The highest difference is {top['place']} with {top['effect']:.1f} "
            f"at {top['value']:g}; a fitted line {direction}. "
            + "; ".join(f"{r.place} {r.value:g} and {r.effect:.1f}" for r in own.itertuples())
            + "."
        ),
        data=own.round(2),
    )


moderator_figure(planned[0])

# %%
moderator_figure(planned[1])

# %%
moderator_figure(planned[2])

# %% [markdown]
# Roles go with a larger difference: {num}`moderator.roles.slope` a step. The t curve would call it p
# {num}`moderator.roles.t_p`; the exact p is {num}`moderator.roles.p`. Scale shows
# {num}`moderator.scale.slope` (exact p {num}`moderator.scale.p`). Corrected for three looks the values are
# {num}`moderator.roles.max_t_p` and {num}`moderator.scale.max_t_p`.
#
# **Breadth is an artefact.** Its slope is {num}`moderator.breadth.slope` (exact p {num}`moderator.breadth.p`, corrected
# {num}`moderator.breadth.max_t_p`). In releases up to 2026.3 it was steeper and its p far smaller, since Washington
# then had one strategy on record. Its reforms were only missing from the notes. The feature counts what is written
# down, and nothing about the number of strategies follows from it in either direction.
#
# All three charts are one point, Washington, against others that hardly differ. It alone has the highest code for
# roles, because alumni led a share of its schools and the district itself, and the reforms began with the appointment
# of its head: leader and package cannot be told apart in it. Documented is not the same as done, and a place that was
# written about more has more to code. Whether a threshold shows is asked in [critical mass](critical_mass.ipynb).
#
# ## Effects on pupils' own scale
#
# Where the release holds a sourced standard deviation between pupils, a difference can be said in that unit too. In
# mathematics it is {num}`washington_dc.mathematics_g8.att_sd` for Washington at grade 8 {src}`SCALE_NAEP_M8`,
# {num}`chile.mathematics.att_sd` for Chile and {num}`latvia.mathematics.att_sd` for Latvia {src}`SCALE_PISA`.
# Percentages at a level, as in Huari and London, have no such unit, and none was read for the reading tests of the
# United States.
#
# ## Leadership, strategies and leverage points
#
# Recruiting and placing teachers is documented everywhere. On three of the framework's dimensions less can be read: at
# least one reading found something on representation in {num}`read.representation`, on orientation in
# {num}`read.orientation` and on network in {num}`read.network` of the {num}`places`. A gap is silence in the sources
# read, a list that is known to be incomplete; it says nothing about the places.

# %%
dimension = coding[coding["kind"] == "dimension"].groupby(["item", "case_id"])["code"].mean().reset_index()
order = ["roles", "scale", "strength", "orientation", "network", "representation"]
dimension["item"] = pd.Categorical(dimension["item"], order)
matrix = (
    dimension.sort_values(["item", "case_id"])
    .assign(
        row=lambda f: f["case_id"].map(cases["title"]).str.split(",").str[0],
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
record.each("read.{}", found, COUNT, "Places where at least one reading found something on {}.")
record("places", len(cases), COUNT, "Places in the book.")
publish(
    registry,
    "profiles",
    charts.coding_matrix(matrix),
    title="The places on the dimensions",
    caption="The eight places on the dimensions of collective leadership, mean of two automated readings; a gap is silence in the sources read.",
    says=(
        f"The rows are six dimensions, the columns eight places, with {len(matrix)} filled cells of {len(order) * len(cases)}: "
        + ", ".join(f"{item} {read[item]}" for item in order)
        + "."
    ),
    data=matrix,
)

# %% [markdown]
# Over all dimensions, strategies and leverage points, both readings found the sources silent in
# {num}`silent_share` per cent of cells, fewer than before more was read. How far the readings agree, and which combinations of
# conditions go with standing out, is in [the coding](coding.ipynb).
#
# ## What we can say, and how surely
#
# - **Full comparison, standing out:** Washington, DC, in its primary test, grade 8 mathematics, before earlier drift is
#   taken out. Luck among equal places is a poor explanation; what was under way before may be a better one. A
#   reform package came with the change of head; no result of the city can tell leadership from it. Studies inside the
#   city part single levers and its replaced principals {src}`SX_DEE_2015, SX_WALSH_2020`.
# - **Full comparison, not standing out:** Chile and Latvia. A national mean could have shown only
#   {num}`chile.mathematics.mde_sd` and {num}`latvia.mathematics.mde_sd` pupil standard deviations or more, so nothing
#   follows for programmes of their size.
# - **Partial comparison, not standing out:** Huari, against the other provinces of its region, and London's tests at 14,
#   against districts that started alike. In both a change of likely size could have passed unseen.
# - **No comparison:** Delhi, New Orleans, the Rio Grande Valley. The series that were read have no before, or no
#   comparison.
# - **Together, k = {num}`k`:** that all are ordinary places is unlikely (p {num}`joint.p`), and
#   that is Washington before its drift is taken out (after, p {num}`joint_dc_line.p`). The mean is
#   {num}`pooled` and zero fits as well ({num}`pooled.low` to {num}`pooled.high`). A
#   modest common effect could be there and be missed.
# - **What goes with it:** no feature passes an exact test.
#
# Whether collective leadership shifts systems is open. The eight places cannot settle it. More places of this kind
# would narrow the mean and still not say who led where and when, in schools and offices with names and years; what is
# known of that is in [the leaders, counted](leaders.ipynb), and what leaders in general add in [its own
# chapter](what_leaders_add.ipynb). How each claim of this book is graded, and by which rule, stands in [how secure each claim
# is](security.ipynb); what others have measured, and on whom, in [published evaluations](evaluations.ipynb).
#
# ## What would change our mind
#
# Yearly counts of leaders by role and place in any four of these systems; an outcome series with five years before
# the start; and one place chosen before its results were known. With these, the same code would give a verdict.

# %% tags=["remove-cell"]
said = {
    ("full", True): {"washington_dc"},
    ("full", False): {"chile", "latvia"},
    ("partial", False): {"huari", "london"},
    ("none", False): {"delhi", "new_orleans", "rio_grande_valley"},
}
found = {}
for case in cases.index:
    found.setdefault((comparisons[case], findings[case].startswith("stands out")), set()).add(case)
holds("The places are sorted as the last section says.", found == said)
holds(
    "Zero fits the mean, and no feature passes an exact test.",
    pooled.interval[0] < 0 < pooled.interval[1],
    min(corrected.values()) > 0.05,
)
registry.save()
