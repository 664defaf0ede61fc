"""Draw Vega-Lite specifications as SVG and PNG, cached by content.

The cache is keyed by the digest of all that decides a picture's bytes: the specification with its width, the versions
of Vega-Lite and of the renderer, its platform and the fonts of the machine. Entries carry a checksum, are written
atomically and are shared by all notebooks; the build deletes those that no notebook shows any more.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from leadership_effects.files import write_whole
from leadership_effects.paths import picture_folder

VEGALITE = "6.4"
PNG_SCALE = 1.5
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
    key = ["svg", VEGALITE, sized]
    return _cached(key, lambda: vl_convert.vegalite_to_svg(sized, vl_version=VEGALITE).encode()).decode()


def draw_png(svg: str) -> bytes:
    """Return an SVG drawn as a bitmap at one and a half times its size."""
    return _cached(["png", PNG_SCALE, svg], lambda: vl_convert.svg_to_png(svg, scale=PNG_SCALE))


def _cached(key: list[Any], draw: Callable[[], bytes]) -> bytes:
    """Return the entry of a key; draw it if it is missing or damaged."""
    path = picture_folder() / hashlib.sha256(json.dumps([*_renderer(), *key]).encode()).hexdigest()
    try:
        # The build records what is opened, and deletes entries that no notebook opens.
        entry = path.read_bytes()
    except FileNotFoundError:
        entry = b""
    checksum, picture = entry[:DIGEST_BYTES], entry[DIGEST_BYTES:]
    if not picture or checksum != hashlib.sha256(picture).digest():
        picture = draw()
        write_whole(path, hashlib.sha256(picture).digest() + picture)
    return picture


@cache
def _renderer() -> list[Any]:
    """Return what a picture depends on besides its specification: renderer, processor, fonts."""
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    fonts = [(folder, os.stat(folder).st_mtime_ns) for top in folders for folder, _, _ in os.walk(top)]
    return [version("vl-convert-python"), platform.system(), platform.machine(), sorted(fonts)]
