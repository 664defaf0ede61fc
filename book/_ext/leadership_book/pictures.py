"""Make pictures of charts with title, source, release and licence on a white ground.

A chart as the page shows it is a part of a larger SVG, whose words are set here. SVG does not wrap words: lines are broken by
the widths of a wide typeface, so that they fit in any.
"""

import hashlib
import platform
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from leadership_effects.report.citation import publication
from sphinx.application import Sphinx

from leadership_book.page_cache import PageCache, digest
from leadership_book.records import Records, read_json, read_rows, records
from leadership_book.site_builder import cache_folder
from leadership_book.source_pages import numbered
from leadership_book.sources import issuer

SCALE = 2  # bitmap pixels a pixel of the drawing
MARGIN, CHART = 30, 660
WIDTH = CHART + 2 * MARGIN
INK, GREY, RULE = "#1d2226", "#525a63", "#c9ced4"
FONT = "system-ui, 'Noto Sans', Roboto, Arial, sans-serif"
LICENCE = "CC BY 4.0"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
# Widths of characters in em, of a wide typeface; all others count as OTHERS.
NARROW, WIDE = "iljI.,:;'’|!()[]/ ", "mwMW%@…—"
NARROW_EM, WIDE_EM, CAPITAL_EM, OTHERS_EM, BOLD = 0.31, 0.95, 0.68, 0.585, 1.06
OUTCOMES = "outcomes/"
OF_EVENTS = {"timeline"}
NAMED = 3  # sources of a chapter that a picture names; it counts the others
SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True)
class Told:
    """Words around a chart.

    Attributes
    ----------
    title, subtitle, note : str
        Finding and what is measured above the chart, what its marks mean below it.
    source, origin : str
        Whose data are drawn, and from where in the book the picture is.
    """

    title: str
    subtitle: str
    note: str
    source: str
    origin: str


@dataclass(frozen=True)
class Style:
    """Typeface of a passage: size and line height in pixels, weight and colour."""

    size: float
    leading: float
    colour: str = INK
    bold: bool = False


TITLE, SUBTITLE = Style(21, 27, bold=True), Style(14, 20, GREY)
NOTE, SMALL = Style(12.5, 18), Style(11, 15.5, GREY)


def width_of(text: str, style: Style) -> float:
    """Return an upper bound of the width of a text in pixels."""
    em = sum(
        NARROW_EM if c in NARROW else WIDE_EM if c in WIDE else CAPITAL_EM if c.isupper() else OTHERS_EM
        for c in text
    )
    return em * style.size * (BOLD if style.bold else 1)


def lines_of(text: str, style: Style, room: float) -> list[str]:
    """Break a text into lines that fit the room.

    Examples
    --------
    >>> lines_of("One two three four", Style(10, 14), 60)
    ['One two', 'three four']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, style) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def passage(text: str, style: Style, left: float, top: float, room: float) -> tuple[str, float]:
    """Return a text as SVG and the height at which what follows begins."""
    lines = lines_of(text, style, room)
    weight = ' font-weight="600"' if style.bold else ""
    made = "".join(
        f'<text x="{left:g}" y="{top + style.size + number * style.leading:g}" font-size="{style.size:g}" '
        f'fill="{style.colour}"{weight}>{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return made, top + len(lines) * style.leading


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of an SVG."""
    found = SIZE.search(svg)
    if found is None:
        raise ValueError(f"an SVG without width and height: {svg[:80]}")
    return float(found[1]), float(found[2])


def placed(svg: str, left: float, top: float, width: float, height: float) -> str:
    """Return an SVG as a part of another, scaled into a box."""
    return SIZE.sub(
        lambda found: (
            found[0]
            .replace("<svg ", f'<svg x="{left:g}" y="{top:g}" ', 1)
            .replace(f'width="{found[1]}"', f'width="{width:g}"', 1)
            .replace(f'height="{found[2]}"', f'height="{height:g}"', 1)
        ),
        svg,
        count=1,
    )


def sheet(width: float, height: float, content: str) -> str:
    """Return an SVG of its own on a white ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" font-family="{FONT}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{content}</svg>'
    )


def framed(svg: str, told: Told) -> str:
    """Return a chart with the words that it needs outside the book."""
    width, height = size_of(svg)
    parts, y = [], float(MARGIN)
    for text, style, after in ((told.title, TITLE, 4), (told.subtitle, SUBTITLE, 12)):
        made, y = passage(text, style, MARGIN, y, CHART)
        parts.append(made)
        y += after if text else 0
    parts.append(placed(svg, MARGIN, y, width, height))
    y += height + 10
    made, y = passage(told.note, NOTE, MARGIN, y, CHART)
    parts.append(f'{made}<path d="M{MARGIN} {y + 10:g}h{CHART}" stroke="{RULE}"/>')
    y += 18
    for text in (told.source, told.origin):
        made, y = passage(text, SMALL, MARGIN, y, CHART)
        parts.append(made)
    return sheet(WIDTH, y + MARGIN - 8, "".join(parts))


def told_of(files: Records, name: str, base: str) -> Told:
    """Return the words around a figure, named ``<notebook>.<figure>``."""
    record = files.figure(name)
    subtitle, caption = record.get("subtitle", ""), record["caption"]
    book, anchor = publication(), f"fig-{name.replace('.', '-', 1)}"
    where = f"{base.rstrip('/')}/{page_of(record['source'])}.html#{anchor}" if base else f"figure {anchor}"
    return Told(
        title=record["title"],
        subtitle=subtitle or caption,
        note=caption if subtitle else "",
        source=sources_of(files, name, record.get("sources")),
        origin=f"{book.title}, data release {files.release}, {where}. Licence {LICENCE}.",
    )


def page_of(source: str) -> str:
    """Return the page made from a notebook's source."""
    return f"book/{source.removeprefix('analysis/notebooks/').removesuffix('.py')}"


def sources_of(files: Records, figure: str, named: Iterable[str] | None) -> str:
    """Return whose data a figure draws, named ``<notebook>.<figure>``.

    These are its own sources, else those of most rows behind its chapter's numbers: of outcomes, where the chapter has
    any, and for a figure of events of the rest.
    """
    notebook, _, figure = figure.partition(".")
    if named:
        issuers = dict.fromkeys(issuer(files.source(name))[0] for name in named)
        return f"Source: {'; '.join(issuers)}."
    ranked = (
        issuers_of(files, notebook, figure in OF_EVENTS) if files.notebook_file(notebook).is_file() else []
    )
    if not ranked:
        return ""
    others = len(ranked) - NAMED
    more = f" and {others} more, listed in the chapter" if others > 0 else ""
    return (
        f"{'Sources' if figure in OF_EVENTS else 'Data'} of the chapter: {'; '.join(ranked[:NAMED])}{more}."
    )


@lru_cache(maxsize=64)
def issuers_of(files: Records, notebook: str, events: bool) -> list[str]:
    """Return the issuers of the rows behind a chapter's numbers, of most rows first.

    These are rows of outcomes or, for `events`, all but these.
    """
    results = files.notebook(notebook)["results"].values()
    named = {place for result in results for place in (result.get("lines") or {}).items()}
    folder, counted = files.sources_file.parent, Counter[str]()
    wanted = {place for place in named if place[0].startswith(OUTCOMES) is not events}
    for file, line in {(file, line) for file, lines in wanted or named for line in numbered(lines)}:
        held = read_rows(folder / file)
        name = held[line - 2].get("source_id") if line - 2 < len(held) else ""
        if name:
            counted[issuer(files.source(name))[0]] += 1
    return sorted(counted, key=lambda issuer: (-counted[issuer], issuer))


class Bitmaps:
    """Bitmaps of SVG drawings, kept between builds.

    An entry is named by all that decides its bytes: drawing, scale, renderer, machine and fonts.
    """

    def __init__(self, folder: Path) -> None:
        self.cache, self.used = PageCache(folder), set[str]()
        folders = [path for top in FONT_FOLDERS for path in Path(top).rglob("*") if path.is_dir()]
        fonts = sorted((str(path), path.stat().st_mtime_ns) for path in folders)
        self.renderer = digest(
            version("vl-convert-python"), platform.system(), platform.machine(), list(map(list, fonts))
        )

    def drawn(self, svg: str, scale: float) -> bytes:
        """Return a drawing as PNG."""
        key = hashlib.sha256(f"{self.renderer} {scale:g} {svg}".encode()).hexdigest()
        self.used.add(key)
        entry = self.cache.read(key)
        if entry is not None:
            return entry[1]
        made = vl_convert.svg_to_png(svg, scale=scale)
        self.cache.write(key, {}, made)
        return made

    def prune(self) -> None:
        """Delete the entries that this build has not used."""
        self.cache.prune(self.used)


def write_pictures(app: Sphinx, exception: Exception | None) -> None:
    """Write each figure as SVG and PNG for use outside the book."""
    if exception or app.builder.name != "html":
        return
    files, folder = records(app.env), Path(app.outdir, "figures")
    bitmaps = Bitmaps(cache_folder(app) / "bitmaps")
    for path in sorted((files.results / "figures").glob("*.json")):
        record: dict[str, Any] = read_json(path)
        svg = framed(record["svg"], told_of(files, path.stem, app.config.html_baseurl))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{path.stem}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{path.stem}.png").write_bytes(bitmaps.drawn(svg, SCALE))
    bitmaps.prune()


def connect(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("build-finished", write_pictures)
