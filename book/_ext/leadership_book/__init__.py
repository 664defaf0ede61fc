"""Sphinx extension of the book: numbers, sources and charts from the results files.

It reads the results JSON and the release's ``sources.csv`` and runs no analysis.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from leadership_book import assets, links, mathematics, problems, results
from leadership_book.listings import ChartDirective, SourceList
from leadership_book.roles import NumRole, SrcRole


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register roles, directives, the math renderer and the asset steps."""
    app.add_config_value("lb_release", "2026.1", "env", types=frozenset({str}))
    app.add_config_value("lb_results", "", "env", types=frozenset({str}))
    app.add_role("num", NumRole())
    app.add_role("src", SrcRole())
    app.add_directive("chart", ChartDirective)
    app.add_directive("source-list", SourceList)
    for part in (problems, links, mathematics, results, assets):
        part.connect(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True}
