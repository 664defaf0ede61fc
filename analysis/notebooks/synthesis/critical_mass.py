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
# # Critical mass and tipping point
#
# [Try it: how many leaders does it take?](#try-it-how-many-leaders-does-it-take) A form further down works it out in the page
# for a share, a memory and a network that you set.
#
# :::{admonition} In short
# :class: summary
# **Asked:** whether enough leaders in one system tip it. **What could be seen:** a share of leaders and a difference
# from other places are both known in London and Washington, DC, and nowhere else; no threshold can be fitted to two
# places. **What was seen:** models put the critical share anywhere from {num}`critical.lowest` to
# {num}`critical.highest` per cent of people. The nearest test inside schools, in Miami, finds that corps members
# placed together did not carry the classes of others along. **What it cannot say:** whether alumni who lead do. The
# record is compatible with a tipping point, a straight line and no relation; a study that could find a jump of one
# placebo standard deviation (the usual difference between two ordinary places) would need about
# {num}`need.step_1.years_5` places with a counted share.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.counting import cardinal, count, entering_places, in_figures, waiting_places
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.panels import build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import Rows, rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.sweeps import read_sweep
from leadership_effects.data.vocabulary import place_name
from leadership_effects.effects import inference
from leadership_effects.effects.estimators import headline_method
from leadership_effects.report.charts import tipping as charts
from leadership_effects.report.explorables.tipping import TippingControl
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import (
    COUNT,
    P_VALUE,
    PER_CENT,
    PLACEBO_SD,
    RATIO,
    SHARE,
    Unit,
    holds,
    row_names,
)
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table
from leadership_effects.synthesis import thresholds, tipping
from leadership_effects.synthesis.thresholds import PER_SIDE, ThresholdError

SOURCE = "analysis/notebooks/synthesis/critical_mass.py"
opened = open_release(release)
registry = Registry(opened, "critical_mass", SOURCE)
cases = cases_across(opened).set_index("case_id")
names = cases["title"].map(place_name).to_dict()
leadership = opened.table("leadership").set_index("leadership_id")
leadership = leadership[
    ~leadership["case_id"].isin(waiting_places(opened.plan))
]  # outside the counts until taken in
evaluations = opened.table("evaluations").set_index("evaluation_id")

# Shares that say how much of a place's people lead, and the words for them. The rest, and why it is not placed.
PLACED = {
    "london-18": "London: teachers in schools serving low-income areas",
    "indianapolis-07": "Indianapolis: heads of schools, 2012",
    "denver-01": "Denver: heads of schools, 2015",
    "philadelphia-02": "Philadelphia: heads of schools, undated",
    "washington-dc-08": "Washington, DC: heads of schools, 2008",
    "indianapolis-12": "Indianapolis: heads of schools, 2018",
    "new-orleans-16": "New Orleans: teachers, 2015",
    "washington-dc-04": "Washington, DC: heads of schools, 2015",
    "new-orleans-15": "New Orleans: heads of open-enrolment schools, 2015",
}
FIRST = {"london-18", "washington-dc-08"}  # the share of each place that stands nearest to its start
NOT_PLACED = {
    "london-12": "trainees of all England, not of London",
    "london-13": "trainees of all England, not of London",
    "new-orleans-20": "schools with at least one person, not a share of people",
    "rural-armenia-07": "schools with at least one person, not a share of people",
    "rural-armenia-06": "a target, not a count",
    "indianapolis-02": "a guess at a threshold, not a count",
    "houston-07": "schools that hired anybody, not a share of people",
    "latvia-08": "a share of vacancies, filled by a later programme",
}
percents = leadership[(leadership["unit"] == "percent") & (leadership["dimension"] == "scale")]
if set(percents.index) != {*PLACED, *NOT_PLACED}:
    unsorted = ", ".join(sorted(set(percents.index) ^ {*PLACED, *NOT_PLACED}))
    raise ValueError(
        f"leadership.csv, {unsorted}: name each share in PLACED, or in NOT_PLACED with the reason, and no other"
    )
SHARES = row_names(
    "leadership",
    percents.reset_index(),
    {
        "london-12": "london_share_of_trainees_2009",
        "london-13": "london_share_of_trainees_2019",
        "london-18": "london_share_of_teachers_low_income",
        "new-orleans-15": "new_orleans_share_of_schools_led_by_alumni",
        "new-orleans-16": "new_orleans_share_of_teaching_force",
        "new-orleans-20": "new_orleans_share_of_schools_with_programme",
        "washington-dc-04": "washington_dc_alumni_share_of_principals",
        "washington-dc-08": "washington_dc_alumni_share_of_principals_2008",
        "denver-01": "denver_alumni_share_of_principals",
        "philadelphia-02": "philadelphia_alumni_share_of_principals",
        "houston-07": "houston_share_of_low_income_schools_with_programme",
        "latvia-08": "latvia_share_of_vacancies_filled",
        "indianapolis-02": "indianapolis_threshold_guess",
        "indianapolis-07": "indianapolis_share_of_schools_led_by_alumni_2012",
        "indianapolis-12": "indianapolis_share_of_schools_led_by_alumni_2018",
        "rural-armenia-06": "rural_armenia_target",
        "rural-armenia-07": "rural_armenia_share_of_schools",
    },
)

record = registry.numbers(function="leadership.csv")
for key, row in percents.iterrows():
    unit, meaning = (
        PER_CENT.to(0 if float(row["value"]).is_integer() else 1),
        f"{row['measure']} ({row['scope']}).",
    )
    record(SHARES[str(key)], row["value"], unit, meaning, rows=rows_named(opened, "leadership", str(key)))

# %% [markdown]
# ## The question
#
# The slide deck speaks of a "critical mass" of collective leadership that brings a system to a "tipping point", and
# names no share {src}`LF_001`. For the words to be tested they must mean three things: a share of somebody, an
# outcome, and a jump. Below the share little happens; above it much does. If twice as many leaders simply do twice
# as much, there is a dose and no tipping point.
#
# The number most often heard is a quarter. It comes from an online experiment with groups that had to agree on a
# name for a picture: committed minorities above a quarter overturned what the group was used to
# {cite:p}`centola2018`. Earlier estimates lay between a tenth and four tenths, and the summary we read calls the
# quarter unlikely to be universal {src}`LF_017`. Teach For Armenia took it over as its own tipping point and aims
# to reach {num}`rural_armenia_target` per cent of rural pupils {src}`LF_114`. In Indianapolis a
# director guessed in 2011 that {num}`indianapolis_threshold_guess` per cent of the teachers hired each year
# could begin to matter {src}`LF_082`.
#
# These are three different things. In the experiment the quarter counts people who never give way. In Armenia it
# counts pupils who are reached. In Indianapolis it counts new teachers in one year, not all teachers. A share
# cannot be moved from one to another.
#
# ## What scale means
#
# The deck names a short paper on scale {src}`LF_001`; it was not found in the sources read. Three public texts say
# what people of the network, and those who looked at it, mean by the word.
#
# - **Enough leaders, not all teachers.** In an essay of 2014 the network's head says that the aim is not to supply
#   all of a nation's teachers, nor a large part of them. It is to reach the scale at which a partner brings forth
#   enough leaders to change the system {src}`SN_SSIR_KOPP_2014`. How many are enough the part read does not say. That
#   is the idea of a critical mass, of leaders and not of teachers.
# - **Growth of one organisation.** A report of 2015 on Teach For America counts {num}`grown.members_2000` corps
#   members and {num}`grown.alumni_2000` alumni in 2000, and {num}`grown.members_2014` and {num}`grown.alumni_2014` in
#   2014; it tells how quality was held and what growth cost {src}`SX_MEAD_2015` {cite:p}`mead2015`. The trial made
#   during that growth found teachers as effective as others over all ([three trials](evaluations.ipynb#three-trials)).
#   A larger number is not the same as a larger effect.
# - **A pipeline.** Brookings, the deck's partner on theories of scale, tells the network as a pipeline of future
#   leaders {src}`SN_BROOKINGS_CASE` (read on a copy), in a series on how good programmes reach millions
#   {src}`SN_BROOKINGS_2016`. What the two learnt together is not in what was read.
#
# So three things go by one name: how many there are (a count), how many of those who could lead (a share), and how
# far an idea spreads beyond those who were placed. Only the second can have a critical mass, and it is the least
# counted.

# %% tags=["remove-cell"]
dose = opened.table("dose").set_index("dose_id")
GROWN = {
    "members_2000": "united-states-all-corps-members-1st-and-2nd-year-2000",
    "alumni_2000": "united-states-all-alumni-2000",
    "members_2014": "united-states-all-corps-members-1st-and-2nd-year-2014",
    "alumni_2014": "united-states-all-alumni-2014",
}
for key, row_id in GROWN.items():
    row = dose.loc[row_id]
    record = registry.numbers("grown", rows=rows_named(opened, "dose", row_id), function="dose.csv")
    record(key, int(row["value"]), COUNT, f"{row['measure']}, {row['place']}, {row['year']}.")

# %% [markdown]
# ## What the data allow: across the places
#
# A dose here is a share: leaders over all who could lead. Most counts of the release have no base, so they are no
# share. The release holds {num}`n_percents` shares in all, and {num}`n_placed` of them
# say what part of a place's teachers or heads belongs to the network. They do not count the same people.

# %%
shown = []
for key, row in percents.iterrows():
    shown.append(
        {
            "place": names.get(row["case_id"], str(row["case_id"]).replace("_", " ").title()),
            "share of": row["measure"],
            "per cent": registry.text(SHARES[str(key)]),
            "year": "undated" if pd.isna(row["year"]) else f"{int(row['year'])} ({row['year_basis']})",
            "used below": "yes" if key in PLACED else f"no: {NOT_PLACED[key]}",
            "source": row["source_id"],
        }
    )
listed = percents.reset_index()
share_rows = rows_of(opened, "leadership", listed, "leadership.csv: shares of the dimension scale")
record = registry.numbers(rows=share_rows)
record("n_percents", len(percents), COUNT, "Shares in the release, targets included.")
record("n_placed", len(PLACED), COUNT, "Shares of a place's teachers or heads.")
Table(pd.DataFrame(shown), "Documented shares of leaders, and targets")

# %% tags=["remove-cell"]
entering = entering_places(opened.plan)
fewest = opened.plan["rules"]["sdid_minimum_pre_periods"]
gaps, panel_rows = {}, []
for case in entering:
    plan = case_plan(opened, case)
    panels = [build_panel(opened, plan.panels[name]) for name in plan.primary]
    sets = [inference.placebo_in_space(panel, headline_method(panel, fewest)) for panel in panels]
    gaps[case] = float(sets[0].standardised[0] if len(sets) == 1 else inference.composite(sets)[0])
    panel_rows += [panel.rows for panel in panels]
gap_rows = sum(panel_rows, Rows(0, "", ()))
gap_rows = replace(gap_rows, description=f"primary panels of {', '.join(entering)}")
words = {case: names[case] for case in gaps}
record = registry.numbers("gap", rows=gap_rows, function=inference.placebo_in_space)
meaning = "{}: difference in placebo standard deviations."
record.each("{}", gaps, PLACEBO_SD, meaning, names=words)
placed = percents.loc[[key for key in PLACED if percents.loc[key, "case_id"] in gaps]]
dated = placed["year"].map(lambda year: "undated" if pd.isna(year) else f"{int(year)}")
place = placed["case_id"].map(names)
earlier = placed["case_id"].duplicated(keep=False) & placed.index.isin(FIRST)
shares_of = pd.DataFrame(
    {
        "label": dated.where(earlier, place + ", " + dated),  # one name a place, the years beside it
        "place": place + ", " + dated,
        "x": placed["value"],
        "y": placed["case_id"].map(gaps),
    }
)
with_both = shares_of[shares_of.index.isin(FIRST)].reset_index(drop=True)
if placed.loc[placed.index.isin(FIRST), "case_id"].nunique() != placed["case_id"].nunique():
    raise ValueError(
        "each place with a share and a difference needs one share that stands nearest to its start"
    )
both_rows = share_rows + gap_rows
record = registry.numbers()
meaning = "Places with a documented share and a difference."
record("n_share", len(with_both), COUNT, meaning, rows=both_rows)
meaning = "Places with a difference from comparison places."
record("k", len(gaps), COUNT, meaning, rows=gap_rows)
meaning = "Places asked for on either side of a threshold."
record("per_side", PER_SIDE, COUNT, meaning, rows=Rows(0, "no rows", ()))


def refusal(dose, outcome, shape):
    """Sup-F of a shape, or why there is none."""
    try:
        found = thresholds.sup_f(np.asarray(dose, float), np.asarray(outcome, float), shape)
    except ThresholdError as error:
        return f"not defined: {error}"
    return f"{found.statistic:.2f} (p {found.p:.3f})"


# %% [markdown]
# Of the {num}`k` places that bear a comparison, {num}`n_share` have a share as well: London, with
# {num}`london_share_of_teachers_low_income` per cent of teachers in schools that serve low-income areas, undated
# {src}`LF_024`, and Washington, DC, with nearly {num}`washington_dc_alumni_share_of_principals_2008` per cent of heads
# in November 2008, soon after the reforms began {src}`SN_FEDEX_2008`, and
# {num}`washington_dc_alumni_share_of_principals` in February 2015 {src}`SN_BELLWETHER_BLOG_2015`. Two places fit every
# line, kink and step, and they count different people. **No threshold can be fitted.**
#
# The other places with a share of heads bear no comparison here: Denver, {num}`denver_alumni_share_of_principals` per
# cent in 2015 {src}`SN_BELLWETHER_BLOG_2015`, and Philadelphia, nearly {num}`philadelphia_alumni_share_of_principals`
# without a date {src}`SN_BENEVITY_PHL`, are not among the {count}`places`; New Orleans has no comparison from before the storm.

# %%
Table(
    shares_of[["place", "x", "y"]]
    .rename(columns={"x": "share, per cent", "y": "difference, placebo SD"})
    .round(2),
    "Every place with both a documented share of leaders and a difference: too few for a line",
)

# %% [markdown]
# A second look takes the coded scale, from 0 to 3, which the two readings of November 2026 gave to every place. It is
# a coarse dose: of the places with a difference, {num}`ordinal.low_n` have the code 1 and {num}`ordinal.high_n` the
# code 2. With two values a line, a kink and a step are the same fit, so even a perfect pattern could not tell a
# threshold from a dose. A search that keeps {num}`per_side` places on either side of the step, the least we ask for,
# finds no place to put it.

# %%
coding = coding_across(opened)
scale = (
    coding[(coding["kind"] == "dimension") & (coding["item"] == "scale")].groupby("case_id")["code"].mean()
)
# A place whose scale no reading coded has no dose.
ordinal = pd.DataFrame({"label": names, "x": scale, "y": gaps}).loc[list(gaps)].dropna(subset=["x"])
ordinal = ordinal.reset_index(drop=True)
scale_rows = rows_of(opened, "coding", coding[coding["item"] == "scale"], "coding.csv: scale")
ordinal_rows = replace(scale_rows, sources=("LF_001",)) + gap_rows
slope, p, orders = thresholds.slope_test(ordinal["x"].to_numpy(), ordinal["y"].to_numpy())
rest = ordinal[ordinal["label"] != names["washington_dc"]]
slope_rest, p_rest, orders_rest = thresholds.slope_test(rest["x"].to_numpy(), rest["y"].to_numpy())
for key, found, words in (
    ("ordinal", (slope, p, orders), "all"),
    ("ordinal_rest", (slope_rest, p_rest, orders_rest), "Washington, DC left out"),
):
    tested = registry.numbers(key, rows=ordinal_rows, function=thresholds.slope_test)
    meaning = f"Mean difference of places coded 2 less those coded 1, {words}."
    tested("difference", found[0], PLACEBO_SD, meaning)
    tested("p", found[1], SHARE, f"Exact two-sided permutation p, {words}.")
    tested("orders", found[2], COUNT, f"Orders counted, {words}.")
coded = {key: int((ordinal["x"] == code).sum()) for key, code in (("low", 1), ("high", 2))}
meaning = "Places with a difference and the code {}."
words = {"low": "1", "high": "2"}
registry.numbers("ordinal", rows=ordinal_rows).each("{}_n", coded, COUNT, meaning, names=words)
publish(
    registry,
    "scale_and_gap",
    charts.labelled_points(
        ordinal, "coded scale, 0 to 3", "difference, placebo standard deviations", (0.7, 2.7), whole=True
    ),
    title=f"Coded scale takes {count(ordinal['x'].nunique(), 'value')} over {count(len(ordinal), 'place')}, too few to show a shape",
    subtitle="Coded scale, 0 to 3, and difference from comparison places, placebo standard deviations",
    caption="The places that bear a comparison by coded scale and difference. Two values of a dose show no shape.",
    says=(
        "Each point is a place. Coded 1: "
        + ", ".join(f"{row.label} {row.y:+.1f}" for row in ordinal[ordinal["x"] == 1].itertuples())
        + ". Coded 2: "
        + ", ".join(f"{row.label} {row.y:+.1f}" for row in ordinal[ordinal["x"] == 2].itertuples())
        + "."
    ),
    data=ordinal.rename(columns={"label": "place", "x": "coded scale", "y": "difference"}).round(2),
)

# %%
tried = pd.DataFrame(
    [
        {"dose": label, "places": len(frame), "fit": shape, "sup-F": refusal(frame["x"], frame["y"], shape)}
        for label, frame in (("documented share", with_both), ("coded scale", ordinal))
        for shape in ("kink", "step")
    ]
)
Table(tried, "What was tried, and what is not defined")

# %% [markdown]
# What remains is a difference of two means, the same as for scale in [the synthesis](synthesis.ipynb):
# {num}`ordinal.difference` placebo standard deviations between the codes (p
# {num}`ordinal.p`, all {num}`ordinal.orders` orders counted; no p below
# {num}`synthesis.moderator.scale.floor` was possible). It is Washington, DC. Without it the difference is
# {num}`ordinal_rest.difference` (p {num}`ordinal_rest.p`). The readings that gave the
# codes had seen the outcomes, so the codes are no blind measurement either.
#
# No test of a threshold can be run on these codes, so they say nothing about where one would lie: no share between
# nothing and all is ruled out, and none is supported.

# %% [markdown]
# ## What the data allow: within a place
#
# A single place could show a dose by year: more leaders each year, and the difference growing with them. For that
# one needs yearly counts of the same people in the same place. The longest such series for any of the {count}`places`, regions
# around a city included, has {num}`longest` dated counts. Every dated count is drawn in
# [leaders by post, place and year](leaders.ipynb).

# %%
own_scope = {
    case: ["national"] if case in ("chile", "latvia") else ["place", "region"] for case in cases.index
}
series = []
for case in cases.index:
    rows = leadership[
        (leadership["case_id"] == case)
        & leadership["scope"].isin(own_scope[case])
        & (leadership["year_basis"] == "stated")
        & (leadership["dimension"].isin(["scale", "roles"]))
        & leadership["value"].notna()
    ]
    years = rows.groupby("measure")["year"].agg(lambda found: sorted(set(map(int, found))))
    best = max(years, key=len, default=[])
    measure = next((m for m, found in years.items() if found == best), "none")
    series.append(
        {
            "place": names[case],
            "longest series of one count": measure if best else "none",
            "dated counts": len(best),
            "years": ", ".join(map(str, best)) or "none",
        }
    )
series = pd.DataFrame(series)
dated = "leadership.csv: stated years, the place's own scope"
dated = rows_of(opened, "leadership", leadership.reset_index(), dated)
meaning = f"Dated counts in the longest series of one measure in one of the {cardinal(len(cases))} places."
record("longest", int(series["dated counts"].max()), COUNT, meaning, rows=dated)
growth = 2 ** (np.arange(10) / 9)
together = float(np.corrcoef(np.arange(10), growth.cumsum())[0, 1])
meaning = "Correlation of the year with the running total of leaders when the intake doubles over ten years."
record("collinear", together, P_VALUE, meaning, rows=Rows(0, "a calculation, no rows", ()))
Table(series, "Yearly counts within each place")

# %% tags=["remove-cell"]
COUNTED = {
    "new_orleans_1990": "new-orleans-01",
    "new_orleans_2001": "new-orleans-32",
    "new_orleans_2013": "new-orleans-33",
    "new_orleans_2013_second": "new-orleans-35",
    "new_orleans_2019": "new-orleans-36",
    "new_orleans_2024": "new-orleans-42",
    "new_orleans_principals_2015": "new-orleans-14",
    "new_orleans_heads_2019": "new-orleans-38",
}
for key, row_id in COUNTED.items():
    row = leadership.loc[row_id]
    value, bound = row["value"], ""
    if pd.isna(value):
        value, bound = row["value_high"], ": at most so many"
    one = registry.numbers("series", rows=rows_named(opened, "leadership", row_id), function="leadership.csv")
    one(key, int(value), COUNT, f"{row['measure']} ({row['scope']}), {row['year']}{bound}.")

# %% [markdown]
# **New Orleans** has the fullest count, of corps members in the region: {num}`series.new_orleans_1990` in 1990
# {src}`US_TFA_GNO_2015`, {num}`series.new_orleans_2001` in 2001 {src}`SN_LOBSERVATEUR_2001`, about
# {num}`series.new_orleans_2013` in 2013 {src}`SN_WWNO_2013` or {num}`series.new_orleans_2013_second` by another source
# {src}`SN_ADVOCATE_2024`, more than {num}`series.new_orleans_2019` in 2019 {src}`SN_BIZNOLA_2019`, and fewer than
# {num}`series.new_orleans_2024` in 2024 {src}`SN_ADVOCATE_2024`. They rose and fell, which most doses do not: there
# the number of teachers in the programme and the calendar come apart. What is missing is the other half, yearly counts
# of alumni who lead, dated for few years ({num}`series.new_orleans_principals_2015` principals in 2015 {src}`LF_070`,
# {num}`series.new_orleans_heads_2019` who lead schools in 2019 {src}`SN_BIZNOLA_2019`), and results from before the
# storm that can be compared.
#
# **Washington, DC** has two shares of heads, {num}`washington_dc_alumni_share_of_principals_2008` per cent in 2008 and
# {num}`washington_dc_alumni_share_of_principals` in 2015, from a page of a company and from a blog
# {src}`SN_FEDEX_2008, SN_BELLWETHER_BLOG_2015`. Two dates are no path.
#
# So no dose is fitted within a place. A full series would not settle it by itself. People who have served add up year
# by year, so dose and time run together: even if the yearly intake doubled over ten years, the running total and the
# calendar would correlate at {num}`collinear`. Anything else that grew in those years would look like dose.
#
# Inside Huari the project worked in {num}`huari.districts` districts {src}`LF_043`. Their names, and counts by
# district, were not found in the sources read. So the districts cannot be ordered by dose.

# %% [markdown]
# ## The nearest test: Miami
#
# In Miami-Dade corps members were placed together in some schools and not in others, and the share of corps members in
# the middle schools concerned rose from {num}`evaluations.network_hansen_miami_share_of_corps_members.low` to
# {num}`evaluations.network_hansen_miami_share_of_corps_members.high` per cent in four years {src}`SX_HANSEN_EDEX`. A
# study follows the same schools over six years {cite:p}`backes2019`. If people who work together carry others along,
# the classes of their colleagues should gain as the share rises.
#
# - **The published article finds no such spillover** {src}`SX_HANSEN_2018`. An abstract of 2015, from a conference,
#   had claimed one in mathematics {src}`SX_APPAM_2015`. Both are on record; the article is the later, reviewed
#   version.
# - **The schools themselves gained in mathematics,** in part through the corps members' own classes
#   {src}`SX_HANSEN_2018`.
# - **By share of corps members in a grade** marks in elementary schools are higher,
#   {num}`evaluations.network_backes_miami_share_elementary_marks` of a grade point from none to all; in middle schools
#   there is no relation {src}`SX_BH_T8` {cite:p}`backes2018`. Their own pupils are in the figure, and it is a straight
#   line: no step was looked for.
#
# This is the design that critical mass asks for, shares that vary within schools over time, and it answers for the
# simplest path: by being there, to the class next door, in the first two years of teaching. It does not answer for
# alumni who lead schools or systems, whom nobody placed by a rule.
#
# ## Peers in Indianapolis
#
# A second published study has a dose inside a place. RAND compared pupils of programme teachers with pupils of other
# teachers in Indianapolis and looked separately at schools with five or more programme teachers {src}`LF_087`.

# %%
PEERS = {
    "indianapolis-eval-01": ("English", "all programme teachers"),
    "indianapolis-eval-03": ("English", "five or more peers in the school"),
    "indianapolis-eval-02": ("mathematics", "all programme teachers"),
    "indianapolis-eval-04": ("mathematics", "five or more peers in the school"),
}
FINDINGS = row_names(
    "evaluations",
    evaluations.loc[list(PEERS)].reset_index(),
    {
        "indianapolis-eval-01": "indianapolis_rand_english",
        "indianapolis-eval-03": "indianapolis_rand_peers_english",
        "indianapolis-eval-02": "indianapolis_rand_mathematics",
        "indianapolis-eval-04": "indianapolis_rand_peers_mathematics",
    },
)
peers = [(*words, float(evaluations.loc[key, "estimate"])) for key, words in PEERS.items()]
peers = pd.DataFrame(peers, columns=["subject", "group", "value"])
for key, (subject, group) in PEERS.items():
    record = registry.numbers(rows=rows_named(opened, "evaluations", key), function="evaluations.csv")
    estimate, unit = evaluations.loc[key, ["estimate", "unit"]]
    record(FINDINGS[key], float(estimate), Unit(unit, 0), f"RAND, Indianapolis, {subject}, {group}.")
publish(
    registry,
    "peers",
    charts.peers(peers, "difference in a year, percentile points"),
    title=(
        "In mathematics the difference is {:.0f} points for all and {:.0f} with five or more peers".format(
            *peers.loc[peers["subject"] == "mathematics", "value"]
        )
    ),
    subtitle="Pupils of programme teachers against other pupils, Indianapolis, difference in a year, percentile points",
    caption=(
        "Pupils of programme teachers against pupils of other teachers in Indianapolis, all and in schools with five or "
        "more programme teachers. An association; the excerpt read gives no intervals."
    ),
    says="Each row has two dots. "
    + " ".join(
        f"{subject.capitalize()}: "
        + ", ".join(f"{row.group} {row.value:.0f}" for row in frame.itertuples())
        + "."
        for subject, frame in peers.groupby("subject")
    ),
    data=peers,
)

# %% [markdown]
# In mathematics the difference is {num}`indianapolis_rand_mathematics` percentile points for all and
# {num}`indianapolis_rand_peers_mathematics` where there were five or more peers; in English
# {num}`indianapolis_rand_english` and {num}`indianapolis_rand_peers_english`. That goes the
# way critical mass would have it. Four things stand between it and a threshold ([more on the
# study](evaluations.ipynb)):
#
# - It is an association. Schools that take five programme teachers may differ from schools that take one.
# - Five is where the study cut. With one cut, a rise by steps cannot be told from a rise in a line.
# - Five is a number, not a share, and it belongs to a school, not to a system.
# - It says that pupils of clustered programme teachers did better, not that the school or the city did. In Miami,
#   where other classes were looked at, they did not gain.
#
# The excerpt read gives no standard errors, so how sure the gap between the two groups is cannot be said here. It
# is compatible with a threshold, with a straight dose, and with sorting.

# %% [markdown]
# ## What theory predicts
#
# Three kinds of model are commonly meant. We built each, checked it against its published numbers, and ran it over
# share, network and orientation.
#
# **Thresholds.** Each person joins once enough others have {cite:p}`granovetter1978`. In Granovetter's example a
# hundred people have the thresholds 0, 1, 2 and so on to 99: one starts, and all
# {num}`granovetter.crowd` join. Change the one person with threshold 1 to 2, and
# {num}`granovetter.other_crowd` joins. Two crowds that a survey could not tell apart end at opposite
# ends. With thresholds spread in a bell around 25 of a hundred, the crowd stays small until the spread reaches
# {num}`granovetter.spread`; there it jumps from about {num}`granovetter.before` of a
# hundred to nearly all.

# %% tags=["remove-cell"]
nothing = Rows(0, "no rows: a model", ())
crowd = np.arange(100)
record, spread = (
    registry.numbers("granovetter", rows=nothing, function=tipping.cascade),
    tipping.critical_spread(0.25),
)
record("crowd", tipping.cascade(crowd), COUNT, "People who join with thresholds 0 to 99.")
others = tipping.cascade(np.where(crowd == 1, 2, crowd))
record("other_crowd", others, COUNT, "People who join when the threshold 1 is 2.")
meaning = "Spread of thresholds with mean 25 at which the low equilibrium vanishes, of a hundred."
record("spread", 100 * spread, RATIO, meaning, function=tipping.critical_spread)
before, meaning = (
    tipping.equilibrium(0.25, spread - 1e-6),
    "People of a hundred who join just below that spread.",
)
record("before", 100 * before, COUNT, meaning, function=tipping.equilibrium)

# %%
grid = np.round(np.concatenate([np.arange(2, 12, 0.5), [12.0, 12.2, 12.23], np.arange(12.5, 40.5, 0.5)]), 2)
curve = pd.DataFrame(
    {"x": grid, "y": [100 * tipping.equilibrium(0.25, sd / 100) for sd in grid], "series": "share that joins"}
)
BELOW, BEYOND = 12.2, 12.5
publish(
    registry,
    "granovetter",
    charts.curves(curve, "spread of thresholds (mean 25 of a hundred)", "people of a hundred who join"),
    title=(
        f"{curve.loc[curve['x'] == BELOW, 'y'].iloc[0]:.0f} of a hundred join at a spread of {BELOW}, "
        f"{curve.loc[curve['x'] == BEYOND, 'y'].iloc[0]:.0f} at {BEYOND}"
    ),
    subtitle="Granovetter's model: people of a hundred who join, by the spread of their thresholds, the mean unchanged",
    caption=(
        "Granovetter's crowd: how many of a hundred join, by how widely their thresholds spread. Nobody's mean threshold "
        "changes; a small change of spread makes the jump."
    ),
    says=(
        f"The share that joins is {curve['y'].iloc[0]:.0f} of a hundred at a spread of {curve['x'].iloc[0]:.0f}, "
        f"{curve.loc[curve['x'] == BELOW, 'y'].iloc[0]:.0f} at {BELOW}, "
        f"{curve.loc[curve['x'] == BEYOND, 'y'].iloc[0]:.0f} at {BEYOND} and "
        f"{curve['y'].iloc[-1]:.0f} at {curve['x'].iloc[-1]:.0f}."
    ),
    data=curve.rename(columns={"x": "spread", "y": "joined"})[["spread", "joined"]].round(1),
)

# %% [markdown]
# **Conventions with memory.** Each person does what most of the people met lately did; a committed minority always
# does the new thing. This is the theory behind the quarter {cite:p}`centola2018`. With a memory of twelve meetings
# our solution for a large group gives {num}`critical.memory_12` per cent. But the quarter belongs to
# the memory: with five meetings it is {num}`critical.memory_5`, with a hundred
# {num}`critical.memory_100` per cent. The longer people remember how things have always been done,
# the more it takes.
#
# **The naming game.** People may hold both names for a while. There {num}`critical.naming` per cent
# are enough {cite:p}`xie2011`.

# %% tags=["remove-cell"]
MODELS = {
    "thresholds_25_10": ("Thresholds, mean 25, spread 10", tipping.critical_share_thresholds(0.25, 0.10)),
    "naming": ("Naming game", tipping.critical_share_naming()),
    "memory_5": ("Convention, memory of 5 meetings", tipping.critical_share_memory(5)),
    "thresholds_50_15": ("Thresholds, mean 50, spread 15", tipping.critical_share_thresholds(0.5, 0.15)),
    "memory_12": ("Convention, memory of 12 meetings", tipping.critical_share_memory(12)),
    "memory_30": ("Convention, memory of 30 meetings", tipping.critical_share_memory(30)),
    "memory_100": ("Convention, memory of 100 meetings", tipping.critical_share_memory(100)),
    "thresholds_60_10": ("Thresholds, mean 60, spread 10", tipping.critical_share_thresholds(0.6, 0.10)),
}
solvers = {
    "naming": tipping.critical_share_naming,
    "memory": tipping.critical_share_memory,
    "thresholds": tipping.critical_share_thresholds,
}
record = registry.numbers("critical", rows=nothing)
for key, (label, value) in MODELS.items():
    solver, meaning = solvers[key.split("_")[0]], f"Critical committed share, per cent: {label}."
    record(key, 100 * value, PER_CENT, meaning, function=solver)
model_shares = [100 * share for _, share in MODELS.values()]
ends = {"lowest": min(model_shares), "highest": max(model_shares)}
record.each("{}", ends, PER_CENT.to(0), "The {} critical share of the models drawn, per cent.")
documented = {label: float(percents.loc[key, "value"]) for key, label in PLACED.items()}
holds(
    "Each documented share lies above the critical share of some model and below that of another.",
    min(model_shares) < min(documented.values()),
    max(documented.values()) < max(model_shares),
)

# %%
predicted = pd.DataFrame(
    [
        {"label": label, "share": 100 * value, "kind": "critical share in a model"}
        for label, value in MODELS.values()
    ]
    + [{"label": label, "share": share, "kind": "documented share"} for label, share in documented.items()]
)
inside = predicted.loc[predicted["kind"] == "critical share in a model", "share"]
publish(
    registry,
    "critical_shares",
    charts.shares(predicted, "per cent of people"),
    title=f"The share that tips a population runs from {inside.min():.0f} to {inside.max():.0f} per cent by model",
    subtitle=f"Critical share in {len(MODELS)} versions of three models, and documented shares of places, per cent of people",
    caption=(
        f"The committed share that tips a large, mixed population in {len(MODELS)} versions of three models, and the shares "
        "documented for places. The dashed lines carry the documented shares up. They count teachers or heads who belong "
        "to the network; whether they are committed in the models' sense is not known."
    ),
    says=(
        f"The critical shares of {len(inside)} models run from {inside.min():.0f} to {inside.max():.0f} per cent; "
        f"the {len(documented)} documented shares are "
        + ", ".join(f"{share:.0f} ({label})" for label, share in documented.items())
        + "."
    ),
    data=predicted.round(1),
)

# %% [markdown]
# The spread of the models is the finding. Each documented share lies above the critical share of some model and
# below that of another. {num}`critical.lowest` and {num}`critical.highest` per cent are
# not the ends of anything either: other thresholds would give other numbers. To say which model holds for a school
# system one would have to know how long its people remember, or how their thresholds spread. Neither was found in
# the sources read.
#
# ### Network
#
# The solved models mix everybody with everybody. People in schools do not mix like that. We simulated
# {num}`sim.people` people with a memory of twelve meetings on four networks,
# {num}`sim.runs` times for each share.

# %%
sweep = read_sweep(tipping.SWEEPS[0], opened)
simulated = Rows(len(sweep), "simulations/tipping.json", ())
run = {key: tipping.COMMON[key] for key in ("people", "runs", "rounds")}
registry.numbers("sim", rows=simulated).each("{}", run, COUNT, "Simulation of conventions: {}.")
LABELS = {
    "complete": "everyone meets everyone",
    "random": "ten ties at random",
    "ring": "ten nearest, committed scattered",
    "ring, side by side": "ten nearest, committed side by side",
}
record = registry.numbers("sim", rows=simulated, function=tipping.tips)


def tipped(model, network, orientation=1.0):
    """Share committed and share of runs that tip, in per cent."""
    rows = sweep.query("model == @model and network == @network and orientation == @orientation")
    return 100 * rows["share"].to_numpy(), 100 * rows["tipped"].to_numpy()


def half_way(model, network, orientation=1.0):
    """Share at which half of the runs tip, in per cent; NaN if they never do."""
    return tipping.half_way(*tipped(model, network, orientation))


halves = {network: half_way("memory", network) for network in ("complete", "random", "ring")}
meaning = "Committed share at which half of the runs tip, per cent: {}."
record.each("half.{}", halves, PER_CENT.to(0), meaning, names=LABELS)
_, together = tipped("memory", "ring, side by side")
meaning = "Runs that tip with half of the people committed and side by side, per cent."
record("together", together[-1], PER_CENT.to(0), meaning)
by_network = pd.concat(
    pd.DataFrame(dict(zip("xy", tipped("memory", n), strict=True), series=LABELS[n]))
    for n in tipping.NETWORKS
)
halves = [half for half in (half_way("memory", network) for network in LABELS) if np.isfinite(half)]
publish(
    registry,
    "networks",
    charts.curves(
        by_network, "committed share, per cent", "runs that tip, per cent", rules=list(documented.values())
    ),
    title=(
        f"By network half of the runs tip at {min(halves):.0f} to {max(halves):.0f} per cent committed"
        + ("" if len(halves) == len(LABELS) else ", in some never")
    ),
    subtitle="Simulated runs that tip, by committed share and network, memory of twelve meetings, per cent",
    caption=(
        "How often a simulated population tips, by committed share and network; memory of twelve meetings. Dashed lines: "
        "the documented shares of the chart before, whose place on this scale holds only if the model does."
    ),
    says=f"There is one line for each of {len(LABELS)} networks. "
    + " ".join(
        f"{label.capitalize()}: "
        + (
            f"half of the runs tip at {half_way('memory', network):.0f} per cent."
            if np.isfinite(half_way("memory", network))
            else f"at most {tipped('memory', network)[1].max():.0f} per cent of runs tip."
        )
        for network, label in LABELS.items()
    ),
    data=by_network.rename(
        columns={"x": "committed share, per cent", "y": "runs that tip, per cent", "series": "network"}
    ).round(1),
)

# %% [markdown]
# Half of the runs tip at {num}`sim.half.complete` per cent where all mix, at
# {num}`sim.half.random` where each has ten ties at random, and at {num}`sim.half.ring`
# where ties are to the ten nearest on a ring and the committed are scattered among them. Standing side by side
# undoes it: with half of all people committed, {num}`sim.together` per cent of runs tip within
# {num}`sim.rounds` meetings each. They win those around them and go no further.
#
# That bears on practice, as a question. Placing fellows in clusters is one of the approaches seen in this book. In
# this model clusters hold their ground and do not spread; in Indianapolis they went together with better results of
# their own pupils, and in Miami with no gain in the classes around them {src}`LF_087, SX_HANSEN_2018`. All can be
# true. And a ring is the extreme of a world in which people meet only those next door.
#
# ### Orientation
#
# The models take for granted that the committed pull the same way. In the next chart a part of them pushes
# something else.

# %%
mixed = sweep[(sweep["model"] == "memory") & (sweep["network"] == "complete")]
mapped = pd.DataFrame(
    {
        "share": 100 * mixed["share"],
        "orientation": (100 * mixed["orientation"]).round().astype(int),
        "tipped": 100 * mixed["tipped"],
    }
)
for orientation in (0.8, 0.6):
    percent = round(100 * orientation)
    meaning = f"Committed share at which half of the runs tip when {percent}% pull the same way, per cent."
    record(f"orientation.{percent}", half_way("memory", "complete", orientation), PER_CENT.to(0), meaning)
    found = half_way("thresholds", "complete", orientation)
    meaning = f"The same in the threshold model, mean 50 and spread 15, {percent}% pulling the same way."
    record(
        f"thresholds.{percent}", found if np.isfinite(found) else "more than half", PER_CENT.to(0), meaning
    )
meaning = "Committed share at which half of the runs tip in the threshold model, all pulling the same way, per cent."
record("thresholds.100", half_way("thresholds", "complete"), PER_CENT.to(0), meaning)
fewest_one_way = min(o for o in tipping.ORIENTATIONS if np.isfinite(half_way("memory", "complete", o)))
publish(
    registry,
    "orientation",
    charts.share_map(mapped, 2, list(documented.values())),
    title=(
        f"Half of the runs tip at {half_way('memory', 'complete', 1.0):.0f} per cent if all pull one way, at "
        f"{half_way('memory', 'complete', fewest_one_way):.0f} if {round(100 * fewest_one_way)} per cent do"
    ),
    subtitle="Simulated runs that tip, fully mixed population, by committed share and the part that pulls the same way, per cent",
    caption=(
        "How often a fully mixed population tips, by committed share and by the part of the committed who pull the same "
        "way. The dashed lines are documented shares; no place's orientation is documented, so each place is a whole line "
        "and not a point."
    ),
    says=f"Across lie {mapped['share'].nunique()} shares, up and down {mapped['orientation'].nunique()} orientations. "
    + " ".join(
        f"With {round(100 * o)} per cent pulling the same way half of the runs tip at {half_way('memory', 'complete', o):.0f} per cent."
        for o in tipping.ORIENTATIONS
        if np.isfinite(half_way("memory", "complete", o))
    ),
    data=mapped.rename(columns={"share": "committed share", "orientation": "pulling the same way"}).round(1),
)

# %%
kinds = [(network, 1.0) for network in tipping.NETWORKS] + [
    ("complete", orientation) for orientation in tipping.ORIENTATIONS[1:]
]


def share_or_words(model, network, orientation):
    found = half_way(model, network, orientation)
    return f"{found:.0f}" if np.isfinite(found) else f"more than {100 * max(tipping.SHARES):.0f}"


halves = pd.DataFrame(
    [
        {
            "who meets whom": LABELS[network],
            "pulling the same way, per cent": f"{100 * orientation:.0f}",
            "convention, memory of 12": share_or_words("memory", network, orientation),
            "thresholds, mean 50, spread 15": share_or_words("thresholds", network, orientation),
        }
        for network, orientation in kinds
    ]
)
Table(halves, "Committed share, per cent, at which half of the simulated runs tip")

# %% [markdown]
# With eight in ten pulling the same way, half of the runs tip at {num}`sim.orientation.80` per cent
# in place of {num}`sim.half.complete`; with six in ten at {num}`sim.orientation.60`.
# What counts is close to the aligned part alone. Threshold models are harder on divided leaders:
# {num}`sim.thresholds.100` per cent when all pull the same way,
# {num}`sim.thresholds.80` with eight in ten, and {num}`sim.thresholds.60` with six in
# ten. So a count of alumni is not yet a dose. Two places with the same count can lie on either side of a tipping
# point, and the sources read say little of orientation in the {count}`places`.

# %% [markdown]
# ### Try it: how many leaders does it take?
#
# Set how many people are committed, how long people remember and who meets whom. The page works out, for each model,
# whether most of the others follow. It takes a mean-field shortcut: each person has a chance of following, worked out
# from the people they meet, and chance plays no other part {cite:p}`pastor2015`. So its shares differ a little from
# the simulated ones above, which the table sets beside them. The network is drawn once and kept. These are models of
# conventions, and no place in this book has been shown to follow one of them. The code is
# <a href="lb:/code/leadership_effects/simulation/mean_field.html">the mean-field recursions</a> and
# <a href="lb:/code/leadership_effects/synthesis/tipping.html">the simulated models</a>; what they
# stand for is under [what theory predicts](#what-theory-predicts).

# %%
TippingControl({network: share_or_words("memory", network, 1.0) for network in tipping.NETWORKS})

# %% [markdown]
# ## What a future study would need
#
# Suppose there is a threshold. How many places with a counted share, and how many years of tests after, would find
# it? We simulated studies in which half of the places lie above the threshold and stand higher by a stated step, in
# placebo standard deviations of a study with five years before and one after. Yearly gaps carry over to the next
# year by one half. The test is the largest F over all thresholds with {num}`per_side` places on
# either side {cite:p}`andrews1993,zeileis2002`, its p from reordering the places.
#
# The search must be part of the test. With eight places and no threshold at all, the best step looks significant in
# {num}`null.ignoring_8_3` per cent of studies if its place is treated as known, and in
# {num}`null.ignoring_8_2` per cent with two places on a side. With
# {num}`null.most_places` places it is {num}`null.ignoring_most`. With the search
# counted in, the rate is {num}`null.power_8_3` and {num}`null.power_most` per cent.

# %%
power = read_sweep(thresholds.SWEEPS[0], opened)
studies = Rows(len(power), "simulations/threshold_power.json", ())
null = power[power["step"] == 0]


def rate(places, fewest, column):
    return 100 * float(null.query("places == @places and fewest == @fewest")[column].iloc[0])


most = int(null["places"].max())
rates = {
    "ignoring_8_3": rate(8, 3, "ignoring"),
    "ignoring_8_2": rate(8, 2, "ignoring"),
    "ignoring_most": rate(most, 3, "ignoring"),
    "power_8_3": rate(8, 3, "power"),
    "power_most": rate(most, 3, "power"),
}
words = {key: key.replace("_", " ") for key in rates}
record = registry.numbers("null", rows=studies, function=thresholds.threshold_power)
record.each("{}", rates, PER_CENT.to(0), "True nulls rejected, per cent ({}).", names=words)
registry.numbers("null", rows=studies)("most_places", most, COUNT, "Most places simulated.")
surface = power[(power["step"] > 0) & (power["above"] == 0.5) & power["step"].isin(thresholds.STEPS)]
five = surface[surface["years"] == 5]
by_step = pd.DataFrame(
    {
        "x": five["places"].astype(float),
        "y": 100 * five["power"],
        "series": [f"step of {step:g} placebo SD" for step in five["step"]],
    }
).sort_values(["series", "x"], ascending=[False, True])


def power_at(places, step, years=5):
    rows = surface.query("places == @places and step == @step and years == @years")
    return 100 * float(rows["power"].iloc[0])


publish(
    registry,
    "power",
    charts.curves(by_step, "places with a documented share", "power, per cent", level=80, log=True),
    title=f"A step of one placebo SD is found in {power_at(8, 1):.0f} per cent of studies with eight places",
    subtitle="Chance to find a step of a stated size, by number of places, five years of tests after, per cent",
    caption=(
        "How often a study with five years of tests after would find a step of a stated size, by number of places. The "
        "dashed line is the usual mark of 80 per cent."
    ),
    says="The axis of places is logarithmic. "
    + " ".join(
        f"Step of {step:g} placebo standard deviations: {power_at(8, step):.0f} per cent with 8 places, "
        f"{power_at(30, step):.0f} with 30, {power_at(most, step):.0f} with {most}."
        for step in thresholds.STEPS
    ),
    data=by_step.rename(columns={"x": "places", "y": "power, per cent", "series": "step"}).round(0),
)

# %%
one = surface[surface["step"] == 1].assign(power=lambda f: 100 * f["power"])[["places", "years", "power"]]
fewest = int(one["places"].min())
publish(
    registry,
    "power_surface",
    charts.power_map(one),
    title=(
        f"With a year after, power goes from {power_at(fewest, 1, 1):.0f} per cent at {fewest} places to "
        f"{power_at(most, 1, 1):.0f} at {most}"
    ),
    subtitle="Power to find a step of one placebo standard deviation, by places and by years with a test after, per cent",
    caption="Power to find a step of one placebo standard deviation, per cent, by places and by years with a test after.",
    says=(
        "The rows are numbers of years, the columns numbers of places, the power printed in each cell. With one "
        f"year it rises from {power_at(fewest, 1, 1):.0f} per cent at {fewest} places to {power_at(most, 1, 1):.0f} at {most}; "
        f"with ten years from {power_at(fewest, 1, 10):.0f} to {power_at(most, 1, 10):.0f}."
    ),
    data=one.round(0),
)


# %%
def needed(step, years):
    """Fewest places of the grid with 80 per cent power, or more than the most simulated."""
    enough = surface.query("step == @step and years == @years and power >= 0.8")
    return int(enough["places"].min()) if len(enough) else f"more than {most}"


table, record = [], registry.numbers("need", rows=studies, function=thresholds.threshold_power)
for step in thresholds.STEPS:
    row, key = {"step, placebo SD": f"{step:g}"}, f"step_{step:g}".replace("0.5", "half")
    for years in thresholds.YEARS:
        name = f"{in_figures(years, 'year')} after"
        meaning = f"Fewest places of those simulated with 80 per cent power: step of {step:g}, {in_figures(years, 'year')} after."
        row[name] = record(f"{key}.years_{years}", needed(step, years), COUNT, meaning)
    table.append(row)
Table(pd.DataFrame(table), "Places needed to find a step with 80 per cent power, of the numbers simulated")

# %% tags=["remove-cell"]
lopsided = power.query("above == 0.25 and step == 1 and places == 30")["power"].iloc[0]
eight_four = power.query("places == 8 and step == 4")["power"].iloc[0]
thirty = "above the threshold, step of 1, 5 years after, per cent."
found = {
    "lopsided.30": (100 * lopsided, f"Power with 30 places, a quarter of them {thirty}"),
    "even.30": (power_at(30, 1), f"Power with 30 places, half of them {thirty}"),
    "power.eight_3": (power_at(8, 3, 1), "Power with 8 places, step of 3, one year after, per cent."),
    "power.eight_4": (100 * eight_four, "Power with 8 places, step of 4, one year after, per cent."),
}
registry.numbers(rows=studies, function=thresholds.threshold_power).many(PER_CENT.to(0), found)
for persistence in (0.5, 0.8):
    record = registry.numbers("noise", rows=nothing, function=thresholds.relative_sd)
    ratio, unit = 100 * thresholds.relative_sd(10, persistence), PER_CENT.to(0)
    meaning = f"Noise of a place's difference with ten years after, per cent of that with one, persistence {persistence}."
    record(f"{round(100 * persistence)}", ratio, unit, meaning)

# %% [markdown]
# With eight places, each with a counted share and a comparison (this book has {num}`n_share`), and
# one year after, a step of three placebo standard deviations would be found in {num}`power.eight_3`
# per cent of studies and a step of four in {num}`power.eight_4` per cent. Places help more than
# years. With the carry-over assumed, ten years after in place of one cut the noise to {num}`noise.50`
# per cent; with a carry-over of eight tenths they raise it to {num}`noise.80`, because the years
# before are then ever further away. If only a quarter of 30 places lies above the threshold, the power is
# {num}`lopsided.30` per cent in place of {num}`even.30`.
#
# The surface is kind to the study. It takes shares as counted without error, one threshold for all places, and
# places that do not influence one another. And a rejection would say that dose and result are related, not that the
# relation is a step: a straight line is rejected too. To tell a step from a line takes more places still, spread
# over the whole range of shares.

# %% [markdown]
# ## What we can say, and how surely
#
# - **Not testable with the present record:** a threshold across places ({num}`n_share` points) or
#   within one ({num}`longest` dated counts at most).
# - **Tested inside schools, and not found:** spillover from corps members placed together to other classes, in the
#   published study of Miami.
# - **An association:** in Indianapolis pupils of programme teachers did better where five or more taught in the
#   school.
# - **Theory, not evidence about schools:** tipping points exist in models; where they lie depends on memory,
#   thresholds, ties and whether leaders pull the same way. A quarter is one value among many.
# - **Compatible with:** a tipping point, a steady dose, and no relation. For leaders across a system, nothing here
#   contradicts the idea of critical mass, and nothing here supports it over its rivals.
#
# ## What would change our mind
#
# **Towards a tipping point:** as many places as the table asks for, with the share of leaders counted yearly in the
# same way, over shares from nothing to a third or more, and tests for five years before; a permutation test that
# rejects; a step that fits better than a line; and a set of thresholds not rejected that is narrow
# {cite:p}`hansen2000` and the same in a second set of places.
#
# **Away from it:** the same data with a straight line, or places far above a stated share where nothing moved; Miami's
# null again with alumni as heads in place of corps members as teachers.
#
# The cheapest first step is a count: who of the people who teach, lead schools and hold office in one place belong
# to the network, by year, over all who teach, lead and hold office there.

# %% tags=["remove-cell"]
registry.save()
