"""Edit the text of an analysis plan and keep its comments, quotes and layout."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase, CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from leadership_effects.data.release import ReleaseError


def _round_trip() -> YAML:
    parser = YAML()
    parser.preserve_quotes = True
    parser.width = 4096
    parser.indent(mapping=2, sequence=4, offset=2)
    parser.representer.add_representer(
        type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    return parser


def edit_plan(text: str, change: Callable[[CommentedMap], None]) -> str:
    """Return a plan's text after a change of its content.

    Raises
    ------
    ReleaseError
        If the text is not a YAML mapping.
    """
    parser, stream = _round_trip(), io.StringIO()
    try:
        plan = parser.load(text)
    except YAMLError as error:
        raise ReleaseError(f"plan.yml: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(plan, CommentedMap):
        raise ReleaseError("plan.yml: must hold fields with values")
    for node in _nodes(plan):
        if node.anchor.value:
            node.anchor.always_dump = True
    change(plan)
    parser.dump(plan, stream)
    return stream.getvalue()


def _nodes(node: Any) -> Iterator[CommentedBase]:
    if isinstance(node, CommentedBase):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _nodes(child)


def plan_yaml(content: Any) -> str:
    """Return content as plan text, each list on one line."""
    stream = io.StringIO()
    _round_trip().dump(plan_node(content), stream)
    return stream.getvalue()


def plan_node(content: Any) -> Any:
    """Return content as nodes of a plan, each list on one line."""
    if isinstance(content, dict):
        return CommentedMap((key, plan_node(value)) for key, value in content.items())
    if isinstance(content, list):
        made = CommentedSeq(map(plan_node, content))
        made.fa.set_flow_style()
        return made
    return content


def rename_release(text: str, old: str, new: str) -> str:
    """Rename the release in the setting and the heading of a copied plan.

    Raises
    ------
    ReleaseError
        If the plan is of another release.
    """
    found = yaml.safe_load(text).get("release")
    if found != old:
        raise ReleaseError(f"plan.yml: release is {found!r}, must be {old!r}")
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("release:") or (number == 0 and line.startswith("#")):
            lines[number] = line.replace(old, new)
    return "\n".join(lines)


def place_case(text: str, case_id: str, entry: dict[str, Any], roles: dict[str, str]) -> str:
    """Return a plan with the entry of a case, last of the cases, and its role in the synthesis.

    Parameters
    ----------
    text : str
        Text of the plan.
    case_id : str
    entry : dict
        Content of the case's entry.
    roles : dict of str to str
        Role in the synthesis (``entering``, ``described`` or ``added``), with the reason given there.

    Raises
    ------
    ReleaseError
        If the plan is not a YAML mapping, or the entry would be read in another way than it was given.
    """

    def place(plan: CommentedMap) -> None:
        synthesis, cases = plan["synthesis"], plan["cases"]
        cases.pop(case_id, None)
        cases[case_id] = plan_node(entry)
        if case_id in synthesis["entering"]:
            synthesis["entering"].remove(case_id)
        if "entering" in roles:
            synthesis["entering"].append(case_id)
        for kind in ("described", "added"):
            named = synthesis.get(kind)
            if named:
                named.pop(case_id, None)
            if kind in roles:
                if named is None:
                    position = list(synthesis).index("described") + 1 if "described" in synthesis else 1
                    synthesis.insert(position, kind, CommentedMap())
                synthesis[kind][case_id] = DoubleQuotedScalarString(roles[kind])
            elif named is not None and not named and kind == "added":
                del synthesis[kind]

    placed = edit_plan(text, place)
    _refuse_misread(yaml.safe_load(placed)["cases"], case_id, entry, "cases")
    return placed


def _refuse_misread(entries: Any, name: str, entry: dict[str, Any], section: str) -> None:
    """Refuse an entry that reads otherwise than given, as a bare yes does in YAML 1.1."""
    if entries[name] != entry:
        raise ReleaseError(f"plan.yml, {section}.{name}: does not read as written; put its texts in quotes")


def place_design(text: str, name: str, entry: dict[str, Any]) -> str:
    """Return a plan with the entry of a design of many places, last of the designs.

    Raises
    ------
    ReleaseError
        If the plan is not a YAML mapping or has no such designs, or the entry would be read in another way than it was given.
    """

    def place(plan: CommentedMap) -> None:
        if "many_places" not in plan:
            raise ReleaseError("plan.yml: no field 'many_places'; it came with release 2026.5")
        designs = plan["many_places"]["designs"]
        designs.pop(name, None)
        designs[name] = plan_node(entry)

    placed = edit_plan(text, place)
    _refuse_misread(yaml.safe_load(placed)["many_places"]["designs"], name, entry, "many_places.designs")
    return placed


def take_out_design(text: str, name: str) -> str:
    """Return a plan without the entry of a design of many places.

    Raises
    ------
    ReleaseError
        If the plan is not a YAML mapping.
    """
    return edit_plan(text, lambda plan: plan["many_places"]["designs"].pop(name, None))


def take_out_case(text: str, case_id: str) -> str:
    """Return a plan without the entry of a case and without its role in the synthesis.

    Raises
    ------
    ReleaseError
        If the plan is not a YAML mapping.
    """

    def take_out(plan: CommentedMap) -> None:
        synthesis = plan["synthesis"]
        plan["cases"].pop(case_id, None)
        if case_id in synthesis["entering"]:
            synthesis["entering"].remove(case_id)
        for kind in ("described", "added"):
            named = synthesis.get(kind)
            if named and named.pop(case_id, None) is not None and not named:
                del synthesis[kind]

    return edit_plan(text, take_out)
