"""Check that Binder and the dev container call what exists and install what CI installs from the locks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from leadership_effects.paths import ROOT
from miniature import SmallRelease
from test_workflows import called, pythons, sessions

BINDER, CI = ROOT / ".binder", ROOT / ".ci"
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
SCRIPTS = [BINDER / "start", BINDER / "postBuild", CI / "install", CI / "run"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_script_can_be_run_and_stops_at_its_first_fault(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert os.access(path, os.X_OK)
    assert re.search(r"^set -eu?o pipefail$", text, re.MULTILINE)
    subprocess.run(["bash", "-n", path], check=True)
    for module in re.findall(r"leadership_effects\.([\w.]+\w)", text):
        assert (ROOT / "analysis" / "leadership_effects" / f"{module.replace('.', '/')}.py").is_file()
    for script in re.findall(r"^\.ci/\w+$", text, re.MULTILINE):
        assert (ROOT / script).is_file()
    assert not called(text) - sessions()


def test_both_ask_for_a_python_of_the_locks() -> None:
    runtime = re.fullmatch(r"python-(3\.\d+)\n", (BINDER / "runtime.txt").read_text(encoding="utf-8"))
    image = re.fullmatch(r"python:(3\.\d+)-bookworm", CONTAINER["image"])
    assert runtime and image
    assert {runtime[1], image[1]} <= set(pythons())


def test_an_image_of_an_altered_release_is_not_made(pristine: SmallRelease, tmp_path: Path) -> None:
    for name in ("analysis/leadership_effects", ".binder"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / name, tmp_path / name], check=True)
    shutil.copytree(pristine.data, tmp_path / "data")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {"PATH": path, "HOME": str(tmp_path)}
    command = [tmp_path / ".binder" / "postBuild"]
    settings = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True, "check": False}
    sound = subprocess.run(command, **settings)
    assert sound.returncode == 0 and "no problem" in sound.stdout, sound.stderr
    assert sound.stdout.split()[1].rstrip(":") == pristine.name
    with (tmp_path / "data" / pristine.name / "sources.csv").open("a", encoding="utf-8") as table:
        table.write("x\n")
    spoiled = subprocess.run(command, **settings)
    assert spoiled.returncode != 0 and "sources.csv" in spoiled.stdout + spoiled.stderr


def test_the_dev_container_has_what_ci_has() -> None:
    assert CONTAINER["postCreateCommand"] == "bash .ci/install"
    assert re.search(r"^bash \.ci/install$", (CI / "run").read_text(encoding="utf-8"), re.MULTILINE)
    installed = (CI / "install").read_text(encoding="utf-8")
    assert re.search(r"^tools=(\S+)$", installed, re.MULTILINE)[1] + "/bin" in CONTAINER["remoteEnv"]["PATH"]
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["tests"]
    assert CONTAINER["image"].split("-")[1] == matrix["container"].split("-")[1]  # the same Debian
    assert CONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(
        "/.nox/env/bin/python"
    )


def test_the_ports_of_the_dev_container_are_those_of_the_sessions_named() -> None:
    assert {int(port) for port in CONTAINER["portsAttributes"]} == set(CONTAINER["forwardPorts"])
    named = {name for port in CONTAINER["portsAttributes"].values() for name in called(port["label"])}
    assert named == {"serve", "preview", "lab"}
    assert 8000 in CONTAINER["forwardPorts"]
    preview = ROOT / "analysis" / "leadership_effects" / "build" / "preview.py"
    assert "default=8000" in preview.read_text(encoding="utf-8")
