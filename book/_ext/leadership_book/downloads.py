"""Offer downloads: the release, its tables, PDF and EPUB, the sheet for counts of leaders."""

import csv
import io
import itertools
import json
import os
import shutil
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.release import Release
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.osutil import relative_uri

from leadership_book.links import TOP
from leadership_book.problems import report
from leadership_book.records import read_json, records, unknown

FOLDER = "downloads"
DESCRIPTOR = "datapackage.json"
RELEASE_FILES = ("*.csv", "*.json", "*.yml")
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can hold
READABLE = 0o644 << 16
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


def megabytes(count: int) -> str:
    """Return a number of bytes as text, in megabytes of a million bytes."""
    return f"{count / 1e6:.1f} MB"


def zip_name(release: str) -> str:
    """Return the file name of the ZIP of a release."""
    return f"collective-leadership-data-{release}.zip"


@lru_cache(maxsize=4)
def release_zip(folder: Path) -> bytes:
    """Return a release as a ZIP: tables, descriptor, plan and data dictionary.

    The same release gives the same bytes: names are sorted and times fixed. Without a descriptor there is none.
    """
    if not (folder / DESCRIPTOR).is_file():
        return b""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for pattern in RELEASE_FILES
        for path in folder.rglob(pattern)
    }
    release = Release(folder, folder.name, read_json(folder / DESCRIPTOR))
    files["README.md"] = data_dictionary(release).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"collective-leadership-data-{folder.name}/{name}", NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
            entry.create_system = 3  # else the operating system's
            archive.writestr(entry, content)
    return made.getvalue()


class ReleaseZipRole(SphinxRole):
    """Link to the ZIP of the release, its size behind it."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link and the size."""
        files = records(self.env)
        held = release_zip(files.sources_file.parent)
        address = f"{TOP}{FOLDER}/{zip_name(files.release)}"
        link = nodes.reference("", self.text, refuri=address, internal=True)
        return [link, nodes.Text(f" (ZIP, {megabytes(len(held))})")], []


class TableRole(SphinxRole):
    """Link to the CSV file of a table of the release, named by its path without ending."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link, or the name in question after reporting it."""
        files, name = records(self.env), self.text
        folder = files.sources_file.parent
        self.env.note_dependency(str(folder / DESCRIPTOR))
        if not (folder / f"{name}.csv").is_file():
            known = sorted(
                path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.csv")
            )
            report(self.env, self.lineno, str(unknown("table", name, known)))
            return [nodes.literal(name, name)], []
        address = f"{TOP}data/{files.release}/{name}.csv"
        return [nodes.reference("", "", nodes.literal(name, name), refuri=address, internal=True)], []


def add_links(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Set ``lb_downloads`` of the layout: title, relative address and size of each file."""
    here = app.builder.get_target_uri(page)
    offered = [(FORMS[path.suffix], path.name, path.stat().st_size) for path in printed_files(app)]
    release = app.config.lb_release
    if held := len(release_zip(Path(app.srcdir, "data", release))):
        offered.insert(0, ("Download everything", zip_name(release), held))
    context["lb_downloads"] = [
        {"title": title, "href": relative_uri(here, f"{FOLDER}/{name}"), "size": megabytes(count)}
        for title, name, count in offered
    ]


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the printed files and the ZIP of the release into the site."""
    if exception or app.builder.name != "html":
        return
    target, release = Path(app.outdir, FOLDER), app.config.lb_release
    target.mkdir(exist_ok=True)
    for path in printed_files(app):
        shutil.copyfile(path, target / path.name)
    if held := release_zip(Path(app.srcdir, "data", release)):
        (target / zip_name(release)).write_bytes(held)


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
    """Register the roles and the event handlers."""
    app.add_role("release-zip", ReleaseZipRole())
    app.add_role("table-file", TableRole())
    app.connect("html-page-context", add_links)
    app.connect("build-finished", copy_files)
    app.connect("build-finished", write_sheet)
