"""The published scoreboard: the product beside words alone, vectors alone and the plain tutorial pipeline, on the same sets."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, cached_embeddings
from assistant.search.hybrid import HybridIndex
from assistant.search.passages import Passage, passages_of
from assistant.types import Language
from evals import tasks
from evals.beir import OutsideSet
from evals.external import Progress, Ranked, lanes_of, measure, open_set
from evals.results import summary
from evals.statistics import Estimate
from evals.systems import Product, lane
from evals.tutorial import Tutorial

_FIGURES = ("hit@1", "recall@10", "map@10", "ndcg@10", "all_gold@10")
_TUTORIAL = "plain tutorial"


def scoreboard(assistant: Assistant, outside: list[OutsideSet], progress: Progress | None = None) -> Iterator[str]:
    """Yield Markdown tables: our own questions, then every outside set given."""
    embeddings = cached_embeddings(assistant.settings, progress)
    yield from _table("Questions of ours", "answerable questions", _own(assistant, embeddings))
    for one in outside:
        index = open_set(one, assistant.settings, progress)
        rows = [measure(one, system, search) for system, search in lanes_of(index).items()]
        rows += [measure(one, _TUTORIAL, _tutorial_of(one, embeddings).search)] if embeddings else []
        yield from _table(one.name, f"queries, {len(one.passages):,} passages", rows)


def _own(assistant: Assistant, embeddings: CachedEmbeddings | None) -> list[Ranked]:
    cases = tasks.read_questions(assistant.knowledge)
    index: HybridIndex = assistant.index
    rankers = {"ours": Product(assistant).ranked, "words alone (BM25)": lane(index, "words")}
    if embeddings is not None:
        rankers["vectors alone"] = lane(index, "vectors")
        tutorial = Tutorial(_documents(assistant.knowledge), embeddings)
        rankers[_TUTORIAL] = lambda case: tutorial.search(case.question)
    found = []
    for system, ranker in rankers.items():
        results = list(tasks.retrieval(cases, ranker).results())
        found.append(Ranked(system, summary(results), 0.0))
    return found


def _documents(knowledge: Knowledge) -> list[list[tuple[str, str]]]:
    """Return our summaries as a tutorial would load them: one text a document and language."""
    texts: dict[tuple[str, Language], list[tuple[str, str]]] = {}
    for passage in passages_of(knowledge):
        key = (knowledge.document_of(passage.provision).id, passage.language)
        texts.setdefault(key, []).append((passage.provision, passage.text))
    return list(texts.values())


def _tutorial_of(outside: OutsideSet, embeddings: CachedEmbeddings) -> Tutorial:
    return Tutorial([[_pair(passage)] for passage in outside.passages], embeddings)


def _pair(passage: Passage) -> tuple[str, str]:
    return passage.provision, passage.text


def _table(title: str, what: str, rows: list[Ranked]) -> Iterator[str]:
    count = next(iter(rows[0].figures.values())).n
    yield f"{title} ({count} {what}):"
    yield ""
    yield f"| system | {' | '.join(_FIGURES)} |"
    yield "|---|" + "---|" * len(_FIGURES)
    for row in rows:
        yield f"| {row.system} | {' | '.join(_told(row.figures[name]) for name in _FIGURES)} |"
    yield ""


def _told(one: Estimate) -> str:
    return f"{one.mean:.3f} [{one.low:.2f}, {one.high:.2f}]".replace("0.", ".")
