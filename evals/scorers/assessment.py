"""Does an assessment come out as the law has it, axis by axis? Expectations are written from the law, not from the rules."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from assistant.law.answers import parse_answers
from assistant.law.assessment import Assessor
from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment, YesNo
from assistant.types import Language
from evals.cases import CaseId, Shape, Words
from evals.results import CaseResult, Verdict
from evals.scorers.pinpoint import meets

Axis = Literal["scope", "prohibited", "high_risk", "transparency", "gpai", "fria", "gdpr", "japan"]


class AssessmentCase(Shape):
    """A system as its owner describes it, the answers that follow from that, and what the law makes of it.

    ``provisions`` names, for an axis, provisions one of which its explanation must rest on; ``review`` the axes where
    a lawyer must look; ``roles`` roles that must be among those found.
    """

    id: CaseId
    language: Language
    description: Words
    facts: dict[str, Any]
    as_of: date
    outcomes: dict[Axis, YesNo] = Field(min_length=1)
    roles: list[Words] | None = None
    review: list[Axis] = Field(default_factory=list)
    provisions: dict[Axis, list[Words]] = Field(default_factory=dict)
    difficulty: Literal["easy", "medium", "hard"]
    author: Words
    checked_by: Words | None = None
    note: Words | None = None


def assess_case(case: AssessmentCase, knowledge: Knowledge) -> CaseResult:
    """Assess the system of a case and judge every axis of which the case says something.

    Raises:
        AssistantError: the facts do not fit the questionnaire.
    """
    answers = parse_answers({"questionnaire": knowledge.questionnaire, "facts": case.facts}, knowledge)
    given = Assessor(knowledge, case.language).assess(answers, case.as_of)
    verdicts = {f"axis_{axis}": _axis(axis, expected, given) for axis, expected in case.outcomes.items()}
    if case.roles is not None:
        lost = set(case.roles) - set(given.roles)
        verdicts["roles"] = Verdict(score=float(not lost), why=f"without {', '.join(sorted(lost))}" if lost else "")
    verdicts |= {f"review_{axis}": _review(axis, given) for axis in case.review}
    verdicts |= {f"grounds_{axis}": _grounds(axis, named, given) for axis, named in case.provisions.items()}
    failing = [name for name, verdict in verdicts.items() if not verdict.passed]
    verdicts["right"] = Verdict(score=float(not failing), why=", ".join(failing))
    record = {"outcomes": {axis: one.outcome for axis, one in given.outcomes.items()}, "roles": given.roles}
    return CaseResult(id=case.id, language=case.language, slices=[case.difficulty], verdicts=verdicts, record=record)


def _axis(axis: str, expected: str, given: Assessment) -> Verdict:
    found = given.outcomes[axis].outcome
    return Verdict(score=float(found == expected), why="" if found == expected else f"{found}, expected {expected}")


def _review(axis: str, given: Assessment) -> Verdict:
    flagged = given.outcomes[axis].review
    return Verdict(score=float(flagged), why="" if flagged else "no word that a lawyer must look")


def _grounds(axis: str, named: list[str], given: Assessment) -> Verdict:
    outcome = given.outcomes[axis]
    grounds = [*outcome.provisions, *(p for one in outcome.because for p in one.provisions)]
    grounds += [p for step in outcome.chain for p in step.provisions]
    found = any(meets(ground, one) for ground in grounds for one in named)
    return Verdict(score=float(found), why="" if found else f"rests on none of {', '.join(named)}")
