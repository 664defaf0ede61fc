"""Every number in the text opens a card whose rows hold what it was computed from.

Decided here: each bound number of each page, in whatever chapter, has an entry with the same printed value, the meaning,
rows, sources, code, release and how to recompute; the rows named are in the release; every figure read in a table stands
in its row as printed; and when a notebook is run again on a release in which every figure outside the rows on its cards is
another, every number comes out the same. In the browser a number opens its card by mouse, touch and keyboard, shows its rows, and
without JavaScript leads to the same entry. Not decided: whether a row is what its source says.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from html import unescape
from pathlib import Path

import pytest
from leadership_book.languages import localised, spoken
from leadership_book.number_words import bar, sentence
from leadership_book.numbers_pages import card_file
from leadership_book.records import Records
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from leadership_effects.published.tolerance import same_number
from leadership_effects.renamed_keys import renamed_keys
from miniature import Shared
from site_pages import CASE_PAGES, DESK, FOLDER, PAGES, PHONE, opened

RELEASE = newest_release()
RESULTS = ROOT / "_build" / "results" / RELEASE
DATA = ROOT / "data" / RELEASE
NOTEBOOKS = sorted(path.stem for path in RESULTS.glob("*.json"))
SIMULATED = {"estimators"}  # refuses other figures than those its locked simulations were run on
SWEPT = {"states", "countries"}  # share locked simulations, whose inputs are the rows of both
QUICK = {"huari", "synthesis"}  # a case and a chapter that reads cases; the others run among the slow tests
LONG = (pytest.mark.slow, pytest.mark.long)
READ_IN = {"leadership.csv": ("value", "value_low", "value_high"), "evaluations.csv": ("estimate",)}


def results_of(notebook: str) -> dict[str, dict]:
    return json.loads((RESULTS / f"{notebook}.json").read_text(encoding="utf-8"))["results"]


def numbered(text: str) -> list[int]:
    """Rows that ``2-4, 7`` names."""
    found = []
    for part in text.split(", "):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.fixture(scope="module")
def tables() -> dict[str, list[list[str]]]:
    """Rows of each file of the release, the header first."""
    made = {}
    for path in sorted(DATA.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            made[path.relative_to(DATA).as_posix()] = list(csv.reader(stream))
    return made


ENTRY = re.compile(r'<section id="(num-[^"]+)" class="number">(.*?)</section>', re.DOTALL)
CARD = re.compile(r'<section id="num-[^"]+" class="number">(.*)</section>', re.DOTALL)
PRINTED = re.compile(r'<span class="printed">(.*?)</span>', re.DOTALL)
MARKED = re.compile(r'<span class="marked">(.*?)</span>')
FIELDS = {"Full precision", "Rows", "Computed by", "Recorded in", "Release", "Recompute", "Cite"}
LABEL = re.compile(r"<dt>(.*?)</dt>")


SHARED = re.compile(r'href="#(list-\d+)"')


@pytest.fixture(scope="module")
def entries(site: Path) -> dict[str, str]:
    """Entry of every result on the pages of numbers as HTML, by its address from the site's top."""
    found = {}
    for path in sorted((site / FOLDER / "numbers").glob("*.html")):
        html = path.read_text(encoding="utf-8")
        for anchor, entry in ENTRY.findall(html):
            found[f"numbers/{path.name}#{unescape(anchor)}"] = entry
        assert set(SHARED.findall(html)) == set(re.findall(r'<div id="(list-\d+)">', html)), path.name
    return found


@pytest.fixture(scope="module")
def cards(site: Path) -> dict[str, str]:
    """Card of every result as HTML, by the address of its entry."""
    found = {}
    for folder in sorted((site / FOLDER / "numbers/cards").glob("*/")):
        for path in sorted(folder.glob("*.json")):
            held = json.loads(path.read_text(encoding="utf-8"))
            for key, marked in held["cards"].items():
                assert card_file(key) == int(path.stem)
                card = re.sub(r"<!--(\d+)-->", lambda mark, lists=held["lists"]: lists[int(mark[1])], marked)
                found[f"numbers/{folder.name}.html#num-{folder.name}-{key}"] = CARD.fullmatch(card)[1]
    return found


def test_a_card_is_a_small_file(site: Path):
    """The largest is a fiftieth of what was loaded for one card before, and a phone asks for one of them."""
    sizes = {
        path: len(zlib.compress(path.read_bytes()))
        for path in (site / FOLDER / "numbers/cards").rglob("*.json")
    }
    assert len(sizes) > 500
    assert max(sizes.values()) <= 40_000, max(sizes, key=sizes.__getitem__)


@pytest.mark.parametrize("key, value, meaning, told", [
    ("joint.p", 0.009, "Exact joint two-sided p.", "Exact joint two-sided p: 0.009. If only luck were at work, a result at least this strong would turn up in 9 of 1,000 cases."),
    ("maths.att", -4.45, "Change of naep_maths, huari/di/x.", "Change of Mathematics, District X: -4.45 pupil standard deviations. One is the usual spread among pupils. Its range: -9 to 0.5 (90 % set), which includes zero."),
    ("verdict", "cannot say", "Verdict.", "Verdict: cannot say."),
])  # fmt: skip
def test_a_card_begins_with_a_plain_sentence(key, value, meaning, told, monkeypatch):
    monkeypatch.setattr(
        "leadership_book.number_words.names",
        lambda _: {"naep_maths": "Mathematics", "huari/di/x": "District X"},
    )
    ranged = {
        "interval": [-9, 0.5],
        "interval_text": "-9 to 0.5",
        "interval_kind": "90 % set",
        "unit": "pupil SD",
        "signed": True,
    }
    result = {
        "text": str(value),
        "value": value,
        "meaning": meaning,
        **(ranged if key == "maths.att" else {}),
    }
    files = Records(RESULTS, DATA / "sources.csv", RELEASE)
    assert sentence(files, key, result) == told


@pytest.mark.parametrize(
    ("low", "high", "signed", "zero"), [(-9.0, 0.5, True, 1), (1.0, 3.0, True, 1), (1.0, 3.0, False, 0)]
)
def test_the_bar_holds_ends_value_zero_and_the_smallest_effect_of_interest(low, high, signed, zero):
    result = {
        "value": (low + high) / 2,
        "text": "x",
        "interval": [low, high],
        "interval_text": f"{low} to {high}",
        "signed": signed,
    }
    drawn = bar(result | {"unit": "pupil SD"}, 0.05)
    places = [float(place) for place in re.findall(r'[" ]M([\d.]+) |cx="', drawn) if place]
    assert all(12 <= place <= 308 for place in places)
    assert (drawn.count("bar-zero"), drawn.count("bar-interest")) == (zero, 2)
    assert drawn.count("bar-value") == drawn.count("bar-range") == 1
    assert bar(result | {"unit": "points"}, 0.05).count("bar-interest") == 0
    assert bar(result | {"interval": None}, 0.05) == ""


def says(entry: str, printed: str, tag: str) -> bool:
    """Whether an entry has what a page prints of a number, in the page's language: its value, interval or mark."""
    value, marked = PRINTED.search(entry), MARKED.search(entry)
    if not value or not spoken(tag):
        shown = {found[1] for found in (value, marked) if found}
        return bool(value) and (printed in shown or f"<dt>Interval</dt><dd>{printed}" in entry)
    interval = re.search(r"<dt>Interval</dt><dd>(\S+ to [^\s,<]+)", entry)
    return printed in {localised(unescape(found[1]), tag) for found in (value, interval, marked) if found}


def test_every_bound_number_has_an_entry_and_a_card_that_say_the_same(site, entries, cards):
    wrong, seen = [], 0
    link = re.compile(r'<a class="num reference internal" href="([^"]+)"[^>]*><span>(.*?)</span></a>')
    for page in PAGES:
        html = (site / FOLDER / f"{page}.html").read_text(encoding="utf-8")
        tag = re.search(r'<html lang="([^"]+)"', html)[1]
        for href, printed in link.findall(html):
            seen += 1
            target = unescape(href[href.index("numbers/") :])
            if not all(says(held.get(target, ""), printed, tag) for held in (entries, cards)):
                wrong.append(f"{page}: {target} {printed}")
    assert seen > 2000
    assert wrong == []


@pytest.mark.parametrize(("old", "new"), renamed_keys().items())
def test_a_link_to_a_renamed_key_leads_to_its_entry(entries, old, new):
    (was, old_key), (notebook, key) = (name.split(".", 1) for name in (old, new))
    entry = entries[f"numbers/{was}.html#num-{notebook}-{key}"]
    assert entry.count(f'<span id="num-{was}-{old_key}"></span>') == 1
    assert f"<code>{new}</code>" in entry


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_entry_and_card_is_whole_and_names_rows_of_the_release(entries, cards, tables, notebook):
    wrong = []
    for key, result in results_of(notebook).items():
        target = f"numbers/{notebook}.html#num-{notebook}-{key}"
        missing = FIELDS - set(LABEL.findall(entries[target])) & set(LABEL.findall(cards[target]))
        if missing or not result["meaning"] or result["line"] is None:
            wrong.append(f"{key}: lacks {missing or 'its meaning or line'}")
        for file, rows in result["lines"].items():
            if max(numbered(rows)) > len(tables[file]):
                wrong.append(f"{key}: {file} has no row {max(numbered(rows))}")
    assert wrong == []


def test_figures_read_in_a_table_stand_in_their_row(tables):
    wrong, seen = [], 0
    for notebook in NOTEBOOKS:
        for key, result in results_of(notebook).items():
            if result["function"] not in READ_IN:
                continue
            [(file, rows)] = result["lines"].items()
            head, row = tables[file][0], tables[file][int(rows) - 1]
            held = [float(row[head.index(column)]) for column in READ_IN[file] if row[head.index(column)]]
            seen += 1
            if not any(same_number(value, result["value"]) for value in held):
                wrong.append(f"{notebook}.{key}: {result['value']}, row {rows} of {file} holds {held}")
    assert seen > 100
    assert wrong == []


def kept_rows(*notebooks: str) -> dict[str, set[int]]:
    """Rows that the numbers of notebooks name, by file."""
    found: dict[str, set[int]] = {}
    for result in (result for notebook in notebooks for result in results_of(notebook).values()):
        for file, rows in result["lines"].items():
            found.setdefault(file, set()).update(numbered(rows))
    return found


def alter_the_rest(folder: Path, kept: dict[str, set[int]], tables: dict[str, list[list[str]]]) -> int:
    """Make every figure of a copy of the release a tenth smaller that no card names; return how many."""
    altered = 0
    for file, table in tables.items():
        columns = [table[0].index(name) for name in figure_columns(file)]
        changed = [list(row) for row in table]
        for number, row in enumerate(changed, start=1):
            if number == 1 or number in kept.get(file, ()):
                continue
            for column in columns:
                row[column] = repr(0.9 * float(row[column])) if row[column] else ""
                altered += 1
        if columns:
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(changed)
    freeze(folder)
    return altered


@pytest.fixture(scope="session")
def pictures(shared: Shared) -> Path:
    """A copy of the pictures that the build drew, so that a notebook run again draws the others alone."""
    drawn = ROOT / "_build" / "cache" / "pictures"
    return shared("pictures", lambda folder: shutil.copytree(drawn, folder))


def figure_columns(file: str) -> tuple[str, ...]:
    return ("value",) if file.startswith("outcomes/") else READ_IN.get(file, ())


@pytest.mark.parametrize(
    "notebook",
    [
        name if name in QUICK else pytest.param(name, marks=LONG if name in SWEPT else pytest.mark.slow)
        for name in NOTEBOOKS
        if name not in SIMULATED
    ],
)
def test_the_rows_on_the_cards_recompute_every_number(notebook, tables, pictures, tmp_path):
    """A notebook run on a release in which every other figure is another gives the same results, key for key."""
    shutil.copytree(DATA, tmp_path / "data" / RELEASE)
    kept = kept_rows(*(SWEPT if notebook in SWEPT else {notebook}))
    altered = alter_the_rest(tmp_path / "data" / RELEASE, kept, tables)
    assert altered > 1000, "the other cases' rows at least are altered"
    [source] = (ROOT / "analysis" / "notebooks").glob(f"*/{notebook}.py")
    settings = {
        "LEADERSHIP_DATA": str(tmp_path / "data"), "LEADERSHIP_BUILD": str(tmp_path / "build"),
        "LEADERSHIP_RESULTS": str(RESULTS), "PYTHONPATH": str(ROOT / "analysis"), "OPENBLAS_NUM_THREADS": "1",
        "LEADERSHIP_PICTURES": str(pictures),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(source)], cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    again = json.loads(
        (tmp_path / "build" / "results" / RELEASE / f"{notebook}.json").read_text(encoding="utf-8")
    )
    known = results_of(notebook)
    assert set(again["results"]) == set(known)
    moved = [
        key
        for key, result in again["results"].items()
        if not same_number(result["value"], known[key]["value"]) or result["text"] != known[key]["text"]
    ]
    assert moved == []


@pytest.mark.browser
@pytest.mark.parametrize("how", ["mouse", "touch"])
def test_a_number_opens_its_card_and_its_rows(browser, address, how):
    settings = {
        "viewport": {"width": DESK if how == "mouse" else PHONE, "height": 800},
        "has_touch": how == "touch",
    }
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html", **settings) as (page, wrong):
        number = page.locator("main a.num").first
        number.click() if how == "mouse" else number.tap()
        card = page.locator("dialog#card[open]")
        card.wait_for()
        assert card.locator(".printed").inner_text() == number.inner_text()
        button = card.get_by_role("button", name="Show rows").first
        named = card.locator("a.rows").first.get_attribute("data-rows")
        button.click()
        card.locator("table tr").nth(1).wait_for()
        assert card.locator("table tr").count() - 1 == min(len(numbered(named)), 50)
        assert card.locator("table td[title]").count() > 0, "ids are not named"
        card.get_by_role("button", name="Close").click()
        card.wait_for(state="hidden")
        assert not wrong, wrong


@pytest.mark.browser
def test_back_closes_the_card_and_one_number_can_be_shared(browser, address):
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html", viewport={"width": DESK, "height": 800}) as (
        page,
        wrong,
    ):
        here, number = page.url, page.locator("main a.num").first
        card = page.locator("dialog#card[open]")
        for close in ("history.back()", "document.querySelector('.card-close').click()"):
            steps = page.evaluate("history.length")
            number.click()
            card.wait_for()
            page.evaluate(close)
            card.wait_for(state="hidden")
            page.wait_for_function("!history.state?.card")
            assert page.url == here
            assert number.evaluate("(link) => link === document.activeElement")
        assert page.evaluate("history.length") == steps, "a closed card stays in the history"
        number.click()
        card.get_by_role("button", name="Copy link to this number").click()
        card.get_by_role("button", name="Copied link to this number").wait_for()
        shared = number.evaluate("(link) => link.href")
        page.evaluate("document.querySelector('.card-close').click()")
        page.locator(".site-search input").first.focus()
        page.keyboard.press("Control+V")
        assert page.locator(".site-search input").first.input_value() == shared
        assert not wrong, wrong


@pytest.mark.browser
def test_without_javascript_a_number_leads_to_the_same_entry(browser, address):
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html", java_script_enabled=False) as (page, _):
        number = page.locator("main a.num").first
        printed, target = number.inner_text(), number.get_attribute("href").partition("#")[2]
        number.click()
        page.wait_for_url("**/numbers/**")
        assert page.locator(f"[id='{target}'] .printed").inner_text() == printed
