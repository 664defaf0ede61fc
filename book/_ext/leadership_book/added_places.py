"""Show the places that came later, and write counts of places as words.

The directive ``added-places`` and the role ``count`` are made from the release. The chapters across the places leave out of their counts what the plan lists under
``synthesis.added``; ```{added-places} note``` says so where a reader would miss such a place, ``list`` names them in a
sentence, ``table`` shows them beside the others, ``studies`` names those on which others published findings; ``note es`` is in the language of its page. Without such a place nothing is
shown. ``designs`` names the staggered
adoption designs added later, of many places each, which stand in note and table too. ``{count}`places` `` is the number
of places that these chapters count, as a word; a capital makes the word begin with one.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.statemachine import StringList
from leadership_effects.counting import (
    added_designs,
    agreeing,
    cardinal,
    place_counts,
    waiting_places,
    year_span,
)
from leadership_effects.data.vocabulary import place_name
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from leadership_book.language_words import LANGUAGES
from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, once, read_table, records, unknown

COLUMNS = ("What was measured", "Comparison and verdict", "Difference", "90 % set", "Smallest visible")
HEADS, DESIGN_HEADS = ("Place added later", *COLUMNS), ("Design added later", *COLUMNS)
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


def design_titles(env: BuildEnvironment) -> dict[str, str]:
    """Return the titles of the designs of many places that came later, by id."""
    return {name: str(entry["title"]) for name, entry in added_designs(plan_of(env)).items()}


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
    """Show the places and designs outside the counts as a note, a sentence or a table."""

    required_arguments, optional_arguments = 1, 1

    def run(self) -> list[Node]:
        """Return what is shown, nothing where no place and no design came later."""
        form = self.arguments[0]
        forms = {
            "note": (self.note, self.designs_note), "list": (self.listed, None), "table": (self.table, self.designs_table),
            "designs": (None, self.designs_listed), "studies": (self.studies, None),
        }  # fmt: skip
        try:
            if form not in forms:
                raise unknown("form of added-places", form, forms)
            held = (added_names(self.env), design_titles(self.env))
            parts = zip(forms[form], held, strict=True)
            text = "\n\n".join(make(names) for make, names in parts if make and names)
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
            return self.elsewhere(_joined(names), len(names), "added")
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

    def studies(self, names: Mapping[str, str]) -> str:
        """Return the sentence on published findings about these places, blank without any."""
        path = records(self.env).sources_file.parent / "evaluations.csv"
        self.env.note_dependency(str(path))
        studied = {row["case_id"] for row in read_table(path, ["case_id"])}
        found = {case_id: name for case_id, name in names.items() if case_id in studied}
        if not found:
            return ""
        places, their = (
            agreeing(len(found), "a place", "places"),
            agreeing(len(found), "its chapter", "their chapters"),
        )
        return (
            f"**Added later.** Findings on {places} added later, {_joined(found)}, stand in {their} and in a table of their own "
            "at the end of this page. They are outside its counts and charts."
        )

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

    def designs_note(self, names: Mapping[str, str]) -> str:
        """Return the sentence on designs outside what the others say together, and why."""
        if len(self.arguments) > 1:
            return self.elsewhere(_joined(names, "synthesis"), len(names), "added_designs")
        n = len(names)
        return (
            f"**{agreeing(n, 'A design', 'Designs')} of many places added later:** {_joined(names, 'synthesis')}. "
            f"{agreeing(n, 'It is', 'They are')} outside the verdict of "
            "{doc}`what many places say </book/synthesis/what_many_places_say>` and outside the counts of this page. "
            f"{self.design_reasons(names)}"
        )

    def designs_listed(self, names: Mapping[str, str]) -> str:
        """Return the sentence that stands in an entry of a list."""
        return f"Added later, outside what these say together: {_joined(names, 'synthesis')}."

    def designs_table(self, names: Mapping[str, str]) -> str:
        """Return a table in the columns of the home page, with the reasons before it."""
        lines = [
            f"**{agreeing(len(names), 'A design', 'Designs')} of many places added later.** "
            f"{agreeing(len(names), 'It is', 'They are')} outside the verdict of "
            "{doc}`what many places say </book/synthesis/what_many_places_say>` and outside the counts of this book. "
            f"{self.design_reasons(names)}",
            "",
            f"| {' | '.join(DESIGN_HEADS)} |",
            "|---|---|---|---:|---:|---:|",
            *(self.design_row(name, title) for name, title in names.items()),
        ]
        return "\n".join(lines)

    def design_row(self, name: str, title: str) -> str:
        """Return the row of one design; its numbers are in the unit of its outcome."""
        files, entry = records(self.env), added_designs(plan_of(self.env))[name]
        self.env.note_dependency(str(files.notebook_file(name)))
        held = files.notebook(name)["results"]
        sure = f"{{sure}}`{name}.verdict.smallest`" if "verdict.smallest" in held else "no verdict"
        began = f"{{num}}`{name}.places.treated` {entry['places']['many']} that began, {{num}}`{name}.places.never` that did not"
        cells = [
            _link(name, title, "synthesis"),
            f"{entry['measured']}, {year_span(entry['waves'][0], entry['waves'][-1])}; a design of many places: {began}".replace(
                "|", "\\|"
            ),
            sure,
            f"{{num}}`{name}.estimate.adjusted`",
            f"{{range}}`{name}.estimate.adjusted`",
            f"{{num}}`{name}.see.mde`",
        ]
        return f"| {' | '.join(cells)} |"

    def design_reasons(self, names: Mapping[str, str]) -> str:
        """Return the reasons of the plan for added designs."""
        given = added_designs(plan_of(self.env))
        return _told_reasons({name: str(given[name]["reason"]) for name in names}, names)

    def elsewhere(self, links: str, number: int, of: str) -> str:
        """Return the note of a page in another language; the plan gives the reason in English alone.

        Raises
        ------
        UnknownName
            If there are no words for the language.
        """
        if self.arguments[1] not in LANGUAGES:
            raise unknown("language of added-places", self.arguments[1], LANGUAGES)
        return agreeing(number, *getattr(LANGUAGES[self.arguments[1]], of)).format(places=links)

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
        place = f"{_link(case_id, name)}{self.country(files, case_id, name)}"
        cells = [place, self.measured(files, case_id), f"{{sure}}`{case_id}`", *numbers]
        return f"| {' | '.join(cells)} |"

    def country(self, files: Records, case_id: str, name: str) -> str:
        """Return the country of a place after a comma; blank if the place is one."""
        cases = read_table(files.sources_file.parent / "cases.csv", ["case_id", "country"])
        country = next(row["country"] for row in cases if row["case_id"] == case_id)
        return "" if country == name else f", {country}"

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
        # The title tells a result apart, and only where two panels share it does its publisher.
        panels_of = Counter(title for title, _ in {(row["title"], row["panel"]) for row in held.values()})
        titles = {
            name: row["title"] + (self.issuer(files, row["panel"]) if panels_of[row["title"]] > 1 else "")
            for name, row in held.items()
        }
        found = []
        for panel in panels:
            named = panel["indicator"] if isinstance(panel["indicator"], list) else [panel["indicator"]]
            years = sorted([*panel["pre"], *panel["post"]])
            found.append(f"{', '.join(titles[one] for one in named)}, {year_span(years[0], years[-1])}")
        return "; ".join(found).replace("|", "\\|")

    def issuer(self, files: Records, panel: str) -> str:
        """Return who publishes the results of a panel, in brackets."""
        folder = files.sources_file.parent
        outcomes = folder / "outcomes" / f"{panel}.csv"
        if not outcomes.is_file():
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
        return _told_reasons({case_id: given[case_id] for case_id in names}, names)


def _told_reasons(given: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return reasons as the plan gives them, one that all share once."""
    told = {name: " ".join(reason.split()).rstrip(".") for name, reason in given.items()}
    if len(set(told.values())) == 1:
        each = " for each" if len(names) > 1 else ""
        return f"The plan gives the reason{each}: *{next(iter(told.values()))}.*"
    each = " ".join(f"{names[name]}: *{reason}.*" for name, reason in told.items())
    return f"The plan gives the reasons. {each}"


def _link(name: str, title: str, folder: str = "cases") -> str:
    return f"{{doc}}`{title} </book/{folder}/{name}>`"


def _joined(names: Mapping[str, str], folder: str = "cases") -> str:
    """Return links to the chapters in words."""
    return ", ".join(_link(name, title, folder) for name, title in names.items())


def connect(app: Sphinx) -> None:
    """Register role and directive."""
    app.add_role("count", CountRole())
    app.add_directive("added-places", AddedPlaces)
