"""Download the release and its tables from the site.

Decided here: the ZIP holds every file of the release and its dictionary, its bytes are a function of the release, each page
links to it, and a table that the release lacks stops the build.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from leadership_book.downloads import release_zip, zip_name
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from miniature import NAME
from site_pages import FOLDER
from small_project import Project

RELEASE = newest_release()
DATA = ROOT / "data" / RELEASE


def test_the_zip_holds_the_release_and_the_same_bytes_whenever_it_is_made(small, monkeypatch):
    folder = small.path("sources.csv").parent
    first = release_zip(folder)
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (1, 1))
    release_zip.cache_clear()
    assert release_zip(folder) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        held = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file()
    }
    assert held.pop("README.md").startswith(f"# Data dictionary of release {NAME}".encode())
    assert held == files


def test_each_page_offers_the_zip_and_the_data_page_every_table(site: Path):
    top = site / FOLDER
    assert (top / "downloads" / zip_name(RELEASE)).read_bytes() == release_zip(DATA)
    for page in ("book/index", "book/cases/huari", "numbers/huari"):
        html = (top / f"{page}.html").read_text(encoding="utf-8")
        assert f'href="../{"../" * (page.count("/") - 1)}downloads/{zip_name(RELEASE)}"' in html, page
    linked = set(
        re.findall(rf'href="\.\./data/{RELEASE}/([^"]+)"', (top / "book/data.html").read_text("utf-8"))
    )
    assert linked == {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")}


def test_a_table_that_the_release_lacks_stops_the_build(project: Project):
    project.write("{table-file}`source`, {release-zip}`All of it`")
    _, stopped = project.build()
    assert 'unknown table "source"' in stopped and "nearest: sources" in stopped
