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
STATES = ("coded", "silent", "open")


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
        style=style,
        script=script,
        style_hash=_digest(style),
        script_hash=_digest(script),
        settings=json.dumps(kept, ensure_ascii=True).replace("<", "\\u003c"),
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
