"""Every test of a store runs on each kind of database that is there; each test has one of its own."""

import os
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import make_url, text

from assistant.store.accounts import Accounts
from assistant.store.database import new_engine, open_database

POSTGRESQL = os.environ.get("ASSISTANT_TEST_POSTGRESQL_URL")  # read before the settings of this machine are put aside
# On a server each test makes a database, which takes a while.
KINDS = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.long)] if POSTGRESQL else [])]


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    """The address of an empty database."""
    with emptied(request.param, tmp_path) as address:
        yield address


@contextmanager
def emptied(kind, folder):
    """Yield the address of an empty database of a kind; one on a server is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'db.sqlite'}"
        return
    name = f"test_{uuid.uuid4().hex}"
    server = new_engine(POSTGRESQL).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def engine(url):
    opened = open_database(url)
    yield opened
    opened.dispose()


class Clock:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(engine, clock):
    return Accounts(engine, clock)
