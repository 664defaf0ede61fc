"""Every package of the locks has a licence that fits, and an audit hides nothing.

Decided here: the table in LICENSES.md names each package and version of the
book's lock and JupyterLab's; a licence outside the list, one not
known and an entry that answers nothing are refused; what only the tests may use is imported by the tests alone; a
vulnerability nobody explained, a package the service did not know and an entry past its day fail the audit. Not
decided: whether the metadata are right, and what is vulnerable today (``nox -s audit`` asks).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from leadership_effects.packages import (
    READ,
    TABLE,
    Package,
    audit_problems,
    fits,
    licence_problems,
    locked,
    normal,
    packages,
    read_by_hand,
    table,
)
from leadership_effects.paths import ROOT

TODAY = date(2026, 11, 27)
EXPLAINED = {"package": "jinja2", "id": "CVE-1", "reason": "Not reached.", "until": date(2027, 1, 31)}


def test_every_package_of_the_lock_has_a_licence_that_fits() -> None:
    hand = read_by_hand()
    found = packages(hand=hand)
    assert len(found) > 100
    assert not licence_problems(found, hand)
    assert table(found) in TABLE.read_text(encoding="utf-8"), "run nox -s licences -- --write"


def imported(folder: Path) -> Iterator[str]:
    """Top names that the sources below a folder import."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").split(".")[0]


def test_what_is_for_tests_only_is_imported_by_tests_only() -> None:
    reserved = {package.name for package in packages() if package.only == "tests"}
    providers = packages_distributions()
    used = {name for folder in ("analysis", "book/_ext") for name in imported(ROOT / folder)}
    assert "pandas" in used and reserved
    assert not reserved & {normal(p) for name in used for p in providers.get(name, [])}


@pytest.mark.parametrize(
    ("licence", "fit"),
    [
        ("MIT", True),
        ("MIT AND PSF-2.0", True),
        ("GPL-3.0-or-later", False),
        ("GPL-3.0-or-later OR MIT", True),
        ("MIT AND GPL-3.0-or-later", False),
        ("(GPL-3.0-or-later OR MIT) AND PSF-2.0", True),
        ("", False),
    ],
)
def test_expressions_are_met_by_what_is_on_the_list(licence: str, fit: bool) -> None:
    assert fits(licence, {"MIT", "PSF-2.0"}) is fit


@pytest.mark.parametrize(
    ("package", "says"),
    [
        (Package("a", ("1",), ""), "no licence in its metadata"),
        (Package("a", ("1",), "AGPL-3.0-only"), "AGPL-3.0-only is not among"),
        (Package("b", ("1",), "MIT"), "stands in dependencies.yml and is in no lock"),
    ],
)
def test_a_licence_that_is_unknown_or_unfit_is_refused(package: Package, says: str) -> None:
    hand = {"compatible": {"MIT": ""}, "read": {"a": {}}}
    (problem,) = licence_problems([package], hand)
    assert says in str(problem)


def report(*vulnerabilities: str, **entry: Any) -> dict[str, Any]:
    found = [{"id": "PYSEC-9", "aliases": [name], "fix_versions": ["4"]} for name in vulnerabilities]
    return {"dependencies": [{"name": "Jinja2", "version": "3", "vulns": found} | entry]}


@pytest.mark.parametrize(
    ("found", "explained", "says"),
    [
        (report(), [], None),
        (report("CVE-1"), [EXPLAINED], None),
        (report("CVE-2"), [], "PYSEC-9, mended in 4"),
        (report(skip_reason="not found"), [], "not audited: not found"),
        (report(), [EXPLAINED], "is explained in dependencies.yml and not reported"),
        (
            report("CVE-1"),
            [EXPLAINED | {"until": date(2026, 11, 1)}],
            "was to be looked at again by 2026-11-01",
        ),
    ],
)
def test_an_audit_is_clean_only_if_all_was_audited_and_explained(
    found: dict[str, Any], explained: list[dict[str, Any]], says: str | None
) -> None:
    problems = audit_problems(found, {"advisories": explained}, TODAY)
    assert [says in str(problem) for problem in problems] == ([True] if says else [])


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    text = READ.read_text(encoding="utf-8").replace("reason: macOS alone.", 'reason: ""')
    spoiled = tmp_path / "dependencies.yml"
    spoiled.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="appnope needs licence and reason"):
        read_by_hand(spoiled)


def test_versions_of_a_package_with_two_are_both_listed() -> None:
    assert len(locked()["numpy"]) == 2
