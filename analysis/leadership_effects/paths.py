"""Locate the folders of the checkout; imports nothing of the package."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Pinned packages that results are computed with; the other dependency groups have their files in the same folder.
LOCK = "requirements/book.txt"


def data_folder() -> Path:
    """Return the folder of all releases; ``LEADERSHIP_DATA`` overrides ``data`` of the checkout."""
    return Path(os.environ.get("LEADERSHIP_DATA", ROOT / "data"))


def build_folder() -> Path:
    """Return the folder of generated files; ``LEADERSHIP_BUILD`` overrides ``_build``."""
    return Path(os.environ.get("LEADERSHIP_BUILD", ROOT / "_build"))


def picture_folder() -> Path:
    """Return the folder of cached pictures; ``LEADERSHIP_PICTURES`` overrides it."""
    return Path(os.environ.get("LEADERSHIP_PICTURES", build_folder() / "cache" / "pictures"))


def results_folder(release: str) -> Path:
    """Return the folder of a release's results, which its notebooks write."""
    return build_folder() / "results" / release


def finished_results(release: str) -> Path:
    """Return the folder to read results from; a staged run sets ``LEADERSHIP_RESULTS``."""
    return Path(os.environ.get("LEADERSHIP_RESULTS", results_folder(release)))


def published_folder(release: str) -> Path:
    """Return the folder of a release's locked results."""
    return ROOT / "analysis" / "published" / release


def sweep_folder(release: str) -> Path:
    """Return the folder of a release's locked simulations."""
    return published_folder(release) / "simulations"


def exhibits_folder(release: str) -> Path:
    """Return the folder of a release's locked figures and tables."""
    return published_folder(release) / "exhibits"


def reports_folder() -> Path:
    """Return the folder of the reports that pages of the book include."""
    return ROOT / "book" / "reports"
