"""How an answer and a hit of a search look: Markdown with the numbers of citations, a provision in a list."""

from __future__ import annotations

from datetime import date

from assistant.answer.sources import Block
from assistant.law.knowledge import Knowledge
from assistant.search.hybrid import Found
from assistant.types import Language, SearchHit


def render(blocks: list[Block], language: Language) -> str:
    """Return the answer as Markdown, each sentence followed by the numbers of its citations."""
    gap = "" if language is Language.JA else " "
    lines = []
    for block in blocks:
        text = gap.join(sentence.text + "".join(f"[{n}]" for n in sentence.citations) for sentence in block.sentences)
        lines.append(f"- {text}" if block.item else text)
    return "\n\n".join(lines)


def hit(found: Found, knowledge: Knowledge, day: date, language: Language) -> SearchHit:
    """Describe a provision found, with its summary on ``day``."""
    entry = knowledge.provisions[found.provision]
    document = knowledge.document_of(entry.id)
    wording = entry.wording_on(day) or entry.wording[-1]
    return SearchHit(
        provision=entry.id,
        document=document.id,
        label=knowledge.label(entry.id, language),
        heading=entry.heading.in_language(language),
        summary=wording.summary.in_language(language),
        score=round(found.score, 4),
        lanes=found.lanes,
        url=document.link,
    )
