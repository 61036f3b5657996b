"""Is a text of ours really ours? Long runs of words or characters shared with official texts are found.

Names, titles and lists of defined terms coincide rightly and are shorter than the runs looked for.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.types import AssistantError

WORDS_IN_A_ROW = 16
CHARACTERS_IN_A_ROW = 36
_READABLE = {".xhtml", ".html", ".xml", ".txt", ".md"}
_WORD = re.compile(r"[a-z0-9]+")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々ー]")


def repeated_passages(texts: list[str], official: Path) -> list[tuple[int, str]]:
    """Return (number of the text, passage) for each text that repeats a passage of the files under ``official``.

    Raises:
        AssistantError: the folder holds no text that can be read.
    """
    known = {run for path in _files(official) for run, _ in _runs(_plain(path))}
    found = []
    for number, text in enumerate(texts):
        passage = next((shown for run, shown in _runs(text) if run in known), None)
        if passage is not None:
            found.append((number, passage))
    return found


def _files(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _READABLE)
    if not files:
        raise AssistantError(f"{folder} holds no official text ({', '.join(sorted(_READABLE))}); give the folder that does.")
    return files


def _plain(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return text if path.suffix in {".txt", ".md"} else html.unescape(re.sub(r"<[^>]+>", " ", text))


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield (hash, words) of every run of words and (hash, characters) of every run of Japanese."""
    plain = unicodedata.normalize("NFKC", text).lower()
    yield from _windows(_WORD.findall(plain), WORDS_IN_A_ROW, " ")
    yield from _windows(_JAPANESE.findall(plain), CHARACTERS_IN_A_ROW, "")


def _windows(units: Iterable[str], size: int, glue: str) -> Iterator[tuple[int, str]]:
    listed = list(units)
    for start in range(len(listed) - size + 1):
        run = glue.join(listed[start : start + size])
        yield hash(run), run
