"""A reproduction names what came out as published and what did not, and runs without a network.

It runs in the miniature publication (`miniature.Tree`), whose numbers are means that can be worked out by hand, and once on
the real case of Huari. The environment of the tests stands in for a fresh one.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT, exhibits_folder, published_folder, reports_folder
from leadership_effects.renamed_keys import renamed_file
from leadership_effects.reproduce import sandbox
from leadership_effects.reproduce.__main__ import copy_checkout
from leadership_effects.reproduce.report import markdown_report
from miniature import NAME, SmallRelease, Tree

WAYS = tuple(sandbox.WORDS)
TRY = """
# %%
import socket
from pathlib import Path

try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"", ("192.0.2.1", 443))
    heard = "sent"
except OSError as error:
    heard = f"refused: {error.strerror}"
Path("{heard}").write_text(heard)
"""


def granted(way: str) -> None:
    """Skip where the system grants no namespace: the other way is what a run takes there."""
    if way == sandbox.NAMESPACE:
        fault = sandbox.namespace_fault(sys.executable, dict(os.environ))
        if fault:
            pytest.skip(fault)


def completed(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "analysis")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def reproduce(tree: Tree, *arguments: str) -> subprocess.CompletedProcess[str]:
    return tree.run("reproduce", "--environment", sys.executable, *arguments)


def outcome(tree: Tree) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (tree.build / "reproduce/reproduction.json").read_text(encoding="utf-8")
    )
    return found


def differing(tree: Tree) -> set[str]:
    with (tree.build / "reproduce/verdicts.csv").open(encoding="utf-8", newline="") as stream:
        return {row["key"] for row in csv.DictReader(stream) if row["verdict"] == "Differs"}


@pytest.fixture(scope="module")
def locked(built: Tree, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The miniature publication with its results published; not to be changed."""
    tree = built.copy(tmp_path_factory.mktemp("locked") / "tree")
    done = tree.run("published.results")
    assert done.returncode == 0, done.stderr
    return tree


@pytest.fixture
def published(locked: Tree, tmp_path: Path) -> Tree:
    """A copy of it to change."""
    return locked.copy(tmp_path / "tree")


@pytest.fixture
def altered(published: Tree, tmp_path: Path) -> SmallRelease:
    """A folder of data in which one figure in one row is another one: a district's result in reading."""
    shutil.copytree(published.small.data, tmp_path / "draft")
    small = SmallRelease(tmp_path / "draft")
    small.edit("outcomes/huari.csv", 4, "value", "77.5")
    return small


@pytest.mark.parametrize(
    "way", [way if way == sandbox.SOCKETS else pytest.param(way, marks=pytest.mark.slow) for way in WAYS]
)
def test_a_clean_copy_is_the_same_leaves_a_report_and_no_kernel_reaches_a_network(
    published: Tree, tmp_path: Path, way: str
) -> None:
    granted(way)
    with published.notebook("delhi").open("a", encoding="utf-8") as source:
        source.write(TRY.replace("{heard}", str(tmp_path / "heard")))
    done = reproduce(published, "--network", way)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "heard").read_text(encoding="utf-8").startswith("refused: ")
    assert outcome(published)["network"]["way"] == way
    assert outcome(published)["counts"] == {
        "number": {"published": 3, "same": 3},
        "figure": {"published": 1, "same": 1},
        "table": {"published": 0, "same": 0},
    }
    folder = published.build / "reproduce"
    for name in ("reproduction.md", "reproduction.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "Full reproduction" in text and "huari.points" in text
        assert str(published.root) not in text and socket.gethostname() not in text
    assert not list(folder.glob("run-*"))


def test_exactly_the_results_that_depend_on_an_altered_figure_are_named(
    published: Tree, altered: SmallRelease
) -> None:
    done = reproduce(published, "--data", str(altered.data), "--altered")
    assert done.returncode == 1, done.stderr
    assert differing(published) == {"huari.mean", "huari.points", "synthesis.mean"}
    assert "this is no reproduction" in (published.build / "reproduce/reproduction.md").read_text("utf-8")


@pytest.mark.parametrize("rehashed", [False, True], ids=["frozen", "given new checksums"])
def test_altered_data_are_refused_before_anything_runs(
    published: Tree, altered: SmallRelease, rehashed: bool
) -> None:
    if rehashed:
        altered.freeze()
        (altered.data / "README.md").write_text(data_dictionary(altered.open()), encoding="utf-8")
    done = reproduce(published, "--data", str(altered.data))
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("outcomes/huari.csv: checksum ")
    assert "s\n" not in done.stdout.partition("[1/")[1] and "notebooks" not in outcome(published)


@pytest.mark.slow
def test_keys_are_judged_alone(published: Tree) -> None:
    """A number by an earlier key and a figure of two notebooks: what the one reads from runs, nothing else is judged."""
    renamed_file(published.root).write_text(
        f"release,old,new\n{NAME},synthesis.row-01,synthesis.mean\n", encoding="utf-8"
    )
    done = reproduce(published, "synthesis.row-01", "huari.points", "--keep")
    assert done.returncode == 0, done.stderr
    found = outcome(published)["counts"]
    assert (found["number"]["published"], found["figure"]["published"]) == (1, 1)
    assert "delhi:" in done.stdout
    assert "synthesis.row-01 is now called synthesis.mean\n" in done.stdout
    mean = json.loads((published.build / "results" / NAME / "synthesis.json").read_text(encoding="utf-8"))
    assert f"Same: number synthesis.mean: {mean['results']['mean']['value']}\n" in done.stdout
    assert "Same: figure huari.points\n" in done.stdout
    assert len(list((published.build / "reproduce").glob("run-*"))) == 1, "what --keep asks for"


def test_the_copy_holds_the_checkout_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What git does not know yet is copied and named, what it ignores is not: a release just frozen can be run."""
    root = tmp_path / "root"
    (root / "data").mkdir(parents=True)
    for name in ("known.txt", "gone.txt", ".gitignore"):
        (root / name).write_text("cache\n", encoding="utf-8")
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*person, "commit", "-qm", "First")):
        subprocess.run(["git", *command], cwd=root, check=True)
    (root / "gone.txt").unlink()
    for name in ("data/new.csv", "cache"):
        (root / name).write_text("1\n", encoding="utf-8")
    monkeypatch.setattr("leadership_effects.reproduce.__main__.ROOT", root)
    told = copy_checkout(tmp_path / "copy")
    found = {
        p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*") if p.is_file()
    }
    assert found == {"known.txt", ".gitignore", "data/new.csv"}
    assert told["words"].endswith("and 1 file(s) that git does not know, such as data/new.csv")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("huari.median",), "nothing published is called 'huari.median'; near it: huari.mean"),
        (("lima",), "'lima' is no notebook and no key of one; notebooks: huari, delhi, synthesis"),
        (("--release", "1999.1"), "no release '1999.1'"),
        (("--data", "book"), "holds no release"),
        (("--environment", "book"), "no environment"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(
    published: Tree, arguments: tuple[str, ...], said: str
) -> None:
    done = reproduce(published, *arguments)
    assert done.returncode == 3 and said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_notebook_that_fails_takes_its_own_results_along_and_no_others(published: Tree) -> None:
    with published.notebook("delhi").open("a", encoding="utf-8") as source:
        source.write("\n# %%\nraise RuntimeError('no')\n")
    done = reproduce(published)
    assert done.returncode == 1 and "RuntimeError" in done.stderr
    assert differing(published) == {"delhi.mean", "synthesis.mean"}


@pytest.mark.parametrize("way", WAYS)
def test_a_connection_that_is_there_is_out_of_reach(way: str) -> None:
    """The attempts that a run makes before it begins succeed in the open and are refused when the network is off."""
    granted(way)
    code = "from leadership_effects.reproduce import sandbox\nprint(sandbox.check())"
    hook = sandbox.HOOK if way == sandbox.SOCKETS else ""
    command = sandbox.sealed(way, [sys.executable, "-c", hook + code])
    done = completed(command)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("answered") == 1  # loopback alone


def test_a_namespace_is_cut_off_from_a_server_that_answers() -> None:
    granted(sandbox.NAMESPACE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection({server.getsockname()!r}, 5); print('reached')"
        command = [sys.executable, "-c", code]
        outputs = [completed(c).stdout for c in (command, sandbox.sealed(sandbox.NAMESPACE, command))]
    assert outputs == ["reached\n", ""]


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True), ("::1", True), ("localhost", True), ("", True), ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False), ("::ffff:192.0.2.1", False), ("example.org", False), (b"example.org", False),
        ("localhost.example.org", False),
    ],
)  # fmt: skip
def test_blocked_sockets_tell_this_machine_from_another(host: str | bytes, here: bool) -> None:
    assert sandbox.is_here(host) is here


@pytest.mark.slow
def test_an_altered_row_of_a_real_case_moves_what_is_recorded_to_rest_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Districts in the project, 5 in the release: the count, what is worked out from it, timeline and two tables."""
    from leadership_effects.reproduce import __main__ as command

    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path / "build"))
    shutil.copytree(ROOT / "data", tmp_path / "data")
    path = tmp_path / "data" / newest_release() / "leadership.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    number = next(n for n, row in enumerate(rows, 1) if row[0] == "huari-08")
    rows[number - 1][rows[0].index("value")] = "9"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    code = command.main(
        ["huari", "--environment", sys.executable, "--data", str(tmp_path / "data"), "--altered"]
    )
    assert code == 1
    tree = Tree(tmp_path)
    tree.build = tmp_path / "build"
    assert [notebook["name"] for notebook in outcome(tree)["notebooks"]] == ["huari"], (
        "a case is judged alone"
    )
    assert differing(tree) == {
        "huari.districts", "huari.dilution.share", "huari.dilution.needed", "huari.reported.in_province",
        "huari.timeline", "huari.table-01", "huari.table-14",
    }  # fmt: skip
    recorded = json.loads((published_folder(newest_release()) / "huari.json").read_text(encoding="utf-8"))
    for key in ("districts", "dilution.share", "dilution.needed", "reported.in_province"):
        assert number in set(lines(recorded["results"][key]["lines"].get("leadership.csv", ""))), key


def lines(ranges: str) -> Iterator[int]:
    """Row numbers written as ranges: ``2-5, 9``."""
    for part in filter(None, ranges.split(", ")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def test_the_committed_report_covers_everything_that_is_published() -> None:
    release = newest_release()
    folder = published_folder(release)
    report = json.loads((folder / "reproduction/reproduction.json").read_text(encoding="utf-8"))
    assert report["environment"]["fresh"] and not report["asked"] and not report["altered"]
    exhibits = [
        exhibit["key"]
        for path in exhibits_folder(release).glob("*.json")
        for exhibit in json.loads(path.read_text(encoding="utf-8"))["exhibits"]
    ]
    assert sorted(entry["key"] for entry in report["exhibits"]) == sorted(exhibits)
    for notebook in report["notebooks"]:
        results = json.loads((folder / f"{notebook['name']}.json").read_text(encoding="utf-8"))["results"]
        assert notebook["counts"]["number"]["published"] == len(results), (
            f"{notebook['name']}: published since the last report; run nox -s reproduce -- --publish"
        )
    assert {n["name"] for n in report["notebooks"]} == {path.stem for path in folder.glob("*.json")}


def test_the_book_includes_the_report_of_the_committed_record() -> None:
    record = published_folder(newest_release()) / "reproduction" / "reproduction.json"
    expected = markdown_report(json.loads(record.read_text(encoding="utf-8")))
    text = (reports_folder() / "reproduction.md").read_text(encoding="utf-8")
    # Which figures a page shows is known only where the book was built.
    assert re.sub(r"#fig-[\w.-]+", "", text) == re.sub(r"#fig-[\w.-]+", "", expected)


def test_a_reproduction_starts_without_any_package_installed() -> None:
    """The environment is made by the run, so nothing but the standard library is there before."""
    command = [sys.executable, "-S", "-m", "leadership_effects.reproduce", "--help"]
    done = completed(command)
    assert done.returncode == 0 and "--environment" in done.stdout, done.stderr
