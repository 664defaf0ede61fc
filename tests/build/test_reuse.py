"""Prose edits renew a notebook without a kernel, and what is kept between builds gives the bytes of a clean build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from leadership_effects.build.jobs import plan_jobs, stamp_path
from leadership_effects.build.reuse import Move, reuse_outputs
from leadership_effects.data.release import newest_release
from leadership_effects.paths import LOCK, ROOT, build_folder
from miniature import HEAD, NAME, Tree, snapshot

PARAGRAPH = "# A place by the sea.\n#\n# A second paragraph.\n"


def outputs(tree: Tree) -> dict[str, bytes | str]:
    """Notebooks, results, figures and pictures."""
    folders = ("_build/results", "_build/cache/pictures", "book/cases", "book/synthesis", "book/methods")
    return {f"{f}/{name}": content for f in folders for name, content in snapshot(tree.root / f).items()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


EDITS: dict[str, tuple[str, str, bool]] = {
    "sentence": ("# # A place", "# # The place", True),
    "paragraph below": ("place\n", f"place\n#\n{PARAGRAPH}", True),
    "cell of prose above": ("# %%\nfrom", f"# %% [markdown]\n{PARAGRAPH}\n# %%\nfrom", True),
    "cell of prose removed": ("\n# %% [markdown]\n# # A place\n", "", True),
    "cell split by prose": ("\nopened = ", f"\n# %% [markdown]\n{PARAGRAPH}\n# %%\nopened = ", False),
    "cell added": ("# %% [markdown]\n# # A place", "# %%\nprint(2)\n\n# %% [markdown]\n# # A place", False),
    "tag": ('# %%\nprint(registry.text("mean"))', '# %% tags=["remove-cell"]\nprint(registry.text("mean"))', False),
    "code": ('print(registry.text("mean"))', 'print(registry.text("mean"), 1)', False),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reused"), EDITS.values(), ids=EDITS)
def test_outputs_are_reused_after_an_edit_of_prose_alone(
    here: Tree, tmp_path: Path, old, new, reused
) -> None:
    edit(here.notebook("huari"), old, new)
    job = next(job for job in plan_jobs(here.small.open()) if job.name == "huari")
    stamp = json.loads(stamp_path(job).read_text(encoding="utf-8"))
    assert reuse_outputs(job, here.small.open(), stamp, tmp_path / "stage") == reused


def test_an_edit_of_prose_gives_the_bytes_of_a_run(tree: Tree) -> None:
    """All kinds of edit of the prose at once, in the notebook with a figure."""
    before = outputs(tree)
    for name, (old, new, reused) in EDITS.items():
        if reused and name != "cell of prose removed":
            edit(tree.notebook("huari"), old, new)
    done = tree.run("build.run", "huari")
    assert "huari: prose edited, no code run" in done.stdout, done.stderr
    renewed = outputs(tree)
    moved = {name.split("/")[-1] for name in renewed if renewed[name] != before.get(name)}
    assert moved == {"huari.ipynb", "huari.json", "huari.points.json"}
    assert tree.run("build.run", "--force", "huari").returncode == 0
    assert renewed == outputs(tree)
    again = tree.run("build.run")
    assert "0 notebook(s) run, 3 already current" in again.stdout, (
        "a chapter that reads results waits for no line"
    )


@pytest.mark.slow
def test_an_edit_of_a_real_notebook_gives_the_bytes_of_a_run(tmp_path: Path) -> None:
    """Paragraphs are added above all code and between two cells, and one goes."""
    newest = newest_release()
    copy = Tree(tmp_path / "checkout")
    for folder in ("analysis/leadership_effects", f"data/{newest}"):
        shutil.copytree(ROOT / folder, copy.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    kept = ("analysis/notebooks/cases", "book/cases", f"_build/results/{newest}", f"_build/stamps/{newest}")
    for folder, target in zip(kept, (copy.root / f for f in kept), strict=True):
        source = (
            build_folder() / folder.removeprefix("_build/") if folder.startswith("_build") else ROOT / folder
        )
        shutil.copytree(source, target)
    (copy.root / LOCK).parent.mkdir()
    for file in (LOCK, "CITATION.cff"):
        shutil.copy(ROOT / file, copy.root / file)
    source = copy.notebook("latvia")
    edit(
        source,
        "# %% [markdown]\n# ## The question\n#\n",
        "# %% [markdown]\n# ## A question\n#\n# More.\n#\n# More.\n#\n",
    )
    edit(
        source,
        "# %% [markdown]\n# ## What is claimed\n",
        "# %% [markdown]\n# Between.\n\n# %% [markdown]\n# ## Claims\n",
    )
    done = copy.run("build.run", "latvia")
    assert "latvia: prose edited, no code run" in done.stdout, done.stdout + done.stderr

    def made() -> dict[str, bytes | str]:
        results = snapshot(copy.build / "results" / newest)
        return {name: content for name, content in results.items() if "latvia" in name} | {
            "notebook": (copy.root / "book/cases/latvia.ipynb").read_bytes()
        }

    renewed = made()
    built = (build_folder() / "results" / newest / "latvia.json").read_bytes()
    assert len(renewed) > 5 and renewed["latvia.json"] != built, "the lines moved"
    assert copy.run("build.run", "--force", "latvia").returncode == 0
    assert made() == renewed


def test_a_line_that_moved_in_two_ways_is_left_to_a_run() -> None:
    move = Move("notebooks/cases/huari", [(10, 12, 5), (20, 30, 2), (12, 14, 1)])
    assert (move.line(11), move.line(13), move.line(21), move.line(None)) == (13, 15, 31, None)
    link = "lb:/code/notebooks/cases/huari.html#line-22"
    assert move.links([{"html": f'<a href="{link}">'}]) == [{"html": f'<a href="{link[:-2]}32">'}]
    for line in (10, 19, 23):
        with pytest.raises(LookupError):
            move.line(line)
    with pytest.raises(LookupError):
        Move("x", [(10, 12, 5), (12, 19, 1)]).line(13)


CHAPTER = (
    HEAD.replace("{parameters}", "")
    + """from pathlib import Path

from leadership_effects.data.panels import Rows
{code}

opened = open_release(release)
registry = Registry(opened, "{name}", "analysis/notebooks/methods/{name}.py")
registry.record("x", {value}, RATIO, "X.", rows=Rows(0, "", ()), function="none")
registry.save()

# %% [markdown]
# # A method
"""
)
READ = "from leadership_effects.report.registry import read_results"
FAR = "analysis/leadership_effects/room/far.py"
LOCKED = f"analysis/published/{NAME}/simulations/one.json"
KEPT: dict[str, tuple[str, str, Callable[[Tree], object]]] = {
    "prose": ("", "1", lambda tree: edit(method(tree, "prose"), "# # A method", "# # A way\n#\n# More.")),
    "code": ("", "1", lambda tree: edit(method(tree, "code"), '"x", 1', '"x", 2')),
    "module": ("from leadership_effects.room.near import far", "far()", lambda tree: edit(tree.root / FAR, "5", "6")),
    "beside": (
        "from leadership_effects import room", "float((Path(room.__file__).parent / 'size.json').read_text())",
        lambda tree: edit(tree.root / "analysis/leadership_effects/room/size.json", "3", "4"),
    ),
    "dynamic": (
        "import importlib", "importlib.import_module('leadership_effects.late').VALUE",
        lambda tree: edit(tree.root / "analysis/leadership_effects/late.py", "7", "8"),
    ),
    "released": (
        "", "float(opened.table('leadership')['value'].max())",
        lambda tree: (tree.small.edit("leadership.csv", 2, "value", "8"), tree.small.freeze()),
    ),
    "opened": (
        "", "float(Path('extra.csv').read_text())", lambda tree: edit(tree.root / "extra.csv", "1", "2"),
    ),
    "simulated": ("", f"float(Path('{LOCKED}').read_text())", lambda tree: edit(tree.root / LOCKED, "3", "4")),
    "waits": (READ, "read_results(release, 'huari')['results']['mean']['value']", lambda tree: None),
    "planned": (
        "", "float(opened.plan['rules']['alpha'])",
        lambda tree: (edit(tree.small.path("plan.yml"), "0.05", "0.01"), tree.small.freeze()),
    ),
    "deleted": ("", "1", lambda tree: method(tree, "deleted").unlink()),
    "renamed": ("", "1", lambda tree: rename(tree)),
    "untouched": ("", "1", lambda tree: None),
}  # fmt: skip


def method(tree: Tree, name: str) -> Path:
    return tree.root / "analysis" / "notebooks" / "methods" / f"{name}.py"


def rename(tree: Tree) -> None:
    text = method(tree, "renamed").read_text(encoding="utf-8")
    method(tree, "renamed").unlink()
    method(tree, "newly").write_text(text.replace("renamed", "newly"), encoding="utf-8")


@pytest.mark.slow
def test_every_kind_of_edit_gives_the_bytes_of_a_clean_build(tree: Tree) -> None:
    """Each chapter depends on one of the inputs, all of which are edited at once; the last stays as it was."""
    files = {
        "room/__init__": "", "room/near": "from .far import far", "room/far": "def far():\n    return 5", "late": "VALUE = 7",
    }  # fmt: skip
    for name, text in files.items():
        path = tree.root / "analysis" / "leadership_effects" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    (tree.root / "analysis/leadership_effects/room/size.json").write_text("3\n", encoding="utf-8")
    (tree.root / "extra.csv").write_text("1\n", encoding="utf-8")
    (tree.root / LOCKED).parent.mkdir(parents=True)
    (tree.root / LOCKED).write_text("3\n", encoding="utf-8")
    method(tree, "x").parent.mkdir()
    for name, (code, value, _) in KEPT.items():
        text = CHAPTER.replace("{code}", code).replace("{value}", value).replace("{name}", name)
        method(tree, name).write_text(text, encoding="utf-8")
    done = tree.run("build.run")
    assert done.returncode == 0, done.stderr
    for _, _, change in KEPT.values():
        change(tree)
    edit(tree.notebook("huari"), 'rows["value"].mean()', 'rows["value"].mean() + 1')
    done = tree.run("build.run")
    assert done.returncode == 0, done.stderr
    assert "prose: prose edited, no code run" in done.stdout and "  untouched: " not in done.stdout
    found = outputs(tree)
    assert not [name for name in found if "deleted" in name or "renamed" in name]
    for folder in ("_build", "book/cases", "book/synthesis", "book/methods"):
        shutil.rmtree(tree.root / folder)
    done = tree.run("build.run")
    assert done.returncode == 0, done.stderr
    assert found == outputs(tree)
    values = {
        p.stem: json.loads(p.read_text(encoding="utf-8"))["results"].get("x", {}).get("value")
        for p in tree.results.glob("*.json")
    }
    assert (values["module"], values["beside"], values["dynamic"], values["opened"]) == (6, 4, 8, 2)
