"""The descriptions of drawn charts: whether they name the chart that is drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.prose.pages import Page, Passage
from leadership_effects.prose.rules import ALT_TEXT, Finding

FEWEST_WORDS = 12
DOTS = frozenset({"point", "circle", "square"})
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"strip (?:chart|plot)", DOTS | {"tick"}),
    (r"(?:stacked |grouped )?bar (?:chart|graph)|stacked bars|histogram", frozenset({"bar"})),
    (r"lollipop", DOTS),
    (r"heat ?map|matrix of shades", frozenset({"rect"})),
    (r"matrix|grid of|table chart", DOTS | {"rect", "text"}),
    (r"(?:world|outline|road|country|city)? ?map (?:with|of (?:the )?(?:world|places|countries|districts|boroughs))",
     frozenset({"geoshape"})),
    (r"range (?:chart|plot)|interval chart", frozenset({"rule", "bar"})),
    (r"(?:dot|point|scatter|bubble)(?: and (?:interval|line))? ?(?:chart|plot)|chart of (?:dots|points)|scatterplot", DOTS),
    (r"line (?:and (?:point|dot) )?(?:chart|graph|plot)|chart of lines|slope chart", frozenset({"line", "trail"})),
    (r"area chart|stacked areas", frozenset({"area"})),
    (r"box ?plot", frozenset({"boxplot"})),
    (r"(?:flow|network|node|tree|link|alluvial|sankey) ?(?:chart|diagram|map)|chart of links|strategy map",
     frozenset({"line", "trail", "rule", "area"})),
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A figure as its notebook left it.

    Attributes
    ----------
    notebook, name : str
        Its notebook's name and its own.
    caption, description : str
        Words below it and for those who do not see it.
    marks : frozenset of str
        Mark types in its Vega-Lite specification.
    """

    notebook: str
    name: str
    caption: str
    description: str
    marks: frozenset[str]


def drawn_figures(folder: Path) -> tuple[Drawn, ...]:
    """Figures of a results folder in the order of their names.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    files = sorted((folder / "figures").glob("*.json"))
    if not files:
        raise FileNotFoundError(f"{folder / 'figures'} holds no figure: run nox -s notebooks first")
    return tuple(map(_drawn, files))


def _drawn(path: Path) -> Drawn:
    content = json.loads(path.read_text(encoding="utf-8"))
    notebook, _, name = path.stem.partition(".")
    return Drawn(notebook, name, content["caption"], content["alt"], frozenset(marks(content["spec"])))


def marks(spec: dict[str, Any]) -> Iterator[str]:
    """Mark types of a specification and of the views inside it."""
    if "mark" in spec:
        yield spec["mark"] if isinstance(spec["mark"], str) else spec["mark"]["type"]
    for inside in ("layer", "hconcat", "vconcat", "concat"):
        for view in spec.get(inside, []):
            yield from marks(view)
    if "spec" in spec:
        yield from marks(spec["spec"])


def alt_text_findings(drawn: Drawn, pages: tuple[Page, ...]) -> Iterator[Finding]:
    """Findings on a description: another chart, no chart, too few words, the caption again."""
    told = list(complaints(drawn))
    if told:
        passage = _passage(drawn, pages)
        for words in told:
            yield Finding(ALT_TEXT.name, passage, 0, len(passage.shown), words)


def complaints(drawn: Drawn) -> Iterator[str]:
    """The complaints about a description, as sentences."""
    opening = re.split(r"(?<=[.:;])\s", drawn.description, maxsplit=1)[0]
    kinds = list(named_kinds(opening))
    shown = ", ".join(sorted(drawn.marks))
    if not kinds:
        yield f"figure {drawn.name}: its first sentence names no kind of chart; drawn are {shown}"
    for kind, wanted in kinds:
        if not wanted & drawn.marks:
            yield f"figure {drawn.name}: “{kind}” asks for {' or '.join(sorted(wanted))}, drawn are {shown}"
    count = len(drawn.description.split())
    if count < FEWEST_WORDS:
        yield f"figure {drawn.name}: {count} words, fewer than {FEWEST_WORDS}"
    if repeats(drawn.description, drawn.caption):
        yield f"figure {drawn.name}: the description says the caption again"


def named_kinds(opening: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Kinds of chart that a sentence names, with the marks of which one has to be drawn."""
    rest = opening
    for pattern, wanted in KINDS:
        found = re.search(pattern, rest, re.IGNORECASE)
        if found:
            yield found[0].strip(), wanted
            rest = rest[: found.start()] + rest[found.end() :]


def repeats(description: str, caption: str) -> bool:
    """Whether nine tenths of a caption's words or more make up as much of the description."""
    said, below = (set(re.findall(r"\w+", text.lower())) for text in (description, caption))
    both = len(said & below)
    return bool(said and below) and both >= 0.9 * len(below) and both >= 0.9 * len(said)


def _passage(drawn: Drawn, pages: tuple[Page, ...]) -> Passage:
    """The call that publishes the figure, or the notebook where a shared function does."""
    page = next((page for page in pages if Path(page.path).stem == drawn.notebook), None)
    path, line = (page.path, 1) if page else (f"{drawn.notebook}.{drawn.name}", 0)
    for passage in page.passages if page else ():
        if passage.kind == "chart" and passage.name == drawn.name:
            line = passage.line
    return Passage(path, line, "chart", "description", drawn.description, drawn.description, name=drawn.name)
