"""Grade each statement from design and threats by the rule that the plan prints.

The rule follows the Education Endowment Foundation's padlocks (design and precision set the start, threats cost grades),
applied to one statement at one place, and adds how places are drawn together. Its words and its numbers are in
``plan.yml``, so that what is printed is what is computed. Whether a design level or a threat was read rightly takes a
second rater.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import TOO_LITTLE
from leadership_effects.effects.pupil_scale import AT_LEAST, CANNOT_SAY, RULED_OUT
from leadership_effects.errors import LeadershipError

LEVELS = ("none", "moderate", "high")
THREATS = ("selection", "rival", "measurement", "spillover")
BEARINGS = ("supports", "contradicts", "mixed", "silent", CANNOT_SAY)
# Nothing was found in the sources read, or what was looked at neither shows nor rules out a difference that matters.
QUIET = ("silent", CANNOT_SAY)
BASES = ("full", "partial", "study", "none")
WORDS = ("full", "partial", "none")
# What a verdict by bounds does to a statement that a place's results stood out: only what is ruled out speaks against.
BEARING_OF = {AT_LEAST: "supports", RULED_OUT: "contradicts", CANNOT_SAY: CANNOT_SAY}
HIGHEST = 5


class GradeError(LeadershipError, ValueError):
    """An assessment is malformed, missing, or at odds with the results."""


@dataclass(frozen=True)
class GradeRule:
    """Numbers and words of the grade rule, as the plan holds them.

    Attributes
    ----------
    start : dict of str to int
        Highest grade that each level of the precision threat allows.
    one_moderate, one_high : int
        How many moderate, or high, threats cost one grade.
    two_high, two_beside : int
        How many high threats cost two, and how many moderate ones do beside one high.
    study_full, study_partial : int
        Design level from which somebody else's study counts as a full, as a partial comparison.
    near : int
        How close in grade another place must come to cost the statement one.
    sentences : tuple of str
        The rule in words, filled with these numbers.
    design : dict of int to str
        Meaning of each design level, highest first.
    anchors : dict of str to dict of str to str
        When a threat is moderate and when it is high.
    """

    start: Mapping[str, int]
    one_moderate: int
    one_high: int
    two_high: int
    two_beside: int
    study_full: int
    study_partial: int
    near: int
    sentences: tuple[str, ...]
    design: Mapping[int, str]
    anchors: Mapping[str, Mapping[str, str]]


def read_rule(release: Release) -> GradeRule:
    """Read the grade rule of a release's plan.

    Raises
    ------
    GradeError
        If the plan holds none, or lacks a part of it.
    """
    raw = release.plan["synthesis"].get("security")
    if not isinstance(raw, dict):
        raise GradeError(f"plan.yml of release {release.name}: synthesis.security is missing")
    try:
        return _rule(raw)
    except KeyError as error:
        lacks = f"synthesis.security lacks {error.args[0]!r}"
        raise GradeError(f"plan.yml of release {release.name}: {lacks}") from None


def _rule(raw: dict[str, Any]) -> GradeRule:
    if set(raw["start"]) != set(LEVELS):
        names = f"names {', '.join(raw['start'])}; allowed: {', '.join(LEVELS)}"
        raise GradeError(f"plan.yml: synthesis.security.start {names}")
    return GradeRule(
        start=raw["start"],
        one_moderate=raw["drop_one"]["moderate"],
        one_high=raw["drop_one"]["high"],
        two_high=raw["drop_two"]["high"],
        two_beside=raw["drop_two"]["moderate_beside_high"],
        study_full=raw["study_full"],
        study_partial=raw["study_partial"],
        near=raw["near"],
        sentences=tuple(sentence.format(**raw) for sentence in raw["rule"]),
        design={int(level): str(raw["design"][level]) for level in sorted(raw["design"], reverse=True)},
        anchors=raw["threats"],
    )


def grades_lost(threats: Sequence[str], rule: GradeRule) -> int:
    """Count the grades that threats cost: 0, 1 or 2.

    Parameters
    ----------
    threats : sequence of str
        Levels of the threats other than precision.
    rule : Rule

    Raises
    ------
    GradeError
        If a level is not one of ``none``, ``moderate``, ``high``.
    """
    _allowed("threat", threats, LEVELS)
    high, moderate = list(threats).count("high"), list(threats).count("moderate")
    if high >= rule.two_high or (high and moderate >= rule.two_beside):
        return 2
    return int(high >= rule.one_high or moderate >= rule.one_moderate)


def passage_grade(design_level: int, precision: str, threats: Sequence[str], rule: GradeRule) -> int:
    """Grade one passage, 0 to 5: the lower of design and precision, less the threats' cost.

    Parameters
    ----------
    design_level : int
        0 (no comparison) to 5 (randomised trial).
    precision : str
        Level of the precision threat.
    threats : sequence of str
        Levels of the other four.
    rule : Rule

    Raises
    ------
    GradeError
        If the design level lies outside 0 to 5 or a threat has an unknown level.
    """
    if not 0 <= design_level <= HIGHEST:
        raise GradeError(f"design level {design_level}; allowed: 0 to {HIGHEST}")
    _allowed("precision", [precision], LEVELS)
    return max(0, min(design_level, rule.start[precision]) - grades_lost(threats, rule))


def basis_word(basis: str, design_level: int, measurement: str, rule: GradeRule) -> str:
    """Classify the comparison behind one passage: full, partial or none.

    A place of this book keeps its own word; somebody else's study is placed by its design level.
    """
    _allowed("basis", [basis], BASES)
    if basis != "study":
        return basis
    if measurement == "high" or design_level < rule.study_partial:
        return "none"
    return "full" if design_level >= rule.study_full else "partial"


@dataclass(frozen=True)
class Voice:
    """What one place says on one statement.

    Attributes
    ----------
    bearing : str
        ``supports``, ``contradicts``, ``mixed``, ``silent`` or ``cannot say``.
    grade : int or None
        Grade of the most secure passage; None where the place is silent or cannot say.
    word : str
        Comparison behind it, ``full``, ``partial`` or ``none``; empty where the place is silent or cannot say.
    passage : str
        The most secure passage, first of equals.
    """

    bearing: str
    grade: int | None
    word: str
    passage: str


def place_voice(passages: Sequence[Voice]) -> Voice:
    """Select a place's most secure passage; mixed if passages just as secure differ.

    A passage that cannot say gives way to those that speak. The word is the best among the passages that point the
    place's way.

    Raises
    ------
    GradeError
        If there is no passage, or a silent one stands beside one that speaks.
    """
    if not passages:
        raise GradeError("a place without a passage has no voice")
    if len(passages) > 1 and any(passage.bearing == "silent" for passage in passages):
        raise GradeError("a silent passage stands beside another; a place speaks or is silent")
    speaking = [passage for passage in passages if passage.grade is not None]
    if not speaking:
        return passages[0]
    passages, grades = speaking, [passage.grade for passage in speaking]
    best = max(grade for grade in grades if grade is not None)
    top = [passage for passage in passages if passage.grade == best]
    bearings = {passage.bearing for passage in top}
    bearing = bearings.pop() if len(bearings) == 1 else "mixed"
    side = [passage.word for passage in speaking if passage.bearing == bearing] or [top[0].word]
    return Voice(bearing, best, min(side, key=WORDS.index), top[0].passage)


@dataclass(frozen=True)
class Judgement:
    """A statement judged over its places.

    Attributes
    ----------
    lean : str
        ``supported``, ``contradicted``, ``contested`` or ``cannot say``, where no place can speak.
    grade : int
        0 to 5.
    word : str
        Best comparison among the places on the larger side, ``full``, ``partial`` or ``none``; among all that speak
        where it is contested, ``none`` where none can speak.
    counts : dict of str to int
        Number of places by bearing.
    """

    lean: str
    grade: int
    word: str
    counts: dict[str, int]

    @property
    def direction(self) -> str:
        """Return the word to print: the lean, or at grade 0 that too little was compared."""
        return self.lean if self.grade or self.lean == "contested" else TOO_LITTLE

    @property
    def sides(self) -> str:
        """Count places on each side in words: ``1 for, 0 against, 2 mixed``."""
        counts = self.counts
        return f"{counts['supports']} for, {counts['contradicts']} against, {counts['mixed']} mixed"


def grade_statement(voices: Sequence[Voice], rule: GradeRule) -> Judgement:
    """Grade a statement from the voices of its places: lean, grade and word.

    Raises
    ------
    GradeError
        If a bearing is unknown.
    """
    _allowed("bearing", [voice.bearing for voice in voices], BEARINGS)
    counts = {bearing: sum(voice.bearing == bearing for voice in voices) for bearing in BEARINGS}
    speaking = [voice for voice in voices if voice.grade is not None]
    if not speaking:
        return Judgement(CANNOT_SAY, 0, "none", counts)
    larger, smaller = sorted(("supports", "contradicts"), key=lambda side: -counts[side])
    best, other = _best(speaking, larger), _best(speaking, smaller)
    if counts[larger] == counts[smaller] or other > best:
        return Judgement("contested", 0, _best_word(speaking), counts)
    opposed = max(other, _best(speaking, "mixed")) >= best - rule.near
    alone = counts[larger] == 1
    grade = max(0, best - int(opposed) - int(alone))
    word = _best_word([voice for voice in speaking if voice.bearing == larger])
    return Judgement("supported" if larger == "supports" else "contradicted", grade, word, counts)


def _best_word(voices: Sequence[Voice]) -> str:
    """Return the best comparison among voices."""
    return min((voice.word for voice in voices), key=WORDS.index)


def _best(voices: Sequence[Voice], bearing: str) -> int:
    """Return the highest grade on one side, far below any grade if there is none."""
    side = (voice.grade for voice in voices if voice.bearing == bearing)
    return max((grade for grade in side if grade is not None), default=-99)


def grade_passages(assessments: pd.DataFrame, rule: GradeRule) -> pd.DataFrame:
    """Grade assessments: add columns ``grade`` and ``word``, missing and empty where quiet.

    Raises
    ------
    GradeError
        Naming statement, place and what is allowed, if a row is malformed.
    """
    grades: list[int | None] = []
    words: list[str] = []
    for row in assessments.to_dict("records"):
        where = f"{row['statement_id']}, {row['place']}"
        levels = [row[threat] for threat in THREATS]
        try:
            _allowed("bearing", [row["bearing"]], BEARINGS)
            grade = passage_grade(int(row["design_level"]), row["precision"], levels, rule)
            word = basis_word(row["basis"], int(row["design_level"]), row["measurement"], rule)
        except GradeError as error:
            raise GradeError(f"{where}: {error}") from None
        silent = row["bearing"] == "silent"
        if silent and (grade or word != "none" or {*levels, row["precision"]} != {"none"}):
            raise GradeError(f"{where}: is silent; allowed: design level 0, basis none, every threat none")
        quiet = row["bearing"] in QUIET
        grades.append(None if quiet else grade)
        words.append("" if quiet else word)
    return assessments.assign(grade=pd.array(grades, dtype="Int64"), word=words)


def read_voices(
    statements: pd.DataFrame, assessments: pd.DataFrame, cases: Sequence[str], rule: GradeRule
) -> dict[str, dict[str, Voice]]:
    """Read the voice of each place on each statement.

    Parameters
    ----------
    statements, assessments : DataFrame
        Tables of the release.
    cases : sequence of str
        Places that must be assessed on every statement, silent or not.
    rule : Rule

    Returns
    -------
    dict of dict of Voice
        By statement and place, in the order of the tables.

    Raises
    ------
    GradeError
        If an assessment names an unknown statement, a case is missing, or a place is silent and speaks.
    """
    known = list(statements["statement_id"])
    _allowed("statement", assessments["statement_id"], known)
    graded = grade_passages(assessments, rule)
    heard: dict[str, dict[str, Voice]] = {}
    for statement in known:
        rows = graded[graded["statement_id"] == statement]
        missing = [case for case in cases if case not in set(rows["place"])]
        if missing:
            raise GradeError(f"{statement}: no assessment of {', '.join(missing)}; silence needs a row too")
        heard[statement] = {place: _heard(rows, place) for place in dict.fromkeys(rows["place"])}
    return heard


def _heard(rows: pd.DataFrame, place: str) -> Voice:
    columns = rows.loc[rows["place"] == place, ["bearing", "grade", "word", "passage"]]
    passages = [
        Voice(bearing, None if pd.isna(grade) else int(grade), word, passage)
        for bearing, grade, word, passage in columns.itertuples(index=False)
    ]
    try:
        return place_voice(passages)
    except GradeError as error:
        raise GradeError(f"{rows['statement_id'].iloc[0]}, {place}: {error}") from None


def check_against_cases(
    assessments: pd.DataFrame, comparisons: Mapping[str, str], verdicts: Mapping[str, str], standing_out: str
) -> None:
    """Refuse an assessment at odds with the comparison or the verdict of its case.

    Parameters
    ----------
    assessments : DataFrame
    comparisons : mapping of str to str
        Comparison of each case, ``full``, ``partial`` or ``none``.
    verdicts : mapping of str to str
        Verdict of each case on the smallest effect of interest.
    standing_out : str
        Statement that results stood out. What a case itself says on it is what its verdict says; elsewhere a passage of
        a case's own comparison may speak against a statement only where the case's verdict is ``ruled out``.

    Raises
    ------
    GradeError
        Naming the first row that does not fit.
    """
    for row in assessments[assessments["basis"] != "study"].to_dict("records"):
        place, basis, bearing = row["place"], row["basis"], row["bearing"]
        where, word, told = f"{row['statement_id']}, {place}", comparisons.get(place), verdicts.get(place)
        if basis != "none" and (word not in WORDS or WORDS.index(word) > WORDS.index(basis)):
            raise GradeError(f"{where}: comparison called {basis}, the case's is {word or 'unknown'}")
        if row["statement_id"] == standing_out and told and bearing != BEARING_OF[told]:
            raise GradeError(f"{where}: {bearing}; allowed: {BEARING_OF[told]}, the case's verdict is {told}")
        if basis != "none" and bearing == "contradicts" and told != RULED_OUT:
            raise GradeError(
                f"{where}: contradicts; allowed only where the case's verdict is {RULED_OUT}, it is {told}"
            )


def unheard(assessments: pd.DataFrame) -> pd.DataFrame:
    """Select passages that cannot say beside one of the same place that speaks."""
    speaks = ~assessments["bearing"].isin(QUIET)
    beside = speaks.groupby([assessments["statement_id"], assessments["place"]]).transform("any")
    return assessments[(assessments["bearing"] == CANNOT_SAY) & beside]


def _allowed(what: str, found: Sequence[str] | pd.Series, allowed: Sequence[str]) -> None:
    unknown = [str(value) for value in found if value not in allowed]
    if unknown:
        raise GradeError(f"unknown {what} {unknown[0]!r}; allowed: {', '.join(allowed)}")


def shift_threats(assessments: pd.DataFrame, step: int) -> pd.DataFrame:
    """Shift every threat of places that speak by `step`, as a kinder or stricter reader would.

    Parameters
    ----------
    assessments : DataFrame
    step : int
        -1 for kinder, 1 for stricter; levels stop at ``none`` and ``high``.
    """
    speaks = ~assessments["bearing"].isin(QUIET)
    moved = assessments.copy()
    for threat in (*THREATS, "precision"):
        steps = [min(max(LEVELS.index(level) + step, 0), len(LEVELS) - 1) for level in moved[threat]]
        moved.loc[speaks, threat] = pd.Series([LEVELS[at] for at in steps], index=moved.index)[speaks]
    return moved
