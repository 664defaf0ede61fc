"""Every figure of the newest release says its finding over the chart, and below it what was measured.

What this book estimated is a difference, in titles, on axes, in columns and on cards: no design here can carry a cause.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from leadership_effects.data.release import newest_release
from leadership_effects.paths import results_folder
from leadership_effects.prose.pages import Page, Passage
from leadership_effects.prose.rules import RULES, Knowledge
from leadership_effects.report.descriptions import check_heading

FIGURES = {
    (path.stem, name): record
    for path in sorted(results_folder(newest_release()).glob("*.json"))
    for name, record in json.loads(path.read_text(encoding="utf-8"))["figures"].items()
}
RESULTS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["results"]
    for path in sorted(results_folder(newest_release()).glob("*.json"))
}
# These show effects that cited studies estimated, or what estimators do.
OF_STUDIES = {"evaluations", "what_leaders_add", "estimators"}
EFFECT = re.compile(r"\beffects?\b", re.IGNORECASE)
# Names of estimators, sizes that a plan asks about, effects put into simulated panels, beliefs, and effects in cited trials
NO_ESTIMATE = re.compile(
    r"(?:fixed|random)[- ]effects|effects? of interest|(?:true|known|largest|detectable mean|stated|direct) effect|"
    r"effect of \d\.\d+ found|effect of a given size|sets that hold the effect|treated cells whose effect|mean effect on a system|"
    r"effects? on (?:their |the )?pupils|effect of a Teach For America teacher",
    re.IGNORECASE,
)
CAUSES = next(rule for rule in RULES if rule.name == "causal-verb")


def test_the_book_has_figures() -> None:
    assert len(FIGURES) > 100


@pytest.mark.parametrize(
    ("notebook", "name", "record"),
    [(*key, record) for key, record in FIGURES.items()],
    ids=map(".".join, FIGURES),
)
def test_a_figure_says_what_it_finds_and_of_what(notebook: str, name: str, record: dict[str, Any]) -> None:
    title, subtitle = record["title"], record["subtitle"]
    check_heading(name, title, subtitle, notebook)
    assert record["description"].startswith(title)
    passages = tuple(
        Passage(notebook, 1, "chart", part, text, text)
        for part, text in (("title", title), ("subtitle", subtitle))
    )
    assert not list(CAUSES.findings(Page(f"book/cases/{notebook}.md", passages), Knowledge()))


def called_effect(text: str) -> bool:
    """Whether a text calls an estimate of this book an effect."""
    return bool(EFFECT.search(NO_ESTIMATE.sub("", text)))


@pytest.mark.parametrize(
    "text",
    [
        "Average effect, pupil SD",
        "Adjusted effect, cohort of 2009.",
        "Effect on one series: reading.",
        "effect",
    ],
)
def test_an_estimate_called_an_effect_is_seen(text: str) -> None:
    assert called_effect(text)


@pytest.mark.parametrize("notebook", [name for name in RESULTS if name not in OF_STUDIES])
def test_what_this_book_estimated_is_not_called_an_effect(notebook: str) -> None:
    """Meanings of numbers, axes and columns of charts, and their captions."""
    told = {key: result["meaning"] for key, result in RESULTS[notebook].items()}
    for (own, name), record in FIGURES.items():
        path = results_folder(newest_release()) / "figures" / f"{own}.{name}.json"
        if own != notebook:
            continue
        drawn = json.loads(path.read_text(encoding="utf-8"))
        simulated = any(NO_ESTIMATE.search(text) for text in (record["subtitle"], drawn["alt"]))
        columns = [] if simulated else drawn["columns"]
        axes = re.findall(r'"title": "([^"]+)"', json.dumps(drawn["spec"]))
        told |= {
            f"{name}: {text}": text
            for text in (*columns, *axes, record["caption"], record["title"], drawn["alt"])
        }
    assert not (found := {key: text for key, text in told.items() if called_effect(text)}), found
