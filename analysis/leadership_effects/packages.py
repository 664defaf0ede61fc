"""Licences and known vulnerabilities of every package in the two locks, each explained or refused.

One lock is the book's, the other, which agrees with it, JupyterLab's. Licences are read from the metadata of what is
installed in the environment of either; what the metadata leave open, and packages that a lock holds for other systems or Python versions, stand in ``.github/dependencies.yml`` with what was read in their files. The
outcome is a table in ``LICENSES.md``. Vulnerabilities are those that ``pip-audit`` reports; one that may stay needs an
entry with a reason and a day on which it is looked at again. A package that could not be audited counts as a finding:
silence of the service is no clean bill.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import yaml

from leadership_effects.paths import ROOT

LOCK, LAB_LOCK, READ, TABLE = (
    ROOT / "requirements.lock",
    ROOT / ".binder" / "requirements.txt",
    ROOT / ".github" / "dependencies.yml",
    ROOT / "LICENSES.md",
)
# Environment of JupyterLab, where its packages have their metadata.
LAB = ROOT / ".nox" / "lab"
BEGIN, END = "<!-- packages: nox -s licences -- --write -->", "<!-- end of packages -->"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
CLASSIFIED = "License :: "
REMARKS = {"tests": "Tests only.", "lab": "JupyterLab only."}
# How metadata spell a licence, in small letters, and its SPDX name.
SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD",
    "bsd 3-clause license": "BSD-3-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}


@dataclass(frozen=True)
class Package:
    """A package of a lock.

    Attributes
    ----------
    name : str
    versions : tuple of str
        Several where the lock holds one for some Python versions and another for others.
    licence : str
        SPDX expression, or nothing if neither metadata nor the file of what was read say.
    only : str
        ``tests`` or ``lab``, where the package serves that alone.
    remark : str
        What was read by hand.
    """

    name: str
    versions: tuple[str, ...]
    licence: str
    only: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Problem:
    """A package that is not explained, and what to do."""

    package: str
    text: str

    def __str__(self) -> str:
        """Package and text on a line."""
        return f"{self.package}: {self.text}"


def normal(name: str) -> str:
    """Name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: Path = LOCK) -> dict[str, tuple[str, ...]]:
    """Versions of each package in a lock, by normal name in alphabetical order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, version in PINNED.findall(lock.read_text(encoding="utf-8")):
        found[normal(name)] = (*found.get(normal(name), ()), version)
    return dict(sorted(found.items()))


def read_by_hand(path: Path = READ) -> dict[str, Any]:
    """What was looked at by hand.

    Raises
    ------
    ValueError
        If an entry lacks a licence, an advisory's number, its day or the reason, naming file and package.
    """
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, entry in content["read"].items():
        if not entry.get("licence") or not entry.get("reason"):
            raise ValueError(f"{path.name}: {name} needs licence and reason")
    for entry in content["advisories"]:
        if not all(entry.get(key) for key in ("package", "id", "reason", "until")):
            raise ValueError(f"{path.name}: advisory {entry} needs package, id, reason and until")
        if not isinstance(entry["until"], date):
            raise ValueError(f"{path.name}: {entry['package']}: until is a day such as 2027-03-01")
    return content


def stated_licence(name: str) -> str:
    """Licence in the metadata of an installed package as SPDX; nothing if they name none, or several that differ.

    Looked for in the environment that runs, then in JupyterLab's.
    """
    places = [*sys.path, *map(str, LAB.glob("lib/python*/site-packages"))]
    found = next(iter(distributions(name=name, path=places)), None)
    if found is None:
        return ""
    about = found.metadata
    expression = about["License-Expression"] if "License-Expression" in about else ""  # noqa: SIM401  (no dict)
    if expression:
        return str(expression)
    line = (about["License"] or "").strip() if "License" in about else ""
    field = SPELLINGS.get(
        line.lower(), line if re.fullmatch(r"[A-Za-z0-9.-]+( (AND|OR) [A-Za-z0-9.-]+)*", line) else ""
    )
    if field and field.lower() not in {"bsd", "unknown"}:
        return field
    classes = [c.split("::")[-1].strip() for c in about.get_all("Classifier", []) if c.startswith(CLASSIFIED)]
    if not classes and field == "BSD":
        return field
    return SPELLINGS.get(classes[0].lower(), "") if len(classes) == 1 else ""


def all_locked() -> dict[str, tuple[str, ...]]:
    """Versions of each package in either lock, by normal name in alphabetical order."""
    return dict(sorted({**locked(LAB_LOCK), **locked(LOCK)}.items()))


def packages(hand: dict[str, Any] | None = None) -> list[Package]:
    """Every package of the locks with its licence; what was read by hand goes before the metadata."""
    read, book = (hand or read_by_hand())["read"], locked(LOCK)
    return [
        Package(
            name,
            versions,
            read.get(name, {}).get("licence") or stated_licence(name),
            read.get(name, {}).get("only", "" if name in book else "lab"),
            read.get(name, {}).get("reason", ""),
        )
        for name, versions in all_locked().items()
    ]


def fits(licence: str, compatible: set[str]) -> bool:
    """Whether a licence expression can be met with licences of a list alone.

    ``AND`` asks for both sides, ``OR`` for one; brackets as in SPDX.
    """
    words = re.findall(r"\(|\)|[A-Za-z0-9.+-]+", licence)
    if not words:
        return False
    logic = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    return bool(
        eval(" ".join(logic.get(word, str(word in compatible)) for word in words), {"__builtins__": {}})
    )


def licence_problems(found: list[Package], hand: dict[str, Any]) -> list[Problem]:
    """Packages without a known licence or with one that does not fit, and entries that answer nothing."""
    compatible, known = set(hand["compatible"]), {package.name for package in found}
    problems = []
    for package in found:
        if not package.licence:
            problems.append(
                Problem(package.name, f"no licence in its metadata; read its files and add it to {READ.name}")
            )
        elif not fits(package.licence, compatible) and package.only != "tests":
            problems.append(Problem(package.name, f"{package.licence} is not among {sorted(compatible)}"))
    problems += [
        Problem(name, f"stands in {READ.name} and is in no lock")
        for name in hand["read"]
        if name not in known
    ]
    return problems


def table(found: list[Package]) -> str:
    """Table of packages and licences for ``LICENSES.md``."""
    lines = ["| package | version | licence | remark |", "|---|---|---|---|"]
    for package in found:
        remark = " ".join(filter(None, (REMARKS.get(package.only, ""), package.remark)))
        lines.append(f"| {package.name} | {', '.join(package.versions)} | {package.licence} | {remark} |")
    return "\n".join(lines)


def with_table(text: str, new: str) -> str:
    """Return a page with the table between the marks renewed.

    Raises
    ------
    ValueError
        If the page lacks the marks.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"{TABLE.name} lacks the lines {BEGIN} and {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{new}\n\n{END}{after}"


def audit_problems(report: dict[str, Any], hand: dict[str, Any], today: date) -> list[Problem]:
    """Vulnerabilities that nothing explains, packages that were not audited, and entries that have run out.

    Parameters
    ----------
    report : dict
        What ``pip-audit --format json`` writes.
    hand : dict
        What :func:`read_by_hand` returns.
    today : date
        Day on which entries are held against their ``until``.
    """
    allowed = {(normal(entry["package"]), entry["id"]): entry for entry in hand["advisories"]}
    met, problems = set(), []
    for entry in report["dependencies"]:
        if "skip_reason" in entry:
            problems.append(Problem(entry["name"], f"not audited: {entry['skip_reason']}"))
        for found in entry.get("vulns", []):
            names = [(normal(entry["name"]), name) for name in (found["id"], *found.get("aliases", ()))]
            answers = [name for name in names if name in allowed]
            met |= set(answers)
            if not answers:
                mended = ", ".join(found.get("fix_versions", ())) or "no version yet"
                problems.append(
                    Problem(entry["name"], f"{found['id']}, mended in {mended}; renew the lock or explain it")
                )
    for key, entry in allowed.items():
        if key not in met:
            problems.append(
                Problem(entry["package"], f"{entry['id']} is explained in {READ.name} and not reported")
            )
        elif entry["until"] < today:
            problems.append(
                Problem(entry["package"], f"{entry['id']} was to be looked at again by {entry['until']}")
            )
    return problems


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s licences`` and ``nox -s audit``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Licences and vulnerabilities of the packages in the locks.")
    parser.add_argument("--write", action="store_true", help=f"renew the table in {TABLE.name}")
    parser.add_argument("--audit", type=Path, metavar="REPORT", help="weigh a JSON report of pip-audit")
    options = parser.parse_args(arguments)
    try:
        hand = read_by_hand()
        found = packages(hand=hand)
        if options.audit:
            report = json.loads(options.audit.read_text(encoding="utf-8"))
            missing = set(all_locked()) - {normal(entry["name"]) for entry in report["dependencies"]}
            problems = audit_problems(report, hand, date.today())
            here = {name for name in missing if stated_licence(name)}
            problems += [Problem(name, "not in the report, though it is installed") for name in sorted(here)]
            said = f"{len(report['dependencies'])} packages audited, {len(hand['advisories'])} advisories explained"
        else:
            problems = licence_problems(found, hand)
            text = TABLE.read_text(encoding="utf-8")
            if options.write and not problems:
                TABLE.write_text(with_table(text, table(found)), encoding="utf-8")
            elif with_table(text, table(found)) != text:
                problems.append(Problem(TABLE.name, "older than the locks: nox -s licences -- --write"))
            said = f"{len(found)} packages, every licence known and compatible"
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(map(str, problems)) or said)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
