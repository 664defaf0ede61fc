"""Write the parts that forms have in common: sliders, choices, starts and figures."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slider:
    """A range of numbers to choose from.

    Attributes
    ----------
    name, label, unit : str
        The unit is read after the label; empty for none.
    least, most, step : float
    """

    name: str
    label: str
    least: float
    most: float
    step: float
    unit: str = ""

    def markup(self) -> str:
        """Return the slider with its label and the place of its value."""
        label = f"{self.label}, {self.unit}" if self.unit else self.label
        return (
            f'<label><span>{html.escape(label)} <b class="explore-value"></b></span>'
            f'<input type="range" name="{self.name}" min="{self.least:g}" max="{self.most:g}" step="{self.step:g}"></label>'
        )


def select(name: str, label: str, options: Mapping[str, str]) -> str:
    """Return a choice between named options, value to words."""
    listed = "".join(
        f'<option value="{html.escape(value)}">{html.escape(words)}</option>'
        for value, words in options.items()
    )
    return f'<label>{html.escape(label)}<select name="{name}">{listed}</select></label>'


def group(legend: str, *parts: str) -> str:
    """Return a named group of fields."""
    return f"<fieldset><legend>{html.escape(legend)}</legend>{''.join(parts)}</fieldset>"


def starts(legend: str, names: Sequence[str]) -> str:
    """Return buttons that set all fields at once."""
    buttons = (
        f'<button type="button" data-start="{html.escape(name)}" aria-pressed="false">{html.escape(name)}</button>'
        for name in names
    )
    return group(legend, *buttons)


def figures(caption: str, heads: Sequence[str], rows: Mapping[str, tuple[str, Sequence[str]]]) -> str:
    """Return the table that the page fills: for each row its words and the names of its cells."""
    head = "".join(
        f'<th scope="col">{html.escape(one)}</th>' if one else '<td class="corner"></td>' for one in heads
    )
    body = "".join(
        f'<tr data-row="{key}"><th scope="row">{html.escape(words)}</th>'
        + "".join(f'<td data-shows="{cell}"></td>' for cell in cells)
        + "</tr>"
        for key, (words, cells) in rows.items()
    )
    return (
        f'<table><caption class="unseen">{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def picture(up: str, across: str, heights: Sequence[str], places: Sequence[str], words: str = "") -> str:
    """Return the drawing that the page fills, between its axes.

    Parameters
    ----------
    up, across : str
        Titles of the axes, with units.
    heights, places : sequence of str
        Labels at equal distances from the foot to the top, and from left to right.
    words : str, optional
        Markup that says which line is which.
    """
    upright, level = (
        "".join(f"<span>{html.escape(one)}</span>" for one in labels) for labels in (heights[::-1], places)
    )
    return (
        f'<div class="explore-picture" aria-hidden="true">{words}<p>{html.escape(up)}</p><div class="explore-plot">'
        f'<div class="explore-heights">{upright}</div>'
        '<svg viewBox="0 0 600 200" preserveAspectRatio="none"></svg>'
        f'<div class="explore-places">{level}</div></div><p class="explore-across">{html.escape(across)}</p></div>'
    )


def carried(**values: Any) -> str:
    """Return data attributes that hold values as JSON."""
    return "".join(
        f' data-{name}="{html.escape(json.dumps(value, separators=(",", ":")), quote=True)}"'
        for name, value in values.items()
    )


def control(kind: str, name: str, data: str, parts: Sequence[str], fallback: str) -> str:
    """Return the form, hidden until its script runs, above the table that stands without one."""
    return (
        f'<div class="explore {kind}-control" role="group" aria-label="{html.escape(name)}"{data}>'
        f'<form class="explore-form" hidden>{"".join(parts)}<p role="status" class="explore-said"></p></form>{fallback}</div>'
    )
