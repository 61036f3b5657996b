"""Where did a case fail first? The rungs from knowledge to answer, so that the right thing is mended."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.law.knowledge import Knowledge
from evals.cases import OWN, Case
from evals.results import Verdict
from evals.scorers.pinpoint import at_level, missing

RUNGS = (
    "wrong refusal",
    "not indexed",
    "not retrieved",
    "wrong pinpoint",
    "not cited",
    "unsupported",
    "fact missing or wrong",
    "other",
)


def rung(
    case: Case, verdicts: dict[str, Verdict], cited: Sequence[str], ranked: Sequence[str], knowledge: Knowledge
) -> str | None:
    """Return the rung on which a case failed, or nothing where it is right.

    A question that should have been refused, or was refused on the wrong ground, is a wrong refusal. Of an answerable one,
    the first gold group that is missing decides: it is not in the knowledge base, or was not among the provisions found, or
    another part of its article is cited, or it was found and left out.
    """
    if verdicts["right"].passed:
        return None
    if not case.answerable and not verdicts["as_expected"].passed:
        return "wrong refusal"
    if left := missing(cited, case.gold):
        return _of_missing(left[0], cited, ranked, knowledge, refused=not verdicts["as_expected"].passed)
    if not verdicts["as_expected"].passed:
        return "wrong refusal"
    if any(name in verdicts and not verdicts[name].passed for name in ("sentences_supported", "claims_cited", "citations_exist")):
        return "unsupported"
    if any(name in verdicts and not verdicts[name].passed for name in ("key_facts", "nothing_forbidden", "day")):
        return "fact missing or wrong"
    return "other"


def _of_missing(group: Sequence[str], cited: Sequence[str], ranked: Sequence[str], knowledge: Knowledge, *, refused: bool) -> str:
    law = [one for one in group if not one.startswith(OWN)]
    if law and not any(one in knowledge.provisions or one in knowledge.children_of for one in law):
        return "not indexed"
    if law and missing(ranked, [group]):
        return "not retrieved"
    if refused:
        return "wrong refusal"
    articles = [at_level(one, 1, knowledge) for one in law]
    near = law and not missing([at_level(one, 1, knowledge) for one in cited], [articles])
    return "wrong pinpoint" if near else "not cited"
