"""Articles that a question names, found by the headings of a corpus: no catalogue, no knowledge of any law.

A passage headed "<statute> 第12条の2", "<statute> Article 5" or "<statute> art-27_2" is that article. A question names it if it
says the number and the statute: right before the number, after "of", as a short form that keeps some characters of the name
(刑訴法 for 刑事訴訟法), or, where no name stands beside the number, the one nearest to it. A number beside the name of a statute
that the corpus does not have names nothing. Our own knowledge base has ``router.py``, which knows each document's numbering.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from assistant.search.passages import Passage
from assistant.search.tokens import normalise

_JAPANESE = r"第?\s?(?P<ja>\d+)条(?P<branch>(?:の\d+)*)(?![件例約文])"
_ENGLISH = r"\b(?P<kind>art(?:icle)?|rule|section|sec|regulation)s?\b[.\s-]{0,2}(?P<en>\d+[a-z]?(?:[._-]\d+[a-z]?)*)(?![\d%])"
_ARTICLE = re.compile(f"{_JAPANESE}|{_ENGLISH}")
_FREE_ARTICLE = re.compile(rf"(?<=[\s|])(?:{_ARTICLE.pattern})")  # the name before it may itself name an article
_SENTENCE = re.compile(r"(?:[^\W\d]\.|。)$")  # a text that mentions an article is not headed by it
_KINDS = {"art": "article", "sec": "section"}
_CONTINUED = "[\u30a1-\u30fa\u30fc\u3400-\u9fff々]"  # kanji and katakana: a name goes on in them
_QUALIFIER = re.compile(f"{_CONTINUED}+$")
_THE_LAW = frozenset({"法", "同法", "本法"})
_OF = re.compile(r"(?:\s*\(\w+\))*\s+(?:of|in|under)\s+(?:the\s+)?")
_SHORTEST_FORM = 3


@dataclass(frozen=True)
class _Mention:
    """A statute named in a question, and where."""

    statute: str
    start: int
    end: int


class NamedArticles:
    """The articles of a corpus by statute and number."""

    def __init__(self, passages: list[Passage]) -> None:
        self._positions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            heading = normalise(passage.text.partition("\n")[0]).casefold()
            match = _FREE_ARTICLE.search(heading) or _ARTICLE.search(heading)
            if match and not _SENTENCE.search(heading):
                self._positions[heading[: match.start()].strip(" ,|"), _number(match)].append(position)
        statutes = {statute for statute, _ in self._positions if statute}
        self._statutes = [(one, _pattern(one)) for one in sorted(statutes, key=lambda one: (-len(one), one))]

    def places(self, question: str) -> dict[int, int]:
        """Return the positions of the passages that are articles named in ``question``, and each article's place among them."""
        text = normalise(question).casefold()
        mentions = self._mentions(text)
        named: dict[int, int] = {}
        for place, match in enumerate(_ARTICLE.finditer(text)):
            inside = any(one.start < match.start() < one.end for one in mentions)  # an article within a statute's own name
            if not inside and (statute := self._statute(text, match, mentions)):
                named = dict.fromkeys(self._positions.get((statute, _number(match)), ()), place) | named
        return named

    def _mentions(self, text: str) -> list[_Mention]:
        """Return the statutes named; a name within a longer one does not count."""
        found: list[_Mention] = []
        for statute, pattern in self._statutes:
            for match in pattern.finditer(text) if statute in text else ():
                if not any(one.start < match.end() and match.start() < one.end for one in found):
                    found.append(_Mention(statute, *match.span()))
        return found

    def _statute(self, text: str, match: re.Match[str], mentions: list[_Mention]) -> str | None:
        before = text[: match.start()].rstrip()
        for mention in mentions:
            if mention.end == len(before):
                return mention.statute
        if of := _OF.match(text, match.end()):
            return next((one.statute for one in mentions if one.start == of.end()), None)
        qualifier = _QUALIFIER.search(before) if match["ja"] else None
        if qualifier and qualifier[0] not in _THE_LAW:
            return self._by_short_form(qualifier[0])
        nearest = min(mentions, key=lambda one: max(match.start() - one.end, one.start - match.end()), default=None)
        return nearest.statute if nearest and (qualifier or match["en"] or match[0].startswith("第")) else None

    def _by_short_form(self, short: str) -> str | None:
        """Return the one statute of whose name ``short`` keeps some characters in order, first and last among them."""
        if len(short) < _SHORTEST_FORM:
            return None
        found = [one for one, _ in self._statutes if (one[0], one[-1]) == (short[0], short[-1]) and _keeps(one, short)]
        return found[0] if len(found) == 1 else None


def _number(match: re.Match[str]) -> str:
    if match["ja"]:
        return f"article {match['ja']}{match['branch'].replace('の', '-')}"
    return f"{_KINDS.get(match['kind'], match['kind'])} {match['en'].replace('_', '-')}"


def _pattern(name: str) -> re.Pattern[str]:
    """Return a pattern for a name that stands free: 会社法 is not named in 会社法施行規則."""
    before = r"(?<![a-z0-9])" if name[0].isascii() else f"(?<!{_CONTINUED})"
    after = r"(?![a-z0-9])" if name[-1].isascii() else f"(?!(?!第){_CONTINUED})"
    return re.compile(before + re.escape(name) + after)


def _keeps(name: str, short: str) -> bool:
    rest = iter(name)
    return all(char in rest for char in short)
