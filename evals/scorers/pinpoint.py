"""When does a cited id meet a gold id, and how fine: article, paragraph, point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.law.knowledge import Knowledge
from evals.cases import OWN, Case
from evals.results import Verdict

LEVELS = {"article": 1, "paragraph": 2, "point": 99}


def meets(cited: str, gold: str) -> bool:
    """Tell whether a citation is the gold provision or a part of it."""
    return cited == gold or cited.startswith(f"{gold}.")


def at_level(provision: str, depth: int, knowledge: Knowledge) -> str:
    """Return an id cut after so many segments below its document; own documents stay whole."""
    try:
        document = knowledge.document_of(provision).id
    except KeyError:
        return provision
    return ".".join([document, *provision.removeprefix(f"{document}.").split(".")[:depth]])


def missing(cited: Iterable[str], groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the gold groups of which nothing is cited."""
    cited = list(cited)
    return [list(group) for group in groups if not any(meets(one, gold) for gold in group for one in cited)]


def pinpoint_verdicts(case: Case, cited: list[str], knowledge: Knowledge) -> dict[str, Verdict]:
    """Return recall of the gold groups and precision of the citations at every level.

    Recall is the share of groups met; precision the share of citations that meet a gold or related provision. Where nothing
    is cited, precision does not apply.
    """
    found: dict[str, Verdict] = {}
    for level, depth in LEVELS.items():
        groups = [[at_level(one, depth, knowledge) for one in group] for group in case.gold]
        told = [at_level(one, depth, knowledge) for one in cited]
        left = missing(told, groups)
        why = f"not cited: {'; '.join(' or '.join(group) for group in left)}" if left else ""
        found[f"pinpoint_recall_{level}"] = Verdict(score=1 - len(left) / len(groups), why=why)
        if told:
            allowed = {at_level(one, depth, knowledge) for one in case.provisions}
            wrong = [one for one in dict.fromkeys(told) if not any(meets(one, good) for good in allowed)]
            share = 1 - len(wrong) / len(dict.fromkeys(told))
            found[f"pinpoint_precision_{level}"] = Verdict(
                score=share, why=f"beside the point: {', '.join(wrong)}" if wrong else ""
            )
    return found


def law_groups(case: Case) -> list[list[str]]:
    """Return the gold groups that the knowledge base can meet: those that name law."""
    groups = ([one for one in group if not one.startswith(OWN)] for group in case.gold)
    return [group for group in groups if group]
