"""Write numbers, marks, pictures and standing of a translated page in its language.

Such a page names in its front matter its ``language`` and, with ``translates``, the page that it is a translation of.
Results keep their names; what they print follows the language. ``book/translations.yml`` says when a translation was
last looked at and by whom; ``leadership_effects.prose.translations`` checks it against the English.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.language_words import COMMA, FRAME, LANGUAGES, Language
from leadership_book.links import TOP
from leadership_book.problems import report
from leadership_book.records import UnknownName, records

RECORD = "book/translations.yml"
CASES, ADVICE, EVIDENCE = "book/cases/", "what-to-do-with-it", "the-evidence"
ENGLISH = "en"
MONTHS = "January February March April May June July August September October November December"
DRAWN = 'class="chart-view" role="img" aria-labelledby="picture-'  # of a picture, and of no chart
TEXT = re.compile(r"(<text\b[^>]*>)([^<]+)(</text>)")
STILL = re.compile(r'<div class="chart-still w\d+">.*?</svg></div>', re.DOTALL)
LETTER = re.compile(r"[^\W\d_]")


def language_of(metadata: dict[str, Any]) -> str:
    """Return the language of a page by its front matter."""
    return str(metadata.get("language") or ENGLISH)


def spoken(tag: str) -> Language | None:
    """Return the words of a language, of ``es-CL`` those of ``es``; None for English."""
    return LANGUAGES.get(tag.partition("-")[0])


def frame_of(tag: str) -> dict[str, Any]:
    """Return the words of a page's frame in a language, English for any other."""
    language = spoken(tag)
    return language.frame if language else FRAME


def spoken_day(tag: str, written: str) -> str:
    """Return a date of the form YYYY-MM-DD in words of a language.

    Examples
    --------
    >>> spoken_day("", "2026-11-08"), spoken_day("es-CL", "2026-11-08")
    ('8 November 2026', '8 de noviembre de 2026')
    """
    year, month, number = map(int, written.split("-"))
    language = spoken(tag)
    months, form = (language.months, language.date) if language else (MONTHS, "{day} {month} {year}")
    return form.format(day=number, month=months.split()[month - 1], year=year)


def about(frame: dict[str, Any], author: str, released: str, day: str, release: str) -> str:
    """Return the sentence of the footer as HTML."""
    dated = f'<time datetime="{released}">{day}</time>'
    told: str = frame["about"].format(author=escape(author), day=dated, release=escape(release))
    return told


def turn_languages(app: Sphinx, page: str, tag: str) -> tuple[str, str]:
    """Return attributes with the languages of the pages before and after."""
    relations = getattr(app.builder, "relations", {}).get(page) or (None, None, None)
    tags = [language_of(app.env.metadata.get(name, {})) if name else "" for name in relations[1:]]
    first, second = (f' lang="{own}"' if own and own != (tag or ENGLISH) else "" for own in tags)
    return first, second


def localised(text: str, tag: str) -> str | None:
    r"""Return what a result prints in a language, None if it holds words that the language lacks.

    Examples
    --------
    >>> localised("−8.6 to +17.6", "es-CL"), localised("6,800", "lv"), localised("cannot say", "lv")
    ('−8,6 a +17,6', '6\xa0800', 'nevar pateikt')
    """
    language = LANGUAGES[tag.partition("-")[0]]
    if text in language.words:
        return language.words[text]
    text = text.replace(" to ", f" {language.between} ") if re.search(r"\d to [−+\d]", text) else text
    if LETTER.search(text.replace(language.between, "")):
        return None
    return decimals(text, tag)


def decimals(text: str, tag: str) -> str:
    """Return a number with the marks of a language for decimals and thousands."""
    if tag not in COMMA:
        return text
    return re.sub(r"(?<=\d)\.(?=\d)", ",", re.sub(r"(?<=\d),(?=\d{3})", "\u00a0", text))


class PictureDirective(SphinxDirective):
    """Show a recorded chart as a picture with the words of the page's language.

    The paragraphs of its content are title, subtitle and caption; a list gives for each word of the picture, before
    ``=``, the one to print.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the figure, or nothing after reporting what is wrong."""
        files, name, held = records(self.env), self.arguments[0], nodes.container()
        self.env.note_dependency(str(files.figure_file(name)))
        self.state.nested_parse(self.content, self.content_offset, held)
        told = [node for node in held.children if isinstance(node, nodes.paragraph)]
        items = [item.astext() for item in held.findall(nodes.list_item)]
        try:
            figure = files.figure(name)
            if len(told) != 3 or not all(" = " in item for item in items):
                raise UnknownName(f'picture "{name}" needs three paragraphs and a list of "word = word"')
            words = dict(item.split(" = ", 1) for item in items)
            drawn = with_words(name, "".join(STILL.findall(figure["html"])), words)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        told[0]["classes"], told[1]["classes"] = ["chart-title"], ["chart-subtitle"]
        anchor = nodes.make_id(name)
        label = nodes.raw(
            "",
            f'<div {DRAWN}{anchor}-title" aria-describedby="picture-{anchor}-caption">{drawn}</div></div>',
            format="html",
        )
        notebook, _, key = name.partition(".")
        return [
            raw(
                f'<figure class="picture" id="picture-{anchor}"><div class="chart still"><div id="picture-{anchor}-title">'
            ),
            told[0],
            raw("</div>"),
            told[1],
            label,
            raw(f'<figcaption id="picture-{anchor}-caption">'),
            told[2],
            PictureData("", figure=f"{CASES}{notebook}.html#fig-{notebook}-{key}"),
            raw("</figcaption></figure>"),
        ]


class PictureData(nodes.General, nodes.Element):
    """Place for the link to a picture's data, filled when the page's language is known."""


def raw(html: str) -> nodes.raw:
    """Return HTML as a node."""
    return nodes.raw("", html, format="html")


def with_words(name: str, drawn: str, words: dict[str, str]) -> str:
    """Return a drawing with its words replaced.

    Raises
    ------
    UnknownName
        If a word of the drawing is not given, or one is given that the drawing lacks.
    """
    shown = {found[2] for found in TEXT.finditer(drawn) if LETTER.search(found[2])}
    escaped = {escape(word, quote=False): escape(other, quote=False) for word, other in words.items()}
    if shown != set(escaped):
        lacking, idle = sorted(shown - set(escaped)), sorted(set(escaped) - shown)
        raise UnknownName(
            f'picture "{name}": words not given: {lacking}; words that it does not show: {idle}'
        )
    return TEXT.sub(lambda found: f"{found[1]}{escaped.get(found[2], found[2])}{found[3]}", drawn)


def speak(app: Sphinx, doctree: nodes.document) -> None:
    """Put what a page takes from results and from the record of translations into its language."""
    env = app.env
    metadata = env.metadata[env.docname]
    tag, english = language_of(metadata), metadata.get("translates")
    language = spoken(tag)
    if language is None:
        for place in list(doctree.findall(PictureData)):
            report(
                env, None, f"a picture has words for a page with a language; allowed: {', '.join(LANGUAGES)}"
            )
            place.parent.remove(place)
        return
    for link in [node for node in doctree.findall(nodes.reference) if "num" in node["classes"]]:
        inner = link.next_node(nodes.inline)
        said = localised(link.astext(), tag)
        if said is None:
            report(
                env,
                link.line,
                f'"{link.astext()}" has no words in {tag}; write it out, or add it to languages.py',
            )
        elif inner is not None:
            inner.children = [nodes.Text(said)]
    for pill in [node for node in doctree.findall(nodes.inline) if "pill" in node["classes"]]:
        label = pill.next_node(nodes.raw)
        if label is not None:
            word = re.sub(r"(?<=>)(\w+)(?=: <)", lambda found: language.words[found[1]], label.astext())
            label.replace_self(raw(word))
    for drawn in [node for node in doctree.findall(nodes.raw) if DRAWN in node.astext()]:
        numbers = TEXT.sub(lambda found: f"{found[1]}{decimals(found[2], tag)}{found[3]}", drawn.astext())
        drawn.replace_self(raw(numbers))
    for place in list(doctree.findall(PictureData)):
        data = nodes.paragraph("", "", to_english(language.ways[2], place["figure"]), classes=["screen-only"])
        place.replace_self(data)
    if english:
        env.note_dependency(str(Path(app.srcdir) / RECORD))
        place_of_standing(doctree, standing(app, language, str(english)))
        if str(english).startswith(CASES):
            doctree.children[-1].append(ways_on(language, str(english)))


def to_english(text: str, address: str) -> nodes.raw:
    """Return a link from a translation to a page in English, which docutils cannot mark as such."""
    return raw(f'<a class="reference internal" hreflang="{ENGLISH}" href="{TOP}{address}">{escape(text)}</a>')


def place_of_standing(doctree: nodes.document, note: Node) -> None:
    """Put a note below the title of a page."""
    title = doctree.next_node(nodes.title)
    if title is not None and title.parent is not None:
        title.parent.insert(title.parent.index(title) + 1, note)


def standing(app: Sphinx, language: Language, english: str) -> nodes.container:
    """Return what the record says of a translation, with the way to the English page."""
    entry = recorded(Path(app.srcdir) / RECORD).get(app.env.docname, {})
    kind, looked_at = str(entry.get("standing")), str(entry.get("looked_at"))
    if kind not in language.standings or not re.fullmatch(r"\d{4}-\d\d-\d\d", looked_at):
        message = (
            f"{RECORD} has no entry for this page; nox -s translations -- --looked-at {Path(english).name}"
        )
        report(app.env, None, message)
        return nodes.container()
    told = spoken_day(language_of(app.env.metadata[app.env.docname]), looked_at)
    before, words, after = language.original
    text = nodes.Text(f"{language.standings[kind]} {before.format(date=told)}")
    link = to_english(words, f"{english}.html")
    return nodes.container("", nodes.inline("", "", text, link, nodes.Text(after)), classes=["standing"])


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the record of translations by page, without the ending."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return {str(entry["page"]).rpartition(".")[0]: entry for entry in listed or []}


def ways_on(language: Language, english: str) -> nodes.container:
    """Return the ways on from the first screen of a place, both in English."""
    links = (
        to_english(language.ways[0], f"{english}.html#{ADVICE}"),
        to_english(language.ways[1], f"{english}.html#{EVIDENCE}"),
    )
    spaced = [node for link in links for node in (nodes.Text(" "), link)][1:]
    return nodes.container("", nodes.inline("", "", *spaced), classes=["ways", "screen-only"])


def others(app: Sphinx, page: str) -> list[dict[str, str]]:
    """Return language, name and address of the same page in other languages, for the layout."""
    metadata = app.env.metadata
    root = str(metadata[page].get("translates") or page) if page in app.env.found_docs else page
    pages = [root, *sorted(name for name, entry in metadata.items() if entry.get("translates") == root)]
    if len(pages) == 1:
        return []
    return [
        {"tag": tag, "own": language.own if (language := spoken(tag)) else "In English", "page": name}
        for name, tag in ((name, language_of(metadata[name])) for name in pages)
        if name != page
    ]


def marked_links(app: Sphinx, contents: str, address: Callable[[str], str]) -> str:
    """Return a table of contents whose links to pages in other languages say which."""
    for name, tag in spoken_pages(app):
        link = f'href="{address(name)}"'
        contents = contents.replace(link, f'{link} lang="{tag}" hreflang="{tag}"')
    return contents


def spoken_pages(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Yield the pages in other languages and their languages."""
    for name, entry in sorted(app.env.metadata.items()):
        if (tag := language_of(entry)) != ENGLISH:
            yield name, tag


def connect(app: Sphinx) -> None:
    """Register directive and event handler; the metadata of a page are read before."""
    app.add_node(PictureData)
    app.add_directive("picture", PictureDirective)
    app.connect("doctree-read", speak, priority=900)
