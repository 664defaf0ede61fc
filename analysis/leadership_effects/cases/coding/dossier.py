"""Gather what a coder of a case is shown: rows and sources, and no judgement of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadership_effects.cases.row_rules import CODED
from leadership_effects.cases.worksheets import FILL, CaseError, CaseRows, begun_cases, read_case_rows
from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row, read_rows
from leadership_effects.data.vocabulary import ITEMS

# Columns of each table that are shown. Left out is what readers of the project concluded from them: the strategy and the
# leverage point of an event, the dimension of a count, the verdict on a claim, the direction of a finding.
SHOWN = {
    "events": ("year", "statement"),
    "leadership": ("year", "value", "unit", "measure", "scope", "statement"),
    "claims": ("year", "claimant", "statement"),
    "evaluations": ("year", "study", "design", "treated", "outcome", "statement"),
}
TITLES = {"events": "Events", "leadership": "Counts of leaders", "claims": "Claims", "evaluations": "Studies"}
KEYS = {
    "events": "event_id",
    "leadership": "leadership_id",
    "claims": "claim_id",
    "evaluations": "evaluation_id",
}
SOURCE = ("title", "publisher", "year", "address", "how_read")
KIND_TITLES = {
    "dimension": "Dimensions", "strategy": "Strategies", "leverage": "Leverage points", "outcome": "Outcome",
}  # fmt: skip


@dataclass(frozen=True)
class Dossier:
    """What is put before a coder.

    Attributes
    ----------
    case_id, title, release : str
    items : list of dict
        ``kind``, ``item``, ``label`` and the meaning of each code, in the order of the framework.
    tables : list of dict
        ``title`` and ``rows`` of the dossier, each with key, text and source.
    sources : dict of str to dict
        Cited sources by id.
    taken : list of str
        Names of readings that are there already.
    """

    case_id: str
    title: str
    release: str
    items: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    sources: dict[str, Row]
    taken: list[str]


def case_of(release: Release, case_id: str) -> CaseRows:
    """Return the rows of a case, those of its worksheets where it was begun.

    Raises
    ------
    CaseError
        If neither the release nor worksheets know it.
    """
    known = [
        *release.plan["cases"],
        *(name for name in begun_cases(release) if name not in release.plan["cases"]),
    ]
    if case_id not in known:
        raise CaseError(f"{case_id!r} is no case of {release.name}; allowed: {', '.join(known)}")
    return read_case_rows(release, case_id)


def coded_items() -> list[tuple[str, str]]:
    """Return kind and item of everything that is coded."""
    return [(kind, item) for kind, items in CODED.items() for item in items]


def meanings(release: Release) -> dict[tuple[str, str], dict[str, str]]:
    """Return the meaning of each code by kind and item, as the rubric of the release has it."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in read_rows(release, "rubric"):
        found.setdefault((row["kind"], row["item"]), {})[row["code"]] = row["meaning"]
    return found


def read_dossier(release: Release, case_id: str) -> Dossier:
    """Gather the dossier of a case.

    Raises
    ------
    CaseError
        If the case is not known.
    """
    case, rubric = case_of(release, case_id), meanings(release)
    tables, cited = [], dict[str, None]()
    for name, columns in SHOWN.items():
        rows = [row.cells for row in case.sheets[name].rows if not _to_fill(row.cells)]
        rows.sort(key=lambda row: (row["year"] or "9999", row[KEYS[name]]))
        shown = [
            {"key": row[KEYS[name]], "text": _text(row, columns), "source": row["source_id"]} for row in rows
        ]
        cited |= dict.fromkeys(row["source_id"] for row in rows)
        tables.append({"title": TITLES[name], "rows": shown})
    released = read_rows(release, "sources")
    every = {row["source_id"]: row for row in (*released, *(row.cells for row in case.rows_of("sources")))}
    sources = {
        name: {column: every[name][column] for column in SOURCE} for name in sorted(cited) if name in every
    }
    items = [
        {
            "kind": kind,
            "item": item,
            "label": ITEMS[item].full or ITEMS[item].label if item in ITEMS else "what the results show",
            "codes": rubric.get((kind, item), {}),
        }
        for kind, item in coded_items()
    ]
    taken = sorted({row["coder"] for row in read_rows(release, "readings")})
    title = next(iter(row.cells["title"] for row in case.sheets["cases"].rows), case_id)
    return Dossier(case_id, title, release.name, items, tables, sources, taken)


def _to_fill(row: Row) -> bool:
    """Return whether a row of a worksheet still asks to be filled."""
    return any(cell.startswith(FILL) for cell in row.values())


def _text(row: Row, columns: tuple[str, ...]) -> str:
    count = " ".join(filter(None, (row.get("value", ""), row.get("unit", ""))))
    named = dict.fromkeys(row[column] for column in columns if column not in ("value", "unit", "statement"))
    if row.get("scope", "") in row.get("measure", ""):
        named.pop(row.get("scope", ""), None)
    head = ", ".join(filter(None, (*named, count if "value" in columns else "")))
    return f"{head}: {row['statement']}" if head else row["statement"]
