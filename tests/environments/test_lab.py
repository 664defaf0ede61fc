"""JupyterLab opens the sources as notebooks, runs them, and leaves in git what was edited and no more.

A JupyterLab is started as ``nox -s lab`` and Binder start it, on a copy of the notebooks: every source comes back byte for byte from the lab, outputs or not; a
double click opens a source as cells that run against the package; nothing is written to the home, beside the notebooks or
over the build's results, and no other host is asked.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from leadership_effects.published.results import number_faults
from miniature import snapshot
from playwright.sync_api import Browser, expect

PYTHON = Path(sys.executable)
NOTEBOOKS = ROOT / "analysis" / "notebooks"
SOURCES = sorted(path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.rglob("*.py"))
RUN = "synthesis/security.py"  # a chapter that reads the results of the cases
PATIENCE = 600_000  # milliseconds; seconds on an idle machine


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs.

    Attributes
    ----------
    folder : Path
        Where it may write: ``notebooks``, a copy, ``build`` and ``home``.
    """

    folder: Path
    port: int
    token: str
    process: psutil.Process

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab on a copy of the notebooks, a build folder and a home of its own; fails if it ends by itself."""
    if not find_spec("jupyterlab"):
        pytest.fail("JupyterLab is not installed: `nox -s tests` installs it")
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    (folder / "home").mkdir()
    kept = {
        key: value for key, value in os.environ.items()
        if not key.startswith(("LEADERSHIP_", "PYTHON", "JUPYTER", "IPYTHON", "XDG_"))
    }  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    log = folder / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            ["bash", ROOT / ".binder" / "start", PYTHON, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}",
             f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder / 'notebooks'}"],
            env=kept | {"HOME": str(folder / "home"), "LEADERSHIP_BUILD": str(folder / "build")},
            stdout=stream, stderr=subprocess.STDOUT,
        )  # fmt: skip
    running = Lab(folder, port, token, psutil.Process(process.pid))
    for _ in range(300):
        try:
            running.ask("GET", "status")
            break
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
    yield running
    assert process.poll() is None, f"JupyterLab ended by itself:\n{log.read_text()}"
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def test_it_listens_here_alone_and_asks_for_the_token(lab: Lab) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{lab.port}/api/contents", timeout=300)
    taken = [c.laddr for c in lab.process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert {(address.ip, address.port) for address in taken} == {("127.0.0.1", lab.port)}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_saved_unedited_with_outputs_stays_as_it_is(lab: Lab, source: str) -> None:
    model = lab.ask("GET", f"contents/{source}?type=notebook&content=1")
    cells = model["content"]["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 3 and len(cells) > len(code)
    for number, cell in enumerate(code, start=1):
        text = {"output_type": "stream", "name": "stdout", "text": "an output\n"}
        cell |= {"execution_count": number, "outputs": [text]}
    lab.ask("PUT", f"contents/{source}", {"type": "notebook", "format": "json", "content": model["content"]})
    assert (lab.folder / "notebooks" / source).read_bytes() == (NOTEBOOKS / source).read_bytes()


def test_an_edit_is_saved_as_the_line_it_is(lab: Lab) -> None:
    model = lab.ask("GET", f"contents/{SOURCES[0]}?type=notebook&content=1")
    cell = next(cell for cell in model["content"]["cells"] if cell["cell_type"] == "code")
    cell["source"] += "\nadded = 1"
    lab.ask(
        "PUT", f"contents/{SOURCES[0]}", {"type": "notebook", "format": "json", "content": model["content"]}
    )
    path = lab.folder / "notebooks" / SOURCES[0]
    before, after = (text.splitlines() for text in ((NOTEBOOKS / SOURCES[0]).read_text(), path.read_text()))
    after.remove("added = 1")
    assert after == before
    shutil.copy(NOTEBOOKS / SOURCES[0], path)


@pytest.mark.browser
def test_a_double_click_opens_cells_that_run(lab: Lab, browser: Browser) -> None:
    folder, name = RUN.split("/")
    release = newest_release()
    written = lab.folder / "build" / "lab" / "results" / release / name.replace(".py", ".json")
    published = json.loads(written.read_text(encoding="utf-8"))
    written.unlink()
    asked: set[str] = set()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.goto(f"http://127.0.0.1:{lab.port}/lab?token={lab.token}")
    for item in (folder, name):
        page.locator(".jp-DirListing-item").filter(has_text=re.compile(f"^{re.escape(item)}")).dblclick()
    page.locator(".jp-NotebookPanel .jp-MarkdownCell h1").wait_for()
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    page.get_by_text("Python 3 | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.locator(".jp-InputPrompt", has_text="[1]:")).to_be_visible(timeout=PATIENCE)
    for _ in range(PATIENCE // 500):
        if written.is_file():
            break
        page.wait_for_timeout(500)
    errors = page.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
    assert written.is_file(), f"the chapter did not run to its end: {errors}"
    with page.expect_response(lambda answer: answer.request.method == "PUT" and name in answer.url) as saved:
        page.locator(".jp-NotebookPanel").press("Control+s")
    assert saved.value.ok
    page.close()
    assert asked == {f"127.0.0.1:{lab.port}"}
    faults = number_faults(json.loads(written.read_text(encoding="utf-8")), published)
    assert not {key: found for key, found in faults.items() if found}
    left = "saving moved a source or left another file"
    assert snapshot(lab.folder / "notebooks") == snapshot(NOTEBOOKS), left
    assert not snapshot(lab.folder / "home")
    assert not list(written.parents[2].rglob("*.copied"))
