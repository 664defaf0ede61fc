"""Make the built site light and self-contained."""

import re
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from docutils import nodes
from sphinx.application import Sphinx

VEGA_LITE = "6.4"

# The icons come from the theme's fonts; this script of 1.5 MB draws them a second time.
FONTAWESOME = re.compile(r"[ \t]*<script[^>]*scripts/fontawesome\.js[^>]*></script>\n?")
THEME_SCRIPT = 'localStorage.getItem("theme") || "auto"'
THEME_BY_SYSTEM = (
    'localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
)
# docutils writes entries of a role that its list must not hold.
ENTRY_ROLE = 'role="doc-biblioentry"'
UNUSED = (
    "**/*.map",
    "**/*.ttf",
    "**/*webpack-macros.html",
    "locales",
    "images/logo_*",
    "scripts/fontawesome.js*",
)


def follow_system_theme(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let pages follow the reader's light or dark setting."""
    context["default_mode"] = "auto"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Add the chart library to the site and take out what no page needs."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    add_vega(site / "_static", Path(app.doctreedir))
    remove_unused(site / "_static")
    for page in sorted(site.rglob("*.html")):
        trim_page(page)


def add_vega(static: Path, cache: Path) -> None:
    """Write the chart library as one ES module that exports ``vegaEmbed``."""
    cached = cache / f"vega-bundle-{VEGA_LITE}-{version('vl-convert-python')}.js"
    if not cached.is_file():
        bundle = vl_convert.javascript_bundle("export { vegaEmbed };", vl_version=VEGA_LITE)
        cached.write_text(bundle, encoding="utf-8")
    target = static / "vendor" / "vega-bundle.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(cached, target)


def remove_unused(static: Path) -> None:
    """Delete theme files that no page loads."""
    for pattern in UNUSED:
        for path in sorted(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def trim_page(page: Path) -> None:
    """Drop the icon script of a page, set its colours early and mend its list roles."""
    html = page.read_text(encoding="utf-8")
    trimmed = FONTAWESOME.sub("", html).replace(THEME_SCRIPT, THEME_BY_SYSTEM)
    trimmed = trimmed.replace('data-theme="auto"', 'data-theme="light"', 1)
    trimmed = trimmed.replace(ENTRY_ROLE, 'role="listitem"')
    if trimmed != html:
        page.write_text(trimmed, encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("html-page-context", follow_system_theme)
    app.connect("build-finished", finish)
