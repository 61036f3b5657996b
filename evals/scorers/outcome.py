"""Was the question answered or refused as it should be, in its language, for its day, with the facts that matter?"""

from __future__ import annotations

import re

from assistant.types import Answer, Force, Language
from evals.cases import ANSWER, OWN, Case
from evals.normalise import states
from evals.results import Verdict
from evals.scorers.pinpoint import missing

_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」")
_STRICT, _JUDGED = "sentences_supported", "judged_supported"
# The parts of the composite; a case is right only where each that applies is whole.
COMPOSITE = (
    "as_expected", "gold_cited", "key_facts", "nothing_forbidden", "citations_exist", "quotes_verbatim", "claims_cited",
    "sentences_supported", "language", "day",
)  # fmt: skip


def cited_ids(answer: Answer) -> list[str]:
    """Return the provisions cited, in order; a user's document by its file name."""
    return [f"{OWN}{one.heading}" if one.force is Force.OWN else one.provision for one in answer.citations]


def outcome_verdicts(case: Case, answer: Answer) -> dict[str, Verdict]:
    """Judge whether it was right to answer or to refuse, and what was said.

    An answerable question that was refused cites nothing and states no fact: refusing more never raises a figure.
    """
    found = _refusal(case, answer) | {"language": _language(case, answer), "nothing_forbidden": _forbidden(case, answer)}
    if case.answerable or (ANSWER in case.expect and not answer.refused):
        if case.gold:
            found["gold_cited"] = _gold(case, answer)
        found["day"] = _day(case, answer)
        if case.key_facts:
            found["key_facts"] = _key_facts(case, answer)
    return found


def composite(verdicts: dict[str, Verdict], *, worded: bool) -> Verdict:
    """Return whether a case is right as a whole, and which parts are not.

    Of an answer ``worded`` by a model the strict reader refuses most paraphrases: there an admitted judge takes its place,
    and without one the support of sentences is no part of the composite.
    """
    parts = [_JUDGED if worded and name == _STRICT else name for name in COMPOSITE]
    failing = [name for name in parts if name in verdicts and not verdicts[name].passed]
    return Verdict(score=float(not failing), why=", ".join(failing))


def _refusal(case: Case, answer: Answer) -> dict[str, Verdict]:
    """Say of answerable cases whether they were answered, of the others whether and why they were refused."""
    told = f"refused: {answer.reason}" if answer.refused else "answered"
    fits = (answer.reason if answer.refused else ANSWER) in case.expect
    found = {"as_expected": Verdict(score=float(fits), why="" if fits else f"{told}; expected {', '.join(case.expect)}")}
    if case.answerable:
        found["answered"] = Verdict(score=float(not answer.refused), why=told if answer.refused else "")
    elif ANSWER not in case.expect:
        found["refusal_recall"] = Verdict(score=float(answer.refused), why="" if answer.refused else told)
        if answer.refused:
            found["refusal_reason"] = found["as_expected"]
    if answer.refused:
        due = case.expect != [ANSWER]
        found["refusal_precision"] = Verdict(score=float(due), why="" if due else "an answerable question was refused")
    return found


def _gold(case: Case, answer: Answer) -> Verdict:
    left = missing(cited_ids(answer), case.gold)
    why = f"not cited: {'; '.join(' or '.join(group) for group in left)}" if left else ""
    return Verdict(score=float(not left), why=why)


def _key_facts(case: Case, answer: Answer) -> Verdict:
    units = _units(answer)
    lost = [fact for fact in case.key_facts if not any(states(unit, one) for one in fact for unit in units)]
    why = f"not said: {'; '.join(' or '.join(fact) for fact in lost)}" if lost else ""
    return Verdict(score=1 - len(lost) / len(case.key_facts), why=why)


def _forbidden(case: Case, answer: Answer) -> Verdict:
    said = [one for one in case.forbidden if any(states(unit, one) for unit in _units(answer))]
    return Verdict(score=float(not said), why=f"said: {'; '.join(said)}" if said else "")


def _units(answer: Answer) -> list[str]:
    """Return what stands together: the sentences of an answer, with what was understood and warned of; a refusal as a whole."""
    own = [sentence.text for sentence in answer.sentences] or [answer.answer]
    return [*own, *answer.warnings, answer.understood_as or ""]


def _day(case: Case, answer: Answer) -> Verdict:
    if case.day is None or answer.as_of == case.day:
        return Verdict(score=1.0)
    return Verdict(score=0.0, why=f"answered for {answer.as_of}, asked about {case.day}")


def _language(case: Case, answer: Answer) -> Verdict:
    """The answer must say its language and be written in it; what it quotes may be in another."""
    text = _QUOTED.sub("", " ".join(sentence.text for sentence in answer.sentences) or answer.answer)
    japanese = len(_JAPANESE.findall(text)) > len(text) / 5
    written = Language.JA if japanese else Language.EN
    fits = answer.language == written == case.language
    return Verdict(score=float(fits), why="" if fits else f"said to be {answer.language}, written in {written}")
