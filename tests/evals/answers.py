"""Makes answers and cases for the tests of the harness, without a search."""

from datetime import date

from assistant.types import Answer, Citation, Confidence, Force, Language, Sentence
from evals.cases import Case

TODAY = date(2026, 11, 26)


def case(**values):
    """A question about logs, with the fields that a test changes."""
    data = {
        "id": "x-01", "language": "en", "question": "How long are logs kept?", "expect": ["answer"],
        "gold": [["eu.ai_act.art_26.par_6"]], "key_facts": [["6 months"]], "forbidden": ["3 months"],
        "slices": ["single_provision"], "difficulty": "easy", "persona": "sme", "author": "a test",
    }  # fmt: skip
    return Case.model_validate(data | values)


def citation(knowledge, provision, n=1, **values):
    """A citation as the product makes it, of a summary in English."""
    entry = knowledge.provisions[provision]
    summary = entry.wording_on(TODAY).summary.en
    data = {
        "n": n, "document": knowledge.document_of(provision).id, "provision": provision,
        "label": knowledge.label(provision, Language.EN), "heading": entry.heading.en, "version": None, "force": Force.BINDING,
        "applies_from": None, "applies_to": None, "in_force": True, "quote": summary, "official": False, "verified": None,
        "quote_language": "en", "summary": summary, "url": "https://example.org", "checked_on": TODAY,
        "confidence": Confidence.HIGH,
    }  # fmt: skip
    return Citation.model_validate(data | values)


def answer(sentences=(), citations=(), **values):
    """An answer of (text, numbers) pairs."""
    data = {
        "answer": " ".join(text for text, _ in sentences), "language": Language.EN, "refused": False, "reason": None,
        "as_of": TODAY, "understood_as": None, "sentences": [Sentence(text=t, citations=list(n)) for t, n in sentences],
        "citations": list(citations), "warnings": [],
        "trace": {"kind": "obligation", "references": [], "similarity": None, "coverage": None, "removed": [], "model": None},
    }  # fmt: skip
    return Answer.model_validate(data | values)


def refusal(reason, text="I would rather not guess."):
    """A refused answer."""
    return answer(answer=text, refused=True, reason=reason)
