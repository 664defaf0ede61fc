"""Provide the small release and the miniature publication to every test; each is built once for all test processes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.paths import ROOT, results_folder
from miniature import Shared, SmallRelease, Tree, build_small_release, plant_tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser  # most tests open none


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin the longest tests first: the short ones that follow keep every process at work to the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Folders by name, made once in a run however many processes test."""
    base = tmp_path_factory.getbasetemp()
    return Shared(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session", autouse=True)
def _results_stay() -> Iterator[None]:
    """Fail when a test wrote among the results of the checkout, where later tests and builds would find it."""

    def listed() -> set[tuple[str, int]]:
        return {
            (path.name, path.stat().st_mtime_ns)
            for path in results_folder(newest_release(ROOT / "data")).rglob("*.json")
        }

    before = listed()
    yield
    changed = sorted({name for name, _ in before ^ listed()})
    assert not changed, (
        f"tests wrote into _build/results: {', '.join(changed[:5])}; set LEADERSHIP_BUILD in them"
    )


@pytest.fixture(scope="session")
def release() -> Release:
    """The newest release of the checkout; tables are copies, what is read is only remembered."""
    return open_release(newest_release(ROOT / "data"), ROOT / "data")


@pytest.fixture(scope="session")
def pristine(shared: Shared) -> SmallRelease:
    """The small release; not to be changed."""
    return SmallRelease(shared("pristine", build_small_release))


@pytest.fixture
def small(pristine: SmallRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallRelease:
    """A copy of the small release to spoil; ``LEADERSHIP_DATA`` and ``LEADERSHIP_BUILD`` point to it."""
    shutil.copytree(pristine.data, tmp_path / "data")
    monkeypatch.setenv("LEADERSHIP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path / "build"))
    monkeypatch.delenv("LEADERSHIP_RESULTS", raising=False)
    return SmallRelease(tmp_path / "data")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a machine without it fails, here as in continuous integration."""
    from playwright.sync_api import sync_playwright
    from site_pages import FLAGS, NO_BROWSER

    path = shutil.which("chromium")
    if path is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def library(shared: Shared) -> Path:
    """Folder with the chart library as a build keeps it, for builds that are not to bundle it again."""

    def bundle(folder: Path) -> None:
        from leadership_book.assets import add_vega

        folder.mkdir()
        add_vega(folder.with_name("bundled"), folder)

    return shared("library", bundle)


@pytest.fixture(scope="session")
def planted(pristine: SmallRelease, library: Path, shared: Shared) -> Tree:
    """The miniature publication before anything was run; not to be changed."""
    return Tree(shared("planted", lambda root: plant_tree(root, pristine.data, library)))


@pytest.fixture(scope="session")
def built(planted: Tree, shared: Shared) -> Tree:
    """The miniature publication after one whole build; not to be changed."""

    def build(root: Path) -> None:
        done = planted.copy(root).run("build.site")
        assert done.returncode == 0, f"the miniature publication does not build:\n{done.stdout}{done.stderr}"

    return Tree(shared("built", build))


@pytest.fixture
def tree(built: Tree, tmp_path: Path) -> Tree:
    """A built copy to change."""
    return built.copy(tmp_path / "tree")


@pytest.fixture
def here(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A built copy that the functions of this process look at."""
    from leadership_effects.build import compile as compiling
    from leadership_effects.build import imports, jobs, reuse, run

    for module in (imports, jobs, reuse, run, compiling):
        monkeypatch.setattr(module, "ROOT", tree.root)
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tree.build))
    monkeypatch.setenv("LEADERSHIP_DATA", str(tree.small.data))
    monkeypatch.delenv("LEADERSHIP_RESULTS", raising=False)
    return tree
