"""Check that each interval in running text has its level in its sentence: 90 or 95 per cent, as recorded.

Decided on small projects: when the level is printed and in which form. Decided on the built site: no paragraph of any
page holds an interval without its level. Tables name it in a head, and charts in what stands around them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from leadership_effects.data.release import newest_release
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, results_folder
from miniature import NAME
from site_pages import FOLDER, PAGES
from small_project import Project

ENDS = "{num}`huari.reading.low` to {num}`huari.reading.high`"
FOLDED = re.compile(r"\s+")
LINK = re.compile(r"numbers/(\w+)\.html#num-\1-(.+)$")
NAMES_LEVEL = r"(?<!\d){}\s?(?:%|per cent|por ciento|प्रतिशत)"
SENTENCE_END = re.compile(r"(?<=[.!?।])\s+(?=\S)")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("It fits {range}`huari.reading.att`.", "It fits −9.0 to 0.5 (95 % set)."),
        (f"It moved by −4.5 ({ENDS}).", "It moved by −4.5 (−9.0 to 0.5, 95 % set)."),
        (f"It moved by −4.5 ({ENDS}, p 0.3).", "It moved by −4.5 (−9.0 to 0.5, 95 % set, p 0.3)."),
        (f"It lies between {ENDS.replace(' to ', ' and ')} now.", "It lies between −9.0 and 0.5 (95 % set) now."),
        (f"The 95 per cent confidence set: {ENDS}.", "The 95 per cent confidence set: −9.0 to 0.5."),
        (f"The 90 % set is wide: {ENDS}.", "The 90 % set is wide: −9.0 to 0.5 (95 % set)."),
        (f"In 95 per cent of draws {ENDS}.", "In 95 per cent of draws −9.0 to 0.5 (95 % set)."),
        (f"Its 95 % set is wide. So {ENDS}.", "Its 95 % set is wide. So −9.0 to 0.5 (95 % set)."),
        (f"Here {ENDS}, again {ENDS}.", "Here −9.0 to 0.5 (95 % set), again −9.0 to 0.5."),
        ("Ends apart: {num}`huari.reading.high`, {num}`huari.reading.low`.", "Ends apart: 0.5, −9.0."),
        (f"| 95 % set |\n|---|\n| {ENDS} |", "95 % set −9.0 to 0.5"),
    ],
)  # fmt: skip
def test_a_level_is_printed_once_a_sentence(project: Project, text: str, printed: str) -> None:
    results = project.root / f"_build/results/{NAME}/huari.json"
    record = json.loads(results.read_text(encoding="utf-8"))
    whole = record["results"]["reading.att"]
    for end, value in zip(("low", "high"), whole["interval_text"].split(" to "), strict=True):
        own = {"text": value, "interval": None, "interval_text": "", "interval_kind": ""}
        record["results"][f"reading.{end}"] = whole | own
    whole["interval_text"] = (
        f"{record['results']['reading.low']['text']} to {record['results']['reading.high']['text']}"
    )
    write_json(results, record)
    project.write(text)
    assert project.build() == ("", "")
    shown = FOLDED.sub(" ", project.html("index").get_text(" " if "|" in text else "")).replace("+", "")
    assert printed in shown, shown


def test_an_interval_without_a_kind_stops_the_build(project: Project) -> None:
    results = project.root / f"_build/results/{NAME}/huari.json"
    record = json.loads(results.read_text(encoding="utf-8"))
    record["results"]["reading.att"]["interval_kind"] = ""
    write_json(results, record)
    project.write("It fits {range}`huari.reading.att`.")
    assert 'the interval of "huari.reading.att" has no kind' in project.build()[1]


# The built site

ELSEWHERE = sorted(
    str(entry["page"]).removesuffix(".md")
    for entry in yaml.safe_load((ROOT / "book/translations.yml").read_text(encoding="utf-8"))
)


@cache
def results_of(notebook: str) -> dict[str, dict[str, Any]]:
    path = results_folder(newest_release()) / f"{notebook}.json"
    return json.loads(path.read_text(encoding="utf-8"))["results"]


def named(link: Tag) -> tuple[str, str]:
    found = LINK.search(unquote(str(link["href"])))
    assert found is not None, link
    return found[1], found[2]


def kind_of(link: Tag, after: Tag | None) -> str:
    """Kind of the interval that a number, or it and the one after it, print; empty for none."""
    notebook, key = named(link)
    results = results_of(notebook)
    own = results.get(key, {})
    if own.get("interval_text") and re.search(r"\d \w+ [−\d]", link.get_text()):
        return str(own["interval_kind"])
    if after is None or not key.endswith("low") or named(after) != (notebook, f"{key[:-3]}high"):
        return ""
    ends = f"{own['text']} to {results[f'{key[:-3]}high']['text']}"
    parents = {
        one for one in (key[:-4], f"{key[:-4]}.att") if results.get(one, {}).get("interval_text") == ends
    }
    of_end = re.search(r"end of the (?:central )?(\d+ %[^,.]*)", own["meaning"])
    return next((str(results[one]["interval_kind"]) for one in parents), of_end[1] if of_end else "")


def without_level(html: str) -> tuple[int, list[str]]:
    """Count the intervals in running text, and return the sentences of those without their level."""
    article, seen, wanting = BeautifulSoup(html, "html.parser").select_one("article"), 0, list[str]()
    for passage in article.select("p, li, figcaption, dd") if article else ():
        if passage.find_parent(["td", "th"]) or passage.select("p, li"):
            continue
        links = passage.select("a.num")
        for link, after in zip_longest(links, links[1:]):
            kind = kind_of(link, after)
            level = re.search(r"(\d+(?:\.\d+)?) (?:%|standard errors)", kind)
            if not kind:
                continue
            seen += 1
            mark = "\u0001"
            link.insert(0, mark)
            whole = FOLDED.sub(" ", passage.get_text())
            link.contents[0].extract()
            sentence = next(part for part in SENTENCE_END.split(whole) if mark in part)
            if not level or not re.search(NAMES_LEVEL.format(re.escape(level[1])), sentence):
                wanting.append(sentence.replace(mark, ""))
    return seen, wanting


@pytest.mark.parametrize("page", [*PAGES, *ELSEWHERE])
def test_no_interval_stands_without_its_level(site: Path, page: str) -> None:
    html = (site / FOLDER / f"{page}.html").read_text(encoding="utf-8")
    assert not (wanting := without_level(html)[1]), wanting


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("book/cases/")])
def test_a_brief_names_the_level_too(site: Path, page: str) -> None:
    """Its numbers are no links any more."""
    html = (site / FOLDER / f"book/brief/{page.rpartition('/')[2]}.html").read_text(encoding="utf-8")
    text = FOLDED.sub(" ", BeautifulSoup(html, "html.parser").get_text())
    assert not re.findall(r"anything from \S+ to [−.\d]*\d(?![.\d]*\d| \(\d+ %)", text)


def test_the_pages_with_intervals_are_seen(site: Path) -> None:
    for page in ("book/index", "book/cases/london", "book/synthesis/synthesis", "book/summary/spanish"):
        assert without_level((site / FOLDER / f"{page}.html").read_text(encoding="utf-8"))[0] > 1, page
