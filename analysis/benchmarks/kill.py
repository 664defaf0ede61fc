"""Builds killed at random moments while a reader reads: the site stays whole, and the next build is as if undisturbed."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from leadership_effects.reproduce.__main__ import GENERATED

from benchmarks.builds import first_tested
from benchmarks.copies import OurBook
from benchmarks.findings import BenchError, Check, Finding

SEED = 20261127
KILLS = 10
PAUSE = 0.2  # seconds between two looks, so that the reader does not hold up the build
LATEST = 0.97  # of an undisturbed build: a later moment would often find it ended
NAMING = ("href", "src", "data-spec")
Tree = dict[str, str]


def tree(folder: Path) -> Tree:
    """Return the digest of every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left(book: OurBook) -> Tree:
    """Return what a build leaves: site, results and executed notebooks."""
    whole = {f"html/{name}": digest for name, digest in tree(book.site.resolve()).items()}
    whole |= {f"results/{name}": digest for name, digest in tree(book.build / "results").items()}
    pages = tree(book.root / "book")
    return whole | {f"book/{name}": digest for name, digest in pages.items() if name.endswith(".ipynb")}


class Reader:
    """A reader in a thread of its own: takes pages at random, with every file that a page names.

    Each file read must be that of one of the whole sites known, and all that is read while the link stays where it is
    must be of one of them.

    Attributes
    ----------
    faults : list of str
    files : int
        Files looked at so far.
    """

    def __init__(self, shown: Path, known: list[Tree], seed: int) -> None:
        self.shown, self.known = shown, known
        self.faults: list[str] = []
        self.files = 0
        self._rng = random.Random(seed)
        self._pages = sorted(set.intersection(*({n for n in one if n.endswith(".html")} for one in known)))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._ended.is_set():
            self.look(["index.html", self._rng.choice(self._pages)])
            time.sleep(PAUSE)

    def look(self, pages: list[str]) -> None:
        """Read pages and what they name, once."""
        began = self._link()
        fitting = [True] * len(self.known)
        for page in pages:
            try:
                text = (self.shown / page).read_bytes()
                names = [page, *local(page, text.decode("utf-8"))]
                for name in names:
                    content = text if name == page else (self.shown / name).read_bytes()
                    digest = hashlib.sha256(content).hexdigest()
                    self.files += 1
                    match = [one.get(name) == digest for one in self.known]
                    fitting = [a and b for a, b in zip(fitting, match, strict=True)]
                    if not any(match):
                        self.faults.append(f"{name} is of no whole site")
            except OSError as error:
                # A reader who holds a page while a new site takes its place may ask for what the new one has not.
                if self._link() == began:
                    self.faults.append(f"{page}: {error}")
        if self._link() == began and not any(fitting):
            self.faults.append(f"{', '.join(pages)}: parts of two sites at once")

    def _link(self) -> str:
        try:
            return os.readlink(self.shown)
        except OSError as error:
            self.faults.append(f"the link to the site: {error}")
            return ""


class Named(HTMLParser):
    """The addresses that a page names in its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the addresses of a tag."""
        self.addresses += [value for name, value in attributes if name in NAMING and value]


def local(page: str, text: str) -> list[str]:
    """Return the files of the site that a page names."""
    found, named = [], Named()
    named.feed(text)
    for address in dict.fromkeys(named.addresses):
        parts = urlsplit(address)
        path = unquote(parts.path)
        if not path or parts.scheme or parts.netloc:
            continue
        found.append(os.path.normpath(os.path.join(os.path.dirname(page), path)))
    return found


def start(book: OurBook) -> subprocess.Popen[str]:
    """Start a build in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "leadership_effects.build.site"], cwd=book.root, env=book.variables(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def kill_at(book: OurBook, moment: float) -> str | None:
    """Start a build and end its group with SIGKILL after so many seconds; return its last line, None if it had ended."""
    process = start(book)
    lines: list[str] = []
    assert process.stdout
    reading = threading.Thread(target=lambda: lines.extend(process.stdout or []), daemon=True)
    reading.start()
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reading.join(timeout=5)
        return lines[-1].strip() if lines else "before its first line"
    return None


def kills(folder: Path, book: OurBook, count: int = KILLS) -> Iterator[Finding]:
    """Kill builds at random moments, each after the same row of data went one way or the other.

    Parameters
    ----------
    folder : Path
        Folder for what is needed besides.
    book : OurBook
        The copy in which builds are killed; what is out of date in it is built first.
    count : int
        How many builds are killed.

    Raises
    ------
    BenchError
        If there is nothing to compare: the row changes nothing, or a build in place differs without being killed.
    """
    book.compile()
    case = first_tested(book)
    states = [left(book)]
    data = [book.root / "data", folder / "data-0", folder / "data-1"]
    shutil.copytree(data[0], data[1])
    book.change_row(case)
    shutil.copytree(data[0], data[2])
    shutil.copytree(book.root, folder / "undisturbed", ignore=GENERATED)
    undisturbed = OurBook(folder / "undisturbed")
    undisturbed.compile()
    states.append(left(undisturbed))
    if states[0] == states[1]:
        raise BenchError(f"{case}: the row that was changed changes nothing that is built")
    seconds = book.compile().seconds
    print(f"  an undisturbed build after the change: {seconds:.1f} s", flush=True)
    sites = [{n.removeprefix("html/"): d for n, d in one.items() if n.startswith("html/")} for one in states]
    draw = random.Random(SEED)
    moments = [draw.uniform(0, LATEST * seconds) for _ in range(count)]
    same, where = 0, []
    if left(book) != states[1]:
        raise BenchError("an undisturbed build in place is not the build from nothing")
    with Reader(book.site, sites, SEED) as reader:
        for number, moment in enumerate(moments):
            wanted = number % 2
            put(data[1 + wanted], book)
            last = kill_at(book, moment)
            while last is None:  # quicker than the undisturbed one: go back and strike earlier
                moment *= 0.8
                put(data[2 - wanted], book)
                book.compile()
                put(data[1 + wanted], book)
                last = kill_at(book, moment)
            where.append(f"{moment:.1f} s ({last})")
            print(f"  killed after {where[-1]}", flush=True)
            book.compile()
            if left(book) == states[wanted]:
                same += 1
            else:
                reader.faults.append(f"the build after the one killed after {where[-1]} is another")
    yield Check(
        "killed", "kill",
        f"{count} builds ended with SIGKILL at random moments of {seconds:.0f} s, each after a row of data changed, "
        f"seed {SEED}: the next build finished each time and left byte for byte what an undisturbed one leaves "
        f"({same} of {count}).", same == count,
    )  # fmt: skip
    yield Check(
        "read_meanwhile", "kill",
        f"Meanwhile a reader looked at {reader.files:,} files of pages taken at random: each was of the old site or of "
        f"the new one, whole, and none was missing{'; ' + '; '.join(reader.faults[:3]) if reader.faults else ''}.",
        not reader.faults,
    )  # fmt: skip


def put(data: Path, book: OurBook) -> None:
    """Put a folder of releases in the place of the copy's."""
    shutil.rmtree(book.root / "data")
    shutil.copytree(data, book.root / "data")
