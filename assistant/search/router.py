"""Questions that name a provision are routed to it, not guessed.

Understands the usual spellings in both languages ("Art. 6(3)", "Annex III point 4(a)", "Recital 53", "GDPR 22",
「個人情報保護法28条」「第27条第1項」「附属書III第4項(a)」), attaches each to the document named nearest to it, and knows
from the catalogue's numbering which articles do not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from assistant.law.knowledge import Knowledge
from assistant.law.pinpoint import roman
from assistant.law.schema import Document
from assistant.search.tokens import normalise

_GROUPS = r"(?P<groups>(?:\s*\(\s*[0-9a-z]{1,5}\s*\))*)"
_TAIL = r"(?:,?\s*par(?:a|agraph)?s?\.?\s*\(?(?P<par>\d+[a-z]?)\)?)?(?:,?\s*(?:point|item)\s*\(?(?P<point>[a-z]{1,3}|\d+)\)?)?"
_SPELLINGS = {
    "id": r"\b(?P<id>(?:eu|jp|eu_jp|international)\.[a-z0-9_]+(?:\.[a-z0-9_]+)+)",
    "paragraph_of": r"\bpar(?:a|agraph)?\.?\s*(?P<par>\d+[a-z]?)\s+of\s+art(?:icle)?\.?\s*(?P<art>\d+[a-z]?)\b",
    "article": rf"\bart(?:icle)?s?\.?\s*(?P<art>\d+(?:-\d+|[a-z]{{1,2}})?)\b{_GROUPS}{_TAIL}",
    "japanese_article": (
        r"(?<![\d.])第?(?P<art>\d+[a-z]?)条(?:の(?P<branch>\d+))?(?:第?(?P<par>\d+[a-z]?)項)?(?:第?(?P<item>\d+)号)?" + _GROUPS
    ),
    "annex": (
        r"(?:\bannex|附属書)\s*(?P<annex>[ivx]+|\d{1,2})\b(?:,?\s*(?:section|セクション)\s*(?P<section>[abc])\b)?"
        r"(?:[,、]?\s*の?(?:point|no\.?|第)?\s*(?P<number>\d{1,2}[a-z]?)(?:項|号|点)?)?" + _GROUPS
    ),
    "recital": r"(?:\brecitals?|前文|リサイタル)\s*第?(?P<recital>\d+)",
    "rule": r"(?:\brule|ルール)\s*\(?(?P<rule>\d)\b",
    "guideline": r"(?:\bpoints?|\bparagraphs?|\bpara\.?|ポイント|第)\s*\(?(?P<guideline>\d{1,3})(?:\)|項|点)?(?![\d年月日])",
    "code": r"\b(?P<letter>[dpu])-(?P<code>\d{1,2})\)?\s*(?P<sub>i{1,3}|iv|v)?\b",
}
# ASCII: a Japanese particle right before or after "Article 26" is no part of the word.
_PATTERNS = {name: re.compile(spelling, re.ASCII) for name, spelling in _SPELLINGS.items()}
_NO_QUANTITY = r"(?![\d年月日.%-])(?!\s*(?:hours?|days?|weeks?|months?|years?|percent|million|時間|か月|件|人|名))"
_BARE_NUMBER = re.compile(r"[\s,]*(?P<art>\d{1,3}(?:-\d+|[a-z]{1,2})?)" + _NO_QUANTITY + _GROUPS, re.ASCII)
_ROMAN = {roman(number): str(number) for number in range(1, 21)}
_NEAR = 24
_MOST_LEVELS = 4  # no law goes deeper, and each level multiplies the ids it may mean


@dataclass(frozen=True)
class Mention:
    """A document named in a question, and where."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Reference:
    """A provision named in a question.

    ``candidates`` are ids it may mean, best first; ``document`` is nothing where the question names none.
    ``exists`` is false where the catalogue's numbering rules the provision out.
    """

    text: str
    document: str | None
    candidates: tuple[str, ...]
    exists: bool


class Router:
    """Finds the documents and provisions that a question names."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def mentions(self, question: str) -> list[Mention]:
        """Return the documents named in ``question``, in order; longer names win over names within them."""
        text = normalise(question).casefold()
        found: list[Mention] = []
        for name, pattern, document in self._names:
            if name in text:
                for match in pattern.finditer(text):
                    if not any(one.start < match.end() and match.start() < one.end for one in found):
                        found.append(Mention(document, *match.span()))
        return sorted(found, key=lambda one: one.start)

    def references(self, question: str) -> list[Reference]:
        """Return the provisions named in ``question``, in order."""
        text = normalise(question).casefold()
        mentions = self.mentions(question)
        found: dict[tuple[str, ...], Reference] = {}
        for match, name in self._matches(text, mentions):
            reference = self._reference(match, name, mentions)
            if reference.candidates:
                found.setdefault(reference.candidates, reference)
        return list(found.values())

    @cached_property
    def _names(self) -> list[tuple[str, re.Pattern[str], str]]:
        names = []
        for document in self._knowledge.documents.values():
            for name in {*document.aliases.all, document.short.en, document.short.ja}:
                plain = normalise(name).casefold()
                edges = (r"(?<![a-z0-9])" if plain[0].isascii() else "", r"(?![a-z0-9])" if plain[-1].isascii() else "")
                names.append((plain, re.compile(edges[0] + re.escape(plain) + edges[1]), document.id))
        return sorted(names, key=lambda one: -len(one[0]))

    def _matches(self, text: str, mentions: list[Mention]) -> Iterator[tuple[re.Match[str], str]]:
        taken: list[tuple[int, int]] = [(one.start, one.end) for one in mentions]
        found: list[tuple[re.Match[str], str]] = []
        for name, pattern in _PATTERNS.items():
            for match in pattern.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in taken):
                    taken.append(match.span())
                    found.append((match, name))
        for mention in mentions:
            bare = _BARE_NUMBER.match(text, mention.end)
            if bare and not any(start < bare.end() and bare.start() < end for start, end in taken):
                found.append((bare, "article"))
        yield from sorted(found, key=lambda one: one[0].start())

    def _reference(self, match: re.Match[str], name: str, mentions: list[Mention]) -> Reference:
        parts = match.groupdict()
        if name == "id":
            known = any(str(parts["id"]).startswith(f"{document}.") for document in self._knowledge.documents)
            return Reference(match[0], None, (str(parts["id"]),) if known else (), exists=True)
        paths = list(_paths(name, parts))
        document = _nearest(match, mentions)
        if name == "guideline" and not (document and self._has_points(document)):
            return Reference(match[0], None, (), exists=True)
        if document is not None:
            documents = [self._knowledge.documents[document]]
        else:
            catalogue = self._knowledge.documents.values()
            documents = [one for one in catalogue if has_provision(one, paths[0]) and self._knows(one, paths[0])]
        candidates = [f"{one.id}.{path}" for one in documents for path in paths]
        candidates.sort(key=lambda one: -self._depth(one))
        exists = document is None or has_provision(self._knowledge.documents[document], paths[0])
        return Reference(match[0].strip(), document, tuple(candidates), exists)

    def _has_points(self, document: str) -> bool:
        """Tell whether a document is numbered by points from its top, as the Commission's guidelines are."""
        return any(provision.startswith(f"{document}.point_") for provision in self._knowledge.provisions)

    def _knows(self, document: Document, path: str) -> bool:
        head = f"{document.id}.{path.split('.')[0]}"
        return head in self._knowledge.provisions or head in self._knowledge.children_of

    def _depth(self, candidate: str) -> int:
        """Return how much of a candidate id stands in the knowledge base, as a count of segments."""
        parts = candidate.split(".")
        for end in range(len(parts), 1, -1):
            head = ".".join(parts[:end])
            if head in self._knowledge.provisions or head in self._knowledge.children_of:
                return end
        return 0


def _paths(name: str, parts: dict[str, str | None]) -> Iterator[str]:
    """Yield the ids, below the document, that a spelling may mean: "(5)" can be a paragraph or a definition."""
    head = _head(name, parts)
    tails: list[list[str]] = []
    if name == "annex":
        tails += [[f"section_{parts['section']}"]] if parts["section"] else []
        tails += [[f"point_{parts['number']}"]] if parts["number"] else []
    if par := parts.get("par"):
        tails.append([f"par_{par}"])
    if item := parts.get("item"):
        tails.append([f"item_{item}", f"def_{item}", f"point_{item}"])
    if sub := parts.get("sub"):
        tails.append([sub])
    groups = re.findall(r"[0-9a-z]+", parts.get("groups") or "") + ([parts["point"]] if parts.get("point") else [])
    tails += [_options(str(group), annex=name == "annex") for group in groups[:_MOST_LEVELS]]
    for combination in product(*tails):
        yield ".".join([head, *combination])


def _head(name: str, parts: dict[str, str | None]) -> str:
    if name in ("article", "paragraph_of"):
        return f"art_{str(parts['art']).replace('-', '_')}"
    if name == "japanese_article":
        return f"art_{parts['art']}" + (f"_{parts['branch']}" if parts["branch"] else "")
    if name == "annex":
        number = str(parts["annex"])
        return f"annex_{roman(int(number)) if number.isdigit() else number}"
    if name == "guideline":
        return f"point_{parts['guideline']}"
    if name == "code":
        return f"{parts['letter']}_{parts['code']}"
    return f"{name}_{parts[name]}"


def _options(group: str, *, annex: bool) -> list[str]:
    if group[0].isdigit():
        return [f"point_{group}"] if annex else [f"par_{group}", f"def_{group}", f"point_{group}"]
    options = [group, f"point_{group}"] if annex else [f"point_{group}", group]
    return [*options, f"item_{_ROMAN[group]}"] if group in _ROMAN else options


def _nearest(match: re.Match[str], mentions: list[Mention]) -> str | None:
    """Return the document a provision belongs to: named right before or after it, else the only or last one before."""
    if not mentions:
        return None

    def gap(mention: Mention) -> int:
        return match.start() - mention.end if mention.end <= match.start() else mention.start - match.end()

    nearest = min(mentions, key=gap)
    if gap(nearest) <= _NEAR or len({mention.document for mention in mentions}) == 1:
        return nearest.document
    before = [mention for mention in mentions if mention.end <= match.start()]
    return (before[-1] if before else nearest).document


def has_provision(document: Document, path: str) -> bool:
    """Tell whether the catalogue's numbering has this provision; without a numbering nothing is ruled out."""
    numbering = document.numbering
    kind, _, number = path.split(".")[0].partition("_")
    if numbering is None:
        return True
    if kind == "art":
        return _in_ranges(number.replace("_", "-"), numbering.articles) and _paragraph_exists(document, path)
    if kind == "annex":
        value = next((int(arabic) for letters, arabic in _ROMAN.items() if letters == number), 0)
        return any(_in_ranges(str(value), [_arabic(one)]) for one in numbering.annexes)
    if kind == "recital":
        return 1 <= int(number) <= numbering.recitals
    return True


def _paragraph_exists(document: Document, path: str) -> bool:
    article, _, rest = path.partition(".")
    kind, _, number = rest.split(".")[0].partition("_")
    counts = document.numbering.paragraphs if document.numbering else {}
    limit = counts.get(article.removeprefix("art_"))
    return not (kind == "par" and number.isdigit() and limit is not None and int(number) > limit)


def _arabic(annexes: str) -> str:
    return "-".join(_ROMAN.get(part, part) for part in annexes.split("-"))


def _in_ranges(number: str, ranges: list[str]) -> bool:
    for one in ranges:
        first, _, last = one.partition("-")
        if number == one or (number.isdigit() and first.isdigit() and int(first) <= int(number) <= int(last or first)):
            return True
    return False
