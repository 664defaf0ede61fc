"""Find what a chapter says against its own place, verdict, plan or numbers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from leadership_effects.prose.bound import ROLE, bound_numbers
from leadership_effects.prose.pages import NUM, OTHER, SRC, Page, Passage, Sentence
from leadership_effects.prose.rules import Knowledge, Place, Rule, Spans, any_of, unquoted

NOTEBOOKS, CASES = "analysis/notebooks/", "analysis/notebooks/cases/"
KNOWN_ROLES = {
    "abbr", "any", "cite", "count", "doc", "download", "eq", "index", "insight", "kbd", "math", "num", "numref", "range", "ref", "release-zip", "src",
    "sub", "sup", "sure", "table-file", "term", "w",
}  # fmt: skip
NAMED_ROLE = re.compile(r"\{([\w:-]+)\}`")
SPOILT_ROLE = re.compile(r"\{[\w:-]+\}(?=\s?[‘’“”'\"´`])|`")
KEY = re.compile(r"[^\s{}`]+")
PIECE = re.compile(r"[^\W_]+")
COMPARED = any_of(
    r"\b(?:compar\w+|than|other|others|another|both|unlike|like|same|elsewhere|beside|besides|between|neither|too|also|against|moved|network|holds for|"
    r"no (?:study|evaluation|source)|stud(?:y|ies)|similar|example|places|cases|countries)\b"
)
CERTAIN = (
    "clearly|markedly|significantly|substantially|considerably|sharply|strongly|dramatically|demonstrably|undoubtedly|"
    "far (?=more|less|better|worse|higher|lower|faster|above|ahead)"
)
MOVED = "rose|fell|gained|lost|improved|grew|declined|dropped|worsened|moved|climbed|advanced|did|went|came"
DIRECTION = any_of(
    rf"\b(?:{MOVED})(?: \w+)? (?:{CERTAIN})\b",
    rf"\b(?:{CERTAIN}) (?:more|less|better|worse|higher|lower|faster|further|above|below|{MOVED})\b",
    r"\b(?:outperform\w*|outpaced|overtook|outstripped|stands? out|stood out)\b",
    rf"\b(?:{MOVED}) (?:more|less|faster|further|better|worse) than (?:all|any|every|most|the) (?:the )?(?:other|others|rest|comparison)\b",
)
HEDGED = any_of(r"\b(?:no|not|nothing|nor|neither|cannot|could|whether|if|ordinary|as far|range)\b")
UNDECIDED = {"cannot say", "could not be estimated", "cannot be estimated"}
STARTED = any_of(
    r"\b(?:programme|partner|fellows|corps|network|organisation|first placements?|first cohort)(?: \w+){0,3} "
    r"(?:beg[au]n|started|starts|begins|launched|arrived|came)(?: \w+)? (?:in|of) (?:\w+ )?((?:19|20)\d\d)\b(?![-–/]\d)",
    r"\bstart(?:ed)? (?:of the programme )?(?:in|of) ((?:19|20)\d\d)\b(?![-–/]\d)",
    r"\b(?:programme|partner|organisation|fellows|corps members|participants)(?: \w+){0,5} since (?:\w+ )?((?:19|20)\d\d)\b(?![-–/]\d)",
)
SUBJECTS = {
    "mathematics": "mathematics|maths",
    "reading": "reading",
    "science": "science",
    "english": "English",
}
BESIDE = any_of(r" (?:(?!(?:and|or|but)\b)\w+ ){0,2}in (?:mathematics|maths|reading|science|English)\b")
CLAUSE, PARTED = re.compile(r"[;:]|,\s+(?:and|but|which|while|or)\b"), re.compile(r"[._]")
SHORT, SUMMARY = 7, "What we can say"  # words of a sentence that may not be there twice, and where one may


def _place(page: Page, knowledge: Knowledge) -> tuple[str, Place | None]:
    """Return the case of a chapter, and what is known of it."""
    case = Path(page.path).stem if page.path.startswith(CASES) else ""
    return case, knowledge.places.get(case)


def _sentences(page: Page) -> Iterator[tuple[Passage, Sentence]]:
    for passage in page.passages:
        if passage.kind in ("paragraph", "item"):
            yield from ((passage, sentence) for sentence in passage.sentences)


def spoilt_roles(page: Page, knowledge: Knowledge) -> Spans:
    """Yield roles that are not closed, not known or in other marks than backticks."""
    for passage in page.passages:
        for found in SPOILT_ROLE.finditer(passage.masked) if passage.kind != "chart" else ():
            yield (
                passage,
                *found.span(),
                "a backtick that is not closed" if found[0] == "`" else "no backticks",
            )
        for found in NAMED_ROLE.finditer(passage.shown):
            role = found[1].partition(":")[0]
            if passage.masked[found.start()] in NUM + SRC + OTHER and role not in KNOWN_ROLES:
                near = difflib.get_close_matches(role, KNOWN_ROLES, n=1, cutoff=0) or [""]
                yield passage, *found.span(), f"no role; allowed: such as {{{near[0]}}}"
        for found in ROLE.finditer(passage.shown):
            if passage.masked[found.start()] == NUM and not KEY.fullmatch(found[1].strip()):
                yield passage, *found.span(), "no key: a backtick that is not closed?"


def unknown_numbers(page: Page, knowledge: Knowledge) -> Spans:
    """Yield bound numbers that no run recorded and no code of their notebook can name."""
    own = Path(page.path).stem if page.path.startswith(NOTEBOOKS) else ""
    for passage, start, name in bound_numbers(page):
        first, _, key = name.partition(".")
        ways = [(own, name)] if own in knowledge.code else []
        ways += [(first, key)] if first in knowledge.code and key else []
        if not KEY.fullmatch(name) or any(_nameable(of, one, knowledge) for of, one in ways):
            continue
        known = [
            *knowledge.keys.get(own, ()),
            *(f"{of}.{one}" for of, _ in ways for one in knowledge.keys.get(of, ())),
        ]
        near = ", ".join(difflib.get_close_matches(name, known, n=3)) if ways else ""
        at = passage.shown.index(name, start)
        yield passage, at, at + len(name), f"near: {near}" if near else ""


def _nameable(notebook: str, key: str, knowledge: Knowledge) -> bool:
    """Return whether a key is recorded, or made of words of the code or of others' keys."""
    recorded, code = knowledge.keys.get(notebook, frozenset()), knowledge.code[notebook]
    if key in recorded:
        return True
    common = code if recorded else code | knowledge.pieces
    return all(piece in common for piece in PIECE.findall(key) if not piece.isdigit())


def other_places(page: Page, knowledge: Knowledge) -> Spans:
    """Yield places of other cases where nothing is compared, and a title without its own."""
    case, place = _place(page, knowledge)
    if place is None:
        return
    others = {name for other, held in knowledge.places.items() if other != case for name in held.names}
    others = {name for name in others if not any(name in own or own in name for own in place.names)}
    named = any_of(
        rf"\b(?i:in|of|for|across|from) (?:the )?(?:{(names := '|'.join(map(re.escape, sorted(others))))})\b",
        rf"\b(?:{names})[’']s?(?!\w)",
        flags=0,
    )
    own = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(place.names)))
    title = next((passage for passage in page.passages if passage.kind == "heading"), None)
    if title is not None and not own.search(title.shown):
        yield title, 0, len(title.shown), f"the title names no {' or '.join(sorted(place.names))}"
    for passage, sentence in _sentences(page) if others else ():
        words = unquoted(sentence.masked)
        if COMPARED.search(words) or own.search(words):
            continue
        for found in named.finditer(words):
            yield passage, sentence.start + found.start(), sentence.start + found.end(), ""


def directions(page: Page, knowledge: Knowledge) -> Spans:
    """Yield words of a clear direction in the first layer of a chapter whose verdict is none."""
    _, place = _place(page, knowledge)
    headings = 0
    for passage in page.passages if place is not None and place.verdict in UNDECIDED else ():
        headings += passage.kind == "heading"
        if headings > 1:
            return
        for sentence in passage.sentences:
            if not HEDGED.search(sentence.masked) and "{range}" not in sentence.shown:
                for found in DIRECTION.finditer(unquoted(sentence.masked)):
                    at = sentence.start + found.start(), sentence.start + found.end()
                    yield passage, *at, f"the verdict is {place.verdict!r}" if place else ""


def repeated_sentences(page: Page, knowledge: Knowledge) -> Spans:
    """Yield sentences that a chapter has had before; its summary may repeat the first layer."""
    seen: dict[str, str] = {}
    first_layer = next((passage.section for passage in page.passages), "")
    for passage, sentence in _sentences(page) if page.folder == "cases" else ():
        words = re.findall(r"\w+", sentence.shown.lower())
        if len(words) < SHORT:
            continue
        before = seen.get(" ".join(words))
        summary = before == first_layer and passage.section.startswith(SUMMARY)
        if before is not None and not summary:
            yield passage, sentence.start, sentence.start + len(sentence.shown.rstrip()), ""
        seen[" ".join(words)] = passage.section


def other_starts(page: Page, knowledge: Knowledge) -> Spans:
    """Yield years in which a chapter says that the programme began, and no row of the place has."""
    _, place = _place(page, knowledge)
    for passage, sentence in _sentences(page) if place is not None and place.starts else ():
        for found in STARTED.finditer(sentence.masked):
            year = next(one for one in found.groups() if one)
            if place is not None and int(year) not in place.starts:
                at = sentence.start + found.start(), sentence.start + found.end()
                yield passage, *at, f"by the rows the start is {' or '.join(map(str, sorted(place.starts)))}"


def other_subjects(page: Page, knowledge: Knowledge) -> Spans:
    """Yield bound numbers of another subject than the words beside them name."""
    for passage, sentence in _sentences(page) if _place(page, knowledge)[0] else ():
        for found in ROLE.finditer(sentence.shown):
            key = _subjects(PARTED.sub(" ", found[1]))
            if sentence.masked[found.start()] != NUM or not key:
                continue
            before = CLAUSE.split(sentence.masked[: found.start()])[-1]
            after = CLAUSE.split(sentence.masked[found.end() :].partition(NUM)[0])[0]
            beside = BESIDE.match(sentence.masked, found.end())
            said = _subjects(beside[0]) if beside else _subjects(before) or _subjects(after)
            if said and key.isdisjoint(said if beside else _subjects(sentence.masked)):
                at = sentence.start + found.start(1), sentence.start + found.end(1)
                yield passage, *at, f"the sentence is on {' and '.join(sorted(said))}"


def _subjects(text: str) -> set[str]:
    return {name for name, words in SUBJECTS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)}


CHAPTER_RULES = (
    Rule(
        "spoilt-role",
        "A role that is not closed, not known or in other quotation marks prints as it stands, or takes words after it along.",
        "write {num}`key`, {range}`key` or {src}`SOURCE_ID`, with a backtick on both sides.",
        spoilt_roles,
    ),
    Rule(
        "unknown-number",
        "No run recorded the number and the code of its notebook cannot name it; the build stops at it.",
        "correct the key, or record it in the notebook first.",
        unknown_numbers,
    ),
    Rule(
        "other-place",
        "The sentence speaks of the place of another chapter and compares it with nothing; it may have been pasted.",
        "name the own place, or say with what it is compared.",
        other_places,
    ),
    Rule(
        "against-verdict",
        "The first layer words a clear direction, and by the rule of the plan nothing can be said about it.",
        "say what was found and that it decides nothing, or print the range beside it with {range}.",
        directions,
    ),
    Rule(
        "repeated-sentence",
        "The chapter has said the same sentence before; one of the two is a slip of copying.",
        "take one out, or say in it what is new.",
        repeated_sentences,
    ),
    Rule(
        "other-start",
        "The chapter dates the start otherwise than the rows on which its comparison rests.",
        "correct the year, or start_year in cases.csv.",
        other_starts,
    ),
    Rule(
        "other-subject",
        "The sentence names one subject and prints the number of another.",
        "bind the number of the subject that is named, or name the other.",
        other_subjects,
    ),
)
