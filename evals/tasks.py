"""Tasks: a dataset, a system and the scorers that judge what it gives, case by case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.law.knowledge import Knowledge
from assistant.types import Answer, AssistantError
from evals.cases import DATASETS, Case, read_cases, read_shapes
from evals.judge import Judge, judged
from evals.ladder import rung
from evals.results import CaseResult, Verdict
from evals.scorers.assessment import AssessmentCase, assess_case
from evals.scorers.citations import World, citation_verdicts
from evals.scorers.extraction import ExtractionCase, extract_case
from evals.scorers.outcome import cited_ids, composite, outcome_verdicts
from evals.scorers.pinpoint import law_groups, pinpoint_verdicts
from evals.scorers.ranking import ranking_verdicts
from evals.systems import Product, Ranker

QUESTIONS = DATASETS / "questions.jsonl"
HELD_OUT = DATASETS / "held_out.jsonl"
ASSESSMENTS = DATASETS / "assessment.jsonl"
EXTRACTIONS = DATASETS / "extraction.jsonl"
TASKS = ("answers", "retrieval", "assessment", "extraction")  # answers first: what they take is measured cold
FILES = {"retrieval": QUESTIONS, "answers": QUESTIONS, "assessment": ASSESSMENTS, "extraction": EXTRACTIONS}
_TRACED = ("kind", "references", "similarity", "coverage", "removed", "model", "model_asked")


@dataclass(frozen=True)
class Task:
    """Cases by id, and how one of them is run and judged."""

    name: str
    cases: dict[str, Any]
    judge: Callable[[Any], CaseResult]

    def results(self, done: Iterable[str] = ()) -> Iterator[CaseResult]:
        """Yield the result of every case that is not done yet, in the order of the file."""
        known = set(done)
        yield from (self.judge(case) for identity, case in self.cases.items() if identity not in known)


def retrieval(cases: list[Case], ranker: Ranker) -> Task:
    """Judge the ranking of provisions for every answerable question about law."""

    def judge(case: Case) -> CaseResult:
        ranked = ranker(case)
        verdicts = ranking_verdicts(ranked, law_groups(case))
        return CaseResult(
            id=case.id, language=case.language, slices=list(case.slices), verdicts=verdicts, record={"ranked": ranked}
        )

    return Task("retrieval", {case.id: case for case in cases if case.answerable and law_groups(case)}, judge)


def answers(cases: list[Case], product: Product, world: World, judge: Judge | None = None) -> Task:
    """Judge whole answers; with a ``judge`` of its own also by it."""

    def score(case: Case) -> CaseResult:
        started = time.perf_counter()
        answer = product.answer(case)
        elapsed = (time.perf_counter() - started) * 1000
        more = {"judged_supported": judged(judge, case, answer, world)} if judge and not answer.refused else {}
        return scored(case, answer, product.ranked(case), world, elapsed, more)

    return Task("answers", {case.id: case for case in cases}, score)


def scored(
    case: Case, answer: Answer, ranked: list[str], world: World, elapsed: float, more: dict[str, Verdict] | None = None
) -> CaseResult:
    """Apply every scorer of answers to one answer; ``more`` are verdicts of a judge."""
    verdicts = outcome_verdicts(case, answer) | citation_verdicts(case, answer, world) | (more or {})
    cited = cited_ids(answer)
    if "gold_cited" in verdicts:
        verdicts |= pinpoint_verdicts(case, cited, world.knowledge)
    verdicts["right"] = composite(verdicts, worded=answer.trace.get("model") is not None)
    failed = rung(case, verdicts, cited, ranked, world.knowledge)
    record = _record(answer, world.knowledge) | {"ranked": ranked, "ms": round(elapsed, 1)}
    return CaseResult(id=case.id, language=case.language, slices=list(case.slices), verdicts=verdicts, record=record, rung=failed)


def assessment(cases: list[AssessmentCase], knowledge: Knowledge) -> Task:
    """Judge assessments from answers, axis by axis."""
    return Task("assessment", {case.id: case for case in cases}, lambda case: assess_case(case, knowledge))


def extraction(cases: list[ExtractionCase], world: World) -> Task:
    """Judge how the installed official texts were cut; a text that is not installed fails, saying so."""

    def judge(case: ExtractionCase) -> CaseResult:
        try:
            return extract_case(case, world.knowledge, world.library)
        except AssistantError as error:
            raise AssistantError(f"{error} The extraction task needs every text; leave it out with --task.") from error

    return Task("extraction", {case.id: case for case in cases}, judge)


def read_assessments(path: Path = ASSESSMENTS) -> list[AssessmentCase]:
    """Read the descriptions of systems.

    Raises:
        BadCaseError: a line does not fit.
    """
    return [case for _, case in read_shapes(path, AssessmentCase)]


def read_extractions(path: Path = EXTRACTIONS) -> list[ExtractionCase]:
    """Read the places in official texts.

    Raises:
        BadCaseError: a line does not fit.
    """
    return [case for _, case in read_shapes(path, ExtractionCase)]


def read_questions(knowledge: Knowledge, path: Path = QUESTIONS) -> list[Case]:
    """Read the questions.

    Raises:
        BadCaseError: a line does not fit.
    """
    return read_cases(path, knowledge)


def with_pairs(results: list[CaseResult], cases: Iterable[Case]) -> list[CaseResult]:
    """Add to both halves of every pair whether both are right: the same question on two days."""
    halves: dict[str, list[str]] = {}
    for case in cases:
        if case.pair is not None:
            halves.setdefault(case.pair, []).append(case.id)
    right = {one.id: one.verdicts["right"].passed for one in results}
    pairs = {one: members for members in halves.values() if all(m in right for m in members) for one in members}
    return [_paired(one, pairs[one.id], right) if one.id in pairs else one for one in results]


def _paired(result: CaseResult, members: list[str], right: dict[str, bool]) -> CaseResult:
    wrong = [member for member in members if not right[member]]
    verdict = Verdict(score=float(not wrong), why=f"wrong: {', '.join(wrong)}" if wrong else "")
    return result.model_copy(update={"verdicts": result.verdicts | {"pair": verdict}})


def _record(answer: Answer, knowledge: Knowledge) -> dict[str, Any]:
    """Return what may be kept of an answer: our own words, ids and numbers; nothing that quotes an official text."""
    quoting = {one.n for one in answer.citations if not one.summarised and one.provision in knowledge.provisions}
    return {
        "sentences": [
            {"text": "(official wording, not kept)" if quoting & set(one.citations) else one.text, "citations": one.citations}
            for one in answer.sentences
        ],
        "refusal": answer.answer if answer.refused else None,
        "reason": answer.reason,
        "as_of": answer.as_of.isoformat(),
        "understood": answer.understood_as,
        "citations": [
            {"n": one.n, "id": cited, "label": one.label} for one, cited in zip(answer.citations, cited_ids(answer), strict=True)
        ],
        "trace": {key: answer.trace[key] for key in _TRACED},
    }
