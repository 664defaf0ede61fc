"""Measure the case pages on a slow phone against the limits that the publication set itself.

Chromium is held to a processor four times slower and to 1.6 Mbit/s with a round trip of 150 ms, and text is sent
compressed. The tests hold the built pages to their weight on the same phone.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadership_effects.build.printing.browser import chromium

from benchmarks.report import Finding

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
MEGABIT = 1_000_000 / 8  # bytes
NETWORK = {
    "offline": False, "latency": 150, "downloadThroughput": 1.6 * MEGABIT, "uploadThroughput": 0.75 * MEGABIT,
}  # fmt: skip
SLOWER = 4  # times, than the processor of this machine
TIMEOUT_MS = 120_000
READING_MS = 3000  # from the loaded page to its first chart, far below; the library comes meanwhile
MOST_BYTES = 105_000  # compressed, before anything is interactive
LIBRARY = "/vendor/"  # in the addresses of what interactive charts need
LIMITS = {
    "first": ("bytes before anything is interactive", float(MOST_BYTES), "bytes"),
    "painted": ("until the text can be read", 1200.0, "ms"),
    "pictures": ("until the last picture of a chart", 2500.0, "ms"),
    "taken_over": ("until the interactive chart takes over, once it is reached", 2500.0, "ms"),
}
READ = """() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    pictures: performance.getEntriesByType('navigation')[0].domInteractive,
})"""
REACH = "document.querySelector('figure.chart').scrollIntoView({ block: 'center', behavior: 'instant' })"


class Packed(SimpleHTTPRequestHandler):
    """A file server that compresses what it sends, as web hosts do, and notes how many bytes of each file it sends."""

    sent: list[tuple[str, int]] = []  # noqa: RUF012  (shared on purpose)

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.sent.append((self.path, len(body)))
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def before_interactive() -> list[int]:
    """Return the sizes of the files sent so far without those of interactive charts, which come as soon as one is near."""
    return [size for path, size in Packed.sent if LIBRARY not in path and "/figures/" not in path]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def seen(browser: Browser, url: str) -> dict[str, float]:
    """Return weight (bytes) and times (ms) of a page on the phone, read from its top to its first chart."""
    with browser.new_context(**PHONE) as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        Packed.sent.clear()
        page.goto(url, wait_until="load")
        found = {"first": float(sum(before_interactive())), **page.evaluate(READ)}
        page.wait_for_timeout(READING_MS)
        page.evaluate(REACH)
        started = page.evaluate("performance.now()")
        page.locator("figure.chart[data-drawn=true]").first.wait_for()
        return found | {"taken_over": page.evaluate("performance.now()") - started}


def pages(site: Path, repeat: int) -> Iterator[Finding]:
    """Yield weight and times of the largest case page for each measure."""
    page = max((site / "book" / "cases").glob("*.html"), key=lambda path: path.stat().st_size)
    with chromium("127.0.0.1") as browser, served(site) as address:
        runs = [seen(browser, f"{address}/book/cases/{page.name}") for _ in range(repeat)]
    for key, (words, limit, unit) in LIMITS.items():
        yield Finding(
            f"Case page {page.stem}: {words}",
            "The largest case page, sent compressed to Chromium as a phone: processor four times slower, 1.6 Mbit/s, "
            "150 ms a round trip.", tuple(run[key] for run in runs), unit=unit, most=limit,
        )  # fmt: skip
