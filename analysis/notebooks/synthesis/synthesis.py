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
# Of the eight places {num}`synthesis.k` bear a comparison with other places; the rest can only be described. Drawn
# together, the places compared stand {num}`synthesis.joint.mean` placebo standard deviations above an ordinary place
# (exact joint p {num}`synthesis.joint.p`). Most of it is Washington, DC. Without it the mean is
# {num}`synthesis.joint_without_dc.mean` (p {num}`synthesis.joint_without_dc.p`). The eight do not show that
# collective leadership moves a system's results; nor do they show that it does not. What they show is how little the
# public record can say, and why.
# :::

# %% tags=["parameters"]
release = "2026.1"

# %% tags=["remove-cell"]
import numpy as np
import pandas as pd
from leadership_effects import charts, inference
from leadership_effects.estimators import headline_method
from leadership_effects.figures import publish
from leadership_effects.panel import Rows, build_panel
from leadership_effects.plan import case_plan
from leadership_effects.release import open_release
from leadership_effects.results import Registry, format_number, read_results
from leadership_effects.synthesis import expected_best_of, joint_randomisation, leave_one_out, pool
from leadership_effects.tables import Table
from scipy import stats

opened = open_release(release)
registry = Registry(opened, "synthesis", "analysis/notebooks/synthesis/synthesis.py")
cases = opened.table("cases").set_index("case_id")
verdicts = {case: read_results(release, case)["results"]["verdict"]["value"] for case in cases.index}
entering = opened.plan["synthesis"]["entering"]
fewest = opened.plan["rules"]["sdid_minimum_pre_periods"]
panels = {}
for case in entering:
    plan = case_plan(opened, case)
    panels[case] = [build_panel(opened, plan.panels[name]) for name in plan.primary]
placebos = {
    case: [inference.placebo_in_space(panel, headline_method(panel, fewest)) for panel in chosen]
    for case, chosen in panels.items()
}
standardised = {}
for case, sets in placebos.items():
    if len(sets) == 1:
        standardised[case] = sets[0].standardised
    else:
        treated, others, _ = inference.composite(sets)
        standardised[case] = np.concatenate([[treated], others])
rows = sum((panel.rows for chosen in panels.values() for panel in chosen), Rows(0, "", ()))
rows = Rows(rows.count, f"primary panels of {', '.join(entering)}", rows.sources)

# %% [markdown]
# ## The question
#
# Each chapter asks whether one place moved away from places like it. This page asks what the answers add up to. It
# keeps to three rules. The plan of the release, written before anything here was computed, names which cases enter. A
# case that cannot be tested stays in the table with the same prominence as one that can. And the number of cases is
# small and they were picked because people talk about them, so nothing here is an average over places in general.

# %% [markdown]
# ## Verdicts for all eight
#
# *Tested* means eight or more comparison places, two or more years before, and a documented start. *Estimated* means
# that the last two are not both there. *Described* means that no comparison of this kind can be made. The verdict
# grades the evidence, not the place.

# %%
table = []
for case in cases.index:
    results = read_results(release, case)["results"]
    plan = case_plan(opened, case)
    primary = [
        f"{results[f'{n}.att']['text']} {results[f'{n}.att']['unit']} (p {results[f'{n}.p']['text']})"
        for n in plan.primary
    ]
    table.append(
        {
            "place": cases.loc[case, "title"],
            "verdict": verdicts[case],
            "finding": results["finding"]["value"],
            "difference from comparison places": "; ".join(primary) or "no test possible",
            "start": str(plan.first_treated_year or "none"),
        }
    )
Table(pd.DataFrame(table), "Verdicts for all eight cases")

# %% tags=["remove-cell"]
places = cases.reset_index()[["case_id", "title", "latitude", "longitude"]].assign(
    verdict=lambda f: f["case_id"].map(verdicts)
)
publish(
    registry,
    "map",
    charts.world(places),
    caption="The eight places and how far the public record lets each be tested.",
    description="World map with a point on each of the eight places: "
    + "; ".join(f"{row.title}, {row.verdict}" for row in places.itertuples())
    + ".",
    data=places[["title", "verdict", "latitude", "longitude"]],
)

# %% [markdown]
# ## Effects side by side
#
# Percentages, scale points and different tests cannot be averaged. They can be put on one ruler: how far did the place
# move, measured in the spread of the places that did not have the programme? One unit is one standard deviation of the
# placebo places' differences. Where a case has several primary outcomes their mean is taken and put on the same ruler
# again. On this ruler an ordinary place lies between −2 and +2.

# %%
for case, values in standardised.items():
    registry.record(
        f"{case}.effect",
        values[0],
        meaning=f"{cases.loc[case, 'title']}: difference in placebo standard deviations.",
        rows=rows,
        function=inference.composite,
        unit="placebo SD",
        digits=2,
        signed=True,
    )
    registry.record(
        f"{case}.p",
        inference.permutation_p(values[0], values[1:]),
        meaning=f"{cases.loc[case, 'title']}: permutation p of that difference.",
        rows=rows,
        function=inference.permutation_p,
        digits=3,
    )
effects = [values[0] for values in standardised.values()]
variances = [1 + 1 / (len(values) - 1) for values in standardised.values()]
pooled = pool(effects, variances)
reach = [
    stats.t.ppf(0.975, len(values) - 2) * np.sqrt(v)
    for values, v in zip(standardised.values(), variances, strict=True)
]
forest = pd.DataFrame(
    {
        "label": [str(cases.loc[case, "title"]) for case in entering],
        "estimate": effects,
        "low": [e - r for e, r in zip(effects, reach, strict=True)],
        "high": [e + r for e, r in zip(effects, reach, strict=True)],
    }
)
forest.loc[len(forest)] = ["Pooled mean", pooled.effect, *pooled.interval]
forest.loc[len(forest)] = ["A new place like these", pooled.effect, *pooled.prediction]
publish(
    registry,
    "forest",
    charts.intervals(forest, "difference, placebo standard deviations"),
    caption=(
        "Differences of the places that bear a comparison, in placebo standard deviations, with 95 per cent intervals, "
        "the pooled mean and the interval in which a new place like these would lie."
    ),
    description=(
        f"Dot and interval chart with {len(entering)} places, the pooled mean and a prediction interval. "
        f"The largest value is {forest['estimate'].max():.1f} ({forest.loc[forest['estimate'].idxmax(), 'label']}), the smallest "
        f"{forest['estimate'].min():.1f} ({forest.loc[forest['estimate'].idxmin(), 'label']}). "
        f"The prediction interval runs from {pooled.prediction[0]:.1f} to {pooled.prediction[1]:.1f}."
    ),
    data=forest.round(2),
)

# %% [markdown]
# ## Do the places stand out together?
#
# The headline test draws one place from each of the {num}`synthesis.k` comparison pools, in every possible way, and
# asks how often the mean of the drawn places is as far from zero as that of the places themselves. There are
# {num}`synthesis.joint.draws` ways; all are counted. The mean is {num}`synthesis.joint.mean`, two-sided p
# {num}`synthesis.joint.p`.


# %%
def record_joint(key, chosen, words):
    test = joint_randomisation([standardised[case] for case in chosen])
    common = dict(rows=rows, function=joint_randomisation)
    registry.record(
        f"{key}.mean",
        test.statistic,
        meaning=f"Mean standardised difference, {words}.",
        unit="placebo SD",
        digits=2,
        signed=True,
        **common,
    )
    registry.record(
        f"{key}.p", test.p_two_sided, meaning=f"Exact joint two-sided p, {words}.", digits=3, **common
    )
    registry.record(
        f"{key}.draws",
        test.n_draws,
        meaning=f"Ways of drawing one place from each pool, {words}.",
        digits=0,
        **common,
    )
    return {
        "cases": words,
        "mean, placebo SD": round(test.statistic, 2),
        "p, two-sided": f"{test.p_two_sided:.3f}",
    }


registry.record(
    "k",
    len(entering),
    meaning="Cases that enter the synthesis.",
    rows=rows,
    function=joint_randomisation,
    digits=0,
)
tests = [record_joint("joint", entering, "all that enter")]
for case in entering:
    rest = [other for other in entering if other != case]
    key = "joint_without_dc" if case == "washington_dc" else f"joint_without_{case}"
    tests.append(record_joint(key, rest, f"without {cases.loc[case, 'title']}"))
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
    caption="The mean of the places that enter, and the same with each place left out in turn.",
    description=(
        f"Dot chart with {len(left_out)} rows. The mean of all is {left_out['estimate'].iloc[0]:.2f}; leaving one out gives "
        f"{left_out['estimate'].iloc[1:].min():.2f} to {left_out['estimate'].iloc[1:].max():.2f}, lowest "
        f"{left_out.loc[left_out['estimate'].idxmin(), 'label']}."
    ),
    data=left_out[["label", "estimate"]],
)

# %% [markdown]
# With Washington, DC left out the mean of the others is {num}`synthesis.joint_without_dc.mean` and p
# {num}`synthesis.joint_without_dc.p`. One place carries the result, and in that place a reform package, a new head
# and a planned growth of the programme share one year.
#
# The joint test answers a narrow question: could all of them be ordinary places? A small p suggests that at least one
# is not. It does not say that places with such programmes do better on average; that is the next question, and its
# answer is different.
#
# ## The pooled mean and what a new place might show
#
# A random-effects mean over these places is {num}`synthesis.pooled` (REML, modified Hartung-Knapp,
# {num}`synthesis.df` degrees of freedom {cite:p}`roever2015`). The interval for a new place like these is far wider
# than the interval of the mean and includes zero by a long way: a place picked next could lie anywhere in it.

# %%
common = dict(rows=rows, function=pool)
registry.record(
    "pooled",
    pooled.effect,
    meaning="Pooled difference over the cases that enter.",
    unit="placebo SD",
    digits=2,
    signed=True,
    interval=pooled.interval,
    interval_kind="95 % interval, REML with modified Hartung-Knapp",
    **common,
)
registry.record("pooled_p", pooled.p, meaning="p of the pooled difference.", digits=3, **common)
registry.record(
    "prediction",
    pooled.effect,
    meaning="Centre of the interval for a new place like these.",
    unit="placebo SD",
    digits=2,
    signed=True,
    interval=pooled.prediction,
    interval_kind="95 % prediction interval, t with k - 1 degrees of freedom",
    **common,
)
registry.record(
    "tau2",
    pooled.tau2,
    meaning="Variance between places, REML.",
    digits=2,
    interval=pooled.tau2_interval,
    interval_kind="95 % Q-profile interval",
    **common,
)
registry.record(
    "i2",
    pooled.i2,
    meaning="Share of the variance that lies between places, per cent.",
    unit="percent",
    digits=0,
    **common,
)
registry.record("df", pooled.df, meaning="Degrees of freedom of the pooled interval.", digits=0, **common)
registry.record(
    "best_of_k",
    expected_best_of(len(entering)),
    meaning="Expected largest of k ordinary places, in standard deviations.",
    digits=2,
    rows=rows,
    function=expected_best_of,
)
registry.record(
    "best_of_51",
    expected_best_of(51),
    meaning="Expected largest of 51 ordinary places, in standard deviations.",
    digits=2,
    rows=rows,
    function=expected_best_of,
)


def printed(value, interval):
    return format_number(value, 2), f"{format_number(interval[0], 2)} to {format_number(interval[1], 2)}"


summary = pd.DataFrame(
    [
        ("pooled mean", *printed(pooled.effect, pooled.interval)),
        ("a new place like these", *printed(pooled.effect, pooled.prediction)),
        ("variance between places", *printed(pooled.tau2, pooled.tau2_interval)),
        *[
            (f"pooled mean without {cases.loc[case, 'title']}", *printed(one.effect, one.interval))
            for case, one in zip(entering, leave_one_out(effects, variances), strict=True)
        ],
    ],
    columns=["quantity, placebo SD", "value", "95 % interval"],
)
Table(summary, "Random-effects synthesis")

# %% [markdown]
# Two cautions belong to the figure. Chile and Latvia are compared with overlapping sets of countries, so they are not
# independent. And the eight came into the book because they are talked about. The largest of {num}`synthesis.k`
# perfectly ordinary places is expected at {num}`synthesis.best_of_k` standard deviations by luck alone, the largest
# of {num}`washington_dc.mathematics_g8.places` at {num}`synthesis.best_of_51`; a single high value among talked-about
# places is what one would see even if nothing had happened anywhere.
#
# ## Effects on pupils' own scale
#
# Where the release holds a sourced standard deviation between pupils, a difference can be said in that unit too. In
# mathematics it is {num}`washington_dc.mathematics_g8.att_sd` for Washington at grade 8
# {src}`SCALE_NAEP_M8`, {num}`chile.mathematics.att_sd` for Chile and {num}`latvia.mathematics.att_sd` for Latvia
# {src}`SCALE_PISA`. Percentages at a level, as in Huari and London, have no such unit, and none was read for the reading
# tests of the United States.
#
# ## Leadership, strategies and leverage points
#
# The profiles of the eight are mostly blank. Recruiting and placing teachers is documented everywhere. On three of
# the framework's dimensions little can be read: at least one reading found something on representation in
# {num}`synthesis.read.representation`, on orientation in {num}`synthesis.read.orientation` and on network in
# {num}`synthesis.read.network` of the {num}`synthesis.places`. Silence is a finding about the record, not about the
# places.

# %%
coding = opened.table("coding")
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
coding_rows = Rows(len(coding), "coding.csv", ("LF_001",))
registry.record(
    "silent_share",
    100 * float((silent == 0).mean()),
    meaning="Share of case-by-item cells on which both coders found the record silent.",
    rows=coding_rows,
    function="analysis/notebooks/synthesis/synthesis.py (cell)",
    unit="percent",
    digits=0,
)
for item in ("representation", "orientation", "network"):
    registry.record(
        f"read.{item}",
        int(read[item]),
        meaning=f"Places where at least one reading found something on {item}.",
        rows=coding_rows,
        function="analysis/notebooks/synthesis/synthesis.py (cell)",
        digits=0,
    )
registry.record(
    "places",
    len(cases),
    meaning="Places in the book.",
    rows=coding_rows,
    function="analysis/notebooks/synthesis/synthesis.py (cell)",
    digits=0,
)
publish(
    registry,
    "profiles",
    charts.coding_matrix(matrix),
    caption="The eight places on the dimensions of collective leadership, mean of two automated readings; a gap is silence.",
    description=(
        f"Matrix of six dimensions by eight places with {len(matrix)} filled cells of {len(order) * len(cases)}: "
        + ", ".join(f"{item} {read[item]}" for item in order)
        + "."
    ),
    data=matrix,
)

# %% [markdown]
# Over all dimensions, strategies and leverage points, both coders found the record silent in
# {num}`synthesis.silent_share` per cent of cells.
#
# ## What we can say, and how surely
#
# - **Tested and standing out:** Washington, DC, in its primary test, grade 8 mathematics, before earlier drift is
#   taken out. It is a reform package with a change of head; leadership cannot be told from it.
# - **Tested and not standing out:** Chile and Latvia, where the programme is too small for a national mean to show it.
# - **Estimated and not standing out:** Huari, against the other provinces of its region, and London's tests at 14,
#   against districts that started alike.
# - **Described:** Delhi, New Orleans, the Rio Grande Valley. Their public series have no before, or no comparison.
#
# Whether collective leadership shifts systems is open. The eight places cannot settle it, and more places of the same
# kind would not either: what is missing is who led where and when, in schools and offices with names and years.
#
# ## What would change our mind
#
# Yearly counts of leaders by role and place in any four of these systems; an outcome series with five years before the
# start; and one place chosen before its results were known. With these, the same code would give a verdict.

# %% tags=["remove-cell"]
registry.save()
