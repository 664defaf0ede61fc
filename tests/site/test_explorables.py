"""Check the forms to explore with: their numbers are the package's, by pointer and keys, at every width and colour.

Each stands in a page of its own with the book's style sheets and script. What the beliefs meet is invented.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from leadership_book.layout import EXPLORE_SCRIPTS, EXPLORE_STYLE, PRIOR_SCRIPT, PRIOR_STYLE
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.effects.study_power import Study
from leadership_effects.paths import ROOT
from leadership_effects.report.explorables.study import STUDIES, StudyControl
from leadership_effects.report.explorables.tipping import TippingControl, share_in_words
from leadership_effects.report.many_places.beliefs import record_beliefs
from leadership_effects.report.registry import Registry
from leadership_effects.simulation.mean_field import MODELS, Setting, followed, tipping_share
from leadership_effects.synthesis.prior import Belief, Evidence, update
from leadership_effects.synthesis.tipping import NETWORKS
from site_pages import DESK, FOLDER, OVERFLOW, PHONE, opened, served

STATIC = ROOT / "book" / "_static"
SETTINGS, EQUAL = 200, 1e-6
SEARCHED = (
    0.15  # of the settings, for which the package looks for the tipping share too, which takes it seconds
)
EIGHT = Evidence("the eight places", 0.148, 0.0803, frozenset({"Huari"}))
LIMIT = 0.05
PAGE = """<!doctype html><html lang="en"><head><title>{name}</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><style>{book}</style>
<link rel="stylesheet" href="{style}"><link rel="icon" href="favicon.svg"><script src="{script}" defer></script></head>
<body><main><article class="page"><h1>{name}</h1>{control}</article></main></body></html>"""
AXE = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`)"
# Sets every field of a form for each setting, tells the form of those it listens to, and returns what it worked out.
SET_ALL = """([settings, told, worked]) => settings.map((fields) => {
    const form = document.querySelector("form");
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    for (const name of told) form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
    return JSON.parse(form.parentElement.dataset[worked]);
})"""


def random_belief(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields and what the package makes of them."""
    mean, sd = round(float(rng.integers(-40, 81)) * 0.005, 3), round(float(rng.integers(1, 61)) * 0.005, 3)
    after = update(Belief(mean, sd), EIGHT)
    return {"mean": mean, "sd": sd}, {"mean": after.mean, "sd": after.sd, "above": after.above(LIMIT)}


def random_tipping(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = {
        "share": int(rng.integers(0, 61)), "memory": int(rng.integers(1, 101)), "network": str(rng.choice(NETWORKS)),
        "mean": int(rng.integers(5, 96)), "spread": int(rng.integers(1, 51)),
    }  # fmt: skip
    setting = Setting(**fields | {name: fields[name] / 100 for name in ("mean", "spread")})
    defined = [model for model in MODELS if model != "naming" or setting.network == "complete"]
    found = {model: {"followed": followed(model, setting)} for model in defined}
    if rng.random() < SEARCHED:
        for model in defined:
            found[model]["from"] = tipping_share(model, setting)
    return fields, {model: found.get(model) for model in MODELS}


def random_study(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any]]:
    whole = {
        name: int(rng.integers(low, high + 1))
        for name, low, high in (("treated", 1, 40), ("untreated", 2, 80), ("before", 1, 20), ("after", 1, 15))
    }
    spread, alike = (
        round(0.01 + 0.005 * int(rng.integers(0, 99)), 3),
        round(0.05 * int(rng.integers(0, 20)), 2),
    )
    dose, turn = int(rng.integers(5, 101)), bool(rng.integers(0, 2))
    study = Study(**whole, spread=spread, autocorrelation=alike, dose=dose / 100, in_turn=turn)
    fields = {
        "spread": spread,
        "autocorrelation": alike,
        "dose": dose,
        "starts": "in turn" if turn else "at once",
    }
    return whole | fields, {
        "mde": study.minimum_detectable(), "reached": study.on_reached(), "needed": study.treated_needed(LIMIT),
        "p": study.smallest_p, "results": study.results_needed, "counts": study.counts_needed,
    }  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A form: its files, fields whose events it needs, where it leaves what it worked out, settings, and one slider."""

    style: str
    script: str
    told: tuple[str, ...]
    worked: str
    draw: Callable[[np.random.Generator], tuple[dict[str, Any], dict[str, Any]]]
    slider: str


KINDS = {
    "prior": Kind(
        PRIOR_STYLE, PRIOR_SCRIPT, ("mean", "sd"), "after", random_belief, "Mean effect on a system"
    ),
    "tipping": Kind(
        EXPLORE_STYLE, "_static/tipping.js", ("share",), "found", random_tipping, "Committed leaders"
    ),
    "study": Kind(
        EXPLORE_STYLE, "_static/study.js", ("treated",), "found", random_study, "Places that start"
    ),
}


@pytest.fixture(scope="module")
def controls(release: Release) -> dict[str, str]:
    """Markup of each form."""
    registry = Registry(release, "beliefs", "tests/site/test_explorables.py")
    beliefs = record_beliefs(registry, {"places": EIGHT}, rows=Rows(0, "none: invented", ()))
    assert beliefs.limit == LIMIT
    return {
        "prior": beliefs.control().markup(),
        "tipping": TippingControl(dict.fromkeys(NETWORKS, "25")).markup(),
        "study": StudyControl(LIMIT).markup(),
    }


@pytest.fixture(scope="module")
def address(controls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the folder of the forms' pages."""
    site: Path = tmp_path_factory.mktemp("explorables")
    folder = site / FOLDER
    folder.mkdir(parents=True)
    book = (STATIC / "book.css").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        files = [Path(file).name for file in (kind.style, kind.script)]
        for file in (*files, "favicon.svg"):
            shutil.copyfile(STATIC / file, folder / file)
        page = PAGE.format(name=name, book=book, style=files[0], script=files[1], control=controls[name])
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    with served(site) as top:
        yield f"{top}/{FOLDER}"


def same(found: Any, expected: Any) -> bool:
    """Whether two nested results agree: whole numbers and None exactly, others to a millionth."""
    if isinstance(expected, dict):
        return found is not None and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, float):
        return abs(found - expected) <= EQUAL
    return bool(found == expected)


@pytest.mark.browser
@pytest.mark.parametrize("name", KINDS)
def test_a_form_gives_the_numbers_of_the_package_at_random_settings(browser, address, name):
    kind, rng = KINDS[name], np.random.default_rng(20_261_129)
    drawn = [kind.draw(rng) for _ in range(SETTINGS)]
    with opened(browser, f"{address}/{name}.html") as (page, wrong):
        found = page.evaluate(SET_ALL, [[fields for fields, _ in drawn], kind.told, kind.worked])
        apart = [
            (fields, one, expected)
            for one, (fields, expected) in zip(found, drawn, strict=True)
            if not same(one, expected)
        ]
        assert apart == [] and len(found) == SETTINGS
        assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("name", KINDS)
def test_a_form_can_be_used_by_everyone(browser, address, name):
    with opened(browser, f"{address}/{name}.html", viewport={"width": DESK, "height": 900}) as (page, wrong):
        said = page.locator("[role=status]").inner_text()
        assert said
        slider = page.get_by_role("slider", name=KINDS[name].slider).first
        before = slider.input_value()
        slider.press("ArrowRight")
        assert slider.input_value() != before
        assert page.locator("[role=status]").inner_text() != said
        page.add_script_tag(content=AXE_FILE_PATH.read_text(encoding="utf-8"))
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate(OVERFLOW)
            assert overflow["by"] <= 0 and not overflow["elements"], (width, overflow)
            for scheme in ("light", "dark"):
                page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme; }", scheme)
                assert page.evaluate(AXE) == [], (width, scheme)
        assert wrong == []


# By the labels of both axes: where the upright line meets a curve, and how much of the height the curve takes.
READ = """(curve) => {
    const picture = document.querySelector(".explore-picture"), box = picture.querySelector("svg").getBoundingClientRect();
    const ends = (selector) => [...picture.querySelectorAll(`${selector} span`)].map((one) => Number(one.textContent));
    const heights = ends(".explore-heights"), places = ends(".explore-places");
    const points = picture.querySelector(curve).getAttribute("points").split(" ").map((one) => one.split(",").map(Number));
    const line = Number(picture.querySelector(".set").getAttribute("x1"));
    const [x, y] = points.reduce((best, one) => Math.abs(one[0] - line) < Math.abs(best[0] - line) ? one : best);
    const middle = (one) => one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2;
    const labels = [...picture.querySelectorAll(".explore-heights span")].map(middle);
    const ys = points.map((one) => one[1]);
    return {
        across: places[0] + (x / 600) * (places.at(-1) - places[0]),
        up: heights.at(-1) + (1 - y / 200) * (heights[0] - heights.at(-1)),
        off: Math.max(...labels.map((one, step) => Math.abs(one - box.top - (box.height * step) / (labels.length - 1)))),
        taken: (Math.max(...ys) - Math.min(...ys)) / 200,
        found: JSON.parse(picture.closest(".explore").dataset.found),
    };
}"""


@pytest.mark.browser
def test_the_axes_of_a_form_read_what_the_form_says_and_its_curve_is_never_flat(browser, address):
    with opened(browser, f"{address}/study.html") as (page, wrong):
        for study, (name, preset) in enumerate(STUDIES.items()):
            page.get_by_role("button", name=name).click()
            seen = page.evaluate(READ, "polyline.memory")
            assert seen["across"] == pytest.approx(preset.treated, abs=0.1)
            assert seen["up"] == pytest.approx(preset.minimum_detectable(), abs=0.002), study
            assert seen["taken"] > 1 / 3 and seen["off"] < 2, (name, seen)
        assert wrong == []
    with opened(browser, f"{address}/tipping.html") as (page, wrong):
        for curve in MODELS:
            seen = page.evaluate(READ, f"polyline.{curve}")
            assert seen["across"] == pytest.approx(20, abs=0.1) and seen["off"] < 2
            assert seen["up"] == pytest.approx(100 * seen["found"][curve]["followed"], abs=0.1)
        assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("name", KINDS)
def test_without_javascript_the_table_stands_alone(browser, address, name):
    with opened(browser, f"{address}/{name}.html", java_script_enabled=False) as (page, wrong):
        assert not page.locator("form").is_visible()
        assert page.locator(".table-scroll tbody tr").count() >= 4
        assert wrong == []


def test_the_tables_without_a_script_hold_what_the_package_computes(controls):
    mixed = Setting(0, 12, "complete")
    row = TippingControl(dict.fromkeys(NETWORKS, "25")).table().iloc[0]
    assert row["memory of 12"] == share_in_words(tipping_share("memory", mixed)) == "25"
    assert row["naming game"] == share_in_words(tipping_share("naming", mixed)) == "10"
    one = StudyControl(LIMIT).table().iloc[0]
    assert (
        one["smallest effect seen, on the place"]
        == f"{Study(1, 19, 5, 5, 0.1, 0.5).minimum_detectable():.3f}"
    )


@pytest.mark.parametrize("name", ["tipping", "study"])
def test_the_layout_loads_script_and_style_where_a_form_is_and_nowhere_else(controls, project, name):
    project.write(f"```{{raw}} html\n{controls[name]}\n```\n")
    settings = project.root / "conf.py"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('html_theme = "basic"', 'html_theme = "leadership"')
        + f"\nhtml_static_path = [{str(STATIC)!r}]\n",
        encoding="utf-8",
    )
    assert project.build() == ("", "")
    own = {KINDS[name].style, KINDS[name].script}
    for page, wanted in (("index", own), ("numbers", set())):
        found = project.html(page).select("script[src], link[rel=stylesheet]")
        loaded = {(tag.get("src") or tag.get("href")).removeprefix("../") for tag in found}
        assert loaded & {EXPLORE_STYLE, *EXPLORE_SCRIPTS.values()} == wanted
