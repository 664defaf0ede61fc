"""Environments are installed whole or not at all, whatever a user's settings are; tried with wheels made here."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from leadership_effects import environments
from leadership_effects.environments import EnvironmentFailure, install, interpreter
from leadership_effects.paths import ROOT

INSTALLERS = ["pip", "uv"] if shutil.which("uv") else ["pip"]
FASTEST = pytest.mark.parametrize("files", INSTALLERS[-1:], indirect=True)
CALL = "import sys; from pathlib import Path; from leadership_effects.environments import install; " \
    "install(Path(sys.argv[1]), requirements=Path(sys.argv[2]))"  # fmt: skip


def wheel(folder: Path, name: str) -> str:
    """Make a wheel of one empty module; return its line in a requirement file."""
    path = folder / f"{name}-1-py3-none-any.whl"
    about = f"{name}-1.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(
            f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n"
        )
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(params=INSTALLERS)
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requirement files of two groups in a folder with a space and an accent, and an installer without a network."""
    folder = tmp_path / "un été" / "requirements"
    folder.mkdir(parents=True)
    for group in ("book", "tests"):
        (folder / f"{group}.txt").write_text(wheel(folder, f"tiny_{group}"), encoding="utf-8")
    for installer in ("PIP", "UV"):
        monkeypatch.setenv(f"{installer}_NO_INDEX", "1")
        monkeypatch.setenv(f"{installer}_FIND_LINKS", folder.as_uri())
    if request.param == "pip":
        monkeypatch.setattr(environments.shutil, "which", lambda name: None)
    return folder


def has(folder: Path, *modules: str) -> bool:
    """Whether an environment's Python can import modules."""
    command = [interpreter(folder), "-c", f"import {', '.join(modules)}"]
    return subprocess.run(command, capture_output=True, check=False, env={}).returncode == 0


def marked(folder: Path) -> bool:
    return (folder / environments.MARKER).is_file()


@FASTEST
def test_a_group_adds_its_packages_and_a_changed_file_makes_all_again(files: Path) -> None:
    folder = files.parent / "env"
    install(folder, requirements=files)
    assert has(folder, "tiny_book") and not has(folder, "tiny_tests")
    (folder / "kept").touch()
    install(folder, "tests", requirements=files)
    assert has(folder, "tiny_book", "tiny_tests") and (folder / "kept").exists()
    with (files / "tests.txt").open("a", encoding="utf-8") as lines:
        lines.write("# renewed\n")
    install(folder, requirements=files)  # what was installed before needs no network and is not lost
    assert (folder / "kept").exists() and has(folder, "tiny_tests")
    install(folder, "tests", requirements=files)
    assert not (folder / "kept").exists() and has(folder, "tiny_book", "tiny_tests")


@FASTEST
def test_an_environment_whose_interpreter_is_gone_is_made_again(files: Path) -> None:
    folder = files.parent / "env"
    install(folder, requirements=files)
    interpreter(folder).unlink()
    interpreter(folder).symlink_to(files / "no-python")
    install(folder, requirements=files)
    assert has(folder, "tiny_book")


def test_settings_of_a_user_send_no_package_elsewhere(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = files.parent / "elsewhere"
    for setting in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONUSERBASE", "UV_PYTHON"):
        monkeypatch.setenv(setting, str(elsewhere))
    for setting in ("PIP_USER", "PIP_DRY_RUN", "UV_SYSTEM_PYTHON"):
        monkeypatch.setenv(setting, "1")
    install(files.parent / "env", requirements=files)
    assert has(files.parent / "env", "tiny_book") and not elsewhere.exists()


def test_an_installation_that_fails_leaves_no_mark(files: Path) -> None:
    folder, sound = files.parent / "env", (files / "book.txt").read_text(encoding="utf-8")
    (files / "book.txt").write_text(sound[:-5] + "0000\n", encoding="utf-8")
    with pytest.raises(EnvironmentFailure, match=r"(?is)could not be installed.*(hash|match)"):
        install(folder, requirements=files)
    assert not marked(folder)
    (files / "book.txt").write_text(sound, encoding="utf-8")
    install(folder, requirements=files)
    assert marked(folder) and has(folder, "tiny_book")


@pytest.mark.parametrize("files", ["pip"], indirect=True)
def test_an_installer_that_ends_well_and_installs_elsewhere_is_noticed(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = files.parent / "pip.conf"
    settings.write_text(f"[install]\ntarget = {files.parent / 'elsewhere'}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    with pytest.raises(EnvironmentFailure, match="left out tiny_book"):
        install(files.parent / "env", requirements=files)
    assert not marked(files.parent / "env")


@FASTEST
def test_two_first_sessions_at_once_take_turns(files: Path) -> None:
    folder = files.parent / "env"
    command = [sys.executable, "-c", CALL, folder, files]
    settings = os.environ | {"PYTHONPATH": str(ROOT / "analysis")}
    both = [subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert sum("installing book into env" in text for text in said) == 1
    assert has(folder, "tiny_book")
    assert set(json.loads((folder / environments.MARKER).read_text())) == {"python", "book"}


def test_another_python_is_refused_by_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "PYTHONS", ((3, 1), (3, 2)))
    with pytest.raises(EnvironmentFailure, match=r"hold for Python 3\.11 to 3\.13, this is 3\."):
        install(tmp_path / "env", requirements=tmp_path)
