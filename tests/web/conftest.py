"""The application in this process, over the small knowledge base and over the real one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from needs import ROOT

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.desk import Desk

TODAY = date(2026, 11, 24)


def plain_app(assistant: Assistant, desk: Desk | None = None) -> FastAPI:
    """Return the application with its plain pages only: building the chat of both languages takes Gradio a second."""
    with patch("assistant.web.app._mount"):
        return create_app(assistant, desk=desk)


class Site:
    """An application that a test may browse, with what it keeps; ``get`` and ``post`` do not follow redirects."""

    def __init__(self, knowledge: Knowledge, folder: Path) -> None:
        settings = Settings(data_dir=folder, knowledge_dir=ROOT / "knowledge", embedding="none", max_file_mib=2)
        self.assistant = Assistant(knowledge, Retriever(knowledge, passages_of(knowledge), None), settings, today=lambda: TODAY)
        self.desk = Desk.open(self.assistant, lambda: TODAY)
        self.client = TestClient(plain_app(self.assistant, self.desk), follow_redirects=False)
        self.get = self.client.get
        self.post = self.client.post


@pytest.fixture(scope="module")
def real_site(knowledge, tmp_path_factory) -> Site:
    """The application over the knowledge base that ships, by words alone."""
    return Site(knowledge, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def small_site(small, tmp_path_factory) -> Site:
    """The application over the demonstration knowledge base."""
    return Site(small, tmp_path_factory.mktemp("data"))
