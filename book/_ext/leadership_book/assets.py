"""Add files of the site: chart library, figures, data, bibliography, code colours."""

import csv
import json
import os
import re
import shutil
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from sphinx.application import Sphinx

from leadership_book.citation import write_bibliography
from leadership_book.code_pages import styles
from leadership_book.records import Records, read_json, records
from leadership_book.site_builder import cache_folder

VEGA_LITE = "6.4"
# What Sphinx and other extensions leave and no page loads.
UNUSED = (
    "basic.css",
    "book.css",
    "file.png",
    "minus.png",
    "plus.png",
    "mystnb.*.css",
    "pygments.css",
    "copybutton*",
    "clipboard*",
    "doctools.js",
    "documentation_options.js",
    "language_data.js",
    "searchtools.js",
    "sphinx_highlight.js",
)
DATA = ("*.csv", "*.json", "*.yml")


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Add what pages load on demand or offer for download, and take out what no page needs."""
    if exception or app.builder.format != "html" or app.builder.name != "html":
        return
    site, files = Path(app.outdir), records(app.env)
    add_vega(site / "_static", cache_folder(app))
    (site / "_static" / "code.css").write_text(styles(), encoding="utf-8")
    for path in sorted((files.results / "figures").glob("*.json")):
        add_figure(site / "figures", path)
    add_data(site / "data" / files.release, files)
    write_bibliography(site / "downloads", files.sources(), Path(app.srcdir) / "book" / "references.bib")
    remove_unused(site)
    write_links(site / "downloads" / "external-links.csv", site)


def add_vega(static: Path, cache: Path) -> None:
    """Write the chart library as one ES module that exports ``vegaEmbed``."""
    cached = cache / f"vega-bundle-{VEGA_LITE}-{version('vl-convert-python')}.js"
    if not cached.is_file():
        bundle = vl_convert.javascript_bundle("export { vegaEmbed };", vl_version=VEGA_LITE)
        beside = cached.with_name(f".{cached.name}.{os.getpid()}")
        beside.write_text(bundle, encoding="utf-8")
        beside.replace(cached)
    target = static / "vendor" / "vega-bundle.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(cached, target)


def add_figure(folder: Path, path: Path) -> None:
    """Write a figure's specification for drawing, and its data for download."""
    record, name = read_json(path), path.stem
    folder.mkdir(parents=True, exist_ok=True)
    spec = json.dumps(record["spec"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / f"{name}.json").write_text(spec, encoding="utf-8")
    write_rows(folder / f"{name}.csv", record)


def write_rows(path: Path, record: dict[str, Any]) -> None:
    """Write the rows drawn as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([record["columns"], *record["rows"]])


def add_data(folder: Path, files: Records) -> None:
    """Copy the tables, descriptor and plan of the release, which cards show rows of."""
    release = files.sources_file.parent
    for pattern in DATA:
        for path in sorted(release.rglob(pattern)):
            target = folder / path.relative_to(release)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


LINK = re.compile(r'<a [^>]*href="(https?://[^"]*)"')


def write_links(path: Path, site: Path) -> None:
    """Write every address outside the site that a page links to, with the pages."""
    found: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        for link in sorted(set(LINK.findall(page.read_text(encoding="utf-8")))):
            found.setdefault(unescape(link), []).append(page.relative_to(site).as_posix())
    rows = [[link, " ".join(pages)] for link, pages in sorted(found.items())]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([["address", "pages"], *rows])


def remove_unused(site: Path) -> None:
    """Delete files that no page loads."""
    for pattern in UNUSED:
        for path in sorted((site / "_static").glob(pattern)):
            path.unlink()
    for name in ("genindex.html", "objects.inv"):
        (site / name).unlink(missing_ok=True)


def connect(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("build-finished", finish)
