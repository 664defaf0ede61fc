"""Check that pages name the current release by a substitution, set in one place."""

from __future__ import annotations

import re

import pytest
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from leadership_effects.prose.pages import page_paths
from miniature import NAME
from small_project import Project

# Pages that tell of the current release in the past, with how often they name it.
HISTORY: dict[str, int] = {
    "analysis/notebooks/cases/london.py": 1,
    "analysis/notebooks/cases/washington_dc.py": 1,
    "analysis/notebooks/synthesis/security.py": 1,
    "book/changes.md": 2,
    "book/methods.md": 2,
}


@pytest.mark.parametrize("page", list(page_paths()))
def test_a_page_names_the_current_release_only_where_it_tells_history(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(rf"(?<![0-9.]){re.escape(newest_release())}(?![0-9])", text)
    assert len(named) == HISTORY.get(page, 0), "write {{ release }} or {{ data_folder }}"


@pytest.mark.parametrize("setting", [f'lb_release = "{NAME}"', ""])
def test_the_release_is_substituted_and_is_the_newest_unless_set(project: Project, setting: str) -> None:
    project.write("Release {{ release }} in {{ data_folder }}, results in {{ published_folder }}.")
    conf = project.root / "conf.py"
    conf.write_text(re.sub("lb_release = .*", setting, conf.read_text(encoding="utf-8")), encoding="utf-8")
    assert project.build() == ("", "")
    start = project.html("index")
    assert f"Release {NAME} in data/{NAME}, results in analysis/published/{NAME}." in start.get_text()
    assert start.find("code", string=f"data/{NAME}")
