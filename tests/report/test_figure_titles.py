"""Every figure of the newest release says its finding over the chart, and below it what was measured."""

from __future__ import annotations

import json
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
