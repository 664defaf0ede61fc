"""Define the insights hub: directives and role, the nodes they make, and links to cards.

An insight is a card with words for its tags, checked against the release, and with the evidence it rests on, read from
the results.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.parsers.rst import directives
from leadership_effects.data.vocabulary import NOT_COMPARED, TOO_LITTLE, printed_verdict
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode

from leadership_book.added_places import added_names
from leadership_book.insights_marks import KINDS, grade_class, grade_mark, kind_of
from leadership_book.insights_vocabulary import ACROSS, CHAPTERS, TAGS, Vocabulary, vocabulary
from leadership_book.problems import problems, report, where
from leadership_book.records import UnknownName, records

logger = logging.getLogger(__name__)

SECURITY = ("book/synthesis/security", "statement-by-statement")


class insight_card(nodes.General, nodes.Element):
    """One insight: its ``tags`` by option, lowest ``grade`` and ``kind`` of evidence."""


class insight_title(nodes.TextElement):
    """Title of a card: a heading below those of the page, kept out of its contents."""


class insight_more(nodes.General, nodes.Element):
    """Tags and evidence of a card, folded on the site."""


class insight_filters(nodes.General, nodes.Element):
    """Place of the form; filled when the page is written, since the cards follow it."""


class insight_table(nodes.General, nodes.Element):
    """Place of the summary table; replaced when the page has been read."""


class insight_legend(nodes.General, nodes.Element):
    """Place of the list of marks; replaced when the page has been read."""


def option_items(argument: str | None) -> tuple[str, ...]:
    """Split the comma-separated words of an option."""
    return tuple(filter(None, (part.strip() for part in (argument or "").split(","))))


class Insight(SphinxDirective):
    """A card with one insight; the argument is its slug, the body its text."""

    required_arguments = 1
    has_content = True
    option_spec = {
        "title": directives.unchanged_required,
        "cases": option_items,
        "dimensions": option_items,
        "strategies": option_items,
        "leverage": option_items,
        "rests-on": option_items,
    }

    def run(self) -> list[Node]:
        """Return the card, or nothing after reporting what it names in vain."""
        try:
            known = vocabulary(self.env)
            self.check(known)
            evidence = [basis(self.env, known, name) for name in self.options["rests-on"]]
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        return [self.card(known, evidence)]

    def check(self, known: Vocabulary) -> None:
        """Refuse a missing option, an unknown word and a slug used before."""
        slug = self.arguments[0]
        for option in ("title", "cases", "rests-on"):
            if not self.options.get(option):
                raise UnknownName(f'insight "{slug}" has no :{option}:')
        for option in ("cases", "rests-on", *(name for name, _, _ in TAGS)):
            allowed = known.allowed(option)
            for word in self.options.get(option, ()):
                if word not in allowed:
                    raise UnknownName(
                        f'insight "{slug}": unknown word "{word}" in :{option}:; allowed: {", ".join(allowed)}'
                    )
        if slug in insights(self.env):
            raise UnknownName(f'insight "{slug}" is defined twice')

    def card(self, known: Vocabulary, evidence: "Sequence[Basis]") -> insight_card:
        """Return the card and note its page and title."""
        slug, title = self.arguments[0], self.options["title"]
        insights(self.env)[slug] = (self.env.docname, title)
        node = insight_card("", ids=[anchor(slug)], slug=slug, title=title)
        node["tags"] = {option: self.options.get(option, ()) for option in ("cases", *(t[0] for t in TAGS))}
        node["grade"] = min((part.grade for part in evidence if part.grade is not None), default=None)
        node["evidence"] = "; ".join(part.short for part in evidence)
        node["kind"] = kind_of(self.options["rests-on"], known.cases)
        node["classes"] = [grade_class(node["grade"])]
        permalink = nodes.reference("", "#", refid=anchor(slug), classes=["headerlink"])
        permalink["reftitle"] = "Link to this insight"
        places = comma_separated([case_link(self.env, known, case) for case in self.options["cases"]])
        head, several = self.head(known, node), len(self.options["cases"]) > 1
        if not several:  # one place stands beside the kind of evidence, which saves a line
            head += [nodes.Text(" "), nodes.inline("", "", *places, classes=["insight-place"])]
        node += [head, insight_title("", "", nodes.Text(title), permalink)]
        if several:
            node += nodes.paragraph("", "", *places, classes=["insight-place"])
        self.state.nested_parse(self.content, self.content_offset, node)
        node += insight_more("", self.details(known, evidence))
        return node

    def head(self, known: Vocabulary, card: insight_card) -> nodes.paragraph:
        """Return the marks: a grade, or two words of a place, and the kind of evidence."""
        compared = [name for name in self.options["rests-on"] if name in known.cases]
        made: list[Node] = [nodes.raw("", grade_mark(card["grade"]), format="html")]
        if card["grade"] is None and len(compared) == 1:
            made, _ = self.state.inline_text(f"{{sure}}`{compared[0]}`", self.lineno)
        kind = nodes.inline("", KINDS[card["kind"]], classes=["insight-kind"])
        return nodes.paragraph("", "", *made, nodes.Text(" "), kind, classes=["insight-head"])

    def details(self, known: Vocabulary, evidence: "Sequence[Basis]") -> nodes.field_list:
        """Return tags and evidence as labelled fields."""
        fields = []
        for option, _, label in TAGS:
            allowed = known.allowed(option)
            if named := [allowed[word] for word in self.options.get(option, ())]:
                fields.append(field(label, [nodes.Text(", ".join(named))]))
        parts: list[Node] = []
        for part in evidence:
            parsed, _ = self.state.inline_text(part.myst, self.lineno)
            parts += [nodes.Text(". ")] if parts else []
            parts += [part.link, nodes.Text(": "), *parsed]
        fields.append(field("Evidence", parts))
        return nodes.field_list("", *fields, classes=["insight-details"])


@dataclass(frozen=True)
class Basis:
    """Evidence of an insight: a statement with its grade, a case with two words, or a chapter.

    Attributes
    ----------
    grade : int or None
        Grade of a statement, 0 to 5; none for a case or a chapter.
    short : str
        A few words for the summary table.
    link : Node
        Link to the statement or the chapter.
    myst : str
        Grade, or comparison and verdict, as bound text; what kind of evidence a chapter holds.
    """

    grade: int | None
    short: str
    link: Node
    myst: str


def basis(env: BuildEnvironment, known: Vocabulary, name: str) -> Basis:
    """Return the title and results of a statement, a case or a chapter."""
    if name in CHAPTERS:
        page, label, kind = CHAPTERS[name]
        return Basis(None, f"{label}: not graded", page_link(env, page, "", label), kind)
    files = records(env)
    notebook = "security" if name in known.statements else name
    env.note_dependency(str(files.notebook_file(notebook)))
    if notebook == name:
        comparison, verdict = (files.result(f"{name}.{part}")["text"] for part in ("comparison", "verdict"))
        told = printed_verdict(comparison, verdict)
        short = f"{known.cases[name]}: comparison {comparison}, verdict {told}"
        if told == NOT_COMPARED:
            short, words = f"{known.cases[name]}: {told}", f"{told} (verdict: {{num}}`{name}.verdict`)"
        else:
            words = f"comparison {{num}}`{name}.comparison`, verdict {{num}}`{name}.verdict`"
        return Basis(None, short, case_link(env, known, name), words)
    grade, word, direction = (
        files.result(f"security.{name}.{part}") for part in ("grade", "word", "direction")
    )
    number, made, lean = (f"{{num}}`security.{name}.{part}`" for part in ("grade", "word", "direction"))
    short, words = (
        f"comparison {word['text']}",
        f"comparison {made}; over all places this statement is {lean}",
    )
    if direction["text"] == TOO_LITTLE:
        short, words = TOO_LITTLE, f"over all places {lean}"
    return Basis(
        int(grade["value"]),
        f"grade {grade['text']}, {short}",
        page_link(env, *SECURITY, f"“{known.statements[name]}”"),
        f"grade {number} of 5, {words}",
    )


def case_link(env: BuildEnvironment, known: Vocabulary, case: str) -> Node:
    """Return a link to a case's chapter, or plain words for *across*."""
    label = known.allowed("cases")[case]
    return nodes.Text(label) if case == ACROSS else page_link(env, f"book/cases/{case}", "", label)


def page_link(env: BuildEnvironment, page: str, fragment: str, label: str) -> addnodes.pending_xref:
    """Return a link to a page of the book, resolved when the page is written."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", label),
        refdoc=env.docname,
        refdomain="",
        reftype="insight-page",
        reftarget=page,
        fragment=fragment,
        refwarn=False,
    )


class InsightRole(SphinxRole):
    """Link to an insight by its slug, with its title as text."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return a link that is resolved and checked when all pages have been read."""
        slug = self.text.strip()
        uses(self.env).setdefault(self.env.docname, []).append((slug, self.lineno))
        link = page_link(self.env, slug, "", slug)
        link["reftype"] = "insight-card"
        return [link], []


class InsightFilters(SphinxDirective):
    """Place the form that filters the insights of this page."""

    def run(self) -> list[Node]:
        """Return the place of the form, with the words that it offers."""
        try:
            known = vocabulary(self.env)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        options = {name: known.allowed(name) for name in ("cases", *(tag[0] for tag in TAGS))}
        later = {case: f"{name}, added later" for case, name in added_names(self.env).items()}
        counted = {case: name for case, name in options["cases"].items() if case not in later}
        across = {ACROSS: counted.pop(ACROSS)}
        options["cases"] = {**counted, **later, **across}
        return [insight_filters("", options=options)]


class InsightPlace(SphinxDirective):
    """Place what is made of all insights of this page."""

    made: type[nodes.Element]

    def run(self) -> list[Node]:
        """Return the place."""
        return [self.made("")]


class InsightTable(InsightPlace):
    """Place a table of the insights of this page."""

    made = insight_table


class InsightLegend(InsightPlace):
    """Place the list of the marks that cards of this page carry."""

    made = insight_legend


def field(label: str, content: Iterable[Node]) -> nodes.field:
    """Return a labelled field."""
    return nodes.field(
        "", nodes.field_name("", label), nodes.field_body("", nodes.paragraph("", "", *content))
    )


def comma_separated(parts: Iterable[Node]) -> list[Node]:
    """Return nodes with a comma between each two."""
    found: list[Node] = []
    for part in parts:
        found += [nodes.Text(", "), part] if found else [part]
    return found


def anchor(slug: str) -> str:
    """Return the id of an insight on its page."""
    return f"insight-{slug}"


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> Node | None:
    """Turn a link of this module into a reference, or its words where the book lacks the page."""
    if node["reftype"] not in ("insight-page", "insight-card"):
        return None
    page, fragment = node["reftarget"], node["fragment"]
    if node["reftype"] == "insight-card":
        slug = node["reftarget"]
        page, title = insights(env).get(slug, ("", slug))
        fragment, content = anchor(slug), nodes.inline("", title)
    if page not in env.found_docs:
        return content
    return make_refnode(app.builder, node["refdoc"], page, fragment, content)


def check_uses(app: Sphinx, env: BuildEnvironment) -> None:
    """Report every link to an insight that is not defined."""
    for docname, linked in uses(env).items():
        for slug, line in linked:
            if slug in insights(env):
                continue
            message = f'unknown insight "{slug}"; on file: {", ".join(sorted(insights(env))) or "none"}'
            place = where(env, docname, line)
            logger.error("%s", message, location=place, type="leadership")
            problems(env).setdefault(docname, []).append(f"{place}: {message}")


def environment_dictionary(name: str, env: BuildEnvironment) -> dict[str, Any]:
    """Return a dictionary kept with the environment under a name."""
    if not hasattr(env, name):
        setattr(env, name, {})
    found: dict[str, Any] = getattr(env, name)
    return found


# Page and title of each insight by slug; slugs linked to, with their lines, by page.
insights: Callable[[BuildEnvironment], dict[str, tuple[str, str]]] = partial(
    environment_dictionary, "leadership_insights"
)
uses: Callable[[BuildEnvironment], dict[str, list[tuple[str, int]]]] = partial(
    environment_dictionary, "leadership_insight_uses"
)


def drop_insights(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what a page held that is read anew."""
    for slug in [slug for slug, (page, _) in insights(env).items() if page == docname]:
        del insights(env)[slug]
    uses(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    insights(env).update(insights(other))
    uses(env).update(uses(other))


def connect(app: Sphinx) -> None:
    """Register directives, role and event handlers."""
    app.add_directive("insight", Insight)
    app.add_directive("insight-filters", InsightFilters)
    app.add_directive("insight-table", InsightTable)
    app.add_directive("insight-legend", InsightLegend)
    app.add_role("insight", InsightRole())
    app.connect("missing-reference", resolve)
    app.connect("env-purge-doc", drop_insights)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check_uses, priority=400)
