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
# # The deck, item by item
#
# {.lead}
# A slide deck of the network asks the questions of this book and announces what would follow; most of what it holds is
# answered here in part, some of it fully, and some not at all.
#
# ```{chart} deck.answered
# ```
#
# - Of the deck's elements, from the title to what comes next, {num}`answered.yes` are answered here {src}`LF_001`.
# - {num}`answered.in_part` are answered in part.
# - {num}`answered.no` are not answered at all.
#
# **What else could explain it.** Slides say less than those who show them. For {num}`unsourced` elements nothing public
# was found in the sources read, and documents that are not public may answer them.
#
# **How sure.** What the deck says is told in our words, element by element, with the page of this book that answers;
# anybody who has the deck can check all {num}`items`.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.report.charts.readings import describe_cells, grid
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "deck", "analysis/notebooks/synthesis/deck.py")
deck = opened.table("deck")


def count(key, rows, meaning):
    behind = rows_of(opened, "deck", rows, f"deck.csv: {len(rows)} rows")
    registry.numbers(rows=behind)(key, len(rows), COUNT, meaning)


count("items", deck, "Elements of the deck.")
for word in ("yes", "in part", "no"):
    rows = deck[deck["answered"] == word]
    count(f"answered.{word.replace(' ', '_')}", rows, f"Elements of the deck that this book answers: {word}.")
leadership = opened.table("leadership").set_index("leadership_id")
for key, row_id in (("leaders", "network-05"), ("case_studies", "network-16"), ("experiences", "network-17")):
    row = leadership.loc[row_id]
    behind = rows_named(opened, "leadership", row_id)
    meaning = f"{row['measure'][0].upper()}{row['measure'][1:]}, over, as the deck prints it."
    registry.numbers("drawn_together", rows=behind)(key, row["value"], COUNT, meaning)
count("unsourced", deck[deck["source_id"] == ""], "Elements of the deck on which no source was found.")


def part(name, caption):
    """Tabulate the elements of one part of the deck."""
    rows = deck[deck["part"] == name]
    answered = rows["answered"].str.capitalize() + ". " + rows["answer"]
    shown = rows.assign(answer=answered).rename(
        columns={
            "deck_says": "the deck says",
            "public_record": "what is public",
            "answer": "answered here",
            "source_id": "source",
        }
    )
    columns = ["element", "the deck says", "what is public", "answered here", "page", "source"]
    return Table(shown[columns].reset_index(drop=True), caption)


# %% [markdown]
# The deck was read as text; its pictures are not in that text. A picture or a speaker may say what the words leave open.
# *Not found* means not found in the sources read, which are [listed](../bibliography.md); it does not mean that nothing
# exists. This book is not a publication of the network.

# %% tags=["remove-output"]
WORDS = {"yes": "answered", "in part": "in part", "no": "not answered"}
parts = {name: name.capitalize() for name in dict.fromkeys(deck["part"])}
counted = deck.groupby(["part", "answered"]).size().rename("elements").reset_index()
cells = pd.DataFrame(
    {
        "place": counted["part"].map(parts),
        "item": counted["answered"].map(WORDS),
        "level": counted["answered"].map(WORDS),
        "text": counted["elements"].astype(str),
    }
)
counts_of = counted.groupby(counted["answered"].map(WORDS))["elements"].sum()
publish(
    registry,
    "answered",
    grid(cells, list(parts.values()), list(WORDS.values()), list(WORDS.values())),
    title=f"The book answers {counts_of['answered']} of {counts_of.sum()} elements of the deck, {counts_of['in part']} in part",
    subtitle="Elements of each part of the slide deck of 2023, by whether this book answers them, number of elements",
    caption="Elements of each part of the deck, by whether this book answers them. An empty cell holds none.",
    says=describe_cells(
        cells,
        list(WORDS.values()),
        "The rows are parts of the deck, the columns say whether the book answers",
    ),
    data=cells,
)

# %% [markdown]
# ## Subject and questions
#
# What the deck is about, and the questions that it asks.

# %% tags=["hide-input"]
part("subject", "The subject of the deck")

# %% tags=["hide-input"]
part("questions", "The three questions")

# %% [markdown]
# ## What had been done by 2023
#
# The deck reports a synthesis of what over {num}`drawn_together.leaders` leaders, over {num}`drawn_together.case_studies` case studies and over
# {num}`drawn_together.experiences` learning experiences of five years had taught {src}`LF_001`. None of the lists is public, as far as was found.

# %% tags=["hide-input"]
part("activities", "Activities the deck reports")

# %% [markdown]
# ## With whom
#
# The people and organisations that the deck names.

# %% tags=["hide-input"]
part("partners", "Partners and the agenda the deck names")

# %% [markdown]
# ## The dimensions and scale
#
# What collective leadership consists of by the deck, and what it means by scale.

# %% tags=["hide-input"]
part("dimensions", "Dimensions of collective leadership, and scale")

# %% [markdown]
# ## Critical mass, strategies, leverage points
#
# The share at which a system may tip, what to do, and where to act, as the deck has them.

# %% tags=["hide-input"]
part("ideas", "Ideas of how leadership changes a system")

# %% [markdown]
# ## The three examples
#
# The places that the deck shows as examples.

# %% tags=["hide-input"]
part("examples", "Examples the deck gives")

# %% [markdown]
# ## Where next
#
# What the deck announces, and what has become of it as far as that is public.
#
# After this table was frozen, pages to work with were added, all of them **ours**: [a module for senior
# teams](../practice/fellowship.md), discussion guides on [scaling](../practice/circle_scaling.md) and on [developing collective
# leadership](../practice/circle_development.md), [a sheet for one's own place](../practice/self_diagnosis.md), and [what scale
# means](../practice/scale.md).

# %% tags=["hide-input"]
part("where next", "What the deck announces")

# %% [markdown]
# ## The network's later report
#
# The network published its own report on the same subject, *The Missing Piece*, in English and Spanish, with a brief
# {src}`SN_MISSING_PIECE`. Its resource page was read. The page says that a critical mass of diverse people who lead with purpose and
# work together across a system is the missing piece, and that technical remedies alone do not suffice. The report itself could not be
# read: it is not among the sources. So this book does not say which places it studies, how it lists the dimensions, or whether it names a
# share at which a system tips. Whoever has it can check this page against it, and [tell us](../contribute.md).
#
# On 8 April 2025 the Global Institute for Shaping a Better Future was launched in Singapore, to grow leaders of this kind
# {src}`SN_GLOBAL_INSTITUTE`. What it has done since was not found in the sources read.
#
# :::{admonition} The finding in numbers
# :class: summary
# A slide deck of September 2023 asks the questions of this book and announces what would follow {src}`LF_001`. This page
# takes every element of it, {num}`items` in all, from the title to what comes next: what the deck says, in our
# words; what became of it, as far as that is public; and the page of this book that answers. {num}`answered.yes` are
# answered here, {num}`answered.in_part` in part, and {num}`answered.no` not at all. For {num}`unsourced`
# nothing public was found in the sources read.
# :::
#
# ## What would change this page
#
# Any of the documents not found: the paper on scale, the recording of June 2022, the fellowship's programme and list of
# partners, the figure of common approaches, the adapted list of leverage points, the report. Each would fill a row.

# %% tags=["remove-cell"]
registry.save()
