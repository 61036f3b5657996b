"""Organisations and their people, what they may do and did; whose each system, conversation and document is; marks."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT, _ID, _NAME, _HASH = sa.DateTime(), sa.String(12), sa.String(200), sa.String(64)
_OWNED = ("systems", "conversations", "documents")
# What was there before there were organisations belongs to the first one.
_FIRST = "local"
_FOREVER = "an entry of the audit log stays as it was written"


def upgrade() -> None:
    """Make the tables, and give what is there to the first organisation."""
    organisations = op.create_table(
        "organisations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.bulk_insert(organisations, [{"id": _FIRST, "name": "", "created_at": datetime.now(UTC).replace(tzinfo=None)}])
    for table in _OWNED:
        op.add_column(table, sa.Column("organisation", _ID, nullable=False, server_default=_FIRST))
        op.create_index(f"ix_{table}_organisation", table, ["organisation"])
    op.add_column("conversations", sa.Column("person", _ID, nullable=False, server_default=""))
    _people()
    _access()
    _audit()
    op.create_table("marks", sa.Column("name", sa.String(80), primary_key=True), sa.Column("value", sa.Text, nullable=False))


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("organisation", _ID, sa.ForeignKey("organisations.id"), nullable=False, index=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("subject", sa.String(400), unique=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT),
    )
    op.create_table(
        "members",
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.String(12), primary_key=True),
    )


def _access() -> None:
    op.create_table(
        "sessions",
        sa.Column("token", _HASH, primary_key=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("token", _HASH, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("organisation", _ID, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("secret", _HASH, nullable=False, unique=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
    )
    op.create_table(
        "attempts",
        sa.Column("key", _HASH, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("organisation", _ID, nullable=False, index=True),
        sa.Column("person", _ID, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("object", sa.String(80), nullable=False),
        sa.Column("content", _HASH, nullable=False),
        sa.Column("chain", _HASH, nullable=False),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_FOREVER}'; END $$"
        )
        op.execute("CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()")
        op.execute("CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_stays()")
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_stays_{change.lower()} BEFORE {change} ON audit BEGIN SELECT RAISE(ABORT, '{_FOREVER}'); END"
        )


def downgrade() -> None:
    """Take the tables and columns away; accounts and the audit log are lost, systems of every organisation become one's."""
    for table in ("marks", "audit", "attempts", "tokens", "links", "sessions", "members", "people"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stays()")
    op.drop_column("conversations", "person")
    for table in _OWNED:
        op.drop_index(f"ix_{table}_organisation", table)
        op.drop_column(table, "organisation")
    op.drop_table("organisations")
