"""The workflows call sessions that exist, with no more rights than they need and no secret.

Decided here: every ``nox -s`` of a workflow names a session of the noxfile; a workflow may read the repository and no
more, unless a job publishes pages; actions are named with a major version; Python versions are those of the project.
Not decided: what the runner does with them; that shows when they run.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership_effects.release import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAY_WRITE = {("site.yml", "deploy"): {"pages": "write", "id-token": "write"}}


def sessions() -> set[str]:
    """Names of the sessions of the noxfile."""
    found = set()
    for node in ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8")).body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "nox.session":
                named = [ast.literal_eval(word.value) for word in mark.keywords if word.arg == "name"]
                found.add(named[0] if named else node.name)
    return found


def called(commands: str) -> set[str]:
    """Sessions that shell commands call."""
    return {name for names in re.findall(r"nox -s ((?:[a-z_]+ ?)+)", commands) for name in names.split()}


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
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]), step["uses"]
    if ".ci/run" in commands:
        commands += (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    used = called(commands)
    assert used, f"{path.name} calls no session"
    assert not used - sessions(), f"{path.name} calls sessions that do not exist"


def test_the_tests_run_on_the_oldest_and_the_newest_python() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    bounds = re.search(r'requires-python = ">=(3\.\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text())
    assert bounds
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"] == [bounds[1], f"3.{int(bounds[2]) - 1}"]


def test_the_session_finder_finds() -> None:
    assert {"book", "tests", "print", "audit"} <= sessions()
    assert called("nox -s book print\nnox -s lint") == {"book", "print", "lint"}
