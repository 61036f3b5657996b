"""How much the checks find: on the labelled pairs of the evaluation set, with the nearest sentences of the source as spans.

Thresholds and word lists were chosen on these same pairs; the figures stand in docs/models.md.
"""

from needs import ROOT

from assistant.answer.claim_checks import Passage, fault
from assistant.answer.claims import Claim
from assistant.answer.sources import Sources
from assistant.answer.wording import long_date, sentences
from assistant.search.tokens import tokens
from evals.judge import read_claims
from evals.scorers.evidence import evidence_of

REMOVED_WRONG, REMOVED_RIGHT = 55, 11  # of 80 each


def _passages(pair, knowledge):
    found = {}
    for number, provision in enumerate(pair.provisions, start=1):
        evidence = evidence_of(provision, knowledge, pair.language, pair.day)
        told = [f"{long_date(one.start, pair.language)} {one.last or ''} {one.case}" for one in evidence.periods]
        heading = knowledge.provisions[provision].heading.in_language(pair.language)
        name = f"{knowledge.label(provision, pair.language)} {heading}"
        found[number] = Passage(number, name, (*evidence.sources, *told, *evidence.bearers))
    return found


def _spans(pair, passages):
    words = set(tokens(pair.claim))
    said = [one for passage in passages.values() for text in passage.statements for one in sentences(text, pair.language)]
    said = [one for one in said if len(tokens(one)) > 1]
    return sorted(said, key=lambda one: -len(words & set(tokens(one))) / len(words | set(tokens(one))))[:2]


def test_the_figures_of_the_documentation_hold(knowledge):
    removed = {True: 0, False: 0}
    for pair in read_claims():
        passages = _passages(pair, knowledge)
        claim = Claim(text=pair.claim, passages=list(passages), spans=_spans(pair, passages))
        parties = Sources(knowledge, pair.language, pair.day).parties
        removed[pair.supported] += fault(claim, passages, pair.language, parties) is not None
    assert removed[False] >= REMOVED_WRONG, removed
    assert removed[True] <= REMOVED_RIGHT, removed
    assert f"they remove {REMOVED_WRONG} of 80 wrong ones and {REMOVED_RIGHT} of 80 right ones" in " ".join(
        (ROOT / "docs" / "models.md").read_text(encoding="utf-8").split()
    )
