"""Offer downloads: PDF and EPUB of the release shown, and the sheet for counts of leaders."""

import csv
import itertools
import json
import os
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

FOLDER = "downloads"
SHEET = "leaders-sheet.csv"
FORMS = {".pdf": "PDF", ".epub": "EPUB"}


def printed_files(app: Sphinx) -> list[Path]:
    """Return the printed files, PDF first; none if they were not made for the site's release.

    The build names their folder in ``LEADERSHIP_PRINT`` when they were made from the chapters as they are.
    """
    named = os.environ.get("LEADERSHIP_PRINT")
    if not named or not Path(named, "contents.json").is_file():
        return []
    release = json.loads(Path(named, "contents.json").read_text(encoding="utf-8"))["release"]
    if release != app.config.lb_release:
        return []
    files = [Path(named, f"collective-leadership-{release}{suffix}") for suffix in FORMS]
    return [path for path in files if path.is_file()]


def size(path: Path) -> str:
    """Return a file's size as text, in megabytes of a million bytes."""
    return f"{path.stat().st_size / 1e6:.1f} MB"


def add_links(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Set ``lb_downloads`` of the layout: title, relative address and size of each file."""
    here = app.builder.get_target_uri(page)
    context["lb_downloads"] = [
        {"title": FORMS[path.suffix], "href": relative_uri(here, f"{FOLDER}/{path.name}"), "size": size(path)}
        for path in printed_files(app)
    ]


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Copy the printed files into the site."""
    if exception or app.builder.name != "html":
        return
    target = Path(app.outdir, FOLDER)
    for path in printed_files(app):
        target.mkdir(exist_ok=True)
        shutil.copyfile(path, target / path.name)


def write_sheet(app: Sphinx, exception: Exception | None) -> None:
    """Write the sheet for counts of leaders: columns of ``leadership`` with a row as example."""
    rows = Path(app.srcdir, "data", app.config.lb_release, "leadership.csv")
    if exception or app.builder.name != "html" or not rows.is_file():
        return
    with rows.open(encoding="utf-8", newline="") as stream:
        head, example = itertools.islice(csv.reader(stream), 2)
    target = Path(app.outdir, FOLDER, SHEET)
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, example])


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("html-page-context", add_links)
    app.connect("build-finished", copy_files)
    app.connect("build-finished", write_sheet)
