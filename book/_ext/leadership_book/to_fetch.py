"""Define the directive ``to-fetch``, which lists what the release asks to be fetched."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from leadership_book.links import src_address
from leadership_book.problems import report
from leadership_book.records import records

if TYPE_CHECKING:
    from leadership_effects.data.upkeep.gaps import Gap

HEAD = ("Why", "What is held", "What to fetch")
ADDED = "added"
SHOWN = 3  # sources of a row that name them all
FOLDED = ("html", "dirhtml")


class folded_rows(nodes.General, nodes.Element):
    """Rows that are folded below a line that counts them; left out on paper."""


@dataclass(frozen=True)
class Asked:
    """What a release asks to be fetched, its day, and the places added later by name."""

    gaps: tuple["Gap", ...]
    day: str
    added: dict[str, str]


@lru_cache(maxsize=2)
def asked_by(release: str, data: Path) -> Asked:
    """Return what a release asks to be fetched on its day."""
    from leadership_effects.counting import taken_in, waiting_places
    from leadership_effects.data.release import open_release
    from leadership_effects.data.upkeep import gaps
    from leadership_effects.data.upkeep.dates import release_date
    from leadership_effects.data.upkeep.rows import Evidence

    on, opened = release_date(release, data), open_release(release, data)
    cases = Evidence(opened).cases
    names = {case: cases[case] for case in (*taken_in(opened.plan), *waiting_places(opened.plan))}
    return Asked(tuple(gaps.find_gaps(opened, gaps.Asked(on))), f"{on.day} {on:%B %Y}", names)


class ToFetch(SphinxDirective):
    """List what is to be fetched for a place; without one, the counts by kind.

    ``across`` stands for what touches several places or none, ``added`` for each place that was added later.
    """

    optional_arguments = 1

    def run(self) -> list[Node]:
        """Return a table, folded but for the counts."""
        from leadership_effects.errors import LeadershipError

        files = records(self.env)
        folder = files.sources_file.parent
        for path in (*sorted(folder.rglob("*.csv")), folder / "plan.yml", folder.parent / "CHANGELOG.md"):
            self.env.note_dependency(str(path))
        try:
            asked = asked_by(files.release, folder.parent)
        except LeadershipError as error:
            report(self.env, self.lineno, str(error))
            return []
        if not self.arguments:
            return [counts_table(asked)]
        place = self.arguments[0]
        if place == ADDED:
            lists = (folded(self.env, asked, case, f"{name}: the") for case, name in asked.added.items())
            return [node for node in lists if node]
        found = folded(self.env, asked, place, "The")
        if not found:
            known = ", ".join(dict.fromkeys((*(gap.place for gap in asked.gaps), ADDED)))
            report(self.env, self.lineno, f'nothing is to be fetched for "{place}"; there is for: {known}')
        return [found] if found else []


def folded(env: BuildEnvironment, asked: Asked, place: str, begins: str) -> folded_rows | None:
    """Return the rows of a place below a line that counts them, None if there are none."""
    own = [gap for gap in asked.gaps if gap.place == place]
    if not own:
        return None
    rows = folded_rows("", table(HEAD, [cells(env, gap) for gap in own]))
    rows["holds"] = escape(f"{begins} release asks for {len(own)} thing{'s'[: len(own) > 1]} here")
    return rows


def counts_table(asked: Asked) -> Node:
    """Return how much is to be fetched of each kind, on the day of the release."""
    from leadership_effects.data.upkeep.gaps import KINDS

    counts = Counter(gap.kind for gap in asked.gaps)
    rows = [
        [[nodes.Text(f"{words[:1].upper()}{words[1:]}")], [nodes.Text(str(counts[kind]))]]
        for kind, words in KINDS.items()
        if counts[kind]
    ]
    rows.append([[nodes.Text("All")], [nodes.Text(str(len(asked.gaps)))]])
    return table((f"What the release asks for, on {asked.day}", "Lines"), rows)


def cells(env: BuildEnvironment, gap: "Gap") -> list[list[Node]]:
    """Return the cells of a row: why, what is held, what to fetch."""
    from leadership_effects.data.upkeep.gaps import KINDS

    words = KINDS[gap.kind]
    fetch: list[Node] = [nodes.Text(gap.fetch)]
    if gap.where:
        fetch += [nodes.Text(" ("), nodes.reference("", "address", refuri=gap.where), nodes.Text(")")]
    held = [*source_links(env, gap.sources), nodes.Text(f": {gap.about}; rows: {gap.rows}")]
    return [[nodes.Text(f"{words[:1].upper()}{words[1:]}")], held, fetch]


def source_links(env: BuildEnvironment, sources: Sequence[str]) -> Iterator[Node]:
    """Yield links to the cards of the sources, the first of many."""
    files = records(env)
    for number, name in enumerate(sources[:SHOWN]):
        if number:
            yield nodes.Text("; ")
        cited = files.cited_as(name)
        yield nodes.reference("", cited, refuri=src_address(name, cited), internal=True)
    if len(sources) > SHOWN:
        yield nodes.Text(f" and {len(sources) - SHOWN} more")


def table(head: Sequence[str], rows: Sequence[Sequence[Sequence[Node]]]) -> nodes.table:
    """Return a table of inline content with one line of headings."""
    titles = nodes.row("", *(nodes.entry("", nodes.paragraph("", title)) for title in head))
    body = (
        nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *content)) for content in row))
        for row in rows
    )
    columns = (nodes.colspec(colwidth=1) for _ in head)
    group = nodes.tgroup("", *columns, nodes.thead("", titles), nodes.tbody("", *body), cols=len(head))
    return nodes.table("", group)


def visit_rows(translator: HTML5Translator, node: folded_rows) -> None:
    """Open the fold; paper, which can not be opened, is spared the rows."""
    if translator.builder.name not in FOLDED:
        raise nodes.SkipNode
    translator.body.append(f'<details class="to-fetch"><summary>{node["holds"]}</summary>\n')


def depart_rows(translator: HTML5Translator, node: folded_rows) -> None:
    """Close the fold."""
    translator.body.append("</details>\n")


def connect(app: Sphinx) -> None:
    """Register directive and node."""
    app.add_directive("to-fetch", ToFetch)
    app.add_node(folded_rows, html=(visit_rows, depart_rows))
