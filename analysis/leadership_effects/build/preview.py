"""Serve the site on this machine; rebuild it and reload pages after every edit.

The preview builds as ``nox -s book`` does, into ``preview`` of the build folder, in a process forked from one that has
Sphinx loaded and no module of the package, so that edits of the package and the extension count at once. A build that fails
leaves the last good pages. The script that reloads a page is added while a page is served: no file of the site holds it,
and the pages' security policy holds as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import LOCK, ROOT, build_folder

HOST = "127.0.0.1"
ENDING = (signal.SIGINT, signal.SIGTERM)
LOOK_EVERY_S, SETTLED_AFTER_S = 0.2, 0.1
FILES, FOLDERS = ("_config.yml", "_toc.yml", LOCK, "CITATION.cff"), ("book", "data", "analysis")
LIBRARIES = ["jupyter_book.sphinx", "myst_nb", "sphinx.builders.html", "sphinxcontrib.bibtex", "sphinx_comments",
             "sphinx_external_toc", "vl_convert", "latex2mathml.converter"]  # fmt: skip
CLIENT = """"use strict";
{
  const loaded = document.currentScript.dataset.version;
  const panel = document.createElement("div");
  panel.id = "preview-state";
  panel.setAttribute("role", "status");
  panel.style.cssText = "position:fixed;z-index:9999;inset:auto 0 0 0;max-height:60vh;overflow:auto;padding:.5rem 1rem;" +
    "font:14px/1.4 monospace;white-space:pre-wrap;background:#222;color:#fff";
  const show = (text) => {
    panel.textContent = text;
    panel.hidden = !text;
    if (!panel.isConnected) document.body.append(panel);
  };
  const look = async () => {
    try {
      const state = await (await fetch("/~preview/state", { cache: "no-store" })).json();
      if (state.version !== loaded) return location.reload();
      if (state.problem) show(`${state.problem}\\n\\nThe page is as it was before this edit.`);
      else show(state.building ? "building ..." : "");
    } catch {
      show("the preview has stopped: nox -s preview");
    }
    setTimeout(look, 250);
  };
  look();
}
"""
WAITING = '<!DOCTYPE html><html lang=en><head><title>Preview</title><link rel=icon href="data:,"></head><body>The first build is running.</body></html>'


class ServerError(LeadershipError, RuntimeError):
    """The site cannot be served."""


@dataclass
class State:
    """State of a preview, which its pages ask for.

    Attributes
    ----------
    version : str
        Changes when the pages do; a page that was served under another one reloads.
    building : bool
    problem : str
        What stopped the last build, empty if it succeeded.
    """

    version: str = "0"
    building: bool = False
    problem: str = ""


class SiteHandler(SimpleHTTPRequestHandler):
    """Files of a site for the browser of this machine, nothing of which it keeps."""

    state: State | None = None

    def do_GET(self) -> None:
        """Answer a request; refuse one that the page of another site sent here."""
        port = self.connection.getsockname()[1]
        if self.headers.get("Host") not in {f"{name}:{port}" for name in (HOST, "localhost")}:
            self.send_error(403)
        elif self.state and self.path == "/~preview/client.js":
            self.answer(CLIENT, "text/javascript")
        elif self.state and self.path == "/~preview/state":
            self.answer(json.dumps(asdict(self.state)), "application/json")
        elif self.state and self.path.partition("?")[0].endswith(("/", ".html")):
            self.answer_page()
        else:
            super().do_GET()

    def answer_page(self) -> None:
        """Send a page with the script that reloads it."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file() and Path(self.translate_path("/index.html")).is_file():
            self.send_error(404)
            return
        page = path.read_text(encoding="utf-8") if path.is_file() else WAITING
        script = f'<script src="/~preview/client.js" data-version="{self.state and self.state.version}" defer></script>'
        self.answer(page.replace("</head>", f"{script}</head>", 1), "text/html")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page for an address that does not exist, as hosts of static sites do."""
        page = Path(self.directory, "404.html")
        if code == 404 and page.is_file():
            self.answer(page.read_text(encoding="utf-8"), "text/html", code)
        else:
            super().send_error(code, message, explain)

    def answer(self, content: str, kind: str, code: int = 200) -> None:
        """Send text."""
        body = content.encode()
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        """Have the browser ask again each time."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write no line for a request."""


def open_server(port: int, folder: Path, state: State | None = None) -> ThreadingHTTPServer:
    """Bind a server of a folder to a port of this machine.

    Raises
    ------
    ServerError
        If the port is taken.
    """
    handler = type("Handler", (SiteHandler,), {"state": state})
    try:
        return ThreadingHTTPServer((HOST, port), partial(handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise ServerError(
            f"port {port} of this machine: {error}; name another after --, such as 8001"
        ) from None


def watched_files() -> dict[str, tuple[int, int]]:
    """Return time of change and size of each source; hidden and generated files are left out."""
    paths = [ROOT / name for name in FILES]
    for name in FOLDERS:
        for top, folders, files in os.walk(ROOT / name):
            folders[:] = [
                folder for folder in folders if folder != "__pycache__" and not folder.startswith(".")
            ]
            paths += [
                Path(top, file) for file in files if not file.startswith(".") and not file.endswith(".ipynb")
            ]
    found = {}
    for path in paths:
        with suppress(FileNotFoundError):  # a file that an editor writes and takes away
            found[str(path)] = (path.stat().st_mtime_ns, path.stat().st_size)
    return found


def build_preview(answer: Connection) -> None:
    """Build in this process and send what stopped it, or an empty text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from leadership_effects.build.kernels import exit_with_parent
    from leadership_effects.build.run import build_lock
    from leadership_effects.build.site import Shown, build
    from leadership_effects.build.workers import WORKERS
    from leadership_effects.data.release import newest_release, open_release

    exit_with_parent()
    folder = build_folder() / "preview"
    try:
        release = open_release(newest_release())
        with build_lock():
            build(release, WORKERS, place=Shown(folder / "html", folder / "stamp.json"))
        answer.send("")
    except LeadershipError as error:
        answer.send(str(error))
    except Exception:
        answer.send(traceback.format_exc())


@contextmanager
def end_signals() -> Iterator[Connection]:
    """Give a connection that is ready to read once Ctrl-C or a request to end has come.

    Nothing is raised where the signal arrives: an exception would be lost in a destructor, or leave a build that has just begun.
    Ctrl-C is heard also where a shell had it ignored, as one without job control does for what it runs in the background.
    """
    ended, end = Pipe(duplex=False)
    before = {number: signal.signal(number, lambda *_: end.send_bytes(b"end")) for number in ENDING}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        end.close()
        ended.close()


def watch(state: State, ended: Connection) -> None:
    """Build at the start and after every edit, until asked to end."""
    context = get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    seen: dict[str, tuple[int, int]] = {}
    while not wait([ended], LOOK_EVERY_S):
        if watched_files() == seen:
            continue
        if wait([ended], SETTLED_AFTER_S):
            return
        seen, state.building, started = watched_files(), True, time.perf_counter()
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=build_preview, args=(send,))
        try:
            process.start()
            send.close()
            if ended in wait([receive, ended]):
                return
            state.problem = receive.recv()
        except EOFError:
            state.problem = "the build was killed; look for a lack of memory"
        finally:
            if process.pid is not None:
                process.kill()  # nothing holds it up, and a killed build runs again
                process.join()
        state.building, seconds = False, time.perf_counter() - started
        if state.problem:
            print(
                f"{state.problem}\npreview: failed after {seconds:.1f} s; the last good pages stay",
                flush=True,
            )
        else:
            state.version = f"{time.time_ns():x}"
            print(f"preview: done in {seconds:.1f} s", flush=True)


def run_server(port: int, built: bool) -> int:
    """Serve until the process is asked to end: the built site, or a preview of the sources."""
    folder = build_folder() / "html" if built else build_folder() / "preview" / "html"
    if built and not (folder / "index.html").is_file():
        raise ServerError(f"{os.path.relpath(folder)}: there is no built site yet; run nox -s book")
    state = None if built else State()
    with end_signals() as ended, open_server(port, folder, state) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://{HOST}:{server.server_address[1]}/ (stop with Ctrl-C)", flush=True)
        if state is None:
            wait([ended])
        else:
            watch(state, ended)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command line of ``nox -s preview`` and ``nox -s serve``; return the exit code."""
    parser = argparse.ArgumentParser(description="Show the site while an author edits.")
    parser.add_argument("port", nargs="?", type=int, default=8000, help="port on this machine; 0 for any")
    parser.add_argument("--built", action="store_true", help="serve the built site and watch nothing")
    options = parser.parse_args(arguments)
    try:
        return run_server(options.port, options.built)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
