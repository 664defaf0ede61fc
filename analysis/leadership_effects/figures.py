"""Publish a chart: one static picture, one interactive specification, one description, one table."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from leadership_effects.results import MINUS, Registry, results_folder, significant, write_json
from leadership_effects.tables import html_table

STATIC_WIDTH = 660
VEGALITE = "6.4"
TREATED, SECOND, THIRD, DONOR, GRID = "#d1495b", "#2b8a9c", "#8a6fc9", "#8b929c", "#80868f55"


@alt.theme.register("leadership", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """One theme for all charts: text in the page's own colour, so that light and dark both read."""
    ink = "currentColor"
    axis: Any = {
        "labelColor": ink, "titleColor": ink, "domainColor": GRID, "tickColor": GRID, "gridColor": GRID,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 230, "titlePadding": 8,
    }  # fmt: skip
    legend: Any = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "orient": "top", "title": None,
              "labelLimit": 320, "symbolOpacity": 1, "columns": {"expr": "width < 420 ? 1 : 3"}}  # fmt: skip
    return alt.theme.ThemeConfig(
        {
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": {
                "background": "transparent",
                "font": "system-ui, sans-serif",
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


def publish(
    registry: Registry,
    name: str,
    chart: alt.TopLevelMixin,
    *,
    title: str = "",
    caption: str,
    description: str,
    data: pd.DataFrame,
) -> Figure:
    """Write a figure beside the results and return it for display.

    Parameters
    ----------
    registry : Registry
        Results of the notebook; the figure's digest is recorded there.
    name : str
        Name of the figure within the notebook.
    chart : altair chart
        Width is set to the container's; a fixed-width picture is drawn for pages without JavaScript.
    title : str
        A few words that name the figure in lists and citations.
    caption : str
        Full sentence that says what is to be seen.
    description : str
        Description for people who do not see the chart; it names the chart drawn.
    data : DataFrame
        The rows drawn, shown as a table behind the chart.
    """
    caption, description = _true_minus(caption), _true_minus(description)
    anchor = f"fig-{registry.notebook}-{name}"
    spec = _specification(chart)
    static = _static_svg(spec, anchor)
    markup = _markup(anchor, spec, static, caption, description, data)
    digest = hashlib.sha256(json.dumps([spec, caption, description], sort_keys=True).encode()).hexdigest()
    registry.figures[name] = {
        "sha256": digest,
        "rows": len(data),
        "caption": caption,
        "description": description,
    }
    content = {
        "title": title or name, "caption": caption, "alt": description, "spec": spec, "html": markup,
        "columns": list(map(str, data.columns)), "rows": json.loads(data.to_json(orient="values", double_precision=10)),
    }  # fmt: skip
    folder = results_folder(registry.release.name) / "figures"
    write_json(folder / f"{registry.notebook}.{name}.json", content)
    return Figure(name, caption, description, markup)


def _true_minus(text: str) -> str:
    """Words with the minus sign before a number that a format string left as a hyphen."""
    return re.sub(r"(?<![\w\u2013-])-(?=\d)", MINUS, text)


def _specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    spec: dict[str, Any] = chart.properties(width="container").to_dict()
    spec.pop("$schema", None)
    return _with_stable_names(_rounded(spec))


def _rounded(content: Any) -> Any:
    """Floats to seven significant digits, enough to draw: the last ones differ between processors."""
    if isinstance(content, float):
        return float(f"{significant(content):.7g}")
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, list) else content


def _with_stable_names(spec: dict[str, Any]) -> dict[str, Any]:
    """Number data sets, parameters and views in order: altair's own names depend on what ran before."""
    text = json.dumps(spec)
    for number, found in enumerate(
        dict.fromkeys(re.findall(r'"((?:data-[0-9a-f]{32})|(?:param_\d+)|(?:view_\d+))"', text))
    ):
        text = text.replace(f'"{found}"', f'"{found.split("-")[0].split("_")[0]}-{number}"')
    stable: dict[str, Any] = json.loads(text)
    return stable


def _static_svg(spec: dict[str, Any], anchor: str) -> str:
    fixed = {**spec, "width": STATIC_WIDTH}
    svg = vl_convert.vegalite_to_svg(fixed, vl_version=VEGALITE)
    svg = re.sub(r'id="([\w-]+)"', rf'id="{anchor}-\1"', svg)
    svg = re.sub(r"url\(#([\w-]+)\)", rf"url(#{anchor}-\1)", svg)
    svg = re.sub(
        r"<svg ([^>]*?)width=\"[\d.]+\" height=\"[\d.]+\"",
        r'<svg \1aria-hidden="true" focusable="false"',
        svg,
        count=1,
    )
    return re.sub(r' role="[\w-]+"| aria-(?:label|roledescription)="[^"]*"', "", svg)


def _markup(
    anchor: str, spec: dict[str, Any], svg: str, caption: str, description: str, data: pd.DataFrame
) -> str:
    safe = json.dumps(spec, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
    short = f"{len(data)} row{'s' if len(data) != 1 else ''}"
    return (
        f'<figure class="chart" id="{anchor}">'
        f'<div class="chart-view" role="img" aria-label="{html.escape(description, quote=True)}" '
        f'data-spec="spec-{anchor}">{svg}</div>'
        f'<script type="application/json" id="spec-{anchor}">{safe}</script>'
        f"<figcaption>{html.escape(caption)}</figcaption>"
        f'<details class="chart-data"><summary>Data behind this chart ({short})</summary>'
        f"{html_table(data, f'Data behind the chart: {caption}')}</details></figure>"
    )
