"""Who of an organisation assesses and reviews a system; where nobody is named, everybody with the role may."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert, select

from assistant.store import audit
from assistant.store.base import Store, of_mine
from assistant.store.columns import ID, metadata
from assistant.store.people import people
from assistant.store.rows import missing
from assistant.store.systems import require
from assistant.store.transactions import StoreError

PARTS = ("assessor", "reviewer")

_members = Table(
    "members",
    metadata,
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), primary_key=True),
    Column("person", ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String(12), primary_key=True),
)


class MemberStore(Store):
    """The people named for the systems of the organisation."""

    def of(self, system: str) -> dict[str, set[str]]:
        """Return, by part, the ids of those named for a system."""
        found: dict[str, set[str]] = {part: set() for part in PARTS}
        with self._reading() as connection:
            chosen = select(_members).where(_members.c.system == system, of_mine(connection, _members.c.system))
            for row in connection.execute(chosen).mappings():
                found[row["part"]].add(row["person"])
        return found

    def name(self, system: str, part: str, persons: set[str]) -> None:
        """Let these people, and no others, take a part in a system; with nobody named everybody with the role may.

        Raises:
            StoreError: there is no such part.
            NotFoundError: there is no such system, or one of the people is not of the organisation.
        """
        if part not in PARTS:
            raise StoreError(f"'{part[:40]}' is no part; choose one of {', '.join(PARTS)}.", "choice")
        with self._writing() as connection:
            require(connection, system)
            mine = select(people.c.id).where(people.c.id.in_(persons), people.c.organisation == self.acting.organisation)
            known = set(connection.execute(mine).scalars())
            if unknown := persons - known:
                raise missing("person", min(unknown))
            connection.execute(delete(_members).where(_members.c.system == system, _members.c.part == part))
            for person in sorted(known):
                connection.execute(insert(_members).values(system=system, person=person, part=part))
            audit.note(connection, self._now(), f"{part}s named", f"system:{system}", sorted(known))
