"""The audit log as an organisation reads it, and whether it is whole."""

from __future__ import annotations

from assistant.store import audit
from assistant.store.audit import Kept
from assistant.store.base import Store
from assistant.store.transactions import reading


class AuditStore(Store):
    """The audit log of the organisation of whoever acts."""

    def entries(self, limit: int = 200, before: int | None = None) -> list[Kept]:
        """Return the lines of the organisation, the newest first; of those below ``before``, where that is given."""
        with self._reading() as connection:
            return audit.entries(connection, self.acting.organisation, limit, before)

    def first_broken(self) -> int | None:
        """Return the first line, of whichever organisation, that does not follow on the one before; nothing where all do."""
        with reading(self._engine) as connection:
            return audit.first_broken(connection)

    def add(self, action: str, about: str, detail: object = None) -> None:
        """Add a line about what is not a change of a store, such as an export of everything."""
        with self._writing() as connection:
            audit.note(connection, self._now(), action, about, detail)
