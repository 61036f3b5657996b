"""Footnotes on the pages of a plain text: a number on a row of its own near the foot, its text in the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.texts.markup import clean

_WORD = re.compile(r"[^\W\d]{2}")
_BEHIND_WORD = r"(?:(?<=[a-z]{3})|(?<=[^\d\s][.,;:)”’])|(?<=\d{4}[.,;:]))"
_MOST = 60  # notes on a page; a longer list of numbers is something else
_DIGITS = re.compile(r"\d+")
# More marks right behind one: "14 15."
_MORE = r"(?:,? \d{1,2}(?=[ .,;:)]|$))*(?=[.,;:)]|$)"


class PageNotes:
    """Takes the footnotes off page after page; they are counted through the whole text.

    A number opens a note only where it continues that count; the first one must also mark a place above it on its page.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []

    def take(self, rows: Sequence[str]) -> list[str]:
        """Return the rows of a page without its notes and their marks."""
        number = len(self.notes) + 1
        end = max((place for place, row in enumerate(rows) if _WORD.search(row)), default=0)
        start = next((place for place in range(end) if rows[place].rstrip() == str(number)), None)
        if start is None:
            return list(rows)
        body, foot = list(rows[:start]), _notes(rows[start : end + 1], number)
        if len(foot) > _MOST or (number == 1 and _unmarked(body, [number]) == body):
            return list(rows)
        self.notes += foot
        return _unmarked(body, range(number, number + len(foot)))


def _notes(rows: Sequence[str], number: int) -> list[str]:
    """Return the notes in rows that begin with the number of the first one and end with words."""
    found: list[list[str]] = []
    for text in filter(None, map(clean, rows)):
        if text == str(number + len(found)):
            found.append([text])
        else:
            found[-1].append(text)
    return [" ".join(note) for note in found]


def _unmarked(rows: Sequence[str], numbers: Iterable[int]) -> list[str]:
    """Return the rows without the marks of the notes that stand on their page.

    A mark is glued to a word or a sign behind one; else it is the only number of that value behind an ordinary word or
    an abbreviation.
    """
    found = list(rows)
    seen: set[str] = set()
    for number in map(str, numbers):
        glued = re.compile(rf"{_BEHIND_WORD}{number}(?!\d|\.\d)(?:{_MORE})?")
        free = re.compile(rf"(?<=\s)([a-z][\w-]* |[A-Z]{{2,}}){number}(?:(?= [a-z]|$)| ?(?=[.,;:)](?!\d)))")
        if any(glued.search(row) for row in found):
            seen.update(other for row in found for hit in glued.finditer(row) for other in _DIGITS.findall(hit[0]))
            found = [glued.sub("", row) for row in found]
        elif number not in seen and sum(len(free.findall(row)) for row in found) == 1:
            found = [free.sub(lambda match: match[1].rstrip(), row) for row in found]
    return found
