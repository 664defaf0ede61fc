"""Publish a chart as picture, interactive specification, description and table."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.counting import in_figures
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, results_folder
from leadership_effects.report.citation import publication
from leadership_effects.report.descriptions import check_heading, described
from leadership_effects.report.numbers import significant
from leadership_effects.report.pictures import FONT, compact, draw_svg
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import html_table
from leadership_effects.signs import true_minus
from leadership_effects.source_lines import calling_line, code_page, named_cell

STATIC_WIDTH, PHONE_WIDTH = 660, 340
WIDTHS = (STATIC_WIDTH, PHONE_WIDTH)
INK = "#1d2226"
DOWNLOADS = {"csv": "data (CSV)", "json": "chart (Vega-Lite)", "svg": "picture (SVG)", "png": "picture (PNG)"}
HIDDEN = ' aria-hidden="true" focusable="false"'
PAPER = '<rect width="100%" height="100%" fill="#fff"/>'
# Charts hold the colours of a light page; the style sheet gives HEAT, DONOR and PAPER_INK others on a dark one.
TREATED, SECOND, THIRD, DONOR, GRID = "#d1495b", "#2b8a9c", "#8a6fc9", "#8b929c", "#80868f55"
HEAT, PAPER_INK = "#12505d", "#fffffe"


def legend_columns(most: int, below: int = 520) -> str:
    """Return the expression for the columns of a legend: one in a narrow box.

    The box keeps its width while the drawing inside it is laid out; a legend that followed the drawing's width would get
    another number of lines than the room that was kept for it. A fixed picture has no box.
    """
    return f"(containerSize()[0] ? containerSize()[0] < {below} : width < 420) ? 1 : {most}"


@alt.theme.register("leadership", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """One theme for all charts: text in the page's own colour, so that light and dark both read."""
    ink = "currentColor"
    axis: Any = {
        "labelColor": ink, "titleColor": ink, "domainColor": GRID, "tickColor": GRID, "gridColor": GRID,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 230, "titlePadding": 8,
    }  # fmt: skip
    legend: Any = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "orient": "top", "title": None,
              "labelLimit": 320, "symbolOpacity": 1, "columns": {"expr": legend_columns(3)}}  # fmt: skip
    return alt.theme.ThemeConfig(
        {
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": {
                "background": "transparent",
                "font": FONT,
                "view": {"stroke": None},
                "axis": axis,
                "axisX": {"titleAnchor": "end"},
                "legend": legend,
                "header": {"labelColor": ink, "titleColor": ink, "labelFontSize": 12},
                "text": {"color": ink, "fontSize": 12},
                "range": {"category": [TREATED, SECOND, THIRD, DONOR]},
            },
        }
    )


@dataclass(frozen=True)
class Figure:
    """A published figure; displays as a self-contained HTML figure element."""

    name: str
    caption: str
    alt: str
    html: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": f"{self.caption} Description: {self.alt}"}


@dataclass(frozen=True)
class Figures:
    """Published figures that one cell shows below each other."""

    figures: tuple[Figure, ...]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        plain = " ".join(figure._repr_mimebundle_()["text/plain"] for figure in self.figures)
        return {"text/html": "".join(figure.html for figure in self.figures), "text/plain": plain}


def publish(
    registry: Registry,
    name: str,
    chart: alt.TopLevelMixin,
    *,
    title: str = "",
    subtitle: str = "",
    caption: str,
    says: str,
    data: pd.DataFrame,
    links: Sequence[tuple[str, str, str]] = (),
) -> Figure:
    """Write a figure to the folder of results and return it for display.

    Parameters
    ----------
    registry : Registry
        Results of the notebook; the figure's digest is recorded there.
    name : str
        Name of the figure within the notebook.
    chart : altair chart
        Width is set to the container's; a fixed-width picture is drawn for pages without JavaScript.
    title : str
        What the chart finds, in a sentence; it stands over the chart, in lists and in citations.
    subtitle : str
        What is measured, where, when and in which unit.
    caption : str
        Full sentence on what the figure shows.
    says : str
        What people who do not see the chart should learn; `descriptions.opening` puts kind, series and span before it.
    data : DataFrame
        The rows drawn, shown as a table behind the chart.
    links : sequence of tuple of str
        Pages that rows lead to, listed under the caption: text, address from the top of the site, and words beside it.
    """
    anchor, spec = f"fig-{registry.notebook}-{name}", chart.properties(width="container").to_dict()
    spec.pop("$schema", None)
    spec = _with_stable_names(_rounded(spec))
    line = calling_line(ROOT / registry.source)
    title, subtitle, caption = (true_minus(text) for text in (title, subtitle, caption))
    check_heading(name, title, subtitle, named_cell(registry.source, line))
    description = true_minus(f"{_ended(title)} {described(spec, says, caption)}")
    pictures = {width: _static_svg(spec, anchor, width) for width in WIDTHS}
    card = FigureCard(registry, name, title, subtitle, caption, description, data, line, tuple(links))
    digest = hashlib.sha256(
        json.dumps([spec, subtitle, caption, description], sort_keys=True).encode()
    ).hexdigest()
    registry.figures[name] = {
        "sha256": digest,
        "rows": len(data),
        "title": title,
        "subtitle": subtitle,
        "caption": caption,
        "description": description,
        "line": line,
    }
    content = {
        "title": title, "subtitle": subtitle, "caption": caption, "alt": description, "spec": spec,
        "html": card.markup(anchor, pictures),
        "columns": list(map(str, data.columns)), "rows": json.loads(data.to_json(orient="values", double_precision=10)),
        "svg": _on_paper(pictures[STATIC_WIDTH].replace(HIDDEN, "", 1)), "source": registry.source, "line": line,
    }  # fmt: skip
    folder = results_folder(registry.release.name) / "figures"
    write_json(folder / f"{registry.notebook}.{name}.json", content)
    return Figure(name, caption, description, content["html"])


def _ended(title: str) -> str:
    """Return a title with a full stop, for a place where sentences follow."""
    return title if title.endswith(("?", ".")) else f"{title}."


def _rounded(content: Any) -> Any:
    """Round floats to seven significant digits, since later ones differ by processor."""
    if isinstance(content, float):
        return float(f"{significant(content):.7g}")
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, list) else content


def _with_stable_names(spec: dict[str, Any]) -> dict[str, Any]:
    """Rename data sets, parameters and views by number; the names of altair vary by run."""
    text = json.dumps(spec)
    for number, found in enumerate(
        dict.fromkeys(re.findall(r'"((?:data-[0-9a-f]{32})|(?:param_\d+)|(?:view_\d+))"', text))
    ):
        text = text.replace(f'"{found}"', f'"{found.split("-")[0].split("_")[0]}-{number}"')
    stable: dict[str, Any] = json.loads(text)
    return stable


def _static_svg(spec: dict[str, Any], anchor: str, width: int) -> str:
    """Picture of a chart for the page: ids of its own, colours of the text around it."""
    svg = draw_svg(spec, width)
    svg = re.sub(r'id="([\w-]+)"', rf'id="{anchor}-{width}-\1"', svg)
    svg = re.sub(r"url\(#([\w-]+)\)", rf"url(#{anchor}-{width}-\1)", svg)
    svg = compact(svg, separate=(HEAT, PAPER_INK))
    return svg.replace("<svg ", f'<svg{HIDDEN} font-family="{FONT}" ', 1)


def _on_paper(svg: str) -> str:
    """Return a picture for use outside the page: dark words on white."""
    return re.sub(r"(<svg [^>]*>)", rf"\1{PAPER}", svg.replace("currentColor", INK), count=1)


@dataclass(frozen=True)
class FigureCard:
    """Title, subtitle, caption, description, data, downloads, code and citation of a chart."""

    registry: Registry
    name: str
    title: str
    subtitle: str
    caption: str
    description: str
    data: pd.DataFrame
    line: int | None
    links: Sequence[tuple[str, str, str]] = ()

    def markup(self, anchor: str, pictures: dict[int, str]) -> str:
        """Return the figure as HTML; ``lb:/``, the top of the site, is made relative in the page."""
        file = f"{self.registry.notebook}.{self.name}"
        drawn = "".join(f'<div class="chart-still w{width}">{svg}</div>' for width, svg in pictures.items())
        return (
            f'<figure class="chart" id="{anchor}" lang="en" data-spec="lb:/figures/{file}.json">'
            f'<p class="chart-title">{html.escape(self.title)}</p><p class="chart-subtitle">{html.escape(self.subtitle)}</p>'
            f'<div class="chart-view" role="img" aria-label="{html.escape(self.description, quote=True)}">{drawn}</div>'
            f"<figcaption>{html.escape(self.caption)}</figcaption>{self._links()}{self._details(anchor, file)}</figure>"
        )

    def _links(self) -> str:
        items = "".join(
            f'<li><a href="lb:/{html.escape(page, quote=True)}">{html.escape(text)}</a>{html.escape(f" {beside}".rstrip())}</li>'
            for text, page, beside in self.links
        )
        return f'<ul class="chart-links">{items}</ul>' if items else ""

    def _details(self, anchor: str, file: str) -> str:
        rows = in_figures(len(self.data), "row")
        return (
            f'<details class="chart-data"><summary>Data, description and downloads ({rows})</summary>'
            f'<p class="chart-description">{html.escape(self.description)}</p>{self._downloads(file)}'
            f'<p class="chart-cite">To cite: {html.escape(self.citation(anchor))}</p>'
            f"{html_table(self.data, f'Data behind the chart: {self.title}')}</details>"
        )

    def _downloads(self, file: str) -> str:
        links = [
            f'<li><a href="lb:/figures/{file}.{end}" download>{text}</a></li>'
            for end, text in DOWNLOADS.items()
        ]
        at = f"#line-{self.line}" if self.line else ""
        links.append(f'<li><a href="lb:/code/{code_page(self.registry.source)}.html{at}">code</a></li>')
        return f'<ul class="chart-downloads">{"".join(links)}</ul>'

    def citation(self, anchor: str) -> str:
        """Return the citation of the figure."""
        book = publication()
        return (
            f"{book.author}, “{self.title}” (figure {anchor}), in {book.title}, data release "
            f"{self.registry.release.name}."
        )
