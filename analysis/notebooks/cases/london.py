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
# # London, England: a rise that many can claim
#
# :::{admonition} In short
# :class: summary
# **Verdict: {num}`london.verdict`.** London's pupils at 14 came close to the country's level or, in English,
# passed it, and at 16 passed it. Set beside districts that started at most two points higher in 1997, where
# only {num}`london.ks3_maths.mde` to {num}`london.ks3_english.mde` points could have been told from chance,
# London gained {num}`london.ks3_english.att` percentage points more in English at 14,
# {num}`london.ks3_maths.att` in mathematics and {num}`london.ks3_science.att` in science (permutation p over
# the three {num}`london.family_p`: the share of places, London among them, whose largest difference is at
# least as large). Of {num}`london.curve.n` ways of making that comparison none gives a loss and none an
# unusual gain. The rise is documented and part of it came before the first cohort. What ambassadors
# contributed cannot be read from public series.
# :::

# %% tags=["parameters"]
release = ""  # the newest
case_id = "london"

# %% tags=["remove-cell"]
import re
from dataclasses import replace
from itertools import product

import altair as alt
import numpy as np
import pandas as pd
from leadership_effects.data.panels import GapSeries
from leadership_effects.data.provenance import rows_named
from leadership_effects.data.rounding import is_above, is_at_least
from leadership_effects.effects.estimators import interrupted_gap
from leadership_effects.effects.specification import Curve
from leadership_effects.report import case_figures, charts
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED, publish
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table

study = Study.open(release, case_id)
registry = study.registry
SUBJECTS = {"english": "English", "maths": "maths", "science": "science"}
INNER = [
    "Camden",
    "Hackney",
    "Hammersmith and Fulham",
    "Haringey",
    "Islington",
    "Kensington and Chelsea",
    "Lambeth",
    "Lewisham",
    "Newham",
    "Southwark",
    "Tower Hamlets",
    "Wandsworth",
    "Westminster",
]

# %% [markdown]
# ## The question
#
# In September 2003 the first Teach First teachers entered London schools, and London Challenge began in the same year
# {src}`UK_HC_20030911, LF_027`. Did London's results then move away from those of comparable places, from the tests of
# 2004 onwards?
#
# Other stories would look the same. Low starters tend to gain more. Primary schools may have sent better prepared
# pupils. London's population changed. Other reforms arrived with the programme.

# %% [markdown]
# ## Place and system
#
# London, one of nine regions of England, has {num}`london.boroughs` boroughs in the series read. Of
# England's {num}`london.pupils.england.2013` pupils who finished key stage 4 in 2013,
# {num}`london.pupils.london.2013` lived there {src}`UK_DFE_SFR05_2014_RES`.
#
# The city had long been behind. Of Inner London's school leavers of 1976 {num}`london.leavers.inner.1976` per cent had
# five higher grades, against {num}`london.leavers.england.1976` in England; in 1988 it was
# {num}`london.leavers.inner.1988` against {num}`london.leavers.england.1988` {src}`UK_HC_19900321_ILEA`.

# %% tags=["remove-cell"]
boroughs = study.outcome("ks4_5acem_hansard")
study.computed(
    "boroughs",
    boroughs.query("unit_type == 'local_authority'")["unit_id"].nunique(),
    "Boroughs in the series of 2003 to 2007.",
    boroughs,
    digits=0,
)
regions = study.outcome("ks4_5acem")
for key, name in (("london", "London"), ("england", "England")):
    for year in (2009, 2013):
        row = regions[(regions["name"] == name) & (regions["year"] == year)]
        study.computed(
            f"pupils.{key}.{year}",
            float(row["n_pupils"].iloc[0]),
            f"Pupils who finished key stage 4 in {year} and lived in {name}.",
            row,
            unit="pupils",
            digits=0,
        )
for key, name in (("inner", "Inner London (ILEA)"), ("england", "England"), ("gm", "Greater Manchester")):
    for year in (1976, 1988):
        study.level(f"leavers.{key}.{year}", "leavers_5ac", name, year)

# %% [markdown]
# ## Leadership build-up
#
# The first cohort is printed as {num}`london.lead.london-01` people in {num}`london.schools.first` schools
# {src}`UK_WIKI_LIQUI` and as {num}`london.lead.london-02` in Parliament {src}`UK_HC_20030911`; the second as
# {num}`london.lead.london-03` in {num}`london.schools.second` secondary schools {src}`UK_TF_HISTORY`. Later
# counts by year include other areas. Of the completers of 2012, 2013 and 2014 still teaching in 2016,
# {num}`london.in_london.2012`, {num}`london.in_london.2013` and {num}`london.in_london.2014` per cent were
# in London {src}`UK_PQ_57944`.
#
# The deck counts {num}`london.lead.london-17` ambassadors who teach or lead schools in the city {src}`LF_001`, a later
# page of the network {num}`london.lead.london-16` ambassadors {src}`LF_022`. Nothing read reconciles the two. Counts
# without a year stay out of the chart.

# %% tags=["remove-cell"]
counts = study.release.table("leadership").set_index("leadership_id")
for key, leadership_id in (("first", "london-01"), ("second", "london-03")):
    row = counts.loc[leadership_id]
    study.computed(
        f"schools.{key}",
        float(re.search(r"in (\d+) (?:London|secondary) schools", row["statement"])[1]),
        f"Schools of the {key} cohort, from the statement of the row.",
        rows_named(study.release, "leadership", leadership_id),
        digits=0,
    )
for leadership_id, cohort in (("london-08", 2012), ("london-09", 2013), ("london-10", 2014)):
    row = counts.loc[leadership_id]
    everywhere = float(re.search(r"Of (\d+) completers", row["statement"]).group(1))
    study.computed(
        f"in_london.{cohort}",
        100 * row["value"] / everywhere,
        f"Share in London of completers of cohort {cohort} still teaching in autumn 2016.",
        rows_named(study.release, "leadership", leadership_id),
        unit="percent",
    )

# %%
case_figures.timeline(study, "London")

# %%
study.facts()

# %% [markdown]
# ## What is claimed
#
# The deck says that a twenty-year turnaround was in part driven by ambassadors. The rise can be checked, the
# part owed to them cannot: no public count follows them by school and year.

# %%
study.claims(
    {
        "london-claim-01": ["ks3_english_l5", "ks3_maths_l5", "ks3_science_l5", "ks4_5acem"],
        "london-claim-02": ["ks4_5acem", "ks4_5acem_fsm_hansard"],
        "london-claim-03": ["ks4_5acem_hansard"],
    }
)

# %% [markdown]
# ## The panel and its breaks
#
# No single series runs through the story. These pieces are never joined:
#
# - Tests at 14 and 11, yearly from 1997 to 2007, London and England {src}`UK_HC_20080708_KS`: the one yearly series
#   found that spans 2003. Age 11 is the negative control; the early placements were in secondary schools
#   {src}`UK_TF_HISTORY`.
# - Tests at 14 in 1997 and 2007 by district of five other regions, the comparison places
#   {src}`UK_DCSF_IYA_KS3_B, UK_DCSF_IYA_KS3_E, UK_DCSF_IYA_KS3_G, UK_DCSF_IYA_KS3_J, UK_DCSF_IYA_KS3_K`. The lists
#   break off before their end.
# - Results at 16: boroughs 2003 to 2007 {src}`UK_HC_20080129_271W`, regions 2009 to 2013
#   {src}`UK_DFE_SFR05_2014_RES` and 2016 to 2022 {src}`UK_LDS_GCSE, UK_LDS_GCSE_FSM`.
#
# England contains London, so gaps to the rest of the country are larger than shown. No break is recorded for the tests
# at 14, but whether the English test or its marking changed was not checked.

# %%
study.breaks("ks4_5acem_hansard", "ks4_att8", "ks4_att8_fsm", "ks4_prog8_fsm")

# %%
study.donors("ks3_english")

# %% tags=["remove-cell"]
series = {SUBJECTS[s]: study.gap(f"ks3_{s}") for s in SUBJECTS}
controls = [study.gap(f"ks2_{s}") for s in SUBJECTS]
first = controls[0]
control = GapSeries(
    "london.ks2",
    first.years,
    np.mean([c.treated for c in controls], axis=0),
    np.mean([c.comparator for c in controls], axis=0),
    first.n_pre,
    first.scale,
    controls[0].rows + controls[1].rows + controls[2].rows,
)
for subject in SUBJECTS:
    for key, name in (("london", "London"), ("england", "England")):
        for year in (1997, 2007):
            study.level(f"ks3_{subject}.{key}.{year}", f"ks3_{subject}_l5", name, year, digits=0)

# %%
shown = {**{f"{name}, age 14": s for name, s in series.items()}, "age 11, mean of three": control}
publish(
    registry,
    "gaps",
    charts.gaps(shown, "London less England, points"),
    title="London less England at 14 and 11",
    caption=(
        "London less England: pupils at level 5 at age 14 by subject, and at level 4 at age 11, mean of three subjects. "
        "The dashed line parts the last tests before the first cohort began from the first tests after."
    ),
    description=(
        f"Line chart with four lines from 1997 to 2007. English at 14 stays between {series['English'].gap[:7].min():.0f} "
        f"and {series['English'].gap[:7].max():.0f} points until 2003 and ends at {series['English'].gap[-1]:+.0f}. Maths "
        f"goes from {series['maths'].gap[0]:.0f} in 1997 to {series['maths'].gap[6]:.0f} in 2003 and "
        f"{series['maths'].gap[-1]:.0f} in 2007, science from {series['science'].gap[0]:.0f} to "
        f"{series['science'].gap[6]:.0f} and {series['science'].gap[-1]:.0f}, after a low of "
        f"{series['science'].gap.min():.0f}. The line for age 11 starts at {control.gap[0]:.1f}, is at "
        f"{control.gap[6]:.1f} in 2003 and at {control.gap[-1]:.1f} in 2007."
    ),
    data=charts.gaps_frame(shown).round(2),
)

# %% [markdown]
# Until 2003 the gap in English hardly moved: {num}`london.gap.ks3_english.1997` points in 1997,
# {num}`london.gap.ks3_english.2003` in 2003, {num}`london.gap.ks3_english.2007` in 2007. In mathematics the same
# years show {num}`london.gap.ks3_maths.1997`, {num}`london.gap.ks3_maths.2003` and {num}`london.gap.ks3_maths.2007`,
# in science {num}`london.gap.ks3_science.1997`, {num}`london.gap.ks3_science.2003` and
# {num}`london.gap.ks3_science.2007`.

# %% [markdown]
# ## What could be detected
#
# Districts differ so much in how far they moved that London would have had to gain about
# {num}`london.ks3_english.mde` points more than they did in English, {num}`london.ks3_maths.mde` in mathematics and
# {num}`london.ks3_science.mde` in science to be told from chance. London's whole gap to England in 1997 was smaller
# than that in each subject. A complete recovery could have passed unseen.

# %%
study.detect("ks3_english", "ks3_maths", "ks3_science")

# %% [markdown]
# The same against all listed districts, and for the poorest tenth of areas from 2009 to 2013:

# %%
study.detect("ks3_english_all", "ks3_maths_all", "ks3_science_all", "poorest_decile")

# %% tags=["remove-cell"]
for subject, name in SUBJECTS.items():
    assert registry.value(f"ks3_{subject}.mde") > abs(series[name].gap[0])

# %% [markdown]
# ## The estimate
#
# The plan compares London with districts no more than two points above it in 1997, by two-way fixed effects. In
# English London went from {num}`london.ks3_english.treated_pre` to {num}`london.ks3_english.treated_post` per cent,
# these districts from {num}`london.ks3_english.donors_pre` to {num}`london.ks3_english.donors_post`: a difference of
# {num}`london.ks3_english.att` points. In mathematics it is {num}`london.ks3_maths.att`, in science
# {num}`london.ks3_science.att`. The years before the start outnumber those after it, so even a clear
# difference would not have pointed to the programme.

# %%
study.estimate("ks3_english", "ks3_maths", "ks3_science")

# %% [markdown]
# Two years a district give one step: no event study over districts (a path year by year beside the range of
# the others) and no trend before the start to test. What can be seen is the place of London's step among
# theirs.

# %%
case_figures.ranks(study, "ks3_english", "English at 14, districts of equal start")

# %% [markdown]
# Against every listed district the differences are {num}`london.ks3_english_all.att`,
# {num}`london.ks3_maths_all.att` and {num}`london.ks3_science_all.att`. These districts started higher on
# average, and high starters gained less.

# %%
study.estimate("ks3_english_all", "ks3_maths_all", "ks3_science_all")

# %% tags=["remove-cell"]
primary = ["ks3_english", "ks3_maths", "ks3_science"]
study.family(
    "family_p",
    primary,
    "p of the largest of the three subjects' differences against districts of equal start.",
)
study.family(
    "family_all_p",
    [f"{name}_all" for name in primary],
    "p of the largest of the three subjects' differences against all listed districts.",
)
for name in [*primary, *(f"{name}_all" for name in primary)]:
    panel = study.panel(name)
    gains = panel.y[:, -1] - panel.y[:, 0]
    study.computed(
        f"{name}.share_as_much",
        100 * is_at_least(gains[1:], gains[0]).mean(),
        "Share of comparison districts that gained at least as much as London, 1997 to 2007.",
        panel.rows,
        unit="percent",
        digits=0,
    )
    study.computed(
        f"{name}.share_above",
        is_at_least(gains[1:], gains[0]).mean(),
        "The same as a fraction.",
        panel.rows,
        digits=2,
    )

# %% [markdown]
# **Boroughs at 16.** From 2003 to 2007 their mean moved from {num}`london.borough.all.gap.2003` to
# {num}`london.borough.all.gap.2007` points against England, the only comparator {src}`UK_HC_20080129_271W`;
# {num}`london.borough.ahead` of {num}`london.boroughs` gained more than England. Low starters gained most
# (correlation {num}`london.borough.start_gain`), which they also tend to do of themselves. This is description.

# %% tags=["remove-cell"]
wide = boroughs.pivot(index="name", columns="year", values="value")
england, own = wide.loc["England"], wide.drop(index="England")
groups = {"all": own, "inner": own.loc[INNER], "outer": own.drop(index=INNER)}
titles = {"all": "All boroughs", "inner": "Inner London", "outer": "Outer London"}
rows = []
for key, block in groups.items():
    gap = block.mean() - england
    line = {"boroughs": titles[key], "number": str(len(block))}
    for year in wide.columns:
        used = boroughs[boroughs["year"] == year]
        line[str(year)] = study.computed(
            f"borough.{key}.gap.{year}",
            gap[year],
            f"{titles[key]}: plain mean less England, {year}.",
            used,
            unit="percentage points",
            signed=True,
        )
        if year in (2003, 2007):
            study.computed(
                f"borough.{key}.{year}",
                block[year].mean(),
                f"{titles[key]}: plain mean, {year}.",
                used,
                unit="percent",
            )
    line["slope a year"] = study.computed(
        f"borough.{key}.slope",
        np.polyfit(np.array(wide.columns, float), gap.to_numpy(float), 1)[0],
        f"{titles[key]}: slope of the gap to England, 2003 to 2007.",
        boroughs,
        unit="percentage points a year",
        digits=2,
        signed=True,
    )
    rows.append(line)
borough_table = pd.DataFrame(rows)
for year in (2003, 2007):
    study.level(f"borough.england.{year}", "ks4_5acem_hansard", "England", year)
gain = own[2007] - own[2003]
study.computed(
    "borough.ahead",
    int(is_above(gain, england[2007] - england[2003]).sum()),
    "Boroughs that gained more than England, 2003 to 2007.",
    boroughs,
    digits=0,
)
study.computed(
    "borough.start_gain",
    np.corrcoef(own[2003], gain)[0, 1],
    "Correlation over boroughs of the 2003 level and the gain to 2007.",
    boroughs,
    digits=2,
    signed=True,
)

# %%
catch_up = pd.DataFrame(
    {
        "borough": own.index,
        "part": np.where(own.index.isin(INNER), "Inner London", "Outer London"),
        "start": own[2003].to_numpy(),
        "gain": gain.to_numpy(),
    }
)
parts = alt.Scale(domain=["Inner London", "Outer London"], range=[TREATED, SECOND])
dots = (
    alt.Chart(catch_up)
    .mark_point(size=80, filled=True, opacity=0.85)
    .encode(
        x=alt.X("start:Q", title="per cent in 2003", scale=alt.Scale(zero=False), axis=alt.Axis(grid=False)),
        y=alt.Y("gain:Q", title="gain to 2007, points"),
        color=alt.Color("part:N", scale=parts),
        shape=alt.Shape("part:N", scale=alt.Scale(domain=["Inner London", "Outer London"])),
        tooltip=["borough:N", alt.Tooltip("start:Q", format=".1f"), alt.Tooltip("gain:Q", format="+.1f")],
    )
)
average = pd.DataFrame({"start": [england[2003]], "gain": [england[2007] - england[2003]]})
level = alt.Chart(average).mark_rule(color=DONOR, strokeDash=[4, 3]).encode(y="gain:Q")
begin = alt.Chart(average).mark_rule(color=DONOR, strokeDash=[4, 3]).encode(x="start:Q")
publish(
    registry,
    "boroughs",
    (level + begin + dots).properties(height=charts.HEIGHT),
    title="Boroughs: start and gain",
    caption=(
        "Catching up at 16: each borough's share with five good passes including English and mathematics in 2003 and its "
        "gain to 2007. The dashed lines are England's level and gain."
    ),
    description=(
        f"Scatter chart of {len(catch_up)} boroughs. Gains run from {gain.min():+.1f} points ({gain.idxmin()}) to "
        f"{gain.max():+.1f} ({gain.idxmax()}); {registry.text('borough.ahead')} boroughs lie above England's "
        f"{average['gain'].iloc[0]:+.1f}. Inner boroughs average {gain[INNER].mean():+.1f}, outer ones "
        f"{gain.drop(INNER).mean():+.1f}. Start and gain are correlated {registry.text('borough.start_gain')}."
    ),
    data=catch_up.round(1),
)

# %%
Table(borough_table, "Five good passes with English and mathematics: mean of boroughs less England, points")

# %% [markdown]
# **Later years.** From 2009 to 2013 London rose by {num}`london.region.gain.london` points and eight other
# regions by {num}`london.region.gain.others` on average (rank {num}`london.region.rank` of nine)
# {src}`UK_DFE_SFR05_2014_RES`. In the poorest tenth of home areas London went from
# {num}`london.poorest_decile.treated_pre` to {num}`london.poorest_decile.treated_post` per cent,
# {num}`london.poorest_decile.att` points more than the same tenth elsewhere, rank
# {num}`london.poorest_decile.rank` of {num}`london.poorest_decile.places` (p {num}`london.poorest_decile.p`,
# smallest possible {num}`london.poorest_decile.floor`). Weighted to London's mix of areas, its lead over the
# rest of England was {num}`london.mix.2009` points in 2009 and {num}`london.mix.2013` in 2013.

# %%
study.estimate("poorest_decile")

# %% tags=["remove-cell"]
table = regions.query("unit_type == 'region'").pivot(index="name", columns="year", values="value")
change = table[2013] - table[2009]
for year in (2009, 2013):
    study.level(f"region.london.{year}", "ks4_5acem", "London", year)
    study.computed(
        f"region.others.{year}",
        table.drop(index="London")[year].mean(),
        f"Plain mean of the eight other regions, {year}.",
        regions.query("unit_type == 'region' and year == @year"),
        unit="percent",
    )
study.computed(
    "region.gain.london",
    change["London"],
    "Change of London, 2009 to 2013.",
    regions,
    unit="percentage points",
    signed=True,
)
study.computed(
    "region.gain.others",
    change.drop("London").mean(),
    "Mean change of the eight other regions, 2009 to 2013.",
    regions,
    unit="percentage points",
    signed=True,
)
study.computed(
    "region.rank",
    int(is_above(change, change["London"]).sum()) + 1,
    "Rank of London's change among nine regions.",
    regions,
    digits=0,
)

areas = study.outcome("ks4_5acem_idaci")
areas = areas.assign(tenth=areas["name"].str.extract(r"IDACI (\d+)", expand=False))
share = areas.pivot(index=["parent", "tenth"], columns="year", values="value")
pupils = areas.pivot(index=["parent", "tenth"], columns="year", values="n_pupils").astype(float)
rest_pupils = pupils.loc["England"] - pupils.loc["London"]
rest = (
    share.loc["England"] * pupils.loc["England"] - share.loc["London"] * pupils.loc["London"]
) / rest_pupils
mix = ((share.loc["London"] - rest) * pupils.loc["London"]).sum() / pupils.loc["London"].sum()
for year in mix.index:
    study.computed(
        f"mix.{year}",
        mix[year],
        f"London less the rest of England, the rest weighted to London's mix of deprivation tenths, {year}.",
        areas[areas["year"] == year],
        unit="percentage points",
    )
for year in (2009, 2013):
    study.computed(
        f"poorest_rest.{year}",
        rest.loc["0", year],
        f"Poorest tenth of areas in the rest of England, weighted by pupils, {year}.",
        areas[areas["year"] == year],
        unit="percent",
    )
study.computed(
    "poorest_rest.gain",
    rest.loc["0", 2013] - rest.loc["0", 2009],
    "Change of the poorest tenth in the rest of England, 2009 to 2013.",
    areas[areas["year"].isin([2009, 2013])],
    unit="percentage points",
    signed=True,
)
study.computed(
    "poorest_lead.2013",
    share.loc[("London", "0"), 2013] - rest.loc["0", 2013],
    "London's poorest tenth less the same tenth in the rest of England, 2013.",
    areas[areas["year"] == 2013],
    unit="percentage points",
)

meals = study.outcome("ks4_5acem_fsm_hansard")
by_place = meals.pivot(index="name", columns="year", values="value")
inner = by_place.loc["Inner London"]
town = by_place.loc["England, non-rural schools excluding Inner London"]
country = by_place.loc["England, rural schools excluding Inner London"]
for year in (2005, 2008):
    study.computed(
        f"meals.inner.{year}",
        inner[year],
        f"Pupils on free meals, Inner London, {year}.",
        meals,
        unit="percent",
    )
    study.computed(
        f"meals.town.{year}",
        town[year],
        f"Pupils on free meals, non-rural elsewhere, {year}.",
        meals,
        unit="percent",
    )
    study.computed(
        f"meals.gap.{year}",
        inner[year] - town[year],
        f"Inner London less non-rural elsewhere, {year}.",
        meals,
        unit="percentage points",
    )
for key, other in (("town", town), ("rural", country)):
    study.computed(
        f"meals.change.{key}",
        (inner[2008] - inner[2005]) - (other[2008] - other[2005]),
        f"Change of Inner London 2005 to 2008 beyond {key} schools elsewhere.",
        meals,
        unit="percentage points",
        signed=True,
    )

progress = study.outcome("ks4_prog8_fsm").query("unit_type == 'region'")
score = progress.pivot(index="name", columns="year", values="value")
for year, value in (score.loc["London"] - score.drop(index="London").mean()).items():
    study.computed(
        f"progress.{year}",
        value,
        f"Progress 8 of pupils on free meals, London less the mean of eight regions, {year}.",
        progress[progress["year"] == year],
        unit="points",
        digits=2,
    )
by_tenth = pd.concat(
    pd.DataFrame(
        {
            "series": str(year),
            "tenth": share.loc["London"].index.astype(int) // 10 + 1,
            "gap": values.to_numpy(),
        }
    )
    for year, values in (share.loc["London"] - rest)[[2009, 2013]].items()
).sort_values(["series", "tenth"], ignore_index=True)
assert (by_tenth["gap"] > 0).all()
poorest = share.xs("0", level="tenth").drop(index="England")
assert (poorest.loc["London"] > poorest.drop(index="London").max()).all()
assert (score.loc["London"] > score.drop(index="London").max()).all()
assert (inner > town).all() and (inner > country).all()

# %%
ends = by_tenth.pivot(index="tenth", columns="series", values="gap")
strokes = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=320)
publish(
    registry,
    "deprivation",
    alt.Chart(by_tenth)
    .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45, filled=True))
    .encode(
        x=alt.X(
            "tenth:Q",
            title="tenth of home areas, 1 the poorest",
            axis=alt.Axis(format="d", values=list(range(1, 11)), grid=False),
        ),
        y=alt.Y("gap:Q", title="London less the rest, points"),
        color=alt.Color(
            "series:N", scale=alt.Scale(domain=["2009", "2013"], range=[SECOND, TREATED]), legend=strokes
        ),
        strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=["2009", "2013"]), legend=strokes),
        tooltip=["series:N", "tenth:Q", alt.Tooltip("gap:Q", format="+.1f")],
    )
    .properties(height=charts.HEIGHT),
    title="London's lead by deprivation",
    caption=(
        "Like with like: share with five good passes including English and mathematics, London less the rest of England, "
        "by tenth of home areas in children's deprivation."
    ),
    description=(
        f"Line chart with two lines over ten tenths, all points above zero. In the poorest tenth the gap is "
        f"{ends.loc[1, '2009']:.1f} points in 2009 and {ends.loc[1, '2013']:.1f} in 2013, in the least deprived "
        f"{ends.loc[10, '2009']:.1f} and {ends.loc[10, '2013']:.1f}. The two years lie at most "
        f"{(ends['2009'] - ends['2013']).abs().max():.1f} points apart."
    ),
    data=by_tenth.round(1),
)

# %% [markdown]
# **Free meals.** Inner London's pupils on free meals stood {num}`london.meals.gap.2005` points above those of town
# schools elsewhere in 2005 and {num}`london.meals.gap.2008` in 2008 {src}`UK_HC_20100118_310542`. London's Progress 8
# score for such pupils was {num}`london.progress.2016` above the mean of other regions in 2016 and
# {num}`london.progress.2022` in 2022 {src}`UK_LDS_GCSE_FSM`. Town schools elsewhere include Outer London, which
# probably makes the first gap too small.

# %%
kinds = {"Inner London": inner, "town schools elsewhere": town, "rural schools elsewhere": country}
free = pd.concat(
    pd.DataFrame({"series": label, "year": values.index, "value": values.to_numpy(float)})
    for label, values in kinds.items()
).reset_index(drop=True)
publish(
    registry,
    "meals",
    charts.lines(free, "per cent"),
    title="Pupils on free meals",
    caption=(
        "Pupils on free meals: share with five good passes including English and mathematics, Inner London and schools "
        "elsewhere in England."
    ),
    description=(
        f"Line chart of three series from {free['year'].min()} to {free['year'].max()}. Inner London lies on top "
        f"throughout, from {inner.iloc[0]:.1f} to {inner.iloc[-1]:.1f} per cent; town schools go from {town.iloc[0]:.1f} to "
        f"{town.iloc[-1]:.1f} and rural schools from {country.iloc[0]:.1f} to {country.iloc[-1]:.1f}."
    ),
    data=free,
)

# %% [markdown]
# **The long gap.** The chart draws every measure as a share of England's figure, which nears one hundred by itself
# when nearly every pupil passes.

# %% tags=["remove-cell"]


def ratio(label, segment, indicator, treated, years):
    rows = study.outcome(indicator)
    wide = rows[rows["year"].isin(years)].pivot(index="name", columns="year", values="value")
    value = wide.loc[treated].mean() if isinstance(treated, list) else wide.loc[treated]
    england = wide.loc["England", years]
    return pd.DataFrame(
        {
            "measure": label,
            "segment": segment,
            "year": years,
            "London": value[years].to_numpy(float),
            "England": england.to_numpy(float),
        }
    )


span = list(range(1997, 2008))
tests = [ratio("tests at 14", "tests", f"ks3_{s}_l5", "London", span) for s in SUBJECTS]
mean_tests = tests[0].assign(
    London=np.mean([t["London"] for t in tests], axis=0),
    England=np.mean([t["England"] for t in tests], axis=0),
)
long = pd.concat(
    [
        ratio("leavers, Inner London", "1", "leavers_5ac", "Inner London (ILEA)", list(range(1976, 1989))),
        mean_tests,
        ratio("five good passes", "boroughs", "ks4_5acem_hansard", list(own.index), list(range(2003, 2008))),
        ratio("five good passes", "regions", "ks4_5acem", "London", list(range(2009, 2014))),
        ratio("Attainment 8", "old grades", "ks4_att8_2016", "London", [2016]),
        ratio("Attainment 8", "new grades", "ks4_att8", "London", [2017, 2018, 2019]),
        ratio("Attainment 8", "teacher grades", "ks4_att8", "London", [2020, 2021]),
        ratio("Attainment 8", "adapted", "ks4_att8", "London", [2022]),
    ],
    ignore_index=True,
)
long["ratio"] = 100 * long["London"] / long["England"]
breaks = pd.DataFrame({"year": [1992.5, 2008, 2014.5, 2016.5, 2019.5, 2021.5]})

# %%
order = list(dict.fromkeys(long["measure"]))
x = alt.X(
    "year:Q",
    title=None,
    scale=alt.Scale(domain=[1975, 2023], nice=False, zero=False),
    axis=alt.Axis(format="d", values=[1976, 1988, 1997, 2004, 2013, 2022], grid=False),
)
lines = (
    alt.Chart(long)
    .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30, filled=True))
    .encode(
        x=x,
        y=alt.Y("ratio:Q", title="London, England = 100", scale=alt.Scale(zero=False)),
        color=alt.Color(
            "measure:N",
            scale=alt.Scale(domain=order, range=[DONOR, SECOND, TREATED, THIRD]),
            legend=alt.Legend(columns=2),
        ),
        detail="segment:N",
        tooltip=["measure:N", "year:Q", alt.Tooltip("ratio:Q", format=".1f")],
    )
)
level = alt.Chart(pd.DataFrame({"ratio": [100]})).mark_rule(color=GRID).encode(y="ratio:Q")
rules = alt.Chart(breaks).mark_rule(strokeDash=[2, 4], color=DONOR).encode(x=x)
publish(
    registry,
    "long",
    (level + rules + lines).properties(height=300),
    title="London as a share of England",
    caption=(
        "London as a share of England's figure, 1976 to 2022. Dotted lines mark where the measure changes; levels on "
        "the two sides of one must not be compared."
    ),
    description=(
        "Line chart of separate pieces. School leavers of Inner London run from "
        f"{long['ratio'].iloc[0]:.0f} per cent of England in 1976 to {long['ratio'].iloc[12]:.0f} in 1988. After years "
        f"without a series, tests at 14 climb from {mean_tests['London'].iloc[0] / mean_tests['England'].iloc[0]:.0%} to "
        f"{mean_tests['London'].iloc[-1] / mean_tests['England'].iloc[-1]:.0%}. Five good passes cross England's level "
        "between 2003 and 2007. All pieces from 2009 on lie above it."
    ),
    data=long[["measure", "segment", "year", "London", "England", "ratio"]].round(1),
)

# %% tags=["remove-cell"]
passes = long[long["segment"] == "boroughs"]["ratio"]
assert passes.iloc[0] < 100 < passes.iloc[-1]
assert (
    long[long["segment"].isin(["regions", "old grades", "new grades", "teacher grades", "adapted"])]["ratio"]
    > 100
).all()

# %% [markdown]
# ## Placebo and robustness
#
# Each comparison district is put in London's place and compared with the rest, London left out. London ranks
# {num}`london.ks3_english.rank` of {num}`london.ks3_english.places` in English (p {num}`london.ks3_english.p`),
# {num}`london.ks3_maths.rank` of {num}`london.ks3_maths.places` in mathematics (p {num}`london.ks3_maths.p`) and
# {num}`london.ks3_science.rank` of {num}`london.ks3_science.places` in science (p {num}`london.ks3_science.p`). Of
# these districts {num}`london.ks3_english.share_as_much`, {num}`london.ks3_maths.share_as_much` and
# {num}`london.ks3_science.share_as_much` per cent gained at least as much as London; of all districts
# {num}`london.ks3_english_all.share_as_much`, {num}`london.ks3_maths_all.share_as_much` and
# {num}`london.ks3_science_all.share_as_much` per cent (p {num}`london.family_all_p` for the three together).

# %% [markdown]
# London is a region, these districts are single places. A large place is usually less noisy than a small
# one, and then this test errs towards seeing nothing {cite:p}`ferman2019`. Dividing each difference by the
# noise expected of a place's size would mend that; the release lacks pupils by district.

# %%
study.robustness("ks3_english")

# %%
study.robustness("ks3_maths")

# %%
study.robustness("ks3_science")

# %% [markdown]
# ### The specification curve
#
# A specification curve makes the comparison in every way that the plan's grid allows and shows all the
# answers. The grid crosses subject, comparison set and scale mechanically; it was fixed on 25 November 2026,
# after the results of release 2026.1 were known. The data bear all {num}`london.curve.n` combinations.
# Counted in placebo SD, the spread of the districts' own differences, the planned one stands at
# {num}`london.curve.planned` and the median at {num}`london.curve.median`, between {num}`london.curve.low`
# and {num}`london.curve.high`. {num}`london.curve.positive` per cent lie above zero, one of them by next to
# nothing; {num}`london.curve.outside` lie beyond what nine tenths of the districts show. Run through the
# same grid, London's median ranks {num}`london.curve.rank` of {num}`london.curve.places` places, p
# {num}`london.curve.p` (smallest possible {num}`london.curve.floor`).
#
# Who counts as comparable moves the answer most, because low starters gain most. In English the difference is
# {num}`london.margin.english.0` points against districts no higher than London in 1997,
# {num}`london.margin.english.4` against those up to four points above, {num}`london.margin.english.nearest` against the
# twenty nearest and {num}`london.ks3_english_all.att` against all.

# %% tags=["remove-cell"]
curve = study.curve()
frame = curve.frame()
medians = pd.Series(curve.medians, index=list(curve.places)).dropna()
for key, value, meaning in (
    ("outside", int((~frame["effect"].between(frame["low"], frame["high"])).sum()),
     "Specifications beyond the middle nine tenths of the comparison districts."),
):  # fmt: skip
    study.computed(f"curve.{key}", value, meaning, curve.rows, digits=0)
spread = {name: np.ptp(frame.groupby(name)["effect"].median()) for name in curve.varying}
assert max(spread, key=spread.get) == "comparison" and curve.positive == 1 and not curve.skipped
english = frame.query("outcome == 'English' and scale == 'points'").set_index("comparison")["raw"]
for key, words in (
    ("0", "start at most 0 above"),
    ("4", "start at most 4 above"),
    ("nearest", "twenty nearest before"),
):
    study.computed(
        f"margin.english.{key}",
        english[words],
        f"Difference in English, comparison set: {words}.",
        curve.rows,
        unit="percentage points",
        signed=True,
    )

# %%
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ### The gap by year
#
# From before to after 2003 the gap to England moved by {num}`london.gap.ks3_english.change` points in English,
# {num}`london.gap.ks3_maths.change` in mathematics and {num}`london.gap.ks3_science.change` in science; net of a
# straight line, by {num}`london.gap.ks3_english.change_trend`, {num}`london.gap.ks3_maths.change_trend` and
# {num}`london.gap.ks3_science.change_trend`. At age 11, the negative control, the latter figures are
# {num}`london.gap.ks2_english.change_trend`, {num}`london.gap.ks2_maths.change_trend` and
# {num}`london.gap.ks2_science.change_trend`. Only the turn in English is clearly larger in size.
#
# With one comparator there are no placebo places and no p. A start put where none was, in 2002 on the years
# to 2003, gives {num}`london.gap.ks3_english.placebo_time.2002` points in English,
# {num}`london.gap.ks3_maths.placebo_time.2002` in mathematics,
# {num}`london.gap.ks3_science.placebo_time.2002` in science and {num}`london.gap.ks2.placebo_time.2002` at
# age 11. All but English move at starts that never were.

# %% tags=["remove-cell"]
steps = {key: registry.value(f"gap.{key}.change_trend") for key in study.plan.gaps}
largest = max(abs(steps[f"ks2_{subject}"]) for subject in SUBJECTS)
assert steps["ks3_english"] > 1.5 * largest > steps["ks3_science"] > steps["ks3_maths"]
named = {f"ks3_{subject}": (f"{label}, age 14", series[label]) for subject, label in SUBJECTS.items()}
named["ks2"] = ("age 11, mean of three", control)
steps = []
for key, (label, gap) in named.items():
    last = gap.n_pre
    for year in range(2000, 2004):
        fake = replace(
            gap,
            years=gap.years[:last],
            treated=gap.treated[:last],
            comparator=gap.comparator[:last],
            n_pre=gap.years.index(year),
        )
        step = interrupted_gap(fake, trend=False).change
        steps.append({"series": label, "year": year, "value": step})
        study.computed(
            f"gap.{key}.placebo_time.{year}",
            step,
            f"{label}: change of the mean gap for a start in {year} that did not happen, years to 2003.",
            gap.rows,
            unit="percentage points",
            signed=True,
            function=interrupted_gap,
        )
    steps.append({"series": label, "year": 2004, "value": interrupted_gap(gap, trend=False).change})
fakes = pd.DataFrame(steps)
never = fakes[fakes["year"] < 2004].groupby("series")["value"].agg(["min", "max"])
true = fakes[fakes["year"] == 2004].set_index("series")["value"]
assert never.loc["English, age 14"].abs().max() < 0.5 < never["max"].drop("English, age 14").min()

# %%
years = list(range(2000, 2005))
publish(
    registry,
    "fakes",
    (charts.lines(fakes, "change of the gap, points") + charts.start_rule(years, 4)).properties(
        height=charts.HEIGHT
    ),
    title="Starts that did not happen",
    caption=(
        "The gap to England after less before, for starts that did not happen (2000 to 2003, on the years to 2003) and, right "
        "of the dashed line, for the start of 2004."
    ),
    description=(
        "Line chart of four series over five possible starts. At the four starts that did not happen "
        + "; ".join(f"{name} lies between {row['min']:+.1f} and {row['max']:+.1f}" for name, row in never.iterrows())
        + ". In 2004 "
        + ", ".join(f"{name} stands at {value:+.1f}" for name, value in true.items())
        + "."
    ),
    data=fakes.round(2),
)  # fmt: skip

# %% [markdown]
# A second grid, of the same day and not in the plan, crosses subject, start, years before and after, a
# straight line or none, and the gap at 11 taken off: that of the same year, or of the same pupils three
# years earlier. Of {num}`london.gap_curve.n` combinations {num}`london.gap_curve.positive` per cent lie
# above zero; the median is {num}`london.gap_curve.median` points, the ends are {num}`london.gap_curve.low`
# and {num}`london.gap_curve.high`, both from lines carried on. The median is {num}`london.gap_curve.by.none`
# with nothing taken off, {num}`london.gap_curve.by.same_year` less age 11 in the same year and
# {num}`london.gap_curve.by.same_pupils` less the same pupils at 11; {num}`london.gap_curve.by.without`
# without a line and {num}`london.gap_curve.by.with` with one. Net of both line and same pupils, the step of
# 2004 is {num}`london.gap_curve.net.english` in English, {num}`london.gap_curve.net.maths` in mathematics
# and {num}`london.gap_curve.net.science` in science.

# %% tags=["remove-cell"]


def shift(gap, start, before, window, trend):
    """Change of a gap at a start, beside a straight line or not; NaN with too few years for a line."""
    pre, post = gap[gap.index < start], gap[gap.index >= start]
    pre = pre if before == "all" else pre.iloc[-1:]
    post = post if window == "to 2007" else post.iloc[-1:]
    if trend == "without":
        return post.mean() - pre.mean()
    if len(pre) < 3:
        return np.nan
    both = pd.concat([pre, post])
    none = np.zeros(len(both))
    fitted = GapSeries("shift", tuple(both.index), both.to_numpy(), none, len(pre), first.scale, first.rows)
    return interrupted_gap(fitted, trend=True).change


LATER = {"none": None, "age 11 that year": 0, "same pupils at 11": 3}
made, short = [], 0
for (label, late), early in zip(series.items(), controls, strict=True):
    at_fourteen, at_eleven = pd.Series(late.gap, late.years), pd.Series(early.gap, early.years)
    for choice in product(
        range(2002, 2007), ("all", "last"), ("to 2007", "2007 alone"), LATER, ("without", "with")
    ):
        start, before, window, taken, trend = choice
        off = 0 if LATER[taken] is None else at_eleven.set_axis(at_eleven.index + LATER[taken])
        effect = shift((at_fourteen - off).dropna(), start, before, window, trend)
        short += int(np.isnan(effect))
        made += [] if np.isnan(effect) else [(label, str(start), *choice[1:], effect)]
grid = pd.DataFrame(made, columns=["subject", "start", "before", "window", "control", "trend", "effect"])
planned = grid.index[
    (grid["subject"] == "English") & (grid["start"] == "2004") & (grid["before"] == "all")
    & (grid["window"] == "to 2007") & (grid["control"] == "none")
]  # fmt: skip
assert np.allclose(
    grid.loc[planned, "effect"], [registry.value(f"gap.ks3_english.{k}") for k in ("change", "change_trend")]
)
gap_curve = Curve(
    specifications=grid.drop(columns="effect"),
    raw=grid[["effect"]].to_numpy().T,
    places=("London",),
    donors=np.ones(len(grid), dtype=int),
    units=("percentage points",) * len(grid),
    planned=int(planned[0]),
    skipped={"fewer than three years before for a line": short},
    rows=sum((s.rows for s in (*series.values(), *controls[1:])), controls[0].rows),
)
study.record_curve(gap_curve, "gap_curve")
for column, key, option in (
    ("control", "none", "none"),
    ("control", "same_year", "age 11 that year"),
    ("control", "same_pupils", "same pupils at 11"),
    ("trend", "without", "without"),
    ("trend", "with", "with"),
):
    study.computed(
        f"gap_curve.by.{key}",
        grid.loc[grid[column] == option, "effect"].median(),
        f"Median over the grid with {column} {option}.",
        gap_curve.rows,
        unit="percentage points",
        digits=2,
        signed=True,
    )
net = grid[
    (grid["start"] == "2004") & (grid["before"] == "all") & (grid["window"] == "to 2007")
    & (grid["control"] == "same pupils at 11") & (grid["trend"] == "with")
].set_index("subject")["effect"]  # fmt: skip
for subject, label in SUBJECTS.items():
    study.computed(
        f"gap_curve.net.{subject}",
        net[label],
        f"{label}: step of 2004 beside a line in the gap at 14 less the same pupils' gap at 11, tests 2000 to 2007.",
        gap_curve.rows,
        unit="percentage points",
        digits=2,
        signed=True,
    )
ends = grid.loc[[grid["effect"].idxmin(), grid["effect"].idxmax()], "trend"]
assert (ends == "with").all() and (net < 0).all()

# %%
case_figures.curve(study, gap_curve, "gap_curve", "Every way of reading the gap by year")

# %% [markdown]
# ## Rival explanations and published studies
#
# **A low start.** Over all listed districts level and gain correlate {num}`london.start_gain.english`,
# {num}`london.start_gain.maths` and {num}`london.start_gain.science` in the three subjects. Measured from the
# districts' line London stands at {num}`london.net.english`, {num}`london.net.maths` and {num}`london.net.science`
# points. {num}`london.matched_all_three` districts of equal start matched its gain in all three subjects; Manchester,
# Liverpool and Knowsley in two. The programme first left London in 2006, for Greater Manchester {src}`UK_TF_HISTORY`.

# %% tags=["remove-cell"]
gained = {}
for subject, label in SUBJECTS.items():
    whole = study.panel(f"ks3_{subject}_all")
    start, moved = whole.y[:, 0], whole.y[:, 1] - whole.y[:, 0]
    slope, level_at_zero = np.polyfit(start[1:], moved[1:], 1)
    study.computed(
        f"start_gain.{subject}",
        np.corrcoef(start[1:], moved[1:])[0, 1],
        f"Correlation over districts of the 1997 level and the gain to 2007, {label}.",
        whole.rows,
        digits=2,
        signed=True,
    )
    study.computed(
        f"net.{subject}",
        moved[0] - (level_at_zero + slope * start[0]),
        f"London's gain beyond the districts' line of gain on start, {label}.",
        whole.rows,
        unit="percentage points",
        signed=True,
    )
    matched = study.panel(f"ks3_{subject}")
    gained[label] = pd.Series(matched.y[:, 1] - matched.y[:, 0], index=list(matched.units))
moves = pd.DataFrame(gained)
as_much = (moves >= moves.loc["London"]).drop(index="London").sum(axis=1)
study.computed(
    "matched_all_three",
    int((as_much == 3).sum()),
    "Districts of equal start in all three subjects that gained at least as much as London in each.",
    study.panel("ks3_english").rows + study.panel("ks3_maths").rows + study.panel("ks3_science").rows,
    digits=0,
)
assert set(as_much[as_much == 2].index) >= {"Manchester", "Liverpool", "Knowsley"}
listed = moves.loc[["London", *as_much[as_much >= 2].index]]
listed = listed.astype("Float64").map(lambda v: "started higher" if pd.isna(v) else f"+{v:.0f}")
listed = listed.rename_axis("place").reset_index()

# %%
Table(
    listed,
    "Gain from 1997 to 2007, points: London and the districts of equal start that matched it in two subjects or three",
)

# %% [markdown]
# **Better prepared pupils.** Those tested at 14 from 2004 to 2007 had sat the tests at 11 when that gap was within two
# points. From the tests of 2000–2003 to those of 2004–2007 the gap at 14 moved by {num}`london.cohort.english.raw`,
# {num}`london.cohort.maths.raw` and {num}`london.cohort.science.raw` points; less the same pupils' gap at 11, by
# {num}`london.cohort.english.change`, {num}`london.cohort.maths.change` and {num}`london.cohort.science.change`. More
# than half of the movement is there at 11. This was not in the plan, and levels at the two ages differ.

# %% tags=["remove-cell"]
for subject, name, at_eleven in zip(SUBJECTS, SUBJECTS.values(), controls, strict=True):
    at_fourteen = series[name]
    late = dict(zip(at_fourteen.years, at_fourteen.gap, strict=True))
    early = dict(zip(at_eleven.years, at_eleven.gap, strict=True))
    growth = {year: late[year] - early[year - 3] for year in late if year - 3 in early}
    behind = at_fourteen.rows + at_eleven.rows
    parts = {}
    for key, years in (("before", range(2000, 2004)), ("after", range(2004, 2008))):
        parts[key] = float(np.mean([growth[year] for year in years]))
        study.computed(
            f"cohort.{subject}.{key}",
            parts[key],
            f"Gap to England at 14 less the same cohort's gap at 11, {name}, tests {years[0]} to {years[-1]}.",
            behind,
            unit="percentage points",
            digits=2,
            signed=True,
        )
    raw = np.mean([late[y] for y in range(2004, 2008)]) - np.mean([late[y] for y in range(2000, 2004)])
    assert parts["after"] - parts["before"] < raw / 2
    assert max(abs(early[year]) for year in range(2001, 2005)) <= 2
    study.computed(
        f"cohort.{subject}.raw",
        raw,
        f"Change of the gap at 14 from the tests of 2000-2003 to those of 2004-2007, {name}.",
        behind,
        unit="percentage points",
        digits=2,
        signed=True,
    )
    study.computed(
        f"cohort.{subject}.change",
        parts["after"] - parts["before"],
        f"Change of it, {name}.",
        behind,
        unit="percentage points",
        digits=2,
        signed=True,
    )

# %% [markdown]
# **What studies find.** One dates the advantage of London's poor pupils to the mid-1990s and gives ethnic mix about a
# sixth of its growth {src}`LF_036`; one puts the gains at 16 mostly down to primary schools {src}`LF_037`; in a
# third, make-up accounts for all of the 2013 progress premium on one measure and half on others {src}`LF_034`. A
# review credits London Challenge, Teach First, academies and local support together {src}`LF_038`.
#
# **Teach First itself.** One study puts the gain of early partner schools at about
# {num}`london.eval.london-eval-01` grade in one of a pupil's best eight subjects, that of departments at
# over {num}`london.eval.london-eval-02` per cent of a grade {src}`LF_031`. For later recruits
# {num}`london.eval.london-eval-05` standard deviations are reported, the sign unclear {src}`LF_032`. A study
# of alumni in leadership and London's results was not found in the sources read.

# %%
study.evaluations()

# %% [markdown]
# ## Dimensions, strategies and leverage points
#
# Recruiting, placing together in one city and, in part, pathways into leadership posts are documented; the leverage
# point tied to the network is a new supply of teachers. Shared purpose and representation were not found in the
# sources read. The codes are those of two automated readings, not reviewed by a human coder. Silent is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["london-01", "london-02", "london-03", "london-14"],
    "cluster": ["london-event-02", "london-event-04", "london-01", "london-03"],
    "alumni_pathways": ["london-11", "london-19", "london-eval-06"],
    "convene": ["london-23"],
    "network": ["london-event-06"],
    "feedback": ["london-eval-11"],
    "rules": ["london-eval-11"],
    "structures": ["london-eval-11", "london-22"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What strategy led to what
#
# No link from strategy to results is shown; what is documented is a supply of teachers, kept at first to one
# city. Until 2006 they were placed in London alone, {num}`london.lead.london-01` people in 2003
# {src}`UK_WIKI_LIQUI` and {num}`london.lead.london-03` in 2004 {src}`UK_TF_HISTORY`. The tests at 14 span
# those years, and beside districts of equal start London {num}`london.strategy.recruit_place.after`. London
# Challenge began in the same year {src}`LF_027`; one comparison stands for both and could not part them.
#
# Pathways have evidence of another kind. Entrants of 2008 to 2012 held senior posts far more often than peers
# trained at universities {src}`LF_029`, and a study commissioned by the programme agrees for early careers
# {src}`LF_033`. That ties the strategy to roles, in England as a whole. From roles to London's results the
# record is silent: the posts are first counted after the series has ended. The gathering of 2023 comes later
# still.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# London's secondary results rose against England's: documented, piece by piece. Poor pupils of London, or of
# its inner part, lead those elsewhere in every series read from 2005 to 2022; in 2013 its poorest areas
# stood {num}`london.poorest_lead.2013` points above the like in the rest of the country.
#
# How much belongs to the years after 2003 depends on the subject: English turned then, mathematics and
# science were already on their way. Net of a line and of what the same pupils showed at 11, no subject
# turned upwards. Beside places that began alike London's gain is ordinary: estimated, on one year before, by
# a comparison that sees only very large differences. That is no failure, and no proof of anyone's part in
# it.
#
# What ambassadors added is not known. Published estimates concern teachers in schools and departments, not a body of
# leaders.

# %% tags=["remove-cell"]
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Yearly results at 16 by region from 1997 to 2007: a pre-period with eight other regions.
# - Where participants were placed, by school and year, and where ambassadors work, by borough and post.
# - Complete district lists, with the missing regions and years.
# - What changed in the English test at 14, and when.
#
# If schools with many ambassadors pulled away from schools alike in pupils and other reforms, after the leaders came
# and not before, we would call the claim supported; if not, the public record would speak against it.

# %% tags=["remove-cell"]
study.finish()
