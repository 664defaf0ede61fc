"""Check the form that sets a belief: its numbers are the package's, by pointer and keys, at every width and colour.

The form stands in a page of its own with the book's style sheets and script. Its evidence is invented; the named beliefs
are those of the plan.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from leadership_book.layout import PRIOR_SCRIPT, PRIOR_STYLE
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.paths import ROOT
from leadership_effects.report.many_places.beliefs import Beliefs, record_beliefs, record_by_places
from leadership_effects.report.registry import Registry
from leadership_effects.synthesis.prior import Belief, Evidence, combined, reached, update, update_by_places
from playwright.sync_api import Page
from site_pages import DESK, FOLDER, OVERFLOW, PHONE, opened, served

STATIC = ROOT / "book" / "_static"
EIGHT = Evidence("the eight places", 0.148, 0.0803, frozenset({"Huari"}))
STATES = Evidence("the states", -0.012, 0.0245, frozenset({"US-TN"}))
EVIDENCE = {"places": EIGHT, "states": STATES, "all": combined("all of them", EIGHT, STATES)}
SHOWN = 5e-4  # three decimals
PAGE = """<!doctype html><html lang="en"><head><title>Beliefs</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><style>{style}</style>
<link rel="stylesheet" href="prior.css"><link rel="icon" href="favicon.svg"><script src="prior.js" defer></script></head>
<body><main><article class="page"><h1>Beliefs</h1>{control}</article></main></body></html>"""
AXE = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`)"


@dataclass
class Served:
    beliefs: Beliefs
    address: str

    def value(self, key: str) -> float:
        return float(self.beliefs.registry.value(f"prior.{key}"))


@pytest.fixture(scope="module")
def form(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    registry = Registry(release, "beliefs", "tests/site/test_prior_control.py")
    beliefs = record_beliefs(registry, EVIDENCE, rows=Rows(0, "none: invented", ()))
    site: Path = tmp_path_factory.mktemp("beliefs")
    folder = site / FOLDER
    folder.mkdir(parents=True)
    for name in ("prior.css", "prior.js", "favicon.svg"):
        shutil.copyfile(STATIC / name, folder / name)
    style = (STATIC / "book.css").read_text(encoding="utf-8")
    (folder / "index.html").write_text(
        PAGE.format(style=style, control=beliefs.control().markup()), encoding="utf-8"
    )
    with served(site) as address:
        yield Served(beliefs, f"{address}/{FOLDER}/index.html")


def seen(page: Page) -> dict[str, float]:
    """What the form works out, unrounded."""
    found: dict[str, float] = json.loads(page.locator(".prior-control").get_attribute("data-after") or "")
    return found


def shown(page: Page, name: str) -> str:
    return page.locator(f"[data-shows={name}]").inner_text()


@pytest.mark.browser
def test_sliders_set_to_a_named_belief_give_the_recorded_numbers(browser, form):
    with opened(browser, form.address) as (page, wrong):
        for name in form.beliefs.priors:
            for slider in ("mean", "sd"):
                page.locator(f"input[name={slider}]").fill(f"{form.value(f'{name}.{slider}'):g}")
            assert float(shown(page, "before-above")) == pytest.approx(form.value(f"{name}.above"), abs=SHOWN)
            for key in EVIDENCE:
                page.locator("select[name=evidence]").select_option(key)
                for part in ("mean", "sd", "above"):
                    recorded = form.value(f"after.{key}.{name}.{part}")
                    assert seen(page)[part] == pytest.approx(recorded, abs=SHOWN), (name, key, part)
                row = form.beliefs.registry.results[f"prior.after.{key}.{name}.mean"]
                assert shown(page, "after-mean") == row["text"]
                assert shown(page, "after-interval") == row["interval_text"]
                assert row["text"] in page.locator("[role=status]").inner_text()
        assert wrong == []


@pytest.mark.browser
def test_a_button_sets_a_named_belief_exactly_and_keys_move_it(browser, form):
    with opened(browser, form.address) as (page, wrong):
        button = page.get_by_role("button", name="Believer")
        button.press("Enter")
        assert button.get_attribute("aria-pressed") == "true"
        assert seen(page)["above"] == pytest.approx(form.value("after.places.believer.above"), abs=1e-9)
        page.get_by_label("Mean effect on a system").press("ArrowRight")
        moved = update(Belief(0.055, form.value("believer.sd")), EIGHT)
        assert seen(page)["mean"] == pytest.approx(moved.mean, abs=1e-9)
        assert button.get_attribute("aria-pressed") == "false"
        page.get_by_label("Effect on the pupils").fill("0.2")
        page.get_by_label("Share of all pupils").fill("25")
        mean, _ = reached(0.2, 0.25)
        assert shown(page, "before-mean") == "+0.050"
        assert seen(page)["mean"] == pytest.approx(update(Belief(mean, 0.05), EIGHT).mean, abs=1e-9)
        assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_can_be_used_by_everyone(browser, form, width, scheme):
    with opened(browser, form.address, viewport={"width": width, "height": 900}) as (page, wrong):
        page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme; }", scheme)
        assert page.locator("form.prior-form").is_visible()
        overflow = page.evaluate(OVERFLOW)
        assert overflow["by"] <= 0 and not overflow["elements"], overflow
        page.add_script_tag(content=AXE_FILE_PATH.read_text(encoding="utf-8"))
        assert page.evaluate(AXE) == []
        assert wrong == []


@pytest.mark.browser
def test_without_javascript_the_table_of_named_beliefs_stands_alone(browser, form):
    with opened(browser, form.address, java_script_enabled=False) as (page, wrong):
        assert not page.locator("form.prior-form").is_visible()
        rows = page.locator(".prior-control .table-scroll tbody tr")
        assert rows.count() == len(form.beliefs.priors) * (1 + len(EVIDENCE))
        assert form.beliefs.registry.text("prior.after.states.sceptic.mean") in rows.nth(2).inner_text()
        assert wrong == []


def test_the_layout_loads_script_and_style_where_the_form_is_and_nowhere_else(form, project):
    """Both files are the book's own; the numbers that the form carries are those recorded."""
    markup = form.beliefs.control().markup()
    project.write(f"```{{raw}} html\n{markup}\n```\n")
    settings = project.root / "conf.py"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('html_theme = "basic"', 'html_theme = "leadership"')
        + f"\nhtml_static_path = [{str(STATIC)!r}]\n",
        encoding="utf-8",
    )
    assert project.build() == ("", "")
    for page, loads in (("index", True), ("numbers", False)):
        html = project.html(page)
        loaded = [
            tag.get("src") or tag.get("href") for tag in html.select("script[src], link[rel=stylesheet]")
        ]
        assert all((f"../{name}" in loaded) is loads for name in (PRIOR_SCRIPT, PRIOR_STYLE)), loaded
    control = project.html("index").select_one(".prior-control")
    assert json.loads(control["data-evidence"])["places"]["estimate"] == 0.148
    assert json.loads(control["data-priors"])["believer"]["share"] == pytest.approx(1 / 3, abs=1e-9)


def test_beliefs_after_single_places_are_recorded_beside(form):
    table = record_by_places(form.beliefs, (0.1, 0.0), (0.1, 0.05), rows=Rows(0, "none: invented", ()))
    found = update_by_places(form.beliefs.priors["neutral"], (0.1, 0.0), (0.1, 0.05), form.beliefs.limit, 0.1)
    assert form.value("by_places.neutral.mean") == pytest.approx(found.mean, rel=1e-9)
    assert list(table.frame["belief"]) == ["Sceptic", "Neutral", "Believer"]
