"""Draw Vega-Lite specifications as SVG, cached by content, and write them in few bytes.

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
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from itertools import groupby
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
FONT = "system-ui, sans-serif"
# What the renderer writes though it is the default or has no effect in a still picture: a sixth of a case page.
SAID_ANYWAY = re.compile(
    r' role="[\w-]+"| aria-(?:label|roledescription)="[^"]*"| class="[^"]*"'
    rf'| (?:aria-hidden="true"|pointer-events="none"|opacity="1"|stroke-miterlimit="10"|[xy]2="0"|font-family="{FONT}")'
)
UNDRAWN = re.compile(r'<path d="" display="none"/>|<path d="M0,0h0v0h0Z"/>')
LONG_NUMBER = re.compile(r"\d+\.\d{3,}")
NUMBER = r"(-?[\d.]+)"
LINES = re.compile(rf'(?<= d=")(?:M{NUMBER},{NUMBER}(?:[HV]{NUMBER}|L{NUMBER},{NUMBER})+)+Z?(?=")')
STEP = re.compile(rf"([MLHV]){NUMBER}(?:,{NUMBER})?")
DOT = re.compile(
    rf'<path transform="translate\({NUMBER},{NUMBER}\)" d="M([\d.]+),0A[^"]*" fill="(#[0-9a-f]+)"'
    r'(?: stroke-width="[\d.]+")?((?: opacity="0\.[89]\d*")?)/>'
)
BOX = re.compile(rf'<path d="M{NUMBER},{NUMBER}(h[\d.]+v[\d.]+h-[\d.]+Z)" ((?:(?!opacity)[^>])*)/>')
BOXES = re.compile(rf"(?:{re.sub(r'[(](?![?])', '(?:', BOX.pattern)}){{2,}}")
DOTS = re.compile(r'(?:<path [^>]* d="M[\d.]+,0A[^>]*/>){2,}')


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


def compact(svg: str, separate: Sequence[str] = ()) -> str:
    """Return an SVG that looks the same in fewer bytes, for a picture inside a page.

    Positions are rounded to a tenth of a pixel and lines are written by their steps. Neighbouring dots of one size and
    colour become a line of round caps without length, neighbouring boxes of one size and look one path, and separate
    strokes are sorted, since steps that are alike compress well.

    Parameters
    ----------
    svg : str
        What the renderer wrote.
    separate : sequence of str
        Colours whose dots stay elements of their own, because the style sheet changes their fill.
    """
    svg = re.sub(
        r"<[^>]+>", lambda tag: LONG_NUMBER.sub(_shortened, tag[0]), svg
    )  # of positions, not of words
    svg = UNDRAWN.sub("", SAID_ANYWAY.sub("", svg))
    svg = DOTS.sub(lambda run: _merged(run[0], separate), svg)
    svg = BOXES.sub(lambda run: _in_one_path(run[0]), svg)
    return LINES.sub(lambda line: _by_steps(line[0]), svg)


def _merged(run: str, separate: Sequence[str]) -> str:
    """Return a run of dots, those of one radius, colour and opacity as one path."""
    paths = []
    marks = [(mark, DOT.fullmatch(mark)) for mark in re.findall("<path [^>]*/>", run)]
    for look, same in groupby(marks, lambda mark: mark[1] and mark[1].groups()[2:]):
        group = list(same)
        if not look or look[1].startswith(tuple(separate)) or len(group) == 1:
            paths += [mark for mark, _ in group]
            continue
        radius, fill, opacity = look
        places = [dot.groups()[:2] for _, dot in group if dot]
        line = "".join(f"M{x},{y}H{x}" for x, y in places)
        width = f"{2 * float(radius):.3g}"
        paths.append(
            f'<path d="{line}" stroke="{fill}" stroke-linecap="round" stroke-width="{width}"{opacity}/>'
        )
    return "".join(paths)


def _in_one_path(run: str) -> str:
    """Return a run of boxes, neighbours of one size and look as one path of steps."""
    paths = []
    for (box, look), same in groupby(BOX.findall(run), lambda found: found[2:]):
        steps, x, y = "", 0, 0
        for left, top, *_ in same:
            to_x, to_y = _tenths(left), _tenths(top)
            steps += f"{'m' if steps else 'M'}{_pair(to_x - x, to_y - y)}{box}"
            x, y = to_x, to_y
        paths.append(f'<path d="{steps}" {look}/>')
    return "".join(paths)


def _by_steps(path: str) -> str:
    """Write a path of straight lines by its steps in tenths of a pixel.

    Strokes that are one step each are sorted.
    """
    lines: list[list[tuple[int, int]]] = []
    for command, first, second in STEP.findall(path):
        x, y = lines[-1][-1] if lines else (0, 0)
        one = _tenths(first)
        point = {"H": (one, y), "V": (x, one)}.get(command) or (one, _tenths(second))
        if command == "M":
            lines.append([])
        lines[-1].append(point)
    end = path[-1:].strip("0123456789.")
    if not end and all(len(line) == 2 for line in lines):
        lines.sort()
    steps, x, y = "", 0, 0
    for line in lines:
        for number, (to_x, to_y) in enumerate(line):
            across, down = to_x - x, to_y - y
            if number == 0:
                steps += f"{'m' if steps else 'M'}{_pair(across, down)}"
            elif down == 0:
                steps += f"h{_pixels(across)}"
            elif across == 0:
                steps += f"v{_pixels(down)}"
            else:
                steps += f"l{_pair(across, down)}"
            x, y = to_x, to_y
    return steps + end


def _tenths(pixels: str) -> int:
    return round(10 * float(pixels))


def _pair(across: int, down: int) -> str:
    return f"{_pixels(across)},{_pixels(down)}"


def _pixels(tenths: int) -> str:
    written = f"{tenths / 10:.1f}".removesuffix(".0")
    return re.sub(r"^(-?)0\.", r"\1.", written)


def _shortened(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


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
