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
# # New Orleans, United States: everything changed at once
#
# {.lead}
# The gap between New Orleans and Louisiana closed in part, in years when everything had changed at once. No results were
# found that would let one compare the city with its own earlier years or with a similar place.
#
# {sure}`new_orleans`
#
# ```{chart} new_orleans.levels
# ```
#
# - From 2009 to 2012 the gap between the state-run district and Louisiana closed by {num}`gap_change.2009_2012`
#   percentage points. Over every pair of years, group of schools and series it runs from {num}`curve.low` to
#   {num}`curve.high`.
# - Studies that had the data estimate {num}`harris_achievement.low` to {num}`harris_achievement.high` standard
#   deviations for the reforms as a whole {src}`LF_074`.
# - In 2015 alumni led nearly {num}`share_of_schools_led_by_alumni` per cent of open-enrolment schools {src}`LF_070`.
#   What they added to results no source read takes apart from the rest.
#
# **What else could explain it.** The state's takeover and the end of bargaining came before any alumnus is recorded
# in a top post, the children before and after the storm are not the same, and a smaller share of teachers than before
# was Black or locally trained {src}`LF_070, LF_077`.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by a size that matters more
# than elsewhere ([both words](../methods.md#two-words-for-a-case)): here {num}`verdict_why`.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "new_orleans"

# %% tags=["remove-cell"]
import itertools

import altair as alt
import pandas as pd
from leadership_effects.data.provenance import Rows, provenance, rows_named, rows_of
from leadership_effects.effects.specification import described_curve
from leadership_effects.report import case_figures, charts
from leadership_effects.report.charts.parts import BAR, shapes
from leadership_effects.report.figures import SECOND, TREATED
from leadership_effects.report.numbers import COUNT, PER_CENT, POINTS, Unit, row_names
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

study = Study.open(release, case_id)
registry = study.registry
WHOLE_POINTS = POINTS.to(0)

RSD = "Recovery School District, New Orleans"
OPSB = "Orleans Parish School Board"
CITY = "New Orleans (RSD and OPSB combined)"
STATE = "Louisiana"
SHORT = {RSD: "state-run district", OPSB: "parish board", CITY: "city, combined", STATE: "Louisiana"}
PLACES = {"rsd": RSD, "opsb": OPSB, "city": CITY, "state": STATE}
basic, later = study.series("la_pct_basic_all"), study.series("la_pct_basic_g3_8")


def moved(key, series, place, first, last, words):
    """Record what a place moved by between two years."""
    change, meaning = series[place, last] - series[place, first], f"Change from {first} to {last}, {words}."
    study.numbers()(key, change, WHOLE_POINTS, meaning)


def lead(key, series, place, years):
    """Record how far a place lies from the state in some years."""
    gaps = {year: series[place, year] - series[STATE, year] for year in years}
    study.numbers(key).each("{}", gaps, WHOLE_POINTS, f"{SHORT[place]} less Louisiana, {{}}.")


# %% [markdown]
# ## The question
#
# New Orleans is one of few places in this book where alumni in school and system posts are counted so fully. After
# Hurricane Katrina in 2005 the city's schools were reformed as a whole {src}`US_HARRIS_LARSEN`, and the teachers
# and alumni of Teach For America grew in number. Did results move away from those of the state, and does anything
# separate the leadership from the rest?
#
# The other explanations are strong here. The children before and after the storm are not the same. Schools came under a
# state-run district, rules and staff changed, and more money was spent. Each of these fits the same rise.

# %% [markdown]
# ## Place and system
#
# Public schools in the city fell into two groups: those of the parish school board, and those of the state's
# Recovery School District, the state-run district below {src}`US_EDUCATENOW_2014, US_NOLA_2013`. Their main evaluators
# call the reforms after the storm market-based {src}`US_HARRIS_LARSEN`. The city had about
# {num}`teachers` teachers in 2010-11 {src}`LF_078`. Its number of pupils was not found in the sources
# read.
#
# **The rules and their dates.** The evaluators list state takeover with charter operators, the end of attendance zones
# and the end of collective bargaining among the parts of the reform {src}`SN_EDNEXT_NOLA`.
#
# - *Takeover.* In November 2005 the legislature voted to let the state take over most of the city's schools (Act 35)
#   {src}`SN_EDWEEK_2005_LA`.
# - *Staff and bargaining.* In February 2006 the local board dismissed about 7,500 employees. Later that year it let the
#   union contract run out, and in spring 2007 it turned down a move to bring bargaining back
#   {src}`SN_EDWEEK_2007_BARGAIN`.
# - *Attendance zones.* The sources read name their end but do not date it {src}`SN_EDNEXT_NOLA`.
# - *Enrolment.* In spring 2012 the state-run district used one application, OneApp, for all its schools; schools of
#   the local board stayed outside {src}`SN_NOLA_2012_OPSB_ONEAPP`. In November the state board voted to bring in the
#   charter schools it answers for {src}`SN_NOLA_2012_ONEAPP`, in December the local board did so for its own as
#   contracts came up {src}`SN_NOLA_2012_DEC`.
# - *Return.* On 1 July 2018 the state-run district ended in the city and its schools went back to the local board
#   {src}`SN_DOCSLIB_NOLA_2018`.
#
# The legislature and the local board made the first two, at a time when no alumnus is recorded in a top post. At the
# time of the
# votes on common enrolment alumni headed the state's schools and sat on its board (next section). The sources read do
# not say which rule was theirs.
#
# In 2009 {num}`level.rsd.2009` per cent of scores in the state-run district were at Basic or above,
# against {num}`level.opsb.2009` under the parish board and {num}`level.state.2009` in
# Louisiana {src}`US_NOLA_2010, US_NOLA_2013`.

# %%
case_figures.locating_map(
    study,
    "parishes of Louisiana",
    "Orleans",
    None,
    title="New Orleans is set beside the whole state",
    compared="beside it: all of Louisiana",
)

# %% tags=["remove-cell"]
leadership = study.release.table("leadership").set_index("leadership_id")
for indicator, key, places, years in (
    ("la_pct_basic_all", "level", ("rsd", "opsb", "state"), (2009, 2010, 2011, 2012)),
    ("la_pct_basic_all", "level", ("rsd",), (2007, 2008)),
    ("la_pct_basic_all", "level", ("state",), (2008,)),
    ("la_pct_basic_all", "level", ("city",), (2005, 2011, 2012)),
    ("la_pct_basic_g3_8", "g3_8", PLACES, (2013, 2014)),
    ("la_pct_basic_g3_8", "g3_8", ("city",), (2005,)),
):
    study.levels(f"{key}.{{}}.{{}}", indicator, {place: PLACES[place] for place in places}, years, digits=0)
for grade in (4, 8):
    indicator, years = f"la_leap_promotion_g{grade}", (2007, 2010, 2011)
    study.levels("promotion_{}.{}", indicator, {f"g{grade}": CITY}, years, digits=0)

# %% [markdown]
# ## Leadership build-up
#
# The counts are rich, but {num}`undated` of {num}`counts` have no stated year and several
# cover a wider region.
#
# **Posts, with names.** In May 2011 John White, a former official of Teach For America, came to head the state-run
# district {src}`SN_NOLA_2011_KOJ_RUN`; in August he named four deputies {src}`SN_NOLA_2011_RSD`. In November Kira
# Orange Jones, head of the programme's local office, won a seat on the state board {src}`SN_NOLA_2011_KOJ`. Late that
# month a newspaper counted {num}`alumni_in_top_posts` alumni in top posts: White, two of his top deputies, Orange
# Jones and the head of the fund that gates money for new charter schools {src}`D_NOLA_POSTS_2011`; in what was read
# of it the others are given by post and not by name. On 11 January 2012 White became superintendent of the whole
# state, by nine votes to one {src}`SN_EDWEEK_2012_WHITE`; a week later the board approved Patrick Dobard, who had
# risen from teacher through posts at the state, to follow him at the district {src}`SN_NOLA_2012_DOBARD`; no source
# read counts him among the alumni. In August the state's ethics board let Orange Jones keep both posts, though the
# programme holds state contracts {src}`SN_LENS_2012`. She said in September 2016 that she would leave the regional
# post and keep the seat {src}`SN_ADVOCATE_2016_KOJ`.
#
# **Heads of schools.** The counts of alumni who led schools are {num}`alumni_school_leaders_2011` about 2011 {src}`LF_069`,
# {num}`alumni_principals_2015` in 2015 {src}`LF_070` and {num}`alumni_school_leaders_2019` in 2018-19
# {src}`SN_BIZNOLA_2019`. The last figure is for the region, the first has no firm year, and the author of the second
# had worked for the programme. Taken as they are, they show a level reached early and held, not a rise. In 2015 the same
# page counts about {num}`alumni_teachers_2015` alumni who taught and {num}`alumni_administrators_2015` administrators
# {src}`LF_070`. For 2018-19 it is {num}`alumni_teachers_2019` teachers and {num}`alumni_system_leaders_2019` in
# school systems {src}`SN_BIZNOLA_2019`.
#
# **Corps members.** The programme opened here in 1990 with {num}`corps_members_1990` {src}`US_TFA_GNO_2015`; in May
# 2001 there were {num}`corps_members_2001` {src}`SN_LOBSERVATEUR_2001`. New ones were {num}`new_corps_members_2007`
# in the metropolitan area in 2007-08, with {num}`new_corps_members_expected_2008` expected for the next year
# {src}`LF_067`, and {num}`new_corps_members_2010` bound for the city in 2010 {src}`LF_068`, so these two areas
# differ. For 2013 there are two figures, about {num}`corps_members_2013` {src}`SN_WWNO_2013` and
# {num}`corps_members_2013_second_figure` {src}`SN_ADVOCATE_2024`. After that the corps shrank: more than
# {num}`corps_members_2019` in 2018-19 {src}`SN_BIZNOLA_2019`; for 2021-22 over {num}`corps_members_2022` in a report
# {src}`LF_072` and {num}`corps_members_2022_second_figure` on an undated page of that time {src}`US_TFA_GNO_2023`;
# fewer than {num}`corps_members_2024_below` in 2024-25, the year for which the governor struck the yearly state money
# for the programme {src}`SN_ADVOCATE_2024`.
#
# **Alumni in the region** grew more slowly and went on growing, from over {num}`alumni_2011` about 2011 {src}`LF_069`
# to {num}`alumni_2022` about 2022 {src}`US_TFA_GNO_2023`. The programme's own pages say that about
# {num}`alumni_in_education` per cent {src}`US_TFA_GNO_2023` or about {num}`alumni_in_education_second_page`
# {src}`SN_TFA_GNO_WHERE` still work in education; neither says out of how many.

# %% tags=["remove-cell"]
counts = leadership[(leadership["case_id"] == case_id) & leadership["value"].notna()]
behind = rows_of(study.release, "leadership", counts.reset_index(), "leadership.csv: counts of the case")
record = study.numbers(rows=behind)
record("counts", len(counts), COUNT, "Leadership counts of the case.")
undated, meaning = (
    int((counts["year_basis"] != "stated").sum()),
    "Leadership counts of the case without a stated year.",
)
record("undated", undated, COUNT, meaning)
latest = leadership.loc["new-orleans-42"]
study.numbers(rows=rows_named(study.release, "leadership", "new-orleans-42"))(
    "corps_members_2024_below",
    float(latest["value_high"]),
    Unit(latest["unit"], 0),
    "Number that the corps members of 2024-25 stayed under.",
)

# %%
case_figures.timeline(study, "New Orleans")

# %%
study.facts(
    {
        "new-orleans-01": "corps_members_1990",
        "new-orleans-02": "corps_members_2006",
        "new-orleans-03": "alumni_2006",
        "new-orleans-04": "new_corps_members_2007",
        "new-orleans-05": "new_corps_members_expected_2008",
        "new-orleans-06": "new_corps_members_2010",
        "new-orleans-07": "corps_members_2011",
        "new-orleans-08": "alumni_2011",
        "new-orleans-09": "alumni_school_leaders_2011",
        "new-orleans-10": "alumni_in_top_posts",
        "new-orleans-11": "alumni_2015",
        "new-orleans-12": "alumni_teachers_2015",
        "new-orleans-13": "alumni_administrators_2015",
        "new-orleans-14": "alumni_principals_2015",
        "new-orleans-15": "share_of_schools_led_by_alumni",
        "new-orleans-16": "share_of_teaching_force",
        "new-orleans-17": "corps_members_2015",
        "new-orleans-18": "alumni_2015_second_source",
        "new-orleans-19": "alumni_leading_schools_or_systems",
        "new-orleans-20": "share_of_schools_with_programme",
        "new-orleans-21": "alumni_teachers_2022",
        "new-orleans-22": "corps_members_2022",
        "new-orleans-23": "alumni_2022",
        "new-orleans-24": "corps_members_2022_second_figure",
        "new-orleans-25": "alumni_in_education",
        "new-orleans-26": "black_share_of_teachers_2004",
        "new-orleans-27": "black_share_of_teachers_2014",
        "new-orleans-28": "local_share_of_teachers_2005",
        "new-orleans-29": "local_share_of_teachers_2014",
        "new-orleans-30": "short_experience_teachers_2005",
        "new-orleans-31": "short_experience_teachers_2011",
        "new-orleans-32": "corps_members_2001",
        "new-orleans-33": "corps_members_2013",
        "new-orleans-34": "schools_with_corps_members_2013",
        "new-orleans-35": "corps_members_2013_second_figure",
        "new-orleans-36": "corps_members_2019",
        "new-orleans-37": "alumni_teachers_2019",
        "new-orleans-38": "alumni_school_leaders_2019",
        "new-orleans-39": "alumni_system_leaders_2019",
        "new-orleans-40": "alumni_in_schools_2019",
        "new-orleans-41": "alumni_in_education_or_like_fields",
        "new-orleans-43": "corps_members_to_date",
        "new-orleans-44": "alumni_in_education_second_page",
        "new-orleans-46": "alumni_state_superintendents",
        "new-orleans-47": "teachers",
    }
)

# %% [markdown]
# ## What is claimed
#
# The programme and a local group point to large rises. Failing schools and graduation cannot be checked: the data
# hold only the claimant's two values each. The rise of pupils at Basic or above starts from
# {num}`g3_8.city.2005` per cent in 2005 on one page {src}`US_TFA_GNO_2015` and from
# {num}`level.city.2005` in a news report {src}`US_NOLA_2012`. To {num}`g3_8.city.2014` in
# 2014 that would be {num}`claim.low_base` or {num}`claim.high_base` points, and since the
# tested grades differ neither sum is sound.
#
# Two claims are about the programme's size. A gift of 2013 was to raise its members in the state from 525 to 1,035
# {src}`SN_ADVOCATE_2013_WALTON`; the counts that followed went down, so the plan cannot be used as a count. That
# members fell from
# {num}`corps_members_2013_second_figure` in 2013 to fewer than {num}`corps_members_2024_below`
# {src}`SN_ADVOCATE_2024` agrees in order with the other figure for 2013. No claim found separates leadership from the rest.

# %% tags=["remove-cell"]
for key, series in (("low_base", later), ("high_base", basic)):
    share, words = later[CITY, 2014] - series[CITY, 2005], f"{key.replace('_', ' ')} of 2005"
    meaning = f"Share of 2014 less the {words}, as the claim would have it; not comparable."
    study.numbers("claim")(key, share, WHOLE_POINTS, meaning)

# %%
study.claims({"new-orleans-claim-03": ["la_pct_basic_g3_8"]})

# %% [markdown]
# ## Is the data comparable?
#
# The main series counts scores at Basic or above in all tested grades together, as newspapers and releases gave them.
# A second test began in 2006, so 2005 cannot be joined. For 2013 and 2014 only grades 3 to 8 were found, a separate
# series. In 2015 came a new test; its results of 2016 are again a separate series and were read from a third-party
# copy. The
# state value for 2008 is doubtful: it implies a jump of {num}`state_jump` points in a year for which the
# state itself reports about one {src}`US_LDOE_2012`. Which schools the state-run district held changed every year.
# The chart at the head of this page draws the main series.

# %% tags=["remove-cell"]
jump = basic[STATE, 2009] - basic[STATE, 2008]
study.numbers()("state_jump", jump, WHOLE_POINTS, "Change of Louisiana from 2008 to 2009.")

# %%
study.breaks("la_pct_basic_all", "la_pct_basic_g3_8", "la_pct_schools_failing", "la_hs_grad_rate")

# %% tags=["remove-output"]
levels = pd.concat(
    basic.at(place)
    .query("year >= 2007")
    .sort_values("year")
    .assign(series=label)[["series", "year", "value"]]
    for place, label in SHORT.items()
).reset_index(drop=True)
state_run = levels[levels["series"] == SHORT[RSD]].set_index("year")["value"]
study.show(
    "levels",
    charts.lines(levels, "per cent at Basic or above"),
    title=(
        f"The state-run district goes from {state_run.iloc[0]:.0f} to {state_run.iloc[-1]:.0f} per cent at Basic or above, "
        f"{state_run.index[0]} to {state_run.index[-1]}"
    ),
    subtitle="Scores at Basic or above as a share of all scores, every tested grade, New Orleans and Louisiana, per cent",
    caption=(
        "Test scores at Basic or above as a share of all scores, by school group and over every tested grade; the state "
        "value of 2008 is doubtful."
    ),
    says=(
        f"The state-run district stays lowest, the parish board, at {registry.text('level.opsb.2009')} per cent in 2009, "
        f"stays highest. Louisiana lies between, at {registry.text('level.state.2012')} in 2012; the combined city is drawn "
        "for 2011 and 2012 only."
    ),
    data=levels,
)

# %%
in_grades = later.table.T.rename(index=lambda year: f"{year}, grades 3-8")
grid = pd.concat([basic.table.T, in_grades])[list(SHORT)]
grid.index = grid.index.astype(str)
Table(
    grid.dropna(how="all").rename(columns=SHORT).rename_axis("year").reset_index(),
    "Per cent at Basic or above. Rows of grades 3-8 must not be joined to the others",
)

# %% tags=["remove-cell"]
parishes, record = basic.rows[basic.rows["unit_type"] == "parish"], study.numbers()
meaning = "Parishes other than Orleans with a value in the main series."
record("parishes", parishes["name"].nunique(), COUNT, meaning, rows=parishes)
minimum, behind = study.release.plan["rules"]["minimum_donors"], Rows(1, "plan.yml: rules.minimum_donors", ())
meaning = "Smallest number of comparison places for a test, by the plan."
record("minimum_donors", minimum, COUNT, meaning, rows=behind)
study.holds("The parishes have values for 2010 alone.", parishes["year"] == 2010)

# %% [markdown]
# ## How far did results move?
#
# What follows is only a description. From 2009 to 2012 the state-run district moved by {num}`change.rsd`
# points, the parish board by {num}`change.opsb` and Louisiana by {num}`change.state`. The
# gap of the state-run district to the state went from {num}`gap.recovery.2009` through
# {num}`gap.recovery.2010` and {num}`gap.recovery.2011` to
# {num}`gap.recovery.2012`: it closed by {num}`gap_change.2009_2012` points. All these years are after the reforms, and
# the schools are not the same from year to year. Nothing shows whether the gap closed faster than it would have done
# otherwise.
#
# In grades 3 to 8 the gap was {num}`gap_g3_8.rsd.2013` in 2013 and {num}`gap_g3_8.rsd.2014`
# in 2014. Between those two years only the parish board moved, by {num}`change_g3_8.opsb`.

# %% tags=["remove-cell"]
series = study.gap("recovery", digits=0)
for key in ("rsd", "opsb", "state"):
    moved(f"change.{key}", basic, PLACES[key], 2009, 2012, SHORT[PLACES[key]])
for key, place in PLACES.items():
    moved(f"change_g3_8.{key}", later, place, 2013, 2014, f"grades 3 to 8, {SHORT[place]}")
gap, gap_later = (found.table.T.sub(found.table.loc[STATE], axis=0) for found in (basic, later))
lead("gap_all.rsd", basic, RSD, (2008,))
lead("gap_all.city", basic, CITY, (2011, 2012))
lead("gap_g3_8.rsd", later, RSD, (2013, 2014))
lead("gap_g3_8.city", later, CITY, (2013, 2014))
windows = [(2008, 2012), (2009, 2012), (2009, 2011), (2010, 2012), (2011, 2012)]
behind = {year: basic[RSD, year] - basic[STATE, year] for year in range(2008, 2013)}
closed = {(first, last): behind[last] - behind[first] for first, last in windows}
meaning = "Change of the state-run district's gap to Louisiana from {} to {}."
study.numbers("gap_change").each("{}_{}", closed, WHOLE_POINTS, meaning)
still = later.table.loc[[RSD, CITY, STATE]]
study.holds("From 2013 to 2014 district, city and state stood still.", still[2014] == still[2013])

# %% [markdown]
# ### Every pair of years
#
# A specification curve makes a comparison in every way the data allow and shows all the answers. With no
# comparison place to rank against, this one can only show how the description depends on the choices made: every
# pair of years, group of schools and series that the release holds, {num}`curve.n` in all. The
# gap to the state closes in {num}`curve.positive` per cent of them; the middle value is
# {num}`curve.median` points, the ends are {num}`curve.low` and
# {num}`curve.high`, the latter on the doubtful value of 2008. The pair named in the plan, the
# state-run district from 2009 to 2012, gives {num}`curve.planned`. Longer spans of the state-run
# district give more; the parish board, the city as a whole and the grades 3 to 8 of 2013 and 2014 give
# little or nothing.

# %%
pairs = []
for table, grades in ((gap, "all grades"), (gap_later, "grades 3 to 8")):
    for unit, label in SHORT.items():
        own = table[unit].dropna() if unit != STATE else table[unit].iloc[:0]
        for first, last in itertools.combinations(own.index, 2):
            pairs.append(
                {
                    "schools": label, "first": first, "last": last, "grades": grades,
                    "effect": own[last] - own[first],
                    "planned": (unit, first, last, grades) == (RSD, 2009, 2012, "all grades"),
                }
            )  # fmt: skip
curve = described_curve(
    pd.DataFrame(pairs),
    "New Orleans",
    "percentage points",
    provenance(pd.concat([basic.rows, later.rows])),
)
study.record_curve(curve)
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %% [markdown]
# ## Could luck explain it?
#
# There are no placebo places and no year before, so no ranks, no event study, no test of earlier trends and
# no weights. From 2008 instead of 2009 the gap closes by {num}`gap_change.2008_2012` points
# instead of {num}`gap_change.2009_2012`, on a doubtful value. For the combined city, which the
# sorting of schools between the two groups cannot move, the gap to the state was
# {num}`gap_all.city.2011` in 2011 and {num}`gap_all.city.2012` in 2012; in grades 3
# to 8 it was {num}`gap_g3_8.city.2013` and {num}`gap_g3_8.city.2014`. The share of
# first-time takers in the city who met the standard for promotion went from
# {num}`promotion_g4.2007` per cent in 2007 to {num}`promotion_g4.2011` in 2011 in
# grade 4, and from {num}`promotion_g8.2007` to {num}`promotion_g8.2011` in grade 8
# {src}`US_EDUCATENOW_2011`; there is nothing to compare it with.
#
# **A later test.** In spring 2016 the city was below the state in {num}`tests_below` of
# {num}`tests` tests, by {num}`mean_english` points on average in English,
# {num}`mean_mathematics` in mathematics and {num}`mean_all` over all. The gap is widest in
# grade 3, at {num}`test.english_g3` and {num}`test.mathematics_g3`, and smallest in grade
# 8, at {num}`test.english_g8` and {num}`test.mathematics_g8` {src}`US_LDOE_LEAP_2016`. One
# year cannot say whether that is progress, the pupils of another time or who is still in school by then.

# %% tags=["remove-cell"]
tests, behind = [], []
for subject in ("english", "mathematics"):
    for grade in range(3, 9):
        found = study.series(f"la_leap2016_basicplus_{subject}_g{grade}")
        gap_2016 = found[CITY, 2016] - found[STATE, 2016]
        tests.append({"subject": subject, "grade": grade, "gap": gap_2016.value})
        behind.append(gap_2016.rows)
        meaning = f"City less Louisiana, share at Basic or above, spring 2016, {subject}, grade {grade}."
        study.numbers("test")(f"{subject}_g{grade}", gap_2016, WHOLE_POINTS, meaning)
tests, behind = pd.DataFrame(tests), pd.concat(behind)
record = study.numbers(rows=behind)
record("tests", len(tests), COUNT, "Tests of spring 2016 with a value for city and state.")
below = int(is_above(-tests["gap"]).sum())
record("tests_below", below, COUNT, "Tests in which the city is below the state.")
means = {**tests.groupby("subject")["gap"].mean(), "all": tests["gap"].mean()}
meaning = "Mean of city less Louisiana over the tests of spring 2016, {}."
of_subject = {key: behind[behind["indicator_id"].str.contains("" if key == "all" else key)] for key in means}
record.each("mean_{}", means, POINTS, meaning, rows=of_subject.get)
by_grade = tests.groupby("grade")["gap"].mean()
study.holds(
    "The gap is widest in grade 3 and narrowest in grade 8.", by_grade.idxmin() == 3, by_grade.idxmax() == 8
)
inside, words = basic.table.loc[OPSB] - basic.table.loc[RSD], {"low": "Smallest", "high": "Largest"}
meaning = "{} yearly difference of parish board less state-run district, 2009 to 2012."
record = study.numbers(rows=basic.at([OPSB, RSD], range(2009, 2013)))
record.ends("inside_{}", inside, WHOLE_POINTS.as_level(), meaning, names=words)

# %%
subjects = ["English", "mathematics"]
drawn = tests.assign(subject=tests["subject"].replace("english", "English"))
points = (
    alt.Chart(drawn)
    .mark_point(size=110, filled=True, opacity=1)
    .encode(
        x=alt.X(
            "gap:Q",
            title="city less Louisiana, points",
            scale=alt.Scale(domain=[-12, 0]),
            axis=alt.Axis(format="d", values=list(range(-12, 1, 2))),
        ),
        y=alt.Y("grade:O", title="grade"),
        color=alt.Color("subject:N", scale=alt.Scale(domain=subjects, range=[TREATED, SECOND])),
        shape=alt.Shape("subject:N", scale=alt.Scale(domain=subjects)),
        tooltip=["subject:N", "grade:O", "gap:Q"],
    )
    .properties(height=alt.Step(34))
)
study.holds("All dots lie below zero.", tests["gap"].between(-12, -1))
study.show(
    "tests",
    points,
    title=f"New Orleans lies below Louisiana in {'all' if below == len(tests) else f'{below} of'} {len(tests)} tests",
    subtitle="Share at Basic or above, city less state, grades 3 to 8, spring 2016, percentage points",
    caption="New Orleans less Louisiana in the tests of spring 2016: share at Basic or above, percentage points.",
    says=(
        f"Each row is a grade with two dots, English and mathematics. All {len(tests)} dots lie below zero, from "
        f"{registry.text('test.mathematics_g3')} in grade 3 mathematics to {registry.text('test.english_g8')} in grade 8, "
        "where the two dots fall on each other."
    ),
    data=drawn,
)

# %% [markdown]
# ## How large would it have to be?
#
# No effect of any size could have been tested here. A test needs years before the change and places without it. The
# series here has no year before 2005 that
# can be joined, and besides the city's groups and the state it holds {num}`parishes` parishes, for one
# year. The plan asks for at least {num}`minimum_donors` comparison places. What a test would need
# exists: the state's own results by parish and year from 1999 to 2014, and parishes that the storm hit without the
# reforms. The published studies below had access to such data; this book did not.

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Different children.** Values before and after the storm describe different pupils, and the schools of the
# state-run district changed each year. No count of either was found in the sources read. **Everything at once.**
# Control, rules, staff and money changed together; the main evaluation's summary has spending up by 13 per cent
# {src}`US_HARRIS_LARSEN`. **Sorting.** The parish board's schools are {num}`inside_low` to
# {num}`inside_high` points above the state-run district's in 2009 to 2012, so comparisons inside the
# city reflect who went where.
#
# **A new workforce.** Teachers with three years of experience or less were {num}`short_experience_teachers_2005` per
# cent in 2004-05 and close to {num}`short_experience_teachers_2011` in 2010-11 {src}`LF_078`. Lincove, Barrett and
# Strunk followed the {num}`lincove_teachers` teachers whom the board had dismissed, most of them Black and with long
# service. The share who had left the state's public schools was {num}`lincove_left_2007.low` to
# {num}`lincove_left_2007.high` points above that of a comparison group by 2007 and {num}`lincove_left_2013.low` to
# {num}`lincove_left_2013.high` above it by 2013 {src}`SX_LINCOVE_2018`. The abstract was read. Those who replaced them
# were newer to the work, and fewer were trained in the city {src}`LF_077, LF_078`. The study does not say how many of
# them the programme sent.
#
# **Published studies of the reforms** compare New Orleans with other districts that the hurricane hit. They estimate
# {num}`harris_english_and_mathematics.low` to {num}`harris_english_and_mathematics.high`
# percentiles in English and mathematics, {num}`harris_graduation.low` to
# {num}`harris_graduation.high` points in graduation and
# {num}`harris_college_entry.low` to {num}`harris_college_entry.high` in
# college entry {src}`LF_075`; a summary by the same centre has {num}`era_achievement.low`
# to {num}`era_achievement.high` percentiles {src}`US_HARRIS_LARSEN`. All are about the reforms as a package. None
# separates the programme or leadership from the rest, and the estimates of the peer-reviewed version
# were not read. The authors also follow pupils who came back after the storm, without the newcomers. These differences
# are smaller {src}`LF_075`. One study looks inside the city: pupils who were already in a school when it was taken over and
# restarted as a charter school gained substantially beyond matched pupils of schools not yet taken over; the abstract
# was read, without sizes {src}`SX_TAKEOVERS_2016`. It is about takeovers and says nothing about who led them.
#
# **Teachers of the programme.** A report of 2009 on new teachers of a route through which most local corps members pass
# found them ahead of experienced teachers in mathematics and reading, level in science and behind in social studies
# {src}`SX_NOLA_2009`. It was read in a newspaper, and the route belongs to another organisation. A report on the
# programme itself, by Noell and Gansle, is cited by others and could not be read.

# %% tags=["remove-cell"]
ranges = study.release.table("evaluations").query("case_id == @case_id and estimate_low.notna()")
NAMES = {
    "new-orleans-eval-01": "harris_achievement",
    "new-orleans-eval-02": "harris_english_and_mathematics",
    "new-orleans-eval-03": "harris_graduation",
    "new-orleans-eval-04": "harris_college_entry",
    "new-orleans-eval-05": "harris_college_persistence",
    "new-orleans-eval-06": "harris_college_completion",
    "new-orleans-eval-07": "era_achievement",
    "new-orleans-eval-09": "lincove_left_2007",
    "new-orleans-eval-10": "lincove_left_2013",
}
names = row_names("evaluations", ranges, NAMES)
for row in ranges.itertuples():
    for key, value in (("low", row.estimate_low), ("high", row.estimate_high)):
        study.numbers(rows=rows_named(study.release, "evaluations", row.evaluation_id))(
            f"{names[row.evaluation_id]}.{key}",
            value,
            Unit(row.unit, 0 if float(value).is_integer() else 1, False),
            f"{row.study}: {row.outcome}, {key} end of the published range.",
        )

# %% [markdown]
# Compared with the studies of the reforms, the closing of the gap described above is of the same order as the published
# ranges in percentage points. That does not confirm it: the published ranges are for finishing school and college and
# come from a comparison with districts that had the storm and not the reforms; ours is for test scores, has no such
# comparison, and starts four years after the reforms.

# %% tags=["remove-cell"]
dismissed = study.release.table("evaluations").set_index("evaluation_id").loc["new-orleans-eval-09"]
meaning = "Teachers dismissed after the flood and followed by the study."
study.numbers(rows=rows_named(study.release, "evaluations", "new-orleans-eval-09"))(
    "lincove_teachers", float(dismissed["n"]), Unit("teachers", 0), meaning
)

# %%
package = ranges[ranges["treated_level"] == "whole reform package"]
beside = package[package["unit"] == "percentage points"].assign(
    label=lambda f: f["outcome"].str.replace("high-school ", ""),
    kind="published range, whole reform",
    estimate=lambda f: (f["estimate_low"] + f["estimate_high"]) / 2,
)
beside = beside.rename(columns={"estimate_low": "low", "estimate_high": "high"})[
    ["label", "low", "high", "estimate", "kind"]
]
own = registry.value("gap_change.2009_2012")
beside.loc[ranges.index.max() + 1] = ["gap to state, tests", own, own, own, "this book, description"]
drawn_as = list(dict.fromkeys(beside["kind"]))
kinds = alt.Scale(domain=drawn_as, range=[SECOND, TREATED])
place = alt.Y("label:N", title=None, sort=list(beside["label"]))
spans = (
    alt.Chart(beside)
    .mark_rule(strokeWidth=7)
    .encode(
        x=alt.X("low:Q", title="percentage points", scale=alt.Scale(zero=True)),
        x2="high:Q",
        y=place,
        color=alt.Color("kind:N", scale=kinds, legend=alt.Legend(columns=1)),
    )
)
dots = (
    alt.Chart(beside)
    .transform_filter(alt.datum.low == alt.datum.high)
    .mark_point(size=110, filled=True, opacity=1)
    .encode(
        x="low:Q",
        y=place,
        color=alt.Color("kind:N", scale=kinds, legend=alt.Legend(columns=1)),
        shape=shapes("kind", drawn_as, [BAR, "diamond"]),
    )
)
study.show(
    "beside",
    (spans + dots).properties(height=alt.Step(charts.ROW)),
    title=(
        f"Published estimates run from {beside['low'].iloc[:-1].min():.0f} to {beside['high'].iloc[:-1].max():.0f} points; "
        f"this book's description gives {own:.0f}"
    ),
    subtitle="Whole reform of New Orleans: published ranges, and the closing of the gap in test scores, percentage points",
    caption=(
        "Published ranges for the whole reform, in percentage points, and this book's description of test scores: the same "
        "unit, not the same measure."
    ),
    says=(
        f"The published ranges run from {beside['low'].iloc[:-1].min():.0f} to {beside['high'].iloc[:-1].max():.0f} points; "
        f"the closing of the gap in test scores is a single point at {own:.0f}."
    ),
    data=beside.drop(columns="estimate"),
)

# %%
study.evaluations()

# %% [markdown]
# ## How it was coded
#
# Roles and scale are documented more fully here than in any other case. Corps and alumni are given as
# {num}`share_of_teaching_force` per cent of teachers on a page of about 2015-16 {src}`US_TFA_GNO_2015`; the separate counts of
# about that time, over the teachers of 2010-11, come to {num}`share_check` per cent. Representation among teachers
# moved the other way. The locally trained went from {num}`local_share_of_teachers_2005` per cent in 2004-05 to
# {num}`local_share_of_teachers_2014` in 2013-14 {src}`LF_077`, and the Black share fell as well. That is the whole
# workforce, not the programme's part of it. One reading codes it as a loss, the other does not code it.
#
# Both readings find two strategies, placing teachers and paths of alumni into posts, and resources among the levers.
# Rules and structures changed a great deal, but no source read credits a change to the programme or to an alumnus by
# name, so both readings leave these cells empty. Network and shared purpose are empty too. This describes the sources
# read, which are not all there are.
#
# The table gives the codes of {num}`codes.by`. An empty cell is marked
# *silent*. It is not a zero.

# %% tags=["remove-cell"]
counted = leadership.loc[["new-orleans-12", "new-orleans-17"], "value"].astype(float).sum()
behind = rows_named(study.release, "leadership", "new-orleans-12", "new-orleans-17", "new-orleans-47")
teachers = float(leadership.loc["new-orleans-47", "value"])
meaning = "Alumni teachers of 2015 and corps members of about 2015-16 over the teachers of 2010-11."
study.numbers(rows=behind)("share_check", 100 * counted / teachers, PER_CENT.to(0), meaning)

# %%
shares = leadership.loc[[f"new-orleans-{number}" for number in range(26, 32)]]
workforce = pd.DataFrame(
    {
        "series": shares["measure"].map(
            {
                "Black share of teachers": "Black",
                "locally trained share of teachers": "locally trained",
                "teachers with three years of experience or less": "three years or less",
            }
        ),
        "year": shares["year"].astype(int),
        "value": shares["value"].astype(float),
    }
).reset_index(drop=True)
black = workforce[workforce["series"] == "Black"].set_index("year")["value"].sort_index()
study.show(
    "workforce",
    charts.lines(workforce, "per cent of teachers"),
    title=(
        f"The share of Black teachers goes from {black.iloc[0]:.0f} to {black.iloc[-1]:.0f} per cent, {black.index[0]} to "
        f"{black.index[-1]}"
    ),
    subtitle="Three shares of all teachers in New Orleans, each known for two years, per cent",
    caption="Who taught in New Orleans: three shares of all teachers, each known for two years, joined by straight lines.",
    says=(
        "Each series has two points: "
        + "; ".join(
            f"{name} in {rows['year'].iloc[0]} and {rows['year'].iloc[1]}"
            for name, rows in workforce.groupby("series", sort=False)
        )
        + ". The first two lines fall, the third rises."
    ),
    data=workforce,
)

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["new-orleans-01", "new-orleans-04", "new-orleans-06", "new-orleans-16"],
    "alumni_pathways": [
        "new-orleans-09",
        "new-orleans-14",
        "new-orleans-38",
        "new-orleans-39",
        "new-orleans-event-07",
        "new-orleans-event-09",
    ],
    "roles": ["new-orleans-event-03", "new-orleans-event-10", "new-orleans-15"],
    "resources": ["new-orleans-16", "new-orleans-33"],
    "strength": ["new-orleans-eval-11"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. Two strategies and their reach are documented. Teachers have
# been placed since 1990 {src}`US_TFA_GNO_2015`. Alumni came to lead schools, {num}`alumni_principals_2015` in 2015
# {src}`LF_070`, and systems {src}`D_NOLA_POSTS_2011, SN_EDWEEK_2012_WHITE`. So it is documented that people once placed
# came to lead. It is not documented whether they would have led without the programme. No programme that prepared them
# for such posts was found in the sources read.
#
# What results did afterwards {num}`strategy.recruit_place.after`. An alumnus headed the state-run district from May 2011
# {src}`SN_NOLA_2011_KOJ_RUN`, in the middle of the years in which its scores neared the state's; the reforms had begun
# before any of them is recorded in such a post. Something else changed during the build-up, and it is not a success: a
# smaller share of teachers was Black or locally trained {src}`LF_077`. That, too, happened at the same time, and no
# more is known. On the {num}`strategy.silent` other strategies nothing was found in the sources read.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# Alumni reached many and high posts in New Orleans. That is documented, mostly by the programme or people who had
# worked for it. Scores in the state-run district moved towards the state's from 2009 to 2012 and, in a separate series,
# did not between 2013 and 2014. That is a description, not a test. The city was still below the state in 2016, as
# documented. Studies that we quote and did not repeat credit the reforms as a whole with large gains.
#
# Whether collective leadership had a part in this is not known. The rules of 2005 to 2007 were made before alumni held
# top posts; in 2012, when enrolment became common, an alumnus headed the state's schools, and the sources do not say
# whose rule it was.
# Alumni cannot be separated from the storm, the new control and the added money. While they rose in the schools, a
# smaller share of the teachers was
# trained locally. What the sources read do not say does not count against the leaders, just as a rising line says
# little for them.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did results in New Orleans move away from those of Louisiana after the hurricane of 2005,
# when control, rules and staff changed and alumni of Teach For America came to lead schools and systems? The data here
# could not have shown that: no test year before the storm can be joined to those after it, and no comparison place has
# a series.
#
# What the data show: from 2009 to 2012 the gap between the state-run district and Louisiana closed by
# {num}`gap_change.2009_2012` points. Studies that had the data estimate {num}`harris_achievement.low` to
# {num}`harris_achievement.high` standard deviations for the reforms as a whole {src}`LF_074`. In 2015 alumni led
# nearly {num}`share_of_schools_led_by_alumni` per cent of open-enrolment schools, while a smaller share of teachers
# than before was Black or locally trained {src}`LF_070, LF_077`.
#
# What they cannot say: what alumni added. The state's takeover and the end of bargaining came before any of them is
# recorded in a top post. When enrolment became common in 2012, an alumnus headed the state's schools and no longer the
# district, and no source read says whose rule it was.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - The state's results by parish and year from 1999 to 2014, and graduation by parish: a real period before, and
#   parishes to compare with.
# - Growth and levels by district from 2009 on, on one scale.
# - A list of schools led by alumni by year: did those schools move away from similar ones after a change of head?
# - Alumni by role and year for the city alone, so that the build-up can be dated without the region.
# - Minutes of state board and district on common enrolment: who proposed it.
#
# If schools that alumni came to lead then moved away from similar schools in the same city, and had not before, we
# would call the comparison full and the claim supported. If they did not, we would say that the data speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#new-orleans)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** A study inside the city. Alumni led nearly {num}`share_of_schools_led_by_alumni` per cent
#   of open-enrolment schools in 2015 {src}`LF_070`, so their schools can be followed through a change of head beside
#   schools that changed to another head. Do not set the shares of 2005 and 2014 side by side: the grades tested differ
#   {src}`US_EDUCATENOW_2014`.
# - **What to count or ask for.** From Teach For America, schools led by alumni, by name and year. From the state, results
#   by parish and year from 1999 to 2014. From each school, how many teachers come from the city: a smaller share than
#   before the storm was Black or locally trained {src}`LF_070, LF_077`.
# - **What would change our mind.** Schools that alumni came to lead moving away from similar schools of the city, and not
#   before, would be support. Schools moving no differently would speak against it.

# %% tags=["remove-cell"]
study.finish()
