"""Register the Sphinx extension: theme, numbers, sources and charts from results.

It reads the results JSON and the release and runs no analysis.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from leadership_book import (
    added_places,
    anchors,
    assets,
    briefs,
    code_pages,
    config,
    downloads,
    embeds,
    freshness,
    insights,
    insights_rendering,
    interval_levels,
    languages,
    layers,
    layout,
    links,
    math,
    not_found,
    numbers_pages,
    pictures,
    preview_cards,
    printing,
    problems,
    search,
    sheets,
    site_builder,
    source_pages,
    source_uses,
    study_form,
    terms,
    to_fetch,
    translator,
)
from leadership_book.directives import ChartDirective, SourceList
from leadership_book.roles import NumRole, RangeRole, SrcRole
from leadership_book.sureness import SureRole


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register theme, roles, directives, the math renderer, generated pages and files."""
    app.add_html_theme("leadership", str(Path(__file__).parent / "theme"))
    app.add_role("num", NumRole())
    app.add_role("range", RangeRole())
    app.add_role("src", SrcRole())
    app.add_role("sure", SureRole())
    app.add_directive("chart", ChartDirective)
    app.add_directive("source-list", SourceList)
    parts = (
        config,
        added_places,
        site_builder,
        freshness,
        problems,
        links,
        anchors,
        math,
        numbers_pages,
        source_uses,
        source_pages,
        code_pages,
        insights,
        insights_rendering,
        terms,
        translator,
        interval_levels,
        languages,
        layers,
        layout,
        not_found,
        assets,
        pictures,
        preview_cards,
        embeds,
        briefs,
        printing,
        downloads,
        sheets,
        study_form,
        to_fetch,
        search,
    )
    for part in parts:
        part.connect(app)
    return {"version": "2", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
