"""What is evaluated: the product, and plainer ways to search that it must beat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.answer.pipeline import Assistant
from assistant.search.hybrid import HybridIndex
from assistant.types import Answer
from evals.cases import Case
from evals.recorded import Voice, provisions_by_name

Ranker = Callable[[Case], list[str]]
DEPTH = 10


class Product:
    """The assistant as it ships, asked as a user would."""

    def __init__(self, assistant: Assistant, voice: Voice | None = None) -> None:
        """``voice`` is what stands where the assistant's chat model stands; it is told what is asked and can be shown."""
        self.assistant = assistant
        self._voice = voice
        if voice is not None:
            voice.provisions = provisions_by_name(assistant.knowledge)

    def answer(self, case: Case) -> Answer:
        """Ask a case's question after its earlier ones, with its documents on the shelf and its day given beside it."""
        if self._voice is not None:
            self._voice.case = case.id
        with self._documents(case):
            return self.assistant.ask(case.question, as_of=case.as_of, history=case.history)

    def ranked(self, case: Case) -> list[str]:
        """Return the provisions that the product finds for a question, best first."""
        return [hit.provision for hit in self.assistant.search(case.question, DEPTH, as_of=case.as_of, history=case.history)]

    @contextmanager
    def _documents(self, case: Case) -> Iterator[None]:
        """Put the user's documents of a case on the shelf, and take them off again."""
        shelf = self.assistant.shelf
        added = []
        with tempfile.TemporaryDirectory() as folder:
            for one in case.documents:
                path = Path(folder, one.name)
                path.write_text(one.text, encoding="utf-8")
                added.append(shelf.add(path))
        try:
            yield
        finally:
            for document in added:
                shelf.remove(document.id)


def lane(index: HybridIndex, name: str) -> Ranker:
    """Return a ranker by one lane alone, ``words`` or ``vectors``: no router, no glossary, no lifts, no regard to the day."""
    return lambda case: [found.provision for found in index.rank(case.question, (name,))[:DEPTH]]
