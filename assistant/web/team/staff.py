"""What accounts are made of: the stores that know who is who."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.settings import Settings
from assistant.store.accounts import Accounts
from assistant.store.acting import Who
from assistant.store.audit_log import AuditStore
from assistant.store.database import Database
from assistant.store.links import LinkStore
from assistant.store.members import MemberStore
from assistant.store.people import PeopleStore
from assistant.store.rows import utc_now
from assistant.store.sessions import SessionStore
from assistant.store.tokens import TokenStore


@dataclass(frozen=True)
class Team:
    """The accounts of an installation."""

    accounts: Accounts
    sessions: SessionStore
    links: LinkStore
    people: PeopleStore
    members: MemberStore
    tokens: TokenStore
    log: AuditStore

    @classmethod
    def open(cls, engine: Database, settings: Settings, who: Who) -> Team:
        """Return the accounts over an open database."""
        sessions = SessionStore(engine, settings.session_hours, settings.session_idle_minutes)
        stores = (store(engine, utc_now, who) for store in (PeopleStore, MemberStore, TokenStore, AuditStore))
        return cls(Accounts(engine), sessions, LinkStore(engine), *stores)  # type: ignore[arg-type]
