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
# # The system strategy map
#
# :::{admonition} In short
# :class: summary
# The map lays four things over each other: how leadership was developed, what it looked like, where the system was
# touched, and how the results compare. What can be seen is what the sources read put on record. A line says that two
# things are on record **in the same place**, not that one led to the other.
#
# Of {num}`events` dated events {num}`events.both` name a strategy and a leverage point together. Only
# {num}`events.beyond` of them name a leverage point other than resources, in {num}`events.where`. No row of the release goes
# further along the chain, so the map cannot say what any strategy did. Which boxes are filled follows what was read
# about a place as much as what was done there.
# :::
#
# ```{added-places} note
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import agreeing, cardinal, in_figures
from leadership_effects.data.joint_cases import cases_across, cases_added, coding_across, current_coding
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import place_name, printed_verdict
from leadership_effects.evidence import strategy_map
from leadership_effects.report.charts import strategy_map as drawn
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import publish
from leadership_effects.report.insights.map_form import MapForm
from leadership_effects.report.insights.matrix import Entry, Matrix, words_of
from leadership_effects.report.numbers import COUNT, TEXT
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "strategy_map", "analysis/notebooks/insights/strategy_map.py")
cases = cases_across(opened)
own = list(cases["case_id"])
names = {row.case_id: place_name(row.title) for row in cases.itertuples()}
coding = coding_across(opened)
coding = coding[coding["case_id"].isin(own) & (coding["kind"] != "outcome")]
events = opened.table("events")
events = events[events["case_id"].isin(own)]
evaluations = opened.table("evaluations")
reached = {case: read_results(opened.name, case)["results"] for case in own}
# Places outside the counts: shown when chosen and in tables of their own.
added = cases_added(opened)
late_names = {row.case_id: place_name(row.title) for row in added.itertuples()}
later = {case: f"{name} (added later)" for case, name in late_names.items()}
reached |= {case: read_results(opened.name, case)["results"] for case in later}
coding_later = current_coding(opened).query("case_id in @later and kind != 'outcome'")
events_later = opened.table("events").query("case_id in @later")


def cells_of(coded, dated, places):
    """Return what is on record of places, with the outcome of each."""
    words = [{case: reached[case][key]["value"] for case in places} for key in ("comparison", "verdict")]
    return pd.concat(
        [strategy_map.code_cells(coded, dated, places), strategy_map.outcome_cells(*words)], ignore_index=True
    )


found = cells_of(coding, events, own)
# Each has readings of its own, by which *all readings* is meant.
found_later = [
    cells_of(coding_later[coding_later["case_id"] == case], events_later, [case]) for case in later
]
found_later = pd.concat(found_later, ignore_index=True) if found_later else None
links = strategy_map.find_links(found, events)
across = strategy_map.merge_links(links)
across_later = None
if found_later is not None:
    across_later = strategy_map.merge_links(strategy_map.find_links(found_later, events_later))
counts = strategy_map.count_statuses(found)
coded_rows, event_rows = rows_of(opened, "coding", coding), rows_of(opened, "events", events)
place_rows = rows_of(opened, "cases", cases)


by_link = registry.numbers(function=strategy_map.find_links)
by_status = registry.numbers(function=strategy_map.count_statuses)


def named(items):
    return ", ".join(drawn.item_label(item).lower() for item in items) or "none"


# %% tags=["remove-cell"]
entries = {}


def enter(cells, coded, dated):
    """Record what the matrix says of each place and item, with the rows behind it."""
    for cell in cells[cells["layer"] != "outcome"].to_dict("records"):
        case, item = cell["case_id"], cell["item"]
        mine = (coded["case_id"] == case) & (coded["kind"] == cell["layer"]) & (coded["item"] == item)
        rows = rows_of(opened, "coding", coded[mine])
        if cell["events"]:
            rows += rows_of(opened, "events", dated[dated["event_id"].isin(cell["events"].split(", "))])
        key, said = f"{case}.{item}.record", words_of(cell)
        place = (names | later)[case]
        meaning = f"{place}, {drawn.item_label(item).lower()}: what the coded readings and dated events say."
        by_link(key, said, TEXT, meaning, rows=rows)
        entries[item, case] = Entry(said, "strategy_map", key, cell["status"])


enter(found, coding, events)
if found_later is not None:
    enter(found_later, coding_later, events_later)
for (layer, item), made in counts.iterrows():
    if layer == "outcome":
        rows = place_rows
    else:
        rows = rows_of(opened, "coding", coding[(coding["kind"] == layer) & (coding["item"] == item)])
        if layer in strategy_map.EVENT_COLUMNS:
            rows += rows_of(opened, "events", events[events[strategy_map.EVENT_COLUMNS[layer]] == item])
    told = drawn.item_label(item)
    meaning = f"Places in which it is on record: {told}."
    by_status(f"{item}.places", int(made["documented"]), COUNT, meaning, rows=rows)
    if layer != "outcome":
        entries[item, ""] = Entry(str(made["documented"]), "strategy_map", f"{item}.places")
        meaning = f"Places in which it is on record to the contrary: {told}."
        by_status(f"{item}.contrary", int(made[strategy_map.CONTRARY]), COUNT, meaning, rows=rows)
inside = counts.loc[counts.index.get_level_values("layer") != "outcome", "documented"]
for key, chosen, words in (("everywhere", inside == len(own), "every"), ("nowhere", inside == 0, "no")):
    items, meaning = (
        named(inside.index[chosen].get_level_values("item")),
        f"Items on record in {words} place.",
    )
    by_status(key, items, TEXT, meaning, rows=coded_rows + event_rows)
for case in own:
    mine = found[(found["case_id"] == case) & found["status"].isin(strategy_map.DOCUMENTED)]
    rows = rows_of(opened, "coding", coding[coding["case_id"] == case])
    rows += rows_of(opened, "events", events[events["case_id"] == case])
    for layer in strategy_map.LAYERS[:3]:
        on_record, meaning = (
            (mine["layer"] == layer).sum(),
            f"{names[case]}: items of the layer {layer} on record.",
        )
        by_link(f"{case}.{layer}", on_record, COUNT, meaning, rows=rows)

strategy, leverage = events["strategy"] != "", events["leverage_point"] != ""
resources = events["leverage_point"] == "resources"
placing = events["strategy"].isin(["recruit_place", "cluster"])
for key, chosen, words in (
    ("events", strategy | True, f"Dated events in the {cardinal(len(own))} places"),
    ("events.strategy", strategy, "Events that name a strategy"),
    ("events.leverage", leverage, "Events that name a leverage point"),
    ("events.both", strategy & leverage, "Events that name a strategy and a leverage point"),
    ("events.resources", strategy & resources, "Events that name a strategy, and resources as the leverage point"),
    ("events.beyond", strategy & leverage & ~resources, "Events that name a strategy and a leverage point other than resources"),
    ("events.other_strategies", strategy & leverage & ~placing, "Events that name a leverage point and a strategy other than placing or clustering teachers"),
    ("events.alone", leverage & ~strategy, "Events that name a leverage point and no strategy"),
    ("events.neither", ~strategy & ~leverage, "Events that name neither a strategy nor a leverage point"),
):  # fmt: skip
    rows = rows_of(opened, "events", events[chosen])
    record = registry.numbers(rows=rows, function="events.csv: columns strategy and leverage_point")
    record(key, int(chosen.sum()), COUNT, f"{words}.")

tied = links[links["kind"] == strategy_map.NAMED]
beyond = tied[tied["to_item"] != "resources"]
seats = found[(found["layer"] == "leverage") & found["status"].isin(strategy_map.DOCUMENTED)]
seats_beyond = seats[seats["item"] != "resources"]
both_rows = rows_of(opened, "events", events[strategy & leverage])
beyond_rows = rows_of(opened, "events", events[strategy & leverage & ~resources])
strategy_rows = rows_of(opened, "coding", coding[coding["kind"] == "strategy"]) + rows_of(
    opened, "events", events[strategy]
)
leverage_rows = rows_of(opened, "coding", coding[coding["kind"] == "leverage"]) + rows_of(
    opened, "events", events[leverage]
)
together = across[across["kind"] == strategy_map.TOGETHER]
for rows, numbers in (
    (both_rows, {
        "links.named": ((across["kind"] == strategy_map.NAMED).sum(), "Pairs of a strategy and a leverage point that an event names together in some place."),
    }),
    (coded_rows + event_rows, {
        "links.together": (len(together), "Pairs of items of neighbouring layers on record together in some place."),
        "links.once": ((together["n"] == 1).sum(), "Those pairs that are on record together in one place only."),
    }),
    (beyond_rows, {
        "places.beyond": (beyond["case_id"].nunique(), "Places with an event that names a strategy and a leverage point other than resources."),
        "leverage.tied": (len(beyond.drop_duplicates(["case_id", "to_item"])), "Those that an event names together with a strategy."),
    }),
    (leverage_rows, {
        "leverage.beyond": (len(seats_beyond), "Leverage points other than resources on record, counted place by place."),
        "leverage.event_only": ((seats["status"] == strategy_map.EVENT).sum(), "Leverage points on record by an event alone, counted place by place."),
    }),
):  # fmt: skip
    by_link.many(COUNT, numbers, rows=rows)
breadth = (
    found[(found["layer"] == "strategy") & found["status"].isin(strategy_map.DOCUMENTED)]
    .groupby("case_id")
    .size()
)
spread = counts.loc["strategy"]["documented"].drop("recruit_place")
most = "Largest number of strategies on record in a place."
by_link("strategy.most", int(breadth.max()), COUNT, most, rows=strategy_rows)
most = "Largest number of places in which a strategy other than recruiting and placing is on record."
by_link("strategy.most_other", int(spread.max()), COUNT, most, rows=strategy_rows)
where = list_in_words([names[case] for case in own if case in set(beyond["case_id"])])
meaning = "Places with an event that names a strategy and a leverage point other than resources."
by_link("events.where", where, TEXT, meaning, rows=both_rows)
by_link("places", len(own), COUNT, "Places on the map.", rows=place_rows)

# %% [markdown]
# ## Places by items
#
# The table counts what the readings say and claims no link. A cell opens the passages and reasons behind it. Codes run to
# 3 for dimensions and to 2 for leverage points; a mean of the readings is shown. The column *places* counts those with
# the item on record, an event alone included.

# %%
Matrix(
    "What is on record of each place, item by item",
    names,
    entries,
    {
        "Comparison": [
            Entry(reached[case]["comparison"]["value"], case, "comparison") for case in (*own, *later)
        ],
        "Verdict": [
            Entry(word, case, "verdict", word)
            for case in (*own, *later)
            for word in [printed_verdict(*(reached[case][key]["value"] for key in ("comparison", "verdict")))]
        ],
    },
    late_names,
)

# %% [markdown]
# **Silent is not absent.** Nothing was found in the sources read, which are known to be incomplete. A place about which
# more was read has more marks.
#
# ## The map
#
# The same record as a drawing. Choose a place, or press a box to see its lines alone. The address keeps your choice, so
# that a link opens the same view.

# %%
MapForm("fig-strategy_map-map", names | later, across, across_later)

# %%
most = across[across["kind"] == strategy_map.NAMED]
pairs_together = len(across) - len(most)
publish(
    registry,
    "map",
    drawn.strategy_map(
        drawn.node_frame(found, names | later, found_later),
        drawn.link_frame(across, names | later, across_later),
        (names | later).values(),
    ),
    title=(
        f"{in_figures(pairs_together, 'pair')} of items {agreeing(pairs_together, 'is', 'are')} on record in the same place, "
        f"{len(most)} {agreeing(len(most), 'is', 'are')} named together by an event"
    ),
    subtitle=f"Strategies, dimensions, leverage points and outcomes on record in {cardinal(len(own))} places; a line is no cause",
    caption=(
        "What is on record together, not what led to what. A dashed line joins two items documented in the same place; a "
        "solid line joins a strategy and a leverage point that one dated event names together. Purple boxes are named by "
        "an event alone, often somebody else's act. With all places chosen a second figure in a box counts the places "
        "with an event alone."
    ),
    says=(
        "There are four rows of labels from top to bottom: "
        + "; ".join(
            f"{drawn.TITLES[layer].lower()}: "
            + ", ".join(
                f"{drawn.item_label(item).lower()} {made[strategy_map.READ]} of {len(own)}"
                + (f" and {made[strategy_map.EVENT]} by an event only" if made[strategy_map.EVENT] else "")
                for (_, item), made in part.iterrows()
            )
            for layer, part in counts.groupby(level="layer", sort=False)
        )
        + f". {in_figures(pairs_together, 'dashed link')} {agreeing(pairs_together, 'joins', 'join')} neighbouring rows. "
        f"{in_figures(len(most), 'solid link')} {agreeing(len(most), 'joins', 'join')} a strategy and "
        "a leverage point: "
        + "; ".join(
            f"{drawn.item_label(row.from_item).lower()} with {drawn.item_label(row.to_item).lower()} in {row.n}" for row in most.itertuples()
        )
        + "."
    ),
    data=drawn.table(across, names),
)  # fmt: skip

# %% [markdown]
# ## How to read it
#
# The layers follow the book's three questions and the [framework](../framework.md): strategies that develop
# leadership, dimensions that describe it, leverage points in the system, and the outcome of the place's own
# comparison. The order is the question asked, not a finding.
#
# **A box is filled** when the item is documented in the place. Both readings gave it a code above zero, or a dated
# event of the release names it. Codes run to 3 for dimensions and to 2 for leverage points; with all places chosen the
# box says in how many it is on record. **Purple** is weaker: the readings did not credit the programme's people, and an
# event alone names the item. Many of these events are acts of a government or of others, and are on the map because
# they touched the system in those years: they are what a rise would have to be told from. **Brown** stands where both
# readings gave zero, and says *contested* where sources disagree.
#
# **A dashed line** joins two documented items of neighbouring layers in one place. All pairs are joined, because the
# record gives no reason to join some and not others; within one place these lines repeat what the boxes say. Across
# the places their thickness counts places, out of {num}`places`.
#
# **A solid line** is stronger: one event names strategy and leverage point together, with a year and a source. It
# does not show that the leverage point moved, or that the programme moved it.
#
# **The outcome** is the [verdict](../methods.md#two-words-for-a-case) of the place's chapter: whether its results moved by at
# least the smallest effect of interest beyond comparison places, whether that is ruled out, whether neither can be said, or
# no comparison at all. A dashed line into it says no more than that this place has that verdict.
#
# Counts of leaders do not fill a dimension. Huari counts the communities and families it reached {src}`LF_043`; that
# does not say where leaders come from, so its box for representation stays empty. All counts are drawn by post, place
# and year in [the leaders, counted](../synthesis/leaders.ipynb).
#
# ## What events name together

# %%
years = events.set_index("event_id")["year"].astype("Int64").astype("string").fillna("no year")
origin = events.set_index("event_id")["source_id"]


def pairs(case):
    mine = tied[tied["case_id"] == case]
    return "; ".join(
        f"{drawn.item_label(row.from_item).lower()} with {drawn.item_label(row.to_item).lower()} "
        f"({', '.join(dict.fromkeys(str(years[key]) for key in row.events.split(', ')))})"
        for row in mine.itertuples()
    )


def others(case):
    directions = evaluations.loc[evaluations["case_id"] == case, "finding"].value_counts(sort=False)
    return ", ".join(f"{n} {finding}" for finding, n in sorted(directions.items())) or "none read"


Table(
    pd.DataFrame(
        [
            {
                "place": names[case],
                "strategy and leverage point named together by a dated event": pairs(case) or "none",
                "findings of others' studies": others(case),
                "sources": ", ".join(
                    dict.fromkeys(
                        origin[key]
                        for ids in tied.loc[tied["case_id"] == case, "events"]
                        for key in ids.split(", ")
                    )
                ),
            }
            for case in own
        ]
    ),
    "What dated events name together, and what others' studies find; the sources are those of the events",
)

# %% [markdown]
# What others' studies treated is set out in [what others have
# found](../synthesis/evaluations.ipynb).
#
# ## What it shows across
#
# **The same path everywhere.** Found in every place: {num}`everywhere`. What is present everywhere tells no place from
# another: the same boxes stand over places whose results moved clearly, places whose results did not, and places without a
# comparison. Found in
# none: {num}`nowhere`.
#
# **The rest is uneven.** Pathways of alumni are on record in {num}`alumni_pathways.places` places, as moves of named or
# counted people into posts and not as a described route. A change of rules with government is found in
# {num}`change_rules.places`, Latvia and Washington, DC, student leadership in {num}`student_leadership.places`. Of
# {num}`links.together` pairs of items {num}`links.once` meet in one place only. Nothing can be learned from a pattern
# that has one example.
#
# **Empty boxes were gaps.** In release 2026.3 the map showed Washington, DC, with one strategy and one leverage point. It
# shows {num}`strategy_map.washington_dc.strategy` and {num}`strategy_map.washington_dc.leverage` now, because the parts
# of its package have dates and sources: evaluation of staff, contract, replaced principals, common enrolment. The
# Rio Grande Valley has its charter network, New Orleans its rules of enrolment, Chile its funding law. So an outlined box says
# what was not found yet, and the number of filled boxes is not set against results here.
#
# **Some boxes are disputed.** Chile's strength is contested: one study finds pupils of programme teachers no further
# ahead {src}`LF_118`, an earlier one of a bank that worked with the programme finds them ahead {src}`SX_IDB_2012`. In
# New Orleans the teaching force grew less like the city it served {src}`LF_077`; one reading codes that as the
# contrary of representation, the other not at all, since it is about teachers and not leaders.
#
# ## Where the chain breaks
#
# **Between strategy and dimension** there is no solid line because no row of the release has room for one: events do
# not name a dimension and counts of leaders do not name a strategy.
#
# **Between strategy and leverage point** {num}`links.named` pairs have an event. Most of these events say that teachers
# were placed, and London's later ones are about other regions {src}`UK_TF_HISTORY`. {num}`events.beyond` events go
# beyond resources; {num}`events.other_strategies` name a strategy other than placing or clustering teachers. In Huari partners convened around a coalition {src}`LF_041, LF_042`, and programmes for serving
# teachers came with schools asking for more, by the funder's own account {src}`LF_044`, and with modules offered
# together with the ministry {src}`SN_REVISTA_2020`. In Washington, DC, an evaluation of staff that an alumna had shaped as
# deputy began in 2009 and was made stricter when she was chancellor {src}`SN_DCPS_2010_IMPACT, SN_DCPS_2012_IMPACT`,
# beside a new contract. In Latvia rules of entry to teaching changed, with the ministry {src}`LF_126`. Leverage points
# other than resources are on record {num}`leverage.beyond` times over the places; an event ties {num}`leverage.tied` of
# them to a strategy.
#
# **Most events that touch a lever are not the programme's.** {num}`events.alone` events name a leverage point and no
# strategy. Some are of people who came through a programme: the charter network of two former corps members in the
# Rio Grande Valley {src}`SN_IDEA_2020`, an organisation for reserved school places in Delhi {src}`SN_INDIATODAY_2019`. Some came
# while alumni held office and are not shown to be theirs, as common enrolment in New Orleans
# {src}`SN_NOLA_2012_ONEAPP`. Others are acts of governments: mayoral control in
# Washington, DC {src}`SN_WP_2007_VOTE`, Excellence in Cities in London {src}`SN_NFER_EIC_2004`, a funding law in Chile
# {src}`SN_LEY_20248`, a national rule on examinations in Delhi {src}`IN_HINDU_2020_X`. In the Rio Grande Valley (RGV) the coalition
# RGV FOCUS, a standing body of superintendents and college heads {src}`SN_EDTX_HISTORY`, is no act of the programme.
# {num}`events.neither` of the {num}`events` events name neither a strategy nor a leverage point; most say who held a
# post, as White and Orange Jones in New Orleans {src}`SN_EDWEEK_2012_WHITE, SN_NOLA_2011_KOJ`.
#
# **Goals and mindsets**, where Meadows saw the strongest leverage {cite:p}`meadows1999`, are named by events alone, in
# {num}`goals.places` and {num}`mindsets.places` place: the Happiness Curriculum of Delhi's government
# {src}`SN_SCROLL_2018`, and in Chile a body set up to raise the standing of teaching, the programme's neighbour and
# not its work {src}`SN_ANGLO_CHILE`.
#
# **Between leverage point and outcome** there is no solid line, because no row names both. Studies come nearer in
# Washington, DC, than elsewhere. They look at a threshold of the ratings {src}`SX_DEE_2015`, at teachers who left and their
# successors {src}`SX_ADNOT_2017` and at schools whose principal was replaced {src}`SX_WALSH_2020`, and so part one
# lever from the package. None parts what alumni did from what others in those posts would have done. In New Orleans
# studies treat the package as one {src}`LF_074`.
#
# ## What it does not show
#
# - **Not cause.** A line is two entries about one place. With eight places, chosen because the network named them or its
#   people led there, the same lines would appear if none of the boxes had anything to do with another.
# - **Not absence.** An outlined box was not found in the sources read, which are known to be incomplete. It is not a
#   zero, and a place about which more was read has more lines.
# - **Not strength.** On how strongly a leverage point was moved the readings agree worse than chance would have them (alpha
#   {num}`coding.alpha.leverage.both`), because one rule was read in two ways. Where no event
#   names it, a box of a leverage point rests on these codes, but only on whether both are above zero; a code of 1 beside a 2 should not be read as half.
# - **Not independence.** Both readings are automated, of the same material, by readers who had seen the results. See
#   [what the coding can bear](../synthesis/coding.ipynb).
#
# ## What would change our mind
#
# One dated account in one place would be worth more than another hundred dashed lines: these people, placed or
# trained in these years, made this change, in these schools and not in those, with results for both. Short of that:
# yearly registers of who holds which post and by which path; minutes or rules that name who moved them; a census of
# strategies asked for in each place by the same questions, so that *absent* can be told from *not written down*. If
# such rows turned dashed lines into solid ones in several places, and results differed between places with them and
# places without, the map would begin to say something about change. Rows can be added to `events.csv` in a next
# release, and the map redraws itself.

# %% tags=["remove-cell"]
registry.save()
