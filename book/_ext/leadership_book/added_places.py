"""Show the places that came later, and write counts of places as words.

The directive ``added-places`` and the role ``count`` are made from the release. The chapters across the places leave out of their counts what the plan lists under
``synthesis.added``; ```{added-places} note``` says so where a reader would miss such a place, ``list`` names them in a
sentence, ``table`` shows them beside the others; ``note es`` is in the language of its page. Without such a place nothing is
shown. ``{count}`places` `` is the number
of places that these chapters count, as a word; a capital makes the word begin with one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.statemachine import StringList
from leadership_effects.counting import agreeing, cardinal, place_counts, waiting_places, year_span
from leadership_effects.data.vocabulary import place_name
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from leadership_book.language_words import LANGUAGES
from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, once, read_table, records, unknown

HEADS = (
    "Place added later",
    "What was measured",
    "Comparison and verdict",
    "Difference",
    "90 % set",
    "Smallest visible",
)
MARKED, NAMED = 6, 12  # places that a note marks with how sure each is, and that it names at all
TABLE = "{doc}`the table of the home page </book/index>`"


@once
def read_plan(path: Path) -> dict[str, Any]:
    """Read the analysis plan of the release."""
    plan: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return plan


def plan_of(env: BuildEnvironment) -> dict[str, Any]:
    """Return the analysis plan, and note that the page was made from it.

    Raises
    ------
    UnknownName
        If the release has none.
    """
    path = records(env).sources_file.parent / "plan.yml"
    if not path.is_file():
        raise UnknownName(f"release {path.parent.name} has no file plan.yml")
    env.note_dependency(str(path))
    return read_plan(path)


def added_names(env: BuildEnvironment) -> dict[str, str]:
    """Return the names of the places that are outside the counts, by case id."""
    waiting = waiting_places(plan_of(env))
    if not waiting:
        return {}
    path = records(env).sources_file.parent / "cases.csv"
    env.note_dependency(str(path))
    titles = {row["case_id"]: place_name(row["title"]) for row in read_table(path, ["case_id", "title"])}
    return {case_id: titles[case_id] for case_id in waiting}


class CountRole(SphinxRole):
    """Write a count of places as a word."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the word, or the name in question after reporting it."""
        name = self.text.strip()
        try:
            counts = place_counts(plan_of(self.env))
            if name.lower() not in counts:
                raise unknown("count", name, counts)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return [nodes.literal(name, name)], []
        word = cardinal(counts[name.lower()])
        return [nodes.Text(word.capitalize() if name[0].isupper() else word)], []


class AddedPlaces(SphinxDirective):
    """Show the places outside the counts as a note, a sentence or a table."""

    required_arguments, optional_arguments = 1, 1

    def run(self) -> list[Node]:
        """Return what is shown, nothing where every place is counted."""
        form = self.arguments[0]
        forms = {"note": self.note, "list": self.listed, "table": self.table}
        try:
            if form not in forms:
                raise unknown("form of added-places", form, forms)
            names = added_names(self.env)
            text = forms[form](names) if names else ""
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        box = nodes.container("", classes=["added-places"], is_div=True)
        # Parsed where the directive stands, so that numbers and links are those of any page.
        self.state.nested_parse(StringList(text.splitlines(), self.env.docname), self.content_offset, box)
        return [box] if text else []

    def note(self, names: Mapping[str, str]) -> str:
        """Return the sentence that says who is outside the counts of the page, and why."""
        if len(self.arguments) > 1:
            if self.arguments[1] not in LANGUAGES:
                raise unknown("language of added-places", self.arguments[1], LANGUAGES)
            # The plan gives the reason in English alone.
            return agreeing(len(names), *LANGUAGES[self.arguments[1]].added).format(places=_joined(names))
        n = len(names)
        outside = (
            f"{agreeing(n, 'This place is', 'These places are')} outside the counts of this page, which are those of the "
            "{count}`places` places that the analysis plan counts."
        )
        if n > MARKED:
            named = (
                f"**Added later:** {_joined(names)}." if n <= NAMED else f"**{n} places were added later.**"
            )
            return f"{named} {outside} How sure the finding on each is and why it waits stand in {TABLE}."
        said = f"What can be said of {agreeing(n, 'it', 'each')} stands in its chapter."
        listed = "\n".join(f"- {_link(case_id, name)} {{sure}}`{case_id}`" for case_id, name in names.items())
        return f"**Added later.** {outside} {self.reasons(names)} {said}\n\n{listed}"

    def listed(self, names: Mapping[str, str]) -> str:
        """Return the sentence that stands in an entry of a list."""
        if len(names) > NAMED:
            return f"Added later, outside the counts: {len(names)} places, in {TABLE}."
        return f"Added later, outside the counts: {_joined(names)}."

    def table(self, names: Mapping[str, str]) -> str:
        """Return a table in the columns of the home page, with the reasons before it."""
        files = records(self.env)
        came, are = agreeing(len(names), "This place", "These places"), agreeing(len(names), "is", "are")
        lines = [
            f"**Added later.** {came} came when the results of the others were known, and {are} outside the counts of this book. {self.reasons(names)}",
            "",
            f"| {' | '.join(HEADS)} |",
            "|---|---|---|---:|---:|---:|",
        ]
        lines += [self.row(files, case_id, name) for case_id, name in names.items()]
        return "\n".join(lines)

    def row(self, files: Records, case_id: str, name: str) -> str:
        """Return the row of one place, without a difference where nothing can be compared."""
        self.env.note_dependency(str(files.notebook_file(case_id)))
        held = files.notebook(case_id)["results"]
        numbers = ["no comparison"] * 3
        if "pupil_sd.att" in held:
            numbers = [
                f"{{num}}`{case_id}.pupil_sd.att`",
                f"{{num}}`{case_id}.pupil_sd.low` to {{num}}`{case_id}.pupil_sd.high`",
                f"{{num}}`{case_id}.pupil_sd.mde`",
            ]
        cells = [_link(case_id, name), self.measured(files, case_id), f"{{sure}}`{case_id}`", *numbers]
        return f"| {' | '.join(cells)} |"

    def measured(self, files: Records, case_id: str) -> str:
        """Return the primary outcomes of a place with their years, from the plan and the indicators."""
        entry = plan_of(self.env)["cases"][case_id]
        panels = [(entry.get("panels") or {}).get(name) or {} for name in entry.get("primary") or ()]
        if not panels:
            return "described, not compared"
        path = files.sources_file.parent / "indicators.csv"
        self.env.note_dependency(str(path))
        columns = ["indicator_id", "title", "panel"]
        held = {row["indicator_id"]: row for row in read_table(path, columns)}
        titles = {name: row["title"] + self.issuer(files, row["panel"]) for name, row in held.items()}
        found = []
        for panel in panels:
            named = panel["indicator"] if isinstance(panel["indicator"], list) else [panel["indicator"]]
            years = sorted([*panel["pre"], *panel["post"]])
            found.append(f"{', '.join(titles[one] for one in named)}, {year_span(years[0], years[-1])}")
        return "; ".join(found).replace("|", "\\|")

    def issuer(self, files: Records, panel: str) -> str:
        """Return who publishes the results of a panel that no counted place has, in brackets."""
        plan, folder = plan_of(self.env), files.sources_file.parent
        waiting = waiting_places(plan)
        path = folder / "indicators.csv"
        panels = {row["indicator_id"]: row["panel"] for row in read_table(path, ["indicator_id", "panel"])}
        shared = {
            panels.get(one)
            for case_id, entry in plan["cases"].items() if case_id not in waiting
            for named in (entry.get("panels") or {}).values()
            for one in (named["indicator"] if isinstance(named["indicator"], list) else [named["indicator"]])
        }  # fmt: skip
        outcomes = folder / "outcomes" / f"{panel}.csv"
        if panel in shared or not outcomes.is_file():
            return ""
        for file in (outcomes, files.sources_file):
            self.env.note_dependency(str(file))
        cited = {row["source_id"] for row in read_table(outcomes, ["source_id"])}
        rows = read_table(files.sources_file, ["source_id", "publisher"])
        publishers = dict.fromkeys(row["publisher"] for row in rows if row["source_id"] in cited)
        return f" ({'; '.join(publishers)})" if publishers else ""

    def reasons(self, names: Mapping[str, str]) -> str:
        """Return the reasons of the plan, one that all share once."""
        given = waiting_places(plan_of(self.env))
        told = {case_id: " ".join(given[case_id].split()).rstrip(".") for case_id in names}
        if len(set(told.values())) == 1:
            return f"The plan gives the reason: *{next(iter(told.values()))}.*"
        each = " ".join(f"{names[case_id]}: *{reason}.*" for case_id, reason in told.items())
        return f"The plan gives the reasons. {each}"


def _link(case_id: str, name: str) -> str:
    return f"{{doc}}`{name} </book/cases/{case_id}>`"


def _joined(names: Mapping[str, str]) -> str:
    """Return links to the chapters in words."""
    return ", ".join(_link(case_id, name) for case_id, name in names.items())


def connect(app: Sphinx) -> None:
    """Register role and directive."""
    app.add_role("count", CountRole())
    app.add_directive("added-places", AddedPlaces)
