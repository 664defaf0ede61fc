"""Draw places on the map of the world, with names or numbers that cover no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.data.vocabulary import NOT_COMPARED
from leadership_effects.report.charts import parts
from leadership_effects.report.charts.maps.labels import NARROW, SIDES, extent_of, labelled
from leadership_effects.report.figures import DONOR, STATIC_WIDTH

OUTLINE = Path(__file__).with_name("land-110m.json")
FOUND = {**parts.VERDICTS, NOT_COMPARED: ("transparent", "circle")}
COUNTED, ADDED = 130, 55  # size of a mark
MAPS = {
    "narrow": f"width < {NARROW} ? 1 : 0",
    "wide": f"width < {NARROW} ? 0 : 1",
}  # opacity of the labels of each


def world(places: pd.DataFrame) -> alt.LayerChart:
    """Draw places on Natural Earth's land with name, finding and a link to the chapter.

    On a narrow page the names stand alone, and the legend says what was found.

    Parameters
    ----------
    places : DataFrame
        ``name, longitude, latitude, found, comparison, link``; ``found`` is a key of `FOUND`. A column ``side``, which may be
        left out, puts a name to the right, left or below of its point; where it is empty, `labelled` places name or number.
        Marks of places with a true ``later`` are smaller.
    """
    land = alt.Data(
        values=json.loads(OUTLINE.read_text(encoding="utf-8")),
        format=alt.TopoDataFormat(type="topojson", feature="land"),
    )
    drawn = alt.Chart(land).mark_geoshape(fill=DONOR, fillOpacity=0.28, stroke=None)
    kinds = [found for found in FOUND if found in set(places["found"])]
    fills, shapes = ([FOUND[found][part] for found in kinds] for part in (0, 1))
    strokes = [DONOR if fill == "transparent" else fill for fill in fills]
    frame = places if "side" in places else places.assign(side="right")
    frame = frame if "number" in frame else labelled(frame)
    if (frame["number"] == 0).all() and frame["side"].all():
        frame = frame.drop(columns="number")
    extent = extent_of(frame)
    where: dict[str, Any] = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    sized: dict[str, Any] = {}
    if "later" in frame and frame["later"].any():
        sizes = alt.Scale(domain=[False, True], range=[COUNTED, ADDED])
        sized = {"size": alt.Size("later:N", scale=sizes, legend=None)}
    points = alt.Chart(frame).mark_point(size=COUNTED, strokeWidth=2, opacity=1).encode(
        **where,
        stroke=alt.Stroke("found:N", scale=alt.Scale(domain=kinds, range=strokes)),
        fill=alt.Fill("found:N", scale=alt.Scale(domain=kinds, range=fills)),
        shape=alt.Shape("found:N", scale=alt.Scale(domain=kinds, range=shapes)),
        **sized,
    )  # fmt: skip
    reached = alt.Chart(frame).mark_circle(size=1200, opacity=0, cursor="pointer").encode(
        **where,
        href=alt.condition(parts.LIVE, "link:N", alt.value("")),
        tooltip=[alt.Tooltip("name:N", title="place"), alt.Tooltip("found:N", title="verdict"), "comparison:N"],
    )  # fmt: skip
    layers = alt.LayerChart(
        layer=[drawn, *_leaders(frame), points, *_names(frame), *_labels(frame), reached]
    ).project(
        "equalEarth",
        clipExtent=alt.ExprRef(expr=f"[[0, 0], [width, {extent.shape} * width]]"),
        scale=alt.ExprRef(expr=f"width / {extent.across}"),
        translate=alt.ExprRef(expr=f"[{extent.middle} * width, {extent.equator} * width]"),
    )
    height = alt.param(name="height", expr=f"{extent.shape} * width")
    chart: alt.LayerChart = layers.add_params(height).properties(height=extent.shape * STATIC_WIDTH)
    return chart


def _where(frame: pd.DataFrame) -> alt.Chart:
    return alt.Chart(frame).encode(longitude="longitude:Q", latitude="latitude:Q")


def _names(frame: pd.DataFrame) -> list[alt.Chart]:
    """Name places at their sides, with what was found below the name on a wide page."""
    names = []
    for side, (align, dx, dy) in SIDES.items():
        here = frame[frame["side"] == side]
        for text, line, weight in (("name", 0, "bold"), ("found", 13, "normal")) if len(here) else ():
            shown = alt.ExprRef(expr=f"width < {NARROW} && '{text}' == 'found' ? 0 : 1")
            look: dict[str, Any] = {
                "align": align,
                "dx": dx,
                "fontSize": 11.5,
                "fontWeight": weight,
                "opacity": shown,
            }
            names.append(_where(here).mark_text(dy=dy + line, **look).encode(text=f"{text}:N"))
    return names


def _labels(frame: pd.DataFrame) -> list[alt.Chart]:
    """Write names or numbers where `labelled` placed them."""
    layers = []
    for name, shown, here in _by_width(frame, "label"):
        shift: Any = {side: alt.ExprRef(expr=f"datum.{name}_{side}") for side in ("dx", "dy")}
        look: Any = {"align": "center", "baseline": "middle", "fontSize": 11}
        text = _where(here).mark_text(opacity=shown, **look, **shift)
        layers.append(text.encode(text=f"{name}_label:N"))
    return layers


def _leaders(frame: pd.DataFrame) -> list[alt.Chart]:
    """Draw the lines to labels further off, each a shape around its point."""
    layers = []
    for name, shown, led in _by_width(frame, "leader"):
        line = _where(led).mark_point(filled=False, stroke=DONOR, strokeWidth=1, size=4, opacity=shown)
        layers.append(line.encode(shape=alt.Shape(f"{name}_leader:N", scale=None)))
    return layers


def _by_width(frame: pd.DataFrame, part: str) -> Iterator[tuple[str, alt.ExprRef, pd.DataFrame]]:
    """Yield widths of a page with the opacity of a layer and the places that are in it."""
    for name, shown in MAPS.items():
        column = f"{name}_{part}"
        rows = frame[frame[column] != ""] if column in frame else frame.iloc[:0]
        if len(rows):
            yield name, alt.ExprRef(expr=shown), rows
