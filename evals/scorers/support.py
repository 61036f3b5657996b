"""Does a passage carry a sentence? Decided without a model, by reading the sentence strictly.

First literally: the sentence is taken apart by the product's phrases, and what remains must stand in the evidence, periods
in the right tense. What cannot be read so (a model's wording) must share its words, figures, negation and modality with
the evidence: a strict reader, who refuses most paraphrases rather than pass a wrong one. Measured on labelled pairs (``judge``).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from assistant.answer.wording import phrases
from assistant.search.tokens import tokens
from assistant.types import Language
from evals.normalise import canonical, dates
from evals.scorers.evidence import Evidence, Period, figures

COVERAGE = 0.55  # share of a paraphrase's words that its evidence must have; chosen on half of the labelled pairs
_NEAREST = 3  # a sentence may join what two or three say
_COPY = 0.75  # so like a statement that it must agree with it in every negation
_YET = {Language.EN: re.compile(r"\byet\b"), Language.JA: re.compile("まだ")}
_HEADED = re.compile(r"^\*\*(?P<head>.+?)\*\*(?: ?[（(](?P<heading>.+?)[）)])?(?:: |：)(?P<rest>.+)$", re.DOTALL)
_UNTIL = "applies_until"
# How a told day lies to the day asked about.
_PAST, _FUTURE = ("applies_now", "applies_older", "guidance_since"), ("applies_later",)
_ENDED = "applied_until"
_WRAPPING = (
    *("not_yet", "all_of_these", "review", "exceptions", "wrong_premise", "asked_wrongly"),
    *("lead_prohibited", "lead_required", "lead_later", "lead_recommended"),
)
# What the product only ever copies: a quotation of a document, the correction of a belief. Other words are a fault.
_WORD_FOR_WORD = ("your_document", "your_document_unpaged", "wrong_premise", "asked_wrongly")
_FILLED = {"date": r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}年\d{1,2}月\d{1,2}日"}
_ESCAPED = re.compile(r"\\([^\w\s])")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=。)")
_NO = {
    Language.EN: re.compile(r"\b(?:not|no|never|cannot|nor|neither|without|none)\b|n't\b"),
    Language.JA: re.compile(r"ません|ない|なく|なかっ|ずに|ず、|せず|不要|しては(?:いけ|なら)|なし(?=[。（]|$)"),
}
_SINCE = {
    Language.EN: re.compile(r"\bsince\b|\b(?:has|have) applied\b|\balready\b"),
    Language.JA: re.compile(r"適用されている|適用されています|すでに|既に"),
}
_TO_COME = {Language.EN: re.compile(r"\bwill\b|\bnot yet\b"), Language.JA: re.compile(r"予定|まだ")}
_DENIED = {
    Language.EN: re.compile(r"\b(?:not|never)\b[^.;]*\bappl|\bno longer\b"),
    Language.JA: re.compile(r"適用(?:されない|されません|しない)|適用されていな|適用されていま?せん"),
}
_UNTIL_THEN = {Language.EN: re.compile(r"\b(?:until|before|yet|only)\b"), Language.JA: re.compile(r"まで|まだ|前|以降")}
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）")
_EFFORT = {Language.EN: re.compile(r"\b(?:endeavour|strive|effort|try to)"), Language.JA: re.compile(r"努め|努力")}
_MUST = {
    Language.EN: re.compile(r"\b(?:must|shall|required|obliged|prohibited|banned|forbidden|has to|have to)\b"),
    Language.JA: re.compile(r"なければな|義務|必要があ|禁止|しなければ|ねばな"),
}
_MAY = {
    Language.EN: re.compile(r"\b(?:may|can|could|should|encouraged|voluntar\w+|recommended|free to)\b"),
    Language.JA: re.compile(r"できる|できます|なくても|望ましい|任意|推奨|べき"),
}


def fault(sentence: str, evidence: Evidence, language: Language, day: date) -> str | None:
    """Return why the evidence does not carry a sentence, or nothing where it does."""
    if (wrong := _heading_fault(sentence, evidence)) is not None:
        return wrong
    literal = _literal_fault(sentence, evidence, language, day)
    if any(_pattern(key, language).fullmatch(sentence.strip()) for key in _WORD_FOR_WORD):
        return literal
    if literal and _copies_a_correction(sentence, evidence, language):
        return literal
    if literal is None or _period_fault(_stripped(sentence, language), evidence, language, day) is not _NO_PERIOD:
        return literal
    for piece in _SENTENCE.split(_stripped(sentence, language)):
        if piece.strip() and (paraphrase := paraphrase_fault(piece, evidence, language, day)):
            return f"{literal}; {paraphrase}"
    return None


def _copies_a_correction(sentence: str, evidence: Evidence, language: Language) -> bool:
    words = set(tokens(_stripped(sentence, language)))
    parts = [part for one in evidence.corrections for part in _SENTENCE.split(one) if part.strip()]
    return any(_likeness(words, set(tokens(part))) >= _COPY for part in parts)


def _heading_fault(sentence: str, evidence: Evidence) -> str | None:
    """What a sentence is headed by must be a name of what it cites: nothing else excuses a wrong one."""
    match = _HEADED.match(sentence.strip())
    if match is None:
        return None
    wrong = [one for one in (match["head"], match["heading"]) if one and canonical(one) not in evidence.names]
    return f"it is headed '{wrong[0]}', which its citation is not called" if wrong else None


def is_frame(sentence: str, language: Language) -> bool:
    """Tell whether a sentence is a phrase of the product that states no law: a heading, or advice marked as such."""
    frames = [
        _pattern(key, language)
        for key in ("eu_side", "jp_side", "common_side", "in_your_documents", "only_your_documents", "in_practice")
    ]
    refusals = ("not_in_knowledge", "off_topic", "other_jurisdiction")
    return any(frame.fullmatch(sentence.strip()) for frame in [*frames, *(_pattern(key, language) for key in refusals)])


def _literal_fault(text: str, evidence: Evidence, language: Language, day: date) -> str | None:
    """Read a sentence by the phrases it is made of; name the first piece that the evidence does not have."""
    text = text.strip()
    if match := _HEADED.match(text):
        return _literal_fault(match["rest"], evidence, language, day)
    for key in _WRAPPING:
        if match := _pattern(key, language).fullmatch(text):
            if key == "not_yet" and any(told <= day for told in dates(match["text"])):
                return "it says 'not yet' of a day that has come"
            return _literal_fault(match["text"], evidence, language, day)
    for key in ("your_document", "your_document_unpaged"):
        if match := _pattern(key, language).fullmatch(text):
            return _quote_fault(match["quote"], evidence)
    if match := _pattern("duty_context", language).fullmatch(text):
        return _context_fault(match, evidence, language)
    if match := _pattern("parts", language).fullmatch(text):
        return None if canonical(match["label"]) in evidence.within else f"what it cites is not a part of {match['label']}"
    match = _pattern("part", language, open_end=True).match(text)
    if match and canonical(match["label"]) in evidence.names:
        return _part_fault(match, text[match.end() :].strip(), evidence)
    if (told := _period_fault(text, evidence, language, day)) is not _NO_PERIOD:
        return told
    return _statement_fault(text, evidence)


def _statement_fault(text: str, evidence: Evidence) -> str | None:
    plain = canonical(text)
    return None if any(plain in statement for statement in evidence.statements) else "no cited entry states it in these words"


def _quote_fault(quote: str, evidence: Evidence) -> str | None:
    """A passage of a user's document stands there as quoted, but for the marks that keep it from being Markdown."""
    plain = _run_together(canonical(_ESCAPED.sub(r"\1", quote).removesuffix("…")))
    return None if any(plain in _run_together(one) for one in evidence.statements) else "the document does not say so"


def _run_together(text: str) -> str:
    """Return a text without white space: rows are joined as the language has it, without a space in Japanese."""
    return "".join(text.split())


def _context_fault(match: re.Match[str], evidence: Evidence, language: Language) -> str | None:
    separator = str(phrases()["list_separator"][language.value])
    strangers = [name for name in match["bearers"].split(separator) if canonical(name) not in evidence.bearers]
    if strangers and canonical(match["bearers"]) not in evidence.bearers:
        return f"the duty is not of {', '.join(strangers)}"
    trigger = canonical(match["trigger"])
    return None if any(trigger in one for one in evidence.statements) else "no cited duty has this condition"


def _part_fault(match: re.Match[str], rest: str, evidence: Evidence) -> str | None:
    if canonical(match["heading"]) not in evidence.names:
        return f"its citation is not called '{match['heading']}'"
    return _statement_fault(rest, evidence) if rest else None


_NO_PERIOD = "not a period"


def _period_fault(text: str, evidence: Evidence, language: Language, day: date) -> str | None:
    """Check a sentence about days of application; ``_NO_PERIOD`` where it is none."""
    ends = _pattern(_UNTIL, language).search(text)
    main = text[: ends.start()].strip() if ends else text
    if ends and not dates(ends["date"]) <= {one.last for one in evidence.periods}:
        return f"no cited period ends on {ends['date']}"
    for key in (*_PAST, *_FUTURE, _ENDED):
        if match := _pattern(key, language).fullmatch(main):
            return _told_fault(key, match, evidence, day)
    return _NO_PERIOD


def _told_fault(key: str, match: re.Match[str], evidence: Evidence, day: date) -> str | None:
    told = next(iter(dates(match["date"])), date.max)
    if (key in _PAST and told > day) or (key in _FUTURE and told <= day) or (key == _ENDED and told >= day):
        return f"the tense does not fit {told} as seen on {day}"
    fitting = [one for one in evidence.periods if told == (one.last if key == _ENDED else one.start)]
    if not fitting:
        return f"no cited period has the day {told}"
    return _case_fault(match["case"], fitting, told)


def _case_fault(case: str, fitting: list[Period], told: date) -> str | None:
    """What a day is told for must be the cases of the lines with that day, and nothing else."""
    rest = canonical(case)
    for one in sorted(fitting, key=lambda period: -len(period.case)):
        rest = rest.replace(one.case, "") if one.case else rest
    return None if not rest.strip(" ();（）、,") else f"the case told for {told} is not one that begins or ends then"


def paraphrase_fault(sentence: str, evidence: Evidence, language: Language, day: date) -> str | None:
    """Return why evidence does not carry a sentence in other words: words, figures, tense, negation or modality differ."""
    plain = sentence.strip()
    words = set(tokens(plain))
    nearest = _nearest(words, evidence)
    share = _share(words, {word for one in nearest for word in tokens(one)} | evidence.name_words)
    if share < COVERAGE:
        return f"what its citations say has {share:.0%} of its words"
    stated = {figure for one in nearest for figure in figures(one)} | evidence.other_figures
    if strange := figures(sentence) - stated:
        return f"its citations do not state {', '.join(sorted(strange))}"
    if _YET[language].search(plain.casefold()) and not _NO[language].search(plain.casefold()):
        return "'yet' without a negation"
    if (tense := _tense_fault(plain, evidence, language, day)) is not None:
        return tense
    if copies := [one for one in nearest if _likeness(words, set(tokens(one))) >= _COPY]:
        return None if any(_agrees(plain, one, evidence, language) for one in copies) else "a statement of its citations, changed"
    if bool(_polarity(plain, language)[0]) != bool(_polarity(nearest[0], language)[0]):
        return "it negates what the nearest statement does not, or the reverse"
    return (
        None
        if _modality(plain, language) == _modality(nearest[0], language)
        else "must and may differ from the nearest statement"
    )


def _agrees(sentence: str, copy: str, evidence: Evidence, language: Language) -> bool:
    """Tell whether a sentence that is nearly a copy has the negations, the modality and no other figure than it."""
    named = {figure for name in evidence.names for figure in figures(name)}
    return _polarity(sentence, language) == _polarity(copy, language) and figures(sentence) <= figures(copy) | named


def _tense_fault(sentence: str, evidence: Evidence, language: Language, day: date) -> str | None:
    """Days of application must be told in the tense they have on ``day``, and not be denied."""
    told = dates(sentence) & evidence.days
    plain = sentence.casefold()
    if any(one > day for one in told) and _SINCE[language].search(plain):
        return "it tells a day to come as past"
    if told and all(one <= day for one in told) and _TO_COME[language].search(plain):
        return "it tells a day that has come as future"
    plain = _ASIDE.sub("", plain)
    if told and _DENIED[language].search(plain) and not _UNTIL_THEN[language].search(plain):
        return "it denies a day of application"
    return None


def _stripped(sentence: str, language: Language) -> str:
    """Return a sentence without its heading, and without the phrase it is led by."""
    text = sentence.strip()
    if match := _HEADED.match(text):
        text = match["rest"]
    for key in _WRAPPING:
        if match := _pattern(key, language).fullmatch(text):
            return match["text"]
    return text


def _nearest(words: set[str], evidence: Evidence) -> list[str]:
    """Return the sentences of the evidence most like the one whose words are given, the likest first."""
    found = dict.fromkeys(one for text in evidence.sources for one in _SENTENCE.split(text) if one.strip())
    return sorted(found, key=lambda one: (-_likeness(words, set(tokens(one))), one))[:_NEAREST] or [""]


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _share(words: set[str], known: set[str]) -> float:
    return len(words & known) / len(words) if words else 0.0


def _polarity(text: str, language: Language) -> tuple[int, str]:
    return len(_NO[language].findall(text.casefold())), _modality(text, language)


def _modality(text: str, language: Language) -> str:
    plain = text.casefold()
    kinds = (("effort", _EFFORT), ("must", _MUST), ("may", _MAY))
    return next((kind for kind, words in kinds if words[language].search(plain)), "is")


@cache
def _pattern(key: str, language: Language, *, open_end: bool = False) -> re.Pattern[str]:
    """Return a phrase of the product as a pattern with a group for each thing filled in."""
    text = str(phrases()[key][language.value])
    pieces = re.split(r"\{(\w+)\}", text)
    filled = "".join(
        re.escape(one) if place % 2 == 0 else f"(?P<{one}>{_FILLED.get(one, '.*?')})" for place, one in enumerate(pieces)
    )
    return re.compile(filled if open_end else filled + r"\s*", re.DOTALL)
