"""Write the page on which a person codes a dossier: one file that asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import jinja2

from leadership_effects.cases.coding.dossier import KIND_TITLES, Dossier

TEMPLATES = Path(__file__).parents[1] / "templates"
COLUMNS = (
    "release", "case_id", "kind", "item", "coder", "state", "code", "contested", "evidence", "reason", "read_on", "saw",
)  # fmt: skip
STATES = {
    "coded": "the item has a code",
    "silent": "nothing was found: the code stays blank, evidence and reason say where you looked",
    "open": "not done yet; a file with an open item is not taken in",
}
# What a sheet holds in a column, for who fills it in a spreadsheet.
SHEET = {
    "coder": "your name or initials: letters, digits and hyphens, the same in every row",
    "state": "one of the words below",
    "code": "a code of the item as this page lists them, blank where the state is silent",
    "contested": "true where sources disagree so that they would carry different codes, else false or blank",
    "evidence": "where it stands, or where you looked",
    "reason": "why this code",
    "read_on": "day of the reading, YYYY-MM-DD, the same in every row",
    "saw": "what you had seen before: results of the place, the book, anything else on it; the same in every row",
}


def page_of(dossier: Dossier) -> str:
    """Return the page as HTML; the same dossier gives the same bytes."""
    style = (TEMPLATES / "coding.css").read_text(encoding="utf-8")
    script = (TEMPLATES / "coding.js").read_text(encoding="utf-8")
    kept = {
        "columns": COLUMNS,
        "release": dossier.release,
        "case_id": dossier.case_id,
        "taken": dossier.taken,
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("coding.html.j2").render(
        **asdict(dossier),
        kinds=KIND_TITLES,
        sheet=SHEET,
        states=STATES,
        style=style,
        script=script,
        style_hash=_digest(style),
        script_hash=_digest(script),
        settings=json.dumps(kept, ensure_ascii=True).replace("<", "\\u003c"),
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
