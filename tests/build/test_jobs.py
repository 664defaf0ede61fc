"""Sources that editors spoil or leave behind, chapters that are no more, and settings of the user that reach no kernel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from leadership_effects.build import compile as stamps_module
from leadership_effects.build import run, site
from leadership_effects.build.imports import SourceError, imported_names, read_source
from leadership_effects.build.jobs import PipelineError, is_current, plan_jobs
from leadership_effects.build.notebooks import read_notebook
from leadership_effects.files import source_files
from miniature import NAME, Tree, snapshot

SPOILED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "syntax": (lambda text: text + b"\nif True\n", "line {last}: expected ':': 'if True'"),
    "magic": (lambda text: text + b"\n%matplotlib inline\n", "line {last}: invalid syntax: '%matplotlib inline'"),
    "not UTF-8": (lambda text: text + b"\n# na\xefve\n", "line {last}: not UTF-8 (byte 0xef)"),
}  # fmt: skip
PLACES = {
    "case": "analysis/notebooks/cases/huari.py",
    "chapter": "analysis/notebooks/synthesis/synthesis.py",
    "module": "analysis/leadership_effects/report/tables.py",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(("spoil", "told"), SPOILED.values(), ids=SPOILED)
def test_a_source_that_is_no_python_is_named_with_its_line(here: Tree, capsys, place, spoil, told) -> None:
    path = here.root / place
    path.write_bytes(spoil(path.read_bytes()))
    last = path.read_bytes().count(b"\n")
    assert run.main(["--release", NAME]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"{place}: {told.format(last=last)}") and message.count("\n") == 1, message


def test_the_mark_of_utf_8_before_a_source_is_read_over(here: Tree) -> None:
    path = here.notebook("synthesis")
    text, names = read_source(path), imported_names(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_source(path) == text and imported_names(path) == names
    assert read_notebook(read_source(path)).cells[0].source.startswith("release = ")


@pytest.mark.parametrize(
    "name", [".ipynb_checkpoints/old.py", ".#coding.py", ".old.py", "__pycache__/old.py"]
)
def test_hidden_files_and_dangling_links_are_no_sources(here: Tree, name: str) -> None:
    folder = here.root / "analysis" / "notebooks"
    jobs, listed = plan_jobs(here.small.open()), stamps_module.listed_sources()
    for place in (folder / "cases", folder, here.root / "analysis/leadership_effects"):
        (place / name).parent.mkdir(exist_ok=True)
        if "#" in name:
            (place / name).symlink_to("somebody@machine.1:2")
        else:
            (place / name).write_text("import nothing.that.is\n", encoding="utf-8")
    assert plan_jobs(here.small.open()) == jobs and stamps_module.listed_sources() == listed
    assert not [path for path in source_files(here.root / "analysis") if path.match(name)]


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "\x00"])
def test_a_stamp_that_was_cut_short_counts_as_absent(here: Tree, content: str) -> None:
    release = here.small.open()
    stamps = here.build / "stamps" / NAME
    for path in [*stamps.glob("*.json"), here.build / "seconds.json"]:
        path.write_text(content, encoding="utf-8")
    assert not [job for job in plan_jobs(release) if is_current(job, release)]
    assert run._seconds() == {} and not stamps_module.data_is_checked(release)
    assert not site.is_site_current(site.Shown(here.build / "html", stamps / "site.json"), "")


def test_what_a_chapter_left_goes_with_it(here: Tree) -> None:
    release = here.small.open()
    shutil.copy(here.results / "figures/huari.points.json", here.results / "figures/synthesis.points.json")
    picture = here.build / "cache/pictures/0123"
    picture.write_bytes(b"of no chapter")
    shown = set(picture.parent.iterdir()) - {picture}
    here.notebook("synthesis").unlink()
    run.clear_leftovers(plan_jobs(release), release)
    left = [
        name
        for folder in ("_build/results", "_build/stamps", "book")
        for name in snapshot(here.root / folder)
    ]
    assert not [name for name in left if "synthesis" in name]
    assert {"2099.1/huari.json", "2099.1/site.json", "cases/huari.ipynb"} <= set(left)
    assert shown and set(picture.parent.iterdir()) == shown


def test_what_another_notebook_makes_is_read_through_its_results_alone(here: Tree) -> None:
    jobs = {job.name: job for job in plan_jobs(here.small.open())}
    stage = here.build / "stage" / "one"
    stage.mkdir(parents=True)
    (stage / "reads.jsonl").write_text(json.dumps(str(here.results / "delhi.json")) + "\n", encoding="utf-8")
    assert run.opened_files(jobs["synthesis"], stage) == ({}, [])
    with pytest.raises(
        PipelineError, match=r"cases/huari\.py: opens results/2099\.1/delhi\.json, which another"
    ):
        run.opened_files(jobs["huari"], stage)


def test_the_number_of_workers_is_at_least_one(capsys) -> None:
    for number in ("0", "-1", "two"):
        with pytest.raises(SystemExit) as ended:
            run.main(["--workers", number])
        assert ended.value.code == 2
        assert f"must be a whole number of at least 1, not '{number}'" in capsys.readouterr().err


def test_a_build_without_assertions_is_refused(tree: Tree) -> None:
    done = tree.run("build.run", PYTHONOPTIMIZE="2")
    assert done.returncode == 1 and done.stderr.startswith("PYTHONOPTIMIZE drops the assertions")
    assert "Traceback" not in done.stderr


def test_no_setting_of_the_user_reaches_a_kernel(built: Tree, tmp_path: Path) -> None:
    """Start-up files, kernels, a long folder for temporary files, and a checkout with brackets and braces in its name."""
    tree = built.copy(tmp_path / "a [b] {c}")
    startup = tmp_path / "ipython/profile_default/startup/00.py"
    kernel = tmp_path / "jupyter/kernels/python3/kernel.json"
    for path, text in {
        startup: "print('start-up')\nfrom math import *\n",
        startup.parents[1] / "ipython_kernel_config.py": "c.InteractiveShellApp.exec_lines = ['print(1)']\n",
        tmp_path / "pythonstartup.py": "print('start-up')\n",
        kernel: json.dumps({"argv": ["/nowhere/python", "{connection_file}"], "language": "python"}),
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    temporary = tmp_path / ("t" * (117 - len(str(tmp_path)) if len(str(tmp_path)) < 100 else 20))
    temporary.mkdir()
    before = snapshot(tree.results)
    done = tree.run(
        "build.run", "--force", "huari", IPYTHONDIR=str(tmp_path / "ipython"), TMPDIR=str(temporary),
        PYTHONSTARTUP=str(tmp_path / "pythonstartup.py"), JUPYTER_DATA_DIR=str(tmp_path / "jupyter"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert snapshot(tree.results) == before
    notebook = "book/cases/huari.ipynb"
    assert (tree.root / notebook).read_bytes() == (built.root / notebook).read_bytes()


def test_a_source_outside_the_checkout_is_named_in_full(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("if\n", encoding="utf-8")
    with pytest.raises(SourceError, match=f"^{tmp_path}/x.py: line 1: invalid syntax"):
        imported_names(tmp_path / "x.py")


def test_a_chapter_waits_for_the_chapters_whose_results_it_names(here: Tree) -> None:
    source = here.notebook("synthesis")
    text = source.read_text(encoding="utf-8")
    source.with_stem("beyond").write_text(text + '\nread_results(release, "synthesis")\n', encoding="utf-8")
    after = {job.name: job.after for job in plan_jobs(here.small.open())}
    assert after["synthesis"] == ("huari", "delhi") and after["beyond"] == ("huari", "delhi", "synthesis")
    source.write_text(text + '\nread_results(release, "beyond")\n', encoding="utf-8")
    with pytest.raises(PipelineError, match="beyond, synthesis: read each other's results"):
        plan_jobs(here.small.open())
