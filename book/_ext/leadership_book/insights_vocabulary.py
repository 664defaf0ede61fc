"""Read the words that an insight may use: places, items, statements and chapters."""

from dataclasses import dataclass

from leadership_effects.data.vocabulary import ITEMS, place_name
from sphinx.environment import BuildEnvironment

from leadership_book.records import read_table, records

ACROSS = "across"
TABLES = {"cases": "case_id", "coding": "item", "statements": "statement_id"}
# Chapters across the places that an insight may rest on: page, label and what kind of evidence they hold.
CHAPTERS = {
    "synthesis": ("book/synthesis/synthesis", "Across the places", "places compared, not graded"),
    "evaluations": ("book/synthesis/evaluations", "Published studies", "read in summary, not graded"),
    "critical_mass": ("book/synthesis/critical_mass", "Critical mass", "models and counts, not graded"),
    "coding": ("book/synthesis/coding", "The coding", "two automated readings, not graded"),
    "leaders": ("book/synthesis/leaders", "Leaders by post, place and year", "counts, not graded"),
    "what_leaders_add": (
        "book/synthesis/what_leaders_add",
        "What research says leaders add",
        "studies elsewhere, not graded",
    ),
    "what_many_places_say": (
        "book/synthesis/what_many_places_say",
        "What many places say",
        "many dates of start, with a verdict, not graded",
    ),
    "states": ("book/synthesis/states", "States", "many dates of start, with a verdict, not graded"),
    "countries": ("book/synthesis/countries", "Countries", "many dates of start, with a verdict, not graded"),
}
# Option of the directive, kind in coding.csv, label on the card.
TAGS = (
    ("dimensions", "dimension", "Dimension"),
    ("strategies", "strategy", "Strategy"),
    ("leverage", "leverage", "Leverage point"),
)


@dataclass(frozen=True)
class Vocabulary:
    """The words that an insight may use.

    Attributes
    ----------
    cases : dict of str to str
        Name by ``case_id``; ``across`` is for what is no single place's.
    items : dict of str to tuple of str
        Items of the coding by kind: ``dimension``, ``strategy``, ``leverage``.
    statements : dict of str to str
        Short label by ``statement_id``.
    """

    cases: dict[str, str]
    items: dict[str, tuple[str, ...]]
    statements: dict[str, str]

    def allowed(self, option: str) -> dict[str, str]:
        """Return word and label of everything that an option of the directive may name."""
        if option == "cases":
            return {**self.cases, ACROSS: "Across the places"}
        if option == "rests-on":
            return {
                **self.statements,
                **self.cases,
                **{name: label for name, (_, label, _) in CHAPTERS.items()},
            }
        kind = next(kind for name, kind, _ in TAGS if name == option)
        return {item: item_words(item) for item in self.items[kind]}


def item_words(item: str) -> str:
    """Return the label of an item of the coding."""
    known = ITEMS.get(item)
    return known.full or known.label if known else item.replace("_", " ")


def vocabulary(env: BuildEnvironment) -> Vocabulary:
    """Return the vocabulary of the book's release.

    Raises
    ------
    UnknownName
        If a table is missing or lacks its column.
    """
    folder = records(env).sources_file.parent
    for table in TABLES:
        env.note_dependency(str(folder / f"{table}.csv"))
    cases, coding, statements = (read_table(folder / f"{name}.csv", [key]) for name, key in TABLES.items())
    items = {
        kind: tuple(dict.fromkeys(row["item"] for row in coding if row["kind"] == kind))
        for _, kind, _ in TAGS
    }
    return Vocabulary(
        {row["case_id"]: place_name(row["title"]) for row in cases},
        items,
        {row["statement_id"]: row["label"] for row in statements},
    )
