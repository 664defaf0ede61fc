"""The pipeline runs what changed and nothing else, and a build that fails leaves the last good one untouched.

Whole builds run in a miniature publication (`miniature.Tree`): package, extension and settings as they are, three
notebooks of a few lines. Decided here: what makes a notebook or the site out of date, that a second run gives the same
bytes, that results, notebooks and site stay as they were when data, a notebook or a page is bad, and that a build killed
at any step leaves a whole site, after which the next build gives what an undisturbed one gives. Not decided: that
other processors give the same last digits; `leadership_effects.published.results` compares with a tolerance for that.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import jupyter_book.sphinx  # noqa: F401  loaded once, for every compilation that is forked from here
import myst_nb  # noqa: F401
import nbformat
import psutil
import pytest
import sphinxcontrib.bibtex  # noqa: F401
from leadership_effects.build import compile as stamps
from leadership_effects.build import run, site
from leadership_effects.build.imports import imported_modules
from leadership_effects.build.jobs import Job, PipelineError, fingerprint, is_current, plan_jobs
from leadership_effects.build.notebooks import normalise_notebook
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import LOCK, ROOT
from leadership_effects.renamed_keys import renamed_file
from miniature import NAME, SmallRelease, Tree, snapshot

GENERATED = ("_build/results", "_build/stamps", "book/cases", "book/synthesis")


def jobs(tree: Tree) -> dict[str, Job]:
    return {job.name: job for job in plan_jobs(tree.small.open())}


def current(tree: Tree) -> set[str]:
    release = tree.small.open()
    return {job.name for job in plan_jobs(release) if is_current(job, release)}


def generated(tree: Tree) -> dict[str, bytes | str]:
    return {
        f"{folder}/{name}": content
        for folder in GENERATED
        for name, content in snapshot(tree.root / folder).items()
    }


def site_and_results(build: Path) -> dict[str, bytes | str]:
    """The site and the results of a build folder, without logs, stamps and locks."""
    whole = snapshot(build)
    return {
        name: content for name, content in whole.items() if name.startswith(("html", "sites/", "results/"))
    }


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


IMPORTS = {
    "from leadership_effects.report import charts": (
        "report/charts/__init__",
        "report/charts/common",
        "report/figures",
    ),
    "import leadership_effects.report.tables": (
        "report/tables",
        "report/numbers",
        "data/provenance",
        "data/release",
        "paths",
    ),
    "def f():\n    from leadership_effects.synthesis.pooling import pool\n    return pool": (
        "synthesis/pooling",
    ),
    "from leadership_effects.importers import LOADERS": (
        "importers/__init__",
        "importers/layouts/naep",
        "importers/model",
    ),
    "from leadership_effects.data import nothing": ("data/__init__",),
    "import numpy": (),
}


@pytest.mark.parametrize("text", IMPORTS)
def test_imports_are_followed_through_rooms(tmp_path, text):
    source, package = tmp_path / "notebook.py", ROOT / "analysis" / "leadership_effects"
    source.write_text(text + "\n")
    found = {path.relative_to(package).as_posix() for path in imported_modules(source, ROOT / "analysis")}
    assert {"__init__.py", *(f"{name}.py" for name in IMPORTS[text])} <= found
    assert not {name for name in found if name.startswith(("build/", "releases/"))}
    assert ("report/charts/maps/land-110m.json" in found) == ("charts" in text), "data beside a module count"


def test_relative_imports_are_followed(tmp_path):
    for name, text in {
        "__init__": "", "room/__init__": "from . import near", "room/near": "from ..far import x", "far": "x = 1",
        "room/inner/__init__": "", "room/inner/deep": "from ...low import y\nfrom .. import near", "low": "y = 1",
    }.items():  # fmt: skip
        path = tmp_path / "leadership_effects" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    source = tmp_path / "leadership_effects" / "room" / "inner" / "deep.py"
    found = {
        p.relative_to(tmp_path / "leadership_effects").as_posix() for p in imported_modules(source, tmp_path)
    }
    assert found == {"__init__.py", "room/__init__.py", "room/near.py", "far.py", "low.py"}


def test_everything_is_current_after_a_build(here):
    assert current(here) == {"huari", "delhi", "synthesis"}


def retype_column(small: SmallRelease) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        fields = descriptor["resources"][0]["schema"]["fields"]
        fields[-1]["type"] = "number" if fields[-1]["type"] == "string" else "string"

    small.descriptor(change)


CHANGES: dict[str, tuple[Callable[[Tree], object], set[str]]] = {
    "nothing": (lambda tree: None, set()),
    "source": (lambda tree: append(tree.notebook("huari"), "# a comment\n"), {"huari"}),
    "module of all": (
        lambda tree: append(tree.root / "analysis/leadership_effects/report/registry.py", "# a comment\n"),
        {"huari", "delhi", "synthesis"},
    ),
    "module of one": (
        lambda tree: append(tree.root / "analysis/leadership_effects/report/tables.py", "# x\n"),
        {"huari"},
    ),
    "module of none": (
        lambda tree: append(tree.root / "analysis/leadership_effects/data/validation.py", "# x\n"),
        set(),
    ),
    "lock": (lambda tree: append(tree.root / LOCK, "# x\n"), {"huari", "delhi", "synthesis"}),
    "table of one": (lambda tree: tree.small.edit("outcomes/huari.csv", 3, "value", "24.5"), {"huari"}),
    "table of two": (lambda tree: tree.small.edit("units.csv", 3, "weight", "7"), {"huari", "delhi"}),
    "table of none": (lambda tree: tree.small.edit("leadership.csv", 2, "value", "8"), set()),
    "table gone": (lambda tree: tree.small.path("outcomes/delhi.csv").unlink(), {"delhi"}),
    "results of a case": (lambda tree: append(tree.results / "delhi.json", "\n"), {"delhi", "synthesis"}),
    "notebook edited": (lambda tree: append(tree.root / "book/cases/huari.ipynb", "\n"), {"huari"}),
    "notebook gone": (lambda tree: (tree.root / "book/synthesis/synthesis.ipynb").unlink(), {"synthesis"}),
    "figure edited": (lambda tree: append(tree.results / "figures/huari.points.json", "\n"), {"huari"}),
    "figure gone": (lambda tree: (tree.results / "figures/huari.points.json").unlink(), {"huari"}),
    "figure added": (lambda tree: (tree.results / "figures/huari.old.json").write_text("{}"), {"huari"}),
    "column typed otherwise": (lambda tree: retype_column(tree.small), {"huari", "delhi", "synthesis"}),
    "stamp gone": (lambda tree: (tree.build / "stamps" / NAME / "delhi.json").unlink(), {"delhi"}),
}


@pytest.mark.parametrize("change, stale", CHANGES.values(), ids=CHANGES)
def test_a_notebook_is_out_of_date_when_what_it_depends_on_changed(here, change, stale):
    change(here)
    assert {"huari", "delhi", "synthesis"} - current(here) == stale


def test_the_fingerprint_changes_with_the_parameters(here):
    job = jobs(here)["huari"]
    assert fingerprint(job) == fingerprint(replace(job))
    other = replace(job, parameters=job.parameters | {"case_id": "delhi"})
    assert fingerprint(job) != fingerprint(other)


def test_a_release_file_is_noted_once_it_is_read(small):
    release = small.open()
    assert release.files_read == {}
    release.table("breaks")
    assert set(release.files_read) == {"breaks.csv"}
    assert release.plan and set(release.files_read) == {"breaks.csv", "plan.yml"}


def test_results_name_the_release_files_behind_them(built):
    inputs = json.loads((built.results / "huari.json").read_text(encoding="utf-8"))["inputs"]
    assert set(inputs) == {"outcomes/huari.csv", "units.csv"}


def test_a_second_run_gives_the_same_bytes(tree):
    before = generated(tree)
    assert {"book/cases/huari.ipynb", f"_build/results/{NAME}/huari.json"} <= set(before)
    done = tree.run("build.run", "--force", "huari", TZ="Asia/Tokyo", PYTHONHASHSEED="77")
    assert done.returncode == 0, done.stderr
    assert "1 notebook(s) run" in done.stdout
    after = generated(tree)
    assert [name for name in before if before[name] != after.get(name)] == []
    assert set(after) == set(before)


def test_a_run_with_nothing_to_do_runs_nothing(tree):
    done = tree.run("build.run")
    assert done.returncode == 0, done.stderr
    assert "0 notebook(s) run, 3 already current" in done.stdout
    assert "0 notebook(s) run, 1 already current" in tree.run("build.run", "huari").stdout


def test_notebooks_hold_no_trace_of_the_run(built):
    for path in sorted((built.root / "book").rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert [cell.id for cell in notebook.cells] == [
            f"{path.stem}-{n:03d}" for n in range(len(notebook.cells))
        ]
        assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
        assert str(built.root) not in path.read_text(encoding="utf-8")


def test_code_is_hidden_behind_a_button_and_parameters_are_left_out(built):
    cells = nbformat.read(built.root / "book/cases/huari.ipynb", as_version=4).cells
    tags = [set(cell.metadata.get("tags", ())) for cell in cells if cell.cell_type == "code"]
    assert all(("remove-cell" in found) != ("hide-input" in found) for found in tags)
    assert [found for found in tags if "injected-parameters" in found] == [
        {"injected-parameters", "remove-cell"}
    ]


def test_what_a_cell_writes_to_standard_error_is_refused():
    warning = nbformat.v4.new_output("stream", name="stderr", text="FutureWarning: soon otherwise")
    cells = [nbformat.v4.new_markdown_cell("# A place"), nbformat.v4.new_code_cell("f()", outputs=[warning])]
    notebook = nbformat.v4.new_notebook(cells=cells)
    job = Job("huari", "analysis/notebooks/cases/huari.py", "book/cases/huari.ipynb", {"release": NAME})
    with pytest.raises(PipelineError, match=r"huari\.py: cell 1 wrote to standard error: FutureWarning"):
        normalise_notebook(notebook, job)


def test_a_failing_notebook_keeps_its_earlier_outputs_and_the_site(tree):
    """Two cases are out of date; the good one is renewed, the failing one, the synthesis and the site stay."""
    outputs, finished = generated(tree), site_and_results(tree.build)
    append(tree.notebook("huari"), '\n# %%\nraise ValueError("no such school")\n')
    append(tree.notebook("delhi"), "\n# %%\nprint(1)\n")
    done = tree.run("build.site")
    assert done.returncode != 0
    assert "analysis/notebooks/cases/huari.py: ValueError: no such school" in done.stderr
    assert "Traceback" not in done.stderr
    assert site_and_results(tree.build) == finished
    changed = {name for name, content in generated(tree).items() if outputs.get(name) != content}
    assert changed == {"book/cases/delhi.ipynb", f"_build/stamps/{NAME}/delhi.json"}


def put_good_build(build: Path) -> None:
    """Put a finished site and its results in place."""
    for file in (
        "sites/a/index.html",
        f"results/{NAME}/huari.json",
        f"results/{NAME}/figures/huari.points.json",
    ):
        path = build / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the last good {file}", encoding="utf-8")
    (build / "html").symlink_to("sites/a", target_is_directory=True)


SPOILED: dict[str, tuple[Callable[[SmallRelease], object], tuple[str, ...]]] = {
    "value": (
        lambda small: (small.edit("outcomes/huari.csv", 3, "value", "101"), small.freeze()),
        ("outcomes/huari.csv, row 3, column value", "1 problem(s)"),
    ),
    "checksum": (
        lambda small: small.edit("outcomes/huari.csv", 3, "value", "24.5"),
        ("outcomes/huari.csv", "Hash"),
    ),
    "table gone": (lambda small: small.path("units.csv").unlink(), ("units.csv", "incomplete")),
    "descriptor gone": (
        lambda small: small.path("datapackage.json").unlink(),
        ("datapackage.json", "missing"),
    ),
    "descriptor cut short": (lambda small: small.text("datapackage.json", lambda t: t[:-9]), ("not JSON",)),
    "plan cut short": (
        lambda small: (small.text("plan.yml", lambda text: text + "\ncases: ["), small.freeze()),
        ("plan.yml", "not YAML"),
    ),
    "break crossed": (
        lambda small: (small.edit("breaks.csv", 2, "year", "2016"), small.freeze()),
        ("delhi.board", "across 2016"),
    ),
}


@pytest.mark.parametrize("spoil, told", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_release_leaves_the_last_good_site_and_results(small, capsys, spoil, told):
    build = Path(os.environ["LEADERSHIP_BUILD"])
    put_good_build(build)
    before = site_and_results(build)
    assert len(before) == 4
    spoil(small)
    assert site.main(["--release", NAME]) != 0
    message = capsys.readouterr().err
    assert all(part in message for part in told), message
    assert site_and_results(build) == before


def test_a_build_gives_a_site_in_whole(built):
    assert (built.build / "html").is_symlink()
    page = (built.build / "html/book/index.html").read_text(encoding="utf-8")
    result = json.loads((built.results / "huari.json").read_text(encoding="utf-8"))["results"]["mean"]
    assert f">{result['text']}</span></a>" in page
    assert not list((built.build / "stage").iterdir()), "staging folders are left"


def test_a_second_build_compiles_nothing(tree):
    before = site_and_results(tree.build)
    done = tree.run("build.site")
    assert done.returncode == 0, done.stderr
    assert "notebooks: 3 current" in done.stdout and "site: current" in done.stdout
    assert site_and_results(tree.build) == before


def test_a_page_with_a_warning_leaves_the_last_good_site(here, capsys):
    before = site_and_results(here.build)
    append(here.root / "book/index.md", "\nNow [elsewhere](elsewhere.md).\n")
    assert site.main([]) != 0
    wrong = capsys.readouterr().err
    assert "elsewhere" in wrong and "index.md" in wrong and "Traceback" not in wrong, wrong
    assert site_and_results(here.build) == before


def test_a_build_outside_the_checkout_succeeds_and_fails_in_words(here, tmp_path, monkeypatch, capsys):
    build = tmp_path / "elsewhere"
    shutil.move(here.build, build)
    monkeypatch.setenv("LEADERSHIP_BUILD", str(build))
    before = site_and_results(build)
    assert site.main([]) == 0, capsys.readouterr().err
    append(here.root / "book/index.md", "\nNow {num}`huari.median`.\n")
    assert site.main([]) != 0
    wrong = capsys.readouterr().err
    assert "index.md:5" in wrong and 'unknown result "huari.median"' in wrong and "Traceback" not in wrong, (
        wrong
    )
    assert site_and_results(build) == before


SITE_CHANGES: dict[str, tuple[Callable[[Tree], object], bool]] = {
    "nothing": (lambda tree: None, True),
    "measurements that no page reads": (
        lambda tree: write_json(tree.root / "analysis/published/benchmark.json", {"seconds": 1}),
        True,
    ),
    "keys that were renamed": (
        lambda tree: write_whole(renamed_file(tree.root), f"release,old,new\n{NAME},huari.x-01,huari.mean\n"),
        False,
    ),
    "a test": (lambda tree: (tree.root / "tests.py").write_text("# x\n"), True),
    "a module that no notebook imports, whose listing is a page": (
        lambda tree: append(tree.root / "analysis/leadership_effects/build/preview.py", "# x\n"),
        False,
    ),
    "how the site is compiled": (
        lambda tree: append(tree.root / "analysis/leadership_effects/build/compile.py", "# x\n"),
        False,
    ),
    "page": (lambda tree: append(tree.root / "book/index.md", "\nMore.\n"), False),
    "new page": (lambda tree: (tree.root / "book/more.md").write_text("# More\n"), False),
    "extension": (lambda tree: append(tree.root / "book/_ext/leadership_book/roles.py", "# x\n"), False),
    "style": (lambda tree: append(tree.root / "book/_static/book.css", "/* x */\n"), False),
    "settings": (lambda tree: append(tree.root / "_config.yml", "# x\n"), False),
    "contents": (lambda tree: append(tree.root / "_toc.yml", "# x\n"), False),
    "lock": (lambda tree: append(tree.root / LOCK, "# x\n"), False),
    "bibliography": (lambda tree: append(tree.root / "book/references.bib", "\n"), False),
    "sources": (lambda tree: tree.small.edit("sources.csv", 2, "title", "Another title"), False),
    "notebook": (lambda tree: append(tree.root / "book/cases/huari.ipynb", "\n"), False),
    "results": (lambda tree: append(tree.results / "huari.json", "\n"), False),
    "figure": (lambda tree: append(tree.results / "figures/huari.points.json", "\n"), False),
    "built page gone": (lambda tree: (tree.build / "html/book/bibliography.html").unlink(), False),
    "built page edited": (lambda tree: append(tree.build / "html/book/bibliography.html", "x"), False),
}


def site_stands(tree: Tree) -> bool:
    """Whether the next build would leave the site in place as it is."""
    release = tree.small.open()
    stamp = tree.build / "stamps" / NAME / "site.json"
    return site.is_site_current(site.Shown(tree.build / "html", stamp), stamps.site_inputs(release))


@pytest.mark.parametrize("change, stands", SITE_CHANGES.values(), ids=SITE_CHANGES)
def test_the_site_is_out_of_date_when_what_it_shows_changed(here, change, stands):
    change(here)
    assert site_stands(here) == stands


def test_the_data_are_checked_again_when_they_or_the_check_changed(here):
    assert stamps.data_is_checked(here.small.open())
    for path in (here.small.data / "README.md", here.root / LOCK,
                 here.root / "analysis/leadership_effects/data/validation.py", here.small.path("plan.yml")):  # fmt: skip
        before = path.read_bytes()
        append(path, "\n# x\n")
        assert not stamps.data_is_checked(here.small.open()), path.name
        path.write_bytes(before)
    assert stamps.data_is_checked(here.small.open())


def test_what_is_edited_while_its_notebook_runs_is_run_again(tree):
    """The notebook changes its own source while it runs, as an author may."""
    edit = "\n# %%\nfrom pathlib import Path\nsource = Path('analysis/notebooks/cases/huari.py')\n"
    edit += "text = source.read_text()\nsource.write_text(text.replace('A place', 'The place'))\n"
    append(tree.notebook("huari"), edit)
    assert "1 notebook(s) run" in tree.run("build.run", "huari").stdout
    assert "1 notebook(s) run" in tree.run("build.run", "huari").stdout
    assert "0 notebook(s) run" in tree.run("build.run", "huari").stdout
    assert "The place" in (tree.root / "book/cases/huari.ipynb").read_text(encoding="utf-8")


class Killed(BaseException):
    """Stands for a signal that ends the process between two changes of the disk."""


STEPS = [
    (Path, "replace"), (Path, "rename"), (Path, "unlink"), (Path, "symlink_to"), (Path, "mkdir"),
    (Path, "write_text"), (Path, "write_bytes"), (shutil, "copyfile"), (shutil, "rmtree"),
]  # fmt: skip


def die_before(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the change of the disk with that number, counted from here, end the process."""
    steps = itertools.count(1)

    def deadly(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*arguments: Any, **settings: Any) -> Any:
            if next(steps) == step:
                raise Killed
            return change(*arguments, **settings)

        return changed

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, deadly(getattr(owner, name)))


def survives(step: int, action: Callable[[], object]) -> bool:
    """Whether an action ends before it comes to the step at which it is killed."""
    with pytest.MonkeyPatch.context() as patch:
        die_before(step, patch)
        try:
            action()
        except Killed:
            return False
    return True


def test_outputs_put_in_place_up_to_any_step_are_whole_or_out_of_date(here):
    job = jobs(here)["huari"]
    stage = here.build / "stage" / "huari-0"
    staged = [stage / "results" / NAME / name for name in ("huari.json", "figures/huari.points.json")]
    placed = [
        here.root / job.target,
        *(here.results / path.relative_to(stage / "results" / NAME) for path in staged),
    ]

    def prepare(mark: str) -> list[str]:
        shutil.rmtree(stage, ignore_errors=True)
        shutil.copytree(here.results, stage / "results" / NAME)
        for path in staged:
            path.write_text(path.read_text(encoding="utf-8").rstrip() + mark, encoding="utf-8")
        (stage / "output.ipynb").write_text(mark, encoding="utf-8")
        return [mark, *(path.read_text(encoding="utf-8") for path in staged)]

    def put() -> None:
        run.install_outputs(job, run.Attempt(stage, 0, {}, []), fingerprint(job))

    for step in itertools.count(1):
        old, new = [path.read_text(encoding="utf-8") for path in placed], prepare("\n" * step)
        if survives(step, put):
            break
        found = [path.read_text(encoding="utf-8") for path in placed]
        assert "huari" not in current(here) or found in (old, new), f"step {step}"
        prepare("\n" * step)
        put()
        assert "huari" in current(here)
    assert step > 8


def test_a_site_swapped_in_up_to_any_step_is_whole(tmp_path):
    build = tmp_path / "_build"
    shown = build / "html"

    def compiled(text: str) -> Path:
        built = build / "stage" / text
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir(parents=True)
        for page in ("index.html", "data.html"):
            (built / page).write_text(text, encoding="utf-8")
        return built

    site.swap_site(compiled("site 0"), shown)
    for step in itertools.count(1):
        swap = partial(site.swap_site, compiled(f"site {step}"), shown)
        finished = survives(step, swap)
        pages = {(shown / page).read_text(encoding="utf-8") for page in ("index.html", "data.html")}
        if finished:
            assert pages == {f"site {step}"}
            break
        assert pages in ({f"site {step - 1}"}, {f"site {step}"}), f"step {step}"
        site.swap_site(compiled(f"site {step}"), shown)
        assert (shown / "index.html").read_text(encoding="utf-8") == f"site {step}"
    assert step > 5


@pytest.fixture(scope="session")
def undisturbed(built: Tree, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | str]:
    """Pages, results and notebooks of a build after a change, with nothing in its way."""
    tree = built.copy(tmp_path_factory.mktemp("undisturbed") / "tree")
    change_two_cases(tree)
    assert tree.run("build.site").returncode == 0
    return contents(tree)


def change_two_cases(tree: Tree) -> None:
    for name in ("huari", "delhi"):
        append(tree.notebook(name), "\n# %%\nprint(1)\n")


def contents(tree: Tree) -> dict[str, bytes | str]:
    """What a build leaves, the site under one name whichever of its two folders it is in."""
    pages = {f"html/{name}": content for name, content in snapshot((tree.build / "html").resolve()).items()}
    return pages | {name: content for name, content in generated(tree).items() if "/stamps/" not in name}


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["huari-*/reads.jsonl", "site-*/html/book"], ids=["run", "compile"])
def test_a_killed_build_leaves_the_site_and_the_next_build_is_as_if_undisturbed(tree, undisturbed, moment):
    shown = {name: content for name, content in contents(tree).items() if name.startswith("html/")}
    change_two_cases(tree)
    environment = os.environ | {"PYTHONPATH": str(tree.root / "analysis")}
    for name in ("LEADERSHIP_BUILD", "LEADERSHIP_DATA", "LEADERSHIP_RESULTS"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "leadership_effects.build.site"], cwd=tree.root, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stop = time.monotonic() + 600
    while not list((tree.build / "stage").glob(moment)) and time.monotonic() < stop:
        assert process.poll() is None, "the build ended before the moment to kill it"
        time.sleep(0.01)
    started = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    after = {name: content for name, content in contents(tree).items() if name.startswith("html/")}
    assert after == shown
    done = tree.run("build.site")
    assert done.returncode == 0, done.stderr
    assert contents(tree) == undisturbed
    assert psutil.wait_procs(started, timeout=600)[1] == [], "processes of the killed build live on"


def test_the_log_of_a_compilation_is_plain_text(built: Tree) -> None:
    log = (built.build / "site.log").read_text(encoding="utf-8")
    assert "Sphinx" in log and "\x1b" not in log
