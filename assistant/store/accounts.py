"""Accounts as they are made and opened, before anybody acts: organisations, signing in, passwords, an outside identity."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, select, update

from assistant.store import audit, links, passwords
from assistant.store.acting import FIRST, Acting
from assistant.store.columns import LONGEST_NAME, metadata
from assistant.store.people import LONGEST_EMAIL, ROLES, SHOWN, Person, address, end_resets, organisations, people
from assistant.store.rows import Now, new_id, utc_now
from assistant.store.throttle import Throttle
from assistant.store.transactions import StoreError, reading, writing


@dataclass(frozen=True)
class Organisation:
    """An organisation with how many people have an account in it."""

    id: str
    name: str
    people: int


class Accounts:
    """The accounts of every organisation."""

    def __init__(self, engine: Engine, now: Now = utc_now) -> None:
        self._engine = engine
        self._now = now
        self._throttle = Throttle(engine, now)

    def organisations(self) -> list[Organisation]:
        """Return every organisation that has a name, by name."""
        counted = select(func.count()).select_from(people).where(people.c.organisation == organisations.c.id)
        chosen = select(organisations.c.id, organisations.c.name, counted.scalar_subquery().label("people"))
        with reading(self._engine) as connection:
            rows = connection.execute(chosen.where(organisations.c.name != "").order_by(organisations.c.name)).mappings()
            return [Organisation(**row) for row in rows]

    def found(self, name: str) -> str:
        """Make an organisation and return its id; the first one takes over what was kept without accounts.

        Raises:
            StoreError: the name is empty or taken.
        """
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise StoreError("The organisation has no name; give it one.", "empty")
        with writing(self._engine) as connection:
            if connection.execute(select(organisations.c.id).where(organisations.c.name == name)).first():
                raise StoreError(f"There is an organisation '{name}' already; choose another name.", "taken")
            unnamed = (organisations.c.id == FIRST) & (organisations.c.name == "")
            if connection.execute(update(organisations).where(unnamed).values(name=name)).rowcount:
                identity = FIRST
            else:
                identity = new_id()
                connection.execute(insert(organisations).values(id=identity, name=name, created_at=self._now()))
            audit.note(connection, self._now(), "organisation made", f"organisation:{identity}", {}, Acting(identity))
        return identity

    def add(self, organisation: str, email: str, name: str, role: str, password: str | None, link: str = "") -> Person:
        """Make an account; without a password it is opened by an outside identity alone. The ``link`` that invited ends.

        Raises:
            StoreError: the address is none or taken, the role is none, or the password does not do.
            NotFoundError: the link ended meanwhile.
        """
        email = address(email)
        name = " ".join(name.split())[:LONGEST_NAME] or email
        if role not in ROLES:
            raise StoreError(f"'{role[:40]}' is no role; choose one of {', '.join(ROLES)}.", "choice")
        kept = passwords.hashed(password, (email, name)) if password is not None else None
        one = Person(new_id(), organisation, email, name, role, self._now(), None)
        with writing(self._engine, one.acting) as connection:
            if connection.execute(select(people.c.id).where(people.c.email == email)).first():
                raise StoreError("There is an account with this e-mail address already; sign in with it.", "taken")
            if link:
                links.end(connection, link, one.created_at)
            connection.execute(insert(people).values(**one.__dict__, password=kept))
            audit.note(connection, one.created_at, "account made", f"person:{one.id}", {"role": role})
            _take_over(connection, one)
        return one

    def sign_in(self, email: str, password: str, source: str) -> Person:
        """Return whose e-mail address and password these are; ``source`` is the network address that asks.

        Raises:
            StoreError: they do not fit, whatever the reason (``sign_in``), or too many attempts failed (``throttled``).
        """
        email = email.strip().casefold()[:LONGEST_EMAIL]
        self._throttle.begin(email, source)
        with reading(self._engine) as connection:
            row = connection.execute(select(*SHOWN, people.c.password).where(people.c.email == email)).mappings().first()
        if not passwords.fits(password, row["password"] if row else None) or row is None or row["disabled_at"]:
            raise StoreError("E-mail address and password do not fit. Try again, or ask an admin for a new link.", "sign_in")
        self._throttle.succeeded(email, source)
        return Person(**{name: value for name, value in row.items() if name != "password"})

    def set_password(self, person: Person, password: str, link: str = "") -> None:
        """Give an account another password, by a ``link`` that allows it where there is one; sessions, tokens and links end.

        Raises:
            StoreError: the password does not do.
            NotFoundError: the link ended meanwhile.
        """
        kept = passwords.hashed(password, (person.email, person.name))
        with writing(self._engine, person.acting) as connection:
            if link:
                links.end(connection, link, self._now())
            connection.execute(update(people).where(people.c.id == person.id).values(password=kept))
            _shut(connection, person)
            audit.note(connection, self._now(), "password reset" if link else "password changed", f"person:{person.id}", {})

    def by_email(self, email: str) -> Person | None:
        """Return the person with an e-mail address, of whichever organisation."""
        with reading(self._engine) as connection:
            return _first(connection, people.c.email == email.strip().casefold())

    def by_subject(self, subject: str) -> Person | None:
        """Return whose an outside identity is (issuer and subject)."""
        with reading(self._engine) as connection:
            return _first(connection, people.c.subject == subject)

    def closed(self, subject: str) -> bool:
        """Tell whether an outside identity belongs to an account that was closed."""
        with reading(self._engine) as connection:
            shut = (people.c.subject == subject) & people.c.disabled_at.is_not(None)
            return connection.execute(select(people.c.id).where(shut)).first() is not None

    def tie(self, person: Person, subject: str) -> None:
        """Let an outside identity open an account from now on; what opened it before ends.

        The address was vouched for by nobody when the password was chosen: whoever was handed the link may have been another.

        Raises:
            StoreError: the account is tied to another identity already.
        """
        with writing(self._engine, person.acting) as connection:
            free = (people.c.id == person.id) & people.c.subject.is_(None)
            if connection.execute(update(people).where(free).values(subject=subject, password=None)).rowcount == 0:
                raise StoreError("This account belongs to another identity. Ask an admin of your organisation.", "taken")
            _shut(connection, person)
            audit.note(connection, self._now(), "identity tied", f"person:{person.id}", subject)


def _shut(connection: Connection, person: Person) -> None:
    """End what else opens an account: sessions, tokens, links for a new password."""
    end_resets(connection, person.email)
    for table in ("sessions", "tokens"):
        held = metadata.tables[table]
        connection.execute(held.delete().where(held.c.person == person.id))


def _first(connection: Connection, condition: object) -> Person | None:
    row = connection.execute(select(*SHOWN).where(condition, people.c.disabled_at.is_(None))).mappings().first()  # type: ignore[arg-type]
    return Person(**row) if row else None


def _take_over(connection: Connection, person: Person) -> None:
    """Give the first admin the conversations that were held before there were accounts."""
    conversations = metadata.tables["conversations"]
    unowned = (conversations.c.organisation == person.organisation) & (conversations.c.person == "")
    if person.role == "admin":
        connection.execute(update(conversations).where(unowned).values(person=person.id))
