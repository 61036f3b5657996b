"""A question read in its conversation: what a follow-up leaves out is taken from the questions before it.

A follow-up changes or adds something – for whom, where, which article, when, which fine – and leaves the rest as it was.
What it names replaces what stood in its place; a chain of follow-ups builds up. Earlier questions that were refused as
off-topic, and what followed on them, are passed over. Nothing is guessed by a model: the same questions are always read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.answer.understand import Kind, Question, Side, jurisdiction_cues, role_names, understand
from assistant.answer.wording import phrase
from assistant.law.knowledge import Knowledge
from assistant.search.router import Reference, Router
from assistant.search.tokens import normalise, tokens
from assistant.types import Jurisdiction, Language

Test = Callable[[Question], bool]
_MOST_TURNS = 10
_LONGEST_SHOWN = 200
_FEW = {Language.EN: 5, Language.JA: 14}  # index terms of a question that may lack a subject; Japanese ones are pairs of signs
_OWN_WORDS = {Language.EN: 3, Language.JA: 5}  # … from which a question that names a document stands on its own
_SIDES: dict[frozenset[Jurisdiction], Side] = {
    frozenset({Jurisdiction.EU}): "eu_side",
    frozenset({Jurisdiction.JP}): "jp_side",
}
_SENTENCES = re.compile(r"[.?!。](?=\s*\S)")


@dataclass(frozen=True)
class Judge:
    """What reading a conversation must know of a question.

    ``speaks_of``: it is about what the assistant knows; ``touches``: it may be, as a fragment; ``stands``: by its own words
    it depends on none before.
    """

    speaks_of: Test
    touches: Test
    stands: Test


class Conversation:
    """Reads the questions of conversations over one knowledge base."""

    def __init__(self, knowledge: Knowledge, router: Router) -> None:
        self._knowledge = knowledge
        self._router = router
        self._roles = {role: [normalise(name).casefold() for name in names] for role, names in role_names(knowledge).items()}
        terms = {name for term in knowledge.terms.values() for name in (term.term.en, term.term.ja, *term.synonyms.all)}
        self._terms = {normalise(name).casefold() for name in terms}.difference(*self._roles.values())

    def read(self, text: str, history: Sequence[str], language: Language, judge: Judge) -> tuple[Question, list[str]]:
        """Return a question as understood after earlier ones (oldest first), and what to tell about how it was understood."""
        question = understand(text, self._knowledge, self._router, language)
        if not history or judge.stands(question):
            return question, []
        context = self._context(history, judge)
        if context is None or not self._depends(question, context, judge):
            return question, []
        joined = self._joined(context, question)
        return joined, [self._told(context, joined, question)]

    def _context(self, history: Sequence[str], judge: Judge) -> Question | None:
        """Return what the conversation was last about, its follow-ups taken in."""
        context: Question | None = None
        for text in (one for one in history[-_MOST_TURNS:] if one.strip()):
            question = understand(text, self._knowledge, self._router, None)
            if judge.stands(question):
                told_of_law = True
            elif context is not None and self._depends(question, context, judge):
                question = self._joined(context, question)
                told_of_law = not _refused(question)
            else:
                told_of_law = context is None or judge.speaks_of(question)
            context = question if told_of_law else context
        return context

    def _depends(self, question: Question, context: Question, judge: Judge) -> bool:
        """Tell whether a question says too little by itself, or shows that it goes on from the one before."""
        plain = _plain(question.text)
        stripped, few = _stripped(plain), _FEW[question.language]
        count = len(tokens(self._without_slots(stripped, question)))
        own = count > 0 and any(_spelling(name).search(plain) for name in self._terms)
        subject = bool(question.references) or own or count >= _OWN_WORDS[question.language]
        if _found("new_subject", plain) or (question.documents and subject):
            return False
        pronoun, references = _found("pronouns", plain), self._references(context, question)
        slot = not count or references or question.roles or question.jurisdictions or question.documents or own
        fits = bool(slot) or pronoun or judge.touches(question)
        if stripped != plain or _found("turns", plain):
            return fits
        whole = count > (few if _SENTENCES.search(plain) else 2 * few)
        if _found("leans", plain) and not whole:
            return fits and (not own or (pronoun and count <= few))
        if references:
            return self._document(context) is not None and count <= few
        if question.documents or question.jurisdictions or question.topics:
            return False
        if own or question.roles:  # "provider" where the conversation is about "AI providers" means those
            narrower = question.roles != context.roles and self._same_party(context, question)
            return narrower and not own and bool(context.documents)
        return count <= few and (pronoun or count == 0 or judge.speaks_of(question))

    def _joined(self, context: Question, new: Question) -> Question:
        """Return the question before with what the new one replaces or adds."""
        if _refused(new):
            return new
        if self._same_party(context, new):
            new = replace(new, roles=context.roles)
        references = self._references(context, new)
        text, moved = self._moved(context, new)
        rest = _without("endings", _stripped(_plain(new.text)))
        added = tokens(self._without_slots(rest, new) if moved else rest)
        if added or not moved:
            text = f"{text} {_stripped(normalise(new.text))}"
        if references:
            text = new.text
        elif not moved and not new.documents:
            references = context.references
        return replace(
            understand(text, self._knowledge, self._router, new.language),
            text=text,
            fresh=new.text,
            kind=_kind(context, new, whole=len(added) > 1, moved=moved),
            references=references,
            documents=new.documents or self._kept(context, new),
            jurisdictions=new.jurisdictions or context.jurisdictions,
            roles=new.roles or context.roles,
            topics=new.topics or context.topics,
            day=new.day or context.day,
            side=_SIDES.get(frozenset(new.jurisdictions), context.side if not new.jurisdictions else None),
            parts=(_stripped(normalise(new.text)),) if len(added) > 1 and not references and not new.jurisdictions else (),
        )

    def _same_party(self, context: Question, new: Question) -> bool:
        """Tell whether the parties of the new question stand in the one before, if only within a longer name."""
        plain = _plain(context.text)
        return bool(new.roles and context.roles) and all(
            any(_spelling(name).search(plain) for name in self._roles[role]) for role in new.roles
        )

    def _references(self, context: Question, new: Question) -> list[Reference]:
        """Return the provisions the new question names, in the document that the conversation is about."""
        document = self._document(context)
        if document is None or new.documents:
            return new.references
        name = self._knowledge.documents[document].short.in_language(new.language)
        paragraph = _match("paragraph", _stripped(_plain(new.text)))
        if paragraph and context.references and context.references[0].candidates:
            path = context.references[0].candidates[0].removeprefix(f"{document}.").split(".")[0]
            article = self._knowledge.label(f"{document}.{path}", new.language)
            return self._router.references(phrase("paragraph_of", new.language, article=article, number=paragraph["number"]))
        return self._router.references(f"{name}: {new.text}")

    def _document(self, context: Question) -> str | None:
        """Return the document that a question is about, if it names one."""
        named = [one.document for one in context.references if one.document] or context.documents
        return named[-1] if named else None

    def _kept(self, context: Question, new: Question) -> list[str]:
        """Return the documents of the question before that stay: not those of a side that was left."""
        if new.documents or not new.jurisdictions:
            return [] if new.documents else context.documents
        return [one for one in context.documents if self._knowledge.documents[one].jurisdiction in new.jurisdictions]

    def _moved(self, context: Question, new: Question) -> tuple[str, bool]:
        """Return the earlier text with the new parties, side and documents put in place of the old, and whether any were."""
        text = plain = normalise(context.text)
        left = {Jurisdiction.EU, Jurisdiction.JP} & context.jurisdictions - new.jurisdictions if new.jurisdictions else set()
        if new.documents or left:
            kept = self._kept(context, new)
            for one in reversed(self._router.mentions(text)):
                if one.document not in kept:
                    text = text[: one.start] + text[one.end :]
        if left:
            text = _replaced(text, [cue for one in left for cue in jurisdiction_cues()[one]], self._side(context, new))
        if new.roles and len(context.roles) == 1 and new.roles != context.roles:
            text = _replaced(text, self._roles[next(iter(context.roles))], self._party(context, new), every=True)
        moved = text != plain
        return (re.sub(r"\s+", " ", text).strip() if moved else context.text), moved

    def _side(self, context: Question, new: Question) -> str:
        sides = [names[context.language.value] for side, names in _cues()["jurisdictions"].items() if side in new.jurisdictions]
        return sides[0] if len(sides) == 1 else ""

    def _party(self, context: Question, new: Question) -> str:
        names = (self._knowledge.roles[role].name.in_language(context.language) for role in sorted(new.roles))
        return re.split(r" \(|（", next(names))[0]

    def _told(self, context: Question, joined: Question, new: Question) -> str:
        """Say how a follow-up was understood: in full where only the party changed, else what it follows on and for whom."""
        language = new.language
        if new.roles and not new.documents and not new.jurisdictions and not joined.text.endswith(_stripped(normalise(new.text))):
            return phrase("understood_in_full", language, question=_shown(joined.text, language))
        names = [said[language.value] for side, said in _cues()["jurisdictions"].items() if side in new.jurisdictions]
        names += [self._knowledge.documents[one].short.in_language(language) for one in new.documents]
        names += [self._knowledge.roles[role].name.in_language(language) for role in sorted(new.roles)]
        key = "understood_follow_up_for" if names else "understood_follow_up"
        what = phrase("list_separator", language).join(dict.fromkeys(names))
        return phrase(key, language, question=_shown(context.text, language), what=what)

    def _without_slots(self, text: str, question: Question) -> str:
        """Return a text without the parties, sides, documents and pronouns in it."""
        for one in reversed(self._router.mentions(text)):
            text = text[: one.start] + " " + text[one.end :]
        cues = [cue for one in question.jurisdictions for cue in jurisdiction_cues().get(one, [])]
        cues += [name for role in question.roles for name in self._roles[role]]
        for cue in sorted(cues, key=len, reverse=True):
            text = _spelling(cue).sub(" ", text)
        return _without("pronouns", text)


def _refused(question: Question) -> bool:
    """Tell whether a question is refused whatever came before it."""
    return question.elsewhere is not None or question.beyond is not None


def _kind(context: Question, new: Question, *, whole: bool, moved: bool) -> Kind:
    """Return what is asked: what the new question says itself, or else what the one before asked."""
    plain = _stripped(_plain(new.text))
    if new.kind == "obligation" and _found("amounts", plain):
        return "penalty"
    own = new.kind != "obligation" or (whole and _found("whole_sentences", plain))
    return new.kind if own or (moved and context.kind == "comparison") else context.kind


def _shown(text: str, language: Language) -> str:
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return short.replace("?", "？") if language is Language.JA else short


def _plain(text: str) -> str:
    return normalise(text).casefold().strip()


def _stripped(text: str) -> str:
    """Return a text without the words that only join it to what was said before."""
    for pattern in _patterns("openers"):
        match = pattern.match(text)
        if match and match.end():
            return text[match.end() :].lstrip(" ,、。?!")
    return text


def _replaced(text: str, names: list[str], new: str, *, every: bool = False) -> str:
    """Return ``text`` with the first of these names replaced and the others left out, or ``every`` one replaced."""
    spelling = "|".join(_spelling(name).pattern for name in sorted(names, key=len, reverse=True))
    done = 0

    def put(match: re.Match[str]) -> str:
        nonlocal done
        done += 1
        plural = "s" if new.isascii() and match[0].endswith("s") and every else ""
        return f"{new}{plural}" if every or done == 1 else ""

    return re.sub(spelling, put, text, flags=re.IGNORECASE)


def _without(group: str, text: str) -> str:
    for pattern in _patterns(group):
        text = pattern.sub(" ", text)
    return text


def _found(group: str, plain: str) -> bool:
    return _match(group, plain) is not None


def _match(group: str, plain: str) -> re.Match[str] | None:
    return next((match for pattern in _patterns(group) if (match := pattern.search(plain))), None)


@cache
def _spelling(name: str) -> re.Pattern[str]:
    """Return how a name is written: a whole word, singular or plural, where it is Latin."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(name)}s?(?![a-z0-9])" if name.isascii() else re.escape(name))


@cache
def _patterns(group: str) -> list[re.Pattern[str]]:
    return [re.compile(one, re.IGNORECASE) for one in _cues()[group]]


@cache
def _cues() -> dict[str, Any]:
    return dict(yaml.load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
