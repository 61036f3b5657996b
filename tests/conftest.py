"""Fixtures: a small demonstration knowledge base, the real one, and assistants over both."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings
from needs import ROOT, SHARED, skip_or_fail

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings

TODAY = date(2026, 11, 23)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: Playwright leaves a loop in the main thread, beside which no other may run there."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine() -> None:
    for name in [name for name in os.environ if name.startswith("ASSISTANT_") and name != "ASSISTANT_REQUIRE_ALL"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared inputs that only the project's workplace has."""
    if not SHARED.is_dir():
        skip_or_fail("the shared folder with the official texts is not beside this checkout")
    return SHARED


@pytest.fixture
def small_dir(tmp_path: Path) -> Path:
    """A copy of the demonstration knowledge base that a test may spoil."""
    return Path(shutil.copytree(ROOT / "tests" / "small", tmp_path / "small"))


@pytest.fixture(scope="session")
def small() -> Knowledge:
    return load_knowledge(ROOT / "tests" / "small")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge base that ships."""
    return load_knowledge(ROOT / "knowledge")


@pytest.fixture
def settings(tmp_path: Path, small_dir: Path) -> Settings:
    """Settings over the demonstration knowledge base and an empty data folder, by words alone."""
    return Settings(data_dir=tmp_path / "data", knowledge_dir=small_dir, embedding="none", lock_seconds=0.3)


@pytest.fixture(scope="session")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), knowledge_dir=ROOT / "knowledge")


@pytest.fixture(scope="session")
def real(real_settings: Settings) -> Assistant:
    """The assistant as it ships: real knowledge, real model, real index; today is fixed."""
    assistant = Assistant.open(real_settings)
    assistant._today = lambda: TODAY
    return assistant


class HashedEmbeddings(Embeddings):
    """Deterministic vectors without a model, counting what was embedded."""

    def __init__(self) -> None:
        self.count = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.count += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [byte / 255 for byte in hashlib.sha256(text.encode()).digest()]


@pytest.fixture
def demo(small: Knowledge, tmp_path: Path, settings: Settings) -> Assistant:
    """An assistant over the demonstration knowledge base, with made-up vectors left out of the ranking."""
    return Assistant(small, Retriever(small, passages_of(small), None), settings, today=lambda: TODAY)


@pytest.fixture
def hashed() -> HashedEmbeddings:
    return HashedEmbeddings()
