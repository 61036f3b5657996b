"""Are an answer's citations real, do they carry its sentences, is each needed, and is any claim without one?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from assistant.law.knowledge import Knowledge
from assistant.texts.library import Library
from assistant.types import Answer, AssistantError, Citation, Force, Language, Sentence
from evals.cases import Case
from evals.normalise import canonical
from evals.results import Verdict
from evals.scorers.evidence import Evidence, evidence_of
from evals.scorers.support import fault, is_frame

_OTHER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class World:
    """What answers are checked against; ``library`` holds the official texts, where any are installed."""

    knowledge: Knowledge
    library: Library


def citation_verdicts(case: Case, answer: Answer, world: World) -> dict[str, Verdict]:
    """Judge the citations and sentences of an answer; nothing where it was refused."""
    if answer.refused:
        return {}
    claims = [one for one in answer.sentences if not is_frame(one.text, answer.language)]
    evidence = {one.n: _evidence(one, case, answer, world) for one in answer.citations}
    faults = [_unsupported(one, evidence, answer) for one in claims]
    supported = [one for one, why in zip(claims, faults, strict=True) if not why]
    return {
        "citations_exist": _share([*(_nonexistent(one, case, world) for one in answer.citations), *_dangling(answer)]),
        "quotes_verbatim": _share([_misquoted(one, case, answer, world) for one in answer.citations]),
        "claims_cited": _share(["" if one.citations else f"no citation: {one.text}" for one in claims]),
        "sentences_supported": _share(faults),
        "attribution": _share([_misattributed(one, evidence, answer) for one in claims]),
        "citations_needed": _share([why for one in supported for why in _unneeded(one, evidence, answer)]),
    }


def claims_of(case: Case, answer: Answer, world: World) -> list[tuple[Sentence, Evidence]]:
    """Return every cited sentence of an answer with what its citations carry."""
    evidence = {one.n: _evidence(one, case, answer, world) for one in answer.citations}
    return [(one, _joined(one.citations, evidence)) for one in answer.sentences if one.citations]


def sound_places(case: Case, answer: Answer, world: World) -> list[int]:
    """Return the places of the sentences that their citations carry."""
    evidence = {one.n: _evidence(one, case, answer, world) for one in answer.citations}
    return [n for n, one in enumerate(answer.sentences) if one.citations and not _unsupported(one, evidence, answer)]


def _share(faults: Iterable[str]) -> Verdict:
    """Return the share without a fault, and the faults as the reason; all is well where there was nothing to check."""
    told = list(faults)
    wrong = [one for one in told if one]
    return Verdict(score=1 - len(wrong) / len(told) if told else 1.0, why="; ".join(wrong))


def _nonexistent(citation: Citation, case: Case, world: World) -> str:
    if citation.force is Force.OWN:
        return "" if any(one.name == citation.heading for one in case.documents) else f"no document {citation.heading}"
    if citation.provision not in world.knowledge.provisions:
        return f"there is no provision {citation.provision}"
    labels = {world.knowledge.label(citation.provision, language) for language in Language}
    return "" if citation.label in labels else f"{citation.provision} is not called {citation.label}"


def _dangling(answer: Answer) -> list[str]:
    """Return a fault for every number that a sentence cites and the list of citations lacks, or the reverse."""
    listed = {one.n for one in answer.citations}
    used = {number for one in answer.sentences for number in one.citations}
    lost = [f"[{number}] stands in a sentence but not among the citations" for number in sorted(used - listed)]
    return lost + [f"[{number}] is listed but not cited" for number in sorted(listed - used)]


def _misquoted(citation: Citation, case: Case, answer: Answer, world: World) -> str:
    if citation.force is Force.OWN:
        text = next((one.plain for one in case.documents if one.name == citation.heading), "")
        return "" if _reduced(citation.quote) in _reduced(text) else f"{citation.heading} does not say so"
    if citation.official:
        identity = f"{citation.document}@{citation.version}.{citation.quote_language}"
        try:
            lines = world.library.text(identity).lines
        except AssistantError as error:
            return str(error)
        whole = _reduced("".join(f"{line.marker}{line.text}" for line in lines))
        wrong = [line for line in citation.quote.splitlines() if _reduced(line) not in whole]
        return f"{identity} does not have every line quoted from {citation.provision}" if wrong else ""
    entry = world.knowledge.provisions.get(citation.provision)
    wording = (entry.wording_on(answer.as_of) or entry.wording[-1]) if entry else None
    same = wording is not None and citation.quote == wording.summary.in_language(answer.language)
    return "" if same else f"the quote is not the summary of {citation.provision}"


def _reduced(text: str) -> str:
    return _OTHER.sub("", unicodedata.normalize("NFKC", text).casefold())


def _evidence(citation: Citation, case: Case, answer: Answer, world: World) -> Evidence:
    """Return what a citation can carry: an own document its text, a provision its entry, and any official wording quoted."""
    if citation.force is Force.OWN:
        found = Evidence(names={canonical(citation.label), canonical(citation.heading)})
        found.add(*(one.plain for one in case.documents if one.name == citation.heading))
        return found
    found = evidence_of(citation.provision, world.knowledge, answer.language, answer.as_of)
    if citation.official:
        found.add(citation.quote)
    return found


def _unsupported(sentence: Sentence, evidence: dict[int, Evidence], answer: Answer) -> str:
    if not sentence.citations:
        return ""
    why = fault(sentence.text, _joined(sentence.citations, evidence), answer.language, answer.as_of)
    return f"“{sentence.text}” {sentence.citations}: {why}" if why else ""


def _misattributed(sentence: Sentence, evidence: dict[int, Evidence], answer: Answer) -> str:
    """Name the citation that carries a sentence where those it bears do not."""
    if not sentence.citations or not _unsupported(sentence, evidence, answer):
        return ""
    for number, other in evidence.items():
        if number not in sentence.citations and not fault(sentence.text, other, answer.language, answer.as_of):
            return f"“{sentence.text}” stands in [{number}], not in {sentence.citations}"
    return ""


def _unneeded(sentence: Sentence, evidence: dict[int, Evidence], answer: Answer) -> list[str]:
    """Return, for each citation of a supported sentence, why it is not needed: it carries nothing and the others suffice."""
    found = []
    for number in sentence.citations:
        rest = [one for one in sentence.citations if one != number]
        alone = fault(sentence.text, _joined([number], evidence), answer.language, answer.as_of)
        spare = bool(rest) and not fault(sentence.text, _joined(rest, evidence), answer.language, answer.as_of)
        found.append(f"[{number}] adds nothing to “{sentence.text}”" if alone and spare else "")
    return found


def _joined(numbers: Iterable[int], evidence: dict[int, Evidence]) -> Evidence:
    return reduce(Evidence.merged, (evidence[number] for number in numbers if number in evidence), Evidence())
