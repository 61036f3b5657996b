"""Who may judge whether a passage carries a claim? Nobody whose judgement was not measured on labelled pairs.

The strict reader (``scorers.support``) needs no model and is measured like any other. A model judge is optional: it is named
with its version, sees the pairs with a fixed prompt, and is admitted for runs only where its balanced accuracy reaches the bar.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Literal, Protocol

from assistant.answer.models import load_model
from assistant.law.knowledge import Knowledge
from assistant.types import Answer, AssistantError, Language
from evals.cases import DATASETS, Case, CaseId, Shape, Words, read_shapes
from evals.results import RESULTS, Verdict
from evals.scorers.citations import World, claims_of
from evals.scorers.evidence import Evidence, evidence_of
from evals.scorers.support import fault
from evals.statistics import Estimate, estimate

CLAIMS = DATASETS / "claims.jsonl"
BAR = 0.85
_PROMPT = (Path(__file__).resolve().parent / "judge.md").read_text(encoding="utf-8")
_VERDICT = re.compile(r"\b(yes|no)\b")
Judge = Callable[[str, Evidence, Language, date], bool]


class Claim(Shape):
    """A sentence as a model would word it, passages, and whether they carry it; ``kind`` says how it was made."""

    id: CaseId
    language: Language
    claim: Words
    provisions: list[Words]
    day: date
    supported: bool
    kind: Literal[
        "paraphrase", "part", "joined", "date", "figure", "negation", "addressee", "modality", "provision", "overreach", "other"
    ]
    author: Words


class Model(Protocol):
    """What a model judge must do: return the text of its reply to a prompt."""

    def __call__(self, prompt: str) -> str:
        """Answer one prompt."""


@dataclass(frozen=True)
class Measured:
    """How a judge did: share right among the supported and among the unsupported claims, and the ids it got wrong."""

    supported: Estimate
    unsupported: Estimate
    wrong: list[str]

    @property
    def balanced(self) -> float:
        """The mean of both shares."""
        return (self.supported.mean + self.unsupported.mean) / 2

    @property
    def admitted(self) -> bool:
        """Tell whether the judge reaches the bar."""
        return self.balanced >= BAR


def read_claims(path: Path = CLAIMS) -> list[Claim]:
    """Read the labelled pairs.

    Raises:
        BadCaseError: a line does not fit.
    """
    return [claim for _, claim in read_shapes(path, Claim)]


def measure(judge: Judge, claims: list[Claim], knowledge: Knowledge) -> Measured:
    """Let a judge decide every pair."""
    right = {one.id: judge(one.claim, _evidence(one, knowledge), one.language, one.day) is one.supported for one in claims}
    shares = [estimate([float(right[one.id]) for one in claims if one.supported is label]) for label in (True, False)]
    return Measured(shares[0], shares[1], [identity for identity, fine in right.items() if not fine])


def strict_reader(claim: str, evidence: Evidence, language: Language, day: date) -> bool:
    """Decide without a model, as answers are checked."""
    return fault(claim, evidence, language, day) is None


def model_judge(model: Model) -> Judge:
    """Decide by a model that answers yes or no; any other reply counts as no."""

    def judge(claim: str, evidence: Evidence, _: Language, day: date) -> bool:
        days = "\n".join(sorted(f"applies from {one.start}: {one.case or 'in general'}" for one in evidence.periods))
        reply = model(_PROMPT.format(day=day, passages="\n".join(evidence.sources), days=days, claim=claim))
        verdict = _VERDICT.search(reply.casefold())
        return verdict is not None and verdict[1] == "yes"

    return judge


def judged(judge: Judge, case: Case, answer: Answer, world: World) -> Verdict:
    """Return the share of an answer's cited sentences that a judge finds carried by their citations."""
    claims = claims_of(case, answer, world)
    wrong = [one.text for one, evidence in claims if not judge(one.text, evidence, answer.language, answer.as_of)]
    score = 1 - len(wrong) / len(claims) if claims else 1.0
    return Verdict(score=score, why="; ".join(f"not carried: {text}" for text in wrong))


def load_judge(name: str) -> Judge:
    """Return the model called ``provider:model`` as a judge.

    Raises:
        AssistantError: it cannot be loaded.
    """
    model = load_model(name)
    return model_judge(lambda prompt: str(model.invoke(prompt).text))


def prompt_hash() -> str:
    """Return the hash of the judge's prompt: a judge is admitted with it, and not with another."""
    return hashlib.sha256(_PROMPT.encode()).hexdigest()[:12]


def admission_file(name: str) -> Path:
    """Return where the admission of a judge is kept."""
    return RESULTS / f"judge-{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-')}.json"


def admit(name: str, measured: Measured) -> None:
    """Keep how a judge did, with what it was measured on."""
    data = {
        "judge": name,
        "prompt": prompt_hash(),
        "claims": hashlib.sha256(CLAIMS.read_bytes()).hexdigest()[:16],
        "balanced_accuracy": round(measured.balanced, 4),
        "admitted": measured.admitted,
        "wrong": measured.wrong,
    }
    admission_file(name).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def refuse_unless_admitted(name: str) -> None:
    """Refuse a judge that was not measured with this prompt on these pairs, or did not reach the bar.

    Raises:
        AssistantError: it is not admitted.
    """
    path = admission_file(name)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    now = (prompt_hash(), hashlib.sha256(CLAIMS.read_bytes()).hexdigest()[:16])
    if not kept.get("admitted") or (kept.get("prompt"), kept.get("claims")) != now:
        raise AssistantError(f"The judge {name} is not admitted: run 'evals judge --model {name}' first; it needs {BAR:.2f}.")


def lines(name: str, measured: Measured, claims: list[Claim]) -> Iterator[str]:
    """Yield the figures of a judge, ready to print."""
    yield f"{name}: balanced accuracy {measured.balanced:.3f} on {len(claims)} pairs (the bar is {BAR:.2f})"
    for label, share in (("supported", measured.supported), ("unsupported", measured.unsupported)):
        yield f"  right among the {label}: {share.mean:.3f}  [{share.low:.3f}, {share.high:.3f}]  n={share.n}"
    kinds = {claim.id: f"{'supported' if claim.supported else 'unsupported'}, {claim.kind}" for claim in claims}
    counts: dict[str, int] = {}
    for identity in measured.wrong:
        counts[kinds[identity]] = counts.get(kinds[identity], 0) + 1
    yield from (f"  wrong: {kind}: {count}" for kind, count in sorted(counts.items()))


def _evidence(claim: Claim, knowledge: Knowledge) -> Evidence:
    found = (evidence_of(one, knowledge, claim.language, claim.day) for one in claim.provisions)
    return reduce(Evidence.merged, found, Evidence())
