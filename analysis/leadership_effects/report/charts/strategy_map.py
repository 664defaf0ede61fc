"""Draw the strategy map: four layers with links behind labels, and two drop-downs.

Positions depend on the width of the page: from `WIDE` pixels on each layer is one row, on a phone it is two rows laid
like bricks, so that links from the upper row pass between the labels of the lower one. Links that skip the layer of
dimensions run between its labels on a wide page and next to them on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.data import vocabulary
from leadership_effects.evidence.strategy_map import (
    CONTESTED,
    CONTRARY,
    DOCUMENTED,
    EVENT,
    ITEMS,
    LAYERS,
    NAMED,
    PARTLY,
    READ,
    SILENT,
    TOGETHER,
    count_statuses,
)
from leadership_effects.report.charts.parts import unique
from leadership_effects.report.figures import DONOR, TREATED, legend_columns

LABELS = {key: item.chart for key, item in vocabulary.ITEMS.items()} | {
    "at_least_that_large": "At least\nthat large",
    "ruled_out": "Ruled out",
    "cannot_say": "Cannot say",
    "no_comparison": "No comparison",
}
TITLES = dict(zip(LAYERS, ("Strategies", "Dimensions", "Leverage points", "Outcome"), strict=True))
ALL = "all places"
WIDE = 480
ROOMY = 620  # pixels from which the longest word has its full size within its box
BESIDE = 560  # pixels of the box in which both kinds of line stand beside each other in the legend
LEFT, RIGHT, LANE = 26, 14, 6
PHONE = 290  # inside of the drawing on a phone, for which lanes are given as shares
CHIP, ROW_PITCH, GAP, LINE = 46, 52, 64, 13
BLOCK = CHIP + ROW_PITCH
HEIGHT = len(LAYERS) * BLOCK + (len(LAYERS) - 1) * GAP
CURVE = 20  # points of a curve between two layers
TIPS = (("n:Q", "places"), ("places:N", "which"), ("rows:N", "events"))
# White text on these has a contrast above 4.5; what was not found is an outline in the page's own colour.
FILLS = {
    READ: "#1f6e7d", EVENT: "#6a4fb3", CONTRARY: "#8a5a00", CONTESTED: "#8a5a00", PARTLY: "transparent", SILENT: "transparent",
}  # fmt: skip
# What the legend calls each colour of a box.
COLOURS = {
    "documented": FILLS[READ],
    "named by an event alone": FILLS[EVENT],
    "to the contrary, or contested": FILLS[CONTRARY],
    "not found, or by one reading": FILLS[SILENT],
}
NAME_OF = {fill: name for name, fill in COLOURS.items()}
THICKER = f"datum.label == '{TOGETHER}' ? datum.label + ' (thicker: more places)' : datum.label"
TOLD = {
    EVENT: "event only", CONTRARY: "contrary", CONTESTED: "contested", PARTLY: "one reading", SILENT: "not found",
}  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """Position of an item: centre and half width as shares, height in pixels.

    Attributes
    ----------
    wide_x, wide_half, narrow_x, narrow_half : float
    wide_y, narrow_y : float
        Centre, pixels from the top.
    """

    wide_x: float
    wide_half: float
    wide_y: float
    narrow_x: float
    narrow_half: float
    narrow_y: float


def spots() -> dict[tuple[str, str], Spot]:
    """Place of every item, by layer and item."""
    return {
        (layer, item): _spot(position, number, len(ITEMS[layer]))
        for position, layer in enumerate(LAYERS)
        for number, item in enumerate(ITEMS[layer])
    }


def _spot(layer: int, number: int, items: int) -> Spot:
    top = layer * (BLOCK + GAP)
    upper = (items + 1) // 2
    odd = items % 2
    # Bricks: with an odd number the lower row is one shorter and centred, else it is shifted by half a brick.
    pitch = 1 / upper if odd else 1 / (upper + 0.5)
    lower, place = divmod(number, upper)
    return Spot(
        wide_x=(number + 0.5) / items,
        wide_half=0.46 / items,
        wide_y=top + BLOCK / 2,
        narrow_x=pitch * (place + 0.5 + 0.5 * lower),
        narrow_half=0.483 * pitch,
        narrow_y=top + CHIP / 2 + ROW_PITCH * lower,
    )


def table(across: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Links as shown behind the chart: ``from, to, link, places, which, events``.

    Parameters
    ----------
    across : DataFrame
        From `strategy_map.across`.
    names : mapping of str to str
        Short name of each case.
    """
    return pd.DataFrame(
        {
            "from": [item_label(item) for item in across["from_item"]],
            "to": [item_label(item) for item in across["to_item"]],
            "link": across["kind"],
            "places": across["n"],
            "which": [", ".join(names[case] for case in cases.split(", ")) for cases in across["cases"]],
            "events": across["events"],
        }
    )


def item_label(item: str) -> str:
    """Name of an item as printed on the map, on one line."""
    return LABELS[item].replace("\n", " ")


def node_frame(
    found: pd.DataFrame, names: Mapping[str, str], later: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the labels to draw, one row a choice of place and an item.

    Rows: ``place, item, layer, label, filled, fill`` and positions.

    Parameters
    ----------
    found : DataFrame
        From `strategy_map.cells` and `strategy_map.outcome_cells`.
    names : mapping of str to str
        Short name of each case.
    later : DataFrame, optional
        As `found`, of cases outside the counts: each can be chosen, none is counted with all places.
    """
    where = spots()
    cells = [*found.to_dict("records"), *(later.to_dict("records") if later is not None else ())]
    rows = [
        _node(
            names[cell["case_id"]], str(cell["layer"]), str(cell["item"]), cell["status"], _record_label(cell)
        )
        for cell in cells
    ]
    n = found["case_id"].nunique()
    for (layer, item), made in count_statuses(found).iterrows():
        other = next((status for status in (CONTRARY, CONTESTED) if made[status]), SILENT)
        status = next((status for status in DOCUMENTED if made[status]), other)
        # Events alone are counted apart: many are somebody else's acts.
        alone = f" + {made[EVENT]}" if made[EVENT] else ""
        told = f"{made[READ]}{alone} of {n}" + (f"\n{made[other]} {other}" if other != SILENT else "")
        rows.append(_node(ALL, layer, item, status, told))
    return pd.DataFrame([row | vars(where[row["layer"], row["item"]]) for row in rows])


def _node(place: str, layer: str, item: str, status: str, told: str) -> dict[str, Any]:
    return {
        "place": place,
        "layer": layer,
        "item": item,
        "name": item_label(item),
        "label": f"{LABELS[item]}\n{told}".rstrip(),
        "told": told.replace("\n", ", "),
        "fill": FILLS[status],
        "record": NAME_OF[FILLS[status]],
        "filled": FILLS[status] != "transparent",
    }


def _record_label(cell: Mapping[Any, Any]) -> str:
    """Describe an item in the record of one place, in at most three words."""
    if cell["layer"] == "outcome":
        return "this place" if cell["status"] == READ else ""
    if cell["status"] == READ:
        return "found" if cell["layer"] == "strategy" else f"code {cell['code']:g}"
    return TOLD[cell["status"]]


def link_frame(
    across: pd.DataFrame, names: Mapping[str, str], later: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the curves to draw, one row a piece.

    Rows: ends, kind, number and names of places, and position of each end. A link that skips a layer has two pieces, which
    meet at its height. Links of cases outside the counts, as `across`, are marked in a column ``later``.
    """
    rows: list[dict[str, Any]] = []
    if later is None or later.empty:
        _append_links(rows, across, names, {})
    else:
        _append_links(rows, across, names, {"later": False})
        _append_links(rows, later, names, {"later": True})
    return pd.DataFrame(rows)


def _append_links(
    rows: list[dict[str, Any]], across: pd.DataFrame, names: Mapping[str, str], marked: Mapping[str, bool]
) -> None:
    where = spots()
    gates = _gates(across, where)
    for link in across.to_dict("records"):
        start, end = where[link["from_layer"], link["from_item"]], where[link["to_layer"], link["to_item"]]
        link_row = {
            "from": item_label(link["from_item"]),
            "to": item_label(link["to_item"]),
            "kind": link["kind"],
            "n": link["n"],
            # A name may hold a comma: Washington, DC.
            "places": "; ".join(names[case] for case in link["cases"].split(", ")),
            "rows": link["events"],
            **marked,
        }
        layer = LAYERS.index(link["from_layer"])
        gate = gates.get((link["from_item"], link["to_item"]))
        if gate is None:
            rows.append(link_row | _piece(len(rows), layer, start, end, out=True, into=True))
            continue
        rows.append(link_row | _piece(len(rows), layer, start, gate, out=True, into=False))
        rows.append(link_row | _piece(len(rows), layer + 1, gate, end, out=False, into=True))


def _gates(across: pd.DataFrame, where: Mapping[tuple[str, str], Spot]) -> dict[tuple[str, str], Spot]:
    """Assign each link that skips the dimensions the nearest free gap between labels."""
    n = len(ITEMS["dimension"])
    named = across[across["kind"] == NAMED]
    taken: dict[str, Spot] = {}
    sides = {True: 0, False: 0}
    for end, rows in named.groupby("to_item", sort=False):
        spot = where["leverage", str(end)]
        froms = [where["strategy", item] for item in rows["from_item"]]
        middle = (spot.wide_x + sum(s.wide_x for s in froms) / len(froms)) / 2
        free = [k / n for k in range(1, n) if k / n not in {gate.wide_x for gate in taken.values()}]
        left = (spot.narrow_x + sum(s.narrow_x for s in froms) / len(froms)) / 2 < 0.5
        sides[left] += 1
        aside = (LANE * sides[left] - 1) / PHONE
        y = BLOCK + GAP + BLOCK / 2
        # With a link to every leverage point two share a gap.
        wide = min(free or [k / n for k in range(1, n)], key=lambda x: abs(x - middle))
        taken[str(end)] = Spot(wide, 0, y, -aside if left else 1 + aside, 0, y)
    return {(row["from_item"], row["to_item"]): taken[row["to_item"]] for row in named.to_dict("records")}


def _piece(number: int, layer: int, start: Spot, end: Spot, *, out: bool, into: bool) -> dict[str, float]:
    """Return the ends of a curve, from the lower edge of a label to the upper edge of one."""
    half = CHIP / 2
    middle, bottom = layer * (BLOCK + GAP) + BLOCK / 2, layer * (BLOCK + GAP) + BLOCK
    return {
        "piece": number,
        "wide_x0": start.wide_x,
        "wide_x1": end.wide_x,
        "wide_y0": start.wide_y + half * out,
        "wide_y1": end.wide_y - half * into,
        "narrow_x0": start.narrow_x,
        "narrow_x1": end.narrow_x,
        "narrow_y0": start.narrow_y + half * out,
        "narrow_y1": end.narrow_y - half * into,
        "wide_bottom": middle + half,
        "wide_top": middle + BLOCK + GAP - half,
        "narrow_bottom": bottom,
        "narrow_top": bottom + GAP,
    }


def strategy_map(nodes: pd.DataFrame, curves: pd.DataFrame, places: Iterable[str]) -> alt.LayerChart:
    """Four layers of labels from top to bottom and the links between them.

    One drop-down chooses the place, the other the item whose links alone are drawn in full.

    Parameters
    ----------
    nodes : DataFrame
        From `node_frame`.
    curves : DataFrame
        From `link_frame`.
    places : iterable of str
        Short names of the cases in order.
    """
    linked = set(curves["from"]) | set(curves["to"])
    items = [name for name in unique(nodes["name"]) if name in linked]
    picks = [
        alt.param(name=name, value=options[0], bind=alt.binding_select(options=options, name=label))
        for name, options, label in (
            ("pick_place", [ALL, *places], "place"),
            ("pick_item", ["any", *items], "follow"),
        )
    ]
    (together, named), (boxes, labels) = _curves(curves), _chips(nodes)
    drawn: Any = together + named + boxes + labels + _titles()
    chart: alt.LayerChart = drawn.add_params(*picks).properties(height=HEIGHT)
    below = "{top: {direction: 'vertical', anchor: 'start', margin: 6, offset: 14}}"  # the other legend, not beside it
    return chart.configure_legend(layout=alt.ExprRef(expr=below))


def _across(share: str) -> str:
    """Pixels from the left of a share of the drawing's inside."""
    return f"({LEFT} + (width - {LEFT + RIGHT}) * {share})"


def _here(name: str) -> str:
    """Field for the width at hand."""
    return f"(width < {WIDE} ? datum.narrow_{name} : datum.wide_{name})"


def _curves(curves: pd.DataFrame) -> list[alt.Chart]:
    """Two layers: what is present together below, what a row names above."""
    eased = "(clamp(datum.t, 0, 1) * clamp(datum.t, 0, 1) * (3 - 2 * clamp(datum.t, 0, 1)))"
    share = f"({_here('x0')} + ({_here('x1')} - {_here('x0')}) * {eased})"
    down = (
        f"datum.t < 0 ? {_here('y0')} : datum.t > 1 ? {_here('y1')} "
        f": {_here('bottom')} + ({_here('top')} - {_here('bottom')}) * datum.t"
    )
    counted = f"(pick_place == '{ALL}' && !datum.later)" if "later" in curves else f"pick_place == '{ALL}'"
    base = (
        alt.Chart(curves)
        .transform_filter(f"{counted} || indexof(split(datum.places, '; '), pick_place) >= 0")
        .transform_calculate(
            t=f"sequence(-1, {CURVE + 2})",
            followed="pick_item == 'any' || datum.from == pick_item || datum.to == pick_item",
            weight=f"(pick_place == '{ALL}' ? datum.n : 1)",
        )
        .transform_flatten(["t"])
        .transform_calculate(t=f"datum.t / {CURVE}")
        .transform_calculate(
            x=_across(share),
            y=down,
            thick=f"datum.kind == '{NAMED}' ? 2.5 + datum.weight / 3 : 0.8 + datum.weight / 2.5",
            shown=f"!datum.followed ? 0.07 : datum.kind == '{NAMED}' ? 0.95 : pick_item == 'any' ? 0.6 : 0.95",
        )
    )
    kinds = [TOGETHER, NAMED]
    legend = alt.Legend(labelExpr=THICKER, columns=alt.ExprRef(expr=legend_columns(2, BESIDE)))
    drawn = base.mark_line(strokeCap="round", strokeJoin="round").encode(
        x=alt.X("x:Q", scale=None, axis=None),
        y=alt.Y("y:Q", scale=None, axis=None),
        order="t:Q",
        detail="piece:N",
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[DONOR, TREATED]), legend=legend),
        strokeDash=alt.StrokeDash(
            "kind:N", scale=alt.Scale(domain=kinds, range=[[4, 3], [1, 0]]), legend=legend
        ),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
        opacity=alt.Opacity("shown:Q", scale=None),
        tooltip=["from:N", "to:N", "kind:N", *(alt.Tooltip(field, title=title) for field, title in TIPS)],
    )
    return [drawn.transform_filter(alt.datum.kind == kind) for kind in kinds]


def _chips(nodes: pd.DataFrame) -> list[alt.Chart]:
    base = (
        alt.Chart(nodes)
        .transform_filter("datum.place == pick_place")
        .transform_calculate(
            x=_across(_here("x")),
            x0=_across(f"({_here('x')} - {_here('half')})"),
            x1=_across(f"({_here('x')} + {_here('half')})"),
            first=f"{_here('y')} - {LINE / 2} * (length(split(datum.label, '\\n')) - 1)",
            y0=f"{_here('y')} - {CHIP / 2}",
            y1=f"{_here('y')} + {CHIP / 2}",
        )
    )
    tooltip = [alt.Tooltip("name:N", title="item"), "place:N", alt.Tooltip("told:N", title="record")]
    boxes = base.mark_rect(cornerRadius=5, strokeWidth=1).encode(
        x=alt.X("x0:Q", scale=None, axis=None),
        x2="x1:Q",
        y=alt.Y("y0:Q", scale=None, axis=None),
        y2="y1:Q",
        fill=alt.Fill(
            "record:N",
            scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
            legend=alt.Legend(
                symbolType="square",
                symbolSize=150,
                symbolStrokeColor=DONOR,
                symbolStrokeWidth=1,
                columns=alt.ExprRef(expr=legend_columns(2, BESIDE)),
            ),
        ),
        stroke=alt.condition("datum.filled", alt.value("transparent"), alt.value(DONOR)),
        tooltip=tooltip,
    )
    size = alt.ExprRef(expr=f"width < {WIDE} ? 10.2 : width < {ROOMY} ? 10.8 : 12")
    words = base.mark_text(
        fontSize=size, lineBreak="\n", lineHeight=LINE, baseline="middle", align="center"
    ).encode(
        x=alt.X("x:Q", scale=None, axis=None),
        y=alt.Y("first:Q", scale=None, axis=None),
        text="label:N",
        color=alt.condition("datum.filled", alt.value("#ffffff"), alt.value("currentColor")),
        tooltip=tooltip,
    )
    return [boxes, words]


def _titles() -> alt.Chart:
    """Names of the layers along the left edge, read upwards."""
    frame = pd.DataFrame(
        {"title": list(TITLES.values()), "y": [n * (BLOCK + GAP) + BLOCK / 2 for n in range(len(LAYERS))]}
    )
    return (
        alt.Chart(frame)
        .mark_text(angle=270, align="center", baseline="top", fontSize=12, fontWeight="bold", color="currentColor")
        .encode(x=alt.value(0), y=alt.Y("y:Q", scale=None, axis=None), text="title:N")
    )  # fmt: skip
