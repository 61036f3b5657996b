"""Systems with their history, duties, evidence and comments; conversations with their answers, and what readers say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NEWEST_FIRST = "feedback turns conversations comments evidence_contents evidence duties snapshots events systems".split()
_MOMENT, _ID, _NAME = sa.DateTime(), sa.String(12), sa.String(200)


def upgrade() -> None:
    """Make the tables."""
    _systems()
    _duties()
    _conversations()


def _systems() -> None:
    op.create_table(
        "systems",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("owner", _NAME, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reviewer", _NAME),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("copied_from", _ID),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("deleted_at", _MOMENT),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("reason", _NAME, nullable=False),
        sa.Column("assessment", sa.Text, nullable=False),
    )


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("duty", sa.String(80), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("person", _NAME, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("duty", sa.String(80), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", _NAME, nullable=False),
    )
    op.create_table(
        "evidence_contents",
        sa.Column("id", _ID, sa.ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "comments",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("about", sa.String(80)),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("title", _NAME, nullable=False),
        sa.Column("searched", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("system", _ID, sa.ForeignKey("systems.id", ondelete="SET NULL"), index=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("deleted_at", _MOMENT),
    )
    op.create_table(
        "turns",
        sa.Column("conversation", _ID, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("searched", sa.Text, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
    )
    op.create_table(
        "feedback",
        sa.Column("conversation", _ID, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reason", _NAME, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation", "place"], ["turns.conversation", "turns.place"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("feedback", "turns", "conversations", "comments", "evidence_contents", "evidence", "duties"):
        op.drop_table(table)
    for table in ("snapshots", "events", "systems"):
        op.drop_table(table)
