"""What readers said of answers, as drafts of evaluation cases: the question as a case, everything else beside it.

A draft has no gold on purpose. Gold is looked up in the official text, never taken from the answer that somebody complained of;
until it, the slices, the difficulty and the persona are filled in, the reader of cases refuses the draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.store.feedback import FeedbackStore, Judged
from evals.cases import ANSWER


def drafts(feedback: FeedbackStore) -> Iterator[dict[str, Any]]:
    """Yield each piece of feedback as ``case`` (to be completed), ``feedback``, ``answer``, ``cited`` and ``trace``."""
    for judged in feedback.all():
        given, answer = judged.feedback, judged.answer
        yield {
            "case": _case(judged),
            "feedback": {
                "verdict": given.verdict, "reason": given.reason, "comment": given.comment, "at": given.at.isoformat(),
            },
            "answer": answer["answer"],
            "cited": [citation["provision"] for citation in answer["citations"]],
            "trace": answer["trace"],
        }  # fmt: skip


def _case(judged: Judged) -> dict[str, Any]:
    """Return what of a case is known: for a good answer also whether it was right to answer."""
    given, answer = judged.feedback, judged.answer
    right = [answer["reason"] or ANSWER] if given.verdict == "up" else []
    return {
        "id": f"feedback-{given.conversation}-{given.place}",
        "language": answer["language"],
        "question": judged.question,
        "history": list(judged.earlier),
        "day": answer["as_of"],
        "expect": right,
        "gold": [],
        "slices": [],
        "difficulty": None,
        "persona": None,
        "author": "feedback",
        "note": given.comment or given.reason or None,
    }
