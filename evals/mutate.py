"""Does the harness notice? Answers and the index are spoilt on purpose, one thing at a time; every spoilt one must be caught.

A mutant is caught where at least one verdict is lower than that of the sound answer. Sentences are spoilt one by one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assistant.answer.pipeline import Assistant
from assistant.search.retrieval import Retriever
from assistant.types import Answer, Force, Language
from evals.cases import AS_OF, Case
from evals.normalise import dates
from evals.results import Verdict
from evals.scorers.citations import World, citation_verdicts, sound_places
from evals.scorers.outcome import cited_ids, outcome_verdicts
from evals.scorers.pinpoint import law_groups, missing, pinpoint_verdicts
from evals.scorers.ranking import ranking_verdicts
from evals.systems import Product

_INVENTED = 994  # no document of the catalogue has so many articles, and no planted one names it
Mutation = Callable[[Answer, int, World], Answer | None]


@dataclass
class Kills:
    """How many spoilt answers of one kind were made and caught; survivors are named."""

    made: int = 0
    caught: int = 0
    survivors: list[str] = field(default_factory=list)

    def count(self, name: str, *, caught: bool) -> None:
        """Count one mutant."""
        self.made += 1
        self.caught += caught
        if not caught:
            self.survivors.append(name)


def mutate(assistant: Assistant, cases: list[Case]) -> dict[str, Kills]:
    """Spoil every answer in every way that applies, and the index document by document."""
    product, world = Product(assistant), World(assistant.knowledge, assistant.library)
    found = {name: Kills() for name in MUTATIONS}
    for case in cases:
        answer = product.answer(case)
        if not answer.refused:
            _spoil(case, answer, world, found)
    return found | {"dropped document": _drop_documents(assistant, cases)}


def _spoil(case: Case, answer: Answer, world: World, found: dict[str, Kills]) -> None:
    sound, places = verdicts(case, answer, world), sound_places(case, answer, world)
    for name, mutation in MUTATIONS.items():
        for place in places:
            spoilt = mutation(answer, place, world)
            if spoilt is not None:
                worse = verdicts(case, spoilt, world)
                caught = any(worse[one].score < verdict.score for one, verdict in sound.items() if one in worse)
                found[name].count(f"{case.id}, sentence {place + 1}: {spoilt.sentences[place].text[:90]}", caught=caught)


def verdicts(case: Case, answer: Answer, world: World) -> dict[str, Verdict]:
    """Return what the scorers of answers say, retrieval left out."""
    found = outcome_verdicts(case, answer) | citation_verdicts(case, answer, world)
    return found | (pinpoint_verdicts(case, cited_ids(answer), world.knowledge) if "gold_cited" in found else {})


def _changed(answer: Answer, place: int, **values: object) -> Answer:
    sentences = list(answer.sentences)
    sentences[place] = sentences[place].model_copy(update=values)
    return answer.model_copy(update={"sentences": sentences})


def swapped_citation(answer: Answer, place: int, world: World) -> Answer | None:
    """Cite a provision of another jurisdiction for a sentence. One about days alone may be true of it too, and is left."""
    sentence = answer.sentences[place]
    cited = [one for one in answer.citations if one.n in sentence.citations and one.force is not Force.OWN]
    if not cited or dates(sentence.text):
        return None
    home = world.knowledge.document_of(cited[0].provision).jurisdiction
    strangers = [one for one in world.knowledge.provisions if world.knowledge.document_of(one).jurisdiction is not home]
    stranger = strangers[int(hashlib.sha256(sentence.text.encode()).hexdigest(), 16) % len(strangers)]
    label = world.knowledge.label(stranger, answer.language)
    number = max(one.n for one in answer.citations) + 1
    other = cited[0].model_copy(update={"n": number, "provision": stranger, "label": label})
    spoilt = _changed(answer, place, citations=[number])
    return spoilt.model_copy(update={"citations": [*answer.citations, other]})


def flipped_negation(answer: Answer, place: int, _: World) -> Answer | None:
    """Say the opposite: take a negation out, or put one in."""
    if not answer.sentences[place].citations:
        return None
    text = answer.sentences[place].text
    for pattern, put in _FLIPS[answer.language]:
        flipped, count = re.subn(pattern, put, text, count=1)
        if count:
            return _changed(answer, place, text=flipped)
    return None


def moved_date(answer: Answer, place: int, _: World) -> Answer | None:
    """Move the first full date by three years: further than any two stages of application lie apart."""
    sentence = answer.sentences[place]
    if not sentence.citations or not dates(sentence.text):
        return None
    pattern = r"(\d{4})(?=年\d)" if answer.language is Language.JA else r"(?<=[a-z] )(\d{4})\b"
    moved, count = re.subn(pattern, lambda match: str(int(match[1]) + 3), sentence.text, count=1)
    return _changed(answer, place, text=moved) if count else None


def hallucinated_article(answer: Answer, place: int, _: World) -> Answer | None:
    """Rest a sentence on an article that does not exist, in its text."""
    sentence = answer.sentences[place]
    if not sentence.citations:
        return None
    named = f"（第{_INVENTED}条）" if answer.language is Language.JA else f" (Article {_INVENTED})"
    return _changed(answer, place, text=sentence.text.rstrip("。.") + named + ("。" if answer.language is Language.JA else "."))


def invented_citation(answer: Answer, place: int, _: World) -> Answer | None:
    """Let the citation of a sentence point to an article that does not exist."""
    cited = [one for one in answer.citations if one.n in answer.sentences[place].citations and one.force is not Force.OWN]
    if not cited:
        return None
    invented = cited[0].model_copy(update={"provision": f"{cited[0].document}.art_{_INVENTED}"})
    return answer.model_copy(update={"citations": [invented if one is cited[0] else one for one in answer.citations]})


def _drop_documents(assistant: Assistant, cases: list[Case]) -> Kills:
    """Take one document after the other out of the index; a case that found it must be ranked worse."""
    found = Kills()
    tried = {case.id: case for case in cases if case.answerable and law_groups(case)}
    ranked = {identity: Product(assistant).ranked(case) for identity, case in tried.items()}
    for document in assistant.knowledge.documents:
        hit = [identity for identity, case in tried.items() if _decides(document, ranked[identity], law_groups(case))]
        if hit:
            poorer = Product(_without(assistant, document))
            found.count(document, caught=any(_worse(tried[one], ranked[one], poorer.ranked(tried[one])) for one in hit))
    return found


def _decides(document: str, ranked: list[str], groups: list[list[str]]) -> bool:
    """Tell whether a gold group is met by this document alone."""
    others = [one for one in ranked if not one.startswith(f"{document}.")]
    return len(missing(others, groups)) > len(missing(ranked, groups))


def _worse(case: Case, before: list[str], after: list[str]) -> bool:
    sound, poor = ranking_verdicts(before, law_groups(case)), ranking_verdicts(after, law_groups(case))
    return any(poor[name].score < verdict.score for name, verdict in sound.items())


def _without(assistant: Assistant, document: str) -> Assistant:
    knowledge = assistant.knowledge
    kept = {one: entry for one, entry in knowledge.provisions.items() if knowledge.document_of(one).id != document}
    passages = [one for one in assistant.index.passages if one.provision in kept]
    asked = {one: phrases for one, phrases in knowledge.asked.items() if one in kept}
    poorer = replace(knowledge, provisions=kept, asked=asked)
    retriever = Retriever(poorer, passages, assistant.index.vectors, assistant.retriever.asked.vectors)
    return Assistant(poorer, retriever, assistant.settings, lambda: AS_OF)


MUTATIONS: dict[str, Mutation] = {
    "swapped citation": swapped_citation,
    "flipped negation": flipped_negation,
    "moved date": moved_date,
    "hallucinated article": hallucinated_article,
    "invented citation": invented_citation,
}
_FLIPS: dict[Language, list[tuple[str, str]]] = {
    Language.EN: [
        (r"\b(?:does|do) not (\w+)", r"\1"),
        (r" not\b", ""),
        (r"\b(must|shall|may|can|should|is|are|was|were|has|have|will)\b", r"\1 not"),
        (r"\bnever\b", "always"),
        (r"\bno\b", "a"),
    ],
    Language.JA: [
        (r"なければなりません", "なくてもかまいません"),
        (r"なければならない", "なくてもよい"),
        (r"ません(?=[。、）]|$)", "ます"),
        (r"ではない", "である"),
        (r"ない(?=[。、）]|$)", "る"),
        (r"ます(?=[。、）]|$)", "ません"),
        (r"です(?=[。、）]|$)", "ではありません"),
        (r"(?<=[一-龥])する(?=[。、）]|$)", "しない"),
        (r"である(?=[。、）]|$)", "ではない"),
    ],
}
