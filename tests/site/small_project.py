"""Build a Sphinx project of three pages over the small release, in this process and with the extension as it is."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.estimators import estimate
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT
from leadership_effects.report.numbers import Unit
from leadership_effects.report.registry import Registry
from miniature import NAME, SmallRelease
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

HOSTILE = "<script>alert(1)</script> *plain* [text](https://example.org/) & `code` {num}`huari.no`"
EXTENSIONS = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["parse"][
    "myst_enable_extensions"
]
SETTINGS = f"""
extensions = ["myst_nb", "leadership_book"]
nb_execution_mode = "off"
myst_enable_extensions = {EXTENSIONS}
root_doc = "book/index"
html_theme = "basic"
html_math_renderer = "latex2mathml"
exclude_patterns = ["_build", "data"]
lb_release = "{NAME}"
"""
PAGES = {
    "book/index.md": "# Start\n\n{text}\n\n```{{toctree}}\ndata\nnumbers\n{more}```\n",
    "book/data.md": "# Data\n\n```{source-list}\n```\n",
    "book/numbers.md": "# Numbers\n\n```{numbers-index}\n```\n",
}


@dataclass
class Project:
    """A Sphinx project of three pages over the small release."""

    root: Path
    small: SmallRelease

    def write(self, text: str, more: str = "") -> None:
        """Write the pages; ``text`` stands on the first one, ``more`` names further pages."""
        for page, content in PAGES.items():
            path = self.root / page
            path.parent.mkdir(exist_ok=True)
            path.write_text(
                content.format(text=text, more=more) if "{text}" in content else content, encoding="utf-8"
            )
        (self.root / "conf.py").write_text(SETTINGS, encoding="utf-8")

    def build(self) -> tuple[str, str]:
        """Build the site; return what Sphinx warned of and what stopped it, empty if nothing did."""
        warnings, stopped = io.StringIO(), ""
        out = self.root / "_build"
        with patch_docutils(str(self.root)), docutils_namespace():
            app = Sphinx(
                self.root, self.root, out / "html", out / "doctrees", "html", status=None, warning=warnings
            )  # fmt: skip
            try:
                app.build()
            except ExtensionError as error:
                stopped = str(error)
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()), stopped

    def html(self, page: str, folder: str = "book") -> BeautifulSoup:
        path = self.root / "_build/html" / folder / f"{page}.html"
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def write_project(small: SmallRelease) -> Project:
    """Write results and a figure below the build folder as the registry of the package does; return the project."""
    root = small.data.parent
    registry = Registry(small.open(), "huari", "analysis/notebooks/cases/huari.py")
    registry.record(
        "reading.att", -4.4512, Unit("points", signed=True), "Difference in points.", rows=Rows(16, "eight districts", ("S_ONE", "S_TWO")),
        function=estimate, interval=(-9.0, 0.5),
        interval_kind="95 % confidence set",
    )  # fmt: skip
    registry.record(
        "verdict",
        "cannot say",
        Unit("<b>"),
        f'{HOSTILE} "quoted"',
        rows=Rows(0, HOSTILE, ()),
        function="grade",
    )
    registry.record("comparison", "partial", Unit(), "Comparison.", rows=Rows(0, HOSTILE, ()), function="g")
    registry.save()
    figures = root / "_build" / "results" / NAME / "figures"
    drawn = (
        '<figure class="chart" id="fig-huari-points" data-spec="lb:/figures/huari.points.json">drawn</figure>'
    )
    write_json(
        figures / "huari.points.json",
        {
            "html": drawn, "spec": {"mark": "point"}, "svg": '<svg width="660" height="300"/>', "columns": ["a, b"], "rows": [[1.5]],
            "title": "Points moved.", "subtitle": "", "alt": "A point.", "caption": "One point.", "source": "analysis/notebooks/cases/huari.py",
        },
    )  # fmt: skip
    return Project(root, small)
