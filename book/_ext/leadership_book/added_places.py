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
from leadership_effects.counting import cardinal, place_counts, waiting_places
from leadership_effects.data.vocabulary import place_name
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

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
# What a note says in the language of its page; the plan gives the reason in English alone.
OTHER = {
    "es": "**Añadido después, fuera de los recuentos de esta página:** {places}. Su capítulo está en inglés.",
    "hi": "**बाद में जोड़ा गया, इस पृष्ठ की गिनती से बाहर:** {places}। अध्याय अंग्रेज़ी में है।",
    "lv": "**Pievienots vēlāk, ārpus šīs lapas skaita:** {places}. Nodaļa ir angļu valodā.",
}


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
            if self.arguments[1] not in OTHER:
                raise unknown("language of added-places", self.arguments[1], OTHER)
            return OTHER[self.arguments[1]].format(places=_joined(names))
        one = len(names) == 1
        return (
            f"**Added later:** {_joined(names, marked=True)}. {'This place is' if one else 'These places are'} outside the "
            f"counts of this page, which are those of the {{count}}`places` places that the analysis plan counts. "
            f"{self.reasons(names)} What can be said of {'it' if one else 'each'} stands in its chapter."
        )

    def listed(self, names: Mapping[str, str]) -> str:
        """Return the sentence that stands in an entry of a list."""
        return f"Added later, outside the counts: {_joined(names)}."

    def table(self, names: Mapping[str, str]) -> str:
        """Return a table in the columns of the home page, with the reasons before it."""
        files = records(self.env)
        said = "This place came when the results of the others were known, and is"
        if len(names) > 1:
            said = "These places came when the results of the others were known, and are"
        lines = [
            f"**Added later.** {said} outside the counts of this book. {self.reasons(names)}",
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
        titles = {row["indicator_id"]: row["title"] for row in read_table(path, ["indicator_id", "title"])}
        found = []
        for panel in panels:
            named = panel["indicator"] if isinstance(panel["indicator"], list) else [panel["indicator"]]
            years = sorted([*panel["pre"], *panel["post"]])
            found.append(f"{', '.join(titles[one] for one in named)}, {years[0]} to {years[-1]}")
        return "; ".join(found).replace("|", "\\|")

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


def _joined(names: Mapping[str, str], marked: bool = False) -> str:
    """Return links to the chapters in words, with how sure each finding is if asked."""
    links = [
        f"{_link(case_id, name)} ({{sure}}`{case_id}`)" if marked else _link(case_id, name)
        for case_id, name in names.items()
    ]
    return ", ".join(links)


def connect(app: Sphinx) -> None:
    """Register role and directive."""
    app.add_role("count", CountRole())
    app.add_directive("added-places", AddedPlaces)
