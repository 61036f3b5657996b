"""A question that asks several things, taken apart into what it asks.

"Is it high-risk, from what date, and do we need an assessment?" asks three things of one situation. Each part is searched
beside the whole, so that none is drowned by the others; what only describes the situation is no part.
"""

from __future__ import annotations

import re

from assistant.search.tokens import tokens
from assistant.types import Language

MOST_PARTS = 4
_FEWEST_WORDS = {Language.EN: 1, Language.JA: 2}
_ASKING = r"(?:who|whom|what|which|when|where|why|how|is|are|was|do|does|did|must|may|can|could|should|shall|will|would)"
_ENGLISH_CUT = re.compile(
    rf"(?<=[.?!;])\s+|\s+[-–]\s+|\n|\s*\(\d\)\s*|,\s+(?=(?:and|or|but)?\s*{_ASKING}\b)|,?\s+(?:and|or|but)\s+(?={_ASKING}\b)",
    re.IGNORECASE,
)
_JAPANESE_CUT = re.compile(
    r"(?<=[。？?！])\s*|\n|\s*[(（]\d[)）]\s*|また(?:は)?、?(?=.{6,})|(?<=か)、|(?<=し)、|(?<=と)、(?=.{6,})"
)
_ENGLISH_ASKS = re.compile(rf"\?|^(?:and|or|but)?\s*{_ASKING}\b|\b(?:deadline|fine|penalty|difference)\b", re.IGNORECASE)
_JAPANESE_ASKS = re.compile(
    r"[？?]|か(?:。|$)|(?:教えて|ください|下さい|知りたい|どう|いつ|いくら|何|なに|どこ|誰|どれ|必要|義務)"
)


def parts_of(text: str, language: Language) -> tuple[str, ...]:
    """Return the several things that a question asks, in order; nothing where it asks one thing only."""
    japanese = language is Language.JA
    cut, asks = (_JAPANESE_CUT, _JAPANESE_ASKS) if japanese else (_ENGLISH_CUT, _ENGLISH_ASKS)
    pieces = [piece.strip() for piece in cut.split(text) if piece and piece.strip()]
    asked = [one for one in pieces if asks.search(one) and len(tokens(one)) >= _FEWEST_WORDS[language]]
    return tuple(asked[:MOST_PARTS]) if len(asked) > 1 else ()
