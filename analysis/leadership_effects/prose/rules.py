"""Define the rules of the prose check; each finds one weakness in a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from leadership_effects.prose.pages import BOUND, CITED, LINK, NUM, SRC, Page, Passage, Sentence, holds


@dataclass(frozen=True)
class Place:
    """Place of a case as chapters may speak of it.

    Attributes
    ----------
    names : frozenset of str
        Its title, name and country.
    starts : frozenset of int
        Years of the start and of the first treated results.
    verdict : str
        By the last run or as published; blank where there is neither.
    """

    names: frozenset[str]
    starts: frozenset[int]
    verdict: str = ""


@dataclass(frozen=True)
class Knowledge:
    """Glossary and sources that rules consult.

    Attributes
    ----------
    glossary : frozenset of str
        Terms that the glossary explains, in lower case.
    designed : frozenset of str
        Sources of the release whose studies are randomised or quasi-experimental.
    sources : frozenset of str or None
        Every source that a page may cite; None where they are not looked up.
    names : frozenset of str
        Names of the release that hold a number, such as ``Key Stage 3`` or ``Saber 11``.
    places : mapping of str to Place
        By case.
    keys, code : mapping of str to frozenset of str
        By notebook: the keys of the numbers that a run recorded, and the words of its code.
    pieces : frozenset of str
        Words of the keys of all notebooks, and of the code that records keys for chapters.
    """

    glossary: frozenset[str] = frozenset()
    designed: frozenset[str] = frozenset()
    sources: frozenset[str] | None = None
    names: frozenset[str] = frozenset()
    places: Mapping[str, Place] = field(default_factory=dict)
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    code: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pieces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """Stretch of a passage that breaks a rule; ``detail`` says how, if it can vary."""

    rule: str
    passage: Passage
    start: int
    end: int
    detail: str = ""


# Passage, start, end and, if it can vary, how the stretch breaks the rule.
Spans = Iterator[tuple[Passage, int, int] | tuple[Passage, int, int, str]]


@dataclass(frozen=True)
class Rule:
    """Rule with its reason and the ways to answer a finding, as the report prints them."""

    name: str
    why: str
    answer: str
    find: Callable[[Page, Knowledge], Spans]

    def findings(self, page: Page, knowledge: Knowledge) -> Iterator[Finding]:
        """Yield the findings on a page in order."""
        for found in self.find(page, knowledge):
            yield Finding(self.name, *found)


def any_of(*patterns: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile one pattern for any of several; a blank matches any white space."""
    return re.compile("|".join(f"(?:{pattern.replace(' ', WHITE)})" for pattern in patterns), flags)


WHITE = r"\s+"
TO = r"(?:\s?[–,/-]\s?|\s+(?:to|and|or|by)\s+|,\s+)"
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
SMALL = "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
LARGE = r"(?:\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a dozen|a thousand|a million)"
DIGITS = re.compile(r"(?<![\w.,])[+−-]?\d+(?:[.,]\d+)*(?![\w])(?:\s?%)?")
SPELLED = any_of(
    rf"\b{SMALL} (?:out )?of (?:the |its |these |those |our |all )?(?:{SMALL}\b|{LARGE}\b|[{NUM}])",
    rf"[{NUM}]+ of (?:the |these |those )?(?:{SMALL}|{LARGE})\b(?! (?:places|cases)\b)",
    rf"(?<!times\s)\b(?:{SMALL}|{LARGE}|one) in (?:{SMALL}|{LARGE})\b",
    rf"\b(?:{SMALL}|{LARGE})(?: and a half)? "
    r"(?:per cent|percent|percentage points|standard deviations|hundred|thousand|million|times as)\b",
    rf"\b(?:by|within|about|over|under|nearly|almost|most|than|to) {SMALL} points\b",
    r"\b(?:a|one|two|three) (?:third|quarter|fifth|tenth)s? of\b",
    r"\b(?:about|nearly|almost|over|under|roughly|more than|less than|around) (?:half|a third|a quarter)\b",
)
LABELS = (
    "grade|class|classe|key stage|age|aged|level|part|section|chapter|appendix|figure|table|line|stage|step|region|rule|"
    "standard|tier|ward|item|question|point|version|release|python|attribution|scale|code|coded|threshold"
)
MEASURES = "per cent|percent|percentage|points?|standard deviations?|times|thousand|million|billion|pupils|teachers|schools"
NOT_A_RESULT = any_of(
    r"\b20\d\d\.\d\b",
    rf"\b(?:19|20)\d\ds?(?:{TO}(?:(?:19|20)\d\d|\d\d?)\b)*",
    rf"\b\d{{1,2}}(?:{TO}\d{{1,2}})? {MONTH}\b",
    r"\b\d+(?:st|nd|rd|th)\b",
    rf"\b(?:{LABELS})s?(?: (?:above|below|from|at|as|of))? \d[\d.]*(?:{TO}\d[\d.]*)*(?!\d| per cent| point)",
    r"\bKS ?\d\b|\bCC BY \d\.\d",
    r"\b(?:mathematics|maths|reading|science) (?:4|8|12)\b(?!\.\d| per cent| point)",
    rf"\b(?:at|from) (?:5|7|11|14|15|16|18)\b(?:{TO}(?:7|11|14|15|16|18)\b)?(?! per cent| point)",
    rf"\b(?:80|90|95|99)(?:{TO}\d\d)? per cent (?:\w+ ){{0,2}}(?:set|interval|range|band|limit|level|test)",
    r"\b(?:1|5|10|one|five|ten) per cent (?:level|test)|\blevel of (?:1|5|10) per cent",
    r"\b(?:p|p-value|level)(?: \w+){0,3} 0\.(?:01|05|10?)\b",
    r"\busual (?:target|mark|level) of \d+ per cent",
    rf"\bscales?,? (?:(?:of|from|as) )?\d+{TO}\d+(?:{TO}\d+)?",
    r"\bgrades?, 0 to 5\b|\bfrom 0 \([^)]*\) to 5\b|\ba (?:code of )?[0-3]\b(?!\.\d| per cent| point)",
    r"\balpha (?:above|below|over|under|of) 0\.(?:667|8)\b",
    r"\bintervalo del 90 %|\b90 % intervāl",
    r"\blos \d+ años|\bescala de \d a \d|\d+ gadu vecum|\d+\. klas|skalā no \d līdz \d|\bregión \d\d\b|\d+ वर्ष की आयु|\d से \d के पैमाने",
)
OF_THE_SCALE = any_of(r"grade` of 5\b")
COMPARATIVES = any_of(
    r"(?<!no\s)\b(?:larg|small(?!est (?:detectable|p-value))|high|low|fast|slow|great|few|steep|strong|weak|long|short)est\b(?! (?:kind of )?levers?\b)",
    r"\b(?:doubl|tripl|trebl|quadrupl|halv)(?:ed|ing)\b",
    r"\b(?:twice|three times|four times|half) (?:as|the) \w+",
    r"\b(?:more|less|fewer) than (?:doubled|halved|half)\b",
    r"(?<!at\s)\bmost (?:of|places|schools|pupils|teachers|countries|districts|boroughs|states|alumni|fellows|studies)\b",
    r"\b(?:best|worst)[- ](?:performing|paid|placed|results)\b",
)
HYPOTHETICAL = any_of(
    r"\b(?:would|could|should|might|may|can|cannot|if|whether|unless|suppose|imagine|likely|were to)\b"
)
DENIED = any_of(r"\b(?:not|no|none|nothing|nobody|neither|nor|never|without|hardly|n't|nowhere|few)\b")
ATTRIBUTED = any_of(
    r"\b(?:claim|said|say|says|credit|argue|assert|attribut|explanation|rival|stor(?:y|ies)|hypothes|belie[fv]|"
    r"announce|promise|hope|aim|intend|the deck|in their words|according to|holds that|report)\w*"
)
CAUSAL = any_of(
    r"\b(?:caus(?:ed|es|ing)|led to|leads to|drove|driven by|resulted in|brought about|gave rise to)\b",
    r"\b(?:due|owing|thanks) to\b",
    r"\bbecause of\b",
    rf"(?<!in\s)\b(?:effects?|impacts?) (?:of|on)\b(?! one | {SMALL} | half | that size| a given| [{NUM}])",
    r"\b(?:(?:improv|rais|increas|reduc|produc|accelerat)(?:ed|es)|(?:lift|boost|transform|strengthen)(?:ed|s)|turn(?:ed|s) around) "
    r"(?:the |its |their |his |her |pupils?'? |children's |student |test |school |average |mean )*"
    r"(?:results?|learning|scores?|outcomes?|achievement|attainment|performance|schools?|pass rates?|systems?|"
    r"gains?|rises?|gaps?|teaching|quality|pupils|children)\b",
    r"\b(?:contributed to|triggered|sparked|spurred|fuelled|fostered|enabled|pushed up|helped (?:to )?\w+ (?:the|its|their))\b",
    r"\b(?:made|makes) (?:the|a) difference\b",
    r"\b(?:is|was|were|are) (?:to thank|to blame|responsible) for\b",
)
CITATION = re.compile(r"\{src\}`+([^`]*)`+")
METHODS = {"methods", "rerun", "data", "numbers", "glossary", "contribute"}
NO_RESULTS = METHODS - {"methods"}
PROSE = {"paragraph", "item", "row", "chart"}


def in_prose(page: Page, *kinds: str) -> Iterator[Passage]:
    """Return the passages of the page that are prose, or of the kinds named."""
    return (passage for passage in page.passages if passage.kind in (kinds or PROSE))


def unquoted(text: str) -> str:
    """Return text with quotations blanked out, its length kept."""
    return re.sub(r"[\"“][^\"“”]*[\"”]", lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def typed_figures(page: Page, knowledge: Knowledge) -> Spans:
    """Yield numbers in digits, or in words where they are results, that no role prints."""
    names = names_pattern(knowledge.names)
    for passage in in_prose(page):
        fine = [found.span() for found in NOT_A_RESULT.finditer(passage.masked)]
        fine += [found.span() for found in names.finditer(passage.masked)] if names else []
        fine += [found.span() for found in OF_THE_SCALE.finditer(passage.shown)]
        for pattern in (DIGITS, SPELLED):
            for found in pattern.finditer(passage.masked):
                if not any(start <= found.start() + 1 and found.end() <= end + 1 for start, end in fine):
                    yield passage, *found.span()


@lru_cache(maxsize=8)
def names_pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """Compile names with a number, spelt as they are; one that is followed by a measure is none."""
    if not names:
        return None
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    words = "|".join(re.escape(name).replace("\\ ", WHITE) for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{words})(?![\w%]|[.,]\d|\s?%|\s+(?:{MEASURES})\b)")


def unknown_sources(page: Page, knowledge: Knowledge) -> Spans:
    """Yield citations of sources that neither the release nor the sheets of the case hold."""
    known = knowledge.sources
    for passage in page.passages if known is not None else ():
        for start, name in cited_sources(passage):
            if known is not None and name not in known:
                yield passage, start, start + len(name)


def unbound_comparatives(page: Page, knowledge: Knowledge) -> Spans:
    """Yield superlatives and multiples in sentences that neither print a number nor cite."""
    if page.folder in NO_RESULTS:
        return
    for passage, sentence in _statements(page):
        if holds(sentence.masked, BOUND + CITED + LINK) or HYPOTHETICAL.search(sentence.masked):
            continue
        for found in COMPARATIVES.finditer(unquoted(sentence.masked)):
            yield passage, sentence.start + found.start(), sentence.start + found.end()


def causal_verbs(page: Page, knowledge: Knowledge) -> Spans:
    """Yield causal words in statements without a design, unless denied or attributed."""
    if page.folder in METHODS:
        return
    for passage, sentence in _statements(page):
        words = sentence.masked
        if HYPOTHETICAL.search(words) or ATTRIBUTED.search(words):
            continue
        if knowledge.designed & {name for _, name in cited_sources(sentence)} or "eval." in sentence.shown:
            continue
        for found in CAUSAL.finditer(unquoted(words)):
            if not DENIED.search(words, 0, found.start()):
                yield passage, sentence.start + found.start(), sentence.start + found.end()


def _statements(page: Page) -> Iterator[tuple[Passage, Sentence]]:
    """Yield the sentences that are no questions."""
    for passage in in_prose(page):
        for sentence in passage.sentences:
            if not sentence.masked.rstrip(' )"”’\n').endswith("?"):
                yield passage, sentence


def cited_sources(text: Sentence | Passage) -> Iterator[tuple[int, str]]:
    """Yield place and id of the sources that a text cites with ``{src}``."""
    for found in CITATION.finditer(text.shown):
        if text.masked[found.start()] == SRC:
            for name in re.finditer(r"[^\s,]+", found[1]):
                yield found.start(1) + name.start(), name[0]


EVERYDAY = frozenset({
    "BY", "CC", "CSS", "CSV", "DC", "DOI", "EPUB", "GIF", "HTML", "HTTP", "HTTPS", "ID", "IDs", "II", "III",
    "IV", "IX", "JSON", "MIT", "NB", "NGO", "OK", "PDF", "PNG", "RAND", "SVG", "TV", "UK", "UN", "US", "USA",
    "USB", "UTF", "VI", "VII", "VIII", "XI", "XII", "XX", "YAML",
})  # fmt: skip
VOCABULARY = (
    "alpha", "bootstrap", "confidence set", "counterfactual", "critical mass", "difference-in-differences",
    "effective number of places", "event study", "fuzzy set", "Hartung–Knapp", "joint randomisation test", "leverage point",
    "minimum detectable effect", "moderator", "p-value", "permutation", "placebo", "placebo SD", "prediction interval",
    "pre-trend", "random effects", "specification curve", "standard deviation", "sup-F", "synthetic control",
    "synthetic difference-in-differences", "tipping point", "two-way fixed effects", "value added",
)  # fmt: skip
ACRONYM = re.compile(r"\b[A-Z]{2,}(?:[a-z]\b)?")


def undefined_terms(page: Page, knowledge: Knowledge) -> Spans:
    """Yield the first use of each technical term that neither glossary nor page explains."""
    shown = "\n".join(passage.shown for passage in page.passages)
    seen: set[str] = set()
    for passage in in_prose(page, "paragraph", "item", "row"):
        for found in _terms(passage.masked):
            term = found[0].rstrip("s") if found[0][:2].isupper() else found[0]
            if term.lower() in seen or _known(term, knowledge.glossary):
                continue
            seen.add(term.lower())
            if not _linked(passage.shown, *found.span()) and not explained(term, shown):
                yield passage, *found.span()


def _terms(masked: str) -> Iterator[re.Match[str]]:
    for found in ACRONYM.finditer(masked):
        if found[0] not in EVERYDAY:
            yield found
    yield from VOCABULARY_PATTERN.finditer(masked)


VOCABULARY_PATTERN = any_of(
    *(rf"\b{re.escape(t).replace(chr(92) + ' ', ' ')}s?\b" for t in sorted(VOCABULARY, key=len)[::-1])
)


def _linked(shown: str, start: int, end: int) -> bool:
    """Return whether a stretch is part of the text of a link, which leads to an explanation."""
    return bool(re.search(r"\[[^\]]*$", shown[:start]) and re.match(r"[^\[]*\]\(", shown[end:]))


def _known(term: str, glossary: frozenset[str]) -> bool:
    word = " ".join(term.lower().split()).removesuffix("s")
    return any(re.search(rf"\b{re.escape(word)}s?\b", entry) for entry in glossary)


def explained(term: str, shown: str) -> bool:
    """Return whether a page explains a term in bold, in brackets or with what it is."""
    word = r"\s+".join(map(re.escape, term.split()))
    return bool(
        re.search(
            rf"\*+[^*\n]*\b{word}s?\b[^*\n]*\*+|\w[\w'’) -]*\(\**{word}\b[^()]*\)|\b{word}s? \((?!\{{)[^()]{{6,}}\)"
            rf"|\b{word}s?\s+(?:here\s+)?(?:is|are|was|were|means?)\s+(?:here\s+)?(?:the|an?|how|what|where|those|one)\b"
            rf"|\b{word}s?,\s+(?:the|an?|which|that\s+is|or)\b|\b{word}s?:\s",
            shown,
            0 if term.isupper() else re.IGNORECASE,
        )
    )


OUTSIDE = {"cases", "framework", "answers"}
RESTATED = any_of(r"^what (?:would change our mind|we can say)")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAME = re.compile(r"(?<=[a-z,;:] )[A-ZÀ-Ž][\w'’-]+(?: [A-ZÀ-Ž][\w'’-]+)*", re.S)
HAPPENED = any_of(
    r"\b(?:was|were|had|has|have|became|began|took|rose|fell|grew|won|ran|led|held|gave|went|came|made|said|says|"
    r"opened|closed|founded|launched|moved|named|started|joined|served|left|placed|signed|passed|appointed|introduced|"
    r"changed|abolished|replaced|elected|created|ended|reported|announced|published|received|worked|teaches|runs)\b"
)
OURS = any_of(
    r"\b(?:we|our|us|here|this (?:page|chapter|book|release|case|section|table|chart|test|comparison)|the (?:chart|table|plan|"
    r"panel|tests?|comparison|series|estimate|code|codes|readings?|difference|gap|windows?|record|line|design|grid|curve|"
    r"data|dossier|release|rank|placebo\w*)|comparison (?:places|countries|districts|states|regions)|"
    r"both readings|not found in|found in the sources|break|start year|silent|silence|unknown)\b"
)


def uncited_claims(page: Page, knowledge: Knowledge) -> Spans:
    """Yield sentences with names or years in paragraphs that cite, bind and link nothing."""
    if page.folder not in OUTSIDE:
        return
    before = ""
    for passage in page.passages:
        checked = passage.kind in ("paragraph", "item") and not RESTATED.search(passage.section)
        if checked and not holds(passage.masked + before, BOUND + CITED + LINK):
            for sentence in passage.sentences:
                if _states_a_fact(unquoted(sentence.masked)):
                    yield passage, sentence.start, sentence.start + len(sentence.masked.rstrip())
                    break
        before = passage.sentences[-1].masked if passage.kind in ("paragraph", "item") else ""


def _states_a_fact(words: str) -> bool:
    if words.rstrip().endswith("?") or HYPOTHETICAL.search(words) or OURS.search(words):
        return False
    return bool((YEAR.search(words) or NAME.search(words)) and HAPPENED.search(words))


RULES = (
    Rule(
        "typed-figure",
        "A number that is typed does not move when the data do, and no reader can open it.",
        "bind it with {num}`<notebook>.<key>` (record it first if it has no key); in a table that defines numbers, put "
        "{.definitions} above the table; a figure of somebody else's that no table of the release holds is cited and allowed "
        "with the reason.",
        typed_figures,
    ),
    Rule(
        "unbound-comparative",
        "“Largest” or “doubled” is a result: without its number nobody can check it, and it stays when the number moves.",
        "print the number in the same sentence with {num}, cite whoever says so, or say it without the superlative.",
        unbound_comparatives,
    ),
    Rule(
        "causal-verb",
        "No design in this book can carry a cause; an association must not be worded as one.",
        "say what moved, stood or coincided; cite the randomised or quasi-experimental study that carries it; or make it "
        "somebody's claim and name whose.",
        causal_verbs,
    ),
    Rule(
        "undefined-term",
        "A reader who does not know the term is lost, and neither the glossary nor the page explains it.",
        "explain it at its first use, add it to book/glossary.md, or use plain words.",
        undefined_terms,
    ),
    Rule(
        "uncited-claim",
        "The paragraph states a fact about the world outside and cites nobody.",
        "add {src}`SOURCE_ID` or {cite:p}`key`, bind the figure, or link to the page that shows it.",
        uncited_claims,
    ),
    Rule(
        "unknown-source",
        "Nobody can follow a citation of a source that is not listed; the build stops at it.",
        "correct the id, or enter the source in sources.csv of the draft or of the case's worksheets.",
        unknown_sources,
    ),
)
