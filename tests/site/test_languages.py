"""Check pages in other languages: words, numbers, pictures, standing, and the ways to the English page and back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from leadership_book.language_words import FRAME, LANGUAGES
from leadership_book.languages import localised
from leadership_book.sureness import WORDS
from leadership_effects.files import write_json
from leadership_effects.prose.translations import STANDINGS, Translation, translations
from miniature import NAME
from site_pages import FOLDER
from small_project import Project

PAGE = """---
language: {tag}
translates: book/cases/place
---

# Lugar

{{.lead}}
Una frase.

{{sure}}`huari`

:::{{picture}} huari.points
Sube {{num}}`huari.reading.att`

Puntos

Un punto.

- points & more = {word}
:::

- De {{range}}`huari.reading.att`
"""
STILL = (
    '<div class="chart-still w660"><svg><text x="1">points &amp; more</text><text>−4.5</text></svg></div>'
    '<div class="chart-still w340"><svg><text>points &amp; more</text></svg></div>'
)
ENTRY = {"page": "book/place_es.md", "looked_at": "2031-05-04", "standing": "machine", "passages": []}


def write(
    project: Project, tag: str, word: str = "puntos < más", entry: dict[str, object] | None = ENTRY
) -> None:
    """Write an English page, its translation and the record into a small project with the book's theme."""
    project.write("Text.", more="cases/place\nplace_es\n")
    (project.root / "book/cases").mkdir(exist_ok=True)
    (project.root / "book/cases/place.md").write_text("# Place\n\nText.\n", encoding="utf-8")
    (project.root / "book/place_es.md").write_text(PAGE.format(tag=tag, word=word), encoding="utf-8")
    text = yaml.safe_dump([entry] if entry else [])
    (project.root / "book/translations.yml").write_text(text, encoding="utf-8")
    path = project.root / f"_build/results/{NAME}/figures/huari.points.json"
    figure = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, figure | {"html": f'<figure class="chart">{STILL}</figure>'})
    conf = project.root / "conf.py"
    conf.write_text(f'{conf.read_text(encoding="utf-8")}html_theme = "leadership"\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("tag", "number", "interval"),
    [("es-CL", "\u22124,5", "\u22129,0 a 0,5"), ("es-PE", "\u22124.5", "\u22129.0 a 0.5")],
)
def test_a_translation_speaks_its_language_and_leads_to_the_english(
    project: Project, tag: str, number: str, interval: str
) -> None:
    write(project, tag)
    assert project.build() == ("", "")
    page = project.html("place_es")
    assert (page.html["lang"], page.body.get("lang"), page.article["lang"]) == (tag, None, tag)
    frame = LANGUAGES[tag[:2]].frame
    assert page.select_one(".site-search input")["placeholder"] == frame["find"]
    assert page.select_one(".copy-page").get_text() == frame["link"][0]
    assert frame["licences"].partition("{")[0] in page.select_one(".site-footer").get_text()
    english = " ".join(
        page.select_one(part).get_text() for part in (".site-bar", ".facts", ".site-footer", ".skip")
    )
    assert not re.search(r"Skip|Search|Contents|Copy|Independent|data release|min to read", english), english
    assert page.select_one(".contents [lang=en] > ul, .contents [lang=en] .caption-text")
    assert [pill.get_text() for pill in page.select(".sure > .pill")] == [
        "Comparación: parcial", "Veredicto: no se puede decir",
    ]  # fmt: skip
    assert [link.get_text() for link in page.select("a.num")][2:] == [number, interval]
    assert page.select_one(".level").get_text().replace("\u00a0", " ") == " (intervalo del 95 %)"

    picture = page.select_one("figure.picture")
    assert [text.get_text() for text in picture.select("svg text")] == [
        "puntos < más", "−4.5".replace(".", "," if tag == "es-CL" else "."), "puntos < más",
    ]  # fmt: skip
    view = picture.select_one("[role=img]")
    assert " ".join(page.find(id=view["aria-labelledby"]).get_text().split()) == f"Sube {number}"
    assert "Un punto." in page.find(id=view["aria-describedby"]).get_text()
    assert not page.select("figure.chart") and not page.select("script[src$='charts.js']")

    standing = page.select_one(".standing")
    assert "4 de mayo de 2031" in standing.get_text() and standing.find_previous("h1") is not None
    hrefs = {link["href"] for link in page.select("a[hreflang=en]")}
    assert {
        "../book/cases/place.html", "../book/cases/place.html#the-evidence",
        "../book/cases/place.html#what-to-do-with-it",
        "../book/cases/huari.html#fig-huari-points", "cases/place.html", "../book/brief/place.html",
    } == hrefs  # fmt: skip
    back = project.html("place", "book/cases")
    (link,) = back.select(f".byline a[hreflang={tag}]")
    assert (link["href"], link["lang"], link.get_text()) == ("../place_es.html", tag, "En español")
    assert back.html["lang"] == "en"
    assert back.select_one(f".contents a[href='../place_es.html'][lang={tag}]")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"word": "x\n- bars = barras"}, ("words not given: []", "does not show: ['bars']")),
        ({"entry": None}, ("no entry for this page", "--looked-at place")),
        ({"tag": "en"}, ("a picture has words for a page with a language; allowed: es, hi, lv",)),
    ],
)
def test_a_translation_that_lacks_something_stops_the_build(
    project: Project, changed: dict[str, object], told: tuple[str, ...]
) -> None:
    write(project, **{"tag": "es", **changed})  # type: ignore[arg-type]
    stopped = project.build()[1]
    assert all(part in stopped for part in ("place_es.md", *told)), stopped


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_has_every_word_of_sureness_and_every_standing(tag: str) -> None:
    language = LANGUAGES[tag]
    labels = {kind.capitalize() for kind, *_ in WORDS.values()}
    assert set(WORDS) | labels <= set(language.words) and len(set(language.words.values())) == len(
        language.words
    )
    assert set(language.standings) == set(STANDINGS) and len(language.months.split()) == 12
    assert localised("Montana", tag) is None
    assert {key: type(words) for key, words in language.frame.items()} == {
        key: type(words) for key, words in FRAME.items()
    }


@pytest.mark.parametrize("one", translations(), ids=lambda one: one.page)
def test_each_translation_and_its_english_lead_to_one_another(site: Path, one: Translation) -> None:
    english = one.english.replace("analysis/notebooks", "book")
    pages = [(site / FOLDER / page).with_suffix(".html") for page in (one.page, english)]
    for page, other in (pages, pages[::-1]):
        tag = re.search(r'<html lang="([^"]+)"', other.read_text(encoding="utf-8"))[1]
        links = re.findall(
            rf'<a href="([^"]+)" lang="{tag}" hreflang="{tag}">', page.read_text(encoding="utf-8")
        )
        assert other.resolve() in {(page.parent / link).resolve() for link in links}
