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
# # Leaders by post, place and year
#
# {.lead}
# Nobody has counted the leaders that this idea is about: most counts are of new teachers, few are of heads or officials,
# and hardly any place has them year by year.
#
# ```{chart} leaders.london
# ```
#
# - The sources read give {num}`dated` counts of people with a year, in teaching, among alumni and in leading posts; in
#   most places that is a single figure.
# - School leaders and officials, the posts that the network's idea turns on, are counted {num}`posts.high` times in all.
# - In {num}`series` cases a place has counts of the same kind in five or more years, as a trend would need.
#
# **What else could explain it.** The counts are mostly the programmes' own, and the list of sources is known to be
# incomplete. Registers may exist that nobody has printed.
#
# **How sure.** Every figure is one that a source prints, and nothing is filled in between. For {num}`conflicts`
# combinations of place, post and year two sources print different figures; both are shown.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import in_figures, year_span
from leadership_effects.data.joint_cases import cases_added
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.evidence.leaders import POSTS, conflicting, leader_counts
from leadership_effects.report.charts.readings import leaders_by_year
from leadership_effects.report.figures import Figures, publish
from leadership_effects.report.numbers import COUNT
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "leaders", "analysis/notebooks/synthesis/leaders.py")
every = leader_counts(opened)
# Counts of places added later are drawn below the others, outside the numbers of the page.
added = cases_added(opened).set_index("case_id")["title"].map(place_name)
filed = opened.table("leadership").set_index("leadership_id")["case_id"]
owner = every["key"].map(filed).where(every["table"] == "leadership")
waits = owner.isin(added.index)
later = every.assign(case_id=owner)[waits]
counts = every[~waits].reset_index(drop=True)
dated = counts[counts["year"].notna()].astype({"year": int})
conflicts = conflicting(counts).astype({"year": int})
TABLES = {"leadership": "leadership_id", "dose": "dose_id"}


def behind(rows):
    """Release rows behind counts of both tables."""
    parts = []
    for table, key in TABLES.items():
        own = rows[rows["table"] == table]
        if len(own):
            frame = opened.table(table)
            parts.append(
                rows_of(opened, table, frame[frame[key].isin(own["key"])], f"{table}.csv: {len(own)} rows")
            )
    return sum(parts[1:], parts[0])


def number(key, value, meaning, rows):
    registry.numbers(rows=behind(rows), function=leader_counts)(key, int(value), COUNT, meaning)


number("all", len(counts), "Counts of people by post in the release, dated or not.", counts)
number("dated", len(dated), "Counts of people by post with a year.", dated)
number("places", dated["place"].nunique(), "Places with a dated count of people by post.", dated)
for basis in ("stated", "inferred"):
    rows = dated[dated["basis"] == basis]
    number(f"basis.{basis}", len(rows), f"Dated counts whose year is {basis}.", rows)
undated = counts[counts["year"].isna()]
number("basis.undated", len(undated), "Counts without a year.", undated)
for key, post in (
    ("new", POSTS[0]),
    ("inside", POSTS[1]),
    ("alumni", POSTS[3]),
    ("heads", POSTS[5]),
    ("officials", POSTS[6]),
):
    rows = dated[dated["post"] == post]
    number(
        f"posts.{key}",
        len(rows),
        f"Dated counts of people {post}." if key in ("new", "inside") else f"Dated counts: {post}.",
        rows,
    )
high = dated[dated["post"].isin(POSTS[5:])]
number("posts.high", len(high), "Dated counts of school leaders, officials and board members.", high)
number(
    "posts.high_places",
    high["place"].nunique(),
    "Places with a dated count of school leaders or officials.",
    high,
)
years = dated.groupby(["place", "post"])["year"].nunique()
long = years[years >= 5].reset_index()
in_series = dated.merge(long[["place", "post"]], on=["place", "post"])
number("series", len(long), "Times that one place has counts of one post in five or more years.", in_series)
groups = conflicts.groupby(["place", "post", "year"]).ngroups
number("conflicts", groups, "Place, post and year for which two sources print different figures.", conflicts)

# %% [markdown]
# ## What is counted here
#
# A count has a place, a post, a year and a source. The release holds {num}`all` of them in two tables: `leadership`,
# with a sentence each, and `dose`, bare figures of programmes by region and country. The year of
# {num}`basis.stated` is stated by the source, of {num}`basis.inferred` it is inferred from it, and
# {num}`basis.undated` have none. Shares in per cent, schools, pupils and partners are left out here; they stand in the
# chapters.
#
# The posts are ordered as a career would be: new in the programme that year, in the programme, placed to date, alumni,
# alumni who work in education, school leaders, officials and board members. What is counted most is what a programme knows
# of itself: {num}`posts.new` counts of new teachers, {num}`posts.inside` of all teachers in it, {num}`posts.alumni`
# of alumni. School leaders are counted {num}`posts.heads` times and officials {num}`posts.officials` times, in
# {num}`posts.high_places` places.
#
# In the charts each point is one printed figure. A filled point has a year that its source states, an open one an inferred
# year. Points are not joined, because two figures of two sources are no series: they may count different people. A thin
# upright line joins what two sources print for the same post and year; a ring marks a figure that the book doubts or that is a
# second one. The scale is logarithmic, so that equal steps are equal
# ratios, and the years are the same in every chart.

# %% [markdown]
# ## The places of this book
#
# Each place has a chart of the same years; that of London is at the top of the page.

# %%
SPAN = (1990, max(2026, int(every["year"].max())))
OWN = {  # places that a chart holds, and its title
    "london": (("London", "England"), "London and England"),
    "delhi": (("Delhi", "India"), "Delhi and India"),
    "huari": (("Huari", "Peru"), "Huari and Peru"),
    "washington_dc": (("Washington, DC", "Washington, DC, region"), "Washington, DC, and its region"),
    "new_orleans": (("New Orleans", "New Orleans region"), "New Orleans and its region"),
    "rio_grande_valley": (("Rio Grande Valley",), "The Rio Grande Valley"),
    "chile": (("Chile",), "Chile"),
    "latvia": (("Latvia",), "Latvia"),
}
WIDER = {name for name, (places, _) in OWN.items() if len(places) > 1}


def marked(rows):
    """Rows to draw, with those of which sources differ marked."""
    pairs = conflicts.set_index(["place", "post", "year"]).index
    return rows.assign(conflict=rows.set_index(["place", "post", "year"]).index.isin(pairs))


def counted_in(row):
    """Give a count as its source does, a bound as one, with its year and how that is known."""
    told = f"{row['figure']} {'about' if row['basis'] == 'inferred' else 'in'} {row['year']}"
    return f"{told} ({row['doubt']})" if row.get("doubt") else told


def said(rows):
    """Name each point of a chart in words, by post."""
    parts = []
    for post, own in rows.groupby("post", sort=False):
        points = ", ".join(counted_in(row) for row in own.to_dict("records"))
        parts.append(f"{post}: {points}")
    return ". ".join(parts) + "."


def show(name, places, title):
    return draw(name, marked(dated[dated["place"].isin(places)]), title)


ringed = " A ring marks a count that the book doubts or a second figure, with the word."


def draw(name, rows, title, beside=""):
    """Draw the counts of a place or of several, each with its post and year."""
    order = [post for post in POSTS if post in set(rows["post"])]
    rows = (
        rows.assign(rank=rows["post"].map(order.index))
        .sort_values(["rank", "year", "value"])
        .drop(columns="rank")
    )
    many = rows["place"].nunique() > 1 or name in WIDER
    drawn = rows.assign(told=rows["place"] + ": " + rows["told"]) if many else rows
    return publish(
        registry,
        name,
        leaders_by_year(drawn[["post", "year", "basis", "value", "told", "doubt", "conflict"]], POSTS, SPAN),
        title=f"{title}: {in_figures(len(rows), 'dated count')} of people, {year_span(rows['year'].min(), rows['year'].max())}",
        subtitle="People counted in each post as a source prints them, by year, number of people",
        caption=(
            "Each point is a figure that a source prints: filled where it states the year, open where the year is inferred. "
            f"A thin upright line joins figures of two sources for the same post and year.{ringed if rows['doubt'].any() else ''}{beside}"
        ),
        says=said(rows),
        data=drawn[["place", "post", "year", "basis", "value", "told", "doubt", "source"]].reset_index(
            drop=True
        ),
    )


# %% tags=["hide-input", "remove-output"]
show("london", *OWN["london"])

# %% tags=["hide-input"]
show("delhi", *OWN["delhi"])

# %% tags=["hide-input"]
show("huari", *OWN["huari"])

# %% tags=["hide-input"]
show("washington_dc", *OWN["washington_dc"])

# %% tags=["hide-input"]
show("new_orleans", *OWN["new_orleans"])

# %% tags=["hide-input"]
show("rio_grande_valley", *OWN["rio_grande_valley"])

# %% tags=["hide-input"]
show("chile", *OWN["chile"])

# %% tags=["hide-input"]
show("latvia", *OWN["latvia"])

# %% tags=["hide-input"]
beside = " This place was added later: the numbers of the page leave its counts out."
late_dated = later[later["year"].notna()].astype({"year": int})
shown = [
    draw(case, rows.drop(columns="case_id").assign(conflict=False), f"{added[case]}, added later", beside)
    for case, rows in late_dated.groupby("case_id")
]
Figures(tuple(shown)) if shown else None

# %% [markdown]
# New Orleans has the fullest record of posts: school leaders, officials and teachers among alumni are counted at more than
# one date {src}`SN_BIZNOLA_2019`. London's counts follow cohorts {src}`UK_PQ_57944`; of heads in the city one early
# figure was read. For Delhi the city's own counts are of one year {src}`SN_TFI_DELHI_2018`. For Huari, Chile and Latvia
# no school leader who is an alumnus is counted in the sources read.

# %% [markdown]
# ## Other places
#
# The same counts exist for places that this book does not study. They matter for another question: whether more leaders
# go with more change in many places at once. The table gives, for each place with two dated counts or more, the posts, the
# first and the last. Where all are of one year it gives the smallest and the largest: the English regions are counted
# once, in autumn 2016, for three cohorts {src}`UK_PQ_57944`, which is no growth.

# %% tags=["hide-input"]
ours = {place for places, _ in OWN.values() for place in places}
elsewhere = dated[~dated["place"].isin(ours)].sort_values(["place", "post", "year"])


def summary(rows):
    first, last = rows.iloc[0], rows.iloc[-1]
    points = [counted_in(first)]
    if len(rows) > 1 and first["year"] == last["year"]:
        points = [f"{rows['value'].min():,.0f} to {rows['value'].max():,.0f}, all in {first['year']}"]
    elif len(rows) > 1:
        points.append(counted_in(last))
    return pd.Series(
        {
            "counts": len(rows),
            "first and last": ", ".join(points),
            "sources": ", ".join(dict.fromkeys(rows["source"])),
        }
    )


other = (
    elsewhere.groupby(["place", "post"], sort=False)[["year", "basis", "value", "figure", "source"]]
    .apply(summary)
    .reset_index()
)
Table(
    other[other["counts"] > 1].reset_index(drop=True),
    "Places outside those counted with two or more dated counts of one post",
)

# %% [markdown]
# ## Where sources differ
#
# For {num}`conflicts` combinations of place, post and year two sources print different figures. Neither is struck out:
# they may count at other dates of the year, another area, or people who began rather than people who stayed.

# %% tags=["hide-input"]
Table(
    conflicts.rename(columns={"told": "as counted"})[
        ["place", "post", "year", "value", "as counted", "basis", "source"]
    ],
    "Figures of two sources for the same place, post and year",
)

# %% [markdown]
# ## Counts without a year
#
# {num}`basis.undated` counts carry no year, because their page does not. They cannot be drawn, and they cannot be compared
# with anything.

# %% tags=["hide-input"]
Table(
    undated.rename(columns={"told": "as counted"})[
        ["place", "post", "value", "as counted", "source"]
    ].reset_index(drop=True),
    "Counts of people by post without a year",
)

# %% tags=["hide-input"]
late_undated = later.loc[later["year"].isna()].rename(columns={"told": "as counted"})
late_undated = late_undated[["place", "post", "value", "as counted", "source"]].reset_index(drop=True)
Table(late_undated, "Counts without a year of places added later") if len(late_undated) else None

# %% [markdown]
# ## A sheet for your own counts
#
# Somebody in every partner organisation could fill this in from a list of alumni in an afternoon. The
# <a href="lb:/downloads/leaders-sheet.csv" download>sheet (CSV)</a> has the columns of the release's table `leadership` and
# one row as an example. One row is one figure: the place, what is counted, the post in the words of the sheet, the year, how the
# year is known, the figure, and where it can be read. Leave the year empty and write `undated` if it is not known; a count
# without a year is better than a guess.
#
# [Contribute](../contribute.md) says how to send it. The data check of a release then names every cell that it does not
# understand, and what is allowed there.
#
# :::{admonition} The finding in numbers
# :class: summary
# Counts of leaders are the scarcest thing in this field. This page draws every one that the sources read give with a
# year: {num}`dated` counts of {num}`places` places, of teachers in the programmes, alumni, school leaders and officials.
# Most are single figures. {num}`series` times a place has five or more of the same kind. For school leaders and
# officials, the posts that the network's idea turns on, there are {num}`posts.high` dated counts in all. Nothing
# is filled in between, and where sources differ both figures stand.
# :::
#
# ## What these counts cannot say
#
# How many there are says nothing about what they do. The counts are mostly the programmes' own. People who left the place are
# rarely taken off. Few sources say out of how many, so that a share, which a critical mass would need
# ([critical mass](critical_mass.ipynb)), exists for a handful of places and years.
#
# ## What would change our mind
#
# A register: for one place and ten years, who of the alumni teaches, leads a school or holds office, over all who do. With
# it this page would hold lines in place of points.

# %% tags=["remove-cell"]
registry.save()
