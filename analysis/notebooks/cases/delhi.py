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
# # Delhi, India: a rising pass rate and an undated five hundred
#
# {.lead}
# The gap between Delhi and all India in the final school examination grew for some years and then came back near its
# old size, and there is no set of places to compare the city with.
#
# {sure}`delhi`
#
# ```{chart} delhi.gap
# ```
#
# - Before 2016 the share who pass stood {num}`gap.region.pre_mean` percentage points above India's, in single years
#   between {num}`lead_low` and {num}`lead_high`.
# - In 2019 the lead was {num}`gap.region.2019` points, well outside the range of the years before 2016.
# - In 2023, with ordinary examinations back, it was {num}`gap_2023` points, inside that range again.
#
# **What else could explain it.** Who sits the examination: pupils who fail earlier may never reach it {src}`LF_053`.
# One doubtful base year carries much of what government schools gained, and marks were in dispute in 2017
# {src}`IN_BS_2017`. A survey of learning does not follow the pass rates.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by a size that matters more
# than elsewhere ([both words](../methods.md#two-words-for-a-case)): here {num}`verdict_why`.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "delhi"

# %% tags=["remove-cell"]
import numpy as np
import pandas as pd
from leadership_effects.data.provenance import Rows, provenance, rows_of
from leadership_effects.effects.estimators import interrupted_gap
from leadership_effects.effects.gains import rank_from_top
from leadership_effects.effects.gap_grid import lead_grid, placebo_gap_in_time
from leadership_effects.report import case_figures, charts
from leadership_effects.report.charts import description
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.numbers import CORRELATION, COUNT, P_VALUE, PER_CENT, POINTS, PUPILS, Unit
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

study = Study.open(release, case_id)
registry = study.registry

INDIA = "All India (CBSE)"
GOVERNMENT = "Delhi government schools"
PRIVATE = "Delhi private (independent) schools"
CANDIDATES = Unit("candidates", 0)
SUBREGIONS = ["Delhi", "Delhi East", "Delhi West"]


def wide(rows):
    """Values by year, one column a unit."""
    return rows.pivot(index="year", columns="name", values="value")


# %% [markdown]
# ## The question
#
# After 2015 Delhi's city government tested how pupils read and regrouped them by the results
# {src}`IN_HT_20160810, SN_MILLPOST_BUNIYAAD`, gave schools a larger share of its budget {src}`IN_FE_2018_BUDGET`, and
# reported rising results in the examination that ends school. The network says that its alumni hold influential posts
# across this system {src}`LF_001`. Did results move away from those elsewhere, and can any of that be linked to those
# people?
#
# Other explanations would look the same. Pass rates can rise when weaker candidates no longer sit, when marking
# changes or when papers are cancelled. Or a government with more money did it.

# %% [markdown]
# ## Place and system
#
# Delhi is a city and a state-level territory. Its government runs schools alongside private and government-aided ones
# {src}`IN_NDTV_2019, IN_FE_2018`. A national board, the Central Board, examines class XII and reports by region.
# The Delhi region had {num}`candidates.2014` candidates in 2014 and {num}`candidates.2015` in 2015
# {src}`IN_TWOCIRCLES_2014, IN_GULF_2015`; government schools had {num}`candidates_government.2019` in 2019
# and {num}`candidates_government.2024` in 2024 {src}`IN_IE_2019, IN_HT_20240513`.
#
# Education took {num}`budget.2012` per cent of the city's budget in the fiscal year ending 2012, about
# {num}`budget.2016` in that ending 2016 and {num}`budget.2019` in that ending 2019
# {src}`IN_IE_2018_ES, IN_FE_2018_BUDGET`.

# %%
case_figures.locating_map(
    study,
    "states and territories of India",
    "Delhi",
    None,
    title="Delhi is set beside all of India",
    compared="beside it: all of India",
)

# %% tags=["remove-cell"]
region, sector = study.series("cbse_xii_region"), study.series("cbse_xii_sector")
xii, city = region.rows, study.series("cbse_xii_doe")
for key, found, unit, years in (
    ("candidates", region, "Delhi", (2014, 2015)),
    ("candidates_government", sector, GOVERNMENT, (2019, 2024)),
):
    sat = {year: found.at(unit, year)["n_pupils"].iloc[0] for year in years}
    meaning, own_rows = f"Class XII candidates, {unit}, {{}}.", found.at(unit)
    record = study.numbers(key)
    record.each("{}", sat, CANDIDATES, meaning, rows=lambda year, own=own_rows: own[own["year"] == year])
study.levels("{}.{}", "edu_budget_share", {"budget": "Delhi"}, (2012, 2016, 2019), digits=0)
study.levels("{}.{}", "edu_spend_per_student", {"spending": "Delhi"}, (2017, 2021), digits=0)
study.levels("{}.{}", "class9_pass", {"class9": GOVERNMENT}, (2016, 2019))

# %% [markdown]
# ## Leadership build-up
#
# Teach For India began in Mumbai and Pune in 2009 with {num}`national_first_cohort` fellows {src}`IN_MILLPOST_TFI`. In
# 2011 it placed fellows in Delhi too, around {num}`national_new_fellows_2011` in the three cities {src}`E2_W110`. The
# first dated count read for Delhi is the programme's own, for the school year 2017-18: {num}`fellows_2018` fellows taught
# {num}`pupils_2018` pupils in {num}`schools_2018` schools, and there were more than {num}`alumni_2018` alumni
# {src}`SN_TFI_DELHI_2018`. A student paper gives {num}`schools_with_fellows` schools, without a date {src}`LF_050`.
#
# **The claim of the deck.** The deck of 2023 has {num}`alumni_in_influential_posts` alumni in influential posts across
# the city's system, without a list, roles or dates {src}`LF_001`. That is more than all alumni of 2017-18. If half of as many
# fellows as then finished each year, about {num}`finished_since` more had finished by 2023, and the claim would hold for
# about {num}`share_in_posts` per cent of all alumni. This is arithmetic, not a count: cohorts vary, and people move to
# the city and away.
#
# For the whole country the programme itself counted almost {num}`national_founders_and_senior_leaders` founders and
# senior leaders among more than {num}`national_alumni_2020` alumni in 2020 {src}`LF_057`, or {num}`national_share` per cent. The two
# shares would fit together if the deck calls many more posts influential, such as those in the
# {num}`national_alumni_in_education_and_social_sector` per cent of alumni who work in education or the social sector
# {src}`LF_057`.
#
# **Acts on record.** Four can be dated; none is an act from a post in the government.
#
# - *Indus Action.* Tarun Cherukuri, an alumnus and formerly the programme's city director for Delhi, founded it in 2013 with
#   people from the programme {src}`SN_INDIATODAY_2019`. It helps poor families to claim the quarter of places in private
#   schools that a national law reserves. By the network's profile it had enrolled {num}`children_in_reserved_places` children
#   in the city within three years {src}`SN_TFA_CHERUKURI`. It helped families at the first computerised draw in March 2018
#   {src}`SN_ONLINEANDYOU_2018`, and the city's child-rights commission lists a study of these places, of July 2019, as
#   carried out with it {src}`IN_DCPCR_PUBLICATIONS`.
# - *Simple Education Foundation.* Fellows founded it in Tughlakabad in 2013 {src}`SN_TFI_BLOG_SEF`.
# - *Labhya.* Founded in 2017, it was one of five organisations that worked on what became the Happiness classes
#   {src}`SN_VIANEWS_LABHYA`, which government schools began in July 2018 {src}`SN_SCROLL_2018`. A founder is said to
#   have worked with Teach For India {src}`SN_DRK_LABHYA`. That she was a fellow could not be confirmed, so Labhya
#   may not belong to this list.
# - *A study of the reading drive.* The research team of 2019 names a policy consultant of Teach For India
#   {src}`SN_DCPCR_2019`; what it found is below, among the studies.
#
# The other counts are national: {num}`national_fellows_2013` fellows and {num}`national_alumni_2013` alumni in 2013-14
# {src}`SN_TFI_AR_1314` (another page has {num}`national_alumni_2014_second_source` {src}`SN_HELPYOURNGO_TFI`),
# {num}`national_fellows_2016` and {num}`national_alumni_2016` in 2016 {src}`SN_TFI_PHASE3`, {num}`national_fellows_2019` and
# {num}`national_alumni_2019` in 2018-19 {src}`SN_TFI_AR_1819`. For 2021 one source has {num}`national_fellows_2021` fellows
# in post {src}`LF_058` and another over {num}`national_fellows_2021_second_source` {src}`IN_MILLPOST_TFI`.

# %%
case_figures.timeline(study, "Delhi")

# %%
study.facts(
    {
        "delhi-01": "national_first_cohort",
        "delhi-02": "national_new_fellows_2012",
        "delhi-03": "schools_with_fellows",
        "delhi-04": "national_alumni_2020",
        "delhi-05": "national_alumni_in_education_and_social_sector",
        "delhi-06": "national_founders_and_senior_leaders",
        "delhi-07": "national_fellows_graduated",
        "delhi-08": "national_fellows_2021",
        "delhi-09": "national_fellows_2021_second_source",
        "delhi-10": "national_alumni_undated",
        "delhi-11": "alumni_in_influential_posts",
        "delhi-12": "fellows_2018",
        "delhi-13": "alumni_2018",
        "delhi-14": "schools_2018",
        "delhi-15": "national_fellows_2013",
        "delhi-16": "national_alumni_2013",
        "delhi-17": "national_alumni_2014_second_source",
        "delhi-18": "national_fellows_2016",
        "delhi-19": "national_alumni_2016",
        "delhi-20": "national_fellows_2019",
        "delhi-21": "national_alumni_2019",
        "delhi-22": "national_new_fellows_2021",
        "delhi-23": "national_new_fellows_2022",
        "delhi-24": "children_in_reserved_places",
        "delhi-25": "pupils_2018",
        "delhi-26": "national_new_fellows_2011",
    }
)

# %% tags=["remove-cell"]
counts = study.release.table("leadership").set_index("leadership_id", drop=False)
of = dict(zip(counts.index, counts["value"], strict=True))
finished = (2023 - 2018) * of["delhi-12"] / 2
in_posts = 100 * of["delhi-11"] / (of["delhi-13"] + finished)
for key, value, unit, meaning, ids in (
    (
        "finished_since",
        finished,
        Unit("alumni", 0),
        "Half of the fellows of 2017-18, five times: who would have finished from 2018 to 2023.",
        ["delhi-12"],
    ),
    (
        "share_in_posts",
        in_posts,
        PER_CENT.to(0),
        "The posts of the deck over the alumni of 2017-18 and those who would have finished since.",
        ["delhi-11", "delhi-12", "delhi-13"],
    ),
    (
        "national_share",
        100 * of["delhi-06"] / of["delhi-04"],
        PER_CENT.to(0),
        "Founders and senior leaders over alumni, national, 2020.",
        ["delhi-04", "delhi-06"],
    ),
):
    study.numbers(rows=rows_of(study.release, "leadership", counts.loc[ids]))(key, value, unit, meaning)
study.holds("The posts claimed are more than the alumni of 2017-18.", of["delhi-11"] > of["delhi-13"])
study.holds(
    "The share in posts is far above the national share.",
    in_posts > 3 * 100 * of["delhi-06"] / of["delhi-04"],
)

# %% [markdown]
# ## What is claimed
#
# As arithmetic the claim for 2020 holds: from 2015 government schools rose by {num}`claim.government` points,
# private ones by {num}`claim.private` and the country by {num}`claim.india`. But papers were cancelled
# in 2020. Up to 2019, under ordinary rules, the figures are {num}`change.government`,
# {num}`change.private` and {num}`change.india`. The nine points that a minister reported for 2017 compared Delhi with
# private schools of all India {src}`IN_FACTCHECKER_2017`; against Delhi's own private schools the
# lead was {num}`sector_gap.2017`.
#
# Two claims are about the reading drive of 2018, Mission Buniyaad: the government's, that more pupils could read and
# divide after three months {src}`IN_HINDU_20180710`, and the child-rights commission's, for some schools
# {src}`SN_HT_BUNIYAAD_2019`. Both rest on tests before and after, with no comparison pupils who had no drive. That an
# alumnus's organisation placed children in private schools, and that teachers saw better behaviour under programmes that
# Labhya works on, are the organisations' own figures {src}`SN_TFA_CHERUKURI, SN_DRK_LABHYA`.

# %% tags=["remove-cell"]
for key, end in (("change", 2019), ("claim", 2020)):
    meaning = f"Change of the class XII pass rate from 2015 to {end}, {{}}."
    moved = {
        "government": sector[GOVERNMENT, end] - sector[GOVERNMENT, 2015],
        "private": sector[PRIVATE, end] - sector[PRIVATE, 2015],
        "india": region[INDIA, end] - region[INDIA, 2015],
    }
    words = {"government": GOVERNMENT, "private": PRIVATE, "india": INDIA}
    study.numbers(key).each("{}", moved, POINTS, meaning, names=words)
both = sector.table.loc[[GOVERNMENT, PRIVATE]].T.dropna().round(2)
leads = {year: sector[GOVERNMENT, year] - sector[PRIVATE, year] for year in both.index}
meaning = "Class XII pass rate of government less private schools in Delhi, {}."
study.numbers("sector_gap").each("{}", leads, POINTS, meaning)

# %%
study.claims(
    {
        "delhi-claim-02": ["cbse_xii_region", "nas_c3_overall", "nas_c8_overall"],
        "delhi-claim-03": ["cbse_xii_sector", "cbse_xii_region"],
        "delhi-claim-04": ["cbse_xii_sector"],
    }
)

# %% [markdown]
# ## Is the data comparable?
#
# This chapter rests on two series. The first is the pass rate of all candidates in the Delhi region less that of all
# India, 2010 to 2019; all India contains Delhi, which makes the gap too small. The second compares government with
# private schools inside Delhi from 2014. The figures are press reports, to be checked against the board.
#
# The years 2020 to 2022 are left out of the class XII comparisons below: papers were cancelled, then replaced by
# internal assessment, then split over two terms. The printed figures for Delhi in 2013 and 2014 are the same, so
# one may be an error. Private schools fall by {num}`private_fall` points from 2014 to 2015, which looks more
# like a change of category than a bad year.

# %% tags=["remove-cell"]
fall = sector[PRIVATE, 2014] - sector[PRIVATE, 2015]
meaning = "Fall of the private schools' class XII pass rate from 2014 to 2015."
study.numbers()("private_fall", fall, POINTS.as_level(), meaning)

# %%
study.breaks("cbse_xii_region", "cbse_xii_sector")

# %% tags=["remove-cell"]
window = range(2010, 2020)
others = xii[(xii["unit_type"] == "board_region") & ~xii["name"].isin(SUBREGIONS)]
inside = others[others["year"].isin(window)]
years_held = inside.groupby("name")["year"].nunique()
minimum, record = study.release.plan["rules"]["minimum_donors"], study.numbers(rows=inside)
meaning = "Smallest number of comparison places for a test, by the plan."
record("minimum_donors", minimum, COUNT, meaning, rows=Rows(1, "plan.yml: rules.minimum_donors", ()))
meaning = "Board regions outside Delhi with a class XII pass rate in any year."
record("regions_any", others["name"].nunique(), COUNT, meaning, rows=others)
meaning = "Board regions outside Delhi with a class XII pass rate in every year from 2010 to 2019."
record("regions_full", int((years_held == len(window)).sum()), COUNT, meaning)
meaning = "Years from 2010 to 2019 held for Chennai, the fullest of these regions."
record("chennai_years", years_held.max(), COUNT, meaning, rows=inside[inside["name"] == "Chennai"])
record("window_years", len(window), COUNT, "Years from 2010 to 2019.")
study.holds("Chennai is the region held for most years.", years_held.idxmax() == "Chennai")

series = study.gap("region")
before, years_before = series.gap[: series.n_pre], np.array(series.years[: series.n_pre])
record = study.numbers(rows=series.rows)
level = "lead of Delhi over all India, 2010 to 2015."
extremes = {
    "lead_low": (before.min(), f"Smallest yearly {level}"),
    "lead_high": (before.max(), f"Largest yearly {level}"),
    "largest_step": (
        np.abs(np.diff(before)).max(),
        "Largest change of the lead between two years, 2010 to 2015.",
    ),
}
record.many(POINTS.as_level(), extremes)
slope = np.polyfit(years_before, before, 1)[0]
record("lead_slope", slope, POINTS.to(2), "Slope of the lead a year, 2010 to 2015.")
record("step_2017", series.gap[7] - series.gap[6], POINTS, "Change of the lead from 2016 to 2017.")
study.holds("The lead did not rise from 2013 to 2015.", series.gap[5] <= series.gap[3])
study.holds("The lead is smallest in the seventh year of the series.", series.gap[:7].argmin() == 6)

# %% [markdown]
# ## How far did results move?
#
# What follows is only a description. The mean lead over the country changed by {num}`gap.region.change` points
# from before to after. Before, it had been changing by {num}`lead_slope` a year. With a straight line through the
# whole series the change at 2016 is {num}`gap.region.change_trend`, because the line takes up part of the
# later rise.
#
# The timing is not simple. In 2016, the first year counted as after, the lead was {num}`gap.region.2016`, the
# smallest up to then. It moved by {num}`step_2017` points in 2017, the year of a dispute over the moderation
# of marks {src}`IN_BS_2017`, and was {num}`gap.region.2019` in 2019. In 2023, when ordinary examinations had returned,
# it was {num}`late_change` points from the mean of 2010 to 2015. The chart at the head of this page
# shows it as a point apart.

# %% tags=["remove-cell"]
late, record = region["Delhi", 2023] - region[INDIA, 2023], study.numbers()
record("gap_2023", late, POINTS, "Delhi less All India (CBSE) in 2023.")
behind = region.at(["Delhi", INDIA], [*years_before, 2023])
meaning = "Lead of 2023 less the mean lead of 2010 to 2015."
record("late_change", late.value - before.mean(), POINTS, meaning, rows=behind)
lead, bases = both[GOVERNMENT] - both[PRIVATE], study.plan.raw["base_years"]
gained = {(base, end): leads[end] - leads[base] for base in bases["bases"] for end in bases["ends"]}
meaning = "Change of the class XII pass rate from {} to {}, government less private schools in Delhi."
study.numbers("did").each("{}_{}", gained, POINTS, meaning)

# %% tags=["remove-output"]
apart = pd.DataFrame(
    {
        "series": ["Delhi less all India"], "year": [2023], "treated": [region["Delhi", 2023].value],
        "comparator": [region[INDIA, 2023].value], "gap": [late.value],
    }
)  # fmt: skip
study.show(
    "gap",
    charts.gaps({"Delhi less all India": series}, "percentage points", study.start, apart=apart),
    title=(
        f"Delhi's lead over India: {registry.text('gap.region.2015')} points in 2015, {registry.text('gap.region.2019')} in "
        f"2019, {registry.text('gap_2023')} in 2023"
    ),
    subtitle=(
        f"Class XII pass rate, Delhi region less all India, {series.years[0]} to {series.years[-1]} and 2023, percentage points; "
        "the results of 2020 to 2022 are not comparable"
    ),
    caption="The lead of the Delhi region over all India in the class XII pass rate, percentage points.",
    says=(
        "A dashed rule stands between 2015 and 2016. The lead is at "
        f"{registry.text('gap.region.2015')} points in 2015 and {registry.text('gap.region.2016')} in 2016, then "
        f"{registry.text('gap.region.2017')}, {registry.text('gap.region.2018')} and {registry.text('gap.region.2019')}. A "
        f"point apart from the line shows {registry.text('gap_2023')} in 2023."
    ),
    data=pd.concat([charts.gaps_frame({"Delhi less all India": series}), apart], ignore_index=True).round(2),
)

# %% [markdown]
# Inside Delhi, government schools stood above private ones in every ordinary year from 2015, and below them in 2014
# and in 2022.

# %%
names = {GOVERNMENT: "government", PRIVATE: "private", "Delhi government-aided schools": "government-aided"}
sectors = pd.concat(
    sector.at(unit).assign(series=label)[["series", "year", "value"]] for unit, label in names.items()
).reset_index(drop=True)
study.holds(
    "Government schools stood below private ones in 2014 and 2022 alone.",
    list(lead.index[lead < 0]) == [2014, 2022],
)
study.show(
    "sectors",
    charts.lines(sectors, "per cent passed"),
    title=f"Government schools pass more than private ones except in {list_in_words(list(map(str, lead.index[lead < 0])))}",
    subtitle=f"Class XII pass rate in Delhi by who runs the school, {sectors['year'].min()} to {sectors['year'].max()}, per cent",
    caption=(
        "Class XII pass rates in Delhi by who runs the school. From 2020 to 2022 the rules were different; the private "
        "figure for 2014 is doubtful."
    ),
    says=(
        "Government-aided schools have values for four years. Private schools drop from "
        f"{both.loc[2014, PRIVATE]:.1f} in 2014 to {both.loc[2015, PRIVATE]:.1f} in 2015. Both long lines peak in 2021, when "
        "there were no examinations."
    ),
    data=sectors,
)

# %%
Table(
    both.assign(difference=lead)
    .rename(columns=names)
    .reset_index()
    .assign(year=lambda frame: frame["year"].astype(str)),
    "Class XII pass rate in Delhi, per cent, and the difference between government and private schools",
)

# %% [markdown]
# ## Could luck explain it?
#
# No other place can be treated as if it were Delhi, so there are no ranks, no event study (the path compared with the
# range of other places) and no weights. Of all pairs of a year before 2016 and a later one, without a
# break in between, the fullest for class XII has {num}`regions_best` other regions. For class X it is
# 2013 to 2017 with {num}`class_x.regions`, so p could not fall below {num}`class_x.floor`. For what it is worth, this
# comparison speaks against a rise: Delhi moved by {num}`class_x.own` points, the
# others by {num}`class_x.others` on average, rank {num}`class_x.rank` of
# {num}`class_x.places`. The examination was optional then, and its marking changed in 2017.
#
# A made-up start, on the years to 2015, would have changed the lead by
# {num}`gap.region.placebo_time.2012` points in 2012, {num}`gap.region.placebo_time.2013` in
# 2013, {num}`gap.region.placebo_time.2014` in 2014 and {num}`gap.region.placebo_time.2015` in
# 2015, against {num}`gap.region.change` in 2016: down, not up. Six years of one gap are too few to say how far it can
# move by itself.
#
# From 2015 to 2018 Delhi changed by {num}`change_2018.delhi` points, Chennai by
# {num}`change_2018.chennai` and Thiruvananthapuram by {num}`change_2018.thiruvananthapuram`. Against Chennai,
# which lost schools to a new region in 2014 {src}`IN_TWOCIRCLES_2014`, Delhi was at {num}`chennai.2010` in 2010,
# {num}`chennai.2015` in 2015 and {num}`chennai.2018` in 2018: most of the catching up came before 2016.

# %% tags=["remove-cell"]
regions = {"cbse_xii_region": others}
ten = study.outcome("cbse_x_region")
regions["cbse_x_region"] = ten[
    (ten["unit_type"] == "board_region") & ~ten["name"].isin(SUBREGIONS) & (ten["year"] <= 2017)
]
best = {}
for indicator, rows in regions.items():
    own = study.outcome(indicator).query("name == 'Delhi'")["year"]
    table = wide(rows)
    best[indicator] = max(
        (len(table.reindex([base, end]).dropna(axis="columns").columns), base, end)
        for base in own[own < 2016]
        for end in own[own >= 2016]
        if {base, end} <= set(table.index)
    )
study.holds("Class X regions can be compared from 2013 to 2017.", best["cbse_x_region"][1:] == (2013, 2017))
meaning = "Most board regions outside Delhi with class XII results in one year before 2016 and one after."
study.numbers(rows=others)("regions_best", best["cbse_xii_region"][0], COUNT, meaning)
behind = ten[ten["year"].isin([2013, 2017])]
moves = wide(behind).dropna(axis="columns").T
moves = (moves[2017] - moves[2013]).drop(INDIA)
elsewhere = moves.drop("Delhi")
study.holds("Too few regions remain for a test.", best["cbse_x_region"][0] == len(elsewhere) < minimum)
country_ten = wide(behind)[INDIA]
beyond = moves["Delhi"] - (country_ten[2017] - country_ten[2013])
record = study.numbers("class_x", rows=behind)
record("own", moves["Delhi"], POINTS, "Change of Delhi's class X pass rate, 2013 to 2017.")
meaning = "Mean change of other board regions, class X, 2013 to 2017."
record("others", elsewhere.mean(), POINTS, meaning)
record("change", beyond, POINTS, "Change of Delhi less all India, class X, 2013 to 2017.")
ranked = {
    "regions": (len(elsewhere), "Other board regions with class X results in 2013 and 2017."),
    "rank": (rank_from_top(moves, "Delhi"), "Rank of Delhi's change from the top."),
    "places": (len(moves), "Regions ranked."),
}
record.many(COUNT, ranked)
record("floor", 1 / len(moves), P_VALUE, "Smallest p that this rank can reach.")
fakes = placebo_gap_in_time(series, range(2012, 2016))
meaning = "Change of the mean lead for a start in {} that did not happen, years 2010 to 2015."
record = study.numbers("gap.region", rows=series.rows, function=interrupted_gap)
record.each("placebo_time.{}", fakes, POINTS, meaning)

# %% tags=["remove-cell"]
south = ["Chennai", "Thiruvananthapuram"]
complete = others[others["year"].isin([2015, 2018])].groupby("name")["year"].nunique()
study.holds(
    "The southern regions alone have both 2015 and 2018.", sorted(complete[complete == 2].index) == south
)
moved = {unit: region[unit, 2018] - region[unit, 2015] for unit in ("Delhi", *south)}
record, meaning = study.numbers("change_2018"), "Change of the class XII pass rate from 2015 to 2018"
for unit, change in moved.items():
    record(unit.lower(), change, POINTS, f"{meaning}, {unit}.")
ahead = {year: region["Delhi", year] - region["Chennai", year] for year in (2010, 2015, 2018)}
study.numbers("chennai").each("{}", ahead, POINTS, "Delhi less Chennai, class XII pass rate, {}.")

# %% [markdown]
# ### The specification curve
#
# A specification curve makes the comparison in every way that the grid allows and shows all the answers. The
# grid, fixed on 25 November 2026 after the results of release 2026.1 were known, takes every base year
# before 2016 and every end year from 2016 that the series hold, with a straight line or without:
# {num}`curve.n` combinations. The planned one, Delhi less the country before and after, gives
# {num}`curve.planned` points; the median is {num}`curve.median`, the ends are
# {num}`curve.low` and {num}`curve.high`. {num}`curve.agree` per cent have the sign of the
# planned one, {num}`curve.ordinary_positive` per cent without the years 2020 to 2022. There are no comparison places
# and so no p. Combinations that resemble each other are not independent evidence.
#
# The measure changes the answer most: class X fell back. In class XII the end year matters most. The median is
# {num}`curve.end.2019` points to 2019, {num}`curve.end.2023` to 2023 and {num}`curve.end.2024` to 2024.
# Between government and private schools the base year matters most: over ordinary end years the median is
# {num}`curve.private_2014` from 2014 and {num}`curve.private_2015` from 2015. That rise depends on one doubtful figure.
# Against the country the base year matters less.

# %% tags=["remove-cell"]
plan = study.plan.raw["grid"]


def compared(rule):
    """Values by year of the units of a comparator of the plan."""
    rows = study.outcome(rule["indicator"])
    if "units" in rule:
        return wide(rows[rows["name"].isin(rule["units"])])
    return wide(rows[(rows["unit_type"] == rule["unit_type"]) & ~rows["name"].isin(rule["exclude"])])


mean_end, leads, bases, ends = plan["mean_of_end_years"], {}, {}, {}
for name, one in plan["series"].items():
    own = wide(study.outcome(one["indicator"]))[one["unit"]]
    bases[name] = {f"from {year}": [year] for year in one["base_years"]}
    bases[name] |= {"mean to 2015": one["base_years"]} if len(one["base_years"]) > 1 else {}
    ends[name] = {f"to {year}": [year] for year in one.get("end_years", plan["end_years"])}
    ends[name] |= {f"to {mean_end[0]}-{mean_end[-1] % 100}": mean_end}
    for comparator in one["comparators"]:
        pair = own, compared(plan["comparators"][comparator])
        leads[name, comparator.removesuffix(" (class X)")] = pair
used = [xii, sector.rows, city.rows, regions["cbse_x_region"]]
curve = lead_grid(
    leads,
    bases,
    ends,
    plan["trend"],
    apart={"2020 to 2022": plan["pandemic_years"]},
    place="Delhi",
    unit="percentage points",
    planned=plan["planned"],
    rows=provenance(pd.concat(used)),
)
grid = curve.specifications.assign(effect=curve.raw[0])
study.holds(
    "The planned specification gives the change of the lead.",
    np.isclose(grid["effect"][curve.planned], registry.value("gap.region.change")),
)
study.record_curve(curve)
ordinary = grid[grid["rules"] == "ordinary"]
sectors_apart = ordinary[
    (ordinary["series"] == "government schools") & (ordinary["comparator"] == "private schools")
]
medians = sectors_apart.groupby("base")["effect"].median()
twelve = ordinary[ordinary["series"] != "all candidates of class X"]
spread = {name: np.ptp(twelve.groupby(name)["effect"].median()) for name in curve.varying if name != "rules"}
study.holds("In class XII the end year moves the answer most.", max(spread, key=spread.get) == "end")
study.holds(
    "Between the sectors the base year does.", medians["from 2014"] - medians["from 2015"] > spread["end"]
)
by_end = twelve.groupby("end")["effect"].median()
record, points = study.numbers("curve", rows=curve.rows), POINTS.to(2)
record.each(
    "end.{}", {y: by_end[f"to {y}"] for y in (2019, 2023, 2024)}, points, "Median over class XII to {}."
)
record.each(
    "private_{}",
    {y: medians[f"from {y}"] for y in (2014, 2015)},
    points,
    "Median, government less private schools from {}, ordinary end years.",
)
record(
    "ordinary_positive",
    100 * is_above(ordinary["effect"]).mean(),
    PER_CENT.to(0),
    "Share above zero of the specifications that end in ordinary years.",
)

# %%
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %%
to_2019 = grid[
    (grid["end"] == "to 2019") & (grid["trend"] == "without") & grid["base"].str.startswith("from")
]
kept = [
    ("government schools", "private schools"),
    ("government schools (city's figures)", "all India"),
    ("all candidates", "all India"),
]
to_2019 = pd.concat(
    to_2019[(to_2019["series"] == name) & (to_2019["comparator"] == other)] for name, other in kept
)
to_2019 = pd.DataFrame(
    {
        "series": to_2019["series"].str.replace(" schools", "").str.replace("'s figures", "")
        + " \u2212 "
        + to_2019["comparator"].str.replace(" schools", ""),
        "year": to_2019["base"].str.removeprefix("from ").astype(int),
        "value": to_2019["effect"],
    }
).reset_index(drop=True)
study.show(
    "bases",
    charts.starts(to_2019, 2015, "change to 2019, points", "year from which the change is counted"),
    title=f"The change to 2019 is above zero in {int(is_above(to_2019['value']).sum())} of {len(to_2019)} comparisons",
    subtitle="Class XII pass rate, Delhi less its comparison, change from each base year to 2019, percentage points",
    caption=(
        "Every base year: change of the class XII pass rate to 2019, less that of the comparison, by the year from which it "
        "is counted. Each mark is an estimate of its own; the filled ones count from the last year before the reforms."
    ),
    says="The horizontal axis is the base year of each comparison.",
    data=to_2019.round(2),
)

# %%
reasons = [
    *plan["not_varied"].items(),
    *((f"{n} combinations", reason) for reason, n in curve.skipped.items()),
]
Table(
    pd.DataFrame(reasons, columns=["choice", "why it does not vary or is left out"]),
    "Choices that do not vary",
)

# %% [markdown]
# **Another instrument.** The National Achievement Survey does not follow the pass rates. From 2017 to 2021 Delhi's
# class 3 went from {num}`nas.c3_math.2017` to {num}`nas.c3_math.2021` per cent correct in mathematics
# and from {num}`nas.c3_lang.2017` to {num}`nas.c3_lang.2021` in language {src}`IN_IE_2022_NASDELHI`. In
# 2021 private schools were added and schools had been closed.
#
# Compared with the country in 2021 Delhi was at {num}`survey.c3_gap` points in class 3 and
# {num}`survey.c5_gap` in class 5, but {num}`survey.c8_gap` in class 8 and {num}`survey.c10_gap`
# in class 10 {src}`IN_HT_2022_NAS`. In an unofficial series from district figures, class 8 in Delhi moved by
# {num}`class8_change` from 2017 to 2021, rank {num}`class8_rank` of {num}`class8_states` states
# and territories with a mean of {num}`class8_mean`. Half of Delhi's districts are missing from it in 2017
# {src}`IN_NDAP_NAS8`.

# %% tags=["remove-cell"]
for code in ("c3_math", "c3_lang", "c5_math", "c5_lang", "c5_evs"):
    study.levels("nas.{}.{}", f"nas_{code}", {code: "Delhi"}, (2017, 2021), digits=0)
for code in ("c3_math", "c3_lang"):
    study.level(f"nas.{code}.india", f"nas_{code}", "India", 2021, digits=0)
gaps, record = {}, study.numbers("survey")
for grade in (3, 5, 8, 10):
    indicator = f"nas_c{grade}_overall"
    study.levels(f"survey.c{grade}_{{}}", indicator, {"delhi": "Delhi", "india": "India"}, [2021])
    found = study.series(indicator)
    gaps[f"class {grade}"] = found["Delhi", 2021] - found["India", 2021]
    meaning = f"Delhi less India, National Achievement Survey 2021, class {grade}, all subjects."
    record(f"c{grade}_gap", gaps[f"class {grade}"], POINTS, meaning)
states = study.series("nas8_lo_all")
moved = states.table.dropna()
moved = (moved[2021] - moved[2017]).sort_values(ascending=False)
record, all_places = study.numbers(rows=states), "all states and territories, class 8, own construction."
change = {
    "class8_change": (moved["Delhi"], "Change of Delhi from 2017 to 2021, class 8, own construction."),
    "class8_mean": (moved.mean(), f"Mean change over {all_places}"),
}
record.many(POINTS, change)
spread = moved.drop("Delhi").std()
meaning = "Standard deviation of the other states' changes, class 8."
record("class8_sd", spread, POINTS.as_level(), meaning)
rank = int(moved.index.get_loc("Delhi")) + 1
record("class8_rank", rank, COUNT, "Rank of Delhi's change from the top, class 8.")
meaning = "States and territories with both years, class 8."
record("class8_states", len(moved), COUNT, meaning)

# %%
survey = pd.DataFrame({"label": list(gaps), "value": list(map(float, gaps.values()))})
study.holds(
    "The two lower classes lie below the country, the two higher ones above it.",
    list(survey["value"] > 0) == [False, False, True, True],
)
study.show(
    "survey",
    charts.bars(survey, "Delhi less India, percentage points"),
    title=(
        f"Delhi lies below India in {list_in_words([name for name, gap in gaps.items() if gap.value < 0])} and above it in "
        f"{list_in_words([name for name, gap in gaps.items() if gap.value > 0])}"
    ),
    subtitle="National Achievement Survey of 2021, all subjects, Delhi less India, percentage points",
    caption="Delhi less the country in the National Achievement Survey of 2021, all subjects, by class.",
    says=(
        "In order: "
        + ", ".join(
            f"class {grade} {registry.text(f'survey.c{grade}_gap')} points" for grade in (3, 5, 8, 10)
        )
        + ". The two lower classes lie below the country and the two higher ones above it."
    ),
    data=survey.round(1),
)

# %% [markdown]
# ## How large would it have to be?
#
# No effect of any size could have been tested here. The plan asks for at least {num}`minimum_donors` comparison
# places with full series. Besides Delhi, {num}`regions_any` board regions have a class XII figure in some year
# and {num}`regions_full` in every year from 2010 to 2019.
#
# The start is not the network's either: 2016 is the first year whose results follow a whole school year under the city's
# reforms, which the main study dates from 2015 {src}`LF_051`. Counted from 2011, when fellows came to the city
# {src}`E2_W110`, the series has a single year before. Fellows stay two years, so the city's first alumni are of 2013;
# from then to 2015 the lead did not rise.
#
# So there is no smallest detectable difference and no p-value. But before 2016 the lead was between
# {num}`lead_low` and {num}`lead_high` points and moved by up to {num}`largest_step` from
# one year to the next.

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Who sits the examination.** In government schools {num}`class9.2016` per cent of pupils passed
# class 9 in 2016 and {num}`class9.2019` in 2019 {src}`IN_NEWS18_2019`. According to a critical report,
# those who failed were pushed out or into open schooling {src}`LF_053`. How many sat class XII is stated for
# three years; for the others we divide those who passed, to 2018 and in 2020 by an opposition party's
# rounded figures {src}`IN_HT_20250202, IN_IE_2017_MAKEN`, by the pass rate. Counted in this way, {num}`sitting.2014`
# sat in 2014, {num}`sitting.2015` in 2015, {num}`sitting.2018` in
# 2018, {num}`sitting.2019` in 2019 and {num}`sitting.2023` in 2023.
#
# Suppose those missing since 2014 had sat too. If all of them had failed, the pass rate of 2019 would be
# {num}`bound.2014.low` per cent instead of {num}`bound.reported`; if all had passed, {num}`bound.2014.high`. The rise
# vanishes if {num}`bound.2014.even` per cent of them would have passed,
# which is not far-fetched. Counted from 2015 the lower bound is {num}`bound.2015.low`, and the rise vanishes only
# if as few as {num}`bound.2015.even` per cent would have. Changes in who sits could cancel the rise from 2014, but
# hardly that from 2015; in 2024 more sat than in 2015. Over ordinary years the correlation of number and rate is
# {num}`sitting.correlation`. Year groups differ in size too: these are bounds under one assumption.

# %% tags=["remove-cell"]
passers = study.outcome("xii_passed_n").query("year >= 2014")
board = sector.at(GOVERNMENT).set_index("year")
rate = board["value"] / 100
passed = passers.set_index("year")["value"]
sat = board["n_pupils"].astype(float).fillna(passed / rate)
counted = passed.reindex(sat.index).fillna(sat * rate)
behind = provenance(sector.at(GOVERNMENT)) + provenance(passers)
stated = board["n_pupils"].notna()
record, sitting = study.numbers(rows=behind), sat.where(stated, sat.round(-3))
meaning = (
    "Pupils of government schools who sat class XII in {}, stated or passers over pass rate (to thousands)."
)
record.each("sitting.{}", sitting, PUPILS, meaning)
study.level("bound.reported", "cbse_xii_sector", GOVERNMENT, 2019)
for base in (2014, 2015):
    gone, against = sat[base] - sat[2019], f"Government schools, class XII, 2019 against {base}"
    low, high = counted[2019] / sat[base], (counted[2019] + gone) / sat[base]
    even = (counted[base] - counted[2019]) / gone
    bounds = {
        f"bound.{base}.low": (100 * low, f"{against}: if those missing had sat and failed."),
        f"bound.{base}.high": (100 * high, f"{against}: if those missing had sat and passed."),
    }
    record.many(PER_CENT, bounds)
    meaning = f"{against}: pass rate of those missing at which the rise vanishes."
    record(f"bound.{base}.even", 100 * even, PER_CENT.to(0), meaning)
plain = [year for year in sat.index if year not in plan["pandemic_years"]]
together = np.corrcoef(sat[plain], rate[plain])[0, 1]
meaning = "Correlation of number sitting and pass rate over ordinary years."
record("sitting.correlation", together, CORRELATION, meaning)
gone = (sat[2014] - sat).clip(lower=0)
bounds = pd.DataFrame(
    {
        "label": sat.index.astype(str),
        "estimate": board["value"].to_numpy(),
        "low": (100 * counted / (sat + gone)).to_numpy(),
        "high": (100 * (counted + gone) / (sat + gone)).to_numpy(),
        "sat": sat.round(-2).to_numpy(),
    }
)
study.holds(
    "More sat in 2024 than in 2015, and a larger share passed.",
    sat.notna(),
    sat[2024] > sat[2015],
    rate[2024] > rate[2015],
)

# %%
least = bounds.loc[bounds["low"].idxmin()]
below, above = bounds["estimate"] - bounds["low"], bounds["high"] - bounds["estimate"]
study.holds(
    "Most of each bar lies below its dot, and none reaches below sixty.",
    bounds["low"] > 60,
    below > above - 0.01,
)
width = bounds["high"] - bounds["low"]
behind_dot = bounds[(width < 1) & ~np.isclose(bounds["low"], bounds["high"])]
study.holds("The bar of one year alone is hidden by its dot.", list(behind_dot["label"]) == ["2022"])
hidden = behind_dot.iloc[0]
study.show(
    "sitting",
    description.reach(bounds, "per cent passed", (60, 100), ["sat"]),
    title=f"Had as many sat as in 2014, the rate could be as low as {least['low']:.0f} per cent in {least['label']}",
    subtitle=f"Class XII pass rate of Delhi's government schools, reported and as it could be, {sat.index.min()} to {sat.index.max()}, per cent",
    caption=(
        "Government schools' class XII pass rate as reported (dots) and what it could have been had as many sat as in 2014 "
        "(bars): from all of the missing failing to all passing. From 2020 to 2022 the rules were different. "
        f"The bar of {hidden['label']}, from {hidden['low']:.1f} to {hidden['high']:.1f}, is hidden behind its dot."
    ),
    says=(
        f"The reported rate of each year from {bounds['label'].iloc[0]} to {bounds['label'].iloc[-1]} is a dot with a bar; "
        f"it goes from {bounds['estimate'].iloc[0]:.1f} to {bounds['estimate'].iloc[-1]:.1f} per cent. Most of each bar lies "
        f"below its dot; the bar of {least['label']} reaches lowest, to {least['low']:.1f}. That of {hidden['label']}, "
        f"from {hidden['low']:.1f} to {hidden['high']:.1f}, is hidden behind its dot. There is no bar in "
        f"{' and '.join(bounds.loc[np.isclose(bounds['low'], bounds['high']), 'label'])}."
    ),
    data=bounds.round(1),
)

# %% [markdown]
# **Rules.** Class X became compulsory again in 2018 {src}`IN_HINDU_2020_X`. Delhi's government schools were then
# {num}`class10.2019` points from the country in 2019, {num}`class10.2020` in 2020,
# {num}`class10.2022` in 2022, {num}`class10.2023` in 2023 and {num}`class10.2024` in 2024: a steep
# climb from a long way down, with a fall on the way.
#
# **Money.** Spending per pupil is given as {num}`spending.2017` rupees in the fiscal year ending 2017 and
# {num}`spending.2021` in that ending 2021, at current prices, on a party site {src}`IN_AAP_EDU`.
#
# **Figures in conflict.** The city's own series has {num}`own_2016` for 2016 where the board has
# {num}`board_2016`; from there to 2019 the rise is {num}`own_change` or {num}`board_change`.
#
# **The reading drive.** Over {num}`buniyaad.pupils` pupils of government schools in the north-east
# were tested in April and June 2018. The share who could read a story or text in Hindi rose by
# {num}`buniyaad.reading_low` points in classes 3 to 5 and {num}`buniyaad.reading_high` in classes 6 to 9, the share who could
# divide by {num}`buniyaad.division_low` and {num}`buniyaad.division_high`. The commission calls this substantial, the paper
# that reports it marginal {src}`SN_HT_BUNIYAAD_2019`. Without comparison pupils it cannot be separated from what three
# months of school bring anyway. The study evaluates the government's drive; the programme's part is one consultant in
# the
# team {src}`SN_DCPCR_2019`.
#
# **Teaching.** A national study presented by Teach For India has fellows' classes gaining {num}`tfi_english`
# percentage points on comparison classes in English and {num}`tfi_mathematics` in mathematics
# {src}`LF_059`: teaching, not posts.
#
# **Careers.** A conference paper of 2021 compares Teach For India's fellows with applicants matched to them. Fellows were
# {num}`careers_in_education` points more often in a career in education and {num}`careers_in_social_fields` points
# more often in a socially oriented field, and {num}`education_as_ideal_career` points more often saw education as the
# ideal career; they were not more likely to start an organisation {src}`SX_CIES_2021`. It is national, and only the abstract was
# read. A page of the network gives the first two figures as a range for India and Mexico together
# {src}`SN_TFALL_ALUMNI`. Such a comparison is about what people choose, not about what a system gains.
#
# A peer-reviewed study of the reforms as a whole, or any study of what alumni who lead did for pupils in Delhi, was not
# found in the sources read.

# %% tags=["remove-cell"]
own_ten, india_ten = study.series("cbse_x_sector"), study.series("cbse_x_region")
ten = {year: own_ten[GOVERNMENT, year] - india_ten[INDIA, year] for year in (2019, 2020, 2022, 2023, 2024)}
meaning = "Class X pass rate of Delhi government schools less all India, {}."
study.numbers("class10").each("{}", ten, POINTS, meaning)
record, own_name = study.numbers(), city.rows["name"].iloc[0]
for key, found, unit in (("own", city, own_name), ("board", sector, GOVERNMENT)):
    meaning = f"Class XII pass rate of government schools in 2016, {key} series."
    record(f"{key}_2016", found[unit, 2016], PER_CENT, meaning)
    meaning = f"Change of the class XII pass rate of government schools from 2016 to 2019, {key} series."
    record(f"{key}_change", found[unit, 2019] - found[unit, 2016], POINTS, meaning)

# %%
study.evaluations(
    {
        "delhi-eval-01": "tfi_english",
        "delhi-eval-02": "tfi_mathematics",
        "delhi-eval-05": "careers_in_education",
        "delhi-eval-06": "careers_in_social_fields",
        "delhi-eval-07": "education_as_ideal_career",
    }
)

# %% tags=["remove-cell"]
studies = study.release.table("evaluations").set_index("evaluation_id", drop=False)
for subject, row_id in (("division", "delhi-eval-09"), ("reading", "delhi-eval-10")):
    row = studies.loc[[row_id]]
    record = study.numbers("buniyaad", rows=rows_of(study.release, "evaluations", row))
    ends = {
        f"{subject}_{end}": (
            float(row[f"estimate_{end}"].iloc[0]),
            f"Mission Buniyaad in 30 schools, change of the share, {subject}, classes {grades}.",
        )
        for end, grades in (("low", "3 to 5"), ("high", "6 to 9"))
    }
    record.many(Unit("percentage points", 0), ends)
record("pupils", float(row["n"].iloc[0]), PUPILS, "Pupils tested, at the least.")

# %% [markdown]
# ## How it was coded
#
# In the sources read the programme's placing is counted and dated, and founders of organisations are named. For the
# {num}`alumni_in_influential_posts` posts there is one undivided number. Strength rests on national studies. Nothing
# was read on where leaders come from or on shared purpose. Ties show only in that people founded
# organisations together and wrote one study with a body of the city. Information on reading levels, money and rules
# changed in the city, by the government's act or the country's; no source read links that to alumni.
#
# The table gives the codes of {num}`codes.by`. *Silent* means that nothing was
# found in the sources read. It is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["delhi-03", "delhi-12", "delhi-14"],
    "alumni_pathways": ["delhi-event-07", "delhi-event-08", "delhi-11", "delhi-13"],
    "resources": ["delhi-24"],
    "network": ["delhi-event-13", "delhi-event-14"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. Both readings find {num}`strategy.documented` strategies documented: placing fellows,
# at work in the city from 2011 {src}`E2_W110` and in {num}`schools_2018` schools in 2017-18 {src}`SN_TFI_DELHI_2018`,
# and alumni who move on to lead. Whether results changed after either {num}`strategy.recruit_place.after`.
#
# The dated reforms are the government's. It tested reading and regrouped pupils in 2016
# {src}`IN_HT_20160810, SN_MILLPOST_BUNIYAAD`, had parents elected to school committees {src}`SN_MILLPOST_SMC_2017`, and
# began a reading drive and the Happiness classes in 2018 {src}`SN_HT_BUNIYAAD_2019, SN_SCROLL_2018`. The pass rate moved
# ahead of the country's from 2017 to 2019. The two are close in time, but they are about different pupils: of classes 6
# to 9,
# tested in 2016 {src}`IN_HT_20160810`, the oldest came to class XII in 2020. What was done for their reading could not
# show in the pass rates before then.
#
# The acts of alumni on record are of another kind. Places in private schools that a law reserves move some children out of
# the government's schools; a study with the commission says how the rule works. Neither could show in the pass
# rate of government schools within those years. A chain from placing fellows to posts to policy to results would have a
# documented beginning and a measured end. Its middle, who in which post decided what, was not found in the sources read.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# Delhi's class XII pass rate moved further ahead of the country's from 2017 to 2019 and was near its old lead in 2023.
# Press reports document this. Government schools passed more of their candidates than
# private ones in most years. How much they gained depends on one doubtful figure, and part or all of it could come from
# who sat. Of the two southern regions that can be followed, one gained about as much
# and one somewhat less. In class X Delhi fell back to 2017. In the survey young children were below the country and
# older pupils above it.
#
# None of this estimates what alumni did, or learning. The programme has been in the city since 2011 and had
# {num}`fellows_2018` fellows there in 2017-18, as the programme documents. Some of its people founded organisations
# that work with the city; that is documented too. Whether {num}`alumni_in_influential_posts` hold influential posts can
# be neither confirmed nor refuted; on plain assumptions it would be one alumnus in two. The lack of a test does not
# count against them: the year from which this chapter counts is not theirs.
#
# :::{admonition} The finding in numbers
# :class: summary
# The question: did results in Delhi move away from those elsewhere, and can that be linked to Teach For India's people?
# The year 2016, from which this chapter counts, dates the city government's reforms and
# nothing of the programme's, which came to the city earlier. There is no set of places to compare Delhi with, so no
# effect of any size could have been tested.
#
# What the data show: the lead of Delhi's class XII pass rate over the country changed by {num}`gap.region.change`
# percentage points from before 2016 to after, and in 2023 was near the old lead again. One doubtful base year, and
# who sat the examination, could cancel the gain of government schools. A survey of learning does not follow the pass rates.
#
# What they cannot say: whether alumni had a part. The network counts {num}`alumni_in_influential_posts` of them in
# influential posts, without a list; five years earlier the city had more than {num}`alumni_2018` in all. Organisations
# that some founded are on record, with dates. None of that is linked to results.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Fellows and alumni in Delhi by year, school and role: the list behind the claim of the deck.
# - Whether founders named here were fellows, and what the city took over from their organisations.
# - The board's own results by region and type of school, with the number of candidates, to settle the doubtful base
#   year and measure selection.
# - Results by school with the posts that alumni held, to compare schools with and without them.
# - A survey with the same schools and rules in two years.
#
# If schools led by alumni moved away from similar ones after they took office, and not before, we would call the
# claim supported. If they did not, we would say that the data speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#delhi)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Read the pass rate as a count of passes. It does not say who sat, and in 2020 papers were
#   cancelled {src}`LF_051`. The reading programmes were judged by tests before and after, with no group beside them
#   {src}`IN_HINDU_20180710, SN_HT_BUNIYAAD_2019`: when the next one starts, let some schools begin a year later and test
#   both groups.
# - **What to count or ask for.** From the Central Board, results by region and type of school with the number of
#   candidates. From Teach For India, fellows and alumni by year, school and role: for one year, 2017-18, it published
#   {num}`fellows_2018` fellows and more than {num}`alumni_2018` alumni {src}`SN_TFI_DELHI_2018`.
# - **What would change our mind.** Schools led by alumni moving away from similar ones after they took office and not
#   before would be support. A rise in passes while no fewer pupils sit would change how we read the city's figures.

# %% tags=["remove-cell"]
study.finish()
