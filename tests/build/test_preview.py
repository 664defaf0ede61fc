"""The preview shows an edit in an open page, keeps the last good page when an edit is wrong, and stays on this machine.

A miniature publication is previewed by the real command and read in headless Chromium, under the security policy that
the pages carry. Decided here: an edit reaches the open page without a hand on it; a wrong edit leaves the page, says on
it what is wrong, and is gone once it is taken back; an edit of a notebook arrives with its number; no file of the site gets the
reloading script; no other machine and no other name is answered.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from leadership_effects.build import preview
from miniature import Tree
from playwright.sync_api import Browser, Page, expect

SECONDS = 600_000  # of patience, in milliseconds
STATE = "#preview-state"


@dataclass(frozen=True)
class Running:
    """A preview that runs: the publication it shows and its port."""

    tree: Tree
    port: int

    def write(self, page: str, text: str) -> None:
        (self.tree.root / "book" / f"{page}.md").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def running(built: Tree, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The preview of a small publication on a free port; fails if it ends by itself."""
    tree = built.copy(tmp_path_factory.mktemp("preview") / "tree")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LEADERSHIP_", "PYTHON"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "leadership_effects.build.preview", "0"], cwd=tree.root, stdout=subprocess.PIPE, text=True,
        env=kept | {"PYTHONPATH": str(tree.root / "analysis")},
    )  # fmt: skip
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
    assert found, "the preview did not say where it is"
    yield Running(tree, int(found[1]))
    assert process.poll() is None, "the preview ended by itself"
    process.send_signal(signal.SIGINT)
    assert process.wait(300) == 0
    process.stdout.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.browser
def test_an_edit_reaches_the_open_page_and_a_wrong_one_leaves_it(running: Running, page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"http://127.0.0.1:{running.port}/book/index.html")
    first = "# A small book\n\nThe mean is {num}`huari.mean` {src}`S_ONE`. "
    running.write("index", first + "An edit of one page.\n")
    expect(page.locator("article")).to_contain_text("An edit of one page.", timeout=SECONDS)

    running.write("index", first + "A number that is not there: {num}`huari.medan`.\n")
    expect(page.locator(STATE)).to_contain_text("book/index.md:3", timeout=SECONDS)
    expect(page.locator(STATE)).to_contain_text("huari.medan")
    expect(page.locator("article")).to_contain_text("An edit of one page.")

    running.write("index", first + "An edit of one page.\n")  # taken back: the last good page is right again
    expect(page.locator(STATE)).not_to_contain_text("huari.medan", timeout=SECONDS)
    expect(page.locator("article")).to_contain_text("An edit of one page.")
    expect(page.locator("article")).not_to_contain_text("huari.medan")
    assert not errors, errors

    notebook = running.tree.notebook("delhi")
    notebook.write_text(notebook.read_text().replace('"mean", rows["value"].mean()', '"mean", 47.25'))
    running.write("index", first + "Delhi: {num}`delhi.mean`.\n")
    expect(page.locator("article")).to_contain_text("Delhi: 47.2", timeout=SECONDS)
    for wrong, named in ((b"\nrows = (\n", "delhi.py: line"), (b"\n# \xff\n", "not UTF-8 (byte 0xff)")):
        good = notebook.read_bytes()
        notebook.write_bytes(good + wrong)
        expect(page.locator(STATE)).to_contain_text(named, timeout=SECONDS)
        expect(page.locator(STATE)).not_to_contain_text("Traceback")
        notebook.write_bytes(good)
        expect(page.locator(STATE)).not_to_contain_text(named, timeout=SECONDS)
    built = [
        *running.tree.build.joinpath("html").rglob("*"),
        *running.tree.build.joinpath("preview").rglob("*"),
    ]
    assert not [
        path
        for path in built
        if path.suffix in {".html", ".js"} and '<script src="/~preview' in path.read_text("utf-8")
    ]


def test_no_other_machine_and_no_other_name_is_answered(running: Running) -> None:
    def asked(path: str, host: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=300)
        connection.request("GET", path, headers={"Host": host})
        status = connection.getresponse().status
        connection.close()
        return status

    here = f"127.0.0.1:{running.port}"
    assert asked("/book/index.html", here) == 200
    assert asked("/book/index.html", f"elsewhere.example:{running.port}") == 403
    assert asked("/..%2f..%2fpyproject.toml", here) == 404
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", running.port), timeout=5):
        pass


def test_a_taken_port_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("A site.")
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path))
    with preview.open_server(0, tmp_path / "html") as server:
        port = server.server_address[1]
        assert preview.main([str(port), "--built"]) == 1
    assert f"port {port} of this machine" in capsys.readouterr().err


def test_the_site_that_a_build_folder_holds_is_served(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path))
    assert preview.main(["0", "--built"]) == 1
    assert "no built site yet" in capsys.readouterr().err


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("while_building", [True, False], ids=["while it builds", "while it waits"])
def test_a_preview_ends_when_asked_to_though_its_shell_ignores_interrupts(
    built: Tree, tmp_path: Path, sent: signal.Signals, while_building: bool
) -> None:
    """A shell without job control has what it runs in the background ignore Ctrl-C."""
    tree = built.copy(tmp_path / "tree")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LEADERSHIP_", "PYTHON"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "leadership_effects.build.preview", "0"], cwd=tree.root, stdout=subprocess.PIPE, text=True,
        env=kept | {"PYTHONPATH": str(tree.root / "analysis")}, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://")
        if not while_building:
            while "preview: " not in process.stdout.readline():
                assert process.poll() is None
        process.send_signal(sent)
        assert process.wait(120) == 0


@pytest.mark.parametrize("method, sent", [("GET", b"not here"), ("HEAD", b"")])
def test_an_unknown_address_gets_the_sites_own_page(tmp_path: Path, method: str, sent: bytes) -> None:
    (tmp_path / "404.html").write_text("not here", encoding="utf-8")
    with preview.open_server(0, tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connection = http.client.HTTPConnection(*server.server_address[:2], timeout=300)
        connection.request(method, "/book/cases/nowhere.html")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, sent)
        assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
        connection.close()
        server.shutdown()
