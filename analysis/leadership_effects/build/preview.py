"""Show the site while an author edits: compile what was saved, reload the open page, or say on it what is wrong.

The server watches sources, has a process of its own compile them (so that edits of the package and the extension count
at once) and tells open pages over an event stream. It serves a copy in ``_build/preview``: the built site in
``_build/html`` is not touched, and a failed compilation leaves the last good pages where they are. The script that
reloads a page comes from this server and is put in while a page is served; no file of the site holds it, and the
pages' security policy holds as it stands.

An edit of pages in Markdown compiles these pages alone and takes seconds; every other edit runs the notebooks that are
out of date and compiles everything. What a quick run leaves as it was (titles in other pages' contents, references by
title) is renewed by the next whole one, and the page says which it was.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import mimetypes
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from leadership_effects.build import run as pipeline
from leadership_effects.build.site import CONFIGURATION, compile_book, run_notebooks, site_inputs
from leadership_effects.build.workers import WORKERS
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT, build_folder

HOST = "127.0.0.1"
WATCHED = ("book", "analysis", "data")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
LOOK_EVERY, SETTLED_AFTER = 0.3, 0.2  # seconds; editors write a file in several steps
STILL_THERE_EVERY = 15.0  # seconds between comments that show a browser the stream is alive
OWN = "/~preview/"
# Other pages print what these hold: definitions, cards, anchors of sources and of numbers.
DRAWN_ON = {"book/glossary.md", "book/insights/index.md", "book/bibliography.md", "book/numbers.md"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WAITING = (
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Preview</title></head>"
    "<body><p>The first compilation is running; this page reloads when it is done.</p></body></html>"
)
CLIENT = """// Reloads the page when the preview has compiled it anew, and shows on it what is wrong.
"use strict";
{
  const loaded = document.currentScript.dataset.version;
  const panel = document.createElement("div");
  panel.id = "preview-state";
  panel.setAttribute("role", "status");
  panel.style.cssText = "position:fixed;z-index:9999;inset:auto 0 0 0;max-height:60vh;overflow:auto;padding:.5rem 1rem;" +
    "font:14px/1.4 monospace;white-space:pre-wrap;background:#222;color:#fff";
  const say = (text, wrong) => {
    panel.textContent = text;
    panel.hidden = !text;
    panel.style.borderTop = wrong ? "4px solid #ff6b6b" : "none";
    if (!panel.isConnected) document.body.append(panel);
  };
  const stream = new EventSource("/~preview/events");
  stream.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (state.version !== loaded) location.reload();
    else if (state.problem) say(state.problem + "\\n\\nThe page is as it was before this edit.", true);
    else if (state.working) say("compiling " + state.working + " ...", false);
    else say(state.note, false);
  };
  stream.onerror = () => say("the preview has stopped: nox -s preview", true);
}
"""


@dataclass(frozen=True)
class State:
    """What open pages are told.

    Attributes
    ----------
    version : str
        Changes when the pages do; a page that was served under another one reloads.
    working : str
        What is being compiled, if anything is.
    problem : str
        What stopped the last compilation, if it failed.
    note : str
        What a reader of the preview must know about the pages as they stand.
    """

    version: str
    working: str = ""
    problem: str = ""
    note: str = ""


def preview_folder() -> Path:
    """Folder of the preview: ``work`` is compiled in, ``shown`` is served, ``stamp`` says from what both came."""
    return build_folder() / "preview"


def watched() -> dict[str, tuple[int, int]]:
    """Time of change and size of each source, by its path from the top; generated and hidden files left out."""
    found = {}
    paths = [ROOT / name for name in CONFIGURATION]
    for folder in WATCHED:
        for top, folders, files in os.walk(ROOT / folder):
            folders[:] = [name for name in folders if name not in IGNORED and not name.startswith(".")]
            paths += [Path(top) / name for name in files if not name.startswith(".")]
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if not (name.startswith("book/") and path.suffix == ".ipynb"):
            try:
                state = path.stat()
            except FileNotFoundError:  # a file that an editor put beside and took away
                continue
            found[name] = (state.st_mtime_ns, state.st_size)
    return found


def changed(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]) -> set[str]:
    """Paths that were written, added or removed between two looks."""
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def only_pages(names: Iterable[str]) -> bool:
    """Whether an edit concerns pages in Markdown alone that stand and that no other page prints from."""
    return all(
        name.startswith("book/") and name.endswith(".md") and name not in DRAWN_ON and (ROOT / name).is_file()
        for name in names
    )


def compile_preview(pages: list[str]) -> None:
    """Compile the pages named, or everything if none is, and show the outcome.

    Raises
    ------
    SiteError, PipelineError, ReleaseError
        What stopped it; what was shown before is shown on.
    """
    folder = preview_folder()
    stamp, work = folder / "stamp", folder / "work"
    release = open_release(newest_release())
    with pipeline.build_lock():
        if not pages:
            run_notebooks(release, WORKERS)
        inputs = site_inputs(release)
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == inputs:
            return
        quick = bool(pages) and stamp.is_file()
        if quick:
            stamp.write_text("")  # if this fails, what was compiled is behind even an edit that is taken back
            for (
                page
            ) in pages:  # one that failed is on record as read; without its reading Sphinx reads it again
                (work / "_build" / ".doctrees" / page).with_suffix(".doctree").unlink(missing_ok=True)
        else:
            stamp.unlink(missing_ok=True)  # a killed run must not pass for a whole one
        built = compile_book(release, work, "html", quick=quick)
        show(built, folder / "shown")
        stamp.write_text(inputs, encoding="utf-8")


def show(built: Path, shown: Path) -> None:
    """Bring the folder served up to what was compiled, file by file, each in one rename."""
    wanted = {path.relative_to(built): path for path in built.rglob("*") if path.is_file()}
    for name, path in wanted.items():
        target = shown / name
        fresh = path.stat()
        if target.is_file():
            old = target.stat()
            if (old.st_mtime_ns, old.st_size) == (fresh.st_mtime_ns, fresh.st_size):
                continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        shutil.copy2(path, beside)
        beside.replace(target)
    for path in [path for path in shown.rglob("*") if path.is_file()]:
        if path.relative_to(shown) not in wanted:
            path.unlink()


@dataclass
class Preview:
    """The state of a running preview and the pages that listen to it.

    Attributes
    ----------
    port : int
        Port on this machine.
    state : State
    listeners : set of asyncio.Queue
        One queue for each open page.
    """

    port: int
    state: State = field(default_factory=lambda: State(version=f"{time.time_ns():x}.0"))
    listeners: set[asyncio.Queue[State]] = field(default_factory=set)

    def tell(self, state: State) -> None:
        """Make a state the current one and tell every open page."""
        self.state = state
        for queue in self.listeners:
            queue.put_nowait(state)

    def next_version(self) -> str:
        """Version after the current one; versions of another run of the server differ in their first part."""
        started, _, number = self.state.version.partition(".")
        return f"{started}.{int(number) + 1}"

    def site(self) -> Path | None:
        """Folder served: the preview's own, the built site until there is one, nothing before any build."""
        for folder in (preview_folder() / "shown", build_folder() / "html"):
            if (folder / "index.html").is_file():
                return folder
        return None

    async def compile(self, names: set[str]) -> bool:
        """Compile after an edit in a process of its own; return whether it went well."""
        pages = sorted(names) if names and only_pages(names) else []
        what = ", ".join(pages) or "the whole book"
        print(f"preview: compiling {what}", flush=True)
        self.tell(State(self.state.version, working=what))
        started = time.perf_counter()
        command = [sys.executable, "-m", "leadership_effects.build.preview", "--compile", *pages]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        try:
            _, said = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            raise
        seconds = time.perf_counter() - started
        if process.returncode:
            problem = COLOURS.sub("", said.decode(errors="replace")).strip()
            print(f"{problem}\npreview: failed after {seconds:.1f} s; the last good pages stand", flush=True)
            self.tell(State(self.state.version, problem=problem))
            return False
        print(f"preview: done in {seconds:.1f} s", flush=True)
        note = f"only {what} compiled; contents and references on other pages may be older" if pages else ""
        self.tell(State(self.next_version(), note=note))
        return True

    async def watch(self) -> None:
        """Compile once, then after every edit; edits made meanwhile, and those that failed, count for the next."""
        owed: set[str] = set()
        seen = watched()
        whole = not await self.compile(set())
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = watched()
            if now == seen:
                continue
            await asyncio.sleep(SETTLED_AFTER)
            now = watched()
            owed |= changed(seen, now)
            seen = now
            if await self.compile(set() if whole else owed):
                owed, whole = set(), False
            elif not only_pages(owed):
                whole = True


class Own(RequestHandler):
    """What all answers share: they are for this machine's own pages and are never kept."""

    def initialize(self, preview: Preview) -> None:
        """Keep the preview."""
        self.preview = preview

    def set_default_headers(self) -> None:
        """Have the browser ask again each time."""
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> str | None:
        """No answer is compared with an earlier one."""
        return None

    def prepare(self) -> None:
        """Refuse a request that another site's name led here."""
        if self.request.host not in {f"{name}:{self.preview.port}" for name in (HOST, "localhost")}:
            raise HTTPError(403)


class Client(Own):
    """The script that reloads."""

    def get(self) -> None:
        """Send it."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(CLIENT)


class Events(Own):
    """The stream of states."""

    async def get(self) -> None:
        """Send the current state, then each new one, until the page is closed."""
        self.set_header("Content-Type", "text/event-stream")
        queue: asyncio.Queue[State] = asyncio.Queue()
        queue.put_nowait(self.preview.state)
        self.preview.listeners.add(queue)
        try:
            while True:
                try:
                    state = await asyncio.wait_for(queue.get(), STILL_THERE_EVERY)
                    self.write(f"data: {json.dumps(asdict(state))}\n\n")
                except TimeoutError:
                    self.write(": still there\n\n")
                await self.flush()
        except (StreamClosedError, asyncio.CancelledError):  # the page was closed, or the preview ends
            pass
        finally:
            self.preview.listeners.discard(queue)


class Pages(Own):
    """Files of the site; pages get the script that reloads them."""

    def get(self, asked: str) -> None:
        """Send a file.

        Raises
        ------
        HTTPError
            404 for what is not a file of the site.
        """
        site = self.preview.site()
        if site is None:
            self.finish(self.with_client(WAITING.encode()))
            return
        path = (site / unquote(asked)).resolve()
        if not path.is_relative_to(site.resolve()):
            raise HTTPError(404)
        if path.is_dir():
            if asked and not asked.endswith("/"):
                self.redirect(f"/{asked}/")
                return
            path = path / "index.html"
        if not path.is_file():
            raise HTTPError(404)
        content = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.finish(self.with_client(content) if path.suffix == ".html" else content)

    def with_client(self, page: bytes) -> bytes:
        """Return a page with the script that reloads it."""
        script = f'<script src="{OWN}client.js" data-version="{self.preview.state.version}" defer></script>'
        return page.replace(b"</head>", script.encode() + b"</head>", 1)


@asynccontextmanager
async def serving(preview: Preview) -> AsyncIterator[None]:
    """Answer requests of this machine alone while the block runs.

    Raises
    ------
    OSError
        If the port is taken.
    """
    own: dict[str, Preview] = {"preview": preview}
    application = Application(
        [(f"{OWN}client.js", Client, own), (f"{OWN}events", Events, own), (r"/(.*)", Pages, own)],
        log_function=lambda handler: None,
    )
    sockets = bind_sockets(preview.port, HOST)
    preview.port = sockets[0].getsockname()[1]
    server = HTTPServer(application)
    server.add_sockets(sockets)
    try:
        yield
    finally:
        server.stop()


async def run(port: int, started: Callable[[int], None]) -> None:
    """Serve and watch until the process is told to end."""
    preview, task, loop = Preview(port), asyncio.current_task(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, task.cancel if task else loop.stop)
    async with serving(preview):
        started(preview.port)
        await preview.watch()


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s preview``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Show the site while an author edits.")
    parser.add_argument("port", nargs="?", type=int, default=8000, help="port on this machine; 0 for any")
    parser.add_argument("--compile", nargs="*", metavar="PAGE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.compile is not None:
        try:
            compile_preview(options.compile)
        except LeadershipError as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    address = partial("preview: http://{}:{}/ (stop with Ctrl-C)".format, HOST)
    try:
        asyncio.run(run(options.port, lambda port: print(address(port), flush=True)))
    except asyncio.CancelledError:
        return 0
    except OSError as error:
        print(f"port {options.port} of this machine: {error.strerror}; name another: nox -s preview -- 8001",
              file=sys.stderr)  # fmt: skip
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
