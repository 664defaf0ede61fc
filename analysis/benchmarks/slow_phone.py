"""A phone on a poor connection, and the file server it reads from: what the pages are measured with.

The tests hold the site to limits on it, the benchmark sets the site beside another on it.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
MEGABIT = 1_000_000 / 8  # bytes
NETWORK = {
    "offline": False, "latency": 150, "downloadThroughput": 1.6 * MEGABIT, "uploadThroughput": 0.75 * MEGABIT,
}  # fmt: skip
SLOWER = 4  # times, than the processor of a desk
PACKED = (".html", ".css", ".js", ".json", ".svg")


class Packed(SimpleHTTPRequestHandler):
    """A file server that compresses text, as web hosts do, and notes how many bytes of each file it sends."""

    sent: list[int] = []  # noqa: RUF012  (shared on purpose)

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body, packed = path.read_bytes(), path.suffix in PACKED
        body = gzip.compress(body, 6) if packed else body
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.sent.append(len(body))
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def hold_back(session: Any, slower: float = SLOWER) -> None:
    """Hold a page to the phone's connection and processor.

    Parameters
    ----------
    session : playwright.sync_api.CDPSession
    slower : float
        How many times slower than this machine the processor is.
    """
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
