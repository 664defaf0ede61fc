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
# # What many places say
#
# {.lead}
# Where a programme of the network began, a whole state or country did not on average move by a large amount.
# Whether it moved by a small one these data leave open, and they say nothing of the pupils in the programme's own classes.
#
# {sure}`states.verdict.smallest` on a small change, {sure}`states.verdict.large` on a large one, of states and of countries
#
# ```{chart} what_many_places_say.bounds
# ```
#
# - States that began moved by {num}`states.estimate.adjusted` pupil standard deviations beyond the others, on average;
#   the data fit anything from {range}`states.estimate.adjusted`.
# - Countries that began moved by {num}`countries.estimate.adjusted`; the data fit anything from
#   {range}`countries.estimate.adjusted`. With no allowance for regions of the world it lies nearer to zero.
# - By teaching alone, so few teachers would move the mean of all pupils by about {num}`states.dose.direct`: far less than
#   either range could show.
#
# **What else could explain it.** Places were chosen, not drawn by lot. Reforms, grants and cuts came in the same years and
# are dated by no source of this release, and few countries without a programme stand for a whole region of the world.
#
# **How sure.** A small change is {num}`states.interest.smallest` pupil standard deviations, the least that would matter
# for a system; a large one is {num}`states.interest.large` ([what the words mean](../methods.md#two-words-for-a-case)).
# If a hundred pupils stand in a row by their scores, the first moves the one in the middle up by about
# {num}`states.ruler.smallest` places, the second by about {num}`states.ruler.large`. Both designs see far smaller
# changes than a single place can show.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import agreeing, cardinal, count
from leadership_effects.data.joint_cases import cases_across, cases_added
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.effects.pupil_scale import AT_LEAST, RULED_OUT
from leadership_effects.effects.staggered.bounds import read_interest
from leadership_effects.report.figures import publish
from leadership_effects.report.many_places import charts
from leadership_effects.report.many_places.answer import (
    adjusted_row,
    answer,
    design_row,
    laid_out,
    place_row,
)
from leadership_effects.report.many_places.beliefs import evidence_at_hand, record_beliefs
from leadership_effects.report.many_places.chapter import ManyPlaces
from leadership_effects.report.many_places.together import compared, of_design, together
from leadership_effects.report.numbers import COUNT, P_VALUE, PUPIL_SD, TEXT, holds
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table
from leadership_effects.synthesis.pupil_sd import BOTH, pupil_case

opened = open_release(release)
registry = Registry(opened, "what_many_places_say", "analysis/notebooks/synthesis/what_many_places_say.py")
DESIGNS = {"states": "States of the United States", "countries": "Countries"}
results = {
    "states": read_results(opened.name, "states")["results"],
    "countries": read_results(opened.name, "countries")["results"],
}
found = {name: of_design(own) for name, own in results.items()}
behind = Rows(0, "results of the chapters on states and on countries", ())
record = registry.numbers(rows=behind, function=compared)
apart = compared(found["states"], found["countries"])
record("apart", apart.difference, PUPIL_SD.to(3), "Adjusted estimate of countries less that of states.")
record(
    "apart.p", apart.p_value, P_VALUE, "p of that difference by the normal curve; the designs share no place."
)
record("apart.found", apart.words, TEXT, "Whether the two estimates differ at 5 per cent.")
record("together", together(found), TEXT, "The verdicts of both designs on the smallest effect of interest.")
for name, own in found.items():
    times = own.high / float(results[name]["dose.direct"]["value"])
    record(
        f"multiplier.{name}",
        max(times, 0),
        COUNT,
        f"Upper end of the set over the direct effect of the teachers: {DESIGNS[name].lower()}.",
    )

# %% tags=["remove-cell"]
NOTES = {
    "washington_dc": "as planned",
    "london": "three subjects at age 14",
    "chile": "mathematics at 15",
    "latvia": "mathematics at 15",
    "huari": "reading and mathematics, grade 4",
}
WITHOUT = {
    "delhi": "too few comparison places",
    "new_orleans": "no year before the storm",
    "rio_grande_valley": "no year before the programme",
}
cases = cases_across(opened).set_index("case_id")["title"].map(place_name)
reached = {case: read_results(opened.name, case)["results"] for case in cases.index}
dc = "washington_dc"
adjusted = pupil_case(opened, dc).estimates[BOTH]
designs = [
    design_row(
        f"{results[name]['places.treated']['text']} {places}",
        f"beside {results[name]['places.never']['text']} without a programme",
        f"book/synthesis/{name}.html",
        results[name],
    )
    for name, places in (("states", "US states"), ("countries", "countries"))
]
single = {
    case: place_row(
        name,
        NOTES.get(case, ""),
        f"book/cases/{case}.html",
        reached[case],
        WITHOUT.get(case, "described alone"),
    )
    for case, name in cases.items()
}
compared_places = sorted(
    (row for row in single.values() if not row["without"]), key=lambda row: row["detectable"]
)
compared_places.insert(
    compared_places.index(single[dc]) + 1,
    adjusted_row(
        cases[dc],
        "less low start and trend",
        single[dc]["page"],
        read_results(opened.name, "synthesis")["results"],
        "pupil.washington_dc.slope",
        adjusted.minimum_detectable(),
    ),
)
hollow = [row for row in single.values() if row["without"]]
outcome_titles = opened.table("indicators").set_index("indicator_id")["title"]


def measured(case):
    """Name the primary outcomes of a place."""
    plan = case_plan(opened, case)
    named = [indicator for name in plan.primary for indicator in plan.panels[name].indicators]
    return "; ".join(dict.fromkeys(outcome_titles[named]))


# Places added later stand below a rule and in no count; of many the first, by name.
added = cases_added(opened).set_index("case_id")["title"].map(place_name)
MOST_ADDED, ADDED_LATER = 12, "Added later, not counted"
late = [
    place_row(
        name,
        measured(case),
        f"book/cases/{case}.html",
        read_results(opened.name, case)["results"],
        "described, not compared",
    )
    for case, name in added.iloc[:MOST_ADDED].items()
]
late_compared, late_hollow = (
    [row for row in late if bool(row["without"]) == empty] for empty in (False, True)
)
parts = [designs, compared_places, late_compared, hollow, late_hollow]
answer_frame = laid_out(parts, dict.fromkeys((2, 4), ADDED_LATER) if late else None)
more = len(added) - len(late)
sizes = read_interest(opened)
holds(
    "States and countries have the same words on both sizes.",
    [designs[0][size] == designs[1][size] for size in ("small", "large")],
)
holds(
    "A large difference is ruled out across states and countries, and Washington, DC, alone reaches the smallest of interest.",
    [row["large"] == RULED_OUT for row in designs],
    [(row["small"] == AT_LEAST) == (row["name"] == cases[dc]) for row in compared_places],
)

# %% tags=["hide-input"]
told = "; ".join(
    f"{', '.join(filter(None, (row.name, row.note)))}: {row.number} (set {row.set}), {sizes.smallest:.2f} is: {row.small}, "
    f"{sizes.large:.2f} is: {row.large}"
    for row in answer_frame[answer_frame["without"] == ""].itertuples(index=False)
)
empty = "; ".join(f"{row['name']}, {row['without']}" for row in [*hollow, *late_hollow])
beyond = f" {count(more, 'more place').capitalize()} added later {agreeing(more, 'stands', 'stand')} in the table of the home page."
publish(
    registry,
    "answer",
    answer(answer_frame, sizes.smallest, sizes.large),
    title="A large difference is ruled out across states and countries; one city, Washington, DC, rose far",
    subtitle="Change of a whole system's average results beyond comparison places, in pupil standard deviations: two "
    f"designs of many places, and the {cardinal(len(cases))} places",
    caption=(
        f"Small is the smallest size of interest for a whole system, {sizes.smallest:.2f}; large is {sizes.large:.2f}. "
        f"The grey band is where about {round(100 * sizes.level)} per cent of ordinary places lie; for states and countries, of "
        "averages with start years drawn at random. Green is at least that large for one of the two sizes, red ruled out for "
        "one, yellow cannot say for both. Washington, DC, has two rows: as planned, and less the rise that its low start and "
        "earlier trend made likely. A difference is no proof of a cause."
        + (" Places added later stand below a rule, outside the counts." if late else "")
        + (beyond if more else "")
    ),
    says=f"From the top: {told}. Places without a comparison: {empty}.",
    data=answer_frame[["name", "note", "number", "set", "detectable", "small", "large", "without"]].round(3),
    links=[
        (row["name"], row["page"], "")
        for row in [*designs, *compared_places, *hollow, *late]
        if row["note"] != "less low start and trend"
    ]
    + ([("All places added later", "book/index.html#the-places-one-by-one", "")] if more else []),
)

# %% [markdown]
# ## The question
#
# Does a system move where programmes of the network have been? That is the network's own claim. The {count}`places` places of this
# book each have one place where something began. The same public record holds two designs with tens of places that
# began in different years: [states](states.ipynb) of the United States, by the first placement of Teach For America, and
# [countries](countries.ipynb), by the first placement of a partner.
#
# ## How much could the teachers do by themselves?
#
# Very little that an average could show. In the United States, near the peak, about {num}`states.dose.share` per cent
# of teachers were of the programme {src}`E2_W165`, and in a randomised trial their pupils gained
# {num}`states.dose.pupil_effect` pupil standard deviations {src}`LF_013`. Multiplied, that moves a mean by
# {num}`states.dose.direct`.
#
# The smallest change that the plan asks about, {num}`states.interest.smallest`, is {num}`states.dose.multiplier` times
# that. So the two designs ask whether having a programme moves a system far beyond its own classes, and can limit by how
# much. They can say nothing about pupils in those classes.
#
# ## How far did results move?
#
# States by {num}`states.estimate.adjusted` pupil standard deviations, countries by {num}`countries.estimate.adjusted`.
# Taken together: {num}`together`.
#
# Had there been no change at all, one of {num}`states.interest.smallest` would have been ruled out in about
# {num}`states.see.zero_ruled_out` per cent of the orders of start years among states, and in
# {num}`countries.see.zero_ruled_out` per cent among countries. Where that share is low, *cannot say* is a common answer
# even if nothing happened. A single place sees far less: {num}`washington_dc.mathematics_g8.mde_sd` is the least that would
# usually have been found in [Washington, DC](../cases/washington_dc.ipynb), {num}`chile.mathematics.mde_sd` in
# [Chile](../cases/chile.ipynb).

# %% tags=["hide-input"]
interest = read_interest(opened)
Table(
    pd.DataFrame(
        [
            {
                "design": DESIGNS[name],
                "began": own["places.treated"]["text"],
                "never": own["places.never"]["text"],
                "could have seen": own["see.mde"]["text"],
                "estimate": own["estimate.adjusted"]["text"],
                "90 % set": f"{own['estimate.adjusted.low']['text']} to {own['estimate.adjusted.high']['text']}",
                "p": own["estimate.adjusted.p"]["text"],
                "0.05 is": own["verdict.smallest"]["text"],
                "0.20 is": own["verdict.large"]["text"],
                f"{PUPIL_SD.to(2).as_level().format(interest.smallest)} ruled out had nothing changed, %": own[
                    "see.zero_ruled_out"
                ]["text"],
            }
            for name, own in results.items()
        ]
    ),
    "Two designs of many places, pupil SD",
)

# %% tags=["hide-input", "remove-output"]
frame = pd.DataFrame(
    [(DESIGNS[name], own.estimate, own.low, own.high, own.minimum_detectable) for name, own in found.items()],
    columns=["label", "estimate", "low", "high", "detectable"],
)
publish(
    registry,
    "bounds",
    charts.bounds(frame, "average difference, pupil SD", (interest.smallest, interest.large)),
    title=(
        f"A change of {PUPIL_SD.to(2).as_level().format(interest.large)} pupil SD is ruled out in "
        f"{int((frame['high'] < interest.large).sum()) or 'neither'} of {len(frame)} designs, one of "
        f"{PUPIL_SD.to(2).as_level().format(interest.smallest)} in {int((frame['high'] < interest.smallest).sum()) or 'neither'}"
    ),
    subtitle="Average change of states and of countries where a programme began, 90 per cent sets, pupil SD",
    caption=(
        "A dot is the average change, its line the 90 per cent confidence set, with starting level and region allowed for. "
        "Broken lines mark zero and the small and the large size that the plan asks about; the violet tick is the least "
        "average change that would mostly be found."
    ),
    says="; ".join(
        f"{row.label} {PUPIL_SD.to(3).format(row.estimate)}, set {PUPIL_SD.to(3).format(row.low)} to "
        f"{PUPIL_SD.to(3).format(row.high)}"
        for row in frame.itertuples()
    )
    + ".",
    data=frame.round(4),
)

# %% [markdown]
# The estimate of countries less that of states is {num}`apart` (p {num}`apart.p`); by that test the two
# {num}`apart.found`. They are not averaged, because they are of different programmes, tests and ages.
#
# How far beyond the teachers' own classes? The upper end of the range among states is {num}`multiplier.states` times what
# the teachers could do by their own classes, and among countries {num}`multiplier.countries` times, if the share of
# teachers were that of the United States. A claim of a larger multiplier has these data against it, as far as the
# comparison is sound.
#
# ## What about younger pupils?
#
# No clear movement shows among ten-year-olds either, in fewer countries and years. In reading, {num}`pirls.places.treated`
# countries that began moved by {num}`pirls.estimate.adjusted` percentage points beyond {num}`pirls.places.never` others
# ({num}`pirls.estimate.adjusted.low` to {num}`pirls.estimate.adjusted.high`).
#
# PIRLS and TIMSS test pupils at about ten. The outcome is the share of pupils who reach the minimum of the test; a
# positive figure is more pupils who reach it. These rows have no pupil standard deviation, so they get no verdict. Where
# mean scores could be read, in fewer waves, a row of the second table gives them.
#
# In reading an average change of {num}`pirls.see.mde` points would usually have been found (p of the estimate
# {num}`pirls.estimate.adjusted.p`). In mathematics {num}`timss.places.treated` countries began and
# {num}`timss.places.never` did not; {num}`timss.see.mde` points would have been found, and the estimate is
# {num}`timss.estimate.adjusted` ({num}`timss.estimate.adjusted.low` to {num}`timss.estimate.adjusted.high`, p
# {num}`timss.estimate.adjusted.p`).

# %% tags=["remove-cell"]
pirls, timss = (ManyPlaces.within(registry, name) for name in ("pirls", "timss"))
for study in (pirls, timss):
    study.places()
    study.could_see()

# %% tags=["hide-input"]
pirls.estimate()

# %% tags=["hide-input"]
pirls.sensitivity()

# %% tags=["hide-input"]
pirls.calendar(
    "Each tile is a wave in which a country took part in reading at grade 4, in the order of first treated waves.",
)

# %% tags=["hide-input"]
timss.estimate()

# %% tags=["hide-input"]
timss.sensitivity()

# %% tags=["hide-input"]
timss.calendar(
    "Each tile is a wave in which a country took part in mathematics at grade 4, in the order of first treated waves.",
)

# %% [markdown]
# ## And regions within a country?
#
# They are too few to test, so they are only described. In two countries regions began in different years and have
# outcomes. Of the education service regions of Texas {num}`texas_regions.places.treated` began within the years seen and
# {num}`texas_regions.places.never` did not; of the regions of England {num}`english_regions.places.treated` and
# {num}`english_regions.places.never`.
#
# Starts could fall in few ways, and no test could say much. So the plan has the means of those that began beside those
# that had not. Lines that part after a start are no effect.

# %% tags=["hide-input"]
texas, england = (ManyPlaces.within(registry, name) for name in ("texas_regions", "english_regions"))
texas.places()

# %% tags=["hide-input"]
texas.paths(
    "Share of an eighth-grade cohort that earned a degree or certificate in Texas within eleven years, mean of regions by first "
    "treated wave, {} to {}.".format(*(texas.everyone.waves[end] for end in (0, -1))),
)

# %% tags=["hide-input"]
england.places()

# %% tags=["hide-input"]
england.paths(
    "Share of pupils with five good grades with English and mathematics, mean of regions by first treated wave. London and the "
    "regions that began before the first wave are not in it.",
)

# %% [markdown]
# Regions of Chile, Peru or Australia would enter by rows alone, as soon as their first years are sourced.

# %% [markdown]
# ## What would a sceptic and a believer make of it?
#
# Nobody comes to these figures without a view. After all the evidence, Washington, DC, included, the sceptic's mean is
# {num}`prior.after.all.sceptic.mean` pupil standard deviations, a neutral reader's {num}`prior.after.all.neutral.mean` and
# the believer's {num}`prior.after.all.believer.mean`. Where the three still differ, the evidence has not settled it.
#
# The plan named the three; its author had seen no estimate of either design. For the sceptic the mean effect on a system is
# {num}`prior.sceptic.mean` with a standard deviation of {num}`prior.sceptic.sd` pupil standard deviations; for the neutral
# reader {num}`prior.neutral.mean` and {num}`prior.neutral.sd`; for the believer {num}`prior.believer.mean` and
# {num}`prior.believer.sd`. The believer's mean is an effect of {num}`prior.believer.effect` on the pupils whose schools
# such leaders head, times {num}`prior.believer.share` of a system's pupils. So what [research on leaders
# elsewhere](what_leaders_add.ipynb) finds enters as a belief, and is not counted again as evidence.
#
# Each belief meets the evidence by the formula in the [methods](../methods.md). An estimate enters with an error as wide
# as its printed interval. *The places compared* are the {num}`synthesis.k` places of this book with a comparison. One of them
# tests no start of a programme: what began in Washington, DC, was an appointment with a package of reforms. So a
# belief about programmes should not move by it. *The programme starts* leave it out: after the places compared the neutral
# reader's mean is {num}`prior.after.places.neutral.mean`, after the programme starts
# {num}`prior.after.starts.neutral.mean`. Places and designs together count Chile and Latvia once, since they are also among the
# countries; *the other places* are then Huari, London and Washington, DC. Without Washington, DC, the neutral reader's mean
# after all is {num}`prior.after.all_starts.neutral.mean` in place of {num}`prior.after.all.neutral.mean`.

# %% tags=["remove-cell"]
evidence, own_rows = evidence_at_hand(opened, found)
beliefs = record_beliefs(registry, evidence, rows=own_rows)

# %% tags=["hide-input"]
beliefs.figure(
    caption="Mean effect on a system: beliefs of a sceptic, a neutral reader and a believer before and after each piece of "
    "evidence, with 95 per cent of each belief. The broken line is the smallest effect of interest.",
)

# %% [markdown]
# The probability of an effect above the smallest of interest goes from {num}`prior.sceptic.above` to
# {num}`prior.after.all.sceptic.above` for the sceptic, from {num}`prior.neutral.above` to
# {num}`prior.after.all.neutral.above` for the neutral reader, and from {num}`prior.believer.above` to
# {num}`prior.after.all.believer.above` for the believer.
#
# ## What would you have to believe?
#
# Set your own belief. Move the sliders, or start from one of the three. Nothing leaves the page.

# %% tags=["hide-input"]
beliefs.control()

# %% [markdown]
# ## What we can say, and what not
#
# These designs limit how far whole systems moved where programmes began, over the places and years seen. Where a size
# is ruled out, a claim that programmes move systems by so much on average has these data against it, given that places
# of the same start and region would have moved alike. Where the answer is *cannot say*, the data neither bear
# the claim out nor contradict it. Where an estimate lies above zero, it is an association: places were chosen, and other
# things came in the same years.
#
# They do not say that teachers of the programmes teach better or worse; trials do that
# ([published evaluations](evaluations.ipynb)). They do not say what leaders add ([leaders](what_leaders_add.ipynb)): no
# dated, counted leaders stand behind these starts. And an average over places can hide a place that moved much, which is
# why the {count}`places` places have [chapters of their own](synthesis.ipynb).
#
# The plan of both designs was committed on {num}`states.plan.dated`, before any estimate of the states on the real first
# years; deviations from it since then: {num}`states.plan.deviations`. Of the countries, point estimates had flashed by once
# while code was tested by the collector of the rows. They are recorded nowhere, and the author of the plan has not seen them.
#
# :::{admonition} The finding in numbers
# :class: summary
# **Asked:** whether the schooling of a state or a country as a whole moved after a programme of the network began
# there. **What could be seen:** average changes from {num}`states.see.mde` pupil standard deviations among states and
# {num}`countries.see.mde` among countries, far smaller than in any single place. **What was seen:** states
# {num}`states.estimate.adjusted` ({num}`states.estimate.adjusted.low` to {num}`states.estimate.adjusted.high`),
# countries {num}`countries.estimate.adjusted` ({num}`countries.estimate.adjusted.low` to
# {num}`countries.estimate.adjusted.high`). An average change of {num}`states.interest.smallest` is:
# {num}`states.verdict.smallest` among states, {num}`countries.verdict.smallest` among countries. One of
# {num}`states.interest.large` is: {num}`states.verdict.large`, and {num}`countries.verdict.large`. **What it cannot
# say:** what the teachers do in their classes, and what leaders add, since neither is in these data.
# :::
#
# ## What would change our mind
#
# Numbers of people in place of starts: participants, alumni and, above all, heads and officials among them, by place and
# year, out of how many. With these the smallest effect that could be found among states would be
# {num}`states.dose.ratio.random_by_place` times what it is, if places differ in them. And places that begin next, with
# the plan written first.

# %% tags=["remove-cell"]
registry.save()
