"""Serve the last build to the tests of the site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from miniature import Shared, SmallRelease
from site_pages import BUILD_FIRST, FOLDER, SITE, Links, served
from small_project import Project, write_project


@pytest.fixture(scope="session")
def site(shared: Shared) -> Path:
    """Top of a copy of the built site below a sub-folder, safe from a build that runs meanwhile."""
    if not (SITE / "index.html").is_file():
        pytest.fail(BUILD_FIRST)
    return shared("server", lambda top: shutil.copytree(SITE.resolve(), top / FOLDER))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Address of the served site."""
    with served(site) as root:
        yield f"{root}/{FOLDER}"


@pytest.fixture(scope="session")
def parsed(site: Path) -> dict[Path, Links]:
    """Every page of the site, parsed."""
    return {path: Links(path.read_text(encoding="utf-8")) for path in sorted((site / FOLDER).rglob("*.html"))}


@pytest.fixture
def project(small: SmallRelease, library: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project whose results were written by the registry of the package."""
    shutil.copytree(library, small.data.parent / "_build" / "doctrees")
    monkeypatch.setenv("LEADERSHIP_BUILD", str(small.data.parent / "_build"))
    here = Path.cwd()
    yield write_project(small)
    os.chdir(here)
