"""Draw the eight places and the designs of many places on one ruler, with verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.data.vocabulary import NOT_COMPARED
from leadership_effects.effects.pupil_scale import AT_LEAST, CANNOT_SAY, RULED_OUT
from leadership_effects.errors import LeadershipError
from leadership_effects.report.charts.parts import LIVE, VERDICTS, dots, tip
from leadership_effects.report.figures import DONOR, THIRD

Results = Mapping[str, Mapping[str, Any]]
NARROW = "width < 440"  # the words stand above the line instead of at its sides
LEFT, RIGHT, EDGE = 186, 142, 8
HEAD, ROW, HOLLOW = {"wide": 62, "narrow": 92}, {"wide": 34, "narrow": 52}, {"wide": 27, "narrow": 44}
PART, AXIS = 12, 56  # pixels between parts, and for the ruler below the last row that is on it
HEADING = 30  # pixels for the rule and the words over a part that has a heading
KEY = (
    "nine in ten ordinary places lie here",
    "estimate with its 90 % set",
    "smallest difference the data could detect",
)
TICKS = [-0.4, -0.2, 0, 0.2, 0.4, 0.6]
TITLE = "rose beyond comparison places (pupil SD) →"
COLUMNS = ("estimate", "low", "high", "ordinary", "detectable")


class AnswerError(LeadershipError, ValueError):
    """A place without the results that its row needs."""


def design_row(name: str, note: str, page: str, results: Results) -> dict[str, Any]:
    """Return the row of a design of many places: its adjusted estimate, set and verdicts.

    Parameters
    ----------
    name, note : str
        Printed in bold, and beside or below it.
    page : str
        Address of its chapter from the top of the site.
    results : mapping
        Of the chapter.
    """
    return _row(
        name, note, page, results, "estimate.adjusted", ".", "see.mde", "verdict.{}", ("smallest", "large")
    )


def place_row(
    name: str, note: str, page: str, results: Results, without: str = "described alone"
) -> dict[str, Any]:
    """Return the row of a place, hollow if its comparison is graded as none.

    Parameters
    ----------
    name, note, page : str
        As of `design_row`.
    results : mapping
        Of the case's chapter.
    without : str
        Why there is no comparison; printed in a hollow row.
    """
    if results["comparison"]["value"] != "none":
        return _row(
            name, note, page, results, "pupil_sd.att", "pupil_sd", "pupil_sd.mde", "verdict{}", ("", "_large")
        )
    words = [str(results[key]["value"]) for key in ("verdict", "verdict_large")]
    empty = dict.fromkeys(COLUMNS, np.nan)
    return {"name": name, "note": note, "page": page, "number": "", "set": "", **empty, "small": words[0],
            "large": words[1], "without": without}  # fmt: skip


def adjusted_row(
    name: str, note: str, page: str, results: Results, key: str, detectable: float
) -> dict[str, Any]:
    """Return the row of an adjusted estimate of a place, from the results of the synthesis."""
    found = _row(name, note, page, results, key, f"{key}.", "", f"{key}.verdict{{}}", ("", "_large"))
    return found | {"detectable": detectable}


def _row(
    name: str, note: str, page: str, results: Results, key: str, ends: str, seen: str, verdict: str, sizes: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """Read one row; `ends` is the prefix of the set's ends, ``.`` for the key itself."""
    prefix = f"{key}." if ends == "." else f"{ends.rstrip('.')}."
    wanted = [
        key,
        f"{prefix}low",
        f"{prefix}high",
        *([seen] if seen else []),
        *(verdict.format(s) for s in sizes),
    ]
    if missing := [one for one in wanted if one not in results]:
        raise AnswerError(f"row {name!r} of the answer: no result {missing[0]!r} in its chapter")
    low, high = (float(results[f"{prefix}{end}"]["value"]) for end in ("low", "high"))
    return {
        "name": name,
        "note": note,
        "page": page,
        "number": results[key]["text"],
        "set": f"{results[f'{prefix}low']['text']} to {results[f'{prefix}high']['text']}",
        "estimate": float(results[key]["value"]),
        "low": low,
        "high": high,
        "ordinary": (high - low) / 2,
        "detectable": float(results[seen]["value"]) if seen else np.nan,
        "small": str(results[verdict.format(sizes[0])]["value"]),
        "large": str(results[verdict.format(sizes[1])]["value"]),
        "without": "",
    }


def tone(small: str, large: str) -> str:
    """Return the firmer word of a row: at least that large, else ruled out, else cannot say.

    Examples
    --------
    >>> tone("at least that large", "cannot say"), tone("cannot say", "ruled out"), tone("cannot say", "cannot say")
    ('at least that large', 'ruled out', 'cannot say')
    """
    return small if small == AT_LEAST else RULED_OUT if RULED_OUT in (small, large) else CANNOT_SAY


def laid_out(
    parts: Sequence[Sequence[Mapping[str, Any]]], headings: Mapping[int, str] | None = None
) -> pd.DataFrame:
    """Return the rows of all parts with the pixels of their middles, on wide and narrow pages.

    Columns beside those of the rows: ``part, tone, link, wide, narrow, tall_wide, tall_narrow``, and with headings
    ``heading``, the words over the first row of a part.

    Parameters
    ----------
    parts : sequence of sequence of mapping
        Rows of places and designs.
    headings : mapping of int to str, optional
        Words over parts, by position.
    """
    rows: list[dict[str, Any]] = []
    at = dict(HEAD)
    for number, part in enumerate(parts):
        for place, row in enumerate(part):
            tall = HOLLOW if row["without"] else ROW
            if row["without"] and rows and not rows[-1]["without"]:
                at = {width: at[width] + AXIS - PART for width in at}
            over = "" if place else (headings or {}).get(number, "")
            at = {width: at[width] + (HEADING if over else 0) for width in at}
            middle = {width: at[width] + tall[width] / 2 for width in at}
            rows.append(
                {**row, "part": number, "tone": tone(row["small"], row["large"]), "link": f"lb:/{row['page']}", **middle}
                | {f"tall_{width}": tall[width] for width in at} | ({"heading": over} if headings else {})
            )  # fmt: skip
            at = {width: at[width] + tall[width] for width in at}
        at = {width: at[width] + (PART if part else 0) for width in at}
    return pd.DataFrame(rows)


def answer(frame: pd.DataFrame, smallest: float, large: float) -> alt.LayerChart:
    """Draw the rows of `laid_out` with rules at both sizes of interest.

    On a page narrower than 440 pixels the words of a row stand above its line, and the drawing is higher.
    """
    drawn = frame[frame["without"] == ""]
    reach = drawn[["low", "high", "detectable"]].assign(band=drawn["ordinary"], other=-drawn["ordinary"])
    domain = [float(np.floor(20 * reach.min().min()) / 20), float(np.ceil(20 * reach.max().max()) / 20)]
    scale = alt.Scale(
        domain=domain, nice=False,
        range=[_either(EDGE, LEFT), _either(f"width - {EDGE}", f"width - {RIGHT}")],
    )  # fmt: skip
    bottoms = {width: float((frame[width] + frame[f"tall_{width}"] / 2).max()) + 4 for width in HEAD}
    last = {width: float((drawn[width] + drawn[f"tall_{width}"] / 2).max()) for width in HEAD}
    axis = alt.Axis(
        grid=False, values=TICKS, labelFlush=False,
        labelExpr="datum.value == 0 ? '0' : format(datum.value, '+.1f')", titleAnchor="middle",
        offset=_either(*(last[width] - bottoms[width] for width in ("narrow", "wide"))),
    )  # fmt: skip
    ruler = Ruler(scale, axis)
    layers = [
        *_intervals(drawn, ruler),
        *_rules(drawn, ruler, {"small": smallest, "large": large}),
        *_hollow(frame[frame["without"] != ""]),
        *_names(frame),
        *_headings(frame),
        *_verdicts(drawn, {"small": smallest, "large": large}),
        *_key(),
        *_upper_axis(ruler),
        _links(frame),
    ]
    height = alt.param(name="height", expr=f"{NARROW} ? {bottoms['narrow']:g} : {bottoms['wide']:g}")
    chart: alt.LayerChart = alt.LayerChart(layer=layers).add_params(height).properties(height=bottoms["wide"])
    return chart


def _either(narrow: object, wide: object) -> alt.ExprRef:
    return alt.ExprRef(expr=f"{NARROW} ? {narrow} : {wide}")


def _pixel(narrow: object, wide: object) -> Any:
    """Place a mark at a pixel, which may depend on its row."""
    return alt.value(_either(narrow, wide))


def _line(narrow: int = 0, wide: int = 0) -> Any:
    """Place a mark below the top of its row on a narrow page, below its middle on a wide one."""
    return _pixel(f"datum.narrow - datum.tall_narrow / 2 + {narrow}", f"datum.wide + {wide}")


@dataclass(frozen=True)
class Ruler:
    """Scale and axis that all marks share."""

    scale: alt.Scale
    axis: alt.Axis

    def x(self, field: str) -> alt.X:
        """Place a field on the ruler."""
        return alt.X(f"{field}:Q", title=TITLE, scale=self.scale, axis=self.axis)


def _rules(drawn: pd.DataFrame, ruler: Ruler, sizes: Mapping[str, float]) -> list[alt.Chart]:
    """Rules at zero and both sizes through every row, with the names of the sizes above."""
    layers = []
    looks: list[tuple[list[float], dict[str, Any]]] = [
        ([0.0], {}),
        (list(sizes.values()), {"strokeDash": [4, 4]}),
    ]
    for values, look in looks:
        crossed = drawn[["wide", "narrow", "tall_wide", "tall_narrow"]].merge(
            pd.DataFrame({"size": values}), how="cross"
        )
        mark = alt.Chart(crossed).mark_rule(color=DONOR, **look)
        layers.append(mark.encode(x=ruler.x("size"), y=_line(31, -17), y2=_line(52, 17)))
    sides: list[dict[str, Any]] = [{"align": "right", "dx": 6}, {"align": "left", "dx": -4}]
    for (name, size), side in zip(sizes.items(), sides, strict=True):
        label = alt.Chart(pd.DataFrame({"size": [size]}))
        text = label.mark_text(fontSize=11, baseline="bottom", **side)
        height = _pixel(HEAD["narrow"] - 16, HEAD["wide"] - 2)
        layers.append(text.encode(x=ruler.x("size"), y=height, text=alt.value(f"{name} {size:.2f}")))
    return layers


def _intervals(drawn: pd.DataFrame, ruler: Ruler) -> list[alt.Chart]:
    """Band of ordinary places, smallest visible difference, set and estimate."""
    y = _line(42, 0)
    band = alt.Chart(drawn.assign(first=-drawn["ordinary"])).mark_rule(
        color=DONOR, opacity=0.25, strokeWidth=_either(15, 22)
    )
    looks = [
        alt.Scale(domain=list(VERDICTS), range=list(look)) for look in zip(*VERDICTS.values(), strict=True)
    ]
    colour = alt.Color("tone:N", scale=looks[0], legend=None)
    shape = alt.Shape("tone:N", scale=looks[1], legend=None)
    seen = alt.Chart(drawn.dropna(subset="detectable")).mark_rule(color=THIRD, strokeWidth=3)
    sets = alt.Chart(drawn).mark_rule(strokeWidth=3)
    tips: list[Any] = ["name:N", "note:N", tip("estimate", "+.3f"), "set:N", tip("detectable", ".2f")]
    return [
        band.encode(x=ruler.x("first"), x2="ordinary:Q", y=y),
        seen.encode(x=ruler.x("detectable"), y=_line(34, -8), y2=_line(50, 8)),
        sets.encode(x=ruler.x("low"), x2="high:Q", y=y, color=colour),
        dots(drawn, 125).encode(x=ruler.x("estimate"), y=y, color=colour, shape=shape, tooltip=tips),
    ]


def _hollow(empty: pd.DataFrame) -> list[alt.Chart]:
    """Outlined rows of places without a comparison, with the reason inside."""
    rows = alt.Chart(empty.assign(words=[f"{NOT_COMPARED}: {why}" for why in empty["without"]]))
    box = rows.mark_rect(fill="transparent", stroke=DONOR, strokeDash=[3, 3], cornerRadius=3).encode(
        x=_pixel(0, LEFT), x2=_pixel("width", "width"), y=_line(2, -11), y2=_line(40, 11)
    )
    words = rows.mark_text(align="left", baseline="middle", fontSize=11).encode(
        x=_pixel(6, LEFT + 10), y=_line(29, 0), text="words:N"
    )
    return [box, words]


def _names(frame: pd.DataFrame) -> list[alt.Chart]:
    """Name in bold, what was measured, and the number."""
    rows, hollow = alt.Chart(frame), "datum.without != ''"
    middle = f"({hollow} ? datum.wide : datum.wide - 7)"
    top = "(datum.narrow - datum.tall_narrow / 2)"
    name = rows.mark_text(align="left", baseline="middle", fontWeight="bold", fontSize=12).encode(
        x=_pixel(f"{hollow} ? 6 : 0", 0), y=_pixel(f"{top} + ({hollow} ? 14 : 8)", middle), text="name:N"
    )
    noted = alt.Chart(frame[frame["without"] == ""])
    note = noted.mark_text(align="left", baseline="middle", fontSize=10.5, opacity=0.85).encode(
        x=_pixel("datum.name.length * 7 + 8", 0), y=_line(8, 8), text="note:N"
    )
    number = noted.mark_text(align="right", baseline="middle", fontWeight="bold", fontSize=12).encode(
        x=_pixel("width", LEFT - 14), y=_line(8, -7), text="number:N"
    )
    return [name, note, number]


def _headings(frame: pd.DataFrame) -> list[alt.Chart]:
    """Write the heading of a part under a rule."""
    if "heading" not in frame:
        return []
    rows = alt.Chart(frame[frame["heading"] != ""])
    top = "(width < 440 ? datum.narrow - datum.tall_narrow / 2 : datum.wide - datum.tall_wide / 2)"
    line = rows.mark_rule(color=DONOR).encode(
        x=alt.value(0),
        x2=alt.value(alt.ExprRef(expr="width")),
        y=alt.value(alt.ExprRef(expr=f"{top} - {HEADING - 6}")),
    )
    words = rows.mark_text(align="left", baseline="middle", fontSize=11.5, fontStyle="italic").encode(
        x=alt.value(0), y=alt.value(alt.ExprRef(expr=f"{top} - {HEADING - 18}")), text="heading:N"
    )
    return [line, words]


def _verdicts(drawn: pd.DataFrame, sizes: dict[str, float]) -> list[alt.Chart]:
    """Words on both sizes of interest; what is known is bold."""
    layers = []
    for size, narrow_x, wide_y in (("small", 0, -7), ("large", "width / 2 + 12", 8)):
        told = drawn.assign(words=[f"{sizes[size]:.2f}: {word}" for word in drawn[size]])
        for known in (True, False):
            kept = told[(told[size] != CANNOT_SAY) == known]
            if kept.empty:
                continue
            text = alt.Chart(kept).mark_text(
                align="left", baseline="middle", fontSize=11, fontWeight="bold" if known else "normal"
            )
            layers.append(
                text.encode(x=_pixel(narrow_x, f"width - {RIGHT - 12}"), y=_line(23, wide_y), text="words:N")
            )
    return layers


def _upper_axis(ruler: Ruler) -> list[alt.Chart]:
    """Title and numbers of the ruler above the rows, on a narrow page alone."""
    shown: dict[str, Any] = {"fontSize": 11, "opacity": _either(1, 0)}
    ticks = alt.Chart(pd.DataFrame({"tick": TICKS})).mark_text(baseline="bottom", **shown)
    number = "datum.tick == 0 ? '0' : format(datum.tick, '+.1f')"
    title = alt.Chart(pd.DataFrame({"tick": [0.0]})).mark_text(align="center", baseline="middle", **shown)
    return [
        ticks.encode(x=ruler.x("tick"), y=alt.value(HEAD["narrow"] - 1), text=_pixel(number, "''")),
        title.encode(
            x=alt.value(alt.ExprRef(expr="width / 2")), y=alt.value(55), text=_pixel(f"'{TITLE}'", "''")
        ),
    ]


def _key() -> list[alt.Chart]:
    """Name what is drawn, once, above the rows."""
    lines = pd.DataFrame({"line": [8, 23, 38], "label": KEY})
    y = alt.value(alt.ExprRef(expr="datum.line"))
    first, second, third = (alt.Chart(lines[lines["line"] == line]) for line in lines["line"])
    shown: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 11}
    return [
        first.mark_rule(color=DONOR, opacity=0.4, strokeWidth=11).encode(x=alt.value(0), x2=alt.value(18), y=y),
        second.mark_rule(color=DONOR, strokeWidth=3).encode(x=alt.value(0), x2=alt.value(18), y=y),
        second.mark_point(filled=True, opacity=1, size=60, color=DONOR).encode(x=alt.value(9), y=y),
        third.mark_rule(color=THIRD, strokeWidth=3).encode(x=alt.value(9), y=alt.value(32), y2=alt.value(44)),
        alt.Chart(lines).mark_text(**shown).encode(x=alt.value(24), y=y, text="label:N"),
    ]  # fmt: skip


def _links(frame: pd.DataFrame) -> alt.Chart:
    """Lead from each row to its chapter; the fixed picture has no links."""
    rows = alt.Chart(frame).mark_rect(fill="transparent", cursor="pointer")
    return rows.encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef(expr="width")),
        y=_line(0, -13), y2=_pixel("datum.narrow + datum.tall_narrow / 2", "datum.wide + 13"),
        href=alt.condition(LIVE, "link:N", alt.value("")),
        tooltip=[alt.Tooltip("name:N", title="place"), alt.Tooltip("number:N", title="difference"),
                 alt.Tooltip("set:N", title="90 % set"), alt.Tooltip("small:N", title="0.05 is"),
                 alt.Tooltip("large:N", title="0.20 is")],
    )  # fmt: skip
