"""The application in this process, over the small knowledge base and over the real one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from needs import ROOT

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings
from assistant.store.acting import acting, present
from assistant.store.people import ROLES
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


PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105


class TeamSite:
    """An application with accounts: two organisations, in the first a person of each role, each with a browser of their own."""

    def __init__(self, knowledge: Knowledge, folder: Path, **settings: object) -> None:
        self.settings = Settings(
            data_dir=folder,
            knowledge_dir=ROOT / "knowledge",
            embedding="none",
            max_file_mib=2,
            team=True,
            rate_per_minute=100_000,
        ).model_copy(update=settings)
        retriever = Retriever(knowledge, passages_of(knowledge), None)
        self.assistant = Assistant(knowledge, retriever, self.settings, today=lambda: TODAY, who=present)
        self.desk = Desk.open(self.assistant, lambda: TODAY)
        self.team = self.desk.team
        self.app = plain_app(self.assistant, self.desk)
        first, other = (self.team.accounts.found(name) for name in ("Lamp works", "Rival"))
        self.people = {
            role: self.team.accounts.add(first, f"{role}@lamp.example", role.title(), role, PASSWORD) for role in ROLES
        }
        self.people["rival"] = self.team.accounts.add(other, "boss@rival.example", "Rival", "admin", None)
        self.people["second"] = self.team.accounts.add(first, "second@lamp.example", "Second", "assessor", None)

    def browser(self, name: str | None = None) -> TestClient:
        """Return the browser of somebody who signed in, or of a stranger."""
        client = TestClient(self.app, follow_redirects=False, headers={"Origin": "http://testserver"})
        if name:
            client.cookies.set("session", self.team.sessions.open(self.people[name]), domain="testserver.local")
        return client

    def acting(self, name: str):
        """Let somebody act in this test until the block ends."""
        return acting(self.people[name].acting)


@pytest.fixture(scope="module", autouse=True)
def _quick_passwords():
    """Hashes that take no time: how slow they are in earnest is looked at in a test of the store."""
    with patch("assistant.store.passwords._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture(scope="module")
def team_site(knowledge, tmp_path_factory) -> TeamSite:
    """An application with accounts over the knowledge base that ships."""
    return TeamSite(knowledge, tmp_path_factory.mktemp("team"))
