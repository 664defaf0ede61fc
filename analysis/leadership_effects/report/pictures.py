"""Draw Vega-Lite specifications as SVG, cached by content.

The cache is keyed by the digest of all that decides a picture's bytes: the specification with its width, the versions
of Vega-Lite and of the renderer, its platform and the fonts of the machine. Entries carry a checksum, are written
atomically and are shared by all notebooks; the build deletes those that no notebook shows any more.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import vl_convert

from leadership_effects.files import write_whole
from leadership_effects.paths import picture_folder

VEGALITE = "6.4"
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
)
DIGEST_BYTES = 32


def draw_svg(spec: dict[str, Any], width: int) -> str:
    """Return a chart drawn as SVG at a fixed width in pixels."""
    sized = {**spec, "width": width}
    return _cached(["renumbered svg", VEGALITE, sized], sized).decode()


def convert(spec: dict[str, Any]) -> bytes:
    """Return a specification drawn as SVG, in this process."""
    return _renumbered(vl_convert.vegalite_to_svg(spec, vl_version=VEGALITE)).encode()


def _renumbered(svg: str) -> str:
    """Renumber gradients from 0, as Vega counts on from picture to picture of a process."""
    names = dict.fromkeys(re.findall(r"\bgradient_\d+\b", svg))
    fresh = {name: f"gradient_{number}" for number, name in enumerate(names)}
    return re.sub(r"\bgradient_\d+\b", lambda found: fresh[found[0]], svg)


def serve_pictures(address: str) -> None:
    """Draw pictures for other processes until this one is ended.

    The renderer, which takes half a second to start, starts once for all of them.

    Parameters
    ----------
    address : str
        Path of the socket, which the variable ``LEADERSHIP_RENDERER`` of these processes names.
    """
    with Listener(address, "AF_UNIX", backlog=32) as listener:
        while True:
            with (
                suppress(OSError, EOFError),
                listener.accept() as connection,
            ):  # who asked may be killed meanwhile
                spec = connection.recv()
                try:
                    connection.send((True, convert(spec)))
                except ValueError as error:
                    connection.send((False, str(error)))


def _convert(spec: dict[str, Any]) -> bytes:
    """Have a picture drawn by the process that serves them, or draw it here if there is none."""
    address = os.environ.get("LEADERSHIP_RENDERER")
    if address:
        with suppress(OSError, EOFError), Client(address, "AF_UNIX") as connection:
            connection.send(spec)
            done, answer = connection.recv()
            if not done:
                raise ValueError(answer)
            return bytes(answer)
    return convert(spec)


def _cached(key: list[Any], spec: dict[str, Any]) -> bytes:
    """Return the entry of a key; draw it if it is missing or damaged."""
    path = picture_folder() / hashlib.sha256(json.dumps([*_renderer(), *key]).encode()).hexdigest()
    try:
        # The build records what is opened, and deletes entries that no notebook opens.
        entry = path.read_bytes()
    except FileNotFoundError:
        entry = b""
    checksum, picture = entry[:DIGEST_BYTES], entry[DIGEST_BYTES:]
    if not picture or checksum != hashlib.sha256(picture).digest():
        picture = _convert(spec)
        write_whole(path, hashlib.sha256(picture).digest() + picture)
    return picture


@cache
def _renderer() -> list[Any]:
    """Return what a picture depends on besides its specification: renderer, processor, fonts."""
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    fonts = [(folder, os.stat(folder).st_mtime_ns) for top in folders for folder, _, _ in os.walk(top)]
    return [version("vl-convert-python"), platform.system(), platform.machine(), sorted(fonts)]
