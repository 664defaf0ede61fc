"""Check that the workflows call sessions that exist, with no more rights than they need and no secret."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership_effects.data.release import frozen_releases
from leadership_effects.paths import ROOT
from leadership_effects.reproduce.__main__ import REPORTS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAY_WRITE = {
    ("site.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("release.yml", "publish"): {"contents": "write"},
}
TAGS = ["[0-9]+.[0-9]+"]  # names of data releases


def sessions() -> set[str]:
    """Names of the sessions of the noxfile."""
    found = set()
    for node in ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8")).body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "role":
                named = [ast.literal_eval(word.value) for word in mark.keywords if word.arg == "name"]
                found.add(named[0] if named else node.name)
    return found


def pythons() -> list[str]:
    """Python versions of the project, the oldest first."""
    bounds = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text())
    assert bounds
    return [f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2]))]


def called(commands: str) -> set[str]:
    """Sessions that shell commands call."""
    return {name for names in re.findall(r"nox -s ((?:[a-z][a-z-]* ?)+)", commands) for name in names.split()}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_what_there_is_with_least_rights(path: Path) -> None:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in path.read_text(encoding="utf-8")
    commands = ""
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {}) == MAY_WRITE.get((path.name, name), {})
        for step in job["steps"]:
            commands += step.get("run", "") + "\n"
            assert "${{" not in step.get("run", "") and "continue-on-error" not in step
            assert not re.search(r"\|\| *(true|:|exit 0)", step.get("run", ""))
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]), step["uses"]
    if ".ci/run" in commands:
        commands += (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    used = called(commands)
    assert used, f"{path.name} calls no session"
    assert not used - sessions(), f"{path.name} calls sessions that do not exist"


def steps(name: str, job: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Triggers of a workflow and steps of one of its jobs."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return workflow[True], workflow["jobs"][job]["steps"]  # YAML reads the key `on` as true


def test_a_release_is_made_of_the_tag_and_written_by_a_job_that_builds_nothing() -> None:
    triggers, build = steps("release.yml", "build")
    assert triggers == {"push": {"tags": TAGS}}
    made = [step["run"] for step in build if "nox -s" in step.get("run", "")]
    assert made[0] == 'nox -s archive -- --tag "$GITHUB_REF_NAME"'
    assert called("\n".join(made)) == {"archive", "book", "print"}
    _, publish = steps("release.yml", "publish")
    assert [step["uses"].split("@")[0] for step in publish if "uses" in step] == ["actions/download-artifact"]
    commands = "\n".join(step.get("run", "") for step in publish)
    assert "gh release upload" in commands and "--verify-tag" in commands and "--clobber" not in commands
    assert build[-1]["with"]["name"] == publish[0]["with"]["name"]


def test_a_reproduction_runs_by_itself_and_leaves_its_report_whatever_it_found() -> None:
    triggers, reproduce = steps("reproduce.yml", "reproduce")
    assert triggers["push"] == {"tags": TAGS} and triggers["schedule"] and "workflow_dispatch" in triggers
    assert {"run": "nox -s reproduce"} in reproduce  # as it stands, so that its exit code is the job's
    left = reproduce[-1]
    assert left["if"] == "always()" and left["with"]["if-no-files-found"] == "error"
    named = [Path(line).name for line in left["with"]["path"].split()]
    assert all(any(fnmatch(report, name) for name in named) for report in REPORTS)
    assert {Path(line).parent.as_posix() for line in left["with"]["path"].split()} == {"_build/reproduce"}


@pytest.mark.parametrize("name", frozen_releases())
def test_the_pattern_of_tags_fits_the_names_of_releases(name: str) -> None:
    assert re.fullmatch(TAGS[0].replace(".", r"\."), name)


def test_the_tests_run_on_every_python_of_the_project() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"] == pythons()
