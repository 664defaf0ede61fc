"""Name sections by their headings in any script, so that an address stays when a page grows."""

import re
from itertools import chain, count

from docutils import nodes
from leadership_effects.latin import latin
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

NUMBERED = re.compile(
    r"id\d+"
)  # what docutils names a section whose heading it cannot write or has met before
# What sections were called before: by the id of a heading, the id that links from elsewhere and released tables hold.
FORMER = {
    "is-the-data-comparable": "the-panel-and-its-breaks",
    "how-far-did-results-move": "the-estimate",
    "could-luck-explain-it": "placebo-and-robustness",
    "how-large-would-it-have-to-be": "what-could-be-detected",
    "what-else-could-explain-it-and-what-others-found": "rival-explanations-and-published-studies",
    "how-it-was-coded": "dimensions-strategies-and-leverage-points",
    "what-the-sources-tie-to-each-strategy": "what-strategy-led-to-what",
}
# The same of chapters across the places, by the last part of the page's name.
DESIGN = {
    "how-much-could-the-teachers-do-by-themselves": "how-small-the-dose-is",
    "how-large-would-it-have-to-be": "what-could-be-seen",
    "could-luck-explain-it": "how-the-test-does",
    "was-it-under-way-before": "before-and-after-the-start",
    "what-else-could-explain-it": "what-came-in-the-same-years",
    "do-other-methods-agree": "other-estimators",
    "every-reasonable-choice-at-once": "every-reasonable-specification",
    "how-many-teachers-and-alumni-were-there": "dose",
    "what-we-can-say-and-what-not": "what-this-says-about-programmes-and-what-not",
}
FORMER_OF = {
    "index": {"the-places-one-by-one": "eight-places"},
    "english": {"the-places-one-by-one": "the-eight-places"},
    "development": {"seven-strategies-place-by-place": "seven-strategies-eight-places"},
    "strategy_map": {"what-events-name-together": "place-by-place"},
    "states": DESIGN
    | {
        "us-states-where-teach-for-america-began": "states",
        "which-states-are-compared": "who-is-in-and-who-is-not",
        "does-it-hang-on-single-choices-or-states": "what-it-rests-on",
    },
    "countries": DESIGN
    | {
        "countries-where-a-partner-of-the-network-began": "countries",
        "which-countries-are-compared": "who-is-in-and-who-is-not",
        "does-it-hang-on-single-choices-or-countries": "what-it-rests-on",
    },
    "what_many_places_say": {
        "how-much-could-the-teachers-do-by-themselves": "the-question-and-what-the-dose-makes-of-it",
        "how-far-did-results-move": "what-the-two-designs-could-see-and-saw",
        "what-about-younger-pupils": "younger-pupils",
        "and-regions-within-a-country": "regions-described-only",
        "what-would-a-sceptic-and-a-believer-make-of-it": "what-a-sceptic-a-neutral-reader-and-a-believer-make-of-it",
        "what-we-can-say-and-what-not": "what-this-does-and-does-not-say-about-programmes",
    },
    "synthesis": {
        "across-the-places": "across-the-eight-places",
        "what-can-be-said-of-each-place": "comparison-and-verdict-for-all-eight",
        "what-could-each-place-have-shown": "what-each-place-is-a-case-of-and-what-it-could-have-shown",
        "how-far-did-results-move": "the-differences-in-pupil-standard-deviations",
        "what-do-they-add-up-to": "the-mean-and-what-it-excludes",
        "could-luck-explain-all-of-them-together": "do-the-places-stand-out-together",
        "could-luck-explain-the-largest": "luck-of-the-largest",
        "what-was-coded-and-where-sources-are-silent": "leadership-strategies-and-leverage-points",
    },
}


class NameSections(SphinxTransform):
    """Name sections by their headings in Latin letters, and keep the ids of former headings."""

    default_priority = 215  # ids are set by the parser and resolved from 220 on

    def apply(self, **kwargs: object) -> None:
        """Go through the sections of the page in order."""
        for section in self.document.findall(nodes.section):
            for old in filter(NUMBERED.fullmatch, list(section["ids"])):
                self.rename(section, old, self.free_id(section))
            self.add_former(section)

    def add_former(self, section: nodes.section) -> None:
        """Let a renamed heading keep the ids that it had."""
        of_page = FORMER_OF.get(self.env.docname.rpartition("/")[2], {})
        former = [
            renamed[name] for renamed in (FORMER, of_page) for name in section["ids"] if name in renamed
        ]
        for name in former:
            if name not in self.document.ids:
                section["ids"].append(name)
                self.document.ids[name] = section

    def free_id(self, section: nodes.section) -> str:
        """Return the heading as an id; one that is taken gets the section above in front."""
        name = nodes.make_id(latin(section.next_node(nodes.title).astext())) or "section"
        above = section.parent["ids"][0] if isinstance(section.parent, nodes.section) else "page"
        numbered = (f"{above}-{name}-{number}" for number in count(2))
        return next(
            free for free in chain([name, f"{above}-{name}"], numbered) if free not in self.document.ids
        )

    def rename(self, section: nodes.section, old: str, new: str) -> None:
        """Give a section an id wherever the parser noted the old one."""
        section["ids"][section["ids"].index(old)] = new
        self.document.ids[new] = self.document.ids.pop(old)
        for name, known in self.document.nameids.items():
            if known == old:
                self.document.nameids[name] = new
        slugs = getattr(self.document, "myst_slugs", {})
        for slug, (line, known, title) in slugs.items():
            if known == old:
                slugs[slug] = (line, new, title)


def connect(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(NameSections)
